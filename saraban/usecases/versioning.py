"""The versions of a letter: each content that went on its route is kept, and any two are compared."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from saraban.domain.agency import AgencyId
from saraban.domain.attachment import Digest
from saraban.domain.classification import Digits, Form, Secrecy, Urgency
from saraban.domain.errors import NotFound
from saraban.domain.forms import RULES
from saraban.domain.letter import Letter
from saraban.domain.ready import ReadyPage
from saraban.usecases.ports import Services
from saraban.usecases.receivers import receiver_names
from saraban.usecases.texts import Change, Piece

_NEAR = 120
_LEFT_OUT = " … "
_CAPTIONS = {
    "form": "แบบหนังสือ",
    "subject": "เรื่อง",
    "addressed_to": "คำขึ้นต้นและผู้รับ",
    "urgency": "ชั้นความเร็ว",
    "secrecy": "ชั้นความลับ",
    "references": "อ้างถึง",
    "recipients": "ส่งถึงส่วนราชการ",
    "response_due": "ขอให้ตอบภายใน",
    "body": "ข้อความ",
    "ready": "ไฟล์ที่เป็นตัวหนังสือ",
    "closing": "คำลงท้าย",
    "digits": "ตัวเลขบนหนังสือ",
    "contact": "หน่วยงานเจ้าของเรื่อง",
    "files": "สิ่งที่ส่งมาด้วย",
}


@dataclass(frozen=True)
class Version:
    """A content of a letter that was handed on: when, and what was done over it first, by whom. `number` counts from 1;
    `kept` is False for what a drafter has changed since and nobody else has seen."""

    number: int
    digest: Digest
    at: datetime
    deed: str
    person: str
    kept: bool = True


@dataclass(frozen=True)
class Difference:
    """What differs between two versions in one part of the letter."""

    caption: str
    pieces: tuple[Piece, ...]


def versions_of(letter: Letter) -> list[Version]:
    """The versions of a letter, oldest first; the last is what stands in it now."""
    out: list[Version] = []
    for one in letter.endorsements:
        if all(one.content != version.digest for version in out):
            out.append(Version(len(out) + 1, one.content, one.at, one.deed, one.person_name))
    now = letter.content_digest()
    if all(now != version.digest for version in out):
        out.append(Version(len(out) + 1, now, letter.updated_at, "แก้ร่าง", letter.drafter_name, kept=False))
    return out


def two_of(letter: Letter, old: Digest | None, new: Digest | None) -> tuple[Version, Version]:
    """Two versions to be compared: for None the last, and the one before the other. NotFound for one that the letter
    never had."""
    versions = versions_of(letter)
    by_digest = {version.digest: version for version in versions}
    later = versions[-1] if new is None else by_digest.get(new)
    if later is None:
        raise NotFound
    earlier = versions[max(0, later.number - 2)] if old is None else by_digest.get(old)
    if earlier is None:
        raise NotFound
    return earlier, later


def in_brief(parts: Sequence[Difference]) -> list[Difference]:
    """The same differences with no more of what stayed than leads to a change and follows it."""
    return [replace(part, pieces=tuple(map(_shortened, part.pieces))) for part in parts]


def _shortened(piece: Piece) -> Piece:
    text = piece.text
    if piece.change is not Change.SAME or len(text) <= 2 * _NEAR + len(_LEFT_OUT):
        return piece
    # At a space, so that no word is parted; a text without spaces is cut where it falls.
    return replace(piece, text=text[:_NEAR].rsplit(None, 1)[0] + _LEFT_OUT + text[-_NEAR:].split(None, 1)[-1])


def read_text(office: Services, letter: Letter) -> tuple[Piece, ...]:
    """The text of a letter as it is read where no page is shown: its words with bold, without the marks."""
    return tuple(office.redline(letter.content.body, letter.content.body, marked=True))


def differences(office: Services, letter: Letter, old: Digest, new: Digest) -> list[Difference]:
    """What differs between two versions of a letter that the caller may read, part by part. NotFound for a version that
    is none of its own or was not kept."""
    before, after = _kept(office, letter, old), _kept(office, letter, new)
    captions = _CAPTIONS | {f"details.{one.key}": one.thai for rule in RULES.values() for one in rule.details}
    out = []
    for part, caption in captions.items():
        one, other = before.get(part, ""), after.get(part, "")
        if one != other:
            out.append(Difference(caption, tuple(office.redline(one, other, marked=part == "body"))))
    return [one for one in out if any(piece.change is not Change.SAME for piece in one.pieces)]


def _kept(office: Services, letter: Letter, digest: Digest) -> Mapping[str, str]:
    """The parts of a version as texts. A file is told by its name and the beginning of its digest, since another may
    have come under the name."""
    if digest == letter.content_digest():
        data = letter.content_bytes()
    elif any(one.content == digest for one in letter.endorsements):
        data = office.blobs.open(digest)
    else:
        raise NotFound
    content = json.loads(data)
    texts = {
        "form": Form(content["form"]).thai,
        "urgency": Urgency(content["urgency"]).thai or "ปกติ",
        "secrecy": Secrecy(content["secrecy"]).thai or "ไม่มี",
        "references": "\n".join(" ".join(filter(None, one)) for one in content["references"]),
        "recipients": "\n".join(_names(office, letter.agency_id, content["recipients"])),
        "contact": "\n".join(filter(None, content["contact"])),
        "files": "\n".join(f"{name} ({sha256[:8]})" for name, _, sha256 in content["files"]),
    }
    texts["digits"] = Digits(content["digits"]).thai if "digits" in content else ""
    ready = ReadyPage.of(content.get("ready"))
    texts["ready"] = "" if ready is None else f"{ready.name} ({ready.sha256.hex[:8]}) {ready.places()}".strip()
    texts |= {name: content[name] for name in ("subject", "addressed_to", "response_due", "body", "closing")}
    return texts | {f"details.{key}": text for key, text in content["details"].items()}


def _names(office: Services, agency_id: AgencyId, codes: Sequence[str]) -> list[str]:
    with office.uow() as uow:
        return receiver_names(uow, agency_id, codes)
