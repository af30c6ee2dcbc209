"""The desk at which anybody verifies a document: paced, counted, and the same for the screen and for programs."""

from __future__ import annotations

import threading
from functools import partial
from typing import cast

from flask import current_app, request

from saraban.domain.attachment import Digest
from saraban.domain.calendar import office_date
from saraban.domain.errors import NotFound, TooMuch
from saraban.domain.verification import CODE_LETTERS, read_code
from saraban.doorway import Office, office, plain_reader, services
from saraban.doorway.pacing import Pace, expect_patience
from saraban.doorway.tally import Tally
from saraban.reading.verified import Verified
from saraban.reading.verifying import verified
from saraban.usecases.verifying import Brought, count_scans, judge_file

EXTENSION = "saraban-public"
MOST_TYPED_MISSES, MOST_MISSES, MOST_FILES, PACE_SECONDS = 30, 600, 10, 600
"""From one address in ten minutes: typed codes that are none, whole codes that are none, files to be judged. Whole
codes cannot be guessed, and go on being looked up when typed ones have to wait: a whole ministry or a telephone company
may stand behind one address. Codes that are found are not paced."""
FILES_AT_ONCE = 2
_UNKNOWN = "ไม่พบเอกสารของรหัสนี้"


class PublicDesk:
    """What the public verification of one application remembers; nothing of it is about a person."""

    def __init__(self, of: Office) -> None:
        self.typed, self.whole = Pace(MOST_TYPED_MISSES, PACE_SECONDS), Pace(MOST_MISSES, PACE_SECONDS)
        self.files = Pace(MOST_FILES, PACE_SECONDS)
        self.tally = Tally(partial(count_scans, of.services))
        self.room = threading.BoundedSemaphore(FILES_AT_ONCE)


_opening = threading.Lock()


def public_desk() -> PublicDesk:
    """The desk of this application."""
    if EXTENSION not in current_app.extensions:
        with _opening:
            current_app.extensions.setdefault(EXTENSION, PublicDesk(office()))
    return cast(PublicDesk, current_app.extensions[EXTENSION])


def look_up(text: str, *, counts: bool = True) -> Verified:
    """The document of the code that was scanned or typed. Raises NotFound alike for a code that is none, one that
    nobody has and one that may not be shown, and TooMuch for an address that has tried too many of these."""
    desk, address = public_desk(), request.remote_addr
    code = read_code(text) or ""
    pace = desk.whole if len(code) == CODE_LETTERS else desk.typed
    expect_patience(pace, address, "ลองรหัสที่ไม่มีบ่อยเกินไป")
    found = _found(code)
    if found is None:
        pace.note(address)
        raise NotFound(_UNKNOWN)
    if counts:
        desk.tally.add(found.code)
    return found


def download(text: str) -> tuple[str, bytes]:
    """The signed file of a document and the name under which it is kept, where its kind lets anybody have it. Raises
    NotFound alike for all others, and TooMuch as `look_up` does."""
    found = look_up(text, counts=False)
    if not found.may_download or not found.files:
        raise NotFound(_UNKNOWN)
    return f"{found.code}.pdf", services().blobs.open(Digest(found.files[0].sha256))


def _found(code: str) -> Verified | None:
    """One look, given back at once; where the database allows it without the words that begin and end a transaction,
    which would be half of its time."""
    with plain_reader() as reader:
        return verified(reader, code, office_date(services().clock.now()))


def judge(data: bytes) -> Brought:
    """The verdict on a file that somebody brought. Raises BadInput for what is no PDF, TooMuch for an address that
    brings too many or while others are being judged."""
    desk, address = public_desk(), request.remote_addr
    expect_patience(desk.files, address, "ส่งไฟล์ตรวจบ่อยเกินไป")
    desk.files.note(address)
    if not desk.room.acquire(timeout=5):
        raise TooMuch("มีผู้ส่งไฟล์ตรวจพร้อมกันหลายคน รอสักครู่แล้วลองอีกครั้ง")
    try:
        return judge_file(services(), data)
    finally:
        desk.room.release()
