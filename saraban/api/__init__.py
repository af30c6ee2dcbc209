"""The REST door, version 1: the same use cases for programs, under /api/v1 (OpenAPI 3.1 at /api/v1/openapi.json).

Each section is a file: `letters`, `versions`, `templates`, `routing`, `desk`, `boards`, `progress`, `signatures`,
`late_stamps`, `copies`, `tracking`, `incoming`, `links`, `receivers`, `errands`, `outsiders`, `groups`, `acting`,
`registers`, `numbers`, `finding`, `saved_searches`, `matters`, `meetings`, `scans`, `mailboxes`, `room`, `cards`
(of the inbox of troubles), `readings`, `journal`, `kept_lists`, `notices`, `organisation`, `staff`, `verifying`,
`issued`, `issued_runs`, `petitions`, `following`, `publications`, `public_register`.
`gate` asks for a token, `forms` says what may be sent, `answers` and `answers_received` what comes back, `showing`
makes it, `repeating` does a POST once for each Idempotency-Key, `problems` tells what went wrong, `document` describes
it all.
No screens, no sessions, no equipment in here; start with `letters.py`.
"""

from __future__ import annotations

from flask import Flask
from flask.json.provider import DefaultJSONProvider

from saraban.api import (
    acting,
    archive,
    archive_many,
    boards,
    cards,
    copies,
    coursing,
    desk,
    disposals,
    duty,
    errands,
    finding,
    following,
    groups,
    handovers,
    incoming,
    issued,
    issued_runs,
    journal,
    kept_lists,
    late_stamps,
    letters,
    links,
    loans,
    lookup_limits,
    lookups,
    mailboxes,
    matters,
    meetings,
    ministry,
    moving_in,
    notices,
    number_marks,
    numbers,
    organisation,
    outsiders,
    petitions,
    progress,
    public_register,
    publications,
    reader_groups,
    readings,
    receivers,
    reconciling,
    registers,
    room,
    routing,
    saved_searches,
    scans,
    signatures,
    staff,
    standing,
    tasks,
    templates,
    tracking,
    verifying,
    versions,
    visits,
)
from saraban.api.document import Document
from saraban.api.problems import speak_of_unknown_addresses

SECTIONS = (
    letters,
    versions,
    templates,
    routing,
    desk,
    boards,
    signatures,
    late_stamps,
    copies,
    tracking,
    receivers,
    groups,
    outsiders,
    acting,
    incoming,
    links,
    tasks,
    reader_groups,  # the section of letters passed round, with groups of readers
    standing,
    registers,
    numbers,
    reconciling,
    lookups,
    lookup_limits,
    ministry,
    number_marks,
    duty,
    progress,
    moving_in,
    publications,
    archive,
    archive_many,
    kept_lists,
    disposals,
    handovers,
    loans,
    visits,
    readings,
    journal,
    issued,
    issued_runs,
    meetings,
    coursing,
    errands,
    organisation,
    staff,
    cards,
    notices,
    mailboxes,
    room,
    matters,
    finding,
    saved_searches,
    scans,
    verifying,
    public_register,
    petitions,
    following,
)


def open_door(app: Flask) -> None:
    """Open the API in an application. Where forms are guarded against forgery, its sections are exempt: they know no
    cookie. Call it after the screens' door."""
    document = Document(app)
    guard = app.extensions.get("csrf")
    for section in SECTIONS:
        document.register_blueprint(section.api)
        if guard is not None:
            guard.exempt(section.api)
    assert isinstance(app.json, DefaultJSONProvider)
    app.json.ensure_ascii = app.json.sort_keys = False
    speak_of_unknown_addresses(app)
