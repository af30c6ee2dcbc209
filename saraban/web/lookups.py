"""Asking the issuer of a document in place of the citizen for a copy: our questions, others' questions to us, the form,
one question with its answer, a clerk's answer or refusal, and the list that auditors see."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from saraban.domain.calendar import office_date
from saraban.domain.errors import BadInput, RuleBroken
from saraban.domain.lookup import Outcome, Want, Why, masked_holder, state_words
from saraban.domain.permissions import may_look_up, may_see_readings, require, words_of
from saraban.doorway import actor, reader, refresh_reader, services
from saraban.doorway.dates import NotADate, read_date
from saraban.doorway.idempotency import do_once, once_key
from saraban.reading import directory, people
from saraban.reading import lookups as rows
from saraban.reading.lookups import LookupPage, LookupRow
from saraban.reading.our_kinds import our_kinds
from saraban.usecases import answering_lookups, asking_issuers
from saraban.usecases.answering_lookups import Foreseen
from saraban.web.choosing import chosen_view
from saraban.web.copying import copies_of
from saraban.web.downloads import download, telling_name
from saraban.web.forms.lookups import AskForm
from saraban.web.verdicts import verdict_of

bp = Blueprint("lookups", __name__, url_prefix="/lookups")

STATE_TONES = {"valid": ("green", "check"), "suspended": ("amber", "clock"), "expired": ("amber", "clock")}
_SEEN_BY = "คำขอของหน่วยงานอื่นเห็นเฉพาะเจ้าหน้าที่สารบรรณกลาง นายทะเบียน และผู้ที่ผู้ดูแลระบบกำหนดให้ตอบไว้กับชนิดเอกสาร"
REFUSALS = [(why.value, why.thai) for why in (Why.BASIS_LACKING, Why.PURPOSE_UNFIT, Why.OTHER)]


@dataclass(frozen=True)
class Standing:
    """How far a question is, in a few words, with the tone and icon of its badge."""

    text: str
    tone: str
    icon: str
    waits: bool = False


@bp.get("")
def index() -> str:
    """Our unit's questions, or (`side=theirs`) those of others to us, of which `waiting=1` shows those that wait."""
    side, waiting = chosen_view("side", ("ours", "theirs"), "ours"), request.args.get("waiting") == "1"
    ours = side == "ours"
    page = rows.lookups(
        reader(), actor(), services().clock.now(), ours=ours, waiting=waiting, cursor=request.args.get("cursor")
    )
    tabs = _tabs()
    return render_template(
        "lookups/index.html",
        page=page,
        view=side,
        waiting=waiting,
        refusal=words_of(may_look_up(actor())) if ours else "" if tabs["answers"] else _SEEN_BY,
        spared=_spared(),
        standing=standing,
        **tabs,
    )


@bp.get("/log")
def log() -> str:
    """The auditor's list: who asked whom about what, for what purpose, on which legal basis."""
    require(may_see_readings(actor()))
    q, since, until, problem = _asked_for()
    page = rows.all_lookups(
        reader(),
        actor(),
        services().clock.now(),
        q=q,
        since=since,
        until=until,
        cursor=request.args.get("cursor"),
    )
    return render_template(
        "lookups/log.html",
        page=page,
        view="log",
        q=q,
        problem=problem,
        asked=bool(q or since or until),
        standing=standing,
        **_tabs(),
    )


@bp.route("/new", methods=["GET", "POST"])
def ask() -> ResponseReturnValue:
    """The form, and the deed: the question is written down once, however often the form is sent."""
    require(may_look_up(actor()))
    if request.method == "GET":
        shown = {name: value for name, value in request.args.items() if name != "holder_id"}
        return _ask_page(AskForm.read(shown), uuid4().hex)
    form, key = AskForm.read(request.form), request.form.get("idempotency_key", "")
    try:
        asked = _ask(form, key)
    except BadInput as error:
        return _ask_page(form, key, error.fields), 422
    except RuleBroken as error:
        return _ask_page(form, uuid4().hex, problem=error.thai), 422
    refresh_reader()
    return redirect(url_for(".show", lookup_id=asked))


@bp.get("/kinds")
def kinds() -> str:
    """What is proposed as the kind, now that this agency is chosen; anything else may be typed."""
    require(may_look_up(actor()))
    return render_template("lookups/kinds.html", kinds=_kind_names(request.args.get("agency", "")))


@bp.get("/<uuid:lookup_id>")
def show(lookup_id: UUID) -> ResponseReturnValue:
    """One question and what was answered; before that, how far it is."""
    one = rows.lookup(reader(), actor(), lookup_id, services().clock.now())
    if request.headers.get("HX-Request"):
        return _live(one)
    return _page(one)


@bp.get("/<uuid:lookup_id>/files/<name>")
def open_file(lookup_id: UUID, name: str) -> Response:
    """A document that came with the answer."""
    one = rows.lookup(reader(), actor(), lookup_id, services().clock.now())
    file, data = asking_issuers.open_looked_up(services(), actor=actor(), lookup_id=lookup_id, name=name)
    told = next(d for d in one.documents if d.file is not None and d.file.name == file.name)
    ending = file.name[file.name.rindex(".") :]
    return download(data, telling_name(told.number, told.name, ending), file.media_type, plain="document")


@bp.post("/<uuid:lookup_id>/answer")
def answer(lookup_id: UUID) -> ResponseReturnValue:
    """A clerk answers another agency's question."""
    try:
        days = _days(request.form.get("keep_days", ""))
        outcome = answering_lookups.answer_lookup(
            services(),
            actor=actor(),
            lookup_id=lookup_id,
            with_file=request.form.get("gives") == Want.FILE.value,
            keep_days=days,
        )
    except (BadInput, RuleBroken) as error:
        return _again(lookup_id, error)
    flash(f"ตอบแล้ว: {outcome.thai} ระบบลงตราและส่งให้เอง", "green")
    refresh_reader()
    return redirect(url_for(".show", lookup_id=lookup_id))


@bp.post("/<uuid:lookup_id>/refuse")
def refuse(lookup_id: UUID) -> ResponseReturnValue:
    """A clerk refuses another agency's question, with words."""
    try:
        answering_lookups.refuse_lookup(
            services(), actor=actor(), lookup_id=lookup_id, why=_why(), text=request.form.get("text", "")
        )
    except (BadInput, RuleBroken) as error:
        return _again(lookup_id, error)
    flash("แจ้งผู้ขอแล้วว่าไม่ให้ข้อมูล พร้อมเหตุผล", "green")
    refresh_reader()
    return redirect(url_for(".show", lookup_id=lookup_id))


def standing(row: LookupRow) -> Standing:
    """How far a question is."""
    if row.outcome is not None and row.outcome.is_final:
        tones = {Outcome.FOUND: ("green", "check"), Outcome.NOT_FOUND: ("amber", "ask"), Outcome.REFUSED: ("red", "x")}
        return Standing(row.outcome.thai, *tones[row.outcome])
    if row.late:
        return Standing("หมดเวลารอ ยังไม่มีคำตอบ", "red", "clock")
    if row.outcome is Outcome.WAITING:
        waits_for = "รอผู้ออกตอบ" if row.ours else "รอเจ้าหน้าที่ตอบ" if row.why_not else "รอท่านตอบ"
        return Standing(waits_for, "amber", "clock", waits=row.ours)
    if row.owes:
        return Standing("รอลงตรา", "act", "clock", waits=True)
    if row.outbox_state in ("failed", "stopped"):
        return Standing("ส่งคำขอไม่สำเร็จ", "red", "x")
    if row.outbox_state == "queued":
        return Standing("กำลังส่งคำขอ", "act", "mail", waits=True)
    return Standing("ถามซ้ำแล้ว รอคำตอบ" if row.repeats else "รอคำตอบ", "amber", "clock", waits=True)


def _tabs() -> dict[str, Any]:
    who, kinds = actor(), our_kinds(reader(), actor(), services().clock.now())
    return {
        "audits": may_see_readings(who) is None,
        "answers": rows.sees_questions(who, kinds),
        "waiting_count": rows.waiting_questions(reader(), who, kinds)[0],
    }


def _spared() -> rows.Spared:
    """The copies not asked for in the last twelve months, together."""
    today = office_date(services().clock.now())
    since = date(today.year - 1, today.month, 1)
    found = rows.copies_not_asked(reader(), actor().agency_id, since, today)
    asked, answered, made = (sum(getattr(one, name) for one in found) for name in ("asked", "answered", "made"))
    return rows.Spared(since, asked, answered, made)


def _asked_for() -> tuple[str, date | None, date | None, str]:
    today = office_date(services().clock.now())
    days: dict[str, date | None] = {}
    problem = ""
    for name in ("since", "until"):
        try:
            days[name] = read_date(request.args.get(name, ""), today)
        except NotADate as error:
            problem = str(error)
    return request.args.get("q", "").strip(), days.get("since"), days.get("until"), problem


def _ask(form: AskForm, key: str) -> UUID:
    want = form.wanted
    said = do_once(
        once_key(actor(), key, "lookup", *form.as_dict().values()),
        lambda office: {
            "id": str(
                asking_issuers.ask_issuer(
                    office,
                    actor=actor(),
                    other_code=form.agency,
                    document_kind=form.document_kind,
                    number=form.number,
                    holder_id=form.holder_id,
                    want=want,
                    purpose=form.purpose,
                    legal_basis=form.legal_basis,
                ).id
            )
        },
        lambda made: {"id": str(made)},
    )
    return UUID(said.answer["id"])


def _ask_page(form: AskForm, key: str, errors: dict[str, str] | None = None, *, problem: str = "") -> str:
    ours = people.agency(reader(), actor().agency_id).code
    return render_template(
        "lookups/ask.html",
        form=form,
        key=key,
        errors=errors or {},
        problem=problem,
        wants=[(one.value, one.thai) for one in Want],
        kinds=_kind_names(form.agency),
        agencies=[(row.code, row.name, row.abbr) for row in directory.who_look_up(reader()) if row.code != ours],
    )


def _kind_names(agency: str) -> list[str]:
    return list(dict.fromkeys(one.name for one in rows.kinds_to_ask(reader(), actor(), agency)))


def _live(one: LookupPage) -> Response:
    if not standing(one.row).waits:
        return Response(headers={"HX-Refresh": "true"})
    return Response(render_template("lookups/live.html", row=one.row, standing=standing(one.row)))


def _page(one: LookupPage, errors: dict[str, str] | None = None, problem: str = "") -> str:
    waits = not one.row.ours and one.row.outcome is Outcome.WAITING
    return render_template(
        "lookups/show.html",
        one=one,
        row=one.row,
        standing=standing(one.row),
        verdict=verdict_of(one.verdict),
        copies=copies_of(lookup_id=one.row.id) if one.row.ours and one.files else None,
        holder=one.holder_id if waits and not one.row.why_not else masked_holder(one.holder_id),
        waits=waits,
        foreseen=_foreseen(one.row) if waits and not one.row.why_not else None,
        errors=errors or {},
        problem=problem,
        typed=request.form,
        refusals=REFUSALS,
        keep_days=people.keeps_answers(reader(), actor().agency_id),
        state_words=state_words,
        state_tones=STATE_TONES,
    )


def _foreseen(row: LookupRow) -> Foreseen | None:
    """What a press would say; nothing where somebody has just answered."""
    try:
        return answering_lookups.foresee(services(), actor=actor(), lookup_id=row.id)
    except RuleBroken:
        return None


def _again(lookup_id: UUID, error: BadInput | RuleBroken) -> ResponseReturnValue:
    """The page once more, with what was wrong beside what was typed."""
    one = rows.lookup(reader(), actor(), lookup_id, services().clock.now())
    fields = error.fields if isinstance(error, BadInput) else {}
    return _page(one, fields, "" if fields else error.thai), 422


def _days(typed: str) -> int | None:
    try:
        return int(typed) if typed.strip() else None
    except ValueError:
        raise BadInput({"keep_days": "ใส่จำนวนวัน เช่น ๙๐"}) from None


def _why() -> Why:
    try:
        return Why(request.form.get("why", ""))
    except ValueError:
        raise BadInput({"why": "เลือกเหตุผล"}) from None
