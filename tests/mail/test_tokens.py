"""Asking a provider for a token: what is sent, what is believed, and what the administrator is told."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler

import pytest

from saraban.domain.errors import RuleBroken
from saraban.mail.tokens import HttpTokenOffice
from saraban.usecases.mailing import AccessToken
from tests.mailservers.provider import Provider
from tests.mailservers.stack import free_ports

AT = datetime(2026, 11, 26, 3, 0, tzinfo=UTC)


@pytest.fixture
def provider() -> Iterator[Provider]:
    """A provider of tokens."""
    made = Provider()
    yield made
    made.close()


def ask(provider: Provider, refresh: str = "refresh-0", secret: str | None = None, url: str = "") -> AccessToken:
    """One request."""
    client, right = provider.client
    return HttpTokenOffice(timeout_seconds=2.0).refresh(
        url or provider.token_url, client, right if secret is None else secret, refresh, "imap smtp", AT
    )


def test_a_token_comes_with_its_end_and_the_next_refresh_token(provider: Provider) -> None:
    got = ask(provider)

    assert got == AccessToken("access-0", AT + timedelta(hours=1), "refresh-1")
    [form] = provider.asked
    assert (form["grant_type"], form["scope"], form["client_id"]) == ("refresh_token", "imap smtp", "saraban")


@pytest.mark.parametrize(
    ("refuse", "words"),
    [
        ("invalid_grant", "ขอความยินยอมใหม่"),
        ("invalid_client", "client secret ไม่ถูกต้อง"),
        ("invalid_scope", "scope"),
        ("something_new", "ปฏิเสธคำขอ เครื่องบริการตอบว่า 400 something_new"),
    ],
)
def test_a_refusal_is_told_in_words_and_without_secrets(provider: Provider, refuse: str, words: str) -> None:
    provider.refuse = refuse

    with pytest.raises(RuleBroken) as told:
        ask(provider)

    assert words in told.value.thai
    assert "refresh-0" not in told.value.thai and provider.client[1] not in told.value.thai


def test_a_used_refresh_token_and_a_wrong_secret_are_refused(provider: Provider) -> None:
    ask(provider)
    with pytest.raises(RuleBroken, match="ขอความยินยอมใหม่"):
        ask(provider)
    with pytest.raises(RuleBroken, match="client secret"):
        ask(provider, "refresh-1", secret="ผิด")


def _say(status: int, body: bytes, **headers: str) -> object:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return answer


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (200, b"<html>sign in</html>"),
        (200, b"{}"),
        (200, b"[]"),
        (200, b'{"access_token": ""}'),
        (200, b'{"access_token": 7}'),
        (200, b'{"access_token": "x", "token_type": "mac"}'),
        (200, b'{"access_token": "' + b"x" * 200_000 + b'"}'),
        (500, b"oops"),
        (302, b""),
    ],
)
def test_an_answer_that_is_none_is_told(provider: Provider, status: int, body: bytes) -> None:
    provider.answer = _say(status, body, Location="http://127.0.0.1:1/elsewhere")  # type: ignore[assignment]

    with pytest.raises(RuleBroken):
        ask(provider)
    assert len(provider.asked) == 1, "nothing is sent anywhere else"


@pytest.mark.parametrize("life", [b'"soon"', b"-5", b"null", b"1e300"])
def test_a_strange_lifetime_is_no_trouble(provider: Provider, life: bytes) -> None:
    provider.answer = _say(200, b'{"access_token": "x", "expires_in": ' + life + b"}")  # type: ignore[assignment]

    got = ask(provider)

    assert AT < got.ends_at <= AT + timedelta(days=7)
    assert got.refresh_token == "refresh-0"


def test_a_provider_that_is_away_or_never_ends_is_given_up(provider: Provider) -> None:
    [closed] = free_ports(1)
    with pytest.raises(RuleBroken, match="ติดต่อที่อยู่ขอโทเค็นไม่ได้"):
        ask(provider, url=f"http://127.0.0.1:{closed}/token")
    with socket.create_server(("127.0.0.1", 0)) as silent:
        began = time.monotonic()
        with pytest.raises(RuleBroken, match="ติดต่อที่อยู่ขอโทเค็นไม่ได้"):
            ask(provider, url=f"http://127.0.0.1:{silent.getsockname()[1]}/token")
        assert time.monotonic() - began < 10

    def drip(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        for _ in range(60):
            handler.wfile.write(b" ")
            handler.wfile.flush()
            time.sleep(0.1)

    provider.answer = drip
    began = time.monotonic()
    with pytest.raises(RuleBroken):
        ask(provider)
    assert time.monotonic() - began < 5
