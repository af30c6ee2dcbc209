"""Mails to our own people: the morning's, and those about something most urgent.

Claimed, sent and settled one by one. A mail that was claimed is never sent again unless the relay said that it does not
have it: a worker that is killed in the middle loses one at most, and nobody gets two.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from saraban.domain.actor import Actor
from saraban.domain.agency import Agency, AgencyId, Person
from saraban.domain.calendar import office_date, office_time
from saraban.domain.errors import SarabanError
from saraban.domain.events import MailDiscarded
from saraban.domain.notice_mail import MailKind, MailState, NoticeMail, time_of
from saraban.domain.workdays import WorkCalendar
from saraban.exchange.parse import InboundMessage
from saraban.usecases.books import InboxItem
from saraban.usecases.mailing import SendOutcome, SendResult
from saraban.usecases.news import MESSAGE_ID, NoticeLetter
from saraban.usecases.ports import Services

DIGEST_FOR = timedelta(hours=4)
"""A morning's mail that could not be sent by then is not sent any more."""
LEASE = timedelta(minutes=10)
"""Longer than any relay may take: whose lease has ended, its worker is gone."""
RETRY_DELAYS = tuple(timedelta(minutes=m) for m in (1, 3, 10, 20, 30))


def write_digests(office: Services) -> int:
    """Write down the morning's mails of each agency, once each working day from the hour on that it has set. Returns
    for how many agencies that was done."""
    now = office.clock.now()
    return sum(_write(office, agency_id, now) for agency_id, _ in office.hosted())


def _write(office: Services, agency_id: AgencyId, now: datetime) -> bool:
    today = office_date(now)
    with office.uow() as uow:
        agency = uow.agencies.get(agency_id)
        if not agency.options.digest or office_time(now).time() < time_of(agency.options.digest_at):
            return False
        calendar = WorkCalendar.of(uow.duties.changes(agency.id))
        if not calendar.is_working(today) or not uow.notice_mails.begin_digests(agency.id, today):
            return False
        uow.notice_mails.put(
            [
                NoticeMail(
                    agency_id=agency.id,
                    person_id=person.id,
                    kind=MailKind.DIGEST,
                    occasion=today.isoformat(),
                    address=person.email,
                    made_at=now,
                    next_at=now,
                    give_up_at=now + DIGEST_FOR,
                )
                for person in uow.notice_mails.wanting_digest(agency.id)
            ]
        )
        uow.commit()
    return True


def send_notice_mail(office: Services) -> int:
    """Send the mail that is due. Returns how many were looked at; 0 when none is due."""
    now = office.clock.now()
    with office.uow() as uow:
        lost = uow.notice_mails.lost(now)
        mail = uow.notice_mails.claim(now, LEASE)
        if mail is not None:
            person, agency = uow.people.get(mail.person_id), uow.agencies.get(mail.agency_id)
        if mail is not None or lost:
            uow.commit(final=mail is None)
    if mail is None:
        return lost
    result = _sent(office, mail, person, agency, now)
    _settle(office, mail, result)
    return 1


def _sent(office: Services, mail: NoticeMail, person: Person, agency: Agency, now: datetime) -> SendResult | MailState:
    """What the relay said, or why nothing was sent."""
    if not (person.active and person.email == mail.address) or not _wanted(mail.kind, person, agency):
        return MailState.OFF
    if mail.give_up_at <= now:
        return MailState.FAILED
    agenda = office.newsroom.agenda(person.id, now) if mail.kind is MailKind.DIGEST else None
    news = office.newsroom.unread(person.id, mail.notice_id) if mail.notice_id is not None else None
    if mail.kind is not MailKind.TRIAL and (agenda is None or agenda.empty) and news is None:
        return MailState.EMPTY
    letter = NoticeLetter(
        id=mail.id,
        kind=mail.kind,
        to=mail.address,
        person=person.name,
        agency_code=agency.code,
        agency=agency.name,
        mailbox=agency.mailbox,
        at=now,
        home=office.public_url,
        agenda=agenda,
        news=news,
    )
    try:
        return office.notice_post.send(office.transport, letter)
    except SarabanError as error:  # no mailbox is set up: nothing was sent
        return SendResult(SendOutcome.TEMPORARY, 0, error.thai)


def _wanted(kind: MailKind, person: Person, agency: Agency) -> bool:
    if kind is MailKind.DIGEST:
        return person.wants_digest and agency.options.digest
    return kind is MailKind.TRIAL or (person.wants_urgent and agency.options.urgent_mail)


def _settle(office: Services, mail: NoticeMail, result: SendResult | MailState) -> None:
    now = office.clock.now()
    with office.uow() as uow:
        if isinstance(result, MailState):
            mail.end(result, now, mail.reply)
        elif result.outcome == SendOutcome.ACCEPTED:
            mail.end(MailState.SENT, now, _reply(result))
            if mail.notice_id is not None:
                uow.notice_mails.tell_mailed(mail.notice_id, now)
        elif result.outcome == SendOutcome.LATER:
            mail.wait(now + timedelta(seconds=result.after_seconds), mail.reply, tried=False)
        elif result.ambiguous:
            mail.end(MailState.UNKNOWN, now, _reply(result))
        elif result.outcome == SendOutcome.PERMANENT:
            mail.end(MailState.FAILED, now, _reply(result))
        else:
            delay = RETRY_DELAYS[min(mail.attempts, len(RETRY_DELAYS)) - 1]
            mail.wait(now + delay, _reply(result))
            if mail.next_at >= mail.give_up_at:
                mail.end(MailState.FAILED, now, _reply(result))
        uow.notice_mails.save(mail)
        uow.commit()


def take_notice_bounce(office: Services, item: InboxItem, message: InboundMessage) -> bool:
    """Note at a mail to one of our people that it came back. False for every other message."""
    bounce = message.bounce
    own = (bounce.original_message_id if bounce is not None else "").strip("<>").partition("@")[0]
    if bounce is None or not own.startswith(MESSAGE_ID):
        return False
    now = office.clock.now()
    with office.uow() as uow:
        mail = uow.notice_mails.find(item.agency_id, _id(own))
        if mail is not None and bounce.action == "failed":
            mail.end(MailState.BOUNCED, now, bounce.diagnostic[:300] or bounce.thai)
            uow.notice_mails.save(mail)
        reason = f"ผลการส่งอีเมลแจ้งเตือนถึงเจ้าหน้าที่: {bounce.thai}"
        uow.inbox.decide(item, "discarded", reason, now)
        uow.record(MailDiscarded(at=now, by=Actor.gateway(item.agency_id), inbox_id=item.id, reason=reason))
        uow.commit()
    return True


def _id(own: str) -> UUID:
    try:
        return UUID(own.removeprefix(MESSAGE_ID))
    except ValueError:
        return UUID(int=0)


def _reply(result: SendResult) -> str:
    return (f"{result.code} {result.reply}" if result.code else result.reply).strip()[:500]
