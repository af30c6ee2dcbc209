"""The references of `pages` and `verification`: bare Flask views. One runs the register page's own query and shows what
it gives, the others look a code up by its key and show the letter's number, or tell the digest of its page.

They have no login, no frame, no rights; `BENCH_DATABASE` names the database and `BENCH_BOOK` the book.
"""

from __future__ import annotations

import os
from typing import Any
from uuid import UUID

from flask import Flask, jsonify, render_template_string, request
from sqlalchemy import Connection, Engine, RowMapping, bindparam, select

from saraban.domain.attachment import Role
from saraban.storage.database import open_engine
from saraban.storage.tables.letters import files, letters
from saraban.storage.tables.registers import entries
from saraban.storage.tables.verification import verification_codes

LINES_SHOWN = 50
_SHOWN = ("serial", "state", "number", "letter_date", "sender", "addressee", "subject", "practice", "note", "at")
_LINES = (
    select(*(entries.c[name] for name in ("id", *_SHOWN, "urgency", "secrecy", "entered_by", "subject_of")))
    .where(entries.c.book_id == bindparam("book"), entries.c.serial < bindparam("before"))
    .order_by(entries.c.serial.desc())
    .limit(LINES_SHOWN + 1)
)
_PAGE = (
    "<!doctype html><title>ทะเบียนหนังสือรับ</title><table>{% for line in lines %}<tr>"
    "{% for name in shown %}<td>{{ line[name] }}</td>{% endfor %}</tr>{% endfor %}</table>"
)


_NUMBER = (
    select(letters.c.number)
    .select_from(verification_codes.join(letters, letters.c.id == verification_codes.c.subject_id))
    .where(verification_codes.c.code == bindparam("code"))
)
_DIGEST = (
    select(files.c.sha256)
    .select_from(verification_codes.join(files, files.c.owner_id == verification_codes.c.subject_id))
    .where(verification_codes.c.code == bindparam("code"), files.c.role == Role.LETTER)
)
_DOCUMENT = "<!doctype html><title>ตรวจเอกสาร</title><h1>ใช้ได้</h1><p>{{ number }}</p>"


def lines(reader: Connection, book: UUID, before: int) -> list[RowMapping]:
    """Lines of the book under a number, the newest first."""
    return list(reader.execute(_LINES, {"book": book, "before": before}).mappings())


def create_app() -> Flask:
    """The application for gunicorn."""
    app = Flask("bare")
    engine: Engine = open_engine(os.environ["BENCH_DATABASE"], writing=False, pool_size=20)
    book = UUID(os.environ.get("BENCH_BOOK", str(UUID(int=0))))

    @app.get("/")
    def page() -> Any:
        with engine.connect() as reader:
            found = lines(reader, book, int(request.args["before"]))
        return render_template_string(_PAGE, lines=found, shown=_SHOWN)

    @app.get("/v/<code>")
    def document(code: str) -> Any:
        with engine.connect() as reader:
            number = reader.execute(_NUMBER, {"code": code}).scalar_one()
        return render_template_string(_DOCUMENT, number=number)

    @app.get("/digest/<code>")
    def digest(code: str) -> Any:
        with engine.connect() as reader:
            found = reader.execute(_DIGEST, {"code": code}).scalar_one()
        return jsonify(sha256=found.hex)

    return app
