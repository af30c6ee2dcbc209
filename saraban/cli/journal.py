"""`flask journal`: the hash chains, and who can prove which day."""

from __future__ import annotations

import sys
from datetime import datetime, timedelta
from pathlib import Path

import click
from flask.cli import AppGroup

from saraban import doorway
from saraban.domain.actor import Actor
from saraban.domain.calendar import office_date
from saraban.domain.errors import SarabanError
from saraban.reading.closes import WitnessReport, witness_reports
from saraban.usecases import journal_exporting
from saraban.usecases.auditing import verify_journals
from saraban.usecases.ports import Services

group = AppGroup("journal", help="บันทึกเหตุการณ์")
_DAY = click.DateTime(["%Y-%m-%d"])


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


@group.command(
    help="ส่งออกบันทึกเหตุการณ์เป็นไฟล์ zip: ลูกโซ่ หัวที่ลงตรา และวิธีตรวจด้วย openssl (ไม่ระบุวัน คือ 90 วันล่าสุดตามกฎหมายคอมพิวเตอร์)"
)
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--agency", "code", required=True, help="รหัสส่วนราชการ")
@click.option("--since", type=_DAY, help="ตั้งแต่วันที่ (ค.ศ. เช่น 2026-11-01)")
@click.option("--until", type=_DAY, help="ถึงวันที่")
@click.option("--classified", is_flag=True, help="รวมข้อความของรายการที่มีชั้นความลับ")
def export(file: Path, code: str, since: datetime | None, until: datetime | None, classified: bool) -> None:
    """Take a part of the journal away."""
    office = doorway.services()
    last = until.date() if until else office_date(office.clock.now())
    first = since.date() if since else last - timedelta(days=journal_exporting.KEPT_DAYS)
    try:
        agency_id = journal_exporting.hosted_agency(office, code)
        with file.open("xb") as out:
            lines = journal_exporting.export_journal(
                office,
                out,
                agency_id=agency_id,
                by=Actor.gateway(agency_id),
                since=first,
                until=last,
                classified=classified,
            )
    except FileExistsError as error:
        raise click.ClickException(f"มีไฟล์ {file} อยู่แล้ว") from error
    except SarabanError as error:
        file.unlink(missing_ok=True)
        raise click.ClickException(error.thai) from error
    click.echo(f"ส่งออก {lines:,} รายการ ตั้งแต่ {first.isoformat()} ถึง {last.isoformat()} ไว้ที่ {file}")


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
