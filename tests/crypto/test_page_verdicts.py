"""What is said about signatures in PDFs, part by part: foreign files and files that were spoiled, also against what
poppler and openssl say about the same file."""

from __future__ import annotations

import asyncio
import io
import random
import re
import subprocess
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
from pyhanko.sign.signers.pdf_signer import PdfTimeStamper

from saraban.crypto import page_check
from saraban.crypto.cms import CmsSigner, HeldKey
from saraban.crypto.demo_pki import empty_list, issue_officer, make_issuer
from saraban.crypto.pades import Shown, sign_page
from saraban.crypto.page_check import check_pages
from saraban.crypto.page_task import TASKS, ApartChecker
from saraban.crypto.page_trust import Trust
from saraban.domain.page_signature import Change, PageSignature, SignatureKind, SignedFile, Standing
from saraban.rendering.quarantine import Quarantine
from saraban.usecases.proofs import SealBox
from tests.crypto.authority import authority, the_authority
from tests.crypto.ministry import AT, NAME, YEAR, another_root, openssl, rsa_key, the_issuer, the_officer, the_root
from tests.crypto.signing_others import (
    HOUR,
    a_list,
    a_paper,
    add_page,
    an_answer,
    an_authority,
    an_officer_with_a_responder,
    change_words,
    fill_form,
    fresh_lists,
    signed_by_others,
    trust,
    updated,
    with_store,
)


@pytest.fixture(scope="module")
def stamped() -> bytes:
    """A foreign file with one good signature that an authority stamped."""
    return signed_by_others(a_paper(), stamped_at=AT)


def one(pdf: bytes, given: Trust | None = None, at: datetime = AT) -> PageSignature:
    """The verdict on the only signature."""
    found = check_pages(pdf, given or trust(), at)
    assert found.problem == ""
    [signature] = found.signatures
    return signature


def values(signature: PageSignature) -> list[bool | None]:
    """The six answers: whole, unchanged, made, trusted, certificate, time."""
    return [answer.value for _, answer in signature.parts]


# --- good ------------------------------------------------------------------------------------------------------


def test_a_foreign_signature_with_all_its_proofs_is_good_and_tells_who(stamped: bytes) -> None:
    found = one(stamped)

    assert (found.standing, found.kind) == (Standing.GOOD, SignatureKind.RELIABLE)
    assert (found.signer, found.organisation) == ("นางสาวสมหญิง ใจทดสอบ", NAME)
    assert found.serial == f"{the_officer().certificate.serial_number:x}"
    assert (found.signed_at, found.stamped_at, found.stamped_by) == (AT, AT, "ผู้ประทับรับรองเวลา")
    assert (found.changes, found.covers_all) == ((), True)


def test_a_root_of_a_licensed_provider_makes_it_the_third_kind(stamped: bytes) -> None:
    assert one(stamped, trust(licensed=True)).kind is SignatureKind.CERTIFIED


@pytest.mark.parametrize("bits", [2048, 3072])
def test_rsa_as_most_persons_have_it_is_accepted(bits: int) -> None:
    held = issue_officer(the_issuer(), "นายสมชาย ทดสอบ", "อธิบดี", NAME, AT - YEAR, AT + YEAR, key=rsa_key(bits))

    assert one(signed_by_others(a_paper(), held, stamped_at=AT)).standing is Standing.GOOD


@pytest.mark.parametrize("md", ["sha384", "sha512"])
def test_longer_hashes_and_pades_are_read_too(md: str) -> None:
    signed = signed_by_others(a_paper(), md=md, subfilter=SigSeedSubFilter.PADES, stamped_at=AT)

    assert one(signed).standing is Standing.GOOD


def test_where_an_event_loop_runs_already_the_verdict_is_the_same(stamped: bytes) -> None:
    async def judged() -> PageSignature:
        return one(stamped)

    assert asyncio.run(judged()) == one(stamped)


# --- what was changed ------------------------------------------------------------------------------------------


def test_an_altered_octet_leaves_the_file_not_whole_and_the_key_as_it_was(stamped: bytes) -> None:
    found = one(stamped.replace(b"one thousand", b"two thousand"))

    assert values(found) == [False, True, True, True, True, True]
    assert (found.standing, found.kind) == (Standing.BAD, None)


@pytest.mark.parametrize(
    ("change", "named", "words"),
    [
        (add_page, Change.PAGES_ADDED, "เพิ่มหน้า"),
        (change_words, Change.CONTENT_CHANGED, "แก้เนื้อหาในหน้า"),
    ],
)
def test_what_was_changed_behind_a_signature_is_named(
    stamped: bytes, change: object, named: Change, words: str
) -> None:
    found = one(updated(stamped, change))  # type: ignore[arg-type]

    assert values(found) == [True, False, True, True, True, True]
    assert (found.changes, found.covers_all) == ((named,), False)
    assert words in found.unchanged.reason


def test_a_form_filled_later_is_a_change_unless_the_signer_allowed_it() -> None:
    form = a_paper(form=True)
    approved = updated(signed_by_others(form, stamped_at=AT), fill_form)
    allowed = updated(signed_by_others(form, stamped_at=AT, permits=MDPPerm.FILL_FORMS), fill_form)
    forbidden = updated(signed_by_others(form, stamped_at=AT, permits=MDPPerm.NO_CHANGES), fill_form)

    assert (one(approved).unchanged.value, one(approved).changes) == (False, (Change.FORM_FILLED,))
    assert (one(allowed).standing, one(allowed).changes) == (Standing.GOOD, (Change.FORM_FILLED,))
    assert one(forbidden).unchanged.value is False


def test_a_signature_behind_one_that_forbids_it_breaks_that_one_only() -> None:
    locked = signed_by_others(a_paper(), stamped_at=AT, permits=MDPPerm.NO_CHANGES)
    twice = sign_page(locked, CmsSigner(the_officer()), Shown("ก", "ข", SealBox(0, 0, 0, 0, 0), None), AT).pdf

    first, second = check_pages(twice, trust(), AT).signatures

    assert (first.unchanged.value, first.changes) == (False, (Change.SIGNED_AGAIN,))
    assert "ห้ามแก้ไฟล์" in first.unchanged.reason
    assert second.unchanged.is_true


def test_a_signature_that_leaves_out_part_of_the_file_is_not_good(stamped: bytes) -> None:
    """The second range begins later than the signature ends: what lies between is nobody's."""
    ranges = re.search(rb"/ByteRange \[0 (\d+) (\d+) (\d+)", stamped)
    assert ranges is not None
    start, length = int(ranges.group(2)), int(ranges.group(3))
    moved = b"/ByteRange [0 %s %d %d" % (ranges.group(1), start + 40, length - 40)
    spoiled = stamped[: ranges.start()] + moved.ljust(ranges.end() - ranges.start()) + stamped[ranges.end() :]

    found = one(spoiled)

    assert found.standing is Standing.BAD
    assert found.unchanged.value is False


# --- several ---------------------------------------------------------------------------------------------------


def test_several_signatures_stand_in_their_order_and_the_earlier_stay_good(stamped: bytes) -> None:
    second = issue_officer(the_issuer(), "นายสมชาย มั่นคง", "อธิบดี", NAME, AT - YEAR, AT + YEAR)
    twice = signed_by_others(stamped, second, stamped_at=AT + HOUR, field="Second")
    thrice = signed_by_others(twice, stamped_at=AT + 2 * HOUR, field="Third")

    found = check_pages(thrice, trust(lists_at=AT + 3 * HOUR), AT + 3 * HOUR).signatures

    assert [(each.ordinal, each.field, each.standing) for each in found] == [
        (1, "Sig", Standing.GOOD),
        (2, "Second", Standing.GOOD),
        (3, "Third", Standing.GOOD),
    ]
    assert [each.changes for each in found] == [(Change.SIGNED_AGAIN,), (Change.SIGNED_AGAIN,), ()]
    assert [each.covers_all for each in found] == [False, False, True]
    assert found[1].signer == "นายสมชาย มั่นคง"


def test_one_broken_signature_keeps_no_other_from_being_read(stamped: bytes) -> None:
    twice = signed_by_others(stamped, field="Second", stamped_at=AT)
    at = twice.rindex(b"/Contents <30") + len(b"/Contents <")
    broken = twice[:at] + b"ff" * 200 + twice[at + 400 :]

    first, second = check_pages(broken, trust(), AT).signatures

    assert first.standing is Standing.GOOD
    assert (second.standing, second.made.value, second.kind) == (Standing.BAD, False, None)
    assert "อ่านลายมือชื่อในไฟล์ไม่ได้" in second.made.reason


def test_a_stamp_over_the_whole_document_is_a_proof_and_no_signature(stamped: bytes) -> None:
    stamper = PdfTimeStamper(an_authority(the_authority(), AT + HOUR), field_name="DocStamp")
    out = stamper.timestamp_pdf(IncrementalPdfFileWriter(io.BytesIO(stamped)), "sha256")

    found = one(out.getvalue(), at=AT + 2 * HOUR)

    assert (found.unchanged.is_true, found.changes) == (True, (Change.PROOF_ADDED,))


def test_more_signatures_than_any_letter_has_are_not_looked_at(stamped: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page_check, "MOST_SIGNATURES", 0)

    found = check_pages(stamped, trust(), AT)

    assert found.signatures == () and "ลายมือชื่อเกิน" in found.problem


# --- who and when ----------------------------------------------------------------------------------------------


def test_an_unknown_root_is_told_and_leaves_the_first_kind(stamped: bytes) -> None:
    found = one(stamped, replace(trust(), roots=[another_root().pem]))

    assert values(found) == [True, True, True, False, None, True]
    assert found.kind is SignatureKind.GENERAL
    assert one(stamped, Trust()).trusted.value is False, (
        "without any roots nobody is trusted, not whom the machine trusts"
    )


def test_without_a_stamp_the_time_is_only_the_signers_word() -> None:
    found = one(signed_by_others(a_paper()))

    assert values(found) == [True, True, True, True, True, None]
    assert (found.standing, found.signed_at, found.stamped_at) == (Standing.DOUBTFUL, AT, None)
    assert "นาฬิกาผู้ลงลายมือชื่อ" in found.time.reason


def test_a_certificate_outside_its_time_is_told_apart() -> None:
    early, late = (one(signed_by_others(a_paper(), at=at), at=at) for at in (AT - 2 * YEAR, AT + 2 * YEAR))

    assert (early.certificate.value, late.certificate.value) == (False, False)
    assert "ก่อนวันเริ่มใช้" in early.certificate.reason and "หมดอายุ" in late.certificate.reason
    assert early.trusted.is_true and late.trusted.is_true


def test_a_certificate_that_ended_since_is_good_only_with_a_stamp(stamped: bytes) -> None:
    years_later = AT + 2 * YEAR

    assert one(stamped, at=years_later).standing is Standing.GOOD
    unstamped = one(signed_by_others(a_paper()), at=years_later)
    assert unstamped.certificate.value is None and "ไม่มีตราประทับเวลา" in unstamped.certificate.reason


def test_revocation_counts_from_its_day_and_only_a_stamp_proves_what_was_before(stamped: bytes) -> None:
    before = one(stamped, trust((the_officer(), AT - HOUR)))
    later = trust((the_officer(), AT + HOUR), lists_at=AT + 2 * HOUR)
    now = AT + 3 * HOUR

    assert before.certificate.value is False and "ถูกเพิกถอนก่อน" in before.certificate.reason
    assert one(stamped, later, now).certificate.is_true
    assert one(signed_by_others(a_paper()), later, now).certificate.value is None


def test_an_issuer_that_was_revoked_takes_its_officers_along(stamped: bytes) -> None:
    lists = [a_list(the_root(), (the_issuer(), AT - HOUR)), a_list(the_issuer())]

    assert one(stamped, replace(trust(), crls=lists)).certificate.value is False


@pytest.mark.parametrize(
    "lists",
    [
        [],
        [*fresh_lists(at=AT - YEAR)[:1], a_list(the_issuer(), at=AT - YEAR, lasts=HOUR)],
        [a_list(the_root()), a_list(another_root())],
    ],
    ids=["none", "old", "of-others"],
)
def test_without_a_fresh_list_of_the_issuer_revocation_cannot_be_told(stamped: bytes, lists: list[bytes]) -> None:
    found = one(stamped, replace(trust(), crls=lists))

    assert values(found) == [True, True, True, True, None, True]
    assert "บอกไม่ได้ว่าใบรับรองถูกเพิกถอนหรือไม่" in found.certificate.reason


def test_what_the_file_itself_proves_about_revocation_is_heard(stamped: bytes) -> None:
    """A store of proofs with lists, or with the issuer's answers (OCSP); nothing is at hand here."""
    nothing = replace(trust(), crls=[])
    held, root = an_officer_with_a_responder(), a_list(the_root())
    signed = signed_by_others(a_paper(), held, stamped_at=AT)
    good, revoked = (an_answer(held, the_issuer(), revoked=since) for since in (None, AT - HOUR))

    by_lists = one(with_store(stamped, fresh_lists()), nothing)
    by_answer = one(with_store(signed, [root], [good]), nothing)
    by_revoking = one(with_store(signed, [root], [revoked]), nothing)

    assert (by_lists.standing, by_lists.changes) == (Standing.GOOD, (Change.PROOF_ADDED,))
    assert by_answer.standing is Standing.GOOD, by_answer
    assert by_revoking.certificate.value is False


def test_a_stranger_cannot_vouch_for_a_certificate() -> None:
    """The answer is signed by somebody else of the issuer's name."""
    held = an_officer_with_a_responder()
    signed = signed_by_others(a_paper(), held, stamped_at=AT)
    forger = make_issuer(another_root(), "ผู้ออกใบรับรองชั้นกลาง", AT - YEAR, AT + YEAR)

    found = one(with_store(signed, [a_list(the_root())], [an_answer(held, forger)]), replace(trust(), crls=[]))

    assert found.certificate.value is None


def test_lists_that_revoke_nothing_tell_that_nothing_is_revoked(stamped: bytes) -> None:
    """As the demonstration has them."""
    lists = [empty_list(above, AT, AT + YEAR) for above in (the_root(), the_issuer())]

    assert one(stamped, replace(trust(), crls=lists)).standing is Standing.GOOD


def test_a_stamp_of_a_stranger_or_over_something_else_proves_no_time(stamped: bytes) -> None:
    stranger = authority(root=another_root())
    foreign = one(signed_by_others(a_paper(), stamped_at=AT, authority=stranger))
    server = one(signed_by_others(a_paper(), stamped_at=AT, authority=authority(critical=False)))

    assert (foreign.time.value, foreign.stamped_at) == (None, None)
    assert (server.time.value, server.stamped_at) == (None, None)


def test_a_signature_from_the_future_is_not_in_time(stamped: bytes) -> None:
    assert one(stamped, at=AT - HOUR).time.value is False
    assert one(signed_by_others(a_paper()), at=AT - HOUR).time.value is False


def test_an_old_hash_is_not_accepted() -> None:
    found = one(signed_by_others(a_paper(), md="sha1"))

    assert (found.whole.value, found.made.value) == (True, False)
    assert "ล้าสมัย" in found.made.reason


def test_a_certificate_for_servers_signs_nothing(stamped: bytes) -> None:
    held = authority(root=the_root())  # its purpose is time-stamping

    assert one(signed_by_others(a_paper(), held, stamped_at=AT)).trusted.value is False


# --- against others ------------------------------------------------------------------------------------------------


def pdfsig(pdf: bytes, folder: Path) -> str:
    """What poppler says about the signatures."""
    (folder / "file.pdf").write_bytes(pdf)
    command = ["pdfsig", "-nocert", str(folder / "file.pdf")]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60).stdout


def openssl_agrees(pdf: bytes, folder: Path, root: HeldKey | None = None) -> bool:
    """Does openssl find the first signature's CMS good over the octets that its range names?"""
    signature = PdfFileReader(io.BytesIO(pdf)).embedded_regular_signatures[0]
    _, first, second, length = signature.byte_range
    (folder / "content.bin").write_bytes(pdf[:first] + pdf[second : second + length])
    (folder / "signature.der").write_bytes(bytes(signature.pkcs7_content))
    (folder / "root.pem").write_text((root or the_root()).pem)
    told = openssl(
        *("cms", "-verify", "-inform", "DER", "-in", "signature.der", "-content", "content.bin", "-binary"),
        *("-CAfile", "root.pem", "-purpose", "any", "-attime", str(int(AT.timestamp())), "-out", "out.bin"),
        folder=folder,
    )
    return told.returncode == 0


def test_poppler_and_openssl_agree_about_good_and_altered_files(stamped: bytes, tmp_path: Path) -> None:
    altered = stamped.replace(b"one thousand", b"two thousand")
    appended = updated(stamped, add_page)

    for pdf, whole in ((stamped, True), (altered, False), (appended, True)):
        found = one(pdf)
        assert found.whole.value is whole
        assert ("Signature is Valid" in pdfsig(pdf, tmp_path)) is whole
        assert openssl_agrees(pdf, tmp_path) is whole
    assert "Not total document signed" in pdfsig(appended, tmp_path)
    assert not openssl_agrees(stamped, tmp_path, another_root())
    assert one(stamped, replace(trust(), roots=[another_root().pem])).trusted.value is False


# --- apart -----------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def apart() -> Quarantine:
    """The process in which foreign files are read."""
    return Quarantine(("saraban.crypto.page_task",))


def test_the_process_apart_says_the_same(stamped: bytes, apart: Quarantine) -> None:
    checker = ApartChecker(apart.run, trust().as_bytes)

    assert checker.check(stamped, AT) == check_pages(stamped, trust(), AT)
    assert checker.check(a_paper(), AT) == SignedFile()
    assert "อ่านไฟล์ PDF ไม่ได้" in checker.check(b"%PDF-1.7 /ByteRange", AT).problem


def test_a_file_that_takes_too_much_is_told_and_stops_nobody(stamped: bytes) -> None:
    narrow = Quarantine(("saraban.crypto.page_task",), memory=64 * 2**20)
    try:
        found = ApartChecker(narrow.run, trust().as_bytes).check(stamped, AT)
    finally:
        narrow.close()

    assert found.signatures == () and "มากเกินกำหนด" in found.problem


def test_spoiled_files_get_an_answer_and_never_a_good_one(stamped: bytes) -> None:
    """Seeded mutations of one file: octets changed, cut out and doubled."""
    dice = random.Random(4)
    told = trust().as_bytes()
    for _ in range(120):
        spoiled = bytearray(stamped)
        for _ in range(dice.randint(1, 4)):
            place = dice.randrange(len(spoiled))
            end = place + dice.randint(1, 60)
            spoiled[place:end] = dice.choice([b"", spoiled[place:end] * 2, dice.randbytes(end - place)])
        arguments = {"original": len(spoiled), "at": AT.timestamp()}
        answer = TASKS["check_signatures"](bytes(spoiled) + told, arguments)
        if bytes(spoiled) != stamped:
            assert b'"standing": "good"' not in answer
