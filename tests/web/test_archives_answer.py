"""What the National Archives answer about a list of form 25 (clause 70): each letter gets its own verdict and year."""

from __future__ import annotations

from uuid import UUID

import pytest

from saraban.domain.agency import PersonId
from saraban.domain.calendar import office_date
from saraban.domain.disposal import DisposalList
from saraban.domain.disposal_item import Opinion, Verdict
from saraban.domain.register import EntryId
from saraban.usecases import archiving, destroying
from tests.web.installation import Installation
from tests.web.test_archive import in_year
from tests.web.test_long_lists import many

pytestmark = pytest.mark.only_database("sqlite")


def considering(town: Installation, letters: list[EntryId]) -> UUID:
    """The list of these letters before a committee of three that wants them destroyed."""
    office, records, head, chair = town.services, *(town.actor(f"reading-{w}") for w in ("records", "head", "director"))
    drawn = archiving.draw_list(office, actor=town.actor("reading-clerk"), entry_ids=letters)
    archiving.receive_list(office, actor=records, list_id=drawn)
    in_year(town, 2028)
    list_id = destroying.propose(office, actor=records, year=2570)
    members = [PersonId(one.person_id) for one in (chair, town.actor("reading-clerk"), records) if one.person_id]
    destroying.appoint(office, actor=head, list_id=list_id, members=members, order="คำสั่ง ๑/๒๕๗๑")
    destroying.consider(office, actor=chair, list_id=list_id, opinion=Opinion(letters, Verdict.DESTROY))
    return list_id


def ordered(town: Installation, letters: list[EntryId], exempt: str = "") -> UUID:
    """The same list after its committee reported and the head ordered it."""
    office, head, chair = town.services, town.actor("reading-head"), town.actor("reading-director")
    list_id = considering(town, letters)
    for who in ("reading-director", "reading-clerk"):
        destroying.agree(office, actor=town.actor(who), list_id=list_id)
    destroying.report(office, actor=chair, list_id=list_id)
    destroying.decide(office, actor=head, list_id=list_id, kept={}, exempt=exempt)
    return list_id


def with_archives(town: Installation, letters: list[EntryId]) -> UUID:
    """The same list after it went to the National Archives, today."""
    list_id, today = ordered(town, letters), office_date(town.clock.now())
    records = town.actor("reading-records")
    destroying.send_to_archives(town.services, actor=records, list_id=list_id, on=today, number="ทส ๑/๑")
    return list_id


def disposal(town: Installation, list_id: UUID) -> DisposalList:
    """The list as it lies on the shelf."""
    agency_id = town.actor("reading-records").agency_id
    with town.services.uow() as uow:
        return uow.disposals.get(agency_id, list_id)


def test_the_answer_is_recorded_letter_by_letter_and_closed_when_all_is_said(town: Installation) -> None:
    first, second, third, fourth = many(town, 4)
    list_id = with_archives(town, [first, second, third, fourth])
    records, address = town.client("reading-records"), f"/archive/disposals/{list_id}"

    refused = records.send(f"{address}/answer/letters", {"entry": str(first), "verdict": "extend", "number": "วธ ๙"})
    assert refused.status_code == 422 and "ใส่ปีที่หอจดหมายเหตุแห่งชาติให้เก็บถึง หลัง พ.ศ. ๒๕๗๐" in refused.text
    assert 'value="วธ ๙"' in refused.text and f'value="{first}" checked' in refused.text
    for entry, said in ((first, {"verdict": "extend", "until": "๒๕๘๕"}), (second, {"verdict": "forever"})):
        assert records.send(f"{address}/answer/letters", said | {"entry": str(entry)}).status_code == 302
    page = records.get(address).text
    assert "ให้เก็บถึง พ.ศ. ๒๕๘๕" in page and "ให้เก็บตลอดไป" in page and "รอหอจดหมายเหตุแห่งชาติพิจารณา" in page
    closing = {"entry": str(third), "verdict": "transfer", "number": "วธ ๑/๒"}
    assert records.send(f"{address}/answer", closing).status_code == 302

    made = disposal(town, list_id)
    assert [item.outcome.value for item in made.items] == ["extended", "extended", "to-archives", "open"]
    with town.services.uow() as uow:
        kept = {one.entry_id: one.mark for one in uow.keeping.items(made.agency_id, [first, second, third, fourth])}
    marks = [kept[one] for one in (first, second, third, fourth)]
    assert marks == ["เก็บถึง พ.ศ. ๒๕๘๕", "ห้ามทำลาย", "ห้ามทำลาย", "เก็บถึง พ.ศ. ๒๕๗๐"]
