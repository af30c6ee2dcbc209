"""A letter from draft to the other agency's register and back, as programs see it."""

from __future__ import annotations

import io
from datetime import timedelta
from hashlib import sha256

from tests.api.program import Programs, a_letter, begun, on_the_way
from tests.web.installation import PASSPHRASE, Installation


def _upload(name: str, data: bytes, **more: str) -> dict[str, object]:
    return {"file": (io.BytesIO(data), name), **more}


def test_a_letter_goes_from_draft_to_the_register_of_the_other_agency(town: Installation, programs: Programs) -> None:
    clerk, director, head = (programs[f"reading-{who}"] for who in ("clerk", "director", "head"))

    started = clerk.post("/letters", a_letter())
    assert (started.status_code, started.get_json()["version"]) == (201, 1)
    letter = started.get_json()["id"]
    assert started.headers["Location"].endswith(f"/letters/{letter}")

    revised = clerk.patch(f"/letters/{letter}", {"version": 1, "subject": "ขอเลื่อนการประชุม"})
    assert (revised.status_code, revised.get_json()["version"]) == (200, 2)

    text = "กำหนดการประชุม".encode()
    attached = clerk.post(f"/letters/{letter}/files", data=_upload("กำหนดการ.txt", text, role="enclosure"))
    assert attached.status_code == 201
    assert attached.get_json()["sha256"] == sha256(text).hexdigest()

    version = clerk.get(f"/letters/{letter}").get_json()["version"]
    assert clerk.post(f"/letters/{letter}/submit", {"version": version}).get_json()["state"] == "submitted"
    assert director.post(f"/letters/{letter}/endorse", {"note": "เห็นควรลงนาม"}).get_json()["state"] == "endorsed"
    signed = head.post(f"/letters/{letter}/sign", {"passphrase": PASSPHRASE})
    assert signed.status_code == 200
    assert signed.get_json()["number"] == "ศธ 0601/1"
    assert signed.get_json()["date"] == "2026-11-23"
    page = clerk.get(f"/letters/{letter}/files/{signed.get_json()['sha256']}")
    assert page.data.startswith(b"%PDF") and sha256(page.data).hexdigest() == signed.get_json()["sha256"]

    sent = clerk.post(f"/letters/{letter}/dispatch")
    assert sent.status_code == 200
    (dispatch,) = sent.get_json()["dispatches"]
    assert (dispatch["to"], dispatch["state"]) == ("0702", "queued")
    assert clerk.get(f"/dispatches/{dispatch['id']}").get_json()["timeline"] == []
    town.carry()

    receiver = programs["learning-clerk"]
    (arrived,) = receiver.get("/incoming?state=new").get_json()["items"]
    assert (arrived["number"], arrived["subject"]) == ("ศธ 0601/1", "ขอเลื่อนการประชุม")
    assert arrived["from"]["code"] == "0601" and arrived["reasons"] == []
    opened = receiver.get(f"/incoming/{arrived['id']}").get_json()
    assert opened["may"]["register"] is True
    assert [opened["seal"][part] for part in ("intact", "valid", "trusted", "in_time")] == [True] * 4
    for file in opened["files"]:
        data = receiver.get(f"/incoming/{arrived['id']}/files/{file['sha256']}").data
        assert sha256(data).hexdigest() == file["sha256"]
    registered = receiver.post(f"/incoming/{arrived['id']}/register", {})
    assert registered.get_json() == {
        "id": arrived["id"],
        "state": "registered",
        "number": 1,
        "year": 2569,
        "at": "2026-11-23T09:30:00+07:00",
    }
    stamped = receiver.get(f"/incoming/{arrived['id']}/stamped")
    assert stamped.data.startswith(b"%PDF")
    town.carry()

    followed = clerk.get(f"/dispatches/{dispatch['id']}").get_json()
    assert followed["state"] == "registered"
    assert followed["register"] == {"number": "1", "year": 2569}
    assert [(line["step"], line["evidence"]) for line in followed["timeline"]] == [
        ("sent", "smtp-reply"),
        ("received", "receipt"),
        ("registered", "receipt"),
    ]
    last = followed["timeline"][-1]["verdict"]
    assert [last[part] for part in ("intact", "valid", "trusted", "in_time")] == [True] * 4
    reply = followed["timeline"][0]["verdict"]
    assert [reply[part] for part in ("intact", "valid", "trusted", "in_time")] == [None] * 4
    for receipt in followed["receipts"]:
        raw = clerk.get(receipt["href"])
        assert sha256(raw.data).hexdigest() == receipt["sha256"]
        assert raw.mimetype == "message/rfc822" and b"statement.json" in raw.data

    whole = clerk.get(f"/letters/{letter}").get_json()
    assert whole["state"] == "dispatched"
    assert [d["state"] for d in whole["dispatches"]] == ["registered"]
    assert [e["deed"] for e in whole["endorsements"]] == ["เสนอ", "เกษียน", "ลงนาม", "ส่งออก"]
    assert len(whole["history"]) >= 6


def test_the_letter_shows_what_the_drafter_wrote(programs: Programs) -> None:
    letter = begun(programs)

    shown = programs["reading-clerk"].get(f"/letters/{letter}").get_json()

    sent = a_letter()
    for name in (
        "form",
        "subject",
        "addressed_to",
        "body",
        "recipients",
        "urgency",
        "secrecy",
        "contact",
        "response_due",
    ):
        assert shown[name] == sent[name]
    assert shown["references"] == [sent["references"][0], {"number": "ศธ 0701/46", "date": None, "from": ""}]
    assert shown["unit"] == {"code": "SEC", "name": "สำนักงานเลขานุการกรม"}
    assert (shown["state"], shown["number"], shown["date"]) == ("draft", None, None)


def test_a_revision_changes_only_the_fields_that_are_sent(programs: Programs) -> None:
    letter, clerk = begun(programs), programs["reading-clerk"]

    clerk.patch(f"/letters/{letter}", {"version": 1, "urgency": "most-urgent", "response_due": None})

    shown = clerk.get(f"/letters/{letter}").get_json()
    assert (shown["urgency"], shown["response_due"], shown["body"]) == ("most-urgent", None, a_letter()["body"])


def test_a_stale_version_is_answered_as_a_concurrent_edit(programs: Programs) -> None:
    letter, clerk = begun(programs), programs["reading-clerk"]
    clerk.patch(f"/letters/{letter}", {"version": 1, "subject": "เรื่องใหม่"})

    again = clerk.patch(f"/letters/{letter}", {"version": 1, "subject": "เรื่องเก่า"})
    submitted = clerk.post(f"/letters/{letter}/submit", {"version": 1})

    assert [(a.status_code, a.get_json()["code"]) for a in (again, submitted)] == [(409, "concurrent-edit")] * 2
    assert clerk.get(f"/letters/{letter}").get_json()["subject"] == "เรื่องใหม่"


def test_a_stale_version_does_not_sign_and_takes_no_number(programs: Programs) -> None:
    letter = on_the_way(programs, "endorsed", PASSPHRASE)

    stale = programs["reading-head"].post(f"/letters/{letter}/sign", {"passphrase": PASSPHRASE, "version": 1})

    assert (stale.status_code, stale.get_json()["code"]) == (409, "concurrent-edit")
    assert programs["reading-clerk"].get("/registers/sending/entries").get_json()["items"] == []


def test_a_wrong_passphrase_takes_no_number(programs: Programs) -> None:
    letter = on_the_way(programs, "endorsed", PASSPHRASE)

    wrong = programs["reading-head"].post(f"/letters/{letter}/sign", {"passphrase": "ผิด"})

    assert (wrong.status_code, wrong.get_json()["code"]) == (422, "wrong-passphrase")
    assert programs["reading-clerk"].get("/registers/sending/entries").get_json()["items"] == []


def test_a_returned_letter_can_be_revised_and_submitted_again(programs: Programs) -> None:
    letter, clerk = on_the_way(programs, "submitted", PASSPHRASE), programs["reading-clerk"]

    returned = programs["reading-director"].post(f"/letters/{letter}/return", {"reason": "ขอให้แก้วันประชุม"})
    revised = clerk.patch(f"/letters/{letter}", {"version": returned.get_json()["version"], "subject": "แก้แล้ว"})
    again = clerk.post(f"/letters/{letter}/submit")

    assert returned.get_json()["state"] == "returned"
    assert revised.get_json()["state"] == "returned"
    assert again.get_json()["state"] == "submitted"


def test_a_file_can_be_taken_off_a_draft_again(programs: Programs) -> None:
    letter, clerk = begun(programs), programs["reading-clerk"]
    digest = clerk.post(f"/letters/{letter}/files", data=_upload("ก.txt", b"x")).get_json()["sha256"]

    assert clerk.delete(f"/letters/{letter}/files/{digest}").status_code == 204
    assert clerk.delete(f"/letters/{letter}/files/{digest}").status_code == 404
    assert clerk.get(f"/letters/{letter}").get_json()["files"] == []


def test_what_is_no_ready_page_is_refused_with_its_reason(programs: Programs) -> None:
    letter = begun(programs)

    refused = programs["reading-clerk"].post(f"/letters/{letter}/files", data=_upload("ก.pdf", b"%PDF-", role="letter"))

    assert refused.status_code == 422
    assert "PDF" in refused.get_json()["errors"]["file"]


def test_the_preview_is_a_page_before_and_after_signing(programs: Programs) -> None:
    letter = begun(programs)
    draft = programs["reading-clerk"].get(f"/letters/{letter}/preview")
    signed = on_the_way(programs, "issued", PASSPHRASE)
    issued = programs["reading-clerk"].get(f"/letters/{signed}/preview")

    assert draft.mimetype == issued.mimetype == "application/pdf"
    digests = [f["sha256"] for f in programs["reading-clerk"].get(f"/letters/{signed}").get_json()["files"]]
    assert sha256(issued.data).hexdigest() in digests


def test_a_withdrawn_letter_stays_readable(programs: Programs) -> None:
    letter, clerk = begun(programs), programs["reading-clerk"]

    assert clerk.post(f"/letters/{letter}/withdraw").get_json() == {"id": letter, "state": "withdrawn"}
    assert clerk.get(f"/letters/{letter}").get_json()["state"] == "withdrawn"


def test_an_incoming_letter_can_be_sent_back_with_a_reason(town: Installation, programs: Programs) -> None:
    letter = on_the_way(programs, "dispatched", PASSPHRASE)
    town.carry()
    receiver = programs["learning-clerk"]
    (arrived,) = receiver.get("/incoming?state=new").get_json()["items"]

    refused = receiver.post(f"/incoming/{arrived['id']}/refuse", {"code": "not-addressee", "text": "ส่งผิดหน่วยงาน"})
    town.carry()

    assert refused.get_json() == {"id": arrived["id"], "state": "refused", "code": "not-addressee"}
    assert receiver.get(f"/incoming/{arrived['id']}").get_json()["refused"]["text"] == "ส่งผิดหน่วยงาน"
    shown = programs["reading-clerk"].get(f"/letters/{letter}").get_json()
    assert [d["state"] for d in shown["dispatches"]] == ["refused"]


def test_held_mail_shows_its_reasons_and_can_be_released(town: Installation, programs: Programs) -> None:
    mail = (
        "From: Somebody <somebody@unknown.example>\r\nTo: saraban@learning.test\r\nSubject: hello\r\n"
        "Message-ID: <one@unknown.example>\r\nDate: Mon, 23 Nov 2026 09:00:00 +0700\r\n\r\nhello\r\n"
    )
    town.hand_in("saraban@learning.test", mail.encode())
    town.carry()
    receiver = programs["learning-clerk"]

    (held,) = receiver.get("/incoming?state=held").get_json()["items"]
    assert held["ordinary"] is True
    assert all(reason["thai"] and reason["code"] for reason in held["reasons"]) and held["reasons"]
    early = receiver.post(f"/incoming/{held['id']}/register", {})
    assert (early.status_code, early.get_json()["code"]) == (422, "held")
    assert receiver.post(f"/incoming/{held['id']}/release", {"reason": ""}).status_code == 422
    released = receiver.post(f"/incoming/{held['id']}/release", {"reason": "ตรวจสอบทางโทรศัพท์แล้ว"})
    assert released.get_json() == {"id": held["id"], "state": "new"}
    assert receiver.post(f"/incoming/{held['id']}/register", {}).get_json()["number"] == 1


def test_registers_search_and_directory_show_what_was_done(town: Installation, programs: Programs) -> None:
    on_the_way(programs, "dispatched", PASSPHRASE)
    town.carry()
    receiver = programs["learning-clerk"]
    (arrived,) = receiver.get("/incoming").get_json()["items"]
    receiver.post(f"/incoming/{arrived['id']}/register", {})

    (line,) = receiver.get("/registers/receiving/entries?year=2569").get_json()["items"]
    assert (line["number"], line["letter_number"], line["from"]) == (1, "ศธ 0601/1", "กรมส่งเสริมการอ่าน")
    assert receiver.get("/registers/receiving/entries?q=ไม่มีคำนี้").get_json() == {"items": [], "next": None}
    (sent,) = programs["reading-clerk"].get("/registers/sending/entries").get_json()["items"]
    assert (sent["number"], sent["letter_number"], sent["state"]) == (1, "ศธ 0601/1", "used")
    (found,) = receiver.get("/search?q=ศธ 0601/1").get_json()["items"]
    assert (found["kind"], found["number"], found["date"]) == ("incoming", "ศธ 0601/1", "2026-11-23")
    agencies = receiver.get("/directory?q=นครศรีธรรมราช").get_json()["items"]
    assert [a["code"] for a in agencies] == ["0999"]


def test_a_long_list_is_given_in_pages(town: Installation, programs: Programs) -> None:
    letters = set()
    for _ in range(5):
        letters.add(begun(programs))
        town.clock.pass_by(timedelta(seconds=1))
    clerk, seen, cursor = programs["reading-clerk"], [], ""

    while True:
        page = clerk.get(f"/letters?limit=2{cursor}").get_json()
        seen += [line["id"] for line in page["items"]]
        if page["next"] is None:
            break
        cursor = f"&cursor={page['next']}"

    assert len(seen) == 5 and set(seen) == letters
    assert clerk.get("/letters?cursor=nonsense").status_code == 422
    assert clerk.get("/letters?tab=dispatched").get_json()["items"] == []


def test_what_the_caller_may_do_is_told_with_its_reason(programs: Programs) -> None:
    letter = on_the_way(programs, "submitted", PASSPHRASE)

    clerk = programs["reading-clerk"].get(f"/letters/{letter}").get_json()["may"]
    director = programs["reading-director"].get(f"/letters/{letter}").get_json()["may"]

    assert (director["endorse"], director["return"]) == (True, True)
    assert clerk["endorse"] == "ขณะนี้หนังสือรอเลขานุการกรม"
    assert clerk["submit"] == "แก้ไขได้เฉพาะร่างหนังสือหรือหนังสือที่ถูกส่งคืน"
    assert isinstance(director["sign"], str) and isinstance(director["dispatch"], str)


def test_the_caller_is_told_who_it_is(programs: Programs) -> None:
    me = programs["reading-head"].get("/me").get_json()

    assert (me["role"], me["unit"]["code"], me["agency"]["code"]) == ("head", "SEC", "0601")
