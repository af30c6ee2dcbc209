"""Reads samples and mutants in a process of its own, as the worker's child does, and tells what it took.

`python -m tests.torture.reading_hand` prints a JSON object: how many samples, which of them raised and what, the
seconds, and by how many kilobytes the process grew beyond what it was before the first of them.
"""

from __future__ import annotations

import json
import time
from pathlib import Path

from saraban.exchange.parse import Unreadable, read_message
from tests.torture.samples import samples


def main() -> None:
    """Read all of them, one after the other."""
    read_message(b"From: <a@b.go.th>\r\nSubject: the first is dear\r\n\r\nx\r\n")
    base, raised, refused, count, slowest = _peak(), {}, 0, 0, 0.0
    start = time.monotonic()
    for name, raw in samples():
        begun = time.monotonic()
        try:
            read_message(raw)
        except Unreadable:
            refused += 1
        except BaseException as error:
            raised[name] = repr(error)
        count += 1
        slowest = max(slowest, time.monotonic() - begun)
    told = {"count": count, "raised": raised, "refused": refused, "slowest": slowest}
    print(json.dumps(told | {"seconds": time.monotonic() - start, "grown_kb": _peak() - base}))


def _peak() -> int:
    """The most memory that this process ever had, in kilobytes. `getrusage` would tell that of its parent before it."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:"))


if __name__ == "__main__":
    main()
