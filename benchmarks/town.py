"""A town for benchmarks: two agencies in one installation, with seals, officers and a directory; everything real."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import uuid4

from saraban.bootstrap import Office, build
from saraban.crypto import demo_pki, keys
from saraban.crypto.cms import HeldKey
from saraban.crypto.passwords import Argon2Passwords
from saraban.domain.actor import Actor
from saraban.domain.agency import Agency, Correspondent, PositionRole
from saraban.domain.attachment import Digest
from saraban.settings import AgencyMail, Settings
from saraban.usecases.administering import NewPerson, NewUnit, import_directory, open_agency
from saraban.usecases.ports import Services

SENDER, RECEIVER = "0101", "0202"
NAMES = {SENDER: "กรมทดสอบความเร็ว", RECEIVER: "กรมรับหนังสือ"}
PASSPHRASE, PASSWORD = "รหัสกุญแจของผู้ลงนาม", "รหัสผ่านของการวัด"
_MASTER = "กุญแจหลักของการวัดความเร็ว ใช้ที่อื่นไม่ได้"


def mailbox(code: str) -> str:
    """The central mailbox of an agency of the town."""
    return f"saraban@d{code}.test"


@dataclass
class Town:
    """An installation with two agencies. `clerk` is the receiver's central clerk, `head` signs for the sender, whose
    key is `officer`."""

    settings: Settings
    office: Office
    agencies: Mapping[str, Agency]
    clerk: Actor
    head: Actor
    officer: HeldKey

    @property
    def services(self) -> Services:
        """The equipment that use cases take."""
        return self.office.services


@contextmanager
def founded(database_url: str, mail: Mapping[str, AgencyMail] | None = None) -> Iterator[Town]:
    """A town over a migrated database. Its files lie on the disk of the checkout, as the product's do."""
    folder = (Path("var") / f"bench-{uuid4().hex[:8]}").absolute()
    folder.mkdir(parents=True)
    settings = Settings(
        data_folder=folder,
        database_url=database_url,
        secret_key="กุญแจของการวัดความเร็ว " * 3,
        master_key=_MASTER,
        roots_file=folder / "roots.pem",
        mail=mail or {},
        secure_cookies=False,
        login_limit="1000 per minute",
        relay_connections=0,
        relay_messages_per_minute=0,
        public_url="https://saraban.example.go.th",
    )
    office = build(settings)
    # Signing in is not measured here, so its deliberate slowness need not be waited for.
    cheap = Argon2Passwords(passes=1, memory_kib=1024, lanes=1)
    office = replace(office, services=replace(office.services, passwords=cheap))
    try:
        yield _found(settings, office)
    finally:
        office.close()
        shutil.rmtree(folder, ignore_errors=True)


def _found(settings: Settings, office: Office) -> Town:
    services = office.services
    now = services.clock.now()
    begin, end = now - timedelta(days=1), now + timedelta(days=700)
    root = demo_pki.make_root("ผู้ออกใบรับรองของการวัดความเร็ว", begin, end)
    assert settings.roots_file is not None
    settings.roots_file.write_text(root.pem)
    agencies: dict[str, Agency] = {}
    people = {}
    for code, name in NAMES.items():
        people |= open_agency(
            services,
            code=code,
            name=name,
            abbr="นร",
            series="12",
            mailbox=mailbox(code),
            address=("ถนนพระอาทิตย์ กรุงเทพมหานคร 10200",),
            units=[NewUnit("SEC", "สำนักงานเลขานุการกรม", "1201", central=True, phone="0 2000 0000")],
            people=[
                NewPerson("นางสาวสมใจ ใจดี", f"clerk-{code}", PASSWORD, "SEC", "เจ้าพนักงานธุรการ", PositionRole.CLERK),
                NewPerson("นางปราณี มีสุข", f"head-{code}", PASSWORD, "SEC", "อธิบดี", PositionRole.HEAD),
            ],
            since=date(2026, 1, 1),
        )
        keys.store_seal(settings.keys_folder, code, demo_pki.issue_seal(root, name, mailbox(code), begin, end), _MASTER)
    officer = demo_pki.issue_officer(root, "นางปราณี มีสุข", "อธิบดี", NAMES[SENDER], begin, end)
    keys.store_officer(settings.keys_folder, people[f"head-{SENDER}"], officer, PASSPHRASE)
    entries = [Correspondent(code, name, mailbox(code), capabilities={"saraban": 1}) for code, name in NAMES.items()]
    import_directory(services, agencies=entries, publisher="การวัดความเร็ว", sha256=Digest.of(b"directory"))
    today = datetime.now(UTC).date()
    with services.uow() as uow:
        for code in NAMES:
            agency = uow.agencies.by_code(code)
            assert agency is not None
            agencies[code] = agency
        clerk = uow.people.actor(people[f"clerk-{RECEIVER}"], today)
        head = uow.people.actor(people[f"head-{SENDER}"], today)
    assert clerk is not None and head is not None
    return Town(settings, office, agencies, clerk, head, officer)
