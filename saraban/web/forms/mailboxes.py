"""The form of a mailbox that is connected. It reads what was typed; what is right, the use case says."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import Any, TypeVar

from wtforms import BooleanField, PasswordField, RadioField, SelectField, StringField, TextAreaField

from saraban.domain.mailbox import AfterTaking, Login, Protection
from saraban.domain.numbering import arabic_digits
from saraban.usecases.connecting import MailSettings
from saraban.web.forms.guarded import GuardedForm

T = TypeVar("T", bound=Enum)
_TEXTS = ("user", "smtp_host", "imap_host", "folder", "token_url", "client_id", "scope")
_NUMBERS = {"smtp_port": 587, "imap_port": 993, "after_days": 30}
_CHOICES: dict[str, type[Enum]] = {
    "smtp_protection": Protection,
    "imap_protection": Protection,
    "login": Login,
    "after": AfterTaking,
}
_PROTECTIONS = {one.value: one.thai for one in Protection}


class MailboxForm(GuardedForm):
    """Where a mailbox lies and how one logs in. Secrets are never filled in again: an empty one means the kept one."""

    unit = SelectField("กล่องของ", validate_choice=False)
    address = StringField("ที่อยู่ไปรษณีย์อิเล็กทรอนิกส์")
    smtp_host = StringField("เครื่องส่ง (SMTP)")
    smtp_port = StringField("พอร์ตที่ส่ง", default="587")
    smtp_protection = SelectField("การเข้ารหัสที่ส่ง", choices=_PROTECTIONS, validate_choice=False, default="starttls")
    imap_host = StringField("เครื่องรับ (IMAP)")
    imap_port = StringField("พอร์ตที่รับ", default="993")
    imap_protection = SelectField("การเข้ารหัสที่รับ", choices=_PROTECTIONS, validate_choice=False, default="tls")
    folder = StringField("โฟลเดอร์ที่รับ", default="INBOX")
    ca_text = TextAreaField("ใบรับรองรากของหน่วยงาน (PEM)")
    user = StringField("ชื่อผู้ใช้")
    login = RadioField(
        "เข้าระบบด้วย", choices={one.value: one.thai for one in Login}, validate_choice=False, default="password"
    )
    password = PasswordField("รหัสผ่าน")
    token_url = StringField("ที่อยู่ขอโทเค็น (token endpoint)")
    client_id = StringField("Client ID")
    client_secret = PasswordField("Client secret")
    refresh_token = PasswordField("Refresh token")
    scope = StringField("Scope")
    sends = BooleanField("หนังสือของหน่วยงานนี้ส่งออกผ่านกล่องนี้", default=True)
    after = SelectField(
        "จดหมายที่รับเข้าระบบแล้ว",
        choices={one.value: one.thai for one in AfterTaking},
        validate_choice=False,
        default="keep",
    )
    after_days = StringField("หลังรับแล้ว (วัน)", default="30")

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> MailboxForm:
        """The form with what is kept, without its secrets."""
        values = {name: kept[name] for name in (*_TEXTS, "ca_text", "sends", "address")}
        values |= {name: kept[name].value for name in _CHOICES} | {name: str(kept[name]) for name in _NUMBERS}
        return cls(formdata=None, unit=kept["unit"] or "", **values)

    def settings(self) -> MailSettings:
        """What was typed, with words for what is no number and no choice."""
        wrong: dict[str, str] = {}
        values: dict[str, Any] = {name: (self[name].data or "").strip() for name in _TEXTS}
        values["ca_text"] = (self.ca_text.data or "").replace("\r\n", "\n").strip()
        values["sends"] = bool(self.sends.data)
        for name in _NUMBERS:
            values[name] = _number(self[name].data, name, wrong)
        for name, kind in _CHOICES.items():
            values[name] = _choice(kind, self[name].data, name, wrong)
        return MailSettings(
            address=(self.address.data or "").strip(),
            unit=self.unit.data or "",
            values=values,
            password=self.password.data or "",
            client_secret=self.client_secret.data or "",
            refresh_token=(self.refresh_token.data or "").strip(),
            unreadable=wrong,
        )


def _number(text: str | None, name: str, wrong: dict[str, str]) -> int:
    digits = arabic_digits(text or "").strip()
    if not digits.isascii() or not digits.isdigit() or len(digits) > 6:
        wrong[name] = f"ใส่เป็นตัวเลข เช่น {_NUMBERS[name]}"
        return _NUMBERS[name]
    return int(digits)


def _choice(kind: type[T], value: str | None, name: str, wrong: dict[str, str]) -> T:
    try:
        return kind(value)
    except ValueError:
        wrong[name] = "เลือกจากที่มี"
        return next(iter(kind))
