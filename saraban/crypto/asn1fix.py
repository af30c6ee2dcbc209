"""A cure for asn1crypto 1.5.1, to be called wherever pyHanko or asn1crypto is used.

There a definite length whose last octet is 0x80 (384 octets, say) is taken for an open-ended one of BER, and `dump()`
then encodes the structure anew, at every level and every time (github.com/wbond/asn1crypto, issue 256): a signature of
unlucky size takes from seconds to minutes. With the cure such a structure, when unchanged, gives back the bytes that it
was read from. A length that is really open-ended has a header of two octets, tag and 0x80, and is left as it was.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from asn1crypto import core

_LAST_OCTET = b"\x80"


def _only_looks_open_ended(value: Any) -> bool:
    header = value._header
    if header is None or len(header) <= 2 or header[-1:] != _LAST_OCTET:
        return False
    return not (hasattr(value, "_is_mutated") and value._is_mutated())


def _cured(original: Callable[[Any, bool], bytes]) -> Callable[..., bytes]:
    def dump(self: Any, force: bool = False) -> bytes:
        if force or not _only_looks_open_ended(self):
            return original(self, force)
        contents = self.contents  # Reading the contents may itself fill in or drop the header.
        if self._header is None:
            return original(self, force)
        return bytes(self._header + contents + self._trailer)

    dump.__dict__["cured"] = True
    return dump


def cure() -> None:
    """Mend asn1crypto in this process; a second time it does nothing."""
    for kind in (core.Asn1Value, core.Sequence, core.SequenceOf):
        if not getattr(kind.__dict__["dump"], "cured", False):
            kind.dump = _cured(kind.__dict__["dump"])
