"""`flask db`: the plumber, who alone of the doors has a key to the cellar."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from saraban import doorway
from saraban.storage import migration, word_index

group = AppGroup("db", help="ฐานข้อมูล")


@group.command(help="ปรับโครงสร้างฐานข้อมูลให้เป็นรุ่นล่าสุด")
def upgrade() -> None:
    """Bring the database to the newest revision."""
    migration.upgrade(doorway.office().settings.database_url)
    click.echo("ฐานข้อมูลเป็นรุ่นล่าสุดแล้ว")


@group.command(help="ถอยโครงสร้างฐานข้อมูลไปยังรุ่นที่ระบุ")
@click.argument("revision")
def downgrade(revision: str) -> None:
    """Take the database back to a revision."""
    migration.downgrade(doorway.office().settings.database_url, revision)
    click.echo(f"ฐานข้อมูลเป็นรุ่น {revision}")


@group.command(help="สร้างดัชนีคำค้นของทะเบียนใหม่จากรายการทั้งหมด")
def reindex() -> None:
    """Build the index of words over register lines anew."""
    lines = word_index.rebuild(doorway.office().settings.database_url)
    click.echo(f"สร้างดัชนีคำค้นใหม่จาก {lines:,} รายการแล้ว")


@group.command(help="ตรวจว่าโครงสร้างฐานข้อมูลตรงกับโปรแกรม")
def check() -> None:
    """Compare the tables in the database with those in the code."""
    if difference := migration.drift(doorway.office().settings.database_url):
        raise click.ClickException(difference)
    click.echo("โครงสร้างตรงกับโปรแกรม")
