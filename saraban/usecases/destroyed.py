"""The list of the destroyed, for backups: what was destroyed since a backup was made must not come back with it.

A line of JSON for each letter and for each file of it: `agency`, `list`, `entry`, `subject` (null for a letter on
paper), `sha256` (null for the letter itself), `at`. `destroyed_since` writes the list from a living installation,
`destroy_again` applies it to a restored one; to apply it twice changes nothing.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from uuid import UUID

from saraban.domain.actor import Actor
from saraban.domain.agency import AgencyId
from saraban.domain.attachment import Digest
from saraban.domain.errors import BadInput, NotFound
from saraban.domain.events import DomainEvent
from saraban.domain.keeping import KeepingState
from saraban.domain.numbering import thai_digits
from saraban.usecases.archive import Destroyed, Gone
from saraban.usecases.books import UnitOfWork
from saraban.usecases.kept import AT_A_TIME, lines_without_files, owners_of
from saraban.usecases.kept_files import remove_files
from saraban.usecases.ports import Services


def destroyed_since(office: Services, since: datetime | None = None) -> Iterator[str]:
    """The list of the destroyed from a moment on (all of it for None), in lines of JSON."""
    last = 0
    while True:
        with office.uow() as uow:
            found = uow.disposals.destroyed_since(since, last, AT_A_TIME)
        if not found:
            return
        yield from map(_written, found)
        last = found[-1].seq


def destroy_again(office: Services, lines: Iterable[str]) -> int:
    """Destroy what such a list names and a restore has brought back; how many letters were still there. Bytes that the
    restore put here just now go an hour later (`remove_files`). Raises BadInput for a line that is none, before
    anything is done."""
    named = [_read(line, place) for place, line in enumerate(lines, start=1) if line.strip()]
    now, count = office.clock.now(), 0
    for start in range(0, len(named), AT_A_TIME):
        some = named[start : start + AT_A_TIME]
        gone = list(dict.fromkeys(Gone(one.agency_id, one.entry_id, one.subject_of) for one in some))
        with office.uow() as uow:
            for one in some:
                if not uow.disposals.is_known(one):
                    uow.disposals.note(one)
            for fact in _told(uow, some, now):
                uow.record(fact)
            uow.disposals.shred(gone, now)
            for agency_id in {one.agency_id for one in gone}:
                ids = [one.entry_id for one in gone if one.agency_id == agency_id]
                for item in uow.keeping.items(agency_id, ids):
                    count += item.state is not KeepingState.DESTROYED
                    item.state, item.disposal_id, item.held_by = KeepingState.DESTROYED, None, None
                    uow.keeping.save(item)
            uow.search.put(owners_of(gone))
            uow.commit()
    remove_files(office)
    return count


def _told(uow: UnitOfWork, some: Sequence[Destroyed], now: datetime) -> Iterator[DomainEvent]:
    """What the ledger of each agency has to know of lines that lose their files again."""
    for list_id in dict.fromkeys(one.list_id for one in some):
        gone = dict.fromkeys(
            Gone(one.agency_id, one.entry_id, one.subject_of) for one in some if one.list_id == list_id
        )
        for one in gone:
            with suppress(NotFound):  # entered after the backup was made
                yield from lines_without_files(uow, [one], list_id, by=Actor.gateway(one.agency_id), at=now)


def _written(one: Destroyed) -> str:
    values = {
        "agency": str(one.agency_id),
        "list": str(one.list_id),
        "entry": str(one.entry_id),
        "subject": str(one.subject_of) if one.subject_of else None,
        "sha256": one.sha256.hex if one.sha256 else None,
        "at": one.at.isoformat(),
    }
    return json.dumps(values, sort_keys=True)


def _read(line: str, place: int) -> Destroyed:
    try:
        told = json.loads(line)
        return Destroyed(
            0,
            AgencyId(UUID(told["agency"])),
            UUID(told["list"]),
            UUID(told["entry"]),
            UUID(told["subject"]) if told["subject"] else None,
            Digest(told["sha256"]) if told["sha256"] else None,
            datetime.fromisoformat(told["at"]),
        )
    except (ValueError, KeyError, TypeError):
        raise BadInput({"lines": f"บรรทัดที่ {thai_digits(place)} ไม่ใช่รายการหนังสือที่ทำลาย"}) from None


class DestroyedList:
    """The list for the backups (usecases.safekeeping.Destroyed): "letter" with the line of JSON, and "file" with the
    SHA-256 for those who copy files."""

    def __init__(self, office: Callable[[], Services]) -> None:
        self._office = office

    def listed(self) -> Iterator[str]:
        """A line for each letter and file that was destroyed, and for each file in which a virus was found or in which
        letters went to the National Archives."""
        for line in destroyed_since(self._office()):
            yield f"letter {line}"
            if sha256 := json.loads(line)["sha256"]:
                yield f"file {sha256}"
        with self._office().uow() as uow:
            dropped = uow.disposals.leave_backups()
        yield from (f"file {digest}" for digest in dropped)

    def apply(self, lines: Sequence[str]) -> int:
        """Destroy again in a restored database; how many letters it still had. What an errand made and is on the list
        did not come back: the errand says so."""
        office = self._office()
        with office.uow() as uow:
            uow.errands.lose({Digest(one.removeprefix("file ")) for one in lines if one.startswith("file ")})
            uow.commit()
        return destroy_again(office, [one.removeprefix("letter ") for one in lines if one.startswith("letter ")])
