"""Bytes as answers: files, pages and raw messages."""

from __future__ import annotations

from io import BytesIO

from flask import Response, send_file

from saraban.domain.attachment import Digest
from saraban.domain.errors import NotFound


def digest_in_address(text: str) -> Digest:
    """The digest that stands in an address. Raises NotFound when it is none."""
    try:
        return Digest(text)
    except ValueError:
        raise NotFound from None


def send_bytes(data: bytes, media_type: str, name: str, *, inline: bool = False) -> Response:
    """The bytes with their name; kept by no cache that is shared."""
    answer = send_file(
        BytesIO(data), mimetype=media_type, as_attachment=not inline, download_name=name, etag=Digest.of(data).hex
    )
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer
