"""Examines a mailbox step by step, from its name in the DNS to a letter to itself, and says in Thai what it found."""

from __future__ import annotations

import socket
import ssl
import time
from base64 import encodebytes
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

from saraban.domain.attachment import Digest
from saraban.domain.dispatch import SERVER_SAID
from saraban.exchange.bounce_reasons import told_by_server
from saraban.exchange.envelope import Envelope, Literal, OutboxKind
from saraban.exchange.thai import thai_date, thai_digits, thai_size
from saraban.mail.accounts import MailAccount
from saraban.mail.certificates import tls_trouble
from saraban.mail.errors import AuthenticationFailure, InsecureConnection, MailError, no_contact
from saraban.mail.imap import ImapMailbox
from saraban.mail.smtp import SmtpTransport
from saraban.mail.smtp_session import SmtpSession
from saraban.usecases.mailing import Finding, SendOutcome

_EXPIRES_SOON = timedelta(days=14)
_WANTED_SIZE = 20_000_000
_FULL_PERCENT = 99
"""With less room than a hundredth hardly a letter with files comes in."""


def examine(
    smtp: MailAccount, imap: MailAccount, mailbox: str, *, at: datetime, token: str, wait_seconds: float = 60.0
) -> Iterator[Finding]:
    """Examine both sides, then send the mailbox a mail and fetch it back.

    `at` is now; `token` is a random word that makes the mail recognisable. A side whose step fails is not examined
    further. Never raises for what a server does.
    """
    sides: list[bool] = []
    for side, account, further in (("smtp", smtp, examine_smtp), ("imap", imap, examine_imap)):
        good = True
        for finding in examine_way(side, account):
            good = good and finding.good is not False
            yield finding
        if good:
            for finding in further(account, at):
                good = good and finding.good is not False
                yield finding
        sides.append(good)
    if all(sides):
        yield from examine_round_trip(smtp, imap, mailbox, at=at, token=token, wait_seconds=wait_seconds)
    else:
        yield Finding("round-trip", False, "ไม่ได้ทดลองส่งถึงตนเอง เพราะขั้นก่อนหน้านี้ยังไม่ผ่าน", "แก้ขั้นที่ไม่ผ่านก่อน แล้วทดสอบอีกครั้ง")


def _network(error: OSError) -> str:
    """Why no connection came about, in words."""
    return no_contact(error) or f"เครือข่ายขัดข้อง{SERVER_SAID}{error}"


def examine_way(side: str, account: MailAccount) -> Iterator[Finding]:
    """The name in the DNS and the port."""
    try:
        found = socket.getaddrinfo(account.host, account.port, type=socket.SOCK_STREAM)
    except OSError:
        words = f"ไม่พบชื่อเครื่อง {account.host} ในระบบชื่อโดเมน"
        yield Finding(f"{side}-dns", False, words, "ตรวจตัวสะกดของชื่อเครื่อง และตรวจว่าเครื่องนี้ใช้ระบบชื่อโดเมน (DNS) ได้")
        return
    addresses = sorted({str(entry[4][0]) for entry in found})
    yield Finding(f"{side}-dns", True, f"ชื่อเครื่อง {account.host} คือ {', '.join(addresses)}")
    try:
        socket.create_connection((account.host, account.port), account.timeout_seconds).close()
    except OSError as error:
        words = f"เชื่อมต่อ {account.host} พอร์ต {account.port} ไม่ได้: {_network(error)}"
        fix = "ตรวจหมายเลขพอร์ต (ส่ง 587 หรือ 465, รับ 993 หรือ 143) และให้ผู้ดูแลเครือข่ายเปิดไฟร์วอลล์ขาออกไปพอร์ตนี้"
        yield Finding(f"{side}-tcp", False, words, fix)
        return
    yield Finding(f"{side}-tcp", True, f"เชื่อมต่อพอร์ต {account.port} ได้")


def examine_smtp(account: MailAccount, at: datetime) -> Iterator[Finding]:
    """Certificate, login, and what the submission server offers: SIZE (RFC 1870) and DSN (RFC 3461)."""
    try:
        session = SmtpSession(account)
    except MailError as error:
        yield from _not_opened("smtp", account, error)
        return
    try:
        yield _protection("smtp", account, session.certificate, at)
        yield Finding("smtp-auth", True, f"เข้าระบบส่งด้วยชื่อ {account.user} ได้")
        yield _size(session.size_limit)
        if session.offers("dsn"):
            yield Finding("smtp-dsn", True, "เครื่องส่งไปรษณีย์แจ้งผลการนำส่งได้ (DSN)")
        else:
            yield Finding("smtp-dsn", None, "เครื่องส่งไปรษณีย์ไม่แจ้งผลการนำส่ง (DSN) จะทราบผลจากใบตอบรับเท่านั้น")
    finally:
        session.quit()


def examine_imap(account: MailAccount, at: datetime) -> Iterator[Finding]:
    """Certificate, login, folder, IDLE (RFC 2177) and quota (RFC 9208)."""
    try:
        mailbox = ImapMailbox(account)
    except MailError as error:
        yield from _not_opened("imap", account, error)
        return
    try:
        yield _protection("imap", account, mailbox.certificate, at)
        words = (
            f"เข้ากล่องไปรษณีย์ด้วยชื่อ {account.user} และเปิดโฟลเดอร์ {account.folder} ได้ (UIDVALIDITY {mailbox.uidvalidity})"
        )
        yield Finding("imap-auth", True, words)
        if "IDLE" in mailbox.capabilities:
            yield Finding("imap-idle", True, "กล่องไปรษณีย์แจ้งทันทีเมื่อมีจดหมายเข้า (IDLE)")
        else:
            yield Finding("imap-idle", None, "กล่องไปรษณีย์ไม่แจ้งทันที (ไม่มี IDLE) ระบบจะตรวจดูเป็นระยะแทน")
        yield _quota(mailbox)
    except MailError as error:
        yield Finding("imap-commands", False, error.thai, "แจ้งผู้ดูแลเครื่องบริการไปรษณีย์พร้อมข้อความนี้")
    finally:
        mailbox.close()


def examine_round_trip(
    smtp: MailAccount, imap: MailAccount, mailbox: str, *, at: datetime, token: str, wait_seconds: float
) -> Iterator[Finding]:
    """Send the mailbox a mail, find it, compare its bytes, and remove it again where the server can."""
    raw = _test_mail(mailbox, at, token)
    letter = Envelope(
        mailbox, mailbox, f"<{token}@doctor>", (Literal(raw),), Digest.of(raw), len(raw), OutboxKind.RECEIPT
    )
    try:
        reader = ImapMailbox(imap)
    except MailError as error:
        yield from _not_opened("imap", imap, error)
        return
    try:
        transport = SmtpTransport(lambda *_: smtp)
        result = transport.send("", letter, _no_files)
        transport.close()
        good = result.outcome == SendOutcome.ACCEPTED
        words = "ส่งจดหมายทดลองถึงตนเองแล้ว" if good else "ส่งจดหมายทดลองถึงตนเองไม่ได้"
        fix = "" if good else "ตรวจว่าบัญชีนี้มีสิทธิส่งในนามที่อยู่ของกล่อง และกล่องยังไม่เต็ม แล้วแจ้งผู้ดูแลเครื่องบริการพร้อมรหัสตอบนี้"
        reply = f"{result.code} {result.reply}" if result.code else result.reply
        yield Finding("send-to-self", good, told_by_server(words, reply), fix)
        if not good:
            return
        began = time.monotonic()
        found = _found(reader, token, began + wait_seconds)
        if found is None:
            yield Finding(
                "fetch-back",
                False,
                f"ไม่พบจดหมายทดลองในโฟลเดอร์ {imap.folder} ภายใน {wait_seconds:g} วินาที",
                "ดูในเว็บเมลว่าจดหมายไปอยู่โฟลเดอร์สแปมหรือโฟลเดอร์อื่น ปิดตัวกรองของกล่องนี้ หรือเพิ่มเวลาแล้วทดสอบใหม่",
            )
            return
        uid, received = found
        yield Finding("fetch-back", True, f"จดหมายทดลองถึงกล่องไปรษณีย์ใน {time.monotonic() - began:.1f} วินาที")
        if received.endswith(raw):
            yield Finding("same-bytes", True, "เนื้อจดหมายที่ได้รับตรงกับที่ส่งทุกไบต์")
        else:
            words = "ระบบไปรษณีย์แก้ไขเนื้อจดหมายระหว่างทาง ลายมือชื่อของซองชั้นนอกจะใช้ตรวจไม่ได้"
            yield Finding(
                "same-bytes", None, words, "หนังสือยังตรวจได้จากบัญชีแนบซอง ถ้าทำได้ให้ผู้ดูแลเครื่องบริการปิดการเติมข้อความท้ายจดหมาย"
            )
        if not reader.remove([uid]):
            reader.mark_taken([uid])
    except MailError as error:
        yield Finding("fetch-back", False, error.thai, "ทดสอบอีกครั้ง ถ้ายังไม่ได้ แจ้งผู้ดูแลเครื่องบริการพร้อมข้อความนี้")
    finally:
        reader.close()


def _found(reader: ImapMailbox, token: str, until: float) -> tuple[int, bytes] | None:
    after = reader.uidnext - 1
    while True:
        for uid in reader.new_uids(after):
            after = uid
            if reader.size(uid) < 100_000 and token.encode() in (raw := reader.fetch(uid)):
                return uid, raw
        left = until - time.monotonic()
        if left <= 0:
            return None
        # A server without IDLE is asked again every second.
        reader.idle(min(left, 5.0 if "IDLE" in reader.capabilities else 1.0))


def _test_mail(mailbox: str, at: datetime, token: str) -> bytes:
    words = "จดหมายนี้ระบบสารบรรณส่งถึงตนเองเพื่อทดสอบกล่องไปรษณีย์ ลบทิ้งได้\r\n".encode()
    subject = encodebytes("ทดสอบกล่องไปรษณีย์".encode()).decode().replace("\n", "")
    lines = [
        f"From: {mailbox}",
        f"To: {mailbox}",
        f"Subject: =?utf-8?b?{subject}?=",
        f"Date: {format_datetime(at)}",
        f"Message-ID: <{token}@{mailbox.rpartition('@')[2]}>",
        "Auto-Submitted: auto-generated",
        "MIME-Version: 1.0",
        "Content-Type: text/plain; charset=utf-8",
        "Content-Transfer-Encoding: base64",
        "",
        *encodebytes(words).decode().splitlines(),
        "",
    ]
    return "\r\n".join(lines).encode("ascii", "replace")


def _not_opened(side: str, account: MailAccount, error: MailError) -> Iterator[Finding]:
    """Why a door stays shut; a failed handshake is looked at once more, so that the words tell what to do."""
    if isinstance(error, InsecureConnection) or (account.security != "none" and not _auth(error)):
        trouble = tls_trouble(side, account)
        if trouble is not None:
            yield trouble
            return
    if _auth(error):
        if account.token:
            fix = "ผู้ให้บริการไม่รับโทเค็นนี้ ตรวจ scope ของ client และว่าบัญชีนี้เปิดใช้ IMAP และ SMTP AUTH แล้ว"
        else:
            fix = "ใส่ชื่อผู้ใช้และรหัสผ่านใหม่ บางผู้ให้บริการต้องใช้รหัสผ่านเฉพาะแอป หรือใช้ OAuth 2.0 แทนรหัสผ่าน"
        yield Finding(f"{side}-auth", False, error.thai, fix)
        return
    step = "tls" if isinstance(error, InsecureConnection) else "session"
    yield Finding(f"{side}-{step}", False, error.thai, "ทดสอบอีกครั้ง ถ้ายังไม่ได้ แจ้งผู้ดูแลเครื่องบริการพร้อมข้อความนี้")


def _auth(error: MailError) -> bool:
    return isinstance(error, AuthenticationFailure)


def _protection(side: str, account: MailAccount, certificate: dict[str, object], at: datetime) -> Finding:
    if account.security == "none":
        return Finding(f"{side}-tls", None, "การเชื่อมต่อไม่เข้ารหัส ใช้ได้เพราะอยู่ในเครื่องเดียวกัน")
    ends = datetime.fromtimestamp(ssl.cert_time_to_seconds(str(certificate["notAfter"])), UTC)
    words = f"เข้ารหัสแล้ว ใบรับรองของเครื่องบริการถูกต้อง หมดอายุ {thai_date(ends.date())}"
    if ends - at < _EXPIRES_SOON:
        return Finding(f"{side}-tls", None, words + " ซึ่งใกล้มากแล้ว", "แจ้งผู้ดูแลเครื่องบริการไปรษณีย์ให้ต่ออายุ")
    return Finding(f"{side}-tls", True, words)


def _size(limit: int) -> Finding:
    if not limit:
        return Finding("smtp-size", None, "เครื่องส่งไปรษณีย์ไม่บอกขนาดสูงสุดของจดหมาย")
    if limit < _WANTED_SIZE:
        words = f"เครื่องส่งไปรษณีย์รับจดหมายได้ไม่เกิน {thai_size(limit)} หนังสือที่มีไฟล์ใหญ่จะส่งไม่ได้"
        return Finding("smtp-size", None, words)
    return Finding("smtp-size", True, f"เครื่องส่งไปรษณีย์รับจดหมายได้ถึง {thai_size(limit)}")


def _quota(mailbox: ImapMailbox) -> Finding:
    quota = mailbox.quota()
    if quota is None:
        return Finding(
            "imap-quota",
            None,
            "กล่องไปรษณีย์ไม่บอกโควตา ระบบจึงเตือนก่อนกล่องเต็มไม่ได้",
            "ถามขนาดกล่องจากผู้ดูแลเครื่องบริการและตรวจเองเป็นระยะ",
        )
    used, allowed = quota
    percent = 100 * used // allowed if allowed else 100
    words = thai_digits(f"กล่องไปรษณีย์ใช้ไปแล้ว {used / 1e6:,.0f} MB จาก {allowed / 1e6:,.0f} MB ({percent}%)")
    if percent >= _FULL_PERCENT:
        return Finding(
            "imap-quota", False, words + " กล่องเต็ม หนังสือใหม่เข้าไม่ได้", "เพิ่มโควตา หรือลบจดหมายที่รับเข้าระบบแล้วออกจากกล่อง"
        )
    if percent >= 80:
        return Finding("imap-quota", None, words, "เพิ่มโควตา หรือตั้งให้ย้ายหรือลบจดหมายที่รับเข้าระบบแล้ว")
    return Finding("imap-quota", True, words)


def _no_files(digest: Digest) -> bytes:
    raise KeyError(digest.hex)
