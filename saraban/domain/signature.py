"""What a check of a signature answers: four parts, each yes, no or cannot be determined, each with its reason."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True)
class Answer:
    """One part of a verdict. `value` None means that it cannot be determined; `reason` is Thai, for a person."""

    value: bool | None
    reason: str = ""

    @property
    def is_true(self) -> bool:
        """True only for a plain yes."""
        return self.value is True


UNKNOWN = Answer(None, "ยังไม่ได้ตรวจ")


@dataclass(frozen=True)
class SignatureStatus:
    """A verdict in parts (wire.md, section 5; ETSI EN 319 102-1 tells the same parts apart).

    `problem` is the stable code of the worst finding, one of wire.md's reason codes (`signature-missing`,
    `signature-broken`, `signer-untrusted`, `signer-expired`) or None when all is good.
    """

    intact: Answer = UNKNOWN
    valid: Answer = UNKNOWN
    trusted: Answer = UNKNOWN
    in_time: Answer = UNKNOWN
    signed_at: datetime | None = None
    signer: str = ""
    serial: str = ""
    stamped_at: datetime | None = None
    problem: str | None = None

    @property
    def good(self) -> bool:
        """All four are true; "cannot be determined" is not good."""
        return all(part.is_true for part in (self.intact, self.valid, self.trusted, self.in_time))

    @property
    def why_not(self) -> str:
        """Why it is not good, in Thai: the reason of the first part that is false, or else of the first that cannot be
        determined; "" when all are true."""
        failing = [part for part in (self.intact, self.valid, self.trusted, self.in_time) if not part.is_true]
        return next((part.reason for part in sorted(failing, key=lambda part: part.value is None)), "")

    def as_dict(self) -> dict[str, object]:
        """The shape of the API: four values and `reasons` by part."""
        parts = {"intact": self.intact, "valid": self.valid, "trusted": self.trusted, "in_time": self.in_time}
        return {
            **{name: part.value for name, part in parts.items()},
            "reasons": {name: part.reason for name, part in parts.items() if part.reason},
            "signer": self.signer,
            "signed_at": self.signed_at.isoformat() if self.signed_at else None,
            "problem": self.problem,
        }


@dataclass(frozen=True)
class TrustedSeal:
    """What we may believe about one agency when its seal is checked: its mailbox and the certificates that the
    directory pins for it (PEM, with the time span in which each is accepted)."""

    mailbox: str
    pinned: tuple[tuple[str, datetime, datetime], ...] = field(default=())
