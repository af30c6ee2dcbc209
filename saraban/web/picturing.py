"""One's own page of the picture of one's signature: drawn, brought, taken away."""

from __future__ import annotations

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from saraban.domain.errors import BadInput
from saraban.doorway import actor, services
from saraban.usecases import picturing
from saraban.web.filters import official_digits

bp = Blueprint("picturing", __name__, url_prefix="/me/signature")


@bp.get("")
def index() -> ResponseReturnValue:
    """The picture in use, the sheet to draw on, and the file to bring."""
    return _page()


@bp.post("")
def bring() -> ResponseReturnValue:
    """Put what was drawn or chosen in place."""
    file = request.files.get("file")
    data = file.stream.read(picturing.MOST_OCTETS + 1) if file is not None else b""
    try:
        picturing.set_picture(services(), actor=actor(), data=data)
    except BadInput as error:
        return _page(official_digits(error.fields.get("file", error.thai))), 422
    flash("ใช้ภาพนี้ในกรอบลายมือชื่อของหนังสือที่ท่านลงนามต่อจากนี้", "green")
    return redirect(url_for(".index"))


@bp.post("/remove")
def remove() -> ResponseReturnValue:
    """Take the picture away."""
    picturing.remove_picture(services(), actor=actor())
    flash("เอาภาพลายเซ็นออกแล้ว หนังสือที่ออกไปแล้วไม่เปลี่ยน", "green")
    return redirect(url_for(".index"))


@bp.get("/picture.png")
def picture() -> Response:
    """The picture as it is printed."""
    answer = Response(picturing.open_picture(services(), actor=actor()), mimetype="image/png")
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer


def _page(error: str = "") -> str:
    found = picturing.picture_of(services(), actor=actor())
    return render_template(
        "picturing/index.html",
        picture=url_for(".picture", v=found.hex[:12]) if found is not None else "",
        error=error,
        most=picturing.MOST_OCTETS,
    )
