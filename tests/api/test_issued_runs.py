"""A sheet of holders and their links, for programs."""

from __future__ import annotations

import io
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from saraban.jobs import do_errand
from tests.api.program import Programs
from tests.databases import NewDatabase
from tests.fakes import FixedClock
from tests.web.installation import PASSPHRASE, Installation, build_installation
from tests.web.public_town import PUBLIC
from tests.web.test_issued_runs import GOOD, comes_between, sheet
from tests.web.test_issuing import kind


@pytest.fixture
def town(tmp_path: Path, new_database: NewDatabase, clock: FixedClock) -> Iterator[Installation]:
    made = build_installation(tmp_path, new_database, clock, public_url=PUBLIC)
    yield made
    made.close()


def rows(many: int) -> list[tuple[str, ...]]:
    return [(f"นายลำดับ ที่{nth}", *GOOD[1:]) for nth in range(1, many + 1)]


def test_a_sheet_is_looked_through_begun_approved_signed_and_handed_out(town: Installation, programs: Programs) -> None:
    clerk, director, head = (programs[f"reading-{who}"] for who in ("clerk", "director", "head"))
    of = f"/issued-kinds/{kind(town).rpartition('/')[2]}"
    headings = [
        cell.value for cell in next(load_workbook(io.BytesIO(clerk.get(f"{of}/sheet").data)).active.iter_rows())
    ]
    bad: Any = {"file": sheet(GOOD, ("", "no mail", "๒", "นักเลง", "เมื่อวาน", ""), GOOD)}
    seen = clerk.post(f"{of}/runs/preview", data=bad).get_json()
    refused = clerk.post(f"{of}/runs", data={"file": sheet(GOOD, ("", "no mail", "๒", "นักเลง", "เมื่อวาน", ""))})
    lacking = clerk.post(f"{of}/runs/preview", data={"file": sheet(("ก",), headings=("ชื่อ",))})
    stranger = programs["learning-clerk"].post(f"{of}/runs/preview", data={"file": sheet(GOOD)})

    assert headings[:3] == ["ชื่อผู้ถือ", "เลขประจำตัวผู้ถือ", "อีเมลผู้ถือ"]
    assert (seen["lines"], seen["unused"], [one["row"] for one in seen["problems"]]) == (3, ["เบอร์โทร"], [3, 4])
    assert set(seen["problems"][0]["errors"]) == {
        "holder_name", "mail", "fields.หลักสูตร", "fields.วันที่อบรม",
    }  # fmt: skip
    assert refused.status_code == 422 and "rows.3.mail" in refused.get_json()["errors"]
    assert lacking.status_code == 422 and "ไม่พบคอลัมน์" in lacking.get_json()["errors"]["file"]
    assert stranger.status_code == 404 and clerk.get("/issued-runs").get_json() == {"items": []}

    file, name = sheet(*rows(3))  # a workbook holds the second in which it was written
    begun, again = (
        clerk.post(f"{of}/runs", data={"file": (io.BytesIO(file.getvalue()), name)}, key="one") for _ in range(2)
    )
    assert (begun.status_code, begun.get_json()["state"], again.get_json()) == (202, "waiting", begun.get_json())
    do_errand(town.services)
    assert do_errand(town.services) == 0
    assert clerk.get(f"/errands/{begun.get_json()['id']}").get_json()["state"] == "done"
    run = f"/issued-runs/{begun.get_json()['id']}"
    shown = clerk.get(run).get_json()
    assert shown["counts"] == {"waiting": 3} and shown["may_approve"] is not True and shown["may_links"] is True
    assert programs["learning-clerk"].get(run).status_code == programs["learning-clerk"].get(f"{run}/lines").status_code

    assert clerk.post(f"{run}/approve", None).status_code == 403
    approved = director.post(f"{run}/approve", None, key="approve")
    do_errand(town.services)
    again = director.post(f"{run}/approve", None, key="approve")
    assert (approved.status_code, again.status_code) == (202, 202), "a repeat hears what the first did, not a refusal"
    assert again.get_json()["id"] == approved.get_json()["id"]
    assert director.post(f"{run}/approve", None).get_json()["code"] == "nothing-waits"
    assert head.post(f"{run}/sign", {"passphrase": "ผิด"}).status_code == 422
    first = head.post(f"{run}/sign", {"passphrase": PASSPHRASE}, key="sign")
    same = head.post(f"{run}/sign", {"passphrase": PASSPHRASE}, key="sign")
    assert (first.status_code, same.status_code, same.get_json()) == (202, 202, first.get_json())
    assert same.headers["Idempotent-Replayed"] == "true"
    for _ in range(600):  # it goes on in a thread of its own
        if not head.get(run).get_json()["signing"]:
            break
        time.sleep(0.05)
    late = head.post(f"{run}/sign", {"passphrase": "ผิด"}, key="sign")
    assert (late.status_code, late.get_json()) == (202, first.get_json())
    assert head.post(f"{run}/sign", {"passphrase": PASSPHRASE}).get_json()["code"] == "nothing-waits"
    told = clerk.get(f"{run}/lines").get_json()["items"]
    assert {one["untimed"] for one in told} == {""} and clerk.get(run).get_json()["untimed"] == 0
    assert [(one["line"], one["number"], one["state"], one["why"]) for one in told] == [
        (nth + 1, f"รบ. {nth}/2569", "issued", "") for nth in range(1, 4)
    ]
    assert all(one["verification"].startswith(f"{PUBLIC}/v/") for one in told)
    assert [(one["delivery"], one["mailed_to"]) for one in told] == [("not-yet", "one@example.com")] * 3
    assert clerk.get(run).get_json()["unsent"] == 3
    mailed = clerk.post(f"{run}/links", {"deed": "mail"}).get_json()
    do_errand(town.services)
    ways = {name: clerk.get(run).get_json()[name] for name in ("mailed", "unsent", "returned")}
    assert (mailed["total"], ways) == (3, {"mailed": 3, "unsent": 0, "returned": 0})
    assert {one["delivery"] for one in clerk.get(f"{run}/lines").get_json()["items"]} == {"on-its-way"}
    assert clerk.post(f"{run}/links", {"deed": "mail"}).get_json()["code"] == "nothing-waits"
    assert clerk.post(f"{run}/links", {"deed": "mail-again"}).get_json()["code"] == "nothing-waits"
    listed = clerk.post(f"{run}/links", {"deed": "sheet"}).get_json()["id"]
    do_errand(town.services)
    file = load_workbook(io.BytesIO(clerk.get(f"/errands/{listed}/file").data)).active
    assert file is not None and file.max_row == 4
    assert clerk.post(f"{run}/links", {"deed": "x"}).status_code == 422
    assert clerk.post(f"{run}/stop", None).status_code == 403 and head.post(f"{run}/stop", None).status_code == 200


@pytest.mark.only_database("sqlite")
def test_a_link_is_told_once_listed_fetched_and_withdrawn(
    town: Installation, programs: Programs, monkeypatch: pytest.MonkeyPatch
) -> None:
    clerk, head = programs["reading-clerk"], programs["reading-head"]
    director = programs["reading-director"]
    sent = {"kind": kind(town).rpartition("/")[2], "holder_name": "นายเอก ใจดี"}
    values = {"ที่อยู่": "๑๒ ถนนสุขุมวิท", "หลักสูตร": "ครูพี่เลี้ยง"}
    document = f"/issued/{clerk.post('/issued', sent | {'fields': values}).get_json()['id']}"
    links = f"{document}/links"
    assert clerk.post(links, None).get_json()["code"] == "not-valid"
    clerk.post(f"{document}/submit", None)
    director.post(f"{document}/approve", None)
    assert head.post(f"{document}/sign", {"passphrase": PASSPHRASE}).status_code == 200

    made = clerk.post(links, None, key="one").get_json()
    again = clerk.post(links, None, key="one").get_json()
    mailed = clerk.post(links, {"mail": "ake@example.com"}).get_json()
    wrong = clerk.post(links, {"mail": "ไม่ใช่"})
    token = made["link"].removeprefix(PUBLIC)
    holder = town.app.test_client(use_cookies=False)
    assert holder.get(token).status_code == 200 and holder.get(f"{token}/file.pdf").status_code == 200
    listed = clerk.get(links).get_json()["items"]
    with monkeypatch.context() as patch:
        comes_between(town, patch)
        assert clerk.get(links).status_code == 200
    new = f"/issued/{clerk.post(f'{document}/follow', {'how': 'replacement'}).get_json()['id']}"
    clerk.post(f"{new}/submit", None)
    director.post(f"{new}/approve", None)
    assert head.post(f"{new}/sign", {"passphrase": PASSPHRASE}).status_code == 200
    assert clerk.get(f"{new}/links").get_json() == {"items": [], "mail_before": "ake@example.com"}
    gone = clerk.post(f"{links}/withdraw", None).get_json()["items"]

    assert made["link"].startswith(f"{PUBLIC}/d/") and (again["link"], mailed["link"]) == (None, None)
    assert again["items"] == made["items"] and wrong.status_code == 422 and "mail" in wrong.get_json()["errors"]
    assert sorted((one["mail"], one["fetches"], bool(one["fetched_at"])) for one in listed) == [
        ("", 1, True), ("ake@example.com", 0, False),
    ]  # fmt: skip
    assert all(one["withdrawn_at"] for one in gone) and holder.get(token).status_code == 404
    assert programs["learning-clerk"].get(links).status_code == 404
    assert town.services.blobs is not None and made["link"].rpartition("/")[2] not in clerk.get(links).text
