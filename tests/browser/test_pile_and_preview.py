"""A pile on a phone is gone through one letter after the other; the page beside a text stays calm."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.web.installation import Installation

Goto = Callable[[Any, str], Any]
_STROKE = """([from, to]) => {
  const target = document.querySelector('.desk');
  const at = (x) => new Touch({ identifier: 1, target, clientX: x, clientY: 300 });
  const send = (name, touches, changed) =>
    target.dispatchEvent(new TouchEvent(name, { bubbles: true, touches, changedTouches: changed }));
  send('touchstart', [at(from)], [at(from)]);
  send('touchend', [], [at(to)]);
}"""


def test_letters_of_a_pile_are_a_stroke_away_and_the_list_comes_back_where_one_was(
    town: Installation, site: str, signed_in: Callable[..., Any], goto: Goto, axe: Callable[[Any], list[str]]
) -> None:
    letters = [str(town.submitted(subject=f"เรื่องที่ {number}")) for number in range(3)]
    director = signed_in("reading-director", "/desk", phone=True)
    order = [
        href.rsplit("/", 1)[-1]
        for href in director.locator(".pile__link").evaluate_all(
            "items => items.map((one) => one.getAttribute('href'))"
        )
    ]
    assert sorted(order) == sorted(letters)

    director.tap(f"#pile-{order[0]} .pile__link")
    director.wait_for_url(f"**/desk/{order[0]}")
    director.get_by_role("link", name="ฉบับถัดไป").tap()
    director.wait_for_url(f"**/desk/{order[1]}")
    director.wait_for_selector("html[data-ready]", state="attached")
    director.evaluate(_STROKE, [300, 100])
    director.wait_for_url(f"**/desk/{order[2]}")
    director.wait_for_selector("html[data-ready]", state="attached")
    director.evaluate(_STROKE, [100, 300])
    director.wait_for_url(f"**/desk/{order[1]}")
    director.get_by_role("link", name="แฟ้มเสนอ").first.tap()
    director.wait_for_url(f"**/desk#pile-{order[1]}")
    assert axe(director) == []

    goto(director, f"{site}/desk/{order[1]}")
    director.tap('.actbar [commandfor="endorse-dialog"]')
    director.tap('#endorse-dialog [type="submit"]')
    director.wait_for_url(f"**/desk/{order[2]}")


def test_the_last_pages_stay_while_the_text_is_unfinished(
    town: Installation, site: str, signed_in: Callable[..., Any], goto: Goto
) -> None:
    body = "\n\n".join(f"ย่อหน้าที่ {number} ด้วยกรมจะจัดประชุม" for number in range(60))
    clerk = signed_in("reading-clerk", f"/letters/{town.draft(body=body)}/edit")
    clerk.locator("#preview .page img").nth(1).wait_for()
    clerk.evaluate("document.getElementById('preview').scrollTop = 700")
    pages = clerk.locator("#preview .page").count()

    clerk.fill("#response_due", "๓๑ พ.ย.")
    note = clerk.locator(".preview__note")
    note.wait_for()
    assert "ไม่มีในปฏิทิน" in note.inner_text()
    assert clerk.locator("#preview .page").count() == pages
    assert clerk.evaluate("document.getElementById('preview').scrollTop") == 700

    clerk.fill("#response_due", "๒๐ ธ.ค.")
    note.wait_for(state="detached")
    assert clerk.evaluate("document.getElementById('preview').scrollTop") == 700
