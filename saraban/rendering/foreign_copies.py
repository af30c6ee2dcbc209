"""What is done to a PDF of which a certified copy is made (clause 31): the word at the head of every page, the block of
him who certifies where the last page is blank. Runs only inside the child process of `quarantine.py`."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator

import pikepdf
from PIL import Image

from saraban.rendering.foreign import (
    Arguments,
    Seen,
    Spot,
    extent,
    flatten_signatures,
    lay_over,
    opened,
    page_count,
    picture,
    saved,
)

_SHEET = (595.276, 841.89)
_STEP = 6.0
"""Points between the places that are looked at."""
_DARK = 24
"""How much darker than paper a place may be and still count as blank."""


def certify(data: bytes, arguments: Arguments) -> bytes:
    """The copy, after a line of JSON that tells how many pages the file had, the page of the block from 0 and where on
    it the signature goes: the lower left and the upper right corner in the page's own coordinates.

    The file is followed by the two pages of `certified.draw_certificate`; `original` says where it ends, `head` how far
    the word's lower edge is from the upper edge of a page, `edge` how far the block keeps from all edges, `left`,
    `bottom`, `right` and `top` where in the block the signature goes, all in points as printed. A last page without
    room is followed by one more, on which a third drawn page is laid; the block stands below `under` there."""
    split = int(arguments["original"])
    with opened(data[:split]) as document, pikepdf.open(io.BytesIO(data[split:])) as drawn:
        pages = page_count(document)
        flatten_signatures(document)
        word, block, *sheet = (document.copy_foreign(part.as_form_xobject()) for part in drawn.pages)
        last = document.pages[-1]
        spot = _blank_spot(saved(document), len(document.pages) - 1, Seen(last), extent(block), arguments)
        if spot is None:
            last = document.add_blank_page(page_size=_SHEET)
            spot = _usual_spot(Seen(last), extent(block), arguments)
        for page in document.pages:
            seen = Seen(page)
            parts = {"SarabanCopy": (word, *_above(seen, extent(word), arguments))}
            if page.obj.objgen == last.obj.objgen:
                if sheet and len(document.pages) > pages:
                    parts["SarabanCopied"] = (sheet[0], 1 / seen.unit, (0.0, 0.0))
                parts["SarabanCertificate"] = (block, 1 / seen.unit, spot)
            lay_over(document, page, parts)
        seen = Seen(last)
        corners = [
            seen.on_page(spot[0] + float(arguments[x]) / seen.unit, spot[1] + float(arguments[y]) / seen.unit)
            for x, y in (("left", "bottom"), ("right", "top"))
        ]
        (x0, x1), (y0, y1) = (sorted(axis) for axis in zip(*corners, strict=True))
        box = [round(value, 2) for value in (x0, y0, x1, y1)]
        place = {"pages": pages, "page": len(document.pages) - 1, "box": box}
        return json.dumps(place).encode() + b"\n" + saved(document)


def write_notes(data: bytes, arguments: Arguments) -> bytes:
    """A copy with what officers wrote. The file is followed by the pages of `endorsed.draw_notes`, one a note;
    `original` says where it ends, `edge` how far they keep from all edges, in points as printed. Notes go from the
    middle of the last page downwards, each where nothing stands, and on more pages when there is no room."""
    split, edge = int(arguments["original"]), float(arguments["edge"])
    with opened(data[:split]) as document, pikepdf.open(io.BytesIO(data[split:])) as drawn:
        page_count(document)
        flatten_signatures(document)
        last, added = document.pages[-1], False
        for number, part in enumerate(drawn.pages):
            note = document.copy_foreign(part.as_form_xobject())
            spot = _next_spot(document, last, extent(note), edge, whole=added)
            if spot is None:
                last, added = document.add_blank_page(page_size=_SHEET), True
                spot = edge, Seen(last).high - edge - extent(note)[1]
            lay_over(document, last, {f"SarabanNote{number}": (note, 1 / Seen(last).unit, spot)})
        return saved(document)


TASKS: dict[str, Callable[[bytes, Arguments], bytes]] = {"certify": certify, "write_notes": write_notes}


def _next_spot(document: pikepdf.Pdf, page: pikepdf.Page, size: Spot, edge: float, *, whole: bool) -> Spot | None:
    """The first place from above, at the left before the right, where nothing stands: on a page of the letter from its
    middle downwards, for above is what it says."""
    seen = Seen(page)
    edge, size = edge / seen.unit, (size[0] / seen.unit, size[1] / seen.unit)
    ink, scale = _ink(saved(document), len(document.pages) - 1, seen)
    top = seen.high - edge if whole else seen.high / 2
    step = _STEP / seen.unit
    y = top - size[1]
    while y >= edge:
        for x in (edge, seen.wide - edge - size[0]):
            if x >= edge and _is_blank(ink, scale, seen, (x, y), size):
                return x, y
        y -= step
    return None


def _above(seen: Seen, word: Spot, arguments: Arguments) -> tuple[float, Spot]:
    """The word's scale and its lower left corner: in the middle, above where a letter begins."""
    k = min(1 / seen.unit, seen.wide / word[0], seen.high / (word[1] + float(arguments["head"])))
    return k, ((seen.wide - word[0] * k) / 2, seen.high - float(arguments["head"]) * k)


def _usual_spot(seen: Seen, size: Spot, arguments: Arguments) -> Spot:
    edge = float(arguments["edge"])
    return seen.wide - edge - size[0], float(arguments.get("under", seen.high - 3 * edge)) - size[1]


def _blank_spot(data: bytes, number: int, seen: Seen, size: Spot, arguments: Arguments) -> Spot | None:
    """The lower left corner of a place of that size where nothing stands on the page: the lowest, and there the one
    farthest to the right. None when there is none."""
    edge, size = float(arguments["edge"]) / seen.unit, (size[0] / seen.unit, size[1] / seen.unit)
    ink, scale = _ink(data, number, seen)
    if ink.getextrema() == (255, 255):  # nothing is blank on a dark scan
        return None
    for spot in _places(seen, size, edge, _STEP / seen.unit):
        if _is_blank(ink, scale, seen, spot, size):
            return spot
    return None


def _ink(data: bytes, number: int, seen: Seen) -> tuple[Image.Image, float]:
    """Where something stands on the page, white on black, and how many of its points are one of the page."""
    shown = picture(data, number, round(seen.wide * seen.unit / 2)).convert("L")
    return shown.point(lambda light: 255 if light < 255 - _DARK else 0), shown.width / seen.wide


def _is_blank(ink: Image.Image, scale: float, seen: Seen, spot: Spot, size: Spot) -> bool:
    (x, y), (wide, high) = spot, size
    left, right = round(x * scale), round((x + wide) * scale)
    top, bottom = round((seen.high - y - high) * scale), round((seen.high - y) * scale)
    return ink.crop((left, top, right, bottom)).getbbox() is None


def _places(seen: Seen, size: Spot, edge: float, step: float) -> Iterator[Spot]:
    y = edge
    while y + size[1] <= seen.high - edge:
        x = seen.wide - edge - size[0]
        while x >= edge:
            yield x, y
            x -= step
        y += step
