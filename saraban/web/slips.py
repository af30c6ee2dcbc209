"""Papers that go with letters: envelopes, receipts, the messenger's book and search cards (forms 15 to 18); each has a
small page on which one looks before the PDF is made."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from flask import render_template, request
from flask.typing import ResponseReturnValue

from saraban.domain.calendar import office_date
from saraban.domain.errors import BadInput, NotFound
from saraban.domain.register import BookKind
from saraban.doorway import actor, reader, services
from saraban.doorway.dates import NotADate, read_date, write_date
from saraban.reading import bookkeeping, people, slips
from saraban.reading.slips import SlipLine
from saraban.usecases import printing as deeds
from saraban.usecases.papers import CardLine, DeliveryLine, EnvelopeFace, EnvelopeSize, ReceiptSlip
from saraban.web.downloads import download
from saraban.web.filters import thai_digits
from saraban.web.printing import bp, kind_named, year_in

__all__ = ["bp"]

MOST_ENVELOPES = 50
SALUTATIONS = ("กราบเรียน", "เรียน", "นมัสการ", "ถึง", "")
SIZES = [
    (EnvelopeSize.C4.value, "C4 ไม่พับ (๒๒๙ × ๓๒๔ มม.)"),
    (EnvelopeSize.C5.value, "C5 พับ ๒ (๑๖๒ × ๒๒๙ มม.)"),
    (EnvelopeSize.C6.value, "C6 พับ ๔ (๑๑๔ × ๑๖๒ มม.)"),
    (EnvelopeSize.DL.value, "DL พับ ๓ (๑๑๐ × ๒๒๐ มม.)"),
]
_PDF = "application/pdf"
_LONGEST = 300
_UNSEEN = "มีหนังสือชั้นความลับที่ปกปิดสำหรับท่าน ให้นายทะเบียนข้อมูลข่าวสารลับเป็นผู้พิมพ์"


@bp.route("/printing/receipts", methods=["GET", "POST"])
def receipts() -> ResponseReturnValue:
    """ใบรับหนังสือ (form 17) for chosen lines."""
    lines = _chosen()
    if request.method == "GET":
        return _page("receipts", lines)
    name = people.agency(reader(), actor().agency_id).name
    made = [ReceiptSlip(line.number, line.addressee, line.subject, name) for line in _seen(lines)]
    return download(deeds.receipt_slips(services(), slips=made), "ใบรับหนังสือ.pdf", _PDF, plain="receipts")


@bp.route("/printing/envelopes", methods=["GET", "POST"])
def envelopes() -> ResponseReturnValue:
    """Envelopes (form 15) for chosen lines; who they go to may be put right before they are printed."""
    lines = _chosen()[:MOST_ENVELOPES]
    if request.method == "GET":
        return _envelope_page(lines, {})
    try:
        size, faces = _faces(_seen(lines))
    except BadInput as error:
        return _envelope_page(lines, error.fields), 422
    return download(
        deeds.envelopes(services(), size=size, faces=faces), f"ซอง {size.value}.pdf", _PDF, plain="envelopes"
    )


@bp.route("/printing/delivery", methods=["GET", "POST"])
def delivery() -> ResponseReturnValue:
    """สมุดส่งหนังสือ (form 16): what left on a day, or chosen lines."""
    said, errors = request.values, {}
    kind, today = kind_named(said.get("book", BookKind.SENDING.value)), office_date(services().clock.now())
    try:
        day = read_date(said.get("day", ""), today) or today
    except NotADate as error:
        day, errors = today, {"day": str(error)}
    lines = _chosen() or ([] if errors else slips.of_day(reader(), actor(), kind, day, said.get("unit", "")))
    if request.method == "POST" and not errors:
        return _delivery_book(day, _seen(lines))
    shown = said.get("day", "") if errors else write_date(day)
    page = _page("delivery", lines, day=shown, kind=kind, kinds=_kinds(), unit=said.get("unit", ""), errors=errors)
    return (page, 422) if errors else page


@bp.route("/printing/card", methods=["GET", "POST"])
def card() -> ResponseReturnValue:
    """บัตรตรวจค้น (form 18): everything about a word, across the books of the agency."""
    said = request.values
    words, code = " ".join(said.get("q", "").split())[:_LONGEST], " ".join(said.get("code", "").split())[:_LONGEST]
    every = said.get("year", "") == "all"
    year = None if every else year_in(said)
    lines = slips.about(reader(), actor(), words, year)
    if request.method == "POST" and lines:
        made = [_card_line(line) for line in lines]
        pdf = deeds.search_card(services(), subject=words, code=code, lines=made)
        return download(pdf, "บัตรตรวจค้น.pdf", _PDF, plain="search-card")
    years = [("all", "ทุกปี"), *((one, f"ปี {thai_digits(one)}") for one in bookkeeping.years_of_books(reader(), actor()))]
    page = _page("card", lines, q=words, code=code, year="all" if every else year, years=years, most=slips.MOST)
    return (page, 422) if request.method == "POST" else page


def _chosen() -> list[SlipLine]:
    """The lines that were chosen in a list, or the one of its page."""
    try:
        ids = [UUID(one) for one in request.values.getlist("entry")]
    except ValueError:
        raise NotFound from None
    return slips.chosen(reader(), actor(), ids) if ids else []


def _seen(lines: Sequence[SlipLine]) -> Sequence[SlipLine]:
    """The lines, when all of them may be read: what goes with a letter must not say "masked" on it."""
    if any(line.masked for line in lines):
        raise BadInput({"entries": _UNSEEN})
    return lines


def _page(name: str, lines: Sequence[SlipLine], **more: object) -> str:
    masked = _UNSEEN if any(line.masked for line in lines) else ""
    return render_template(f"printing/{name}.html", lines=lines, masked=masked, **{"errors": {}, **more})


# --- envelopes ------------------------------------------------------------------------------------------------


def _envelope_page(lines: Sequence[SlipLine], errors: dict[str, str]) -> str:
    """What was typed stays; before anything was typed, the line and the addresses that are known fill the fields."""
    known = slips.addresses(reader(), {line.addressee for line in lines})
    rows, typed = [], request.method == "POST"
    for line in lines:
        first, rest = _salutation(line.addressee)
        rows.append(
            {
                "line": line,
                "salutation": _typed("salutation", line) if typed else first,
                "addressee": _typed("addressee", line) if typed else rest,
                "address": _typed("address", line) if typed else "\n".join(known.get(line.addressee, ())),
            }
        )
    owner = slips.sender(reader(), actor())
    return _page(
        "envelopes",
        lines,
        rows=rows,
        errors=errors,
        sizes=SIZES,
        size=request.values.get("size", EnvelopeSize.DL.value),
        salutations=[(word, word or "ไม่มี") for word in SALUTATIONS],
        permit=request.form.get("permit", "") if typed else thai_digits(owner.permit),
        most=MOST_ENVELOPES,
    )


def _faces(lines: Sequence[SlipLine]) -> tuple[EnvelopeSize, list[EnvelopeFace]]:
    """What stands on each envelope. Raises BadInput by field."""
    owner, wrong, faces = slips.sender(reader(), actor()), dict[str, str](), []
    permit = " ".join(request.form.get("permit", "").split())[:100]
    for line in lines:
        addressee, address = _typed("addressee", line), _typed("address", line).splitlines()
        if not addressee:
            wrong[f"addressee-{line.id}"] = "ใส่ชื่อหรือตำแหน่งผู้รับ"
        if len(address) > 6 or any(len(text) > _LONGEST for text in (addressee, *address)):
            wrong[f"address-{line.id}"] = "ที่อยู่ยาวเกินหน้าซอง ใส่ไม่เกิน ๖ บรรทัด"
        faces.append(
            EnvelopeFace(
                sender_name=owner.name,
                sender_address=owner.address,
                number=line.number,
                salutation=_typed("salutation", line)[:40],
                addressee=addressee,
                address=[text.strip() for text in address if text.strip()],
                urgency=line.urgency,
                permit=permit,
                emblem=owner.emblem,
            )
        )
    size = request.form.get("size", "")
    if size not in {one.value for one in EnvelopeSize}:
        wrong["size"] = "เลือกขนาดซองจากรายการ"
    if wrong:
        raise BadInput(wrong)
    return EnvelopeSize(size), faces


def _typed(field: str, line: SlipLine) -> str:
    return request.form.get(f"{field}-{line.id}", "").strip()


def _salutation(addressee: str) -> tuple[str, str]:
    """("เรียน", "อธิบดีกรมการปกครอง") of what a line says."""
    first, _, rest = addressee.partition(" ")
    if first in SALUTATIONS and rest.strip():
        return first, rest.strip()
    return "เรียน", addressee


# --- the messenger's book and cards ---------------------------------------------------------------------------


def _delivery_book(day: date, lines: Sequence[SlipLine]) -> ResponseReturnValue:
    made = [DeliveryLine(str(line.serial), line.sender, line.addressee, "") for line in lines]
    name = people.agency(reader(), actor().agency_id).name
    pdf = deeds.delivery_book(services(), agency_name=name, day=day, lines=made)
    return download(pdf, f"สมุดส่งหนังสือ {write_date(day)}.pdf", _PDF, plain=f"delivery-{day.isoformat()}")


def _kinds() -> list[tuple[str, str]]:
    return [(kind.value, kind.thai) for kind in BookKind if not kind.incoming]


def _card_line(line: SlipLine) -> CardLine:
    """A line of a card: its number with the book, unless it is the receiving one, and its year."""
    book = "" if line.kind.incoming else line.kind.thai.removeprefix("ทะเบียน").removeprefix("หนังสือ") + " "
    party = f"จาก {line.sender}" if line.kind.incoming else f"ถึง {line.addressee}" if line.addressee else ""
    item = f"{line.subject} {party}".strip()
    return CardLine(f"{book}{line.serial}/{line.year}", line.number, line.letter_date, item, line.practice)
