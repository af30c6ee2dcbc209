"""What is done to the picture of a signature that an officer brings: the paper goes, the ink stays, cut to its edges.
Runs only inside the child process of `quarantine.py`."""

from __future__ import annotations

import io
from collections.abc import Callable

from PIL import Image, ImageChops, ImageFilter, ImageOps, ImageStat

from saraban.rendering.foreign import Arguments, Refused
from saraban.rendering.foreign_pictures import on_white

MOST_PIXELS = 40_000_000
_KINDS = ("PNG", "JPEG")
_SIGHT = 1_600
"""Pixels of the longer side at which the ink is looked for."""
_LARGEST = (900, 360)
_LEAST_INK = 45
"""How much darker than its paper the darkest ink must be, of 255."""
_FULLEST = 0.45
"""More of its frame than this no signature covers."""
_LIGHTEST = 130


def signature(data: bytes, arguments: Arguments) -> bytes:
    """The signature as PNG, its ink in one colour on nothing. Equal input gives equal bytes."""
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    try:
        picture = Image.open(io.BytesIO(data), formats=_KINDS)
    except OSError as error:
        raise Refused("not-picture") from error
    if picture.width * picture.height > MOST_PIXELS:
        raise Refused("bomb")
    seen = on_white(ImageOps.exif_transpose(picture)).convert("RGB")
    seen.thumbnail((_SIGHT, _SIGHT), Image.Resampling.LANCZOS)
    ink = _ink(seen)
    box = _edges(ink)
    seen, ink = seen.crop(box), ink.crop(box)
    if ImageStat.Stat(ink).mean[0] / 255 > _FULLEST:
        raise Refused("full")
    if ink.height > 3 * ink.width:
        raise Refused("shape")
    colour = _colour(seen, ink)
    ink.thumbnail(_LARGEST, Image.Resampling.LANCZOS)
    made = Image.new("RGBA", ink.size, colour)
    made.putalpha(ink)
    out = io.BytesIO()
    made.save(out, "PNG", optimize=True)
    return out.getvalue()


TASKS: dict[str, Callable[[bytes, Arguments], bytes]] = {"signature": signature}


def _ink(seen: Image.Image) -> Image.Image:
    """How much ink each pixel has: how much darker it is than the paper about it, which may lie in a shadow."""
    grey = seen.convert("L")
    small = grey.resize((max(1, grey.width // 12), max(1, grey.height // 12)), Image.Resampling.BOX)
    paper = small.filter(ImageFilter.MaxFilter(9)).filter(ImageFilter.GaussianBlur(3))
    darker = ImageChops.subtract(paper.resize(grey.size, Image.Resampling.BILINEAR), grey)
    histogram, count, peak = darker.histogram(), 0, 0
    for value in range(255, 0, -1):
        count += histogram[value]
        if count >= 40:
            peak = value
            break
    if peak < _LEAST_INK:
        raise Refused("blank")
    low, high = max(20, int(0.25 * peak)), max(_LEAST_INK, int(0.7 * peak))
    return darker.point(lambda value: max(0, min(255, int((value - low) * 255 / (high - low)))))


def _edges(ink: Image.Image) -> tuple[int, int, int, int]:
    """The box around the ink with a little air; single specks of dust do not count."""
    box = ink.point(lambda value: 255 if value > 110 else 0).filter(ImageFilter.MedianFilter(3)).getbbox()
    if box is None:
        raise Refused("blank")
    air = 4
    return (
        max(0, box[0] - air),
        max(0, box[1] - air),
        min(ink.width, box[2] + air),
        min(ink.height, box[3] + air),
    )


def _colour(seen: Image.Image, ink: Image.Image) -> tuple[int, int, int]:
    """The ink's own colour, made darker where it is too light to be printed."""
    red, green, blue = ImageStat.Stat(seen, ink.point(lambda value: 255 if value > 200 else 0)).mean
    scale = min(1.0, _LIGHTEST / max(1.0, 0.3 * red + 0.59 * green + 0.11 * blue))
    return int(red * scale), int(green * scale), int(blue * scale)
