"""Templates in the office: who keeps them, their editions, letters that begin from them, their picture."""

from __future__ import annotations

from dataclasses import replace

import pytest

from saraban.domain.actor import Actor
from saraban.domain.classification import Form, Secrecy
from saraban.domain.content import Content
from saraban.domain.errors import BadInput, ConcurrentEdit, NotFound, NotPermitted, RuleBroken
from saraban.domain.templates import FieldKind, TemplateField, TemplateId, TemplateText
from saraban.storage.tables.templates import template_marks
from saraban.usecases import bookkeeping, drafting, routing
from saraban.usecases import keeping_templates as keeping
from tests.usecases.house import House

ORDER = TemplateText(
    "คำสั่งแต่งตั้งคณะกรรมการ",
    Content(form=Form.ORDER, subject="แต่งตั้ง{{ชื่อคณะกรรมการ}}", body="จึงแต่งตั้ง{{ชื่อคณะกรรมการ}} {{หมายเหตุ}}"),
).with_fields({"หมายเหตุ": TemplateField("หมายเหตุ", required=False)})


def made(house: House, text: TemplateText = ORDER, who: str = "admin", unit: str | None = None) -> TemplateId:
    """A template of our agency."""
    return keeping.make_template(house.office, actor=house.ours[who], text=text, unit_code=unit)


def begun(house: House, template_id: TemplateId, values: dict[str, str]) -> Content:
    """What a letter of our clerk has that begins from a template."""
    actor = house.ours["clerk"]
    content = keeping.fill_template(house.office, actor=actor, template_id=template_id, values=values)
    letter = drafting.start_letter(house.office, actor=actor, content=content, template_id=template_id)
    return house.letter(letter).content


def test_a_letter_begins_with_the_words_of_a_template_and_is_its_own_from_then_on(either_house: House) -> None:
    house = either_house
    template = made(house)
    first = begun(house, template, {"ชื่อคณะกรรมการ": "คณะกรรมการตรวจรับ"})
    changed = replace(ORDER, content=replace(ORDER.content, body="ข้อความใหม่ {{ชื่อคณะกรรมการ}}")).with_fields({})
    edition = keeping.change_template(
        house.office, actor=house.ours["admin"], template_id=template, text=changed, edition=1
    )
    second = begun(house, template, {})

    assert first.body == "จึงแต่งตั้งคณะกรรมการตรวจรับ" and first.form is Form.ORDER
    assert edition == 2 and second.body == "ข้อความใหม่ {{ชื่อคณะกรรมการ}}"
    opened = keeping.open_template(house.office, actor=house.ours["clerk"], template_id=template)
    assert [(one.number, one.text) for one in opened.editions] == [(2, changed), (1, ORDER)]
    assert [told["values"]["template"] for told in house.told("letter.drafted")] == [ORDER.name] * 2
    assert [row.uses for row in house.rows(template_marks)] == [2]
    assert [name for name in house.journal() if name.startswith("template.")] == ["template.made", "template.changed"]


def test_a_letter_in_which_a_blank_stands_is_not_submitted(house: House) -> None:
    template = made(house)
    actor = house.ours["clerk"]
    content = keeping.fill_template(house.office, actor=actor, template_id=template, values={})
    letter = drafting.start_letter(house.office, actor=actor, content=content, template_id=template)
    with pytest.raises(BadInput) as refused:
        routing.submit_letter(house.office, actor=actor, letter_id=letter)

    assert set(refused.value.fields) == {"subject", "body"}
    assert "{{ชื่อคณะกรรมการ}}" in refused.value.fields["subject"]


def test_two_who_change_one_template_do_not_overwrite_each_other(either_house: House) -> None:
    template, admin = made(either_house), either_house.ours["admin"]
    one, other = replace(ORDER, about="หนึ่ง"), replace(ORDER, about="สอง")
    keeping.change_template(either_house.office, actor=admin, template_id=template, text=one, edition=1)
    with pytest.raises(ConcurrentEdit):
        keeping.change_template(either_house.office, actor=admin, template_id=template, text=other, edition=1)

    assert keeping.change_template(either_house.office, actor=admin, template_id=template, text=one, edition=2) == 2


def test_a_template_that_is_switched_off_begins_no_letter_and_can_be_switched_on_again(either_house: House) -> None:
    template, admin, clerk = made(either_house), either_house.ours["admin"], either_house.ours["clerk"]
    keeping.switch_template(either_house.office, actor=admin, template_id=template, active=False)
    keeping.switch_template(either_house.office, actor=admin, template_id=template, active=False)
    with pytest.raises(RuleBroken, match="ปิดใช้แล้ว"):
        keeping.fill_template(either_house.office, actor=clerk, template_id=template, values={})
    keeping.switch_template(either_house.office, actor=admin, template_id=template, active=True)

    assert keeping.fill_template(either_house.office, actor=clerk, template_id=template, values={}).form is Form.ORDER
    assert [told["values"]["active"] for told in either_house.told("template.switched")] == [False, True]


def test_who_may_keep_templates_of_the_agency_and_of_a_unit(house: House) -> None:
    legal = house.ours.legal.code
    may: dict[str, list[str]] = {"agency": [], "unit": []}
    for who in ("clerk", "director", "head", "records", "admin", "central_clerk"):
        for what, unit in (("agency", None), ("unit", legal)):
            try:
                made(house, who=who, unit=unit)
            except NotPermitted:
                continue
            may[what].append(who)

    assert may["agency"] == ["admin", "central_clerk"]
    assert "clerk" in may["unit"] and "director" in may["unit"] and "admin" in may["unit"]
    assert "records" not in may["unit"] and "central_clerk" not in may["unit"]


def test_a_template_of_a_unit_is_seen_by_its_people_and_by_nobody_of_another_agency(house: House) -> None:
    template = made(house, who="clerk", unit=house.ours.legal.code)

    def sees(actor: Actor) -> bool:
        try:
            keeping.open_template(house.office, actor=actor, template_id=template)
        except NotFound:
            return False
        return True

    assert sees(house.ours["clerk"]) and sees(house.ours["central_clerk"]) and sees(house.ours["admin"])
    assert not sees(house.ours["records"])
    for who in ("clerk", "admin"):
        assert not sees(house.theirs[who])
    for deed in (
        lambda: keeping.switch_template(house.office, actor=house.theirs["admin"], template_id=template, active=False),
        lambda: keeping.change_template(house.office, actor=house.theirs["admin"], template_id=template, text=ORDER),
        lambda: keeping.template_picture(house.office, actor=house.theirs["admin"], template_id=template),
        lambda: keeping.mark_favourite(house.office, actor=house.theirs["clerk"], template_id=template, favourite=True),
        lambda: begun_by(house, house.theirs["clerk"], template),
    ):
        with pytest.raises(NotFound):
            deed()


def begun_by(house: House, actor: Actor, template_id: TemplateId) -> None:
    """Begin a letter and name a template."""
    drafting.start_letter(house.office, actor=actor, content=Content(subject="ก"), template_id=template_id)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": ""}, "name"),
        ({"content": Content(form=Form.ORDER, subject="ก", closing="ขอแสดงความนับถืออย่างยิ่ง")}, "closing"),
        ({"content": Content(form=Form.ORDER, subject="ก", details={"effective": "พรุ่งนี้"})}, "details.effective"),
        ({"content": Content(form=Form.ORDER)}, "body"),
        ({"content": Content(subject="ก", recipients=("nobody",))}, "recipients"),
        ({"content": Content(form=Form.OTHER, subject="ก")}, "form"),
    ],
)
def test_what_cannot_be_a_template_is_told_at_its_field(house: House, changes: dict[str, object], field: str) -> None:
    with pytest.raises(BadInput) as refused:
        made(house, replace(ORDER, **changes))

    assert list(refused.value.fields) == [field]


def test_an_unknown_unit_is_told(house: House) -> None:
    with pytest.raises(BadInput) as refused:
        made(house, unit="99")

    assert list(refused.value.fields) == ["unit"]


def test_a_draft_becomes_the_text_of_a_template_but_a_classified_one_does_not(house: House) -> None:
    letter = house.draft(body="เชิญ {{ผู้รับเชิญ}}")
    house.attach(letter, name="กำหนดการ.txt")
    secret = house.draft(secrecy=Secrecy.SECRET)
    text = keeping.text_of_letter(house.office, actor=house.ours["clerk"], letter_id=letter)

    assert text.name == text.content.subject and text.enclosures == ("กำหนดการ",)
    assert [one.name for one in text.fields] == ["ผู้รับเชิญ"] and text.content.response_due is None
    with pytest.raises(RuleBroken, match="ชั้นความลับ"):
        keeping.text_of_letter(house.office, actor=house.ours["clerk"], letter_id=secret)


def test_days_of_a_letter_are_no_part_of_its_template_and_its_cosigners_are(either_house: House) -> None:
    house = either_house
    post = house.ours["director"].position_id
    assert post is not None
    content = replace(ORDER.content, cosigners=(post,), details={"effective": "2027-01-01"})
    letter = house.draft(content)
    text = keeping.text_of_letter(house.office, actor=house.ours["clerk"], letter_id=letter)

    assert text.content.details == {} and text.content.cosigners == (post,)
    template = made(house, text)
    kept = keeping.open_template(house.office, actor=house.ours["clerk"], template_id=template).template.text
    assert kept.content.cosigners == (post,)
    begun = keeping.fill_template(house.office, actor=house.ours["clerk"], template_id=template, values={})
    assert begun.cosigners == (post,)


def test_the_picture_is_drawn_once_and_anew_when_something_on_it_changes(either_house: House) -> None:
    house, template = either_house, made(either_house)
    actor = house.ours["clerk"]

    def picture() -> bytes:
        return keeping.template_picture(house.office, actor=actor, template_id=template)

    def kept() -> str:
        with house.office.uow() as uow:
            found = uow.templates.get(actor.agency_id, template).picture
            assert found is not None
            return found.hex

    first, of_first = picture(), kept()
    again, of_again = picture(), kept()
    text = replace(ORDER, content=replace(ORDER.content, body="ข้อความอื่น 12"))
    keeping.change_template(house.office, actor=house.ours["admin"], template_id=template, text=text)
    second, of_second = picture(), kept()
    options = replace(house.ours.agency.options, arabic_digits=True)
    bookkeeping.set_options(house.office, actor=house.ours["admin"], options=options)
    third = picture()

    assert first.startswith(b"\x89PNG") and first == again and of_first == of_again
    assert second != first and of_second != of_first and third != second


def test_a_favourite_is_noted_for_the_person_alone(either_house: House) -> None:
    template, clerk = made(either_house), either_house.ours["clerk"]
    begun(either_house, template, {})
    for favourite in (True, True, False, True):
        keeping.mark_favourite(either_house.office, actor=clerk, template_id=template, favourite=favourite)

    assert [(r.person_id, r.favourite, r.uses) for r in either_house.rows(template_marks)] == [
        (clerk.person_id, True, 1)
    ]


def test_a_choice_that_was_taken_out_does_not_stay_in_the_fields(house: House) -> None:
    text = TemplateText("ก", Content(form=Form.ORDER, subject="{{ข}}")).with_fields(
        {"ข": TemplateField("ข", FieldKind.CHOICE, choices=("ค", "ง"))}
    )
    template = made(house, text)
    with pytest.raises(BadInput) as refused:
        keeping.fill_template(house.office, actor=house.ours["clerk"], template_id=template, values={"ข": "จ"})

    assert refused.value.fields == {"fields.ข": "เลือกจาก ค, ง"}
