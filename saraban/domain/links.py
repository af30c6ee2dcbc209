"""Addresses in letters that came in, from their codes (QR), links and words: whose they are, and whether that is a host
that the agency lists (the cabinet's resolution on less paper with QR: a code in a hostile letter must be safe to scan).

What cannot be read in one way only is never opened: two programs could see two different hosts in it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from urllib.parse import quote

from saraban.domain.errors import BadInput

SHIPPED_HOSTS = ("go.th", "mi.th")
"""Names below these two are given to agencies of the state and of its forces alone (THNIC)."""
LONGEST_ADDRESS = 2_000
_MOST_HOSTS = 200
_PARTS = re.compile(r"(https?)://([^/?#]*)((?:[/?#].*)?)", re.IGNORECASE)
_NAME = re.compile(r"(?:[a-z0-9](?:[a-z0-9_-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]")
_KEPT = "".join(chr(sign) for sign in range(33, 127) if chr(sign) not in '"<>\\^`{|}')
_LOOSE = re.compile("[\\s\\\\\x00-\x1f\x7f-\xa0\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]")


class LinkWay(str, Enum):
    """How an address stands in a letter."""

    CODE = "code"
    LINK = "link"
    WORDS = "words"

    @property
    def thai(self) -> str:
        """The way in words."""
        return {"code": "QR", "link": "ลิงก์", "words": "ข้อความ"}[self.value]


@dataclass(frozen=True)
class FoundLink:
    """What stands in a file: its text exactly, how, and on which page, from 1; 0 for the words of a mail."""

    text: str
    way: LinkWay
    page: int


@dataclass(frozen=True)
class JudgedLink:
    """A found address with its host as programs write it (ASCII) and the address that is opened: empty when it is none
    that may be. `listed`: it may be opened at once. `doubts` in Thai."""

    found: FoundLink
    host: str
    address: str
    listed: bool
    doubts: tuple[str, ...]


def listed_hosts(text: str) -> tuple[str, ...]:
    """The hosts that an agency lists, one a line, with all below them; those that ship for an empty text. Raises
    BadInput({"link_hosts": …}) for a line that is no name of a host."""
    lines = [line.strip().lower().removeprefix("*.").strip(".") for line in text.splitlines()]
    hosts = tuple(dict.fromkeys(line for line in lines if line))
    if len(hosts) > _MOST_HOSTS or any(not _NAME.fullmatch(host) for host in hosts):
        raise BadInput({"link_hosts": "บรรทัดละหนึ่งโฮสต์ เช่น go.th หรือ forms.example.com ไม่เกิน 200 บรรทัด"})
    return hosts or SHIPPED_HOSTS


def judge(found: FoundLink, hosts: Sequence[str]) -> JudgedLink:
    """Whose address it is, and whether these hosts list it. Never raises."""
    parts = _PARTS.fullmatch(found.text)
    if parts is None:
        return JudgedLink(found, "", "", False, ("ไม่ใช่ที่อยู่เว็บ แสดงเป็นข้อความเท่านั้น",))
    scheme, authority, rest = parts[1].lower(), parts[2], parts[3]
    if _LOOSE.search(found.text) or "%" in authority or len(found.text) > LONGEST_ADDRESS:
        return JudgedLink(found, "", "", False, ("ที่อยู่นี้มีอักขระที่ใช้ลวงได้หรือยาวผิดปกติ ระบบไม่ให้เปิด",))
    before, at, place = authority.rpartition("@")
    name, port = _apart(place)
    host = _in_ascii(name)
    if not host:
        return JudgedLink(found, "", "", False, ("ชื่อโฮสต์อ่านไม่ได้แน่ชัด ระบบไม่ให้เปิด",))
    if at:
        return JudgedLink(found, host, "", False, (f"ข้อความ “{before[:40]}” หน้า @ ไม่ใช่โฮสต์ ระบบไม่ให้เปิด",))
    doubts = []
    if scheme == "http":
        doubts.append("ไม่เข้ารหัส (http)")
    if not _NAME.fullmatch(host):
        doubts.append("เป็นเลขที่อยู่เครื่อง ไม่ใช่ชื่อ")
    if any(label.startswith("xn--") for label in host.split(".")):
        doubts.append("ชื่อมีอักษรนอกภาษาอังกฤษ อาจทำให้ดูเหมือนชื่ออื่น")
    listed = not doubts and not port and any(host == one or host.endswith(f".{one}") for one in hosts)
    if not listed and not doubts:
        doubts.append(f"ใช้พอร์ต {port}" if port else "โฮสต์ไม่อยู่ในรายการของส่วนราชการ")
    address = f"{scheme}://{host}{':' + port if port else ''}{quote(rest, safe=_KEPT)}"
    return JudgedLink(found, host, address, listed, tuple(doubts))


def _apart(place: str) -> tuple[str, str]:
    """Name and port; an impossible port makes an impossible name."""
    name, colon, port = place.rpartition(":")
    if not colon or place.endswith("]"):
        return place, ""
    if not port:
        return name, ""
    usual = port.isascii() and port.isdigit() and 0 < int(port[:6]) < 65_536 and len(port) < 6
    return (name, port.lstrip("0")) if usual else ("", "")


def _in_ascii(name: str) -> str:
    """The name as it is asked for (IDNA); empty when it is none. Numbers of machines stay as they are."""
    try:
        made = name.encode("idna").decode("ascii").lower().rstrip(".")
    except UnicodeError:
        return ""
    numbers = re.fullmatch(r"(?:\d{1,3}\.){3}\d{1,3}|\[[0-9a-f:.]+\]", made)
    return made if numbers or _NAME.fullmatch(made) else ""
