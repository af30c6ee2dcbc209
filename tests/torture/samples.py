"""Bad mail of the real world: that of the checkout, and whatever lies in the folder that SARABAN_MAIL_SAMPLES names."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Iterator
from pathlib import Path

MAIL = Path(__file__).parents[1] / "assets" / "mail"
FOLDER = "SARABAN_MAIL_SAMPLES"
_NO_MAIL = ("LICENSE", "README.md")


def samples() -> Iterator[tuple[str, bytes]]:
    """Each sample by name: the sets of the checkout, the notices beside them, and every file of the other folder."""
    with zipfile.ZipFile(MAIL / "sisimai.zip") as archive:
        yield from ((name, archive.read(name)) for name in archive.namelist() if name not in _NO_MAIL)
    for folder in (MAIL, *elsewhere()):
        for path in sorted(folder.rglob("*")):
            if path.is_file() and path.name not in _NO_MAIL and path.suffix != ".zip":
                yield path.relative_to(folder).as_posix(), path.read_bytes()


def elsewhere() -> list[Path]:
    """The folder of further samples, where one is named."""
    return [Path(os.environ[FOLDER])] if os.environ.get(FOLDER) else []
