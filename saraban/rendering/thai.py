"""Thai writing: digits, dates, clean text, and the places where a line may end."""

from __future__ import annotations

import re
import tempfile
import threading
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date
from functools import lru_cache
from pathlib import Path

import nlpo3

from saraban.domain.blanks import BLANK
from saraban.domain.calendar import BUDDHIST_OFFSET, MONTHS, long_date
from saraban.domain.classification import Digits

NBSP = "\u00a0"
SHORT_MONTHS = ("ม.ค.", "ก.พ.", "มี.ค.", "เม.ย.", "พ.ค.", "มิ.ย.", "ก.ค.", "ส.ค.", "ก.ย.", "ต.ค.", "พ.ย.", "ธ.ค.")

_DATA = Path(__file__).parent / "data"
_TO_THAI = str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")
# Addresses of mail and of the web are copied by machines; they keep their digits and are never hyphenated or cut
# except when they are wider than the line.
_ADDRESS = re.compile(
    r"(?:https?://|www\.)[!-~]*[A-Za-z0-9/#=_~-]"
    r"|[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+"
    r"|(?<![A-Za-z0-9.-])(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+(?:go\.th|or\.th|ac\.th|co\.th|in\.th|mi\.th|net|org|com|th)"
    r"(?![A-Za-z0-9-])(?:/[!-~]*[A-Za-z0-9/#=_~-])?"
)
# A digit that is joined to Latin letters belongs to a name (COVID-19, SHA-256, A4), which is not ours to transliterate.
_LATIN_NAME = re.compile(r"(?=[A-Za-z0-9._-]*[A-Za-z])(?=[A-Za-z0-9._-]*[0-9])[A-Za-z0-9]+(?:[._-]?[A-Za-z0-9]+)*")
_KEPT_DIGITS = re.compile(f"{_ADDRESS.pattern}|{_LATIN_NAME.pattern}")

_SARA_AM = re.compile("\u0e4d([\u0e48-\u0e4b]?)\u0e32")
_TONE_BEFORE_VOWEL = re.compile("([\u0e48-\u0e4c])([\u0e31\u0e34-\u0e3a])")
_SPACES = re.compile("[\t\u2000-\u200a\u202f\u205f\u3000]")


_digits: ContextVar[Digits] = ContextVar("digits", default=Digits.THAI)


@contextmanager
def written_in(digits: Digits) -> Iterator[None]:
    """What is set and drawn inside has these digits. It holds for the thread that draws: every plan, mark and date asks
    for it, and none hands it on."""
    token = _digits.set(digits)
    try:
        yield
    finally:
        _digits.reset(token)


def thai_digits(text: str) -> str:
    """The same text with Thai digits, as official letters are typed (cabinet resolution). Digits inside mail and web
    addresses and inside names in Latin letters stay as they are. The text as it is while `written_in(Digits.ARABIC)`.
    """
    if _digits.get() is Digits.ARABIC:
        return text
    pieces, start = [], 0
    for kept in _KEPT_DIGITS.finditer(text):
        pieces += [text[start : kept.start()].translate(_TO_THAI), kept[0]]
        start = kept.end()
    return "".join(pieces) + text[start:].translate(_TO_THAI)


def thai_date(day: date) -> str:
    """A day as form 1 prints it: "๒๓ พฤศจิกายน ๒๕๖๙", without วันที่ and without พ.ศ. (clause 11.3)."""
    return thai_digits(long_date(day))


def thai_date_of_era(day: date) -> str:
    """A day as orders and announcements print it: "๒๓ พฤศจิกายน พ.ศ. ๒๕๖๙" (clauses 16.6 and 20.4)."""
    return thai_digits(f"{day.day} {MONTHS[day.month - 1]} พ.ศ. {day.year + BUDDHIST_OFFSET}")


def short_thai_date(day: date) -> str:
    """A day as stamps print it: "๒๓ พ.ย. ๒๕๖๙"."""
    return thai_digits(f"{day.day} {SHORT_MONTHS[day.month - 1]} {day.year + BUDDHIST_OFFSET}")


def clean(text: str) -> str:
    """Text as it can be set: NFC, SARA AM in one piece, tone marks after the vowel they stand on, plain spaces, no
    control or format characters. Line ends become "\\n". What is seen does not change."""
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    text = _SPACES.sub(" ", text).replace("\u2011", "-")
    if not text.replace("\n", "").isprintable():
        text = "".join(
            c for c in text if c == "\n" or unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")
        )
    text = _SARA_AM.sub("\\1\u0e33", text)
    return _TONE_BEFORE_VOWEL.sub(r"\2\1", text)


def one_line(text: str) -> str:
    """Clean text on one line, with single spaces."""
    return " ".join(clean(text).split())


# --- where a line may end -------------------------------------------------------------------------------------

_D = "[๐-๙0-9]"
_S = "[ \u00a0]"
_COUNTED = (
    "น\\.|บาท|ล้านบาท|ฉบับ|ชุด|คน|คัน|เล่ม|แผ่น|หน้า|ราย|รายการ|โครงการ|วัน|เดือน|ปี|แห่ง|เครื่อง|ตัว|อัน|หลัง|ครั้ง|ข้อ"
    "|ชั่วโมง|นาที|เมตร|ตารางเมตร|กิโลเมตร|กิโลกรัม|ลิตร|ไร่|ตารางวา"
)
_GLUE_OF_NUMBERS = (
    rf"(?:พ\.ศ\.|มาตรา|ข้อ|ฉบับที่|ครั้งที่|ชั้น|ร้อยละ){_S}(?={_D})",
    rf"{_D}/ว{_S}(?={_D})",
    rf"{_D}{_S}(?=(?:{_COUNTED})(?:\s|$|[)]))",
    rf"{_S}(?=[ๆฯ])",
)
_GLUE_OF_DATES = (
    rf"{_D}{{1,2}}{_S}(?:{'|'.join(map(re.escape, MONTHS + SHORT_MONTHS))}){_S}(?:พ\.ศ\.{_S})?{_D}{{2,4}}",
    rf"{_D}{_S}{_D}{{3,4}}{_S}{_D}{{4}}(?!{_D})",
)
_GLUE_OF_CAPTIONS = (
    rf"(?:เวลา|โทร\.|วันที่|ที่|จำนวน){_S}(?={_D})",
    rf"ที่{_S}[ก-ฮ]{{1,4}}{_S}?(?:\([^)]{{1,12}}\))?{_S}?(?={_D}[๐-๙0-9.]*/)",
)
_GLUE, _GLUE_IN_LESS_ROOM, _GLUE_IN_LEAST_ROOM = (
    tuple(re.compile(pattern) for pattern in patterns)
    for patterns in (
        (*_GLUE_OF_DATES, *_GLUE_OF_CAPTIONS, *_GLUE_OF_NUMBERS),
        (*_GLUE_OF_DATES, *_GLUE_OF_NUMBERS),
        _GLUE_OF_NUMBERS,
    )
)
"""Stretches whose spaces are no places to end a line: dates, numbers with their words, telephone numbers, and ๆ; and
those that stay whole where a line has no room for the others."""
_NUMBERS = re.compile(rf"{_D}+(?:[.,:/-]{_D}+)*")
_WHOLE = re.compile(
    rf"(?:ฉบับที่|ครั้งที่|ข้อที่|ลำดับที่){NBSP}(?={_D})|(?<={_D})(?:{NBSP}(?:{_COUNTED})(?=\s|$|[)])|[.,:/-](?={_D}))"
    rf"|ครั้งที่|ฉบับที่|{BLANK.pattern}|{_NUMBERS.pattern}"
)
"""Stretches that are no places to end a line either, though words of the dictionary end in them."""
_NO_START = frozenset("ๆฯ,.;:!?)]}”’%/" + NBSP)
_NO_END = frozenset("([{“‘/" + NBSP)
_SLASH_BEHIND_SPACE = re.compile("(?<= )(?=/)")
_DIGITS = frozenset("๐๑๒๓๔๕๖๗๘๙0123456789.,/-")
_NUMBER = re.compile(r"[๐-๙0-9][๐-๙0-9.,/:\-]*")
_CLUSTER = re.compile(
    "[เแโใไ]?[ก-ฮ][\u0e31\u0e34-\u0e3a\u0e47-\u0e4e]*[\u0e30\u0e32\u0e33\u0e45]*"
    "|[\u0300-\u036f]|.[\u0300-\u036f\u0e31\u0e34-\u0e3a\u0e47-\u0e4e]*",
    re.DOTALL,
)
_DICTIONARY, _SHORT_WORDS = "saraban", "saraban short words"
_LONGEST_SHORT_WORD = 10
_LONGEST_KNOWN = 2_000
_lock = threading.Lock()
_loaded = False


def chunks(text: str) -> Sequence[str]:
    """The text of one paragraph in pieces between which a line may end; joined together they are the text, with
    no-break spaces where words belong together. No piece begins with ๆ or ฯ, dates and numbers stay whole, and a mail
    or web address is one piece."""
    _load_dictionary()
    return _known_chunks(text) if len(text) <= _LONGEST_KNOWN else _pieces(_glued(text), _DICTIONARY)


@lru_cache(maxsize=256)
def _known_chunks(text: str) -> tuple[str, ...]:
    """The pieces of a text that was parted lately: titles are set several times over, and of a letter that is being
    typed all paragraphs but one are as they were."""
    return tuple(_pieces(_glued(text), _DICTIONARY))


def shorter_chunks(piece: str, *, least: bool = False) -> list[str]:
    """One piece of `chunks` in the short words of which it is made: the name of an office may be wider than a column
    and is one word of the dictionary. A date loses the words before it; with `least` it ends lines itself, and only
    numbers stay with what they count."""
    _load_dictionary()
    text = _glued(piece.replace(NBSP, " "), _GLUE_IN_LEAST_ROOM if least else _GLUE_IN_LESS_ROOM)
    return [part for short in _pieces(text, _SHORT_WORDS) for part in _SLASH_BEHIND_SPACE.split(short)]


def clusters(text: str) -> list[str]:
    """The text in pieces that a reader sees as one letter: a consonant with the vowels and marks around it. A word
    that is wider than the line is cut between them."""
    return _CLUSTER.findall(text)


def _glued(text: str, glue: tuple[re.Pattern[str], ...] = _GLUE) -> str:
    """The text with no-break spaces where the glue says so."""
    for pattern in glue:
        text = pattern.sub(lambda found: found[0].replace(" ", NBSP), text)
    return text


def _runs(text: str) -> Iterator[tuple[str, bool]]:
    """The text in runs: (run, whether it is an address or a name in Latin letters, which stays whole)."""
    start = 0
    for kept in _KEPT_DIGITS.finditer(text):
        if kept.start() > start:
            yield text[start : kept.start()], False
        yield kept[0], True
        start = kept.end()
    if start < len(text):
        yield text[start:], False


def _pieces(text: str, dictionary: str) -> list[str]:
    """Glued text between whose pieces a line may end."""
    pieces: list[str] = []
    for run, is_whole in _runs(text):
        _take_in(pieces, [run] if is_whole else _words(run, dictionary))
    return _without_ends_inside(pieces, _WHOLE)


def _take_in(pieces: list[str], words: list[str]) -> None:
    """Put words behind the pieces, those that may not begin a line onto the piece before them."""
    for word in words:
        if pieces and _belongs_to(pieces[-1], word):
            pieces[-1] += word
        else:
            pieces.append(word)


def _without_ends_inside(pieces: list[str], whole: re.Pattern[str]) -> list[str]:
    """The pieces, those joined between which a stretch that stays whole goes on."""
    stretches = whole.finditer("".join(pieces))
    stretch = next(stretches, None)
    if stretch is None:
        return pieces
    out, at = pieces[:1], len(pieces[0])
    for piece in pieces[1:]:
        while stretch is not None and stretch.end() <= at:
            stretch = next(stretches, None)
        if stretch is not None and stretch.start() < at:
            out[-1] += piece
        else:
            out.append(piece)
        at += len(piece)
    return out


def _words(text: str, dictionary: str) -> list[str]:
    """Words by the dictionary. `safe=True` of nlpo3 1.4 loses characters, so plain mode, and even that is checked."""
    words: list[str] = nlpo3.segment(text, dictionary)
    if "".join(words) != text:
        return re.findall(" +|[^ ]+", text)
    return [word for word in words if word]


def _belongs_to(before: str, word: str) -> bool:
    """Must this word stay on the line of the piece before it?"""
    if word.isspace() or word[0] in _NO_START or before[-1] in _NO_END:
        return True
    if unicodedata.category(word[0]) == "Mn":
        return True
    return before[-1] in _DIGITS and bool(_NUMBER.fullmatch(word))


def _load_dictionary() -> None:
    """Give nlpo3 the word list and our own terms, once for the process. It reads files only, so the two lists are
    joined in a temporary one."""
    global _loaded
    with _lock:
        if _loaded:
            return
        with tempfile.NamedTemporaryFile("w", encoding="utf-8", suffix=".txt") as joined:
            for name in ("words_th.txt", "official_terms.txt"):
                joined.write((_DATA / name).read_text(encoding="utf-8").rstrip("\n") + "\n")
            joined.flush()
            nlpo3.load_dict(joined.name, _DICTIONARY)
        with tempfile.NamedTemporaryFile("w", encoding="utf-8", suffix=".txt") as short:
            words = (_DATA / "words_th.txt").read_text(encoding="utf-8").split("\n")
            short.write("\n".join(word for word in words if len(word) <= _LONGEST_SHORT_WORD and " " not in word))
            short.flush()
            nlpo3.load_dict(short.name, _SHORT_WORDS)
        _loaded = True
