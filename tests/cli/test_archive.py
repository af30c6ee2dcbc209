"""`flask archive verify`: a package is well or not, file by file."""

from __future__ import annotations

from pathlib import Path

from saraban.exchange.bagit import write_bag
from tests.cli.conftest import Run


def test_a_package_is_verified_and_what_was_changed_is_named(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "package.zip"
    with path.open("wb") as out:
        write_bag(out, "onep-2589-1", [("00001/metadata.json", b"{}")], {})
    (tmp_path / "no.zip").write_bytes(b"x")
    whole, none = run("archive", "verify", path), run("archive", "verify", tmp_path / "no.zip")

    assert (whole.exit_code, none.exit_code) == (0, 1)
    assert "1 ไฟล์ ครบถ้วน" in whole.output and "พบจุดผิด 1 แห่ง" in none.output
