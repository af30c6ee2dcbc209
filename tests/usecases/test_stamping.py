"""The receiving stamp: put where the clerk wants it, on copies of every kind, and never on what was received."""

from __future__ import annotations

import io
from dataclasses import replace

import pikepdf
import pypdfium2 as pdfium
import pytest
from PIL import Image, ImageChops
from reportlab.pdfgen.canvas import Canvas

from saraban.crypto import keys
from saraban.crypto.page_check import check_pages
from saraban.crypto.page_trust import Trust
from saraban.domain.agency import AgencyOptions
from saraban.domain.attachment import Digest
from saraban.domain.classification import Secrecy
from saraban.domain.errors import BadInput, ConcurrentEdit, NotFound, NotPermitted, RuleBroken
from saraban.domain.register import BookKind, EntryId, Matter
from saraban.usecases import amending, recording, stamping
from saraban.usecases.proofs import SignedPage
from saraban.usecases.registering import register_letter
from tests.builders import a_file
from tests.usecases.conftest import Pki
from tests.usecases.house import MASTER_KEY, House

DOTS_PER_MM = 10


def a_page(size: tuple[float, float] = (595.28, 841.89)) -> bytes:
    """A page without blue ink."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=size)
    canvas.drawString(80, 700, "letter")
    canvas.save()
    return out.getvalue()


def loosely_written(pdf: bytes) -> bytes:
    """The same file with the generation 65536 at the head of its table of objects, which Pillow writes and ISO 32000-1
    (7.5.4) does not allow."""
    head = b"0000000000 65535 f"
    assert head in pdf
    return pdf.replace(head, b"0000000000 65536 f")


def signed_by_somebody(pdf: bytes) -> bytes:
    """The file with an object such as a signature is."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        kept = {"/Type": pikepdf.Name.Sig, "/ByteRange": pikepdf.Array([0, 1, 2, 3]), "/Contents": pikepdf.String("x")}
        field = document.make_indirect({"/FT": pikepdf.Name.Sig, "/V": document.make_indirect(kept)})
        document.Root.AcroForm = pikepdf.Dictionary(Fields=[field], SigFlags=3)
        out = io.BytesIO()
        document.save(out, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    return out.getvalue()


def a_picture(size: tuple[int, int] = (1200, 1700), kind: str = "JPEG", turn: int = 1) -> bytes:
    """A photograph whose upper half is dark."""
    image = Image.new("RGB", size, "white")
    image.paste((60, 60, 60), (0, 0, size[0], size[1] // 2))
    out, exif = io.BytesIO(), Image.Exif()
    exif[0x0112] = turn
    image.save(out, kind, exif=exif)
    return out.getvalue()


def seen(pdf: bytes) -> Image.Image:
    """The first page as a reader sees it, signatures included."""
    document = pdfium.PdfDocument(pdf)
    document.init_forms()
    return document[0].render(scale=DOTS_PER_MM * 25.4 / 72, may_draw_forms=True).to_pil().convert("RGB")


def stamp_corner(pdf: bytes, beside: bytes = b"") -> tuple[float, float, float, float]:
    """Left and upper edge of the blue frame on page 1, then its width and height, in millimetres. Ink that stands on
    the page `beside` it is no frame."""
    image = seen(pdf)
    if beside:
        same = ImageChops.difference(image, seen(beside)).convert("L").point(lambda value: 255 if value < 40 else 0)
        image.paste("white", mask=same)
    red, _, blue = image.split()
    ink = red.point(lambda value: 255 if value < 110 else 0)
    ink.paste(0, mask=blue.point(lambda value: 255 if value < 110 else 0))
    box = ink.getbbox()
    assert box is not None
    left, top, right, bottom = (edge / DOTS_PER_MM for edge in box)
    return left, top, right - left, bottom - top


def scanned(house: House, data: bytes, name: str = "หนังสือ.pdf", **matter: object) -> EntryId:
    """A letter on paper with its scan."""
    values = {"sender": "กรมบัญชีกลาง", "subject": "ซักซ้อมความเข้าใจ"} | matter
    clerk = house.ours["central_clerk"]
    made = recording.record_letter(
        house.office,
        actor=clerk,
        kind=BookKind.RECEIVING,
        matter=Matter(**values),
        again=True,  # type: ignore[arg-type]
    )
    kept = recording.keep_scan(house.office, stream=io.BytesIO(data), name=name)
    recording.attach_scan(house.office, actor=clerk, entry_id=made.id, scan=kept)
    return made.id


def place(house: House, entry_id: EntryId, left: float | None, top: float | None, by: str = "central_clerk") -> None:
    stamping.place_stamp(house.office, actor=house.ours[by], entry_id=entry_id, left_mm=left, top_mm=top)


def copy(house: House, entry_id: EntryId) -> bytes:
    return stamping.marked_copy(house.office, actor=house.ours["central_clerk"], entry_id=entry_id)


def wants_seal(house: House) -> None:
    with house.office.uow() as uow:
        agency = uow.agencies.get(house.ours.agency.id)
        agency.options = replace(agency.options, seal_in_file=True)
        uow.agencies.save(agency)
        uow.commit()


def seal(house: House, entry_id: EntryId) -> Digest:
    return stamping.seal_copy(house.office, actor=house.ours["central_clerk"], entry_id=entry_id)


def test_the_stamp_stands_where_it_was_put_within_a_millimetre(either_house: House) -> None:
    house = either_house
    entry_id = scanned(house, a_page())
    usual = stamp_corner(copy(house, entry_id))
    assert usual[:2] == pytest.approx((153, 7), abs=1)

    for left, top in ((12.5, 20), (80, 150.3), (160, 272), (0, 0)):
        place(house, entry_id, left, top)

        found = stamp_corner(copy(house, entry_id))
        assert found[0] == pytest.approx(left, abs=1)
        if top < 200:  # Above the foot the words of the copy stand below the stamp, at the foot above it.
            assert found[1] == pytest.approx(top, abs=1)
        sheet = stamping.stamp_sheet(house.office, actor=house.ours["central_clerk"], entry_id=entry_id)
        assert sheet.spot is not None
        assert (sheet.spot.left_mm, sheet.spot.top_mm) == pytest.approx((left, top), abs=0.1)
    place(house, entry_id, None, None)
    assert stamp_corner(copy(house, entry_id)) == pytest.approx(usual, abs=0.2)
    told = [event["values"]["place"] for event in house.told("stamp.placed")]
    assert told[0] == "ห่างขอบซ้าย 12.5 มม. ขอบบน 20 มม."
    assert len(told) == 5


def test_what_was_received_is_not_touched(house: House) -> None:
    data = a_page()
    entry_id = scanned(house, data)
    wants_seal(house)

    place(house, entry_id, 20, 20)
    copy(house, entry_id)
    seal(house, entry_id)

    with house.office.uow() as uow:
        [file] = uow.registers.get(house.ours.agency.id, entry_id).files
    assert house.office.blobs.open(file.sha256) == data


def test_a_letter_of_the_system_has_its_stamp_after_registering(house: House) -> None:
    page = house.sign(house.before_the_head()).page
    before = house.office.blobs.open(page)
    file = replace(a_file("หนังสือ.pdf", before), sha256=page)
    clerk, letter = house.ours["central_clerk"], house.incoming(files=[file])
    with pytest.raises(RuleBroken):
        stamping.marked_copy_of_letter(house.office, actor=clerk, incoming_id=letter.id)
    register_letter(house.office, actor=clerk, incoming_id=letter.id)

    entry_id = stamping.entry_of_letter(house.office, actor=clerk, incoming_id=letter.id)
    place(house, entry_id, 30, 10)
    made = stamping.marked_copy_of_letter(house.office, actor=clerk, incoming_id=letter.id)

    assert made != before and house.office.blobs.open(page) == before
    text = pdfium.PdfDocument(made)[0].get_textpage().get_text_bounded()
    assert "เลขรับ" in text and "๑" in text
    assert [event["values"]["thing_id"] for event in house.told("stamp.placed")] == [str(letter.id)]
    for who in (house.ours["records"], house.ours["director"]):
        with pytest.raises((NotPermitted, NotFound)):
            stamping.place_stamp(house.office, actor=who, entry_id=entry_id, left_mm=1, top_mm=1)


def test_a_letter_without_a_page_has_a_sticker_only(house: House) -> None:
    clerk, letter = house.ours["central_clerk"], house.incoming(files=[a_file()])
    register_letter(house.office, actor=clerk, incoming_id=letter.id)
    entry_id = stamping.entry_of_letter(house.office, actor=clerk, incoming_id=letter.id)

    sheet = stamping.stamp_sheet(house.office, actor=clerk, entry_id=entry_id)
    assert sheet.spot is None and "ไม่มีไฟล์" in sheet.why_none
    with pytest.raises(RuleBroken) as refused:
        stamping.marked_copy_of_letter(house.office, actor=clerk, incoming_id=letter.id)
    assert refused.value.code == "no-page"
    sticker = pdfium.PdfDocument(stamping.sticker(house.office, actor=clerk, entry_id=entry_id))
    assert sticker[0].get_size() == pytest.approx((141.73, 70.87), abs=0.1)


@pytest.mark.parametrize(
    ("left", "top", "wrong"),
    [(161, 0, {"left"}), (-1, 0, {"left"}), (0, 273, {"top"}), (float("nan"), 1e9, {"left", "top"})],
)
def test_a_place_beyond_the_page_is_refused(house: House, left: float, top: float, wrong: set[str]) -> None:
    entry_id = scanned(house, a_page())

    with pytest.raises(BadInput) as caught:
        place(house, entry_id, left, top)

    assert set(caught.value.fields) == wrong


def test_who_may_not_amend_the_line_may_not_move_its_stamp(house: House) -> None:
    entry_id = scanned(house, a_page())

    with pytest.raises(NotPermitted):
        place(house, entry_id, 1, 1, by="clerk")
    with pytest.raises(NotFound):
        stamping.place_stamp(house.office, actor=house.theirs["central_clerk"], entry_id=entry_id, left_mm=1, top_mm=1)
    assert house.told("stamp.placed") == []


def test_void_and_outgoing_lines_have_no_receiving_stamp(house: House) -> None:
    entry_id = scanned(house, a_page())
    amending.void_number(
        house.office, actor=house.ours["central_clerk"], entry_id=entry_id, reason="ลงซ้ำ", authority="หัวหน้า"
    )
    with pytest.raises(RuleBroken):
        copy(house, entry_id)
    made = recording.record_letter(
        house.office,
        actor=house.ours["central_clerk"],
        kind=BookKind.SENDING,
        matter=Matter(subject="แจ้งผล", addressee="กรมบัญชีกลาง"),
        again=True,
    )
    with pytest.raises(RuleBroken, match="ลงรับ"):
        stamping.sticker(house.office, actor=house.ours["central_clerk"], entry_id=made.id)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF"])
def test_a_photographed_letter_gets_its_marked_copy_too(house: House, kind: str) -> None:
    entry_id = scanned(house, a_picture(kind=kind), name=f"ภาพ.{kind.lower()}")
    place(house, entry_id, 20, 170)

    made = copy(house, entry_id)

    assert pdfium.PdfDocument(made)[0].get_size() == pytest.approx((594.4, 841.9), abs=1)
    assert stamp_corner(made)[:2] == pytest.approx((20, 170), abs=1)
    png = stamping.page_image(house.office, actor=house.ours["central_clerk"], entry_id=entry_id, width=400)
    assert png.startswith(b"\x89PNG")


def test_a_photograph_taken_across_is_turned_upright(house: House) -> None:
    entry_id = scanned(house, a_picture((1700, 1200), turn=6), name="ภาพ.jpg")

    wide, high = pdfium.PdfDocument(copy(house, entry_id))[0].get_size()

    assert wide < high


def test_a_classified_scan_is_for_the_cleared_and_its_copy_is_written_down(house: House) -> None:
    entry_id = scanned(house, a_page(), secrecy=Secrecy.SECRET)

    copy(house, entry_id)

    assert len(house.told("letter.secret-opened")) == 1
    for who in ("clerk", "records", "head"):
        with pytest.raises(NotPermitted):
            stamping.marked_copy(house.office, actor=house.ours[who], entry_id=entry_id)
        with pytest.raises(NotPermitted):
            stamping.sticker(house.office, actor=house.ours[who], entry_id=entry_id)


class TestSealedCopy:
    def test_it_is_made_only_where_the_agency_wants_it(self, house: House) -> None:
        entry_id = scanned(house, a_page())
        assert house.ours.agency.options == AgencyOptions()

        with pytest.raises(RuleBroken) as refused:
            seal(house, entry_id)

        assert refused.value.code == "seal-not-wanted"

    def test_the_seal_stands_where_the_stamp_was_put_and_signatures_stay_good(
        self, either_house: House, pki: Pki
    ) -> None:
        house = either_house
        code = house.ours.agency.code
        keys.store_seal(house.keys_folder, code, pki.seals[code], MASTER_KEY)
        wants_seal(house)
        signed = house.office.blobs.open(house.sign(house.before_the_head()).page)
        entry_id = scanned(house, signed)
        place(house, entry_id, 100, 7)

        digest = seal(house, entry_id)
        data = stamping.open_sealed(house.office, actor=house.ours["central_clerk"], entry_id=entry_id)

        assert Digest.of(data) == digest
        assert data.startswith(signed)
        officer, agency = check_pages(data, Trust([pki.root.pem]), house.clock.now()).signatures
        assert officer.holds and agency.holds and agency.trusted.is_true, (officer, agency)
        assert agency.signer == "สำนักงาน onep"
        plain = scanned(house, a_page())
        place(house, plain, 33, 44)
        seal(house, plain)
        made = stamping.open_sealed(house.office, actor=house.ours["central_clerk"], entry_id=plain)
        assert stamp_corner(made) == pytest.approx((33, 44, 50, 25), abs=1)
        assert house.told("stamp.sealed")[0]["values"]["sha256"] == digest.hex

    def test_a_file_with_a_loose_table_of_objects_is_written_anew_in_the_copy_alone(
        self, house: House, pki: Pki
    ) -> None:
        code = house.ours.agency.code
        keys.store_seal(house.keys_folder, code, pki.seals[code], MASTER_KEY)
        wants_seal(house)
        loose = loosely_written(a_page())
        entry_id = scanned(house, loose)

        seal(house, entry_id)

        made = stamping.open_sealed(house.office, actor=house.ours["central_clerk"], entry_id=entry_id)
        [agency] = check_pages(made, Trust([pki.root.pem]), house.clock.now()).signatures
        assert agency.holds and agency.covers_all, agency
        with house.office.uow() as uow:
            [file] = uow.registers.get(house.ours.agency.id, entry_id).files
        assert house.office.blobs.open(file.sha256) == loose

    def test_such_a_file_that_is_signed_is_not_written_anew_and_the_reason_is_told(
        self, house: House, pki: Pki
    ) -> None:
        code = house.ours.agency.code
        keys.store_seal(house.keys_folder, code, pki.seals[code], MASTER_KEY)
        wants_seal(house)
        entry_id = scanned(house, loosely_written(signed_by_somebody(a_page())))

        with pytest.raises(RuleBroken, match="มีลายมือชื่ออยู่แล้ว"):
            seal(house, entry_id)

    def test_moving_the_stamp_forgets_it(self, house: House) -> None:
        wants_seal(house)
        entry_id = scanned(house, a_page())
        seal(house, entry_id)
        assert stamping.stamp_sheet(house.office, actor=house.ours["central_clerk"], entry_id=entry_id).sealed

        place(house, entry_id, 5, 5)

        with pytest.raises(NotFound):
            stamping.open_sealed(house.office, actor=house.ours["central_clerk"], entry_id=entry_id)

    def test_a_stamp_moved_while_it_was_sealed_is_noticed(self, house: House) -> None:
        wants_seal(house)
        entry_id = scanned(house, a_page())
        sealing = house.office.page_sealer

        class Meanwhile:
            def seal_page(self, pdf: bytes, **more: object) -> SignedPage:
                place(house, entry_id, 9, 9)
                return sealing.seal_page(pdf, **more)  # type: ignore[arg-type]

        with pytest.raises(ConcurrentEdit):
            stamping.seal_copy(
                replace(house.office, page_sealer=Meanwhile()),  # type: ignore[arg-type]
                actor=house.ours["central_clerk"],
                entry_id=entry_id,
            )

    def test_a_file_with_scripts_is_not_sealed(self, house: House) -> None:
        wants_seal(house)
        spoiled = a_page().replace(b"/Type /Catalog", b"/Type /Catalog /AA << >>")
        file = replace(a_file("หนังสือ.pdf", spoiled), sha256=house.office.blobs.keep(spoiled))
        clerk, letter = house.ours["central_clerk"], house.incoming(files=[file])
        register_letter(house.office, actor=clerk, incoming_id=letter.id)

        with pytest.raises(RuleBroken, match="สคริปต์"):
            seal(house, stamping.entry_of_letter(house.office, actor=clerk, incoming_id=letter.id))
