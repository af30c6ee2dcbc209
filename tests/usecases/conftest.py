"""Two agencies in one house with real equipment over a temporary folder; what is dear is made once a session."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from saraban.bootstrap import build
from saraban.crypto import demo_pki, keys
from saraban.crypto.cms import HeldKey
from saraban.domain.attachment import Digest
from saraban.rendering.renderer import PdfRenderer
from saraban.settings import Settings
from saraban.usecases.pages import Renderer
from saraban.usecases.ports import Blobs
from tests.beginnings import Beginning
from tests.builders import NOW, StaffedAgency, a_staffed_agency
from tests.databases import NewDatabase, migrate, sqlite_template
from tests.fakes import FixedClock
from tests.mailservers.fixtures import real_clamd as real_clamd
from tests.usecases.house import MASTER_KEY, PASSPHRASE, House


@dataclass(frozen=True)
class Pki:
    """A root with a seal for each of the agencies, and the key of the head of the first."""

    root: HeldKey
    seals: dict[str, HeldKey]
    head: HeldKey


@pytest.fixture(scope="session")
def pki() -> Pki:
    """Throw-away certificates, valid for two years."""
    since, until = NOW - timedelta(days=1), NOW + timedelta(days=730)
    root = demo_pki.make_root("root of the tests", since, until)
    seals = {
        c: demo_pki.issue_seal(root, f"สำนักงาน {c}", f"saraban@{c}.example", since, until) for c in ("onep", "dopa")
    }
    return Pki(root, seals, demo_pki.issue_officer(root, "นางปราณี มีสุข", "หัวหน้า", "สำนักงาน onep", since, until))


class _BlobsInUse:
    """The files of the house that is being tested, for the renderer that all houses share."""

    blobs: Blobs

    def open(self, digest: Digest) -> bytes:
        return self.blobs.open(digest)


_in_use = _BlobsInUse()


@pytest.fixture(scope="session")
def renderer() -> Renderer:
    """The renderer with its fonts, made once."""
    return PdfRenderer("TH Sarabun New", _in_use.open)


def _settings(folder: Path) -> Settings:
    return Settings(
        data_folder=folder,
        database_url=f"sqlite:///{folder / 'saraban.db'}",
        secret_key="s" * 40,
        master_key=MASTER_KEY,
        roots_file=folder / "roots.pem",
        password_memory_kib=64,
        public_url="https://saraban.example.go.th",
    )


@pytest.fixture(scope="session")
def furnished(
    tmp_path_factory: pytest.TempPathFactory, databases_folder: Path, pki: Pki
) -> tuple[Path, StaffedAgency, StaffedAgency]:
    """A data folder with two staffed agencies, their seals and the head's key, which every test copies."""
    folder = tmp_path_factory.mktemp("furnished")
    shutil.copyfile(sqlite_template(databases_folder, migrate), folder / "saraban.db")
    (folder / "roots.pem").write_bytes(pki.root.certificate.public_bytes(Encoding.PEM))
    office = build(_settings(folder), clock=FixedClock(NOW))
    hashed = office.services.passwords.hash("pw")
    ours, theirs = (a_staffed_agency(code, password_hash=hashed) for code in ("onep", "dopa"))
    for staffed in (ours, theirs):
        staffed.move_in(office.services.uow())
        keys.store_seal(office.settings.keys_folder, staffed.agency.code, pki.seals[staffed.agency.code], MASTER_KEY)
    head = ours["head"].person_id
    assert head is not None
    keys.store_officer(office.settings.keys_folder, head, pki.head, PASSPHRASE, kdf_rounds=1)
    House(office, ours, theirs, FixedClock(NOW)).publish()
    office.close()
    return folder, ours, theirs


@pytest.fixture
def house(
    tmp_path: Path, furnished: tuple[Path, StaffedAgency, StaffedAgency], clock: FixedClock, renderer: Renderer
) -> Iterator[House]:
    """Two staffed agencies over everything that `bootstrap.build` builds, in a folder of the test's own, with cheap
    password hashes and a clock that stands. They find each other in the directory; the first one's head can sign."""
    with _furnished_house(furnished, tmp_path / "data", clock, renderer) as one:
        yield one


@contextmanager
def _furnished_house(
    furnished: tuple[Path, StaffedAgency, StaffedAgency], data: Path, clock: FixedClock, renderer: Renderer
) -> Iterator[House]:
    folder, ours, theirs = furnished
    shutil.copytree(folder, data)
    office = build(_settings(data), clock=clock)
    _in_use.blobs = office.services.blobs
    yield House(replace(office, services=replace(office.services, renderer=renderer)), ours, theirs, clock)
    office.close()


@pytest.fixture(scope="session")
def houses(
    tmp_path_factory: pytest.TempPathFactory, furnished: tuple[Path, StaffedAgency, StaffedAgency], renderer: Renderer
) -> Callable[[], AbstractContextManager[House]]:
    """New houses like `house`, one for each time it is called: for properties, which need a fresh one each time."""
    return lambda: _furnished_house(furnished, tmp_path_factory.mktemp("house") / "data", FixedClock(NOW), renderer)


@pytest.fixture
def either_house(
    tmp_path: Path, new_database: NewDatabase, pki: Pki, clock: FixedClock, renderer: Renderer
) -> Iterator[House]:
    """The same as `house`, once over SQLite and once over PostgreSQL."""
    settings = replace(_settings(tmp_path), database_url=new_database.url)
    (tmp_path / "roots.pem").write_bytes(pki.root.certificate.public_bytes(Encoding.PEM))
    office = build(settings, clock=clock)
    _in_use.blobs = office.services.blobs
    real = replace(office, services=replace(office.services, renderer=renderer))

    def furnish() -> tuple[StaffedAgency, StaffedAgency]:
        ours, theirs = (a_staffed_agency(code) for code in ("onep", "dopa"))
        for staffed in (ours, theirs):
            staffed.move_in(office.services.uow())
        head = ours["head"].person_id
        assert head is not None
        keys.store_officer(settings.keys_folder, head, pki.head, PASSPHRASE, kdf_rounds=1)
        House(real, ours, theirs, clock).publish()
        return ours, theirs

    beginning = Beginning(f"a house at {clock.now()}", new_database, (real.writing, real.reading), tmp_path)
    yield House(real, *beginning.go_on("furnished", furnish, often=True), clock)
    office.close()


@pytest.fixture
def key_of_tomorrow(house: House, pki: Pki) -> Iterator[None]:
    """The head's certificate begins in an hour: until then the page cannot be signed."""
    officer = demo_pki.issue_officer(
        pki.root, "นางปราณี มีสุข", "หัวหน้า", "สำนักงาน", NOW + timedelta(hours=1), NOW + timedelta(days=9)
    )
    head = house.ours["head"].person_id
    assert head is not None
    keys.store_officer(house.keys_folder, head, officer, PASSPHRASE, kdf_rounds=1)
    yield
