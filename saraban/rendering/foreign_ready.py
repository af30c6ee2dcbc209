"""What is done to a PDF that is brought as a letter itself: whether it is fit to be one, and the marks that are put on
it. Runs only inside the child process of `quarantine.py`."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Mapping
from typing import Any

import pikepdf
from pikepdf import Name

from saraban.rendering.foreign import (
    Arguments,
    Refused,
    Seen,
    Spot,
    check,
    dictionaries,
    extent,
    lay_over,
    opened,
    page_count,
    picture,
    saved,
)

MOST_PAGES = 200
_A4 = (595.276, 841.89)
_NEARLY = 15.0
"""Points by which a sheet may differ from A4: 5 mm."""
_CODE_EDGES = (9.92, 15.59)
"""How far the code keeps from the side and the foot: as on our own pages (qr.LEFT, qr.BOTTOM)."""
_DARK = 24
"""How much darker than paper a place may be and still count as blank."""
_EMBEDDED = ("/FontFile", "/FontFile2", "/FontFile3")
_OUTLINED = frozenset({"/Type1", "/MMType1", "/TrueType", "/CIDFontType0", "/CIDFontType2"})


def check_ready(data: bytes, arguments: Arguments) -> bytes:
    """The number of pages in ASCII. Refuses what `check` does, and what is no letter: other sheets than A4, fonts that
    the file does not bring along, files hidden in it, and signatures, which marks would break."""
    check(data, arguments)
    with opened(data) as document:
        pages = page_count(document)
        if pages > MOST_PAGES:
            raise Refused("too-many-pages")
        if any(not _is_a4(Seen(page)) for page in document.pages):
            raise Refused("not-a4")
        for one in dictionaries(document):
            _refuse(one)
        saved(document)  # which refuses what could not bear the marks
    return str(pages).encode()


def mark_ready(data: bytes, arguments: Arguments) -> bytes:
    """The PDF with marks on it, after a line of JSON: where the `signature` goes (its page from 0 and the lower left
    and upper right corner in the page's own coordinates, or null), and whether the first page is too `crowded` for
    the verification code.

    The file is followed by the pages of `ready.draw_marks`, one for each mark in its order, for the signature on drafts
    alone; `original` says where it ends and `marks` how many count. With `code`, the page of the verification code
    follows those; it goes into a corner at the foot of the first page in which nothing stands. For each mark
    (`number_`, `date_`, `signature_`) there are `page` from 0 (none where it is absent), `left` and `top` in points of
    the page as it is seen; for the signature `wide` and `high` too."""
    split = int(arguments["original"])
    with opened(data[:split]) as document, pikepdf.open(io.BytesIO(data[split:])) as drawn:
        count = int(arguments["marks"])
        forms = iter([document.copy_foreign(page.as_form_xobject()) for page in drawn.pages][:count])
        parts: dict[int, dict[str, tuple[Any, float, Spot]]] = {}
        for mark in ("number", "date", "signature"):
            form = next(forms, None) if f"{mark}_page" in arguments else None
            if form is not None:
                number = int(arguments[f"{mark}_page"])
                seen = Seen(document.pages[number])
                place = (1 / seen.unit, _corner(seen, mark, extent(form), arguments))
                parts.setdefault(number, {})[f"Saraban{mark.capitalize()}"] = (form, *place)
        signature = _signature(document, arguments)
        crowded = False
        if arguments["code"]:
            code = document.copy_foreign(drawn.pages[count].as_form_xobject())
            spot = _corner_for_code(data[:split], Seen(document.pages[0]), extent(code), parts.get(0, {}), signature)
            crowded = spot is None
            if spot is not None:
                laid_code = (code, 1 / Seen(document.pages[0]).unit, spot)
                parts.setdefault(0, {})["SarabanVerification"] = laid_code
        for number, laid in parts.items():
            lay_over(document, document.pages[number], laid)
        told = {"signature": signature, "crowded": crowded}
        return json.dumps(told).encode() + b"\n" + saved(document)


TASKS: dict[str, Callable[[bytes, Arguments], bytes]] = {"check_ready": check_ready, "mark_ready": mark_ready}


def _is_a4(seen: Seen) -> bool:
    sides = sorted((seen.wide * seen.unit, seen.high * seen.unit))
    return all(abs(side - wanted) <= _NEARLY for side, wanted in zip(sides, _A4, strict=True))


def _refuse(one: Any) -> None:
    if "/ByteRange" in one or (one.get("/FT") == Name.Sig and "/V" in one):
        raise Refused("signed")
    if "/EmbeddedFiles" in one or "/EF" in one or one.get("/Subtype") == Name.FileAttachment:
        raise Refused("embedded")
    if one.get("/Type") == Name.Font and str(one.get("/Subtype")) in _OUTLINED:
        descriptor = one.get("/FontDescriptor")
        if descriptor is None or not any(key in descriptor for key in _EMBEDDED):
            raise Refused("fonts")


def _corner(seen: Seen, mark: str, size: Spot, arguments: Arguments) -> Spot:
    """The lower left corner of a mark as it is seen; it never leaves the page."""
    wide, high = size[0] / seen.unit, size[1] / seen.unit
    left, top = (float(arguments[f"{mark}_{edge}"]) / seen.unit for edge in ("left", "top"))
    return max(0.0, min(left, seen.wide - wide)), max(0.0, min(seen.high - top, seen.high) - high)


def _corner_for_code(
    data: bytes, seen: Seen, size: Spot, marks: Mapping[str, tuple[Any, float, Spot]], signature: dict[str, Any] | None
) -> Spot | None:
    """The lower left corner for the code on the first page as it is seen: at the left of the foot, else at the right,
    where neither the page nor a mark of ours stands. None when both are taken."""
    wide, high = (side / seen.unit for side in size)
    edge_x, edge_y = (edge / seen.unit for edge in _CODE_EDGES)
    shown = picture(data, 0, round(seen.wide * seen.unit)).convert("L")
    ink, scale = shown.point(lambda light: 255 if light < 255 - _DARK else 0), shown.width / seen.wide
    taken = [(*at, at[0] + extent(form)[0] * k, at[1] + extent(form)[1] * k) for form, k, at in marks.values()]
    if signature is not None and signature["page"] == 0:
        taken.append(seen.as_seen(signature["box"]))
    for x in (edge_x, seen.wide - edge_x - wide):
        x1, y1 = x + wide, edge_y + high
        if any(a < x1 and x < c and b < y1 and edge_y < d for a, b, c, d in taken):
            continue
        left, right = round(x * scale), round(x1 * scale)
        top, bottom = round((seen.high - y1) * scale), round((seen.high - edge_y) * scale)
        if ink.crop((left, top, right, bottom)).getbbox() is None:
            return x, edge_y
    return None


def _signature(document: pikepdf.Pdf, arguments: Arguments) -> dict[str, Any] | None:
    if "signature_page" not in arguments:
        return None
    number = int(arguments["signature_page"])
    seen = Seen(document.pages[number])
    size = (float(arguments["signature_wide"]), float(arguments["signature_high"]))
    x, y = _corner(seen, "signature", size, arguments)
    corners = (seen.on_page(x, y), seen.on_page(x + size[0] / seen.unit, y + size[1] / seen.unit))
    (x0, x1), (y0, y1) = (sorted(axis) for axis in zip(*corners, strict=True))
    return {"page": number, "box": [round(value, 2) for value in (x0, y0, x1, y1)]}
