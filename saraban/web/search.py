"""One search over letters, incoming letters and registers, narrowed and kept as the person likes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup, escape

from saraban.domain.classification import Urgency
from saraban.domain.errors import BadInput
from saraban.domain.mentions import written_out
from saraban.domain.numbering import arabic_digits, thai_digits
from saraban.domain.permissions import may_read_registers
from saraban.doorway import actor, reader, refresh_reader, services
from saraban.reading import books as book_rows
from saraban.reading import issued as issued_rows
from saraban.reading import people, saved_views
from saraban.reading.asking import BOOKS, FIELDS, LONGEST, STATES, Narrow, fewer
from saraban.reading.found import Found, Spans
from saraban.reading.search import MOST_SEEN, look
from saraban.reading.search_classified import MOST as MOST_CLASSIFIED
from saraban.usecases import keeping_views

bp = Blueprint("search", __name__, url_prefix="/search")

SCREEN = keeping_views.SEARCH
A_PAGE = 50
MOST_ISSUED = 5
STATE_WORDS = {
    "draft": "ร่างหรือจองไว้",
    "issued": "ออกเลขแล้ว",
    "new": "ยังไม่ลงทะเบียน",
    "registered": "ลงทะเบียนแล้ว",
    "over": "ยกเลิกหรือยุติ",
}
_NAMES = {
    "book": "",
    "year": "ปี",
    "unit": "หน่วยงาน",
    "agency": "ส่วนราชการ",
    "urgency": "ชั้นความเร็ว",
    "state": "สถานะ",
    "enclosure": "สิ่งที่ส่งมาด้วย",
    "hold": "อยู่ระหว่าง",
}


@dataclass(frozen=True)
class Asked:
    """What the address asks: the words, what was chosen and what is wrong with it, the order, and the page."""

    q: str
    said: Mapping[str, str]
    narrow: Narrow
    wrong: Mapping[str, str]
    newest: bool
    offset: int

    def query(self) -> str:
        """The search as the rest of an address, without its page."""
        pairs = [("q", self.q), *self.said.items(), ("order", "newest" if self.newest else "")]
        return urlencode([pair for pair in pairs if pair[1]])


@bp.get("")
def index() -> ResponseReturnValue:
    """What was found, best first; the bare page when nothing is asked."""
    asked = _asked()
    found = Found([])
    if not asked.wrong:
        found = look(
            reader(),
            actor(),
            asked.q,
            narrow=asked.narrow,
            newest=asked.newest,
            offset=asked.offset,
            limit=A_PAGE,
        )
    views = saved_views.own(reader(), actor(), SCREEN)
    units = [(unit.code, unit.name) for unit in people.units(reader(), actor().agency_id, actor().on)]
    return render_template(
        "search/index.html",
        asked=asked,
        found=found,
        before=max(0, asked.offset - A_PAGE) if asked.offset else None,
        after=asked.offset + A_PAGE if found.more and asked.offset + A_PAGE <= MOST_SEEN else None,
        views=views,
        view=next((one for one in views if one.query == asked.query()), None),
        chips=[
            (name, f"{_NAMES[name]} {_words(name, value, dict(units))}".strip()) for name, value in asked.said.items()
        ],
        choices={
            "book": [(kind.value, kind.thai) for kind in BOOKS if actor().clearance or not kind.secret],
            "year": [(str(year), f"ปี {thai_digits(year)}") for year in _years()],
            "unit": units,
            "urgency": [(one.value, one.thai or "ปกติ") for one in Urgency],
            "state": [(name, STATE_WORDS[name]) for name in STATES],
            "enclosure": [("yes", "มีสิ่งที่ส่งมาด้วย")],
            "hold": [("yes", "อยู่ระหว่างระงับการทำลาย")],
        },
        marked=marked,
        most_classified=MOST_CLASSIFIED,
        numbers=[written_out(number) for number in found.numbers],
        less=[(number, written_out(number)) for number in fewer(asked.q, found.numbers)],
    ), (422 if asked.wrong else 200)


@bp.get("/issued")
def issued() -> str:
    """Documents for people that the same words find, beside the letters: asked for by the page once it stands, so that
    no search waits for them. Nobody learns of one that he may not see."""
    q = request.args.get("q", "").strip()[:LONGEST]
    found = issued_rows.look(reader(), actor(), q if len(q) > 1 else "", limit=MOST_ISSUED)
    return render_template("search/issued.html", found=found, q=q, most=issued_rows.MOST_LOOKED_AT)


@bp.post("/views")
def save_view() -> ResponseReturnValue:
    """Keep the search under a name."""
    query = _of_view(request.form.get("query", ""))
    name = request.form.get("name", "")
    try:
        keeping_views.save_view(services(), actor=actor(), screen=SCREEN, name=name, query=query)
    except BadInput as error:
        flash(next(iter(error.fields.values())).replace("มุมมอง", "การค้น"), "amber")
        return redirect(_back_to(query))
    refresh_reader()
    flash(f"เก็บการค้น “{' '.join(name.split())}” แล้ว", "green")
    return redirect(_back_to(query))


@bp.post("/views/<uuid:view_id>/rename")
def rename_view(view_id: UUID) -> ResponseReturnValue:
    """Call a search that was kept otherwise."""
    name = request.form.get("new_name", "")
    back = redirect(_back_to(_of_view(request.form.get("query", ""))))
    try:
        keeping_views.rename_view(services(), actor=actor(), screen=SCREEN, view_id=view_id, name=name)
    except BadInput as error:
        flash(next(iter(error.fields.values())).replace("มุมมอง", "การค้น"), "amber")
        return back
    refresh_reader()
    flash(f"เปลี่ยนชื่อการค้นเป็น “{' '.join(name.split())}” แล้ว", "green")
    return back


@bp.post("/views/<uuid:view_id>/forget")
def forget_view(view_id: UUID) -> ResponseReturnValue:
    """Forget a search that was kept."""
    keeping_views.forget_view(services(), actor=actor(), screen=SCREEN, view_id=view_id)
    refresh_reader()
    flash("ลบการค้นที่เก็บไว้แล้ว", "green")
    return redirect(_back_to(""))


def marked(text: str, spans: Spans) -> Markup:
    """The text with the words that were looked for marked."""
    parts, last = [], 0
    for begin, end in spans:
        parts += [escape(text[last:begin]), Markup("<mark>"), escape(text[begin:end]), Markup("</mark>")]
        last = end
    return Markup("").join([*parts, escape(text[last:])])


def _asked() -> Asked:
    q = request.args.get("q", "").strip()[:LONGEST]
    said = {name: text for name in FIELDS if (text := request.args.get(name, "").strip()[:LONGEST])}
    wrong: Mapping[str, str] = {}
    narrow = Narrow()
    try:
        narrow = Narrow.read(said)
    except BadInput as error:
        wrong = error.fields
    start = arabic_digits(request.args.get("from", ""))
    offset = min(int(start), MOST_SEEN) if start.isascii() and start.isdigit() and len(start) < 6 else 0
    return Asked(q, said, narrow, wrong, request.args.get("order") == "newest", offset)


def _years() -> list[int]:
    return book_rows.years(reader(), actor()) if may_read_registers(actor()) is None else []


def _of_view(query: str) -> str:
    """The parts of an address that make a search."""
    known = {"q", "order", *FIELDS}
    return urlencode([(name, text[:LONGEST]) for name, text in parse_qsl(query) if name in known])


def _back_to(query: str) -> str:
    return url_for(".index") + (f"?{query}" if query else "")


def _words(name: str, value: str, units: Mapping[str, str]) -> str:
    if name == "book":
        return next((kind.thai for kind in BOOKS if kind.value == value), value)
    if name == "urgency":
        return next((one.thai or "ปกติ" for one in Urgency if one.value == value), value)
    if name == "unit":
        return units.get(value, value)
    if name == "enclosure":
        return "มี"
    if name == "hold":
        return "ระงับการทำลาย"
    return STATE_WORDS.get(value, thai_digits(value)) if name in ("state", "year") else f"“{value}”"
