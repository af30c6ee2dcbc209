"""Measuring how full mailboxes and the disk are, kept by day; the screens make the forecast of it."""

from __future__ import annotations

from datetime import timedelta

from saraban.domain.agency import AgencyId
from saraban.domain.calendar import office_date
from saraban.usecases.connections import DATABASE, DISK, FILES, FillLevel
from saraban.usecases.mailing import MailboxReader
from saraban.usecases.ports import Services

MEASURE_EVERY = timedelta(minutes=30)


def measure_mailbox(office: Services, reader: MailboxReader, *, agency_id: AgencyId, address: str) -> bool:
    """Ask an open mailbox for its quota, at most every half hour; a server that tells none is written down as such.
    False when it is too early."""
    now = office.clock.now()
    day = office_date(now)
    with office.uow() as uow:
        last = uow.connections.filled(address, day)
    if last is not None and now - last.at < MEASURE_EVERY:
        return False
    quota = reader.quota()
    used, allowed = quota if quota is not None else (None, None)
    with office.uow() as uow:
        uow.connections.fill(FillLevel(address, day, used, allowed, now, agency_id))
        uow.commit()
    return True


def measure_disk(office: Services) -> int:
    """Write down how full the disk under the files is, at most every half hour, and once a day how large the files and
    the database are. Always 0: nothing is left to do."""
    now = office.clock.now()
    day = office_date(now)
    with office.uow() as uow:
        last = uow.connections.filled(DISK, day)
        known = uow.connections.filled(FILES, day) is not None
        if last is None or now - last.at >= MEASURE_EVERY:
            used, allowed = office.blobs.room()
            uow.connections.fill(FillLevel(DISK, day, used, allowed, now))
            uow.commit()
    if not known:
        octets = office.blobs.octets()
        with office.uow() as uow:
            uow.connections.fill(FillLevel(FILES, day, octets, None, now))
            uow.connections.fill(FillLevel(DATABASE, day, uow.connections.database_octets(), None, now))
            uow.commit()
    return 0
