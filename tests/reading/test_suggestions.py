"""What is offered while a clerk types: from history, the directory and the units, by pieces of Thai; never a secret."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Connection, Engine, text

from saraban.domain.actor import Actor
from saraban.domain.errors import NotFound
from saraban.domain.phrases import Phrase
from saraban.reading.suggestions import SHOWN, Offer, offers
from tests.reading.office import NOW, Office, open_office


def teach(office: Office, *phrases: Phrase, times: int = 1) -> None:
    """Let clerks have written these so many times."""
    with office.uow() as uow:
        for _ in range(times):
            uow.registers.learn(office.agency.id, phrases, NOW)
        uow.commit()


def senders(reader: Connection, office: Office, typed: str, **more: Any) -> list[str]:
    return [o.text for o in offers(reader, office.central_clerk, field="sender", typed=typed, **more)]


@pytest.mark.parametrize("typed", ["เชียงใ", "เชียงใหม่", "ยงให", "  เชียง"])
def test_a_piece_from_the_middle_of_thai_words_finds_them(office: Office, reader: Connection, typed: str) -> None:
    teach(office, Phrase("sender", "จังหวัดเชียงใหม่"), Phrase("sender", "จังหวัดเชียงราย"), Phrase("sender", "กรมบัญชีกลาง"))

    assert "จังหวัดเชียงใหม่" in senders(reader, office, typed)
    assert "กรมบัญชีกลาง" not in senders(reader, office, typed)


def test_what_begins_with_it_comes_first_then_what_is_used_most(office: Office, reader: Connection) -> None:
    teach(office, Phrase("sender", "สำนักงานจังหวัดน่าน"), times=9)
    teach(office, Phrase("sender", "จังหวัดเลย"), times=2)
    teach(office, Phrase("sender", "จังหวัดน่าน"), times=5)

    assert senders(reader, office, "จังหวัด") == ["จังหวัดน่าน", "จังหวัดเลย", "สำนักงานจังหวัดน่าน"]


def test_nothing_typed_offers_the_most_used(office: Office, reader: Connection) -> None:
    for place in range(12):
        teach(office, Phrase("sender", f"ส่วนราชการที่ {place}"), times=place + 1)

    found = offers(reader, office.central_clerk, field="sender", typed="")

    assert len(found) == SHOWN
    assert found[0] == Offer("ส่วนราชการที่ 11", 12)


def test_a_sender_brings_the_head_of_its_numbers(office: Office, reader: Connection) -> None:
    teach(office, Phrase("sender", "กรมบัญชีกลาง", number_head="กค 0408/"))

    assert offers(reader, office.central_clerk, field="sender", typed="บัญชี")[0].number_head == "กค 0408/"


def test_subjects_that_came_from_the_same_sender_come_first(office: Office, reader: Connection) -> None:
    teach(office, Phrase("subject", "ขอเชิญประชุมใหญ่"), times=20)
    teach(office, Phrase("subject", "ขอเชิญอบรม"), Phrase("subject", "ขอเชิญอบรม", beside="กรมอนามัย"))

    of = [o.text for o in offers(reader, office.central_clerk, field="subject", typed="ขอเชิญ", beside="กรมอนามัย")]
    empty = [o.text for o in offers(reader, office.central_clerk, field="subject", typed="", beside="กรมอนามัย")]

    assert of == ["ขอเชิญอบรม", "ขอเชิญประชุมใหญ่"]
    assert empty[0] == "ขอเชิญอบรม"


def test_what_is_rare_is_found_behind_thousands_of_the_most_used(office: Office, reader: Connection) -> None:
    teach(office, *(Phrase("subject", f"รายงานประจำเดือนฉบับที่ {n}") for n in range(1_200)), times=2)
    teach(office, Phrase("subject", "การขุดลอกคลองแสนแสบ"), Phrase("subject", "กว"))

    def subjects(typed: str) -> list[str]:
        return [o.text for o in offers(reader, office.central_clerk, field="subject", typed=typed)]

    assert subjects("ลอกคลอง") == ["การขุดลอกคลองแสนแสบ"]
    assert subjects("กว") == ["กว"]
    assert subjects('"คลอง OR %_') == []


def test_of_equally_used_ones_the_newest_are_looked_through(office: Office, reader: Connection) -> None:
    teach(office, *(Phrase("sender", f"หน่วยงานที่ {n:04}") for n in range(1_001)))
    assert senders(reader, office, "หน่วยงานที่")[0] == "หน่วยงานที่ 0001"


def test_what_was_unlearned_is_found_by_nothing(office: Office, reader: Connection) -> None:
    twice, once = Phrase("subject", "แผนที่เผยแพร่แล้ว"), Phrase("subject", "แผนที่กลายเป็นลับ")
    teach(office, twice, times=2)
    teach(office, once)
    with office.uow() as uow:
        uow.registers.unlearn(office.agency.id, [twice, once])
        uow.commit()

    found = offers(reader, office.central_clerk, field="subject", typed="แผนที่")
    assert [(o.text, o.used) for o in found] == [("แผนที่เผยแพร่แล้ว", 1)]
    teach(office, once)
    assert len(offers(reader, office.central_clerk, field="subject", typed="กลายเป็น")) == 1


def test_digits_and_spaces_do_not_matter(office: Office, reader: Connection) -> None:
    teach(office, Phrase("sender", "กองทัพภาคที่ ๓"))

    assert senders(reader, office, "ภาคที่  3") == ["กองทัพภาคที่ ๓"]


def test_the_directory_and_the_own_units_are_offered_after_history(office: Office, reader: Connection) -> None:
    teach(office, Phrase("addressee", "ผู้อำนวยการกองกฎหมาย"))

    found = [o.text for o in offers(reader, office.central_clerk, field="addressee", typed="กองกฎ")]
    practice = [o.text for o in offers(reader, office.central_clerk, field="practice", typed="กองกฎ")]

    assert found[0] == "ผู้อำนวยการกองกฎหมาย"
    assert office.legal.name in found and practice == [office.legal.name]


def test_another_agencys_words_are_never_offered(office: Office, reader: Connection, engine: Engine) -> None:
    other = open_office(engine, "dnp")
    teach(other, Phrase("sender", "บริษัท ลับเฉพาะ จำกัด", number_head="ลฉ 1/"))

    for typed in ("", "ลับ", "บริ", "ลับเฉพาะ"):
        assert "บริษัท ลับเฉพาะ จำกัด" not in senders(reader, office, typed)
    with pytest.raises(NotFound):
        offers(reader, Actor.gateway(office.agency.id), field="sender", typed="ลับ")


def test_an_unknown_field_offers_nothing(office: Office, reader: Connection) -> None:
    assert offers(reader, office.central_clerk, field="note", typed="") == []


@pytest.mark.only_database("postgresql")
def test_the_index_knows_trigrams_of_thai(office: Office, reader: Connection) -> None:
    teach(office, Phrase("sender", "กรมบัญชีกลาง"), *(Phrase("sender", f"ส่วนราชการที่ {n}") for n in range(3_000)))
    reader.execute(text("VACUUM ANALYZE phrases"))
    reader.execute(text("SET enable_seqscan = off"))  # three thousand rows are read as quickly without an index

    plan = "\n".join(
        reader.execute(text("EXPLAIN SELECT text FROM phrases WHERE beside = '' AND key LIKE '%บัญชี%'")).scalars()
    )
    grams = reader.execute(text("SELECT show_trgm(key) FROM phrases")).scalars().first()

    assert "ix_phrases_key_trgm" in plan
    assert len(grams) > 5
