"""The hub's submission door: aiosmtpd with login, own sender only, DSN (RFC 3461), bodies that stream to the disk."""

from __future__ import annotations

import asyncio
import hmac
import ssl
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from typing import BinaryIO

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from saraban.mail.hub.delivery import Delivery
from saraban.mail.hub.reports import DeliveryReport, delivered
from saraban.mail.hub.settings import HubHooks, HubSettings
from saraban.mail.hub.store import Arrival, MailStore
from saraban.usecases.ports import Clock

_PIECE = 65_536
_HEADERS_IN_REPORT = 32_768


class Unsticker:
    """Takes DATA apart as it streams in: undoes dot-stuffing and finds the final dot (RFC 5321, 4.1.1.4 and 4.5.2).

    Only CRLF ends a line, so bare LF or CR cannot smuggle an end of the message in.
    """

    def __init__(self) -> None:
        self.finished = False
        self.left_over = b""
        self._held = b"\r\n"
        self._first = True

    def feed(self, data: bytes) -> bytes:
        """The message bytes that are certain after this piece. After the final dot `finished` is true and
        `left_over` holds what came behind it."""
        text = self._held + data
        end = text.find(b"\r\n.\r\n")
        if end >= 0:
            self.finished, self.left_over = True, text[end + 5 :]
            ready, self._held = text[: end + 2], b""
        else:
            # The last four octets may be the beginning of the end.
            cut = max(len(text) - 4, 0)
            tail = text.find(b"\r", cut)
            cut = len(text) if tail < 0 else tail
            ready, self._held = text[:cut], text[cut:]
        ready = ready.replace(b"\r\n.", b"\r\n")
        if self._first and ready:
            # The CRLF in front of the first line is ours.
            self._first = False
            ready = ready[2:]
        return ready


@dataclass
class Commission:
    """What a client asked for beside sender and recipients."""

    envelope_id: str = ""
    notify: dict[str, tuple[str, str]] | None = None


class SubmissionHandler:
    """The decisions of the door, in the form of aiosmtpd's hooks."""

    def __init__(
        self, settings: HubSettings, store: MailStore, delivery: Delivery, clock: Clock, hooks: HubHooks
    ) -> None:
        self.settings = settings
        self.store = store
        self.delivery = delivery
        self.clock = clock
        self.hooks = hooks
        self.connections: set[asyncio.Transport] = set()
        self._passwords = {a.address.lower(): a.password.encode() for a in settings.accounts}

    def authenticate(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: object
    ) -> AuthResult:
        """AUTH PLAIN or LOGIN with the address of an account as the name."""
        if not isinstance(data, LoginPassword):
            return AuthResult(success=False, handled=False)
        login = data.login.decode("utf-8", "replace").lower()
        good = hmac.compare_digest(self._passwords.get(login, b""), data.password) and login in self._passwords
        return AuthResult(success=good, auth_data=login if good else None, handled=False)

    async def handle_EHLO(
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        """EHLO: what the door can do, DSN among it; PIPELINING is not."""
        session.host_name = hostname
        return self.hooks.extensions([*responses[:-1], "250-ENHANCEDSTATUSCODES", "250-DSN", "250 HELP"])

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """MAIL: only one's own address, or the null sender."""
        if not session.authenticated:
            return "530 5.7.0 Authentication required"
        sender = "" if address == "<>" else address
        if reply := self.hooks.smtp_reply("MAIL", sender):
            return reply
        if sender and sender.lower() != session.auth_data:
            return f"553 5.7.1 <{sender}>: Sender address rejected: not owned by user {session.auth_data}"
        envelope.mail_from = address
        return "250 2.1.0 Ok"

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """RCPT: accounts of this hub, at most a hundred."""
        if reply := self.hooks.smtp_reply("RCPT", address):
            return reply
        if address.lower() not in self._passwords:
            return f"550 5.1.1 <{address}>: Recipient address rejected: User unknown in virtual mailbox table"
        if len(envelope.rcpt_tos) >= 100:
            return "452 4.5.3 Too many recipients"
        envelope.rcpt_tos.append(address.lower())
        return "250 2.1.5 Ok"

    def trace(self, session: Session, sender: str, at: datetime) -> bytes:
        """The header lines that a delivering server puts in front (RFC 5321, section 4.4)."""
        peer = session.peer[0] if isinstance(session.peer, tuple) else "unknown"
        kind = "ESMTPSA" if session.ssl else "ESMTPA"
        name = "".join(c if "!" <= c <= "~" and c not in "()<>;\\" else "?" for c in str(session.host_name))[:255]
        return (
            f"Return-Path: <{sender}>\r\n"
            f"Received: from {name} ([{peer}])\r\n"
            f"\tby {self.settings.hostname} with {kind};\r\n"
            f"\t{format_datetime(at)}\r\n"
        ).encode("ascii", "replace")


class SubmissionServer(SMTP):
    """One SMTP connection. aiosmtpd 1.4.6 answers 555 to DSN parameters and keeps a body in memory line by line; both
    are done here instead."""

    # It bounds aiosmtpd's reader; command lines keep their own, smaller limit.
    line_length_limit = _PIECE

    def __init__(self, handler: SubmissionHandler, tls: ssl.SSLContext | None, loop: asyncio.AbstractEventLoop) -> None:
        self._handler = handler
        self._commission = Commission()
        super().__init__(
            handler,
            data_size_limit=handler.settings.size_limit,
            hostname=handler.settings.hostname,
            ident="Saraban hub",
            tls_context=tls,
            require_starttls=tls is not None,
            auth_require_tls=tls is not None,
            authenticator=handler.authenticate,
            loop=loop,
        )

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Remember the connection (the one in clear; it is made again inside STARTTLS)."""
        super().connection_made(transport)
        if isinstance(transport, asyncio.Transport) and self._tls_protocol is None:
            self._wire = transport
            self._handler.connections.add(transport)

    def connection_lost(self, error: Exception | None) -> None:
        """Forget the connection."""
        self._handler.connections.discard(self._wire)
        super().connection_lost(error)

    async def smtp_MAIL(self, arg: str | None) -> None:
        """MAIL, its DSN parameters taken off and kept."""
        arg, dsn = _without(arg, ("RET", "ENVID"))
        self._commission = Commission(envelope_id=dsn.get("ENVID", "")[:100], notify={})
        await super().smtp_MAIL(arg)

    async def smtp_RCPT(self, arg: str | None) -> None:
        """RCPT, likewise."""
        arg, dsn = _without(arg, ("NOTIFY", "ORCPT"))
        assert self.envelope is not None
        before = len(self.envelope.rcpt_tos)
        await super().smtp_RCPT(arg)
        if len(self.envelope.rcpt_tos) > before and self._commission.notify is not None:
            asked = (dsn.get("NOTIFY", "").upper(), dsn.get("ORCPT", "")[:500])
            self._commission.notify[self.envelope.rcpt_tos[-1]] = asked

    async def smtp_DATA(self, arg: str | None) -> None:
        """DATA: the body goes to the disk as it comes; 250 only when it and its place in the index are there."""
        assert self.envelope is not None and self.session is not None
        if not self.session.authenticated:
            await self.push("530 5.7.0 Authentication required")
        elif not self.envelope.rcpt_tos:
            await self.push("503 5.5.1 Error: need RCPT command")
        elif arg:
            await self.push("501 5.5.4 Syntax: DATA")
        else:
            await self.push("354 End data with <CR><LF>.<CR><LF>")
            await self._take_message(self.session, self.envelope)

    async def _take_message(self, session: Session, envelope: Envelope) -> None:
        handler, store = self._handler, self._handler.store
        sender = "" if envelope.mail_from in (None, "<>") else str(envelope.mail_from)
        at = handler.clock.now()
        file, kept = store.new_file(), False
        # True when what comes next on this connection may not be a command: a body that was not read to its end, or
        # something behind the final dot, although PIPELINING was not offered (a smuggler does that).
        out_of_step = True
        try:
            with store.path(file).open("xb", buffering=_PIECE) as out:
                trace = handler.trace(session, sender, at)
                out.write(trace)
                size, out_of_step = await self._stream(out)
            if size is None:
                return
            if size > handler.settings.size_limit:
                reply = "552 5.3.4 Error: message too large"
            elif own := handler.hooks.smtp_reply("DATA", sender):
                reply = own
            else:
                arrivals = self._arrivals(sender, envelope, file, len(trace), len(trace) + size, at)
                # The client has given its message away: it is kept even when the connection goes while it is written.
                kept = True
                await asyncio.shield(asyncio.ensure_future(handler.delivery.deliver(arrivals)))
                reply = f"250 2.0.0 Ok: queued as {file[:12]}"
                if handler.hooks.drops_after_accept(sender):
                    assert isinstance(self.transport, asyncio.Transport)
                    self.transport.abort()
                    return
        except asyncio.CancelledError:
            raise
        except Exception as error:
            reply = f"451 4.3.0 Error: could not be stored: {type(error).__name__}"
        finally:
            if not kept:
                store.discard(file)
        self._set_post_data_state()  # type: ignore[no-untyped-call]
        await self.push(reply)
        if out_of_step and self.transport is not None:
            self.transport.close()

    async def _stream(self, out: BinaryIO) -> tuple[int | None, bool]:
        """Write the message's bytes to the file: how many (None when the client went away; what lies above the limit is
        counted and not written), and whether something came behind the final dot."""
        unsticker, size, limit = Unsticker(), 0, self._handler.settings.size_limit
        while not unsticker.finished:
            data = await self._reader.read(_PIECE)
            if not data:
                return None, False
            self._reset_timeout()
            ready = unsticker.feed(data)
            size += len(ready)
            if size <= limit:
                out.write(ready)
        return size, bool(unsticker.left_over)

    def _arrivals(
        self, sender: str, envelope: Envelope, file: str, body_at: int, size: int, at: datetime
    ) -> list[Arrival]:
        """The message, and a report for each recipient for whom the sender asked for one."""
        handler, store, seconds = self._handler, self._handler.store, int(at.timestamp())
        inboxes: list[int] = []
        reports: list[Arrival] = []
        for recipient in dict.fromkeys(envelope.rcpt_tos):
            inbox = store.folder(recipient, "INBOX")
            assert inbox is not None
            inboxes += [inbox.id] * handler.hooks.copies(recipient)
            notify, original = (self._commission.notify or {}).get(recipient, ("", ""))
            back = store.folder(sender.lower(), "INBOX") if sender else None
            if "SUCCESS" in notify.split(",") and back is not None:
                with store.path(file).open("rb") as message:
                    message.seek(body_at)
                    headers = message.read(_HEADERS_IN_REPORT).split(b"\r\n\r\n", 1)[0]
                token = store.new_file()
                facts = DeliveryReport(
                    handler.settings.hostname,
                    sender,
                    recipient,
                    self._commission.envelope_id,
                    original,
                    headers,
                    at,
                    token,
                )
                raw = b"Return-Path: <>\r\n" + delivered(facts)
                store.path(token).write_bytes(raw)
                reports.append(Arrival(token, len(raw), (back.id,), seconds))
        return [Arrival(file, size, tuple(inboxes), seconds), *reports]


def _without(arg: str | None, names: tuple[str, ...]) -> tuple[str | None, dict[str, str]]:
    """The argument without these parameters, and the parameters."""
    kept: list[str] = []
    found: dict[str, str] = {}
    for word in (arg or "").split(" "):
        name, _, value = word.partition("=")
        if name.upper() in names:
            found[name.upper()] = value
        else:
            kept.append(word)
    return (None if arg is None else " ".join(kept)), found
