"""Certified copies of letters, outgoing and incoming: the list beside the letter, the page of certifying, the files."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from saraban.domain.errors import SarabanError
from saraban.domain.incoming import IncomingId
from saraban.domain.letter import LetterId
from saraban.doorway import actor, refresh_reader, services
from saraban.doorway.errors import problem_of
from saraban.usecases import copying, duplicating, picturing
from saraban.web.downloads import digest_of, download, telling_name

bp = Blueprint("copying", __name__)


@dataclass(frozen=True)
class ShownCopy:
    """A copy as the list beside the letter takes it."""

    name: str
    title: str
    at: datetime
    size: int
    href: str
    file_name: str
    spares_citizen: bool


@dataclass(frozen=True)
class ShownCopies:
    """The copies of a letter, where one more is certified, and in Thai why that cannot be done."""

    rows: list[ShownCopy]
    new: str
    why_not: str
    duplicate: str


def copies_of(*, letter_id: LetterId | None = None, incoming_id: IncomingId | None = None) -> ShownCopies:
    """What the letter's page shows; it was opened before."""
    desk = copying.copy_desk(services(), actor=actor(), letter_id=letter_id, incoming_id=incoming_id)
    folder, name = _folder(letter_id, incoming_id), _file_name(desk)
    rows = [
        ShownCopy(
            one.person_name, one.title, one.at, one.size, f"{folder}/{one.sha256.hex}.pdf", name, one.spares_citizen
        )
        for one in desk.copies
    ]
    duplicated = letter_id is not None and desk.is_open
    return ShownCopies(
        rows,
        f"{folder}/new",
        desk.why_not,
        url_for("copying.duplicate", letter_id=letter_id) if duplicated else "",
    )


@bp.get("/letters/<uuid:letter_id>/copies/new")
def letter(letter_id: UUID) -> ResponseReturnValue:
    """The page of certifying a copy of an outgoing letter."""
    return _page(LetterId(letter_id), None)


@bp.get("/incoming/<uuid:incoming_id>/copies/new")
def incoming(incoming_id: UUID) -> ResponseReturnValue:
    """The page of certifying a copy of an incoming letter."""
    return _page(None, IncomingId(incoming_id))


@bp.post("/letters/<uuid:letter_id>/copies")
def certify_letter(letter_id: UUID) -> ResponseReturnValue:
    """Certify a copy of an outgoing letter with the passphrase of one's key."""
    return _certify(LetterId(letter_id), None)


@bp.post("/incoming/<uuid:incoming_id>/copies")
def certify_incoming(incoming_id: UUID) -> ResponseReturnValue:
    """Certify a copy of an incoming letter with the passphrase of one's key."""
    return _certify(None, IncomingId(incoming_id))


@bp.get("/letters/<uuid:letter_id>/duplicate.pdf")
def duplicate(letter_id: UUID) -> Response:
    """The duplicate that the sender keeps of an issued letter, for saving."""
    data = duplicating.duplicate(services(), actor=actor(), letter_id=LetterId(letter_id))
    return download(data, "สำเนาคู่ฉบับ.pdf", "application/pdf", plain="duplicate")


@bp.get("/letters/<uuid:letter_id>/copies/<sha256>.pdf")
def letter_file(letter_id: UUID, sha256: str) -> Response:
    """A certified copy of an outgoing letter, for saving."""
    return _file(sha256, LetterId(letter_id), None)


@bp.get("/incoming/<uuid:incoming_id>/copies/<sha256>.pdf")
def incoming_file(incoming_id: UUID, sha256: str) -> Response:
    """A certified copy of an incoming letter, for saving."""
    return _file(sha256, None, IncomingId(incoming_id))


def _file(sha256: str, letter_id: LetterId | None, incoming_id: IncomingId | None) -> Response:
    data = copying.open_copy(
        services(), actor=actor(), sha256=digest_of(sha256), letter_id=letter_id, incoming_id=incoming_id
    )
    desk = copying.copy_desk(services(), actor=actor(), letter_id=letter_id, incoming_id=incoming_id)
    return download(data, _file_name(desk), "application/pdf", plain=f"certified-copy-{sha256[:8]}")


def _certify(letter_id: LetterId | None, incoming_id: IncomingId | None) -> ResponseReturnValue:
    try:
        copying.certify_copy(
            services(),
            actor=actor(),
            passphrase=request.form.get("passphrase", ""),
            letter_id=letter_id,
            incoming_id=incoming_id,
            spares_citizen=bool(request.form.get("spares_citizen")),
        )
    except SarabanError as error:
        return _page(letter_id, incoming_id, error)
    refresh_reader()
    flash("รับรองสำเนาแล้ว ดาวน์โหลดได้ที่สำเนาที่รับรอง", "green")
    return redirect(_letter_page(letter_id, incoming_id))


def _page(
    letter_id: LetterId | None, incoming_id: IncomingId | None, error: SarabanError | None = None
) -> ResponseReturnValue:
    # Who may not see the letter is refused here, with the same words as on the letter's own page.
    desk = copying.copy_desk(services(), actor=actor(), letter_id=letter_id, incoming_id=incoming_id)
    problem = problem_of(error) if error is not None else None
    body = render_template(
        "copying/new.html",
        desk=desk,
        has_picture=picturing.picture_of(services(), actor=actor()) is not None,
        problem=problem,
        spares_citizen=bool(request.values.get("spares_citizen")),
        back=_letter_page(letter_id, incoming_id),
        here="outgoing" if letter_id is not None else "incoming",
        send=_folder(letter_id, incoming_id),
    )
    # A missing signing key is no missing letter.
    return body, {404: 422}.get(problem.status, problem.status) if problem is not None else 200


def _file_name(desk: copying.CopyDesk) -> str:
    """What a certified copy is called: the letter's number and subject. That of a classified one stands on no disk."""
    return telling_name(f"สำเนาถูกต้อง {desk.number}".strip(), desk.subject if desk.secrecy.is_open else "", ".pdf")


def _folder(letter_id: LetterId | None, incoming_id: IncomingId | None) -> str:
    """The address under which a letter's copies lie."""
    if letter_id is not None:
        return url_for("copying.certify_letter", letter_id=letter_id)
    return url_for("copying.certify_incoming", incoming_id=incoming_id)


def _letter_page(letter_id: LetterId | None, incoming_id: IncomingId | None) -> str:
    if letter_id is not None:
        return url_for("letters.show", letter_id=letter_id)
    return url_for("incoming.show", incoming_id=incoming_id)
