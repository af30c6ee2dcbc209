"""A real clamd on a socket of its own, with one signature of our own: no database of viruses is fetched."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
import time
from pathlib import Path

from tests.fakes import EICAR

_STARTS_WITHIN = 30.0


class RealClamd:
    """ClamAV's daemon, which knows EICAR and nothing else. `where` is its socket; `down` and `up` stop and start it."""

    def __init__(self) -> None:
        # Unix sockets bear at most 108 characters of path, so a short folder directly under /tmp.
        self._root = Path(tempfile.mkdtemp(prefix="saraban-clamd-", dir="/tmp"))
        (self._root / "db").mkdir()
        (self._root / "db" / "local.ndb").write_text(f"Eicar-Local:0:*:{EICAR.hex()}\n")
        self.where = str(self._root / "clamd.sock")
        settings = {
            "LocalSocket": self.where,
            "DatabaseDirectory": str(self._root / "db"),
            "TemporaryDirectory": str(self._root),
            "Foreground": "yes",
            "StreamMaxLength": "1M",
        }
        (self._root / "clamd.conf").write_text("".join(f"{name} {value}\n" for name, value in settings.items()))
        self._daemon: subprocess.Popen[bytes] | None = None

    @staticmethod
    def program() -> str | None:
        """Where clamd lies on this machine."""
        return shutil.which("clamd") or shutil.which("clamd", path="/usr/sbin")

    @classmethod
    def why_not(cls) -> str | None:
        """The reason why it cannot run here, with the command that helps; None when it can."""
        if cls.program() is None:
            return "NO clamd ON THIS MACHINE, only its stand-in is asked: apt-get install -y clamav-daemon"
        return None

    def up(self) -> None:
        """Start it and wait until it answers at its socket."""
        program = self.program()
        assert program is not None
        self._daemon = subprocess.Popen(
            [program, "-c", str(self._root / "clamd.conf")], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        until = time.monotonic() + _STARTS_WITHIN
        while not Path(self.where).exists():
            if time.monotonic() > until or self._daemon.poll() is not None:
                raise RuntimeError("clamd does not start")
            time.sleep(0.05)

    def down(self) -> None:
        """Stop it; its socket goes with it."""
        if self._daemon is not None:
            self._daemon.kill()
            self._daemon.wait()
            self._daemon = None
        Path(self.where).unlink(missing_ok=True)

    def stop(self) -> None:
        """Stop it and remove its files."""
        self.down()
        shutil.rmtree(self._root, ignore_errors=True)
