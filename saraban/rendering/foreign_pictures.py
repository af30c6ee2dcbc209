"""What is done to pictures that others made: a scan or a photograph of a letter becomes pages. Runs only inside the
child process of `quarantine.py`."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator

import pikepdf
from pikepdf import Dictionary, Name, Stream
from PIL import Image, ImageOps, ImageSequence

from saraban.rendering.foreign import Arguments, Refused

KINDS = ("JPEG", "PNG", "WEBP", "TIFF")
MOST_PIXELS = 80_000_000
"""A sheet of A4 at 900 dpi."""
MOST_FRAMES = 100
SHEET = (595.276, 841.89)
_QUALITY = 90


def picture_pdf(data: bytes, arguments: Arguments) -> bytes:
    """The picture as a PDF, a page for each of its frames, each as large as it can be on A4 upright or across. What a
    picture says of its resolution is not believed: telephones say 72 dpi of anything."""
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    out = io.BytesIO()
    with pikepdf.new() as document:
        for frame in _frames(data):
            _add_page(document, frame)
        document.save(out, deterministic_id=True)
    return out.getvalue()


TASKS: dict[str, Callable[[bytes, Arguments], bytes]] = {"picture_pdf": picture_pdf}


def _frames(data: bytes) -> Iterator[Image.Image]:
    try:
        picture = Image.open(io.BytesIO(data), formats=KINDS)
    except OSError as error:
        raise Refused("not-picture") from error
    if getattr(picture, "n_frames", 1) > MOST_FRAMES:
        raise Refused("too-many-pages")
    for frame in ImageSequence.Iterator(picture):
        if frame.width * frame.height > MOST_PIXELS:
            raise Refused("bomb")
        yield on_white(ImageOps.exif_transpose(frame))


def on_white(frame: Image.Image) -> Image.Image:
    """In grey or in colours, what shines through being paper."""
    if frame.mode in ("1", "L", "I;16"):
        return frame.convert("L")
    if frame.mode in ("RGBA", "LA", "PA") or "transparency" in frame.info:
        seen = frame.convert("RGBA")
        sheet = Image.new("RGBA", seen.size, "white")
        return Image.alpha_composite(sheet, seen).convert("RGB")
    return frame.convert("RGB")


def _add_page(document: pikepdf.Pdf, frame: Image.Image) -> None:
    wide, high = sorted(SHEET, reverse=frame.width > frame.height)
    scale = min(wide / frame.width, high / frame.height)
    size = (frame.width * scale, frame.height * scale)
    packed = io.BytesIO()
    frame.save(packed, "JPEG", quality=_QUALITY)
    picture = Stream(document, packed.getvalue())
    picture.Type, picture.Subtype, picture.Filter = Name.XObject, Name.Image, Name.DCTDecode
    picture.Width, picture.Height, picture.BitsPerComponent = frame.width, frame.height, 8
    picture.ColorSpace = Name.DeviceGray if frame.mode == "L" else Name.DeviceRGB
    page = document.add_blank_page(page_size=size)
    page.obj.Resources = Dictionary(XObject=Dictionary(Scan=document.make_indirect(picture)))
    page.obj.Contents = document.make_indirect(
        Stream(document, f"q {size[0]:.3f} 0 0 {size[1]:.3f} 0 0 cm /Scan Do Q".encode())
    )
