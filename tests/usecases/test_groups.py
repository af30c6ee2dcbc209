"""Groups of receivers: pasted, used in drafts, and frozen when the letter is submitted."""

from __future__ import annotations

import pytest

from saraban.domain.errors import BadInput, ConcurrentEdit, NotFound, NotPermitted
from saraban.domain.group import EVERYBODY, UNDER
from saraban.domain.letter import LetterState
from saraban.usecases import drafting, groups, routing
from saraban.usecases.outsiders import add_outsider
from tests.builders import a_correspondent
from tests.usecases.house import House


@pytest.fixture
def town(house: House) -> House:
    """The house with a ministry of three departments, two of which are called alike."""
    house.publish(
        a_correspondent("moi", name="กระทรวงมหาดไทย", abbr="มท", mailbox="saraban@moi.example"),
        a_correspondent("cdd", name="กรมการพัฒนาชุมชน", abbr="พช", parent="moi", mailbox="saraban@cdd.example"),
        a_correspondent("dpt", name="กรมโยธาธิการ", abbr="ยผ", parent="moi", mailbox="saraban@dpt.example"),
        a_correspondent("dpt-1", name="สำนักงานโยธาธิการ", abbr="ยธ", parent="dpt", mailbox="saraban@dpt1.example"),
        a_correspondent("dpt-2", name="สำนักงานโยธาธิการ", abbr="ยธ", parent="dpt", mailbox="saraban@dpt2.example"),
    )
    return house


def test_a_pasted_list_is_read_by_codes_names_and_addresses_and_tells_what_it_does_not_know(town: House) -> None:
    add_outsider(town.office, actor=town.ours["clerk"], name="โรงเรียนบ้านสวน", mailbox="office@school.example")
    text = "CDD\nกระทรวง มหาดไทย\tsaraban@dpt.example; โรงเรียนบ้านสวน\nไม่มีจริง, พช\nสำนักงานโยธาธิการ\nonep"
    found = groups.read_list(town.office, actor=town.ours["clerk"], text=text)

    assert found.codes == ("cdd", "moi", "dpt", "office@school.example")
    assert found.unknown == ("ไม่มีจริง", "onep")
    assert found.several == ("สำนักงานโยธาธิการ",)


def test_a_letter_keeps_the_members_of_the_day_on_which_it_is_submitted(town: House) -> None:
    clerk = town.ours["clerk"]
    group, _ = groups.keep_group(town.office, actor=clerk, name="พวกเรา", text="cdd\ndpt")
    letter_id = town.draft(recipients=("dopa", group.token))
    assert town.letter(letter_id).content.recipients == ("dopa", group.token)
    groups.keep_group(town.office, actor=clerk, group_id=group.id, name="พวกเรา", text="dpt-1", drop=["cdd"])
    routing.submit_letter(town.office, actor=clerk, letter_id=letter_id)
    submitted = town.letter(letter_id).content
    groups.keep_group(town.office, actor=clerk, group_id=group.id, name="พวกเรา", text="dpt-2")

    assert submitted.recipients == ("dopa", "dpt", "dpt-1")
    assert [(one.token, one.name, one.count) for one in submitted.groups] == [(group.token, "พวกเรา", 2)]
    assert submitted.chosen == ("dopa", group.token)
    assert town.letter(letter_id).content == submitted


def test_a_letter_that_comes_back_takes_its_groups_anew(town: House) -> None:
    clerk = town.ours["clerk"]
    group, _ = groups.keep_group(town.office, actor=clerk, name="พวกเรา", text="cdd")
    letter_id = town.draft(recipients=(group.token,))
    routing.submit_letter(town.office, actor=clerk, letter_id=letter_id)
    routing.return_letter(town.office, actor=town.ours["director"], letter_id=letter_id, reason="เพิ่มกรมโยธาธิการ")
    groups.keep_group(town.office, actor=clerk, group_id=group.id, name="พวกเรา", text="dpt")
    routing.submit_letter(town.office, actor=clerk, letter_id=letter_id)

    assert town.letter(letter_id).content.recipients == ("cdd", "dpt")


def test_the_directory_makes_groups_of_itself(town: House) -> None:
    clerk = town.ours["clerk"]
    everybody = town.draft(recipients=(EVERYBODY,))
    under = town.draft(recipients=(f"{UNDER}moi", "cdd"))
    for one in (everybody, under):
        routing.submit_letter(town.office, actor=clerk, letter_id=one)

    assert set(town.letter(everybody).content.recipients) == {"dopa", "moi", "cdd", "dpt", "dpt-1", "dpt-2"}
    assert town.letter(under).content.recipients[0] == "cdd"
    assert set(town.letter(under).content.recipients) == {"cdd", "dpt", "dpt-1", "dpt-2"}


def test_a_group_that_is_gone_or_empty_is_told_before_the_letter_goes_on(town: House) -> None:
    clerk = town.ours["clerk"]
    group, _ = groups.keep_group(town.office, actor=clerk, name="ว่าง")
    letter_id = town.draft(recipients=(group.token,))
    with pytest.raises(BadInput) as empty:
        routing.submit_letter(town.office, actor=clerk, letter_id=letter_id)
    assert "ไม่มีผู้รับแล้ว" in empty.value.fields["recipients"]
    groups.retire_group(town.office, actor=clerk, group_id=group.id)
    with pytest.raises(BadInput) as gone:
        routing.submit_letter(town.office, actor=clerk, letter_id=letter_id)
    assert "ไม่พบกลุ่มผู้รับ" in gone.value.fields["recipients"]
    assert town.letter(letter_id).state is LetterState.DRAFT
    with pytest.raises(BadInput):
        drafting.start_letter(town.office, actor=clerk, content=town.letter(letter_id).content)


def test_who_may_keep_and_see_which_group(town: House) -> None:
    own, _ = groups.keep_group(town.office, actor=town.ours["clerk"], name="ของฉัน", text="cdd")
    shared, _ = groups.keep_group(town.office, actor=town.ours["central_clerk"], name="ร่วม", text="cdd", for_all=True)
    with pytest.raises(NotPermitted):
        groups.keep_group(town.office, actor=town.ours["clerk"], name="x", for_all=True)
    with pytest.raises(NotPermitted):
        groups.keep_group(town.office, actor=town.ours["clerk"], group_id=shared.id, name="x")
    with pytest.raises(NotFound):
        groups.keep_group(town.office, actor=town.ours["central_clerk"], group_id=own.id, name="x")
    with pytest.raises(NotFound):
        groups.retire_group(town.office, actor=town.theirs["clerk"], group_id=shared.id)
    with pytest.raises(ConcurrentEdit):
        groups.keep_group(town.office, actor=town.ours["clerk"], group_id=own.id, name="x", version=7)
    with pytest.raises(BadInput) as nameless:
        groups.keep_group(town.office, actor=town.ours["clerk"], name="  ")
    assert "name" in nameless.value.fields
