"""Passing letters round to be read (เวียนให้ทราบ): to people, units and groups, with who has opened and noted them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID, uuid4

from saraban.domain.actor import Actor
from saraban.domain.agency import AgencyId, PersonId, PositionRole, Unit, UnitId
from saraban.domain.calendar import office_date
from saraban.domain.circulation import (
    EVERYBODY,
    MOST_READERS,
    MOST_WORDS,
    Asks,
    Circulation,
    CirculationId,
    Reader,
    ReaderGroup,
    ReaderGroupId,
    expect_note,
)
from saraban.domain.circulation_events import ReaderGroupKept, ReaderGroupRetired, ReadersExported
from saraban.domain.classification import Secrecy, Urgency
from saraban.domain.errors import BadInput, NotFound
from saraban.domain.incoming import IncomingId, IncomingLetter
from saraban.domain.letter import Letter, LetterId
from saraban.domain.notice import About, Notice, NoticeKind
from saraban.domain.permissions import (
    Refusal,
    may_circulate_incoming,
    may_circulate_letter,
    may_keep_reader_group,
    may_mind_circulation,
    may_read_incoming,
    may_read_letter,
    may_see_reader_group,
    require,
)
from saraban.usecases.books import UnitOfWork
from saraban.usecases.ports import Services
from saraban.usecases.roll import Post

Thing = Letter | IncomingLetter


@dataclass(frozen=True)
class Circulated:
    """What became of it: to how many it went, who of the chosen units may not know of classified letters, and how many
    had it already."""

    id: CirculationId
    readers: int
    not_cleared: int = 0
    already: int = 0


def circulate(
    office: Services,
    *,
    actor: Actor,
    about: About,
    about_id: UUID,
    to: Sequence[str],
    asks: Asks = Asks.NOTE,
    note: str = "",
    group_name: str = "",
) -> Circulated:
    """Pass a letter round to these words (`person:…`, `unit:…`, `under:…` for a unit with all below it, `group:…`,
    `everybody`). With a name the words are kept as a group of the actor's own.

    Raises NotPermitted, BadInput by field (`to`, `note`, `name`).
    """
    now = office.clock.now()
    with office.uow() as uow:
        thing = _thing(uow, actor, about, about_id)
        require(_may_circulate(actor, thing))
        note, audience = expect_note(note), _Audience(uow, actor, office_date(now))
        names, people = audience.of(to)
        secrecy = _secrecy(thing)
        if not secrecy.is_open and (lacking := [one for one in audience.named(to) if not one.cleared]):
            words = f"{lacking[0].name} ไม่ได้รับอนุญาตให้รู้หนังสือชั้นความลับ เลือกผู้ที่ได้รับอนุญาต"
            raise BadInput({"to": words})
        fit = [one for one in people if secrecy.is_open or one.cleared]
        fresh = [one for one in fit if one.id not in thing.readers and one.id != actor.person_id]
        _expect_readers(people, fit, fresh)
        circulation = Circulation(
            CirculationId(uuid4()),
            *(actor.agency_id, about, about_id, asks, note, names),
            *(actor.person_id, actor.position_id, actor.name, actor.title),
            at=now,
        )
        uow.circulations.add(circulation, [_reader(circulation, one) for one in fresh])
        if group_name.strip():
            _make_group(uow, actor, group_name, to, now)
        uow.record(circulation.begun(len(fresh), by=actor))
        uow.notices.tell([_notice(circulation, thing, one.id, NoticeKind.READ, now) for one in fresh])
        uow.commit()
    return Circulated(circulation.id, len(fresh), len(people) - len(fit), len(fit) - len(fresh))


def take_note(office: Services, *, actor: Actor, about: About, about_id: UUID) -> None:
    """รับทราบ: the actor has read the letter that was passed round to him. Raises NotFound when he is on no list of it,
    StageNotAllowed the second time."""
    now = office.clock.now()
    with office.uow() as uow:
        thing = _thing(uow, actor, about, about_id)
        require(may_read_letter(actor, thing) if isinstance(thing, Letter) else may_read_incoming(actor, thing))
        reader = uow.circulations.reader(about_id, actor.person_id) if actor.person_id is not None else None
        if reader is None or actor.person_id is None:
            raise NotFound("ไม่มีการเวียนหนังสือนี้ถึงท่าน")
        uow.record(reader.note(by=actor, at=now))
        uow.circulations.save_reader(reader)
        uow.circulations.see(actor.person_id, about_id, now, now)
        uow.notices.mark_about(actor.agency_id, actor.person_id, about_id, now)
        uow.commit()


def remind_readers(office: Services, *, actor: Actor, circulation_id: CirculationId) -> int:
    """Remind everybody who has not noted the letter; how many they are. Not twice within an hour (StageNotAllowed)."""
    now = office.clock.now()
    with office.uow() as uow:
        circulation, thing = _minded(uow, actor, circulation_id)
        late = uow.circulations.unnoted(circulation.id)
        uow.record(circulation.remind(len(late), by=actor, at=now))
        uow.circulations.save(circulation)
        uow.notices.tell([_notice(circulation, thing, one.person_id, NoticeKind.READ_AGAIN, now) for one in late])
        uow.commit()
    return len(late)


def stop_circulation(office: Services, *, actor: Actor, circulation_id: CirculationId) -> int:
    """Take the letter back from those who have not opened it; how many they were. Who has opened it stays a reader."""
    now = office.clock.now()
    with office.uow() as uow:
        circulation, thing = _minded(uow, actor, circulation_id)
        late = [one for one in uow.circulations.unnoted(circulation.id) if one.opened_at is None]
        dropped = uow.circulations.drop_unopened(circulation.id)
        uow.record(circulation.stop(dropped, by=actor, at=now))
        uow.circulations.save(circulation)
        for one in late:
            uow.notices.mark_about(actor.agency_id, one.person_id, thing.id, now)
        uow.commit()
    return dropped


def note_export(office: Services, *, actor: Actor, about: About, about_id: UUID, readers: int) -> None:
    """Write down that the list of who has read a letter is taken out."""
    with office.uow() as uow:
        thing = _thing(uow, actor, about, about_id)
        require(_may_circulate(actor, thing))
        letter, incoming = (about_id, None) if about is About.LETTER else (None, about_id)
        at = office.clock.now()
        uow.record(ReadersExported(at=at, by=actor, readers=readers, letter_id=letter, incoming_id=incoming))
        uow.commit()


def keep_reader_group(
    office: Services,
    *,
    actor: Actor,
    name: str,
    to: Sequence[str],
    group_id: ReaderGroupId | None = None,
    for_all: bool = False,
    version: int | None = None,
) -> ReaderGroup:
    """Make a group of readers, or change the one with this id. `for_all`: a new one is the whole agency's. Raises
    BadInput by field (`name`, `to`), ConcurrentEdit over a stale version."""
    now = office.clock.now()
    with office.uow() as uow:
        if group_id is None:
            group = _make_group(uow, actor, name, to, now, for_all=for_all)
        else:
            group = uow.circulations.group(actor.agency_id, group_id)
            require(may_see_reader_group(actor, group))
            require(may_keep_reader_group(actor, group.owner_id))
            group.expect_version(version)
            _Audience(uow, actor, office_date(now)).of(to)
            group.change(name, to, by=actor.name, at=now)
            uow.circulations.save_group(group)
            uow.record(ReaderGroupKept(at=now, by=actor, thing_id=group.id, called=group.name, words=len(group.words)))
        uow.commit()
    return group


def retire_reader_group(office: Services, *, actor: Actor, group_id: ReaderGroupId) -> None:
    """Take a group away. What was sent to it stays as it is."""
    with office.uow() as uow:
        group = uow.circulations.group(actor.agency_id, group_id)
        require(may_see_reader_group(actor, group))
        require(may_keep_reader_group(actor, group.owner_id))
        if not group.active:
            return
        group.active = False
        uow.circulations.save_group(group)
        uow.record(ReaderGroupRetired(at=office.clock.now(), by=actor, thing_id=group.id, called=group.name))
        uow.commit()


# --- who reads ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Person:
    id: PersonId
    name: str
    title: str
    unit: Unit
    cleared: bool


class _Audience:
    """Everybody who holds a post of the agency on a day, to be found by the words of a list."""

    def __init__(self, uow: UnitOfWork, actor: Actor, on: date) -> None:
        self._uow, self._actor = uow, actor
        self._units = {unit.id: unit for unit in uow.agencies.units(actor.agency_id)}
        posts = [post for role in PositionRole for post in uow.agencies.posts(actor.agency_id, role, on)]
        self._posts = [post for post in posts if post.holder is not None]
        cleared = {_holder(post) for post in self._posts if post.position.clearance or post.cleared}
        self._people = [self._person(post, cleared) for post in self._posts]

    def of(self, words: Sequence[str]) -> tuple[tuple[str, ...], list[_Person]]:
        """The names of what was chosen, and everybody it means, each once. Raises BadInput (`to`)."""
        if not words:
            raise BadInput({"to": "เลือกผู้อ่านอย่างน้อยหนึ่งคนหรือหนึ่งหน่วยงาน"})
        if len(words) > MOST_WORDS:
            raise BadInput({"to": "เลือกได้ไม่เกิน ๒๐๐ รายการ ใช้หน่วยงานหรือกลุ่มแทนรายชื่อ"})
        names: dict[str, None] = {}
        people: dict[PersonId, _Person] = {}
        for word in words:
            try:
                name, found = self._of_word(word)
            except (NotFound, ValueError):
                raise BadInput({"to": "เลือกผู้อ่านจากรายการ มีผู้อ่านที่ไม่พบในส่วนราชการนี้"}) from None
            names[name] = None
            for one in found:
                people.setdefault(one.id, one)
        return tuple(names), list(people.values())

    def named(self, words: Sequence[str]) -> Iterator[_Person]:
        """Those who were chosen one by one."""
        for word in words:
            if word.startswith("person:"):
                yield from self._of_word(word)[1][:1]

    def _of_word(self, word: str) -> tuple[str, list[_Person]]:
        if word == EVERYBODY:
            return "ทุกคนในส่วนราชการ", self._people
        kind, _, rest = word.partition(":")
        if kind == "group":
            group = self._uow.circulations.group(self._actor.agency_id, ReaderGroupId(UUID(rest)))
            if may_see_reader_group(self._actor, group) is not None or not group.active:
                raise NotFound
            return group.name if group.name.startswith("กลุ่ม") else f"กลุ่ม {group.name}", self._still(group.words)
        wanted = UUID(rest)
        if kind == "person":
            found = [one for one in self._people if one.id == wanted]
            return found[0].name if found else _missing(), found
        if kind not in ("unit", "under") or wanted not in self._units:
            raise NotFound
        units = {wanted} if kind == "unit" else set(self._below(UnitId(wanted)))
        called = self._units[UnitId(wanted)].name + ("และหน่วยงานในสังกัด" if kind == "under" else "")
        return called, [one for one in self._people if one.unit.id in units]

    def _still(self, words: Sequence[str]) -> list[_Person]:
        """Whom the words of a group mean today; who has left and units that ended are passed over."""
        found: list[_Person] = []
        for word in words:
            try:
                found += self._of_word(word)[1]
            except (NotFound, ValueError):
                continue
        return found

    def _below(self, unit_id: UnitId) -> Iterator[UnitId]:
        yield unit_id
        for unit in self._units.values():
            if unit.parent_id == unit_id:
                yield from self._below(unit.id)

    def _person(self, post: Post, cleared: set[PersonId]) -> _Person:
        holder = post.holder
        assert holder is not None
        return _Person(holder.id, holder.name, post.position.title, post.unit, holder.id in cleared)


def _holder(post: Post) -> PersonId:
    assert post.holder is not None
    return post.holder.id


def _missing() -> str:
    raise NotFound


def _expect_readers(people: list[_Person], fit: list[_Person], fresh: list[_Person]) -> None:
    if not people:
        raise BadInput({"to": "หน่วยงานหรือกลุ่มที่เลือกยังไม่มีผู้ดำรงตำแหน่ง เลือกผู้อ่านอื่น"})
    if not fit:
        raise BadInput({"to": "ไม่มีผู้ใดในที่เลือกได้รับอนุญาตให้รู้หนังสือชั้นความลับ"})
    if not fresh:
        raise BadInput({"to": "ทุกคนที่เลือกได้รับเวียนหนังสือนี้แล้ว"})
    if len(fresh) > MOST_READERS:
        raise BadInput({"to": "เวียนครั้งหนึ่งได้ไม่เกิน ๓,๐๐๐ คน แบ่งเวียนทีละหน่วยงาน"})


# --- parts -------------------------------------------------------------------------------------------------------


def _thing(uow: UnitOfWork, actor: Actor, about: About, about_id: UUID) -> Thing:
    if about is About.LETTER:
        return uow.letters.get(actor.agency_id, LetterId(about_id))
    if about is About.INCOMING:
        return uow.incoming.get(actor.agency_id, IncomingId(about_id))
    raise NotFound


def _may_circulate(actor: Actor, thing: Thing) -> Refusal | None:
    if isinstance(thing, Letter):
        return may_circulate_letter(actor, thing)
    return may_circulate_incoming(actor, thing)


def _minded(uow: UnitOfWork, actor: Actor, circulation_id: CirculationId) -> tuple[Circulation, Thing]:
    circulation = uow.circulations.get(actor.agency_id, circulation_id)
    thing = _thing(uow, actor, circulation.about, circulation.about_id)
    require(may_read_letter(actor, thing) if isinstance(thing, Letter) else may_read_incoming(actor, thing))
    require(may_mind_circulation(actor, circulation))
    return circulation, thing


def _secrecy(thing: Thing) -> Secrecy:
    return thing.content.secrecy if isinstance(thing, Letter) else thing.secrecy


def _reader(circulation: Circulation, one: _Person) -> Reader:
    return Reader(
        uuid4(), circulation.id, circulation.agency_id, circulation.about_id, one.id, one.name, one.title, one.unit.name
    )


def _notice(circulation: Circulation, thing: Thing, person: PersonId, kind: NoticeKind, at: datetime) -> Notice:
    urgency = thing.content.urgency if isinstance(thing, Letter) else thing.urgency
    return Notice(
        agency_id=AgencyId(circulation.agency_id),
        person_id=person,
        kind=kind,
        about=circulation.about,
        about_id=circulation.about_id,
        occasion=f"{circulation.id} {circulation.reminders}",
        at=at,
        told={"by": circulation.given_by},
        pressing=urgency is Urgency.MOST_URGENT,
    )


def _make_group(
    uow: UnitOfWork, actor: Actor, name: str, to: Sequence[str], at: datetime, *, for_all: bool = False
) -> ReaderGroup:
    owner = None if for_all else actor.person_id
    require(may_keep_reader_group(actor, owner))
    group = ReaderGroup(ReaderGroupId(uuid4()), actor.agency_id, owner, "", (), at, actor.name)
    _Audience(uow, actor, office_date(at)).of(to)
    group.change(name, to, by=actor.name, at=at)
    uow.circulations.add_group(group)
    uow.record(ReaderGroupKept(at=at, by=actor, thing_id=group.id, called=group.name, words=len(group.words)))
    return group
