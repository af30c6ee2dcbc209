"""The versions of a letter and what differs between two of them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from marshmallow import Schema

from saraban import doorway
from saraban.api import answers, forms, showing
from saraban.api import shapes as s
from saraban.api.fields import Form, Text
from saraban.api.gate import section, told
from saraban.domain.attachment import Digest
from saraban.domain.errors import NotFound
from saraban.domain.letter import Letter, LetterId
from saraban.usecases import drafting, versioning, viewing
from saraban.usecases.texts import Change

Json = dict[str, Any]
api = section("versions", "ฉบับของหนังสือ: ทุกฉบับที่บันทึกหรือเสนอถูกเก็บไว้ เทียบกันได้ทีละคำ และนำกลับมาได้")
_WHICH = "sha256 ของฉบับ จาก GET /letters/{id}/versions"


class VersionShape(Schema):
    """A content that a letter had; `handed_on` is true for what went on its route, `current` for what stands in it."""

    number = s.whole(2)
    sha256 = s.digest()
    at = s.moment()
    deed = s.text("เสนอ")
    person = s.text("นายสมชาย ใจตัวอย่าง")
    handed_on = s.true()
    current = s.true()


class VersionsShape(Schema):
    """The versions of a letter, oldest first. Who may not change the draft is told of those that were handed on."""

    items = s.many(VersionShape)


class PieceShape(Schema):
    """A stretch of a text."""

    text = s.text("ประชุม")
    change = s.one_of(Change)
    bold = s.true()


class ChangedPartShape(Schema):
    """What differs in one part of the letter."""

    part = s.text("ข้อความ")
    pieces = s.many(PieceShape)


class ChangesShape(Schema):
    """What differs between two versions. The pieces that were not inserted are the old text, those not deleted the
    new."""

    old = s.digest()
    new = s.digest()
    parts = s.many(ChangedPartShape)


class ChangesQuery(Form):
    """Which two versions; without them the last and the one before it."""

    old = Text(most=64, metadata={"description": _WHICH})
    new = Text(most=64, metadata={"description": _WHICH})


@api.get("/letters/<uuid:letter_id>/versions")
@told(
    "ฉบับของหนังสือ",
    "เรียงจากเก่าไปใหม่ ผู้ที่แก้ร่างได้เห็นทุกฉบับที่บันทึก ผู้อื่นเห็นฉบับที่เสนอ ข้อความที่ระบบบันทึกให้เองภายใน ๕ นาทีรวมเป็นฉบับเดียว",
)
@api.gives(200, VersionsShape)
def versions(letter_id: UUID) -> Json:
    """List the versions of a letter."""
    return {
        "items": [
            {
                "number": one.number,
                "sha256": one.digest.hex,
                "at": showing.moment(one.at),
                "deed": one.deed,
                "person": one.person,
                "handed_on": one.handed_on,
                "current": one.current,
            }
            for one in _versions(_letter(letter_id))
        ]
    }


@api.get("/letters/<uuid:letter_id>/changes")
@told("เทียบสองฉบับ", "คำที่เพิ่มและคำที่ตัด ทีละส่วนของหนังสือ ไม่บอกฉบับคือฉบับล่าสุดเทียบกับฉบับก่อน")
@api.takes(ChangesQuery, location="query")
@api.gives(200, ChangesShape)
def changes(query: Json, letter_id: UUID) -> Json:
    """Compare two versions of a letter by words."""
    letter = _letter(letter_id)
    old, new = versioning.two_of(_versions(letter), _digest(query.get("old")), _digest(query.get("new")))
    parts = versioning.differences(doorway.services(), letter, old.digest, new.digest)
    return {
        "old": old.digest.hex,
        "new": new.digest.hex,
        "parts": [
            {
                "part": part.caption,
                "pieces": [{"text": one.text, "change": one.change.value, "bold": one.bold} for one in part.pieces],
            }
            for part in parts
        ],
    }


@api.post("/letters/<uuid:letter_id>/versions/<sha256>/take-back")
@told("นำฉบับก่อนกลับมา", "ข้อความของฉบับนั้นกลับมาเป็นฉบับใหม่ของร่าง ไฟล์แนบคงเดิม version คือรุ่นที่ผู้เรียกเห็น")
@api.takes(forms.VersionForm, required=False, example={"version": 3})
@api.gives(200, answers.ChangedShape)
def take_back(sent: Json, letter_id: UUID, sha256: str) -> Json:
    """Put what an earlier version said into the draft, as a new version."""
    letter, digest = _letter(letter_id), _digest(sha256)
    if digest is None:
        raise NotFound
    version = drafting.take_back(
        doorway.services(), actor=doorway.actor(), letter_id=letter.id, digest=digest, version=sent.get("version")
    )
    return {"id": str(letter_id), "version": version, "state": letter.state.value}


def _versions(letter: Letter) -> list[versioning.Version]:
    return versioning.versions_of(doorway.services(), actor=doorway.actor(), letter=letter)


def _letter(letter_id: UUID) -> Letter:
    return viewing.open_letter(doorway.services(), actor=doorway.actor(), letter_id=LetterId(letter_id))


def _digest(text: str | None) -> Digest | None:
    try:
        return Digest(text) if text else None
    except ValueError:
        raise NotFound from None
