"""What is done to files of others that go to an archive: what a PDF says of itself, and its pages as pictures. Runs
only inside the child process of `quarantine.py`."""

from __future__ import annotations

import io
import struct
from collections.abc import Callable

import pypdfium2 as pdfium
from PIL import ImageChops

from saraban.rendering.foreign import Arguments, Refused, opened

DPI = 200
"""What archives ask of a scan of text at least."""
AT_ONCE = 8
MOST_PIXELS = 40_000_000
HEAD = struct.Struct(">IIBI")
"""Before each picture: its width and height in pixels, whether it is grey, and its octets."""
_QUALITY = 85


def pdfa_status(data: bytes, arguments: Arguments) -> bytes:
    """The part and level of PDF/A that the file says it has ("3A"); empty when it says none. Refuses what cannot be
    opened."""
    with opened(data) as document:
        if document.is_encrypted:
            raise Refused("encrypted")
        try:
            with document.open_metadata() as told:
                return str(told.pdfa_status).encode("ascii", "ignore")
        except Exception:  # metadata that is no XML says nothing
            return b""


def archive_pages(data: bytes, arguments: Arguments) -> bytes:
    """At most AT_ONCE pages from `first` on as JPEG, each as it is printed, with its HEAD before it; none behind the
    last page."""
    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        raise Refused("encrypted" if "password" in str(error).lower() else "damaged") from error
    document.init_forms()
    first, shown = int(arguments["first"]), []
    for number in range(first, min(first + AT_ONCE, len(document))):
        page = document[number]
        wide, high = page.get_size()
        if wide <= 0 or high <= 0:
            raise Refused("damaged")
        if wide * high * (DPI / 72) ** 2 > MOST_PIXELS:
            raise Refused("limits")
        picture = page.render(scale=DPI / 72, may_draw_forms=True).to_pil().convert("RGB")
        red, green, blue = picture.split()
        grey = not ImageChops.difference(red, green).getbbox() and not ImageChops.difference(green, blue).getbbox()
        packed = io.BytesIO()
        (picture.convert("L") if grey else picture).save(packed, "JPEG", quality=_QUALITY)
        octets = packed.getvalue()
        shown.append(HEAD.pack(picture.width, picture.height, grey, len(octets)) + octets)
    return b"".join(shown)


TASKS: dict[str, Callable[[bytes, Arguments], bytes]] = {"pdfa_status": pdfa_status, "archive_pages": archive_pages}
