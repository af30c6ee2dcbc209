"""What is still to be filled in stands on grey while the letter is a draft; what belongs together stays on one line."""

from __future__ import annotations

import io

import pikepdf
import pytest

from saraban.rendering import paper
from saraban.rendering.renderer import PdfRenderer
from saraban.rendering.thai import chunks
from tests.rendering.a_page import MORNING
from tests.rendering.some_forms import typical


def boxes(renderer: PdfRenderer, **changes: object) -> int:
    """How many grey boxes the first page has."""
    pdf = renderer.letter(typical("external", body="ด้วย{{หน่วยงาน}} จะจัดประชุม **{{เรื่อง}}**", **changes), at=MORNING).pdf
    with pikepdf.open(io.BytesIO(pdf)) as document:
        grey = [float(part) for part in paper.BLANK]
        return sum(
            str(operator) == "rg" and [round(float(one), 2) for one in operands] == grey
            for operands, operator in pikepdf.parse_content_stream(document.pages[0])
        )


def test_blanks_of_a_draft_are_grey_and_an_issued_page_has_no_such_mark(renderer: PdfRenderer) -> None:
    assert boxes(renderer, number=None, date=None) == 1
    assert boxes(renderer) == 0


@pytest.mark.parametrize("text", ["ครั้งที่ {{ครั้งที่}}", "ครั้งที่ พิเศษ ๑/๒๕๖๙", "ประชุมครั้งที่ ๑/๒๕๖๙"])
def test_the_number_of_a_meeting_is_not_parted(text: str) -> None:
    assert not any(piece.rstrip("\u00a0 ").endswith("ครั้ง") or piece.startswith("ที่") for piece in chunks(text))
    assert all(piece.count("{{") == piece.count("}}") for piece in chunks(text))
