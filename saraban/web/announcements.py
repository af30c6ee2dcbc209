"""What an agency shows to everybody: announcements, statements, news and circulars with their files, its channels, a
feed and open data. No login, no cookie: the pages are the same for all and may lie in caches for a minute, their files
for an hour: what was taken back is opened so long by who has its address."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, jsonify, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from saraban.domain.errors import NotFound, TooMuch
from saraban.domain.publication import PublicKind
from saraban.doorway import announcements as desk
from saraban.doorway import office, services
from saraban.reading.publications import FED, MOST_DATA, SHOWN, Published
from saraban.web import announcement_words as words
from saraban.web import atom
from saraban.web.downloads import ascii_number, digest_of, download, telling_name
from saraban.web.filters import thai_digits
from saraban.web.public_language import chosen_language, language_here, other_language
from saraban.web.public_words import day, digits

bp = Blueprint("announcements", __name__, url_prefix="/public")

FRESH_SECONDS, FILE_SECONDS = 60, 3600
MOST_PAGES = 10_000


@bp.get("")
def agencies() -> ResponseReturnValue:
    """The agencies; where there is but one, its page."""
    found = desk.agencies()
    if len(found) == 1:
        return redirect(url_for(".board", agency=found[0].code, lang=request.args.get("lang")), 302)
    other = url_for(".agencies", lang=other_language())
    return _cached(make_response(_page("announcements/agencies.html", found=found, other_url=other)))


@bp.get("/<agency>")
def board(agency: str) -> ResponseReturnValue:
    """What an agency shows, the newest first, and how people reach it."""
    kind = next((one for one in PublicKind if one.value == request.args.get("kind")), None)
    page = min(max(request.args.get("page", 1, type=int), 1), MOST_PAGES)
    found = desk.board(agency, kind, page)
    language = language_here()
    body = _page(
        "announcements/board.html",
        found=found,
        front=found.front,
        kinds=[
            (
                words.kind_name(one, language),
                _board_url(agency, one, 1, chosen_language()),
                one is kind,
                n,
            )
            for one in PublicKind
            if (n := found.counts.get(one, 0))
        ],
        kind=kind,
        page=page,
        newer=_board_url(agency, kind, page - 1, chosen_language()) if page > 1 else "",
        older=_board_url(agency, kind, page + 1, chosen_language()) if page * SHOWN < found.total else "",
        other_url=_board_url(agency, kind, page, other_language()),
        channel_name=words.channel_name,
    )
    return _cached(make_response(body))


@bp.get("/<agency>/<uuid:publication_id>")
def item(agency: str, publication_id: UUID) -> ResponseReturnValue:
    """One document with its files."""
    front, found, files = desk.item(agency, publication_id)
    other = url_for(".item", agency=agency, publication_id=publication_id, lang=other_language())
    body = _page("announcements/item.html", front=front, one=found, files=files, other_url=other)
    return _cached(make_response(body))


@bp.get("/<agency>/<uuid:publication_id>/files/<sha256>")
def file(agency: str, publication_id: UUID, sha256: str) -> ResponseReturnValue:
    """A file of it, for saving. A file never changes: its address holds its digest."""
    found, one, data = desk.file(agency, publication_id, digest_of(sha256))
    name = telling_name(found.number, found.subject, ".pdf") if one.is_page else one.name
    answer = download(data, name, one.media_type, plain=ascii_number(found.number) or "document")
    del answer.headers["Cache-Control"]  # that of what is for one person
    answer.set_etag(sha256)
    return _cached(answer, FILE_SECONDS)


@bp.get("/<agency>/feed.atom")
def feed(agency: str) -> ResponseReturnValue:
    """The newest as a feed."""
    front, items = desk.newest(agency, FED)
    home, own = (f"{desk.site()}{url_for(name, agency=agency)}" for name in (".board", ".feed"))
    made = atom.feed(front, items, home=home, own=own, page=_page_url(agency), file=_file_url(agency))
    return _cached(Response(made, content_type=atom.TYPE))


@bp.get("/<agency>/data.csv")
def data(agency: str) -> ResponseReturnValue:
    """Everything that is shown, a line each."""
    _, items = desk.newest(agency, MOST_DATA)
    lines = atom.data_rows(items, page=_page_url(agency), file=_file_url(agency), verify=_verify_url)
    made = b"".join(services().spreadsheets.write_csv(atom.COLUMNS, lines))
    answer = Response(made, content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = 'attachment; filename="announcements.csv"'
    return _cached(answer)


@bp.get("/<agency>/dataset.json")
def dataset(agency: str) -> ResponseReturnValue:
    """The description of that data set."""
    front, items = desk.newest(agency, 1)
    addresses = {
        name: f"{desk.site()}{url_for(endpoint, agency=agency)}"
        for name, endpoint in (("own", ".dataset"), ("home", ".board"), ("feed_url", ".feed"), ("csv_url", ".data"))
    }
    answer = jsonify(atom.dataset(front, items[0].published_at if items else None, **addresses))
    answer.content_type = "application/ld+json"
    return _cached(answer)


@bp.errorhandler(NotFound)
def gone(_error: NotFound) -> ResponseReturnValue:
    """The same words for whatever is not shown."""
    answer = make_response(_page("announcements/gone.html", other_url=url_for(".agencies", lang=other_language())))
    answer.status_code = 404
    return _cached(answer)


@bp.errorhandler(TooMuch)
def wait(error: TooMuch) -> ResponseReturnValue:
    """Too many tries from one address."""
    told = thai_digits(error.thai) if language_here() == "th" else _words()["wait_title"]
    answer = make_response(
        _page("announcements/gone.html", told=told, other_url=url_for(".agencies", lang=other_language()))
    )
    answer.status_code = 429
    answer.headers["Retry-After"] = str(desk.PACE_SECONDS)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _board_url(agency: str, kind: PublicKind | None, page: int, lang: str | None) -> str:
    asked: dict[str, Any] = {"kind": kind.value if kind else None, "page": page if page > 1 else None, "lang": lang}
    return url_for(".board", agency=agency, **asked)


def _page_url(agency: str) -> atom.Address:
    return lambda one: f"{desk.site()}{url_for('.item', agency=agency, publication_id=one.id)}"


def _file_url(agency: str) -> atom.Address:
    return lambda one: f"{desk.site()}{url_for('.file', agency=agency, publication_id=one.id, sha256=one.sha256.hex)}"


def _verify_url(one: Published) -> str:
    return f"{desk.site()}{url_for('public.show', code=one.code)}" if one.code else ""


def _page(template: str, **more: Any) -> str:
    language = language_here()
    return render_template(
        template,
        w=_words(),
        language=language,
        other=other_language(),
        lang=chosen_language(),
        public_url=office().settings.public_url,
        day=lambda value: day(value, language),
        number=lambda value: digits(value, language),
        kind_name=lambda kind: words.kind_name(kind, language),
        count=lambda value: digits(f"{value:,}", language),
        named=lambda one: one.name_en if language == "en" and one.name_en else one.name,
        **more,
    )


def _words() -> Any:
    return words.WORDS[language_here()]


def _cached(answer: Response, seconds: int = FRESH_SECONDS) -> Response:
    answer.cache_control.public = True
    answer.cache_control.max_age = seconds
    if "ETag" not in answer.headers:
        answer.add_etag()
    answer.make_conditional(request)
    return answer
