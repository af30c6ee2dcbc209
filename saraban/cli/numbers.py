"""`flask numbers`: the registers' numbers."""

from __future__ import annotations

import sys

import click
from flask.cli import AppGroup

from saraban import doorway
from saraban.reading.audit import number_report

group = AppGroup("numbers", help="เลขทะเบียน")


@group.command(help="ตรวจทุกเล่มทุกปี: เลขแรก เลขสุดท้าย ใช้ จอง ยกเลิก เลขขาด เลขซ้ำ ลำดับเวลา รหัสออก 0 เมื่อครบถ้วน")
def verify() -> None:
    """Check, and exit with 0 only when all is well."""
    wrong = 0
    for book in number_report(doorway.reader(), None):
        faults = [*book.gaps, *book.duplicates, *book.out_of_order]
        wrong += len(faults)
        click.echo(
            f"{book.agency} {book.kind.thai} {book.keeper} ปี {book.year}: เลข {book.first}–{book.last} "
            f"ใช้ {book.used} จอง {book.reserved} ยกเลิก {book.void} "
            f"ขาด {len(book.gaps)} ซ้ำ {len(book.duplicates)} ผิดลำดับเวลา {len(book.out_of_order)}"
        )
        for name, numbers in (("ขาด", book.gaps), ("ซ้ำ", book.duplicates), ("ผิดลำดับเวลา", book.out_of_order)):
            if numbers:
                click.echo(f"  {name}: {', '.join(map(str, numbers[:50]))}")
    sys.exit(1 if wrong else 0)
