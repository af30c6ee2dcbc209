"""The desk at which anybody verifies a document: paced, counted, and the same for the screen and for programs.

A document in many hands is answered out of memory for a few seconds (Settings.public_answer_seconds), and every look is
counted all the same. By so much less an answer may then lie in caches: what anybody sees is never older than
FRESH_SECONDS. What is not found is looked for every time.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Hashable
from functools import partial
from typing import TypeVar, cast

from flask import current_app, request

from saraban.domain.attachment import Digest
from saraban.domain.calendar import office_date
from saraban.domain.errors import NotFound, TooMuch
from saraban.domain.verification import CODE_LETTERS, TYPED_LETTERS, read_code
from saraban.doorway import Office, office, plain_reader, services
from saraban.doorway.pacing import Pace, everybody, expect_patience
from saraban.doorway.recent import Recent
from saraban.doorway.tally import Tally
from saraban.reading.verified import Verified
from saraban.reading.verifying import verified
from saraban.usecases.verifying import Brought, count_scans, judge_file

T = TypeVar("T")

EXTENSION = "saraban-public"
MOST_TYPED_MISSES, MOST_MISSES, MOST_FILES, PACE_SECONDS = 30, 600, 10, 600
"""From one address in ten minutes: typed codes that are none, whole codes that are none, files to be judged. Whole
codes cannot be guessed, and go on being looked up when typed ones have to wait: a whole ministry or a telephone company
may stand behind one address. Codes that are found are not paced."""
MOST_TYPED_MISSES_OF_ALL = 60_000
"""Typed codes that are none, in ten minutes, from everybody together: who has many addresses has their patience many
times over. Then all typed codes wait; those that are scanned are whole and go on. So many that to shut the page for the
others takes two thousand addresses, and so few that guessing is hopeless: the short form has 60 bits, and of 2^60 a
year of such guessing tries one in 360 million, so that with ten million documents it finds one in some forty years."""
FILES_AT_ONCE = 2
FRESH_SECONDS = 30
"""How old may be what anybody is told of a document."""
MOST_ANSWERS = 1000
"""Kept by one process: some ten million octets."""
_UNKNOWN = "ไม่พบเอกสารของรหัสนี้"


class PublicDesk:
    """What the public verification of one application remembers; nothing of it is about a person."""

    def __init__(self, of: Office) -> None:
        self.typed, self.whole = Pace(MOST_TYPED_MISSES, PACE_SECONDS), Pace(MOST_MISSES, PACE_SECONDS)
        self.all_typed = Pace(MOST_TYPED_MISSES_OF_ALL, PACE_SECONDS, name=everybody)
        self.files = Pace(MOST_FILES, PACE_SECONDS)
        self.tally = Tally(partial(count_scans, of.services))
        self.room = threading.BoundedSemaphore(FILES_AT_ONCE)
        self.recent = Recent[tuple[str, bytes]](of.settings.public_answer_seconds, MOST_ANSWERS)


_opening = threading.Lock()


def public_desk() -> PublicDesk:
    """The desk of this application."""
    if EXTENSION not in current_app.extensions:
        with _opening:
            current_app.extensions.setdefault(EXTENSION, PublicDesk(office()))
    return cast(PublicDesk, current_app.extensions[EXTENSION])


def may_lie_in_caches() -> int:
    """For how many seconds a cache may give an answer of this desk again."""
    return FRESH_SECONDS - math.ceil(office().settings.public_answer_seconds)


def answered(text: str, shape: Hashable, finish: Callable[[Verified], bytes], *, counts: bool = True) -> bytes:
    """What `finish` makes of the document of the code that was scanned or typed; or, of one that was asked for a moment
    ago in the same shape, what it made then. `shape` names all on which that depends. Raises as `look_up` does."""
    desk = public_desk()

    def made(code: str) -> tuple[str, bytes] | None:
        found = _found(code)
        return None if found is None else (found.code, finish(found))

    whole, finished = _patiently(text, lambda code: desk.recent.given((code, shape), lambda: made(code)))
    if counts:
        desk.tally.add(whole)
    return finished


def look_up(text: str) -> Verified:
    """The document of the code that was scanned or typed, uncounted. Raises NotFound alike for a code that is none, one
    that nobody has and one that may not be shown, and TooMuch for an address that has tried too many of these."""
    return _patiently(text, _found)


def _patiently(text: str, find: Callable[[str], T | None]) -> T:
    """What is found for the code of a text; who did not find too often waits, whatever there is."""
    desk, address = public_desk(), request.remote_addr
    code = read_code(text) or ""
    pace = desk.whole if len(code) == CODE_LETTERS else desk.typed
    expect_patience(pace, address, "ลองรหัสที่ไม่มีบ่อยเกินไป")
    typed = len(code) == TYPED_LETTERS  # what is no code at all, as /v/robots.txt, is nobody's guess
    if typed:
        expect_patience(desk.all_typed, None, "ขณะนี้มีผู้ลองรหัสที่ไม่มีจำนวนมาก สแกน QR ตรวจได้ตามปกติ การพิมพ์รหัส")
    found = find(code)
    if found is None:
        pace.note(address)
        if typed:
            desk.all_typed.note(None)
        raise NotFound(_UNKNOWN)
    return found


def download(text: str) -> tuple[str, bytes]:
    """The signed file of a document and the name under which it is kept, where its kind lets anybody have it. Raises
    NotFound alike for all others, and TooMuch as `look_up` does."""
    found = look_up(text)
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
