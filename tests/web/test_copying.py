"""Certified copies at the browser: asked for, refused with a reason, listed beside the letter, saved."""

from __future__ import annotations

import re

import pytest

from tests.web.installation import PASSPHRASE, Installation


def saved_at(page: str) -> str:
    """The address of the copy on a letter's page."""
    found = re.search(r'href="([^"]+/copies/[0-9a-f]{64}\.pdf)"', page)
    assert found is not None
    return found[1]


def test_a_copy_is_certified_listed_and_saved(town: Installation) -> None:
    letter = town.issued()
    head, clerk = town.client("reading-head"), town.client("reading-clerk")
    before = head.get(f"/letters/{letter}").text
    form = head.get(f"/letters/{letter}/copies/new").text
    wrong = head.send(f"/letters/{letter}/copies", {"passphrase": "ผิด"})
    done = head.send(f"/letters/{letter}/copies", {"passphrase": PASSPHRASE, "spares_citizen": "1"})
    after = clerk.get(f"/letters/{letter}").text
    file = clerk.get(saved_at(after))

    assert "สำเนาที่รับรอง" in before and f'href="/letters/{letter}/copies/new"' in before
    assert 'type="password"' in form and "อธิบดี" in form
    assert wrong.status_code == 422 and 'id="passphrase-error"' in wrong.text
    assert re.search(r'name="spares_citizen" value="1" checked', wrong.text) is None
    assert "ทำแทนการขอสำเนาจากประชาชน ไม่มีค่าธรรมเนียม" in after
    assert done.status_code == 302 and done.headers["Location"].endswith(f"/letters/{letter}")
    assert "รับรองสำเนาถูกต้อง" in after
    assert file.data.startswith(b"%PDF-") and "attachment" in file.headers["Content-Disposition"]
    assert f'href="/letters/{letter}/print.pdf"' in after
    assert clerk.get(f"/letters/{letter}/print.pdf").data.startswith(b"%PDF-")
    assert "พิมพ์หนังสือจากระบบ" in clerk.get(f"/letters/{letter}").text


def test_a_received_letter_is_certified_after_it_was_registered(town: Installation) -> None:
    town.dispatched()
    town.carry()
    head = town.client("learning-head")
    clerk = town.client("learning-clerk")
    incoming = re.search(r'href="/incoming/([0-9a-f-]{36})"', clerk.get("/incoming").text)
    assert incoming is not None
    address = f"/incoming/{incoming[1]}"
    assert "สำเนาที่รับรอง" not in clerk.get(address).text
    clerk.send(f"{address}/register")
    shown = clerk.get(address).text

    assert "สำเนาที่รับรอง" in shown and "ชำนาญงานขึ้นไป" in shown
    assert head.send(f"{address}/copies", {"passphrase": PASSPHRASE}).status_code == 302
    assert clerk.get(saved_at(clerk.get(address).text)).data.startswith(b"%PDF-")


def test_who_may_not_certify_reads_why(town: Installation) -> None:
    letter = town.issued()
    clerk = town.client("reading-clerk")

    assert "ชำนาญงานขึ้นไป" in clerk.get(f"/letters/{letter}/copies/new").text
    refused = clerk.send(f"/letters/{letter}/copies", {"passphrase": PASSPHRASE})
    assert refused.status_code == 403 and "ชำนาญงานขึ้นไป" in refused.text


@pytest.mark.only_database("sqlite")
def test_the_administrator_says_who_may_certify_and_a_key_is_wanted_too(town: Installation) -> None:
    letter = town.issued()
    admin, clerk = town.client("reading-admin"), town.client("reading-clerk")
    assert "ทักษะพิเศษ" in admin.get("/admin/options/certifiers").text
    assert admin.send("/admin/options/certifiers", {"certifiers": "เจ้าหน้าที่สารบรรณกลาง\r\n"}).status_code == 302
    long = admin.send("/admin/options/certifiers", {"certifiers": "ก" * 101})

    assert 'type="password"' in clerk.get(f"/letters/{letter}/copies/new").text
    without = clerk.send(f"/letters/{letter}/copies", {"passphrase": PASSPHRASE})
    assert without.status_code == 422 and "กุญแจ" in without.text and 'type="password"' in without.text
    assert long.status_code == 422 and "บรรทัดละไม่เกิน" in long.text
