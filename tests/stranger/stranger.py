"""Another vendor's software: an agency that speaks the wire from nothing but docs/wire.md, the standard library and the
openssl command line. It shares no line with the product and must never import it."""

from __future__ import annotations

import base64
import email
import email.policy
import hashlib
import imaplib
import json
import re
import shutil
import smtplib
import ssl
import subprocess
import tempfile
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from email.header import Header
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from typing import Any, cast
from urllib.parse import quote
from uuid import UUID, uuid4

Json = dict[str, Any]
OPENSSL = shutil.which("openssl")
SIGNATURE = "application/pkcs7-signature"
MONTHS = ("ม.ค.", "ก.พ.", "มี.ค.", "เม.ย.", "พ.ค.", "มิ.ย.", "ก.ค.", "ส.ค.", "ก.ย.", "ต.ค.", "พ.ย.", "ธ.ค.")
PAGE = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


# --- openssl, the only judge of signatures here ---------------------------------------------------------------------


@dataclass(frozen=True)
class Key:
    """A seal as openssl wants it: a file with the certificate (and its chain, without the root) and one with the key."""

    certificate: Path
    key: Path

    def sign(self, data: bytes, digest: str = "sha256") -> bytes:
        """A detached CAdES-B signature over exactly these bytes, in DER."""
        with tempfile.TemporaryDirectory() as folder:
            given, made = Path(folder, "given"), Path(folder, "made")
            given.write_bytes(data)
            chain = _beyond_the_first(self.certificate, Path(folder, "chain.pem"))
            openssl(
                *("cms", "-sign", "-cades", "-binary", "-outform", "DER", "-md", digest, "-in", given, "-out", made),
                *("-signer", self.certificate, "-inkey", self.key, *(("-certfile", chain) if chain else ())),
            )
            return made.read_bytes()


def openssl(*words: str | Path) -> bytes:
    """Run openssl and give its output. Raises CalledProcessError with its complaint."""
    return subprocess.run([str(OPENSSL), *map(str, words)], check=True, capture_output=True, timeout=60).stdout


def self_signed(mailbox: str, folder: Path) -> Key:
    """A key that anybody can make who likes the name of an agency."""
    key = Key(folder / "self.pem", folder / "self-key.pem")
    openssl(
        *("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "30"),
        *("-keyout", key.key, "-out", key.certificate, "-subj", "/CN=self", "-addext", f"subjectAltName=email:{mailbox}"),
        *("-addext", "keyUsage=critical,digitalSignature,nonRepudiation", "-addext", "extendedKeyUsage=emailProtection"),
    )
    return key


def verifies_outside(raw: bytes, roots: Path) -> bool:
    """`openssl smime -verify` on the whole message, in the words of docs/wire.md, section 3."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "message.eml")
        path.write_bytes(raw)
        return _succeeds("smime", "-verify", "-in", path, "-CAfile", roots, "-purpose", "smimesign")


def verifies_detached(content: bytes, signature: bytes, roots: Path) -> bool:
    """`openssl cms -verify` on a manifest or a statement, in the words of docs/wire.md, section 3."""
    with tempfile.TemporaryDirectory() as folder:
        of, sealed = Path(folder, "content"), Path(folder, "content.p7s")
        of.write_bytes(content)
        sealed.write_bytes(signature)
        return _succeeds(
            *("cms", "-verify", "-binary", "-inform", "DER", "-in", sealed, "-content", of),
            *("-CAfile", roots, "-purpose", "smimesign"),
        )


def signers_mailbox(signature: bytes) -> str:
    """The rfc822Name of the certificate that made this signature; "" when there is none."""
    with tempfile.TemporaryDirectory() as folder:
        sealed, signer, content = Path(folder, "s.p7s"), Path(folder, "signer.pem"), Path(folder, "nothing")
        sealed.write_bytes(signature)
        content.write_bytes(b"")
        _succeeds(
            *("cms", "-verify", "-noverify", "-no_content_verify", "-inform", "DER", "-in", sealed),
            *("-content", content, "-signer", signer),
        )
        text = openssl("x509", "-in", signer, "-noout", "-ext", "subjectAltName").decode()
    found = re.search(r"email:(\S+)", text)
    return found[1] if found else ""


def _succeeds(*words: str | Path) -> bool:
    try:
        openssl(*words)
    except subprocess.CalledProcessError:
        return False
    return True


def _beyond_the_first(certificates: Path, into: Path) -> Path | None:
    rest = certificates.read_text().split("-----END CERTIFICATE-----\n", 1)[1]
    into.write_text(rest)
    return into if "BEGIN" in rest else None


# --- writing ---------------------------------------------------------------------------------------------------------


def canonical(value: Json) -> bytes:
    """RFC 8785 for what the wire carries: names in ASCII, whole numbers, text in NFC."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return unicodedata.normalize("NFC", text).encode()


def leaf(media_type: str, data: bytes, name: str = "") -> bytes:
    """A leaf part in base64; its name in RFC 2231."""
    head = f"Content-Type: {media_type}\r\nContent-Transfer-Encoding: base64\r\n"
    if name.isascii():
        head += f'Content-Disposition: attachment; filename="{name}"\r\n' if name else ""
    else:
        head += f"Content-Disposition: attachment;\r\n filename*=UTF-8''{quote(name, safe='')}\r\n"
    return head.encode() + b"\r\n" + base64.encodebytes(data).replace(b"\n", b"\r\n")


def multipart(kind: str, parts: Iterable[bytes]) -> bytes:
    """A part of parts. `kind` is the media type with its parameters."""
    line = uuid4().hex
    head = f'Content-Type: {kind};\r\n boundary="{line}"\r\n\r\n'.encode()
    return head + b"".join(b"--%s\r\n%s\r\n" % (line.encode(), part) for part in parts) + b"--%s--\r\n" % line.encode()


def signed(part: bytes, key: Key) -> bytes:
    """The S/MIME multipart/signed around a part that has CRLF line ends already."""
    kind = f'multipart/signed; protocol="{SIGNATURE}"; micalg=sha-256'
    return multipart(kind, [part, leaf(f"{SIGNATURE}; name=smime.p7s", key.sign(part), "smime.p7s")])


def message(headers: Mapping[str, str | None], entity: bytes) -> bytes:
    """Header lines, those that are not None, and the entity."""
    lines = [f"{name}: {value}\r\n" for name, value in headers.items() if value is not None]
    return "".join(lines).encode("ascii") + b"MIME-Version: 1.0\r\n" + entity


def encoded(text: str) -> str:
    """A header's words in RFC 2047."""
    return Header(text, "utf-8", maxlinelen=70).encode(linesep="\r\n")


def moment(at: datetime) -> str:
    """RFC 3339 on the clock of Bangkok."""
    return (at.astimezone(UTC) + timedelta(hours=7)).strftime("%Y-%m-%dT%H:%M:%S+07:00")


# --- reading ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Read:
    """A message as the stranger understands it. `named` are its leaf parts that have a name, the outer signature not
    among them."""

    raw: bytes
    mail: EmailMessage
    named: Mapping[str, bytes]

    @property
    def kind(self) -> str:
        """letter, receipt, or nothing of the wire."""
        return dict(self.words).get("kind", "")

    @property
    def words(self) -> list[tuple[str, str]]:
        """The parameters of the header Saraban-Envelope."""
        pairs = (word.strip().partition("=") for word in str(self.mail["Saraban-Envelope"] or "").split(";")[1:])
        return [(name, value) for name, _, value in pairs]

    @property
    def manifest(self) -> Json:
        """The manifest of a letter."""
        return cast(Json, json.loads(self.named["manifest.json"]))

    @property
    def statement(self) -> Json:
        """The statement of a receipt."""
        return cast(Json, json.loads(self.named["statement.json"]))

    @property
    def notification(self) -> Mapping[str, str] | None:
        """The fields of the disposition notification (RFC 8098), if the message is one."""
        for part in self.mail.walk():
            if part.get_content_type() == "message/disposition-notification":
                fields = cast(list[EmailMessage], part.get_payload())[0]
                return {name.lower(): str(value) for name, value in fields.items()}
        return None

    def signed_part(self) -> bytes:
        """The first part of the multipart/signed, exactly as it came."""
        line = b"--" + str(self.mail.get_boundary()).encode()
        return self.raw.split(line + b"\r\n", 2)[1].removesuffix(b"\r\n")

    def faults(self, roots: Path, sender: str) -> list[str]:
        """Everything that docs/wire.md asks of a sealed message and this one does not keep."""
        stem = "manifest" if self.kind == "letter" else "statement"
        content, seal = self.named.get(f"{stem}.json", b"{}"), self.named.get(f"{stem}.json.p7s", b"")
        said = json.loads(content)
        words = dict(self.words)
        parameters = dict(self.mail.get_params() or [])
        right = {
            "outer verifies": verifies_outside(self.raw, roots),
            "seal verifies": verifies_detached(content, seal, roots),
            "signer is the sender": signers_mailbox(seal) == sender == said["from"]["mailbox"],
            "canonical": canonical(said) == content,
            "header From": self.mail["From"].addresses[0].addr_spec == sender,
            "header id": words["id"] == said["id"],
            "Message-ID": self.mail["Message-ID"] == f"<{said['id']}@{sender.rpartition('@')[2]}>",
            "one To": [a.addr_spec for a in self.mail["To"].addresses] == [said["to"]["mailbox"]],
            "protocol": parameters.get("protocol") == SIGNATURE and parameters.get("micalg") == "sha-256",
            "version": said["saraban"] == 1 and said["kind"] == self.kind,
            "of": self.kind == "letter" or words["of"] == said["of"],
            "files": self.kind != "letter" or self._files() == said["files"],
        }
        return [name for name, kept in right.items() if not kept]

    def _files(self) -> list[Json]:
        listed = {entry["name"]: entry for entry in self.manifest["files"]}
        return [
            {
                "name": name,
                "role": listed.get(name, {}).get("role"),
                "media_type": listed.get(name, {}).get("media_type"),
                "size": len(data),
                "sha256": hashlib.sha256(data).hexdigest(),
            }
            for name, data in self.named.items()
            if name not in ("manifest.json", "manifest.json.p7s")
        ]


def read(raw: bytes) -> Read:
    """Take a message apart."""
    mail = cast(EmailMessage, email.message_from_bytes(raw, policy=email.policy.SMTP))
    outer = mail.get_payload()[-1] if mail.get_content_type() == "multipart/signed" else None
    named: dict[str, bytes] = {}
    for part in mail.walk():
        name = part.get_filename()
        if name and not part.is_multipart() and part is not outer:
            named[name] = cast(bytes, part.get_payload(decode=True))
    return Read(raw, mail, named)


# --- the agency ------------------------------------------------------------------------------------------------------


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

    def receipt(self, letter: Read, step: str, *, key: Key | None = None, seal: bytes | None = None, **changes: Any) -> bytes:
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


def is_uuid(text: str) -> bool:
    """Is this a UUID of version 4 or 7?"""
    return UUID(text).version in (4, 7)
