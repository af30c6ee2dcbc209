"""What makes every page cheap that is built of many components: they are imported without being looked over again, and
addresses that many pages show are made once."""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import Any

from flask import Flask, request
from flask.templating import Environment

_LANGUAGES = (None, "th", "en")


class SharedGlobals(Environment):
    """Templates that have no globals of their own share those of the application as they are. Jinja lays an empty layer
    over them for each, and at every import of a component compares the layers word by word."""

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """The globals of a template (jinja2.Environment.make_globals)."""
        return super().make_globals(d) if d else self.globals


def install(app: Flask) -> None:
    """Let the application make its templates so. Before anything asks for `app.jinja_env`."""
    app.jinja_environment = SharedGlobals
    known: dict[tuple[str | None, ...], str] = {}

    def url_for(endpoint: str, **values: Any) -> str:
        if not _is_one_of_few(endpoint, values):
            return app.url_for(endpoint, **values)
        key = (request.script_root, app.config["STATIC_VERSION"], endpoint, *values.values())
        if key not in known:
            known[key] = app.url_for(endpoint, **values)
        return known[key]

    app.jinja_env.globals["url_for"] = url_for


def _is_one_of_few(endpoint: str, values: dict[str, Any]) -> bool:
    """Is this the address of a style or script, or of a page that stands in one place?"""
    if endpoint == "static":
        return values.keys() == {"filename"}
    return not endpoint.startswith(".") and values.keys() <= {"lang"} and values.get("lang") in _LANGUAGES
