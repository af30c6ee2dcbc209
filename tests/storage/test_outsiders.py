"""Receivers outside the directory on the shelf, the token of a link, and which of a mail's files are the letter's."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from saraban.domain.agency import AgencyId
from saraban.domain.attachment import Digest
from saraban.domain.dispatch import DispatchState, EvidenceKind
from saraban.domain.errors import ConcurrentEdit, NotFound
from saraban.domain.outsider import Outsider, OutsiderId
from tests.builders import NOW, StaffedAgency, a_dispatch, a_file, a_letter, an_incoming_letter
from tests.storage.conftest import NewUow

SCHOOL = "office@school.example"


def a_school(office: StaffedAgency) -> Outsider:
    return Outsider(OutsiderId(uuid4()), office.agency.id, "โรงเรียนบ้านสวน", SCHOOL, NOW, "นางสาวสมใจ")


def test_a_receiver_is_found_by_its_address_in_its_own_list_only(new_uow: NewUow, office: StaffedAgency) -> None:
    school = a_school(office)
    with new_uow() as uow:
        uow.outsiders.add(school)
        uow.commit()
    with new_uow() as uow:
        found = uow.outsiders.by_mailbox(office.agency.id, " Office@School.Example ")
        assert found is not None and vars(found) == vars(school)
        assert uow.outsiders.by_mailbox(AgencyId(uuid4()), SCHOOL) is None
        with pytest.raises(NotFound):
            uow.outsiders.get(AgencyId(uuid4()), school.id)
        found.active = False
        uow.outsiders.save(found)
        uow.commit()
    with new_uow() as uow:
        assert not uow.outsiders.get(office.agency.id, school.id).active


def test_one_address_stands_once_on_a_list(new_uow: NewUow, office: StaffedAgency) -> None:
    with new_uow() as uow:
        uow.outsiders.add(a_school(office))
        uow.commit()
    with pytest.raises(ConcurrentEdit), new_uow() as uow:
        uow.outsiders.add(a_school(office))
        uow.commit()


def test_a_dispatch_is_found_by_the_digest_of_its_token_and_by_its_address(
    new_uow: NewUow, office: StaffedAgency
) -> None:
    letter = a_letter(office["clerk"])
    token = Digest.of(b"token")
    made = [
        a_dispatch(letter, to_mailbox=SCHOOL, link=token),
        a_dispatch(letter, to_mailbox=SCHOOL, created_at=NOW - timedelta(days=9)),
        a_dispatch(letter, to_mailbox=SCHOOL, state=DispatchState.RECEIVED, proved_by=EvidenceKind.LINK),
    ]
    with new_uow() as uow:
        uow.letters.add(letter)
        for dispatch in made:
            uow.dispatches.add(dispatch)
        uow.commit()
    with new_uow() as uow:
        found = uow.dispatches.by_link(token)
        assert found is not None and found.id == made[0].id
        assert uow.dispatches.by_link(Digest.of(b"another")) is None
        late = uow.dispatches.last_to(office.agency.id, "Office@school.example", NOW - timedelta(days=5))
        assert [one.id for one in late] == [made[0].id]
        assert uow.dispatches.get(office.agency.id, made[2].id).proved_by is EvidenceKind.LINK


def test_the_files_of_a_mail_that_became_a_letter_are_those_that_were_chosen(
    new_uow: NewUow, office: StaffedAgency
) -> None:
    files = [a_file("หนังสือ.pdf", b"letter"), a_file("แผนที่.txt", b"map")]
    letter = an_incoming_letter(office.agency, office.central.id, files=files)
    with new_uow() as uow:
        uow.incoming.add(letter)
        uow.commit()
    with new_uow() as uow:
        kept = uow.incoming.get(office.agency.id, letter.id)
        kept.files = kept.files[:1]
        uow.incoming.save(kept)
        uow.commit()
    with new_uow() as uow:
        assert uow.incoming.get(office.agency.id, letter.id).files == files[:1]
