"""The course of a letter beside passing it on, and the tables from which courses are drawn."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from marshmallow import Schema

from saraban import doorway
from saraban.api import answers, forms
from saraban.api import shapes as s
from saraban.api.drafts import content_of
from saraban.api.fields import Choice, Flag, Form, Group, Identity, Items, Text, Whole
from saraban.api.gate import section, told
from saraban.api.letters import changed
from saraban.api.repeating import Json, once
from saraban.domain import classification as closed
from saraban.domain.agency import PositionId
from saraban.domain.letter import LetterId
from saraban.domain.route import Again, CourseStep, Holder, RouteTemplate, StepKind, TemplateStep
from saraban.domain.stages import MOST_STEPS
from saraban.usecases import coursing, viewing
from saraban.usecases.ports import Services

api = section("coursing", "เส้นทางของหนังสือ: เปลี่ยนลำดับ ไม่เห็นชอบ รับทราบ และเส้นทางของแบบหนังสือ")
_STAGE = {"description": "ลำดับที่มีเลขเดียวกันทำพร้อมกัน", "example": 1}
_NEED = {"description": "กี่ตำแหน่งของลำดับจึงพอ 0 คือทุกตำแหน่ง", "example": 0}
_BEFORE_SIGNING = [kind for kind in StepKind if kind is not StepKind.SIGN]


class ChosenStepForm(Form):
    """A step of one letter before those who sign."""

    kind = Choice([kind.value for kind in _BEFORE_SIGNING], required=True, metadata={"example": "opinion"})
    position = Identity(required=True, metadata={"description": "รหัสจาก GET /positions"})
    stage = Whole(least=1, most=MOST_STEPS, required=True, metadata=_STAGE)
    need = Whole(most=MOST_STEPS, load_default=0, metadata=_NEED)


class CourseForm(forms.VersionForm):
    """The steps before those who sign; null takes those of the table again, for a draft."""

    steps = Items(Group(ChosenStepForm), most=MOST_STEPS, required=True, allow_none=True)


class HandForm(forms.ReturnForm):
    """The position that shall do what a vacant one is asked, and why."""

    position = Identity(required=True, metadata={"description": "รหัสจาก GET /positions"})


class TableStepForm(Form):
    """A row of a route table."""

    kind = Choice(StepKind, required=True, metadata={"example": "endorse"})
    holder = Choice(Holder, required=True, metadata={"example": "unit-director"})
    position = Identity(load_default=None, allow_none=True, metadata={"description": "เมื่อ holder เป็น position"})
    stage = Whole(least=1, most=MOST_STEPS, required=True, metadata=_STAGE)
    need = Whole(most=MOST_STEPS, load_default=0, metadata=_NEED)
    required = Flag(load_default=True, metadata={"description": "ต้องมีในเส้นทางของทุกฉบับ"})
    edits = Flag(load_default=False, metadata={"description": "ผู้ทำลำดับนี้แก้ร่างได้"})


class TableForm(Form):
    """A route table; a unit without steps takes the agency's again."""

    form = Choice(closed.Form, required=True)
    unit = Text(most=100, load_default="", metadata={"description": "รหัสหน่วยงาน ไม่ส่งคือทั้งส่วนราชการ"})
    again = Choice(Again, load_default=Again.ALL.value, metadata={"description": "ใครถูกถามใหม่เมื่อหนังสือถูกแก้"})
    steps = Items(Group(TableStepForm), most=MOST_STEPS, required=True)


class TableQuery(Form):
    """Which route table."""

    form = Choice(closed.Form, required=True)
    unit = Text(most=100, load_default="")


class TableStepShape(Schema):
    """A row of a route table."""

    kind = s.one_of(StepKind)
    holder = s.one_of(Holder)
    position = s.identity(none=True)
    stage = s.whole(1)
    need = s.whole(0)
    required = s.true("ต้องมี")
    edits = s.true("แก้ร่างได้")


class TableShape(Schema):
    """A route table; `own`: the unit has one of its own."""

    form = s.one_of(closed.Form)
    unit = s.text("")
    own = s.true("เป็นของหน่วยงานนั้นเอง")
    again = s.one_of(Again)
    steps = s.many(TableStepShape)


@api.post("/letters/<uuid:letter_id>/course")
@told("เปลี่ยนเส้นทางของหนังสือ", "ร่าง: ทุกลำดับก่อนผู้ลงนาม ระหว่างเสนอ: ลำดับที่ยังไม่ถึง ลำดับที่ต้องมีและผู้ลงนามอยู่เสมอ")
@api.takes(
    CourseForm, example={"steps": [{"kind": "check", "position": "6a0c1f0e-0f0e-4a52-9a57-0f6f0a8f9c11", "stage": 1}]}
)
@api.gives(200, answers.ChangedShape)
def change(sent: Json, letter_id: UUID) -> Any:
    """Choose other steps before those who sign."""

    def work(office: Services) -> Json:
        steps = sent["steps"]
        coursing.change_course(
            office,
            actor=doorway.actor(),
            letter_id=LetterId(letter_id),
            steps=None if steps is None else [_chosen(one) for one in steps],
            version=sent.get("version"),
        )
        return changed(letter_id)

    answer, headers = once(work, changed)
    return answer, 200, headers


@api.post("/letters/<uuid:letter_id>/steps/<int:ordinal>/hand")
@told("ให้ตำแหน่งอื่นทำลำดับที่ว่าง", "เฉพาะลำดับก่อนลงนามที่รอตำแหน่งซึ่งไม่มีผู้ดำรงและไม่มีผู้ทำหน้าที่แทน สิ่งที่ให้ทำไม่เปลี่ยน")
@api.takes(HandForm, example={"position": "6a0c1f0e-0f0e-4a52-9a57-0f6f0a8f9c11", "reason": "ตำแหน่งว่าง"})
@api.gives(200, answers.ChangedShape)
def hand(sent: Json, letter_id: UUID, ordinal: int) -> Any:
    """Give a step that waits for a vacant position to another one."""

    def work(office: Services) -> Json:
        coursing.hand_step(
            office,
            actor=doorway.actor(),
            letter_id=LetterId(letter_id),
            ordinal=ordinal,
            position_id=PositionId(sent["position"]),
            reason=sent["reason"],
            version=sent.get("version"),
        )
        return changed(letter_id)

    answer, headers = once(work, changed)
    return answer, 200, headers


@api.post("/letters/<uuid:letter_id>/object")
@told("ไม่เห็นชอบ", "ในลำดับที่บางคนพอ หนังสือรอผู้อื่นในลำดับเดียวกัน ถ้าผู้อื่นไม่พอต้องส่งคืน")
@api.takes(forms.ReturnForm, example={"reason": "ไม่คุ้มค่าใช้จ่าย"})
@api.gives(200, answers.ChangedShape)
def be_against(sent: Json, letter_id: UUID) -> Any:
    """Be against, and leave the letter to the others of the stage."""

    def work(office: Services) -> Json:
        coursing.object_letter(
            office,
            actor=doorway.actor(),
            letter_id=LetterId(letter_id),
            reason=sent["reason"],
            version=sent.get("version"),
        )
        return changed(letter_id)

    answer, headers = once(work, changed)
    return answer, 200, headers


@api.post("/letters/<uuid:letter_id>/acknowledge")
@told("รับทราบ", "หนังสือที่ส่งมาเพื่อทราบ ไม่มีลำดับใดรอการรับทราบ")
@api.takes(forms.EndorseForm, required=False, example={"note": ""})
@api.gives(200, answers.ChangedShape)
def acknowledge(sent: Json, letter_id: UUID) -> Any:
    """Note a letter that is for one's information."""

    def work(office: Services) -> Json:
        coursing.acknowledge_letter(
            office, actor=doorway.actor(), letter_id=LetterId(letter_id), note=sent.get("note", "")
        )
        return changed(letter_id)

    answer, headers = once(work, changed)
    return answer, 200, headers


@api.post("/letters/<uuid:letter_id>/amend")
@told("แก้ร่างระหว่างเสนอ", "เฉพาะลำดับที่เส้นทางให้แก้ร่างได้ ความเห็นก่อนหน้าแสดงว่าให้ไว้กับฉบับก่อน และถามใหม่ตามที่เส้นทางกำหนด")
@api.takes(forms.LetterRevision, example={"version": 3, "subject": "ขอเลื่อนการประชุม"})
@api.gives(200, answers.ChangedShape)
def amend(sent: Json, letter_id: UUID) -> Any:
    """Change the letter at one's step of its route."""

    def work(office: Services) -> Json:
        letter = viewing.open_letter(office, actor=doorway.actor(), letter_id=LetterId(letter_id))
        coursing.revise_on_route(
            office,
            actor=doorway.actor(),
            letter_id=letter.id,
            content=content_of(sent, letter.content),
            version=sent["version"],
        )
        return changed(letter_id)

    answer, headers = once(work, changed)
    return answer, 200, headers


@api.get("/route-templates")
@told("เส้นทางของแบบหนังสือ", "เฉพาะผู้ดูแลระบบ หน่วยงานที่ไม่มีเส้นทางของตนได้ของส่วนราชการ")
@api.takes(TableQuery, location="query")
@api.gives(200, TableShape)
def show_table(asked: Json) -> Json:
    """Show the route table of a form."""
    return _table(asked["form"], asked["unit"])


@api.post("/route-templates")
@told("กำหนดเส้นทางของแบบหนังสือ", "เฉพาะผู้ดูแลระบบ หนังสือที่เสนอไปแล้วใช้เส้นทางเดิม")
@api.takes(TableForm, example={"form": "external", "steps": [{"kind": "sign", "holder": "agency-head", "stage": 1}]})
@api.gives(200, TableShape)
def set_table(sent: Json) -> Any:
    """Set the route table of a form."""

    def work(office: Services) -> Json:
        coursing.set_template(
            office,
            actor=doorway.actor(),
            form=closed.Form(sent["form"]),
            steps=[_row(n, one) for n, one in enumerate(sent["steps"], 1)],
            again=Again(sent["again"]),
            unit_code=sent["unit"],
        )
        return _table(sent["form"], sent["unit"])

    answer, headers = once(work, lambda _: _table(sent["form"], sent["unit"]))
    return answer, 200, headers


def _chosen(one: Json) -> CourseStep:
    return CourseStep(StepKind(one["kind"]), PositionId(one["position"]), one["stage"], one["need"])


def _row(ordinal: int, one: Json) -> TemplateStep:
    return TemplateStep(
        ordinal,
        StepKind(one["kind"]),
        Holder(one["holder"]),
        one["stage"],
        one["need"],
        PositionId(one["position"]) if one["position"] is not None else None,
        one["required"],
        one["edits"],
    )


def _table(form: str, unit: str) -> Json:
    kind = closed.Form(form)
    found: RouteTemplate = coursing.open_template(doorway.services(), actor=doorway.actor(), form=kind, unit_code=unit)
    return {
        "form": kind.value,
        "unit": unit,
        "own": found.of_unit,
        "again": found.again.value,
        "steps": [
            {
                "kind": step.kind.value,
                "holder": step.holder.value,
                "position": str(step.position_id) if step.position_id is not None else None,
                "stage": step.stage,
                "need": step.need,
                "required": step.required,
                "edits": step.edits,
            }
            for step in found.steps
        ],
    }
