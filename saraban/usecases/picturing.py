"""The picture of one's own signature: drawn or brought, looked at, taken away. Nobody sets another's."""

from __future__ import annotations

from saraban.domain.actor import Actor
from saraban.domain.agency import PersonId
from saraban.domain.attachment import Digest
from saraban.domain.errors import BadInput, NotFound
from saraban.domain.signature_picture import SignaturePictureRemoved, SignaturePictureSet
from saraban.usecases.ports import Services
from saraban.usecases.viruses import require_clean

MOST_OCTETS = 5_000_000


def set_picture(office: Services, *, actor: Actor, data: bytes) -> Digest:
    """Put a picture (PNG or JPEG) in place, cut to its ink and without its paper; gives the digest of what is kept. The
    same again changes nothing. Raises BadInput({"file": …}) with the reason when it shows no signature."""
    person_id = _person(actor)
    if not data:
        raise BadInput({"file": "วาดลายเซ็นหรือเลือกไฟล์ก่อน"})
    if len(data) > MOST_OCTETS:
        raise BadInput({"file": "ไฟล์ใหญ่เกิน 5 MB ย่อภาพแล้วลองอีกครั้ง"})
    require_clean(office.scanner, data)
    kept = office.blobs.keep(office.renderer.signature_picture(data))
    with office.uow() as uow:
        person = uow.people.get(person_id)
        if person.signature_picture == kept:
            return kept
        person.signature_picture = kept
        uow.people.save(person)
        uow.record(SignaturePictureSet(at=office.clock.now(), by=actor, thing_id=person.id, sha256=kept))
        uow.commit()
    return kept


def remove_picture(office: Services, *, actor: Actor) -> None:
    """Take the picture away. Without one nothing happens."""
    with office.uow() as uow:
        person = uow.people.get(_person(actor))
        if person.signature_picture is None:
            return
        removed, person.signature_picture = person.signature_picture, None
        uow.people.save(person)
        uow.record(SignaturePictureRemoved(at=office.clock.now(), by=actor, thing_id=person.id, sha256=removed))
        uow.commit()


def picture_of(office: Services, *, actor: Actor) -> Digest | None:
    """The actor's own picture, None without one."""
    with office.uow() as uow:
        return uow.people.get(_person(actor)).signature_picture


def open_picture(office: Services, *, actor: Actor) -> bytes:
    """The actor's own picture as PNG; NotFound without one."""
    found = picture_of(office, actor=actor)
    if found is None:
        raise NotFound("ท่านยังไม่ได้ใส่ภาพลายเซ็น")
    return office.blobs.open(found)


def _person(actor: Actor) -> PersonId:
    if actor.person_id is None:
        raise NotFound
    return actor.person_id
