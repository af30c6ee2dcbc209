"""The Transport of the ports over SMTP submission: kept-alive connections, one recipient a message, results."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from saraban.domain.attachment import Digest
from saraban.domain.dispatch import SERVER_SAID
from saraban.exchange.envelope import Envelope, OutboxKind
from saraban.mail.accounts import MailAccount
from saraban.mail.errors import MailError
from saraban.mail.pace import NotYet, Pace
from saraban.mail.smtp_session import MAIL_LIBRARY_ERRORS, BytesDiffer, LostAfterFinalDot, Reply, SmtpSession
from saraban.usecases.mailing import SendOutcome, SendResult

# Postfix closes an idle connection after 300 s, other servers after a minute or two.
_IDLE_SECONDS = 45.0
_IDLE_CONNECTIONS = 4
ACCOUNT_SECONDS = 1.0
"""How long an account that was looked up serves: a circular asks for the same one hundreds of times a second."""


class SmtpTransport:
    """Gives envelopes to the relays of the agencies. Safe to be used by several senders at once; each has a connection
    of its own while it sends, and leaves it for the next."""

    def __init__(self, accounts: Callable[[str, str], MailAccount], pace: Pace | None = None) -> None:
        """`accounts` answers an agency's code and the mailbox that sends with a submission account; it is asked once a
        second at most, so that a changed password counts soon, and again at once when the account did not serve.
        `pace` says how hard a relay may be pressed."""
        self._accounts = accounts
        self._pace = pace or Pace()
        self._lock = threading.Lock()
        self._idle: dict[MailAccount, list[SmtpSession]] = {}
        self._known: dict[tuple[str, str], tuple[MailAccount, float]] = {}
        self._refuses_null_sender: set[tuple[str, int]] = set()
        self._closed = False

    def send(self, agency_code: str, envelope: Envelope, blob: Callable[[Digest], bytes]) -> SendResult:
        """Send one envelope to its recipient. Failures of mail are results, not exceptions.

        TEMPORARY is everything that may go well later, also a relay that cannot be reached, that refuses the login or
        shows a wrong certificate; PERMANENT is a 5xx to MAIL, RCPT or the message; LATER when the relay must not be
        pressed any harder, and nothing was tried.
        """
        try:
            account = self._account(agency_code, envelope.mail_from or envelope.fallback_from)
        except MailError as error:
            return _not_now(error.thai)
        host = (account.host, account.port)
        try:
            with self._pace.turn(host):
                result = self._sent(account, envelope, blob)
        except NotYet as wait:
            return SendResult(SendOutcome.LATER, 0, "", after_seconds=wait.seconds)
        if result.code in (0, 421) and not result.ambiguous:
            self._pace.failed(host)
        else:
            self._pace.answered(host)
        return result

    def _account(self, agency_code: str, address: str) -> MailAccount:
        """The account as it was at most a second ago. Raises what `accounts` raises, which is not remembered."""
        now = time.monotonic()
        known = self._known.get((agency_code, address))
        if known is None or known[1] < now:
            known = self._known[agency_code, address] = (self._accounts(agency_code, address), now + ACCOUNT_SECONDS)
        return known[0]

    def _sent(self, account: MailAccount, envelope: Envelope, blob: Callable[[Digest], bytes]) -> SendResult:
        try:
            session, kept = self._take(account)
        except MailError as error:
            self._known.clear()
            return _not_now(error.thai)
        try:
            result = self._deliver(session, envelope, blob)
        except _NotBegun as error:
            # Nothing of the message had left. A kept connection may simply have grown old, so a fresh one is tried.
            session.abandon()
            if not kept:
                return _not_now(str(error))
            try:
                session = SmtpSession(account)
                result = self._deliver(session, envelope, blob)
            except MailError as fresh:
                self._known.clear()
                return _not_now(fresh.thai)
            except _NotBegun as again:
                session.abandon()
                return _not_now(str(again))
        except BaseException:
            session.abandon()
            raise
        return self._leave(session, result)

    def close(self) -> None:
        """Say goodbye on all kept connections; those in use are closed when they come back."""
        with self._lock:
            self._closed = True
            idle = [session for kept in self._idle.values() for session in kept]
            self._idle.clear()
        for session in idle:
            session.quit()

    # --- one message --------------------------------------------------------------------------------------------

    def _deliver(self, session: SmtpSession, envelope: Envelope, blob: Callable[[Digest], bytes]) -> SendResult:
        limit = session.size_limit
        if limit and envelope.size > limit:
            words = f"5.3.4 ซองขนาด {envelope.size} ไบต์ ใหญ่กว่าที่เครื่องส่งไปรษณีย์รับได้ ({limit} ไบต์)"
            return SendResult(SendOutcome.PERMANENT, 552, words)
        dsn = envelope.kind is OutboxKind.LETTER and session.offers("dsn")
        try:
            reply, note = self._sender_accepted(session, envelope, dsn)
            if not reply.accepted:
                return _refusal(reply, reply.refused)
            reply = session.rcpt(envelope.rcpt_to, ["NOTIFY=SUCCESS,FAILURE,DELAY"] if dsn else [])
            if not reply.accepted:
                # Some servers answer 552 where RFC 5321 (4.5.3.1.10) asks for 452: a reason to wait, not to give up.
                return _refusal(reply, reply.refused and reply.code != 552)
        except ValueError as error:
            # smtplib refuses addresses that are not ASCII or carry line ends before anything is sent.
            return SendResult(SendOutcome.PERMANENT, 553, f"5.1.3 ที่อยู่ไปรษณีย์อิเล็กทรอนิกส์ใช้ไม่ได้: {error}")
        except MAIL_LIBRARY_ERRORS as error:
            raise _NotBegun(_lost(error)) from error
        return _message_given(session, envelope, blob, dsn, note)

    def _sender_accepted(self, session: SmtpSession, envelope: Envelope, dsn: bool) -> tuple[Reply, str]:
        """MAIL FROM, for a receipt with the null sender first (docs/wire.md, section 2). The second part is a note for
        the evidence when the mailbox had to stand in for the null sender, an exception to RFC 8098, section 3."""
        options = [f"SIZE={envelope.size}"] if session.offers("size") else []
        if dsn:
            options.append("RET=HDRS")
            if envelope.envid is not None:
                options.append(f"ENVID={envelope.envid}")
        relay = (session.account.host, session.account.port)
        stand_in, null = envelope.fallback_from, not envelope.mail_from
        why = "ผู้ส่งว่าง" if null else f"ผู้ส่ง <{envelope.mail_from}>"
        note = f" [ผู้ส่งเป็น <{stand_in}> เพราะเครื่องส่งไปรษณีย์ไม่รับ{why}]"
        if stand_in and null and relay in self._refuses_null_sender:
            return _unless_closing(session.mail(stand_in, options)), note
        reply = _unless_closing(session.mail(envelope.mail_from, options))
        if not (reply.refused and stand_in):
            return reply, ""
        session.reset()
        reply = _unless_closing(session.mail(stand_in, options))
        if reply.accepted and null:
            self._refuses_null_sender.add(relay)
        return reply, note

    # --- kept connections ---------------------------------------------------------------------------------------

    def _take(self, account: MailAccount) -> tuple[SmtpSession, bool]:
        """A connection, and whether it is one that was kept. Raises MailError when a new one cannot be made."""
        old: list[SmtpSession] = []
        found: SmtpSession | None = None
        now = time.monotonic()
        with self._lock:
            kept = self._idle.get(account, [])
            while kept and found is None:
                session = kept.pop()
                if now - session.last_used < _IDLE_SECONDS:
                    found = session
                else:
                    old.append(session)
            # Accounts come and go (a token of OAuth lives an hour): what nobody will ask for again is closed here.
            for other, waiting in list(self._idle.items()):
                old += [one for one in waiting if now - one.last_used >= _IDLE_SECONDS]
                waiting[:] = [one for one in waiting if now - one.last_used < _IDLE_SECONDS]
                if not waiting:
                    del self._idle[other]
        for session in old:
            session.quit()
        return (found, True) if found is not None else (SmtpSession(account), False)

    def _leave(self, session: SmtpSession, result: SendResult) -> SendResult:
        """Keep the connection for the next message when it is in a known state."""
        broken = result.ambiguous or result.code in (0, 421) or result.code < 0
        if broken or (result.outcome != SendOutcome.ACCEPTED and not session.reset()):
            session.abandon()
            return result
        session.last_used = time.monotonic()
        with self._lock:
            kept = self._idle.setdefault(session.account, [])
            room = not self._closed and len(kept) < _IDLE_CONNECTIONS
            if room:
                kept.append(session)
        if not room:
            session.quit()
        return result


class _NotBegun(Exception):
    """The connection broke before DATA, so the same message may go over another one at once."""


def _unless_closing(reply: Reply) -> Reply:
    """The reply, unless it says that the server closes the connection (RFC 5321, section 3.8)."""
    if reply.code == 421:
        raise _NotBegun(f"421 {reply.words}")
    return reply


def _message_given(
    session: SmtpSession, envelope: Envelope, blob: Callable[[Digest], bytes], dsn: bool, note: str
) -> SendResult:
    try:
        reply = session.data(envelope.chunks(blob), envelope.sha256.hex, envelope.size)
    except LostAfterFinalDot as error:
        words = f"การเชื่อมต่อขาดหลังส่งข้อความครบแล้ว เครื่องส่งไปรษณีย์อาจรับไว้แล้ว: {error}"
        return SendResult(SendOutcome.TEMPORARY, 0, words, dsn=dsn, ambiguous=True)
    except BytesDiffer:
        return _not_now("ไฟล์ของซองไม่ตรงกับค่าแฮชที่บันทึกไว้ จึงไม่ส่งออกไป")
    except MAIL_LIBRARY_ERRORS as error:
        return _not_now(_lost(error))
    except Exception as error:
        # A file of the envelope that cannot be opened: the final dot was not given, so nothing was accepted.
        return _not_now(f"อ่านไฟล์ของซองไม่ได้: {type(error).__name__}: {error}")
    if reply.accepted:
        return SendResult(SendOutcome.ACCEPTED, reply.code, reply.words + note, dsn=dsn)
    return _refusal(reply, reply.refused, dsn)


def _refusal(reply: Reply, for_good: bool, dsn: bool = False) -> SendResult:
    outcome = SendOutcome.PERMANENT if for_good else SendOutcome.TEMPORARY
    return SendResult(outcome, reply.code, reply.words, dsn=dsn)


def _not_now(words: str) -> SendResult:
    return SendResult(SendOutcome.TEMPORARY, 0, words)


def _lost(error: Exception) -> str:
    return f"การเชื่อมต่อกับเครื่องส่งไปรษณีย์ขาด{SERVER_SAID}{type(error).__name__}: {error}"
