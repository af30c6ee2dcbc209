"""`flask people`: accounts and tokens."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from saraban import doorway
from saraban.domain.errors import SarabanError
from saraban.usecases.admitting import issue_token

group = AppGroup("people", help="ผู้ใช้")


@group.command(help="ออกโทเคนให้โปรแกรมทำงานแทนผู้ใช้ แสดงครั้งเดียว")
@click.argument("username")
def token(username: str) -> None:
    """Issue a token to a person; it is shown once."""
    try:
        click.echo(issue_token(doorway.services(), username=username))
    except SarabanError as error:
        raise click.ClickException(error.thai) from error
