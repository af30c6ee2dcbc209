"""From the outbox to the relay, and to the receiver's INBOX: through a real Postfix and Dovecot on loopback.

The reference is a loop of smtplib over as many kept connections, which sends the same bytes and writes nothing down.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from time import perf_counter

from sqlalchemy import func, select

from benchmarks.bare_smtp import connected, sending, server_of, side_by_side
from benchmarks.databases import Databases
from benchmarks.frame import Figure, NotMeasured, per_second, promised
from benchmarks.letters import queue_letters, raw_messages
from benchmarks.town import RECEIVER, SENDER, Town, founded, mailbox
from saraban.mail.imap import ImapMailbox
from saraban.settings import AgencyMail
from saraban.storage.tables.exchange import outbox
from saraban.usecases.delivering import deliver_next
from tests.mailservers.stack import MailStack

SIZE = 100
"""How many letters of 10 kB are sent in a round; of 1 MB it is a tenth."""
SMALL, LARGE = 10_000, 1_000_000
PROMISED_TO_INBOX = 100.0
_WORD = "word-of-the-benchmarks"
_LONGEST_WAIT_SECONDS = 120.0


def figures(size: int, databases: Databases) -> Iterator[Figure]:
    """Small and large letters against bare connections, and small ones into the INBOX against the promised rate."""
    if why := MailStack.why_not():
        raise NotMeasured(why)
    for kind in databases.kinds:
        with databases.migrated(kind) as url, _bench(url) as bench:
            for words, octets, count in (("10 kB", SMALL, size), ("1 MB", LARGE, max(3, size // 10))):
                yield Figure(
                    name=f"relay, {words}",
                    unit="letters/s",
                    product=partial(bench.outbox_to_relay, count, octets),
                    reference="bare smtplib, same bytes",
                    against=partial(bench.bare_loop, count, octets),
                    goal=0.6,
                    database=kind,
                )
            yield Figure(
                name="outbox to INBOX, 10 kB",
                unit="letters/s",
                product=partial(bench.outbox_to_inbox, size, SMALL),
                reference="promised",
                against=promised(PROMISED_TO_INBOX),
                goal=1.0,
                database=kind,
            )


class Bench:
    """A town with its mail servers."""

    def __init__(self, town: Town, stack: MailStack) -> None:
        self._town, self._stack = town, stack
        self._senders = town.settings.senders
        self._kept = [connected(stack.smtp_account(mailbox(SENDER))) for _ in range(self._senders)]

    def close(self) -> None:
        """Say goodbye on the connections of the reference."""
        for connection in self._kept:
            connection.close()

    def outbox_to_relay(self, count: int, octets: int) -> float:
        """Letters a second from the outbox until the relay has them all and that is written down."""
        queue_letters(self._town, count, octets)
        self._wait_for_quiet()
        rate = per_second(count, lambda: side_by_side([self._deliver] * self._senders))
        self._require_all_sent()
        return rate

    def outbox_to_inbox(self, count: int, octets: int) -> float:
        """Letters a second from the outbox until the receiver can fetch the last of them."""
        queue_letters(self._town, count, octets)
        self._wait_for_quiet()
        inbox = ImapMailbox(self._stack.imap_account(mailbox(RECEIVER)))
        try:
            before = inbox.uidnext - 1
            begin = perf_counter()
            side_by_side([self._deliver] * self._senders)
            while len(inbox.new_uids(before)) < count:
                if perf_counter() - begin > _LONGEST_WAIT_SECONDS:
                    raise RuntimeError("the letters do not arrive in the INBOX")
                # As the fetcher waits. Whoever only searches again sees an INBOX that is up to five seconds old, for
                # so long Dovecot looks for new mail at NOOP and IDLE alone.
                inbox.idle(1.0)
            return count / (perf_counter() - begin)
        finally:
            inbox.close()

    def bare_loop(self, count: int, octets: int) -> float:
        """Letters a second over the reference's connections; the letters are those that wait in the outbox."""
        messages = raw_messages(self._town, queue_letters(self._town, count, octets))
        with self._town.services.uow() as uow:
            for item in uow.outbox.claim(self._town.services.clock.now(), self._town.services.lease, count):
                uow.outbox.stop(item.agency_id, item.ref)
            uow.commit()
        shares = [messages[place :: self._senders] for place in range(self._senders)]
        self._wait_for_quiet()
        work = [sending(connection, share) for connection, share in zip(self._kept, shares, strict=True)]
        return per_second(count, lambda: side_by_side(work))

    def _deliver(self) -> None:
        while deliver_next(self._town.services):
            pass

    def _require_all_sent(self) -> None:
        with self._town.office.reading.connect() as connection:
            left = connection.execute(select(func.count()).where(outbox.c.state.not_in(("sent", "stopped")))).scalar()
        if left:
            raise RuntimeError(f"{left} letters could not be sent")

    def _wait_for_quiet(self) -> None:
        """What the relay still does for earlier rounds must not fall on this one."""
        spool, quiet = self._stack.root / "postfix/spool", 0
        until = perf_counter() + _LONGEST_WAIT_SECONDS
        while quiet < 4 and perf_counter() < until:
            waiting = any(path.is_file() for name in ("incoming", "active") for path in (spool / name).iterdir())
            quiet = 0 if waiting else quiet + 1
            time.sleep(0.05)


@contextmanager
def _bench(url: str) -> Iterator[Bench]:
    stack = MailStack.start([(mailbox(code), _WORD) for code in (SENDER, RECEIVER)])
    try:
        mail = {
            code: AgencyMail(
                smtp=server_of(stack.smtp_account(mailbox(code))), imap=server_of(stack.imap_account(mailbox(code)))
            )
            for code in (SENDER, RECEIVER)
        }
        with founded(url, mail) as town:
            bench = Bench(town, stack)
            yield bench
            bench.close()
    finally:
        stack.stop()
