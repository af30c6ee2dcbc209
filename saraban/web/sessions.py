"""Which requests have a session: those of pages. What is the same for everybody has none, nor has the API, where
whoever holds a token speaks for its person.

Where a session was looked at, Flask says that the answer varies with the cookie (RFC 9110, section 12.5.5). Styles,
scripts and fonts would be asked for again with every new cookie, and caches before us would keep nothing of a document
that anybody may verify.
"""

from __future__ import annotations

from flask import Flask, Request, Response, request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin

_WITHOUT = ("/static/", "/v/", "/public/", "/register/", "/api/")


def install(app: Flask) -> None:
    """Give the application sessions where they belong."""
    app.session_interface = _Sessions()


def has_none(path: str) -> bool:
    """Is there no session under this path?"""
    return path in ("/v", "/public", "/register") or path.startswith(_WITHOUT)


class _Sessions(SecureCookieSessionInterface):
    """Sessions in a signed cookie; an empty one, of which nothing is kept or said, for what is the same for all."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """The session of a request."""
        return SecureCookieSession() if has_none(request.path) else super().open_session(app, request)

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Keep the session, where there is one."""
        if not has_none(request.path):
            super().save_session(app, session, response)
