"""How the two agencies of the tests are founded: units, officers, seals, officers' keys, and the directory."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from saraban.crypto import demo_pki, keys
from saraban.domain.agency import Certificate, Correspondent, PositionRole
from saraban.domain.attachment import Digest
from saraban.settings import Settings
from saraban.usecases.administering import NewPerson, NewUnit, import_directory, open_agency

if TYPE_CHECKING:
    from tests.web.installation import Installation

PASSWORD = "รหัสผ่านของการทดสอบ-2569"
PASSPHRASE = "รหัสกุญแจ-2569"
MASTER_KEY = "กุญแจหลักของการทดสอบที่ยาวพอ 2569"
SINCE = date(2026, 1, 1)

READING, LEARNING, ELSEWHERE = "0601", "0702", "0999"


@dataclass(frozen=True)
class AgencyOfTests:
    """What makes one agency of the tests different from the other."""

    code: str
    name: str
    abbr: str
    series: str
    mailbox: str
    prefix: str
    names: tuple[str, ...]


AGENCIES = (
    AgencyOfTests(
        READING, "กรมส่งเสริมการอ่าน", "ศธ", "06", "saraban@reading.test", "reading",
        ("พรทิพย์ แสงจันทร์", "กฤตยา วงศ์งาม", "นายสุเมธ ประเสริฐกุล", "ดวงใจ ตรวจการณ์", "วิชัย ธนูทอง", "มาลี ศรีสุข",
         "นางวราภรณ์ ทองคำ"),
    ),
    AgencyOfTests(
        LEARNING, "สำนักงานส่งเสริมการเรียนรู้ตลอดชีวิต", "ศธ", "07", "saraban@learning.test", "learning",
        ("สมพร ใจดี", "ประภาส เรืองรอง", "นางอรุณี มั่นคง", "ชูใจ รักเรียน", "เกษม สุขสวัสดิ์", "ปิติ ยินดี", "วีระ กล้าหาญ"),
    ),
)  # fmt: skip


def found(town: Installation, folder: Path, settings: Settings) -> None:
    """Everything that the installation in this folder begins with."""
    now = town.clock.now()
    begin, end = now - timedelta(days=300), now + timedelta(days=700)
    root = demo_pki.make_root("ผู้ออกใบรับรองของการทดสอบ", begin, end)
    town.roots = [root.pem]
    (folder / "roots.pem").write_text(root.pem)
    entries = []
    for about in AGENCIES:
        town.people |= open_agency(
            town.services,
            code=about.code,
            name=about.name,
            abbr=about.abbr,
            series=about.series,
            mailbox=about.mailbox,
            address=("ถนนพระอาทิตย์ กรุงเทพมหานคร 10200",),
            units=_units(about),
            people=_people(about),
            since=SINCE,
        )
        with town.services.uow() as uow:
            agency = uow.agencies.by_code(about.code)
        assert agency is not None
        town.agencies[about.code] = agency.id
        seal = demo_pki.issue_seal(root, about.name, about.mailbox, begin, end)
        keys.store_seal(settings.keys_folder, about.code, seal, MASTER_KEY)
        for post, name in (("director", about.names[1]), ("head", about.names[2])):
            officer = demo_pki.issue_officer(root, name, post, about.name, begin, end)
            keys.store_officer(
                settings.keys_folder, town.people[f"{about.prefix}-{post}"], officer, PASSPHRASE, kdf_rounds=1000
            )
        entries.append(_entry(about.code, about.name, about.mailbox, about.abbr, seal.pem, begin, end))
    stranger = demo_pki.issue_seal(root, "จังหวัดนครศรีธรรมราช", "saraban@nakhon.test", begin, end)
    town.seal_of_elsewhere = stranger
    entries.append(_entry(ELSEWHERE, "จังหวัดนครศรีธรรมราช", "saraban@nakhon.test", "นศ", stranger.pem, begin, end))
    entries.append(
        Correspondent("0888", "เทศบาลเมืองบ้านสวน", "saraban@bansuan.test", abbr="ชบ", capabilities={"saraban": False})
    )
    import_directory(town.services, agencies=entries, publisher="การทดสอบ", sha256=Digest.of(b"directory"))


def _units(about: AgencyOfTests) -> list[NewUnit]:
    return [
        NewUnit("SEC", "สำนักงานเลขานุการกรม", f"{about.series}01", central=True, phone="0 2555 0299"),
        NewUnit("PLAN", "กองแผนงาน", f"{about.series}02", parent="SEC", phone="0 2555 0300"),
    ]


def _people(about: AgencyOfTests) -> list[NewPerson]:
    clerk, director, head, records, admin, unit_clerk, unit_director = about.names

    def one(name: str, role: PositionRole, word: str, unit: str, title: str, clearance: bool = False) -> NewPerson:
        return NewPerson(name, f"{about.prefix}-{word}", PASSWORD, unit, title, role, clearance)

    return [
        one(clerk, PositionRole.CLERK, "clerk", "SEC", "เจ้าหน้าที่สารบรรณกลาง"),
        one(director, PositionRole.DIRECTOR, "director", "SEC", "เลขานุการกรม"),
        one(head, PositionRole.HEAD, "head", "SEC", f"อธิบดี{about.name}"),
        one(records, PositionRole.RECORDS, "records", "SEC", "นายทะเบียน", True),
        one(admin, PositionRole.ADMIN, "admin", "SEC", "ผู้ดูแลระบบ"),
        one(unit_clerk, PositionRole.CLERK, "plan-clerk", "PLAN", "เจ้าหน้าที่สารบรรณกองแผนงาน"),
        one(unit_director, PositionRole.DIRECTOR, "plan-director", "PLAN", "ผู้อำนวยการกองแผนงาน"),
    ]


def _entry(code: str, name: str, mailbox: str, abbr: str, pem: str, begin: datetime, end: datetime) -> Correspondent:
    return Correspondent(
        code,
        name,
        mailbox,
        abbr=abbr,
        capabilities={"saraban": True, "max_bytes": 20_000_000, "reconcile": 1, "lookup": 1},
        certificates=(Certificate("seal", pem, begin, end),),
    )
