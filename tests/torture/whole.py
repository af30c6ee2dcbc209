"""Is everything whole: the one question of all the tests in this folder."""

from __future__ import annotations

from collections import Counter

from sqlalchemy import func, select

from saraban.bootstrap import Office
from saraban.domain.agency import AgencyId
from saraban.domain.register import EntryState
from saraban.storage.tables.journal import once
from saraban.storage.tables.letters import files, incoming
from saraban.storage.tables.registers import books, corrections, entries, ledger


def require_whole(office: Office, agency_id: AgencyId) -> None:
    """Fail unless no number is missing, doubled or without its lines in book, ledger and journal, nothing is half
    written, and every key that is remembered belongs to something that is there."""
    for book in office.services.ledgers.books(agency_id):
        assert book.sound, book
    with office.reading.connect() as connection:
        counted = select(entries.c.book_id, func.count(), func.max(entries.c.serial), func.min(entries.c.serial))
        lines = {row[0]: tuple(row[1:]) for row in connection.execute(counted.group_by(entries.c.book_id))}
        for row in connection.execute(select(books)):
            assert lines.get(row.id, (0, 0, row.first)) == (row.last - row.first + 1, row.last, row.first), row
        nameless = select(entries.c.serial).where(entries.c.state == EntryState.USED, entries.c.number == "")
        assert connection.scalars(nameless).all() == []
        strangers = select(files.c.owner_id).where(
            files.c.owner_id.not_in(select(entries.c.id)), files.c.owner_id.not_in(select(incoming.c.id))
        )
        assert connection.scalars(strangers).all() == []
        wrong = select(entries.c.id, entries.c.corrected, func.count(corrections.c.entry_id).label("kept"))
        wrong = wrong.outerjoin(corrections, corrections.c.entry_id == entries.c.id).group_by(entries.c.id)
        assert [row for row in connection.execute(wrong) if row.corrected != row.kept] == []
        told = {*connection.scalars(select(ledger.c.entry_id)), *connection.scalars(select(incoming.c.id))}
        remembered = Counter(connection.scalars(select(once.c.subject)))
        assert set(remembered) <= told
    assert list(office.services.ledgers.faults(agency_id)) == []
    assert list(office.services.journals.breaks(agency_id)) == []
