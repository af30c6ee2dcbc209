"""What is shown to everybody, as the use cases need it."""

from __future__ import annotations

from typing import Protocol
from uuid import UUID

from saraban.domain.agency import AgencyId
from saraban.domain.publication import Channel, ChannelId, Publication


class Publications(Protocol):
    """What the agencies show to everybody, and their channels."""

    def shown(self, agency_id: AgencyId, letter_id: UUID) -> Publication | None:
        """That this document is shown now; None when it is not."""
        ...

    def add(self, publication: Publication) -> None: ...
    def save(self, publication: Publication) -> None: ...
    def open_channel(self, channel: Channel) -> None: ...
    def channel(self, agency_id: AgencyId, channel_id: ChannelId) -> Channel:
        """The channel; NotFound when it is another agency's."""
        ...

    def save_channel(self, channel: Channel) -> None: ...
