"""What many tests begin with is written once in a process, kept, and copied for the others.

A test tells a story of its installation: it is founded, a clerk signs in, a letter is signed and carried. As long as it
tells what another test has told before, word for word and in this order, nothing is done again: the database, the files
and the answers are those that the other test was left with. The first thing that is asked for besides the story (any
connection to the database) opens them, and from there on everything is done for this test alone. So a test sees what
it would have seen; only ids and keys are the same from test to test.
"""

from __future__ import annotations

import shutil
from collections import Counter, OrderedDict
from collections.abc import Callable, Sequence
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp
from threading import RLock
from typing import Any
from weakref import WeakMethod

from sqlalchemy import Engine, event

from tests.databases import NewDatabase

_PARTS = ("roots.pem", "keys", "blobs")
"""What a data folder has besides its database."""
_MOST = 40
"""So many stories are kept in a process: a database of PostgreSQL is some megabytes of memory."""

Story = tuple[str, ...]


@dataclass(frozen=True)
class _Kept:
    """How things are at the end of a story, and what its last chapter has answered."""

    database: NewDatabase
    template: str
    files: Path
    state: Any
    answer: Any


_kept: OrderedDict[Story, _Kept] = OrderedDict()
"""The one that was opened last comes last."""
_told: Counter[Story] = Counter()


class Told:
    """What a story changes besides database and files, for installations that have more."""

    def as_ever(self) -> bool:
        """Whether nothing was put in another way than others have it."""
        return True

    def state(self) -> Any:
        """What is kept."""
        return None

    def put(self, state: Any) -> None:
        """Be as it was kept."""


class Beginning:
    """How far a test has come along what other tests began with too. The database is made when one of these engines
    connects to it; `folder` is the data folder, where there is one."""

    def __init__(
        self,
        title: str,
        database: NewDatabase,
        engines: Sequence[Engine],
        folder: Path | None = None,
        told: Told | None = None,
    ) -> None:
        self._database, self._engines, self._folder, self._more = database, engines, folder, told or Told()
        self._story: Story = (database.kind, title)
        self._template, self._made, self._untouched = "", False, True
        self._lock = RLock()
        touched = WeakMethod(self._touch)

        def touch(*_: object) -> None:
            if (story := touched()) is not None:
                story()

        for engine in engines:  # whose dialect may be kept for long: it does not hold what a test has built
            event.listen(engine, "do_connect", touch)

    def go_on(self, name: str, write: Callable[[], Any], *, often: bool = False) -> Any:
        """The next chapter: what `write` answers, or has answered after the same story. What is told for the second
        time is kept for the third; what is told `often`, at once."""
        if not (self._untouched and self._more.as_ever()):
            return write()
        story = (*self._story, name)
        if known := _kept.get(story):
            _kept.move_to_end(story)
            self._open(story, known)
            return deepcopy(known.answer)
        _told[story] += 1
        answer = write()
        if often or _told[story] > 1:
            self._keep(story, answer)
        return answer

    def apart(self, name: str) -> None:
        """From here on the story is another one than that of an installation without this name."""
        self._story = (*self._story, name)

    def _touch(self) -> None:
        with self._lock:
            if not self._made:
                self._database.make(self._template)
                self._made = True
            self._untouched = False

    def _keep(self, story: Story, answer: Any) -> None:
        for engine in self._engines:
            engine.dispose()
        template = self._database.keep()
        files = Path(mkdtemp(prefix="kept-", dir=self._database.session))
        _copy(self._folder, files)
        _kept[story] = _Kept(self._database, template, files, deepcopy(self._more.state()), deepcopy(answer))
        self._story, self._template, self._untouched = story, template, True
        if len(_kept) > _MOST:
            _, oldest = _kept.popitem(last=False)
            oldest.database.forget(oldest.template)
            shutil.rmtree(oldest.files)

    def _open(self, story: Story, kept: _Kept) -> None:
        self._story, self._template, self._made = story, kept.template, False  # whoever connects from here on finds it
        _copy(kept.files, self._folder)
        self._more.put(deepcopy(kept.state))


def _copy(from_: Path | None, to: Path | None) -> None:
    for part in _PARTS if from_ and to else ():
        if (from_ / part).is_dir():
            shutil.rmtree(to / part, ignore_errors=True)
            shutil.copytree(from_ / part, to / part)
        elif (from_ / part).exists():
            shutil.copy2(from_ / part, to / part)
