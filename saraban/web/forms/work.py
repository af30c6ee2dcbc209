"""The forms by which officers write on an incoming letter and see to what it asks of them."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

from flask import request
from wtforms import HiddenField, StringField, TextAreaField

from saraban.domain.attachment import Digest
from saraban.domain.errors import BadInput
from saraban.domain.task import Purpose
from saraban.doorway.dates import NotADate, read_date
from saraban.web.forms.guarded import GuardedForm


def field_of(purpose: Purpose) -> str:
    """The field of the receivers for this purpose. A field that is called "action" would hide the address of its form
    from scripts."""
    return f"for_{purpose.value}"


class SeenForm(GuardedForm):
    """A form that carries the digest of the letter as it was shown."""

    seen = HiddenField()

    @property
    def digest(self) -> Digest | None:
        """What was shown; None for anything that is no digest."""
        try:
            return Digest(self.seen.data or "")
        except ValueError:
            return None


class EndorseForm(SeenForm):
    """Write on the letter and give it to others."""

    due = StringField("ให้เสร็จภายในวันที่")
    note = TextAreaField("ข้อความเกษียน")
    idempotency_key = HiddenField()

    to: dict[str, list[str]]

    @classmethod
    def blank(cls, to: dict[str, list[str]] | None = None) -> EndorseForm:
        """An empty form, or one with receivers that are proposed."""
        form = cls(formdata=None)
        form.to = to or {}
        form.idempotency_key.data = uuid4().hex
        return form

    @classmethod
    def typed(cls) -> EndorseForm:
        """The form as it was sent."""
        form = cls()
        form.to = {one.value: [word for word in request.form.getlist(field_of(one)) if word] for one in Purpose}
        return form

    def day(self, today: date) -> date | None:
        """The day by which it is to be done. Raises BadInput."""
        try:
            return read_date(self.due.data or "", today)
        except NotADate as error:
            raise BadInput({"due": str(error)}) from None


class FinishForm(SeenForm):
    """Say what came of it, or what one thinks."""

    result = TextAreaField("ผล")


class GiveBackForm(SeenForm):
    """Return what is not for oneself, and why."""

    reason = TextAreaField("เหตุผลที่ส่งคืน")
