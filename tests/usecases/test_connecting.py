"""Connecting mailboxes: settings by field, the secret locked away, tokens of OAuth, what the worker has to watch."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from saraban.domain.errors import BadInput, NotFound, NotPermitted, RuleBroken
from saraban.domain.mailbox import AfterTaking, ConnectedMailbox, Login, Protection
from saraban.storage.tables.exchange import mailboxes
from saraban.storage.tables.journal import journal
from saraban.storage.tables.mail import mail_accounts
from saraban.usecases import connecting
from saraban.usecases.connecting import MailSettings
from saraban.usecases.mailing import AccessToken
from tests.usecases.house import House

PASSWORD = "รหัสลับของกล่อง-2569"
VALUES: dict[str, Any] = {
    "user": "saraban@onep.example",
    "smtp_host": "smtp.onep.example",
    "imap_host": "imap.onep.example",
}
OAUTH: dict[str, Any] = {
    "login": Login.OAUTH,
    "token_url": "https://login.example/token",
    "client_id": "saraban",
    "scope": "mail",
}


def settings(*, address: str = "", unit: str = "", password: str = PASSWORD, **more: Any) -> MailSettings:
    """What the administrator fills in; secrets are named as such, all else is a value."""
    secrets = {name: more.pop(name) for name in ("client_secret", "refresh_token") if name in more}
    return MailSettings(address, unit, VALUES | more, password=password, **secrets)


def connect(house: House, **more: Any) -> ConnectedMailbox:
    """A mailbox connected by our administrator, as it is kept."""
    made = connecting.connect_mailbox(house.office, actor=house.ours["admin"], settings=settings(**more))
    return kept(house, made)


def kept(house: House, mailbox_id: Any) -> ConnectedMailbox:
    """The mailbox as it lies on the shelf."""
    with house.office.uow() as uow:
        return uow.connections.get(house.ours.agency.id, mailbox_id)


def secret(house: House, mailbox: ConnectedMailbox) -> dict[str, str]:
    """What is locked away for it."""
    found: dict[str, str] = json.loads(house.office.lock_box.unlock(mailbox.secret, str(mailbox.id)))
    return found


def everything_written(house: House) -> str:
    """All that lies in the tables of mailboxes and in the journal."""
    return " ".join(str(row) for table in (mail_accounts, mailboxes, journal) for row in house.rows(table))


def test_the_central_mailbox_has_the_address_of_the_directory_and_its_secret_shows_nowhere(either_house: House) -> None:
    mailbox = connect(either_house, address="other@onep.example")

    assert (mailbox.address, mailbox.unit_id) == (either_house.ours.agency.mailbox, None)
    assert secret(either_house, mailbox) == {"password": PASSWORD}
    assert PASSWORD not in everything_written(either_house) and PASSWORD not in repr(mailbox)
    [told] = [line["values"] for line in either_house.told("mailbox.connected")]
    assert told["imap"] == "imap.onep.example:993 tls" and told["smtp"] == "smtp.onep.example:587 starttls"


def test_a_change_is_told_by_its_fields_and_an_empty_password_leaves_the_old_one(either_house: House) -> None:
    mailbox = connect(either_house)
    admin = either_house.ours["admin"]
    either_house.clock.pass_by(timedelta(minutes=5))

    def change(**more: Any) -> bool:
        return connecting.change_mailbox(
            either_house.office, actor=admin, mailbox_id=mailbox.id, settings=settings(**more)
        )

    assert not change(password="")
    assert change(password="", imap_port=143, imap_protection=Protection.STARTTLS, after=AfterTaking.MOVE)
    changed = kept(either_house, mailbox.id)
    assert secret(either_house, changed) == {"password": PASSWORD}
    assert changed.changed_at > mailbox.changed_at
    assert change(password="อีกรหัส", imap_port=143, imap_protection=Protection.STARTTLS, after=AfterTaking.MOVE)
    first, second = (line["values"] for line in either_house.told("mailbox.changed"))
    assert (first["fields"], first["new_secret"]) == (["imap_port", "imap_protection", "after"], False)
    assert (second["fields"], second["new_secret"]) == ([], True)
    assert secret(either_house, kept(either_house, mailbox.id)) == {"password": "อีกรหัส"}
    assert "อีกรหัส" not in everything_written(either_house)


def test_each_wrong_thing_is_told_under_its_field(either_house: House) -> None:
    admin, unit = either_house.ours["admin"], either_house.ours["clerk"]
    assert unit.unit_id is not None
    with either_house.office.uow() as uow:
        code = uow.agencies.unit(admin.agency_id, unit.unit_id).code
    connect(either_house)
    connect(either_house, unit=code, address="legal@onep.example")

    def refused(**more: Any) -> list[str]:
        with pytest.raises(BadInput) as told:
            connecting.connect_mailbox(either_house.office, actor=admin, settings=settings(**more))
        return sorted(told.value.fields)

    assert refused() == ["address"]
    assert refused(unit="ไม่มี") == ["unit"]
    assert refused(unit=code, address="more@onep.example") == ["unit"]
    assert refused(unit=code, address="legal@onep.example") == ["address"]
    assert refused(unit=code, address=either_house.theirs.agency.mailbox) == ["address", "unit"]
    assert "imap_host" in refused(imap_host="")


def test_a_missing_secret_is_asked_for(house: House) -> None:
    with pytest.raises(BadInput) as told:
        connect(house, password="")
    assert list(told.value.fields) == ["password"]
    with pytest.raises(BadInput) as told:
        connect(house, password="", smtp_host="", user="")
    assert sorted(told.value.fields) == ["password", "smtp_host", "user"], "everything at once"
    with pytest.raises(BadInput) as told:
        connect(house, **OAUTH)
    assert list(told.value.fields) == ["refresh_token"]


def test_only_the_agencys_own_administrator_may(house: House) -> None:
    mailbox = connect(house)
    stranger = house.theirs["admin"]

    with pytest.raises(NotPermitted):
        connecting.connect_mailbox(house.office, actor=house.ours["clerk"], settings=settings())
    with pytest.raises(NotFound):
        connecting.change_mailbox(house.office, actor=stranger, mailbox_id=mailbox.id, settings=settings())
    with pytest.raises(NotFound):
        connecting.disconnect_mailbox(house.office, actor=stranger, mailbox_id=mailbox.id)


def test_the_worker_watches_the_central_mailboxes_and_what_is_connected(either_house: House) -> None:
    assert {w.since for w in connecting.watched_mailboxes(either_house.office)} == {None}
    mailbox = connect(either_house)
    ours = either_house.ours.agency

    watched = {w.address: w for w in connecting.watched_mailboxes(either_house.office)}
    assert watched[ours.mailbox].since == mailbox.changed_at and len(watched) == 2
    fixed = replace(either_house.office, fixed_mailboxes=frozenset({ours.code}))
    assert {w.since for w in connecting.watched_mailboxes(fixed)} == {None}

    connecting.disconnect_mailbox(either_house.office, actor=either_house.ours["admin"], mailbox_id=mailbox.id)
    assert {w.since for w in connecting.watched_mailboxes(either_house.office)} == {None}
    assert either_house.told("mailbox.disconnected")[0]["values"]["address"] == ours.mailbox


# --- tokens ---------------------------------------------------------------------------------------------------------


class Provider:
    """The port TokenOffice as a provider that gives a new refresh token each time and takes each one once."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.problem = ""

    def refresh(
        self,
        token_url: str,
        client_id: str,
        client_secret: str,
        refresh_token: str,
        scope: str,
        at: datetime,
        ca_text: str = "",
    ) -> AccessToken:
        """The next token."""
        if self.problem:
            raise RuleBroken(self.problem)
        assert refresh_token not in self.asked, "a used refresh token was used again"
        self.asked.append(refresh_token)
        return AccessToken(f"access-{len(self.asked)}", at + timedelta(hours=1), f"refresh-{len(self.asked)}")


def test_a_token_is_got_kept_locked_and_renewed_before_it_ends(either_house: House) -> None:
    provider = Provider()
    office = replace(either_house.office, token_office=provider)
    mailbox = connect(either_house, password="", refresh_token="refresh-0", client_secret="ลับมาก", **OAUTH)

    assert connecting.renew_tokens(office) == 1
    assert connecting.renew_tokens(office) == 0, "it is good for an hour"
    either_house.clock.pass_by(timedelta(minutes=56))
    assert connecting.renew_tokens(office) == 1

    now = kept(either_house, mailbox.id)
    assert provider.asked == ["refresh-0", "refresh-1"]
    assert office.lock_box.unlock(now.token, str(now.id)) == "access-2"
    assert secret(either_house, now) == {"client_secret": "ลับมาก", "refresh_token": "refresh-2"}
    written = everything_written(either_house)
    assert not [word for word in ("access-", "refresh-", "ลับมาก") if word in written]
    assert now.changed_at == mailbox.changed_at, "the worker need not open the mailbox anew"


def test_a_provider_that_refuses_is_told_in_words_and_asked_again(either_house: House) -> None:
    provider = Provider()
    office = replace(either_house.office, token_office=provider)
    mailbox = connect(either_house, password="", refresh_token="r", **OAUTH)
    provider.problem = "refresh token หมดอายุหรือถูกเพิกถอน"

    assert connecting.renew_tokens(office) == 0
    assert kept(either_house, mailbox.id).token_problem == provider.problem
    provider.problem = ""
    assert connecting.renew_tokens(office) == 1
    assert kept(either_house, mailbox.id).token_problem == ""


def test_two_workers_ask_once(either_house: House) -> None:
    class Slow(Provider):
        """While it is asked, another worker looks for tokens that are due."""

        def refresh(self, *args: Any, **kwargs: Any) -> AccessToken:
            assert connecting.renew_tokens(replace(either_house.office, token_office=Provider())) == 0
            return super().refresh(*args, **kwargs)

    connect(either_house, password="", refresh_token="r", **OAUTH)

    assert connecting.renew_tokens(replace(either_house.office, token_office=Slow())) == 1


def test_a_new_refresh_token_outlives_a_change_of_other_settings_meanwhile(either_house: House) -> None:
    mailbox = connect(either_house, password="", refresh_token="refresh-0", **OAUTH)

    class Meanwhile(Provider):
        """While it is asked, the administrator saves the page."""

        def refresh(self, *args: Any, **kwargs: Any) -> AccessToken:
            changed = settings(password="", after=AfterTaking.MOVE, **OAUTH)
            connecting.change_mailbox(
                either_house.office, actor=either_house.ours["admin"], mailbox_id=mailbox.id, settings=changed
            )
            return super().refresh(*args, **kwargs)

    assert connecting.renew_tokens(replace(either_house.office, token_office=Meanwhile())) == 1
    now = kept(either_house, mailbox.id)
    assert now.after is AfterTaking.MOVE
    assert secret(either_house, now)["refresh_token"] == "refresh-1"
