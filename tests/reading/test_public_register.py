"""The public register as everybody reads it: what a kind lets it show and no word more, looked for in nothing else, and
the same nothing for whatever is not shown."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import Connection, event, update

from saraban.domain.errors import NotFound
from saraban.domain.issued import IssuedDocument, IssuedId, IssuedState
from saraban.domain.issued_field import KindField
from saraban.domain.issued_kind import IssuedKind
from saraban.domain.verification import DocumentState
from saraban.reading import public_register as register
from saraban.reading.public_register import Listed, Wanted
from saraban.storage.tables.issued import issued_kinds
from tests.reading.office import NOW, Office, open_office
from tests.reading.test_lookups import a_kind

TODAY = NOW.date()
FIELDS = (
    KindField("กิจการ", public=True, in_register=True, label_en="Business"),
    KindField("ที่ตั้ง", public=True),
    KindField("ทุน"),
)
OPEN: dict[str, Any] = {
    "name_th": "ใบอนุญาต",
    "text": "{{ชื่อผู้ถือ}} {{กิจการ}} {{ที่ตั้ง}} {{ทุน}}",
    "fields": FIELDS,
    "is_public": True,
    "in_register": True,
}
Put = Callable[..., IssuedId]


@pytest.fixture
def put(office: Office) -> Put:
    """Puts an issued document of a kind upon the shelf."""

    def put_(kind: IssuedKind, serial: int = 1, of: Office = office, **more: Any) -> IssuedId:
        values: dict[str, Any] = {
            "holder_name": f"บริษัท ที่{serial} จำกัด", "holder_id": "0105536000001", "made_at": NOW, "changed_at": NOW,
            "values": {"กิจการ": "ร้านหนังสือ", "ที่ตั้ง": "ถนนลับ", "ทุน": "500"}, "drafter_id": None, "drafted_by": "ก",
            "state": IssuedState.ISSUED, "edition": 1, "year": 2569, "serial": serial, "number": f"อน. {serial}/2569",
            "issued_on": TODAY - timedelta(days=10 - serial % 10), "code": f"C{serial:04}{kind.code}",
        }  # fmt: skip
        of_ours = {"id": IssuedId(uuid4()), "agency_id": of.agency.id, "kind_id": kind.id, "unit_id": of.legal.id}
        made = IssuedDocument(**of_ours | values | more)
        with of.uow() as uow:
            uow.issued.add(made)
            uow.commit()
        return made.id

    return put_


def _page(reader: Connection, office: Office, number: int = 1, **wanted: Any) -> register.RegisterPage:
    return register.page(reader, office.agency.code, TODAY, Wanted(**wanted), number)


def _numbers(reader: Connection, office: Office, **wanted: Any) -> list[str]:
    found = _page(reader, office, **wanted)
    assert found.total == len(found.items)
    return sorted(one.number for one in found.items)


def test_it_shows_what_its_kind_lets_it_and_no_word_more(office: Office, reader: Connection, put: Put) -> None:
    put(a_kind(office, "LIC", **OPEN))

    [one] = _page(reader, office).items

    assert (one.number, one.state, one.since, one.holder) == ("อน. 1/2569", DocumentState.VALID, None, "")
    assert dict(one.values) == {"กิจการ": "ร้านหนังสือ"} and one.code == "", "the page of its code tells ที่ตั้ง too"
    told = repr([getattr(one, name) for name in Listed.__dataclass_fields__ if name != "kind"])
    for hidden in ("บริษัท", "0105536000001", "ถนนลับ", "500", "C0001LIC"):
        assert hidden not in told


def test_names_are_shown_and_looked_for_only_where_the_kind_says_so(
    office: Office, reader: Connection, put: Put
) -> None:
    put(a_kind(office, "LIC", **OPEN | {"holder_public": True, "holder_in_register": True}))
    put(a_kind(office, "CERT", **OPEN | {"name_th": "หนังสือรับรอง", "holder_public": True}), 2)

    assert _numbers(reader, office, words="บริษัท") == ["อน. 1/2569"]
    assert _numbers(reader, office, words="จำกัด  ที่1") == ["อน. 1/2569"], "each word, in any order"
    assert _numbers(reader, office, words="ที่2") == [] == _numbers(reader, office, words="ถนนลับ")
    assert _numbers(reader, office, words="0105536000001") == [], "nobody is found by his number of 13 digits"
    assert _numbers(reader, office, words="๒/๒๕๖๙") == ["อน. 2/2569"]
    for sign in ("%", "_", "\\", "'", "%%' OR 1=1 --"):
        assert _numbers(reader, office, words=sign) == []
    assert {one.holder for one in _page(reader, office).items} == {"บริษัท ที่1 จำกัด", ""}


def test_how_a_document_stands_is_told_with_its_day_and_is_looked_for(
    office: Office, reader: Connection, put: Put
) -> None:
    kind = a_kind(office, "LIC", **OPEN | {"fields": FIELDS[:1], "text": "{{ชื่อผู้ถือ}} {{กิจการ}}"})
    day, gone, last = TODAY - timedelta(days=3), TODAY - timedelta(days=1), TODAY
    new = put(kind, 6)
    put(kind, 1, valid_until=last)
    put(kind, 2, state=IssuedState.SUSPENDED, state_on=day)
    put(kind, 3, state=IssuedState.REVOKED, state_on=day, valid_until=gone)
    put(kind, 4, valid_until=gone)
    put(kind, 5, state=IssuedState.REPLACED, state_on=day, replaced_by=new)
    put(kind, 7, state=IssuedState.SUSPENDED, state_on=day, valid_until=gone)

    told = {one.number[4]: (one.state.value, one.since) for one in _page(reader, office).items}
    assert told == {
        "1": ("valid", None), "2": ("suspended", day), "3": ("cancelled", day), "4": ("expired", gone),
        "5": ("replaced", day), "6": ("valid", None), "7": ("expired", gone),
    }  # fmt: skip
    by_state = {one: "".join(n[4] for n in _numbers(reader, office, state=one)) for one in register.STATES}
    assert [by_state[one] for one in register.STATES] == ["16", "2", "3", "47", "5"]
    [old] = _page(reader, office, state=DocumentState.REPLACED).items
    assert (old.followed_by, old.following_code) == ("อน. 6/2569", "C0006LIC") and old.code == "C0005LIC"
    assert _numbers(reader, office, state=DocumentState.RECALLED) == []


@pytest.mark.parametrize(
    "more",
    [
        {"state": IssuedState.DRAFT},
        {"state": IssuedState.APPROVED},
        {"state": IssuedState.VOID},
        {"withheld": True, "withheld_because": "ผู้ถือขอ"},
        {"code": ""},
    ],
)
def test_what_is_not_out_is_withheld_or_has_no_code_is_nowhere(
    office: Office, reader: Connection, put: Put, more: dict[str, Any]
) -> None:
    kind = a_kind(office, "LIC", **OPEN | {"holder_public": True, "holder_in_register": True})
    hidden = put(kind, 2, **more)
    put(kind, 1, state=IssuedState.REPLACED, state_on=TODAY, replaced_by=hidden)

    found = _page(reader, office)
    assert [one.number for one in found.items] == ["อน. 1/2569"] and [one.many for one in found.kinds] == [1]
    assert (found.items[0].followed_by, found.items[0].following_code) == ("", "")
    assert _numbers(reader, office, words="ที่2") == [] == _numbers(reader, office, words="2/2569 ที่2")
    _, everything = register.everything(reader, office.agency.code, "LIC", TODAY)
    assert [one.number for one in everything] == ["อน. 1/2569"]


def test_a_kind_that_is_closed_and_an_agency_without_a_register_are_like_none(
    office: Office, reader: Connection, put: Put
) -> None:
    kind = a_kind(office, "LIC", **OPEN)
    closed = a_kind(office, "CERT", **OPEN | {"in_register": False})
    put(kind, 1)
    put(closed, 2)
    other = open_office(office.engine, "dopa")
    theirs = a_kind(other, "LIC", **OPEN | {"in_register": False})
    put(theirs, 3, of=other)

    assert _numbers(reader, office) == ["อน. 1/2569"]
    assert [one.code for one in register.agencies_with_register(reader)] == [office.agency.code]
    for agency, of in ((office.agency.code, "CERT"), (office.agency.code, "none"), ("dopa", ""), ("none", "")):
        with pytest.raises(NotFound):
            register.page(reader, agency, TODAY, Wanted(kind=of))
        with pytest.raises(NotFound):
            register.everything(reader, agency, of, TODAY)
        with pytest.raises(NotFound):
            register.described(reader, agency, of, TODAY)
    with office.engine.begin() as writer:  # its page says the least then, and the register nothing
        writer.execute(update(issued_kinds).values(is_public=False))
    with pytest.raises(NotFound):
        _page(reader, office)


def test_pages_follow_each_other_without_a_gap_the_latest_first(office: Office, reader: Connection, put: Put) -> None:
    kind = a_kind(office, "LIC", **OPEN)
    for serial in range(1, register.SHOWN + 6):
        put(kind, serial)

    first, second = (_page(reader, office, number) for number in (1, 2))
    assert (len(first.items), len(second.items), first.total) == (register.SHOWN, 5, register.SHOWN + 5)
    days: list[date] = [one.issued_on for one in (*first.items, *second.items)]
    assert days == sorted(days, reverse=True)
    assert len({one.number for one in (*first.items, *second.items)}) == register.SHOWN + 5
    assert _page(reader, office, 3).items == ()


def test_when_it_was_last_changed_follows_the_documents_and_the_kind(
    office: Office, reader: Connection, put: Put
) -> None:
    kind = a_kind(office, "LIC", **OPEN)
    assert register.described(reader, office.agency.code, "LIC", TODAY)[2] is None
    later = NOW + timedelta(days=1)
    put(kind, 1, changed_at=later)

    assert register.described(reader, office.agency.code, "LIC", TODAY)[2] == later


def test_no_code_is_given_that_leads_to_a_document_that_is_withheld(
    office: Office, reader: Connection, put: Put
) -> None:
    kind = a_kind(office, "LIC", **OPEN | {"fields": FIELDS[:1], "text": "{{ชื่อผู้ถือ}} {{กิจการ}}"})
    first, second, third, other = (IssuedId(uuid4()) for _ in range(4))
    old = {"state": IssuedState.REPLACED, "state_on": TODAY}
    put(kind, 1, id=first, replaced_by=second, **old)
    put(kind, 2, id=second, follows=first, replaced_by=third, **old)
    put(kind, 3, id=third, follows=second, withheld=True, withheld_because="ผู้ถือขอ")
    put(kind, 4, id=other)
    put(kind, 5, follows=other, withheld=True, withheld_because="ผู้ถือขอ", state=IssuedState.DRAFT, code="")

    told = {one.number[4]: (one.code, one.followed_by, one.following_code) for one in _page(reader, office).items}

    assert told == {"1": ("", "อน. 2/2569", ""), "2": ("", "", ""), "4": ("C0004LIC", "", "")}
    _, everything = register.everything(reader, office.agency.code, "LIC", TODAY)
    assert {one.number[4]: one.code for one in everything} == {"1": "", "2": "", "4": "C0004LIC"}


@pytest.mark.only_database("sqlite")  # PostgreSQL chooses by what it has counted: of a few rows it reads all
@pytest.mark.parametrize("wanted", [{}, {"kind": "LIC"}, {"state": DocumentState.EXPIRED}])
def test_a_page_without_words_is_counted_and_put_in_order_by_an_index_alone(
    office: Office, reader: Connection, put: Put, wanted: dict[str, Any]
) -> None:
    for serial, code in enumerate(("LIC", "CERT"), 1):
        put(a_kind(office, code, **OPEN | {"name_th": code}), serial)
    asked: list[tuple[str, Any]] = []

    def hear(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_more: Any) -> None:
        if "FROM issued_documents" in statement:
            asked.append((statement, parameters))

    event.listen(reader.engine, "before_cursor_execute", hear)
    found = _page(reader, office, **wanted)
    event.remove(reader.engine, "before_cursor_execute", hear)
    assert len(found.kinds) == 2
    plans = [
        str(row[3])
        for statement, parameters in asked
        for row in reader.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
    ]
    read = [one for one in plans if one.startswith(("SCAN issued_documents", "SEARCH issued_documents"))]
    by = ("COVERING INDEX ix_issued_documents_register", "ix_issued_documents_withheld", "(id=?)")
    assert read and all(any(index in one for index in by) for one in read), plans
