"""Meetings as the use cases see them: the Protocol that `storage` fills, and how a file of a pack is kept."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO, Protocol
from uuid import UUID

from saraban.domain.agency import AgencyId
from saraban.domain.attachment import Digest, safe_name
from saraban.domain.errors import BadInput, SarabanError
from saraban.domain.meeting import Meeting
from saraban.domain.meeting_files import LARGEST, MeetingFile, type_of
from saraban.domain.meeting_people import Participant
from saraban.domain.verification import ENTROPY_OCTETS, code_from
from saraban.usecases.pages import Renderer
from saraban.usecases.viruses import VirusScanner, why_not_scanned


@dataclass(frozen=True)
class SentNumber:
    """A one-time code that went out to a participant; `sent` of them since `since`."""

    participant_id: UUID
    meeting_id: UUID
    digest: Digest
    sent_at: datetime
    until: datetime
    since: datetime
    sent: int


class Meetings(Protocol):
    """Meetings, who takes part, their files, and codes that went out."""

    def add(self, meeting: Meeting) -> None: ...
    def save(self, meeting: Meeting) -> None: ...
    def get(self, agency_id: AgencyId, meeting_id: UUID) -> Meeting: ...
    def by_code(self, code: str) -> Meeting | None: ...
    def by_room(self, room: str) -> Meeting | None: ...
    def by_key(self, key: str) -> tuple[Meeting, Participant] | None:
        """The participant, of whatever agency, whose own link this is."""
        ...

    def by_mail(self, agency_id: AgencyId, mail: str) -> Sequence[tuple[Meeting, Participant]]:
        """Meetings of the agency in which somebody with this address takes part, the newest first."""
        ...

    def people(self, meeting_id: UUID) -> Sequence[Participant]:
        """Who takes part, in the order of the list; held until commit."""
        ...

    def add_people(self, *people: Participant) -> None: ...
    def save_person(self, person: Participant) -> None: ...
    def remove_person(self, person_id: UUID) -> None: ...
    def files(self, meeting_id: UUID) -> Sequence[MeetingFile]: ...
    def file(self, agency_id: AgencyId, file_id: UUID) -> MeetingFile: ...
    def add_file(self, file: MeetingFile) -> None: ...
    def save_file(self, file: MeetingFile) -> None: ...
    def hold(self, meeting_id: UUID) -> None:
        """Nobody else puts files into this meeting until commit."""
        ...

    def number(self, participant_id: UUID) -> SentNumber | None: ...
    def put_number(self, number: SentNumber) -> None: ...
    def use_number(self, meeting_id: UUID, digest: Digest, now: datetime) -> UUID | None:
        """The participant to whom this code went out; it is used up. None when there is none that is in time."""
        ...


@dataclass(frozen=True)
class AttendanceList:
    """ใบลงชื่อ: the meeting, and for each participant name, post and what stands where he signs (empty: a blank)."""

    agency_name: str
    title: str
    when: str
    place: str
    rows: Sequence[tuple[str, str, str]]


@dataclass(frozen=True)
class Poster:
    """A QR code for the door or the screen of the room, with what it is for."""

    agency_name: str
    title: str
    when: str
    place: str
    caption: str
    address: str


class MeetingPapers(Protocol):
    """What of a meeting is drawn."""

    def attendance(self, made: AttendanceList) -> bytes:
        """The list of participants as PDF, to be signed by hand or as it was signed."""
        ...

    def poster(self, made: Poster) -> bytes:
        """The poster as PDF."""
        ...

    def qr_picture(self, text: str) -> bytes:
        """A QR code of this text as PNG, with its quiet zone, for screens and slides."""
        ...


@dataclass(frozen=True)
class KeptFile:
    """A file that was checked and kept, before a row names it. `held`: the virus scanner was away, and only its name,
    its first octets and the list of parts of a ZIP were looked at."""

    name: str
    media_type: str
    size: int
    sha256: Digest
    pages: int
    scanned: bool
    held: bool = False


class Keeps(Protocol):
    """What keeps the bytes of files."""

    def keep(self, data: bytes) -> Digest: ...


def new_key() -> str:
    """A code of 100 random bits."""
    return code_from(secrets.token_bytes(ENTROPY_OCTETS))


def keep_file(blobs: Keeps, scanner: VirusScanner, renderer: Renderer, *, name: str, stream: BinaryIO) -> KeptFile:
    """Check a file for a pack, and keep it; while the virus scanner is away it is held. Raises BadInput at `file`: too
    large, empty, of no type that is taken, something else than its name says, with macros or scripts, locked, or with a
    virus."""
    data = stream.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise BadInput({"file": "ไฟล์ใหญ่เกิน ๒๐ MB แบ่งเป็นไฟล์เล็กลง"})
    return keep_bytes(blobs, scanner, renderer, name=name, data=data)


def keep_bytes(
    blobs: Keeps, scanner: VirusScanner, renderer: Renderer, *, name: str, data: bytes, away: bool = False
) -> KeptFile:
    """The same of bytes; the scanner is not asked when it is known to be `away`."""
    plain = safe_name(name)
    media_type = type_of(plain, data)
    if away or why_not_scanned(scanner, data):
        return KeptFile(plain, media_type, len(data), blobs.keep(data), 0, scanned=False, held=True)
    pages = renderer.check_upload(data) if media_type == "application/pdf" else 0
    return KeptFile(plain, media_type, len(data), blobs.keep(data), pages, scanner.on)


def tried(deed: Callable[[], KeptFile]) -> KeptFile | str:
    """What was kept, or why not, in Thai: for files that came in a mail together with others."""
    try:
        return deed()
    except BadInput as error:
        return error.fields.get("file", error.thai)
    except SarabanError as error:
        return error.thai
