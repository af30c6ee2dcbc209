"""บัญชีหนังสือขอทำลาย on the screens: survey, committee, the head, the National Archives, and the officers who carry it
out."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from saraban.domain.agency import PersonId
from saraban.domain.calendar import BUDDHIST_OFFSET, office_date
from saraban.domain.disposal import survey_deadline
from saraban.domain.disposal_item import Opinion, Verdict
from saraban.domain.errors import NotFound
from saraban.domain.permissions import (
    may_carry_out,
    may_consider_disposal,
    may_decide_disposal,
    may_propose_disposal,
    words_of,
)
from saraban.domain.retention import Term
from saraban.doorway import actor, reader, services
from saraban.doorway.archive_papers import list_head
from saraban.reading import archive as rows
from saraban.reading import cautions, kept_lists, people
from saraban.reading.holds import held_among
from saraban.reading.paging import part_of
from saraban.usecases import archive_sheets, destroying
from saraban.web.archive_deeds import PDF, chosen, done, typed_day, typed_year
from saraban.web.downloads import download
from saraban.web.turning import chosen_of, cursor_here, turned

bp = Blueprint("disposals", __name__, url_prefix="/archive/disposals")


@bp.get("")
def index() -> str:
    """What is due, and the lists that were drawn up."""
    today = office_date(services().clock.now())
    year = today.year + BUDDHIST_OFFSET - 1
    page = kept_lists.disposals(reader(), actor(), request.values.get("cursor") or None)
    return render_template(
        "archive/disposals.html",
        view="disposals",
        due=rows.due(reader(), actor(), today),
        year=year,
        deadline=survey_deadline(year),
        today=today,
        lists=[(made, rows.waits_for_me(made, actor())) for made in page.items],
        page=page,
        held_back=rows.held_back(reader(), actor(), today, request.values.get("late") or None),
        twenty=cautions.twenty(reader(), actor(), today),
        why_not=words_of(may_propose_disposal(actor())),
    )


@bp.post("")
def propose() -> ResponseReturnValue:
    """Draw up a list of what is due."""
    year = office_date(services().clock.now()).year + BUDDHIST_OFFSET - 1
    electronic = request.form.get("what") == "electronic"
    need = request.form.get("need", "")
    return done(
        lambda: destroying.propose(services(), actor=actor(), year=year, electronic=electronic, need=need),
        "จัดทำบัญชีหนังสือขอทำลายแล้ว รอหัวหน้าส่วนราชการแต่งตั้งคณะกรรมการ",
        lambda list_id: url_for(".show", list_id=list_id),
        index,
    )


@bp.get("/<uuid:list_id>")
def show(list_id: UUID) -> str:
    """One list with its letters and the deed that it waits for."""
    made = rows.disposal(reader(), actor(), list_id)
    today = office_date(services().clock.now())
    officers = [one.person_id for one in made.officers]
    against = cautions.cautions_of(reader(), actor(), made, today)
    part = part_of(made.items, cursor_here(), rows.SHOWN)
    return render_template(
        "archive/disposal.html",
        made=made,
        part=part,
        cursor=cursor_here(),
        against=against,
        against_count=cautions.counted(against),
        today=today,
        held=held_among(reader(), (item.entry_id for item in part.items)),
        silent=made.agreed_by_silence(today),
        people=[(one.id, one.name, one.title) for one in people.colleagues(reader(), actor().agency_id, today)],
        mine=actor().person_id,
        why_not={
            "propose": words_of(may_propose_disposal(actor())),
            "decide": words_of(may_decide_disposal(actor())),
            "consider": words_of(may_consider_disposal(actor(), made.members)),
            "confirm": words_of(may_carry_out(actor(), officers)),
        },
        why_no_record=rows.why_no_record(reader(), made),
        left=sum(item.verdict is None for item in made.items),
    )


@bp.post("/<uuid:list_id>")
def turn_list(list_id: UUID) -> str:
    """Another page of it, with what was ticked and typed."""
    turned()
    return show(list_id)


@bp.get("/<uuid:list_id>.pdf")
def list_pdf(list_id: UUID) -> ResponseReturnValue:
    """The list on paper (form 25)."""
    made = rows.disposal(reader(), actor(), list_id)
    against = cautions.cautions_of(reader(), actor(), made, office_date(services().clock.now()))
    pdf = archive_sheets.disposal_pdf(services(), head=list_head(), made=made, cautions=against)
    return download(pdf, f"บัญชีหนังสือขอทำลาย {made.year}-{made.serial}.pdf", PDF, plain="disposal-list")


@bp.get("/<uuid:list_id>/marks.pdf")
def marks_pdf(list_id: UUID) -> ResponseReturnValue:
    """Corrected marks of what is kept longer; NotFound where nothing is."""
    made = rows.disposal(reader(), actor(), list_id)
    if not any(item.longer for item in made.items):
        raise NotFound
    pdf = archive_sheets.corrected_marks_pdf(services(), made=made)
    return download(pdf, f"ตรากำหนดเก็บที่แก้ไข {made.year}-{made.serial}.pdf", PDF, plain="marks")


@bp.get("/<uuid:list_id>/record.pdf")
def record_pdf(list_id: UUID) -> ResponseReturnValue:
    """The record of the destruction."""
    made = rows.destruction(reader(), actor(), list_id)
    pdf = archive_sheets.destruction_pdf(services(), head=list_head(), made=made)
    return download(pdf, f"บันทึกการทำลายหนังสือ {made.year}-{made.serial}.pdf", PDF, plain="destruction-record")


@bp.post("/<uuid:list_id>/committee")
def appoint(list_id: UUID) -> ResponseReturnValue:
    """Appoint the committee, the chair first."""
    members = _people("chair") + _people("members")
    order = request.form.get("order", "")
    return _about(
        list_id,
        lambda: destroying.appoint(services(), actor=actor(), list_id=list_id, members=members, order=order),
        "แต่งตั้งคณะกรรมการทำลายหนังสือแล้ว",
    )


@bp.post("/<uuid:list_id>/consider")
def consider(list_id: UUID) -> ResponseReturnValue:
    """What the committee thinks of the chosen letters."""
    said = request.form

    def deed() -> None:
        verdict = Verdict.EXTEND if said.get("verdict") == "extend" else Verdict.DESTROY
        opinion = Opinion(_letters(list_id), verdict, typed_year("until"), said.get("forever") == "1")
        destroying.consider(services(), actor=actor(), list_id=list_id, opinion=opinion)

    return _about(list_id, deed, "บันทึกการพิจารณาแล้ว")


@bp.post("/<uuid:list_id>/dissent")
def dissent(list_id: UUID) -> ResponseReturnValue:
    """A member is of another mind about the chosen letters."""
    reason = request.form.get("dissent", "")

    def deed() -> None:
        for entry_id in _letters(list_id) or [UUID(int=0)]:
            destroying.dissent(services(), actor=actor(), list_id=list_id, entry_id=entry_id, reason=reason)

    return _about(list_id, deed, "บันทึกความเห็นแย้งแล้ว")


@bp.post("/<uuid:list_id>/agree")
def agree(list_id: UUID) -> ResponseReturnValue:
    """A member of the committee stands by what it found."""
    return _about(
        list_id,
        lambda: destroying.agree(services(), actor=actor(), list_id=list_id),
        "ยืนยันผลการพิจารณาแล้ว",
    )


@bp.post("/<uuid:list_id>/report")
def report(list_id: UUID) -> ResponseReturnValue:
    """Lay the report before the head."""
    return _about(
        list_id,
        lambda: destroying.report(services(), actor=actor(), list_id=list_id),
        "รายงานหัวหน้าส่วนราชการแล้ว",
    )


@bp.post("/<uuid:list_id>/decide")
def decide(list_id: UUID) -> ResponseReturnValue:
    """The head decides; chosen letters wait for the next survey."""
    said = request.form

    def deed() -> None:
        kept = dict.fromkeys(_letters(list_id), said.get("why", ""))
        destroying.decide(services(), actor=actor(), list_id=list_id, kept=kept, exempt=said.get("exempt", ""))

    return _about(list_id, deed, "บันทึกคำสั่งแล้ว")


@bp.post("/<uuid:list_id>/send")
def send(list_id: UUID) -> ResponseReturnValue:
    """It went to the National Archives."""

    def deed() -> None:
        on = typed_day("on") or office_date(services().clock.now())
        number = request.form.get("number", "")
        destroying.send_to_archives(services(), actor=actor(), list_id=list_id, on=on, number=number)

    return _about(list_id, deed, "บันทึกการส่งบัญชีแล้ว หอจดหมายเหตุแห่งชาติมีเวลา ๖๐ วัน")


@bp.post("/<uuid:list_id>/answer/letters")
def note_said(list_id: UUID) -> ResponseReturnValue:
    """What the National Archives want done with the chosen letters; their answer stays open."""

    def deed() -> None:
        verdict, term = _said()
        opinion = Opinion(_letters(list_id), verdict, term.year, term.forever)
        destroying.note_said(services(), actor=actor(), list_id=list_id, opinion=opinion)

    return _about(list_id, deed, "บันทึกความเห็นของฉบับที่เลือกแล้ว เมื่อครบทุกฉบับให้บันทึกคำตอบ")


@bp.post("/<uuid:list_id>/answer")
def answer(list_id: UUID) -> ResponseReturnValue:
    """What the National Archives answered, with what was written down before and what they say of the chosen ones."""

    def deed() -> None:
        on = typed_day("on") or office_date(services().clock.now())
        chosen = _letters(list_id)
        destroying.note_answer(
            services(),
            actor=actor(),
            list_id=list_id,
            on=on,
            number=request.form.get("number", ""),
            other=dict.fromkeys(chosen, _said()) if chosen else {},
        )

    return _about(list_id, deed, "บันทึกคำตอบของหอจดหมายเหตุแห่งชาติแล้ว")


def _said() -> tuple[Verdict, Term]:
    """What the form says of the chosen letters. Raises BadInput."""
    said = request.form.get("verdict")
    if said in ("transfer", "destroy"):
        return Verdict(said), Term()
    return Verdict.EXTEND, Term(None, True) if said == "forever" else Term(typed_year("until"))


@bp.post("/<uuid:list_id>/officers")
def officers(list_id: UUID) -> ResponseReturnValue:
    """Name who carries it out, and how."""
    named, way = _people("officers"), request.form.get("way", "")
    return _about(
        list_id,
        lambda: destroying.name_officers(services(), actor=actor(), list_id=list_id, officers=named, way=way),
        "กำหนดเจ้าหน้าที่ทำลายแล้ว แต่ละคนยืนยันด้วยบัญชีของตน",
    )


@bp.post("/<uuid:list_id>/confirm")
def confirm(list_id: UUID) -> ResponseReturnValue:
    """A named officer confirms; the last one's word destroys."""
    return _about(
        list_id,
        lambda: destroying.confirm(services(), actor=actor(), list_id=list_id),
        "ยืนยันแล้ว เมื่อครบทุกคนระบบทำลายและออกบันทึกการทำลาย",
    )


@bp.post("/<uuid:list_id>/cancel")
def cancel(list_id: UUID) -> ResponseReturnValue:
    """Give the list up."""
    reason = request.form.get("reason", "")
    return _about(
        list_id,
        lambda: destroying.cancel(services(), actor=actor(), list_id=list_id, reason=reason),
        "ยกเลิกบัญชีแล้ว หนังสือรอการสำรวจคราวต่อไป",
    )


def _about(list_id: UUID, deed: Callable[[], object], words: str) -> ResponseReturnValue:
    return done(deed, words, lambda _: url_for(".show", list_id=list_id, cursor=cursor_here()), lambda: show(list_id))


def _letters(list_id: UUID) -> list[UUID]:
    """The letters that were chosen on the list, on whichever of its pages."""
    return chosen_of(lambda: [item.entry_id for item in rows.disposal(reader(), actor(), list_id).items])


def _people(name: str) -> list[PersonId]:
    return [PersonId(one) for one in chosen(name)]
