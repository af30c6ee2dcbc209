"""A letter that becomes classified after it was put on lists of the archive: they say no more what it is about."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from saraban.domain.classification import Secrecy
from saraban.domain.deposit import DepositKeeper
from saraban.domain.errors import NotFound, RuleBroken
from saraban.domain.handover import HandoverKind
from saraban.domain.register import EntryId
from saraban.reading import archive, handovers
from saraban.storage.tables.archive import deposit_lists, disposal_lists, storing_lists
from saraban.storage.tables.archive import handovers as handover_lists
from saraban.usecases import amending, archiving, depositing, transferring
from saraban.usecases.errands import errand_file
from tests.usecases.archive import finished, in_year, kept, paper, proposed, stored
from tests.usecases.house import House
from tests.usecases.test_transferring import PNG, lists, packed, unpacked

WORDS, NUMBER = "แผนปฏิบัติการที่ต้องปกปิด", "กค ๐๔๐๘/๗๗"
MASKED = "หนังสือมีชั้นความลับ"


def classified(house: House, entry_id: EntryId) -> None:
    """Let the central clerk put right that a line was entered as an open one."""
    said: dict[str, Any] = {"changes": {"secrecy": Secrecy.SECRET}, "reason": "ต้นฉบับเป็นลับ"}
    amending.rectify_entry(house.office, actor=house.ours["central_clerk"], entry_id=entry_id, **said)


def told(house: House) -> str:
    """Every list of letters as its row stands."""
    tables = (storing_lists, deposit_lists, disposal_lists, handover_lists)
    return str([dict(row._mapping) for table in tables for row in house.rows(table)])


def test_lists_of_every_form_say_no_more_what_it_is_about(either_house: House) -> None:
    house, records = either_house, either_house.ours["records"]
    going, left, other = (paper(house, WORDS, number=NUMBER) for _ in range(3))
    stays = paper(house, "เรื่องเปิดเผย")
    stored(house, going, stays)
    finished(house, left)
    clerk = house.ours["central_clerk"]
    depositing.draw(house.office, actor=clerk, entry_ids=[left], keeper=DepositKeeper.STORE)
    in_year(house, 2028)
    list_id = proposed(house, 2570)
    assert told(house).count(WORDS) == 4, "of one on forms 19 and 25, of the other on forms 23 and 25"

    for one in (going, left, other):
        classified(house, one)
    assert WORDS not in told(house) and NUMBER not in told(house) and told(house).count(MASKED) == 4
    assert told(house).count("เรื่องเปิดเผย") == 2, "what stands beside it stays"
    with house.real.reading.connect() as reader:
        items = archive.disposal(reader, records, list_id).items
    assert {(one.subject, one.letter_date) for one in items} == {
        (MASKED, None),
        ("เรื่องเปิดเผย", date(2026, 11, 20)),
    }
    assert kept(house, going).class_code == "routine", "a class that was chosen stays"


def test_a_list_of_twenty_years_and_its_package_are_made_anew(either_house: House) -> None:
    house, records = either_house, either_house.ours["records"]
    letter = paper(house, WORDS, number=NUMBER, scan=PNG)
    stored(house, letter, class_code="history")
    in_year(house, 2047)
    transferring.draw_twenty_years(house.office)
    list_id = lists(house)[HandoverKind.TRANSFER]
    first = packed(house, list_id)
    assert WORDS.encode() in unpacked(house, first)["data/form-21.csv"]

    classified(house, letter)
    with pytest.raises(NotFound, match="ระบบลบไฟล์นี้แล้ว"):
        errand_file(house.office, actor=records, errand_id=first.id)
    with house.real.reading.connect() as reader:
        made = handovers.handover(reader, records, list_id)
    assert [(one.number, one.subject) for one in made.items] == [("", MASKED)] and made.packed_at is None
    house.clock.pass_by(timedelta(minutes=1))
    bag = unpacked(house, packed(house, list_id))
    assert not any(WORDS.encode() in data or PNG in data for data in bag.values())
    with pytest.raises(RuleBroken) as refused:
        transferring.hand_over(
            house.office, actor=records, list_id=list_id, on=date(2047, 1, 10), number="๑", receiver="นายรับ"
        )
    assert refused.value.code == "secret-apart"


def test_it_is_kept_by_the_rule_of_classified_letters_where_nobody_chose_another(house: House) -> None:
    follows, chosen = paper(house, "ตามระเบียบ"), paper(house, "มีคุณค่า")
    archiving.finish(house.office, actor=house.ours["central_clerk"], entry_ids=[follows])
    finished(house, chosen, class_code="history")
    for one in (follows, chosen):
        classified(house, one)

    assert [(kept(house, one).class_code, kept(house, one).mark) for one in (follows, chosen)] == [
        ("secret", "เก็บตามกฎหมายเฉพาะ"),
        ("history", "ห้ามทำลาย"),
    ]
