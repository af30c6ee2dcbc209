"""Our letters in the hands of another vendor's software, and what its receipts do to our dispatches."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from saraban.domain.dispatch import Dispatch, DispatchState
from tests.journeys.world import A, World
from tests.stranger.conversation import ELSEWHERE, post
from tests.stranger.reading import Read
from tests.stranger.seals import self_signed
from tests.stranger.stranger import Stranger
from tests.stranger.writing import moment

pytestmark = pytest.mark.only_database("sqlite")


def arrived(world: World, stranger: Stranger) -> tuple[Dispatch, Read]:
    """A letter of ours, with a file, in the stranger's hands."""
    dispatch = world.sent("peer", files={"กำหนดการ.txt": "กำหนดการประชุม".encode()})
    (letter,) = stranger.fetch()
    return dispatch, letter


def registered_as(number: str, minutes: int = 0) -> dict[str, Any]:
    """What a `registered` says beside its step."""
    at = moment(datetime.now(UTC) + timedelta(minutes=minutes))
    return {"at": at, "register": {"number": number, "year": 2569, "at": at}}


def test_our_letter_keeps_every_word_of_the_wire(world: World, stranger: Stranger) -> None:
    dispatch, letter = arrived(world, stranger)
    assert letter.kind == "letter" and letter.faults(stranger.roots, A) == []
    said = letter.manifest
    assert [(file["name"], file["role"]) for file in said["files"]][1:] == [("กำหนดการ.txt", "enclosure")]
    assert said["files"][0]["role"] == "letter" and letter.named[said["files"][0]["name"]].startswith(b"%PDF")
    assert said["to"] == {"code": "peer", "name": stranger.name, "mailbox": stranger.mailbox}
    assert (said["id"], said["letter"]) == (str(dispatch.id), str(dispatch.letter_id))
    assert said["number"].isascii() or not set("๐๑๒๓๔๕๖๗๘๙") & set(said["number"])
    assert None not in said.values()
    assert letter.mail["Disposition-Notification-To"] == A and letter.mail["Auto-Submitted"] is None
    assert letter.mail["Return-Path"] == f"<{A}>"


def test_the_strangers_receipts_move_our_dispatch_by_their_rank(world: World, stranger: Stranger) -> None:
    dispatch, letter = arrived(world, stranger)
    later = moment(datetime.now(UTC) + timedelta(minutes=1))
    refused = {"reason": {"code": "not-addressee", "text": "ไม่ใช่ภารกิจ"}}
    course: list[tuple[str, dict[str, Any], DispatchState]] = [
        ("received", {}, DispatchState.RECEIVED),
        ("refused", refused, DispatchState.REFUSED),
        ("received", {"at": later}, DispatchState.REFUSED),
        ("registered", registered_as("55", 1), DispatchState.REGISTERED),
        ("refused", refused | {"at": later}, DispatchState.REGISTERED),
        ("registered", registered_as("54"), DispatchState.REGISTERED),
        ("completed", {}, DispatchState.COMPLETED),
        ("forwarded", {"forwarded_to": {"code": "b", "name": "กรมทดสอบปลายทาง"}}, DispatchState.COMPLETED),
    ]
    for step, more, state in course:
        assert post(world, stranger, stranger.receipt(letter, step, **more)) == [], "a receipt is never answered"
        assert world.dispatch(dispatch).state is state, step
    now = world.dispatch(dispatch)
    assert (now.register_number, now.register_year) == ("55", 2569)
    assert "ลงรับเลขที่ ๕๔" in [proof.text for proof in world.evidence(dispatch)], "who entered it may be left out"
    assert now.problem, "two receiving numbers contradict each other, and a clerk must see it"
    proofs = [proof for proof in world.evidence(dispatch) if proof.kind.value == "receipt"]
    assert len(proofs) == len(course)
    for proof in proofs:
        verdict = proof.verdict or {}
        assert [verdict[part] for part in ("intact", "valid", "trusted", "in_time")] == [True] * 4


def test_what_the_stranger_cannot_prove_is_shown_and_moves_nothing(
    world: World, stranger: Stranger, tmp_path: Path
) -> None:
    dispatch, letter = arrived(world, stranger)
    world.settle()
    before = world.dispatch(dispatch).state
    number, late = registered_as("55"), {"reason": {"code": "expired", "text": "ไม่มีหลักฐาน"}}
    liar = self_signed(stranger.mailbox, tmp_path)
    lies = {
        "a seal of other bytes": stranger.receipt(letter, "registered", seal=stranger.key.sign(b"other"), **number),
        "no seal": stranger.receipt(letter, "registered", seal=b"", **number),
        "a seal that is none": stranger.receipt(letter, "registered", seal=b"zz", **number),
        "a key that anybody made": stranger.receipt(letter, "registered", key=liar, **number),
        "another manifest": stranger.receipt(letter, "registered", manifest_sha256="0" * 64, **number),
        "in another's name": stranger.receipt(letter, "registered", **{"from": _party(ELSEWHERE)}, **number),
        "our own gateway's word": stranger.receipt(letter, "undelivered", **late),
    }
    assert post(world, stranger, *lies.values()) == []
    assert world.dispatch(dispatch).state is before
    shown = [proof for proof in world.evidence(dispatch) if proof.kind.value == "receipt"]
    assert len(shown) == len(lies)
    assert all(not proof.counts and proof.raw is not None for proof in shown)
    assert all(proof.text and "ยังไม่ได้ตรวจ" not in proof.text for proof in shown), "each says why it does not count"


def test_a_damaged_copy_is_sent_again_twice_with_the_same_bytes_and_no_more(world: World, stranger: Stranger) -> None:
    dispatch, letter = arrived(world, stranger)
    damaged = {"reason": {"code": "file-damaged", "text": "กำหนดการ.txt"}}
    strange = stranger.receipt(letter, "invalid", manifest_sha256="1" * 64, **damaged)
    (again,) = post(world, stranger, strange)
    assert world.dispatch(dispatch).state is not DispatchState.INVALID
    (more,) = post(world, stranger, stranger.receipt(letter, "invalid", **damaged))
    assert post(world, stranger, stranger.receipt(letter, "invalid", **damaged)) == []
    for copy in (again, more):
        assert copy.raw.split(b"\r\nFrom: ", 1)[1] == letter.raw.split(b"\r\nFrom: ", 1)[1]
    assert world.dispatch(dispatch).state is DispatchState.INVALID
    later = moment(datetime.now(UTC) + timedelta(minutes=1))
    post(world, stranger, stranger.receipt(letter, "received", at=later))
    assert world.dispatch(dispatch).state is DispatchState.RECEIVED


def _party(named: dict[str, str]) -> dict[str, str]:
    return {"code": named["code"], "mailbox": named["mailbox"]}
