"""An issued letter for paper: above every page stands from whose system it was printed, when and by whom (the
Electronic Transactions Act 2544, section 10, last paragraph), and where the original is checked, beside its QR."""

from __future__ import annotations

from saraban.domain.actor import Actor
from saraban.domain.copying import LetterPrinted
from saraban.domain.errors import RuleBroken
from saraban.domain.letter import Letter, LetterId
from saraban.domain.permissions import may_read_letter, require
from saraban.domain.verification import SubjectKind, address
from saraban.usecases.pages import PrintMarks
from saraban.usecases.ports import Services


def why_no_print_out(letter: Letter) -> str:
    """Why there is no print-out of this letter, in Thai; empty when there is one."""
    if letter.issued_file is None:
        return "พิมพ์จากระบบได้เมื่อหนังสือลงนามและออกเลขแล้ว"
    secrecy = letter.content.secrecy
    if not secrecy.is_open:
        return f"หนังสือชั้น{secrecy.thai}พิมพ์จากระบบไม่ได้ ทำตามระเบียบว่าด้วยการรักษาความลับของทางราชการ"
    return ""


def print_letter(office: Services, *, actor: Actor, letter_id: LetterId) -> tuple[Letter, bytes]:
    """A copy for paper of an issued letter that the actor may read; that it was printed is an event. Raises NotFound,
    and RuleBroken for a letter that is not issued, that is classified, or whose file cannot be read."""
    now = office.clock.now()
    with office.uow() as uow:
        letter = uow.letters.get(actor.agency_id, letter_id)
        require(may_read_letter(actor, letter))
        if why := why_no_print_out(letter):
            raise RuleBroken(why, code="no-print-out")
        agency = uow.agencies.get(actor.agency_id)
        code = uow.verifications.of(agency.id, SubjectKind.LETTER, letter.id)
    assert letter.issued_file is not None
    where = address(office.public_url, code.code) if code is not None and office.public_url else ""
    check = f"ตรวจสอบฉบับจริงที่ {where}" if where else ""
    marks = PrintMarks(agency.name, actor.name, now, check, letter.content.digits or agency.options.digits)
    printed = office.renderer.print_out(office.blobs.open(letter.issued_file.sha256), marks)
    with office.uow() as uow:
        uow.record(LetterPrinted(at=now, by=actor, letter_id=letter.id, page=letter.issued_file.sha256))
        uow.commit()
    return letter, printed
