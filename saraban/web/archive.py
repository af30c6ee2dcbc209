"""How letters are kept: what is finished, what goes into the store and by which list, one letter, and holds."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from flask import Blueprint, Flask, render_template, request, url_for
from flask.typing import ResponseReturnValue

from saraban.domain.agency import UnitId
from saraban.domain.calendar import BUDDHIST_OFFSET, office_date
from saraban.domain.errors import NotFound
from saraban.domain.keeping import Place
from saraban.domain.permissions import may_ask_for_visitor, may_borrow, may_hold, may_keep, may_store, words_of
from saraban.domain.register import BookKind, EntryId
from saraban.doorway import actor, archive_papers, reader, services
from saraban.doorway.archive_papers import list_head
from saraban.exchange.event_words import event_word
from saraban.reading import archive as rows
from saraban.reading import kept_lists, lending
from saraban.reading import visits as visit_rows
from saraban.reading.holds import held_among
from saraban.reading.paging import Page, part_of
from saraban.usecases import archive_sheets, archiving
from saraban.web.archive_deeds import PDF, done, typed_day
from saraban.web.downloads import download
from saraban.web.filters import thai_digits
from saraban.web.turning import chosen_of, cursor_here, page_here, turned, unit_wanted
from saraban.web.work_words import work_words

bp = Blueprint("archive", __name__, url_prefix="/archive")


def install(app: Flask) -> None:
    """Give all templates `kept_of`: how a letter of the system is kept, asked only where it is shown."""
    app.jinja_env.globals.update(
        kept_of=lambda subject: rows.kept_letter(reader(), actor(), subject),
        kept_entry=lambda entry_id: rows.kept_line(reader(), actor(), entry_id),
    )


def _list(view: str, found: Page[rows.KeptLine], **more: object) -> str:
    kinds, groups = _offered()
    return render_template(
        f"archive/{view}.html",
        view=view,
        found=found,
        page=page_here(),
        why_not=_why_not(),
        why_not_hold=words_of(may_hold(actor())),
        classes=[("", "ตามหมวดที่เลือก หรือคงประเภทที่กำหนดไว้แล้ว"), *kinds],
        plan=[("", "คงเดิม"), *groups],
        **more,
    )


def _offered() -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Classes and groups that can be chosen, by their codes."""
    kinds, groups = rows.classes(reader(), actor()), rows.plan(reader(), actor())
    return (
        [(kind.code, f"{kind.name} ({kind.period})") for kind in kinds if not kind.retired],
        [(g.code, f"{thai_digits(g.code)} {g.title}") for g in groups if not g.retired],
    )


def _why_not() -> str:
    return words_of(may_keep(actor(), actor().unit_id))


# --- lists of letters -------------------------------------------------------------------------------------------------


@bp.get("")
def index() -> str:
    """What is finished and waits to go into the store."""
    waits, unit = kept_lists.Waiting.STORE, unit_wanted()
    return _list(
        "ready",
        kept_lists.waiting(reader(), actor(), waits, page_here(), unit=unit),
        units=kept_lists.units_waiting(reader(), actor(), waits),
        unit=unit,
    )


@bp.post("")
def turn_ready() -> str:
    """Another page of it, with what was ticked."""
    turned()
    return index()


@bp.get("/working")
def working() -> str:
    """What is still in work, by book and year."""
    kind, year = _book_here()
    this = _this_year()
    return _list(
        "working",
        kept_lists.in_work(reader(), actor(), kind, year, page_here()),
        kind=kind,
        kinds=[(one.value, one.thai) for one in BookKind],
        year=year,
        years=[(one, f"ปี {thai_digits(one)}") for one in range(this, this - 25, -1)],
    )


@bp.post("/working")
def turn_working() -> str:
    """Another page of it, with what was ticked and typed."""
    turned()
    return working()


def _book_here() -> tuple[BookKind, int]:
    """The book of the list of what is in work."""
    named = request.values.get("book", BookKind.RECEIVING.value)
    kind = next((one for one in BookKind if one.value == named), BookKind.RECEIVING)
    return kind, request.values.get("year", type=int) or _this_year()


def _this_year() -> int:
    return office_date(services().clock.now()).year + BUDDHIST_OFFSET


@bp.post("/finish")
def finish() -> ResponseReturnValue:
    """The chosen letters are finished."""
    chosen = [*map(EntryId, chosen_of(all_in_work))]
    said = request.form
    back = url_for(".working", book=said.get("book"), year=said.get("year"), page=said.get("page"))
    return done(
        lambda: archiving.finish(services(), actor=actor(), entry_ids=chosen, on=typed_day("on")),
        f"ปฏิบัติเสร็จแล้ว {thai_digits(len(chosen))} ฉบับ",
        lambda _: back,
        working,
    )


@bp.post("/lists")
def draw() -> ResponseReturnValue:
    """Draw up a list of form 19 of the chosen letters."""
    return done(
        lambda: archiving.draw_list(services(), actor=actor(), entry_ids=[*map(EntryId, chosen_of(all_ready))]),
        "จัดทำบัญชีหนังสือส่งเก็บแล้ว พิมพ์ให้หน่วยเก็บพร้อมหนังสือ",
        lambda list_id: url_for(".storing", list_id=list_id),
        index,
    )


@bp.get("/lists")
def lists() -> str:
    """Lists of form 19."""
    return render_template(
        "archive/lists.html", view="lists", page=kept_lists.storing_lists(reader(), actor(), cursor_here())
    )


@bp.get("/lists/<uuid:list_id>")
def storing(list_id: UUID) -> str:
    """One list of form 19."""
    made = rows.storing_list(reader(), actor(), list_id)
    part = part_of(made.lines, cursor_here(), rows.SHOWN)
    held = held_among(reader(), (line.entry_id for line in part.items))
    return render_template("archive/list.html", made=made, part=part, held=held, why_not=words_of(may_store(actor())))


@bp.get("/lists/<uuid:list_id>.pdf")
def storing_pdf(list_id: UUID) -> ResponseReturnValue:
    """The list on paper."""
    made = rows.storing_list(reader(), actor(), list_id)
    pdf = archive_sheets.storing_pdf(services(), head=list_head(), made=made)
    return download(pdf, f"บัญชีหนังสือส่งเก็บ {made.serial}-{made.year}.pdf", PDF, plain="storing-list")


@bp.get("/lists/<uuid:list_id>/marks.pdf")
def storing_marks(list_id: UUID) -> ResponseReturnValue:
    """ตรากำหนดเก็บหนังสือ of all its letters, to be cut and stuck."""
    made = rows.storing_list(reader(), actor(), list_id)
    pdf = archive_sheets.storing_marks_pdf(services(), made=made)
    return download(pdf, f"ตรากำหนดเก็บ {made.serial}-{made.year}.pdf", PDF, plain="marks")


@bp.post("/lists/<uuid:list_id>/receive")
def receive(list_id: UUID) -> ResponseReturnValue:
    """Take the letters into the store."""
    return done(
        lambda: archiving.receive_list(services(), actor=actor(), list_id=list_id),
        "รับเข้าเก็บและลงทะเบียนหนังสือเก็บแล้ว",
        lambda _: url_for(".storing", list_id=list_id),
        lambda: storing(list_id),
    )


@bp.post("/lists/<uuid:list_id>/return")
def give_back(list_id: UUID) -> ResponseReturnValue:
    """Send the list back to its unit."""
    reason = request.form.get("reason", "")
    return done(
        lambda: archiving.return_list(services(), actor=actor(), list_id=list_id, reason=reason),
        "ส่งคืนหน่วยงานแล้ว",
        lambda _: url_for(".storing", list_id=list_id),
        lambda: storing(list_id),
    )


@bp.get("/register")
def store_register() -> str:
    """ทะเบียนหนังสือเก็บ (form 20) of a year."""
    years = kept_lists.register_years(reader(), actor()) or [_this_year()]
    year = request.values.get("year", type=int) or years[0]
    chosen = [(f"ปี {thai_digits(one)}", url_for("archive.store_register", year=one), one == year) for one in years]
    page = kept_lists.register_page(reader(), actor(), year, cursor_here())
    hold = words_of(may_hold(actor()))
    shown = {"page": page, "year": year, "years": chosen, "cursor": cursor_here(), "why_not_hold": hold}
    return render_template("archive/register.html", view="register", **shown)


@bp.get("/register.pdf")
def store_register_pdf() -> ResponseReturnValue:
    """The register on paper."""
    year = request.args.get("year", type=int) or 0
    pdf = archive_papers.store_register(year)
    return download(pdf, f"ทะเบียนหนังสือเก็บ {year}.pdf", PDF, plain="store-register")


@bp.get("/holds")
def holds() -> str:
    """Letters whose disposal is stopped."""
    return render_template("archive/holds.html", view="holds", page=kept_lists.held(reader(), actor(), cursor_here()))


def all_ready() -> list[UUID]:
    """Every letter of the list of what waits for the store."""
    return kept_lists.all_waiting(reader(), actor(), kept_lists.Waiting.STORE, unit=unit_wanted())


def all_in_work() -> list[UUID]:
    """Every letter of the list of what is in work."""
    return kept_lists.all_in_work(reader(), actor(), *_book_here())


def all_stored() -> list[UUID]:
    """Every letter of the register of the store that is still there."""
    return kept_lists.all_stored(reader(), actor(), request.values.get("year", type=int) or 0)


# --- one letter -------------------------------------------------------------------------------------------------------


@bp.get("/letters/<uuid:entry_id>")
def letter(entry_id: UUID) -> str:
    """How one letter is kept, and what may be done about it."""
    one = rows.kept_line(reader(), actor(), entry_id)
    facts = rows.history(reader(), actor(), entry_id)
    kinds, groups = _offered()
    unit = UnitId(one.line.unit_id) if one.line.unit_id is not None else None
    return render_template(
        "archive/letter.html",
        one=one,
        classes=kinds,
        plan=[("", "ยังไม่จัดหมวด"), *groups],
        why_not_keep=words_of(may_keep(actor(), unit)),
        why_not_hold=words_of(may_hold(actor())),
        loans=lending.card(reader(), actor(), entry_id),
        why_not_borrow=words_of(may_borrow(actor(), one.line.secrecy)),
        visits=visit_rows.visits(reader(), actor(), entry_id=entry_id),
        why_not_visit=words_of(may_ask_for_visitor(actor(), one.line.secrecy)),
        history=[
            {
                "at": fact.at,
                "who": f"{fact.person} ({fact.title})" if fact.title else fact.person,
                "what": event_word(fact.name),
                "detail": "" if one.line.masked else work_words(fact.name, fact.values) or "",
            }
            for fact in facts
        ],
    )


@bp.get("/letters/<uuid:entry_id>/mark.pdf")
def mark(entry_id: UUID) -> ResponseReturnValue:
    """ตรากำหนดเก็บหนังสือ, to be stuck on the first sheet."""
    one = rows.kept_line(reader(), actor(), entry_id)
    if one.item is None or not one.mark:
        raise NotFound
    return download(archive_sheets.mark_pdf(services(), term=one.item.term), "ตรากำหนดเก็บหนังสือ.pdf", PDF, plain="mark")


@bp.post("/letters/<uuid:entry_id>/class")
def classify(entry_id: UUID) -> ResponseReturnValue:
    """Give it its class and its group."""
    said = request.form
    return _about(
        entry_id,
        lambda: archiving.classify(
            services(),
            actor=actor(),
            entry_ids=[EntryId(entry_id)],
            class_code=said.get("class_code", ""),
            file_code=said.get("file_code", ""),
        ),
        "บันทึกอายุการเก็บและหมวดแล้ว",
    )


@bp.post("/letters/<uuid:entry_id>/finish")
def finish_one(entry_id: UUID) -> ResponseReturnValue:
    """It is finished, today or on the day that was typed."""
    return _about(
        entry_id,
        lambda: archiving.finish(services(), actor=actor(), entry_ids=[EntryId(entry_id)], on=typed_day("on")),
        "บันทึกว่าปฏิบัติเสร็จแล้ว อายุการเก็บเริ่มนับ",
    )


@bp.post("/letters/<uuid:entry_id>/checking")
def checking(entry_id: UUID) -> ResponseReturnValue:
    """It stays with its owner for checking."""
    deed = archiving.keep_for_checking
    return _about(
        entry_id, lambda: deed(services(), actor=actor(), entry_id=EntryId(entry_id)), "เก็บไว้เพื่อใช้ในการตรวจสอบแล้ว"
    )


@bp.post("/letters/<uuid:entry_id>/again")
def again(entry_id: UUID) -> ResponseReturnValue:
    """It is taken up again."""
    return _about(
        entry_id,
        lambda: archiving.take_up_again(services(), actor=actor(), entry_id=EntryId(entry_id)),
        "นำกลับมาปฏิบัติแล้ว",
    )


@bp.post("/letters/<uuid:entry_id>/place")
def place(entry_id: UUID) -> ResponseReturnValue:
    """Where the paper stands."""
    stands = Place(*(request.form.get(name, "") for name in ("room", "shelf", "box")))
    return _about(
        entry_id,
        lambda: archiving.place_paper(services(), actor=actor(), entry_id=EntryId(entry_id), place=stands),
        "บันทึกที่เก็บแล้ว",
    )


@bp.post("/letters/<uuid:entry_id>/hold")
def hold(entry_id: UUID) -> ResponseReturnValue:
    """Stop every disposal of it."""
    said = {name: request.form.get(name, "") for name in ("reason", "order")}
    return _about(
        entry_id,
        lambda: archiving.place_hold(services(), actor=actor(), entry_id=EntryId(entry_id), **said),
        "ระงับการทำลายแล้ว",
    )


@bp.post("/letters/<uuid:entry_id>/lift")
def lift(entry_id: UUID) -> ResponseReturnValue:
    """The hold is over."""
    reason = request.form.get("reason", "")
    return _about(
        entry_id,
        lambda: archiving.lift_hold(services(), actor=actor(), entry_id=EntryId(entry_id), reason=reason),
        "ยกเลิกการระงับแล้ว",
    )


def _about(entry_id: UUID, deed: Callable[[], object], words: str) -> ResponseReturnValue:
    return done(deed, words, lambda _: url_for(".letter", entry_id=entry_id), lambda: letter(entry_id))
