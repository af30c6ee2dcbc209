"""What a page means, for those who do not see it: the logical structure of a document (ISO 32000-1, 14.7 and 14.8).

While pages are drawn, everything on them is marked: text and pictures with the element of the structure that they
belong to, all else as an artifact. At the end the tree of the elements is put into reportlab's file, in the order in
which they were drawn, which is that of reading.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from reportlab.pdfbase.pdfdoc import PDFObject

PAGINATION = "/Artifact <</Type /Pagination>> BDC"
_ORNAMENT = "/Artifact <</Type /Layout>> BDC"
_ATTRIBUTES = {"TH": " /A <</O /Table /Scope /Column>>"}
_PICTURE = "Figure"


class Part(NamedTuple):
    """An element: its standard type (ISO 32000-1, 14.8.4), and what tells it from its neighbours. That of a picture is
    what is said in its stead."""

    tag: str
    key: object


Path = tuple[Part, ...]
"""An element by those that hold it, the outermost first."""


class _Node:
    """An element with what belongs to it: other elements, and marks as (page, number)."""

    def __init__(self, part: Part) -> None:
        self.part = part
        self.kids: list[_Node | tuple[int, int]] = []
        self.box: tuple[float, float, float, float] | None = None
        self.number = 0


class _Raw(PDFObject):  # type: ignore[misc]
    """An object of the file that is written already."""

    __RefOnly__ = 1

    def __init__(self, text: str) -> None:
        self.text = text

    def format(self, document: Any) -> bytes:
        """As reportlab asks for it."""
        del document
        return self.text.encode("ascii")


class Tags:
    """The marks of one document on its way onto pages. `area` parts elements that would have equal paths."""

    def __init__(self, canvas: Any) -> None:
        self._canvas = canvas
        self._root = _Node(Part("Document", None))
        self._nodes: dict[tuple[int, Path], _Node] = {}
        self._pages: list[list[_Node]] = [[]]
        self._open: object = None

    def element(self, area: int, path: Path) -> None:
        """What is drawn from here on belongs to this element."""
        place = (area, path)
        if self._open == place:
            return
        self.close()
        node = self._nodes.get(place) or self._made(area, path)
        marks = self._pages[-1]
        number = len(marks)
        marks.append(node)
        node.kids.append((len(self._pages) - 1, number))
        self._canvas._code.append(f"/{path[-1].tag} <</MCID {number}>> BDC")
        self._open = place

    def picture(self, area: int, words: str, box: tuple[float, float, float, float]) -> None:
        """What is drawn from here on is a picture within this box, for which these words are said."""
        path = (Part(_PICTURE, words),)
        self.element(area, path)
        self._nodes[area, path].box = box

    def artifact(self, begin: str = _ORNAMENT) -> None:
        """What is drawn from here on is no content: rules, page numbers (ISO 32000-1, 14.8.2.2)."""
        if self._open == begin:
            return
        self.close()
        self._canvas._code.append(begin)
        self._open = begin

    def close(self) -> None:
        """End what is open."""
        if self._open is not None:
            self._canvas._code.append("EMC")
            self._open = None

    def end_page(self) -> None:
        """The next marks stand on another page. Call it before the canvas ends its page."""
        self.close()
        self._pages.append([])

    def write(self) -> None:
        """Put the tree into the file, all of whose pages are ended. Which page has which marks (its StructParents, its
        index here) `pdfa.py` writes, since reportlab's pages have no such entry."""
        document = self._canvas._doc
        pages = [document.idToObjectNumberAndVersion[f"Page{n + 1}"][0] for n in range(len(self._pages) - 1)]
        ordered = [self._root, *self._nodes.values()]
        raws = []
        for node in ordered:
            raw = _Raw("")
            name = document.Reference(raw).name
            node.number = document.idToObjectNumberAndVersion[name][0]
            raws.append(raw)
        tops = []
        for number, marks in enumerate(self._pages[:-1]):
            tops.append(f"{number} [{' '.join(f'{node.number} 0 R' for node in marks)}]")
        tree = _Raw("")
        root = document.idToObjectNumberAndVersion[document.Reference(tree).name][0]
        tree.text = (
            f"<</Type /StructTreeRoot /K [{self._root.number} 0 R] "
            f"/ParentTree <</Nums [{' '.join(tops)}]>> /ParentTreeNextKey {len(tops)}>>"
        )
        self._write(self._root, root, pages, dict(zip(ordered, raws, strict=True)))
        document.Catalog.StructTreeRoot = tree
        document.Catalog.MarkInfo = _Raw("<</Marked true>>")

    def _made(self, area: int, path: Path) -> _Node:
        """A new element, last among those of the element around it, which is made as well when it is not there."""
        node = _Node(path[-1])
        around = path[:-1]
        above = (self._nodes.get((area, around)) or self._made(area, around)) if around else self._root
        above.kids.append(node)
        self._nodes[area, path] = node
        return node

    def _write(self, node: _Node, above: int, pages: list[int], raws: dict[_Node, _Raw]) -> None:
        home, kids = -1, []
        for kid in node.kids:
            if isinstance(kid, _Node):
                kids.append(f"{kid.number} 0 R")
                self._write(kid, node.number, pages, raws)
            elif home in (-1, kid[0]):
                home = kid[0]
                kids.append(str(kid[1]))
            else:
                kids.append(f"<</Type /MCR /Pg {pages[kid[0]]} 0 R /MCID {kid[1]}>>")
        tag, key = node.part
        more = _ATTRIBUTES.get(tag, "")
        if tag == _PICTURE:
            more = f" /Alt <FEFF{str(key).encode('utf-16-be').hex()}>"
            if node.box is not None:
                edges = " ".join(f"{edge:.2f}" for edge in node.box)
                more += f" /A <</O /Layout /Placement /Block /BBox [{edges}]>>"
        if home >= 0:
            more += f" /Pg {pages[home]} 0 R"
        raws[node].text = f"<</Type /StructElem /S /{tag} /P {above} 0 R{more} /K [{' '.join(kids)}]>>"
