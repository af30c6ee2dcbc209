"""A file with its later time-stamp in one container (ETSI EN 319 162-1)."""

from __future__ import annotations

import io
import zipfile

from saraban.exchange import asics


def test_the_container_has_its_type_first_one_file_and_the_stamp_over_it() -> None:
    packed = asics.pack("document.pdf", b"%PDF-1.7 page", b"token")

    with zipfile.ZipFile(io.BytesIO(packed)) as container:
        assert container.namelist() == ["mimetype", "document.pdf", "META-INF/timestamp.tst"]
        assert container.infolist()[0].compress_type == zipfile.ZIP_STORED
        assert container.read("document.pdf") == b"%PDF-1.7 page" and container.read(asics._STAMP) == b"token"
    assert packed[30:38] == b"mimetype" and packed[38 : 38 + len(asics.MEDIA_TYPE)] == asics.MEDIA_TYPE.encode()
    assert packed == asics.pack("document.pdf", b"%PDF-1.7 page", b"token")
