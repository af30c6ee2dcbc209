"""Templates: which fields a text has, what fits into them, and what becomes of those that are left open."""

from __future__ import annotations

from dataclasses import replace

import pytest

from saraban.domain.blanks import blanks_in, unfilled
from saraban.domain.classification import Digits, Form
from saraban.domain.content import Contact, Content, Reference
from saraban.domain.errors import BadInput
from saraban.domain.templates import FieldKind, TemplateField, TemplateText
from tests.builders import CONTENT

INVITATION = TemplateText(
    "หนังสือเชิญประชุม",
    Content(
        subject="ขอเชิญประชุม{{ ชื่อการประชุม }}",
        addressed_to="เรียน {{ผู้รับ}}",
        body="ด้วยกำหนดประชุม {{ชื่อการประชุม}} ใน{{วันที่ประชุม}} มีผู้เข้าประชุม {{จำนวนผู้เข้าประชุม}} คน\n\n{{หมายเหตุ}}\n\n"
        "แบบ{{รูปแบบ}}",
        references=(Reference("{{เลขที่หนังสือเดิม}}"),),
        contact=Contact(phone="{{โทรศัพท์ผู้ประสานงาน}}"),
    ),
    enclosures=("ระเบียบวาระ",),
).with_fields(
    {
        "หมายเหตุ": TemplateField("หมายเหตุ", FieldKind.TEXT, required=False),
        "รูปแบบ": TemplateField("รูปแบบ", FieldKind.CHOICE, choices=("ในห้องประชุม", "ทางไกล")),
        "ไม่มีในข้อความ": TemplateField("ไม่มีในข้อความ"),
    }
)
VALUES = {
    "ชื่อการประชุม": "คณะทำงาน  แผน",
    "ผู้รับ": "อธิบดีกรมตัวอย่าง",
    "วันที่ประชุม": "2026-12-04",
    "จำนวนผู้เข้าประชุม": "๑,๒๐๐",
    "รูปแบบ": "ทางไกล",
    "เลขที่หนังสือเดิม": "ตย 0106/12",
    "โทรศัพท์ผู้ประสานงาน": "0 2000 0000",
}


def test_every_blank_is_a_field_in_the_order_of_the_page_and_its_name_tells_its_kind() -> None:
    assert [(one.name, one.kind) for one in INVITATION.fields] == [
        ("ชื่อการประชุม", FieldKind.LINE),
        ("ผู้รับ", FieldKind.LINE),
        ("เลขที่หนังสือเดิม", FieldKind.LINE),
        ("วันที่ประชุม", FieldKind.DAY),
        ("จำนวนผู้เข้าประชุม", FieldKind.NUMBER),
        ("หมายเหตุ", FieldKind.TEXT),
        ("รูปแบบ", FieldKind.CHOICE),
        ("โทรศัพท์ผู้ประสานงาน", FieldKind.LINE),
    ]


def test_the_values_stand_in_the_document_as_letters_write_them() -> None:
    content = INVITATION.filled(VALUES)

    assert content.subject == "ขอเชิญประชุมคณะทำงาน แผน" and content.addressed_to == "เรียน อธิบดีกรมตัวอย่าง"
    assert content.body == ("ด้วยกำหนดประชุม คณะทำงาน แผน ใน4 ธันวาคม 2569 มีผู้เข้าประชุม 1,200 คน\n\nแบบทางไกล")
    assert content.references == (Reference("ตย 0106/12"),) and content.contact.phone == "0 2000 0000"
    assert unfilled(content.texts()) == {}


def test_a_required_field_that_is_left_open_stays_as_a_blank_and_keeps_the_letter_from_being_submitted() -> None:
    content = INVITATION.filled({"ผู้รับ": " ", "รูปแบบ": "ทางไกล"})
    missing = replace(content, recipients=("dopa",)).missing()

    assert "{{ ชื่อการประชุม }}" in content.subject and "หมายเหตุ" not in content.body
    assert list(missing) == ["subject", "addressed_to", "references", "body", "contact"]
    assert missing["body"] == ("ยังไม่ได้เติม {{ชื่อการประชุม}}, {{วันที่ประชุม}}, {{จำนวนผู้เข้าประชุม}} เติมหรือลบออกก่อนเสนอ")


def test_a_blank_that_somebody_typed_keeps_a_letter_from_being_submitted_too() -> None:
    assert list(replace(CONTENT, body="ถึง {{}}").missing()) == ["body"]
    assert list(replace(CONTENT, body="{ก} {{ก}").missing()) == []
    assert blanks_in("{{ก\nข}} {{ค}}{{ค}} {{{ง}}}") == ("ค", "ง")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("วันที่ประชุม", "4 ธันวาคม 2569"),
        ("วันที่ประชุม", "2026-02-30"),
        ("จำนวนผู้เข้าประชุม", "สิบคน"),
        ("รูปแบบ", "ทางจดหมาย"),
        ("ชื่อการประชุม", "ก" * 501),
        ("ไม่มีในข้อความ", "ก"),
    ],
)
def test_a_value_that_does_not_fit_is_told_at_its_field(name: str, value: str) -> None:
    with pytest.raises(BadInput) as refused:
        INVITATION.filled(VALUES | {name: value})

    assert list(refused.value.fields) == [f"fields.{name}"]


def test_signs_in_a_line_are_words_and_no_marks_of_the_text() -> None:
    text = TemplateText("ก", Content(body="{{ก}} **{{ข}}** {{ค}}")).with_fields(
        {"ค": TemplateField("ค", FieldKind.TEXT)}
    )

    assert text.filled({"ก": "2*3|4", "ข": "**ง**", "ค": "**จ**\n\nฉ"}).body == r"2\*3\|4 **\*\*ง\*\*** **จ**" + "\n\nฉ"


def test_a_word_that_is_given_is_not_read_for_blanks_again() -> None:
    text = TemplateText("ก", Content(body="{{ก}}{{ข}}")).with_fields({})

    assert text.filled({"ก": "{{ข}}", "ข": "ค"}).body == "{{ข}}ค"


def test_days_and_times_of_a_form_are_filled_in_as_they_are_kept_or_left_empty() -> None:
    details = {"session": "{{ครั้งที่}}", "held_on": "{{วันที่ประชุม}}", "begins": "{{เวลาเริ่ม}}", "present": "{{ผู้มา}}"}
    text = TemplateText("รายงาน", Content(form=Form.MINUTES, details=details)).with_fields(
        {"ผู้มา": TemplateField("ผู้มา", FieldKind.TEXT)}
    )
    filled = text.filled({"วันที่ประชุม": "2026-12-04", "เวลาเริ่ม": "๙.๓๐ น.", "ผู้มา": "ก | ข\nค | ง"})

    assert text.sample().out_of_form() == {} and text.content.out_of_form() != {}
    assert dict(filled.details) == {
        "session": "{{ครั้งที่}}", "held_on": "2026-12-04", "begins": "09.30", "present": "ก | ข\nค | ง"
    }  # fmt: skip
    assert "held_on" not in text.filled({}).details and "begins" not in text.filled({}).details


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "ก" * 101}, "name"),
        ({"about": "ก" * 301}, "about"),
        ({"enclosures": ("ก",) * 21}, "enclosures"),
        ({"fields": (TemplateField("ก", FieldKind.CHOICE, choices=("ข",)),)}, "fields.ก"),
        ({"fields": (TemplateField("ก", hint="ข" * 201),)}, "fields.ก"),
        ({"fields": (TemplateField("ก" * 61),)}, "fields." + "ก" * 61),
        ({"fields": tuple(TemplateField(str(n)) for n in range(41))}, "body"),
    ],
)
def test_what_is_wrong_with_a_template_is_told_at_its_field(changes: dict[str, object], field: str) -> None:
    assert INVITATION.faults() == {}
    assert list(replace(INVITATION, **changes).faults()) == [field]


def test_a_text_is_kept_as_json_and_read_back_the_same() -> None:
    content = replace(CONTENT, digits=Digits.ARABIC, circular=True, response_due=None)

    for text in (INVITATION, replace(INVITATION, content=content)):
        assert TemplateText.of(text.as_dict()) == text
