"""Making the demo once: secrets, keys, directory, database, agencies, people, letters. What exists is left alone."""

from __future__ import annotations

import csv
import json
import os
import secrets
import socket
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import rfc8785
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from saraban.bootstrap import Office
from saraban.crypto import demo_pki, keys
from saraban.crypto.cms import HeldKey
from saraban.crypto.seal import KeySealer
from saraban.demo.archive import move_registers_in, write_archive
from saraban.demo.books import write_books, write_last_year
from saraban.demo.documents import write_documents
from saraban.demo.front import write_front
from saraban.demo.issued import write_expired, write_issued
from saraban.demo.meeting import write_meeting
from saraban.demo.organisation import grow
from saraban.demo.past import DemoClock, last_year
from saraban.demo.petitions import write_petitions
from saraban.demo.places import HOSTED, PASSPHRASE, PEER_CODE, Place, own_address, own_addresses
from saraban.demo.routes import write_routes
from saraban.demo.tasks import write_tasks
from saraban.demo.templates import write_templates
from saraban.domain.actor import Actor
from saraban.domain.agency import Certificate, Correspondent, PersonId, PositionRole
from saraban.domain.attachment import Digest
from saraban.domain.calendar import office_date
from saraban.domain.classification import Urgency
from saraban.domain.letter import Content, Reference
from saraban.storage.migration import upgrade
from saraban.usecases.administering import import_directory, open_agency
from saraban.usecases.admitting import issue_token
from saraban.usecases.books import UnitOfWork
from saraban.usecases.drafting import attach_file, start_letter
from saraban.usecases.measuring import measure_disk
from saraban.usecases.ports import Services
from saraban.usecases.routing import submit_letter
from saraban.usecases.subscribing import set_email

_DATA = Path(__file__).parent / "data"
_YEARS = timedelta(days=730)


@dataclass(frozen=True)
class HubPlan:
    """Where the hub of this run listens, and its accounts (address to password)."""

    smtp_port: int
    imap_port: int
    accounts: dict[str, str]


def agencies_of_directory() -> list[dict[str, str]]:
    """The rows of agencies.csv."""
    with (_DATA / "agencies.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def mailbox_of(code: str) -> str:
    """The demo's central mailbox of an agency."""
    return f"saraban@{code}.example"


def prepare_secrets(data: Path) -> None:
    """The installation's own secrets, made at the first start; for the demo only."""
    path = data / "demo" / "secrets.json"
    if not path.exists():
        _write_private(path, {"secret_key": secrets.token_urlsafe(48), "master_key": secrets.token_urlsafe(48)})


def plan_hub(data: Path) -> HubPlan:
    """Accounts for every mailbox of the directory and of the people (made once), free ports for this run; writes
    mail.toml."""
    path = data / "demo" / "mailboxes.json"
    accounts: dict[str, str] = json.loads(path.read_text()) if path.exists() else {}
    addresses = [*(mailbox_of(row["code"]) for row in agencies_of_directory()), *own_addresses()]
    if missing := {address: secrets.token_urlsafe(12) for address in addresses if address not in accounts}:
        accounts |= missing
        _write_private(path, accounts)
    smtp_port, imap_port = _free_ports(2)
    plan = HubPlan(smtp_port, imap_port, accounts)
    sections = []
    for place in HOSTED:
        for door, port in (("smtp", smtp_port), ("imap", imap_port)):
            address = mailbox_of(place.code)
            sections.append(
                f'[{place.code}.{door}]\nhost = "127.0.0.1"\nport = {port}\nsecurity = "none"\n'
                f'user = "{address}"\npassword = "{accounts[address]}"\n'
            )
    (data / "mail.toml").write_text("\n".join(sections))
    os.chmod(data / "mail.toml", 0o600)
    return plan


def prepare(office: Office, clock: DemoClock) -> None:
    """Everything else: database, keys, directory, agencies, people, first letters. The clock is that of the office; it
    stands in the past while that is written."""
    upgrade(office.settings.database_url)
    services = office.services
    with services.uow() as uow:
        if uow.agencies.by_code(HOSTED[0].code) is not None:
            return
    demo = office.settings.data_folder / "demo"
    now = services.clock.now()
    begin = last_year(now)
    root = demo_pki.make_root("Saraban Demo Root", begin - timedelta(days=1), now + 5 * _YEARS)
    (demo / "roots.pem").write_bytes(root.certificate.public_bytes(Encoding.PEM))
    lists = office.settings.data_folder / "crls"
    lists.mkdir(exist_ok=True)
    (lists / "demo.crl").write_bytes(demo_pki.empty_list(root, begin - timedelta(days=1), now + 5 * _YEARS))
    seals = _make_seals(office, root, begin, now, demo)
    directory = _directory(seals)
    sha256 = _write_directory(demo, directory, seals[PEER_CODE], now)
    accounts: list[dict[str, Any]] = []
    clock.stand(begin)
    for place in HOSTED:
        ids = open_agency(
            services,
            code=place.code,
            name=place.name,
            abbr=place.abbr,
            series=place.series,
            mailbox=mailbox_of(place.code),
            address=place.address,
            units=place.units,
            people=place.people,
            since=begin.date(),
        )
        accounts += _accounts(office, place, ids, root, begin, now)
        with services.uow() as uow:
            admin = _officer(uow, f"admin.{place.code}", begin.date())
        grow(services, place.code, admin, date(begin.year, 12, 25))
        _give_addresses(services, admin)
    import_directory(services, agencies=directory, publisher=PEER_CODE, sha256=sha256)
    _write_private(demo / "accounts.json", accounts)
    expired = write_expired(services)
    move_registers_in(services)
    write_last_year(services, clock)
    write_archive(services, clock)
    write_books(services, clock)
    _write_letters(services)
    write_documents(services)
    write_meeting(services)
    write_issued(services, expired)
    write_front(services)
    write_templates(services)
    write_routes(services)
    write_tasks(office)
    write_petitions(office)
    measure_disk(services)


def _give_addresses(services: Services, admin: Actor) -> None:
    """Tell everybody by mail, too, so that the morning's digest can be seen."""
    with services.uow() as uow:
        people = uow.people.of_agency(admin.agency_id)
    for person in people:
        set_email(services, actor=admin, person_id=person.id, email=own_address(person.username))


def _make_seals(office: Office, root: HeldKey, begin: datetime, now: datetime, demo: Path) -> dict[str, HeldKey]:
    names = {row["code"]: row["name_th"] for row in agencies_of_directory()}
    seals = {}
    for code in (*(p.code for p in HOSTED), PEER_CODE):
        seal = demo_pki.issue_seal(root, names[code], mailbox_of(code), begin - timedelta(days=1), now + _YEARS)
        seals[code] = seal
        if code != PEER_CODE:
            keys.store_seal(office.settings.keys_folder, code, seal, office.settings.master_key)
    peer = seals[PEER_CODE]
    (demo / "peer-seal.pem").write_bytes(peer.certificate.public_bytes(Encoding.PEM))
    keys.write_private(
        demo / "peer-seal-key.pem", peer.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    )
    return seals


def _directory(seals: dict[str, HeldKey]) -> list[Correspondent]:
    hosted = {place.code: place for place in HOSTED}
    entries = []
    for row in agencies_of_directory():
        code = row["code"]
        entry = Correspondent(
            code=code,
            name=hosted[code].name if code in hosted else row["name_th"],
            mailbox=mailbox_of(code),
            name_en=row["name_en"],
            abbr=row["abbr"],
            series=row["series_code"],
            valid_from=date(2026, 1, 1),
        )
        if code in seals:
            certificate = seals[code].certificate
            pin = Certificate(
                "seal",
                certificate.public_bytes(Encoding.PEM).decode(),
                certificate.not_valid_before_utc,
                certificate.not_valid_after_utc,
            )
            capabilities: dict[str, object] = {
                "saraban": 1,
                "max_bytes": 26_214_400,
                "classified": False,
                "ecms": None,
                "reconcile": 1,
                "lookup": 1,
            }
            entry = replace(entry, capabilities=capabilities, certificates=(pin,))
        entries.append(entry)
    return entries


def _write_directory(demo: Path, entries: list[Correspondent], publisher: HeldKey, now: datetime) -> Digest:
    body: dict[str, Any] = {
        "saraban": 1,
        "kind": "directory",
        "publisher": PEER_CODE,
        "issued_at": now.isoformat(timespec="seconds"),
        "agencies": [
            {
                "code": e.code,
                "name": e.name,
                "name_en": e.name_en,
                "abbr": e.abbr,
                "series": e.series,
                "parent": e.parent,
                "mailbox": e.mailbox,
                "valid_from": e.valid_from.isoformat() if e.valid_from else None,
                "valid_to": None,
                "successor": None,
                "capabilities": e.capabilities,
                "certificates": [
                    {"use": c.use, "pem": c.pem, "from": c.valid_from.isoformat(), "to": c.valid_to.isoformat()}
                    for c in e.certificates
                ],
            }
            for e in entries
        ],
    }
    data = rfc8785.dumps(body)
    (demo / "directory.json").write_bytes(data)
    (demo / "directory.json.p7s").write_bytes(KeySealer(publisher).seal(Digest.of(data), now))
    return Digest.of(data)


def _accounts(
    office: Office, place: Place, ids: dict[str, PersonId], root: HeldKey, begin: datetime, now: datetime
) -> list[dict[str, Any]]:
    rows = []
    for person in place.people:
        row = {
            "agency": place.name,
            "agency_code": place.code,
            "role": person.role.value,
            "name": person.name,
            "title": person.title,
            "username": person.username,
            "password": person.password,
            "token": issue_token(office.services, username=person.username),
        }
        if person.role in (PositionRole.HEAD, PositionRole.DIRECTOR, PositionRole.CLERK):
            officer = demo_pki.issue_officer(
                root, person.name, person.title, place.name, begin - timedelta(days=1), now + _YEARS
            )
            keys.store_officer(office.settings.keys_folder, ids[person.username], officer, PASSPHRASE)
            row["passphrase"] = PASSPHRASE
        rows.append(row)
    return rows


def _write_letters(services: Services) -> None:
    for text in json.loads((_DATA / "letters.json").read_text(encoding="utf-8")):
        with services.uow() as uow:
            actor = _officer(uow, f"clerk.{text['agency']}", office_date(services.clock.now()))
        letter_id = start_letter(
            services,
            actor=actor,
            content=Content(
                subject=text["subject"],
                addressed_to=text["addressed_to"],
                body=text["body"],
                recipients=tuple(text["recipients"]),
                references=tuple(
                    Reference(r["number"], date.fromisoformat(r["date"]), r["sender"]) for r in text["references"]
                ),
                urgency=Urgency(text["urgency"]),
            ),
        )
        with (_DATA / "survey.pdf").open("rb") as file:
            attach_file(
                services,
                actor=actor,
                letter_id=letter_id,
                name="แบบสำรวจความพร้อม.pdf",
                media_type="application/pdf",
                stream=file,
            )
        if text["stage"] == "submitted":
            submit_letter(services, actor=actor, letter_id=letter_id)


def _officer(uow: UnitOfWork, username: str, on: date) -> Actor:
    person = uow.people.by_username(username)
    assert person is not None
    actor = uow.people.actor(person.id, on)
    assert actor is not None
    return actor


def _write_private(path: Path, value: object) -> None:
    keys.write_private(path, json.dumps(value, ensure_ascii=False, indent=1).encode())


def _free_ports(count: int) -> list[int]:
    sockets = [socket.socket() for _ in range(count)]
    for s in sockets:
        s.bind(("127.0.0.1", 0))
    ports = [s.getsockname()[1] for s in sockets]
    for s in sockets:
        s.close()
    return ports
