"""Two agencies in one house with real equipment over a temporary folder; what is dear is made once a session."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from saraban.bootstrap import Office, build
from saraban.crypto import demo_pki, keys
from saraban.crypto.cms import HeldKey
from saraban.rendering.renderer import PdfRenderer
from saraban.settings import Settings
from saraban.usecases.ports import Renderer
from tests.builders import NOW, a_staffed_agency
from tests.databases import migrate, sqlite_template
from tests.fakes import FixedClock
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


@pytest.fixture(scope="session")
def renderer() -> Renderer:
    """The renderer with its fonts, made once."""
    return PdfRenderer("TH Sarabun New")


@pytest.fixture
def real_office(
    tmp_path: Path, databases_folder: Path, clock: FixedClock, pki: Pki, renderer: Renderer
) -> Iterator[Office]:
    """Everything that `bootstrap.build` builds, over SQLite, with cheap password hashes and a clock that stands."""
    shutil.copyfile(sqlite_template(databases_folder, migrate), tmp_path / "saraban.db")
    roots = tmp_path / "roots.pem"
    roots.write_bytes(pki.root.certificate.public_bytes(Encoding.PEM))
    settings = Settings(
        data_folder=tmp_path,
        database_url=f"sqlite:///{tmp_path / 'saraban.db'}",
        secret_key="s" * 40,
        master_key=MASTER_KEY,
        roots_file=roots,
        password_memory_kib=64,
    )
    office = build(settings, clock=clock)
    yield replace(office, services=replace(office.services, renderer=renderer))
    office.close()


@pytest.fixture
def house(real_office: Office, clock: FixedClock, pki: Pki) -> House:
    """Two staffed agencies with seals, which find each other in the directory; the first one's head can sign."""
    hashed = real_office.services.passwords.hash("pw")
    ours, theirs = (a_staffed_agency(code, password_hash=hashed) for code in ("onep", "dopa"))
    for staffed in (ours, theirs):
        staffed.move_in(real_office.services.uow())
        keys.store_seal(
            real_office.settings.keys_folder, staffed.agency.code, pki.seals[staffed.agency.code], MASTER_KEY
        )
    head = ours["head"].person_id
    assert head is not None
    keys.store_officer(real_office.settings.keys_folder, head, pki.head, PASSPHRASE, kdf_rounds=1)
    house = House(real_office, ours, theirs, clock)
    house.publish()
    return house
