"""Several officers sign one page: one number, one page, a signature in it from each, and the agency's seal last."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import traceback
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any
from uuid import uuid4

import pikepdf
import pytest

from saraban.bootstrap import build
from saraban.crypto import demo_pki, keys
from saraban.domain.actor import Actor
from saraban.domain.agency import Position, PositionId, PositionRole
from saraban.domain.attachment import Digest, Role
from saraban.domain.capacity import Capacity
from saraban.domain.dispatch import DispatchId
from saraban.domain.errors import (
    BadInput,
    ConcurrentEdit,
    NotFound,
    NotPermitted,
    RuleBroken,
    WrongPassphrase,
)
from saraban.domain.letter import LetterId, LetterState
from saraban.domain.page_signature import Standing
from saraban.domain.register import BookKind, EntryState
from saraban.domain.route import StepKind
from saraban.reading.delegations import posts_to_ask
from saraban.storage.tables.exchange import outbox
from saraban.storage.tables.registers import entries
from saraban.usecases import dispatching, drafting, expiring, picturing, routing, viewing
from saraban.usecases.books import OnceKey
from saraban.usecases.delegating import Order, enter_delegation
from saraban.usecases.ports import Services
from saraban.usecases.signing import Signed, sign_letter
from tests.builders import MINUTES, NOW, TODAY, a_book
from tests.crypto.signing_others import a_list
from tests.crypto.test_timestamps import long_lived_root
from tests.fakes import FixedClock
from tests.rendering.a_page import assert_is_pdfa_3a
from tests.rendering.signatures_drawn import drawn
from tests.torture.nursery import mortal
from tests.usecases.conftest import Pki
from tests.usecases.house import PASSPHRASE, House
from tests.usecases.test_proving_pages import authority, seal_wanted, with_authority  # noqa: F401 - a fixture

S = LetterState


@pytest.fixture
def director(house: House, pki: Pki) -> Actor:
    """Our director, who has a key, too."""
    return _with_key(house, pki)


def _with_key(house: House, pki: Pki) -> Actor:
    who = house.ours["director"]
    assert who.person_id is not None
    since, until = NOW - timedelta(days=1), NOW + timedelta(days=9)
    officer = demo_pki.issue_officer(pki.root, who.name, who.title, "สำนักงาน onep", since, until)
    keys.store_officer(house.keys_folder, who.person_id, officer, PASSPHRASE, kdf_rounds=1)
    return who


def before_the_cosigner(house: House, **changes: Any) -> LetterId:
    """A letter that our director signs and then the head."""
    position = house.ours["director"].position_id
    assert position is not None
    letter_id = house.draft(cosigners=(position,), **changes)
    routing.submit_letter(house.office, actor=house.ours["clerk"], letter_id=letter_id)
    return letter_id


def sign(house: House, who: str, letter_id: LetterId, **more: Any) -> Signed:
    """Sign what is there; who follows has seen it."""
    part = house.letter(letter_id).part_signed
    values = {"passphrase": PASSPHRASE, "seen": part.page if part else None} | more
    return sign_letter(house.office, actor=house.ours[who], letter_id=letter_id, **values)


def lines(house: House) -> list[tuple[int, EntryState]]:
    return sorted((row.serial, row.state) for row in house.rows(entries))


def signers(house: House, page: Digest) -> list[str]:
    """Who signed a page, in their order; every signature must hold."""
    found = house.office.page_checker.check(house.office.blobs.open(page), NOW)
    assert not found.problem and all(one.holds for one in found.signatures), found
    return [one.signer for one in found.signatures]


def test_two_officers_and_the_seal_stand_in_one_page_under_one_number(house: House, director: Actor) -> None:
    seal_wanted(house)
    letter_id = before_the_cosigner(house)
    first = sign(house, "director", letter_id)
    letter = house.letter(letter_id)
    assert (letter.state, letter.number, first.waits_for) == (S.PART_SIGNED, "ทส 1002/1", house.ours["head"].title)
    assert lines(house) == [(1, EntryState.RESERVED)]
    assert signers(house, first.page) == [director.name]

    last = sign(house, "head", letter_id)
    letter = house.letter(letter_id)
    assert (letter.state, last.number, last.date, last.waits_for) == (S.ISSUED, first.number, first.date, "")
    assert lines(house) == [(1, EntryState.USED)]
    assert signers(house, last.page) == [director.name, house.ours["head"].name, "สำนักงาน onep"]
    assert house.office.blobs.open(last.page).startswith(house.office.blobs.open(first.page)), "the same bytes, signed"
    assert [f.role for f in letter.files] == [Role.LETTER]
    assert "letter.part-signed" in house.journal()


@pytest.mark.usefixtures("director")
def test_other_programs_find_all_signatures_good(house: House, tmp_path: Path) -> None:
    seal_wanted(house)
    letter_id = before_the_cosigner(house)
    sign(house, "director", letter_id)
    page = house.office.blobs.open(sign(house, "head", letter_id).page)
    (tmp_path / "page.pdf").write_bytes(page)
    told = subprocess.run(
        ["pdfsig", "-nocert", tmp_path / "page.pdf"], capture_output=True, text=True, check=False, timeout=60
    )
    assert told.stdout.count("Signature is Valid.") == 3, told.stdout
    (tmp_path / "roots.pem").write_bytes((house.real.settings.data_folder / "roots.pem").read_bytes())
    with pikepdf.open(io.BytesIO(page)) as document:
        fields = list(document.Root.AcroForm.Fields)
        assert len(fields) == 3
        for number, field in enumerate(fields):
            begin, size, again, rest = (int(one) for one in field.V.ByteRange)
            (tmp_path / f"{number}.der").write_bytes(bytes(field.V.Contents))
            (tmp_path / f"{number}.bin").write_bytes(page[begin : begin + size] + page[again : again + rest])
    for number in range(3):
        checked = subprocess.run(
            ["openssl", "cms", "-verify", "-binary", "-inform", "DER", "-in", tmp_path / f"{number}.der",
             "-content", tmp_path / f"{number}.bin", "-CAfile", tmp_path / "roots.pem", "-purpose", "any",
             "-no_check_time", "-out", "/dev/null"],
            capture_output=True, text=True, check=False, timeout=60,
        )  # fmt: skip
        assert checked.returncode == 0, checked.stderr


@pytest.mark.usefixtures("director")
def test_each_signature_stands_above_its_own_name(house: House) -> None:
    letter_id = before_the_cosigner(house)
    sign(house, "director", letter_id)
    page = house.office.blobs.open(sign(house, "head", letter_id).page)
    with pikepdf.open(io.BytesIO(page)) as document:
        boxes = [[float(edge) for edge in note.Rect] for note in document.pages[-1].Annots]
    (left, right) = boxes
    assert left[2] <= right[0] and left[1] == right[1], "side by side on one line"


@pytest.mark.usefixtures("director")
def test_the_route_has_the_cosigner_sign_instead_of_endorsing(house: House) -> None:
    letter = house.letter(before_the_cosigner(house))

    assert [(step.ordinal, step.kind) for step in letter.route] == [(1, StepKind.SIGN), (2, StepKind.SIGN)]
    assert [step.position_id for step in letter.route] == [
        house.ours["director"].position_id,
        house.ours["head"].position_id,
    ]


@pytest.mark.usefixtures("director")
def test_nobody_signs_out_of_his_turn_or_what_he_has_not_seen(house: House) -> None:
    letter_id = before_the_cosigner(house)
    with pytest.raises(NotPermitted):
        sign(house, "head", letter_id)
    sign(house, "director", letter_id)
    with pytest.raises(NotPermitted):
        sign(house, "director", letter_id)
    with pytest.raises(BadInput):
        sign(house, "head", letter_id, seen=None)
    with pytest.raises(RuleBroken) as refused:
        sign(house, "head", letter_id, seen=Digest.of(b"another"))
    with pytest.raises(WrongPassphrase):
        sign(house, "head", letter_id, passphrase="ผิด")

    assert refused.value.code == "another-page"
    assert house.letter(letter_id).state is S.PART_SIGNED


@pytest.mark.usefixtures("director")
def test_a_page_that_was_spoiled_in_the_store_is_not_signed_further(house: House) -> None:
    letter_id = before_the_cosigner(house)
    page = sign(house, "director", letter_id).page
    [path] = [
        p for p in house.real.settings.data_folder.rglob("*") if p.is_file() and page.hex in str(p).replace("/", "")
    ]
    path.chmod(0o600)
    path.write_bytes(path.read_bytes() + b" ")
    with pytest.raises(NotFound):
        sign(house, "head", letter_id)

    assert house.letter(letter_id).state is S.PART_SIGNED and lines(house) == [(1, EntryState.RESERVED)]


@pytest.mark.usefixtures("director")
def test_the_next_signs_on_another_day_and_the_date_stays_that_of_the_number(house: House) -> None:
    letter_id = before_the_cosigner(house)
    first = sign(house, "director", letter_id)
    house.clock.pass_by(timedelta(days=2))
    assert expiring.void_stale_numbers(house.office) == 0
    last = sign(house, "head", letter_id)

    assert (last.number, last.date) == (first.number, first.date)
    assert lines(house) == [(1, EntryState.USED)]


def _returned(house: House, letter_id: LetterId) -> None:
    routing.return_letter(house.office, actor=house.ours["head"], letter_id=letter_id, reason="ตัวเลขผิด")


def _recalled(house: House, letter_id: LetterId) -> None:
    routing.recall_letter(house.office, actor=house.ours["clerk"], letter_id=letter_id, reason="ตัวเลขผิด")


@pytest.mark.usefixtures("director")
@pytest.mark.parametrize("come_back", [_returned, _recalled])
def test_a_letter_that_comes_back_is_signed_anew_under_a_new_number(
    house: House, come_back: Callable[[House, LetterId], None]
) -> None:
    letter_id = before_the_cosigner(house)
    first = sign(house, "director", letter_id)
    come_back(house, letter_id)
    letter = house.letter(letter_id)
    [line] = house.rows(entries)
    assert (letter.state, letter.number, line.state) == (S.RETURNED, None, EntryState.VOID)
    assert "ตัวเลขผิด" in line.void_reason and line.void_authority
    kept, data = viewing.open_file(house.office, actor=house.ours["clerk"], letter_id=letter_id, sha256=first.page)
    assert kept.role is Role.PART_SIGNED and data == house.office.blobs.open(first.page)

    content = replace(letter.content, subject="เรื่องที่แก้แล้ว")
    drafting.revise_letter(house.office, actor=house.ours["clerk"], letter_id=letter_id, content=content)
    routing.submit_letter(house.office, actor=house.ours["clerk"], letter_id=letter_id)
    sign(house, "director", letter_id)
    last = sign(house, "head", letter_id)

    assert last.number == "ทส 1002/2" and lines(house) == [(1, EntryState.VOID), (2, EntryState.USED)]
    assert [f.sha256 for f in house.letter(letter_id).files] == [last.page, first.page]


@pytest.mark.usefixtures("director")
def test_what_was_signed_in_vain_is_not_sent_to_receivers(house: House) -> None:
    letter_id = before_the_cosigner(house)
    sign(house, "director", letter_id)
    _returned(house, letter_id)
    routing.submit_letter(house.office, actor=house.ours["clerk"], letter_id=letter_id)
    sign(house, "director", letter_id)
    last = sign(house, "head", letter_id)
    [made] = dispatching.dispatch_letter(house.office, actor=house.ours["clerk"], letter_id=letter_id)
    dispatching.compose_next(house.office)
    manifest = viewing.open_sent_manifest(house.office, actor=house.ours["clerk"], dispatch_id=DispatchId(made.id))

    assert manifest.count(b'"sha256"') == 1 and last.page.hex.encode() in manifest
    assert len(house.rows(outbox)) == 1


@pytest.mark.usefixtures("director")
def test_only_the_owners_clerk_recalls(house: House) -> None:
    letter_id = before_the_cosigner(house)
    sign(house, "director", letter_id)
    with pytest.raises(NotPermitted):
        routing.recall_letter(house.office, actor=house.ours["head"], letter_id=letter_id, reason="x")
    with pytest.raises(NotFound):
        routing.recall_letter(house.office, actor=house.theirs["clerk"], letter_id=letter_id, reason="x")
    with pytest.raises(ConcurrentEdit):
        routing.recall_letter(house.office, actor=house.ours["clerk"], letter_id=letter_id, reason="x", version=1)


@pytest.mark.usefixtures("director")
def test_a_new_holder_of_the_post_does_not_sign_above_the_old_ones_name(house: House) -> None:
    letter_id = before_the_cosigner(house)
    sign(house, "director", letter_id)
    other = replace(house.ours["head"], name="นายใหม่ มาแทน")
    part = house.letter(letter_id).part_signed
    with pytest.raises(RuleBroken) as refused:
        sign_letter(house.office, actor=other, letter_id=letter_id, passphrase=PASSPHRASE, seen=part and part.page)

    assert refused.value.code == "printed-for-another"


@pytest.mark.usefixtures("director")
def test_a_vacant_post_is_told_before_a_number_is_taken(house: House) -> None:
    letter_id = before_the_cosigner(house)
    house.clock.pass_by(timedelta(days=-400))  # before anybody held the head's post
    with pytest.raises(RuleBroken) as refused:
        sign(house, "director", letter_id)

    assert refused.value.code == "vacant-step" and house.rows(entries) == []


def test_who_acts_in_a_vacant_post_cosigns_in_it(house: House, director: Actor) -> None:
    vacant = Position(PositionId(uuid4()), house.ours.agency.id, house.ours.legal.id, "รองอธิบดี", PositionRole.DIRECTOR)
    with house.office.uow() as uow:
        uow.agencies.add_position(vacant)
        uow.commit()
    with pytest.raises(BadInput) as nobody:
        house.draft(cosigners=(vacant.id,))
    assert "ผู้ทำหน้าที่แทน" in nobody.value.fields["cosigners"]
    order = Order(vacant.id, Capacity.IN_POST, TODAY, None, "คำสั่งกรม ที่ 12/2569", TODAY, director.person_id)
    entered = enter_delegation(house.office, actor=house.ours["admin"], order=order)
    letter_id = house.draft(cosigners=(vacant.id,))
    routing.submit_letter(house.office, actor=house.ours["clerk"], letter_id=letter_id)
    routing.endorse_letter(house.office, actor=director, letter_id=letter_id)
    with house.office.uow() as uow:
        assert director.person_id is not None
        deputy = uow.people.actor(director.person_id, TODAY, str(entered.id))
    assert deputy is not None
    first = sign_letter(house.office, actor=deputy, letter_id=letter_id, passphrase=PASSPHRASE)

    assert house.letter(letter_id).state is S.PART_SIGNED
    assert signers(house, first.page) == [director.name]
    with house.real.reading.connect() as reader:
        (shown,) = [one for one in posts_to_ask(reader, house.ours.agency.id, TODAY) if one.position_id == vacant.id]
    assert (shown.title, shown.person, shown.person_id) == (
        "รองอธิบดี", f"{director.name} รักษาการในตำแหน่ง", director.person_id,
    )  # fmt: skip


def test_a_cosigner_must_hold_a_post_of_the_agency_and_not_be_the_signatory(house: House) -> None:
    strange = house.theirs["director"].position_id
    head = house.ours["head"].position_id
    assert strange is not None and head is not None
    with pytest.raises(BadInput) as unknown:
        house.draft(cosigners=(strange,))
    letter_id = house.draft(cosigners=(head,))
    with pytest.raises(BadInput) as twice:
        routing.submit_letter(house.office, actor=house.ours["clerk"], letter_id=letter_id)

    assert set(unknown.value.fields) == set(twice.value.fields) == {"cosigners"}


def test_the_recorder_signs_minutes_in_his_place_and_the_checker_in_his(house: House, pki: Pki) -> None:
    """The minutes go the way of the unit, whose director signs: he has checked them."""
    _with_key(house, pki)
    clerk = house.ours["clerk"]
    assert clerk.person_id is not None and clerk.position_id is not None
    since, until = NOW - timedelta(days=1), NOW + timedelta(days=9)
    officer = demo_pki.issue_officer(pki.root, clerk.name, clerk.title, "สำนักงาน onep", since, until)
    keys.store_officer(house.keys_folder, clerk.person_id, officer, PASSPHRASE, kdf_rounds=1)
    with house.office.uow() as uow:
        uow.registers.open(a_book(clerk.agency_id, BookKind.MINUTES))
        uow.commit()
    details = {key: text for key, text in MINUTES.details.items() if key != "recorder"}
    letter_id = drafting.start_letter(
        house.office, actor=clerk, content=replace(MINUTES, details=details, cosigners=(clerk.position_id,))
    )
    routing.submit_letter(house.office, actor=clerk, letter_id=letter_id)
    sign(house, "clerk", letter_id)
    last = sign(house, "director", letter_id)

    assert signers(house, last.page) == [clerk.name, house.ours["director"].name]
    with pikepdf.open(io.BytesIO(house.office.blobs.open(last.page))) as document:
        recorder, checker = ([float(edge) for edge in note.Rect] for note in document.pages[-1].Annots)
    assert recorder[2] < checker[0] and recorder[1] == checker[1]


def test_minutes_name_the_recorder_who_signs(house: House) -> None:
    position = house.ours["clerk"].position_id
    assert position is not None
    with pytest.raises(BadInput) as refused:
        drafting.start_letter(house.office, actor=house.ours["clerk"], content=replace(MINUTES, cosigners=(position,)))

    assert set(refused.value.fields) == {"details.recorder"}


def test_what_proves_both_signatures_comes_with_the_last(
    house: House,
    pki: Pki,
    authority: str,  # noqa: F811 - the fixture
) -> None:
    house = with_authority(house, authority)
    _with_key(house, pki)
    folder = house.real.settings.data_folder / "crls"
    folder.mkdir()
    (folder / "signers.crl").write_bytes(a_list(pki.root, at=NOW))
    (folder / "authority.crl").write_bytes(a_list(long_lived_root(), at=NOW))
    letter_id = before_the_cosigner(house)
    sign(house, "director", letter_id)
    last = sign(house, "head", letter_id)

    found = house.office.page_checker.check(house.office.blobs.open(last.page), NOW).signatures
    assert [(one.stamped_at, one.standing) for one in found] == [(NOW, Standing.GOOD)] * 2, found
    assert [told["values"]["level"] for told in house.told("letter.page-proven")] == ["B-T", "B-LT"]


def test_a_page_with_pictures_of_signatures_is_still_an_archive_file(house: House, director: Actor) -> None:
    """Of two signatures the first cannot cover what the second adds; the validator (0.11) asks it of both."""
    picturing.set_picture(house.office, actor=director, data=drawn())
    letter_id = before_the_cosigner(house)
    assert_is_pdfa_3a(house.office.blobs.open(sign(house, "director", letter_id).page))


# --- crashes ----------------------------------------------------------------------------------------------------------


EVERY = 13, 3
"""Of the moments before and after each statement, before each COMMIT and after it, a process dies at every thirteenth,
begun with another one each time, and in the long fight at every third."""


def dies(house: House, moment: int, deed: Callable[[Services], object]) -> bool:
    """Do a deed in a process of its own that kills itself at that moment of its transactions. True when it died before
    the deed was done."""
    settings, now = house.real.settings, house.clock.now()
    child = os.fork()
    if child == 0:
        try:
            office, _ = mortal(build(settings, clock=FixedClock(now)), moment)
            own = replace(office.services, uow=office.services.once(OnceKey("test", str(uuid4()), "")))
            deed(replace(own, renderer=house.office.renderer))
        except BaseException:
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    ended = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert ended in (0, -signal.SIGKILL), f"ended with {ended}, to be killed at moment {moment}"
    return ended != 0


@pytest.mark.parametrize("who", ["director", "head"])
def test_signing_that_is_killed_at_any_moment_is_done_again_without_a_trace(
    either_house: House, pki: Pki, who: str, rounds: Callable[[int, int], int]
) -> None:
    house = either_house
    _with_key(house, pki)
    letter_id = before_the_cosigner(house)
    if who == "head":
        sign(house, "director", letter_id)
    before = house.letter(letter_id)
    seen = before.part_signed.page if before.part_signed else None
    deaths = 0
    step = rounds(*EVERY)
    first = Random(uuid4().int).randint(1, step)
    told = f"killed at the moments {first}, {first + step}, …"
    for moment in range(first, 500, step):
        if not dies(
            house,
            moment,
            lambda office: sign_letter(
                office, actor=house.ours[who], letter_id=letter_id, passphrase=PASSPHRASE, seen=seen
            ),
        ):
            break
        deaths += 1
        house.clock.pass_by(timedelta(minutes=11))
        expiring.end_stuck_signings(house.office)
        expiring.void_stale_numbers(house.office)
        now = house.letter(letter_id)
        if now.part_signed != before.part_signed or now.state is S.ISSUED:
            break  # it was killed after its last COMMIT
        assert now.state in ({S.PART_SIGNED} if seen else {S.SUBMITTED, S.ENDORSED}), f"{told}, now {moment}"
        assert len(lines(house)) <= 1, f"one number, however often it was tried: {told}, now {moment}"

    told += f", the last {moment}"
    assert deaths > 80 // step, told
    letter = house.letter(letter_id)
    assert letter.state is (S.PART_SIGNED if who == "director" else S.ISSUED), told
    assert letter.page_file is not None, told
    names = [house.ours[name].name for name in ("director", "head")]
    assert signers(house, letter.page_file.sha256) == (names if who == "head" else names[:1]), told
    assert lines(house) == [(1, EntryState.RESERVED if who == "director" else EntryState.USED)], told


def test_coming_back_that_is_killed_at_any_moment_is_all_or_nothing(either_house: House, pki: Pki) -> None:
    house = either_house
    _with_key(house, pki)
    letter_id = before_the_cosigner(house)
    sign(house, "director", letter_id)

    def give_back(office: Services) -> None:
        routing.return_letter(office, actor=house.ours["head"], letter_id=letter_id, reason="ตัวเลขผิด")

    states = []
    for moment in range(1, 200, EVERY[1]):
        died = dies(house, moment, give_back)
        states.append((house.letter(letter_id).state, lines(house)))
        if not died or states[-1][0] is S.RETURNED:
            break
    assert len(states) > 3
    assert states[:-1] == [(S.PART_SIGNED, [(1, EntryState.RESERVED)])] * (len(states) - 1)
    assert states[-1] == (S.RETURNED, [(1, EntryState.VOID)])
