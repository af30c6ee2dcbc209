"""Envelopes (form 15; clauses 45, 74 and 77): sender and number at the upper left, urgency in red, addressee in the
middle, the licence of monthly postage at the upper right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from saraban.rendering import paper
from saraban.rendering.emblem import Emblem, Emblems, draw_small, small_width
from saraban.rendering.print_file import PrintFile
from saraban.usecases.papers import EnvelopeFace, EnvelopeSize

GARUDA_HEIGHT = 1.5 * paper.CM


@dataclass(frozen=True)
class _Measure:
    """Width and height in millimetres, the margin, and the type of sender and addressee."""

    wide: float
    high: float
    margin: float
    sender: float
    addressee: float

    @property
    def size(self) -> tuple[float, float]:
        """Width and height in points."""
        return self.wide * paper.CM / 10, self.high * paper.CM / 10


_MEASURES = {
    EnvelopeSize.C4: _Measure(324, 229, 1.5 * paper.CM, 18, 26),
    EnvelopeSize.C5: _Measure(229, 162, 1.3 * paper.CM, 16, 22),
    EnvelopeSize.C6: _Measure(162, 114, 0.9 * paper.CM, 14, 18),
    EnvelopeSize.DL: _Measure(220, 110, 1.0 * paper.CM, 15, 18),
}
_ADDRESSEE_FROM = 0.40
"""Where the addressee's lines begin, as a part of the width."""
_PERMIT_SIZE = 13.0
_SMALLEST = 11.0


def print_envelopes(family: str, size: EnvelopeSize, faces: Sequence[EnvelopeFace], emblems: Emblems) -> PrintFile:
    """One page of the envelope's size for each face."""
    file = PrintFile(family, _MEASURES[size].size, "ซอง")
    for face in faces:
        _Face(file, _MEASURES[size], face, emblems.of(face.emblem)).draw()
        file.end_page()
    return file


class _Face:
    """One envelope on its way onto paper."""

    def __init__(self, file: PrintFile, measure: _Measure, face: EnvelopeFace, emblem: Emblem | None) -> None:
        self._file, self._measure, self._face, self._emblem = file, measure, face, emblem
        self._wide, self._high = measure.size

    def draw(self) -> None:
        """Sender, urgency, postage, addressee."""
        permit_left = self._draw_permit()
        below = self._draw_sender(permit_left)
        below = self._draw_urgency(below)
        self._draw_addressee(below)

    def _draw_permit(self) -> float:
        """The framed words about the postage; gives the left edge of what it takes."""
        right, top = self._wide - self._measure.margin, self._high - self._measure.margin
        if not self._face.permit:
            return right
        file = self._file
        lines = [
            file.line("ชำระค่าฝากส่งเป็นรายเดือน", _PERMIT_SIZE),
            file.line(f"ใบอนุญาตที่ {self._face.permit}", _PERMIT_SIZE, room=6 * paper.CM),
        ]
        wide = max(line.width for line in lines) + 16
        high = 17.0 * len(lines) + 9
        file.box(right - wide, top - high, wide, high, 0.7)
        for number, line in enumerate(lines):
            file.centred(right - wide / 2, top - 16 - 17 * number, line)
        return right - wide - 10

    def _draw_sender(self, right: float) -> float:
        """The garuda, and beside it the agency, its address and the letter's number; gives the lower edge."""
        file, measure, face = self._file, self._measure, self._face
        top = self._high - measure.margin
        draw_small(file.canvas, measure.margin, top, GARUDA_HEIGHT, file.face, self._emblem)
        x = measure.margin + small_width(GARUDA_HEIGHT, self._emblem) + 8
        step = measure.sender * 1.12
        y = top - measure.sender * 0.85
        for line in file.paragraph(face.sender_name, right - x, measure.sender, bold=True):
            file.show(x, y, line)
            y -= step
        for text in face.sender_address:
            for line in file.paragraph(text, right - x, measure.sender):
                file.show(x, y, line)
                y -= step
        y = min(y, top - GARUDA_HEIGHT - measure.sender * 0.95)
        file.show(measure.margin, y, file.line(f"ที่ {face.number}" if face.number else "ที่", measure.sender))
        return y - measure.sender * 0.4

    def _draw_urgency(self, below: float) -> float:
        """The urgency in red, not smaller than 32 points (clause 28)."""
        words = self._face.urgency.thai
        if not words:
            return below
        y = below - paper.URGENCY_SIZE * 0.78
        self._file.colour(paper.RED)
        self._file.show(self._measure.margin, y, self._file.line(words, paper.URGENCY_SIZE, bold=True))
        self._file.colour()
        return y - 4

    def _draw_addressee(self, below: float) -> None:
        """Salutation and addressee with the address under it, below the middle; smaller when they would not fit."""
        file, measure, face = self._file, self._measure, self._face
        left = self._wide * _ADDRESSEE_FROM
        caption_size = measure.addressee
        while True:
            caption = file.line(face.salutation, caption_size) if face.salutation else None
            x = left + (caption.width + 10 if caption else 0)
            room = self._wide - measure.margin - x
            lines = [
                line for text in (face.addressee, *face.address) for line in file.paragraph(text, room, caption_size)
            ]
            step = caption_size * 1.22
            first = min(self._high * 0.52, max(below, self._high * 0.40))
            first = max(first, measure.margin + step * (len(lines) - 1) + 4)
            if caption_size <= _SMALLEST or first <= below - caption_size * 0.4 or self._clear(first):
                break
            caption_size -= 1
        if caption is not None:
            file.show(left, first, caption)
        for number, line in enumerate(lines):
            file.show(x, first - step * number, line)

    def _clear(self, first: float) -> bool:
        """Does the addressee begin low enough under the sender's lines to its left?"""
        lines_of_sender = 2 + len(self._face.sender_address)
        return first <= self._high - self._measure.margin - lines_of_sender * self._measure.sender * 1.12
