"""create_app: Flask, its doors, commands, headers and error pages."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from saraban import api, cli, doorway, jobs, web
from saraban.bootstrap import TEMPLATES, Office, build
from saraban.demo import commands as demo_commands
from saraban.doorway import reads
from saraban.settings import Settings

LARGEST_REQUEST = 32_000_000


def create_app(settings: Settings, *, office: Office | None = None) -> Flask:
    """The application over these settings. `office` may be one that a test has built."""
    app = Flask("saraban", template_folder=str(TEMPLATES), static_folder=None)
    app.config.update(
        SECRET_KEY=settings.secret_key,
        MAX_CONTENT_LENGTH=LARGEST_REQUEST,
        MAX_FORM_MEMORY_SIZE=2_000_000,
        SESSION_COOKIE_NAME="saraban",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        PERMANENT_SESSION_LIFETIME=timedelta(hours=settings.session_hours),
        SESSION_REFRESH_EACH_REQUEST=False,  # guards.py says when
        WTF_CSRF_TIME_LIMIT=None,
        JSON_AS_ASCII=False,
    )
    if settings.trusted_proxies:
        proxies = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=proxies, x_host=proxies)  # type: ignore[method-assign]
    app.extensions[doorway.EXTENSION] = office or build(settings)
    app.teardown_appcontext(doorway.close_reader)
    reads.install(app)
    web.open_door(app)
    api.open_door(app)
    cli.open_door(app)
    jobs.open_door(app)
    demo_commands.open_door(app)
    return app
