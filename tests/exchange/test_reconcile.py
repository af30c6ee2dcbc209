"""Requests and answers as bytes and back: what the page promises, and what hostile bytes do."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from saraban.domain.attachment import Digest
from saraban.exchange import reconcile as wire
from saraban.exchange.envelope import OutboxKind
from saraban.exchange.parse import read_message
from saraban.exchange.reconcile import (
    MAX_ITEMS,
    ReceivingNumber,
    ReconcileAnswer,
    ReconcileInvalid,
    ReconcileItem,
    ReconcileRequest,
    answer_bytes,
    read_reconcile,
    request_bytes,
)

AT = datetime(2026, 12, 1, 1, 0, tzinfo=UTC)
SINCE, UNTIL = date(2026, 11, 1), date(2026, 11, 30)
PARTIES = ("onep", "saraban@onep.example", "dopa", "saraban@dopa.example")
ONE = UUID("0190d1c2-5d4e-4f6a-8a51-111111111111")
TWO = UUID("0190d1c2-5d4e-4f6a-8a51-222222222222")


def a_request(**more: Any) -> ReconcileRequest:
    """A request for November."""
    return replace(ReconcileRequest(ONE, *PARTIES, AT, SINCE, UNTIL), **more)


def an_item(**more: Any) -> ReconcileItem:
    """A registered dispatch."""
    values: dict[str, Any] = {
        "dispatch": uuid4(),
        "manifest_sha256": "ab" * 32,
        "number": "กค 0408.2/ว 123",
        "date": date(2026, 11, 22),
        "state": "registered",
        "at": AT,
        "register": ReceivingNumber("1234", 2569),
    }
    return ReconcileItem(**values | more)


def an_answer(**more: Any) -> ReconcileAnswer:
    """An answer to that request."""
    return replace(ReconcileAnswer(TWO, ONE, *PARTIES, AT, SINCE, UNTIL), **more)


def changed(data: bytes, change: Callable[[dict[str, Any]], Any]) -> bytes:
    """The JSON with a change."""
    values = json.loads(data)
    change(values)
    return json.dumps(values, ensure_ascii=False).encode()


def test_a_request_has_the_bytes_of_the_page() -> None:
    assert request_bytes(a_request(send_again=(TWO,))) == (
        b'{"at":"2026-12-01T08:00:00+07:00","from":{"code":"onep","mailbox":"saraban@onep.example"},'
        b'"id":"0190d1c2-5d4e-4f6a-8a51-111111111111","kind":"reconcile-request","saraban":1,'
        b'"send_again":["0190d1c2-5d4e-4f6a-8a51-222222222222"],"since":"2026-11-01",'
        b'"to":{"code":"dopa","mailbox":"saraban@dopa.example"},"until":"2026-11-30"}'
    )


def test_an_answer_has_the_bytes_of_the_page() -> None:
    item = an_item(dispatch=ONE, at=AT.replace(microsecond=9))
    unread = an_item(
        dispatch=TWO, manifest_sha256="", number="", date=None, state="held", at=AT + timedelta(1), register=None
    )

    data = answer_bytes(an_answer(sent=(item,), received=(unread,), sent_again=(TWO,)))

    values = json.loads(data)
    assert values["sent"] == [
        {
            "dispatch": str(ONE), "manifest_sha256": "ab" * 32, "number": "กค 0408.2/ว 123", "date": "2026-11-22",
            "state": "registered", "at": "2026-12-01T08:00:00+07:00", "register": {"number": "1234", "year": 2569},
        }
    ]  # fmt: skip
    assert values["received"] == [
        {
            "dispatch": str(TWO), "manifest_sha256": None, "number": None, "date": None, "state": "held",
            "at": "2026-12-02T08:00:00+07:00", "register": None,
        }
    ]  # fmt: skip
    assert (values["of"], values["truncated"], values["sent_again"]) == (str(ONE), False, [str(TWO)])
    assert data == json.dumps(values, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()


def test_numbers_go_out_in_arabic_digits_on_one_line_and_are_cut() -> None:
    item = an_item(number="ทส ๑๐๐๑\n/ว  ๕" + "ย" * 200, register=ReceivingNumber("๑๒ ๓", 2569))

    [told] = json.loads(answer_bytes(an_answer(sent=(item,))))["sent"]

    assert told["number"].startswith("ทส 1001 /ว 5ย") and len(told["number"]) == 100
    assert told["register"]["number"] == "12 3"


@pytest.mark.parametrize("message", [a_request(), a_request(send_again=(TWO,)), an_answer(sent=(an_item(),))])
def test_what_is_written_is_read_again(message: wire.Reconciliation) -> None:
    made = request_bytes if isinstance(message, ReconcileRequest) else answer_bytes
    assert read_reconcile(made(message)) == message  # type: ignore[operator]


def test_items_of_one_second_stand_in_the_order_of_their_ids() -> None:
    items = (an_item(dispatch=TWO, at=AT), an_item(dispatch=ONE, at=AT.replace(microsecond=5)))

    told = json.loads(answer_bytes(an_answer(sent=items)))["sent"]

    assert [item["dispatch"] for item in told] == [str(ONE), str(TWO)]


def test_an_answer_is_cut_after_five_thousand_and_says_so() -> None:
    items = tuple(an_item(at=AT + timedelta(seconds=MAX_ITEMS + 9 - n), number="") for n in range(MAX_ITEMS + 9))

    answer = read_reconcile(answer_bytes(an_answer(sent=items)))

    assert isinstance(answer, ReconcileAnswer) and answer.truncated
    assert [item.dispatch for item in answer.sent] == [item.dispatch for item in reversed(items)][:MAX_ITEMS]


def test_the_longest_answer_is_under_ten_mebibytes_and_is_read() -> None:
    longest = {"number": "ก" * 100, "register": ReceivingNumber("ก" * 40, 2569), "state": "a" * 40}
    lists = [tuple(an_item(**longest) for _ in range(MAX_ITEMS)) for _ in range(2)]

    data = answer_bytes(an_answer(sent=lists[0], received=lists[1], sent_again=tuple(uuid4() for _ in range(500))))

    assert len(data) < 10 << 20
    read = read_reconcile(data)
    assert isinstance(read, ReconcileAnswer) and not read.truncated and len(read.received) == MAX_ITEMS


@pytest.mark.parametrize(
    "message",
    [a_request(until=SINCE - timedelta(1)), a_request(until=SINCE + timedelta(366)), a_request(send_again=(ONE, ONE))],
)
def test_what_no_receiver_would_accept_is_not_written(message: ReconcileRequest) -> None:
    with pytest.raises(ValueError, match=r"period|twice"):
        request_bytes(message)


def test_unknown_members_are_ignored_and_send_again_may_be_absent() -> None:
    def change(values: dict[str, Any]) -> None:
        del values["send_again"]
        values["future"] = {"of": ["the", "wire"]}

    assert read_reconcile(changed(request_bytes(a_request()), change)) == a_request()


def test_a_state_of_a_later_version_is_kept_and_one_that_is_no_word_is_refused() -> None:
    data = answer_bytes(an_answer(sent=(an_item(state="archived-elsewhere"),)))
    read = read_reconcile(data)
    assert isinstance(read, ReconcileAnswer) and read.sent[0].state == "archived-elsewhere"
    for state in ("", "Registered", "<b>", "a" * 41, "ลงรับ", 5, None):
        with pytest.raises(ReconcileInvalid):
            read_reconcile(changed(data, lambda v, s=state: v["sent"][0].update(state=s)))  # type: ignore[misc]


REQUEST, ANSWER = request_bytes(a_request()), answer_bytes(an_answer(sent=(an_item(),), received=(an_item(),)))


@pytest.mark.parametrize("whole", [REQUEST, ANSWER])
def test_every_member_but_the_lists_that_may_be_empty_is_required(whole: bytes) -> None:
    for name in json.loads(whole):
        if name in ("send_again", "sent_again"):
            continue
        for value in (None, "", [], {}, -1, "x" * 5000):
            if name in ("sent", "received") and value == []:
                continue
            with pytest.raises(ReconcileInvalid):
                read_reconcile(changed(whole, lambda v, n=name, x=value: v.update({n: x})))  # type: ignore[misc]
        with pytest.raises(ReconcileInvalid):
            read_reconcile(changed(whole, lambda v, n=name: v.pop(n)))  # type: ignore[misc]


@pytest.mark.parametrize(
    "change",
    [
        lambda v: v["sent"].append(v["sent"][0]),
        lambda v: v.update(sent_again=[str(ONE), str(ONE)]),
        lambda v: v.update(sent_again=[str(uuid4()) for _ in range(501)]),
        lambda v: v["sent"].extend({**v["sent"][0], "dispatch": str(uuid4())} for _ in range(MAX_ITEMS)),
        lambda v: v.update(until="2027-11-02"),
        lambda v: v.update(since="2569-11-01"),
        lambda v: v["sent"][0].update(register={"number": "1"}),
        lambda v: v["sent"][0].update(register={"number": "1" * 41, "year": 2569}),
        lambda v: v["sent"][0].update(number="ก\nข"),
        lambda v: v["sent"][0].update(manifest_sha256="xyz"),
        lambda v: v.update(saraban=2),
        lambda v: v.update(truncated="no"),
    ],
)
def test_what_the_page_does_not_allow_is_refused_in_thai(change: Callable[[dict[str, Any]], Any]) -> None:
    with pytest.raises(ReconcileInvalid, match="ใบกระทบยอด"):
        read_reconcile(changed(ANSWER, change))


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.binary(max_size=2000))
def test_any_bytes_are_refused_with_words_and_nothing_else(data: bytes) -> None:
    with pytest.raises(ReconcileInvalid):
        read_reconcile(data)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=40),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=9,
)


@settings(max_examples=400, deadline=None)
@given(st.sampled_from([REQUEST, ANSWER]), st.data())
def test_a_true_message_with_any_member_replaced_is_read_or_refused(whole: bytes, data: st.DataObject) -> None:
    values = json.loads(whole)
    place = values
    if values["kind"] == "reconcile-answer" and data.draw(st.booleans()):
        place = values[data.draw(st.sampled_from(["sent", "received"]))][0]
    place[data.draw(st.sampled_from(sorted(place)))] = data.draw(JSON)
    try:
        read = read_reconcile(json.dumps(values).encode())
    except ReconcileInvalid as error:
        assert error.thai
        return
    made = request_bytes if isinstance(read, ReconcileRequest) else answer_bytes
    again = read_reconcile(made(read))  # type: ignore[operator]
    assert type(again) is type(read) and again.id == read.id


@settings(max_examples=200, deadline=None)
@given(st.sampled_from([REQUEST, ANSWER]), st.integers(0, 10_000), st.binary(min_size=1, max_size=4))
def test_a_true_message_with_spoilt_bytes_is_read_or_refused(whole: bytes, at: int, spoilt: bytes) -> None:
    at %= len(whole)
    try:
        read_reconcile(whole[:at] + spoilt + whole[at + len(spoilt) :])
    except ReconcileInvalid as error:
        assert error.thai


@pytest.mark.parametrize("data", [b"[" * 100_000, b'{"a":' * 50_000, b"{" + b" " * (11 << 20) + b"}"])
def test_bombs_are_refused(data: bytes) -> None:
    with pytest.raises(ReconcileInvalid):
        read_reconcile(data)


def test_lists_that_are_kept_are_read_again_however_long() -> None:
    sent = [an_item() for _ in range(MAX_ITEMS + 3)]
    kept = json.loads(json.dumps(wire.lists_as_json(sent, [])))

    assert wire.read_lists(kept) == (sent, [])


@pytest.mark.parametrize("message", [a_request(), an_answer()])
def test_the_message_has_the_headers_of_the_page(message: wire.Reconciliation) -> None:
    store: dict[Digest, bytes] = {}
    made = request_bytes if isinstance(message, ReconcileRequest) else answer_bytes
    data = made(message)  # type: ignore[operator]
    entity = wire.reconcile_entity(message, data, b"inner signature", sender_name="สำนักงานนโยบาย")
    envelope = wire.reconcile_envelope(
        message, entity, b"outer signature", at=AT, blob=store.__getitem__, sender_name="สำนักงานนโยบาย"
    )
    raw = b"".join(envelope.chunks(store.__getitem__))
    mail = read_message(raw)

    assert envelope.kind is OutboxKind.RECONCILE and envelope.rcpt_to == "saraban@dopa.example"
    assert mail.saraban is not None and (mail.saraban.kind, mail.saraban.id) == ("reconcile", message.id)
    assert mail.message_id == f"<{message.id}@onep.example>"
    assert (mail.reconcile, mail.reconcile_p7s) == (data, b"inner signature")
    assert (mail.from_address, mail.to_addresses) == ("saraban@onep.example", ("saraban@dopa.example",))
    assert mail.files == () and b"Disposition-Notification-To" not in raw
    if isinstance(message, ReconcileAnswer):
        assert (envelope.mail_from, envelope.fallback_from) == ("", "saraban@onep.example")
        assert mail.saraban.of == message.of and mail.auto_submitted == "auto-replied"
        assert mail.in_reply_to == f"<{message.of}@dopa.example>" and mail.references == (mail.in_reply_to,)
    else:
        assert (envelope.mail_from, envelope.fallback_from) == ("saraban@onep.example", "")
        assert (mail.saraban.of, mail.auto_submitted, mail.in_reply_to, mail.references) == (None, "", "", ())
    assert "วันที่ ๑ พฤศจิกายน ๒๕๖๙" in mail.text and "สำนักงานนโยบาย" in mail.text


def test_a_message_without_its_header_is_known_by_its_parts() -> None:
    message = a_request()
    entity = wire.reconcile_entity(message, request_bytes(message), b"p7s", sender_name="ก")
    envelope = wire.reconcile_envelope(message, entity, b"outer", at=AT, blob={}.__getitem__, sender_name="ก")
    raw = b"".join(envelope.chunks({}.__getitem__))
    bare = b"\r\n".join(line for line in raw.split(b"\r\n") if not line.startswith(b"Saraban-Envelope"))

    mail = read_message(bare)

    assert mail.saraban is None and mail.reconcile == request_bytes(message)
