"""A mailbox by OAuth 2.0 from the page's settings to mail that is taken in: a provider, Postfix and Dovecot, our own
lock box and worker's jobs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from saraban.domain.mailbox import Login, Protection
from saraban.mail.errors import AuthenticationFailure
from saraban.storage.tables.exchange import inbox
from saraban.usecases import connecting, fetching
from saraban.usecases.connecting import MailSettings
from saraban.usecases.mailing import Finding
from tests.mail.correspondence import a_message
from tests.mailservers.provider import Provider
from tests.mailservers.stack import MailStack
from tests.usecases.house import House

OURS = "saraban@onep.example"


@pytest.fixture
def provider() -> Iterator[Provider]:
    """A provider of tokens for our mailbox."""
    made = Provider(OURS)
    yield made
    made.close()


@pytest.fixture
def stack(provider: Provider) -> Iterator[MailStack]:
    """Postfix and Dovecot that ask the provider about tokens."""
    if reason := MailStack.why_not():
        pytest.skip(reason)
    made = MailStack.start([(OURS, "a password that nobody uses")], token_info=provider.token_info)
    yield made
    made.stop()


def connect(house: House, stack: MailStack, provider: Provider) -> None:
    """Our administrator connects the central mailbox."""
    values: dict[str, Any] = {
        "user": OURS,
        "smtp_host": stack.host,
        "smtp_port": stack.smtp_port,
        "imap_host": stack.host,
        "imap_port": stack.imap_port,
        "imap_protection": Protection.STARTTLS,
        "ca_text": stack.ca_file.read_text(),
        "login": Login.OAUTH,
        "token_url": provider.token_url,
        "client_id": provider.client[0],
        "scope": "mail",
    }
    settings = MailSettings("", "", values, client_secret=provider.client[1], refresh_token="refresh-0")
    connecting.connect_mailbox(house.office, actor=house.ours["admin"], settings=settings)


def examined(house: House) -> dict[str, Finding]:
    """What the test of the page finds."""
    return {one.step: one for one in connecting.examine_mailbox(house.office, agency_code="onep")}


def test_a_mailbox_by_oauth_is_tried_out_and_read(house: House, stack: MailStack, provider: Provider) -> None:
    connect(house, stack, provider)
    with pytest.raises(AuthenticationFailure, match="ยังไม่มีโทเค็น"), house.office.mailboxes.open("onep", OURS):
        pass

    assert connecting.renew_tokens(house.office) == 1
    with house.office.mailboxes.open("onep", OURS) as reader:
        reader.append(a_message(b"by token\r\n", recipient=OURS))  # type: ignore[attr-defined]
        taken = fetching.fetch_mailbox(house.office, reader, agency_id=house.ours.agency.id, owner="test")
    found = examined(house)

    assert taken == 1 and len(house.rows(inbox)) == 1
    assert [f"{one.step}: {one.words}" for one in found.values() if one.good is False] == []
    assert found["oauth-token"].good and found["same-bytes"].good
    assert len(provider.given) == 2, "one for the worker, one for the test"


def test_a_revoked_consent_is_told_as_the_first_step(house: House, stack: MailStack, provider: Provider) -> None:
    connect(house, stack, provider)
    provider.refuse = "invalid_grant"

    found = examined(house)

    assert list(found) == ["oauth-token"] and found["oauth-token"].good is False
    assert "ขอความยินยอมใหม่" in found["oauth-token"].words
    with pytest.raises(AuthenticationFailure, match="ขอความยินยอมใหม่"), house.office.mailboxes.open("onep", OURS):
        pass
