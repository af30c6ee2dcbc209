"""The outcome table of docs/wire.md, section 4, row by row."""

from __future__ import annotations

import base64
import dataclasses
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from saraban.domain.attachment import Digest
from saraban.domain.classification import Secrecy
from saraban.domain.receipt import ReasonCode, Step
from saraban.domain.signature import Answer, SignatureStatus
from saraban.exchange.manifest import Manifest, ManifestInvalid, Party, read_manifest
from saraban.exchange.parse import InboundMessage, read_message
from saraban.exchange.screening import Disposition, EarlierLetter, Screening, screen
from tests.exchange.letters import DISPATCH, FILES, GOOD, NOON, RECEIVER, SENDER, a_manifest, a_seal, post, the_facts

ANOTHER = UUID("0198c0de-0000-4000-8000-00000000beef")

ACCEPT, HOLD, DUPLICATE, DISCARD = Disposition.ACCEPT, Disposition.HOLD, Disposition.DUPLICATE, Disposition.DISCARD


def judged(
    raw: bytes | None = None,
    *,
    seal: SignatureStatus | None = GOOD,
    outer: SignatureStatus | None = GOOD,
    size: int | None = None,
    **facts: Any,
) -> Screening:
    """The verdict on a message as the receiving use case would ask for it."""
    raw = post().raw if raw is None else raw
    message = read_message(raw)
    manifest, problem = read(message)
    return screen(message, size or len(raw), manifest, problem, seal, outer, the_facts(**facts))


def read(message: InboundMessage) -> tuple[Manifest | None, str | None]:
    if message.manifest is None:
        return None, None
    try:
        return read_manifest(message.manifest), None
    except ManifestInvalid as error:
        return None, error.thai


def checks_of(screening: Screening) -> list[str]:
    return [finding.check for finding in screening.findings]


def earlier(*, accepted: bool, sha256: str | None = None) -> tuple[EarlierLetter, ...]:
    return (EarlierLetter(sha256 or Digest.of(a_manifest().to_bytes()).hex, DISPATCH, accepted),)


def with_bytes(damage: dict[str, bytes]) -> bytes:
    """A letter whose files were changed on the way, the manifest not."""
    return post(a_manifest(FILES), {**FILES, **damage}).raw


# --- all good -------------------------------------------------------------------------------------------------


def test_a_good_letter_is_new_and_answered_with_received() -> None:
    verdict = judged()

    assert (verdict.disposition, verdict.answer, verdict.findings) == (ACCEPT, Step.RECEIVED, ())
    assert (verdict.reason, verdict.ordinary, verdict.dispatch_id) == (None, False, DISPATCH)
    assert [entry.name for entry, _ in verdict.files.matched] == list(FILES)


def test_the_outer_signature_is_told_and_decides_nothing() -> None:
    torn = post().raw.replace(b"multipart/signed", b"multipart/mixed", 1)

    missing, broken = judged(torn, outer=None), judged(outer=a_seal("signature-broken"))

    assert (missing.disposition, checks_of(missing)) == (ACCEPT, ["outer_missing"])
    assert (broken.disposition, checks_of(broken)) == (ACCEPT, ["outer_broken"])
    assert not any(finding.blocking for finding in missing.findings + broken.findings)


def test_a_footer_of_a_gateway_around_the_letter_changes_nothing() -> None:
    raw = post().raw
    head, _, body = raw.partition(b"Content-Type: multipart/signed;")
    footer = b"--gw\r\nContent-Type: text/plain\r\n\r\nThis mail was scanned.\r\n--gw--\r\n"
    wrapped = (
        head
        + b'Content-Type: multipart/mixed; boundary="gw"\r\n\r\n--gw\r\nContent-Type: multipart/signed;'
        + body
        + footer
    )

    assert judged(wrapped).disposition is ACCEPT


def test_a_renamed_file_is_found_by_its_digest() -> None:
    manifest = a_manifest({"ก.pdf": b"page", "ข.pdf": b"more"})
    raw = post(
        a_manifest({"ก.pdf": b"page", "x.pdf": b"more"}),
        {"ก.pdf": b"page", "x.pdf": b"more"},
        manifest_bytes=manifest.to_bytes(),
    ).raw

    assert judged(raw).disposition is ACCEPT


# --- the same again -------------------------------------------------------------------------------------------


def test_the_same_letter_again_changes_nothing() -> None:
    verdict = judged(earlier=earlier(accepted=True))

    assert (verdict.disposition, verdict.answer) == (DUPLICATE, None)
    assert checks_of(verdict) == ["accepted_before"]


def test_the_same_letter_again_after_its_expiry_is_still_a_duplicate() -> None:
    assert judged(earlier=earlier(accepted=True), now=NOON + timedelta(days=9)).disposition is DUPLICATE


def test_a_damaged_copy_of_an_accepted_letter_is_a_duplicate_since_its_manifest_is_the_same() -> None:
    assert judged(with_bytes({"หนังสือ.pdf": b"%PDF-x"}), earlier=earlier(accepted=True)).disposition is DUPLICATE


def test_another_manifest_with_the_same_id_is_held_without_an_answer() -> None:
    verdict = judged(earlier=earlier(accepted=True, sha256="00" * 32))

    assert (verdict.disposition, verdict.answer) == (HOLD, None)
    assert verdict.reason is not None and verdict.reason.code is ReasonCode.DUPLICATE_CONTENT


@pytest.mark.parametrize("sha256", [None, "00" * 32])
def test_a_good_copy_after_one_that_was_not_accepted_is_new(sha256: str | None) -> None:
    verdict = judged(earlier=earlier(accepted=False, sha256=sha256))

    assert (verdict.disposition, verdict.answer) == (ACCEPT, Step.RECEIVED)


# --- held without an answer -----------------------------------------------------------------------------------


def another(**changes: Any) -> bytes:
    return post(a_manifest(**changes)).raw


HELD: dict[str, tuple[dict[str, Any], ReasonCode]] = {
    "sender in no directory": ({"sender": None}, ReasonCode.SIGNER_UNTRUSTED),
    "no seal": ({"seal": None}, ReasonCode.SIGNATURE_MISSING),
    "seal said to be missing": ({"seal": a_seal("signature-missing")}, ReasonCode.SIGNATURE_MISSING),
    "seal of a stranger": ({"seal": a_seal("signer-untrusted")}, ReasonCode.SIGNER_UNTRUSTED),
    "seal that cannot be judged": (
        {"seal": SignatureStatus(Answer(True), Answer(True), Answer(None, "ไม่รู้"), Answer(True))},
        ReasonCode.SIGNER_UNTRUSTED,
    ),
    "seal after its certificate": ({"seal": a_seal("signer-expired")}, ReasonCode.SIGNER_EXPIRED),
    "to another agency": ({"our_code": "009"}, ReasonCode.NOT_ADDRESSEE),
    "to another mailbox": ({"our_mailbox": "other@receiver.go.th"}, ReasonCode.NOT_ADDRESSEE),
    "past its expiry": ({"now": NOON + timedelta(hours=72, seconds=1)}, ReasonCode.EXPIRED),
    "larger than we take": ({"size": 26_214_401}, ReasonCode.TOO_LARGE),
}


@pytest.mark.parametrize(("case", "code"), HELD.values(), ids=HELD)
def test_it_is_held_and_nobody_is_told(case: dict[str, Any], code: ReasonCode) -> None:
    verdict = judged(**case)

    assert (verdict.disposition, verdict.answer, verdict.ordinary) == (HOLD, None, False)
    assert verdict.reason is not None and verdict.reason.code is code
    assert verdict.reason.text


def test_a_mailbox_in_capitals_is_the_same_mailbox() -> None:
    assert judged(our_mailbox="Saraban@Receiver.GO.TH").disposition is ACCEPT


def test_a_letter_is_not_expired_at_its_last_moment() -> None:
    assert judged(now=NOON + timedelta(hours=72)).disposition is ACCEPT


def test_a_secrecy_that_we_cannot_take_is_held_and_one_that_we_can_is_new() -> None:
    secret = dataclasses.replace(a_manifest(), secrecy=Secrecy.SECRET)
    raw = post(manifest_bytes=secret.to_bytes()).raw

    held, taken = judged(raw), judged(raw, may_take_secrecy=frozenset(Secrecy))

    assert held.reason is not None and held.reason.code is ReasonCode.SECRECY_NOT_ALLOWED
    assert (held.disposition, held.answer) == (HOLD, None)
    assert taken.disposition is ACCEPT


def test_a_manifest_in_the_name_of_another_agency_is_held() -> None:
    for other in (Party("001", "กรมตัวอย่าง", "other@sender.go.th"), Party("007", "กรมปลอม", SENDER.mailbox)):
        verdict = judged(post(manifest_bytes=a_manifest(sender=other).to_bytes()).raw)

        assert (verdict.disposition, verdict.answer) == (HOLD, None)
        assert "sender_differs" in checks_of(verdict)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (f"Saraban-Envelope: 1; kind=letter; id={DISPATCH}", f"Saraban-Envelope: 1; kind=letter; id={ANOTHER}"),
        (f"Saraban-Envelope: 1; kind=letter; id={DISPATCH}", "X-Nothing: here"),
        (f"Message-ID: <{DISPATCH}@", f"Message-ID: <{ANOTHER}@"),
        (f"Message-ID: <{DISPATCH}@", "Message-ID: <rewritten@"),
    ],
)
def test_ids_that_do_not_agree_hold_the_letter(old: str, new: str) -> None:
    verdict = judged(post().raw.replace(old.encode(), new.encode(), 1))

    assert (verdict.disposition, verdict.answer) == (HOLD, None)
    assert checks_of(verdict) == ["ids_differ"]


def test_two_mailboxes_in_from_are_no_sender() -> None:
    raw = b"From: someone@else.go.th\r\n" + post().raw

    assert read_message(raw).from_address == ""
    assert judged(raw, sender=None).disposition is HOLD


# --- held and answered with invalid ---------------------------------------------------------------------------


INVALID: dict[str, tuple[bytes, dict[str, Any], ReasonCode]] = {
    "seal broken": (post().raw, {"seal": a_seal("signature-broken")}, ReasonCode.SIGNATURE_BROKEN),
    "file damaged": (with_bytes({"หนังสือ.pdf": b"%PDF-1.8 page"}), {}, ReasonCode.FILE_DAMAGED),
    "file emptied": (with_bytes({"หนังสือ.pdf": b""}), {}, ReasonCode.FILE_DAMAGED),
    "file missing": (
        post(
            a_manifest({"หนังสือ.pdf": b"x"}),
            {"หนังสือ.pdf": b"x"},
            manifest_bytes=a_manifest({"หนังสือ.pdf": b"x", "แผนที่.pdf": b"y"}).to_bytes(),
        ).raw,
        {},
        ReasonCode.FILE_MISSING,
    ),
    "file unlisted": (
        post(
            a_manifest({"หนังสือ.pdf": b"x", "แฝง.exe": b"y"}),
            {"หนังสือ.pdf": b"x", "แฝง.exe": b"y"},
            manifest_bytes=a_manifest({"หนังสือ.pdf": b"x"}).to_bytes(),
        ).raw,
        {},
        ReasonCode.FILE_DAMAGED,
    ),
    "manifest unreadable": (post(manifest_bytes=b'{"saraban":1}').raw, {}, ReasonCode.MANIFEST_INVALID),
    "manifest no JSON, seal broken": (
        post(manifest_bytes=b"\xff").raw,
        {"seal": a_seal("signature-broken")},
        ReasonCode.MANIFEST_INVALID,
    ),
}


@pytest.mark.parametrize(("raw", "case", "code"), INVALID.values(), ids=INVALID)
def test_it_is_held_and_the_sender_is_told_that_it_is_invalid(
    raw: bytes, case: dict[str, Any], code: ReasonCode
) -> None:
    verdict = judged(raw, **case)

    assert (verdict.disposition, verdict.answer, verdict.dispatch_id) == (HOLD, Step.INVALID, DISPATCH)
    assert verdict.reason is not None and verdict.reason.code is code


@pytest.mark.parametrize(("raw", "case", "code"), INVALID.values(), ids=INVALID)
def test_a_sender_in_no_directory_is_never_answered(raw: bytes, case: dict[str, Any], code: ReasonCode) -> None:
    verdict = judged(raw, **case, sender=None)

    assert (verdict.disposition, verdict.answer) == (HOLD, None)
    assert code in {finding.code for finding in verdict.findings}


def test_without_a_readable_id_nobody_is_answered() -> None:
    raw = post(manifest_bytes=b"{}").raw
    raw = raw.replace(f"id={DISPATCH}".encode(), b"id=none").replace(f"<{DISPATCH}@".encode(), b"<none@")

    verdict = judged(raw)

    assert (verdict.disposition, verdict.answer, verdict.dispatch_id) == (HOLD, None, None)


def test_the_names_of_the_wrong_files_are_told() -> None:
    verdict = judged(with_bytes({"แบบสำรวจ ๑.xlsx": b"other"}))

    assert verdict.reason is not None and "แบบสำรวจ ๑.xlsx" in verdict.reason.text
    assert verdict.files.damaged == ("แบบสำรวจ ๑.xlsx",)


def test_a_second_manifest_in_one_letter_is_invalid() -> None:
    raw = post().raw
    second = b"Content-Type: application/json; name=manifest.json\r\n\r\n{}\r\n"
    closing = f"--saraban-{DISPATCH}-mixed--".encode()

    verdict = judged(raw.replace(closing, f"--saraban-{DISPATCH}-mixed\r\n".encode() + second + closing))

    assert verdict.reason is not None and verdict.reason.code is ReasonCode.MANIFEST_INVALID


def test_every_finding_is_kept_also_those_that_do_not_decide() -> None:
    verdict = judged(with_bytes({"หนังสือ.pdf": b"z"}), our_code="009", outer=a_seal("signature-broken"))

    assert checks_of(verdict) == ["not_for_us", "file_damaged", "outer_broken"]
    assert (verdict.disposition, verdict.answer) == (HOLD, None)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_every_change_of_a_file_changes_the_verdict(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(FILES)))
    content = bytearray(FILES[name])
    place = data.draw(st.integers(0, len(content) - 1))
    kind = data.draw(st.sampled_from(["flip", "cut", "insert"]))
    if kind == "flip":
        content[place] ^= data.draw(st.integers(1, 255))
    elif kind == "cut":
        del content[place:]
    else:
        content.insert(place, 0)

    verdict = judged(with_bytes({name: bytes(content)}))

    assert (verdict.disposition, verdict.answer) == (HOLD, Step.INVALID)
    assert verdict.files.damaged == (name,)


# --- no manifest, and our own ---------------------------------------------------------------------------------


def test_mail_without_a_manifest_is_ordinary_and_held() -> None:
    raw = b"From: someone@mail.go.th\r\nTo: saraban@receiver.go.th\r\nSubject: hello\r\n\r\nhello\r\n"

    verdict = judged(raw, seal=None, outer=None)

    assert (verdict.disposition, verdict.answer, verdict.ordinary) == (HOLD, None, True)


def test_a_letter_whose_manifest_was_taken_out_is_ordinary_mail() -> None:
    raw = post().raw.replace(b"manifest.json", b"other.json")

    verdict = judged(raw, seal=None)

    assert (verdict.disposition, verdict.answer, verdict.ordinary) == (HOLD, None, True)


def test_our_own_letter_come_back_is_discarded() -> None:
    verdict = judged(our_code=SENDER.code, our_mailbox=SENDER.mailbox)

    assert (verdict.disposition, verdict.answer) == (DISCARD, None)


def test_a_stranger_under_our_own_mailbox_is_not_discarded() -> None:
    raw = post().raw.replace(SENDER.mailbox.encode(), RECEIVER.mailbox.encode())

    assert judged(raw).disposition is HOLD


OWN_TEST_MAIL = (
    f"From: {RECEIVER.mailbox}\r\nTo: {RECEIVER.mailbox}\r\nSubject: test\r\n"
    "Auto-Submitted: auto-generated\r\n\r\nhello\r\n"
).encode()


def test_the_mail_by_which_our_own_mailbox_was_tried_out_is_discarded() -> None:
    assert judged(OWN_TEST_MAIL, seal=None, outer=None).disposition is DISCARD


@pytest.mark.parametrize(
    "changed",
    [
        OWN_TEST_MAIL.replace(b"Auto-Submitted: auto-generated\r\n", b""),
        OWN_TEST_MAIL.replace(b"To: ", b"To: someone@else.example, "),
        OWN_TEST_MAIL.replace(b"From: ", b"From: someone@else.example, "),
        OWN_TEST_MAIL.replace(b"\r\n\r\n", b"\r\nContent-Type: application/pdf; name=x.pdf\r\n\r\n"),
    ],
    ids=["written by a person", "to others too", "from others too", "with a file"],
)
def test_other_mail_under_our_own_address_is_held(changed: bytes) -> None:
    assert judged(changed, seal=None, outer=None).disposition is HOLD


def test_a_file_called_statement_json_is_a_file_of_the_letter() -> None:
    files = {"หนังสือ.pdf": b"x", "statement.json": b"{}", "statement.json.p7s": b"y", "ข้อมูล.txt": base64.b64encode(b"z")}

    assert judged(post(files=files).raw).disposition is ACCEPT
