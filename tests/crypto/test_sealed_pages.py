"""The agency's seal inside a received file: good beside the signatures that were there, which stay good."""

from __future__ import annotations

import io
import subprocess
from pathlib import Path
from uuid import UUID

import pikepdf
import pypdfium2 as pdfium
import pytest
from asn1crypto import pem, x509
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import PdfSignatureMetadata, PdfSigner, SimpleSigner
from pyhanko.sign.fields import MDPPerm
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext
from reportlab.pdfgen.canvas import Canvas

from saraban.crypto import keys
from saraban.crypto.demo_pki import issue_seal
from saraban.crypto.officer_keys import OfficerKeys
from saraban.crypto.pades import OfficerPages
from saraban.crypto.page_check import HereChecker, check_pages
from saraban.crypto.page_seal import AgencyPages
from saraban.crypto.page_trust import Trust
from saraban.crypto.seal import FileSeals
from saraban.domain.agency import PersonId
from saraban.domain.errors import NotFound, RuleBroken
from saraban.domain.page_signature import PageSignature
from saraban.usecases.proofs import SealBox, SignatureBlock
from tests.crypto.ministry import AT, MAILBOX, NAME, YEAR, the_issuer, the_officer, the_root, the_seal, write_pem

WIDE, HIGH = 141.73, 70.87
BOX = SealBox(0, 425, 743, 425 + WIDE, 743 + HIGH)
PERSON = PersonId(UUID(int=1))


def face() -> bytes:
    """A picture that shows which way is up: red on the left half, blue on the right one, the upper half of it green."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(WIDE, HIGH))
    for colour, box in (
        ((1, 0, 0), (0, 0, WIDE / 2, HIGH)),
        ((0, 0, 1), (WIDE / 2, 0, WIDE / 2, HIGH)),
        ((0, 1, 0), (WIDE / 2, HIGH / 2, WIDE / 2, HIGH / 2)),
    ):
        canvas.setFillColorRGB(*colour)
        canvas.rect(*box, stroke=0, fill=1)
    canvas.save()
    return out.getvalue()


def page(turn: int = 0) -> bytes:
    """A blank page, shown turned."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(595, 842))
    canvas.setPageRotation(turn)
    canvas.showPage()
    canvas.save()
    return out.getvalue()


@pytest.fixture
def key_folder(tmp_path: Path) -> Path:
    folder = tmp_path / "keys"
    keys.store_seal(folder, "MIN", the_seal(), "master")
    keys.store_officer(folder, PERSON, the_officer(), "รหัสลับ", kdf_rounds=1000)
    return folder


@pytest.fixture
def sealer(key_folder: Path) -> AgencyPages:
    return AgencyPages(FileSeals(key_folder, "master"), HereChecker(Trust()))


@pytest.fixture
def signed(key_folder: Path) -> bytes:
    """A page with an officer's signature."""
    block = SignatureBlock(0, 300, 200, 300 + WIDE, 200 + HIGH, "นางสาวสมหญิง ใจทดสอบ", "ปลัดกระทรวง")
    pages = OfficerPages(OfficerKeys(key_folder), lambda *_: face())
    return pages.sign(page(), person_id=PERSON, passphrase="รหัสลับ", block=block, at=AT).pdf


def seal(sealer: AgencyPages, pdf: bytes, box: SealBox = BOX) -> bytes:
    return sealer.seal_page(pdf, agency_code="MIN", box=box, drawn=face(), reason="รับหนังสือ", at=AT).pdf


def check(pdf: bytes) -> tuple[PageSignature, ...]:
    return check_pages(pdf, Trust([the_root().pem]), AT).signatures


def test_the_seal_is_good_and_the_signature_before_it_stays_so(sealer: AgencyPages, signed: bytes) -> None:
    sealed = seal(sealer, signed)

    first, last = check(sealed)

    assert sealed.startswith(signed), "a seal is added behind the file and changes nothing in it"
    assert first.holds and last.holds, (first, last)
    assert (first.signer, last.signer) == ("นางสาวสมหญิง ใจทดสอบ", NAME)
    assert (first.covers_all, last.covers_all) == (False, True)


def test_pyhanko_and_poppler_find_both_good(sealer: AgencyPages, signed: bytes, tmp_path: Path) -> None:
    sealed = seal(sealer, signed)

    for one in PdfFileReader(io.BytesIO(sealed)).embedded_regular_signatures:
        root = x509.Certificate.load(pem.unarmor(the_root().pem.encode())[2])
        context = ValidationContext(trust_roots=[root], allow_fetching=False, moment=AT)
        status = validate_pdf_signature(one, context)
        assert status.bottom_line, status.summary()
        assert one.sig_object["/SubFilter"] == "/ETSI.CAdES.detached"
    (tmp_path / "sealed.pdf").write_bytes(sealed)
    told = subprocess.run(
        ["pdfsig", "-nocert", tmp_path / "sealed.pdf"], capture_output=True, text=True, check=False, timeout=60
    )
    assert told.stdout.count("Signature is Valid.") == 2, told.stdout


def test_the_seal_says_why_and_stands_in_its_box(sealer: AgencyPages) -> None:
    with pikepdf.open(io.BytesIO(seal(sealer, page()))) as document:
        [widget] = document.pages[0].Annots
        assert [float(edge) for edge in widget.Rect] == pytest.approx([BOX.x0, BOX.y0, BOX.x1, BOX.y1], abs=0.01)
        assert str(widget.V.Reason) == "รับหนังสือ"
        assert str(widget.V.Name) == NAME


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_the_seal_is_upright_however_the_page_is_turned(sealer: AgencyPages, turn: int) -> None:
    wide, high = (HIGH, WIDE) if turn in (90, 270) else (WIDE, HIGH)
    box = SealBox(0, 100, 200, 100 + wide, 200 + high)

    document = pdfium.PdfDocument(seal(sealer, page(turn), box))
    document.init_forms()
    image = document[0].render(may_draw_forms=True).to_pil().convert("RGB")

    spots = [(x, y) for x in range(image.width) for y in range(image.height) if image.getpixel((x, y)) != (255,) * 3]
    left, top = min(x for x, _ in spots), min(y for _, y in spots)
    right, bottom = max(x for x, _ in spots), max(y for _, y in spots)
    assert right - left == pytest.approx(WIDE, abs=3)
    assert bottom - top == pytest.approx(HIGH, abs=3)
    assert image.getpixel((left + 10, top + 10)) == (255, 0, 0)
    assert image.getpixel((right - 10, top + 10)) == (0, 255, 0)
    assert image.getpixel((right - 10, bottom - 10)) == (0, 0, 255)


def test_a_file_that_its_signer_certified_is_not_spoiled(sealer: AgencyPages, tmp_path: Path) -> None:
    write_pem(the_officer(), tmp_path, "officer")
    signer = SimpleSigner.load(str(tmp_path / "officer.key"), str(tmp_path / "officer.pem"))  # type: ignore[no-untyped-call]
    assert signer is not None
    for permission in (MDPPerm.NO_CHANGES, MDPPerm.FILL_FORMS):
        meta = PdfSignatureMetadata(field_name="Closed", certify=True, docmdp_permissions=permission)
        out = PdfSigner(meta, signer=signer).sign_pdf(IncrementalPdfFileWriter(io.BytesIO(page())))
        assert check(out.getvalue())[0].whole.is_true

        with pytest.raises(RuleBroken, match="ห้ามเพิ่มลายมือชื่อ") as caught:
            seal(sealer, out.getvalue())

        assert caught.value.code == "page-locked"


def test_without_a_valid_seal_nothing_is_sealed(sealer: AgencyPages, key_folder: Path) -> None:
    keys.store_seal(key_folder, "OLD", issue_seal(the_issuer(), NAME, MAILBOX, AT - YEAR, AT - YEAR / 2), "master")
    for code in ("OLD", "NONE"):
        with pytest.raises(NotFound):
            sealer.seal_page(page(), agency_code=code, box=BOX, drawn=face(), reason="รับ", at=AT)


def test_what_cannot_be_sealed_is_told_in_thai(sealer: AgencyPages) -> None:
    locked = io.BytesIO()
    with pikepdf.open(io.BytesIO(page())) as document:
        document.save(locked, encryption=pikepdf.Encryption(owner="a", user=""))
    for spoiled in (b"", b"%PDF-1.7\n", bytes(500), locked.getvalue()):
        with pytest.raises(RuleBroken, match="ไฟล์อาจเสียหาย"):
            seal(sealer, spoiled)
    with pytest.raises(RuleBroken):
        seal(sealer, page(), SealBox(7, 0, 0, 10, 10))
