"""What is done to PDFs that others made. Runs only inside the child process of `quarantine.py`.

Each task takes the file and what it needs in words, and gives bytes; it refuses with `Refused` and a stable word that
`uploads.py` turns into Thai. Nothing here trusts a length, a count or a filter that the file states.
"""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pikepdf
import pypdfium2 as pdfium
from pikepdf import Array, Dictionary, Name, Stream

Arguments = Mapping[str, int | float]

MOST_PAGES = 5_000
MOST_OBJECTS = 500_000
LARGEST_STREAM = 64 * 2**20
"""Octets of a stream that is no picture, after inflating; a page of text has thousands, not millions."""
LARGEST_PICTURE = 300 * 2**20
"""A colour scan of A4 at 600 dpi has 105 MB before compression."""
LARGEST_INFLATED = 1_000 * 2**20
TALLEST_THUMBNAIL = 4_000

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
    with _opened(data) as document:
        if document.is_encrypted:
            raise Refused("encrypted")
        pages = _page_count(document)
        _refuse_actions(document)
        _refuse_bombs(document)
    return str(pages).encode()


def thumbnail(data: bytes, arguments: Arguments) -> bytes:
    """A page as PNG. `page` counts from 0, `width` is in pixels."""
    number, width = int(arguments["page"]), int(arguments["width"])
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
        image = page.render(scale=scale, may_draw_forms=True).to_pil().convert("RGB")
    finally:
        document.close()
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def put_stamp(data: bytes, arguments: Arguments) -> bytes:
    """A copy with the receiving stamp. The file is followed by the two pages of `stamps.draw_stamp`; `original` says
    where it ends; `edge` is the distance from the page's edge in points."""
    split = int(arguments["original"])
    with _opened(data[:split]) as document, pikepdf.open(io.BytesIO(data[split:])) as stamp:
        _page_count(document)
        _flatten_signatures(document)
        page = document.pages[0]
        first, words = (document.copy_foreign(part.as_form_xobject()) for part in stamp.pages)
        _lay_over(document, page, first, words, float(arguments["edge"]))
        out = io.BytesIO()
        document.save(
            out, encryption=False, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate
        )
    return out.getvalue()


TASKS: dict[str, Callable[[bytes, Arguments], bytes]] = {
    "check": check,
    "thumbnail": thumbnail,
    "put_stamp": put_stamp,
}


def _opened(data: bytes) -> pikepdf.Pdf:
    try:
        return pikepdf.open(io.BytesIO(data))
    except pikepdf.PasswordError as error:
        raise Refused("encrypted") from error
    except pikepdf.PdfError as error:
        raise Refused("damaged") from error


def _page_count(document: pikepdf.Pdf) -> int:
    pages = len(document.pages)
    if pages == 0:
        raise Refused("no-pages")
    if pages > MOST_PAGES or len(document.objects) > MOST_OBJECTS:
        raise Refused("too-many-pages")
    return pages


# --- checking -------------------------------------------------------------------------------------------------


def _refuse_actions(document: pikepdf.Pdf) -> None:
    """No scripts, launches, sent forms or embedded players, wherever they hang (ISO 32000-1, 12.6)."""
    for dictionary in _dictionaries(document):
        if not _FORBIDDEN_KEYS.isdisjoint(dictionary.keys()):
            raise Refused("active")
        kind = dictionary.get("/S")
        if isinstance(kind, Name) and str(kind) in _FORBIDDEN_ACTIONS:
            raise Refused("active")


def _dictionaries(document: pikepdf.Pdf) -> Iterator[Any]:
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


def _flatten_signatures(document: pikepdf.Pdf) -> None:
    """Turn what forms and signatures show into plain ink, and take the signatures away: in a copy they do not hold,
    and a reader that says "broken signature" would accuse a letter that is good."""
    if "/AcroForm" not in document.Root:
        return
    document.flatten_annotations("all")
    for key in ("/AcroForm", "/Perms", "/DSS"):
        if key in document.Root:
            del document.Root[key]


def _lay_over(document: pikepdf.Pdf, page: pikepdf.Page, stamp: Any, words: Any, edge: float) -> None:
    """Put stamp and words on a page as a person sees it: turned, cropped, scaled or small. What the page had becomes
    one form, so that nothing it leaves behind (a matrix, a clip) can move the stamp."""
    box, turn, unit = _visible(page), int(page.obj.get("/Rotate", 0)) % 360, float(page.obj.get("/UserUnit", 1))
    before = _as_form(document, page)
    wide, high = box[2] - box[0], box[3] - box[1]
    if turn in (90, 270):
        wide, high = high, wide
    frame = [float(value) for value in stamp.BBox]
    label = [float(value) for value in words.BBox]
    k = min(1.0 / unit, wide / (frame[2] + 2 * edge), high / (frame[3] + label[3] + 2 * edge))
    place = _to_page(box, turn)
    right, top = wide - edge * k, high - edge * k
    spots = (
        (Name.SarabanStamp, right - frame[2] * k, top - frame[3] * k),
        (Name.SarabanCopy, right - label[2] * k, top - (frame[3] + label[3] + 1.5) * k),
    )
    content = ["q /SarabanOriginal Do Q"]
    for name, x, y in spots:
        content.append(f"q {place} cm {k:.5f} 0 0 {k:.5f} {x:.3f} {y:.3f} cm {name} Do Q")
    forms = Dictionary(
        SarabanOriginal=document.make_indirect(before),
        SarabanStamp=document.make_indirect(stamp),
        SarabanCopy=document.make_indirect(words),
    )
    page.obj.Resources = Dictionary(XObject=forms)
    page.obj.Contents = document.make_indirect(Stream(document, "\n".join(content).encode()))


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


def _visible(page: pikepdf.Page) -> tuple[float, float, float, float]:
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


def _to_page(box: tuple[float, float, float, float], turn: int) -> str:
    """The matrix from what is seen (origin at the lower left of the turned page) to the page's own coordinates."""
    x0, y0, x1, y1 = box
    return {
        0: f"1 0 0 1 {x0:.3f} {y0:.3f}",
        90: f"0 1 -1 0 {x1:.3f} {y0:.3f}",
        180: f"-1 0 0 -1 {x1:.3f} {y1:.3f}",
        270: f"0 -1 1 0 {x0:.3f} {y1:.3f}",
    }.get(turn, f"1 0 0 1 {x0:.3f} {y0:.3f}")
