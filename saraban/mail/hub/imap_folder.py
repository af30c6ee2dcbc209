"""A folder as one IMAP client sees it: its sequence numbers, and the commands that read and change messages."""

from __future__ import annotations

import asyncio
import re
from datetime import UTC, datetime
from pathlib import Path

from saraban.mail.hub.delivery import Delivery
from saraban.mail.hub.imap_grammar import BadCommand, Section, Token, numbers, section, word
from saraban.mail.hub.imap_search import Search
from saraban.mail.hub.store import Folder, MailStore, StoredMail

_PIECE = 262_144
_LONGEST_HEADER = 1 << 20
_MACROS = {"FAST": ["FLAGS", "INTERNALDATE", "RFC822.SIZE"]}
_PLAIN_ITEMS = {"UID", "FLAGS", "RFC822.SIZE", "INTERNALDATE"}
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class OpenFolder:
    """`known` is what the client has been told; it changes only through `news` (RFC 3501, section 7.4.1)."""

    def __init__(
        self, folder: Folder, store: MailStore, delivery: Delivery, writer: asyncio.StreamWriter, readonly: bool
    ) -> None:
        self.id = folder.id
        self.readonly = readonly
        self._folder, self._store, self._delivery, self._writer = folder, store, delivery, writer
        self._version = delivery.version(folder.id)
        self._known = store.uids(folder.id)

    @property
    def count(self) -> int:
        """How many messages the client knows of."""
        return len(self._known)

    def news(self) -> list[bytes]:
        """EXPUNGE and EXISTS lines for what changed since the client was last told."""
        version = self._delivery.version(self.id)
        if version == self._version:
            return []
        self._version = version
        current = self._store.uids(self.id)
        if current == self._known:
            return []
        lines: list[bytes] = []
        still = set(current)
        for place in range(len(self._known), 0, -1):
            if self._known[place - 1] not in still:
                lines.append(b"* %d EXPUNGE" % place)
        remaining = len(self._known) - len(lines)
        if len(current) != remaining:
            lines.append(b"* %d EXISTS" % len(current))
        self._known = current
        return lines

    # --- reading ------------------------------------------------------------------------------------------------

    async def search(self, keys: list[Token], *, by_uid: bool) -> str:
        """SEARCH."""
        search = Search(self._known, lambda uids: self._store.mails(self.id, uids), self._header)
        found = search.uids(keys)
        if not by_uid:
            place = self._places()
            found = [place[uid] for uid in found]
        self._writer.write(b"* SEARCH" + b"".join(b" %d" % n for n in found) + b"\r\n")
        return "OK done"

    async def fetch(self, arguments: list[Token], *, by_uid: bool) -> str:
        """FETCH; bodies are read from the disk in pieces as the client takes them."""
        if len(arguments) != 2:
            raise BadCommand("FETCH set items")
        asked = arguments[1] if isinstance(arguments[1], list) else [arguments[1]]
        items = [item for token in asked for item in _MACROS.get(word(token).upper(), [word(token)])]
        if by_uid and not any(item.upper() == "UID" for item in items):
            items.insert(0, "UID")
        sections = {item: found for item in items if (found := section(item)) is not None}
        for item in items:
            if item not in sections and item.upper() not in _PLAIN_ITEMS:
                raise BadCommand(f"cannot fetch {item[:40]}")
        marks = not self.readonly and any(not found.peek for found in sections.values())
        place = self._places()
        chosen = self._chosen(word(arguments[0]), by_uid)
        for start in range(0, len(chosen), 500):
            for mail in self._store.mails(self.id, chosen[start : start + 500]):
                if marks and "\\Seen" not in mail.flags:
                    mail = StoredMail(mail.uid, mail.file, mail.size, mail.flags | {"\\Seen"}, mail.at)
                    await self._set_flags([mail])
                    items += [] if any(i.upper() == "FLAGS" for i in items) else ["FLAGS"]
                try:
                    await self._put_fetched(place[mail.uid], mail, items, sections)
                except FileNotFoundError:
                    return "NO [EXPUNGEISSUED] a message has gone"
        return "OK done"

    async def _put_fetched(self, place: int, mail: StoredMail, items: list[str], sections: dict[str, Section]) -> None:
        with self._store.path(mail.file).open("rb") as message:
            self._writer.write(b"* %d FETCH (" % place)
            for number, item in enumerate(items):
                if number:
                    self._writer.write(b" ")
                if (wanted := sections.get(item)) is None:
                    self._writer.write(_plain_item(item.upper(), mail))
                    continue
                if wanted.part == "HEADER.FIELDS" or wanted.part == "HEADER.FIELDS.NOT":
                    text = _fields(self._header(mail), wanted)
                    low = min(wanted.start or 0, len(text))
                    high = len(text) if wanted.start is None else min(low + wanted.length, len(text))
                    self._writer.write(wanted.label + b" {%d}\r\n" % (high - low) + text[low:high])
                    continue
                low, high = self._range(mail, wanted)
                self._writer.write(wanted.label + b" {%d}\r\n" % (high - low))
                message.seek(low)
                while low < high:
                    piece = message.read(min(_PIECE, high - low))
                    if not piece:
                        raise ConnectionError("the file is shorter than its index says")
                    low += len(piece)
                    self._writer.write(piece)
                    await self._writer.drain()
            self._writer.write(b")\r\n")
        await self._writer.drain()

    def _range(self, mail: StoredMail, wanted: Section) -> tuple[int, int]:
        """From where to where in the file the section lies."""
        low, high = 0, mail.size
        if wanted.part == "HEADER":
            high = len(self._header(mail))
        elif wanted.part == "TEXT":
            low = len(self._header(mail))
        if wanted.start is not None:
            low = min(low + wanted.start, high)
            high = min(low + wanted.length, high)
        return low, high

    def _header(self, mail: StoredMail) -> bytes:
        """The header with the empty line that ends it; at most 1 MiB is looked at."""
        return _header_of(self._store.path(mail.file))

    # --- changing -----------------------------------------------------------------------------------------------

    async def store(self, arguments: list[Token], *, by_uid: bool) -> str:
        """STORE FLAGS, +FLAGS, -FLAGS, each also .SILENT."""
        if len(arguments) < 3:
            raise BadCommand("STORE set item flags")
        match = re.fullmatch(r"([+-]?)FLAGS(\.SILENT)?", word(arguments[1]).upper())
        if match is None:
            raise BadCommand("cannot store that")
        if self.readonly:
            return "NO [READ-ONLY] opened for reading"
        given = arguments[2] if isinstance(arguments[2], list) else arguments[2:]
        flags = frozenset(_flag(word(flag)) for flag in given)
        place = self._places()
        changed = []
        for mail in self._store.mails(self.id, self._chosen(word(arguments[0]), by_uid)):
            new = mail.flags | flags if match[1] == "+" else mail.flags - flags if match[1] == "-" else flags
            changed.append(StoredMail(mail.uid, mail.file, mail.size, new, mail.at))
        await self._set_flags(changed)
        if not match[2]:
            for mail in changed:
                uid = b"UID %d " % mail.uid if by_uid else b""
                line = b"* %d FETCH (" % place[mail.uid] + uid + _plain_item("FLAGS", mail) + b")\r\n"
                self._writer.write(line)
        return "OK done"

    async def expunge(self, uids: str | None, quietly: bool = False) -> str:
        """Remove what is marked as deleted, of all or of these UIDs; the numbers are told with the next news."""
        if self.readonly:
            return "NO [READ-ONLY] opened for reading"
        among = self._known if uids is None else self._chosen(uids, True)
        gone = [mail.uid for mail in self._store.mails(self.id, among) if "\\Deleted" in mail.flags]
        await self._delivery.change((self.id,), lambda: self._store.remove(self.id, gone))
        return "OK closed" if quietly else "OK expunged"

    async def transfer(self, chosen: str, target: Folder, by_uid: bool, move: bool) -> str:
        """COPY, or MOVE, with the UIDs told (RFC 4315, 6851)."""
        if move and self.readonly:
            return "NO [READ-ONLY] opened for reading"
        uids = [mail.uid for mail in self._store.mails(self.id, self._chosen(chosen, by_uid))]
        if not uids:
            return "OK nothing there"
        act = self._store.move if move else self._store.copy
        made = await self._delivery.change((self.id, target.id), lambda: act(self.id, uids, target.id))
        told = f"[COPYUID {target.uidvalidity} {','.join(map(str, uids))} {','.join(map(str, made))}]"
        if move:
            self._writer.write(f"* OK {told} moved\r\n".encode())
            return "OK moved"
        return f"OK {told} copied"

    async def _set_flags(self, mails: list[StoredMail]) -> None:
        flags = {mail.uid: mail.flags for mail in mails}
        await self._delivery.change((), lambda: self._store.set_flags(self.id, flags))

    def _chosen(self, spec: str, by_uid: bool) -> list[int]:
        if by_uid:
            return numbers(spec, self._known)
        return [self._known[place - 1] for place in numbers(spec, list(range(1, len(self._known) + 1)))]

    def _places(self) -> dict[int, int]:
        return {uid: place for place, uid in enumerate(self._known, 1)}


def _plain_item(item: str, mail: StoredMail) -> bytes:
    if item == "UID":
        return b"UID %d" % mail.uid
    if item == "RFC822.SIZE":
        return b"RFC822.SIZE %d" % mail.size
    if item == "FLAGS":
        return b"FLAGS (" + " ".join(sorted(mail.flags)).encode("ascii", "replace") + b")"
    at = datetime.fromtimestamp(mail.at, UTC)
    return f'INTERNALDATE "{at.day:2d}-{_MONTHS[at.month - 1]}-{at.year} {at:%H:%M:%S} +0000"'.encode()


def _flag(text: str) -> str:
    if not re.fullmatch(r"\\?[!#$&'+,\-./0-9:;<=>?@A-Z\[\]^_`a-z|~]{1,60}", text):
        raise BadCommand("not a flag")
    return text.title() if text.startswith("\\") else text


def _header_of(path: Path) -> bytes:
    with path.open("rb") as message:
        text = b""
        while len(text) < _LONGEST_HEADER and (piece := message.read(16_384)):
            text += piece
            end = text.find(b"\r\n\r\n", max(0, len(text) - len(piece) - 3))
            if end >= 0:
                return text[: end + 4]
    return text


def _fields(header: bytes, wanted: Section) -> bytes:
    fields = re.findall(rb"[^\r\n]+(?:\r\n[ \t][^\r\n]*)*\r\n", header)
    negative = wanted.part.endswith(".NOT")
    chosen = [field for field in fields if (_field_name(field) in wanted.names) != negative]
    return b"".join(chosen) + b"\r\n"


def _field_name(field: bytes) -> str:
    return field.split(b":", 1)[0].strip().lower().decode("ascii", "replace")
