"""What cannot be accepted at once waits for a clerk, with its reasons, and nothing of it is lost."""

from __future__ import annotations

from datetime import timedelta

import pytest

from saraban.domain.errors import StageNotAllowed
from saraban.domain.incoming import IncomingLetter, IncomingState
from saraban.domain.receipt import Step
from saraban.domain.register import BookKind
from saraban.exchange.manifest import Party
from saraban.exchange.parse import read_message
from saraban.exchange.receipts import read_statement
from saraban.reading.search import search
from saraban.usecases.registering import refuse_letter, register_letter, release_letter
from tests.journeys import keyring
from tests.journeys.post_office import receipts
from tests.journeys.world import NAMES, PEER, B, World


def reasons(letter: IncomingLetter) -> list[str]:
    """The codes of what keeps a letter from being accepted."""
    return [str(f["code"]) for f in letter.findings if f["blocking"]]


def told_the_peer(world: World) -> list[Step]:
    """The steps of the receipts that lie in the peer's mailbox."""
    found = [read_message(raw).statement for raw in world.post.lying(PEER, receipts)]
    return [read_statement(data).step for data in found if data is not None]


def test_a_letter_of_an_unknown_sender_is_held_and_when_released_it_is_answered(world: World) -> None:
    world.know(*(c for c in world.correspondents if c.code != "peer"))
    manifest = world.peer.manifest(world.b.party)
    raw = world.peer.letter(manifest)
    world.peer.post(B, raw)
    world.settle()
    (letter,) = world.incoming(world.b)
    assert letter.state is IncomingState.HELD and reasons(letter) == ["signer-untrusted", "signer-untrusted"]
    assert all(str(f["thai"]).strip() for f in letter.findings)
    assert told_the_peer(world) == []
    clerk = world.actor(world.b, "clerk")
    with pytest.raises(StageNotAllowed):
        register_letter(world.services, actor=clerk, incoming_id=letter.id)

    world.know(*world.correspondents)
    release_letter(world.services, actor=clerk, incoming_id=letter.id, reason="โทรศัพท์ตรวจสอบกับผู้ส่งแล้ว")
    world.settle()
    assert told_the_peer(world) == [Step.RECEIVED]
    world.peer.post(B, raw)
    world.settle()
    assert len(world.incoming(world.b)) == 1, "the copy of a released letter is no second letter"
    register_letter(world.services, actor=clerk, incoming_id=letter.id)
    world.settle()
    assert told_the_peer(world)[-1] is Step.REGISTERED


def test_nothing_is_sent_to_a_released_letters_sender_whom_the_directory_does_not_name(world: World) -> None:
    world.know(*(c for c in world.correspondents if c.code != "peer"))
    world.peer.post(B, world.peer.letter(world.peer.manifest(world.b.party)))
    world.settle()
    (letter,) = world.incoming(world.b)
    release_letter(
        world.services, actor=world.actor(world.b, "clerk"), incoming_id=letter.id, reason="รู้จักผู้ส่งเป็นการส่วนตัว"
    )
    world.settle()
    assert world.incoming(world.b)[0].state is IncomingState.NEW
    assert world.receipts_given(world.b) == [] and told_the_peer(world) == []


def test_a_forged_seal_is_held_and_not_answered(world: World) -> None:
    forged = keyring.strangers_seal(NAMES["peer"], PEER)
    world.peer.post(B, world.peer.letter(world.peer.manifest(world.b.party), seal=forged))
    world.settle()
    (letter,) = world.incoming(world.b)
    assert letter.state is IncomingState.HELD and reasons(letter) == ["signer-untrusted"]
    assert letter.seal is not None and letter.seal["intact"] is True and letter.seal["trusted"] is False
    assert told_the_peer(world) == []


def test_a_seal_after_the_end_of_its_certificate_is_held_and_not_answered(world: World) -> None:
    old = keyring.expired_seal(NAMES["peer"], PEER)
    world.peer.post(B, world.peer.letter(world.peer.manifest(world.b.party), seal=old))
    world.settle()
    (letter,) = world.incoming(world.b)
    assert letter.state is IncomingState.HELD and reasons(letter) == ["signer-expired"]
    assert told_the_peer(world) == []


def test_a_broken_signature_is_held_and_answered_invalid(world: World) -> None:
    raw = world.peer.letter(world.peer.manifest(world.b.party), spoil=lambda p7s: p7s[:-1] + bytes([p7s[-1] ^ 1]))
    world.peer.post(B, raw)
    world.settle()
    (letter,) = world.incoming(world.b)
    assert letter.state is IncomingState.HELD and reasons(letter) == ["signature-broken"]
    assert told_the_peer(world) == [Step.INVALID]
    with pytest.raises(StageNotAllowed):
        release_letter(world.services, actor=world.actor(world.b, "clerk"), incoming_id=letter.id, reason="ขอดู")


def test_a_letter_to_somebody_else_is_held(world: World) -> None:
    world.peer.post(B, world.peer.letter(world.peer.manifest(Party("c", "กรมอื่น", "saraban@c.test"))))
    world.settle()
    (letter,) = world.incoming(world.b)
    assert letter.state is IncomingState.HELD and reasons(letter) == ["not-addressee"]
    assert told_the_peer(world) == []


def test_a_secret_letter_without_encryption_is_held_and_found_by_no_search(world: World) -> None:
    manifest = world.peer.manifest(world.b.party, subject="แผนลับสุดยอดของป่าชายเลน")
    open_words = b'"secrecy":"open"'
    secret = manifest.to_bytes().replace(open_words, b'"secrecy":"confidential"')
    world.peer.post(B, world.peer.letter(manifest, manifest_bytes=secret))
    world.settle()
    (letter,) = world.incoming(world.b)
    assert letter.state is IncomingState.HELD and reasons(letter) == ["secrecy-not-allowed"]
    with world.office.reading.connect() as reader:
        for role in ("clerk", "director", "lawyer", "head"):
            assert search(reader, world.actor(world.b, role), "แผนลับสุดยอด") == []


def test_a_letter_that_comes_after_its_time_is_held(world: World) -> None:
    manifest = world.peer.manifest(world.b.party)
    raw = world.peer.letter(manifest)
    world.clock.pass_by(timedelta(hours=72, seconds=1))
    world.peer.post(B, raw)
    world.settle()
    (letter,) = world.incoming(world.b)
    assert letter.state is IncomingState.HELD and reasons(letter) == ["expired"]
    assert told_the_peer(world) == []


def test_the_same_id_with_another_content_is_held_and_the_first_letter_stands(world: World) -> None:
    manifest = world.peer.manifest(world.b.party)
    world.peer.post(B, world.peer.letter(manifest))
    world.settle()
    other = world.peer.manifest(world.b.party, id=manifest.id, subject="เนื้อหาที่เปลี่ยนไป")
    world.peer.post(B, world.peer.letter(other))
    world.settle()
    first, second = world.incoming(world.b, IncomingState.NEW) + world.incoming(world.b, IncomingState.HELD)
    assert first.subject == manifest.subject and reasons(second) == ["duplicate-content"]
    assert told_the_peer(world) == [Step.RECEIVED]


def test_a_held_letter_can_be_refused(world: World) -> None:
    manifest = world.peer.manifest(Party("c", "กรมอื่น", "saraban@c.test"))
    world.peer.post(B, world.peer.letter(manifest))
    world.settle()
    (letter,) = world.incoming(world.b)
    refuse_letter(world.services, actor=world.actor(world.b, "clerk"), incoming_id=letter.id, code="not-addressee")
    world.settle()
    assert told_the_peer(world) == [Step.REFUSED]


def test_ordinary_mail_is_held_as_ordinary_and_can_be_released_and_registered(world: World) -> None:
    mail = (
        "From: =?utf-8?B?4Lib4Lij4Liw4LiK4Liy4LiK4LiZ?= <citizen@example.com>\r\nTo: <saraban@b.test>\r\n"
        "Message-ID: <plain@example.com>\r\nSubject: ขอสอบถาม\r\nDate: Mon, 23 Nov 2026 09:00:00 +0700\r\n"
        "Content-Type: text/plain; charset=utf-8\r\n\r\nขอสอบถามเวลาทำการ\r\n"
    )
    world.post.put(B, mail.encode())
    world.settle()
    (letter,) = world.incoming(world.b)
    assert (letter.state, letter.ordinary, letter.subject) == (IncomingState.HELD, True, "ขอสอบถาม")
    assert letter.from_name == "ประชาชน" and "เวลาทำการ" in letter.text
    clerk = world.actor(world.b, "clerk")
    release_letter(world.services, actor=clerk, incoming_id=letter.id, reason="รับเป็นหนังสือ")
    register_letter(world.services, actor=clerk, incoming_id=letter.id)
    world.settle()
    (line,) = world.book(world.b, BookKind.RECEIVING)
    assert (line.subject, line.sender) == ("ขอสอบถาม", "ประชาชน")
    assert world.receipts_given(world.b) == []
