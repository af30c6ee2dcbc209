"""The page of troubles: cards with their ways out, who sees to them, what is put off, and what was not taken in."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from saraban.domain.dispatch import DispatchState
from saraban.domain.incoming import IncomingState
from saraban.jobs import sort_mail
from saraban.storage.tables.exchange import dispatches
from saraban.storage.tables.letters import incoming
from saraban.usecases.fetching import take_in
from tests.builders import evidence
from tests.web.installation import ELSEWHERE, LEARNING, READING, Installation

DEEP = b"From: a@post.test\r\nSubject: deep\r\n" + b"".join(
    b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n' % (n, n) for n in range(200)
)


def mailed(town: Installation, raw: bytes = DEEP, uid: int = 901) -> str:
    """A mail comes in and is judged; the key of its card."""
    take_in(
        town.services, agency_id=town.agencies[READING], mailbox="saraban@reading.test", uidvalidity=1, uid=uid, raw=raw
    )
    sort_mail(town.services)
    with town.office.reading.connect() as connection:
        found = connection.execute(select(incoming.c.id).order_by(incoming.c.received_at.desc())).scalars().first()
    return f"held:{found}"


def act(town: Installation, key: str, deed: str, who: str = "reading-clerk", **more: str):  # type: ignore[no-untyped-def]
    """Do something on the page."""
    return town.client(who).send("/problems", {"key": key, "deed": deed, **more})


def page(town: Installation, address: str = "/problems", who: str = "reading-clerk") -> str:
    """What stands on it, without marks."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", town.client(who).get(address).text))


def state_of(town: Installation, key: str) -> IncomingState:
    """The state of the mail of a card."""
    with town.office.reading.connect() as connection:
        states = {f"held:{row.id}": row.state for row in connection.execute(select(incoming))}
    return states[key]


def test_a_quarantined_mail_is_a_card_with_three_ways_out(town: Installation) -> None:
    key = mailed(town)

    shown = page(town)
    text = town.client("reading-clerk").get("/problems").text

    for words in ("กันไว้", "deep", "ลองอีกครั้ง", "ลงรับด้วยมือ", "แยกออก", "รับเรื่อง", "ส่งต่อ", "พัก", "ยังไม่มีผู้รับเรื่อง"):
        assert words in shown
    assert f'href="/incoming/{key[5:]}#make-letter"' in text
    opened = page(town, f"/incoming/{key[5:]}")
    assert "ระบบกันไปรษณีย์นี้ไว้ เพราะอ่านอย่างปลอดภัยไม่ได้" in opened and "ไม่มีข้อความ" not in opened
    assert "เรื่องที่ต้องแก้" in page(town, "/") and "deep" in page(town, "/")


def test_it_is_put_away_with_a_reason_and_found_among_what_was_not_taken_in(town: Installation) -> None:
    key = mailed(town)

    refused = act(town, key, "set-aside", reason=" ")
    done = act(town, key, "set-aside", reason="โฆษณา")

    assert refused.status_code == 422 and "ใส่เหตุผลที่ไม่ใช่หนังสือ" in refused.text and ' name="card-1" open>' in refused.text
    assert done.status_code == 302 and state_of(town, key) is IncomingState.SET_ASIDE
    listed = town.client("reading-clerk").get("/problems/not-taken?q=โฆษณา").text
    address = re.search(r'href="(/problems/not-taken/[^"]+\.eml)"', listed)
    assert "deep" in listed and address is not None
    assert town.client("reading-clerk").get(address[1]).data == DEEP
    assert town.client("learning-clerk").get(address[1]).status_code == 404
    assert town.client("reading-head").get("/problems/not-taken").status_code == 403
    assert "deep" not in page(town, "/problems/not-taken?q=ไม่มีคำนี้")


def test_it_is_tried_again(town: Installation) -> None:
    key = mailed(town)

    assert act(town, key, "try-again").status_code == 302
    assert state_of(town, key) is IncomingState.SUPERSEDED and "deep" not in page(town)
    sort_mail(town.services)
    assert "deep" in page(town)
    assert "เรื่องนี้แก้แล้วหรือไม่มีอยู่" in _after(town, key, "try-again")


def _after(town: Installation, key: str, deed: str) -> str:
    client = town.client("reading-clerk")
    client.send("/problems", {"key": key, "deed": deed})
    return str(client.get("/problems").text)


def test_a_card_is_taken_over_handed_on_and_put_off_until_a_day(town: Installation) -> None:
    key = mailed(town)
    me, head = town.actor("reading-clerk"), town.actor("reading-head")
    act(town, key, "take")
    mine = page(town, "/problems?view=mine")
    hidden = act(town, key, "hand", to=str(town.actor("reading-admin").person_id))
    foreign = act(town, key, "hand", to=str(town.actor("learning-clerk").person_id))
    off = act(town, key, "put-off", until="เมื่อไหร่ดี", reason="")
    assert me.name in mine and "รับเรื่องแล้ว" in mine
    assert hidden.status_code == foreign.status_code == off.status_code == 422
    assert "ไม่มีสิทธิเห็นเรื่องนี้" in hidden.text and "เลือกเพื่อนร่วมงานจากรายการ" in foreign.text
    assert 'value="เมื่อไหร่ดี"' in off.text and head.name not in mine.split("ส่งต่อให้")[0]

    act(town, key, "put-off", until="30/11/2569", reason="รอผู้ส่ง")
    assert "deep" not in page(town) and "รอผู้ส่ง" in page(town, "/problems?view=put-off")
    town.clock.pass_by(timedelta(days=8))
    assert "deep" in page(town)


def test_a_dead_letter_is_sent_again_or_stopped_on_its_card(town: Installation) -> None:
    town.post.refusing.add("saraban@learning.test")
    letter_id = town.dispatched()
    town.carry()
    with town.office.reading.connect() as connection:
        row = connection.execute(select(dispatches).where(dispatches.c.letter_id == letter_id)).one()
    key = f"dispatch:{row.id}"
    assert "ส่งอีกครั้ง" in page(town) and "เลิกส่ง" in page(town)
    town.post.refusing.clear()

    assert act(town, key, "send-again").status_code == 302
    town.carry()
    with town.office.reading.connect() as connection:
        after = connection.execute(select(dispatches).where(dispatches.c.id == row.id)).one()
    assert after.state is DispatchState.RECEIVED and after.failure == ""
    assert row.state is DispatchState.UNDELIVERED and key not in town.client("reading-clerk").get("/problems").text


def test_a_sending_is_stopped_on_its_card_with_a_reason_that_the_letter_tells(town: Installation) -> None:
    town.post.refusing.add("saraban@learning.test")
    letter_id = town.dispatched()
    town.carry()
    with town.office.reading.connect() as connection:
        key = f"dispatch:{connection.execute(select(dispatches.c.id)).scalar_one()}"

    assert act(town, key, "stop", reason="").status_code == 422
    assert act(town, key, "stop", reason="ส่งด้วยมือแล้ว").status_code == 302

    assert key not in town.client("reading-clerk").get("/problems").text
    history = page(town, f"/letters/{letter_id}")
    assert "เลิกส่ง" in history and "ส่งด้วยมือแล้ว" in history


@pytest.mark.only_database("sqlite")
def test_what_its_receiver_refused_is_put_right_from_its_card(town: Installation) -> None:
    town.dispatched(subject="ขอเชิญประชุม", body="ด้วยจะมีการประชุม", recipients=(LEARNING, ELSEWHERE))
    with town.services.uow() as uow, town.office.reading.connect() as connection:
        row = connection.execute(select(dispatches).where(dispatches.c.to_code == LEARNING)).one()
        dispatch = uow.dispatches.get(row.agency_id, row.id)
        uow.dispatches.note(evidence(DispatchState.REFUSED, dispatch, text="ส่งผิดหน่วยงาน"))
        dispatch.climb(uow.dispatches.evidence(dispatch))
        uow.dispatches.save(dispatch)
        uow.commit()
    clerk, words = town.client("reading-clerk"), f"/letters/new?corrects={row.id}"

    assert "ส่งผิดหน่วยงาน" in page(town) and f'href="{words}"' in clerk.get("/problems").text
    assert f'href="{words}"' in clerk.get(f"/letters/{row.letter_id}/tracking?dispatch={row.id}").text

    draft = clerk.get(words).text
    assert 'value="ขอเชิญประชุม"' in draft and "ด้วยจะมีการประชุม" in draft and 'name="version"' not in draft
    chosen = re.findall(
        r'<option value="([^"]+)"[^>]* selected', draft.split('name="recipients"')[1].split("</select>")[0]
    )
    assert chosen == [LEARNING], "for that receiver"
    assert clerk.get("/letters/new?corrects=x").status_code == 404


@pytest.mark.only_database("sqlite")
def test_numbers_that_contradict_each_other_are_questioned_from_the_card(town: Installation) -> None:
    town.dispatched()
    town.carry()
    with town.services.uow() as uow, town.office.reading.connect() as connection:
        row = connection.execute(select(dispatches)).one()
        dispatch = uow.dispatches.get(row.agency_id, row.id)
        for number in ("55", "66"):
            statement = {"register": {"number": number, "year": 2569}}
            uow.dispatches.note(evidence(DispatchState.REGISTERED, dispatch, statement=statement))
        dispatch.climb(uow.dispatches.evidence(dispatch))
        uow.dispatches.save(dispatch)
        uow.commit()
    shown, key = page(town), f"dispatch:{row.id}"
    assert "หลักฐานขัดกัน" in shown and "๕๕/๒๕๖๙" in shown and "แจ้งผู้รับว่าเลขไม่ตรง" in shown
    assert 'kind=contradiction"' in town.client("reading-clerk").get(f"/letters/{row.letter_id}/tracking").text

    assert act(town, key, "number-wrong").status_code == 302
    assert "แจ้งผู้รับแล้วว่าเลขไม่ตรง" in page(town)
    assert act(town, key, "close", reason="โทรถามแล้ว").status_code == 302
    assert "หลักฐานขัดกัน" not in page(town)


@pytest.mark.only_database("sqlite")
def test_what_is_not_ones_own_is_refused_in_words(town: Installation) -> None:
    key = mailed(town)

    assert act(town, key, "explode").status_code == 404
    assert "เรื่องนี้แก้แล้วหรือไม่มีอยู่" in _follow(town, "learning-clerk", key, "take")
    assert "ท่านทำรายการนี้กับเรื่องนี้ไม่ได้" in _follow(town, "reading-clerk", key, "send-again")
    odd = town.client("reading-clerk").get("/problems?kind=nothing&view=none")
    assert odd.status_code == 200 and "ไม่มีตัวกรอง “nothing”" in odd.text and "ไม่มีตัวกรอง “none”" in odd.text
    assert state_of(town, key) is IncomingState.HELD


def _follow(town: Installation, who: str, key: str, deed: str) -> str:
    client = town.client(who)
    client.send("/problems", {"key": key, "deed": deed})
    return str(client.get("/problems").text)


def test_many_cards_are_shown_by_pages_and_a_refused_form_stands_on_its_own(town: Installation) -> None:
    for uid in range(901, 934):
        mailed(town, b"From: a@post.test\r\nSubject: mail %d\r\n\r\nhello\r\n" % uid, uid)
    client = town.client("reading-clerk")
    first, last = client.get("/problems?kind=held").text, client.get("/problems?kind=held&page=2").text
    beyond, senseless = client.get("/problems?page=99"), client.get("/problems?page=x")
    assert (first.count("<article"), last.count("<article")) == (30, 3)
    assert "หน้า" in first and "kind=held&amp;page=2" in first and "เห็นอยู่ ๓๓ เรื่อง" in first
    assert beyond.status_code == senseless.status_code == 200 and beyond.text.count("<article") == 3

    key = re.findall(r'name="key" value="(held:[^"]+)"', last)[-1]
    refused = act(town, key, "put-off", until="เมื่อไหร่ดี", reason="", kind="held")
    taken = act(town, key, "take", kind="held", page="2")

    assert refused.status_code == 422 and 'value="เมื่อไหร่ดี"' in refused.text and 'value="2"' in refused.text
    assert taken.headers["Location"].endswith("kind=held&page=2")
