"""`flask keys`: seals of agencies and signing keys of officers."""

from __future__ import annotations

from pathlib import Path

import click
from flask.cli import AppGroup

from saraban import doorway
from saraban.domain.errors import BadInput, SarabanError
from saraban.usecases import auditing

group = AppGroup("keys", help="ตราประทับและกุญแจลงนาม")
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@group.command("import", help="นำเข้าตราประทับของส่วนราชการ (PKCS#12 หรือ PEM)")
@click.argument("file", type=_FILE)
@click.option("--agency", "code", required=True, help="รหัสส่วนราชการ")
@click.option("--passphrase", prompt="รหัสผ่านของไฟล์ (ว่างได้)", hide_input=True, default="")
def import_(file: Path, code: str, passphrase: str) -> None:
    """Import the seal of an agency."""
    try:
        auditing.import_seal(doorway.services(), agency_code=code, data=file.read_bytes(), passphrase=passphrase)
    except SarabanError as error:
        raise click.ClickException(error.thai) from error
    click.echo("นำเข้าตราประทับแล้ว")


@group.command(help="สร้างกุญแจตราประทับและพิมพ์คำขอใบรับรอง (CSR)")
@click.option("--agency", "code", required=True, help="รหัสส่วนราชการ")
def request(code: str) -> None:
    """Make a seal key and print the certificate request."""
    try:
        click.echo(auditing.request_seal(doorway.services(), agency_code=code).decode(), nl=False)
    except SarabanError as error:
        raise click.ClickException(error.thai) from error


@group.command(help="นำเข้ากุญแจลงนามของผู้ลงนาม (PKCS#12)")
@click.argument("file", type=_FILE)
@click.option("--username", required=True, help="ชื่อผู้ใช้ของเจ้าของกุญแจ")
@click.option("--old-passphrase", prompt="รหัสผ่านเดิมของไฟล์", hide_input=True)
@click.option("--passphrase", prompt="รหัสผ่านใหม่", hide_input=True, confirmation_prompt=True)
def officer(file: Path, username: str, old_passphrase: str, passphrase: str) -> None:
    """Import an officer's signing key."""
    try:
        auditing.import_officer_key(
            doorway.services(),
            username=username,
            data=file.read_bytes(),
            old_passphrase=old_passphrase,
            passphrase=passphrase,
        )
    except SarabanError as error:
        raise click.ClickException(error.thai) from error
    click.echo("นำเข้ากุญแจลงนามแล้ว")


@group.command(help="ผูกโทเคนลงนาม (PKCS#11) กับผู้ลงนาม FILE คือใบรับรอง PEM ของผู้ลงนามและผู้ออกใบรับรองตามลำดับ")
@click.argument("file", type=_FILE)
@click.option("--username", required=True, help="ชื่อผู้ใช้ของเจ้าของโทเคน")
@click.option("--token", required=True, help="ชื่อโทเคน (label)")
@click.option("--key", required=True, help="ชื่อกุญแจในโทเคน (label)")
def token(file: Path, username: str, token: str, key: str) -> None:
    """Write down on which token an officer's signing key lies."""
    try:
        auditing.register_token(
            doorway.services(), username=username, token=token, key=key, certificates=file.read_bytes()
        )
    except BadInput as error:
        raise click.ClickException(" ".join(error.fields.values())) from error
    except SarabanError as error:
        raise click.ClickException(error.thai) from error
    click.echo("ผูกโทเคนแล้ว ผู้ลงนามใส่ PIN ของโทเคนเมื่อลงนาม")
