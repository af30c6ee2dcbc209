"""`flask journal`: the hash chains."""

from __future__ import annotations

import sys

import click
from flask.cli import AppGroup

from saraban import doorway
from saraban.usecases.auditing import verify_journals

group = AppGroup("journal", help="บันทึกเหตุการณ์")


@group.command(help="ตรวจลูกโซ่แฮชของบันทึกเหตุการณ์ทุกส่วนราชการ รหัสออก 0 เมื่อครบถ้วน")
def verify() -> None:
    """Check, and exit with 0 only when all is well."""
    broken = 0
    for report in verify_journals(doorway.services()):
        broken += len(report.breaks)
        words = "ครบถ้วน" if not report.breaks else f"พบจุดผิด {len(report.breaks)} แห่ง"
        click.echo(f"{report.agency_code}: {report.lines} รายการ {words}")
        for line in report.breaks:
            click.echo(f"  ลำดับ {line.seq}: {line.reason}")
    sys.exit(1 if broken else 0)
