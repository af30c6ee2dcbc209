"""Receipts: sealed statements of what became of a dispatch (docs/wire.md, section 4).

The statement is canonical JSON with a detached signature. The first answer to a letter carries it inside an MDN
(RFC 8098), every later step and every notice inside multipart/mixed. The text beside it is for people.
"""

from __future__ import annotations

from datetime import datetime
from typing import TypeVar

from saraban.domain.errors import SarabanError
from saraban.domain.numbering import arabic_digits
from saraban.domain.receipt import (
    MAY_HAVE_REASON,
    NEEDS_REASON,
    Reason,
    ReasonCode,
    Receipt,
    ReceiptId,
    RegisteredAs,
    Step,
    Witness,
)
from saraban.exchange import headers
from saraban.exchange.entity import (
    Blob,
    Entity,
    Frame,
    enclose,
    entity,
    multipart,
    readable,
    sealed_json,
    signed,
    verbatim,
)
from saraban.exchange.envelope import Envelope, OutboxKind, Segment
from saraban.exchange.thai import thai_digits, thai_moment
from saraban.exchange.wirejson import Malformed, Members, canonical, read_object, wire_moment

_T = TypeVar("_T")

VERSION = 1
STATEMENT_NAME = "statement.json"
STATEMENT_SIGNATURE_NAME = "statement.json.p7s"

STEP_WORDS = {
    Step.RECEIVED: "ได้รับหนังสือแล้ว",
    Step.REGISTERED: "ลงทะเบียนรับแล้ว",
    Step.REFUSED: "ไม่รับหนังสือ",
    Step.INVALID: "ซองหนังสือไม่ถูกต้อง",
    Step.NUMBER_WRONG: "เลขทะเบียนรับไม่ตรงกัน",
    Step.FORWARDED: "ส่งต่อหนังสือแล้ว",
    Step.RECALL_REQUESTED: "ขอเรียกหนังสือคืน",
    Step.RECALLED: "คืนหนังสือแล้ว",
    Step.RECALL_REFUSED: "ไม่คืนหนังสือ",
    Step.COMPLETED: "ดำเนินการเสร็จแล้ว",
    Step.UNDELIVERED: "ยังไม่มีหลักฐานการรับ",
}
_SENTENCES = {
    Step.RECEIVED: "{who} ได้รับหนังสือและตรวจตราประทับกับไฟล์ทั้งหมดถูกต้องแล้ว เมื่อวันที่ {at}",
    Step.REGISTERED: "{who} ลงทะเบียนรับหนังสือแล้ว เมื่อวันที่ {at}",
    Step.REFUSED: "{who} ไม่รับหนังสือนี้ เมื่อวันที่ {at}",
    Step.INVALID: "{who} ได้รับซองหนังสือที่ไม่ถูกต้อง เมื่อวันที่ {at}",
    Step.NUMBER_WRONG: "{who} แจ้งว่าเลขทะเบียนรับที่ท่านตอบมาไม่ตรงกับใบตอบรับก่อนหน้า เมื่อวันที่ {at}",
    Step.FORWARDED: "{who} ส่งหนังสือต่อไปยังหน่วยงานที่เกี่ยวข้องแล้ว เมื่อวันที่ {at}",
    Step.RECALL_REQUESTED: "{who} ขอเรียกหนังสือคืนก่อนลงทะเบียนรับ เมื่อวันที่ {at}",
    Step.RECALLED: "{who} คืนหนังสือตามที่ขอแล้ว เมื่อวันที่ {at}",
    Step.RECALL_REFUSED: "{who} ไม่คืนหนังสือตามที่ขอ เมื่อวันที่ {at}",
    Step.COMPLETED: "{who} ดำเนินการตามหนังสือเสร็จแล้ว เมื่อวันที่ {at}",
    Step.UNDELIVERED: "{who} ยังไม่มีหลักฐานว่าหนังสือถึงผู้รับ ณ วันที่ {at}",
}

_TAKEN_IN_BY_A_CLERK = "เจ้าหน้าที่ของ{who} ตรวจสอบแล้วรับหนังสือเข้าระบบ เมื่อวันที่ {at}"


class StatementInvalid(SarabanError):
    """The statement is not one of docs/wire.md; the words say what is wrong with it."""

    code = "statement-invalid"


def statement_bytes(receipt: Receipt) -> bytes:
    """The canonical bytes (RFC 8785) of the statement: what is signed and sent. Raises ValueError when the step needs
    a register entry, a reason or a next agency and has none."""
    members: dict[str, object] = {
        "saraban": VERSION,
        "kind": "receipt",
        "id": str(receipt.id),
        "of": str(receipt.of),
        "manifest_sha256": receipt.manifest_sha256,
        "step": receipt.step.value,
        "from": {"code": receipt.from_code, "mailbox": receipt.from_mailbox},
        "to": {"code": receipt.to_code, "mailbox": receipt.to_mailbox},
        "at": wire_moment(receipt.at),
    }
    if receipt.step is Step.REGISTERED:
        members["register"] = _register(_given(receipt.register, "register"))
    if receipt.step in NEEDS_REASON or (receipt.step in MAY_HAVE_REASON and receipt.reason is not None):
        reason = _given(receipt.reason, "reason")
        members["reason"] = {"code": reason.code.value, "text": reason.text}
    if receipt.step is Step.FORWARDED:
        code, name = _given(receipt.forwarded_to, "forwarded_to")
        members["forwarded_to"] = {"code": code, "name": name}
    if receipt.witness is not None:
        members["witness"] = _witness(receipt.witness)
    return canonical(members)


def read_statement(data: bytes) -> Receipt:
    """The statement in these bytes, as they came. Raises StatementInvalid for anything that docs/wire.md does not
    allow. Members that do not belong to the step, unknown ones and a malformed witness are ignored."""
    try:
        return _read(Members(read_object(data)))
    except Malformed as error:
        raise StatementInvalid(f"ใบตอบรับอ่านไม่ได้: {error.thai}") from error


def receipt_text(receipt: Receipt, sender_name: str, *, automatic: bool = True) -> str:
    """One plain sentence for a person, and below it the same facts line by line. A `received` that is not automatic is
    that of a letter which a clerk released from hold: its seal need not be good, and the sentence does not say so."""
    at = thai_moment(receipt.at)
    by_clerk = receipt.step is Step.RECEIVED and not automatic
    sentence = _TAKEN_IN_BY_A_CLERK if by_clerk else _SENTENCES[receipt.step]
    facts = [sentence.format(who=sender_name, at=at), "", f"ผล: {STEP_WORDS[receipt.step]}"]
    if receipt.register is not None and receipt.step is Step.REGISTERED:
        entry = receipt.register
        facts.append(f"เลขทะเบียนรับ {thai_digits(entry.number)} ปี {thai_digits(str(entry.year))}")
        facts.append(f"ลงรับเมื่อวันที่ {thai_moment(entry.at)}")
        facts += [f"หน่วยงานที่ลงรับ {entry.unit}"] if entry.unit else []
        facts += [f"ผู้ลงรับ {entry.by}"] if entry.by else []
    if receipt.reason is not None and receipt.step in NEEDS_REASON | MAY_HAVE_REASON:
        facts.append(f"เหตุผล: {receipt.reason.code.thai}")
        facts += [receipt.reason.text] if receipt.reason.text else []
    if receipt.forwarded_to is not None and receipt.step is Step.FORWARDED:
        facts.append(f"ส่งต่อถึง {receipt.forwarded_to[1]}")
    facts += [f"เวลา {at}", f"รหัสการส่ง {receipt.of}", f"รหัสใบตอบรับ {receipt.id}"]
    return "\n".join(facts) + "\n"


def receipt_message_id(receipt: Receipt) -> str:
    """The Message-ID of a receipt, with its angle brackets."""
    return headers.message_id(receipt.id, receipt.from_mailbox)


def receipt_entity(
    receipt: Receipt,
    statement: bytes,
    statement_p7s: bytes,
    *,
    original_message_id: str,
    mic: str | None,
    first_answer: bool,
    sender_name: str,
    automatic: bool = True,
) -> Entity:
    """What the seal signs from outside. The first answer is the MDN; `mic` is the base64 SHA-256 of the letter's signed
    part exactly as received, None when there was none or it was broken. `sender_name` is the agency that answers;
    `automatic` is False for what stands for a clerk's act."""
    words = readable(receipt_text(receipt, sender_name, automatic=automatic))
    statement_parts = sealed_json(STATEMENT_NAME, statement, statement_p7s)
    if not first_answer:
        return entity(multipart("multipart/mixed", f"saraban-{receipt.id}-mixed", [words, *statement_parts]))
    report: list[list[Segment]] = [
        words,
        verbatim("message/disposition-notification", _notification(receipt, original_message_id, mic)),
        multipart("multipart/mixed", f"saraban-{receipt.id}-mixed", statement_parts),
    ]
    return entity(
        multipart("multipart/report; report-type=disposition-notification", f"saraban-{receipt.id}-report", report)
    )


def receipt_envelope(
    receipt: Receipt,
    entity: Entity,
    outer_p7s: bytes,
    *,
    at: datetime,
    blob: Blob,
    automatic: bool,
    in_reply_to: str,
    sender_name: str,
    subject: str = "",
) -> Envelope:
    """The whole receipt, from the null sender (RFC 8098, section 3); the mailbox is the fall-back for relays that
    refuse it. `automatic` marks what the gateway says by itself (RFC 3834); `subject` is the letter's, left out when
    it must not be shown."""
    words = f"ใบตอบรับ: {STEP_WORDS[receipt.step]}" + (f" – {subject}" if subject else "")
    lines = headers.opening(
        (sender_name, receipt.from_mailbox),
        ("", receipt.to_mailbox),
        subject=words,
        message_id=receipt_message_id(receipt),
        at=at,
        envelope=f"kind=receipt; id={receipt.id}; of={receipt.of}",
    )
    if headers.is_message_id(in_reply_to):
        lines += [headers.plain("In-Reply-To", in_reply_to), headers.plain("References", in_reply_to)]
    if automatic:
        lines.append(headers.plain("Auto-Submitted", "auto-replied"))
    frame = Frame(
        message_id=receipt_message_id(receipt),
        mail_from="",
        rcpt_to=receipt.to_mailbox,
        kind=OutboxKind.RECEIPT,
        headers="".join(lines),
        fallback_from=receipt.from_mailbox,
    )
    return enclose(frame, signed(entity, outer_p7s, f"saraban-{receipt.id}-signed"), blob)


def _notification(receipt: Receipt, original_message_id: str, mic: str | None) -> bytes:
    """The fields of RFC 8098, section 3.2, with the MIC of RFC 3335 and two of ours."""
    if not headers.is_message_id(original_message_id):
        original_message_id = headers.message_id(receipt.of, receipt.to_mailbox)
    failed = receipt.step is Step.INVALID
    lines = [
        headers.plain("Reporting-UA", f"{receipt.from_mailbox.rpartition('@')[2]}; Saraban"),
        headers.plain("Final-Recipient", f"rfc822; {receipt.from_mailbox}"),
        headers.plain("Original-Message-ID", original_message_id),
        headers.plain("Disposition", f"automatic-action/MDN-sent-automatically; processed{'/error' if failed else ''}"),
    ]
    if failed and receipt.reason is not None:
        lines.append(headers.plain("Error", receipt.reason.code.value))
    if mic:
        lines.append(headers.plain("Received-Content-MIC", f"{mic}, sha-256"))
    lines.append(headers.plain("X-Saraban-Step", receipt.step.value))
    lines.append(headers.plain("X-Saraban-Manifest-SHA256", receipt.manifest_sha256))
    return "".join(lines).encode("ascii")


def _read(top: Members) -> Receipt:
    if top.integer("saraban") != VERSION:
        raise top.wrong("saraban", "ระบบนี้อ่านได้เฉพาะรุ่น 1")
    top.one_of("kind", ("receipt",))
    step = top.choice("step", Step)
    sender, to = top.inner("from"), top.inner("to")
    return Receipt(
        id=ReceiptId(top.uuid("id")),
        of=top.uuid("of"),
        manifest_sha256=top.digest("manifest_sha256").hex,
        step=step,
        from_code=sender.line("code"),
        from_mailbox=sender.mailbox("mailbox"),
        to_code=to.line("code"),
        to_mailbox=to.mailbox("mailbox"),
        at=top.moment("at"),
        register=_read_register(top.inner("register")) if step is Step.REGISTERED else None,
        reason=_read_reason(top.inner("reason")) if step in NEEDS_REASON else _maybe_reason(top, step),
        forwarded_to=_read_next(top.inner("forwarded_to")) if step is Step.FORWARDED else None,
        witness=_read_witness(top),
    )


def _read_register(inner: Members) -> RegisteredAs:
    return RegisteredAs(
        number=arabic_digits(inner.line("number")),
        year=inner.integer("year", 1, 9999),
        at=inner.moment("at"),
        unit=inner.maybe("unit", inner.text) or "",
        by=inner.maybe("by", inner.text) or "",
    )


def _read_reason(inner: Members) -> Reason:
    code, text = inner.line("code"), inner.maybe("text", inner.text) or ""
    try:
        known = ReasonCode(code)
    except ValueError:
        # A later version may say more precisely why; that it says no must still be understood.
        return Reason(ReasonCode.OTHER, f"{code}: {text}" if text else code)
    if known is ReasonCode.OTHER and not text.strip():
        raise inner.wrong("text", "เหตุอื่นต้องมีคำอธิบาย")
    return Reason(known, text)


def _maybe_reason(top: Members, step: Step) -> Reason | None:
    """The reason of a step that need not have one: what cannot be read is none, and never spoils a statement."""
    try:
        return _read_reason(top.inner("reason")) if step in MAY_HAVE_REASON else None
    except Malformed:
        return None


def _read_next(inner: Members) -> tuple[str, str]:
    return inner.line("code"), inner.line("name")


def _read_witness(top: Members) -> Witness | None:
    """The witness, or None when there is none or it says nothing that we understand: it never spoils a statement."""
    try:
        inner = top.inner("witness")
        previous = inner.maybe("previous", inner.digest)
        return Witness(inner.day("day"), inner.digest("root").hex, previous.hex if previous else "")
    except Malformed:
        return None


def _witness(witness: Witness) -> dict[str, object]:
    members = {"day": witness.day.isoformat(), "root": witness.root, "previous": witness.previous or None}
    return {name: value for name, value in members.items() if value is not None}


def _register(entry: RegisteredAs) -> dict[str, object]:
    members: dict[str, object] = {
        "number": arabic_digits(entry.number),
        "year": entry.year,
        "at": wire_moment(entry.at),
        "unit": entry.unit or None,
        "by": entry.by or None,
    }
    return {name: value for name, value in members.items() if value is not None}


def _given(value: _T | None, name: str) -> _T:
    if value is None:
        raise ValueError(f"the step needs {name}")
    return value
