"""Letters, lines and the words in their files enter the index in the background.

What changed waits in a table that the change itself wrote, so a worker that is killed at any point loses nothing: what
it had not finished still waits. Files are read between two transactions.
"""

from __future__ import annotations

from saraban.domain.attachment import Digest
from saraban.domain.errors import NotFound
from saraban.usecases.finding import FileText, TextWay
from saraban.usecases.ports import Services

AT_A_TIME = 20


def index_next(office: Services, *, most: int = AT_A_TIME) -> int:
    """Index the oldest that waits; how many letters and lines that was, 0 when nothing waits."""
    with office.uow() as uow:
        waited = uow.search.waiting(most)
        owners = list(dict.fromkeys(one.owner_id for one in waited))
        unread = uow.search.unread(owners)
    if not waited:
        return 0
    read = [(digest, _read(office, digest)) for digest in unread]
    with office.uow() as uow:
        for digest, found in read:
            uow.search.keep_text(digest, found, besides=owners)
        uow.search.put(owners)
        uow.matters.refresh(owners)
        uow.search.done(waited)
        uow.commit()
    return len(owners)


def read_next_scan(office: Services) -> int:
    """Read the words on one scan, where this machine can; its letters are indexed with them afterwards."""
    if not office.file_reader.reads_scans:
        return 0
    with office.uow() as uow:
        found = uow.search.scans(1)
    if not found:
        return 0
    digest = found[0]
    try:
        scanned = office.file_reader.scan(office.blobs.open(digest))
    except NotFound:
        scanned = ""
    with office.uow() as uow:
        uow.search.keep_scan(digest, scanned)
        uow.commit()
    return 1


def begin_anew(office: Services, *, files_too: bool = False) -> int:
    """Let everything wait to be indexed anew; how much. Until then the index answers as it is."""
    with office.uow() as uow:
        count = uow.search.wait_for_all(files_too=files_too)
        uow.commit()
    return count


def still_waiting(office: Services) -> int:
    """How much waits to be indexed."""
    with office.uow() as uow:
        return uow.search.count_waiting()


def _read(office: Services, digest: Digest) -> FileText:
    try:
        return office.file_reader.words(office.blobs.open(digest))
    except NotFound:
        return FileText(TextWay.NONE)
