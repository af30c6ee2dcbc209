"""Certified copies: by whoever may, with one's own signature, kept beside a letter that never changes."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import timedelta

import pypdfium2 as pdfium
import pytest
from PIL import Image
from reportlab.pdfgen.canvas import Canvas

from saraban.crypto import demo_pki, keys
from saraban.domain.actor import Actor
from saraban.domain.attachment import Attachment, Digest, Role
from saraban.domain.calendar import office_date
from saraban.domain.classification import Secrecy
from saraban.domain.copying import CertifiedCopy
from saraban.domain.errors import NotFound, NotPermitted, RuleBroken, WrongPassphrase
from saraban.domain.incoming import IncomingId
from saraban.domain.permissions import Refusal
from saraban.exchange.thai import thai_digits
from saraban.reading.lookups import copies_not_asked
from saraban.storage.tables.archive import dropped_files
from saraban.usecases import copying
from saraban.usecases.registering import register_letter
from tests.builders import NOW
from tests.usecases.conftest import Pki
from tests.usecases.house import PASSPHRASE, House


@pytest.fixture
def officer(house: House, pki: Pki) -> Actor:
    """A clerk of our legal unit whose level may certify, with a key."""
    return with_key(house, pki, replace(house.ours["clerk"], title="เจ้าพนักงานธุรการชำนาญงาน"))


def with_key(house: House, pki: Pki, actor: Actor) -> Actor:
    since, until = NOW - timedelta(days=1), NOW + timedelta(days=700)
    key = demo_pki.issue_officer(pki.root, actor.name, actor.title, "สำนักงาน onep", since, until)
    assert actor.person_id is not None
    keys.store_officer(house.keys_folder, actor.person_id, key, PASSPHRASE, kdf_rounds=1)
    return actor


def received(house: House, data: bytes, name: str = "หนังสือ.pdf", kind: str = "application/pdf") -> IncomingId:
    """A registered incoming letter with this file."""
    file = Attachment(name, Role.LETTER, kind, len(data), Digest.of(data))
    letter = house.incoming(files=[file])
    house.office.blobs.keep(data)
    register_letter(house.office, actor=house.ours["central_clerk"], incoming_id=letter.id)
    return letter.id


def a_pdf(*lines: str, pages: int = 1, turn: int = 0) -> bytes:
    """Pages with these words; `turn` shows them turned."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(595.28, 841.89), invariant=1)
    for _ in range(pages):
        canvas.setPageRotation(turn)
        for number, line in enumerate(lines):
            canvas.drawString(60, 760 - number * 12, line)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def texts(pdf: bytes) -> list[str]:
    """What stands on the pages."""
    return [page.get_textpage().get_text_bounded() for page in pdfium.PdfDocument(pdf)]


def bytes_of(house: House, copy: CertifiedCopy) -> bytes:
    return house.office.blobs.open(copy.sha256)


def test_a_copy_of_an_issued_letter_says_so_and_is_signed_by_him_who_certifies(house: House, officer: Actor) -> None:
    letter = house.letter(house.signed())
    assert letter.issued_file is not None
    original = house.office.blobs.open(letter.issued_file.sha256)
    copy = copying.certify_copy(house.office, actor=officer, letter_id=letter.id, passphrase=PASSPHRASE)

    pdf = bytes_of(house, copy)
    last = texts(pdf)[-1]
    assert all("สำเนา" in page.split() for page in texts(pdf))
    for words in ("สำเนาถูกต้อง", f"({officer.name})", officer.title, "๒๓ พฤศจิกายน ๒๕๖๙"):
        assert words in last
    [signature] = house.office.page_checker.check(pdf, NOW).signatures
    assert (signature.signer, signature.whole.is_true, signature.made.is_true) == (officer.name, True, True)
    assert signature.covers_all and signature.trusted.is_true
    assert house.letter(letter.id).issued_file == letter.issued_file
    assert house.office.blobs.open(letter.issued_file.sha256) == original
    assert (copy.original, copy.size) == (letter.issued_file.sha256, len(pdf))


def test_copies_are_listed_told_and_opened_beside_their_letter(house: House, officer: Actor) -> None:
    letter_id = house.signed()
    for _ in range(2):
        copying.certify_copy(house.office, actor=officer, letter_id=letter_id, passphrase=PASSPHRASE)
        house.clock.pass_by(timedelta(minutes=1))

    desk = copying.copy_desk(house.office, actor=house.ours["clerk"], letter_id=letter_id)
    assert [(one.person_name, one.title) for one in desk.copies] == [(officer.name, officer.title)] * 2
    told = house.told("copy.certified")
    assert [line["values"]["sha256"] for line in told] == [one.sha256.hex for one in desk.copies]
    assert [(line["values"]["thing_id"], line["values"]["level"]) for line in told] == [(str(letter_id), "B-B")] * 2
    first = desk.copies[0].sha256
    opened = copying.open_copy(house.office, actor=house.ours["clerk"], letter_id=letter_id, sha256=first)
    assert Digest.of(opened) == first
    for other in (house.signed(), letter_id):
        with pytest.raises(NotFound):
            sha256 = first if other != letter_id else Digest.of(b"another")
            copying.open_copy(house.office, actor=house.ours["clerk"], letter_id=other, sha256=sha256)


def test_the_bytes_of_a_copy_that_is_refused_in_the_end_go_again(
    house: House, officer: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    letter_id, said = house.signed(), iter([None, Refusal("ไม่ใช่ผู้รับรองแล้ว")])
    monkeypatch.setattr(copying, "_refusal", lambda *_: next(said))
    with pytest.raises(NotPermitted, match="ไม่ใช่ผู้รับรองแล้ว"):
        copying.certify_copy(house.office, actor=officer, letter_id=letter_id, passphrase=PASSPHRASE)

    [dropped] = house.rows(dropped_files)
    assert "สำเนา" in texts(house.office.blobs.open(dropped.sha256))[0]
    assert house.told("copy.certified") == []


@pytest.mark.parametrize("spares", [True, False])
def test_a_copy_in_place_of_a_citizens_says_so_and_costs_nothing(house: House, officer: Actor, spares: bool) -> None:
    incoming = received(house, a_pdf("page"))
    central = replace(officer, central=True)
    copy = copying.certify_copy(
        house.office, actor=central, incoming_id=incoming, passphrase=PASSPHRASE, spares_citizen=spares
    )
    words = " ".join(texts(bytes_of(house, copy))[-1].split())
    [told] = house.told("copy.certified")

    assert ("ไม่มีค่าธรรมเนียม" in words, "สำเนาถูกต้อง" in words, officer.name in words) == (spares, True, True)
    assert (told["values"]["spares_citizen"], told["values"]["fee"]) == (spares, 0)
    desk = copying.copy_desk(house.office, actor=central, incoming_id=incoming)
    assert [(one.spares_citizen, one.person_name, one.at) for one in desk.copies] == [
        (spares, officer.name, house.clock.now())
    ]
    today = office_date(house.clock.now())
    with house.real.reading.connect() as reader:
        found = copies_not_asked(reader, house.ours.agency.id, today, today)
    assert [(one.month, one.made) for one in found] == ([(today.replace(day=1), 1)] if spares else [])


def test_a_received_letter_is_copied_with_all_its_pages(house: House, officer: Actor) -> None:
    central = replace(officer, central=True)
    for data, name, kind in (
        (a_pdf("page", pages=3), "a.pdf", "application/pdf"),
        (a_pdf("turned", pages=3, turn=90), "b.pdf", "application/pdf"),
    ):
        copy = copying.certify_copy(
            house.office, actor=central, incoming_id=received(house, data, name, kind), passphrase=PASSPHRASE
        )
        pages = texts(bytes_of(house, copy))
        assert ["สำเนา" in page for page in pages] == [True] * 3
        assert ["สำเนาถูกต้อง" in page for page in pages] == [False, False, True]


def test_a_scan_is_copied_as_pages(house: House, officer: Actor) -> None:
    out = io.BytesIO()
    Image.new("L", (1200, 1700), 255).save(out, "PNG")
    incoming = received(house, out.getvalue(), "สแกน.png", "image/png")
    copy = copying.certify_copy(
        house.office, actor=replace(officer, central=True), incoming_id=incoming, passphrase=PASSPHRASE
    )

    assert "สำเนาถูกต้อง" in texts(bytes_of(house, copy))[0]


def test_a_full_page_is_followed_by_one_for_the_block(house: House, officer: Actor) -> None:
    full = a_pdf(*["the quick brown fox jumps over the lazy dog and over the fence until the line ends"] * 62)
    incoming = received(house, full)
    copy = copying.certify_copy(
        house.office, actor=replace(officer, central=True), incoming_id=incoming, passphrase=PASSPHRASE
    )
    pages = texts(bytes_of(house, copy))

    assert len(pages) == 2 and "สำเนาถูกต้อง" not in pages[0] and "สำเนาถูกต้อง" in pages[1]
    with house.office.uow() as uow:
        letter = uow.incoming.get(house.ours.agency.id, incoming)
    named = (letter.subject, letter.from_name, house.ours.agency.name, f"{letter.register_number}/")
    for words in (*named, "หน้า ไม่รวมหน้านี้"):
        assert thai_digits(words) in " ".join(pages[1].split())


def test_a_wrong_passphrase_or_no_key_leaves_nothing(house: House, officer: Actor) -> None:
    letter_id = house.signed()
    with pytest.raises(WrongPassphrase):
        copying.certify_copy(house.office, actor=officer, letter_id=letter_id, passphrase="ผิด")
    with pytest.raises(NotFound):
        copying.certify_copy(house.office, actor=house.ours["director"], letter_id=letter_id, passphrase=PASSPHRASE)

    assert copying.copy_desk(house.office, actor=officer, letter_id=letter_id).copies == []
    assert house.told("copy.certified") == []


@pytest.mark.parametrize(
    ("title", "may"),
    [
        ("นักวิเคราะห์นโยบายและแผนปฏิบัติการ", True),
        ("นักจัดการงานทั่วไปชำนาญการพิเศษ", True),
        ("เจ้าพนักงานธุรการชำนาญงาน", True),
        ("เจ้าพนักงานธุรการ (พนักงานราชการ)", True),
        ("เจ้าพนักงานธุรการปฏิบัติงาน", False),
        ("ลูกจ้างชั่วคราว", False),
        ("", False),
    ],
)
def test_the_level_of_the_regulation_says_who_may_certify(house: House, pki: Pki, title: str, may: bool) -> None:
    letter_id = house.signed()
    actor = with_key(house, pki, replace(house.ours["clerk"], title=title))
    desk = copying.copy_desk(house.office, actor=actor, letter_id=letter_id)

    assert (desk.why_not == "") is may
    if may:
        copying.certify_copy(house.office, actor=actor, letter_id=letter_id, passphrase=PASSPHRASE)
    else:
        with pytest.raises(NotPermitted) as refused:
            copying.certify_copy(house.office, actor=actor, letter_id=letter_id, passphrase=PASSPHRASE)
        assert refused.value.thai == desk.why_not and "ชำนาญงานขึ้นไป" in desk.why_not


def test_the_agency_says_for_itself_who_may_certify(house: House, officer: Actor) -> None:
    letter_id = house.signed()
    with house.office.uow() as uow:
        agency = uow.agencies.get(house.ours.agency.id)
        agency.options = replace(agency.options, certifiers="หัวหน้างานสารบรรณ")
        uow.agencies.save(agency)
        uow.commit()

    assert copying.copy_desk(house.office, actor=officer, letter_id=letter_id).why_not
    named = replace(officer, title="หัวหน้างานสารบรรณ")
    assert copying.copy_desk(house.office, actor=named, letter_id=letter_id).why_not == ""


def test_of_what_no_copy_is_certified(house: House, officer: Actor) -> None:
    central = replace(officer, central=True)
    waiting = house.incoming()
    without = received(house, b"words", "a.txt", "text/plain")
    spoiled = received(house, b"%PDF-1.7 spoiled", "b.pdf")
    draft = house.draft()
    secret = house.signed(secrecy=Secrecy.SECRET, recipients=("dopa",))
    for thing, words in (
        ({"letter_id": draft}, "ออกเลขแล้ว"),
        ({"incoming_id": waiting.id}, "ลงรับแล้ว"),
        ({"incoming_id": without}, "ไม่มีไฟล์ PDF"),
        ({"incoming_id": spoiled}, "PDF"),
        ({"letter_id": secret}, "ชั้นลับมาก"),
    ):
        with pytest.raises(RuleBroken) as refused:
            copying.certify_copy(house.office, actor=central, passphrase=PASSPHRASE, **thing)  # type: ignore[arg-type]
        assert words in refused.value.thai
    assert house.told("copy.certified") == []


def test_another_agency_finds_neither_letter_nor_copies(either_house: House) -> None:
    letter_id = either_house.signed()
    stranger = either_house.theirs["head"]
    for deed in (
        lambda: copying.copy_desk(either_house.office, actor=stranger, letter_id=letter_id),
        lambda: copying.certify_copy(either_house.office, actor=stranger, letter_id=letter_id, passphrase=PASSPHRASE),
        lambda: copying.open_copy(either_house.office, actor=stranger, letter_id=letter_id, sha256=Digest.of(b"copy")),
    ):
        with pytest.raises(NotFound):
            deed()


def test_a_copy_is_kept_on_both_databases(either_house: House) -> None:
    letter_id = either_house.signed()
    head = either_house.ours["head"]
    copy = copying.certify_copy(either_house.office, actor=head, letter_id=letter_id, passphrase=PASSPHRASE)

    assert copying.copy_desk(either_house.office, actor=head, letter_id=letter_id).copies == [copy]
