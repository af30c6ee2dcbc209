"""PdfMeetingPapers: the `MeetingPapers` that `bootstrap.py` hands to the use cases."""

from __future__ import annotations

from saraban.rendering.qr import qr_png


class PdfMeetingPapers:
    """Draws what a meeting needs."""

    def __init__(self, family: str = "TH Sarabun New") -> None:
        self._family = family

    def qr_picture(self, text: str) -> bytes:
        """A QR code for screens and slides."""
        return qr_png(text)
