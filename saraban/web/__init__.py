"""The screens: a view checks a form, makes one call and chooses a page.

Nothing here knows the equipment (storage, mail, crypto, rendering) and nothing here decides; rules live in the domain,
deeds in the use cases, rows for the eye in `saraban.reading`. Start with `filters.py` (Thai words, dates and digits)
and with `templates/base.html` and `templates/components/` (the kit that every screen is built of). `guards.py` says who
comes in, `refusals.py` what is shown when something goes wrong.
"""

from __future__ import annotations

import importlib

from flask import Flask

from saraban.web import assets, frame, guards, refusals
from saraban.web.filters import register_filters

MODULES = "auth home letters drafting routing incoming tracking registers search directory admin health help".split()


def open_door(app: Flask) -> None:
    """Give an application all screens, their guards, words and error pages."""
    register_filters(app)
    assets.install(app)
    guards.install(app)
    frame.install(app)
    refusals.install(app)
    importlib.import_module("saraban.web.drafting")
    for name in MODULES:
        try:
            module = importlib.import_module(f"saraban.web.{name}")
        except ModuleNotFoundError as error:
            if error.name != f"saraban.web.{name}":
                raise
            continue
        if name != "drafting":
            app.register_blueprint(module.bp)
