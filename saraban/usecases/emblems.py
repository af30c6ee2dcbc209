"""The agency's emblem: brought once by the administrator, shown on samples, printed on every form from then on.

Letters that were issued before keep their bytes: a page is made once, when it is signed.
"""

from __future__ import annotations

from datetime import date
from pathlib import PurePath

from saraban.domain.actor import Actor
from saraban.domain.agency import Agency
from saraban.domain.attachment import Digest
from saraban.domain.book_events import EmblemRemoved, EmblemSet
from saraban.domain.calendar import office_date
from saraban.domain.classification import Form
from saraban.domain.errors import BadInput, NotFound
from saraban.domain.permissions import may_administer, require
from saraban.usecases.pages import PageLetter
from saraban.usecases.ports import Services
from saraban.usecases.viruses import require_clean

SAMPLES = (Form.EXTERNAL, Form.MEMORANDUM, Form.STAMPED)
MOST_OCTETS = 5_000_000
_LONGEST_NAME = 200


def set_emblem(office: Services, *, actor: Actor, name: str, data: bytes) -> Digest:
    """Put a drawing or a picture in place as the emblem (`name` is the file's), and give the digest of what is kept.
    The same again changes nothing. Raises BadInput({"file": …}) with the reason when it is none that can be printed."""
    require(may_administer(actor))
    if not data:
        raise BadInput({"file": "เลือกไฟล์ตราก่อน"})
    if len(data) > MOST_OCTETS:
        raise BadInput({"file": "ไฟล์ตราใหญ่เกิน 5 MB บันทึกให้เล็กลงแล้วลองอีกครั้ง"})
    require_clean(office.scanner, data)
    kept = office.blobs.keep(office.renderer.emblem(data))
    original = office.blobs.keep(data)
    with office.uow() as uow:
        agency = uow.agencies.get(actor.agency_id)
        if agency.emblem == kept:
            return kept
        agency.emblem = kept
        uow.agencies.save(agency)
        uow.record(
            EmblemSet(
                at=office.clock.now(),
                by=actor,
                thing_id=agency.id,
                file_name=PurePath(name.replace("\\", "/")).name[:_LONGEST_NAME],
                original=original,
                sha256=kept,
            )
        )
        uow.commit()
    return kept


def remove_emblem(office: Services, *, actor: Actor) -> None:
    """Take the emblem away: the stand-in is printed again. Without one nothing happens."""
    require(may_administer(actor))
    with office.uow() as uow:
        agency = uow.agencies.get(actor.agency_id)
        if agency.emblem is None:
            return
        removed, agency.emblem = agency.emblem, None
        uow.agencies.save(agency)
        uow.record(EmblemRemoved(at=office.clock.now(), by=actor, thing_id=agency.id, sha256=removed))
        uow.commit()


def open_emblem(office: Services, *, actor: Actor) -> bytes:
    """The emblem as it is kept, a one-page PDF; NotFound when there is none."""
    require(may_administer(actor))
    emblem = _agency(office, actor).emblem
    if emblem is None:
        raise NotFound("ยังไม่ได้ใส่ตราของส่วนราชการ")
    return office.blobs.open(emblem)


def sample_image(office: Services, *, actor: Actor, form: Form, width: int) -> bytes:
    """A sample of forms 1 to 3 with the agency's emblem as PNG; nothing on it is anybody's."""
    require(may_administer(actor))
    if form not in SAMPLES:
        raise NotFound
    now = office.clock.now()
    page = office.renderer.letter(_sample(_agency(office, actor), form, office_date(now)), at=now)
    return office.renderer.thumbnail(page.pdf, page=0, width=width)


def _agency(office: Services, actor: Actor) -> Agency:
    with office.uow() as uow:
        return uow.agencies.get(actor.agency_id)


def _sample(agency: Agency, form: Form, on: date) -> PageLetter:
    return PageLetter(
        form=form,
        agency_name=agency.name,
        agency_address=agency.address,
        number=f"{agency.abbr} {agency.series}01/1",
        date=on,
        subject="ตัวอย่างตราของส่วนราชการ",
        salutation="ถึง ส่วนราชการตัวอย่าง" if form is Form.STAMPED else "เรียน ผู้รับตัวอย่าง",
        references=(),
        enclosures=(),
        body="หน้านี้เป็นตัวอย่าง แสดงขนาดและตำแหน่งของตราตามระเบียบ",
        closing="ขอแสดงความนับถือ" if form is Form.EXTERNAL else "",
        signer_name="ชื่อผู้ลงนาม",
        signer_titles=("ตำแหน่ง",),
        unit_name="หน่วยงานเจ้าของเรื่อง",
        phone="",
        email="",
        emblem=agency.emblem,
        digits=agency.options.digits,
    )
