"""Envelopes: what SMTP carries. The message is a list of segments, so that a circular's files are kept once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum
from uuid import UUID

from saraban.domain.attachment import Digest


class OutboxKind(str, Enum):
    """What leaves through the outbox."""

    LETTER = "letter"
    RECEIPT = "receipt"
    HOLDER = "holder"
    RECONCILE = "reconcile"
    LOOKUP = "lookup"
    ANSWER = "answer"
    REMINDER = "reminder"
    NOTICE = "notice"
    MEETING = "meeting"
    VISIT = "visit"


@dataclass(frozen=True)
class Literal:
    """Bytes that belong to this message alone."""

    data: bytes


@dataclass(frozen=True)
class Encoded:
    """The base64 text (76 characters a line, CRLF, ending with CRLF) of the file with this digest.
    `encoded` is the digest of that text, under which it is kept as a blob; `size` its length in octets."""

    file: Digest
    encoded: Digest
    size: int


Segment = Literal | Encoded


@dataclass(frozen=True)
class Envelope:
    """One message to one recipient. `mail_from` is the empty string for receipts and for answers to
    a reconciliation or a lookup (null sender).
    `sha256` and `size` are of the whole message; `dsn` asks for delivery notices where the server offers them,
    with `envid` as their key."""

    mail_from: str
    rcpt_to: str
    message_id: str
    segments: tuple[Segment, ...]
    sha256: Digest
    size: int
    kind: OutboxKind
    envid: UUID | None = None
    fallback_from: str = ""

    def chunks(self, blob: Callable[[Digest], bytes]) -> Iterator[bytes]:
        """The bytes of the message in order; `blob` opens the encoded files."""
        for segment in self.segments:
            yield segment.data if isinstance(segment, Literal) else blob(segment.encoded)


def remembered(blob: Callable[[Digest], bytes], most: int = 24 << 20) -> Callable[[Digest], bytes]:
    """`blob`, which opens a file of a circular once for all messages that are made or sent together; it holds at most
    so many octets, or one file."""
    held: dict[Digest, bytes] = {}

    def opened(digest: Digest) -> bytes:
        data = held.get(digest)
        if data is None:
            data = blob(digest)
            if sum(map(len, held.values())) + len(data) > most:
                held.clear()
            held[digest] = data
        return data

    return opened
