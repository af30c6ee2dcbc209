"""Documents looked up between us and another vendor's software, which was made from docs/wire-lookup.md alone: openssl
verifies our questions and answers, and we understand the stranger's."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import cast
from uuid import uuid4

import pytest
from jsonschema import Draft202012Validator

from saraban.domain.incoming import IncomingState
from saraban.domain.issued_kind import LookupPolicy
from saraban.domain.lookup import Lookup, Outcome, Want
from saraban.usecases.asking_issuers import ask_issuer, open_looked_up
from tests.journeys.world import A, World
from tests.lookups import HOLDER, PDF, a_kind, a_licence
from tests.stranger.conversation import post, us
from tests.stranger.reading import Read
from tests.stranger.seals import Key, signers_mailbox, verifies_detached, verifies_outside
from tests.stranger.stranger import PAGE, Stranger
from tests.stranger.writing import SIGNATURE, Json, canonical, encoded, leaf, message, moment, multipart, signed

pytestmark = pytest.mark.only_database("sqlite")
SCHEMA = Draft202012Validator(json.loads((Path(__file__).parents[2] / "docs/wire-lookup.schema.json").read_text()))


@pytest.fixture(autouse=True)
def all_take_part(world: World) -> None:
    """The directory says of everybody that they look documents up."""
    able = {"saraban": 1, "max_bytes": 26_214_400, "lookup": 1}
    world.know(*(replace(one, capabilities=dict(able)) for one in world.correspondents))


def question(stranger: Stranger, world: World, **more: object) -> Json:
    """The request of section 3, as the stranger writes it."""
    now = datetime.now(UTC)
    plain: Json = {
        "saraban": 1,
        "kind": "lookup-request",
        "id": str(uuid4()),
        "from": {"code": stranger.code, "mailbox": stranger.mailbox},
        "to": {"code": us(world)["code"], "mailbox": A},
        "at": moment(now),
        "expires_at": moment(now + timedelta(days=7)),
        "document": {"kind": "license", "holder_id": HOLDER},
        "want": "file",
        "purpose": "ตรวจคุณสมบัติผู้ยื่นคำขอ",
        "legal_basis": "พ.ร.บ. ของหน่วยงาน มาตรา 5",
        "officer": {"name": "นายคนนอก"},
    }
    return plain | more


def sealed(said: Json, stranger: Stranger, *, files: dict[str, bytes] | None = None, key: Key | None = None) -> bytes:
    """The message of section 2."""
    data, of, key = canonical(said), said.get("of"), key or stranger.key
    parts = [leaf("text/plain; charset=utf-8", "ใบตรวจเอกสาร\r\n".encode())]
    parts += [leaf("application/pdf", content, name) for name, content in (files or {}).items()]
    parts.append(leaf("application/json; name=lookup.json", data, "lookup.json"))
    parts.append(leaf(f"{SIGNATURE}; name=lookup.json.p7s", key.sign(data), "lookup.json.p7s"))
    to = said["to"]["mailbox"]
    headers = {
        "From": f"{encoded(stranger.name)} <{stranger.mailbox}>",
        "To": to,
        "Subject": encoded("ผลการตรวจเอกสาร" if of else "ขอตรวจเอกสารที่ออกโดยหน่วยงานของท่าน"),
        "Message-ID": f"<{said['id']}@{stranger.mailbox.rpartition('@')[2]}>",
        "In-Reply-To": f"<{of}@{to.rpartition('@')[2]}>" if of else None,
        "Date": format_datetime(datetime.now(UTC)),
        "Saraban-Envelope": f"1; kind=lookup; id={said['id']}" + (f"; of={of}" if of else ""),
        "Auto-Submitted": "auto-replied" if of else None,
    }
    return message(headers, signed(multipart("multipart/mixed", parts), key))


def understood(came: Read, stranger: Stranger) -> Json:
    """What our message says, after everything that the page asks of it was held against it."""
    content, seal = came.named["lookup.json"], came.named["lookup.json.p7s"]
    said = cast(Json, json.loads(content))
    assert verifies_outside(came.raw, stranger.roots) and verifies_detached(content, seal, stranger.roots)
    assert signers_mailbox(seal) == A == said["from"]["mailbox"] and canonical(said) == content
    assert came.mail["Message-ID"] == f"<{said['id']}@{A.rpartition('@')[2]}>"
    assert dict(came.words) == {"kind": "lookup", "id": said["id"]} | ({"of": said["of"]} if "of" in said else {})
    SCHEMA.validate(said)
    head = came.raw.partition(b"\r\n\r\n")[0].decode() + str(came.mail["Subject"])
    assert HOLDER not in head and "license" not in head
    return said


def licensed(world: World, policy: LookupPolicy = LookupPolicy.FILE) -> None:
    """We have issued a licence."""
    kind = a_kind(world.services, world.a.id, policy)
    with world.services.uow() as uow:
        unit = uow.agencies.central_unit(world.a.id)
    a_licence(world.services, kind, unit.id)


def ask_the_stranger(world: World) -> Lookup:
    """Our lawyer asks the stranger."""
    return ask_issuer(
        world.services,
        actor=world.actor(world.a, "lawyer"),
        other_code="peer",
        document_kind="ใบอนุญาตของเขา",
        number="พ 1/2569",
        want=Want.FILE,
        purpose="ประกอบคำขอ",
        legal_basis="มาตรา 7",
    )


def test_the_stranger_asks_and_gets_state_and_file(world: World, stranger: Stranger) -> None:
    licensed(world)
    asked = question(stranger, world)
    raw = sealed(asked, stranger)
    SCHEMA.validate(asked)
    (came,) = post(world, stranger, raw)
    said = understood(came, stranger)

    assert (said["outcome"], said["of"]) == ("found", asked["id"])
    assert said["request_sha256"] == hashlib.sha256(canonical(asked)).hexdigest()
    [document] = said["documents"]
    file = came.named[document["file"]["name"]]
    assert (document["number"], document["state"]) == ("ทส 1009/45", "valid") and file == PDF
    assert document["file"]["sha256"] == hashlib.sha256(file).hexdigest() and HOLDER not in json.dumps(said)
    assert came.mail["Auto-Submitted"] == "auto-replied" and came.mail["In-Reply-To"] == f"<{asked['id']}@peer.test>"
    (again,) = post(world, stranger, raw)
    assert again.named == came.named, "the same bytes, however often it is asked"


def test_what_the_stranger_does_wrong_is_shown_to_a_clerk_and_not_answered(
    world: World, stranger: Stranger, tmp_path: Path
) -> None:
    from tests.stranger.seals import self_signed

    licensed(world)
    asked = question(stranger, world)
    wrong = [
        sealed(asked, stranger, key=self_signed(stranger.mailbox, tmp_path)),
        sealed(question(stranger, world, purpose=""), stranger),
        sealed(question(stranger, world), stranger, files={"document-1.pdf": PAGE}),
        sealed(question(stranger, world, to={"code": "b", "mailbox": "saraban@b.test"}), stranger),
    ]
    assert post(world, stranger, *wrong) == []
    cards = world.incoming(world.a, IncomingState.HELD)
    assert len(cards) == len(wrong) and {card.findings[0]["check"] for card in cards} == {"lookup"}


def test_we_ask_the_stranger_and_take_its_answer_with_the_file(world: World, stranger: Stranger) -> None:
    one = ask_the_stranger(world)
    (came,) = post(world, stranger)
    asked = understood(came, stranger)
    assert (asked["document"], asked["want"]) == (
        {"kind": "ใบอนุญาตของเขา", "number": "พ 1/2569", "holder_id": None},
        "file",
    )
    answer: Json = {
        "saraban": 1,
        "kind": "lookup-answer",
        "id": str(uuid4()),
        "of": asked["id"],
        "request_sha256": hashlib.sha256(came.named["lookup.json"]).hexdigest(),
        "from": asked["to"],
        "to": asked["from"],
        "at": moment(datetime.now(UTC)),
        "outcome": "waiting",
    }
    assert post(world, stranger, sealed(answer, stranger)) == []
    told = {"name": "document-1.pdf", "media_type": "application/pdf", "size": len(PAGE)}
    document = {"kind": "p", "name": "ใบอนุญาต", "number": "พ 1/2569", "state": "on-appeal"}
    document["file"] = told | {"sha256": hashlib.sha256(PAGE).hexdigest()}
    final = answer | {
        "id": str(uuid4()), "outcome": "found", "documents": [document],
        "keep_until": "2099-01-01", "later": {"word": 1},
    }  # fmt: skip
    SCHEMA.validate(final)
    assert post(world, stranger, sealed(final, stranger, files={"document-1.pdf": PAGE})) == []

    with world.services.uow() as uow:
        found = uow.document_lookups.get(world.a.id, one.id)
    assert found.outcome is Outcome.FOUND and found.answer is not None
    assert found.answer["documents"][0]["state"] == "on-appeal", "a word of its own is kept as it is"
    lawyer = world.actor(world.a, "lawyer")
    assert open_looked_up(world.services, actor=lawyer, lookup_id=one.id, name="document-1.pdf")[1] == PAGE
    assert world.incoming(world.a) == []
