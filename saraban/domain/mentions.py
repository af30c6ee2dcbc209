"""Letter numbers and days that are named in a running text, in one writing each, so that any other writing finds them.

The text is in the normal form of a search: Arabic digits, one space, lower case. `กค (กวจ) 0405.2/ว 198`, however it is
spaced, is `กค(กวจ)0405.2/ว198`; a day in words, in figures, of the Buddhist or the Christian era is `2025-02-20`, and a
month with its year `2025-02-`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

from saraban.domain.calendar import BUDDHIST_OFFSET, MONTHS

_SHORT = ("ม.ค.", "ก.พ.", "มี.ค.", "เม.ย.", "พ.ค.", "มิ.ย.", "ก.ค.", "ส.ค.", "ก.ย.", "ต.ค.", "พ.ย.", "ธ.ค.")
_MONTH_OF = {name: n for names in (MONTHS, _SHORT) for n, name in enumerate(names, 1)}
_MONTH_OF |= {name.rstrip("."): n for n, name in enumerate(_SHORT, 1)}
_MONTH = "|".join(re.escape(name) for name in sorted(_MONTH_OF, key=len, reverse=True))
_ERA = r"(?:พ\.?ศ\.?|ค\.?ศ\.?)?"
_YEAR = r"(?P<year>[0-9]{4}|[0-9]{2})(?![0-9])"
_IN_WORDS = re.compile(rf"(?<![0-9])(?P<day>[0-9]{{1,2}}) ?(?:เดือน ?)?(?P<month>{_MONTH}) ?{_ERA} ?{_YEAR}")
_IN_FIGURES = re.compile(r"(?<![0-9/.-])(?P<day>[0-9]{1,2})[/.-](?P<month>[0-9]{1,2})[/.-](?P<year>[0-9]{4})(?![0-9])")
_SHORT_FIGURES = re.compile(r"(?<![0-9/.ก-ฮ-])(?P<day>[0-9]{1,2})/(?P<month>[0-9]{1,2})/(?P<year>[0-9]{2})(?![0-9/])")
_ISO = re.compile(r"(?<![0-9])(?P<year>[0-9]{4})-(?P<month>[0-9]{2})-(?P<day>[0-9]{2})(?![0-9])")
_OF_MONTH = re.compile(rf"(?:เดือน ?)?(?P<month>{_MONTH}) ?{_ERA} ?(?P<year>[0-9]{{4}})(?![0-9])")
_OF_SHORT_YEAR = re.compile(rf"(?:เดือน ?)?(?P<month>{_MONTH}) ?{_ERA} ?(?P<year>[4-9][0-9])(?![0-9/.])")
_FIRST_BUDDHIST = 2300
"""Years from this one on are of the Buddhist era: the Christian ones will be for a while longer."""

_NUMBER = re.compile(
    r"(?:[ก-ฮ]{1,4}\.? ?(?:\([^() ]{1,40}\) ?)?)?"
    r"(?<![0-9.])[0-9]{1,6}(?:\.[0-9]{1,4})* ?/ ?(?:[วล]\.? ?)?[0-9]{1,8}(?:/[0-9]{1,4})?"
    r"|(?<![ก-๛])[วล]\.? ?[0-9]{1,6}(?![0-9])"
)
_STROKELESS = (
    r"(?:(?!พศ|คศ)[ก-ฮ]{1,4}\.? ?(?:\([^()]{1,40}\) ?)?(?!2[45][0-9]{2}(?![0-9.]))[0-9]{2,6}(?:\.[0-9]{1,4})*"
    r"|[0-9]{2,6}(?:\.[0-9]{1,4})+) ?[วล]\.? ?[0-9]{1,8}"
)
"""Some leave out the stroke before the ว of a circular ("กค0408.2ว214"). A year before it is none of its number."""
_STROKELESS_NUMBER = re.compile(rf"(?<![0-9.]){_STROKELESS}(?![0-9])")
_ASKED_NUMBER = re.compile(
    r"(?<![^ (])(?:[ก-ฮ]{1,4}\.? ?(?:\([^()]{1,40}\) ?)?)?(?:[0-9]{2,6}(?:\.[0-9]{1,4})*|[0-9]) ?/ ?"
    r"(?:[วล]\.? ?)?(?:[0-9]{1,8}(?:/[0-9]{1,4})?)?(?![^ )])"
    rf"|(?<![^ (]){_STROKELESS}(?![^ )])"
    r"|(?<![^ ])[วล]\.? ?[0-9]{1,6}(?![^ ])"
)

_AFTER_LETTERS = re.compile(r"^([ก-ฮ]{1,4})\.(?=[(0-9])")
_WITHOUT_STROKE = re.compile(r"(?<=[0-9])(?=[วล][0-9])")
_SPACES = re.compile(r"^[ก-ฮ]{1,4}(?=[0-9(])|(?<=[วล])(?=[0-9])|(?<=\))(?=[0-9])")


def number_form(text: str) -> str:
    """A letter number, or a part of one, in the writing in which all are compared."""
    text = _AFTER_LETTERS.sub(r"\1", text.replace(" ", "").replace("ว.", "ว").replace("ล.", "ล"))
    return _WITHOUT_STROKE.sub("/", text)


def written_out(number: str) -> str:
    """A number in that writing, or a part of one, with the spaces that a reader expects: "กค (กวจ) 0405.2/ว 198"."""
    return " ".join(_SPACES.sub(lambda match: f"{match[0]} ", number).split())


def numbers_in(text: str) -> list[str]:
    """The letter numbers that a text names, also such without their agency ("ว 89", "405/12"), each once."""
    found = (match[0] for pattern in (_NUMBER, _STROKELESS_NUMBER) for match in pattern.finditer(text))
    return list(dict.fromkeys(map(number_form, found)))


def days_in(text: str) -> list[str]:
    """The days that a text names, each once."""
    taken, _ = take_days(text)
    return [day for day in taken if len(day) == 10]


def take_days(text: str) -> tuple[list[str], str]:
    """The days and months with a year that a text names, and the text without them."""
    found: list[str] = []
    for pattern, read in _READ:
        text = pattern.sub(_taking(found, read), text)
    return list(dict.fromkeys(found)), text


def take_numbers(text: str) -> tuple[list[str], str]:
    """The letter numbers that a question names, or the parts of them, and the question without them."""
    found: list[str] = []
    text = _ASKED_NUMBER.sub(_taking(found, lambda match: number_form(match[0])), text)
    return list(dict.fromkeys(found)), text


def both_years(word: str) -> tuple[str, ...]:
    """The year of the other era beside a word that is a year of one."""
    if len(word) != 4 or not word.isascii() or not word.isdigit():
        return (word,)
    if 2440 <= int(word) <= 2650:
        return word, str(int(word) - BUDDHIST_OFFSET)
    if 1900 <= int(word) <= 2107:
        return word, str(int(word) + BUDDHIST_OFFSET)
    return (word,)


def _taking(found: list[str], read: Callable[[re.Match[str]], str]) -> Callable[[re.Match[str]], str]:
    def take(match: re.Match[str]) -> str:
        said = read(match)
        if not said:
            return match[0]
        found.append(said)
        return " "

    return take


def _christian(year: str) -> int:
    if len(year) == 2:
        return 2500 - BUDDHIST_OFFSET + int(year)
    return int(year) - (BUDDHIST_OFFSET if int(year) >= _FIRST_BUDDHIST else 0)


def _month_number(text: str) -> int:
    return int(text) if text.isdigit() else _MONTH_OF[text]


def _day(match: re.Match[str]) -> str:
    try:
        return date(_christian(match["year"]), _month_number(match["month"]), int(match["day"])).isoformat()
    except ValueError:
        return ""


def _month(match: re.Match[str]) -> str:
    return f"{_christian(match['year']):04}-{_month_number(match['month']):02}-"


_READ: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str]], ...] = (
    (_ISO, _day),
    (_IN_WORDS, _day),
    (_IN_FIGURES, _day),
    (_SHORT_FIGURES, _day),
    (_OF_MONTH, _month),
    (_OF_SHORT_YEAR, _month),
)
