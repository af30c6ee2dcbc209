"""`flask journal`: the hash chains, and who can prove which day."""

from __future__ import annotations

import sys

import click
from flask.cli import AppGroup

from saraban import doorway
from saraban.reading.closes import WitnessReport, witness_reports
from saraban.usecases.auditing import verify_journals
from saraban.usecases.ports import Services

group = AppGroup("journal", help="บันทึกเหตุการณ์")


@group.command(help="ตรวจลูกโซ่แฮชของบันทึกเหตุการณ์ทุกส่วนราชการ รหัสออก 0 เมื่อครบถ้วน")
def verify() -> None:
    """Check, and exit with 0 only when all is well."""
    sys.exit(1 if tell_all(doorway.services()) else 0)


def tell_all(office: Services) -> int:
    """Walk the chain of every hosted agency and say what is found; gives how many breaks there are."""
    broken = 0
    for report in verify_journals(office):
        broken += len(report.breaks)
        words = "ครบถ้วน" if not report.breaks else f"พบจุดผิด {len(report.breaks)} แห่ง"
        click.echo(f"{report.agency_code}: {report.lines} รายการ {words}")
        for line in report.breaks:
            click.echo(f"  ลำดับ {line.seq}: {line.reason}")
    return broken


@group.command(help="บอกว่าส่วนราชการใดพิสูจน์วันใดของเราได้ และเราพิสูจน์วันใดของใครได้ รหัสออก 0 เมื่อไม่มีรากที่ขัดกัน")
def witness() -> None:
    """Tell who can prove which day, and exit with 0 only when no roots contradict each other."""
    wrong = 0
    for report in witness_reports(doorway.reader()):
        wrong += len(report.contradictions)
        _tell(report)
    sys.exit(1 if wrong else 0)


def _tell(report: WitnessReport) -> None:
    click.echo(f"{report.code} {report.name}")
    if not report.days:
        click.echo("  ยังไม่มีวันที่ปิดแล้ว")
    for day in report.days:
        direct = ", ".join(day.given_to) or "ยังไม่มี"
        later = f" และด้วยรากของวันหลัง {', '.join(day.proven_by)}" if day.proven_by else ""
        click.echo(f"  วันที่ {day.day.isoformat()} ราก {day.root.hex[:16]}… พิสูจน์ได้โดย {direct}{later}")
    for kept in report.kept:
        click.echo(f"  เราพิสูจน์ {kept.other_code} วันที่ {kept.day.isoformat()} ราก {kept.root.hex[:16]}…")
    for one in report.contradictions:
        roots = " ≠ ".join(root.hex[:16] + "…" for root in one.roots)
        click.echo(f"  ขัดกัน {one.other_code} วันที่ {one.day.isoformat()}: {one.reason} ({roots})")
