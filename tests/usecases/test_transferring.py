"""Twenty years: lists that draw themselves up, and packages for the National Archives that verify."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any, BinaryIO, cast
from uuid import UUID, uuid4

import pikepdf
import pytest
from PIL import Image
from reportlab.pdfgen.canvas import Canvas
from sqlalchemy import update

from saraban.bootstrap import build
from saraban.domain.attachment import Attachment, Role
from saraban.domain.classification import Secrecy
from saraban.domain.content import Reference
from saraban.domain.deposit import DepositKeeper
from saraban.domain.disposal_item import Verdict
from saraban.domain.errors import BadInput, NotFound, NotPermitted, RuleBroken, StageNotAllowed
from saraban.domain.handover import HandoverKind, HandoverList
from saraban.domain.keeping import KeepingState
from saraban.domain.numbering import thai_digits
from saraban.domain.register import EntryId
from saraban.domain.retention import Term
from saraban.exchange.bagit import faults_of_bag
from saraban.reading import handovers as rows
from saraban.reading import kept_lists
from saraban.storage.tables.archive import dropped_files, handovers
from saraban.storage.tables.closing import errands
from saraban.storage.tables.matter import references
from saraban.usecases import (
    amending,
    archiving,
    backing_up,
    depositing,
    destroying,
    recording,
    registering,
    sweeping,
    transfer_package,
    transferring,
)
from saraban.usecases.enrolling import grant_clearance
from saraban.usecases.errands import errand_file, order_errand, run_next_errand
from saraban.usecases.kept_files import GRACE, remove_files
from saraban.usecases.ports import Blobs
from tests.rendering.test_reading_copies import a_document, a_workbook, is_pdfa
from tests.usecases.archive import (
    agreed,
    considered,
    finished,
    in_year,
    kept,
    line_of,
    paper,
    proposed,
    secret_paper,
    stored,
)
from tests.usecases.house import House

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 20
SECRET = PNG + b"secret"


def lists(house: House) -> dict[HandoverKind, UUID]:
    """The newest list of each kind."""
    return {row.kind: row.id for row in sorted(house.rows(handovers), key=lambda row: (row.year, row.serial))}


def test_lists_of_twenty_years_draw_themselves_up_each_january(either_house: House) -> None:
    house = either_house
    going, secret, held = paper(house, "ครบยี่สิบปี", scan=PNG), secret_paper(house, "ลับ"), paper(house, "ในคดี")
    stored(house, going, secret, class_code="history")
    stored(house, held, class_code="history")
    archiving.classify(house.office, actor=house.ours["records"], entry_ids=[secret], class_code="secret")
    archiving.place_hold(house.office, actor=house.ours["head"], entry_id=held, reason="คดี", order="หมาย ๑")
    in_year(house, 2046, 12, 30)
    assert transferring.draw_twenty_years(house.office) == 0
    in_year(house, 2047)

    assert transferring.draw_twenty_years(house.office) == 2
    assert transferring.draw_twenty_years(house.office) == 0
    with house.office.uow() as uow:
        agency = house.ours.agency.id
        made = {kind: uow.handovers.get(agency, id_) for kind, id_ in lists(house).items()}
    assert [one.entry_id for one in made[HandoverKind.TRANSFER].items] == [going]
    notes = {one.entry_id: one.note for one in made[HandoverKind.OWN].items}
    assert notes == {secret: "หนังสือที่ต้องสงวนเป็นความลับ", held: "ระงับการทำลายและส่งมอบ"}
    assert (made[HandoverKind.TRANSFER].year, made[HandoverKind.TRANSFER].deadline) == (2589, date(2047, 1, 31))
    _hand(house, lists(house)[HandoverKind.TRANSFER])
    _hand(house, lists(house)[HandoverKind.OWN])
    assert kept(house, going).state is KeepingState.TRANSFERRED
    assert (kept(house, secret).state, kept(house, secret).handover_id) == (KeepingState.STORED, None)


def test_what_was_finished_late_goes_onto_lists_of_its_own_on_demand(either_house: House) -> None:
    house, records = either_house, either_house.ours["records"]
    first, late = paper(house, "ทันเวลา"), paper(house, "เสร็จทีหลัง")
    stored(house, first, class_code="history")
    in_year(house, 2047)
    transferring.draw_twenty_years(house.office)
    own = transferring.keep_ourselves(
        house.office, actor=records, list_id=lists(house)[HandoverKind.TRANSFER], entry_ids=[first], reason="ใช้อยู่"
    )
    _hand(house, own)
    with pytest.raises(RuleBroken):
        transferring.draw_more(house.office, actor=records)
    stored(house, late, class_code="history")
    with pytest.raises(NotPermitted):
        transferring.draw_more(house.office, actor=house.ours["clerk"])

    assert len(transferring.draw_more(house.office, actor=records)) == 1
    with house.office.uow() as uow:
        made = uow.handovers.get(house.ours.agency.id, lists(house)[HandoverKind.TRANSFER])
    assert [one.entry_id for one in made.items] == [late]


def asked_for(house: House, *letters: EntryId) -> None:
    """A list of form 25 of what is due, to which the National Archives answer that these are to be handed over."""
    in_year(house, 2028)
    list_id = proposed(house, 2570)
    considered(house, list_id)
    agreed(house, list_id)
    destroying.report(house.office, actor=house.ours["director"], list_id=list_id)
    destroying.decide(house.office, actor=house.ours["head"], list_id=list_id, kept={})
    said = {"actor": house.ours["records"], "list_id": list_id, "on": date(2028, 1, 10)}
    destroying.send_to_archives(house.office, **said, number="ทส ๑")
    wanted = dict.fromkeys(letters, (Verdict.TRANSFER, Term()))
    destroying.note_answer(house.office, **said, number="ศธ ๒", other=wanted)


def test_what_the_archives_ask_for_goes_to_them_whatever_its_age(either_house: House) -> None:
    house, records = either_house, either_house.ours["records"]
    asked, held, gone = paper(house, "ขอให้ส่งมอบ", scan=PNG), paper(house, "ระงับไว้"), paper(house, "ทำลายได้")
    stored(house, asked, held, gone)
    asked_for(house, asked, held)
    hold = {"actor": house.ours["head"], "entry_id": held}
    archiving.place_hold(house.office, **hold, reason="คดี", order="หมาย ๑")
    with house.real.reading.connect() as connection:
        assert rows.asked_for(connection, records) == 1, "what is on hold cannot be drawn up"

    [made] = transferring.draw_more(house.office, actor=records)
    with house.office.uow() as uow:
        transfer = uow.handovers.get(house.ours.agency.id, made)
    assert (transfer.kind, transfer.asked, transfer.deadline) == (HandoverKind.TRANSFER, True, None)
    assert {one.entry_id: one.note for one in transfer.items} == {
        asked: "หอจดหมายเหตุแห่งชาติให้ส่งมอบ บัญชีหนังสือขอทำลายที่ ๑/๒๕๗๐"
    }
    with pytest.raises(RuleBroken):
        transferring.draw_more(house.office, actor=records)
    with pytest.raises(RuleBroken) as told:
        transferring.keep_ourselves(house.office, actor=records, list_id=made, entry_ids=[asked], reason="ยังใช้")
    assert told.value.code == "asked-for" and kept(house, asked).handover_id == made
    archiving.lift_hold(house.office, **hold, reason="จบ")
    assert len(transferring.draw_more(house.office, actor=records)) == 1
    _hand(house, made)
    assert kept(house, asked).state is KeepingState.TRANSFERRED
    with house.real.reading.connect() as connection:
        assert rows.asked_for(connection, records) == 0


def test_a_hold_that_comes_after_what_the_archives_asked_for_was_listed_stops_that_letter_alone(house: House) -> None:
    records, head = house.ours["records"], house.ours["head"]
    asked, held = paper(house, "ส่งมอบ"), paper(house, "ถูกระงับภายหลัง")
    stored(house, asked, held)
    asked_for(house, asked, held)
    [made] = transferring.draw_more(house.office, actor=records)
    hold = {"actor": head, "entry_id": held}
    archiving.place_hold(house.office, **hold, reason="คดี", order="หมาย ๑")
    place = [one.entry_id for one in handover(house, made).items].index(held) + 1
    with pytest.raises(RuleBroken, match=f"ลำดับที่ {thai_digits(place)} ระงับการทำลาย") as told:
        _hand(house, made)
    assert told.value.code == "stopped"

    own: dict[str, Any] = {"actor": records, "list_id": made, "reason": "ระงับตามหมาย ๑"}
    with pytest.raises(RuleBroken) as told:
        transferring.keep_ourselves(house.office, **own, entry_ids=[asked, held])
    assert told.value.code == "asked-for"
    apart = transferring.keep_ourselves(house.office, **own, entry_ids=[held])
    for list_id in (made, apart):
        _hand(house, list_id)
    assert kept(house, asked).state is KeepingState.TRANSFERRED
    archiving.lift_hold(house.office, **hold, reason="จบ")
    [again] = transferring.draw_more(house.office, actor=records)
    _hand(house, again)
    assert kept(house, held).state is KeepingState.TRANSFERRED


def test_what_is_taken_up_again_is_not_handed_over_and_what_is_listed_is_not_deposited(house: House) -> None:
    clerk = house.ours["central_clerk"]
    again, listed = paper(house, "นำกลับมา"), paper(house, "อยู่ในบัญชี")
    finished(house, again, listed, class_code="history")
    in_year(house, 2047)
    transferring.draw_twenty_years(house.office)
    list_id = lists(house)[HandoverKind.TRANSFER]
    with pytest.raises(StageNotAllowed, match="อยู่ในบัญชีหนังสือครบ ๒๐ ปี"):
        depositing.draw(house.office, actor=clerk, entry_ids=[listed], keeper=DepositKeeper.STORE)
    with house.real.reading.connect() as connection:
        assert kept_lists.all_waiting(connection, clerk, kept_lists.Waiting.DEPOSIT) == []
    archiving.take_up_again(house.office, actor=clerk, entry_id=again)
    with pytest.raises(RuleBroken, match="นำกลับมาปฏิบัติแล้ว ยังไม่เสร็จ") as told:
        _hand(house, list_id)
    assert told.value.code == "stopped" and kept(house, again).state is KeepingState.WORKING


def test_all_that_is_due_is_drawn_and_also_when_nobody_was_at_work_in_january(
    either_house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = either_house
    monkeypatch.setattr(transferring, "MOST", 2)
    letters = [paper(house, f"ฉบับที่ {number}") for number in range(5)]
    stored(house, *letters, class_code="history")
    in_year(house, 2047, 5, 2)

    assert transferring.draw_twenty_years(house.office) == 3
    found = [row["items"] for row in map(dict, (one._mapping for one in house.rows(handovers)))]
    assert sorted(len(items) for items in found) == [1, 2, 2]
    assert {UUID(one["entry_id"]) for items in found for one in items} == set(letters)
    late = paper(house, "เสร็จทีหลัง")
    stored(house, late, class_code="history")
    assert transferring.draw_twenty_years(house.office) == 0
    in_year(house, 2048)
    assert transferring.draw_twenty_years(house.office) == 1


def handover(house: House, list_id: UUID) -> HandoverList:
    """A list as it lies on the shelf."""
    with house.office.uow() as uow:
        return uow.handovers.get(house.ours.agency.id, list_id)


def _hand(house: House, list_id: UUID, *, apart: bool = False) -> None:
    transferring.hand_over(
        house.office,
        actor=house.ours["records"],
        list_id=list_id,
        on=house.clock.now().date(),
        number="ทส ๑๐๐๑/๙",
        receiver="นักจดหมายเหตุ",
        apart=apart,
    )


def test_a_letter_that_is_needed_moves_to_form_22_with_its_reason(house: House) -> None:
    first, second = paper(house, "หนึ่ง"), paper(house, "สอง")
    stored(house, first, second, class_code="history")
    in_year(house, 2047)
    transferring.draw_twenty_years(house.office)
    list_id = lists(house)[HandoverKind.TRANSFER]
    records = house.ours["records"]
    with pytest.raises(BadInput):
        transferring.keep_ourselves(house.office, actor=records, list_id=list_id, entry_ids=[first], reason=" ")
    serials = len(house.rows(handovers))
    for strangers in ([uuid4()], [first, paper(house, "ไม่อยู่ในบัญชี")]):
        said = {"actor": records, "list_id": list_id, "entry_ids": strangers, "reason": "ยังใช้"}
        with pytest.raises(BadInput) as told:
            transferring.keep_ourselves(house.office, **said)
        assert "หนังสือที่เลือก ๑ ฉบับไม่อยู่ในบัญชีนี้แล้ว" in told.value.fields["entries"]
    assert len(house.rows(handovers)) == serials and len(handover(house, list_id).items) == 2
    own = transferring.keep_ourselves(
        house.office, actor=records, list_id=list_id, entry_ids=[first], reason="ยังใช้ปฏิบัติงาน"
    )
    with house.office.uow() as uow:
        agency = house.ours.agency.id
        assert [one.note for one in uow.handovers.get(agency, own).items] == ["ยังใช้ปฏิบัติงาน"]
        assert [one.entry_id for one in uow.handovers.get(agency, list_id).items] == [second]
    with pytest.raises(RuleBroken):
        transferring.keep_ourselves(house.office, actor=records, list_id=own, entry_ids=[first], reason="ก")
    with pytest.raises(NotPermitted):
        transferring.hand_over(
            house.office, actor=house.ours["clerk"], list_id=own, on=date(2047, 1, 10), number="๑", receiver=""
        )


def test_what_is_handed_over_is_packed_and_verified(house: House, tmp_path: Path) -> None:
    entry = paper(house, "มีสแกน", scan=PNG)
    stored(house, entry, class_code="history")
    in_year(house, 2047)
    transferring.draw_twenty_years(house.office)
    list_id = lists(house)[HandoverKind.TRANSFER]
    order_errand(
        house.office,
        actor=house.ours["records"],
        kind=transfer_package.ERRAND,
        title="ชุด",
        order={"list": str(list_id)},
    )
    assert run_next_errand(house.office, doers=house.office.doers) == 1
    row = house.rows(errands)[0]
    assert (row.state, row.problem) == ("done", "")
    path = tmp_path / "package.zip"
    path.write_bytes(house.office.blobs.open(row.result))

    assert faults_of_bag(path) == (6, [])
    with zipfile.ZipFile(path) as bag:
        root = bag.namelist()[0].partition("/")[0]
        told = json.loads(bag.read(f"{root}/data/00001/metadata.json"))
        assert bag.read(f"{root}/data/{told['files'][0]['path']}") == PNG
        assert bag.read(f"{root}/data/form-21.pdf").startswith(b"%PDF")
        assert "1,00001,,,20 พฤศจิกายน 2569,1/2569,มีสแกน," in bag.read(f"{root}/data/form-21.csv").decode()
        assert "keeping.moved" in bag.read(f"{root}/data/00001/journal.jsonl").decode()
    assert (told["unit"]["name"], told["references"], told["recipients"], told["seal"]) == (
        "สำนักงานเลขานุการกรม",
        [],
        [],
        None,
    )
    assert (told["subject"], told["mark"], told["files"][0]["pdfa"]) == ("มีสแกน", "ห้ามทำลาย", None)


def test_a_package_tells_what_a_letter_refers_to_and_no_guess_of_its_sentences(house: House) -> None:
    named = Reference("กค 0408/77", date(2026, 11, 20), "กรมบัญชีกลาง")
    body = "ตามหนังสือกรมที่ดิน ที่ มท 0512/5 ลงวันที่ 19 พฤศจิกายน 2569 แจ้งว่า\n\nจึงเรียนมาเพื่อโปรดทราบ"
    letter = house.draft(body=body)
    with house.office.uow() as uow:
        uow.matters.refresh([letter])
        uow.matters.refer(house.ours.agency.id, letter, [named])
        told = uow.handovers.references(house.ours.agency.id, [letter])
        uow.commit()

    assert {(row.number, row.mentioned) for row in house.rows(references)} == {
        ("กค 0408/77", False),
        ("มท 0512/5", True),
    }
    assert told == [named]


def packed(house: House, list_id: UUID) -> Any:
    """The errand that packed the list, as its row stands."""
    order = {"list": str(list_id)}
    order_errand(house.office, actor=house.ours["records"], kind=transfer_package.ERRAND, title="ชุด", order=order)
    assert run_next_errand(house.office, doers=house.office.doers) == 1
    return max(house.rows(errands), key=lambda row: row.made_at)


def test_electronic_letters_go_in_a_package_that_is_whole(either_house: House) -> None:
    house = either_house
    scan = house.office.blobs.keep(PNG + b"enclosure")
    come = house.incoming(files=[Attachment("แนบ.png", Role.ENCLOSURE, "image/png", 24, scan)])
    registering.register_letter(house.office, actor=house.ours["central_clerk"], incoming_id=come.id)
    entry = line_of(house, come.id)
    archiving.classify(house.office, actor=house.ours["central_clerk"], entry_ids=[entry], class_code="history")
    archiving.finish(house.office, actor=house.ours["central_clerk"], entry_ids=[entry])
    in_year(house, 2047)
    transferring.draw_twenty_years(house.office)
    list_id = lists(house)[HandoverKind.TRANSFER]
    with pytest.raises(RuleBroken) as told:
        _hand(house, list_id)
    assert told.value.code == "no-package" and "๑ ฉบับ" in told.value.thai
    house.office.blobs.remove(scan, unless_after=house.clock.now() + timedelta(days=9999))

    row = packed(house, list_id)
    assert (row.state, row.faults) == ("done", 1) and row.result is not None
    assert "ลำดับที่ ๑" in row.problem and "แนบ.png (ไม่พบไฟล์ในที่เก็บ)" in row.problem
    with zipfile.ZipFile(io.BytesIO(house.office.blobs.open(row.result))) as bag:
        root = bag.namelist()[0].partition("/")[0]
        metadata = json.loads(bag.read(f"{root}/data/00001/metadata.json"))
        assert "แนบ.png (ไม่พบไฟล์ในที่เก็บ)" in bag.read(f"{root}/data/README.txt").decode()
    assert [(one["path"], one["lost"]) for one in metadata["files"]] == [(None, "ไม่พบไฟล์ในที่เก็บ")]
    assert metadata["seal"] == come.seal and metadata["from_mailbox"] == come.from_mailbox
    with pytest.raises(RuleBroken):
        _hand(house, list_id)
    house.office.blobs.keep(PNG + b"enclosure")
    house.clock.pass_by(timedelta(minutes=1))
    assert (packed(house, list_id).problem, house.told("handover.packed")[0]["values"]["items"]) == ("", 1)
    _hand(house, list_id)
    assert kept(house, entry).state is KeepingState.TRANSFERRED


def drawn(house: House, *letters: EntryId) -> UUID:
    """These letters on a list of twenty years that goes."""
    stored(house, *letters, class_code="history")
    in_year(house, 2047)
    transferring.draw_twenty_years(house.office)
    return lists(house)[HandoverKind.TRANSFER]


def unpacked(house: House, row: Any) -> dict[str, bytes]:
    """What lies in a package, by its path below the folder of the bag."""
    with zipfile.ZipFile(io.BytesIO(house.office.blobs.open(row.result))) as bag:
        return {name.partition("/")[2]: bag.read(name) for name in bag.namelist()}


def test_classified_letters_go_into_the_package_of_a_cleared_officer_alone(either_house: House) -> None:
    house = either_house
    plain, secret = paper(house, "เปิดเผย", scan=PNG), paper(house, "คำที่ลับ", scan=SECRET, secrecy=Secrecy.SECRET)
    list_id = drawn(house, plain, secret)

    row = packed(house, list_id)
    bag = unpacked(house, row)
    assert (row.state, row.faults) == ("done", 1) and "ลำดับที่ ๒ (ชั้นความลับ ส่งมอบด้วยวิธีอื่น)" in row.problem
    assert not any(SECRET in data or "คำที่ลับ".encode() in data for data in bag.values())
    assert any(PNG in data for data in bag.values()) and house.told("letter.secret-opened") == []
    assert "ลำดับที่ ๒ (ชั้นความลับ ส่งมอบด้วยวิธีอื่น)" in bag["data/README.txt"].decode()
    with pytest.raises(RuleBroken) as told:
        _hand(house, list_id)
    assert told.value.code == "secret-apart" and "๑ ฉบับ" in told.value.thai

    person = house.ours["records"].person_id
    assert person is not None
    today = house.clock.now().date()
    grant_clearance(house.office, actor=house.ours["admin"], person_id=person, since=today, authority="คำสั่ง ๑")
    house.clock.pass_by(timedelta(minutes=1))
    row = packed(house, list_id)
    assert (row.problem, len(house.told("letter.secret-opened"))) == ("", 1)
    assert SECRET in unpacked(house, row).values()
    _hand(house, list_id)


def test_a_list_whose_classified_letters_go_another_way_is_handed_over_when_somebody_says_so(house: House) -> None:
    secret = paper(house, "ลับ", scan=SECRET, secrecy=Secrecy.SECRET)
    list_id = drawn(house, secret)
    packed(house, list_id)
    _hand(house, list_id, apart=True)
    assert kept(house, secret).state is KeepingState.TRANSFERRED


def test_what_changed_after_it_was_packed_is_packed_again(either_house: House) -> None:
    house, central = either_house, either_house.ours["central_clerk"]
    letter, other = paper(house, "ยังมาเพิ่ม", scan=PNG), paper(house, "แก้รายการ")
    list_id = drawn(house, letter, other)
    packed(house, list_id)
    late = recording.keep_scan(house.office, stream=io.BytesIO(SECRET), name="เพิ่ม.png")
    recording.attach_scan(house.office, actor=central, entry_id=letter, scan=late)
    with pytest.raises(RuleBroken, match=r"๑ ฉบับ.*ลำดับที่ ๑") as told:
        _hand(house, list_id)
    assert told.value.code == "no-package"
    amending.rectify_entry(house.office, actor=central, entry_id=other, changes={"subject": "แก้แล้ว"}, reason="พิมพ์ผิด")
    with pytest.raises(RuleBroken, match=r"๒ ฉบับ.*ลำดับที่ ๑, ๒"):
        _hand(house, list_id)

    house.clock.pass_by(timedelta(minutes=1))
    assert SECRET in unpacked(house, packed(house, list_id)).values()
    _hand(house, list_id)


def test_no_package_outlives_that_a_letter_leaves_its_list(either_house: House) -> None:
    house, records = either_house, either_house.ours["records"]
    going, needed = paper(house, "ส่งมอบ", scan=PNG), paper(house, "ยังใช้", scan=SECRET)
    list_id = drawn(house, going, needed)
    first = packed(house, list_id)
    keep: dict[str, Any] = {"actor": records, "list_id": list_id, "reason": "ยังใช้ปฏิบัติงาน"}
    transferring.keep_ourselves(house.office, **keep, entry_ids=[needed])
    with pytest.raises(NotFound, match="หนังสือออกจากบัญชี"):
        errand_file(house.office, actor=records, errand_id=first.id)
    house.clock.pass_by(GRACE + timedelta(minutes=1))
    remove_files(house.office)
    assert not house.office.blobs.has(first.result)

    class Meanwhile:
        """The files, and the last letter that leaves the list while its package is made."""

        def __getattr__(self, name: str) -> object:
            return getattr(house.office.blobs, name)

        def keep_stream(self, stream: BinaryIO, limit: int) -> object:
            """First the deed."""
            transferring.keep_ourselves(house.office, **keep, entry_ids=[going])
            return house.office.blobs.keep_stream(stream, limit)

    order = {"list": str(list_id)}
    order_errand(house.office, actor=records, kind=transfer_package.ERRAND, title="ชุด", order=order)
    run_next_errand(replace(house.office, blobs=cast(Blobs, Meanwhile())), doers=house.office.doers)
    row = max(house.rows(errands), key=lambda one: one.made_at)
    assert (row.state, row.result) == ("failed", None) and "บัญชีเปลี่ยนระหว่างทำชุด" in row.problem


def test_a_package_that_no_errand_came_to_name_is_in_no_backup_and_leaves_the_disk(
    either_house: House, tmp_path: Path
) -> None:
    """Its worker is killed when it was kept, or another has begun the errand again."""
    house, records = either_house, either_house.ours["records"]
    list_id = drawn(house, paper(house, "ส่งมอบ", scan=PNG))
    kept_packages = []

    class Late:
        """The files, and another worker that takes this one for dead."""

        def __getattr__(self, name: str) -> object:
            return getattr(house.office.blobs, name)

        def keep_stream(self, stream: BinaryIO, limit: int) -> object:
            """First the deed."""
            with house.real.writing.begin() as connection:
                connection.execute(update(errands).values(attempts=errands.c.attempts + 1))
            kept_packages.append(house.office.blobs.keep_stream(stream, limit))
            return kept_packages[-1]

    order = {"list": str(list_id)}
    order_errand(house.office, actor=records, kind=transfer_package.ERRAND, title="ชุด", order=order)
    run_next_errand(replace(house.office, blobs=cast(Blobs, Late())), doers=house.office.doers)
    ((package, _),) = kept_packages
    assert [row.result for row in house.rows(errands)] == [None]

    copies = tmp_path / "copies"
    backing_up.back_up(house.office, folder=copies, keys_file=None, passphrase="", told=lambda *_: None)
    assert package.hex not in {path.name for path in copies.rglob("*")}
    house.clock.pass_by(GRACE + timedelta(minutes=1))
    remove_files(house.office)
    assert not house.office.blobs.has(package)


def test_a_package_that_was_given_stays(house: House) -> None:
    row = packed(house, drawn(house, paper(house, "ส่งมอบ", scan=PNG)))
    house.clock.pass_by(GRACE + timedelta(minutes=1))
    remove_files(house.office)
    assert house.office.blobs.has(row.result) and house.rows(dropped_files) == []


def test_a_package_that_was_taken_back_leaves_the_backups_and_no_restore_brings_it_back(
    either_house: House, empty_database_url: str, tmp_path: Path
) -> None:
    house, records = either_house, either_house.ours["records"]
    going, needed = paper(house, "ส่งมอบ", scan=PNG), paper(house, "ทำลายวันหนึ่ง", scan=SECRET)
    list_id = drawn(house, going, needed)
    package = packed(house, list_id)
    folder = tmp_path / "copies"
    told: dict[str, Any] = {"folder": folder, "keys_file": None, "passphrase": "", "told": lambda *_: None}
    first = backing_up.back_up(house.office, **told)
    transferring.keep_ourselves(house.office, actor=records, list_id=list_id, reason="ยังใช้ปฏิบัติงาน", entry_ids=[needed])
    house.clock.pass_by(GRACE + timedelta(minutes=1))
    remove_files(house.office)
    assert backing_up.back_up(house.office, **told).removed == 1
    lying = {path.name for path in folder.rglob("*") if path.is_file()}
    assert package.result.hex not in lying

    url = empty_database_url if house.office.safe.database.kind == "postgresql" else f"sqlite:///{tmp_path / 'b.db'}"
    back = build(replace(house.real.settings, data_folder=tmp_path / "back", database_url=url), clock=house.clock)
    backing_up.restore(back.services, **told | {"folder": first.folder, "destroyed": None})
    assert not back.services.blobs.has(package.result)
    with pytest.raises(NotFound, match="หนังสือออกจากบัญชี"):
        errand_file(back.services, actor=records, errand_id=package.id)
    assert sweeping.sweep(back.services, remove=False)[0].missing == 0
    back.close()


def test_beside_what_is_no_pdfa_lies_its_copy_or_the_reason_why_not(house: House, tmp_path: Path) -> None:
    ours, foreign, scan = house.signed(), a_foreign_pdf(), a_scan()
    with house.office.uow() as uow:
        page = uow.letters.get(house.ours.agency.id, ours).files[0]
    signed = house.office.blobs.open(page.sha256)
    files = {
        "ของเรา.pdf": signed,
        "ของเขา.pdf": foreign,
        "สแกน.png": scan,
        "ตาราง.csv": b"1,2",
        "ร่าง.docx": a_document(),
        "งบ.xlsx": a_workbook(),
        "เสีย.pdf": b"%PDF-1.7 x",
    }
    kept = [
        Attachment(name, Role.ENCLOSURE, "application/octet-stream", len(data), house.office.blobs.keep(data))
        for name, data in files.items()
    ]
    come = house.incoming(files=kept)
    registering.register_letter(house.office, actor=house.ours["central_clerk"], incoming_id=come.id)
    entry = line_of(house, come.id)
    archiving.classify(house.office, actor=house.ours["central_clerk"], entry_ids=[entry], class_code="history")
    archiving.finish(house.office, actor=house.ours["central_clerk"], entry_ids=[entry])
    in_year(house, 2047)
    transferring.draw_twenty_years(house.office)
    order_errand(
        house.office,
        actor=house.ours["records"],
        kind=transfer_package.ERRAND,
        title="ชุด",
        order={"list": str(lists(house)[HandoverKind.TRANSFER])},
    )
    run_next_errand(house.office, doers=house.office.doers)
    (tmp_path / "package.zip").write_bytes(house.office.blobs.open(house.rows(errands)[0].result))

    assert faults_of_bag(tmp_path / "package.zip")[1] == []
    with zipfile.ZipFile(tmp_path / "package.zip") as bag:
        root = bag.namelist()[0].partition("/")[0]
        told = {one["path"][15:]: one for one in json.loads(bag.read(f"{root}/data/00001/metadata.json"))["files"]}
        readme = bag.read(f"{root}/data/README.txt").decode()
        assert {name: bag.read(f"{root}/data/{one['path']}") for name, one in told.items()} == files
        copies = {name: bag.read(f"{root}/data/{one['pdfa']}") for name, one in told.items() if one["pdfa"]}
    assert [one["field"] for one in told["ของเรา.pdf"]["signatures"]] and told["ของเขา.pdf"]["signatures"] == []
    assert told["ของเรา.pdf"]["says_pdfa"] == "3A" and copies.keys() == {
        "ของเขา.pdf",
        "สแกน.png",
        "ร่าง.docx",
        "งบ.xlsx",
    }
    assert all(is_pdfa(copies[name]) for name in ("ร่าง.docx", "งบ.xlsx"))
    assert told["ตาราง.csv"]["why_no_pdfa"] == "ไม่มีเครื่องมือที่แปลงไฟล์ชนิดนี้ได้ตรงตามต้นฉบับ"
    assert told["เสีย.pdf"]["why_no_pdfa"] == "ไฟล์เสียหรือเปิดไม่ได้"
    assert "ไฟล์ที่ไม่มี PDF/A (2)" in readme and "ตาราง.csv: ไม่มีเครื่องมือ" in readme
    for copy, pages in ((copies["ของเขา.pdf"], 11), (copies["สแกน.png"], 1)):
        _is_plain_pdfa(copy, pages)


def a_foreign_pdf() -> bytes:
    """Eleven pages in a typeface that is not embedded, the last one across and in colours."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(400, 600))
    for number in range(10):
        canvas.drawString(50, 300, f"page {number}")
        canvas.showPage()
    canvas.setPageSize((600, 400))
    canvas.setFillColorRGB(1, 0, 0)
    canvas.rect(10, 10, 300, 300, fill=1)
    canvas.save()
    return out.getvalue()


def a_scan() -> bytes:
    """A small picture."""
    out = io.BytesIO()
    Image.new("RGB", (60, 90), "navy").save(out, "PNG")
    return out.getvalue()


def _is_plain_pdfa(data: bytes, pages: int) -> None:
    """Pictures under an sRGB intent, no typeface that might be missing, and the claim of part 3."""
    with pikepdf.open(io.BytesIO(data)) as document:
        with document.open_metadata() as said:
            assert said.pdfa_status == "3U"
        assert len(document.pages) == pages and len(document.Root.OutputIntents) == 1
        for page in document.pages:
            resources = page.obj.Resources
            assert "/Font" not in resources
            assert {str(picture.Filter) for picture in resources.XObject.values()} == {"/DCTDecode"}
        last = document.pages[-1].mediabox
        assert pages == 1 or [round(float(last[2])), round(float(last[3]))] == [600, 400]
