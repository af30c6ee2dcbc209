"""What others need to check a signed PDF years later: the port PageProver (PAdES B-LT, ETSI EN 319 142-1, 5.4)."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from asn1crypto import cms
from asn1crypto.crl import CertificateList
from asn1crypto.x509 import Certificate
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.general import find_cms_attribute_iter
from pyhanko.sign.validation.dss import DocumentSecurityStore

import saraban.crypto.asn1fix  # noqa: F401  (a cure for what pyHanko stands on)
from saraban.crypto.pades import UpdateOfPagesOnly


class ListedProofs:
    """The port PageProver, over the revocation lists of this installation."""

    def __init__(self, lists: Callable[[], Sequence[bytes]]) -> None:
        """Takes what gives the lists (DER) at each call."""
        self._lists = lists

    def prove(self, pdf: bytes, at: datetime) -> bytes | None:
        """The PDF, one of ours, with the certificates and fresh revocation lists of all its signatures and time-stamps
        added as an incremental update; None when one of them has no time-stamp or a list is not at hand."""
        fresh = _newest(CertificateList.load(one) for one in self._lists())
        if not fresh:
            return None
        certificates: dict[bytes, Certificate] = {}
        for signature in PdfFileReader(io.BytesIO(pdf)).embedded_regular_signatures:
            tokens = list(
                find_cms_attribute_iter(signature.signer_info["unsigned_attrs"], "signature_time_stamp_token")
            )
            if not tokens:
                return None
            for signed in (signature.signed_data, *(token["content"] for token in tokens)):
                certificates |= {one.sha256: one for one in _sent(signed)}
        lists = {}
        for one in certificates.values():
            if one.self_issued:
                continue
            found = fresh.get(one.issuer.dump())
            if found is None or not _covers(found, at):
                return None
            lists[one.issuer.dump()] = found
        writer = UpdateOfPagesOnly(io.BytesIO(pdf))
        DocumentSecurityStore.supply_dss_in_writer(
            writer, None, certs=list(certificates.values()), crls=list(lists.values())
        )
        out = io.BytesIO()
        writer.write(out)  # type: ignore[no-untyped-call]
        return out.getvalue()


def _newest(lists: Iterator[CertificateList]) -> dict[bytes, CertificateList]:
    """The newest list of each issuer, by its name in DER."""
    ordered = sorted(lists, key=lambda one: one["tbs_cert_list"]["this_update"].native)
    return {one.issuer.dump(): one for one in ordered}


def _covers(found: CertificateList, at: datetime) -> bool:
    told = found["tbs_cert_list"]
    until = told["next_update"].native
    return told["this_update"].native <= at and (until is None or at <= until)


def _sent(signed: cms.SignedData) -> list[Certificate]:
    return [one.chosen for one in signed["certificates"] or () if one.name == "certificate"]
