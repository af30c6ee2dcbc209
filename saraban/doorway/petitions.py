"""The counter at which anybody hands in a letter and follows it: paced by address, by mailbox and altogether, the same
for the screen and for programs. Without cookies; nothing is remembered but keyed digests (doorway.pacing)."""

from __future__ import annotations

import base64
import hashlib
import hmac
import threading
from collections.abc import Iterable, Sequence
from typing import Any, cast

from flask import current_app, request
from werkzeug.datastructures import FileStorage

from saraban.domain.calendar import office_time
from saraban.domain.errors import BadInput, NotFound, TooMuch
from saraban.domain.petition import LARGEST_FILE, MOST_FILES, BroughtFile, Trace, Written, read_key, traced
from saraban.doorway import office, plain_reader, services
from saraban.doorway.pacing import Pace, everybody, expect_patience
from saraban.reading.petitions import Followed, followed
from saraban.usecases import petitioning
from saraban.usecases.petitioning import Receipt

EXTENSION = "saraban-petitions"
HOUR_SECONDS, PACE_SECONDS = 3_600, 600
MOST_LETTERS, MOST_LETTERS_OF_ALL, MOST_OF_MAILBOX, MOST_TRIES = 6, 300, 3, 30
"""Letters in an hour from one address (a household or an office may stand behind it), from everybody together, and
with one mailbox, whose owner may not be who writes; tries in an hour that were refused. They hold for each process."""
MOST_MISSES, MOST_MISSES_OF_ALL = 20, 600
"""Wrong numbers and codes in ten minutes from one address, and from everybody together: the short form has 60 bits."""
AT_ONCE = 2
_TOO_OFTEN = "ส่งเรื่องบ่อยเกินไป"
_FEWEST_SIGNS = 16
_UNKNOWN = "ไม่พบเรื่องของเลขและรหัสนี้"


class Counter:
    """What the counter of one application remembers; nothing of it is about a person."""

    def __init__(self) -> None:
        self.letters = Pace(MOST_LETTERS, HOUR_SECONDS)
        self.tries = Pace(MOST_TRIES, HOUR_SECONDS)
        self.all_letters = Pace(MOST_LETTERS_OF_ALL, HOUR_SECONDS, name=everybody)
        self.mailboxes = Pace(MOST_OF_MAILBOX, HOUR_SECONDS, name=_itself)
        self.misses = Pace(MOST_MISSES, PACE_SECONDS)
        self.all_misses = Pace(MOST_MISSES_OF_ALL, PACE_SECONDS, name=everybody)
        self.room = threading.BoundedSemaphore(AT_ONCE)


_opening = threading.Lock()


def counter() -> Counter:
    """The counter of this application."""
    if EXTENSION not in current_app.extensions:
        with _opening:
            current_app.extensions.setdefault(EXTENSION, Counter())
    return cast(Counter, current_app.extensions[EXTENSION])


def hand_in(agency_code: str, key: str, written: Written, files: Sequence[BroughtFile]) -> Receipt:
    """Take a letter in. Raises TooMuch for who writes too often, and while others' files are looked through; what was
    sent before gives its receipt again, also to who may send no more letters now: only his tries are counted. Otherwise
    as `petitioning.file_petition`.

    A program chooses its key itself, and the code of a letter is made of its key: by the key of this installation,
    without which nobody finds the one from the other."""
    desk, address = counter(), request.remote_addr
    key = _with_our_secret(read_key(key))
    expect_patience(desk.tries, address, _TOO_OFTEN)
    desk.tries.note(address)
    sent = petitioning.sent_before(services(), agency_code=agency_code, key=key, written=written, files=files)
    if sent is not None:
        return sent
    mailbox = written.tidied().mailbox
    paces = [(desk.letters, address), (desk.all_letters, "")]
    for pace, of in paces + ([(desk.mailboxes, mailbox)] if mailbox else []):
        expect_patience(pace, of, _TOO_OFTEN)
    if not desk.room.acquire(timeout=10):
        raise TooMuch("มีผู้ส่งเรื่องพร้อมกันหลายคน รอสักครู่แล้วกดส่งอีกครั้ง")
    try:
        receipt = petitioning.file_petition(services(), agency_code=agency_code, key=key, written=written, files=files)
    finally:
        desk.room.release()
    if not receipt.repeated:
        desk.letters.note(address)
        desk.all_letters.note("")
        if mailbox:
            desk.mailboxes.note(mailbox)
    return receipt


def key_of_program(key: str, header: str | None) -> str:
    """The key of a letter that a program sends: its own, else one that is always the same for what it wrote into the
    header Idempotency-Key. Raises BadInput({"key": …}) where there is neither: it could not send the letter again."""
    if key:
        return key
    header = (header or "").strip().strip('"')
    if not _FEWEST_SIGNS <= len(header) <= 200:
        words = "ใส่ key สุ่มเอง 43 ตัว หรือหัว Idempotency-Key สุ่มเอง 16 ถึง 200 ตัว ส่งซ้ำด้วยค่าเดิมได้ใบรับเดิม"
        raise BadInput({"key": words})
    return _as_key(hashlib.sha256(b"saraban petition header\0" + header.encode()).digest())


def _with_our_secret(key: str) -> str:
    secret = office().settings.secret_key.encode()
    return _as_key(hmac.digest(secret, b"saraban petition key\0" + key.encode(), "sha256"))


def _as_key(digest: bytes) -> str:
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def brought(files: Iterable[FileStorage]) -> list[BroughtFile]:
    """The files of a form with their bytes, of what is too much no more than shows that it is."""
    named = [file for file in files if file.filename][: MOST_FILES + 1]
    return [BroughtFile(file.filename or "", file.stream.read(LARGEST_FILE + 1)) for file in named]


def follow_address(code: str) -> str:
    """Where a letter is followed by its whole code; empty where the installation has no public address."""
    public = office().settings.public_url
    return f"{public}/w/f/{code}" if public else ""


def receipt_told(receipt: Receipt) -> dict[str, Any]:
    """The receipt as JSON."""
    return {
        "agency": receipt.agency,
        "agency_en": receipt.agency_en,
        "number": receipt.number,
        "code": receipt.code,
        "arrived_at": office_time(receipt.arrived_at).isoformat(),
        "deemed_received_at": office_time(receipt.deemed_at).isoformat(),
        "due_on": receipt.due_on.isoformat(),
        "follow": follow_address(receipt.code),
        "mailed": receipt.mailed,
        "repeated": receipt.repeated,
        "files_held": receipt.held,
    }


def follow(number: str, code: str) -> Followed:
    """What may be known by a number and a code, or by a whole code. Raises NotFound alike for whatever leads to
    nothing, and TooMuch for an address that has tried too many of these, and when everybody together has."""
    desk, address = counter(), request.remote_addr
    trace = _patient_trace(desk, address, number, code)
    with plain_reader() as reader:
        found = followed(reader, trace)
    if found is None:
        _miss(desk, address, trace)
        raise NotFound(_UNKNOWN)
    return found


def fetch_answer(number: str, code: str) -> tuple[str, bytes]:
    """The file of the answer, with a name; raises as `follow` does."""
    desk, address = counter(), request.remote_addr
    trace = _patient_trace(desk, address, number, code)
    try:
        return petitioning.open_answer(services(), number=number, code=code)
    except NotFound:
        _miss(desk, address, trace)
        raise


def _patient_trace(desk: Counter, address: str | None, number: str, code: str) -> Trace | None:
    """What is looked for. Whole codes cannot be guessed: they wait for their own address alone."""
    trace = traced(number, code)
    expect_patience(desk.misses, address, "ลองเลขหรือรหัสที่ไม่มีบ่อยเกินไป")
    if trace is None or not trace.whole:
        expect_patience(desk.all_misses, "", "มีผู้ลองเลขหรือรหัสที่ไม่มีหลายครั้ง")
    return trace


def _miss(desk: Counter, address: str | None, trace: Trace | None) -> None:
    desk.misses.note(address)
    if trace is not None and not trace.whole:
        desk.all_misses.note("")


def _itself(told: str | None) -> str:
    return told or ""
