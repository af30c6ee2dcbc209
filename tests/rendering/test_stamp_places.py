"""The receiving stamp at a place that a clerk chose, and the box for a seal in its stead: always the same spot."""

from __future__ import annotations

import io

import pikepdf
import pypdfium2 as pdfium
import pytest

from saraban.domain.errors import RuleBroken
from saraban.usecases.papers import StampPlace
from tests.rendering.a_page import packed, pdfium_text
from tests.rendering.test_foreign import STAMP, a_pdf, blue_box, blue_ink, crop, left_open, reversed_box

STAMP_MM = (50.0, 25.0)


def blue_frame_mm(pdf: bytes) -> tuple[float, float, float, float]:
    """Where the stamp's frame is seen on page 1, in millimetres from the upper left: left, top, right, bottom. The
    words beside it are thinner than its border and are left out."""
    ink = blue_ink(pdfium.PdfDocument(pdf)[0].render(scale=2).to_pil().convert("RGB"))
    rows = [ink.crop((0, y, ink.width, y + 1)) for y in range(ink.height)]
    counts = [row.histogram()[255] for row in rows]
    borders = [y for y, count in enumerate(counts) if count > 0.9 * max(counts)]
    left, _, right, _ = rows[borders[0]].getbbox() or (0, 0, 0, 0)
    return tuple(value / 2 / 72 * 25.4 for value in (left, borders[0], right, borders[-1]))  # type: ignore[return-value]


def turned(turn):
    def change(document):
        document.pages[0].obj.Rotate = turn

    return change


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_the_stamp_stands_where_it_was_put_however_the_page_is_turned(renderer, turn):
    copy = renderer.stamped_copy(a_pdf(change=turned(turn)), STAMP, StampPlace(60, 90))

    left, top, right, bottom = blue_frame_mm(copy)
    assert (left, top) == pytest.approx((60, 90), abs=1)
    assert (right - left, bottom - top) == pytest.approx(STAMP_MM, abs=1)


@pytest.mark.parametrize("change", [crop, reversed_box, left_open])
def test_a_place_is_counted_from_the_corner_that_is_seen(renderer, change):
    left, top, *_ = blue_frame_mm(renderer.stamped_copy(a_pdf(change=change), STAMP, StampPlace(20, 70)))

    assert (left, top) == pytest.approx((20, 70), abs=1)


def test_a_page_with_a_unit_of_its_own_has_the_stamp_in_true_size(renderer):
    def twice(document):
        document.pages[0].obj.UserUnit = 2

    image_mm = 25.4 / 72
    with pikepdf.open(io.BytesIO(renderer.stamped_copy(a_pdf(change=twice), STAMP, StampPlace(100, 40)))) as document:
        content = document.pages[0].Contents.read_bytes()
    box = renderer.stamp_box(a_pdf(change=twice), StampPlace(100, 40))
    assert b"0.50000 0 0 0.50000" in content
    assert ((box.x1 - box.x0) * 2 * image_mm, (box.y1 - box.y0) * 2 * image_mm) == pytest.approx(STAMP_MM, abs=0.1)


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        (StampPlace(400, 10), (160, 10)),
        (StampPlace(10, 900), (10, 272)),
        (StampPlace(400, 900), (160, 272)),
        (StampPlace(-30, -30), (0, 0)),
    ],
)
def test_a_place_beyond_the_page_is_moved_onto_it(renderer, place, expected):
    left, top, right, bottom = blue_frame_mm(renderer.stamped_copy(a_pdf(), STAMP, place))

    assert (left, top) == pytest.approx(expected, abs=1.2)
    assert right <= 210 and bottom <= 297.2


@pytest.mark.parametrize("size", [(60, 60), (148, 105), (3000, 2000)])
@pytest.mark.parametrize("place", [StampPlace(0, 0), StampPlace(5, 5), StampPlace(2000, 2000)])
def test_a_chosen_place_stays_on_small_and_large_pages(renderer, size, place):
    left, top, right, bottom, wide, high = blue_box(renderer.stamped_copy(a_pdf(size=size), STAMP, place))

    assert left >= 0 and top >= 0 and right < wide and bottom < high
    if min(size) < 150:
        assert right - left < wide and (right - left) / (bottom - top) > 1


def test_the_words_stand_above_the_stamp_when_there_is_no_room_below(renderer):
    low = renderer.stamped_copy(a_pdf(), STAMP, StampPlace(100, 290))
    _, top, _, bottom, _, high = blue_box(low)

    assert bottom < high
    assert (bottom - top) / 72 * 25.4 > 28  # stamp and words, one above the other
    assert "สำเนาประทับตรารับ" in packed(pdfium_text(low))


PAGES = {
    "plain": (None, (595, 842)),
    "turned 90": (turned(90), (595, 842)),
    "turned 180": (turned(180), (595, 842)),
    "turned 270": (turned(270), (595, 842)),
    "cropped": (crop, (595, 842)),
    "small": (None, (148, 105)),
}


@pytest.mark.parametrize("name", list(PAGES))
@pytest.mark.parametrize("place", [None, StampPlace(30, 60), StampPlace(999, 999)])
def test_the_box_of_a_seal_is_where_the_stamp_is_drawn(renderer, name, place):
    change, size = PAGES[name]
    original = a_pdf(size=size, change=change)

    box = renderer.stamp_box(original, place)

    def fill(document):
        if change:
            change(document)
        wide, high = box.x1 - box.x0, box.y1 - box.y0
        document.pages[0].contents_add(f"q 0 0 1 rg {box.x0} {box.y0} {wide} {high} re f Q".encode())

    marked = blue_box(a_pdf(size=size, change=fill))
    stamped = blue_box(renderer.stamped_copy(original, STAMP, place))
    assert box.page == 0
    assert marked[0] == pytest.approx(stamped[0], abs=3)
    assert marked[2] == pytest.approx(stamped[2], abs=3)
    # The words of the copy stand below the stamp or, at the foot, above it.
    assert marked[1] == pytest.approx(stamped[1], abs=3) or marked[3] == pytest.approx(stamped[3], abs=3)


def test_what_cannot_be_read_has_no_box(renderer):
    with pytest.raises(RuleBroken):
        renderer.stamp_box(b"%PDF-1.7 nothing")
