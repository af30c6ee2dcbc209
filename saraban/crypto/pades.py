"""Signing pages inside: PAdES B-B (ETSI EN 319 142-1) with an officer's key, the port PageSigner.

pyHanko writes the incremental update; the CMS in it comes from our own builder, as everywhere else. What the signature
changes keeps a PDF/A-3 file one: no metadata are touched and the visible block brings its fonts along.
"""

from __future__ import annotations

import io
import uuid
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.content import ImportedPdfPage
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.layout import AxisAlignment, BoxConstraints, Margins, SimpleBoxLayoutRule
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import SigFieldSpec, SigSeedSubFilter, enumerate_sig_fields
from pyhanko.sign.signers.cms_embedder import PdfCMSEmbedder, SigAppearanceSetup, SigIOSetup, SigObjSetup
from pyhanko.sign.signers.pdf_byterange import SignatureObject
from pyhanko.stamp.static import StaticStampStyle

import saraban.crypto.asn1fix  # noqa: F401  (a cure for what pyHanko stands on)
from saraban.crypto.cms import CmsSigner, HeldKey
from saraban.crypto.keys import open_officer
from saraban.domain.agency import PersonId
from saraban.domain.calendar import office_time
from saraban.domain.errors import RuleBroken
from saraban.usecases.ports import SignatureBlock

DrawBlock = Callable[[SignatureBlock, datetime], bytes]
REASON = "ลงนามหนังสือราชการ"
_RESERVED_HEX_DIGITS = 16_384


class OfficerPages:
    """The port PageSigner, over the officers' keys in files. A key is opened for one call and never held."""

    def __init__(self, keys: Path, draw_block: DrawBlock) -> None:
        """Takes the folder of keys and the drawing of the visible block: a function from the block and the signing time
        to a PDF of one page in the block's size, its fonts embedded."""
        self._keys = keys
        self._draw_block = draw_block

    def sign(self, pdf: bytes, *, person_id: PersonId, passphrase: str, block: SignatureBlock, at: datetime) -> bytes:
        """The PDF with the officer's signature added as an incremental update, visible in the block. Earlier signatures
        stay good. Raises WrongPassphrase, NotFound when the person has no key, or RuleBroken when the certificate is
        not valid at that time or the PDF cannot be signed (unreadable, encrypted, or without that page)."""
        officer = open_officer(self._keys, person_id, passphrase)
        certificate = officer.certificate
        if not certificate.not_valid_before_utc <= at <= certificate.not_valid_after_utc:
            raise RuleBroken("ใบรับรองลงนามของท่านหมดอายุหรือยังไม่ถึงวันเริ่มใช้ ติดต่อผู้ดูแลระบบเพื่อออกใบรับรองใหม่")
        drawn = self._draw_block(block, at)
        try:
            return sign_page(pdf, officer, block, drawn, at)
        except Exception as error:  # pyHanko, zlib and struct raise many kinds on files that are not in order.
            raise RuleBroken("ลงลายมือชื่อในไฟล์ PDF นี้ไม่ได้ ไฟล์อาจเสียหายหรือเข้ารหัสไว้") from error

    def check(self, person_id: PersonId, passphrase: str) -> None:
        """Raise WrongPassphrase or NotFound when the key would not open."""
        open_officer(self._keys, person_id, passphrase)


def sign_page(pdf: bytes, officer: HeldKey, block: SignatureBlock, drawn: bytes, at: datetime) -> bytes:
    """The PDF with one more signature; `drawn` is the one-page PDF that is shown in the block. Raises whatever pyHanko
    raises on a PDF that is not in order."""
    signer = CmsSigner(officer)
    room = max(_RESERVED_HEX_DIGITS, 2 * len(signer.sign(bytes(32), None)) + 4096)
    writer = _UpdateOfPagesOnly(io.BytesIO(pdf))
    if writer.security_handler is not None:
        raise ValueError("the PDF is encrypted")
    name = _free_field_name(writer)
    field = SigFieldSpec(name, on_page=block.page, box=(block.x0, block.y0, block.x1, block.y1))  # type: ignore[arg-type]
    steps = PdfCMSEmbedder(new_field_spec=field).write_cms(name, writer)
    next(steps)
    signed_at = office_time(at)
    placeholder = SignatureObject(
        timestamp=signed_at,
        subfilter=SigSeedSubFilter.PADES,
        name=block.name,
        reason=REASON,
        bytes_reserved=room,
    )
    appearance = SigAppearanceSetup(_appearance(drawn), timestamp=signed_at, name=block.name)
    steps.send(SigObjSetup(placeholder, appearance_setup=appearance))
    prepared, output = steps.send(SigIOSetup(md_algorithm="sha256"))
    steps.send(signer.sign(prepared.document_digest, None))
    return bytes(output.getbuffer())


class _UpdateOfPagesOnly(IncrementalPdfFileWriter):
    """An update that leaves the document's metadata as they are: pyHanko would write the machine's own time into them,
    and a PDF/A file's two sets of metadata must go on saying the same (ISO 19005-3, 6.6.2)."""

    def _update_meta(self) -> None:
        pass


class _DrawnPage(ImportedPdfPage):
    """The drawn block as a form object of the signed PDF."""

    def __init__(self, drawn: bytes) -> None:
        super().__init__("block")  # type: ignore[no-untyped-call]
        self._drawn = drawn

    def render(self) -> bytes:
        """The operator that shows the drawn page; sets the size that layout works with."""
        writer = self._ensure_writer
        form = writer.import_page_as_xobject(PdfFileReader(io.BytesIO(self._drawn)))
        name = f"/Block{uuid.uuid4().hex[:8]}"
        self.resources.xobject[generic.pdf_name(name)] = form
        left, bottom, right, top = form.get_object()["/BBox"]
        self.box = BoxConstraints(width=abs(right - left), height=abs(top - bottom))
        return name.encode() + b" Do"


def _appearance(drawn: bytes) -> StaticStampStyle:
    middle = AxisAlignment.ALIGN_MID
    layout = SimpleBoxLayoutRule(x_align=middle, y_align=middle, margins=Margins(0, 0, 0, 0))
    return StaticStampStyle(
        border_width=0, background=_DrawnPage(drawn), background_layout=layout, background_opacity=1.0
    )


def _free_field_name(writer: IncrementalPdfFileWriter) -> str:
    taken = {name for name, _, _ in enumerate_sig_fields(writer)}
    number = 1
    while f"Signature{number}" in taken:
        number += 1
    return f"Signature{number}"
