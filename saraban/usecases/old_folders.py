"""Folders of old systems, as use cases see them; `storage` implements the Protocol."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import BinaryIO, Protocol

from saraban.domain.attachment import Digest


@dataclass(frozen=True)
class Cleared:
    """How many files left a folder, and how many stay in it beside the sheet."""

    gone: int
    left: int


class OldFolders(Protocol):
    """Where the administrator of the machine puts what comes from old systems: folders by agency."""

    def place(self, agency_code: str) -> str:
        """The path in which an agency's folders are expected, as it is told to people."""
        ...

    def names(self, agency_code: str) -> Sequence[str]:
        """The folders that hold a sheet."""
        ...

    def lay(self, agency_code: str, folder: str, sent: Sequence[tuple[str, BinaryIO]]) -> int:
        """Lay files, by name, into a folder, ZIPs unpacked; how many that were. What lies there under the same name is
        replaced. Raises BadInput for what must not be unpacked, and then nothing has changed."""
        ...

    def sheet(self, agency_code: str, folder: str) -> tuple[str, bytes]:
        """The folder's sheet: its name and its bytes. Raises NotFound, and BadInput when there is none or several."""
        ...

    def size(self, agency_code: str, folder: str, path: str) -> int | None:
        """Octets of a file in the folder; None when it is not there or not in it."""
        ...

    def open(self, agency_code: str, folder: str, path: str) -> BinaryIO:
        """A file in the folder."""
        ...

    def clear(self, agency_code: str, folder: str, goes: Callable[[PurePosixPath, Digest], bool]) -> Cleared:
        """Take the files off the disk of which `goes` says so, who is asked with the path in the folder and the bytes;
        the sheet stays. Raises NotFound for a folder that is not there."""
        ...
