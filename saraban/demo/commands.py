"""`flask hub`: the demo's mail service in a process of its own."""

from __future__ import annotations

import json

import click
from flask import Flask

from saraban import doorway
from saraban.bootstrap import SystemClock
from saraban.mail.hub import HubAccount, HubPorts, HubSettings, run_hub


def open_door(app: Flask) -> None:
    """Register the command."""
    app.cli.add_command(_hub)


@click.command("hub", help="บริการไปรษณีย์ของระบบสาธิต (process ของตัวเอง)")
def _hub() -> None:
    """Run the demo's mail service in this process."""
    data = doorway.office().settings.data_folder
    plan = json.loads((data / "demo" / "hub.json").read_text())
    settings = HubSettings(
        folder=data / "demo" / "mail",
        accounts=tuple(HubAccount(address, password) for address, password in plan["accounts"].items()),
        smtp_port=plan["smtp_port"],
        imap_port=plan["imap_port"],
    )
    run_hub(settings, SystemClock(), _tell)


def _tell(ports: HubPorts) -> None:
    click.echo(f"hub: SMTP {ports.host}:{ports.smtp} IMAP {ports.host}:{ports.imap}")
