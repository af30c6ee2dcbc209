"""`flask search`: the index of letters, lines and the words in their files."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from saraban import doorway
from saraban.usecases.indexing import begin_anew, index_next, read_next_scan, still_waiting

AT_A_TIME = 500
group = AppGroup("search", help="ดัชนีการค้น")


@group.command(help="สร้างดัชนีการค้นใหม่จากหนังสือและทะเบียนทั้งหมด หยุดกลางคันได้ worker ทำต่อให้")
@click.option("--files", is_flag=True, help="อ่านคำในไฟล์และภาพสแกนใหม่ด้วย")
def rebuild(files: bool) -> None:
    """Index everything anew. Searching goes on meanwhile; whatever ends this early, the worker does the rest."""
    office = doorway.services()
    total = begin_anew(office, files_too=files)
    with click.progressbar(length=total, label="สร้างดัชนี") as bar:
        while count := index_next(office, most=AT_A_TIME):
            bar.update(count)
    scans = 0
    while read_next_scan(office):
        scans += 1
    while index_next(office, most=AT_A_TIME):
        pass
    click.echo(f"สร้างดัชนีแล้ว {total:,} รายการ อ่านภาพสแกน {scans:,} ไฟล์")


@group.command(help="บอกจำนวนที่รอเข้าดัชนี และเครื่องนี้อ่านภาพสแกนได้หรือไม่")
def status() -> None:
    """Say how much waits to be indexed."""
    office = doorway.services()
    reads = "อ่านได้" if office.file_reader.reads_scans else "อ่านไม่ได้ ต้องติดตั้ง tesseract-ocr และ tesseract-ocr-tha"
    click.echo(f"รอเข้าดัชนี {still_waiting(office):,} รายการ ภาพสแกน{reads}")
