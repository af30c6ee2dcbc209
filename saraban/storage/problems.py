"""What people said about troubles, in its table."""

from __future__ import annotations

from sqlalchemy import Connection, delete, select

from saraban.domain.agency import AgencyId
from saraban.domain.problem import ProblemNote
from saraban.storage.shelves import plain_shelf
from saraban.storage.tables.problems import problem_notes

_notes = plain_shelf(problem_notes, ProblemNote, key=("agency_id", "key"))


class ProblemBooks:
    """Notes about cards on the shelf (usecases.duties.ProblemNotes)."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def find(self, agency_id: AgencyId, key: str) -> ProblemNote | None:
        """What was said about this card."""
        one = (problem_notes.c.agency_id == agency_id, problem_notes.c.key == key)
        found = _notes.find(self._connection, select(problem_notes).where(*one))
        return found[0] if found else None

    def write(self, note: ProblemNote) -> None:
        """Write it down, over what was said before."""
        one = (problem_notes.c.agency_id == note.agency_id, problem_notes.c.key == note.key)
        self._connection.execute(delete(problem_notes).where(*one))
        _notes.add(self._connection, note)
