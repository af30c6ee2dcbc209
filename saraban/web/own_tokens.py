"""Tokens of files that were kept before the form which names them is done: what was brought is used and seen by nobody
but who brought it, and not for ever."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import current_app
from itsdangerous import BadSignature, URLSafeTimedSerializer

from saraban.doorway import actor

TOKEN_LIFE = timedelta(hours=12)
"""A day at work with the form open."""


class OwnTokens:
    """Tokens of one sort, each of the person who is at work."""

    def __init__(self, sort: str) -> None:
        self._signer = URLSafeTimedSerializer(str(current_app.secret_key), salt=sort)

    def made(self, *said: Any) -> str:
        """A token that says this."""
        token = self._signer.dumps([_who(), *said])
        return token if isinstance(token, str) else token.decode()

    def said(self, token: str) -> list[Any]:
        """What the token says. Raises BadSignature for one that is forged, another person's, or older than
        `TOKEN_LIFE`."""
        told = self._signer.loads(token, max_age=int(TOKEN_LIFE.total_seconds()))
        if not isinstance(told, list) or told[:1] != [_who()]:
            raise BadSignature("of somebody else")
        return told[1:]


def _who() -> list[str]:
    """A person, at the agency at which he is at work."""
    return [str(actor().agency_id), str(actor().person_id)]
