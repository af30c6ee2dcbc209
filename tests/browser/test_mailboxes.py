"""The pages of the mailboxes in a real browser: nothing found by axe, nothing sticks out, and the test shows itself."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from saraban.domain.mailbox import Login
from saraban.usecases.connecting import MailSettings, connect_mailbox
from saraban.usecases.connections import DISK, FillLevel
from saraban.usecases.errands import run_next_errand
from tests.browser.conftest import sign_in
from tests.mailservers.stack import free_ports
from tests.web.installation import READING, Installation

pytestmark = [pytest.mark.serial, pytest.mark.only_database("sqlite")]
OURS = "saraban@reading.test"


def furnished(town: Installation) -> None:
    """A central mailbox that cannot be reached and fills, one of a unit by OAuth, and a disk that is nearly full."""
    admin = town.actor("reading-admin")
    [port] = free_ports(1)
    doors: dict[str, Any] = {"user": OURS, "smtp_host": "127.0.0.1", "imap_host": "127.0.0.1"}
    doors |= {"smtp_port": port, "imap_port": port}
    connect_mailbox(town.services, actor=admin, settings=MailSettings("", "", doors, password="รหัส"))
    oauth = {"login": Login.OAUTH, "token_url": "https://login.example/oauth2/token", "client_id": "saraban"}
    unit = MailSettings("planning.and.budget@reading.test", "PLAN", doors | oauth, refresh_token="r" * 40)
    connect_mailbox(town.services, actor=admin, settings=unit)
    now = town.clock.now()
    with town.services.uow() as uow:
        for back in range(10):
            on = now.date() - timedelta(days=back)
            uow.connections.fill(FillLevel(OURS, on, 92 * 10**6 - back * 10**6, 10**8, now, admin.agency_id))
            uow.connections.fill(FillLevel(DISK, on, 96 * 10**9, 10**11, now))
        uow.connections.notice(admin.agency_id, OURS, "มีจดหมาย ๑ ฉบับถูกลบหรือย้ายออกจากกล่องก่อนที่ระบบจะรับ", now)
        uow.commit()


def test_pages_have_no_findings_and_nothing_sticks_out(
    town: Installation, serve: Any, page_desk: Any, looked_at: Any, goto: Any
) -> None:
    furnished(town)
    base, page = serve(town.app), page_desk
    sign_in(page, base, "reading-admin")
    with town.services.uow() as uow:
        boxes = uow.connections.of(town.agencies[READING])
    found: dict[str, list[str]] = {}
    for way in ("/admin/mailbox", *(f"/admin/mailbox/{box.id}" for box in boxes)):
        goto(page, base + way)
        if faults := looked_at(page):
            found[way] = faults

    assert found == {}


def test_the_test_shows_its_steps_without_being_asked_again(
    town: Installation, serve: Any, page_desk: Any, goto: Any
) -> None:
    furnished(town)
    base = serve(town.app)
    sign_in(page_desk, base, "reading-admin")
    goto(page_desk, f"{base}/admin/mailbox")
    page_desk.get_by_role("button", name=f"ทดสอบ {OURS}").click()
    page_desk.get_by_text("กำลังทดสอบขั้นต่อไป").wait_for()
    run_next_errand(town.services, doers=town.services.doers)

    page_desk.get_by_text("ไม่ได้ทดลองส่งถึงตนเอง").wait_for(timeout=10_000)
    assert page_desk.get_by_text("ให้ผู้ดูแลเครือข่ายเปิดไฟร์วอลล์ขาออก").count() == 2
