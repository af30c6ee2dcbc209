"""`flask archive`: packages for the National Archives."""

from __future__ import annotations

import sys
from pathlib import Path

import click
from flask.cli import AppGroup

from saraban.exchange.bagit import faults_of_bag

group = AppGroup("archive", help="ชุดส่งมอบหอจดหมายเหตุแห่งชาติ")


@group.command(help="ตรวจชุดส่งมอบ (BagIt) ทุกไฟล์เทียบค่าแฮช รหัสออก 0 เมื่อครบถ้วน")
@click.argument("path", type=click.Path(exists=True, path_type=Path))
def verify(path: Path) -> None:
    """Check a package, and exit with 0 only when all is well."""
    count, faults = faults_of_bag(path)
    for fault in faults:
        click.echo(fault)
    click.echo(f"{count:,} ไฟล์ {'ครบถ้วน' if not faults else f'พบจุดผิด {len(faults)} แห่ง'}")
    sys.exit(1 if faults else 0)
