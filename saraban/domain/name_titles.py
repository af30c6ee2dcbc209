"""คำนำหน้านาม and ranks before names: the one place that knows them. The same person is written with them, without
them, in words and in letters ("พลตำรวจตรี", "พล.ต.ต.")."""

from __future__ import annotations

import re
from dataclasses import dataclass

_WORDS = (
    "นางสาว", "นาง", "นาย", "เด็กชาย", "เด็กหญิง", "คุณหญิง", "ท่านผู้หญิง", "คุณ", "ว่าที่",
    "หม่อมเจ้า", "หม่อมราชวงศ์", "หม่อมหลวง", "อาจารย์", "ดอกเตอร์",
    "นายแพทย์", "แพทย์หญิง", "ทันตแพทย์หญิง", "ทันตแพทย์", "นายสัตวแพทย์", "สัตวแพทย์หญิง", "สัตวแพทย์",
    "เภสัชกรหญิง", "เภสัชกร",
)  # fmt: skip
_LETTERS = (
    "น.ส.", "ด.ช.", "ด.ญ.", "ม.จ.", "ม.ร.ว.", "ม.ล.", "ดร.", "อ.",
    "นพ.", "น.พ.", "พญ.", "พ.ญ.", "ทพ.", "ท.พ.", "ทพญ.", "น.สพ.", "สพ.ญ.", "ภก.", "ภญ.",
    "Mr.", "Mrs.", "Ms.", "Dr.", "Prof.",
)  # fmt: skip
_RANK_LETTERS = (
    "พล.อ.", "พล.ท.", "พล.ต.", "พล.จ.", "พ.อ.", "พ.ท.", "พ.ต.", "ร.อ.", "ร.ท.", "ร.ต.",
    "จ.ส.อ.", "จ.ส.ท.", "จ.ส.ต.", "ส.อ.", "ส.ท.", "ส.ต.",
    "พล.ร.อ.", "พล.ร.ท.", "พล.ร.ต.", "พล.ร.จ.", "น.อ.", "น.ท.", "น.ต.",
    "พ.จ.อ.", "พ.จ.ท.", "พ.จ.ต.", "จ.อ.", "จ.ท.", "จ.ต.",
    "พล.อ.อ.", "พล.อ.ท.", "พล.อ.ต.", "พล.อ.จ.", "พ.อ.อ.", "พ.อ.ท.", "พ.อ.ต.",
    "พล.ต.อ.", "พล.ต.ท.", "พล.ต.ต.", "พล.ต.จ.", "พ.ต.อ.", "พ.ต.ท.", "พ.ต.ต.", "ร.ต.อ.", "ร.ต.ท.", "ร.ต.ต.",
    "ด.ต.", "ส.ต.อ.", "ส.ต.ท.", "ส.ต.ต.",
)  # fmt: skip
_RANKS = (
    r"(?:พล|พัน|ร้อย|จ่าสิบ|สิบ)(?:ตำรวจ)?(?:เอก|โท|ตรี|จัตวา)",
    r"(?:พล(?:เรือ|อากาศ)|(?:นาวา|เรือ|พันจ่า|จ่า)(?:อากาศ)?)(?:เอก|โท|ตรี|จัตวา)",
    r"(?:นาย)?ดาบตำรวจ|จ่าสิบตำรวจ|พลตำรวจ|พลทหาร",
)
_CIVIL = {"นางสาว", "นาง", "นาย", "เด็กชาย", "เด็กหญิง", "คุณ", "น.ส.", "ด.ช.", "ด.ญ.", "Mr.", "Mrs.", "Ms."}
_POLITE = "คุณ"
_GOES_ON = r"(?=\s*\S+\s+\S)"
"""A given name and a family name still follow: else the word is the given name."""


def _any_of(*titles: str) -> str:
    return "|".join(re.escape(one).replace(r"\.", r"\.\s*") for one in sorted(titles, key=len, reverse=True))


_TITLE = re.compile(
    rf"(?:(?:{_any_of(*_RANK_LETTERS)}|(?P<rank>{'|'.join(_RANKS)}))(?:หญิง{_GOES_ON}|\((?:พิเศษ|หญิง)\))?"
    rf"|(?:[รผ]?ศ\.\s*|(?:รอง|ผู้ช่วย)?ศาสตราจารย์\s*)(?:(?:เกียรติคุณ|กิตติคุณ|คลินิก|พิเศษ){_GOES_ON}|\((?:คลินิก|พิเศษ)\))?"
    rf"|(?P<title>{_any_of(*_LETTERS, *_WORDS)}))"
    r"\s*(?=[ก-ฮเ-ไA-Za-z])"  # no vowel behind or above its consonant: a word that goes on is a name (คุณากร)
)
_NAVY = re.compile(r"\s+ร\.\s*น\.$")


def without_titles(name: str) -> str:
    """A name without the titles and ranks before it (and without the navy's "ร.น." behind it), its words parted by one
    blank. What is nothing but a title stays, and so does a name that begins like one: "นายพลเอก ใจดี" is no general, and
    behind any title "คุณ" begins a name ("ดร.คุณวุฒิ")."""
    spaced = " ".join(name.split())
    return _NAVY.sub("", spaced[(_behind_titles(spaced, 0) or [0])[-1] :])


def _behind_titles(spaced: str, at: int) -> list[int]:
    """Where what is behind each of the titles begins that stand there, one behind the other."""
    found, last = list[int](), ""
    while title := _TITLE.match(spaced, at):
        word = (title["title"] or "").replace(" ", "")
        if (word == _POLITE and found) or (title["rank"] and last in _CIVIL):
            break
        at, last = title.end(), word
        found.append(at)
    return found


@dataclass(frozen=True)
class WrittenName:
    """A name as somebody wrote it, with what is asked of it worked out once. `whole`: without blanks; `bare`: without
    titles too; `words`: how many words `bare` had; `begins` and `ends`: where in `bare` a word may begin, or the name
    behind titles that stand there, and end; `gaps`: where blanks stood
    behind a word that may be of a name."""

    whole: str
    bare: str
    words: int
    begins: frozenset[int]
    ends: frozenset[int]
    gaps: frozenset[int]

    @classmethod
    def of(cls, text: str) -> WrittenName:
        """What was written, read as a name; it may go on with a post behind it."""
        spaced = without_titles(text)
        begins, ends, gaps, at, places = {0}, set(), set(), 0, list[int]()
        for place, sign in enumerate(spaced):
            if sign == " ":
                ends.add(at)
                gaps |= {at} if spaced[place - 1] not in ".)" else set()  # "๑) พล.ต. เอก" tells no other name
                if not spaced[place - 1].isascii() or not spaced[place - 1].isalpha():  # "Anna Maria" has no title Anna
                    places.append(place + 1)
                continue
            if sign in "(),/":
                ends.add(at)
            at += 1
            if sign in ".()":
                places.append(place + 1)
        for place in places:
            behind = _behind_titles(spaced, place + spaced.startswith(" ", place))
            begins |= {len(spaced[:one].replace(" ", "")) for one in (place, *behind)}
        bare = spaced.replace(" ", "")
        ends.add(at)
        return cls("".join(text.split()), bare, len(spaced.split()), *map(frozenset, (begins, ends, gaps)))

    def ends_with(self, other: WrittenName) -> bool:
        """Is it the other name behind a title that nobody knows here? A single word is too little to tell."""
        at = len(self.bare) - len(other.bare)
        return other.words > 1 and at in self.begins and self.bare.endswith(other.bare) and self._is_begun_by(at)

    def _is_begun_by(self, at: int) -> bool:
        """Is what stands before this place less than a name?"""
        return sum(gap <= at for gap in self.gaps) < 2

    def speaks_of(self, other: WrittenName) -> bool:
        """Does the other name stand in it, between ends of words: at its beginning, or behind a title?"""
        at = self.bare.find(other.bare) if other.bare else -1
        return at >= 0 and (at == 0 or (other.words > 1 and at in self.begins)) and at + len(other.bare) in self.ends

    def is_of(self, other: WrittenName) -> bool:
        """Are both the name of one person, whatever titles stand before it? What looks like a title in one of them may
        be how the name begins ("คุณวุฒิ" is "นายคุณวุฒิ")."""
        return bool(self.bare) and (
            self.bare in (other.bare, other.whole)
            or self.whole == other.bare
            or self.ends_with(other)
            or other.ends_with(self)
        )

    def tells_of(self, other: WrittenName) -> bool:
        """Is it that name, or does that name, of two words or more, stand in it, with more behind it? Two words before
        it are the name of somebody else ("ช่วย งาน (เลขานุการ นายเอก ใจดี)")."""
        if self.is_of(other) or other.words < 2:
            return self.is_of(other)
        return self.speaks_of(other) and self._is_begun_by(self.bare.find(other.bare))
