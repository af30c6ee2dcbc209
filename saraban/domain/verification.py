"""Public verification: the code on an issued document by which anybody can look it up, and how the document stands.

The code is drawn by lot and tells nothing. It has 100 random bits, so that nobody finds a document by trying. Its first
twelve letters, in groups of four, are what a person types; doors pace whoever tries codes that are none.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from uuid import UUID

from saraban.domain.agency import AgencyId, AgencyOptions
from saraban.domain.classification import Form, Secrecy
from saraban.domain.errors import BadInput
from saraban.domain.letter import LetterState
from saraban.domain.numbering import arabic_digits
from saraban.domain.register import EntryState

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no letter in it looks like another."""
CODE_LETTERS = 20
TYPED_LETTERS = 12
ENTROPY_OCTETS = 13
_GROUP = 4
_ALIKE = str.maketrans({"O": "0", "I": "1", "L": "1", "-": "", " ": "", "\u2010": "", "\u2011": "", "\u2013": ""})
_WHOLE = re.compile(f"[{ALPHABET}]{{{CODE_LETTERS}}}|[{ALPHABET}]{{{TYPED_LETTERS}}}")


class SubjectKind(str, Enum):
    """What a code stands on."""

    LETTER = "letter"
    ISSUED = "issued"


class DocumentState(str, Enum):
    """How a document stands today, for anybody who asks."""

    VALID = "valid"
    CANCELLED = "cancelled"
    SUSPENDED = "suspended"
    REPLACED = "replaced"
    EXPIRED = "expired"
    RECALLED = "recalled"

    @property
    def thai(self) -> str:
        """The state in words."""
        return _STATES[self]


_STATES = {
    DocumentState.VALID: "ใช้ได้",
    DocumentState.CANCELLED: "ยกเลิกแล้ว",
    DocumentState.SUSPENDED: "พักใช้",
    DocumentState.REPLACED: "ถูกแทนที่ด้วยฉบับใหม่",
    DocumentState.EXPIRED: "หมดอายุ",
    DocumentState.RECALLED: "เรียกคืนแล้ว",
}


@dataclass(frozen=True)
class VerificationCode:
    """The code of one document: 100 random bits, made once and never changed."""

    code: str
    agency_id: AgencyId
    kind: SubjectKind
    subject_id: UUID
    made_at: datetime

    @property
    def typed(self) -> str:
        """What a person types, without its groups."""
        return self.code[:TYPED_LETTERS]

    @property
    def shown(self) -> str:
        """What is printed to be typed, as "7K3M-Q2XF-9TBD"."""
        return grouped(self.typed)


def code_from(entropy: bytes) -> str:
    """A code out of ENTROPY_OCTETS random octets, of which the last four bits are not used. Raises ValueError for
    fewer: a code that could be guessed must not come into being."""
    if len(entropy) < ENTROPY_OCTETS:
        raise ValueError("a code needs 13 random octets")
    number = int.from_bytes(entropy[:ENTROPY_OCTETS], "big") >> 4
    return "".join(ALPHABET[number >> 5 * place & 31] for place in reversed(range(CODE_LETTERS)))


def read_code(text: str) -> str | None:
    """The code, whole or the part that is typed, in what somebody wrote: small letters, groups, Thai digits, O for 0
    and I or L for 1 are understood, and so is the address of the page. None for anything else."""
    last = text.strip().partition("?")[0].partition("#")[0].rstrip("/").rpartition("/")[2]
    plain = arabic_digits(last).upper().translate(_ALIKE)
    return plain if _WHOLE.fullmatch(plain) else None


def address(public_url: str, code: str) -> str:
    """The address at which the public looks a document up."""
    return f"{public_url}/v/{code}"


def grouped(code: str) -> str:
    """The letters in groups of four."""
    return "-".join(code[at : at + _GROUP] for at in range(0, len(code), _GROUP))


def carries_code(options: AgencyOptions, form: Form, secrecy: Secrecy) -> bool:
    """Does a document of this form get a code? Classified ones never do."""
    return secrecy.is_open and options.verifiable and form not in unmarked_forms(options.unmarked_forms)


def unmarked_forms(text: str) -> tuple[Form, ...]:
    """The forms that an agency issues without a code, as they are kept: values with spaces between. Raises BadInput
    for a word that is no form."""
    try:
        return tuple(Form(word) for word in text.split())
    except ValueError:
        raise BadInput({"unmarked_forms": "เลือกแบบหนังสือจากรายการ"}) from None


def ends_when_given_back(form: Form, *, is_published: bool) -> bool:
    """Is a letter over once every receiver gave it back? What one agency writes to another is; an order, a rule or an
    announcement holds by being issued, and what is shown to everybody by being shown, whoever gave his copy back."""
    return form in (Form.EXTERNAL, Form.STAMPED, Form.MEMORANDUM) and not is_published


def state_of_letter(
    letter: LetterState, number: EntryState | None, *, replaced: bool = False, recalled: bool = False
) -> DocumentState | None:
    """How an issued letter stands: cancelled when its number was voided, replaced when another took its place at every
    receiver, recalled when every receiver gave it back. None while it is not issued: then there is nothing to
    verify."""
    if letter not in (LetterState.ISSUED, LetterState.DISPATCHED, LetterState.CLOSED):
        return None
    if number is EntryState.VOID:
        return DocumentState.CANCELLED
    if replaced:
        return DocumentState.REPLACED
    return DocumentState.RECALLED if recalled else DocumentState.VALID
