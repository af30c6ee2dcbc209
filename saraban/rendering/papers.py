"""PdfPapers: the `Papers` that `bootstrap.py` hands to the use cases."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import BinaryIO

from saraban.domain.attachment import Digest
from saraban.rendering.archive_sheets import print_archive_list, print_keeping_mark, print_keeping_marks
from saraban.rendering.emblem import Emblems, no_files
from saraban.rendering.envelope import print_envelopes
from saraban.rendering.petition_sheet import print_petition
from saraban.rendering.print_file import PrintFile
from saraban.rendering.register_sheets import print_register, print_reserved_block
from saraban.rendering.shaping import fresh_typeface, typeface
from saraban.rendering.slips import print_delivery_book, print_receipt_slips, print_search_card
from saraban.rendering.stamps import draw_sticker
from saraban.rendering.year_statement import YEAR_SEAL_BOX, print_year_seal_face, print_year_statement
from saraban.usecases.archive_press import ArchiveSheet, KeepingMark
from saraban.usecases.papers import (
    CardLine,
    DeliveryLine,
    EnvelopeFace,
    EnvelopeSize,
    Progress,
    ReceiptSlip,
    ReceivingStamp,
    RegisterHead,
    RegisterLine,
    YearStatement,
)
from saraban.usecases.petition_books import PetitionSheet
from saraban.usecases.proofs import SealBox


class PdfPapers:
    """Prints registers and slips; may be shared by threads, since every file has fonts of its own. `family` is one of
    the vendored typefaces, `files` opens the agencies' emblems by digest."""

    def __init__(self, family: str = "TH Sarabun New", files: Callable[[Digest], bytes] = no_files) -> None:
        self._family = family
        self._emblems = Emblems(files)

    def register(self, head: RegisterHead, lines: Iterable[RegisterLine], out: BinaryIO, progress: Progress) -> int:
        """A register, grouped by days; gives the number of sheets."""
        return print_register(self._family, head, lines, out, progress)

    def reserved_block(self, head: RegisterHead, serials: Sequence[int], numbers: Sequence[str], reason: str) -> bytes:
        """Blank lines with these numbers, for an outage."""
        out = io.BytesIO()
        print_reserved_block(self._family, head, serials, numbers, reason, out)
        return out.getvalue()

    def delivery_book(self, agency_name: str, day: date, lines: Sequence[DeliveryLine]) -> bytes:
        """สมุดส่งหนังสือ (form 16)."""
        return _bytes(print_delivery_book(self._family, agency_name, day, lines))

    def receipt_slips(self, slips: Sequence[ReceiptSlip]) -> bytes:
        """ใบรับหนังสือ (form 17)."""
        return _bytes(print_receipt_slips(self._family, slips))

    def envelopes(self, size: EnvelopeSize, faces: Sequence[EnvelopeFace]) -> bytes:
        """Envelopes (form 15)."""
        return _bytes(print_envelopes(self._family, size, faces, self._emblems))

    def search_card(self, subject: str, code: str, lines: Sequence[CardLine]) -> bytes:
        """บัตรตรวจค้น (form 18)."""
        return _bytes(print_search_card(self._family, subject, code, lines))

    def year_statement(self, statement: YearStatement) -> bytes:
        """The statement of a year as PDF/A."""
        return print_year_statement(self._family, statement)

    def year_seal_box(self) -> SealBox:
        """Where the seal stands on it."""
        return YEAR_SEAL_BOX

    def year_seal_face(self, statement: YearStatement) -> bytes:
        """What the seal on the statement shows."""
        return print_year_seal_face(self._family, statement)

    def sticker(self, stamp: ReceivingStamp) -> bytes:
        """The receiving stamp alone, 5 by 2.5 cm."""
        typeface(self._family)  # a canvas takes its first font by the name of the shared one
        return draw_sticker(stamp, fresh_typeface(self._family))

    def petition(self, sheet: PetitionSheet) -> bytes:
        """A letter from the public."""
        return _bytes(print_petition(self._family, sheet))

    def archive_list(self, sheet: ArchiveSheet) -> bytes:
        """A list of the archive."""
        return _bytes(print_archive_list(self._family, sheet))

    def keeping_mark(self, words: str, *, forever: bool) -> bytes:
        """ตรากำหนดเก็บหนังสือ alone."""
        return _bytes(print_keeping_mark(self._family, words, forever=forever))

    def keeping_marks(self, marks: Sequence[KeepingMark], initials: str) -> bytes:
        """Marks of several letters."""
        return _bytes(print_keeping_marks(self._family, marks, initials))

    def seal_face(self, stamp: ReceivingStamp) -> bytes:
        """What a seal in place of the stamp shows."""
        return self.sticker(stamp)


def _bytes(file: PrintFile) -> bytes:
    out = io.BytesIO()
    file.save(out)
    return out.getvalue()
