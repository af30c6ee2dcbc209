"""Who is in the demo: two hosted agencies, a peer that nobody hosts, and the directory around them. All invented but
the agencies' names and addresses."""

from __future__ import annotations

from dataclasses import dataclass

from saraban.domain.agency import PositionRole
from saraban.usecases.administering import NewPerson, NewUnit

PASSWORD = "saraban-demo"
PASSPHRASE = "sign-demo-2569"
PEER_CODE = "cgd"
STAFF = 2
"""How many people organisation.py adds to each agency: staff1, staff2."""


@dataclass(frozen=True)
class Place:
    """A hosted agency of the demo. `short` is the name on the page's head."""

    code: str
    name: str
    abbr: str
    series: str
    address: tuple[str, ...]
    units: tuple[NewUnit, ...]
    people: tuple[NewPerson, ...]


def _people(code: str, *rows: tuple[str, str, PositionRole]) -> tuple[NewPerson, ...]:
    names = {
        PositionRole.CLERK: "clerk",
        PositionRole.DIRECTOR: "director",
        PositionRole.HEAD: "head",
        PositionRole.RECORDS: "records",
        PositionRole.ADMIN: "admin",
    }
    return tuple(
        NewPerson(
            name=name,
            username=f"{names[role]}.{code}",
            password=PASSWORD,
            unit="head-office" if role is PositionRole.HEAD else "central",
            title=title,
            role=role,
            clearance=role is PositionRole.CLERK,
        )
        for name, title, role in rows
    )


HOSTED = (
    Place(
        code="opdc",
        name="สำนักงาน ก.พ.ร.",
        abbr="นร",
        series="12",
        address=("59/1 ถนนพิษณุโลก เขตดุสิต", "กรุงเทพมหานคร 10300"),
        units=(
            NewUnit(
                "central", "สำนักงานเลขาธิการ", "1200", central=True, phone="0 2000 1200", email="saraban@opdc.example"
            ),
            NewUnit("head-office", "ผู้บริหาร", "1200", parent="central"),
            NewUnit("digital", "กองพัฒนาระบบดิจิทัลภาครัฐ", "1205", parent="central", phone="0 2000 1205"),
            NewUnit("law", "กองกฎหมายและระเบียบราชการ", "1203", parent="central", phone="0 2000 1203"),
        ),
        people=_people(
            "opdc",
            ("นางสาวพรทิพย์ แสงจันทร์", "เจ้าพนักงานธุรการชำนาญงาน", PositionRole.CLERK),
            ("นายกฤตยา อู่ทองดี", "เลขานุการกรม", PositionRole.DIRECTOR),
            ("นางสาวปิ่นมณี รู้แจ้งกิจ", "เลขาธิการ ก.พ.ร.", PositionRole.HEAD),
            ("นายสมัคร จดบันทึก", "นายทะเบียน", PositionRole.RECORDS),
            ("นางสาววิภา ดูแลระบบ", "นักวิชาการคอมพิวเตอร์ชำนาญการ", PositionRole.ADMIN),
        ),
    ),
    Place(
        code="dopa",
        name="กรมการปกครอง",
        abbr="มท",
        series="03",
        address=("ถนนอัษฎางค์ เขตพระนคร", "กรุงเทพมหานคร 10200"),
        units=(
            NewUnit(
                "central", "สำนักงานเลขานุการกรม", "0301", central=True, phone="0 2000 0301", email="saraban@dopa.example"
            ),
            NewUnit("head-office", "ผู้บริหาร", "0300", parent="central"),
            NewUnit("registration", "สำนักทะเบียนกลาง", "0309", parent="central", phone="0 2000 0309"),
            NewUnit("local", "สำนักบริหารการปกครองท้องที่", "0310", parent="central", phone="0 2000 0310"),
        ),
        people=_people(
            "dopa",
            ("นางสาวมาลี รับเรื่องไว", "เจ้าพนักงานธุรการชำนาญงาน", PositionRole.CLERK),
            ("นายเอกชัย พินิจงาน", "เลขานุการกรม", PositionRole.DIRECTOR),
            ("นายธีรเดช มั่นปกครอง", "อธิบดีกรมการปกครอง", PositionRole.HEAD),
            ("นางจันทร์เพ็ญ รักษ์ทะเบียน", "นายทะเบียน", PositionRole.RECORDS),
            ("นายอนุชา วางระบบ", "นักวิชาการคอมพิวเตอร์ปฏิบัติการ", PositionRole.ADMIN),
        ),
    ),
)


def own_address(username: str) -> str:
    """Where a person of the demo reads his own mail, at the hub of the demo: clerk.opdc at clerk@opdc.example."""
    name, _, code = username.partition(".")
    return f"{name}@{code}.example"


def own_addresses() -> list[str]:
    """Those of all people."""
    staff = [f"staff{number}.{place.code}" for place in HOSTED for number in range(1, STAFF + 1)]
    return [own_address(name) for name in [*(one.username for place in HOSTED for one in place.people), *staff]]
