"""Bytes that nothing leads to any more, and somebody who brings the same bytes at that very moment."""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, cast
from uuid import uuid4

import pytest
from sqlalchemy import event, update

from saraban.domain.attachment import Attachment, Digest
from saraban.domain.book import BookKind
from saraban.domain.errors import BadInput, StageNotAllowed
from saraban.domain.register import EntryId, Matter
from saraban.reading import archive
from saraban.storage.tables.archive import dropped_files
from saraban.storage.tables.letters import letters
from saraban.storage.tables.registers import entries
from saraban.usecases import amending, drafting, kept_files, recording
from saraban.usecases.books import InboxItem
from saraban.usecases.kept_files import GRACE, HARMFUL_GRACE, keep_on, remove_files, remove_leftovers
from saraban.usecases.ports import Blobs
from tests.usecases.archive import carried_out, cleared, considered, in_year, paper, proposed, stored
from tests.usecases.house import House

SCAN = b"\x89PNG\r\n\x1a\n" + b"scan"
DIGEST = Digest.of(SCAN)


def uploaded(house: House, scan: bytes = SCAN) -> Attachment:
    """A scan that came, and to which nothing leads yet."""
    return recording.keep_scan(house.office, stream=io.BytesIO(scan), name="scan.png")


def entered(house: House, file: Attachment) -> None:
    """The letter to which it belongs."""
    matter = Matter(letter_date=date(2026, 11, 20), sender="กรมบัญชีกลาง", subject="เรื่อง")
    central = house.ours["central_clerk"]
    recording.record_letter(house.office, actor=central, kind=BookKind.RECEIVING, matter=matter, files=[file])


def dropped(house: House, *scans: bytes, harmful: bool = False) -> None:
    """Files that lay here for hours, and to which nothing leads any more."""
    digests = [house.office.blobs.keep(scan) for scan in scans]
    house.clock.pass_by(timedelta(hours=20))
    with house.office.uow() as uow:
        uow.disposals.drop(digests, house.clock.now(), harmful=harmful)
        uow.commit()


def waiting(house: House) -> list[Any]:
    """What is to leave the disk by now."""
    return [row for row in house.rows(dropped_files) if row.at <= house.clock.now()]


class Meanwhile:
    """The files, and what somebody else does at the moment when one is about to be removed."""

    def __init__(self, real: Blobs, deed: Callable[[], object]) -> None:
        self._real, self._deed = real, deed

    def __getattr__(self, name: str) -> object:
        return getattr(self._real, name)

    def remove(self, digest: Digest, **how: Any) -> bool:
        """First the deed."""
        self._deed()
        return self._real.remove(digest, **how)


def test_who_brings_the_bytes_before_the_look_and_commits_after_the_removal_has_them(either_house: House) -> None:
    house = either_house
    dropped(house, SCAN)
    file = uploaded(house)
    assert remove_files(house.office) == 0
    entered(house, file)
    assert house.office.blobs.open(DIGEST) == SCAN

    house.clock.pass_by(GRACE)
    assert remove_files(house.office) == 0
    assert house.office.blobs.open(DIGEST) == SCAN and waiting(house) == []


def test_who_brings_the_bytes_between_look_and_removal_has_them(either_house: House) -> None:
    house = either_house
    dropped(house, SCAN)
    files: list[Attachment] = []
    meanwhile = Meanwhile(house.office.blobs, lambda: files.append(uploaded(house)))
    assert remove_files(replace(house.office, blobs=cast(Blobs, meanwhile))) == 0
    entered(house, files[0])

    assert house.office.blobs.open(DIGEST) == SCAN


def test_what_was_brought_again_and_never_entered_goes_after_its_day(either_house: House) -> None:
    house = either_house
    other = SCAN + b" of another"
    dropped(house, SCAN, other)
    uploaded(house)
    assert remove_files(house.office) == 1, "the other does not wait for it"
    assert not house.office.blobs.has(Digest.of(other)) and house.office.blobs.has(DIGEST)

    house.clock.pass_by(kept_files.UNUSED)
    assert remove_files(house.office) == 1
    assert not house.office.blobs.has(DIGEST) and house.rows(dropped_files) == []


def test_a_scan_that_was_brought_hours_before_its_letter_is_there_or_asked_for_again(either_house: House) -> None:
    house, other = either_house, SCAN + b" of another"
    gone, here = uploaded(house), uploaded(house, other)
    dropped(house, SCAN, harmful=True)
    assert remove_files(house.office) == 1
    with pytest.raises(BadInput) as told:
        entered(house, gone)
    assert told.value.fields["file"].startswith("scan.png: "), "which of many"
    with pytest.raises(BadInput):
        amending.bind_number(
            house.office,
            actor=house.ours["central_clerk"],
            entry_id=EntryId(uuid4()),
            matter=Matter(subject="เรื่อง"),
            files=[gone],
        )
    assert house.rows(entries) == []

    meanwhile = Meanwhile(house.office.blobs, lambda: keep_on(house.office, [(here.name, here.sha256)]))
    dropped(house, other)
    assert remove_files(replace(house.office, blobs=cast(Blobs, meanwhile))) == 0, "its letter is on the way"
    entered(house, here)
    assert house.office.blobs.open(here.sha256) == other


def test_a_virus_waits_for_minutes_alone(either_house: House) -> None:
    house = either_house
    dropped(house, SCAN, harmful=True)
    uploaded(house)
    assert remove_files(house.office) == 0, "who keeps it at this moment has it"

    house.clock.pass_by(HARMFUL_GRACE)
    assert remove_files(house.office) == 1
    assert not house.office.blobs.has(DIGEST) and remove_files(house.office) == 0
    assert [row.removed_at for row in waiting(house)] == [house.clock.now()], "the backups ask for it"


def test_what_the_scanner_refuses_is_off_the_disk_soon_however_it_came(house: House) -> None:
    letter, clerk = house.draft(), house.ours["clerk"]

    class Strict:
        """Finds a virus in everything."""

        on = True

        def virus_in(self, data: bytes) -> str:
            return "Eicar"

    strict = replace(house.office, scanner=Strict())
    with pytest.raises(BadInput) as told:
        recording.keep_scan(strict, stream=io.BytesIO(SCAN), name="scan.png")
    assert "ติดไวรัส (Eicar)" in told.value.fields["file"]
    with pytest.raises(BadInput):
        drafting.attach_file(
            strict, actor=clerk, letter_id=letter, name="a.txt", media_type="text/plain", stream=io.BytesIO(b"other")
        )
    assert remove_files(house.office) == 0
    house.clock.pass_by(HARMFUL_GRACE)
    assert remove_files(house.office) == 2 and not house.office.blobs.has(DIGEST)


def test_what_must_wait_does_not_keep_the_rest_of_a_long_list_from_going(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept_files, "AT_A_TIME", 2)
    scans = [SCAN + bytes([n]) for n in range(7)]
    dropped(house, *scans)
    for scan in scans[:4]:
        uploaded(house, scan)

    assert remove_files(house.office) == 3
    assert [house.office.blobs.has(Digest.of(scan)) for scan in scans] == [True] * 4 + [False] * 3


def test_many_are_asked_about_in_few_questions_and_not_under_the_lock_of_the_writers(either_house: House) -> None:
    house = either_house
    named = house.attach(house.draft(), data=b"in use").sha256
    scans = [SCAN + b"%d" % n for n in range(40)]
    dropped(house, *scans)
    with house.office.uow() as uow:
        uow.disposals.drop([named], house.clock.now())
        uow.commit()
    house.clock.pass_by(GRACE)
    asked, told = list[str](), list[str]()

    def reads(*said: Any) -> None:
        asked.append(said[2])

    def writes(*said: Any) -> None:
        told.append(said[2])

    event.listen(house.real.reading, "before_cursor_execute", reads)
    event.listen(house.real.writing, "before_cursor_execute", writes)
    assert remove_files(house.office) == 40
    event.remove(house.real.reading, "before_cursor_execute", reads)
    event.remove(house.real.writing, "before_cursor_execute", writes)

    assert house.office.blobs.has(named) and house.rows(dropped_files) == []
    assert sum("outbox" in one for one in asked) == 1 and len(asked) < 40
    assert not any("outbox" in one for one in told), "clerks write meanwhile"


def test_a_file_that_is_named_in_json_alone_is_needed_however_many_are_asked_about(either_house: House) -> None:
    house = either_house
    digests = [Digest.of(b"%d" % n) for n in range(30)]
    house.draft()
    with house.real.writing.begin() as connection:
        connection.execute(update(letters).values(ready={"page": digests[7].hex}))

    for some in (digests, digests[6:8]):
        with house.office.uow() as uow:
            assert uow.disposals.needed(some) == {digests[7]} == house.office.file_needs.needed(some)


def test_a_mail_that_is_still_to_be_judged_needs_its_bytes(either_house: House) -> None:
    house = either_house
    mail = b"Subject: again\r\n\r\n"
    item = InboxItem(uuid4(), house.ours.agency.id, "saraban@onep.example", 1, 1, Digest.of(mail), house.clock.now())
    with house.office.uow() as uow:
        uow.inbox.take_in(item, "again", Digest.of(mail))
        uow.commit()
    dropped(house, mail)

    assert remove_files(house.office) == 0
    assert house.office.blobs.open(Digest.of(mail)) == mail


def test_the_record_of_a_destruction_waits_until_the_bytes_are_gone(either_house: House) -> None:
    house = either_house
    stored(house, paper(house, "จะทำลาย", scan=SCAN))
    in_year(house, 2028)
    list_id = proposed(house, 2570)
    considered(house, list_id)
    cleared(house, list_id)
    uploaded(house)  # and whoever it was never entered it
    carried_out(house, list_id)

    records = house.ours["records"]
    with house.real.reading.connect() as reader:
        made = archive.disposal(reader, records, list_id)
        assert "เหลือ ๑ ไฟล์" in archive.why_no_record(reader, made)
        with pytest.raises(StageNotAllowed, match="ยังลบไฟล์ไม่ครบ") as told:
            archive.destruction(reader, records, list_id)
        assert told.value.code == "files-waiting"
    house.clock.pass_by(GRACE)
    assert remove_files(house.office) == 1
    with house.real.reading.connect() as reader:
        assert archive.destruction(reader, records, list_id).id == list_id


def test_what_is_refused_after_it_was_kept_leaves_the_disk(house: House) -> None:
    spoilt, no_page = b"%PDF-1.7 spoilt", b"no picture"
    draft = house.draft()
    for data, name in ((spoilt, "a.pdf"), (no_page, "b.png")):
        with pytest.raises(BadInput):
            recording.keep_scan(house.office, stream=io.BytesIO(data), name=name)
    with pytest.raises(BadInput):
        house.attach(draft, "c.pdf", spoilt + b"!")
    named = [Digest.of(data) for data in (spoilt, no_page, spoilt + b"!")]
    assert all(house.office.blobs.has(one) for one in named)
    house.clock.pass_by(GRACE + timedelta(minutes=1))
    assert remove_files(house.office) == len(named)
    assert not any(house.office.blobs.has(one) for one in named)


def test_a_scan_that_is_never_entered_goes_after_a_day_and_one_that_is_stays(either_house: House) -> None:
    house, other = either_house, SCAN + b" never entered"
    entered(house, uploaded(house))
    uploaded(house, other)
    house.clock.pass_by(timedelta(hours=12))
    assert remove_files(house.office) == 0
    with house.office.uow() as uow:
        assert uow.disposals.going() == {Digest.of(other)}, "no backup takes it along"
    house.clock.pass_by(timedelta(hours=13))
    assert remove_files(house.office) == 1
    assert house.office.blobs.open(DIGEST) == SCAN and not house.office.blobs.has(Digest.of(other))
    assert house.rows(dropped_files) == []


def test_who_brings_the_same_scan_later_has_his_own_day_for_it(either_house: House) -> None:
    house = either_house
    uploaded(house)
    house.clock.pass_by(timedelta(hours=20))
    file = uploaded(house)
    with house.office.uow() as uow:
        uow.disposals.drop([DIGEST], house.clock.now())  # a third brought it where it was refused
        uow.commit()
    house.clock.pass_by(timedelta(hours=11))
    assert remove_files(house.office) == 0
    entered(house, file)

    house.clock.pass_by(timedelta(days=2))
    assert remove_files(house.office) == 0
    assert house.office.blobs.open(DIGEST) == SCAN and house.rows(dropped_files) == []


def test_what_a_killed_upload_left_behind_goes_after_a_day(house: House) -> None:
    now = house.clock.now().timestamp()
    begun, left = (house.real.settings.blobs_folder / "incoming" / name for name in ("tmpnow", "tmpold"))
    for path, at in ((begun, now), (left, now - 90_000)):
        path.write_bytes(b"half of it")
        os.utime(path, (at, at))
    assert remove_leftovers(house.office) == 1
    assert begun.exists() and not left.exists()
