"""Signing pages inside: PAdES B-T or B-B (ETSI EN 319 142-1) with an officer's key, the port PageSigner; `page_seal.py`
does it with an agency's seal.

pyHanko writes the incremental update; the CMS in it comes from our own builder, as everywhere else. What the signature
changes keeps a PDF/A-3 file one: no metadata are touched and the visible block brings its fonts along.
"""

from __future__ import annotations

import io
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.content import ImportedPdfPage
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.layout import AxisAlignment, BoxConstraints, Margins, SimpleBoxLayoutRule
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import SigFieldSpec, SigSeedSubFilter, enumerate_sig_fields
from pyhanko.sign.signers.cms_embedder import PdfCMSEmbedder, SigAppearanceSetup, SigIOSetup, SigObjSetup
from pyhanko.sign.signers.pdf_byterange import SignatureObject
from pyhanko.stamp.static import StaticStampStyle

from saraban.crypto import asn1fix
from saraban.crypto.cms import CmsSigner, SigningKey
from saraban.crypto.officer_keys import OfficerKeys
from saraban.crypto.timestamp import stamped_time
from saraban.domain.agency import PersonId
from saraban.domain.attachment import Digest
from saraban.domain.calendar import office_time
from saraban.domain.errors import RuleBroken, SarabanError
from saraban.usecases.proofs import SealBox, SignatureBlock, SignedPage, TimeStamper

asn1fix.cure()

DrawBlock = Callable[[SignatureBlock, datetime], bytes]
REASON = "ลงนามหนังสือราชการ"
_RESERVED_FOR_STAMP = 16_384
"""Hex digits for a time-stamp with the certificates of its authority, which has 2 to 8 KB. Every digit costs readers
time, so no more than that is kept free."""
_AROUND_STAMP = 64
_DEEPEST_TREE = 50


class OfficerPages:
    """The port PageSigner, over the officers' keys. A key is opened for one page or one batch and held nowhere else."""

    def __init__(self, keys: OfficerKeys, draw_block: DrawBlock, stamper: TimeStamper | None = None) -> None:
        """Takes the keys, the drawing of the visible block (a function from the block and the signing time to
        a PDF of one page in the block's size, its fonts embedded), and who vouches for the time."""
        self._keys = keys
        self._draw_block = draw_block
        self._stamper = stamper

    def sign(
        self,
        pdf: bytes,
        *,
        person_id: PersonId,
        passphrase: str,
        block: SignatureBlock,
        at: datetime,
        reason: str = REASON,
    ) -> SignedPage:
        """One page signed with a key that is opened for it; raises what `opened` and the pen raise."""
        with self.opened(person_id, passphrase) as pen:
            return pen.sign(pdf, block=block, at=at, reason=reason)

    @contextmanager
    def opened(self, person_id: PersonId, passphrase: str) -> Iterator[OfficerPen]:
        """The person's key, opened until the block ends. Raises WrongPassphrase, NotFound when the person has no key,
        RuleBroken when a token cannot be used."""
        with self._keys.opened(person_id, passphrase) as key:
            yield OfficerPen(key, self._draw_block, self._stamper)

    def check(self, person_id: PersonId, passphrase: str) -> None:
        """Raise WrongPassphrase or NotFound when the key would not open."""
        with self._keys.opened(person_id, passphrase):
            pass

    def has_key(self, person_id: PersonId) -> bool:
        """Is there a key of this person, in a file or on a token? None is opened."""
        return self._keys.has(person_id)


class OfficerPen:
    """The port Pen: an open key with the drawing of the visible block. What stands in the block is the same for all
    pages that are signed within a minute, so it is drawn once for them."""

    def __init__(self, key: SigningKey, draw_block: DrawBlock, stamper: TimeStamper | None) -> None:
        self._key, self._draw_block, self._stamper = key, draw_block, stamper
        self._drawn: tuple[SignatureBlock, datetime, PdfFileReader] | None = None

    def sign(self, pdf: bytes, *, block: SignatureBlock, at: datetime, reason: str = REASON) -> SignedPage:
        """The PDF with the officer's signature added as an incremental update, visible in the block if it is shown.
        Earlier signatures stay good. Raises RuleBroken when the certificate is not valid at that time or the PDF cannot
        be signed (unreadable, encrypted, without that page)."""
        certificate = self._key.certificate
        if not certificate.not_valid_before_utc <= at <= certificate.not_valid_after_utc:
            raise RuleBroken("ใบรับรองลงนามของท่านหมดอายุหรือยังไม่ถึงวันเริ่มใช้ ติดต่อผู้ดูแลระบบเพื่อออกใบรับรองใหม่")
        box = SealBox(block.page, block.x0, block.y0, block.x1, block.y1)
        shown = Shown(block.name, reason, box, self._block(block, at) if block.is_shown else None)
        try:
            return sign_page(pdf, CmsSigner(self._key), shown, at, self._stamper)
        except SarabanError:
            raise
        except Exception as error:  # pyHanko, zlib and struct raise many kinds on files that are not in order.
            raise RuleBroken("ลงลายมือชื่อในไฟล์ PDF นี้ไม่ได้ ไฟล์อาจเสียหายหรือเข้ารหัสไว้") from error

    def _block(self, block: SignatureBlock, at: datetime) -> PdfFileReader:
        # Rounded: the same block stands a hair's breadth elsewhere on another page.
        wide, high = round(block.x1 - block.x0, 3), round(block.y1 - block.y0, 3)
        here = replace(block, page=0, x0=0.0, y0=0.0, x1=wide, y1=high)
        minute = at.replace(second=0, microsecond=0)
        if self._drawn is None or self._drawn[:2] != (here, minute):
            self._drawn = here, minute, read_drawn(self._draw_block(block, at))
        return self._drawn[2]


@dataclass(frozen=True)
class Shown:
    """What a signature says of itself and shows: who signs and why, the box on the page, and the one-page PDF that is
    drawn in it as a reader sees the page, however the page is turned; None for a signature without a face."""

    name: str
    reason: str
    box: SealBox
    drawn: PdfFileReader | None


def read_drawn(drawn: bytes) -> PdfFileReader:
    """The one-page PDF of a block, read for one or more signatures of one thread."""
    return PdfFileReader(io.BytesIO(drawn))


def sign_page(
    pdf: bytes, signer: CmsSigner, shown: Shown, at: datetime, stamper: TimeStamper | None = None
) -> SignedPage:
    """The PDF with one more signature, time-stamped when the authority gives a stamp. Raises whatever pyHanko raises on
    a PDF that is not in order."""
    stamping = _Stamping(stamper)
    room = 2 * signer.size + (_RESERVED_FOR_STAMP if stamper is not None else 0)
    writer = UpdateOfPagesOnly(io.BytesIO(pdf))
    if writer.security_handler is not None:
        raise ValueError("the PDF is encrypted")
    name, box = _free_field_name(writer), shown.box
    corners = (box.x0, box.y0, box.x1, box.y1) if shown.drawn is not None else None
    field = SigFieldSpec(name, on_page=box.page, box=corners)  # type: ignore[arg-type]
    steps = PdfCMSEmbedder(new_field_spec=field).write_cms(name, writer)
    next(steps)
    signed_at = office_time(at)
    placeholder = SignatureObject(
        timestamp=signed_at,
        subfilter=SigSeedSubFilter.PADES,
        name=shown.name,
        reason=shown.reason,
        bytes_reserved=room,
    )
    appearance = None
    if shown.drawn is not None:
        style = _appearance(shown.drawn, _turn(writer, box.page))
        appearance = SigAppearanceSetup(style, timestamp=signed_at, name=shown.name)
    steps.send(SigObjSetup(placeholder, appearance_setup=appearance))
    prepared, output = steps.send(SigIOSetup(md_algorithm="sha256"))
    steps.send(signer.sign(prepared.document_digest, None, stamping.over))
    return SignedPage(bytes(output.getbuffer()), stamping.stamped_at, stamping.trouble)


class _Stamping:
    """Asks for a time-stamp over a signature while it is made, and remembers what came of it."""

    def __init__(self, stamper: TimeStamper | None) -> None:
        self._stamper = stamper
        self.stamped_at: datetime | None = None
        self.trouble = ""

    def over(self, signature: bytes) -> bytes | None:
        """The token over the signature; None without an authority or when it gave none that fits."""
        if self._stamper is None:
            return None
        try:
            token = self._stamper.stamp(Digest.of(signature))
        except RuleBroken as refused:
            self.trouble = refused.thai
            return None
        if token is not None and 2 * (len(token) + _AROUND_STAMP) > _RESERVED_FOR_STAMP:
            self.trouble = "ผู้ประทับรับรองเวลา: ตราประทับเวลาใหญ่ผิดปกติ"
            return None
        self.stamped_at = stamped_time(token) if token is not None else None
        return token


class UpdateOfPagesOnly(IncrementalPdfFileWriter):
    """An update that leaves the document's metadata as they are: pyHanko would write the machine's own time into them,
    and a PDF/A file's two sets of metadata must go on saying the same (ISO 19005-3, 6.6.2)."""

    def _update_meta(self) -> None:
        pass


class _DrawnPage(ImportedPdfPage):
    """The drawn block as a form object of the signed PDF, upright on a page that is shown turned by so many degrees."""

    def __init__(self, drawn: PdfFileReader, turn: int) -> None:
        super().__init__("block")  # type: ignore[no-untyped-call]
        self._drawn, self._turn = drawn, turn

    def render(self) -> bytes:
        """The operators that show the drawn page; sets the size that layout works with."""
        writer = self._ensure_writer
        form = writer.import_page_as_xobject(self._drawn)
        name = f"/Block{uuid.uuid4().hex[:8]}"
        self.resources.xobject[generic.pdf_name(name)] = form
        left, bottom, right, top = (float(edge) for edge in form.get_object()["/BBox"])
        wide, high = abs(right - left), abs(top - bottom)
        self.box = BoxConstraints(*((high, wide) if self._turn in (90, 270) else (wide, high)))
        matrix = {
            90: f"0 1 -1 0 {high:g} 0 cm ",
            180: f"-1 0 0 -1 {wide:g} {high:g} cm ",
            270: f"0 -1 1 0 0 {wide:g} cm ",
        }.get(self._turn, "")
        return f"{matrix}{name} Do".encode()


def _appearance(drawn: PdfFileReader, turn: int) -> StaticStampStyle:
    middle = AxisAlignment.ALIGN_MID
    layout = SimpleBoxLayoutRule(x_align=middle, y_align=middle, margins=Margins(0, 0, 0, 0))
    return StaticStampStyle(
        border_width=0, background=_DrawnPage(drawn, turn), background_layout=layout, background_opacity=1.0
    )


def _turn(writer: IncrementalPdfFileWriter, page: int) -> int:
    """By how many degrees a page is shown turned, which it says itself or inherits (ISO 32000-1, 7.7.3.4)."""
    node = writer.find_page_for_modification(page)[0].get_object()  # type: ignore[no-untyped-call]
    for _ in range(_DEEPEST_TREE):
        if "/Rotate" in node or "/Parent" not in node:
            break
        node = node["/Parent"]
    return int(node["/Rotate"]) % 360 if "/Rotate" in node else 0


def _free_field_name(writer: IncrementalPdfFileWriter) -> str:
    taken = {name for name, _, _ in enumerate_sig_fields(writer)}
    number = 1
    while f"Signature{number}" in taken:
        number += 1
    return f"Signature{number}"
