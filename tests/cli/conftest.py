"""The commands over a small Flask with the real office: no screens are needed for them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from click.testing import Result
from flask import Flask

from saraban import cli, doorway
from tests.usecases.conftest import furnished, house, pki, renderer
from tests.usecases.house import House

__all__ = ["furnished", "house", "pki", "renderer"]
Run = Callable[..., Result]


@pytest.fixture
def run(house: House) -> Run:
    """`run("journal", "verify")` gives the command's exit code and words."""
    app = Flask(__name__)
    app.extensions[doorway.EXTENSION] = house.real
    app.teardown_appcontext(doorway.close_reader)
    cli.open_door(app)
    runner = app.test_cli_runner()

    def command(*words: object, **more: object) -> Result:
        result = runner.invoke(args=[str(word) for word in words], **more)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    return command
