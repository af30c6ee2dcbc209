"""An issued document examined by anybody who has its file, in parts: its signatures, what it says for programs, and
whether both are of one piece. Nothing is written, and no network is asked."""

from __future__ import annotations

from dataclasses import dataclass

from saraban.domain.attachment import Digest
from saraban.domain.page_signature import SignedFile
from saraban.domain.verification import read_code
from saraban.exchange.issued_data import JSON_NAME, XML_NAME, IssuedData, read_json, read_xml
from saraban.exchange.wirejson import Malformed
from saraban.usecases.ports import Services


@dataclass(frozen=True)
class ReadData:
    """One of the two files: what it says, or in Thai what is wrong with it."""

    name: str
    said: IssuedData | None = None
    problem: str = ""


@dataclass(frozen=True)
class Examined:
    """What was found. `code` is that of the public verification, empty for none."""

    sha256: Digest
    signed: SignedFile
    data: tuple[ReadData, ReadData]
    code: str

    @property
    def signatures_hold(self) -> bool:
        """Is it signed, and does every signature hold and lead to a root that is trusted here?"""
        found = self.signed.signatures
        return bool(found) and all(one.holds and one.trusted.is_true for one in found)

    @property
    def data_agrees(self) -> bool:
        """Are both files there, as their schemas have them, and do they say the same?"""
        first, second = self.data
        return first.said is not None and first.said == second.said


def examine(office: Services, data: bytes) -> Examined:
    """Look at the file of an issued document. Never raises for bad bytes."""
    files = office.file_reader.issued_data(data)
    read = (_read(JSON_NAME, files.get(JSON_NAME)), _read(XML_NAME, files.get(XML_NAME)))
    said = read[0].said or read[1].said
    signed = office.page_checker.check(data, office.clock.now())
    return Examined(Digest.of(data), signed, read, (read_code(said.verification) or "") if said is not None else "")


def _read(name: str, data: bytes | None) -> ReadData:
    if data is None:
        return ReadData(name, problem="ไม่มีไฟล์นี้ใน PDF หรือเปิดไม่ได้")
    try:
        return ReadData(name, read_json(data) if name == JSON_NAME else read_xml(data))
    except Malformed as error:
        return ReadData(name, problem=error.thai)
