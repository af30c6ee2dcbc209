"""Processes of the installation as an administrator starts them, for the tests that kill them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil

from saraban.settings import AgencyMail, MailServer, Settings

ROOT = Path(__file__).resolve().parents[2]
LEASE_SECONDS = "1"


def environment(settings: Settings) -> dict[str, str]:
    """The variables with which `config.py` reads these settings again. Writes mail.toml into the data folder."""
    (settings.data_folder / "mail.toml").write_text("\n".join(_section(c, m) for c, m in settings.mail.items()))
    own = {
        "SARABAN_DATA": str(settings.data_folder),
        "DATABASE_URL": settings.database_url,
        "SARABAN_SECRET_KEY": settings.secret_key,
        "SARABAN_MASTER_KEY": settings.master_key,
        "SARABAN_ROOTS": str(settings.roots_file),
        "SARABAN_LEASE_SECONDS": LEASE_SECONDS,
        "SARABAN_SENDERS": "2",
        "PYTHONPATH": str(ROOT),
    }
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
    return {**kept, **own}


class Running:
    """A process that was started, and all that it starts itself."""

    def __init__(self, command: list[str], env: dict[str, str], log: Path) -> None:
        with log.open("ab") as out:
            self._process = subprocess.Popen(
                [sys.executable, "-m", *command], cwd=ROOT, env=env, stdout=out, stderr=subprocess.STDOUT
            )

    @property
    def pid(self) -> int:
        """Its number."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Has it not ended?"""
        return self._process.poll() is None

    def kill(self) -> list[psutil.Process]:
        """SIGKILL, to this process and to none of its children; the children that it leaves behind."""
        try:
            children = psutil.Process(self.pid).children(recursive=True)
        except psutil.NoSuchProcess:
            children = []
        self._process.kill()
        self._process.wait(10)
        return children

    def stop(self) -> None:
        """SIGTERM, as `systemctl stop` does, and SIGKILL after ten seconds."""
        self._process.terminate()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self.kill()


def worker(env: dict[str, str], log: Path) -> Running:
    """`flask --app wsgi worker`."""
    return Running(["flask", "--app", "wsgi", "worker"], env, log)


def wait_until(true: Callable[[], bool], seconds: float, what: str | Callable[[], str]) -> None:
    """Look every tenth of a second; fail with what was waited for."""
    until = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < until, what if isinstance(what, str) else what()
        time.sleep(0.1)


def _section(code: str, mail: AgencyMail) -> str:
    return f"[{code}.smtp]\n{_values(mail.smtp)}\n[{code}.imap]\n{_values(mail.imap)}\n"


def _values(server: MailServer) -> str:
    values = {
        "host": server.host,
        "port": server.port,
        "security": server.security,
        "user": server.user,
        "password": server.password,
        "ca_file": str(server.ca_file or ""),
    }
    return "\n".join(f"{name} = {json.dumps(value)}" for name, value in values.items())
