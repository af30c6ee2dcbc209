"""Receivers who have not registered a letter are reminded, each at most once a day.

Who never answered gets the same bytes again, for which the duplicate rule brings the receipt; who has the letter and
has not registered it gets a plain mail from the central mailbox that answers the letter (docs/wire.md, section 4).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from saraban.domain.actor import Actor
from saraban.domain.agency import Agency
from saraban.domain.calendar import office_date
from saraban.domain.dispatch import REMINDABLE, Dispatch, DispatchId, DispatchState
from saraban.domain.dispatch_events import DispatchReminded
from saraban.domain.errors import BadInput
from saraban.domain.letter import Letter, LetterId
from saraban.domain.permissions import may_dispatch, require
from saraban.exchange.envelope import OutboxKind
from saraban.exchange.reminders import Reminder, reminder_id, reminder_mail
from saraban.usecases.books import UnitOfWork
from saraban.usecases.outgoing import OutboxItem
from saraban.usecases.ports import Made, Services, Step
from saraban.usecases.registry import Errand

ERRAND = "remind-receivers"
AT_ONCE = 100
PAUSE = timedelta(hours=24)
_GIVE_UP = timedelta(days=2)


@dataclass(frozen=True)
class Reminded:
    """What a press did: how many got the same bytes, how many a mail, and how many were left alone and why: reminded
    within a day, or nothing to remind of (registered, sent back, not sent yet)."""

    again: int = 0
    mailed: int = 0
    today: int = 0
    not_due: int = 0

    def __add__(self, more: Reminded) -> Reminded:
        return Reminded(
            self.again + more.again, self.mailed + more.mailed, self.today + more.today, self.not_due + more.not_due
        )

    @property
    def done(self) -> int:
        """How many were reminded."""
        return self.again + self.mailed


def remind_receivers(office: Services, *, actor: Actor, letter_id: LetterId, dispatch_ids: Sequence[UUID]) -> Reminded:
    """Remind these receivers of a letter, in one transaction. Those who were reminded within a day, have registered, or
    got nothing yet are left alone. At most a hundred; more are an errand (`do_remind`).

    Raises NotFound for a letter of another agency, NotPermitted, and BadInput when nobody is named or too many are.
    """
    if not dispatch_ids:
        raise BadInput({"dispatches": "เลือกผู้รับที่จะเตือนอย่างน้อยหนึ่งแห่ง"})
    if len(dispatch_ids) > AT_ONCE:
        raise BadInput({"dispatches": "เตือนครั้งเดียวได้ไม่เกิน ๑๐๐ แห่ง มากกว่านั้นให้ทำเบื้องหลัง"})
    now, done = office.clock.now(), Reminded()
    with office.uow() as uow:
        letter = uow.letters.get(actor.agency_id, letter_id)
        require(may_dispatch(actor, letter))
        agency = uow.agencies.get(actor.agency_id)
        for dispatch in uow.dispatches.of_letter(actor.agency_id, letter_id, dispatch_ids):
            done += _remind(uow, office, actor, letter, agency, dispatch, now)
        uow.commit()
    return done


def do_remind(office: Services, errand: Errand, actor: Actor, step: Step) -> Made:
    """The errand of a press that reminds more receivers than one transaction should: a hundred at a time. Begun again
    after a crash it leaves those alone who were reminded before."""
    letter_id = LetterId(UUID(errand.order["letter"]))
    ids = [UUID(one) for one in errand.order["dispatches"]]
    done = Reminded()
    for start in range(0, len(ids), AT_ONCE):
        done += remind_receivers(office, actor=actor, letter_id=letter_id, dispatch_ids=ids[start : start + AT_ONCE])
        step(min(start + AT_ONCE, len(ids)), len(ids))
    return Made(len(ids), words=told(done))


def told(done: Reminded) -> str:
    """What was done, in Thai."""
    parts = [
        f"ส่งอีเมลเตือน {done.mailed} แห่ง" if done.mailed else "",
        f"ส่งซองเดิมซ้ำ {done.again} แห่ง" if done.again else "",
        f"เตือนไปแล้วใน ๒๔ ชั่วโมง {done.today} แห่ง" if done.today else "",
        f"ไม่ต้องเตือน {done.not_due} แห่ง" if done.not_due else "",
    ]
    return " ".join(part for part in parts if part) or "ไม่มีผู้รับที่ต้องเตือน"


def _remind(
    uow: UnitOfWork, office: Services, actor: Actor, letter: Letter, agency: Agency, dispatch: Dispatch, now: datetime
) -> Reminded:
    ended = dispatch.stopped_at is not None or dispatch.recall_asked_at is not None or dispatch.closed_for
    if dispatch.state not in REMINDABLE or ended:
        return Reminded(not_due=1)
    if dispatch.reminded_at is not None and now - dispatch.reminded_at < PAUSE:
        return Reminded(today=1)
    silent = dispatch.speaks_saraban and dispatch.state in (DispatchState.SENT, DispatchState.RELAYED)
    again = silent and now < dispatch.expires_at and uow.outbox.again(agency.id, dispatch.id, now)
    if again:
        dispatch.resends += 1
    else:
        uow.outbox.put(_item(office, letter, agency, dispatch, now), now)
    dispatch.reminders, dispatch.reminded_at = dispatch.reminders + 1, now
    uow.dispatches.save(dispatch)
    uow.record(
        DispatchReminded(
            at=now,
            by=actor,
            letter_id=letter.id,
            dispatch_id=dispatch.id,
            to=dispatch.to_code,
            how="same-bytes" if again else "mail",
            time=dispatch.reminders,
        )
    )
    return Reminded(again=1) if again else Reminded(mailed=1)


def _item(office: Services, letter: Letter, agency: Agency, dispatch: Dispatch, now: datetime) -> OutboxItem:
    own_id = reminder_id(dispatch.id, dispatch.reminders + 1)
    content = letter.content
    mail = reminder_mail(
        Reminder(
            id=own_id,
            of=dispatch.id,
            agency=agency.name,
            mailbox=agency.mailbox,
            to_name=dispatch.to_name,
            to_mailbox=dispatch.to_mailbox,
            number=letter.number or "",
            letter_date=letter.number_date,
            # The subject of a classified letter stands in no mail that is not encrypted.
            subject=content.subject if content.secrecy.is_open else "",
            sent_on=office_date(dispatch.created_at),
            received=dispatch.state is DispatchState.RECEIVED,
            response_due=content.response_due,
        ),
        now,
    )
    return OutboxItem(
        id=uuid4(),
        agency_id=agency.id,
        agency_code=agency.code,
        kind=OutboxKind.REMINDER,
        ref=own_id,
        envelope=mail,
        give_up_at=now + _GIVE_UP,
    )


def dispatch_ids_of(values: Sequence[str]) -> list[DispatchId]:
    """Ids as they were sent from a form; what is none is left out."""
    found = []
    for value in values:
        try:
            found.append(DispatchId(UUID(value)))
        except ValueError:
            continue
    return found
