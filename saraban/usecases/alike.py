"""What seems to be in a register already, or twice in a list. Every reason is found for every letter, and a clerk's
word holds for the reasons that were shown and for no other."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from saraban.domain.agency import AgencyId
from saraban.domain.attachment import Digest
from saraban.domain.errors import Finding, PossibleDuplicate
from saraban.domain.numbering import thai_digits
from saraban.domain.register import BookKind, EntryId, Matter, RegisterEntry
from saraban.domain.similarity import likely_same, tight
from saraban.usecases.registry import ComparedLine, Registers

Line = RegisterEntry | ComparedLine
_MOST_COMPARED = 200
_MOST_SHOWN = 5


@dataclass(frozen=True)
class Known:
    """The lines with which letters are to be compared: those of each letter, and those that have one of the files of a
    single letter."""

    of_rows: list[list[Line]]
    of_files: Sequence[RegisterEntry] = ()

    def marks(self) -> frozenset[tuple[EntryId, int]]:
        """By which it is seen that later there are other lines, or that one was put right since."""
        return frozenset((line.id, line.corrected) for lines in self.of_rows for line in lines)


def known(
    registers: Registers,
    agency_id: AgencyId,
    matters: Sequence[Matter],
    kinds: Sequence[BookKind],
    files: Sequence[Digest] = (),
) -> Known:
    """What letters that go into books of these kinds are to be compared with."""
    return Known(_of_rows(registers, agency_id, matters, kinds), registers.of_files(agency_id, files))


def findings(matters: Sequence[Matter], kinds: Sequence[BookKind], known: Known) -> list[Finding]:
    """All that must be looked at before these letters are entered, in their order: a row that stands in the list
    before, lines of the register, and lines with one of the files."""
    found = [*_twins(matters, kinds)]
    for place in (place for _, of_day in _by_day(matters, range(len(matters))) for place in of_day):
        matter = matters[place]
        alike = {line.id: line for line in known.of_rows[place] if likely_same(matter, line)}
        if alike:
            first, *_ = alike.values()
            words = f"อาจเคยลงรับแล้ว เลขรับ {thai_digits(first.serial)} ปี {thai_digits(first.year)} เทียบดูก่อนลงซ้ำ"
            found.append(_finding(place, matter, words, list(alike.values())))
    if known.of_files:
        first = known.of_files[0]
        words = (
            f"ไฟล์นี้เคยแนบแล้วกับ{first.kind.thai} เลข {thai_digits(first.serial)} ปี {thai_digits(first.year)} เทียบดูก่อนลงซ้ำ"
        )
        found.append(_finding(0, matters[0], words, known.of_files))
    return sorted(found, key=lambda finding: finding.row)


def forbid(found: Sequence[Finding], accepted: Sequence[str] = ()) -> None:
    """Raise PossibleDuplicate, with all findings, unless a clerk has accepted each of them by its key."""
    left = Counter(accepted)
    unseen = []
    for finding in found:
        if left[finding.key]:
            left[finding.key] -= 1
        else:
            unseen.append(finding)
    if unseen:
        raise PossibleDuplicate(found, unseen[0].row)


def _of_rows(
    registers: Registers, agency_id: AgencyId, matters: Sequence[Matter], kinds: Sequence[BookKind]
) -> list[list[Line]]:
    """For each letter the lines that it is compared with. The book is held meanwhile, so what is read must be little:
    of many at once only those without a number are compared with all of their days, and of those the first 200."""
    found: list[list[Line]] = [[] for _ in matters]
    for kind in sorted({kind for kind in kinds if kind.incoming}):
        places = [place for place, its in enumerate(kinds) if its is kind]
        by_number: dict[str, list[RegisterEntry]] = {}
        for line in registers.of_numbers(agency_id, kind, [matters[place].number for place in places]):
            by_number.setdefault(tight(line.number), []).append(line)
        for place in places:
            found[place] += by_number.get(tight(matters[place].number), ())
        numbered = [place for place in places if matters[place].number]
        for day, of_day in _by_day(matters, numbered):
            about = registers.about(agency_id, kind, day, unnumbered=True) if len(places) == 1 else []
            same = registers.of_subjects(agency_id, kind, day, [matters[place].subject for place in of_day])
            for place in of_day:
                found[place] += [*about, *same]
        bare = [place for place in places if not matters[place].number][:_MOST_COMPARED]
        for day, of_day in _by_day(matters, bare):
            about = registers.about(agency_id, kind, day)
            for place in of_day:
                found[place] += about
    return found


def _by_day(matters: Sequence[Matter], places: Iterable[int]) -> Iterator[tuple[date | None, list[int]]]:
    days: dict[date | None, list[int]] = {}
    for place in places:
        days.setdefault(matters[place].letter_date, []).append(place)
    yield from days.items()


def _twins(matters: Sequence[Matter], kinds: Sequence[BookKind]) -> Iterator[Finding]:
    """Letters that stand twice in the list: by number and sender, or, without a number, by day, sender and subject."""
    seen: dict[tuple[object, ...], int] = {}
    for place, (matter, kind) in enumerate(zip(matters, kinds, strict=True)):
        if not kind.incoming:
            continue
        what = (tight(matter.number),) if matter.number else (matter.letter_date, matter.subject)
        earlier = seen.setdefault((kind, matter.sender, *what), place)
        if earlier != place:
            yield _finding(place, matter, thai_digits(f"แถวที่ {place + 1} ซ้ำกับแถวที่ {earlier + 1}"), [], twin=earlier)


def _finding(place: int, matter: Matter, words: str, lines: Sequence[Line], twin: int | None = None) -> Finding:
    shown = tuple(line.id for line in lines[:_MOST_SHOWN])
    told = (matter.number, matter.sender, str(matter.letter_date), matter.subject, *map(str, shown))
    key = hashlib.sha256("\n".join(told).encode()).hexdigest()[:32]
    return Finding(place, words, shown, key, twin)
