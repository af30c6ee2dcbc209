"""A route of the demo on which two are asked at once and one of them is enough, and a document that takes it."""

from __future__ import annotations

from saraban.demo.books import officer
from saraban.demo.places import HOSTED
from saraban.domain.classification import Form
from saraban.domain.content import Content
from saraban.domain.route import Again, Holder, StepKind, TemplateStep
from saraban.usecases.coursing import set_template
from saraban.usecases.drafting import start_letter
from saraban.usecases.ports import Services
from saraban.usecases.routing import submit_letter


def write_routes(services: Services) -> None:
    """Set the route of regulations in each agency, and put one of the first agency on its way."""
    for place in HOSTED:
        admin, records = (officer(services, f"{name}.{place.code}") for name in ("admin", "records"))
        steps = (
            TemplateStep(1, StepKind.OPINION, Holder.UNIT_DIRECTOR, stage=1, need=1, edits=True),
            TemplateStep(2, StepKind.OPINION, Holder.POSITION, stage=1, need=1, position_id=records.position_id),
            TemplateStep(3, StepKind.SIGN, Holder.AGENCY_HEAD, stage=2),
            TemplateStep(4, StepKind.INFORM, Holder.POSITION, stage=3, position_id=admin.position_id),
        )
        set_template(services, actor=admin, form=Form.REGULATION, steps=steps, again=Again.FROM)
    clerk = officer(services, f"clerk.{HOSTED[0].code}")
    content = Content(
        form=Form.REGULATION,
        subject="การใช้ห้องประชุมของสำนักงาน",
        body="ข้อ ๑ ข้อบังคับนี้ใช้แก่ห้องประชุมทุกห้องของสำนักงาน\n\nข้อ ๒ ผู้ขอใช้แจ้งล่วงหน้าไม่น้อยกว่าสามวันทำการ",
    )
    letter_id = start_letter(services, actor=clerk, content=content)
    submit_letter(services, actor=clerk, letter_id=letter_id)
