"""Software that others wrote long before: gateways that spoil what they forward, and one that reads our MDN."""

from __future__ import annotations

import base64
import hashlib
import json
import subprocess
import sys
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from saraban.crypto import demo_pki, keys
from saraban.domain.dispatch import DispatchState
from saraban.domain.incoming import IncomingState
from saraban.usecases.registering import register_letter
from tests.journeys import keyring
from tests.journeys.post_office import letters, receipts
from tests.journeys.world import MASTER_KEY, NAMES, A, B, World
from tests.stranger.conversation import post, us
from tests.stranger.reading import read
from tests.stranger.seals import verifies_detached, verifies_outside
from tests.stranger.stranger import Stranger

pytestmark = pytest.mark.only_database("sqlite")

ROOT = Path(__file__).resolve().parents[2]
# A text of one line: whoever takes a file for text may change the ends of its lines, and that is damage.
FILES = {"แผนงาน ปี ๒๕๗๐.txt": "ก =3D ".encode() * 1_000, "ภาพ.bin": bytes(range(256)) * 8 + b"\r\n.\r\n \n"}


def through_the_gateway(raw: bytes, what: str) -> bytes:
    """The message as the gateway leaves it."""
    script = str(Path(__file__).with_name("gateway.pl"))
    told = ["perl", script, what]
    done = subprocess.run(told, input=raw.replace(b"\r\n", b"\n"), capture_output=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout.replace(b"\n", b"\r\n")


@pytest.mark.parametrize("what", ["anew", "quoted-printable", "footer", "part"])
def test_letters_and_receipts_survive_what_a_gateway_does_to_them(world: World, stranger: Stranger, what: str) -> None:
    if subprocess.run(["perl", "-MMIME::Parser", "-e1"], capture_output=True).returncode:
        pytest.skip("there is no MIME::tools for Perl: apt-get install libmime-tools-perl")
    gateway = partial(through_the_gateway, what=what)
    dispatch = world.sent(files=FILES)
    (before,) = world.post.lying(B, letters)
    world.post.change(B, gateway)
    (after,) = world.post.lying(B, letters)
    assert after != before
    found = read(after)
    assert verifies_outside(before, stranger.roots)
    assert verifies_detached(found.named["manifest.json"], found.named["manifest.json.p7s"], stranger.roots)

    world.collect(world.b)
    (letter,) = world.incoming(world.b)
    assert letter.state is IncomingState.NEW, letter.findings
    assert {file.name: file.size for file in letter.files}.items() >= {
        n: len(data) for n, data in FILES.items()
    }.items()
    register_letter(world.services, actor=world.actor(world.b, "clerk"), incoming_id=letter.id)
    world.send_out()
    assert len(world.post.lying(A, receipts)) == 2
    for receipt in world.post.lying(A, receipts):
        assert verifies_outside(receipt, stranger.roots)
    world.post.change(A, gateway, receipts)
    for receipt in map(read, world.post.lying(A, receipts)):
        assert verifies_detached(receipt.named["statement.json"], receipt.named["statement.json.p7s"], stranger.roots)
    world.settle()
    assert world.dispatch(dispatch).state is DispatchState.REGISTERED
    proofs = [proof for proof in world.evidence(dispatch) if proof.kind.value == "receipt"]
    assert {(proof.step, proof.counts) for proof in proofs} == {("received", True), ("registered", True)}


def test_our_mdn_is_understood_and_verified_by_software_for_as2(
    world: World, stranger: Stranger, tmp_path: Path
) -> None:
    key = rsa.generate_private_key(65_537, 3_072)
    seal = demo_pki.issue_seal(keyring.root(), NAMES["a"], A, keyring.BEGIN + timedelta(days=1), keyring.END, key=key)
    keys.store_seal(world.office.settings.keys_folder, "a", seal, MASTER_KEY)
    letter = stranger.letter(us(world)).to_bytes()
    mic = base64.b64encode(hashlib.sha256(read(letter).signed_part()).digest()).decode()

    (received,) = post(world, stranger, letter)

    def as2(raw: bytes, expected: str = mic) -> Any:
        (tmp_path / "mdn").write_bytes(raw)
        (tmp_path / "seal.pem").write_text(seal.pem)
        files = (str(tmp_path / "mdn"), str(tmp_path / "seal.pem"), str(stranger.roots))
        done = subprocess.run(
            [sys.executable, "-m", "tests.stranger.as2_hand", *files, expected],
            cwd=ROOT,
            capture_output=True,
            timeout=60,
        )
        assert done.returncode == 0, done.stderr.decode()
        return json.loads(done.stdout)

    about = [str(read(letter).mail["Message-ID"]).strip("<>"), A]
    assert as2(received.raw) == {"status": "processed", "detail": None, "about": about, "digest": "sha256"}
    assert as2(received.raw, "AAAA")["status"] == "processed/warning", "it holds our MIC against its own"
    changed = received.raw.replace(b"automatic-action", b"automatic-Action", 1)
    assert as2(changed)["status"] == "failed/Failure"
