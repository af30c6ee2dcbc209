"""The package in which letters go to the National Archives: a bag (RFC 8493) that `flask archive verify` opens
again."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, BinaryIO, cast
from uuid import UUID

from saraban.domain.actor import Actor
from saraban.domain.agency import ListHead
from saraban.domain.attachment import Attachment, safe_name
from saraban.domain.calendar import long_date, office_date
from saraban.domain.errors import NotFound
from saraban.domain.events import plain
from saraban.domain.handover import HandoverItem, HandoverKind, HandoverList
from saraban.domain.incoming import IncomingId, IncomingLetter
from saraban.domain.keeping import KeptItem
from saraban.domain.letter import Letter, LetterId
from saraban.domain.numbering import thai_digits
from saraban.domain.permissions import may_store, require
from saraban.domain.register import EntryId, RegisterEntry
from saraban.exchange.bagit import write_bag
from saraban.usecases.archive_sheets import handover_pdf
from saraban.usecases.books import UnitOfWork
from saraban.usecases.pages import ArchiveCopy
from saraban.usecases.ports import Made, Services, Step
from saraban.usecases.registry import Errand

ERRAND = "transfer-package"
MOST_TOLD = 5
_COLUMNS = ("ลำดับที่", "โฟลเดอร์", "รหัสแฟ้ม", "ที่", "ลงวันที่", "เลขทะเบียนรับ", "เรื่อง", "หมายเหตุ")
_IN_MEMORY = 8_000_000
_LARGEST = 20_000_000_000
_README = """
บัญชีอยู่ในไฟล์ form-21.pdf และ form-21.csv
หนังสือแต่ละฉบับอยู่ในโฟลเดอร์ตามลำดับที่ในบัญชี (00001, 00002, …)
  files/          ไฟล์ของหนังสือ ทุกไบต์ตามต้นฉบับ
  pdfa/           สำเนา PDF/A-3u ของไฟล์ PDF และภาพที่ไม่ได้เป็น PDF/A: ภาพของทุกหน้าที่ ๒๐๐ จุดต่อนิ้วตามที่เห็นเมื่อพิมพ์
                  แบบอักษร ข้อความ และลายมือชื่อในไฟล์อยู่ที่ต้นฉบับเท่านั้น
                  ของไฟล์ DOCX และ XLSX เป็นสำเนาเพื่อการอ่าน จัดทำจากข้อความและตารางของไฟล์ มีค่าแฮช SHA-256
                  ของต้นฉบับอยู่ที่หน้าแรก รูป แผนภูมิ สูตร และการจัดหน้าอยู่ที่ต้นฉบับเท่านั้น
  metadata.json   ทะเบียน หน่วยงาน อ้างถึง ผู้รับ ตราและลายมือชื่อ อายุการเก็บ และค่าแฮช SHA-256 ของไฟล์
  journal.jsonl   บันทึกเหตุการณ์ของหนังสือตามลูกโซ่
ตรวจทั้งชุดด้วย BagIt (RFC 8493) หรือ flask archive verify
"""


def do_package(office: Services, errand: Errand, actor: Actor, step: Step) -> Made:
    """Pack what a list of form 21 names into a bag: the list itself (`form-21.pdf`, `form-21.csv`); for each letter its
    files in their original bytes, PDF/A beside those that are none, what the register and the letter say with its unit,
    what it refers to, who got it, and what is found about its seal and signatures now (`metadata.json`), the journal's
    lines (`journal.jsonl`); and what the package is (`README.txt`). A file that cannot be read is left out and named:
    the list has no package then. Raises NotPermitted, and NotFound for any other list."""
    require(may_store(actor))
    with office.uow() as uow:
        made = uow.handovers.get(actor.agency_id, UUID(str(errand.order["list"])))
        agency = uow.agencies.get(actor.agency_id)
        head = ListHead(agency.options.ministry, agency.name, uow.agencies.central_unit(agency.id).name)
    if made.kind is HandoverKind.OWN:
        raise NotFound
    name = f"{agency.code}-{made.year}-{made.serial}-form{made.kind.value}"
    info = {
        "Source-Organization": agency.name,
        "External-Identifier": str(made.id),
        "Bagging-Date": office_date(office.clock.now()).isoformat(),
        "External-Description": f"{made.thai} ประจำปี {made.year}",
        "Bag-Software-Agent": "Saraban",
    }
    told = _Told(made, head)
    with tempfile.SpooledTemporaryFile(_IN_MEMORY) as file:
        out = cast(BinaryIO, file)
        write_bag(out, name, _payload(office, told, step), info)
        out.seek(0)
        digest, _ = office.blobs.keep_stream(out, _LARGEST)
    if not told.lost:
        _note(office, made, actor)
    words = told.lost_in_words if told.lost else ""
    return Made(len(made.items), safe_name(f"{name}.zip"), "application/zip", digest, words, len(told.lost))


def _note(office: Services, packed: HandoverList, actor: Actor) -> None:
    """The list has its package, unless it was changed meanwhile."""
    now = office.clock.now()
    with office.uow() as uow:
        made = uow.handovers.get(packed.agency_id, packed.id)
        if made.items == packed.items:
            uow.record(made.pack(by=actor, at=now))
            uow.handovers.save(made)
            uow.commit()


@dataclass
class _Found:
    """A letter of the list as it lies on the shelves."""

    entry: RegisterEntry
    item: KeptItem
    letter: Letter | IncomingLetter | None
    journal: Sequence[str]
    said: dict[str, Any] = field(default_factory=dict)

    @property
    def files(self) -> list[Attachment]:
        """The files of its line, and its own."""
        return [*self.entry.files, *(self.letter.files if self.letter is not None else ())]


def _payload(office: Services, told: _Told, step: Step) -> Iterator[tuple[str, bytes]]:
    """The list, the files of each letter in a folder by its place on it, and what the package says of itself."""
    made = told.made
    yield "form-21.pdf", handover_pdf(office, head=told.head, made=made)
    yield "form-21.csv", b"".join(office.spreadsheets.write_csv(_COLUMNS, [_row(n, one) for n, one in _numbered(made)]))
    for place, one in _numbered(made):
        with office.uow() as uow:
            found = _found(uow, made, one)
        listed = []
        for number, file in enumerate(found.files, start=1):
            step(place - 1, len(made.items))
            said, files = _file(office, told, (place, one), f"{number:02d}-{safe_name(file.name)}", file)
            listed.append(said)
            yield from files
        metadata = _metadata(found) | {"files": listed}
        folder = f"{place:05d}"
        yield f"{folder}/metadata.json", json.dumps(metadata, ensure_ascii=False, indent=1, sort_keys=True).encode()
        yield f"{folder}/journal.jsonl", "".join(f"{line}\n" for line in found.journal).encode()
        step(place, len(made.items))
    yield "README.txt", told.as_text().encode()


def _numbered(made: HandoverList) -> Sequence[tuple[int, HandoverItem]]:
    return list(enumerate(made.items, start=1))


def _row(place: int, one: HandoverItem) -> tuple[str, ...]:
    day = long_date(one.letter_date) if one.letter_date else ""
    return (str(place), f"{place:05d}", one.file_code, one.number, day, one.register_number, one.subject, one.note)


def _file(
    office: Services, told: _Told, where: tuple[int, HandoverItem], name: str, file: Attachment
) -> tuple[dict[str, Any], list[tuple[str, bytes]]]:
    """What the metadata say of a file, and what lies in the bag of it: nothing of one that cannot be read."""
    folder = f"{where[0]:05d}"
    path, at = f"{folder}/files/{name}", office.clock.now()
    said: dict[str, Any] = {"path": path, "sha256": file.sha256.hex, "role": file.role.value}
    try:
        data = office.blobs.open(file.sha256)
    except (NotFound, OSError) as error:
        why = error.thai if isinstance(error, NotFound) else "อ่านไฟล์จากดิสก์ไม่ได้"
        told.lose(*where, file.name, why)
        return said | {"path": None, "lost": why}, []
    copy = office.renderer.archive_copy(data, title=file.name, author=told.head.agency, at=at)
    beside = f"{folder}/pdfa/{name}.pdf" if copy.pdf is not None else None
    told.note(path, copy)
    said |= {"says_pdfa": copy.said, "pdfa": beside, "why_no_pdfa": copy.why}
    if file.media_type == "application/pdf" or file.name.casefold().endswith(".pdf"):
        signed = office.page_checker.check(data, at)
        said |= {"signatures": [one.as_dict() for one in signed.signatures], "signatures_problem": signed.problem}
    return said, [(path, data)] + ([(beside, copy.pdf)] if beside is not None and copy.pdf is not None else [])


class _Told:
    """What the package says of itself to whoever opens it in many years."""

    def __init__(self, made: HandoverList, head: ListHead) -> None:
        self.made, self.head = made, head
        self.lost: list[str] = []
        self._said = self._copied = 0
        self._without: list[tuple[str, str]] = []

    def note(self, path: str, copy: ArchiveCopy) -> None:
        """One file of it."""
        self._said += bool(copy.said)
        self._copied += copy.pdf is not None
        if copy.why:
            self._without.append((path, copy.why))

    def lose(self, place: int, one: HandoverItem, name: str, why: str) -> None:
        """A file that could not be read."""
        self.lost.append(thai_digits(f"ลำดับที่ {place} ") + f"{one.subject}: {name} ({why})")

    @property
    def lost_in_words(self) -> str:
        """Which files are not in it, and what is to be done."""
        more = thai_digits(f" และอีก {len(self.lost) - MOST_TOLD} ไฟล์") if len(self.lost) > MOST_TOLD else ""
        remedy = "กู้คืนไฟล์จากสำเนาสำรองแล้วทำชุดใหม่ หรือย้ายฉบับนั้นไปแบบที่ ๒๒"
        return f"ชุดส่งมอบไม่ครบ อ่านไฟล์ไม่ได้ {'; '.join(self.lost[:MOST_TOLD])}{more} {remedy}"

    def as_text(self) -> str:
        """README.txt."""
        head = f"{self.made.thai} ประจำปี {self.made.year} บัญชีที่ {self.made.serial}\n{self.head.agency}\n"
        without = "".join(f"  {path}: {why}\n" for path, why in self._without) or "  ไม่มี\n"
        lost = "".join(f"  {one}\n" for one in self.lost) or "  ไม่มี\n"
        return (
            head
            + _README
            + f"""
ไฟล์ที่เป็น PDF/A อยู่แล้วตามที่ไฟล์ระบุ: {self._said}
ไฟล์ที่มีสำเนา PDF/A อยู่ข้าง ๆ ใน pdfa/: {self._copied}
ไฟล์ที่ไม่มี PDF/A ({len(self._without)}) พร้อมเหตุ:
{without}
ไฟล์ที่อ่านไม่ได้จึงไม่อยู่ในชุด ({len(self.lost)}):
{lost}"""
        )


def _found(uow: UnitOfWork, made: HandoverList, one: HandoverItem) -> _Found:
    entry = uow.registers.get(made.agency_id, EntryId(one.entry_id))
    item = uow.keeping.items(made.agency_id, [one.entry_id])[0]
    letter = _letter_of(uow, entry)
    subjects = [owner for owner in (entry.id, entry.subject_of) if owner is not None]
    found = _Found(entry, item, letter, uow.handovers.journal(made.agency_id, subjects))
    if entry.unit_id is not None:
        unit = uow.agencies.unit(made.agency_id, entry.unit_id)
        found.said["unit"] = {"code": unit.code, "name": unit.name}
    named = uow.handovers.references(made.agency_id, subjects)
    found.said["references"] = [{"number": r.number, "date": plain(r.date), "sender": r.sender} for r in named]
    if isinstance(letter, Letter):
        found.said["recipients"] = list(uow.handovers.receivers(made.agency_id, letter.id))
        found.said["signed_by"] = [
            {"name": step.person_name, "title": step.title, "at": plain(step.at)} for step in letter.signing_steps
        ]
    elif letter is not None:
        found.said |= {"seal": letter.seal, "seal_of_message": letter.outer, "from_mailbox": letter.from_mailbox}
    return found


def _letter_of(uow: UnitOfWork, entry: RegisterEntry) -> Letter | IncomingLetter | None:
    """The letter of the system whose line it is."""
    if entry.subject_of is None:
        return None
    with suppress(NotFound):
        return uow.letters.get(entry.agency_id, LetterId(entry.subject_of))
    with suppress(NotFound):
        return uow.incoming.get(entry.agency_id, IncomingId(entry.subject_of))
    return None


def _metadata(found: _Found) -> dict[str, Any]:
    entry, item = found.entry, found.item
    names = ("id", "kind", "year", "serial", "number", "letter_date", "sender", "addressee", "subject", "practice")
    told = {name: plain(getattr(entry, name)) for name in (*names, "note", "urgency", "secrecy", "at", "origin")}
    empty: dict[str, Any] = {"unit": None, "references": [], "recipients": [], "signed_by": [], "seal": None}
    return (
        told
        | empty
        | found.said
        | {
            "file_code": item.file_code,
            "retention_class": item.class_code,
            "finished_on": plain(item.finished_on),
            "mark": item.mark,
            "place": item.place.thai,
        }
    )
