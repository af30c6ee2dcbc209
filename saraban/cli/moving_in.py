"""`flask move-in`: the registers of an old system, from a folder on this machine."""

from __future__ import annotations

import sys
from pathlib import Path

import click
from flask.cli import AppGroup

from saraban import doorway
from saraban.domain.errors import BadInput, SarabanError
from saraban.usecases import moving_in

group = AppGroup("move-in", help="ย้ายทะเบียนจากระบบเดิม")
_BY = click.option("--by", "username", required=True, help="ชื่อผู้ใช้ของผู้ดูแลระบบของส่วนราชการที่เป็นผู้สั่ง")
_FAULTS = click.option(
    "--faults", type=click.Path(dir_okay=False, path_type=Path), help="ไฟล์ XLSX สำหรับแถวที่ต้องแก้ (ไม่เขียนเมื่อไม่มี)"
)


@group.command(help="ตรวจทุกแถวของโฟลเดอร์โดยไม่เขียนอะไร รหัสออก 0 เมื่อไม่มีสิ่งที่ต้องแก้")
@click.argument("folder")
@_BY
@_FAULTS
def check(folder: str, username: str, faults: Path | None) -> None:
    """Look at every row."""
    sys.exit(_work(folder, username, moving_in.CHECK, faults))


@group.command(help="ย้ายเข้าทะเบียน หยุดกลางคันแล้วสั่งใหม่ได้ ทำต่อจากที่ค้าง รหัสออก 0 เมื่อเข้าครบทุกแถว")
@click.argument("folder")
@_BY
@_FAULTS
@click.option("--sound", is_flag=True, help="เว้นแถวที่ยังต้องแก้ (ไม่ระบุ คือไม่ย้ายเลยถ้ามีแถวที่ต้องแก้)")
def enter(folder: str, username: str, faults: Path | None, sound: bool) -> None:
    """Enter the rows."""
    sys.exit(_work(folder, username, moving_in.ENTER_SOUND if sound else moving_in.ENTER, faults))


def _work(folder: str, username: str, deed: str, faults: Path | None) -> int:
    """Do it with a bar, and write the rows with faults down; the exit code."""
    office = doorway.services()
    if Path(folder).is_absolute():  # as a shell completes it
        folder = Path(folder).name
    with click.progressbar(length=1000, label=folder) as bar:
        told = 0

        def step(done: int, total: int) -> None:
            nonlocal told
            now = 1000 * done // total
            bar.update(now - told)
            told = now

        try:
            made = moving_in.move_in_now(office, username=username, folder=folder, deed=deed, step=step)
        except SarabanError as error:
            raise click.ClickException(error.in_words if isinstance(error, BadInput) else error.thai) from error
    click.echo(made.words)
    if made.result is None:
        return 0
    if faults is not None:
        faults.write_bytes(office.blobs.open(made.result))
    return 1
