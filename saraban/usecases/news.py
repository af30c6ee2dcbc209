"""What a mail to one of our own people tells, and who writes and sends it, as the use cases need them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from saraban.domain.agency import PersonId
from saraban.domain.agenda import Agenda
from saraban.domain.classification import Urgency
from saraban.domain.notice import NoticeKind
from saraban.domain.notice_mail import MailKind
from saraban.usecases.mailing import SendResult, Transport

MESSAGE_ID = "notice."
"""With which the Message-ID of such a mail begins; the mail's id follows."""


@dataclass(frozen=True)
class News:
    """A notice as a mail tells it: the subject of a classified letter says nothing but that it is one."""

    id: UUID
    kind: NoticeKind
    subject: str
    urgency: Urgency
    told: Mapping[str, Any]
    at: datetime


class Newsroom(Protocol):
    """What there is to tell at the moment at which a mail leaves."""

    def agenda(self, person_id: PersonId, at: datetime) -> Agenda | None:
        """All that waits for a person; None for an account that is closed or holds no post."""
        ...

    def unread(self, person_id: PersonId, notice_id: UUID) -> News | None:
        """A notice of the person's; None when it was read meanwhile."""
        ...


@dataclass(frozen=True)
class NoticeLetter:
    """A mail to be written: to whom, in which agency's name, and what it tells (`agenda` or `news`). `home` is the
    address under which the installation is reached, empty where none is known."""

    id: UUID
    kind: MailKind
    to: str
    person: str
    agency_code: str
    agency: str
    mailbox: str
    at: datetime
    home: str = ""
    agenda: Agenda | None = None
    news: News | None = None


class NoticePost(Protocol):
    """Writes such mails and gives them to the relay."""

    def send(self, transport: Transport, letter: NoticeLetter) -> SendResult:
        """Write and send it; failures of mail are results."""
        ...
