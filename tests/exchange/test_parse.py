"""Reading hostile and sloppy mail: it is read, or it is refused with a word, and never more slowly than it is long."""

from __future__ import annotations

import base64
import hashlib
import pickle
import random
import time
import urllib.parse
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from saraban.domain.attachment import Digest
from saraban.exchange.parse import Limits, Unreadable, content_key, read_message
from tests.exchange.letters import FILES, a_manifest, post

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
    raw = b"From: a@b.go.th\r\nContent-Type: multipart/mixed; boundary=f\r\n\r\n--f\r\nContent-Type: message/rfc822\r\n\r\n"
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
    "UTF-8 in quoted-printable": b"Subject: =?UTF-8?Q?" + urllib.parse.quote("ขอเชิญประชุม").replace("%", "=").encode() + b"?=",
    "TIS-620": b"Subject: =?TIS-620?B?" + b64("ขอเชิญประชุม".encode("tis-620")) + b"?=",
    "windows-874": b"Subject: =?windows-874?B?" + b64("ขอเชิญประชุม".encode("cp874")) + b"?=",
    "raw UTF-8": b"Subject: " + "ขอเชิญประชุม".encode(),
    "raw TIS-620": b"Subject: " + "ขอเชิญประชุม".encode("tis-620"),
    "a wrong label": b"Subject: =?us-ascii?B?" + b64("ขอเชิญประชุม".encode()) + b"?=",
    "a codec that is no charset": b"Subject: =?idna?B?" + b64("ขอเชิญประชุม".encode()) + b"?=",
    "two words, folded": b"Subject: =?utf-8?B?" + b64("ขอเชิญ".encode()) + b"?=\r\n =?utf-8?B?" + b64("ประชุม".encode()) + b"?=",
}


@pytest.mark.parametrize("header", SUBJECTS.values(), ids=SUBJECTS)
def test_a_thai_subject_is_read_however_it_is_written(header: bytes) -> None:
    assert read_message(with_header(header)).subject == "ขอเชิญประชุม"


def test_the_body_is_read_in_its_charset_and_a_wrong_one_is_not_believed() -> None:
    for charset, data in (("tis-620", "ขอเชิญ".encode("cp874")), ("windows-874", "ขอเชิญ".encode("cp874")), ("x\0y", "ขอเชิญ".encode())):
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


# --- things that hurt other parsers ---------------------------------------------------------------------------


ODD = {
    "nothing": b"",
    "one line": b"hello",
    "only line ends": b"\r\n\r\n\n",
    "mbox line": b"From someone\r\nSubject: x\r\n\r\nx",
    "name* without value": with_header(b"Content-Type: text/plain; name*"),
    "comment as address": with_header(b"To: (c):\r\nCc: (x): a@b.com;\r\nTo: \""),
    "brackets in Message-ID": with_header(b"Message-ID: <[x@microsoft.com]>"),
    "a zone of 13 digits": with_header(b"Date: Mon, 1 Jan 2024 00:00:00 +1234567890123"),
    "a year of 20 digits": with_header(b"Date: Mon, 1 Jan 99999999999999999999 00:00:00 +0000"),
    "NUL charset": with_header(b"Content-Type: text/plain; charset=\0", b"\0x"),
    "charset idna": with_header(b"Content-Type: text/plain; charset=idna", b"\xff"),
    "charset of a codec": with_header(b"Content-Type: text/plain; charset=zlib_codec", b"x"),
    "multipart without boundary": with_header(b"Content-Type: multipart/mixed"),
    "multipart with an empty boundary": with_header(b'Content-Type: multipart/mixed; boundary=""', b"--\r\n\r\nx\r\n----"),
    "multipart never begun": with_header(b"Content-Type: multipart/mixed; boundary=b"),
    "multipart never closed": with_header(b"Content-Type: multipart/mixed; boundary=b", b"--b\r\n\r\nx"),
    "signed with one part": with_header(b"Content-Type: multipart/signed; boundary=b", b"--b\r\n\r\nx\r\n--b--"),
    "bad base64": with_header(b"Content-Transfer-Encoding: base64\r\nContent-Disposition: x; filename=a", b"A"),
    "bad quoted-printable": with_header(b"Content-Transfer-Encoding: quoted-printable", b"=\r\n=ZZ="),
    "bad encoded words": with_header(b"Subject: =?utf-8?B?!!!?= =?x?Q?=ZZ?= =?utf-8?B?/w==?="),
    "an envelope header of nonsense": with_header(b"Saraban-Envelope: 9; kind=bomb; id=1"),
    "two envelope headers": with_header(b"Saraban-Envelope: 1; kind=letter\r\nSaraban-Envelope: 1; kind=letter"),
    "delivery status of nothing": with_header(b"Content-Type: message/delivery-status"),
    "disposition of nothing": with_header(b"Content-Type: message/disposition-notification"),
}


@pytest.mark.parametrize("raw", ODD.values(), ids=ODD)
def test_odd_mail_is_read_all_the_same(raw: bytes) -> None:
    message = read_message(raw)

    assert "\0" not in message.text + message.subject
    pickle.dumps(message)
    content_key(raw)


def nested(levels: int) -> bytes:
    heads = (b'Content-Type: multipart/mixed; boundary="%d"\r\n\r\n--%d\r\n' % (level, level) for level in range(levels))
    return b"".join(heads) + b"\r\nx\r\n"


STOPS = {
    "45 MB and one": b"x" * 45_000_001,
    "100 levels": nested(100),
    "10,000 levels": nested(10_000),
    "20,000 parts": with_header(b"Content-Type: multipart/mixed; boundary=b", b"--b\r\n\r\nx\r\n" * 20_000),
    "1,001 header lines": b"Received: x\r\n" * 1_001 + b"\r\nx",
    "a header block of 300 kB": b"Subject: " + b"a" * 300_000 + b"\r\n\r\nx",
    "300 kB before any blank line": b"a" * 300_000,
    "201 files": with_header(
        b"Content-Type: multipart/mixed; boundary=b",
        b"".join(b"--b\r\nContent-Disposition: attachment; filename=%d\r\n\r\n\r\n" % place for place in range(201)),
    ),
}


@pytest.mark.parametrize("raw", STOPS.values(), ids=STOPS)
def test_mail_past_a_hard_stop_is_refused_at_once(raw: bytes) -> None:
    start = time.process_time()
    with pytest.raises(Unreadable) as refusal:
        read_message(raw)

    assert time.process_time() - start < 0.5
    assert refusal.value.code in ("too-large", "unreadable")
    assert pickle.loads(pickle.dumps(refusal.value)).args == refusal.value.args
    assert pickle.loads(pickle.dumps(refusal.value)).code == refusal.value.code


def test_what_a_receiver_must_accept_is_read() -> None:
    files = {f"{place}.bin": b"%d" % place for place in range(49)} | {"ใหญ่.bin": bytes(18_500_000)}
    raw = b"Received: by gateway\r\n" * 980 + post(a_manifest(files), files).raw

    message = read_message(raw)

    assert len(raw) > 25_000_000
    assert len(message.files) == 50
    assert read_message(nested(10)).text == "x\r\n"


def test_26_mib_are_read_in_a_bounded_time() -> None:
    raw = with_header(
        b"Content-Type: application/pdf; name=a.pdf\r\nContent-Transfer-Encoding: base64", base64.encodebytes(bytes(19_900_000))
    )
    assert len(raw) > 26 * 1_048_576 * 0.97
    start = time.process_time()

    (file,) = read_message(raw).files

    assert file.size == 19_900_000
    assert time.process_time() - start < 2.0


def _repeat(unit: bytes, size: int) -> bytes:
    return unit * (size // len(unit))


SLOW = {
    "Subject of words": lambda n: with_header(b"Subject:" + _repeat(b" a", min(n, 250_000))),
    "Subject of encoded words": lambda n: with_header(b"Subject: " + _repeat(b"=?utf-8?q?a?= ", min(n, 250_000))),
    "Subject of openings": lambda n: with_header(b"Subject: " + _repeat(b"=?a?b?", min(n, 250_000))),
    "To of addresses": lambda n: with_header(b"To: " + _repeat(b"a@b.th, ", min(n, 250_000))),
    "From of brackets": lambda n: with_header(b"From: " + _repeat(b"(", min(n, 250_000))),
    "From of quotes": lambda n: with_header(b"From: " + _repeat(b'\\"', min(n, 250_000))),
    "parameters": lambda n: with_header(b"Content-Type: text/plain" + _repeat(b"; a=b", min(n, 250_000))),
    "semicolons in a quote": lambda n: with_header(b'Content-Type: text/plain; a="' + _repeat(b";", min(n, 250_000))),
    "spaces in parameters": lambda n: with_header(b"Content-Type: text/plain; " + _repeat(b"a ", min(n, 250_000))),
    "pieces of a name": lambda n: with_header(
        b"Content-Disposition: attachment" + b"".join(b";\r\n filename*%d=a" % place for place in range(min(n // 16, 900)))
    ),
    "false delimiters": lambda n: with_header(b"Content-Type: multipart/mixed; boundary=b", _repeat(b"--bx\r\n", n)),
    "delimiters without end": lambda n: with_header(b"Content-Type: multipart/mixed; boundary=b", b"\n--b" + _repeat(b" ", n)),
    "dashes": lambda n: with_header(b"Content-Type: multipart/mixed; boundary=----", _repeat(b"-", n)),
    "openings of tags": lambda n: with_header(b"Content-Type: text/html", _repeat(b"<", n)),
    "damaged base64": lambda n: with_header(
        b"Content-Transfer-Encoding: base64\r\nContent-Disposition: attachment; filename=a", _repeat(b"A=\n", n)
    ),
    "20 levels over a long text": lambda n: nested(20) + _repeat(b"line of text\r\n", n),
    "a bounce of addresses": lambda n: with_header(b"From: MAILER-DAEMON@b.th\r\nSubject: failure notice", _repeat(b"<a@b.th>:\n", n)),
    "a bounce of spaces": lambda n: with_header(b"From: MAILER-DAEMON@b.th\r\nReturn-Path: <>", _repeat(b" \n", n)),
    "a delivery status of blocks": lambda n: with_header(b"Content-Type: message/delivery-status", _repeat(b"a: b\n\n", n)),
}


@pytest.mark.parametrize("make", SLOW.values(), ids=SLOW)
def test_reading_takes_no_longer_than_the_mail_is_long(make) -> None:  # type: ignore[no-untyped-def]
    raw = make(1_000_000)
    start = time.process_time()

    read_message(raw)

    assert time.process_time() - start < 0.6


@settings(max_examples=80, deadline=None)
@given(st.randoms(use_true_random=False))
def test_a_letter_changed_anywhere_is_read_or_refused_and_nothing_else(chance: random.Random) -> None:
    raw = bytearray(post().raw)
    for _ in range(chance.randint(1, 12)):
        place = chance.randrange(len(raw))
        if chance.random() < 0.5:
            raw[place] = chance.randrange(256)
        else:
            del raw[place : place + chance.randint(1, 60)]
    try:
        message = read_message(bytes(raw))
    except Unreadable:
        return
    assert message.manifest is None or isinstance(message.manifest, bytes)


def test_the_limits_can_be_set() -> None:
    with pytest.raises(Unreadable):
        read_message(b"x" * 11, Limits(max_bytes=10))


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
