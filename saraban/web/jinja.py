"""What makes every page cheap that is built of many components: they are imported without being looked over again, and
the addresses of styles and scripts are made once."""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import Any

from flask import Flask, request
from flask.templating import Environment


class SharedGlobals(Environment):
    """Templates that have no globals of their own share those of the application as they are. Jinja lays an empty layer
    over them for each, and at every import of a component compares the layers word by word."""

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """The globals of a template (jinja2.Environment.make_globals)."""
        return super().make_globals(d) if d else self.globals


def install(app: Flask) -> None:
    """Let the application make its templates so. Before anything asks for `app.jinja_env`."""
    app.jinja_environment = SharedGlobals
    known: dict[tuple[str, str, str], str] = {}

    def url_for(endpoint: str, **values: Any) -> str:
        if endpoint != "static" or values.keys() != {"filename"}:
            return app.url_for(endpoint, **values)
        key = (request.script_root, app.config["STATIC_VERSION"], values["filename"])
        if key not in known:
            known[key] = app.url_for(endpoint, **values)
        return known[key]

    app.jinja_env.globals["url_for"] = url_for
