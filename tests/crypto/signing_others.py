"""PDFs that somebody else signed, with pyHanko's own signer and authority: foreign files as they come in, good and bad;
and the revocation lists of the invented ministry's authorities."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from asn1crypto import crl as asn1_crl
from asn1crypto import keys as asn1_keys
from asn1crypto import ocsp as asn1_ocsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509 import ocsp
from cryptography.x509.oid import AuthorityInformationAccessOID
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
from pyhanko.sign.signers.pdf_cms import SimpleSigner
from pyhanko.sign.signers.pdf_signer import PdfSignatureMetadata, PdfSigner, PdfSigningSession
from pyhanko.sign.timestamps import DummyTimeStamper
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko_certvalidator.registry import SimpleCertificateStore
from reportlab.pdfgen.canvas import Canvas

from saraban.crypto.cms import HeldKey
from saraban.crypto.page_trust import Trust
from tests.crypto.authority import long_lived_root, the_authority
from tests.crypto.ministry import AT, YEAR, the_issuer, the_officer, the_root

HOUR = timedelta(hours=1)


@cache
def a_paper(form: bool = False) -> bytes:
    """A plain PDF of one page; with a form to be filled in when asked for."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(595, 842), pageCompression=0)
    canvas.drawString(90, 700, "Pay one thousand baht")
    if form:
        canvas.acroForm.textfield(name="amount", x=90, y=600, width=100, height=20, value="1000")
    canvas.showPage()
    canvas.save()
    return out.getvalue()


def signed_by_others(
    pdf: bytes,
    held: HeldKey | None = None,
    *,
    at: datetime = AT,
    stamped_at: datetime | None = None,
    authority: HeldKey | None = None,
    permits: MDPPerm | None = None,
    subfilter: SigSeedSubFilter = SigSeedSubFilter.ADOBE_PKCS7_DETACHED,
    md: str = "sha256",
    field: str = "Sig",
) -> bytes:
    """The PDF with one more signature; certified when `permits` says what may still change, time-stamped when
    `stamped_at` says when."""
    held = held or the_officer()
    store = SimpleCertificateStore.from_certs([_certificate(above.public_bytes(Encoding.DER)) for above in held.chain])
    key = held.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    signer = SimpleSigner(
        signing_cert=_certificate(held.certificate.public_bytes(Encoding.DER)),
        signing_key=asn1_keys.PrivateKeyInfo.load(key),
        cert_registry=store,
    )
    meta: dict[str, Any] = {"field_name": field, "md_algorithm": md, "subfilter": subfilter}
    if permits is not None:
        meta |= {"certify": True, "docmdp_permissions": permits}
    stamper = None if stamped_at is None else an_authority(authority or the_authority(), stamped_at)
    outer = PdfSigner(PdfSignatureMetadata(**meta), signer, timestamper=stamper)
    outer.__class__ = _AtATime
    outer.moment = at  # type: ignore[attr-defined]
    return bytes(outer.sign_pdf(IncrementalPdfFileWriter(io.BytesIO(pdf)), bytes_reserved=20_000).getvalue())


class _AtATime(PdfSigner):
    """A signer whose clock stands where the test wants it."""

    moment: datetime

    def init_signing_session(self, *args: Any, **kwargs: Any) -> PdfSigningSession:
        session = super().init_signing_session(*args, **kwargs)
        session.system_time = self.moment
        return session


def an_authority(held: HeldKey, at: datetime) -> DummyTimeStamper:
    """A time-stamping authority whose clock stands."""
    key = held.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    certificate = _certificate(held.certificate.public_bytes(Encoding.DER))
    return DummyTimeStamper(certificate, asn1_keys.PrivateKeyInfo.load(key), fixed_dt=at)


def updated(pdf: bytes, change: Callable[[IncrementalPdfFileWriter], None]) -> bytes:
    """The PDF with an update behind it, as somebody makes it who changes a signed file."""
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    change(writer)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def add_page(writer: IncrementalPdfFileWriter) -> None:
    """Append an empty page."""
    pages = writer.root["/Pages"]
    page = generic.DictionaryObject(
        {
            pdf_name("/Type"): pdf_name("/Page"),
            pdf_name("/MediaBox"): generic.ArrayObject([generic.NumberObject(n) for n in (0, 0, 595, 842)]),
            pdf_name("/Resources"): generic.DictionaryObject(),
            pdf_name("/Parent"): writer.root.raw_get("/Pages"),
        }
    )
    pages["/Kids"].append(writer.add_object(page))
    pages[pdf_name("/Count")] = generic.NumberObject(pages["/Count"] + 1)
    writer.update_container(pages)
    writer.update_container(pages["/Kids"])


def change_words(writer: IncrementalPdfFileWriter) -> None:
    """Replace what the first page says."""
    page = writer.root["/Pages"]["/Kids"][0]
    words = generic.StreamObject(stream_data=b"BT /F1 12 Tf 90 700 Td (Pay nine thousand baht) Tj ET")
    page[pdf_name("/Contents")] = writer.add_object(words)
    writer.update_container(page)


def fill_form(writer: IncrementalPdfFileWriter) -> None:
    """Write another amount into the form."""
    field = writer.root["/AcroForm"]["/Fields"][0]
    field[pdf_name("/V")] = generic.pdf_string("9000")
    writer.update_container(field)


def a_list(
    issuer: HeldKey,
    *revoked: tuple[HeldKey, datetime],
    at: datetime = AT,
    lasts: timedelta = YEAR,
) -> bytes:
    """The revocation list of an authority (RFC 5280, 5), issued at a time."""
    builder = x509.CertificateRevocationListBuilder().issuer_name(issuer.certificate.subject)
    builder = builder.last_update(at).next_update(at + lasts)
    identifier = issuer.certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    named = x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(identifier)
    builder = builder.add_extension(named, False).add_extension(x509.CRLNumber(1), False)
    for held, since in revoked:
        entry = x509.RevokedCertificateBuilder().serial_number(held.certificate.serial_number).revocation_date(since)
        builder = builder.add_revoked_certificate(entry.build())
    return builder.sign(issuer.key, hashes.SHA256()).public_bytes(Encoding.DER)


def trust(*revoked: tuple[HeldKey, datetime], licensed: bool = False, lists_at: datetime = AT) -> Trust:
    """An installation that trusts the ministry's root and the time-stamper's, with fresh revocation lists."""
    roots, lists = [the_root().pem], fresh_lists(*revoked, at=lists_at)
    return Trust([] if licensed else roots, roots if licensed else [], [long_lived_root().pem], lists)


def fresh_lists(*revoked: tuple[HeldKey, datetime], at: datetime = AT) -> Sequence[bytes]:
    """The lists of the root and of the issuer below it."""
    return [a_list(the_root(), at=at), a_list(the_issuer(), *revoked, at=at)]


def _certificate(der: bytes) -> asn1_x509.Certificate:
    return asn1_x509.Certificate.load(der)


@cache
def an_officer_with_a_responder() -> HeldKey:
    """The officer, whose certificate says where its issuer answers about it (AIA); nobody is asked there."""
    place = x509.UniformResourceIdentifier("http://127.0.0.1:9/ocsp")
    access = x509.AccessDescription(AuthorityInformationAccessOID.OCSP, place)
    return issued_anew(the_officer(), the_issuer(), x509.AuthorityInformationAccess([access]))


def published_at(*addresses: str) -> x509.CRLDistributionPoints:
    """Where an issuer publishes its revocation list."""
    names = [x509.UniformResourceIdentifier(address) for address in addresses]
    return x509.CRLDistributionPoints([x509.DistributionPoint([name], None, None, None) for name in names])


def issued_anew(held: HeldKey, issuer: HeldKey, *more: x509.ExtensionType) -> HeldKey:
    """The same certificate under a new number, with more extensions."""
    builder = (
        x509.CertificateBuilder()
        .subject_name(held.certificate.subject)
        .issuer_name(issuer.certificate.subject)
        .public_key(held.certificate.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(held.certificate.not_valid_before_utc)
        .not_valid_after(held.certificate.not_valid_after_utc)
    )
    for extension in held.certificate.extensions:
        builder = builder.add_extension(extension.value, extension.critical)
    for extra in more:
        builder = builder.add_extension(extra, False)
    return HeldKey(held.key, builder.sign(issuer.key, hashes.SHA256()), held.chain)


def an_answer(held: HeldKey, issuer: HeldKey, *, revoked: datetime | None = None, at: datetime = AT) -> bytes:
    """The issuer's own answer about a certificate (OCSP, RFC 6960), in DER."""
    builder = ocsp.OCSPResponseBuilder().add_response(
        cert=held.certificate,
        issuer=issuer.certificate,
        algorithm=hashes.SHA256(),
        cert_status=ocsp.OCSPCertStatus.GOOD if revoked is None else ocsp.OCSPCertStatus.REVOKED,
        this_update=at,
        next_update=at + YEAR,
        revocation_time=revoked,
        revocation_reason=None if revoked is None else x509.ReasonFlags.key_compromise,
    )
    builder = builder.responder_id(ocsp.OCSPResponderEncoding.HASH, issuer.certificate)
    return builder.sign(issuer.key, hashes.SHA256()).public_bytes(Encoding.DER)


def with_store(pdf: bytes, lists: Sequence[bytes] = (), answers: Sequence[bytes] = ()) -> bytes:
    """The PDF with a store of proofs behind it (DSS), as others add it."""

    def add(writer: IncrementalPdfFileWriter) -> None:
        crls = [asn1_crl.CertificateList.load(one) for one in lists]
        ocsps = [asn1_ocsp.OCSPResponse.load(one) for one in answers]
        DocumentSecurityStore.supply_dss_in_writer(writer, None, crls=crls, ocsps=ocsps)

    return updated(pdf, add)
