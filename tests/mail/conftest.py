"""Mail servers and a transport at each."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.mail.correspondence import MailServer, Post
from tests.mailservers.fixtures import hub, hub_process, mail_server, make_hub, postfix_dovecot, real_clamd

__all__ = ["hub", "hub_process", "mail_server", "make_hub", "postfix_dovecot", "real_clamd"]


@pytest.fixture
def post(mail_server: MailServer) -> Iterator[Post]:
    """Sending and fetching at the hub's process and at Postfix and Dovecot."""
    made = Post(mail_server)
    yield made
    made.transport.close()


@pytest.fixture
def hub_post(hub: MailServer) -> Iterator[Post]:
    """Sending and fetching at the hub that can be made to misbehave."""
    made = Post(hub)
    yield made
    made.transport.close()
