"""Documents for people on the screens: lists, the form of a kind, one document with what can be done about it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from saraban.domain.calendar import office_date
from saraban.domain.errors import BadInput, ConcurrentEdit, RuleBroken, SarabanError, WrongPassphrase
from saraban.domain.issued import Follows, IssuedDocument, IssuedState
from saraban.domain.issued_kind import IssuedKind
from saraban.domain.permissions import (
    may_approve_issued,
    may_define_kinds,
    may_end_issued,
    may_issue,
    may_return_issued,
    may_revise_issued,
    may_sign_issued,
    may_withhold_issued,
    require,
    words_of,
)
from saraban.domain.verification import address
from saraban.doorway import actor, reader, refresh_reader, services
from saraban.doorway.errors import problem_of
from saraban.doorway.idempotency import do_once, once_key
from saraban.doorway.issued_sheets import read_said
from saraban.reading import issued as rows
from saraban.reading.delegations import positions_of_agency
from saraban.usecases import ending, issuing, routing, signing_issued
from saraban.usecases.issuing import Said
from saraban.usecases.ports import Services
from saraban.web.copying import copies_of
from saraban.web.downloads import download, telling_name
from saraban.web.filters import thai_digits
from saraban.web.forms.issued import asked, typed_of
from saraban.web.labels import history
from saraban.web.late_stamps import stamps_of

bp = Blueprint("issued", __name__, url_prefix="/issued")
PDF = "application/pdf"
_PICTURE = 640
_UNTIMED = "ลายมือชื่อไม่มีตราประทับเวลา เอกสารใช้ได้ แต่เวลาที่ลงนามไม่มีผู้รับรอง:"
_NO_KEY = "ท่านยังไม่มีกุญแจลงนาม ผู้ดูแลระบบติดตั้งให้ได้"


def _today() -> date:
    return office_date(services().clock.now())


@bp.get("")
def index() -> str:
    """Documents: those that wait for the person, or another choice of them."""
    kinds = rows.kinds(reader(), actor(), _today())
    mine = rows.waiting_for(reader(), actor(), _today())
    usual = rows.Show.MINE if mine else rows.Show.ALL
    show = next((one for one in rows.Show if one.value == request.args.get("show")), usual)
    chosen = next((one for one in kinds if str(one.id) == request.args.get("kind")), None)
    q = request.args.get("q", "")
    page = rows.documents(
        reader(),
        actor(),
        _today(),
        show=show,
        kind_id=chosen.id if chosen is not None else None,
        q=q,
        cursor=request.args.get("cursor", ""),
    )
    position = actor().position_id
    signs = [one.document.state is IssuedState.APPROVED and one.kind.signer_id == position for one in page.items]
    return render_template(
        "issued/index.html",
        page=page,
        show=show,
        views=[
            (one.thai, url_for(".index", show=one.value, kind=request.args.get("kind")), one is show,
             mine if one is rows.Show.MINE and mine else None)
            for one in rows.Show
        ],
        kinds=kinds,
        chosen=chosen,
        q=q,
        today=_today(),
        signs=bool(signs) and all(signs),
        issues=any(not one.why_not for one in kinds),
        defines=may_define_kinds(actor()) is None,
    )  # fmt: skip


@bp.get("/kinds")
def kinds() -> str:
    """What the agency issues, for who begins a document."""
    found = rows.kinds(reader(), actor(), _today())
    return render_template("issued/choose.html", found=found, defines=may_define_kinds(actor()) is None)


@bp.route("/new/<uuid:kind_id>", methods=["GET", "POST"])
def new(kind_id: UUID) -> ResponseReturnValue:
    """The form of a kind, and beginning a document with it."""
    kind = rows.kind(reader(), actor(), kind_id)
    require(may_issue(actor(), kind))
    if request.method == "GET":
        return _form(kind, {}, url_for(".new", kind_id=kind_id))

    def begin(said: Said) -> UUID:
        return _made_once(repr(said), lambda o: issuing.draft(o, actor=actor(), kind_id=kind_id, said=said))

    return _begin(kind, begin, url_for(".new", kind_id=kind_id))


@bp.route("/<uuid:document_id>/edit", methods=["GET", "POST"])
def edit(document_id: UUID) -> ResponseReturnValue:
    """Change a draft."""
    one = rows.document(reader(), actor(), document_id)
    require(may_revise_issued(actor(), one.kind))
    here = url_for(".edit", document_id=document_id)
    if request.method == "GET":
        return _form(one.kind, typed_of(one.kind, one.document), here, of=one.document)

    def revise(said: Said) -> UUID:
        version = request.form.get("version", type=int)
        issuing.revise(services(), actor=actor(), document_id=document_id, said=said, version=version)
        return document_id

    return _begin(one.kind, revise, here, of=one.document)


@bp.route("/<uuid:document_id>/follow", methods=["GET", "POST"])
def follow(document_id: UUID) -> ResponseReturnValue:
    """Begin the document that renews or replaces one, with what stands on that one."""
    one = rows.document(reader(), actor(), document_id)
    require(may_issue(actor(), one.kind))
    as_what = Follows.RENEWAL if request.args.get("how") == Follows.RENEWAL.value else Follows.REPLACEMENT
    here = url_for(".follow", document_id=document_id, how=as_what.value)
    if request.method == "GET":
        return _form(one.kind, typed_of(one.kind, one.document), here, of=one.document, follows=as_what)

    def begin(said: Said) -> UUID:
        return _made_once(
            repr((document_id, as_what, said)),
            lambda o: issuing.follow(o, actor=actor(), document_id=document_id, as_what=as_what, said=said),
        )

    return _begin(one.kind, begin, here, of=one.document, follows=as_what)


@bp.get("/<uuid:document_id>")
def show(document_id: UUID) -> str:
    """One document: what it waits for, what stands on it, what happened to it."""
    one = rows.document(reader(), actor(), document_id)
    who, document, kind = actor(), one.document, one.kind
    has_key = routing.has_key(services(), actor=who)
    return render_template(
        "issued/show.html",
        one=one,
        document=document,
        kind=kind,
        state=document.state.value,
        public=document.public_state(_today()),
        today=_today(),
        fields=[
            (field.shown, thai_digits(field.written(document.values[field.key])))
            for field in kind.fields
            if document.values.get(field.key)
        ],
        why_not={
            "revise": words_of(may_revise_issued(who, kind)),
            "issue": words_of(may_issue(who, kind)),
            "approve": words_of(may_approve_issued(who, kind, document)),
            "sign": words_of(may_sign_issued(who, kind)) or ("" if has_key else _NO_KEY),
            "return": words_of(may_return_issued(who, kind, document)),
            "end": words_of(may_end_issued(who, kind)),
            "withhold": words_of(may_withhold_issued(who, kind)),
        },
        route=_route(document, kind),
        history=history(one.history),
        copies=copies_of(document_id=document_id) if document.state.is_out else None,
        late_stamps=stamps_of(document_id=document_id),
        verification=address(services().public_url, document.code) if document.code and document.state.is_out else "",
    )


def _route(document: IssuedDocument, kind: IssuedKind) -> list[tuple[str, str, str]]:
    """Before whom it comes until it is issued: the post, who holds it, and "done", "now" or empty."""
    if document.state.is_out or document.state is IssuedState.VOID:
        return []
    posts = {one.id: one for one in positions_of_agency(reader(), actor().agency_id, _today())}
    now = document.before(kind) if document.state is not IssuedState.DRAFT else None
    at = kind.posts.index(now) if now in kind.posts else 0
    named = [
        (f"{one.title} {one.unit}", one.holder) if (one := posts.get(post)) else ("ตำแหน่งที่ยุบแล้ว", "")
        for post in kind.posts
    ]
    return [(*one, "done" if n < at else "now" if now and n == at else "") for n, one in enumerate(named)]


# --- files ------------------------------------------------------------------------------------------------------------


@bp.get("/<uuid:document_id>/file.pdf")
def original(document_id: UUID) -> ResponseReturnValue:
    """The signed file."""
    document, data = ending.open_original(services(), actor=actor(), document_id=document_id)
    return download(data, _name(document), PDF, plain="document")


@bp.get("/<uuid:document_id>/print.pdf")
def print_out(document_id: UUID) -> ResponseReturnValue:
    """A copy for paper, which says when and by whom it was printed."""
    document, data = ending.print_out(services(), actor=actor(), document_id=document_id)
    return download(data, f"พิมพ์จากระบบ {_name(document)}", PDF, plain="print-out")


@bp.get("/<uuid:document_id>/preview.pdf")
def preview(document_id: UUID) -> ResponseReturnValue:
    """The page as it would be issued now."""
    page = issuing.preview(services(), actor=actor(), document_id=document_id)
    return download(page.pdf, "ตัวอย่างเอกสาร.pdf", PDF, plain="preview")


@bp.get("/<uuid:document_id>/page.png")
def picture(document_id: UUID) -> Response:
    """The first page as it was issued, or as it would be."""
    png = issuing.picture(services(), actor=actor(), document_id=document_id, width=_PICTURE)
    answer = Response(png, mimetype="image/png")
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _name(document: IssuedDocument) -> str:
    return telling_name(document.number, document.holder_name, ".pdf")


# --- deeds ------------------------------------------------------------------------------------------------------------


_DEEDS: Mapping[str, tuple[Callable[..., object], bool, str]] = {
    "submit": (issuing.submit, False, "เสนอเอกสารแล้ว"),
    "approve": (issuing.approve, False, "อนุมัติแล้ว เอกสารไปยังลำดับถัดไป"),
    "return": (issuing.send_back, True, "ส่งคืนผู้จัดทำแล้ว"),
    "drop": (issuing.drop, True, "ไม่ออกเอกสารนี้แล้ว"),
    "suspend": (ending.suspend, True, "พักใช้เอกสารแล้ว ผู้ที่ตรวจสอบเห็นภายใน ๓๐ วินาที"),
    "resume": (ending.resume, True, "ให้ใช้เอกสารต่อแล้ว"),
    "revoke": (ending.revoke, True, "ยกเลิกเอกสารแล้ว ผู้ที่ตรวจสอบเห็นภายใน ๓๐ วินาที"),
    "withhold": (ending.withhold, True, "งดแสดงในทะเบียนสาธารณะแล้ว มีผลภายในหนึ่งนาที"),
    "show-again": (ending.show_again, True, "ให้แสดงในทะเบียนสาธารณะแล้ว"),
}
"""What is done to a document by one button: the use case, whether it asks for a reason, and the words afterwards."""


@bp.post(
    "/<uuid:document_id>/<any(submit, approve, return, drop, suspend, resume, revoke, withhold, 'show-again'):act>"
)
def deed(document_id: UUID, act: str) -> ResponseReturnValue:
    """Put it before others, approve it, send it back, give it up, suspend it, let it hold again, revoke it; keep it out
    of the public register, or let that show it again."""
    do, asks, words = _DEEDS[act]
    return _about(document_id, do, words, **({"reason": request.form.get("reason", "")} if asks else {}))


@bp.post("/<uuid:document_id>/sign")
def sign(document_id: UUID) -> ResponseReturnValue:
    """Sign and issue it."""
    said = request.form.get("passphrase", "")

    def deed(office: Services, **told: Any) -> None:
        if trouble := signing_issued.sign(office, **told).trouble:
            flash(f"{_UNTIMED} {trouble}", "amber")

    return _about(document_id, deed, "ลงนามและออกเอกสารแล้ว", passphrase=said)


@bp.post("/sign")
def sign_several() -> ResponseReturnValue:
    """Sign those that were ticked."""
    ids = [one for one in map(_uuid, request.form.getlist("document")) if one is not None]
    try:
        outcomes = signing_issued.sign_several(
            services(), actor=actor(), document_ids=ids, passphrase=request.form.get("passphrase", "")
        )
    except (BadInput, WrongPassphrase) as error:
        flash(error.in_words if isinstance(error, BadInput) else error.thai, "red")
    else:
        if good := sum(one.out is not None for one in outcomes):
            flash(f"ลงนามและออกเอกสารแล้ว {thai_digits(good)} ฉบับ", "green")
        troubles = [one.out.trouble for one in outcomes if one.out is not None and one.out.trouble]
        for words in dict.fromkeys(troubles):
            flash(f"{thai_digits(troubles.count(words))} ฉบับ {_UNTIMED} {words}", "amber")
        for words in dict.fromkeys(one.why_not for one in outcomes if one.out is None):
            many = sum(one.why_not == words for one in outcomes)
            flash(f"ไม่ได้ออก {thai_digits(many)} ฉบับ: {words}", "amber")
    refresh_reader()
    return redirect(url_for(".index", show=rows.Show.MINE.value))


def _about(document_id: UUID, deed: Callable[..., object], words: str, **said: Any) -> ResponseReturnValue:
    """Do it to what was looked at, say that it was done or why not, and go back."""
    version = request.form.get("version", type=int)
    try:
        deed(services(), actor=actor(), document_id=document_id, version=version, **said)
    except BadInput as error:
        flash(error.in_words, "red")
    except WrongPassphrase as error:
        flash(error.thai, "red")
    except (RuleBroken, ConcurrentEdit) as error:
        flash(error.thai, "amber")
    else:
        flash(words, "green")
    refresh_reader()
    return redirect(url_for(".show", document_id=document_id))


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


# --- the form ---------------------------------------------------------------------------------------------------------


def _begin(
    kind: IssuedKind,
    begin: Callable[[Said], UUID],
    here: str,
    *,
    of: IssuedDocument | None = None,
    follows: Follows | None = None,
) -> ResponseReturnValue:
    """Keep what was typed and, when the person asked for it, put it before others; or the form again."""
    try:
        document_id = begin(read_said(kind, request.form, _today()))
    except SarabanError as error:
        return _form(kind, request.form, here, of=of, follows=follows, error=error)
    refresh_reader()
    if request.form.get("then") == "submit":
        return _about_new(document_id)
    flash("บันทึกร่างเอกสารแล้ว", "green")
    return redirect(url_for(".show", document_id=document_id))


def _about_new(document_id: UUID) -> ResponseReturnValue:
    try:
        issuing.submit(services(), actor=actor(), document_id=document_id)
    except BadInput as error:
        flash(f"บันทึกร่างแล้ว ยังเสนอไม่ได้: {error.in_words}", "amber")
    except RuleBroken as error:
        flash(error.thai, "amber")
    else:
        flash("บันทึกและเสนอเอกสารแล้ว", "green")
    refresh_reader()
    return redirect(url_for(".show", document_id=document_id))


def _made_once(asked_for: str, make: Callable[[Any], UUID]) -> UUID:
    """The document that this form begins, once however often it is sent."""
    key = once_key(actor(), request.form.get("idempotency_key", "").strip(), "issued", asked_for)
    said = do_once(key, lambda office: {"id": str(make(office))}, lambda made: {"id": str(made)})
    return UUID(said.answer["id"])


def _form(
    kind: IssuedKind,
    typed: Mapping[str, str],
    here: str,
    *,
    of: IssuedDocument | None = None,
    follows: Follows | None = None,
    error: SarabanError | None = None,
) -> ResponseReturnValue:
    wrong = error.fields if isinstance(error, BadInput) else {}
    fields = asked(kind, typed, {name: thai_digits(words) for name, words in wrong.items()})
    places = {one.field.field: (one.at, one.field.shown) for one in fields}
    places |= {"holder_name": ("holder_name", "ชื่อผู้ถือเอกสาร"), "holder_id": ("holder_id", "เลขประจำตัว")}
    body = render_template(
        "issued/form.html",
        kind=kind,
        typed=typed,
        fields=fields,
        action=here,
        of=of,
        follows=follows,
        errors={name: thai_digits(words) for name, words in wrong.items()},
        error_rows=[(*places.get(name, ("holder_name", name)), thai_digits(words)) for name, words in wrong.items()],
        problem=problem_of(error) if error is not None and not wrong else None,
        key=request.form.get("idempotency_key") or uuid4().hex,
    )
    return body, 200 if error is None else problem_of(error).status
