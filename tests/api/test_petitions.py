"""Letters from the public for programs: listed, answered; and followed by anybody in the promised shape."""

from __future__ import annotations

import io

import pytest
from jsonschema import Draft202012Validator
from sqlalchemy import select

from saraban.domain.petition import Written
from saraban.storage.tables.letters import incoming
from saraban.storage.tables.petitions import petitions
from saraban.usecases import petitioning, registering
from saraban.usecases.petitioning import Receipt
from tests.api.program import ADDRESS, Programs
from tests.rendering.test_verification_code import a_ready_pdf
from tests.web.installation import READING, Installation
from tests.web.public_town import decide


@pytest.fixture
def receipt(town: Installation) -> Receipt:
    """Somebody has written."""
    decide(town, petitions=True)
    written = Written("นางสาวมะลิ ใจงาม", "ขอทราบผล", "ถึงไหนแล้ว")
    return petitioning.file_petition(town.services, agency_code=READING, key="k" * 43, written=written)


def test_they_are_listed_with_their_day_for_the_agency_alone(
    town: Installation, programs: Programs, receipt: Receipt
) -> None:
    [one] = programs["reading-clerk"].get("/petitions").get_json()["items"]

    assert (one["number"], one["state"], one["deadline"]["day"]) == ("1/2569", "received", one["due_on"])
    assert programs["reading-clerk"].get(f"/petitions/{one['incoming']}").get_json() == one | {"held_files": []}
    assert programs["reading-clerk"].get("/petitions?show=late").get_json()["items"] == []
    assert programs["learning-clerk"].get(f"/petitions/{one['incoming']}").status_code == 404
    assert programs["learning-clerk"].get("/petitions?show=all").get_json()["items"] == []


def test_what_answers_nothing_is_not_handed_over(town: Installation, programs: Programs, receipt: Receipt) -> None:
    with town.office.reading.connect() as reader:
        letter_id = reader.execute(select(incoming.c.id)).scalar_one()
    clerk, other = programs["reading-clerk"], str(town.issued())
    assert clerk.post(f"/petitions/{letter_id}/answer", {"letter": other}).status_code == 422
    registering.register_letter(town.services, actor=town.actor("reading-clerk"), incoming_id=letter_id)
    assert clerk.post(f"/petitions/{letter_id}/answer", {"letter": other}).status_code == 404


def test_a_program_hands_a_letter_in_and_gets_its_receipt_once(town: Installation, programs: Programs) -> None:
    decide(town, petitions=True)
    anybody, to, page = programs.nobody(), f"/hand-in/{READING}", a_ready_pdf()
    typed = {"name": "บริษัท สวนดี จำกัด", "subject": "ขอทราบผล", "text": "ถึงไหนแล้ว\nโปรดแจ้ง", "key": "k" * 43}

    def send(**changes: object) -> dict[str, object]:
        return typed | {"files": [(io.BytesIO(page), "คำร้อง.pdf")]} | changes

    made, again = anybody.post(to, data=send()), anybody.post(to, data=send())
    receipt = made.get_json()
    assert (made.status_code, again.status_code) == (201, 201) and made.headers["Cache-Control"] == "no-store"
    assert again.get_json() == receipt | {"repeated": True}
    assert (receipt["number"], receipt["due_on"]) == ("1/2569", "2026-12-08") and receipt["arrived_at"] < "2026-12"
    followed = anybody.get(f"/follow/{receipt['code']}").get_json()
    assert (followed["number"], followed["due_on"]) == (receipt["number"], receipt["due_on"])

    none = anybody.post(to, data=send(key=""))
    assert none.status_code == 422 and "Idempotency-Key" in none.get_json()["errors"]["key"]
    assert set(anybody.post(to, data=send(key=""), key="1").get_json()["errors"]) == {"key"}

    wrong = anybody.post(to, data=send(key="", name="", files=[(io.BytesIO(b"MZ"), "a.exe")], more="x"))
    assert wrong.status_code == 422 and wrong.get_json()["errors"]["more"]
    wrong = anybody.post(to, data=send(key="x" * 43, name="", mailbox="mali"))
    assert set(wrong.get_json()["errors"]) == {"name", "mailbox"}
    words = anybody.post(to, data=send(key="", files="text"), content_type="multipart/form-data").get_json()["errors"]
    assert [name[:5] for name in words] == ["files"]
    assert anybody.post("/hand-in/9999", data=send(key="x" * 43)).status_code == 404
    assert anybody.post(to, {"name": "ก"}).status_code == 415
    with town.office.reading.connect() as reader:
        assert len(reader.execute(select(petitions.c.id)).all()) == 1
    header = "6a0f4c0e-9a53-4f0e-8f63-27c1a3a1d8b2"
    second = [anybody.post(to, data=send(key="", subject="เรื่องที่สอง"), key=header).get_json() for _ in range(2)]
    assert [one["number"] for one in second] == ["2/2569"] * 2 and second[1]["repeated"] is True


def test_a_pdf_answers_as_at_the_screen(town: Installation, programs: Programs, receipt: Receipt) -> None:
    with town.office.reading.connect() as reader:
        letter_id = reader.execute(select(incoming.c.id)).scalar_one()
    registering.register_letter(town.services, actor=town.actor("reading-clerk"), incoming_id=letter_id)
    clerk, to = programs["reading-clerk"], f"/petitions/{letter_id}/answer-file"
    page = a_ready_pdf()

    for data in ({"file": "text"}, {"file": (io.BytesIO(b"MZ"), "a.pdf")}, {}):
        assert "file" in clerk.post(to, data=data, content_type="multipart/form-data").get_json()["errors"]
    done = [clerk.post(to, data={"file": (io.BytesIO(page), "ตอบ.pdf")}, key="once") for _ in range(2)]
    assert [one.status_code for one in done] == [200, 200] and "Idempotent-Replayed" in done[1].headers
    assert done[0].get_json()["answered_at"]
    assert petitioning.open_answer(town.services, number="", code=receipt.code)[1] == page
    assert programs["learning-clerk"].post(to, data={"file": (io.BytesIO(page), "ตอบ.pdf")}).status_code == 404


def test_anybody_follows_without_a_token_in_the_promised_shape(
    town: Installation, programs: Programs, receipt: Receipt
) -> None:
    visitor = town.app.test_client(use_cookies=False)
    document = programs.document.whole
    shape = document["paths"][f"{ADDRESS}/follow/{{code}}"]["get"]["responses"]["200"]["content"]["application/json"]
    by_whole = visitor.get(f"{ADDRESS}/follow/{receipt.code}")
    by_typed = visitor.get(f"{ADDRESS}/follow/{receipt.code[:12]}?number={receipt.number}")

    Draft202012Validator(shape["schema"] | {"components": document["components"]}).validate(by_whole.get_json())
    assert by_whole.get_json() == by_typed.get_json() and by_whole.headers["Cache-Control"] == "no-store"
    assert "มะลิ" not in by_whole.text and "ขอทราบผล" not in by_whole.text
    wrong = [visitor.get(f"{ADDRESS}/follow/{code}") for code in (receipt.code[:12], "0" * 20, "x")]
    assert {one.status_code for one in wrong} == {404}
    assert len({one.get_json()["code"] for one in wrong}) == 1
