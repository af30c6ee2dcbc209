"""The few families of refusal. Each has a stable `code` for programs and Thai words for people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID


class SarabanError(Exception):
    """Something the caller must be told. `str(error)` is Thai and fit to be shown to a person."""

    code = "error"

    def __init__(self, thai: str = "", *, code: str | None = None) -> None:
        super().__init__(thai or "ทำรายการไม่สำเร็จ")
        if code is not None:
            self.code = code

    @property
    def thai(self) -> str:
        """The words for the person."""
        return str(self.args[0])


class NotFound(SarabanError):
    """There is no such thing, or not for this agency: both look alike from outside."""

    code = "not-found"

    def __init__(self, thai: str = "ไม่พบรายการที่ขอ หรือท่านไม่มีสิทธิเห็นรายการนี้") -> None:
        super().__init__(thai)


class NotPermitted(SarabanError):
    """The person may not do it; the words say why and who can."""

    code = "not-permitted"


class RuleBroken(SarabanError):
    """The regulation or the state of the letter does not allow it; nothing to retry."""

    code = "rule-broken"


class ConcurrentEdit(SarabanError):
    """Somebody changed it since the caller looked."""

    code = "concurrent-edit"

    def __init__(self, thai: str = "หนังสือนี้ถูกแก้ไขหลังจากท่านเปิดอ่าน เปิดอ่านฉบับล่าสุดแล้วทำรายการอีกครั้ง") -> None:
        super().__init__(thai)


class BadInput(SarabanError):
    """A field is missing or wrong. `fields` maps a field's name to Thai words."""

    code = "bad-input"
    GENERAL = "ข้อมูลยังไม่ครบหรือไม่ถูกต้อง"

    def __init__(self, fields: dict[str, str], thai: str = GENERAL) -> None:
        super().__init__(thai)
        self.fields = fields

    @property
    def in_words(self) -> str:
        """What is wrong, where there is no form beside whose fields it could stand."""
        return "; ".join(self.fields.values()) if self.fields and self.thai == self.GENERAL else self.thai


class WrongPassphrase(SarabanError):
    """The officer's signing key did not open."""

    code = "wrong-passphrase"

    def __init__(self, thai: str = "รหัสผ่านของกุญแจลงนามไม่ถูกต้อง") -> None:
        super().__init__(thai)


class StageNotAllowed(RuleBroken):
    """The thing is in a state from which this cannot be done."""

    code = "state-not-allowed"


class StoreForbidden(SarabanError):
    """The machine does not let this program read or write its own files: they belong to another user of the machine."""

    code = "store-forbidden"

    def __init__(
        self, thai: str = "อ่านหรือเขียนที่เก็บไฟล์ไม่ได้ แจ้งผู้ดูแลเครื่อง: ไฟล์และโฟลเดอร์ในที่เก็บต้องเป็นสิทธิของผู้ใช้ที่รันระบบนี้"
    ) -> None:
        super().__init__(thai)


class TooMuch(SarabanError):
    """Too many tries in a short time; in so many `seconds` there may be another, 0 where that is not known."""

    code = "too-many-requests"
    seconds = 0


@dataclass(frozen=True)
class Finding:
    """Why a letter seems to be in the register already: its place in the list that is entered (from 0), the reason in
    Thai, the lines that look the same, or the earlier row of the list that does (`twin`), and the `key` by which a
    clerk says to have looked at exactly this."""

    row: int
    thai: str
    earlier: tuple[UUID, ...]
    key: str
    twin: int | None = None


class PossibleDuplicate(SarabanError):
    """Letters seem to be in the register already; the clerk decides with both side by side. `row` is the first that
    nobody has looked at, `earlier` are the ids of the lines that look like it, and `findings` are those of all rows."""

    code = "possible-duplicate"

    def __init__(self, findings: Sequence[Finding], row: int = 0) -> None:
        of_row = [finding for finding in findings if finding.row == row]
        super().__init__(of_row[0].thai)
        self.row = row
        self.earlier = list(dict.fromkeys(one for finding in of_row for one in finding.earlier))
        self.findings = list(findings)
