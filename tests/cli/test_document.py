"""An issued document examined from the command line, in parts; and by tools that know nothing of this software."""

from __future__ import annotations

import io
import re
import subprocess
from pathlib import Path
from uuid import UUID

import pikepdf
import pytest

from saraban.domain.attachment import Digest
from saraban.usecases import ending
from tests.cli.conftest import Run
from tests.usecases.conftest import Pki
from tests.usecases.house import House
from tests.usecases.test_issuing import defined, kept, out


@pytest.fixture
def issued(house: House, tmp_path: Path) -> tuple[Path, UUID]:
    """The file of an issued document, and its id."""
    document = kept(house, out(house, defined(house)))
    assert document.digest is not None
    file = tmp_path / "certificate.pdf"
    file.write_bytes(house.office.blobs.open(document.digest))
    return file, document.id


def test_a_document_is_told_in_parts_and_what_is_revoked_ends_with_one(
    house: House, run: Run, issued: tuple[Path, UUID]
) -> None:
    file, document_id = issued
    good = run("document", "verify", file)
    assert Digest.of(file.read_bytes()).hex in good.output
    for words in ("✓ ไบต์ที่ลงนามครบ", "✓ document.json", "✓ document.xml", "ทั้งสองไฟล์ตรงกัน", "✓ ตรงกับไฟล์ที่ออก", "วันนี้ใช้ได้"):
        assert words in good.output, good.output
    assert good.exit_code == 0, good.output

    ending.revoke(house.office, actor=house.ours["head"], document_id=document_id, reason="ออกผิด")
    revoked = run("document", "verify", file)
    assert revoked.exit_code == 1 and "✗ วันนี้ยกเลิกแล้ว" in revoked.output


def test_what_was_altered_or_is_something_else_is_told(run: Run, issued: tuple[Path, UUID]) -> None:
    file, _ = issued
    with pikepdf.open(file) as pdf:
        other = pdf.attachments["document.json"].get_file().read_bytes().replace("เอก".encode(), "โท".encode())
        pdf.attachments["document.json"] = pikepdf.AttachedFileSpec(pdf, other, filename="document.json")
        made = io.BytesIO()
        pdf.save(made)
    for data, words in (
        (made.getvalue(), "สองไฟล์ไม่ตรงกัน"),
        (file.read_bytes().replace(b"/Subtype", b"/Sebtype", 1), "✗"),
        (b"%PDF-1.7 nothing", "ไม่มีไฟล์นี้ใน PDF หรือเปิดไม่ได้"),
        (b"", "✗"),
    ):
        file.write_bytes(data)
        told = run("document", "verify", file)
        assert told.exit_code == 1 and words in told.output, told.output


def test_the_documented_steps_check_it_without_this_software(
    house: House, pki: Pki, issued: tuple[Path, UUID], tmp_path: Path
) -> None:
    file, _ = issued
    told = subprocess.run(["pdfsig", "-nocert", file], capture_output=True, text=True, check=True, timeout=60).stdout
    subprocess.run(["pdfsig", "-dump", file], capture_output=True, check=True, timeout=60, cwd=tmp_path)
    ranges = re.search(r"Signed Ranges: \[0 - (\d+)\], \[(\d+) - (\d+)\]", told)
    assert "Signature is Valid" in told and ranges is not None, told
    first, second, end = (int(one) for one in ranges.groups())
    data = file.read_bytes()
    (tmp_path / "signed.bin").write_bytes(data[:first] + data[second:end])
    (tmp_path / "roots.pem").write_text(pki.root.pem)
    command = [
        *("openssl", "cms", "-verify", "-binary", "-inform", "DER", "-in", tmp_path / "certificate.pdf.sig0"),
        *("-content", tmp_path / "signed.bin", "-CAfile", tmp_path / "roots.pem", "-purpose", "any"),
        *("-attime", str(int(house.clock.now().timestamp())), "-out", "/dev/null"),
    ]
    good = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert good.returncode == 0, good.stderr
    (tmp_path / "signed.bin").write_bytes(data[:first].replace(b"PDF", b"FDP", 1) + data[second:end])
    assert subprocess.run(command, capture_output=True, check=False, timeout=60).returncode != 0
