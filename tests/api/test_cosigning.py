"""Several sign one letter, as programs see it."""

from __future__ import annotations

from tests.api.program import Programs, a_letter
from tests.web.installation import PASSPHRASE, Installation


def test_two_sign_one_letter_by_program(town: Installation, programs: Programs) -> None:
    clerk, director, head = (programs[f"reading-{who}"] for who in ("clerk", "director", "head"))
    posts = clerk.get("/positions").get_json()["items"]
    [chosen] = [one["id"] for one in posts if one["person"] == town.actor("reading-director").name]
    letter = clerk.post("/letters", a_letter(cosigners=[chosen], typist="นางสาวพิมพ์ดี มีวินัย")).get_json()["id"]
    assert clerk.post(f"/letters/{letter}/submit", {}).get_json()["state"] == "submitted"
    shown = clerk.get(f"/letters/{letter}").get_json()
    assert (shown["cosigners"], shown["typist"]) == ([chosen], "นางสาวพิมพ์ดี มีวินัย")
    assert [step["kind"] for step in shown["route"]] == ["sign", "sign"]

    first = director.post(f"/letters/{letter}/sign", {"passphrase": PASSPHRASE}).get_json()
    assert first["state"] == "part-signed"
    part = head.get(f"/letters/{letter}").get_json()["part_signed"]
    assert part == {"page": first["sha256"], "waits_for": town.actor("reading-head").title}
    unseen = head.post(f"/letters/{letter}/sign", {"passphrase": PASSPHRASE})
    assert unseen.status_code == 422 and set(unseen.get_json()["errors"]) == {"page"}
    unread = head.post(f"/letters/{letter}/sign", {"passphrase": PASSPHRASE, "page": "abc"})
    assert unread.status_code == 422 and set(unread.get_json()["errors"]) == {"page"}
    other = head.post(f"/letters/{letter}/sign", {"passphrase": PASSPHRASE, "page": "0" * 64})
    assert other.get_json()["code"] == "another-page"
    last = head.post(f"/letters/{letter}/sign", {"passphrase": PASSPHRASE, "page": part["page"]}).get_json()
    assert (last["state"], last["number"]) == ("issued", first["number"])
    assert clerk.get(f"/letters/{letter}").get_json()["part_signed"] is None


def test_a_letter_is_taken_back_by_program_and_its_number_is_void(town: Installation, programs: Programs) -> None:
    clerk, director = programs["reading-clerk"], programs["reading-director"]
    chosen = str(town.actor("reading-director").position_id)
    letter = clerk.post("/letters", a_letter(cosigners=[chosen])).get_json()["id"]
    assert clerk.get(f"/letters/{letter}").get_json()["may"]["recall"] is not True
    clerk.post(f"/letters/{letter}/submit", {})
    director.post(f"/letters/{letter}/sign", {"passphrase": PASSPHRASE})
    assert clerk.get(f"/letters/{letter}").get_json()["may"]["recall"] is True
    assert clerk.post(f"/letters/{letter}/recall", {"reason": "ตารางผิด"}).get_json()["state"] == "returned"

    shown = clerk.get(f"/letters/{letter}").get_json()
    assert [file["role"] for file in shown["files"]] == ["part-signed"]
    assert [line["event"] for line in shown["history"]][-2:] == ["letter.recalled", "number.voided"]


def test_cosigners_are_refused_by_their_field(town: Installation, programs: Programs) -> None:
    clerk = programs["reading-clerk"]
    strange = str(town.actor("learning-director").position_id)
    refused = clerk.post("/letters", a_letter(cosigners=[strange]))
    assert refused.status_code == 422 and set(refused.get_json()["errors"]) == {"cosigners"}
    stamped = a_letter(form="stamped", references=[], cosigners=[str(town.actor("reading-director").position_id)])
    assert "cosigners" in clerk.post("/letters", stamped).get_json()["errors"]
