"""A person keeps a list as it is asked for, under a name, lets the screen open with it, or forgets it.

It is nobody else's and says nothing about letters, so the journal does not tell of it.
"""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID, uuid4

from saraban.domain.actor import Actor
from saraban.domain.agency import PersonId
from saraban.domain.errors import BadInput, NotFound, NotPermitted
from saraban.usecases.books import UnitOfWork
from saraban.usecases.ports import Services
from saraban.usecases.views import SavedView

SEARCH = "search"
"""The screen of the search, as views of it are kept."""
MOST = 20
LONGEST_NAME = 60
_LONGEST_QUERY = 4_000


def save_view(office: Services, *, actor: Actor, screen: str, name: str, query: str, is_default: bool = False) -> UUID:
    """Keep the list under a name; the same name of the same screen is kept anew, so that a repeat changes nothing."""
    person, name = _person(actor), " ".join(name.split())
    wrong = _wrong_name(name)
    if len(query) > _LONGEST_QUERY:
        wrong["name"] = "ตัวกรองยาวเกินกว่าจะเก็บเป็นมุมมองได้"
    if wrong:
        raise BadInput(wrong)
    with office.uow() as uow:
        known = {view.name: view for view in uow.views.of(person, screen)}
        if name not in known and len(known) >= MOST:
            raise BadInput({"name": f"เก็บได้ไม่เกิน {MOST} มุมมอง ลบมุมมองที่ไม่ใช้ก่อน"})
        fresh = SavedView(uuid4(), person, screen, name, query, office.clock.now())
        view = replace(known[name], query=query) if name in known else fresh
        uow.views.put(view)
        if is_default:
            uow.views.begin_with(person, screen, view.id)
        uow.commit()
    return view.id


def rename_view(office: Services, *, actor: Actor, screen: str, view_id: UUID, name: str) -> None:
    """Call a view of one's own otherwise; NotFound when it is another's or gone, BadInput when the name is taken."""
    person, name = _person(actor), " ".join(name.split())
    with office.uow() as uow:
        view = _own(uow, person, screen, view_id)
        if wrong := _wrong_name(name):
            raise BadInput(wrong)
        if any(other.name == name and other.id != view_id for other in uow.views.of(person, screen)):
            raise BadInput({"name": f"มีชื่อ {name} อยู่แล้ว ตั้งชื่ออื่น"})
        uow.views.put(replace(view, name=name))
        uow.commit()


def begin_with_view(office: Services, *, actor: Actor, screen: str, view_id: UUID | None) -> None:
    """Let the screen open with this view, or with the whole list again."""
    person = _person(actor)
    with office.uow() as uow:
        if view_id is not None:
            _own(uow, person, screen, view_id)
        uow.views.begin_with(person, screen, view_id)
        uow.commit()


def forget_view(office: Services, *, actor: Actor, screen: str, view_id: UUID) -> None:
    """Forget a view of one's own; NotFound when it is another's or gone."""
    person = _person(actor)
    with office.uow() as uow:
        _own(uow, person, screen, view_id)
        uow.views.drop(view_id)
        uow.commit()


def _wrong_name(name: str) -> dict[str, str]:
    if not name:
        return {"name": "ตั้งชื่อมุมมองก่อน เช่น ด่วนที่สุดเดือนนี้"}
    if len(name) > LONGEST_NAME:
        return {"name": f"ชื่อมุมมองยาวเกิน {LONGEST_NAME} ตัวอักษร"}
    return {}


def _own(uow: UnitOfWork, person: PersonId, screen: str, view_id: UUID) -> SavedView:
    for view in uow.views.of(person, screen):
        if view.id == view_id:
            return view
    raise NotFound("ไม่พบมุมมองนี้ อาจลบไปแล้ว")


def _person(actor: Actor) -> PersonId:
    if actor.person_id is None:
        raise NotPermitted("เก็บมุมมองได้เฉพาะผู้ที่เข้าสู่ระบบ")
    return actor.person_id
