"""The editor of a letter in a real browser: what is written is kept as Markdown, seen on the page, and pasted clean."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from saraban.domain.letter import LetterId
from saraban.rendering.body import PageBreak, Paragraph, Table, Words, read_body
from saraban.usecases.viewing import open_letter
from tests.browser.conftest import DESK, PHONE
from tests.web.installation import PASSWORD, Installation

CLIPBOARDS = Path(__file__).resolve().parents[1] / "assets" / "clipboards"
BODIES = (
    "ด้วยกรมจะจัดประชุม\n\nจึงเรียนมาเพื่อโปรดพิจารณา",
    "ตามที่ **(ร่าง)**ระเบียบ **น้ำ**ญี่ปุ่น นั้น\nบรรทัดที่สอง\n1. ข้อหนึ่ง\n1.1 ข้อย่อย\n(ก) ลึกลงไป\nต่อ\n\n- ขีด",
    "ก่อน\n\n| ที่ | รายการ | บาท |\n|:-:|---|--:|\n| ๑ | **โต๊ะ** a\\|b | 1,200 |\n| ๒ | | |\n\nหลัง",
    "| | |\n|---|---|\n| ก | ข |\n\n---\n\nหน้าใหม่",
    "\\---\n\nC:\\Users 2 * 3 = 6 \\*\\*ดาว\\*\\* **a\\*** ********\na | b\n\\|---|---|",
    "\\*\\*\\*)**ก**ข",
    "**ทั้งสอง\nบรรทัด** _ขีด_ # หัว > อ้าง <b>&amp; `x`",
)


@pytest.fixture
def writer(town: Installation, site: str, signed_in: Callable[..., Any], goto: Callable[[Any, str], Any]) -> Any:
    """`writer(body, phone=False)`: the editor with this text, on the screen of a clerk."""

    def write(body: str, *, phone: bool = False) -> Any:
        page = signed_in("reading-clerk", phone=phone)
        page.letter = town.draft(body=body)
        goto(page, f"{site}/letters/{page.letter}/edit")
        page.wait_for_selector('html[data-editor="ready"]')
        return page

    return write


def kept(page: Any) -> str:
    """The field of the form."""
    return str(page.input_value('textarea[name="body"]'))


def settled(page: Any) -> None:
    """The browser has told the editor where the cursor is, as it has before anybody can press the next key."""
    page.evaluate("new Promise((done) => requestAnimationFrame(() => setTimeout(done, 60)))")


def at_end(page: Any, place: str = "#body") -> None:
    """The cursor at the end of the text, or of one of its parts."""
    page.click(place)
    settled(page)
    page.keyboard.press("Control+End" if place == "#body" else "End")
    settled(page)


def paste(page: Any, html: str = "", text: str = "") -> None:
    """What the browser hands over when the clipboard holds this, once it has told where the cursor is."""
    settled(page)
    page.evaluate(
        """([html, text]) => {
          const held = new DataTransfer();
          if (html) held.setData('text/html', html);
          held.setData('text/plain', text);
          const pasted = new ClipboardEvent('paste', {clipboardData: held, bubbles: true, cancelable: true});
          document.querySelector('#body').dispatchEvent(pasted);
        }""",
        [html, text],
    )


def saved(town: Installation, page: Any) -> str:
    page.wait_for_selector('#letter-form[data-dirty="no"]')
    page.get_by_text("บันทึกแล้ว เมื่อ").wait_for()
    return open_letter(town.services, actor=town.actor("reading-clerk"), letter_id=LetterId(page.letter)).content.body


def test_bold_items_a_table_and_a_new_page_are_written_kept_and_seen(town: Installation, writer: Any) -> None:
    page = writer("เริ่มต้น")
    at_end(page)
    page.keyboard.press("Control+b")
    page.keyboard.type(" ตัวหนา")
    page.keyboard.press("Control+b")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="ข้อ ๑.").click()
    page.keyboard.type("ข้อแรก")
    page.keyboard.press("Enter")
    page.keyboard.type("ข้อสอง")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="๑.๑ ข้อย่อย").click()
    page.keyboard.type("ย่อย")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="ตาราง").click()
    for words in ("ลำดับ", "รายการ", "บาท", "๑", "โต๊ะ", "๕๐๐"):
        page.keyboard.type(words)
        page.keyboard.press("Tab")
    page.get_by_role("button", name="ลบแถว").click()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Control+End")
    page.get_by_role("button", name="ขึ้นหน้าใหม่").click()
    page.keyboard.type("หน้าสอง")

    body = (
        "เริ่มต้น **ตัวหนา**\n๑. ข้อแรก\n๒. ข้อสอง\n๒.๑ ย่อย\n\n"
        "| ลำดับ | รายการ | บาท |\n|---|---|---|\n| ๑ | โต๊ะ | ๕๐๐ |\n\n---\n\nหน้าสอง"
    )
    assert kept(page) == body
    assert saved(town, page) == body
    page.locator("#preview .page img").nth(1).wait_for()
    assert page.locator("#preview .page img").count() == 2


@pytest.mark.parametrize("body", BODIES)
def test_what_comes_into_the_editor_goes_out_the_same(writer: Any, body: str) -> None:
    page = writer(body)
    at_end(page)
    page.keyboard.type("ก")
    assert kept(page) != body
    page.keyboard.press("Backspace")

    assert kept(page) == body


def test_the_editor_and_the_page_read_the_same_blocks(writer: Any) -> None:
    page = writer("ก")
    strange = [
        "***a*** **b",
        "a\n---\nb",
        "ก|ข\n---|:-:\n1|2\n3",
        "|a|\n|-|\nจบ",
        "** ก **",
        "1. **ก\n2. ข** ค",
        "|a|\n- -",
        "\\|a|b\n|-|-|",
    ]

    for body in (*BODIES, *strange):
        read = page.evaluate(
            """async (body) => {
              const scripts = document.querySelector('script[src*="saraban.js"]').src;
              return (await import(new URL('bodytext.js', scripts))).readBody(body);
            }""",
            body,
        )
        assert read == [as_script(block) for block in read_body(body)], body


def as_script(block: Any) -> dict[str, Any]:
    if isinstance(block, Paragraph):
        return {"kind": "paragraph", "runs": runs(block.words), "tight": not block.opens}
    if isinstance(block, Table):
        rows = [[runs(cell) for cell in row] for row in (block.head, *block.rows)]
        return {"kind": "table", "aligns": [one.value for one in block.columns], "rows": rows}
    assert isinstance(block, PageBreak)
    return {"kind": "break"}


def runs(words: Words) -> list[list[Any]]:
    return [[text.replace("\u00a0", " "), bold] for text, bold in words.runs()]


def test_enter_goes_on_numbering_moves_the_numbers_below_and_ends_an_empty_item(writer: Any) -> None:
    page = writer("๑. ก\n๒. ข\n๒.๑ ค\n๓. ง\n\nจบ")
    at_end(page, "#body p:nth-child(1)")
    page.keyboard.press("Enter")
    page.keyboard.type("ใหม่")
    assert kept(page) == "๑. ก\n๒. ใหม่\n๓. ข\n๓.๑ ค\n๔. ง\n\nจบ"

    page.keyboard.press("Control+z")
    page.keyboard.press("Control+z")
    assert kept(page) == "๑. ก\n๒. ข\n๒.๑ ค\n๓. ง\n\nจบ"
    at_end(page, "#body p:nth-child(4)")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    page.keyboard.type("พ้นข้อ")
    assert kept(page) == "๑. ก\n๒. ข\n๒.๑ ค\n๓. ง\n\nพ้นข้อ\n\nจบ"


@pytest.mark.parametrize(
    ("body", "after"),
    [
        ("๑.๑ ก", "๑.๑ ก\n๑.๒ ใหม่"),
        ("๑.๙ ก", "๑.๙ ก\n๑.๑๐ ใหม่"),
        ("1.9 ก", "1.9 ก\n1.10 ใหม่"),
        ("๒.๑.๙ ก", "๒.๑.๙ ก\n๒.๑.๑๐ ใหม่"),
        ("(๙) ก", "(๙) ก\n(๑๐) ใหม่"),
        ("ข้อ ๙ ก", "ข้อ ๙ ก\n\nข้อ ๑๐ ใหม่"),
    ],
)
def test_enter_counts_on_in_every_way_of_numbering(writer: Any, body: str, after: str) -> None:
    page = writer(body)
    at_end(page)
    page.keyboard.press("Enter")
    page.keyboard.type("ใหม่")

    assert kept(page) == after


def test_a_clause_may_have_a_second_paragraph(writer: Any) -> None:
    page = writer("ข้อ ๑ ก\n\nข้อ ๒ ข")
    at_end(page, "#body p:nth-child(1)")
    page.keyboard.press("Enter")
    page.keyboard.type("วรรคสอง")
    assert kept(page) == "ข้อ ๑ ก\n\nวรรคสอง\n\nข้อ ๒ ข"

    at_end(page)
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    page.keyboard.type("วรรคสอง")
    assert kept(page) == "ข้อ ๑ ก\n\nวรรคสอง\n\nข้อ ๒ ข\n\nวรรคสอง"


@pytest.mark.parametrize(
    ("body", "typed", "after"),
    [
        ("๑. ก", "๒. ข", "๑. ก\n๒. ข"),
        ("๑. ก", "๕. ข", "๑. ก\n๕. ข"),
        ("(ก) ก", "(ข) ข", "(ก) ก\n(ข) ข"),
        ("๑.๑ ก", "๑.๒ ข", "๑.๑ ก\n๑.๒ ข"),
        ("ข้อ ๑ ก", "ข้อ ๒ ข", "ข้อ ๑ ก\n\nข้อ ๒ ข"),
        ("๑. ก", "๒.๕ ล้านบาท", "๑. ก\n๒. ๒.๕ ล้านบาท"),
    ],
)
def test_a_number_that_is_typed_takes_the_place_of_the_one_that_enter_gave(
    writer: Any, body: str, typed: str, after: str
) -> None:
    page = writer(body)
    at_end(page)
    page.keyboard.press("Enter")
    page.keyboard.type(typed)

    assert kept(page) == after


@pytest.mark.parametrize("source", ["word", "libreoffice", "google-docs"])
def test_only_the_subset_survives_a_paste(writer: Any, source: str) -> None:
    page = writer("ก่อน")
    at_end(page)
    page.keyboard.press("Enter")
    paste(page, (CLIPBOARDS / f"{source}.html").read_text(encoding="utf-8"))

    assert kept(page) == "ก่อน\n\n" + (CLIPBOARDS / f"{source}.md").read_text(encoding="utf-8").strip()
    assert page.locator("#body [style], #body [class*=Mso], #body span").count() == 0


def test_plain_words_and_words_for_a_cell_are_pasted_as_what_they_are(writer: Any) -> None:
    page = writer("| ก | ข |\n|---|---|\n| ค | ง |\n\nท้าย")
    at_end(page, "#body td >> nth=0")
    paste(page, "<p>หนึ่ง</p><p><b>สอง</b></p><script>x</script>")
    at_end(page)
    paste(page, text="**หนา**\n\nย่อหน้า")

    assert kept(page) == "| ก | ข |\n|---|---|\n| คหนึ่ง **สอง** | ง |\n\nท้าย**หนา**\n\nย่อหน้า"


def test_empty_rows_joined_cells_and_numbers_of_lists_are_pasted_as_a_letter_has_them(writer: Any) -> None:
    page = writer("")
    paste(
        page,
        "<p style='mso-list:l0 level1 lfo1'><span style='mso-list:Ignore'>1.<span>&nbsp; </span></span>แรก</p>"
        "<p style='mso-list:l0 level2 lfo1'><span style='mso-list:Ignore'>1.1</span>ย่อย</p>"
        "<p style='mso-list:l0 level3 lfo1'><span style='mso-list:Ignore'>a)</span>ลึก</p>"
        "<ol type='a'><li>อักษร</li></ol>"
        "<table><tr><td>ก</td><td>ข</td></tr><tr><td rowspan=2>สูง</td><td></td></tr><tr><td></td></tr></table>",
    )

    assert kept(page) == "๑. แรก\n๑.๑ ย่อย\n(ก) ลึก\n(ก) อักษร\n\n| ก | ข |\n|---|---|\n| สูง | |\n| | |"
    page.get_by_text("ช่องที่รวมกันในตารางถูกแยก").wait_for()


def test_a_table_grows_shrinks_and_its_columns_are_aligned(writer: Any) -> None:
    page = writer("| ก | ข |\n|---|---|\n| ค | ง |")
    at_end(page, "#body td >> nth=1")
    page.get_by_role("button", name="เพิ่มแถว").click()
    page.get_by_role("button", name="เพิ่มคอลัมน์").click()
    page.get_by_role("button", name="จัดซ้าย กลาง ขวา").click()

    assert kept(page) == "| ก | ข | |\n|---|:-:|---|\n| ค | ง | |\n| | | |"
    page.get_by_role("button", name="ลบคอลัมน์").click()
    assert kept(page) == "| ก | |\n|---|---|\n| ค | |\n| | |"
    page.get_by_role("button", name="ลบตาราง").click()
    assert kept(page) == ""


def test_the_keys_of_the_screen_work_in_the_editor_and_the_label_leads_into_it(writer: Any) -> None:
    page = writer("ข้อความ")
    page.get_by_text("ข้อความ", exact=True).first.click()
    assert page.evaluate("document.activeElement.id") == "body"
    editor = page.get_by_role("textbox", name="ข้อความ", exact=True)
    assert editor.get_attribute("aria-multiline") == "true" and "body-hint" in editor.get_attribute("aria-describedby")

    page.keyboard.press("Control+Enter")
    page.wait_for_url(lambda url: not url.endswith("/edit"))


def test_without_script_the_field_is_a_plain_field(
    town: Installation, site: str, open_page: Callable[..., Any], goto: Callable[[Any, str], Any]
) -> None:
    letter = town.draft(body=BODIES[1])
    page = open_page(DESK, script=False)
    page.goto(f"{site}/login?next=/letters/{letter}/edit")
    page.fill("#username", "reading-clerk")
    page.fill("#password", PASSWORD)
    page.click('#login-form [type="submit"]')
    page.goto(f"{site}/letters/{letter}/edit")

    assert page.input_value("#body") == BODIES[1]


def test_on_the_phone_the_editor_fits_and_axe_finds_nothing(
    writer: Any, axe: Callable[[Any], list[str]], sticks_out: Callable[..., list[str]]
) -> None:
    page = writer(BODIES[2], phone=True)
    page.tap("#body td >> nth=0")
    page.keyboard.type("เพิ่ม")

    assert "เพิ่ม" in kept(page)
    assert axe(page) + sticks_out(page, (390, 360)) == []
    page.set_viewport_size(PHONE)


@pytest.mark.parametrize("phone", [False, True], ids=["desk", "phone"])
def test_no_text_shows_above_the_buttons_while_one_scrolls(writer: Any, phone: bool) -> None:
    page = writer("ด้วยกรมจะจัดประชุม\n\n" * 40, phone=phone)
    below = page.evaluate(
        """(phone) => {
          const pane = phone ? document.scrollingElement : document.querySelector('.editor');
          const tools = document.querySelector('.writer__tools');
          const head = phone ? document.querySelector('.topbar').getBoundingClientRect().bottom
            : pane.getBoundingClientRect().top;
          pane.scrollTop += tools.getBoundingClientRect().top - head + 100;
          return tools.getBoundingClientRect().top - head;
        }""",
        phone,
    )

    assert abs(below) < 1


@pytest.mark.parametrize("pages", [1, 5])
def test_the_preview_is_there_soon_after_the_typing_rests(writer: Any, pages: int) -> None:
    words = "ด้วยกรมจะจัดประชุม เพื่อให้งานสารบรรณเป็นไปด้วยความเรียบร้อย\n\n" * (8 if pages == 1 else 18)
    page = writer("\n\n---\n\n".join([words] * pages))
    page.wait_for_selector("#preview:not(.is-waiting) img")
    assert page.locator("#preview .page img").count() == pages
    page.evaluate(
        """() => {
          const shown = document.querySelector('#preview');
          let typed = 0;
          const form = document.querySelector('#letter-form');
          form.addEventListener('input', () => { typed = performance.now(); });
          shown.addEventListener('preview:done', () => {
            shown.dataset.waits = `${shown.dataset.waits || ''} ${performance.now() - typed}`;
          });
        }"""
    )

    def waits() -> list[float]:
        return [
            float(wait) for wait in page.eval_on_selector("#preview", "(shown) => shown.dataset.waits || ''").split()
        ]

    at_end(page)
    for number in range(1, 8):
        page.keyboard.type("คำ")
        while len(waits()) < number:
            page.wait_for_timeout(20)

    # A pause of 300 ms for the eye; the tests' machine does other things at the same time.
    assert sorted(waits())[3] < 600, waits()


def test_the_page_in_view_is_new_first_and_the_others_follow(writer: Any) -> None:
    page = writer("\n\n---\n\n".join(f"หน้าที่ {n}" for n in range(1, 6)))
    shown = page.locator("#preview .page img")
    shown.nth(4).wait_for()
    posted: list[str] = []
    page.on("request", lambda request: posted.append(request.post_data or "") if "/preview" in request.url else None)
    page.locator("#preview").evaluate("(stage) => { stage.scrollTop = stage.scrollHeight; }")
    before = [image.get_attribute("src") for image in shown.all()]

    at_end(page)
    with page.expect_event("console", lambda message: message.text == "whole"):
        page.locator("#preview").evaluate(
            "(stage) => stage.addEventListener('preview:whole', () => console.log('whole'), { once: true })"
        )
        page.keyboard.type(" คำใหม่")

    after = [image.get_attribute("src") for image in shown.all()]
    assert len(after) == 5 and after[4] != before[4] and all(source.startswith("data:") for source in after)
    asked = [re.findall(r'name="(page_in_view|page_seen)"\s+(\d+)', data) for data in posted]
    assert asked[-2:] == [[("page_in_view", "5")], [("page_seen", "5")]]

    page.locator("#preview").evaluate("(stage) => { stage.scrollTop = 0; }")
    page.keyboard.press("Control+a")
    page.keyboard.type("เหลือหน้าเดียว")
    shown.nth(1).wait_for(state="detached")
    assert shown.count() == 1
