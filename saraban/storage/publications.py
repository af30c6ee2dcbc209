"""What is shown to everybody, and the agencies' channels, on their shelves."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Connection, bindparam, select

from saraban.domain.agency import AgencyId
from saraban.domain.errors import NotFound
from saraban.domain.publication import Channel, ChannelId, Publication
from saraban.storage.shelves import Shelf, plain_shelf
from saraban.storage.tables.publications import channels, publications

_publications: Shelf[Publication] = plain_shelf(publications, Publication)
_channels: Shelf[Channel] = plain_shelf(channels, Channel)
_SHOWN = select(publications).where(
    publications.c.agency_id == bindparam("agency"),
    publications.c.letter_id == bindparam("letter"),
    publications.c.withdrawn_at.is_(None),
)


class PublicationBooks:
    """What the agencies show to everybody (usecases.publications.Publications)."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def shown(self, agency_id: AgencyId, letter_id: UUID) -> Publication | None:
        """That this document is shown now; None when it is not."""
        found = _publications.find(self._connection, _SHOWN, {"agency": agency_id, "letter": letter_id})
        return found[0] if found else None

    def add(self, publication: Publication) -> None:
        """Show a document."""
        _publications.add(self._connection, publication)

    def save(self, publication: Publication) -> None:
        """Write it back."""
        _publications.save(self._connection, publication)

    def open_channel(self, channel: Channel) -> None:
        """Add a channel."""
        _channels.add(self._connection, channel)

    def channel(self, agency_id: AgencyId, channel_id: ChannelId) -> Channel:
        """The channel; NotFound when it is another agency's."""
        channel = _channels.get(self._connection, channel_id)
        if channel.agency_id != agency_id:
            raise NotFound
        return channel

    def save_channel(self, channel: Channel) -> None:
        """Write it back."""
        _channels.save(self._connection, channel)
