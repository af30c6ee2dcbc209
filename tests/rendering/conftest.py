"""One renderer for the tests of this room; its fonts and dictionary are loaded once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from saraban.rendering.renderer import PdfRenderer


@pytest.fixture(scope="session")
def renderer() -> Iterator[PdfRenderer]:
    renderer = PdfRenderer()
    yield renderer
    renderer.close()
