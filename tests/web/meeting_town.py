"""An installation that participants of meetings reach, and what its tests ask of it."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any
from uuid import UUID

import pikepdf
from werkzeug.test import TestResponse

from saraban.domain.meeting import Access, Meeting, Plan, read_agenda
from saraban.domain.meeting_people import Invited, Part, Participant
from saraban.usecases import convening, packing
from tests.web.installation import READING, Browser, Installation

SITE = "https://saraban.example.go.th"
PEOPLE = (
    Invited("นางปราณี มีสุข", "อธิบดี", "กรมส่งเสริมการอ่าน", "chair@dept.test", Part.CHAIR),
    Invited("นางสาวรัก อ่าน", "ผู้อำนวยการ", "กรมป่าไม้", "rak@forest.test"),
)


def a_pdf(pages: int) -> bytes:
    """A PDF of so many blank pages."""
    made, out = pikepdf.Pdf.new(), io.BytesIO()
    for _ in range(pages):
        made.add_blank_page(page_size=(595, 842))
    made.save(out)
    return out.getvalue()


def called(town: Installation, *, title: str = "ประชุมคณะกรรมการส่งเสริมการอ่าน", **changes: Any) -> Meeting:
    """A meeting in two days with its participants."""
    begins = town.clock.now() + timedelta(days=2)
    values: dict[str, Any] = {
        "title": title, "committee": "คณะกรรมการส่งเสริมการอ่าน", "session": "3/2569", "place": "ห้องประชุม ๑",
        "begins_at": begins, "ends_at": begins + timedelta(hours=2), "access": Access.LINK,
        "agenda": read_agenda("เรื่องแจ้งให้ทราบ\nเรื่องพิจารณา"),
    }  # fmt: skip
    people = changes.pop("people", PEOPLE)
    plan, clerk = Plan(**values | changes), town.actor("reading-clerk")
    return the(town, convening.call_meeting(town.services, actor=clerk, plan=plan, people=people))


def the(town: Installation, meeting_id: UUID) -> Meeting:
    """A meeting as it lies on the shelf."""
    with town.services.uow() as uow:
        return uow.meetings.get(town.agencies[READING], meeting_id)


def people_of(town: Installation, meeting: Meeting) -> list[Participant]:
    """Who takes part."""
    with town.services.uow() as uow:
        return list(uow.meetings.people(meeting.id))


def put(town: Installation, meeting: Meeting, data: bytes, name: str = "วาระ.pdf", **more: Any) -> UUID:
    """The secretary puts a file in."""
    told = {"item": "a1", "name": name, "stream": io.BytesIO(data)} | more
    return packing.put_file(town.services, actor=town.actor("reading-clerk"), meeting_id=meeting.id, **told).id


def hand_in(
    browser: Browser, key: str, data: bytes = b"x", name: str = "แผน.txt", lang: str = "", **more: str
) -> TestResponse:
    """A participant sends a file by the own link."""
    form = {"item": "a2", "file": (io.BytesIO(data), name)} | more
    return browser.post(f"/m/own/{key}/files{lang}", form, content_type="multipart/form-data")
