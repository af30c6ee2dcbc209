"""Round trips: what was put on a shelf comes back the same, field by field, from both databases."""

from __future__ import annotations

import dataclasses
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.exc import StatementError

from saraban.domain.agency import Certificate, PositionRole
from saraban.domain.attachment import Digest, Role
from saraban.domain.classification import Form, Secrecy, Urgency
from saraban.domain.dispatch import EvidenceKind
from saraban.domain.errors import NotFound
from saraban.domain.incoming import IncomingState
from saraban.domain.letter import Contact, Content, LetterState, Reference
from saraban.domain.register import BookKind, EntryState
from saraban.storage.tables.registers import entries
from tests.builders import (
    NOW,
    TODAY,
    YEAR,
    StaffedAgency,
    a_correspondent,
    a_dispatch,
    a_file,
    a_letter,
    a_route,
    an_entry,
    an_incoming_letter,
    evidence,
)
from tests.storage.conftest import NewUow
from tests.storage.test_claims import a_statement

SECOND = NOW.replace(microsecond=123456)


def _same(one: Any, other: Any) -> None:
    for field in dataclasses.fields(one):
        assert getattr(one, field.name) == getattr(other, field.name), field.name


def test_a_letter_comes_back_with_everything_that_happened_to_it(new_uow: NewUow, office: StaffedAgency) -> None:
    clerk, director, head = office["clerk"], office["director"], office["head"]
    content = Content(
        form=Form.EXTERNAL,
        subject="เรื่อง “ทดสอบ” 100% 😀",
        addressed_to="เรียน อธิบดี",
        body="ย่อหน้าแรก\n\nย่อหน้าสอง\tแท็บ",
        recipients=("dopa", "cgd"),
        references=(Reference("มท 0301/77", TODAY, "กรมการปกครอง"), Reference("นร 1201/ว 5")),
        urgency=Urgency.MOST_URGENT,
        secrecy=Secrecy.SECRET,
        contact=Contact("กองกฎหมาย", "0 2000 0000", "law@onep.example"),
        response_due=date(2026, 12, 31),
        purpose="information",
        closing="ขอแสดงความนับถือ",
    )
    letter = a_letter(clerk, content=content, files=[a_file("ก.txt", b"1"), a_file("ข.txt", b"2")], created_at=SECOND)
    with new_uow() as uow:
        uow.letters.add(letter)
        uow.commit()
    letter.submit(a_route(director, head), by=clerk, at=SECOND)
    letter.endorse(by=director, note="เห็นชอบ", at=NOW, page=Digest.of(b"page"))
    letter.begin_signing(by=head, number="ทส 1002/1", on=TODAY, at=NOW)
    letter.issue(a_file("หนังสือ.pdf", b"%PDF", role=Role.LETTER), by=head, seen=None, at=NOW)
    with new_uow() as uow:
        uow.letters.get(office.agency.id, letter.id)
        uow.letters.save(letter)
        uow.commit()
    with new_uow() as uow:
        found = uow.letters.get(office.agency.id, letter.id)

    _same(found, letter)
    assert (found.version, found.state) == (2, LetterState.ISSUED)
    assert found.content_digest() == letter.content_digest()


def test_an_incoming_letter_comes_back(new_uow: NewUow, office: StaffedAgency) -> None:
    letter = an_incoming_letter(
        office.agency,
        office.central.id,
        letter_ref=uuid4(),
        mic="bWlj",
        details={"references": [{"number": "ก", "date": None}], "ลำดับ": [1, 2]},
        findings=({"check": "seal", "code": "signature-broken", "thai": "เสียหาย", "blocking": True},),
        seal={"intact": None},
        files=[a_file()],
        answered_invalid=True,
        accepted_key="k",
    )
    with new_uow() as uow:
        uow.incoming.add(letter)
        uow.commit()
    with new_uow() as uow:
        found = uow.incoming.get(office.agency.id, letter.id)
        _same(found, letter)
        found.about = letter.id
        found.state, found.copies, found.details = IncomingState.REFUSED, 3, {"new": "ใหม่"}
        uow.incoming.save(found)
        uow.commit()
    with new_uow() as uow:
        _same(uow.incoming.get(office.agency.id, letter.id), found)


def test_a_dispatch_its_evidence_and_a_statement_come_back(new_uow: NewUow, office: StaffedAgency) -> None:
    letter = a_letter(office["clerk"])
    dispatch = a_dispatch(letter, manifest_sha256="0" * 64, problem="รอ", register_year=2569, settled_at=SECOND)
    proof = evidence(
        "registered",
        dispatch,
        kind=EvidenceKind.DSN,
        text="250 ok",
        counts=False,
        verdict={"intact": True},
        statement={"register": {"number": "81"}},
        raw=Digest.of(b"raw"),
    )
    statement = a_statement(office)
    with new_uow() as uow:
        uow.letters.add(letter)
        uow.dispatches.add(dispatch)
        assert uow.dispatches.note(proof) and not uow.dispatches.note(proof)
        uow.statements.add(statement)
        uow.commit()
    with new_uow() as uow:
        found = uow.dispatches.get(office.agency.id, dispatch.id)
        _same(found, dispatch)
        assert list(uow.dispatches.evidence(found)) == [proof]
        assert uow.dispatches.raw_of_letter(office.agency.id, letter.id, Digest.of(b"raw"))
        assert not uow.dispatches.raw_of_letter(office.agency.id, a_letter().id, Digest.of(b"raw"))
        kept = uow.statements.get(office.agency.id, statement.receipt.id)
        assert kept.receipt == statement.receipt
        _same(kept, statement)


def test_a_register_line_comes_back(engine: Engine, new_uow: NewUow, office: StaffedAgency) -> None:
    subject = uuid4()
    with new_uow() as uow:
        book, serial = uow.registers.take(office.agency.id, BookKind.SENDING, None, YEAR)
        line = an_entry(office.agency.id, book, serial, subject_of=subject, state=EntryState.RESERVED)
        uow.registers.enter(line)
        uow.commit()
    with new_uow() as uow:
        found = uow.registers.of_subject(office.agency.id, subject, EntryState.RESERVED)
        assert found is not None
        _same(found, line)
        found.void(reason="ผิด", authority="หัวหน้า", by=office["records"], at=NOW)
        uow.registers.save(found)
        uow.commit()
    with engine.connect() as connection:
        row = connection.execute(select(entries)).one()
    assert (row.state, row.void_reason, row.void_authority, row.note) == (EntryState.VOID, "ผิด", "หัวหน้า", "")


def test_an_agency_its_units_posts_and_officers_come_back(new_uow: NewUow, office: StaffedAgency) -> None:
    with new_uow() as uow:
        _same(uow.agencies.get(office.agency.id), office.agency)
        _same(uow.agencies.central_unit(office.agency.id), office.central)
        _same(uow.agencies.unit(office.agency.id, office.legal.id), office.legal)
        [post] = uow.agencies.posts(office.agency.id, PositionRole.HEAD, TODAY)
        _same(post.position, office.officers["head"].position)
        assert post.holder is not None
        _same(post.holder, office.officers["head"].person)
        person = office["clerk"].person_id
        assert person is not None
        assert uow.people.actor(person, TODAY) == office["clerk"]
        assert uow.people.actor(person, date(2025, 12, 31)) is None


def test_the_directory_comes_back_and_its_mailboxes_are_found_in_any_case(
    new_uow: NewUow, office: StaffedAgency
) -> None:
    pin = Certificate("seal", "-----BEGIN…", NOW, NOW + timedelta(days=1))
    entry = a_correspondent("cgd", valid_to=TODAY, successor="dopa", certificates=(pin,))
    with new_uow() as uow:
        uow.directory.replace([entry])
        uow.commit()
    with new_uow() as uow:
        assert uow.directory.by_code("cgd") == uow.directory.by_mailbox(" SARABAN@CGD.example ") == entry
        uow.directory.replace([])
        assert uow.directory.by_code("cgd") is None


def test_a_moment_without_a_zone_is_refused(new_uow: NewUow, office: StaffedAgency) -> None:
    with pytest.raises(StatementError, match="zone"), new_uow() as uow:
        uow.letters.add(a_letter(office["clerk"], created_at=datetime(2026, 1, 1)))  # noqa: DTZ001


def test_a_moment_told_in_bangkok_comes_back_in_utc(new_uow: NewUow, office: StaffedAgency) -> None:
    letter = a_letter(office["clerk"], created_at=datetime.fromisoformat("2026-11-23T09:30:00+07:00"))
    with new_uow() as uow:
        uow.letters.add(letter)
        found = uow.letters.get(office.agency.id, letter.id)

    assert found.created_at == NOW and found.created_at.tzinfo is UTC


def test_what_is_not_there_is_not_found(new_uow: NewUow, office: StaffedAgency) -> None:
    with new_uow() as uow:
        for get in (uow.letters.get, uow.incoming.get, uow.dispatches.get, uow.statements.get):
            with pytest.raises(NotFound):
                get(office.agency.id, uuid4())  # type: ignore[arg-type]
