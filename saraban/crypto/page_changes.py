"""What came into a PDF after a signature: the difference of two of its revisions in words that a clerk understands.

Whether a change is allowed is judged by pyHanko's analysis (ISO 32000-2, 12.8.2.2); here it only gets its names.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.reader import HistoricalResolver, PdfFileReader

from saraban.crypto import asn1fix
from saraban.domain.page_signature import Change

asn1fix.cure()

MOST_PAGES = 5_000
_DEEPEST_TREE = 50
_LOOK_OF_A_PAGE = ("/Resources", "/MediaBox", "/CropBox", "/Rotate", "/UserUnit")


def changes_between(reader: PdfFileReader, revision: int) -> set[Change]:
    """What is otherwise in the file as it is than in that revision of it; signatures and their proofs are left out, but
    for the store of certificates and revocation lists. Raises whatever pyHanko raises on a damaged file."""
    old = reader.get_historical_resolver(revision)
    new = reader.get_historical_resolver(reader.xrefs.total_revisions - 1)
    found = set()
    if _written(_get(new.root, "/DSS")) != _written(_get(old.root, "/DSS")):
        found.add(Change.PROOF_ADDED)
    if dict(_values(old)) != dict(_values(new)):
        found.add(Change.FORM_FILLED)
    return found | _of_pages(list(_pages(old)), list(_pages(new)))


def _of_pages(old: list[Any], new: list[Any]) -> set[Change]:
    found = set()
    if len(new) != len(old):
        found.add(Change.PAGES_ADDED if len(new) > len(old) else Change.PAGES_REMOVED)
    for before, after in zip(old, new, strict=False):
        if _drawn(before) != _drawn(after):
            found.add(Change.CONTENT_CHANGED)
        if sorted(_notes(before)) != sorted(_notes(after)):
            found.add(Change.NOTES_CHANGED)
    return found


def _pages(handler: HistoricalResolver) -> Iterator[Any]:
    """The pages in their order, at most MOST_PAGES."""
    waiting, seen = [(handler.root["/Pages"], 0)], 0
    while waiting and seen < MOST_PAGES:
        node, depth = waiting.pop()
        if "/Kids" in node and depth < _DEEPEST_TREE:
            waiting.extend((kid.get_object(), depth + 1) for kid in reversed(node["/Kids"]))
        elif "/Kids" not in node:
            seen += 1
            yield node


def _drawn(page: Any) -> list[bytes]:
    """What a page draws: its content streams and the entries that decide how it looks."""
    contents = _get(page, "/Contents")
    streams = [one.get_object() for one in contents] if isinstance(contents, generic.ArrayObject) else [contents]
    drawn = [bytes(one.encoded_data) for one in streams if isinstance(one, generic.StreamObject)]
    return drawn + [_written(_get(page, key)) for key in _LOOK_OF_A_PAGE]


def _notes(page: Any) -> Iterator[bytes]:
    """What is laid over a page, without the fields of forms."""
    for reference in _get(page, "/Annots") or ():
        note = reference.get_object()
        if _get(note, "/Subtype") != "/Widget":
            yield _written(note)


def _values(handler: HistoricalResolver) -> Iterator[tuple[str, bytes]]:
    """The fields of the form with what stands in them, signatures left out."""
    form = _get(handler.root, "/AcroForm") or {}
    waiting = [("", field.get_object(), "", 0) for field in _get(form, "/Fields") or ()]
    while waiting:
        prefix, field, inherited, depth = waiting.pop()
        name, kind = f"{prefix}.{_get(field, '/T')}", str(_get(field, "/FT") or inherited)
        kids = [kid for one in _get(field, "/Kids") or () if "/T" in (kid := one.get_object())]
        if depth < _DEEPEST_TREE:
            waiting.extend((name, kid, kind, depth + 1) for kid in kids)
        if kind and kind != "/Sig" and not kids:
            yield name, _written(_get(field, "/V"))


def _get(holder: Any, key: str) -> Any:
    """The value under a key, found where it is only referred to; None for none."""
    try:
        return holder[key]
    except KeyError:
        return None


def _written(value: Any) -> bytes:
    """A value as it stands in a file, what it refers to left out."""
    if value is None:
        return b""
    out = io.BytesIO()
    value.write_to_stream(out, None)
    return out.getvalue()
