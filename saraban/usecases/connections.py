"""The mailboxes that agencies have connected, as use cases see them; `storage` implements the Protocol."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol
from uuid import UUID

from saraban.domain.agency import AgencyId, UnitId
from saraban.domain.attachment import Digest
from saraban.domain.mailbox import ConnectedMailbox

DISK = "disk"
"""The place of the disk under the blobs, beside the addresses of mailboxes."""
DATABASE, FILES = "database", "files"
"""What lies there of ours: the database, and the files of letters. Neither has a limit of its own."""


@dataclass(frozen=True)
class FillLevel:
    """How full a place was on a day, in octets; `used` and `allowed` are None where the server tells no quota."""

    place: str
    day: date
    used: int | None
    allowed: int | None
    at: datetime
    agency_id: AgencyId | None = None


@dataclass(frozen=True)
class TakenMail:
    """A mail that is safely here and still lies in the folder of the server."""

    id: UUID
    uid: int
    sha256: Digest


class Connections(Protocol):
    """Connected mailboxes, what is told about mailboxes, and how full they are."""

    def add(self, mailbox: ConnectedMailbox) -> None: ...
    def get(self, agency_id: AgencyId, mailbox_id: UUID) -> ConnectedMailbox: ...
    def save(self, mailbox: ConnectedMailbox) -> None:
        """Write it back; ConcurrentEdit when somebody else did since it was read."""
        ...

    def remove(self, mailbox: ConnectedMailbox) -> None: ...
    def of(self, agency_id: AgencyId) -> Sequence[ConnectedMailbox]:
        """The agency's mailboxes, the central one first."""
        ...

    def all(self) -> Sequence[ConnectedMailbox]: ...
    def by_address(self, address: str) -> ConnectedMailbox | None: ...
    def of_unit(self, agency_id: AgencyId, unit_id: UnitId) -> ConnectedMailbox | None: ...
    def expiring(self, now: datetime, before: datetime) -> Sequence[ConnectedMailbox]:
        """Those that log in by OAuth, have no token or one that ends before then, and that no worker asks for."""
        ...

    def notice(self, agency_id: AgencyId, address: str, words: str, at: datetime) -> None:
        """Tell about the mailbox what a person should know though mail flows."""
        ...

    def examined(self, agency_id: AgencyId, address: str, findings: Sequence[dict[str, Any]], at: datetime) -> None:
        """What an examination has found so far."""
        ...

    def database_octets(self) -> int:
        """How large the database is."""
        ...

    def examined_at(self, agency_id: AgencyId, address: str) -> datetime | None: ...
    def fill(self, level: FillLevel) -> None:
        """Write down how full a place is today; later on the same day it is written over."""
        ...

    def filled(self, place: str, day: date) -> FillLevel | None: ...
    def taken(self, address: str, uidvalidity: int, before: datetime, limit: int) -> Sequence[TakenMail]:
        """Whole mails of the folder that were taken in before that moment, were judged, and still lie there."""
        ...

    def cleared(self, ids: Sequence[UUID], at: datetime) -> None:
        """They no longer lie in the folder."""
        ...
