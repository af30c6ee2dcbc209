"""How letters of an old system were kept, for lines that are moved in: looked at with the row, begun with the line."""

from __future__ import annotations

from collections.abc import Sequence

from saraban.domain.actor import Actor
from saraban.domain.calendar import RegisterYear
from saraban.domain.keeping import KeptItem
from saraban.domain.moving import OldLine
from saraban.domain.register import EntryState, RegisterEntry
from saraban.domain.retention import FileGroup, RetentionClass, class_named, default_class, group_coded
from saraban.usecases.archive import REGISTER
from saraban.usecases.books import UnitOfWork
from saraban.usecases.ports import Services


class KeepingDesk:
    """The classes and the file plan of the agency into which lines are moved."""

    def __init__(self, office: Services, actor: Actor) -> None:
        self._office, self._actor = office, actor
        with office.uow() as uow:
            self._classes: Sequence[RetentionClass] = uow.keeping.classes(actor.agency_id)
            self._plan: Sequence[FileGroup] = uow.keeping.plan(actor.agency_id)

    def faults(self, line: OldLine) -> dict[str, str]:
        """What the agency does not know of what a line says, in Thai by field."""
        wrong = {}
        try:
            self._group(line)
        except ValueError as error:
            wrong["file_code"] = str(error)
        else:
            try:
                self._class(line)
            except ValueError as error:
                wrong["period"] = str(error)
        return wrong

    def begin(self, uow: UnitOfWork, lines: Sequence[tuple[OldLine, RegisterEntry]]) -> int:
        """Write down how these lines are kept, where their rows say it and nobody has said anything yet; of how many.
        What is in the store gets the next numbers of this year's form 20, in the order of the lines."""
        told = [(line, entry) for line, entry in lines if line.keeping.said and entry.state is EntryState.USED]
        if not told:
            return 0
        known = {item.entry_id for item in uow.keeping.items(self._actor.agency_id, [entry.id for _, entry in told])}
        told = [(line, entry) for line, entry in told if entry.id not in known]
        now = self._office.clock.now()
        year, stored = (
            RegisterYear.containing(now).buddhist,
            sum(line.keeping.stored_on is not None for line, _ in told),
        )
        serial = uow.keeping.next_numbers(self._actor.agency_id, REGISTER, year, stored) if stored else 0
        items = []
        for line, entry in told:
            said, kind, group = line.keeping, self._class(line), self._group(line)
            item = KeptItem(
                entry.id,
                entry.agency_id,
                entry.subject_of,
                entry.unit_id,
                electronic=False,
                class_code=kind.code,
                basis=kind.basis,
            )
            file_code = group.code if group is not None else ""
            uow.record(item.classify(kind, file_code, by=self._actor, at=now))
            if said.finished_on is not None:
                uow.record(item.finish(kind, said.finished_on, by=self._actor, at=now))
            if said.place.thai:
                uow.record(item.stand(said.place, by=self._actor, at=now))
            if said.stored_on is not None:
                uow.record(item.come_stored(year, serial, said.stored_on, by=self._actor, at=now))
                serial += 1
            items.append(item)
        uow.keeping.add(*items)
        return len(items)

    def _group(self, line: OldLine) -> FileGroup | None:
        return group_coded(self._plan, line.keeping.file_code) if line.keeping.file_code else None

    def _class(self, line: OldLine) -> RetentionClass:
        words = line.keeping.period or default_class(line.matter.secrecy, self._group(line))
        return class_named(self._classes, words)
