"""A property: whatever an office does, and whatever is left lying by deeds that were killed, a sweep takes no file that
any column of the database still tells of, and takes all others. What the columns tell is read from the tables as they
are, not by the list that the sweep goes by."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import date, timedelta

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from saraban.domain.attachment import Attachment, Digest, Role
from saraban.domain.book import BookKind
from saraban.domain.errors import PossibleDuplicate, RuleBroken
from saraban.domain.register import Matter
from saraban.storage.naming import NO_FILES
from saraban.storage.tables.closing import errands
from saraban.usecases import drafting, recording, registering, routing
from saraban.usecases.emblems import remove_emblem, set_emblem
from saraban.usecases.errands import order_errand, run_next_errand
from saraban.usecases.importing import keep_list
from saraban.usecases.kept_files import remove_files
from saraban.usecases.picturing import remove_picture, set_picture
from saraban.usecases.ports import Made
from saraban.usecases.sweeping import GRACE, LEAST, sweep
from tests.mentions import ONLY_SAID, mentions, unlisted
from tests.usecases.archive import carried_out, cleared, considered, in_year, paper, proposed, stored
from tests.usecases.house import House
from tests.usecases.test_emblems import SVG
from tests.usecases.test_picturing import drawn

PNG = b"\x89PNG\r\n\x1a\n"
DEAD = {
    *(str(column) for column in NO_FILES),
    *ONLY_SAID,
    # What was destroyed or dropped, and the orders of errands that have ended.
    *("destroyed.sha256", "dropped_files.sha256", "errands.order"),
}


def refused(*_: object) -> Made:
    """Work that cannot be done."""
    raise RuleBroken("ทำไม่ได้")


class Doer:
    """Somebody who does one thing after another, each with bytes of its own."""

    def __init__(self, house: House) -> None:
        self.house, self.number = house, 0
        self.letters = [house.draft()]

    def _bytes(self) -> bytes:
        self.number += 1
        return PNG + b"file %d" % self.number

    def attach(self) -> None:
        """An enclosure, and one that is taken off again."""
        self.house.attach(self.letters[-1], name=f"{self.number}.txt", data=self._bytes())
        gone = self.house.attach(self.letters[-1], name="ออก.txt", data=self._bytes()).sha256
        clerk = self.house.ours["clerk"]
        drafting.detach_file(self.house.office, actor=clerk, letter_id=self.letters[-1], sha256=gone)

    def send(self) -> None:
        """A letter on its way, sent back, and another draft."""
        letter = self.letters[-1]
        routing.submit_letter(self.house.office, actor=self.house.ours["clerk"], letter_id=letter)
        director = self.house.ours["director"]
        routing.return_letter(self.house.office, actor=director, letter_id=letter, reason="แก้")
        self.letters.append(self.house.draft(subject=f"เรื่อง {self.number}"))

    def sign(self) -> None:
        """An issued letter."""
        self.house.signed(subject=f"ออก {self.number}")

    def receive(self) -> None:
        """A mail with a file, registered."""
        data = self._bytes()
        file = Attachment("แนบ.png", Role.ENCLOSURE, "image/png", len(data), self.house.office.blobs.keep(data))
        raw = self.house.office.blobs.keep(b"mail " + data)
        come = self.house.incoming(subject=f"เข้า {self.number}", raw_sha256=raw, files=[file])
        registering.register_letter(self.house.office, actor=self.house.ours["central_clerk"], incoming_id=come.id)

    def scan(self) -> None:
        """A scan for a letter on paper, and one for which the letter never comes."""
        for entered in (True, False):
            file = recording.keep_scan(self.house.office, stream=io.BytesIO(self._bytes()), name="scan.png")
            if entered:
                matter = Matter(letter_date=date(2026, 11, 20), sender="กรมบัญชีกลาง", subject=f"เรื่อง {self.number}")
                values = {"actor": self.house.ours["central_clerk"], "kind": BookKind.RECEIVING, "matter": matter}
                try:
                    recording.record_letter(self.house.office, files=[file], **values)
                except PossibleDuplicate as alike:
                    accepted = [one.key for one in alike.findings]
                    recording.record_letter(self.house.office, files=[file], accepted=accepted, **values)

    def draw(self) -> None:
        """Emblem and signature, drawn anew."""
        admin, head = self.house.ours["admin"], self.house.ours["head"]
        set_emblem(self.house.office, actor=admin, name="ตรา.svg", data=SVG)
        set_picture(self.house.office, actor=head, data=drawn())

    def take_away(self) -> None:
        """Neither any more."""
        remove_emblem(self.house.office, actor=self.house.ours["admin"])
        remove_picture(self.house.office, actor=self.house.ours["head"])

    def order(self) -> None:
        """Work that fails, and work that waits."""
        for fails in (True, False):
            listed = keep_list(self.house.office, matters=[Matter(subject=f"รายการ {self.number}")])
            self.number += 1
            clerk = self.house.ours["clerk"]
            order_errand(self.house.office, actor=clerk, kind="none", title="งาน", order={"list": listed.hex})
            if fails:
                while run_next_errand(self.house.office, doers={"none": refused}):
                    pass

    def be_killed(self) -> None:
        """Bytes whose deed never came to its commit."""
        self.house.office.blobs.keep(b"killed" + self._bytes())


ACTS: Mapping[str, Callable[[Doer], None]] = {
    one.__name__: one
    for one in (
        *(Doer.attach, Doer.send, Doer.sign, Doer.receive, Doer.scan),
        *(Doer.draw, Doer.take_away, Doer.order, Doer.be_killed),
    )
}


def expect_nothing_lost(house: House, acts: Sequence[str]) -> None:
    """Do it, sweep until nothing is found, and hold what lies there against what the tables tell."""
    doer = Doer(house)
    for act in acts:
        ACTS[act](doer)
    assert unlisted(house.real) == {}
    house.clock.pass_by(LEAST + timedelta(minutes=1))
    for _ in range(3):
        remove_files(house.office)
        waits = {Digest(row.order["list"]) for row in house.rows(errands) if row.ended_at is None}
        said = [some for column, some in mentions(house.real).items() if column not in DEAD]
        told = waits | {Digest(one) for some in said for one in some}
        sweep(house.office, remove=True)
        lying = {Digest(path.name) for path in house.real.settings.blobs_folder.glob("??/*")}
        assert told <= lying
        house.clock.pass_by(GRACE)
    assert lying == told
    found, missing = sweep(house.office, remove=False)
    assert (found.unnamed, missing) == (0, [])


@settings(max_examples=4)
@example(acts=["draw", "attach", "send", "take_away", "be_killed"])
@given(acts=st.lists(st.sampled_from(sorted(ACTS)), min_size=2, max_size=8))
def test_a_sweep_takes_what_nothing_names_and_nothing_else(
    houses: Callable[[], AbstractContextManager[House]], acts: list[str]
) -> None:
    with houses() as house:
        expect_nothing_lost(house, acts)


@pytest.mark.only_database("postgresql")
def test_a_sweep_takes_what_nothing_names_and_nothing_else_on_postgresql(either_house: House) -> None:
    expect_nothing_lost(either_house, [*ACTS, "attach", "receive"])


def test_what_came_back_after_its_letter_was_destroyed_goes_too(either_house: House) -> None:
    """The journal names it, and nothing that could be opened."""
    house = either_house
    scan = PNG + b"destroyed"
    stored(house, paper(house, "กระดาษ", scan=scan), class_code="routine")
    in_year(house, 2038)
    list_id = proposed(house, 2580)
    considered(house, list_id)
    cleared(house, list_id)
    carried_out(house, list_id)
    house.clock.pass_by(timedelta(hours=2))
    remove_files(house.office)
    assert not house.office.blobs.has(Digest.of(scan))

    house.office.blobs.keep(scan)  # who brings it again is killed
    house.clock.pass_by(LEAST + timedelta(minutes=1))
    sweep(house.office, remove=True)
    house.clock.pass_by(GRACE)
    sweep(house.office, remove=True)
    assert not house.office.blobs.has(Digest.of(scan))
