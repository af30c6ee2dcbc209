"""Another vendor's software: an agency that speaks the wire from nothing but docs/wire.md, the standard library and the
openssl command line. It shares no line with the product and must never import it."""

from __future__ import annotations

import base64
import hashlib
import imaplib
import smtplib
import ssl
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

from tests.stranger.reading import Read, read
from tests.stranger.seals import Key
from tests.stranger.writing import SIGNATURE, Json, canonical, encoded, leaf, message, moment, multipart, signed

MONTHS = ("ม.ค.", "ก.พ.", "มี.ค.", "เม.ย.", "พ.ค.", "มิ.ย.", "ก.ค.", "ส.ค.", "ก.ย.", "ต.ค.", "พ.ย.", "ธ.ค.")
PAGE = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


@dataclass
class Letter:
    """A letter in the making: the manifest may be changed before it is sealed, and everything else may be a lie.

    `travelling` are the files that really go, and `manifest_bytes` what goes as the manifest, if not the honest ones;
    `seal` is the manifest's signature, made by `key` unless given, and left out where it is empty.
    """

    manifest: Json
    files: dict[str, bytes]
    key: Key
    travelling: dict[str, bytes] | None = None
    manifest_bytes: bytes | None = None
    seal: bytes | None = None
    outer: bool = True
    headers: dict[str, str | None] = field(default_factory=dict)
    digest: str = "sha256"
    extra_parts: Sequence[bytes] = ()

    @property
    def id(self) -> str:
        """The dispatch id."""
        return str(self.manifest["id"])

    @property
    def sent_manifest(self) -> bytes:
        """The bytes of part 3."""
        return canonical(self.manifest) if self.manifest_bytes is None else self.manifest_bytes

    def to_bytes(self) -> bytes:
        """The whole message. Every call seals anew: keep the bytes to send the same ones twice."""
        m, data = self.manifest, self.sent_manifest
        seal = self.key.sign(data, self.digest) if self.seal is None else self.seal
        travelling = self.files if self.travelling is None else self.travelling
        types = {entry["name"]: entry["media_type"] for entry in m["files"]}
        day = date.fromisoformat(m["date"])
        cover = f"จาก {m['from']['name']}\r\nที่ {m['number']}\r\nเรื่อง {m['subject']}\r\n"
        parts = [leaf("text/plain; charset=utf-8", cover.encode()), *self.extra_parts]
        parts += [leaf(types.get(name, "application/pdf"), bytes_, name) for name, bytes_ in travelling.items()]
        parts.append(leaf("application/json; name=manifest.json", data, "manifest.json"))
        parts += [leaf(f"{SIGNATURE}; name=manifest.json.p7s", seal, "manifest.json.p7s")] if seal else []
        entity = multipart("multipart/mixed", parts)
        words = f"ที่ {m['number']} ลงวันที่ {day.day} {MONTHS[day.month - 1]} {day.year + 543} เรื่อง {m['subject']}"
        headers: dict[str, str | None] = {
            "From": f"{encoded(m['from']['name'])} <{m['from']['mailbox']}>",
            "To": m["to"]["mailbox"],
            "Subject": encoded(words),
            "Message-ID": f"<{self.id}@{m['from']['mailbox'].rpartition('@')[2]}>",
            "Date": format_datetime(datetime.now(UTC)),
            "Saraban-Envelope": f"1; kind=letter; id={self.id}",
            "Disposition-Notification-To": m["from"]["mailbox"],
            "Disposition-Notification-Options": "signed-receipt-protocol=optional,pkcs7-signature; "
            "signed-receipt-micalg=optional,sha-256",
        }
        return message(headers | self.headers, signed(entity, self.key) if self.outer else entity)


@dataclass
class Stranger:
    """The agency: a mailbox of the network and a seal. `smtp` and `imap` have host, port, security, user, password."""

    code: str
    name: str
    mailbox: str
    smtp: Json
    imap: Json
    key: Key
    roots: Path
    seen: int = 0

    def letter(self, to: Json, files: Mapping[str, bytes] | None = None, **changes: Any) -> Letter:
        """A plain letter to an agency (code, name, mailbox); the first file is the page. `changes` go into the
        manifest."""
        files = dict(files or {"หนังสือที่ ๑.pdf": PAGE})
        now = datetime.now(UTC)
        manifest: Json = {
            "saraban": 1,
            "kind": "letter",
            "id": str(uuid4()),
            "letter": str(uuid4()),
            "from": {"code": self.code, "name": self.name, "mailbox": self.mailbox},
            "to": dict(to),
            "number": "กค 0408.2/77",
            "date": moment(now)[:10],
            "form": "external",
            "subject": "ขอความอนุเคราะห์ข้อมูลงบประมาณ",
            "urgency": "normal",
            "secrecy": "open",
            "files": [
                {
                    "name": name,
                    "role": "enclosure" if place else "letter",
                    "media_type": "application/pdf" if name.endswith(".pdf") else "text/plain",
                    "size": len(data),
                    "sha256": hashlib.sha256(data).hexdigest(),
                }
                for place, (name, data) in enumerate(files.items())
            ],
            "issued_at": moment(now),
            "expires_at": moment(now + timedelta(hours=72)),
        }
        return Letter(manifest | changes, files, self.key)

    def receipt(
        self, letter: Read, step: str, *, key: Key | None = None, seal: bytes | None = None, **changes: Any
    ) -> bytes:
        """The message of a statement about a letter that came. `seal` takes the place of the statement's signature."""
        came, now = letter.manifest, datetime.now(UTC)
        statement: Json = {
            "saraban": 1,
            "kind": "receipt",
            "id": str(uuid4()),
            "of": came["id"],
            "manifest_sha256": hashlib.sha256(letter.named["manifest.json"]).hexdigest(),
            "step": step,
            "from": {"code": self.code, "mailbox": self.mailbox},
            "to": {"code": came["from"]["code"], "mailbox": came["from"]["mailbox"]},
            "at": moment(now),
        }
        statement |= changes
        data, key = canonical(statement), key or self.key
        seal = key.sign(data) if seal is None else seal
        text = leaf("text/plain; charset=utf-8", f"{self.name}: {step}\r\n".encode())
        facts = [
            leaf("application/json; name=statement.json", data, "statement.json"),
            leaf(f"{SIGNATURE}; name=statement.json.p7s", seal, "statement.json.p7s"),
        ]
        automatic = step in ("received", "invalid")
        if automatic:
            kind = "multipart/report; report-type=disposition-notification"
            notice = b"Content-Type: message/disposition-notification\r\n\r\n" + self._notice(letter, statement)
            entity = multipart(kind, [text, notice, multipart("multipart/mixed", facts)])
        else:
            entity = multipart("multipart/mixed", [text, *facts])
        headers = {
            "From": f"{encoded(self.name)} <{self.mailbox}>",
            "To": came["from"]["mailbox"],
            "Subject": encoded(f"ใบตอบรับ: {step}"),
            "Message-ID": f"<{statement['id']}@{self.mailbox.rpartition('@')[2]}>",
            "In-Reply-To": str(letter.mail["Message-ID"]),
            "Date": format_datetime(now),
            "Saraban-Envelope": f"1; kind=receipt; id={statement['id']}; of={statement['of']}",
            "Auto-Submitted": "auto-replied" if automatic else None,
        }
        return message(headers, signed(entity, key))

    def _notice(self, letter: Read, statement: Json) -> bytes:
        bad = statement["step"] == "invalid"
        mic = base64.b64encode(hashlib.sha256(letter.signed_part()).digest()).decode()
        lines = [
            f"Reporting-UA: {self.mailbox.rpartition('@')[2]}; Stranger",
            f"Final-Recipient: rfc822; {self.mailbox}",
            f"Original-Message-ID: {letter.mail['Message-ID']}",
            f"Disposition: automatic-action/MDN-sent-automatically; processed{'/error' if bad else ''}",
            *([f"Error: {statement['reason']['code']}"] if bad else []),
            f"Received-Content-MIC: {mic}, sha-256",
            f"X-Saraban-Step: {statement['step']}",
            f"X-Saraban-Manifest-SHA256: {statement['manifest_sha256']}",
        ]
        return "".join(f"{line}\r\n" for line in lines).encode()

    def post(self, raw: bytes, to: str) -> None:
        """Send over SMTP: a letter from the mailbox, a receipt from the null sender."""
        door = smtplib.SMTP_SSL if self.smtp["security"] == "tls" else smtplib.SMTP
        with door(self.smtp["host"], self.smtp["port"], timeout=20) as smtp:
            if self.smtp["security"] == "starttls":
                smtp.starttls(context=ssl.create_default_context(cafile=str(self.roots)))
            smtp.login(self.smtp["user"], self.smtp["password"])
            null = b"\r\nSaraban-Envelope: 1; kind=receipt" in raw
            smtp.sendmail("" if null else self.mailbox, [to], raw)

    def fetch(self) -> list[Read]:
        """What has come into the mailbox since the last time, oldest first."""
        door = imaplib.IMAP4_SSL if self.imap["security"] == "tls" else imaplib.IMAP4
        box = door(self.imap["host"], self.imap["port"])
        try:
            if self.imap["security"] == "starttls":
                box.starttls(ssl.create_default_context(cafile=str(self.roots)))
            box.login(self.imap["user"], self.imap["password"])
            box.select("INBOX")
            uids = [int(uid) for uid in box.uid("SEARCH", f"UID {self.seen + 1}:*")[1][0].split()]
            found = []
            for uid in sorted(uid for uid in uids if uid > self.seen):
                answer = box.uid("FETCH", str(uid), "(BODY.PEEK[])")[1]
                found.append(read(next(part[1] for part in answer if isinstance(part, tuple))))
                self.seen = uid
            return found
        finally:
            box.logout()
