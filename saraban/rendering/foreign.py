"""What is done to PDFs that others made. Runs only inside the child process of `quarantine.py`.

Each task takes the file and what it needs in words, and gives bytes; it refuses with `Refused` and a stable word that
`uploads.py` turns into Thai. Nothing here trusts a length, a count or a filter that the file states.
"""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, cast

import pikepdf
import pypdfium2 as pdfium
from pikepdf import Array, Dictionary, Name, Stream
from PIL import Image, ImageChops

from saraban.rendering.foreign_structure import moved_into_form

Arguments = Mapping[str, int | float]

MOST_PAGES = 5_000
MOST_OBJECTS = 500_000
LARGEST_STREAM = 64 * 2**20
"""Octets of a stream that is no picture, after inflating; a page of text has thousands, not millions."""
LARGEST_PICTURE = 300 * 2**20
"""A colour scan of A4 at 600 dpi has 105 MB before compression."""
LARGEST_INFLATED = 1_000 * 2**20
TALLEST_THUMBNAIL = 4_000
_FEW_COLOURS = 1_024

_FORBIDDEN_KEYS = frozenset({"/JS", "/JavaScript", "/Launch", "/AA", "/XFA", "/RichMedia"})
_FORBIDDEN_ACTIONS = frozenset(
    {"/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/GoToE", "/Rendition", "/Movie", "/RichMediaExecute"}
)


class Refused(Exception):
    """The file is not fit for the task; the word says why."""


def check(data: bytes, arguments: Arguments) -> bytes:
    """The number of pages in ASCII. Refuses what is no whole, open, passive PDF (ISO 32000-1)."""
    # Readers accept a header anywhere in the first kilobyte; a file that is also a web page must not pass as a PDF.
    if not data.startswith(b"%PDF-"):
        raise Refused("not-pdf")
    if b"%%EOF" not in data[-2048:]:
        raise Refused("truncated")
    with opened(data) as document:
        if document.is_encrypted:
            raise Refused("encrypted")
        pages = page_count(document)
        _refuse_actions(document)
        _refuse_bombs(document)
    return str(pages).encode()


def thumbnail(data: bytes, arguments: Arguments) -> bytes:
    """A page as PNG. `page` counts from 0, `width` is in pixels."""
    number, width = int(arguments["page"]), int(arguments["width"])
    shown, out = picture(data, number, width), io.BytesIO()
    red, green, blue = shown.split()
    if ImageChops.difference(red, green).getbbox() is None and ImageChops.difference(green, blue).getbbox() is None:
        # Black on white: sixteen greys are as many as an eye tells apart at the edge of a letter, and soon written.
        greys = red.point([value >> 4 for value in range(256)])
        greys.putpalette(bytes(17 * grey for grey in range(16) for _ in range(3)))
        greys.save(out, "PNG", bits=4, compress_level=3)
        return out.getvalue()
    if shown.getcolors(_FEW_COLOURS) is not None:
        # A page of text: with a palette it is written six times as fast and is a third as large.
        shown = shown.quantize(256, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    shown.save(out, "PNG", compress_level=3)
    return out.getvalue()


def picture(data: bytes, number: int, width: int) -> Image.Image:
    """A page as it is seen, so many pixels wide, less when it is very tall; pages count from 0."""
    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        raise Refused("encrypted" if "password" in str(error).lower() else "damaged") from error
    try:
        if not 0 <= number < len(document):
            raise Refused("no-such-page")
        document.init_forms()
        page = document[number]
        wide, high = page.get_size()
        if wide <= 0 or high <= 0:
            raise Refused("damaged")
        scale = min(width / wide, TALLEST_THUMBNAIL / high)
        return cast(Image.Image, page.render(scale=scale, may_draw_forms=True).to_pil().convert("RGB"))
    finally:
        document.close()


def put_stamp(data: bytes, arguments: Arguments) -> bytes:
    """A copy with the receiving stamp. The file is followed by the two pages of `stamps.draw_stamp`; `original` says
    where it ends; for `edge`, `left` and `top` see `_spots`."""
    split = int(arguments["original"])
    with opened(data[:split]) as document, pikepdf.open(io.BytesIO(data[split:])) as stamp:
        page_count(document)
        flatten_signatures(document)
        page = document.pages[0]
        first, words = (document.copy_foreign(part.as_form_xobject()) for part in stamp.pages)
        _lay_over(document, page, first, words, arguments)
        return saved(document)


def stamp_box(data: bytes, arguments: Arguments) -> bytes:
    """Where `put_stamp` would put a stamp of `wide` by `high` points, in the first page's own coordinates: four numbers
    in ASCII, lower left and upper right corner."""
    with opened(data) as document:
        page_count(document)
        seen = Seen(document.pages[0])
        size = (float(arguments["wide"]), float(arguments["high"]))
        k, (x, y), _ = _spots(seen, size, (0.0, 0.0), arguments)
        corners = (seen.on_page(x, y), seen.on_page(x + size[0] * k, y + size[1] * k))
    (x0, x1), (y0, y1) = (sorted(axis) for axis in zip(*corners, strict=True))
    return f"{x0:.3f} {y0:.3f} {x1:.3f} {y1:.3f}".encode()


def stamp_spot(data: bytes, arguments: Arguments) -> bytes:
    """Where `put_stamp` would put a stamp of `wide` by `high` points, as the first page is seen: six numbers in ASCII,
    the page's width and height, the stamp's distance from its left and upper edge, the stamp's width and height."""
    with opened(data) as document:
        page_count(document)
        seen = Seen(document.pages[0])
        size = (float(arguments["wide"]), float(arguments["high"]))
        k, (x, y), _ = _spots(seen, size, (0.0, 0.0), arguments)
        found = (seen.wide, seen.high, x, seen.high - y - size[1] * k, size[0] * k, size[1] * k)
    return " ".join(f"{value * seen.unit:.3f}" for value in found).encode()


def rewrite(data: bytes, arguments: Arguments) -> bytes:
    """The same pages in a file whose cross references and objects are written as ISO 32000-1 (7.5) asks. Refuses a file
    with a signature in it, which would not hold."""
    with opened(data) as document:
        if any("/ByteRange" in one for one in dictionaries(document)):
            raise Refused("signed")
        out = io.BytesIO()
        document.save(out, deterministic_id=True)
    return out.getvalue()


TASKS: dict[str, Callable[[bytes, Arguments], bytes]] = {
    "check": check,
    "thumbnail": thumbnail,
    "put_stamp": put_stamp,
    "stamp_box": stamp_box,
    "stamp_spot": stamp_spot,
    "rewrite": rewrite,
}


def opened(data: bytes) -> pikepdf.Pdf:
    """The file; refused when it is encrypted or spoiled."""
    try:
        return pikepdf.open(io.BytesIO(data))
    except pikepdf.PasswordError as error:
        raise Refused("encrypted") from error
    except pikepdf.PdfError as error:
        raise Refused("damaged") from error


def page_count(document: pikepdf.Pdf) -> int:
    """How many pages it has; refused when there are none or too many."""
    pages = len(document.pages)
    if pages == 0:
        raise Refused("no-pages")
    if pages > MOST_PAGES or len(document.objects) > MOST_OBJECTS:
        raise Refused("too-many-pages")
    return pages


# --- checking -------------------------------------------------------------------------------------------------


def _refuse_actions(document: pikepdf.Pdf) -> None:
    """No scripts, launches, sent forms or embedded players, wherever they hang (ISO 32000-1, 12.6)."""
    for dictionary in dictionaries(document):
        if not _FORBIDDEN_KEYS.isdisjoint(dictionary.keys()):
            raise Refused("active")
        kind = dictionary.get("/S")
        if isinstance(kind, Name) and str(kind) in _FORBIDDEN_ACTIONS:
            raise Refused("active")


def dictionaries(document: pikepdf.Pdf) -> Iterator[Any]:
    """Every dictionary of the file, those of streams and those inside others included; indirect ones come by
    themselves, so none is entered twice."""
    for top in document.objects:
        waiting: list[Any] = [top]
        while waiting:
            value = waiting.pop()
            if isinstance(value, Stream | Dictionary):
                yield value
                waiting.extend(_direct(item for _, item in value.items()))
            elif isinstance(value, Array):
                waiting.extend(_direct(iter(value)))


def _direct(values: Iterator[Any]) -> Iterator[Any]:
    return (value for value in values if isinstance(value, Dictionary | Array) and not value.is_indirect)


def _refuse_bombs(document: pikepdf.Pdf) -> None:
    """No stream that grows beyond all reason. Inflates with a limit and keeps nothing."""
    total = 0
    for value in document.objects:
        if not isinstance(value, Stream):
            continue
        limit = LARGEST_PICTURE if value.get("/Subtype") == Name.Image else LARGEST_STREAM
        total += _inflated(value, limit)
        if total > LARGEST_INFLATED:
            raise Refused("bomb")


def _inflated(stream: Any, limit: int) -> int:
    """The size of a stream after its Flate filters, refused above the limit. Other filters are left as they are: what
    they can grow to is bounded by the memory limit of this process."""
    filters = stream.get("/Filter", Array([]))
    names = [str(name) for name in filters] if isinstance(filters, Array) else [str(filters)]
    if not names or names[0] not in ("/FlateDecode", "/Fl"):
        return 0
    data = stream.read_raw_bytes()
    size = len(data)
    for name in names:
        if name not in ("/FlateDecode", "/Fl"):
            break
        keep = names.count("/FlateDecode") + names.count("/Fl") > 1
        size, data = _inflate(data, limit, keep=keep)
    return size


def _inflate(data: bytes, limit: int, *, keep: bool) -> tuple[int, bytes]:
    """The inflated size, and the bytes when they are needed for a second filter. Damage ends the count: a reader would
    stop there as well."""
    inflater, size, parts, rest = zlib.decompressobj(), 0, [], data
    while rest and not inflater.eof:
        try:
            part = inflater.decompress(rest, 2**20)
        except zlib.error:
            break
        rest = inflater.unconsumed_tail
        size += len(part)
        if keep:
            parts.append(part)
        if size > limit:
            raise Refused("bomb")
        if not part and not rest:
            break
    return size, b"".join(parts)


# --- stamping -------------------------------------------------------------------------------------------------


def saved(document: pikepdf.Pdf) -> bytes:
    """The file written anew; equal input gives equal bytes. Refused when it cannot be read again: a file that is badly
    spoiled may be opened and yet lose its pages in writing."""
    out = io.BytesIO()
    document.save(out, encryption=False, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    with opened(out.getvalue()) as written:
        if len(written.pages) != len(document.pages):
            raise Refused("damaged")
    return out.getvalue()


def flatten_signatures(document: pikepdf.Pdf) -> None:
    """Turn what forms and signatures show into plain ink, and take the signatures away: in a copy they do not hold,
    and a reader that says "broken signature" would accuse a letter that is good."""
    if "/AcroForm" not in document.Root:
        return
    document.flatten_annotations("all")
    for key in ("/AcroForm", "/Perms", "/DSS"):
        if key in document.Root:
            del document.Root[key]


class Seen:
    """A page as a person sees it: turned, cropped, in the measure of its own unit."""

    def __init__(self, page: pikepdf.Page) -> None:
        self._box, self._turn = visible(page), int(page.obj.get("/Rotate", 0)) % 360
        self.unit = float(page.obj.get("/UserUnit", 1))
        wide, high = self._box[2] - self._box[0], self._box[3] - self._box[1]
        self.wide, self.high = (high, wide) if self._turn in (90, 270) else (wide, high)

    def matrix(self) -> tuple[float, float, float, float, float, float]:
        """From what is seen (origin at the lower left of the turned page) to the page's own coordinates."""
        x0, y0, x1, y1 = self._box
        return {
            90: (0.0, 1.0, -1.0, 0.0, x1, y0),
            180: (-1.0, 0.0, 0.0, -1.0, x1, y1),
            270: (0.0, -1.0, 1.0, 0.0, x0, y1),
        }.get(self._turn, (1.0, 0.0, 0.0, 1.0, x0, y0))

    def on_page(self, x: float, y: float) -> tuple[float, float]:
        """A point that is seen, in the page's own coordinates."""
        a, b, c, d, e, f = self.matrix()
        return a * x + c * y + e, b * x + d * y + f

    def as_seen(self, box: Sequence[float]) -> tuple[float, float, float, float]:
        """A rectangle of the page's own coordinates, as it is seen."""
        a, b, c, d, e, f = self.matrix()
        corners = [(x - e, y - f) for x, y in (box[:2], box[2:])]
        (x0, x1), (y0, y1) = (
            sorted(side) for side in zip(*((a * x + b * y, c * x + d * y) for x, y in corners), strict=True)
        )
        return x0, y0, x1, y1


Spot = tuple[float, float]


def _spots(seen: Seen, frame: Spot, label: Spot, arguments: Arguments) -> tuple[float, Spot, Spot]:
    """How much the stamp is scaled, and the lower left corners of stamp and words as they are seen. `edge` is the
    distance from the page's edge, `left` and `top` where the stamp's corner was asked for, all in points as printed;
    without those it goes to the top right. The stamp never leaves the page; the words stand above it at the foot."""
    edge = float(arguments["edge"])
    k = min(1.0 / seen.unit, seen.wide / (frame[0] + 2 * edge), seen.high / (frame[1] + label[1] + 2 * edge))
    x, top = seen.wide - (edge + frame[0]) * k, seen.high - edge * k
    if "left" in arguments:
        x = min(float(arguments["left"]) / seen.unit, seen.wide - frame[0] * k)
        top = seen.high - min(float(arguments["top"]) / seen.unit, seen.high - frame[1] * k)
    x, top = max(0.0, x), min(seen.high, top)
    y = top - frame[1] * k
    below = y - (label[1] + 1.5) * k
    return k, (x, y), (x + (frame[0] - label[0]) * k, below if below >= 0 else top + 1.5 * k)


def _lay_over(document: pikepdf.Pdf, page: pikepdf.Page, stamp: Any, words: Any, arguments: Arguments) -> None:
    """Put stamp and words on a page."""
    k, at, below = _spots(Seen(page), extent(stamp), extent(words), arguments)
    lay_over(document, page, {"SarabanStamp": (stamp, k, at), "SarabanCopy": (words, k, below)})


def lay_over(document: pikepdf.Pdf, page: pikepdf.Page, parts: Mapping[str, tuple[Any, float, Spot]]) -> None:
    """Put forms of ours, scaled, with their lower left corners there, on a page as a person sees it: turned, cropped,
    scaled or small. What the page had becomes one form, so that nothing it leaves behind (a matrix, a clip) can move
    them."""
    original = document.make_indirect(_as_form(document, page))
    begins = moved_into_form(document, page, original, len(parts))
    forms = Dictionary(SarabanOriginal=original)
    turned = " ".join(f"{value:.3f}" for value in Seen(page).matrix())
    content = ["q /SarabanOriginal Do Q"]
    for begin, (name, (form, k, (x, y))) in zip(begins, parts.items(), strict=True):
        shown = f"q {turned} cm {k:.5f} 0 0 {k:.5f} {x:.3f} {y:.3f} cm /{name} Do Q"
        content.append(f"{begin} {shown} EMC" if begin else shown)
        forms[f"/{name}"] = document.make_indirect(form)
    page.obj.Resources = Dictionary(XObject=forms)
    page.obj.Contents = document.make_indirect(Stream(document, "\n".join(content).encode()))


def extent(form: Any) -> Spot:
    """Width and height of a form of ours, whose box begins at the origin."""
    return float(form.BBox[2]), float(form.BBox[3])


def _as_form(document: pikepdf.Pdf, page: pikepdf.Page) -> Any:
    """What the page draws, as a form. The bytes are taken at once: pikepdf's own `as_form_xobject` reads them when the
    file is saved, and by then the page is another."""
    contents = page.obj.get("/Contents", Array([]))
    streams = list(contents) if isinstance(contents, Array) else [contents]
    form = Stream(document, b"\n".join(stream.read_bytes() for stream in streams if isinstance(stream, Stream)))
    form.Type, form.Subtype, form.BBox = Name.XObject, Name.Form, Array(list(page.mediabox))
    form.Resources = page.resources
    if "/Group" in page.obj:
        form.Group = page.obj.Group
    return form


def visible(page: pikepdf.Page) -> tuple[float, float, float, float]:
    """The part of the page that is shown: its crop box within its media box (ISO 32000-1, 14.11.2)."""
    media, crop = (_ordered(box) for box in (page.mediabox, page.cropbox))
    box = (max(media[0], crop[0]), max(media[1], crop[1]), min(media[2], crop[2]), min(media[3], crop[3]))
    if box[2] - box[0] < 1 or box[3] - box[1] < 1:
        box = media
    if box[2] - box[0] < 1 or box[3] - box[1] < 1:
        raise Refused("damaged")
    return box


def _ordered(box: Any) -> tuple[float, float, float, float]:
    x0, y0, x1, y1 = (float(value) for value in box)
    return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)
