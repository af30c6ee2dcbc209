"""What is shown to everybody, for programs: showing a document, taking it back, the list, and channels."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from marshmallow import Schema

from saraban import doorway
from saraban.api import shapes as s
from saraban.api import showing
from saraban.api.fields import Choice, Day, Flag, Form, Text
from saraban.api.gate import section, told
from saraban.api.repeating import Json, once_done, once_made
from saraban.domain.errors import NotFound
from saraban.domain.letter import LetterId
from saraban.domain.publication import Channel, ChannelId, ChannelKind, PublicKind
from saraban.reading import publications as rows
from saraban.usecases import publishing

api = section("publications", "การเผยแพร่ต่อประชาชน และช่องทางติดต่อทางอิเล็กทรอนิกส์")


class PublishForm(Form):
    """Whether its enclosures are shown, too."""

    with_enclosures = Flag(load_default=False)


class TakeBackForm(Form):
    """Why it is shown no longer."""

    reason = Text(most=500, required=True)


class ChannelForm(Form):
    """An electronic channel."""

    kind = Choice(ChannelKind, required=True)
    name = Text(most=200, required=True)
    where = Text(most=300, required=True, metadata={"description": "ที่อยู่อีเมล เว็บ (http หรือ https) หรือข้อความ"})
    announced = Text(most=200, load_default="", metadata={"description": "ประกาศที่กำหนดช่องทาง"})
    since = Day(load_default=None)


class PublicationShape(Schema):
    """A document that is or was shown."""

    id = s.identity()
    letter = s.identity()
    kind = s.one_of(PublicKind)
    subject = s.text("ประกาศรับสมัครบุคคล")
    with_enclosures = s.true()
    published_at = s.moment()
    published_by = s.text("นางสาวสมใจ ใจดี")
    withdrawn_at = s.moment(none=True)
    withdrawn_by = s.text("")
    reason = s.text("")


class PublicationList(Schema):
    """What is or was shown, the newest first."""

    items = s.many(PublicationShape)
    next = s.text(none=True)


class ChannelShape(Schema):
    """An electronic channel."""

    id = s.identity()
    kind = s.one_of(ChannelKind)
    name = s.text("ยื่นคำขออนุญาต")
    where = s.text("service@example.go.th")
    announced = s.text("")
    since = s.day()
    ended_on = s.day(none=True)


class ChannelList(Schema):
    """The agency's channels, also those that ended."""

    items = s.many(ChannelShape)
    next = s.text(none=True)


@api.get("/publications")
@told("เอกสารที่เผยแพร่ต่อประชาชน", "ที่เผยแพร่อยู่และที่ถอนแล้ว ใหม่ก่อน")
@api.gives(200, PublicationList)
def index() -> Json:
    """List what is or was shown."""
    found = rows.all_of(doorway.reader(), doorway.actor())
    return {"items": [_shown(one) for one in found], "next": None}


@api.post("/letters/<uuid:letter_id>/publication")
@told("เผยแพร่ต่อประชาชน", "ประกาศ แถลงการณ์ ข่าว หรือหนังสือเวียน ที่ลงนามแล้วและไม่มีชั้นความลับ")
@api.takes(PublishForm, required=False)
@api.gives(201, PublicationShape)
def publish(sent: Json, letter_id: UUID) -> Any:
    """Show a document to everybody."""
    who, letter, whole = doorway.actor(), LetterId(letter_id), bool(sent["with_enclosures"])
    return once_made(
        lambda office: publishing.publish(office, actor=who, letter_id=letter, with_enclosures=whole), _publication
    )


@api.post("/letters/<uuid:letter_id>/publication/take-back")
@told("ถอนจากหน้าประชาชน", "พร้อมเหตุผล")
@api.takes(TakeBackForm)
@api.gives(200, PublicationShape)
def take_back(sent: Json, letter_id: UUID) -> Any:
    """Show it no longer."""
    who, letter = doorway.actor(), LetterId(letter_id)
    return once_done(
        lambda office: publishing.take_back(office, actor=who, letter_id=letter, reason=sent["reason"]),
        letter_id,
        _last_of,
    )


@api.get("/channels")
@told("ช่องทางติดต่อทางอิเล็กทรอนิกส์", "ที่ประกาศต่อประชาชน และที่ยกเลิกแล้ว")
@api.gives(200, ChannelList)
def channels() -> Json:
    """List the channels."""
    found = rows.own_channels(doorway.reader(), doorway.actor())
    return {"items": [_channel_shown(one) for one in found], "next": None}


@api.post("/channels")
@told("ประกาศช่องทางติดต่อ", "ผู้ดูแลระบบ")
@api.takes(ChannelForm)
@api.gives(201, ChannelShape)
def open_channel(sent: Json) -> Any:
    """Announce a channel."""
    who, values = doorway.actor(), {**sent, "kind": ChannelKind(sent["kind"])}
    return once_made(lambda office: publishing.open_channel(office, actor=who, **values), _channel)


@api.post("/channels/<uuid:channel_id>/end")
@told("ยกเลิกช่องทางติดต่อ", "ผู้ดูแลระบบ")
@api.gives(200, ChannelShape)
def end_channel(channel_id: UUID) -> Any:
    """A channel is one no longer."""
    who, one = doorway.actor(), ChannelId(channel_id)
    return once_done(lambda office: publishing.end_channel(office, actor=who, channel_id=one), channel_id, _channel)


def _publication(publication_id: UUID) -> Json:
    return _first(one for one in _all() if one.id == publication_id)


def _last_of(letter_id: UUID) -> Json:
    return _first(one for one in _all() if one.letter_id == letter_id)


def _all() -> list[rows.PublicationRow]:
    return rows.all_of(doorway.reader(), doorway.actor())


def _first(found: Any) -> Json:
    one = next(found, None)
    if one is None:
        raise NotFound
    return _shown(one)


def _shown(one: rows.PublicationRow) -> Json:
    same = ("subject", "with_enclosures", "published_by", "withdrawn_by", "reason")
    return {name: getattr(one, name) for name in same} | {
        "id": str(one.id),
        "letter": str(one.letter_id),
        "kind": one.kind.value,
        "published_at": showing.moment(one.published_at),
        "withdrawn_at": showing.moment(one.withdrawn_at) if one.withdrawn_at else None,
    }


def _channel(channel_id: UUID) -> Json:
    found = rows.own_channels(doorway.reader(), doorway.actor())
    one = next((each for each in found if each.id == channel_id), None)
    if one is None:
        raise NotFound
    return _channel_shown(one)


def _channel_shown(one: Channel) -> Json:
    return {name: getattr(one, name) for name in ("name", "where", "announced")} | {
        "id": str(one.id),
        "kind": one.kind.value,
        "since": one.since.isoformat(),
        "ended_on": one.ended_on.isoformat() if one.ended_on else None,
    }
