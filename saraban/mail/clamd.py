"""A client of clamd, the daemon of ClamAV: the command INSTREAM over its socket (clamd(8)).

Every part is a length of four octets in network order and so many octets; a length of nought ends the stream. The
answer is one line: "stream: OK", "stream: NAME FOUND", or "… ERROR".
"""

from __future__ import annotations

import re
import socket
import struct
from collections.abc import Iterator

from saraban.domain.dispatch import SERVER_SAID
from saraban.usecases.viruses import ScannerAway, TooLargeToScan

_PART = 1 << 16
_LONGEST_ANSWER = 4096
_ANSWER = re.compile(r"^stream: (?:(OK)|(.{1,300}) FOUND)$")
_AWAY = "ตัวตรวจไวรัสไม่ตอบ"


class NoScanner:
    """None is set up."""

    on = False

    def virus_in(self, data: bytes) -> str:
        """Nothing is found, because nobody looks."""
        return ""


class Clamd:
    """A clamd that is asked at its socket, a path (/run/clamav/clamd.ctl) or host:port."""

    on = True

    def __init__(self, where: str, *, timeout_seconds: float = 60.0) -> None:
        self._where = where
        self._timeout = timeout_seconds

    def virus_in(self, data: bytes) -> str:
        """The name of the virus, or an empty text. Raises ScannerAway when clamd cannot be asked or answers nothing
        that is known, TooLargeToScan when it does not take so much."""
        try:
            answer = self._ask(data)
        except OSError as error:
            raise ScannerAway(f"{_AWAY}{SERVER_SAID}{error}") from error
        if "size limit exceeded" in answer:
            raise TooLargeToScan("ใหญ่เกินที่ตัวตรวจไวรัสรับได้")
        told = _ANSWER.match(answer)
        if told is None:
            raise ScannerAway(f"{_AWAY}เป็นคำที่รู้จัก{SERVER_SAID}{answer[:200]}")
        return told[2] or ""

    def _ask(self, data: bytes) -> str:
        with self._connected() as line:
            try:
                line.sendall(b"zINSTREAM\0")
                for part in _parts(data):
                    line.sendall(part)
            except (BrokenPipeError, ConnectionResetError):
                pass  # clamd stops listening at its limit of size and says so
            return _answer(line)

    def _connected(self) -> socket.socket:
        if self._where.startswith("/"):
            line = socket.socket(socket.AF_UNIX)
            try:
                line.settimeout(self._timeout)
                line.connect(self._where)
            except OSError:
                line.close()
                raise
            return line
        host, _, port = self._where.rpartition(":")
        line = socket.create_connection((host.strip("[]"), int(port)), timeout=self._timeout)
        return line


def _parts(data: bytes) -> Iterator[bytes]:
    for start in range(0, len(data), _PART):
        part = data[start : start + _PART]
        yield struct.pack("!L", len(part)) + part
    yield struct.pack("!L", 0)


def _answer(line: socket.socket) -> str:
    said = b""
    while not said.endswith(b"\0") and len(said) < _LONGEST_ANSWER:
        more = line.recv(_LONGEST_ANSWER)
        if not more:
            break
        said += more
    return said.rstrip(b"\0\r\n").decode("utf-8", "replace")
