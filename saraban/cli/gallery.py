"""`flask gallery`: a document of every form in three lengths, to be looked at and to show to others."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from itertools import groupby
from pathlib import Path

import click
from flask.cli import AppGroup

from saraban import doorway
from saraban.cli.sample_documents import Sample, samples
from saraban.domain.calendar import BANGKOK
from saraban.domain.verification import address

group = AppGroup("gallery", help="ตัวอย่างหนังสือทุกแบบ")
_MADE = datetime(2026, 11, 23, 8, 41, tzinfo=BANGKOK)
"""The time that is written into the files, always the same: the same documents are the same bytes."""
_HEAD = """# Every form on paper

A document of every form of the regulation's annex, short, typical and of four pages; all names are invented, emblem and
seal are stand-ins. Made anew with `flask --app wsgi gallery draw`.

| form | short | typical | long |
|---|---|---|---|
"""


@group.command(help="พิมพ์ตัวอย่างหนังสือทุกแบบเป็น PDF ลงในโฟลเดอร์ พร้อมสารบัญ README.md")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path), default=Path("docs/gallery"))
def draw(folder: Path) -> None:
    """Write the files and their index."""
    folder.mkdir(parents=True, exist_ok=True)
    renderer, rows, count = doorway.services().renderer, [], 0
    for form, of_form in groupby(samples(), key=lambda sample: sample.form):
        cells = []
        for sample in of_form:
            page = renderer.letter(replace(sample.letter, verification=_code(sample)), at=_MADE)
            (folder / sample.name).write_bytes(page.pdf)
            cells.append(_cell(sample, page.pages))
        rows.append(f"| {form.thai} | {' | '.join(cells)} |\n")
        count += len(cells)
    (folder / "README.md").write_text(_HEAD + "".join(rows), encoding="utf-8")
    click.echo(f"พิมพ์ตัวอย่าง {count} ฉบับไว้ที่ {folder}")


def _code(sample: Sample) -> str | None:
    """An address of the public page as an agency's letters carry it; none on what is classified."""
    code = "0123456789ABCDEFGHJK"
    return address("https://saraban.example.go.th", code) if sample.letter.secrecy.is_open else None


def _cell(sample: Sample, pages: int) -> str:
    return f"[{pages} page{'s' if pages > 1 else ''}]({sample.name})"
