"""Comparing registers with other agencies: ask, see what was found, and begin a remedy."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from saraban import doorway
from saraban.api import answers_reconciling as shapes
from saraban.api import forms, showing
from saraban.api.answers_received import page_of
from saraban.api.gate import section, told
from saraban.api.repeating import Json, once
from saraban.domain.permissions import may_reconcile, require
from saraban.domain.reconciliation import ReconcileItem
from saraban.reading import reconciliations as reading
from saraban.reading.differences import FoundRow, found_rows
from saraban.usecases import disputing, reconciling
from saraban.usecases.ports import Services

api = section("reconciling", "เทียบทะเบียนกับส่วนราชการอื่น: ขอ ดูผล และแก้")


@api.get("/reconciliations")
@told("รายการเทียบทะเบียน", "เรียงจากล่าสุด side=theirs คือที่ส่วนราชการอื่นขอจากเรา")
@api.takes(forms.ComparisonsQuery, location="query")
@api.gives(200, page_of(shapes.ComparisonLine))
def comparisons(query: Json) -> Json:
    """List the comparisons of the caller's agency."""
    require(may_reconcile(doorway.actor()))
    found = reading.comparisons(
        doorway.reader(),
        doorway.actor(),
        ours=query["side"] == "ours",
        cursor=query.get("cursor"),
        limit=query["limit"],
    )
    return showing.page(found, _line)


@api.post("/reconciliations")
@told("ขอเทียบทะเบียน", "ระบบลงตราและส่งคำขอเอง คำตอบมาเมื่อระบบของอีกฝ่ายตอบ")
@api.takes(forms.CompareForm, example={"agency": "XC0001", "since": "2026-11-01", "until": "2026-11-30"})
@api.gives(201, shapes.ComparisonLine)
def ask(sent: Json) -> Any:
    """Ask an agency for its lists of these days."""

    def work(office: Services) -> Json:
        made = reconciling.ask_to_reconcile(
            office, actor=doorway.actor(), other_code=sent["agency"], since=sent["since"], until=sent["until"]
        )
        return again(made.id)

    def again(made: UUID) -> Json:
        doorway.refresh_reader()
        return _line(reading.comparison(doorway.reader(), doorway.actor(), made).row)

    answer, headers = once(work, again)
    return answer, 201, headers


@api.get("/reconciliations/<uuid:reconciliation_id>")
@told("ผลการเทียบทะเบียน", "ทุกฉบับที่ฝ่ายใดฝ่ายหนึ่งมี พร้อมวิธีแก้ (remedy)")
@api.gives(200, shapes.ComparisonShape)
def show(reconciliation_id: UUID) -> Json:
    """Show a comparison with everything that it found."""
    who = doorway.actor()
    require(may_reconcile(who))
    found = reading.comparison(doorway.reader(), who, reconciliation_id)
    rows = found_rows(doorway.reader(), who, found.row, found.differences)
    return {
        **_line(found.row),
        "truncated": found.truncated,
        "asked_for": [str(one) for one in found.asked_for],
        "sent_again": [str(one) for one in found.sent_again],
        "items": [_found(row) for row in rows],
    }


@api.post("/reconciliations/<uuid:reconciliation_id>/remedies")
@told("แก้สิ่งที่ต่างกัน", "ทุกฉบับที่ส่งมาต้องมี remedy ที่ตรงกัน ask-again ขอเทียบใหม่พร้อมขอให้ส่งซองเดิม")
@api.takes(forms.RemedyForm, example={"remedy": "send-again", "dispatches": ["0190d1c2-5d4e-4f6a-8a51-111111111111"]})
@api.gives(200, shapes.RemedyDone)
def remedy(sent: Json, reconciliation_id: UUID) -> Any:
    """Begin a remedy for some dispatches."""
    chosen: list[UUID] = list(dict.fromkeys(sent["dispatches"]))
    who = doorway.actor()

    def done(comparison: UUID | None = None) -> Json:
        return {
            "id": str(reconciliation_id),
            "remedy": sent["remedy"],
            "count": len(chosen),
            "comparison": str(comparison) if comparison else None,
        }

    def work(office: Services) -> Json:
        if sent["remedy"] == "ask-again":
            made = reconciling.ask_again(office, actor=who, reconciliation_id=reconciliation_id, dispatches=chosen)
            return done(made.id)
        if sent["remedy"] == "number-wrong":
            disputing.dispute_numbers(office, actor=who, reconciliation_id=reconciliation_id, dispatches=chosen)
        else:
            reconciling.send_again(office, actor=who, reconciliation_id=reconciliation_id, dispatches=chosen)
        return done()

    answer, headers = once(work, lambda made: done(made if sent["remedy"] == "ask-again" else None))
    return answer, 200, headers


def _line(row: reading.ComparisonRow) -> Json:
    return {
        "id": str(row.id),
        "agency": row.other_code,
        "name": row.other_name,
        "ours": row.ours,
        "since": row.since.isoformat(),
        "until": row.until.isoformat(),
        "state": _state(row),
        "asked_at": showing.moment(row.asked_at),
        "asked_by": row.asked_by,
        "answered_at": showing.moment(row.answered_at) if row.answered_at else None,
        "differences": row.differences,
    }


def _state(row: reading.ComparisonRow) -> str:
    if row.owes:
        return "sealing"
    if row.answered_at is not None:
        return "answered"
    return {"queued": "sending", "failed": "failed", "stopped": "failed"}.get(row.outbox_state, "waiting")


def _found(row: FoundRow) -> Json:
    found = row.difference
    return {
        "dispatch": str(found.dispatch),
        "way": found.way.value,
        "outcome": found.word,
        "remedy": found.remedy.value,
        "text": found.thai,
        "number": row.number,
        "date": row.date.isoformat() if row.date else None,
        "ours": _held(found.ours),
        "theirs": _held(found.theirs),
        "settled": row.settled,
        "done_at": showing.moment(row.done_at) if row.done_at else None,
        "why_not": row.why_not,
    }


def _held(item: ReconcileItem | None) -> Json | None:
    if item is None:
        return None
    register = item.register
    return {
        "state": item.state,
        "manifest_sha256": item.manifest_sha256 or None,
        "register": {"number": register.number, "year": register.year} if register else None,
    }
