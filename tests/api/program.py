"""A program that calls the API with a token, and holds every answer against the OpenAPI document."""

from __future__ import annotations

import copy
import re
from json import dumps
from typing import Any
from urllib.parse import urlsplit
from weakref import WeakKeyDictionary

from flask import Flask
from jsonschema import Draft202012Validator, FormatChecker
from werkzeug.test import TestResponse

from saraban.usecases.admitting import issue_token
from tests.web.installation import Installation

ADDRESS = "/api/v1"
PROBLEM = "application/problem+json"


class Document:
    """The OpenAPI document of an application, closed: a field that it does not name is a fault."""

    def __init__(self, app: Flask) -> None:
        self.whole: dict[str, Any] = app.test_client().get(f"{ADDRESS}/openapi.json").get_json()
        self.components = copy.deepcopy(self.whole["components"])
        for schema in self.components["schemas"].values():
            if "properties" in schema:
                schema["additionalProperties"] = False

    def operation(self, method: str, path: str) -> dict[str, Any]:
        """What is said about this operation."""
        for template, operations in self.whole["paths"].items():
            if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", template), path) and method in operations:
                found: dict[str, Any] = operations[method]
                return found
        raise AssertionError(f"{method} {path} is in no document")

    def check(self, method: str, path: str, answer: TestResponse) -> None:
        """Raise when the answer is not as the document says."""
        responses = self.operation(method, path)["responses"]
        said = responses.get(str(answer.status_code)) or responses["default"]
        content = said.get("content")
        if answer.status_code == 204:
            assert content is None and answer.data == b""
            return
        if answer.mimetype not in content:
            assert "application/octet-stream" in content, f"{method} {path}: {answer.mimetype} not in {list(content)}"
            return
        if "json" in answer.mimetype:
            schema = {**content[answer.mimetype]["schema"], "components": self.components}
            checker = Draft202012Validator(schema, format_checker=FormatChecker())
            faults = [f"{fault.json_path}: {fault.message}" for fault in checker.iter_errors(answer.get_json())]
            assert faults == [], f"{method} {path}"


_documents: WeakKeyDictionary[Flask, Document] = WeakKeyDictionary()


def document_of(app: Flask) -> Document:
    """The document of this application, asked for once."""
    if app not in _documents:
        _documents[app] = Document(app)
    return _documents[app]


class Program:
    """A caller of the API. `key` is sent as Idempotency-Key; bodies are JSON unless `data` is given."""

    def __init__(self, app: Flask, document: Document, token: str | None) -> None:
        self.app, self.document, self.token = app, document, token

    def get(self, path: str, **more: Any) -> TestResponse:
        """Call GET."""
        return self.call("get", path, **more)

    def post(self, path: str, json: Any = None, *, key: str | None = None, **more: Any) -> TestResponse:
        """Call POST."""
        headers = {"Idempotency-Key": key} if key is not None else {}
        if "data" not in more and json is not None:
            more["json"] = json
        return self.call("post", path, headers=headers, **more)

    def patch(self, path: str, json: Any) -> TestResponse:
        """Call PATCH."""
        return self.call("patch", path, json=json)

    def delete(self, path: str) -> TestResponse:
        """Call DELETE."""
        return self.call("delete", path)

    def call(self, method: str, path: str, *, headers: dict[str, str] | None = None, **more: Any) -> TestResponse:
        """Call an operation; the answer must be as the document says and set no cookie."""
        path = path if path.startswith(ADDRESS) else ADDRESS + path
        sent = dict(headers or {})
        if "json" in more:  # in ASCII, so that half characters can be sent too
            more |= {"data": dumps(more.pop("json")), "content_type": "application/json"}
        if self.token is not None:
            sent["Authorization"] = f"Bearer {self.token}"
        with self.app.test_client(use_cookies=False) as client:
            answer = client.open(path, method=method.upper(), headers=sent, **more)
        assert "Set-Cookie" not in answer.headers
        if answer.status_code >= 400:
            assert answer.mimetype == PROBLEM, answer.text
            assert "Traceback" not in answer.text
        self.document.check(method, urlsplit(path).path, answer)
        return answer


class Programs:
    """A program for each person of an installation, by username."""

    def __init__(self, town: Installation) -> None:
        self.town, self.document = town, document_of(town.app)
        self._known: dict[str, Program] = {}

    def __getitem__(self, username: str) -> Program:
        if username not in self._known:
            token = self.town.beginning.go_on(
                f"a token of {username}", lambda: issue_token(self.town.services, username=username)
            )
            self._known[username] = Program(self.town.app, self.document, token)
        return self._known[username]

    def nobody(self, token: str | None = None) -> Program:
        """A program without a token, or with one that nobody was given."""
        return Program(self.town.app, self.document, token)


def a_letter(**more: Any) -> dict[str, Any]:
    """What a program sends to begin a letter to the other agency."""
    return {
        "form": "external",
        "subject": "ขอเชิญประชุมคณะกรรมการส่งเสริมการอ่าน",
        "addressed_to": "เรียน เลขาธิการสำนักงานส่งเสริมการเรียนรู้ตลอดชีวิต",
        "body": "ด้วยกรมส่งเสริมการอ่านกำหนดจัดประชุม\n\nจึงเรียนมาเพื่อโปรดพิจารณา",
        "recipients": ["0702"],
        "references": [
            {"number": "ศธ 0701/45", "date": "2026-10-01", "from": "สำนักงานส่งเสริมการเรียนรู้ตลอดชีวิต"},
            "ศธ 0701/46",
        ],
        "urgency": "urgent",
        "secrecy": "open",
        "contact": {"unit": "สำนักงานเลขานุการกรม", "phone": "0 2555 0299", "email": "desk@reading.test"},
        "response_due": "2026-12-15",
        **more,
    }


def begun(programs: Programs, **more: Any) -> str:
    """The id of a new draft of the central clerk."""
    answer = programs["reading-clerk"].post("/letters", a_letter(**more))
    assert answer.status_code == 201, answer.text
    return str(answer.get_json()["id"])


def on_the_way(programs: Programs, stage: str, passphrase: str, **more: Any) -> str:
    """The id of a letter at this stage: submitted, endorsed, issued or dispatched."""
    letter = begun(programs, **more)
    steps = (
        ("submitted", "reading-clerk", "submit", {}),
        ("endorsed", "reading-director", "endorse", {"note": "เห็นควรลงนาม"}),
        ("issued", "reading-head", "sign", {"passphrase": passphrase}),
        ("dispatched", "reading-clerk", "dispatch", {}),
    )
    for reached, who, deed, sent in steps:
        answer = programs[who].post(f"/letters/{letter}/{deed}", sent)
        assert answer.status_code == 200, answer.text
        if reached == stage:
            return letter
    raise AssertionError(f"no such stage: {stage}")
