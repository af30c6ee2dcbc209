"""The room that the installation takes, and its backups, for programs that watch over it."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from marshmallow import Schema

from saraban import doorway
from saraban.api import shapes as s
from saraban.api import showing
from saraban.api.errands import ErrandShape, ordered
from saraban.api.fields import Flag, Form
from saraban.api.gate import section, told
from saraban.api.repeating import Json, once
from saraban.domain.backups import BackupDeed, BackupTrace
from saraban.domain.calendar import office_date
from saraban.domain.permissions import may_administer, require
from saraban.domain.store import SweepTrace
from saraban.reading import backups, store
from saraban.reading import errands as errand_rows
from saraban.reading import room as rows
from saraban.usecases import sweeping
from saraban.usecases.errands import order_errand
from saraban.usecases.ports import Services

api = section("room", "พื้นที่เก็บข้อมูลของระบบและการสำรอง")


class GrownShape(Schema):
    """Database or files: octets, and by how many they grow in a day."""

    used = s.whole(1_200_000_000)
    a_day = s.whole(2_500_000, none=True)
    in_a_year = s.whole(2_100_000_000, none=True)


class SweepShape(Schema):
    """The last look through the store of files: what lies there, what nothing names, what of it may be removed, what
    was removed, what the disk did not let go, and what is named and missing."""

    at = s.moment()
    by = s.text("", "ว่างเมื่อระบบตรวจเอง")
    files = s.whole(4_120)
    octets = s.whole(1_200_000_000)
    unnamed = s.whole(12)
    unnamed_octets = s.whole(3_400_000)
    ripe = s.value("integer", example=4, description="ไม่มีสิ่งใดอ้างถึงมาครบกำหนด ลบได้แล้ว")
    ripe_octets = s.whole(1_100_000)
    held_back = s.true("ลบได้แล้วมากผิดปกติ ระบบไม่ลบเอง ตรวจว่าต่อฐานข้อมูลถูกชุดแล้วสั่งลบด้วย remove")
    removed = s.whole(0)
    removed_octets = s.whole(0)
    stuck = s.value("integer", example=0, description="ลบไม่ได้ ดิสก์หรือสิทธิ์ของไฟล์ไม่อนุญาต")
    missing = s.value("integer", example=0, description="มีสิ่งอ้างถึงแต่ไม่อยู่ในที่เก็บ กู้คืนจากสำเนาสำรอง")
    words = s.text("", "ไฟล์ที่หายเป็นของสิ่งใด")


class SweepForm(Form):
    """Without `remove` nothing is taken away."""

    remove = Flag()


class RoomShape(Schema):
    """What is there and what is to be expected, in octets."""

    disk_used = s.whole(60_000_000_000, none=True)
    disk_size = s.whole(100_000_000_000, none=True)
    disk_full_on = s.day(none=True)
    days_left = s.whole(180, none=True)
    database = s.group(GrownShape, none=True)
    files = s.group(GrownShape, none=True)
    last_backup = s.moment(none=True)
    backup_late = s.true()
    sweep = s.group(SweepShape, none=True)


class TraceShape(Schema):
    """What was done with a backup: how many files it has, and how many were missing or damaged."""

    deed = s.one_of(BackupDeed)
    at = s.moment()
    backup = s.text("2026-11-23T0200")
    files = s.whole(4_120)
    octets = s.whole(1_200_000_000)
    faulty = s.whole(0)
    keys = s.true("กุญแจอยู่ในสำเนาด้วย")
    words = s.text("")


class BackupsShape(Schema):
    """The newest backup, its newest check, and what was done last."""

    last = s.group(TraceShape, none=True)
    check = s.group(TraceShape, none=True)
    late = s.true("เกินกำหนด หรือยังไม่เคยสำรอง")
    items = s.many(TraceShape)


@api.get("/room")
@told("พื้นที่เก็บข้อมูล", "ผู้ดูแลระบบ ดิสก์ ฐานข้อมูล ไฟล์ การเติบโตต่อวัน วันที่คาดว่าเต็ม และสำเนาสำรองล่าสุด")
@api.gives(200, RoomShape)
def show() -> Json:
    """Tell the room that is taken."""
    now = doorway.services().clock.now()
    found = rows.room(doorway.reader(), doorway.actor(), office_date(now))
    kept = backups.backups(doorway.reader(), doorway.actor())
    disk, full_on = found.disk, found.disk.outlook.full_on if found.disk and found.disk.outlook else None
    return {
        "disk_used": disk.used if disk else None,
        "disk_size": disk.allowed if disk else None,
        "disk_full_on": full_on.isoformat() if full_on else None,
        "days_left": found.days_left,
        "database": _grown(found.database),
        "files": _grown(found.files),
        "last_backup": showing.moment(kept.last.at) if kept.last else None,
        "backup_late": kept.late(now),
        "sweep": _sweep(store.last_sweep(doorway.reader(), doorway.actor(), now)),
    }


@api.post("/room/sweep")
@told("ตรวจที่เก็บไฟล์", "ผู้ดูแลระบบ ทำเบื้องหลัง ดูที่ GET /errands/{id} ผลอยู่ที่ GET /room ลบเฉพาะเมื่อ remove เป็นจริง")
@api.takes(SweepForm, example={"remove": False})
@api.gives(202, ErrandShape)
def sweep(sent: Json) -> Any:
    """Order a look through the store of files."""
    who, order = doorway.actor(), {"remove": bool(sent.get("remove"))}
    require(may_administer(who))

    def work(office: Services) -> Json:
        going = errand_rows.own(doorway.reader(), who, kind=sweeping.ERRAND, going=True, limit=1).items
        if going:  # one that is on its way already is followed instead
            return ordered(going[0].id)
        title = sweeping.title_of(remove=order["remove"])
        errand = order_errand(office, actor=who, kind=sweeping.ERRAND, title=title, order=order)
        doorway.refresh_reader()
        return ordered(errand)

    answer, headers = once(work, ordered)
    return answer, 202, headers


@api.get("/backups")
@told("การสำรองข้อมูล", "ผู้ดูแลระบบ สำเนาล่าสุด ผลตรวจสำเนา และสิ่งที่ทำสามสิบครั้งล่าสุด ใหม่ก่อน")
@api.gives(200, BackupsShape)
def traces() -> Json:
    """Tell what was done with backups."""
    found = backups.backups(doorway.reader(), doorway.actor())
    return {
        "last": _trace(found.last),
        "check": _trace(found.check),
        "late": found.late(doorway.services().clock.now()),
        "items": [_trace(one) for one in found.traces],
    }


def _trace(one: BackupTrace | None) -> Json | None:
    if one is None:
        return None
    same = ("backup", "files", "octets", "faulty", "keys", "words")
    return {name: getattr(one, name) for name in same} | {"deed": one.deed.value, "at": showing.moment(one.at)}


def _sweep(one: SweepTrace | None) -> Json | None:
    return None if one is None else {**asdict(one), "at": showing.moment(one.at), "held_back": one.held_back}


def _grown(one: rows.Grown | None) -> Json | None:
    if one is None:
        return None
    return {"used": one.used, "a_day": None if one.a_day is None else round(one.a_day), "in_a_year": one.in_a_year}
