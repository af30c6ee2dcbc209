"""Looking after the proofs and keys: journals walked, mailboxes tried, seals taken in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from saraban.domain.errors import NotFound
from saraban.usecases.ports import JournalBreak, Services


@dataclass(frozen=True)
class JournalReport:
    """An agency's chain: how many lines, and every break."""

    agency_code: str
    lines: int
    breaks: Sequence[JournalBreak]


def verify_journals(office: Services) -> list[JournalReport]:
    """Walk the hash chain of every hosted agency."""
    return [
        JournalReport(code, office.journals.length(agency_id), office.journals.breaks(agency_id))
        for agency_id, code in office.hosted()
    ]


def examine_mailbox(office: Services, *, agency_code: str) -> Iterator[tuple[str, bool | None, str]]:
    """Try a hosted agency's mailbox step by step: (step, good, Thai words)."""
    with office.uow() as uow:
        if uow.agencies.by_code(agency_code) is None:
            raise NotFound(f"ไม่มีส่วนราชการรหัส “{agency_code}” ในระบบนี้")
    yield from office.doctor.examine(agency_code)


def import_seal(office: Services, *, agency_code: str, data: bytes, passphrase: str) -> None:
    """Take in the seal that an authority issued to a hosted agency."""
    with office.uow() as uow:
        if uow.agencies.by_code(agency_code) is None:
            raise NotFound(f"ไม่มีส่วนราชการรหัส “{agency_code}” ในระบบนี้")
    office.cabinet.import_seal(agency_code, data, passphrase)


def request_seal(office: Services, *, agency_code: str) -> bytes:
    """Make a seal key for a hosted agency and give the certificate request (PEM)."""
    with office.uow() as uow:
        agency = uow.agencies.by_code(agency_code)
    if agency is None:
        raise NotFound(f"ไม่มีส่วนราชการรหัส “{agency_code}” ในระบบนี้")
    return office.cabinet.request_seal(agency_code, agency.name, agency.mailbox)


def import_officer_key(office: Services, *, username: str, data: bytes, old_passphrase: str, passphrase: str) -> None:
    """Take in an officer's signing key (PKCS#12), kept under the officer's own passphrase."""
    with office.uow() as uow:
        person = uow.people.by_username(username)
    if person is None:
        raise NotFound(f"ไม่พบผู้ใช้ “{username}”")
    office.cabinet.store_officer(person.id, data, old_passphrase, passphrase)
