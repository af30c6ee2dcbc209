"""What explodes, is infected or cannot be scanned is kept apart alone; what is behind comes in, nothing is lost."""

from __future__ import annotations

import base64
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest

from saraban.domain.classification import Form
from saraban.domain.errors import BadInput, NotPermitted, RuleBroken, StageNotAllowed
from saraban.domain.incoming import IncomingId, IncomingLetter, IncomingState, MailLetter
from saraban.domain.register import BookKind
from saraban.jobs import sort_mail
from saraban.mail.clamd import Clamd
from saraban.storage.tables.exchange import inbox
from saraban.storage.tables.letters import incoming
from saraban.usecases import emblems, importing, photos, picturing, quarantining, registering, viewing, word
from saraban.usecases.fetching import take_in
from tests.builders import CONTENT
from tests.exchange.test_archives import BOMBS
from tests.fakes import EICAR, FakeClamd
from tests.mailservers.real_clamd import RealClamd
from tests.usecases.house import House


def put(house: House, uid: int, raw: bytes) -> None:
    """A mail lies in our mailbox and was fetched."""
    agency = house.ours.agency
    take_in(house.office, agency_id=agency.id, mailbox=agency.mailbox, uidvalidity=1, uid=uid, raw=raw)


def a_mail(subject: str, *, file: bytes | None = None, name: str = "แนบ.bin", more: bytes = b"") -> bytes:
    """An ordinary mail, with a file when there is one."""
    head = f"From: Somchai <somchai@post.example>\r\nSubject: {subject}\r\n".encode() + more
    if file is None:
        return head + b"\r\nhello\r\n"
    named = f'Content-Disposition: attachment; filename="{name}"\r\n'.encode()
    coded = base64.encodebytes(file).replace(b"\n", b"\r\n")
    return head + named + b"Content-Type: application/zip\r\nContent-Transfer-Encoding: base64\r\n\r\n" + coded


def nested(depth: int) -> bytes:
    """A multipart inside a multipart …"""
    head = b"".join(b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n' % (n, n) for n in range(depth))
    return b"From: a@post.example\r\nSubject: nested\r\n" + head + b"\r\nend\r\n"


def cards(house: House) -> dict[str, Any]:
    """What came in, by subject."""
    return {row.subject: row for row in house.rows(incoming) if row.state is not IncomingState.SUPERSEDED}


def letter(house: House, subject: str) -> IncomingLetter:
    """One of them, whole."""
    with house.office.uow() as uow:
        return uow.incoming.get(house.ours.agency.id, IncomingId(cards(house)[subject].id))


def guarded(house: House, where: str) -> House:
    """The same house with a scanner."""
    scanner = Clamd(where, timeout_seconds=2)
    return House(
        replace(house.real, services=replace(house.office, scanner=scanner)), house.ours, house.theirs, house.clock
    )


def test_bombs_are_kept_apart_each_alone_and_the_mailbox_goes_on(either_house: House) -> None:
    house = either_house
    flood = b"".join(b"X-Flood-%d: x\r\n" % n for n in range(100_000))
    many = b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n' + b"--b\r\n\r\nx\r\n" * 20_000
    mails = [
        a_mail("zip bomb", file=BOMBS["zeros"](), name="all.zip"),
        a_mail("before"),
        nested(300),
        a_mail("header flood", more=flood),
        b"From: a@post.example\r\nSubject: many parts\r\n" + many,
        a_mail("behind"),
    ]
    for uid, raw in enumerate(mails, start=1):
        put(house, uid, raw)

    sort_mail(house.office)

    found = {subject: letter(house, subject).quarantined for subject in cards(house)}
    apart = dict.fromkeys(("zip bomb", "nested", "header flood", "many parts"), "readable")
    assert found == apart | {"before": "", "behind": ""}
    assert cards(house)["zip bomb"].from_mailbox == "somchai@post.example"
    assert "ระเบิด" in letter(house, "zip bomb").findings[0]["thai"] and not letter(house, "zip bomb").files
    assert all(row.outcome == "held" and row.attempts == 1 for row in house.rows(inbox))


def test_an_infected_mail_is_kept_apart_and_gives_out_no_byte(either_house: House) -> None:
    with FakeClamd() as daemon:
        house = guarded(either_house, daemon.where)
        put(house, 1, a_mail("infected", file=b"PK" + EICAR, name="x.zip"))
        put(house, 2, a_mail("clean", file=b"PK fine", name="y.zip"))
        sort_mail(house.office)

    held, clerk = letter(house, "infected"), house.ours["central_clerk"]
    assert held.infected and held.quarantined == "infected" and held.files == []
    assert "Eicar-Signature" in held.findings[0]["thai"]
    assert [file.name for file in letter(house, "clean").files] == ["y.zip"]
    with pytest.raises(RuleBroken, match="พบไวรัส"):
        viewing.open_incoming_file(house.office, actor=clerk, incoming_id=held.id, sha256=held.raw_sha256)
    with pytest.raises(StageNotAllowed, match="พบไวรัส"):
        registering.release_letter(house.office, actor=clerk, incoming_id=held.id, reason="ดูแล้ว")
    registering.set_mail_aside(house.office, actor=clerk, incoming_id=held.id, reason="ติดไวรัส แจ้งผู้ส่งแล้ว")
    assert cards(house)["infected"].state is IncomingState.SET_ASIDE


def test_mail_waits_for_a_scanner_that_is_away_and_is_neither_lost_nor_let_through(either_house: House) -> None:
    with FakeClamd() as gone:
        where = gone.where
    house = guarded(either_house, where)
    put(house, 1, a_mail("waits"))

    for _ in range(8):
        sort_mail(house.office)
        house.clock.pass_by(timedelta(minutes=3))

    row = house.rows(inbox)[0]
    assert house.rows(incoming) == [] and row.outcome == "" and row.attempts == 0
    assert row.note.startswith("ยังไม่ได้ตรวจไวรัส") and (row.sender, row.subject) == ("somchai@post.example", "waits")
    with FakeClamd() as daemon:
        house = guarded(either_house, daemon.where)
        sort_mail(house.office)
    assert cards(house)["waits"].state is IncomingState.HELD and not letter(house, "waits").quarantined


def test_a_real_clamd_looks_into_archives_and_what_comes_while_it_is_down_waits(
    either_house: House, real_clamd: RealClamd
) -> None:
    house = guarded(either_house, real_clamd.where)
    archive = BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("ใบเสนอราคา.txt", EICAR)
    put(house, 1, a_mail("infected", file=archive.getvalue(), name="x.zip"))
    put(house, 2, a_mail("clean", file=b"fine", name="y.bin"))
    sort_mail(house.office)
    assert {subject: letter(house, subject).quarantined for subject in cards(house)} == {
        "infected": "infected",
        "clean": "",
    }

    real_clamd.down()
    put(house, 3, a_mail("infected meanwhile", file=archive.getvalue(), name="z.zip"))
    put(house, 4, a_mail("clean meanwhile", file=b"fine too", name="w.bin"))
    sort_mail(house.office)
    assert set(cards(house)) == {"infected", "clean"}
    assert [row.outcome for row in house.rows(inbox)].count("") == 2, "both wait, none is let through"

    real_clamd.up()
    house.clock.pass_by(timedelta(minutes=3))
    sort_mail(house.office)
    assert letter(house, "infected meanwhile").infected and not letter(house, "clean meanwhile").quarantined


def test_a_file_that_the_scanner_cannot_take_holds_the_mail_with_its_name(either_house: House) -> None:
    with FakeClamd(most=1_000) as daemon:
        house = guarded(either_house, daemon.where)
        put(house, 1, a_mail("large", file=b"x" * 5_000, name="large.bin"))
        sort_mail(house.office)

    assert letter(house, "large").quarantined == "not_scanned"
    assert "large.bin" in next(f["thai"] for f in letter(house, "large").findings if f["check"] == "not_scanned")


def test_a_clerk_lets_it_be_tried_again_and_a_better_scanner_lets_it_in(either_house: House) -> None:
    with FakeClamd() as daemon:
        house = guarded(either_house, daemon.where)
        put(house, 1, a_mail("again", file=EICAR))
        put(house, 2, a_mail("again", file=EICAR))
        sort_mail(house.office)
        assert sorted(row.outcome for row in house.rows(inbox)) == ["duplicate", "held"]
        held = letter(house, "again")
        with pytest.raises(NotPermitted):
            quarantining.try_mail_again(house.office, actor=_reader_of(house), incoming_id=held.id)
        quarantining.try_mail_again(house.office, actor=house.ours["central_clerk"], incoming_id=held.id)
        sort_mail(house.office)
        assert letter(house, "again").infected and letter(house, "again").id != held.id
    quarantining.try_mail_again(
        either_house.office, actor=house.ours["central_clerk"], incoming_id=letter(house, "again").id
    )
    sort_mail(either_house.office)

    assert not letter(house, "again").quarantined and len(letter(house, "again").files) == 1
    assert len(house.told("mail.tried-again")) == 2
    with pytest.raises(StageNotAllowed):
        quarantining.try_mail_again(house.office, actor=house.ours["central_clerk"], incoming_id=held.id)


def _reader_of(house: House) -> Any:
    """Somebody of the central unit who reads its letters and is no clerk."""
    return replace(house.ours["head"], unit_id=house.ours.central.id)


def test_what_could_not_be_read_is_registered_by_hand_with_the_original_as_evidence(either_house: House) -> None:
    house = either_house
    put(house, 1, nested(200))
    sort_mail(house.office)
    held, clerk = letter(house, "nested"), house.ours["central_clerk"]

    registering.register_mail(
        house.office, actor=clerk, incoming_id=held.id, named=MailLetter(subject="ขอข้อมูล", sender="นายสมชาย ใจดี")
    )
    _, raw = viewing.open_incoming_file(house.office, actor=clerk, incoming_id=held.id, sha256=held.raw_sha256)

    assert letter(house, "ขอข้อมูล").state is IncomingState.REGISTERED and raw == nested(200)


def _pictures_and_sheets(watched: House) -> list[Callable[[], object]]:
    """What else a person brings, each with a virus in it."""
    office, clerk, admin = watched.office, watched.ours["clerk"], watched.ours["admin"]
    certificate = watched.draft(replace(CONTENT, recipients=()).as_form(Form.CERTIFICATE))
    return [
        lambda: emblems.set_emblem(office, actor=admin, name="x.svg", data=EICAR),
        lambda: picturing.set_picture(office, actor=clerk, data=EICAR),
        lambda: photos.bring_photo(office, actor=clerk, letter_id=certificate, stream=BytesIO(EICAR)),
        lambda: importing.read_sheet(
            office, actor=clerk, kind=BookKind.RECEIVING, stream=BytesIO(EICAR), name="x.xlsx"
        ),
        lambda: word.word_text(office, EICAR),
    ]


def test_what_people_bring_is_scanned_too(house: House) -> None:
    with FakeClamd() as daemon:
        watched = guarded(house, daemon.where)
        letter_id = watched.draft()
        with pytest.raises(BadInput) as told:
            watched.attach(letter_id, data=EICAR)
        assert "ติดไวรัส (Eicar-Signature)" in told.value.fields["file"]
        assert watched.attach(letter_id, data=b"clean").size == 5
        assert daemon.asked == 2
        for bring in _pictures_and_sheets(watched):
            with pytest.raises(BadInput) as told:
                bring()
            assert "ติดไวรัส (Eicar-Signature)" in next(iter(told.value.fields.values()))
    with pytest.raises(BadInput) as told:
        watched.attach(letter_id, data=b"now")
    assert "ตัวตรวจไวรัสไม่ตอบ" in told.value.fields["file"]
