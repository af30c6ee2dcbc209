"""The public page of a document: what it tells and what never, the same nothing for whatever may not be shown."""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import event, select, update
from werkzeug.test import TestResponse

from saraban.domain.attachment import Digest
from saraban.domain.classification import Secrecy
from saraban.domain.dispatch import DispatchId, DispatchState
from saraban.doorway import public
from saraban.exchange.thai import thai_digits
from saraban.storage.tables.exchange import dispatches
from saraban.usecases.copying import certify_copy
from saraban.usecases.dispatching import dispatch_letter
from saraban.usecases.publishing import publish, take_back
from saraban.usecases.recalling import ask_back
from tests.databases import NewDatabase
from tests.fakes import FixedClock
from tests.rendering.test_verification_code import a_ready_pdf
from tests.web.installation import PASSPHRASE, READING, Installation, build_installation
from tests.web.public_town import PUBLIC, code, coded_anyhow, decide, page_of, scans, void

SUBJECT = "ขอเชิญประชุมคณะกรรมการส่งเสริมการอ่าน"


@pytest.fixture
def town(tmp_path: Path, new_database: NewDatabase, clock: FixedClock) -> Iterator[Installation]:
    made = build_installation(tmp_path, new_database, clock, public_url=PUBLIC)
    yield made
    scans(made)
    made.close()


def test_anybody_sees_agency_kind_number_date_and_state_and_nothing_more(town: Installation) -> None:
    letter_id = town.issued(subject=SUBJECT)
    page = town.client().get(f"/v/{code(town, letter_id).code}")

    assert page.status_code == 200
    for words in (
        "รหัสนี้ตรงกับทะเบียน",
        "เลขนี้มีในทะเบียน ใช้อยู่",
        "เทียบกับเอกสารในมือ",
        "กรมส่งเสริมการอ่าน",
        "หนังสือภายนอก",
        "๒๓ พฤศจิกายน ๒๕๖๙",
        PUBLIC.removeprefix("https://"),
    ):
        assert words in page.text
    assert hashlib.sha256(page_of(town, letter_id)).hexdigest() in page.text
    for hidden in (SUBJECT, "เลขาธิการสำนักงานส่งเสริมการเรียนรู้", "ด้วยกรมส่งเสริมการอ่าน", "นาง", "นาย", str(letter_id)):
        assert hidden not in page.text
    assert "Set-Cookie" not in page.headers


def test_the_short_code_leads_to_the_same_document_however_it_is_typed(town: Installation) -> None:
    made = code(town, town.issued())
    visitor = town.client()
    asked = visitor.get(f"/v?code={made.shown.lower().replace('-', ' ')}")

    assert asked.status_code == 303 and asked.headers["Location"] == f"/v/{made.typed}"
    assert "รหัสนี้ตรงกับทะเบียน" in visitor.get(f"/v/{made.typed}").text
    wrong = visitor.get("/v?code=7K3M-Q2XF")
    assert wrong.status_code == 422 and "รหัสต้องมี ๑๒ ตัว" in wrong.text and 'value="7K3M-Q2XF"' in wrong.text
    empty = visitor.get("/v?code=+")
    assert empty.status_code == 422 and "รหัสต้องมี ๑๒ ตัว" in empty.text, (
        "who pressed without a code hears why nothing came"
    )
    assert visitor.get("/v").status_code == 200


def test_the_subject_is_shown_where_the_agency_wants_it(town: Installation) -> None:
    letter_id = town.issued(subject=SUBJECT)
    decide(town, verify_subject=True)

    assert SUBJECT in town.client().get(f"/v/{code(town, letter_id).code}").text


def test_a_voided_number_cancels_the_document_and_the_old_code_still_answers(town: Installation) -> None:
    letter_id = town.issued()
    void(town, letter_id, town.actor("reading-clerk"))
    decide(town, verifiable=False)
    page = town.client().get(f"/v/{code(town, letter_id).code}")

    assert page.status_code == 200
    assert "เอกสารนี้ยกเลิกแล้ว" in page.text and "ยกเลิก ๒๓ พฤศจิกายน ๒๕๖๙" in page.text
    assert "รหัสนี้ตรงกับทะเบียน" not in page.text and "ออกผิดฉบับ" not in page.text


def test_a_letter_whose_place_another_took_says_which_and_since_when(town: Installation) -> None:
    old, clerk = town.dispatched(), town.actor("reading-clerk")
    with town.office.reading.connect() as reader:
        [sent] = reader.execute(select(dispatches.c.id)).scalars()
    town.clock.pass_by(timedelta(days=1))
    new = town.issued(subject="ขอเชิญประชุม (แก้ไข)")
    before = town.client().get(f"/v/{code(town, old).code}")
    dispatch_letter(town.services, actor=clerk, letter_id=new, replaces=[DispatchId(sent)])
    town.clock.pass_by(timedelta(seconds=30))
    page = town.client().get(f"/v/{code(town, old).code}")
    english = town.client().get(f"/v/{code(town, old).code}?lang=en").text
    told = town.client().get(f"/v/{code(town, old).code}", headers={"Accept": "application/json"}).json
    with town.services.uow() as uow:
        number = uow.letters.get(town.agencies[READING], new).number

    assert "ใช้อยู่" in before.text and "แทนที่ด้วยฉบับใหม่" not in before.text
    assert "เอกสารนี้มีฉบับใหม่แทนแล้ว" in page.text and "แทนที่ด้วยฉบับใหม่ ๒๔ พฤศจิกายน ๒๕๖๙" in page.text
    assert thai_digits(number) in page.text and f"/v/{code(town, new).code}" in page.text and "แก้ไข" not in page.text
    assert "This document was replaced" in english and "Replaced by" in english
    assert told["state"] == "replaced" and told["since"] == "2026-11-24"
    assert told["replaced_by"] == {"code": code(town, new).code, "number": number}
    assert "เลขนี้มีในทะเบียน ใช้อยู่" in town.client().get(f"/v/{code(town, new).code}").text
    void(town, old, clerk)
    town.clock.pass_by(timedelta(seconds=30))
    assert "เอกสารนี้ยกเลิกแล้ว" in town.client().get(f"/v/{code(town, old).code}").text


def test_a_letter_that_was_asked_back_says_who_gave_it_back_and_who_has_not_answered(town: Installation) -> None:
    letter, clerk = town.dispatched(), town.actor("reading-clerk")
    with town.office.writing.begin() as writer:
        writer.execute(update(dispatches).values(state=DispatchState.RECEIVED, composed=True))
    with town.office.reading.connect() as reader:
        [sent] = reader.execute(select(dispatches.c.id, dispatches.c.to_name))
    address = f"/v/{code(town, letter).code}"
    ask_back(town.services, actor=clerk, dispatches=[DispatchId(sent.id)], reason="เหตุผลภายใน")
    asked = town.client().get(address).text
    assert "ใช้อยู่" in asked and "ผู้ออกขอเรียกคืนหนังสือนี้ แต่ยังไม่ได้คืนจากผู้รับทุกแห่ง" in asked
    assert "ผู้ออกขอเรียกคืนเมื่อ" in asked and "ผู้รับที่ยังไม่ตอบ" in asked and sent.to_name in asked
    assert "เหตุผลภายใน" not in asked, "why it is wanted back stands between the two"

    town.clock.pass_by(timedelta(days=1))
    with town.office.writing.begin() as writer:
        given = {"state": DispatchState.RECALLED, "recall_answer": "recalled", "settled_at": town.clock.now()}
        writer.execute(update(dispatches).values(**given))
    page, english = (town.client().get(f"{address}?lang={language}").text for language in ("th", "en"))
    told = town.client().get(address, headers={"Accept": "application/json"}).json
    assert "ผู้ออกเรียกคืนหนังสือนี้แล้ว" in page and "ใช้อยู่" not in page and "ผู้รับที่คืนแล้ว" in page
    assert "This letter was recalled by its issuer" in english and "Given back by" in english
    assert told["state"] == "recalled" and told["recall"]["given_back"][0]["agency"] == sent.to_name
    void(town, letter, clerk)
    town.clock.pass_by(timedelta(seconds=30))
    assert "เอกสารนี้ยกเลิกแล้ว" in town.client().get(address).text, "a struck number says more"


def test_the_file_of_a_letter_that_is_shown_to_everybody_is_had_and_no_other(town: Installation) -> None:
    letter, clerk = town.issued(circular=True), town.actor("reading-clerk")
    address, visitor = f"/v/{code(town, letter).code}", town.client()
    hidden, unknown = visitor.get(f"{address}/file"), visitor.get(f"/v/{'0' * 20}/file")
    assert (hidden.status_code, hidden.text) == (404, unknown.text)
    assert f'href="{address}/file"' not in visitor.get(address).text
    publish(town.services, actor=clerk, letter_id=letter)
    town.clock.pass_by(timedelta(seconds=30))

    page, file = visitor.get(address), visitor.get(f"{address}/file")
    assert f'href="{address}/file"' in page.text
    assert file.data == page_of(town, letter) and "Set-Cookie" not in file.headers
    assert "public" in file.headers["Cache-Control"] and "ETag" in file.headers
    assert visitor.get(address, headers={"Accept": "application/json"}).json["may_download"] is True
    take_back(town.services, actor=clerk, letter_id=letter, reason="มีข้อมูลส่วนบุคคล")
    town.clock.pass_by(timedelta(seconds=30))
    assert visitor.get(f"{address}/file").status_code == 404
    assert f'href="{address}/file"' not in visitor.get(address).text


def test_whatever_became_of_a_letter_is_known_by_one_statement(town: Installation) -> None:
    old, clerk = town.dispatched(), town.actor("reading-clerk")
    with town.office.reading.connect() as reader:
        [sent] = reader.execute(select(dispatches.c.id)).scalars()
    new = town.issued(circular=True)
    dispatch_letter(town.services, actor=clerk, letter_id=new, replaces=[DispatchId(sent)])
    publish(town.services, actor=clerk, letter_id=new)
    asked: list[str] = []
    event.listen(town.office.reading, "before_cursor_execute", lambda *told: asked.append(told[2]))
    for one in (old, new):
        asked.clear()
        assert town.client().get(f"/v/{code(town, one).code}").status_code == 200
        assert len([words for words in asked if words.lstrip().upper().startswith("SELECT")]) == 1


def test_unknown_restricted_and_unissued_look_alike_to_the_octet(town: Installation) -> None:
    secret = coded_anyhow(town, town.issued(secrecy=Secrecy.CONFIDENTIAL))
    unissued = coded_anyhow(town, town.endorsed())
    visitor = town.client()
    answers = [visitor.get(f"/v/{one}") for one in (secret, unissued, "0" * 20, "no-code", secret[:12])]

    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.text for answer in answers}) == 1
    assert len({tuple(sorted(answer.headers.keys())) for answer in answers}) == 1
    assert scans(town) == []


def test_unknown_and_restricted_ask_the_database_the_same(town: Installation) -> None:
    secret = coded_anyhow(town, town.issued(secrecy=Secrecy.CONFIDENTIAL))
    asked: list[list[str]] = []
    event.listen(town.office.reading, "before_cursor_execute", lambda *told: asked[-1].append(told[2]))
    for one in (secret, "0" * 20, "no-code"):
        asked.append([])
        town.client().get(f"/v/{one}")

    assert len(asked[0]) >= 1 and asked[0] == asked[1] == asked[2]


def test_both_languages_say_the_same(town: Installation) -> None:
    made = code(town, town.issued())
    page = town.client().get(f"/v/{made.code}?lang=en").text

    assert '<html lang="en">' in page and "This code agrees with the register" in page
    assert "Official letter" in page and "23 November 2026 (B.E. 2569)" in page
    assert f'href="/v/{made.code}?lang=th"' in page


def test_every_scan_is_counted_and_a_change_of_language_is_none(town: Installation) -> None:
    made = code(town, town.issued())
    visitor = town.client()
    for address in (f"/v/{made.code}", f"/v/{made.typed}", f"/v/{made.code}?lang=en", f"/v/{made.code}?lang=th"):
        assert visitor.get(address).status_code == 200

    assert scans(town) == [2]


def test_what_is_fresh_lies_in_caches_for_half_a_minute(town: Installation) -> None:
    made = code(town, town.issued())
    visitor = town.client()
    first = visitor.get(f"/v/{made.code}")
    again = visitor.get(f"/v/{made.code}", headers={"If-None-Match": first.headers["ETag"]})

    assert first.headers["Cache-Control"] == "public, max-age=30" and "Accept" in first.headers["Vary"]
    assert again.status_code == 304 and again.text == ""
    void(town, made.subject_id, town.actor("reading-clerk"))
    assert visitor.get(f"/v/{made.code}", headers={"If-None-Match": first.headers["ETag"]}).status_code == 200


# --- pacing -----------------------------------------------------------------------------------------------------------


def test_who_tries_typed_codes_too_often_waits_and_scanned_ones_go_on(
    town: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(public, "MOST_TYPED_MISSES", 3)
    made = code(town, town.issued())
    visitor = town.client()
    for _ in range(3):
        assert visitor.get("/v/000000000000").status_code == 404
    paced = visitor.get("/v/000000000000")

    assert paced.status_code == 429 and "รอ ๑๐ นาที" in paced.text and paced.headers["Retry-After"] == "600"
    assert "no-store" in paced.headers["Cache-Control"]
    assert visitor.get(f"/v/{made.typed}").status_code == 429
    assert visitor.get(f"/v/{made.code}").status_code == 200
    other = town.app.test_client().get(f"/v/{made.typed}", environ_overrides={"REMOTE_ADDR": "198.51.100.7"})
    assert other.status_code == 200
    assert "wait 10 minutes" in visitor.get("/v/000000000000?lang=en").text.lower()


def test_typed_codes_wait_for_everybody_when_many_addresses_try_and_scanned_ones_go_on(
    town: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(public, "MOST_TYPED_MISSES_OF_ALL", 3)
    made = code(town, town.issued())
    visitor = town.app.test_client()

    def asked(last: int, what: str) -> TestResponse:
        return visitor.get(f"/v/{what}", environ_overrides={"REMOTE_ADDR": f"198.51.100.{last}"})

    assert [asked(last, "robots.txt").status_code for last in range(11, 15)] == [404] * 4, "what is no code is no guess"
    assert [asked(last, "000000000000").status_code for last in range(1, 4)] == [404] * 3
    paced = asked(9, made.typed)
    assert paced.status_code == 429 and "สแกน QR ตรวจได้ตามปกติ" in paced.text
    assert asked(9, made.code).status_code == 200
    assert asked(9, "0" * 20).status_code == 404, "one whole code that is none does not count among the typed"


# --- the file ----------------------------------------------------------------------------------------------


def _judged(town: Installation, made: str, data: bytes, query: str = "") -> TestResponse:
    return town.client().post(f"/v/{made}/file{query}", {"file": (io.BytesIO(data), "หนังสือ.pdf")})


def _shown(answer: TestResponse) -> str:
    """The page without what only script puts onto it."""
    return re.sub(r"<template.*?</template>", "", answer.text, flags=re.S)


def _headline(answer: TestResponse) -> tuple[str, str]:
    """The tone and the words of the one headline."""
    [found] = re.findall(r'big-verdict--(\w+)">.*?<h1>(.*?)</h1>', _shown(answer), re.S)
    return found[0], found[1]


def test_the_file_that_was_issued_is_known_and_its_signatures_hold(town: Installation) -> None:
    letter_id = town.issued()
    judged = _judged(town, code(town, letter_id).code, page_of(town, letter_id))

    assert judged.status_code == 200 and _headline(judged) == ("good", "ไฟล์นี้ตรงกับฉบับที่ออกทุกไบต์")
    assert judged.text.count('class="verdict verdict--') == 1 and "ไม่ถูกแก้ภายหลัง" in judged.text
    assert scans(town) == []


def test_a_changed_file_is_told_with_what_does_not_hold(town: Installation) -> None:
    letter_id = town.issued()
    data = page_of(town, letter_id)
    judged = _judged(town, code(town, letter_id).code, data.replace(b"%PDF-1.7", b"%PDF-1.6", 1), "?lang=en")

    assert judged.status_code == 200 and _headline(judged) == ("bad", "This file is not the issued one")
    assert "verdict--bad" in judged.text and "Does not hold" in judged.text


def test_a_program_gets_the_verdict_on_a_file_as_json(town: Installation) -> None:
    letter_id = town.issued()
    made, data = code(town, letter_id).code, page_of(town, letter_id)

    def judged(of: str, brought: bytes) -> TestResponse:
        file = {"file": (io.BytesIO(brought), "หนังสือ.pdf")}
        return town.app.test_client().post(f"/v/{of}/file", data=file, headers={"Accept": "application/json"})

    good, bad = judged(made, data).get_json(), judged(made, data.replace(b"%PDF-1.7", b"%PDF-1.6", 1)).get_json()
    assert (
        good["document"] == town.app.test_client().get(f"/v/{made}", headers={"Accept": "application/json"}).get_json()
    )
    assert (good["file"]["same"], good["file"]["signatures"][0]["parts"]["unchanged"]) == ("original", True)
    assert (bad["file"]["same"], bad["file"]["signatures"][0]["standing"]) == ("", "bad")
    for answer, status in ((judged(made, b"GIF89a"), 422), (judged("0" * 20, data), 404)):
        assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")
        assert answer.headers["Cache-Control"] == "no-store"


def test_a_certified_copy_is_known_too(town: Installation) -> None:
    letter_id = town.issued()
    copy = certify_copy(town.services, actor=town.actor("reading-head"), letter_id=letter_id, passphrase=PASSPHRASE)
    made = code(town, letter_id).code

    assert copy.sha256.hex in town.client().get(f"/v/{made}").text
    judged = _judged(town, made, town.services.blobs.open(copy.sha256))
    assert _headline(judged) == ("good", "ไฟล์นี้คือสำเนาที่เจ้าหน้าที่รับรอง")
    assert "สำเนาไม่ใช่ตัวฉบับที่ออก" in _shown(judged)


def test_nothing_on_the_page_of_an_altered_file_says_that_it_is_good(town: Installation) -> None:
    letter_id = town.issued()
    altered = page_of(town, letter_id).replace(b"%PDF-1.7", b"%PDF-1.6", 1)
    made = code(town, letter_id).code
    shown = _shown(_judged(town, made, altered))

    assert "ไฟล์นี้ไม่ใช่ฉบับที่ออก" in shown and "สำเนาไม่ใช่ฉบับที่ออก" in shown
    for untrue in ("ใช้ได้", "รหัสนี้ตรงกับทะเบียน", "big-verdict--good", "กด “ส่งไฟล์มาตรวจลายมือชื่อ”"):
        assert untrue not in shown.split("data-verify")[1]
    assert (
        "valid"
        not in _shown(_judged(town, made, altered, "?lang=en")).split('<section class="stack" id="file"')[0].lower()
    )


def test_a_file_of_a_struck_number_is_never_green(town: Installation) -> None:
    letter_id = town.issued()
    void(town, letter_id, town.actor("reading-clerk"))
    judged = _judged(town, code(town, letter_id).code, page_of(town, letter_id))

    assert _headline(judged) == ("bad", "ไฟล์นี้ตรงกับฉบับที่ออกทุกไบต์") and "ถูกยกเลิกแล้ว" in _shown(judged)


@pytest.mark.parametrize("kept", [0.35, 0.9, 0.999])
def test_a_file_that_broke_off_is_told_to_be_not_whole_and_not_to_be_unsigned(town: Installation, kept: float) -> None:
    letter_id = town.issued()
    data = page_of(town, letter_id)
    shown = _shown(_judged(town, code(town, letter_id).code, data[: int(len(data) * kept)]))

    assert "ไฟล์นี้ไม่ครบ ท้ายไฟล์ขาดหาย" in shown and "ไม่มีลายมือชื่อดิจิทัล" not in shown


@pytest.mark.parametrize(("data", "words"), [(b"", "เลือกไฟล์ก่อน"), (b"hello", "ไม่ใช่ PDF")])
def test_what_is_no_pdf_is_refused_by_its_field(town: Installation, data: bytes, words: str) -> None:
    judged = _judged(town, code(town, town.issued()).code, data)

    assert judged.status_code == 422 and words in judged.text and 'aria-invalid="true"' in judged.text


def test_files_are_paced_and_belong_to_a_document(town: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(public, "MOST_FILES", 1)
    made = code(town, town.issued()).code

    assert _judged(town, "0" * 20, b"%PDF-").status_code == 404
    assert _judged(town, made, b"x").status_code == 422
    assert _judged(town, made, b"x").status_code == 429


def test_nothing_that_was_brought_is_kept(town: Installation) -> None:
    made = code(town, town.issued()).code
    data = b"%PDF-1.7 of a stranger"
    _judged(town, made, data)

    assert not town.services.blobs.has(Digest.of(data))


# --- who issued it ---------------------------------------------------------------------------------------


def test_programs_get_json_at_the_same_address(town: Installation) -> None:
    made = code(town, town.issued())
    visitor = town.client()
    told = visitor.get(f"/v/{made.code}", headers={"Accept": "application/json"})
    unknown = visitor.get(f"/v/{'0' * 20}", headers={"Accept": "application/json"})

    assert told.json is not None and (told.json["state"], told.json["subject"]) == ("valid", None)
    assert (unknown.status_code, unknown.json) == (404, {"code": "not-found"})


def test_who_issued_it_sees_how_often_it_was_verified(town: Installation) -> None:
    letter_id = town.issued()
    made = code(town, letter_id)
    for _ in range(3):
        town.client().get(f"/v/{made.code}")
    scans(town)
    page = town.client("reading-clerk").get(f"/letters/{letter_id}").text

    assert "มีผู้ตรวจ" in page and re.search(r"<b[^>]*>๓</b> ครั้ง", page)
    assert made.shown in page and f"/v/{made.code}?lang=th" in page
    draft = town.client("reading-clerk").get(f"/letters/{town.draft()}").text
    assert "มีผู้ตรวจ" not in draft


def test_the_language_and_place_of_the_form_survive_a_refusal(town: Installation) -> None:
    judged = _judged(town, code(town, town.issued()).code, b"x", "?lang=en")

    assert "This is no PDF" in judged.text and "?lang=en" in judged.text


def test_a_ready_page_without_a_blank_corner_is_told_at_the_draft(town: Installation) -> None:
    clerk, letter_id = town.client("reading-clerk"), town.draft()
    told = []
    for wide in (20, 560):
        file = (io.BytesIO(a_ready_pdf((20, 20, wide, 30))), "หนังสือ.pdf")
        assert clerk.send(f"/letters/{letter_id}/ready", {"file": file}).status_code == 302
        told.append("หนังสือฉบับนี้จะไม่มี QR ตรวจสอบ" in clerk.get(f"/letters/{letter_id}/ready").text)

    assert told == [False, True]
