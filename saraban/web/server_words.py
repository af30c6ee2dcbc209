"""What mail servers say, for the eye: Thai words before, the server's own words folded behind them."""

from __future__ import annotations

import re

from flask import Flask

from saraban.domain.dispatch import told_apart
from saraban.exchange.bounce_reasons import told_by_server
from saraban.web.filters import official_digits

_MACHINE = re.compile(r"(\d+(?:\.\d+){3})")


def refused_words(reply: str) -> tuple[str, str]:
    """A reply with which a server did not take a mail, as Thai words and its own; both empty when it said nothing."""
    return in_thai(told_by_server("เครื่องส่งไปรษณีย์ไม่รับ", reply)) if reply else ("", "")


def in_thai(words: str) -> tuple[str, str]:
    """The Thai words of a trouble with Thai digits, and the server's own as they were; addresses of machines and of
    mail stay what they are."""
    thai, server = told_apart(words)
    parts = _MACHINE.split(thai)
    return "".join(part if place % 2 else official_digits(part) for place, part in enumerate(parts)), server


def install(app: Flask) -> None:
    """Give the templates `told_apart` and `refused_words`."""
    app.jinja_env.filters.update(told_apart=in_thai, refused_words=refused_words)
