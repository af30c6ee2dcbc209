"""The administrator's page of old registers: the folders that lie ready, to be looked at first and then entered."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from typing import BinaryIO, cast

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from saraban.domain.errors import BadInput
from saraban.domain.permissions import may_administer, require
from saraban.doorway import actor, reader, services
from saraban.reading import errands as ordered
from saraban.reading import people
from saraban.usecases import errands, moving_in
from saraban.usecases.moving_desk import MOST_ROWS
from saraban.web.downloads import download
from saraban.web.forms.old_lines import EXAMPLE, TEMPLATE
from saraban.web.guards import csrf

bp = Blueprint("moving_in", __name__, url_prefix="/admin/move-in")

_SHOWN = 20
"""How many of what was ordered stand on the page; all are in the list of errands."""
_SAMPLE = "ตารางย้ายทะเบียน"


@bp.get("")
def index() -> ResponseReturnValue:
    """The folders that lie ready, what was ordered before, and how a folder must look."""
    require(may_administer(actor()))
    return _page({})


def _page(errors: Mapping[str, str]) -> str:
    code = people.agency(reader(), actor().agency_id).code
    return render_template(
        "admin/move_in.html",
        place=services().old_folders.place(code),
        folders=services().old_folders.names(code),
        errands=ordered.own(reader(), actor(), kind=moving_in.ERRAND, limit=_SHOWN),
        columns=TEMPLATE,
        most=MOST_ROWS,
        errors=errors,
        typed=request.form.get("folder", "") if errors else "",
    )


@bp.get("/sample.xlsx")
def sample_xlsx() -> Response:
    """A sheet with every column that is read and a marked line that is never entered."""
    require(may_administer(actor()))
    out = BytesIO()
    services().spreadsheets.write_xlsx("ทะเบียนเดิม", TEMPLATE, [EXAMPLE], out)
    return download(out.getvalue(), f"{_SAMPLE}.xlsx", moving_in.XLSX, plain="move-in")


@bp.get("/sample.csv")
def sample_csv() -> Response:
    """The same as CSV."""
    require(may_administer(actor()))
    data = b"".join(services().spreadsheets.write_csv(TEMPLATE, [EXAMPLE]))
    return download(data, f"{_SAMPLE}.csv", "text/csv; charset=utf-8", plain="move-in")


@bp.post("/files")
def send() -> ResponseReturnValue:
    """Lay what is sent into a folder. Who may send so much is asked before it is read, and whether the form is ours as
    soon as it is."""
    require(may_administer(actor()))
    request.max_content_length = moving_in.LARGEST_SENDING
    csrf.protect()
    code = people.agency(reader(), actor().agency_id).code
    sent = [(one.filename or "", cast(BinaryIO, one.stream)) for one in request.files.getlist("file") if one.filename]
    try:
        words = moving_in.lay(services(), actor=actor(), code=code, folder=request.form.get("folder", ""), sent=sent)
    except BadInput as error:
        return _page(error.fields), 422
    flash(words, "green")
    return redirect(url_for(".index"))


csrf.exempt(send)


@bp.post("")
def order() -> ResponseReturnValue:
    """Have a folder looked at, or entered, in the background."""
    require(may_administer(actor()))
    folder, deed = request.form.get("folder", ""), request.form.get("deed", "")
    code = people.agency(reader(), actor().agency_id).code
    title = moving_in.title_of(services(), code=code, folder=folder, deed=deed)
    errand = errands.order_errand(
        services(),
        actor=actor(),
        kind=moving_in.ERRAND,
        title=title,
        order={"folder": folder, "deed": deed},
    )
    return redirect(url_for("errands.show", errand_id=errand))
