"""The administrator's pages of the mailboxes: connected, changed, tried out, disconnected; what everybody sees."""

from __future__ import annotations

from datetime import timedelta

import pytest

from saraban.domain.mailbox import ConnectedMailbox
from saraban.usecases.connecting import ERRAND
from saraban.usecases.connections import DISK, FillLevel
from saraban.usecases.errands import run_next_errand
from saraban.web.mailboxes import STEPS
from tests.mailservers.hub_thread import HubThread
from tests.web.installation import READING, Browser, Installation

PASSWORD = "รหัสลับมากของกล่อง"
FORM = {
    "unit": "",
    "address": "",
    "smtp_host": "smtp.reading.test",
    "smtp_port": "๕๘๗",
    "smtp_protection": "starttls",
    "imap_host": "imap.reading.test",
    "imap_port": "993",
    "imap_protection": "tls",
    "folder": "INBOX",
    "ca_text": "",
    "user": "saraban@reading.test",
    "login": "password",
    "password": PASSWORD,
    "sends": "y",
    "after": "keep",
    "after_days": "30",
}


@pytest.fixture
def admin(town: Installation) -> Browser:
    """The administrator of กรมส่งเสริมการอ่าน at the browser."""
    return town.client("reading-admin")


def connected(town: Installation) -> list[ConnectedMailbox]:
    """The mailboxes of กรมส่งเสริมการอ่าน."""
    with town.services.uow() as uow:
        return list(uow.connections.of(town.agencies[READING]))


def at_the_hub(hub: HubThread) -> dict[str, str]:
    """The form with the doors of a hub on loopback."""
    doors = {"smtp_host": hub.host, "smtp_port": str(hub.smtp_port), "smtp_protection": "none"}
    doors |= {"imap_host": hub.host, "imap_port": str(hub.imap_port), "imap_protection": "none"}
    return FORM | doors


def test_a_mailbox_is_connected_changed_and_disconnected_and_the_password_never_shows(
    town: Installation, admin: Browser
) -> None:
    before = admin.get("/admin/mailbox").text
    answer = admin.send("/admin/mailbox/new", FORM)
    assert answer.status_code == 302, answer.text
    [box] = connected(town)
    shown, form = admin.get("/admin/mailbox").text, admin.get(f"/admin/mailbox/{box.id}").text
    changed = admin.send(f"/admin/mailbox/{box.id}", FORM | {"password": "", "imap_port": "143", "after": "move"})
    assert changed.status_code == 302
    [after] = connected(town)
    last = admin.get("/admin/mailbox").text
    assert admin.send(f"/admin/mailbox/{box.id}/disconnect").status_code == 302

    assert "เชื่อมต่อกล่องกลาง" in before and "ยังไม่ได้เชื่อมต่อกล่องกลาง" in before
    assert "imap.reading.test:993" in shown and "กำลังทดสอบ" in shown
    assert PASSWORD not in shown + form + last and 'value="imap.reading.test"' in form
    assert (after.imap_port, after.after.value, after.secret) == (143, "move", box.secret)
    assert "แก้การตั้งค่ากล่องไปรษณีย์" in last and "ย้ายไปโฟลเดอร์ saraban-taken หลัง ๓๐ วัน" in last
    assert connected(town) == []


def test_what_is_wrong_is_told_beside_its_field_and_nothing_typed_is_lost(town: Installation, admin: Browser) -> None:
    wrong = FORM | {"imap_host": "imap reading", "smtp_port": "x", "password": "", "ca_text": "ไม่ใช่ใบรับรอง"}
    first = admin.send("/admin/mailbox/new", wrong)
    second = admin.send("/admin/mailbox/new", wrong | {"smtp_port": "587"})
    third = admin.send("/admin/mailbox/new", FORM | {"smtp_protection": "none"})

    assert (first.status_code, second.status_code, third.status_code) == (422, 422, 422)
    at_once = ("smtp_port", "imap_host", "password", "ca_text")
    assert [name for name in at_once if f'id="{name}-error"' not in first.text] == []
    assert "มี ๔ ช่องต้องแก้" in first.text and 'value="imap reading"' in first.text
    assert 'id="imap_host-error"' in second.text and 'id="ca_text-error"' in second.text
    assert 'id="smtp_protection-error"' in third.text and PASSWORD not in third.text
    assert connected(town) == []


def test_a_new_password_that_was_typed_into_a_refused_form_is_asked_for_again(
    town: Installation, admin: Browser
) -> None:
    admin.send("/admin/mailbox/new", FORM)
    [box] = connected(town)
    refused = admin.send(f"/admin/mailbox/{box.id}", FORM | {"password": "รหัสใหม่ล่าสุด", "imap_port": "abc"})
    without = admin.send(f"/admin/mailbox/{box.id}", FORM | {"password": "", "imap_port": "abc"})

    assert refused.status_code == without.status_code == 422
    assert 'id="password-error"' in refused.text and "รหัสใหม่ล่าสุด" not in refused.text
    assert 'id="password-error"' not in without.text


def test_the_history_says_what_was_changed(town: Installation, admin: Browser) -> None:
    admin.send("/admin/mailbox/new", FORM)
    [box] = connected(town)
    admin.send(f"/admin/mailbox/{box.id}", FORM | {"imap_port": "143", "imap_protection": "starttls"})

    assert "แก้พอร์ตที่รับ, การเข้ารหัสที่รับ · ใส่รหัสใหม่" in admin.get("/admin/mailbox").text


def test_a_unit_gets_a_mailbox_of_its_own(town: Installation, admin: Browser) -> None:
    page = admin.get("/admin/mailbox/new").text
    code = page.split('<option value="')[2].split('"')[0]
    answer = admin.send("/admin/mailbox/new", FORM | {"unit": code, "address": "Law@Reading.test"})

    assert answer.status_code == 302, answer.text
    [box] = connected(town)
    assert box.address == "law@reading.test" and box.unit_id is not None and box.sends
    assert "หนังสือของหน่วยงานส่งผ่านกล่องนี้" in admin.get("/admin/mailbox").text


def test_a_form_of_a_unit_asks_for_its_address_and_a_password_that_is_gone_is_asked_for_again(admin: Browser) -> None:
    code = admin.get("/admin/mailbox/new").text.split('<option value="')[2].split('"')[0]
    central, unit = admin.get("/admin/mailbox/new").text, admin.get(f"/admin/mailbox/new?unit={code}").text
    again = admin.send(
        "/admin/mailbox/new", FORM | {"unit": code, "address": "law@reading.test", "imap_port": "abc"}
    ).text

    optional = "ไม่ใส่ก็ได้"
    assert central.count(optional) == unit.count(optional) + 1
    assert "ใส่อีกครั้ง" in again and "ใส่อีกครั้ง" not in unit


@pytest.mark.only_database("sqlite")
def test_the_test_runs_in_the_worker_and_its_steps_are_shown(
    town: Installation, admin: Browser, hub: HubThread
) -> None:
    hub.accounts["saraban@reading.test"] = PASSWORD
    hub.down()
    hub.up()
    admin.send("/admin/mailbox/new", at_the_hub(hub))
    waiting = admin.get("/admin/mailbox/test/live").text
    run_next_errand(town.services, doers=town.services.doers)
    good = admin.get("/admin/mailbox/test/live").text
    [box] = connected(town)
    admin.send(f"/admin/mailbox/{box.id}", at_the_hub(hub) | {"password": "ผิด"})
    run_next_errand(town.services, doers=town.services.doers)
    bad = admin.get("/admin/mailbox/test/live").text

    town.clock.pass_by(timedelta(minutes=1))
    unit = admin.get("/admin/mailbox/new").text.split('<option value="')[2].split('"')[0]
    admin.send("/admin/mailbox/new", at_the_hub(hub) | {"unit": unit, "address": "law@reading.test"})
    run_next_errand(town.services, doers=town.services.doers)
    newest = admin.get("/admin/mailbox/test/live").text

    assert newest.index("ผลการทดสอบ law@reading.test") < newest.index("ผลการทดสอบ saraban@reading.test")
    assert "กำลังทดสอบ" in waiting and "hx-trigger" in waiting
    assert "hx-trigger" not in good and "รับกลับ" in good and "เนื้อจดหมายที่ได้รับตรงกับที่ส่งทุกไบต์" in good
    assert "ส่ง: การเข้าระบบ" in bad and "ไม่รับชื่อผู้ใช้หรือรหัสผ่าน" in bad and "ใส่ชื่อผู้ใช้และรหัสผ่านใหม่" in bad
    assert PASSWORD not in bad + good


@pytest.mark.only_database("sqlite")
def test_a_server_that_never_answers_does_not_hold_the_page(town: Installation, admin: Browser) -> None:
    admin.send("/admin/mailbox/new", FORM)

    answer = admin.send("/admin/mailbox/test", {"address": "saraban@reading.test"})

    assert answer.status_code == 302
    with town.services.uow() as uow:
        errand = uow.errands.claim(town.services.clock.now(), timedelta(0))
    assert errand is not None and errand.kind == ERRAND, "one test is ordered, and the worker does it"


def test_how_full_mailbox_and_disk_are_is_shown_and_warned_about(town: Installation, admin: Browser) -> None:
    day = town.clock.now().date()
    with town.services.uow() as uow:
        for back in range(10, -1, -1):
            on = day - timedelta(days=back)
            used = 92_000_000 - back * 1_000_000
            agency = town.agencies[READING]
            uow.connections.fill(FillLevel("saraban@reading.test", on, used, 100_000_000, town.clock.now(), agency))
            uow.connections.fill(FillLevel(DISK, on, 96 * 10**9, 100 * 10**9, town.clock.now()))
        uow.commit()

    page, clerk, officer = admin.get("/admin/mailbox").text, town.client("reading-clerk"), town.client("reading-head")
    desk, director = clerk.get("/").text, officer.get("/").text
    own = admin.get("/").text

    assert "เพิ่มวันละประมาณ" in page and "๑\xa0MB" in page and "เต็มประมาณ" in page and "กล่องใช้เกิน ๙๐%" in page
    assert "กล่องใช้ไปแล้ว ๙๒%" in desk and "ดิสก์ใช้ไปแล้ว" not in desk
    assert "ดิสก์ใช้ไปแล้ว ๙๖%" in own and "กล่องใช้ไปแล้ว ๙๒%" in own
    assert "กล่องใช้ไปแล้ว" not in director


def test_a_server_without_quota_says_so(town: Installation, admin: Browser) -> None:
    with town.services.uow() as uow:
        level = FillLevel("saraban@reading.test", town.clock.now().date(), None, None, town.clock.now())
        uow.connections.fill(level)
        uow.commit()

    assert "เครื่องบริการไม่บอกโควตา" in admin.get("/admin/mailbox").text


def test_others_see_whether_mail_flows_and_neither_accounts_nor_tests(town: Installation, admin: Browser) -> None:
    admin.send("/admin/mailbox/new", FORM)
    [box] = connected(town)
    clerk = town.client("reading-clerk")
    page = clerk.get("/admin/mailbox").text

    assert "saraban@reading.test" in page and "imap.reading.test" not in page and "ทดสอบ</button>" not in page
    assert clerk.get(f"/admin/mailbox/{box.id}").status_code == 403
    assert clerk.get("/admin/mailbox/test/live").status_code == 403
    assert clerk.send("/admin/mailbox/test", {"address": box.address}).status_code == 403
    assert clerk.send("/admin/mailbox/new", FORM).status_code == 403
    stranger = town.client("learning-admin")
    assert stranger.send("/admin/mailbox/test", {"address": box.address}).status_code == 404


def test_every_step_of_the_doctor_has_words() -> None:
    named = {f"{side}-{step}" for side in ("smtp", "imap") for step in ("dns", "tcp", "tls", "session", "auth")}
    named |= {"smtp-size", "smtp-dsn", "imap-idle", "imap-quota", "imap-commands", "account", "oauth-token"}
    named |= {"send-to-self", "fetch-back", "same-bytes", "round-trip"}

    assert named <= set(STEPS)
