"""A question to the issuer of a document: what may be asked, what an answer changes, and what is forgotten when."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest

from saraban.domain.actor import Actor
from saraban.domain.attachment import Digest
from saraban.domain.errors import BadInput, RuleBroken
from saraban.domain.lookup import (
    Lookup,
    LookupAnswer,
    Officer,
    Outcome,
    ToldDocument,
    Want,
    checked_question,
    holder_number,
    masked_holder,
    state_words,
)
from tests.builders import NOW, an_actor

ASKER = an_actor()
QUESTION: dict[str, str] = {
    "document_kind": "ใบอนุญาต", "number": "ทส ๑๐๐๙/๔๕", "holder_id": "",
    "purpose": "ตรวจคุณสมบัติ", "legal_basis": "มาตรา 21",
}  # fmt: skip


def a_lookup(**more: Any) -> Lookup:
    """A question of ours that waits."""
    values: dict[str, Any] = {
        "id": uuid4(), "agency_id": ASKER.agency_id, "other_code": "onep", "other_name": "สผ.", "ours": True,
        "request_id": uuid4(), "asked_at": NOW, "asked_by": "นางสาวสมใจ", "asked_for": "กองกฎหมาย",
        "document_kind": "ใบอนุญาต", "number": "1", "holder_id": "1234567890121", "want": Want.FILE,
        "purpose": "ตรวจ", "legal_basis": "มาตรา 21", "expires_at": NOW + timedelta(days=7), "request": {"id": "x"},
        "request_sha256": Digest.of(b"x"),
    }  # fmt: skip
    return Lookup(**values | more)


def an_answer(of: Lookup, **more: Any) -> LookupAnswer:
    """The issuer found one."""
    plain = LookupAnswer(
        uuid4(), of.request_id, of.request_sha256, "onep", "saraban@onep.example", "dopa", "saraban@dopa.example", NOW,
        Outcome.FOUND, documents=(ToldDocument("license", "ใบอนุญาต", "1", "valid"),), keep_until=date(2027, 1, 1),
    )  # fmt: skip
    return replace(plain, **more)


def test_what_was_typed_becomes_one_line_each_with_arabic_digits() -> None:
    asked = checked_question(**QUESTION | {"purpose": " ตรวจ\n คุณสมบัติ ", "holder_id": " 1-2345-67890-12-1 "})

    assert asked == ("ใบอนุญาต", "ทส 1009/45", "1234567890121", "ตรวจ คุณสมบัติ", "มาตรา 21")


@pytest.mark.parametrize(
    ("field", "typed", "where"),
    [
        ("document_kind", " ", "document_kind"),
        ("number", "", "number"),
        ("number", "ก" * 101, "number"),
        ("holder_id", "เลขที่๑", "holder_id"),
        ("holder_id", "1-2345-67890-12-3", "holder_id"),
        ("purpose", "", "purpose"),
        ("purpose", "ก" * 1001, "purpose"),
        ("purpose", "ของ ๑-๒๓๔๕-๖๗๘๙๐-๑๒-๑", "purpose"),
        ("legal_basis", "", "legal_basis"),
        ("legal_basis", "1234567890121", "legal_basis"),
    ],
)
def test_what_is_missing_or_names_the_holder_in_the_wrong_place_is_refused_beside_its_field(
    field: str, typed: str, where: str
) -> None:
    with pytest.raises(BadInput) as refused:
        checked_question(**QUESTION | {field: typed})
    assert list(refused.value.fields) == [where]


def test_a_holders_number_travels_bare_and_is_shown_masked() -> None:
    assert holder_number("๑ ๒๓๔๕ ๖๗๘๙๐ ๑๒ ๑") == "1234567890121"
    assert holder_number(" ab-12/3 ") == "AB-12/3"
    assert masked_holder("1234567890121") == "•••••••••0121" and masked_holder("") == ""


def test_waiting_is_followed_by_the_last_word_and_by_nothing_after_it() -> None:
    one, gateway = a_lookup(), Actor.gateway(ASKER.agency_id)
    waiting = an_answer(one, outcome=Outcome.WAITING, documents=(), keep_until=None)

    one.settle(waiting, {"outcome": "waiting"}, by=gateway, at=NOW)
    assert not one.is_settled
    told = one.settle(an_answer(one, officer=Officer("นายก")), {"outcome": "found"}, by=gateway, at=NOW)

    assert one.is_settled and (one.answered_by, one.keep_until) == ("นายก", date(2027, 1, 1))
    assert (told.outcome, told.documents, told.files, told.ours) == ("found", 1, 0, True)
    with pytest.raises(RuleBroken, match="มีคำตอบแล้ว"):
        one.settle(waiting, {}, by=gateway, at=NOW)
    assert one.outcome is Outcome.FOUND


def test_the_journal_names_kind_purpose_and_basis_and_never_the_holder() -> None:
    one = a_lookup()
    for fact in (one.asked(by=ASKER, at=NOW), one.received(at=NOW)):
        told = str(fact.values())
        assert "ใบอนุญาต" in told and "มาตรา 21" in told and "1234567890121" not in told


def test_what_is_forgotten_is_the_holder_the_file_and_the_mail_and_not_that_it_was_asked() -> None:
    one = a_lookup(
        answer={"outcome": "found", "documents": [{"number": "1"}]}, files=[{"name": "x"}], raw=Digest.of(b"")
    )

    fact = one.forget(at=NOW)

    assert (one.holder_id, one.request, one.files, one.raw, one.forgotten_at) == ("", {}, [], None, NOW)
    assert one.answer == {"outcome": "found", "documents": []} and one.purpose == "ตรวจ"
    assert fact.thing_id == one.id


def test_a_state_is_told_in_words_and_one_of_a_later_version_as_it_came() -> None:
    assert (state_words("valid"), state_words("archived")) == ("ใช้ได้", "archived")
