"""Agencies, their units, positions and people; and the correspondents of the directory."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum
from typing import NewType
from uuid import UUID

from saraban.domain.attachment import Digest
from saraban.domain.classification import Digits

AgencyId = NewType("AgencyId", UUID)
UnitId = NewType("UnitId", UUID)
PositionId = NewType("PositionId", UUID)
PersonId = NewType("PersonId", UUID)


class PositionRole(str, Enum):
    """What a position may do; the role hangs on the position, never on the person."""

    CLERK = "clerk"
    DIRECTOR = "director"
    HEAD = "head"
    RECORDS = "records"
    ADMIN = "admin"

    @property
    def thai(self) -> str:
        """The role in words."""
        return _ROLE_THAI[self]


_ROLE_THAI = {
    PositionRole.CLERK: "เจ้าหน้าที่สารบรรณ",
    PositionRole.DIRECTOR: "ผู้อำนวยการ",
    PositionRole.HEAD: "หัวหน้าส่วนราชการ",
    PositionRole.RECORDS: "นายทะเบียน",
    PositionRole.ADMIN: "ผู้ดูแลระบบ",
}


@dataclass(frozen=True)
class AgencyOptions:
    """What an agency decides for itself. `seal_in_file`: the receiving stamp is also put inside the received file, as
    the visible box of the agency's own seal; `postage_permit`: the licence number printed on envelopes; `salutations`:
    the lines of its own table of salutations (domain.salutations), empty for the shipped one; `seal_issued`: the
    agency's seal is the last signature in the letters that it issues; `certifiers`: whose positions may certify copies
    (domain.copying), empty for those of the regulation; `arabic_digits`: its documents are written
    with Arabic digits instead of Thai ones; `verifiable`: what it issues carries a code (QR) by which
    anybody can look it up, but for `unmarked_forms` (domain.verification), and `verify_subject`: the look-up tells the
    subject, too; `answer_mail`: who sends a letter in ordinary mail hears its receiving number in plain words;
    `tell_completed`: senders hear when the matter of their letter is closed. `due_…`, `near_days`, `escalate_days`:
    what it says about deadlines in working days (domain.deadline). `digest`, `digest_at`, `urgent_mail`: whether and
    when its people are told of their work by mail (domain.notice_mail). `link_hosts`: whose addresses in incoming
    letters open without a question (domain.links), empty for those that ship. `petitions`: anybody may write to it
    through the public form, and is answered within `petition_days` (domain.petition). `number_marks`: by which
    letters agencies number (domain.abbreviations), empty for what ships. `lookup_…`: how long who asks about its
    documents may keep what it was told, how long it waits for answers to its own questions, and how many of one agency
    are answered by themselves in a day (domain.lookup). `ministry`: what stands under กระทรวง/ทบวง on lists of the
    archive (forms 21, 22, 23 and 25)."""

    seal_in_file: bool = False
    postage_permit: str = ""
    salutations: str = ""
    seal_issued: bool = False
    certifiers: str = ""
    arabic_digits: bool = False
    verifiable: bool = True
    unmarked_forms: str = ""
    verify_subject: bool = False
    answer_mail: bool = True
    tell_completed: bool = False
    due_most_urgent: int = 0
    due_very_urgent: int = 1
    due_urgent: int = 3
    due_normal: int = 7
    near_days: int = 1
    escalate_days: int = 2
    digest: bool = True
    digest_at: str = "07:30"
    urgent_mail: bool = True
    link_hosts: str = ""
    petitions: bool = False
    petition_days: int = 15
    number_marks: str = ""
    lookup_keep_days: int = 90
    lookup_wait_days: int = 7
    lookup_most_a_day: int = 200
    ministry: str = ""

    @property
    def digits(self) -> Digits:
        """The digits of its documents."""
        return Digits.ARABIC if self.arabic_digits else Digits.THAI


@dataclass(eq=False)
class Agency:
    """A juristic person hosted by this installation. `abbr` and `series` give the letter number's head ("นร", "12");
    `address` is what stands under the name on the page, one line an item; `emblem` the drawing at the head of its
    letters, None for the stand-in."""

    id: AgencyId
    code: str
    name: str
    abbr: str
    series: str
    mailbox: str
    name_en: str = ""
    address: tuple[str, ...] = ()
    options: AgencyOptions = AgencyOptions()
    emblem: Digest | None = None


@dataclass(frozen=True)
class ListHead:
    """Whose list of the archive it is: the ministry, empty where the agency did not say, the agency, and its part."""

    ministry: str
    agency: str
    unit: str


@dataclass(eq=False)
class Unit:
    """A part of an agency, as it is called and where it stands on a day (domain.organisation keeps its course).
    `series` is the owner's number ("1201", annex 1). The central unit receives and sends for all. `since` and `until`
    are its first and last day, None where none is known."""

    id: UnitId
    agency_id: AgencyId
    code: str
    name: str
    series: str
    central: bool = False
    parent_id: UnitId | None = None
    phone: str = ""
    email: str = ""
    since: date | None = None
    until: date | None = None


@dataclass(eq=False)
class Position:
    """A post in a unit, by its title of a day. `clearance`: whoever holds it may read classified letters of its unit;
    `code` is the agency's own number of the post, where it has one; `since` and `until` are its first and last day."""

    id: PositionId
    agency_id: AgencyId
    unit_id: UnitId
    title: str
    role: PositionRole
    clearance: bool = False
    code: str = ""
    since: date | None = None
    until: date | None = None


@dataclass(eq=False)
class Person:
    """An officer; which position a person holds, and since when, is a Holding. `signature_picture` is printed in the
    visible block of the officer's digital signatures; `password_once`: the password was given by the administrator and
    opens nothing but the page on which the person chooses another. `email` is where the person is told of the work,
    empty for nowhere; `wants_digest` and `wants_urgent`: which mails (domain.notice_mail)."""

    id: PersonId
    agency_id: AgencyId
    name: str
    username: str
    password_hash: str
    active: bool = True
    signature_picture: Digest | None = None
    password_once: bool = False
    email: str = ""
    wants_digest: bool = True
    wants_urgent: bool = True


@dataclass(frozen=True)
class Holding:
    """A person holds a position from a day on, until a day or for the time being; `authority` is the order that says
    so."""

    person_id: PersonId
    position_id: PositionId
    since: date
    until: date | None = None
    authority: str = ""


@dataclass(frozen=True)
class Certificate:
    """A certificate that the directory pins for an agency. `use` is "seal" or "encrypt"."""

    use: str
    pem: str
    valid_from: datetime
    valid_to: datetime


@dataclass(frozen=True)
class Correspondent:
    """An agency of the directory, hosted here or elsewhere (wire.md, section 6)."""

    code: str
    name: str
    mailbox: str
    name_en: str = ""
    abbr: str = ""
    series: str = ""
    parent: str | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    successor: str | None = None
    capabilities: dict[str, object] = field(default_factory=dict)
    certificates: tuple[Certificate, ...] = ()

    @property
    def speaks_saraban(self) -> bool:
        """True when it runs software that answers with receipts; otherwise it is a mailbox only."""
        return bool(self.capabilities.get("saraban"))

    @property
    def reconciles(self) -> bool:
        """True when it answers requests to compare registers (wire-reconcile.md, section 1)."""
        return self.capabilities.get("reconcile") == 1

    @property
    def looks_up(self) -> bool:
        """True when it asks about documents and answers such questions (wire-lookup.md, section 1)."""
        return self.capabilities.get("lookup") == 1

    @property
    def max_bytes(self) -> int:
        """The largest raw message that it declares to take, in octets."""
        declared = self.capabilities.get("max_bytes")
        return declared if isinstance(declared, int) else 20_000_000
