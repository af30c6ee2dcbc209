"""Questions about documents as bytes and back: what the page and its schema promise, and what hostile bytes do."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from saraban.domain.attachment import Digest
from saraban.domain.lookup import (
    LookupAnswer,
    LookupRequest,
    Officer,
    Outcome,
    Refused,
    ToldDocument,
    ToldFile,
    Want,
    Why,
)
from saraban.exchange import lookup as wire
from saraban.exchange.entity import encode_file
from saraban.exchange.envelope import OutboxKind
from saraban.exchange.lookup import LookupInvalid, answer_bytes, read_lookup, request_bytes
from saraban.exchange.parse import read_message

DOCS = Path(__file__).parents[2] / "docs"
SCHEMA = jsonschema.Draft202012Validator(json.loads((DOCS / "wire-lookup.schema.json").read_text()))
AT = datetime(2026, 12, 1, 1, 0, tzinfo=UTC)
ASKED = ("dopa", "saraban@dopa.example", "onep", "saraban@onep.example")
SAID = ("onep", "saraban@onep.example", "dopa", "saraban@dopa.example")
ONE = UUID("0190d1c2-5d4e-4f6a-8a51-111111111111")
TWO = UUID("0190d1c2-5d4e-4f6a-8a51-222222222222")
HOLDER = "1234567890121"
PDF = b"%PDF-1.7\n% sample\n"
FILE = ToldFile("document-1.pdf", "application/pdf", len(PDF), Digest.of(PDF))


def a_request(**more: Any) -> LookupRequest:
    """The request of the page's sample."""
    plain = LookupRequest(
        ONE, *ASKED, AT, AT + timedelta(days=7), "license", "ทส 1009/45", HOLDER, Want.FILE,
        "ประกอบการพิจารณาคำขออนุญาตก่อสร้าง", "พ.ร.บ. ควบคุมอาคาร พ.ศ. 2522 มาตรา 21",
        Officer("นางสาวสมใจ ใจดี", "นักวิชาการ", "กองควบคุมอาคาร"),
    )  # fmt: skip
    return replace(plain, **more)


def a_document(**more: Any) -> ToldDocument:
    """A licence in force with its file."""
    page = "https://onep.example/v/abcdefghijklmnopqrst"
    days = (date(2026, 1, 5), date(2026, 12, 31))
    plain = ToldDocument("license", "ใบอนุญาตตัวอย่าง", "ทส 1009/45", "valid", *days, "", page, FILE)
    return replace(plain, **more)


def an_answer(**more: Any) -> LookupAnswer:
    """The answer of the page's sample: found, with the file."""
    plain = LookupAnswer(
        TWO, ONE, Digest.of(request_bytes(a_request())), *SAID, AT + timedelta(seconds=30), Outcome.FOUND, Want.FILE,
        (a_document(),), keep_until=date(2027, 3, 1),
    )  # fmt: skip
    return replace(plain, **more)


def a_refusal(**more: Any) -> LookupAnswer:
    """The refusal of the page's sample, with what may be asked for."""
    values: dict[str, Any] = {
        "outcome": Outcome.REFUSED, "gives": Want.STATE, "documents": (), "keep_until": None,
        "refused": Refused(Why.KIND_UNKNOWN), "kinds": (("license", "ใบอนุญาตตัวอย่าง"),),
    }  # fmt: skip
    return an_answer(**values | more)


def written(message: wire.LookupMessage) -> bytes:
    """Its bytes."""
    return request_bytes(message) if isinstance(message, LookupRequest) else answer_bytes(message)


def changed(data: bytes, change: Callable[[dict[str, Any]], Any]) -> bytes:
    """The JSON with a change."""
    values = json.loads(data)
    change(values)
    return json.dumps(values, ensure_ascii=False).encode()


REQUEST, FOUND, REFUSED = request_bytes(a_request()), answer_bytes(an_answer()), answer_bytes(a_refusal())


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("lookup-request", a_request()),
        ("lookup-answer-found", an_answer()),
        ("lookup-answer-refused", a_refusal()),
    ],
)
def test_the_published_samples_are_our_bytes_and_are_read(name: str, message: wire.LookupMessage) -> None:
    sample = (DOCS / "samples" / f"{name}.json").read_bytes()

    assert written(message) == sample and read_lookup(sample) == message
    SCHEMA.validate(json.loads(sample))


def test_the_request_stands_in_its_bytes_as_the_page_says() -> None:
    assert (
        request_bytes(a_request(number="", want=Want.STATE, officer=Officer("ก")))
        == (
            '{"at":"2026-12-01T08:00:00+07:00","document":{"holder_id":"1234567890121","kind":"license","number":null},'
            '"expires_at":"2026-12-08T08:00:00+07:00","from":{"code":"dopa","mailbox":"saraban@dopa.example"},'
            '"id":"0190d1c2-5d4e-4f6a-8a51-111111111111","kind":"lookup-request",'
            '"legal_basis":"พ.ร.บ. ควบคุมอาคาร พ.ศ. 2522 มาตรา 21","officer":{"name":"ก","position":null,"unit":null},'
            '"purpose":"ประกอบการพิจารณาคำขออนุญาตก่อสร้าง","saraban":1,'
            '"to":{"code":"onep","mailbox":"saraban@onep.example"},"want":"state"}'
        ).encode()
    )


@pytest.mark.parametrize(
    "message",
    [
        a_request(holder_id=""),
        a_request(number=""),
        an_answer(documents=(a_document(state="cancelled", file=None, verify="", valid_until=None),), truncated=True),
        an_answer(documents=(a_document(state="replaced", replaced_by="ทส 1009/46"),), officer=Officer("ข", "ค", "ง")),
        a_refusal(refused=Refused(Why.OTHER, "ฐานข้อมูลปิดปรับปรุง"), kinds=()),
        an_answer(outcome=Outcome.NOT_FOUND, documents=(), keep_until=None),
        an_answer(outcome=Outcome.WAITING, documents=(), keep_until=None),
    ],
)
def test_what_is_written_is_read_again_and_fits_the_schema(message: wire.LookupMessage) -> None:
    data = written(message)

    assert read_lookup(data) == message
    SCHEMA.validate(json.loads(data))


@pytest.mark.parametrize(
    "message",
    [
        a_request(number="", holder_id=""),
        an_answer(documents=()),
        an_answer(outcome=Outcome.NOT_FOUND),
        an_answer(documents=(a_document(),) * 11),
        a_refusal(refused=None),
        an_answer(refused=Refused(Why.EXPIRED)),
    ],
)
def test_what_no_receiver_would_accept_is_not_written(message: wire.LookupMessage) -> None:
    with pytest.raises(ValueError, match=r"number|documents|reason"):
        written(message)


WRONG: list[tuple[bytes, Callable[[dict[str, Any]], Any]]] = [
    (REQUEST, lambda v: v.update(saraban=2)),
    (REQUEST, lambda v: v.update(kind="lookup")),
    (REQUEST, lambda v: v["document"].update(number=None, holder_id=None)),
    (REQUEST, lambda v: v["document"].update(holder_id="เลขที่ ๑")),
    (REQUEST, lambda v: v["document"].update(holder_id="1" * 41)),
    (REQUEST, lambda v: v["document"].update(number="ก\nข")),
    (REQUEST, lambda v: v["document"].update(kind="ก" * 201)),
    (REQUEST, lambda v: v.update(want="everything")),
    (REQUEST, lambda v: v.update(purpose="  ")),
    (REQUEST, lambda v: v.update(purpose="ก" * 1001)),
    (REQUEST, lambda v: v.update(legal_basis=None)),
    (REQUEST, lambda v: v.update(officer={"position": "ก"})),
    (REQUEST, lambda v: v.update(id="1")),
    (FOUND, lambda v: v.update(documents=[])),
    (FOUND, lambda v: v.update(documents=v["documents"] * 11)),
    (FOUND, lambda v: v.update(keep_until=None)),
    (FOUND, lambda v: v.update(outcome="not-found")),
    (FOUND, lambda v: v.update(outcome="maybe")),
    (FOUND, lambda v: v.update(request_sha256="xyz")),
    (FOUND, lambda v: v["documents"][0].update(state="<b>")),
    (FOUND, lambda v: v["documents"][0].update(verify="javascript:alert(1)")),
    (FOUND, lambda v: v["documents"][0].update(issued_on="2569-01-05")),
    (FOUND, lambda v: v["documents"][0]["file"].update(name="ใบอนุญาตของ นาย ก.pdf")),
    (FOUND, lambda v: v["documents"][0]["file"].update(name="../document-1.pdf")),
    (FOUND, lambda v: v["documents"][0]["file"].update(size=0)),
    (FOUND, lambda v: v["documents"][0]["file"].update(size=15 << 20)),
    (REFUSED, lambda v: v.update(reason=None)),
    (REFUSED, lambda v: v.update(reason={"code": "other", "text": " "})),
    (REFUSED, lambda v: v.update(kinds=[{"code": "x"}])),
]


@pytest.mark.parametrize(("whole", "change"), WRONG)
def test_what_the_page_does_not_allow_is_refused_in_thai_and_by_the_schema(
    whole: bytes, change: Callable[[dict[str, Any]], Any]
) -> None:
    data = changed(whole, change)

    with pytest.raises(LookupInvalid, match="ใบตรวจเอกสาร"):
        read_lookup(data)
    assert not SCHEMA.is_valid(json.loads(data))


@pytest.mark.parametrize(
    ("whole", "change"),
    [
        (REQUEST, lambda v: v.update(expires_at=v["at"])),
        (FOUND, lambda v: v.update(documents=v["documents"] * 2)),  # one name of a file twice
    ],
)
def test_what_a_schema_cannot_say_is_refused_too(whole: bytes, change: Callable[[dict[str, Any]], Any]) -> None:
    with pytest.raises(LookupInvalid):
        read_lookup(changed(whole, change))


@pytest.mark.parametrize("whole", [REQUEST, FOUND, REFUSED])
def test_every_member_that_is_required_is(whole: bytes) -> None:
    values = json.loads(whole)
    kind = "request" if values["kind"] == "lookup-request" else "answer"
    required = json.loads((DOCS / "wire-lookup.schema.json").read_text())["$defs"][kind]["required"]
    for name in required:
        with pytest.raises(LookupInvalid):
            read_lookup(changed(whole, lambda v, n=name: v.pop(n)))  # type: ignore[misc]


def test_words_of_a_later_version_are_understood_as_far_as_they_go() -> None:
    later = read_lookup(changed(FOUND, lambda v: (v["documents"][0].update(state="archived"), v.update(future=[1]))))
    refused = read_lookup(changed(REFUSED, lambda v: v["reason"].update(code="too-late", text="ช้าไป")))

    assert isinstance(later, LookupAnswer) and later.documents[0].state == "archived"
    assert isinstance(refused, LookupAnswer) and refused.refused == Refused(Why.OTHER, "too-late: ช้าไป")


def mail_of(message: wire.LookupMessage) -> tuple[Any, bytes]:
    """The envelope and its raw bytes."""
    store: dict[Digest, bytes] = {}
    files = []
    for told in [d.file for d in message.documents if d.file] if isinstance(message, LookupAnswer) else []:
        text = encode_file(PDF)
        store[Digest.of(text)] = text
        files.append(wire.EncodedAnswerFile(told, Digest.of(text), len(text)))
    entity = wire.lookup_entity(message, written(message), b"inner", sender_name="สำนักงานนโยบาย", files=files)
    envelope = wire.lookup_envelope(
        message, entity, b"outer", at=AT, blob=store.__getitem__, sender_name="สำนักงานนโยบาย"
    )
    return envelope, b"".join(envelope.chunks(store.__getitem__))


@pytest.mark.parametrize("message", [a_request(), an_answer(), an_answer(officer=Officer("ก")), a_refusal()])
def test_the_message_has_the_headers_of_the_page(message: wire.LookupMessage) -> None:
    envelope, raw = mail_of(message)
    mail = read_message(raw)

    assert envelope.kind is OutboxKind.LOOKUP and envelope.rcpt_to == message.to_mailbox
    assert mail.saraban is not None and (mail.saraban.kind, mail.saraban.id) == ("lookup", message.id)
    assert (mail.lookup, mail.lookup_p7s) == (written(message), b"inner")
    assert (mail.from_address, mail.to_addresses) == (message.from_mailbox, (message.to_mailbox,))
    assert b"Disposition-Notification-To" not in raw
    if isinstance(message, LookupAnswer):
        assert (envelope.mail_from, envelope.fallback_from) == ("", message.from_mailbox)
        assert (mail.saraban.of, mail.in_reply_to) == (ONE, f"<{ONE}@dopa.example>")
        assert mail.auto_submitted == ("" if message.officer else "auto-replied")
        assert [(f.name, f.data) for f in mail.files] == [("document-1.pdf", PDF)] * len(message.documents)
    else:
        assert (envelope.mail_from, envelope.fallback_from) == (message.from_mailbox, "")
        assert (mail.saraban.of, mail.auto_submitted, mail.in_reply_to, mail.files) == (None, "", "", ())


@pytest.mark.parametrize("message", [a_request(), an_answer(), a_refusal()])
def test_nothing_of_the_holder_the_document_or_the_purpose_is_read_outside_the_sealed_part(
    message: wire.LookupMessage,
) -> None:
    _, raw = mail_of(message)
    mail = read_message(raw)
    outside = raw.partition(b"\r\n\r\n")[0].decode() + mail.subject + mail.text + "".join(f.name for f in mail.files)

    for secret in (HOLDER, "1009", "๑๐๐๙", "license", "ใบอนุญาต", "ก่อสร้าง"):
        assert secret not in outside
    if isinstance(message, LookupAnswer):
        assert HOLDER.encode() not in raw and HOLDER.encode() not in (mail.lookup or b"")


def test_a_message_without_its_header_is_known_by_its_parts_and_a_letter_may_hold_files_of_these_names() -> None:
    _, raw = mail_of(a_request())
    bare = b"\r\n".join(line for line in raw.split(b"\r\n") if not line.startswith(b"Saraban-Envelope"))
    letter = raw.replace(b"kind=lookup", b"kind=letter", 1)

    assert read_message(bare).lookup == REQUEST
    assert [file.name for file in read_message(letter).files] == ["lookup.json", "lookup.json.p7s"]


def test_software_that_does_not_know_the_page_sees_an_ordinary_mail() -> None:
    _, raw = mail_of(a_request())
    unknown = read_message(
        raw.replace(b"kind=lookup", b"kind=future", 1).replace(b"lookup.json.p7s", b"future.json.p7s")
    )

    assert unknown.saraban is None and unknown.manifest is None and unknown.statement is None
    assert "ขอตรวจเอกสารที่ท่านเป็นผู้ออก" in unknown.text and not unknown.is_auto_reply


def test_files_that_the_answer_does_not_tell_do_not_travel_with_it() -> None:
    stray = wire.EncodedAnswerFile(FILE, FILE.sha256, 9)
    with pytest.raises(ValueError, match="files"):
        wire.lookup_entity(a_request(), REQUEST, b"", sender_name="ก", files=[stray])


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.binary(max_size=2000))
def test_any_bytes_are_refused_with_words_and_nothing_else(data: bytes) -> None:
    with pytest.raises(LookupInvalid):
        read_lookup(data)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=40),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=9,
)


@settings(max_examples=400, deadline=None)
@given(st.sampled_from([REQUEST, FOUND, REFUSED]), st.data())
def test_a_true_message_with_any_member_replaced_is_read_or_refused(whole: bytes, data: st.DataObject) -> None:
    values = json.loads(whole)
    place = values
    if data.draw(st.booleans()):
        inner = [v for v in values.values() if isinstance(v, dict)] + list(values.get("documents", ()))
        place = data.draw(st.sampled_from(inner))
    place[data.draw(st.sampled_from(sorted(place)))] = data.draw(JSON)
    try:
        read = read_lookup(json.dumps(values).encode())
    except LookupInvalid as error:
        assert error.thai
        return
    again = read_lookup(written(read))
    assert type(again) is type(read) and again.id == read.id


@settings(max_examples=150, deadline=None)
@given(st.sampled_from([REQUEST, FOUND]), st.integers(0, 10_000), st.binary(min_size=1, max_size=4))
def test_a_true_message_with_spoilt_bytes_is_read_or_refused(whole: bytes, at: int, spoilt: bytes) -> None:
    at %= len(whole)
    try:
        read_lookup(whole[:at] + spoilt + whole[at + len(spoilt) :])
    except LookupInvalid as error:
        assert error.thai


@pytest.mark.parametrize("data", [b"[" * 100_000, b'{"a":' * 50_000, b"{" + b" " * (1 << 20) + b"}"])
def test_bombs_are_refused(data: bytes) -> None:
    with pytest.raises(LookupInvalid):
        read_lookup(data)
