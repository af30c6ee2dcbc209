"""A sheet of people who get documents, the same for the screen and for programs: its columns are found by their
headings, its rows read as the form would be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from saraban.domain.calendar import office_date
from saraban.domain.errors import BadInput
from saraban.domain.issued_field import HOLDER, HOLDER_ID, FieldType
from saraban.domain.issued_kind import IssuedKind
from saraban.domain.issued_run import SheetLine
from saraban.doorway import actor, services
from saraban.doorway.dates import NotADate, read_date
from saraban.doorway.headings import plain_heading
from saraban.usecases import running_issued
from saraban.usecases.issuing import Said
from saraban.usecases.ports import Services
from saraban.usecases.sheets import Sheet

MAIL = "อีเมลผู้ถือ"
EXAMPLE_NAME, EXAMPLE_MAIL = "นางสาวสมหญิง ใจตัวอย่าง", "somying@example.com"
_ALSO: Mapping[str, Sequence[str]] = {
    "holder_name": (HOLDER, "ชื่อผู้ถือเอกสาร", "ชื่อ", "ชื่อสกุล", "ชื่อและนามสกุล", "ชื่อนามสกุล", "name", "fullname"),
    "holder_id": (HOLDER_ID, "เลขประจำตัว", "เลขประจำตัวประชาชน", "เลขบัตรประชาชน", "เลขหลัก", "id", "idnumber"),
    "mail": (MAIL, "อีเมล", "email", "mail"),
}
_EXAMPLES = {
    FieldType.NUMBER: "1,500",
    FieldType.DATE: "20/11/2569",
    FieldType.CITIZEN_ID: "1-2345-67890-12-1",
    FieldType.JURISTIC_ID: "0-1055-12345-67-8",
}


@dataclass(frozen=True)
class ReadSheet:
    """What a sheet says: its lines, by line from 0 what could not be read, and the headings that name nothing."""

    lines: list[SheetLine] = field(default_factory=list)
    wrong: dict[int, dict[str, str]] = field(default_factory=dict)
    unknown: list[str] = field(default_factory=list)


def look_through(kind: IssuedKind, sheet: Sheet) -> ReadSheet:
    """What a sheet says that was read, with all that is wrong. Raises NotPermitted, BadInput({"file": …}), RuleBroken
    for more lines than the trial of the kind has room for."""
    office, who = services(), actor()
    read = read_sheet(kind, sheet, office_date(office.clock.now()))
    faults = running_issued.faults_of_lines(office, actor=who, kind_id=kind.id, lines=read.lines)
    wrong = {at: _faults_of(faults.get(at, {}), read.wrong.get(at)) for at in {*faults, *read.wrong}}
    return replace(read, wrong=wrong)


def _faults_of(found: Mapping[str, str], unread: Mapping[str, str] | None) -> dict[str, str]:
    """What is wrong with a line. Of one that could not be read, its fields are told from the reading alone."""
    if unread is None:
        return dict(found)
    return {name: words for name, words in found.items() if name == "mail"} | dict(unread)


def order_of_run(office: Services, kind: IssuedKind, read: ReadSheet, name: str) -> tuple[str, dict[str, Any]]:
    """The title and the order of the errand that begins the documents of a sheet in which nothing is wrong."""
    lines = running_issued.keep_lines(office, read.lines).hex
    order = {"deed": running_issued.BEGIN, "kind": str(kind.id), "lines": lines, "name": name}
    return f"{kind.name_th} {name}"[:200], order


def columns_of(kind: IssuedKind) -> list[tuple[str, str]]:
    """The columns of a kind's sheet: their headings, each with an example."""
    own = [(HOLDER, EXAMPLE_NAME), (HOLDER_ID, "1-2345-67890-12-1"), (MAIL, EXAMPLE_MAIL)]
    return [
        *own,
        *(
            (one.key, one.choices[0] if one.choices else _EXAMPLES.get(one.type, one.hint or f"({one.shown})"))
            for one in kind.fields
        ),
    ]


def read_sheet(kind: IssuedKind, sheet: Sheet, today: date) -> ReadSheet:
    """The lines of a sheet. Raises BadInput({"file": …}) when a column is missing that each row must have."""
    places = _places(kind, sheet.headings)
    lacking = [] if "holder_name" in places else [HOLDER]
    lacking += [HOLDER_ID] if kind.holder_id_required and "holder_id" not in places else []
    lacking += [one.key for n, one in enumerate(kind.fields) if one.required and f"field-{n}" not in places]
    if lacking:
        raise BadInput({"file": f"ไม่พบคอลัมน์ {', '.join(lacking)} ตั้งหัวตารางตามแบบของไฟล์"})
    known = set(places.values())
    read = ReadSheet(unknown=[one for at, one in enumerate(sheet.headings) if one.strip() and at not in known])
    for at, (row, number) in enumerate(zip(sheet.rows, sheet.numbers, strict=True)):
        typed = {name: row[place].strip() if place < len(row) else "" for name, place in places.items()}
        try:
            _expect_own(typed)
            said = read_said(kind, typed, today)
        except BadInput as error:
            read.wrong[at] = dict(error.fields)
            line = SheetLine(typed["holder_name"], typed.get("holder_id", ""))
        else:
            line = SheetLine(said.holder_name, said.holder_id, values=dict(said.values))
        read.lines.append(replace(line, mail=typed.get("mail", ""), row=number))
    return read


def read_said(kind: IssuedKind, typed: Mapping[str, str], today: date) -> Said:
    """What was typed. Raises BadInput by field for all that is wrong, days that cannot be read among it."""
    values, wrong = {}, {}
    for n, one in enumerate(kind.fields):
        text = typed.get(f"field-{n}", "").strip()
        if one.type is FieldType.DATE:
            try:
                day = read_date(text, today)
            except NotADate as error:
                wrong[one.field] = str(error)
                continue
            text = day.isoformat() if day is not None else ""
        values[one.key] = text
    said = Said(typed.get("holder_name", ""), typed.get("holder_id", ""), values)
    if wrong:
        try:
            kind.checked(said.holder_name, said.holder_id, values)
        except BadInput as error:
            wrong = error.fields | wrong
        raise BadInput(wrong)
    return said


def _expect_own(typed: Mapping[str, str]) -> None:
    """Raise BadInput for the example that stands in the sheet as it is downloaded."""
    if typed["holder_name"] == EXAMPLE_NAME and typed.get("mail", EXAMPLE_MAIL) == EXAMPLE_MAIL:
        raise BadInput({"holder_name": "แถวนี้เป็นตัวอย่างของแบบตาราง ลบแถวนี้"})


def _places(kind: IssuedKind, headings: Sequence[str]) -> dict[str, int]:
    """Which column holds what; fields go first, since one may be called as a column of ours."""
    names = {f"field-{n}": (one.key, one.shown, one.label_en) for n, one in enumerate(kind.fields)}
    plain, found = [plain_heading(one) for one in headings], dict[str, int]()
    for name, words in {**names, **_ALSO}.items():
        wanted = [plain_heading(word) for word in words if word]
        at = next((at for word in wanted for at, one in enumerate(plain) if one == word), None)
        if at is not None and at not in found.values():
            found[name] = at
    return found
