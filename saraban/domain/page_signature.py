"""What a check of a signature inside a PDF answers: six parts, what was changed afterwards, and which kind of
electronic signature it is (ETDA, ขมธอ. 23-2563; Electronic Transactions Act 2544, sections 9, 26 and 28)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, IntEnum
from typing import Any

from saraban.domain.signature import UNKNOWN, Answer

PARTS = ("whole", "unchanged", "made", "trusted", "certificate", "time")
_OPEN = {"certificate": "ยังบอกไม่ได้ว่าใบรับรองใช้ได้ขณะลงนาม", "time": "ยังไม่มีตราประทับเวลาที่ยืนยันได้"}
"""The parts that may stay open though nothing is wrong, and how that is said."""


class Change(str, Enum):
    """Something that came into a file after a signature."""

    SIGNED_AGAIN = "signed-again"
    PROOF_ADDED = "proof-added"
    FORM_FILLED = "form-filled"
    PAGES_ADDED = "pages-added"
    PAGES_REMOVED = "pages-removed"
    CONTENT_CHANGED = "content-changed"
    NOTES_CHANGED = "notes-changed"
    OTHER = "other"

    @property
    def thai(self) -> str:
        """What happened, in words."""
        return {
            "signed-again": "มีผู้ลงลายมือชื่อเพิ่ม",
            "proof-added": "เพิ่มข้อมูลพิสูจน์ลายมือชื่อ",
            "form-filled": "กรอกแบบฟอร์ม",
            "pages-added": "เพิ่มหน้า",
            "pages-removed": "เอาหน้าออก",
            "content-changed": "แก้เนื้อหาในหน้า",
            "notes-changed": "แก้หรือเพิ่มข้อความและภาพวางทับหน้า",
            "other": "แก้ส่วนอื่นของไฟล์",
        }[self.value]


class Standing(str, Enum):
    """What all parts come to."""

    GOOD = "good"
    DOUBTFUL = "doubtful"
    BAD = "bad"

    @property
    def thai(self) -> str:
        """The word for a clerk. "ถูกต้อง" is said only where every part holds."""
        return {"good": "ถูกต้อง", "doubtful": "ยืนยันได้ไม่ครบ", "bad": "ใช้ยืนยันไม่ได้"}[self.value]


class SignatureKind(IntEnum):
    """The three kinds of electronic signature of ขมธอ. 23-2563."""

    GENERAL = 1
    RELIABLE = 2
    CERTIFIED = 3

    @property
    def thai(self) -> str:
        """The kind with its name."""
        return {
            1: "ประเภทที่ ๑ ทั่วไป",
            2: "ประเภทที่ ๒ เชื่อถือได้",
            3: "ประเภทที่ ๓ เชื่อถือได้ ใช้ใบรับรองจากผู้ให้บริการออกใบรับรอง",
        }[self.value]


@dataclass(frozen=True)
class PageSignature:
    """The verdict on one signature inside a PDF (ETSI EN 319 102-1 tells the same parts apart).

    whole: the octets that were signed are those; unchanged: nothing was added later but what a signer must expect;
    made: the key of the certificate made it; trusted: the certificate leads to a root of this installation;
    certificate: it was valid at the time of signing and not revoked; time: an authority vouches for that time.

    `ordinal` counts from 1 in the order of signing; `field` is the name in the file. `signed_at` is what the signer's
    own clock said. `licensed`: the root belongs to a licensed provider of certificates. `covers_all` is False when
    something was added after it, which is as it should be for all but the last of several signatures.
    """

    field: str = ""
    ordinal: int = 1
    whole: Answer = UNKNOWN
    unchanged: Answer = UNKNOWN
    made: Answer = UNKNOWN
    trusted: Answer = UNKNOWN
    certificate: Answer = UNKNOWN
    time: Answer = UNKNOWN
    changes: tuple[Change, ...] = ()
    signer: str = ""
    organisation: str = ""
    serial: str = ""
    issuer: str = ""
    signed_at: datetime | None = None
    stamped_at: datetime | None = None
    stamped_by: str = ""
    covers_all: bool = False
    licensed: bool = False

    @property
    def parts(self) -> tuple[tuple[str, Answer], ...]:
        """The six answers with their names, in the order of PARTS."""
        return tuple((name, getattr(self, name)) for name in PARTS)

    @property
    def standing(self) -> Standing:
        """Good when all six are a plain yes, bad when one is a no; "cannot be determined" is never good."""
        values = [answer.value for _, answer in self.parts]
        if False in values:
            return Standing.BAD
        return Standing.GOOD if all(values) else Standing.DOUBTFUL

    @property
    def lacks(self) -> tuple[str, ...]:
        """What alone keeps it from being good, when all else holds: a time-stamp, what is known of revocation. Empty
        for one that is good, bad, or doubtful for another reason."""
        undetermined = [name for name, answer in self.parts if answer.value is None]
        if self.standing is not Standing.DOUBTFUL or not set(undetermined) <= set(_OPEN):
            return ()
        return tuple(_OPEN[name] for name in undetermined)

    @property
    def verdict(self) -> str:
        """The standing for a clerk; where only the time or the revocation is open it says that."""
        return all_but(self.lacks) or self.standing.thai

    @property
    def holds(self) -> bool:
        """Is the signature itself sound: whole, unchanged and made by its key? Who signed and when is not asked."""
        return self.whole.is_true and self.unchanged.is_true and self.made.is_true

    @property
    def kind(self) -> SignatureKind | None:
        """The kind that can be told from the file, whatever its label says: reliable when it is sound, its certificate
        was good as far as can be known and leads to a root of ours; certified when that root is a licensed provider's;
        general when nobody of ours vouches for the signer; None for one that does not hold."""
        if not self.holds or self.time.value is False:
            return None
        if not self.trusted.is_true or self.certificate.value is False:
            return SignatureKind.GENERAL
        return SignatureKind.CERTIFIED if self.licensed else SignatureKind.RELIABLE

    def as_dict(self) -> dict[str, Any]:
        """The shape of the API: six values, `reasons` by part, and what the signature says of itself."""
        return {
            "field": self.field,
            "ordinal": self.ordinal,
            "standing": self.standing.value,
            **{name: answer.value for name, answer in self.parts},
            "reasons": {name: answer.reason for name, answer in self.parts if answer.reason},
            "changes": [change.value for change in self.changes],
            "kind": self.kind.value if self.kind is not None else None,
            "signer": self.signer,
            "organisation": self.organisation,
            "serial": self.serial,
            "issuer": self.issuer,
            "signed_at": self.signed_at.isoformat() if self.signed_at else None,
            "stamped_at": self.stamped_at.isoformat() if self.stamped_at else None,
            "stamped_by": self.stamped_by,
            "covers_all": self.covers_all,
            "licensed": self.licensed,
        }

    @classmethod
    def of_dict(cls, values: Mapping[str, Any]) -> PageSignature:
        """The verdict behind `as_dict`."""
        reasons = values["reasons"]
        answers: dict[str, Any] = {name: Answer(values[name], reasons.get(name, "")) for name in PARTS}
        return cls(
            field=values["field"],
            ordinal=values["ordinal"],
            **answers,
            changes=tuple(Change(word) for word in values["changes"]),
            **{name: values[name] for name in ("signer", "organisation", "serial", "issuer", "stamped_by")},
            signed_at=_moment(values["signed_at"]),
            stamped_at=_moment(values["stamped_at"]),
            covers_all=values["covers_all"],
            licensed=values["licensed"],
        )


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


@dataclass(frozen=True)
class SignedFile:
    """The verdicts on a PDF: its signatures in the order of signing, none when it has none; `problem` says in Thai why
    the file could not be looked at."""

    signatures: tuple[PageSignature, ...] = ()
    problem: str = ""

    @property
    def lacks(self) -> tuple[str, ...]:
        """What alone keeps its signatures from being good, each thing once; empty as soon as one has another flaw."""
        open_ones = [one for one in self.signatures if one.standing is not Standing.GOOD]
        if self.problem or not all(one.lacks for one in open_ones):
            return ()
        return tuple(dict.fromkeys(words for one in open_ones for words in one.lacks))


def all_but(lacks: Sequence[str]) -> str:
    """That all holds but these; empty for none."""
    return f"ผ่านครบ เว้นแต่{' และ'.join(lacks)}" if lacks else ""
