"""The one inbox of troubles: what makes a card, whose it is, what is put off, and that the menu counts the same."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import Connection, insert, update

from saraban.domain.attachment import Digest
from saraban.domain.dispatch import REPLIED, WARNING, DispatchState, told_apart
from saraban.domain.errors import BadInput, NotFound
from saraban.domain.incoming import IncomingState
from saraban.domain.letter import LetterState
from saraban.domain.problem import ProblemNote
from saraban.exchange.envelope import OutboxKind
from saraban.reading.dashboards import nav
from saraban.reading.not_taken import not_taken
from saraban.reading.problems import card_of, inbox_of, problems
from saraban.reading.trouble_kinds import KINDS, OWNERS, ProblemCard
from saraban.reading.troubles import _DEAD
from saraban.storage.tables.exchange import dispatches, inbox, outbox
from tests.builders import evidence
from tests.reading.office import DIGEST, NOW, Office

UNREADABLE = {"check": "readable", "code": "unreadable", "thai": "อ่านไม่ได้", "blocking": True}
UNKNOWN = {"check": "sender_unknown", "code": "signer-untrusted", "thai": "ไม่รู้จักผู้ส่ง", "blocking": True}


def given_up(office: Office, kind: OutboxKind = OutboxKind.RECEIPT, state: str = "failed") -> None:
    """A message that is no letter and that was given up."""
    values = {
        "id": uuid4(), "agency_id": office.agency.id, "agency_code": office.agency.code, "kind": kind, "ref": uuid4(),
        "mail_from": "a@x.test", "fallback_from": "", "rcpt_to": "saraban@moi.example", "message_id": "<a@x.test>",
        "segments": [], "sha256": DIGEST, "size": 1, "state": state, "attempts": 9, "next_at": NOW,
        "give_up_at": NOW, "put_at": NOW, "last_reply": "550 no such mailbox",
    }  # fmt: skip
    with office.engine.begin() as connection:
        connection.execute(insert(outbox), values)


def mailed(office: Office, uid: int, outcome: str, note: str = "", subject: str = "", **more: object) -> None:
    """A row of the inbox."""
    values = {
        "id": uuid4(), "agency_id": office.agency.id, "mailbox": office.agency.mailbox, "uidvalidity": 1, "uid": uid,
        "sha256": Digest.of(str(uid).encode()), "message_id": "", "content_key": Digest.of(subject.encode()),
        "taken_at": NOW - timedelta(minutes=uid), "attempts": 1, "outcome": outcome, "note": note, "whole": True,
        "sender": "a@x.test", "subject": subject,
    } | more  # fmt: skip
    with office.engine.begin() as connection:
        connection.execute(insert(inbox), values)


@pytest.fixture
def troubled(office: Office) -> Office:
    """An office with one of most kinds."""
    office.incoming(subject="อ่านไม่ได้", state=IncomingState.HELD, findings=(UNREADABLE,))
    office.incoming(subject="พักไว้", state=IncomingState.HELD, findings=(UNKNOWN,))
    sent = office.letter(subject="ส่งแล้ว", state=LetterState.DISPATCHED)
    office.dispatch(sent, "a", state=DispatchState.SENT, problem=f"ยังไม่มีคำตอบ {WARNING}")
    office.dispatch(sent, "b", state=DispatchState.UNDELIVERED)
    office.dispatch(sent, "c", state=DispatchState.REFUSED)
    office.dispatch(sent, "d", state=DispatchState.RELAYED, problem=REPLIED)
    office.incoming(subject="ขอคืน", state=IncomingState.REGISTERED, recall_asked_at=NOW, recall_reason="ส่งผิดฉบับ")
    given_up(office)
    given_up(office, OutboxKind.LETTER)
    given_up(office, state="stopped")
    mailed(office, 1, "", "ยังไม่ได้ตรวจไวรัส: ไม่ตอบ")
    mailed(office, 2, "")
    return office


def test_every_kind_has_its_card_with_its_ways_out(troubled: Office, reader: Connection) -> None:
    found = problems(reader, troubled.central_clerk, NOW)

    assert [(card.kind, card.title, card.ways) for card in found] == [
        ("unscanned", "ไปรษณีย์ ๑ ฉบับยังไม่ได้ตรวจไวรัส จึงยังไม่เข้าระบบ", ()),
        ("quarantine", "อ่านไม่ได้", ("try-again", "set-aside")),
        ("held", "พักไว้", ()),
        ("dead", "ใบตอบรับส่งไม่สำเร็จ", ("message-again", "message-stop")),
        *[("dispatch", "ส่งแล้ว", ways) for ways in _ways(found)],
        ("recall", "ขอคืน", ()),
        ("reply", "ส่งแล้ว", ("stop",)),
        ("expiry", "ส่งแล้ว", ("stop",)),
    ]
    dead = next(card for card in found if card.kind == "dead")
    assert told_apart(dead.why) == ("เครื่องส่งไปรษณีย์ไม่รับ (ไม่มีที่อยู่ผู้รับนี้ที่ปลายทาง)", "550 no such mailbox")
    assert sorted(_ways(found)) == [("correct", "close"), ("stop",)]  # nothing was composed that could be sent again
    assert len({card.key for card in found}) == len(found)
    assert nav(reader, troubled.central_clerk, NOW).problems == len(found)


def _ways(found: list[ProblemCard]) -> list[tuple[str, ...]]:
    return [card.ways for card in found if card.kind == "dispatch"]


def test_each_sees_what_is_for_his_eyes_and_who_is_no_clerk_has_no_ways(troubled: Office, reader: Connection) -> None:
    director = problems(reader, troubled.director, NOW)
    records = problems(reader, troubled.records, NOW)

    assert {card.kind for card in director} == {"dispatch", "expiry", "reply"} and not any(
        card.ways for card in director
    )
    assert records == [] and nav(reader, troubled.records, NOW).problems == 0
    elsewhere = replace(troubled.central_clerk, agency_id=uuid4())
    assert nav(reader, elsewhere, NOW).problems == 0


def test_undelivered_bytes_that_exist_can_be_sent_again(troubled: Office, reader: Connection) -> None:
    with troubled.engine.begin() as connection:
        connection.execute(update(dispatches).values(composed=True))

    ways = {card.ways for card in problems(reader, troubled.legal_clerk, NOW) if card.kind == "dispatch"}

    assert ways == {("send-again", "stop"), ("correct", "close")}


def test_the_card_of_what_came_back_says_the_receivers_reason_and_what_the_gateway_does(
    office: Office, reader: Connection
) -> None:
    sent = office.letter(subject="ส่งแล้ว", state=LetterState.DISPATCHED)
    back = office.dispatch(sent, "a", state=DispatchState.REFUSED)
    again = office.dispatch(sent, "b", state=DispatchState.INVALID, resends=1, composed=True)
    with office.uow() as uow:
        uow.dispatches.note(evidence(DispatchState.RECEIVED, back, text="ได้รับ"))
        uow.dispatches.note(evidence(DispatchState.REFUSED, back, minutes=1, text="เหตุเดิม"))
        uow.dispatches.note(evidence(DispatchState.REFUSED, back, minutes=2, text="ไม่ใช่หนังสือถึงหน่วยงานนี้"))
        uow.dispatches.note(evidence(DispatchState.REFUSED, back, minutes=3, text="ปลอม", counts=False))
        uow.dispatches.note(evidence(DispatchState.INVALID, again, text="ไฟล์ไม่ตรง"))
        uow.commit()

    cards = {card.id: card for card in problems(reader, office.central_clerk, NOW)}

    assert cards[back.id].why == "ผู้รับส่งคืน ไม่ใช่หนังสือถึงหน่วยงานนี้"
    assert "ร่างฉบับแก้ไข" in cards[back.id].what_to_do and "ส่งอีกครั้ง" not in cards[back.id].what_to_do
    assert cards[again.id].why == "ผู้รับแจ้งว่าซองใช้ไม่ได้ ไฟล์ไม่ตรง"
    assert cards[again.id].what_to_do.startswith("ระบบส่งซองเดิมให้ใหม่แล้ว")
    assert cards[again.id].ways == ("send-again", "correct", "close") and cards[back.id].ways == ("correct", "close")


def test_every_message_that_is_given_up_is_called_what_it_is() -> None:
    assert set(_DEAD) == set(OutboxKind) - {OutboxKind.LETTER}
    assert len(set(_DEAD.values())) == len(_DEAD)


def test_no_two_kinds_are_called_the_same() -> None:
    names = [kind.thai for kind in KINDS.values()]

    assert sorted(set(names)) == sorted(names)


def test_what_a_relay_puts_off_is_one_card_however_much_it_is(office: Office, reader: Connection) -> None:
    sent, later = office.letter(subject="ส่งแล้ว", state=LetterState.DISPATCHED), "รอส่งอีกครั้ง ครั้งที่ ๒ ยังส่งไม่ได้"
    for code in "abcdefgh":
        office.dispatch(sent, code, composed=True, problem=later)
    office.dispatch(sent, "i", composed=True, problem=f"{later} · ผ่านไปครึ่งเวลารอคำตอบแล้ว {WARNING}")
    office.dispatch(sent, "j", composed=True, problem="ไม่มีผู้รับนี้", failure="relay-refused")

    cards = problems(reader, office.central_clerk, NOW)

    assert [(card.kind, card.title, card.why) for card in cards if card.kind == "retries"] == [
        ("retries", "๘ ซองรอส่งอีกครั้ง", later)
    ]
    assert sorted(card.party[-1] for card in cards if card.kind != "retries") == ["i", "j"]
    assert nav(reader, office.central_clerk, NOW).problems == 3
    assert nav(reader, office.central_clerk, NOW).outgoing_trouble == 10


def test_receipts_that_contradict_each_other_are_a_card_until_a_person_closes_it(
    office: Office, reader: Connection
) -> None:
    sent, differ = office.letter(subject="ส่งแล้ว", state=LetterState.DISPATCHED), "เลขไม่ตรงกัน"
    office.dispatch(sent, "a", state=DispatchState.REGISTERED, problem=differ)
    office.dispatch(sent, "b", state=DispatchState.COMPLETED, problem=differ, number_disputed_at=NOW)
    office.dispatch(sent, "c", state=DispatchState.FORWARDED, problem="ผลไม่ตรงกัน")
    office.dispatch(sent, "d", state=DispatchState.REGISTERED, problem=differ, closed_for="โทรถามแล้ว")
    office.dispatch(sent, "e", state=DispatchState.REGISTERED, failure="bounced")

    cards = problems(reader, office.central_clerk, NOW)

    assert {(c.kind, c.party[-1], c.ways) for c in cards} == {
        ("contradiction", "a", ("number-wrong", "close")),
        ("contradiction", "b", ("close",)),
        ("contradiction", "c", ("close",)),
    }
    assert nav(reader, office.central_clerk, NOW).problems == 3
    assert next(c for c in cards if c.party[-1] == "b").what_to_do.startswith("แจ้งผู้รับแล้ว")


def test_what_was_said_stands_on_the_card_and_what_is_put_off_comes_back(troubled: Office, reader: Connection) -> None:
    clerk = troubled.central_clerk
    mine, later = [card for card in problems(reader, clerk, NOW) if card.kind in ("quarantine", "held")]
    reader.rollback()
    until = NOW + timedelta(days=1)
    with troubled.uow() as uow:
        uow.problems.write(ProblemNote(clerk.agency_id, mine.key, mine.id, clerk.person_id, clerk.name, NOW))
        uow.problems.write(
            ProblemNote(clerk.agency_id, later.key, later.id, put_off_until=until, put_off_reason="รอ", put_off_by="ก")
        )
        uow.commit()

    whole = inbox_of(reader, clerk, NOW)
    assert (whole.views["mine"], whole.views["put-off"], whole.in_sight) == (1, 1, 8)
    assert nav(reader, clerk, NOW).problems == 8 and nav(reader, clerk, until).problems == 9
    assert [card.key for card in inbox_of(reader, clerk, NOW, view="put-off").cards] == [later.key]
    assert [card.owner_name for card in inbox_of(reader, clerk, NOW, view="mine").cards] == [clerk.name]
    assert inbox_of(reader, clerk, until).in_sight == 9
    other = inbox_of(reader, replace(clerk, person_id=uuid4()), NOW)
    assert (other.views["mine"], other.views["others"]) == (0, 1)


def test_a_kind_and_a_view_that_do_not_exist_are_told(troubled: Office, reader: Connection) -> None:
    assert {card.kind for card in inbox_of(reader, troubled.central_clerk, NOW, kind="dead").cards} == {"dead"}
    with pytest.raises(BadInput) as told:
        inbox_of(reader, troubled.central_clerk, NOW, view="x", kind="y")
    assert set(told.value.fields) == {"owner", "kind"}
    with pytest.raises(NotFound):
        card_of(reader, troubled.central_clerk, NOW, "held:nothing")


def test_a_dispatch_that_was_stopped_has_no_card(troubled: Office, reader: Connection) -> None:
    with troubled.engine.begin() as connection:
        connection.execute(update(dispatches).values(closed_for="ส่งทางอื่นแล้ว"))

    assert not {card.kind for card in problems(reader, troubled.central_clerk, NOW)} & {"dispatch", "expiry"}


def test_a_held_letter_is_advised_only_what_its_page_offers(office: Office, reader: Connection) -> None:
    letter = office.incoming(subject="เลข", state=IncomingState.REGISTERED)
    office.incoming(subject="ตราหมดอายุ", state=IncomingState.HELD)
    office.incoming(subject="ถามเลข", state=IncomingState.HELD, about=letter.id)
    office.incoming(subject="ไปรษณีย์", state=IncomingState.HELD, ordinary=True)
    office.incoming(subject="ซองเสีย", state=IncomingState.HELD, answered_invalid=True)
    advised = {card.title: card.what_to_do for card in problems(reader, office.central_clerk, NOW)}

    assert [title for title, words in advised.items() if "ปล่อยเข้าระบบ" in words] == ["ตราหมดอายุ"]
    assert "แจ้งเลขทะเบียนอีกครั้ง" in advised["ถามเลข"]
    assert "ลงรับเป็นหนังสือ" in advised["ไปรษณีย์"] and "ฉบับที่ถูกต้อง" in advised["ซองเสีย"]


def test_every_kind_says_what_to_do(office: Office) -> None:
    assert all(kind.thai and kind.advice and kind.owner in OWNERS for kind in KINDS.values())


def test_what_was_not_taken_in_is_listed_with_its_reason_and_found(troubled: Office, reader: Connection) -> None:
    mailed(troubled, 11, "discarded", "เป็นไปรษณีย์ของเราเอง", "ทดสอบกล่อง")
    mailed(troubled, 12, "duplicate", "", "ขอเชิญประชุม")
    mailed(troubled, 13, "accepted", "", "เข้าแล้ว")
    aside = troubled.incoming(subject="โฆษณา", state=IncomingState.SET_ASIDE, refused_text="ไม่ใช่หนังสือ")
    mailed(troubled, 14, "held", "ordinary-mail", "โฆษณา", sha256=aside.raw_sha256)

    page = not_taken(reader, troubled.central_clerk)

    assert [(row.subject, row.reason) for row in page.items] == [
        ("ทดสอบกล่อง", "เป็นไปรษณีย์ของเราเอง"),
        ("ขอเชิญประชุม", "ได้ฉบับเดิมอีกครั้ง"),
        ("โฆษณา", "ไม่ใช่หนังสือ"),
    ]
    assert page.items[2].incoming_id == aside.id
    assert [row.subject for row in not_taken(reader, troubled.central_clerk, q="เชิญ").items] == ["ขอเชิญประชุม"]
    first = not_taken(reader, troubled.central_clerk, limit=2)
    assert [row.subject for row in not_taken(reader, troubled.central_clerk, cursor=first.next).items] == ["โฆษณา"]
