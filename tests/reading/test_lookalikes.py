"""Lines that may be of the letter being typed: by number, by file, by subject in the same days; never a secret one."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, event, insert

from saraban.domain.attachment import Attachment, Digest, Role
from saraban.domain.classification import Secrecy
from saraban.domain.errors import NotFound
from saraban.domain.incoming import IncomingState
from saraban.domain.register import BookKind, EntryState
from saraban.domain.similarity import Described, likely_same, possibly_same
from saraban.reading.lookalikes import Known, lines, look_alikes, shown_beside, waiting
from saraban.storage.tables.letters import files
from tests.reading.office import Office, open_office

LETTER = Described("กค 0408/123", "กรมบัญชีกลาง", date(2026, 11, 20), "ซักซ้อมความเข้าใจแนวทางปฏิบัติในการจัดซื้อจัดจ้าง")
SCAN = Digest.of(b"a scan")


def line(office: Office, **more: Any) -> Any:
    """A line of the letter in the receiving book."""
    written = office.entry(
        kind=BookKind.RECEIVING,
        number=more.pop("number", LETTER.number),
        subject=more.pop("subject", LETTER.subject),
        **{name: more.pop(name) for name in ("secrecy", "state", "subject_of") if name in more},
    )
    with office.uow() as uow:
        entry = uow.registers.get(office.agency.id, written.id)
        entry.sender, entry.letter_date = more.pop("sender", LETTER.sender), LETTER.letter_date
        uow.registers.save(entry)
        uow.commit()
    assert not more
    return entry


def alike(reader: Connection, office: Office, *digests: Digest, **changes: Any) -> list[Known]:
    return look_alikes(
        reader,
        office.central_clerk,
        kind=BookKind.RECEIVING,
        letter=replace(LETTER, **changes),
        digests=digests,
    )


def attach(engine: Engine, office: Office, owner: Any, digest: Digest = SCAN) -> None:
    with engine.begin() as connection:
        kept = Attachment("scan.png", Role.LETTER, "image/png", 6, digest)
        row = {"owner_id": owner, "ordinal": 7, "agency_id": office.agency.id, **vars(kept)}
        connection.execute(insert(files), row)


@pytest.mark.parametrize(
    ("changes", "likely"),
    [
        ({}, True),
        ({"number": "กค๐๔๐๘/๑๒๓"}, True),
        ({"sender": "กรมบัญชีกลาง กระทรวงการคลัง"}, True),
        ({"letter_date": date(2025, 11, 20)}, False),
        ({"sender": "บริษัท ค้าไม้ จำกัด"}, False),
        ({"number": "กค 0408/124"}, True),
        ({"number": "กค 0408/124", "letter_date": date(2026, 11, 21)}, False),
        ({"number": "กค 0408/124", "letter_date": None}, False),
        ({"number": "กค 0408/124", "subject": LETTER.subject + " ครั้งที่ 2"}, False),
        ({"number": "กค 0408/124", "sender": "บริษัท ค้าไม้ จำกัด"}, False),
        ({"number": ""}, True),
        ({"number": "", "letter_date": None}, True),
        ({"number": "", "letter_date": date(2026, 11, 23)}, True),
        ({"number": "", "letter_date": date(2026, 11, 24)}, False),
        ({"number": "", "subject": "เรื่องอื่นที่ไม่เกี่ยวกัน"}, False),
        ({"number": "", "subject": LETTER.subject.replace("จัดซื้อ", "จัด ซื้อ")}, True),
    ],
)
def test_what_is_likely_the_same_letter(changes: dict[str, Any], likely: bool) -> None:
    assert likely_same(replace(LETTER, **changes), LETTER) is likely


def test_what_is_shown_while_typing_is_wider(office: Office, reader: Connection) -> None:
    wider = replace(LETTER, number="กค 0408/124", letter_date=date(2026, 11, 21))

    assert possibly_same(wider, LETTER) and not likely_same(wider, LETTER)
    known = line(office)
    found = alike(reader, office, number="กค 0408/124", letter_date=date(2026, 11, 21))
    assert [(f.id, f.reasons, f.likely) for f in found] == [(known.id, ("subject",), False)]


def test_the_likeliest_line_comes_first_with_its_reasons(office: Office, reader: Connection, engine: Engine) -> None:
    weak = line(office, number="กค 0408/99", subject=LETTER.subject + " ครั้งที่ 2")
    same = line(office)
    attach(engine, office, same.id)

    found = alike(reader, office, SCAN)

    assert [(f.id, f.reasons, f.likely) for f in found] == [
        (same.id, ("number", "file"), True),
        (weak.id, ("subject",), False),
    ]
    assert [f.name for f in found[0].files] == ["scan.png"]


def test_a_file_is_found_whatever_was_typed_and_also_on_letters_of_the_system(
    office: Office, reader: Connection, engine: Engine
) -> None:
    letter = office.incoming()
    by_mail = line(office, subject_of=letter.id, number="นร 1/1", sender="อื่น", subject="อื่น")
    attach(engine, office, letter.id)

    found = look_alikes(reader, office.central_clerk, kind=BookKind.RECEIVING, letter=Described(), digests=[SCAN])

    assert [(f.id, f.reasons) for f in found] == [(by_mail.id, ("file",))]
    assert found[0].files


def test_a_letter_that_waits_in_the_mailbox_with_the_same_file_is_told(
    office: Office, reader: Connection, engine: Engine
) -> None:
    letter = office.incoming(state=IncomingState.NEW)
    attach(engine, office, letter.id)

    assert [w.id for w in waiting(reader, office.central_clerk, [SCAN])] == [letter.id]
    assert waiting(reader, office.central_clerk, []) == []
    assert waiting(reader, open_office(engine, "dnp").central_clerk, [SCAN]) == []


def test_classified_and_void_lines_and_those_of_others_are_never_shown(
    office: Office, reader: Connection, engine: Engine
) -> None:
    secret = line(office, secrecy=Secrecy.SECRET)
    void = line(office, state=EntryState.VOID)
    other = open_office(engine, "dnp")
    theirs = line(other)
    for owner in (secret.id, void.id):
        attach(engine, office, owner)
    attach(engine, other, theirs.id)

    assert alike(reader, office, SCAN) == []
    shown = lines(reader, office.central_clerk, ids=[secret.id, theirs.id, void.id], letter=LETTER, digests=[])
    assert [s.id for s in shown] == [void.id]
    with pytest.raises(NotFound):
        look_alikes(reader, office.central_clerk.gateway(office.agency.id), kind=BookKind.RECEIVING, letter=LETTER)


def test_lines_are_laid_beside_a_list_by_one_question(office: Office, reader: Connection) -> None:
    first, secret = line(office), line(office, secrecy=Secrecy.SECRET)
    asked: list[str] = []
    event.listen(reader, "before_cursor_execute", lambda *a: asked.append(a[2]))

    found = shown_beside(reader, office.central_clerk, [first.id, secret.id, first.id])

    assert {one: known.subject for one, known in found.items()} == {first.id: LETTER.subject}
    assert len(asked) == 1
