"""What an agency decides about questions to and from issuers of documents, for programs."""

from __future__ import annotations

from dataclasses import replace

from marshmallow import Schema

from saraban import doorway
from saraban.api import shapes as s
from saraban.api.fields import Form, Whole
from saraban.api.gate import section, told
from saraban.api.repeating import Json
from saraban.domain.lookup import LIMITS
from saraban.reading import bookkeeping as rows
from saraban.usecases import bookkeeping

api = section("lookup-limits", "ขีดจำกัดของการตรวจเอกสารกับผู้ออก ตามที่หน่วยงานตั้ง")


class LookupLimitsForm(Form):
    """What an agency decides about questions: only what is sent is changed."""

    keep_days = Whole(least=LIMITS["lookup_keep_days"][0], most=LIMITS["lookup_keep_days"][1])
    wait_days = Whole(least=LIMITS["lookup_wait_days"][0], most=LIMITS["lookup_wait_days"][1])
    most_a_day = Whole(least=LIMITS["lookup_most_a_day"][0], most=LIMITS["lookup_most_a_day"][1])


class LookupLimitsShape(Schema):
    """How long askers may keep what they were told, how long we wait, and how many of one agency are answered by
    themselves in a day."""

    keep_days = s.whole(90)
    wait_days = s.whole(7)
    most_a_day = s.whole(200)


@api.get("/lookup-limits")
@told("ขีดจำกัดของการตรวจเอกสาร", "ผู้ดูแลระบบ")
@api.gives(200, LookupLimitsShape)
def limits() -> Json:
    """Tell what the agency decided about questions."""
    return _limits()


@api.patch("/lookup-limits")
@told("เปลี่ยนขีดจำกัดของการตรวจเอกสาร", "ผู้ดูแลระบบ แก้เฉพาะที่ส่งมา")
@api.takes(LookupLimitsForm, example={"keep_days": 30})
@api.gives(200, LookupLimitsShape)
def decide(sent: Json) -> Json:
    """Decide about questions."""
    who = doorway.actor()
    kept = rows.options(doorway.reader(), who)
    doorway.refresh_reader()
    said = replace(kept, **{f"lookup_{name}": value for name, value in sent.items()})
    bookkeeping.set_options(doorway.services(), actor=who, options=said)
    doorway.refresh_reader()
    return _limits()


def _limits() -> Json:
    kept = rows.options(doorway.reader(), doorway.actor())
    return {name.removeprefix("lookup_"): getattr(kept, name) for name in LIMITS}
