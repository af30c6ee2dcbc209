"""What happens to a meeting. What its papers say is not told: they lie in its pack."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from saraban.domain.attachment import Digest
from saraban.domain.events import DomainEvent


@dataclass(frozen=True, kw_only=True)
class _OfMeeting(DomainEvent):
    """Something about one meeting, by what it is called."""

    thing_id: UUID
    meeting: str


@dataclass(frozen=True, kw_only=True)
class MeetingCalled(_OfMeeting):
    """A meeting was called."""

    name = "meeting.called"


@dataclass(frozen=True, kw_only=True)
class MeetingRevised(_OfMeeting):
    """Its day, place, agenda or access was changed."""

    name = "meeting.revised"


@dataclass(frozen=True, kw_only=True)
class MeetingCancelled(_OfMeeting):
    """It is not held, and why."""

    name = "meeting.cancelled"
    reason: str


@dataclass(frozen=True, kw_only=True)
class MeetingEnded(_OfMeeting):
    """It was held."""

    name = "meeting.ended"


@dataclass(frozen=True, kw_only=True)
class MeetingPeopleSet(_OfMeeting):
    """So many participants were added and so many taken off."""

    name = "meeting.people-set"
    added: int
    removed: int


@dataclass(frozen=True, kw_only=True)
class MeetingLinksSent(_OfMeeting):
    """So many participants got their own link by mail."""

    name = "meeting.links-sent"
    mails: int


@dataclass(frozen=True, kw_only=True)
class MeetingFilePut(_OfMeeting):
    """A file, or a new edition of one, lies in the pack; `giver` handed it in, where it was a participant."""

    name = "meeting.file-put"
    file_name: str
    sha256: Digest
    edition: int
    giver: str


@dataclass(frozen=True, kw_only=True)
class MeetingFileOffered(_OfMeeting):
    """A participant handed a file in, by the own link or by mail; or the secretary put one in that waits for the virus
    scanner."""

    name = "meeting.file-offered"
    file_name: str
    sha256: Digest
    giver: str
    way: str


@dataclass(frozen=True, kw_only=True)
class MeetingFileRefused(_OfMeeting):
    """The secretary does not take it into the pack, and why."""

    name = "meeting.file-refused"
    file_name: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class MeetingFilePassed(_OfMeeting):
    """A file that was kept apart while the virus scanner was away was found harmless: it lies with the secretary, or in
    the pack when the secretary put it in."""

    name = "meeting.file-passed"
    file_name: str
    sha256: Digest


@dataclass(frozen=True, kw_only=True)
class MeetingFileRemoved(_OfMeeting):
    """A file that was kept apart was not taken, and why; its bytes are gone."""

    name = "meeting.file-removed"
    file_name: str
    sha256: Digest
    reason: str


@dataclass(frozen=True, kw_only=True)
class MeetingAttended(_OfMeeting):
    """Somebody came or did not; `way`: by the own link, at the door, or as the secretary wrote it down."""

    name = "meeting.attended"
    who: str
    presence: str
    way: str


@dataclass(frozen=True, kw_only=True)
class MeetingOpenedByCode(_OfMeeting):
    """A participant opened the restricted pack with a code that came by mail."""

    name = "meeting.opened-by-code"
    who: str


@dataclass(frozen=True, kw_only=True)
class MeetingLetterBegun(_OfMeeting):
    """The invitation or the minutes were begun as a draft."""

    name = "meeting.letter-begun"
    what: str
    letter: UUID


@dataclass(frozen=True, kw_only=True)
class MinutesApproved(_OfMeeting):
    """A later meeting approved the minutes."""

    name = "meeting.minutes-approved"
    by_meeting: UUID
    corrected: bool
