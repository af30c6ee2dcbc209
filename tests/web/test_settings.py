"""The page of settings leads everywhere that the administrator sets something; the pages of the agency's decisions."""

from __future__ import annotations

import re
from dataclasses import fields
from html import unescape

import pytest

from saraban.domain.agency import AgencyOptions
from saraban.domain.classification import Digits
from saraban.web.options import PAGES
from tests.web.installation import READING, Browser, Installation


@pytest.fixture
def admin(town: Installation) -> Browser:
    """The administrator of กรมส่งเสริมการอ่าน at the browser."""
    return town.client("reading-admin")


def options(town: Installation) -> AgencyOptions:
    """What กรมส่งเสริมการอ่าน has decided."""
    with town.services.uow() as uow:
        return uow.agencies.get(town.agencies[READING]).options


@pytest.mark.only_database("sqlite")
def test_every_card_leads_to_a_page_that_opens_and_has_a_way_back(admin: Browser) -> None:
    hub = admin.get("/admin").text
    cards = [unescape(href) for href in re.findall(r'class="kinds__form[^"]*" href="([^"]+)"', hub)]
    pages = {href: admin.get(href) for href in cards}

    assert len(cards) == len(set(cards)) >= 8 and "ตราของส่วนราชการ" in hub
    assert {href: page.status_code for href, page in pages.items()} == dict.fromkeys(cards, 200)
    assert {f"/admin/options/{page.name}" for page in PAGES} <= set(cards)
    assert all('href="/admin"' in page.text for page in pages.values())


@pytest.mark.only_database("sqlite")
def test_the_settings_stand_in_the_navigation_of_the_administrator_alone(town: Installation, admin: Browser) -> None:
    assert admin.get("/").text.count('href="/admin"') == 4  # rail, phone's foot, menu of the person, work of the day
    for who in ("reading-clerk", "reading-records", "reading-head", "reading-director"):
        other = town.client(who)
        assert 'href="/admin"' not in other.get("/").text
        assert other.get("/admin").status_code == 403
        for page in PAGES:
            assert other.get(f"/admin/options/{page.name}").status_code == 403
            assert other.send(f"/admin/options/{page.name}", {}).status_code == 403
    assert options(town) == AgencyOptions()


def test_every_decision_of_an_agency_stands_on_one_page() -> None:
    assert sorted(name for page in PAGES for name in page.fields) == sorted(one.name for one in fields(AgencyOptions))


def test_what_is_decided_on_one_page_leaves_the_others_alone(town: Installation, admin: Browser) -> None:
    admin.send("/admin/options/seals", {"seal_in_file": "y", "seal_issued": "y"})
    admin.send("/admin/options/postage", {"postage_permit": " ๑๒/๒๕๖๙ "})
    seals, postage = admin.get("/admin/options/seals").text, admin.get("/admin/options/postage").text
    long = admin.send("/admin/options/postage", {"postage_permit": "๑" * 101})

    assert options(town) == AgencyOptions(True, "12/2569", "", True)
    assert 'value="๑๒/๒๕๖๙"' in postage and re.search(r'name="seal_in_file"[^>]* checked', seals)
    assert re.search(r'name="seal_issued"[^>]* checked', seals)
    assert long.status_code == 422 and "ยาวเกิน ๑๐๐ ตัวอักษร" in long.text and "๑" * 101 in long.text
    assert admin.get("/admin/options/x").status_code == 404


@pytest.mark.only_database("sqlite")
def test_a_shipped_table_that_is_saved_unchanged_still_follows_what_ships(town: Installation, admin: Browser) -> None:
    page = admin.get("/admin/options/salutations").text
    found = re.search(r"<textarea[^>]*>\n?(.*?)</textarea>", page, re.DOTALL)
    assert found is not None
    admin.send("/admin/options/salutations", {"salutations": unescape(found[1]).replace("\n", "\r\n")})

    assert options(town).salutations == ""


def test_a_letter_of_its_own_digits_is_written_at_the_screen(town: Installation, admin: Browser) -> None:
    clerk = town.client("reading-clerk")
    fields = {"form": "order", "subject": "แต่งตั้ง 2 คน", "body": "ข้อ 1", "urgency": "normal", "secrecy": "open"}
    made = clerk.send("/letters/new", fields | {"digits": "arabic", "idempotency_key": "a"}).headers["Location"]
    wrong = clerk.send("/letters/new", fields | {"digits": "roman", "idempotency_key": "b"})
    admin.send("/admin/options/digits", {"arabic_digits": "y"})

    assert options(town).digits is Digits.ARABIC
    assert '<option value="arabic" selected>' in clerk.get(made).text
    assert wrong.status_code == 422 and 'id="digits-error"' in wrong.text
    assert re.search(r'name="arabic_digits"[^>]* checked', admin.get("/admin/options/digits").text)


def test_the_codes_on_letters_are_switched_off_by_form_and_as_a_whole(town: Installation, admin: Browser) -> None:
    where = "/admin/options/verification"
    shown = admin.get(where).text
    admin.send(where, {"verifiable": "y", "unmarked_forms": ["order", "minutes"], "verify_subject": "y"})
    kept = admin.get(where).text
    refused = admin.send(where, {"verifiable": "y", "unmarked_forms": "poem"})

    assert re.search(r'name="verifiable"[^>]*checked', shown)
    assert re.search(r'value="order"[^>]* selected', kept) and not re.search(r'value="external"[^>]* selected', kept)
    assert refused.status_code == 422 and "เลือกแบบหนังสือจากรายการ" in refused.text
    decided = options(town)
    assert (decided.verifiable, decided.unmarked_forms, decided.verify_subject) == (True, "order minutes", True)
    admin.send(where, {})
    assert not options(town).verifiable


@pytest.mark.only_database("sqlite")
def test_an_installation_that_nobody_reaches_from_outside_says_why_there_are_no_codes(admin: Browser) -> None:
    assert "SARABAN_PUBLIC_URL" in admin.get("/admin/options/verification").text
