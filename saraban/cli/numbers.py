"""`flask numbers`: the registers' numbers, checked and closed day by day."""

from __future__ import annotations

import sys

import click
from flask.cli import AppGroup

from saraban import doorway
from saraban.usecases.auditing import Findings, verify_registers
from saraban.usecases.closing import close_days, days_left
from saraban.usecases.ports import Services
from saraban.usecases.registry import BookCheck, LedgerFault
from saraban.usecases.stamping_late import stamp_late

MOST_TOLD = 50
UNCHECKED = 3
"""The exit code when nothing is wrong, but not everything can be checked here."""
group = AppGroup("numbers", help="เลขทะเบียน")


@group.command(
    help="ตรวจทุกเล่มทุกปี: เลขแรก เลขสุดท้าย ใช้ จอง ยกเลิก เลขขาด เลขซ้ำ ลำดับเวลา รายการ บัญชีเลข การปิดวัน ตราและตราเวลา "
    "รหัสออก 0 เมื่อครบถ้วน 1 เมื่อพบสิ่งที่ไม่ถูกต้อง 3 เมื่อไม่พบสิ่งผิดแต่มีตราเวลาที่ตรวจไม่ได้เพราะไม่มีใบรับรองราก"
)
def verify() -> None:
    """Check, and exit with 0 only when all is well."""
    found = _check_all(doorway.services())
    unchecked = UNCHECKED if any(one.unchecked for one in found) else 0
    sys.exit(1 if any(one.wrong for one in found) else unchecked)


def tell_all(office: Services) -> int:
    """Check the registers of every hosted agency and say what is found; gives how many faults there are."""
    return sum(one.wrong for one in _check_all(office))


def _check_all(office: Services) -> list[Findings]:
    found = []
    for agency_id, _ in office.hosted():
        found.append(verify_registers(office, agency_id=agency_id))
        _tell(found[-1])
    return found


@group.command(help="ปิดวันที่ผ่านมาแล้วทุกวันที่ยังไม่ได้ปิด: คำนวณราก ลงตรา และประทับรับรองเวลา")
def close() -> None:
    """Close every past day that is still open, without waiting for the worker."""
    office, days = doorway.services(), 0
    while closed := close_days(office):
        days += closed
    stamped = 0
    while had := stamp_late(office):
        stamped += had
    click.echo(f"ปิดแล้ว {days} วัน ประทับรับรองเวลา {stamped} รายการ")
    left = [code for agency_id, code in office.hosted() if days_left(office, agency_id=agency_id)]
    if left:
        click.echo(f"ยังปิดไม่ได้: {', '.join(left)} ตรวจตราประทับอิเล็กทรอนิกส์ของส่วนราชการ")
    sys.exit(1 if left else 0)


def _tell(found: Findings) -> None:
    for book in found.books:
        click.echo(f"{found.agency.name} {_line(book)}")
        for name, numbers in (("ขาด", book.gaps), ("ซ้ำ", book.duplicates), ("ผิดลำดับเวลา", book.out_of_order)):
            if numbers:
                click.echo(f"  {name}: {', '.join(map(str, numbers[:MOST_TOLD]))}")
    for fault in found.faults[:MOST_TOLD]:
        click.echo(f"  {_words(fault)}")
    if len(found.faults) > MOST_TOLD:
        click.echo(f"  และอีก {len(found.faults) - MOST_TOLD} แห่ง")
    stamped = sum(close.stamped_at is not None for close in found.closes)
    click.echo(f"{found.agency.name} ปิดวันแล้ว {len(found.closes)} วัน ประทับรับรองเวลา {stamped} วัน")
    if reason := next((close.unchecked for close in found.closes if close.unchecked), ""):
        click.echo(f"  {found.unchecked} วัน {reason}")


def _line(book: BookCheck) -> str:
    begins = f" เริ่มที่ {book.begins}" if book.begins > 1 else ""
    before = f" ก่อนใช้ระบบ {book.before}" if book.before else ""
    given = f"เลข {book.first}–{book.last}" if book.first is not None else "ยังไม่มีเลข"
    return (
        f"{book.kind.thai} {book.keeper} พ.ศ. {book.year}: {given}{begins}{before} "
        f"ใช้ {book.used} จอง {book.reserved} ยกเลิก {book.void} "
        f"ขาด {len(book.gaps)} ซ้ำ {len(book.duplicates)} ผิดลำดับเวลา {len(book.out_of_order)}"
    )


def _words(fault: LedgerFault) -> str:
    place = " ".join(
        part
        for part in (
            fault.book,
            f"เลข {fault.serial}" if fault.serial else "",
            f"วันที่ {fault.day.isoformat()}" if fault.day else "",
        )
        if part
    )
    return f"{place}: {fault.reason}" if place else fault.reason
