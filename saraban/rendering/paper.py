"""Measures of an official letter on A4, from the regulation and the typing instructions that explain it.

Lengths are PDF points, 72 to the inch; y grows upwards from the lower edge. Sources: clause 11 and form 1 (order and
place of the parts), clause 28 (urgency and secrecy in red), clauses 37 and 78 (receiving stamp), clause 71 and form 26
(garuda 3 cm), clause 74 (A4), and the instruction on typing official letters by computer of 2553 (margins, indents,
"Before 6 pt", page number, catch-word).
"""

from __future__ import annotations

from typing import Final

CM: Final = 72 / 2.54

PAGE_WIDTH: Final = 21.0 * CM
PAGE_HEIGHT: Final = 29.7 * CM
LEFT: Final = 3.0 * CM
RIGHT: Final = PAGE_WIDTH - 2.0 * CM
CENTRE: Final = PAGE_WIDTH / 2
TEXT_WIDTH: Final = RIGHT - LEFT
BOTTOM: Final = 2.0 * CM
"""No baseline of running text lies below this line."""

GARUDA_HEIGHT: Final = 3.0 * CM
GARUDA_TOP: Final = PAGE_HEIGHT - 1.5 * CM
GARUDA_FEET: Final = GARUDA_TOP - GARUDA_HEIGHT
"""The level of the garuda's feet, on which the line with the letter's number stands."""
GARUDA_HALF_WIDTH: Final = 1.7 * CM

TYPE_SIZE: Final = 16.0
LEADING: Final = 20.9
"""Single spacing of TH Sarabun New at 16 pt: ascent 850 and descent 457 of 1000 units."""
TIGHTER_LEADINGS: Final = (20.2, 19.5, 18.8)
"""Tried in turn when a letter would need one page less with closer lines, as a typist does to bring the signature onto
the page of the text. Marks of 16 pt do not touch at 18.8."""
BEFORE: Final = 6.0
"""Space before each part of the head and each paragraph."""
BEFORE_CLOSING: Final = 12.0
FIRST_LINE_INDENT: Final = 2.5 * CM
LEVEL_INDENT: Final = 0.75 * CM
"""How much further each lower level of numbered paragraphs begins."""
LABEL_GAP: Final = 12.0
"""Between a caption such as เรื่อง and its words."""

URGENCY_SIZE: Final = 32.0
URGENCY_BASELINE: Final = GARUDA_FEET + 29.0
SECRECY_SIZE: Final = 24.0
SECRECY_TOP_BASELINE: Final = PAGE_HEIGHT - 1.15 * CM
SECRECY_BOTTOM_BASELINE: Final = 0.75 * CM

PAGE_NUMBER_BASELINE: Final = PAGE_HEIGHT - 2.6 * CM
CONTINUED_FIRST_BASELINE: Final = PAGE_NUMBER_BASELINE - 1.6 * LEADING
CATCH_WORD_BASELINE: Final = 1.25 * CM

SIGNATURE_LINES: Final = 4
"""Lines from the closing to the name: three blank ones between them."""
SIGNATURE_WIDTH: Final = 7.0 * CM
TITLE_WIDTH: Final = 8.2 * CM
UNIT_GAP_LINES: Final = 3.0
"""Blank lines between the position and the unit block; may shrink to LEAST_UNIT_GAP_LINES to save a page."""
LEAST_UNIT_GAP_LINES: Final = 0.4
BODY_LINES_WITH_CLOSING: Final = 2
"""At least so many lines of the text stand on the page of the closing."""

STAMP_WIDTH: Final = 5.0 * CM
STAMP_HEIGHT: Final = 2.5 * CM
STAMP_FROM_EDGE: Final = 0.7 * CM

RED: Final = (0.72, 0.07, 0.07)
GREY: Final = (0.55, 0.55, 0.55)
BLACK: Final = (0.0, 0.0, 0.0)
STAMP_BLUE: Final = (0.11, 0.22, 0.52)
