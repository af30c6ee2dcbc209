"""Looking after the proofs and keys: registers and journals checked, mailboxes tried, seals taken in."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime

from saraban.domain.actor import Actor
from saraban.domain.agency import Agency, AgencyId
from saraban.domain.attachment import Digest
from saraban.domain.calendar import office_date
from saraban.domain.closing import DayClose
from saraban.domain.errors import NotFound
from saraban.domain.events import plain
from saraban.domain.permissions import may_audit, require
from saraban.domain.signature import TrustedSeal
from saraban.exchange.closes import read_day_statement
from saraban.exchange.wirejson import Malformed
from saraban.usecases.answering import trusted_seal
from saraban.usecases.ports import Made, Services, Step
from saraban.usecases.proofs import JournalBreak
from saraban.usecases.registry import BookCheck, Errand, LedgerFault, RegistersCheck

ERRAND = "verify"


@dataclass(frozen=True)
class JournalReport:
    """An agency's chain: how many lines, and every break."""

    agency_code: str
    lines: int
    breaks: Sequence[JournalBreak]


def verify_journals(office: Services) -> list[JournalReport]:
    """Walk the hash chain of every hosted agency, and hold it against the heads that were sealed at the end of days: a
    chain that somebody made anew from a line on is whole in itself and fits none of them after that line."""
    reports = []
    for agency_id, code in office.hosted():
        breaks = [*office.journals.breaks(agency_id), *_against_heads(office, agency_id)]
        reports.append(JournalReport(code, office.journals.length(agency_id), breaks))
    return reports


def _against_heads(office: Services, agency_id: AgencyId) -> Iterator[JournalBreak]:
    """The first sealed head that the chain no longer fits, with the last one that it does fit."""
    fits = 0
    for close in office.ledgers.days(agency_id):
        try:
            told = read_day_statement(close.statement)
            same = office.journals.digest_at(agency_id, told.until_seq) == told.head
        except (Malformed, NotFound):
            same = False
        if not same:
            day = close.day.isoformat()
            yield JournalBreak(close.until_seq, f"ไม่ตรงกับหัวที่ลงตราไว้เมื่อสิ้นวันที่ {day} ถูกแก้หลังลำดับ {fits}")
            return
        fits = told.until_seq


# --- registers ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class CloseVerdict:
    """A day's close: whether its seal is good and what its time-stamp proves ("" when all is well, else Thai words).
    `unchecked`: why the time-stamp cannot be checked here, which is no fault."""

    day: date
    seal: str
    stamped_at: datetime | None
    time_stamp: str
    unchecked: str = ""


@dataclass(frozen=True)
class Findings:
    """What a check of an agency's registers found: its books, everything that does not hold (in lines, ledger, journal,
    closes, seals and time-stamps), and the closes of days with their verdicts."""

    agency: Agency
    books: Sequence[BookCheck]
    faults: Sequence[LedgerFault]
    closes: Sequence[CloseVerdict]

    @property
    def sound(self) -> bool:
        """True when nothing is wrong."""
        return not self.faults and all(book.sound for book in self.books)

    @property
    def unchecked(self) -> int:
        """How many time-stamps cannot be checked here."""
        return sum(bool(close.unchecked) for close in self.closes)

    @property
    def wrong(self) -> int:
        """How many faults there are."""
        of_books = sum(len(b.gaps) + len(b.duplicates) + len(b.out_of_order) for b in self.books)
        return of_books + len(self.faults)


def verify_registers(office: Services, *, agency_id: AgencyId, told: Callable[[int], None] | None = None) -> Findings:
    """Check everything that can be checked about the registers of a hosted agency."""
    with office.uow() as uow:
        agency = uow.agencies.get(agency_id)
        trust = trusted_seal(uow.directory.by_code(agency.code)) or TrustedSeal(mailbox=agency.mailbox, pinned=())
    faults = list(office.ledgers.faults(agency_id, told))
    faults += [
        LedgerFault("", 0, f"บันทึกเหตุการณ์ลำดับ {line.seq}: {line.reason}") for line in office.journals.breaks(agency_id)
    ]
    closes = [_verdict(office, close, trust, office.clock.now()) for close in office.ledgers.days(agency_id)]
    for close in closes:
        faults += [LedgerFault("", 0, reason, close.day) for reason in (close.seal, close.time_stamp) if reason]
    return Findings(agency, office.ledgers.books(agency_id), faults, closes)


def _verdict(office: Services, close: DayClose, trust: TrustedSeal, now: datetime) -> CloseVerdict:
    status = office.verifier.status(close.statement, close.signature, trust, now)
    seal = "" if status.good else f"ตราประทับของการปิดวันไม่ผ่านการตรวจ: {status.why_not}"
    if close.time_stamp is None:
        return CloseVerdict(close.day, seal, None, "")
    stamp = office.time_stamper.check(close.time_stamp, Digest.of(close.statement))
    if not stamp.checkable:
        return CloseVerdict(close.day, seal, None, "", f"ตราประทับรับรองเวลา{stamp.reason}")
    words = "" if stamp.good else f"ตราประทับรับรองเวลาไม่ผ่านการตรวจ: {stamp.reason}"
    return CloseVerdict(close.day, seal, stamp.at, words)


def check_registers(office: Services, *, agency_id: AgencyId, by: str = "", told: Step | None = None) -> Findings:
    """Check an agency's registers and keep what was found for the screens."""
    began = office.clock.now()
    hear = _now_and_then(told, office.ledgers.lines(agency_id)) if told is not None else None
    found = verify_registers(office, agency_id=agency_id, told=hear)
    check = RegistersCheck(
        agency_id=agency_id,
        began_at=began,
        ended_at=office.clock.now(),
        by=by,
        lines=sum(book.used + book.reserved + book.void for book in found.books),
        faults=found.wrong,
        report=_report(found),
    )
    with office.uow() as uow:
        uow.closes.keep_check(check)
        uow.commit(final=False)
    return found


def _now_and_then(told: Step, total: int) -> Callable[[int], None]:
    """Pass every tenth word on: each one is written down."""
    heard = 0

    def hear(done: int) -> None:
        nonlocal heard
        heard += 1
        if heard % 10 == 1:
            told(done, max(total, done))

    return hear


def check_nightly(office: Services) -> int:
    """Check the registers of the agencies that were not checked on this day of the office. Returns how many."""
    today, done = office_date(office.clock.now()), 0
    for agency_id, _ in office.hosted():
        with office.uow() as uow:
            last = uow.closes.checked_at(agency_id)
        if last is None or office_date(last) < today:
            check_registers(office, agency_id=agency_id)
            done += 1
    return done


def do_verify(office: Services, errand: Errand, actor: Actor, step: Step) -> Made:
    """The errand of a check that somebody ordered."""
    require(may_audit(actor))
    found = check_registers(office, agency_id=actor.agency_id, by=actor.name, told=step)
    lines = sum(book.used + book.reserved + book.void for book in found.books)
    words = "ทุกเล่มครบถ้วน" if found.sound else f"พบสิ่งที่ไม่ถูกต้อง {found.wrong} แห่ง"
    return Made(lines, words=f"{words} ดูผลที่หน้าตรวจเลขและปิดทะเบียน", faults=found.wrong)


def _report(found: Findings) -> dict[str, object]:
    return {
        "books": [_json(book) for book in found.books],
        "faults": [_json(fault) for fault in found.faults],
        "closes": [_json(close) for close in found.closes],
    }


def _json(row: BookCheck | LedgerFault | CloseVerdict) -> dict[str, object]:
    return {name: plain(value) for name, value in asdict(row).items()}


# --- keys -----------------------------------------------------------------------------------------------------------


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


def register_token(office: Services, *, username: str, token: str, key: str, certificates: bytes) -> None:
    """Write down on which token (PKCS#11) an officer's signing key lies; the token goes before a key in a file."""
    with office.uow() as uow:
        person = uow.people.by_username(username)
    if person is None:
        raise NotFound(f"ไม่พบผู้ใช้ “{username}”")
    office.cabinet.store_token(person.id, token, key, certificates)
