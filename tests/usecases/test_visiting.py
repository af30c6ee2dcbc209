"""Outsiders look at kept letters with the permission of a head, and never borrow (clause 65)."""

from __future__ import annotations

from datetime import date, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any
from uuid import UUID

import pytest

from saraban.domain.calendar import office_date
from saraban.domain.errors import BadInput, NotFound, NotPermitted, RuleBroken, StageNotAllowed
from saraban.domain.notice import NoticeKind
from saraban.domain.register import EntryId
from saraban.domain.visit import VisitState
from saraban.exchange.envelope import OutboxKind
from saraban.reading.notices import listed
from saraban.reading.visits import VisitLine, visit, visits
from saraban.usecases import visiting
from saraban.usecases.outgoing import OutboxItem
from saraban.usecases.pressing import press_deadlines
from tests.usecases.archive import (
    carried_out,
    cleared,
    considered,
    in_year,
    paper,
    proposed,
    secret_paper,
    stored,
)
from tests.usecases.house import House

PEOPLE = ("head", "director", "clerk", "central_clerk", "records")


def asked(
    house: House, entry: EntryId, *, copies: bool = False, by: str = "records", name: str = "นายมานะ มีนา"
) -> UUID:
    """Somebody wants to look."""
    who = visiting.Visitor(name, "บัตรประจำตัวประชาชน", "ตรวจสอบสิทธิของตน", copies)
    return visiting.ask(house.office, actor=house.ours[by], entry_id=entry, visitor=who)


def seen(house: House, visit_id: UUID, by: str = "records") -> VisitLine:
    """The visit as it is shown."""
    with house.real.reading.connect() as reader:
        return visit(reader, house.ours[by], visit_id)


def test_a_letter_is_looked_at_and_copied_with_permission_under_an_officers_eyes(either_house: House) -> None:
    house = either_house
    entry = paper(house, "โฉนดที่ดิน")
    stored(house, entry)
    visit_id = asked(house, entry, copies=True)
    with pytest.raises(StageNotAllowed):
        visiting.show(house.office, actor=house.ours["records"], visit_id=visit_id)
    with pytest.raises(NotPermitted):
        visiting.permit(house.office, actor=house.ours["records"], visit_id=visit_id)
    visiting.permit(house.office, actor=house.ours["head"], visit_id=visit_id)
    tomorrow = office_date(house.clock.now()) + timedelta(days=1)
    with pytest.raises(BadInput):
        visiting.show(house.office, actor=house.ours["records"], visit_id=visit_id, on=tomorrow)
    visiting.show(house.office, actor=house.ours["records"], visit_id=visit_id, copied="หน้า ๑ ถึง ๓")

    one = seen(house, visit_id)
    assert (one.visit.state, one.visit.copied, one.letter.line.subject) == (VisitState.DONE, "หน้า ๑ ถึง ๓", "โฉนดที่ดิน")
    assert (one.visit.answered_by, one.visit.shown_by) == (house.ours["head"].name, house.ours["records"].name)
    assert [name for name in house.journal() if name.startswith("visit.")] == [
        "visit.asked",
        "visit.permitted",
        "visit.done",
    ]
    assert "มานะ" not in str(house.told("visit.asked") + house.told("visit.done"))  # the journal is for ever


def test_what_is_refused_or_not_wanted_any_more_is_over(house: House) -> None:
    entry = paper(house, "แผน")
    stored(house, entry)
    first, second = asked(house, entry), asked(house, entry)
    with pytest.raises(BadInput):
        visiting.refuse(house.office, actor=house.ours["head"], visit_id=first, reason=" ")
    visiting.refuse(house.office, actor=house.ours["head"], visit_id=first, reason="ข้อมูลส่วนบุคคลของผู้อื่น")
    visiting.permit(house.office, actor=house.ours["head"], visit_id=second)
    with pytest.raises(BadInput):
        visiting.show(house.office, actor=house.ours["records"], visit_id=second, copied="ทั้งฉบับ")
    visiting.nobody_came(house.office, actor=house.ours["records"], visit_id=second)

    assert [seen(house, one).visit.state for one in (first, second)] == [VisitState.REFUSED, VisitState.GONE]
    with house.real.reading.connect() as reader:
        assert visits(reader, house.ours["records"], only_open=True) == []
        assert len(visits(reader, house.ours["head"], entry_id=entry)) == 2


def test_nothing_classified_or_gone_is_shown_and_only_keepers_write_down_who_comes(house: House) -> None:
    secret, open_, gone = secret_paper(house, "ลับ"), paper(house, "เปิด"), paper(house, "ทำลายแล้ว")
    stored(house, open_, gone)
    for entry, by in ((secret, "records"), (open_, "clerk")):
        with pytest.raises(NotPermitted):
            asked(house, entry, by=by)
    with pytest.raises(BadInput) as told:
        asked(house, open_, name=" ")
    assert told.value.fields == {"visitor": "ใส่ชื่อผู้ขอดู"}
    visit_id = asked(house, open_)
    with house.real.reading.connect() as reader, pytest.raises(NotFound):
        visit(reader, house.theirs["head"], visit_id)
    with pytest.raises(NotFound):
        visiting.permit(house.office, actor=house.theirs["head"], visit_id=visit_id)
    in_year(house, 2028)
    list_id = proposed(house, 2570)
    considered(house, list_id)
    cleared(house, list_id)
    carried_out(house, list_id)
    with pytest.raises(RuleBroken):
        asked(house, gone)


def told_about(house: House, visit_id: UUID) -> dict[str, list[NoticeKind]]:
    """What people are told about a visit and have not read."""
    with house.real.reading.connect() as reader:
        lists = {who: listed(reader, house.ours[who], unread=True).items for who in PEOPLE}
    found = {who: [row.kind for row in rows if row.about_id == visit_id] for who, rows in lists.items()}
    return {who: kinds for who, kinds in found.items() if kinds}


def test_who_permits_and_who_keeps_hear_of_a_visit_until_it_is_over(either_house: House) -> None:
    house, new = either_house, [NoticeKind.VISIT]
    entry = paper(house, "โฉนดที่ดิน")
    stored(house, entry)
    visit_id = asked(house, entry, by="central_clerk")
    assert told_about(house, visit_id) == {"head": new, "records": new}
    visiting.permit(house.office, actor=house.ours["head"], visit_id=visit_id)
    answer = [NoticeKind.VISIT_ANSWERED]
    assert told_about(house, visit_id) == {"central_clerk": answer, "records": answer}
    visiting.nobody_came(house.office, actor=house.ours["records"], visit_id=visit_id)
    assert told_about(house, visit_id) == {}


def test_the_day_of_a_visit_is_told_in_the_morning_and_when_it_went_by(either_house: House) -> None:
    house = either_house
    entry = paper(house, "โฉนดที่ดิน")
    stored(house, entry)
    in_year(house, 2027, 1, 18)
    visitor = visiting.Visitor("นายมานะ มีนา", "บัตรประจำตัวประชาชน", "ตรวจสอบสิทธิของตน", comes_on=date(2027, 1, 20))
    visit_id = visiting.ask(house.office, actor=house.ours["records"], entry_id=entry, visitor=visitor)
    in_year(house, 2027, 1, 20)
    press_deadlines(house.office)
    assert NoticeKind.TODAY not in told_about(house, visit_id).get("records", [])  # nobody has permitted it
    visiting.permit(house.office, actor=house.ours["head"], visit_id=visit_id)
    in_year(house, 2027, 1, 21)
    press_deadlines(house.office)
    late = [NoticeKind.LATE, NoticeKind.VISIT_ANSWERED]
    assert {who: sorted(kinds) for who, kinds in told_about(house, visit_id).items()} == {
        "central_clerk": late,
        "records": late,
    }

    visiting.show(house.office, actor=house.ours["records"], visit_id=visit_id)
    assert told_about(house, visit_id) == {}


def test_the_visitor_is_answered_by_mail_that_tells_nothing_of_the_letter(either_house: House) -> None:
    house = either_house
    entry = paper(house, "ที่ดินของนางสาวเมทินี", number="กค 0408/77")
    visitor = visiting.Visitor("นายมานะ มีนา", "บัตร", "ตรวจสอบสิทธิ", copies=True, mail="Mana@Example.com ")
    may, may_not = (
        visiting.ask(house.office, actor=house.ours["records"], entry_id=entry, visitor=visitor) for _ in range(2)
    )
    visiting.permit(house.office, actor=house.ours["head"], visit_id=may)
    visiting.refuse(house.office, actor=house.ours["head"], visit_id=may_not, reason="ข้อมูลส่วนบุคคลของผู้อื่น")

    with house.office.uow() as uow:
        items = [item for item in uow.outbox.claim(house.clock.now(), timedelta(seconds=60), 10) if item]
    words = {item.ref: mail_words(house, item) for item in items}
    assert set(words) == {may, may_not}
    assert {(item.kind, item.envelope.rcpt_to) for item in items} == {(OutboxKind.VISIT, "mana@example.com")}
    assert "อนุญาตให้ดูและคัดลอกได้" in words[may] and "กค ๐๔๐๘/๗๗" in words[may]
    assert "เหตุผล ข้อมูลส่วนบุคคลของผู้อื่น" in words[may_not]
    assert "เมทินี" not in "".join(words.values())


def mail_words(house: House, item: OutboxItem) -> str:
    """What a mail in the outbox says."""
    parsed = message_from_bytes(b"".join(item.envelope.chunks(house.office.blobs.open)), policy=default)
    body = parsed.get_body()
    assert isinstance(body, EmailMessage)
    return str(body.get_content())


@pytest.mark.parametrize(
    ("field", "said"), [("mail", {"mail": "ไม่ใช่อีเมล"}), ("comes_on", {"comes_on": date(2020, 1, 1)})]
)
def test_a_mailbox_that_is_none_and_a_day_that_went_by_are_refused(house: House, field: str, said: Any) -> None:
    entry = paper(house, "แผน")
    visitor = visiting.Visitor("นายมานะ มีนา", "บัตร", "ตรวจสอบสิทธิ", **said)
    with pytest.raises(BadInput) as told:
        visiting.ask(house.office, actor=house.ours["records"], entry_id=entry, visitor=visitor)
    assert set(told.value.fields) == {field}
