"""Receipts: statements whose bytes are a promise, in the shape that RFC 8098 asks for."""

from __future__ import annotations

import dataclasses
import email
import email.policy
import json
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saraban.domain.receipt import NEEDS_REASON, Reason, ReasonCode, Receipt, ReceiptId, RegisteredAs, Step
from saraban.exchange.parse import SarabanHeader, read_message
from saraban.exchange.receipts import (
    STEP_WORDS,
    StatementInvalid,
    read_statement,
    receipt_entity,
    receipt_envelope,
    receipt_text,
    statement_bytes,
)
from tests.exchange.letters import DISPATCH, NOON, RECEIVER, SENDER, Store, seal_pem, sealed

ORIGINAL = f"<{DISPATCH}@sender.go.th>"
MIC = "n4bQgYhMfWWaL+qgxVrQFaO/TxsrC4Is0V1sFbDwCgg="


def a_receipt(step: Step = Step.RECEIVED, **changes: Any) -> Receipt:
    receipt = Receipt(
        id=ReceiptId(UUID("33333333-3333-4333-8333-333333333333")),
        of=DISPATCH,
        manifest_sha256="ab" * 32,
        step=step,
        from_code=RECEIVER.code,
        from_mailbox=RECEIVER.mailbox,
        to_code=SENDER.code,
        to_mailbox=SENDER.mailbox,
        at=NOON,
        register=RegisteredAs("1234", 2569, NOON, "กองกลาง", "นางสาวสมมติ") if step is Step.REGISTERED else None,
        reason=Reason(ReasonCode.FILE_DAMAGED, "ก.pdf") if step in NEEDS_REASON else None,
        forwarded_to=("003", "กรมอื่น") if step is Step.FORWARDED else None,
    )
    return dataclasses.replace(receipt, **changes)


def posted(receipt: Receipt, *, first: bool = True, mic: str | None = MIC, real_seal: bool = False) -> bytes:
    """The receipt on the wire."""
    sign = sealed if real_seal else (lambda data: b"signature")
    store = Store()
    statement = statement_bytes(receipt)
    entity = receipt_entity(
        receipt,
        statement,
        sign(statement),
        original_message_id=ORIGINAL,
        mic=mic,
        first_answer=first,
        sender_name=RECEIVER.name,
    )
    envelope = receipt_envelope(
        receipt,
        entity,
        sign(entity.to_bytes(store.__getitem__)),
        at=NOON,
        blob=store.__getitem__,
        automatic=first,
        in_reply_to=ORIGINAL,
        sender_name=RECEIVER.name,
    )
    assert (envelope.mail_from, envelope.fallback_from) == ("", RECEIVER.mailbox)
    assert (envelope.rcpt_to, envelope.envid) == (SENDER.mailbox, None)
    return b"".join(envelope.chunks(store.__getitem__))


GOLDEN = (
    '{"at":"2026-11-22T12:00:00+07:00","from":{"code":"002","mailbox":"saraban@receiver.go.th"},'
    '"id":"33333333-3333-4333-8333-333333333333","kind":"receipt",'
    f'"manifest_sha256":"{"ab" * 32}","of":"11111111-1111-4111-8111-111111111111",'
    '"register":{"at":"2026-11-22T12:00:00+07:00","by":"นางสาวสมมติ","number":"1234","unit":"กองกลาง","year":2569},'
    '"saraban":1,"step":"registered","to":{"code":"001","mailbox":"saraban@sender.go.th"}}'
).encode()


def test_the_bytes_of_a_statement_do_not_change_between_versions() -> None:
    assert statement_bytes(a_receipt(Step.REGISTERED)) == GOLDEN
    assert read_statement(GOLDEN) == a_receipt(Step.REGISTERED)


@pytest.mark.parametrize("step", Step)
def test_every_step_is_written_read_and_told_in_thai(step: Step) -> None:
    receipt = a_receipt(step)

    assert read_statement(statement_bytes(receipt)) == receipt
    sentence = receipt_text(receipt, RECEIVER.name).partition("\n")[0]
    assert sentence.startswith("กรมผู้รับ ")
    assert "๒๒ พฤศจิกายน ๒๕๖๙ เวลา ๑๒.๐๐ น." in sentence
    assert STEP_WORDS[step] in receipt_text(receipt, RECEIVER.name)


_FIRST, _LAST = datetime(2000, 1, 1), datetime(2200, 1, 1)  # noqa: DTZ001 - hypothesis adds the zone


@given(
    st.sampled_from(Step),
    st.uuids(),
    st.datetimes(_FIRST, _LAST, timezones=st.just(UTC)),
    st.sampled_from([code for code in ReasonCode if code is not ReasonCode.OTHER]),
    st.text(st.characters(exclude_categories=("Cc", "Cs")), max_size=40),
)
def test_what_is_stated_is_read_back(step: Step, of: UUID, at: datetime, code: ReasonCode, text: str) -> None:
    reason = Reason(code, text) if step in NEEDS_REASON else None
    receipt = a_receipt(step, of=of, at=at.replace(microsecond=0), reason=reason)

    assert read_statement(statement_bytes(receipt)) == receipt


def test_the_first_answer_is_an_mdn_with_the_statement_as_its_third_part() -> None:
    message = email.message_from_bytes(posted(a_receipt()), policy=email.policy.default)
    report, _ = message.iter_parts()
    text, notification, evidence = report.iter_parts()
    fields = notification.get_payload()[0]

    assert message.get_content_type() == "multipart/signed"
    assert (report.get_content_type(), report.get_param("report-type")) == (
        "multipart/report",
        "disposition-notification",
    )
    assert text.get_content().startswith("กรมผู้รับ ได้รับหนังสือ")
    assert notification.get_content_type() == "message/disposition-notification"
    assert fields["Final-Recipient"] == "rfc822; saraban@receiver.go.th"
    assert fields["Original-Message-ID"] == ORIGINAL
    assert fields["Disposition"] == "automatic-action/MDN-sent-automatically; processed"
    assert fields["Received-Content-MIC"] == f"{MIC}, sha-256"
    assert fields["X-Saraban-Step"] == "received"
    assert fields["X-Saraban-Manifest-SHA256"] == "ab" * 32
    assert fields["Error"] is None
    names = [part.get_filename() for part in evidence.iter_parts()]
    assert (evidence.get_content_type(), names) == ("multipart/mixed", ["statement.json", "statement.json.p7s"])
    assert message["Auto-Submitted"] == "auto-replied"
    assert message["Saraban-Envelope"] == f"1; kind=receipt; id=33333333-3333-4333-8333-333333333333; of={DISPATCH}"
    assert message["Disposition-Notification-To"] is None


def test_an_invalid_letter_is_an_error_in_the_mdn_and_a_missing_mic_is_left_out() -> None:
    report = read_message(posted(a_receipt(Step.INVALID), mic=None)).report

    assert report is not None
    assert (report.disposition, report.error, report.mic) == ("processed/error", "file-damaged", "")


def test_a_later_step_is_no_mdn_and_stands_for_a_clerk() -> None:
    raw = posted(a_receipt(Step.REGISTERED), first=False)
    message = email.message_from_bytes(raw, policy=email.policy.default)
    inside, _ = message.iter_parts()

    assert [part.get_content_type() for part in inside.iter_parts()] == [
        "text/plain",
        "application/json",
        "application/pkcs7-signature",
    ]
    assert inside.get_content_type() == "multipart/mixed"
    assert (message["In-Reply-To"], message["Auto-Submitted"]) == (ORIGINAL, None)


@pytest.mark.parametrize("first", [True, False])
def test_our_reader_finds_the_statement_in_either_shape(first: bool) -> None:
    receipt = a_receipt()

    message = read_message(posted(receipt, first=first))

    assert message.statement == statement_bytes(receipt)
    assert message.statement_p7s == b"signature"
    assert message.saraban == SarabanHeader("receipt", receipt.id, DISPATCH)
    assert message.in_reply_to == ORIGINAL
    assert (message.files, message.manifest, message.bounce) == ((), None, None)
    assert (message.report is not None) is first
    assert message.is_auto_reply is first


def test_every_line_of_a_receipt_is_seven_bits_and_ends_with_crlf() -> None:
    raw = posted(a_receipt())

    assert raw.isascii()
    assert raw.count(b"\n") == raw.count(b"\r\n")


def test_a_foreign_message_id_adds_no_header() -> None:
    evil = "<a@b.th>\r\nBcc: c@d.th"
    receipt, store = a_receipt(), Store()
    entity = receipt_entity(
        receipt, b"{}", b"", original_message_id=evil, mic=None, first_answer=True, sender_name="ก\r\nBcc: c@d.th"
    )
    envelope = receipt_envelope(
        receipt,
        entity,
        b"",
        at=NOON,
        blob=store.__getitem__,
        automatic=True,
        in_reply_to=evil,
        sender_name="ก\r\nBcc: x",
    )
    raw = b"".join(envelope.chunks(store.__getitem__))

    assert b"\r\nBcc:" not in raw
    report = read_message(raw).report
    assert report is not None and report.original_message_id == ORIGINAL


def test_openssl_verifies_a_signed_receipt(tmp_path: Path) -> None:
    (tmp_path / "roots.pem").write_bytes(seal_pem())
    (tmp_path / "receipt.eml").write_bytes(posted(a_receipt(), real_seal=True))
    command = ["openssl", "smime", "-verify", "-in", "receipt.eml", "-CAfile", "roots.pem", "-purpose", "smimesign"]

    assert subprocess.run(command, cwd=tmp_path, capture_output=True, check=False).returncode == 0


def members(of_step: Step = Step.REGISTERED, /, **changes: Any) -> bytes:
    values = {**json.loads(statement_bytes(a_receipt(of_step))), **changes}
    return json.dumps({name: value for name, value in values.items() if value is not ...}).encode()


MALFORMED = {
    "no JSON": b"received",
    "a letter": members(kind="letter"),
    "another version": members(saraban=3),
    "an unknown step": members(step="eaten"),
    "registered without register": members(register=...),
    "register with a year as text": members(
        register={"number": "1", "year": "2569", "at": "2026-11-22T12:00:00+07:00"}
    ),
    "register without a number": members(register={"year": 2569, "at": "2026-11-22T12:00:00+07:00"}),
    "refused without reason": members(Step.REFUSED, reason=...),
    "invalid with null reason": members(Step.INVALID, reason=None),
    "other without words": members(Step.REFUSED, reason={"code": "other", "text": " "}),
    "forwarded to nobody": members(Step.FORWARDED, forwarded_to=...),
    "of no UUID": members(of="x"),
    "a digest too short": members(manifest_sha256="ab"),
    "no zone": members(at="2026-11-22T12:00:00"),
    "from nobody": members(**{"from": ...}),
    "from without mailbox": members(**{"from": {"code": "002"}}),
    "deep": b'{"x":' + b"[" * 1000 + b"]" * 1000 + b"}",
}


@pytest.mark.parametrize("data", MALFORMED.values(), ids=MALFORMED)
def test_a_malformed_statement_is_refused_in_thai(data: bytes) -> None:
    with pytest.raises(StatementInvalid) as refusal:
        read_statement(data)

    assert refusal.value.thai.startswith("ใบตอบรับอ่านไม่ได้")


def test_a_reason_of_a_later_version_still_says_no() -> None:
    receipt = read_statement(members(Step.REFUSED, reason={"code": "full-moon", "text": "คืนวันเพ็ญ"}))

    assert receipt.reason == Reason(ReasonCode.OTHER, "full-moon: คืนวันเพ็ญ")


def test_a_statement_without_what_its_step_needs_is_never_written() -> None:
    with pytest.raises(ValueError, match="reason"):
        statement_bytes(a_receipt(Step.REFUSED, reason=None))
