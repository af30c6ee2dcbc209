"""Runs of documents from sheets and the links of holders, on the shelf."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Connection, bindparam, or_, select, update

from saraban.domain.agency import AgencyId
from saraban.domain.attachment import Digest
from saraban.domain.errors import ConcurrentEdit
from saraban.domain.issued import IssuedId, IssuedState
from saraban.domain.issued_run import HolderLink, IssuedRun, IssuedRunId, RunLine
from saraban.storage.archive import expect_of
from saraban.storage.shelves import Shelf, plain_shelf
from saraban.storage.tables import issued_runs as t
from saraban.storage.tables.issued import issued_documents as documents

_runs: Shelf[IssuedRun] = plain_shelf(t.issued_runs, IssuedRun)
_lines: Shelf[RunLine] = plain_shelf(t.issued_run_lines, RunLine, key=("run_id", "ordinal"))
_links: Shelf[HolderLink] = plain_shelf(t.holder_links, HolderLink)
_OF_RUN = (
    select(t.issued_run_lines)
    .join(documents, documents.c.id == t.issued_run_lines.c.document_id)
    .where(t.issued_run_lines.c.run_id == bindparam("run"), documents.c.state == bindparam("state"))
    .order_by(t.issued_run_lines.c.ordinal)
)
_LINKED = select(t.issued_run_lines.c.document_id, t.holder_links.c.mail).join(
    t.holder_links, t.holder_links.c.document_id == t.issued_run_lines.c.document_id
)
_HOLD = (
    update(t.issued_runs)
    .where(t.issued_runs.c.id == bindparam("run"), t.issued_runs.c.runner == bindparam("held_by"))
    .values(leased_until=bindparam("until"))
)
_LINK = update(t.holder_links).where(t.holder_links.c.id == bindparam("link"))
_OPEN = _LINK.where(t.holder_links.c.withdrawn_at.is_(None))
_FETCH = _OPEN.values(fetches=t.holder_links.c.fetches + 1, fetched_at=bindparam("at"))
_WITHDRAW = _OPEN.values(withdrawn_at=bindparam("at"))
_RETURN = _LINK.where(t.holder_links.c.returned_at.is_(None)).values(
    returned_at=bindparam("at"), why_returned=bindparam("why")
)


class IssuedRunBooks:
    """Runs and links (usecases.issued.IssuedRuns)."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, run: IssuedRun, lines: Sequence[RunLine]) -> None:
        """Keep a new run with its lines."""
        _runs.add(self._connection, run)
        _lines.add(self._connection, *lines)

    def get(self, agency_id: AgencyId, run_id: UUID) -> IssuedRun:
        """A run of the agency; NotFound otherwise."""
        found = _runs.get(self._connection, run_id)
        expect_of(agency_id, found.agency_id)
        return found

    def save(self, run: IssuedRun) -> None:
        """Write it back; ConcurrentEdit when somebody was faster."""
        _runs.save(self._connection, run)

    def lock(self, run_id: IssuedRunId) -> None:
        """Lock the row of the run."""
        self._connection.execute(select(t.issued_runs.c.id).where(t.issued_runs.c.id == run_id).with_for_update())

    def lines(
        self,
        run_id: IssuedRunId,
        state: IssuedState,
        passed: Sequence[int] | None = None,
        *,
        valid_on: date | None = None,
    ) -> Sequence[RunLine]:
        """Its lines whose documents stand so, after one of these numbers of approvals and not expired on a day, in the
        order of the sheet."""
        statement = _OF_RUN if passed is None else _OF_RUN.where(documents.c.passed.in_(passed))
        if valid_on is not None:
            until = documents.c.valid_until
            statement = statement.where(or_(until.is_(None), until >= valid_on))
        return _lines.find(self._connection, statement, {"run": run_id, "state": state})

    def tell(self, line: RunLine) -> None:
        """Write what became of a line."""
        _lines.save(self._connection, line)

    def hold(self, run_id: IssuedRunId, runner: UUID, until: datetime) -> None:
        """Go on holding it; ConcurrentEdit when it was stopped or another goes through it."""
        values = {"run": run_id, "held_by": runner, "until": until}
        if self._connection.execute(_HOLD, values).rowcount != 1:
            raise ConcurrentEdit

    def add_link(self, link: HolderLink) -> None:
        """Keep a new link."""
        _links.add(self._connection, link)

    def renew_link(self, link: HolderLink) -> bool:
        """Keep it in the place of the one with its id; False when that was withdrawn."""
        row = _links.row(link)
        return self._connection.execute(_OPEN.values(row), {"link": row.pop("id")}).rowcount == 1

    def count_fetch(self, link: HolderLink, at: datetime) -> bool:
        """Write that the file was fetched by it; False when it answers no longer."""
        return self._connection.execute(_FETCH, {"link": link.id, "at": at}).rowcount == 1

    def withdraw_link(self, link: HolderLink, at: datetime) -> bool:
        """Let it answer no longer; False when it does not any more."""
        return self._connection.execute(_WITHDRAW, {"link": link.id, "at": at}).rowcount == 1

    def note_return(self, link: HolderLink) -> bool:
        """Write that its mail came back, and why; False when that is written already."""
        values = {"link": link.id, "at": link.returned_at, "why": link.why_returned}
        return self._connection.execute(_RETURN, values).rowcount == 1

    def link(self, token: Digest) -> HolderLink | None:
        """The link of a token, if there is one."""
        found = _links.find(self._connection, select(t.holder_links).where(t.holder_links.c.token == token))
        return found[0] if found else None

    def links(self, document_id: IssuedId) -> Sequence[HolderLink]:
        """All links of a document, the newest first."""
        c = t.holder_links.c
        statement = select(t.holder_links).where(c.document_id == document_id)
        return _links.find(self._connection, statement.order_by(c.made_at.desc(), c.id))

    def link_of(self, agency_id: AgencyId, link_id: UUID) -> HolderLink | None:
        """The link with this id, if the agency has it."""
        c = t.holder_links.c
        found = _links.find(self._connection, select(t.holder_links).where(c.id == link_id, c.agency_id == agency_id))
        return found[0] if found else None

    def mailed(self, run_id: IssuedRunId) -> frozenset[IssuedId]:
        """The documents of a run of which a link ever went out by mail."""
        statement = _LINKED.where(t.issued_run_lines.c.run_id == run_id, t.was_mailed)
        return frozenset(IssuedId(row.document_id) for row in self._connection.execute(statement))

    def returned(self, run_id: IssuedRunId) -> Mapping[IssuedId, str]:
        """The documents of a run whose mails came back, and where the last went."""
        of_run = _LINKED.where(t.issued_run_lines.c.run_id == run_id)
        back = of_run.where(t.is_back).order_by(t.holder_links.c.made_at, t.holder_links.c.id.desc())
        there = of_run.where(or_(t.is_out, t.was_fetched))
        out = {row.document_id for row in self._connection.execute(there)}
        found = ((IssuedId(row.document_id), str(row.mail)) for row in self._connection.execute(back))
        return {document: mail for document, mail in found if document not in out}
