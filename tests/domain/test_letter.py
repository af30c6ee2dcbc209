"""The life of an outgoing letter: what each state allows and forbids, and what the digests hold fast."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest

from saraban.domain.agency import PositionId, PositionRole
from saraban.domain.attachment import Attachment, Digest, Role
from saraban.domain.classification import Digits, Form, Secrecy, Urgency
from saraban.domain.errors import BadInput, ConcurrentEdit, RuleBroken, StageNotAllowed
from saraban.domain.group import GroupUse
from saraban.domain.letter import ISSUED_FILE_NAME, Contact, Letter, LetterState, Reference
from saraban.domain.route import StepKind, StepState
from tests.builders import CONTENT, NOW, TODAY, a_file, a_letter, a_route, an_actor

CLERK = an_actor()
DIRECTOR = an_actor(PositionRole.DIRECTOR, name="นายสมชาย ดีมาก")
HEAD = an_actor(PositionRole.HEAD, name="นางปราณี มีสุข")
PAGE = a_file(ISSUED_FILE_NAME, b"%PDF", role=Role.LETTER)
S = LetterState


def _submit(letter: Letter) -> None:
    letter.submit(a_route(DIRECTOR, HEAD), by=CLERK, at=NOW)


def _begin(letter: Letter) -> None:
    letter.begin_signing(by=HEAD, number="ทส 1001/1", on=TODAY, at=NOW)


DEEDS: dict[str, Callable[[Letter], object]] = {
    "revise": lambda letter: letter.revise(CONTENT, by=CLERK, at=NOW),
    "attach": lambda letter: letter.attach(a_file("อื่น.txt", b"other"), by=CLERK, at=NOW),
    "submit": _submit,
    "endorse": lambda letter: letter.endorse(by=DIRECTOR, note="", at=NOW),
    "send back": lambda letter: letter.send_back(by=DIRECTOR, reason="แก้", at=NOW),
    "withdraw": lambda letter: letter.withdraw(by=CLERK, at=NOW),
    "begin signing": _begin,
    "fail signing": lambda letter: letter.fail_signing(by=HEAD, reason="x", at=NOW),
    "issue": lambda letter: letter.issue(PAGE, by=HEAD, seen=None, at=NOW),
    "dispatch": lambda letter: letter.dispatched(["dopa"], by=CLERK, at=NOW),
}
WAYS: dict[LetterState, tuple[str, ...]] = {
    S.DRAFT: (),
    S.SUBMITTED: ("submit",),
    S.RETURNED: ("submit", "send back"),
    S.WITHDRAWN: ("withdraw",),
    S.ENDORSED: ("submit", "endorse"),
    S.SIGNING: ("submit", "endorse", "begin signing"),
    S.ISSUED: ("submit", "endorse", "begin signing", "issue"),
    S.DISPATCHED: ("submit", "endorse", "begin signing", "issue", "dispatch"),
}
ALLOWED: dict[LetterState, dict[str, LetterState]] = {
    S.DRAFT: {"revise": S.DRAFT, "attach": S.DRAFT, "submit": S.SUBMITTED, "withdraw": S.WITHDRAWN},
    S.RETURNED: {"revise": S.RETURNED, "attach": S.RETURNED, "submit": S.SUBMITTED, "withdraw": S.WITHDRAWN},
    S.SUBMITTED: {"endorse": S.ENDORSED, "send back": S.RETURNED, "withdraw": S.WITHDRAWN},
    S.ENDORSED: {"begin signing": S.SIGNING, "withdraw": S.WITHDRAWN},
    S.SIGNING: {"begin signing": S.SIGNING, "fail signing": S.ENDORSED, "issue": S.ISSUED},
    S.ISSUED: {"dispatch": S.DISPATCHED},
    S.DISPATCHED: {},
    S.WITHDRAWN: {},
}


def _letter_in(state: LetterState) -> Letter:
    letter = a_letter(CLERK)
    for deed in WAYS[state]:
        DEEDS[deed](letter)
    assert letter.state is state
    return letter


@pytest.mark.parametrize("deed", DEEDS)
@pytest.mark.parametrize("state", WAYS)
def test_a_state_allows_its_deeds_and_no_others(state: LetterState, deed: str) -> None:
    letter = _letter_in(state)
    if deed in ALLOWED[state]:
        DEEDS[deed](letter)
        assert letter.state is ALLOWED[state][deed]
        return
    with pytest.raises(StageNotAllowed) as refused:
        DEEDS[deed](letter)
    assert refused.value.thai
    assert letter.state is state


def test_the_head_may_send_an_endorsed_letter_back() -> None:
    letter = _letter_in(S.ENDORSED)
    letter.send_back(by=HEAD, reason="แก้", at=NOW)

    assert letter.state is S.RETURNED
    assert [step.state for step in letter.route] == [StepState.DONE, StepState.RETURNED]


CHANGES = {
    "form": {"form": Form.MEMORANDUM},
    "subject": {"subject": "อื่น"},
    "addressed_to": {"addressed_to": "เรียน อื่น"},
    "body": {"body": "อื่น"},
    "recipients": {"recipients": ("cgd",)},
    "groups": {"groups": (GroupUse("group:all", "ทั้งทำเนียบ", 1),)},
    "references": {"references": (Reference("นร 1201/1", TODAY, "กรม"),)},
    "urgency": {"urgency": Urgency.URGENT},
    "secrecy": {"secrecy": Secrecy.SECRET},
    "contact": {"contact": Contact("กอง", "0 2000 0000", "x@y.example")},
    "response_due": {"response_due": date(2026, 12, 1)},
    "purpose": {"purpose": "information"},
    "closing": {"closing": "ขอแสดงความนับถืออย่างยิ่ง"},
    "circular": {"circular": True},
    "details": {"details": {"edition": "2"}},
    "digits": {"digits": Digits.ARABIC},
    "cosigners": {"cosigners": (PositionId(UUID(int=1)),)},
    "typist": {"typist": "นางสาวพิมพ์ดี"},
}


@pytest.mark.parametrize("field", CHANGES)
def test_the_content_digest_changes_with_each_field(field: str) -> None:
    letter = a_letter(CLERK)
    before = letter.content_digest()
    letter.revise(replace(CONTENT, **CHANGES[field]), by=CLERK, at=NOW)

    assert letter.content_digest() != before


def test_no_field_of_the_content_stands_outside_the_digest() -> None:
    elsewhere = {"ready", "photo", "enclosures"}
    assert set(CHANGES) | elsewhere == set(CONTENT.__dataclass_fields__), "test_ready.py and test_enclosures.py tell"


@pytest.mark.parametrize("part", ["name", "sha256"])
def test_the_content_digest_changes_with_the_files(part: str) -> None:
    values = {"name": "อื่น.txt", "sha256": Digest.of(b"other")}
    letter = a_letter(CLERK, files=[a_file()])
    before = letter.content_digest()
    letter.files = [replace(a_file(), **{part: values[part]})]

    assert letter.content_digest() != before


def test_number_and_signed_page_do_not_change_what_the_officers_agreed_to() -> None:
    letter = _letter_in(S.ENDORSED)
    agreed = letter.content_digest()
    _begin(letter)
    DEEDS["issue"](letter)

    assert {e.content for e in letter.endorsements} == {agreed, letter.content_digest()} == {agreed}
    assert letter.endorsements[-1].page == PAGE.sha256


def test_an_endorsement_keeps_the_digest_of_what_it_was_given_over_when_the_letter_changes() -> None:
    letter = _letter_in(S.RETURNED)
    seen = letter.endorsements[0].content
    letter.revise(replace(CONTENT, subject="แก้แล้ว"), by=CLERK, at=NOW)
    _submit(letter)

    assert letter.endorsements[0].content == seen
    assert letter.endorsements[-1].content == letter.content_digest() != seen


def test_two_letters_of_the_same_words_have_different_digests() -> None:
    assert a_letter(CLERK).content_digest() != a_letter(CLERK).content_digest()


def test_failing_to_sign_takes_number_date_and_signatory_off_the_letter() -> None:
    letter = _letter_in(S.SIGNING)
    event = letter.fail_signing(by=HEAD, reason="กุญแจหมดอายุ", at=NOW)

    assert (letter.number, letter.number_date, letter.signatory) == (None, None, None)
    assert event.number == "ทส 1001/1"


def test_an_issued_letter_carries_its_page_first_and_its_enclosures_after() -> None:
    letter = a_letter(CLERK, files=[a_file()])
    for deed in WAYS[S.ISSUED]:
        DEEDS[deed](letter)

    assert [f.role for f in letter.files] == [Role.LETTER, Role.ENCLOSURE]
    assert letter.issued_file == PAGE


def test_an_enclosure_never_takes_the_name_of_the_page_or_the_manifest() -> None:
    letter = a_letter(CLERK)
    for name in (ISSUED_FILE_NAME, "manifest.json", "manifest.json.p7s"):
        letter.attach(Attachment(name, Role.ENCLOSURE, "text/plain", 1, Digest.of(b"x")), by=CLERK, at=NOW)

    assert [f.name for f in letter.files] == ["หนังสือ (2).pdf", "manifest (2).json", "manifest.json (2).p7s"]


def test_a_route_must_end_with_the_signatory() -> None:
    for route in ([], a_route(DIRECTOR, HEAD)[:1]):
        with pytest.raises(RuleBroken) as refused:
            a_letter(CLERK).submit(route, by=CLERK, at=NOW)
        assert refused.value.code == "route-without-signatory"


def test_a_form_that_one_signs_has_a_route_with_one_signatory() -> None:
    first, last = a_route(DIRECTOR, HEAD)
    stamped = a_letter(CLERK, content=replace(CONTENT, form=Form.STAMPED))
    with pytest.raises(RuleBroken) as refused:
        stamped.submit([replace(first, kind=StepKind.SIGN), last], by=CLERK, at=NOW)

    assert refused.value.code == "several-signatories"


def test_an_empty_letter_tells_all_that_is_missing() -> None:
    letter = a_letter(CLERK, content=replace(CONTENT, subject=" ", addressed_to="", body="\n", recipients=()))
    with pytest.raises(BadInput) as refused:
        _submit(letter)

    assert set(refused.value.fields) == {"subject", "addressed_to", "body", "recipients"}


def test_a_stale_version_is_told_and_no_version_is_not() -> None:
    letter = a_letter(CLERK, version=3)
    letter.expect_version(None)
    letter.expect_version(3)
    with pytest.raises(ConcurrentEdit):
        letter.expect_version(2)
