"""From reportlab's PDF to PDF/A-3 (ISO 19005-3): output intent, XMP metadata, identifier, attached data. A file with a
structure (`tagging.py`) becomes PDF/A-3a, any other PDF/A-3u.

It runs before signing; after a signature nothing may be rewritten.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from xml.sax.saxutils import escape

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream, String
from PIL import ImageCms

from saraban.domain.calendar import office_time

PRODUCER = "Saraban"
ATTACHMENT = "letter.json"
_ABOUT = "ข้อมูลของหนังสือฉบับนี้"
_AMBIGUOUS_END = b"\r\nendstream"


@dataclass(frozen=True)
class AttachedData:
    """Data of the pages that machines read instead of them."""

    name: str
    media_type: str
    data: bytes
    about: str


def to_pdfa(
    pdf: bytes,
    *,
    title: str,
    author: str,
    at: datetime,
    data: bytes | None = None,
    files: Sequence[AttachedData] = (),
) -> bytes:
    """The same pages as PDF/A-3. `at` is the time of making (aware); `data` is attached as letter.json, `files` (in the
    order of their names) as they are called, related to the document as its data (ISO 19005-3, 6.8 and annex E). Equal
    input gives equal bytes."""
    if data is not None:
        files = (AttachedData(ATTACHMENT, "application/json", data, _ABOUT),)
    made = office_time(at).replace(microsecond=0)
    pdf_date = made.strftime("D:%Y%m%d%H%M%S") + "+07'00'"
    with pikepdf.open(io.BytesIO(pdf)) as document:
        is_tagged = Name.StructTreeRoot in document.Root
        _describe(document, title, author, made, pdf_date, "A" if is_tagged else "U")
        if is_tagged:
            _find_structure(document)
        _set_output_intent(document)
        if files:
            _attach(document, files, pdf_date)
        made_file = _saved(document)
    if _AMBIGUOUS_END not in made_file:
        return made_file
    with pikepdf.open(io.BytesIO(made_file)) as document:
        _end_plainly(document)
        return _saved(document, compress_streams=False)


def _saved(document: pikepdf.Pdf, *, compress_streams: bool = True) -> bytes:
    out = io.BytesIO()
    document.save(
        out,
        deterministic_id=True,
        min_version="1.7",
        object_stream_mode=pikepdf.ObjectStreamMode.generate,
        compress_streams=compress_streams,
    )
    return out.getvalue()


def _end_plainly(document: pikepdf.Pdf) -> None:
    """Leave unpacked what packed ends with a carriage return (its checksum does, whatever the level): strict readers
    take it for a part of the line end before `endstream` (ISO 19005-3, 6.1.7.1), and the length is wrong to them."""
    for one in document.objects:
        if isinstance(one, Stream) and one.read_raw_bytes().endswith(b"\r"):
            one.write(one.read_bytes())


@cache
def _srgb() -> bytes:
    """An sRGB profile. LittleCMS writes the present time into its head (ICC.1, 7.2); ours is fixed, for equal bytes."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    profile[24:36] = b"".join(part.to_bytes(2, "big") for part in (2026, 1, 1, 0, 0, 0))
    profile[84:100] = bytes(16)
    return bytes(profile)


def _set_output_intent(document: pikepdf.Pdf) -> None:
    """Colours mean sRGB (ISO 19005-3, 6.2.3)."""
    profile = Stream(document, _srgb())
    profile.N = 3
    intent = Dictionary(
        Type=Name.OutputIntent,
        S=Name.GTS_PDFA1,
        OutputConditionIdentifier=String("sRGB IEC61966-2.1"),
        Info=String("sRGB IEC61966-2.1"),
        DestOutputProfile=document.make_indirect(profile),
    )
    document.Root.OutputIntents = Array([document.make_indirect(intent)])


def _find_structure(document: pikepdf.Pdf) -> None:
    """Lead from pages into the structure, which numbers them by their order; what is added to a page is reached in the
    order of the structure (ISO 32000-1, 14.7.4.4 and table 30). A window has the title for its name."""
    document.Root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
    for number, page in enumerate(document.pages):
        page.obj.StructParents, page.obj.Tabs = number, Name.S


def _describe(document: pikepdf.Pdf, title: str, author: str, made: datetime, pdf_date: str, conformance: str) -> None:
    """Language, information dictionary and XMP, which must agree (ISO 19005-3, 6.6)."""
    document.Root.Lang = String("th-TH")
    for key in list(document.docinfo.keys()):
        del document.docinfo[key]
    entries = {
        "/Title": title,
        "/Author": author,
        "/Producer": PRODUCER,
        "/Creator": PRODUCER,
        "/CreationDate": pdf_date,
        "/ModDate": pdf_date,
    }
    for key, value in entries.items():
        document.docinfo[key] = value
    metadata = Stream(document, _xmp(title, author, made.isoformat(), conformance).encode())
    metadata.Type, metadata.Subtype = Name.Metadata, Name.XML
    document.Root.Metadata = document.make_indirect(metadata)


def _xmp(title: str, author: str, made: str, conformance: str) -> str:
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>'
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        '<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" '
        'xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/" '
        'xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/">'
        "<dc:format>application/pdf</dc:format>"
        f'<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{escape(title)}</rdf:li></rdf:Alt></dc:title>'
        f"<dc:creator><rdf:Seq><rdf:li>{escape(author)}</rdf:li></rdf:Seq></dc:creator>"
        f"<xmp:CreatorTool>{PRODUCER}</xmp:CreatorTool>"
        f"<xmp:CreateDate>{made}</xmp:CreateDate><xmp:ModifyDate>{made}</xmp:ModifyDate>"
        f"<pdf:Producer>{PRODUCER}</pdf:Producer>"
        f"<pdfaid:part>3</pdfaid:part><pdfaid:conformance>{conformance}</pdfaid:conformance>"
        '</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>'
    )


def _attach(document: pikepdf.Pdf, files: Sequence[AttachedData], pdf_date: str) -> None:
    """The data inside the page file, so that machines need not read the page."""
    named, all_of_them = Array(), Array()
    for one in files:
        specification = document.make_indirect(_specification(document, one, pdf_date))
        named.extend([String(one.name), specification])
        all_of_them.append(specification)
    document.Root.Names = Dictionary(EmbeddedFiles=Dictionary(Names=named))
    document.Root.AF = document.make_indirect(all_of_them)


def _specification(document: pikepdf.Pdf, one: AttachedData, pdf_date: str) -> Dictionary:
    """The MD5 is the CheckSum that ISO 32000-1, 7.11.4 names; nothing trusts it."""
    file = Stream(document, one.data)
    file.Type, file.Subtype = Name.EmbeddedFile, Name(f"/{one.media_type}")
    checksum = hashlib.md5(one.data, usedforsecurity=False).digest()
    file.Params = Dictionary(Size=len(one.data), ModDate=String(pdf_date), CheckSum=String(checksum))
    stream = document.make_indirect(file)
    return Dictionary(
        Type=Name.Filespec,
        F=String(one.name),
        UF=String(one.name),
        AFRelationship=Name.Data,
        Desc=String(one.about),
        EF=Dictionary(F=stream, UF=stream),
    )
