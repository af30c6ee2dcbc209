"""Mail made to hurt: it is read, or refused with a word, and never more slowly than it is long."""

from __future__ import annotations

import base64
import hashlib
import pickle
import random
import time
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from saraban.exchange.parse import Limits, Unreadable, content_key, read_message
from tests.exchange.letters import a_manifest, post


def with_header(line: bytes, body: bytes = b"x") -> bytes:
    return line + b"\r\n\r\n" + body


# --- things that hurt other parsers ---------------------------------------------------------------------------


ODD = {
    "nothing": b"",
    "one line": b"hello",
    "only line ends": b"\r\n\r\n\n",
    "mbox line": b"From someone\r\nSubject: x\r\n\r\nx",
    "name* without value": with_header(b"Content-Type: text/plain; name*"),
    "comment as address": with_header(b'To: (c):\r\nCc: (x): a@b.com;\r\nTo: "'),
    "brackets in Message-ID": with_header(b"Message-ID: <[x@microsoft.com]>"),
    "a zone of 13 digits": with_header(b"Date: Mon, 1 Jan 2024 00:00:00 +1234567890123"),
    "a year of 20 digits": with_header(b"Date: Mon, 1 Jan 99999999999999999999 00:00:00 +0000"),
    "NUL charset": with_header(b"Content-Type: text/plain; charset=\0", b"\0x"),
    "charset idna": with_header(b"Content-Type: text/plain; charset=idna", b"\xff"),
    "charset of a codec": with_header(b"Content-Type: text/plain; charset=zlib_codec", b"x"),
    "multipart without boundary": with_header(b"Content-Type: multipart/mixed"),
    "multipart with an empty boundary": with_header(
        b'Content-Type: multipart/mixed; boundary=""', b"--\r\n\r\nx\r\n----"
    ),
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
    heads = (
        b'Content-Type: multipart/mixed; boundary="%d"\r\n\r\n--%d\r\n' % (level, level) for level in range(levels)
    )
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
def test_mail_past_a_hard_stop_is_refused(raw: bytes) -> None:
    with pytest.raises(Unreadable) as refusal:
        read_message(raw)

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


def test_26_mib_are_read_with_little_more_work_than_decoding_and_hashing_them() -> None:
    raw = with_header(
        b"Content-Type: application/pdf; name=a.pdf\r\nContent-Transfer-Encoding: base64",
        base64.encodebytes(bytes(19_900_000)),
    )
    assert len(raw) > 26 * 1_048_576 * 0.97
    (file,) = read_message(raw).files
    assert file.size == 19_900_000

    start = time.process_time()
    hashlib.sha256(base64.decodebytes(raw[raw.index(b"\r\n\r\n") + 4 :])).digest()
    bare = time.process_time() - start

    assert _work_of_reading(raw) / bare < 20


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
        b"Content-Disposition: attachment"
        + b"".join(b";\r\n filename*%d=a" % place for place in range(min(n // 16, 900)))
    ),
    "false delimiters": lambda n: with_header(b"Content-Type: multipart/mixed; boundary=b", _repeat(b"--bx\r\n", n)),
    "delimiters without end": lambda n: with_header(
        b"Content-Type: multipart/mixed; boundary=b", b"\n--b" + _repeat(b" ", n)
    ),
    "dashes": lambda n: with_header(b"Content-Type: multipart/mixed; boundary=----", _repeat(b"-", n)),
    "openings of tags": lambda n: with_header(b"Content-Type: text/html", _repeat(b"<", n)),
    "damaged base64": lambda n: with_header(
        b"Content-Transfer-Encoding: base64\r\nContent-Disposition: attachment; filename=a", _repeat(b"A=\n", n)
    ),
    "20 levels over a long text": lambda n: nested(20) + _repeat(b"line of text\r\n", n),
    "a bounce of addresses": lambda n: with_header(
        b"From: MAILER-DAEMON@b.th\r\nSubject: failure notice", _repeat(b"<a@b.th>:\n", n)
    ),
    "a bounce of spaces": lambda n: with_header(b"From: MAILER-DAEMON@b.th\r\nReturn-Path: <>", _repeat(b" \n", n)),
    "a delivery status of blocks": lambda n: with_header(
        b"Content-Type: message/delivery-status", _repeat(b"a: b\n\n", n)
    ),
}


@pytest.mark.parametrize("make", SLOW.values(), ids=SLOW)
def test_four_times_the_mail_takes_nowhere_near_sixteen_times_the_work(make: Callable[[int], bytes]) -> None:
    short, long = make(250_000), make(1_000_000)

    ratio = _work_of_reading(long) / max(_work_of_reading(short), 0.002)

    assert ratio < 10, "reading grows faster than the mail"


def _work_of_reading(raw: bytes) -> float:
    """The least processor time of three readings, in seconds: only ever compared with another one of this process."""
    taken = []
    for _ in range(3):
        start = time.process_time()
        read_message(raw)
        taken.append(time.process_time() - start)
    return min(taken)


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
