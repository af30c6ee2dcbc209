"""What can go wrong with a mailbox, told apart by what is to be done about it. All words are Thai, for a person."""

from __future__ import annotations

from saraban.domain.errors import SarabanError
from saraban.usecases.mailing import Vanished


class MailError(SarabanError):
    """The mail server could not be used. `detail` is the server's or the library's own line, kept as evidence."""

    code = "mail-error"

    def __init__(self, thai: str = "ติดต่อเครื่องบริการไปรษณีย์อิเล็กทรอนิกส์ไม่สำเร็จ", *, detail: str = "") -> None:
        super().__init__(f"{thai} ({detail})" if detail else thai)
        self.detail = detail


class TemporaryFailure(MailError):
    """It may go well later: no connection, a broken one, a busy server, a time-out. Try again."""

    code = "mail-temporary"


class PermanentFailure(MailError):
    """Trying again changes nothing: the server understood and said no."""

    code = "mail-permanent"


class AuthenticationFailure(TemporaryFailure):
    """The server does not take the name and password. Letters wait until the administrator has put it right."""

    code = "mail-authentication"

    def __init__(self, *, detail: str = "") -> None:
        super().__init__("เครื่องบริการไปรษณีย์ไม่รับชื่อผู้ใช้หรือรหัสผ่านของกล่องไปรษณีย์", detail=detail)


class InsecureConnection(TemporaryFailure):
    """The server's certificate could not be verified or it offers no TLS; nothing was sent, not even the password."""

    code = "mail-insecure"


class MailGone(PermanentFailure, Vanished):
    """The message is no longer in the mailbox."""

    code = "mail-gone"

    def __init__(self, uid: int) -> None:
        super().__init__(f"จดหมายลำดับ {uid} ไม่มีอยู่ในกล่องไปรษณีย์แล้ว")
