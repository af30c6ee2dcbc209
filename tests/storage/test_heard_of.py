"""One question tells whether anything is kept of a dispatch; each thing that may be is enough, of that sender alone."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from saraban.domain.attachment import Digest
from saraban.usecases.books import EarlyRecall, UnitOfWork
from tests.builders import NOW, StaffedAgency, an_incoming_letter
from tests.storage.conftest import NewUow

DISPATCH = uuid4()


def _came(uow: UnitOfWork, office: StaffedAgency, **told: Any) -> None:
    uow.incoming.add(an_incoming_letter(office.agency, office.central.id, from_code="dopa", **told))


def _asked_back(uow: UnitOfWork, office: StaffedAgency) -> None:
    manifest = Digest.of(b"manifest").hex
    uow.incoming.note_recall(
        EarlyRecall(office.agency.id, "dopa", DISPATCH, manifest, "ส่งผิดหน่วยงาน", NOW, Digest.of(b"raw"))
    )


@pytest.mark.parametrize("kept", ["the letter", "one in its place", "a request for it"])
def test_whatever_is_kept_of_a_dispatch_is_heard_of(new_uow: NewUow, office: StaffedAgency, kept: str) -> None:
    with new_uow() as uow:
        assert not uow.incoming.heard_of(office.agency.id, "dopa", DISPATCH)
        if kept == "the letter":
            _came(uow, office, dispatch_id=DISPATCH)
        elif kept == "one in its place":
            _came(uow, office, replaces=DISPATCH)
        else:
            _asked_back(uow, office)
        assert uow.incoming.heard_of(office.agency.id, "dopa", DISPATCH)
        assert not uow.incoming.heard_of(office.agency.id, "opdc", DISPATCH)
        assert not uow.incoming.heard_of(office.agency.id, "dopa", uuid4())
