"""Is a DOCX such as Word opens? The order of elements as the schema has it (ECMA-376-1, annex A), references that lead
somewhere, marks that are whole."""

from __future__ import annotations

import io
import posixpath
import zipfile
from collections import Counter
from typing import Any

from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_ORDER = {
    "rPr": "rStyle rFonts b bCs i iCs caps smallCaps strike dstrike outline shadow emboss imprint noProof snapToGrid "
    "vanish webHidden color spacing w kern position sz szCs highlight u effect bdr shd fitText vertAlign rtl cs em "
    "lang eastAsianLayout specVanish oMath",
    "pPr": "pStyle keepNext keepLines pageBreakBefore framePr widowControl numPr suppressLineNumbers pBdr shd tabs "
    "suppressAutoHyphens kinsoku wordWrap overflowPunct topLinePunct autoSpaceDE autoSpaceDN bidi adjustRightInd "
    "snapToGrid spacing ind contextualSpacing mirrorIndents suppressOverlap jc textDirection textAlignment "
    "textboxTightWrap outlineLvl divId cnfStyle rPr sectPr pPrChange",
    "tblPr": "tblStyle tblpPr tblOverlap bidiVisual tblStyleRowBandSize tblStyleColBandSize tblW jc tblCellSpacing "
    "tblInd tblBorders shd tblLayout tblCellMar tblLook tblCaption tblDescription",
    "tcPr": "cnfStyle tcW gridSpan hMerge vMerge tcBorders shd noWrap tcMar textDirection tcFitText vAlign hideMark",
    "sectPr": "headerReference footerReference footnotePr endnotePr type pgSz pgMar paperSrc pgBorders lnNumType "
    "pgNumType cols formProt vAlign noEndnote titlePg textDirection bidi rtlGutter docGrid printerSettings",
    "tblCellMar": "top start left bottom end right",
    "tbl": "bookmarkStart bookmarkEnd tblPr tblGrid tr",
    "anchor": "simplePos positionH positionV extent effectExtent wrapNone wrapSquare docPr cNvGraphicFramePr graphic",
}
_ORDERS = {name: order.split() for name, order in _ORDER.items()}


def faults(data: bytes) -> list[str]:
    """What Word would not take, or would take only after it has asked; empty when all is well."""
    package = zipfile.ZipFile(io.BytesIO(data))
    names = package.namelist()
    out = [f"twice: {name}" for name, times in Counter(names).items() if times > 1]
    types = etree.fromstring(package.read("[Content_Types].xml"))
    known = {one.get("PartName") for one in types} | {one.get("Extension") for one in types}
    for name in names:
        if name.endswith(".rels"):
            out += _broken(package, name)
        elif f"/{name}" not in known and name.rpartition(".")[2] not in known and name != "[Content_Types].xml":
            out.append(f"no type: {name}")
        elif name.startswith("word/") and name.endswith(".xml"):
            out += [f"{name}: {fault}" for fault in _in_part(etree.fromstring(package.read(name)))]
    return out


def _in_part(root: Any) -> list[str]:
    out = []
    for element in root.iter(etree.Element):
        name = element.tag.rpartition("}")[2]
        order = _ORDERS.get(name)
        if order is not None and name in ("rPr", "pPr", "sectPr", "tblPr", "tcPr", "anchor"):
            children = [child.tag.rpartition("}")[2] for child in element]
            strange = [child for child in children if child not in order]
            places = [order.index(child) for child in children if child in order]
            if strange or places != sorted(places):
                out.append(f"{name} has {children}")
            doubled = [child for child, times in Counter(children).items() if times > 1 and "Reference" not in child]
            out += [f"{name} has {child} twice" for child in doubled]
    # A cell ends with a paragraph, and properties stand first.
    out += ["a cell without a paragraph at its end" for cell in root.iter(f"{W}tc") if cell[-1].tag != f"{W}p"]
    out += ["pPr is not first" for p in root.iter(f"{W}p") for at, one in enumerate(p) if one.tag == f"{W}pPr" and at]
    begun = Counter(one.get(f"{W}id") for one in root.iter(f"{W}bookmarkStart"))
    ended = Counter(one.get(f"{W}id") for one in root.iter(f"{W}bookmarkEnd"))
    out += ["bookmarks are not whole"] * (begun != ended or any(times > 1 for times in begun.values()))
    numbers = Counter(one.get("id") for one in root.iter() if one.tag.endswith("}docPr"))
    return out + [f"two pictures have the number {number}" for number, times in numbers.items() if times > 1]


def _broken(package: zipfile.ZipFile, name: str) -> list[str]:
    folder = name.replace("_rels/", "").rpartition("/")[0]
    out = []
    for one in etree.fromstring(package.read(name)):
        target = one.get("Target") or ""
        whole = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
        if one.get("TargetMode") != "External" and whole not in package.namelist():
            out.append(f"{name} leads to {target}, which is not there")
    return out
