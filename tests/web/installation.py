"""An installation for the tests of the screens: two agencies with all their officers, and a post that carries by hand.

Everything is real but the network: letters are composed, sealed, verified and screened as always, and the post hands
the bytes from one agency's outbox to the other's inbox.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from copy import copy
from dataclasses import dataclass, field, replace
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from secrets import token_hex
from typing import Any

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from jinja2 import FileSystemBytecodeCache
from werkzeug.test import TestResponse

from saraban import jobs
from saraban.app import create_app
from saraban.bootstrap import Office, build
from saraban.crypto.passwords import Argon2Passwords
from saraban.domain.actor import Actor
from saraban.domain.agency import AgencyId, PersonId
from saraban.domain.attachment import Digest
from saraban.domain.book import BookKind
from saraban.domain.calendar import office_date
from saraban.domain.classification import Secrecy, Urgency
from saraban.domain.letter import Content, LetterId
from saraban.doorway import EXTENSION
from saraban.exchange.envelope import Envelope
from saraban.mail.reader import DirectReader
from saraban.settings import Settings
from saraban.usecases.bookkeeping import open_book
from saraban.usecases.dispatching import dispatch_letter
from saraban.usecases.drafting import start_letter
from saraban.usecases.fetching import take_in
from saraban.usecases.mailing import SendOutcome, SendResult
from saraban.usecases.ports import Services
from saraban.usecases.routing import endorse_letter, submit_letter
from saraban.usecases.signing import sign_letter
from saraban.web.guards import limiter
from tests.beginnings import Beginning, Told
from tests.databases import NewDatabase
from tests.fakes import FixedClock
from tests.web.founding import AGENCIES, ELSEWHERE, LEARNING, MASTER_KEY, PASSPHRASE, PASSWORD, READING, found

__all__ = [
    "AGENCIES",
    "ELSEWHERE",
    "LEARNING",
    "MASTER_KEY",
    "PASSPHRASE",
    "PASSWORD",
    "READING",
    "Browser",
    "HandCarriedPost",
    "Installation",
    "build_installation",
]

_PLACE = Path(__file__).resolve().parents[2] / "var" / "compiled-templates"
_PLACE.mkdir(parents=True, exist_ok=True)
_COMPILED = FileSystemBytecodeCache(str(_PLACE))
"""Templates are compiled once for all installations of all processes, and again when they have changed."""


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
    database: NewDatabase
    agencies: dict[str, AgencyId] = field(default_factory=dict)
    people: dict[str, PersonId] = field(default_factory=dict)
    roots: list[str] = field(default_factory=list)
    seal_of_elsewhere: Any = None
    delivered: int = 0
    elsewhere: list[tuple[str, bytes]] = field(default_factory=list)
    beginning: Beginning = field(init=False)

    def __post_init__(self) -> None:
        office, title = self.office, f"a town at {self.clock.now()}"
        engines = (office.writing, office.reading)
        self.beginning = Beginning(title, self.database, engines, office.settings.data_folder, _Course(self))

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

            def sign_in() -> Memory:
                answer = browser.send("/login", {"username": username, "password": PASSWORD})
                assert answer.status_code == 302, answer.text
                return browser.memory

            browser.memory = self.beginning.go_on(f"{username} signs in", sign_in)
        return browser

    def _told(self, name: str, write: Callable[[], Any], content: object = None) -> Any:
        return self.beginning.go_on(f"{name} {content!r}" if content else name, write)

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
        written = Content(**(values | content))
        return self._told(
            f"a draft of {username}",
            lambda: start_letter(self.services, actor=self.actor(username), content=written),
            content,
        )

    def submitted(self, **content: Any) -> LetterId:
        """A letter before its first officer, the director."""

        def write() -> LetterId:
            letter_id = self.draft(**content)
            submit_letter(self.services, actor=self.actor("reading-clerk"), letter_id=letter_id)
            return letter_id

        return self._told("submitted", write, content)

    def endorsed(self, **content: Any) -> LetterId:
        """A letter before the head."""

        def write() -> LetterId:
            letter_id = self.submitted(**content)
            endorse_letter(self.services, actor=self.actor("reading-director"), letter_id=letter_id, note="เห็นควรลงนาม")
            return letter_id

        return self._told("endorsed", write, content)

    def issued(self, **content: Any) -> LetterId:
        """A signed letter that was not sent yet."""

        def write() -> LetterId:
            letter_id = self.endorsed(**content)
            sign_letter(self.services, actor=self.actor("reading-head"), letter_id=letter_id, passphrase=PASSPHRASE)
            return letter_id

        return self._told("issued", write, content)

    def dispatched(self, **content: Any) -> LetterId:
        """A letter on its way (nothing is carried yet)."""

        def write() -> LetterId:
            letter_id = self.issued(**content)
            dispatch_letter(self.services, actor=self.actor("reading-clerk"), letter_id=letter_id)
            return letter_id

        return self._told("dispatched", write, content)

    def open_books(self) -> None:
        """Open the books of orders, rules, announcements, certificates and minutes of the first agency."""

        def write() -> None:
            for kind in (kind for kind in BookKind if kind.numbered_by_year):
                open_book(self.services, actor=self.actor("reading-admin"), kind=kind)

        self._told("the books are opened", write)

    def carry(self) -> None:
        """Let the worker work and the post carry until nothing moves: letters arrive, receipts come back. What the
        worker does by the minute or the hour comes last, once; the post goes round again when it did anything."""
        self._told("carried", self._carry)

    def _carry(self) -> None:
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
        self._told(f"{mailbox} gets {sha256(raw).hexdigest()}", lambda: self._hand_in(mailbox, raw))

    def _hand_in(self, mailbox: str, raw: bytes) -> None:
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


Memory = tuple[str, dict[str, str]]
"""What a browser remembers: its cookie, and the token of the session."""


_COURSE = ("agencies", "people", "roots", "seal_of_elsewhere", "delivered", "elsewhere")


class _Course(Told):
    """What the course of letters changes in an installation."""

    def __init__(self, town: Installation) -> None:
        self._town, self._office, self._moment = town, town.office, town.clock.now()

    def as_ever(self) -> bool:
        """The office is the one that was built, the post refuses nobody, and no time has passed."""
        town = self._town
        as_built = town.office is self._office and town.app.extensions[EXTENSION] is self._office
        return as_built and not (town.post.refusing or town.post.silent) and town.clock.now() == self._moment

    def state(self) -> Any:
        """Its fields, and the bag of the post."""
        return {name: copy(getattr(self._town, name)) for name in _COURSE}, list(self._town.post.bag)

    def put(self, state: Any) -> None:
        """Be as it was kept."""
        fields, self._town.post.bag = state
        for name, value in fields.items():
            setattr(self._town, name, value)


class Browser:
    """A test client that fills in the hidden token against forged requests by itself."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self._known: dict[str, str] = {}

    @property
    def memory(self) -> Memory:
        """What is remembered of a session."""
        cookie = self.client.get_cookie("saraban")
        return cookie.value if cookie else "", dict(self._known)

    @memory.setter
    def memory(self, memory: Memory) -> None:
        self.client.set_cookie("saraban", memory[0])
        self._known = dict(memory[1])

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
        """The token of this session, sealed as pages seal it (`test_door` holds the two against each other): to open a
        page for it would be every seventh request of the tests."""
        secret = self._secret()
        if not secret:
            with self.client.session_transaction() as session:
                session["csrf_token"] = secret = token_hex(20)
        if secret not in self._known:
            sealed = URLSafeTimedSerializer(str(self.client.application.secret_key), salt="wtf-csrf-token")
            self._known = {secret: str(sealed.dumps(secret))}
        return self._known[secret]

    def _secret(self) -> str:
        cookie = self.client.get_cookie("saraban")
        sealed = SecureCookieSessionInterface().get_signing_serializer(self.client.application)
        return str(sealed.loads(cookie.value).get("csrf_token", "")) if cookie and sealed else ""


def build_installation(folder: Path, database: NewDatabase, clock: FixedClock, **settings: Any) -> Installation:
    """Everything from nothing: settings, office, agencies, seals, officers' keys and the directory. The database is
    made when it is needed."""
    values: dict[str, Any] = {
        "data_folder": folder,
        "database_url": database.url,
        "secret_key": "กุญแจของการทดสอบ " * 4,
        "master_key": MASTER_KEY,
        "roots_file": folder / "roots.pem",
        "secure_cookies": False,
        "login_limit": "1000 per minute",
        "public_answer_seconds": 0.0,
    }
    made = Settings(**(values | settings))
    real = build(made, clock=clock)
    post = HandCarriedPost()
    cheap = Argon2Passwords(passes=1, memory_kib=1024, lanes=1)
    services = replace(real.services, transport=post, passwords=cheap, mail_reader=DirectReader())
    office = replace(real, services=services)
    town = Installation(_applications.take(made, office), office, clock, post, database)
    town.beginning.go_on("founded", lambda: found(town, folder, made), often=True)
    if settings:
        town.beginning.apart(repr(sorted(settings.items())))
    return town
