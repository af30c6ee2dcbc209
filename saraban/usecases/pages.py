"""The port of the press: what is printed on a document, and who prints it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol

from saraban.domain.attachment import Digest
from saraban.domain.classification import Digits, Form, Secrecy, Urgency
from saraban.domain.ready import ReadyPage
from saraban.usecases.papers import (
    CertifiedPage,
    CopyCertificate,
    DuplicateMarks,
    ReceivingStamp,
    StampPlace,
    StampSpot,
    WrittenNote,
)
from saraban.usecases.proofs import SealBox, SignatureBlock


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
class PageCosigner:
    """An officer who signs besides the signatory: the name and the lines of the position below it."""

    name: str
    titles: Sequence[str]


@dataclass(frozen=True)
class PageLetter:
    """All that is printed on a document of any form (domain.forms); what a form lacks is empty. `number` and `date` are
    None on a preview of a draft (blank places are then printed as "ที่ (รอเลข)" in grey). In `body` a blank line begins
    a new paragraph. `emblem` is the agency's own (a file that `Renderer.emblem` gave), None for the stand-in;
    `ready` the PDF that is the letter itself, with its marks, instead of all this; `photo` the picture on
    a certificate (a file that `Renderer.photo` gave). `digits`: with Thai ones
    every number is printed so; with Arabic ones what Saraban writes has them, and what was typed stays as it was.
    `verification` is the address at which the public looks it up, "" the place for it on a draft, None for none.
    `cosigners` sign before the signer, in their order; the recorder of minutes is one."""

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
    photo: Digest | None = None
    digits: Digits = Digits.THAI
    verification: str | None = None
    cosigners: Sequence[PageCosigner] = ()


@dataclass(frozen=True)
class IssuedPage:
    """All that is printed on a document that is issued to a person. `number` and `date` are None before it is issued;
    `until` is the line that tells its last day, empty for none; `body` as that of a letter; `verification` as there."""

    title: str
    agency_name: str
    agency_address: Sequence[str]
    number: str | None
    date: date | None
    until: str
    body: str
    signer_name: str
    signer_titles: Sequence[str]
    emblem: Digest | None = None
    digits: Digits = Digits.THAI
    verification: str | None = None


@dataclass(frozen=True)
class PrintMarks:
    """What a print-out says of itself: whose system, when, who printed it, and how the original is checked."""

    agency_name: str
    name: str
    at: datetime
    check: str = ""
    digits: Digits = Digits.THAI


@dataclass(frozen=True)
class Page:
    """A rendered letter: the PDF/A-3a bytes, how many pages, and the empty places: for the signature, and for those of
    the cosigners in their order. `crowded`: a ready page has no blank corner for the verification code and goes
    without it."""

    pdf: bytes
    pages: int
    block: SignatureBlock
    cosigners: tuple[SignatureBlock, ...] = ()
    crowded: bool = False


@dataclass(frozen=True)
class PageData:
    """What an issued document says, for programs: the bytes of document.json and document.xml."""

    json: bytes
    xml: bytes


@dataclass(frozen=True)
class ArchiveCopy:
    """What stands beside a file in an archive: nothing where the file says that it is PDF/A (`said`, as "3A"), else
    its pages in a PDF/A, or why there is none, in Thai."""

    said: str = ""
    pdf: bytes | None = None
    why: str = ""


class Renderer(Protocol):
    """Makes pages."""

    def letter(self, letter: PageLetter, *, at: datetime, data: bytes | None = None) -> Page:
        """The letter as PDF/A-3a, Thai set as the regulation asks; `at` is the creation time written into the file;
        `data` is attached as letter.json when given."""
        ...

    def issued(self, page: IssuedPage, *, at: datetime, data: PageData | None = None) -> Page:
        """A document that is issued to a person, as PDF/A-3a; `data` is attached when given."""
        ...

    def issued_seal(self, block: SignatureBlock, at: datetime) -> bytes:
        """What the seal shows in that block: a one-page PDF of its size; `block.name` is the agency."""
        ...

    def print_out(self, pdf: bytes, marks: PrintMarks) -> bytes:
        """A copy with the marks above every page. Signatures do not hold in it. RuleBroken as below."""
        ...

    def letter_docx(self, letter: PageLetter) -> bytes:
        """The letter as DOCX, to be worked on. Raises RuleBroken for a form that has none."""
        ...

    def stamped_copy(self, pdf: bytes, stamp: ReceivingStamp, place: StampPlace | None = None) -> bytes:
        """A copy with the receiving stamp on page 1, at the place (moved onto the page) or else at the top right, and
        "สำเนาประทับตรารับ" beside it. Signatures do not hold in it. Raises RuleBroken when the PDF cannot be read."""
        ...

    def endorsed_copy(self, pdf: bytes, notes: Sequence[WrittenNote], digits: Digits) -> bytes:
        """A copy on which the notes stand, each where its last page is blank, or on more. RuleBroken as above."""
        ...

    def certified_copy(self, pdf: bytes, certificate: CopyCertificate) -> CertifiedPage:
        """A copy with "สำเนา" above every page, "สำเนาถูกต้อง" on the last or one more. RuleBroken as above."""
        ...

    def duplicate(self, pdf: bytes, marks: DuplicateMarks) -> bytes:
        """A copy with "สำเนาคู่ฉบับ" above every page and the marks at the foot of the last. RuleBroken as above."""
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

    def archive_copy(self, data: bytes, *, title: str, author: str, at: datetime) -> ArchiveCopy:
        """A PDF/A that shows what a file of others shows, for an archive. Never raises for what a file is."""
        ...

    def thumbnail(self, pdf: bytes, *, page: int, width: int) -> bytes:
        """A page as PNG, `width` pixels wide; RuleBroken as above."""
        ...

    def emblem(self, data: bytes) -> bytes:
        """An emblem (SVG, PDF, PNG) as the one-page PDF that is kept and printed. BadInput({"file": …}) in Thai."""
        ...

    def signature_picture(self, data: bytes) -> bytes:
        """The picture of a signature (PNG, JPEG) as the PNG that is kept. BadInput({"file": …}) in Thai."""
        ...

    def photo(self, data: bytes) -> bytes:
        """A photograph (JPEG, PNG) as the JPEG of 4 by 6 that is kept and printed. BadInput({"photo": …}) in Thai."""
        ...

    def check_upload(self, data: bytes) -> int:
        """The pages of an uploaded PDF. BadInput({"file": …}) in Thai when it is none, is locked or carries actions."""
        ...

    def opening_text(self, pdf: bytes) -> str:
        """The words on the first pages of a foreign PDF; empty when it has none or cannot be read."""
        ...

    def rewritten(self, pdf: bytes) -> bytes:
        """The same pages in a file that strict readers accept; RuleBroken when that cannot be, as when it is signed."""
        ...
