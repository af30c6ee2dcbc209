"""What may be shown to everybody, taking it back, and channels."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

import pytest

from saraban.domain.classification import Form, Secrecy
from saraban.domain.content import Content
from saraban.domain.errors import BadInput, RuleBroken, StageNotAllowed
from saraban.domain.letter_state import LetterState
from saraban.domain.publication import (
    ChannelKind,
    Publication,
    PublicationId,
    PublicKind,
    forbid_publication,
    kind_for_public,
    read_channel,
)
from tests.builders import CONTENT, NOW, an_actor

NEWS = Content(form=Form.NEWS, subject="ข่าว")


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (Content(form=Form.ANNOUNCEMENT, subject="ก"), PublicKind.ANNOUNCEMENT),
        (Content(form=Form.STATEMENT, subject="ก"), PublicKind.STATEMENT),
        (NEWS, PublicKind.NEWS),
        (replace(CONTENT, circular=True), PublicKind.CIRCULAR),
        (CONTENT, None),
        (Content(form=Form.ORDER, subject="ก"), None),
        (replace(NEWS, secrecy=Secrecy.CONFIDENTIAL), None),
        (replace(CONTENT, circular=True, secrecy=Secrecy.SECRET), None),
    ],
)
def test_what_is_for_everybody_is_known_by_its_form_and_never_classified(
    content: Content, kind: PublicKind | None
) -> None:
    assert kind_for_public(content) is kind


def test_why_it_cannot_be_shown_is_told() -> None:
    for state, content, kind in (
        (LetterState.ISSUED, replace(NEWS, secrecy=Secrecy.SECRET), RuleBroken),
        (LetterState.ISSUED, CONTENT, RuleBroken),
        (LetterState.SUBMITTED, NEWS, StageNotAllowed),
    ):
        with pytest.raises(kind):
            forbid_publication(state, content)
    forbid_publication(LetterState.DISPATCHED, NEWS)


def test_taking_back_needs_a_reason_and_happens_once() -> None:
    head = (PublicationId(uuid4()), an_actor().agency_id, uuid4(), PublicKind.NEWS, False, NOW, "สมใจ")
    shown = Publication(*head)

    for reason in ("  ", "ก" * 501):
        with pytest.raises(BadInput):
            shown.take_back(reason, "สมใจ", NOW)
    shown.take_back(" ผิด  ฉบับ ", "สมใจ", NOW)
    assert (shown.reason, shown.withdrawn_at) == ("ผิด ฉบับ", NOW)
    with pytest.raises(StageNotAllowed):
        shown.take_back("อีกครั้ง", "สมใจ", NOW)


@pytest.mark.parametrize(
    ("kind", "where"),
    [
        (ChannelKind.MAIL, "not an address"),
        (ChannelKind.MAIL, "https://example.go.th"),
        (ChannelKind.WEB, "javascript:alert(1)"),
        (ChannelKind.WEB, 'https://example.go.th/"onclick='),
        (ChannelKind.WEB, "example.go.th"),
        (ChannelKind.OTHER, "  "),
    ],
)
def test_a_channel_leads_where_it_says(kind: ChannelKind, where: str) -> None:
    with pytest.raises(BadInput) as told:
        read_channel(kind, "ยื่นคำขอ", where, "")
    assert list(told.value.fields) == ["where"]


def test_a_channel_is_kept_with_spaces_folded() -> None:
    kept = read_channel(ChannelKind.WEB, " ยื่น  คำขอ ", "https://a.example.go.th/x?y=1", " ประกาศกรม ")

    assert kept == ("ยื่น คำขอ", "https://a.example.go.th/x?y=1", "ประกาศกรม")
