"""The code on every kind of page after it was signed: read by an independent reader from poor and good pictures, the
page still PDF/A, its signature good."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest

from saraban.crypto import keys
from saraban.crypto.officer_keys import OfficerKeys
from saraban.crypto.pades import OfficerPages
from saraban.crypto.page_check import check_pages
from saraban.crypto.page_trust import Trust
from saraban.domain.agency import PersonId
from saraban.domain.attachment import Digest
from saraban.domain.classification import Digits, Form
from saraban.domain.ready import ReadyPage
from saraban.rendering.renderer import PdfRenderer
from saraban.usecases.pages import IssuedPage, PageData, PageLetter, PrintMarks
from saraban.usecases.papers import CopyCertificate, DuplicateHand, DuplicateMarks, ReceivingStamp, WrittenNote
from tests.crypto.ministry import AT, the_officer, the_root
from tests.rendering.a_page import COPIED, MORNING, assert_is_pdfa_3a
from tests.rendering.codes import read_at_all
from tests.rendering.some_forms import SAMPLES, typical
from tests.rendering.test_verification_code import ADDRESS, with_code

PERSON, PASSPHRASE = PersonId(UUID(int=1)), "รหัสลับ"
FORMS = sorted({name.rpartition("-")[0] for name in SAMPLES if name.endswith("-typical")})


@pytest.fixture(scope="module")
def pages(renderer: PdfRenderer, tmp_path_factory: pytest.TempPathFactory) -> OfficerPages:
    """The pen of one officer."""
    folder = tmp_path_factory.mktemp("keys")
    keys.store_officer(folder, PERSON, the_officer(), PASSPHRASE, kdf_rounds=1)
    return OfficerPages(OfficerKeys(folder), renderer.signature_block)


def _kinds(renderer: PdfRenderer, kind: str) -> tuple[bytes, object]:
    """A page of that kind with the code on it, and where its signature goes."""
    if kind in FORMS:
        page = renderer.letter(with_code(typical(kind)), at=MORNING, data=b"{}")
        return page.pdf, page.block
    if kind == "document for a person":
        said = IssuedPage(
            "ประกาศนียบัตร", "กรมตัวอย่าง", ("ถนนพระอาทิตย์",), "1/2569", MORNING.date(), "", "ให้แก่ **นายเอก ใจดี**",
            "นางสาวปิ่นมณี รู้แจ้งกิจ", ("อธิบดี",), verification=ADDRESS,
        )  # fmt: skip
        drawn = renderer.issued(said, at=MORNING, data=PageData(b"{}", b"<d/>"))
        return drawn.pdf, drawn.block
    issued = renderer.letter(with_code(typical(Form.EXTERNAL)), at=MORNING, data=b"{}").pdf
    if kind == "certified copy":
        copy = renderer.certified_copy(issued, CopyCertificate("นางสาวน้ำฟ้า กตัญญู", "นักวิชาการ", MORNING, COPIED))
        return copy.pdf, copy.block
    bare = renderer.letter(typical(Form.MEMORANDUM), at=MORNING).pdf
    reading = PdfRenderer(files={Digest.of(bare): bare}.__getitem__)
    letter: PageLetter = replace(with_code(typical(Form.EXTERNAL)), ready=ReadyPage(Digest.of(bare), "หนังสือ.pdf", 1))
    try:
        page = reading.letter(letter, at=MORNING)
    finally:
        reading.close()
    return page.pdf, page.block


@pytest.mark.parametrize("kind", [*FORMS, "certified copy", "ready page", "document for a person"])
def test_the_code_of_a_signed_page_is_read_at_every_resolution(
    renderer: PdfRenderer, pages: OfficerPages, kind: str, tmp_path: Path
) -> None:
    pdf, block = _kinds(renderer, kind)
    if block is not None:
        pdf = pages.sign(pdf, person_id=PERSON, passphrase=PASSPHRASE, block=block, at=AT).pdf
        [signature] = check_pages(pdf, Trust([the_root().pem]), AT).signatures
        assert signature.holds

    assert read_at_all(pdf) == [ADDRESS]
    if kind != "ready page":  # which is as its writer made it
        assert_is_pdfa_3a(pdf)


def _copy_of(renderer: PdfRenderer, page: bytes, kind: str) -> bytes:
    """What is made of a signed page for a hand or a desk."""
    if kind == "duplicate":
        return renderer.duplicate(page, DuplicateMarks((DuplicateHand("ร่าง", "นายเอก ใจดี", MORNING.date()),), COPIED))
    if kind == "print-out":
        return renderer.print_out(page, PrintMarks("กรมตัวอย่าง", "นางสาวน้ำฟ้า กตัญญู", MORNING, "ตรวจที่ x"))
    if kind == "stamped copy":
        return renderer.stamped_copy(page, ReceivingStamp("กรมส่งเสริมการอ่าน", "4127", MORNING))
    note = WrittenNote("เห็นชอบ ดำเนินการตามเสนอ", "นางปราณี มีสุข", "หัวหน้าส่วนราชการ", MORNING)
    return renderer.endorsed_copy(page, [note], Digits.THAI)


@pytest.mark.parametrize("kind", ["duplicate", "print-out", "stamped copy", "endorsed copy"])
@pytest.mark.parametrize("form", [Form.EXTERNAL, Form.MEMORANDUM])
def test_the_code_is_read_at_every_resolution_on_what_is_made_of_a_signed_page(
    renderer: PdfRenderer, pages: OfficerPages, kind: str, form: Form
) -> None:
    page = renderer.letter(with_code(typical(form)), at=MORNING, data=b"{}")
    assert page.block is not None
    signed = pages.sign(page.pdf, person_id=PERSON, passphrase=PASSPHRASE, block=page.block, at=AT).pdf
    copy = _copy_of(renderer, signed, kind)

    assert read_at_all(copy) == [ADDRESS]
    assert_is_pdfa_3a(copy)
    [before], after = (check_pages(one, Trust([the_root().pem]), AT).signatures for one in (signed, copy))
    assert before.holds and not [one for one in after if one.holds], "no copy passes for the signed page"
