"""An installation for the tests of the screens: two agencies with all their officers, and a post that carries by hand.

Everything is real but the network: letters are composed, sealed, verified and screened as always, and the post hands
the bytes from one agency's outbox to the other's inbox.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from flask.testing import FlaskClient
from jinja2 import FileSystemBytecodeCache
from werkzeug.test import TestResponse

from saraban import jobs
from saraban.app import create_app
from saraban.bootstrap import Office, build
from saraban.crypto import demo_pki, keys
from saraban.crypto.passwords import Argon2Passwords
from saraban.domain.actor import Actor
from saraban.domain.agency import AgencyId, Certificate, Correspondent, PersonId, PositionRole
from saraban.domain.attachment import Digest
from saraban.domain.book import BookKind
from saraban.domain.calendar import office_date
from saraban.domain.classification import Secrecy, Urgency
from saraban.domain.letter import Content, LetterId
from saraban.doorway import EXTENSION
from saraban.exchange.envelope import Envelope
from saraban.mail.reader import DirectReader
from saraban.settings import Settings
from saraban.usecases.administering import NewPerson, NewUnit, import_directory, open_agency
from saraban.usecases.bookkeeping import open_book
from saraban.usecases.dispatching import dispatch_letter
from saraban.usecases.drafting import start_letter
from saraban.usecases.fetching import take_in
from saraban.usecases.mailing import SendOutcome, SendResult
from saraban.usecases.ports import Services
from saraban.usecases.routing import endorse_letter, submit_letter
from saraban.usecases.signing import sign_letter
from saraban.web.guards import limiter
from tests.fakes import FixedClock

PASSWORD = "รหัสผ่านของการทดสอบ-2569"
PASSPHRASE = "รหัสกุญแจ-2569"
MASTER_KEY = "กุญแจหลักของการทดสอบที่ยาวพอ 2569"
SINCE = date(2026, 1, 1)

_COMPILED = FileSystemBytecodeCache(tempfile.mkdtemp(prefix="saraban-templates-"))
"""Templates are compiled once for all installations of a process."""


class _Applications:
    """Applications for one installation after the other: to put one together takes longer than most tests do with it.
    What a test has changed in one is put right before the next gets it."""

    def __init__(self) -> None:
        self._free: list[Flask] = []
        self._as_made: dict[int, tuple[bool, dict[str, Any], dict[str, Any], dict[str, Any]]] = {}

    def take(self, settings: Settings, office: Office) -> Flask:
        """An application over this office."""
        plain = not settings.secure_cookies and not settings.trusted_proxies
        if plain and self._free:
            app = self._free.pop()
            _, config, extensions, views = self._as_made[id(app)]
            for kept, made in ((app.config, config), (app.extensions, extensions), (app.view_functions, views)):
                kept.clear()
                kept.update(made)
            app.config["SECRET_KEY"] = settings.secret_key
            app.config["PERMANENT_SESSION_LIFETIME"] = timedelta(hours=settings.session_hours)
            app.extensions[EXTENSION] = office
            limiter.reset()
            return app
        app = create_app(settings, office=office)
        app.testing = True
        app.jinja_env.bytecode_cache = _COMPILED
        self._as_made[id(app)] = plain, dict(app.config), dict(app.extensions), dict(app.view_functions)
        return app

    def give_back(self, app: Flask) -> None:
        """The test with this application is over."""
        if self._as_made[id(app)][0]:
            self._free.append(app)


_applications = _Applications()

READING, LEARNING, ELSEWHERE = "0601", "0702", "0999"


@dataclass(frozen=True)
class AgencyOfTests:
    """What makes one agency of the tests different from the other."""

    code: str
    name: str
    abbr: str
    series: str
    mailbox: str
    prefix: str
    names: tuple[str, ...]


AGENCIES = (
    AgencyOfTests(
        READING, "กรมส่งเสริมการอ่าน", "ศธ", "06", "saraban@reading.test", "reading",
        ("พรทิพย์ แสงจันทร์", "กฤตยา วงศ์งาม", "นายสุเมธ ประเสริฐกุล", "ดวงใจ ตรวจการณ์", "วิชัย ธนูทอง", "มาลี ศรีสุข",
         "นางวราภรณ์ ทองคำ"),
    ),
    AgencyOfTests(
        LEARNING, "สำนักงานส่งเสริมการเรียนรู้ตลอดชีวิต", "ศธ", "07", "saraban@learning.test", "learning",
        ("สมพร ใจดี", "ประภาส เรืองรอง", "นางอรุณี มั่นคง", "ชูใจ รักเรียน", "เกษม สุขสวัสดิ์", "ปิติ ยินดี", "วีระ กล้าหาญ"),
    ),
)  # fmt: skip


class HandCarriedPost:
    """The port Transport: what is sent lies in a bag until it is carried. `refusing` mailboxes answer with 550,
    `silent` ones with 451."""

    def __init__(self) -> None:
        self.bag: list[tuple[str, bytes]] = []
        self.refusing: set[str] = set()
        self.silent: set[str] = set()

    def send(self, agency_code: str, envelope: Envelope, blob: Callable[[Digest], bytes]) -> SendResult:
        """Put a message into the bag."""
        if envelope.rcpt_to in self.refusing:
            return SendResult(SendOutcome.PERMANENT, 550, "5.1.1 no such mailbox")
        if envelope.rcpt_to in self.silent:
            return SendResult(SendOutcome.TEMPORARY, 451, "4.3.0 try again later")
        self.bag.append((envelope.rcpt_to, b"".join(envelope.chunks(blob))))
        return SendResult(SendOutcome.ACCEPTED, 250, "2.0.0 queued as TEST")

    def close(self) -> None:
        """Nothing to close."""


@dataclass
class Installation:
    """The application, its office and clock, its agencies by code and its people by username."""

    app: Flask
    office: Office
    clock: FixedClock
    post: HandCarriedPost
    agencies: dict[str, AgencyId] = field(default_factory=dict)
    people: dict[str, PersonId] = field(default_factory=dict)
    roots: list[str] = field(default_factory=list)
    seal_of_elsewhere: Any = None
    delivered: int = 0
    elsewhere: list[tuple[str, bytes]] = field(default_factory=list)

    @property
    def services(self) -> Services:
        """The equipment for use cases."""
        return self.office.services

    def close(self) -> None:
        """Let go of everything; the application serves the next installation of this process."""
        self.office.close()
        _applications.give_back(self.app)

    def actor(self, username: str) -> Actor:
        """The person as use cases know it."""
        with self.services.uow() as uow:
            found = uow.people.actor(self.people[username], office_date(self.clock.now()))
        assert found is not None
        return found

    def client(self, username: str | None = None) -> Browser:
        """A browser, signed in as this person (`reading-clerk`) or as nobody."""
        browser = Browser(self.app.test_client())
        if username is not None:
            answer = browser.send("/login", {"username": username, "password": PASSWORD})
            assert answer.status_code == 302, answer.text
        return browser

    # --- the course of a letter, through the use cases ---------------------------------------------------------

    def draft(self, username: str = "reading-clerk", **content: Any) -> LetterId:
        """A draft with all that a letter needs."""
        values: dict[str, Any] = {
            "subject": "ขอเชิญประชุมคณะกรรมการส่งเสริมการอ่าน ครั้งที่ ๖/๒๕๖๙",
            "addressed_to": "เรียน เลขาธิการสำนักงานส่งเสริมการเรียนรู้ตลอดชีวิต",
            "body": "ด้วยกรมส่งเสริมการอ่านกำหนดจัดประชุมคณะกรรมการ\n\nจึงเรียนมาเพื่อโปรดพิจารณา",
            "recipients": (LEARNING,),
            "urgency": Urgency.URGENT,
            "secrecy": Secrecy.OPEN,
        }
        return start_letter(self.services, actor=self.actor(username), content=Content(**(values | content)))

    def submitted(self, **content: Any) -> LetterId:
        """A letter before its first officer, the director."""
        letter_id = self.draft(**content)
        submit_letter(self.services, actor=self.actor("reading-clerk"), letter_id=letter_id)
        return letter_id

    def endorsed(self, **content: Any) -> LetterId:
        """A letter before the head."""
        letter_id = self.submitted(**content)
        endorse_letter(self.services, actor=self.actor("reading-director"), letter_id=letter_id, note="เห็นควรลงนาม")
        return letter_id

    def issued(self, **content: Any) -> LetterId:
        """A signed letter that was not sent yet."""
        letter_id = self.endorsed(**content)
        sign_letter(self.services, actor=self.actor("reading-head"), letter_id=letter_id, passphrase=PASSPHRASE)
        return letter_id

    def dispatched(self, **content: Any) -> LetterId:
        """A letter on its way (nothing is carried yet)."""
        letter_id = self.issued(**content)
        dispatch_letter(self.services, actor=self.actor("reading-clerk"), letter_id=letter_id)
        return letter_id

    def open_books(self) -> None:
        """Open the books of orders, rules, announcements, certificates and minutes of the first agency."""
        for kind in (kind for kind in BookKind if kind.numbered_by_year):
            open_book(self.services, actor=self.actor("reading-admin"), kind=kind)

    def carry(self) -> None:
        """Let the worker work and the post carry until nothing moves: letters arrive, receipts come back. What the
        worker does by the minute or the hour comes last, once; the post goes round again when it did anything."""
        table = jobs.timetable(1)
        seldom = [job for job in table if job.every_seconds >= 60]
        often = [job for job in table if job not in seldom]
        for _ in range(12):
            done = sum(job.work(self.services) for job in often)
            bag, self.post.bag = self.post.bag, []
            for mailbox, raw in bag:
                self.hand_in(mailbox, raw)
            if not done and not bag:
                done, seldom = sum(job.work(self.services) for job in seldom), []
                if not done:
                    return
        raise AssertionError("the post never comes to rest")

    def hand_in(self, mailbox: str, raw: bytes) -> None:
        """Put a message into a mailbox: of a hosted agency, else it is kept in `elsewhere`."""
        code = next((a.code for a in AGENCIES if a.mailbox == mailbox.lower()), None)
        if code is None:
            self.elsewhere.append((mailbox, raw))
            return
        self.delivered += 1
        take_in(
            self.services,
            agency_id=self.agencies[code],
            mailbox=mailbox.lower(),
            uidvalidity=1,
            uid=self.delivered,
            raw=raw,
        )


class Browser:
    """A test client that fills in the hidden token against forged requests by itself."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self._known: dict[str, str] = {}

    def get(self, address: str, **kwargs: Any) -> TestResponse:
        """Open a page; with the password once more where a classified letter asks for it."""
        answer = self.client.get(address, **kwargs)
        if answer.status_code != 403 or not (asked := re.search(r'action="(/classified/[^"]+)"', answer.text)):
            return answer
        self.send(asked[1], {"password": PASSWORD, "next": "/"})
        return self.client.get(address, **kwargs)

    def post(self, address: str, data: dict[str, Any] | None = None, **kwargs: Any) -> TestResponse:
        """Send a form exactly as given, without a token."""
        return self.client.post(address, data=data, **kwargs)

    def send(self, address: str, data: dict[str, Any] | None = None, **kwargs: Any) -> TestResponse:
        """Send a form with a good token."""
        return self.client.post(address, data={**(data or {}), "csrf_token": self.token()}, **kwargs)

    def token(self) -> str:
        """The token of this session, as a page carries it; a page is asked for it once in a session."""
        if known := self._known.get(self._secret()):
            return known
        for address in ("/help", "/login", "/password"):
            found = re.search(r'name="csrf-token" content="([^"]+)"', self.client.get(address).text)
            if found:
                self._known = {self._secret(): found.group(1)}
                return found.group(1)
        raise AssertionError("no page carries a token")

    def _secret(self) -> str:
        cookie = self.client.get_cookie("saraban")
        sealed = SecureCookieSessionInterface().get_signing_serializer(self.client.application)
        return str(sealed.loads(cookie.value).get("csrf_token", "")) if cookie and sealed else ""


def build_installation(folder: Path, database_url: str, clock: FixedClock, **settings: Any) -> Installation:
    """Everything from nothing: settings, office, agencies, seals, officers' keys and the directory."""
    values: dict[str, Any] = {
        "data_folder": folder,
        "database_url": database_url,
        "secret_key": "กุญแจของการทดสอบ " * 4,
        "master_key": MASTER_KEY,
        "roots_file": folder / "roots.pem",
        "secure_cookies": False,
        "login_limit": "1000 per minute",
    }
    made = Settings(**(values | settings))
    real = build(made, clock=clock)
    post = HandCarriedPost()
    cheap = Argon2Passwords(passes=1, memory_kib=1024, lanes=1)
    services = replace(real.services, transport=post, passwords=cheap, mail_reader=DirectReader())
    office = replace(real, services=services)
    town = Installation(_applications.take(made, office), office, clock, post)
    _found(town, folder, made)
    return town


def _found(town: Installation, folder: Path, settings: Settings) -> None:
    now = town.clock.now()
    begin, end = now - timedelta(days=300), now + timedelta(days=700)
    root = demo_pki.make_root("ผู้ออกใบรับรองของการทดสอบ", begin, end)
    town.roots = [root.pem]
    (folder / "roots.pem").write_text(root.pem)
    entries = []
    for about in AGENCIES:
        town.people |= open_agency(
            town.services,
            code=about.code,
            name=about.name,
            abbr=about.abbr,
            series=about.series,
            mailbox=about.mailbox,
            address=("ถนนพระอาทิตย์ กรุงเทพมหานคร 10200",),
            units=_units(about),
            people=_people(about),
            since=SINCE,
        )
        with town.services.uow() as uow:
            agency = uow.agencies.by_code(about.code)
        assert agency is not None
        town.agencies[about.code] = agency.id
        seal = demo_pki.issue_seal(root, about.name, about.mailbox, begin, end)
        keys.store_seal(settings.keys_folder, about.code, seal, MASTER_KEY)
        for post, name in (("director", about.names[1]), ("head", about.names[2])):
            officer = demo_pki.issue_officer(root, name, post, about.name, begin, end)
            keys.store_officer(
                settings.keys_folder, town.people[f"{about.prefix}-{post}"], officer, PASSPHRASE, kdf_rounds=1000
            )
        entries.append(_entry(about.code, about.name, about.mailbox, about.abbr, seal.pem, begin, end))
    stranger = demo_pki.issue_seal(root, "จังหวัดนครศรีธรรมราช", "saraban@nakhon.test", begin, end)
    town.seal_of_elsewhere = stranger
    entries.append(_entry(ELSEWHERE, "จังหวัดนครศรีธรรมราช", "saraban@nakhon.test", "นศ", stranger.pem, begin, end))
    entries.append(
        Correspondent("0888", "เทศบาลเมืองบ้านสวน", "saraban@bansuan.test", abbr="ชบ", capabilities={"saraban": False})
    )
    import_directory(town.services, agencies=entries, publisher="การทดสอบ", sha256=Digest.of(b"directory"))


def _units(about: AgencyOfTests) -> list[NewUnit]:
    return [
        NewUnit("SEC", "สำนักงานเลขานุการกรม", f"{about.series}01", central=True, phone="0 2555 0299"),
        NewUnit("PLAN", "กองแผนงาน", f"{about.series}02", parent="SEC", phone="0 2555 0300"),
    ]


def _people(about: AgencyOfTests) -> list[NewPerson]:
    clerk, director, head, records, admin, unit_clerk, unit_director = about.names

    def one(name: str, role: PositionRole, word: str, unit: str, title: str, clearance: bool = False) -> NewPerson:
        return NewPerson(name, f"{about.prefix}-{word}", PASSWORD, unit, title, role, clearance)

    return [
        one(clerk, PositionRole.CLERK, "clerk", "SEC", "เจ้าหน้าที่สารบรรณกลาง"),
        one(director, PositionRole.DIRECTOR, "director", "SEC", "เลขานุการกรม"),
        one(head, PositionRole.HEAD, "head", "SEC", f"อธิบดี{about.name}"),
        one(records, PositionRole.RECORDS, "records", "SEC", "นายทะเบียน", True),
        one(admin, PositionRole.ADMIN, "admin", "SEC", "ผู้ดูแลระบบ"),
        one(unit_clerk, PositionRole.CLERK, "plan-clerk", "PLAN", "เจ้าหน้าที่สารบรรณกองแผนงาน"),
        one(unit_director, PositionRole.DIRECTOR, "plan-director", "PLAN", "ผู้อำนวยการกองแผนงาน"),
    ]


def _entry(code: str, name: str, mailbox: str, abbr: str, pem: str, begin: datetime, end: datetime) -> Correspondent:
    return Correspondent(
        code,
        name,
        mailbox,
        abbr=abbr,
        capabilities={"saraban": True, "max_bytes": 20_000_000, "reconcile": 1},
        certificates=(Certificate("seal", pem, begin, end),),
    )
