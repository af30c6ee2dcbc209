"""The pages of routes: tables with their picture, other steps for a letter, a stage on which several are asked."""

from __future__ import annotations

from tests.web.installation import Browser, Installation


def _save_table(town: Installation, admin: Browser, **more: object) -> str:
    records = str(town.actor("reading-records").position_id)
    rows = {
        "kind": ["opinion", "opinion", "inform", "sign", ""],
        "who": ["unit-director", records, str(town.actor("reading-admin").position_id), "agency-head", ""],
        "beside": ["", "1", "1", "", ""],
        "rule": ["r", "", "", "r", "r"],
        "again": "from",
        "act": "save",
    }
    answer = admin.send("/admin/routes/external", {**rows, **more})
    return admin.get(answer.headers["Location"]).text if answer.status_code == 302 else answer.text


def test_the_administrator_writes_a_route_and_sees_who_would_be_asked(town: Installation) -> None:
    admin = town.client("reading-admin")
    assert "เกษียนเสนอ ผู้อำนวยการ → ลงนาม หัวหน้าส่วนราชการ" in admin.get("/admin/routes").text

    page = _save_table(town, admin)

    assert "บันทึกเส้นทางแล้ว" in page and '<span class="step__need">๑ ใน ๒</span>' in page
    assert town.actor("reading-director").name in page
    moved = admin.send("/admin/routes/external", {"kind": ["check", "sign"], "who": ["", "agency-head"], "up": "1"})
    assert moved.status_code == 200 and moved.text.index('value="sign" selected') < moved.text.index(
        'value="check" selected'
    )
    refused = admin.send("/admin/routes/external", {"kind": ["check"], "who": [""], "act": "save"})
    assert refused.status_code == 422 and "เลือกสิ่งที่ให้ทำและผู้ทำให้ครบทุกลำดับ" in refused.text
    assert town.client("reading-clerk").get("/admin/routes").status_code == 403


def test_several_are_asked_at_once_and_the_picture_says_what_became_of_each(town: Installation) -> None:
    _save_table(town, town.client("reading-admin"))
    letter_id = town.submitted()
    records, director = town.client("reading-records"), town.client("reading-director")

    page = records.get(f"/desk/{letter_id}").text
    assert "object-dialog" in page and page.count("is-now") >= 2
    assert records.send(f"/letters/{letter_id}/object", {"reason": " "}).status_code == 422
    assert records.send(f"/letters/{letter_id}/object", {"reason": "ไม่คุ้มค่า"}).status_code == 302
    director.send(f"/desk/{letter_id}/endorse", {"note": "ควรทำ"})
    shown = town.client("reading-clerk").get(f"/letters/{letter_id}").text
    assert "ไม่เห็นชอบ: ไม่คุ้มค่า" in shown and "ยังไม่รับทราบ" in shown

    admin = town.client("reading-admin")
    assert "รับทราบ</button>" in admin.get(f"/letters/{letter_id}").text
    admin.send(f"/letters/{letter_id}/note", {})
    assert "ยังไม่รับทราบ" not in admin.get(f"/letters/{letter_id}").text
    head = town.client("reading-head")
    assert 'name="to"' in head.get(f"/desk/{letter_id}").text
    head.send(f"/desk/{letter_id}/return", {"reason": "ขอความเห็นใหม่", "to": "1"})
    assert "ให้ไว้กับฉบับก่อน ถามใหม่" in director.get(f"/desk/{letter_id}").text


def test_the_clerk_chooses_other_steps_and_loses_nothing_when_they_are_refused(
    town: Installation, clerk: Browser
) -> None:
    letter_id = town.submitted()
    records = str(town.actor("reading-records").position_id)
    assert "ลำดับที่ยังไม่ถึง" in clerk.get(f"/letters/{letter_id}/course").text
    half = clerk.send(f"/letters/{letter_id}/course", {"kind": ["check"], "who": [""], "act": "save"})
    assert half.status_code == 422 and 'value="check" selected' in half.text
    rows = {"kind": ["check"], "who": [records], "beside": [""], "act": "save"}
    assert town.actor("reading-records").name in clerk.send(f"/letters/{letter_id}/course/picture", rows).text
    answer = clerk.send(f"/letters/{letter_id}/course", rows)

    assert answer.status_code == 302 and "เปลี่ยนเส้นทางแล้ว" in clerk.get(answer.headers["Location"]).text
    assert town.client("reading-head").get(f"/letters/{letter_id}/course").status_code == 403


def test_the_officer_of_a_step_that_may_changes_the_words_and_loses_nothing_when_refused(town: Installation) -> None:
    _save_table(town, town.client("reading-admin"), rule=["re", "", "", "r", "r"])
    letter_id = town.submitted()
    director = town.client("reading-director")
    assert f"/letters/{letter_id}/amend" in director.get(f"/desk/{letter_id}").text
    words = {"subject": "เรื่องที่แก้", "addressed_to": "เรียน ผู้อำนวยการ", "body": ""}
    refused = director.send(f"/letters/{letter_id}/amend", words)
    assert refused.status_code == 422 and "เรื่องที่แก้" in refused.text
    answer = director.send(f"/letters/{letter_id}/amend", {**words, "body": "ข้อความใหม่"})

    assert answer.status_code == 302 and "แก้ร่างแล้ว" in director.get(answer.headers["Location"]).text
    assert town.client("reading-records").get(f"/letters/{letter_id}/amend").status_code == 403
    admin = town.client("reading-admin")
    assert "เรื่องที่แก้" in admin.get("/letters?tab=note").text


def test_a_vacant_post_is_told_to_the_owner_and_to_who_keeps_the_posts_with_a_way_out(town: Installation) -> None:
    letter_id = town.submitted(subject="ขอเชิญประชุม")
    clerk, admin = town.client("reading-clerk"), town.client("reading-admin")
    director, records = town.actor("reading-director"), town.actor("reading-records")
    there = f"/admin/organisation/positions/{director.position_id}"
    leaving = {
        "leave.holding": f"{director.person_id} 2026-01-01",
        "leave.until": "22/11/2569",
        "leave.authority": "คำสั่งกรม ที่ 9/2569",
    }
    assert admin.send(f"{there}/leave", leaving).status_code == 302

    assert "มีหนังสือรออยู่" in admin.get(there).text and "หนังสือรอ ๑ ฉบับ" in admin.get("/admin/organisation").text
    assert "ค้าง ตำแหน่งว่าง" in clerk.get("/").text
    page = clerk.get(f"/letters/{letter_id}").text
    assert "ให้ตำแหน่งอื่นทำแทน" in page and "หนังสือรออยู่ที่นี่" in page
    way = f"/letters/{letter_id}/steps/1/hand"
    refused = clerk.send(way, {"position_1": "", "reason_1": "เหตุผลที่พิมพ์ไว้"})
    assert refused.status_code == 422 and "เหตุผลที่พิมพ์ไว้" in refused.text and "data-open" in refused.text
    given = clerk.send(way, {"position_1": str(records.position_id), "reason_1": "ผู้อำนวยการเกษียณ"})
    assert given.status_code == 302
    page = clerk.get(f"/letters/{letter_id}").text
    assert "ให้ตำแหน่งอื่นทำแทน" not in page.partition("<dialog")[0] and "ผู้อำนวยการเกษียณ" in page
    assert str(letter_id) in town.client("reading-records").get("/desk").text
    assert "ค้าง ตำแหน่งว่าง" not in clerk.get("/").text


def test_a_vacant_post_ahead_is_told_while_there_is_time(town: Installation) -> None:
    letter_id = town.submitted(subject="ขอเชิญประชุม")
    clerk, head = town.client("reading-clerk"), town.actor("reading-head")
    before = clerk.get("/").text
    leaving = {
        "leave.holding": f"{head.person_id} 2026-01-01",
        "leave.until": "22/11/2569",
        "leave.authority": "คำสั่งกรม ที่ 9/2569",
    }
    there = f"/admin/organisation/positions/{head.position_id}"
    assert town.client("reading-admin").send(f"{there}/leave", leaving).status_code == 302

    told = clerk.get("/").text
    assert "ตำแหน่งข้างหน้าว่าง" in told and "ตำแหน่งข้างหน้าว่าง" not in before and "ค้าง ตำแหน่งว่าง" not in told
    for page in (clerk.get(f"/letters/{letter_id}").text, town.client("reading-director").get("/desk").text):
        assert "ยังไม่มีผู้ดำรงตำแหน่ง" in page
    assert "ตำแหน่งข้างหน้าว่าง" not in town.client("reading-plan-clerk").get("/").text, "it is not a letter of theirs"
