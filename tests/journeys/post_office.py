"""The post between the agencies: what lies in a mailbox and was not fetched yet can be dropped, kept back, repeated,
put into another order, or changed on the way. It works through the mailboxes themselves, over IMAP."""

from __future__ import annotations

import email
import email.policy
import imaplib
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from saraban.mail.imap import ImapMailboxes
from tests.mailservers.hub_thread import HubThread

Which = Callable[[bytes], bool]


def everything(_: bytes) -> bool:
    """Every message."""
    return True


def letters(raw: bytes) -> bool:
    """Letters of the wire."""
    return b"\r\nSaraban-Envelope: 1; kind=letter" in raw[:8_000]


def receipts(raw: bytes) -> bool:
    """Receipts of the wire."""
    return b"\r\nSaraban-Envelope: 1; kind=receipt" in raw[:8_000]


class PostOffice:
    """Stands between the hub and the agencies that fetch from it."""

    def __init__(self, hub: HubThread) -> None:
        self._hub = hub
        self._mailboxes = ImapMailboxes(lambda code, _: hub.imap_account(code))

    def lying(self, mailbox: str, which: Which = everything) -> list[bytes]:
        """What nobody has fetched yet, oldest first."""
        with self._open(mailbox) as box:
            return [raw for _, raw in _unread(box) if which(raw)]

    def take_out(self, mailbox: str, which: Which = everything) -> list[bytes]:
        """Delay: take messages out of the mailbox; `put` brings them later. Not putting them back is losing them."""
        taken = []
        with self._open(mailbox) as box:
            for uid, raw in _unread(box):
                if which(raw):
                    box.uid("STORE", uid, "+FLAGS.SILENT", r"(\Deleted)")
                    box.uid("EXPUNGE", uid)
                    taken.append(raw)
        return taken

    def put(self, mailbox: str, *messages: bytes) -> None:
        """Lay messages into the mailbox, byte for byte."""
        with self._mailboxes.open(mailbox) as box:
            for raw in messages:
                box.append(raw)

    def repeat(self, mailbox: str, times: int = 1, which: Which = everything) -> None:
        """Lay so many further copies of what lies there into the mailbox."""
        self.put(mailbox, *(self.lying(mailbox, which) * times))

    def reorder(self, mailbox: str, which: Which = everything) -> None:
        """The last becomes the first."""
        self.put(mailbox, *reversed(self.take_out(mailbox, which)))

    def change(self, mailbox: str, how: Callable[[bytes], bytes], which: Which = letters) -> None:
        """Change messages on the way."""
        self.put(mailbox, *(how(raw) for raw in self.take_out(mailbox, which)))

    @contextmanager
    def _open(self, mailbox: str) -> Iterator[imaplib.IMAP4]:
        account = self._hub.imap_account(mailbox)
        box = imaplib.IMAP4(account.host, account.port)
        try:
            box.authenticate("PLAIN", lambda _: f"\0{account.user}\0{account.password}".encode())
            box.select("INBOX")
            yield box
        finally:
            box.logout()


def reserialised(raw: bytes) -> bytes:
    """The message as a gateway writes it that parses mail and serialises it again: other folds, other line lengths."""
    message = email.message_from_bytes(raw, policy=email.policy.compat32)
    return b"Received: from a gateway\r\n" + message.as_bytes(policy=email.policy.SMTP.clone(max_line_length=998))


def with_footer(raw: bytes) -> bytes:
    """The message as a gateway leaves it that adds a disclaimer: a text part of its own behind the cover."""
    at = raw.index(b"-mixed\r\n", raw.index(b"Content-Type: text/plain"))
    line = raw.rindex(b"\r\n--", 0, at) + 2
    footer = b"\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nThis mail was checked by a gateway.\r\n"
    return raw[:line] + raw[line : at + 6] + footer + raw[line:]


def _unread(box: imaplib.IMAP4) -> list[tuple[str, bytes]]:
    uids = box.uid("SEARCH", "UNSEEN")[1][0].split()
    found = []
    for uid in (word.decode() for word in uids):
        answer = box.uid("FETCH", uid, "(BODY.PEEK[])")[1]
        found.append((uid, next(part[1] for part in answer if isinstance(part, tuple))))
    return found
