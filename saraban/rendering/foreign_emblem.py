"""What is done to the emblem that an agency brings: a drawing or a picture becomes one small PDF of ours. Runs only
inside the child process of `quarantine.py`.

A drawing (SVG, or PDF that is only lines and areas) stays one: of its page content nothing is kept but the operators of
paths, colours and states (ISO 32000-1, 8.4 to 8.6), in grey and RGB. All else becomes a picture. Both are cut to their
ink, since the regulation measures the emblem and not the paper around it.
"""

from __future__ import annotations

import io
import itertools
from collections.abc import Callable, Iterator
from typing import Any

import pikepdf
import pypdfium2 as pdfium
from lxml import etree
from pikepdf import Array, Dictionary, Name, Stream
from PIL import Image, ImageChops

from saraban.rendering.foreign import Arguments, Refused, check, visible
from saraban.rendering.foreign_pictures import MOST_PIXELS, on_white

MOST_OCTETS = 5_000_000
LONGEST_DRAWING = 400_000
"""Octets of operators; the garuda of the public drawings has a tenth of it."""
_TALLEST_PICTURE = 1_200
"""Rows of a picture: 3 cm at 1,000 dpi."""
_SIGHT = 3_000
"""Pixels of the longer side when the ink is looked for: a hundredth of a millimetre at 3 cm."""
_FAINTEST = 12
"""How much darker than paper a pixel must be to count as ink."""
_MOST_ELEMENTS = 20_000
_DEEPEST = 12

_SVG = "{http://www.w3.org/2000/svg}"
_SHAPES = frozenset({"path", "rect", "circle", "ellipse", "line", "polyline", "polygon"})
_DRAWN = _SHAPES | {"svg", "g", "defs", "symbol", "use", "clipPath", "style"}
_TEXT = frozenset({"text", "tspan", "textPath", "tref"})
_ACTIVE = frozenset({"script", "foreignObject", "image", "a", "set", "animate", "animateTransform", "animateMotion"})
_HREF = "{http://www.w3.org/1999/xlink}href"

_PAINTING = ("h", "S", "s", "f", "f*", "B", "B*", "b", "b*", "n", "W", "W*")
_KEPT = {"q": 0, "Q": 0, "cm": 6, "w": 1, "J": 1, "j": 1, "M": 1, "d": 2, **dict.fromkeys(_PAINTING, 0)}
_KEPT |= {"m": 2, "l": 2, "c": 6, "v": 4, "y": 4, "re": 4}
"""Operators, and how many operands each has."""
_DROPPED = frozenset({"BMC", "EMC", "MP", "DP", "ri", "i", "BT", "ET", "Tf", "TL"})
"""Marks, hints, and the bounds of text; what would write a letter (Tj and its kin) is no drawing."""
_COLOURS = {"g": 1, "G": 1, "rg": 3, "RG": 3, "k": 4, "K": 4}
_PLAIN_STATE = {"/ca": 1, "/CA": 1, "/BM": "/Normal", "/SMask": "/None"}


class _NoDrawing(Exception):
    """The page has more on it than lines and areas."""


def emblem(data: bytes, arguments: Arguments) -> bytes:
    """A one-page PDF, as large as the ink, either of path operators or of one picture; `widest` is the largest width
    over height. Equal input gives equal bytes."""
    if len(data) > MOST_OCTETS:
        raise Refused("too-large")
    if data.startswith(b"%PDF-"):
        if check(data, {}) != b"1":
            raise Refused("many-pages")
        pdf, operators = data, _drawing(data)
    elif data.startswith(b"\x89PNG\r\n\x1a\n"):
        pdf, operators = None, None
    else:
        pdf = _drawn_svg(data)
        operators = _drawing(pdf)
    seen, unit = (_png(data), 1.0) if pdf is None else _sight(pdf)
    box = _ink(seen)
    wide, high = box[2] - box[0], box[3] - box[1]
    if wide > high * float(arguments["widest"]) or high > 3 * wide:
        raise Refused("shape")
    if operators is None:
        return _of_picture(seen.crop(box))
    assert pdf is not None
    left, bottom = _corner(pdf)
    return _of_drawing(
        operators, (left + box[0] * unit, bottom + (seen.height - box[3]) * unit), (wide * unit, high * unit)
    )


TASKS: dict[str, Callable[[bytes, Arguments], bytes]] = {"emblem": emblem}


# --- SVG --------------------------------------------------------------------------------------------------------------


def _drawn_svg(data: bytes) -> bytes:
    """An SVG as the PDF that svglib and reportlab draw of it. The library comes late: it is wanted seldom."""
    cleaned = _clean_svg(data)
    from reportlab.graphics import renderPDF
    from reportlab.pdfgen.canvas import Canvas
    from svglib.svglib import svg2rlg

    drawing = svg2rlg(io.BytesIO(cleaned))
    if drawing is None or not 0 < drawing.width < 1e5 or not 0 < drawing.height < 1e5:
        raise Refused("damaged")
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(drawing.width, drawing.height), invariant=1)
    renderPDF.draw(drawing, canvas, 0, 0)
    canvas.save()
    return out.getvalue()


def _clean_svg(data: bytes) -> bytes:
    """The same drawing with nothing in it but shapes: no script, no address of anything outside, no entity."""
    reader = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True)
    try:
        root = etree.fromstring(data, reader)
    except etree.XMLSyntaxError as error:
        raise Refused("not-emblem") from error
    if root.tag != f"{_SVG}svg":
        raise Refused("not-emblem")
    for count, parent in enumerate(root.iter()):
        if count > _MOST_ELEMENTS:
            raise Refused("limits")
        for child in list(parent):
            if not _is_shape(child.tag):
                parent.remove(child)
        _clean_element(parent)
    return bytes(etree.tostring(root))


def _is_shape(tag: Any) -> bool:
    """May the element stay? False for what is not seen; refused for what is seen and is no shape."""
    if not isinstance(tag, str) or not tag.startswith(_SVG):
        return False
    name = tag.removeprefix(_SVG)
    if name in _TEXT:
        raise Refused("text")
    if name in _ACTIVE:
        raise Refused("active")
    return name in _DRAWN


def _clean_element(element: Any) -> None:
    for key, value in list(element.attrib.items()):
        foreign = key.startswith("{") and key != _HREF
        if foreign or key.lower().startswith("on"):
            del element.attrib[key]
        elif key in ("href", _HREF):
            if not value.startswith("#"):
                raise Refused("active")
        else:
            _refuse_addresses(f"{key}:{value}")
    if element.tag == f"{_SVG}style":
        _refuse_addresses(element.text or "")
        if "@" in (element.text or ""):
            raise Refused("active")


def _refuse_addresses(text: str) -> None:
    """url(#…) names a gradient, a filter or a mask, which we do not draw, or a clip, which we do."""
    text = "".join(text.split())
    for before, after in itertools.pairwise(text.split("url(")):
        if not after.lstrip("'\"").startswith("#"):
            raise Refused("active")
        if not before.endswith("clip-path:"):
            raise Refused("shades")


# --- the drawing of a page ----------------------------------------------------------------------------------------


def _drawing(pdf: bytes) -> list[str] | None:
    """The operators of the only page when it is a drawing and no more; None when it is to become a picture."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        page = document.pages[0]
        if int(page.obj.get("/Rotate", 0)) % 360 or float(page.obj.get("/UserUnit", 1)) != 1 or "/Annots" in page.obj:
            return None
        lines: list[str] = []
        length = 0
        try:
            for line in _lines(page, page.obj.get("/Resources", Dictionary()), 0):
                lines.append(line)
                length += len(line) + 1
                if length > LONGEST_DRAWING:
                    return None
        except _NoDrawing:
            return None
    return lines


def _lines(page: Any, resources: Any, depth: int) -> Iterator[str]:
    """The kept operators of a page or a form, forms inside written out."""
    spaces, kept, open_states = {False: 1, True: 1}, [], 0
    for instruction in pikepdf.parse_content_stream(page):
        name, operands = str(instruction.operator), list(instruction.operands)
        if name == "q":
            kept.append(dict(spaces))
            open_states += 1
        elif name == "Q":
            if not kept:
                raise _NoDrawing
            spaces = kept.pop()
            open_states -= 1
        if _KEPT.get(name, _COLOURS.get(name, len(operands))) != len(operands):
            raise _NoDrawing
        if name in _KEPT:
            yield _written(operands, name)
        elif name in _COLOURS:
            spaces[name.isupper()] = _COLOURS[name]
            yield _colour([_number(value) for value in operands], name.isupper())
        elif name in ("cs", "CS"):
            spaces[name.isupper()] = _components(operands[0], resources)
            yield _colour(
                [0.0] * spaces[name.isupper()] if spaces[name.isupper()] < 4 else [0, 0, 0, 1], name.isupper()
            )
        elif name in ("sc", "scn", "SC", "SCN"):
            if len(operands) != spaces[name.isupper()]:
                raise _NoDrawing
            yield _colour([_number(value) for value in operands], name.isupper())
        elif name == "gs":
            _refuse_effects(resources["/ExtGState"][str(operands[0])])
        elif name == "Do":
            yield from _form(resources["/XObject"][str(operands[0])], resources, depth)
        elif name not in _DROPPED and not (name == "BDC" and operands[0] != Name.OC):
            raise _NoDrawing
    yield from ["Q"] * open_states


def _form(form: Any, resources: Any, depth: int) -> Iterator[str]:
    if form.get("/Subtype") != Name.Form or "/Group" in form or "/OC" in form or depth >= _DEEPEST:
        raise _NoDrawing
    x0, y0, x1, y1 = (_number(value) for value in form["/BBox"])
    yield "q"
    yield _written(list(form.get("/Matrix", Array([1, 0, 0, 1, 0, 0]))), "cm")
    yield f"{x0:g} {y0:g} {x1 - x0:g} {y1 - y0:g} re W n"
    yield from _lines(form, form.get("/Resources", resources), depth + 1)
    yield "Q"


def _components(name: Any, resources: Any) -> int:
    """How many numbers a colour of that space has; spaces other than grey, RGB, CMYK and their kin are not drawn."""
    word = str(name)
    space: Any = name if word.startswith("/Device") else resources["/ColorSpace"][word]
    kind = str(space if isinstance(space, Name) else space[0])
    if kind == "/ICCBased":
        count = int(space[1]["/N"])
    else:
        count = {"/DeviceGray": 1, "/CalGray": 1, "/DeviceRGB": 3, "/CalRGB": 3, "/DeviceCMYK": 4}.get(kind, 0)
    if count not in (1, 3, 4):
        raise _NoDrawing
    return count


def _refuse_effects(state: Any) -> None:
    """Only states without transparency; line widths and dashes that hang in them are rare and not worth their code."""
    for key, plain in _PLAIN_STATE.items():
        value = state.get(key, None)
        if value is not None and (str(value) if isinstance(plain, str) else float(value)) != plain:
            raise _NoDrawing
    if any(key in state for key in ("/LW", "/D", "/Font", "/TR", "/HT")):
        raise _NoDrawing


def _colour(values: list[float], stroke: bool) -> str:
    """The operator of a colour in grey or RGB, which a page of sRGB can show (ISO 19005-3, 6.2.4)."""
    if len(values) == 4:
        cyan, magenta, yellow, black = values
        values = [(1 - ink) * (1 - black) for ink in (cyan, magenta, yellow)]
    values = [min(1.0, max(0.0, value)) for value in values]
    if len(values) == 3 and values[0] == values[1] == values[2]:
        values = values[:1]
    name = "rg" if len(values) == 3 else "g"
    return f"{' '.join(f'{value:.4g}' for value in values)} {name.upper() if stroke else name}"


def _written(operands: list[Any], name: str) -> str:
    words = [
        f"[{' '.join(f'{_number(part):g}' for part in value)}]" if isinstance(value, Array) else _short(_number(value))
        for value in operands
    ]
    return " ".join([*words, name])


def _short(value: float) -> str:
    return f"{value:.5f}".rstrip("0").rstrip(".") or "0"


def _number(value: Any) -> float:
    try:
        return float(value)
    except (TypeError, ValueError) as error:
        raise _NoDrawing from error


# --- ink and the finished file ------------------------------------------------------------------------------------


def _corner(pdf: bytes) -> tuple[float, float]:
    with pikepdf.open(io.BytesIO(pdf)) as document:
        left, bottom, _, _ = visible(document.pages[0])
    return left, bottom


def _sight(pdf: bytes) -> tuple[Image.Image, float]:
    """The page as it is seen, and how many points a pixel has."""
    document = pdfium.PdfDocument(pdf)
    page = document[0]
    wide, high = page.get_size()
    if wide <= 0 or high <= 0:
        raise Refused("damaged")
    scale = _SIGHT / max(wide, high)
    return page.render(scale=scale).to_pil().convert("RGB"), 1 / scale


def _png(data: bytes) -> Image.Image:
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    try:
        picture = Image.open(io.BytesIO(data), formats=["PNG"])
    except OSError as error:
        raise Refused("damaged") from error
    if picture.width * picture.height > MOST_PIXELS:
        raise Refused("bomb")
    if picture.height < 200:
        raise Refused("too-small")
    return on_white(picture).convert("RGB")


def _ink(seen: Image.Image) -> tuple[int, int, int, int]:
    paper = Image.new("L", seen.size, 255)
    box = ImageChops.difference(seen.convert("L"), paper).point(lambda v: 255 if v > _FAINTEST else 0).getbbox()
    if box is None:
        raise Refused("blank")
    return box


def _of_drawing(operators: list[str], corner: tuple[float, float], size: tuple[float, float]) -> bytes:
    begin = f"1 0 0 1 {_short(-corner[0])} {_short(-corner[1])} cm"
    return _finished(size, "\n".join([begin, *operators]).encode(), None)


def _of_picture(ink: Image.Image) -> bytes:
    if ink.height > _TALLEST_PICTURE:
        wide = max(1, round(ink.width * _TALLEST_PICTURE / ink.height))
        ink = ink.resize((wide, _TALLEST_PICTURE), Image.Resampling.LANCZOS)
    red, green, blue = ink.split()
    if _alike(red, green) and _alike(green, blue):
        ink = ink.convert("L")
    size = (float(ink.width), float(ink.height))
    return _finished(size, f"{ink.width} 0 0 {ink.height} 0 0 cm /Emblem Do".encode(), ink)


def _alike(one: Image.Image, other: Image.Image) -> bool:
    """Do two channels differ so little that nobody sees a colour?"""
    return ImageChops.difference(one, other).point(lambda v: 255 if v > _FAINTEST else 0).getbbox() is None


def _finished(size: tuple[float, float], content: bytes, picture: Image.Image | None) -> bytes:
    out = io.BytesIO()
    with pikepdf.new() as document:
        page = document.add_blank_page(page_size=size)
        page.obj.Contents = document.make_indirect(Stream(document, content))
        page.obj.Resources = Dictionary()
        if picture is not None:
            stream = Stream(document, picture.tobytes())
            stream.Type, stream.Subtype = Name.XObject, Name.Image
            stream.Width, stream.Height, stream.BitsPerComponent = picture.width, picture.height, 8
            stream.ColorSpace = Name.DeviceGray if picture.mode == "L" else Name.DeviceRGB
            page.obj.Resources = Dictionary(XObject=Dictionary(Emblem=document.make_indirect(stream)))
        document.save(out, deterministic_id=True, compress_streams=True)
    return out.getvalue()
