"""Versions of drafts on the shelf, on both databases."""

from __future__ import annotations

import dataclasses
from datetime import timedelta
from uuid import uuid4

import pytest

from saraban.domain.agency import AgencyId
from saraban.domain.attachment import Digest
from saraban.domain.errors import ConcurrentEdit
from saraban.domain.letter import Letter
from saraban.domain.versions import SavedVersion, Saving, VersionId
from tests.builders import NOW, StaffedAgency, a_letter
from tests.storage.conftest import NewUow


def a_version(letter: Letter, ordinal: int, saving: Saving = Saving.AUTOSAVED) -> SavedVersion:
    return SavedVersion(
        id=VersionId(uuid4()),
        agency_id=letter.agency_id,
        letter_id=letter.id,
        ordinal=ordinal,
        saving=saving,
        digest=Digest.of(str(ordinal).encode()),
        person_id=letter.drafter_id,
        person_name="นางสาวผู้ร่าง",
        begun_at=NOW,
        at=NOW,
    )


def test_versions_come_back_in_their_order_and_the_last_may_go_on(new_uow: NewUow, office: StaffedAgency) -> None:
    letter = a_letter(office["clerk"])
    first, second = a_version(letter, 1, Saving.BEGUN), a_version(letter, 2)
    with new_uow() as uow:
        uow.letters.add(letter)
        uow.versions.add(first)
        uow.versions.add(second)
        uow.commit()
    with new_uow() as uow:
        last = uow.versions.last(letter.agency_id, letter.id)
        assert last == second
        last = dataclasses.replace(
            last, digest=Digest.of(b"new"), at=NOW + timedelta(minutes=1), saving=Saving.TAKEN_BACK, source=first.digest
        )
        uow.versions.save(last)
        uow.commit()

    with new_uow() as uow:
        assert list(uow.versions.of(letter.agency_id, letter.id)) == [first, last]
        elsewhere = AgencyId(uuid4())
        assert uow.versions.last(elsewhere, letter.id) is None and list(uow.versions.of(elsewhere, letter.id)) == []


def test_two_that_begin_the_same_version_do_not_both_succeed(new_uow: NewUow, office: StaffedAgency) -> None:
    letter = a_letter(office["clerk"])
    with new_uow() as uow:
        uow.letters.add(letter)
        uow.versions.add(a_version(letter, 1))
        uow.commit()

    with pytest.raises(ConcurrentEdit), new_uow() as uow:
        uow.versions.add(a_version(letter, 1))
        uow.commit()
