"""Numbers for programs: void, rectify, practice, reserve, bind and release, each once and by who may."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from saraban.domain.register import BookKind, Matter
from saraban.usecases import recording
from saraban.usecases.bookkeeping import open_book
from tests.api.program import Programs, on_the_way
from tests.web.installation import PASSPHRASE, Installation

WHY = {"reason": "ลงซ้ำ", "authority": "คำสั่งเลขานุการกรม"}


def entered(town: Installation, **more: Any) -> int:
    """A letter on paper in the receiving book; its number."""
    values: dict[str, Any] = {"number": "นศ 0017/55", "sender": "จังหวัดนครศรีธรรมราช", "subject": "ขอส่งรายชื่อ"} | more
    return recording.record_letter(
        town.services,
        actor=town.actor("reading-clerk"),
        kind=BookKind.RECEIVING,
        matter=Matter(**values),
        again=True,
    ).number


def lines(programs: Programs, book: str = "receiving") -> dict[int, dict[str, Any]]:
    """The lines of a book by number, as the clerk's program reads them."""
    answer = programs["reading-clerk"].get(f"/registers/{book}/entries")
    return {line["number"]: line for line in answer.get_json()["items"]}


def test_a_number_is_struck_with_reason_and_authority(town: Installation, programs: Programs) -> None:
    number = entered(town)

    answer = programs["reading-clerk"].post(f"/registers/receiving/entries/{number}/void", WHY)

    assert answer.status_code == 200
    told = answer.get_json()
    assert (told["number"], told["year"], told["state"]) == (1, 2569, "void")
    assert lines(programs)[1]["void_reason"] == "ลงซ้ำ"


@pytest.mark.parametrize(
    "sent", [None, {}, {"reason": "ลงซ้ำ"}, {"authority": "คำสั่ง"}, {"reason": " ", "authority": " "}]
)
@pytest.mark.only_database("sqlite")
def test_a_void_without_reason_or_authority_is_422_by_field(
    town: Installation, programs: Programs, sent: dict[str, str] | None
) -> None:
    answer = programs["reading-clerk"].post(f"/registers/receiving/entries/{entered(town)}/void", sent)

    assert answer.status_code == 422
    missing = {name for name in ("reason", "authority") if not (sent or {}).get(name, "").strip()}
    assert set(answer.get_json()["errors"]) == missing
    assert lines(programs)[1]["state"] == "used"


@pytest.mark.only_database("sqlite")
def test_a_repeated_void_has_the_first_answer_and_another_key_hears_that_it_is_void(
    town: Installation, programs: Programs
) -> None:
    path = f"/registers/receiving/entries/{entered(town)}/void"
    clerk = programs["reading-clerk"]
    first = clerk.post(path, WHY, key="k-1")
    town.clock.pass_by(timedelta(minutes=5))
    again = clerk.post(path, WHY, key="k-1")
    other = clerk.post(path, WHY, key="k-2")

    assert first.get_json() == again.get_json()
    assert again.headers["Idempotent-Replayed"] == "true"
    assert (other.status_code, other.get_json()["code"]) == (422, "already-void")


@pytest.mark.only_database("sqlite")
def test_what_is_not_in_the_book_is_not_found(town: Installation, programs: Programs) -> None:
    entered(town)
    clerk = programs["reading-clerk"]
    for place in (
        "receiving/entries/2",
        "receiving/entries/99999999999999999999",
        "sending/entries/1",
        "nothing/entries/1",
    ):
        for deed, sent in (("void", WHY), ("practice", {"practice": "x"}), ("bind", {"subject": "x"})):
            assert clerk.post(f"/registers/{place}/{deed}", sent).status_code == 404
    for query in ("year=2568", "unit=PLAN", "unit=NOWHERE"):
        assert clerk.post(f"/registers/receiving/entries/1/void?{query}", WHY).status_code == 404


def test_the_number_of_a_units_own_book_and_of_an_earlier_year_is_named_in_the_query(
    town: Installation, programs: Programs
) -> None:
    open_book(town.services, actor=town.actor("reading-admin"), kind=BookKind.RECEIVING, unit_code="PLAN")
    recording.record_letter(
        town.services,
        actor=town.actor("reading-plan-clerk"),
        kind=BookKind.RECEIVING,
        unit_code="PLAN",
        matter=Matter(sender="กรมบัญชีกลาง", subject="ของกองแผนงาน"),
    )
    entered(town)
    town.clock.pass_by(timedelta(days=60))

    this_year = programs["reading-clerk"].post("/registers/receiving/entries/1/void?unit=PLAN", WHY)
    answer = programs["reading-plan-clerk"].post("/registers/receiving/entries/1/void?unit=PLAN&year=2569", WHY)

    assert this_year.status_code == 404
    assert (answer.status_code, answer.get_json()["state"]) == (200, "void")
    book = programs["reading-clerk"].get("/registers/receiving/entries?year=2569").get_json()["items"]
    assert [line["state"] for line in book] == ["used"]


def test_columns_are_put_right_and_what_was_done_is_noted(town: Installation, programs: Programs) -> None:
    number = entered(town)
    clerk = programs["reading-clerk"]

    changed = clerk.post(
        f"/registers/receiving/entries/{number}/rectify",
        {"from": "จังหวัดสงขลา", "date": "2026-11-20", "urgency": "urgent", "reason": "พิมพ์ผิด"},
    )
    noted = clerk.post(f"/registers/receiving/entries/{number}/practice", {"practice": "ส่งกองแผนงาน"})
    nothing = clerk.post(f"/registers/receiving/entries/{number}/rectify", {"from": "จังหวัดสงขลา", "reason": "x"})

    assert (changed.status_code, noted.status_code) == (200, 200)
    line = lines(programs)[number]
    assert (line["from"], line["letter_date"], line["urgency"]) == ("จังหวัดสงขลา", "2026-11-20", "urgent")
    assert line["practice"] == "ส่งกองแผนงาน"
    assert nothing.status_code == 422


def test_a_block_is_reserved_bound_and_given_back(town: Installation, programs: Programs) -> None:
    entered(town)
    clerk = programs["reading-clerk"]
    sent = {"count": 3, "reason": "ระบบหยุด", "authority": "คำสั่งที่ 5"}

    block = clerk.post("/registers/receiving/reserve", sent, key="r")
    again = clerk.post("/registers/receiving/reserve", sent, key="r")
    waiting = clerk.get("/numbers/reserved").get_json()["items"]
    bound = clerk.post(
        "/registers/receiving/entries/2/bind",
        {
            "letter_number": "กค 0408/9",
            "from": "กรมบัญชีกลาง",
            "subject": "แจ้งผล",
            "received_at": "2026-11-23T08:45:00+07:00",
            "origin": "counter",
        },
    )
    released = clerk.post("/registers/receiving/release", {"numbers": [3, 4], **WHY}, key="g")
    repeated = clerk.post("/registers/receiving/release", {"numbers": [3, 4], **WHY}, key="g")

    assert block.status_code == 201 and block.get_json() == again.get_json()
    assert (block.get_json()["first"], block.get_json()["last"]) == (2, 4)
    assert [one["numbers"] for one in waiting] == [[2, 3, 4]]
    assert (bound.status_code, bound.get_json()["state"]) == (200, "used")
    assert [one["state"] for one in released.get_json()["items"]] == ["void", "void"]
    assert repeated.get_json() == released.get_json()
    assert clerk.get("/numbers/reserved").get_json()["items"] == []
    assert {n: line["state"] for n, line in lines(programs).items()} == {1: "used", 2: "used", 3: "void", 4: "void"}
    assert lines(programs)[2]["letter_number"] == "กค 0408/9"


@pytest.mark.only_database("sqlite")
def test_the_same_letter_is_bound_only_on_the_callers_word(town: Installation, programs: Programs) -> None:
    entered(town)
    clerk = programs["reading-clerk"]
    clerk.post("/registers/receiving/reserve", {"count": 1, "reason": "ระบบหยุด"})
    sent = {"letter_number": "นศ 0017/55", "from": "จังหวัดนครศรีธรรมราช", "subject": "ขอส่งรายชื่อ"}

    asked = clerk.post("/registers/receiving/entries/2/bind", sent)
    bound = clerk.post("/registers/receiving/entries/2/bind", {**sent, "again": True})

    assert (asked.status_code, asked.get_json()["code"]) == (409, "possible-duplicate")
    assert bound.status_code == 200


@pytest.mark.only_database("sqlite")
def test_a_release_is_all_or_none(town: Installation, programs: Programs) -> None:
    clerk = programs["reading-clerk"]
    clerk.post("/registers/receiving/reserve", {"count": 2, "reason": "ระบบหยุด"})
    entered(town)

    for sent, status in (
        ({"numbers": [1, 3], **WHY}, 422),
        ({"numbers": [1, 9], **WHY}, 404),
        ({"numbers": [1]}, 422),
        ({"numbers": [], **WHY}, 422),
        ({**WHY}, 422),
    ):
        assert clerk.post("/registers/receiving/release", sent).status_code == status, sent
    assert {line["state"] for line in lines(programs).values()} == {"reserved", "used"}


def test_a_circular_is_numbered_in_the_series_of_circulars_where_one_is_kept(
    town: Installation, programs: Programs
) -> None:
    numbers = []
    for kept in (False, True):
        if kept:
            open_book(town.services, actor=town.actor("reading-admin"), kind=BookKind.CIRCULARS, first=2)
        letter = on_the_way(programs, "issued", PASSPHRASE, circular=True)
        shown = programs["reading-clerk"].get(f"/letters/{letter}").get_json()
        numbers.append((shown["circular"], shown["number"]))
    on_the_way(programs, "issued", PASSPHRASE)

    assert numbers == [(True, "ศธ 0601/ว 1"), (True, "ศธ 0601/ว 2")]
    assert [line["letter_number"] for line in lines(programs, "circulars").values()] == ["ศธ 0601/ว 2"]
    assert [line["letter_number"] for line in lines(programs, "sending").values()] == ["ศธ 0601/2", "ศธ 0601/ว 1"]


WRONG: list[tuple[str, dict[str, Any], str]] = [
    ("reserve", {"count": 0, "reason": "x"}, "count"),
    ("reserve", {"count": "3", "reason": "x"}, "count"),
    ("reserve", {"count": 2}, "reason"),
    ("entries/1/bind", {"from": "ก"}, "subject"),
    ("entries/1/bind", {"from": "ก", "subject": "ข", "received_at": "2026-11-23T08:45:00"}, "received_at"),
    ("entries/1/bind", {"from": "ก", "subject": "ข", "received_at": "2569-11-23T08:45:00+07:00"}, "received_at"),
    ("entries/1/bind", {"from": "ก", "subject": "ข", "received_at": "2026-11-24T08:45:00+07:00"}, "received_at"),
    ("entries/1/bind", {"from": "ก", "subject": "ข", "again": "yes"}, "again"),
    ("entries/1/bind", {"subject": "ข"}, "sender"),
    ("entries/1/rectify", {"state": "void", "reason": "x"}, "state"),
    ("entries/1/practice", {}, "practice"),
]


@pytest.mark.only_database("sqlite")
def test_a_wrong_field_is_named(town: Installation, programs: Programs) -> None:
    clerk = programs["reading-clerk"]
    clerk.post("/registers/receiving/reserve", {"count": 1, "reason": "ระบบหยุด"})

    for deed, sent, field in WRONG:
        answer = clerk.post(f"/registers/receiving/{deed}", sent)
        assert (answer.status_code, list(answer.get_json()["errors"])) == (422, [field]), (deed, sent, answer.text)


def test_who_may_not_hears_why_and_another_agency_finds_nothing(town: Installation, programs: Programs) -> None:
    entered(town)
    programs["reading-clerk"].post("/registers/receiving/reserve", {"count": 1, "reason": "ระบบหยุด"})
    deeds: list[tuple[str, dict[str, Any]]] = [
        ("entries/1/void", WHY),
        ("entries/1/rectify", {"subject": "x", "reason": "x"}),
        ("entries/1/practice", {"practice": "x"}),
        ("entries/2/bind", {"from": "ก", "subject": "ข"}),
        ("release", {"numbers": [2], **WHY}),
    ]

    for deed, sent in deeds:
        assert programs["reading-director"].post(f"/registers/receiving/{deed}", sent).status_code == 403, deed
        assert programs["learning-clerk"].post(f"/registers/receiving/{deed}", sent).status_code == 404, deed
    director = programs["reading-director"].post("/registers/receiving/reserve", {"count": 1, "reason": "x"})
    assert director.status_code == 403
    assert programs["learning-clerk"].get("/numbers/reserved").get_json()["items"] == []
    assert programs["learning-clerk"].post("/registers/receiving/reserve", {"reason": "x"}).get_json()["first"] == 1
