"""The shape of what anybody may know of a document whose code he has."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from saraban.domain.classification import Form
from saraban.domain.issued_field import FieldType
from saraban.domain.verification import TYPED_LETTERS, DocumentState, SubjectKind, grouped

ORIGINAL, COPY = "original", "copy"


class KnownFile(NamedTuple):
    """A file of a document: its SHA-256 in hex, and whether it is the original or a certified copy."""

    sha256: str
    what: str


class PublicField(NamedTuple):
    """A field of an issued document that its kind shows to the public."""

    label: str
    label_en: str
    type: FieldType
    value: str


class SealPrint(NamedTuple):
    """A certificate of the agency's seal: the SHA-256 of its DER in hex, and from when until when it is valid."""

    sha256: str
    valid_from: datetime
    valid_to: datetime


class GivenBack(NamedTuple):
    """An agency that gave a letter back, and on which day."""

    agency: str
    on: date


@dataclass(frozen=True)
class Recall:
    """That the issuer of a letter asked for it back: since when, which agencies gave it back, kept it, or have not
    answered, and how many `more` of each there are. `ended_on`: the day on which the last gave it back, None while
    anybody may go by it."""

    asked_on: date
    ended_on: date | None
    given_back: tuple[GivenBack, ...]
    kept: tuple[str, ...]
    waiting: tuple[str, ...]
    more: tuple[int, ...] = (0, 0, 0)

    def as_dict(self) -> dict[str, Any]:
        """The shape of the API."""
        return {
            "asked_on": self.asked_on.isoformat(),
            "given_back": [{"agency": one.agency, "on": one.on.isoformat()} for one in self.given_back],
            "kept": list(self.kept),
            "waiting": list(self.waiting),
            "more": dict(zip(("given_back", "kept", "waiting"), self.more, strict=True)),
        }


class KnownStamp(NamedTuple):
    """A time-stamp that a file of a document got later: of which file (SHA-256 in hex), the moment, who vouches for it,
    and the token in DER."""

    sha256: str
    at: datetime
    by: str
    token: bytes


@dataclass(frozen=True)
class Verified:
    """What anybody may know of a document. `number` has Arabic digits; `subject` is empty unless the agency shows it;
    `cancelled_on` is the day on which its number was voided or it was revoked. A letter has a `form`, and a `recall`
    when its issuer asked for it back, also where that leaves it as it was; an issued document has the name of its kind,
    and what that kind shows: `holder` (empty for none), `fields`, the last day. The day `since` when it is suspended,
    replaced or recalled, the code and number of what took its place, and whether its file may be had. `stamps`: the
    time-stamps that its files got later."""

    code: str
    kind: SubjectKind
    agency_code: str
    agency_name: str
    agency_name_en: str
    form: Form | None
    number: str
    on: date
    state: DocumentState
    cancelled_on: date | None
    subject: str
    files: tuple[KnownFile, ...]
    seals: tuple[SealPrint, ...]
    name: str = ""
    name_en: str = ""
    holder: str = ""
    fields: tuple[PublicField, ...] = ()
    valid_until: date | None = None
    since: date | None = None
    replaced_by: str = ""
    replaced_number: str = ""
    may_download: bool = False
    recall: Recall | None = None
    stamps: tuple[KnownStamp, ...] = ()

    @property
    def shown(self) -> str:
        """The code as it is typed."""
        return grouped(self.code[:TYPED_LETTERS])

    def as_dict(self) -> dict[str, Any]:
        """The shape of the API."""
        return {
            "code": self.code,
            "kind": self.kind.value,
            "state": self.state.value,
            "cancelled_on": self.cancelled_on.isoformat() if self.cancelled_on else None,
            "agency": {"code": self.agency_code, "name": self.agency_name, "name_en": self.agency_name_en},
            "form": self.form.value if self.form is not None else None,
            "number": self.number,
            "date": self.on.isoformat(),
            "subject": self.subject or None,
            "files": [one._asdict() for one in self.files],
            "seals": [
                {"sha256": s.sha256, "valid_from": s.valid_from.isoformat(), "valid_to": s.valid_to.isoformat()}
                for s in self.seals
            ],
            "document": {"name": self.name, "name_en": self.name_en} if self.kind is SubjectKind.ISSUED else None,
            "valid_until": self.valid_until.isoformat() if self.valid_until else None,
            "since": self.since.isoformat() if self.since else None,
            "replaced_by": {"code": self.replaced_by, "number": self.replaced_number} if self.replaced_by else None,
            "holder": self.holder or None,
            "fields": [
                {"label": one.label, "label_en": one.label_en, "type": one.type.value, "value": one.value}
                for one in self.fields
            ],
            "may_download": self.may_download,
            "recall": self.recall.as_dict() if self.recall is not None else None,
            "time_stamps": [
                {
                    "sha256": one.sha256,
                    "at": one.at.isoformat(),
                    "by": one.by,
                    "token": base64.b64encode(one.token).decode(),
                }
                for one in self.stamps
            ],
        }


def seal_prints(certificates: Any) -> list[SealPrint]:
    """The directory's certificates of the seal (rows of use, PEM, since, until), the newest first."""
    prints = [
        SealPrint(_print_of(pem), datetime.fromisoformat(since), datetime.fromisoformat(until))
        for use, pem, since, until in certificates
        if use == "seal"
    ]
    return sorted(prints, key=lambda one: one.valid_from, reverse=True)


def _print_of(pem: str) -> str:
    """The SHA-256 of a certificate in PEM (RFC 7468)."""
    body = "".join(line for line in pem.splitlines() if not line.startswith("-----"))
    return hashlib.sha256(base64.b64decode(body)).hexdigest()
