"""The hub as a process of its own, as in the demo, with the same handles as the pair of real servers.

`python -m tests.mailservers.hub_process SETTINGS` runs it: SETTINGS is a JSON object; the ports are printed.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from saraban.mail.accounts import MailAccount, Security
from saraban.mail.hub import HubAccount, HubPorts, HubSettings, run_hub
from tests.mailservers.certificates import make_certificate

ROOT = Path(__file__).resolve().parents[2]


class WallClock:
    """The time of the machine: a server of its own process has nobody who gives it one."""

    def now(self) -> datetime:
        """Now, aware and in UTC."""
        return datetime.now(UTC)


class HubProcess:
    """A running hub with STARTTLS. `kill` ends it without warning; `run` starts it again, same ports, same mail."""

    host = "localhost"

    def __init__(self, accounts: Sequence[tuple[str, str]], root: Path) -> None:
        self.accounts = dict(accounts)
        self.root = root
        self._certificate = make_certificate(root / "tls")
        self.ca_file = self._certificate.ca_file
        self.smtp_port = self.imap_port = 0
        self._process: subprocess.Popen[str] | None = None

    @staticmethod
    def why_not() -> str | None:
        """Nothing hinders the hub."""
        return None

    @classmethod
    def start(cls, accounts: Sequence[tuple[str, str]]) -> HubProcess:
        """Start a hub with these (address, password) mailboxes in a new folder."""
        hub = cls(accounts, Path(tempfile.mkdtemp(prefix="saraban-hub-")))
        hub.run()
        return hub

    def run(self) -> None:
        """Start the process and wait until both doors are open; RuntimeError when it does not come up."""
        told = {
            "folder": str(self.root / "mail"),
            "accounts": list(self.accounts.items()),
            "smtp_port": self.smtp_port,
            "imap_port": self.imap_port,
            "cert_file": str(self._certificate.cert_file),
            "key_file": str(self._certificate.key_file),
        }
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.mailservers.hub_process", json.dumps(told)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError("the hub did not start")
        self.smtp_port, self.imap_port = json.loads(line)

    def kill(self) -> None:
        """SIGKILL, as when the power goes."""
        assert self._process is not None
        self._process.kill()
        self._process.wait(5)

    def stop(self) -> None:
        """End the process and remove its files."""
        if self._process is not None:
            self._process.terminate()
            try:
                self._process.wait(5)
            except subprocess.TimeoutExpired:
                self.kill()
        shutil.rmtree(self.root, ignore_errors=True)

    def smtp_account(self, address: str, security: Security = "starttls") -> MailAccount:
        """The submission account of a mailbox."""
        return MailAccount(self.host, self.smtp_port, security, address, self.accounts[address], self.ca_file, 15)

    def imap_account(self, address: str, security: Security = "starttls") -> MailAccount:
        """The IMAP account of a mailbox."""
        return MailAccount(self.host, self.imap_port, security, address, self.accounts[address], self.ca_file, 15)


def main(told: dict[str, object]) -> None:
    """Run the hub until it is ended."""
    settings = HubSettings(
        folder=Path(str(told["folder"])),
        accounts=tuple(HubAccount(name, word) for name, word in told["accounts"]),  # type: ignore[attr-defined]
        smtp_port=int(str(told["smtp_port"])),
        imap_port=int(str(told["imap_port"])),
        cert_file=Path(str(told["cert_file"])),
        key_file=Path(str(told["key_file"])),
    )

    def ready(ports: HubPorts) -> None:
        print(json.dumps([ports.smtp, ports.imap]), flush=True)

    run_hub(settings, WallClock(), ready)


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
