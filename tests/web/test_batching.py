"""Batches at the browser: ticked in the list, looked through, signed with one passphrase, told letter by letter."""

from __future__ import annotations

import re
import time

from tests.web.installation import PASSPHRASE, Browser, Installation


def picks(page: str) -> list[str]:
    """What the ticks of the list stand for, in its order."""
    return list(dict.fromkeys(re.findall(r'name="pick" value="([^"]+)"', page)))


def ended(browser: Browser, address: str) -> str:
    """The page of a batch once it has come to its end."""
    until = time.monotonic() + 60
    while "ครบแล้ว" not in (page := browser.get(address).text) and time.monotonic() < until:
        time.sleep(0.05)
    return page


def test_ticked_letters_are_signed_in_the_order_of_the_list(town: Installation) -> None:
    for subject in ("หนึ่ง", "สอง", "สาม"):
        town.endorsed(subject=subject)
    head = town.client("reading-head")
    desk = head.get("/desk").text
    chosen, subjects = picks(desk), re.findall(r'pile__subj">([^<]+)<', desk)
    asked = {"deed": "sign", "pick": chosen, "idempotency_key": "once"}
    batch = head.send("/desk/batches", asked).headers["Location"]
    assert head.send("/desk/batches", asked).headers["Location"] == batch
    assert "ลงนามเป็นชุด ๓ ฉบับ" in head.get(batch).text

    one_by_one = head.get(f"/desk/{chosen[1].split(':')[0]}?batch={batch.rsplit('/', 1)[-1]}").text
    assert "ในชุดที่เลือก" in one_by_one and "เอาฉบับนี้ออกจากชุด" in one_by_one
    head.send(f"{batch}/take-out", {"out": chosen[2].split(":")[0]})
    wrong = head.send(f"{batch}/go", {"passphrase": "ผิด"})
    assert wrong.status_code == 422 and "รหัสผ่านของกุญแจลงนามไม่ถูกต้อง" in wrong.text

    assert head.send(f"{batch}/go", {"passphrase": PASSPHRASE}).status_code == 302
    page = ended(head, batch)
    assert re.findall(r'class="num">(ศธ[^<]+)<.*?>([^<]+)</a>', page) == [
        ("ศธ\u00a0๐๖๐๑/๑", subjects[0]),
        ("ศธ\u00a0๐๖๐๑/๒", subjects[1]),
    ]
    assert "ไม่ได้ทำ" in page and len(picks(head.get("/desk").text)) == 1
    assert "ครบแล้ว" in head.get("/desk/batches").text
    assert town.client("reading-director").get(batch).status_code == 404


def test_ticked_letters_are_endorsed_with_the_same_words(town: Installation) -> None:
    letters = [town.submitted(subject=f"เรื่อง {n}") for n in range(2)]
    director = town.client("reading-director")
    chosen = picks(director.get("/desk").text)
    batch = director.send("/desk/batches", {"deed": "endorse", "pick": chosen}).headers["Location"]
    director.send(f"/desk/{letters[1]}/return", {"reason": "แก้", "version": chosen[1].split(":")[1]})
    director.send(f"{batch}/go", {"note": "เห็นควรทุกฉบับ"})

    page = ended(director, batch)
    assert "เสนอต่อแล้ว" in page and "หนังสือเปลี่ยนหลังจากท่านเปิดดู" in page
    assert "เห็นควรทุกฉบับ" in town.client("reading-head").get(f"/desk/{letters[0]}").text


def test_a_batch_of_nothing_leads_back_to_the_desk(town: Installation) -> None:
    director = town.client("reading-director")
    answer = director.send("/desk/batches", {"deed": "sign"})
    assert answer.headers["Location"] == "/desk" and "เลือกหนังสืออย่างน้อยหนึ่งฉบับ" in director.get("/desk").text
    assert director.send("/desk/batches", {"deed": "sign", "pick": "x"}).status_code == 422


def test_phrases_of_ones_own_are_kept_on_the_spot(town: Installation) -> None:
    letter_id = town.submitted()
    director = town.client("reading-director")
    kept = director.send("/desk/phrases/endorse", {"endorse_phrases": "ทราบ\n\n ทราบ \nเร่งรัดด้วย"})
    assert re.findall(r'data-fill-note="([^"]+)"', kept.text) == ["ทราบ", "เร่งรัดด้วย"]
    assert 'data-fill-note="เร่งรัดด้วย"' in director.get(f"/desk/{letter_id}").text
    assert "ยาวไม่เกิน" in director.send("/desk/phrases/return", {"return_phrases": "ย" * 201}).text
    assert "เร่งรัดด้วย" not in town.client("reading-head").get(f"/desk/{letter_id}").text
