"""A process apart for foreign files: whatever a file does to a parser happens there, within limits.

The parent starts one small server (`python -m saraban.rendering.quarantine FD MODULE …`) and hands it a socket for
every request (SCM_RIGHTS, unix(7)). The server loads the modules with their libraries once and forks a child for each
request; the child limits its own memory and processor time (setrlimit), does one of the modules' TASKS, answers and
dies. The server is single threaded, so forking it is safe, and it ends when its parent does.

On those sockets, both ways: eight octets of length, JSON; then eight octets of length, data.
"""

from __future__ import annotations

import importlib
import json
import os
import resource
import signal
import socket
import struct
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

DRAWING = (
    "saraban.rendering.foreign",
    "saraban.rendering.foreign_archive",
    "saraban.rendering.foreign_attached",
    "saraban.rendering.foreign_pictures",
    "saraban.rendering.foreign_photo",
    "saraban.rendering.foreign_copies",
    "saraban.rendering.foreign_emblem",
    "saraban.rendering.foreign_links",
    "saraban.rendering.foreign_ready",
    "saraban.rendering.foreign_signature",
    "saraban.rendering.foreign_sheets",
    "saraban.rendering.foreign_text",
    "saraban.rendering.foreign_words",
)
MEMORY = 700 * 2**20
"""Octets of address space for one task, the libraries included."""
PROCESSOR_SECONDS = 20
WALL_SECONDS = 40.0
_LARGEST_MESSAGE = 300 * 2**20
_LENGTH = struct.Struct(">Q")


class TaskFailed(Exception):
    """The task gave no result. `word` is stable: one of those of `foreign.Refused` (after a colon perhaps where), or
    "limits" when the child was stopped or ran out of memory, or "damaged" when the libraries gave up."""

    def __init__(self, word: str) -> None:
        super().__init__(word)
        self.word = word


class _Server:
    """The server of some modules in this process, with our end of its socket. It starts with the first task, and again
    in a process that was forked or when it was lost."""

    def __init__(self, modules: Sequence[str]) -> None:
        self._modules = modules
        self._lock = threading.Lock()
        self.process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        self._pid = 0

    def connected(self) -> socket.socket:
        """A socket whose other end the server has got; the server is started anew when there is none."""
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            with theirs, self._lock:
                if self.process is None or self._pid != os.getpid() or self.process.poll() is not None:
                    self._start()
                assert self._control is not None
                socket.send_fds(self._control, [b"+"], [theirs.fileno()])
        except OSError as error:
            ours.close()
            raise TaskFailed("limits") from error
        return ours

    def end(self) -> None:
        """End the server; running tasks end with their own limits."""
        with self._lock:
            self._forget()

    def _start(self) -> None:
        """Start the server with one end of a socket pair. It gets no environment but the path of this package, so no
        secret of ours is within reach of a foreign file."""
        self._forget()
        package = Path(__file__).resolve().parents[2]
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "saraban.rendering.quarantine", str(theirs.fileno()), *self._modules],
                stdin=subprocess.DEVNULL,
                pass_fds=(theirs.fileno(),),
                env={"PYTHONPATH": str(package), "PATH": os.defpath, "LANG": "C.UTF-8"},
                cwd="/",
            )
        self._pid = os.getpid()

    def _forget(self) -> None:
        """Let go of the server; it ends when the last end of its socket is closed."""
        if self._control is not None:
            self._control.close()
        if self.process is not None and self._pid == os.getpid():
            self.process.wait(timeout=10)
        self._control, self.process = None, None


_servers: dict[tuple[str, ...], _Server] = {}


class Quarantine:
    """The parent's side; may be shared by threads. All that do the same modules in a process share one server: a
    request carries its own limits."""

    def __init__(
        self,
        modules: Sequence[str] = DRAWING,
        *,
        memory: int = MEMORY,
        wall_seconds: float = WALL_SECONDS,
        processor_seconds: int = PROCESSOR_SECONDS,
    ) -> None:
        """Takes the names of the modules whose TASKS are done there, and the limits of one task."""
        self._server = _servers.setdefault(tuple(modules), _Server(modules))
        self._memory, self._wall, self._processor = memory, wall_seconds, processor_seconds

    @property
    def server(self) -> subprocess.Popen[bytes] | None:
        """The process that serves, when it was started."""
        return self._server.process

    def run(self, task: str, data: bytes, **arguments: int | float) -> bytes:
        """Do a task of the modules on the data in a child. Raises TaskFailed."""
        limits = {"memory": self._memory, "processor": self._processor, "wall": self._wall}
        head = json.dumps({"task": task, "arguments": arguments, **limits}).encode()
        try:
            with self._server.connected() as connection:
                connection.settimeout(self._wall)
                try:
                    _send(connection, head, data)
                except (BrokenPipeError, ConnectionResetError):
                    raise TaskFailed("limits") from None
                answer, result = _receive(connection)
        except (TimeoutError, EOFError, ConnectionResetError) as error:
            raise TaskFailed("limits") from error
        word = json.loads(answer)["refused"]
        if word:
            raise TaskFailed(str(word))
        return result

    def close(self) -> None:
        """End the server; running tasks end with their own limits, and whoever has another task starts it again."""
        self._server.end()


# --- the server's side ----------------------------------------------------------------------------------------


Tasks = Mapping[str, Callable[[bytes, Mapping[str, int | float]], bytes]]


def serve(control: socket.socket, modules: Sequence[str]) -> None:
    """Fork a child for every socket that comes through `control`, until its other end is closed."""
    importlib.import_module("saraban.rendering.foreign")  # which every child needs for its refusals
    tasks = {word: task for name in modules for word, task in importlib.import_module(name).TASKS.items()}

    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    while True:
        message, sockets, _, _ = socket.recv_fds(control, 1, 1)
        if not message:
            return
        for number in sockets:
            with socket.socket(fileno=number) as connection:
                if os.fork() == 0:
                    control.close()
                    try:
                        _answer(connection, tasks)
                    finally:
                        os._exit(0)


def _answer(connection: socket.socket, tasks: Tasks) -> None:
    """One task, in the child, within its limits."""
    signal.alarm(int(WALL_SECONDS))
    head, data = _receive(connection)
    request = json.loads(head)
    signal.alarm(max(1, int(request["wall"])))
    _limit(int(request["memory"]), int(request["processor"]))
    word, result = _done(tasks[str(request["task"])], data, request["arguments"])
    _send(connection, json.dumps({"refused": word}).encode(), result)


def _done(
    task: Callable[[bytes, Mapping[str, int | float]], bytes], data: bytes, arguments: Mapping[str, int | float]
) -> tuple[str, bytes]:
    """(why refused or "", result). Any error of the libraries is a property of the file and not of ours."""
    from saraban.rendering.foreign import Refused

    try:
        return "", task(data, arguments)
    except Refused as refused:
        return str(refused), b""
    except MemoryError:
        return "limits", b""
    except Exception:
        return "damaged", b""


def _limit(memory: int, processor_seconds: int) -> None:
    """No more memory than allowed beyond what the request itself takes, little processor time, no files, no core."""
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (processor_seconds, processor_seconds))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


# --- the wire between them ------------------------------------------------------------------------------------


def _send(connection: socket.socket, *parts: bytes) -> None:
    for part in parts:
        connection.sendall(_LENGTH.pack(len(part)))
        connection.sendall(part)


def _receive(connection: socket.socket) -> tuple[bytes, bytes]:
    return _part(connection), _part(connection)


def _part(connection: socket.socket) -> bytes:
    (length,) = _LENGTH.unpack(_exactly(connection, _LENGTH.size))
    if length > _LARGEST_MESSAGE:
        raise EOFError("message too long")
    return bytes(_exactly(connection, length))


def _exactly(connection: socket.socket, length: int) -> bytearray:
    """So many octets; EOFError when the other side is gone."""
    out = bytearray(length)
    view, at = memoryview(out), 0
    while at < length:
        count = connection.recv_into(view[at:], min(length - at, 2**20))
        if count == 0:
            raise EOFError("connection closed")
        at += count
    return out


if __name__ == "__main__":
    serve(socket.socket(fileno=int(sys.argv[1])), sys.argv[2:])
