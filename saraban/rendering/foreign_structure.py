"""The logical structure of a PDF on whose pages something is laid (ISO 32000-1, 14.7). Runs in the quarantine only.

What a page had becomes a form then, so the structure must lead into the form; what is laid on the page becomes
paragraphs behind all others. A structure that cannot be read is taken away rather than left to lead nowhere.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, NumberTree

_MOST_MARKS = 100_000


def moved_into_form(document: pikepdf.Pdf, page: pikepdf.Page, form: Any, parts: int) -> list[str]:
    """Make the structure of the page that of the form, which shows what the page showed, and add an element for each
    of the parts that are laid on it. Gives the operators that begin those parts, each ended by EMC; none of them for a
    file without structure."""
    root = document.Root.get("/StructTreeRoot")
    if not isinstance(root, Dictionary):
        return [""] * parts
    try:
        tree = NumberTree(root.ParentTree)
        key = page.obj.get("/StructParents")
        if key is not None:
            _lead_into(tree[int(key)], page, form)
            form.StructParents = int(key)
        page.obj.StructParents = _added(document, root, tree, page, parts)
    except (AttributeError, LookupError, TypeError, ValueError, RuntimeError, pikepdf.PdfError):
        _take_away(document, page)
        return [""] * parts
    return [f"/P <</MCID {number}>> BDC" for number in range(parts)]


def _lead_into(elements: Any, page: pikepdf.Page, form: Any) -> None:
    """Let the marks of these elements that lie on the page be looked for in the form."""
    seen: set[tuple[int, int]] = set()
    for element in elements:
        if not isinstance(element, Dictionary) or element.objgen in seen:
            continue
        seen.add(element.objgen)
        kids = element.K if isinstance(element.K, Array) else Array([element.K])
        element.K = Array(list(_led(kids, element, page, form)))


def _led(kids: Any, element: Any, page: pikepdf.Page, form: Any) -> Iterator[Any]:
    if len(kids) > _MOST_MARKS:
        raise ValueError("too many marks")
    for kid in kids:
        if isinstance(kid, Dictionary):
            if kid.get("/Type") == Name.MCR and "/Stm" not in kid and _is(kid.get("/Pg", element.get("/Pg")), page):
                kid.Pg, kid.Stm = page.obj, form
            yield kid
        elif _is(element.get("/Pg"), page):
            yield Dictionary(Type=Name.MCR, Pg=page.obj, Stm=form, MCID=kid)
        else:
            yield kid


def _is(other: Any, page: pikepdf.Page) -> bool:
    return isinstance(other, Dictionary) and other.objgen == page.obj.objgen


def _added(document: pikepdf.Pdf, root: Any, tree: NumberTree, page: pikepdf.Page, parts: int) -> int:
    """The key of the page with so many new paragraphs at the end of the document."""
    top = root.K[0] if isinstance(root.K, Array) and len(root.K) == 1 else root.K
    above = top if isinstance(top, Dictionary) and top.get("/S") == Name.Document else root
    if isinstance(above.K, Dictionary):
        above.K = Array([above.K])
    new = [
        document.make_indirect(Dictionary(Type=Name.StructElem, S=Name.P, P=above, Pg=page.obj, K=number))
        for number in range(parts)
    ]
    above.K.extend(new)
    key = max((int(number) for number in tree), default=-1) + 1
    tree[key] = Array(new)
    root.ParentTreeNextKey = key + 1
    return key


def _take_away(document: pikepdf.Pdf, page: pikepdf.Page) -> None:
    for holder, key in ((document.Root, "/StructTreeRoot"), (document.Root, "/MarkInfo"), (page.obj, "/StructParents")):
        if key in holder:
            del holder[key]
