"""`flask document`: the file of an issued document, examined by anybody."""

from __future__ import annotations

import sys
from pathlib import Path

import click
from flask.cli import AppGroup

from saraban import doorway
from saraban.domain.calendar import office_date
from saraban.domain.page_signature import PageSignature
from saraban.domain.verification import DocumentState
from saraban.exchange.issued_data import IssuedData
from saraban.reading.verifying import verified
from saraban.usecases.examining import Examined, examine

group = AppGroup("document", help="เอกสารที่ออกให้ประชาชน")
_PARTS = {
    "whole": "ไบต์ที่ลงนามครบ",
    "unchanged": "ไม่ถูกแก้หลังลงนาม",
    "made": "ทำด้วยกุญแจของใบรับรอง",
    "trusted": "ใบรับรองสืบถึงรากที่ติดตั้งไว้",
    "certificate": "ใบรับรองใช้ได้ขณะลงนาม",
    "time": "ตราประทับเวลา",
}
_STATES = {
    DocumentState.VALID: "ใช้ได้",
    DocumentState.SUSPENDED: "พักใช้",
    DocumentState.CANCELLED: "ยกเลิกแล้ว",
    DocumentState.REPLACED: "มีฉบับแทนแล้ว",
    DocumentState.EXPIRED: "หมดอายุแล้ว",
}


@group.command(
    help="ตรวจไฟล์ PDF ของเอกสารเป็นส่วน ๆ: ลายมือชื่อ ใบรับรอง ตราประทับเวลา ข้อมูลในไฟล์ รหัส ไม่ต่อเครือข่าย "
    "รหัสออก 0 เมื่อลายมือชื่อกับข้อมูลใช้ได้ และรหัสที่ระบบนี้รู้จักตรงกับไฟล์"
)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def verify(file: Path) -> None:
    """Examine a file, and exit with 0 only when nothing is wrong."""
    found = examine(doorway.services(), file.read_bytes())
    click.echo(f"SHA-256 {found.sha256.hex}")
    _tell_signatures(found)
    _tell_data(found)
    sys.exit(0 if all((found.signatures_hold, found.data_agrees, _tell_code(found))) else 1)


def _tell_signatures(found: Examined) -> None:
    click.echo("1. ลายมือชื่อและตรา")
    if found.signed.problem or not found.signed.signatures:
        click.echo(f"  ✗ {found.signed.problem or 'ไม่มีลายมือชื่อในไฟล์'}")
    for one in found.signed.signatures:
        click.echo(f"  {one.ordinal}) {one.signer or 'ไม่ทราบชื่อ'} {one.organisation}".rstrip())
        _tell_parts(one)


def _tell_parts(one: PageSignature) -> None:
    for name, answer in one.parts:
        mark = {True: "✓", False: "✗"}.get(answer.value, "?") if answer.value is not None else "?"
        click.echo(f"     {mark} {_PARTS[name]}" + (f": {answer.reason}" if answer.reason else ""))


def _tell_data(found: Examined) -> None:
    click.echo("2. ข้อมูลในไฟล์ตาม schema")
    for one in found.data:
        click.echo(f"  {'✗' if one.problem else '✓'} {one.name}" + (f": {one.problem}" if one.problem else ""))
    if all(one.said is not None for one in found.data):
        click.echo("  ✓ ทั้งสองไฟล์ตรงกัน" if found.data_agrees else "  ✗ สองไฟล์ไม่ตรงกัน")
    said = next((one.said for one in found.data if one.said is not None), None)
    if said is not None:
        click.echo(f"  {said.agency} · {said.kind} · {said.number} · {_days(said)}")


def _days(said: IssuedData) -> str:
    until = f" ถึง {said.valid_until.isoformat()}" if said.valid_until else ""
    return (said.date.isoformat() if said.date else "") + until


def _tell_code(found: Examined) -> bool:
    """Say what its code tells; False when this installation knows the code, and the file is another or not valid."""
    click.echo("3. รหัสตรวจสอบ")
    if not found.code:
        click.echo("  ? เอกสารนี้ไม่มีรหัสตรวจสอบ สอบถามผู้ออกว่ายังใช้ได้หรือไม่")
        return True
    today = office_date(doorway.services().clock.now())
    with doorway.office().reading.connect() as reader:
        known = verified(reader, found.code, today)
    if known is None:
        click.echo("  ? ไม่ใช่เอกสารของระบบนี้ ดูสถานะวันนี้ที่หน้าตรวจสอบของผู้ออกตามที่อยู่ในเอกสาร")
        return True
    is_same = any(one.sha256 == found.sha256.hex for one in known.files)
    click.echo("  ✓ ตรงกับไฟล์ที่ออก" if is_same else "  ✗ ไม่ตรงกับไฟล์ที่ออก")
    click.echo(
        f"  {'✓' if known.state is DocumentState.VALID else '✗'} วันนี้{_STATES.get(known.state, known.state.value)}"
    )
    return is_same and known.state is DocumentState.VALID
