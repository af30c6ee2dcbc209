"""A letter into bytes: what any mail program, openssl and our own reader make of it."""

from __future__ import annotations

import dataclasses
import email
import email.policy
import email.utils
import re
import subprocess
from datetime import date
from email.header import decode_header, make_header
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from saraban.domain.attachment import Digest
from saraban.domain.classification import Secrecy, Urgency
from saraban.domain.errors import BadInput, RuleBroken
from saraban.exchange import headers
from saraban.exchange.compose import (
    REFERENCE,
    ByHand,
    Entity,
    encode_file,
    letter_cover,
    letter_entity,
    letter_envelope,
    letter_subject,
)
from saraban.exchange.envelope import Encoded
from saraban.exchange.parse import read_message
from tests.exchange.letters import DISPATCH, FILES, NOON, RECEIVER, SENDER, a_manifest, post, seal_pem


def test_a_letter_says_on_its_envelope_who_sends_what_to_whom() -> None:
    posted = post()
    message = email.message_from_bytes(posted.raw, policy=email.policy.default)

    assert message["From"].addresses[0].addr_spec == SENDER.mailbox
    assert message["From"].addresses[0].display_name == SENDER.name
    assert [address.addr_spec for address in message["To"].addresses] == [RECEIVER.mailbox]
    assert message["Subject"] == "ที่ นร 1201/ว 123 ลงวันที่ 22 พฤศจิกายน 2569 เรื่อง ขอความอนุเคราะห์ข้อมูลน้ำท่วม"
    assert message["Message-ID"] == posted.envelope.message_id == f"<{DISPATCH}@sender.go.th>"
    assert message["Date"] == "Sun, 22 Nov 2026 12:00:00 +0700"
    assert message["Saraban-Envelope"] == f"1; kind=letter; id={DISPATCH}"
    assert message["Disposition-Notification-To"] == SENDER.mailbox
    assert message["Disposition-Notification-Options"] == (
        "signed-receipt-protocol=optional,pkcs7-signature; signed-receipt-micalg=optional,sha-256"
    )
    assert message["Auto-Submitted"] is None
    assert (posted.envelope.mail_from, posted.envelope.rcpt_to) == (SENDER.mailbox, RECEIVER.mailbox)
    assert posted.envelope.envid == DISPATCH


def test_the_parts_stand_in_the_order_of_the_wire() -> None:
    message = email.message_from_bytes(post().raw, policy=email.policy.default)
    inside, outer = message.iter_parts()

    assert message.get_content_type() == "multipart/signed"
    assert (message.get_param("protocol"), message.get_param("micalg")) == ("application/pkcs7-signature", "sha-256")
    assert [(part.get_content_type(), part.get_filename()) for part in inside.iter_parts()] == [
        ("text/plain", None),
        ("application/pdf", "หนังสือ.pdf"),
        ("application/octet-stream", "แบบสำรวจ ๑.xlsx"),
        ("application/json", "manifest.json"),
        ("application/pkcs7-signature", "manifest.json.p7s"),
    ]
    assert outer.get_content_type() == "application/pkcs7-signature"
    assert all(part["Content-Transfer-Encoding"] == "base64" for part in inside.iter_parts())


def test_every_line_is_seven_bits_short_and_ends_with_crlf() -> None:
    raw = post(a_manifest(subject="ก" * 900)).raw

    assert raw.isascii()
    assert raw.count(b"\n") == raw.count(b"\r") == raw.count(b"\r\n")
    assert max(len(line) for line in raw.split(b"\r\n")) <= 84  # Disposition-Notification-Options cannot be folded


def test_the_same_dispatch_gives_the_same_bytes_and_the_envelope_knows_them() -> None:
    one, other = post(), post()

    assert one.raw == other.raw
    assert one.envelope.sha256 == Digest.of(one.raw)
    assert one.envelope.size == len(one.raw)


def test_files_stay_in_the_store_and_only_the_frame_belongs_to_the_dispatch() -> None:
    posted = post()
    files = [segment for segment in posted.envelope.segments if isinstance(segment, Encoded)]

    assert [segment.file for segment in files] == [Digest.of(data) for data in FILES.values()]
    assert [segment.size for segment in files] == [len(posted.store[segment.encoded]) for segment in files]


def test_the_subject_names_the_urgency_and_hides_everything_of_a_classified_letter() -> None:
    assert letter_subject(a_manifest(urgency=Urgency.MOST_URGENT)).startswith("[ด่วนที่สุด] ที่ ")
    secret = a_manifest(urgency=Urgency.URGENT, secrecy=Secrecy.CONFIDENTIAL)
    assert letter_subject(secret) == "หนังสือราชการ"


def test_a_classified_letter_does_not_leave_in_the_clear() -> None:
    posted = post()
    secret = dataclasses.replace(posted.manifest, secrecy=Secrecy.SECRET)
    with pytest.raises(RuleBroken) as refusal:
        letter_envelope(secret, Entity(()), b"", at=NOON, blob=posted.store.__getitem__)
    assert refusal.value.code == "secrecy-not-allowed"

    seen: list[bytes] = []

    def encrypt(data: bytes) -> bytes:
        seen.append(data)
        return b"CMS"

    envelope = letter_envelope(secret, Entity(()), b"p7s", at=NOON, blob=posted.store.__getitem__, encrypt=encrypt)
    raw = b"".join(envelope.chunks(posted.store.__getitem__))
    assert seen[0].startswith(b"Content-Type: multipart/signed;")
    assert read_message(raw).enveloped == b"CMS"
    assert read_message(raw).subject == "หนังสือราชการ"


def test_the_cover_tells_a_person_what_came_and_what_to_do() -> None:
    manifest = a_manifest(urgency=Urgency.URGENT)

    cover = letter_cover(manifest, manifest.files, ByHand("https://sender.go.th/r/abc", date(2027, 2, 20)))

    for words in ("กรมตัวอย่าง ส่งหนังสือราชการถึง กรมผู้รับ", "ที่ นร ๑๒๐๑/ว ๑๒๓", "ลงวันที่ ๒๒ พฤศจิกายน ๒๕๖๙", "ชั้นความเร็ว ด่วน"):
        assert words in cover
    assert "๑. หนังสือ.pdf (หนังสือ ๑๓ ไบต์)" in cover
    assert "\n   https://sender.go.th/r/abc\n" in cover and "๒๐ กุมภาพันธ์ ๒๕๗๐" in cover
    assert f"SHA-256 {manifest.files[0].sha256.hex}" in cover and "certutil -hashfile" in cover
    assert f"{REFERENCE} {manifest.id}" in cover and "Reply" in cover
    for without in (letter_cover(manifest, manifest.files, None), letter_cover(manifest, manifest.files, ByHand())):
        assert "https://" not in without
    assert "SHA-256" not in letter_cover(manifest, manifest.files, None)


def test_the_cover_is_what_the_reader_finds_as_text() -> None:
    posted = post()

    assert read_message(posted.raw).text.replace("\r\n", "\n") == letter_cover(
        posted.manifest, posted.manifest.files, None
    )


@pytest.mark.parametrize("name", ["manifest.json", "manifest.json.p7s", "smime.p7s", "a\x01b.pdf", "e\u0301.pdf"])
def test_a_name_that_cannot_travel_is_refused_while_composing(name: str) -> None:
    with pytest.raises(BadInput):
        post(files={name: b"x"})


def test_files_that_are_not_those_of_the_manifest_are_refused() -> None:
    with pytest.raises(BadInput):
        letter_entity(a_manifest(), b"", b"", "", [])


def test_nobody_adds_a_header_through_a_subject_or_a_name() -> None:
    evil = "เรื่อง\r\nBcc: everyone@go.th\n\nbody"
    raw = post(a_manifest(subject=evil, sender=dataclasses.replace(SENDER, name=evil))).raw

    message = email.message_from_bytes(raw, policy=email.policy.compat32)

    assert message["Bcc"] is None
    assert "Bcc: everyone@go.th body" in str(make_header(decode_header(message["Subject"])))


_thai = st.text(st.characters(min_codepoint=0x0E01, max_codepoint=0x0E5B, exclude_categories=("Cn",)), max_size=300)
_any = st.text(st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp")), max_size=200)


@settings(max_examples=150, deadline=None)
@given(_thai | _any)
def test_any_subject_folds_into_short_lines_and_decodes_to_itself(subject: str) -> None:
    subject = subject.strip()
    written = headers.unstructured("Subject", subject)
    lines = written.split("\r\n")

    assert written.isascii()
    assert all(len(line) <= 76 for line in lines)
    assert all(line.startswith(" ") for line in lines[1:-1])
    for word in re.findall(r"=\?utf-8\?B\?[^?]*\?=", written):
        assert str(make_header(decode_header(word))).encode()
    value = written.removeprefix("Subject: ").removesuffix("\r\n")
    assert str(make_header(decode_header(value))) == subject
    own = read_message(written.encode() + b"\r\n").subject
    assert own == " ".join(subject.split())


@settings(max_examples=150, deadline=None)
@given(_thai | _any)
def test_any_file_name_travels(name: str) -> None:
    written = "Content-Disposition: attachment" + headers.parameter("filename", name) + "\r\n"
    lines = written.split("\r\n")

    assert written.isascii()
    assert all(len(line) <= 76 for line in lines)
    if name.strip():
        message = email.message_from_bytes(written.encode() + b"\r\n", policy=email.policy.compat32)
        assert email.utils.collapse_rfc2231_value(message.get_param("filename", header="content-disposition")) == name


@pytest.mark.parametrize("size", [0, 1, 56, 57, 58, 10_000])
def test_a_file_of_any_size_comes_out_as_it_went_in(size: int) -> None:
    files = {"หน้า.pdf": b"%PDF", "ข้อมูล.bin": bytes(place % 251 for place in range(size))}

    message = read_message(post(files=files).raw)

    assert {file.name: file.data for file in message.files} == files


def test_the_base64_text_has_lines_of_76_and_ends_with_crlf() -> None:
    text = encode_file(bytes(200))

    assert [len(line) for line in text.split(b"\r\n")] == [76, 76, 76, 40, 0]
    assert encode_file(b"") == b""


def test_openssl_verifies_the_whole_message_and_the_manifest_beside_it(tmp_path: Path) -> None:
    raw = post(files={**FILES, "ว่าง.txt": b""}, real_seal=True).raw
    message = read_message(raw)
    assert message.manifest is not None and message.manifest_p7s is not None
    (tmp_path / "roots.pem").write_bytes(seal_pem())
    (tmp_path / "message.eml").write_bytes(raw)
    (tmp_path / "broken.eml").write_bytes(
        raw.replace(b"Content-Type: application/pdf", b"Content-Type: application/PDF")
    )
    (tmp_path / "manifest.json").write_bytes(message.manifest)
    (tmp_path / "manifest.json.p7s").write_bytes(message.manifest_p7s)

    def openssl(*arguments: str) -> int:
        command = ["openssl", *arguments, "-CAfile", "roots.pem", "-purpose", "smimesign", "-out", "out"]
        return subprocess.run(command, cwd=tmp_path, capture_output=True, check=False).returncode

    assert openssl("smime", "-verify", "-in", "message.eml") == 0
    assert openssl("smime", "-verify", "-in", "broken.eml") != 0
    detached = ("cms", "-verify", "-binary", "-inform", "DER", "-in", "manifest.json.p7s", "-content", "manifest.json")
    assert openssl(*detached) == 0
    assert (tmp_path / "out").read_bytes() == message.manifest
