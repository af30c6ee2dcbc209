"""Reconciliation on the wire: a sealed question, and two sealed lists as the answer (docs/wire-reconcile.md).

The dataclasses and the comparison live in `domain/reconciliation.py`; here they become bytes and bytes become them.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from saraban.domain.errors import SarabanError
from saraban.domain.numbering import arabic_digits
from saraban.domain.reconciliation import (
    Difference,
    ReceivingNumber,
    ReconcileAnswer,
    ReconcileItem,
    ReconcileRequest,
    compare,
)
from saraban.exchange.asking import envelope_of
from saraban.exchange.entity import Blob, Entity, entity, multipart, readable, sealed_json
from saraban.exchange.envelope import Envelope, OutboxKind
from saraban.exchange.thai import thai_date, thai_digits, thai_moment
from saraban.exchange.wirejson import Malformed, Members, canonical, read_object, wire_moment

__all__ = [
    "MAX_DAYS",
    "MAX_ITEMS",
    "MAX_SEND_AGAIN",
    "RECONCILE_NAME",
    "RECONCILE_SIGNATURE_NAME",
    "ReceivingNumber",
    "ReconcileAnswer",
    "ReconcileInvalid",
    "ReconcileItem",
    "ReconcileRequest",
    "Reconciliation",
    "answer_bytes",
    "laid_side_by_side",
    "lists_as_json",
    "read_lists",
    "read_reconcile",
    "reconcile_entity",
    "reconcile_envelope",
    "reconcile_text",
    "request_bytes",
]

VERSION = 1
RECONCILE_NAME = "reconcile.json"
RECONCILE_SIGNATURE_NAME = "reconcile.json.p7s"
MAX_BYTES = 10 << 20  # two full lists of the longest items fit
MAX_DAYS = 366
MAX_ITEMS = 5_000
MAX_SEND_AGAIN = 500
MAX_NUMBER = 100  # characters of a letter's number
MAX_REGISTER_NUMBER = 40

_REQUEST, _ANSWER = "reconcile-request", "reconcile-answer"
_STATE = re.compile(r"[a-z][a-z-]{0,39}")

Reconciliation = ReconcileRequest | ReconcileAnswer


class ReconcileInvalid(SarabanError):
    """The bytes are no request and no answer of docs/wire-reconcile.md; the words say what is wrong."""

    code = "reconcile-invalid"


def request_bytes(request: ReconcileRequest) -> bytes:
    """The canonical bytes (RFC 8785) of a request: what is signed and sent. Raises ValueError for a period or a list
    that no receiver would accept."""
    return canonical({**_common(_REQUEST, request), "send_again": _ids(request.send_again)})


def answer_bytes(answer: ReconcileAnswer) -> bytes:
    """The canonical bytes (RFC 8785) of an answer. Each list is put in order of time and cut after MAX_ITEMS, which
    makes the answer `truncated`. Raises ValueError for what no receiver would accept."""
    too_many = max(len(answer.sent), len(answer.received)) > MAX_ITEMS
    return canonical(
        {
            **_common(_ANSWER, answer),
            "of": str(answer.of),
            "truncated": answer.truncated or too_many,
            "sent": _items(answer.sent),
            "received": _items(answer.received),
            "sent_again": _ids(answer.sent_again),
        }
    )


def read_reconcile(data: bytes) -> Reconciliation:
    """The request or the answer in these bytes, as they came. Raises ReconcileInvalid for anything that
    docs/wire-reconcile.md does not allow; unknown members are ignored."""
    try:
        return _read(Members(read_object(data, MAX_BYTES)))
    except Malformed as error:
        raise ReconcileInvalid(f"ใบกระทบยอดอ่านไม่ได้: {error.thai}") from error


def lists_as_json(sent: Iterable[ReconcileItem], received: Iterable[ReconcileItem]) -> dict[str, object]:
    """Two whole lists as an answer holds them, to be kept beside the answer of the other side."""
    return {"sent": [_item(item) for item in sent], "received": [_item(item) for item in received]}


def read_lists(kept: dict[str, object]) -> tuple[list[ReconcileItem], list[ReconcileItem]]:
    """What `lists_as_json` wrote: the sent and the received ones."""
    top = Members(kept)
    sent, received = ([_read_item(inner) for inner in top.objects(name, sys.maxsize)] for name in ("sent", "received"))
    return sent, received


def laid_side_by_side(answer: dict[str, object] | None, own: dict[str, object] | None) -> list[Difference]:
    """What a comparison found, from the answer and our own lists as they were kept; nothing without an answer."""
    if answer is None or own is None:
        return []
    said = read_reconcile(canonical(answer))
    if not isinstance(said, ReconcileAnswer):
        raise ReconcileInvalid("ใบกระทบยอดนี้ไม่ใช่คำตอบ")
    return compare(*read_lists(own), said)


def reconcile_text(message: Reconciliation, sender_name: str) -> str:
    """The cover: what it is in one plain sentence, and below it the facts line by line."""
    period = f"วันที่ {thai_date(message.since)} ถึงวันที่ {thai_date(message.until)}"
    if isinstance(message, ReconcileRequest):
        facts = [
            f"{sender_name} ขอกระทบยอดหนังสือที่รับส่งระหว่างกัน {period}",
            "",
            "หน่วยงานที่ใช้ระบบสารบรรณที่รองรับ ระบบจะตอบให้เอง เจ้าหน้าที่ไม่ต้องดำเนินการ",
            f"ขอให้ส่งซองเดิมอีกครั้ง {_counted(message.send_again)}",
        ]
    else:
        facts = [
            f"{sender_name} ตอบผลการกระทบยอดหนังสือที่รับส่งระหว่างกัน {period}",
            "",
            f"หนังสือที่ส่งถึงท่าน {_counted(message.sent)}",
            f"หนังสือที่ได้รับจากท่าน {_counted(message.received)}",
            f"ส่งซองเดิมอีกครั้ง {_counted(message.sent_again)}",
            *(["รายการยาวเกินกำหนด ตอบได้เพียงบางส่วน ขอใหม่ในช่วงวันที่สั้นลง"] if message.truncated else []),
            f"รหัสคำขอ {message.of}",
        ]
    return "\n".join([*facts, f"เวลา {thai_moment(message.at)}", f"รหัสใบกระทบยอด {message.id}"]) + "\n"


def reconcile_entity(message: Reconciliation, data: bytes, data_p7s: bytes, *, sender_name: str) -> Entity:
    """What the seal signs from outside: the cover, the bytes of the request or answer and their detached signature."""
    parts = [readable(reconcile_text(message, sender_name)), *sealed_json(RECONCILE_NAME, data, data_p7s)]
    return entity(multipart("multipart/mixed", f"saraban-{message.id}-mixed", parts))


def reconcile_envelope(
    message: Reconciliation, entity: Entity, outer_p7s: bytes, *, at: datetime, blob: Blob, sender_name: str
) -> Envelope:
    """The whole message; an answer is always automatic."""
    period = arabic_digits(f"{thai_date(message.since)} – {thai_date(message.until)}")
    answers = isinstance(message, ReconcileAnswer)
    return envelope_of(
        message,
        entity,
        outer_p7s,
        kind=OutboxKind.RECONCILE,
        subject=f"{'ผลการ' if answers else 'ขอ'}กระทบยอดหนังสือรับส่ง {period}",
        of=message.of if isinstance(message, ReconcileAnswer) else None,
        automatic=answers,
        at=at,
        blob=blob,
        sender_name=sender_name,
    )


def _common(kind: str, message: Reconciliation) -> dict[str, object]:
    if not _is_period(message.since, message.until):
        raise ValueError(f"not a period of 1 to {MAX_DAYS} days: {message.since} to {message.until}")
    return {
        "saraban": VERSION,
        "kind": kind,
        "id": str(message.id),
        "from": {"code": message.from_code, "mailbox": message.from_mailbox},
        "to": {"code": message.to_code, "mailbox": message.to_mailbox},
        "at": wire_moment(message.at),
        "since": message.since.isoformat(),
        "until": message.until.isoformat(),
    }


def _ids(ids: Iterable[UUID]) -> list[str]:
    written = [str(own) for own in ids]
    if len(written) > MAX_SEND_AGAIN or len(set(written)) != len(written):
        raise ValueError(f"more than {MAX_SEND_AGAIN} dispatches, or one of them twice")
    return written


def _items(items: tuple[ReconcileItem, ...]) -> list[dict[str, object]]:
    if len({item.dispatch for item in items}) != len(items):
        raise ValueError("a dispatch stands twice in one list")
    in_order = sorted(items, key=lambda item: (item.at.replace(microsecond=0), item.dispatch))
    return [_item(item) for item in in_order[:MAX_ITEMS]]


def _item(item: ReconcileItem) -> dict[str, object]:
    register = item.register
    return {
        "dispatch": str(item.dispatch),
        "manifest_sha256": item.manifest_sha256 or None,
        "number": _one_line(item.number, MAX_NUMBER) or None,
        "date": item.date.isoformat() if item.date else None,
        "state": item.state,
        "at": wire_moment(item.at),
        "register": register and {"number": _one_line(register.number, MAX_REGISTER_NUMBER), "year": register.year},
    }


def _one_line(number: str, at_most: int) -> str:
    return " ".join(arabic_digits(number).split())[:at_most].strip()


def _read(top: Members) -> Reconciliation:
    if top.integer("saraban") != VERSION:
        raise top.wrong("saraban", "ระบบนี้อ่านได้เฉพาะรุ่น 1")
    kind = top.one_of("kind", (_REQUEST, _ANSWER))
    sender, to = top.inner("from"), top.inner("to")
    own, at = top.uuid("id"), top.moment("at")
    parties = (sender.line("code"), sender.mailbox("mailbox"), to.line("code"), to.mailbox("mailbox"))
    since, until = top.day("since"), top.day("until")
    if not _is_period(since, until):
        raise top.wrong("until", f"ช่วงวันที่ต้องมี 1 ถึง {MAX_DAYS} วัน")
    if kind == _REQUEST:
        return ReconcileRequest(own, *parties, at, since, until, _read_ids(top, "send_again"))
    return ReconcileAnswer(
        own,
        top.uuid("of"),
        *parties,
        at,
        since,
        until,
        sent=_read_items(top, "sent"),
        received=_read_items(top, "received"),
        sent_again=_read_ids(top, "sent_again"),
        truncated=top.boolean("truncated"),
    )


def _read_ids(top: Members, name: str) -> tuple[UUID, ...]:
    ids = top.uuids(name, MAX_SEND_AGAIN)
    if len(set(ids)) != len(ids):
        raise top.wrong(name, "มีรหัสการส่งซ้ำกัน")
    return tuple(ids)


def _read_items(top: Members, name: str) -> tuple[ReconcileItem, ...]:
    if not top.has(name):
        raise top.wrong(name, "ขาดหายไป")
    items = tuple(_read_item(inner) for inner in top.objects(name, MAX_ITEMS))
    if len({item.dispatch for item in items}) != len(items):
        raise top.wrong(name, "มีรหัสการส่งซ้ำกัน")
    return items


def _read_item(inner: Members) -> ReconcileItem:
    state = inner.text("state")
    if not _STATE.fullmatch(state):
        raise inner.wrong("state", "ไม่ใช่คำของสถานะ")
    digest = inner.maybe("manifest_sha256", inner.digest)
    return ReconcileItem(
        dispatch=inner.uuid("dispatch"),
        manifest_sha256=digest.hex if digest else "",
        number=_read_number(inner, MAX_NUMBER) if inner.has("number") else "",
        date=inner.maybe("date", inner.day),
        state=state,
        at=inner.moment("at"),
        register=_read_register(inner.inner("register")) if inner.has("register") else None,
    )


def _read_register(inner: Members) -> ReceivingNumber:
    return ReceivingNumber(_read_number(inner, MAX_REGISTER_NUMBER), inner.integer("year", 1, 9999))


def _read_number(inner: Members, at_most: int) -> str:
    number = inner.line("number")
    if len(number) > at_most:
        raise inner.wrong("number", f"ยาวเกิน {at_most} อักขระ")
    return arabic_digits(number)


def _is_period(since: date, until: date) -> bool:
    return 0 <= (until - since).days < MAX_DAYS


def _counted(items: tuple[object, ...]) -> str:
    return thai_digits(f"{len(items)} รายการ")
