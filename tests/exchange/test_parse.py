"""Reading what arrives: our own letters whole, and everybody's names and words."""

from __future__ import annotations

import base64
import hashlib
import pickle
import urllib.parse
from datetime import UTC, datetime

import pytest

from saraban.domain.attachment import Digest
from saraban.exchange.parse import content_key, read_message
from tests.exchange.letters import FILES, post

THAI = "หนังสือ สธ ๐๒๐๑.pdf"
UTF8, TIS = THAI.encode(), THAI.encode("tis-620")


def with_header(line: bytes, body: bytes = b"x") -> bytes:
    return line + b"\r\n\r\n" + body


def b64(data: bytes) -> bytes:
    return base64.b64encode(data)


# --- a good letter --------------------------------------------------------------------------------------------


def test_a_letter_of_ours_is_read_whole() -> None:
    posted = post()

    message = read_message(posted.raw)

    assert (message.from_address, message.from_name) == ("saraban@sender.go.th", "กรมตัวอย่าง")
    assert message.to_addresses == ("saraban@receiver.go.th",)
    assert message.subject.endswith("เรื่อง ขอความอนุเคราะห์ข้อมูลน้ำท่วม")
    assert message.date == datetime(2026, 11, 22, 5, tzinfo=UTC)
    assert message.manifest == posted.manifest.to_bytes()
    assert {file.name: file.data for file in message.files} == FILES
    assert (message.defects, message.is_auto_reply, message.bounce, message.enveloped) == ((), False, None, None)
    assert pickle.loads(pickle.dumps(message)) == message


def signed_bytes(raw: bytes) -> bytes:
    """The first part of multipart/signed, cut by hand."""
    _, first, _ = raw.split(b"--saraban-11111111-1111-4111-8111-111111111111-signed\r\n")
    return first.removesuffix(b"\r\n")


@pytest.mark.parametrize("ends", ["CRLF", "LF"])
def test_the_outer_signed_part_is_cut_out_of_the_raw_bytes(ends: str) -> None:
    raw = post().raw
    content = signed_bytes(raw)

    outer = read_message(raw if ends == "CRLF" else raw.replace(b"\r\n", b"\n")).outer

    assert outer is not None
    assert outer.digest == Digest.of(content)
    assert base64.b64decode(outer.mic) == hashlib.sha256(content).digest()
    assert outer.signature == b"signature of " + hashlib.sha256(content).digest()


def test_the_outer_signature_is_no_file_even_where_a_gateway_took_it_apart() -> None:
    torn = post().raw.replace(b"multipart/signed", b"multipart/mixed", 1)

    message = read_message(torn)

    assert message.outer is None
    assert [file.name for file in message.files] == list(FILES)


def test_a_manifest_inside_a_forwarded_message_is_not_the_manifest_of_the_one_who_forwards() -> None:
    raw = b"From: a@b.go.th\r\nContent-Type: multipart/mixed; boundary=f\r\n\r\n"
    raw += b"--f\r\nContent-Type: message/rfc822\r\n\r\n"
    raw += post().raw + b"\r\n--f--\r\n"

    message = read_message(raw)

    assert message.manifest is None
    assert [file.media_type for file in message.files] == ["message/rfc822"]


def test_text_without_a_name_is_no_file_and_a_leaf_with_a_name_is_one() -> None:
    parts = b"--b\r\n\r\nfooter\r\n--b\r\nContent-Type: text/plain; name=note.txt\r\n\r\nnote\r\n--b--\r\n"

    message = read_message(b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + parts)

    assert [(file.name, file.data) for file in message.files] == [("note.txt", b"note")]
    assert message.text == "footer"


# --- names and words ------------------------------------------------------------------------------------------


NAMES = {
    "RFC 2231 in UTF-8": b"Content-Disposition: attachment; filename*=UTF-8''" + urllib.parse.quote(THAI).encode(),
    "RFC 2231 in pieces": b"Content-Disposition: attachment;\r\n filename*0*=UTF-8''"
    + urllib.parse.quote(THAI[:8]).encode()
    + b";\r\n filename*1*="
    + urllib.parse.quote(THAI[8:]).encode(),
    "RFC 2231 pieces out of order": b"Content-Disposition: attachment; filename*1*="
    + urllib.parse.quote(THAI[8:]).encode()
    + b"; filename*0*=UTF-8''"
    + urllib.parse.quote(THAI[:8]).encode(),
    "RFC 2231 in TIS-620": b"Content-Disposition: attachment; filename*=TIS-620''" + urllib.parse.quote(TIS).encode(),
    "RFC 2231 in windows-874": b"Content-Disposition: attachment; filename*=windows-874''"
    + urllib.parse.quote(TIS).encode(),
    "RFC 2047 in quotes": b'Content-Disposition: attachment; filename="=?utf-8?B?' + b64(UTF8) + b'?="',
    "RFC 2047 folded": b'Content-Disposition: attachment;\r\n filename="=?utf-8?B?'
    + b64(UTF8[:24])
    + b"?=\r\n =?utf-8?B?"
    + b64(UTF8[24:])
    + b'?="',
    "RFC 2047 in TIS-620": b'Content-Disposition: attachment; filename="=?tis-620?B?' + b64(TIS) + b'?="',
    "RFC 2047 under a NUL charset": b'Content-Disposition: attachment; filename="=?utf\0-8?B?' + b64(UTF8) + b'?="',
    "only name=": b'Content-Type: application/pdf; name="=?utf-8?B?' + b64(UTF8) + b'?="',
    "raw UTF-8": b'Content-Disposition: attachment; filename="' + UTF8 + b'"',
    "raw TIS-620": b'Content-Disposition: attachment; filename="' + TIS + b'"',
    "percent escapes without RFC 2231": b'Content-Disposition: attachment; filename="'
    + urllib.parse.quote(THAI).encode()
    + b'"',
    "both forms": b"Content-Disposition: attachment; filename=\"x.pdf\"; filename*=UTF-8''"
    + urllib.parse.quote(THAI).encode(),
    "cut inside a character": b'Content-Disposition: attachment; filename="=?utf-8?B?'
    + b64(UTF8[:25])
    + b"?= =?utf-8?B?"
    + b64(UTF8[25:])
    + b'?="',
}


@pytest.mark.parametrize("header", NAMES.values(), ids=NAMES)
def test_a_thai_file_name_is_read_however_it_is_written(header: bytes) -> None:
    (file,) = read_message(with_header(header)).files

    assert file.name == THAI


SUBJECTS = {
    "UTF-8 in base64": b"Subject: =?utf-8?B?" + b64("ขอเชิญประชุม".encode()) + b"?=",
    "UTF-8 in quoted-printable": b"Subject: =?UTF-8?Q?"
    + urllib.parse.quote("ขอเชิญประชุม").replace("%", "=").encode()
    + b"?=",
    "TIS-620": b"Subject: =?TIS-620?B?" + b64("ขอเชิญประชุม".encode("tis-620")) + b"?=",
    "windows-874": b"Subject: =?windows-874?B?" + b64("ขอเชิญประชุม".encode("cp874")) + b"?=",
    "raw UTF-8": b"Subject: " + "ขอเชิญประชุม".encode(),
    "raw TIS-620": b"Subject: " + "ขอเชิญประชุม".encode("tis-620"),
    "a wrong label": b"Subject: =?us-ascii?B?" + b64("ขอเชิญประชุม".encode()) + b"?=",
    "a codec that is no charset": b"Subject: =?idna?B?" + b64("ขอเชิญประชุม".encode()) + b"?=",
    "two words, folded": b"Subject: =?utf-8?B?"
    + b64("ขอเชิญ".encode())
    + b"?=\r\n =?utf-8?B?"
    + b64("ประชุม".encode())
    + b"?=",
}


@pytest.mark.parametrize("header", SUBJECTS.values(), ids=SUBJECTS)
def test_a_thai_subject_is_read_however_it_is_written(header: bytes) -> None:
    assert read_message(with_header(header)).subject == "ขอเชิญประชุม"


def test_the_body_is_read_in_its_charset_and_a_wrong_one_is_not_believed() -> None:
    for charset, data in (
        ("tis-620", "ขอเชิญ".encode("cp874")),
        ("windows-874", "ขอเชิญ".encode("cp874")),
        ("x\0y", "ขอเชิญ".encode()),
    ):
        raw = with_header(f"Content-Type: text/plain; charset={charset}".encode(), data)
        assert read_message(raw).text == "ขอเชิญ"


def test_html_is_told_as_text_when_there_is_nothing_else() -> None:
    raw = with_header(b"Content-Type: text/html", "<p>รับแล้ว<br>เลข &#49;</p><script>".encode())

    assert read_message(raw).text == "รับแล้ว\nเลข 1"


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        (b"../../etc/passwd", "passwd"),
        (b"..\\\\..\\\\x.exe", "x.exe"),
        (b"/etc/shadow", "shadow"),
        ("a\u202efdp.exe".encode(), "afdp.exe"),
        (b"CON.pdf", "_CON.pdf"),
        (b"..", "แฟ้มแนบ"),
    ],
)
def test_a_dangerous_name_is_kept_for_the_record_and_made_safe_for_use(name: bytes, safe: str) -> None:
    (file,) = read_message(with_header(b'Content-Disposition: attachment; filename="' + name + b'"')).files

    assert file.safe == safe


ADDRESSES = {
    b"saraban@a.go.th": ("", "saraban@a.go.th"),
    b"Saraban@A.go.th (office)": ("", "saraban@a.go.th"),
    b'"Bangkok, Office" <saraban@a.go.th>': ("Bangkok, Office", "saraban@a.go.th"),
    "กรม <saraban@a.go.th>".encode(): ("กรม", "saraban@a.go.th"),
    "กรม <saraban@a.go.th>".encode("tis-620"): ("กรม", "saraban@a.go.th"),
    b"=?utf-8?B?" + b64("กรม".encode()) + b"?= <saraban@a.go.th>": ("กรม", "saraban@a.go.th"),
    b"office: saraban@a.go.th;": ("", "saraban@a.go.th"),
    b'"saraban@evil.th" <saraban@a.go.th>': ("saraban@evil.th", "saraban@a.go.th"),
    b"a@b.th, c@d.th": ("", ""),
    b"((((": ("", ""),
    b'"': ("", ""),
    b"": ("", ""),
}


@pytest.mark.parametrize(("header", "expected"), ADDRESSES.items())
def test_from_is_one_mailbox_or_none(header: bytes, expected: tuple[str, str]) -> None:
    message = read_message(with_header(b"From: " + header))

    assert (message.from_name, message.from_address) == expected


# --- the content key ------------------------------------------------------------------------------------------


def test_two_ways_of_one_mail_have_one_key() -> None:
    raw = post().raw
    way = b"Return-Path: <>\r\nDelivered-To: a@b.th\r\nReceived: from x\r\n by y;\r\n Sun\r\nX-Spam: no\r\n"

    assert content_key(way + raw) == content_key(raw)
    assert content_key(raw)[0] == "<11111111-1111-4111-8111-111111111111@sender.go.th>"


def test_another_mail_has_another_key() -> None:
    raw = post().raw

    assert content_key(raw + b"x") != content_key(raw)
    assert content_key(b"Subject: x\r\n" + raw) != content_key(raw)
    assert content_key(raw.replace(b"\r\n\r\n", b"\r\n\r\nReceived: x\r\n", 1)) != content_key(raw)


# --- automatic replies ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("header", "automatic"),
    [
        (b"Auto-Submitted: auto-replied", True),
        (b"Auto-Submitted: no", False),
        (b"Precedence: bulk", True),
        (b"X-Autoreply: yes", True),
        (b"Subject: answer", False),
    ],
)
def test_an_automatic_reply_is_told_from_a_person(header: bytes, automatic: bool) -> None:
    assert read_message(with_header(header)).is_auto_reply is automatic
