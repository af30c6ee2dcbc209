"""Driving a mailbox: fetch, keep (commit), and only then mark as taken on the server.

Some mails are written down by one commit, and also when the connection breaks among them: what came is here. A mail
is streamed piece by piece into the store of files; at no time is it held in memory as a whole.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import BinaryIO, cast
from uuid import uuid4

from saraban.domain.actor import Actor
from saraban.domain.agency import AgencyId
from saraban.domain.attachment import Digest
from saraban.domain.mailbox import TAKEN_FOLDER, AfterTaking, ConnectedMailbox
from saraban.domain.mailbox_events import MailboxRenumbered, MailVanished
from saraban.exchange.parse import ContentKey
from saraban.exchange.thai import thai_digits
from saraban.usecases.books import InboxItem, MailboxMark, UnitOfWork
from saraban.usecases.mailing import MailboxReader, Vanished
from saraban.usecases.ports import Services

LARGEST_FETCH = 45_000_000
_BATCH = 50
_BY_ONE_COMMIT = 10
_CLEARED_AT_ONCE = 200
_WHO_REMOVED = "ถ้าไม่ได้ลบเอง ตรวจว่าใครหรือโปรแกรมใดเปิดกล่องนี้อยู่ และขอให้ผู้ส่งส่งใหม่"
_UNDER_EXAMINATION = timedelta(minutes=3)


def take_in(office: Services, *, agency_id: AgencyId, mailbox: str, uidvalidity: int, uid: int, raw: bytes) -> bool:
    """Keep a message as it came, before anyone judges it. Taking it in twice keeps it once (then False)."""
    place = _Place(agency_id, mailbox, uidvalidity)
    return _enter(office, place, [_kept(office, place, uid, iter((raw,)))]) == 1


@dataclass(frozen=True)
class _Place:
    agency_id: AgencyId
    address: str
    uidvalidity: int


def fetch_mailbox(
    office: Services, reader: MailboxReader, *, agency_id: AgencyId, owner: str, address: str = ""
) -> int:
    """Take in what is new in an open mailbox: the agency's at that address, else its central one. Returns how many
    messages came; 0 when another fetcher has it.

    A changed UIDVALIDITY means reading the folder again from its beginning; what is known is dropped by its digest when
    it is judged, and the change is told. A mail that vanishes after it was listed is passed over and told.
    """
    now = office.clock.now()
    with office.uow() as uow:
        address = address or uow.agencies.get(agency_id).mailbox
        if not uow.inbox.lease_mailbox(agency_id, address, owner, now, office.lease):
            return 0
        mark = uow.inbox.mark(agency_id, address)
        if mark.uidvalidity != reader.uidvalidity:
            mark = _renumbered(office, uow, mark, reader.uidvalidity)
        uow.commit()
    place = _Place(agency_id, address, reader.uidvalidity)
    taken: list[int] = []
    gone: list[int] = []
    leased_at = now
    uids = reader.new_uids(mark.last_uid)[:_BATCH]
    for some in (uids[at : at + _BY_ONE_COMMIT] for at in range(0, len(uids), _BY_ONE_COMMIT)):
        fetched: list[_Fetched] = []
        try:
            for uid in some:
                try:
                    whole = reader.size(uid) <= LARGEST_FETCH
                    pieces = reader.pieces(uid) if whole else iter((_stand_in(address, reader, uid),))
                    fetched.append(_kept(office, place, uid, pieces, whole=whole))
                except Vanished:
                    gone.append(uid)
                if office.clock.now() - leased_at > office.lease / 4:
                    leased_at = office.clock.now()
                    _keep_lease(office, place, owner)
                    taken += _entered(office, place, fetched)  # a slow server: what was kept does not wait for the rest
        finally:
            taken += _entered(office, place, fetched)
    if gone:
        _pass_over(office, place, gone)
    if taken:
        reader.mark_taken(taken)
    _note_check(office, mark, owner)
    return len(uids)


def clear_taken(office: Services, reader: MailboxReader, *, agency_id: AgencyId, address: str) -> int:
    """Move or remove on the server what has been here for as many days as the agency says; nothing unless it says so.
    Returns how many mails left the folder.

    Only what was taken in whole, was judged, and whose bytes still lie in the store. Its row was committed long before;
    a worker that is killed between server and database clears the same mails again, which harms nothing.
    """
    now = office.clock.now()
    with office.uow() as uow:
        mailbox = uow.connections.by_address(address)
        if mailbox is None or mailbox.agency_id != agency_id or mailbox.after is AfterTaking.KEEP:
            return 0
        before = now - timedelta(days=mailbox.after_days)
        lying = uow.connections.taken(address, reader.uidvalidity, before, _CLEARED_AT_ONCE)
    safe = [mail for mail in lying if office.blobs.has(mail.sha256)]
    if not safe:
        return 0
    if not _cleared(reader, mailbox, [mail.uid for mail in safe]):
        _tell(office, agency_id, address, "เครื่องบริการไปรษณีย์ไม่ให้ย้ายหรือลบจดหมายทีละฉบับ จดหมายที่รับแล้วจึงยังอยู่ในกล่อง")
        return 0
    with office.uow() as uow:
        uow.connections.cleared([mail.id for mail in safe], office.clock.now())
        uow.commit()
    return len(safe)


def note_problem(office: Services, *, agency_id: AgencyId, problem: str, address: str = "") -> None:
    """Write down in Thai why the mailbox could not be read; the screens show it."""
    with office.uow() as uow:
        address = address or uow.agencies.get(agency_id).mailbox
        mark = uow.inbox.mark(agency_id, address)
        uow.inbox.save_mark(replace(mark, problem=problem))
        uow.commit()


# --- the mails ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Fetched:
    """A mail whose bytes are on the disk, and which the inbox does not know yet."""

    item: InboxItem
    message_id: str
    key: Digest


def _kept(office: Services, place: _Place, uid: int, pieces: Iterator[bytes], *, whole: bool = True) -> _Fetched:
    stream = _Pieces(pieces)
    digest, _ = office.blobs.keep_stream(cast(BinaryIO, stream), LARGEST_FETCH + (1 << 20))
    message_id, key = stream.key.ended()
    item = InboxItem(
        uuid4(), place.agency_id, place.address, place.uidvalidity, uid, digest, office.clock.now(), whole=whole
    )
    return _Fetched(item, message_id, key)


def _entered(office: Services, place: _Place, fetched: list[_Fetched]) -> list[int]:
    """Write the mails down, which empties the list. Returns their UIDs."""
    _enter(office, place, fetched)
    uids = [one.item.uid for one in fetched]
    fetched.clear()
    return uids


def _enter(office: Services, place: _Place, fetched: Sequence[_Fetched]) -> int:
    """Write the mails down. Returns how many were not known."""
    if not fetched:
        return 0
    with office.uow() as uow:
        new = sum(uow.inbox.take_in(one.item, one.message_id, one.key) for one in fetched)
        uow.inbox.advance(place.agency_id, place.address, place.uidvalidity, fetched[-1].item.uid)
        uow.commit()
    return new


class _Pieces(io.RawIOBase):
    """Pieces as a stream that is read once; the content key is made in passing."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self.key = ContentKey()
        self._pieces = pieces
        self._left = b""

    def readable(self) -> bool:
        """It can be read."""
        return True

    def read(self, size: int = -1) -> bytes:
        """The next octets, at most so many; empty at the end. For a negative size what the next piece holds."""
        if not self._left:
            self._left = next(self._pieces, b"")
            self.key.feed(self._left)
        size = len(self._left) if size < 0 else size
        given, self._left = self._left[:size], self._left[size:]
        return given


def _stand_in(address: str, reader: MailboxReader, uid: int) -> bytes:
    size = reader.size(uid) // 1_000_000
    subject = f"ไปรษณีย์ใหญ่เกินกำหนด {size} MB อยู่ในกล่องที่เครื่องแม่ข่าย (UID {uid})"
    return (
        f"From: <>\r\nTo: {address}\r\nMessage-ID: <too-large.{reader.uidvalidity}.{uid}@saraban.invalid>\r\n"
        f"Subject: {subject}\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{subject}\r\n"
    ).encode()


# --- what is told ---------------------------------------------------------------------------------------------------


def _renumbered(office: Services, uow: UnitOfWork, mark: MailboxMark, uidvalidity: int) -> MailboxMark:
    """Begin the folder anew. At the first opening there is nothing to tell."""
    before = mark.uidvalidity
    mark = replace(mark, uidvalidity=uidvalidity, last_uid=0)
    uow.inbox.save_mark(mark)
    if before:
        now = office.clock.now()
        words = "เครื่องบริการไปรษณีย์จัดลำดับจดหมายในกล่องใหม่ (UIDVALIDITY เปลี่ยน) ระบบอ่านกล่องซ้ำตั้งแต่ต้น ฉบับที่รับไว้แล้วไม่ลงซ้ำ"
        uow.connections.notice(mark.agency_id, mark.address, words, now)
        uow.record(
            MailboxRenumbered(
                at=now,
                by=Actor.gateway(mark.agency_id),
                thing_id=mark.agency_id,
                address=mark.address,
                before=before,
                now=uidvalidity,
            )
        )
    return mark


def _pass_over(office: Services, place: _Place, gone: list[int]) -> None:
    """Go on behind mails that vanished. During an examination it is our own trial mail, which is nobody's loss."""
    now = office.clock.now()
    with office.uow() as uow:
        uow.inbox.advance(place.agency_id, place.address, place.uidvalidity, gone[-1])
        examined = uow.connections.examined_at(place.agency_id, place.address)
        if examined is None or now - examined > _UNDER_EXAMINATION:
            words = thai_digits(f"มีจดหมาย {len(gone)} ฉบับถูกลบหรือย้ายออกจากกล่องก่อนที่ระบบจะรับ {_WHO_REMOVED}")
            uow.connections.notice(place.agency_id, place.address, words, now)
            by = Actor.gateway(place.agency_id)
            uow.record(MailVanished(at=now, by=by, thing_id=place.agency_id, address=place.address, uids=tuple(gone)))
        uow.commit()


def _tell(office: Services, agency_id: AgencyId, address: str, words: str) -> None:
    with office.uow() as uow:
        uow.connections.notice(agency_id, address, words, office.clock.now())
        uow.commit()


def _cleared(reader: MailboxReader, mailbox: ConnectedMailbox, uids: list[int]) -> bool:
    return reader.move(uids, TAKEN_FOLDER) if mailbox.after is AfterTaking.MOVE else reader.remove(uids)


def _keep_lease(office: Services, place: _Place, owner: str) -> None:
    """A batch of large mails takes longer than one lease."""
    with office.uow() as uow:
        uow.inbox.lease_mailbox(place.agency_id, place.address, owner, office.clock.now(), office.lease)
        uow.commit(final=False)


def _note_check(office: Services, mark: MailboxMark, owner: str) -> None:
    now = office.clock.now()
    with office.uow() as uow:
        now_mark = uow.inbox.mark(mark.agency_id, mark.address)
        uow.inbox.save_mark(replace(now_mark, checked_at=now, problem=""))
        uow.inbox.lease_mailbox(mark.agency_id, mark.address, owner, now, timedelta(0))
        uow.commit()
