"""How the salutation is proposed while one types, and what is said of one that does not fit its closing."""

from __future__ import annotations

from saraban.domain.letter import LetterState
from tests.web.installation import ELSEWHERE, Browser, Installation
from tests.web.test_letters import fields_of, letter_of

UNPAIRED = {"addressed_to": "นมัสการ พระธรรมโกศาจารย์", "closing": "ขอแสดงความนับถือ"}


def test_the_proposal_is_asked_for_while_one_types_and_one_button_takes_both(
    town: Installation, clerk: Browser
) -> None:
    page = clerk.get(f"/letters/{town.draft()}/edit").text
    part = clerk.send("/letters/salutation", {"form": "external", **UNPAIRED}).text

    assert 'hx-trigger="input changed delay:300ms, change from:#letter-form delay:300ms"' in page
    assert 'data-fill-addressed_to="นมัสการ พระธรรมโกศาจารย์"' in part
    assert 'data-fill-closing="ขอนมัสการด้วยความเคารพอย่างสูง"' in part
    rare = {"form": "external", "addressed_to": "นมัสการ พระธรรมโกศาจารย์", "closing": "ขอนมัสการด้วยความเคารพอย่างสูง"}
    assert 'class="proposal"' not in clerk.send("/letters/salutation", rare).text


def test_choosing_a_receiver_proposes_its_head_while_none_is_written(town: Installation, clerk: Browser) -> None:
    asked = {"form": "external", "closing": "ขอแสดงความนับถือ", "recipients": [ELSEWHERE]}
    title = "ผู้ว่าราชการจังหวัดนครศรีธรรมราช"
    proposed = clerk.send("/letters/salutation", asked | {"addressed_to": ""}).text
    written = clerk.send("/letters/salutation", asked | {"addressed_to": "เรียน ปลัดกระทรวง"}).text

    assert f'data-fill-addressed_to="เรียน {title}' in proposed
    assert title not in written


def test_what_does_not_belong_together_is_told_before_submitting_and_submitted_when_asked_again(
    town: Installation, clerk: Browser
) -> None:
    letter_id = town.draft()
    address = f"/letters/{letter_id}/edit"
    warned = clerk.send(address, fields_of(letter_of(town, letter_id)) | UNPAIRED | {"deed": "submit"})
    assert warned.status_code == 422 and "ยังไม่ได้เสนอ" in warned.text and 'name="heeded"' in warned.text
    assert letter_of(town, letter_id).state is LetterState.DRAFT
    assert letter_of(town, letter_id).content.addressed_to == UNPAIRED["addressed_to"]
    incomplete = clerk.send(address, fields_of(letter_of(town, letter_id)) | {"body": "", "deed": "submit"})
    assert 'href="#body"' in incomplete.text and 'name="heeded"' not in incomplete.text

    heeded = warned.text.split('name="heeded" value="')[1].split('"')[0]
    fields = fields_of(letter_of(town, letter_id)) | {"deed": "submit", "heeded": heeded}
    assert clerk.send(address, fields).status_code == 302
    assert letter_of(town, letter_id).state is LetterState.SUBMITTED
