"""Documents of every form for the tests of this room: those of the gallery."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from saraban.cli.sample_documents import samples
from saraban.domain.classification import Form
from saraban.usecases.pages import PageLetter

SAMPLES = {sample.name.removesuffix(".pdf"): sample for sample in samples()}


def typical(form: Form | str, **changes: Any) -> PageLetter:
    """The typical document of a form, changed a little."""
    return replace(SAMPLES[f"{Form(form).value}-typical"].letter, **changes)


def long(form: Form | str) -> PageLetter:
    """The document of four pages."""
    return SAMPLES[f"{Form(form).value}-long"].letter
