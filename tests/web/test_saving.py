"""Saving by itself: a new letter from its first words, a draft while it is typed, and two screens on one draft."""

from __future__ import annotations

import io
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from saraban.domain.letter import LetterId
from saraban.storage.tables.letters import letters
from saraban.usecases.drafting import revise_letter
from tests.web.installation import Browser, Installation
from tests.web.test_letters import fields_of, id_in, letter_of, typed
from tests.web.test_versions import words

JSON = {"Accept": "application/json"}


def drafts(town: Installation) -> int:
    """How many letters there are."""
    with town.office.reading.connect() as connection:
        return connection.execute(select(func.count()).select_from(letters)).scalar_one()


def begun(town: Installation, clerk: Browser, **changed: Any) -> dict[str, Any]:
    """What the screen hears when it saves a letter that was never saved."""
    answer = clerk.send("/letters/autosave", typed(**changed), headers=JSON)
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.get_json()
    return told


def test_the_first_words_begin_a_draft_once_however_often_they_are_sent(town: Installation, clerk: Browser) -> None:
    first = begun(town, clerk, subject="ขอเชิ")
    again = begun(town, clerk, subject="ขอเชิญประชุม")

    assert first["edit"] == again["edit"] and drafts(town) == 1
    letter_id = LetterId(UUID(first["edit"].split("/")[2]))
    letter = letter_of(town, letter_id)
    assert (letter.content.subject, letter.number, letter.version) == ("ขอเชิญประชุม", None, again["version"])
    assert first["saved"].endswith("\u00a0น.")


def test_an_empty_form_begins_nothing(town: Installation, clerk: Browser) -> None:
    for form in ("external", "memorandum", "order", "minutes"):
        answer = clerk.send("/letters/autosave", {"form": form, "idempotency_key": form, "closing": "ขอแสดงความนับถือ"})
        assert answer.status_code == 204, form

    assert drafts(town) == 0


def test_who_may_not_draft_begins_nothing_and_is_told_so(town: Installation) -> None:
    answer = town.client("reading-head").send("/letters/autosave", typed(), headers=JSON)

    assert answer.status_code == 403 and answer.get_json()["detail"] and drafts(town) == 0


def test_a_button_saves_into_the_draft_that_began_by_itself(town: Installation, clerk: Browser) -> None:
    told = begun(town, clerk, subject="ขอเชิ")

    answer = clerk.send("/letters/new", typed(subject="ขอเชิญประชุม", begun="yes"))

    assert str(id_in(answer)) in told["edit"] and drafts(town) == 1
    assert letter_of(town, id_in(answer)).content.subject == "ขอเชิญประชุม"


def test_a_button_saves_a_letter_whose_own_saving_never_arrived(town: Installation, clerk: Browser) -> None:
    answer = clerk.send("/letters/new", typed(begun="yes"))

    assert drafts(town) == 1 and letter_of(town, id_in(answer)).content.subject == "ขอเชิญประชุม"


def test_words_that_cannot_be_saved_begin_no_draft_and_are_told_by_field(town: Installation, clerk: Browser) -> None:
    answer = clerk.send("/letters/autosave", typed(response_due="๓๑ พฤศจิกายน"), headers=JSON)

    assert answer.status_code == 422 and set(answer.get_json()["errors"]) == {"response_due"} and drafts(town) == 0


def test_a_session_that_ended_answers_without_a_page(town: Installation) -> None:
    assert town.client().send("/letters/autosave", typed(), headers=JSON).status_code == 401


# --- two screens ----------------------------------------------------------------------------------------------------


def stale(town: Installation, clerk: Browser) -> tuple[LetterId, dict[str, Any]]:
    """A draft that was saved from elsewhere after this page of it was opened."""
    letter_id = id_in(clerk.send("/letters/new", typed(body="ข้อความ เดิม")))
    letter = letter_of(town, letter_id)
    mine = fields_of(letter, body="ข้อความ ของหน้านี้")
    content = letter.content.__class__(**{**letter.content.__dict__, "body": "ข้อความ จากอีกหน้า"})
    revise_letter(town.services, actor=town.actor("reading-clerk"), letter_id=letter_id, content=content)
    return letter_id, mine


def test_a_draft_that_was_saved_elsewhere_shows_both_texts(town: Installation, clerk: Browser) -> None:
    letter_id, mine = stale(town, clerk)

    assert clerk.send(f"/letters/{letter_id}/autosave", mine, headers=JSON).status_code == 409
    beside = clerk.send(f"/letters/{letter_id}/clash", mine).text
    refused = clerk.send(f"/letters/{letter_id}/edit", mine)

    for page in (beside, refused.text):
        assert "ร่างนี้ถูกบันทึกจากหน้าจออื่น" in page
        assert "นี้" in "".join(words(page, "ins")) and "อีก" in "".join(words(page, "del"))
    assert "บันทึกแล้ว เมื่อ" not in refused.text and "มีผู้บันทึกร่างนี้จากหน้าจออื่น" in refused.text
    assert refused.status_code == 409 and "ข้อความ ของหน้านี้</textarea>" in refused.text
    assert letter_of(town, letter_id).content.body == "ข้อความ จากอีกหน้า"


def test_ones_own_text_is_saved_over_the_version_that_was_shown_and_over_no_later_one(
    town: Installation, clerk: Browser
) -> None:
    letter_id, mine = stale(town, clerk)
    shown = letter_of(town, letter_id).version

    assert clerk.send(f"/letters/{letter_id}/edit", mine | {"over": str(shown)}).status_code == 302
    assert letter_of(town, letter_id).content.body == "ข้อความ ของหน้านี้"
    assert clerk.send(f"/letters/{letter_id}/edit", mine | {"over": str(shown)}).status_code == 409
    assert "อีก" in "".join(words(clerk.get(f"/letters/{letter_id}/changes").text, "del")), "it stays a version"


def test_the_text_of_a_letter_of_others_is_compared_with_nothing(town: Installation) -> None:
    letter_id = town.draft()

    assert town.client("learning-clerk").send(f"/letters/{letter_id}/clash", typed()).status_code == 404


# --- files ----------------------------------------------------------------------------------------------------------


def test_a_file_that_came_with_words_to_be_mended_is_attached_all_the_same(town: Installation, clerk: Browser) -> None:
    letter = letter_of(town, town.draft())
    fields = fields_of(letter, response_due="๓๑ พ.ย.", deed="attach")

    refused = clerk.send(f"/letters/{letter.id}/edit", fields | {"file": (io.BytesIO(b"a map"), "แผนที่.txt")})

    assert refused.status_code == 422 and "แผนที่.txt" in refused.text and "แนบไฟล์แล้ว ๑ ไฟล์" in refused.text
    assert [file.name for file in letter_of(town, letter.id).files] == ["แผนที่.txt"]
    mended = fields_of(letter_of(town, letter.id), response_due="๒๐ ธ.ค.")
    assert clerk.send(f"/letters/{letter.id}/edit", mended).status_code == 302


def test_a_file_that_came_with_a_letter_never_saved_is_asked_for_again(town: Installation, clerk: Browser) -> None:
    fields = typed(response_due="๓๑ พฤศจิกายน") | {"file": (io.BytesIO(b"a map"), "แผนที่.txt")}

    refused = clerk.send("/letters/new", fields)

    assert refused.status_code == 422 and drafts(town) == 0
    assert "ยังไม่ได้แนบ แผนที่.txt เพราะร่างยังไม่ได้บันทึก" in refused.text


def test_a_file_that_cannot_be_taken_stands_beside_the_words_to_be_mended(town: Installation, clerk: Browser) -> None:
    letter = letter_of(town, town.draft())
    fields = fields_of(letter, response_due="๓๑ พ.ย.", deed="attach")

    refused = clerk.send(f"/letters/{letter.id}/edit", fields | {"file": (io.BytesIO(b""), "ว่าง.txt")})

    assert refused.status_code == 422 and "ไฟล์ว่าง" in refused.text and "ไม่มีในปฏิทิน" in refused.text
