"""Following what was sent: counts, the ladder, the evidence behind it, and the part of the page that lives."""

from __future__ import annotations

import re
from base64 import b64decode, encodebytes
from datetime import timedelta
from uuid import uuid4

from sqlalchemy import update

from saraban import jobs
from saraban.domain.agency import Correspondent
from saraban.domain.attachment import Digest
from saraban.domain.classification import Secrecy
from saraban.domain.dispatch import DispatchState
from saraban.domain.letter import LetterId
from saraban.exchange.parse import read_message
from saraban.storage.tables.exchange import dispatches
from saraban.usecases.administering import import_directory
from tests.web.installation import ELSEWHERE, LEARNING, Browser, Installation


def tracking(letter_id: LetterId) -> str:
    return f"/letters/{letter_id}/tracking"


def rungs(text: str) -> list[tuple[str, str]]:
    """The rungs of the shown ladder: name and status."""
    found = re.findall(r'<li class="rung is-(\w+)">.*?rung__name"><span>(.*?)<span class="sr">', text, re.DOTALL)
    return [(name.strip(), status) for status, name in found]


def register_at_learning(town: Installation) -> None:
    """The receiving clerk presses ลงรับ on everything that waits."""
    clerk = town.client("learning-clerk")
    for address in set(re.findall(r'href="(/incoming/[0-9a-f-]{36})"', clerk.get("/incoming?state=new").text)):
        clerk.send(f"{address}/register")


def with_another_statement(raw: bytes) -> bytes:
    """A receipt whose statement was changed after it was sealed: it tells of another minute."""
    begin = raw.index(b"\r\n\r\n", raw.index(b'filename="statement.json"')) + 4
    end = raw.index(b"\r\n--", begin)
    statement = b64decode(raw[begin:end])
    changed = statement.replace(b'"at":"2026-11-23T09:30', b'"at":"2026-11-23T09:31')
    assert changed != statement
    return raw[:begin] + b"\r\n".join(encodebytes(changed).split()) + raw[end:]


def live(page: str) -> str:
    """The address that the page asks every two seconds; empty when it has come to rest."""
    found = re.search(r'<div id="live"[^>]*hx-get="([^"]+)"', page)
    return found.group(1).replace("&amp;", "&") if found else ""


def test_a_letter_climbs_from_the_outbox_to_the_register(town: Installation, clerk: Browser) -> None:
    letter = town.dispatched()
    queued = rungs(clerk.get(tracking(letter)).text)
    town.carry()
    received = rungs(clerk.get(tracking(letter)).text)
    register_at_learning(town)
    town.carry()
    registered = clerk.get(tracking(letter)).text

    assert [status for _, status in queued] == ["done", "now", "todo", "todo"]
    assert [name for name, status in received if status == "done"] == ["เข้ากล่องออก", "ส่งแล้ว", "ถึงกล่องแล้ว"]
    assert received[-1] == ("ลงทะเบียนรับ", "now")
    assert rungs(registered)[-1] == ("ลงทะเบียนแล้ว", "done")
    assert "ลงรับเลขที่ ๑ โดย สมพร ใจดี" in registered


def test_the_page_asks_again_only_while_something_can_move(town: Installation, clerk: Browser) -> None:
    letter = town.dispatched()
    moving = clerk.get(tracking(letter)).text
    town.carry()
    register_at_learning(town)
    town.carry()
    at_rest = clerk.get(tracking(letter)).text

    assert live(moving)
    assert live(at_rest) == ""


def test_the_living_part_is_silent_until_something_changed(town: Installation, clerk: Browser) -> None:
    letter = town.dispatched()
    address = live(clerk.get(tracking(letter)).text)
    before = clerk.get(address)
    town.carry()
    after = clerk.get(address)

    assert (before.status_code, before.data) == (204, b"")
    assert after.status_code == 200
    assert after.text.lstrip().startswith('<div id="live"')
    assert ("ถึงกล่องแล้ว", "done") in rungs(after.text)


def test_each_receipt_shows_its_verdict_in_parts_and_can_be_saved(town: Installation, clerk: Browser) -> None:
    letter = town.dispatched()
    town.carry()
    page = clerk.get(tracking(letter)).text
    raw = re.search(r'href="(/letters/[0-9a-f-]+/tracking/evidence/[0-9a-f]{64}\.eml)"', page)

    assert "ตรวจผ่านครบ ๔ ข้อ" in page
    assert raw is not None
    saved = clerk.get(raw.group(1))
    assert b"statement.json.p7s" in saved.data
    assert saved.headers["Content-Disposition"].startswith("attachment")


def test_the_sender_saves_the_message_and_the_manifest_exactly_as_they_went(town: Installation, clerk: Browser) -> None:
    letter = town.dispatched()
    town.carry()
    page = clerk.get(tracking(letter)).text
    message = re.search(r'href="([^"]+/message\.eml)"', page)
    manifest = re.search(r'href="([^"]+/manifest\.json)"', page)
    assert message and manifest

    sent, signed = clerk.get(message.group(1)).data, clerk.get(manifest.group(1)).data

    inside = read_message(sent)
    assert inside.manifest == signed
    assert inside.manifest_p7s
    assert town.client("learning-clerk").get(message.group(1)).status_code == 404
    assert town.client("learning-clerk").get(manifest.group(1)).status_code == 404


def test_counts_filter_the_receivers(town: Installation, clerk: Browser) -> None:
    letter = town.dispatched(recipients=(LEARNING, ELSEWHERE))
    town.carry()

    received = clerk.get(f"{tracking(letter)}?group=received").text
    nobody = clerk.get(f"{tracking(letter)}?group=trouble").text

    assert "ผู้รับ ๑ แห่ง" in received
    assert "จังหวัดนครศรีธรรมราช" not in received
    assert "ไม่มีผู้รับในขั้นนี้" in nobody


def test_what_keeps_a_letter_in_the_queue_is_said(town: Installation, clerk: Browser) -> None:
    town.post.silent.add("saraban@learning.test")
    letter = town.dispatched()
    for _ in range(2):
        for job in jobs.timetable(1):
            job.work(town.services)

    page = clerk.get(tracking(letter)).text

    assert "ลองแล้ว ๑ ครั้ง" in page
    assert 'lang="en">451 4.3.0 try again later</code>' in page
    assert 'class="red"><b>๑</b>มีปัญหา' in page


def test_a_letter_that_the_relay_refuses_ends_as_undelivered_with_our_own_sealed_statement(
    town: Installation, clerk: Browser
) -> None:
    town.post.refusing.add("saraban@learning.test")
    letter = town.dispatched()
    town.clock.pass_by(timedelta(seconds=1))
    for _ in range(4):
        for job in jobs.timetable(1):
            job.work(town.services)
        town.clock.pass_by(timedelta(seconds=1))

    page = clerk.get(tracking(letter)).text

    assert rungs(page)[-1] == ("ส่งไม่ถึง", "bad")
    assert "ถ้อยแถลงลงตราของเราเอง" in page and page.count('class="ev ev--4"') == 1  # in the legend alone
    assert live(page) == ""


def test_a_letter_that_came_back_is_nowhere_called_sent(town: Installation, clerk: Browser) -> None:
    letter = town.dispatched()
    back = {"state": DispatchState.SENT, "failure": "bounced", "problem": "ไม่มีที่อยู่ผู้รับนี้ที่ปลายทาง"}
    with town.office.writing.begin() as connection:
        connection.execute(update(dispatches).values(**back))

    for address in (tracking(letter), f"/letters/{letter}"):
        page = clerk.get(address).text
        assert "ส่งไม่ถึง</span>" in page and "ไม่มีที่อยู่ผู้รับนี้ที่ปลายทาง" in page
        assert "ส่งแล้ว</span>" not in page and "รอใบตอบรับ" not in page


def test_a_receipt_that_is_not_for_this_letter_is_shown_and_does_not_count(town: Installation, clerk: Browser) -> None:
    letter = town.dispatched()
    town.carry()
    evidence = re.search(r'href="([^"]+/evidence/[^"]+\.eml)"', clerk.get(tracking(letter)).text)
    assert evidence is not None

    town.hand_in("saraban@reading.test", with_another_statement(clerk.get(evidence.group(1)).data))
    town.carry()
    page = clerk.get(tracking(letter)).text

    assert [status for name, status in rungs(page) if name == "ถึงกล่องแล้ว"] == ["done", "bad"]
    assert rungs(page)[-1] == ("ลงทะเบียนรับ", "now")
    assert "ไม่นับเป็นหลักฐาน ใบตอบรับไม่ผ่านการตรวจ" in page
    assert "verdict--bad" in page


def test_an_ordinary_mailbox_is_not_waited_for(town: Installation, clerk: Browser) -> None:
    letter = town.dispatched(recipients=("0888",))
    town.carry()

    page = clerk.get(tracking(letter)).text

    assert rungs(page)[-1] == ("ส่งแล้ว", "done")
    assert "จะไม่มีใบตอบรับลงตรา" in page
    assert live(page) == ""


def test_a_letter_that_was_not_sent_has_nothing_to_follow(town: Installation, clerk: Browser) -> None:
    assert "ยังไม่ได้ส่งออก" in clerk.get(tracking(town.issued())).text


def test_hundreds_of_receivers_come_in_pages(town: Installation, clerk: Browser) -> None:
    many = [Correspondent(f"1{n:03}", f"เทศบาลตำบลที่ {n}", f"saraban@town{n}.test") for n in range(101)]
    import_directory(town.services, agencies=many, publisher="การทดสอบ", sha256=Digest.of(b"many"))
    letter = town.dispatched(recipients=tuple(one.code for one in many))

    first = clerk.get(tracking(letter)).text
    second = clerk.get(f"{tracking(letter)}?page=2").text

    assert 'rel="next"' in first and 'rel="prev"' in second
    assert first.count('<td class="c-subject">') == 100
    assert second.count('<td class="c-subject">') == 1


def test_another_agency_and_an_unknown_dispatch_find_nothing(town: Installation, clerk: Browser) -> None:
    letter = town.dispatched()
    town.carry()
    raw = re.search(r"/evidence/([0-9a-f]{64})", clerk.get(tracking(letter)).text)
    assert raw is not None
    stranger = town.client("learning-clerk")

    for way in ("", "/live", f"/evidence/{raw.group(1)}.eml"):
        assert stranger.get(tracking(letter) + way).status_code == 404
    assert clerk.get(f"{tracking(letter)}?dispatch={uuid4()}").status_code == 404
    assert clerk.get(f"{tracking(letter)}/evidence/{'0' * 64}.eml").status_code == 404
    assert clerk.get(f"{tracking(letter)}/evidence/nothing.eml").status_code == 404


def test_following_a_classified_letter_is_for_those_who_may_read_it(town: Installation, clerk: Browser) -> None:
    letter = town.draft(secrecy=Secrecy.CONFIDENTIAL)

    assert clerk.get(tracking(letter)).status_code == 200
    assert town.client("reading-plan-clerk").get(tracking(letter)).status_code == 404
