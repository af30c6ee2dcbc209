"""Coming in: login, logout, the limit on guessing, forged requests, headers, health and error pages."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask_limiter.util import get_qualified_name
from sqlalchemy import select, update

from saraban.app import create_app
from saraban.bootstrap import build
from saraban.settings import Settings
from saraban.storage.tables.journal import journal
from saraban.storage.tables.people import people
from saraban.web.guards import SINCE, limiter
from saraban.web.sessions import has_none
from tests.databases import NewDatabase
from tests.fakes import FixedClock
from tests.web.installation import PASSWORD, READING, Browser, Installation, build_installation

PUBLIC = ("/v", "/public", "/register", f"/public/{READING}", f"/public/{READING}/feed.atom")


def wrong(browser: Browser, username: str = "reading-clerk") -> tuple[int, str]:
    """What a wrong password gets."""
    answer = browser.send("/login", {"username": username, "password": "ไม่ใช่รหัสผ่าน"})
    return answer.status_code, answer.text


# --- signing in ---------------------------------------------------------------------------------------------------


def test_a_person_signs_in_sees_the_own_name_and_signs_out(town: Installation) -> None:
    browser = town.client("reading-clerk")

    page = browser.get("/")
    assert page.status_code == 200
    assert "พรทิพย์ แสงจันทร์" in page.text and "กรมส่งเสริมการอ่าน" in page.text

    assert browser.send("/logout").headers["Location"] == "/login"
    assert browser.get("/").status_code == 302


def test_what_a_page_asks_for_behind_its_back_does_not_write_the_session_again(town: Installation) -> None:
    browser = town.client("reading-clerk")
    page = browser.get("/letters")
    script = re.search(r'src="(/static/[^"]+)"', page.text)
    assert script is not None

    answers = [browser.get(there, headers={"Sec-Fetch-Mode": "cors"}) for there in (script[1], "/notices", "/letters")]

    assert [answer.status_code for answer in answers] == [200] * 3
    assert [answer.headers.getlist("Set-Cookie") for answer in answers] == [[]] * 3


def test_what_is_the_same_for_everybody_does_not_vary_with_the_cookie(town: Installation) -> None:
    browser = town.client("reading-clerk")
    script = re.search(r'src="(/static/[^"]+)"', browser.get("/letters").text)
    assert script is not None

    answers = {there: browser.get(there) for there in (script[1], *PUBLIC, "/v/no-code", "/api/v1/letters", "/letters")}

    assert {answers[there].status_code for there in PUBLIC} == {200}
    assert [there for there, answer in answers.items() if "Cookie" in answer.headers.get("Vary", "")] == ["/letters"]
    assert [there for there, answer in answers.items() if "Set-Cookie" in answer.headers] == []


@pytest.mark.parametrize(("mode", "seconds", "again"), [("navigate", 301, True), ("navigate", 200, False),
    ("cors", 301, False), ("cors", 1801, True), ("", 301, True)])  # fmt: skip
def test_who_works_stays_signed_in(town: Installation, mode: str, seconds: int, again: bool) -> None:
    browser = town.client("reading-clerk")
    browser.get("/")
    with browser.client.session_transaction() as session:
        session[SINCE] -= seconds

    answer = browser.get("/", headers={"Sec-Fetch-Mode": mode} if mode else {})

    assert bool(answer.headers.getlist("Set-Cookie")) is again


def test_signing_in_is_written_into_the_journal(town: Installation) -> None:
    town.client("reading-clerk")

    with town.office.reading.connect() as reader:
        lines = reader.execute(select(journal.c.agency_id).where(journal.c.name == "person.signed-in")).all()
    assert [line.agency_id for line in lines] == [town.agencies[READING]]


def test_a_wrong_password_keeps_the_name_and_does_not_say_which_was_wrong(town: Installation) -> None:
    browser = town.client()

    status, known = wrong(browser)
    _, unknown = wrong(browser, "nobody-of-this-name")

    assert status == 422
    assert 'value="reading-clerk"' in known
    assert "ไม่ใช่รหัสผ่าน" not in known
    words = "ชื่อผู้ใช้หรือรหัสผ่านไม่ถูกต้อง"
    assert words in known and words in unknown


def test_empty_fields_are_named(town: Installation) -> None:
    page = town.client().send("/login", {"username": " ", "password": ""})

    assert page.status_code == 422
    assert "ใส่ชื่อผู้ใช้" in page.text and "ใส่รหัสผ่าน" in page.text


def test_after_signing_in_the_person_is_where_they_wanted_to_be(town: Installation) -> None:
    browser = town.client()

    login = browser.get("/letters?tab=drafts").headers["Location"]
    assert login == "/login?next=/letters?tab%3Ddrafts"
    answer = browser.send("/login", {"username": "reading-clerk", "password": PASSWORD, "next": "/letters?tab=drafts"})
    assert answer.headers["Location"] == "/letters?tab=drafts"


@pytest.mark.parametrize(
    ("came_from", "leads_to"),
    [
        ("http://localhost/entering/receiving?after=1", "/login?next=/entering/receiving?after%3D1"),
        ("https://evil.test/entering/receiving", "/login"),
        ("http://localhost//evil.test/", "/login"),
        (None, "/login"),
    ],
)
def test_a_form_that_is_sent_after_the_session_ended_leads_back_to_its_page(
    town: Installation, came_from: str | None, leads_to: str
) -> None:
    headers = {"Referer": came_from} if came_from else {}

    answer = town.client().post("/entering/receiving", {"subject": "ก"}, headers=headers)

    assert answer.headers["Location"] == leads_to


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.test/", "//evil.test", "/\\evil.test", "javascript:alert(1)", "/ok\r\nX: y", "evil"]
)
def test_the_login_never_leads_to_another_site(town: Installation, elsewhere: str) -> None:
    answer = town.client().send("/login", {"username": "reading-clerk", "password": PASSWORD, "next": elsewhere})

    assert answer.headers["Location"] == "/"


def test_a_closed_account_cannot_sign_in_and_its_sessions_end(town: Installation) -> None:
    browser = town.client("reading-clerk")
    with town.office.writing.connect() as connection, connection.begin():
        connection.execute(update(people).where(people.c.id == town.people["reading-clerk"]).values(active=False))

    assert browser.get("/letters").status_code == 302
    page = town.client().send("/login", {"username": "reading-clerk", "password": PASSWORD})
    assert page.status_code == 422
    assert "บัญชีนี้ถูกปิด" in page.text


@pytest.fixture
def strict(tmp_path: Path, new_database: NewDatabase, clock: FixedClock) -> Iterator[Installation]:
    """An installation that lets a password be tried three times a minute."""
    made = build_installation(tmp_path, new_database, clock, login_limit="3 per minute")
    yield made
    made.close()


@pytest.mark.only_database("sqlite")
def test_guessing_is_slowed_down_and_good_logins_do_not_count(strict: Installation) -> None:
    for _ in range(5):
        strict.client("reading-clerk")
    browser = strict.client()
    statuses = [wrong(browser)[0] for _ in range(5)]

    assert statuses == [422, 422, 422, 429, 429]
    page = browser.send("/login", {"username": "reading-clerk", "password": PASSWORD})
    assert page.status_code == 429
    assert "ลองบ่อยเกินไป" in page.text
    assert browser.get("/login").status_code == 200


def test_a_form_without_its_token_does_nothing(town: Installation, clerk: Browser) -> None:
    letter_id = town.draft()

    for token in ({}, {"csrf_token": "forged"}):
        page = clerk.post(f"/letters/{letter_id}/withdraw", token)
        assert page.status_code == 400
        assert "แบบฟอร์มนี้หมดอายุ" in page.text
    assert clerk.get(f"/letters/{letter_id}").text.count("ถอนเรื่องแล้ว") == 0


def test_the_token_that_a_page_carries_sends_its_forms_before_and_after_the_login(town: Installation) -> None:
    browser = town.client()
    shown = re.compile(r'name="csrf_token" value="([^"]+)"|name="csrf-token" content="([^"]+)"')

    def tokens(address: str) -> set[str]:
        return {field or head for field, head in shown.findall(browser.get(address).text)}

    before = tokens("/login")
    assert before
    for token in (*before, browser.token()):
        typed = {"username": "reading-clerk", "password": "ไม่ใช่รหัสผ่าน", "csrf_token": token}
        assert browser.post("/login", typed).status_code == 422
    answer = browser.post("/login", {**typed, "password": PASSWORD})
    assert answer.status_code == 302
    letter_id = town.draft()
    after = tokens(f"/letters/{letter_id}")
    assert after and not after & before
    withdraw = f"/letters/{letter_id}/withdraw"
    statuses = [browser.post(withdraw, {"csrf_token": token}).status_code for token in (*after, browser.token())]
    assert statuses == [302] + [422] * len(after)  # what is withdrawn is not withdrawn again


def test_the_login_form_has_a_token_too(town: Installation) -> None:
    page = town.client().post("/login", {"username": "reading-clerk", "password": PASSWORD})

    assert page.status_code == 400


def test_a_script_that_asks_without_login_hears_401_and_not_a_page(town: Installation) -> None:
    nobody = town.client()

    assert nobody.get("/letters", headers={"HX-Request": "true"}).status_code == 401
    assert nobody.get("/letters", headers={"HX-Request": "true"}).headers["HX-Redirect"] == "/login"
    assert nobody.get("/letters", headers={"Accept": "application/json"}).status_code == 401


def test_demo_accounts_are_offered_in_a_demonstration_only(
    tmp_path: Path, new_database: NewDatabase, clock: FixedClock
) -> None:
    (tmp_path / "demo").mkdir()
    account = {"agency": "กรมทดลอง", "role": "head", "name": "ก ข", "title": "อธิบดี", "username": "demo-head"}
    account |= {"password": "รหัสทดลอง", "passphrase": "รหัสกุญแจทดลอง"}
    (tmp_path / "demo" / "accounts.json").write_text(json.dumps([account]), encoding="utf-8")
    real = build_installation(tmp_path, new_database, clock)
    assert "demo-head" not in real.client().get("/login").text
    real.close()

    settings = Settings(**{**vars(real.office.settings), "demo": True})
    shown = create_app(settings, office=build(settings, clock=clock)).test_client().get("/login").text
    assert 'data-fill-username="demo-head"' in shown and "รหัสกุญแจทดลอง" in shown


# --- headers, files, health ---------------------------------------------------------------------------------------


def test_pages_carry_strict_headers_and_stay_out_of_caches(town: Installation, clerk: Browser) -> None:
    headers = clerk.get("/").headers

    policy = headers["Content-Security-Policy"]
    for part in ("default-src 'self'", "object-src 'none'", "frame-ancestors 'none'", "base-uri 'none'"):
        assert part in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cache-Control"] == "private, no-store"
    assert "Strict-Transport-Security" not in headers


def test_the_session_cookie_is_for_http_only_and_for_https_where_the_settings_say_so(
    tmp_path: Path, new_database: NewDatabase, clock: FixedClock
) -> None:
    made = build_installation(tmp_path, new_database, clock, secure_cookies=True)
    answer = made.app.test_client().get("/login", base_url="https://saraban.test")

    cookie = answer.headers["Set-Cookie"]
    assert "Secure" in cookie and "HttpOnly" in cookie and "SameSite=Lax" in cookie
    assert "max-age=31" in answer.headers["Strict-Transport-Security"]
    made.close()


def test_styles_and_scripts_carry_their_version_and_may_be_kept(town: Installation) -> None:
    nobody = town.client()
    page = nobody.get("/login").text
    addresses = re.findall(r'(?:href|src)="(/static/[^"]+)"', page)

    assert len(addresses) >= 5
    for address in addresses:
        answer = nobody.get(address)
        assert answer.status_code == 200, address
        assert "immutable" in answer.headers["Cache-Control"]
    old = nobody.get(re.sub(r"/static/[0-9a-f]+/", "/static/0000/", addresses[1]))
    assert old.status_code == 200 and "immutable" not in old.headers["Cache-Control"]
    assert nobody.get("/static/x/../../settings.py").status_code == 404


def test_health_tells_machines_whether_the_worker_is_alive(town: Installation) -> None:
    nobody = town.client()
    assert nobody.get("/health").status_code == 503
    assert nobody.get("/health").json["worker"] == "silent"

    with town.services.uow() as uow:
        for agency_id in town.agencies.values():
            mark = uow.inbox.mark(agency_id, uow.agencies.get(agency_id).mailbox)
            mark.checked_at = town.clock.now()
            uow.inbox.save_mark(mark)
        uow.commit()
    answer = nobody.get("/health")
    assert answer.status_code == 200
    assert answer.json == {
        "status": "ok",
        "database": "ok",
        "worker": "ok",
        "mailbox_checked_seconds_ago": 0,
        "mailboxes": 2,
        "mailboxes_with_problems": 0,
    }

    town.clock.pass_by(timedelta(minutes=11))
    assert nobody.get("/health").status_code == 503


# --- what went wrong ----------------------------------------------------------------------------------------------


def test_an_unknown_address_is_told_in_thai_to_both_kinds_of_visitor(town: Installation, clerk: Browser) -> None:
    for browser in (clerk, town.client()):
        page = browser.get("/ไม่มีหน้านี้")
        assert page.status_code == 404
        assert "ไม่พบหน้าหรือรายการที่ขอ" in page.text
    assert "พรทิพย์" in clerk.get("/letters/00000000-0000-4000-8000-000000000000").text


def test_the_wrong_method_is_told_in_thai(town: Installation, clerk: Browser) -> None:
    assert "เปิดที่อยู่นี้โดยตรงไม่ได้" in clerk.get("/logout").text
    assert clerk.get("/logout").status_code == 405


@pytest.mark.only_database("sqlite")
def test_what_is_too_large_is_told_in_thai(town: Installation, clerk: Browser) -> None:
    town.app.config["MAX_CONTENT_LENGTH"] = 1000
    page = clerk.send("/letters/new", {"body": "ก" * 2000})

    assert page.status_code == 413
    assert "ไฟล์ใหญ่เกินที่รับได้" in page.text


@pytest.mark.only_database("sqlite")
def test_a_fault_of_ours_shows_no_insides(town: Installation, clerk: Browser) -> None:
    def broken() -> str:
        raise RuntimeError("ความลับของโปรแกรม")

    town.app.testing = False
    town.app.view_functions["help.index"] = broken
    page = clerk.client.get("/help")

    assert page.status_code == 500
    assert "ทำรายการไม่สำเร็จ" in page.text
    assert "ความลับของโปรแกรม" not in page.text and "Traceback" not in page.text


@pytest.mark.only_database("sqlite")
def test_a_database_that_is_gone_is_told_as_such(town: Installation, clerk: Browser) -> None:
    town.app.testing = False
    with town.office.writing.connect() as connection, connection.begin():
        connection.exec_driver_sql("ALTER TABLE letters RENAME TO letters_gone")

    page = clerk.client.get("/letters")
    assert page.status_code == 503
    assert "ระบบไม่พร้อมใช้งานชั่วคราว" in page.text


@pytest.mark.only_database("sqlite")
def test_help_names_every_state(town: Installation, clerk: Browser) -> None:
    text = clerk.get("/help").text

    for words in ("รอลงรับ", "ส่งไม่ถึง", "ออกเลขแล้ว รอส่ง", "ผู้ลงเชื่อถือได้", "ใบตอบรับลงตรา", "ปุ่มลัด"):
        assert words in text
    assert 'href="/help/events"' in text
    events = clerk.get("/help/events").text
    assert "letter.drafted" in events and "เริ่มร่าง" in events


def test_no_address_with_a_limit_lies_where_none_is_looked_for(town: Installation) -> None:
    limited = set(limiter.limit_manager._decorated_limits)
    named = [
        (rule.rule, get_qualified_name(town.app.view_functions[rule.endpoint]))
        for rule in town.app.url_map.iter_rules()
    ]

    assert [rule for rule, name in named if name in limited and has_none(rule)] == []
    assert "/login" in [rule for rule, name in named if name in limited], "names are told as the limiter tells"
