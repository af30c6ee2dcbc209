"""The public form and the page on which a letter is followed: what is typed harms nobody, what is guessed finds
nothing, and who asks too often waits."""

from __future__ import annotations

import io
import re
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from saraban.domain.petition import BroughtFile, code_of_key
from saraban.doorway import petitions as counter
from saraban.storage.tables.letters import incoming
from saraban.storage.tables.petitions import petitions
from saraban.usecases import petitioning, registering
from tests.databases import new_sqlite
from tests.fakes import FixedClock
from tests.rendering.test_verification_code import a_ready_pdf
from tests.web.installation import READING, Browser, Installation, build_installation
from tests.web.public_town import PUBLIC, decide

FORM = f"/w/to/{READING}"
TYPED = {"name": "นางสาวมะลิ ใจงาม", "subject": "ขอทราบผล", "text": "ถึงไหนแล้ว", "mailbox": "mali@example.com"}
SCRIPT = "\"><script>alert('x')</script><img src=x onerror=alert(1)>"
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 20


@pytest.fixture
def town(tmp_path: Path, clock: FixedClock) -> Iterator[Installation]:
    # The use cases have their tests on both databases; here the pages are what counts.
    made = build_installation(tmp_path, new_sqlite(tmp_path), clock, public_url=PUBLIC)
    decide(made, petitions=True)
    yield made
    made.close()


def key_of(page: str) -> str:
    """The key of a form."""
    found = re.search(r'name="key" id="key" value="([A-Za-z0-9_-]{43})"', page)
    assert found is not None
    return found[1]


def sent(town: Installation, *, ip: str = "198.51.100.7", lang: str = "", **changes: Any) -> TestResponse:
    """Somebody at an address fills the form in and sends it."""
    visitor = town.app.test_client()
    asked = {"REMOTE_ADDR": ip}
    key = changes.pop("key", None) or key_of(visitor.get(FORM, environ_base=asked).text)
    query = {"lang": lang} if lang else {}
    return visitor.post(FORM, query_string=query, data=TYPED | {"key": key} | changes, environ_base=asked)


def told(page: str) -> tuple[str, str]:
    """Number and whole code of a receipt."""
    number, code = re.search(r'class="num">([๐-๙]+/[๐-๙]+)<', page), re.search(r"/w/f/([0-9A-Z]{20})", page)
    assert number is not None and code is not None
    return number[1], code[1]


def look(town: Installation, number: str, code: str, *, ip: str = "198.51.100.8", **more: Any) -> TestResponse:
    """Somebody types number and code."""
    data = {"number": number, "code": code}
    return town.app.test_client().post("/w/follow", data=data, environ_base={"REMOTE_ADDR": ip}, **more)


def rows(town: Installation) -> list[Any]:
    """The letters that came in."""
    with town.office.reading.connect() as reader:
        return list(reader.execute(select(incoming)))


# --- the receipt, in both languages, without a cookie -------------------------------------------------------------


def test_the_receipt_comes_at_once_with_number_code_both_moments_and_a_qr_code(town: Installation) -> None:
    page = sent(town, files=[(io.BytesIO(PNG), "ป้าย.png"), (io.BytesIO(a_ready_pdf()), "คำร้อง.pdf")])

    assert page.status_code == 200
    for words in ("ได้รับเรื่องแล้ว", "๑/๒๕๖๙", "ถือว่าได้รับ", "มาตรา ๑๐", "data:image/svg+xml", f"{PUBLIC}/w/f/"):
        assert words in page.text
    assert "Set-Cookie" not in page.headers and page.headers["Cache-Control"] == "no-store"
    assert "noindex" in page.headers["X-Robots-Tag"] and "script-src" not in page.headers["Content-Security-Policy"]
    assert len(rows(town)) == 1


def test_no_copy_of_a_state_document_is_asked_for_and_none_is_certified(town: Installation) -> None:
    """Cabinet resolution of 2 October 2561; B.E. 2565, sections 7 and 12 (D13, D15)."""
    page = town.app.test_client().get(FORM).text

    assert "ไม่ต้องแนบสำเนาบัตรประชาชน ทะเบียนบ้าน หรือเอกสารที่ราชการออกให้ และไม่ต้องรับรองสำเนา" in page
    assert re.findall(r'name="([a-z]+)"', page.partition("<form")[2]) == [
        *("key", "name", "subject", "text", "files", "mailbox", "phone", "address"),
    ]


def test_every_page_speaks_both_languages(town: Installation) -> None:
    visitor = town.app.test_client()
    receipt = sent(town, lang="en").text
    _, code = told(receipt.replace("1/2569", "๑/๒๕๖๙"))
    assert "Your letter has been received" in receipt and "Counts as received" in receipt
    for address, thai, english in (
        (FORM, "ไม่ต้องมีบัญชี", "without an account"),
        ("/w/follow", "ติดตามเรื่อง", "Follow your letter"),
        (f"/w/f/{code}", "ได้รับแล้ว รอลงทะเบียน", "Received, to be registered"),
        ("/w/to/nobody", "ไม่เปิดรับเรื่อง", "No letters are taken here"),
    ):
        for query, words in (("", thai), ("?lang=en", english)):
            page = visitor.get(address + query)
            assert words in page.text and "Set-Cookie" not in page.headers
    assert visitor.get("/w").headers["Location"].endswith(FORM)


def test_a_program_that_asks_for_json_gets_the_receipt_and_the_faults_as_json(town: Installation) -> None:
    def told_to_program(to: str = FORM, **changes: str) -> TestResponse:
        return _as_a_program(town, to=to, header=secrets.token_urlsafe(16), **changes)

    receipt = told_to_program()
    assert receipt.json is not None and receipt.json["follow"] == f"{PUBLIC}/w/f/{receipt.json['code']}"
    assert receipt.json["number"] == "1/2569" and receipt.headers["Cache-Control"] == "no-store"
    wrong, gone = told_to_program(name="", text=""), told_to_program("/w/to/9999")
    assert (wrong.status_code, gone.status_code) == (422, 404)
    assert wrong.json is not None and set(wrong.json["errors"]) == {"name", "text"}
    assert {one.mimetype for one in (wrong, gone)} == {"application/problem+json"} and len(rows(town)) == 1


def test_a_program_that_sends_once_more_gets_the_receipt_it_did_not_see(town: Installation) -> None:
    header = "3f1c0c9e-5a0e-4f0b-9d5e-0f6c2a6f1d11"
    first, again = _as_a_program(town, header=header), _as_a_program(town, header=header)
    assert first.json is not None and again.json is not None
    assert again.json == first.json | {"repeated": True}
    other = _as_a_program(town, header=header, text="เรื่องอื่น")
    assert other.status_code == 422 and other.json is not None and set(other.json["errors"]) == {"key"}
    assert len(rows(town)) == 1


@pytest.mark.parametrize("header", [None, "", "short"])
def test_a_program_without_a_key_is_told_that_it_could_not_send_again(town: Installation, header: str | None) -> None:
    refused = _as_a_program(town, header=header)

    assert refused.status_code == 422 and refused.json is not None and set(refused.json["errors"]) == {"key"}
    assert "Idempotency-Key" in refused.json["errors"]["key"] and rows(town) == []


def _as_a_program(town: Installation, *, to: str = FORM, header: str | None, **changes: str) -> TestResponse:
    headers = {"Accept": "application/json"} | ({"Idempotency-Key": header} if header is not None else {})
    return town.app.test_client().post(to, data=TYPED | changes, headers=headers)


def test_two_presses_of_one_button_are_one_letter(town: Installation) -> None:
    key = key_of(town.app.test_client().get(FORM).text)
    first, second = sent(town, key=key), sent(town, key=key)

    assert told(first.text) == told(second.text) and "นี่คือใบรับเดิม" in second.text
    assert len(rows(town)) == 1


def test_an_agency_that_takes_none_looks_like_one_that_is_not(town: Installation) -> None:
    visitor = town.app.test_client()
    one, other = visitor.get("/w/to/0702"), visitor.get("/w/to/9999")

    assert one.status_code == other.status_code == 404
    assert one.text.replace("0702", "9999") == other.text
    assert visitor.post("/w/to/0702", data=TYPED | {"key": "k" * 43}).status_code == 404


# --- what is typed harms nobody -----------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", ["", "en"])
def test_what_was_typed_wrongly_stays_and_is_no_markup(town: Installation, lang: str) -> None:
    page = sent(town, lang=lang, name="", mailbox=SCRIPT, phone=SCRIPT, address=SCRIPT, subject=SCRIPT, text=SCRIPT)

    assert page.status_code == 422 and rows(town) == []
    assert "<script>alert" not in page.text and "<img src=x" not in page.text
    assert page.text.count("&lt;script&gt;alert") >= 5


def test_scripts_in_every_field_are_words_to_the_clerk(town: Installation, clerk: Browser) -> None:
    hostile = {name: SCRIPT for name in ("name", "phone", "address", "subject", "text")}
    receipt = sent(town, **hostile, mailbox="", files=[(io.BytesIO(PNG), "<img src=x onerror=alert(1)>.png")])
    number, code = told(receipt.text)
    letter_id = rows(town)[0].id
    for page in (
        receipt.text,
        look(town, number, code[:12]).text,
        clerk.get("/incoming").text,
        clerk.get(f"/incoming/{letter_id}").text,
    ):
        assert "<script>alert" not in page and "<img src=x" not in page
    shown = clerk.get(f"/incoming/{letter_id}").text
    hrefs = re.findall(rf'"(/incoming/{letter_id}/files/[0-9a-f]{{64}})"', shown)
    assert "onerror=alert(1)" in shown
    got = clerk.get(hrefs[-1])
    assert got.headers["X-Content-Type-Options"] == "nosniff" and got.headers["Content-Type"].startswith("image/png")


@pytest.mark.parametrize(
    ("name", "data"),
    [("a.pdf", b"<html><script>alert(1)</script>"), ("a.html", b"<html>"), ("a.svg", b"<svg onload=alert(1)/>"),
     ("a.exe", b"MZ\x90"), ("a.zip", b"PK\x03\x04"), ("a.pdf", b"%PDF-1.7\n1 0 obj"), ("a.png", b"")],
)  # fmt: skip
def test_hostile_files_are_refused_and_the_words_stay(town: Installation, name: str, data: bytes) -> None:
    page = sent(town, files=[(io.BytesIO(data), name)])

    assert page.status_code == 422 and rows(town) == []
    assert 'id="files-error"' in page.text and "เลือกไฟล์อีกครั้ง" in page.text and "ถึงไหนแล้ว" in page.text


def test_too_many_files_are_refused(town: Installation) -> None:
    assert sent(town, files=[(io.BytesIO(PNG), f"{n}.png") for n in range(40)]).status_code == 422


def test_a_form_that_the_server_did_not_give_out_is_refused(town: Installation) -> None:
    page = sent(town, key="short")

    assert page.status_code == 422 and key_of(page.text) != "short" and rows(town) == []


# --- what is guessed finds nothing --------------------------------------------------------------------------------


def test_unknown_and_wrong_look_alike_and_say_nothing(town: Installation) -> None:
    number, code = told(sent(town).text)
    wrong = [
        look(town, number, "0000-0000-0000"),
        look(town, "๙๙/๒๕๖๙", code[:12]),
        look(town, "๙๙/๒๕๖๙", "0000-0000-0000"),
    ]

    plain = {re.sub(r'value="[^"]*"', "", page.text) for page in wrong}
    assert {page.status_code for page in wrong} == {404} and len(plain) == 1
    visitor = town.app.test_client()
    missing = [visitor.get(f"/w/f/{guess}") for guess in ("0" * 20, "x", "1" * 12)]
    assert {page.status_code for page in missing} == {404}
    assert len({page.text.replace(page.request.path, "") for page in missing}) == 1
    assert visitor.get(f"/w/f/{code[:12]}").status_code == 404, "the short form counts only with its number"


def test_only_states_and_dates_are_told(town: Installation) -> None:
    """A public tracking page by number, without personal data (D20, D24)."""
    number, code = told(sent(town).text)
    letter_id = rows(town)[0].id
    registering.register_letter(town.services, actor=town.actor("reading-clerk"), incoming_id=letter_id)
    page = look(town, number, code[:12])

    assert page.status_code == 200 and "ลงทะเบียนแล้ว กำลังดำเนินการ" in page.text and "กรมส่งเสริมการอ่าน" in page.text
    for hidden in ("มะลิ", "mali@example", "ขอทราบผล", "ถึงไหนแล้ว", str(letter_id)):
        assert hidden not in page.text
    asked = look(town, number, code[:12], headers={"Accept": "application/json"})
    assert asked.json is not None and asked.json["state"] == "registered" and "subject" not in asked.json
    unknown = look(town, number, "0" * 12, headers={"Accept": "application/json"})
    assert (unknown.status_code, unknown.mimetype) == (404, "application/problem+json")
    assert unknown.json is not None and unknown.json["code"] == "not-found"


def test_the_answer_is_fetched_with_number_and_code_and_by_nobody_else(town: Installation) -> None:
    number, code = told(sent(town).text)
    clerk, letter_id = town.actor("reading-clerk"), rows(town)[0].id
    registering.register_letter(town.services, actor=clerk, incoming_id=letter_id)
    page = BroughtFile("ตอบ.pdf", a_ready_pdf())
    petitioning.give_answer(town.services, actor=clerk, incoming_id=letter_id, file=page)
    visitor = town.app.test_client()

    assert "รับไฟล์คำตอบ" in look(town, number, code[:12]).text
    for given in ({"number": number, "code": code[:12]}, {"number": "", "code": code}):
        got = visitor.post("/w/follow/answer", data=given)
        assert got.data == page.data and got.headers["Content-Disposition"].startswith("attachment")
        assert got.headers["Cache-Control"] == "no-store"
    assert visitor.post("/w/follow/answer", data={"number": "๒/๒๕๖๙", "code": code[:12]}).status_code == 404


# --- who asks too often waits -------------------------------------------------------------------------------------


def test_wrong_codes_are_paced_by_address_and_a_header_that_lies_changes_nothing(town: Installation) -> None:
    number, code = told(sent(town).text)
    for n in range(counter.MOST_MISSES):
        assert look(town, number, f"{n:012}", headers={"X-Forwarded-For": f"203.0.113.{n}"}).status_code == 404
    waits = look(town, number, code[:12], headers={"X-Forwarded-For": "203.0.113.99"})

    assert waits.status_code == 429 and int(waits.headers["Retry-After"]) > 0
    assert look(town, number, code[:12], ip="198.51.100.9").status_code == 200


def test_letters_are_paced_by_address_by_mailbox_and_altogether(
    town: Installation,
) -> None:
    for n in range(counter.MOST_OF_MAILBOX):
        assert sent(town, ip=f"198.51.100.{n}").status_code == 200
    bombed = sent(town, ip="198.51.100.50")
    assert bombed.status_code == 429 and "ถึงไหนแล้ว" in bombed.text
    keys = [key_of(town.app.test_client().get(FORM).text) for _ in range(counter.MOST_LETTERS)]
    for n, key in enumerate(keys):
        last = {"ip": "203.0.113.5", "mailbox": f"m{n}@example.com", "key": key}
        first = sent(town, **last)
        assert first.status_code == 200
    assert sent(town, ip="203.0.113.5", mailbox="").status_code == 429
    again = sent(town, **last)
    assert again.status_code == 200 and "นี่คือใบรับเดิม" in again.text and told(again.text) == told(first.text)
    assert told(first.text)[1] != code_of_key(key), "who knows the key alone does not know the code"
    from_there = {"REMOTE_ADDR": "203.0.113.5"}
    as_json = {"Accept": "application/json", "Idempotency-Key": "another-letter-of-his"}
    waits = town.app.test_client().post(FORM, data=TYPED | {"mailbox": ""}, headers=as_json, environ_base=from_there)
    assert waits.status_code == 429 and 3000 < int(waits.headers["Retry-After"]) <= counter.HOUR_SECONDS
    with town.app.app_context():
        everybody = counter.counter().all_letters
        for _ in range(counter.MOST_LETTERS_OF_ALL):
            everybody.note("")
    assert sent(town, ip="192.0.2.200", mailbox="").status_code == 429
    with town.office.reading.connect() as reader:
        assert len(list(reader.execute(select(petitions.c.id)))) == counter.MOST_OF_MAILBOX + counter.MOST_LETTERS
