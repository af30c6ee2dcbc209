"""Pictures of invented signatures, as officers bring them."""

from __future__ import annotations

import io
import math

from PIL import Image, ImageDraw, ImageFilter


def strokes(picture: Image.Image, colour: tuple[int, ...], width: int = 9) -> Image.Image:
    """Draw an invented signature in the middle of a picture."""
    pen = ImageDraw.Draw(picture)
    wide, high = picture.size
    points = [
        (wide * (0.25 + 0.5 * step / 200), high * (0.5 + 0.14 * math.sin(step / 7) + 0.06 * math.sin(step / 3)))
        for step in range(200)
    ]
    pen.line(points, fill=colour, width=width, joint="curve")
    return picture


def written(picture: Image.Image, kind: str = "PNG") -> bytes:
    """The file."""
    out = io.BytesIO()
    picture.save(out, kind)
    return out.getvalue()


def drawn(colour: tuple[int, ...] = (20, 48, 95, 255)) -> bytes:
    """As the sheet of the screen gives it: ink on nothing."""
    return written(strokes(Image.new("RGBA", (1200, 480), (0, 0, 0, 0)), colour))


def photographed() -> bytes:
    """On paper that lies half in a shadow, a little out of focus, as JPEG."""
    paper = Image.new("RGB", (1500, 900), "white")
    shade = Image.linear_gradient("L").resize(paper.size).point(lambda value: 150 + value * 90 // 255)
    paper = Image.merge("RGB", (shade, shade, shade.point(lambda value: value - 12)))
    return written(strokes(paper, (35, 40, 110), 10).filter(ImageFilter.GaussianBlur(1.2)), "JPEG")
