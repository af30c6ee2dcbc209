"""Showing documents to everybody and taking them back; channels. What is written stands on both databases."""

from __future__ import annotations

from dataclasses import replace

import pytest

from saraban.domain.classification import Secrecy
from saraban.domain.errors import BadInput, NotFound, NotPermitted, RuleBroken
from saraban.domain.publication import ChannelId, ChannelKind
from saraban.storage.tables.publications import channels, publications
from saraban.usecases import publishing
from tests.builders import CONTENT
from tests.usecases.house import House


def test_a_circular_is_shown_taken_back_and_shown_again(either_house: House) -> None:
    house, clerk = either_house, either_house.ours["clerk"]
    letter = house.signed(circular=True)

    publishing.publish(house.office, actor=clerk, letter_id=letter, with_enclosures=True)
    with pytest.raises(RuleBroken):
        publishing.publish(house.office, actor=clerk, letter_id=letter)
    with pytest.raises(BadInput):
        publishing.take_back(house.office, actor=clerk, letter_id=letter, reason=" ")
    publishing.take_back(house.office, actor=house.ours["central_clerk"], letter_id=letter, reason="มีข้อมูลส่วนบุคคล")
    with pytest.raises(RuleBroken):
        publishing.take_back(house.office, actor=clerk, letter_id=letter, reason="อีก")
    publishing.publish(house.office, actor=clerk, letter_id=letter)

    found = {(row.with_enclosures, row.withdrawn_at is None, row.reason) for row in house.rows(publications)}
    assert found == {(True, False, "มีข้อมูลส่วนบุคคล"), (False, True, "")}
    assert len(house.told("letter.published")) == 2
    assert [one["values"]["reason"] for one in house.told("letter.publication-taken-back")] == ["มีข้อมูลส่วนบุคคล"]

    one = publishing.open_channel(
        house.office, actor=house.ours["admin"], kind=ChannelKind.MAIL, name="ยื่นคำขอ", where="a@b.example"
    )
    publishing.end_channel(house.office, actor=house.ours["admin"], channel_id=one)
    with pytest.raises(BadInput):
        publishing.end_channel(house.office, actor=house.ours["admin"], channel_id=one)
    (row,) = house.rows(channels)
    assert row.ended_on == row.since and house.told("channel.opened") and house.told("channel.ended")


def test_nobody_shows_what_is_not_for_everybody(house: House) -> None:
    office, clerk = house.office, house.ours["clerk"]
    draft = house.draft(replace(CONTENT, circular=True))
    secret = house.draft(replace(CONTENT, circular=True, secrecy=Secrecy.SECRET))

    with pytest.raises(RuleBroken):
        publishing.publish(office, actor=clerk, letter_id=draft)
    with pytest.raises((RuleBroken, NotFound)):
        publishing.publish(office, actor=clerk, letter_id=secret)
    for who in ("head", "director"):
        with pytest.raises((NotPermitted, NotFound)):
            publishing.publish(office, actor=house.ours[who], letter_id=draft)
    with pytest.raises(NotFound):
        publishing.publish(office, actor=house.theirs["clerk"], letter_id=draft)
    with pytest.raises(NotPermitted):
        publishing.open_channel(office, actor=clerk, kind=ChannelKind.OTHER, name="ก", where="ข")
    with pytest.raises(NotFound):
        publishing.end_channel(office, actor=house.ours["admin"], channel_id=ChannelId(draft))
    assert not house.rows(publications) and not house.rows(channels)
