"""Who stands where a letter waits, when that is not simply the holder of the position: who acts for it, or who can help
when it is vacant."""

from __future__ import annotations

from saraban.domain.calendar import office_date
from saraban.domain.letter import Letter
from saraban.domain.numbering import thai_digits
from saraban.doorway import actor, reader, services
from saraban.reading.delegations import stands_in

WHO_CAN = "หัวหน้าส่วนราชการ นายทะเบียน หรือผู้ดูแลระบบ"


def standing_notes(letter: Letter) -> list[str]:
    """What to know about the positions before which a letter waits, in Thai; nothing where the holder is there."""
    told, today = [], office_date(services().clock.now())
    for step in letter.current_steps():
        holder, deputies = stands_in(reader(), actor().agency_id, step.position_id, today)
        if deputies:
            names = ", ".join(f"{name} ({capacity})" for name, capacity in deputies)
            told.append(thai_digits(f"{step.title}: ผู้ทำหน้าที่แทนในวันนี้คือ {names}"))
        elif not holder:
            told.append(
                f"ตำแหน่ง {step.title} ว่าง หนังสือรออยู่จนมีผู้ดำรงตำแหน่งหรือมีคำสั่งให้ทำหน้าที่แทน {WHO_CAN}บันทึกคำสั่งหรือแต่งตั้งได้"
            )
    return told
