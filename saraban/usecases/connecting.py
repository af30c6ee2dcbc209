"""Connecting mailboxes: the administrator's settings, the secret locked away, the examination, and tokens of OAuth."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from saraban.domain.actor import Actor
from saraban.domain.agency import Agency, AgencyId, Unit
from saraban.domain.errors import BadInput, ConcurrentEdit, NotFound, RuleBroken, WrongPassphrase
from saraban.domain.mailbox import SETTINGS, ConnectedMailbox, Login
from saraban.domain.mailbox_events import MailboxChanged, MailboxConnected, MailboxDisconnected
from saraban.domain.permissions import may_administer, require
from saraban.usecases.books import UnitOfWork
from saraban.usecases.mailing import Finding
from saraban.usecases.ports import Made, Services, Step
from saraban.usecases.registry import Errand

ERRAND = "test-mailbox"
RENEW_BEFORE = timedelta(minutes=5)
_LONGEST_SECRET = 20_000
_STEPS = 13
"""How many findings a mailbox without faults gives."""


@dataclass(frozen=True)
class MailSettings:
    """What the administrator has filled in. `values` are fields of ConnectedMailbox (domain.mailbox.SETTINGS but the
    unit); `unit` is a unit's code, empty for the central mailbox. Empty secrets leave those that are kept.
    `unreadable` is what could not be read, in words by field: it is refused together with all else that is wrong."""

    address: str
    unit: str
    values: dict[str, Any]
    password: str = ""
    client_secret: str = ""
    refresh_token: str = ""
    unreadable: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Watched:
    """A mailbox that the worker keeps open: `since` is when its settings were last changed."""

    agency_id: AgencyId
    agency_code: str
    address: str
    since: datetime | None = None


def connect_mailbox(office: Services, *, actor: Actor, settings: MailSettings) -> UUID:
    """Connect a mailbox; gives its id. Raises BadInput by field."""
    require(may_administer(actor))
    now = office.clock.now()
    with office.uow() as uow:
        agency, unit = _whose(uow, actor, settings)
        mailbox = ConnectedMailbox(
            id=uuid4(),
            agency_id=agency.id,
            address=_address(agency, unit, settings),
            unit_id=unit.id if unit else None,
            changed_at=now,
            **_plain(settings),
        )
        secret, lacking = _secret(mailbox, settings, {})
        _check(uow, agency, mailbox, unit, {**lacking, **settings.unreadable})
        mailbox.secret = office.lock_box.lock(json.dumps(secret), str(mailbox.id))
        uow.connections.add(mailbox)
        uow.record(MailboxConnected(at=now, by=actor, **_told(mailbox, unit)))
        uow.commit()
    return mailbox.id


def change_mailbox(office: Services, *, actor: Actor, mailbox_id: UUID, settings: MailSettings) -> bool:
    """Change the settings of a mailbox; False when nothing is different. The unit and the address stay. The running
    worker takes the change up by itself. Raises BadInput by field, ConcurrentEdit."""
    require(may_administer(actor))
    now = office.clock.now()
    with office.uow() as uow:
        before = uow.connections.get(actor.agency_id, mailbox_id)
        agency = uow.agencies.get(actor.agency_id)
        unit = uow.agencies.unit(agency.id, before.unit_id) if before.unit_id else None
        mailbox = replace(before, **_plain(settings))
        new_secret = any((settings.password, settings.client_secret, settings.refresh_token))
        changed = tuple(name for name in SETTINGS if getattr(mailbox, name) != getattr(before, name))
        locks_anew = "login" in changed or new_secret
        secret, lacking = _secret(mailbox, settings, _opened(office, before)) if locks_anew else ({}, {})
        _check(uow, agency, mailbox, unit, {**lacking, **settings.unreadable})
        if not changed and not new_secret:
            return False
        if locks_anew:
            mailbox.secret = office.lock_box.lock(json.dumps(secret), str(mailbox.id))
        if new_secret or {"login", "token_url", "client_id", "scope", "ca_text"} & set(changed):
            mailbox.token, mailbox.token_until, mailbox.token_problem = "", None, ""
        mailbox.changed_at = now
        uow.connections.save(mailbox)
        told = _told(mailbox, unit)
        uow.record(MailboxChanged(at=now, by=actor, fields=changed, new_secret=new_secret, **told))
        uow.commit()
    return True


def disconnect_mailbox(office: Services, *, actor: Actor, mailbox_id: UUID) -> str:
    """Forget a mailbox and its secret; gives its address. What came through it stays where it is."""
    require(may_administer(actor))
    with office.uow() as uow:
        mailbox = uow.connections.get(actor.agency_id, mailbox_id)
        uow.connections.remove(mailbox)
        event = MailboxDisconnected(at=office.clock.now(), by=actor, thing_id=mailbox.id, address=mailbox.address)
        uow.record(event)
        uow.commit()
    return mailbox.address


def watched_mailboxes(office: Services) -> list[Watched]:
    """Every mailbox to keep open: the central one of each hosted agency, and what the agencies have connected."""
    with office.uow() as uow:
        agencies = {agency.id: agency for agency in uow.agencies.all()}
        connected = {mailbox.address: mailbox for mailbox in uow.connections.all()}
    watched = []
    for agency in agencies.values():
        own = connected.pop(agency.mailbox, None)
        fixed = agency.code in office.fixed_mailboxes
        since = own.changed_at if own is not None and own.agency_id == agency.id and not fixed else None
        watched.append(Watched(agency.id, agency.code, agency.mailbox, since))
    for mailbox in connected.values():
        code = agencies[mailbox.agency_id].code
        watched.append(Watched(mailbox.agency_id, code, mailbox.address, mailbox.changed_at))
    return watched


# --- the examination ------------------------------------------------------------------------------------------------


def examine_mailbox(office: Services, *, agency_code: str, address: str = "") -> Iterator[Finding]:
    """Try a mailbox of a hosted agency step by step, its central one without an address, and write down what is found.
    Raises NotFound for a mailbox that it has not."""
    with office.uow() as uow:
        agency = uow.agencies.by_code(agency_code)
        if agency is None:
            raise NotFound(f"ไม่มีส่วนราชการรหัส “{agency_code}” ในระบบนี้")
        address = address or agency.mailbox
        mailbox = uow.connections.by_address(address)
    ours = mailbox is not None and mailbox.agency_id == agency.id
    if not ours and address != agency.mailbox:
        raise NotFound(f"ไม่มีกล่องไปรษณีย์ “{address}” ของ {agency_code} ในระบบนี้")
    fixed = address == agency.mailbox and agency.code in office.fixed_mailboxes
    found: list[Finding] = []
    if mailbox is not None and ours and mailbox.login is Login.OAUTH and not fixed:
        found.append(_token_tried(office, mailbox))
        _write_down(office, agency.id, address, found)
        yield found[-1]
        if not found[-1].good:
            return
    for finding in office.doctor.examine(agency.code, address):
        found.append(finding)
        _write_down(office, agency.id, address, found)
        yield finding


def do_examine(office: Services, errand: Errand, actor: Actor, step: Step) -> Made:
    """The errand of the button “ทดสอบ”."""
    require(may_administer(actor))
    with office.uow() as uow:
        agency = uow.agencies.get(actor.agency_id)
    done, bad = 0, 0
    for finding in examine_mailbox(office, agency_code=agency.code, address=str(errand.order["address"])):
        done, bad = done + 1, bad + (finding.good is False)
        step(min(done, _STEPS - 1), _STEPS)
    words = "ทุกขั้นใช้ได้" if not bad else f"มี {bad} ขั้นที่ต้องแก้ ดูทีละขั้นที่หน้ากล่องไปรษณีย์กลาง"
    return Made(done, words=words, faults=bad)


def _write_down(office: Services, agency_id: AgencyId, address: str, found: Sequence[Finding]) -> None:
    with office.uow() as uow:
        rows = [asdict(finding) for finding in found]
        uow.connections.examined(agency_id, address, rows, office.clock.now())
        uow.commit()


# --- tokens of OAuth 2.0 (claim, do, settle) ------------------------------------------------------------------------


def renew_tokens(office: Services) -> int:
    """Get new access tokens for those that end within five minutes. Returns how many were got; a provider that refuses
    is told in words on the page and asked again at the next round."""
    now = office.clock.now()
    with office.uow() as uow:
        due = uow.connections.expiring(now, now + RENEW_BEFORE)
        for mailbox in due:
            mailbox.token_leased_until = now + office.lease
            uow.connections.save(mailbox)
        uow.commit(final=False)
    return sum(_renew(office, mailbox) for mailbox in due)


def _renew(office: Services, mailbox: ConnectedMailbox) -> bool:
    """One token. The provider may have given a new refresh token, which must not be lost when somebody changes other
    settings meanwhile; when the secret itself was changed, what we got belongs to the old one and is dropped."""
    asked_with = mailbox.secret
    got = _asked(office, mailbox)
    for _ in range(3):
        with suppress(ConcurrentEdit), office.uow() as uow:
            mailbox = uow.connections.get(mailbox.agency_id, mailbox.id)
            if mailbox.secret != asked_with or mailbox.login is not Login.OAUTH:
                return False
            for name, value in got.items():
                setattr(mailbox, name, value)
            mailbox.token_leased_until = None
            uow.connections.save(mailbox)
            uow.commit()
            return not mailbox.token_problem
    return False


def _asked(office: Services, mailbox: ConnectedMailbox) -> dict[str, Any]:
    """The fields that change: a new token, or the problem in words."""
    try:
        secret: dict[str, str] = json.loads(office.lock_box.unlock(mailbox.secret, str(mailbox.id)))
        token = office.token_office.refresh(
            mailbox.token_url,
            mailbox.client_id,
            secret.get("client_secret", ""),
            secret.get("refresh_token", ""),
            mailbox.scope,
            office.clock.now(),
            mailbox.ca_text,
        )
    except (RuleBroken, WrongPassphrase) as error:
        return {"token_problem": error.thai}
    got: dict[str, Any] = {
        "token_problem": "",
        "token": office.lock_box.lock(token.value, str(mailbox.id)),
        "token_until": token.ends_at,
    }
    if token.refresh_token != secret.get("refresh_token"):
        kept = {**secret, "refresh_token": token.refresh_token}
        got["secret"] = office.lock_box.lock(json.dumps(kept), str(mailbox.id))
    return got


def _token_tried(office: Services, mailbox: ConnectedMailbox) -> Finding:
    got = _renew(office, mailbox)
    with office.uow() as uow:
        mailbox = uow.connections.get(mailbox.agency_id, mailbox.id)
    if got and mailbox.token_until is not None:
        minutes = max(0, round((mailbox.token_until - office.clock.now()).total_seconds() / 60))
        return Finding("oauth-token", True, f"ได้โทเค็น OAuth จากผู้ให้บริการแล้ว ใช้ได้ {minutes} นาที ระบบต่ออายุเอง")
    words = mailbox.token_problem or "มีผู้แก้การตั้งค่าพร้อมกัน"
    return Finding("oauth-token", False, words, "แก้ค่าของ OAuth ตามที่บอก แล้วทดสอบอีกครั้ง")


# --- what is kept ---------------------------------------------------------------------------------------------------


def _whose(uow: UnitOfWork, actor: Actor, settings: MailSettings) -> tuple[Agency, Unit | None]:
    agency = uow.agencies.get(actor.agency_id)
    if not settings.unit:
        return agency, None
    unit = uow.agencies.unit_by_code(agency.id, settings.unit)
    if unit is None:
        raise BadInput({"unit": f"ไม่พบหน่วยงานรหัส “{settings.unit}”"})
    if unit.central:
        return agency, None
    return agency, unit


def _address(agency: Agency, unit: Unit | None, settings: MailSettings) -> str:
    """The central mailbox has the address that the directory names."""
    return settings.address.strip().lower() if unit else agency.mailbox


def _plain(settings: MailSettings) -> dict[str, Any]:
    return {name: settings.values[name] for name in SETTINGS if name in settings.values and name != "unit_id"}


def _check(
    uow: UnitOfWork, agency: Agency, mailbox: ConnectedMailbox, unit: Unit | None, already: dict[str, str]
) -> None:
    """Raise BadInput for everything that is wrong at once; `already` is what is known to be."""
    wrong = dict(already)
    try:
        mailbox.check()
    except BadInput as error:
        wrong = error.fields | wrong
    for other in uow.connections.all():
        if other.id == mailbox.id:
            continue
        if other.address == mailbox.address:
            wrong["address"] = f"เชื่อมต่อกล่อง “{mailbox.address}” ไว้แล้ว"
        elif unit is not None and other.unit_id == unit.id:
            wrong["unit"] = f"{unit.name}มีกล่อง “{other.address}” แล้ว แก้ที่กล่องนั้น"
    if unit is not None and any(other.mailbox == mailbox.address for other in uow.agencies.all()):
        wrong["address"] = f"“{mailbox.address}” เป็นกล่องกลางของส่วนราชการ ใช้เป็นกล่องของหน่วยงานไม่ได้"
    if wrong:
        raise BadInput(wrong)


def _opened(office: Services, mailbox: ConnectedMailbox) -> dict[str, str]:
    """What is kept; nothing when the master key no longer opens it, so that a new secret can be set."""
    try:
        kept: dict[str, str] = json.loads(office.lock_box.unlock(mailbox.secret, str(mailbox.id)))
    except WrongPassphrase:
        return {}
    return kept


def _secret(
    mailbox: ConnectedMailbox, settings: MailSettings, kept: dict[str, str]
) -> tuple[dict[str, str], dict[str, str]]:
    """The secret of the way of logging in, new where one was given, and what is wrong with it by field."""
    if mailbox.login is Login.PASSWORD:
        secret = {"password": settings.password or kept.get("password", "")}
        missing = {} if secret["password"] else {"password": "ใส่รหัสผ่านของกล่องไปรษณีย์"}
    else:
        secret = {
            "client_secret": settings.client_secret or kept.get("client_secret", ""),
            "refresh_token": settings.refresh_token or kept.get("refresh_token", ""),
        }
        missing = {} if secret["refresh_token"] else {"refresh_token": "ใส่ refresh token ที่ผู้ให้บริการออกให้"}
    too_long = {name: "ยาวเกินไป" for name, value in secret.items() if len(value) > _LONGEST_SECRET}
    return secret, missing | too_long


def _told(mailbox: ConnectedMailbox, unit: Unit | None) -> dict[str, Any]:
    """What the journal says about it: everything but the secret."""
    return {
        "thing_id": mailbox.id,
        "address": mailbox.address,
        "unit": unit.code if unit else "",
        "smtp": f"{mailbox.smtp_host}:{mailbox.smtp_port} {mailbox.smtp_protection.value}",
        "imap": f"{mailbox.imap_host}:{mailbox.imap_port} {mailbox.imap_protection.value}",
        "user": mailbox.user,
        "login": mailbox.login.value,
        "after": f"{mailbox.after.value} {mailbox.after_days}" if mailbox.after.value != "keep" else "keep",
    }
