"""Several sign one page, at the screens: chosen while drafting, one after the other on their desks, and taken back."""

from __future__ import annotations

import re

from saraban.crypto.keys import officer_path
from saraban.domain.letter import LetterId, LetterState
from saraban.usecases.routing import endorse_letter, submit_letter
from saraban.usecases.signing import sign_letter
from tests.web.installation import PASSPHRASE, Browser, Installation
from tests.web.test_letters import fields_of, letter_of


def position(town: Installation, who: str) -> str:
    return str(town.actor(who).position_id)


def before_the_director(town: Installation) -> LetterId:
    """A letter that the director signs and then the head."""
    letter_id = town.draft(cosigners=(town.actor("reading-director").position_id,))
    submit_letter(town.services, actor=town.actor("reading-clerk"), letter_id=letter_id)
    return letter_id


def part_signed(town: Installation) -> LetterId:
    letter_id = before_the_director(town)
    sign_letter(town.services, actor=town.actor("reading-director"), letter_id=letter_id, passphrase=PASSPHRASE)
    return letter_id


def hidden(page: str, name: str) -> str:
    """A hidden field of the dialog in which one signs."""
    dialog = page[page.index('id="sign-dialog"') :]
    found = re.search(rf'name="{name}" value="([^"]*)"', dialog)
    return found[1] if found else ""


def sign_at_desk(town: Installation, who: str, letter_id: LetterId, **changed: str) -> str:
    desk = town.client(who)
    page = desk.get(f"/desk/{letter_id}").text
    fields = {"passphrase": PASSPHRASE, "version": hidden(page, "version"), "page": hidden(page, "page")} | changed
    answer = desk.send(f"/desk/{letter_id}/sign", fields)
    return answer.text if answer.status_code != 302 else desk.get(answer.headers["Location"]).text


def test_cosigners_are_chosen_ordered_and_shown_on_the_route(town: Installation, clerk: Browser) -> None:
    letter_id = town.draft()
    address = f"/letters/{letter_id}/edit"
    page = clerk.get(address).text
    assert page.count('name="cosigners"') == 2
    fields = fields_of(letter_of(town, letter_id)) | {
        "cosigners": [position(town, "reading-director"), position(town, "reading-records")]
    }
    assert clerk.send(address, fields).status_code == 302
    assert letter_of(town, letter_id).content.cosigners == (
        town.actor("reading-director").position_id,
        town.actor("reading-records").position_id,
    )
    fields = fields_of(letter_of(town, letter_id)) | {"cosigners": fields["cosigners"], "up": "1"}
    clerk.send(address, fields)

    assert letter_of(town, letter_id).content.cosigners[0] == town.actor("reading-records").position_id
    route = clerk.get(address).text.split('id="route-line"')[1]
    names = [town.actor(f"reading-{who}").name for who in ("records", "director", "head")]
    found = [route.index(name) for name in names]
    assert found == sorted(found) and route.count("ลงนาม</div>") == 3


def test_a_cosigner_who_is_none_of_ours_is_refused_by_the_field(town: Installation, clerk: Browser) -> None:
    letter_id = town.draft()
    address = f"/letters/{letter_id}/edit"
    for strange in (position(town, "learning-director"), "ไม่ใช่รหัส"):
        page = clerk.send(address, fields_of(letter_of(town, letter_id)) | {"cosigners": [strange]})
        assert page.status_code == 422 and 'href="#cosigners"' in page.text


def test_each_signs_at_his_desk_and_the_last_issues_it(town: Installation) -> None:
    letter_id = before_the_director(town)
    assert str(letter_id) not in town.client("reading-head").get("/desk").text
    said = sign_at_desk(town, "reading-director", letter_id)
    assert "ต่อไปรอ" in said and town.actor("reading-head").title in said
    assert letter_of(town, letter_id).state is LetterState.PART_SIGNED
    listed = town.client("reading-clerk").get("/letters?tab=route").text
    assert "ลงนามแล้วบางส่วน" in listed

    page = town.client("reading-head").get(f"/desk/{letter_id}").text
    assert "ท่านลงนามบนหน้าเดียวกับที่ผู้ลงนามก่อนหน้าลงไว้" in page
    assert "ออกเลขที่" in sign_at_desk(town, "reading-head", letter_id)
    assert letter_of(town, letter_id).state is LetterState.ISSUED
    shown = town.client("reading-clerk").get(f"/letters/{letter_id}").text
    assert shown.count("ลงนามร่วม") >= 1 and "ลงนามและออกเลข" in shown
    both = ", ".join(town.actor(f"reading-{one}").name for one in ("director", "head"))
    assert both in shown, "the facts name all who signed"


def test_the_page_on_the_desk_is_the_one_that_was_signed(town: Installation) -> None:
    letter_id = part_signed(town)
    head = town.client("reading-head")
    page = head.get(f"/desk/{letter_id}").text
    seen = hidden(page, "page")
    assert seen == letter_of(town, letter_id).part_signed.page.hex  # type: ignore[union-attr]
    image = head.get(re.findall(rf"/letters/{letter_id}/pages/1.png[^\"]*", page)[0].replace("&amp;", "&"))
    assert image.data.startswith(b"\x89PNG")
    assert head.get(f"/letters/{letter_id}/files/{seen}").data.startswith(b"%PDF")
    assert "หน้าหนังสือไม่ใช่ฉบับที่ท่านเห็น" in sign_at_desk(town, "reading-head", letter_id, page="0" * 64)
    assert letter_of(town, letter_id).state is LetterState.PART_SIGNED


def test_the_drafter_takes_it_back_with_a_reason_and_sees_what_was_signed(town: Installation, clerk: Browser) -> None:
    letter_id = part_signed(town)
    page = clerk.get(f"/letters/{letter_id}").text
    assert 'id="recall-dialog"' in page
    version = str(letter_of(town, letter_id).version)
    refused = clerk.send(f"/letters/{letter_id}/recall", {"reason": " ", "version": version})
    assert refused.status_code == 422 and "ใส่เหตุผลที่ดึงกลับ" in refused.text
    clerk.send(f"/letters/{letter_id}/recall", {"reason": "ตัวเลขในตารางผิด", "version": version})

    page = clerk.get(f"/letters/{letter_id}").text
    assert "ตัวเลขในตารางผิด" in page and "หลักฐาน เลขที่ยกเลิก" in page and "ดึงกลับให้แก้" in page
    assert "ยกเลิกเลข" in page
    assert letter_of(town, letter_id).state is LetterState.RETURNED


def test_who_signs_only_does_not_take_it_back(town: Installation) -> None:
    letter_id = part_signed(town)
    head = town.client("reading-head")
    assert 'id="recall-dialog"' not in head.get(f"/letters/{letter_id}").text
    assert head.send(f"/letters/{letter_id}/recall", {"reason": "x"}).status_code == 403


def take_key(town: Installation, who: str) -> None:
    """The officer has no key any more."""
    person = town.actor(who).person_id
    assert person is not None
    officer_path(town.office.settings.keys_folder, person).unlink()


def test_a_cosigner_without_a_key_is_marked_and_refused_by_name_when_submitting(
    town: Installation, clerk: Browser
) -> None:
    letter_id = town.draft(cosigners=(town.actor("reading-records").position_id,))
    address = f"/letters/{letter_id}/edit"
    name = town.actor("reading-records").name
    listed = clerk.get(address).text
    fields = fields_of(letter_of(town, letter_id)) | {"cosigners": [position(town, "reading-records")]}
    refused = clerk.send(address, fields | {"deed": "submit"})

    assert re.search(rf">{name} \([^<]*\) ยังไม่มีกุญแจลงนาม</option>", listed)
    assert refused.status_code == 422 and 'href="#cosigners"' in refused.text
    assert f"{name} (" in refused.text and ") ยังไม่มีกุญแจลงนาม เลือกผู้ลงนามร่วมคนอื่น" in refused.text
    assert letter_of(town, letter_id).state is LetterState.DRAFT


def test_a_signatory_without_a_key_is_told_when_submitting_and_asked_for_no_passphrase(
    town: Installation, clerk: Browser
) -> None:
    take_key(town, "reading-head")
    letter_id = town.draft()
    clerk.send(f"/letters/{letter_id}/edit", fields_of(letter_of(town, letter_id)) | {"deed": "submit"})
    assert f"{town.actor('reading-head').name} (" in (page := clerk.get(f"/letters/{letter_id}").text)
    assert "ยังไม่มีกุญแจลงนาม ให้ผู้ดูแลระบบออกใบรับรองก่อนถึงลำดับลงนาม" in page

    endorse_letter(town.services, actor=town.actor("reading-director"), letter_id=letter_id)
    desk = town.client("reading-head").get(f"/desk/{letter_id}").text
    assert "ท่านยังไม่มีกุญแจลงนาม จึงยังลงนามไม่ได้" in desk
    assert 'name="passphrase"' not in desk and 'id="return-dialog"' in desk


def test_returning_a_half_signed_letter_warns_and_its_round_is_shown_as_void(
    town: Installation, clerk: Browser
) -> None:
    letter_id = part_signed(town)
    head = town.client("reading-head")
    dialog = head.get(f"/desk/{letter_id}").text.split('id="return-dialog"')[1]
    assert "จะถูกยกเลิกและไม่ใช้อีก" in dialog and "ผู้ลงนามทุกคนต้องลงนามใหม่" in dialog
    head.send(f"/desk/{letter_id}/return", {"reason": "ตัวเลขผิด"})

    page = clerk.get(f"/letters/{letter_id}").text
    assert re.search(r"เลขที่ [^<]+ ยกเลิกแล้ว", page) and "ผู้ลงนามทุกคนต้องลงนามใหม่ในเลขใหม่" in page
    assert "is-void" in page and "ลงลายมือชื่อดิจิทัลแล้ว" not in page
    assert page.count("ฉบับก่อน ยกเลิกแล้ว") == 2  # on the route and among the notes


def test_the_evidence_of_a_round_given_up_is_no_part_of_the_verdict(town: Installation, clerk: Browser) -> None:
    letter_id = part_signed(town)
    town.client("reading-head").send(f"/desk/{letter_id}/return", {"reason": "ตัวเลขผิด"})
    submit_letter(town.services, actor=town.actor("reading-clerk"), letter_id=letter_id)
    for who in ("reading-director", "reading-head"):
        sign_at_desk(town, who, letter_id)

    page = clerk.get(f"/letters/{letter_id}/signatures").text
    assert letter_of(town, letter_id).state is LetterState.ISSUED
    assert "ไฟล์แนบ" not in page and "หลักฐานของฉบับก่อน ยกเลิกแล้ว" in page
    notes = clerk.get(f"/letters/{letter_id}").text
    assert notes.count("ฉบับก่อน ยกเลิกแล้ว") == 1 and notes.count("ลงลายมือชื่อดิจิทัลแล้ว") == 2
