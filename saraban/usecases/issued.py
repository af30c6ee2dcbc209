"""The port of the shelf of issued documents; shared by all who issue, end and look them up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Protocol
from uuid import UUID

from saraban.domain.agency import AgencyId
from saraban.domain.answerers import Answerers
from saraban.domain.attachment import Digest
from saraban.domain.issued import IssuedDocument, IssuedId, IssuedState
from saraban.domain.issued_kind import IssuedKind, IssuedKindId
from saraban.domain.issued_run import HolderLink, IssuedRun, IssuedRunId, RunLine


class Issued(Protocol):
    """Kinds of documents that agencies issue to people, and the documents."""

    def kind(self, agency_id: AgencyId, kind_id: UUID) -> IssuedKind:
        """A kind of the agency; NotFound otherwise."""
        ...

    def answerers(self, kind: IssuedKind, on: date) -> Answerers | None:
        """Who answers what is asked about the kind on a day; None where it names nobody."""
        ...

    def kinds(self, agency_id: AgencyId) -> Sequence[IssuedKind]:
        """All kinds of the agency, by their codes."""
        ...

    def add_kind(self, kind: IssuedKind) -> None: ...
    def save_kind(self, kind: IssuedKind) -> None: ...
    def document(self, agency_id: AgencyId, document_id: UUID) -> IssuedDocument:
        """A document of the agency; NotFound otherwise."""
        ...

    def add(self, *documents: IssuedDocument) -> None: ...
    def save(self, document: IssuedDocument) -> None:
        """Write it back; ConcurrentEdit when somebody else did since it was read."""
        ...

    def held(self, agency_id: AgencyId, document_ids: Sequence[UUID]) -> Sequence[IssuedDocument]:
        """Those of these that are the agency's, locked until the transaction ends."""
        ...

    def save_held(self, documents: Sequence[IssuedDocument]) -> None:
        """Write back what `held` gave."""
        ...

    def by_number(self, agency_id: AgencyId, kind_id: IssuedKindId, number: str) -> Sequence[IssuedDocument]:
        """What was issued under this number (Arabic digits), the newest first."""
        ...

    def by_holder(self, agency_id: AgencyId, kind_id: IssuedKindId, holder_id: str) -> Sequence[IssuedDocument]:
        """What was issued to the person or company with this number of 13 digits, the newest first."""
        ...

    def following(self, document_id: IssuedId) -> Sequence[IssuedDocument]:
        """Documents that were begun to come after this one."""
        ...

    def count_out(self, kind_id: IssuedKindId) -> int:
        """How many of the kind have taken a number."""
        ...

    def how_many(
        self, kind_id: IssuedKindId, state: IssuedState, most: int, passed: Sequence[int] | None = None
    ) -> int:
        """How many documents of the kind stand so, after one of these numbers of approvals, counted up to `most`."""
        ...

    def next_serials(self, kind_id: IssuedKindId, year: int, count: int) -> range:
        """The next numbers of the kind in that Buddhist year (0: for ever); who asks for none keeps others waiting."""
        ...


class IssuedRuns(Protocol):
    """Runs of documents from sheets, and the links of holders."""

    def add(self, run: IssuedRun, lines: Sequence[RunLine]) -> None: ...
    def get(self, agency_id: AgencyId, run_id: UUID) -> IssuedRun:
        """A run of the agency; NotFound otherwise."""
        ...

    def save(self, run: IssuedRun) -> None:
        """Write it back; ConcurrentEdit when somebody was faster."""
        ...

    def lock(self, run_id: IssuedRunId) -> None:
        """Nobody else who asks for it goes through this run until commit."""
        ...

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
        ...

    def tell(self, line: RunLine) -> None: ...
    def hold(self, run_id: IssuedRunId, runner: UUID, until: datetime) -> None:
        """Go on holding it; ConcurrentEdit when it was stopped or another goes through it."""
        ...

    def add_link(self, link: HolderLink) -> None: ...
    def renew_link(self, link: HolderLink) -> bool:
        """Keep it in the place of the one with its id; False when that was withdrawn: it answers no longer."""
        ...

    def count_fetch(self, link: HolderLink, at: datetime) -> bool:
        """Write that the file was fetched by it; False when it answers no longer. This and the next two write what they
        tell and nothing else: others may do theirs at the same time."""
        ...

    def withdraw_link(self, link: HolderLink, at: datetime) -> bool:
        """Let it answer no longer; False when it does not any more."""
        ...

    def note_return(self, link: HolderLink) -> bool:
        """Write that its mail came back, and why, as the link has it; False when that is written already."""
        ...

    def link(self, token: Digest) -> HolderLink | None:
        """The link of a token, if there is one."""
        ...

    def links(self, document_id: IssuedId) -> Sequence[HolderLink]:
        """All links of a document, the newest first."""
        ...

    def link_of(self, agency_id: AgencyId, link_id: UUID) -> HolderLink | None:
        """The link of the agency with this id, if there is one."""
        ...

    def mailed(self, run_id: IssuedRunId) -> frozenset[IssuedId]:
        """The documents of a run of which a link ever went out by mail, whatever became of it."""
        ...

    def returned(self, run_id: IssuedRunId) -> Mapping[IssuedId, str]:
        """The documents of a run whose mails with links that still answer all came back, each with the mailbox to which
        the last was sent; none that its holder fetched."""
        ...
