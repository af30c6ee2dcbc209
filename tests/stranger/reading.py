"""How the stranger reads mail, and what it finds wrong with it when it is held against docs/wire.md."""

from __future__ import annotations

import email
import email.policy
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from typing import cast
from uuid import UUID

from tests.stranger.seals import signers_mailbox, verifies_detached, verifies_outside
from tests.stranger.writing import SIGNATURE, Json, canonical


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
            "id": UUID(said["id"]).version in (4, 7),
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
