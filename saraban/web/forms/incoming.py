"""The forms beside an incoming letter. They only carry what was typed; the use cases decide what is right."""

from __future__ import annotations

from wtforms import SelectField, TextAreaField

from saraban.domain.receipt import ReasonCode
from saraban.web.forms.guarded import GuardedForm

_BY_PEOPLE = (
    ReasonCode.NOT_ADDRESSEE,
    ReasonCode.UNKNOWN_UNIT,
    ReasonCode.UNREADABLE,
    ReasonCode.FILE_MISSING,
    ReasonCode.FILE_DAMAGED,
    ReasonCode.SIGNATURE_MISSING,
    ReasonCode.SIGNATURE_BROKEN,
    ReasonCode.SIGNER_UNTRUSTED,
    ReasonCode.TYPE_NOT_ACCEPTED,
    ReasonCode.TOO_LARGE,
    ReasonCode.INFECTED,
    ReasonCode.DUPLICATE_CONTENT,
    ReasonCode.SECRECY_NOT_ALLOWED,
    ReasonCode.EXPIRED,
    ReasonCode.OTHER,
)


class RefuseForm(GuardedForm):
    """Send a letter back: a reason of the wire, and words for the sender."""

    code = SelectField(
        "เหตุผล",
        choices={"": "เลือกเหตุผล"} | {code.value: code.thai for code in _BY_PEOPLE},
        validate_choice=False,
    )
    text = TextAreaField("คำอธิบายถึงผู้ส่ง")


class ReleaseForm(GuardedForm):
    """Take a held letter in after all: why."""

    reason = TextAreaField("เหตุผลที่ปล่อยเข้าระบบ")
