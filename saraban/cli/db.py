"""`flask db`: the plumber, who alone of the doors has a key to the cellar."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from saraban import doorway
from saraban.storage import migration

group = AppGroup("db", help="ฐานข้อมูล")


@group.command()
def upgrade() -> None:
    """ปรับโครงสร้างฐานข้อมูลให้เป็นรุ่นล่าสุด"""
    migration.upgrade(doorway.office().settings.database_url)
    click.echo("ฐานข้อมูลเป็นรุ่นล่าสุดแล้ว")


@group.command()
@click.argument("revision")
def downgrade(revision: str) -> None:
    """ถอยโครงสร้างฐานข้อมูลไปยังรุ่นที่ระบุ"""
    migration.downgrade(doorway.office().settings.database_url, revision)
    click.echo(f"ฐานข้อมูลเป็นรุ่น {revision}")


@group.command()
def check() -> None:
    """ตรวจว่าโครงสร้างฐานข้อมูลตรงกับโปรแกรม"""
    if difference := migration.drift(doorway.office().settings.database_url):
        raise click.ClickException(difference)
    click.echo("โครงสร้างตรงกับโปรแกรม")
