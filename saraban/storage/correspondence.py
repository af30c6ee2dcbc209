"""Outgoing and incoming letters, with their files and route steps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, bindparam, delete, exists, insert, literal, select, update

from saraban.domain.agency import AgencyId, PositionId
from saraban.domain.attachment import Attachment, Digest
from saraban.domain.cosigning import PartSigned
from saraban.domain.dispatch import ADDRESS_CORRECTED, NEVER_CAME, DispatchState
from saraban.domain.enclosures import EnclosureLine
from saraban.domain.errors import NotFound
from saraban.domain.group import GroupUse
from saraban.domain.incoming import IncomingId, IncomingLetter, IncomingState
from saraban.domain.letter import Contact, Content, Letter, LetterId, LetterState, Reference, Signatory
from saraban.domain.ready import ReadyPage
from saraban.domain.route import CourseStep, Endorsement, Given, RouteStep
from saraban.storage.circulation import readers_of
from saraban.storage.files import drop_files, files_of, write_files
from saraban.storage.shelves import Row, Shelf, plain_shelf
from saraban.storage.tables import letters as t
from saraban.storage.tables.exchange import dispatches
from saraban.storage.tasks import tasks_of
from saraban.storage.turns import Turn, turns_of, write_turns
from saraban.usecases.books import EarlierIncoming, EarlyRecall

_STEPS = select(t.route_steps).where(t.route_steps.c.letter_id == bindparam("letter")).order_by(t.route_steps.c.ordinal)
_DROP_STEPS = delete(t.route_steps).where(t.route_steps.c.letter_id == bindparam("letter"))
_ADD_STEPS = insert(t.route_steps)
_EARLIER = select(
    t.incoming.c.id, t.incoming.c.manifest_sha256, t.incoming.c.state, t.incoming.c.answered_invalid
).where(
    t.incoming.c.agency_id == bindparam("agency"),
    t.incoming.c.dispatch_id == bindparam("dispatch"),
    t.incoming.c.from_code == bindparam("sender"),
)

_REPLACING = (
    select(t.incoming.c.id)
    .where(
        t.incoming.c.agency_id == bindparam("agency"),
        t.incoming.c.replaces == bindparam("dispatch"),
        t.incoming.c.from_code == bindparam("sender"),
        t.incoming.c.state.in_((IncomingState.NEW, IncomingState.REGISTERED)),
    )
    .order_by(t.incoming.c.received_at.desc())
    .limit(1)
)
_RECALL = select(t.recalls).where(
    t.recalls.c.agency_id == bindparam("agency"),
    t.recalls.c.from_code == bindparam("sender"),
    t.recalls.c.dispatch_id == bindparam("dispatch"),
    t.recalls.c.manifest_sha256 == bindparam("manifest"),
)
_ADD_RECALL = insert(t.recalls)
_HEARD_OF = select(
    exists(
        select(literal(1)).where(
            t.incoming.c.agency_id == bindparam("agency"),
            t.incoming.c.from_code == bindparam("sender"),
            t.incoming.c.dispatch_id == bindparam("dispatch"),
        )
    )
    | exists(
        select(literal(1)).where(
            t.incoming.c.agency_id == bindparam("agency"),
            t.incoming.c.from_code == bindparam("sender"),
            t.incoming.c.replaces == bindparam("dispatch"),
        )
    )
    | exists(
        select(literal(1)).where(
            t.recalls.c.agency_id == bindparam("agency"),
            t.recalls.c.from_code == bindparam("sender"),
            t.recalls.c.dispatch_id == bindparam("dispatch"),
        )
    )
)
_SIGNING = (
    select(t.letters.c.id, t.letters.c.agency_id)
    .where(t.letters.c.state == LetterState.SIGNING, t.letters.c.updated_at < bindparam("before"))
    .limit(bindparam("most"))
)

_CONTENT = (
    "form",
    "subject",
    "addressed_to",
    "body",
    "urgency",
    "secrecy",
    "response_due",
    "purpose",
    "closing",
    "circular",
    "digits",
    "typist",
    "photo",
)
_LETTER = (
    "id",
    "agency_id",
    "unit_id",
    "drafter_id",
    "drafter_name",
    "state",
    "version",
    "number",
    "number_date",
    "created_at",
    "updated_at",
    "issued_at",
    "forwards",
    "pages",
)
_STEP = (
    *("ordinal", "kind", "position_id", "title", "unit_name", "state", "person_id", "person_name", "at"),
    *("stage", "need", "required", "edits", "content"),
)


def _letter_row(letter: Letter) -> dict[str, Any]:
    row = {name: getattr(letter, name) for name in _LETTER}
    row.update({name: getattr(letter.content, name) for name in _CONTENT})
    content, signatory = letter.content, letter.signatory
    row["recipients"] = list(content.recipients)
    row["groups"] = [[one.token, one.name, one.count] for one in content.groups]
    row["details"] = dict(content.details)
    row["cosigners"] = [str(one) for one in content.cosigners]
    row["part_signed"] = letter.part_signed.as_dict() if letter.part_signed is not None else None
    row["own_course"] = [one.as_list() for one in letter.own_course] if letter.own_course is not None else None
    row["enclosures"] = [[one.sha256.hex, one.title, one.amount] for one in content.enclosures]
    row["ready"] = content.ready.as_dict() if content.ready is not None else None
    row["references"] = [[r.number, r.date.isoformat() if r.date else None, r.sender] for r in content.references]
    row["contact"] = [content.contact.unit, content.contact.phone, content.contact.email]
    row["signatory"] = list(astuple(signatory)) if signatory else None
    row["endorsements"] = [
        {
            "at": e.at.isoformat(),
            "deed": e.deed,
            "person": e.person_name,
            "title": e.title,
            "note": e.note,
            "content": e.content.hex,
            "page": e.page.hex if e.page else None,
            **({"for": e.for_name} if e.for_name else {}),
        }
        for e in letter.endorsements
    ]
    return row


def _signatory(name: str, position: str, capacity: str, lines: Sequence[str] = ()) -> Signatory:
    return Signatory(name, position, capacity, tuple(lines))


def _letter(row: Row) -> Letter:
    return Letter(
        **{name: row[name] for name in _LETTER},
        content=Content(
            **{name: row[name] for name in _CONTENT},
            recipients=tuple(row["recipients"]),
            groups=tuple(GroupUse(*one) for one in row["groups"]),
            details=row["details"],
            ready=ReadyPage.of(row["ready"]),
            enclosures=tuple(EnclosureLine(Digest(one), *said) for one, *said in row["enclosures"]),
            cosigners=tuple(PositionId(UUID(one)) for one in row["cosigners"]),
            references=tuple(
                Reference(number, date.fromisoformat(day) if day else None, sender)
                for number, day, sender in row["references"]
            ),
            contact=Contact(*row["contact"]),
        ),
        part_signed=PartSigned.of(row["part_signed"]),
        own_course=CourseStep.course(row["own_course"]),
        signatory=_signatory(*row["signatory"]) if row["signatory"] else None,
        endorsements=[
            Endorsement(
                at=datetime.fromisoformat(e["at"]),
                deed=e["deed"],
                person_name=e["person"],
                title=e["title"],
                note=e["note"],
                content=Digest(e["content"]),
                page=Digest(e["page"]) if e["page"] else None,
                for_name=e.get("for", ""),
            )
            for e in row["endorsements"]
        ],
    )


_new = dispatches.alias("new")
_TAKE_PLACE = (
    update(t.letters)
    .where(
        t.letters.c.id == bindparam("old"),
        ~exists().where(
            dispatches.c.letter_id == t.letters.c.id,
            # Stopped, or given back; or it went to an address that was corrected.
            dispatches.c.state != DispatchState.RECALLED,
            ~dispatches.c.closed_for.startswith(ADDRESS_CORRECTED),
            ~exists().where(
                _new.c.replaces == dispatches.c.id,
                _new.c.letter_id == bindparam("new"),
                _new.c.state.not_in(NEVER_CAME),
            ),
        ),
    )
    .values(replaced_by=bindparam("new"), replaced_on=bindparam("on"))
)
_TAKE_AGAIN = _TAKE_PLACE.where(t.letters.c.replaced_by.is_(None))
_GIVE_BACK = (
    update(t.letters)
    .where(t.letters.c.id == bindparam("old"), t.letters.c.replaced_by == bindparam("new"))
    .values(replaced_by=None, replaced_on=None)
)
_letters: Shelf[Letter] = Shelf(t.letters, to_row=_letter_row, from_row=_letter)
_incoming: Shelf[IncomingLetter] = plain_shelf(t.incoming, IncomingLetter, findings=tuple)


class LetterBooks:
    """Outgoing letters on the shelf (usecases.books.Letters)."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._read_files: dict[UUID, list[Attachment]] = {}
        self._turns: dict[UUID, dict[PositionId, Turn]] = {}

    def get(self, agency_id: AgencyId, letter_id: LetterId) -> Letter:
        """The letter with files and route; NotFound when it is another agency's."""
        letter = _letters.get(self._connection, letter_id)
        if letter.agency_id != agency_id:
            raise NotFound
        letter.files = files_of(self._connection, letter.id)
        self._read_files[letter.id] = list(letter.files)
        letter.route = [
            RouteStep(**{name: getattr(row, name) for name in _STEP}, earlier=Given.of(row.earlier))
            for row in self._connection.execute(_STEPS, {"letter": letter.id})
        ]
        letter.readers = readers_of(self._connection, letter.id)
        self._turns[letter.id] = turns_of(letter)
        return letter

    def add(self, letter: Letter) -> None:
        """Put a new letter on the shelf."""
        _letters.add(self._connection, letter)
        write_files(self._connection, letter.agency_id, letter.id, letter.files)

    def save(self, letter: Letter) -> None:
        """Write it back; ConcurrentEdit when somebody was faster."""
        _letters.save(self._connection, letter)
        if self._read_files.get(letter.id) != letter.files:
            drop_files(self._connection, letter.id)
            write_files(self._connection, letter.agency_id, letter.id, letter.files)
            self._read_files[letter.id] = list(letter.files)
        self._connection.execute(_DROP_STEPS, {"letter": letter.id})
        if letter.route:
            self._connection.execute(
                _ADD_STEPS,
                [
                    {
                        "letter_id": letter.id,
                        "agency_id": letter.agency_id,
                        **{name: getattr(step, name) for name in _STEP},
                        "earlier": step.earlier.as_list() if step.earlier is not None else None,
                    }
                    for step in letter.route
                ],
            )
        self._turns[letter.id] = write_turns(self._connection, letter, self._turns.get(letter.id))

    def take_place(self, letter_id: LetterId, old_id: LetterId, on: date, *, again: bool = False) -> bool:
        """Mark the old letter as replaced by this one since that day, where dispatches of this one, of which none is
        known to have failed, take the place of all of its own that any receiver may hold; False otherwise. `again`: not
        where another has its place meanwhile."""
        values = {"new": letter_id, "old": old_id, "on": on}
        return self._connection.execute(_TAKE_AGAIN if again else _TAKE_PLACE, values).rowcount == 1

    def give_place_back(self, letter_id: LetterId, old_id: LetterId) -> bool:
        """Unmark the old letter; False where this one does not have its place."""
        return self._connection.execute(_GIVE_BACK, {"new": letter_id, "old": old_id}).rowcount == 1

    def signing_since_before(self, moment: datetime, limit: int) -> Sequence[Letter]:
        """Letters whose signing began before that moment and did not end."""
        found = self._connection.execute(_SIGNING, {"before": moment, "most": limit}).all()
        return [self.get(AgencyId(row.agency_id), LetterId(row.id)) for row in found]


class IncomingBooks:
    """Incoming letters on the shelf (usecases.books.Incoming). A letter has some forty columns of which a deed changes
    a handful: only those are written back."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._read: dict[UUID, dict[str, Any]] = {}
        self._read_files: dict[UUID, list[Attachment]] = {}

    def get(self, agency_id: AgencyId, incoming_id: IncomingId) -> IncomingLetter:
        """The letter with its files, and with the tasks that a registered one has; NotFound in another agency."""
        letter = _incoming.get(self._connection, incoming_id)
        if letter.agency_id != agency_id:
            raise NotFound
        letter.files = files_of(self._connection, letter.id)
        if letter.register_number is not None:
            letter.tasks = tasks_of(self._connection, letter.id)
            letter.readers = readers_of(self._connection, letter.id)
        self._read_files[letter.id] = list(letter.files)
        self._read[letter.id] = _incoming.row(letter)
        return letter

    def add(self, letter: IncomingLetter) -> None:
        """Put a letter that came in on the shelf."""
        _incoming.add(self._connection, letter)
        write_files(self._connection, letter.agency_id, letter.id, letter.files)

    def save(self, letter: IncomingLetter) -> None:
        """Write it back; ConcurrentEdit when somebody was faster."""
        _incoming.save(self._connection, letter, read=self._read.get(letter.id))
        self._read[letter.id] = _incoming.row(letter)
        if self._read_files.get(letter.id, letter.files) != letter.files:  # which of a mail's files are the letter's
            drop_files(self._connection, letter.id)
            write_files(self._connection, letter.agency_id, letter.id, letter.files)
            self._read_files[letter.id] = list(letter.files)

    def heard_of(self, agency_id: AgencyId, from_code: str, dispatch_id: UUID) -> bool:
        """Is anything kept of this dispatch, under whatever manifest?"""
        values = {"agency": agency_id, "dispatch": dispatch_id, "sender": from_code}
        return bool(self._connection.execute(_HEARD_OF, values).scalar_one())

    def earlier(self, agency_id: AgencyId, from_code: str, dispatch_id: UUID) -> Sequence[EarlierIncoming]:
        """What came before under the same dispatch id from the same agency."""
        rows = self._connection.execute(_EARLIER, {"agency": agency_id, "dispatch": dispatch_id, "sender": from_code})
        return [
            EarlierIncoming(IncomingId(r.id), r.manifest_sha256, IncomingState(r.state).value, r.answered_invalid)
            for r in rows
        ]

    def replacing(self, agency_id: AgencyId, from_code: str, dispatch_id: UUID) -> IncomingId | None:
        """The accepted letter of this agency that takes the place of that dispatch of its own; the newest of them."""
        values = {"agency": agency_id, "dispatch": dispatch_id, "sender": from_code}
        found = self._connection.execute(_REPLACING, values).scalar()
        return IncomingId(found) if found is not None else None

    def note_recall(self, recall: EarlyRecall) -> bool:
        """Keep a request that came before its letter; False when it was kept before."""
        if self.recall_noted(recall.agency_id, recall.from_code, recall.dispatch_id, recall.manifest_sha256):
            return False
        self._connection.execute(_ADD_RECALL, dict(vars(recall)))
        return True

    def recall_noted(
        self, agency_id: AgencyId, from_code: str, dispatch_id: UUID, manifest_sha256: str
    ) -> EarlyRecall | None:
        """The request for this letter that came before it."""
        values = {"agency": agency_id, "sender": from_code, "dispatch": dispatch_id, "manifest": manifest_sha256}
        row = self._connection.execute(_RECALL, values).mappings().first()
        return EarlyRecall(**row) if row is not None else None
