"""The rest of a letter's route, chosen by its clerk or by the officer whose turn it is; being against; noting it."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from saraban.domain.agency import PositionId
from saraban.domain.calendar import office_date
from saraban.domain.errors import BadInput, NotFound, SarabanError
from saraban.domain.letter import Letter, LetterId
from saraban.domain.letter_state import OPEN_FOR_CHANGE
from saraban.domain.permissions import may_revise_on_route, require
from saraban.domain.route import StepKind
from saraban.doorway import actor, reader, refresh_reader, services
from saraban.doorway.errors import problem_of
from saraban.reading.delegations import posts_to_ask
from saraban.reading.people import PostRow
from saraban.usecases import coursing, routing, viewing
from saraban.usecases.coursing import Course
from saraban.web.ahead import NOBODY, drawn_ahead
from saraban.web.course import RoutePerson, ShownStep, drawn_stage, shown_route
from saraban.web.desk import desk_page, next_on_desk
from saraban.web.forms.route_rows import BESIDE, BLANK_ROWS, RouteRow, beside_of, course_steps, stages_of, typed_rows
from saraban.web.letters import page_of, version_seen

bp = Blueprint("coursing", __name__, url_prefix="/letters")
KINDS = tuple(kind for kind in StepKind if kind is not StepKind.SIGN)


@bp.get("/<uuid:letter_id>/course")
def show(letter_id: UUID) -> ResponseReturnValue:
    """What of the route is to come, to be changed."""
    course = coursing.open_course(services(), actor=actor(), letter_id=LetterId(letter_id))
    return _page(course, _rows(course))


@bp.post("/<uuid:letter_id>/course")
def change(letter_id: UUID) -> ResponseReturnValue:
    """Keep other steps, or show the rows again with one moved or more blank ones."""
    course = coursing.open_course(services(), actor=actor(), letter_id=LetterId(letter_id))
    rows, act = typed_rows(request.form), request.form.get("act", "")
    if "up" in request.form or act == "more":
        return _page(course, rows, blank=BLANK_ROWS * 2 if act == "more" else BLANK_ROWS)
    try:
        coursing.change_course(
            services(),
            actor=actor(),
            letter_id=LetterId(letter_id),
            steps=None if act == "template" else course_steps(rows),
            version=version_seen(),
        )
    except SarabanError as error:
        words = error.fields.get("steps", error.thai) if isinstance(error, BadInput) else error.thai
        return _page(course, rows, words=words), 422
    refresh_reader()
    flash("ใช้เส้นทางตามแบบแล้ว" if act == "template" else "เปลี่ยนเส้นทางแล้ว", "green")
    return redirect(_back(course.letter))


@bp.post("/<uuid:letter_id>/course/picture")
def picture(letter_id: UUID) -> ResponseReturnValue:
    """The course as the rows stand."""
    course = coursing.open_course(services(), actor=actor(), letter_id=LetterId(letter_id))
    steps = _picture(course, typed_rows(request.form), _posts())
    return render_template("coursing/picture.html", steps=steps)


@bp.get("/<uuid:letter_id>/amend")
def amend_page(letter_id: UUID) -> ResponseReturnValue:
    """The words of a letter, for the officer of a step that may change them."""
    letter = viewing.open_letter(services(), actor=actor(), letter_id=LetterId(letter_id))
    require(may_revise_on_route(actor(), letter))
    return render_template("coursing/amend.html", letter=letter, typed=letter.content, errors={}, said="")


@bp.post("/<uuid:letter_id>/amend")
def amend(letter_id: UUID) -> ResponseReturnValue:
    """Change the words of a letter at one's step."""
    letter = viewing.open_letter(services(), actor=actor(), letter_id=LetterId(letter_id))
    words = {name: request.form.get(name, "").replace("\r\n", "\n") for name in ("subject", "addressed_to", "body")}
    content = replace(letter.content, subject=words["subject"], addressed_to=words["addressed_to"], body=words["body"])
    try:
        coursing.revise_on_route(
            services(), actor=actor(), letter_id=letter.id, content=content, version=version_seen()
        )
    except SarabanError as error:
        fields = error.fields if isinstance(error, BadInput) else {}
        said = "" if fields else error.thai
        page = render_template("coursing/amend.html", letter=letter, typed=content, errors=fields, said=said)
        return page, problem_of(error).status
    refresh_reader()
    flash("แก้ร่างแล้ว ความเห็นก่อนหน้าให้ไว้กับฉบับก่อน", "green")
    return redirect(url_for("routing.show", letter_id=letter_id))


@bp.post("/<uuid:letter_id>/object")
def be_against(letter_id: UUID) -> ResponseReturnValue:
    """Be against, and leave it to the others of the stage."""
    following = next_on_desk(letter_id)
    try:
        coursing.object_letter(
            services(),
            actor=actor(),
            letter_id=LetterId(letter_id),
            reason=request.form.get("reason", ""),
            version=version_seen(),
        )
    except SarabanError as error:
        return desk_page(letter_id, error=error, deed="object")
    refresh_reader()
    flash("บันทึกว่าไม่เห็นชอบแล้ว หนังสือรอผู้อื่นในลำดับเดียวกัน", "green")
    return redirect(url_for("routing.show", letter_id=following) if following is not None else url_for("routing.desk"))


@bp.post("/<uuid:letter_id>/steps/<int:ordinal>/hand")
def hand(letter_id: UUID, ordinal: int) -> ResponseReturnValue:
    """Give a step that waits for a vacant position to another one."""
    typed = request.form
    try:
        coursing.hand_step(
            services(),
            actor=actor(),
            letter_id=LetterId(letter_id),
            ordinal=ordinal,
            position_id=_position(typed.get(f"position_{ordinal}", "")),
            reason=typed.get(f"reason_{ordinal}", ""),
            version=version_seen(),
        )
    except NotFound:
        raise
    except SarabanError as error:
        return page_of(letter_id, error, "ยังให้ตำแหน่งอื่นทำแทนไม่ได้")
    refresh_reader()
    flash("ให้ตำแหน่งอื่นทำลำดับนี้แล้ว หนังสือไปต่อทันที", "green")
    return redirect(url_for("letters.show", letter_id=letter_id))


@bp.post("/<uuid:letter_id>/note")
def take_note(letter_id: UUID) -> ResponseReturnValue:
    """Note a letter that is for one's information."""
    coursing.acknowledge_letter(
        services(), actor=actor(), letter_id=LetterId(letter_id), note=request.form.get("note", "")
    )
    refresh_reader()
    flash("รับทราบแล้ว", "green")
    return redirect(url_for("letters.show", letter_id=letter_id))


def _page(course: Course, rows: list[RouteRow], *, blank: int = BLANK_ROWS, words: str = "") -> str:
    posts, letter = _posts(), course.letter
    return render_template(
        "coursing/show.html",
        letter=letter,
        is_open=letter.state in OPEN_FOR_CHANGE,
        own=course.own,
        rows=[*rows, *[RouteRow() for _ in range(blank)]],
        kinds=[(kind.value, kind.thai) for kind in KINDS],
        whom=[("", [(str(one.position_id), f"{one.title} ({one.person})") for one in posts])],
        besides=list(BESIDE.items()),
        steps=_picture(course, rows, posts),
        words=words,
        back=_back(letter),
    )


def _rows(course: Course) -> list[RouteRow]:
    beside = beside_of([(step.stage, step.need) for step in course.steps])
    return [
        RouteRow(
            step.kind.value,
            str(step.post.position.id) if step.post is not None else "",
            beside[n],
            fixed=step.required,
        )
        for n, step in enumerate(course.steps)
    ]


def _picture(course: Course, rows: list[RouteRow], posts: list[PostRow]) -> list[ShownStep]:
    """What has begun, the rows, and those who sign."""
    letter = course.letter
    named = {str(one.position_id): one for one in posts}
    if letter.state in OPEN_FOR_CHANGE:
        ahead = routing.route_ahead(services(), actor=actor(), content=letter.content, letter_id=letter.id)
        signing = next((one.stage for one in ahead if one.kind is StepKind.SIGN), 0)
        begun, end = shown_route(letter)[:1], drawn_ahead([one for one in ahead if one.stage >= signing])
    else:
        rest = {step.stage for step in letter.changeable()}
        stages = sorted({step.stage for step in letter.route})
        now = max((s.stage for s in letter.current_steps()), default=0)
        shown = list(zip(stages, shown_route(letter)[1:], strict=True))
        begun = [shown_route(letter)[0], *(one for stage, one in shown if stage <= now)]
        end = [one for stage, one in shown if stage > now and stage not in rest]
    return [*begun, *_drawn_rows(rows, named), *end]


def _drawn_rows(rows: list[RouteRow], named: dict[str, PostRow]) -> list[ShownStep]:
    shown: list[ShownStep] = []
    stages, kinds = stages_of(rows), {kind.value: kind for kind in StepKind}
    for stage in sorted({one for one, _ in stages}):
        here = [
            (kinds[row.kind], need, named.get(row.who))
            for row, (at, need) in zip(rows, stages, strict=True)
            if at == stage and row.filled and row.kind in kinds
        ]
        if here:
            people_of = [RoutePerson(p.person if p else NOBODY, False, p.title if p else "") for _, _, p in here]
            shown.append(drawn_stage([(kind, need) for kind, need, _ in here], people_of))
    return shown


def _posts() -> list[PostRow]:
    return posts_to_ask(reader(), actor().agency_id, office_date(services().clock.now()))


def _position(text: str) -> PositionId:
    try:
        return PositionId(UUID(text))
    except ValueError:
        raise BadInput({"position": "เลือกตำแหน่งที่จะทำลำดับนี้แทน"}) from None


def _back(letter: Letter) -> str:
    if letter.state in OPEN_FOR_CHANGE:
        return url_for("letters.edit", letter_id=letter.id)
    if letter.step_of(actor()) is not None:
        return url_for("routing.show", letter_id=letter.id)
    return url_for("letters.show", letter_id=letter.id)
