"""The equipment that use cases need, as Protocols; and Services, the bundle of it that `bootstrap.py` builds."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import BinaryIO, Protocol

from saraban.domain.actor import Actor
from saraban.domain.agency import AgencyId, PersonId
from saraban.domain.attachment import Digest
from saraban.domain.classification import Form, Secrecy, Urgency
from saraban.domain.ready import ReadyPage
from saraban.domain.signature import SignatureStatus, TrustedSeal
from saraban.exchange.envelope import Envelope
from saraban.exchange.parse import InboundMessage
from saraban.usecases.books import OnceKey, UnitOfWork
from saraban.usecases.papers import CertifiedPage, CopyCertificate, Papers, Scans, Spreadsheets, StampPlace, StampSpot
from saraban.usecases.papers import ReceivingStamp as ReceivingStamp
from saraban.usecases.proofs import Journals, PageChecker, PageProver, PageSealer, PageSigner, RevocationLists, SealBox
from saraban.usecases.proofs import SignatureBlock as SignatureBlock
from saraban.usecases.proofs import TimeStamper as TimeStamper
from saraban.usecases.registry import Errand, Ledgers
from saraban.usecases.texts import Redline


class Clock(Protocol):
    """The time, aware and in UTC."""

    def now(self) -> datetime: ...


class Blobs(Protocol):
    """Files by digest, written once and durable when `keep` returns."""

    def keep(self, data: bytes) -> Digest: ...

    def keep_stream(self, stream: BinaryIO, limit: int) -> tuple[Digest, int]:
        """Keep what the stream gives, at most `limit` octets (BadInput above it); the digest and the size."""
        ...

    def open(self, digest: Digest) -> bytes:
        """The bytes; NotFound when there are none or when they no longer have this digest."""
        ...

    def size(self, digest: Digest) -> int: ...

    def has(self, digest: Digest) -> bool: ...


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


# --- the page -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class PageReference:
    """A line under อ้างถึง: the earlier letter's agency, number (Arabic digits) and date."""

    number: str
    date: date | None = None
    sender: str = ""


@dataclass(frozen=True)
class PageEnclosure:
    """A line under สิ่งที่ส่งมาด้วย: a name and how many, e.g. "๑ ชุด"."""

    name: str
    amount: str = ""


@dataclass(frozen=True)
class PageLetter:
    """All that is printed on a document of any form (domain.forms); what a form lacks is empty. `number` and `date` are
    None on a preview of a draft (blank places are then printed as "ที่ (รอเลข)" in grey). In `body` a blank line begins
    a new paragraph. `emblem` is the agency's own (a file that `Renderer.emblem` gave), None for the stand-in;
    `ready` the PDF that is the letter itself, with its marks, instead of all this."""

    form: Form
    agency_name: str
    agency_address: Sequence[str]
    number: str | None
    date: date | None
    subject: str
    salutation: str
    references: Sequence[PageReference]
    enclosures: Sequence[PageEnclosure]
    body: str
    closing: str
    signer_name: str
    signer_titles: Sequence[str]
    unit_name: str
    phone: str
    email: str
    urgency: Urgency = Urgency.NORMAL
    secrecy: Secrecy = Secrecy.OPEN
    copies_to: Sequence[str] = ()
    details: Mapping[str, str] = field(default_factory=dict)
    emblem: Digest | None = None
    ready: ReadyPage | None = None


@dataclass(frozen=True)
class Page:
    """A rendered letter: the PDF/A-3u bytes, how many pages, and the empty place for the signature."""

    pdf: bytes
    pages: int
    block: SignatureBlock


class Renderer(Protocol):
    """Makes pages."""

    def letter(self, letter: PageLetter, *, at: datetime, data: bytes | None = None) -> Page:
        """The letter as PDF/A-3u, Thai set as the regulation asks; `at` is the creation time written into the file;
        `data` is attached as letter.json when given."""
        ...

    def letter_docx(self, letter: PageLetter) -> bytes:
        """The letter as DOCX, to be worked on. Raises RuleBroken for a form that has none."""
        ...

    def stamped_copy(self, pdf: bytes, stamp: ReceivingStamp, place: StampPlace | None = None) -> bytes:
        """A copy with the receiving stamp on page 1, at the place (moved onto the page) or else at the top right, and
        "สำเนาประทับตรารับ" beside it. Signatures do not hold in it. Raises RuleBroken when the PDF cannot be read."""
        ...

    def certified_copy(self, pdf: bytes, certificate: CopyCertificate) -> CertifiedPage:
        """A copy with "สำเนา" above every page, "สำเนาถูกต้อง" on the last or one more. RuleBroken as above."""
        ...

    def check_ready(self, data: bytes) -> int:
        """The pages of a PDF that is fit to be a letter itself; else BadInput({"file": …}) with a Thai reason."""
        ...

    def stamp_box(self, pdf: bytes, place: StampPlace | None = None) -> SealBox:
        """Where `stamped_copy` would put the stamp, in the first page's own coordinates. RuleBroken as above."""
        ...

    def stamp_spot(self, pdf: bytes, place: StampPlace | None = None) -> StampSpot:
        """The same in millimetres of the first page as a reader sees it. RuleBroken as above."""
        ...

    def picture_pdf(self, data: bytes) -> bytes:
        """A scanned or photographed letter (JPEG, PNG, WEBP, TIFF) as a PDF on A4. RuleBroken when it cannot be."""
        ...

    def thumbnail(self, pdf: bytes, *, page: int, width: int) -> bytes:
        """A page as PNG, `width` pixels wide; RuleBroken as above."""
        ...

    def emblem(self, data: bytes) -> bytes:
        """An emblem (SVG, PDF, PNG) as the one-page PDF that is kept and printed. BadInput({"file": …}) in Thai."""
        ...

    def check_upload(self, data: bytes) -> int:
        """The pages of an uploaded PDF. BadInput({"file": …}) in Thai when it is none, is locked or carries actions."""
        ...

    def rewritten(self, pdf: bytes) -> bytes:
        """The same pages in a file that strict readers accept; RuleBroken when that cannot be, as when it is signed."""
        ...


# --- mail -----------------------------------------------------------------------------------------------------


class SendOutcome:
    """How one attempt ended; see the three kinds below. `reply` is the server's line, kept as evidence."""

    ACCEPTED = "accepted"
    TEMPORARY = "temporary"
    PERMANENT = "permanent"


@dataclass(frozen=True)
class SendResult:
    """The outcome of one attempt to one recipient: one of SendOutcome, the SMTP code (0 when there was none), the reply
    in words, whether DSN was asked for, and whether the connection was lost after the final dot (`ambiguous`:
    the server may have it; a TEMPORARY that must be retried with the same bytes)."""

    outcome: str
    code: int
    reply: str
    dsn: bool = False
    ambiguous: bool = False


class Transport(Protocol):
    """Gives one envelope to the relay of an agency."""

    def send(self, agency_code: str, envelope: Envelope, blob: Callable[[Digest], bytes]) -> SendResult:
        """Send it; failures are results, not exceptions."""
        ...

    def close(self) -> None: ...


class MailboxReader(Protocol):
    """An open IMAP folder of one agency."""

    @property
    def uidvalidity(self) -> int: ...

    def new_uids(self, after: int) -> list[int]:
        """UIDs above `after`, ascending."""
        ...

    def size(self, uid: int) -> int:
        """RFC822.SIZE in octets."""
        ...

    def fetch(self, uid: int) -> bytes:
        """The exact bytes; the message is not marked as read."""
        ...

    def mark_taken(self, uids: Sequence[int]) -> None:
        """Set \\Seen, so that a person at the webmail sees what the gateway has."""
        ...

    def idle(self, seconds: float) -> bool:
        """Wait for news at most so long; True when something changed. Polls where the server has no IDLE."""
        ...


class Mailboxes(Protocol):
    """Opens mailboxes."""

    def open(self, agency_code: str) -> AbstractContextManager[MailboxReader]:
        """Log in and select the agency's folder; the error family is mail.errors (TemporaryFailure …)."""
        ...


class ForeignMailReader(Protocol):
    """Runs the parser of foreign mail in a child process with limits of memory and time."""

    def read(self, raw: bytes) -> InboundMessage:
        """The message; raises exchange.parse.Unreadable when the mail is beyond reading."""
        ...


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


class MailDoctor(Protocol):
    """Tries an agency's mailbox step by step."""

    def examine(self, agency_code: str) -> Iterator[tuple[str, bool | None, str]]:
        """(step, good or None for a remark, Thai words) in order; ends at the first step that fails."""
        ...


@dataclass(frozen=True)
class Services:
    """Everything a door may hand to a use case. `lease`: how long a worker has what it claimed before another may;
    `doers`: who does each kind of errand."""

    uow: Callable[[], UnitOfWork]
    clock: Clock
    blobs: Blobs
    seals: Seals
    verifier: Verifier
    pages: PageSigner
    passwords: Passwords
    renderer: Renderer
    papers: Papers
    redline: Redline
    word_text: Callable[[bytes], str]
    spreadsheets: Spreadsheets
    scans: Scans
    page_sealer: PageSealer
    page_checker: PageChecker
    page_prover: PageProver
    revocation_lists: RevocationLists
    time_stamper: TimeStamper
    transport: Transport
    mailboxes: Mailboxes
    mail_reader: ForeignMailReader
    journals: Journals
    ledgers: Ledgers
    cabinet: SealCabinet
    doctor: MailDoctor
    hosted: Callable[[], Sequence[tuple[AgencyId, str]]]
    once: Callable[[OnceKey], Callable[[], UnitOfWork]]
    remember: Callable[[OnceKey, dict[str, object]], None]
    forget_keys: Callable[[datetime], int]
    lease: timedelta = timedelta(seconds=60)
    doers: Mapping[str, Doer] = field(default_factory=dict)


# --- work in the background -----------------------------------------------------------------------------------


Step = Callable[[int, int], None]
"""Told how much is done and how much there is; writes it down now and then."""


@dataclass(frozen=True)
class Made:
    """What an errand made: a file to be fetched, or none (`result` None), how much was done, and words about it."""

    done: int
    file_name: str = ""
    media_type: str = ""
    result: Digest | None = None
    words: str = ""


Doer = Callable[[Services, Errand, Actor, Step], Made]
"""Does one kind of errand for the person who ordered it. Raises SarabanError with words for the person."""
