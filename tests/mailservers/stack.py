"""A private Postfix and Dovecot on loopback high ports, for the claims that only real servers can prove.

They need root and the Debian packages; nothing of the machine's own mail set-up is read or written. `MailStack.start`
takes well under a second. Special recipients: `gone@bounce.test` is accepted and bounced afterwards, `full@bounce.test`
is answered with 450, `slow@bounce.test` waits and is given up after some seconds.
"""

from __future__ import annotations

import grp
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from saraban.mail.accounts import MailAccount, Security
from tests.mailservers.certificates import ServerCertificate, make_certificate
from tests.mailservers.configuration import dovecot_conf, main_cf, master_cf

APT = "apt-get install -y postfix dovecot-imapd dovecot-lmtpd"
MAIL_UID = 5000
_MASTER = Path("/usr/lib/postfix/sbin/master")
_DOVECOT = Path("/usr/sbin/dovecot")


class MailStack:
    """A running pair of servers. `ca_file` is the authority that signed their certificate."""

    host = "localhost"

    def __init__(
        self,
        accounts: Sequence[tuple[str, str]],
        root: Path,
        token_info: str = "",
        quota_kib: int = 0,
        idle: bool = True,
        greylist: int = 0,
        patient: bool = False,
    ) -> None:
        self.accounts = dict(accounts)
        self._token_info, self._quota_kib, self._idle = token_info, quota_kib, idle
        self._greylist, self._patient = greylist, patient
        self.root = root
        self.smtp_port, self.smtps_port, self.imap_port, self.imaps_port = free_ports(4)
        self._processes: list[subprocess.Popen[bytes]] = []
        self._mail = make_certificate(root / "tls")
        self.ca_file = self._mail.ca_file

    @staticmethod
    def why_not() -> str | None:
        """The reason why the servers cannot run here, with the command that helps; None when they can."""
        missing = [str(path) for path in (_MASTER, _DOVECOT, Path("/usr/lib/dovecot/lmtp")) if not path.exists()]
        if missing:
            return f"Postfix and Dovecot are not installed ({', '.join(missing)} missing): {APT}"
        if os.geteuid() != 0:
            return "Postfix and Dovecot can only be started by root: run the tests as root"
        return None

    @classmethod
    def start(
        cls,
        accounts: Sequence[tuple[str, str]],
        *,
        token_info: str = "",
        quota_kib: int = 0,
        idle: bool = True,
        greylist: int = 0,
        patient: bool = False,
    ) -> MailStack:
        """Start both servers with these (address, password) mailboxes; RuntimeError with their log when they fail.
        `token_info` is where Dovecot asks about a token (XOAUTH2), `quota_kib` how much each mailbox may hold; without
        `idle` it knows neither IDLE nor MOVE. `greylist` is the port of one; a `patient` server tries for an hour."""
        # Unix sockets bear at most 108 characters of path, so a short folder directly under /tmp.
        root = Path(tempfile.mkdtemp(prefix="saraban-mail-", dir="/tmp"))
        root.chmod(0o755)
        stack = cls(accounts, root, token_info, quota_kib, idle, greylist, patient)
        try:
            stack._write_configuration()
            stack.up()
        except BaseException:
            stack.stop()
            raise
        return stack

    def up(self) -> None:
        """Start both servers, on the same ports and with the same mail as before."""
        # Dovecot first: without its socket Postfix waits a second before it looks for it again.
        self._run([str(_DOVECOT), "-F", "-c", str(self.root / "dovecot/dovecot.conf")])
        self._wait_for(self.imap_port)
        self._run([str(_MASTER), "-d", "-c", str(self.root / "postfix/etc")])
        self._wait_for(self.smtp_port)

    def down(self) -> None:
        """Stop both servers; their queues and mailboxes stay."""
        for process in self._processes:
            process.send_signal(signal.SIGTERM)
        for process in self._processes:
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(5)
            with suppress(ProcessLookupError):  # a child with an open connection holds its door for ever
                os.killpg(process.pid, signal.SIGKILL)
        self._processes.clear()

    def stop(self) -> None:
        """Stop both servers and remove all their files."""
        self.down()
        shutil.rmtree(self.root, ignore_errors=True)

    def smtp_account(self, address: str, security: Security = "starttls") -> MailAccount:
        """The submission account of a mailbox."""
        port = self.smtps_port if security == "tls" else self.smtp_port
        return MailAccount(self.host, port, security, address, self.accounts[address], self.ca_file, 15)

    def imap_account(self, address: str, security: Security = "starttls") -> MailAccount:
        """The IMAP account of a mailbox."""
        port = self.imaps_port if security == "tls" else self.imap_port
        return MailAccount(self.host, port, security, address, self.accounts[address], self.ca_file, 15)

    def show(self, certificate: ServerCertificate) -> None:
        """From now on the servers show this certificate: the files are swapped and both read them anew."""
        self._mail.cert_file.write_bytes(certificate.cert_file.read_bytes())
        self._mail.key_file.write_bytes(certificate.key_file.read_bytes())
        for process in self._processes:
            process.send_signal(signal.SIGHUP)
        time.sleep(0.5)

    def log(self) -> str:
        """What both servers wrote into their logs."""
        paths = (self.root / "postfix/mail.log", self.root / "dovecot/dovecot.log")
        return "\n".join(path.read_text("utf-8", "replace") for path in paths if path.exists())

    # --- setting up ---------------------------------------------------------------------------------------------

    def _write_configuration(self) -> None:
        postfix, dovecot = self.root / "postfix", self.root / "dovecot"
        spool = postfix / "spool"
        owner, drop = pwd.getpwnam("postfix").pw_uid, grp.getgrnam("postdrop").gr_gid
        for folder, uid, gid, mode in (
            (postfix / "etc", 0, 0, 0o755),
            (postfix / "data", owner, pwd.getpwnam("postfix").pw_gid, 0o700),
            (spool, 0, 0, 0o755),
            (spool / "pid", 0, 0, 0o755),
            (spool / "private", owner, 0, 0o700),
            (spool / "public", owner, drop, 0o710),
            (spool / "maildrop", owner, drop, 0o1730),
            *((spool / name, owner, 0, 0o700) for name in _QUEUES),
            (dovecot / "mail", MAIL_UID, MAIL_UID, 0o700),
            (dovecot / "run", 0, 0, 0o755),
            (dovecot / "state", 0, 0, 0o755),
        ):
            folder.mkdir(parents=True, exist_ok=True)
            os.chown(folder, uid, gid)
            folder.chmod(mode)
        (postfix / "etc/main.cf").write_text(main_cf(self.root, list(self.accounts), self._mail, patient=self._patient))
        (postfix / "etc/master.cf").write_text(master_cf(self.smtp_port, self.smtps_port, self._greylist))
        (dovecot / "dovecot.conf").write_text(
            dovecot_conf(
                self.root,
                self.imap_port,
                self.imaps_port,
                self._mail,
                MAIL_UID,
                oauth=bool(self._token_info),
                quota_kib=self._quota_kib,
                idle=self._idle,
            )
        )
        (dovecot / "oauth2.conf").write_text(f"tokeninfo_url = {self._token_info}\nusername_attribute = email\n")
        users = dovecot / "users"
        users.write_text("".join(f"{name}:{{PLAIN}}{word}::::::\n" for name, word in self.accounts.items()))
        os.chown(users, 0, grp.getgrnam("dovecot").gr_gid)
        users.chmod(0o640)

    def _run(self, command: list[str]) -> None:
        environment = {"PATH": os.environ.get("PATH", ""), "MAIL_CONFIG": str(self.root / "postfix/etc")}
        process = subprocess.Popen(
            command,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        self._processes.append(process)

    def _wait_for(self, port: int) -> None:
        until = time.monotonic() + 10
        while time.monotonic() < until and self._processes[-1].poll() is None:
            try:
                with socket.create_connection(("127.0.0.1", port), 5) as connection:
                    if connection.recv(64):
                        return
            except OSError:
                pass
            time.sleep(0.01)
        raise RuntimeError(f"no mail server on port {port}\n{self.log()}")


_QUEUES = ("active", "bounce", "corrupt", "defer", "deferred", "flush", "hold", "incoming", "saved", "trace")


def free_ports(count: int) -> list[int]:
    """Ports of the loopback that are free now."""
    held = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [listener.getsockname()[1] for listener in held]
    for listener in held:
        listener.close()
    return ports
