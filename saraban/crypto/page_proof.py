"""What others need to check a signed PDF years later: the port PageProver (PAdES B-LT, ETSI EN 319 142-1, 5.4)."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import datetime

from asn1crypto.crl import CertificateList
from asn1crypto.ocsp import OCSPResponse
from asn1crypto.x509 import Certificate
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.general import find_cms_attribute_iter
from pyhanko.sign.validation.dss import DocumentSecurityStore

from saraban.crypto import asn1fix
from saraban.crypto.pades import UpdateOfPagesOnly
from saraban.crypto.revocation import RevocationLists

asn1fix.cure()

LARGEST_LISTS = 500_000
"""Octets of revocation lists that a letter carries at most; an issuer of many certificates has larger ones."""


class ListedProofs:
    """The port PageProver, over what this installation has: its issuers' answers about single certificates where these
    say who answers, revocation lists for all others."""

    def __init__(self, lists: RevocationLists) -> None:
        """Takes the lists with the answers, which are also told what our signatures need."""
        self._lists, self._answers = lists, lists.answers

    def prove(self, pdf: bytes, at: datetime) -> bytes | None:
        """The PDF, one of ours, with the certificates of all its signatures and time-stamps, and with fresh answers
        and revocation lists about them, added as an incremental update; None when one of them has no time-stamp, or
        neither answer nor list is at hand or they are larger than a letter should carry."""
        certificates, stamped = _sent_along(pdf)
        self._lists.want(address for one in certificates for address in _published(one))
        self._answers.want(certificates)
        if not stamped:
            return None
        fresh = _newest(CertificateList.load(one) for one in self._lists.all())
        answers = {one.sha256: self._answers.of(one, certificates, at) for one in certificates if not one.self_issued}
        issuers = {one.issuer.dump() for one in certificates if not one.self_issued and answers[one.sha256] is None}
        lists = [fresh[issuer] for issuer in issuers if issuer in fresh and _covers(fresh[issuer], at)]
        if len(lists) < len(issuers) or sum(len(one.dump()) for one in lists) > LARGEST_LISTS:
            return None
        told = [OCSPResponse.load(one) for one in dict.fromkeys(answers.values()) if one is not None]
        writer = UpdateOfPagesOnly(io.BytesIO(pdf))
        DocumentSecurityStore.supply_dss_in_writer(writer, None, certs=certificates, crls=lists, ocsps=told)
        out = io.BytesIO()
        writer.write(out)  # type: ignore[no-untyped-call]
        return out.getvalue()


def _sent_along(pdf: bytes) -> tuple[list[Certificate], bool]:
    """All certificates in signatures and time-stamps, and whether every signature has a time-stamp."""
    found: dict[bytes, Certificate] = {}
    stamped = True
    for signature in PdfFileReader(io.BytesIO(pdf)).embedded_regular_signatures:
        attributes = signature.signer_info["unsigned_attrs"]
        tokens = list(find_cms_attribute_iter(attributes, "signature_time_stamp_token"))
        stamped = stamped and bool(tokens)
        for signed in (signature.signed_data, *(token["content"] for token in tokens)):
            sent = [one.chosen for one in signed["certificates"] or () if one.name == "certificate"]
            found |= {one.sha256: one for one in sent}
    return list(found.values()), stamped


def _published(certificate: Certificate) -> Iterator[str]:
    """Where the list of its issuer is published (RFC 5280, 4.2.1.13)."""
    return (point.url for point in certificate.crl_distribution_points if point.url)


def _newest(lists: Iterator[CertificateList]) -> dict[bytes, CertificateList]:
    """The newest list of each issuer, by its name in DER."""
    ordered = sorted(lists, key=lambda one: one["tbs_cert_list"]["this_update"].native)
    return {one.issuer.dump(): one for one in ordered}


def _covers(found: CertificateList, at: datetime) -> bool:
    told = found["tbs_cert_list"]
    until = told["next_update"].native
    return told["this_update"].native <= at and (until is None or at <= until)
