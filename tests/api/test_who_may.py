"""Who may do what through the API: tokens, roles with their Thai reasons, and no way into another agency."""

from __future__ import annotations

import io
import re
from uuid import uuid4

from saraban.domain.attachment import Digest
from saraban.storage.tables.people import tokens
from saraban.usecases.admitting import issue_token
from tests.api.program import Program, Programs, a_letter, begun, on_the_way
from tests.web.installation import PASSPHRASE, Installation

THAI = re.compile("[ก-๙]")


def test_nobody_comes_in_without_a_good_token(programs: Programs) -> None:
    for token in (None, "", "sbn_invented", "ไม่ใช่โทเคน".encode().decode("latin-1")):
        answer = programs.nobody(token).get("/letters")
        assert (answer.status_code, answer.get_json()["code"]) == (401, "not-signed-in"), token
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_a_revoked_token_is_worth_nothing(town: Installation, programs: Programs) -> None:
    token = issue_token(town.services, username="reading-clerk")
    program = Program(town.app, programs.document, token)
    assert program.get("/me").status_code == 200

    with town.office.writing.begin() as connection:
        mine = tokens.update().where(tokens.c.sha256 == Digest.of(token.encode()))
        connection.execute(mine.values(revoked_at=town.clock.now()))

    assert program.get("/me").status_code == 401


def test_the_session_of_a_browser_opens_nothing(town: Installation) -> None:
    browser = town.client("reading-clerk")

    assert browser.get("/api/v1/letters").status_code == 401
    assert browser.send("/api/v1/letters", {}).status_code == 401


_FOR_ANYBODY = ("openapi.json", "/verify/<code>", "/follow/<code>", "/hand-in/<agency>", "/public-register/<agency>")
"""The description of the API, what is asked with a code that stands on a document or a receipt, where anybody writes to
an agency, and what it publishes of what it has issued."""


def test_every_operation_but_those_for_anybody_asks_for_a_token(town: Installation, programs: Programs) -> None:
    for rule in town.app.url_map.iter_rules():
        if not rule.rule.startswith("/api/") or rule.rule.endswith(_FOR_ANYBODY):
            continue
        path = re.sub(r"<uuid:\w+>", str(uuid4()), rule.rule)
        path = re.sub(r"<int:\w+>", "1", path).replace("<sha256>", "0" * 64).replace("<book>", "receiving")
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
            assert programs.nobody().call(method.lower(), path).status_code == 401, f"{method} {rule.rule}"


NOT_THEIRS: list[tuple[str, str, str, dict[str, str], str]] = [
    ("submitted", "reading-clerk", "endorse", {}, "รอเลขานุการกรม"),
    ("submitted", "reading-clerk", "sign", {"passphrase": PASSPHRASE}, "รอเลขานุการกรม"),
    ("submitted", "reading-director", "sign", {"passphrase": PASSPHRASE}, "เกษียนเสนอ"),
    ("submitted", "reading-head", "endorse", {}, "รอเลขานุการกรม"),
    ("endorsed", "reading-clerk", "return", {"reason": "ก"}, "รออธิบดี"),
    ("endorsed", "reading-head", "endorse", {}, "ลงนาม"),
    ("issued", "reading-director", "dispatch", {}, "เจ้าหน้าที่สารบรรณ"),
    ("issued", "reading-head", "dispatch", {}, "เจ้าหน้าที่สารบรรณ"),
]


def test_a_role_that_may_not_is_told_why(programs: Programs) -> None:
    letters = {stage: on_the_way(programs, stage, PASSPHRASE) for stage in ("submitted", "endorsed", "issued")}

    for stage, who, deed, sent, reason in NOT_THEIRS:
        answer = programs[who].post(f"/letters/{letters[stage]}/{deed}", sent)
        assert (answer.status_code, answer.get_json()["code"]) == (403, "not-permitted"), (stage, who, deed)
        assert reason in answer.get_json()["detail"]


NOT_FOR_EVERYBODY: list[tuple[str, str, dict[str, str] | None, frozenset[str]]] = [
    ("get", "/readings/all", None, frozenset({"records", "admin"})),
    ("get", "/backups", None, frozenset({"admin"})),
    ("post", "/journal/export", {"since": "2026-11-30", "until": "2026-11-01"}, frozenset({"records", "admin"})),
    ("post", "/handovers", {}, frozenset({"records"})),
]


def test_what_is_for_some_offices_is_refused_to_the_others_with_the_reason(programs: Programs) -> None:
    for method, path, sent, whose in NOT_FOR_EVERYBODY:
        for role in ("clerk", "director", "head", "records", "admin"):
            answer = programs[f"reading-{role}"].call(method, path, **({} if sent is None else {"json": sent}))
            assert (answer.status_code == 403) is (role not in whose), f"{role} {path}: {answer.text}"
            assert role in whose or THAI.search(answer.get_json()["detail"])


def test_only_clerks_draft(programs: Programs) -> None:
    for who in ("director", "head", "records", "admin"):
        answer = programs[f"reading-{who}"].post("/letters", a_letter())
        assert answer.status_code == 403
        assert THAI.search(answer.get_json()["detail"])


def test_a_letter_that_the_caller_may_not_read_is_not_found(programs: Programs) -> None:
    letter = begun(programs)

    assert programs["reading-plan-clerk"].get(f"/letters/{letter}").status_code == 404
    assert programs["reading-plan-clerk"].get("/letters").get_json()["items"] == []


def test_no_operation_crosses_over_to_another_agency(town: Installation, programs: Programs) -> None:
    letter = on_the_way(programs, "dispatched", PASSPHRASE)
    draft = begun(programs)
    home = programs["reading-clerk"]
    page = home.get(f"/letters/{letter}").get_json()["files"][0]["sha256"]
    dispatch = home.get(f"/letters/{letter}").get_json()["dispatches"][0]["id"]
    town.carry()
    (arrived,) = programs["learning-clerk"].get("/incoming").get_json()["items"]
    raw = programs["learning-clerk"].get(f"/incoming/{arrived['id']}").get_json()["raw"]
    receipt = home.get(f"/dispatches/{dispatch}").get_json()["receipts"][0]["sha256"]

    foreign = [
        ("get", f"/letters/{letter}", None),
        ("patch", f"/letters/{draft}", {"version": 1, "subject": "ของเขา"}),
        ("get", f"/letters/{letter}/files/{page}", None),
        ("delete", f"/letters/{draft}/files/{page}", None),
        ("get", f"/letters/{letter}/preview", None),
        ("post", f"/letters/{draft}/submit", {}),
        ("post", f"/letters/{draft}/endorse", {}),
        ("post", f"/letters/{draft}/return", {"reason": "ก"}),
        ("post", f"/letters/{draft}/sign", {"passphrase": PASSPHRASE}),
        ("post", f"/letters/{draft}/dispatch", {}),
        ("post", f"/letters/{draft}/withdraw", {}),
        ("get", f"/dispatches/{dispatch}", None),
        ("get", f"/dispatches/{dispatch}/receipts/{receipt}", None),
    ]
    for role in ("clerk", "director", "head", "records", "admin"):
        stranger = programs[f"learning-{role}"]
        for method, path, sent in foreign:
            answer = stranger.call(method, path, **({} if sent is None else {"json": sent}))
            assert answer.status_code == 404, f"{role} {method} {path}: {answer.text}"
        upload = stranger.post(f"/letters/{draft}/files", data={"file": (io.BytesIO(b"x"), "x.txt")})
        assert upload.status_code == 404
        assert stranger.get("/letters").get_json()["items"] == []
        assert stranger.get("/registers/sending/entries").get_json()["items"] == []
        outsider = programs[f"reading-{role}"]
        for method, path, sent in (
            ("get", f"/incoming/{arrived['id']}", None),
            ("get", f"/incoming/{arrived['id']}/files/{raw}", None),
            ("get", f"/incoming/{arrived['id']}/stamped", None),
            ("post", f"/incoming/{arrived['id']}/register", {}),
            ("post", f"/incoming/{arrived['id']}/refuse", {"code": "other", "text": "ก"}),
            ("post", f"/incoming/{arrived['id']}/release", {"reason": "ก"}),
            ("post", f"/incoming/{arrived['id']}/tell-number", {}),
            ("post", f"/incoming/{arrived['id']}/to-meeting", {}),
        ):
            answer = outsider.call(method, path, **({} if sent is None else {"json": sent}))
            assert answer.status_code == 404, f"{role} {method} {path}: {answer.text}"
        assert outsider.get("/incoming").get_json()["items"] == []
    assert home.get(f"/letters/{draft}").get_json()["state"] == "draft"


def test_the_proof_of_another_dispatch_is_not_given(town: Installation, programs: Programs) -> None:
    first, second = (on_the_way(programs, "dispatched", PASSPHRASE) for _ in range(2))
    town.carry()
    home = programs["reading-clerk"]
    one, other = (home.get(f"/letters/{letter}").get_json()["dispatches"][0]["id"] for letter in (first, second))
    receipt = home.get(f"/dispatches/{one}").get_json()["receipts"][0]["sha256"]

    assert home.get(f"/dispatches/{one}/receipts/{receipt}").status_code == 200
    assert home.get(f"/dispatches/{other}/receipts/{receipt}").status_code == 404


def test_a_classified_letter_stays_out_of_search_and_of_the_post(programs: Programs) -> None:
    letter = on_the_way(programs, "issued", PASSPHRASE, secrecy="confidential", subject="เรื่องปกปิดพิเศษ")
    clerk = programs["reading-clerk"]

    sent = clerk.post(f"/letters/{letter}/dispatch")

    assert (sent.status_code, sent.get_json()["code"]) == (422, "secrecy-not-allowed")
    assert clerk.get("/search?q=ปกปิดพิเศษ").get_json()["items"] == []
    assert "ปกปิดพิเศษ" not in programs["reading-plan-clerk"].get("/registers/sending/entries").text
