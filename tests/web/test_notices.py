"""The bell and the list of notices on the screens, their stream, and the same for programs."""

from __future__ import annotations

import json
import re
import threading
from email import message_from_bytes
from email.policy import default
from socket import socketpair
from uuid import uuid4

import pytest

from saraban.domain.classification import Urgency
from saraban.reading.notices import Unread
from saraban.usecases.admitting import issue_token
from saraban.usecases.subscribing import choose_mails
from saraban.web.events import MOST_STREAMS, Board, Following, has_left, stream
from tests.web.installation import Installation


def test_a_letter_that_comes_rings_the_bell_until_it_is_read(town: Installation) -> None:
    director = town.client("reading-director")
    quiet = director.get("/").text
    town.submitted(subject="ขอข้อมูลห้องสมุด")
    rung, listed = director.get("/").text, director.get("/notices").text
    notice = re.search(r'href="(/notices/[0-9a-f-]{36})"', listed)
    assert notice is not None
    followed = director.get(notice[1])
    after = director.get("/").text

    assert 'data-unread="0"' in quiet and 'data-unread="1"' in rung and 'data-unread="0"' in after
    assert "ขอข้อมูลห้องสมุด" in listed and "หนังสือเข้าแฟ้มของท่าน" in listed and "ขอให้ท่านเกษียนเสนอ" in listed
    assert followed.status_code == 302 and "/desk/" in followed.headers["Location"]
    assert town.client("reading-head").get(notice[1]).status_code == 404


def test_a_most_urgent_letter_in_the_central_mailbox_is_told_to_who_may_register_it_also_by_mail(
    town: Installation,
) -> None:
    clerk, own = town.actor("learning-clerk"), "clerk@somewhere.test"
    choose_mails(town.services, actor=clerk, email=own, digest=False, urgent=True)
    town.dispatched(subject="น้ำท่วมห้องสมุด", urgency=Urgency.MOST_URGENT)
    town.dispatched(subject="ไม่ด่วน")
    town.carry()
    bell = town.client("learning-clerk")
    listed, mails = bell.get("/notices?show=unread").text, [raw for to, raw in town.elsewhere if to == own]

    assert "หนังสือรอลงรับ" in listed and "น้ำท่วมห้องสมุด" in listed and "ไม่ด่วน" not in listed
    assert len(mails) == 1 and "หนังสือรอลงรับ น้ำท่วมห้องสมุด" in message_from_bytes(mails[0], policy=default)["Subject"]
    for other in ("learning-director", "learning-plan-clerk"):
        assert "น้ำท่วมห้องสมุด" not in town.client(other).get("/notices").text
    for one in set(re.findall(r'href="(/incoming/[0-9a-f-]{36})"', bell.get("/incoming?state=new").text)):
        bell.send(f"{one}/register")
    assert "น้ำท่วมห้องสมุด" not in bell.get("/notices?show=unread").text


@pytest.mark.only_database("sqlite")
def test_all_are_marked_as_read_at_once(town: Installation) -> None:
    director = town.client("reading-director")
    town.submitted()
    town.submitted()
    now = json.loads(director.get("/notices/now").text)
    director.send("/notices/read")

    assert now["unread"] == 2 and now["counts"]["desk"] == 2 and now["newest"].startswith("หนังสือเข้าแฟ้มของท่าน")
    assert "อ่านแล้ว ๒ รายการ" in director.get("/notices?show=unread").text
    assert json.loads(director.get("/notices/now").text)["unread"] == 0


@pytest.mark.only_database("sqlite")
def test_programs_list_notices_and_mark_them(town: Installation) -> None:
    town.submitted(subject="ขอข้อมูล")
    program, token = town.app.test_client(), issue_token(town.services, username="reading-director")
    bearer = {"Authorization": f"Bearer {token}"}
    found = program.get("/api/v1/notices?unread=true", headers=bearer).json
    assert found is not None
    one = found["items"][0]
    marked = program.post(f"/api/v1/notices/{one['id']}/read", headers=bearer, json={}).json
    rest = program.post("/api/v1/notices/read", headers=bearer, json={}).json

    assert (one["kind"], one["subject"], one["read"]) == ("step", "ขอข้อมูล", False)
    assert (marked, rest) == ({"marked": 1}, {"marked": 0})


def test_a_stream_tells_what_changed_and_beats_while_nothing_does() -> None:
    following = Following(uuid4())
    board = Board(lambda people: {}, every=60)
    following.latest = Unread(2, None)
    following.changed.set()
    lines = stream(board, following, "", lambda unread: {"unread": unread.count}, life=0.2)
    assert [next(lines), next(lines)] == ["retry: 2000\n\n", 'id: 2.0\nevent: notices\ndata: {"unread": 2}\n\n']

    following.changed.set()  # looked at again, the same as before
    assert list(lines) == [": beat\n\n"]
    assert list(stream(board, following, "2.0", lambda unread: {}, life=0.01)) == ["retry: 2000\n\n", ": beat\n\n"]
    board.close()


def test_a_process_holds_a_few_streams_and_has_room_again_when_one_ends() -> None:
    board = Board(lambda people: {}, every=0.01)
    taken = [board.follow(uuid4()) for _ in range(MOST_STREAMS)]
    full = board.follow(uuid4())
    assert all(taken) and full is None

    assert taken[0] is not None
    board.leave(taken[0])
    assert board.follow(uuid4()) is not None
    board.close()


def test_a_stream_ends_soon_after_its_page_was_left_and_makes_room() -> None:
    board = Board(lambda people: {}, most=1, every=0.01)
    following = board.follow(uuid4())
    assert following is not None and board.follow(uuid4()) is None
    ours, theirs = socketpair()
    lines = stream(board, following, "", lambda unread: {}, left=has_left({"werkzeug.socket": ours}))
    next(lines)
    theirs.close()

    assert list(lines) == []
    assert board.follow(uuid4()) is not None
    board.close()
    assert board.follow(uuid4()) is None
    ours.close()


def test_nobody_is_held_to_have_left_whose_connection_cannot_be_seen() -> None:
    assert not has_left({})()
    ours, theirs = socketpair()
    with ours, theirs:
        assert not has_left({"gunicorn.socket": ours})()
        theirs.send(b"GET")  # the next request of a browser that is still there
        assert not has_left({"gunicorn.socket": ours})()


@pytest.mark.only_database("sqlite")
def test_the_streams_of_an_installation_end_with_it(town: Installation, caplog: pytest.LogCaptureFixture) -> None:
    before = set(threading.enumerate())
    answer = town.client("reading-director").client.get("/notices/events", buffered=False)
    lines = answer.iter_encoded()
    next(lines)
    begun = [one for one in threading.enumerate() if one not in before]
    town.office.close()

    assert [one.name for one in begun] == ["events"] and not begun[0].is_alive()
    assert list(lines) == []
    assert caplog.records == []


def test_the_oldest_stream_of_a_person_gives_way_to_his_next_page() -> None:
    board, person = Board(lambda people: {}, every=0.01), uuid4()
    first, second, third = (board.follow(person) for _ in range(3))

    assert first is not None and first.over
    assert second is not None and third is not None and not second.over and not third.over
    assert list(stream(board, first, "", lambda unread: {})) == ["retry: 2000\n\n", "event: full\ndata: {}\n\n"]
    board.close()


@pytest.mark.only_database("sqlite")
def test_what_was_seen_is_not_told_again(town: Installation) -> None:
    director = town.client("reading-director")
    town.submitted()
    answer = director.client.get("/notices/events", buffered=False)
    lines = answer.iter_encoded()
    first = b"".join(next(lines) for _ in range(2)).decode()
    answer.close()

    assert answer.mimetype == "text/event-stream" and "retry: 2000" in first and '"unread": 1' in first
    assert re.search(r"id: 1\.\d+\n", first)
