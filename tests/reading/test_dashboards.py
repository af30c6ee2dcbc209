"""The counts of the menu, and the home page."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, event

from saraban.domain.classification import Secrecy, Urgency
from saraban.domain.dispatch import DispatchState
from saraban.domain.incoming import IncomingState
from saraban.domain.letter import LetterState
from saraban.domain.receipt import ReasonCode
from saraban.reading.dashboards import Nav, home, nav
from saraban.usecases.books import MailboxMark
from tests.reading.office import NOW, Office, open_office

SENT_BACK = {"code": "signature-missing", "thai": "ไม่มีตราประทับ", "blocking": True}


@pytest.fixture
def busy(office: Office) -> Office:
    """An office with something of everything."""
    office.incoming(subject="ใหม่ ธรรมดา", minutes=1)
    office.incoming(subject="ใหม่ ด่วนที่สุด", urgency=Urgency.MOST_URGENT, minutes=2)
    office.incoming(subject="พักไว้", state=IncomingState.HELD, findings=(SENT_BACK,))
    office.incoming(subject="ลงรับแล้ว", state=IncomingState.REGISTERED)
    office.letter(subject="ร่าง")
    office.letter(subject="คืนมา", state=LetterState.RETURNED, minutes=3)
    office.letter(subject="รอส่งออก", state=LetterState.ISSUED, minutes=4)
    office.letter(subject="รอผู้อำนวยการ", state=LetterState.SUBMITTED, steps=(office.director, office.head))
    sent = office.letter(subject="ส่งแล้ว", state=LetterState.DISPATCHED)
    office.dispatch(sent, "a", state=DispatchState.REGISTERED, failure=ReasonCode.BOUNCED.value)
    office.dispatch(sent, "b", problem="รอส่งอีกครั้ง")
    office.dispatch(sent, "c", state=DispatchState.SENT, failure=ReasonCode.BOUNCED.value)
    for code, state in (("d", "invalid"), ("e", "undelivered"), ("f", "refused")):
        office.dispatch(sent, code, state=DispatchState(state))
    with office.uow() as uow:
        uow.inbox.mark(office.agency.id, office.agency.mailbox)
        uow.inbox.save_mark(
            MailboxMark(office.agency.id, office.agency.mailbox, checked_at=NOW, problem="เข้ากล่องจดหมายไม่ได้")
        )
        uow.commit()
    return office


def test_the_menu_counts_what_the_actor_may_read(busy: Office, reader: Connection) -> None:
    trouble = f"{busy.agency.mailbox}: เข้ากล่องจดหมายไม่ได้"
    assert nav(reader, busy.central_clerk, NOW) == Nav(2, 1, 0, 2, 5, NOW, trouble, 7)
    assert nav(reader, busy.director, NOW) == Nav(0, 0, 1, 2, 5, NOW, trouble, 6, notices=1)


def test_the_menu_of_an_office_without_anything_is_all_zero(office: Office, reader: Connection) -> None:
    assert nav(reader, office.central_clerk, NOW) == Nav(0, 0, 0, 0, 0, None, "")


def test_the_menu_costs_one_statement(busy: Office, reader: Connection) -> None:
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        sent.append(statement)

    event.listen(reader, "before_cursor_execute", note)
    nav(reader, busy.central_clerk, NOW)
    event.remove(reader, "before_cursor_execute", note)

    assert len(sent) == 1


def test_the_home_page_shows_every_problem_with_its_reason(busy: Office, reader: Connection) -> None:
    problems = home(reader, busy.central_clerk, NOW).problems

    assert [(card.kind, card.why) for card in problems[:2]] == [
        ("mailbox", "เข้ากล่องจดหมายไม่ได้"),
        ("held", "ไม่มีตราประทับ"),
    ]
    assert {(card.party, card.why) for card in problems[2:]} == {
        ("ส่วนราชการ b", "รอส่งอีกครั้ง"),
        ("ส่วนราชการ c", ReasonCode.BOUNCED.thai),
        ("ส่วนราชการ d", "ผู้รับแจ้งว่าซองใช้ไม่ได้"),
        ("ส่วนราชการ e", "ส่งไม่ถึงผู้รับ"),
        ("ส่วนราชการ f", "ผู้รับส่งคืน"),
    }
    assert {card.title for card in problems[2:]} == {"ส่งแล้ว"}


def test_the_queue_goes_by_urgency_and_then_by_arrival(busy: Office, reader: Connection) -> None:
    assert [(row.kind, row.subject) for row in home(reader, busy.central_clerk, NOW).queue] == [
        ("incoming", "ใหม่ ด่วนที่สุด"),
        ("incoming", "ใหม่ ธรรมดา"),
        ("returned", "คืนมา"),
        ("issued", "รอส่งออก"),
    ]
    assert [(row.kind, row.subject) for row in home(reader, busy.director, NOW).queue] == [("desk", "รอผู้อำนวยการ")]


def test_the_home_page_hides_what_may_not_be_read(office: Office, reader: Connection, engine: Engine) -> None:
    office.incoming(subject="ลับ", state=IncomingState.HELD, unit=office.legal, secrecy=Secrecy.SECRET)
    secret = office.letter(subject="ลับ", state=LetterState.DISPATCHED, secrecy=Secrecy.SECRET)
    office.dispatch(secret, state=DispatchState.REFUSED, created_at=NOW + timedelta(minutes=1))

    for actor in (office.director, open_office(engine, "dnp").central_clerk):
        assert home(reader, actor, NOW).problems == []
        assert nav(reader, actor, NOW).outgoing_trouble == 0
