"""The Mailboxes and MailboxReader of the ports over IMAP4rev1 (RFC 3501), exact bytes and nothing parsed."""

from __future__ import annotations

import imaplib
import re
import ssl
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress

from saraban.mail.accounts import MailAccount, xoauth2
from saraban.mail.errors import (
    AuthenticationFailure,
    InsecureConnection,
    MailError,
    MailGone,
    TemporaryFailure,
    unreachable,
)
from saraban.mail.imap_connection import BoundedImap, StartTlsMissing

_CHUNK = 1 << 20
# imaplib refuses lines over 1,000,000 octets: so many UIDs fit into one answer, whatever their length.
_WINDOW = 80_000
_POLL_SECONDS = 10.0
# A server may log out a client that idles for 30 minutes (RFC 2177).
_LONGEST_IDLE = 25 * 60.0


class ImapMailboxes:
    """Opens the mailboxes of the agencies."""

    def __init__(self, accounts: Callable[[str, str], MailAccount]) -> None:
        """`accounts` answers an agency's code and an address with an IMAP account; it is asked at each opening."""
        self._accounts = accounts

    @contextmanager
    def open(self, agency_code: str, address: str = "") -> Iterator[ImapMailbox]:
        """Log in, select the folder, and log out at the end. Raises the families of mail.errors."""
        mailbox = ImapMailbox(self._accounts(agency_code, address))
        try:
            yield mailbox
        finally:
            mailbox.close()


class ImapMailbox:
    """An open folder, for one thread. Any broken connection is a TemporaryFailure; the mailbox is then opened anew."""

    def __init__(self, account: MailAccount) -> None:
        """Connect, encrypt as the account asks, log in and select. Raises InsecureConnection, AuthenticationFailure or
        TemporaryFailure."""
        self._account = account
        with _told_in_our_words():
            self._imap = BoundedImap(account)
        try:
            with _told_in_our_words():
                self._log_in()
                self._select(account.folder)
        except BaseException:
            self.close()
            raise

    @property
    def uidvalidity(self) -> int:
        """The folder's UIDVALIDITY; when it changes, UIDs known before mean nothing (RFC 3501, section 2.3.1.1)."""
        return self._uidvalidity

    @property
    def capabilities(self) -> tuple[str, ...]:
        """What the server says it can do, after login."""
        return tuple(self._imap.capabilities)

    @property
    def uidnext(self) -> int:
        """The UID that the next message was to get when the folder was opened."""
        return self._uidnext

    @property
    def certificate(self) -> dict[str, object]:
        """The server's verified certificate as `ssl` tells it; empty without TLS."""
        connection = self._imap.sock
        return dict(connection.getpeercert() or {}) if isinstance(connection, ssl.SSLSocket) else {}

    def new_uids(self, after: int) -> list[int]:
        """UIDs above `after`, ascending."""
        found: set[int] = set()
        with self._command():
            self._imap.response("EXISTS")
            low = after + 1
            while self._uidnext - low > _WINDOW:
                found.update(self._search(f"{low}:{low + _WINDOW - 1}"))
                low += _WINDOW
            found.update(self._search(f"{low}:*"))
        # "n:*" names the last message even when its UID is below n.
        return sorted(uid for uid in found if uid > after)

    def size(self, uid: int) -> int:
        """RFC822.SIZE in octets; MailGone when there is no such message."""
        with self._command():
            status, answers = self._imap.uid("FETCH", str(uid), "(RFC822.SIZE)")
            _require_ok("FETCH", status, answers)
        for answer in answers:
            if isinstance(answer, bytes) and _names(answer, uid) and (match := _SIZE.search(answer)):
                return int(match[1])
        raise MailGone(uid)

    def pieces(self, uid: int) -> Iterator[bytes]:
        """The exact bytes in pieces of 1 MiB, each asked for when it is wanted; the message is not marked as read.
        MailGone when it is gone."""
        offset = 0
        while True:
            piece = self._piece(uid, offset)
            offset += len(piece)
            if piece:
                yield piece
            if len(piece) < _CHUNK:
                return

    def fetch(self, uid: int) -> bytes:
        """The exact bytes at once, for small mails. MailGone when it is gone."""
        return b"".join(self.pieces(uid))

    def mark_taken(self, uids: Sequence[int]) -> None:
        """Set \\Seen, so that a person at the webmail sees what the gateway has. Nothing happens in a folder that the
        server opens for reading only."""
        if self._imap.is_readonly:
            return
        for names in _in_lots(uids):
            with self._command():
                status, answers = self._imap.uid("STORE", names, "+FLAGS.SILENT", r"(\Seen)")
                _require_ok("STORE", status, answers)

    def idle(self, seconds: float) -> bool:
        """Wait for news at most so long; True when something came since `new_uids` was last asked (or when it was never
        asked). Uses IDLE where the server offers it (RFC 2177), and NOOP every ten seconds where it does not."""
        seconds = min(seconds, _LONGEST_IDLE)
        if "EXISTS" in self._imap.untagged_responses:
            return True
        with self._command():
            return self._idled(seconds) if "IDLE" in self._imap.capabilities else self._polled(seconds)

    def append(self, raw: bytes, folder: str = "INBOX") -> None:
        """Put a message into a folder of the mailbox."""
        with self._command():
            # imaplib's own APPEND rewrites line ends, so the literal goes out by our hand (RFC 3501, section 6.3.11).
            self._imap.literal = raw  # type: ignore[assignment]
            status, answers = self._imap._simple_command("APPEND", _quoted(folder))
            _require_ok("APPEND", status, answers)

    def remove(self, uids: Sequence[int]) -> bool:
        """Remove messages for good; False when the server cannot remove single ones (UIDPLUS, RFC 4315) or opens the
        folder for reading only. UIDs that are gone do not matter."""
        if "UIDPLUS" not in self._imap.capabilities or self._imap.is_readonly:
            return False
        for names in _in_lots(uids):
            with self._command():
                status, answers = self._imap.uid("STORE", names, "+FLAGS.SILENT", r"(\Deleted)")
                _require_ok("STORE", status, answers)
                status, answers = self._imap.uid("EXPUNGE", names)
                _require_ok("EXPUNGE", status, answers)
        return True

    def move(self, uids: Sequence[int], folder: str) -> bool:
        """Move messages into another folder, which is made when it is missing, by MOVE (RFC 6851) or by COPY and
        EXPUNGE; False when the server can do neither for single ones, or says no."""
        can_move = "MOVE" in self._imap.capabilities
        if self._imap.is_readonly or not (can_move or "UIDPLUS" in self._imap.capabilities):
            return False
        with self._command():
            # A folder that is there already is answered with NO, which is as good.
            self._imap.create(_quoted(folder))
        for names in _in_lots(uids):
            with self._command():
                status, _ = self._imap.uid("MOVE" if can_move else "COPY", names, _quoted(folder))
            if status != "OK" or (not can_move and not self.remove([int(name) for name in names.split(",")])):
                return False
        return True

    def quota(self) -> tuple[int, int] | None:
        """Octets used and octets allowed, where the server tells a quota of storage (RFC 9208); None otherwise."""
        if "QUOTA" not in self._imap.capabilities:
            return None
        with self._command():
            status, answers = self._imap.getquotaroot(_quoted(self._account.folder))
        if status != "OK":
            return None
        match = re.search(r"STORAGE (\d+) (\d+)", repr(answers))
        return None if match is None else (int(match[1]) * 1024, int(match[2]) * 1024)

    def close(self) -> None:
        """Log out and close; never raises."""
        with suppress(OSError, imaplib.IMAP4.error, EOFError):
            self._imap.begin()
            self._imap.sock.settimeout(min(5.0, self._account.timeout_seconds))
            self._imap.logout()
        with suppress(OSError):
            self._imap.shutdown()

    # --- the protocol -------------------------------------------------------------------------------------------

    def _log_in(self) -> None:
        user, password = self._account.user, self._account.password
        refused = ""

        def bearer(challenge: bytes) -> bytes:
            nonlocal refused
            if challenge:  # the server tells in JSON why not, and waits for an empty line
                refused = challenge.decode("utf-8", "replace")
                return b""
            return xoauth2(user, self._account.token)

        try:
            if self._account.token:
                self._imap.authenticate("XOAUTH2", bearer)
            elif "AUTH=PLAIN" in self._imap.capabilities:
                self._imap.authenticate("PLAIN", lambda _: f"\0{user}\0{password}".encode())
            else:
                self._imap.login(user, password)
        except (imaplib.IMAP4.abort, OSError, EOFError):
            raise
        except imaplib.IMAP4.error as error:
            raise AuthenticationFailure(detail=" ".join(filter(None, (_words(error), refused)))) from error
        # The list before login is often the shorter one.
        status, answers = self._imap.capability()
        if status == "OK" and answers and isinstance(answers[-1], bytes):
            self._imap.capabilities = tuple(answers[-1].decode("ascii", "replace").upper().split())

    def _select(self, folder: str) -> None:
        try:
            status, answers = self._imap.select(_quoted(folder))
        except imaplib.IMAP4.readonly:
            status, answers = self._imap.select(_quoted(folder), readonly=True)
        _require_ok("SELECT", status, answers)
        self._uidvalidity = self._number("UIDVALIDITY")
        self._uidnext = self._number("UIDNEXT")

    def _number(self, code: str) -> int:
        """A number out of the responses to SELECT; both are required of servers (RFC 3501, section 6.3.1)."""
        _, values = self._imap.response(code)
        if not values or not isinstance(values[-1], bytes) or not values[-1].isdigit():
            raise TemporaryFailure("กล่องไปรษณีย์ไม่บอกค่า " + code)
        return int(values[-1])

    def _search(self, uids: str) -> list[int]:
        self._imap.begin()
        self._imap.response("SEARCH")
        status, answers = self._imap.uid("SEARCH", "UID", uids)
        _require_ok("SEARCH", status, answers)
        return [int(word) for answer in answers if isinstance(answer, bytes) for word in answer.split()]

    def _piece(self, uid: int, offset: int) -> bytes:
        with self._command():
            status, answers = self._imap.uid("FETCH", str(uid), f"(BODY.PEEK[]<{offset}.{_CHUNK}>)")
            _require_ok("FETCH", status, answers)
        for answer in answers:
            if isinstance(answer, tuple) and b"BODY[]" in answer[0].upper():
                return bytes(answer[1])
            if isinstance(answer, bytes) and (match := _QUOTED_BODY.search(answer)):
                return (match[1] or b"").replace(b'\\"', b'"').replace(b"\\\\", b"\\")
        raise MailGone(uid)

    def _idled(self, seconds: float) -> bool:
        tag = self._imap._new_tag()
        self._imap.send(tag + b" IDLE\r\n")
        news = False
        line = self._imap.readline()
        while not line.startswith(b"+"):
            news = news or _is_news(line)
            if not line or line.startswith(tag):
                raise TemporaryFailure(detail=line.decode("utf-8", "replace").strip() or "IDLE")
            line = self._imap.readline()
        until = time.monotonic() + seconds
        self._imap.extend(seconds)
        while not news and (left := until - time.monotonic()) > 0:
            heard = self._imap.line_within(left)
            if heard == b"" or (heard is not None and heard.upper().startswith(b"* BYE")):
                raise TemporaryFailure("เครื่องบริการไปรษณีย์ปิดการเชื่อมต่อ")
            news = heard is not None and _is_news(heard)
        self._imap.begin()
        self._imap.send(b"DONE\r\n")
        while not (line := self._imap.readline()).startswith(tag):
            if not line:
                raise TemporaryFailure("เครื่องบริการไปรษณีย์ปิดการเชื่อมต่อ")
            news = news or _is_news(line)
        return news

    def _polled(self, seconds: float) -> bool:
        until = time.monotonic() + seconds
        while True:
            self._imap.begin()
            status, answers = self._imap.noop()
            _require_ok("NOOP", status, answers)
            if "EXISTS" in self._imap.untagged_responses:
                return True
            left = until - time.monotonic()
            if left <= 0:
                return False
            time.sleep(min(left, _POLL_SECONDS))

    @contextmanager
    def _command(self) -> Iterator[None]:
        self._imap.begin()
        with _told_in_our_words():
            yield


_SIZE = re.compile(rb"RFC822\.SIZE (\d+)")
_QUOTED_BODY = re.compile(rb'BODY\[\](?:<\d+>)? (?:"((?:[^"\\]|\\.)*)"|NIL)', re.IGNORECASE)
_NEWS = re.compile(rb"\* \d+ EXISTS\b", re.IGNORECASE)


def _in_lots(uids: Sequence[int]) -> Iterator[str]:
    """The UIDs as sets of RFC 3501, two hundred at a time."""
    for start in range(0, len(uids), 200):
        yield ",".join(str(uid) for uid in uids[start : start + 200])


def _is_news(line: bytes) -> bool:
    return _NEWS.match(line) is not None


def _names(answer: bytes, uid: int) -> bool:
    """True when a FETCH answer is about this UID; servers may put in answers about other messages at any time."""
    match = re.search(rb"\bUID (\d+)", answer)
    return match is not None and int(match[1]) == uid


def _require_ok(command: str, status: str, answers: Sequence[object]) -> None:
    if status != "OK":
        words = b" ".join(a for a in answers if isinstance(a, bytes)).decode("utf-8", "replace")
        raise TemporaryFailure("กล่องไปรษณีย์ไม่ทำตามคำสั่ง", detail=f"{command}: {status} {words}")


def _quoted(folder: str) -> str:
    return '"' + folder.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _words(error: BaseException) -> str:
    first = error.args[0] if error.args else ""
    return first.decode("utf-8", "replace") if isinstance(first, bytes) else str(first)


@contextmanager
def _told_in_our_words() -> Iterator[None]:
    """Turn the exceptions of imaplib and the socket into the families of mail.errors."""
    try:
        yield
    except MailError:
        raise
    except ssl.SSLCertVerificationError as error:
        raise InsecureConnection("ตรวจใบรับรองของกล่องไปรษณีย์ไม่ผ่าน จึงไม่ส่งข้อมูลใด", detail=str(error)) from error
    except StartTlsMissing as error:
        raise InsecureConnection("กล่องไปรษณีย์ไม่มีการเข้ารหัส (STARTTLS) จึงไม่ส่งข้อมูลใด") from error
    except (OSError, EOFError, ValueError, imaplib.IMAP4.error) as error:
        raise unreachable("กล่องไปรษณีย์", error, _words(error)) from error
