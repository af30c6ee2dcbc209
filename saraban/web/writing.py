"""What the pages of letters and of templates share: forms to choose from, receivers, pages of what is being typed."""

from __future__ import annotations

import base64
from collections.abc import Callable
from itertools import groupby

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue

from saraban.domain.content import Content
from saraban.domain.errors import BadInput, NotFound, RuleBroken
from saraban.domain.forms import FormRule
from saraban.domain.salutations import closings
from saraban.doorway import actor, reader, services
from saraban.reading import directory, groups
from saraban.usecases import drafting
from saraban.usecases.pages import Page
from saraban.web.filters import official_digits, thai_digits
from saraban.web.forms.letters import LetterForm
from saraban.web.letters import ShownPage
from saraban.web.saving import salutations, today

PREVIEW_WIDTH = 900
MOST_PREVIEW_PAGES = 10
_LABELS = {
    "references": "อ้างถึง",
    "cosigners": "ผู้ลงนามร่วม",
    "file": "ไฟล์แนบ",
    "form": "แบบหนังสือ",
    "word": "ไฟล์ Word",
    "enclosures": "สิ่งที่ส่งมาด้วย",
    "photo": "รูปถ่าย",
    "contact": "หน่วยงานเจ้าของเรื่อง",
    "outsider_name": "ชื่อผู้รับนอกทำเนียบ",
    "outsider_mailbox": "ที่อยู่ผู้รับนอกทำเนียบ",
}


def kinds_of(rules: list[FormRule]) -> list[tuple[str, list[FormRule]]]:
    """Forms under the kinds of clause 10."""
    return [(kind.value, list(group)) for kind, group in groupby(rules, key=lambda rule: rule.kind)]


def closings_to_choose(form: LetterForm) -> list[tuple[str, str]]:
    """The closings of the agency's table, and the one that stands in the form."""
    offered = dict.fromkeys([*closings(salutations()), form.closing.data or Content.closing])
    return [(one, one) for one in offered]


def receivers_to_choose() -> list[tuple[str, str, str]]:
    """Whom a letter of ours may go to, groups, agencies of the directory and receivers of our own list: code, name and
    what tells them apart, of a group how many are in it."""
    who, day = actor(), today()
    offered = groups.choices(reader(), who, day)
    return [
        *((one.token, f"กลุ่ม {one.name}", thai_digits(f"{one.count:,} แห่ง")) for one in offered),
        *((code, name, abbr or code) for code, name, abbr in directory.to_write_to(reader(), who, day)),
        *((one.mailbox, one.name, one.mailbox) for one in directory.outsiders(reader(), who)),
    ]


def field_labels(form: LetterForm) -> dict[str, str]:
    """What the fields of a document are called, by their names in refusals."""
    labels = {field.name: field.label.text for field in form} | _LABELS
    return labels | {"subject": form.rule.subject} | {detail.field: detail.thai for detail in form.rule.details}


def pictured(draw: Callable[[], Page]) -> ResponseReturnValue:
    """The pages of what is being typed, as images inside the answer, or in words why there are none."""
    try:
        drawn = draw()
        numbers = _pages_wanted(drawn.pages)
        images = drafting.drawn_pages(services(), drawn, width=PREVIEW_WIDTH, numbers=numbers)
    except NotFound:
        raise
    except (BadInput, RuleBroken) as error:
        words = list(error.fields.values()) if isinstance(error, BadInput) else [error.thai]
        return render_template("letters/preview.html", pages=[], problems=[official_digits(one) for one in words])
    sources = {
        number: "data:image/png;base64," + base64.b64encode(png).decode("ascii")
        for number, png in zip(numbers, images, strict=True)
    }
    count = min(drawn.pages, max([MOST_PREVIEW_PAGES, *(number + 1 for number in numbers)]))
    pages = [ShownPage(sources.get(number, ""), number + 1) for number in range(count)]
    answer = Response(render_template("letters/preview.html", pages=pages, problems=[]))
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _pages_wanted(count: int) -> list[int]:
    """Which pages of a preview are drawn, from 0. Somebody who types sees one: `page_in_view` asks for that page alone,
    `page_seen` for all the others, both counted from 1; without them it is all."""
    in_view, seen = (request.form.get(name, type=int) for name in ("page_in_view", "page_seen"))
    if in_view is not None:
        return [max(0, min(in_view, count) - 1)]
    return [number for number in range(min(count, MOST_PREVIEW_PAGES)) if number + 1 != seen]
