"""Letters, dispatches and lines as plain JSON, in the shapes of `answers.py` and `answers_received.py`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, TypeVar
from uuid import UUID

from saraban.api import showing_route
from saraban.api.allowed import deeds_on_incoming, deeds_on_letter
from saraban.api.deadlines import of_arrival
from saraban.api.gate import ADDRESS
from saraban.api.showing_steps import steps_of_dispatch, steps_of_incoming
from saraban.domain.actor import Actor
from saraban.domain.attachment import Attachment
from saraban.domain.calendar import office_time
from saraban.domain.incoming import IncomingLetter
from saraban.domain.letter import Content, Letter
from saraban.domain.ready import MARKS, ReadyPage
from saraban.domain.salutations import Salutation
from saraban.reading.incoming import IncomingRow, ReceiptGiven
from saraban.reading.letters import JournalRow, LetterRow
from saraban.reading.paging import Page
from saraban.reading.registers import EntryRow
from saraban.reading.tracking import DispatchRow, TimelineRow

Json = dict[str, Any]
Row = TypeVar("Row")
_PARTS = ("intact", "valid", "trusted", "in_time")
_NOTHING_TO_CHECK = "หลักฐานชนิดนี้ไม่มีลายมือชื่อหรือตราประทับให้ตรวจ"


def moment(at: datetime) -> str:
    """RFC 3339 on the clock of the office, to the second, as on the wire."""
    return office_time(at).isoformat(timespec="seconds")


def page(found: Page[Row], show: Callable[[Row], Json]) -> Json:
    """A page of a list."""
    return {"items": [show(row) for row in found.items], "next": found.next}


def whole_list(rows: Iterable[Row], show: Callable[[Row], Json]) -> Json:
    """A list that has one page only."""
    return {"items": [show(row) for row in rows], "next": None}


def letter(
    found: Letter,
    actor: Actor,
    *,
    unit: Json,
    sent: Iterable[DispatchRow],
    history: Iterable[JournalRow],
    salutations: Sequence[Salutation],
) -> Json:
    """An outgoing letter with all its parts."""
    return {
        "id": str(found.id),
        "version": found.version,
        "state": found.state.value,
        "unit": unit,
        "drafter": found.drafter_name,
        **content(found.content),
        "part_signed": part_signed(found),
        "number": found.number,
        "date": _day(found.number_date),
        "created_at": moment(found.created_at),
        "updated_at": moment(found.updated_at),
        "issued_at": _moment(found.issued_at),
        "files": [file(f) for f in found.files],
        "route": [showing_route.step(found, one) for one in found.route],
        "endorsements": [
            {
                "at": moment(e.at),
                "deed": e.deed,
                "person": e.person_name,
                "title": e.title,
                "holder": e.for_name,
                "note": e.note,
                "content": e.content.hex,
                "page": e.page.hex if e.page else None,
            }
            for e in found.endorsements
        ],
        "dispatches": [dispatch_brief(row) for row in sent],
        "history": [journal_line(row) for row in history],
        "may": deeds_on_letter(actor, found, salutations),
    }


def part_signed(found: Letter) -> Json | None:
    """The page that some have signed, and whom it waits for."""
    if found.part_signed is None:
        return None
    step = found.current_step()
    return {"page": found.part_signed.page.hex, "waits_for": step.title if step is not None else ""}


def content(written: Content) -> Json:
    """What the drafter wrote."""
    return {
        "form": written.form.value,
        "subject": written.subject,
        "addressed_to": written.addressed_to,
        "body": written.body,
        "recipients": list(written.recipients),
        "references": [{"number": r.number, "date": _day(r.date), "from": r.sender} for r in written.references],
        "urgency": written.urgency.value,
        "secrecy": written.secrecy.value,
        "contact": {"unit": written.contact.unit, "phone": written.contact.phone, "email": written.contact.email},
        "response_due": _day(written.response_due),
        "purpose": written.purpose,
        "circular": written.circular,
        "digits": None if written.digits is None else written.digits.value,
        "closing": written.closing,
        "details": dict(written.details),
        "cosigners": [str(one) for one in written.cosigners],
        "typist": written.typist,
        "ready": ready(written.ready) if written.ready is not None else None,
        "enclosures": [{"sha256": e.sha256.hex, "title": e.title, "amount": e.amount} for e in written.enclosures],
        "photo": written.photo.hex if written.photo is not None else None,
    }


def ready(page: ReadyPage) -> Json:
    """A PDF that is the letter itself, and where its marks go."""
    spots = {mark: getattr(page, mark) for mark in MARKS}
    places = {
        mark: {"page": spot.page, "left_mm": spot.left_mm, "top_mm": spot.top_mm} if spot is not None else None
        for mark, spot in spots.items()
    }
    return {"name": page.name, "sha256": page.sha256.hex, "pages": page.pages, **places}


def ready_file(page: ReadyPage, size: int) -> Json:
    """The same as a file of the letter."""
    sha256 = page.sha256.hex
    return {"name": page.name, "role": "letter", "media_type": "application/pdf", "size": size, "sha256": sha256}


def file(found: Attachment) -> Json:
    """A file of a letter."""
    return {
        "name": found.name,
        "role": found.role.value,
        "media_type": found.media_type,
        "size": found.size,
        "sha256": found.sha256.hex,
    }


def letter_line(row: LetterRow) -> Json:
    """A line of the list of outgoing letters."""
    return {
        "id": str(row.id),
        "state": row.state.value,
        "form": row.form.value,
        "number": row.number,
        "date": _day(row.number_date),
        "subject": row.subject,
        "recipients": list(row.recipients),
        "recipient_count": row.recipient_count,
        "urgency": row.urgency.value,
        "secrecy": row.secrecy.value,
        "unit": row.unit_name,
        "drafter": row.drafter_name,
        "updated_at": moment(row.updated_at),
        "waiting_for": row.waiting_for,
        "dispatches": row.tally,
        "unread": row.unread,
    }


def journal_line(row: JournalRow) -> Json:
    """A line of a thing's history."""
    return {
        "at": moment(row.at),
        "event": row.name,
        "person": row.person,
        "title": row.title,
        "values": row.values,
    }


def dispatch_brief(row: DispatchRow) -> Json:
    """A dispatch as a line of its letter."""
    return {"id": str(row.id), "to": row.to_code, "to_name": row.to_name, "state": row.state.value}


def dispatch(row: DispatchRow, proved: Iterable[TimelineRow]) -> Json:
    """A dispatch with everything that is proved about it. Our own queue proves nothing and is left out: `created_at`
    tells when the dispatch was written down."""
    evidence = [line for line in proved if line.kind is not None]
    marked = row.register_number or row.register_year is not None
    return {
        **dispatch_brief(row),
        "letter": str(row.letter_id),
        "to_mailbox": row.to_mailbox,
        "speaks_saraban": row.speaks_saraban,
        "created_at": moment(row.created_at),
        "expires_at": moment(row.expires_at),
        "settled_at": _moment(row.settled_at),
        "problem": row.problem,
        "failure": row.failure,
        "proved_by": row.proved_by.value if row.proved_by is not None else None,
        "resends": row.resends,
        "attempts": row.attempts,
        "next_at": _moment(row.next_at),
        "last_reply": row.last_reply,
        "register": {"number": row.register_number, "year": row.register_year} if marked else None,
        **steps_of_dispatch(row),
        "timeline": [
            {
                "step": line.step,
                "at": moment(line.at),
                "noted_at": moment(line.noted_at),
                "evidence": line.kind,
                "text": line.text,
                "counts": line.counts,
                "verdict": verdict(line.verdict),
                "raw": _raw(row, line),
            }
            for line in evidence
        ],
        "receipts": [
            {
                "step": line.step,
                "at": moment(line.at),
                "evidence": line.kind,
                "counts": line.counts,
                "statement": line.statement,
                "sha256": line.raw.hex,
                "href": _raw(row, line),
            }
            for line in evidence
            if line.raw is not None
        ],
    }


def verdict(found: Mapping[str, Any] | None) -> Json:
    """A verdict in parts; nothing can be determined about evidence that nobody signed."""
    if found is None:
        found = {"reasons": dict.fromkeys(_PARTS, _NOTHING_TO_CHECK)}
    return {
        **{part: found.get(part) for part in _PARTS},
        "reasons": found.get("reasons") or {},
        "signer": found.get("signer") or "",
        "signed_at": found.get("signed_at"),
        "problem": found.get("problem"),
    }


def incoming_line(row: IncomingRow) -> Json:
    """A line of the list of incoming letters."""
    mark = None
    if row.register_number is not None and row.registered_at is not None:
        mark = {"number": row.register_number, "year": row.register_year, "at": moment(row.registered_at)}
    return {
        "id": str(row.id),
        "state": row.state.value,
        "number": row.number,
        "date": _day(row.number_date),
        "subject": row.subject,
        "from": {"code": row.from_code, "name": row.from_name, "mailbox": row.from_mailbox},
        "received_at": moment(row.received_at),
        "deadline": of_arrival(row),
        "urgency": row.urgency.value,
        "secrecy": row.secrecy.value,
        "ordinary": row.ordinary,
        "reasons": [_finding(f) for f in row.reasons],
        "register": mark,
        "file_count": row.file_count,
        "copies": row.copies,
        "answered_invalid": row.answered_invalid,
        "unread": row.unread,
    }


def incoming(
    found: IncomingLetter,
    line: IncomingRow,
    actor: Actor,
    *,
    statements: Iterable[ReceiptGiven],
    history: Iterable[JournalRow],
) -> Json:
    """An incoming letter with all its parts."""
    refused = {"code": found.refused_code, "text": found.refused_text} if found.refused_code else None
    return {
        **incoming_line(line),
        "version": found.version,
        "form": found.form.value,
        "addressed_to": found.addressed_to,
        "text": found.text,
        "dispatch_id": _identity(found.dispatch_id),
        "about": _identity(found.about),
        "details": found.details,
        "findings": [_finding(f) for f in found.findings],
        "seal": verdict(found.seal) if found.seal else None,
        "outer": verdict(found.outer) if found.outer else None,
        "files": [file(f) for f in found.files],
        "raw": found.raw_sha256.hex,
        "refused": refused,
        **steps_of_incoming(found),
        "statements": [
            {
                "id": str(given.id),
                "step": given.step,
                "made_at": moment(given.made_at),
                "sent_at": _moment(given.sent_at),
                "state": given.outbox_state,
                "sha256": given.sealed.hex if given.sealed else None,
            }
            for given in statements
        ],
        "history": [journal_line(row) for row in history],
        "may": deeds_on_incoming(actor, found),
    }


def entry_line(row: EntryRow, year: int) -> Json:
    """A line of a register."""
    return {
        "id": str(row.id),
        "number": row.serial,
        "year": year,
        "state": row.state.value,
        "letter_number": row.number,
        "letter_date": _day(row.letter_date),
        "from": row.sender,
        "to": row.addressee,
        "subject": row.subject,
        "practice": row.practice,
        "note": row.note,
        "urgency": row.urgency.value,
        "secrecy": row.secrecy.value,
        "at": moment(row.at),
        "entered_by": row.entered_by,
        "letter": None if row.masked else _identity(row.subject_of),
        "void_reason": row.void_reason,
        "masked": row.masked,
    }


def _finding(found: Mapping[str, Any]) -> Json:
    return {
        "check": found.get("check", ""),
        "code": found.get("code", ""),
        "thai": found.get("thai", ""),
        "blocking": bool(found.get("blocking")),
    }


def _raw(row: DispatchRow, line: TimelineRow) -> str | None:
    return f"{ADDRESS}/dispatches/{row.id}/receipts/{line.raw.hex}" if line.raw else None


def _moment(at: datetime | None) -> str | None:
    return moment(at) if at else None


def _day(on: date | None) -> str | None:
    return on.isoformat() if on else None


def _identity(found: UUID | None) -> str | None:
    return str(found) if found else None
