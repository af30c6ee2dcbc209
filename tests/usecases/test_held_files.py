"""Files that come while the virus scanner is away: what they came with is taken in at once, they wait apart, and once
the scanner answers each goes where it belongs or is removed."""

from __future__ import annotations

import io
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from saraban.domain.attachment import Digest
from saraban.domain.errors import NotFound, RuleBroken, StageNotAllowed
from saraban.domain.held_files import HeldState
from saraban.domain.incoming import IncomingState
from saraban.domain.meeting_files import FileState
from saraban.domain.notice import NoticeKind
from saraban.domain.numbering import thai_digits
from saraban.domain.petition import BroughtFile
from saraban.exchange.parse import read_message
from saraban.reading import held_files as reading
from saraban.reading.notices import listed as told_to
from saraban.reading.petitions import Shown
from saraban.reading.petitions import petitions as listed
from saraban.reading.problems import problems
from saraban.storage.shredding import strip
from saraban.storage.tables.held_files import held_files
from saraban.storage.tables.meetings import meeting_files
from saraban.storage.tables.notices import notices
from saraban.usecases import attending_meetings, forwarding, packing, petitioning, registering, viewing
from saraban.usecases.archive import Gone
from saraban.usecases.kept_files import GRACE, remove_files
from saraban.usecases.settling_held import settle_held_files
from saraban.usecases.viruses import ScannerAway
from saraban.web.notices import words_of
from tests.fakes import EICAR, FakeClamd
from tests.usecases.house import House
from tests.usecases.test_meetings import called, page, put, the
from tests.usecases.test_ordinary_mail import again, come_in
from tests.usecases.test_petitioning import (
    KEY,
    MALI,
    PICTURE,
    filed,
    mails,
    opened,
    registered,
    seen,
    the_letter,
    words,
)
from tests.usecases.test_quarantine import guarded

BAD = BroughtFile("ป้ายใหม่.png", b"\x89PNG\r\n\x1a\n" + EICAR)


def away(house: House) -> House:
    """The house with a scanner that does not answer."""
    with FakeClamd() as gone:
        where = gone.where
    return guarded(house, where)


def back(house: House, **more: Any) -> AbstractContextManager[FakeClamd]:
    """The scanner answers again: the worker settles what waits."""
    house.clock.pass_by(timedelta(minutes=3))
    return FakeClamd(**more)


def gone(house: House, data: bytes) -> bool:
    """Are these bytes off the disk, once the worker came to it?"""
    house.clock.pass_by(GRACE)
    remove_files(house.office)
    return not house.office.blobs.has(Digest.of(data))


def settled(house: House, daemon: FakeClamd) -> int:
    """What the worker settles with this scanner."""
    return settle_held_files(guarded(house, daemon.where).office)


# --- letters from the public ------------------------------------------------------------------------------------------


def test_a_letter_is_taken_in_while_the_scanner_is_away_and_its_files_wait_apart(either_house: House) -> None:
    house = away(either_house)
    opened(house)
    receipt = filed(house, files=(PICTURE, BAD))

    letter, clerk = the_letter(house), house.ours["central_clerk"]
    assert (receipt.number, receipt.held, receipt.repeated) == ("1/2569", 2, False)
    assert receipt.due_on == letter.received_at.date() + timedelta(days=15), "the duty runs"
    assert [file.name for file in letter.files] == ["เรื่อง.pdf"], "nobody finds them among the files of the letter"
    for digest in (Digest.of(PICTURE.data), Digest.of(BAD.data)):
        with pytest.raises(RuleBroken, match="ยังไม่ได้ตรวจไวรัส") as told:
            viewing.open_incoming_file(house.office, actor=clerk, incoming_id=letter.id, sha256=digest)
        assert told.value.code == "not-scanned"
    record = read_message(house.office.blobs.open(letter.raw_sha256))
    assert record.files == () or list(record.files) == [], "the record can be opened: it has their digests alone"
    assert Digest.of(PICTURE.data).hex in record.text and "รูปป้าย.png" in record.text
    assert (seen(house, receipt).held, seen(house, receipt).removed) == (2, ())
    assert "ไฟล์แนบ ๒ ไฟล์รอตรวจไวรัส" in words(mails(house)[0])
    assert house.told("petition.filed")[0]["values"]["files"] == 2
    again = filed(house, files=(PICTURE, BAD))
    assert again == replace(receipt, repeated=True)


def test_once_the_scanner_answers_harmless_files_lie_with_the_letter(either_house: House) -> None:
    house = away(either_house)
    opened(house)
    receipt = filed(house, files=(PICTURE,))
    for _ in range(3):
        assert settle_held_files(house.office) == 0, "it waits on"
        house.clock.pass_by(timedelta(minutes=3))
    [row] = house.rows(held_files)
    assert row.state is HeldState.WAITING and row.why.startswith("ยังไม่ได้ตรวจไวรัส: ตัวตรวจไวรัสไม่ตอบ")
    letter = registered(house)
    with back(house) as daemon:
        assert (settled(house, daemon), settled(house, daemon)) == (1, 0)

    now = the_letter(house)
    assert [(file.name, file.role.value) for file in now.files] == [
        ("เรื่อง.pdf", "letter"),
        ("รูปป้าย.png", "enclosure"),
    ]
    assert now.state is IncomingState.REGISTERED and now.register_number == letter.register_number
    clerk, digest = house.ours["central_clerk"], Digest.of(PICTURE.data)
    _, data = viewing.open_incoming_file(house.office, actor=clerk, incoming_id=now.id, sha256=digest)
    assert data == PICTURE.data
    assert (seen(house, receipt).held, seen(house, receipt).removed) == (0, ())
    [event] = house.told("petition.file-passed")
    assert event["values"]["sha256"] == digest.hex and "รูปป้าย" not in str(event), "names are not for the journal"
    assert filed(house, files=(PICTURE,)).repeated, "the same form is the same letter afterwards, too"


def test_a_harmful_file_is_removed_and_its_sender_told(either_house: House) -> None:
    house = away(either_house)
    opened(house)
    spoiled = BroughtFile("แผนที่.pdf", b"%PDF-1.4 /JavaScript (app.alert(1))")
    receipt = filed(house, files=(BAD, PICTURE, spoiled))
    with back(house) as daemon:
        assert settled(house, daemon) == 3

    letter, clerk = the_letter(house), house.ours["central_clerk"]
    assert [file.name for file in letter.files] == ["เรื่อง.pdf", "รูปป้าย.png"]
    assert not house.office.blobs.has(Digest.of(BAD.data)), "a virus does not wait, and no backup takes it along"
    assert house.office.blobs.has(Digest.of(spoiled.data)), "who brings the same bytes now does not lose them"
    for file in (BAD, spoiled):
        with pytest.raises(RuleBroken, match="ระบบไม่รับไว้"):
            viewing.open_incoming_file(house.office, actor=clerk, incoming_id=letter.id, sha256=Digest.of(file.data))
    found = seen(house, receipt)
    assert found.held == 0 and dict(found.removed)["ป้ายใหม่.png"] == "ติดไวรัส (Eicar-Signature)"
    assert set(dict(found.removed)) == {"ป้ายใหม่.png", "แผนที่.pdf"}
    told = [words(mail) for mail in mails(house) if "ไม่ผ่านการตรวจ" in mail["Subject"]]
    assert len(told) == 2 and "ระบบไม่รับไว้" in told[0] and "ป้ายใหม่" not in told[0], "no word of a stranger is repeated"
    assert len(house.told("petition.file-removed")) == 2
    assert filed(house, files=(BAD, PICTURE, spoiled)).repeated
    assert gone(house, spoiled.data)


def test_a_file_whose_bytes_are_gone_is_settled_and_one_that_the_disk_spoiled_waits(house: House) -> None:
    house = away(house)
    opened(house)
    receipt = filed(house, files=(PICTURE, BAD))
    blobs, spoiled = house.office.blobs, Digest.of(BAD.data)
    assert blobs.remove(Digest.of(PICTURE.data), unless_after=house.clock.now())
    path = next(house.real.settings.blobs_folder.rglob(spoiled.hex))
    path.chmod(0o640)
    path.write_bytes(b"spoiled")
    with back(house) as daemon:
        assert settled(house, daemon) == 1

    assert dict(seen(house, receipt).removed)["รูปป้าย.png"] == "ไฟล์ไม่มีในที่เก็บแล้ว ส่งไฟล์นี้อีกครั้ง"
    [waits] = [row for row in house.rows(held_files) if row.state is HeldState.WAITING]
    assert waits.digest == spoiled and waits.why == "ยังไม่ได้ตรวจไวรัส: ไฟล์ในที่เก็บเสียหาย กู้คืนจากสำเนาสำรอง"


def test_what_the_scanner_saw_before_it_went_away_is_with_the_letter_at_once(house: House) -> None:
    opened(house)

    class Tiring:
        """Answers once."""

        on, asked = True, 0

        def virus_in(self, data: bytes) -> str:
            self.asked += 1
            if self.asked > 1:
                raise ScannerAway("ตัวตรวจไวรัสไม่ตอบ")
            return ""

    scanner = Tiring()
    other = BroughtFile("อื่น.png", PICTURE.data + b"1")
    third = BroughtFile("สาม.png", PICTURE.data + b"2")
    petitioning.file_petition(
        replace(house.office, scanner=scanner), agency_code="onep", key=KEY, written=MALI, files=(PICTURE, other, third)
    )

    assert [file.name for file in the_letter(house).files] == ["เรื่อง.pdf", "รูปป้าย.png"]
    assert {row.name for row in house.rows(held_files)} == {"อื่น.png", "สาม.png"}
    assert scanner.asked == 2, "who is away is not waited for again"


def test_a_letter_is_not_sent_on_while_a_file_of_it_waits(house: House) -> None:
    house = away(house)
    opened(house)
    filed(house, files=(PICTURE,))
    letter, clerk = the_letter(house), house.ours["central_clerk"]
    with pytest.raises(RuleBroken, match="ส่งต่อได้เมื่อตรวจแล้ว"):
        forwarding.forward_letter(house.office, actor=clerk, incoming_id=letter.id, to="dopa")
    with back(house) as daemon:
        settled(house, daemon)

    forwarding.forward_letter(house.office, actor=clerk, incoming_id=letter.id, to="dopa")
    assert the_letter(house).state is IncomingState.FORWARDED


def test_the_clerks_see_that_files_wait_and_why(either_house: House) -> None:
    house = away(either_house)
    opened(house)
    filed(house, files=(PICTURE,))
    settle_held_files(house.office)
    letter, clerk = the_letter(house), house.ours["central_clerk"]
    with house.real.reading.connect() as reader:
        [row] = reading.of_letter(reader, letter.id)
        assert (row.name, row.state) == ("รูปป้าย.png", HeldState.WAITING) and "ไม่ตอบ" in row.why
        [line] = listed(reader, clerk, house.clock.now().date(), shown=Shown.OPEN).items
        assert line.held == 1
        cards = [one for one in problems(reader, clerk, house.clock.now()) if one.kind == "unscanned"]
        assert [card.title for card in cards] == ["ไฟล์จากประชาชนและผู้เข้าประชุม ๑ ไฟล์รอตรวจไวรัส จึงยังเปิดไม่ได้"]
        others = problems(reader, house.theirs["central_clerk"], house.clock.now())
        assert not [one for one in others if one.kind == "unscanned"], "another agency hears nothing of it"


def test_a_destroyed_letter_takes_the_files_that_waited_with_it(either_house: House) -> None:
    house = away(either_house)
    opened(house)
    filed(house, files=(PICTURE,))
    letter = the_letter(house)
    registering.register_letter(house.office, actor=house.ours["central_clerk"], incoming_id=letter.id)
    with house.real.writing.begin() as connection:
        found = strip(connection, Gone(letter.agency_id, uuid4(), letter.id))

    assert Digest.of(PICTURE.data) in found and house.rows(held_files) == []


# --- files for meetings -----------------------------------------------------------------------------------------------


def handed(house: House, key: str, data: bytes, name: str = "งบ.txt") -> Any:
    """A participant hands a file in."""
    return attending_meetings.hand_in(house.office, key=key, item="a1", name=name, stream=io.BytesIO(data))


def test_a_participants_file_waits_apart_and_comes_before_the_secretary_once_it_was_scanned(
    either_house: House,
) -> None:
    house = away(either_house)
    meeting_id = called(house)
    _, people, _ = the(house, meeting_id)
    file = handed(house, people[1].key, b"fine")

    clerk = house.ours["clerk"]
    assert (file.state, file.scanned) == (FileState.HELD, False)
    assert handed(house, people[1].key, b"fine").id == file.id, "the same again is the first"
    on_it = {"actor": clerk, "meeting_id": meeting_id, "file_id": file.id}
    for deed in (packing.open_file, packing.take_file):
        with pytest.raises(StageNotAllowed, match="ยังไม่ได้ตรวจไวรัส"):
            deed(house.office, **on_it)
    assert not [one for one in house.rows(notices) if one.kind is NoticeKind.MEETING_FILE]
    with back(house) as daemon:
        assert settled(house, daemon) == 1

    [row] = house.rows(meeting_files)
    assert (row.state, row.scanned) == (FileState.OFFERED, True)
    assert [one for one in house.rows(notices) if one.kind is NoticeKind.MEETING_FILE]
    assert packing.open_file(house.office, **on_it)[1] == b"fine"
    packing.take_file(house.office, **on_it)
    assert house.told("meeting.file-passed")[0]["values"]["file_name"] == "งบ.txt"


def test_a_harmful_file_for_a_meeting_never_reaches_the_secretary_and_leaves_room(either_house: House) -> None:
    house = away(either_house)
    meeting_id = called(house)
    _, people, _ = the(house, meeting_id)
    file = handed(house, people[1].key, EICAR)
    with back(house) as daemon:
        assert settled(house, daemon) == 1

    [row] = house.rows(meeting_files)
    assert (row.state, row.reason) == (FileState.REMOVED, "ติดไวรัส (Eicar-Signature)")
    on_it = {"actor": house.ours["clerk"], "meeting_id": meeting_id, "file_id": file.id}
    for deed in (packing.open_file, packing.take_file):
        with pytest.raises(StageNotAllowed, match="ระบบไม่รับไว้"):
            deed(house.office, **on_it)
    assert not [one for one in house.rows(notices) if one.kind is NoticeKind.MEETING_FILE]
    assert house.rows(notices) == [], "its giver reads it on his page"
    assert house.told("meeting.file-removed")[0]["values"]["reason"].startswith("ติดไวรัส")
    assert gone(house, EICAR)
    with pytest.raises(NotFound):
        attending_meetings.open_pack_file(house.office, file)


def test_what_the_secretary_puts_in_waits_apart_and_comes_into_the_pack_by_itself(either_house: House) -> None:
    seeing = either_house
    meeting_id = called(seeing)
    first = put(seeing, meeting_id, b"1", name="งบ.txt")
    house = away(seeing)
    put(house, meeting_id, b"2", name="งบ.txt", replaces=first, note="แก้ยอด")
    put(house, meeting_id, EICAR, name="ร้าย.txt")
    shown = page(house, meeting_id)
    assert {one.name for one in shown.held} == {"งบ.txt", "ร้าย.txt"} and not shown.waiting
    assert [of.newest.edition for of in shown.files] == [1], "the pack has what was looked through"
    put(seeing, meeting_id, b"3", name="งบ.txt", replaces=first, note="แก้อีก")
    with back(house) as daemon:
        assert settled(house, daemon) == 2

    shown = page(house, meeting_id)
    [of] = shown.files
    assert [(one.edition, one.note) for one in (of.newest, *of.older)] == [(3, "แก้ยอด"), (2, "แก้อีก"), (1, "")]
    assert of.newest.taken_by == house.ours["clerk"].name and of.newest.scanned
    assert [(one.name, one.state, one.reason) for one in shown.refused] == [
        ("ร้าย.txt", FileState.REMOVED, "ติดไวรัส (Eicar-Signature)")
    ]
    assert shown.held == []
    with house.real.reading.connect() as reader:
        [told] = [one for one in told_to(reader, house.ours["clerk"]).items if one.about_id == meeting_id]
    assert told.kind is NoticeKind.MEETING_FILE_REMOVED, "he put it in himself"
    assert words_of(told) == "ร้าย.txt: ติดไวรัส (Eicar-Signature)"
    assert gone(house, EICAR)
    assert not [one for one in house.rows(notices) if one.kind is NoticeKind.MEETING_FILE], "nobody has to take it"
    assert [event["values"]["edition"] for event in house.told("meeting.file-put")] == [1, 2, 3]


def test_of_a_mail_with_more_files_than_there_is_room_for_the_first_are_taken(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    meeting_id = called(house)
    monkeypatch.setattr("saraban.domain.meeting_files.MOST_OF_ONE", 2)
    told = {"sender": "rak@forest.test", "files": {f"{n}.txt": b"%d" % n for n in range(1, 4)}}
    first, later = (come_in(house, f"Subject: {the(house, meeting_id)[0].mark}", **told) for _ in range(2))
    by = {"actor": house.ours["central_clerk"]}
    taken = packing.take_from_mail(house.office, **by, incoming_id=first.id)

    assert (taken.files, len(taken.refused)) == (2, 1) and taken.refused[0].startswith("3.txt: ส่งไฟล์ครบจำนวน")
    assert again(house, first.id).refused_text.endswith(f"แล้ว ๒ ไฟล์ · ไม่รับ {taken.refused[0]}")
    assert {one.name for one in the(house, meeting_id)[2]} == {"1.txt", "2.txt"}
    with pytest.raises(RuleBroken, match=r"ไม่มีไฟล์ที่รับ.*1\.txt: ส่งไฟล์ครบ"):
        packing.take_from_mail(house.office, **by, incoming_id=later.id)
    assert again(house, later.id).state is IncomingState.HELD


def test_why_files_of_a_mail_were_not_taken_is_told_whole_or_counted(house: House) -> None:
    meeting_id = called(house)
    names = [f"{n}-{'ก' * 90}.exe" for n in range(1, 16)]
    files = {"a.txt": b"fine", **dict.fromkeys(names, b"MZ")}
    mail = come_in(house, f"Subject: {the(house, meeting_id)[0].mark}", sender="rak@forest.test", files=files)
    taken = packing.take_from_mail(house.office, actor=house.ours["central_clerk"], incoming_id=mail.id)

    told = again(house, mail.id).refused_text
    whole = [one for one in taken.refused if f" · ไม่รับ {one}" in told]
    assert len(taken.refused) == 15 > len(whole) > 4 and len(told) <= 1000
    assert told.endswith(f" · ไม่รับ {whole[-1]} · และไม่รับอีก {thai_digits(15 - len(whole))} ไฟล์")


def test_files_of_a_mail_in_time_go_to_the_secretary_after_the_deadline_and_while_the_scanner_is_away(
    either_house: House,
) -> None:
    house = either_house
    meeting_id = called(house)
    mark = the(house, meeting_id)[0].mark
    told = (f"Subject: {mark} files",)
    files = {"a.txt": b"fine", "b.txt": EICAR, "c.exe": b"MZ"}
    mail = come_in(house, *told, sender="rak@forest.test", files=files)
    house.clock.pass_by(timedelta(days=3))
    late = come_in(house, *told, sender="rak@forest.test")
    house = away(house)
    by = {"actor": house.ours["central_clerk"]}
    with pytest.raises(StageNotAllowed, match="พ้นกำหนด"):
        packing.take_from_mail(house.office, **by, incoming_id=late.id)
    taken = packing.take_from_mail(house.office, **by, incoming_id=mail.id)

    assert (taken.files, taken.held) == (2, 2) and "c.exe" in taken.refused[0]
    assert "c.exe" in again(house, mail.id).refused_text, "what was not taken stays told"
    assert [one.state for one in page(house, meeting_id).waiting] == [FileState.HELD, FileState.HELD]
    with back(house) as daemon:
        assert settled(house, daemon) == 2
    assert {one.name: one.state for one in the(house, meeting_id)[2]} == {
        "a.txt": FileState.OFFERED,
        "b.txt": FileState.REMOVED,
    }
    assert [one for one in house.rows(notices) if one.kind is NoticeKind.MEETING_FILE]
