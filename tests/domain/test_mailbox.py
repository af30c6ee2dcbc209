"""A connected mailbox refuses what cannot be right, each thing by its field."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from saraban.domain.agency import AgencyId
from saraban.domain.errors import BadInput
from saraban.domain.mailbox import SETTINGS, AfterTaking, ConnectedMailbox, Login, Protection
from tests.mailservers.certificates import make_certificate

RIGHT = ConnectedMailbox(
    id=uuid4(),
    agency_id=AgencyId(uuid4()),
    address="saraban@onep.go.th",
    unit_id=None,
    user="saraban@onep.go.th",
    smtp_host="smtp.onep.go.th",
    imap_host="imap.onep.go.th",
    changed_at=datetime(2026, 11, 26, tzinfo=UTC),
)
OAUTH = replace(RIGHT, login=Login.OAUTH, token_url="https://login.example/token", client_id="saraban")


def wrong_fields(mailbox: ConnectedMailbox) -> dict[str, str]:
    """What is refused, by field."""
    try:
        mailbox.check()
    except BadInput as error:
        return error.fields
    return {}


def test_a_mailbox_with_all_it_needs_is_taken() -> None:
    assert wrong_fields(RIGHT) == {} and wrong_fields(OAUTH) == {}
    local = replace(RIGHT, smtp_host="127.0.0.1", smtp_protection=Protection.NONE, smtp_port=2525)
    assert wrong_fields(local) == {}


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"address": "saraban"}, "address"),
        ({"address": "a@b"}, "address"),
        ({"user": ""}, "user"),
        ({"user": "a\r\nb"}, "user"),
        ({"smtp_host": "smtp onep"}, "smtp_host"),
        ({"imap_host": ""}, "imap_host"),
        ({"imap_host": "-x.th\r\n"}, "imap_host"),
        ({"smtp_port": 0}, "smtp_port"),
        ({"imap_port": 70_000}, "imap_port"),
        ({"imap_protection": Protection.NONE}, "imap_protection"),
        ({"folder": ""}, "folder"),
        ({"folder": 'IN"\r\nBOX'}, "folder"),
        ({"folder": "Saraban-Taken"}, "folder"),
        ({"ca_text": "ไม่ใช่ใบรับรอง"}, "ca_text"),
        ({"ca_text": "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"}, "ca_text"),
        ({"after": AfterTaking.DELETE, "after_days": 0}, "after_days"),
        ({"after": AfterTaking.MOVE, "after_days": 9999}, "after_days"),
    ],
)
def test_what_cannot_be_right_is_told_under_its_field(change: dict[str, Any], field: str) -> None:
    fields = wrong_fields(replace(RIGHT, **change))

    assert list(fields) == [field]
    assert any("\u0e00" <= c <= "\u0e7f" for c in fields[field])


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"token_url": ""}, "token_url"),
        ({"token_url": "http://login.example/token"}, "token_url"),
        ({"token_url": "ftp://127.0.0.1/token"}, "token_url"),
        ({"token_url": "https:///token"}, "token_url"),
        ({"client_id": ""}, "client_id"),
        ({"scope": "a\nb"}, "scope"),
    ],
)
def test_oauth_needs_a_safe_endpoint_and_a_client(change: dict[str, Any], field: str) -> None:
    assert list(wrong_fields(replace(OAUTH, **change))) == [field]
    assert wrong_fields(replace(OAUTH, token_url="http://127.0.0.1:8000/token")) == {}


def test_a_root_of_ones_own_is_taken_and_a_private_key_is_not(tmp_path: Path) -> None:
    made = make_certificate(tmp_path)
    root = made.ca_file.read_text()

    assert wrong_fields(replace(RIGHT, ca_text=root)) == {}
    assert list(wrong_fields(replace(RIGHT, ca_text=root + made.key_file.read_text()))) == ["ca_text"]


def test_days_do_not_matter_while_everything_is_kept() -> None:
    assert wrong_fields(replace(RIGHT, after_days=0)) == {}


def test_secrets_are_no_settings_that_an_event_could_name() -> None:
    assert not {"secret", "token", "token_until", "id", "agency_id"} & set(SETTINGS)
    assert {"token_url", "client_id", "after_days", "unit_id"} <= set(SETTINGS)
