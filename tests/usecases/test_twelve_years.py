"""Twelve years in a minute, and the years after them until the National Archives have what is theirs: letters come in,
are worked on, stored, lent, held, extended, destroyed and handed over, with a dissent and a file that two letters
share; the registers and the journal stay whole to the end."""

from __future__ import annotations

import zipfile
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from saraban.domain.attachment import Digest
from saraban.domain.calendar import office_date
from saraban.domain.disposal_item import Opinion, Outcome, Verdict
from saraban.domain.errors import RuleBroken
from saraban.domain.handover import HandoverKind, HandoverState
from saraban.domain.keeping import KeepingState
from saraban.domain.loan import LoanState
from saraban.domain.register import EntryId
from saraban.exchange.bagit import faults_of_bag
from saraban.storage.tables.archive import handovers
from saraban.storage.tables.closing import errands
from saraban.storage.tables.registers import entries
from saraban.usecases import archiving, destroying, lending, transfer_package, transferring
from saraban.usecases.auditing import verify_journals, verify_registers
from saraban.usecases.errands import order_errand, run_next_errand
from saraban.usecases.kept import forget_words
from tests.usecases.archive import (
    agreed,
    carried_out,
    cleared,
    considered,
    disposal,
    finished,
    in_year,
    kept,
    paper,
    proposed,
    secret_paper,
    stored,
)
from tests.usecases.house import House

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 20
NAMES = ("ธรรมดา", "ร่วมไฟล์", "คู่สำเนา", "ในคดี", "ขยายเวลา", "ประวัติศาสตร์", "ใช้ต่อ", "ยังปฏิบัติ")
SCANS = {"ธรรมดา": PNG + b"own", "ร่วมไฟล์": PNG + b"shared", "คู่สำเนา": PNG + b"shared", "ประวัติศาสตร์": PNG + b"history"}


def has(house: House, name: str) -> bool:
    """Are the bytes of this letter's scan still there?"""
    return house.office.blobs.has(Digest.of(SCANS[name]))


def lent(house: House, entry: EntryId) -> UUID:
    """The director has the letter for fifteen days."""
    due = office_date(house.clock.now()) + timedelta(days=15)
    asked = lending.Asked("ใช้เขียนประวัติหน่วยงาน", due)
    loan_id = lending.ask(house.office, actor=house.ours["director"], entry_id=entry, asked=asked)
    lending.permit(house.office, actor=house.ours["head"], loan_id=loan_id)
    lending.lend(house.office, actor=house.ours["records"], loan_id=loan_id)
    return loan_id


def surveyed(house: House, year: int, *, extended: EntryId | None = None, dissent: EntryId | None = None) -> UUID:
    """A list of what is due that the committee has considered: this one is kept longer, about that one a member is of
    another mind."""
    list_id = proposed(house, year)
    considered(house, list_id)
    said: dict[str, Any] = {"actor": house.ours["director"], "list_id": list_id}
    if extended is not None:
        destroying.consider(house.office, **said, opinion=Opinion([extended], Verdict.EXTEND, 2575))
    if dissent is not None:
        destroying.dissent(house.office, **said | {"actor": house.ours["clerk"]}, entry_id=dissent, reason="ยังมีผู้ขอดู")
    return list_id


def handed(house: House, list_id: UUID, number: str) -> None:
    """The list went to the National Archives today."""
    on, records = office_date(house.clock.now()), house.ours["records"]
    transferring.hand_over(
        house.office, actor=records, list_id=list_id, on=on, number=number, receiver="นายรับ หอจดหมายเหตุ"
    )


def packed(house: House, list_id: UUID, place: Path) -> Path:
    """The package of the list, as the worker made it."""
    order = {"list": str(list_id)}
    order_errand(house.office, actor=house.ours["records"], kind=transfer_package.ERRAND, title="ชุด", order=order)
    assert run_next_errand(house.office, doers=house.office.doers) == 1
    [row] = house.rows(errands)
    assert (row.state, row.problem) == ("done", "")
    place.write_bytes(house.office.blobs.open(row.result))
    return place


def twenty(house: House) -> dict[HandoverKind, UUID]:
    """The newest list of each form."""
    return {row.kind: row.id for row in sorted(house.rows(handovers), key=lambda row: (row.year, row.serial))}


def items_of(house: House, list_id: UUID) -> dict[UUID, str]:
    """The letters on a list of twenty years, each with its note."""
    with house.office.uow() as uow:
        return {one.entry_id: one.note for one in uow.handovers.get(house.ours.agency.id, list_id).items}


def test_twelve_years_of_an_office_and_the_twenty_of_its_letters(house: House, tmp_path: Path) -> None:
    letters = {name: paper(house, name, scan=SCANS.get(name, b"")) for name in NAMES}
    routine, sharing, copy, suit, longer, history, needed, working = letters.values()
    secret, undated = secret_paper(house, "ลับ"), paper(house, "หนังสือไม่ลงวันที่", letter_date=None)
    head, director, records = (house.ours[name] for name in ("head", "director", "records"))

    # 2569: finished and stored; one stays in work.
    stored(house, routine, sharing, longer)
    stored(house, copy, class_code="copy")
    stored(house, suit, class_code="general")
    stored(house, history, needed, undated, class_code="history")
    stored(house, secret, class_code="secret")

    # 2571: the first survey; one is kept longer, one dissents, one comes back late, the archives stay silent.
    in_year(house, 2028)
    assert transferring.draw_twenty_years(house.office) == 0
    loan_id = lent(house, sharing)
    first = surveyed(house, 2570, extended=longer, dissent=routine)
    assert sharing not in {item.entry_id for item in disposal(house, first).items}
    agreed(house, first)
    destroying.report(house.office, actor=director, list_id=first)
    destroying.decide(house.office, actor=head, list_id=first, kept={})
    destroying.send_to_archives(house.office, actor=records, list_id=first, on=date(2028, 1, 10), number="ทส ๑")
    in_year(house, 2028, 3, 11)
    lending.call(house.office, actor=records, loan_id=loan_id)
    carried_out(house, first)
    lending.take_back(house.office, actor=records, loan_id=loan_id)
    with house.office.uow() as uow:
        loan = uow.loans.get(house.ours.agency.id, loan_id)
    assert (loan.state, loan.called) == (LoanState.RETURNED, 1)
    assert loan.returned_on is not None and loan.returned_on > loan.due_on
    outcomes = {item.entry_id: item.outcome for item in disposal(house, first).items}
    assert outcomes == {routine: Outcome.DESTROYED, longer: Outcome.EXTENDED}
    assert not has(house, "ธรรมดา") and has(house, "ร่วมไฟล์")

    # 2572: what was lent goes; the copy that stays shares its file.
    in_year(house, 2029)
    second = surveyed(house, 2571)
    cleared(house, second)
    carried_out(house, second)
    assert kept(house, sharing).state is KeepingState.DESTROYED and has(house, "ร่วมไฟล์")

    # 2575: the copy goes, and with it the file that nothing shares any more; the letter of the suit is held.
    in_year(house, 2032)
    archiving.place_hold(house.office, actor=head, entry_id=suit, reason="คดีปกครอง", order="หมายศาล ๕")
    third = surveyed(house, 2574)
    assert [item.entry_id for item in disposal(house, third).items] == [copy]
    cleared(house, third)
    carried_out(house, third)
    assert not has(house, "คู่สำเนา")

    # 2580: ten years are over for the letter in suit, which is held until the suit is; the extended one goes.
    in_year(house, 2037)
    given_up = proposed(house, 2579)
    assert [item.entry_id for item in disposal(house, given_up).items] == [longer]
    archiving.lift_hold(house.office, actor=head, entry_id=suit, reason="คดีถึงที่สุด")
    destroying.cancel(house.office, actor=records, list_id=given_up, reason="รวมฉบับที่พ้นคดี")
    fourth = surveyed(house, 2579)
    cleared(house, fourth)
    carried_out(house, fourth)
    forget_words(house.office)

    # 2590: forms 21 and 22 draw themselves up; one is needed, one is still lent.
    in_year(house, 2047)
    assert transferring.draw_twenty_years(house.office) == 2
    going = twenty(house)[HandoverKind.TRANSFER]
    assert items_of(house, going).keys() == {history, needed}
    assert items_of(house, twenty(house)[HandoverKind.OWN]) == {secret: "หนังสือที่ต้องสงวนเป็นความลับ"}
    own = transferring.keep_ourselves(
        house.office, actor=records, list_id=going, entry_ids=[needed], reason="ยังใช้ปฏิบัติงาน"
    )
    assert items_of(house, own) == {needed: "ยังใช้ปฏิบัติงาน"} and items_of(house, going).keys() == {history}
    bag = packed(house, going, tmp_path / "package.zip")
    assert faults_of_bag(bag)[1] == [] and SCANS["ประวัติศาสตร์"] in _unpacked(bag)
    loan_id = lent(house, history)
    with pytest.raises(RuleBroken):
        handed(house, going, "ทส ๒")
    lending.take_back(house.office, actor=records, loan_id=loan_id)
    for number, row in enumerate(house.rows(handovers), start=2):
        handed(house, row.id, f"ทส {number}")
    assert {row.state for row in house.rows(handovers)} == {HandoverState.HANDED}

    gone = dict.fromkeys((routine, sharing, copy, suit, longer), KeepingState.DESTROYED)
    stays = dict.fromkeys((needed, secret, undated), KeepingState.STORED)
    assert {one: kept(house, one).state for one in (*gone, *stays, history)} == {
        **gone,
        **stays,
        history: KeepingState.TRANSFERRED,
    }
    finished(house, working)
    assert {row.subject for row in house.rows(entries)} == {*NAMES, "ลับ", "หนังสือไม่ลงวันที่"}
    assert verify_registers(house.office, agency_id=house.ours.agency.id).sound
    assert [report.breaks for report in verify_journals(house.office)] == [[], []]


def _unpacked(bag: Path) -> list[bytes]:
    with zipfile.ZipFile(bag) as zipped:
        return [zipped.read(name) for name in zipped.namelist()]
