"""The tray of the scanner: what is whole may be taken and is put away with its letter; nothing leads out."""

from __future__ import annotations

import io
import os
import time
from datetime import timedelta
from pathlib import Path

import pytest
from PIL import Image

from saraban.domain.errors import BadInput, NotFound, NotPermitted, RuleBroken
from saraban.storage.scans import ScanFolders
from saraban.usecases import recording, scanning
from tests.usecases.house import House

CODE = "onep"


def a_picture() -> bytes:
    """A small JPEG."""
    out = io.BytesIO()
    Image.new("RGB", (60, 80), "white").save(out, "JPEG")
    return out.getvalue()


def folder(house: House) -> Path:
    """The agency's scan folder."""
    place = house.real.settings.data_folder / "scans" / CODE
    place.mkdir(parents=True, exist_ok=True)
    return place


def lay(house: House, name: str, data: bytes | None = None, *, seconds_ago: float = 60) -> Path:
    """Let the scanner have written this file so long ago."""
    path = folder(house) / name
    path.write_bytes(a_picture() if data is None else data)
    at = (house.clock.now() - timedelta(seconds=seconds_ago)).timestamp()
    os.utime(path, (at, at))
    return path


def tray(house: House) -> list[tuple[str, bool]]:
    found = scanning.tray(house.office, actor=house.ours["central_clerk"], agency_code=CODE)
    return [(scan.name, scan.whole) for scan in found]


def take(house: House, name: str):  # type: ignore[no-untyped-def]
    return scanning.take_scan(
        house.office, actor=house.ours["central_clerk"], agency_code=CODE, name=name, keep=recording.keep_scan
    )


def test_the_newest_scan_comes_first_and_one_under_way_is_not_whole(house: House) -> None:
    lay(house, "old.jpg", seconds_ago=600)
    lay(house, "new.jpg", seconds_ago=30)
    lay(house, "now.jpg", seconds_ago=1)
    lay(house, "empty.jpg", b"")

    assert tray(house) == [("now.jpg", False), ("new.jpg", True), ("empty.jpg", False), ("old.jpg", True)]


def test_what_is_no_scan_is_passed_over(house: House) -> None:
    for name in (".hidden.jpg", "a.part", "b.tmp", "c.crdownload"):
        lay(house, name)
    (folder(house) / "done").mkdir()
    secret = house.real.settings.data_folder / "roots.pem"
    (folder(house) / "link.jpg").symlink_to(secret)
    os.mkfifo(folder(house) / "pipe.jpg")

    assert tray(house) == []
    for name in ("link.jpg", "pipe.jpg", ".hidden.jpg", "done"):
        with pytest.raises(NotFound):
            take(house, name)


LEADING_OUT = ["../dopa/a.jpg", "..", "", "/etc/passwd", "a/../a.jpg", "..\\a.jpg", "a\x00.jpg", "x" * 300]


@pytest.mark.parametrize("name", LEADING_OUT)
def test_no_name_leads_out_of_the_folder(house: House, name: str) -> None:
    lay(house, "a.jpg")
    other = house.real.settings.data_folder / "scans" / "dopa"
    other.mkdir(parents=True)
    (other / "a.jpg").write_bytes(a_picture())
    scans = ScanFolders(house.real.settings.data_folder / "scans")

    with pytest.raises(NotFound):
        take(house, name)
    for move in (scans.put_away, lambda c, n: scans.set_aside(c, n, "เหตุ"), scans.open):
        with pytest.raises(NotFound):
            move(CODE, name)
    assert (other / "a.jpg").exists()


@pytest.mark.parametrize("code", ["..", "../dopa", "", ".x", "a/b"])
def test_no_code_leads_out_of_the_folder_of_scans(house: House, code: str) -> None:
    with pytest.raises(NotFound):
        scanning.tray(house.office, actor=house.ours["central_clerk"], agency_code=code)


def test_a_scan_is_taken_and_leaves_the_tray_when_its_letter_is_entered(house: House) -> None:
    path = lay(house, "a.jpg")

    kept = take(house, "a.jpg")

    assert (kept.name, kept.media_type) == ("a.jpg", "image/jpeg")
    assert house.office.blobs.open(kept.sha256) == path.read_bytes()
    assert tray(house) == [("a.jpg", True)]
    for _ in range(2):
        scanning.put_away(house.office, actor=house.ours["central_clerk"], agency_code=CODE, names=["a.jpg"])
    assert tray(house) == []
    assert [p.name for p in (folder(house) / "done").iterdir()] == ["a.jpg"]


def test_two_scans_of_one_name_are_both_kept(house: House) -> None:
    for _ in range(2):
        lay(house, "scan.jpg")
        scanning.put_away(house.office, actor=house.ours["central_clerk"], agency_code=CODE, names=["scan.jpg"])

    assert sorted(p.name for p in (folder(house) / "done").iterdir()) == ["scan-2.jpg", "scan.jpg"]


def test_a_bad_file_is_set_aside_with_the_reason(house: House) -> None:
    lay(house, "virus.pdf", b"MZ not a page", seconds_ago=120)

    with pytest.raises(BadInput):
        take(house, "virus.pdf")

    assert tray(house) == []
    bad = folder(house) / "bad"
    assert (bad / "virus.pdf").exists()
    assert "PDF" in (bad / "virus.pdf.txt").read_text()


def test_a_file_that_cannot_be_read_yet_stays_for_a_minute(house: House) -> None:
    lay(house, "half.pdf", b"%PDF-1.7 half", seconds_ago=10)
    lay(house, "writing.jpg", seconds_ago=1)

    for name in ("half.pdf", "writing.jpg"):
        with pytest.raises(RuleBroken) as refused:
            take(house, name)
        assert refused.value.code == "scan-not-whole"
    assert len(tray(house)) == 2


def test_only_central_clerks_see_the_tray_and_only_their_own(house: House) -> None:
    lay(house, "a.jpg")

    for name in ("clerk", "director", "head", "records", "admin"):
        with pytest.raises(NotPermitted):
            scanning.tray(house.office, actor=house.ours[name], agency_code=CODE)
        with pytest.raises(NotPermitted):
            scanning.preview(house.office, actor=house.ours[name], agency_code=CODE, name="a.jpg")


def test_a_picture_of_a_scan_can_be_seen(house: House) -> None:
    lay(house, "a.jpg")
    lay(house, "b.tif", b"II*\x00")

    data, kind = scanning.preview(house.office, actor=house.ours["central_clerk"], agency_code=CODE, name="a.jpg")

    assert kind == "image/jpeg" and data.startswith(b"\xff\xd8\xff")
    with pytest.raises(NotFound):
        scanning.preview(house.office, actor=house.ours["central_clerk"], agency_code=CODE, name="b.tif")
    assert scanning.kept_picture(house.office, take(house, "a.jpg").sha256) == (data, kind)


def test_what_left_the_tray_leaves_the_disk_after_a_month_and_what_waits_stays(house: House) -> None:
    def aged(path: Path, days: int) -> Path:
        at = (house.clock.now() - timedelta(days=days)).timestamp()
        os.utime(path, (at, at))
        return path

    waits = lay(house, "waits.jpg", seconds_ago=90 * 86_400)
    for name in ("old.jpg", "young.jpg"):
        scan = lay(house, name, seconds_ago=90 * 86_400)
        scanning.put_away(house.office, actor=house.ours["central_clerk"], agency_code=CODE, names=[name])
        moved = folder(house) / "done" / name
        assert not scan.exists()
        assert abs(moved.stat().st_mtime - time.time()) < 600, "its days are counted from now on"
    lay(house, "spoiled.jpg", b"no picture", seconds_ago=90 * 86_400)
    with pytest.raises(BadInput):
        take(house, "spoiled.jpg")
    young = aged(folder(house) / "done" / "young.jpg", 29)
    for path in (folder(house) / "done" / "old.jpg", *(folder(house) / "bad").iterdir()):
        aged(path, 31)
    (folder(house) / "done" / "ours").mkdir()

    assert scanning.clear_trays(house.office) == 3
    assert waits.exists()
    assert young.exists()
    assert [one.name for one in (folder(house) / "bad").iterdir()] == []
    assert scanning.clear_trays(house.office) == 0
