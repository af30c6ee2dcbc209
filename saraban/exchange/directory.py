"""The directory of agencies as it travels: canonical JSON with a detached signature (docs/wire.md, section 6)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from saraban.domain.agency import Certificate, Correspondent
from saraban.domain.errors import SarabanError
from saraban.exchange.wirejson import Malformed, Members, read_object

LARGEST = 64 << 20
_MOST_AGENCIES = 50_000
_MOST_CERTIFICATES = 20


class DirectoryInvalid(SarabanError):
    """The bytes are no directory; the words say where."""

    code = "directory-invalid"


@dataclass(frozen=True)
class SignedDirectory:
    """What a directory says: its publisher's code, when it was issued, and the agencies."""

    publisher: str
    issued_at: datetime
    agencies: tuple[Correspondent, ...]


def read_directory(data: bytes) -> SignedDirectory:
    """The directory in these bytes. Raises DirectoryInvalid for anything that the wire does not allow."""
    try:
        top = Members(read_object(data, LARGEST))
        if top.integer("saraban") != 1:
            raise top.wrong("saraban", "ระบบนี้อ่านได้เฉพาะรุ่น 1")
        top.one_of("kind", ("directory",))
        return SignedDirectory(
            publisher=top.line("publisher"),
            issued_at=top.moment("issued_at"),
            agencies=tuple(_agency(a) for a in top.objects("agencies", _MOST_AGENCIES)),
        )
    except Malformed as error:
        raise DirectoryInvalid(f"ทำเนียบอ่านไม่ได้: {error.thai}") from error


def _agency(inner: Members) -> Correspondent:
    capabilities: dict[str, object] = {}
    if inner.has("capabilities"):
        offered = inner.inner("capabilities")
        for name in ("saraban", "max_bytes", "reconcile", "lookup"):
            if offered.has(name):
                capabilities[name] = offered.integer(name)
    return Correspondent(
        code=inner.line("code"),
        name=inner.line("name"),
        mailbox=inner.mailbox("mailbox").lower(),
        name_en=inner.maybe("name_en", inner.text) or "",
        abbr=inner.maybe("abbr", inner.text) or "",
        series=inner.maybe("series", inner.text) or "",
        parent=inner.maybe("parent", inner.line),
        valid_from=inner.maybe("valid_from", inner.day),
        valid_to=inner.maybe("valid_to", inner.day),
        successor=inner.maybe("successor", inner.line),
        capabilities=capabilities,
        certificates=tuple(_certificate(c) for c in inner.objects("certificates", _MOST_CERTIFICATES)),
    )


def _certificate(inner: Members) -> Certificate:
    return Certificate(
        use=inner.one_of("use", ("seal", "encrypt")),
        pem=inner.words("pem"),
        valid_from=inner.moment("from"),
        valid_to=inner.moment("to"),
    )
