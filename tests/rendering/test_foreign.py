"""PDFs of others: checked, shown, stamped, and kept away from our own process."""

from __future__ import annotations

import io
import os
import signal
import time
import zlib

import page as pdfa_validator
import pikepdf
import psutil
import pypdfium2 as pdfium
import pytest
from pikepdf import Array, Dictionary, Name, String
from PIL import ImageChops

from saraban.domain.errors import BadInput, RuleBroken
from saraban.rendering.quarantine import Quarantine, TaskFailed
from saraban.rendering.uploads import check_upload
from saraban.usecases.papers import ReceivingStamp
from tests.rendering.a_page import MORNING, a_page_letter, packed, pdfium_text

STAMP = ReceivingStamp("กรมส่งเสริมการอ่าน", "4127", MORNING)


def a_pdf(pages: int = 1, *, size=(595, 842), change=None, **save) -> bytes:
    """A foreign PDF with a grey page and a small rectangle; `change(pdf)` may spoil it."""
    document = pikepdf.new()
    for _ in range(pages):
        document.add_blank_page(page_size=size)
        document.pages[-1].contents_add(b"0.9 g 0 0 3000 3000 re f 0 g 20 20 30 30 re f")
    if change:
        change(document)
    out = io.BytesIO()
    document.save(out, **save)
    return out.getvalue()


def why_refused(renderer, data: bytes) -> str:
    with pytest.raises(BadInput) as refused:
        renderer.check_upload(data)
    return refused.value.fields["file"]


# --- checking -------------------------------------------------------------------------------------------------


def test_an_ordinary_pdf_is_taken_and_its_pages_counted(renderer):
    assert renderer.check_upload(a_pdf(3)) == 3


def test_our_own_letters_pass_the_check(renderer):
    assert renderer.check_upload(renderer.letter(a_page_letter(), at=MORNING, data=b"{}").pdf) == 1


def test_a_web_page_that_is_also_a_pdf_is_refused(renderer):
    assert "ไม่ใช่ PDF" in why_refused(renderer, b"<html><script>1</script>\n" + a_pdf())


@pytest.mark.parametrize(
    "data", [b"", b"%PDF-", b"PK\x03\x04", b"%PDF-1.7\n%%EOF\n", b"%PDF-1.7\n" + bytes(range(256)) * 8 + b"%%EOF"]
)
def test_what_is_no_pdf_is_refused(renderer, data):
    assert why_refused(renderer, data)


def test_a_truncated_pdf_is_refused(renderer):
    data = a_pdf(30)

    assert "ไม่ครบ" in why_refused(renderer, data[: len(data) // 2])


@pytest.mark.parametrize("user", ["", "ลับ"])
def test_a_pdf_with_a_password_is_refused(renderer, user):
    locked = a_pdf(encryption=pikepdf.Encryption(owner="owner", user=user))

    assert "รหัสผ่าน" in why_refused(renderer, locked)


def spoil_with_open_script(document):
    document.Root.OpenAction = Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))


def spoil_with_named_script(document):
    script = document.make_indirect(Dictionary(S=Name.JavaScript, JS=String("app.alert(1)")))
    document.Root.Names = Dictionary(JavaScript=Dictionary(Names=Array([String("a"), script])))


def spoil_with_launch(document):
    link = Dictionary(
        Type=Name.Annot, Subtype=Name.Link, Rect=[0, 0, 9, 9], A=Dictionary(S=Name.Launch, F=String("cmd.exe"))
    )
    document.pages[0].Annots = Array([link])


def spoil_with_form_action(document):
    field = Dictionary(FT=Name.Tx, T=String("a"), AA=Dictionary(K=Dictionary(S=Name.SubmitForm, F=String("http://x"))))
    document.Root.AcroForm = Dictionary(Fields=Array([document.make_indirect(field)]))


@pytest.mark.parametrize(
    "spoil", [spoil_with_open_script, spoil_with_named_script, spoil_with_launch, spoil_with_form_action]
)
@pytest.mark.parametrize("packing", [pikepdf.ObjectStreamMode.disable, pikepdf.ObjectStreamMode.generate])
def test_scripts_and_actions_are_refused_wherever_they_hide(renderer, spoil, packing):
    assert "สคริปต์" in why_refused(renderer, a_pdf(change=spoil, object_stream_mode=packing))


def a_bomb(megabytes: int, rounds: int = 1) -> bytes:
    """A small PDF whose page content inflates to so many megabytes."""
    deflate = zlib.compressobj(9)
    data = b"".join(deflate.compress(bytes(2**20)) for _ in range(megabytes)) + deflate.flush()
    for _ in range(rounds - 1):
        data = zlib.compress(data, 9)

    def put(document):
        document.pages[0].Contents = document.make_stream(b"")
        filters = [Name.FlateDecode] * rounds
        document.pages[0].Contents.write(data, filter=Array(filters), decode_parms=None)

    return a_pdf(change=put, compress_streams=False, stream_decode_level=pikepdf.StreamDecodeLevel.none)


@pytest.mark.parametrize("rounds", [1, 2])
def test_a_bomb_is_refused_and_our_memory_stays_as_it_was(renderer, rounds):
    bomb = a_bomb(300, rounds)
    before = psutil.Process().memory_info().rss

    assert "ขยายใหญ่" in why_refused(renderer, bomb)
    with pytest.raises(RuleBroken):
        renderer.stamped_copy(bomb, STAMP)

    assert len(bomb) < 400_000
    assert psutil.Process().memory_info().rss - before < 30_000_000


def test_a_task_that_takes_too_much_memory_ends_alone():
    small = Quarantine(memory=200 * 2**20)
    try:
        with pytest.raises(TaskFailed):
            small.run("thumbnail", a_bomb(300), page=0, width=100)
        assert check_upload(small, a_pdf()) == 1
    finally:
        small.close()


def test_the_child_is_started_again_when_it_was_killed():
    quarantine = Quarantine()
    try:
        assert check_upload(quarantine, a_pdf()) == 1
        os.kill(quarantine.server.pid, signal.SIGKILL)
        quarantine.server.wait(timeout=10)
        assert check_upload(quarantine, a_pdf(2)) == 2
    finally:
        quarantine.close()


def test_the_child_ends_when_it_is_let_go():
    quarantine = Quarantine()
    check_upload(quarantine, a_pdf())
    server = psutil.Process(quarantine.server.pid)

    started = time.monotonic()
    quarantine.close()

    assert not server.is_running() or server.status() == psutil.STATUS_ZOMBIE
    assert time.monotonic() - started < 5


def test_the_child_sees_none_of_our_environment(monkeypatch):
    monkeypatch.setenv("SARABAN_MASTER_KEY", "geheim")
    quarantine = Quarantine()
    try:
        check_upload(quarantine, a_pdf())
        assert "SARABAN_MASTER_KEY" not in psutil.Process(quarantine.server.pid).environ()
    finally:
        quarantine.close()


# --- thumbnails -----------------------------------------------------------------------------------------------


def test_a_thumbnail_is_a_png_of_the_asked_width(renderer):
    png = renderer.thumbnail(a_pdf(2), page=1, width=300)

    assert png.startswith(b"\x89PNG") and int.from_bytes(png[16:20], "big") == 300


@pytest.mark.parametrize("page", [-1, 2])
def test_a_page_that_is_not_there_has_no_thumbnail(renderer, page):
    with pytest.raises(RuleBroken, match="ไม่มีหน้านี้"):
        renderer.thumbnail(a_pdf(2), page=page, width=100)


def test_a_very_tall_page_gives_no_endless_picture(renderer):
    png = renderer.thumbnail(a_pdf(size=(10, 14000)), page=0, width=2000)

    assert int.from_bytes(png[20:24], "big") <= 4001


# --- the receiving stamp --------------------------------------------------------------------------------------


def blue_ink(image):
    """A picture that is white where the other is blue."""
    red, green, blue = image.split()
    over_red = ImageChops.subtract(blue, red).point(lambda value: 255 if value > 40 else 0)
    over_green = ImageChops.subtract(blue, green).point(lambda value: 255 if value > 30 else 0)
    return ImageChops.darker(over_red, over_green)


def blue_box(pdf: bytes) -> tuple[float, float, float, float, float, float]:
    """Where blue ink lies on page 1 as seen: left, top, right, bottom, then the page's width and height, in points."""
    image = pdfium.PdfDocument(pdf)[0].render(scale=1).to_pil().convert("RGB")
    box = blue_ink(image).getbbox()
    assert box is not None
    return box[0], box[1], box[2] - 1, box[3] - 1, image.width, image.height


@pytest.mark.parametrize("turn", [0, 90, 180, 270, -90, 450])
def test_the_stamp_is_upright_at_the_top_right_however_the_page_is_turned(renderer, turn):
    def rotate(document):
        document.pages[0].obj.Rotate = turn

    copy = renderer.stamped_copy(a_pdf(size=(595, 842), change=rotate), STAMP)

    left, top, right, bottom, wide, _ = blue_box(copy)
    assert wide - right == pytest.approx(20, abs=3) and top == pytest.approx(20, abs=3)
    assert right - left == pytest.approx(142, abs=3)
    assert 71 < bottom - top < 100
    assert "๔๑๒๗" in pdfium_text(copy)


def crop(document):
    document.pages[0].mediabox = [-100, -50, 800, 1000]
    document.pages[0].cropbox = [0, 0, 400, 500]


def reversed_box(document):
    document.pages[0].obj.MediaBox = Array([595, 842, 0, 0])


def left_open(document):
    document.pages[0].contents_add(b"q q 5 0 0 -5 300 300 cm 0 0 1 1 re W n")


@pytest.mark.parametrize("change", [crop, reversed_box, left_open])
def test_crop_boxes_and_untidy_content_do_not_move_the_stamp(renderer, change):
    left, top, right, _, wide, _ = blue_box(renderer.stamped_copy(a_pdf(change=change), STAMP))

    assert wide - right == pytest.approx(20, abs=3) and top == pytest.approx(20, abs=3)
    assert right - left == pytest.approx(142, abs=3)


@pytest.mark.parametrize("size", [(60, 60), (148, 105), (3000, 2000)])
def test_the_stamp_fits_small_and_large_pages(renderer, size):
    left, top, right, bottom, wide, high = blue_box(renderer.stamped_copy(a_pdf(size=size), STAMP))

    assert left >= 0 and top >= 0 and right < wide and bottom < high


def test_the_copy_says_that_it_is_a_copy_and_keeps_all_pages(renderer):
    original = renderer.letter(a_page_letter(body="ข้อความ\n\n" * 60), at=MORNING)
    kept = bytes(original.pdf)

    copy = renderer.stamped_copy(original.pdf, STAMP)
    text = packed(pdfium_text(copy))

    assert original.pdf == kept
    assert len(pdfium.PdfDocument(copy)) == original.pages
    for words in ("สำเนาประทับตรารับ", "กรมส่งเสริมการอ่าน", "เลขรับ", "๔๑๒๗", "๒๓ พ.ย. ๒๕๖๙", "๐๘.๔๑ น."):
        assert packed(words) in text
    assert packed(a_page_letter().subject) in text
    assert "no failures" in str(pdfa_validator.validate_pdf_bytes(copy, profile="3a"))


def test_signatures_become_ink_in_the_copy(renderer):
    def sign(document):
        look = document.make_stream(b"1 0 0 rg 0 0 100 40 re f")
        look.Type, look.Subtype, look.BBox = Name.XObject, Name.Form, Array([0, 0, 100, 40])
        field = Dictionary(
            Type=Name.Annot, Subtype=Name.Widget, FT=Name.Sig, T=String("s"), F=4, Rect=Array([100, 100, 200, 140]),
            AP=Dictionary(N=look), V=Dictionary(Type=Name.Sig, Filter=Name("/Adobe.PPKLite"), Contents=String("x")),
        )  # fmt: skip
        field = document.make_indirect(field)
        document.pages[0].Annots = Array([field])
        document.Root.AcroForm = Dictionary(Fields=Array([field]), SigFlags=3)

    copy = renderer.stamped_copy(a_pdf(change=sign), STAMP)

    with pikepdf.open(io.BytesIO(copy)) as document:
        assert "/AcroForm" not in document.Root
    image = pdfium.PdfDocument(copy)[0].render(scale=1).to_pil().convert("RGB")
    assert image.getpixel((150, 842 - 120)) == (255, 0, 0)


def test_a_very_long_agency_name_stays_inside_the_stamp(renderer):
    name = "สำนักงานคณะกรรมการกิจการกระจายเสียง กิจการโทรทัศน์ และกิจการโทรคมนาคมแห่งชาติ"
    left, _, right, _, _, _ = blue_box(renderer.stamped_copy(a_pdf(), ReceivingStamp(name, "1" * 30, MORNING)))

    assert right - left == pytest.approx(142, abs=3)


@pytest.mark.parametrize("data", [b"", b"no pdf at all", a_pdf()[:200]])
def test_what_cannot_be_read_cannot_be_stamped_or_shown(renderer, data):
    with pytest.raises(RuleBroken):
        renderer.stamped_copy(data, STAMP)
    with pytest.raises(RuleBroken):
        renderer.thumbnail(data, page=0, width=100)
