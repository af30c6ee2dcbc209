"""The versions of a letter: each content that was saved or went on its route is kept, and any two are compared."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from saraban.domain.actor import Actor
from saraban.domain.agency import AgencyId, PositionId
from saraban.domain.attachment import Digest
from saraban.domain.calendar import office_date
from saraban.domain.classification import Digits, Form, Secrecy, Urgency
from saraban.domain.errors import NotFound
from saraban.domain.forms import RULES
from saraban.domain.letter import Content, Letter
from saraban.domain.permissions import may_revise
from saraban.domain.ready import ReadyPage
from saraban.domain.versions import SavedVersion
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
    "cosigners": "ผู้ลงนามร่วม",
    "typist": "ผู้พิมพ์",
    "files": "สิ่งที่ส่งมาด้วย",
    "photo": "รูปถ่าย",
}


@dataclass(frozen=True)
class Version:
    """A content that a letter had: when, and what was done over it first, by whom. `number` counts from 1 over all
    versions, whoever asks. `handed_on` is True for what went on the route; the others are seen by those who may change
    the draft. `current` is what stands in the letter now."""

    number: int
    digest: Digest
    at: datetime
    deed: str
    person: str
    handed_on: bool
    current: bool = False


@dataclass(frozen=True)
class Difference:
    """What differs between two versions in one part of the letter."""

    caption: str
    pieces: tuple[Piece, ...]


def versions_of(office: Services, *, actor: Actor, letter: Letter) -> list[Version]:
    """The versions of a letter that the caller may read, oldest first; the last is what stands in it now, or was handed
    on last for those who only see that."""
    with office.uow() as uow:
        saved = uow.versions.of(letter.agency_id, letter.id)
    found = _in_order(letter, saved)
    if may_revise(actor, letter) is not None:
        found = [one for one in found if one.handed_on]
        return [*found[:-1], replace(found[-1], current=True)] if found else []
    return found


def _in_order(letter: Letter, saved: Sequence[SavedVersion]) -> list[Version]:
    """What was saved and what was handed on, by time. One text that stayed is one version, told by the deed on the
    route when there was one."""
    told = _merged(
        [_Line(one.at, one.digest, one.saving.thai, one.person_name, False, one.source) for one in saved],
        [_Line(one.at, one.content, one.deed, one.person_name, True) for one in letter.endorsements],
    )
    now = letter.content_digest()
    if not told or told[-1].digest != now:
        told.append(_Line(letter.updated_at, now, "แก้ร่าง", letter.drafter_name, False))
    out: list[Version] = []
    for line in told:
        if out and out[-1].digest == line.digest:
            if line.handed_on and not out[-1].handed_on:
                out[-1] = Version(out[-1].number, line.digest, line.at, line.deed, line.person, True)
            continue
        back = next((one.number for one in reversed(out) if one.digest == line.source), 0)
        deed = f"นำฉบับที่ {back} กลับมา" if back else line.deed
        out.append(Version(len(out) + 1, line.digest, line.at, deed, line.person, line.handed_on))
    out[-1] = replace(out[-1], current=True)
    return out


@dataclass(frozen=True)
class _Line:
    """Something that was done over a content."""

    at: datetime
    digest: Digest
    deed: str
    person: str
    handed_on: bool
    source: Digest | None = None


def _merged(saved: Sequence[_Line], route: Sequence[_Line]) -> list[_Line]:
    """Both by time; of two at one moment first the one over the content that stands there already."""
    out: list[_Line] = []
    left, right = list(saved), list(route)
    while left or right:
        stays = bool(out and right and right[0].digest == out[-1].digest)
        from_route = bool(right) and (not left or right[0].at < left[0].at or (stays and right[0].at == left[0].at))
        out.append(right.pop(0) if from_route else left.pop(0))
    return out


def two_of(versions: Sequence[Version], old: Digest | None, new: Digest | None) -> tuple[Version, Version]:
    """Two of these versions to be compared: for None the last, and the one before the other. NotFound for one that is
    not among them."""
    by_digest = {version.digest: at for at, version in enumerate(versions)}
    later = len(versions) - 1 if new is None else by_digest.get(new, -1)
    earlier = max(0, later - 1) if old is None else by_digest.get(old, -1)
    if later < 0 or earlier < 0:
        raise NotFound
    return versions[earlier], versions[later]


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
    is none of its own."""
    with office.uow() as uow:
        known = {one.digest for one in uow.versions.of(letter.agency_id, letter.id)}
    known |= {one.content for one in letter.endorsements}
    return _compared(office, _kept(office, letter, old, known), _kept(office, letter, new, known))


def differences_from(office: Services, letter: Letter, content: Content) -> list[Difference]:
    """What differs between what stands in the letter and a content that was typed over an older version of it, which is
    written nowhere."""
    kept = replace(content, ready=letter.content.ready, photo=letter.content.photo).as_form(content.form)
    typed = replace(letter, content=kept)
    return _compared(
        office, _texts(office, letter, letter.content_bytes()), _texts(office, letter, typed.content_bytes())
    )


def _compared(office: Services, before: Mapping[str, str], after: Mapping[str, str]) -> list[Difference]:
    captions = _CAPTIONS | {f"details.{one.key}": one.thai for rule in RULES.values() for one in rule.details}
    out = []
    for part, caption in captions.items():
        one, other = before.get(part, ""), after.get(part, "")
        if one != other:
            out.append(Difference(caption, tuple(office.redline(one, other, marked=part == "body"))))
    return [one for one in out if any(piece.change is not Change.SAME for piece in one.pieces)]


def _kept(office: Services, letter: Letter, digest: Digest, known: Collection[Digest]) -> Mapping[str, str]:
    if digest == letter.content_digest():
        return _texts(office, letter, letter.content_bytes())
    if digest not in known:
        raise NotFound
    return _texts(office, letter, office.blobs.open(digest))


def _texts(office: Services, letter: Letter, data: bytes) -> Mapping[str, str]:
    """The parts of a version as texts. A file is told by its name and the beginning of its digest, since another may
    have come under the name."""
    content = json.loads(data)
    texts = {
        "form": Form(content["form"]).thai,
        "urgency": Urgency(content["urgency"]).thai or "ปกติ",
        "secrecy": Secrecy(content["secrecy"]).thai or "ไม่มี",
        "references": "\n".join(" ".join(filter(None, one)) for one in content["references"]),
        "cosigners": "\n".join(_titles(office, letter.agency_id, content.get("cosigners", ()))),
        "typist": content.get("typist", ""),
        "recipients": "\n".join(_names(office, letter.agency_id, content["recipients"])),
        "contact": "\n".join(filter(None, content["contact"])),
    }
    said = {sha256: f" {title} {amount}".rstrip() for sha256, title, amount in content.get("enclosures", ())}
    texts["files"] = "\n".join(f"{name} ({sha256[:8]}){said.get(sha256, '')}" for name, _, sha256 in content["files"])
    texts["photo"] = content.get("photo", "")[:8]
    texts["digits"] = Digits(content["digits"]).thai if "digits" in content else ""
    ready = ReadyPage.of(content.get("ready"))
    texts["ready"] = "" if ready is None else f"{ready.name} ({ready.sha256.hex[:8]}) {ready.places()}".strip()
    texts |= {name: content[name] for name in ("subject", "addressed_to", "response_due", "body", "closing")}
    return texts | {f"details.{key}": text for key, text in content["details"].items()}


def _names(office: Services, agency_id: AgencyId, codes: Sequence[str]) -> list[str]:
    with office.uow() as uow:
        return receiver_names(uow, agency_id, codes)


def _titles(office: Services, agency_id: AgencyId, positions: Sequence[str]) -> list[str]:
    today = office_date(office.clock.now())
    with office.uow() as uow:
        return [uow.agencies.post(agency_id, PositionId(UUID(one)), today).position.title for one in positions]
