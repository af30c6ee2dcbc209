"""A property: what destroyed letters said is nowhere, down to the bytes of the files (database and its index, blobs,
a backup that is put back, and what lay there to be moved in), and what stays is whole."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from saraban.bootstrap import Office, build
from saraban.domain.attachment import Attachment, Role
from saraban.domain.keeping import KeepingState
from saraban.domain.register import EntryId
from saraban.storage.database_copies import find_program
from saraban.storage.tables.registers import entries
from saraban.usecases import archiving, backing_up, registering
from saraban.usecases.auditing import verify_registers
from saraban.usecases.indexing import index_next
from saraban.usecases.kept import forget_words
from tests.usecases.archive import (
    carried_out,
    cleared,
    considered,
    disposal,
    in_year,
    kept,
    line_of,
    paper,
    proposed,
    stored,
)
from tests.usecases.house import House
from tests.usecases.test_moving_in import lay, order, work

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 20
FILES = 2
"""How many files the letters share among them."""


@dataclass(frozen=True)
class Planned:
    """A letter: on paper, from the gateway or from an old system ("old"), which of the shared files it has, and whether
    it goes or why it stays."""

    source: str
    file: int
    fate: str

    @property
    def electronic(self) -> bool:
        """Is there no paper of it?"""
        return self.source == "gateway"

    @property
    def goes(self) -> bool:
        """Will it be destroyed?"""
        return self.fate == "goes"


PLANS = st.lists(
    st.builds(
        Planned,
        st.sampled_from(["paper", "gateway", "old"]),
        st.integers(0, FILES - 1),
        st.sampled_from(["goes", "goes", "kept", "held"]),
    ),
    min_size=1,
    max_size=4,
).filter(lambda plans: any(plan.goes for plan in plans))


def word(number: int) -> str:
    """A word of signs that nothing else has, so that a piece of three of them in an index is known as one of it."""
    return "".join(chr(0x1200 + 8 * number + place) for place in range(8))


def whole(number: int) -> bytes:
    """The word as it stands in a file."""
    return word(number).encode()


def pieces(number: int) -> list[bytes]:
    """What an index of three signs each has of it, whatever begins alike and is left out."""
    return [word(number)[place : place + 2].encode() for place in range(1, 6)]


def bytes_of(office: Office) -> Iterator[bytes]:
    """All that lies in the data folder: the database of SQLite with its log, files that are kept, and whatever else. Of
    PostgreSQL what pg_dump writes down."""
    if office.services.safe.database.kind == "postgresql":
        copy = office.settings.data_folder.parent / "all.dump"
        office.services.safe.database.dump(copy)
        yield subprocess.run([find_program("pg_restore"), "--file=-", copy], capture_output=True, check=True).stdout
        copy.unlink()
    yield from (path.read_bytes() for path in office.settings.data_folder.rglob("*") if path.is_file())


def said(office: Office, numbers: Iterable[int]) -> set[int]:
    """The words of which any byte of the installation still tells."""
    everything = list(bytes_of(office))
    looked_for = {number: [whole(number), *pieces(number)] for number in numbers}
    return {number for number, words in looked_for.items() if any(one in data for data in everything for one in words)}


def begun(house: House, plans: Sequence[Planned]) -> list[EntryId]:
    """The letters, each with a word of its own (their number) in its text and that of its file (behind them)."""
    lines = []
    for number, plan in enumerate(plans):
        data = PNG + whole(len(plans) + plan.file)
        if not plan.electronic:
            note = word(number) if not plan.goes else ""
            if plan.source == "old":
                line = moved_in(house, 20 - number, data, note)
            else:
                line = paper(house, f"กระดาษ {number}", scan=data, note=note)
            stored(house, line, class_code="history" if plan.fate == "kept" else "routine")
        else:
            file = Attachment("แนบ.png", Role.ENCLOSURE, "image/png", len(data), house.office.blobs.keep(data))
            raw = house.office.blobs.keep(b"mail " + whole(number))
            come = house.incoming(subject=f"เรื่อง {number}", text=word(number), raw_sha256=raw, files=[file])
            registering.register_letter(house.office, actor=house.ours["central_clerk"], incoming_id=come.id)
            line = line_of(house, come.id)
            code = "history" if plan.fate == "kept" else "general"
            clerk = house.ours["central_clerk"]
            archiving.classify(house.office, actor=clerk, entry_ids=[line], class_code=code)
            archiving.finish(house.office, actor=clerk, entry_ids=[line])
        if plan.fate == "held":
            archiving.place_hold(house.office, actor=house.ours["head"], entry_id=line, reason="คดี", order="หมาย ๑")
        lines.append(line)
    while index_next(house.office):
        pass
    return lines


def moved_in(house: House, serial: int, scan: bytes, note: str) -> EntryId:
    """A letter of an old system, from a folder with its scan."""
    row = f"รับ,2567,{serial},ก {serial},5/1/2567,จังหวัดตาก,เรื่องเดิม {serial},{note},สแกน/{serial}.png"
    lay(
        house,
        row,
        folder=f"เดิม {serial}",
        head="ทะเบียน,ปี,เลขทะเบียน,ที่,ลงวันที่,จาก,เรื่อง,หมายเหตุ,ไฟล์",
        files={f"สแกน/{serial}.png": scan},
    )
    order(house, folder=f"เดิม {serial}")
    assert work(house).state == "done"
    [line] = [row.id for row in house.rows(entries) if row.subject == f"เรื่องเดิม {serial}"]
    return EntryId(line)


def destroyed(house: House, plans: Sequence[Planned]) -> None:
    """Both lists, from survey to the officers' word; and what the worker does afterwards."""
    in_year(house, 2038)
    for electronic in {plan.electronic for plan in plans if plan.goes}:
        list_id = proposed(house, 2580, electronic=electronic)
        considered(house, list_id)
        cleared(house, list_id)
        carried_out(house, list_id)
        assert all(item.outcome.value == "destroyed" for item in disposal(house, list_id).items)
    forget_words(house.office)


def restored(house: House, copies: Path, place: Path, url: str) -> Office:
    """The backup that was made before the destruction, with the list of the destroyed, in an empty place."""
    office = build(replace(house.real.settings, data_folder=place, database_url=url), clock=house.clock)
    listed = copies.parent / "destroyed.txt"
    listed.write_text("".join(f"{line}\n" for line in house.office.safe.destroyed.listed()), encoding="utf-8")
    backing_up.restore(
        office.services, folder=copies, keys_file=None, passphrase="", destroyed=listed, told=lambda *_: None
    )
    forget_words(office.services)
    return office


@settings(max_examples=4)
@example(plans=[Planned("old", 0, "goes"), Planned("old", 1, "held")])
@given(plans=PLANS)
def test_destroyed_bytes_are_nowhere(houses: Callable[[], AbstractContextManager[House]], plans: list[Planned]) -> None:
    with houses() as house:
        copies = house.real.settings.data_folder.parent / "copies"
        back = copies.parent / "back"
        expect_nowhere(house, plans, copies, back, f"sqlite:///{back / 'saraban.db'}")
    shutil.rmtree(copies.parent)


@pytest.mark.only_database("postgresql")
def test_destroyed_bytes_are_nowhere_on_postgresql(
    either_house: House, empty_database_url: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    house, apart = either_house, tmp_path_factory.mktemp("apart")
    plans = [Planned("gateway", 0, "goes"), Planned("old", 1, "goes"), Planned("paper", 1, "goes")]
    plans.append(Planned("old", 0, "held"))
    expect_nowhere(house, plans, apart / "copies", apart / "back", empty_database_url)


def expect_nowhere(house: House, plans: Sequence[Planned], copies: Path, back_to: Path, url: str) -> None:
    """Destroy what goes, and put the backup of the day before back there: nothing of it is said, here and there, and
    what stays is whole."""
    lines = begun(house, plans)
    backing_up.back_up(house.office, folder=copies, keys_file=None, passphrase="", told=lambda *_: None)
    words = [number for number, plan in enumerate(plans) if plan.electronic and plan.goes]
    files = {len(plans) + plan.file for plan in plans}
    stay = {len(plans) + plan.file for plan in plans if not plan.goes}
    assert said(house.real, [*words, *files]) == {*words, *files}
    destroyed(house, plans)
    back = restored(house, copies, back_to, url)

    for office in (house.real, back):
        assert said(office, [*words, *files]) == stay
        assert verify_registers(office.services, agency_id=house.ours.agency.id).sound
    back.close()
    states = [kept(house, line).state is KeepingState.DESTROYED for line in lines]
    assert states == [plan.goes for plan in plans]
