"""Twelve years in a minute: letters come in, are worked on, stored, held, extended, transferred and destroyed,
with a dissent and a file that two letters share; the registers stay whole to the end."""

from __future__ import annotations

from datetime import date

from saraban.domain.attachment import Digest
from saraban.domain.disposal_item import Outcome, Verdict
from saraban.domain.keeping import KeepingState
from saraban.storage.tables.registers import entries
from saraban.usecases import archiving, destroying, transferring
from saraban.usecases.auditing import verify_journals
from tests.usecases.archive import (
    carried_out,
    considered,
    disposal,
    finished,
    in_year,
    kept,
    paper,
    proposed,
    stored,
)
from tests.usecases.house import House

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 20


def test_twelve_years_of_an_office(house: House) -> None:
    shared, own = PNG + b"shared", PNG + b"own"
    names = ("ธรรมดา", "ร่วมไฟล์", "คู่สำเนา", "ในคดี", "ขยายเวลา", "ประวัติศาสตร์", "ยังปฏิบัติ")
    routine, sharing, copy, suit, longer, history, working = (
        paper(house, name, scan=scan)
        for name, scan in zip(names, (own, shared, shared, b"", b"", b"", b""), strict=True)
    )
    old = paper(house, "หนังสือเก่า", letter_date=None)
    head, records = house.ours["head"], house.ours["records"]

    # 2569: finished and stored; one stays in work.
    stored(house, routine, sharing, longer)
    stored(house, copy, class_code="copy")
    stored(house, suit, class_code="general")
    stored(house, history, old, class_code="history")

    # 2571: the first survey; one is kept longer, one dissents, the archives stay silent.
    in_year(house, 2028)
    assert transferring.draw_twenty_years(house.office) == 0
    first = proposed(house, 2570)
    considered(house, first)
    destroying.consider(
        house.office,
        actor=house.ours["director"],
        list_id=first,
        entry_ids=[longer],
        verdict=Verdict.EXTEND,
        until=2575,
    )
    destroying.dissent(house.office, actor=house.ours["clerk"], list_id=first, entry_id=routine, reason="ยังมีผู้ขอดูอยู่")
    destroying.report(house.office, actor=house.ours["director"], list_id=first)
    destroying.decide(house.office, actor=head, list_id=first, kept={})
    destroying.send_to_archives(house.office, actor=records, list_id=first, on=date(2028, 1, 10), number="ทส ๑")
    in_year(house, 2028, 3, 11)
    carried_out(house, first)
    assert [item.outcome for item in disposal(house, first).items].count(Outcome.DESTROYED) == 2
    assert not house.office.blobs.has(Digest.of(own)) and house.office.blobs.has(Digest.of(shared))

    # 2575: the copy goes, and with it the file that nothing shares any more.
    in_year(house, 2032)
    archiving.place_hold(house.office, actor=head, entry_id=suit, reason="คดีปกครอง", order="หมายศาล ๕")
    second = proposed(house, 2574)
    assert [item.entry_id for item in disposal(house, second).items] == [copy]
    considered(house, second)
    destroying.report(house.office, actor=house.ours["director"], list_id=second)
    destroying.decide(house.office, actor=head, list_id=second, kept={}, exempt="ข้อตกลง")
    carried_out(house, second)
    assert not house.office.blobs.has(Digest.of(shared))

    # 2580: ten years are over for the letter in suit, which is held; the extended one goes.
    in_year(house, 2037)
    third = proposed(house, 2579)
    assert [item.entry_id for item in disposal(house, third).items] == [longer]
    archiving.lift_hold(house.office, actor=head, entry_id=suit, reason="คดีถึงที่สุด")
    destroying.cancel(house.office, actor=records, list_id=third, reason="รวมฉบับที่พ้นคดี")
    third = proposed(house, 2579)
    considered(house, third)
    destroying.report(house.office, actor=house.ours["director"], list_id=third)
    destroying.decide(house.office, actor=head, list_id=third, kept={}, exempt="ข้อตกลง")
    carried_out(house, third)

    # 2590: what is kept for ever goes to the National Archives.
    in_year(house, 2047)
    assert transferring.draw_twenty_years(house.office) == 1

    states = {one: kept(house, one).state for one in (routine, sharing, copy, suit, longer, history)}
    assert states == {
        **dict.fromkeys((routine, sharing, copy, suit, longer), KeepingState.DESTROYED),
        history: KeepingState.STORED,
    }
    finished(house, working)
    assert {row.subject for row in house.rows(entries)} == {*names, "หนังสือเก่า"}
    assert [report.breaks for report in verify_journals(house.office)] == [[], []]
