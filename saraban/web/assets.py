"""Styles, scripts and fonts under an address that carries their version, so that browsers may keep them for a year.

The version stands in the path and not in the query: what styles and modules ask for relative to themselves (fonts,
other modules) then carries it too.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from flask import Flask, Response, send_from_directory

FOLDER = Path(__file__).resolve().parent / "static"
_YEAR_SECONDS = 31_536_000


def install(app: Flask) -> None:
    """Give the application the endpoint `static` (`filename`), with the version filled in."""
    version = tree_version(FOLDER)

    def static(version: str, filename: str) -> Response:
        known = version == app.config["STATIC_VERSION"]
        answer = send_from_directory(FOLDER, filename, max_age=_YEAR_SECONDS if known else 0, conditional=True)
        if known:
            answer.cache_control.public = True
            answer.cache_control.immutable = True
        return answer

    def fill_in(endpoint: str, values: dict[str, Any]) -> None:
        if endpoint == "static":
            values.setdefault("version", app.config["STATIC_VERSION"])

    app.config["STATIC_VERSION"] = version
    app.add_url_rule("/static/<version>/<path:filename>", "static", static)
    app.url_defaults(fill_in)


def tree_version(folder: Path) -> str:
    """Twelve hexadecimal digits that change when any file below the folder does."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:12]
