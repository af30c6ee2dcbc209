"""Questions about documents as who answers sees them, the kinds that are proposed to who asks, and copies that citizens
were not asked for: by month, by side and by unit; on both databases, and in the report."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import Connection

from saraban.domain.actor import Actor
from saraban.domain.agency import UnitId
from saraban.domain.attachment import Digest
from saraban.domain.errors import NotFound
from saraban.domain.issued_kind import IssuedKind, IssuedKindId, LookupPolicy
from saraban.domain.lookup import Lookup, Outcome, Want
from saraban.domain.progress import Period
from saraban.reading.lookups import (
    KindToAsk,
    Spared,
    copies_not_asked,
    kinds_to_ask,
    lookup,
    lookups,
    sees_questions,
    waiting_questions,
)
from saraban.reading.our_kinds import our_kinds
from saraban.reading.progress import report
from tests.reading.office import NOW, Office, open_office


def looked_up(office: Office, *, ours: bool = True, unit: UnitId | None = None, **more: Any) -> None:
    """A question that was answered."""
    values: dict[str, Any] = {
        "outcome": Outcome.FOUND, "answered_at": NOW, "answered_on": date(2026, 11, 25), "answer": {},
        "other_code": "moi",
    }  # fmt: skip
    one = Lookup(
        id=uuid4(), agency_id=office.agency.id, other_name="กรม", ours=ours, request_id=uuid4(),
        asked_at=NOW, asked_by="ก", asked_for="ข", document_kind="ใบอนุญาต", number="1", holder_id="", want=Want.STATE,
        purpose="ค", legal_basis="ง", expires_at=NOW + timedelta(days=7), request={}, request_sha256=Digest.of(b""),
        unit_id=unit, **values | more,
    )  # fmt: skip
    with office.uow() as uow:
        uow.document_lookups.add(one)
        uow.commit()


def test_what_was_answered_is_counted_by_month_side_and_unit_and_nothing_else(
    office: Office, reader: Connection
) -> None:
    october = {"answered_on": date(2026, 10, 31)}
    looked_up(office, unit=office.legal.id)
    looked_up(office, unit=office.legal.id, **october)
    looked_up(office, unit=office.central.id)
    looked_up(office, ours=False)
    for outcome in (Outcome.REFUSED, Outcome.NOT_FOUND, Outcome.WAITING):
        looked_up(office, unit=office.legal.id, outcome=outcome)
    looked_up(open_office(office.engine, "dopa"), ours=False)

    agency, days = office.agency.id, (date(2026, 10, 1), date(2026, 11, 30))
    assert copies_not_asked(reader, agency, *days) == [
        Spared(date(2026, 10, 1), 1, 0),
        Spared(date(2026, 11, 1), 2, 1),
    ]
    assert copies_not_asked(reader, agency, date(2026, 11, 1), days[1], office.legal.id) == [
        Spared(date(2026, 11, 1), 1, 0)
    ]
    whole = {one.code: one.numbers[:2] for one in report(reader, office.records, Period(2570), NOW).copies}
    assert whole == {"looked-up": (1, 2), "answered": (0, 1), "certified": (0, 0)}
    of_legal = report(reader, office.director, Period(2570), NOW, office.legal.id).copies
    assert [(one.code, one.numbers[:2]) for one in of_legal] == [("looked-up", (1, 1))]


def a_kind(office: Office, code: str, **more: Any) -> IssuedKind:
    """A kind of this agency."""
    values: dict[str, Any] = {"name_th": f"ใบ {code}", "text": "x", "lookup": LookupPolicy.ASK, **more}
    kind = IssuedKind(
        id=IssuedKindId(uuid4()), agency_id=office.agency.id, code=code, made_at=NOW, changed_at=NOW, changed_by="ก",
        **values,
    )  # fmt: skip
    with office.uow() as uow:
        uow.issued.add_kind(kind)
        uow.commit()
    return kind


def test_those_see_and_count_questions_whom_the_kind_names_and_the_usual_ones_see_all(
    office: Office, reader: Connection
) -> None:
    usual, legal = a_kind(office, "A"), a_kind(office, "B", answer_units=(office.legal.id,))
    a_kind(open_office(office.engine, "dopa"), "C", answer_units=(office.legal.id,))
    waits: dict[str, Any] = {"ours": False, "outcome": Outcome.WAITING}
    looked_up(office, kind_id=usual.id, **waits)
    looked_up(office, kind_id=legal.id, **waits)
    looked_up(office, kind_id=None, ours=False, outcome=Outcome.REFUSED)

    def seen(actor: Actor) -> tuple[bool, set[tuple[str, bool]], int]:
        kinds = our_kinds(reader, actor, NOW)
        rows = lookups(reader, actor, NOW, ours=False).items
        return (
            sees_questions(actor, kinds),
            {(row.called, not row.why_not) for row in rows},
            waiting_questions(reader, actor, kinds)[0],
        )

    everything = {("ใบ A", True), ("ใบ B", False), ("ใบอนุญาต", True)}
    assert seen(office.central_clerk) == (True, everything, 1)
    assert seen(office.legal_clerk) == (True, {("ใบ B", True)}, 1)
    assert seen(office.records) == (True, {("ใบ A", True), ("ใบ B", True), ("ใบอนุญาต", True)}, 2), "of legal, too"
    assert seen(office.head) == (False, set(), 0)
    shown = {row.called: row for row in lookups(reader, office.central_clerk, NOW, ours=False).items}
    assert lookup(reader, office.legal_clerk, shown["ใบ B"].id, NOW).row.why_not == ""
    assert "ที่กำหนดไว้" in lookup(reader, office.central_clerk, shown["ใบ B"].id, NOW).row.why_not
    for actor, of in ((office.legal_clerk, "ใบ A"), (office.head, "ใบ B")):
        with pytest.raises(NotFound):
            lookup(reader, actor, shown[of].id, NOW)


def test_what_an_agency_here_answers_is_proposed_and_what_others_have_told_before(
    office: Office, reader: Connection
) -> None:
    dopa = open_office(office.engine, "dopa")
    a_kind(office, "OWN")
    a_kind(dopa, "LIC", name_th="ใบขับขี่", lookup=LookupPolicy.STATE)
    a_kind(dopa, "SECRET", lookup=LookupPolicy.NO)
    told = {"kinds": [{"code": "T1", "name": "ใบอนุญาต"}], "documents": [{"kind": "T2", "name": "ใบรับรอง"}]}
    looked_up(office, answer=told)
    looked_up(office, answer=told)
    looked_up(office, answer={"kinds": [{"code": "OLD", "name": "เลิกแล้ว"}]}, other_code="dopa")

    here = KindToAsk("dopa", "LIC", "ใบขับขี่")
    assert set(kinds_to_ask(reader, office.legal_clerk)) == {
        here, KindToAsk("moi", "T2", "ใบรับรอง"), KindToAsk("moi", "T1", "ใบอนุญาต"),
    }  # fmt: skip
    assert kinds_to_ask(reader, office.legal_clerk, "dopa") == [here]
    assert kinds_to_ask(reader, office.legal_clerk, "x") == []
    assert [one.name for one in kinds_to_ask(reader, dopa.legal_clerk, "onep")] == ["ใบ OWN"]
