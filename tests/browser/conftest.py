"""A real browser for the screens: desk and phone pages, axe-core, and the check that nothing outgrows its window."""

from __future__ import annotations

import logging
import os
import re
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from werkzeug.serving import make_server

from tests.browser.kit_app import kit_app
from tests.databases import new_sqlite
from tests.fakes import FixedClock
from tests.web.installation import PASSWORD, Installation, build_installation

_SLIM = "/usr/bin/chromium-headless-shell"
"""The same engine without the windows around it, which no test looks at and which take a fifth of the work."""
CHROMIUM = Path(os.environ.get("CHROMIUM", _SLIM if Path(_SLIM).exists() else "/usr/bin/chromium"))
AXE = Path(__file__).resolve().parents[1] / "assets" / "axe" / "axe.min.js"
ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
DESK = {"width": 1366, "height": 900}
PHONE = {"width": 390, "height": 844}
WIDTHS = (1366, 390, 360)
LONG = "การสำรวจความพร้อมในการรับส่งหนังสือทางไปรษณีย์อิเล็กทรอนิกส์กลางของส่วนราชการและหน่วยงานอื่นของรัฐทั่วประเทศ"
_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
_RULES_OF_SIZE = ["target-size", "scrollable-region-focusable", "label-content-name-mismatch"]
"""Those whose answer the width of a window changes most; `test_every_page` asks all of them at both widths."""

# What sticks out of the window and does not scroll inside a pane of its own; where the panes scroll, the page must not.
_STICKS_OUT = """async () => {
  // A chart follows its place one frame after the window has changed.
  if (document.querySelector('canvas')) await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  const width = document.documentElement.clientWidth;
  const kept = (element) => {
    for (let one = element.parentElement; one; one = one.parentElement) {
      if (/(auto|scroll|hidden|clip)/.test(getComputedStyle(one).overflowX)) return true;
    }
    return false;
  };
  const found = [];
  const whole = document.documentElement.scrollWidth;
  if (whole > width) found.push(`page ${whole} > ${width}`);
  const tall = document.documentElement.scrollHeight;
  const filled = document.querySelector('.main--fill');
  if (filled && getComputedStyle(filled).overflowY === 'hidden' && tall > innerHeight) {
    found.push(`page is ${tall} tall > ${innerHeight}`);
  }
  for (const element of document.querySelectorAll('body *')) {
    const box = element.getBoundingClientRect();
    if (!box.width || !element.checkVisibility() || element.closest('.sr, .skip, svg') || kept(element)) continue;
    if (box.right > width + 1) found.push(`${Math.round(box.right)} ${element.tagName}.${element.className}`);
  }
  return found.slice(0, 10);
}"""
_CUT_WORDS = """() => [...document.querySelectorAll('.btn, .badge, .urg, .sec, .chip, .dot')]
  .filter((one) => one.getClientRects().length && one.scrollWidth > one.clientWidth + 1)
  .map((one) => one.textContent.trim())"""


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """One Chromium for the whole run; skipped, with the command that cures it, where there is none."""
    if not CHROMIUM.exists():
        pytest.skip(f"no Chromium at {CHROMIUM}: apt-get install -y chromium fonts-thai-tlwg, or set CHROMIUM")
    playwright = pytest.importorskip("playwright.sync_api", reason="pip install playwright")
    with playwright.sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture
def open_page(browser: Any) -> Iterator[Callable[..., Any]]:
    """`open_page(viewport, scheme="light", phone=False)` gives a page that fails the test on script errors and CSP
    violations when the test ends."""
    contexts: list[Any] = []
    complaints: list[str] = []

    def make(viewport: dict[str, int], *, scheme: str = "light", phone: bool = False, script: bool = True) -> Any:
        context = browser.new_context(
            viewport=viewport,
            color_scheme=scheme,
            has_touch=phone,
            is_mobile=phone,
            java_script_enabled=script,
            locale="th-TH",
            timezone_id="Asia/Bangkok",
            reduced_motion="reduce",  # nobody here looks at what moves, and frames of it are drawn for nobody
            permissions=["clipboard-read", "clipboard-write"],
        )
        context.set_default_timeout(10_000)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(f"script error: {error}"))
        page.on("console", lambda said: "Content Security Policy" in said.text and complaints.append(said.text))
        return page

    yield make
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def page_desk(open_page: Callable[..., Any]) -> Any:
    """A page of a desk: 1366 x 900."""
    return open_page(DESK)


@pytest.fixture
def page_phone(open_page: Callable[..., Any]) -> Any:
    """A page of a phone: 390 x 844, touch."""
    return open_page(PHONE, phone=True)


@pytest.fixture
def axe() -> Callable[..., list[str]]:
    """`axe(page)` answers the findings of axe-core (WCAG 2.0 to 2.2 A and AA, best practice, or the rules that are
    named); good is []."""
    source = AXE.read_text(encoding="utf-8")

    def findings(page: Any, rules: list[str] | None = None) -> list[str]:
        page.evaluate("document.fonts.ready")
        if not page.evaluate("typeof window.axe === 'object'"):
            page.evaluate(source)
        # Nothing is loaded for the one rule about sounds: there are none.
        how = {"runOnly": rules or _RULES, "resultTypes": ["violations"], "preload": False}
        answer = page.evaluate("(how) => axe.run(document, how)", how)
        return [
            f"{found['impact']} {found['id']}: {node['target'][-1]} {node['failureSummary'][:300]}"
            for found in answer["violations"]
            for node in found["nodes"]
        ]

    return findings


@pytest.fixture
def sticks_out() -> Callable[..., list[str]]:
    """`sticks_out(page)` answers what is wider than the window at 1366, 390 and 360 pixels, or cut inside its mark."""

    def measure(page: Any, widths: tuple[int, ...] = WIDTHS) -> list[str]:
        found: list[str] = []
        for width in widths:
            page.set_viewport_size({"width": width, "height": 844})
            found += [f"at {width}: {what}" for what in page.evaluate(_STICKS_OUT)]
            found += [f"at {width}, cut: {what}" for what in page.evaluate(_CUT_WORDS)]
        return found

    return measure


@pytest.fixture
def looked_at(axe: Callable[..., list[str]], sticks_out: Callable[..., list[str]]) -> Callable[..., list[str]]:
    """`looked_at(page)` answers both for a page of a desk: as it stands there, and on a phone under a finger, there
    with the rules of size alone unless `whole` is said. It leaves the page as it was."""

    def look(page: Any, *, whole: bool = False) -> list[str]:
        faults = [f"desk: {one}" for one in axe(page) + sticks_out(page, (DESK["width"],))]
        hand = page.context.new_cdp_session(page)
        hand.send("Emulation.setTouchEmulationEnabled", {"enabled": True, "maxTouchPoints": 1})
        page.set_viewport_size(PHONE)
        faults += [f"phone: {one}" for one in axe(page, None if whole else _RULES_OF_SIZE)]
        faults += [f"phone: {one}" for one in sticks_out(page, (390, 360))]
        hand.send("Emulation.setTouchEmulationEnabled", {"enabled": False})
        hand.detach()
        page.set_viewport_size(DESK)
        return faults

    return look


class _InHand:
    """An application that knows how many of its requests are in hand. The next test has the same application: what a
    page asked for at its end would be answered out of the database of the next."""

    def __init__(self, app: Flask) -> None:
        self._app, self._number, self._changed = app, 0, threading.Condition()

    def __call__(self, environ: Any, start_response: Any) -> Any:
        self._count(1)
        try:
            return self._app(environ, start_response)
        finally:
            self._count(-1)

    def _count(self, more: int) -> None:
        with self._changed:
            self._number += more
            self._changed.notify_all()

    def wait_for_none(self) -> None:
        """Until all are answered; a stream that has begun keeps to the database that it has."""
        with self._changed:
            assert self._changed.wait_for(lambda: self._number == 0, timeout=20), "a request is never answered"


@pytest.fixture
def serve() -> Iterator[Callable[[Flask], str]]:
    """`serve(app)` runs an application on a free port of loopback and answers its address."""
    servers: list[Any] = []
    logging.getLogger("werkzeug").setLevel(logging.ERROR)

    def start(app: Flask) -> str:
        counted = _InHand(app)
        server = make_server("127.0.0.1", 0, counted, threaded=True)
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)  # seconds until it ends
        thread.start()
        servers.append((server, thread, counted))
        return f"http://127.0.0.1:{server.port}"

    yield start
    for server, thread, counted in servers:
        server.shutdown()
        thread.join(timeout=5)
        counted.wait_for_none()
        server.server_close()


@pytest.fixture
def kit(serve: Callable[[Flask], str]) -> tuple[Flask, str]:
    """The kit's application and the address of its page."""
    app = kit_app()
    return app, f"{serve(app)}/kit"


@pytest.fixture
def goto() -> Callable[[Any, str], Any]:
    """`goto(page, url)` opens an address and waits until its scripts have run."""

    def open_at(page: Any, url: str) -> Any:
        page.goto(url)
        page.wait_for_selector("html[data-ready]", state="attached")
        return page

    return open_at


def new_town(folder: Path, **settings: Any) -> Installation:
    """Two agencies on SQLite in this folder, on Monday 23 November 2026 at 09:30 in Bangkok."""
    monday = FixedClock(datetime(2026, 11, 23, 2, 30, tzinfo=UTC))
    return build_installation(folder, new_sqlite(folder), monday, **settings)


def sign_in(page: Any, base: str, username: str, address: str = "/") -> None:
    """This person signs in, as the form would send it, and opens an address: what the form does in a browser is seen
    where that is what a test is about."""
    asking = page.context.request
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', asking.get(f"{base}/login").text())
    assert token is not None
    form = {"csrf_token": token[1], "username": username, "password": PASSWORD}
    assert asking.post(f"{base}/login", form=form, max_redirects=0).status == 302
    page.goto(f"{base}{address}")


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Installation]:
    """Two agencies on SQLite."""
    made = new_town(tmp_path)
    yield made
    made.close()


@pytest.fixture
def site(town: Installation, serve: Callable[[Flask], str]) -> str:
    """The address of the running screens."""
    return serve(town.app)


@pytest.fixture
def signed_in(site: str, open_page: Callable[..., Any]) -> Callable[..., Any]:
    """`signed_in(username, address="/", viewport=None, phone=False)` gives a page of this person at an address."""

    def enter(username: str, address: str = "/", *, viewport: dict[str, int] | None = None, phone: bool = False) -> Any:
        page = open_page(viewport or (PHONE if phone else DESK), phone=phone)
        sign_in(page, site, username, address)
        page.wait_for_selector("html[data-ready]", state="attached")
        return page

    return enter
