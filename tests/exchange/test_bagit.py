"""Bags for the archive (RFC 8493): what is written verifies, and whatever is changed is located."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saraban.exchange.bagit import faults_of_bag, write_bag

FILES = [("00001/files/01-หนังสือ.pdf", b"%PDF letter"), ("00001/metadata.json", b"{}"), ("ร้อยละ 5%.txt", b"x")]


def a_bag(folder: Path, files: list[tuple[str, bytes]] = FILES) -> Path:
    """A bag on the disk."""
    path = folder / "bag.zip"
    with path.open("wb") as out:
        assert write_bag(out, "onep-2589-1", files, {"Source-Organization": "สำนักงาน"}) == len(files)
    return path


def changed(path: Path, name: str, data: bytes | None) -> Path:
    """The bag with one file replaced, or taken out."""
    made = path.with_name("changed.zip")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(made, "w") as new:
        for one in old.infolist():
            if one.filename != name:
                new.writestr(one, old.read(one))
        if data is not None:
            new.writestr(name, data)
    return made


def test_a_bag_verifies_as_a_zip_and_as_a_folder(tmp_path: Path) -> None:
    path = a_bag(tmp_path)
    with zipfile.ZipFile(path) as bag:
        bag.extractall(tmp_path / "out")

    assert faults_of_bag(path) == (3, []) and faults_of_bag(tmp_path / "out") == (3, [])
    assert faults_of_bag(tmp_path / "out" / "onep-2589-1") == (3, [])
    assert (tmp_path / "out/onep-2589-1/bagit.txt").read_text() == (
        "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
    )
    assert "Payload-Oxum: 14.3" in (tmp_path / "out/onep-2589-1/bag-info.txt").read_text()


@pytest.mark.parametrize(
    ("name", "data", "told"),
    [
        ("data/00001/metadata.json", b"{ }", "ไฟล์ถูกแก้ data/00001/metadata.json"),
        ("data/00001/metadata.json", None, "ไฟล์หาย data/00001/metadata.json"),
        ("data/new.txt", b"", "มีไฟล์ที่ไม่อยู่ในบัญชี data/new.txt"),
        ("bag-info.txt", b"Payload-Oxum: 1.1\n", "จำนวนไฟล์หรือขนาดรวมไม่ตรงกับ bag-info.txt"),
        ("bagit.txt", b"x", "bagit.txt ไม่ถูกแบบ"),
        ("manifest-sha256.txt", None, "ไม่มี manifest-sha256.txt"),
    ],
)
def test_what_was_changed_is_located(tmp_path: Path, name: str, data: bytes | None, told: str) -> None:
    assert told in faults_of_bag(changed(a_bag(tmp_path), f"onep-2589-1/{name}", data))[1]


def test_what_is_no_bag_is_told(tmp_path: Path) -> None:
    path = tmp_path / "x.zip"
    path.write_bytes(b"no zip")

    assert faults_of_bag(path) == (0, ["ไม่ใช่ไฟล์ ZIP ที่อ่านได้"])


@given(st.dictionaries(st.text(st.characters(exclude_characters="/\\\0", codec="utf-8"), min_size=1), st.binary()))
def test_the_same_files_give_the_same_bytes(files: dict[str, bytes]) -> None:
    made = [io.BytesIO(), io.BytesIO()]
    for out in made:
        write_bag(out, "bag", [(f"x{name}", data) for name, data in files.items()], {})

    assert made[0].getvalue() == made[1].getvalue()
