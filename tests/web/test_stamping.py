"""The receiving stamp at the screen: over the page at its true place, moved by script and by two fields, taken away."""

from __future__ import annotations

import re

from sqlalchemy import select

from saraban.storage.tables.journal import journal
from tests.web.installation import Browser, Installation
from tests.web.test_incoming import addresses

PLACE = re.compile(r'data-stamp="stamp-form" x="(\d+)" y="(\d+)" width="500" height="250"')


def registered(town: Installation, browser: Browser) -> tuple[str, str]:
    """A registered letter: its address, and that of its stamp."""
    town.dispatched()
    town.carry()
    address = addresses(browser)[0]
    browser.send(f"{address}/register")
    found = re.search(r"/stamping/[0-9a-f-]{36}", browser.get(address).text)
    assert found is not None
    return address, found[0]


def place_in(text: str) -> tuple[int, int]:
    found = PLACE.search(text)
    assert found is not None
    return int(found[1]), int(found[2])


def test_the_stamp_is_moved_by_fields_by_script_and_back(town: Installation) -> None:
    browser = town.client("learning-clerk")
    address, stamp = registered(town, browser)
    assert place_in(browser.get(address).text) == (1530, 70)

    answer = browser.send(f"{stamp}/place", {"left": "๑๒.๕", "top": "200", "back": "letter"})
    assert answer.status_code == 302
    assert answer.location.startswith(address)
    assert place_in(browser.get(address).text) == (125, 2000)
    assert place_in(browser.get(stamp).text) == (125, 2000)

    answer = browser.send(f"{stamp}/place", {"left": "30", "top": "40"}, headers={"Accept": "application/json"})
    assert answer.json == {"left": 300, "top": 400}
    answer = browser.send(f"{stamp}/place", {"reset": "1"}, headers={"Accept": "application/json"})
    assert answer.json == {"left": 1530, "top": 70}


def test_what_cannot_be_a_place_is_told_beside_its_field(town: Installation) -> None:
    browser = town.client("learning-clerk")
    _, stamp = registered(town, browser)

    page = browser.send(f"{stamp}/place", {"left": "ซ้าย", "top": "20"})
    assert page.status_code == 422
    assert 'value="ซ้าย"' in page.text
    assert "ใส่ตัวเลขเป็นมิลลิเมตร เช่น ๑๒.๕" in page.text
    answer = browser.send(f"{stamp}/place", {"left": "500", "top": "20"}, headers={"Accept": "application/json"})
    assert answer.status_code == 422
    assert answer.json == {"left": "ตรารับจะพ้นหน้ากระดาษ ใส่ ๐ ถึง ๑๖๐.๐ มม."}
    assert place_in(browser.get(stamp).text) == (1530, 70)


def test_copies_and_stickers_are_taken_away(town: Installation) -> None:
    browser = town.client("learning-clerk")
    _, stamp = registered(town, browser)

    for name in ("copy", "sticker"):
        answer = browser.get(f"{stamp}/{name}.pdf")
        assert answer.data.startswith(b"%PDF")
        assert answer.headers["Content-Disposition"].startswith("attachment")
    assert browser.get(f"{stamp}/page.png").data.startswith(b"\x89PNG")
    assert browser.get(f"{stamp}/sealed.pdf").status_code == 404


def test_the_sealed_copy_is_offered_where_the_agency_wants_it(town: Installation) -> None:
    browser = town.client("learning-clerk")
    address, stamp = registered(town, browser)
    assert "ลงตราในไฟล์" not in browser.get(address).text
    browser.send(f"{stamp}/seal", {"back": "letter"})
    assert "ไม่ได้เลือกให้ลงตราในไฟล์" in browser.get(address).text
    clerk = town.actor("learning-clerk")
    with town.services.uow() as uow:
        agency = uow.agencies.get(clerk.agency_id)
        agency.options = type(agency.options)(seal_in_file=True)
        uow.agencies.save(agency)
        uow.commit()

    answer = browser.send(f"{stamp}/seal", {"back": "letter"})

    assert answer.location.startswith(address)
    assert f"{stamp}/sealed.pdf" in browser.get(address).text
    assert b"ETSI.CAdES.detached" in browser.get(f"{stamp}/sealed.pdf").data


def test_others_do_not_move_the_stamp(town: Installation) -> None:
    clerk = town.client("learning-clerk")
    _, stamp = registered(town, clerk)

    for username in ("reading-clerk", "learning-admin"):
        answer = town.client(username).send(f"{stamp}/place", {"left": "1", "top": "1"})
        assert answer.status_code in (403, 404)

    with town.office.reading.connect() as reader:
        assert reader.execute(select(journal.c.seq).where(journal.c.name == "stamp.placed")).all() == []
    assert place_in(clerk.get(stamp).text) == (1530, 70)
