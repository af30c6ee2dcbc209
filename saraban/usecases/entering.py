"""Signing in: a name and a password become an actor, and the journal remembers it."""

from __future__ import annotations

from saraban.domain.actor import Actor
from saraban.domain.calendar import office_date
from saraban.domain.errors import BadInput, NotPermitted
from saraban.domain.events import SignedIn
from saraban.usecases.ports import Services

WRONG = "ชื่อผู้ใช้หรือรหัสผ่านไม่ถูกต้อง ตรวจตัวพิมพ์ใหญ่เล็กและแป้นพิมพ์ไทยอังกฤษแล้วลองอีกครั้ง"


def enter(office: Services, *, username: str, password: str) -> Actor:
    """The person behind a name and password, in the post held today.

    Raises BadInput when they do not fit, in words and in time alike for names that exist and those that do not;
    NotPermitted for an account that is closed or holds no post.
    """
    with office.uow() as uow:
        person = uow.people.by_username(username.strip())
    if person is None:
        office.passwords.hash(password)  # as long as a check takes, so that the time tells nothing
        raise BadInput({"password": WRONG}, WRONG)
    if not office.passwords.verify(person.password_hash, password):
        raise BadInput({"password": WRONG}, WRONG)
    now = office.clock.now()
    with office.uow() as uow:
        actor = uow.people.actor(person.id, office_date(now))
        if actor is None:
            raise NotPermitted("บัญชีนี้ถูกปิดหรือยังไม่มีตำแหน่งที่ดำรงอยู่ในวันนี้ ติดต่อผู้ดูแลระบบของส่วนราชการ")
        uow.record(SignedIn(at=now, by=actor, thing_id=person.id))
        uow.commit()
    return actor
