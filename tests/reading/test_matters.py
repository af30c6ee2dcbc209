"""A matter holds what hangs together in both registers, and never more than its reader may see."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Connection, Engine, insert

from saraban.domain.actor import Actor
from saraban.domain.attachment import Attachment, Digest, Role
from saraban.domain.classification import Secrecy
from saraban.domain.content import Reference
from saraban.domain.errors import NotFound
from saraban.domain.incoming import IncomingState
from saraban.domain.letter import LetterState
from saraban.domain.matter import tie
from saraban.domain.register import BookKind, Origin, RegisterEntry
from saraban.reading.matters import candidates, matter
from saraban.storage.tables.finding import file_texts
from saraban.usecases.finding import TextWay
from saraban.usecases.kept import begin_keeping
from tests.reading.office import NOW, TODAY, Office, open_office


def _refer(office: Office, owner: UUID, *named: Reference) -> None:
    with office.uow() as uow:
        uow.matters.refer(office.agency.id, owner, named)
        uow.commit()


def _refresh(office: Office, *owners: UUID) -> None:
    with office.uow() as uow:
        uow.matters.refresh(owners)
        uow.commit()


def _tie(office: Office, one: UUID, other: UUID, *, joined: bool) -> None:
    with office.uow() as uow:
        uow.matters.tie(tie(office.agency.id, one, other, joined=joined, by="พรทิพย์", reason="คนละเรื่อง", at=NOW))
        uow.commit()


def _ids(found: Iterable[Any]) -> list[UUID]:
    return [one.id for one in found]


def _of(reader: Connection, actor: Actor, thing: UUID) -> list[object]:
    return _ids(matter(reader, actor, thing).letters)


def test_question_answer_and_follow_up_stand_in_one_line_of_time(office: Office, reader: Connection) -> None:
    asked = office.incoming(number="มท 0201/77")
    office.entry(kind=BookKind.RECEIVING, subject_of=asked.id, number="มท 0201/77")
    answer = office.letter(number="ทส 1002/5", state=LetterState.DISPATCHED, unit=office.central, minutes=60)
    office.entry(subject_of=answer.id, number="ทส 1002/5")
    again = office.incoming(number="มท 0201/99", subject="ขอข้อมูลเพิ่มเติม", minutes=120)
    _refer(office, answer.id, Reference("มท ๐๒๐๑/๗๗", TODAY))
    _refer(office, again.id, Reference("ทส1002/5"), Reference("กค 1/1", date(2020, 1, 1), "กรมบัญชีกลาง"))

    found = matter(reader, office.central_clerk, again.id)

    assert set(_ids(found.letters)) == {asked.id, answer.id, again.id}
    by_id = {one.id: one for one in found.letters}
    assert set(by_id[answer.id].ties) == {("อ้างถึง", asked.id), ("ถูกอ้างถึงใน", again.id)}
    assert (found.open, by_id[again.id].open, by_id[answer.id].open) == (2, True, False)
    assert [(one.number, one.sender, one.by) for one in found.named] == [("กค 1/1", "กรมบัญชีกลาง", again.id)]
    assert _of(reader, office.central_clerk, asked.id) == _ids(found.letters), "seen from each of them alike"


def test_a_letter_that_waits_to_be_sent_is_open_and_one_that_goes_to_nobody_is_not(
    office: Office, reader: Connection
) -> None:
    waits = office.letter(number="ทส 1002/5", state=LetterState.ISSUED, unit=office.central)
    kept = office.letter(number="ทส 1002/6", state=LetterState.ISSUED, unit=office.central, recipients=())

    assert matter(reader, office.central_clerk, waits.id).open == 1
    assert matter(reader, office.central_clerk, kept.id).open == 0


def _finish(office: Office, entry: RegisterEntry) -> None:
    with office.uow() as uow:
        [kind, *_] = uow.keeping.classes(office.agency.id)
        item = begin_keeping(uow, entry)
        item.finish(kind, TODAY, by=office.central_clerk, at=NOW)
        uow.keeping.save(item)
        uow.commit()


def _open(reader: Connection, office: Office, thing: UUID) -> set[UUID]:
    return {one.id for one in matter(reader, office.central_clerk, thing).letters if one.open}


def test_a_sent_letter_is_open_until_every_receiver_whom_it_asks_has_answered(
    office: Office, reader: Connection
) -> None:
    sent = {"unit": office.central, "state": LetterState.DISPATCHED, "asks": TODAY, "recipients": ("moi", "mof")}
    asks = office.letter(number="ทส 1001/3", **sent)
    office.entry(subject_of=asks.id, number="ทส 1001/3")
    told = office.letter(number="ทส 1001/4", unit=office.central, state=LetterState.DISPATCHED)
    _tie(office, asks.id, told.id, joined=True)
    assert _open(reader, office, asks.id) == {asks.id}

    first = office.incoming(answers=asks.id, completed_at=NOW, state=IncomingState.REGISTERED)
    office.incoming(answers=asks.id, completed_at=NOW, state=IncomingState.REGISTERED, number="มท 0201/78")
    assert _open(reader, office, first.id) == {asks.id}, "twice the same sender"
    paper = office.entry(kind=BookKind.RECEIVING, unit=office.central, number="กค 1/2", origin=Origin.PAPER)
    _refer(office, paper.id, Reference("ทส 1001/3"))
    assert _open(reader, office, asks.id) == {paper.id}
    _finish(office, paper)
    assert _open(reader, office, asks.id) == set()


def test_a_sent_letter_that_is_finished_in_keeping_waits_no_longer_and_what_it_answers_is_no_answer(
    office: Office, reader: Connection
) -> None:
    asked = office.incoming(state=IncomingState.REGISTERED, completed_at=NOW)
    office.entry(kind=BookKind.RECEIVING, subject_of=asked.id, number="มท 0201/77")
    asks = office.letter(number="ทส 1001/3", unit=office.central, state=LetterState.DISPATCHED, asks=TODAY)
    line = office.entry(subject_of=asks.id, number="ทส 1001/3")
    _refer(office, asks.id, Reference("มท 0201/77"))

    assert _open(reader, office, asked.id) == {asks.id}
    _finish(office, line)
    assert _open(reader, office, asked.id) == set()


def test_paper_that_came_in_is_open_while_it_is_in_work(office: Office, reader: Connection) -> None:
    paper = office.entry(kind=BookKind.RECEIVING, unit=office.central, number="กค 1/1", origin=Origin.PAPER)
    sent = office.entry(unit=office.central, number="ทส 1001/1", origin=Origin.PAPER)
    moved = office.entry(kind=BookKind.RECEIVING, unit=office.central, number="กค 1/0", origin=Origin.BEFORE)
    for other in (sent, moved):
        _tie(office, paper.id, other.id, joined=True)

    assert _open(reader, office, paper.id) == {paper.id}
    _finish(office, paper)
    assert _open(reader, office, paper.id) == set()


def test_a_letter_that_is_registered_later_is_found_by_who_named_it_before(office: Office, reader: Connection) -> None:
    later = office.letter(unit=office.central)
    _refer(office, later.id, Reference("มท 0201/77"))
    assert len(matter(reader, office.central_clerk, later.id).named) == 1
    earlier = office.entry(kind=BookKind.RECEIVING, unit=office.central, number="มท 0201/77")
    _refresh(office, earlier.id)

    found = matter(reader, office.central_clerk, earlier.id)
    assert set(_ids(found.letters)) == {earlier.id, later.id} and found.named == []


def test_the_same_number_of_another_year_or_in_two_letters_is_not_guessed(office: Office, reader: Connection) -> None:
    first = office.entry(kind=BookKind.RECEIVING, number="มท 0201/77")
    office.entry(kind=BookKind.RECEIVING, number="มท 0201/77")
    one, other = office.letter(unit=office.central), office.letter(unit=office.central)
    _refer(office, one.id, Reference("มท 0201/77"))
    _refer(office, other.id, Reference(first.number, TODAY - timedelta(days=400)))

    assert _of(reader, office.central_clerk, one.id) == [one.id]
    assert _of(reader, office.central_clerk, other.id) == [other.id]
    assert len(candidates(reader, office.central_clerk, "มท๐๒๐๑/๗๗")) == 2


def test_paper_is_found_by_its_number_of_the_register(office: Office, reader: Connection) -> None:
    paper = office.entry(kind=BookKind.RECEIVING, unit=office.central, number="", origin=Origin.PAPER)
    sent = office.entry(number="ทส 1001/1")
    office.entry(kind=BookKind.RECEIVING, number="", secrecy=Secrecy.SECRET)
    clerk = office.legal_clerk

    for asked in ("1/2569", "๑ / ๒๕๖๙", "เลขทะเบียน ๑/๒๕๖๙"):
        assert set(_ids(candidates(reader, clerk, asked))) == {paper.id, sent.id}, asked
    for asked in ("รับ ๑/๒๕๖๙", "เลขรับ 1/2569", "เลขทะเบียนรับที่ ๑/๒๕๖๙", "ทะเบียนหนังสือรับ 1/2569"):
        assert _ids(candidates(reader, clerk, asked)) == [paper.id], asked
    assert _ids(candidates(reader, clerk, "เลขส่ง 1/2569")) == [sent.id]
    for asked in ("1/2568", "รับ 2/2569", "รับ 999999999/2569", "1/26"):
        assert candidates(reader, clerk, asked) == [], asked


def test_what_one_may_not_see_is_neither_shown_nor_walked_through(office: Office, reader: Connection) -> None:
    before, after = office.letter(subject="ก่อน"), office.letter(subject="หลัง")
    secret = office.letter(subject="ปกปิด", secrecy=Secrecy.CONFIDENTIAL, by=office.central_clerk, unit=office.central)
    for one in (before, after):
        _tie(office, one.id, secret.id, joined=True)

    assert _of(reader, office.legal_clerk, before.id) == [before.id]
    assert set(_of(reader, office.central_clerk, before.id)) == {before.id, secret.id, after.id}
    with pytest.raises(NotFound):
        matter(reader, office.legal_clerk, secret.id)


def test_a_letter_of_another_unit_is_shown_by_its_line_in_the_register(office: Office, reader: Connection) -> None:
    theirs = office.letter(unit=office.central, by=office.central_clerk, number="ทส 1001/1")
    line = office.entry(subject_of=theirs.id, number="ทส 1001/1")
    ours = office.letter()
    _refer(office, ours.id, Reference("ทส 1001/1"))

    shown = {one.id: one for one in matter(reader, office.legal_clerk, ours.id).letters}
    assert (shown[theirs.id].kind, shown[theirs.id].screen_id) == ("line", line.id)
    assert {one.kind for one in matter(reader, office.central_clerk, ours.id).letters} == {"letter"}


def test_a_clerk_joins_and_parts_over_what_was_read(office: Office, reader: Connection) -> None:
    earlier = office.entry(number="ทส 1002/1")
    later, beside = office.letter(), office.letter()
    _refer(office, later.id, Reference("ทส 1002/1"))
    _tie(office, later.id, beside.id, joined=True)
    assert set(_of(reader, office.legal_clerk, later.id)) == {earlier.id, later.id, beside.id}
    _tie(office, earlier.id, later.id, joined=False)

    assert set(_of(reader, office.legal_clerk, later.id)) == {later.id, beside.id}
    _tie(office, later.id, earlier.id, joined=True)
    assert len(_of(reader, office.legal_clerk, earlier.id)) == 3


def test_another_agency_has_nothing_of_it(office: Office, reader: Connection, engine: Engine) -> None:
    other = open_office(engine, "dnp")
    theirs = other.entry(number="ทส 1002/1")
    ours = office.letter()
    _refer(office, ours.id, Reference("ทส 1002/1"))

    assert _of(reader, office.legal_clerk, ours.id) == [ours.id]
    with pytest.raises(NotFound):
        matter(reader, office.legal_clerk, theirs.id)
    assert candidates(reader, office.legal_clerk, "ทส 1002/1") == [] == candidates(reader, office.legal_clerk, " ")


def test_what_a_letter_or_its_text_says_is_read_when_it_is_indexed(office: Office, reader: Connection) -> None:
    paper = office.entry(kind=BookKind.RECEIVING, unit=office.central, number="กค 0405/9")
    mail = office.incoming(text="เรื่อง ขอหารือ\nอ้างถึง หนังสือกรมบัญชีกลาง ที่ กค ๐๔๐๕/๙\n\nด้วย")
    _refresh(office, mail.id, paper.id)

    assert set(_of(reader, office.central_clerk, paper.id)) == {paper.id, mail.id}


def test_an_answer_that_names_our_dispatch_hangs_on_our_letter(office: Office, reader: Connection) -> None:
    ours = office.letter(unit=office.central, state=LetterState.DISPATCHED, number="ทส 1001/3")
    office.entry(subject_of=ours.id, number="ทส 1001/3")
    answer = office.incoming(answers=ours.id)
    _refer(office, answer.id, Reference("ทส 1001/3"))

    by_id = {one.id: one for one in matter(reader, office.central_clerk, ours.id).letters}
    assert by_id[ours.id].ties == (("ตอบแล้วด้วย", answer.id),), "said once, by what weighs most"
    assert by_id[answer.id].ties == (("ตอบ", ours.id),)


def _says(number: str, day: str = "23 พฤศจิกายน 2569") -> str:
    return f"ตามหนังสือกรมการปกครอง ด่วนที่สุด ที่ {number} ลงวันที่ {day} ขอให้รายงานผล นั้น"


def test_a_letter_that_a_text_names_with_its_day_is_linked_from_ours_and_theirs(
    office: Office, reader: Connection
) -> None:
    paper = office.entry(kind=BookKind.RECEIVING, unit=office.central, number="มท 0309/12")
    ours = office.letter(unit=office.central, body=_says("มท ๐๓๐๙/๑๒"))
    theirs = office.incoming(text=_says("มท0309/12"), number="กค 1/1")
    other_day = office.letter(unit=office.central, body=_says("มท 0309/12", "24 พฤศจิกายน 2569"))
    _refresh(office, ours.id, theirs.id, other_day.id, paper.id)

    found = matter(reader, office.central_clerk, paper.id)
    assert set(_ids(found.letters)) == {paper.id, ours.id, theirs.id}
    assert {one.ties for one in found.letters if one.id == ours.id} == {(("กล่าวถึง", paper.id),)}
    alone = matter(reader, office.central_clerk, other_day.id)
    assert (_ids(alone.letters), alone.named) == ([other_day.id], []), "what is only mentioned is not missed"


def test_a_mention_is_linked_when_its_letter_is_registered_later_and_goes_with_its_sentence(
    office: Office, reader: Connection
) -> None:
    ours = office.letter(unit=office.central, body=_says("มท 0309/12"))
    _refer(office, ours.id, Reference("กค 1/1", TODAY))
    _refresh(office, ours.id)
    paper = office.entry(kind=BookKind.RECEIVING, unit=office.central, number="มท 0309/12")
    _refresh(office, paper.id)
    assert set(_of(reader, office.central_clerk, paper.id)) == {paper.id, ours.id}

    with office.uow() as uow:
        letter = uow.letters.get(office.agency.id, ours.id)
        letter.content = replace(letter.content, body="เปลี่ยนใหม่")
        uow.letters.save(letter)
        uow.commit()
    _refresh(office, ours.id)
    assert _of(reader, office.central_clerk, paper.id) == [paper.id]


def test_letters_that_mention_one_circular_are_no_one_matter(office: Office, reader: Connection) -> None:
    circular = office.entry(kind=BookKind.RECEIVING, unit=office.central, number="กค (กวจ) 0405.2/ว 198")
    one, other = (office.letter(unit=office.central, body=_says("กค(กวจ)0405.2/ว198")) for _ in range(2))
    _refresh(office, one.id, other.id)

    assert set(_of(reader, office.central_clerk, one.id)) == {one.id, circular.id}
    assert set(_of(reader, office.central_clerk, circular.id)) == {one.id, other.id, circular.id}


def test_a_file_that_we_sign_as_it_was_made_elsewhere_is_read_for_what_it_refers_to(
    office: Office, reader: Connection
) -> None:
    paper = office.entry(kind=BookKind.RECEIVING, unit=office.central, number="กค 0405/9")
    digest = Digest.of(b"ready made")
    ours = office.letter(unit=office.central, body="")
    with office.uow() as uow:
        letter = uow.letters.get(office.agency.id, ours.id)
        letter.files.append(Attachment("หนังสือ.pdf", Role.LETTER, "application/pdf", 10, digest))
        uow.letters.save(letter)
        uow.commit()
    with office.engine.begin() as connection:
        text = "เรื่อง ขอหารือ\nอ้างถึง หนังสือกรมบัญชีกลาง ที่ กค ๐๔๐๕/๙\n\nด้วย"
        row = {"sha256": digest, "way": TextWay.WORDS, "text": text, "scanned": ""}
        connection.execute(insert(file_texts), row)
    _refresh(office, ours.id)

    assert set(_of(reader, office.central_clerk, paper.id)) == {paper.id, ours.id}
