"""The verdict in four parts on signatures that our own builder makes: who, when, over what, for whom."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID

from saraban.crypto import der
from saraban.crypto.cms import ID_DATA, ID_SIGNED_DATA, CmsSigner, HeldKey
from saraban.crypto.demo_pki import issue_seal, make_root
from saraban.crypto.verify import CmsVerifier
from saraban.domain.attachment import Digest
from saraban.domain.signature import TrustedSeal
from tests.crypto.ministry import (
    AT,
    CONTENT,
    DIGEST,
    MAILBOX,
    NAME,
    TRUST,
    YEAR,
    a_signature,
    another_root,
    parts,
    the_issuer,
    the_officer,
    the_root,
    the_seal,
    the_verdict,
)


def test_a_good_signature_is_good_in_all_four_parts_and_says_who_and_when() -> None:
    status = the_verdict(a_signature())

    assert parts(status) == (True, True, True, True)
    assert status.good
    assert status.problem is None
    assert (status.signer, status.signed_at) == (NAME, AT)
    assert status.serial == f"{the_seal().certificate.serial_number:x}"
    assert all(part.reason for part in (status.intact, status.valid, status.trusted, status.in_time))


def test_the_content_itself_serves_as_well_as_its_digest() -> None:
    assert the_verdict(a_signature(), content=CONTENT).good
    assert not the_verdict(a_signature(), content=CONTENT + b" ").good


def test_an_empty_signature_is_missing() -> None:
    status = the_verdict(b"")

    assert status.problem == "signature-missing"
    assert not status.good


def test_other_content_is_not_intact_though_the_signature_is_valid() -> None:
    status = the_verdict(a_signature(), content=Digest.of(b"another letter"))

    assert parts(status) == (False, True, True, True)
    assert status.problem == "signature-broken"


def test_a_sender_in_no_directory_is_not_trusted() -> None:
    status = the_verdict(a_signature(), trust=None)

    assert parts(status) == (True, True, False, True)
    assert status.problem == "signer-untrusted"


def test_a_seal_of_another_root_is_not_trusted_though_the_names_are_the_same() -> None:
    status = the_verdict(a_signature(issue_seal(another_root(), NAME, MAILBOX, AT - YEAR, AT + YEAR)))

    assert parts(status) == (True, True, False, True)
    assert status.problem == "signer-untrusted"


def test_the_seal_of_another_mailbox_is_not_trusted() -> None:
    status = the_verdict(a_signature(), trust=TrustedSeal("saraban@another.example"))

    assert parts(status) == (True, True, False, True)
    assert status.problem == "signer-untrusted"
    assert "saraban@another.example" in status.trusted.reason


def test_the_mailbox_is_compared_without_regard_to_case() -> None:
    assert the_verdict(a_signature(), trust=TrustedSeal(MAILBOX.upper())).good


def test_an_officers_certificate_is_no_seal() -> None:
    status = the_verdict(a_signature(the_officer()))

    assert (status.valid.value, status.problem) == (True, "signer-untrusted")


def test_a_certificate_for_another_purpose_is_no_seal_though_it_names_the_mailbox() -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    issuer = the_root()
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, MAILBOX)])
    builder = x509.CertificateBuilder(issuer.certificate.subject, subject, key.public_key(), 7, AT - YEAR, AT + YEAR)
    usage = x509.KeyUsage(True, True, False, False, False, False, False, False, False)
    builder = builder.add_extension(usage, True)
    builder = builder.add_extension(x509.SubjectAlternativeName([x509.RFC822Name(MAILBOX)]), False)
    for purpose, trusted in ((ExtendedKeyUsageOID.SERVER_AUTH, False), (ExtendedKeyUsageOID.EMAIL_PROTECTION, True)):
        signed = builder.add_extension(x509.ExtendedKeyUsage([purpose]), False).sign(issuer.key, hashes.SHA256())

        assert the_verdict(a_signature(HeldKey(key, signed))).trusted.value is trusted


def test_an_algorithm_with_parameters_that_do_not_belong_is_not_valid() -> None:
    def with_null(signer: list[bytes]) -> list[bytes]:
        algorithm = der.tlv(der.SEQUENCE, der.read(signer[4]).inside, der.tlv(der.NULL))
        return [*signer[:4], algorithm, *signer[5:]]

    assert the_verdict(_with_signer(lambda signer: signer)).good
    assert the_verdict(_with_signer(with_null)).valid.value is False


def test_without_roots_only_a_pin_is_trusted() -> None:
    verifier = CmsVerifier([])
    pinned = TrustedSeal("other@mailbox.example", ((the_seal().pem, AT - YEAR, AT + YEAR),))

    assert verifier.status(DIGEST, a_signature(), TRUST, AT).problem == "signer-untrusted"
    assert verifier.status(DIGEST, a_signature(), pinned, AT).good


def test_a_pin_counts_only_in_its_time_and_for_its_certificate() -> None:
    verifier = CmsVerifier([])
    day = timedelta(days=1)
    for pinned in (
        (the_seal().pem, AT + day, AT + YEAR),
        (the_seal().pem, AT - YEAR, AT - day),
        (the_officer().pem, AT - YEAR, AT + YEAR),
        ("no certificate", AT - YEAR, AT + YEAR),
    ):
        status = verifier.status(DIGEST, a_signature(), TrustedSeal(MAILBOX, (pinned,)), AT)
        assert status.problem == "signer-untrusted"


def test_two_pinned_seals_are_both_accepted_while_they_overlap() -> None:
    new = issue_seal(another_root(), NAME, MAILBOX, AT - timedelta(days=1), AT + 2 * YEAR)
    trust = TrustedSeal(MAILBOX, ((the_seal().pem, AT - YEAR, AT + YEAR), (new.pem, AT, AT + 2 * YEAR)))

    assert CmsVerifier([]).status(DIGEST, a_signature(), trust, AT).good
    assert CmsVerifier([]).status(DIGEST, a_signature(new), trust, AT).good


def test_a_pinned_certificate_for_encryption_is_no_seal() -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "encryption")])
    usage = x509.KeyUsage(False, False, True, False, False, False, False, False, False)
    builder = x509.CertificateBuilder(subject, subject, key.public_key(), 1, AT - YEAR, AT + YEAR)
    held = HeldKey(key, builder.add_extension(usage, True).sign(key, hashes.SHA256()))

    status = the_verdict(a_signature(held), trust=TrustedSeal(MAILBOX, ((held.pem, AT - YEAR, AT + YEAR),)))

    assert status.trusted.value is False


def test_a_signature_after_the_certificates_end_is_expired_and_nothing_else() -> None:
    old = issue_seal(the_root(), NAME, MAILBOX, AT - 2 * YEAR, AT - YEAR)

    status = the_verdict(a_signature(old))

    assert parts(status) == (True, True, True, False)
    assert status.problem == "signer-expired"


def test_a_signature_before_the_certificates_start_is_not_in_time() -> None:
    coming = issue_seal(the_root(), NAME, MAILBOX, AT + timedelta(days=1), AT + YEAR)

    assert parts(the_verdict(a_signature(coming))) == (True, True, True, False)


def test_a_letter_stays_good_after_the_certificate_has_ended() -> None:
    assert the_verdict(a_signature(), at=AT + 5 * YEAR).good


def test_clocks_may_differ_by_five_minutes_and_no_more() -> None:
    assert the_verdict(a_signature(at=AT + timedelta(minutes=5))).good
    late = the_verdict(a_signature(at=AT + timedelta(minutes=5, seconds=1)))
    assert parts(late) == (True, True, True, False)
    assert late.problem == "signer-expired"


def test_a_signature_without_a_time_is_undetermined() -> None:
    status = the_verdict(CmsSigner(the_seal()).sign(DIGEST.raw, None))

    assert parts(status) == (True, True, True, None)
    assert (status.good, status.problem, status.signed_at) == (False, "signer-expired", None)


def test_a_signing_time_after_2049_is_read() -> None:
    far = datetime(2051, 1, 1, tzinfo=UTC)
    seal = issue_seal(make_root("r", AT, far + YEAR), NAME, MAILBOX, AT, far + YEAR)

    status = the_verdict(a_signature(seal, at=far), trust=TrustedSeal(MAILBOX, ((seal.pem, AT, far),)), at=far)

    assert (status.good, status.signed_at) == (True, far)


def test_a_certificate_put_in_place_of_the_signers_is_noticed() -> None:
    twin = _twin_of(the_seal())

    status = the_verdict(_with_certificate(a_signature(), twin))

    assert status.valid.value is False
    assert status.problem == "signature-broken"


def test_the_signature_of_another_key_is_not_valid() -> None:
    stranger = replace(the_seal(), key=ec.generate_private_key(ec.SECP256R1()))

    assert parts(the_verdict(a_signature(stranger))) == (True, False, True, True)


def test_a_repeated_attribute_is_refused() -> None:
    status = the_verdict(_with_attributes(lambda attributes: [*attributes, attributes[0]]))

    assert "ซ้ำกัน" in status.valid.reason


def test_an_attribute_with_two_values_is_refused() -> None:
    def doubled(attributes: list[bytes]) -> list[bytes]:
        kind, values = der.read(attributes[0]).children()
        return [der.tlv(der.SEQUENCE, kind.whole, der.tlv(der.SET, values.inside * 2)), *attributes[1:]]

    status = the_verdict(_with_attributes(doubled))

    assert "หลายค่า" in status.valid.reason


def test_a_content_type_other_than_data_is_refused_unread() -> None:
    def other_type(attributes: list[bytes]) -> list[bytes]:
        data, signed_data = der.oid(ID_DATA), der.oid(ID_SIGNED_DATA)
        return [attribute.replace(data, signed_data) for attribute in attributes]

    assert parts(the_verdict(_with_attributes(other_type))) == (None, False, None, None)


def test_roots_may_change_while_the_verifier_lives() -> None:
    roots: list[str] = []
    verifier = CmsVerifier(lambda: roots)
    assert not verifier.status(DIGEST, a_signature(), TRUST, AT).good

    roots.append(the_root().pem)

    assert verifier.status(DIGEST, a_signature(), TRUST, AT).good


def test_many_certificates_are_refused_at_once() -> None:
    crowd = tuple(issue_seal(the_root(), NAME, MAILBOX, AT - YEAR, AT + YEAR).certificate for _ in range(11))

    status = the_verdict(a_signature(replace(the_seal(), chain=crowd)))

    assert "ใบรับรองมามากเกินไป" in status.valid.reason


@pytest.mark.parametrize(
    "garbage", [b"0", b"\x30\x80" * 5000, b"\x30\x84\xff\xff\xff\xff", bytes(300_000), b"\xff" * 99]
)
def test_garbage_is_broken_and_no_exception(garbage: bytes) -> None:
    status = the_verdict(garbage)

    assert (status.good, status.problem) == (False, "signature-broken")


def test_something_behind_the_signature_is_refused() -> None:
    assert the_verdict(a_signature() + b"\0").problem == "signature-broken"


def _twin_of(seal: HeldKey) -> x509.Certificate:
    """Another certificate with the same issuer, serial number and key."""
    certificate = seal.certificate
    builder = x509.CertificateBuilder(
        certificate.issuer,
        certificate.subject,
        certificate.public_key(),
        certificate.serial_number,
        AT - YEAR,
        AT + YEAR,
    )
    return builder.sign(the_issuer().key, hashes.SHA256())


def _with_certificate(signature: bytes, certificate: x509.Certificate) -> bytes:
    content_type, explicit = der.read(signature).children()
    parts_ = [part.whole for part in explicit.children()[0].children()]
    parts_[3] = der.tlv(der.CONTEXT_0, certificate.public_bytes(Encoding.DER))
    return der.tlv(der.SEQUENCE, content_type.whole, der.tlv(der.CONTEXT_0, der.tlv(der.SEQUENCE, *parts_)))


def _with_signer(change: Callable[[list[bytes]], list[bytes]]) -> bytes:
    """A good signature with the parts of its SignerInfo changed."""
    content_type, explicit = der.read(a_signature()).children()
    outer = [part.whole for part in explicit.children()[0].children()]
    signer = [part.whole for part in der.read(outer[4]).children()[0].children()]
    outer[4] = der.tlv(der.SET, der.tlv(der.SEQUENCE, *change(signer)))
    return der.tlv(der.SEQUENCE, content_type.whole, der.tlv(der.CONTEXT_0, der.tlv(der.SEQUENCE, *outer)))


def _with_attributes(change: Callable[[list[bytes]], list[bytes]]) -> bytes:
    def changed(signer: list[bytes]) -> list[bytes]:
        attributes = [attribute.whole for attribute in der.read(signer[3]).children()]
        return [*signer[:3], der.tlv(der.CONTEXT_0, *change(attributes)), *signer[4:]]

    return _with_signer(changed)
