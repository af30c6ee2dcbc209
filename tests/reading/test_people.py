"""Accounts and tokens as actors, and the lists of agencies and units."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest
from sqlalchemy import Connection, Engine, update

from saraban.domain.agency import Correspondent, Holding, PersonId
from saraban.domain.attachment import Digest
from saraban.domain.errors import NotFound
from saraban.reading.acting import of_token
from saraban.reading.directory import agencies, names
from saraban.reading.people import actor_by_person, agency, posts, units
from saraban.storage.tables.people import holdings, people, tokens
from tests.reading.office import NOW, TODAY, Office, publish_directory

TOKEN = Digest.of(b"token")


def _person(office: Office) -> PersonId:
    assert office.legal_clerk.person_id is not None
    return office.legal_clerk.person_id


def test_a_person_is_an_actor_in_the_post_held_that_day(office: Office, reader: Connection) -> None:
    person = _person(office)

    assert actor_by_person(reader, person, TODAY) == office.legal_clerk
    assert actor_by_person(reader, person, date(2025, 12, 31)) is None
    assert actor_by_person(reader, uuid4(), TODAY) is None


def test_a_token_speaks_for_its_person_until_it_is_revoked(office: Office, reader: Connection, engine: Engine) -> None:
    with office.uow() as uow:
        uow.people.add_token(TOKEN, _person(office), NOW)
        uow.commit()

    assert of_token(reader, TOKEN, TODAY) == [office.legal_clerk]
    assert of_token(reader, Digest.of(b"other"), TODAY) == []
    with engine.connect() as connection, connection.begin():
        connection.execute(update(tokens).values(revoked_at=NOW))
    assert of_token(reader, TOKEN, TODAY) == []


def test_a_closed_account_is_nobody_by_login_and_by_token(office: Office, reader: Connection, engine: Engine) -> None:
    with office.uow() as uow:
        uow.people.add_token(TOKEN, _person(office), NOW)
        uow.commit()
    with engine.connect() as connection, connection.begin():
        connection.execute(update(people).values(active=False))

    assert actor_by_person(reader, _person(office), TODAY) is None
    assert of_token(reader, TOKEN, TODAY) == []


def test_the_newest_of_two_posts_counts_and_one_that_ended_does_not(
    office: Office, reader: Connection, engine: Engine
) -> None:
    person = _person(office)
    assert office.director.position_id is not None
    with office.uow() as uow:
        uow.people.hold(Holding(person, office.director.position_id, date(2026, 6, 1), date(2026, 11, 22)))
        uow.commit()
    before = actor_by_person(reader, person, date(2026, 11, 22))

    assert before is not None and before.title == office.director.title
    assert actor_by_person(reader, person, TODAY) == office.legal_clerk
    with engine.connect() as connection, connection.begin():
        connection.execute(update(holdings).values(until=date(2026, 11, 1)))
    assert actor_by_person(reader, person, TODAY) is None


def test_an_agency_and_its_units_are_listed_the_central_one_first(office: Office, reader: Connection) -> None:
    assert agency(reader, office.agency.id).mailbox == office.agency.mailbox
    assert [(u.code, u.central) for u in units(reader, office.agency.id, TODAY)] == [
        ("central", True),
        ("legal", False),
    ]
    with pytest.raises(NotFound):
        agency(reader, uuid4())


@pytest.fixture
def directory(office: Office, engine: Engine) -> None:
    """Three agencies, one of which is hosted here."""
    publish_directory(
        engine,
        Correspondent("onep", "สำนักงานนโยบาย", "saraban@onep.example", capabilities={"saraban": "1", "max_bytes": 9}),
        Correspondent("moi", "กระทรวงมหาดไทย", "saraban@moi.example", name_en="Interior", abbr="มท"),
        Correspondent("dopa", "กรมการปกครอง กระทรวงมหาดไทย", "saraban@dopa.example", abbr="มท"),
    )


@pytest.mark.usefixtures("directory")
def test_agencies_are_found_by_name_code_abbreviation_and_mailbox(reader: Connection) -> None:
    def found(q: str) -> list[str]:
        return [row.code for row in agencies(reader, q=q).items]

    assert found("มหาดไทย") == ["dopa", "moi"]
    assert found("กระทรวง") == ["moi", "dopa"], "what begins with the query comes first"
    assert found("interior") == ["moi"]
    assert found("DOPA.example") == ["dopa"]
    assert found("มท การปกครอง") == ["dopa"]
    assert found("มท%") == []
    assert len(found("")) == 3


@pytest.mark.usefixtures("directory")
@pytest.mark.parametrize("q", ["", "มหาดไทย", "saraban กระทรวง"])
def test_the_directory_is_walked_page_by_page_in_one_order(reader: Connection, q: str) -> None:
    whole = agencies(reader, q=q)
    walked, cursor = [], None
    for _ in whole.items:
        page = agencies(reader, q=q, cursor=cursor, limit=1)
        assert page.total == (len(whole.items) if cursor is None else None)
        walked += page.items
        cursor = page.next

    assert cursor is None and len(walked) > 1
    assert walked == whole.items


@pytest.mark.usefixtures("directory")
def test_a_row_of_the_directory_tells_what_the_agency_takes(reader: Connection) -> None:
    rows = {row.code: row for row in agencies(reader).items}

    assert (rows["onep"].hosted, rows["onep"].speaks_saraban, rows["onep"].max_bytes) == (True, True, 9)
    assert (rows["moi"].hosted, rows["moi"].speaks_saraban, rows["moi"].max_bytes) == (False, False, 20_000_000)


@pytest.mark.usefixtures("directory")
def test_names_of_many_codes_are_given_and_unknown_ones_left_out(reader: Connection) -> None:
    assert names(reader, ["moi", *(f"x{n}" for n in range(1200)), "onep"], uuid4()) == {
        "moi": "กระทรวงมหาดไทย",
        "onep": "สำนักงานนโยบาย",
    }


def test_the_posts_of_an_agency_are_those_that_somebody_holds_heads_first(
    office: Office, reader: Connection, engine: Engine
) -> None:
    found = posts(reader, office.agency.id, TODAY)
    assert (found[0].position_id, found[0].person) == (office.head.position_id, office.head.name)
    assert office.director.position_id in [one.position_id for one in found]
    with engine.begin() as connection:
        connection.execute(update(people).where(people.c.id == office.director.person_id).values(active=False))

    assert office.director.position_id not in [one.position_id for one in posts(reader, office.agency.id, TODAY)]
    assert posts(reader, uuid4(), TODAY) == []
