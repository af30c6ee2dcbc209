"""The words of minutes: corrections lose none, and lists that a secretary edits follow the roll, titles or not."""

from __future__ import annotations

from datetime import timedelta
from unittest.mock import patch
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saraban.domain.classification import Form
from saraban.domain.content import Content
from saraban.domain.errors import BadInput
from saraban.domain.meeting import read_agenda
from saraban.domain.meeting_lists import agrees_with_roll, who_came, with_who_came
from saraban.domain.meeting_people import Part, Participant, Presence, read_people, written_people
from saraban.domain.meeting_words import minutes
from saraban.domain.name_titles import WrittenName, without_titles
from tests.builders import an_actor
from tests.domain.test_meeting import BEGINS, a_meeting, a_person

CAME, AWAY = {"presence": Presence.PRESENT}, {"presence": Presence.ABSENT}


def resolved(corrections: str) -> list[str]:
    """The corrections as the minutes of the meeting that made them list them."""
    agenda = read_agenda("เรื่องรับรองรายงานการประชุม")
    first, later, by = a_meeting(), a_meeting(agenda=agenda, begins_at=BEGINS + timedelta(days=30)), an_actor()
    first.note_minutes(uuid4(), by=by, at=BEGINS)
    first.approve(later, corrections, by=by, at=BEGINS + timedelta(days=31))
    return minutes(later, [], [], "นายเอก", first).body.partition("ดังนี้\n")[2].splitlines()


def following(people: list[Participant], **lists: str) -> dict[str, list[str]]:
    """The lists of minutes once they follow the roll; to follow it again changes nothing."""
    now = with_who_came(Content(form=Form.MINUTES, subject="กรรมการ", details=lists), people)
    assert agrees_with_roll(now.details, people) and with_who_came(now, people) == now
    return {name: text.split("\n") for name, text in now.details.items()}


# --- corrections ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    [
        "แก้ (2) เป็น (3) ตามมติ",
        "ข้อ (๑) ตัดคำ",
        "(พ.ศ. 2569) และ",
        "หน้า ๒ ข้อ 3. เพิ่มคำว่า ก) ข",
        "เวลา 10. 30 น.",
        "2569) ปีเดิม",
    ],
)
@pytest.mark.parametrize("number", ["", "๑. ", "1) ", "(๑)  "])
def test_a_correction_loses_the_number_before_it_and_nothing_else(words: str, number: str) -> None:
    assert resolved(f"{number}{words}") == [f"1. {words}"]


@pytest.mark.parametrize(
    "lines",
    [
        ["3. แก้ชื่อ", "7. แก้ตำแหน่ง"],
        ["10. 30 น. เป็น 11.00 น."],
        ["1. แก้ชื่อ", "3. แก้ตำแหน่ง"],
        ["2) แก้ชื่อ"],
    ],
)
def test_numbers_that_do_not_count_the_lines_mean_something_and_stay(lines: list[str]) -> None:
    assert resolved("\n\n".join(lines)) == [f"{at}. {line}" for at, line in enumerate(lines, start=1)]
    counted = [f"({at}) {line}" for at, line in enumerate(lines, start=1)]
    assert resolved("\n".join(counted)) == [f"{at}. {line}" for at, line in enumerate(lines, start=1)]


@given(
    st.lists(st.sampled_from(["แก้", "(1)", "๑.", "4)", "(พ.ศ.", "2569)", "เป็น", "ตาราง(๑)"]), min_size=1, max_size=6)
)
def test_no_word_behind_the_first_is_ever_lost(words: list[str]) -> None:
    told = resolved(" ".join(words))[0].split()[1:]
    assert told in (words, words[1:])
    assert told == words or words[0] in ("(1)", "๑.")


# --- names ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "title",
    ["นาย", "นาง ", "น.ส.", "ดร. ", "พล.ต.", "พล. ต. อ. ", "พ.ต.อ.", "พ.ต.ท.หญิง ", "พ.อ.(พิเศษ) ", "ว่าที่ร้อยตรี",
     "ว่าที่ ร.ต. ", "ว่าที่พันตำรวจเอก ", "ม.ล.", "หม่อมราชวงศ์", "นพ.", "แพทย์หญิง", "ศาสตราจารย์ ", "ศ.ดร.",
     "ศาสตราจารย์เกียรติคุณ นายแพทย์", "ศ. (พิเศษ) ", "รองศาสตราจารย์ ดร. ", "นาวาอากาศโท ",
     "พลเรือตรี", "จ่าสิบเอก ", "นายดาบตำรวจ", "คุณหญิง", "Dr. "],
)  # fmt: skip
def test_titles_and_ranks_are_no_part_of_a_name(title: str) -> None:
    assert without_titles(f"{title}เอก  ใจดี") == "เอก ใจดี"
    assert without_titles("น.อ. เอก ใจดี ร.น.") == "เอก ใจดี"


@pytest.mark.parametrize(
    "name", ["คุณากร ใจดี", "นายิกา สุข", "พิเศษ ใจดี", "เรือง เอกชัย", "อาจ ใจดี", "นาย", "พลอย ใจดี", "ตรี เพชร", ""]
)
def test_names_that_begin_like_a_title_stay(name: str) -> None:
    assert without_titles(name) == name
    assert not name or without_titles(f"ศ. {name}") in (name, f"ศ. {name}")


def test_a_title_that_nobody_knows_is_known_by_the_name_behind_it() -> None:
    name = WrittenName.of("นายเอก ใจดี")

    assert all(WrittenName.of(one).is_of(name) for one in ("สน.ปลัด.เอก ใจดี", "อุปทูต เอก ใจดี", "ดร เอก ใจดี"))
    assert all(name.is_of(WrittenName.of(one)) for one in ("อุปทูต เอก ใจดี", "นาย เอก ใจดี"))
    assert not any(WrittenName.of(one).is_of(name) for one in ("นายโทเอก ใจดี", "นายเอก ใจดีมาก", "ใจดี", ""))
    assert not WrittenName.of("Anna Maria Smith").is_of(WrittenName.of("Maria Smith"))


@pytest.mark.parametrize(
    ("name", "bare"),
    [
        ("นายคุณวุฒิ ใจดี", "คุณวุฒิ ใจดี"),
        ("ดร.คุณวุฒิ ใจดี", "คุณวุฒิ ใจดี"),
        ("นายพลเอก ใจดี", "พลเอก ใจดี"),
        ("น.ส. เรือโท ใจดี", "เรือโท ใจดี"),
        ("นายพล.อ.เอก ใจดี", "เอก ใจดี"),
        ("นาง คุณหญิงเอก ใจดี", "เอก ใจดี"),
        ("นายว่าที่ร้อยตรีเอก ใจดี", "เอก ใจดี"),
        ("ดร.พลเอกเอก ใจดี", "เอก ใจดี"),
    ],
)
def test_behind_a_civil_title_a_word_like_a_rank_is_the_name(name: str, bare: str) -> None:
    assert without_titles(name) == bare
    assert WrittenName.of(bare).is_of(WrittenName.of(name)) and WrittenName.of(name).is_of(WrittenName.of(bare))


def test_two_whose_names_differ_by_such_a_word_are_two() -> None:
    assert not WrittenName.of("นายคุณวุฒิ ใจดี").is_of(WrittenName.of("นายวุฒิ ใจดี"))


# --- the lists and the roll -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("roll", "written"),
    [
        ("นายเอก ใจดี", "พล.ต.เอก ใจดี"),
        ("พ.ต.อ. เอก ใจดี", "พันตำรวจเอก เอก ใจดี"),
        ("เอก ใจดี", "อุปทูต เอก ใจดี"),
        ("อุปทูต เอก ใจดี", "นพ.เอก ใจดี"),
    ],
)
def test_a_line_with_another_title_is_the_same_mans(roll: str, written: str) -> None:
    people = [a_person(name=roll, **CAME), a_person(name="นายโท มาด้วย", **CAME)]
    present = f"{written} | ผอ.\nนายโท มาด้วย | -"

    assert following(people, present=present) == {"present": present.split("\n")}
    people[0].mark(Presence.PRESENT, f"{written} จริง", "", now=BEGINS)
    [line, _] = following(people, present=present)["present"]
    assert line == f"{written} จริง | แทน {roll} ผู้อำนวยการ กรมป่าไม้ | กรรมการ"


@pytest.mark.parametrize(
    "written",
    ["ฯพณฯ นายเอก ใจดี", "เสธ.นายเอก ใจดี", "๑. นายเอก ใจดี", "๑) พล.ต. เอก ใจดี", "นายเอก ใจดี (อธิบดี)",
     "นายเอก ใจดี, Ph.D.", "ท่านทูต ดร.เอก  ใจดี (ผู้แทน)", "(๒) นางเอก ใจดี อธิบดี"],
)  # fmt: skip
def test_nobody_stands_among_the_present_and_the_absent(written: str) -> None:
    person, line = a_person(name="นายเอก ใจดี", **CAME), f"{written} | อธิบดี | กรรมการ"

    assert following([person], present=line) == {"present": [line]}
    person.mark(Presence.ABSENT, "", "ป่วย", now=BEGINS)
    assert not agrees_with_roll({"present": line, "absent": "นายเอก ใจดี | อธิบดี | ป่วย"}, [person])
    assert "present" not in following([person], present=line)


@pytest.mark.parametrize("written", ["นายช่วย งาน (เลขานุการ นายเอก ใจดี)", "นางช่วย งาน ผู้ช่วย ดร.เอก ใจดี"])
def test_who_came_beside_a_member_is_not_that_member(written: str) -> None:
    line = f"{written} | กอง ก | ผู้เข้าร่วม"
    lists = following([a_person(name="นายเอก ใจดี", **AWAY)], present=line, absent="นายเอก ใจดี | อธิบดี | ป่วย")

    assert lists["present"] == [line]


@pytest.mark.parametrize("written", ["นายเอกชัย ใจดี (อธิบดี)", "นายเอก ใจดีมาก, Ph.D."])
def test_another_of_a_name_like_his_is_another(written: str) -> None:
    lists = following([a_person(name="นายเอก ใจดี", **AWAY)], present=f"{written} | อธิบดี", absent="นายเอก ใจดี | อธิบดี")
    assert lists["present"] == [f"{written} | อธิบดี"]


@pytest.mark.parametrize("said", ["รองอธิบดี", "รองอธิบดี กรมป่าไม้ | กรรมการ", "-"])
def test_who_came_in_a_members_stead_has_one_line_also_where_nobody_wrote_so(said: str) -> None:
    people = [a_person(name="นายเอก ใจดี", stands_in="นายรอง มาแทน", **CAME)]
    own = who_came(people)["present"]

    assert following(people, present=f"ดร.รอง มาแทน | {said}") == {"present": [own]}
    for by_hand in ("ดร.รอง มาแทน | รองอธิบดี แทน ท่านรองฯ เอก ใจดี | กรรมการ", "นายรอง มาแทน (แทน นายเอก ใจดี) | -"):
        assert following(people, present=by_hand) == {"present": [by_hand]}, "it says so behind a post, or in brackets"


def test_who_stands_in_for_another_of_the_roll_has_no_line_of_his_own_by_that() -> None:
    """The deputy stands before his chief in the roll, and the chief did not come after all."""
    deputy, chief = a_person(name="นายรอง มาแทน", **CAME), a_person(name="นายเอก ใจดี", stands_in="นายรอง มาแทน", **CAME)
    own, stead = who_came([deputy, chief])["present"].split("\n")

    assert following([deputy, chief], present=stead) == {"present": [own, stead]}
    chief.mark(Presence.ABSENT, "", "ป่วย", now=BEGINS)
    by_hand = "ดร.รอง มาแทน | แทน ท่านรองฯ เอก  ใจดี (อธิบดี) | กรรมการ"
    for line in (stead, by_hand):
        assert not agrees_with_roll({"present": line, "absent": "นายเอก ใจดี | อธิบดี | ป่วย"}, [deputy, chief])
        assert following([deputy, chief], present=line)["present"] == [own]


def test_of_names_that_begin_each_other_the_longest_is_meant() -> None:
    short, long = a_person(name="นายเอก", **AWAY), a_person(name="นายเอก ใจดี", stands_in="นายรอง มา", **CAME)
    line = "นายรอง มา | แทน นายเอก ใจดี ผอ. | กรรมการ"

    assert following([short, long], present=line, absent="นายเอก | -")["present"] == [line]
    added = "นายรอง มา | แทน นายเอกชัย สุข | -"
    assert following([short], present=added, absent="นายเอก | -")["present"] == [added], "of nobody in the roll"


def test_two_of_one_name_have_a_line_each() -> None:
    one, other = a_person(post="ผอ.", office="กรม ก", **CAME), a_person(post="ผอ.", office="กรม ข", **CAME)
    lines = who_came([one, other])["present"].split("\n")

    assert following([one, other], present=lines[1]) == {"present": lines}
    one.mark(Presence.ABSENT, "", "", now=BEGINS)
    by_hand = [line.replace("กรรมการ", "ผู้แทน") for line in lines]
    assert following([one, other], present="\n".join(by_hand))["present"] == by_hand[1:]


def test_who_chairs_is_taken_from_the_roll_and_other_parts_are_the_secretarys() -> None:
    old, new = a_person(name="นายเก่า มา", **CAME), a_person(name="นายใหม่ มา", part=Part.CHAIR, **CAME)
    third = a_person(name="นายสาม มา", **CAME)
    present = "นายเก่า มา | ผอ. ก | ประธาน\nนายใหม่ มา | ผอ. ข | กรรมการ\nนายสาม มา | - | รองประธานกรรมการ"

    assert following([old, new, third], present=present)["present"] == [
        "นายเก่า มา | ผอ. ก | กรรมการ", "นายใหม่ มา | ผอ. ข | ประธานกรรมการ", "นายสาม มา | - | รองประธานกรรมการ",
    ]  # fmt: skip
    new.mark(Presence.ABSENT, "", "ป่วย", now=BEGINS)
    led = "นายเก่า มา | ผอ. ก | ประธานที่ประชุม\nนายสาม มา | - | เลขานุการ"
    assert following([old, new, third], present=led)["present"] == led.split("\n"), "the meeting chose him"


def test_who_stands_in_for_the_chair_does_not_chair_by_that() -> None:
    people = [a_person(name="นายเอก ใจดี", part=Part.CHAIR, stands_in="นายรอง มาแทน", **CAME), a_person(**CAME)]
    [line, _] = following(people)["present"]

    assert line == "นายรอง มาแทน | แทน นายเอก ใจดี ผู้อำนวยการ กรมป่าไม้ |", "who presides is for the secretary to write"
    by_hand = f"{line} กรรมการ\nนางสาวรัก อ่าน | ผอ. | ประธานที่ประชุม"
    assert following(people, present=by_hand)["present"] == by_hand.split("\n")


@pytest.mark.parametrize("words", ["กรรมการและเลขานุการ", "กรรมการและผู้ช่วยเลขานุการ", "ผู้ช่วยเลขานุการ", "เลขานุการ"])
def test_a_secretary_who_has_a_seat_is_listed_as_he_was_typed(words: str) -> None:
    [typed] = read_people(f"นายจด แม่น | | | | {words}")
    person = a_person(name="นายจด แม่น", part=typed.part, **CAME)

    assert who_came([person])["present"].endswith(f"| {words}")
    assert read_people(written_people([person]))[0].part is typed.part
    line = "นายจด แม่น | ผอ. | กรรมการและเลขานุการ"
    assert following([person], present=line)["present"] == [line]


def test_a_bar_in_a_name_that_was_typed_at_the_door_begins_no_column() -> None:
    people = [a_person(stands_in="นายรอง | มา", **CAME), a_person(name="นายป่วย ไข้", reason="ลา | -", **AWAY)]

    lists = following(people)
    assert lists["present"] == ["นายรอง / มา | แทน นางสาวรัก อ่าน ผู้อำนวยการ กรมป่าไม้ | กรรมการ"]
    assert len(lists["absent"]) == 1


names = st.sampled_from(["นายเอก", "นายเอก ใจดี", "พล.ต.เอก ใจดี", "ดร.รอง มาแทน", "อุปทูต เอก ใจดี", "ชัย"])


@given(
    st.lists(
        st.builds(
            a_person, name=names, post=st.sampled_from(["", "ชัย", "ผอ."]), part=st.sampled_from(Part),
            presence=st.sampled_from(Presence), stands_in=names | st.just(""), reason=st.sampled_from(["", "ป่วย"]),
        ), max_size=4,
    ),
    st.lists(st.sampled_from(["{} | แทน {} ผอ.", "{} | {} | ประธาน", "{} | ผอ. | กรรมการ", "{}"]).flatmap(
        lambda line: st.builds(line.format, names, names)), max_size=4),
)  # fmt: skip
def test_lists_that_followed_the_roll_agree_with_it(people: list[Participant], lines: list[str]) -> None:
    for one in people:
        one.stands_in = one.stands_in if one.presence is Presence.PRESENT else ""
    text = "\n".join(lines)
    following(people, present=text, absent=text)


def test_every_name_is_looked_at_once_for_all_the_lines() -> None:
    people = [a_person(name=f"นายคนที่{n} ใจดี", **CAME) for n in range(40)]
    details = {"present": "\n".join(f"ดร.คนที่{n} ใจดี | ผอ." for n in range(40))}
    with patch.object(WrittenName, "of", wraps=WrittenName.of) as looked:
        assert agrees_with_roll(details, people)
    assert looked.call_count == 80


# --- names as they are typed ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("sign", ["\u2028", "\u2029", "\x85", "\x0b", "\x0c", "\x1c", "\r"])
def test_a_name_with_another_kind_of_line_end_is_one_name_and_refused(sign: str) -> None:
    with pytest.raises(BadInput) as refused:
        read_people(f"นางหนึ่ง\r\nนายเอก{sign}ใจดี | ผอ.\nนายสาม")
    assert refused.value.fields["people"].startswith("บรรทัดที่ ๒") and "พิมพ์ไม่ได้" in refused.value.fields["people"]
    assert [one.name for one in read_people("นางหนึ่ง\r\n\nนาย\tเอก\u00a0ใจดี | ผอ.\r\n")] == ["นางหนึ่ง", "นาย เอก ใจดี"]
