"""Mail with something wrong in it: what wires, disks, gateways and people who mean harm make of a good message.

A mutation is a function of the bytes and of a `random.Random`, so a seed names every mutant for ever.
"""

from __future__ import annotations

import base64
import random
import re
from collections.abc import Callable

Mutation = Callable[[bytes, random.Random], bytes]

_CHARSETS = (b"tis-620", b"utf-16", b"utf-7", b"idna", b"x-unknown", b"zlib_codec", b"utf-8\0", b"'''", b"", b"a" * 500)
_FIELD = re.compile(rb"(?m)^[A-Za-z-]+:[^\r\n]*(?:\r\n[ \t][^\r\n]*)*\r\n")
_PARAMETER = re.compile(rb"charset=\"?[\w-]+\"?|filename\*?=[^\r\n;]*|name=[^\r\n;]*|boundary=\"[^\"]*\"")
_ENCODING = re.compile(rb"(?i)(Content-Transfer-Encoding: )(\S+)")


def flipped_bits(raw: bytes, chance: random.Random) -> bytes:
    """A line or a disk that changes single bits."""
    spoilt = bytearray(raw)
    for _ in range(chance.choice((1, 1, 1, 3, 30))):
        spoilt[chance.randrange(len(spoilt))] ^= 1 << chance.randrange(8)
    return bytes(spoilt)


def cut_short(raw: bytes, chance: random.Random) -> bytes:
    """A connection that ended too early."""
    return raw[: chance.randrange(len(raw))]


def with_a_hole(raw: bytes, chance: random.Random) -> bytes:
    """A piece that went missing."""
    start = chance.randrange(len(raw))
    return raw[:start] + raw[start + chance.choice((1, 2, 76, 78, 500, 5_000)) :]


def with_a_piece_twice(raw: bytes, chance: random.Random) -> bytes:
    """A piece that was written twice."""
    start = chance.randrange(len(raw))
    piece = raw[start : start + chance.choice((1, 78, 2_000, 20_000))]
    return raw[:start] + piece * chance.randint(2, 4) + raw[start + len(piece) :]


def with_doubled_headers(raw: bytes, chance: random.Random) -> bytes:
    """One or more fields once again, as they are or with other words in them."""
    fields = list(_FIELD.finditer(raw))
    for field in sorted(chance.sample(fields, min(len(fields), chance.randint(1, 4))), key=lambda f: -f.start()):
        again = field.group() if chance.random() < 0.5 else field.group().replace(b"a", b"b").replace(b"1", b"2")
        at = chance.choice((field.start(), field.end(), 0))
        raw = raw[:at] + again + raw[at:]
    return raw


def without_headers(raw: bytes, chance: random.Random) -> bytes:
    """Fields that a gateway has taken away."""
    fields = list(_FIELD.finditer(raw))
    for field in sorted(chance.sample(fields, min(len(fields), chance.randint(1, 3))), key=lambda f: -f.start()):
        raw = raw[: field.start()] + raw[field.end() :]
    return raw


def with_wrong_charsets(raw: bytes, chance: random.Random) -> bytes:
    """Charsets that are not those of the text, or none at all, in parameters and in encoded words."""
    raw = re.sub(rb"(?i)charset=\"?[\w-]+\"?", lambda _: b"charset=" + chance.choice(_CHARSETS), raw)
    return re.sub(rb"=\?utf-8\?", lambda _: b"=?" + chance.choice(_CHARSETS[:7]) + b"?", raw)


def with_wrong_parameters(raw: bytes, chance: random.Random) -> bytes:
    """A parameter that is empty, endless, or another one's."""
    found = list(_PARAMETER.finditer(raw))
    if not found:
        return raw
    one, other = chance.choice(found), chance.choice(found)
    other_words = (other.group(), b"name=" + b"a" * 100_000, b'boundary=""', b"filename*=x'y'%", b"name*99=a;name*0*=b")
    return raw[: one.start()] + chance.choice(other_words) + raw[one.end() :]


def with_another_encoding(raw: bytes, chance: random.Random) -> bytes:
    """Transfer encodings that are not those of the parts."""
    words = (b"quoted-printable", b"base64", b"8bit", b"binary", b"x-uuencode", b"gzip")
    return _ENCODING.sub(lambda found: found[1] + chance.choice((found[2], *words)), raw)


def with_other_line_ends(raw: bytes, chance: random.Random) -> bytes:
    """Line ends of another system, everywhere or here and there."""
    ends = chance.choice(((b"\n",), (b"\r",), (b"\r\r\n",), (b"\r\n", b"\n"), (b"\r\n\r\n", b"\r\n")))
    return b"".join(line + chance.choice(ends) for line in raw.split(b"\r\n"))


def with_a_bomb(raw: bytes, chance: random.Random) -> bytes:
    """Behind the header stands MIME that goes off: levels, parts, names, base64 or one endless line."""
    head = raw[: raw.index(b"\r\nContent-Type:") + 2]
    levels = chance.choice((5, 19, 20, 21, 200, 3_000))
    deep = b"".join(b'Content-Type: multipart/mixed; boundary="%d"\r\n\r\n--%d\r\n' % (n, n) for n in range(levels))
    many = b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--b\r\n\r\nx\r\n" * chance.choice(
        (499, 501, 30_000)
    )
    forwarded = b"Content-Type: message/rfc822\r\n\r\n" * 2_000
    names = b"Content-Disposition: attachment" + b"".join(b"; filename*%d*=%%41" % n for n in range(5_000))
    inflated = (
        b"Content-Transfer-Encoding: base64\r\nContent-Type: application/pdf; name=a.pdf\r\n\r\n"
        + base64.b64encode(bytes(chance.choice((1_000, 3_000_000))))
    )
    wide = b"Content-Type: multipart/mixed; boundary=" + b"-" * 70 + b"\r\n\r\n" + b"-" * 300_000
    return head + chance.choice((deep, many, forwarded, names + b"\r\n\r\nx", inflated, wide))


def with_a_part_of_the_same_name(raw: bytes, chance: random.Random) -> bytes:
    """A second manifest, statement or signature, in front of the first or behind it."""
    name = chance.choice(
        (b"manifest.json", b"manifest.json.p7s", b"statement.json", b"statement.json.p7s", b"smime.p7s")
    )
    lines = [match for match in re.finditer(rb"(?m)^--[^\r\n]+-mixed\r\n", raw)]
    if not lines:
        return with_a_piece_twice(raw, chance)
    line = chance.choice(lines)
    part = b'Content-Disposition: attachment; filename="%s"\r\nContent-Type: application/json\r\n\r\n{"saraban": 1}\r\n'
    return raw[: line.end()] + part % name + line.group() + raw[line.end() :]


def with_other_words_inside(raw: bytes, chance: random.Random) -> bytes:
    """A base64 text that was decoded, changed in one place and encoded again, so that nothing looks damaged."""
    texts = list(re.finditer(rb"\r\n\r\n((?:[A-Za-z0-9+/=]{1,76}\r\n)+)", raw))
    text = chance.choice(texts) if texts else None
    if text is None:
        return flipped_bits(raw, chance)
    inside = bytearray(base64.b64decode(text[1] + b"==="))
    place = chance.randrange(max(1, len(inside)))
    inside[place : place + 1] = chance.choice((b"", b"0", b"9", b"\0", b"\xff", b" ", b'"'))
    again = base64.encodebytes(bytes(inside)).replace(b"\n", b"\r\n")
    return raw[: text.start(1)] + again + raw[text.end(1) :]


MUTATIONS: tuple[Mutation, ...] = (
    flipped_bits,
    cut_short,
    with_a_hole,
    with_a_piece_twice,
    with_doubled_headers,
    without_headers,
    with_wrong_charsets,
    with_wrong_parameters,
    with_another_encoding,
    with_other_line_ends,
    with_a_bomb,
    with_a_part_of_the_same_name,
    with_other_words_inside,
)


def mutant(raw: bytes, seed: int) -> tuple[str, bytes]:
    """The mutant of this seed and what was done to it: each kind in its turn, every third one twice."""
    chance, done = random.Random(seed), [MUTATIONS[seed % len(MUTATIONS)]]
    if seed % 3 == 0:
        done.append(chance.choice(MUTATIONS))
    for mutation in done:
        if raw.strip():
            raw = _tried(mutation, raw, chance)
    return f"{seed}: " + ", ".join(mutation.__name__ for mutation in done), raw


def _tried(mutation: Mutation, raw: bytes, chance: random.Random) -> bytes:
    """What the mutation makes of it; another one may have destroyed already what this one needs."""
    try:
        return mutation(raw, chance)
    except (ValueError, IndexError):
        return raw
