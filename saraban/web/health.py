"""Health for machines that watch over this one: without a login, and without telling anything about anybody."""

from __future__ import annotations

import logging
from datetime import timedelta

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError

from saraban.doorway import reader, services
from saraban.reading.heartbeat import oldest_check

bp = Blueprint("health", __name__)

SILENT_AFTER = timedelta(minutes=10)
_log = logging.getLogger(__name__)


@bp.get("/health")
def show() -> ResponseReturnValue:
    """200 when the database answers and every mailbox was looked into lately, else 503; both say which part fails."""
    try:
        hosted, checked, oldest, troubled = oldest_check(reader())
    except SQLAlchemyError:
        _log.exception("the database does not answer")
        return jsonify(status="down", database="down", worker="unknown"), 503
    age = None if oldest is None else services().clock.now() - oldest
    alive = hosted == checked and (age is None or age <= SILENT_AFTER)
    seconds = None if age is None else max(0, round(age.total_seconds()))
    answer = jsonify(
        status="ok" if alive else "degraded",
        database="ok",
        worker="ok" if alive else "silent",
        mailbox_checked_seconds_ago=seconds,
        mailboxes=hosted,
        mailboxes_with_problems=troubled,
    )
    return answer, 200 if alive else 503
