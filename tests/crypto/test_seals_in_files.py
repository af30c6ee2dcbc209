"""Seals and officers' keys in files: who can open them, which is chosen, what an import takes and refuses."""

from __future__ import annotations

import threading
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    pkcs12,
)

from saraban.crypto import keys
from saraban.crypto.cms import HeldKey
from saraban.crypto.demo_pki import issue_seal
from saraban.crypto.seal import FileSeals
from saraban.domain.agency import PersonId
from saraban.domain.errors import BadInput, NotFound, WrongPassphrase
from tests.crypto.ministry import (
    AT,
    DIGEST,
    MAILBOX,
    NAME,
    YEAR,
    openssl,
    rsa_key,
    the_issuer,
    the_officer,
    the_seal,
    the_verdict,
)

MASTER = "กุญแจหลักของการทดสอบ"
PERSON = PersonId(UUID(int=7))


def _seal(begin: timedelta, end: timedelta) -> HeldKey:
    return issue_seal(the_issuer(), NAME, MAILBOX, AT + begin, AT + end)


# --- seals --------------------------------------------------------------------------------------------------------


def test_a_stored_seal_seals_and_its_signature_is_good(tmp_path: Path) -> None:
    keys.store_seal(tmp_path, "0100", the_seal(), MASTER)

    sealer = FileSeals(tmp_path, MASTER).sealer("0100", AT)

    assert (sealer.mailbox, sealer.name) == (MAILBOX, NAME)
    assert sealer.certificate_pem == the_seal().pem
    assert the_verdict(sealer.seal(DIGEST, AT)).good


def test_the_file_of_a_seal_is_for_its_owner_only_and_shows_no_key(tmp_path: Path) -> None:
    path = keys.store_seal(tmp_path, "0100", the_seal(), MASTER)

    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert b"BEGIN ENCRYPTED PRIVATE KEY" in path.read_bytes()
    assert b"BEGIN PRIVATE KEY" not in path.read_bytes()
    assert [file.name for file in path.parent.iterdir()] == [path.name]


def test_an_agency_without_a_seal_is_told_so_in_thai(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="ยังไม่มีตราประทับอิเล็กทรอนิกส์"):
        FileSeals(tmp_path, MASTER).sealer("0100", AT)


def test_a_seal_that_has_ended_or_not_begun_is_not_used(tmp_path: Path) -> None:
    keys.store_seal(tmp_path, "0100", _seal(-2 * YEAR, -YEAR), MASTER)
    keys.store_seal(tmp_path, "0100", _seal(YEAR, 2 * YEAR), MASTER)

    with pytest.raises(NotFound, match="หมดอายุหรือยังไม่ถึงวันเริ่มใช้"):
        FileSeals(tmp_path, MASTER).sealer("0100", AT)
    assert len(FileSeals(tmp_path, MASTER).all_of("0100")) == 2


def test_of_two_valid_seals_the_newer_one_seals(tmp_path: Path) -> None:
    old, new = _seal(-2 * YEAR, YEAR), _seal(timedelta(), 2 * YEAR)
    for seal in (new, old):
        keys.store_seal(tmp_path, "0100", seal, MASTER)
    seals = FileSeals(tmp_path, MASTER)

    assert seals.sealer("0100", AT).certificate_pem == new.pem
    assert seals.sealer("0100", AT - timedelta(days=1)).certificate_pem == old.pem


def test_a_seal_is_opened_once_and_a_new_file_is_seen_at_once(tmp_path: Path) -> None:
    keys.store_seal(tmp_path, "0100", _seal(-2 * YEAR, YEAR), MASTER)
    seals = FileSeals(tmp_path, MASTER)
    first = seals.sealer("0100", AT)
    assert seals.sealer("0100", AT) is first

    new = _seal(-YEAR, YEAR)
    keys.store_seal(tmp_path, "0100", new, MASTER)

    assert seals.sealer("0100", AT).certificate_pem == new.pem


def test_a_seal_whose_file_was_changed_or_taken_away_is_held_no_longer(tmp_path: Path) -> None:
    path = keys.store_seal(tmp_path, "0100", the_seal(), MASTER)
    seals = FileSeals(tmp_path, MASTER)
    assert seals.sealer("0100", AT).mailbox == MAILBOX

    keys.write_private(path, b"spoiled")
    with pytest.raises(NotFound, match="เสียหาย"):
        seals.sealer("0100", AT)
    path.unlink()
    with pytest.raises(NotFound, match="ยังไม่มีตราประทับ"):
        seals.sealer("0100", AT)


def test_a_seal_under_another_master_key_does_not_open_and_says_whom_to_ask(tmp_path: Path) -> None:
    keys.store_seal(tmp_path, "0100", the_seal(), MASTER)

    with pytest.raises(NotFound, match="SARABAN_MASTER_KEY"):
        FileSeals(tmp_path, "another").sealer("0100", AT)


def test_a_spoiled_file_does_not_keep_an_agency_from_its_good_seal(tmp_path: Path) -> None:
    spoiled = keys.store_seal(tmp_path, "0100", _seal(-YEAR, YEAR), MASTER)
    keys.write_private(spoiled, b"spoiled")
    seals = FileSeals(tmp_path, MASTER)
    with pytest.raises(NotFound, match="เสียหาย"):
        seals.sealer("0100", AT)

    keys.store_seal(tmp_path, "0100", the_seal(), MASTER)

    assert seals.sealer("0100", AT).certificate_pem == the_seal().pem


@pytest.mark.parametrize("code", ["", "..", "../0100", "/etc", "a/b", ".hidden", "a\0b"])
def test_a_code_cannot_lead_out_of_the_folder_of_keys(code: str, tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        FileSeals(tmp_path, MASTER).sealer(code, AT)


def test_many_threads_seal_with_one_key(tmp_path: Path) -> None:
    keys.store_seal(tmp_path, "0100", the_seal(), MASTER)
    seals = FileSeals(tmp_path, MASTER)
    made: list[bytes] = []

    def work() -> None:
        made.extend(seals.sealer("0100", AT).seal(DIGEST, AT) for _ in range(20))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(made) == 80
    assert all(the_verdict(signature).good for signature in made)


# --- importing ----------------------------------------------------------------------------------------------------


def _pkcs12(held: HeldKey, passphrase: str) -> bytes:
    encryption = BestAvailableEncryption(passphrase.encode())
    return pkcs12.serialize_key_and_certificates(b"x", held.key, held.certificate, list(held.chain), encryption)


def _pem(held: HeldKey) -> bytes:
    key = held.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return held.pem.encode() + key + b"".join(above.public_bytes(Encoding.PEM) for above in held.chain)


def test_a_seal_in_pkcs12_is_taken_in(tmp_path: Path) -> None:
    keys.import_seal(tmp_path, "0100", _pkcs12(the_seal(), "1234"), "1234", MASTER)

    assert the_verdict(FileSeals(tmp_path, MASTER).sealer("0100", AT).seal(DIGEST, AT)).good


def test_a_seal_in_pem_is_taken_in_whatever_the_order(tmp_path: Path) -> None:
    keys.import_seal(tmp_path, "0100", _pem(the_seal()), "", MASTER)

    sealer = FileSeals(tmp_path, MASTER).sealer("0100", AT)
    assert the_verdict(sealer.seal(DIGEST, AT)).good
    assert len(sealer.chain_pem) == 2


def test_a_wrong_passphrase_is_told_from_a_wrong_file(tmp_path: Path) -> None:
    with pytest.raises(WrongPassphrase):
        keys.import_seal(tmp_path, "0100", _pkcs12(the_seal(), "1234"), "4321", MASTER)
    for wrong in (b"", b"not a key", b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"):
        with pytest.raises(BadInput) as refusal:
            keys.import_seal(tmp_path, "0100", wrong, "", MASTER)
        assert "file" in refusal.value.fields
    assert list(tmp_path.rglob("*.pem")) == []


def test_what_is_no_seal_is_refused(tmp_path: Path) -> None:
    weak = issue_seal(the_issuer(), NAME, MAILBOX, AT, AT + YEAR, key=rsa_key(2048))
    strange = HeldKey(ec.generate_private_key(ec.SECP256R1()), the_seal().certificate)
    for wrong in (weak, strange, the_officer()):
        with pytest.raises(BadInput):
            keys.import_seal(tmp_path, "0100", _pem(wrong), "", MASTER)
    edwards = ed25519.Ed25519PrivateKey.generate()
    pem = edwards.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    with pytest.raises(BadInput, match="ข้อมูล"):
        keys.import_seal(tmp_path, "0100", pem + the_seal().pem.encode(), "", MASTER)


def test_a_request_waits_for_its_certificate(tmp_path: Path) -> None:
    request = keys.request_seal(tmp_path, "0100", NAME, MAILBOX, MASTER)
    (tmp_path / "request.pem").write_bytes(request)
    read = openssl(*["req", "-in", "request.pem", "-verify", "-noout", "-text"], folder=tmp_path)
    assert read.returncode == 0
    assert f"email:{MAILBOX}".encode() in read.stdout
    assert FileSeals(tmp_path, MASTER).all_of("0100") == []

    asked = x509.load_pem_x509_csr(request).public_key()
    waiting = next(tmp_path.rglob("waiting-*.key"))
    key = keys.open_private_key(waiting.read_bytes(), MASTER)
    assert key.public_key() == asked
    issued = issue_seal(the_issuer(), NAME, MAILBOX, AT - YEAR, AT + YEAR, key=key)
    with pytest.raises(BadInput):
        keys.import_seal(tmp_path, "0100", the_seal().pem.encode(), "", MASTER)
    chain = issued.pem.encode() + the_issuer().pem.encode()
    keys.import_seal(tmp_path, "0100", chain, "", MASTER)

    assert the_verdict(FileSeals(tmp_path, MASTER).sealer("0100", AT).seal(DIGEST, AT)).good
    assert list(tmp_path.rglob("waiting-*.key")) == []


# --- officers -----------------------------------------------------------------------------------------------------


def test_an_officers_key_opens_with_the_passphrase_and_with_no_other(tmp_path: Path) -> None:
    path = keys.store_officer(tmp_path, PERSON, the_officer(), "รหัสลับ ๑๒๓๔")

    assert keys.open_officer(tmp_path, PERSON, "รหัสลับ ๑๒๓๔").certificate == the_officer().certificate
    assert (path.name, path.stat().st_mode & 0o777) == (f"{PERSON}.p12", 0o600)
    for wrong in ("รหัสลับ ๑๒๓๕", ""):
        with pytest.raises(WrongPassphrase):
            keys.open_officer(tmp_path, PERSON, wrong)


def test_a_person_without_a_key_is_told_so(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="ยังไม่มีกุญแจลงนาม"):
        keys.open_officer(tmp_path, PERSON, "x")


def test_openssl_opens_an_officers_key(tmp_path: Path) -> None:
    path = keys.store_officer(tmp_path, PERSON, the_officer(), "1234")

    read = openssl("pkcs12", "-in", path, "-passin", "pass:1234", "-nodes", "-info", folder=tmp_path)

    assert read.returncode == 0
    assert b"BEGIN PRIVATE KEY" in read.stdout
    assert b"Iteration 50000" in read.stderr


def test_an_empty_passphrase_or_master_key_protects_nothing_and_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput):
        keys.store_officer(tmp_path, PERSON, the_officer(), "")
    with pytest.raises(ValueError, match="master key"):
        keys.store_seal(tmp_path, "0100", the_seal(), "")


def test_a_failed_writing_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "key"
    keys.write_private(path, b"old")

    with pytest.raises(TypeError):
        keys.write_private(path, "not bytes")  # type: ignore[arg-type]

    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]
