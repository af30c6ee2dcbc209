"""The administrator's page of the emblem: brought, looked at on forms 1 to 3, taken away; and what became of it."""

from __future__ import annotations

import hashlib

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from saraban.domain.classification import Form
from saraban.domain.errors import BadInput, NotFound
from saraban.domain.permissions import may_administer, require
from saraban.doorway import actor, reader, refresh_reader, services
from saraban.reading import emblems as rows
from saraban.reading import people
from saraban.usecases import emblems
from saraban.web import labels
from saraban.web.downloads import download
from saraban.web.filters import official_digits, thai_digits

bp = Blueprint("emblem", __name__, url_prefix="/admin/emblem")

_SAMPLE_WIDTH = 900


@bp.get("")
def index() -> ResponseReturnValue:
    """The emblem in use on the forms, the file to bring, and the history."""
    return _page()


@bp.post("")
def bring() -> ResponseReturnValue:
    """Put a file in place as the emblem."""
    file = request.files.get("file")
    data = file.stream.read(emblems.MOST_OCTETS + 1) if file is not None else b""
    try:
        emblems.set_emblem(services(), actor=actor(), name=(file.filename if file else "") or "", data=data)
    except BadInput as error:
        return _page(official_digits(error.fields.get("file", error.thai))), 422
    refresh_reader()
    flash("ใช้ตรานี้กับหนังสือที่ออกต่อจากนี้ หนังสือที่ออกไปแล้วไม่เปลี่ยน", "green")
    return redirect(url_for(".index"))


@bp.post("/remove")
def remove() -> ResponseReturnValue:
    """Take the emblem away."""
    emblems.remove_emblem(services(), actor=actor())
    refresh_reader()
    flash("เอาตราออกแล้ว แบบหนังสือกลับไปใช้ตราตัวอย่าง", "green")
    return redirect(url_for(".index"))


@bp.get("/emblem.pdf")
def file() -> Response:
    """The emblem as it is kept and printed."""
    data = emblems.open_emblem(services(), actor=actor())
    return download(data, "ตราของส่วนราชการ.pdf", "application/pdf", plain="emblem")


@bp.get("/sample/<form>.png")
def sample(form: str) -> Response:
    """A form with the emblem as an image."""
    found = next((one for one in emblems.SAMPLES if one.value == form), None)
    if found is None:
        raise NotFound
    png = emblems.sample_image(services(), actor=actor(), form=found, width=_SAMPLE_WIDTH)
    answer = Response(png, mimetype="image/png")
    answer.set_etag(hashlib.sha256(png).hexdigest()[:40])
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.make_conditional(request)
    return answer


def _page(error: str = "") -> str:
    require(may_administer(actor()))
    emblem = rows.emblem(reader(), actor())
    tag = emblem.hex[:12] if emblem is not None else "none"
    return render_template(
        "admin/emblem.html",
        agency=people.agency(reader(), actor().agency_id),
        emblem=emblem,
        error=error,
        most=emblems.MOST_OCTETS,
        samples=[(_caption(form), url_for(".sample", form=form.value, v=tag)) for form in emblems.SAMPLES],
        history=labels.history(rows.history(reader(), actor())),
    )


def _caption(form: Form) -> str:
    return f"แบบที่ {thai_digits(emblems.SAMPLES.index(form) + 1)} {form.thai}"
