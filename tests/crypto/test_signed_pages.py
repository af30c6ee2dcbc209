"""Officers' signatures inside a page: made by us, checked by us, by pyHanko and by poppler; and what spoils them."""

from __future__ import annotations

import io
import json
import subprocess
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

import page as conformance
import pikepdf
import pytest
from asn1crypto import pem, x509
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name, pdf_string
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from saraban.crypto import keys
from saraban.crypto.cms import HeldKey
from saraban.crypto.demo_pki import issue_officer
from saraban.crypto.officer_keys import OfficerKeys
from saraban.crypto.pades import OfficerPages
from saraban.crypto.page_check import check_pages
from saraban.crypto.page_trust import Trust
from saraban.domain.agency import PersonId
from saraban.domain.errors import NotFound, RuleBroken, WrongPassphrase
from saraban.domain.page_signature import Change, PageSignature, SignatureKind
from saraban.rendering.pdfa import to_pdfa
from saraban.rendering.renderer import PdfRenderer
from saraban.usecases.proofs import SignatureBlock
from tests.crypto.ministry import AT, NAME, YEAR, another_root, rsa_key, the_officer, the_root
from tests.rendering.a_page import a_page_letter, assert_is_pdfa_3a
from tests.rendering.structure import structure

PERSON, SECOND = PersonId(UUID(int=1)), PersonId(UUID(int=2))
PASSPHRASE = "รหัสลับ"
BLOCK = SignatureBlock(1, 300, 200, 480, 250, "นางสาวสมหญิง ใจทดสอบ", "ปลัดกระทรวง")
THAI_FONT = "/usr/share/fonts/truetype/tlwg/Garuda.ttf"
Signing = Callable[..., bytes]


def _draw(block: SignatureBlock, at: datetime) -> bytes:
    del at
    pdfmetrics.registerFont(TTFont("Garuda", THAI_FONT))
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(block.x1 - block.x0, block.y1 - block.y0), initialFontName="Garuda")
    canvas.setFont("Garuda", 12)
    canvas.drawString(4, 30, "ลงลายมือชื่อดิจิทัลโดย")
    canvas.drawString(4, 12, block.name)
    canvas.save()
    return out.getvalue()


@pytest.fixture(scope="module")
def letter() -> bytes:
    """A letter of two pages as PDF/A-3u."""
    pdfmetrics.registerFont(TTFont("Garuda", THAI_FONT))
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(595, 842), initialFontName="Garuda")
    for text in ("หน้าหนึ่ง", "หน้าสอง"):
        canvas.setFont("Garuda", 16)
        canvas.drawString(90, 700, text)
        canvas.showPage()
    canvas.save()
    return to_pdfa(out.getvalue(), title="เรื่องทดสอบ", author=NAME, at=AT, data=b'{"a":1}')


@pytest.fixture(scope="module")
def key_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The keys of two officers; the second has RSA."""
    folder = tmp_path_factory.mktemp("keys")
    second = issue_officer(the_root(), "นายสมชาย มั่นคงทดสอบ", "อธิบดี", NAME, AT - YEAR, AT + YEAR, key=rsa_key(3072))
    for person, officer in ((PERSON, the_officer()), (SECOND, second)):
        keys.store_officer(folder, person, officer, PASSPHRASE, kdf_rounds=1000)
    return folder


@pytest.fixture
def sign(key_folder: Path) -> Signing:
    """Sign a PDF, as the first officer in the block unless told otherwise."""

    def signing(
        pdf: bytes,
        *,
        person: PersonId = PERSON,
        passphrase: str = PASSPHRASE,
        block: SignatureBlock = BLOCK,
        at: datetime = AT,
    ) -> bytes:
        pages = OfficerPages(OfficerKeys(key_folder), _draw)
        return pages.sign(pdf, person_id=person, passphrase=passphrase, block=block, at=at).pdf

    return signing


def _check(pdf: bytes, root: HeldKey | None = None, at: datetime = AT) -> tuple[PageSignature, ...]:
    return check_pages(pdf, Trust([(root or the_root()).pem]), at).signatures


def test_a_signed_page_is_good_and_says_who_and_when(letter: bytes, sign: Signing) -> None:
    signed = sign(letter)

    [verdict] = _check(signed)

    assert verdict.holds and verdict.trusted.is_true, verdict
    assert (verdict.signer, verdict.organisation, verdict.signed_at) == ("นางสาวสมหญิง ใจทดสอบ", NAME, AT)
    assert (verdict.field, verdict.covers_all) == ("Signature1", True)
    assert signed.startswith(letter), "a signature is added behind the file and changes nothing in it"


def test_pyhanko_and_poppler_find_it_good_too(letter: bytes, sign: Signing, tmp_path: Path) -> None:
    signed = sign(sign(letter), person=SECOND, block=SignatureBlock(0, 10, 10, 150, 60, "นายสมชาย", "อธิบดี"))

    for signature in PdfFileReader(io.BytesIO(signed)).embedded_regular_signatures:
        roots = [_as_asn1(the_root())]
        context = ValidationContext(trust_roots=roots, allow_fetching=False, moment=AT)
        status = validate_pdf_signature(signature, context)
        assert status.bottom_line, status.summary()
    (tmp_path / "signed.pdf").write_bytes(signed)
    told = subprocess.run(
        ["pdfsig", "-nocert", tmp_path / "signed.pdf"], capture_output=True, text=True, check=False, timeout=60
    )
    assert told.stdout.count("Signature is Valid.") == 2
    assert told.stdout.count("ETSI.CAdES.detached") == 2


def test_the_structure_of_a_letter_is_read_the_same_when_it_is_signed_once_and_twice(key_folder: Path) -> None:
    renderer = PdfRenderer()
    page = renderer.letter(a_page_letter(), at=AT, data=b"{}")
    renderer.close()
    pages = OfficerPages(OfficerKeys(key_folder), lambda block, _: shapes(block.x1 - block.x0, block.y1 - block.y0))
    once = pages.sign(page.pdf, person_id=PERSON, passphrase=PASSPHRASE, block=page.block, at=AT).pdf
    below = SignatureBlock(0, 50, 20, 230, 70, "ผู้ลงนาม", "ตำแหน่ง")
    twice = pages.sign(once, person_id=SECOND, passphrase=PASSPHRASE, block=below, at=AT).pdf

    assert structure(page.pdf) == structure(once) == structure(twice)
    assert_is_pdfa_3a(once)


def test_a_signed_page_is_still_pdf_a(key_folder: Path) -> None:
    """With drawn shapes only: whether the words in the block conform is the renderer's affair."""
    letter = to_pdfa(shapes(595, 842), title="เรื่องทดสอบ", author=NAME, at=AT, data=b"{}")
    before = conformance.validate_pdf_bytes(letter, profile="3u")
    assert before.is_compliant, before.to_json()
    pages = OfficerPages(OfficerKeys(key_folder), lambda block, _: shapes(block.x1 - block.x0, block.y1 - block.y0))
    block = SignatureBlock(0, 50, 100, 230, 150, "ผู้ลงนาม", "ตำแหน่ง")
    signed = pages.sign(letter, person_id=PERSON, passphrase=PASSPHRASE, block=block, at=AT).pdf

    after = conformance.validate_pdf_bytes(signed, profile="3u")
    assert after.is_compliant, after.to_json()

    # Of two signatures the first cannot cover what the second adds; this validator (0.11) asks it of both.
    below = SignatureBlock(0, 50, 20, 230, 70, "ผู้ลงนาม", "ตำแหน่ง")
    twice = pages.sign(signed, person_id=SECOND, passphrase=PASSPHRASE, block=below, at=AT).pdf
    findings = json.loads(conformance.validate_pdf_bytes(twice, profile="3u").to_json())["failures"]
    assert {finding["rule_id"] for finding in findings} <= {"PDFA3U-SIGNATURE-BYTERANGE-001"}


def test_the_block_is_where_it_was_asked_for_and_holds_the_drawing(letter: bytes, sign: Signing) -> None:
    with pikepdf.open(io.BytesIO(sign(letter))) as document:
        [widget] = document.pages[1].Annots  # type: ignore[attr-defined]
        assert [float(number) for number in widget.Rect] == [300, 200, 480, 250]
        form = next(iter(widget.AP.N.Resources.XObject.values()))
        assert [float(number) for number in form.BBox] == [0, 0, 180, 50]
        assert b"Do" in widget.AP.N.read_bytes()


def test_a_form_without_a_signature_on_its_face_is_signed_and_shows_nothing(letter: bytes, sign: Signing) -> None:
    signed = sign(letter, block=SignatureBlock(1, 0, 0, 0, 0, NAME, ""))

    [verdict] = _check(signed)
    assert verdict.holds and verdict.covers_all, verdict
    with pikepdf.open(io.BytesIO(signed)) as document:
        [field] = document.Root.AcroForm.Fields  # type: ignore[attr-defined]
        assert [float(side) for side in field.Rect] == [0, 0, 0, 0]
        assert "/AP" not in field and int(field.F) & 4, "printed, as PDF/A asks, though there is nothing to see"


def test_an_earlier_signature_stays_good_when_another_officer_signs(letter: bytes, sign: Signing) -> None:
    second = SignatureBlock(0, 10, 10, 150, 60, "นายสมชาย", "อธิบดี")
    signed = sign(sign(letter), person=SECOND, block=second, at=AT + timedelta(minutes=1))

    first, last = _check(signed, at=AT + timedelta(minutes=2))

    assert first.holds and last.holds, (first, last)
    assert (first.ordinal, first.covers_all, last.ordinal, last.covers_all) == (1, False, 2, True)
    assert (first.changes, last.changes) == ((Change.SIGNED_AGAIN,), ())
    assert last.signer == "นายสมชาย มั่นคงทดสอบ"


def test_a_page_without_signatures_has_no_verdicts(letter: bytes) -> None:
    assert _check(letter) == ()


def test_a_signature_of_another_root_is_untrusted(letter: bytes, sign: Signing) -> None:
    [verdict] = _check(sign(letter), another_root())

    assert verdict.holds and verdict.trusted.value is False
    assert verdict.kind is SignatureKind.GENERAL


def test_a_signature_from_the_future_is_not_in_time(letter: bytes, sign: Signing) -> None:
    [verdict] = _check(sign(letter), at=AT - timedelta(hours=1))

    assert (verdict.holds, verdict.trusted.value, verdict.time.value) == (True, True, False)


def test_a_changed_octet_breaks_the_signature(letter: bytes, sign: Signing) -> None:
    signed = bytearray(sign(letter))
    for place in (20, len(letter) // 2, len(letter) - 300, len(signed) - 100):
        spoiled = bytearray(signed)
        spoiled[place] ^= 0x01

        assert not any(verdict.holds for verdict in _check(bytes(spoiled))), place


def test_a_page_changed_by_an_update_after_signing_is_not_intact(letter: bytes, sign: Signing) -> None:
    writer = IncrementalPdfFileWriter(io.BytesIO(sign(letter)))
    page = writer.root["/Pages"]["/Kids"][0]
    page[pdf_name("/Annots")] = writer.add_object(_note())
    writer.update_container(page)
    out = io.BytesIO()
    writer.write(out)

    [verdict] = _check(out.getvalue())

    assert (verdict.whole.value, verdict.unchanged.value) == (True, False)
    assert verdict.changes == (Change.NOTES_CHANGED,)


def test_a_page_written_anew_after_signing_is_not_intact(letter: bytes, sign: Signing) -> None:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(sign(letter))) as document:
        document.save(out)

    assert not any(verdict.holds for verdict in _check(out.getvalue()))


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7\n", b"no pdf", b"%PDF-1.7\n" + bytes(5000)])
def test_what_is_no_pdf_gets_a_reason_and_no_exception(data: bytes) -> None:
    checked = check_pages(data, Trust(), AT)

    assert (checked.signatures, checked.problem) == (
        (),
        "อ่านไฟล์ PDF ไม่ได้ ไฟล์เสียหาย ถูกแก้ไข หรือผิดมาตรฐาน จึงตรวจลายมือชื่อไม่ได้",
    )


def test_a_signed_page_cut_short_is_never_good(letter: bytes, sign: Signing) -> None:
    signed = sign(letter)
    for end in range(len(letter) + 1, len(signed), 997):
        assert not any(verdict.holds for verdict in _check(signed[:end]))


def test_the_wrong_passphrase_signs_nothing(letter: bytes, sign: Signing, key_folder: Path) -> None:
    with pytest.raises(WrongPassphrase):
        sign(letter, passphrase="ผิด")
    with pytest.raises(WrongPassphrase):
        OfficerPages(OfficerKeys(key_folder), _draw).check(PERSON, "ผิด")
    OfficerPages(OfficerKeys(key_folder), _draw).check(PERSON, PASSPHRASE)


def test_a_person_without_a_key_cannot_sign(letter: bytes, sign: Signing, key_folder: Path) -> None:
    with pytest.raises(NotFound):
        sign(letter, person=PersonId(UUID(int=99)))
    with pytest.raises(NotFound):
        OfficerPages(OfficerKeys(key_folder), _draw).check(PersonId(UUID(int=99)), PASSPHRASE)


def test_a_certificate_that_has_ended_cannot_sign(letter: bytes, sign: Signing) -> None:
    with pytest.raises(RuleBroken, match="หมดอายุ"):
        sign(letter, at=AT + 2 * YEAR)


def test_what_cannot_be_signed_is_refused_in_thai(letter: bytes, sign: Signing) -> None:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(letter)) as document:
        document.save(out, encryption=pikepdf.Encryption(owner="x", user=""))
    for wrong in (b"no pdf", letter[:500], out.getvalue()):
        with pytest.raises(RuleBroken, match="ลงลายมือชื่อในไฟล์ PDF นี้ไม่ได้"):
            sign(wrong)
    with pytest.raises(RuleBroken):
        sign(letter, block=SignatureBlock(9, 0, 0, 10, 10, "x", "y"))


def shapes(width: float, height: float, pages: int = 1) -> bytes:
    """Pages with a rectangle and no words."""
    out = io.BytesIO()
    with pikepdf.new() as document:
        for _ in range(pages):
            page = document.add_blank_page(page_size=(width, height))
            page.Contents = document.make_stream(b"0 0 0 rg 5 5 30 20 re f")
        document.save(out)
    return out.getvalue()


def _note() -> generic.ArrayObject:
    numbers = [generic.NumberObject(number) for number in (0, 0, 200, 200)]
    note = generic.DictionaryObject(
        {
            pdf_name("/Type"): pdf_name("/Annot"),
            pdf_name("/Subtype"): pdf_name("/FreeText"),
            pdf_name("/Rect"): generic.ArrayObject(numbers),
            pdf_name("/Contents"): pdf_string("changed"),
        }
    )
    return generic.ArrayObject([note])


def _as_asn1(held: HeldKey) -> x509.Certificate:
    return x509.Certificate.load(pem.unarmor(held.pem.encode())[2])
