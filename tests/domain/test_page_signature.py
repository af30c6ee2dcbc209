"""Verdicts on signatures in PDFs: what six answers come to, and which kind of signature is told from them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from itertools import product

import pytest

from saraban.domain.page_signature import PARTS, Change, PageSignature, SignatureKind, Standing
from saraban.domain.signature import Answer

YES, NO, UNKNOWN = Answer(True, "ใช่"), Answer(False, "ไม่"), Answer(None, "บอกไม่ได้")
GOOD = PageSignature(**dict.fromkeys(PARTS, YES))  # type: ignore[arg-type]


def test_the_word_for_good_is_said_only_where_every_part_holds() -> None:
    for answers in product((YES, NO, UNKNOWN), repeat=len(PARTS)):
        one = PageSignature(**dict(zip(PARTS, answers, strict=True)))  # type: ignore[arg-type]
        assert ("ถูกต้อง" in one.standing.thai) is all(answer is YES for answer in answers)
        assert (one.standing is Standing.BAD) is (NO in answers)


@pytest.mark.parametrize("part", ["whole", "unchanged", "made"])
def test_what_does_not_hold_is_of_no_kind(part: str) -> None:
    assert replace(GOOD, **{part: NO}).kind is None
    assert replace(GOOD, **{part: UNKNOWN}).kind is None


def test_the_kind_is_told_from_the_root_and_not_from_a_label() -> None:
    assert GOOD.kind is SignatureKind.RELIABLE
    assert replace(GOOD, licensed=True).kind is SignatureKind.CERTIFIED
    assert replace(GOOD, licensed=True, trusted=NO).kind is SignatureKind.GENERAL
    assert replace(GOOD, licensed=True, certificate=NO).kind is SignatureKind.GENERAL
    assert replace(GOOD, licensed=True, certificate=UNKNOWN, time=UNKNOWN).kind is SignatureKind.CERTIFIED
    assert replace(GOOD, time=NO).kind is None


def test_a_verdict_comes_back_whole_from_what_the_api_shows() -> None:
    one = replace(
        GOOD,
        field="Signature1",
        ordinal=2,
        certificate=UNKNOWN,
        changes=(Change.SIGNED_AGAIN, Change.FORM_FILLED),
        signer="นางสาวสมหญิง ใจทดสอบ",
        organisation="กรมทดสอบ",
        serial="ab",
        issuer="ผู้ออก",
        signed_at=datetime(2026, 11, 23, tzinfo=UTC),
        stamped_at=datetime(2026, 11, 24, tzinfo=UTC),
        stamped_by="ผู้ประทับ",
        licensed=True,
    )

    assert PageSignature.of_dict(one.as_dict()) == one
    assert PageSignature.of_dict(PageSignature().as_dict()) == PageSignature()
