"""The state of the central mailbox, to be read only: last check, accounts without passwords, the seal."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from saraban.domain.permissions import may_administer
from saraban.doorway import actor, office, reader, services
from saraban.reading import people
from saraban.settings import MailServer
from saraban.usecases.inspecting import seal_in_force

bp = Blueprint("admin", __name__, url_prefix="/admin")

_SECURITY = {"starttls": "STARTTLS", "tls": "TLS", "none": "ไม่เข้ารหัส"}


@dataclass(frozen=True)
class Account:
    """A login at a mail server, without its password."""

    what: str
    host: str
    port: int
    security: str
    user: str
    open: bool


@bp.get("/mailbox")
def mailbox() -> ResponseReturnValue:
    """Everybody of the agency may see whether mail flows; the accounts are for the administrator."""
    agency = people.agency(reader(), actor().agency_id)
    refusal = may_administer(actor())
    mail = office().settings.mail.get(agency.code)
    accounts = [_account("ส่ง (SMTP)", mail.smtp), _account("รับ (IMAP)", mail.imap)] if mail and not refusal else []
    return render_template(
        "admin/mailbox.html",
        agency=agency,
        configured=mail is not None,
        accounts=accounts,
        why_no_accounts=refusal.thai if refusal else "",
        seal=seal_in_force(services(), actor=actor()),
        now=services().clock.now(),
    )


def _account(what: str, server: MailServer) -> Account:
    return Account(
        what,
        server.host,
        server.port,
        _SECURITY.get(server.security, server.security),
        server.user,
        server.security == "none",
    )
