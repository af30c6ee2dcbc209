"""Templates of documents: made, changed, switched, looked at, and filled in for a letter that begins.

A letter that was begun from a template has its words and nothing of it: changing the template touches no letter.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID, uuid4

from saraban.domain.actor import Actor
from saraban.domain.agency import UnitId
from saraban.domain.attachment import Digest
from saraban.domain.calendar import office_date
from saraban.domain.content import Content
from saraban.domain.enclosures import printed_lines
from saraban.domain.errors import BadInput, NotPermitted, RuleBroken
from saraban.domain.forms import RULES, DetailKind
from saraban.domain.letter import LetterId
from saraban.domain.permissions import (
    may_draft,
    may_keep_template,
    may_read_letter,
    may_see_template,
    require,
    words_of,
)
from saraban.domain.templates import Template, TemplateId, TemplateText
from saraban.usecases.books import UnitOfWork
from saraban.usecases.contents import content_faults
from saraban.usecases.pages import Page, PageEnclosure, PageLetter
from saraban.usecases.paging import draft_page, draw, page_data
from saraban.usecases.ports import Services
from saraban.usecases.templates import Edition

PICTURE_WIDTH = 480


@dataclass(frozen=True)
class OpenedTemplate:
    """A template with all its texts; `why_not_change` is empty for those who may change it."""

    template: Template
    editions: Sequence[Edition]
    why_not_change: str = ""


def make_template(office: Services, *, actor: Actor, text: TemplateText, unit_code: str | None = None) -> TemplateId:
    """Make a template of the whole agency (None), or of a unit by its code. Returns its id.

    Raises NotPermitted, or BadInput for an unknown unit and by field for what cannot be written.
    """
    now = office.clock.now()
    with office.uow() as uow:
        unit_id = _unit(uow, actor, unit_code)
        require(may_keep_template(actor, unit_id))
        _check(uow, actor, text, office)
        template = Template(
            id=TemplateId(uuid4()),
            agency_id=actor.agency_id,
            unit_id=unit_id,
            text=text,
            made_at=now,
            changed_at=now,
            changed_by=actor.name,
        )
        uow.templates.add(template)
        uow.record(template.made(by=actor))
        uow.commit()
    return template.id


def change_template(
    office: Services, *, actor: Actor, template_id: UUID, text: TemplateText, edition: int | None = None
) -> int:
    """Give a template another text; the same again changes nothing. Returns the edition. ConcurrentEdit over a stale
    one."""
    with office.uow() as uow:
        template = _kept(uow, actor, template_id)
        template.expect_edition(edition)
        _check(uow, actor, text, office)
        if text == template.text:
            return template.edition
        uow.record(template.change(text, by=actor, at=office.clock.now()))
        uow.templates.save(template, new_text=True)
        uow.commit()
    return template.edition


def switch_template(office: Services, *, actor: Actor, template_id: UUID, active: bool) -> None:
    """Offer a template to those who write, or no more."""
    with office.uow() as uow:
        template = _kept(uow, actor, template_id)
        if template.active == active:
            return
        uow.record(template.switch(active=active, by=actor, at=office.clock.now()))
        uow.templates.save(template)
        uow.commit()


def mark_favourite(office: Services, *, actor: Actor, template_id: UUID, favourite: bool) -> None:
    """Note that a template is the person's favourite, or no more. It says nothing about letters, so the journal does
    not tell of it."""
    if actor.person_id is None:
        raise NotPermitted("ทำเครื่องหมายได้เฉพาะผู้ที่เข้าสู่ระบบ")
    with office.uow() as uow:
        template = _seen(uow, actor, template_id)
        uow.templates.mark_favourite(actor.person_id, template.id, favourite)
        uow.commit()


def open_template(office: Services, *, actor: Actor, template_id: UUID) -> OpenedTemplate:
    """A template that the actor may see, with all its texts."""
    with office.uow() as uow:
        template = _seen(uow, actor, template_id)
        editions = uow.templates.editions(actor.agency_id, template.id)
    return OpenedTemplate(template, editions, words_of(may_keep_template(actor, template.unit_id)))


def fill_template(office: Services, *, actor: Actor, template_id: UUID, values: Mapping[str, str]) -> Content:
    """The content of a letter that begins from a template, with these values in its fields. Nothing is written.

    Raises BadInput by "fields.ชื่อ", RuleBroken for a template that is not offered any more.
    """
    require(may_draft(actor))
    with office.uow() as uow:
        template = _seen(uow, actor, template_id)
    if not template.active:
        raise RuleBroken(f"แบบ “{template.text.name}” ปิดใช้แล้ว เลือกแบบอื่น", code="template-off")
    return template.text.filled(values)


def text_of_letter(office: Services, *, actor: Actor, letter_id: LetterId) -> TemplateText:
    """The words of a letter as the text of a template that may be made of it; days among its details are left open.
    RuleBroken for a classified letter, and for one whose page was written elsewhere."""
    with office.uow() as uow:
        letter = uow.letters.get(actor.agency_id, letter_id)
        require(may_read_letter(actor, letter))
    if not letter.content.secrecy.is_open:
        raise RuleBroken("หนังสือชั้นความลับทำเป็นแบบไม่ได้", code="secrecy-not-allowed")
    if letter.content.ready is not None:
        raise RuleBroken("หนังสือที่ใช้ไฟล์ PDF เป็นตัวหนังสือทำเป็นแบบไม่ได้ เพราะไม่มีข้อความ", code="ready-page")
    days = {detail.key for detail in RULES[letter.content.form].details if detail.kind is DetailKind.DAY}
    details = {key: text for key, text in letter.content.details.items() if key not in days}
    content = replace(letter.content, response_due=None, details=details, typist="", enclosures=(), photo=None)
    content = replace(content, recipients=content.chosen, groups=())
    names = tuple(title for title, _ in printed_lines(letter.content.enclosures, letter.enclosures))
    return TemplateText(letter.content.subject[:100], content, enclosures=names).with_fields({})


def preview_template(office: Services, *, actor: Actor, text: TemplateText, unit_id: UnitId | None = None) -> Page:
    """The page of a template that is being written; nothing is kept."""
    require(may_keep_template(actor, unit_id if unit_id is not None else actor.unit_id))
    with office.uow() as uow:
        page = _page(uow, actor, text, unit_id, office_date(office.clock.now()))
    return draw(office, page)


def template_picture(office: Services, *, actor: Actor, template_id: UUID) -> bytes:
    """The first page of a template as PNG. It is drawn when something on it has changed, and kept."""
    with office.uow() as uow:
        template = _seen(uow, actor, template_id)
        page = _page(uow, actor, template.text, template.unit_id, office_date(office.clock.now()))
    told = Digest.of(page_data(page) + f"{page.emblem} {page.digits}".encode()).hex
    if template.picture is not None and template.picture_of == told and office.blobs.has(template.picture):
        return office.blobs.open(template.picture)
    png = office.renderer.thumbnail(draw(office, page).pdf, page=0, width=PICTURE_WIDTH)
    kept = office.blobs.keep(png)
    with office.uow() as uow:
        uow.templates.keep_picture(template.id, kept, told)
        uow.commit()
    return png


# --- what all of them do ----------------------------------------------------------------------------------------------


def _seen(uow: UnitOfWork, actor: Actor, template_id: UUID) -> Template:
    template = uow.templates.get(actor.agency_id, template_id)
    require(may_see_template(actor, template))
    return template


def _kept(uow: UnitOfWork, actor: Actor, template_id: UUID) -> Template:
    template = _seen(uow, actor, template_id)
    require(may_keep_template(actor, template.unit_id))
    return template


def _unit(uow: UnitOfWork, actor: Actor, code: str | None) -> UnitId | None:
    if code is None:
        return None
    unit = uow.agencies.unit_by_code(actor.agency_id, code)
    if unit is None:
        raise BadInput({"unit": f"ไม่พบหน่วยงานรหัส “{code}” ในส่วนราชการของท่าน"})
    return unit.id


def _check(uow: UnitOfWork, actor: Actor, text: TemplateText, office: Services) -> None:
    wrong = text.faults() | content_faults(uow, actor, text.sample(), office.clock.now())
    if not text.content.subject.strip() and not text.content.body.strip():
        wrong.setdefault("body", "ใส่เรื่องหรือข้อความของแบบก่อน")
    if wrong:
        raise BadInput(wrong)


def _page(uow: UnitOfWork, actor: Actor, text: TemplateText, unit_id: UnitId | None, on: date) -> PageLetter:
    agency_id = actor.agency_id
    unit = uow.agencies.unit(agency_id, unit_id) if unit_id is not None else uow.agencies.central_unit(agency_id)
    page = draft_page(uow, text.content, unit=unit, enclosures=[], on=on)
    return replace(page, enclosures=[PageEnclosure(name, "จำนวน 1 ชุด") for name in text.enclosures])
