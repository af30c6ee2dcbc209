"""Who stands where a letter waits or is to come, when that is not simply the holder of the position: who acts for it,
or what can be done while it is vacant."""

from __future__ import annotations

from dataclasses import dataclass

from saraban.domain.calendar import office_date
from saraban.domain.joining import joined
from saraban.domain.letter import Letter
from saraban.domain.numbering import thai_digits
from saraban.domain.permissions import may_change_course
from saraban.domain.route import RouteStep, StepState
from saraban.doorway import actor, reader, services
from saraban.reading.delegations import posts_to_ask, stands_in

WHO_CAN = "หัวหน้าส่วนราชการ นายทะเบียน หรือผู้ดูแลระบบ"


@dataclass(frozen=True)
class Standing:
    """What to know about a position of the route, in Thai. `ordinal` is that of a vacant step which the person may give
    to another position."""

    words: str
    ordinal: int | None = None


def standing_notes(letter: Letter) -> list[Standing]:
    """What to know about the positions before which a letter waits or is to come; nothing where the holder is there."""
    told, today, now = [], office_date(services().clock.now()), letter.current_steps()
    may_hand = bool(now) and may_change_course(actor(), letter) is None
    for step in (one for one in letter.route if now and one.kind.decides and one.state is StepState.WAITING):
        holder, deputies = stands_in(reader(), actor().agency_id, step.position_id, today)
        if deputies and step in now:
            names = ", ".join(f"{name} ({capacity})" for name, capacity in deputies)
            told.append(Standing(thai_digits(f"{step.title}: ผู้ทำหน้าที่แทนในวันนี้คือ {names}")))
        elif not holder and not deputies:
            handed = may_hand and letter.may_be_handed(step)
            told.append(Standing(_vacant(letter, step, step in now, handed), step.ordinal if handed else None))
    return told


def _vacant(letter: Letter, step: RouteStep, now: bool, handed: bool) -> str:
    words = joined("ตำแหน่ง", step.title, " ว่าง ")
    words += "หนังสือรออยู่ที่นี่ " if now else "หนังสือจะค้างเมื่อถึงลำดับนี้ "
    words += f"{WHO_CAN}แต่งตั้งหรือบันทึกคำสั่งให้ทำหน้าที่แทนได้ "
    if letter.may_be_handed(step):
        return words + f"หรือ{'ท่าน' if handed else 'เจ้าหน้าที่สารบรรณเจ้าของเรื่อง'}ให้ตำแหน่งอื่นทำลำดับนี้แทน"
    return words + "ผู้ลงนามเปลี่ยนระหว่างทางไม่ได้ เจ้าหน้าที่สารบรรณเจ้าของเรื่องดึงกลับมาเลือกใหม่ได้"


def posts_to_hand(notes: list[Standing]) -> list[tuple[str, str]]:
    """Whom a vacant step may be given to; nothing is read where there is none."""
    if all(one.ordinal is None for one in notes):
        return []
    found = posts_to_ask(reader(), actor().agency_id, office_date(services().clock.now()))
    return [("", "เลือกตำแหน่ง"), *((str(one.position_id), f"{one.title} ({one.person})") for one in found)]
