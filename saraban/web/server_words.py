"""What mail servers say, for the eye: Thai words before, the server's own words folded behind them."""

from __future__ import annotations

from flask import Flask

from saraban.domain.dispatch import told_apart
from saraban.exchange.bounce_reasons import told_by_server


def refused_words(reply: str) -> tuple[str, str]:
    """A reply with which a server did not take a mail, as Thai words and its own; both empty when it said nothing."""
    return told_apart(told_by_server("เครื่องส่งไปรษณีย์ไม่รับ", reply)) if reply else ("", "")


def install(app: Flask) -> None:
    """Give the templates `told_apart` and `refused_words`."""
    app.jinja_env.filters.update(told_apart=told_apart, refused_words=refused_words)
