"""A time-stamp that came later, on the screens and for programs: the page of the letter, the parts of its signatures,
the administrator's troubles, the public page, and the container that openssl checks."""

from __future__ import annotations

import base64
import io
import re
import subprocess
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest

from saraban.domain.attachment import Digest
from saraban.domain.register import BookKind, EntryId, Matter
from saraban.exchange import asics
from saraban.usecases import amending, closing, recording, stamping
from saraban.usecases.signing import sign_letter
from tests.api.program import ADDRESS, Programs
from tests.crypto.authority import dummy, long_lived_root, served
from tests.databases import NewDatabase
from tests.fakes import FixedClock
from tests.usecases.test_stamping import a_page
from tests.web.installation import PASSPHRASE, Installation, build_installation
from tests.web.public_town import PUBLIC, code, page_of, scans
from tests.web.test_issuing import kind, waiting
from tests.web.test_stamping import registered

LATER = timedelta(hours=1)


@dataclass
class Moody:
    """An authority that has no time at first."""

    clock: FixedClock
    answers: bool = False

    def __call__(self, query: bytes) -> bytes:
        return dummy(at=self.clock.now())(query) if self.answers else b"busy"


@pytest.fixture
def moody(clock: FixedClock) -> Moody:
    return Moody(clock)


@pytest.fixture
def town(tmp_path: Path, new_database: NewDatabase, clock: FixedClock, moody: Moody) -> Iterator[Installation]:
    (tmp_path / "tsa.pem").write_text(long_lived_root().pem)
    with served(moody) as url:
        of = {"public_url": PUBLIC, "tsa_url": url, "tsa_roots_file": tmp_path / "tsa.pem"}
        made = build_installation(tmp_path, new_database, clock, **of)
        yield made
        scans(made)
        made.close()


def later(town: Installation, moody: Moody) -> None:
    """The authority has time now, and the worker works."""
    town.clock.pass_by(LATER)
    moody.answers = True
    town.carry()


def signed(town: Installation) -> str:
    """The address of a letter that was signed without a time-stamp."""
    letter_id = town.endorsed()
    sign_letter(town.services, actor=town.actor("reading-head"), letter_id=letter_id, passphrase=PASSPHRASE)
    return f"/letters/{letter_id}"


def openssl_agrees(packed: bytes, folder: Path) -> bool:
    """Does openssl find, by the command of the help, that the file in the container was stamped?"""
    folder.mkdir()
    with zipfile.ZipFile(io.BytesIO(packed)) as container:
        container.extractall(folder)
    (folder / "tsa.pem").write_text(long_lived_root().pem)
    command = "openssl ts -verify -token_in -in META-INF/timestamp.tst -data document.pdf -CAfile tsa.pem"
    return subprocess.run(command.split(), cwd=folder, capture_output=True, timeout=30).returncode == 0


def test_the_page_of_a_letter_tells_first_that_it_waits_and_then_when_it_was_stamped(
    town: Installation, moody: Moody, tmp_path: Path
) -> None:
    there = signed(town)
    clerk, admin = town.client("reading-clerk"), town.client("reading-admin")
    page = clerk.get(there).text
    assert "ยังไม่มีตราประทับเวลา" in page and "ระบบขอตราใหม่ให้เอง" in page and ".asics" not in page
    troubles = admin.get("/problems").text
    assert "ไม่มีตราประทับเวลา ๑ รายการ" in troubles and "SARABAN_TSA_URL" in troubles
    assert "ไม่มีตราประทับเวลา" not in clerk.get("/problems").text, "clerks cannot mend it"

    later(town, moody)

    page = clerk.get(there).text
    assert "ประทับเวลาภายหลัง เมื่อ" in page and "ไม่ใช่เวลาที่ลงนาม" in page
    assert "ยังไม่มีตราประทับเวลา" not in page.split('id="late-stamps"')[1].split("</section>")[0]
    assert "ไม่มีตราประทับเวลา" not in admin.get("/problems").text
    parts = clerk.get(f"{there}/signatures").text
    assert "ประทับเวลาภายหลัง" in parts and "ไม่มีตราประทับเวลา เวลาที่แสดงเป็นของนาฬิกาผู้ลงลายมือชื่อ" in parts
    [address] = re.findall(r'href="(/letters/[^"]+/time-stamps/[0-9a-f]{64})"', page)
    answer = clerk.get(address)
    assert answer.mimetype == asics.MEDIA_TYPE and answer.headers["Content-Disposition"].endswith('.asics"')
    assert openssl_agrees(answer.data, tmp_path / "away")
    assert town.client("learning-clerk").get(address).status_code == 404
    assert clerk.get(f"{there}/time-stamps/{'0' * 64}").status_code == 404


def test_anybody_sees_at_v_that_it_was_stamped_later_and_takes_the_stamp_away(
    town: Installation, moody: Moody, tmp_path: Path
) -> None:
    letter_id = town.endorsed()
    sign_letter(town.services, actor=town.actor("reading-head"), letter_id=letter_id, passphrase=PASSPHRASE)
    of, nobody, page = code(town, letter_id).code, town.client(), page_of(town, letter_id)
    assert "ประทับเวลาภายหลัง" not in nobody.get(f"/v/{of}").text
    later(town, moody)

    shown = nobody.get(f"/v/{of}").text
    assert "ประทับเวลาภายหลัง" in shown and "ไม่ใช่เวลาที่ลงนาม" in shown
    digest = Digest.of(page).hex
    answer = nobody.get(f"/v/{of}/time-stamps/{digest}")
    assert answer.mimetype == asics.STAMP_TYPE and answer.headers["Content-Disposition"].endswith('.tst"')
    assert openssl_agrees(asics.pack("document.pdf", page, answer.data), tmp_path / "away")
    assert nobody.get(f"/v/{of}/time-stamps/{'0' * 64}").status_code == 404
    for language, words in (("th", "ประทับเวลาภายหลัง"), ("en", "Time-stamped later")):
        sent = {"file": (io.BytesIO(page), "a.pdf")}
        judged = nobody.post(f"/v/{of}/file?lang={language}", data=sent).text
        part = judged.split("verdict__part")[-1]
        assert words in part, part
    sent = {"file": (io.BytesIO(page), "a.pdf")}
    told = nobody.post(f"/v/{of}/file", data=sent, headers={"Accept": "application/json"})
    assert told.get_json()["file"]["stamped_late"]["good"] is True
    assert told.get_json()["file"]["signatures"][0]["stamped_at"] is None


def test_a_document_for_people_shows_its_later_stamp_and_no_warning_any_more(
    town: Installation, moody: Moody, tmp_path: Path
) -> None:
    there = waiting(town, kind(town, marks="signature"))
    clerk, head = town.client("reading-clerk"), town.client("reading-head")
    head.send(f"{there}/sign", {"passphrase": PASSPHRASE})
    head.send(f"{there}/copies", {"passphrase": PASSPHRASE})
    assert "เวลาที่ลงนามไม่มีผู้รับรอง" in clerk.get(there).text
    later(town, moody)

    page = clerk.get(there).text
    assert "ลายมือชื่อไม่มีตราประทับเวลา" not in page.split('id="late-stamps"')[0] and "flash--amber" not in page
    assert "เวลาที่ลงนามไม่มีผู้รับรอง แต่มีตราที่พิสูจน์ว่าไฟล์พร้อมลายมือชื่อมีอยู่แล้วเมื่อ" in page
    assert page.count("ประทับเวลาภายหลัง เมื่อ") == 2
    addresses = re.findall(r'href="(/issued/[^"]+/time-stamps/[0-9a-f]{64})"', page)
    assert len(addresses) == 2, "its certified copy has one too"
    for number, address in enumerate(addresses):
        assert openssl_agrees(clerk.get(address).data, tmp_path / f"away-{number}")


def test_a_certified_copy_is_taken_away_with_its_stamp_after_its_line_was_voided(
    town: Installation, moody: Moody, tmp_path: Path
) -> None:
    clerk = town.client("learning-clerk")
    there, stamp = registered(town, clerk)
    assert town.client("learning-head").send(f"{there}/copies", {"passphrase": PASSPHRASE}).status_code == 302
    later(town, moody)
    [address] = re.findall(r'href="(/incoming/[^"]+/time-stamps/[0-9a-f]{64})"', clerk.get(there).text)
    entry_id = EntryId(UUID(stamp.rsplit("/", 1)[-1]))
    void = {"reason": "ลงซ้ำ", "authority": "หัวหน้า"}
    amending.void_number(town.services, actor=town.actor("learning-clerk"), entry_id=entry_id, **void)

    assert address in clerk.get(there).text
    answer = clerk.get(address)
    assert answer.status_code == 200 and openssl_agrees(answer.data, tmp_path / "away")
    assert clerk.get(f"{there}/time-stamps/{'0' * 64}").status_code in (404, 422)


def test_programs_read_what_waits_and_what_was_stamped(town: Installation, moody: Moody) -> None:
    there = signed(town)
    programs = Programs(town)
    [waits] = programs["reading-clerk"].get(f"{there}/time-stamps").get_json()["items"]
    assert (waits["what"], waits["stamped_at"], waits["token"]) == ("letter", None, None) and waits["why"]
    later(town, moody)

    [stamped] = programs["reading-clerk"].get(f"{there}/time-stamps").get_json()["items"]
    status = town.services.time_stamper.check(base64.b64decode(stamped["token"]), Digest(stamped["sha256"]))
    assert status.good and stamped["why"] == "" and stamped["stamped_by"] == "ผู้ประทับรับรองเวลา"
    [file] = programs["reading-clerk"].get(f"{there}/signatures").get_json()["files"]
    assert file["stamped_late"]["good"] and file["signatures"][0]["stamped_at"] is None
    assert programs["learning-clerk"].get(f"{there}/time-stamps").status_code == 404
    of = code(town, UUID(there.rsplit("/", 1)[-1])).code
    [known] = town.app.test_client().get(f"{ADDRESS}/verify/{of}").get_json()["time_stamps"]
    assert (known["sha256"], known["token"]) == (stamped["sha256"], stamped["token"])


def test_programs_read_those_of_a_line_on_paper_and_of_a_year(town: Installation, moody: Moody) -> None:
    clerk, office, programs = town.actor("reading-clerk"), town.services, Programs(town)
    with office.uow() as uow:
        agency = uow.agencies.get(clerk.agency_id)
        agency.options = replace(agency.options, seal_in_file=True)
        uow.agencies.save(agency)
        uow.commit()
    matter = Matter(sender="กรมบัญชีกลาง", subject="ซักซ้อมความเข้าใจ")
    line = recording.record_letter(office, actor=clerk, kind=BookKind.RECEIVING, matter=matter, again=True).id
    scan = recording.keep_scan(office, stream=io.BytesIO(a_page()), name="หนังสือ.pdf")
    recording.attach_scan(office, actor=clerk, entry_id=line, scan=scan)
    sealed = stamping.seal_copy(office, actor=clerk, entry_id=line)
    town.clock.move_to(datetime(2027, 1, 2, tzinfo=UTC))
    while closing.close_days(office):
        pass
    close = closing.close_year(office, actor=town.actor("reading-records"), year=2569)
    at = {"received": f"/entries/{line}/time-stamps", "year": "/journal/years/2569/time-stamps"}

    def read(who: str = "reading-clerk") -> list[tuple[str, str, bool]]:
        items = [one for path in at.values() for one in programs[who].get(path).get_json()["items"]]
        return [(one["what"], one["sha256"], one["token"] is not None) for one in items]

    assert read() == [("received", sealed.hex, False), ("year", close.page.hex, False)]
    later(town, moody)
    assert read() == [("received", sealed.hex, True), ("year", close.page.hex, True)]
    assert [programs["learning-clerk"].get(path).status_code for path in at.values()] == [404, 404]
    assert "ประทับเวลาภายหลัง เมื่อ" in town.client("reading-clerk").get("/proving/years/2569").text
