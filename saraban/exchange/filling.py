"""What a manifest says, written into the letter that came with it."""

from __future__ import annotations

from typing import Any

from saraban.domain.attachment import Digest
from saraban.domain.incoming import IncomingLetter
from saraban.exchange.manifest import Manifest


def fill_from_manifest(letter: IncomingLetter, manifest: Manifest, manifest_bytes: bytes) -> None:
    """Write what the manifest says into the letter; `manifest_bytes` are those that came."""
    letter.dispatch_id, letter.letter_ref = manifest.id, manifest.letter
    letter.manifest_sha256 = Digest.of(manifest_bytes).hex
    letter.form, letter.number, letter.number_date = manifest.form, manifest.number, manifest.date
    letter.issued_at, letter.replaces = manifest.issued_at, manifest.replaces
    letter.subject, letter.addressed_to = manifest.subject, manifest.addressed_to
    letter.urgency, letter.secrecy = manifest.urgency, manifest.secrecy
    details: dict[str, Any] = {
        "purpose": manifest.purpose,
        "response_due": manifest.response_due.isoformat() if manifest.response_due else None,
        "issued_at": manifest.issued_at.isoformat(),
        "expires_at": manifest.expires_at.isoformat(),
        "references": [
            {"number": r.number, "date": r.date.isoformat() if r.date else None, "from": r.sender}
            for r in manifest.references
        ],
        "manifest": manifest_bytes.decode("utf-8", "replace"),
    }
    if manifest.signatory is not None:
        details["signatory"] = {
            "name": manifest.signatory.name,
            "position": manifest.signatory.position,
            "capacity": manifest.signatory.capacity,
        }
    if manifest.contact is not None:
        details["contact"] = {
            "unit": manifest.contact.unit,
            "phone": manifest.contact.phone,
            "email": manifest.contact.email,
        }
    letter.details = details
