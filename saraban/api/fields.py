"""Fields that speak Thai when something is wrong, and let nothing through that a database or a page cannot hold."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from enum import Enum
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields, validate

from saraban.domain.attachment import Digest
from saraban.domain.numbering import thai_digits

_EARLIEST_YEAR, _LATEST_YEAR = 1900, 2400
Words = dict[str, str | list[Any] | dict[Any, Any]]
_OF_EVERY_FIELD: Words = {
    "required": "ต้องส่งช่องนี้",
    "null": "เป็นค่าว่าง (null) ไม่ได้",
    "validator_failed": "ค่าไม่ถูกต้อง",
}
_OF_FORMS = {"unknown": "ไม่มีช่องชื่อนี้", "type": "ต้องเป็น JSON object"}
_OF_TEXTS: Words = {
    **_OF_EVERY_FIELD,
    "invalid": "ต้องเป็นข้อความ",
    "invalid_utf8": "ต้องเป็นข้อความ UTF-8",
    "unprintable": "มีอักขระควบคุมที่พิมพ์ไม่ได้ปนอยู่",
    "line": "ใส่ได้บรรทัดเดียว",
}
_OF_NUMBERS: Words = {**_OF_EVERY_FIELD, "invalid": "ต้องเป็นจำนวนเต็ม", "too_large": "จำนวนมากเกินไป"}
_OF_DAYS: Words = {
    **_OF_EVERY_FIELD,
    "invalid": "ใช้วันที่แบบ ค.ศ. ปี-เดือน-วัน เช่น 2026-11-23",
    "format": "ใช้วันที่แบบ ค.ศ. ปี-เดือน-วัน เช่น 2026-11-23",
    "era": f"ปีต้องเป็นคริสต์ศักราช {_EARLIEST_YEAR} ถึง {_LATEST_YEAR} เช่น 2026-11-23",
}
_OF_MOMENTS: Words = {
    **_OF_EVERY_FIELD,
    "invalid": "ใช้เวลาแบบ RFC 3339 พร้อมเขตเวลา เช่น 2026-11-23T09:30:00+07:00",
    "invalid_awareness": "ใส่เขตเวลาด้วย เช่น 2026-11-23T09:30:00+07:00",
    "format": "ใช้เวลาแบบ RFC 3339 พร้อมเขตเวลา เช่น 2026-11-23T09:30:00+07:00",
    "era": f"ปีต้องเป็นคริสต์ศักราช {_EARLIEST_YEAR} ถึง {_LATEST_YEAR}",
}
_OF_FLAGS: Words = {**_OF_EVERY_FIELD, "invalid": "ต้องเป็น true หรือ false"}
_OF_IDS: Words = {**_OF_EVERY_FIELD, "invalid_uuid": "ต้องเป็นรหัส UUID"}
_OF_LISTS: Words = {**_OF_EVERY_FIELD, "invalid": "ต้องเป็นรายการ (JSON array)"}
_OF_GROUPS: Words = {**_OF_EVERY_FIELD, "type": "ต้องเป็น JSON object", "invalid": "ต้องเป็น JSON object"}
_OF_EITHER: Words = {**_OF_EVERY_FIELD, "invalid": "ต้องเป็นข้อความหรือ JSON object"}


class Form(Schema):
    """What a program sends. Fields that we do not know are refused by name, so that a slip of the pen is not lost."""

    error_messages = _OF_FORMS

    class Meta:
        unknown = RAISE


class Text(fields.String):
    """A text without control characters (line ends and tabs may be), of at most `most` characters; `line` allows one
    line only."""

    default_error_messages = _OF_TEXTS

    def __init__(self, *, most: int = 500, line: bool = True, **more: Any) -> None:
        super().__init__(validate=validate.Length(max=most, error=thai_digits(f"ยาวเกิน {most:,} ตัวอักษร")), **more)
        self._line = line

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **more: Any) -> str:
        text: str = super()._deserialize(value, attr, data, **more)
        if any(unicodedata.category(sign) in ("Cc", "Cs") and sign not in "\n\r\t" for sign in text):
            raise self.make_error("unprintable")
        if self._line and ("\n" in text or "\r" in text):
            raise self.make_error("line")
        return text


class Whole(fields.Integer):
    """A whole number between two limits; in JSON never a text or a boolean."""

    default_error_messages = _OF_NUMBERS

    def __init__(self, *, least: int = 0, most: int = 2**31 - 1, in_query: bool = False, **more: Any) -> None:
        limits = validate.Range(least, most, error=thai_digits(f"ต้องอยู่ระหว่าง {least} ถึง {most}"))
        super().__init__(strict=not in_query, validate=limits, **more)

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **more: Any) -> int:
        if isinstance(value, bool) or (isinstance(value, str) and len(value) > 20):
            raise self.make_error("invalid")
        return super()._deserialize(value, attr, data, **more)


class Millimetres(fields.Float):
    """A length on a page, 0 to 297; in JSON never a text or a boolean."""

    default_error_messages = _OF_NUMBERS

    def __init__(self, **more: Any) -> None:
        limits = validate.Range(0, 297, error="ต้องอยู่ระหว่าง 0 ถึง 297")
        super().__init__(validate=limits, allow_nan=False, **more)

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **more: Any) -> float:
        if isinstance(value, bool | str):
            raise self.make_error("invalid")
        return float(super()._deserialize(value, attr, data, **more))


class Day(fields.Date):
    """A day, ISO 8601 in the common era. A Buddhist year sent by mistake is refused."""

    default_error_messages = _OF_DAYS

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **more: Any) -> date:
        day = super()._deserialize(value, attr, data, **more)
        if not isinstance(day, date) or not _EARLIEST_YEAR <= day.year <= _LATEST_YEAR:
            raise self.make_error("era")
        return day


class Moment(fields.AwareDateTime):
    """A moment, RFC 3339 with its offset."""

    default_error_messages = _OF_MOMENTS

    def __init__(self, **more: Any) -> None:
        super().__init__(format="iso", **more)

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **more: Any) -> datetime:
        moment = super()._deserialize(value, attr, data, **more)
        if not _EARLIEST_YEAR <= moment.year <= _LATEST_YEAR:
            raise self.make_error("era")
        return moment


class Flag(fields.Boolean):
    """True or false, as JSON has them."""

    truthy, falsy = {True}, {False}
    default_error_messages = _OF_FLAGS


class Choice(Text):
    """One value of a closed list."""

    def __init__(self, choices: type[Enum] | Iterable[str], **more: Any) -> None:
        super().__init__(most=100, **more)
        values = [str(c.value) if isinstance(c, Enum) else c for c in choices]
        self.validators = [validate.OneOf(values, error="ใช้ได้เฉพาะ " + ", ".join(values))]
        self.validate = self.validators[0]


class Identity(fields.UUID):
    """An id."""

    default_error_messages = _OF_IDS


class Sha256(fields.String):
    """A SHA-256 in lower-case hexadecimal, as a Digest."""

    default_error_messages = _OF_TEXTS | {"digest": "ต้องเป็น SHA-256 เลขฐานสิบหกตัวพิมพ์เล็ก 64 ตัว"}

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **more: Any) -> Any:
        try:
            return Digest(super()._deserialize(value, attr, data, **more))
        except ValueError as error:
            raise self.make_error("digest") from error


class Items(fields.List[Any]):
    """A list of at most `most` parts."""

    default_error_messages = _OF_LISTS

    def __init__(self, inner: fields.Field[Any], *, most: int, **more: Any) -> None:
        super().__init__(
            inner, validate=validate.Length(max=most, error=thai_digits(f"มีได้ไม่เกิน {most} รายการ")), **more
        )


class Group(fields.Nested):
    """An object within the object."""

    default_error_messages = _OF_GROUPS


class Texts(fields.Dict):
    """An object whose values are texts, each of at most `most` characters."""

    default_error_messages = _OF_GROUPS

    def __init__(self, *, most: int, **more: Any) -> None:
        super().__init__(keys=Text(most=100), values=Text(most=most, line=False), **more)

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **more: Any) -> Any:
        try:
            return super()._deserialize(value, attr, data, **more)  # type: ignore[no-untyped-call]
        except ValidationError as error:
            if not isinstance(error.messages, dict):
                raise
            raise ValidationError({key: next(iter(told.values())) for key, told in error.messages.items()}) from None


class TextOrGroup(fields.Field[Any]):
    """An object of this form, or a plain text that stands for the field `short`."""

    default_error_messages = _OF_EITHER

    def __init__(self, form: type[Form], *, short: str, **more: Any) -> None:
        super().__init__(**more)
        self._form, self._short = form(), short

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **more: Any) -> Any:
        if isinstance(value, str):
            value = {self._short: value}
        if not isinstance(value, dict):
            raise self.make_error("invalid")
        try:
            return self._form.load(value)
        except ValidationError as error:
            raise ValidationError(error.messages) from None
