"""One authenticated SMTP connection: MAIL, RCPT and DATA by hand on smtplib, the bytes streamed (RFC 5321, 3461)."""

from __future__ import annotations

import base64
import hashlib
import smtplib
import socket
import ssl
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass

from saraban.mail.accounts import MailAccount, xoauth2
from saraban.mail.errors import AuthenticationFailure, InsecureConnection, TemporaryFailure, unreachable

# Pieces of this size keep the time-out one of progress and not of the whole message.
_PIECE = 256 * 1024


@dataclass(frozen=True)
class Reply:
    """What the server said: the code (-1 when the line made no sense) and its words."""

    code: int
    words: str

    @classmethod
    def of(cls, answer: tuple[int, bytes]) -> Reply:
        """From smtplib's pair; several lines are joined by a blank."""
        return cls(answer[0], " ".join(answer[1].decode("utf-8", "replace").split()))

    @property
    def accepted(self) -> bool:
        """True for 250, 251 and 252."""
        return self.code in (250, 251, 252)

    @property
    def refused(self) -> bool:
        """True for 5xx."""
        return 500 <= self.code < 600


class BytesDiffer(Exception):
    """The bytes that were about to be sent are not those of the envelope; the final dot was not given."""


class LostAfterFinalDot(Exception):
    """The connection broke after the final dot: the server may have the message or may not (RFC 1047)."""


class SmtpSession:
    """A connection that has greeted, is encrypted as its account asks, and has logged in.

    Methods raise OSError or smtplib.SMTPException when the connection breaks; the session is then to be closed.
    """

    def __init__(self, account: MailAccount) -> None:
        """Connect and log in. Raises InsecureConnection, AuthenticationFailure or TemporaryFailure."""
        self.account = account
        self.last_used = 0.0
        self._smtp = _connect(account)
        try:
            self._smtp.ehlo_or_helo_if_needed()
            if account.user:
                self._log_in()
        except MAIL_LIBRARY_ERRORS as error:
            self.abandon()
            raise unreachable("เครื่องส่งไปรษณีย์", error, str(error)) from error
        except BaseException:
            self.abandon()
            raise

    def offers(self, extension: str) -> bool:
        """True when the server's EHLO names the extension."""
        return self._smtp.has_extn(extension)

    @property
    def size_limit(self) -> int:
        """The largest message that the server says it takes (RFC 1870), in octets; 0 when it says nothing."""
        declared = self._smtp.esmtp_features.get("size", "").strip()
        return int(declared) if declared.isdigit() else 0

    @property
    def certificate(self) -> dict[str, object]:
        """The server's verified certificate as `ssl` tells it; empty without TLS."""
        connection = self._smtp.sock
        return dict(connection.getpeercert() or {}) if isinstance(connection, ssl.SSLSocket) else {}

    def mail(self, sender: str, options: list[str]) -> Reply:
        """MAIL FROM; the empty string is the null sender."""
        return Reply.of(self._smtp.mail(sender, options))

    def rcpt(self, recipient: str, options: list[str]) -> Reply:
        """RCPT TO."""
        return Reply.of(self._smtp.rcpt(recipient, options))

    def data(self, chunks: Iterable[bytes], sha256: str, size: int) -> Reply:
        """DATA and the message, whose bytes must have this digest and size.

        Raises BytesDiffer before the final dot when they have not, LostAfterFinalDot when the connection breaks after
        the dot may have left, and OSError or smtplib.SMTPException when it breaks earlier.
        """
        ready = Reply.of(self._smtp.docmd("DATA"))
        if ready.code != 354:
            return ready
        digest, count, last = hashlib.sha256(), 0, b""
        pending = bytearray()
        for stuffed, plain in dot_stuffed(chunks):
            digest.update(plain)
            count += len(plain)
            last = (last + bytes(plain[-2:]))[-2:]
            pending += stuffed
            if len(pending) >= _PIECE:
                self._smtp.send(pending)
                pending = bytearray()
        if count != size or digest.hexdigest() != sha256:
            raise BytesDiffer
        pending += b".\r\n" if last == b"\r\n" else b"\r\n.\r\n"
        try:
            self._smtp.send(pending)
            return Reply.of(self._smtp.getreply())
        except MAIL_LIBRARY_ERRORS as error:
            raise LostAfterFinalDot(f"{type(error).__name__}: {error}") from error

    def reset(self) -> bool:
        """RSET, so that the connection can carry another message; False when it cannot."""
        try:
            return self._smtp.docmd("RSET")[0] == 250
        except MAIL_LIBRARY_ERRORS:
            return False

    def quit(self) -> None:
        """Say goodbye and close."""
        with suppress(*MAIL_LIBRARY_ERRORS):
            self._smtp.putcmd("QUIT")
        self.abandon()

    def abandon(self) -> None:
        """Close without a word; the server throws away what it has not accepted."""
        with suppress(OSError):
            self._smtp.close()

    def _log_in(self) -> None:
        offered = self._smtp.esmtp_features.get("auth", "").upper().split()
        user, password = self.account.user.encode(), self.account.password.encode()
        if self.account.token:
            reply = self._with_token()
        elif "LOGIN" in offered and "PLAIN" not in offered:
            reply = Reply.of(self._smtp.docmd("AUTH", "LOGIN " + base64.b64encode(user).decode()))
            if reply.code == 334:
                reply = Reply.of(self._smtp.docmd(base64.b64encode(password).decode()))
        else:
            # Also when nothing is offered: the server's refusal then says why.
            initial = base64.b64encode(b"\0" + user + b"\0" + password).decode()
            reply = Reply.of(self._smtp.docmd("AUTH", "PLAIN " + initial))
        if reply.refused:
            raise AuthenticationFailure(detail=f"{reply.code} {reply.words}")
        if reply.code not in (235, 503):
            raise TemporaryFailure(detail=f"{reply.code} {reply.words}")

    def _with_token(self) -> Reply:
        initial = base64.b64encode(xoauth2(self.account.user, self.account.token)).decode()
        reply = Reply.of(self._smtp.docmd("AUTH", "XOAUTH2 " + initial))
        if reply.code != 334:
            return reply
        # The server tells in JSON why not, waits for an empty line, and only then refuses.
        told = _from_base64(reply.words)
        reply = Reply.of(self._smtp.docmd(""))
        return Reply(reply.code, f"{reply.words} {told}".strip())


def _from_base64(words: str) -> str:
    try:
        return base64.b64decode(words, validate=True).decode("utf-8", "replace")[:500]
    except ValueError:
        return ""


MAIL_LIBRARY_ERRORS = (OSError, smtplib.SMTPException)


def _connect(account: MailAccount) -> smtplib.SMTP:
    # A name is given for the greeting because smtplib would otherwise ask the DNS for ours, which can take long.
    timeout = account.timeout_seconds
    smtp: smtplib.SMTP | None = None
    try:
        if account.security == "tls":
            smtp = smtplib.SMTP_SSL(
                account.host, account.port, "localhost", timeout=timeout, context=account.tls_context()
            )
        else:
            smtp = smtplib.SMTP(account.host, account.port, "localhost", timeout=timeout)
        assert smtp.sock is not None
        smtp.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        smtp.local_hostname = _address_literal(smtp.sock)
        if account.security == "starttls":
            smtp.ehlo_or_helo_if_needed()
            _start_tls(smtp, account)
        return smtp
    except BaseException as error:
        if smtp is not None:
            smtp.close()
        if isinstance(error, ssl.SSLError):
            raise InsecureConnection("ตรวจใบรับรองของเครื่องส่งไปรษณีย์ไม่ผ่าน จึงไม่ส่งข้อมูลใด", detail=str(error)) from error
        if isinstance(error, smtplib.SMTPNotSupportedError):
            raise InsecureConnection("เครื่องส่งไปรษณีย์ไม่มีการเข้ารหัส (STARTTLS) จึงไม่ส่งข้อมูลใด") from error
        if isinstance(error, smtplib.SMTPConnectError):
            words = error.smtp_error.decode("utf-8", "replace") if isinstance(error.smtp_error, bytes) else ""
            raise TemporaryFailure("เครื่องส่งไปรษณีย์ไม่รับการเชื่อมต่อ", detail=f"{error.smtp_code} {words}") from error
        if isinstance(error, (OSError, smtplib.SMTPException)):
            raise unreachable("เครื่องส่งไปรษณีย์", error, str(error)) from error
        raise


def _start_tls(smtp: smtplib.SMTP, account: MailAccount) -> None:
    code, words = smtp.starttls(context=account.tls_context())
    if code != 220:
        raise InsecureConnection("เครื่องส่งไปรษณีย์ไม่ยอมเข้ารหัส", detail=f"{code} {words.decode('utf-8', 'replace')}")


def _address_literal(connected: socket.socket) -> str:
    """Our own address as EHLO wants it when there is no name (RFC 5321, section 4.1.3)."""
    address = str(connected.getsockname()[0])
    return f"[IPv6:{address}]" if ":" in address else f"[{address}]"


def dot_stuffed(chunks: Iterable[bytes]) -> Iterator[tuple[bytes | memoryview, bytes | memoryview]]:
    """Pairs of (piece to send, piece of the message): a dot that begins a line is doubled (RFC 5321, section 4.5.2).

    Only CRLF ends a line, also where it lies across two chunks. Pieces have at most 256 KiB; base64 text, which has no
    dots, is handed on without being copied.
    """
    last_two = b"\r\n"
    for chunk in chunks:
        whole = memoryview(chunk)
        for start in range(0, len(chunk), _PIECE):
            piece = whole[start : start + _PIECE]
            head = last_two + bytes(piece[:2])
            last_two = (last_two + bytes(piece[-2:]))[-2:]
            if b"\r\n." not in head and chunk.find(b"\r\n.", start, start + len(piece)) < 0:
                yield piece, piece
            else:
                text = head[:2] + bytes(piece)
                yield text.replace(b"\r\n.", b"\r\n..")[2:], piece
