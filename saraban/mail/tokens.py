"""The token endpoint of a mail provider over HTTPS: refresh tokens for access tokens (RFC 6749, section 6)."""

from __future__ import annotations

import json
import ssl
import time
import urllib.error
import urllib.parse
import urllib.request
from datetime import datetime, timedelta
from typing import Any

from saraban.domain.dispatch import SERVER_SAID
from saraban.domain.errors import RuleBroken
from saraban.usecases.mailing import AccessToken

_LARGEST_ANSWER = 100_000
_DEFAULT_LIFE = 3600.0
# What RFC 6749 (section 5.2) lets the endpoint say, and what the administrator can do about it.
_ERRORS = {
    "invalid_grant": "refresh token หมดอายุหรือถูกเพิกถอน ขอความยินยอมใหม่จากผู้ให้บริการแล้วใส่ refresh token ใหม่",
    "invalid_client": "client id หรือ client secret ไม่ถูกต้อง ตรวจกับผู้ให้บริการแล้วใส่ใหม่",
    "unauthorized_client": "ผู้ให้บริการไม่อนุญาตให้ client นี้ใช้ refresh token",
    "invalid_scope": "scope ไม่ถูกต้องหรือเกินกว่าที่ได้รับอนุญาต",
    "invalid_request": "ผู้ให้บริการไม่เข้าใจคำขอ ตรวจที่อยู่ขอโทเค็น client id และ scope",
    "unsupported_grant_type": "ที่อยู่ขอโทเค็นนี้ไม่รับ refresh token",
}


class HttpTokenOffice:
    """Asks the endpoint (usecases.mailing.TokenOffice). Redirections are not followed: the secret goes to the address
    that the administrator has written and nowhere else."""

    def __init__(self, *, timeout_seconds: float = 15.0) -> None:
        self._timeout = timeout_seconds

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
        """A new access token. Raises RuleBroken with words for the administrator; no secret stands in them."""
        asked = {"grant_type": "refresh_token", "refresh_token": refresh_token, "client_id": client_id}
        if client_secret:
            asked["client_secret"] = client_secret
        if scope:
            asked["scope"] = scope
        request = urllib.request.Request(
            token_url,
            urllib.parse.urlencode(asked).encode("ascii"),
            {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"},
        )
        until = time.monotonic() + self._timeout
        try:
            with self._opener(ca_text).open(request, timeout=self._timeout) as answer:
                said = _json(_read(answer, until))
        except urllib.error.HTTPError as error:
            with error:
                raise _refused(error.code, _json(_read(error, until))) from None
        except (OSError, ValueError) as error:
            reason = getattr(error, "reason", None) or type(error).__name__
            raise RuleBroken(f"ติดต่อที่อยู่ขอโทเค็นไม่ได้{SERVER_SAID}{reason}", code="oauth-unreachable") from None
        token = said.get("access_token")
        if not isinstance(token, str) or not token or not token.isascii():
            raise RuleBroken("ที่อยู่ขอโทเค็นตอบโดยไม่มี access token", code="oauth-refused")
        if str(said.get("token_type", "bearer")).lower() != "bearer":
            raise RuleBroken("ที่อยู่ขอโทเค็นออกโทเค็นชนิดที่ใช้กับไปรษณีย์ไม่ได้", code="oauth-refused")
        life = said.get("expires_in", _DEFAULT_LIFE)
        seconds = min(float(life), 7 * 86_400.0) if isinstance(life, int | float) and life > 0 else _DEFAULT_LIFE
        renewed = said.get("refresh_token")
        kept = renewed if isinstance(renewed, str) and renewed else refresh_token
        return AccessToken(token, at + timedelta(seconds=seconds), kept)

    @staticmethod
    def _opener(ca_text: str) -> urllib.request.OpenerDirector:
        context = ssl.create_default_context()
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        if ca_text:
            context.load_verify_locations(cadata=ca_text)
        return urllib.request.build_opener(_NoRedirect, urllib.request.HTTPSHandler(context=context))


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        return None


def _read(answer: Any, until: float) -> bytes:
    """The answer's octets, at most so many and at most so long, however it drips."""
    data = b""
    while block := answer.read1(_LARGEST_ANSWER):
        data += block
        if len(data) > _LARGEST_ANSWER or time.monotonic() > until:
            raise ValueError("too much")
    return data


def _json(data: bytes) -> dict[str, Any]:
    try:
        said = json.loads(data)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


def _refused(status: int, said: dict[str, Any]) -> RuleBroken:
    code = str(said.get("error", ""))[:60]
    words = _ERRORS.get(code, "ที่อยู่ขอโทเค็นปฏิเสธคำขอ" if status < 500 else "ที่อยู่ขอโทเค็นขัดข้อง ระบบจะลองใหม่เอง")
    return RuleBroken(f"{words}{SERVER_SAID}{status} {code}".rstrip(), code="oauth-refused")
