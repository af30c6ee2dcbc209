"""Words for what happens to letters that are kept and destroyed, and the facts of it in a few of them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from saraban.domain.deposit import DepositKeeper
from saraban.domain.keeping import KeepingState
from saraban.web.filters import thai_date, thai_digits

OF_THE_ARCHIVE: Mapping[str, str] = {
    "retention-class.set": "กำหนดประเภทอายุการเก็บ",
    "file-plan.set": "แก้หมวดแฟ้ม",
    "keeping.classified": "กำหนดอายุการเก็บและหมวด",
    "keeping.moved": "เปลี่ยนการเก็บ",
    "keeping.placed": "บันทึกที่เก็บกระดาษ",
    "keeping.extended": "ขยายเวลาการเก็บ",
    "keeping.destroyed": "ทำลายหนังสือ",
    "backup.made": "สำรองข้อมูลทั้งระบบ",
    "backup.restored": "กู้คืนระบบจากสำเนา",
    "storing.drawn": "จัดทำบัญชีหนังสือส่งเก็บ",
    "storing.received": "รับหนังสือเข้าเก็บ",
    "storing.returned": "ส่งคืนบัญชีหนังสือส่งเก็บ",
    "hold.placed": "ระงับการทำลาย",
    "hold.lifted": "ยกเลิกการระงับการทำลาย",
    "visit.asked": "บุคคลภายนอกขอดูหนังสือ",
    "visit.permitted": "อนุญาตให้บุคคลภายนอกดู",
    "visit.refused": "ไม่อนุญาตให้บุคคลภายนอกดู",
    "visit.done": "บุคคลภายนอกดูแล้ว",
    "visit.gone": "บุคคลภายนอกไม่ได้มาดู",
    "loan.asked": "ขอยืมหนังสือ",
    "loan.permitted": "อนุญาตให้ยืมหนังสือ",
    "loan.refused": "ไม่อนุญาตให้ยืมหนังสือ",
    "loan.withdrawn": "ยกเลิกคำขอยืมหนังสือ",
    "loan.lent": "จ่ายหนังสือให้ผู้ยืม",
    "loan.renewed": "ต่อเวลายืมหนังสือ",
    "loan.called": "ทวงถามหนังสือที่ยืม",
    "loan.returned": "รับคืนหนังสือที่ยืม",
    "deposit.drawn": "จัดทำบัญชีฝากหนังสือ",
    "deposit.accepted": "รับฝากหนังสือ",
    "deposit.refused": "ไม่รับฝากหนังสือ",
    "deposit.letter-left": "ฝากหนังสือ",
    "deposit.letter-back": "ขอคืนหนังสือที่ฝาก",
    "handover.drawn": "จัดทำบัญชีหนังสือครบ ๒๐ ปี",
    "handover.given": "ส่งบัญชีให้หอจดหมายเหตุแห่งชาติ",
    "disposal.proposed": "จัดทำบัญชีหนังสือขอทำลาย",
    "disposal.committee-appointed": "แต่งตั้งคณะกรรมการทำลายหนังสือ",
    "disposal.item-considered": "คณะกรรมการพิจารณาหนังสือ",
    "disposal.dissented": "กรรมการมีความเห็นแย้ง",
    "disposal.member-agreed": "กรรมการยืนยันผลการพิจารณา",
    "disposal.reported": "คณะกรรมการรายงานผล",
    "disposal.decided": "สั่งการตามรายงานของคณะกรรมการ",
    "disposal.sent": "ส่งบัญชีให้หอจดหมายเหตุแห่งชาติ",
    "disposal.answered": "หอจดหมายเหตุแห่งชาติตอบ",
    "disposal.officers-named": "กำหนดเจ้าหน้าที่ทำลาย",
    "disposal.confirmed": "ยืนยันการทำลาย",
    "disposal.carried-out": "ทำลายหนังสือตามบัญชี",
    "disposal.cancelled": "ยกเลิกบัญชีหนังสือขอทำลาย",
}


def archive_words(name: str, values: Mapping[str, Any]) -> str | None:
    """The facts of such an event; None for any other."""
    match name:
        case "keeping.classified":
            return " · ".join(
                filter(None, (values.get("mark"), f"หมวด {values['file_code']}" if values["file_code"] else ""))
            )
        case "keeping.moved":
            return " · ".join(filter(None, (KeepingState(values["state"]).thai, values.get("mark"))))
        case "keeping.placed":
            return str(values.get("place", ""))
        case "keeping.extended":
            return f"{values.get('mark', '')} {values.get('reason', '')}".strip()
        case "visit.refused" | "visit.done":
            return str(values.get("reason") or values.get("copied") or "")
        case "loan.asked" | "loan.lent" | "loan.renewed":
            due = thai_date(date.fromisoformat(values["due_on"]), "short")
            return f"บัตรยืมที่ {thai_digits(values['number'])} {values['borrower']} กำหนดส่งคืน {due}"
        case "loan.permitted" | "loan.withdrawn" | "loan.refused" | "loan.called" | "loan.returned":
            told = f"บัตรยืมที่ {thai_digits(values['number'])} {values['borrower']}"
            more = f"ผู้ส่งคืน {values['returner']}" if values.get("returner") else values.get("reason", "")
            return f"{told} {more}".strip()
        case "deposit.letter-left":
            return DepositKeeper(values["keeper"]).thai
        case "deposit.letter-back":
            return str(values.get("evidence", ""))
        case "hold.placed":
            return f"{values.get('reason', '')} ({values.get('order', '')})"
        case "hold.lifted" | "storing.returned" | "deposit.refused" | "disposal.cancelled" | "disposal.dissented":
            return str(values.get("reason", ""))
        case "keeping.destroyed":
            return f"ไฟล์ {thai_digits(values.get('files', 0))} ไฟล์"
    return None
