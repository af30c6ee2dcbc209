"""What officers write on incoming letters and have to do about them, and standing orders, as use cases see them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from saraban.domain.agency import AgencyId
from saraban.domain.endorsing import Endorsement
from saraban.domain.incoming import IncomingId
from saraban.domain.letter import LetterId
from saraban.domain.standing_order import StandingOrder, StandingOrderId
from saraban.domain.task import Task


class Tasks(Protocol):
    """Endorsements and tasks. Those of a letter are read with it (`IncomingLetter.tasks`)."""

    def add(self, *tasks: Task, under: str = "") -> None:
        """Keep new ones, and tell those who got them; `under` is the standing order by which they came."""
        ...

    def save(self, task: Task) -> None:
        """Write it back; ConcurrentEdit when somebody was faster."""
        ...

    def write(self, endorsement: Endorsement) -> None:
        """Keep what an officer wrote; of two at once one hears ConcurrentEdit."""
        ...

    def written(self, agency_id: AgencyId, incoming_id: IncomingId) -> Sequence[Endorsement]:
        """What stands on the letter, in the order of writing."""
        ...

    def note_reply(self, agency_id: AgencyId, letter_id: LetterId, incoming_id: IncomingId) -> None:
        """Keep that an outgoing letter answers this one."""
        ...

    def answered_by(self, agency_id: AgencyId, letter_id: LetterId) -> IncomingId | None:
        """The letter that this outgoing one answers."""
        ...


class StandingOrders(Protocol):
    """Which letters go to whom by themselves."""

    def add(self, order: StandingOrder) -> None: ...
    def save(self, order: StandingOrder) -> None: ...
    def get(self, agency_id: AgencyId, order_id: StandingOrderId) -> StandingOrder: ...
    def standing(self, agency_id: AgencyId) -> Sequence[StandingOrder]:
        """Those in force, the oldest first."""
        ...
