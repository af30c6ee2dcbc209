"""The form of a day that an agency works or does not work. What is right about it, the use case says."""

from __future__ import annotations

from wtforms import RadioField, StringField

from saraban.web.forms.guarded import GuardedForm

KINDS = {"off": "วันหยุด", "worked": "วันทำการ"}


class DayForm(GuardedForm):
    """A day, whether it is off, its name, and where that is announced."""

    day = StringField("วันที่")
    kind = RadioField("เป็น", choices=KINDS, validate_choice=False, default="off")
    title = StringField("ชื่อวันหยุด")
    source = StringField("ประกาศหรือมติ")
