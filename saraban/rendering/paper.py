"""Measures of official documents on A4, from the regulation and the typing instructions that explain it.

Lengths are PDF points, 72 to the inch; y grows upwards from the lower edge. Sources: clauses 11 to 26 and forms 1 to 11
(order and place of the parts), clause 28 (urgency and secrecy in red), clauses 37 and 78 (receiving stamp), clause 71
and form 26 (garuda 3 cm and 1.5 cm), clause 72 and form 27 (seal), clause 74 (A4), forms 28 and 29 (papers), and the
instruction on typing official letters by computer of 2553 (margins, indents, "Before 6 pt", page number, catch-word).
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

HEAD_BASELINE: Final = GARUDA_FEET - LEADING
"""The first of the centred lines below the garuda (forms 4 to 8)."""
HEAD_WIDTH: Final = 2 * (CENTRE - LEFT)
"""Room for centred lines: the middle of the paper lies nearer to the left margin."""
HEAD_RULE_WIDTH: Final = 4.5 * CM
HEAD_RULE_RISE: Final = 0.35 * TYPE_SIZE
"""The rule below the centred lines: its length, and how high above its baseline it is drawn (forms 4 to 9 and 11)."""
RULE_WEIGHT: Final = 0.6
PLAIN_TOP: Final = PAGE_HEIGHT - 2.5 * CM
PLAIN_FIRST_BASELINE: Final = PLAIN_TOP - 0.85 * TYPE_SIZE
"""On paper without a garuda (forms 9 and 11) the text begins 2.5 cm from the upper edge, as is the practice."""

MEMO_GARUDA_HEIGHT: Final = 1.5 * CM
"""Clause 71 and form 29: garuda 1.5 cm, at the left margin, 1.5 cm from the upper edge."""
MEMO_TITLE_SIZE: Final = 29.0
MEMO_TITLE_LINE: Final = 35.0
MEMO_TITLE_BASELINE: Final = GARUDA_TOP - 0.81 * MEMO_TITLE_LINE
"""The title's line is exactly 35 points high and begins with the garuda; 0.81 of it lies above the baseline."""
MEMO_BEFORE_CAPTIONS: Final = MEMO_TITLE_BASELINE - (GARUDA_TOP - MEMO_GARUDA_HEIGHT)
"""White above ส่วนราชการ, so that it stands one line of captions below the garuda's feet."""
MEMO_CAPTION_SIZE: Final = 20.0
MEMO_CAPTION_LINES: Final = 1.25
"""Single spacing of captions of 20 points, in lines of 16."""
LEADER_DROP: Final = 2.4
LEADER_DOT: Final = 0.7
LEADER_STEP: Final = 2.2
"""How far the dotted leaders lie below the baseline of what is written on them, and their dots."""
LEADER_GAP: Final = 5.0
"""Between a caption of the memorandum and its leader."""

RIGHT_HALF: Final = (CENTRE + RIGHT) / 2
"""The axis of the right half, on which name and position stand where no closing leads them (forms 2 and 4 to 11)."""
LEFT_HALF: Final = LEFT + TEXT_WIDTH / 4
"""The axis of the recorder's name when somebody else signs the minutes."""

SEAL_OUTER: Final = 4.5 * CM
SEAL_INNER: Final = 3.5 * CM
SEAL_GARUDA_HEIGHT: Final = 3.0 * CM
"""Clause 72 and form 27: two circles of 4.5 and 3.5 cm, and the garuda of 3 cm in them."""
SEAL_AXIS: Final = CENTRE + 3.0 * CM
"""The middle of the seal and of the agency's name over it, with room for the initials to the right."""
SEAL_ABOVE_NAME: Final = 0.52 * CM
"""How far the seal reaches above the baseline of the agency's name, over which it is set (clause 14.5)."""
INITIALS_HEIGHT: Final = 1.8 * CM

PHOTO_WIDTH: Final = 4.0 * CM
PHOTO_HEIGHT: Final = 6.0 * CM
PHOTO_BELOW_DATE: Final = 0.6 * TYPE_SIZE
"""Clause 24.7 and form 10: the photograph of 4 by 6 cm at the left margin, its upper edge a little below the date."""
PHOTO_SEAL: Final = (LEFT + PHOTO_WIDTH + 0.7 * CM, 1.55 * CM)
"""The middle of the seal over its lower right corner, on the photograph and on the paper: x, and how far above its
lower edge."""
HOLDER_AXIS: Final = LEFT + PHOTO_WIDTH / 2 + 0.8 * CM
HOLDER_LINES: Final = 2.6
"""The holder signs below the photograph, above the name: so many lines below the lower edge."""

PERSON_COLUMNS: Final = (0.9 * CM, 5.3 * CM, 5.6 * CM, 4.2 * CM)
"""Lists of persons in minutes: number, name, position, and part in the meeting, 16 cm together."""
COLUMN_GAP: Final = 6.0

URGENCY_SIZE: Final = 32.0
URGENCY_BASELINE: Final = GARUDA_FEET + 29.0
URGENCY_ON_PLAIN_PAPER: Final = PAGE_HEIGHT - 1.9 * CM
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
HALF_TITLE_WIDTH: Final = TEXT_WIDTH / 2 - 12.0
"""Room for the position of one of two who sign side by side."""
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
BLANK: Final = (0.87, 0.87, 0.87)
"""Below what is still to be filled in on a draft."""
BLACK: Final = (0.0, 0.0, 0.0)
STAMP_BLUE: Final = (0.11, 0.22, 0.52)
