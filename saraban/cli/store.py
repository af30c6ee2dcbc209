"""`flask store`: the files by digest as a whole."""

from __future__ import annotations

import sys
from datetime import timedelta

import click
from flask.cli import AppGroup

from saraban import doorway
from saraban.domain.errors import SarabanError
from saraban.usecases import sweeping

group = AppGroup("store", help="ที่เก็บไฟล์")


@group.command(
    help="ตรวจที่เก็บไฟล์ทั้งหมด บอกไฟล์ที่ไม่มีสิ่งใดอ้างถึง และไฟล์ที่มีสิ่งอ้างถึงแต่หาย ปกติไม่ลบ ใช้ --remove เพื่อลบ"
    " รหัสออก 0 เมื่อไม่มีไฟล์หายและลบได้ครบ"
)
@click.option("--remove", is_flag=True, help="ลบไฟล์ที่ไม่มีสิ่งใดอ้างถึงมาครบกำหนด")
@click.option(
    "--days",
    type=click.IntRange(sweeping.LEAST.days, 3650),
    default=sweeping.GRACE.days,
    show_default=True,
    help="ไม่มีสิ่งใดอ้างถึงมาแล้วกี่วันจึงลบได้ นับจากครั้งแรกที่ตรวจพบ",
)
def sweep(remove: bool, days: int) -> None:
    """Look through the store, and exit with 0 only when nothing is missing and all that was to go went."""
    try:
        found, missing = sweeping.sweep(
            doorway.services(), remove=remove, grace=timedelta(days=days), by="flask store sweep"
        )
    except SarabanError as error:
        raise click.ClickException(error.thai) from error
    click.echo(f"ในที่เก็บ {found.files:,} ไฟล์ {_megabytes(found.octets)}")
    click.echo(f"ไม่มีสิ่งใดอ้างถึง {found.unnamed:,} ไฟล์ {_megabytes(found.unnamed_octets)}")
    if remove:
        click.echo(f"ลบแล้ว {found.removed:,} ไฟล์ {_megabytes(found.removed_octets)}")
    else:
        click.echo(f"ครบ {days} วันแล้ว ลบได้ด้วย --remove: {found.ripe:,} ไฟล์ {_megabytes(found.ripe_octets)}")
    if found.held_back:
        click.echo("มากผิดปกติ ระบบไม่ลบเอง ตรวจก่อนว่า DATABASE_URL และ SARABAN_DATA เป็นของชุดเดียวกัน")
    if found.stuck:
        click.echo(f"ลบไม่ได้ {found.stuck:,} ไฟล์ ตรวจสิทธิ์และเจ้าของไฟล์ในโฟลเดอร์ blobs ชื่อไฟล์อยู่ในบันทึกของระบบ")
    if missing:
        click.echo(f"มีสิ่งอ้างถึงแต่ไม่อยู่ในที่เก็บ {found.missing:,} ไฟล์ คัดลอกจากโฟลเดอร์ blobs ของสำเนาสำรอง:")
        for one in missing[: sweeping.SHOWN]:
            click.echo(f"  {one.sha256} {one.what}")
    sys.exit(1 if missing or found.stuck else 0)


def _megabytes(octets: int) -> str:
    return f"{octets / 1_000_000:,.1f} MB"
