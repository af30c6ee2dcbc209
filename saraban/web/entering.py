"""Fast entry: letters on paper one after another, by keyboard alone; what is offered while typing, what looks like the
same letter, and the scans that belong to it."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain
from typing import Any
from uuid import UUID, uuid4

from flask import jsonify, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from saraban.domain.calendar import office_date
from saraban.domain.errors import BadInput, PossibleDuplicate, SarabanError
from saraban.domain.register import BookKind, Matter, Origin
from saraban.doorway import actor, reader, refresh_reader, services
from saraban.doorway.dates import read_date, read_day, told_day, write_date
from saraban.doorway.errors import problem_of
from saraban.doorway.idempotency import do_once, once_key
from saraban.reading import entering as rows
from saraban.reading import lookalikes, suggestions
from saraban.usecases import recording
from saraban.usecases.ports import Services
from saraban.web.entering_scans import KeptFile, attachment, bp, desk, kept_files, new_files, put_away
from saraban.web.filters import letter_number, thai_digits
from saraban.web.forms.entries import CAPTIONS, FIELDS, read_matter, read_serial

__all__ = ["bp"]

KEEPABLE = (("addressee", "ถึง"), ("letter_date", "ลงวันที่"), ("sender", "จาก"), ("practice", "ส่งให้"))
KEPT_AT_FIRST = ["addressee", "letter_date"]
_KEEP, _PACE = "entering_keep", "entering_pace"
_LONGEST_PACE_SECONDS = 600


# --- one letter -----------------------------------------------------------------------------------------------------


@bp.get("/<book>")
def one(book: str) -> ResponseReturnValue:
    """The fields of the next letter. After one was entered, what is kept of it stands in them."""
    here = desk(book)
    after = request.args.get("after", "")
    entered = rows.line(reader(), actor(), UUID(after)) if _is_id(after) else None
    words = _kept_words(entered)
    return _page(here, words, entered=entered, fresh=True)


@bp.post("/<book>")
def enter(book: str) -> ResponseReturnValue:
    """Enter the letter, once however often it is sent; or ask first when it seems to be there already."""
    here = desk(book)
    words = typed()
    session[_KEEP] = [name for name, _ in KEEPABLE if name in request.form.getlist("keep")]
    files: list[KeptFile] = []
    try:
        for file in chain(kept_files(), new_files()):
            files.append(file)
        if request.form.get("deed") == "edit":
            return _page(here, words, files=files)
        matter = _matter(words)
        said = _record(here, words, matter, files)
    except PossibleDuplicate as error:
        refresh_reader()
        return _beside(here, words, files, error)
    except SarabanError as error:
        refresh_reader()
        return _page(here, words, files=files, error=error)
    put_away(here, files)
    _keep_pace()
    refresh_reader()
    if request.form.get("deed") == "open":
        return redirect(url_for("registers.entry", entry_id=said["id"]))
    return redirect(url_for(".one", book=here.kind.value, unit=here.keeper.code or None, after=said["id"]))


def typed() -> dict[str, str]:
    """The fields as they were sent."""
    return {name: request.form.get(name, "") for name in FIELDS}


def _record(here: rows.Desk, words: Mapping[str, str], matter: Matter, files: list[KeptFile]) -> dict[str, Any]:
    accepted = request.form.getlist("accepted")
    origin, before = _origin(words)
    year = read_serial(words["year"])
    attachments = [attachment(file) for file in files]
    said = [repr(matter), origin.value, before, year, [f.sha256.hex for f in files], accepted, here.keeper.code]
    key = once_key(actor(), request.form.get("idempotency_key", "").strip(), "entry", here.kind.value, said)

    def work(office: Services) -> dict[str, Any]:
        made = recording.record_letter(
            office,
            actor=actor(),
            kind=here.kind,
            matter=matter,
            unit_code=here.keeper.code,
            origin=origin,
            files=attachments,
            serial=before,
            year=year,
            accepted=accepted,
        )
        return {"id": str(made.id)}

    return do_once(key, work, lambda entry_id: {"id": str(entry_id)}).answer


def _matter(words: Mapping[str, str]) -> Matter:
    """What was typed. Raises BadInput by field for all that must be mended at once."""
    now = services().clock.now()
    matter, wrong = read_matter(words, now)
    for field in ("serial", "year"):
        try:
            read_serial(words[field])
        except ValueError as error:
            wrong[field] = str(error)
    if words["origin"] == Origin.BEFORE.value and not words["serial"].strip():
        wrong["serial"] = "ใส่เลขทะเบียนเดิมของหนังสือที่มีอยู่ก่อนใช้ระบบ"
    if wrong:
        kind = BookKind((request.view_args or {})["book"])
        faults = matter.faults(kind, now) | wrong
        raise BadInput({name: faults[name] for name in sorted(faults, key=_place)})
    return matter


def _origin(words: Mapping[str, str]) -> tuple[Origin, int | None]:
    try:
        origin = Origin(words["origin"] or Origin.PAPER.value)
    except ValueError:
        raise BadInput({"origin": "เลือกช่องทางจากรายการ"}) from None
    if origin is Origin.SYSTEM:
        raise BadInput({"origin": "เลือกช่องทางจากรายการ"})
    return origin, read_serial(words["serial"]) if origin is Origin.BEFORE else None


def _page(
    here: rows.Desk,
    words: Mapping[str, str],
    *,
    files: list[KeptFile] | None = None,
    error: SarabanError | None = None,
    entered: rows.LastLine | None = None,
    fresh: bool = False,
) -> ResponseReturnValue:
    problem = problem_of(error) if error is not None else None
    last = rows.last_lines(reader(), actor(), here)
    own = next((line for line in last if line.entered_by == actor().name and not line.masked), None)
    wrong = problem.errors if problem is not None else {}
    page = render_template(
        "entering/one.html",
        desk=here,
        words=words,
        files=files or [],
        problem=problem,
        errors=wrong,
        error_rows=[(name, CAPTIONS.get(name, name), wrong[name]) for name in sorted(wrong, key=_place)],
        entered=entered,
        last=last,
        previous=_words_of(own) if own is not None else {},
        keep=session.get(_KEEP, KEPT_AT_FIRST),
        keepable=KEEPABLE,
        pace=_pace(),
        key=uuid4().hex,
        fresh=fresh,
        scanner=actor().central,
        largest_scan=recording.LARGEST_SCAN,
    )
    return page, problem.status if problem is not None else 200


def _kept_words(entered: rows.LastLine | None) -> dict[str, str]:
    """What the next letter begins with: the ticked fields of the one before, unless that was classified."""
    if entered is None or entered.masked or not entered.secrecy.is_open:
        return {}
    before = _words_of(entered)
    return {name: before[name] for name in session.get(_KEEP, KEPT_AT_FIRST) if name in before}


def _words_of(line: rows.LastLine) -> dict[str, str]:
    if not line.secrecy.is_open:
        return {}
    return {
        "sender": line.sender,
        "number": letter_number(line.number) if line.kind.incoming else "",
        "letter_date": write_date(line.letter_date),
        "subject": line.subject,
        "addressee": line.addressee,
        "practice": line.practice,
        "urgency": line.urgency.value,
        "note": line.note,
    }


def _keep_pace() -> None:
    """Count the seconds that the page measured, for the average that stands over the last letters."""
    text = request.form.get("seconds", "")
    if text.isascii() and text.isdigit() and 0 < len(text) <= 4 and 0 < int(text) <= _LONGEST_PACE_SECONDS:
        count, total = session.get(_PACE, (0, 0))
        session[_PACE] = (count + 1, total + int(text))


def _pace() -> int | None:
    count, total = session.get(_PACE, (0, 0))
    return round(total / count) if count else None


# --- while typing ---------------------------------------------------------------------------------------------------


@bp.post("/days")
def days() -> ResponseReturnValue:
    """How days are read that somebody types, as JSON: those of fields that look back ("past"), and others ("day")."""
    today = office_date(services().clock.now())
    readers = {"past": read_day, "day": read_date}
    return jsonify(
        {name: [told_day(text, today, how) for text in request.form.getlist(name)] for name, how in readers.items()}
    )


@bp.get("/<book>/offers")
def offers(book: str) -> ResponseReturnValue:
    """Texts for a field that hold what was typed, as JSON."""
    desk(book)
    found = suggestions.offers(
        reader(),
        actor(),
        field=request.args.get("field", ""),
        typed=request.args.get("q", ""),
        beside=request.args.get("beside", ""),
    )
    return jsonify(offers=[{"text": o.text, "note": _note(o), "head": letter_number(o.number_head)} for o in found])


def _note(offer: suggestions.Offer) -> str:
    parts = [letter_number(offer.number_head).rstrip("/ \u00a0วล")] if offer.number_head else []
    if offer.used:
        parts.append(f"{thai_digits(f'{offer.used:,}')} ฉบับ")
    return " · ".join(parts)


@bp.post("/<book>/alike")
def alike(book: str) -> ResponseReturnValue:
    """The card of lines that may be of the letter being typed; empty when there is none."""
    here = desk(book)
    files = list(kept_files())
    matter, _ = read_matter(typed(), services().clock.now())
    found = lookalikes.look_alikes(
        reader(), actor(), kind=here.kind, letter=matter.tidied(), digests=[f.sha256 for f in files]
    )
    waiting = lookalikes.waiting(reader(), actor(), [f.sha256 for f in files])
    return render_template("entering/alike.html", found=_first(found), waiting=waiting)


def _first(found: list[lookalikes.Known]) -> list[lookalikes.Known]:
    """What a clerk has time for: those that will be asked about at saving; else the one that is most alike."""
    return [line for line in found if line.likely][:3] or found[:1]


def _beside(
    here: rows.Desk, words: Mapping[str, str], files: list[KeptFile], error: PossibleDuplicate
) -> ResponseReturnValue:
    """Both side by side: the clerk decides."""
    matter, _ = read_matter(words, services().clock.now())
    found = lookalikes.lines(
        reader(), actor(), ids=error.earlier, letter=matter.tidied(), digests=[f.sha256 for f in files]
    )
    page = render_template(
        "entering/beside.html",
        desk=here,
        words=words,
        matter=matter,
        files=files,
        found=found,
        accepted=[finding.key for finding in error.findings],
        problem=problem_of(error),
        keep=session.get(_KEEP, KEPT_AT_FIRST),
        key=uuid4().hex,
        seconds=request.form.get("seconds", ""),
    )
    return page, 409


def _place(name: str) -> int:
    return FIELDS.index(name) if name in FIELDS else len(FIELDS)


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
