"""What programs may send about letters that are on their way or came in: sent on, asked back, replaced."""

from __future__ import annotations

from saraban.api.fields import Flag, Form, Identity, Items, Text


class ForwardForm(Form):
    """To whom a letter goes on, and why."""

    to = Text(most=254, required=True, metadata={"description": "รหัสส่วนราชการในทำเนียบ", "example": "XC0002"})
    reason = Text(most=1000, line=False, metadata={"description": "เก็บไว้ในประวัติของหนังสือ"})


class RecallAnswerForm(Form):
    """What its sender is answered; a refusal needs its reason."""

    consent = Flag(required=True, metadata={"description": "true คือยินยอมคืน"})
    reason = Text(most=1000, line=False, metadata={"description": "ต้องมีเมื่อไม่คืน ผู้ส่งเห็นข้อความนี้"})


class AskBackForm(Form):
    """Why a letter is wanted back."""

    reason = Text(most=1000, line=False, required=True, metadata={"example": "ส่งผิดฉบับ"})


class DispatchForm(Form):
    """Whose place a letter takes at its receivers."""

    replaces = Items(
        Identity(),
        most=10_000,
        metadata={"description": "รหัสการส่งเดิม แห่งละหนึ่ง ไม่ส่งคือไม่แทนฉบับใด"},
    )
