"""The OpenAPI document: valid, readable without a login, and complete."""

from __future__ import annotations

import re

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from tests.api.program import ADDRESS, Programs
from tests.api.test_who_may import THAI
from tests.web.installation import Installation

pytestmark = pytest.mark.only_database("sqlite")


def test_the_document_is_valid_openapi_and_open_to_everybody(town: Installation) -> None:
    answer = town.app.test_client(use_cookies=False).get(f"{ADDRESS}/openapi.json")

    assert (answer.status_code, answer.mimetype) == (200, "application/json")
    document = answer.get_json()
    assert document["openapi"] == "3.1.0"
    assert list(OpenAPIV31SpecValidator(document).iter_errors()) == []


def test_every_route_is_described_in_thai_with_its_problems(town: Installation, programs: Programs) -> None:
    paths = programs.document.whole["paths"]
    described = {
        (method, path) for path, operations in paths.items() for method in operations if method != "parameters"
    }
    routes = {
        (method.lower(), re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule))
        for rule in town.app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if rule.rule.startswith(ADDRESS) and not rule.rule.endswith("openapi.json")
    }

    assert described == routes
    for method, path in routes:
        operation = paths[path][method]
        assert THAI.search(operation["summary"]), f"{method} {path}"
        for_anybody = operation.get("security") == []
        for status in ("404", "429", "default") if for_anybody else ("401", "403", "404", "422", "default"):
            assert list(operation["responses"][status]["content"]) == ["application/problem+json"], f"{method} {path}"
        if method == "post" and not for_anybody:
            assert "Idempotency-Key" in [p.get("name") for p in operation["parameters"]], path
            assert "409" in operation["responses"]


def test_every_operation_has_a_name_of_its_own(programs: Programs) -> None:
    names = [
        operation["operationId"]
        for operations in programs.document.whole["paths"].values()
        for method, operation in operations.items()
        if method != "parameters"
    ]

    assert len(names) == len(set(names)) > 25


def test_the_document_tells_how_to_come_in_and_shows_a_thai_letter(programs: Programs) -> None:
    document = programs.document.whole

    assert document["components"]["securitySchemes"]["token"]["scheme"] == "bearer"
    assert document["security"] == [{"token": []}]
    sent = document["paths"][f"{ADDRESS}/letters"]["post"]["requestBody"]["content"]["application/json"]
    assert THAI.search(sent["example"]["subject"])


def test_the_example_of_a_letter_is_accepted_but_for_its_receiver(programs: Programs) -> None:
    sent = programs.document.whole["paths"][f"{ADDRESS}/letters"]["post"]["requestBody"]["content"]
    example = sent["application/json"]["example"]

    assert programs["reading-clerk"].post("/letters", {**example, "recipients": ["0702"]}).status_code == 201
