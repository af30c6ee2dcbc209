"""What an agency has issued, for everybody: search by number, name and state, and open data by kind. No login, no
cookie: the pages are the same for all and may lie in caches for a minute. Search engines are asked to leave them out:
names are found here, by who looks for a licence, and not beside whatever else is known of a person."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, jsonify, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from saraban.domain.errors import NotFound, TooMuch
from saraban.domain.issued_kind import IssuedKind
from saraban.doorway import office, services
from saraban.doorway import public_register as desk
from saraban.doorway.announcements import site
from saraban.reading.public_register import MOST_PAGES, SHOWN, STATES, Wanted
from saraban.reading.publications import Front
from saraban.web import atom
from saraban.web import register_words as words
from saraban.web.filters import thai_digits
from saraban.web.public_language import chosen_language, language_here, other_language
from saraban.web.public_words import digits

bp = Blueprint("public_register", __name__, url_prefix="/register")

_LONGEST = 200
_RIGHTS = (
    "ข้อมูลในใบอนุญาตและเอกสารที่เปิดเผยตามพระราชบัญญัติการปฏิบัติราชการทางอิเล็กทรอนิกส์ พ.ศ. ๒๕๖๕ มาตรา ๑๓ "
    "ผู้ใช้ข้อมูลมีหน้าที่ตามกฎหมายว่าด้วยการคุ้มครองข้อมูลส่วนบุคคล"
)


@bp.get("")
def agencies() -> ResponseReturnValue:
    """The agencies that have a register; where there is but one, its register."""
    found = desk.agencies()
    if len(found) == 1:
        return redirect(url_for(".show", agency=found[0].code, lang=request.args.get("lang")), 302)
    return _cached(make_response(_page("public_register/agencies.html", found=found)))


@bp.get("/<agency>")
def show(agency: str) -> ResponseReturnValue:
    """A page of an agency's register, or of what was looked for in it."""
    wanted = Wanted(
        kind=request.args.get("kind", "")[:_LONGEST],
        state=next((one for one in STATES if one.value == request.args.get("state")), None),
        words=" ".join(request.args.get("q", "")[:_LONGEST].split()),
    )
    number = min(max(request.args.get("page", 1, type=int), 1), MOST_PAGES)
    found, language = desk.look(agency, wanted, number), language_here()

    def at(page: int, lang: str | None) -> str:
        return _address(agency, wanted, page, lang)

    pages = min(max(-(-found.total // SHOWN), 1), MOST_PAGES)
    body = _page(
        "public_register/show.html",
        other_url=at(number, other_language()),
        front=found.front,
        found=found,
        wanted=wanted,
        kinds=[("", _words()["all_kinds"])]
        + [(one.kind.code, words.kind_name(one.kind, language)) for one in found.kinds],
        states=[("", _words()["all_states"])] + [(one.value, words.state_name(one, language)) for one in STATES],
        place=_words()["page"].format(digits(f"{number:,}", language), digits(f"{pages:,}", language)),
        newer=at(number - 1, chosen_language()) if number > 1 else "",
        older=at(number + 1, chosen_language()) if number < pages else "",
        cut=number == pages == MOST_PAGES and found.total > MOST_PAGES * SHOWN,
        state=lambda one: words.state_words(one, language),
        tone_of=words.TONES.get,
        facts_of=lambda one: words.facts_of(one, language),
        kind_name=lambda kind: words.kind_name(kind, language),
    )
    return _cached(make_response(body))


@bp.get("/<agency>/<kind>/data.csv")
def data(agency: str, kind: str) -> ResponseReturnValue:
    """All that the register shows of a kind, a line each."""
    address = site()

    def write(of: IssuedKind, listed: Any) -> bytes:
        rows = words.data_rows(of, listed, address)
        return b"".join(services().spreadsheets.write_csv(words.data_columns(of), rows))

    answer = Response(desk.data(agency, kind, write), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="register-{kind}.csv"'
    return _cached(answer, desk.data_may_lie_in_caches())


@bp.get("/<agency>/<kind>/dataset.json")
def dataset(agency: str, kind: str) -> ResponseReturnValue:
    """The description of that data set."""
    front, of, changed_at = desk.described(agency, kind)
    own, csv = (f"{site()}{url_for(name, agency=agency, kind=kind)}" for name in (".dataset", ".data"))
    home = f"{site()}{url_for('.show', agency=agency, kind=kind)}"
    english = f"{of.name_en} issued by {front.name_en}" if of.name_en and front.name_en else ""
    about = "หนึ่งแถวต่อหนึ่งฉบับที่ออกและเปิดเผย พร้อมเลขที่ วันที่ออก วันหมดอายุ และสถานะปัจจุบัน"
    told = atom.described(
        front,
        changed_at,
        own,
        home,
        atom.in_both(f"ทะเบียน{of.name_th}ของ{front.name}", english),
        atom.in_both(about, "A row for each document that was issued and is disclosed, with number, days and state."),
        [of.name_th, "ใบอนุญาต", "ทะเบียน"],
        [atom.distribution("CSV", "dcat:downloadURL", csv, "text/csv")],
    )
    access = "http://publications.europa.eu/resource/authority/access-right/PUBLIC"
    answer = jsonify(told | {"dct:rights": _RIGHTS, "dct:accessRights": access})
    answer.content_type = "application/ld+json"
    return _cached(answer)


@bp.errorhandler(NotFound)
def gone(_error: NotFound) -> ResponseReturnValue:
    """The same words for whatever is not shown."""
    answer = make_response(_page("public_register/gone.html"))
    answer.status_code = 404
    return _cached(answer)


@bp.errorhandler(TooMuch)
def wait(error: TooMuch) -> ResponseReturnValue:
    """Too many tries from one address."""
    told = thai_digits(error.thai) if language_here() == "th" else _words()["wait_title"]
    answer = make_response(_page("public_register/gone.html", told=told))
    answer.status_code = 429
    answer.headers["Retry-After"] = str(error.seconds or desk.PACE_SECONDS)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _address(agency: str, wanted: Wanted, page: int, lang: str | None) -> str:
    asked: dict[str, Any] = {
        "kind": wanted.kind or None,
        "state": wanted.state.value if wanted.state else None,
        "q": wanted.words or None,
        "page": page if page > 1 else None,
        "lang": lang,
    }
    return url_for(".show", agency=agency, **asked)


def _page(template: str, **more: Any) -> str:
    language = language_here()
    return render_template(
        template,
        w=_words(),
        language=language,
        other=other_language(),
        lang=chosen_language(),
        public_url=office().settings.public_url,
        number=lambda value: digits(value, language),
        count=lambda value: digits(f"{value:,}", language),
        named=_named,
        **({"other_url": url_for(".agencies", lang=other_language())} | more),
    )


def _named(front: Front) -> str:
    return front.name_en if language_here() == "en" and front.name_en else front.name


def _words() -> Any:
    return words.WORDS[language_here()]


def _cached(answer: Response, seconds: int = desk.FRESH_SECONDS) -> Response:
    answer.cache_control.public = True
    answer.cache_control.max_age = seconds
    answer.headers["X-Robots-Tag"] = "noindex"
    answer.add_etag()
    answer.make_conditional(request)
    return answer
