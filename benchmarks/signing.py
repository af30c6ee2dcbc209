"""Signing a page with a time-stamp, and checking its signature in the process apart; P-256 throughout.

The authority is on loopback and its key is held open. What opening the officer's key costs, which is meant to be slow
for whoever guesses at the passphrase, is part of signing as it is in an office.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path

from benchmarks.databases import Databases
from benchmarks.frame import Figure, promised, seconds
from benchmarks.letterpage import a_letter
from benchmarks.town import PASSPHRASE, Town, founded
from saraban.bootstrap import build
from saraban.crypto import demo_pki
from saraban.demo.time_authority import serving
from saraban.domain.page_signature import SignedFile
from saraban.usecases.pages import Page
from saraban.usecases.ports import Services

SIZE = 10
"""How many pages are signed, and how many are checked, in a round."""
PROMISED_MILLISECONDS = 60.0


def figures(size: int, databases: Databases) -> Iterator[Figure]:
    """Milliseconds for a signature with its time-stamp, and for the check of one, against the promised time."""
    with databases.migrated("sqlite") as url, founded(url) as town:
        now = town.services.clock.now().replace(microsecond=0)
        begin, end = now.replace(year=now.year - 1), now.replace(year=now.year + 1)
        root = demo_pki.make_root("รากของผู้ประทับรับรองเวลา", begin, end)
        roots = town.settings.data_folder / "tsa.pem"
        roots.write_text(root.pem)
        authority = demo_pki.issue_time_authority(root, "ผู้ประทับรับรองเวลา", begin, end)
        with serving(authority, lambda: now) as address:
            bench = Bench(town, address, roots, now)
            for name, product in (
                ("signing a page, PAdES B-T", bench.signing),
                ("checking its signature", bench.checking),
            ):
                yield Figure(
                    name=name,
                    unit="ms",
                    product=partial(product, size),
                    reference="promised",
                    against=promised(PROMISED_MILLISECONDS),
                    goal=1.0,
                    better="lower",
                )


class Bench:
    """The product's signer and checker over one page that was made before."""

    def __init__(self, town: Town, address: str, roots: Path, at: datetime) -> None:
        settings = replace(town.settings, tsa_url=address, tsa_roots_file=roots)
        self._services: Services = build(settings, clock=town.services.clock).services
        self._head = town.head
        self._at = at
        self._page: Page = self._services.renderer.letter(a_letter(), at=self._at)
        self._signed = self._sign()
        self._check()

    def signing(self, size: int) -> float:
        """Milliseconds for a signature."""
        return seconds(lambda: [self._sign() for _ in range(size)]) / size * 1000

    def checking(self, size: int) -> float:
        """Milliseconds for the check of a file with one signature."""
        return seconds(lambda: [self._check() for _ in range(size)]) / size * 1000

    def _sign(self) -> bytes:
        assert self._head.person_id is not None
        made = self._services.pages.sign(
            self._page.pdf,
            person_id=self._head.person_id,
            passphrase=PASSPHRASE,
            block=self._page.block,
            at=self._at,
        )
        if made.stamped_at is None:
            raise RuntimeError(f"no time-stamp: {made.trouble}")
        return made.pdf

    def _check(self) -> SignedFile:
        found = self._services.page_checker.check(self._signed, self._at)
        if not (found.signatures and found.signatures[0].holds and found.signatures[0].time.is_true):
            raise RuntimeError(f"the signature is not good: {found}")
        return found
