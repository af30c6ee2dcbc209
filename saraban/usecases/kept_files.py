"""The bytes of files on the disk: what a person brought before the deed that names it counts as kept, and what was
destroyed or dropped is taken off."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta

from saraban.domain.attachment import Digest
from saraban.domain.errors import BadInput, SarabanError
from saraban.usecases.ports import Services
from saraban.usecases.viruses import Infected, require_clean

AT_A_TIME = 500
GRACE = timedelta(hours=1)
"""So long nobody removes bytes that somebody kept; far longer than any deed takes from keeping them to its commit."""
UNUSED = timedelta(days=1)
"""So long bytes wait for the page that names them; whoever brought them may use them for half of it."""
HARMFUL_GRACE = timedelta(minutes=2)
"""So long for bytes in which the scanner found a virus: who brings them again is refused. Only while the scanner is
away are such bytes taken, apart, and who takes them commits at once, or after a quarter of a lease at most."""


def keep_on(office: Services, files: Iterable[tuple[str, Digest]]) -> None:
    """Files (name, digest) that a person brought before, with the page that he sends now or hours ago, count as kept
    now, so that they lie here until the deed is committed that names them. Raises BadInput at `file`, which names those
    that are gone: he brings them again."""
    if gone := [name for name, digest in files if not office.blobs.keep_again(digest)]:
        raise BadInput({"file": f"{', '.join(gone)}: ไฟล์ที่แนบไว้ใช้ไม่ได้แล้ว เลือกไฟล์อีกครั้ง"})


def clean_or_dropped(office: Services, digest: Digest) -> bytes:
    """The bytes of a file that was kept as it came, in which the scanner finds nothing. Raises BadInput at `file`
    (viruses.require_clean); nothing leads to what is refused, and its bytes go."""
    with dropped_if_refused(office, digest):
        data = office.blobs.open(digest)
        require_clean(office.scanner, data)
    return data


@contextmanager
def dropped_if_refused(office: Services, digest: Digest, refusal: type[SarabanError] = BadInput) -> Iterator[None]:
    """Bytes that were kept before go again when what is done with them here raises this refusal: nothing leads to
    them, no destruction would reach them, and every backup would copy them."""
    try:
        yield
    except refusal as error:
        with office.uow() as uow:
            uow.disposals.drop([digest], office.clock.now(), harmful=isinstance(error, Infected))
            uow.commit()
        raise


def goes_unless_entered(office: Services, digest: Digest) -> None:
    """Bytes that a person brings for a letter to come go after `UNUSED` when nothing leads to them by then."""
    with office.uow() as uow:
        uow.disposals.drop([digest], office.clock.now() + UNUSED)
        uow.commit()


def remove_leftovers(office: Services) -> int:
    """Take away what uploads left behind whose process was killed long ago; how many files."""
    return office.blobs.remove_leftovers(office.clock.now() - UNUSED)


def remove_files(office: Services) -> int:
    """Take the bytes of files that were destroyed or dropped off the disk; how many. Whatever stops it, the rest goes
    the next time: what is to go was written down in the transaction after which nothing led to it. A file that somebody
    has brought again since, stays.

    Who brings a file keeps its bytes first and commits what leads to them afterwards, and between the two nothing says
    that they are needed. So bytes that somebody kept within the last hour (`GRACE`) are let be and asked about again
    the next time, as `git gc` lets young objects be: whoever kept them has committed by then, or never will. Four
    things make that hold with any number of processes. Keeping bytes that lie there already puts their moment forward.
    The hour is counted back from before it is asked what is needed, so that the answer knows of every commit of whoever
    kept before that hour; it is of one moment, and nobody who writes waits for it. Keeping and removing exclude each
    other, and the removal looks at the moment once more. And from keeping to commit no deed comes near an hour: what
    takes long, reading an upload from the network, is before it; what it may wait for (scanner, locks) gives up after
    minutes; who keeps many files one after another commits after a part of a lease (mails of a mailbox, moving in); and
    what a person brings before he sends the page that names it, is kept on then (`keep_on`). The clocks of several
    machines must agree that far.

    Of dropped bytes that somebody brings for a letter to come, the last who brought them has his whole day
    (`goes_unless_entered`): an earlier row gives way to his. Bytes in which the scanner found a virus wait for
    `HARMFUL_GRACE` alone, and what was destroyed by the book waits for nobody's letter to come.
    """
    count = seen_destroyed = seen_dropped = 0
    while True:
        now = office.clock.now()
        with office.uow() as uow:
            destroyed = uow.disposals.to_remove(AT_A_TIME, seen_destroyed)
            dropped = uow.disposals.dropped(AT_A_TIME, now, seen_dropped)
            later = uow.disposals.dropped_later({one.sha256 for one in dropped}, now)
        if not destroyed and not dropped:
            return count
        named = {*(one.sha256 for one in destroyed if one.sha256 is not None), *(one.sha256 for one in dropped)}
        before = dict.fromkeys(named, now - GRACE)
        before |= {one.sha256: now - HARMFUL_GRACE for one in dropped if one.harmful}
        old = {digest for digest in named if not office.blobs.kept_after(digest, before[digest])}
        needed = office.file_needs.needed(old)
        later -= {one.sha256 for one in destroyed if one.sha256} | {one.sha256 for one in dropped if one.harmful}
        old, needed = old - later, needed | later
        done = set(needed)
        for digest in old - needed:
            lay = office.blobs.has(digest)
            if office.blobs.remove(digest, unless_after=before[digest]):
                done.add(digest)
                count += lay
        with office.uow() as uow:
            uow.disposals.removed([one.seq for one in destroyed if one.sha256 in done], office.clock.now())
            uow.disposals.dealt_with([one.seq for one in dropped if one.sha256 in needed])
            gone = [one.seq for one in dropped if one.sha256 in done - needed]
            uow.disposals.dealt_with(gone, office.clock.now())
            uow.commit()
        seen_destroyed = max((one.seq for one in destroyed), default=seen_destroyed)
        seen_dropped = max((one.seq for one in dropped), default=seen_dropped)
