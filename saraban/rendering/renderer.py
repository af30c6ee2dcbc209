"""PdfRenderer: the `Renderer` that `bootstrap.py` hands to the use cases."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from datetime import datetime

from saraban.domain.attachment import Digest
from saraban.domain.classification import Digits
from saraban.domain.ready import ReadyPage
from saraban.rendering import paper, uploads
from saraban.rendering.archive_copies import READERS, Copier, archive_copy
from saraban.rendering.certified import Certificate, certified_copy, draw_certificate
from saraban.rendering.docx_letter import letter_docx
from saraban.rendering.duplicates import draw_duplicate, duplicate
from saraban.rendering.emblem import Emblems, no_files, normalised
from saraban.rendering.endorsed import draw_notes, put_notes
from saraban.rendering.issued import attachments, draw_issued, draw_print_marks, draw_seal, print_out
from saraban.rendering.kept import KeptPages
from saraban.rendering.letter import draw_letter
from saraban.rendering.pdfa import to_pdfa
from saraban.rendering.quarantine import Quarantine
from saraban.rendering.ready import check_ready, draw_marks, marked_page
from saraban.rendering.shaping import typeface
from saraban.rendering.signature_block import draw_block, normalised_signature
from saraban.rendering.stamps import draw_stamp
from saraban.rendering.thai import one_line, written_in
from saraban.usecases.pages import ArchiveCopy, IssuedPage, Page, PageData, PageLetter, PrintMarks
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

# Fonts keep which glyphs a file uses while it is drawn, so one letter is drawn at a time (15 ms). Whatever takes longer
# happens outside.
_drawing = threading.Lock()


class PdfRenderer:
    """Makes pages; may be shared by threads. `family` is one of the vendored typefaces, `files` opens kept
    files by digest: emblems and ready pages."""

    def __init__(self, family: str = "TH Sarabun New", files: Callable[[Digest], bytes] = no_files) -> None:
        self._family = family
        self._files, self._emblems = files, Emblems(files)
        self._quarantine = Quarantine()
        self._copier = Copier(self._quarantine, Quarantine(READERS), family)
        self._kept = KeptPages()

    def letter(self, letter: PageLetter, *, at: datetime, data: bytes | None = None) -> Page:
        """The document of its form as PDF/A-3a with `data` attached as letter.json; a ready page is the PDF that was
        brought, with its marks, and takes no data. Equal input gives equal bytes; of a draft those of a moment ago are
        given again. Raises RuleBroken for a form that has no page, BadInput by field for characters that cannot be
        printed."""
        if data is not None:
            return self._letter(letter, at, data)
        return self._kept.of(letter, lambda: self._letter(letter, at, None))

    def _letter(self, letter: PageLetter, at: datetime, data: bytes | None) -> Page:
        if letter.ready is not None:
            return self._ready(letter, letter.ready)
        emblem = self._emblems.of(letter.emblem)
        with _drawing, written_in(letter.digits):
            drawn = draw_letter(letter, typeface(self._family), emblem, self._photo(letter))
        pdf = to_pdfa(drawn.pdf, title=one_line(letter.subject), author=one_line(letter.agency_name), at=at, data=data)
        return Page(pdf, drawn.pages, drawn.block, drawn.cosigners)

    def _photo(self, letter: PageLetter) -> bytes | None:
        return None if letter.photo is None else self._files(letter.photo)

    def photo(self, data: bytes) -> bytes:
        """A photograph (JPEG, PNG) as the JPEG of 4 by 6 that is kept and printed. Raises BadInput({"photo": …}) with
        a Thai reason."""
        return uploads.photo(self._quarantine, data)

    def _ready(self, letter: PageLetter, ready: ReadyPage) -> Page:
        with _drawing, written_in(letter.digits):
            drawn = draw_marks(letter, ready, typeface(self._family))
        return marked_page(self._quarantine, self._files(ready.sha256), drawn, letter, ready)

    def check_ready(self, data: bytes) -> int:
        """The number of pages of a PDF that is fit to be a letter itself. Raises BadInput({"file": …}) with a Thai
        reason."""
        return check_ready(self._quarantine, data)

    def issued(self, page: IssuedPage, *, at: datetime, data: PageData | None = None) -> Page:
        """A document that is issued to a person, as PDF/A-3a with `data` attached. Equal input gives equal bytes.
        Raises BadInput by field for characters that cannot be printed."""
        emblem = self._emblems.of(page.emblem)
        with _drawing, written_in(page.digits):
            drawn = draw_issued(page, typeface(self._family), emblem)
        title, author = one_line(page.title), one_line(page.agency_name)
        pdf = to_pdfa(drawn.pdf, title=title, author=author, at=at, files=attachments(data))
        return Page(pdf, drawn.pages, drawn.block)

    def issued_seal(self, block: SignatureBlock, at: datetime) -> bytes:
        """What the agency's seal shows in a block of an issued document: a one-page PDF of the block's size."""
        with _drawing, written_in(block.digits):
            return draw_seal(block, at, typeface(self._family))

    def print_out(self, pdf: bytes, marks: PrintMarks) -> bytes:
        """A copy that says above every page when it was printed, from which system and by whom. Raises RuleBroken when
        the PDF cannot be read."""
        with _drawing, written_in(marks.digits):
            drawn = draw_print_marks(marks, typeface(self._family))
        return print_out(self._quarantine, pdf, drawn, marks)

    def letter_docx(self, letter: PageLetter) -> bytes:
        """The letter as DOCX. Raises RuleBroken for a form that has none, BadInput by field for characters that cannot
        be printed."""
        with written_in(letter.digits):
            return letter_docx(letter, self._family, self._emblems.of(letter.emblem), self._photo(letter))

    def signature_block(self, block: SignatureBlock, at: datetime) -> bytes:
        """The picture that `crypto.pades` shows in the block: a one-page PDF of the block's size."""
        picture = self._files(block.picture) if block.picture is not None else None
        with _drawing, written_in(block.digits):
            return draw_block(block, at, typeface(self._family), picture)

    def signature_picture(self, data: bytes) -> bytes:
        """The picture of a signature (PNG, JPEG) as the PNG that is kept and printed. Raises BadInput({"file": …}) with
        a Thai reason."""
        return normalised_signature(self._quarantine, data)

    def stamped_copy(self, pdf: bytes, stamp: ReceivingStamp, place: StampPlace | None = None) -> bytes:
        """A copy with the receiving stamp on page 1, at the place or else at the top right, and "สำเนาประทับตรารับ" by
        it; signatures are shown but no longer held in the copy. Raises RuleBroken when the PDF cannot be read."""
        with _drawing, written_in(stamp.digits):
            drawn = draw_stamp(stamp, typeface(self._family))
        return uploads.put_stamp(self._quarantine, pdf, drawn, edge=paper.STAMP_FROM_EDGE, place=place)

    def endorsed_copy(self, pdf: bytes, notes: Sequence[WrittenNote], digits: Digits) -> bytes:
        """A copy on which the notes stand, each where its last page is blank, or on more. Raises RuleBroken when the
        PDF cannot be read."""
        with _drawing, written_in(digits):
            drawn = draw_notes(notes, typeface(self._family))
        return put_notes(self._quarantine, pdf, drawn)

    def stamp_box(self, pdf: bytes, place: StampPlace | None = None) -> SealBox:
        """Where `stamped_copy` would put the stamp, in the first page's own coordinates. Raises RuleBroken when the PDF
        cannot be read."""
        size = (paper.STAMP_WIDTH, paper.STAMP_HEIGHT)
        return uploads.stamp_box(self._quarantine, pdf, size, edge=paper.STAMP_FROM_EDGE, place=place)

    def stamp_spot(self, pdf: bytes, place: StampPlace | None = None) -> StampSpot:
        """Where `stamped_copy` would put the stamp, in millimetres of the first page as it is seen. Raises RuleBroken
        when the PDF cannot be read."""
        size = (paper.STAMP_WIDTH, paper.STAMP_HEIGHT)
        return uploads.stamp_spot(self._quarantine, pdf, size, edge=paper.STAMP_FROM_EDGE, place=place)

    def certified_copy(self, pdf: bytes, certificate: CopyCertificate) -> CertifiedPage:
        """A copy of a PDF that says so above every page, with the block of him who certifies and the place for the
        signature in it; signatures of the original are shown but no longer held in the copy. Raises RuleBroken when the
        PDF cannot be read."""

        def drawn(pages: int) -> Certificate:
            with _drawing, written_in(certificate.digits):
                return draw_certificate(certificate, typeface(self._family), pages)

        return certified_copy(self._quarantine, pdf, drawn, certificate)

    def duplicate(self, pdf: bytes, marks: DuplicateMarks) -> bytes:
        """A copy that says above every page that it is the duplicate, with those who had a hand in it at the foot of
        the last. Raises RuleBroken when the PDF cannot be read."""

        def drawn(pages: int) -> tuple[bytes, float]:
            with _drawing, written_in(marks.digits):
                return draw_duplicate(marks, typeface(self._family), pages)

        return duplicate(self._quarantine, pdf, drawn)

    def picture_pdf(self, data: bytes) -> bytes:
        """A scanned or photographed letter as a PDF on A4. Raises RuleBroken when the picture cannot be read."""
        return uploads.picture_pdf(self._quarantine, data)

    def archive_copy(self, data: bytes, *, title: str, author: str, at: datetime) -> ArchiveCopy:
        """A PDF/A that shows what a file of others shows, for an archive: its pages as pictures."""
        return archive_copy(self._copier, data, title=one_line(title), author=one_line(author), at=at)

    def thumbnail(self, pdf: bytes, *, page: int, width: int) -> bytes:
        """A page as PNG, counted from 0. Raises RuleBroken when the PDF cannot be read or has no such page."""
        return uploads.thumbnail(self._quarantine, pdf, page=page, width=width)

    def check_upload(self, data: bytes) -> int:
        """The number of pages of an uploaded PDF. Raises BadInput({"file": …}) with a Thai reason."""
        return uploads.check_upload(self._quarantine, data)

    def emblem(self, data: bytes) -> bytes:
        """An emblem (SVG, PDF, PNG) as the file that is kept and printed. Raises BadInput({"file": …}) with a Thai
        reason."""
        return normalised(self._quarantine, data)

    def rewritten(self, pdf: bytes) -> bytes:
        """The same pages in a file that strict readers accept. Raises RuleBroken when it cannot be read or is signed
        already."""
        return uploads.rewritten(self._quarantine, pdf)

    def opening_text(self, pdf: bytes) -> str:
        """The words on the first pages of a foreign PDF; empty when it has none or cannot be read."""
        return uploads.opening_text(self._quarantine, pdf)

    def close(self) -> None:
        """End the process that reads foreign PDFs."""
        self._quarantine.close()
