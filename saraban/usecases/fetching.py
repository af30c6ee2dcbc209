"""Driving a mailbox: fetch, keep (commit), and only then mark as taken on the server."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

from saraban.domain.agency import Agency, AgencyId
from saraban.exchange.parse import content_key
from saraban.usecases.books import InboxItem, MailboxMark
from saraban.usecases.mailing import MailboxReader
from saraban.usecases.ports import Services

LARGEST_FETCH = 45_000_000
_BATCH = 50


def take_in(office: Services, *, agency_id: AgencyId, mailbox: str, uidvalidity: int, uid: int, raw: bytes) -> bool:
    """Keep a message as it came, before anyone judges it. Taking it in twice keeps it once (then False)."""
    digest = office.blobs.keep(raw)
    message_id, key = content_key(raw)
    item = InboxItem(uuid4(), agency_id, mailbox, uidvalidity, uid, digest, office.clock.now())
    with office.uow() as uow:
        kept = uow.inbox.take_in(item, message_id, key)
        mark = uow.inbox.mark(agency_id, mailbox)
        if mark.uidvalidity == uidvalidity and uid > mark.last_uid:
            uow.inbox.save_mark(replace(mark, last_uid=uid))
        uow.commit()
    return kept


def fetch_mailbox(office: Services, reader: MailboxReader, *, agency_id: AgencyId, owner: str) -> int:
    """Take in what is new in an open mailbox. Returns how many messages came; 0 when another fetcher has it.

    A changed UIDVALIDITY means reading the folder again from its beginning; what is known is dropped by its digest when
    it is judged.
    """
    now = office.clock.now()
    with office.uow() as uow:
        agency = uow.agencies.get(agency_id)
        if not uow.inbox.lease_mailbox(agency_id, agency.mailbox, owner, now, office.lease):
            return 0
        mark = uow.inbox.mark(agency_id, agency.mailbox)
        if mark.uidvalidity != reader.uidvalidity:
            mark = replace(mark, uidvalidity=reader.uidvalidity, last_uid=0)
            uow.inbox.save_mark(mark)
        uow.commit()
    uids = reader.new_uids(mark.last_uid)
    taken: list[int] = []
    for uid in uids[:_BATCH]:
        raw = reader.fetch(uid) if reader.size(uid) <= LARGEST_FETCH else _stand_in(agency, reader, uid)
        take_in(office, agency_id=agency_id, mailbox=agency.mailbox, uidvalidity=reader.uidvalidity, uid=uid, raw=raw)
        taken.append(uid)
    if taken:
        reader.mark_taken(taken)
    _note_check(office, mark, owner)
    return len(taken)


def note_problem(office: Services, *, agency_id: AgencyId, problem: str) -> None:
    """Write down in Thai why the mailbox could not be read; the screens show it."""
    with office.uow() as uow:
        agency = uow.agencies.get(agency_id)
        mark = uow.inbox.mark(agency_id, agency.mailbox)
        uow.inbox.save_mark(replace(mark, problem=problem))
        uow.commit()


def _note_check(office: Services, mark: MailboxMark, owner: str) -> None:
    now = office.clock.now()
    with office.uow() as uow:
        now_mark = uow.inbox.mark(mark.agency_id, mark.address)
        uow.inbox.save_mark(replace(now_mark, checked_at=now, problem=""))
        uow.inbox.lease_mailbox(mark.agency_id, mark.address, owner, now, timedelta(0))
        uow.commit()


def _stand_in(agency: Agency, reader: MailboxReader, uid: int) -> bytes:
    size = reader.size(uid) // 1_000_000
    subject = f"ไปรษณีย์ใหญ่เกินกำหนด {size} MB อยู่ในกล่องที่เครื่องแม่ข่าย (UID {uid})"
    return (
        f"From: <>\r\nTo: {agency.mailbox}\r\nMessage-ID: <too-large.{reader.uidvalidity}.{uid}@saraban.invalid>\r\n"
        f"Subject: {subject}\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{subject}\r\n"
    ).encode()
