"""`flask backup`: the whole installation into a folder, and back into an empty place."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import click
from flask.cli import AppGroup

from saraban import doorway
from saraban.cli import journal, numbers
from saraban.domain.calendar import office_time
from saraban.domain.errors import SarabanError
from saraban.usecases import backing_up
from saraban.usecases.safekeeping import FilesCopied

group = AppGroup("backup", help="สำรองและกู้คืนทั้งระบบ")
MOST_TOLD = 20
_FOLDER = click.Path(file_okay=False, path_type=Path)
_KEPT = click.Path(exists=True, dir_okay=False, path_type=Path)
_PASSPHRASE = click.option(
    "--passphrase",
    envvar="SARABAN_BACKUP_PASSPHRASE",
    default="",
    help="รหัสผ่านของไฟล์กุญแจ (หรือ SARABAN_BACKUP_PASSPHRASE)",
)


@group.command(
    help="สำรองฐานข้อมูลและไฟล์ลงใน FOLDER ขณะระบบทำงานอยู่ ครั้งต่อไปสำรองเฉพาะไฟล์ใหม่ กุญแจไปอยู่ในไฟล์ --keys ซึ่งต้องเก็บแยก"
)
@click.argument("folder", type=_FOLDER)
@click.option("--keys", type=click.Path(dir_okay=False, path_type=Path), help="ไฟล์กุญแจ ต้องอยู่นอก FOLDER")
@_PASSPHRASE
def make(folder: Path, keys: Path | None, passphrase: str) -> None:
    """Back up, and exit with 0 only when every file is whole."""
    passphrase = _asked(keys, passphrase, again=True)
    with _words(), _bar("สำรองไฟล์") as told:
        made = backing_up.back_up(doorway.services(), folder=folder, keys_file=keys, passphrase=passphrase, told=told)
    click.echo(f"สำรองไว้ที่ {made.folder}")
    click.echo(f"ฐานข้อมูล {made.note.kind} {_megabytes(made.note.database_size)}")
    click.echo(f"ไฟล์ {made.note.files:,} ไฟล์ {_megabytes(made.note.octets)} คัดลอกใหม่ {made.files.copied:,}")
    if made.removed:
        click.echo(f"ลบไฟล์ที่ทำลายตามระเบียบแล้วออกจากสำเนา {made.removed:,} ไฟล์")
    if made.keys is None:
        click.echo("ยังไม่ได้สำรองกุญแจ: ใช้ --keys FILE แล้วเก็บไฟล์นั้นแยกจากโฟลเดอร์นี้ ไม่มีกุญแจ กู้คืนแล้วจะลงตราและส่งหนังสือไม่ได้")
    else:
        click.echo(f"กุญแจ {made.keys:,} ดอกอยู่ใน {keys} เก็บแยกจากโฟลเดอร์สำรอง และจดรหัสผ่านไว้ในที่ปลอดภัย")
    sys.exit(_faults(made.files))


@group.command(help="อ่านสำเนาสำรองทั้งหมดเทียบค่าแฮช โดยไม่กู้คืน รหัสออก 0 เมื่อครบถ้วน")
@click.argument("folder", type=_FOLDER)
def check(folder: Path) -> None:
    """Read a backup through, and exit with 0 only when it is whole."""
    with _words(), _bar("ตรวจไฟล์") as told:
        place, note, files = backing_up.check_backup(doorway.services(), folder=folder, told=told)
    click.echo(f"{place.name}: ฐานข้อมูล {note.kind} ถูกต้อง ไฟล์ครบ {files.there:,} จาก {note.files:,} ไฟล์")
    sys.exit(_faults(files))


@group.command(help="ลบสำเนาเก่า เก็บฉบับล่าสุดของแต่ละวัน สัปดาห์ และเดือนตามจำนวนที่กำหนด ซึ่งใช้ครั้งต่อไปด้วย (keep.json)")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--days", type=click.IntRange(0, 3650), help="เก็บกี่วัน (ปกติ 14)")
@click.option("--weeks", type=click.IntRange(0, 520), help="เก็บกี่สัปดาห์ (ปกติ 8)")
@click.option("--months", type=click.IntRange(0, 240), help="เก็บกี่เดือน (ปกติ 12)")
def prune(folder: Path, days: int | None, weeks: int | None, months: int | None) -> None:
    """Take old backups away."""
    said = {name: count for name, count in (("days", days), ("weeks", weeks), ("months", months)) if count is not None}
    with _words():
        keep = replace(backing_up.keep_of(folder), **said) if said else None
        done = backing_up.prune(doorway.services(), folder=folder, keep=keep)
    rule = done.keep
    click.echo(f"เก็บ {rule.days} วัน {rule.weeks} สัปดาห์ {rule.months} เดือน: เหลือ {len(done.kept)} สำเนา")
    for name in done.gone:
        click.echo(f"ลบ {name}")
    click.echo(f"ลบไฟล์ที่ไม่มีสำเนาใดใช้ {done.files:,} ไฟล์ {_megabytes(done.octets)}")


@group.command(
    help="กู้คืนลงในที่ว่าง แล้วตรวจเลขทะเบียน ลูกโซ่บันทึกเหตุการณ์ และไฟล์ FOLDER คือสำเนาหนึ่ง หรือโฟลเดอร์รวมซึ่งจะใช้สำเนาล่าสุด"
)
@click.argument("folder", type=_FOLDER)
@click.option("--keys", type=_KEPT, help="ไฟล์กุญแจที่สำรองแยกไว้")
@click.option("--destroyed", type=_KEPT, help="บัญชีสิ่งที่ทำลายแล้วฉบับใหม่กว่า (destroyed.txt)")
@_PASSPHRASE
def restore(folder: Path, keys: Path | None, destroyed: Path | None, passphrase: str) -> None:
    """Restore and verify, and exit with 0 only when all is well."""
    passphrase, office = _asked(keys, passphrase), doorway.services()
    with _words(), _bar("กู้คืนไฟล์") as told:
        back = backing_up.restore(
            office, folder=folder, keys_file=keys, passphrase=passphrase, destroyed=destroyed, told=told
        )
    made_at = office_time(datetime.fromisoformat(back.note.made_at)).isoformat(sep=" ", timespec="minutes")
    click.echo(f"กู้คืนสำเนาของ {made_at[:16]} น. แล้ว: ฐานข้อมูล {back.note.kind} ไฟล์ {back.note.files:,} ไฟล์")
    if back.files.left_out or back.destroyed:
        click.echo(f"ไม่กู้คืนสิ่งที่ทำลายตามระเบียบแล้ว: ไฟล์ {back.files.left_out:,} หนังสือ {back.destroyed:,}")
    keys_told = "ยังไม่ได้กู้คืนกุญแจ ใช้ --keys FILE" if back.keys is None else f"กุญแจ {back.keys:,} ดอก"
    click.echo(keys_told)
    click.echo(f"ตรวจค่าแฮชของไฟล์ครบ {back.files.copied + back.files.there:,} ไฟล์")
    rooted = doorway.office().settings.roots_file is not None
    if not rooted:
        click.echo("ยังไม่ได้ตั้ง SARABAN_ROOTS และ SARABAN_TSA_ROOTS ตราและเวลาของวันที่ปิดแล้วจึงยังตรวจผู้ออกไม่ได้")
    wrong = numbers.tell_all(office) + journal.tell_all(office)
    whole = "ตรวจแล้วครบถ้วน" if rooted else "ตรวจแล้วครบถ้วน เว้นตราและเวลาที่ยังตรวจผู้ออกไม่ได้"
    click.echo(whole if not wrong else f"ตรวจแล้วพบสิ่งที่ไม่ถูกต้อง {wrong:,} แห่ง")
    sys.exit(1 if wrong else 0)


@group.command("master-key", help="แสดงกุญแจหลัก (SARABAN_MASTER_KEY) ที่อยู่ในไฟล์กุญแจ ใช้ตั้งค่าเครื่องใหม่ก่อนกู้คืน")
@click.argument("file", type=_KEPT)
@_PASSPHRASE
def master_key(file: Path, passphrase: str) -> None:
    """Print the master key that a file of keys holds."""
    with _words():
        click.echo(backing_up.master_key(doorway.services(), keys_file=file, passphrase=_asked(file, passphrase)))


def _asked(keys: Path | None, passphrase: str, *, again: bool = False) -> str:
    if keys is None or passphrase:
        return passphrase
    return str(click.prompt("รหัสผ่านของไฟล์กุญแจ", hide_input=True, confirmation_prompt=again))


@contextmanager
def _words() -> Iterator[None]:
    try:
        yield
    except SarabanError as error:
        raise click.ClickException(error.thai) from error


@contextmanager
def _bar(label: str) -> Iterator[Callable[[int, int], None]]:
    """A bar on a terminal; a file or a mail of cron gets none."""

    def told(done: int, total: int) -> None:
        if sys.stderr.isatty():
            click.echo(f"\r{label} {done:,}/{total:,}", nl=done == total, err=True)

    yield told


def _faults(files: FilesCopied) -> int:
    if files.faulty:
        click.echo(f"ไฟล์ขาดหรือเสียหาย {len(files.faulty):,} ไฟล์:")
        for digest in files.faulty[:MOST_TOLD]:
            click.echo(f"  {digest}")
    return 1 if files.faulty else 0


def _megabytes(octets: int) -> str:
    return f"{octets / 1_000_000:,.1f} MB"
