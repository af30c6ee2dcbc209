"""The demo vouches for the time of what is signed in it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from saraban.crypto.certificate import RootStore
from saraban.crypto.timestamp import HttpTimeStamper, check_token, stamped_time
from saraban.demo.time_authority import prepare_time_authority, serving, time_roots
from saraban.domain.attachment import Digest

NOW = datetime(2026, 11, 26, 5, 0, tzinfo=UTC)


def test_the_demos_authority_stamps_what_its_kept_root_vouches_for(tmp_path: Path) -> None:
    (tmp_path / "demo").mkdir()
    first = prepare_time_authority(tmp_path, NOW)
    again = prepare_time_authority(tmp_path, NOW)
    assert first.certificate == again.certificate
    assert (tmp_path / "demo" / "time-authority.pem").stat().st_mode & 0o077 == 0
    roots = RootStore(lambda: [time_roots(tmp_path).read_text()])

    with serving(again, lambda: NOW) as address:
        token = HttpTimeStamper(address, lambda: [time_roots(tmp_path).read_text()]).stamp(Digest.of(b"page"))

    assert token is not None and stamped_time(token) == NOW
    assert check_token(token, b"page", roots).good and not check_token(token, b"another", roots).good
