"""PDFs that were damaged or meddled with, as an enclosure and as the letter itself: each is taken or refused in Thai,
within seconds, and nothing falls over. Short in daily runs, whole with `--full`."""

from __future__ import annotations

import io
import os
import random
import re
import threading
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from time import perf_counter

import pikepdf
import psutil
import pytest
from PIL import Image

from saraban.domain.attachment import Digest
from saraban.domain.classification import Form
from saraban.domain.errors import BadInput, RuleBroken
from saraban.domain.ready import ReadyPage, Spot
from saraban.rendering.renderer import PdfRenderer
from saraban.usecases.papers import CopyCertificate
from tests.rendering.a_page import COPIED, MORNING, a_page_letter
from tests.rendering.some_forms import long, typical
from tests.rendering.test_foreign import STAMP

ASSETS = Path(__file__).parents[1] / "assets" / "pdf"
LONGEST_SECONDS = 5.0
MOST_GROWTH = 500 * 2**20
Mutation = Callable[[bytearray, random.Random], None]


# --- what is damaged ------------------------------------------------------------------------------------------


def saved(pdf: bytes, **how: object) -> bytes:
    """The same pages, written in another way."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        out = io.BytesIO()
        document.save(out, **how)
    return out.getvalue()


@pytest.fixture(scope="module")
def seeds(renderer: PdfRenderer) -> list[bytes]:
    """Letters of ours and copies of them, and those of other programs; each packed and laid open, since damage to what
    is packed seldom reaches what is in it."""
    ours = renderer.letter(a_page_letter(), at=MORNING, data=b'{"a":1}').pdf
    picture = io.BytesIO()
    Image.effect_noise((300, 420), 80).save(picture, "JPEG")
    packed = [
        ours,
        renderer.letter(long(Form.EXTERNAL), at=MORNING).pdf,
        renderer.letter(typical(Form.MINUTES), at=MORNING).pdf,
        renderer.stamped_copy(ours, STAMP),
        renderer.certified_copy(ours, CopyCertificate("นางสาวน้ำฟ้า กตัญญู", "นักจัดการงานทั่วไป", MORNING, COPIED)).pdf,
        renderer.picture_pdf(picture.getvalue()),
        *(path.read_bytes() for path in sorted(ASSETS.glob("*.pdf"))),
    ]
    laid_open = [
        saved(
            pdf,
            object_stream_mode=pikepdf.ObjectStreamMode.disable,
            stream_decode_level=pikepdf.StreamDecodeLevel.generalized,
            compress_streams=False,
        )
        for pdf in packed
    ]
    return [
        *packed,
        *laid_open,
        saved(ours, linearize=True),
        saved(ours, encryption=pikepdf.Encryption(owner="a", user="")),
    ]


# --- how ------------------------------------------------------------------------------------------------------


def flip(data: bytearray, chance: random.Random) -> None:
    for _ in range(chance.choice((1, 3, 20, 200))):
        data[chance.randrange(len(data))] = chance.randrange(256)


def cut_out(data: bytearray, chance: random.Random) -> None:
    at = chance.randrange(len(data))
    del data[at : at + chance.choice((1, 30, 1000, 9000))]


def cut_off(data: bytearray, chance: random.Random) -> None:
    del data[chance.randrange(len(data)) :]


def repeat(data: bytearray, chance: random.Random) -> None:
    at, size = chance.randrange(len(data)), chance.choice((1, 100, 5000))
    data[at:at] = data[at : at + size] * chance.choice((1, 2, 50))


def put_in(data: bytearray, chance: random.Random) -> None:
    at = chance.randrange(len(data))
    data[at:at] = chance.choice(
        (b"\x00" * 500, b"<<" * 3000, b"[" * 3000, b"(" * 800, chance.randbytes(300), b"endobj\n")
    )


def numbers(data: bytearray, chance: random.Random) -> None:
    """Other numbers, as lengths, counts, sizes, places and links."""
    found = list(re.finditer(rb"(?<![0-9.])[0-9]+(?:\.[0-9]+)?", bytes(data)))
    for one in sorted(chance.sample(found, min(len(found), chance.choice((1, 5, 40)))), key=lambda it: -it.start()):
        other = chance.choice((b"0", b"-1", b"1", b"7", b"99999999999", b"2147483648", b"1e9", b"0.0000001", b"65536"))
        data[one.start() : one.end()] = other


def links(data: bytearray, chance: random.Random) -> None:
    """References that lead elsewhere, in circles perhaps."""
    found = list(re.finditer(rb"[0-9]+ 0 R", bytes(data)))
    if found:
        targets = [one[0] for one in found]
        for one in sorted(chance.sample(found, min(len(found), chance.choice((1, 4, 20)))), key=lambda it: -it.start()):
            data[one.start() : one.end()] = chance.choice(targets)


def names(data: bytearray, chance: random.Random) -> None:
    """Names in the place of others."""
    found = list(re.finditer(rb"/[A-Za-z0-9]+", bytes(data)))
    targets = [one[0] for one in found]
    targets += [
        b"/Pages",
        b"/Kids",
        b"/JBIG2Decode",
        b"/LZWDecode",
        b"/Crypt",
        b"/ObjStm",
        b"/Pattern",
        b"/Parent",
        b"/SMask",
    ]
    for one in sorted(chance.sample(found, min(len(found), chance.choice((1, 4, 20)))), key=lambda it: -it.start()):
        data[one.start() : one.end()] = chance.choice(targets)


MUTATIONS: tuple[Mutation, ...] = (flip, cut_out, cut_off, repeat, put_in, numbers, links, names)


# --- what comes of it -----------------------------------------------------------------------------------------


class Drawer:
    """A renderer whose drawer holds the file that is looked at."""

    def __init__(self) -> None:
        self.file = b""
        self.renderer = PdfRenderer(files=lambda digest: self.file)


class Watch(threading.Thread):
    """Looks how much memory the children of a process have, some dozen times a second."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self._process, self._most, self._ends = psutil.Process(pid), 0, threading.Event()

    def run(self) -> None:
        while not self._ends.wait(0.02):
            with suppress(psutil.Error):
                self._most = max(self._most, *(child.memory_info().rss for child in self._process.children()), 0)

    def end(self) -> int:
        """The most that one of them had, in octets."""
        self._ends.set()
        self.join()
        return self._most


def enclosed(drawer: Drawer, data: bytes) -> str:
    """Upload it as an enclosure, look at it, and stamp it as one that was received."""
    try:
        pages = drawer.renderer.check_upload(data)
    except BadInput as refused:
        return in_thai(refused.fields["file"])
    assert pages >= 1
    told = set()
    for look in (
        lambda: drawer.renderer.thumbnail(data, page=0, width=200),
        lambda: drawer.renderer.stamped_copy(data, STAMP),
    ):
        try:
            assert look()
        except RuleBroken as refused:
            told.add(in_thai(refused.thai))
    return "taken" if not told else "taken, " + "; ".join(sorted(told))


def as_the_letter(drawer: Drawer, data: bytes) -> str:
    """Upload it as the letter itself, and put number, date and the place of the signature on it."""
    try:
        pages = drawer.renderer.check_ready(data)
    except BadInput as refused:
        return in_thai(refused.fields["file"])
    drawer.file = data
    ready = ReadyPage(
        Digest.of(data),
        "หนังสือ.pdf",
        pages,
        number=Spot(1, 30, 40),
        date=Spot(1, 120, 40),
        signature=Spot(pages, 110, 220),
    )
    try:
        drawn = drawer.renderer.letter(a_page_letter(ready=ready), at=MORNING)
    except RuleBroken as refused:
        return "taken, " + in_thai(refused.thai)
    with pikepdf.open(io.BytesIO(drawn.pdf)) as document:
        assert len(document.pages) == pages
    return "taken"


def in_thai(words: str) -> str:
    assert re.search("[ก-๎]{4}", words) and len(words) > 15, words
    return words


def test_mutated_pdfs_are_taken_or_refused_in_thai_within_seconds(
    seeds: list[bytes], rounds: Callable[[int, int], int], capsys: pytest.CaptureFixture[str]
) -> None:
    drawer, chance = Drawer(), random.Random(2569)
    answers: dict[str, Counter[str]] = {"enclosure": Counter(), "letter": Counter()}
    slowest = 0.0
    us = psutil.Process(os.getpid())
    try:
        for seed in seeds:
            enclosed(drawer, seed), as_the_letter(drawer, seed)
        server = drawer.renderer._quarantine.server
        assert server is not None
        before, watch = us.memory_info().rss, Watch(server.pid)
        watch.start()
        for number in range(rounds(60, 1_000)):
            data = bytearray(chance.choice(seeds))
            for _ in range(chance.choice((1, 1, 2, 4))):
                if data:
                    chance.choice(MUTATIONS)(data, chance)
            for kind, upload in (("enclosure", enclosed), ("letter", as_the_letter)):
                begin = perf_counter()
                answers[kind][upload(drawer, bytes(data))] += 1
                took = perf_counter() - begin
                slowest = max(slowest, took)
                assert took < LONGEST_SECONDS, (number, kind, took)
        grown, theirs = us.memory_info().rss - before, watch.end()
        assert grown < MOST_GROWTH and theirs < MOST_GROWTH, (grown, theirs)
        assert drawer.renderer._quarantine.server is server and server.poll() is None
    finally:
        drawer.renderer.close()
    with capsys.disabled():
        if rounds(0, 1):
            print(f"\nslowest {slowest:.2f} s, we grew by {grown >> 20} MiB, children had {theirs >> 20} MiB at most")
            for kind, counts in answers.items():
                print(kind, *(f"\n  {count:5} {words}" for words, count in counts.most_common()))
    # A few dozen are taken and refused, but which of the reasons to refuse they meet is chance.
    kinds = rounds(2, 4)
    assert all(counts["taken"] and len(counts) >= kinds for counts in answers.values()), answers
