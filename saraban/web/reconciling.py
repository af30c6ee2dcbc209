"""Comparing registers with another agency: the comparisons, the form that asks, what one found, and its remedies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from saraban.domain.calendar import office_date
from saraban.domain.errors import BadInput, NotFound, RuleBroken
from saraban.domain.permissions import may_reconcile, require, words_of
from saraban.domain.reconciliation import Difference, ReconcileItem, Remedy, Way
from saraban.doorway import actor, reader, refresh_reader, services
from saraban.doorway.idempotency import do_once, once_key
from saraban.reading import directory, people
from saraban.reading import reconciliations as rows
from saraban.reading.differences import FoundRow, found_rows
from saraban.reading.paging import Page
from saraban.reading.reconciliations import Comparison, ComparisonRow
from saraban.usecases import disputing, reconciling
from saraban.web.choosing import chosen_view
from saraban.web.filters import thai_digits
from saraban.web.forms import reconciling as forms
from saraban.web.forms.reconciling import AskForm

bp = Blueprint("reconciling", __name__, url_prefix="/reconciling")

ROWS_SHOWN = 100
GROUPS = (
    ("todo", "ต้องแก้"),
    ("differs", "ต่างกัน"),
    ("alone", "มีฝ่ายเดียว"),
    ("agrees", "ตรงกัน"),
    ("all", "ทั้งหมด"),
)
WAYS = (("", "ทั้งส่งและรับ"), (Way.SENT.value, "เราส่ง"), (Way.RECEIVED.value, "เรารับ"))
DEEDS = {
    Remedy.SEND_AGAIN: "ส่งซองเดิมอีกครั้ง",
    Remedy.ASK_RECEIPT: "ขอใบตอบรับ",
    Remedy.ASK_AGAIN: "ขอให้ส่งอีกครั้ง",
    Remedy.NUMBER_WRONG: "แจ้งเลขรับไม่ตรง",
}
_BEGUN = {
    Remedy.SEND_AGAIN: "ส่งซองเดิมอีกครั้งแล้ว",
    Remedy.ASK_RECEIPT: "ส่งซองเดิมเพื่อขอใบตอบรับแล้ว",
    Remedy.ASK_AGAIN: "ขอให้ส่งอีกครั้งแล้ว",
    Remedy.NUMBER_WRONG: "แจ้งผู้รับแล้ว",
}
_BY_DEED = {
    "send-again": (Remedy.SEND_AGAIN, Remedy.ASK_RECEIPT),
    "ask-again": (Remedy.ASK_AGAIN,),
    "number-wrong": (Remedy.NUMBER_WRONG,),
}
_HELD_AS = {
    "queued": "รอส่ง",
    "sent": "ส่งแล้ว",
    "relayed": "ถึงเครื่องปลายทาง",
    "held": "พักไว้ให้คนตรวจ",
    "received": "รับเข้าระบบ",
    "invalid": "ซองใช้ไม่ได้",
    "undelivered": "ไม่มีหลักฐานการรับ",
    "refused": "ส่งคืน",
    "forwarded": "ส่งต่อ",
    "recalled": "เรียกคืน",
    "registered": "ลงรับ",
    "completed": "ดำเนินการแล้ว",
}


@dataclass(frozen=True)
class Standing:
    """How far a comparison is, in a few words, with the tone and icon of its badge."""

    text: str
    tone: str
    icon: str
    waits: bool = False


@dataclass(frozen=True)
class ShownRow:
    """A dispatch in the result as the table shows it. `deed` is the button's text, empty where a person must look."""

    found: FoundRow
    ours: str
    theirs: str
    deed: str
    begun: str

    @property
    def id(self) -> UUID:
        """The dispatch."""
        return self.found.id

    @property
    def label(self) -> str:
        """What the box before the row chooses."""
        return thai_digits(self.found.number) or "หนังสือที่ไม่มีเลข"


@bp.get("")
def index() -> ResponseReturnValue:
    """The comparisons that we asked for, or that others asked of us."""
    side = chosen_view("side", ("ours", "theirs"), "ours")
    refusal = may_reconcile(actor())
    page = (
        rows.comparisons(reader(), actor(), ours=side == "ours", cursor=request.args.get("cursor"))
        if refusal is None
        else Page([])
    )
    return render_template(
        "reconciling/index.html",
        page=page,
        side=side,
        refusal=words_of(refusal),
        standing=standing,
    )


@bp.route("/new", methods=["GET", "POST"])
def ask() -> ResponseReturnValue:
    """The form, and the deed: the request is written down once, however often the form is sent."""
    require(may_reconcile(actor()))
    if request.method == "GET":
        return _ask_page(AskForm.read(request.args), uuid4().hex)
    form = AskForm.read(request.form)
    key = request.form.get("idempotency_key", "")
    try:
        asked = _ask(form, key)
    except BadInput as error:
        return _ask_page(form, key, error.fields), 422
    except RuleBroken as error:
        return _ask_page(form, uuid4().hex, problem=error.thai), 422
    refresh_reader()
    return redirect(url_for(".show", reconciliation_id=asked))


@bp.get("/<uuid:reconciliation_id>")
def show(reconciliation_id: UUID) -> ResponseReturnValue:
    """What was found; before the answer came, how far the request is."""
    require(may_reconcile(actor()))
    comparison = rows.comparison(reader(), actor(), reconciliation_id)
    if request.headers.get("HX-Request"):
        return _live(comparison)
    return render_template("reconciling/show.html", **_shown(comparison))


@bp.post("/<uuid:reconciliation_id>/remedy")
def remedy(reconciliation_id: UUID) -> ResponseReturnValue:
    """Do what helps: for one row (`only`), or for the ticked ones (`dispatch`) that this deed helps."""
    require(may_reconcile(actor()))
    comparison = rows.comparison(reader(), actor(), reconciliation_id)
    back = redirect(url_for(".show", reconciliation_id=reconciliation_id, **_view(request.form)))
    try:
        deed, chosen, passed_over = _chosen(comparison)
        after = _do(comparison, deed, chosen)
    except BadInput as error:
        flash(next(iter(error.fields.values())), "amber")
        return back
    except RuleBroken as error:
        flash(error.thai, "amber")
        return back
    refresh_reader()
    if passed_over:
        flash(f"อีก {thai_digits(passed_over)} ฉบับที่เลือกใช้วิธีนี้ไม่ได้ ดูปุ่มหรือเหตุผลท้ายแถว", "amber")
    return redirect(url_for(".show", reconciliation_id=after)) if after else back


def standing(row: ComparisonRow) -> Standing:
    """How far a comparison is."""
    if not row.ours:
        return Standing("กำลังตอบ", "act", "clock") if row.owes else Standing("ตอบแล้ว", "green", "check")
    if row.answered_at is not None:
        if row.differences:
            return Standing(f"ต่างกัน {thai_digits(f'{row.differences:,}')} รายการ", "amber", "warn")
        return Standing("ตรงกันทั้งหมด", "green", "check")
    if row.owes:
        return Standing("รอลงตรา", "act", "clock", waits=True)
    if row.outbox_state in ("failed", "stopped"):
        return Standing("ส่งคำขอไม่สำเร็จ", "red", "x")
    if row.outbox_state == "queued":
        return Standing("กำลังส่งคำขอ", "act", "mail", waits=True)
    return Standing("ถามซ้ำแล้ว รอคำตอบ" if row.repeats else "รอคำตอบ", "amber", "clock", waits=True)


def held_as(item: ReconcileItem | None) -> str:
    """What one side holds, in a few words; a word that we do not know is shown as it is."""
    if item is None:
        return "ไม่มี"
    word = _HELD_AS.get(item.state, item.state)
    if item.register is None:
        return word
    return f"{word} เลข {thai_digits(item.register.number)}/{thai_digits(item.register.year)}"


def _ask(form: AskForm, key: str) -> UUID:
    since, until = form.days(office_date(services().clock.now()))
    said = do_once(
        once_key(actor(), key, "reconcile", form.agency, since.isoformat(), until.isoformat()),
        lambda office: {
            "id": str(
                reconciling.ask_to_reconcile(office, actor=actor(), other_code=form.agency, since=since, until=until).id
            )
        },
        lambda made: {"id": str(made)},
    )
    return UUID(said.answer["id"])


def _ask_page(form: AskForm, key: str, errors: dict[str, str] | None = None, *, problem: str = "") -> str:
    today = office_date(services().clock.now())
    ours = people.agency(reader(), actor().agency_id).code
    return render_template(
        "reconciling/ask.html",
        form=form,
        key=key,
        errors=errors or {},
        problem=problem,
        periods=forms.choices(today),
        agencies=[(row.code, row.name, row.abbr) for row in directory.who_reconcile(reader()) if row.code != ours],
    )


def _live(comparison: Comparison) -> Response:
    if not standing(comparison.row).waits:
        return Response(headers={"HX-Refresh": "true"})
    return Response(render_template("reconciling/live.html", row=comparison.row, standing=standing(comparison.row)))


def _group_of(difference: Difference) -> str:
    if difference.ours is None or difference.theirs is None:
        return "alone"
    return "agrees" if difference.agrees else "differs"


def _view(sent: Any) -> dict[str, Any]:
    """The filters that are on, as arguments of the address."""
    group, way = sent.get("group", ""), sent.get("way", "")
    page = sent.get("page", "")
    return {
        "group": group if group in dict(GROUPS) else None,
        "way": way or None if way in dict(WAYS) else None,
        "page": page if page.isdecimal() and page != "1" else None,
    }


def _shown(comparison: Comparison) -> dict[str, Any]:
    who, row = actor(), comparison.row
    open_ones = [d for d in comparison.differences if not d.agrees]
    by_now = {(f.difference.way, f.id): f for f in found_rows(reader(), who, row, open_ones)}
    todo = [d for d in open_ones if not by_now[d.way, d.dispatch].settled]
    groups: dict[str, list[Difference]] = {"all": comparison.differences, "todo": todo}
    for difference in comparison.differences:
        groups.setdefault(_group_of(difference), []).append(difference)
    view = _view(request.args)
    group = view["group"] or ("todo" if todo else "all")
    listed = [d for d in groups.get(group, []) if not view["way"] or d.way.value == view["way"]]
    pages = max(1, -(-len(listed) // ROWS_SHOWN))
    page = min(int(view["page"] or 1), pages)
    shown = listed[(page - 1) * ROWS_SHOWN : page * ROWS_SHOWN]
    return {
        "row": row,
        "comparison": comparison,
        "standing": standing(row),
        "group": group,
        "way": view["way"] or "",
        "ways": WAYS,
        "tabs_of_groups": [
            (word, url_for(".show", reconciliation_id=row.id, group=name, way=view["way"]), name == group,
             len(groups.get(name, [])))
            for name, word in GROUPS
        ],
        "settled": len(open_ones) - len(todo),
        "listed": [_shown_row(found) for found in found_rows(reader(), who, row, shown)],
        "total": len(listed),
        "page_number": page,
        "page_count": pages,
        "key": uuid4().hex,
        "again": AskForm.like(row.other_code, row.since, row.until),
    }  # fmt: skip


def _shown_row(found: FoundRow) -> ShownRow:
    difference = found.difference
    return ShownRow(
        found=found,
        ours=held_as(difference.ours),
        theirs=held_as(difference.theirs),
        deed=DEEDS.get(difference.remedy, ""),
        begun=_BEGUN[difference.remedy] if found.done_at else "",
    )


def _chosen(comparison: Comparison) -> tuple[str, list[UUID], int]:
    """The deed, the dispatches that it helps, and how many of the ticked ones it does not."""
    only = request.form.get("only", "")
    ids = [only] if only else request.form.getlist("dispatch")
    by_id = {str(d.dispatch): d for d in comparison.differences if d.remedy in DEEDS}
    if only:
        deed = next((name for name, all_ in _BY_DEED.items() if only in by_id and by_id[only].remedy in all_), "")
    else:
        deed = request.form.get("deed", "")
    if not ids:
        raise BadInput({"dispatch": "เลือกหนังสืออย่างน้อยหนึ่งฉบับก่อน"})
    if deed not in _BY_DEED:
        raise NotFound
    helped = [by_id[one] for one in ids if one in by_id and by_id[one].remedy in _BY_DEED[deed]]
    free = [f for f in found_rows(reader(), actor(), comparison.row, helped) if not f.settled and not f.why_not]
    if not free:
        raise RuleBroken("วิธีนี้ใช้กับฉบับที่เลือกไม่ได้ ดูปุ่มหรือเหตุผลท้ายแถว")
    return deed, [f.id for f in free], len(set(ids)) - len(free)


def _do(comparison: Comparison, deed: str, chosen: Sequence[UUID]) -> UUID | None:
    """Do it; the new comparison when the deed begins one."""
    number, of = thai_digits(f"{len(chosen):,}"), comparison.row.id
    if deed == "send-again":
        reconciling.send_again(services(), actor=actor(), reconciliation_id=of, dispatches=chosen)
        flash(f"ส่งซองเดิมอีกครั้ง {number} ฉบับแล้ว ผลจะเห็นเมื่อใบตอบรับกลับมา", "green")
        return None
    if deed == "number-wrong":
        disputing.dispute_numbers(services(), actor=actor(), reconciliation_id=of, dispatches=chosen)
        flash(f"แจ้ง{comparison.row.other_name}แล้วว่าเลขรับไม่ตรง {number} ฉบับ", "green")
        return None
    said = do_once(
        once_key(actor(), request.form.get("idempotency_key", ""), "ask-again", str(of), sorted(map(str, chosen))),
        lambda office: {
            "id": str(reconciling.ask_again(office, actor=actor(), reconciliation_id=of, dispatches=chosen).id)
        },
        lambda made: {"id": str(made)},
    )
    flash(f"ขอให้ส่งอีกครั้ง {number} ฉบับแล้ว ในคำขอเทียบทะเบียนใหม่นี้", "green")
    return UUID(said.answer["id"])
