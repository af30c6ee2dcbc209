"""Which earlier letters a letter names, read from its words as agencies write them: under อ้างถึง (clause 11.6), "อ้างถึง
หนังสือกรมการปกครอง ที่ มท ๐๓๐๙.๒/ว ๑๑๒ ลงวันที่ ๒ มกราคม ๒๕๖๙", and in its text, as in a memorandum, which has no such
caption: "ตามหนังสือกรมบัญชีกลาง ด่วนที่สุด ที่ กค ๐๔๑๖.๔/ว ๑๐๙๕ ลงวันที่ ๕ กันยายน ๒๕๖๕"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from saraban.domain.content import Reference
from saraban.domain.mentions import days_in
from saraban.domain.numbering import LetterNumber, arabic_digits
from saraban.exchange.manifest import Manifest

MOST = 20
_LOOKED_AT = 20_000
_BEGINS = re.compile(r"(?m)^[ \t]*อ้างถึง\b")
_ENDS = re.compile(r"(?m)^[ \t]*(?:สิ่งที่ส่งมาด้วย|เรียน|กราบเรียน|ตามที่|ตามหนังสือ|ด้วย)|\n[ \t]*\n")
_SENDER = re.compile(r"หนังสือ(?:ของ)?[ \t]*([^\d\n]{2,120}?)[ \t]*(?:ด่วนที่สุด|ด่วนมาก|ด่วน)?[ \t]*(?:ที่|เลขที่)[ \t]*[ก-ฮ]")
_NUMBER = r"[ก-ฮ]{1,4} ?(?:\([^() ]{1,40}\))? ?[0-9]{2,6}(?:\.[0-9]+)* ?/ ?[วล]?\.? ?[0-9]{1,8}"
_MENTIONS = re.compile(
    r"(?:ตาม|อ้างถึง|อนุสนธิ|ใน|จาก|มี|เวียน|ยกเลิก|และ)(?:ที่)? ?(?:หนังสือ|บันทึกข้อความ)(?:ของ)? ?(?P<sender>[^0-9]{0,120}?) ?"
    rf"(?:เลข)?ที่ ?(?P<number>{_NUMBER}) ?(?:ลงวันที่|ลว\.) ?(?P<day>[0-9]{{1,2}})(?=[^0-9])(?=(?P<rest>.{{6,32}}))"
)
"""A letter that is named in a sentence: only with its number whole, and its day directly behind it."""
_URGENT = re.compile(r" ?(?:ด่วนที่สุด|ด่วนมาก|ด่วน) ?$")


def references_in(text: str) -> list[Reference]:
    """The references of a letter with this text; none when it has no line อ้างถึง. Never raises."""
    text = text[:_LOOKED_AT].replace("\r\n", "\n").replace("\u00a0", " ")
    found = _BEGINS.search(text)
    if found is None:
        return []
    rest = text[found.end() :]
    end = _ENDS.search(rest.lstrip("\n"))
    part = rest.lstrip("\n")[: end.start()] if end else rest
    seen: dict[str, Reference] = {}
    for reference in _read(part):
        seen.setdefault(reference.number.replace(" ", ""), reference)
    return list(seen.values())[:MOST]


def mentioned_in(text: str) -> list[Reference]:
    """The letters that sentences of a text name with number and day, each once: "ตามหนังสือ … ที่ … ลงวันที่ …". What is
    written otherwise is left out. Never raises."""
    plain = " ".join(arabic_digits(text[:_LOOKED_AT]).split())
    seen: dict[str, Reference] = {}
    for found in _MENTIONS.finditer(plain):
        days = days_in((found["day"] + found["rest"]).lower())
        if not days or int(days[0][-2:]) != int(found["day"]):
            continue
        number = str(LetterNumber.parse(found["number"].replace("ว.", "ว")))
        reference = Reference(number, date.fromisoformat(days[0]), _URGENT.sub("", found["sender"]).strip())
        seen.setdefault(number.replace(" ", ""), reference)
    return list(seen.values())[:MOST]


def references_told(manifest: Manifest | None) -> list[Reference]:
    """The references that a manifest names; none without one."""
    return [Reference(one.number, one.date, one.sender) for one in manifest.references] if manifest is not None else []


def _read(part: str) -> Iterator[Reference]:
    """One after another: a number, with the day and the sender that stand around it before the next one."""
    before = 0
    while (found := LetterNumber.find(part[before:])) is not None:
        number, end = found[0], before + found[1]
        following = LetterNumber.find(part[end:])
        until = end + following[1] if following is not None else len(part)
        days = days_in(arabic_digits(part[end:until]).lower())
        yield Reference(str(number), date.fromisoformat(days[0]) if days else None, _sender(part[before:end]))
        before = end


def _sender(words: str) -> str:
    """Who is named before "ที่" and the number."""
    named = _SENDER.search(words)
    return " ".join(named[1].split()) if named else ""
