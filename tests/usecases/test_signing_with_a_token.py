"""An officer whose key lies on a token signs a letter with its PIN."""

from __future__ import annotations

from dataclasses import replace

import pytest

from saraban.bootstrap import build
from saraban.domain.errors import NotFound, WrongPassphrase
from saraban.domain.letter import LetterState
from saraban.storage.tables.registers import entries
from saraban.usecases import auditing
from tests.crypto.ministry import the_officer
from tests.crypto.soft_token import PIN, in_pem, the_token
from tests.usecases.house import House


def test_a_letter_is_signed_with_the_pin_of_the_token(house: House) -> None:
    token = the_token()
    real = build(replace(house.real.settings, pkcs11_module=token.module), clock=house.clock)
    services = replace(real.services, renderer=house.office.renderer)
    house = House(replace(real, services=services), house.ours, house.theirs, house.clock)
    values = {"token": "exec1", "key": "ec", "certificates": in_pem(the_officer())}
    auditing.register_token(house.office, username="head.onep", **values)  # type: ignore[arg-type]
    letter_id = house.before_the_head()

    with pytest.raises(WrongPassphrase):
        house.sign(letter_id, "9999")
    assert house.rows(entries) == [], "a wrong PIN takes no number"
    signed = house.sign(letter_id, PIN)

    assert house.letter(letter_id).state is LetterState.ISSUED
    page = house.office.blobs.open(signed.page)
    [found] = house.office.page_checker.check(page, house.clock.now()).signatures
    assert found.holds and found.signer == "นางสาวสมหญิง ใจทดสอบ"
    real.close()


def test_a_token_is_bound_to_somebody_who_is_there(house: House) -> None:
    with pytest.raises(NotFound):
        auditing.register_token(house.office, username="nobody", token="t", key="k", certificates=b"")
