"""The equipment that use cases need, as Protocols; and Services, the bundle of it that `bootstrap.py` builds."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import BinaryIO, Protocol

from saraban.domain.actor import Actor
from saraban.domain.agency import Agency, AgencyId, Correspondent, PersonId, Unit
from saraban.domain.attachment import Digest
from saraban.domain.signature import SignatureStatus, TrustedSeal
from saraban.usecases.archive import FileNeeds
from saraban.usecases.books import OnceKey, UnitOfWork
from saraban.usecases.finding import FileReader
from saraban.usecases.mailing import ForeignMailReader, LockBox, Mailboxes, MailDoctor, TokenOffice, Transport
from saraban.usecases.meeting_books import MeetingPapers
from saraban.usecases.news import Newsroom, NoticePost
from saraban.usecases.old_folders import OldFolders
from saraban.usecases.pages import Renderer
from saraban.usecases.papers import Papers, Scans, Spreadsheets
from saraban.usecases.progress_papers import ReportSheet
from saraban.usecases.proofs import (
    Journals,
    PageChecker,
    PageProver,
    PageSealer,
    PageSigner,
    RevocationLists,
    TimeStamper,
)
from saraban.usecases.reading_log import ReadingSpool
from saraban.usecases.registry import Errand, Ledgers
from saraban.usecases.safekeeping import Safe
from saraban.usecases.store_books import Lying
from saraban.usecases.texts import Redline, WordText
from saraban.usecases.viruses import VirusScanner


class Clock(Protocol):
    """The time, aware and in UTC."""

    def now(self) -> datetime: ...


class Blobs(Protocol):
    """Files by digest, written once and durable when `keep` returns. Whoever keeps bytes that lie there already is
    remembered as their last keeper (usecases.kept_files.remove_files)."""

    def keep(self, data: bytes) -> Digest: ...

    def keep_stream(self, stream: BinaryIO, limit: int) -> tuple[Digest, int]:
        """Keep what the stream gives, at most `limit` octets (BadInput above it); the digest and the size."""
        ...

    def keep_again(self, digest: Digest) -> bool:
        """Count bytes that lie here as kept now. False when there are none, or others than were kept (a disk spoils
        them): who brings them again puts them in their place."""
        ...

    def open(self, digest: Digest) -> bytes:
        """The bytes; NotFound when there are none or when they no longer have this digest."""
        ...

    def size(self, digest: Digest) -> int: ...

    def has(self, digest: Digest) -> bool: ...

    def kept_after(self, digest: Digest, moment: datetime) -> bool:
        """Was it kept, once more or for the first time, after that moment?"""
        ...

    def remove(self, digest: Digest, *, unless_after: datetime) -> bool:
        """Take the bytes off the disk, durably, unless somebody kept them after that moment. False when they stay for
        that. Where there are none, that is made durable. Raises OSError when the disk does not let them go."""
        ...

    def remove_leftovers(self, before: datetime) -> int:
        """Take away what was begun to be kept before that moment and never was; how many files."""
        ...

    def lying(self, beginning: str, before: datetime) -> Iterable[Lying]:
        """The files whose digests begin with this (all of them for ""), each with whether it was kept last at or before
        that moment."""
        ...

    def octets(self) -> int:
        """Of all files together; reads every folder."""
        ...

    def room(self) -> tuple[int, int]:
        """Octets used and octets that there are on the disk on which the files lie."""
        ...


@dataclass(frozen=True)
class Standing:
    """An agency as its mailbox stands: whose letters lie in it, and the addresses of all its connected mailboxes."""

    agency: Agency
    unit: Unit
    addresses: frozenset[str]


class Lookups(Protocol):
    """What is only looked up, outside of any transaction: it takes no lock, and sees what is committed."""

    def sender_at(self, mailbox: str) -> Correspondent | None:
        """The agency of the directory with this central mailbox, upper and lower case alike."""
        ...

    def sender_of(self, code: str) -> Correspondent | None:
        """The agency of the directory with this code."""
        ...

    def standing(self, agency_id: AgencyId, address: str) -> Standing:
        """The agency whose mailbox this is, with the unit that has it, else the central one."""
        ...


# --- sealing and verifying ------------------------------------------------------------------------------------


class Sealer(Protocol):
    """The seal of one agency, its key held open."""

    @property
    def mailbox(self) -> str:
        """The rfc822Name of the seal's certificate."""
        ...

    @property
    def name(self) -> str:
        """Whose seal it is, as its certificate says."""
        ...

    @property
    def valid_from(self) -> datetime: ...

    @property
    def valid_to(self) -> datetime: ...

    def seal(self, digest: Digest, at: datetime) -> bytes:
        """A detached CMS SignedData in DER (CAdES-B: contentType, messageDigest, signingTime,
        signingCertificateV2; chain without the root) over content with this SHA-256."""
        ...


class Seals(Protocol):
    """The seal keys of this installation."""

    def sealer(self, agency_code: str, at: datetime) -> Sealer:
        """The valid seal of a hosted agency; NotFound when it has none that is valid at that time."""
        ...


class Verifier(Protocol):
    """Checks detached CMS signatures (manifest, statement, outer S/MIME)."""

    def status(
        self, content: Digest | bytes, signature: bytes, trust: TrustedSeal | None, at: datetime
    ) -> SignatureStatus:
        """The verdict in parts on a detached signature over the content: its bytes, or its SHA-256 (with which a
        signature made with SHA-384 or SHA-512 cannot be determined). `trust` is None when the sender is in no
        directory; `at` is the time of checking. Never raises for bad bytes: that is a verdict."""
        ...


class Passwords(Protocol):
    """Password hashing (Argon2id)."""

    def hash(self, password: str) -> str: ...

    def verify(self, hashed: str, password: str) -> bool: ...


class SealCabinet(Protocol):
    """Looks after seal keys and officers' keys."""

    def import_seal(self, agency_code: str, data: bytes, passphrase: str) -> None:
        """Take a seal in, as PKCS#12 or PEM; WrongPassphrase or BadInput when it cannot be opened."""
        ...

    def request_seal(self, agency_code: str, name: str, mailbox: str) -> bytes:
        """Make a key and give the certificate request (PKCS#10, PEM) for it."""
        ...

    def store_officer(self, person_id: PersonId, data: bytes, old_passphrase: str, passphrase: str) -> None:
        """Take an officer's PKCS#12 in, under a new passphrase."""
        ...

    def store_token(self, person_id: PersonId, token: str, key: str, certificates: bytes) -> None:
        """Write down on which token (PKCS#11) an officer's key lies, and its certificates (PEM); BadInput when they
        cannot be used."""
        ...


@dataclass(frozen=True)
class Services:
    """Everything a door may hand to a use case. `lease`: how long a worker has what it claimed before another may;
    `doers`: who does each kind of errand; `public_url`: by which anybody reaches this installation, empty when none is
    set; `fixed_mailboxes`: codes of the agencies whose central mailbox is set in the machine's own file, which wins."""

    uow: Callable[[], UnitOfWork]
    lookups: Lookups
    file_needs: FileNeeds
    clock: Clock
    blobs: Blobs
    seals: Seals
    verifier: Verifier
    pages: PageSigner
    passwords: Passwords
    renderer: Renderer
    papers: Papers
    meeting_papers: MeetingPapers
    redline: Redline
    progress_paper: Callable[[ReportSheet], bytes]
    word_text: Callable[[bytes], WordText]
    spreadsheets: Spreadsheets
    file_reader: FileReader
    scans: Scans
    page_sealer: PageSealer
    page_checker: PageChecker
    page_prover: PageProver
    revocation_lists: RevocationLists
    time_stamper: TimeStamper
    transport: Transport
    mailboxes: Mailboxes
    mail_reader: ForeignMailReader
    scanner: VirusScanner
    journals: Journals
    ledgers: Ledgers
    cabinet: SealCabinet
    doctor: MailDoctor
    lock_box: LockBox
    token_office: TokenOffice
    newsroom: Newsroom
    notice_post: NoticePost
    safe: Safe
    reading_spool: ReadingSpool
    old_folders: OldFolders
    fixed_mailboxes: frozenset[str]
    hosted: Callable[[], Sequence[tuple[AgencyId, str]]]
    once: Callable[[OnceKey], Callable[[], UnitOfWork]]
    remember: Callable[[OnceKey, dict[str, object]], None]
    forget_keys: Callable[[datetime], int]
    lease: timedelta = timedelta(seconds=60)
    public_url: str = ""
    doers: Mapping[str, Doer] = field(default_factory=dict)


# --- work in the background -----------------------------------------------------------------------------------


Step = Callable[[int, int], None]
"""Told how much is done and how much there is; writes it down now and then."""


@dataclass(frozen=True)
class Made:
    """What an errand made: a file to be fetched, or none (`result` None), how much was done, words about it, and how
    much of it has faults that a person must mend."""

    done: int
    file_name: str = ""
    media_type: str = ""
    result: Digest | None = None
    words: str = ""
    faults: int = 0


Doer = Callable[[Services, Errand, Actor, Step], Made]
"""Does one kind of errand for the person who ordered it. Raises SarabanError with words for the person."""
