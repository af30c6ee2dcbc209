"""Several letters of the archive at once: class and group, and a hold on ticked letters or on a whole matter."""

from __future__ import annotations

import re
from uuid import UUID

import pytest

from saraban.domain.agency import AgencyId
from saraban.domain.keeping import KeptItem
from saraban.domain.register import EntryId
from saraban.reading import matters
from saraban.usecases import archiving, transferring
from saraban.usecases.tying import tie_letters
from tests.web.installation import Installation
from tests.web.test_archive import in_year
from tests.web.test_long_lists import many

pytestmark = pytest.mark.only_database("sqlite")
HOLD = {"reason": "คดีปกครอง", "order": "หมายศาล ๕/๒๕๖๙"}


def kept(town: Installation, letters: list[EntryId]) -> list[KeptItem]:
    """How letters are kept, in their order."""
    agency_id = AgencyId(town.actor("reading-clerk").agency_id)
    with town.services.uow() as uow:
        found = {one.entry_id: one for one in uow.keeping.items(agency_id, letters)}
    return [found[one] for one in letters]


def test_ticked_letters_get_a_group_or_a_class_and_keep_what_is_not_chosen(town: Installation) -> None:
    letters = many(town, 3)
    clerk, first = town.client("reading-clerk"), [str(one) for one in letters[:2]]
    form = {"from": "index", "entry": first, "file_code": "", "class_code": ""}
    refused = clerk.send("/archive/many/class", form)
    assert refused.status_code == 422 and "เลือกหมวดหรือประเภทอายุการเก็บ" in refused.text
    assert f'value="{first[0]}" checked' in refused.text

    assert clerk.send("/archive/many/class", form | {"file_code": "03"}).status_code == 302
    assert [one.file_code for one in kept(town, letters)] == ["03", "03", ""]
    assert clerk.send("/archive/many/class", form | {"class_code": "history", "entry": first[:1]}).status_code == 302
    one, two, three = kept(town, letters)
    assert (one.class_code, one.file_code, one.mark) == ("history", "03", "ห้ามทำลาย")
    assert (two.file_code, three.class_code) == ("03", "routine")
    assert clerk.send("/archive/many/class", form | {"every": "1", "file_code": "02"}).status_code == 302
    assert [(one.file_code, one.class_code) for one in kept(town, letters)] == [
        *(("02", "history"), ("02", "routine"), ("02", "routine")),
    ], "a group alone leaves the class that was chosen"
    assert clerk.send("/archive/many/class", form | {"from": "nowhere"}).status_code == 404
    working = clerk.get("/archive/working?book=receiving").text
    assert "/archive/many/class" in working or "ไม่มีหนังสือระหว่างปฏิบัติ" in working


def test_one_order_holds_all_ticked_letters_or_none(town: Installation) -> None:
    letters = many(town, 3)
    head, ids = town.client("reading-head"), [str(one) for one in letters]
    form = HOLD | {"from": "index", "entry": ids}
    refused = head.send("/archive/many/hold", form | {"order": ""})
    assert refused.status_code == 422 and "ใส่คำสั่งหรือหนังสือที่ให้ระงับ" in refused.text
    assert '<details class="more" open><summary>ระงับ' in refused.text
    assert "คดีปกครอง</textarea>" in refused.text and f'value="{ids[2]}" checked' in refused.text
    assert [one.held_by for one in kept(town, letters)] == [None] * 3
    assert town.client("reading-clerk").send("/archive/many/hold", form).status_code == 403

    assert head.send("/archive/many/hold", form | {"entry": ids[:1]}).status_code == 302
    before = kept(town, letters)[0].held_by
    assert head.send("/archive/many/hold", form).status_code == 302
    after = [one.held_by for one in kept(town, letters)]
    assert before is not None and after[0] == before and None not in after
    again = head.send("/archive/many/hold", form)
    assert again.status_code == 422 and "ระงับการทำลายไว้แล้ว" in again.text
    assert head.get("/archive/holds").text.count("หมายศาล ๕/๒๕๖๙") == 3


def test_a_matter_says_how_many_were_held_and_when_there_are_more(
    town: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second, third = many(town, 3)
    for other in (second, third):
        tie_letters(
            town.services, actor=town.actor("reading-clerk"), thing_id=first, other_id=other, joined=True, reason=""
        )
    head, address = town.client("reading-head"), f"/archive/many/hold/{first}"
    monkeypatch.setattr(matters, "MOST_HELD", 2)
    said = head.get(head.send(address, HOLD).headers["Location"]).text
    assert "ระงับการทำลายแล้ว ๒ ฉบับ เรื่องนี้ยังมีฉบับอื่นที่ยังไม่ระงับ" in said
    monkeypatch.setattr(matters, "MOST_HELD", 3)

    said = head.get(head.send(address, HOLD).headers["Location"]).text
    assert "ระงับการทำลายแล้ว ๑ ฉบับ คือทุกฉบับในเรื่องที่ท่านเห็นและยังไม่ได้ระงับ" in said
    assert None not in [one.held_by for one in kept(town, [first, second, third])]


def test_a_stored_letter_is_held_from_the_register_and_a_matter_as_a_whole(town: Installation) -> None:
    first, second = many(town, 2)
    office, entered = town.services, town.actor("reading-clerk")
    list_id = archiving.draw_list(office, actor=entered, entry_ids=[first])
    archiving.receive_list(office, actor=town.actor("reading-records"), list_id=list_id)
    tie_letters(office, actor=entered, thing_id=first, other_id=second, joined=True, reason="")
    head, clerk = town.client("reading-head"), town.client("reading-clerk")
    assert "ระงับการทำลายทั้งเรื่อง" not in clerk.get(f"/matters/{first}").text
    row = {"from": "store_register", "year": "2569", "entry": str(first)}
    refused = head.send("/archive/many/hold", row | HOLD | {"order": ""})
    assert refused.status_code == 422 and f'value="{first}" checked' in refused.text
    assert 'href="/archive/register?year=2569"' in refused.text
    assert f'name="entry" value="{first}"' in head.get("/archive/register?year=2569").text
    assert head.send("/archive/many/hold", row | HOLD).headers["Location"].endswith("/archive/register?year=2569")

    address = f"/archive/many/hold/{second}"
    refused = head.send(address, {"reason": "", "order": "หมาย ๖"})
    assert refused.status_code == 422 and 'value="หมาย ๖"' in refused.text
    assert head.send(address, HOLD | {"order": "หมาย ๖"}).status_code == 302
    held = head.get("/archive/holds").text
    assert "หมายศาล ๕/๒๕๖๙" in held and "หมาย ๖" in held


def test_all_means_every_letter_of_the_list_in_which_one_stands(town: Installation) -> None:
    waits, stored, works = many(town, 3)
    office, entered = town.services, town.actor("reading-clerk")
    list_id = archiving.draw_list(office, actor=entered, entry_ids=[stored])
    archiving.receive_list(office, actor=town.actor("reading-records"), list_id=list_id)
    archiving.take_up_again(office, actor=entered, entry_id=works)
    clerk, head = town.client("reading-clerk"), town.client("reading-head")
    every = {"every": "1", "class_code": "history"}

    sent = clerk.send("/archive/many/class", every | {"from": "working", "book": "receiving", "year": "2569"})
    assert sent.status_code == 302
    assert [one.class_code for one in kept(town, [waits, stored, works])] == ["routine", "routine", "history"]
    held = head.send("/archive/many/hold", HOLD | {"from": "store_register", "year": "2569", "every": "1"})
    assert held.status_code == 302
    assert [one.held_by is not None for one in kept(town, [waits, stored, works])] == [False, True, False]
    finished = clerk.send("/archive/finish", {"every": "1", "book": "receiving", "year": "2569"})
    assert finished.status_code == 302
    assert kept(town, [works])[0].finished_on is not None


def test_of_what_the_archives_asked_for_only_what_is_on_hold_can_be_chosen_to_stay(town: Installation) -> None:
    entry, other = many(town, 2)
    in_year(town, 2047)
    transferring.draw_twenty_years(town.services)
    records, agency_id = town.client("reading-records"), town.actor("reading-records").agency_id
    address = re.findall(r'"(/archive/handovers/[0-9a-f-]{36})"', records.get("/archive/handovers").text)[0]
    with town.services.uow() as uow:  # as if they had been asked for
        made = uow.handovers.get(agency_id, UUID(address.rpartition("/")[2]))
        made.asked = True
        uow.handovers.save(made)
        uow.commit()
    assert 'name="entry"' not in records.get(address).text
    hold = {"actor": town.actor("reading-head"), "entry_id": entry}
    archiving.place_hold(town.services, **hold, reason="คดี", order="หมาย ๑")

    page = records.get(address).text
    assert (
        page.count('name="entry"') == 1
        and f'name="entry" value="{entry}"' in page
        and "เฉพาะฉบับที่ระงับการทำลายไว้" in page
    )
    assert re.search(r'name="reason"[^>]*aria-required', page), "without a reason nothing moves"
    stopped = records.send(f"{address}/give", {"number": "ศธ ๑/๑"}).text
    assert "ส่งมอบไม่ได้: ลำดับที่" in stopped and "ย้ายฉบับนั้นไปแบบที่ ๒๒" in stopped
    refused = records.send(f"{address}/own", {"reason": "คดี", "entry": str(other)}).text
    assert "เว้นแต่ฉบับที่ระงับการทำลายไว้" in refused
    assert records.send(f"{address}/own", {"reason": "คดี", "entry": str(entry)}).status_code == 302
    assert "ย้ายไปบัญชีขอเก็บเอง" in records.get(address).text
