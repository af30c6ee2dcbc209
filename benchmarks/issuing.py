"""Documents for people from a sheet to their signed files, per document, against what cannot be spared: the page drawn
and signed with the same key, nothing else.

End to end: the lines are looked through, the documents begun and put before the signer in one transaction, numbered,
drawn with their data and code, made PDF/A, signed, kept, and told in the journal. The key is opened once on both sides.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from uuid import UUID, uuid4

from benchmarks.databases import Databases
from benchmarks.frame import Figure, seconds
from benchmarks.town import PASSPHRASE, SENDER, Town, founded
from saraban.domain.calendar import office_date
from saraban.domain.issued import IssuedState
from saraban.domain.issued_field import KindField
from saraban.domain.issued_kind import IssuedKind, KindDefinition, Stage
from saraban.domain.issued_run import SheetLine
from saraban.domain.verification import address
from saraban.usecases import errands, running_issued, signing_issued
from saraban.usecases.pages import IssuedPage, PageData

SIZE = 1_000
"""How many documents a sheet has."""
ROUNDS = 5
GOAL = 1.5
_TEXT = "ให้ไว้เพื่อแสดงว่า **{{ชื่อผู้ถือ}}** ผ่านการอบรมหลักสูตร{{หลักสูตร}} ตามเกณฑ์ที่กรมกำหนด ขอให้มีความสุขความเจริญ"
_COURSE = "การเขียนหนังสือราชการ"


def figures(size: int, databases: Databases) -> Iterator[Figure]:
    """Milliseconds per document."""
    for kind in databases.kinds:
        with databases.migrated(kind) as url, founded(url) as town:
            of = _kind(town)
            yield Figure(
                name=f"issuing {size} from a sheet, per document",
                unit="ms",
                product=partial(_issued, town, of, size),
                reference="bare render and sign",
                against=partial(_bare, town, of, size),
                goal=GOAL,
                better="lower",
                database=kind,
            )


def _kind(town: Town) -> IssuedKind:
    said = KindDefinition(
        code="CERT",
        name_th="ประกาศนียบัตร",
        text=_TEXT,
        fields=(KindField("หลักสูตร", public=True),),
        signer_id=town.head.position_id,
        stage=Stage.ON,
    )
    kind = IssuedKind.defined(said, id=uuid4(), by=town.head, at=town.services.clock.now())
    with town.services.uow() as uow:
        uow.issued.add_kind(kind)
        uow.record(kind.was_defined(by=town.head))
        uow.commit()
    return kind


def _issued(town: Town, kind: IssuedKind, size: int) -> float:
    office, made = town.services, list[UUID]()
    lines = [SheetLine(f"นางสาวผู้อบรม ลำดับที่{at}", values={"หลักสูตร": _COURSE}) for at in range(size)]

    def all_of_it() -> None:
        kept = running_issued.keep_lines(office, lines).hex
        order = {"deed": running_issued.BEGIN, "kind": str(kind.id), "lines": kept, "name": "ผู้อบรม"}
        made.append(errands.order_errand(office, actor=town.head, kind=running_issued.ERRAND, title="ชุด", order=order))
        errands.run_next_errand(office, doers=office.doers)
        running_issued.sign_run(
            office,
            actor=town.head,
            run_id=made[0],
            passphrase=PASSPHRASE,
            sign=signing_issued.sign_in_turn,
            spawn=lambda work: work(),
        )

    took = seconds(all_of_it)
    with office.uow() as uow:
        run = uow.issued_runs.get(town.head.agency_id, made[0])
        out = len(uow.issued_runs.lines(run.id, IssuedState.ISSUED))
    if out != size:
        raise RuntimeError(f"only {out} of {size} were issued")
    return took / size * 1000


def _bare(town: Town, kind: IssuedKind, size: int) -> float:
    office, agency = town.services, town.agencies[SENDER]
    assert town.head.person_id is not None
    person, at = town.head.person_id, office.clock.now()

    def page(number: int) -> IssuedPage:
        holder = f"นางสาวผู้อบรม ลำดับที่{number}"
        return IssuedPage(
            title=kind.heading,
            agency_name=agency.name,
            agency_address=agency.address,
            number=f"{number}/2569",
            date=office_date(at),
            until="",
            body=_TEXT.replace("{{ชื่อผู้ถือ}}", holder).replace("{{หลักสูตร}}", _COURSE),
            signer_name=town.head.name,
            signer_titles=town.head.lines,
            verification=address(town.settings.public_url, f"{number:020d}"),
        )

    def all_of_it() -> None:
        with office.pages.opened(person, PASSPHRASE) as pen:
            for number in range(size):
                drawn = office.renderer.issued(page(number), at=at, data=PageData(b"{}", b"<d/>"))
                pen.sign(drawn.pdf, block=drawn.block, at=at, reason=signing_issued.REASON)

    return seconds(all_of_it) / size * 1000
