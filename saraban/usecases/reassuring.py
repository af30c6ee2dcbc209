"""Asking somebody who is signed in for the password once more, before a classified letter is opened."""

from __future__ import annotations

from saraban.domain.actor import Actor
from saraban.domain.errors import BadInput, NotPermitted
from saraban.usecases.ports import Services


def confirm_person(office: Services, *, actor: Actor, password: str) -> None:
    """Raise BadInput({"password": …}) unless this is the person's password. Opening itself is written into the journal
    (`viewing`)."""
    if actor.person_id is None:
        raise NotPermitted("เปิดหนังสือชั้นความลับได้เฉพาะผู้ที่เข้าสู่ระบบ")
    with office.uow() as uow:
        person = uow.people.get(actor.person_id)
    if not office.passwords.verify(person.password_hash, password):
        raise BadInput({"password": "รหัสผ่านไม่ถูกต้อง"})
