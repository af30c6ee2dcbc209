"""The composition root: builds Services out of real adapters. Nobody below imports it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import cast

from sqlalchemy import Engine

from saraban.crypto.cabinet import KeyCabinet
from saraban.crypto.key_copies import KeyCopies
from saraban.crypto.lockbox import MasterLockBox
from saraban.crypto.officer_keys import OfficerKeys
from saraban.crypto.pades import OfficerPages
from saraban.crypto.page_proof import ListedProofs
from saraban.crypto.page_seal import AgencyPages
from saraban.crypto.page_task import ApartChecker
from saraban.crypto.page_trust import Trust
from saraban.crypto.passwords import Argon2Passwords
from saraban.crypto.revocation import RevocationLists
from saraban.crypto.seal import FileSeals
from saraban.crypto.timestamp import HttpTimeStamper
from saraban.crypto.verify import CmsVerifier
from saraban.domain.actor import Actor
from saraban.domain.agency import AgencyId
from saraban.domain.errors import BadInput
from saraban.domain.issued import IssuedDocument
from saraban.domain.issued_kind import IssuedKind
from saraban.domain.issued_run import SheetLine
from saraban.mail.accounts import MailAccount, Security
from saraban.mail.clamd import Clamd, NoScanner
from saraban.mail.connected import ConnectedAccounts
from saraban.mail.examination import AccountDoctor
from saraban.mail.imap import ImapMailboxes
from saraban.mail.notices import FlaskMailPost
from saraban.mail.pace import Pace
from saraban.mail.reader import ChildProcessReader
from saraban.mail.smtp import SmtpTransport
from saraban.mail.tokens import HttpTokenOffice
from saraban.reading.agenda import OpenNewsroom
from saraban.reading.printout import open_printout
from saraban.reading.receivers import open_receivers
from saraban.rendering.file_words import FileDesk
from saraban.rendering.meeting_papers import PdfMeetingPapers
from saraban.rendering.papers import PdfPapers
from saraban.rendering.progress_sheets import print_report
from saraban.rendering.quarantine import Quarantine
from saraban.rendering.redline import difference
from saraban.rendering.renderer import PdfRenderer
from saraban.rendering.spreadsheets import SheetDesk
from saraban.rendering.word_files import WordDesk
from saraban.settings import MailServer, Settings, SettingsError
from saraban.storage.blob_copies import BlobCopies
from saraban.storage.blobs import BlobStore
from saraban.storage.connections import find_connected
from saraban.storage.database import open_engine
from saraban.storage.database_copies import database_copier
from saraban.storage.file_needs import FileNeedsAtOnce
from saraban.storage.journal import JournalAudit
from saraban.storage.ledger import LedgerAudit
from saraban.storage.lookups import SqlLookups
from saraban.storage.old_folders import OldFoldersOnDisk
from saraban.storage.reading_spool import FileSpool
from saraban.storage.scans import ScanFolders
from saraban.storage.unit_of_work import SqlUnitOfWork, agency_ids, forget_keys, remember_answer
from saraban.usecases import (
    auditing,
    closing,
    connecting,
    exporting,
    holder_links,
    importing,
    issuing,
    journal_exporting,
    moving_in,
    reminding,
    running_issued,
    sweeping,
    transfer_package,
)
from saraban.usecases.books import UnitOfWork
from saraban.usecases.destroyed import DestroyedList
from saraban.usecases.ports import Clock, Services
from saraban.usecases.printing import register_exporter, register_printer
from saraban.usecases.recording import record_many
from saraban.usecases.safekeeping import Safe
from saraban.web.events import BOARD
from saraban.web.forms.old_lines import read_old_lines

TEMPLATES = Path(__file__).resolve().parents[1] / "templates"

CHECKING = ("saraban.crypto.page_task",)
"""What the process apart does that looks at signatures; it has no pictures and sheets, and the other no pyHanko."""


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """The moment, aware and in UTC."""
        return datetime.now(UTC)


@dataclass(frozen=True)
class Office:
    """What a process of the installation holds: settings, the services for use cases, the engine that screens read."""

    settings: Settings
    services: Services
    reading: Engine
    writing: Engine

    def close(self) -> None:
        """Let go of connections and children, after the streams that look into the database."""
        BOARD.end(self.reading)
        self.services.transport.close()
        self.reading.dispose()
        self.writing.dispose()


def build(settings: Settings, *, clock: Clock | None = None) -> Office:
    """Everything real, from settings. `clock` may be another in tests."""
    clock = clock or SystemClock()
    writing = open_engine(settings.database_url, writing=True)
    reading = open_engine(settings.database_url, writing=False, pool_size=20)
    settings.keys_folder.mkdir(parents=True, exist_ok=True)
    blobs = BlobStore(settings.blobs_folder, clock)
    renderer = PdfRenderer(settings.font_family, blobs.open)
    seals = FileSeals(settings.keys_folder, settings.master_key)
    stamper = HttpTimeStamper(
        settings.tsa_url,
        partial(_roots, settings.tsa_roots_file or settings.roots_file),
        timeout_seconds=settings.tsa_timeout_seconds,
        for_stamps=bool(settings.tsa_roots_file or settings.tsa_url),
    )
    officers = OfficerKeys(settings.keys_folder, settings.pkcs11_module)
    vouching = stamper if settings.tsa_url else None
    lists = RevocationLists(settings.crls_folder or settings.data_folder / "crls")
    apart = Quarantine(CHECKING, wall_seconds=20.0, processor_seconds=15)
    checker = ApartChecker(apart.run, lambda: _trust(settings, lists).as_bytes())
    lock_box = MasterLockBox(settings.master_key)
    accounts = ConnectedAccounts(_fixed(settings), partial(find_connected, reading), lock_box, clock.now)
    services = Services(
        uow=lambda: SqlUnitOfWork(writing, clock.now),
        lookups=SqlLookups(reading, clock.now),
        file_needs=FileNeedsAtOnce(reading),
        clock=clock,
        blobs=blobs,
        seals=seals,
        verifier=CmsVerifier(partial(_roots, settings.roots_file)),
        pages=OfficerPages(officers, renderer.signature_block, vouching),
        passwords=Argon2Passwords(memory_kib=settings.password_memory_kib),
        renderer=renderer,
        transport=SmtpTransport(accounts.smtp, Pace(settings.relay_connections, settings.relay_messages_per_minute)),
        mailboxes=ImapMailboxes(accounts.imap),
        mail_reader=ChildProcessReader(),
        scanner=Clamd(settings.clamd) if settings.clamd else NoScanner(),
        journals=JournalAudit(reading),
        ledgers=LedgerAudit(reading),
        papers=PdfPapers(settings.font_family, blobs.open),
        meeting_papers=PdfMeetingPapers(settings.font_family),
        redline=difference,
        progress_paper=partial(print_report, settings.font_family),
        word_text=WordDesk(),
        scans=ScanFolders(settings.scans_folder or settings.data_folder / "scans"),
        spreadsheets=SheetDesk(),
        file_reader=FileDesk(),
        page_sealer=AgencyPages(seals, checker, vouching),
        page_prover=ListedProofs(lists),
        revocation_lists=lists,
        page_checker=checker,
        time_stamper=stamper,
        cabinet=KeyCabinet(settings.keys_folder, settings.master_key),
        doctor=AccountDoctor(accounts, clock.now),
        lock_box=lock_box,
        token_office=HttpTokenOffice(),
        newsroom=OpenNewsroom(reading),
        notice_post=FlaskMailPost(TEMPLATES),
        reading_spool=FileSpool(settings.data_folder / "readings"),
        old_folders=OldFoldersOnDisk(settings.move_in_folder),
        safe=_safe(settings, lambda: services),
        fixed_mailboxes=frozenset(settings.mail),
        hosted=lambda: cast("Sequence[tuple[AgencyId, str]]", agency_ids(writing)),
        once=lambda key: lambda: SqlUnitOfWork(writing, clock.now, key),
        remember=lambda key, answer: remember_answer(writing, key, answer),
        forget_keys=lambda before: forget_keys(writing, before),
        lease=timedelta(seconds=settings.lease_seconds),
        public_url=settings.public_url,
        doers={
            auditing.ERRAND: auditing.do_verify,
            closing.ERRAND: closing.do_close_year,
            connecting.ERRAND: connecting.do_examine,
            journal_exporting.ERRAND: journal_exporting.do_export,
            running_issued.ERRAND: running_issued.run_doer(_begin_line, issuing.approve),
            holder_links.ERRAND: holder_links.do_links,
            importing.ERRAND: importing.sheet_importer(record_many),
            moving_in.ERRAND: moving_in.mover(read_old_lines),
            "register-pdf": register_printer(partial(open_printout, reading)),
            "register-sheet": register_exporter(partial(open_printout, reading)),
            reminding.ERRAND: reminding.do_remind,
            transfer_package.ERRAND: transfer_package.do_package,
            sweeping.ERRAND: sweeping.do_sweep,
            exporting.ERRAND: exporting.receivers_exporter(partial(open_receivers, reading)),
        },
    )
    return Office(settings, services, reading, writing)


def _begin_line(office: Services, uow: UnitOfWork, actor: Actor, kind: IssuedKind, line: SheetLine) -> IssuedDocument:
    """A line of a sheet as a document that is not kept yet."""
    return issuing.begun(office, uow, actor, kind, issuing.Said(line.holder_name, line.holder_id, line.values))


def _safe(settings: Settings, office: Callable[[], Services]) -> Safe:
    return Safe(
        database_copier(settings.database_url),
        BlobCopies(settings.blobs_folder),
        KeyCopies(settings.keys_folder, settings.data_folder / "mail.toml", settings.master_key),
        DestroyedList(office),
    )


def _fixed(settings: Settings) -> dict[tuple[str, str], MailAccount]:
    doors = [(code, door, getattr(agency, door)) for code, agency in settings.mail.items() for door in ("smtp", "imap")]
    return {(code, door): _account(f"{code}.{door}", server) for code, door, server in doors}


def _account(section: str, server: MailServer) -> MailAccount:
    try:
        return MailAccount(
            host=server.host,
            port=server.port,
            security=cast(Security, server.security),
            user=server.user,
            password=server.password,
            ca_file=server.ca_file,
            timeout_seconds=server.timeout_seconds,
            folder=server.folder,
        )
    except BadInput as error:
        raise SettingsError(f"mail.toml: ส่วน [{section}]: {error.thai}") from error


def _trust(settings: Settings, lists: RevocationLists) -> Trust:
    return Trust(
        roots=_roots(settings.roots_file),
        licensed=_roots(settings.licensed_roots_file),
        stamping=_roots(settings.tsa_roots_file or settings.roots_file),
        crls=lists.all(),
    )


def _roots(path: Path | None) -> Sequence[str]:
    if path is None or not path.exists():
        return []
    return [path.read_text()]
