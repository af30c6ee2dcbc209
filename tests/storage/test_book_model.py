"""Whatever clerks do to the books in whatever order, the books say what a simple model of them says."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select

from saraban.bootstrap import Office, build
from saraban.crypto import demo_pki, keys
from saraban.domain.attachment import Attachment
from saraban.domain.calendar import RegisterYear, office_date
from saraban.domain.classification import Secrecy, Urgency
from saraban.domain.errors import SarabanError
from saraban.domain.register import BookKind, EntryId, EntryState, Matter, Origin
from saraban.settings import Settings
from saraban.storage.tables.closing import day_closes
from saraban.storage.tables.letters import files
from saraban.storage.tables.registers import books, corrections, entries, ledger
from saraban.usecases import amending, bookkeeping, closing, recording, registering
from saraban.usecases.books import AlreadyDone, OnceKey
from tests.builders import a_staffed_agency, an_incoming_letter
from tests.fakes import FixedClock
from tests.storage.model_of_books import (
    ModelLine,
    ModelOfBooks,
    Refused,
    Serial,
    came_before_its_date,
    columns_of,
    dated,
    tidy,
    written,
)

BANGKOK = ZoneInfo("Asia/Bangkok")
START = datetime(2026, 12, 30, 16, 0, tzinfo=BANGKOK)
MASTER_KEY = "m" * 40
REASON, AUTHORITY = "ทดสอบ", "หัวหน้า"

texts = st.text("กขคมา ๑๒7\u00a0", max_size=12)
words = texts.filter(lambda text: bool(tidy(text)))
KINDS = [K for K in BookKind if K not in (BookKind.RULES, BookKind.ANNOUNCEMENTS, BookKind.MINUTES)]
kinds = st.sampled_from(KINDS)
classes = st.sampled_from([Secrecy.OPEN, Secrecy.OPEN, Secrecy.OPEN, Secrecy.CONFIDENTIAL])
ago = st.none() | st.integers(0, 60 * 24 * 3)


@st.composite
def matters(draw: st.DrawFn) -> Callable[[datetime], Matter]:
    """What a clerk writes, given the moment; now and then something is missing."""
    days, minutes = draw(st.none() | st.integers(0, 40)), draw(ago)
    values: dict[str, Any] = {
        "number": draw(st.sampled_from(["", "มท ๐๓๐๑/77", "กค 0408/1"])),
        "sender": draw(texts),
        "addressee": draw(texts),
        "subject": draw(texts),
        "note": draw(texts),
        "practice": draw(texts),
        "urgency": draw(st.sampled_from(Urgency)),
        "secrecy": draw(classes),
    }

    def at(now: datetime) -> Matter:
        day = office_date(now) - timedelta(days=days) if days is not None else None
        # Told in the office's own time, as a form may: the books keep moments and no zones.
        came = (now - timedelta(minutes=minutes)).astimezone(BANGKOK) if minutes is not None else None
        return Matter(letter_date=day, received_at=came, **values)

    return at


class Clerks(RuleBasedStateMachine):
    """Clerks of one agency over real books; beside them a model. Each run has an agency of its own."""

    office: ClassVar[Office]
    clock: ClassVar[FixedClock]
    seal: ClassVar[Path]
    lines = Bundle("lines")

    @initialize(own=st.booleans(), first=st.sampled_from([1, 1, 500]), secret=st.booleans(), circulars=st.booleans())
    def opens(self, own: bool, first: int, secret: bool, circulars: bool) -> None:
        """An agency begins to work, one day before the last of the year."""
        self.staffed = a_staffed_agency(f"a{uuid4().hex[:10]}")
        self.clock.move_to(START)
        self.agency_id = self.staffed.agency.id
        self.staffed.move_in(self.office.services.uow())
        folder = keys.seal_folder(self.office.settings.keys_folder, self.staffed.agency.code)
        folder.mkdir(parents=True)
        (folder / self.seal.name).write_bytes(self.seal.read_bytes())
        self.model, self.ids, self.closed = ModelOfBooks(), {}, set()  # type: ignore[var-annotated]
        for kind, kept in ((BookKind.SECRET_RECEIVING, secret), (BookKind.CIRCULARS, circulars)):
            if kept:
                self.opens_book(kind, False, 0, 1)
        self.opens_book(BookKind.RECEIVING, False, 0, first)
        if own:
            self.opens_book(BookKind.SENDING, True, 0, 1)

    # --- numbers are taken ---------------------------------------------------------------------------------------

    @rule(target=lines, kind=kinds, own=st.booleans(), matter=matters(), by_unit=st.booleans(), twice=st.booleans())
    def records(self, kind: BookKind, own: bool, matter: Any, by_unit: bool, twice: bool) -> Any:
        """A letter on paper is entered, now and then by a clerk of the unit, now and then asked for twice."""
        given, name = matter(self.now), "clerk" if by_unit else "central_clerk"
        key = OnceKey("model", str(uuid4()), "x")
        services = replace(self.office.services, uow=self.office.services.once(key))
        values = {"actor": self.staffed[name], "kind": kind, "matter": given, "again": True}
        values["unit_code"] = self.staffed.legal.code if own else ""

        def expected() -> Serial:
            self._require_sound(given, kind)
            chosen, keeper = self.model.chosen(kind, own, given.secrecy)
            self._require_clerk(name, keeper, chosen, given.secrecy)
            return self._write(kind, chosen, keeper, own, given, self.staffed[name].name)

        done, serial = self._both(lambda: recording.record_letter(services, **values), expected)
        if done is None:
            return multiple()
        if twice:
            with pytest.raises(AlreadyDone):
                recording.record_letter(services, **values)
        self.ids[serial] = done.id
        assert (done.number, done.year) == (serial[1], serial[0][2])
        return serial

    @rule(target=lines, given=st.lists(matters(), min_size=1, max_size=4))
    def records_many(self, given: list[Any]) -> Any:
        """Several letters at once: all or none."""
        matters_now = [one(self.now) for one in given]

        def expected() -> list[Serial]:
            for matter in matters_now:
                self._require_sound(matter, BookKind.RECEIVING)
            made = []
            for matter in matters_now:
                chosen, keeper = self.model.chosen(BookKind.RECEIVING, False, matter.secrecy)
                name = self.staffed["central_clerk"].name
                made.append(self._write(BookKind.RECEIVING, chosen, keeper, False, matter, name))
            return made

        values = {"actor": self.staffed["central_clerk"], "kind": BookKind.RECEIVING, "matters": matters_now}
        done, serials = self._both(lambda: recording.record_many(self.office.services, again=True, **values), expected)
        if done is None:
            return multiple()
        self.ids |= {serial: one.id for serial, one in zip(serials, done, strict=True)}
        return multiple(*serials)

    @rule(target=lines, secrecy=classes)
    def registers(self, secrecy: Secrecy) -> Any:
        """A letter of the mail gets its number."""
        letter = an_incoming_letter(self.staffed.agency, self.staffed.central.id, secrecy=secrecy, received_at=self.now)
        letter.accepted_key = letter.accept_key()
        with self.office.services.uow() as uow:
            uow.incoming.add(letter)
            uow.commit()
        kind, _ = self.model.chosen(BookKind.RECEIVING, False, secrecy)
        clerk = self.staffed["central_clerk"]

        def expected() -> Serial:
            serial = self.model.take(kind, False, self.year)
            matter = Matter(
                number=letter.number,
                letter_date=letter.number_date,
                sender=letter.from_name,
                addressee="เลขาธิการสำนักงาน",
                subject=letter.subject,
                secrecy=secrecy,
                received_at=letter.received_at,
            )
            columns = columns_of(matter, own_name="", number="", at=self.now, by=clerk.name, origin=Origin.SYSTEM)
            self.model.write(serial, ModelLine(EntryState.USED, {**columns, "subject_of": letter.id}, ["number.taken"]))
            return serial

        done, serial = self._both(
            lambda: registering.register_letter(self.office.services, actor=clerk, incoming_id=letter.id), expected
        )
        if done is None:
            return multiple()
        assert (done.number, done.year) == (serial[1], serial[0][2])
        self.ids[serial] = self._id_of(letter.id)
        return serial

    @rule(target=lines, kind=kinds, own=st.booleans(), count=st.integers(1, 5))
    def reserves(self, kind: BookKind, own: bool, count: int) -> Any:
        """A block is set aside."""
        clerk = self.staffed["central_clerk"]
        series = (self.staffed.legal if own else self.staffed.central).series

        def expected() -> list[Serial]:
            place, first = self.model.take(kind, own and self.model.keeps(kind, True), self.year, count)
            for n in range(first, first + count):
                number = written(kind, n, self.year, series, circular=kind is BookKind.CIRCULARS)
                secrecy = Secrecy.CONFIDENTIAL if kind.secret else Secrecy.OPEN
                columns = columns_of(
                    Matter(secrecy=secrecy),
                    own_name="",
                    number=number,
                    at=self.now,
                    by=clerk.name,
                    note="จองเลข: ทดสอบ",
                )
                self.model.write((place, n), ModelLine(EntryState.RESERVED, columns, ["number.reserved"]))
            return [(place, n) for n in range(first, first + count)]

        values = {"actor": clerk, "kind": kind, "count": count, "reason": REASON}
        values["unit_code"] = self.staffed.legal.code if own else ""
        done, serials = self._both(lambda: amending.reserve_numbers(self.office.services, **values), expected)
        if done is None:
            return multiple()
        self.ids |= dict(zip(serials, done.ids, strict=True))
        return multiple(*serials)

    @rule(kind=st.sampled_from([BookKind.RECEIVING, BookKind.SENDING]), count=st.integers(1, 3))
    def changes_his_mind(self, kind: BookKind, count: int) -> None:
        """Numbers are taken in a transaction that is not committed: nothing has happened."""
        with self.office.services.uow() as uow:
            try:
                uow.registers.take_block(self.agency_id, kind, None, self.year, count)
            except SarabanError as error:
                assert error.code == "book-closed"

    @rule(target=lines, serial=st.sampled_from([0, 1, 2, 3, 400, 499, 500, 501]), matter=matters())
    def enters_one_from_before(self, serial: int, matter: Any) -> Any:
        """A letter from before the system keeps its number, below the first of the book."""
        given, kind, clerk = replace(matter(self.now), secrecy=Secrecy.OPEN), BookKind.RECEIVING, "central_clerk"

        def expected() -> Serial:
            self._require_sound(given, kind)
            book = self.model.books.get((kind, False, self.year))
            if book is None:
                raise Refused("book-not-open")
            if book.closed:
                raise Refused("book-closed")
            if not 0 < serial < book.first or serial in book.lines:
                raise Refused("bad-input")
            columns = self._columns(given, kind, "", self.staffed[clerk].name, own=False)
            line = ModelLine(EntryState.USED, {**columns, "origin": Origin.BEFORE}, ["number.taken"])
            self.model.write(((kind, False, self.year), serial), line)
            return (kind, False, self.year), serial

        values = {"actor": self.staffed[clerk], "kind": kind, "matter": given, "again": True, "serial": serial}
        done, place = self._both(lambda: recording.record_letter(self.office.services, **values), expected)
        if done is None:
            return multiple()
        self.ids[place] = done.id
        return place

    # --- what is done to numbers ---------------------------------------------------------------------------------

    @rule(serial=lines, matter=matters())
    def binds(self, serial: Serial, matter: Any) -> None:
        """A reserved number gets its letter."""
        given, line, clerk = matter(self.now), self.model.line(serial), self.staffed["central_clerk"]
        kind = serial[0][0]

        def expected() -> None:
            if line.state is not EntryState.RESERVED:
                raise Refused("state-not-allowed")
            taken_at = line.columns["at"]
            self._require_sound(given, kind, taken_at)
            note = "\n".join(text for text in (given.note.strip(), line.columns["note"]) if text)
            number = "" if kind.incoming else line.columns["number"]
            columns = columns_of(
                given,
                own_name=self.staffed.agency.name,
                number=number,
                at=self.now,
                by=clerk.name,
                note=note,
                letter_date=dated(given, kind, office_date(given.received_at or taken_at)),
                received_at=given.received_at or taken_at,
            )
            line.columns |= columns
            line.state = EntryState.USED
            line.told.append("number.used")

        values = {"actor": clerk, "entry_id": self.ids[serial], "matter": given, "again": True}
        self._both(lambda: amending.bind_number(self.office.services, **values), expected)

    @rule(serial=lines, reason=st.sampled_from([REASON, " "]))
    def voids(self, serial: Serial, reason: str) -> None:
        """A number is struck."""
        line = self.model.line(serial)

        def expected() -> None:
            if line.state is EntryState.VOID:
                raise Refused("already-void")
            if not reason.strip():
                raise Refused("bad-input")
            self._strike(line, reason)

        values = {"actor": self.staffed["central_clerk"], "entry_id": self.ids[serial]}
        self._both(
            lambda: amending.void_number(self.office.services, **values, reason=reason, authority=AUTHORITY), expected
        )

    @rule(one=lines, other=lines)
    def releases(self, one: Serial, other: Serial) -> None:
        """Two numbers are given back, both or none."""
        chosen = list(dict.fromkeys([one, other]))

        def expected() -> None:
            if any(self.model.line(s).state is not EntryState.RESERVED for s in chosen):
                raise Refused("state-not-allowed")
            for serial in chosen:
                self._strike(self.model.line(serial), f"คืนเลขที่จองไว้: {REASON}")

        values = {"actor": self.staffed["central_clerk"], "entry_ids": [self.ids[s] for s in chosen]}
        self._both(
            lambda: amending.release_numbers(self.office.services, **values, reason=REASON, authority=AUTHORITY),
            expected,
        )

    @rule(
        serial=lines,
        subject=st.none() | texts,
        number=st.none() | st.sampled_from(["มท 0301/78", ""]),
        secrecy=st.none() | classes,
        hours=st.none() | st.integers(0, 30),
    )
    def rectifies(
        self, serial: Serial, subject: str | None, number: str | None, secrecy: Secrecy | None, hours: int | None
    ) -> None:
        """Columns are put right."""
        line, kind = self.model.line(serial), serial[0][0]
        came = (self.now - timedelta(hours=hours)).astimezone(BANGKOK) if hours is not None else None
        given = {"subject": subject, "number": number, "secrecy": secrecy, "received_at": came}
        changes = {name: value for name, value in given.items() if value is not None}

        def expected() -> None:
            self._rectified(line, kind, changes)

        values = {"actor": self.staffed["central_clerk"], "entry_id": self.ids[serial], "changes": changes}
        self._both(lambda: amending.rectify_entry(self.office.services, **values, reason=REASON), expected)

    @rule(serial=lines, practice=texts)
    def acts(self, serial: Serial, practice: str) -> None:
        """What was done is written down."""
        line = self.model.line(serial)

        def expected() -> None:
            if line.state is not EntryState.USED:
                raise Refused("state-not-allowed")
            line.columns["practice"] = practice.strip()
            line.told.append("number.practice-noted")

        values = {"actor": self.staffed["records"], "entry_id": self.ids[serial], "practice": practice}
        if line.columns["secrecy"] is not Secrecy.OPEN:
            values["actor"] = self.staffed["central_clerk"]
        self._both(lambda: amending.note_practice(self.office.services, **values), expected)

    @rule(serial=lines, picture=st.sampled_from([b"one", b"two"]))
    def scans(self, serial: Serial, picture: bytes) -> None:
        """A scan is attached."""
        line = self.model.line(serial)
        scan = self._kept(picture)
        seen = line.columns.setdefault("scans", set())

        def expected() -> None:
            if line.columns.get("subject_of") is not None or line.state is EntryState.VOID:
                raise Refused("state-not-allowed")
            if picture in seen:
                raise Refused("bad-input")
            seen.add(picture)
            line.files += 1
            line.told.append("number.scan-attached")

        values = {"actor": self.staffed["central_clerk"], "entry_id": self.ids[serial], "scan": scan}
        self._both(lambda: recording.attach_scan(self.office.services, **values), expected)

    # --- books, days and years -----------------------------------------------------------------------------------

    @rule(kind=kinds, own=st.booleans(), back=st.integers(0, 1), first=st.sampled_from([1, 30]))
    def opens_book(self, kind: BookKind, own: bool, back: int, first: int) -> None:
        """The administrator opens a book of this year or the last."""
        values: dict[str, Any] = {"unit_code": self.staffed.legal.code if own else "", "year": self.year - back}
        self._both(
            lambda: bookkeeping.open_book(
                self.office.services, actor=self.staffed["admin"], kind=kind, first=first, **values
            ),
            lambda: self.model.open(kind, own, self.year - back, first),
        )

    @rule(kind=kinds, own=st.booleans())
    def ends_book(self, kind: BookKind, own: bool) -> None:
        """The administrator ends a book."""
        unit = self.staffed.legal.code if own else ""
        self._both(
            lambda: bookkeeping.end_book(self.office.services, actor=self.staffed["admin"], kind=kind, unit_code=unit),
            lambda: self.model.end(kind, own, self.year),
        )

    @rule(kind=kinds, own=st.booleans())
    def reopens_book(self, kind: BookKind, own: bool) -> None:
        """The administrator opens a book again that was ended."""
        values = {"unit_code": self.staffed.legal.code if own else "", "reason": REASON}
        self._both(
            lambda: bookkeeping.reopen_book(self.office.services, actor=self.staffed["admin"], kind=kind, **values),
            lambda: self.model.reopen(kind, own, self.year),
        )

    @rule(minutes=st.integers(1, 300))
    def time_passes(self, minutes: int) -> None:
        """Minutes or hours go by."""
        self.clock.pass_by(timedelta(minutes=minutes))

    @rule(seconds=st.sampled_from([-1, 0, 1]))
    def midnight_comes(self, seconds: int) -> None:
        """It is just before, at or after the next midnight in Bangkok; from 31 December on, the new year's."""
        local = self.now.astimezone(BANGKOK)
        midnight = (local + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
        to = midnight + timedelta(seconds=seconds)
        self.clock.move_to(max(to, local))

    @rule()
    def closes_days(self) -> None:
        """The worker closes the days that have passed."""
        ours = [(self.agency_id, self.staffed.agency.code)]
        while closing.close_days(replace(self.office.services, hosted=lambda: ours)):
            pass
        statement = select(day_closes.c.day).where(day_closes.c.agency_id == self.agency_id)
        days = set(self._rows(statement, scalars=True))
        assert all(day < office_date(self.now) for day in days)
        self.closed |= days

    # --- what must hold after every step -------------------------------------------------------------------------

    @invariant()
    def books_say_what_the_model_says(self) -> None:
        """Every number, state, column, correction and line of the ledger."""
        rows = self._rows(select(books).where(books.c.agency_id == self.agency_id))
        places = {row.id: (row.kind, row.unit_id is not None, row.year) for row in rows}
        told = {places[row.id]: (row.first, row.last, row.closed_at is not None, row.ended) for row in rows}
        assert told == {place: (b.first, b.last, b.closed, b.ended) for place, b in self.model.books.items()}
        lines = {
            (places[row.book_id], row.serial): row
            for row in self._rows(select(entries).where(entries.c.agency_id == self.agency_id))
        }
        expected = self.model.all_lines()
        assert set(lines) == set(expected)
        for serial, line in expected.items():
            row = lines[serial]._mapping
            assert row["state"] is line.state and row["corrected"] == len(line.corrected), serial
            for name, value in line.columns.items():
                assert name == "scans" or row[name] == value, (serial, name)

    @invariant()
    def the_ledger_tells_every_deed_in_its_order(self) -> None:
        """One line for each thing that happened to a number, and corrections beside it."""
        named = {id_: serial for serial, id_ in self.ids.items()}
        told: dict[Serial, list[str]] = {}
        statement = select(ledger.c.entry_id, ledger.c.name).where(ledger.c.agency_id == self.agency_id)
        for row in self._rows(statement.order_by(ledger.c.seq)):
            told.setdefault(named[EntryId(row.entry_id)], []).append(row.name)
        expected = self.model.all_lines()
        assert told == {serial: line.told for serial, line in expected.items()}
        ids = [UUID(str(id_)) for id_ in named]
        kept = self._rows(
            select(corrections.c.entry_id, corrections.c.field)
            .where(corrections.c.entry_id.in_(ids))
            .order_by(corrections.c.ordinal)
        )
        fields: dict[Serial, list[str]] = {}
        for row in kept:
            fields.setdefault(named[EntryId(row.entry_id)], []).append(row.field)
        assert fields == {s: line.corrected for s, line in expected.items() if line.corrected}
        scans = Counter(self._rows(select(files.c.owner_id).where(files.c.owner_id.in_(ids)), scalars=True))
        assert {named[EntryId(o)]: n for o, n in scans.items()} == {s: x.files for s, x in expected.items() if x.files}

    @invariant()
    def everything_is_whole(self) -> None:
        """No gap, no duplicate, no disorder; lines, ledger, journal and the roots of closed days agree."""
        services = self.office.services
        for book in services.ledgers.books(self.agency_id):
            assert book.sound, book
        assert list(services.ledgers.faults(self.agency_id)) == []
        assert list(services.journals.breaks(self.agency_id)) == []

    # --- beside the rules ----------------------------------------------------------------------------------------

    @property
    def now(self) -> datetime:
        """The moment at which the clock stands."""
        return self.clock.now()

    @property
    def year(self) -> int:
        """The register year of that moment."""
        return RegisterYear.containing(self.now).buddhist

    def _both(self, do: Callable[[], Any], expected: Callable[[], Any]) -> tuple[Any, Any]:
        """Do it and let the model do it: both succeed, or both refuse with one code."""
        try:
            result, refused = expected(), ""
        except Refused as refusal:
            result, refused = None, refusal.code
        try:
            done, told = do(), ""
        except SarabanError as error:
            done, told = None, error.code
        assert told == refused
        return (True if done is None and not told else done), result

    def _require_sound(self, matter: Matter, kind: BookKind, taken_at: datetime | None = None) -> None:
        missing = not matter.subject.strip() or (kind.incoming and not matter.sender.strip())
        early = came_before_its_date(kind, matter.letter_date, matter.received_at or taken_at)
        if missing or early or (kind.secret and matter.secrecy is Secrecy.OPEN):
            raise Refused("bad-input")

    def _require_clerk(self, name: str, keeper: bool, kind: BookKind, secrecy: Secrecy) -> None:
        if name == "clerk" and (not keeper or secrecy is not Secrecy.OPEN or kind.secret):
            raise Refused("not-permitted")

    def _write(self, asked: BookKind, kind: BookKind, keeper: bool, own: bool, matter: Matter, by: str) -> Serial:
        serial = self.model.take(kind, keeper, self.year)
        series = (self.staffed.legal if own else self.staffed.central).series
        circular = BookKind.CIRCULARS in (asked, kind)
        number = written(kind, serial[1], self.year, series, circular=circular)
        columns = self._columns(matter, kind, number, by, own)
        self.model.write(serial, ModelLine(EntryState.USED, columns, ["number.taken"]))
        return serial

    def _columns(self, matter: Matter, kind: BookKind, number: str, by: str, own: bool) -> dict[str, Any]:
        name = self.staffed.legal.name if own else self.staffed.agency.name
        day = dated(matter, kind, office_date(self.now))
        return columns_of(matter, own_name=name, number=number, at=self.now, by=by, letter_date=day)

    def _strike(self, line: ModelLine, reason: str) -> None:
        line.state = EntryState.VOID
        line.columns |= {"void_reason": reason, "void_authority": AUTHORITY}
        line.told.append("number.voided")

    def _rectified(self, line: ModelLine, kind: BookKind, changes: dict[str, Any]) -> None:
        if line.state is not EntryState.USED:
            raise Refused("state-not-allowed")
        now = {n: tidy(v) if isinstance(v, str) and not isinstance(v, Secrecy) else v for n, v in changes.items()}
        if not kind.incoming and now.get("number", line.columns["number"]) != line.columns["number"]:
            raise Refused("number-fixed")
        if line.columns["secrecy"] is not Secrecy.OPEN and now.get("secrecy") is Secrecy.OPEN:
            raise Refused("secrecy-fixed")
        changed = [name for name in changes if line.columns[name] != now[name]]
        then = {**line.columns, **now}
        early = came_before_its_date(kind, then["letter_date"], then["received_at"] or then["at"])
        if not changed or not then["subject"] or early:
            raise Refused("bad-input")
        line.columns |= now
        line.corrected += changed
        line.told.append("number.rectified")

    def _kept(self, picture: bytes) -> Attachment:
        data = b"\x89PNG\r\n\x1a\n" + picture
        return recording.keep_scan(self.office.services, stream=io.BytesIO(data), name="สแกน.png")

    def _id_of(self, letter: UUID) -> EntryId:
        return EntryId(self._rows(select(entries.c.id).where(entries.c.subject_of == letter), scalars=True)[0])

    def _rows(self, statement: Any, *, scalars: bool = False) -> list[Any]:
        with self.office.reading.connect() as connection:
            return list(connection.scalars(statement) if scalars else connection.execute(statement))


@pytest.mark.torture
def test_books_agree_with_a_simple_model_of_them_whatever_is_done(
    tmp_path: Path, database_url: str, database_kind: str, rounds: Callable[[int, int], int]
) -> None:
    place = Settings(
        data_folder=tmp_path / "data",
        database_url=database_url,
        secret_key="s" * 40,
        master_key=MASTER_KEY,
        roots_file=tmp_path / "roots.pem",
    )
    since, until = datetime(2026, 1, 1, tzinfo=UTC), datetime(2036, 1, 1, tzinfo=UTC)
    root = demo_pki.make_root("root of the model", since, until)
    seal = demo_pki.issue_seal(root, "ส่วนราชการของแบบจำลอง", "saraban@model.example", since, until)
    still = FixedClock(START)
    house = build(place, clock=still)
    kept = keys.store_seal(place.keys_folder, "model", seal, MASTER_KEY)

    class TheseClerks(Clerks):
        office, clock, seal = house, still, kept

    runs = rounds(4, 150) if database_kind == "sqlite" else rounds(2, 40)
    try:
        run_state_machine_as_test(
            TheseClerks,
            settings=settings(
                max_examples=runs,
                stateful_step_count=rounds(25, 50),
                deadline=None,
                # A run is short enough to be read as it is; making it shorter would take minutes.
                phases=[Phase.explicit, Phase.reuse, Phase.generate],
                suppress_health_check=list(HealthCheck),
            ),
        )
    finally:
        house.close()
