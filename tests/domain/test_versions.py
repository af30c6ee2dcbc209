"""Versions of a draft: when a saving begins a new one, and that a content comes back whole."""

from __future__ import annotations

import dataclasses
from datetime import date, timedelta
from uuid import uuid4

import pytest

from saraban.domain.agency import AgencyId, PersonId, PositionId
from saraban.domain.attachment import Digest
from saraban.domain.classification import Digits, Form, Secrecy, Urgency
from saraban.domain.content import Contact, Content, Reference
from saraban.domain.enclosures import EnclosureLine
from saraban.domain.group import GroupUse
from saraban.domain.letter import LetterId
from saraban.domain.ready import ReadyPage, Spot
from saraban.domain.versions import TOGETHER, SavedVersion, Saving, VersionId, read_content
from tests.builders import NOW, a_letter

FULL = Content(
    form=Form.MEMORANDUM,
    subject="เรื่อง",
    addressed_to="เรียน อธิบดี",
    body="ย่อหน้า\n\n**หนา**",
    recipients=("dopa",),
    references=(Reference("นร 0106/1", date(2026, 11, 20), "สำนักงาน"), Reference("2")),
    urgency=Urgency.URGENT,
    secrecy=Secrecy.SECRET,
    contact=Contact("หน่วย", "1", "a@b.example"),
    response_due=date(2026, 12, 20),
    purpose="information",
    closing="ขอแสดงความนับถืออย่างยิ่ง",
    circular=True,
    digits=Digits.ARABIC,
    details={"session": "1/2569"},
    cosigners=(PositionId(uuid4()), PositionId(uuid4())),
    typist="นางสาวพิมพ์ดี มีวินัย",
    enclosures=(EnclosureLine(Digest.of(b"a"), "แผนที่", "2 แผ่น"), EnclosureLine(Digest.of(b"b"))),
    photo=Digest.of(b"photo"),
    groups=(GroupUse("group:all", "ทั้งทำเนียบ", 1),),
    ready=ReadyPage(Digest.of(b"page"), "หนังสือ.pdf", 2, number=Spot(1, 20.0, 30.0)),
)


def test_a_content_comes_back_from_its_kept_bytes_in_every_part() -> None:
    blank = Content()
    same = [one.name for one in dataclasses.fields(Content) if getattr(FULL, one.name) == getattr(blank, one.name)]
    assert same == [], "the test must fill in every part"

    assert read_content(a_letter(content=FULL).content_bytes()) == FULL


def a_version(saving: Saving, person: PersonId) -> SavedVersion:
    return SavedVersion(
        VersionId(uuid4()), AgencyId(uuid4()), LetterId(uuid4()), 1, saving, Digest.of(b"x"), person, "ก", NOW, NOW
    )


@pytest.mark.parametrize(
    ("saving", "same_person", "after", "goes_on"),
    [
        (Saving.AUTOSAVED, True, timedelta(minutes=4), True),
        (Saving.AUTOSAVED, True, TOGETHER, False),
        (Saving.AUTOSAVED, False, timedelta(minutes=1), False),
        (Saving.SAVED, True, timedelta(minutes=1), False),
        (Saving.TAKEN_BACK, True, timedelta(minutes=1), False),
    ],
)
def test_what_one_person_types_within_five_minutes_is_one_version(
    saving: Saving, same_person: bool, after: timedelta, goes_on: bool
) -> None:
    person = PersonId(uuid4())
    version = a_version(saving, person)

    assert version.goes_on(person if same_person else PersonId(uuid4()), NOW + after) is goes_on
