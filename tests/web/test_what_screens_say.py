"""What the screens say: why a letter came back, what went wrong and where, and which names files and deeds have."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from saraban.domain.letter import LetterId
from saraban.reading.letters import JournalRow
from saraban.usecases.drafting import revise_letter
from saraban.usecases.routing import return_letter
from saraban.usecases.viewing import open_letter
from saraban.web import labels
from tests.web.installation import LEARNING, Browser, Installation
from tests.web.test_incoming import arrived
from tests.web.test_letters import typed

REASON = "แก้วันประชุมให้ตรงกับหนังสือเชิญ"
ROOT = Path(__file__).resolve().parents[2]


def content_with(town: Installation, letter_id: LetterId, body: str) -> None:
    """Write another text into a draft."""
    clerk = town.actor("reading-clerk")
    content = open_letter(town.services, actor=clerk, letter_id=letter_id).content
    revise_letter(town.services, actor=clerk, letter_id=letter_id, content=replace(content, body=body))


@pytest.fixture
def drafter(town: Installation) -> Browser:
    """The clerk who writes."""
    return town.client("reading-clerk")


@pytest.mark.parametrize("ending", ["", "/edit"])
def test_a_letter_that_came_back_shows_who_returned_it_when_and_why(
    town: Installation, drafter: Browser, ending: str
) -> None:
    letter_id = town.submitted()
    director = town.actor("reading-director")
    return_letter(town.services, actor=director, letter_id=letter_id, reason=REASON)
    box = re.search(
        r'<div class="flash flash--amber".*?</p></div></div>', drafter.get(f"/letters/{letter_id}{ending}").text
    )

    assert box and REASON in box[0] and director.name in box[0] and "๒๓ พ.ย. ๒๕๖๙".replace(" ", "\u00a0") in box[0]


def test_the_release_dialog_counts_the_reasons_that_are_listed(town: Installation) -> None:
    town.dispatched()
    with town.services.uow() as uow:  # the sender is struck from the directory while the letter is on its way
        learning = uow.directory.by_code(LEARNING)
        assert learning is not None
        uow.directory.replace([learning])
        uow.commit()
    town.carry()
    clerk = town.client("learning-clerk")
    held = re.search(r'href="(/incoming/[0-9a-f-]{36})"', clerk.get("/incoming?state=held").text)
    assert held
    page = clerk.get(held.group(1)).text
    listed = page.count('<li class="test is-no">')

    assert listed
    assert f"เหตุที่พักไว้ {'๐๑๒๓๔๕๖๗๘๙'[listed]} ข้อจะยังเห็น" in page


def test_all_wrong_fields_are_told_in_one_round_when_submitting(drafter: Browser) -> None:
    answer = drafter.send(
        "/letters/new",
        typed(deed="submit", subject="", addressed_to="ก\x01", response_due="วันไหนก็ได้", recipients=["9876"]),
    )

    assert answer.status_code == 422
    assert "ยังเสนอไม่ได้ มี ๔ ช่องต้องแก้" in answer.text
    for words in ("ใส่เรื่องก่อนเสนอ", "อ่านวันที่ไม่ออก", "มีอักขระควบคุม", "ไม่พบส่วนราชการรหัส"):
        assert words in answer.text


def test_a_wrong_date_does_not_hide_what_else_keeps_a_draft_from_being_saved(drafter: Browser) -> None:
    answer = drafter.send("/letters/new", typed(response_due="45/45", subject="ก" * 501))

    assert "ยังบันทึกไม่ได้ มี ๒ ช่องต้องแก้" in answer.text
    assert "เรื่องยาวเกิน ๕๐๐ ตัวอักษร" in answer.text


def test_a_file_that_cannot_be_attached_is_told_as_that(town: Installation, drafter: Browser) -> None:
    letter_id = town.draft()
    version = open_letter(town.services, actor=town.actor("reading-clerk"), letter_id=letter_id).version
    fields = typed(deed="attach", version=str(version), file=(io.BytesIO(b""), "ว่าง.pdf"))
    answer = drafter.send(f"/letters/{letter_id}/edit", fields)

    assert answer.status_code == 422
    assert "ยังแนบไม่ได้ มี ๑ ช่องต้องแก้" in answer.text


def test_a_page_that_cannot_be_printed_says_why_in_its_place(town: Installation, drafter: Browser) -> None:
    letter_id = town.submitted()
    director = town.client("reading-director")
    # A letter that was submitted before the check of its characters: only its row can bring it about.
    agency = town.actor("reading-clerk").agency_id
    with town.services.uow() as uow:
        letter = uow.letters.get(agency, letter_id)
        letter.content = replace(letter.content, body="ขอเชิญประชุม 🎉")
        uow.letters.save(letter)
        uow.commit()

    for page in (drafter.get(f"/letters/{letter_id}").text, director.get(f"/desk/{letter_id}").text):
        stage = page[page.index("viewer__stage") :]
        assert "พิมพ์" in stage[: stage.index("</section>")]
        assert '<div class="preview__why">' in page and "page--image" not in page


def test_submitting_a_draft_that_cannot_be_printed_shows_the_reason_in_its_form(
    town: Installation, drafter: Browser
) -> None:
    letter_id = town.draft()
    content_with(town, letter_id, "ขอเชิญประชุม 🎉")
    answer = drafter.send(f"/letters/{letter_id}/submit")
    page = drafter.get(answer.headers["Location"]) if answer.status_code == 302 else answer

    assert "ยังเสนอไม่ได้" in page.text and "🎉" in page.text


def test_what_became_of_a_letter_is_asked_for_again_and_costs_nothing_while_nothing_moves(
    town: Installation, drafter: Browser
) -> None:
    letter_id = town.dispatched()
    page = drafter.get(f"/letters/{letter_id}").text
    found = re.search(r'hx-get="(/letters/[^"]+/sent\?seen=[0-9a-f]+)"', page)
    assert found
    assert drafter.get(found[1]).status_code == 204

    town.post.refusing.add("saraban@learning.test")
    town.carry()
    moved = drafter.get(found[1])
    assert moved.status_code == 200
    assert "ส่งไม่ถึงผู้รับ" in moved.text and 'hx-swap-oob="true"' in moved.text
    assert "hx-get" not in moved.text
    assert "ส่งไม่ถึงผู้รับ" in drafter.get(f"/letters/{letter_id}").text
    assert town.client("learning-clerk").get(f"/letters/{letter_id}/sent").status_code == 404


def test_saved_files_have_a_name_for_every_browser(town: Installation, drafter: Browser) -> None:
    letter_id = town.dispatched()
    town.carry()
    letter = open_letter(town.services, actor=town.actor("reading-clerk"), letter_id=letter_id)
    assert letter.issued_file is not None
    said = drafter.get(f"/letters/{letter_id}/files/{letter.issued_file.sha256.hex}").headers["Content-Disposition"]
    assert re.match(r'attachment; filename="letter-[0-9-]+\.pdf"(; filename\*=UTF-8\'\'\S+)?$', said), said

    clerk = town.client("learning-clerk")
    found = re.search(r'href="(/incoming/[0-9a-f-]{36})"', clerk.get("/incoming?state=new").text)
    assert found
    clerk.send(f"{found[1]}/register")
    said = clerk.get(f"{found[1]}/stamped.pdf").headers["Content-Disposition"]
    assert said.startswith("attachment; filename=\"received-1-2569.pdf\"; filename*=UTF-8''%E0%B8")


def test_revisions_in_a_row_by_one_person_are_one_line_with_their_count() -> None:
    def line(minute: int, name: str, person: str = "มาลี ศรีสุข", **values: Any) -> JournalRow:
        return JournalRow(minute, datetime(2026, 11, 23, 3, minute, tzinfo=UTC), name, person, "", values)

    lines = [
        line(0, "letter.drafted"),
        *(line(minute, "letter.revised") for minute in range(1, 8)),
        line(8, "letter.revised", "พรทิพย์ แสงจันทร์"),
        line(9, "letter.file-attached", file_name="ก.pdf"),
        line(10, "letter.file-attached", file_name="ข.pdf"),
    ]
    shown = labels.history(lines)

    assert [(one.what, one.detail, one.at.minute) for one in shown] == [
        ("เริ่มร่าง", "", 0),
        ("แก้ร่าง", "๗ ครั้ง", 7),
        ("แก้ร่าง", "", 8),
        ("แนบไฟล์", "ก.pdf", 9),
        ("แนบไฟล์", "ข.pdf", 10),
    ]


def test_the_desk_reads_the_letter_with_thai_digits_and_leaves_addresses_alone(town: Installation) -> None:
    body = "ภายในวันที่ 30 พฤศจิกายน 2569 ที่ clerk2@reading.test หรือ https://reading.test/2569 โทร 02 123 4567"
    letter_id = town.submitted(body=body)
    page = town.client("reading-director").get(f"/desk/{letter_id}").text
    reader = page[page.index('<article class="reader') : page.index("</article>")]

    assert "ภายในวันที่ ๓๐ พฤศจิกายน ๒๕๖๙" in reader and "โทร ๐๒ ๑๒๓ ๔๕๖๗" in reader
    assert "clerk2@reading.test" in reader and "https://reading.test/2569" in reader
    assert reader.count("เรียน เลขาธิการ") == 1


def test_the_list_of_keys_names_only_keys_that_something_answers(drafter: Browser) -> None:
    page = drafter.get("/help").text
    listed = re.findall(r"<dt>((?:<kbd class=\"kbd\">[^<]+</kbd> )+)</dt>", page)
    keys = {tuple(re.findall(r">([^<]+)</kbd>", one)) for one in listed}
    script = "".join(one.read_text(encoding="utf-8") for one in (ROOT / "saraban/web/static/js").glob("*.js"))
    screens = "".join(
        one.read_text(encoding="utf-8")
        for one in (ROOT / "templates").rglob("*.html")
        if one.name not in ("kit.html", "keys.html")
    )

    def answered(key: str) -> bool:
        on_a_button = re.search(rf"(?:data-key=\"|key=['\"]|'){re.escape(key)}['\"]", screens)
        return bool(on_a_button or f'"{key}"' in script or key == "Esc")

    assert keys
    for combination in keys:
        if combination[0] == "g":
            assert f'data-go="{combination[1]}"' in page
        elif combination[0] == "Shift":  # the editor names its keys as the browser does
            in_the_editor = f'"{"-".join(combination).replace("↵", "Enter")}"' in script
            assert in_the_editor or answered(" ".join(combination)), combination
        elif combination[0] != "Ctrl":
            assert all(answered(key) for key in combination), combination
    assert not keys & {("t",)}


def test_one_word_is_used_for_sending_back(town: Installation) -> None:
    town.dispatched(recipients=(LEARNING,))
    town.carry()
    clerk = town.client("learning-clerk")
    found = re.search(r'href="(/incoming/[0-9a-f-]{36})"', clerk.get("/incoming?state=new").text)
    assert found

    for address in ("/incoming", found[1], "/help", "/login"):
        assert "ปฏิเสธ" not in clerk.get(address).text, address


def test_one_signing_is_one_line_of_the_history_with_its_steps_to_unfold(town: Installation) -> None:
    page = town.client("reading-clerk").get(f"/letters/{town.issued()}").text
    history = page[page.index('<ol class="history"') :]
    history = history[: history.index("</ol>")]

    assert history.count("<b>ลงนามและออกเลข</b>") == 1 and "<b>จองเลข" not in history
    assert "<summary>ทีละขั้น" in history and "จองเลขเพื่อลงนาม" in history


def test_registering_is_one_line_of_the_history(town: Installation) -> None:
    clerk = town.client("learning-clerk")
    address = arrived(town, clerk)
    clerk.send(f"{address}/register")
    page = clerk.get(address).text
    history = page[page.index('<ol class="history"') :]

    assert history.count("<b>ลงรับ</b>") == 1 and "<b>ออกเลข</b>" not in history and "ทีละขั้น" in history
