"""What an issued document says, for programs: document.json and document.xml in its file (docs/issued-document.md).

Both say the same. They are written by the issuer alone, and read with suspicion by whoever checks a file.
"""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from datetime import date as Day

from saraban.domain.issued_field import FieldType
from saraban.domain.issued_kind import MOST_FIELDS
from saraban.exchange.wirejson import Malformed, Members, read_object

JSON_NAME, XML_NAME = "document.json", "document.xml"
NAMESPACE = "urn:saraban:issued-document:1"
MAX_BYTES = 1 << 20
_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
_TYPE = "issued-document"
_FOLDED = re.compile(r"\r\n?")


@dataclass(frozen=True)
class DataField:
    """A field of the document: its name, of which type it is, and its value as text."""

    key: str
    type: FieldType
    value: str


@dataclass(frozen=True)
class IssuedData:
    """The members of docs/issued-document.md, section 2. Empty where the document has none."""

    agency_code: str
    agency: str
    agency_en: str
    kind_code: str
    kind: str
    kind_en: str
    edition: int
    number: str
    date: Day | None
    valid_until: Day | None
    holder_name: str
    holder_id: str
    fields: tuple[DataField, ...]
    follows: str
    verification: str

    def as_json(self) -> bytes:
        """UTF-8, members in the order of their names."""
        said = {
            "saraban": 1,
            "type": _TYPE,
            "agency": {"code": self.agency_code, "name": self.agency, "name_en": self.agency_en},
            "kind": {"code": self.kind_code, "name": self.kind, "name_en": self.kind_en, "edition": self.edition},
            "number": self.number,
            "date": _day(self.date) or None,
            "valid_until": _day(self.valid_until) or None,
            "holder": {"name": self.holder_name, "id": self.holder_id or None},
            "fields": [{"key": one.key, "type": one.type.value, "value": one.value} for one in self.fields],
            "follows": self.follows or None,
            "verification": self.verification or None,
        }
        return json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()

    def as_xml(self) -> bytes:
        """UTF-8, as docs/issued-document.xsd has it; what is empty is left out."""
        root = ET.Element("document", xmlns=NAMESPACE, version="1")
        agency = ET.SubElement(root, "agency", code=self.agency_code)
        kind = ET.SubElement(root, "kind", code=self.kind_code, edition=str(self.edition))
        for of, names in ((agency, (self.agency, self.agency_en)), (kind, (self.kind, self.kind_en))):
            for language, name in zip(("th", "en"), names, strict=True):
                _put(of, "name", name, {"xml:lang": language})
        _put(root, "number", self.number)
        _put(root, "date", _day(self.date))
        _put(root, "validUntil", _day(self.valid_until))
        holder = ET.SubElement(root, "holder")
        _put(holder, "name", self.holder_name)
        _put(holder, "id", self.holder_id)
        fields = ET.SubElement(root, "fields")
        for one in self.fields:
            _put(fields, "field", one.value, {"key": one.key, "type": one.type.value})
        _put(root, "follows", self.follows)
        _put(root, "verification", self.verification)
        written: bytes = ET.tostring(root, encoding="UTF-8", xml_declaration=True)
        return written


def read_json(data: bytes) -> IssuedData:
    """What stands in document.json. Raises Malformed with Thai words."""
    said = Members(read_object(data, MAX_BYTES))
    said.one_of("type", (_TYPE,))
    said.integer("saraban", 1, 1)
    agency, kind, holder = said.inner("agency"), said.inner("kind"), said.inner("holder")
    return IssuedData(
        agency_code=agency.line("code"),
        agency=agency.line("name"),
        agency_en=agency.text("name_en"),
        kind_code=kind.line("code"),
        kind=kind.line("name"),
        kind_en=kind.text("name_en"),
        edition=kind.integer("edition", 1),
        number=said.line("number"),
        date=said.day("date"),
        valid_until=said.maybe("valid_until", said.day),
        holder_name=holder.line("name"),
        holder_id=holder.maybe("id", holder.line) or "",
        fields=tuple(
            DataField(one.line("key"), one.choice("type", FieldType), one.text("value"))
            for one in said.objects("fields", MOST_FIELDS)
        ),
        follows=str(said.maybe("follows", said.uuid) or ""),
        verification=said.maybe("verification", said.line) or "",
    )


def read_xml(data: bytes) -> IssuedData:
    """What stands in document.xml. Raises Malformed with Thai words; a document type is refused, for what it could
    bring in."""
    if len(data) > MAX_BYTES:
        raise Malformed("ใหญ่เกิน 1 เมบิไบต์")
    try:
        root = ET.fromstring(data, ET.XMLParser(target=_NoType()))
    except (ET.ParseError, LookupError, ValueError) as error:
        raise error if isinstance(error, Malformed) else Malformed("ไม่ใช่ XML ที่ถูกต้อง") from error
    if root.tag != _tag("document") or root.get("version") != "1":
        raise Malformed(f"ต้องเป็น document รุ่น 1 ใน {NAMESPACE}")
    agency, kind, holder, fields = (_child(root, name) for name in ("agency", "kind", "holder", "fields"))
    said = {
        "saraban": 1,
        "type": _TYPE,
        "agency": {"code": agency.get("code"), "name": _named(agency, "th"), "name_en": _named(agency, "en")},
        "kind": {
            "code": kind.get("code"),
            "name": _named(kind, "th"),
            "name_en": _named(kind, "en"),
            "edition": _whole(kind.get("edition", "")),
        },
        "number": _text(root, "number"),
        "date": _text(root, "date") or None,
        "valid_until": _text(root, "validUntil") or None,
        "holder": {"name": _text(holder, "name"), "id": _text(holder, "id") or None},
        "fields": [
            {"key": one.get("key"), "type": one.get("type"), "value": one.text or ""}
            for one in fields.findall(_tag("field"))
        ],
        "follows": _text(root, "follows") or None,
        "verification": _text(root, "verification") or None,
    }
    return read_json(json.dumps(said).encode())


def _field(one: Members) -> DataField:
    return DataField(one.line("key"), one.choice("type", FieldType), one.text("value"))


class _NoType(ET.TreeBuilder):
    """Builds trees of documents without a document type."""

    def doctype(self, name: str, pubid: str | None, system: str | None) -> None:
        """Refuse it. Raises Malformed."""
        raise Malformed(f"มีการประกาศชนิดเอกสาร (DOCTYPE {name[:40]}) ซึ่งไม่รับ")


def _put(of: ET.Element, name: str, text: str, told: dict[str, str] | None = None) -> None:
    """An element with a text; none where there is nothing to say. Line ends are those that a reader of XML gives."""
    if text:
        ET.SubElement(of, name, told or {}).text = _FOLDED.sub("\n", text)


def _tag(name: str) -> str:
    return f"{{{NAMESPACE}}}{name}"


def _child(of: ET.Element, name: str) -> ET.Element:
    found = of.find(_tag(name))
    if found is None:
        raise Malformed(f"ไม่มี {name}")
    return found


def _text(of: ET.Element, name: str) -> str:
    return of.findtext(_tag(name), default="")


def _named(of: ET.Element, language: str) -> str:
    found = (one.text or "" for one in of.findall(_tag("name")) if one.get(_LANGUAGE) == language)
    return next(found, "")


def _whole(text: str) -> int | str:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else text


def _day(day: Day | None) -> str:
    return day.isoformat() if day is not None else ""
