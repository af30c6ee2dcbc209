"""To which ministry an agency belongs, as it stands at the head of its lists of the archive, for programs."""

from __future__ import annotations

from dataclasses import replace

from marshmallow import Schema

from saraban import doorway
from saraban.api import shapes as s
from saraban.api.fields import Form, Text
from saraban.api.gate import section, told
from saraban.api.repeating import Json
from saraban.reading import bookkeeping as rows
from saraban.usecases import bookkeeping

api = section("ministry", "กระทรวงหรือทบวงที่สังกัด ที่หัวบัญชีแบบที่ ๒๑ ๒๒ ๒๓ และ ๒๕")


class MinistryForm(Form):
    """The ministry."""

    ministry = Text(most=200, required=True, metadata={"description": "ว่างคือเว้นให้เขียนเอง"})


class MinistryShape(Schema):
    """The ministry, empty where none was set."""

    ministry = s.text("กระทรวงมหาดไทย")


@api.get("/ministry")
@told("กระทรวงที่สังกัด", "ผู้ดูแลระบบ")
@api.gives(200, MinistryShape)
def ministry() -> Json:
    """Tell the ministry."""
    return _ministry()


@api.patch("/ministry")
@told("กำหนดกระทรวงที่สังกัด", "ผู้ดูแลระบบ")
@api.takes(MinistryForm, example={"ministry": "กระทรวงมหาดไทย"})
@api.gives(200, MinistryShape)
def set_ministry(sent: Json) -> Json:
    """Set the ministry."""
    who = doorway.actor()
    kept = rows.options(doorway.reader(), who)
    doorway.refresh_reader()
    said = replace(kept, ministry=" ".join(sent["ministry"].split()))
    bookkeeping.set_options(doorway.services(), actor=who, options=said)
    doorway.refresh_reader()
    return _ministry()


def _ministry() -> Json:
    return {"ministry": rows.options(doorway.reader(), doorway.actor()).ministry}
