"""Reading the words of foreign mail: charsets, encoded words, parameters, addresses.

Tolerant, because Thai mail is written in five ways (RFC 2047, RFC 2231, raw UTF-8, TIS-620, windows-874), half of them
wrong; and linear, because it is foreign: every pattern either has one way to match or is bounded. Nothing raises.
"""

from __future__ import annotations

import binascii
import re
import unicodedata
from urllib.parse import unquote_to_bytes

MAX_WORDS = 16_384  # characters of one header that are decoded; a longer one is cut
MAX_ADDRESSES = 1_000

# Python knows codecs that are no charsets, and some that take quadratic time; only these are used by name.
_CHARSET = re.compile(
    r"(?i)(utf-?8|us-?ascii|ascii|tis-?620|windows-874|cp-?874|x-windows-874|ms874|iso-?8859-(?:[1-9]|1[013-6])|latin-?1"
    r"|windows-125\d|cp125\d|utf-?16(?:le|be)?|gb2312|gbk|gb18030|big5|euc-(?:jp|kr)|shift[_-]jis|iso-2022-jp|koi8-[ru])"
)
_THAI = re.compile(r"(?i)(tis-?620|windows-874|cp-?874|x-windows-874|ms874|iso-?8859-11)")
_WORD = re.compile(r"=\?([^?\s]{1,80})\?([bBqQ])\?([^?]*)\?=")
_PARAMETER = re.compile(r';\s*+([^\s=;"]++)\s*+=\s*+("(?:[^"\\]|\\.)*+"?|[^;]*+)', re.DOTALL)
_CONTINUED = re.compile(r"([^*]+)\*(?:(\d{1,3})(\*)?)?")
_ADDRESS_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*+"?|[(),;:<>]|[^"(),;:<>]++', re.DOTALL)
_BARE_ADDRESS = re.compile(r"[^\s@<>]{1,250}@[^\s@<>]{1,250}")
_THAI_PERCENT = re.compile(r"(?i)%E0%B[89]%")


def guess(data: bytes) -> str:
    """The text in bytes that nobody labelled: UTF-8, else Thai, else Latin-1. NUL is dropped."""
    for charset in ("utf-8", "cp874"):
        try:
            return data.decode(charset).replace("\0", "")
        except UnicodeDecodeError:
            continue
    return data.decode("latin-1").replace("\0", "")


def decode(data: bytes, charset: str) -> str:
    """The text in bytes labelled with a charset; a wrong or unknown label is not believed."""
    charset = charset.strip().strip("\"'")
    if not _CHARSET.fullmatch(charset):
        return guess(data)
    try:
        return data.decode("cp874" if _THAI.fullmatch(charset) else charset).replace("\0", "")
    except (LookupError, ValueError):
        return guess(data)


def decode_words(text: str) -> str:
    """A header's value with its encoded words (RFC 2047) as text. Neighbouring words of one charset are joined before
    they are decoded, since some programs cut inside a character."""
    text = text[:MAX_WORDS]
    if "=?" not in text:
        return text
    out: list[str] = []
    pending: list[bytes] = []
    charset = ""
    end = 0
    for match in _WORD.finditer(text):
        gap = text[end : match.start()]
        label = match[1].partition("*")[0].lower()
        if gap.strip() or label != charset or not pending:
            out.append(decode(b"".join(pending), charset))
            pending = []
            if gap.strip() or end == 0:
                out.append(gap)
        charset = label
        pending.append(_base64(match[3]) if match[2] in "bB" else _quoted(match[3]))
        end = match.end()
    out += [decode(b"".join(pending), charset), text[end:]]
    return "".join(out)


def parameters(value: str) -> dict[str, str]:
    """The parameters of a Content-Type or Content-Disposition value by lower-case name. RFC 2231 wins over the plain
    form; encoded words in quotes, raw bytes and percent escapes without RFC 2231 are understood as well."""
    plain: dict[str, str] = {}
    pieces: dict[str, dict[int, tuple[str, bool]]] = {}
    for match in _PARAMETER.finditer(value):
        name, text = match[1].lower(), _unquoted(match[2].strip())
        continued = _CONTINUED.fullmatch(name)
        if continued is None:
            plain.setdefault(name, _tolerant(text))
        else:
            place = int(continued[2] or 0)
            extended = continued[2] is None or continued[3] is not None
            pieces.setdefault(continued[1], {}).setdefault(place, (text, extended))
    return plain | {name: _assembled(found) for name, found in pieces.items()}


def file_name(disposition: str, content_type: str) -> str | None:
    """The name that a part gives its file, NFC, or None when it gives none."""
    for value, name in ((disposition, "filename"), (content_type, "name")):
        found = parameters(value).get(name)
        if found:
            return unicodedata.normalize("NFC", found)
    return None


def addresses(value: str) -> list[tuple[str, str]]:
    """The (display name, address in lower case) pairs of a From or To value (RFC 5322, section 3.4), comments and group
    names left out. What is no address is left out too."""
    found: list[tuple[str, str]] = []
    name: list[str] = []
    inside: list[str] = []
    comment, angle = 0, False

    def close() -> None:
        nonlocal angle
        words = " ".join("".join(name).split())
        text = "".join(inside).strip() if inside else words
        match = _BARE_ADDRESS.search(text[-600:])
        if match is not None and len(found) < MAX_ADDRESSES:
            found.append((decode_words(words) if inside else "", match.group().lower()))
        name.clear()
        inside.clear()
        angle = False

    for match in _ADDRESS_TOKEN.finditer(value[: 4 * MAX_WORDS]):
        token = match.group()
        if token in "()":
            comment = max(0, comment + (1 if token == "(" else -1))
        elif comment:
            continue
        elif token in ("<", ">"):
            angle = token == "<"
        elif angle:
            inside.append(token)
        elif token in (",", ";"):
            close()
        elif token == ":":
            name.clear()
        else:
            name.append(_unquoted(token))
    close()
    return found


def decode_body(body: bytes, encoding: str) -> bytes:
    """A part's bytes without their transfer encoding; damage gives what can be had, for the digest to judge."""
    encoding = encoding.strip().lower()
    if encoding == "base64":
        return decode_base64(body)
    if encoding == "quoted-printable":
        return binascii.a2b_qp(body)
    return body


def decode_base64(body: bytes) -> bytes:
    """Base64 with whatever stands between (RFC 2045, section 6.8: other characters are ignored)."""
    try:
        return binascii.a2b_base64(body)
    except binascii.Error:
        letters = re.sub(rb"[^A-Za-z0-9+/]+", b"", body)
        usable = len(letters) - (1 if len(letters) % 4 == 1 else 0)
        return binascii.a2b_base64(letters[:usable] + b"=" * (-usable % 4))


def _base64(text: str) -> bytes:
    return decode_base64(text.encode("ascii", "ignore"))


def _quoted(text: str) -> bytes:
    return binascii.a2b_qp(text.encode("utf-8", "replace"), header=True)


def _unquoted(text: str) -> str:
    if not text.startswith('"'):
        return text
    inner = text[1:-1] if len(text) > 1 and text.endswith('"') else text[1:]
    return re.sub(r"\\(.)", r"\1", inner, flags=re.DOTALL)


def _tolerant(text: str) -> str:
    text = decode_words(text)
    if text.isascii() and _THAI_PERCENT.search(text):
        return guess(unquote_to_bytes(text))
    return text


def _assembled(pieces: dict[int, tuple[str, bool]]) -> str:
    """RFC 2231, sections 3 and 4: pieces in the order of their numbers, the charset before the first."""
    charset = ""
    first, extended = pieces.get(0, ("", False))
    if extended and first.count("'") >= 2:
        charset, _, rest = first.split("'", 2)
        pieces = {**pieces, 0: (rest, True)}
    if not any(extended for _, extended in pieces.values()):
        return _tolerant("".join(pieces[place][0] for place in sorted(pieces)))
    octets = [
        unquote_to_bytes(text) if extended else text.encode("utf-8", "replace")
        for text, extended in (pieces[place] for place in sorted(pieces))
    ]
    return decode(b"".join(octets), charset or "utf-8")
