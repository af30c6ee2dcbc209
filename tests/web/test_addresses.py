"""The administrator writes the agency's address and how units are reached; letters carry them by themselves."""

from __future__ import annotations

import io

import pypdfium2 as pdfium
import pytest

from saraban.domain.classification import Form
from saraban.domain.forms import RULES
from saraban.domain.letter import LetterId
from saraban.usecases.drafting import preview_letter
from tests.builders import MINUTES
from tests.web.installation import LEARNING, READING, Browser, Installation


@pytest.fixture
def admin(town: Installation) -> Browser:
    """The administrator of กรมส่งเสริมการอ่าน at the browser."""
    return town.client("reading-admin")


def typed(town: Installation, **changed: str) -> dict[str, str]:
    """The form, with the same telephone for every unit."""
    with town.services.uow() as uow:
        units = uow.agencies.units(town.agencies[READING])
    fields = {f"phone.{unit.code}": "๐ ๒๕๕๕ ๑๒๓๔" for unit in units}
    fields |= {f"email.{unit.code}": "unit@reading.test" for unit in units}
    return {"address": "๙๙ ถนนอ่านดี\r\nกรุงเทพฯ ๑๐๓๐๐\r\n"} | fields | changed


def words(town: Installation, letter: LetterId) -> str:
    """What stands on the first page of a draft."""
    page = preview_letter(town.services, actor=town.actor("reading-clerk"), letter_id=letter)
    return str(pdfium.PdfDocument(io.BytesIO(page.pdf))[0].get_textpage().get_text_bounded())


def test_what_is_written_is_printed_on_the_letters_of_the_agency(town: Installation, admin: Browser) -> None:
    letter = town.draft(recipients=("0702",))
    before = words(town, letter)
    assert admin.send("/admin/address", typed(town)).status_code == 302
    page = admin.get("/admin/address").text
    after = words(town, letter)

    assert "๙๙ ถนนอ่านดี" not in before
    assert all(part in after for part in ("๙๙ ถนนอ่านดี", "กรุงเทพฯ ๑๐๓๐๐", "โทร. ๐ ๒๕๕๕ ๑๒๓๔", "unit@reading.test"))
    assert "๙๙ ถนนอ่านดี\nกรุงเทพฯ ๑๐๓๐๐</textarea>" in page and 'value="๐ ๒๕๕๕ ๑๒๓๔"' in page
    with town.services.uow() as uow:
        agency = uow.agencies.get(town.agencies[READING])
    assert agency.address == ("99 ถนนอ่านดี", "กรุงเทพฯ 10300")


@pytest.mark.only_database("sqlite")
@pytest.mark.parametrize("form", RULES)
def test_every_form_carries_what_the_regulation_puts_on_it_by_itself(
    town: Installation, admin: Browser, form: Form
) -> None:
    admin.send("/admin/address", typed(town))
    details = dict(MINUTES.details) if form is Form.MINUTES else {}
    closing = {} if RULES[form].has("closing") else {"closing": "ขอแสดงความนับถือ"}
    fields = {"addressed_to": "เรียน ผู้อำนวยการ"} if RULES[form].has("addressed_to") else {"addressed_to": ""}
    to = ("0702",) if RULES[form].correspondence else ()
    text = words(town, town.draft(form=form, details=details, recipients=to, body="ข้อความ", **fields, **closing))

    has_agency = form not in (Form.RECORD, Form.MINUTES)
    assert ("กรมส่งเสริมการอ่าน" in text) or not has_agency
    assert ("๙๙ ถนนอ่านดี" in text) == (form in (Form.EXTERNAL, Form.CERTIFICATE))
    assert ("๐ ๒๕๕๕ ๑๒๓๔" in text) == (form in (Form.EXTERNAL, Form.MEMORANDUM, Form.STAMPED, Form.RECORD))


@pytest.mark.only_database("sqlite")
def test_what_cannot_be_printed_is_told_at_its_field_and_stays(town: Installation, admin: Browser) -> None:
    code = next(name for name in typed(town) if name.startswith("email."))
    answer = admin.send("/admin/address", typed(town, **{code: "ไม่ใช่ที่อยู่"}, address="ก\n" * 7))

    assert answer.status_code == 422 and f'id="{code}-error"' in answer.text and 'id="address-error"' in answer.text
    assert 'value="ไม่ใช่ที่อยู่"' in answer.text
    with town.services.uow() as uow:
        assert uow.agencies.get(town.agencies[READING]).address != ("ก",) * 7


def test_it_is_for_the_administrator_and_each_change_is_told_once(town: Installation, admin: Browser) -> None:
    assert town.client("reading-clerk").send("/admin/address", typed(town)).status_code == 403
    assert town.client("reading-head").get("/admin/address").status_code == 403
    for _ in range(2):
        admin.send("/admin/address", typed(town))
    admin.send("/admin/address", typed(town, address="ที่ใหม่"))

    with town.services.uow() as uow:
        theirs = uow.agencies.get(town.agencies[LEARNING])
        ours = uow.agencies.get(town.agencies[READING])
    assert ours.address == ("ที่ใหม่",) and theirs.address != ours.address
