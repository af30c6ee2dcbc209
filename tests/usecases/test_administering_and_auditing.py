"""Setting agencies up, taking directories in, looking after journals and keys."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12
from sqlalchemy import text

from saraban.domain.agency import PositionRole
from saraban.domain.attachment import Digest
from saraban.domain.errors import BadInput, NotFound, RuleBroken, WrongPassphrase
from saraban.storage.tables.people import agencies, directory
from saraban.usecases import auditing, connecting
from saraban.usecases.administering import NewPerson, NewUnit, import_directory, import_signed_directory, open_agency
from saraban.usecases.entering import enter
from saraban.usecases.inspecting import seal_in_force
from tests.builders import NOW, a_correspondent
from tests.usecases.conftest import Pki
from tests.usecases.house import House

UNITS = [NewUnit("c", "กองกลาง", "1201", central=True), NewUnit("d", "กองย่อย", "1202", parent="c")]
CLERK = NewPerson("นายใหม่ มาแล้ว", "new.clerk", "pw", "c", "เจ้าพนักงานธุรการ", PositionRole.CLERK)


def _open(house: House, **changes: Any) -> None:
    values: dict[str, Any] = {
        "code": "new",
        "name": "กรมใหม่",
        "abbr": "นร",
        "series": "12",
        "mailbox": "Saraban@New.example",
        "units": UNITS,
        "people": [CLERK],
        "since": date(2026, 11, 1),
    }
    open_agency(house.office, **values | changes)


def test_an_opened_agency_works_at_once(house: House) -> None:
    _open(house)

    assert enter(house.office, username="new.clerk", password="pw").central
    assert {row.mailbox for row in house.rows(agencies)} >= {"saraban@new.example"}
    assert [e["values"]["code"] for e in house.told("agency.opened")] == ["new"]


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("code", {"code": "onep"}),
        ("mailbox", {"mailbox": "SARABAN@onep.example"}),
        ("units", {"units": [NewUnit("c", "กอง", "1201")]}),
        ("units", {"units": [*UNITS, NewUnit("e", "กอง", "1203", central=True)]}),
        ("units", {"units": [*UNITS, NewUnit("d", "กอง", "1203")]}),
        ("units", {"units": [*UNITS, NewUnit("e", "กอง", "1203", parent="nowhere")]}),
        ("unit", {"people": [NewPerson("ก", "u", "pw", "nowhere", "t", PositionRole.CLERK)]}),
        ("username", {"people": [NewPerson("ก", "CLERK.onep", "pw", "c", "t", PositionRole.CLERK)]}),
        ("username", {"people": [CLERK, CLERK]}),
    ],
)
def test_an_agency_that_does_not_fit_is_told_at_its_field_and_not_half_opened(
    house: House, field: str, changes: dict[str, Any]
) -> None:
    with pytest.raises(BadInput) as refused:
        _open(house, **changes)

    assert list(refused.value.fields) == [field]
    assert len(house.rows(agencies)) == 2


def test_a_directory_takes_the_place_of_the_last_one_and_every_agency_remembers(house: House) -> None:
    count = import_directory(
        house.office, agencies=[a_correspondent("cgd")], publisher="dga", sha256=Digest.of(b"directory")
    )

    assert count == 1
    assert [row.code for row in house.rows(directory)] == ["cgd"]
    assert len(house.told("directory.imported")) == 2


def test_a_directory_that_names_an_agency_twice_is_refused_and_the_old_one_stays(house: House) -> None:
    with pytest.raises(BadInput):
        import_directory(
            house.office, agencies=[a_correspondent(), a_correspondent()], publisher="dga", sha256=Digest.of(b"")
        )

    assert len(house.rows(directory)) == 2


def signed_directory(house: House, code: str = "onep") -> tuple[bytes, bytes]:
    """A directory that our agency publishes, with its seal over it."""
    named = {"code": code, "name": "สำนักงาน", "mailbox": f"saraban@{code}.example", "certificates": []}
    values = {"saraban": 1, "kind": "directory", "publisher": code, "issued_at": "2026-11-23T09:00:00+07:00"}
    data = json.dumps(
        values | {"agencies": [named]}, ensure_ascii=False, sort_keys=True, separators=(",", ":")
    ).encode()
    return data, house.office.seals.sealer("onep", NOW).seal(Digest.of(data), NOW)


def test_a_directory_under_its_publishers_seal_is_taken_in(house: House) -> None:
    data, signature = signed_directory(house)

    assert import_signed_directory(house.office, data=data, signature=signature) == 1


def test_a_directory_that_was_changed_or_sealed_by_another_is_refused(house: House) -> None:
    data, signature = signed_directory(house)
    for wrong in (data.replace(b"onep.example", b"evil.example"), signed_directory(house, "dopa")[0]):
        with pytest.raises(RuleBroken) as refused:
            import_signed_directory(house.office, data=wrong, signature=signature)
        assert refused.value.code == "directory-not-trusted"

    assert len(house.rows(directory)) == 2


def test_the_journals_of_all_agencies_are_walked(house: House) -> None:
    house.draft()
    good = auditing.verify_journals(house.office)
    with house.real.writing.begin() as connection:
        connection.execute(text("UPDATE journal SET name = 'letter.withdrawn'"))
    bad = auditing.verify_journals(house.office)

    assert {(r.agency_code, r.lines, len(r.breaks)) for r in good} == {("onep", 1, 0), ("dopa", 0, 0)}
    assert {(r.agency_code, len(r.breaks)) for r in bad} == {("onep", 1), ("dopa", 0)}


def test_a_seal_is_requested_issued_and_taken_in(house: House, pki: Pki) -> None:
    request = x509.load_pem_x509_csr(auditing.request_seal(house.office, agency_code="onep"))
    names = request.extensions.get_extension_for_class(x509.SubjectAlternativeName).value

    assert names.get_values_for_type(x509.RFC822Name) == ["saraban@onep.example"]
    for call in (
        lambda: auditing.request_seal(house.office, agency_code="nowhere"),
        lambda: auditing.import_seal(house.office, agency_code="nowhere", data=b"", passphrase=""),
        lambda: list(connecting.examine_mailbox(house.office, agency_code="nowhere")),
    ):
        with pytest.raises(NotFound):
            call()


def test_an_officers_key_is_taken_in_under_the_officers_new_passphrase(house: House, pki: Pki) -> None:
    data = pkcs12.serialize_key_and_certificates(
        b"k", pki.head.key, pki.head.certificate, None, BestAvailableEncryption(b"old")
    )
    values = {"username": "director.onep", "data": data, "passphrase": "ใหม่"}
    with pytest.raises(WrongPassphrase):
        auditing.import_officer_key(house.office, old_passphrase="wrong", **values)
    auditing.import_officer_key(house.office, old_passphrase="old", **values)

    director = house.ours["director"].person_id
    assert director is not None
    house.office.pages.check(director, "ใหม่")
    with pytest.raises(WrongPassphrase):
        house.office.pages.check(director, "old")
    with pytest.raises(NotFound):
        auditing.import_officer_key(house.office, old_passphrase="old", **values | {"username": "nobody"})


def test_the_seal_in_force_is_told_and_whether_it_ends_soon(house: House, pki: Pki) -> None:
    actor = house.ours["clerk"]
    assert not seal_in_force(house.office, actor=actor).ends_soon
    house.clock.pass_by(timedelta(days=700))
    assert seal_in_force(house.office, actor=actor).ends_soon
    house.clock.pass_by(timedelta(days=60))
    assert seal_in_force(house.office, actor=actor).why
