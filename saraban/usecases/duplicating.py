"""The duplicate that the sender keeps (สำเนาคู่ฉบับ, clause 30): the issued page marked as one, with those who drafted,
typed and checked it. It is made when it is asked for and kept nowhere: the letter in the system is what is kept."""

from __future__ import annotations

from saraban.domain.actor import Actor
from saraban.domain.calendar import office_date
from saraban.domain.errors import BadInput, RuleBroken
from saraban.domain.letter import Letter, LetterId
from saraban.domain.permissions import may_read_letter, require
from saraban.domain.route import StepKind, StepState
from saraban.usecases.papers import CopiedLetter, DuplicateHand, DuplicateMarks
from saraban.usecases.ports import Services

DRAFTED, TYPED, CHECKED = "ร่าง", "พิมพ์/ทาน", "ตรวจ"


def why_no_duplicate(letter: Letter) -> str:
    """Why there is no duplicate of this letter, in Thai; empty when there is one."""
    if letter.issued_file is None:
        return "ทำสำเนาคู่ฉบับได้เมื่อหนังสือลงนามและออกเลขแล้ว"
    secrecy = letter.content.secrecy
    if not secrecy.is_open:
        return f"หนังสือชั้น{secrecy.thai}ทำสำเนาในระบบไม่ได้ ทำตามระเบียบว่าด้วยการรักษาความลับของทางราชการ"
    return ""


def duplicate(office: Services, *, actor: Actor, letter_id: LetterId) -> bytes:
    """The duplicate of an issued letter as PDF: สำเนาคู่ฉบับ above every page, and at the foot of the last who drafted,
    typed and checked it, with the days; where that has no room, on one more, which names the letter. Raises RuleBroken
    for a letter that has none."""
    with office.uow() as uow:
        letter = uow.letters.get(actor.agency_id, letter_id)
        require(may_read_letter(actor, letter))
        agency = uow.agencies.get(actor.agency_id)
    if why := why_no_duplicate(letter):
        raise RuleBroken(why, code="no-duplicate")
    assert letter.issued_file is not None
    data = office.blobs.open(letter.issued_file.sha256)
    try:
        office.renderer.check_upload(data)
    except BadInput as error:
        raise RuleBroken(error.fields.get("file", error.thai), code="no-duplicate") from error
    said = letter.content
    of = CopiedLetter(said.form.thai, agency.name, letter.number or "", letter.number_date, said.subject, agency.name)
    marks = DuplicateMarks(hands_of(letter), of, said.digits or agency.options.digits)
    return office.renderer.duplicate(data, marks)


def hands_of(letter: Letter) -> tuple[DuplicateHand, ...]:
    """Who drafted the letter, who typed it (the drafter, unless the draft names another), and who of its route checked
    it before it was signed."""
    drafted = office_date(letter.created_at)
    submitted = next((one.at for one in reversed(letter.endorsements) if one.deed == "เสนอ"), letter.created_at)
    hands = [
        DuplicateHand(DRAFTED, letter.drafter_name, drafted),
        DuplicateHand(TYPED, letter.content.typist or letter.drafter_name, office_date(submitted)),
    ]
    hands += [
        DuplicateHand(CHECKED, step.person_name, office_date(step.at))
        for step in letter.route
        if step.kind in (StepKind.ENDORSE, StepKind.CHECK, StepKind.APPROVE)
        and step.state is StepState.DONE
        and step.at is not None
    ]
    if hands[-1].caption != CHECKED:
        hands.append(DuplicateHand(CHECKED, "", None))
    return tuple(hands)
