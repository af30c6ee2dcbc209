"""A letter on paper: its page alone, five pages, and the page as signed PDF/A.

The references set the same text: WeasyPrint from HTML and Typst from its own markup in this process, LibreOffice from a
DOCX in a process for each document, as an office converts one. All are optional; `make bench` installs them where it
can. No text is set twice, by nobody: what is remembered of fonts is fair, what is remembered of a letter is not.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from html import escape
from itertools import count
from pathlib import Path
from typing import Any

from docx import Document

import saraban.rendering
from benchmarks.databases import Databases
from benchmarks.frame import Figure, NotMeasured, promised, seconds
from benchmarks.town import PASSPHRASE, Town, founded
from saraban.domain.classification import Form
from saraban.rendering.letter import draw_letter
from saraban.rendering.shaping import typeface
from saraban.usecases.pages import PageLetter

SIZE = 10
"""How many letters are made in a round; LibreOffice makes two."""
PROMISED_MILLISECONDS = 80.0
PROMISED_FIVE_PAGES_MILLISECONDS = 100.0
_PARAGRAPHS_OF_FIVE_PAGES = 31
_FONTS = Path(saraban.rendering.__file__).parent / "fonts" / "thsarabunnew"
_PARAGRAPH = (
    "ด้วยสำนักงานปลัดสำนักนายกรัฐมนตรีกำหนดจัดประชุมเชิงปฏิบัติการเรื่องการพัฒนาระบบสารบรรณอิเล็กทรอนิกส์ของหน่วยงานของรัฐ "
    "เพื่อให้ส่วนราชการมีความรู้ความเข้าใจเกี่ยวกับระเบียบสำนักนายกรัฐมนตรีว่าด้วยงานสารบรรณ และสามารถรับส่งหนังสือราชการ"
    "ด้วยระบบอิเล็กทรอนิกส์ได้อย่างมีประสิทธิภาพ โดยมีผู้แทนจากหน่วยงานต่าง ๆ เข้าร่วมประชุมจำนวน {n} คน"
)
_serials = count(1)


def figures(size: int, databases: Databases) -> Iterator[Figure]:
    """The signed page and five pages against the promised times, the page alone against WeasyPrint, Typst and
    LibreOffice."""
    with databases.migrated("sqlite") as url, founded(url) as town:
        bench = Bench(town)
        yield Figure(
            name="letter, signed PDF/A",
            unit="ms",
            product=partial(bench.signed, size),
            reference="promised",
            against=promised(PROMISED_MILLISECONDS),
            goal=1.0,
            better="lower",
        )
        yield Figure(
            name="letter of five pages, PDF/A",
            unit="ms",
            product=partial(bench.five_pages, max(1, size // 3)),
            reference="promised",
            against=promised(PROMISED_FIVE_PAGES_MILLISECONDS),
            goal=1.0,
            better="lower",
        )
        absent = []
        for name, goal, reference in (
            ("WeasyPrint", 3.0, partial(_weasyprint, size)),
            ("Typst", 1.5, partial(_typst, size)),
            ("LibreOffice", 60.0, partial(_libreoffice, min(size, 2))),
        ):
            try:
                against = reference()
            except NotMeasured as reason:
                absent.append(str(reason))
                continue
            yield Figure(
                name="letter, page alone",
                unit="pages/s",
                product=partial(bench.page_alone, size),
                reference=name,
                against=against,
                goal=goal,
            )
        if absent:
            raise NotMeasured("; ".join(absent))


class Bench:
    """The product's renderer and signer, with a key of an officer that is opened for each signature."""

    def __init__(self, town: Town) -> None:
        self._services, self._head = town.services, town.head

    def page_alone(self, size: int) -> float:
        """Pages a second, each with a text of its own; plain PDF, as the references make it."""
        letters, face = [_letter(_body()) for _ in range(size)], typeface("TH Sarabun New")
        return size / seconds(lambda: [draw_letter(letter, face) for letter in letters])

    def five_pages(self, size: int) -> float:
        """Milliseconds for a letter of five pages as PDF/A, with its structure."""
        letters = [_letter(_body(_PARAGRAPHS_OF_FIVE_PAGES)) for _ in range(size)]
        return seconds(lambda: [self._five(letter) for letter in letters]) / size * 1000

    def _five(self, letter: PageLetter) -> None:
        made = self._services.renderer.letter(letter, at=self._services.clock.now())
        if made.pages != 5:
            raise RuntimeError(f"{made.pages} pages and not five")

    def signed(self, size: int) -> float:
        """Milliseconds for a letter: page, PDF/A, PAdES B-B."""
        letters = [_letter(_body()) for _ in range(size)]
        return seconds(lambda: [self._sign(letter) for letter in letters]) / size * 1000

    def _sign(self, letter: PageLetter) -> bytes:
        at, person = self._services.clock.now(), self._head.person_id
        assert person is not None
        page = self._services.renderer.letter(letter, at=at)
        signed = self._services.pages.sign(page.pdf, person_id=person, passphrase=PASSPHRASE, block=page.block, at=at)
        return signed.pdf


def a_letter() -> PageLetter:
    """A letter of one page."""
    return _letter(_body())


def _body(paragraphs: int = 4) -> str:
    """A text, of one page or of more, that was never set before."""
    return "\n\n".join(_PARAGRAPH.format(n=next(_serials)) for _ in range(paragraphs))


def _letter(body: str) -> PageLetter:
    return PageLetter(
        form=Form.EXTERNAL,
        agency_name="กรมทดสอบความเร็ว",
        agency_address=["ถนนพระอาทิตย์ กรุงเทพมหานคร 10200"],
        number="นร 1201/1",
        date=date(2026, 11, 23),
        subject="ขอเชิญประชุมเชิงปฏิบัติการ",
        salutation="เรียน อธิบดีกรมรับหนังสือ",
        references=[],
        enclosures=[],
        body=body,
        closing="ขอแสดงความนับถือ",
        signer_name="นางปราณี มีสุข",
        signer_titles=["อธิบดีกรมทดสอบความเร็ว"],
        unit_name="สำนักงานเลขานุการกรม",
        phone="0 2000 0000",
        email="saraban@d0101.test",
    )


def _lines(letter: PageLetter) -> list[str]:
    """All words of the letter, a paragraph an item."""
    return [
        f"ที่ {letter.number}",
        letter.agency_name,
        *letter.agency_address,
        f"เรื่อง {letter.subject}",
        letter.salutation,
        *letter.body.split("\n\n"),
        letter.closing,
        f"({letter.signer_name})",
        *letter.signer_titles,
        letter.unit_name,
        f"โทร. {letter.phone}",
        f"ไปรษณีย์อิเล็กทรอนิกส์ {letter.email}",
    ]


def _weasyprint(size: int) -> Callable[[], float]:
    try:
        import weasyprint
        from weasyprint.text.fonts import FontConfiguration
    except (ImportError, OSError) as problem:
        raise NotMeasured(f"WeasyPrint is not here ({problem}): .ci/references installs it") from None
    fonts: Any = FontConfiguration()
    regular = next(path for path in sorted(_FONTS.glob("*.ttf")) if "Bold" not in path.stem and "Ital" not in path.stem)
    style = weasyprint.CSS(
        string=f"@font-face {{ font-family: S; src: url({regular.as_uri()}) }} @page {{ size: A4; margin: 2cm }} "
        "body { font: 16pt S; } p { text-align: justify; margin: 0 0 6pt; text-indent: 2.5cm }",
        font_config=fonts,
    )

    def rate() -> float:
        texts = ["".join(f"<p>{escape(line)}</p>" for line in _lines(_letter(_body()))) for _ in range(size)]
        pages = [f"<html lang='th'><body>{text}</body></html>" for text in texts]
        make = partial(_printed, weasyprint.HTML, style, fonts)
        return size / seconds(partial(_all, make, pages))

    return rate


def _printed(html: Any, style: Any, fonts: Any, text: str) -> bytes:
    return bytes(html(string=text).write_pdf(stylesheets=[style], font_config=fonts))


def _typst(size: int) -> Callable[[], float]:
    try:
        import typst
    except ImportError as problem:
        raise NotMeasured(f"Typst is not here ({problem}): .ci/references installs it") from None
    compiler = typst.Compiler(font_paths=[str(_FONTS)], ignore_system_fonts=True)
    head = (
        '#set page(paper: "a4", margin: 2cm)\n#set text(font: "TH Sarabun New", size: 16pt, lang: "th")\n'
        "#set par(justify: true, first-line-indent: (amount: 2.5cm, all: true))\n\n"
    )

    def rate() -> float:
        texts = [[_of_typst(line) for line in _lines(_letter(_body()))] for _ in range(size)]
        sources = [(head + "\n\n".join(lines)).encode() for lines in texts]
        return size / seconds(partial(_all, partial(compiler.compile, format="pdf"), sources))

    return rate


def _of_typst(text: str) -> str:
    """Text whose signs are no marks of Typst's."""
    return "".join(f"\\{sign}" if sign in "\\#$*_`<>@=-+/~[]" else sign for sign in text)


def _libreoffice(size: int) -> Callable[[], float]:
    program = shutil.which("soffice")
    if program is None:
        raise NotMeasured("LibreOffice is not here: .ci/references installs it")
    # Its profile lives as long as the benchmark, so that only the round of warming up makes one.
    home = tempfile.TemporaryDirectory(prefix="saraban-office-")

    def rate() -> float:
        with tempfile.TemporaryDirectory(prefix="letters-", dir=home.name) as name:
            folder, profile = Path(name), Path(home.name, "profile").as_uri()
            sources = [_docx(folder / f"letter-{n}.docx") for n in range(size)]
            command = [program, f"-env:UserInstallation={profile}", "--headless", "--convert-to", "pdf"]

            def convert(source: Path) -> None:
                subprocess.run([*command, "--outdir", name, str(source)], check=True, capture_output=True, timeout=120)
                if not source.with_suffix(".pdf").exists():
                    raise RuntimeError("LibreOffice made no PDF")

            return size / seconds(partial(_all, convert, sources))

    return rate


def _docx(path: Path) -> Path:
    document = Document()
    for line in _lines(_letter(_body())):
        document.add_paragraph(line)
    document.save(str(path))
    return path


def _all(work: Callable[[Any], object], things: list[Any]) -> None:
    for thing in things:
        work(thing)
