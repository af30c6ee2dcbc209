"""Software of another vendor, made from docs/wire.md alone, exchanges letters and receipts with the product."""

from __future__ import annotations

import ast
import base64
import hashlib
import json
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from saraban.domain.incoming import IncomingLetter, IncomingState
from saraban.usecases.registering import refuse_letter, register_letter, release_letter
from tests.journeys import keyring
from tests.journeys.world import A, World
from tests.stranger.conversation import ELSEWHERE, post, us
from tests.stranger.reading import read
from tests.stranger.seals import Key, issued, self_signed, verifies_outside
from tests.stranger.stranger import PAGE, Letter, Stranger
from tests.stranger.writing import canonical, moment, multipart

pytestmark = pytest.mark.only_database("sqlite")

TWO = {"หนังสือ.pdf": PAGE, "บัญชี แนบ.txt": b"abc"}
NEW, HELD = IncomingState.NEW, IncomingState.HELD
Change = Callable[[Letter], "bytes | None"]


def the_letter(world: World, letter: Letter) -> IncomingLetter:
    """What became of the letter with us, when it is one card."""
    (found,) = [card for card in world.incoming(world.a) if str(card.dispatch_id) == letter.id]
    return found


def test_the_stranger_knows_nothing_of_the_product() -> None:
    """Its parts import the standard library and each other."""
    folder = Path(__file__).parent
    for name in ("seals", "writing", "reading", "stranger"):
        for node in ast.walk(ast.parse((folder / f"{name}.py").read_text())):
            modules = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            modules += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            for module in modules:
                at_home = module.startswith("tests.stranger.")
                assert at_home or module.partition(".")[0] in sys.stdlib_module_names, f"{name} imports {module}"


def test_a_good_letter_is_answered_received_and_then_registered_with_its_number(
    world: World, stranger: Stranger
) -> None:
    letter = stranger.letter(us(world), TWO)
    raw = letter.to_bytes()
    assert verifies_outside(raw, stranger.roots), "the stranger's own letter is one"
    (received,) = post(world, stranger, raw)

    assert received.faults(stranger.roots, A) == []
    assert received.mail["Auto-Submitted"] == "auto-replied" and received.mail["Return-Path"] == "<>"
    said = received.statement
    assert (said["step"], said["of"]) == ("received", letter.id)
    assert said["manifest_sha256"] == hashlib.sha256(letter.sent_manifest).hexdigest()
    notice = received.notification
    assert notice is not None
    assert notice["original-message-id"] == f"<{letter.id}@peer.test>"
    assert notice["disposition"] == "automatic-action/MDN-sent-automatically; processed"
    mic = base64.b64encode(hashlib.sha256(read(raw).signed_part()).digest()).decode()
    assert notice["received-content-mic"] == f"{mic}, sha-256"

    card = the_letter(world, letter)
    assert (card.state, card.number, card.findings) == (NEW, "กค 0408.2/77", ())
    assert {file.name: world.services.blobs.open(file.sha256) for file in card.files} == TWO
    made = register_letter(world.services, actor=world.actor(world.a, "clerk"), incoming_id=card.id)
    (registered,) = post(world, stranger)
    assert registered.faults(stranger.roots, A) == []
    assert registered.notification is None and registered.mail["In-Reply-To"] == f"<{letter.id}@peer.test>"
    entry = registered.statement["register"]
    assert (registered.statement["step"], entry["number"], entry["year"]) == ("registered", str(made.number), made.year)


@dataclass(frozen=True)
class Case:
    """A letter of the stranger that is changed, the state in which it ends, the reason codes found, and the reason of
    the `invalid` that is answered ("received" for a good one, None for no answer)."""

    name: str
    change: Change
    state: IncomingState
    codes: tuple[str, ...] = ()
    answer: str | None = None


def _says(**members: Any) -> Change:
    return lambda letter: letter.manifest.update(members)


def _travels(files: dict[str, bytes]) -> Change:
    return lambda letter: setattr(letter, "travelling", files)


def _as(name: str, make: Callable[[Letter], Any]) -> Change:
    return lambda letter: setattr(letter, name, make(letter))


def _broken(letter: Letter) -> bytes:
    seal = bytearray(letter.key.sign(letter.sent_manifest))
    seal[-3] ^= 1
    return bytes(seal)


def _with_footer(letter: Letter) -> bytes:
    """A gateway adds a part of text behind the files."""
    raw = letter.to_bytes()
    part = read(raw).signed_part()
    end = part.rstrip(b"\r\n").rsplit(b"\r\n", 1)[1]
    footer = end.removesuffix(b"--") + b"\r\nContent-Type: text/plain\r\n\r\nchecked by a gateway\r\n" + end
    return raw.replace(part, part.rstrip(b"\r\n").removesuffix(end) + footer + b"\r\n")


def _indented(letter: Letter) -> bytes:
    return json.dumps(letter.manifest, indent=1).encode()


def _of_other_bytes(letter: Letter) -> bytes:
    return letter.key.sign(b"other")


def _nested(letter: Letter) -> bytes:
    """As deep as a receiver must bear, and without the outer signature."""
    letter.outer = False
    head, body = letter.to_bytes().split(b"MIME-Version: 1.0\r\n", 1)
    for _ in range(8):
        body = multipart("multipart/mixed", [body])
    return head + b"MIME-Version: 1.0\r\n" + body


def _names_in_the_type_only(letter: Letter) -> bytes:
    letter.outer = False
    raw = letter.to_bytes()
    for name in (b"manifest.json", b"manifest.json.p7s"):
        raw = raw.replace(b'Content-Disposition: attachment; filename="%s"\r\n' % name, b"")
    return raw


HOUR_AGO = moment(datetime.now(UTC) - timedelta(hours=1))
UNKNOWN = {"code": "zzz", "name": "กรมที่ไม่มีใครรู้จัก", "mailbox": "saraban@zzz.test"}
TOWN = {"code": "town", "name": "เทศบาลตำบลทดสอบ", "mailbox": "saraban@town.test"}
FULL = {
    "addressed_to": "เรียน อธิบดี",
    "urgency": "most-urgent",
    "signatory": {"name": "นายสมมติ ลงนาม", "position": "อธิบดี", "capacity": "acting"},
    "contact": {"unit": "กลุ่มสารบรรณ", "phone": "0 2000 0000", "email": "desk@peer.test"},
    "references": [{"number": "นร 12/1", "date": "2026-11-01", "from": "a", "dispatch": str(uuid4())}],
    "response_due": "2026-12-01",
    "for": "information",
    "large": [{"name": "ใหญ่.zip", "url": "https://files.peer.test/x", "sha256": "a" * 64, "size": 99}],
}
ABSENT = dict.fromkeys(name for name in (*FULL, "replaces") if name != "urgency")

OUTCOMES = [
    Case("everything that may be said", _says(**FULL), NEW, (), "received"),
    Case("null means absent", _says(**ABSENT), NEW, (), "received"),
    Case("members of a later version", _says(future={"a": [1, None, "ก"]}, zzz="x"), NEW, (), "received"),
    Case("a manifest of nearly 1 MiB", _says(filler="x" * 1_000_000), NEW, (), "received"),
    Case("not canonical", _as("manifest_bytes", _indented), NEW, (), "received"),
    Case("sealed with SHA-384", _as("digest", lambda m: "sha384"), NEW, (), "received"),
    Case("a file under another name", _travels({"หนังสือ.pdf": PAGE, "x.txt": b"abc"}), NEW, (), "received"),
    Case("names in Content-Type only", _names_in_the_type_only, NEW, ("outer-missing",), "received"),
    Case("nested as deep as allowed", _nested, NEW, ("outer-missing",), "received"),
    Case("980 header lines", _as("headers", lambda m: {f"X-{n}": "v" for n in range(980)}), NEW, (), "received"),
    Case("no outer signature", _as("outer", lambda m: False), NEW, ("outer-missing",), "received"),
    Case("a gateway's footer", _with_footer, NEW, ("outer-broken",), "received"),
    Case("a file changed", _travels(TWO | {"บัญชี แนบ.txt": b"abd"}), HELD, ("file-damaged",), "file-damaged"),
    Case("a file left out", _travels({"หนังสือ.pdf": PAGE}), HELD, ("file-missing",), "file-missing"),
    Case("a file too many", _travels(TWO | {"x.txt": b"x"}), HELD, ("file-damaged",), "file-damaged"),
    Case("no JSON", _as("manifest_bytes", lambda m: b"{broken"), HELD, ("manifest-invalid",), "manifest-invalid"),
    Case("no form", lambda m: m.manifest.pop("form") and None, HELD, ("manifest-invalid",), "manifest-invalid"),
    Case("another version", _says(saraban=2), HELD, ("manifest-invalid",), "manifest-invalid"),
    Case("no seal", _as("seal", lambda m: b""), HELD, ("signature-missing",)),
    Case("a broken seal", _as("seal", _broken), HELD, ("signature-broken",), "signature-broken"),
    Case(
        "a seal of other bytes",
        _as("seal", _of_other_bytes),
        HELD,
        ("signature-broken",),
        "signature-broken",
    ),
    Case("sealed with SHA-1", _as("digest", lambda m: "sha1"), HELD, ("signature-broken",), "signature-broken"),
    Case("to another agency", _says(to=ELSEWHERE), HELD, ("not-addressee",)),
    Case("too late", _says(expires_at=HOUR_AGO), HELD, ("expired",)),
    Case("confidential", _says(secrecy="confidential"), HELD, ("secrecy-not-allowed",)),
    Case("another id in the header", _as("headers", lambda m: _other_id()), HELD, ("id-mismatch",)),
    Case("another Message-ID", _as("headers", lambda m: {"Message-ID": "<x@peer.test>"}), HELD, ("id-mismatch",)),
    Case("from nobody known", _says(**{"from": UNKNOWN}), HELD, ("signer-untrusted",) * 2 + ("outer-broken",)),
    Case("as a mere mailbox", _says(**{"from": TOWN}), HELD, ("signer-untrusted", "outer-broken")),
    Case("as another agency", _says(**{"from": ELSEWHERE}), HELD, ("signer-untrusted", "outer-broken")),
]


def _other_id() -> dict[str, str | None]:
    return {"Saraban-Envelope": f"1; kind=letter; id={uuid4()}"}


def test_every_letter_ends_where_the_table_of_outcomes_says(world: World, stranger: Stranger) -> None:
    sent = []
    for case in OUTCOMES:
        letter = stranger.letter(us(world), TWO, number=f"กค 1/{len(sent)}", subject=case.name)
        raw = case.change(letter)
        sent.append((case, letter))
        stranger.post(raw if isinstance(raw, bytes) else letter.to_bytes(), A)
    answers = post(world, stranger)

    cards = iter(world.incoming(world.a))
    wrong: list[tuple[str, object]] = []
    for case, letter in sent:
        card = next(cards)
        codes = tuple(str(finding["code"]) for finding in card.findings)
        if (card.state, codes) != (case.state, case.codes):
            wrong.append((case.name, (card.state, codes)))
        if not all(str(finding["thai"]).strip() not in ("", "ยังไม่ได้ตรวจ") for finding in card.findings):
            wrong.append((case.name, "a finding that tells a clerk nothing"))
        said = [a.statement for a in answers if a.statement["of"] == letter.id]
        given = [s["reason"]["code"] if s["step"] == "invalid" else s["step"] for s in said]
        if given != ([case.answer] if case.answer else []):
            wrong.append((case.name, given))
    wrong += [(a.statement["of"], faults) for a in answers if (faults := a.faults(stranger.roots, A))]
    for answer in (a for a in answers if a.statement["step"] == "invalid"):
        notice = answer.notification or {}
        if (notice.get("error"), notice.get("disposition", "")[-15:]) != (
            answer.statement["reason"]["code"],
            "processed/error",
        ):
            wrong.append(("the notice of an invalid", dict(notice)))
    assert wrong == []


def test_a_key_that_anybody_made_is_held_without_an_answer(world: World, stranger: Stranger, tmp_path: Path) -> None:
    letter = stranger.letter(us(world))
    letter.key = self_signed(stranger.mailbox, tmp_path)
    assert post(world, stranger, letter.to_bytes()) == []
    card = the_letter(world, letter)
    assert (card.state, card.findings[0]["code"]) == (HELD, "signer-untrusted")


@pytest.mark.parametrize("kind", ["P-384", "RSA 3072", "P-256 under an intermediate"])
def test_every_kind_of_seal_that_the_wire_allows_is_accepted_through_the_root(
    world: World, stranger: Stranger, tmp_path: Path, kind: str
) -> None:
    root = Key(tmp_path / "root.pem", tmp_path / "root-key.pem")
    held = keyring.root()
    root.certificate.write_text(held.pem)
    root.key.write_bytes(held.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    above = issued(root, "P-256", None, tmp_path / "above") if "under" in kind else root
    stranger.key = issued(above, kind, stranger.mailbox, tmp_path / "seal")
    letter = stranger.letter(us(world))
    raw = letter.to_bytes()
    assert verifies_outside(raw, stranger.roots)
    (received,) = post(world, stranger, raw)
    assert (received.statement["step"], the_letter(world, letter).findings) == ("received", ())


def test_a_full_message_of_25_mib_and_one_of_fifty_files_are_taken(world: World, stranger: Stranger) -> None:
    large = stranger.letter(us(world), {"หนังสือ.pdf": PAGE + os.urandom(19_100_000)})
    many = stranger.letter(us(world), {f"{n}.pdf": PAGE + b"%d" % n for n in range(50)})
    raw = large.to_bytes()
    assert 25_500_000 < len(raw) < 25 << 20
    answers = post(world, stranger, raw, many.to_bytes())
    assert [answer.statement["step"] for answer in answers] == ["received", "received"]


def test_an_exact_copy_brings_the_same_receipt_and_another_content_brings_none(
    world: World, stranger: Stranger
) -> None:
    letter = stranger.letter(us(world))
    raw = letter.to_bytes()
    (first,) = post(world, stranger, raw)
    again, resealed = (*post(world, stranger, raw), *post(world, stranger, letter.to_bytes()))
    for copy in (again, resealed):
        assert copy.raw.split(b"\r\nFrom: ", 1)[1] == first.raw.split(b"\r\nFrom: ", 1)[1], "byte for byte"
    letter.manifest["subject"] = "เรื่องอื่น"
    assert post(world, stranger, letter.to_bytes()) == []
    assert [card.state for card in world.incoming(world.a)] == [NEW, HELD]


def test_a_good_copy_closes_the_card_of_a_damaged_one(world: World, stranger: Stranger) -> None:
    letter = stranger.letter(us(world), TWO)
    letter.travelling = TWO | {"บัญชี แนบ.txt": b"damaged"}
    (invalid,) = post(world, stranger, letter.to_bytes())
    letter.travelling = None
    (received,) = post(world, stranger, letter.to_bytes())
    assert [answer.statement["step"] for answer in (invalid, received)] == ["invalid", "received"]
    assert {card.state for card in world.incoming(world.a)} == {NEW, IncomingState.SUPERSEDED}


def test_a_clerk_refuses_or_releases_a_held_letter_and_the_stranger_hears_of_it(
    world: World, stranger: Stranger
) -> None:
    clerk = world.actor(world.a, "clerk")
    released, refused = stranger.letter(us(world)), stranger.letter(us(world))
    released.seal = refused.seal = b""
    assert post(world, stranger, released.to_bytes(), refused.to_bytes()) == []
    card, other = the_letter(world, released), the_letter(world, refused)
    release_letter(world.services, actor=clerk, incoming_id=card.id, reason="สอบถามทางโทรศัพท์แล้ว")
    refuse_letter(world.services, actor=clerk, incoming_id=other.id, code="not-addressee", text="ไม่ใช่ภารกิจ")
    answers = post(world, stranger)
    assert [answer.faults(stranger.roots, A) for answer in answers] == [[], []]
    said = {answer.statement["of"]: answer for answer in answers}
    assert said[released.id].statement["step"] == "received"
    words = next(part for part in said[released.id].mail.walk() if part.get_content_type() == "text/plain")
    assert "ตรวจตราประทับ" not in words.get_content(), "the seal was not good, and no receipt may say that it was"
    assert said[refused.id].statement["reason"] == {"code": "not-addressee", "text": "ไม่ใช่ภารกิจ"}
    assert all(answer.mail["Auto-Submitted"] is None for answer in answers), "they stand for a clerk's act"


def test_the_strangers_canonical_form_is_that_of_rfc_8785() -> None:
    value = {"ข": 'ก\n\u0001"\\/', "b": [1, True, None], "a": {"z": "€", "y": ""}}
    assert canonical(value) == '{"a":{"y":"","z":"€"},"b":[1,true,null],"ข":"ก\\n\\u0001\\"\\\\/"}'.encode()
