"""Who may have the signatures of a letter checked, and that hostile files keep nobody waiting for ever."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import datetime

import pytest

from saraban.domain.classification import Secrecy
from saraban.domain.errors import NotFound, NotPermitted
from saraban.domain.page_signature import SignedFile
from saraban.usecases import checking
from tests.crypto.signing_others import a_paper
from tests.usecases.house import House


def test_all_pdfs_of_a_letter_are_checked_and_nothing_else(house: House) -> None:
    letter_id = house.draft()
    house.attach(letter_id, "แผน.txt")
    house.attach(letter_id, "แผน.pdf", a_paper(), media_type="application/octet-stream")

    [checked] = checking.check_letter(house.office, actor=house.ours["clerk"], letter_id=letter_id)

    assert (checked.file.name, checked.found) == ("แผน.pdf", SignedFile())


def test_only_who_may_read_the_letter_has_it_checked_and_the_journal_is_left_alone(house: House) -> None:
    letter_id = house.signed(secrecy=Secrecy.CONFIDENTIAL)
    before = house.journal()

    with pytest.raises((NotFound, NotPermitted)):
        checking.check_letter(house.office, actor=house.ours["admin"], letter_id=letter_id)
    with pytest.raises(NotFound):
        checking.check_letter(house.office, actor=house.theirs["head"], letter_id=letter_id)
    [checked] = checking.check_letter(house.office, actor=house.ours["head"], letter_id=letter_id)

    assert checked.found.signatures[0].holds
    assert house.journal() == before, "looking is part of opening the letter"


def test_a_spoiled_file_in_the_store_is_told(house: House) -> None:
    letter_id = house.signed()
    issued = house.letter(letter_id).issued_file
    assert issued is not None
    for path in house.real.settings.blobs_folder.rglob(f"*{issued.sha256.hex[-40:]}"):
        path.chmod(0o600)
        path.write_bytes(b"%PDF-1.7 other")

    [checked] = checking.check_letter(house.office, actor=house.ours["head"], letter_id=letter_id)

    assert checked.found.signatures == () and checked.found.problem


class Slow:
    """A checker that takes as long as it is told."""

    def __init__(self, seconds: float) -> None:
        self.seconds, self.asked = seconds, 0

    def check(self, pdf: bytes, at: datetime) -> SignedFile:
        self.asked += 1
        time.sleep(self.seconds)
        return SignedFile()


def test_files_that_take_long_keep_the_others_from_being_begun(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checking, "MOST_SECONDS", 0.01)
    letter_id = house.draft()
    for number in range(3):
        data = a_paper() + b"\n" * number
        house.attach(letter_id, f"{number}.pdf", data, media_type="application/pdf")
    slow = Slow(0.05)

    found = checking.check_letter(
        replace(house.office, page_checker=slow), actor=house.ours["clerk"], letter_id=letter_id
    )

    assert slow.asked == 1
    assert [bool(one.found.problem) for one in found] == [False, True, True]
