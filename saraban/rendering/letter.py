"""Documents of every form on pages: each form has its plan (`forms/`), all share the frame (`frame.py`)."""

from __future__ import annotations

from collections.abc import Callable

from saraban.domain.classification import Form
from saraban.domain.errors import RuleBroken
from saraban.rendering.emblem import Emblem
from saraban.rendering.forms.external import certificate, external_letter
from saraban.rendering.forms.headed import announcement, order, rule, statement
from saraban.rendering.forms.memorandum import memorandum
from saraban.rendering.forms.minutes import minutes
from saraban.rendering.forms.stamped import stamped_letter
from saraban.rendering.frame import Drawn, Plan, draw
from saraban.rendering.given import cleaned
from saraban.rendering.shaping import Typeface
from saraban.usecases.pages import PageLetter

_PLANS: dict[Form, Callable[[PageLetter, Typeface, Emblem | None], Plan]] = {
    Form.EXTERNAL: external_letter,
    Form.MEMORANDUM: memorandum,
    Form.STAMPED: stamped_letter,
    Form.ORDER: order,
    Form.RULE: rule,
    Form.REGULATION: rule,
    Form.ANNOUNCEMENT: announcement,
    Form.STATEMENT: statement,
    Form.NEWS: statement,
    Form.CERTIFICATE: certificate,
    Form.MINUTES: lambda letter, face, _: minutes(letter, face),
    Form.RECORD: memorandum,
}


def draw_letter(letter: PageLetter, face: Typeface, emblem: Emblem | None = None, photo: bytes | None = None) -> Drawn:
    """Set and draw a document. A draft without number and date takes exactly the room of the issued page. Raises
    RuleBroken for a form that cannot be printed, BadInput by field when a character cannot be printed with the
    typeface. Not for two threads at once: fonts have state."""
    given = cleaned(letter, face)
    return draw(plan_of(given, face, emblem, photo), given, face)


def plan_of(letter: PageLetter, face: Typeface, emblem: Emblem | None = None, photo: bytes | None = None) -> Plan:
    """The plan of a cleaned document, for the page and for a word processor. Raises RuleBroken for a form that has
    none."""
    plan = _PLANS.get(letter.form)
    if plan is None:
        raise RuleBroken(f"ระบบไม่พิมพ์แบบ{letter.form.thai} อัปโหลดเป็นไฟล์ PDF แทน")
    return certificate(letter, face, emblem, photo) if plan is certificate else plan(letter, face, emblem)
