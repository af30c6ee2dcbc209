"""Twenty years: lists that draw themselves up, and packages for the National Archives that verify."""

from __future__ import annotations

import json
import zipfile
from datetime import date
from pathlib import Path
from uuid import UUID

import pytest

from saraban.domain.errors import BadInput, NotPermitted, RuleBroken
from saraban.domain.handover import HandoverKind
from saraban.domain.keeping import KeepingState
from saraban.exchange.bagit import faults_of_bag
from saraban.storage.tables.archive import handovers
from saraban.storage.tables.closing import errands
from saraban.usecases import archiving, transferring
from saraban.usecases.errands import order_errand, run_next_errand
from tests.usecases.archive import in_year, kept, paper, secret_paper, stored
from tests.usecases.house import House

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 20


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


def _hand(house: House, list_id: UUID) -> None:
    transferring.hand_over(
        house.office,
        actor=house.ours["records"],
        list_id=list_id,
        on=house.clock.now().date(),
        number="ทส ๑๐๐๑/๙",
        receiver="นักจดหมายเหตุ",
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
        house.office, actor=house.ours["records"], kind=transferring.ERRAND, title="ชุด", order={"list": str(list_id)}
    )
    assert run_next_errand(house.office, doers=house.office.doers) == 1
    row = house.rows(errands)[0]
    assert (row.state, row.problem) == ("done", "")
    path = tmp_path / "package.zip"
    path.write_bytes(house.office.blobs.open(row.result))

    assert faults_of_bag(path) == (3, [])
    with zipfile.ZipFile(path) as bag:
        root = bag.namelist()[0].partition("/")[0]
        told = json.loads(bag.read(f"{root}/data/00001/metadata.json"))
        assert bag.read(f"{root}/data/{told['files'][0]['path']}") == PNG
        assert "keeping.moved" in bag.read(f"{root}/data/00001/journal.jsonl").decode()
    assert (told["subject"], told["mark"], told["files"][0]["pdfa"]) == ("มีสแกน", "ห้ามทำลาย", False)
