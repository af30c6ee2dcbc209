"""What is printed about a register, and the sheets that go in and out, as Protocols: registers, slips, envelopes, cards
and statements (forms 12 to 18 of the regulation), and spreadsheets."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import BinaryIO, Protocol

from saraban.domain.attachment import Digest
from saraban.domain.classification import Digits, Secrecy, Urgency
from saraban.domain.register import EntryState
from saraban.usecases.archive_press import ArchivePress
from saraban.usecases.petition_books import PetitionPress
from saraban.usecases.proofs import SealBox, SignatureBlock

Progress = Callable[[int], None]
"""Told how many lines are done, from time to time."""


@dataclass(frozen=True)
class RegisterHead:
    """The head of a printed register. `title` is the register's name ("ทะเบียนหนังสือรับ"), `form` the form's number
    ("13") or empty for books without one, `serial_caption` the first column's ("เลขทะเบียนรับ"); `number_caption` the
    second's ("ที่"). `since` and `until` are the days of the office that are printed, None for all. `secrecy` is the
    class of the register itself, printed in red at the head and foot of every sheet."""

    title: str
    form: str
    serial_caption: str
    agency_name: str
    keeper: str
    year: int
    number_caption: str = "ที่"
    since: date | None = None
    until: date | None = None
    secrecy: Secrecy = Secrecy.OPEN


@dataclass(frozen=True)
class RegisterLine:
    """A line as it is printed: `day` is the day of the office on which it was entered, `remark` already holds what
    stands under หมายเหตุ (void with its reason, corrections, late entry). Digits are Arabic here and Thai on paper."""

    serial: int
    state: EntryState
    day: date
    number: str
    letter_date: date | None
    sender: str
    addressee: str
    subject: str
    practice: str
    remark: str
    urgency: Urgency = Urgency.NORMAL
    secrecy: Secrecy = Secrecy.OPEN


class EnvelopeSize(str, Enum):
    """Envelopes of clause 77, width by height in millimetres with the flap above: C4 324 x 229, C5 229 x 162,
    C6 162 x 114, DL 220 x 110."""

    C4 = "C4"
    C5 = "C5"
    C6 = "C6"
    DL = "DL"


@dataclass(frozen=True)
class EnvelopeFace:
    """What stands on an envelope (form 15). `permit` is the licence number of monthly postage, or empty; a classified
    letter's class never stands on the outer envelope. `emblem` is the agency's own, None for the stand-in."""

    sender_name: str
    sender_address: Sequence[str]
    number: str
    salutation: str
    addressee: str
    address: Sequence[str]
    urgency: Urgency = Urgency.NORMAL
    permit: str = ""
    emblem: Digest | None = None


@dataclass(frozen=True)
class ReceiptSlip:
    """ใบรับหนังสือ (form 17, A8): what is handed over; the receiver fills in day, time and name."""

    number: str
    addressee: str
    subject: str
    sender_name: str = ""


@dataclass(frozen=True)
class DeliveryLine:
    """A line of สมุดส่งหนังสือ (form 16, A5): serial, from, to, receiving unit; receiver and time are filled in by hand."""

    serial: str
    sender: str
    addressee: str
    receiving_unit: str
    remark: str = ""


@dataclass(frozen=True)
class CardLine:
    """A line of บัตรตรวจค้น (form 18, A5)."""

    serial: str
    number: str
    letter_date: date | None
    item: str
    practice: str


@dataclass(frozen=True)
class BookCount:
    """A book in the statement of a year: its name and keeper, first and last number, and how its lines stand."""

    title: str
    keeper: str
    first: int
    last: int
    used: int
    reserved: int
    void: int
    corrected: int
    late: int


@dataclass(frozen=True)
class YearStatement:
    """The statement that closes a year's books: counts, the root of the last day's close in hex, who closes."""

    agency_name: str
    year: int
    books: Sequence[BookCount]
    root: str
    closed_by: str
    closed_by_title: str
    at: datetime


@dataclass(frozen=True)
class ReceivingStamp:
    """Form 12: what stands in the stamp. `number` in Arabic digits; `at` is the moment of registering."""

    agency_name: str
    number: str
    at: datetime
    digits: Digits = Digits.THAI


@dataclass(frozen=True)
class StampPlace:
    """Where the receiving stamp goes: its upper left corner in millimetres from the upper left corner of the first
    page as a reader sees it."""

    left_mm: float
    top_mm: float


@dataclass(frozen=True)
class StampSpot:
    """Where the receiving stamp stands on a page as a reader sees it, in millimetres: the page's size, the stamp's
    upper left corner from the page's, and the stamp's size (5 by 2.5 cm unless the page is smaller)."""

    page_wide_mm: float
    page_high_mm: float
    left_mm: float
    top_mm: float
    wide_mm: float
    high_mm: float


@dataclass(frozen=True)
class CopiedLetter:
    """Of what a copy is made, and in whose system: a certificate that stands on a page of its own names it. `kind` is
    that of the letter, `agency` its sender, `number` its own in Arabic digits (empty: it has none), `received` the
    number under which it was registered here, empty for a letter of one's own."""

    kind: str
    agency: str
    number: str
    day: date | None
    subject: str
    system: str
    received: str = ""


@dataclass(frozen=True)
class CopyCertificate:
    """Who certifies a copy (clause 31): name, position, and when, and of what; `more` is said in small below."""

    name: str
    title: str
    at: datetime
    of: CopiedLetter
    digits: Digits = Digits.THAI
    more: str = ""


@dataclass(frozen=True)
class DuplicateHand:
    """Who had a hand in a letter, at which step of its making, and when; without a name nobody is known."""

    caption: str
    name: str
    on: date | None


@dataclass(frozen=True)
class DuplicateMarks:
    """What is put on the duplicate that the sender keeps (clause 30), and of what it is one."""

    hands: tuple[DuplicateHand, ...]
    of: CopiedLetter
    digits: Digits = Digits.THAI


@dataclass(frozen=True)
class WrittenNote:
    """What an officer wrote on an incoming letter, as it stands on a marked copy."""

    text: str
    name: str
    title: str
    at: datetime


@dataclass(frozen=True)
class CertifiedPage:
    """A copy that is ready to be signed by him who certifies, and the place for that signature."""

    pdf: bytes
    block: SignatureBlock


class Papers(PetitionPress, ArchivePress, Protocol):
    """Prints registers and slips. Everything is PDF with embedded fonts and Thai digits, A4 landscape for registers."""

    def register(self, head: RegisterHead, lines: Iterable[RegisterLine], out: BinaryIO, progress: Progress) -> int:
        """Write the register (forms 13 and 14), grouped by days, the head row on every sheet, void lines struck but
        readable; gives the number of sheets. Memory does not grow with the lines but by what the sheets take."""
        ...

    def reserved_block(self, head: RegisterHead, serials: Sequence[int], numbers: Sequence[str], reason: str) -> bytes:
        """Blank lines with these numbers already printed, to be filled in by hand during an outage."""
        ...

    def delivery_book(self, agency_name: str, day: date, lines: Sequence[DeliveryLine]) -> bytes:
        """สมุดส่งหนังสือ, form 16, A5 sheets."""
        ...

    def receipt_slips(self, slips: Sequence[ReceiptSlip]) -> bytes:
        """ใบรับหนังสือ, form 17: one A8 page a slip."""
        ...

    def envelopes(self, size: EnvelopeSize, faces: Sequence[EnvelopeFace]) -> bytes:
        """Envelopes, form 15: one page of the envelope's size a face."""
        ...

    def search_card(self, subject: str, code: str, lines: Sequence[CardLine]) -> bytes:
        """บัตรตรวจค้น, form 18, A5."""
        ...

    def year_statement(self, statement: YearStatement) -> bytes:
        """The statement that closes a year, A4, as PDF/A, with room for the agency's seal at the foot of its first
        page."""
        ...

    def year_seal_box(self) -> SealBox:
        """Where that room is."""
        ...

    def year_seal_face(self, statement: YearStatement) -> bytes:
        """What the seal on such a statement shows: a one-page PDF of that box's size."""
        ...

    def sticker(self, stamp: ReceivingStamp) -> bytes:
        """The receiving stamp (form 12) alone, on a page of exactly 5 x 2.5 cm, for a label printer."""
        ...

    def seal_face(self, stamp: ReceivingStamp) -> bytes:
        """What a seal shows that is set inside a received file in place of the stamp: a one-page PDF of the stamp's
        size."""
        ...


class Spreadsheets(Protocol):
    """Sheets that people bring and take away. Foreign files are read in a child process with limits."""

    def read(self, data: bytes, name: str, *, in_background: bool = False) -> Sequence[Sequence[str]]:
        """The first sheet's rows as text, the header among them, at most 100,000 of 60 cells; XLSX by its bytes, else
        as CSV (UTF-8 with or without BOM, UTF-16 or TIS-620; comma, semicolon or tab). Dates come as ISO text, whole
        numbers without ".0". What is read `in_background` may be larger and take minutes. Raises
        BadInput({"file": …}) with a Thai reason."""
        ...

    def write_xlsx(
        self,
        title: str,
        columns: Sequence[str],
        rows: Iterable[Sequence[object]],
        out: BinaryIO,
        *,
        heading: Sequence[str] = (),
        widths: Sequence[float] = (),
    ) -> None:
        """A sheet with a frozen, bold head row below the lines of `heading`, ready for paper: A4 landscape, one page
        wide, the head row on every page. Text stays text (a leading = + - @ makes no formula), days are days and show
        the Buddhist year. `widths` of the columns are in characters. Memory does not grow with the rows."""
        ...

    def write_csv(self, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[bytes]:
        """The same as CSV in UTF-8 with BOM, in pieces; cells that begin like a formula get a leading apostrophe."""
        ...


@dataclass(frozen=True)
class Scan:
    """A file that a scanner left for an agency. `whole`: its size has settled, so that it may be taken."""

    name: str
    size: int
    at: datetime
    whole: bool


class Scans(Protocol):
    """The folders into which scanners write, one for each agency. Names are single path components: NotFound for
    anything else, for links and for what is no ordinary file."""

    def waiting(self, agency_code: str, now: datetime) -> Sequence[Scan]:
        """What lies there, the newest first, at most 100."""
        ...

    def open(self, agency_code: str, name: str) -> BinaryIO: ...

    def put_away(self, agency_code: str, name: str) -> None:
        """Into done/, under a name of its own; nothing when somebody has done it."""
        ...

    def set_aside(self, agency_code: str, name: str, reason: str) -> None:
        """Into bad/, with the reason in a text file beside it."""
        ...

    def clear(self, before: datetime) -> int:
        """Take off the disk what was moved into done/ or bad/ before then; how many files went."""
        ...
