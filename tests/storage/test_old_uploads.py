"""What an administrator sends from an old system: laid into a folder whole, or refused with nothing changed."""

from __future__ import annotations

import io
import os
import stat
import zipfile
from pathlib import Path

import pytest

from saraban.domain.errors import BadInput
from saraban.storage import old_uploads
from saraban.storage.old_folders import OldFoldersOnDisk

SHEET = "ทะเบียน,ปี,เลขทะเบียน,เรื่อง\nรับ,2565,1,ก\n".encode()


def zipped(parts: dict[str, bytes], *, deflate: bool = True) -> io.BytesIO:
    """A ZIP of these parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED if deflate else zipfile.ZIP_STORED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    out.seek(0)
    return out


def there(folder: Path) -> dict[str, bytes]:
    """The files of a folder by their paths."""
    return {str(one.relative_to(folder)): one.read_bytes() for one in folder.rglob("*") if one.is_file()}


def refusal(place: Path, name: str, data: io.BytesIO) -> str:
    """Why this file is refused; nothing is left of it."""
    with pytest.raises(BadInput) as caught:
        old_uploads.lay(place, "เก่า", [("a.csv", io.BytesIO(SHEET)), (name, data)])
    assert there(place) == {} and list(place.iterdir()) == []
    return caught.value.in_words


def test_a_sheet_and_a_packed_folder_are_laid_side_by_side_and_more_comes_later(tmp_path: Path) -> None:
    packed = zipped(
        {"สแกน/1.pdf": b"%PDF-1", "สแกน/ย่อย/2.pdf": b"%PDF-2", "__MACOSX/1.pdf": b"x", "สแกน/.DS_Store": b"x"}
    )

    assert old_uploads.lay(tmp_path, " ระบบ  เก่า ", [("C:\\x\\a.csv", io.BytesIO(SHEET)), ("b.ZIP", packed)]) == 3
    assert there(tmp_path) == {
        "ระบบ เก่า/a.csv": SHEET,
        "ระบบ เก่า/สแกน/1.pdf": b"%PDF-1",
        "ระบบ เก่า/สแกน/ย่อย/2.pdf": b"%PDF-2",
    }
    assert old_uploads.lay(tmp_path, "ระบบ เก่า", [("1.pdf", io.BytesIO(b"%PDF-3"))]) == 1
    assert there(tmp_path)["ระบบ เก่า/1.pdf"] == b"%PDF-3"
    folders = OldFoldersOnDisk(tmp_path.parent)
    assert folders.names(tmp_path.name) == ["ระบบ เก่า"]


def test_files_of_a_packed_folder_are_found_with_the_name_of_the_folder_and_without_it(tmp_path: Path) -> None:
    packed = zipped({"สแกน/1.pdf": b"%PDF-1", "สแกน/ย่อย/2.pdf": b"%PDF-22"})
    old_uploads.lay(tmp_path / "opdc", "เก่า", [("a.csv", io.BytesIO(SHEET)), ("b.zip", packed)])
    folders = OldFoldersOnDisk(tmp_path)

    paths = ("สแกน/1.pdf", "1.pdf", "สแกน/ย่อย/2.pdf", "ย่อย\\2.pdf", "2.pdf")

    assert [folders.size("opdc", "เก่า", path) for path in paths] == [6, 6, 7, 7, None]


def test_packed_folders_with_files_of_the_same_names_do_not_replace_one_another(tmp_path: Path) -> None:
    years = [(f"{year}.zip", zipped({f"{year}/1.pdf": year.encode()})) for year in ("2560", "2561")]
    old_uploads.lay(tmp_path / "opdc", "เก่า", [("a.csv", io.BytesIO(SHEET)), *years])
    folders = OldFoldersOnDisk(tmp_path)

    for year in ("2560", "2561"):
        with folders.open("opdc", "เก่า", f"{year}/1.pdf") as file:
            assert file.read() == year.encode()
    assert folders.size("opdc", "เก่า", "1.pdf") is None  # which of the two nobody says


def test_a_packed_folder_with_its_sheet_is_the_folder_itself(tmp_path: Path) -> None:
    old_uploads.lay(tmp_path, "เก่า", [("b.zip", zipped({"ระบบ/a.CSV": SHEET, "ระบบ/ย่อย/1.pdf": b"%PDF-1"}))])

    assert there(tmp_path) == {"เก่า/a.CSV": SHEET, "เก่า/ย่อย/1.pdf": b"%PDF-1"}


def test_two_files_of_one_name_in_a_sending_are_refused(tmp_path: Path) -> None:
    sent = [("a.csv", io.BytesIO(SHEET)), ("x/1.pdf", io.BytesIO(b"1")), ("y/1.pdf", io.BytesIO(b"2"))]

    with pytest.raises(BadInput) as caught:
        old_uploads.lay(tmp_path, "เก่า", sent)

    assert "y/1.pdf" in caught.value.in_words and "ชื่อซ้ำ" in caught.value.in_words
    assert there(tmp_path) == {}


def test_what_a_killed_sending_left_behind_is_taken_away_after_a_day(tmp_path: Path) -> None:
    old, young = tmp_path / ".sent-old", tmp_path / ".sent-young"
    for stage in (old, young):
        stage.mkdir()
    os.utime(old, (0, 0))

    old_uploads.lay(tmp_path, "เก่า", [("a.csv", io.BytesIO(SHEET))])

    assert not old.exists() and young.exists()


@pytest.mark.parametrize("path", ["../x.pdf", "a/../../x.pdf", "/etc/x.pdf", "..\\x.pdf", "C:\\x.pdf", "a\n.pdf"])
def test_a_path_out_of_the_folder_is_refused(tmp_path: Path, path: str) -> None:
    assert "มีที่อยู่ออกนอกโฟลเดอร์" in refusal(tmp_path, "b.zip", zipped({"ok.pdf": b"x", path: b"x"}))


def test_links_locked_damaged_exploding_and_empty_archives_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = zipfile.ZipInfo("link")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(link, "/etc/passwd")
    out.seek(0)
    whole = zipped({"a.pdf": bytes(range(256)) * 200}, deflate=False).getvalue()
    locked = bytearray(whole)
    locked[6] |= 1
    locked[whole.index(b"PK\x01\x02") + 8] |= 1
    spoilt = whole[:100] + bytes([whole[100] ^ 1]) + whole[101:]

    assert "เป็นลิงก์" in refusal(tmp_path, "b.zip", out)
    assert "มีรหัสผ่าน" in refusal(tmp_path, "b.zip", io.BytesIO(bytes(locked)))
    assert "เสียหรือเปิดไม่ได้" in refusal(tmp_path, "b.zip", io.BytesIO(spoilt))
    assert "เสียหรือเปิดไม่ได้" in refusal(tmp_path, "b.zip", io.BytesIO(whole[:-30]))
    assert "เสียหรือเปิดไม่ได้" in refusal(tmp_path, "b.zip", io.BytesIO(b"no zip"))
    assert "ขยายแล้วใหญ่ผิดปกติ" in refusal(tmp_path, "b.zip", zipped({"0": bytes(11 << 20)}))
    monkeypatch.setattr(old_uploads, "MOST_FILES", 2)
    assert "มีเกิน ๒ ไฟล์" in refusal(tmp_path, "b.zip", zipped({"1": b"1", "2": b"2", "3": b"3"}))
    monkeypatch.setattr(old_uploads, "LARGEST_FILE", 100)
    assert "ใหญ่เกิน ๑๐๐ MB" in refusal(tmp_path, "b.zip", zipped({"1": bytes(101)}))
    assert "ใหญ่เกิน ๑๐๐ MB" in refusal(tmp_path, "b.pdf", io.BytesIO(bytes(101)))
    monkeypatch.setattr(old_uploads, "LARGEST_WHOLE", 150)
    assert "เกินที่รับได้" in refusal(tmp_path, "b.zip", zipped({"1": bytes(90), "2": bytes(90)}))


@pytest.mark.parametrize("method", [zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2])
def test_what_is_packed_as_few_programs_do_is_refused_sound_or_damaged(tmp_path: Path, method: int) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        archive.writestr("a.pdf", bytes(range(256)) * 20)
    damaged = bytearray(out.getvalue())
    damaged[50:60] = bytes(10)

    for data in (out.getvalue(), bytes(damaged)):
        assert "บีบอัดด้วยวิธีที่เปิดไม่ได้" in refusal(tmp_path, "b.zip", io.BytesIO(data))


def test_a_part_that_is_larger_than_its_archive_says_is_refused(tmp_path: Path) -> None:
    data = bytearray(zipped({"a.pdf": b"x" * 5_000}, deflate=False).getvalue())
    begins = data.index(b"PK\x01\x02")
    data[begins + 24 : begins + 28] = (10).to_bytes(4, "little")

    assert refusal(tmp_path, "b.zip", io.BytesIO(bytes(data)))


@pytest.mark.parametrize("name", ["", " ", ".x", "a/b", "..", "ก" * 61, "a\\b", "c:x"])
def test_a_folder_needs_a_plain_name(tmp_path: Path, name: str) -> None:
    with pytest.raises(BadInput) as caught:
        old_uploads.lay(tmp_path, name, [("a.csv", io.BytesIO(SHEET))])
    assert set(caught.value.fields) == {"folder"}


def test_names_of_old_windows_are_thai(tmp_path: Path) -> None:
    packed = zipped({"XXX.pdf": b"1"}).getvalue().replace(b"XXX", "กขค".encode("cp874"))

    old_uploads.lay(tmp_path, "เก่า", [("b.zip", io.BytesIO(packed))])

    assert there(tmp_path) == {"เก่า/กขค.pdf": b"1"}
