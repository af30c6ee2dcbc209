"""The worker of the index killed at any moment: what the index says is true or waits to be made anew.

The moments are before and after each statement and before COMMIT, and each process is a real one that dies of SIGKILL.
"""

from __future__ import annotations

import os
import random
import signal
import traceback
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

from sqlalchemy import text

from saraban.bootstrap import build
from saraban.domain.classification import Secrecy
from saraban.settings import Settings
from saraban.storage.documents import documents_of
from saraban.storage.tables.finding import documents, waiting
from saraban.storage.tables.letters import letters
from saraban.usecases import drafting
from saraban.usecases.indexing import index_next
from tests.builders import CONTENT
from tests.torture.nursery import Death
from tests.usecases.house import House
from tests.usecases.test_indexing import a_word_file, catch_up, found

_AT_A_TIME = 2
_FIELDS = ("kind", "signs", "subject", "marks", "words", "scans")


def test_an_indexer_killed_at_any_moment_leaves_what_is_true_or_waits(
    either_house: House, tmp_path: Path, rounds: Callable[[int, int], int]
) -> None:
    house, chance, told = either_house, random.Random(uuid4().int), tmp_path / "moments"
    work_for(house, 0)
    assert indexer(house, 0, told) == 0
    last = int(told.read_text())
    assert last > 10

    for round_ in range(1, rounds(3, 120)):
        work_for(house, round_)
        moment = chance.randint(1, last - 1)
        assert indexer(house, moment, told) == -signal.SIGKILL, f"not killed at moment {moment} of {last}"
        require_true_or_waiting(house, moment)

    catch_up(house)
    assert house.rows(waiting) == []
    require_true_or_waiting(house, 0)
    assert found(house, "คำในไฟล์")
    assert found(house, "ความลับ") == []


def work_for(house: House, round_: int) -> None:
    """Letters that are new, changed, with files, and one that is no longer open."""
    made = [house.draft(subject=f"หนังสือรอบที่ {round_} ฉบับที่ {n}") for n in range(3)]
    house.attach(made[0], "ก.docx", a_word_file(f"คำในไฟล์ {round_}"))
    for letter, secrecy in ((made[1], Secrecy.OPEN), (made[2], Secrecy.CONFIDENTIAL)):
        drafting.revise_letter(
            house.office,
            actor=house.ours["clerk"],
            letter_id=letter,
            content=replace(CONTENT, subject="แก้ไขแล้ว" if secrecy.is_open else "ความลับ", secrecy=secrecy),
            version=house.letter(letter).version,
        )


def indexer(house: House, moment: int, told: Path) -> int:
    """How a process ended that indexes all that waits, and dies at that moment; at none when it is 0."""
    child = os.fork()
    if child == 0:
        try:
            _index(house.real.settings, moment, told)
        except BaseException:
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _index(settings: Settings, moment: int, told: Path) -> None:
    office = build(settings)
    death = Death(office.writing, moment)
    while index_next(office.services, most=_AT_A_TIME):
        pass
    told.write_text(str(death.passed))


def require_true_or_waiting(house: House, moment: int) -> None:
    """Fail unless each row of the index is as its letter is now, or the letter waits."""
    waits = {row.owner_id for row in house.rows(waiting)}
    owners = [row.id for row in house.rows(letters)]
    with house.real.reading.connect() as reader:
        now = {one.owner_id: one for one in documents_of(reader, owners)}
    kept = {row.owner_id: row for row in house.rows(documents)}
    for owner in set(owners) - waits:
        assert (owner in kept) == (owner in now), f"killed at moment {moment}: {owner}"
        for name in _FIELDS if owner in now else ():
            assert getattr(kept[owner], name) == getattr(now[owner], name), f"killed at moment {moment}: {owner} {name}"
    if house.real.writing.dialect.name == "sqlite":
        with house.real.writing.begin() as connection:  # raises when the words of a row are not those of its text
            for fts in ("search_documents_fts", "search_heads_fts"):
                connection.execute(text(f"INSERT INTO {fts}({fts}, rank) VALUES('integrity-check', 1)"))
