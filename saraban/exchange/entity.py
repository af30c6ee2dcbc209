"""MIME entities as segments: literal bytes, and the base64 text of files that lies in the store.

An Entity is what the seal signs from outside (RFC 8551): the first part of multipart/signed, up to the CRLF before the
delimiter. `signed` puts the signature around it and `enclose` the mail headers around both. Everything is seven bits
with CRLF ends, so that no server on the way has a reason to touch it (RFC 2046, 2049). Delimiters begin with "--",
which no base64 line does.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from saraban.domain.attachment import Digest
from saraban.exchange import headers
from saraban.exchange.envelope import Encoded, Envelope, Literal, OutboxKind, Segment

Blob = Callable[[Digest], bytes]

_QUANTUM = 57  # octets that make one base64 line of 76 characters (RFC 2045, section 6.8)


@dataclass(frozen=True)
class Entity:
    """A MIME entity in segments."""

    segments: tuple[Segment, ...]

    def chunks(self, blob: Blob) -> Iterator[bytes]:
        """Its bytes in order; `blob` opens the encoded files by the digest of their base64 text."""
        for segment in self.segments:
            yield segment.data if isinstance(segment, Literal) else blob(segment.encoded)

    def digest(self, blob: Blob) -> Digest:
        """The SHA-256 of its bytes: what the outer signature is made over, and the MIC that a receipt returns."""
        return _measure(self.chunks(blob))[0]

    def to_bytes(self, blob: Blob) -> bytes:
        """All of its bytes."""
        return b"".join(self.chunks(blob))


@dataclass(frozen=True)
class Frame:
    """What stands on the envelope of a message, whatever is inside."""

    message_id: str
    mail_from: str
    rcpt_to: str
    kind: OutboxKind
    headers: str
    envid: UUID | None = None
    fallback_from: str = ""


def encode_file(data: bytes) -> bytes:
    """The base64 text of a file: 76 characters a line, CRLF ends (RFC 2045, section 6.8). Empty for an empty file."""
    return base64.encodebytes(data).replace(b"\n", b"\r\n")


def leaf(content_type: str, body: bytes, disposition: str = "") -> list[Segment]:
    """A part with these bytes in base64. `content_type` and `disposition` are values with their parameters."""
    return [Literal(_part_headers(content_type, disposition) + encode_file(body))]


def file_leaf(content_type: str, disposition: str, encoded: Encoded) -> list[Segment]:
    """A part whose base64 text lies in the store."""
    return [Literal(_part_headers(content_type, disposition)), encoded]


def verbatim(content_type: str, body: bytes) -> list[Segment]:
    """A part whose bytes are seven bits already and stay readable; they must end with CRLF."""
    head = f"Content-Type: {content_type}\r\nContent-Transfer-Encoding: 7bit\r\n\r\n"
    return [Literal(head.encode("ascii") + body)]


def readable(text: str) -> list[Segment]:
    """The part that a person reads, with CRLF line ends."""
    return leaf("text/plain; charset=utf-8", text.replace("\r\n", "\n").replace("\n", "\r\n").encode())


def sealed_json(name: str, data: bytes, signature: bytes) -> list[list[Segment]]:
    """The evidence as two parts: the canonical JSON under this name, and the detached signature over its bytes under
    the same name with .p7s (docs/wire.md, section 3)."""
    signature_name = f"{name}.p7s"
    return [
        leaf(f"application/json; name={name}", data, attachment(name)),
        leaf(f"application/pkcs7-signature; name={signature_name}", signature, attachment(signature_name)),
    ]


def multipart(content_type: str, boundary: str, parts: Sequence[list[Segment]]) -> list[Segment]:
    """Parts between delimiters, ending with CRLF (RFC 2046, section 5.1.1)."""
    head = f'Content-Type: {content_type};\r\n boundary="{boundary}"\r\n\r\n'
    segments: list[Segment] = [Literal(head.encode("ascii"))]
    for part in parts:
        segments += [Literal(f"--{boundary}\r\n".encode("ascii")), *part, Literal(b"\r\n")]
    return [*segments, Literal(f"--{boundary}--\r\n".encode("ascii"))]


def entity(segments: Sequence[Segment]) -> Entity:
    """An Entity of these segments; neighbouring literals become one."""
    return Entity(_joined(segments))


def attachment(name: str) -> str:
    """A Content-Disposition value that names a file."""
    return "attachment" + headers.parameter("filename", name)


def signed(content: Entity, signature: bytes, boundary: str) -> list[Segment]:
    """multipart/signed around the content (RFC 1847, section 2.1; RFC 8551, section 3.5.3), header included. The CRLF
    before the delimiter belongs to the delimiter and is not signed."""
    head = (
        'Content-Type: multipart/signed; protocol="application/pkcs7-signature";\r\n'
        f' micalg=sha-256;\r\n boundary="{boundary}"\r\n\r\n'
        f"This is a message signed with S/MIME.\r\n\r\n--{boundary}\r\n"
    )
    return [
        Literal(head.encode("ascii")),
        *content.segments,
        Literal(f"\r\n--{boundary}\r\n".encode("ascii")),
        *leaf('application/pkcs7-signature; name="smime.p7s"', signature, attachment("smime.p7s")),
        Literal(f"\r\n--{boundary}--\r\n".encode("ascii")),
    ]


def enclose(frame: Frame, body: Sequence[Segment], blob: Blob) -> Envelope:
    """The envelope of a message: the frame's headers, then the body, which begins with its own Content-Type."""
    opening = (frame.headers + "MIME-Version: 1.0\r\n").encode("ascii")
    whole = Entity(_joined([Literal(opening), *body]))
    sha256, size = _measure(whole.chunks(blob))
    return Envelope(
        mail_from=frame.mail_from,
        rcpt_to=frame.rcpt_to,
        message_id=frame.message_id,
        segments=whole.segments,
        sha256=sha256,
        size=size,
        kind=frame.kind,
        envid=frame.envid,
        fallback_from=frame.fallback_from,
    )


def _part_headers(content_type: str, disposition: str) -> bytes:
    shown = f"Content-Disposition: {disposition}\r\n" if disposition else ""
    return f"Content-Type: {content_type}\r\nContent-Transfer-Encoding: base64\r\n{shown}\r\n".encode("ascii")


def _measure(chunks: Iterator[bytes]) -> tuple[Digest, int]:
    running, size = hashlib.sha256(), 0
    for chunk in chunks:
        running.update(chunk)
        size += len(chunk)
    return Digest(running.hexdigest()), size


def _joined(segments: Sequence[Segment]) -> tuple[Segment, ...]:
    joined: list[Segment] = []
    literals: list[bytes] = []
    for segment in segments:
        if isinstance(segment, Literal):
            literals.append(segment.data)
            continue
        if literals:
            joined.append(Literal(b"".join(literals)))
            literals = []
        joined.append(segment)
    if literals:
        joined.append(Literal(b"".join(literals)))
    return tuple(joined)
