"""A provider of OAuth 2.0 on loopback: a token endpoint (RFC 6749) and what Dovecot asks about a token."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit


class Provider:
    """Gives access tokens for refresh tokens, each of which is good once. `refuse` answers with an error of RFC 6749,
    `answer` with anything at all; `revoked` tokens are good no longer."""

    def __init__(self, user: str = "", client: tuple[str, str] = ("saraban", "ความลับของ client")) -> None:
        self.user, self.client = user, client
        self.refresh_token, self.lifetime = "refresh-0", 3600
        self.given: list[str] = []
        self.revoked: set[str] = set()
        self.asked: list[dict[str, str]] = []
        self.refuse = ""
        self.answer: Callable[[BaseHTTPRequestHandler], None] | None = None
        provider = self

        class Handler(BaseHTTPRequestHandler):
            """The two addresses."""

            def do_POST(self) -> None:
                """The token endpoint."""
                body = self.rfile.read(int(self.headers.get("Content-Length", "0"))).decode()
                form = {name: values[0] for name, values in parse_qs(body).items()}
                provider.asked.append(form)
                if provider.answer is not None:
                    provider.answer(self)
                else:
                    self.say(*provider._token(form))

            def do_GET(self) -> None:
                """Whose token it is."""
                token = parse_qs(urlsplit(self.path).query).get("access_token", [""])[0]
                good = token in provider.given and token not in provider.revoked
                self.say(*((200, {"email": provider.user}) if good else (401, {"error": "invalid_token"})))

            def say(self, status: int, what: dict[str, Any]) -> None:
                """An answer in JSON."""
                data = json.dumps(what).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *_: object) -> None:
                """Quietly."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    @property
    def token_url(self) -> str:
        """Where tokens are asked for."""
        return f"http://127.0.0.1:{self.port}/token"

    @property
    def token_info(self) -> str:
        """Where Dovecot asks about a token, which it puts at the end."""
        return f"http://127.0.0.1:{self.port}/info?access_token="

    def close(self) -> None:
        """End it."""
        self._server.shutdown()
        self._server.server_close()

    def _token(self, form: dict[str, str]) -> tuple[int, dict[str, Any]]:
        if self.refuse:
            return 400, {"error": self.refuse}
        if (form.get("client_id"), form.get("client_secret")) != self.client:
            return 401, {"error": "invalid_client"}
        if form.get("grant_type") != "refresh_token" or form.get("refresh_token") != self.refresh_token:
            return 400, {"error": "invalid_grant"}
        self.given.append(f"access-{len(self.given)}")
        self.refresh_token = f"refresh-{len(self.given)}"
        told = {"access_token": self.given[-1], "token_type": "Bearer", "expires_in": self.lifetime}
        return 200, told | {"refresh_token": self.refresh_token}
