"""Many documents from a sheet: previewed line by line, begun in the background, approved and signed as a run, handed to
their holders by links."""

from __future__ import annotations

from contextlib import suppress
from io import BytesIO
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from itsdangerous import BadSignature

from saraban.domain.attachment import Digest
from saraban.domain.calendar import office_date
from saraban.domain.errors import BadInput, ConcurrentEdit, RuleBroken, SarabanError, WrongPassphrase
from saraban.domain.issued_kind import IssuedKind
from saraban.domain.permissions import (
    may_approve_some_issued,
    may_issue,
    may_revise_issued,
    may_sign_issued,
    require,
    words_of,
)
from saraban.domain.verification import address
from saraban.doorway import actor, reader, refresh_reader, services
from saraban.doorway.background import in_background
from saraban.doorway.errors import problem_of
from saraban.doorway.issued_sheets import ReadSheet, columns_of, order_of_run
from saraban.doorway.issued_sheets import look_through as looked_through
from saraban.reading import issued as kinds
from saraban.reading import issued_runs as rows
from saraban.usecases import errands, holder_links, routing, running_issued, signing_issued
from saraban.usecases.sheets import Sheet, keep_sheet, kept_sheet
from saraban.web.downloads import download
from saraban.web.filters import thai_datetime, thai_digits
from saraban.web.own_tokens import OwnTokens

bp = Blueprint("issued_runs", __name__, url_prefix="/issued/runs")

_SHOWN = 200
_NO_KEY = "ท่านยังไม่มีกุญแจลงนาม ผู้ดูแลระบบติดตั้งให้ได้"
_RESULT = (
    *("แถวที่", "ชื่อผู้ถือ", "เลขที่", "สถานะ", "หน้าตรวจสอบ", "เหตุที่ทำไม่ได้"),
    *("อีเมลผู้ถือ", "การส่งให้ผู้ถือ", "เมื่อ", "เหตุที่ส่งไม่ถึง", "เหตุที่ไม่มีตราประทับเวลา"),
)


@bp.get("")
def index() -> str:
    """The runs, the newest first."""
    found = rows.runs(reader(), actor(), services().clock.now())
    issues = [line.kind for line in kinds.kinds(reader(), actor(), _today()) if not line.why_not]
    return render_template("issued_runs/index.html", runs=found, kinds=issues)


@bp.get("/new/<uuid:kind_id>")
def new(kind_id: UUID) -> ResponseReturnValue:
    """Where a sheet is chosen."""
    return _choose(_kind(kind_id), {})


@bp.get("/new/<uuid:kind_id>/sheet.xlsx")
def sheet(kind_id: UUID) -> Response:
    """A sheet with the headings of the kind and an example."""
    kind, out = _kind(kind_id), BytesIO()
    columns = columns_of(kind)
    headings, example = [name for name, _ in columns], [one for _, one in columns]
    services().spreadsheets.write_xlsx(kind.name_th, headings, [example], out)
    return download(out.getvalue(), f"แบบ{kind.name_th}.xlsx", holder_links.XLSX, plain="sheet")


@bp.post("/new/<uuid:kind_id>")
def look_through(kind_id: UUID) -> ResponseReturnValue:
    """What the sheet says, line by line; with `really` its documents are begun, unless a line is wrong."""
    kind = _kind(kind_id)
    try:
        sheet, name = _brought(kind)
        read = looked_through(kind, sheet)
    except BadInput as error:
        return _choose(kind, error.fields), 422
    except RuleBroken as error:
        return _choose(kind, {"file": error.thai}), 422
    if request.form.get("really") and not read.wrong:
        title, order = order_of_run(services(), kind, read, name)
        return _ordered(running_issued.ERRAND, title, order, len(read.lines))
    return _preview(kind, sheet, name, read), 422 if read.wrong else 200


@bp.get("/<uuid:run_id>")
def show(run_id: UUID) -> ResponseReturnValue:
    """A run: how far it is, what each who has to do with it may do now, and what became of its lines."""
    return _page(run_id)


@bp.post("/<uuid:run_id>/approve")
def approve(run_id: UUID) -> ResponseReturnValue:
    """Approve what waits of it, in the background."""
    try:
        many = running_issued.expect_approvable(services(), actor=actor(), run_id=run_id)
    except RuleBroken as error:
        return _page(run_id, error)
    order = {"deed": running_issued.APPROVE, "run": str(run_id)}
    return _ordered(running_issued.ERRAND, f"อนุมัติ {_title(run_id)}", order, many)


@bp.post("/<uuid:run_id>/sign")
def sign(run_id: UUID) -> ResponseReturnValue:
    """Sign what waits of it, with the passphrase once; goes on with a run that was cut off."""
    try:
        running_issued.sign_run(
            services(),
            actor=actor(),
            run_id=run_id,
            passphrase=request.form.get("passphrase", ""),
            sign=signing_issued.sign_in_turn,
            spawn=in_background,
        )
    except (ConcurrentEdit, RuleBroken, WrongPassphrase) as error:
        return _page(run_id, error)
    refresh_reader()
    return redirect(url_for(".show", run_id=run_id))


@bp.post("/<uuid:run_id>/stop")
def stop(run_id: UUID) -> ResponseReturnValue:
    """Stop after the document in hand."""
    with suppress(ConcurrentEdit):  # it came to its end meanwhile, which the page shows
        running_issued.stop_run(services(), actor=actor(), run_id=run_id)
    refresh_reader()
    return redirect(url_for(".show", run_id=run_id))


@bp.post("/<uuid:run_id>/links")
def links(run_id: UUID) -> ResponseReturnValue:
    """Send links to the holders' mailboxes, once or again to those it did not reach, or make a sheet of links: in the
    background."""
    run, kind = running_issued.look_at_run(services(), actor=actor(), run_id=run_id)
    require(may_revise_issued(actor(), kind))
    deed, many = request.form.get("deed", ""), run.documents
    if deed in (holder_links.MAIL, holder_links.AGAIN):
        again = deed == holder_links.AGAIN
        try:
            many = holder_links.expect_mailable(services(), actor=actor(), run_id=run_id, again=again)
        except RuleBroken as error:
            return _page(run_id, error)
    else:
        deed = holder_links.SHEET
    order = {"deed": deed, "run": str(run.id)}
    return _ordered(holder_links.ERRAND, f"{holder_links.WORDS[deed]} {run.title}", order, many)


@bp.get("/<uuid:run_id>/result.xlsx")
def result(run_id: UUID) -> Response:
    """What became of each line, as a sheet."""
    run = rows.run(reader(), actor(), run_id, services().clock.now())
    home, out = services().public_url, BytesIO()
    told = [
        (one.ordinal, one.holder_name, one.number, one.state.thai,
         address(home, one.code) if home and one.code and one.state.is_out else "", one.why, one.mailed_to,
         one.delivery.thai if one.delivery else "", thai_datetime(one.delivered_at), one.why_returned, one.untimed)
        for one in rows.lines(reader(), run_id, None)
    ]  # fmt: skip
    services().spreadsheets.write_xlsx("ผลรายแถว", _RESULT, told, out)
    return download(out.getvalue(), f"ผลรายแถว {run.title}.xlsx", holder_links.XLSX, plain="result")


# --- within -----------------------------------------------------------------------------------------------------------


def _today() -> Any:
    return office_date(services().clock.now())


def _kind(kind_id: UUID) -> IssuedKind:
    kind = kinds.kind(reader(), actor(), kind_id)
    require(may_issue(actor(), kind))
    return kind


def _choose(kind: IssuedKind, errors: dict[str, str]) -> str:
    return render_template("issued_runs/new.html", kind=kind, errors=errors, columns=columns_of(kind))


def _brought(kind: IssuedKind) -> tuple[Sheet, str]:
    """The sheet that was sent, or the one that was kept when it was looked through, and its name."""
    file = request.files.get("file")
    if file is not None and file.filename:
        data = file.stream.read(running_issued.LARGEST_SHEET + 1)
        name = file.filename
        return running_issued.read_run_sheet(services(), actor=actor(), kind_id=kind.id, data=data, name=name), name
    if not request.form.get("token"):
        raise BadInput({"file": "เลือกไฟล์ XLSX หรือ CSV"})
    try:
        of, digest, name = OwnTokens("issued-run").said(request.form["token"])
    except BadSignature:
        of, digest, name = "", "", ""
    if of != str(kind.id):
        raise BadInput({"file": "ไฟล์ที่ส่งไว้ใช้ไม่ได้แล้ว เลือกไฟล์อีกครั้ง"})
    return kept_sheet(services(), Digest(digest)), name


def _preview(kind: IssuedKind, sheet: Sheet, name: str, read: ReadSheet) -> str:
    wrong, kept = read.wrong, keep_sheet(services(), sheet=sheet)
    shown = [*sorted(wrong), *(at for at in range(len(read.lines)) if at not in wrong)][:_SHOWN]
    return render_template(
        "issued_runs/preview.html",
        kind=kind,
        name=name,
        token=OwnTokens("issued-run").made(str(kind.id), kept.hex, name),
        headings=sheet.headings,
        rows=[(sheet.numbers[at], sheet.rows[at], thai_digits(" · ".join(wrong.get(at, {}).values()))) for at in shown],
        total=len(read.lines),
        wrong=len(wrong),
        unknown=read.unknown,
        mailboxes=sum(bool(one.mail) for one in read.lines),
    )


def _ordered(kind: str, title: str, order: dict[str, Any], total: int) -> ResponseReturnValue:
    errand = errands.order_errand(services(), actor=actor(), kind=kind, title=title[:200], order=order, total=total)
    refresh_reader()
    return redirect(url_for("errands.show", errand_id=errand))


def _title(run_id: UUID) -> str:
    return running_issued.look_at_run(services(), actor=actor(), run_id=run_id)[0].title


def _page(run_id: UUID, error: SarabanError | None = None) -> ResponseReturnValue:
    if error is not None:
        refresh_reader()
    run = rows.run(reader(), actor(), run_id, services().clock.now())
    kind = kinds.kind(reader(), actor(), run.kind_id)
    problem = problem_of(error) if error is not None else None
    shown: dict[str, Any] = {"run": run, "lines": rows.lines(reader(), run_id), "problem": problem}
    if "HX-Request" in request.headers:
        # At its end the whole page is asked for: what can be done is something else then.
        return render_template("issued_runs/live.html", **shown), {} if run.is_held else {"HX-Refresh": "true"}
    has_key = routing.has_key(services(), actor=actor())
    body = render_template(
        "issued_runs/show.html",
        kind=kind,
        mine=rows.waiting_for(reader(), run_id, kind.turns_of(actor().position_id)),
        has_address=bool(services().public_url),
        why_not={
            "approve": words_of(may_approve_some_issued(actor(), kind)),
            "sign": words_of(may_sign_issued(actor(), kind)) or ("" if has_key else _NO_KEY),
            "links": words_of(may_revise_issued(actor(), kind)),
        },
        **shown,
    )
    return body, problem.status if problem is not None else 200
