"""`flask mail`: the central mailboxes."""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path

import click
from flask.cli import AppGroup

from saraban import doorway
from saraban.domain.errors import SarabanError
from saraban.usecases.connecting import examine_mailbox, watched_mailboxes
from saraban.usecases.fetching import take_in as keep_message

group = AppGroup("mail", help="กล่องไปรษณีย์กลาง")
_BY_HAND = 0


@group.command(help="เข้ากล่อง ส่งถึงตนเอง รับกลับ แล้วบอกเป็นขั้น ๆ รหัสออก 0 เมื่อทุกขั้นใช้ได้")
@click.option("--agency", "code", help="รหัสส่วนราชการ (ถ้าไม่ระบุ ตรวจทุกแห่ง)")
def doctor(code: str | None) -> None:
    """Try the mailboxes step by step; exit with 0 only when every step works."""
    office = doorway.services()
    good = True
    boxes = [(box.agency_code, box.address) for box in watched_mailboxes(office) if code in (None, box.agency_code)]
    for agency, address in boxes or [(code or "", "")]:
        click.echo(f"— {agency} {address}")
        try:
            for found in examine_mailbox(office, agency_code=agency, address=address):
                click.echo(f"  {'✓' if found.good else '!' if found.good is None else '✗'} {found.step}: {found.words}")
                if found.fix:
                    click.echo(f"      → {found.fix}")
                good = good and found.good is not False
        except SarabanError as error:
            click.echo(f"  ✗ {error.thai}")
            good = False
    sys.exit(0 if good else 1)


@group.command("take-in", help="นำไฟล์ .eml เข้าระบบเหมือนดึงจากกล่อง แล้วตัวทำงานเบื้องหลังจะตรวจต่อ")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--agency", "code", required=True, help="รหัสส่วนราชการที่รับ")
def take_in(file: Path, code: str) -> None:
    """Take an .eml file in as if it had been fetched."""
    office = doorway.services()
    raw = file.read_bytes()
    with office.uow() as uow:
        agency = uow.agencies.by_code(code)
    if agency is None:
        raise click.ClickException(f"ไม่มีส่วนราชการรหัส “{code}” ในระบบนี้")
    # A file has no UID: the first octets of its digest stand in, so that the same file is kept once.
    uid = int.from_bytes(hashlib.sha256(raw).digest()[:7], "big")
    kept = keep_message(office, agency_id=agency.id, mailbox=agency.mailbox, uidvalidity=_BY_HAND, uid=uid, raw=raw)
    click.echo("รับไว้แล้ว" if kept else "ไฟล์นี้เคยรับไว้แล้ว")
