"""What is done to photographs of persons that others bring for certificates: a picture of 4 by 6 is made anew, with
nothing of the file but what is seen. Runs only inside the child process of `quarantine.py`."""

from __future__ import annotations

import io
import warnings
from collections.abc import Callable

from PIL import Image, ImageOps

from saraban.rendering.foreign import Arguments, Refused
from saraban.rendering.foreign_pictures import on_white

KINDS = ("JPEG", "PNG")
MOST_PIXELS = 40_000_000
WIDE, HIGH = 600, 900
"""4 by 6 cm at 381 dots to the inch."""
LEAST_WIDE, LEAST_HIGH = 236, 354
"""At 150 dots to the inch a face can still be told."""
_MOST_OFF = 1.9
"""A picture that is so many times wider or higher than 4 by 6 is none of a person."""
_ABOVE = 0.3
"""Of what is too much in height, so much is cut off above: the head stands high in a photograph."""
_QUALITY = 90


def photo(data: bytes, arguments: Arguments) -> bytes:
    """The photograph as JPEG of 4 by 6, upright, cut from the middle."""
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    try:
        picture = Image.open(io.BytesIO(data), formats=KINDS)
        if picture.width * picture.height > MOST_PIXELS:
            raise Refused("bomb")
        seen = on_white(ImageOps.exif_transpose(picture))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise Refused("bomb") from error
    except (OSError, SyntaxError, ValueError) as error:
        raise Refused("not-photo") from error
    if seen.width < LEAST_WIDE or seen.height < LEAST_HIGH:
        raise Refused("small-photo")
    ratio = (seen.width / seen.height) / (WIDE / HIGH)
    if not 1 / _MOST_OFF < ratio < _MOST_OFF:
        raise Refused("photo-shape")
    wide, high = min(seen.width, round(seen.height * WIDE / HIGH)), min(seen.height, round(seen.width * HIGH / WIDE))
    left, top = (seen.width - wide) // 2, round((seen.height - high) * _ABOVE)
    cut = seen.crop((left, top, left + wide, top + high)).convert("RGB")
    if cut.width > WIDE:
        cut = cut.resize((WIDE, HIGH), Image.Resampling.LANCZOS)
    bare = Image.new("RGB", cut.size)
    bare.paste(cut)
    out = io.BytesIO()
    bare.save(out, "JPEG", quality=_QUALITY, optimize=True)
    return out.getvalue()


TASKS: dict[str, Callable[[bytes, Arguments], bytes]] = {"photo": photo}
