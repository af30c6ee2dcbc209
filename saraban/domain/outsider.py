"""Receivers outside the directory: an agency, an office or a person with nothing but a mail address.

An agency keeps its own list of them. The address is the key: it stands in a letter's recipients where an agency of the
directory has its code, and can never be taken for one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import NewType
from uuid import UUID

from saraban.domain.agency import AgencyId, Correspondent
from saraban.domain.errors import BadInput

OutsiderId = NewType("OutsiderId", UUID)
MOST_NAME = 200
MOST_ADDRESS = 254  # RFC 5321, section 4.5.3.1.3
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_ADDRESS = re.compile(rf"{_ATOM}(\.{_ATOM})*@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")


@dataclass(eq=False)
class Outsider:
    """One of an agency's receivers outside the directory. `active` is False once it is off the list; letters that went
    there keep it."""

    id: OutsiderId
    agency_id: AgencyId
    name: str
    mailbox: str
    added_at: datetime
    added_by: str
    active: bool = True

    @property
    def code(self) -> str:
        """What stands for it in a letter's recipients: its address."""
        return self.mailbox

    def as_correspondent(self) -> Correspondent:
        """As an agency of the directory that has a mailbox only."""
        return Correspondent(code=self.code, name=self.name, mailbox=self.mailbox)


def is_address(mailbox: str) -> bool:
    """Can this be a mail address, as far as its form tells?"""
    return len(mailbox) <= MOST_ADDRESS and bool(_ADDRESS.fullmatch(mailbox))


def read_outsider(name: str, mailbox: str) -> tuple[str, str]:
    """A name and an address as they are kept: one line, the address in lower case. Raises BadInput by field."""
    name, mailbox = " ".join(name.split()), mailbox.strip().lower()
    wrong: dict[str, str] = {}
    if not name:
        wrong["name"] = "ใส่ชื่อหน่วยงานหรือบุคคลผู้รับ"
    elif len(name) > MOST_NAME or not name.isprintable():
        wrong["name"] = "ชื่อยาวเกิน ๒๐๐ ตัวอักษรหรือมีอักขระที่พิมพ์ไม่ได้"
    if not mailbox:
        wrong["mailbox"] = "ใส่ที่อยู่ไปรษณีย์อิเล็กทรอนิกส์ เช่น office@example.go.th"
    elif not is_address(mailbox):
        wrong["mailbox"] = "ที่อยู่ไปรษณีย์อิเล็กทรอนิกส์ไม่ถูกแบบ เช่น office@example.go.th"
    if wrong:
        raise BadInput(wrong)
    return name, mailbox
