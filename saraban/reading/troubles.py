"""What makes a card in the inbox of troubles: one function for each source.

A card is read out of the state of things and is gone when its cause is. A new kind of trouble is one function here and
one line in `KINDS`.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, and_, exists, func, select, text

from saraban.domain.actor import Actor
from saraban.domain.agency import PositionRole
from saraban.domain.incoming import QUARANTINED, IncomingState
from saraban.domain.permissions import may_attend
from saraban.domain.store import SweepTrace
from saraban.exchange.bounce_reasons import told_by_server
from saraban.exchange.envelope import OutboxKind
from saraban.exchange.thai import thai_digits, thai_moment
from saraban.reading import held_files
from saraban.reading.duty import missed_halves
from saraban.reading.incoming import IncomingRow, asked_back, waiting
from saraban.reading.late_stamps import unstamped, waits
from saraban.reading.mailboxes import in_use, troubles
from saraban.reading.scope import visible_incoming
from saraban.reading.sending_troubles import RETRIED, in_trouble, retries, sendings
from saraban.reading.store import last_sweep
from saraban.reading.trouble_kinds import Find, ProblemCard
from saraban.storage.planning import few, of_found
from saraban.storage.tables.closing import register_checks
from saraban.storage.tables.exchange import (
    GIVEN_UP,
    dispatches,
    inbox,
    mailboxes,
    outbox,
    statements,
)
from saraban.storage.tables.held_files import held_files as held
from saraban.storage.tables.late_stamps import late_stamps
from saraban.storage.tables.letters import incoming
from saraban.storage.tables.problems import problem_notes

MOST = 50
_ALARM_AFTER = 2
_HALVES = ("ครึ่งวันทำการสองครั้งติดกัน", "ครึ่งวันทำการสามครั้งติดกัน", "สองวันทำการแล้วหรือนานกว่า")
_SEALED_BY_THEN = 3
_DEAD = {
    OutboxKind.RECEIPT: "ใบตอบรับส่งไม่สำเร็จ",
    OutboxKind.ANSWER: "อีเมลถึงผู้ส่งไปรษณีย์ธรรมดาหรือผู้ยื่นเรื่องส่งไม่สำเร็จ",
    OutboxKind.RECONCILE: "การเทียบทะเบียนส่งไม่สำเร็จ",
    OutboxKind.HOLDER: "ลิงก์เอกสารถึงผู้ถือส่งไม่สำเร็จ",
    OutboxKind.LOOKUP: "การตรวจเอกสารกับผู้ออกส่งไม่สำเร็จ",
    OutboxKind.MEETING: "ไปรษณีย์ถึงผู้เข้าประชุมส่งไม่สำเร็จ",
    OutboxKind.REMINDER: "อีเมลเตือนผู้รับหนังสือส่งไม่สำเร็จ",
    OutboxKind.NOTICE: "อีเมลแจ้งงานถึงเจ้าหน้าที่ส่งไม่สำเร็จ",
    OutboxKind.VISIT: "คำตอบถึงผู้ขอดูหนังสือส่งไม่สำเร็จ",
}


def _check(reader: Connection, actor: Actor, _now: datetime, _most: int) -> Iterator[ProblemCard]:
    """What the last check of the registers found, for those who answer for them."""
    if actor.role not in (PositionRole.RECORDS, PositionRole.ADMIN):
        return
    for r in reader.execute(_FAULTY.where(register_checks.c.agency_id == actor.agency_id)):
        why = f"การตรวจล่าสุดพบสิ่งที่ไม่ถูกต้อง {thai_digits(str(r.faults))} แห่ง ({thai_moment(r.began_at)})"
        yield ProblemCard("check", "check", None, None, "ทะเบียนไม่ครบถ้วน", "", "", why, "", r.began_at)


_FAULTY = select(register_checks.c.faults, register_checks.c.began_at).where(register_checks.c.faults > 0)


def _mailboxes(reader: Connection, actor: Actor, now: datetime, _most: int) -> Iterator[ProblemCard]:
    """Mail that does not flow, for everybody; what fills, for those who can do something about it."""
    administers = actor.role is PositionRole.ADMIN
    looks_after = administers or actor.role is PositionRole.CLERK
    for t in troubles(reader, actor, fills_too=looks_after, disk_too=administers):
        yield ProblemCard(f"{t.kind}:{t.title}", t.kind, None, None, t.title, "", "", t.why, "", t.at, advice=t.advice)
    if administers and (seen := last_sweep(reader, actor, now)) is not None:
        yield from _store(seen)


def _store(seen: SweepTrace) -> Iterator[ProblemCard]:
    """What the last look through the store of files found that needs a person."""
    told = []
    if seen.missing:
        why = f"มีสิ่งอ้างถึงแต่ไม่อยู่ในที่เก็บ {seen.missing:,} ไฟล์ ({seen.words})"
        advice = "สั่ง flask store sweep ดูชื่อไฟล์ แล้วคัดลอกกลับจากโฟลเดอร์ blobs ของสำเนาสำรอง"
        told.append(("missing", "ไฟล์หาย", why, advice))
    if seen.held_back:
        why = f"ครบกำหนดลบแล้ว {seen.ripe:,} จาก {seen.files:,} ไฟล์ ระบบยังไม่ลบ"
        advice = "ตรวจว่า DATABASE_URL และ SARABAN_DATA เป็นของชุดเดียวกัน ถ้าถูกต้อง สั่งลบที่ ตั้งค่าหน่วยงาน → พื้นที่เก็บข้อมูล"
        told.append(("ripe", "ไฟล์ที่ไม่มีสิ่งใดอ้างถึงมากผิดปกติ", why, advice))
    if seen.stuck:
        why = f"ดิสก์หรือสิทธิ์ของไฟล์ไม่ยอมให้ลบ {seen.stuck:,} ไฟล์ที่ไม่มีสิ่งใดอ้างถึง"
        advice = "ตรวจว่าไฟล์และโฟลเดอร์ใน blobs เป็นของผู้ใช้ที่รันระบบ ระบบลบใหม่ทุกคืน"
        told.append(("stuck", "ลบไฟล์ไม่ได้", why, advice))
    for name, title, why, advice in told:
        yield ProblemCard(
            f"disk:{name}", "disk", None, None, title, "", "", thai_digits(why), "", seen.at, advice=advice
        )


def _duty(reader: Connection, actor: Actor, now: datetime, _most: int) -> Iterator[ProblemCard]:
    """Two half-days in a row in which nobody looked into the mailbox, for those who keep it or answer for it."""
    keeps = may_attend(actor) is None
    if not keeps and actor.role not in (PositionRole.HEAD, PositionRole.ADMIN):
        return
    missed = missed_halves(reader, actor, now)
    if missed >= _ALARM_AFTER:
        why = "เปิดหน้าหนังสือรับวันทำการละสองครั้ง เช้าและบ่าย"
        words = f"ไม่มีเจ้าหน้าที่สารบรรณกลางเปิดกล่องมา{_HALVES[min(missed, len(_HALVES) + 1) - _ALARM_AFTER]}"
        yield ProblemCard("duty", "duty", None, None, words, "", "", why, "", now)


def _unsealed(reader: Connection, actor: Actor, _now: datetime, _most: int) -> Iterator[ProblemCard]:
    """Statements that were tried and could not be sealed, as one card."""
    if not _of_gateway(actor):
        return
    count, since = reader.execute(
        select(func.count(), func.min(statements.c.made_at)).where(_cannot_be_sealed(actor))
    ).one()
    if count:
        title = f"ใบตอบรับ {thai_digits(str(count))} ฉบับลงตราไม่ได้"
        why = "ตราประทับของส่วนราชการไม่มีหรือใช้ไม่ได้ ผู้ส่งจึงยังไม่ได้ใบตอบรับ"
        yield ProblemCard("unsealed", "unsealed", None, None, title, "", "", why, "", since)


def _unscanned(reader: Connection, actor: Actor, _now: datetime, _most: int) -> Iterator[ProblemCard]:
    """Mail that waits for the virus scanner, as one card, and files that people handed in as another."""
    if not _of_gateway(actor):
        return
    rows = reader.execute(select(func.count(), func.min(inbox.c.taken_at), func.max(inbox.c.note)).where(_waits(actor)))
    count, since, note = rows.one()
    if count:
        title = f"ไปรษณีย์ {thai_digits(str(count))} ฉบับยังไม่ได้ตรวจไวรัส จึงยังไม่เข้าระบบ"
        yield ProblemCard("unscanned", "unscanned", None, None, title, "", "", note, "", since)
    files, since, note = held_files.waiting(reader, actor.agency_id)
    if files:
        title = f"ไฟล์จากประชาชนและผู้เข้าประชุม {thai_digits(str(files))} ไฟล์รอตรวจไวรัส จึงยังเปิดไม่ได้"
        yield ProblemCard("held-files", "unscanned", None, None, title, "", "", note, "", since)


def _held(reader: Connection, actor: Actor, _now: datetime, most: int) -> Iterator[ProblemCard]:
    works = actor.role is PositionRole.CLERK
    for r in waiting(reader, actor, IncomingState.HELD, most=most):
        why = " · ".join(str(reason.get("thai", "")) for reason in r.reasons)
        apart = {str(reason.get("check")) for reason in r.reasons} & QUARANTINED
        kind = "quarantine" if apart else "held"
        by_hand = ("by-hand",) if r.ordinary else ()
        ways = ("try-again", *by_hand, "set-aside") if apart and works else ()
        yield ProblemCard(
            key=f"held:{r.id}",
            kind=kind,
            id=r.id,
            letter_id=None,
            title=r.subject,
            number=r.number,
            party=r.from_name or r.from_mailbox,
            why=why,
            state=r.state.value,
            at=r.received_at,
            ways=ways,
            advice="" if apart else _advice(r),
        )


def _advice(row: IncomingRow) -> str:
    """The deeds that the page of a held letter has, when they are other than those of its kind."""
    if row.about is not None:
        return "ตรวจเลขในทะเบียนรับ แล้วแจ้งเลขทะเบียนอีกครั้ง หรือส่งคืนพร้อมเหตุผล"
    if row.ordinary:
        return "เปิดอ่าน แล้วกดลงรับเป็นหนังสือ หรือไม่ใช่หนังสือพร้อมเหตุผล"
    if row.answered_invalid:
        return "แจ้งผู้ส่งแล้วว่าซองใช้ไม่ได้ เรื่องนี้หายไปเองเมื่อฉบับที่ถูกต้องมาถึง หรือส่งคืนพร้อมเหตุผล"
    return ""


def _recalls(reader: Connection, actor: Actor, _now: datetime, most: int) -> Iterator[ProblemCard]:
    """Registered letters that their senders want back, for the clerks who answer."""
    if actor.role is not PositionRole.CLERK:
        return
    c = incoming.c
    columns = (c.id, c.state, c.subject, c.number, c.from_name, c.from_mailbox, c.recall_reason, c.recall_asked_at)
    statement = select(*columns).where(asked_back(actor)).order_by(c.recall_asked_at.desc(), c.id).limit(most)
    for r in reader.execute(statement):
        yield ProblemCard(
            key=f"recall:{r.id}",
            kind="recall",
            id=r.id,
            letter_id=None,
            title=r.subject,
            number=r.number,
            party=r.from_name or r.from_mailbox,
            why=r.recall_reason,
            state=r.state.value,
            at=r.recall_asked_at,
        )


def _dead(reader: Connection, actor: Actor, _now: datetime, most: int) -> Iterator[ProblemCard]:
    """Receipts and answers that were given up."""
    if not _of_gateway(actor):
        return
    statement = select(outbox).where(_given_up(actor)).order_by(outbox.c.put_at.desc(), outbox.c.id).limit(most)
    ways = ("message-again", "message-stop") if may_attend(actor) is None else ()
    for r in reader.execute(statement):
        yield ProblemCard(
            key=f"dead:{r.ref}",
            kind="dead",
            id=r.ref,
            letter_id=None,
            title=_DEAD.get(r.kind, "ส่งไม่สำเร็จ"),
            number="",
            party=r.rcpt_to,
            why=told_by_server("เครื่องส่งไปรษณีย์ไม่รับ", r.last_reply or ""),
            state=r.state,
            at=r.put_at,
            ways=ways,
        )


FINDERS: tuple[Find, ...] = (
    *(_check, _mailboxes, _unsealed, unstamped, _duty, _unscanned, _held, _dead, retries, sendings, _recalls),
)


def count_of(actor: Actor, now: ColumnElement[datetime]) -> Any:
    """How many cards are in sight, as one scalar for the menu: those that can be counted by rows. (What fills, what was
    noticed and the daily duty stand on the page and are not counted.)"""
    counts: list[Any] = [
        _rows(
            incoming.c.id,
            visible_incoming(actor),
            few(incoming.c.state == IncomingState.HELD),
            _in_sight(incoming.c.id, now),
        ),
        _rows(dispatches.c.id, in_trouble(actor), ~RETRIED, _in_sight(dispatches.c.id, now)),
        _any(dispatches.c.id, in_trouble(actor), of_found(RETRIED)),
        _rows(mailboxes.c.address, mailboxes.c.agency_id == actor.agency_id, in_use(), mailboxes.c.problem != ""),
    ]
    if actor.role is PositionRole.CLERK:
        counts.append(_rows(incoming.c.id, asked_back(actor), _in_sight(incoming.c.id, now)))
    if _of_gateway(actor):
        counts.append(_rows(outbox.c.id, _given_up(actor), _in_sight(outbox.c.ref, now)))
        counts.append(_any(inbox.c.id, _waits(actor)))
        counts.append(_any(held.c.id, held_files.waits(actor.agency_id)))
        counts.append(_any(statements.c.id, _cannot_be_sealed(actor)))
    if actor.role in (PositionRole.RECORDS, PositionRole.ADMIN):
        of_agency = register_checks.c.agency_id == actor.agency_id
        counts.append(_any(register_checks.c.agency_id, of_agency, register_checks.c.faults > 0))
    if actor.role is PositionRole.ADMIN:
        counts.append(_any(late_stamps.c.id, waits(actor.agency_id)))
    total = counts[0]
    for one in counts[1:]:
        total = total + one
    return total


def _of_gateway(actor: Actor) -> bool:
    """Those who answer for the gateway as a whole: the central clerks and the administrator."""
    return may_attend(actor) is None or actor.role is PositionRole.ADMIN


def _given_up(actor: Actor) -> ColumnElement[bool]:
    # The literal texts here and below are those of the partial indexes.
    return and_(outbox.c.agency_id == actor.agency_id, text(GIVEN_UP), outbox.c.kind != OutboxKind.LETTER)


def _waits(actor: Actor) -> ColumnElement[bool]:
    return and_(of_found(inbox.c.agency_id == actor.agency_id), text("outcome = ''"), inbox.c.note != "")


def _cannot_be_sealed(actor: Actor) -> ColumnElement[bool]:
    return and_(
        of_found(statements.c.agency_id == actor.agency_id),
        statements.c.sealed.is_(None),
        statements.c.attempts >= _SEALED_BY_THEN,
    )


def _in_sight(column: ColumnElement[UUID], now: ColumnElement[datetime]) -> ColumnElement[bool]:
    return ~exists().where(problem_notes.c.about == column, problem_notes.c.put_off_until > now)


def _rows(column: ColumnElement[Any], *conditions: ColumnElement[bool]) -> Any:
    return select(func.count(column)).where(*conditions).scalar_subquery()


def _any(column: ColumnElement[Any], *conditions: ColumnElement[bool]) -> Any:
    found = select(column).where(*conditions).limit(1).subquery()
    return select(func.count()).select_from(found).scalar_subquery()
