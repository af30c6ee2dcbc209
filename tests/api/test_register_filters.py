"""The lines of a register as a program asks for them: every column narrows them, page by page, and what cannot be read
is told by its field."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest

from saraban.domain.classification import Secrecy
from saraban.reading.register_filters import FIELDS
from tests.api.program import ADDRESS, Program, Programs
from tests.web.installation import Installation

ENTRIES = "/registers/receiving/entries"


def done(clerk: Program, path: str, **sent: Any) -> None:
    """The program does this, and is not refused."""
    answer = clerk.post(path, sent)
    assert answer.status_code in (200, 201), answer.text


def asked(clerk: Program, **query: Any) -> list[int]:
    """The numbers of the lines that come for this query."""
    answer = clerk.get(f"{ENTRIES}?{urlencode(query)}")
    assert answer.status_code == 200, answer.text
    return [line["number"] for line in answer.get_json()["items"]]


@pytest.fixture
def clerk(town: Installation, programs: Programs) -> Program:
    """The clerk of a book: 1 is late and came to the counter, 2 void, 3 corrected, 4 reserved, 5 of the next day."""
    clerk = programs["reading-clerk"]
    done(
        clerk, ENTRIES, number="กค 0408/123", date="2026-11-19", to="อธิบดี", subject="ซักซ้อมความเข้าใจ",
        practice="กองแผนงาน", note="มีสิ่งที่ส่งมาด้วย", urgency="very-urgent", origin="counter",
        received_at="2026-11-20T16:45:00+07:00", **{"from": "กรมบัญชีกลาง"},
    )  # fmt: skip
    done(clerk, ENTRIES, number="นน 0017/5", date="2026-11-20", subject="ขอหารือ", **{"from": "จังหวัดน่าน"})
    done(clerk, f"{ENTRIES}/2/void", reason="ลงซ้ำ", authority="คำสั่งเลขานุการกรม")
    done(clerk, ENTRIES, number="มท 0515/9", date="2026-11-20", subject="รายงานผลสำรวจ", **{"from": "กรมที่ดิน"})
    done(clerk, f"{ENTRIES}/3/rectify", subject="รายงานผลการตรวจสอบ", reason="พิมพ์ผิด")
    done(clerk, "/registers/receiving/reserve", count=1, reason="ระบบหยุด")
    town.clock.pass_by(timedelta(days=1))
    done(clerk, ENTRIES, number="ชม 0017/8", date="2026-11-24", subject="ขอเชิญประชุม", **{"from": "จังหวัดเชียงใหม่"})
    return clerk


def test_every_column_narrows_the_lines_alone_and_together(clerk: Program) -> None:
    expected: list[tuple[dict[str, str], list[int]]] = [
        ({}, [5, 4, 3, 2, 1]),
        ({"q": "ประชุม"}, [5]),
        ({"number": "๐๐๑๗"}, [5, 2]),
        ({"dated_from": "2026-11-20"}, [5, 3, 2]),
        ({"dated_to": "2026-11-19"}, [1]),
        ({"sender": "จังหวัด"}, [5, 2]),
        ({"addressee": "อธิบดี"}, [1]),
        ({"subject": "ตรวจสอบ"}, [3]),
        ({"subject": "สำรวจ"}, []),
        ({"practice": "แผนงาน"}, [1]),
        ({"note": "สิ่งที่ส่งมา"}, [1]),
        ({"urgency": "very-urgent"}, [1]),
        ({"secrecy": "open"}, [5, 4, 3, 2, 1]),
        ({"secrecy": "secret"}, []),
        ({"state": "void"}, [2]),
        ({"state": "reserved"}, [4]),
        ({"origin": "counter"}, [1]),
        ({"entered_from": "2026-11-24"}, [5]),
        ({"entered_to": "2026-11-23"}, [4, 3, 2, 1]),
        ({"entered_by": "พรทิพย์"}, [5, 4, 3, 2, 1]),
        ({"entered_by": "กฤตยา"}, []),
        ({"owner": "SEC"}, [5, 4, 3, 2, 1]),
        ({"owner": "PLAN"}, []),
        ({"late": "yes"}, [1]),
        ({"corrected": "yes"}, [3]),
        ({"since": "3"}, [5, 4, 3]),
        ({"until": "๒"}, [2, 1]),
        ({"sender": "จังหวัด", "state": "used", "since": "1", "until": "5"}, [5]),
        ({"sender": "จังหวัด", "urgency": "very-urgent"}, []),
    ]

    found = [(query, asked(clerk, **query)) for query, _ in expected]

    assert found == expected
    assert {name for query, _ in expected for name in query} == set(FIELDS), "a filter that nobody has tried"


def test_filtered_lines_come_page_by_page(clerk: Program) -> None:
    pages, query = [], {"state": "used", "limit": "1"}
    while True:
        page = clerk.get(f"{ENTRIES}?{urlencode(query)}").get_json()
        pages.append([line["number"] for line in page["items"]])
        if page["next"] is None:
            break
        query["cursor"] = page["next"]

    assert pages == [[5], [3], [1]]


@pytest.mark.only_database("sqlite")
def test_what_cannot_be_read_is_told_by_its_field(clerk: Program) -> None:
    wrong = {
        "dated_from": "20/11/2569",
        "entered_to": "yesterday",
        "urgency": "fast",
        "secrecy": "top",
        "state": "gone",
        "origin": "pigeon",
        "late": "1",
        "corrected": "maybe",
        "since": "x",
    }
    answer = clerk.get(f"{ENTRIES}?{urlencode(wrong)}")
    turned = clerk.get(f"{ENTRIES}?since=5&until=2")
    long = clerk.get(f"{ENTRIES}?subject={'ก' * 201}")

    assert {one.status_code for one in (answer, turned, long)} == {422}
    assert set(answer.get_json()["errors"]) == set(wrong)
    assert set(turned.get_json()["errors"]) == {"until"}
    assert set(long.get_json()["errors"]) == {"subject"}


@pytest.mark.only_database("sqlite")
def test_a_filter_finds_nothing_classified_for_those_who_may_not_know_it(
    town: Installation, programs: Programs
) -> None:
    town.issued(secrecy=Secrecy.CONFIDENTIAL, subject="เรื่องลับของกรม")
    plain = programs["reading-plan-clerk"]

    for query in ("q=ลับ", "subject=ลับ", "secrecy=confidential", "urgency=urgent", "state=used", "sender=กรม"):
        assert plain.get(f"/registers/sending/entries?{query}").get_json()["items"] == [], query
    [masked] = plain.get("/registers/sending/entries?since=1").get_json()["items"]
    assert masked["masked"] and "เรื่องลับ" not in str(masked)


@pytest.mark.only_database("sqlite")
def test_a_book_of_another_year_and_of_a_unit_is_filtered_by_itself(town: Installation, clerk: Program) -> None:
    assert asked(clerk, year=2568, state="used") == []
    assert asked(clerk, year=2569, state="used") == [5, 3, 1]
    assert clerk.get(f"{ENTRIES}?unit=NOWHERE&state=used").status_code == 404


@pytest.mark.only_database("sqlite")
def test_the_document_names_every_filter_with_its_words(programs: Programs) -> None:
    operation = programs.document.whole["paths"][f"{ADDRESS}/registers/{{book}}/entries"]["get"]
    told = {one["name"]: one.get("description", "") for one in operation["parameters"] if one["in"] == "query"}

    assert set(FIELDS) <= set(told)
    assert [name for name in FIELDS if not told[name]] == []
