"""Words for what happens to letters that are kept and destroyed, and the facts of it in a few of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from saraban.domain.keeping import KeepingState
from saraban.web.filters import thai_digits

OF_THE_ARCHIVE: Mapping[str, str] = {
    "retention-class.set": "กำหนดประเภทอายุการเก็บ",
    "file-plan.set": "แก้หมวดแฟ้ม",
    "keeping.classified": "กำหนดอายุการเก็บและหมวด",
    "keeping.moved": "เปลี่ยนการเก็บ",
    "keeping.placed": "บันทึกที่เก็บกระดาษ",
    "keeping.extended": "ขยายเวลาการเก็บ",
    "keeping.destroyed": "ทำลายหนังสือ",
    "storing.drawn": "จัดทำบัญชีหนังสือส่งเก็บ",
    "storing.received": "รับหนังสือเข้าเก็บ",
    "storing.returned": "ส่งคืนบัญชีหนังสือส่งเก็บ",
    "hold.placed": "ระงับการทำลาย",
    "hold.lifted": "ยกเลิกการระงับการทำลาย",
    "disposal.proposed": "จัดทำบัญชีหนังสือขอทำลาย",
    "disposal.committee-appointed": "แต่งตั้งคณะกรรมการทำลายหนังสือ",
    "disposal.item-considered": "คณะกรรมการพิจารณาหนังสือ",
    "disposal.dissented": "กรรมการมีความเห็นแย้ง",
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
        case "hold.placed":
            return f"{values.get('reason', '')} ({values.get('order', '')})"
        case "hold.lifted" | "storing.returned" | "disposal.cancelled" | "disposal.dissented":
            return str(values.get("reason", ""))
        case "keeping.destroyed":
            return f"ไฟล์ {thai_digits(values.get('files', 0))} ไฟล์"
    return None
