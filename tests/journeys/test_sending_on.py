"""A letter that is for another agency goes on to it, and whoever gets it can check the first sender; the sender hears
to whom. And the matter of a letter is closed."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from saraban.domain.agency import Correspondent
from saraban.domain.dispatch import Dispatch, DispatchState
from saraban.domain.errors import BadInput, StageNotAllowed
from saraban.domain.incoming import IncomingLetter, IncomingState
from saraban.domain.register import BookKind
from saraban.usecases.forwarding import forward_letter
from saraban.usecases.registering import complete_letter, refuse_letter, register_letter
from tests.journeys.post_office import letters, receipts
from tests.journeys.world import PEER, A, World
from tests.stranger.reading import read


def goes_on(
    world: World, letter: IncomingLetter, to: str = "peer", reason: str = "เป็นอำนาจหน้าที่ของหน่วยงานนั้น"
) -> Dispatch:
    """The receiver's clerk sends it on."""
    return forward_letter(
        world.services, actor=world.actor(world.b, "clerk"), incoming_id=letter.id, to=to, reason=reason
    )


def came(world: World, **content: Any) -> tuple[Dispatch, IncomingLetter]:
    """A letter of `a` that waits at `b`, where it does not belong."""
    dispatch = world.sent(**content)
    world.settle()
    (letter,) = world.incoming(world.b, IncomingState.NEW)
    return dispatch, letter


def test_the_files_go_on_as_they_came_with_the_first_senders_seal(world: World, tmp_path: Path) -> None:
    first, letter = came(world, files={"แผนงาน.txt": "เนื้อหา".encode()})
    original = read(world.services.blobs.open(letter.raw_sha256))
    ours = goes_on(world, letter)
    world.settle()

    (raw,) = world.post.lying(PEER, letters)
    sent_on = read(raw)
    for name in ("หนังสือ.pdf", "แผนงาน.txt"):
        assert sent_on.named[name] == original.named[name]
    assert sent_on.named["original-manifest.json"] == original.named["manifest.json"]
    assert sent_on.named["original-manifest.json.p7s"] == original.named["manifest.json.p7s"]
    manifest = sent_on.manifest
    assert (manifest["id"], manifest["from"]["code"], manifest["to"]["code"]) == (str(ours.id), "b", "peer")
    assert manifest["references"][0]["dispatch"] == str(first.id)
    assert (manifest["number"], manifest["subject"]) == (letter.number, letter.subject)
    _openssl_agrees(world, tmp_path, sent_on.named, "original-manifest.json")
    _openssl_agrees(world, tmp_path, sent_on.named, "manifest.json")


def test_the_sender_hears_to_whom_and_the_letter_is_never_registered(world: World, tmp_path: Path) -> None:
    first, letter = came(world)
    goes_on(world, letter)
    world.send_out()
    (notice,) = world.post.lying(A, receipts)
    told = read(notice)
    assert told.statement["forwarded_to"] == {"code": "peer", "name": "กรมคู่ทดสอบ"}
    assert told.statement["step"] == "forwarded"
    _openssl_agrees(world, tmp_path, told.named, "statement.json")
    world.settle()

    after = world.dispatch(first)
    assert after.state is DispatchState.FORWARDED
    (shown,) = [e for e in world.evidence(first) if e.step == "forwarded"]
    assert shown.text == "ส่งต่อถึง กรมคู่ทดสอบ" and shown.counts
    (letter,) = world.incoming(world.b)
    assert (letter.state, letter.forward_code) == (IncomingState.FORWARDED, "peer")
    clerk = world.actor(world.b, "clerk")
    for deed in (
        lambda: register_letter(world.services, actor=clerk, incoming_id=letter.id),
        lambda: refuse_letter(world.services, actor=clerk, incoming_id=letter.id, code="not-addressee"),
        lambda: goes_on(world, letter),
    ):
        with pytest.raises(StageNotAllowed):
            deed()
    assert world.book(world.b, BookKind.RECEIVING) == []


def test_the_next_agency_sees_the_verdict_on_the_first_sender_and_registers_it_under_both_names(world: World) -> None:
    """`peer` writes to `a`, `a` sends it on to `b`."""
    manifest = world.peer.manifest(world.a.party)
    world.post.put(A, world.peer.letter(manifest))
    world.collect(world.a)
    (letter,) = world.incoming(world.a, IncomingState.NEW)
    forward_letter(world.services, actor=world.actor(world.a, "clerk"), incoming_id=letter.id, to="b")
    world.settle()

    (arrived,) = world.incoming(world.b)
    (before,) = arrived.details["sent_before"]
    assert (arrived.state, arrived.from_code) == (IncomingState.NEW, "a")
    assert (before["code"], before["number"], before["dispatch"]) == ("peer", "ทส 0901/77", str(manifest.id))
    assert before["good"] and before["seal"]["intact"] is before["seal"]["trusted"] is True
    register_letter(world.services, actor=world.actor(world.b, "clerk"), incoming_id=arrived.id)
    world.settle()
    (line,) = world.book(world.b, BookKind.RECEIVING)
    assert line.sender == "กรมคู่ทดสอบ (ส่งต่อโดย กรมทดสอบต้นทาง)"


def test_evidence_of_a_sender_that_does_not_hold_is_told_so(world: World) -> None:
    """`a` attaches the manifest of `peer` to other files: its seal is true, the files are not those."""
    manifest = world.peer.manifest(world.a.party)
    genuine = read(world.peer.letter(manifest))
    world.sent(
        files={
            "original-manifest.json": genuine.named["manifest.json"],
            "original-manifest.json.p7s": genuine.named["manifest.json.p7s"],
        }
    )
    world.settle()
    (arrived,) = world.incoming(world.b)
    (before,) = arrived.details["sent_before"]
    assert not before["good"]
    assert (before["seal"]["intact"], before["seal"]["valid"]) == (False, True)


def test_a_letter_that_goes_on_twice_carries_both_seals(world: World) -> None:
    world.know(*world.correspondents, Correspondent("c", "กรมที่สาม", PEER, capabilities={"saraban": 1}))
    manifest = world.peer.manifest(world.a.party)
    world.post.put(A, world.peer.letter(manifest))
    world.collect(world.a)
    (letter,) = world.incoming(world.a, IncomingState.NEW)
    forward_letter(world.services, actor=world.actor(world.a, "clerk"), incoming_id=letter.id, to="b")
    world.settle()
    (arrived,) = world.incoming(world.b)
    goes_on(world, arrived, to="c")
    world.settle()
    named = read(next(raw for raw in world.post.lying(PEER, letters))).named
    assert {"original-manifest.json", "original-2-manifest.json", "original-2-manifest.json.p7s"} <= set(named)


@pytest.mark.parametrize(("to", "why"), [("", "เลือกหน่วยงาน"), ("zz", "ไม่พบ"), ("b", "อยู่ที่หน่วยงานนี้แล้ว"), ("a", "คือผู้ส่ง")])
def test_to_whom_it_cannot_go_on_is_told_by_field(world: World, to: str, why: str) -> None:
    _, letter = came(world)
    with pytest.raises(BadInput) as refused:
        goes_on(world, letter, to=to)
    assert why in refused.value.fields["to"]
    assert world.incoming(world.b, IncomingState.NEW)


@pytest.mark.parametrize("tells", [True, False])
def test_a_closed_matter_is_told_where_the_agency_wants_so(world: World, tells: bool) -> None:
    with world.services.uow() as uow:
        agency = uow.agencies.get(world.b.id)
        agency.options = replace(agency.options, tell_completed=tells)
        uow.agencies.save(agency)
        uow.commit()
    dispatch, letter = came(world)
    clerk = world.actor(world.b, "clerk")
    with pytest.raises(StageNotAllowed, match="ลงรับแล้ว"):
        complete_letter(world.services, actor=clerk, incoming_id=letter.id)
    register_letter(world.services, actor=clerk, incoming_id=letter.id)

    assert complete_letter(world.services, actor=clerk, incoming_id=letter.id) is tells
    world.settle()

    after = world.dispatch(dispatch)
    assert after.state is (DispatchState.COMPLETED if tells else DispatchState.REGISTERED)
    assert after.register_number == "1"
    with pytest.raises(StageNotAllowed, match="ปิดเรื่องแล้ว"):
        complete_letter(world.services, actor=clerk, incoming_id=letter.id)


def _openssl_agrees(world: World, folder: Path, named: dict[str, bytes], name: str) -> None:
    """What docs/wire.md promises of every sealed part."""
    content, signature = folder / "content", folder / "content.p7s"
    content.write_bytes(named[name])
    signature.write_bytes(named[f"{name}.p7s"])
    roots = world.office.settings.roots_file
    command = [
        "openssl",
        "cms",
        "-verify",
        "-binary",
        "-inform",
        "DER",
        "-in",
        str(signature),
        "-content",
        str(content),
    ]
    done = subprocess.run(
        [*command, "-CAfile", str(roots), "-purpose", "smimesign", "-out", "/dev/null", "-no_check_time"],
        capture_output=True,
        timeout=30,
        check=False,
    )
    assert done.returncode == 0, done.stderr
