"""What happened to a mailbox, in the words of its history."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_FIELDS = {
    "user": "ชื่อผู้ใช้",
    "smtp_host": "เครื่องส่ง",
    "smtp_port": "พอร์ตที่ส่ง",
    "smtp_protection": "การเข้ารหัสที่ส่ง",
    "imap_host": "เครื่องรับ",
    "imap_port": "พอร์ตที่รับ",
    "imap_protection": "การเข้ารหัสที่รับ",
    "folder": "โฟลเดอร์",
    "ca_text": "ใบรับรองราก",
    "login": "วิธีเข้าระบบ",
    "token_url": "ที่อยู่ขอโทเค็น",
    "client_id": "Client ID",
    "scope": "Scope",
    "sends": "การส่งผ่านกล่องนี้",
    "after": "จดหมายที่รับแล้ว",
    "after_days": "จำนวนวันหลังรับ",
}


def mailbox_detail(values: Mapping[str, Any]) -> str:
    """Which mailbox, what was changed about it, and whether with a new secret; never what the secret is."""
    parts = [str(values.get("address", ""))]
    if changed := [_FIELDS.get(str(name), str(name)) for name in values.get("fields", ())]:
        parts.append("แก้" + ", ".join(changed))
    if values.get("new_secret"):
        parts.append("ใส่รหัสใหม่")
    return " · ".join(parts)
