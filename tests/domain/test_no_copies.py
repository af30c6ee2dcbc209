"""D13: no kind of document may ask people for copies of what the state itself has issued."""

from __future__ import annotations

import pytest

from saraban.domain.issued_field import NO_COPIES, FieldType, KindField, fault_of
from saraban.domain.issued_kind import KindDefinition


@pytest.mark.parametrize(
    "field",
    [
        KindField("สำเนาบัตรประชาชน"),
        KindField("แนบสำเนาทะเบียนบ้าน", type=FieldType.LONG),
        KindField("บัตร", label="สำเนาบัตรประจำตัวประชาชน"),
        KindField("หลักฐาน", hint="ถ่ายเอกสารหนังสือรับรองมาด้วย"),
        KindField("รูปถ่ายบัตรประชาชน"),
        KindField("id", label_en="Photocopy of the ID card"),
        KindField("house", label_en="Copies of the house registration"),
    ],
)
def test_a_field_that_asks_for_a_copy_is_refused_and_the_way_to_the_issuer_is_offered(field: KindField) -> None:
    assert fault_of(field, set()) == NO_COPIES and "ตรวจเอกสารกับผู้ออก" in NO_COPIES
    wrong = KindDefinition(code="A", name_th="ใบรับรอง", text=f"{{{{{field.key}}}}}", fields=(field,)).faults()
    assert wrong[field.field] == NO_COPIES


@pytest.mark.parametrize(
    "field",
    [
        KindField("เลขประจำตัวประชาชน", type=FieldType.CITIZEN_ID),
        KindField("เลขรหัสประจำบ้าน"),
        KindField("จำนวนสำเนา", type=FieldType.NUMBER),
        KindField("รูปถ่าย"),
        KindField("ที่อยู่", label_en="Address", hint="ตามทะเบียนบ้าน"),
    ],
)
def test_numbers_and_names_may_be_asked(field: KindField) -> None:
    assert fault_of(field, set()) == ""
