"""The delivery report that a sender gets who asked for NOTIFY=SUCCESS (RFC 3461, 3464, 3798)."""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime

_XTEXT = re.compile(r"\+([0-9A-F]{2})")


@dataclass(frozen=True)
class DeliveryReport:
    """What is known about one delivered message. `envelope_id` and `original_recipient` as they came, in xtext;
    `headers` are the header lines of the message, with CRLF."""

    hostname: str
    sender: str
    recipient: str
    envelope_id: str
    original_recipient: str
    headers: bytes
    at: datetime
    token: str


def delivered(report: DeliveryReport) -> bytes:
    """The report as message bytes in 7 bits, with CRLF line ends."""
    boundary = f"=_{report.token}"
    when = format_datetime(report.at)
    words = f"นำส่งจดหมายเข้ากล่องไปรษณีย์ {report.recipient} แล้ว\r\nYour message was delivered to {report.recipient}.\r\n"
    status = [f"Reporting-MTA: dns; {report.hostname}"]
    if report.envelope_id:
        status.append(f"Original-Envelope-Id: {from_xtext(report.envelope_id)}")
    status += [f"Arrival-Date: {when}", ""]
    if report.original_recipient:
        status.append(f"Original-Recipient: {from_xtext(report.original_recipient)}")
    status += [f"Final-Recipient: rfc822; {report.recipient}", "Action: delivered", "Status: 2.0.0", ""]
    lines = [
        f"From: MAILER-DAEMON@{report.hostname}",
        f"To: {report.sender}",
        "Subject: Successful Mail Delivery Report",
        f"Date: {when}",
        f"Message-ID: <{report.token}@{report.hostname}>",
        "Auto-Submitted: auto-replied",
        "MIME-Version: 1.0",
        f'Content-Type: multipart/report; report-type=delivery-status; boundary="{boundary}"',
        "",
        f"--{boundary}",
        "Content-Type: text/plain; charset=utf-8",
        "Content-Transfer-Encoding: base64",
        "",
        *base64.encodebytes(words.encode()).decode().splitlines(),
        "",
        f"--{boundary}",
        "Content-Type: message/delivery-status",
        "",
        *status,
        f"--{boundary}",
        "Content-Type: text/rfc822-headers",
        "",
    ]
    text = "\r\n".join(lines).encode("ascii", "replace") + b"\r\n"
    return text + report.headers.rstrip(b"\r\n") + f"\r\n\r\n--{boundary}--\r\n".encode()


def from_xtext(text: str) -> str:
    """Undo xtext (RFC 3461, section 4); characters that are not printable ASCII become "?"."""
    plain = _XTEXT.sub(lambda m: chr(int(m[1], 16)), text)
    return "".join(c if " " <= c <= "~" else "?" for c in plain)
