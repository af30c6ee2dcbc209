"""A file with the time-stamp that it got later, in one container that others can check: ASiC-S with a time assertion
(ETSI EN 319 162-1, 4.3.3.2, item 4 a; the first file by annex A.1). The token alone is a `.tst` (ETSI EN 319 422, annex
C)."""

from __future__ import annotations

import io
import zipfile

MEDIA_TYPE = "application/vnd.etsi.asic-s+zip"
STAMP_TYPE = "application/vnd.etsi.timestamp-token"
ENDING, STAMP_ENDING = ".asics", ".tst"
_STAMP = "META-INF/timestamp.tst"
_EPOCH = (1980, 1, 1, 0, 0, 0)


def pack(name: str, data: bytes, token: bytes) -> bytes:
    """The file under this name, byte for byte, with the token over it. The same give the same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as container:
        # First and not compressed, so that the type stands at a fixed place for whoever looks at the first octets.
        for path, content in (("mimetype", MEDIA_TYPE.encode()), (name, data), (_STAMP, token)):
            entry = zipfile.ZipInfo(path, _EPOCH)
            entry.compress_type = zipfile.ZIP_STORED if path == "mimetype" else zipfile.ZIP_DEFLATED
            container.writestr(entry, content)
    return out.getvalue()
