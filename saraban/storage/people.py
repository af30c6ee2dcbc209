"""Hosted agencies with their units and positions, accounts, and the directory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, func, insert, or_, select, update

from saraban.domain.actor import Actor
from saraban.domain.agency import (
    Agency,
    AgencyId,
    AgencyOptions,
    Certificate,
    Correspondent,
    Holding,
    Person,
    PersonId,
)
from saraban.domain.attachment import Digest
from saraban.domain.organisation import Clearance
from saraban.storage.capacities import capacities_of_person, chosen
from saraban.storage.journal import open_chain
from saraban.storage.organisation import OrganisationBooks
from saraban.storage.routes import RouteBooks
from saraban.storage.search import names_text
from saraban.storage.shelves import Row, Shelf, batched, plain_shelf
from saraban.storage.tables import people as t
from saraban.storage.tables.organisation import clearances

_agencies: Shelf[Agency] = Shelf(
    t.agencies,
    to_row=lambda agency: {**vars(agency), "options": asdict(agency.options)},
    from_row=lambda row: Agency(
        **{**row, "address": tuple(row["address"]), "options": AgencyOptions(**row["options"])}
    ),
)
_people: Shelf[Person] = plain_shelf(t.people, Person)


_AGENCY_BY_CODE = select(t.agencies).where(t.agencies.c.code == bindparam("of_code"))
_BY_USERNAME = select(t.people).where(func.lower(t.people.c.username) == bindparam("login"))
_OF_AGENCY = (
    select(t.people).where(t.people.c.agency_id == bindparam("agency")).order_by(t.people.c.name, t.people.c.id)
)
_HOLDINGS = (
    select(t.holdings)
    .join(t.positions, t.positions.c.id == t.holdings.c.position_id)
    .where(t.positions.c.agency_id == bindparam("agency"))
    .order_by(t.holdings.c.since)
)
_SAVE_HOLDING = update(t.holdings).where(
    t.holdings.c.person_id == bindparam("of_person"),
    t.holdings.c.position_id == bindparam("of_position"),
    t.holdings.c.since == bindparam("of_since"),
)
_CLEARANCES = select(clearances).where(clearances.c.person_id == bindparam("person")).order_by(clearances.c.since)
_NO_CALENDAR = delete(t.calendar_feeds).where(t.calendar_feeds.c.person_id == bindparam("of_person"))
_DIRECTORY_LISTED = (
    select(t.directory.c.code, t.directory.c.name, t.directory.c.mailbox, t.directory.c.abbr, t.directory.c.parent)
    .where(or_(t.directory.c.valid_to.is_(None), t.directory.c.valid_to >= bindparam("day")))
    .order_by(t.directory.c.name, t.directory.c.code)
)
_DIRECTORY_BY_CODES = select(t.directory).where(t.directory.c.code.in_(bindparam("codes", expanding=True)))
_DIRECTORY_BY_CODE = select(t.directory).where(t.directory.c.code == bindparam("of_code"))
_DIRECTORY_BY_MAILBOX = select(t.directory).where(t.directory.c.mailbox == bindparam("address"))


class AgencyBooks(OrganisationBooks, RouteBooks):
    """Hosted agencies on the shelf (usecases.books.Agencies)."""

    def get(self, agency_id: AgencyId) -> Agency:
        """The agency; NotFound when it is not hosted here."""
        return _agencies.get(self._connection, agency_id)

    def by_code(self, code: str) -> Agency | None:
        """The hosted agency with this directory code."""
        found = _agencies.find(self._connection, _AGENCY_BY_CODE, {"of_code": code})
        return found[0] if found else None

    def all(self) -> Sequence[Agency]:
        """Every hosted agency."""
        return _agencies.find(self._connection, select(t.agencies).order_by(t.agencies.c.code))

    def add(self, agency: Agency) -> None:
        """Host an agency; its journal begins."""
        _agencies.add(self._connection, agency)
        open_chain(self._connection, agency.id)

    def save(self, agency: Agency) -> None:
        """Write an agency back."""
        _agencies.save(self._connection, agency)


class PeopleBooks:
    """Accounts on the shelf (usecases.books.People)."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, person: Person) -> None:
        """Add an account."""
        _people.add(self._connection, person)

    def hold(self, holding: Holding) -> None:
        """Put a person into a position."""
        self._connection.execute(
            insert(t.holdings),
            {
                "person_id": holding.person_id,
                "position_id": holding.position_id,
                "since": holding.since,
                "until": holding.until,
                "authority": holding.authority,
            },
        )

    def of_agency(self, agency_id: AgencyId) -> Sequence[Person]:
        """Everybody of the agency, by name."""
        return _people.find(self._connection, _OF_AGENCY, {"agency": agency_id})

    def holdings(self, agency_id: AgencyId) -> Sequence[Holding]:
        """Who held which post of the agency."""
        rows = self._connection.execute(_HOLDINGS, {"agency": agency_id}).mappings()
        return [Holding(**row) for row in rows]

    def save_holding(self, holding: Holding) -> None:
        """Write the last day of a holding and its order back."""
        key = {"of_person": holding.person_id, "of_position": holding.position_id, "of_since": holding.since}
        self._connection.execute(_SAVE_HOLDING, {**key, "until": holding.until, "authority": holding.authority})

    def clearances(self, person_id: PersonId) -> Sequence[Clearance]:
        """A person's clearances, the earliest first."""
        rows = self._connection.execute(_CLEARANCES, {"person": person_id}).mappings()
        return [Clearance(**row) for row in rows]

    def clear(self, clearance: Clearance) -> None:
        """Write a clearance down."""
        of_day = clearances.c.since == clearance.since
        same = delete(clearances).where(clearances.c.person_id == clearance.person_id, of_day)
        self._connection.execute(same)
        self._connection.execute(insert(clearances), vars(clearance))

    def by_username(self, username: str) -> Person | None:
        """The account with this name, upper and lower case alike."""
        found = _people.find(self._connection, _BY_USERNAME, {"login": username.strip().lower()})
        return found[0] if found else None

    def get(self, person_id: PersonId) -> Person:
        """The account."""
        return _people.get(self._connection, person_id)

    def save(self, person: Person) -> None:
        """Write an account back."""
        _people.save(self._connection, person)

    def actor(self, person_id: PersonId, on: date, key: str = "") -> Actor | None:
        """The person in the position held that day, or in the capacity with this key."""
        return chosen(capacities_of_person(self._connection, person_id, on), key)

    def add_token(self, digest: Digest, person_id: PersonId, at: datetime) -> None:
        """Let a program act as this person, by the digest of its token."""
        self._connection.execute(insert(t.tokens), {"sha256": digest, "person_id": person_id, "made_at": at})

    def set_calendar(self, person_id: PersonId, token: Digest | None, at: datetime) -> bool:
        """Let whoever has the token read the person's calendar; was there another before?"""
        before = self._connection.execute(_NO_CALENDAR, {"of_person": person_id}).rowcount
        if token is not None:
            made = {"person_id": person_id, "sha256": token, "made_at": at}
            self._connection.execute(insert(t.calendar_feeds), made)
        return before > 0


_FIELDS = [column.name for column in t.directory.c if column.name != "search_text"]


def correspondent_row(entry: Correspondent) -> dict[str, Any]:
    """An agency of the directory as a row."""
    row = {name: getattr(entry, name) for name in _FIELDS}
    row["mailbox"] = entry.mailbox.lower()
    row["search_text"] = names_text(entry.name, entry.abbr, entry.code, entry.name_en, entry.mailbox)
    row["certificates"] = [[c.use, c.pem, c.valid_from.isoformat(), c.valid_to.isoformat()] for c in entry.certificates]
    return row


def correspondent(row: Row) -> Correspondent:
    """A row of the directory as an agency."""
    values = {name: row[name] for name in _FIELDS}
    values["certificates"] = tuple(
        Certificate(use, pem, datetime.fromisoformat(since), datetime.fromisoformat(until))
        for use, pem, since, until in row["certificates"]
    )
    return Correspondent(**values)


class DirectoryBooks:
    """The directory on the shelf (usecases.books.Directory)."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def by_code(self, code: str) -> Correspondent | None:
        """The agency with this code."""
        row = self._connection.execute(_DIRECTORY_BY_CODE, {"of_code": code}).mappings().first()
        return correspondent(row) if row is not None else None

    def by_codes(self, codes: Sequence[str]) -> dict[str, Correspondent]:
        """The agencies with these codes."""
        found: dict[str, Correspondent] = {}
        for some in batched(codes):
            for row in self._connection.execute(_DIRECTORY_BY_CODES, {"codes": some}).mappings():
                found[row["code"]] = correspondent(row)
        return found

    def listed(self, on: date) -> Sequence[Correspondent]:
        """All agencies in force that day, by name; what is not needed for a list is left out."""
        rows = self._connection.execute(_DIRECTORY_LISTED, {"day": on})
        return [Correspondent(r.code, r.name, r.mailbox, abbr=r.abbr, parent=r.parent) for r in rows]

    def by_mailbox(self, mailbox: str) -> Correspondent | None:
        """The agency with this central mailbox, upper and lower case alike."""
        values = {"address": mailbox.strip().lower()}
        row = self._connection.execute(_DIRECTORY_BY_MAILBOX, values).mappings().first()
        return correspondent(row) if row is not None else None

    def replace(self, agencies: Sequence[Correspondent]) -> None:
        """Put a new directory in the place of the old one."""
        self._connection.execute(delete(t.directory))
        if agencies:
            self._connection.execute(insert(t.directory), [correspondent_row(a) for a in agencies])
