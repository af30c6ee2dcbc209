"""`flask agency`: opening an agency from a file, importing the directory."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import click
from flask.cli import AppGroup

from saraban import doorway
from saraban.domain.agency import PositionRole
from saraban.domain.calendar import office_date
from saraban.domain.errors import SarabanError
from saraban.usecases.administering import NewPerson, NewUnit, import_signed_directory, open_agency

group = AppGroup("agency", help="ส่วนราชการและทำเนียบ")
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@group.command("open", help="เปิดส่วนราชการใหม่จากไฟล์ TOML (ตัวอย่างใน docs/agency.example.toml)")
@click.argument("file", type=_FILE)
def open_(file: Path) -> None:
    """Open an agency from a TOML file."""
    try:
        values: dict[str, Any] = tomllib.loads(file.read_text(encoding="utf-8"))
        open_agency(
            doorway.services(),
            **values["agency"],
            units=[NewUnit(**unit) for unit in values["units"]],
            people=[NewPerson(**{**p, "role": PositionRole(p["role"])}) for p in values.get("people", [])],
            since=office_date(doorway.services().clock.now()),
        )
    except SarabanError as error:
        raise click.ClickException(error.thai) from error
    except (KeyError, TypeError, ValueError) as error:
        raise click.ClickException(f"ไฟล์ไม่ครบหรือไม่ถูกแบบ: {error}") from error
    click.echo(f"เปิด{values['agency']['name']}แล้ว")


@group.command("directory", help="นำเข้าทำเนียบส่วนราชการ (directory.json พร้อม directory.json.p7s ข้างกัน)")
@click.argument("file", type=_FILE)
def directory(file: Path) -> None:
    """Import the directory of agencies with its detached signature."""
    signature = file.with_name(file.name + ".p7s")
    if not signature.exists():
        raise click.ClickException(f"ไม่พบลายมือชื่อของทำเนียบ {signature.name}")
    try:
        count = import_signed_directory(doorway.services(), data=file.read_bytes(), signature=signature.read_bytes())
    except SarabanError as error:
        raise click.ClickException(error.thai) from error
    click.echo(f"นำเข้าทำเนียบ {count} ส่วนราชการแล้ว")
