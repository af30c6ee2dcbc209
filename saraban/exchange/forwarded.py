"""A letter that was sent on (docs/wire.md, section 4): the files of the first sender go along as they are, and beside
them its manifest and the seal over it as two further files, so that whoever gets them can check the first sender."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from saraban.domain.signature import SignatureStatus
from saraban.exchange.checks import FileComparison, compare_files
from saraban.exchange.manifest import MANIFEST_NAME, Manifest, ManifestInvalid, read_manifest
from saraban.exchange.parse import InboundFile
from saraban.exchange.screening import letter_verdict

MANIFEST_TYPE = "application/json"
SIGNATURE_TYPE = "application/pkcs7-signature"
_SIGNATURE_ENDING = ".p7s"
_NAME = re.compile(r"original(?:-([0-9]{1,2}))?-" + re.escape(MANIFEST_NAME))


@dataclass(frozen=True)
class Original:
    """The manifest of one who sent the letter before, with the signature over these very bytes."""

    manifest: Manifest
    data: bytes
    signature: bytes


def evidence_names(taken: Iterable[str]) -> tuple[str, str]:
    """The names of the manifest and the signature that go along; counted up when the letter was sent on before."""
    used, name, count = set(taken), f"original-{MANIFEST_NAME}", 2
    while name in used or name + _SIGNATURE_ENDING in used:
        name, count = f"original-{count}-{MANIFEST_NAME}", count + 1
    return name, name + _SIGNATURE_ENDING


def originals(files: Sequence[InboundFile]) -> list[Original]:
    """Those who sent the letter before, the first of all first. What cannot be read is no evidence and is left out."""
    by_name = {file.name: file.data for file in files}
    numbered = sorted((int(found[1] or 1), name) for name in by_name if (found := _NAME.fullmatch(name)))
    read = []
    for _, name in numbered:
        signature = by_name.get(name + _SIGNATURE_ENDING)
        if signature is None:
            continue
        try:
            read.append(Original(read_manifest(by_name[name]), by_name[name], signature))
        except ManifestInvalid:
            continue
    return read


def original_verdict(seal: SignatureStatus, original: Original, files: Sequence[InboundFile]) -> SignatureStatus:
    """The verdict on what an earlier sender sent: its seal, and every file that its manifest lists. That its own time
    ran out on the way does not matter."""
    compared = compare_files(original.manifest.files, tuple(files))
    listed: FileComparison = replace(compared, unlisted=())
    return letter_verdict(seal, original.manifest, listed, original.manifest.issued_at)
