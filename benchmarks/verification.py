"""The public page of a document: how many scans a second gunicorn answers, and how long the slowest wait.

Every request is for another document of many, none comes from a cache, and every scan is counted. The reference of the
rate is a bare Flask view under the same gunicorn that finds the letter by the code's key (`bare_page.py`).
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from functools import partial
from uuid import uuid4

from benchmarks.clients import Heard, ask_for
from benchmarks.databases import Databases
from benchmarks.frame import Figure, promised
from benchmarks.pages import gunicorn, served
from benchmarks.town import RECEIVER, SENDER, Town, founded
from saraban.domain.attachment import Attachment, Digest, Role
from saraban.domain.calendar import RegisterYear, office_date
from saraban.domain.classification import Secrecy, Urgency
from saraban.domain.letter import Content, Letter, LetterId, LetterState, Signatory
from saraban.domain.register import BookId, BookKind, EntryId, EntryState, RegisterEntry
from saraban.domain.verification import SubjectKind
from saraban.usecases.codes import code_of

SIZE = 5_000
"""How many documents can be verified."""
CLIENTS = 16
SECONDS = 1.5
PROMISED_PER_SECOND = 300.0
PROMISED_SLOWEST_MILLISECONDS = 100.0


def figures(size: int, databases: Databases) -> Iterator[Figure]:
    """Scans a second against the promise and against the bare view, and the slowest but one in a hundred."""
    for kind in databases.kinds:
        with databases.migrated(kind) as url, founded(url) as town:
            codes = _issued(town, size)
            bare = {"BENCH_DATABASE": town.settings.database_url}
            with served(town) as ours, gunicorn("benchmarks.bare_page:create_app()", f"/v/{codes[0]}", bare) as theirs:
                product, against = partial(_asked, ours, codes), partial(_asked, theirs, codes)
                yield Figure(
                    name=f"verification, {CLIENTS} clients",
                    unit="scans/s",
                    product=lambda asked=product: asked().per_second,
                    reference="promised",
                    against=promised(PROMISED_PER_SECOND),
                    goal=1.0,
                    database=kind,
                )
                yield Figure(
                    name=f"verification, {CLIENTS} clients",
                    unit="scans/s",
                    product=lambda asked=product: asked().per_second,
                    reference="a bare view, one query",
                    against=lambda asked=against: asked().per_second,
                    goal=0.3,
                    database=kind,
                )
                yield Figure(
                    name=f"verification, {CLIENTS} clients, p99",
                    unit="ms",
                    product=lambda asked=product: asked().percentile(0.99) * 1000,
                    reference="promised",
                    against=promised(PROMISED_SLOWEST_MILLISECONDS),
                    goal=1.0,
                    better="lower",
                    database=kind,
                )


def _asked(port: int, codes: list[str]) -> Heard:
    return ask_for(SECONDS, port, lambda: f"/v/{random.choice(codes)}", clients=CLIENTS)


def _issued(town: Town, count: int) -> list[str]:
    """So many issued letters with their numbers and codes. Their pages are names of files that nobody opens here."""
    head, agency, now = town.head, town.agencies[SENDER], town.services.clock.now()
    assert head.person_id is not None and head.unit_id is not None
    year, codes = RegisterYear.containing(now).buddhist, []
    with town.services.uow() as uow:
        for _ in range(count):
            book_id, serial = uow.registers.take(agency.id, BookKind.SENDING, None, year)
            letter = Letter(
                id=LetterId(uuid4()),
                agency_id=agency.id,
                unit_id=head.unit_id,
                drafter_id=head.person_id,
                drafter_name=head.name,
                content=Content(subject=f"เรื่องที่ {serial}", body="ด้วยกรมมีความประสงค์", recipients=(RECEIVER,)),
                created_at=now,
                updated_at=now,
                state=LetterState.DISPATCHED,
                files=[Attachment("หนังสือ.pdf", Role.LETTER, "application/pdf", 50_000, Digest.of(b"%d" % serial))],
                number=f"นร 1201/{serial}",
                number_date=office_date(now),
                signatory=Signatory(head.name, head.title),
                issued_at=now,
            )
            uow.letters.add(letter)
            uow.registers.enter(_line(letter, EntryId(uuid4()), book_id, year, serial))
            codes.append(code_of(uow.verifications, agency.id, SubjectKind.LETTER, letter.id, now))
        uow.commit()
    return codes


def _line(letter: Letter, entry_id: EntryId, book_id: BookId, year: int, serial: int) -> RegisterEntry:
    assert letter.number is not None
    return RegisterEntry(
        id=entry_id,
        agency_id=letter.agency_id,
        book_id=book_id,
        kind=BookKind.SENDING,
        year=year,
        serial=serial,
        state=EntryState.USED,
        subject_of=letter.id,
        number=letter.number,
        letter_date=letter.number_date,
        sender="",
        addressee="",
        subject=letter.content.subject,
        practice="",
        note="",
        urgency=Urgency.NORMAL,
        secrecy=Secrecy.OPEN,
        unit_id=letter.unit_id,
        at=letter.created_at,
        entered_by=letter.drafter_name,
    )
