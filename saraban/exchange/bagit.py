"""A bag of files for an archive, by RFC 8493 (BagIt 1.0), serialised as a ZIP: written as it goes, and verified without
trusting anything in it.

A bag says what is in it (`manifest-sha256.txt`), about itself (`bag-info.txt`), and both once more
(`tagmanifest-sha256.txt`); the files lie under `data/`.
"""

from __future__ import annotations

import hashlib
import re
import zipfile
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import IO, BinaryIO

DECLARATION = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
MANIFEST, TAG_MANIFEST, INFO = "manifest-sha256.txt", "tagmanifest-sha256.txt", "bag-info.txt"
_LINE = re.compile(r"([0-9a-fA-F]{64})[ \t]+\*?(.+)")
_OXUM = re.compile(r"(?m)^Payload-Oxum:\s*(\d+)\.(\d+)\s*$")
_CHUNK = 1 << 20
_EPOCH = (1980, 1, 1, 0, 0, 0)


def write_bag(out: BinaryIO, name: str, payload: Iterable[tuple[str, bytes]], info: Mapping[str, str]) -> int:
    """Write a bag of this name with these files (paths below `data/`); gives how many there are. The same files give
    the same bytes."""
    lines, octets = [], 0
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as bag:
        for path, data in payload:
            _put(bag, f"{name}/data/{path}", data)
            lines.append(f"{hashlib.sha256(data).hexdigest()}  {_escaped(f'data/{path}')}\n")
            octets += len(data)
        told = {**info, "Payload-Oxum": f"{octets}.{len(lines)}"}
        tags = {
            "bagit.txt": DECLARATION,
            INFO: "".join(f"{key}: {' '.join(value.split())}\n" for key, value in told.items()),
            MANIFEST: "".join(sorted(lines, key=lambda line: line[66:])),
        }
        for path, text in tags.items():
            _put(bag, f"{name}/{path}", text.encode())
        listed = "".join(f"{hashlib.sha256(text.encode()).hexdigest()}  {path}\n" for path, text in tags.items())
        _put(bag, f"{name}/{TAG_MANIFEST}", listed.encode())
    return len(lines)


def _put(bag: zipfile.ZipFile, path: str, data: bytes) -> None:
    entry = zipfile.ZipInfo(path, _EPOCH)
    entry.compress_type = zipfile.ZIP_DEFLATED
    bag.writestr(entry, data)


def _escaped(path: str) -> str:
    return path.replace("%", "%25").replace("\n", "%0A").replace("\r", "%0D")


def _plain(path: str) -> str:
    return path.replace("%0A", "\n").replace("%0D", "\r").replace("%25", "%")


def faults_of_bag(path: Path) -> tuple[int, list[str]]:
    """How many files a bag (a folder or a ZIP) holds, and what is wrong with it, in Thai; nothing when all is well."""
    if path.is_dir():
        root = path if (path / "bagit.txt").exists() else next((p.parent for p in path.glob("*/bagit.txt")), path)
        files = {p.relative_to(root).as_posix(): p for p in root.rglob("*") if p.is_file()}
        return _faults(set(files), lambda name: _of_stream(files[name].open("rb")), lambda n: files[n].read_bytes())
    try:
        with zipfile.ZipFile(path) as bag:
            names = {one.filename: one.filename.partition("/")[2] for one in bag.infolist() if not one.is_dir()}
            inside = {short: full for full, short in names.items() if short}
            return _faults(set(inside), lambda n: _of_stream(bag.open(inside[n])), lambda n: bag.read(inside[n]))
    except (zipfile.BadZipFile, OSError, RuntimeError):
        return 0, ["ไม่ใช่ไฟล์ ZIP ที่อ่านได้"]


def _faults(
    names: set[str], digest: Callable[[str], tuple[str, int]], read: Callable[[str], bytes]
) -> tuple[int, list[str]]:
    missing = [name for name in ("bagit.txt", MANIFEST) if name not in names]
    if missing:
        return 0, [f"ไม่มี {name}" for name in missing]
    found = [] if read("bagit.txt").decode("utf-8", "replace").startswith("BagIt-Version: ") else ["bagit.txt ไม่ถูกแบบ"]
    payload = {name for name in names if name.startswith("data/")}
    listed = _listed(read(MANIFEST))
    found += [f"มีไฟล์ที่ไม่อยู่ในบัญชี {name}" for name in sorted(payload - listed.keys())]
    octets = 0
    tags = _listed(read(TAG_MANIFEST)) if TAG_MANIFEST in names else {}
    for name, wanted in sorted({**listed, **tags}.items()):
        if name not in names:
            found.append(f"ไฟล์หาย {name}")
            continue
        got, size = digest(name)
        octets += size if name in listed else 0
        if got != wanted:
            found.append(f"ไฟล์ถูกแก้ {name}")
    oxum = _OXUM.search(read(INFO).decode("utf-8", "replace")) if INFO in names else None
    if oxum is not None and (int(oxum[1]), int(oxum[2])) != (octets, len(payload)):
        found.append("จำนวนไฟล์หรือขนาดรวมไม่ตรงกับ bag-info.txt")
    return len(payload), found


def _listed(data: bytes) -> dict[str, str]:
    lines = (_LINE.fullmatch(line) for line in data.decode("utf-8", "replace").splitlines())
    return {_plain(line[2].strip()): line[1].lower() for line in lines if line}


def _of_stream(stream: IO[bytes]) -> tuple[str, int]:
    sha, size = hashlib.sha256(), 0
    with stream as file:
        while chunk := file.read(_CHUNK):
            sha.update(chunk)
            size += len(chunk)
    return sha.hexdigest(), size
