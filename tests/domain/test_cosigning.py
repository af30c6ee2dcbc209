"""A page that several sign: who is next, what stays fixed, and what becomes of it when one of them does not sign."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

import pytest

from saraban.domain.actor import Actor
from saraban.domain.agency import PositionId, PositionRole
from saraban.domain.attachment import Attachment, Digest, Role
from saraban.domain.classification import Form
from saraban.domain.cosigning import PartSigned, SignerPlace
from saraban.domain.errors import BadInput, RuleBroken, StageNotAllowed
from saraban.domain.forms import RULES
from saraban.domain.letter import Letter, LetterState
from saraban.domain.route import StepKind, StepState
from tests.builders import CONTENT, MINUTES, NOW, TODAY, a_file, a_letter, a_step, an_actor

CLERK = an_actor()
DIRECTOR = an_actor(PositionRole.DIRECTOR, name="นายสมชาย ดีมาก")
DEPUTY = an_actor(PositionRole.DIRECTOR, name="นายรอง ใจดี")
HEAD = an_actor(PositionRole.HEAD, name="นางปราณี มีสุข")
S = LetterState


def _page(data: bytes) -> Attachment:
    return a_file("หนังสือ.pdf", data, role=Role.LETTER)


def _places(*officers: Actor) -> list[SignerPlace]:
    return [
        SignerPlace(one.position_id, one.name, one.title, 0, 10, 20, 110, 60) for one in officers if one.position_id
    ]


def _on_route() -> Letter:
    letter = a_letter(CLERK, files=[a_file()])
    steps = [a_step(who, n, StepKind.SIGN) for n, who in enumerate((DIRECTOR, DEPUTY, HEAD), 1)]
    letter.submit(steps, by=CLERK, at=NOW)
    return letter


def _sign(letter: Letter, by: Actor, data: bytes) -> None:
    letter.begin_signing(by=by, number="ทส 1001/7", on=TODAY, at=NOW)
    seen = letter.part_signed.page if letter.part_signed else None
    letter.sign_in_part(_page(data), _places(DIRECTOR, DEPUTY, HEAD), by=by, seen=seen, at=NOW)


def _part_signed() -> Letter:
    letter = _on_route()
    _sign(letter, DIRECTOR, b"%PDF one")
    return letter


def test_the_page_goes_from_one_signer_to_the_next_under_one_number() -> None:
    letter = _part_signed()
    assert letter.state is S.PART_SIGNED
    assert (step := letter.current_step()) is not None and step.position_id == DEPUTY.position_id
    _sign(letter, DEPUTY, b"%PDF two")
    letter.begin_signing(by=HEAD, number="ทส 1001/7", on=TODAY, at=NOW)
    letter.issue(_page(b"%PDF three"), by=HEAD, seen=Digest.of(b"%PDF two"), at=NOW)

    assert (letter.state, letter.number, letter.part_signed) == (S.ISSUED, "ทส 1001/7", None)
    assert [step.state for step in letter.route] == [StepState.DONE] * 3
    assert [f.role for f in letter.files] == [Role.LETTER, Role.ENCLOSURE], "the issued page holds the earlier ones"
    assert [one.page for one in letter.endorsements[1:]] == [
        Digest.of(b"%PDF one"),
        Digest.of(b"%PDF one"),
        Digest.of(b"%PDF two"),
    ]


def test_who_signs_what_others_signed_must_have_seen_those_bytes() -> None:
    letter = _part_signed()
    letter.expect_page(Digest.of(b"%PDF one"))
    with pytest.raises(BadInput) as unsaid:
        letter.expect_page(None)
    with pytest.raises(RuleBroken) as another:
        letter.expect_page(Digest.of(b"%PDF other"))

    assert set(unsaid.value.fields) == {"page"} and another.value.code == "another-page"


def test_a_failure_after_the_first_signature_leaves_page_and_number() -> None:
    letter = _part_signed()
    letter.begin_signing(by=DEPUTY, number="ทส 1001/7", on=TODAY, at=NOW)
    letter.fail_signing(by=DEPUTY, reason="กุญแจหมดอายุ", at=NOW)

    assert (letter.state, letter.number, letter.number_date) == (S.PART_SIGNED, "ทส 1001/7", TODAY)
    assert letter.part_signed is not None and letter.part_signed.page == Digest.of(b"%PDF one")


@pytest.mark.parametrize("way", ["returned", "recalled"])
def test_a_letter_that_comes_back_keeps_what_was_signed_and_loses_its_number(way: str) -> None:
    letter = _part_signed()
    if way == "returned":
        letter.send_back(by=DEPUTY, reason="ตัวเลขผิด", at=NOW)
    else:
        letter.recall(by=CLERK, reason="ตัวเลขผิด", at=NOW)

    assert (letter.state, letter.number, letter.number_date, letter.part_signed) == (S.RETURNED, None, None, None)
    assert [(f.role, f.sha256) for f in letter.files][1:] == [(Role.PART_SIGNED, Digest.of(b"%PDF one"))]
    assert letter.endorsements[-1].note == "ตัวเลขผิด"
    assert letter.endorsements[-1].page == Digest.of(b"%PDF one")
    letter.revise(replace(CONTENT, subject="แก้แล้ว"), by=CLERK, at=NOW)


def test_what_was_signed_in_vain_is_sent_to_nobody_and_kept_beside_the_next_round() -> None:
    letter = _part_signed()
    letter.recall(by=CLERK, reason="ตัวเลขผิด", at=NOW)
    letter.submit([a_step(DIRECTOR, 1, StepKind.SIGN), a_step(HEAD, 2, StepKind.SIGN)], by=CLERK, at=NOW)
    _sign(letter, DIRECTOR, b"%PDF again")
    assert len({f.name for f in letter.files}) == 3
    letter.begin_signing(by=HEAD, number="ทส 1001/8", on=TODAY, at=NOW)
    letter.issue(_page(b"%PDF issued"), by=HEAD, seen=Digest.of(b"%PDF again"), at=NOW)

    assert [f.sha256 for f in letter.files if f.role is Role.PART_SIGNED] == [Digest.of(b"%PDF one")]
    assert [f.role for f in letter.files_to_send] == [Role.LETTER, Role.ENCLOSURE]


def test_what_was_signed_in_vain_is_not_taken_off_like_an_enclosure() -> None:
    letter = _part_signed()
    letter.recall(by=CLERK, reason="ตัวเลขผิด", at=NOW)
    with pytest.raises(RuleBroken):
        letter.detach(Digest.of(b"%PDF one"), by=CLERK, at=NOW)


def test_a_letter_is_recalled_from_its_route_and_only_with_a_reason() -> None:
    with pytest.raises(StageNotAllowed):
        a_letter(CLERK).recall(by=CLERK, reason="แก้", at=NOW)
    with pytest.raises(BadInput):
        _part_signed().recall(by=CLERK, reason=" ", at=NOW)


def test_nothing_of_a_page_that_is_signed_in_part_can_be_changed() -> None:
    letter = _part_signed()
    for deed in (
        lambda: letter.revise(CONTENT, by=CLERK, at=NOW),
        lambda: letter.attach(a_file("อื่น.txt"), by=CLERK, at=NOW),
        lambda: letter.withdraw(by=CLERK, at=NOW),
        lambda: letter.take_ready(None, at=NOW),
    ):
        with pytest.raises(StageNotAllowed):
            deed()


def test_nobody_endorses_after_somebody_has_signed() -> None:
    letter = a_letter(CLERK)
    steps = [a_step(DIRECTOR, 1, StepKind.SIGN), a_step(DEPUTY, 2, StepKind.ENDORSE), a_step(HEAD, 3, StepKind.SIGN)]
    with pytest.raises(RuleBroken) as refused:
        letter.submit(steps, by=CLERK, at=NOW)

    assert refused.value.code == "endorser-after-signatory"


def test_places_are_the_same_after_they_were_written_down() -> None:
    made = PartSigned(Digest.of(b"page"), tuple(_places(DIRECTOR, HEAD)))

    assert PartSigned.of(made.as_dict()) == made
    assert made.place_of(PositionId(uuid4())) is None


SEVERAL = {f for f in Form if f in RULES and RULES[f].has("cosigners")}


def test_the_forms_that_several_may_sign() -> None:
    assert {
        Form.EXTERNAL,
        Form.MEMORANDUM,
        Form.ORDER,
        Form.ANNOUNCEMENT,
        Form.CERTIFICATE,
        Form.MINUTES,
        Form.RECORD,
    } == SEVERAL


def test_cosigners_are_refused_where_the_form_has_none_and_where_they_are_too_many_or_twice() -> None:
    one, *more = (PositionId(uuid4()) for _ in range(6))
    assert "cosigners" in replace(CONTENT, form=Form.STAMPED, cosigners=(one,)).out_of_form()
    assert "cosigners" in replace(CONTENT, cosigners=(one, one)).out_of_form()
    assert "๕" in replace(CONTENT, cosigners=(one, *more)).out_of_form()["cosigners"]
    assert "ผู้จด" in replace(MINUTES, cosigners=(one, more[0])).out_of_form()["cosigners"]
    assert replace(CONTENT, cosigners=(one, *more[:4])).out_of_form() == {}


def test_minutes_that_their_recorder_signs_need_not_name_him() -> None:
    unnamed = replace(MINUTES, details={k: v for k, v in MINUTES.details.items() if k != "recorder"})
    assert set(unnamed.missing()) == {"details.recorder"}
    assert replace(unnamed, cosigners=(PositionId(uuid4()),)).missing() == {}


def test_another_form_that_one_signs_leaves_the_cosigners_behind() -> None:
    signed_by_two = replace(CONTENT, cosigners=(PositionId(uuid4()),))
    assert signed_by_two.as_form(Form.ORDER).cosigners == signed_by_two.cosigners
    assert signed_by_two.as_form(Form.STAMPED).cosigners == ()
