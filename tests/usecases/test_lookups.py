"""Asking the issuer in place of the citizen: from the officer's question to the document, on both sides."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import uuid4

import pypdfium2 as pdfium
import pytest
from reportlab.pdfgen.canvas import Canvas
from sqlalchemy import delete

from saraban import jobs
from saraban.crypto import keys
from saraban.crypto.seal import KeySealer
from saraban.domain.actor import Actor
from saraban.domain.agency import AgencyOptions, PositionId, PositionRole
from saraban.domain.attachment import Digest
from saraban.domain.calendar import office_date
from saraban.domain.capacity import Capacity
from saraban.domain.errors import BadInput, NotFound, NotPermitted, RuleBroken
from saraban.domain.issued import IssuedState
from saraban.domain.issued_kind import LookupPolicy
from saraban.domain.lookup import Lookup, LookupAnswer, LookupRequest, Outcome, Refused, Want, Why
from saraban.domain.notice import NoticeKind
from saraban.exchange import lookup as wire
from saraban.exchange.envelope import OutboxKind
from saraban.exchange.lookup import answer_bytes, read_lookup, request_bytes
from saraban.exchange.parse import read_message
from saraban.reading.lookups import copies_not_asked, lookup
from saraban.storage.tables.exchange import outbox
from saraban.storage.tables.letters import incoming
from saraban.storage.tables.lookups import document_lookups
from saraban.storage.tables.notices import notices
from saraban.storage.tables.people import holdings
from saraban.usecases import answering_lookups, asking_issuers, bookkeeping, copying, delegating
from saraban.usecases.books import InboxItem
from saraban.usecases.copying import CopyOf
from saraban.usecases.kept_files import remove_files
from saraban.usecases.sealing_lookups import seal_lookups
from tests.builders import StaffedAgency, a_correspondent
from tests.lookups import HOLDER, PDF, a_kind, a_licence
from tests.usecases.conftest import Pki
from tests.usecases.house import MASTER_KEY, PASSPHRASE, House

KEEP_DAYS = AgencyOptions().lookup_keep_days


@pytest.fixture(autouse=True)
def both_take_part(request: pytest.FixtureRequest, pki: Pki) -> None:
    """The directory says of both agencies that they look documents up, and both have their seals."""
    name = "either_house" if "either_house" in request.fixturenames else "house"
    house = request.getfixturevalue(name)
    if name == "either_house":
        for code, seal in pki.seals.items():
            keys.store_seal(house.keys_folder, code, seal, MASTER_KEY)
    publish(house)


def publish(house: House, **more: Any) -> None:
    """Both agencies in the directory, able to look up."""
    able = {"saraban": 1, "lookup": 1} | more
    house.publish(
        *(a_correspondent(s.agency.code, name=s.agency.name, capabilities=able) for s in (house.ours, house.theirs))
    )


def ask(house: House, **more: Any) -> Lookup:
    """Our legal clerk asks dopa for a licence by its number."""
    values: dict[str, Any] = {
        "actor": house.ours["clerk"], "other_code": "dopa", "document_kind": "license", "number": "ทส ๑๐๐๙/๔๕",
        "want": Want.FILE, "purpose": "ประกอบคำขออนุญาต", "legal_basis": "พ.ร.บ. การอำนวยความสะดวก มาตรา 7",
    }  # fmt: skip
    return asking_issuers.ask_issuer(house.office, **values | more)


def carry(house: House, *, copies: int = 1) -> None:
    """Seal what is owed and put what leaves into the other's inbox, until nothing moves."""
    seen = getattr(house, "carried", set())
    while seal_lookups(house.office) or any(row.id not in seen for row in house.rows(outbox)):
        for row in house.rows(outbox):
            if row.id in seen:
                continue
            seen.add(row.id)
            with house.office.uow() as uow:
                envelope = uow.outbox.envelope(row.agency_id, row.ref)
            assert envelope is not None
            receiver = house.theirs if envelope.rcpt_to == house.theirs.agency.mailbox else house.ours
            for _ in range(copies):
                arrive(house, receiver, b"".join(envelope.chunks(house.office.blobs.open)))
    house.carried = seen  # type: ignore[attr-defined]


def arrive(house: House, receiver: StaffedAgency, raw: bytes) -> InboxItem:
    """A mail comes into a mailbox and is judged."""
    number = len(house.rows(incoming)) + int(house.clock.now().timestamp()) % 1000 + uuid4().int % 1_000_000
    sha256 = house.office.blobs.keep(raw)
    item = InboxItem(uuid4(), receiver.agency.id, receiver.agency.mailbox, 1, number, sha256, house.clock.now())
    with house.office.uow() as uow:
        uow.inbox.take_in(item, str(item.id), Digest.of(raw))
        uow.commit()
    jobs.sort_mail(house.office)
    return item


def kept(house: House, *, ours: bool = True) -> Any:
    """The one question as that side keeps it."""
    [row] = [row for row in house.rows(document_lookups) if row.ours is ours]
    return row


def unread(house: House, *who: Actor) -> list[NoticeKind]:
    """What these officers were told and is not dealt with."""
    people = {one.person_id for one in who}
    return [row.kind for row in house.rows(notices) if row.person_id in people and row.read_at is None]


def mails(house: House) -> list[bytes]:
    """What waits in the outbox, as bytes."""
    with house.office.uow() as uow:
        found = [uow.outbox.envelope(row.agency_id, row.ref) for row in house.rows(outbox)]
    return [b"".join(one.chunks(house.office.blobs.open)) for one in found if one is not None]


def licence(house: House, policy: LookupPolicy = LookupPolicy.FILE, **more: Any) -> Any:
    """A licence that dopa has issued, and its kind."""
    kind = a_kind(house.office, house.theirs.agency.id, policy)
    return kind, a_licence(house.office, kind, house.theirs.legal.id, **more)


# --- from question to document --------------------------------------------------------------------------------


def test_an_officer_asks_and_gets_state_and_file_by_the_policy_alone(either_house: House) -> None:
    house = either_house
    licence(house)
    one = ask(house)
    assert (kept(house).owes, kept(house).outcome) == ("request", None)

    carry(house)

    row = kept(house)
    assert (row.outcome, row.owes, row.answered_by) == (Outcome.FOUND, "", "")
    [told] = row.answer["documents"]
    assert (told["number"], told["state"], told["valid_until"]) == ("ทส 1009/45", "valid", "2030-12-31")
    assert row.keep_until == office_date(house.clock.now()) + timedelta(days=KEEP_DAYS)
    assert row.verdict["intact"] and row.verdict["trusted"]
    file, data = asking_issuers.open_looked_up(
        house.office, actor=house.ours["clerk"], lookup_id=one.id, name="document-1.pdf"
    )
    assert data == PDF and file.sha256 == Digest.of(PDF)
    assert house.rows(incoming) == [], "no letter came of it"
    for name in ("lookup.asked", "lookup.received"):
        [fact] = house.told(name)
        assert "ประกอบคำขออนุญาต" in str(fact) and "มาตรา 7" in str(fact)
    assert sorted(fact["values"]["ours"] for fact in house.told("lookup.answered")) == [False, True]
    [opened] = house.told("lookup.opened")
    assert opened["values"]["file"] == "document-1.pdf"


def test_number_and_holder_must_belong_together_and_the_holder_is_told_nowhere(either_house: House) -> None:
    house = either_house
    licence(house)
    ask(house, holder_id="1-2345-67890-12-1")
    carry(house)
    assert kept(house).outcome is Outcome.FOUND and HOLDER not in json.dumps(kept(house).answer)

    other = ask(house, holder_id="1101700230708")
    carry(house)

    with house.office.uow() as uow:
        assert uow.document_lookups.get(house.ours.agency.id, other.id).outcome is Outcome.NOT_FOUND
    everything = str([house.told(name) for name in ("lookup.asked", "lookup.received", "lookup.answered")])
    assert HOLDER not in everything
    for raw in mails(house):
        mail = read_message(raw)
        assert HOLDER not in raw.partition(b"\r\n\r\n")[0].decode() + mail.subject + mail.text


def test_by_the_holder_all_of_the_kind_are_told_the_newest_first_and_no_drafts(house: House) -> None:
    kind, _ = licence(house)
    house.clock.pass_by(timedelta(days=1))
    a_licence(house.office, kind, house.theirs.legal.id, "ทส 1009/46", state=IssuedState.REVOKED)
    a_licence(house.office, kind, house.theirs.legal.id, "ทส 1009/47", state=IssuedState.DRAFT, signed_at=None)
    a_licence(house.office, kind, house.theirs.legal.id, "ทส 1009/48", holder_id="1101700230708")
    ask(house, number="", holder_id=HOLDER, want=Want.STATE)

    carry(house)

    told = kept(house).answer["documents"]
    assert [(d["number"], d["state"]) for d in told] == [("ทส 1009/46", "cancelled"), ("ทส 1009/45", "valid")]
    assert [d["file"] for d in told] == [None, None] and kept(house).files == []


def test_more_than_ten_are_cut_and_the_answer_says_so(house: House) -> None:
    kind, _ = licence(house, LookupPolicy.STATE)
    for serial in range(46, 57):
        house.clock.pass_by(timedelta(minutes=1))
        a_licence(house.office, kind, house.theirs.legal.id, f"ทส 1009/{serial}")
    ask(house, number="", holder_id=HOLDER)
    carry(house)

    answer = kept(house).answer
    assert answer["truncated"] and answer["documents"][0]["number"] == "ทส 1009/56"
    assert len(answer["documents"]) == 10


@pytest.mark.parametrize(
    ("policy", "want", "files"),
    [
        (LookupPolicy.FILE, Want.FILE, 1),
        (LookupPolicy.FILE, Want.STATE, 0),
        (LookupPolicy.STATE, Want.FILE, 0),
    ],
)
def test_no_more_is_given_than_is_asked_for_and_than_the_policy_gives(
    house: House, policy: LookupPolicy, want: Want, files: int
) -> None:
    licence(house, policy)
    ask(house, want=want)
    carry(house)
    assert (kept(house).outcome, len(kept(house).files)) == (Outcome.FOUND, files)


def test_a_closed_kind_is_refused_alike_whether_or_not_there_is_such_a_document(house: House) -> None:
    licence(house, LookupPolicy.NO)
    ask(house)
    ask(house, number="ทส 9/9")
    carry(house)

    said = [
        {**row.answer, "id": "", "of": "", "request_sha256": ""} for row in house.rows(document_lookups) if row.ours
    ]
    assert said[0] == said[1] and said[0]["reason"]["code"] == "kind-closed"


def test_an_unknown_kind_is_refused_with_those_that_may_be_asked_for(house: House) -> None:
    licence(house)
    a_kind(house.office, house.theirs.agency.id, LookupPolicy.NO, code="secret")
    ask(house, document_kind="ใบรับรองอื่น")
    carry(house)

    answer = kept(house).answer
    assert answer["reason"]["code"] == "kind-unknown"
    assert answer["kinds"] == [{"code": "license", "name": "ใบอนุญาตตัวอย่าง"}]


def test_a_kind_may_be_named_by_its_name(house: House) -> None:
    licence(house)
    ask(house, document_kind="ใบอนุญาตตัวอย่าง")
    carry(house)
    assert kept(house).outcome is Outcome.FOUND


# --- what a clerk there decides -------------------------------------------------------------------------------


def test_what_the_policy_leaves_to_a_clerk_waits_and_is_answered_by_a_press(either_house: House) -> None:
    house = either_house
    licence(house, LookupPolicy.ASK)
    one = ask(house)
    carry(house)
    assert kept(house).outcome is Outcome.WAITING and kept(house, ours=False).outcome is Outcome.WAITING
    clerks = (house.theirs["central_clerk"], house.theirs["records"])
    assert unread(house, *clerks) == [NoticeKind.LOOKUP_ASKED] * 2
    assert unread(house, house.theirs["clerk"], house.theirs["head"]) == []
    assert unread(house, house.ours["clerk"]) == [NoticeKind.LOOKUP_ANSWERED]
    assert "45" not in json.dumps([dict(row.told) for row in house.rows(notices)])
    with pytest.raises(NotPermitted):
        answering_lookups.answer_lookup(
            house.office, actor=house.theirs["clerk"], lookup_id=kept(house, ours=False).id, with_file=True
        )

    clerk = house.theirs["central_clerk"]
    with pytest.raises(BadInput):
        answering_lookups.answer_lookup(house.office, actor=clerk, lookup_id=kept(house, ours=False).id, keep_days=0)
    answering_lookups.answer_lookup(
        house.office, actor=clerk, lookup_id=kept(house, ours=False).id, with_file=True, keep_days=30
    )
    with pytest.raises(RuleBroken, match="ตอบแล้ว"):
        answering_lookups.answer_lookup(house.office, actor=clerk, lookup_id=kept(house, ours=False).id)
    carry(house)

    row = kept(house)
    assert unread(house, *clerks) == [] and unread(house, house.ours["clerk"]) == [NoticeKind.LOOKUP_ANSWERED] * 2
    assert (row.outcome, row.answered_by, len(row.files)) == (Outcome.FOUND, clerk.name, 1)
    assert row.keep_until == office_date(house.clock.now()) + timedelta(days=30)
    assert one.id == row.id
    pressed = read_message(mails(house)[-1])
    assert pressed.auto_submitted == "", "a person pressed"


def test_who_answers_sees_before_the_press_what_it_will_say(either_house: House) -> None:
    house = either_house
    _, document = licence(house, LookupPolicy.ASK, state=IssuedState.SUSPENDED)
    ask(house)
    carry(house)
    waits, clerk = kept(house, ours=False).id, house.theirs["central_clerk"]
    with pytest.raises(NotPermitted):
        answering_lookups.foresee(house.office, actor=house.theirs["clerk"], lookup_id=waits)
    before = len(house.journal())
    seen = answering_lookups.foresee(house.office, actor=clerk, lookup_id=waits)

    assert seen is not None and (seen.answer.outcome, seen.policy, seen.others) == (Outcome.FOUND, LookupPolicy.ASK, 0)
    [told] = seen.answer.documents
    assert (told.number, told.state, told.issued_on) == (document.number, "suspended", document.issued_on)
    assert told.file is not None and told.file.size == len(PDF) and seen.pages == (document.id,)
    assert kept(house, ours=False).outcome is Outcome.WAITING and len(house.journal()) == before
    answering_lookups.answer_lookup(house.office, actor=clerk, lookup_id=waits, with_file=True)
    assert kept(house, ours=False).answer["documents"][0]["state"] == "suspended", "what was seen is what is said"
    with pytest.raises(RuleBroken, match="ตอบแล้ว"):
        answering_lookups.foresee(house.office, actor=clerk, lookup_id=waits)


@pytest.mark.parametrize(("more", "others"), [({"number": "ทส 1009/46"}, 0), ({"holder_id": "1101700230708"}, 1)])
def test_who_answers_sees_that_there_is_none_or_that_it_is_anothers(house: House, more: Any, others: int) -> None:
    licence(house, LookupPolicy.ASK)
    ask(house, **more)
    carry(house)
    clerk, waits = house.theirs["central_clerk"], kept(house, ours=False).id
    seen = answering_lookups.foresee(house.office, actor=clerk, lookup_id=waits)

    assert seen is not None
    assert (seen.answer.outcome, seen.answer.documents, seen.others) == (Outcome.NOT_FOUND, (), others)


def test_those_answer_and_hear_of_it_whom_the_kind_names_and_the_others_only_see(either_house: House) -> None:
    house = either_house
    head = house.theirs["head"]
    kind = a_kind(
        house.office,
        house.theirs.agency.id,
        LookupPolicy.ASK,
        answer_units=(house.theirs.legal.id,),
        answer_posts=(head.position_id,),
    )
    a_licence(house.office, kind, house.theirs.legal.id)
    ask(house)
    carry(house)
    waits = kept(house, ours=False).id
    legal = [one.actor for one in house.theirs.officers.values() if one.actor.unit_id == house.theirs.legal.id]
    named = [one for one in (*legal, head) if one.role is not PositionRole.ADMIN]
    others = [one.actor for one in house.theirs.officers.values() if one.actor not in named]
    assert house.theirs["central_clerk"] in others and len(named) > 1

    assert unread(house, *named) == [NoticeKind.LOOKUP_ASKED] * len(named)
    assert unread(house, *others) == []
    for one in others:
        with pytest.raises(NotPermitted, match="ที่กำหนดไว้กับชนิดเอกสาร"):
            answering_lookups.answer_lookup(house.office, actor=one, lookup_id=waits)
        with pytest.raises(NotPermitted):
            answering_lookups.refuse_lookup(house.office, actor=one, lookup_id=waits, why=Why.BASIS_LACKING)
    answering_lookups.answer_lookup(house.office, actor=house.theirs["clerk"], lookup_id=waits, with_file=True)
    carry(house)

    assert unread(house, *named) == []
    assert (kept(house).outcome, kept(house).answered_by) == (Outcome.FOUND, house.theirs["clerk"].name)


def test_where_nobody_holds_the_post_that_is_named_the_registry_hears_of_it_and_answers(house: House) -> None:
    a_kind(house.office, house.theirs.agency.id, LookupPolicy.ASK, answer_posts=(PositionId(uuid4()),))
    ask(house)
    carry(house)
    waits, records, director = kept(house, ours=False).id, house.theirs["records"], house.theirs["director"]

    assert unread(house, house.theirs["central_clerk"], records) == [NoticeKind.LOOKUP_ASKED] * 2
    with pytest.raises(NotPermitted):
        answering_lookups.answer_lookup(house.office, actor=director, lookup_id=waits)
    answering_lookups.answer_lookup(house.office, actor=records, lookup_id=waits)


def test_while_the_named_post_is_vacant_the_head_of_its_unit_answers(either_house: House) -> None:
    house = either_house
    clerk, director = house.theirs["clerk"], house.theirs["director"]
    assert clerk.unit_id == director.unit_id and clerk.position_id is not None
    a_kind(house.office, house.theirs.agency.id, LookupPolicy.ASK, answer_posts=(clerk.position_id,))
    vacant(house, clerk)
    ask(house)
    carry(house)
    waits, central = kept(house, ours=False).id, house.theirs["central_clerk"]

    assert unread(house, director, central) == [NoticeKind.LOOKUP_ASKED]
    with pytest.raises(NotPermitted):
        answering_lookups.answer_lookup(house.office, actor=central, lookup_id=waits)
    with house.real.reading.connect() as reader:
        shown = lookup(reader, director, waits, house.clock.now())
        assert shown.stands_in and shown.row.why_not == ""
        assert not lookup(reader, central, waits, house.clock.now()).stands_in
    answering_lookups.answer_lookup(house.office, actor=director, lookup_id=waits)
    assert kept(house, ours=False).outcome is not Outcome.WAITING


def vacant(house: House, *posts: Actor) -> None:
    """Nobody holds these posts any more."""
    with house.real.writing.begin() as connection:
        for post in posts:
            connection.execute(delete(holdings).where(holdings.c.position_id == post.position_id))


def acting_for(house: House, post: Actor) -> Actor:
    """The records officer as he acts in a vacant post from now on, by an order of today."""
    records, today = house.theirs["records"], office_date(house.clock.now())
    assert post.position_id is not None and records.person_id is not None
    order = delegating.enter_delegation(
        house.office,
        actor=house.theirs["admin"],
        order=delegating.Order(
            position_id=post.position_id,
            person_id=records.person_id,
            capacity=Capacity.IN_POST,
            since=today,
            until=today,
            number="คำสั่งกรม ที่ 12/2569",
            dated=today,
        ),
    )
    with house.office.uow() as uow:
        acting = uow.people.actor(records.person_id, today, str(order.id))
    assert acting is not None
    return acting


def test_who_acts_for_the_head_answers_while_the_named_post_and_the_heads_are_vacant(house: House) -> None:
    clerk, director, central = house.theirs["clerk"], house.theirs["director"], house.theirs["central_clerk"]
    assert clerk.position_id is not None
    vacant(house, clerk, director)
    acting = acting_for(house, director)
    a_kind(house.office, house.theirs.agency.id, LookupPolicy.ASK, answer_posts=(clerk.position_id,))
    ask(house)
    carry(house)
    waits = kept(house, ours=False).id

    assert NoticeKind.LOOKUP_ASKED in unread(house, house.theirs["records"]) and unread(house, central) == []
    with pytest.raises(NotPermitted):
        answering_lookups.answer_lookup(house.office, actor=central, lookup_id=waits)
    answering_lookups.answer_lookup(house.office, actor=acting, lookup_id=waits)


def test_who_acts_in_the_vacant_post_that_is_named_hears_of_it_and_answers(house: House) -> None:
    clerk, records = house.theirs["clerk"], house.theirs["records"]
    assert clerk.position_id is not None
    vacant(house, clerk)
    acting = acting_for(house, clerk)
    a_kind(house.office, house.theirs.agency.id, LookupPolicy.ASK, answer_posts=(clerk.position_id,))
    ask(house)
    carry(house)
    waits, director = kept(house, ours=False).id, house.theirs["director"]

    assert NoticeKind.LOOKUP_ASKED in unread(house, records) and unread(house, director) == []
    assert acting.acting is not None
    for other in (director, records):
        with pytest.raises(NotPermitted):
            answering_lookups.answer_lookup(house.office, actor=other, lookup_id=waits)
    answering_lookups.answer_lookup(house.office, actor=acting, lookup_id=waits)


def test_a_clerk_refuses_with_words_that_the_asker_reads(house: House) -> None:
    licence(house, LookupPolicy.ASK)
    ask(house)
    carry(house)
    waiting = kept(house, ours=False).id
    clerk = house.theirs["central_clerk"]
    with pytest.raises(BadInput):
        answering_lookups.refuse_lookup(house.office, actor=clerk, lookup_id=waiting, why=Why.OTHER, text=" ")
    answering_lookups.refuse_lookup(
        house.office, actor=clerk, lookup_id=waiting, why=Why.BASIS_LACKING, text="มาตรา 7 ไม่ได้ให้อำนาจนี้"
    )
    carry(house)

    assert kept(house).outcome is Outcome.REFUSED
    assert kept(house).answer["reason"] == {"code": "basis-lacking", "text": "มาตรา 7 ไม่ได้ให้อำนาจนี้"}


def test_who_asks_too_often_waits_for_a_clerk_as_the_agency_decided(house: House) -> None:
    assert AgencyOptions().lookup_most_a_day == 200, "docs/wire-lookup.md, section 5"
    decided = AgencyOptions(lookup_most_a_day=2, lookup_keep_days=30)
    bookkeeping.set_options(house.office, actor=house.theirs["admin"], options=decided)
    bookkeeping.set_options(house.office, actor=house.ours["admin"], options=AgencyOptions(lookup_wait_days=3))
    licence(house)
    for _ in range(3):
        ask(house)
        carry(house)
        house.clock.pass_by(timedelta(minutes=1))
    outcomes = [row.outcome for row in sorted(house.rows(document_lookups), key=lambda r: r.asked_at) if row.ours]
    assert outcomes == [Outcome.FOUND, Outcome.FOUND, Outcome.WAITING]
    first = min((row for row in house.rows(document_lookups) if row.ours), key=lambda row: row.asked_at)
    assert first.expires_at - first.asked_at.replace(microsecond=0) == timedelta(days=3)
    assert first.keep_until == office_date(first.asked_at) + timedelta(days=30), "as the issuer said"


def test_a_clerk_gives_no_more_than_the_policy_to_a_question_that_waits_for_its_number(house: House) -> None:
    decided = AgencyOptions(lookup_most_a_day=1)
    bookkeeping.set_options(house.office, actor=house.theirs["admin"], options=decided)
    of, _ = licence(house, LookupPolicy.STATE)
    for _ in range(2):
        one = ask(house)
        carry(house)
        house.clock.pass_by(timedelta(minutes=1))
    waits = max((row for row in house.rows(document_lookups) if not row.ours), key=lambda row: row.asked_at)
    clerk = house.theirs["central_clerk"]
    assert (waits.outcome, waits.want) == (Outcome.WAITING, Want.FILE)
    seen = answering_lookups.foresee(house.office, actor=clerk, lookup_id=waits.id)
    assert seen is not None and not seen.may_give_file and [told.file for told in seen.answer.documents] == [None]
    press = partial(answering_lookups.answer_lookup, house.office, actor=clerk, lookup_id=waits.id)
    with pytest.raises(RuleBroken, match="ไม่ให้ไฟล์"):
        press(with_file=True)
    with house.office.uow() as uow:
        kind = uow.issued.kind(house.theirs.agency.id, of.id)
        kind.lookup = LookupPolicy.NO
        uow.issued.save_kind(kind)
        uow.commit()
    with pytest.raises(RuleBroken, match="ปิด"):
        press()
    with house.office.uow() as uow:
        kind = uow.issued.kind(house.theirs.agency.id, of.id)
        kind.lookup = LookupPolicy.STATE
        uow.issued.save_kind(kind)
        uow.commit()
    assert press() is Outcome.FOUND
    carry(house)
    told = next(row for row in house.rows(document_lookups) if row.id == one.id)
    assert (told.outcome, list(told.files)) == (Outcome.FOUND, [])


@pytest.mark.parametrize(
    "wrong",
    [{"lookup_keep_days": 0}, {"lookup_keep_days": 3651}, {"lookup_wait_days": 31}, {"lookup_most_a_day": 10_001}],
)
def test_the_limits_have_bounds(house: House, wrong: dict[str, int]) -> None:
    with pytest.raises(BadInput) as refused:
        bookkeeping.set_options(house.office, actor=house.ours["admin"], options=AgencyOptions(**wrong))
    assert set(refused.value.fields) == set(wrong)


def test_a_waiting_word_that_was_not_sealed_yet_gives_way_to_the_last(house: House) -> None:
    licence(house, LookupPolicy.ASK)
    ask(house)
    seal_lookups(house.office)
    arrive(house, house.theirs, mails(house)[0])
    answering_lookups.refuse_lookup(
        house.office, actor=house.theirs["records"], lookup_id=kept(house, ours=False).id, why=Why.PURPOSE_UNFIT
    )
    carry(house)

    assert kept(house).outcome is Outcome.REFUSED and len(mails(house)) == 2, "the question and one answer"


# --- who may ask, and what is refused before it leaves --------------------------------------------------------


def test_an_agency_that_does_not_take_part_is_not_asked(house: House) -> None:
    house.publish()
    with pytest.raises(BadInput) as refused:
        ask(house)
    assert "ยังไม่รองรับ" in refused.value.fields["agency"]
    publish(house)
    for code, words in (("nobody", "ไม่พบหน่วยงาน"), ("onep", "ออกเอง"), ("", "เลือกหน่วยงาน")):
        with pytest.raises(BadInput) as refused:
            ask(house, other_code=code)
        assert words in refused.value.fields["agency"]
    with pytest.raises(NotPermitted):
        ask(house, actor=house.ours["admin"])
    assert house.rows(document_lookups) == []


def test_only_the_unit_that_asked_and_the_records_officer_open_the_file(house: House) -> None:
    licence(house)
    one = ask(house)
    carry(house)
    for name in ("admin", "director" if house.ours["director"].unit_id != house.ours["clerk"].unit_id else "head"):
        with pytest.raises(NotFound):
            asking_issuers.open_looked_up(house.office, actor=house.ours[name], lookup_id=one.id, name="document-1.pdf")
    for wrong in ({"name": "document-2.pdf"}, {"lookup_id": uuid4()}, {"actor": house.theirs["records"]}):
        values: dict[str, Any] = {"actor": house.ours["records"], "lookup_id": one.id, "name": "document-1.pdf"}
        with pytest.raises(NotFound):
            asking_issuers.open_looked_up(house.office, **values | wrong)


# --- time -----------------------------------------------------------------------------------------------------


def test_without_an_answer_the_same_bytes_go_once_more_after_a_day_and_never_a_third_time(either_house: House) -> None:
    house = either_house
    one = ask(house)
    seal_lookups(house.office)
    assert asking_issuers.ask_silent_issuers_again(house.office) == 0
    house.clock.pass_by(timedelta(hours=25))

    assert asking_issuers.ask_silent_issuers_again(house.office) == 1
    assert asking_issuers.ask_silent_issuers_again(house.office) == 0
    [row] = house.rows(outbox)
    assert (row.ref, row.state, row.kind) == (one.request_id, "queued", OutboxKind.LOOKUP)


def test_a_question_that_comes_after_its_time_is_refused_and_a_late_answer_is_taken(house: House) -> None:
    licence(house, LookupPolicy.ASK)
    ask(house)
    seal_lookups(house.office)
    house.clock.pass_by(timedelta(days=8))
    carry(house)
    assert kept(house).answer["reason"]["code"] == "expired"

    ask(house)
    carry(house)
    house.clock.pass_by(timedelta(days=20))
    [waiting] = [row for row in house.rows(document_lookups) if not row.ours and row.outcome is Outcome.WAITING]
    answering_lookups.answer_lookup(house.office, actor=house.theirs["central_clerk"], lookup_id=waiting.id)
    carry(house)
    assert sorted(row.outcome.value for row in house.rows(document_lookups) if row.ours) == ["found", "refused"]


def test_what_may_be_kept_no_longer_is_deleted_and_that_it_was_asked_stays(either_house: House) -> None:
    house = either_house
    licence(house)
    one = ask(house, holder_id=HOLDER)
    carry(house)
    raw = kept(house).raw
    assert asking_issuers.forget_lookups(house.office) == 0
    house.clock.pass_by(timedelta(days=KEEP_DAYS + 1))
    with pytest.raises(NotFound, match="ครบกำหนด"):
        asking_issuers.open_looked_up(house.office, actor=house.ours["clerk"], lookup_id=one.id, name="document-1.pdf")

    assert asking_issuers.forget_lookups(house.office) == 2
    assert asking_issuers.forget_lookups(house.office) == 0

    for row in house.rows(document_lookups):
        assert HOLDER not in str(row) and row.files == [] and row.purpose == "ประกอบคำขออนุญาต"
    assert remove_files(house.office) == 2
    assert not house.office.blobs.has(raw)
    assert house.office.blobs.has(Digest.of(PDF)), "the issuer still has its own document"
    assert all(HOLDER.encode() not in (read_message(mail).lookup or b"") for mail in mails(house))
    assert len(house.told("lookup.forgotten")) == 2


# --- a copy of the file, in place of a citizen's --------------------------------------------------------------


def test_an_officer_certifies_a_copy_of_a_file_that_came_and_it_goes_with_it(either_house: House) -> None:
    house = either_house
    drawn = io.BytesIO()
    canvas = Canvas(drawn, pagesize=(595.28, 841.89), invariant=1)
    canvas.drawString(60, 700, "licence")
    canvas.save()
    data = drawn.getvalue()
    licence(house, digest=house.office.blobs.keep(data), size=len(data))
    one = ask(house, holder_id=HOLDER)
    carry(house)
    head = replace(house.ours["head"], unit_id=house.ours["clerk"].unit_id)
    of: CopyOf = {"lookup_id": one.id, "file": "document-1.pdf"}
    with pytest.raises(NotPermitted):
        copying.certify_copy(house.office, actor=house.ours["clerk"], passphrase=PASSPHRASE, **of)
    for stranger in (house.theirs["head"], house.ours["admin"]):
        with pytest.raises(NotFound):
            copying.certify_copy(house.office, actor=stranger, passphrase=PASSPHRASE, **of)

    copy = copying.certify_copy(house.office, actor=head, passphrase=PASSPHRASE, **of)

    pdf = copying.open_copy(house.office, actor=house.ours["clerk"], sha256=copy.sha256, lookup_id=one.id)
    words = "".join(page.get_textpage().get_text_bounded() for page in pdfium.PdfDocument(pdf))
    assert all(some in words for some in ("สำเนาถูกต้อง", "ไม่มีค่าธรรมเนียม", "ใช้ได้", head.name))
    assert (copy.original, copy.spares_citizen) == (Digest.of(data), True), "it is always in place of a citizen's"
    [told] = house.told("copy.certified")
    assert (told["values"]["thing_id"], told["values"]["fee"]) == (str(one.id), 0) and HOLDER not in str(told)
    assert [fact["values"]["file"] for fact in house.told("lookup.opened")] == [f"certified-copy-{copy.sha256.hex[:8]}"]
    today = office_date(house.clock.now())
    with house.real.reading.connect() as reader:
        assert [month.made for month in copies_not_asked(reader, house.ours.agency.id, today, today)] == [1]

    house.clock.pass_by(timedelta(days=KEEP_DAYS + 1))
    with pytest.raises(NotFound):
        copying.open_copy(house.office, actor=house.ours["clerk"], sha256=copy.sha256, lookup_id=one.id)
    with pytest.raises(RuleBroken, match="ครบกำหนด"):
        copying.certify_copy(house.office, actor=head, passphrase=PASSPHRASE, **of)
    asking_issuers.forget_lookups(house.office)
    remove_files(house.office)
    assert not house.office.blobs.has(copy.sha256)
    assert copying.copy_desk(house.office, actor=head, lookup_id=one.id).copies == []
    with house.real.reading.connect() as reader:
        assert sum(month.made for month in copies_not_asked(reader, house.ours.agency.id, today, today)) == 1


# --- what comes twice, and lies -------------------------------------------------------------------------------


def test_a_question_that_comes_twice_is_answered_with_the_same_bytes_and_counted_once(house: House) -> None:
    licence(house)
    ask(house)
    carry(house)
    question, answer = mails(house)
    arrive(house, house.theirs, question)

    assert mails(house) == [question, answer] and len(house.rows(document_lookups)) == 2
    assert [row.state for row in house.rows(outbox)] == ["queued", "queued"]
    arrive(house, house.ours, answer)
    assert kept(house).outcome is Outcome.FOUND and len(house.told("mail.discarded")) == 1


def sealed_by(pki: Pki, code: str, message: wire.LookupMessage, house: House, **lies: Any) -> bytes:
    """The mail of a message, sealed with the key of this agency; `data`, `files` and `spoil` may lie."""
    sealer, now = KeySealer(pki.seals[code]), house.clock.now()
    made = request_bytes(message) if isinstance(message, LookupRequest) else answer_bytes(message)
    data = lies.get("data", made)
    spoil: Callable[[bytes], bytes] = lies.get("spoil", bytes)
    blobs = house.office.blobs
    told = [d.file for d in message.documents if d.file] if isinstance(message, LookupAnswer) else []
    files = []
    for file in told:
        text = wire_text(lies.get("file", PDF))
        files.append(wire.EncodedAnswerFile(file, blobs.keep(text), len(text)))
    p7s = spoil(sealer.seal(Digest.of(data), now))
    entity = wire.lookup_entity(message, data, p7s, sender_name="ก", files=files)
    outer = sealer.seal(entity.digest(blobs.open), now)
    envelope = wire.lookup_envelope(message, entity, outer, at=now, blob=blobs.open, sender_name="ก")
    return b"".join(envelope.chunks(blobs.open))


def wire_text(data: bytes) -> bytes:
    """The base64 text of a file."""
    from saraban.exchange.entity import encode_file

    return encode_file(data)


def true_answer(house: House) -> LookupAnswer:
    """What dopa would say to our only question."""
    row = kept(house)
    question = read_lookup(json.dumps(row.request).encode())
    assert isinstance(question, LookupRequest)
    return LookupAnswer(
        uuid4(), question.id, row.request_sha256, question.to_code, question.to_mailbox, question.from_code,
        question.from_mailbox, house.clock.now().replace(microsecond=0), Outcome.REFUSED,
        refused=Refused(Why.KIND_CLOSED),
    )  # fmt: skip


LIES: dict[str, tuple[Callable[[LookupAnswer], LookupAnswer], str, dict[str, Any]]] = {
    "a spoilt seal": (lambda a: a, "dopa", {"spoil": lambda p7s: p7s[:-8] + bytes(8)}),
    "no seal": (lambda a: a, "dopa", {"spoil": lambda _: b""}),
    "another agency's seal": (lambda a: a, "onep", {}),
    "another agency's answer": (
        lambda a: replace(a, from_code="onep", from_mailbox="saraban@onep.example"),
        "onep",
        {},
    ),
    "no request of ours": (lambda a: replace(a, of=uuid4()), "dopa", {}),
    "another request's bytes": (lambda a: replace(a, request_sha256=Digest.of(b"other")), "dopa", {}),
    "not for us": (lambda a: replace(a, to_code="xx", to_mailbox="saraban@xx.example"), "dopa", {}),
    "no answer at all": (lambda a: a, "dopa", {"data": b"{}"}),
}


@pytest.mark.parametrize("lie", LIES)
def test_an_answer_that_is_not_the_issuers_to_our_question_changes_nothing_and_is_shown(
    house: House, pki: Pki, lie: str
) -> None:
    ask(house)
    change, key, how = LIES[lie]
    raw = sealed_by(pki, key, change(true_answer(house)), house, **how)

    arrive(house, house.ours, raw)
    arrive(house, house.ours, raw)

    assert kept(house).outcome is None
    [card] = house.rows(incoming)
    assert card.state.value == "held" and card.findings[0]["check"] == "lookup" and card.findings[0]["thai"]
    assert [row for row in house.rows(outbox)] == [], "nothing is answered"


def test_a_file_that_is_not_the_one_that_the_seal_tells_is_not_taken(house: House, pki: Pki) -> None:
    licence(house)
    ask(house)
    carry(house)
    answer = read_lookup(json.dumps(kept(house).answer).encode())
    assert isinstance(answer, LookupAnswer)
    second = ask(house)
    with house.office.uow() as uow:
        asked = uow.document_lookups.get(house.ours.agency.id, second.id)
    forged = replace(answer, id=uuid4(), of=asked.request_id, request_sha256=asked.request_sha256)

    arrive(house, house.ours, sealed_by(pki, "dopa", forged, house, file=b"%PDF- another"))

    with house.office.uow() as uow:
        assert uow.document_lookups.get(house.ours.agency.id, second.id).outcome is None
    [card] = house.rows(incoming)
    assert "ไฟล์" in card.findings[0]["thai"]


def test_a_request_id_with_other_bytes_is_shown_and_not_answered(house: House, pki: Pki) -> None:
    licence(house)
    ask(house)
    question = read_lookup(json.dumps(kept(house).request).encode())
    assert isinstance(question, LookupRequest)
    carry(house)
    before = len(mails(house))
    again = replace(question, number="ทส 1009/46")

    arrive(house, house.theirs, sealed_by(pki, "onep", again, house))

    assert len(mails(house)) == before
    [card] = house.rows(incoming)
    assert "เนื้อหาไม่ตรงกับครั้งก่อน" in card.findings[0]["thai"]


def test_a_second_last_word_changes_nothing_and_is_noted(house: House, pki: Pki) -> None:
    licence(house)
    ask(house)
    carry(house)
    arrive(house, house.ours, sealed_by(pki, "dopa", true_answer(house), house))

    assert kept(house).outcome is Outcome.FOUND and house.rows(incoming) == []
    assert len(house.told("mail.discarded")) == 1
