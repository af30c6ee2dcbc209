"""Keeping and destroying for programs."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from saraban.domain.attachment import Digest
from saraban.storage.tables.archive import destroyed
from saraban.usecases.indexing import index_next
from tests.api.program import Program, Programs
from tests.web.installation import Installation
from tests.web.test_archives_answer import with_archives
from tests.web.test_long_lists import many

LETTER = {"number": "กค 0408/77", "date": "2026-11-20", "from": "กรมบัญชีกลาง", "to": "อธิบดี", "subject": "ขอวิทยากร"}


def entered(town: Installation, programs: Programs) -> str:
    """The id of the line of a letter on paper."""
    programs["reading-clerk"].post("/registers/receiving/entries", LETTER)
    page = town.client("reading-clerk").get("/archive/working?book=receiving").text
    return re.findall(r'/archive/letters/([0-9a-f-]{36})"', page)[0]


def stored(town: Installation, programs: Programs) -> str:
    """A letter of a class that is kept for a year, in the store."""
    entry, clerk = entered(town, programs), programs["reading-clerk"]
    clerk.post(f"/entries/{entry}/keeping", {"class_code": "routine", "room": "คลัง ๑"})
    clerk.post(f"/entries/{entry}/keeping/state", {"state": "finished"})
    made = clerk.post("/archive/lists", {"entries": [entry]}, key="draw-1")
    assert made.status_code == 201, made.get_data(as_text=True)
    assert clerk.post("/archive/lists", {"entries": [entry]}, key="draw-1").get_json() == made.get_json()
    received = programs["reading-records"].post(f"/archive/lists/{made.get_json()['id']}/receive", None)
    assert received.get_json()["state"] == "received"
    pdf = programs["reading-records"].get(f"/archive/lists/{made.get_json()['id']}/pdf")
    assert pdf.data.startswith(b"%PDF")
    marks = programs["reading-records"].get(f"/archive/lists/{made.get_json()['id']}/marks")
    assert marks.data.startswith(b"%PDF")
    return entry


def test_a_letter_is_kept_stored_and_held(town: Installation, programs: Programs) -> None:
    entry = stored(town, programs)
    records = programs["reading-records"]
    kept = records.get(f"/entries/{entry}/keeping").get_json()

    assert (kept["state"], kept["mark"], kept["stored"], kept["place"]) == (
        *("stored", "เก็บถึง พ.ศ. ๒๕๗๐", "1/2569"),
        "ห้อง คลัง ๑",
    )
    assert (kept["electronic"], kept["paper"], kept["paper_destroyed_on"]) == (False, True, None)
    assert [one["entry"] for one in records.get("/archive/register?year=2569").get_json()["items"]] == [entry]
    held = records.post(f"/entries/{entry}/hold", {"reason": "คดี", "order": "หมาย ๑"}).get_json()
    assert held["hold"]["order"] == "หมาย ๑" and len(records.get("/archive/holds").get_json()["items"]) == 1
    assert records.post(f"/entries/{entry}/hold/lift", {"reason": "ถอนฟ้อง"}).get_json()["hold"] is None
    assert programs["reading-clerk"].post(f"/entries/{entry}/hold", {"reason": "ก", "order": "ข"}).status_code == 403


def test_a_hold_is_told_by_the_search_and_by_the_matter(town: Installation, programs: Programs) -> None:
    entry = stored(town, programs)
    records, clerk = programs["reading-records"], programs["reading-clerk"]
    told = clerk.get(f"/entries/{entry}/keeping").get_json()["subject"]
    assert [hit["on_hold"] for hit in clerk.get(f"/search?q={told}").get_json()["items"]] == [False]
    assert clerk.get("/search?hold=yes").get_json()["items"] == []

    records.post(f"/entries/{entry}/hold", {"reason": "คดี", "order": "หมาย ๑"})

    def held() -> list[tuple[str, bool]]:
        return [(hit["id"], hit["on_hold"]) for hit in clerk.get("/search?hold=yes").get_json()["items"]]

    assert held() == [(entry, True)]
    index_next(town.services)
    assert held() == [(entry, True)] and clerk.get("/search?hold=no").status_code == 422
    assert [one["on_hold"] for one in clerk.get(f"/matters/{entry}").get_json()["items"]] == [True]
    assert programs["learning-clerk"].get("/search?hold=yes").get_json()["items"] == []

    records.post(f"/entries/{entry}/hold/lift", {"reason": "ถอนฟ้อง"})
    assert held() == []
    index_next(town.services)
    assert held() == []


def turned(program: Program, address: str, size: int = 2) -> list[str]:
    """The ids of a list that is read page by page."""
    found, cursor = list[str](), ""
    while True:
        page = program.get(f"{address}limit={size}{cursor}").get_json()
        assert len(page["items"]) <= size
        found += [one.get("id") or one["entry"] for one in page["items"]]
        if page["next"] is None:
            return found
        cursor = f"&cursor={page['next']}"


def test_every_list_of_the_archive_is_read_page_by_page(town: Installation, programs: Programs) -> None:
    clerk, records, head = (programs[f"reading-{who}"] for who in ("clerk", "records", "head"))
    entries = list[str]()
    for number in range(5):
        clerk.post("/registers/receiving/entries", LETTER | {"subject": f"เรื่องที่ {number}", "number": f"กค 1/{number}"})
        page = town.client("reading-clerk").get("/archive/working?book=receiving").text
        entries += [one for one in re.findall(r'/archive/letters/([0-9a-f-]{36})"', page) if one not in entries]
        clerk.post(f"/entries/{entries[-1]}/keeping/state", {"state": "finished"})
        made = clerk.post("/archive/lists", {"entries": entries[-1:]}).get_json()["id"]
        if number % 2:
            records.post(f"/archive/lists/{made}/receive", None)
        head.post(f"/entries/{entries[-1]}/hold", {"reason": "คดี", "order": f"หมาย {number}"})
        due = {"entry": entries[-1], "purpose": "ใช้ในคดี", "due_on": f"2026-12-0{5 - number}"}
        programs["reading-director"].post("/loans", due)
        records.post(
            "/visits", {"entry": entries[-1], "visitor": f"นาย {number}", "evidence": "บัตร", "purpose": "อ้างอิง"}
        )
        town.clock.pass_by(timedelta(seconds=1))
    assert len(entries) == 5

    lists = clerk.get("/archive/lists").get_json()["items"]
    assert turned(clerk, "/archive/lists?") == [one["id"] for one in lists] and len(lists) == 5
    assert [one["state"] for one in lists] == ["drawn"] * 3 + ["received"] * 2
    assert turned(records, "/archive/holds?") == entries[::-1]
    assert turned(records, "/archive/register?year=2569&", 1) == [entries[1], entries[3]]
    director = programs["reading-director"]
    for shown, count in (("open", 5), ("mine", 5), ("done", 0)):
        whole = director.get(f"/loans?show={shown}").get_json()["items"]
        assert turned(director, f"/loans?show={shown}&") == [one["id"] for one in whole] and len(whole) == count
        if shown == "open":
            assert [one["due_on"] for one in whole] == sorted(one["due_on"] for one in whole)
    assert len(set(turned(records, "/visits?"))) == 5
    for address in ("/archive/holds", "/loans", "/visits", "/deposits", "/handovers", "/disposals", "/archive/lists"):
        assert records.get(f"{address}?cursor=nonsense").status_code == 422, address


@pytest.mark.only_database("sqlite")
def test_the_plan_is_shown_and_the_administrators(town: Installation, programs: Programs) -> None:
    plan = programs["reading-clerk"].get("/archive/plan").get_json()
    for who, status in (("admin", 200), ("clerk", 403)):
        assert programs[f"reading-{who}"].patch("/ministry", {"ministry": " กระทรวง ก "}).status_code == status
    assert programs["reading-admin"].get("/ministry").get_json() == {"ministry": "กระทรวง ก"}
    own = {"code": "project", "name": "โครงการ", "basis": "57", "years": 15}

    assert [one["years"] for one in plan["classes"]] == [10, None, None, None, 5, 1, 5] and len(plan["groups"]) == 10
    assert programs["reading-clerk"].post("/archive/classes", own).status_code == 403
    assert programs["reading-admin"].post("/archive/classes", own | {"years": 3}).status_code == 422
    assert programs["reading-admin"].post("/archive/classes", own).get_json()["classes"][-1]["code"] == "project"
    group = {"code": "11", "title": "โครงการวิจัย", "class_code": "project"}
    assert programs["reading-admin"].post("/archive/groups", group).get_json()["groups"][-1]["title"] == "โครงการวิจัย"


def test_a_list_is_destroyed_by_committee_head_archives_and_officers(town: Installation, programs: Programs) -> None:
    entry = stored(town, programs)
    town.clock.pass_by(datetime(2028, 1, 10, 3, tzinfo=UTC) - town.clock.now())
    records, head, chair = (programs[f"reading-{who}"] for who in ("records", "head", "director"))
    ids = [str(town.actor(f"reading-{who}").person_id) for who in ("director", "clerk", "records")]
    assert records.get("/disposals").get_json()["due_paper"] == 1
    address = f"/disposals/{records.post('/disposals', {'year': 2570}).get_json()['id']}"
    assert head.post(f"{address}/committee", {"members": ids[:2], "order": "คำสั่ง ๑"}).status_code == 422
    head.post(f"{address}/committee", {"members": ids, "order": "คำสั่ง ๑"})
    chair.post(f"{address}/consider", {"entries": [entry], "verdict": "destroy"})
    programs["reading-clerk"].post(f"{address}/dissent", {"entry": entry, "reason": "ยังใช้"})
    chair.post(f"{address}/agree", None)
    assert chair.post(f"{address}/report", None).status_code == 422
    agreed = programs["reading-clerk"].post(f"{address}/agree", None).get_json()["agreed"]
    assert agreed == [town.actor(f"reading-{who}").name for who in ("director", "clerk")]
    chair.post(f"{address}/report", None)
    assert head.post(f"{address}/decide", {}).get_json()["state"] == "ordered"
    sent = records.post(f"{address}/send", {"number": "ศธ ๑/๑", "on": "2028-01-10"}).get_json()
    assert sent["silent_until"] == "2028-03-10"
    answer = {"number": "วธ ๑/๒", "on": "2028-01-10"}
    for letters, field in (
        ([{"entry": entry, "verdict": "extend"}], "until"),
        ([{"entry": entry, "verdict": "transfer"}] * 2, "letters"),
    ):
        refused = records.post(f"{address}/answer", answer | {"letters": letters})
        assert refused.status_code == 422 and field in refused.get_data(as_text=True)
    records.post(f"{address}/answer", answer)
    records.post(f"{address}/officers", {"officers": ids[1:], "way": "ย่อย"})
    assert records.post(f"{address}/confirm", None).get_json()["waiting_for"] == 1
    done = programs["reading-clerk"].post(f"{address}/confirm", None).get_json()

    assert (done["state"], done["items"][0]["outcome"]) == ("done", "destroyed")
    assert done["items"][0]["dissents"] == [{"name": town.actor("reading-clerk").name, "reason": "ยังใช้"}]
    assert records.get(f"{address}/pdf").data.startswith(b"%PDF")
    assert records.get(f"{address}/record").data.startswith(b"%PDF")
    with town.office.writing.begin() as connection:
        connection.execute(update(destroyed).values(sha256=Digest.of(b"brought just now"), removed_at=None))
    early = records.get(f"{address}/record")
    assert (early.status_code, early.get_json()["code"]) == (422, "files-waiting")
    assert records.get(f"/entries/{entry}/keeping").get_json()["state"] == "destroyed"
    assert programs["learning-records"].get(address).status_code == 404


def test_what_may_not_be_destroyed_is_told_and_refused(town: Installation, programs: Programs) -> None:
    entry = stored(town, programs)
    town.clock.pass_by(datetime(2028, 1, 10, 3, tzinfo=UTC) - town.clock.now())
    records, head, chair = (programs[f"reading-{who}"] for who in ("records", "head", "director"))
    address = f"/disposals/{records.post('/disposals', {'year': 2570}).get_json()['id']}"
    held = records.post(f"/entries/{entry}/hold", {"reason": "คดี", "order": "หมาย ๑"})
    assert held.status_code == 200, held.get_data(as_text=True)
    ids = [str(town.actor(f"reading-{who}").person_id) for who in ("director", "clerk", "records")]
    head.post(f"{address}/committee", {"members": ids, "order": "คำสั่ง ๑"})
    chair.post(f"{address}/consider", {"entries": [entry], "verdict": "destroy"})
    for who in ("director", "clerk"):
        programs[f"reading-{who}"].post(f"{address}/agree", None)
    reported = chair.post(f"{address}/report", None).get_json()
    assert [one["cautions"] for one in reported["items"]] == [["hold"]]
    refused = head.post(f"{address}/decide", {})
    assert (refused.status_code, refused.get_json()["code"]) == (422, "not-to-be-destroyed")

    done = head.post(f"{address}/decide", {"keep": [entry]}).get_json()
    assert (done["state"], done["items"][0]["why"], done["items"][0]["cautions"]) == ("done", "ระงับการทำลาย", [])


@pytest.mark.only_database("sqlite")
def test_the_answer_of_the_archives_is_a_list_of_letters_each_with_its_own_verdict(
    town: Installation, programs: Programs
) -> None:
    letters = many(town, 4)
    list_id, records = with_archives(town, letters), programs["reading-records"]
    said = [{"verdict": "extend", "until": 2585}, {"verdict": "extend", "forever": True}, {"verdict": "transfer"}]
    told = [{"entry": str(entry)} | one for entry, one in zip(letters, said, strict=False)]
    answer = {"number": "วธ ๑/๒", "on": "2028-01-10", "letters": told}
    done = records.post(f"/disposals/{list_id}/answer", answer).get_json()

    assert [one["outcome"] for one in done["items"]] == ["extended", "extended", "to-archives", "open"]
    assert [one["consideration"] for one in done["items"]][:2] == ["เก็บถึง พ.ศ. ๒๕๘๕", "ห้ามทำลาย"]
    assert records.get(f"/disposals/{list_id}/marks").data.startswith(b"%PDF")
    assert [one["archives"] for one in done["items"]] == ["extend", "extend", "transfer", None]


@pytest.mark.only_database("sqlite")
def test_several_letters_get_a_class_and_a_hold_at_once(town: Installation, programs: Programs) -> None:
    letters = [str(one) for one in many(town, 2)]
    clerk, records = programs["reading-clerk"], programs["reading-records"]
    assert clerk.post("/archive/classify", {"entries": letters}).status_code == 422
    done = clerk.post("/archive/classify", {"entries": letters, "file_code": "03"}).get_json()
    assert [(one["entry"], one["file_code"]) for one in done["items"]] == [(one, "03") for one in letters]
    alone = clerk.post(f"/entries/{letters[0]}/keeping", {"class_code": "history"}).get_json()
    assert (alone["class_code"], alone["file_code"]) == ("history", "03"), "what is left out stays"

    why = {"reason": "คดี", "order": "หมาย ๑"}
    assert clerk.post("/archive/holds", why | {"entries": letters}).status_code == 403
    for wrong in ({}, {"entries": letters, "matter": letters[0]}):
        assert records.post("/archive/holds", why | wrong).status_code == 422
    held = records.post("/archive/holds", why | {"matter": letters[0]}).get_json()
    assert [(one["entry"], one["hold"]["order"]) for one in held["items"]] == [(letters[0], "หมาย ๑")]
    assert (held["placed"], held["more"]) == (1, False)
    held = records.post("/archive/holds", why | {"entries": letters}).get_json()
    assert all(one["hold"] for one in held["items"]) and len(held["items"]) == 2
    assert (held["placed"], held["more"]) == (1, False)
    assert programs["learning-records"].post("/archive/holds", why | {"entries": letters}).status_code == 404
