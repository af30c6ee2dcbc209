"""What is wrong with a mail server's certificate, in words that help: who issued it, for which names, until when."""

from __future__ import annotations

import smtplib
import socket
import ssl
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO

from cryptography import x509
from cryptography.x509.oid import NameOID

from saraban.exchange.thai import thai_date
from saraban.mail.accounts import MailAccount
from saraban.mail.errors import no_contact
from saraban.usecases.mailing import Finding

# X509_V_ERR_* of OpenSSL.
_EXPIRED, _NOT_YET, _HOSTNAME, _ADDRESS = 10, 9, 62, 64
_UNKNOWN_ROOT = (2, 18, 19, 20, 21)


@dataclass(frozen=True)
class Shown:
    """A certificate as the server shows it, believed in nothing."""

    names: tuple[str, ...]
    issuer: str
    begins: datetime
    ends: datetime


def tls_trouble(side: str, account: MailAccount) -> Finding | None:
    """Why the verified handshake fails, looked at once more by hand; None when it does not fail. Never raises."""
    step = f"{side}-tls"
    try:
        with _handshake(side, account, account.tls_context()):
            return None
    except ssl.SSLCertVerificationError as error:
        return _untrusted(step, account, error, _shown(side, account))
    except _NoStartTls:
        return Finding(
            step,
            False,
            "เครื่องบริการไม่มี STARTTLS ที่พอร์ตนี้ จึงไม่ส่งข้อมูลใด",
            "เปลี่ยนเป็น TLS ตั้งแต่ต้น (พอร์ต 465 หรือ 993) หรือขอให้ผู้ดูแลเครื่องบริการเปิด STARTTLS",
        )
    except ssl.SSLError as error:
        words = f"เริ่มการเข้ารหัสไม่ได้: {error.reason or error}"
        fix = "พอร์ตกับชนิดการเข้ารหัสอาจไม่ตรงกัน (587 และ 143 ใช้ STARTTLS, 465 และ 993 ใช้ TLS) เครื่องบริการต้องใช้ TLS 1.2 ขึ้นไป"
        return Finding(step, False, words, fix)
    except OSError as error:
        words = f"เริ่มการเข้ารหัสไม่ได้ เพราะ{no_contact(error) or 'การเชื่อมต่อขาดกลางทาง'}"
        return Finding(
            step, False, words, "ตรวจว่าพอร์ตกับชนิดการเข้ารหัสตรงกัน (587 และ 143 ใช้ STARTTLS, 465 และ 993 ใช้ TLS)"
        )


def _untrusted(step: str, account: MailAccount, error: ssl.SSLCertVerificationError, shown: Shown | None) -> Finding:
    code = error.verify_code
    until = f" (ใช้ได้ถึง {thai_date(shown.ends.date())})" if shown else ""
    if code in (_HOSTNAME, _ADDRESS):
        names = ", ".join(shown.names) if shown and shown.names else "ชื่ออื่น"
        words = f"ใบรับรองออกให้ {names} ไม่ใช่ {account.host}{until}"
        return Finding(step, False, words, "ใช้ชื่อเครื่องที่อยู่ในใบรับรอง หรือให้ผู้ดูแลเครื่องบริการออกใบรับรองให้ตรงชื่อ")
    if code == _EXPIRED:
        ended = f"หมดอายุเมื่อ {thai_date(shown.ends.date())}" if shown else "หมดอายุแล้ว"
        return Finding(step, False, f"ใบรับรองของเครื่องบริการ{ended}", "ให้ผู้ดูแลเครื่องบริการต่ออายุใบรับรอง")
    if code == _NOT_YET:
        return Finding(step, False, "ใบรับรองของเครื่องบริการยังไม่ถึงวันเริ่มใช้", "ตรวจนาฬิกาของเครื่องนี้และของเครื่องบริการ")
    if code in _UNKNOWN_ROOT:
        issuer = f"ออกโดย {shown.issuer}" if shown and shown.issuer else "ไม่ทราบผู้ออก"
        words = f"ไม่รู้จักใบรับรองราก{' ที่ตั้งไว้' if account.ca_text or account.ca_file else ''} ใบรับรอง{issuer}{until}"
        fix = "ถ้าเครื่องบริการใช้ใบรับรองที่หน่วยงานออกเอง วางใบรับรองราก (PEM) ของหน่วยงานในช่องใบรับรองราก"
        return Finding(step, False, words, fix)
    return Finding(step, False, f"ตรวจใบรับรองไม่ผ่าน: {error.verify_message}{until}", "แจ้งผู้ดูแลเครื่องบริการไปรษณีย์")


def _shown(side: str, account: MailAccount) -> Shown | None:
    """The certificate, taken without believing it: nothing is sent over that connection."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    try:
        with _handshake(side, account, context) as connection:
            der = connection.getpeercert(binary_form=True)
        return None if der is None else _read(x509.load_der_x509_certificate(der))
    except (OSError, ValueError, smtplib.SMTPException, _NoStartTls):
        return None


def _read(certificate: x509.Certificate) -> Shown:
    names: list[str] = []
    with suppress(x509.ExtensionNotFound, ValueError):
        found = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        names = [str(name) for name in found.get_values_for_type(x509.DNSName)]
        names += [str(name) for name in found.get_values_for_type(x509.IPAddress)]
    common = certificate.issuer.get_attributes_for_oid(NameOID.COMMON_NAME)
    issuer = str(common[0].value) if common else certificate.issuer.rfc4514_string()
    return Shown(tuple(names), issuer, certificate.not_valid_before_utc, certificate.not_valid_after_utc)


class _NoStartTls(Exception):
    """The server does not offer it, or refuses it."""


def _handshake(side: str, account: MailAccount, context: ssl.SSLContext) -> ssl.SSLSocket:
    """A connection with TLS and nothing more, by hand: STARTTLS of RFC 3207 and of RFC 3501, section 6.2.1."""
    connection = socket.create_connection((account.host, account.port), account.timeout_seconds)
    try:
        if account.security == "starttls":
            _start_tls(side, connection)
        return context.wrap_socket(connection, server_hostname=account.host)
    except BaseException:
        connection.close()
        raise


def _start_tls(side: str, connection: socket.socket) -> None:
    with connection.makefile("rb") as lines:
        if side == "smtp":
            _reply(lines, b"220")
            connection.sendall(b"EHLO localhost\r\n")
            _reply(lines, b"250")
            connection.sendall(b"STARTTLS\r\n")
            _reply(lines, b"220")
            return
        if not lines.readline(8192).startswith(b"* OK"):
            raise _NoStartTls
        connection.sendall(b"s1 STARTTLS\r\n")
        while (line := lines.readline(8192)).startswith(b"*"):
            continue
        if not line.startswith(b"s1 OK"):
            raise _NoStartTls


def _reply(lines: BinaryIO, code: bytes) -> None:
    while True:
        line = lines.readline(8192)
        if not line.startswith(code):
            raise _NoStartTls
        if line[3:4] != b"-":
            return
