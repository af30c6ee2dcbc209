"""Reading message disposition notifications (RFC 8098) with the MIC of RFC 3335 and our two fields."""

from __future__ import annotations

import re
from dataclasses import dataclass

from saraban.exchange.mime import Headers, Limits, Part, read_headers

_MESSAGE_ID = re.compile(r"<[^<>\s]{1,998}>")
_MIC = re.compile(r"\s*([A-Za-z0-9+/]{43}=)\s*,\s*sha-?256\s*", re.IGNORECASE)


@dataclass(frozen=True)
class DispositionReport:
    """What an MDN says. `disposition` is the type after the semicolon ("processed", "displayed", "processed/error");
    `mic` the base64 SHA-256 of what was received; `step` and `manifest_sha256` our own fields. Empty when not said."""

    original_message_id: str
    disposition: str
    mic: str = ""
    step: str = ""
    manifest_sha256: str = ""
    error: str = ""


def read_report(part: Part) -> DispositionReport:
    """The report in a message/disposition-notification part. Missing fields are empty. May raise Unreadable."""
    fields = report_fields(part.payload)
    mic = _MIC.fullmatch(fields.first("received-content-mic"))
    return DispositionReport(
        original_message_id=message_id(fields.first("original-message-id")),
        disposition="".join(fields.first("disposition").rpartition(";")[2].split()).lower()[:100],
        mic=mic[1] if mic else "",
        step=fields.first("x-saraban-step").lower()[:40],
        manifest_sha256=fields.first("x-saraban-manifest-sha256").lower()[:64],
        error=fields.first("error")[:500],
    )


def report_fields(data: bytes) -> Headers:
    """A block of fields inside a report, read like mail headers."""
    return read_headers(data, 0, len(data), Limits(), top=True)[0]


def message_id(value: str) -> str:
    """The first <id> in a header's value, with its angle brackets; the empty string when there is none."""
    match = _MESSAGE_ID.search(value[:4_000])
    return match.group() if match else ""
