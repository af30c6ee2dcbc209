"""A batch of the desk, per letter, against the bare PAdES signature with the same key over the same page.

A letter of a batch takes its number, is set with it, made PDF/A, signed, proven, frozen and told in register and
journal. The bare signature is what an officer makes of a page that lies before him: his key is opened and the page is
signed, with the same visible block. What it costs to open the key, which is meant to be slow for whoever guesses, a
batch pays once.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from benchmarks.databases import Databases
from benchmarks.desks import signable
from benchmarks.frame import Figure, seconds
from benchmarks.letterpage import a_letter
from benchmarks.town import PASSPHRASE, Town, founded
from saraban.domain.batch import BatchDeed
from saraban.usecases import batching, signing
from saraban.usecases.pages import Page

SIZE = 20
"""How many letters a batch has."""
GOAL = 1.6


def figures(size: int, databases: Databases) -> Iterator[Figure]:
    """Milliseconds per letter of a batch, the key's opening with it."""
    for kind in databases.kinds:
        with databases.migrated(kind) as url, founded(url) as town:
            page = town.services.renderer.letter(a_letter(), at=town.services.clock.now())
            yield Figure(
                name=f"batch of {size}, per letter",
                unit="ms",
                product=partial(_batch, town, size),
                reference="bare PAdES signature",
                against=partial(_bare, town, page, size),
                goal=GOAL,
                better="lower",
                database=kind,
            )


def _batch(town: Town, size: int) -> float:
    office = town.services
    batch_id = batching.prepare_batch(office, actor=town.head, deed=BatchDeed.SIGN, wanted=signable(town, size))
    took = seconds(
        lambda: batching.sign_batch(
            office,
            actor=town.head,
            batch_id=batch_id,
            passphrase=PASSPHRASE,
            sign=signing.sign_with,
            spawn=lambda work: work(),
        )
    )
    with office.uow() as uow:
        lines = uow.batches.get(town.head.agency_id, batch_id).lines
    if any(line.why for line in lines) or len({line.number for line in lines}) != size:
        raise RuntimeError(f"not all was signed: {lines}")
    return took / size * 1000


def _bare(town: Town, page: Page, size: int) -> float:
    assert town.head.person_id is not None
    person, at = town.head.person_id, town.services.clock.now()
    sign = partial(town.services.pages.sign, page.pdf, person_id=person, passphrase=PASSPHRASE, block=page.block, at=at)
    return seconds(lambda: [sign() for _ in range(size)]) / size * 1000
