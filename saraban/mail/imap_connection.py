"""imaplib with a reader of our own: each wait is bounded, and a time-out loses no half-read line (RFC 3501, 2177)."""

from __future__ import annotations

import imaplib
import socket
import ssl
import time
from contextlib import suppress

from saraban.mail.accounts import MailAccount

# A command may take this many time-outs altogether before it counts as stuck, so that a trickle cannot hold us forever.
_PATIENCE = 10
_LONGEST_LINE = 1_000_000


class CommandStuck(OSError):
    """The server kept sending, but the command did not end in a reasonable time."""


class StartTlsMissing(OSError):
    """The server does not encrypt although the account asks for it."""


class BoundedImap(imaplib.IMAP4):
    """A verified connection. Raises OSError, ssl.SSLError or imaplib.IMAP4.error/abort, as its parent does."""

    def __init__(self, account: MailAccount) -> None:
        self._account = account
        self._buffer = bytearray()
        self._deadline = time.monotonic() + account.timeout_seconds * _PATIENCE
        super().__init__(account.host, account.port, account.timeout_seconds)
        if account.security == "starttls":
            try:
                self._encrypt()
            except BaseException:
                # A failed handshake has closed the socket already.
                with suppress(OSError):
                    self.shutdown()
                raise

    def _encrypt(self) -> None:
        """STARTTLS by our own hand: imaplib's would leave what came before the handshake to be believed after it."""
        if "STARTTLS" not in self.capabilities:
            raise StartTlsMissing("the server offers no STARTTLS")
        status, answers = self._simple_command("STARTTLS")
        if status != "OK":
            raise StartTlsMissing(f"the server refused STARTTLS: {answers!r}")
        if self._buffer:
            raise self.abort("data in clear before the TLS handshake")
        self.untagged_responses.clear()
        self.sock = self._account.tls_context().wrap_socket(self.sock, server_hostname=self._account.host)
        self.file = self.sock.makefile("rb")
        self._tls_established = True
        self._get_capabilities()

    def _create_socket(self, timeout: float | None) -> socket.socket:
        connection = socket.create_connection((self.host, self.port), timeout)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if self._account.security != "tls":
            return connection
        try:
            return self._account.tls_context().wrap_socket(connection, server_hostname=self._account.host)
        except BaseException:
            connection.close()
            raise

    def begin(self) -> None:
        """A new command begins: it has the whole patience before it."""
        self._deadline = time.monotonic() + self._account.timeout_seconds * _PATIENCE

    def extend(self, seconds: float) -> None:
        """The command will wait for so long on purpose."""
        self._deadline += seconds

    def read(self, size: int) -> bytes:
        """Exactly `size` octets of a literal."""
        while len(self._buffer) < size:
            self._receive(max(4096, min(size - len(self._buffer), 262_144)))
        return self._taken(size)

    def readline(self) -> bytes:
        """A line with its end; empty when the server has closed."""
        searched = 0
        while (end := self._buffer.find(b"\n", searched)) < 0:
            searched = len(self._buffer)
            if searched > _LONGEST_LINE:
                raise self.error(f"got more than {_LONGEST_LINE} bytes in a line")
            try:
                self._receive(16_384)
            except EOFError:
                return b""
        return self._taken(end + 1)

    def line_within(self, seconds: float) -> bytes | None:
        """The next line, or None when none is complete after so many seconds; a half line stays for later."""
        until = time.monotonic() + seconds
        try:
            while b"\n" not in self._buffer:
                left = until - time.monotonic()
                if left <= 0:
                    return None
                self.sock.settimeout(left)
                try:
                    self._receive(16_384)
                except (TimeoutError, ssl.SSLWantReadError):
                    return None
        finally:
            self.sock.settimeout(self._account.timeout_seconds)
        return self.readline()

    def _receive(self, most: int) -> None:
        if time.monotonic() > self._deadline:
            raise CommandStuck("the server did not finish its answer in time")
        data = self.sock.recv(most)
        if not data:
            raise EOFError("the server closed the connection")
        self._buffer += data

    def _taken(self, size: int) -> bytes:
        taken = bytes(self._buffer[:size])
        del self._buffer[:size]
        return taken
