"""Certified copies of letters, outgoing and incoming, of documents issued to people, and of what issuers gave in answer
to questions: the list beside them, the page of certifying, the files."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Unpack
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from saraban.domain.errors import SarabanError
from saraban.domain.incoming import IncomingId
from saraban.domain.letter import LetterId
from saraban.doorway import actor, refresh_reader, services
from saraban.doorway.errors import problem_of
from saraban.usecases import copying, duplicating, picturing, printing_out
from saraban.usecases.copying import CopyOf
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
    printed: str


def copies_of(**of: Unpack[CopyOf]) -> ShownCopies:
    """What the page of the letter or document shows; it was opened before."""
    desk = copying.copy_desk(services(), actor=actor(), **of)
    folder, name = _folder(of), _file_name(desk)
    rows = [
        ShownCopy(
            one.person_name, one.title, one.at, one.size, f"{folder}/{one.sha256.hex}.pdf", name, one.spares_citizen
        )
        for one in desk.copies
    ]
    duplicated = "letter_id" in of and desk.is_open
    return ShownCopies(
        rows,
        f"{folder}/new",
        desk.why_not,
        url_for("copying.duplicate", letter_id=of["letter_id"]) if duplicated else "",
        url_for("copying.print_out", letter_id=of["letter_id"]) if duplicated else "",
    )


@bp.get("/letters/<uuid:letter_id>/copies/new")
def letter(letter_id: UUID) -> ResponseReturnValue:
    """The page of certifying a copy of an outgoing letter."""
    return _page({"letter_id": LetterId(letter_id)})


@bp.get("/incoming/<uuid:incoming_id>/copies/new")
def incoming(incoming_id: UUID) -> ResponseReturnValue:
    """The page of certifying a copy of an incoming letter."""
    return _page({"incoming_id": IncomingId(incoming_id)})


@bp.post("/letters/<uuid:letter_id>/copies")
def certify_letter(letter_id: UUID) -> ResponseReturnValue:
    """Certify a copy of an outgoing letter with the passphrase of one's key."""
    return _certify({"letter_id": LetterId(letter_id)})


@bp.post("/incoming/<uuid:incoming_id>/copies")
def certify_incoming(incoming_id: UUID) -> ResponseReturnValue:
    """Certify a copy of an incoming letter with the passphrase of one's key."""
    return _certify({"incoming_id": IncomingId(incoming_id)})


@bp.get("/letters/<uuid:letter_id>/duplicate.pdf")
def duplicate(letter_id: UUID) -> Response:
    """The duplicate that the sender keeps of an issued letter, for saving."""
    data = duplicating.duplicate(services(), actor=actor(), letter_id=LetterId(letter_id))
    return download(data, "สำเนาคู่ฉบับ.pdf", "application/pdf", plain="duplicate")


@bp.get("/letters/<uuid:letter_id>/print.pdf")
def print_out(letter_id: UUID) -> Response:
    """An issued letter for paper, which says when, by whom and from which system it was printed."""
    letter, data = printing_out.print_letter(services(), actor=actor(), letter_id=LetterId(letter_id))
    refresh_reader()
    name = telling_name(f"พิมพ์จากระบบ {letter.number or ''}".strip(), letter.content.subject, ".pdf")
    return download(data, name, "application/pdf", plain="print-out")


@bp.get("/letters/<uuid:letter_id>/copies/<sha256>.pdf")
def letter_file(letter_id: UUID, sha256: str) -> Response:
    """A certified copy of an outgoing letter, for saving."""
    return _file(sha256, {"letter_id": LetterId(letter_id)})


@bp.get("/incoming/<uuid:incoming_id>/copies/<sha256>.pdf")
def incoming_file(incoming_id: UUID, sha256: str) -> Response:
    """A certified copy of an incoming letter, for saving."""
    return _file(sha256, {"incoming_id": IncomingId(incoming_id)})


@bp.get("/issued/<uuid:document_id>/copies/new")
def document(document_id: UUID) -> ResponseReturnValue:
    """The page of certifying a copy of a document issued to a person."""
    return _page({"document_id": document_id})


@bp.post("/issued/<uuid:document_id>/copies")
def certify_document(document_id: UUID) -> ResponseReturnValue:
    """Certify a copy of a document issued to a person with the passphrase of one's key."""
    return _certify({"document_id": document_id})


@bp.get("/issued/<uuid:document_id>/copies/<sha256>.pdf")
def document_file(document_id: UUID, sha256: str) -> Response:
    """A certified copy of a document issued to a person, for saving."""
    return _file(sha256, {"document_id": document_id})


@bp.get("/lookups/<uuid:lookup_id>/copies/new")
def lookup(lookup_id: UUID) -> ResponseReturnValue:
    """The page of certifying a copy of the file (`file`) that an issuer gave."""
    return _page({"lookup_id": lookup_id, "file": request.args.get("file", "")})


@bp.post("/lookups/<uuid:lookup_id>/copies")
def certify_lookup(lookup_id: UUID) -> ResponseReturnValue:
    """Certify a copy of the file (`file`) that an issuer gave with the passphrase of one's key."""
    return _certify({"lookup_id": lookup_id, "file": request.form.get("file", "")})


@bp.get("/lookups/<uuid:lookup_id>/copies/<sha256>.pdf")
def lookup_file(lookup_id: UUID, sha256: str) -> Response:
    """A certified copy of what an issuer gave, for saving."""
    return _file(sha256, {"lookup_id": lookup_id})


def _file(sha256: str, of: CopyOf) -> Response:
    data = copying.open_copy(services(), actor=actor(), sha256=digest_of(sha256), **of)
    desk = copying.copy_desk(services(), actor=actor(), **of)
    return download(data, _file_name(desk), "application/pdf", plain=f"certified-copy-{sha256[:8]}")


def _certify(of: CopyOf) -> ResponseReturnValue:
    try:
        copying.certify_copy(
            services(),
            actor=actor(),
            passphrase=request.form.get("passphrase", ""),
            spares_citizen=bool(request.form.get("spares_citizen")),
            **of,
        )
    except SarabanError as error:
        return _page(of, error)
    refresh_reader()
    flash("รับรองสำเนาแล้ว ดาวน์โหลดได้ที่สำเนาที่รับรอง", "green")
    return redirect(_page_of(of)[1])


def _page(of: CopyOf, error: SarabanError | None = None) -> ResponseReturnValue:
    # Who may not see the letter is refused here, with the same words as on the letter's own page.
    desk = copying.copy_desk(services(), actor=actor(), **of)
    problem = problem_of(error) if error is not None else None
    here, back = _page_of(of)
    body = render_template(
        "copying/new.html",
        desk=desk,
        has_picture=picturing.picture_of(services(), actor=actor()) is not None,
        problem=problem,
        spares_citizen=bool(request.values.get("spares_citizen")),
        back=back,
        here=here,
        called=_CALLED[here],
        file=of.get("file", ""),
        send=_folder(of),
    )
    # A missing signing key is no missing letter.
    return body, {404: 422}.get(problem.status, problem.status) if problem is not None else 200


_CALLED = {"outgoing": "หนังสือ", "incoming": "หนังสือ", "issued": "เอกสาร", "lookups": "คำขอตรวจเอกสาร"}


def _file_name(desk: copying.CopyDesk) -> str:
    """What a certified copy is called: the letter's number and subject. That of a classified one stands on no disk."""
    return telling_name(f"สำเนาถูกต้อง {desk.number}".strip(), desk.subject if desk.secrecy.is_open else "", ".pdf")


def _folder(of: CopyOf) -> str:
    """The address under which these copies lie."""
    if "letter_id" in of:
        return url_for("copying.certify_letter", letter_id=of["letter_id"])
    if "document_id" in of:
        return url_for("copying.certify_document", document_id=of["document_id"])
    if "lookup_id" in of:
        return url_for("copying.certify_lookup", lookup_id=of["lookup_id"])
    return url_for("copying.certify_incoming", incoming_id=of["incoming_id"])


def _page_of(of: CopyOf) -> tuple[str, str]:
    """In which part of the system the page of what is copied stands, and its address."""
    if "letter_id" in of:
        return "outgoing", url_for("letters.show", letter_id=of["letter_id"])
    if "document_id" in of:
        return "issued", url_for("issued.show", document_id=of["document_id"])
    if "lookup_id" in of:
        return "lookups", url_for("lookups.show", lookup_id=of["lookup_id"])
    return "incoming", url_for("incoming.show", incoming_id=of["incoming_id"])
