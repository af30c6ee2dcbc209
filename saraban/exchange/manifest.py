"""The manifest: the signed list of who sends what to whom, with the SHA-256 of every file (docs/wire.md, section 3).

What is signed is the bytes, not the object: `to_bytes` writes them once, and a receiver hashes them as they came.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date as Day
from datetime import datetime
from typing import Literal, cast
from uuid import UUID

from saraban.domain.attachment import Digest, Role
from saraban.domain.classification import Form, Secrecy, Urgency
from saraban.domain.errors import SarabanError
from saraban.domain.numbering import arabic_digits
from saraban.exchange.wirejson import Malformed, Members, canonical, read_object, wire_moment

VERSION = 1
MANIFEST_NAME = "manifest.json"
MANIFEST_SIGNATURE_NAME = "manifest.json.p7s"
MAX_FILES = 50  # docs/wire.md, section 3: what a receiver must accept, and so what a sender may count on
MAX_REFERENCES = 500
CAPACITIES = ("self", "acting", "on-behalf", "by-order", "deputising")

Purpose = Literal["action", "information"]

_KNOWN = frozenset(
    (
        *("saraban", "kind", "id", "letter", "from", "to", "number", "date", "form", "subject", "addressed_to"),
        *("urgency", "secrecy", "signatory", "contact", "references", "files", "response_due", "for", "issued_at"),
        *("expires_at", "replaces", "large"),
    )
)


class ManifestInvalid(SarabanError):
    """The manifest is not one of docs/wire.md; the words say what is wrong with it."""

    code = "manifest-invalid"


@dataclass(frozen=True)
class Party:
    """An agency at one end: its directory code, its name and its central mailbox."""

    code: str
    name: str
    mailbox: str


@dataclass(frozen=True)
class FileEntry:
    """A file as the manifest lists it. The name is NFC; `size` and `sha256` are of the decoded bytes."""

    name: str
    role: Role
    media_type: str
    size: int
    sha256: Digest


@dataclass(frozen=True)
class Reference:
    """An earlier letter (อ้างถึง). `sender` is an agency code or a name; `dispatch` is known when it came this way."""

    number: str
    date: Day | None = None
    sender: str = ""
    dispatch: UUID | None = None


@dataclass(frozen=True)
class LargeFile:
    """A file too large for mail: a link, and the digest by which it counts."""

    name: str
    url: str
    sha256: Digest
    size: int


@dataclass(frozen=True)
class Signatory:
    """Who signed the page, in which position and capacity (one of CAPACITIES)."""

    name: str
    position: str = ""
    capacity: str = "self"


@dataclass(frozen=True)
class Contact:
    """The unit that answers questions."""

    unit: str = ""
    phone: str = ""
    email: str = ""


@dataclass(frozen=True)
class Manifest:
    """What one dispatch carries. `id` names the dispatch, `letter` the letter (the same for every receiver of a
    circular). Moments are aware; `purpose` is the wire's `for`; `extra` keeps unknown members of the top level."""

    id: UUID
    letter: UUID
    sender: Party
    to: Party
    number: str
    date: Day
    form: Form
    subject: str
    files: tuple[FileEntry, ...]
    issued_at: datetime
    expires_at: datetime
    addressed_to: str = ""
    urgency: Urgency = Urgency.NORMAL
    secrecy: Secrecy = Secrecy.OPEN
    signatory: Signatory | None = None
    contact: Contact | None = None
    references: tuple[Reference, ...] = ()
    response_due: Day | None = None
    purpose: Purpose = "action"
    replaces: UUID | None = None
    large: tuple[LargeFile, ...] = ()
    extra: Mapping[str, object] = field(default_factory=dict)

    def to_bytes(self) -> bytes:
        """The canonical bytes (RFC 8785): what is signed and sent. Absent members are left out."""
        members: dict[str, object] = {
            "saraban": VERSION,
            "kind": "letter",
            "id": str(self.id),
            "letter": str(self.letter),
            "from": _party(self.sender),
            "to": _party(self.to),
            "number": arabic_digits(self.number),
            "date": self.date.isoformat(),
            "form": self.form.value,
            "subject": self.subject,
            "addressed_to": self.addressed_to or None,
            "urgency": self.urgency.value,
            "secrecy": self.secrecy.value,
            "signatory": _signatory(self.signatory),
            "contact": _contact(self.contact),
            "references": [_reference(reference) for reference in self.references] or None,
            "files": [_file(entry) for entry in self.files],
            "response_due": self.response_due.isoformat() if self.response_due else None,
            "for": self.purpose,
            "issued_at": wire_moment(self.issued_at),
            "expires_at": wire_moment(self.expires_at),
            "replaces": str(self.replaces) if self.replaces else None,
            "large": [_large(file) for file in self.large] or None,
        }
        unknown = {name: value for name, value in self.extra.items() if name not in _KNOWN}
        return canonical({**unknown, **_present(members)})


def read_manifest(data: bytes) -> Manifest:
    """The manifest in these bytes, as they came. Raises ManifestInvalid for anything that docs/wire.md does not allow;
    unknown members are kept in `extra` and otherwise ignored."""
    try:
        return _read(read_object(data))
    except Malformed as error:
        raise ManifestInvalid(f"บัญชีแนบซองอ่านไม่ได้: {error.thai}") from error


def _read(values: dict[str, object]) -> Manifest:
    top = Members(values)
    if top.integer("saraban") != VERSION:
        raise top.wrong("saraban", "ระบบนี้อ่านได้เฉพาะรุ่น 1")
    top.one_of("kind", ("letter",))
    purpose = top.one_of("for", ("action", "information")) if top.has("for") else "action"
    files = tuple(_read_file(inner) for inner in top.objects("files", MAX_FILES))
    if not files:
        raise top.wrong("files", "ต้องมีอย่างน้อยหนึ่งไฟล์")
    if len({entry.name for entry in files}) != len(files):
        raise top.wrong("files", "มีชื่อไฟล์ซ้ำกัน")
    return Manifest(
        id=top.uuid("id"),
        letter=top.uuid("letter"),
        sender=_read_party(top.inner("from")),
        to=_read_party(top.inner("to")),
        number=arabic_digits(top.line("number")),
        date=top.day("date"),
        form=top.choice("form", Form),
        subject=top.words("subject"),
        addressed_to=top.maybe("addressed_to", top.text) or "",
        urgency=top.choice("urgency", Urgency),
        secrecy=top.choice("secrecy", Secrecy),
        signatory=_read_signatory(top.inner("signatory")) if top.has("signatory") else None,
        contact=_read_contact(top.inner("contact")) if top.has("contact") else None,
        references=tuple(_read_reference(inner) for inner in top.objects("references", MAX_REFERENCES)),
        files=files,
        response_due=top.maybe("response_due", top.day),
        purpose=cast(Purpose, purpose),
        issued_at=top.moment("issued_at"),
        expires_at=top.moment("expires_at"),
        replaces=top.maybe("replaces", top.uuid),
        large=tuple(_read_large(inner) for inner in top.objects("large", MAX_FILES)),
        extra={name: value for name, value in values.items() if name not in _KNOWN},
    )


def _read_party(inner: Members) -> Party:
    return Party(code=inner.line("code"), name=inner.line("name"), mailbox=inner.mailbox("mailbox"))


def _read_file(inner: Members) -> FileEntry:
    name = inner.line("name")
    if not unicodedata.is_normalized("NFC", name):
        raise inner.wrong("name", "ชื่อไฟล์ต้องเป็นแบบ NFC")
    return FileEntry(
        name=name,
        role=inner.choice("role", Role),
        media_type=inner.line("media_type"),
        size=inner.integer("size"),
        sha256=inner.digest("sha256"),
    )


def _read_reference(inner: Members) -> Reference:
    return Reference(
        number=arabic_digits(inner.text("number")) if inner.has("number") else "",
        date=inner.maybe("date", inner.day),
        sender=inner.maybe("from", inner.text) or "",
        dispatch=inner.maybe("dispatch", inner.uuid),
    )


def _read_large(inner: Members) -> LargeFile:
    url = inner.line("url")
    if not url.startswith("https://"):
        raise inner.wrong("url", "ต้องขึ้นต้นด้วย https://")
    return LargeFile(inner.line("name"), url, inner.digest("sha256"), inner.integer("size"))


def _read_signatory(inner: Members) -> Signatory:
    capacity = inner.one_of("capacity", CAPACITIES) if inner.has("capacity") else "self"
    return Signatory(inner.text("name"), inner.maybe("position", inner.text) or "", capacity)


def _read_contact(inner: Members) -> Contact:
    unit, phone, email = (inner.maybe(name, inner.text) or "" for name in ("unit", "phone", "email"))
    return Contact(unit, phone, email)


def _party(party: Party) -> dict[str, object]:
    return {"code": party.code, "name": party.name, "mailbox": party.mailbox}


def _file(entry: FileEntry) -> dict[str, object]:
    return {
        "name": entry.name,
        "role": entry.role.value,
        "media_type": entry.media_type,
        "size": entry.size,
        "sha256": entry.sha256.hex,
    }


def _large(file: LargeFile) -> dict[str, object]:
    return {"name": file.name, "url": file.url, "sha256": file.sha256.hex, "size": file.size}


def _reference(reference: Reference) -> dict[str, object]:
    return _present(
        {
            "number": arabic_digits(reference.number),
            "date": reference.date.isoformat() if reference.date else None,
            "from": reference.sender or None,
            "dispatch": str(reference.dispatch) if reference.dispatch else None,
        }
    )


def _signatory(signatory: Signatory | None) -> dict[str, object] | None:
    if signatory is None:
        return None
    return {"name": signatory.name, "position": signatory.position, "capacity": signatory.capacity}


def _contact(contact: Contact | None) -> dict[str, object] | None:
    if contact is None:
        return None
    return _present({"unit": contact.unit or None, "phone": contact.phone or None, "email": contact.email or None})


def _present(members: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in members.items() if value is not None}
