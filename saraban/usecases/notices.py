"""The book of notices, as the use cases need it, and the notices that several of them give."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol
from uuid import UUID

from saraban.domain.actor import Actor
from saraban.domain.agency import AgencyId, Person, PersonId, PositionId, PositionRole, UnitId
from saraban.domain.batch import Batch, LineState
from saraban.domain.classification import Urgency
from saraban.domain.errors import BadInput
from saraban.domain.incoming import IncomingLetter
from saraban.domain.issued import IssuedId
from saraban.domain.letter import Letter
from saraban.domain.loan import Loan
from saraban.domain.notice import About, Notice, NoticeKind
from saraban.domain.notice_events import NoticeMailSet
from saraban.domain.notice_mail import NoticeMail, read_email
from saraban.domain.register import RegisterEntry
from saraban.domain.visit import Visit
from saraban.usecases.roll import Agencies, Directory, Post


@dataclass(frozen=True)
class Waiting:
    """A letter that waits before a position, since when; `asked` the day by which it asks for an answer."""

    letter_id: UUID
    position_id: PositionId
    since: datetime
    urgency: Urgency
    asked: date | None


@dataclass(frozen=True)
class Ordered:
    """A task that somebody still has to do by a day: his own, or that of the holder of a position."""

    task_id: UUID
    incoming_id: UUID
    person_id: PersonId | None
    position_id: PositionId | None
    due: date


class Notices(Protocol):
    """What people are told. That it is somebody's turn at a letter is told by the books when the letter is saved."""

    def tell(self, told: Sequence[Notice]) -> int:
        """Write down what people did not hear of before; how many there were."""
        ...

    def has_unread_of_run(
        self, agency_id: AgencyId, person_id: PersonId, kind: NoticeKind, document_id: IssuedId
    ) -> bool:
        """Was the person told something of this kind, that he has not seen, about a document of the same sheet? Never
        for one that came from none."""
        ...

    def holders(self, positions: Sequence[PositionId], on: date) -> Mapping[PositionId, PersonId]:
        """Who holds these positions on a day."""
        ...

    def begin_day(self, agency_id: AgencyId, day: date) -> bool:
        """Begin to tell the deadlines of a day; False when that was done before."""
        ...

    def waiting(self, agency_id: AgencyId) -> Sequence[Waiting]:
        """All that waits before officers of the agency, but for what is for information."""
        ...

    def ordered(self, agency_id: AgencyId) -> Sequence[Ordered]:
        """The tasks of the agency that have a day, are not done and are a person's or a position's."""
        ...

    def held(self, positions: Sequence[PositionId]) -> Mapping[PositionId, Sequence[tuple[date, date | None]]]:
        """When somebody held these positions, or acted for them by an order."""
        ...

    def mark_read(self, agency_id: AgencyId, person_id: PersonId, at: datetime, notice_id: UUID | None = None) -> int:
        """Note that the person has seen one notice, or all (None); how many were unread."""
        ...

    def settle(self, about_id: UUID, kinds: Sequence[NoticeKind], at: datetime) -> int:
        """What was told to anybody about a thing by these kinds is dealt with; how many were unread."""
        ...

    def mark_about(self, agency_id: AgencyId, person_id: PersonId, about_id: UUID, at: datetime) -> int:
        """Note that the person has seen what his notices about a thing tell; how many were unread."""
        ...


class NoticeMails(Protocol):
    """Mails that tell people of their work."""

    def begin_digests(self, agency_id: AgencyId, day: date) -> bool:
        """Begin to write the morning's mails of a day; False when that was done before."""
        ...

    def wanting_digest(self, agency_id: AgencyId) -> Sequence[Person]:
        """Those with an account and an address who want the morning's mail."""
        ...

    def put(self, mails: Sequence[NoticeMail]) -> int:
        """Write mails down; how many there were of whose occasion there was none before."""
        ...

    def claim(self, now: datetime, lease: timedelta) -> NoticeMail | None:
        """The mail that is due, for this worker alone; it counts as tried."""
        ...

    def lost(self, now: datetime) -> int:
        """End those whose worker was gone before it could tell what became of them; how many there were."""
        ...

    def save(self, mail: NoticeMail) -> None: ...
    def tell_mailed(self, notice_id: UUID, at: datetime) -> None:
        """Note at a notice that it went out with a mail."""
        ...

    def find(self, agency_id: AgencyId, mail_id: UUID) -> NoticeMail | None: ...


def notice_address(directory: Directory, text: str) -> str:
    """Where a person wants to be told, as it is kept. Raises BadInput ("email") for what is no address, and for the
    mailbox of an agency: what comes in there is taken for a letter."""
    address = read_email(text)
    if address and directory.by_mailbox(address) is not None:
        raise BadInput({"email": "ที่อยู่นี้เป็นกล่องไปรษณีย์ของส่วนราชการ ใช้อีเมลของท่านเอง"})
    return address


def mail_set(person: Person, *, at: datetime, by: Actor) -> NoticeMailSet:
    """What was decided about a person's mails, as it stands."""
    return NoticeMailSet(
        at=at,
        by=by,
        thing_id=person.id,
        person=person.name,
        email=person.email,
        digest=person.wants_digest,
        urgent=person.wants_urgent,
    )


def answered(letter: Letter, answer: IncomingLetter, *, at: datetime) -> list[Notice]:
    """Tell the drafter of a letter of ours, and who signed it, that an answer has come."""
    signers = [step.person_id for step in letter.signing_steps if step.person_id is not None]
    return [
        Notice(
            agency_id=letter.agency_id,
            person_id=person,
            kind=NoticeKind.ANSWERED,
            about=About.LETTER,
            about_id=letter.id,
            occasion=str(answer.id),
            at=at,
            told={"by": answer.from_name},
        )
        for person in dict.fromkeys((letter.drafter_id, *signers))
    ]


def arrived(letter: IncomingLetter, clerks: Sequence[Post], *, at: datetime) -> list[Notice]:
    """Tell the clerks who may register it that a most urgent letter waits for its number: nobody else sees it until
    then, and it may come when no clerk looks."""
    told = {"by": letter.from_name}
    return _of_incoming(letter, NoticeKind.ARRIVED, _who_work(letter, clerks), told, at, pressing=True)


def arrival_over(notices: Notices, letter: IncomingLetter, at: datetime) -> None:
    """A most urgent letter does not wait for its number any more."""
    if letter.urgency is Urgency.MOST_URGENT:
        notices.settle(letter.id, [NoticeKind.ARRIVED], at)


def _who_work(letter: IncomingLetter, clerks: Sequence[Post]) -> list[PersonId]:
    """The clerks who may register and answer it (permissions.may_work_incoming)."""
    work = [post for post in clerks if post.unit.central or post.unit.id == letter.unit_id]
    cleared = [post for post in work if letter.secrecy.is_open or post.position.clearance or post.cleared]
    return [post.holder.id for post in cleared if post.holder is not None]


def recall_asked(letter: IncomingLetter, clerks: Sequence[Post], *, at: datetime) -> list[Notice]:
    """Tell the clerks who may answer, and who has the letter in hand, that its sender wants it back."""
    people = _who_work(letter, clerks)
    people += [one for task in letter.tasks if task.in_hand and (one := task.taker_id or task.person_id) is not None]
    told = {"by": letter.from_name, "reason": letter.recall_reason[:300]}
    return _of_incoming(letter, NoticeKind.RECALL, people, told, at)


def _of_incoming(
    letter: IncomingLetter,
    kind: NoticeKind,
    people: Sequence[PersonId],
    told: dict[str, str],
    at: datetime,
    *,
    pressing: bool = False,
) -> list[Notice]:
    """A notice about a letter that came in, for each of these people once."""
    return [
        Notice(
            agency_id=letter.agency_id,
            person_id=person,
            kind=kind,
            about=About.INCOMING,
            about_id=letter.id,
            occasion="",
            at=at,
            told=told,
            pressing=pressing,
        )
        for person in dict.fromkeys(people)
    ]


def batch_ended(batch: Batch, person_id: PersonId, *, at: datetime) -> Notice:
    """Tell who began a batch that it has come to its end, and how many of its letters were left."""
    done = sum(line.state is LineState.DONE for line in batch.lines)
    return Notice(
        agency_id=batch.agency_id,
        person_id=person_id,
        kind=NoticeKind.BATCH,
        about=About.BATCH,
        about_id=batch.id,
        occasion="",
        at=at,
        told={"deed": batch.deed.thai, "done": done, "left": len(batch.lines) - done},
    )


def loan_words(loan: Loan, entry: RegisterEntry) -> dict[str, str]:
    """What a notice about a loan calls it: its card, and the subject unless that is classified."""
    return {"number": loan.number, "subject": entry.subject if entry.secrecy.is_open else "หนังสือมีชั้นความลับ"}


def visit_keepers(agencies: Agencies, visit: Visit, today: date) -> list[PersonId]:
    """Who hears of an outsider's visit to a letter: the records officers, and the clerks of the unit whose it is."""
    clerks = holders_in(agencies, visit.agency_id, PositionRole.CLERK, today, visit.unit_id) if visit.unit_id else []
    return list(dict.fromkeys([*holders_in(agencies, visit.agency_id, PositionRole.RECORDS, today), *clerks]))


def holders_in(
    agencies: Agencies, agency_id: AgencyId, role: PositionRole, today: date, unit_id: UnitId | None = None
) -> list[PersonId]:
    """Who holds posts of this role today, in the unit alone where one is named."""
    posts = agencies.posts(agency_id, role, today)
    return [one.holder.id for one in posts if one.holder is not None and unit_id in (None, one.unit.id)]


def returned(letter: Letter, *, by: Actor, reason: str, at: datetime) -> list[Notice]:
    """Tell the drafter that the letter came back; nobody when he sent it back himself."""
    if letter.drafter_id == by.person_id:
        return []
    told = {"by": by.name, "reason": reason.strip()[:300]}
    return [
        Notice(
            agency_id=letter.agency_id,
            person_id=letter.drafter_id,
            kind=NoticeKind.RETURNED,
            about=About.LETTER,
            about_id=letter.id,
            occasion=str(letter.version),
            at=at,
            told=told,
        )
    ]
