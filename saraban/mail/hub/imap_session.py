"""One IMAP connection of the hub: reading commands, states, login, IDLE (RFC 3501, 2177, 4959, 6851, 4315)."""

from __future__ import annotations

import asyncio
import base64
import binascii
import hmac
import re
import sqlite3
import ssl
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

from saraban.mail.hub.delivery import Delivery
from saraban.mail.hub.imap_folder import OpenFolder
from saraban.mail.hub.imap_grammar import BadCommand, Token, quoted, tokens, word
from saraban.mail.hub.settings import HubHooks, HubSettings
from saraban.mail.hub.store import Arrival, MailStore
from saraban.usecases.ports import Clock

_LITERAL = re.compile(rb"\{(\d{1,10})(\+?)\}\r?\n$")
_BEFORE_LOGIN = {"CAPABILITY", "NOOP", "LOGOUT", "STARTTLS", "LOGIN", "AUTHENTICATE", "ID"}
_SHORT_LITERAL = 65_536
_IDLE_TIMEOUT = 31 * 60.0


class ImapSession:
    """Serves one client until it logs out, goes away, or fails three times to log in."""

    def __init__(
        self,
        settings: HubSettings,
        store: MailStore,
        delivery: Delivery,
        clock: Clock,
        hooks: HubHooks,
        tls: ssl.SSLContext | None,
        streams: tuple[asyncio.StreamReader, asyncio.StreamWriter],
    ) -> None:
        self._settings, self._store, self._delivery = settings, store, delivery
        self._clock, self._hooks, self._tls = clock, hooks, tls
        self._reader, self._writer = streams
        self._passwords = {a.address.lower(): a.password.encode() for a in settings.accounts}
        self._encrypted = False
        self._account: str | None = None
        self._folder: OpenFolder | None = None
        self._failures = 0
        self._over = False

    async def run(self) -> None:
        """Greet, then answer commands one after the other."""
        try:
            self._put(b"* OK [CAPABILITY " + self._capabilities() + b"] Saraban hub ready")
            await self._writer.drain()
            while not self._over and (parts := await self._command()) is not None:
                await self._answer(parts)
                await self._writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError, ssl.SSLError, TimeoutError):
            pass
        finally:
            self._writer.close()

    # --- reading ------------------------------------------------------------------------------------------------

    async def _command(self) -> list[bytes] | None:
        """Text and literals of a command in turn; None when the client has gone."""
        parts: list[bytes] = []
        room = self._settings.size_limit if self._account else _SHORT_LITERAL
        while True:
            try:
                line = await asyncio.wait_for(self._reader.readline(), _IDLE_TIMEOUT)
            except ValueError:
                self._put(b"* BYE line too long")
                return None
            if not line.endswith(b"\n"):
                return None
            literal = _LITERAL.search(line)
            if literal is None:
                parts.append(line.rstrip(b"\r\n"))
                return parts
            size = int(literal[1])
            if size > room:
                # The size is known before a byte of it: a client that waits gets NO, one that does not is cut off.
                self._put((line.split(b" ", 1)[0] or b"*") + b" NO [LIMIT] literal too large")
                if literal[2]:
                    return None
                await self._writer.drain()
                parts, room = [], self._settings.size_limit if self._account else _SHORT_LITERAL
                continue
            room -= size
            parts.append(line[: literal.start()])
            if not literal[2]:
                self._put(b"+ go ahead")
                await self._writer.drain()
            parts.append(await self._reader.readexactly(size))

    async def _answer(self, parts: list[bytes]) -> None:
        tag, _, rest = parts[0].partition(b" ")
        name, _, _ = rest.partition(b" ")
        command = name.upper().decode("ascii", "replace")
        if not re.fullmatch(rb"[\x21-\x7e]{1,64}", tag) or re.search(rb'[(){%*"\\+]', tag):
            self._put(b"* BAD no tag")
            return
        if self._hooks.drops_imap(command):
            self._writer.transport.abort()
            self._over = True
            return
        act = self._commands().get(command)
        try:
            arguments = tokens([rest[len(name) :], *parts[1:]])
            if act is None:
                raise BadCommand("unknown command")
            if self._account is None and command not in _BEFORE_LOGIN:
                raise BadCommand("log in first")
            reply = await act(arguments)
        except BadCommand as error:
            reply = f"BAD {error}"
        except (OSError, sqlite3.Error) as error:
            reply = f"NO [SERVERBUG] {type(error).__name__}"
        if self._folder is not None and command not in ("FETCH", "STORE", "SEARCH"):
            for line in self._folder.news():
                self._put(line)
        self._put(tag + b" " + reply.encode("utf-8", "replace"))
        if command == "STARTTLS" and reply.startswith("OK"):
            await self._writer.drain()
            if self._reader._buffer:  # type: ignore[attr-defined]
                # Somebody in the middle put a command behind STARTTLS, to be obeyed as if it came encrypted.
                self._over = True
                return
            assert self._tls is not None
            await self._writer.start_tls(self._tls)
            self._encrypted = True

    def _commands(self) -> dict[str, Callable[[list[Token]], Awaitable[str]]]:
        always: dict[str, Callable[[list[Token]], Awaitable[str]]] = {
            "CAPABILITY": self._do_capability, "NOOP": self._do_nothing, "CHECK": self._do_nothing,
            "LOGOUT": self._do_logout, "STARTTLS": self._do_starttls, "LOGIN": self._do_login,
            "AUTHENTICATE": self._do_authenticate, "ID": self._do_id, "NAMESPACE": self._do_namespace,
            "LIST": self._do_list, "LSUB": self._do_lsub, "CREATE": self._do_create,
            "SUBSCRIBE": self._do_nothing, "UNSUBSCRIBE": self._do_nothing,
            "STATUS": self._do_status, "SELECT": self._do_select, "EXAMINE": self._do_examine,
            "APPEND": self._do_append,
        }  # fmt: skip
        folder = self._folder
        if folder is None:
            return always
        return always | {
            "FETCH": lambda a: folder.fetch(a, by_uid=False), "STORE": lambda a: folder.store(a, by_uid=False),
            "SEARCH": lambda a: folder.search(a, by_uid=False), "COPY": lambda a: self._transfer(a, False, False),
            "MOVE": lambda a: self._transfer(a, False, True), "EXPUNGE": lambda a: folder.expunge(None),
            "UID": self._do_uid, "IDLE": self._do_idle, "CLOSE": self._do_close, "UNSELECT": self._do_unselect,
        }  # fmt: skip

    # --- before a folder is open --------------------------------------------------------------------------------

    def _capabilities(self) -> bytes:
        login = b"STARTTLS LOGINDISABLED" if self._tls is not None and not self._encrypted else b"AUTH=PLAIN SASL-IR"
        return b"IMAP4rev1 LITERAL+ IDLE UIDPLUS MOVE UNSELECT NAMESPACE ID " + login

    async def _do_capability(self, _: list[Token]) -> str:
        self._put(b"* CAPABILITY " + self._capabilities())
        return "OK done"

    async def _do_nothing(self, _: list[Token]) -> str:
        return "OK done"

    async def _do_logout(self, _: list[Token]) -> str:
        self._put(b"* BYE goodbye")
        self._over, self._folder = True, None
        return "OK done"

    async def _do_id(self, _: list[Token]) -> str:
        self._put(b'* ID ("name" "saraban-hub")')
        return "OK done"

    async def _do_starttls(self, _: list[Token]) -> str:
        if self._tls is None or self._encrypted:
            raise BadCommand("no TLS to start")
        return "OK begin TLS"

    async def _do_login(self, arguments: list[Token]) -> str:
        if len(arguments) != 2:
            raise BadCommand("LOGIN name password")
        return self._logged_in(word(arguments[0]), word(arguments[1]).encode())

    async def _do_authenticate(self, arguments: list[Token]) -> str:
        if not arguments or word(arguments[0]).upper() != "PLAIN":
            return "NO mechanism not offered"
        if len(arguments) > 1:
            answer = word(arguments[1]).encode()
        else:
            self._put(b"+ ")
            await self._writer.drain()
            answer = (await self._reader.readline()).strip()
        try:
            _, login, password = base64.b64decode(answer, validate=True).split(b"\0")
        except (binascii.Error, ValueError):
            return "BAD not PLAIN"
        return self._logged_in(login.decode("utf-8", "replace"), password)

    def _logged_in(self, login: str, password: bytes) -> str:
        if self._account is not None:
            return "BAD already logged in"
        if self._tls is not None and not self._encrypted:
            return "NO [PRIVACYREQUIRED] STARTTLS first"
        login = login.lower()
        if not (hmac.compare_digest(self._passwords.get(login, b""), password) and login in self._passwords):
            self._failures += 1
            self._over = self._failures >= 3
            return "NO [AUTHENTICATIONFAILED] name or password wrong"
        self._account = login
        return f"OK [CAPABILITY {self._capabilities().decode()}] logged in"

    # --- folders ------------------------------------------------------------------------------------------------

    async def _do_namespace(self, _: list[Token]) -> str:
        self._put(b'* NAMESPACE (("" "/")) NIL NIL')
        return "OK done"

    async def _do_list(self, arguments: list[Token], answer: bytes = b"LIST") -> str:
        if len(arguments) != 2:
            raise BadCommand("two arguments")
        pattern = word(arguments[0]) + word(arguments[1])
        if not word(arguments[1]):
            self._put(b"* " + answer + b' (\\Noselect) "/" ""')
            return "OK done"
        shape = "".join(".*" if c == "*" else "[^/]*" if c == "%" else re.escape(c) for c in pattern[:200])
        for name in self._store.folder_names(str(self._account)):
            if re.fullmatch(shape, name, re.IGNORECASE if name == "INBOX" else 0):
                self._put(b"* " + answer + b' (\\HasNoChildren) "/" ' + quoted(name))
        return "OK done"

    async def _do_lsub(self, arguments: list[Token]) -> str:
        return await self._do_list(arguments, b"LSUB")

    async def _do_create(self, arguments: list[Token]) -> str:
        if len(arguments) != 1 or not re.fullmatch(r"[^\x00-\x1f*%]{1,100}", word(arguments[0])):
            raise BadCommand("CREATE name")
        account, name, at = str(self._account), word(arguments[0]), int(self._clock.now().timestamp())
        if self._store.folder(account, name) is not None:
            return "NO [ALREADYEXISTS] there is one"
        await self._delivery.change((), lambda: self._store.make_folders(account, (name,), at))
        return "OK done"

    async def _do_status(self, arguments: list[Token]) -> str:
        if len(arguments) != 2 or not isinstance(arguments[1], list):
            raise BadCommand("STATUS name (items)")
        folder = self._store.folder(str(self._account), word(arguments[0]))
        if folder is None:
            return "NO [NONEXISTENT] no such mailbox"
        facts = {"UIDNEXT": folder.uidnext, "UIDVALIDITY": folder.uidvalidity, "RECENT": 0}
        items = [word(item).upper() for item in arguments[1]]
        if "MESSAGES" in items:
            facts["MESSAGES"] = len(self._store.uids(folder.id))
        if "UNSEEN" in items:
            facts["UNSEEN"] = self._store.unseen(folder.id)
        told = " ".join(f"{item} {facts[item]}" for item in items if item in facts)
        self._put(b"* STATUS " + quoted(folder.name) + f" ({told})".encode())
        return "OK done"

    async def _do_select(self, arguments: list[Token]) -> str:
        return self._selected(arguments, readonly=False)

    async def _do_examine(self, arguments: list[Token]) -> str:
        return self._selected(arguments, readonly=True)

    def _selected(self, arguments: list[Token], readonly: bool) -> str:
        if len(arguments) != 1:
            raise BadCommand("one name")
        self._folder = None
        folder = self._store.folder(str(self._account), word(arguments[0]))
        if folder is None:
            return "NO [NONEXISTENT] no such mailbox"
        self._folder = OpenFolder(folder, self._store, self._delivery, self._writer, readonly)
        flags = b"\\Answered \\Flagged \\Deleted \\Seen \\Draft"
        self._put(b"* FLAGS (%s)" % flags)
        self._put(b"* OK [PERMANENTFLAGS (%s)] flags kept" % (b"" if readonly else flags + b" \\*"))
        self._put(b"* %d EXISTS" % self._folder.count)
        self._put(b"* 0 RECENT")
        self._put(b"* OK [UIDVALIDITY %d] stable" % folder.uidvalidity)
        self._put(b"* OK [UIDNEXT %d] predicted" % folder.uidnext)
        return "OK [READ-ONLY] examined" if readonly else "OK [READ-WRITE] selected"

    async def _do_close(self, _: list[Token]) -> str:
        assert self._folder is not None
        reply = "OK closed" if self._folder.readonly else await self._folder.expunge(None, quietly=True)
        self._folder = None
        return reply

    async def _do_unselect(self, _: list[Token]) -> str:
        self._folder = None
        return "OK closed"

    async def _do_append(self, arguments: list[Token]) -> str:
        if len(arguments) < 2 or isinstance(arguments[-1], list):
            raise BadCommand("APPEND name [flags] [date] literal")
        folder = self._store.folder(str(self._account), word(arguments[0]))
        if folder is None:
            return "NO [TRYCREATE] no such mailbox"
        flags = next((frozenset(word(f) for f in a) for a in arguments[1:-1] if isinstance(a, list)), frozenset[str]())
        file, raw = self._store.new_file(), arguments[-1]
        self._store.path(file).write_bytes(raw)
        at = int(self._clock.now().timestamp())
        [[uid]] = await self._delivery.deliver([Arrival(file, len(raw), (folder.id,), at, flags)])
        return f"OK [APPENDUID {folder.uidvalidity} {uid}] kept"

    # --- with a folder open -------------------------------------------------------------------------------------

    async def _do_uid(self, arguments: list[Token]) -> str:
        folder = self._folder
        if not arguments or folder is None:
            raise BadCommand("UID command arguments")
        command, rest = word(arguments[0]).upper(), arguments[1:]
        if command == "FETCH":
            return await folder.fetch(rest, by_uid=True)
        if command == "STORE":
            return await folder.store(rest, by_uid=True)
        if command == "SEARCH":
            return await folder.search(rest, by_uid=True)
        if command == "EXPUNGE" and len(rest) == 1:
            return await folder.expunge(word(rest[0]))
        if command in ("COPY", "MOVE"):
            return await self._transfer(rest, True, command == "MOVE")
        raise BadCommand("unknown UID command")

    async def _transfer(self, arguments: list[Token], by_uid: bool, move: bool) -> str:
        if len(arguments) != 2 or self._folder is None:
            raise BadCommand("set and mailbox")
        target = self._store.folder(str(self._account), word(arguments[1]))
        if target is None:
            return "NO [TRYCREATE] no such mailbox"
        return await self._folder.transfer(word(arguments[0]), target, by_uid, move)

    async def _do_idle(self, arguments: list[Token]) -> str:
        """Tell news as they come until the client sends DONE."""
        folder = self._folder
        assert folder is not None
        changed = self._delivery.watch(folder.id)
        reading = asyncio.ensure_future(self._reader.readline())
        waiting: asyncio.Future[bool] = asyncio.ensure_future(changed.wait())
        try:
            self._put(b"+ idling")
            for line in folder.news():
                self._put(line)
            await self._writer.drain()
            while not reading.done():
                either: set[asyncio.Future[Any]] = {reading, waiting}
                done, _ = await asyncio.wait(either, timeout=_IDLE_TIMEOUT, return_when=asyncio.FIRST_COMPLETED)
                if not done:
                    raise TimeoutError
                if waiting in done:
                    changed.clear()
                    for line in folder.news():
                        self._put(line)
                    await self._writer.drain()
                    waiting = asyncio.ensure_future(changed.wait())
            line = reading.result()
            if not line:
                raise ConnectionError("gone while idle")
            return "OK idle done" if line.strip().upper() == b"DONE" else "BAD expected DONE"
        finally:
            self._delivery.unwatch(folder.id, changed)
            for task in (reading, waiting):
                if not task.done():
                    task.cancel()
                    with suppress(asyncio.CancelledError):
                        await task

    def _put(self, line: bytes) -> None:
        self._writer.write(line + b"\r\n")
