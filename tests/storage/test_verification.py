"""Verification codes on the shelf of each database: one for a document, none twice, and counts that lose nothing."""

from __future__ import annotations

import threading
from datetime import UTC, date, datetime
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine, select

from saraban.domain.agency import Agency
from saraban.domain.errors import ConcurrentEdit
from saraban.domain.verification import SubjectKind, VerificationCode, code_from
from saraban.storage.database import open_engine
from saraban.storage.tables.verification import verification_scans
from saraban.storage.unit_of_work import SqlUnitOfWork
from saraban.usecases.codes import code_of
from tests.builders import NOW, an_agency

DAY = date(2026, 11, 23)


@pytest.fixture
def engine(database_url: str):  # type: ignore[no-untyped-def]
    made = open_engine(database_url, writing=True)
    yield made
    made.dispose()


@pytest.fixture
def agency(engine: Engine) -> Agency:
    made = an_agency("onep")
    with _uow(engine) as uow:
        uow.agencies.add(made)
        uow.commit()
    return made


def _uow(engine: Engine) -> SqlUnitOfWork:
    return SqlUnitOfWork(engine, lambda: datetime.now(UTC))


def _made(engine: Engine, agency: Agency, subject: UUID) -> str:
    with _uow(engine) as uow:
        code = code_of(uow.verifications, agency.id, SubjectKind.LETTER, subject, NOW)
        uow.commit()
    return code


def test_a_document_keeps_its_code_and_another_agency_does_not_see_it(engine: Engine, agency: Agency) -> None:
    subject = uuid4()
    code = _made(engine, agency, subject)

    assert _made(engine, agency, subject) == code
    with _uow(engine) as uow:
        kept = uow.verifications.of(agency.id, SubjectKind.LETTER, subject)
        assert kept == VerificationCode(code, agency.id, SubjectKind.LETTER, subject, NOW)
        assert uow.verifications.of(an_agency("dopa").id, SubjectKind.LETTER, subject) is None


@pytest.mark.parametrize("twice", ["code", "typed part", "document"])
def test_nothing_is_given_twice(engine: Engine, agency: Agency, twice: str) -> None:
    subject = uuid4()
    first = VerificationCode(code_from(bytes(13)), agency.id, SubjectKind.LETTER, subject, NOW)
    other = {
        "code": VerificationCode(first.code, agency.id, SubjectKind.LETTER, uuid4(), NOW),
        "typed part": VerificationCode(first.typed + "11111111", agency.id, SubjectKind.LETTER, uuid4(), NOW),
        "document": VerificationCode(code_from(b"\xff" * 13), agency.id, SubjectKind.LETTER, subject, NOW),
    }[twice]
    with _uow(engine) as uow:
        uow.verifications.add(first)
        uow.commit()

    with pytest.raises(ConcurrentEdit), _uow(engine) as uow:
        uow.verifications.add(other)
        uow.commit()


def test_counts_of_many_writers_lose_nothing(engine: Engine, agency: Agency) -> None:
    codes = [_made(engine, agency, uuid4()) for _ in range(3)]

    def count(turn: int) -> None:
        for _ in range(10):
            with _uow(engine) as uow:
                uow.verifications.count({code: 2 for code in (codes if turn % 2 else reversed(codes))}, DAY)
                uow.commit()

    threads = [threading.Thread(target=count, args=(turn,)) for turn in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with engine.connect() as connection:
        rows = connection.execute(select(verification_scans.c.day, verification_scans.c.count)).all()
    assert [tuple(row) for row in rows] == [(DAY, 80)] * 3
