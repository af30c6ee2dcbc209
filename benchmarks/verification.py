"""What anybody asks of a document: how many questions a second gunicorn answers, and how long the slowest wait when
there are as many as is promised.

The page that a scan opens; and the look-up by hash: a program has a file in hand, makes its SHA-256, asks for what the
code stands for, and finds the digest there (on the page the browser does the same). Every question is about another
document of many, none is answered from a cache, and every one is counted. The references of the rates are bare Flask
views under the same gunicorn that find the letter, or the digest of its page, by the code's key (`bare_page.py`).

And the page of one document that is in many hands, as that of a poster is: answered out of memory as it is delivered,
and counted all the same. A reference without a memory would say nothing there: it has the promise alone.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from uuid import uuid4

from benchmarks.clients import Heard, ask_for
from benchmarks.databases import Databases
from benchmarks.frame import Figure, promised
from benchmarks.pages import gunicorn, served
from benchmarks.town import RECEIVER, SENDER, Town, founded
from saraban.domain.attachment import Attachment, Digest, Role
from saraban.domain.calendar import RegisterYear, office_date
from saraban.domain.classification import Secrecy, Urgency
from saraban.domain.letter import Content, Letter, LetterId, LetterState, Signatory
from saraban.domain.register import BookId, BookKind, EntryId, EntryState, RegisterEntry
from saraban.domain.verification import SubjectKind
from saraban.usecases.codes import code_of

SIZE = 5_000
"""How many documents can be verified."""
CLIENTS = 16
SECONDS = 1.5
PROMISED_PER_SECOND = 300.0
PROMISED_SLOWEST_MILLISECONDS = 100.0


@dataclass(frozen=True)
class _Question:
    """What is asked, by its name and where it is asked of us and of the reference."""

    name: str
    unit: str
    ours: str
    theirs: str = ""
    hashed: bool = False


QUESTIONS = (
    _Question("verification", "scans/s", "/v/", "/v/"),
    _Question("look-up by hash", "look-ups/s", "/api/v1/verify/", "/digest/", hashed=True),
)
IN_MANY_HANDS = _Question("one document in many hands", "scans/s", "/v/")


def figures(size: int, databases: Databases) -> Iterator[Figure]:
    """Answers a second against the promise and against the bare view, and the slowest but one in a hundred of those who
    ask at the promised rate, counted from when they were due to ask."""
    for kind in databases.kinds:
        with databases.migrated(kind) as url, founded(url) as town:
            papers = _issued(town, size)
            bare = {"BENCH_DATABASE": town.settings.database_url}
            ready = f"/v/{next(iter(papers))}"
            with (
                served(town, SARABAN_PUBLIC_ANSWER_SECONDS="0") as ours,
                gunicorn("benchmarks.bare_page:create_app()", ready, bare) as theirs,
            ):
                for question in QUESTIONS:
                    yield from _of_question(question, ours, theirs, papers, kind)
            with served(town) as ours:
                yield from _as_promised(IN_MANY_HANDS, ours, dict([next(iter(papers.items()))]), kind)


def _of_question(
    question: _Question, ours: int, theirs: int, papers: Mapping[str, bytes], kind: str
) -> Iterator[Figure]:
    product = partial(_asked, ours, question.ours, papers, hashed=question.hashed)
    against = partial(_asked, theirs, question.theirs, papers, hashed=question.hashed)
    yield from _as_promised(question, ours, papers, kind)
    yield Figure(
        name=f"{question.name}, {CLIENTS} clients",
        unit=question.unit,
        product=lambda: product().per_second,
        reference="a bare view, one query",
        against=lambda: against().per_second,
        goal=0.3,
        database=kind,
    )


def _as_promised(question: _Question, ours: int, papers: Mapping[str, bytes], kind: str) -> Iterator[Figure]:
    product = partial(_asked, ours, question.ours, papers, hashed=question.hashed)
    yield Figure(
        name=f"{question.name}, {CLIENTS} clients",
        unit=question.unit,
        product=lambda: product().per_second,
        reference="promised",
        against=promised(PROMISED_PER_SECOND),
        goal=1.0,
        database=kind,
    )
    yield Figure(
        name=f"{question.name}, p99 at {PROMISED_PER_SECOND:.0f} a second",
        unit="ms",
        product=lambda: product(per_second=PROMISED_PER_SECOND).percentile(0.99) * 1000,
        reference="promised",
        against=promised(PROMISED_SLOWEST_MILLISECONDS),
        goal=1.0,
        better="lower",
        database=kind,
    )


def _asked(port: int, where: str, papers: Mapping[str, bytes], *, hashed: bool, per_second: float = 0.0) -> Heard:
    """Ask about papers by lot, as often as the answers come or so often; where the papers are hashed, expect each
    answer to know its own."""
    codes = list(papers)

    def told(path: str, body: bytes) -> None:
        if hashed and hashlib.sha256(papers[path.removeprefix(where)]).hexdigest().encode() not in body:
            raise RuntimeError(f"the paper of {path} is not known")

    return ask_for(
        SECONDS, port, lambda: where + random.choice(codes), clients=CLIENTS, told=told, per_second=per_second
    )


def _issued(town: Town, count: int) -> dict[str, bytes]:
    """So many issued letters with their numbers, by their codes the papers in the hands of those who ask."""
    head, agency, now = town.head, town.agencies[SENDER], town.services.clock.now()
    assert head.person_id is not None and head.unit_id is not None
    year, papers = RegisterYear.containing(now).buddhist, dict[str, bytes]()
    with town.services.uow() as uow:
        for _ in range(count):
            book_id, serial = uow.registers.take(agency.id, BookKind.SENDING, None, year)
            paper = b"%d" % serial
            letter = Letter(
                id=LetterId(uuid4()),
                agency_id=agency.id,
                unit_id=head.unit_id,
                drafter_id=head.person_id,
                drafter_name=head.name,
                content=Content(subject=f"เรื่องที่ {serial}", body="ด้วยกรมมีความประสงค์", recipients=(RECEIVER,)),
                created_at=now,
                updated_at=now,
                state=LetterState.DISPATCHED,
                files=[Attachment("หนังสือ.pdf", Role.LETTER, "application/pdf", 50_000, Digest.of(paper))],
                number=f"นร 1201/{serial}",
                number_date=office_date(now),
                signatory=Signatory(head.name, head.title),
                issued_at=now,
            )
            uow.letters.add(letter)
            uow.registers.enter(_line(letter, EntryId(uuid4()), book_id, year, serial))
            papers[code_of(uow.verifications, agency.id, SubjectKind.LETTER, letter.id, now)] = paper
        uow.commit()
    return papers


def _line(letter: Letter, entry_id: EntryId, book_id: BookId, year: int, serial: int) -> RegisterEntry:
    assert letter.number is not None
    return RegisterEntry(
        id=entry_id,
        agency_id=letter.agency_id,
        book_id=book_id,
        kind=BookKind.SENDING,
        year=year,
        serial=serial,
        state=EntryState.USED,
        subject_of=letter.id,
        number=letter.number,
        letter_date=letter.number_date,
        sender="",
        addressee="",
        subject=letter.content.subject,
        practice="",
        note="",
        urgency=Urgency.NORMAL,
        secrecy=Secrecy.OPEN,
        unit_id=letter.unit_id,
        at=letter.created_at,
        entered_by=letter.drafter_name,
    )
