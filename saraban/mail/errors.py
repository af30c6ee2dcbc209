"""What can go wrong with a mailbox, told apart by what is to be done about it. All words are Thai, for a person."""

from __future__ import annotations

import socket

from saraban.domain.dispatch import SERVER_SAID
from saraban.domain.errors import SarabanError
from saraban.usecases.mailing import Vanished


class MailError(SarabanError):
    """The mail server could not be used. `detail` is the server's or the library's own line, kept as evidence behind
    the Thai words, so that screens can fold it away."""

    code = "mail-error"

    def __init__(self, thai: str = "ติดต่อเครื่องบริการไปรษณีย์อิเล็กทรอนิกส์ไม่สำเร็จ", *, detail: str = "") -> None:
        super().__init__(f"{thai}{SERVER_SAID}{detail}" if detail else thai)
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


def no_contact(error: BaseException) -> str:
    """Why there is no connection, in Thai; empty when only the library's own words say it."""
    if isinstance(error, socket.gaierror):
        return "ไม่พบชื่อเครื่องนี้ในระบบชื่อโดเมน"
    if isinstance(error, ConnectionRefusedError):
        return "เครื่องปลายทางปฏิเสธ ไม่มีบริการที่พอร์ตนี้"
    if isinstance(error, TimeoutError):
        return "เครื่องปลายทางไม่ตอบในเวลาที่กำหนด"
    if isinstance(error, (ConnectionError, EOFError)):
        return "การเชื่อมต่อขาดกลางทาง"
    return ""


def unreachable(what: str, error: BaseException, words: str) -> TemporaryFailure:
    """A server that could not be spoken with: what it is for, and why there was no connection."""
    why = no_contact(error)
    thai = f"ติดต่อ{what}ไม่ได้ เพราะ{why}" if why else f"ติดต่อ{what}ไม่ได้"
    return TemporaryFailure(thai, detail=f"{type(error).__name__}: {words}")
