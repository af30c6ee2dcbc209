"""What an issued document says for programs: JSON and XML say the same, as their schemas have it, and strangers' bytes
are read with suspicion."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from saraban.domain.issued_field import FieldType
from saraban.exchange.issued_data import DataField, IssuedData, read_json, read_xml
from saraban.exchange.wirejson import Malformed

DOCS = Path(__file__).parents[2] / "docs"
JSON_SCHEMA = jsonschema.Draft202012Validator(json.loads((DOCS / "issued-document.schema.json").read_text()))
XML_SCHEMA = etree.XMLSchema(etree.parse(DOCS / "issued-document.xsd"))
SAID = IssuedData(
    "onep", "สำนักงานนโยบาย & แผน", "ONEP", "LIC-1", "ใบอนุญาต <ทดลอง>", "Licence", 2, "ทส 1009/45", date(2026, 12, 1),
    date(2027, 11, 30), 'นายเอก "ใจดี"', "1234567890121",
    (DataField("ที่อยู่", FieldType.LONG, "๑ ถนนพระราม ๖\nกรุงเทพมหานคร"), DataField("ทุน", FieldType.NUMBER, "1,000")),
    "0190d1c2-5d4e-4f6a-8a51-111111111111", "https://onep.example/v/7K3MQ2XF9TBD0123WXYZ",
)  # fmt: skip
BARE = replace(SAID, agency_en="", kind_en="", valid_until=None, holder_id="", fields=(), follows="", verification="")


@pytest.mark.parametrize("said", [SAID, BARE])
def test_both_say_the_same_and_are_as_their_schemas_have_it(said: IssuedData) -> None:
    JSON_SCHEMA.validate(json.loads(said.as_json()))
    XML_SCHEMA.assertValid(etree.fromstring(said.as_xml()))

    assert read_json(said.as_json()) == read_xml(said.as_xml()) == said


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff")))
def test_whatever_somebody_wrote_is_read_back_from_both(text: str) -> None:
    said = replace(SAID, fields=(DataField("ช่อง", FieldType.LONG, text),)) if text else BARE
    XML_SCHEMA.assertValid(etree.fromstring(said.as_xml()))

    assert read_json(said.as_json()) == read_xml(said.as_xml()) == said


def test_every_type_of_a_field_stands_in_both_schemas() -> None:
    for one in FieldType:
        said = replace(SAID, fields=(DataField("ช่อง", one, "x"),))
        JSON_SCHEMA.validate(json.loads(said.as_json()))
        XML_SCHEMA.assertValid(etree.fromstring(said.as_xml()))


@pytest.mark.parametrize(
    "change",
    [
        (b"<number>", b"<numero>"),
        (b'version="1"', b'version="2"'),
        (b"2026-12-01", b"2569-12-01"),
        (b'edition="2"', b'edition="two"'),
        (b'type="number"', b'type="sum"'),
        (b"urn:saraban:issued-document:1", b"urn:somebody:else"),
        (b"</document>", b""),
    ],
)
def test_what_the_xml_schema_refuses_is_refused_here_too(change: tuple[bytes, bytes]) -> None:
    wrong = SAID.as_xml().replace(*change)
    parser = etree.XMLParser(recover=True)

    assert wrong != SAID.as_xml()
    assert change[1] == b"" or not XML_SCHEMA.validate(etree.fromstring(wrong, parser))
    with pytest.raises(Malformed):
        read_xml(wrong)


def test_no_document_type_is_read_nor_what_it_brings_in() -> None:
    bomb = b'<!DOCTYPE d [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'
    hostile = SAID.as_xml().replace(b"<document", bomb + b"<document", 1).replace(b"onep", b"&b;", 1)

    for wrong in (hostile, hostile.decode().replace("UTF-8", "UTF-16").encode("utf-16"), b"", b"<a>" * 100_000):
        with pytest.raises(Malformed):
            read_xml(wrong)


@pytest.mark.parametrize("name", json.loads((DOCS / "issued-document.schema.json").read_text())["required"])
def test_every_member_that_is_required_is(name: str) -> None:
    said = json.loads(SAID.as_json())
    del said[name]

    assert not JSON_SCHEMA.is_valid(said)
    if name != "fields":  # an absent list is an empty one to a lenient reader
        with pytest.raises(Malformed):
            read_json(json.dumps(said).encode())
