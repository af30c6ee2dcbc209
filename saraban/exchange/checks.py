"""The questions that are asked of a letter from outside, one small function each (docs/wire.md, sections 3 to 5).

A check gets the whole case and answers with what it found, or None. What follows from it stands in screening.py.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from saraban.domain.agency import Correspondent
from saraban.domain.attachment import Digest
from saraban.domain.classification import Secrecy
from saraban.domain.receipt import ReasonCode
from saraban.domain.signature import SignatureStatus
from saraban.exchange.manifest import FileEntry, Manifest
from saraban.exchange.parse import InboundFile, InboundMessage
from saraban.exchange.replies import only_by_machine
from saraban.exchange.thai import thai_moment

NAMES_SHOWN = 5


@dataclass(frozen=True)
class EarlierLetter:
    """A letter with the same id from the same agency that came before: the SHA-256 of its manifest's bytes, and whether
    it was accepted (at once or by a clerk)."""

    manifest_sha256: str
    dispatch_id: UUID
    accepted: bool


@dataclass(frozen=True)
class Facts:
    """What we know beside the message. `sender` is the directory's entry whose mailbox is the header From, `earlier`
    the letters of the same agency and id, `max_bytes` the largest raw message that we take, `our_other_mailboxes` those
    of our units, `virus` the name of the one that the scanner found, `unscanned` the files that it could not take."""

    now: datetime
    our_code: str
    our_mailbox: str
    sender: Correspondent | None
    earlier: tuple[EarlierLetter, ...] = ()
    may_take_secrecy: frozenset[Secrecy] = frozenset({Secrecy.OPEN})
    max_bytes: int = 26_214_400
    our_other_mailboxes: frozenset[str] = frozenset()
    virus: str = ""
    unscanned: str = ""


@dataclass(frozen=True)
class Finding:
    """What one check found. `code` is a reason code of the wire, or a word of our own where the wire has none; `thai`
    is for a person; `blocking` findings keep a letter from being accepted."""

    check: str
    code: ReasonCode | str
    thai: str
    blocking: bool = True

    def as_dict(self) -> dict[str, Any]:
        """As it is kept with the letter."""
        return vars(self) | {"code": self.code.value if isinstance(self.code, ReasonCode) else self.code}


@dataclass(frozen=True)
class Case:
    """A message under judgement. `files` compares what came with what the manifest lists."""

    message: InboundMessage
    raw_size: int
    manifest: Manifest | None
    manifest_problem: str | None
    seal: SignatureStatus | None
    outer: SignatureStatus | None
    facts: Facts
    files: FileComparison = field(init=False)

    def __post_init__(self) -> None:
        entries = self.manifest.files if self.manifest is not None else ()
        object.__setattr__(self, "files", compare_files(entries, self.message.files))


@dataclass(frozen=True)
class FileComparison:
    """Which files match, and the names of those that do not."""

    matched: tuple[tuple[FileEntry, InboundFile], ...] = ()
    missing: tuple[str, ...] = ()
    damaged: tuple[str, ...] = ()
    unlisted: tuple[str, ...] = ()


def compare_files(entries: tuple[FileEntry, ...], files: tuple[InboundFile, ...]) -> FileComparison:
    """Match by name, then by digest (docs/wire.md, section 3): a gateway may have changed a name, never bytes."""
    left = list(files)
    matched: list[tuple[FileEntry, InboundFile]] = []
    damaged: list[str] = []
    unmatched: list[FileEntry] = []
    for entry in entries:
        same_name = [file for file in left if file.name == entry.name]
        # Two files of one name do not conform; the one that is right is taken and the other stays unlisted.
        file = next((candidate for candidate in same_name if _is(entry, candidate)), next(iter(same_name), None))
        if file is None:
            unmatched.append(entry)
            continue
        _take(left, file)
        if _is(entry, file):
            matched.append((entry, file))
        else:
            damaged.append(entry.name)
    missing: list[str] = []
    for entry in unmatched:
        file = next((candidate for candidate in left if _is(entry, candidate)), None)
        if file is None:
            missing.append(entry.name)
        else:
            _take(left, file)
            matched.append((entry, file))
    return FileComparison(tuple(matched), tuple(missing), tuple(damaged), tuple(file.name for file in left))


def as_listed(
    entries: tuple[FileEntry, ...], files: tuple[InboundFile, ...]
) -> list[tuple[InboundFile, FileEntry | None]]:
    """The files with the entry that each is or bears the name of, in the order of the list and the unlisted last. One
    whose name suffered on the way and whose bytes are right is what the sender has sealed, name and role."""
    sealed = {id(file): entry for entry, file in compare_files(entries, files).matched}
    by_name = {entry.name: entry for entry in entries}
    pairs = [(file, sealed.get(id(file)) or by_name.get(file.name)) for file in files]
    return sorted(pairs, key=lambda pair: entries.index(pair[1]) if pair[1] is not None else len(entries))


def readable_id(message: InboundMessage, manifest: Manifest | None) -> UUID | None:
    """The dispatch id, as far as the message says it without contradiction: header, manifest and Message-ID."""
    said = {
        found
        for found in (
            message.saraban.id if message.saraban is not None and message.saraban.kind == "letter" else None,
            manifest.id if manifest is not None else None,
            _left_part(message.message_id) if manifest is None else None,
        )
        if found is not None
    }
    return said.pop() if len(said) == 1 else None


def our_own_message(case: Case) -> Finding | None:
    """Is it a message of ours that came back, or the one by which `flask mail doctor` tries out the mailbox?"""
    ours, message = case.facts.our_mailbox, case.message
    other = message.from_address.casefold() in case.facts.our_other_mailboxes
    if not other and not _same_mailbox(case.message.from_address, ours):
        return None
    if other:
        ours = message.from_address
    if case.manifest is not None and not _same_mailbox(case.manifest.sender.mailbox, ours):
        return None
    to_ourselves = len(message.to_addresses) == 1 and _same_mailbox(message.to_addresses[0], ours)
    trial = to_ourselves and message.auto_submitted == "auto-generated" and not message.files
    if case.manifest is None and message.saraban is None and not trial:
        return None
    return Finding("our_own_message", "own-message", "เป็นไปรษณีย์ของหน่วยงานเราเองที่ย้อนกลับมา")


def infected(case: Case) -> Finding | None:
    """Did the virus scanner find something?"""
    if not case.facts.virus:
        return None
    return _finding("infected", ReasonCode.INFECTED, f"พบไวรัส {case.facts.virus} ไฟล์แนบถูกกันไว้ทั้งหมด เปิดไม่ได้")


def not_scanned(case: Case) -> Finding | None:
    """Is there a file that the virus scanner cannot take, for its size?"""
    if not case.facts.unscanned:
        return None
    words = f"ไฟล์ใหญ่เกินที่ตัวตรวจไวรัสรับได้ จึงยังไม่ได้ตรวจ: {case.facts.unscanned}"
    return Finding("not_scanned", "not-scanned", words)


def answered_by_machine(case: Case) -> Finding | None:
    """Is it an absence note or a read report, of no letter that we sent?"""
    if not only_by_machine(case.message):
        return None
    return Finding("answered_by_machine", "auto-reply", "เป็นการตอบอัตโนมัติ ไม่มีไฟล์ และไม่ได้ตอบหนังสือฉบับใดที่เราส่ง")


def no_manifest(case: Case) -> Finding | None:
    """Is it ordinary mail?"""
    if case.message.manifest is not None:
        return None
    return Finding("no_manifest", "ordinary-mail", "เป็นไปรษณีย์ทั่วไป ไม่มีบัญชีแนบซอง")


def accepted_before(case: Case) -> Finding | None:
    """Has the same manifest of the same agency been accepted before?"""
    if case.message.manifest is None:
        return None
    sha256 = Digest.of(case.message.manifest).hex
    if not any(letter.accepted and letter.manifest_sha256 == sha256 for letter in case.facts.earlier):
        return None
    return Finding("accepted_before", "accepted-before", "รับหนังสือฉบับนี้ไว้แล้ว", blocking=True)


def other_content(case: Case) -> Finding | None:
    """Has another manifest with this id been accepted before?"""
    if accepted_before(case) is not None or not any(letter.accepted for letter in case.facts.earlier):
        return None
    return _finding("other_content", ReasonCode.DUPLICATE_CONTENT, "มีหนังสือที่ใช้รหัสการส่งนี้อยู่แล้วแต่เนื้อหาต่างกัน")


def sender_unknown(case: Case) -> Finding | None:
    """Is the mailbox in the header From missing from the directory?"""
    if case.facts.sender is not None:
        return None
    shown = case.message.from_address or "ไม่ระบุ"
    return _finding("sender_unknown", ReasonCode.SIGNER_UNTRUSTED, f"ผู้ส่ง {shown} ไม่อยู่ในทำเนียบส่วนราชการ")


def seal_missing(case: Case) -> Finding | None:
    """Is there no detached signature over the manifest?"""
    gone = case.seal is None or case.seal.problem == ReasonCode.SIGNATURE_MISSING.value
    if case.message.manifest_p7s is not None and not gone:
        return None
    return _finding("seal_missing", ReasonCode.SIGNATURE_MISSING, "ซองไม่มีตราประทับอิเล็กทรอนิกส์")


def seal_untrusted(case: Case) -> Finding | None:
    """Is the seal somebody's whom we do not accept for this agency, or can that not be determined?"""
    if case.seal is None or case.seal.good or _is_broken(case.seal) or _is_expired(case.seal):
        return None
    if case.seal.problem == ReasonCode.SIGNATURE_MISSING.value:
        return None
    why = case.seal.trusted.reason or case.seal.valid.reason or "ตรวจไม่ได้ว่าตราประทับเป็นของส่วนราชการผู้ส่ง"
    return _finding("seal_untrusted", ReasonCode.SIGNER_UNTRUSTED, why)


def seal_expired(case: Case) -> Finding | None:
    """Was the seal set outside the validity of its certificate?"""
    if case.seal is None or not _is_expired(case.seal):
        return None
    return _finding("seal_expired", ReasonCode.SIGNER_EXPIRED, case.seal.in_time.reason)


def seal_broken(case: Case) -> Finding | None:
    """Does the signature not belong to these bytes of the manifest?"""
    if case.seal is None or not _is_broken(case.seal):
        return None
    return _finding("seal_broken", ReasonCode.SIGNATURE_BROKEN, case.seal.why_not)


def sender_differs(case: Case) -> Finding | None:
    """Is the agency of the manifest another than that of the header From?"""
    if case.manifest is None or case.facts.sender is None:
        return None
    agency, claimed = case.facts.sender, case.manifest.sender
    same = _same_mailbox(case.message.from_address, claimed.mailbox) and agency.code == claimed.code
    if same and _same_mailbox(agency.mailbox, claimed.mailbox):
        return None
    return _finding("sender_differs", ReasonCode.SIGNER_UNTRUSTED, "ผู้ส่งในบัญชีแนบซองไม่ใช่ผู้ส่งของไปรษณีย์นี้")


def not_for_us(case: Case) -> Finding | None:
    """Is the letter addressed to another agency?"""
    if case.manifest is None:
        return None
    to, facts = case.manifest.to, case.facts
    if to.code == facts.our_code and _same_mailbox(to.mailbox, facts.our_mailbox):
        return None
    return _finding("not_for_us", ReasonCode.NOT_ADDRESSEE, f"หนังสือนี้ส่งถึง {to.name}")


def ids_differ(case: Case) -> Finding | None:
    """Do header, manifest and Message-ID name different dispatches, or does one of them name none?"""
    if case.manifest is None:
        return None
    header = case.message.saraban
    said = header.id if header is not None and header.kind == "letter" else None
    if said == case.manifest.id == _left_part(case.message.message_id):
        return None
    return Finding("ids_differ", "id-mismatch", "รหัสการส่งในส่วนหัวของไปรษณีย์กับในบัญชีแนบซองไม่ตรงกัน")


def past_expiry(case: Case) -> Finding | None:
    """Has the time passed in which the sender waits for us?"""
    if case.manifest is None or case.facts.now <= case.manifest.expires_at:
        return None
    return _finding("past_expiry", ReasonCode.EXPIRED, f"ซองหมดกำหนดเมื่อวันที่ {thai_moment(case.manifest.expires_at)}")


def secrecy_not_allowed(case: Case) -> Finding | None:
    """Is it of a secrecy that we cannot take this way?"""
    if case.manifest is None or case.manifest.secrecy in case.facts.may_take_secrecy:
        return None
    return _finding("secrecy_not_allowed", ReasonCode.SECRECY_NOT_ALLOWED, f"ชั้นความลับ {case.manifest.secrecy.thai}")


def too_large(case: Case) -> Finding | None:
    """Is the raw message larger than what we take?"""
    if case.raw_size <= case.facts.max_bytes:
        return None
    return _finding("too_large", ReasonCode.TOO_LARGE, f"ไปรษณีย์ใหญ่เกิน {case.facts.max_bytes} ไบต์")


def manifest_unreadable(case: Case) -> Finding | None:
    """Is the manifest malformed, or is there more than one?"""
    if case.message.manifest is None:
        return None
    if "manifest-repeated" in case.message.defects:
        return _finding("manifest_unreadable", ReasonCode.MANIFEST_INVALID, "มีบัญชีแนบซองมากกว่าหนึ่งฉบับ")
    if case.manifest is not None and case.manifest_problem is None:
        return None
    return _finding("manifest_unreadable", ReasonCode.MANIFEST_INVALID, case.manifest_problem or "")


def file_missing(case: Case) -> Finding | None:
    """Is a listed file not there?"""
    if not case.files.missing:
        return None
    return _finding("file_missing", ReasonCode.FILE_MISSING, f"ไม่พบไฟล์ {_names(case.files.missing)}")


def file_damaged(case: Case) -> Finding | None:
    """Is a file there with other bytes than those listed?"""
    if not case.files.damaged:
        return None
    return _finding("file_damaged", ReasonCode.FILE_DAMAGED, f"ไฟล์ไม่ตรงกับที่ลงตรา {_names(case.files.damaged)}")


def file_unlisted(case: Case) -> Finding | None:
    """Is there a file that the manifest does not list?"""
    if case.manifest is None or not case.files.unlisted:
        return None
    return _finding("file_unlisted", ReasonCode.FILE_DAMAGED, f"มีไฟล์ที่ไม่อยู่ในบัญชีแนบซอง {_names(case.files.unlisted)}")


def outer_missing(case: Case) -> Finding | None:
    """Is there no S/MIME signature around the message? Only told: the manifest decides (docs/wire.md, section 2)."""
    if case.message.outer is not None or "outer-signature-broken" in case.message.defects:
        return None
    return Finding("outer_missing", "outer-missing", "ไปรษณีย์ไม่มีลายมือชื่อ S/MIME ชั้นนอก", blocking=False)


def outer_broken(case: Case) -> Finding | None:
    """Is the S/MIME signature around the message not good? Only told, as above."""
    torn = "outer-signature-broken" in case.message.defects
    if not torn and (case.message.outer is None or case.outer is None or case.outer.good):
        return None
    thai = "ลายมือชื่อ S/MIME ชั้นนอกใช้ตรวจไม่ได้ ใช้ตราประทับของบัญชีแนบซองแทน"
    return Finding("outer_broken", "outer-broken", thai, blocking=False)


def oddly_made(case: Case) -> Finding | None:
    """Did the reader find faults in the mail that do not matter for the letter? Only told."""
    if not case.message.defects:
        return None
    return Finding("oddly_made", "defects", f"ไปรษณีย์มีรูปแบบผิดปกติ: {', '.join(case.message.defects)}", blocking=False)


def _finding(check: str, code: ReasonCode, thai: str) -> Finding:
    return Finding(check, code, thai or code.thai)


def _is_broken(seal: SignatureStatus) -> bool:
    told = None if seal.problem is None else seal.problem == ReasonCode.SIGNATURE_BROKEN.value
    return told if told is not None else seal.intact.value is False or seal.valid.value is False


def _is_expired(seal: SignatureStatus) -> bool:
    if seal.problem is not None:
        return seal.problem == ReasonCode.SIGNER_EXPIRED.value
    return seal.intact.is_true and seal.valid.is_true and seal.trusted.is_true and seal.in_time.value is False


def _is(entry: FileEntry, file: InboundFile) -> bool:
    return entry.size == file.size and entry.sha256 == file.sha256


def _take(left: list[InboundFile], file: InboundFile) -> None:
    del left[next(place for place, candidate in enumerate(left) if candidate is file)]


def _same_mailbox(one: str, other: str) -> bool:
    return bool(one) and one.casefold() == other.casefold()


def _left_part(message_id: str) -> UUID | None:
    left = message_id.strip("<>").rpartition("@")[0]
    try:
        return UUID(left) if len(left) == 36 else None
    except ValueError:
        return None


def _names(names: tuple[str, ...]) -> str:
    shown = ", ".join(unicodedata.normalize("NFC", name)[:100] for name in names[:NAMES_SHOWN])
    return shown + (f" และอีก {len(names) - NAMES_SHOWN} ไฟล์" if len(names) > NAMES_SHOWN else "")
