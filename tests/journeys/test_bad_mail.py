"""Mail that is too large, too deep, damaged or malicious: each becomes a card or a letter, its bytes are kept, and the
good letter behind it is taken in."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import pytest

from saraban.domain.attachment import Digest, letter_page
from saraban.domain.incoming import IncomingLetter, IncomingState
from saraban.exchange.manifest import Manifest
from saraban.mail.reader import ChildProcessReader
from saraban.reading.incoming import incoming as incoming_rows
from saraban.storage.tables import exchange
from saraban.usecases.viewing import shown_pages
from tests.journeys import keyring
from tests.journeys.peer import PDF, Peer
from tests.journeys.world import NAMES, PEER, B, World

Make = Callable[[World], bytes]


@dataclass(frozen=True)
class Bad:
    """A bad mail: how it is made, what becomes of it, and a reason code among its findings ("" for none)."""

    name: str
    make: Make
    state: IncomingState
    code: str = ""


def a_letter(peer: Peer, world: World, files: dict[str, bytes] | None = None, **more: object) -> bytes:
    """A letter of the peer to `b`."""
    return peer.letter(peer.manifest(world.b.party, files), files, **more)  # type: ignore[arg-type]


def with_manifest(world: World, change: Callable[[bytes], bytes]) -> bytes:
    """A letter whose manifest was changed before it was sealed."""
    manifest = world.peer.manifest(world.b.party)
    return world.peer.letter(manifest, manifest_bytes=change(manifest.to_bytes()))


def plain(*headers: bytes, body: bytes = b"hello\r\n") -> bytes:
    """An ordinary mail with these further header lines."""
    return b"\r\n".join([b"From: <x@example.com>", *headers, b"", body])


def nested(depth: int) -> bytes:
    """A multipart inside a multipart inside a multipart …"""
    head = b"".join(
        b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n' % (level, level) for level in range(depth)
    )
    return b"From: <x@example.com>\r\nSubject: deep\r\n" + head + b"Content-Type: text/plain\r\n\r\nend\r\n"


def in_transit(change: Callable[[bytes], bytes]) -> Make:
    """A good letter that is changed on the way."""
    return lambda world: change(a_letter(world.peer, world))


def other_mid(raw: bytes, message_id: bytes) -> bytes:
    """The mail with another Message-ID."""
    start = raw.index(b"Message-ID: ")
    return raw[:start] + b"Message-ID: " + message_id + raw[raw.index(b"\r\n", start) :]


HELD, NEW = IncomingState.HELD, IncomingState.NEW
THAI = "ขอเชิญประชุม"
BAD = [
    Bad("a file of 26 MiB in ordinary mail", lambda w: plain(b"Subject: big", body=_big(26)), HELD),
    Bad("a letter of 26 MiB", lambda w: a_letter(w.peer, w, {"หนังสือ.pdf": PDF + _noise(19)}), NEW),
    Bad("a mail above what is fetched", lambda w: plain(b"Subject: huge", body=_big(46)), HELD, "ordinary-mail"),
    Bad("a hundred levels of MIME", lambda w: nested(100), HELD, "unreadable"),
    Bad("a thousand levels of MIME", lambda w: nested(1000), HELD, "unreadable"),
    Bad("a PDF that is none", lambda w: a_letter(w.peer, w, {"หนังสือ.pdf": b"MZ not a page"}), NEW),
    Bad("a name that climbs", lambda w: a_letter(w.peer, w, {"../../etc/passwd.pdf": PDF}), NEW),
    Bad("a file of no octets", lambda w: a_letter(w.peer, w, {"หนังสือ.pdf": PDF, "ว่าง.txt": b""}), NEW),
    Bad("a manifest that is no JSON", lambda w: with_manifest(w, lambda _: b"{not json"), HELD, "manifest-invalid"),
    Bad("an empty manifest", lambda w: with_manifest(w, lambda _: b""), HELD, "manifest-invalid"),
    Bad(
        "a manifest with NUL",
        lambda w: with_manifest(w, lambda m: m.replace(b'"for":"action"', b'"for":"a\\u0000"')),
        HELD,
    ),
    Bad(
        "a subject with NUL",
        lambda w: with_manifest(w, lambda m: m.replace(b'"subject":"', b'"subject":"\\u0000')),
        HELD,
        "manifest-invalid",
    ),
    Bad(
        "a subject with half a character",
        lambda w: with_manifest(w, lambda m: m.replace(b'"subject":"', b'"subject":"\\ud800')),
        HELD,
        "manifest-invalid",
    ),
    Bad("a deep manifest", lambda w: with_manifest(w, lambda _: b'{"a":' * 50_000), HELD, "manifest-invalid"),
    Bad(
        "a manifest of a million digits",
        lambda w: with_manifest(w, lambda _: b'{"saraban":' + b"9" * 900_000 + b"}"),
        HELD,
    ),
    Bad(
        "a broken seal",
        lambda w: a_letter(w.peer, w, spoil=lambda s: s[:-1] + bytes([s[-1] ^ 1])),
        HELD,
        "signature-broken",
    ),
    Bad("a seal that is no CMS", lambda w: a_letter(w.peer, w, spoil=lambda s: b"\x30\x84\xff\xff\xff\xff"), HELD),
    Bad("an empty seal", lambda w: a_letter(w.peer, w, spoil=lambda s: b""), HELD, "signature-missing"),
    Bad(
        "a certificate out of date",
        lambda w: a_letter(w.peer, w, seal=keyring.expired_seal(NAMES["peer"], PEER)),
        HELD,
        "signer-expired",
    ),
    Bad("a Subject in TIS-620", lambda w: plain(b"Subject: " + THAI.encode("tis-620")), HELD),
    Bad("a Subject in raw UTF-8", lambda w: plain(b"Subject: " + THAI.encode()), HELD),
    Bad("a NUL in the Subject", lambda w: plain(b"Subject: a\0b"), HELD),
    Bad("a NUL in the Message-ID", lambda w: plain(b"Message-ID: <a\0b@example.com>", b"Subject: x"), HELD),
    Bad("a NUL in an encoded Subject", lambda w: plain(b"Subject: =?utf-8?B?YQBi?="), HELD),
    Bad(
        "a NUL in a file name",
        in_transit(
            lambda raw: plain(
                b'Content-Type: application/pdf; name="a\0b.pdf"',
                b"Content-Disposition: attachment; filename*=utf-8''a%00b.pdf",
            )
        ),
        HELD,
    ),
    Bad("a NUL in a media type", lambda w: plain(b'Content-Type: application/p\0df; name="x.bin"'), HELD),
    Bad("a NUL in the body", lambda w: plain(b"Subject: nul", body=b"a\0b\r\n"), HELD),
    Bad("half a surrogate in UTF-16", lambda w: plain(b"Subject: =?utf-16le?B?ANg=?="), HELD),
    Bad("half a surrogate in UTF-8", lambda w: plain(b"Subject: \xed\xa0\x80"), HELD),
    Bad(
        "a letter whose Message-ID was changed",
        in_transit(lambda raw: other_mid(raw, b"<other@x>")),
        HELD,
        "id-mismatch",
    ),
    Bad("no header at all", lambda w: b"\r\n\r\nhello", HELD),
    Bad("one line of a megabyte", lambda w: plain(b"Subject: " + b"x" * 1_000_000), HELD),
    Bad("nothing but colons", lambda w: b":" * 50_000, HELD),
    Bad("random bytes", lambda w: bytes((n * n * 31 + 7) % 256 for n in range(20_000)), HELD),
    Bad("a truncated letter", in_transit(lambda raw: raw[: len(raw) // 2]), HELD),
]


def _big(mebibytes: int) -> bytes:
    return (b"0123456789" * 7 + b"\r\n") * (mebibytes * (1 << 20) // 72)


def _noise(mebibytes: int) -> bytes:
    block = b"".join(Digest.of(n.to_bytes(4, "big")).raw for n in range(32_768))
    return block * mebibytes


@pytest.fixture(scope="module")
def reader_in_a_child() -> Iterator[ChildProcessReader]:
    """The reader of the worker: a child process with limits."""
    reader = ChildProcessReader()
    yield reader
    reader.close()


@pytest.fixture
def guarded(world: World, reader_in_a_child: ChildProcessReader) -> World:
    """The world with the worker's own reader."""
    world.office = replace(world.office, services=replace(world.services, mail_reader=reader_in_a_child))
    return world


def test_bad_mail_is_held_or_taken_by_the_table_and_the_good_letter_behind_it_comes_in(guarded: World) -> None:
    world = guarded
    good: dict[int, Manifest] = {}
    for place, bad in enumerate(BAD):
        world.post.put(B, bad.make(world))
        if place % 6 == 0:
            good[place] = world.peer.manifest(world.b.party, number=f"ทส 0901/{place}", subject=f"ฉบับดี {place}")
            world.post.put(B, world.peer.letter(good[place]))
    world.settle()

    cards = _cards_in_order(world)
    assert "" not in world.outcomes(world.b), "every message was judged, and at the first try"
    wrong = []
    at = 0
    for place, bad in enumerate(BAD):
        card, at = cards[at], at + 1
        codes = [str(f["code"]) for f in card.findings] if card else []
        if card is None or card.state is not bad.state or (bad.code and bad.code not in codes):
            wrong.append((bad.name, card and card.state, codes))
        if place in good:
            behind, at = cards[at], at + 1
            if behind is None or behind.subject != good[place].subject or behind.state is not NEW:
                wrong.append((f"the good letter behind {bad.name}", behind and behind.state, []))
    assert wrong == []


def test_what_bad_mail_is_called_can_be_shown(guarded: World) -> None:
    world = guarded
    chosen = [bad for bad in BAD if "MiB" not in bad.name and "above" not in bad.name]
    for bad in chosen:
        world.post.put(B, bad.make(world))
    world.settle()
    cards = world.incoming(world.b)
    assert len(cards) == len(chosen)
    for card in cards:
        assert all(str(f["thai"]).strip() for f in card.findings), card.findings
        for file in card.files:
            assert "/" not in file.name and "\\" not in file.name and not file.name.startswith("."), file.name
            assert world.services.blobs.size(file.sha256) == file.size
        if letter_page(card.files) is not None:
            shown = shown_pages(world.services, card.files)
            assert shown.pages or shown.why
    subjects = {card.subject for card in cards}
    assert THAI in subjects
    with world.office.reading.connect() as reader:
        page = incoming_rows(reader, world.actor(world.b, "clerk"))
        assert len(page.items) == min(50, len(cards))


def test_a_receipt_with_a_statement_that_cannot_be_read_is_held_and_stops_nothing(guarded: World) -> None:
    world = guarded
    some_id = b"0" * 8 + b"-0000" * 3 + b"-" + b"0" * 12
    head = b"From: <saraban@peer.test>\r\nSaraban-Envelope: 1; kind=receipt; id=%s; of=%s\r\n" % (some_id, some_id)
    part = b"Content-Type: application/json; name=statement.json\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    world.post.put(world.a.mailbox, head + part + base64.b64encode(b'{"saraban": 1}') + b"\r\n")
    dispatch = world.sent()
    world.settle()
    assert sorted(world.outcomes(world.a)) == ["acknowledged", "acknowledged", "held"]
    assert world.dispatch(dispatch).state.value == "received"


def _cards_in_order(world: World) -> list[IncomingLetter | None]:
    """What became of each message, in the order of the mailbox."""
    by_raw = {card.raw_sha256: card for card in world.incoming(world.b)}
    table = exchange.inbox
    return [by_raw.get(row.sha256) for row in world.rows(table, world.b, table.c.uid)]
