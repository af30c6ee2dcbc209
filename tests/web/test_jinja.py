"""Pages are cheap without being other pages: components are imported as they are, addresses of styles are made once."""

from __future__ import annotations

import pytest
from flask import Flask, render_template_string

from saraban.web import assets, jinja


@pytest.fixture
def app() -> Flask:
    """An application with nothing but styles."""
    made = Flask(__name__, static_folder=None)
    jinja.install(made)
    assets.install(made)
    return made


def test_a_component_knows_the_globals_of_the_application_and_not_the_words_of_the_page(app: Flask) -> None:
    app.jinja_env.globals["of_all"] = "ของทุกหน้า"
    said = "{% macro said() %}{{ of_all }}|{{ of_page }}{% endmacro %}"
    component = app.jinja_env.from_string(said)
    with app.test_request_context("/"):
        shown = render_template_string("{% from component import said %}{{ said() }}", component=component, of_page="x")

    assert shown == "ของทุกหน้า|"


def test_an_address_of_a_style_follows_where_the_application_stands_and_which_version_it_has(app: Flask) -> None:
    asked = "{{ url_for('static', filename='icon.svg') }}"
    seen = []
    for root, version in (("", "a"), ("/office", "a"), ("/office", "b"), ("", "a")):
        app.config["STATIC_VERSION"] = version
        with app.test_request_context("/", environ_overrides={"SCRIPT_NAME": root}):
            seen.append(render_template_string(asked))

    assert seen == [
        "/static/a/icon.svg",
        "/office/static/a/icon.svg",
        "/office/static/b/icon.svg",
        "/static/a/icon.svg",
    ]


def test_templates_share_the_globals_and_one_with_its_own_keeps_them(app: Flask) -> None:
    environment = app.jinja_env
    assert isinstance(environment, jinja.SharedGlobals)
    assert environment.from_string("").globals is environment.globals
    assert environment.from_string("{{ own }}", globals={"own": "ค"}).render() == "ค"
    assert "own" not in environment.globals


def test_an_address_is_that_of_its_language_and_what_was_typed_is_not_kept(app: Flask) -> None:
    app.add_url_rule("/services", "services", lambda: "")
    seen = []
    with app.test_request_context("/"):
        for lang in (None, "en", "th", None, "<x>"):
            seen.append(render_template_string("{{ url_for('services', lang=lang) }}", lang=lang))
        seen.append(render_template_string("{{ url_for('services') }}"))

    assert seen == [
        "/services",
        "/services?lang=en",
        "/services?lang=th",
        "/services",
        "/services?lang=%3Cx%3E",
        "/services",
    ]
