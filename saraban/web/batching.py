"""Batches of the desk: letters that were ticked are looked through, then signed with one passphrase or endorsed; a page
tells what became of each while it happens."""

from __future__ import annotations

from contextlib import suppress
from typing import Any
from uuid import UUID, uuid4

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from saraban.domain.batch import BatchDeed, BatchId
from saraban.domain.errors import BadInput, ConcurrentEdit, RuleBroken, SarabanError
from saraban.domain.letter import LetterId
from saraban.doorway import actor, reader, refresh_reader, services
from saraban.doorway.background import in_background
from saraban.doorway.errors import problem_of
from saraban.doorway.idempotency import do_once, once_key
from saraban.reading import batches as rows
from saraban.usecases import batching, noticing, routing, signing
from saraban.usecases.batching import Wanted
from saraban.web.filters import count

bp = Blueprint("batching", __name__, url_prefix="/desk/batches")


@bp.get("")
def index() -> ResponseReturnValue:
    """The officer's batches, the newest first."""
    return render_template("batching/index.html", batches=rows.own(reader(), actor(), services().clock.now()))


@bp.post("")
def prepare() -> ResponseReturnValue:
    """Make a batch of the letters that are ticked in the list, as they stand in it."""
    try:
        deed, wanted = BatchDeed(request.form.get("deed", "")), [_wanted(text) for text in request.form.getlist("pick")]
    except ValueError:
        raise BadInput({"letters": "รายการที่เลือกอ่านไม่ได้ กลับไปที่แฟ้มเสนอแล้วเลือกใหม่"}) from None
    asked = [deed.value, *([str(one.letter_id), one.version] for one in wanted)]
    try:
        said = do_once(
            once_key(actor(), request.form.get("idempotency_key"), "batch", asked),
            lambda office: {"batch": str(batching.prepare_batch(office, actor=actor(), deed=deed, wanted=wanted))},
            lambda batch_id: {"batch": str(batch_id)},
        )
    except BadInput as error:
        flash(next(iter(error.fields.values()), error.thai), "amber")
        return redirect(url_for("routing.desk"))
    return redirect(url_for(".show", batch_id=said.answer["batch"]))


@bp.get("/<uuid:batch_id>")
def show(batch_id: UUID) -> ResponseReturnValue:
    """A batch before it begins, while it is gone through, and at its end, of which the person then knows."""
    noticing.mark_seen(services(), actor=actor(), about_id=batch_id)
    return _page(batch_id)


@bp.post("/<uuid:batch_id>/go")
def go(batch_id: UUID) -> ResponseReturnValue:
    """Begin it, or go on where it was interrupted; with the passphrase where it is signed."""
    found = rows.batch(reader(), actor(), batch_id, services().clock.now())
    try:
        if found.deed is BatchDeed.SIGN:
            batching.sign_batch(
                services(),
                actor=actor(),
                batch_id=BatchId(batch_id),
                passphrase=request.form.get("passphrase", ""),
                sign=signing.sign_with,
                spawn=in_background,
            )
        else:
            batching.endorse_batch(
                services(),
                actor=actor(),
                batch_id=BatchId(batch_id),
                note=request.form.get("note") if found.state == "prepared" else None,
                endorse=routing.endorse_letter,
                spawn=in_background,
            )
    except ConcurrentEdit:
        pass  # it is being gone through already, which the page shows
    except SarabanError as error:
        return _page(batch_id, error)
    return redirect(url_for(".show", batch_id=batch_id))


@bp.post("/<uuid:batch_id>/stop")
def stop(batch_id: UUID) -> ResponseReturnValue:
    """Stop after the letter in hand."""
    with suppress(ConcurrentEdit, RuleBroken):  # it came to its end meanwhile, which the page shows
        batching.stop_batch(services(), actor=actor(), batch_id=BatchId(batch_id))
    refresh_reader()
    return redirect(url_for(".show", batch_id=batch_id))


@bp.post("/<uuid:batch_id>/take-out")
def take_out(batch_id: UUID) -> ResponseReturnValue:
    """Leave letters out before it begins."""
    try:
        out = [LetterId(UUID(text)) for text in request.form.getlist("out")]
        batching.take_out(services(), actor=actor(), batch_id=BatchId(batch_id), letter_ids=out)
    except ValueError:
        raise BadInput({"letters": "รายการที่เลือกอ่านไม่ได้"}) from None
    except SarabanError as error:
        return _page(batch_id, error)
    refresh_reader()
    flash(f"เอาออกจากชุดแล้ว {count(len(out))} ฉบับ หนังสือยังอยู่ในแฟ้มเสนอ", "green")
    return redirect(url_for(".show", batch_id=batch_id))


def _wanted(text: str) -> Wanted:
    letter_id, _, version = text.partition(":")
    return Wanted(LetterId(UUID(letter_id)), int(version))


def _page(batch_id: UUID, error: SarabanError | None = None) -> ResponseReturnValue:
    if error is not None:
        refresh_reader()
    found = rows.batch(reader(), actor(), batch_id, services().clock.now())
    problem = problem_of(error) if error is not None else None
    shown: dict[str, Any] = {"batch": found, "lines": rows.lines(reader(), actor(), batch_id), "problem": problem}
    if "HX-Request" in request.headers:
        # At its end the whole page is asked for: its title and what can be done are others then.
        headers = {"HX-Refresh": "true"} if found.state != "running" else {}
        return render_template("batching/live.html", **shown), headers
    why_no_key = "" if found.deed is not BatchDeed.SIGN or routing.has_key(services(), actor=actor()) else _NO_KEY
    phrases = rows.phrases(reader(), actor())["endorse"]
    body = render_template(
        "batching/show.html", why_no_key=why_no_key, phrases=phrases, note=request.form.get("note", ""), **shown
    )
    return body, {404: 422}.get(problem.status, problem.status) if problem is not None else 200


_NO_KEY = "ท่านยังไม่มีกุญแจลงนาม ให้ผู้ดูแลระบบออกใบรับรองและกุญแจให้ท่านก่อน"


def fresh_key() -> str:
    """The key under which a repeated post of the list makes one batch."""
    return uuid4().hex
