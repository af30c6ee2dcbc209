"""The lists of people in minutes (form 11, clause 25): as the roll tells them, and as a secretary edits them
afterwards, a line each, "name | post | part"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from saraban.domain.content import Content
from saraban.domain.meeting_people import Part, Participant, Presence, typed_part
from saraban.domain.name_titles import WrittenName

_LISTS = ("present", "absent", "attending")
_STEAD = "แทน"
_IN_STEAD = re.compile(rf"(?:^|\s){_STEAD}(.*)")
_IN_BRACKETS = re.compile(rf"\(\s*{_STEAD}(.*)")


def who_came(people: Sequence[Participant]) -> dict[str, str]:
    """The three lists of form 11: who came, which member did not and why, who attended besides. Of whom it was not said
    whether he came stands in none."""
    return {name: "\n".join(_line(one) for one in people if _list_of(one) == name) for name in _LISTS}


def agrees_with_roll(details: Mapping[str, str], people: Sequence[Participant]) -> bool:
    """Does everybody of the roll stand in the list of the minutes in which the roll has him, and in no other, and is
    nobody called the chair who is not? How a secretary writes a name's title, a post or another part, in which order,
    and whom he adds is his."""
    roll = _Roll(people)
    return all(roll.merged(name, details.get(name, "")) == _tidy(details.get(name, "")) for name in _LISTS)


def with_who_came(content: Content, people: Sequence[Participant]) -> Content:
    """Minutes whose lists agree with the roll: who stands where he belongs stays as he was written, and who is not of
    the roll; everything else as it was written, too."""
    details = dict(content.details)
    if not agrees_with_roll(details, people):
        roll = _Roll(people)
        details |= {name: "\n".join(roll.merged(name, details.get(name, ""))) for name in _LISTS}
    return replace(content, details={key: text for key, text in details.items() if text})


class _Roll:
    """The roll of a meeting, with what is asked of every name for every line worked out once. A participant is spoken
    of by his place in it."""

    def __init__(self, people: Sequence[Participant]) -> None:
        self._people = people
        self._names = [WrittenName.of(one.name) for one in people]
        self._came = [WrittenName.of(one.stands_in) if one.stands_in else None for one in people]
        self._lines = [_line(one) for one in people]
        self._by_line = _places(self._lines)
        self._by_whole = _places(name.whole for name in self._names)
        self._by_bare = _places(name.bare for name in self._names)
        self._chaired = any(one.part is Part.CHAIR and _in_person(one) for one in people)

    def merged(self, name: str, text: str) -> list[str]:
        """The lines of a list of minutes, without those whom the roll has elsewhere, and with those who are missing,
        each behind who stands before him in the roll."""
        lines: list[str] = []
        owners: list[int | None] = []
        for line in _tidy(text):
            written = WrittenName.of("" if line in self._by_line else line.partition("|")[0])
            of = self._of(line, written, name, owners)
            if of is None or (_list_of(self._people[of]) == name and self._is_current(line, written, of)):
                lines.append(line if of is None else self._with_part(name, line, of))
                owners.append(of)
        place = 0
        for of in (of for of, one in enumerate(self._people) if _list_of(one) == name):
            if of in owners:
                place = owners.index(of) + 1
                continue
            lines.insert(place, self._lines[of])
            owners.insert(place, of)
            place += 1
        return lines

    def _of(self, line: str, written: WrittenName, name: str, owners: Sequence[int | None]) -> int | None:
        """Whose line it is. Of people with the same name it is his who has no line yet and whose post it tells."""
        found = self._spoken_of(line, written)

        def fit(of: int) -> tuple[bool, int, bool]:
            one = self._people[of]
            told = sum(bool(words) and words in line for words in (one.post, one.office))
            return of not in owners, told, _list_of(one) == name and self._is_current(line, written, of)

        return max(found, key=fit, default=None)

    def _spoken_of(self, line: str, written: WrittenName) -> list[int]:
        """Whom of the roll a line may tell of: as the roll itself writes it; else in whose stead somebody came, who may
        be of the roll, too; else by the name, as it was written, without titles, behind titles that nobody knows, with
        more behind it; else who came, in whose stead the line does not say."""
        found: list[int] | None = self._by_line.get(line) or self._in_stead(line)
        found = found or self._by_whole.get(written.whole) or self._by_bare.get(written.bare)
        found = found or self._longest([of for of, name in enumerate(self._names) if written.is_of(name)])
        found = found or self._longest([of for of, name in enumerate(self._names) if written.tells_of(name)])
        return found or [of for of, name in enumerate(self._came) if name is not None and written.tells_of(name)]

    def _in_stead(self, line: str) -> list[int]:
        """Of whom of the roll the line says that somebody came in his stead."""
        name, _, rest = line.partition("|")
        said = _IN_STEAD.search(" ".join(rest.replace("|", " ").split())) or _IN_BRACKETS.search(name)
        stead = WrittenName.of(said[1]) if said else None
        return self._longest([of for of, one in enumerate(self._names) if stead and stead.speaks_of(one)])

    def _longest(self, found: Sequence[int]) -> list[int]:
        """Those of the longest name: one name can begin another."""
        longest = max((len(self._names[of].bare) for of in found), default=0)
        return [of for of in found if len(self._names[of].bare) == longest]

    def _is_current(self, line: str, written: WrittenName, of: int) -> bool:
        """Does the line say who came for the participant, and that there is a reason where he did not?"""
        one, cells = self._people[of], line.split("|", 2)
        if line == self._lines[of]:
            return True
        if one.presence is Presence.PRESENT:
            came = self._came[of]
            return written.tells_of(came or self._names[of]) and (came is None or of in self._in_stead(line))
        return not one.reason or (len(cells) > 2 and cells[-1].strip() not in ("", "-"))

    def _with_part(self, name: str, line: str, of: int) -> str:
        """The line, where it calls somebody the chair although the roll's chair came, or gives the chair another part,
        with the part of the roll. Who chairs for a chair that did not come himself is for the secretary to write."""
        one, cells = self._people[of], line.split("|", 2)
        typed = typed_part(cells[2]) if len(cells) > 2 and cells[2].strip() else None
        is_chair, called = one.part is Part.CHAIR, typed is Part.CHAIR
        if name != "present" or typed is None or is_chair is called or not (self._chaired and _in_person(one)):
            return line
        return f"{'|'.join(cells[:2])}| {one.part.thai}"


def _places(words: Iterable[str]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for place, word in enumerate(words):
        found.setdefault(word, []).append(place)
    return found


def _tidy(text: str) -> list[str]:
    return [line.strip() for line in text.split("\n") if line.strip()]


def _in_person(one: Participant) -> bool:
    return one.presence is Presence.PRESENT and not one.stands_in


def _list_of(one: Participant) -> str:
    """In which list he stands; empty for none."""
    if one.presence is Presence.PRESENT:
        return "attending" if one.part is Part.ATTENDING else "present"
    return "absent" if one.presence is Presence.ABSENT and one.part is not Part.ATTENDING else ""


def _line(one: Participant) -> str:
    """As form 11 lists a person: name | post | part; who came in somebody's stead stands with "แทน", who did not come
    with the reason. A bar within a name that was typed at the door would begin a column. Who came in the chair's stead
    does not preside by that (the vice-chair does, or whom the meeting chose): what he was is left to be written."""
    post = " ".join(filter(None, (one.post, one.office)))
    if one.presence is not Presence.PRESENT:
        return f"{one.name} | {post or '-'} | {one.reason or '-'}"
    name = one.stands_in.replace("|", "/") or one.name
    said = f"{_STEAD} {one.name} {post}".strip() if one.stands_in else post
    part = "" if one.part is Part.CHAIR and one.stands_in else one.part.thai
    return f"{name} | {said or '-'}" + ("" if one.part is Part.ATTENDING else f" | {part}".rstrip())
