"""The facts of what happens to letters that are kept and destroyed, in a few Thai words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from saraban.domain.deposit import DepositKeeper
from saraban.domain.keeping import KeepingState
from saraban.web.filters import thai_date, thai_digits


def archive_words(name: str, values: Mapping[str, Any]) -> str | None:
    """The facts of such an event; None for any other."""
    match name:
        case "keeping.classified":
            return " · ".join(
                filter(None, (values.get("mark"), f"หมวด {values['file_code']}" if values["file_code"] else ""))
            )
        case "keeping.moved":
            return " · ".join(filter(None, (KeepingState(values["state"]).thai, values.get("mark"))))
        case "keeping.placed" | "keeping.paper-destroyed":
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
