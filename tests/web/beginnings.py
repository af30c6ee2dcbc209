"""What many tests begin with is written once in a process, kept, and copied for the others.

A test tells a story of its installation: it is founded, a clerk signs in, a letter is signed and carried. As long as it
tells what another test has told before, word for word and in this order, nothing is done again: the database, the files
and the answers are those that the other test was left with. The first thing that is asked for besides the story (any
connection to the database) opens them, and from there on everything is done for this test alone. So a test sees what
it would have seen; only ids and keys are the same from test to test.
"""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable
from copy import copy
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp
from threading import RLock
from typing import TYPE_CHECKING, Any

from sqlalchemy import event

from saraban.doorway import EXTENSION
from tests.databases import NewDatabase

if TYPE_CHECKING:
    from tests.web.installation import Installation

_FIELDS = ("agencies", "people", "roots", "seal_of_elsewhere", "delivered", "elsewhere")
_PARTS = ("roots.pem", "keys", "blobs")

Story = tuple[str, ...]


@dataclass(frozen=True)
class _Kept:
    """An installation at the end of a story, and what the last chapter has answered."""

    template: str
    files: Path
    fields: dict[str, Any]
    bag: list[tuple[str, bytes]]
    answer: Any


_kept: dict[Story, _Kept] = {}
_told: Counter[Story] = Counter()


class Beginning:
    """How far an installation has come along what other tests began with too. Its database is made when somebody
    connects to it."""

    def __init__(self, town: Installation, database: NewDatabase) -> None:
        self._town, self._database, self._office = town, database, town.office
        self._moment = town.clock.now()
        self._story: Story = (database.kind, self._moment.isoformat())
        self._template, self._made, self._untouched = "", False, True
        self._lock = RLock()
        for engine in (town.office.writing, town.office.reading):
            event.listen(engine, "do_connect", self._touch)

    def go_on(self, name: str, write: Callable[[], Any], *, often: bool = False) -> Any:
        """The next chapter: what `write` answers, or has answered after the same story. What is told for the second
        time is kept for the third; what is told `often`, at once."""
        if not self._as_told():
            return write()
        story = (*self._story, name)
        if known := _kept.get(story):
            self._open(story, known)
            return copy(known.answer)
        _told[story] += 1
        answer = write()
        if often or _told[story] > 1:
            self._keep(story, answer)
        return answer

    def apart(self, name: str) -> None:
        """From here on the story is another one than that of an installation without this name."""
        self._story = (*self._story, name)

    def _as_told(self) -> bool:
        """Nothing has happened but the story."""
        town = self._town
        as_built = town.office is self._office and town.app.extensions[EXTENSION] is self._office
        usual = not (town.post.refusing or town.post.silent)
        return self._untouched and as_built and usual and town.clock.now() == self._moment

    def _touch(self, *_: object) -> None:
        with self._lock:
            if not self._made:
                self._database.make(self._template)
                self._made = True
            self._untouched = False

    def _keep(self, story: Story, answer: Any) -> None:
        town = self._town
        town.office.reading.dispose()
        town.office.writing.dispose()
        template = self._database.keep()
        files = Path(mkdtemp(prefix="kept-", dir=self._database.session))
        _copy(town.office.settings.data_folder, files)
        fields = {name: copy(getattr(town, name)) for name in _FIELDS}
        _kept[story] = _Kept(template, files, fields, list(town.post.bag), copy(answer))
        self._story, self._template, self._untouched = story, template, True

    def _open(self, story: Story, kept: _Kept) -> None:
        town = self._town
        _copy(kept.files, town.office.settings.data_folder)
        for name, value in kept.fields.items():
            setattr(town, name, copy(value))
        town.post.bag = list(kept.bag)
        self._story, self._template, self._made = story, kept.template, False


def _copy(from_: Path, to: Path) -> None:
    for part in _PARTS:
        if (from_ / part).is_dir():
            shutil.copytree(from_ / part, to / part, dirs_exist_ok=True)
        elif (from_ / part).exists():
            shutil.copy2(from_ / part, to / part)
