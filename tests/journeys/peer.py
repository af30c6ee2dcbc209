"""A third agency that only the test plays: it seals letters and receipts with its own key, and lies when told to."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from saraban.crypto.cms import HeldKey
from saraban.crypto.seal import KeySealer
from saraban.domain.attachment import Digest, Role
from saraban.domain.calendar import office_date
from saraban.domain.classification import Form
from saraban.domain.dispatch import Dispatch
from saraban.domain.receipt import NEEDS_REASON, Reason, ReasonCode, Receipt, ReceiptId, RegisteredAs, Step
from saraban.exchange.compose import EncodedFile, encode_file, letter_cover, letter_entity, letter_envelope
from saraban.exchange.envelope import Envelope, Literal, OutboxKind
from saraban.exchange.manifest import FileEntry, Manifest, Party
from saraban.exchange.receipts import receipt_entity, receipt_envelope, statement_bytes
from saraban.mail.smtp import SmtpTransport
from saraban.usecases.mailing import SendOutcome
from saraban.usecases.ports import Clock
from tests.mailservers.hub_thread import HubThread

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


class Store(dict[Digest, bytes]):
    """Blobs in memory, by digest."""

    def keep(self, data: bytes) -> Digest:
        """Keep the bytes."""
        digest = Digest.of(data)
        self[digest] = data
        return digest


class Peer:
    """An agency with a mailbox and a seal. What it makes are message bytes, until it posts them."""

    def __init__(self, party: Party, seal: HeldKey, hub: HubThread, clock: Clock) -> None:
        self.party = party
        self.code, self.mailbox = party.code, party.mailbox
        self.seal = seal
        self._hub, self._clock = hub, clock

    def manifest(self, receiver: Party, /, files: Mapping[str, bytes] | None = None, **changes: Any) -> Manifest:
        """The manifest of a plain letter with these files; the first is the page."""
        now = self._clock.now()
        entries = tuple(
            FileEntry(name, Role.ENCLOSURE if place else Role.LETTER, "application/pdf", len(data), Digest.of(data))
            for place, (name, data) in enumerate((files or {"หนังสือ.pdf": PDF}).items())
        )
        plain = Manifest(
            id=uuid4(),
            letter=uuid4(),
            sender=self.party,
            to=receiver,
            number="ทส 0901/77",
            date=office_date(now),
            form=Form.EXTERNAL,
            subject="ขอความอนุเคราะห์ข้อมูลป่าชายเลน",
            files=entries,
            issued_at=now,
            expires_at=now + timedelta(hours=72),
        )
        return dataclasses.replace(plain, **changes)

    def letter(
        self,
        manifest: Manifest,
        files: Mapping[str, bytes] | None = None,
        *,
        seal: HeldKey | None = None,
        manifest_bytes: bytes | None = None,
        spoil: Callable[[bytes], bytes] = bytes,
    ) -> bytes:
        """The message of a letter. `manifest_bytes` may be anything; `spoil` changes the manifest's signature."""
        store, now = Store(), self._clock.now()
        sealer = KeySealer(seal or self.seal)
        files = files or {"หนังสือ.pdf": PDF}
        encoded = []
        for entry in manifest.files:
            text = encode_file(files[entry.name])
            encoded.append(EncodedFile(entry, store.keep(text), len(text)))
        data = manifest.to_bytes() if manifest_bytes is None else manifest_bytes
        signature = spoil(sealer.seal(Digest.of(data), now))
        entity = letter_entity(manifest, data, signature, letter_cover(manifest, encoded, None), encoded)
        outer = sealer.seal(entity.digest(store.__getitem__), now)
        return _whole(letter_envelope(manifest, entity, outer, at=now, blob=store.__getitem__), store)

    def statement(self, dispatch: Dispatch, step: Step, *, at: datetime, **changes: Any) -> Receipt:
        """What the peer says about a dispatch that it got."""
        reason = Reason(ReasonCode.NOT_ADDRESSEE, "ไม่ใช่ภารกิจของหน่วยงาน")
        registered = RegisteredAs("55", 2569, at, "กลุ่มสารบรรณ", "นายสมมติ รับเรื่อง")
        plain = Receipt(
            id=ReceiptId(uuid4()),
            of=dispatch.id,
            manifest_sha256=dispatch.manifest_sha256,
            step=step,
            from_code=self.code,
            from_mailbox=self.mailbox,
            to_code="a",
            to_mailbox="saraban@a.test",
            at=at,
            register=registered if step is Step.REGISTERED else None,
            reason=reason if step in NEEDS_REASON else None,
            forwarded_to=("c", "กรมที่เกี่ยวข้อง") if step is Step.FORWARDED else None,
        )
        return dataclasses.replace(plain, **changes)

    def receipt(
        self, receipt: Receipt, *, seal: HeldKey | None = None, spoil: Callable[[bytes], bytes] = bytes
    ) -> bytes:
        """The message of a receipt. `spoil` changes the statement's signature."""
        store, now = Store(), self._clock.now()
        sealer = KeySealer(seal or self.seal)
        data = statement_bytes(receipt)
        original = f"<{receipt.of}@{receipt.to_mailbox.rpartition('@')[2]}>"
        entity = receipt_entity(
            receipt,
            data,
            spoil(sealer.seal(Digest.of(data), now)),
            original_message_id=original,
            mic=None,
            first_answer=receipt.step in (Step.RECEIVED, Step.INVALID),
            sender_name=self.party.name,
        )
        outer = sealer.seal(entity.digest(store.__getitem__), now)
        envelope = receipt_envelope(
            receipt,
            entity,
            outer,
            at=now,
            blob=store.__getitem__,
            automatic=True,
            in_reply_to=original,
            sender_name=self.party.name,
        )
        return _whole(envelope, store)

    def post(self, mailbox: str, raw: bytes) -> None:
        """Send it through the relay, with the peer's own login."""
        transport = SmtpTransport(lambda *_: self._hub.smtp_account(self.mailbox))
        result = transport.send(self.code, _envelope(self.mailbox, mailbox, raw), _no_files)
        transport.close()
        assert result.outcome == SendOutcome.ACCEPTED, result


def _whole(envelope: Envelope, store: Store) -> bytes:
    return b"".join(envelope.chunks(store.__getitem__))


def _envelope(sender: str, recipient: str, raw: bytes) -> Envelope:
    return Envelope(sender, recipient, "<by-hand@test>", (Literal(raw),), Digest.of(raw), len(raw), OutboxKind.RECEIPT)


def _no_files(digest: Digest) -> bytes:
    raise KeyError(digest.hex)
