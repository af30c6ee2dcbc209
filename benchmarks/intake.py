"""From a raw message to a letter that is stored, verified, accepted and answered with a sealed receipt.

The reference does the bare parts with the product's own tools and nothing in between: two signatures verified, two
made, the digest of the message, two files made durable, two transactions of one row each.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import count
from typing import Any
from uuid import uuid4

from sqlalchemy import func, insert, select

from benchmarks.databases import Databases
from benchmarks.frame import Figure, per_second
from benchmarks.letters import queue_letters, raw_messages
from benchmarks.town import RECEIVER, SENDER, Town, founded, mailbox
from saraban.domain.attachment import Digest
from saraban.domain.signature import TrustedSeal
from saraban.exchange.parse import read_message
from saraban.jobs import sort_mail
from saraban.storage.tables.exchange import inbox, statements
from saraban.storage.tables.letters import incoming
from saraban.usecases.fetching import fetch_mailbox
from saraban.usecases.sealing import seal_next

SIZE = 60
"""How many messages with a page of 10 kB come in during a round."""
PAGE_OCTETS = 10_000
_TAKEN, _LETTER = insert(inbox), insert(incoming)


def figures(size: int, databases: Databases) -> Iterator[Figure]:
    """The whole way in against its bare parts."""
    for kind in databases.kinds:
        with databases.migrated(kind) as url, founded(url) as town:
            bench = Bench(town)
            yield Figure(
                name="intake",
                unit="letters/s",
                product=partial(bench.taken_in, size),
                reference="its bare parts",
                against=partial(bench.bare_parts, size),
                goal=0.4,
                database=kind,
            )


@dataclass(frozen=True)
class Signed:
    """A message with what its two signatures are over."""

    raw: bytes
    both: tuple[tuple[Digest, bytes], ...]


class Bench:
    """Messages from one agency of the town to the other."""

    def __init__(self, town: Town) -> None:
        self._town = town
        self._uids = count(1)
        self._sealer = town.services.seals.sealer(RECEIVER, town.services.clock.now())
        self._trust = TrustedSeal(mailbox=mailbox(SENDER), pinned=())
        self._folder = town.settings.data_folder / "bare"
        self._folder.mkdir()
        self._of_letter = self._sample()

    def taken_in(self, size: int) -> float:
        """Letters a second, from raw bytes to the receipt in the outbox."""
        messages = self._messages(size)
        before = self._answered()
        rate = per_second(size, lambda: self._take_in(messages))
        if self._answered() - before != size:
            raise RuntimeError("not every letter was accepted and answered")
        return rate

    def bare_parts(self, size: int) -> float:
        """How many times a second the bare parts can be done."""
        signed = [_signed(raw) for raw in self._messages(size)]
        return per_second(size, lambda: [self._bare(one) for one in signed])

    def _take_in(self, messages: Sequence[bytes]) -> None:
        services, agency = self._town.services, self._town.agencies[RECEIVER]
        folder = _Folder({next(self._uids): raw for raw in messages})
        while fetch_mailbox(services, folder, agency_id=agency.id, owner="bench"):
            pass
        while sort_mail(services):
            pass
        while seal_next(services):
            pass

    def _bare(self, message: Signed) -> None:
        services, now = self._town.services, self._town.services.clock.now()
        digest = Digest(hashlib.sha256(message.raw).hexdigest())
        self._keep(message.raw)
        row = {**self._of_inbox(), "sha256": digest, "content_key": digest, "taken_at": now}
        with self._town.office.writing.begin() as connection:
            connection.execute(_TAKEN, row)
        for content, signature in message.both:
            if not services.verifier.status(content, signature, self._trust, now).good:
                raise RuntimeError("the signature does not verify")
        with self._town.office.writing.begin() as connection:
            connection.execute(_LETTER, {**self._of_letter, "id": uuid4(), "raw_sha256": digest})
        self._keep(self._sealer.seal(digest, now) + self._sealer.seal(digest, now))

    def _keep(self, data: bytes) -> None:
        handle = os.open(self._folder / uuid4().hex, os.O_CREAT | os.O_WRONLY)
        os.write(handle, data)
        os.fsync(handle)
        os.close(handle)

    def _messages(self, size: int) -> list[bytes]:
        messages = raw_messages(self._town, queue_letters(self._town, size, PAGE_OCTETS))
        services = self._town.services
        with services.uow() as uow:
            for item in uow.outbox.claim(services.clock.now(), services.lease, 1_000_000):
                uow.outbox.stop(item.agency_id, item.ref)
            uow.commit()
        return messages

    def _answered(self) -> int:
        with self._town.office.reading.connect() as connection:
            return int(connection.execute(select(func.count()).where(statements.c.sealed.is_not(None))).scalar_one())

    def _of_inbox(self) -> dict[str, Any]:
        agency = self._town.agencies[RECEIVER]
        return {
            "id": uuid4(),
            "agency_id": agency.id,
            "mailbox": agency.mailbox,
            "uidvalidity": 2,
            "uid": next(self._uids),
            "message_id": f"<{uuid4()}@d{SENDER}.test>",
            "attempts": 0,
            # Judged already, or the product would judge what the reference has written.
            "outcome": "bare",
            "note": "",
            "whole": True,
            "sender": "",
            "subject": "",
        }

    def _sample(self) -> dict[str, Any]:
        """The row of a letter that came in, without what makes it unique."""
        self._take_in(self._messages(1))
        with self._town.office.reading.connect() as connection:
            row = dict(connection.execute(select(incoming)).mappings().one())
        return {**row, "accepted_key": None}


class _Folder:
    """An open mailbox (usecases.mailing.MailboxReader) whose mails are here already: the network is not measured."""

    uidvalidity = 1

    def __init__(self, mails: Mapping[int, bytes]) -> None:
        self._mails = mails

    def new_uids(self, after: int) -> list[int]:
        return [uid for uid in self._mails if uid > after]

    def size(self, uid: int) -> int:
        return len(self._mails[uid])

    def pieces(self, uid: int) -> Iterator[bytes]:
        return iter((self._mails[uid],))

    def mark_taken(self, uids: Sequence[int]) -> None:
        """Nobody reads this mailbox with a mail program."""

    def move(self, uids: Sequence[int], folder: str) -> bool:
        return False

    def remove(self, uids: Sequence[int]) -> bool:
        return False

    def idle(self, seconds: float) -> bool:
        return False

    def quota(self) -> None:
        return None


def _signed(raw: bytes) -> Signed:
    message = read_message(raw)
    if message.manifest is None or message.manifest_p7s is None or message.outer is None:
        raise RuntimeError("the message is not signed twice")
    return Signed(
        raw,
        (
            (Digest.of(message.manifest), message.manifest_p7s),
            (message.outer.digest, message.outer.signature),
        ),
    )
