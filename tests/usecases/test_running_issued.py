"""Many documents from a sheet: begun all or none, approved and signed on from where a killed process left them, and
handed to their holders by links."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes
from email.policy import default
from functools import partial
from typing import Any
from uuid import UUID

import pypdfium2 as pdfium
import pytest
from openpyxl import load_workbook

from saraban.domain.agency import Correspondent
from saraban.domain.errors import BadInput, ConcurrentEdit, NotFound, NotPermitted, RuleBroken, WrongPassphrase
from saraban.domain.issued import Follows, IssuedState
from saraban.domain.issued_kind import Marks, Stage
from saraban.domain.issued_run import SheetLine
from saraban.domain.notice import NoticeKind
from saraban.domain.verification import DocumentState
from saraban.jobs import sort_mail
from saraban.reading.issued import document
from saraban.reading.issued_runs import lines as run_lines
from saraban.storage.tables.closing import errands as errand_table
from saraban.storage.tables.exchange import outbox
from saraban.storage.tables.issued import issued_documents
from saraban.storage.tables.issued_runs import holder_links as link_table
from saraban.storage.tables.issued_runs import issued_run_lines, issued_runs
from saraban.storage.tables.notices import notices
from saraban.usecases import ending, errands, holder_links, issuing, running_issued, signing_issued
from saraban.usecases.fetching import take_in
from saraban.usecases.proofs import Pen, SignedPage
from tests.usecases.house import PASSPHRASE, House
from tests.usecases.test_issuing import defined, definition, out, sign, unread
from tests.usecases.test_issuing import kept as issued_as

VALUES = {"ที่อยู่": "๑ ถนนพระราม ๖", "ประเภท": "ทั่วไป", "วันที่สอบ": "2026-11-20"}


def lines(count: int, **more: str) -> list[SheetLine]:
    return [SheetLine(f"นายลำดับ ที่{at}", "", more.get("mail", ""), VALUES) for at in range(1, count + 1)]


def order(house: House, of: Any, deed: str, by: str, **told: str) -> tuple[str, str]:
    """An errand put down and done; its state and its words."""
    errand = errands.order_errand(
        house.office, actor=house.ours[by], kind=of.ERRAND, title="ชุด", order={"deed": deed, **told}
    )
    errands.run_next_errand(house.office, doers=house.office.doers)
    with house.office.uow() as uow:
        done = uow.errands.get(house.ours.agency.id, errand)
    return done.state, done.problem


def begun(house: House, kind_id: UUID, rows: Sequence[SheetLine]) -> UUID:
    digest = running_issued.keep_lines(house.office, rows).hex
    state, words = order(
        house, running_issued, running_issued.BEGIN, "clerk", kind=str(kind_id), lines=digest, name="ผู้ผ่านอบรม.xlsx"
    )
    assert state == "done", words
    return UUID(str(house.rows(issued_runs)[-1].id))


def signed(house: House, run_id: UUID, passphrase: str = PASSPHRASE, **more: Any) -> None:
    def at_once(work: Callable[[], None]) -> None:
        work()

    values = {"sign": signing_issued.sign_in_turn, "spawn": at_once} | more
    running_issued.sign_run(house.office, actor=house.ours["head"], run_id=run_id, passphrase=passphrase, **values)


def states(house: House) -> list[str]:
    return [row.state.value for row in house.rows(issued_documents)]


def run_out(house: House, count: int, *, marks: Marks = Marks.SIGNATURE, **more: str) -> UUID:
    run_id = begun(house, defined(house, marks=marks), lines(count, **more))
    order(house, running_issued, running_issued.APPROVE, "director", run=str(run_id))
    signed(house, run_id)
    return run_id


def test_the_approver_hears_of_every_sheet_whatever_waited_before(house: House) -> None:
    kind_id = defined(house)
    begun(house, kind_id, lines(2))
    begun(house, kind_id, lines(3))
    told = [row.told["subject"] for row in house.rows(notices) if row.person_id == house.ours["director"].person_id]

    assert sorted(told) == [f"หนังสือรับรองการผ่านการอบรม จากตาราง {many} ฉบับ" for many in ("๒", "๓")]
    assert unread(house, "director") == [NoticeKind.ISSUED_APPROVE] * 2


def test_a_sheet_becomes_documents_that_are_approved_signed_and_numbered_in_its_order(either_house: House) -> None:
    house = either_house
    run_id = begun(house, defined(house), lines(4))
    assert set(states(house)) == {"waiting"} and "issued-run.begun" in house.journal()
    assert running_issued.expect_approvable(house.office, actor=house.ours["director"], run_id=run_id) == 4
    with pytest.raises(NotPermitted):
        running_issued.expect_approvable(house.office, actor=house.ours["clerk"], run_id=run_id)
    assert order(house, running_issued, running_issued.APPROVE, "director", run=str(run_id)) == (
        "done",
        "อนุมัติแล้ว ๔ ฉบับ",
    )
    with pytest.raises(WrongPassphrase):
        signed(house, run_id, "ผิด")
    signed(house, run_id)

    with house.office.uow() as uow:
        of_run = uow.issued_runs.lines(uow.issued_runs.get(house.ours.agency.id, run_id).id, IssuedState.ISSUED)
        numbers = [uow.issued.document(house.ours.agency.id, line.document_id).number for line in of_run]
    assert numbers == [f"รบ. {serial}/2569" for serial in range(1, 5)]
    with pytest.raises(RuleBroken):
        signed(house, run_id)


def test_a_sheet_with_a_fault_begins_nothing_and_every_fault_is_told(house: House) -> None:
    kind_id = defined(house)
    rows = lines(4)
    rows[1] = replace(rows[1], holder_id="1234567890123", mail="ไม่ใช่อีเมล")
    rows[2] = replace(rows[2], values={**VALUES, "วันที่สอบ": "เมื่อวาน"})
    rows[3] = rows[0]
    wrong = running_issued.faults_of_lines(house.office, actor=house.ours["clerk"], kind_id=kind_id, lines=rows)
    digest = running_issued.keep_lines(house.office, rows).hex
    state, words = order(
        house, running_issued, running_issued.BEGIN, "clerk", kind=str(kind_id), lines=digest, name="x"
    )

    assert {at: set(faults) for at, faults in wrong.items()} == {
        1: {"holder_id", "mail"}, 2: {"fields.วันที่สอบ"}, 3: {"holder_name"},
    }  # fmt: skip
    assert state == "failed" and "แถวที่ ๒" in words and states(house) == []


def test_a_trial_takes_no_more_than_it_has_room_for(house: House) -> None:
    kind_id = defined(house, stage=Stage.PILOT, pilot_most=3)

    with pytest.raises(RuleBroken):
        running_issued.faults_of_lines(house.office, actor=house.ours["clerk"], kind_id=kind_id, lines=lines(4))
    begun(house, kind_id, lines(3))
    assert len(states(house)) == 3


def test_a_worker_killed_after_the_commit_begins_nothing_twice(either_house: House) -> None:
    house = either_house
    digest = running_issued.keep_lines(house.office, lines(3)).hex
    told = {"deed": running_issued.BEGIN, "kind": str(defined(house)), "lines": digest, "name": "x"}
    errand = errands.order_errand(
        house.office, actor=house.ours["clerk"], kind=running_issued.ERRAND, title="ชุด", order=told
    )

    def dies(*given: Any) -> Any:
        house.office.doers[running_issued.ERRAND](*given)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        errands.run_next_errand(house.office, doers={running_issued.ERRAND: dies})
    house.clock.pass_by(house.office.lease + timedelta(seconds=1))
    errands.run_next_errand(house.office, doers=house.office.doers)
    with house.office.uow() as uow:
        done = uow.errands.get(house.ours.agency.id, errand)

    assert (done.state, len(states(house)), len(house.rows(issued_run_lines))) == ("done", 3, 3)


def test_signing_that_was_killed_in_the_middle_goes_on_and_one_that_fails_is_told(either_house: House) -> None:
    house = either_house
    run_id = begun(house, defined(house), lines(4))
    order(house, running_issued, running_issued.APPROVE, "director", run=str(run_id))

    def dies(
        office: Any, pen: Any, *, actor: Any, document_ids: Sequence[UUID], told: Callable[[UUID, str], None]
    ) -> None:
        signing_issued.sign_in_turn(office, pen, actor=actor, document_ids=document_ids[:1], told=told)
        told(document_ids[1], "หน้ากระดาษไม่พอ")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        signed(house, run_id, sign=dies)
    assert sorted(states(house)) == ["approved"] * 3 + ["issued"]
    assert [line.why for line in house.rows(issued_run_lines) if line.why] == ["หน้ากระดาษไม่พอ"]
    with pytest.raises(ConcurrentEdit):
        signed(house, run_id)  # whoever went through it is still believed to be alive
    house.clock.pass_by(house.office.lease + timedelta(seconds=1))
    signed(house, run_id)

    assert set(states(house)) == {"issued"} and not any(line.why for line in house.rows(issued_run_lines))
    assert sorted(row.serial for row in house.rows(issued_documents)) == [1, 2, 3, 4]


def test_who_stops_a_run_stops_it_after_the_document_in_hand(house: House) -> None:
    run_id = begun(house, defined(house), lines(3))
    order(house, running_issued, running_issued.APPROVE, "director", run=str(run_id))

    def stops(
        office: Any, pen: Any, *, actor: Any, document_ids: Sequence[UUID], told: Callable[[UUID, str], None]
    ) -> None:
        def stop(document_id: UUID, why: str) -> None:
            running_issued.stop_run(office, actor=actor, run_id=run_id)
            told(document_id, why)

        signing_issued.sign_in_turn(office, pen, actor=actor, document_ids=document_ids, told=stop)

    running_issued._RENEW_SECONDS, before = 0.0, running_issued._RENEW_SECONDS
    try:
        signed(house, run_id, sign=stops)
    finally:
        running_issued._RENEW_SECONDS = before
    assert sorted(states(house)) == ["approved", "approved", "issued"]
    signed(house, run_id)
    assert set(states(house)) == {"issued"} and sorted(row.serial for row in house.rows(issued_documents)) == [1, 2, 3]


class _Before:
    """A pen that does something before it signs a page for the so-manieth time."""

    def __init__(self, pen: Pen, at: int, deed: Callable[[], object]) -> None:
        self._pen, self._left, self._deed = pen, at, deed

    def sign(self, *given: Any, **more: Any) -> SignedPage:
        self._left -= 1
        if not self._left:
            self._deed()
        return self._pen.sign(*given, **more)


def before_signing(at: int, deed: Callable[[], object]) -> Any:
    def sign(office: Any, pen: Pen, **more: Any) -> None:
        signing_issued.sign_in_turn(office, _Before(pen, at, deed), **more)

    return sign


@pytest.mark.parametrize("at", [1, 3, 6])
def test_wherever_signing_is_killed_nothing_is_lost_and_nothing_done_twice(either_house: House, at: int) -> None:
    house = either_house
    run_id = begun(house, defined(house), lines(9))
    order(house, running_issued, running_issued.APPROVE, "director", run=str(run_id))

    def dies() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        signed(house, run_id, sign=before_signing(at, dies))
    house.clock.pass_by(house.office.lease + timedelta(seconds=1))
    signed(house, run_id)

    rows = house.rows(issued_documents)
    assert {row.state for row in rows} == {IssuedState.ISSUED}
    assert sorted(row.serial for row in rows) == list(range(1, 10)) and len({row.code for row in rows}) == 9
    assert house.journal().count("issued.numbered") == house.journal().count("issued.signed") == 9


def test_one_that_another_changed_meanwhile_is_told_and_the_rest_of_its_group_goes_out(either_house: House) -> None:
    house = either_house
    run_id = begun(house, defined(house), lines(4))
    order(house, running_issued, running_issued.APPROVE, "director", run=str(run_id))
    with house.office.uow() as uow:
        third = uow.issued_runs.lines(uow.issued_runs.get(house.ours.agency.id, run_id).id, IssuedState.APPROVED)[2]
    back = partial(
        issuing.send_back,
        house.office,
        actor=house.ours["head"],
        document_id=third.document_id,
        reason="แก้ชื่อ",
    )
    signed(house, run_id, sign=before_signing(3, back))

    told = {line.ordinal: line.why for line in house.rows(issued_run_lines) if line.why}
    assert sorted(states(house)) == ["draft", "issued", "issued", "issued"]
    assert list(told) == [3] and "พร้อมกัน" in told[3]


def test_a_group_takes_no_more_numbers_than_a_trial_has_room_for(either_house: House) -> None:
    house = either_house
    kind_id = defined(house)
    run_id = begun(house, kind_id, lines(5))
    order(house, running_issued, running_issued.APPROVE, "director", run=str(run_id))
    with house.office.uow() as uow:
        kind = uow.issued.kind(house.ours.agency.id, kind_id)
        kind.stage, kind.pilot_most = Stage.PILOT, 2
        uow.issued.save_kind(kind)
        uow.commit()
    signed(house, run_id)

    numbers = [(row.state.value, row.serial) for row in house.rows(issued_documents)]
    assert sorted(numbers, key=str) == [("approved", None)] * 3 + [("issued", 1), ("issued", 2)]
    assert sum("ครบจำนวนทดลอง" in line.why for line in house.rows(issued_run_lines)) == 3


def test_what_cannot_be_drawn_is_told_and_the_others_are_signed_in_their_order(house: House) -> None:
    rows = lines(4)
    rows[1] = replace(rows[1], holder_name="นาย \U0001f600")
    run_id = begun(house, defined(house), rows)
    order(house, running_issued, running_issued.APPROVE, "director", run=str(run_id))
    signed(house, run_id)

    with house.office.uow() as uow:
        of_run = uow.issued_runs.lines(uow.issued_runs.get(house.ours.agency.id, run_id).id, IssuedState.ISSUED)
        numbers = [uow.issued.document(house.ours.agency.id, line.document_id).number for line in of_run]
    assert [line.ordinal for line in of_run] == [1, 3, 4] and numbers == [f"รบ. {n}/2569" for n in (1, 3, 4)]
    [why] = [(line.ordinal, line.why) for line in house.rows(issued_run_lines) if line.why]
    assert why[0] == 2 and why[1]


# --- links ------------------------------------------------------------------------------------------------------------


def _token(address: str) -> str:
    return address.rpartition("/d/")[2]


def test_a_link_opens_for_who_has_it_while_the_document_is_valid(either_house: House) -> None:
    house = either_house
    run_out(house, 1)
    [row] = house.rows(issued_documents)
    clerk = house.ours["clerk"]
    address = holder_links.make_link(house.office, actor=clerk, document_id=row.id)
    token = _token(address)
    page = holder_links.open_link(house.office, token=token)
    data, number = holder_links.fetch(house.office, token=token)

    assert address.startswith("https://saraban.example.go.th/d/") and len(token) == 24
    assert (page.number, page.state, page.can_fetch) == ("รบ. 1/2569", DocumentState.VALID, True)
    assert number == page.number and data.startswith(b"%PDF-")
    [link] = house.rows(link_table)
    assert (link.fetches, link.fetched_at) == (1, house.clock.now()) and token not in str(house.rows(link_table))
    broken = replace(house.office, renderer=None)
    with pytest.raises(AttributeError):
        holder_links.print_out(broken, token=token)
    assert house.rows(link_table)[0].fetches == 1 and house.told("issued.printed") == [], "nothing was printed"
    printed, _ = holder_links.print_out(house.office, token=token)
    words = pdfium.PdfDocument(printed)[0].get_textpage().get_text_bounded()
    assert "พิมพ์จากระบบของ" in words and "โดย ผู้ถือเอกสาร" in words and row.holder_name not in words.splitlines()[0]
    assert [told["values"]["by_holder"] for told in house.told("issued.printed")] == [True]
    ending.revoke(house.office, actor=house.ours["head"], document_id=row.id, reason="ออกผิด")
    assert holder_links.open_link(house.office, token=token).state is DocumentState.CANCELLED
    for deed in (holder_links.fetch, holder_links.print_out):
        with pytest.raises(RuleBroken):
            deed(house.office, token=token)
    assert holder_links.withdraw_links(house.office, actor=clerk, document_id=row.id) == 1
    for one in (token, "x" * 24, "x" * 1000, ""):
        with pytest.raises(NotFound) as refused:
            holder_links.open_link(house.office, token=one)
        assert refused.value.thai == "ลิงก์นี้ใช้ไม่ได้"
    with pytest.raises(NotFound):
        holder_links.make_link(house.office, actor=house.theirs["clerk"], document_id=row.id)


def test_the_holder_of_a_renewed_document_is_offered_it_where_the_one_before_went(either_house: House) -> None:
    house = either_house
    kind_id, clerk, mail = defined(house), house.ours["clerk"], "ake@example.com"
    first = out(house, kind_id)
    token = _token(holder_links.make_link(house.office, actor=clerk, document_id=first))
    holder_links.make_link(house.office, actor=clerk, document_id=first, mail=mail)
    second = follow_up(house, first, Follows.RENEWAL)
    third = follow_up(house, second, Follows.REPLACEMENT)

    assert [offered(house, one) for one in (first, second, third)] == ["", "", mail], "of the last alone, which holds"
    page, new = holder_links.open_link(house.office, token=token), issued_as(house, second)
    assert (page.state, page.can_fetch) == (DocumentState.REPLACED, False)
    assert (page.next_number, page.next_verify) == (new.number, f"https://saraban.example.go.th/v/{new.code}")
    holder_links.make_link(house.office, actor=clerk, document_id=third, mail=mail)
    assert offered(house, third) == "", "it was sent"

    said = definition(house, is_public=False, may_download=False)
    issuing.change_kind(house.office, actor=house.ours["admin"], kind_id=kind_id, said=said)
    page = holder_links.open_link(house.office, token=token)
    assert (page.state, page.next_number, page.next_verify) == (DocumentState.REPLACED, "", "")


def test_a_holder_reads_the_english_name_that_the_directory_has(house: House) -> None:
    ours = house.ours.agency
    house.publish(Correspondent(ours.code, ours.name, ours.mailbox, name_en="Department of Reading"))
    link = holder_links.make_link(house.office, actor=house.ours["clerk"], document_id=out(house, defined(house)))

    assert holder_links.open_link(house.office, token=_token(link)).agency.name_en == "Department of Reading"


def test_an_address_whose_links_were_withdrawn_is_not_offered(house: House) -> None:
    clerk, first = house.ours["clerk"], out(house, defined(house))
    holder_links.make_link(house.office, actor=clerk, document_id=first, mail="wrong@example.com")
    holder_links.withdraw_links(house.office, actor=clerk, document_id=first)

    assert offered(house, follow_up(house, first, Follows.REPLACEMENT)) == ""


def follow_up(house: House, document_id: UUID, as_what: Follows) -> UUID:
    """The document that takes its place, issued."""
    clerk = house.ours["clerk"]
    new = issuing.follow(house.office, actor=clerk, document_id=document_id, as_what=as_what)
    issuing.submit(house.office, actor=clerk, document_id=new)
    issuing.approve(house.office, actor=house.ours["director"], document_id=new)
    sign(house, new)
    return new


def offered(house: House, document_id: UUID) -> str:
    """The mailbox that the page of a document proposes."""
    with house.real.reading.connect() as reader:
        return document(reader, house.ours["clerk"], document_id).mail_before


def test_links_go_out_by_mail_once_and_say_nothing_of_the_holder(house: House) -> None:
    run_id = run_out(house, 3, mail="somchai@example.com")
    assert order(house, holder_links, holder_links.MAIL, "clerk", run=str(run_id)) == ("done", "ส่งลิงก์ถึงผู้ถือแล้ว ๓ ฉบับ")
    assert order(house, holder_links, holder_links.MAIL, "clerk", run=str(run_id)) == ("done", "ส่งลิงก์ถึงผู้ถือแล้ว ๐ ฉบับ")
    with house.office.uow() as uow:
        items = [item for item in uow.outbox.claim(house.clock.now(), timedelta(seconds=60), 10) if item]
    mails = [message_from_bytes(b"".join(i.envelope.chunks(house.office.blobs.open)), policy=default) for i in items]

    assert len(mails) == len(house.rows(outbox)) == 3 and len(house.rows(link_table)) == 3
    words = mails[0].get_body().get_content()  # type: ignore[union-attr]
    assert mails[0]["To"] == "somchai@example.com" and "ลำดับ" not in words + mails[0]["Subject"]
    found = re.search(r"https://\S+/d/(\S+)", words)
    assert found is not None and holder_links.open_link(house.office, token=found[1]).can_fetch


def test_what_came_back_is_told_sent_again_and_withdrawn_mail_stays_where_it_is(either_house: House) -> None:
    """Of five rows one has no address, one is refused by the relay and one returned later."""
    house = either_house
    rows = lines(5, mail="ake@example.com")
    rows[1], rows[4] = replace(rows[1], mail="gone@example.com"), replace(rows[4], mail="")
    run_id = begun(house, defined(house), rows)
    order(house, running_issued, running_issued.APPROVE, "director", run=str(run_id))
    signed(house, run_id)
    clerk = house.ours["clerk"]
    documents = [line.document_id for line in sorted(house.rows(issued_run_lines), key=lambda line: line.ordinal)]
    may_mail = partial(holder_links.expect_mailable, house.office, actor=clerk, run_id=run_id)

    assert may_mail() == 4
    words = "ส่งลิงก์ถึงผู้ถือแล้ว ๔ ฉบับ ไม่มีอีเมล ๑ แถว"
    assert order(house, holder_links, holder_links.MAIL, "clerk", run=str(run_id)) == ("done", words)
    with house.office.uow() as uow:
        items = {item.ref: item for item in uow.outbox.claim(house.clock.now(), timedelta(seconds=60), 10)}
        of = {link.document_id: link.id for link in house.rows(link_table)}
        uow.outbox.all_sent([(items[of[one]], "250 ok", house.clock.now()) for one in (documents[0], documents[2])])
        uow.outbox.fail(items[of[documents[1]]], "550 5.1.1 no such user", house.clock.now())
        uow.commit()
    returned_mail(house, str(items[of[documents[2]]].envelope.message_id), said="<ake@example.com>: no such user")
    holder_links.withdraw_links(house.office, actor=clerk, document_id=documents[3])
    told = deliveries_of(house, run_id)

    assert [way for way, _ in told] == ["sent", "returned", "returned", "withdrawn", "no-address"]
    assert "ไม่มีที่อยู่ผู้รับนี้" in told[1][1] and "550 5.1.1 <ake@example.com>: no such user" in told[2][1]
    assert {row.rcpt_to: row.state for row in house.rows(outbox) if row.ref == of[documents[3]]} == {
        "ake@example.com": "stopped"
    }
    [kept] = house.told("issued.link-returned")
    assert "ไม่มีที่อยู่ผู้รับนี้" in str(kept) and "ake@" not in str(kept), "the journal forgets nothing"
    with pytest.raises(RuleBroken):
        may_mail()
    assert may_mail(again=True) == 2
    order(house, holder_links, holder_links.AGAIN, "clerk", run=str(run_id))
    assert [way for way, _ in deliveries_of(house, run_id)] == [
        "sent", "on-its-way", "on-its-way", "withdrawn", "no-address",
    ]  # fmt: skip
    assert [row.state for row in house.rows(outbox) if row.ref == of[documents[1]]] == ["stopped"]
    with pytest.raises(RuleBroken):
        may_mail(again=True)
    with pytest.raises(NotFound):
        holder_links.expect_mailable(house.office, actor=house.theirs["clerk"], run_id=run_id)


def returned_mail(house: House, message_id: str, said: str = "no such user", uids: Sequence[int] = (1, 2)) -> None:
    """A mail server returns the mail with this Message-ID to the central mailbox."""
    raw = (
        "From: MAILER-DAEMON@relay.example\r\nMessage-ID: <b@relay.example>\r\nMIME-Version: 1.0\r\n"
        "Content-Type: multipart/report; report-type=delivery-status; boundary=d\r\n\r\n"
        "--d\r\nContent-Type: text/plain\r\n\r\nno\r\n"
        "--d\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; relay.example\r\n\r\n"
        "Final-Recipient: rfc822; ake@example.com\r\nAction: failed\r\nStatus: 5.1.1\r\n"
        f"Diagnostic-Code: smtp; 550 5.1.1 {said}\r\n\r\n"
        f"--d\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: {message_id}\r\n\r\n--d--\r\n"
    )
    agency = house.ours.agency
    for uid in uids:  # fetched twice it is told once
        take_in(house.office, agency_id=agency.id, mailbox=agency.mailbox, uidvalidity=1, uid=uid, raw=raw.encode())
        assert sort_mail(house.office) == 1


def deliveries_of(house: House, run_id: UUID) -> list[tuple[str, str]]:
    """How far each line of a run came to its holder, and why not."""
    with house.real.reading.connect() as reader:
        return [
            (one.delivery.value if one.delivery else "", one.why_returned) for one in run_lines(reader, run_id, None)
        ]


def test_a_sheet_of_links_has_one_for_each_document_and_a_second_try_replaces_what_nobody_was_told(
    house: House,
) -> None:
    run_id = run_out(house, 3)
    assert order(house, holder_links, holder_links.SHEET, "clerk", run=str(run_id))[0] == "done"
    [own] = [row.id for row in house.rows(errand_table) if row.kind == holder_links.ERRAND]
    with house.office.uow() as uow:
        errand = uow.errands.get(house.ours.agency.id, own)
    assert errand.result is not None and errand.file_name == "ลิงก์ของผู้ถือ ผู้ผ่านอบรม.xlsx"
    holder_links.do_links(house.office, errand, house.ours["clerk"], lambda done, total: None)
    sheet = load_workbook(io.BytesIO(house.office.blobs.open(errand.result))).active
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]

    assert [row[2] for row in rows] == [f"รบ. {serial}/2569" for serial in range(1, 4)]
    assert len(house.rows(link_table)) == 3
    with pytest.raises(NotFound):
        holder_links.open_link(house.office, token=_token(rows[0][4]))


def test_a_link_that_was_withdrawn_is_not_made_anew_by_a_sheet_that_begins_again(either_house: House) -> None:
    house, clerk = either_house, either_house.ours["clerk"]
    run_id = run_out(house, 2)
    order(house, holder_links, holder_links.SHEET, "clerk", run=str(run_id))
    [own] = [row.id for row in house.rows(errand_table) if row.kind == holder_links.ERRAND]
    withdrawn, stays = (row.document_id for row in sorted(house.rows(issued_run_lines), key=lambda row: row.ordinal))
    holder_links.withdraw_links(house.office, actor=clerk, document_id=withdrawn)
    with house.office.uow() as uow:
        errand = uow.errands.get(house.ours.agency.id, own)
    made = holder_links.do_links(house.office, errand, clerk, lambda done, total: None)

    assert made.result is not None and (made.done, made.words[:18]) == (1, "ทำลิงก์แล้ว ๑ ฉบับ")
    sheet = load_workbook(io.BytesIO(house.office.blobs.open(made.result))).active
    [token] = [_token(row[4].value) for row in sheet.iter_rows(min_row=2)]
    assert holder_links.open_link(house.office, token=token).number == issued_as(house, stays).number
    assert {row.document_id: row.withdrawn_at is None for row in house.rows(link_table)} == {
        withdrawn: False,
        stays: True,
    }


def test_a_mailbox_that_is_none_and_a_document_that_is_not_out_get_no_link(house: House) -> None:
    kind_id = defined(house)
    said = issuing.Said("นายเอก ใจดี", "", VALUES)
    draft = issuing.draft(house.office, actor=house.ours["clerk"], kind_id=kind_id, said=said)

    with pytest.raises(BadInput):
        holder_links.make_link(house.office, actor=house.ours["clerk"], document_id=draft, mail="x y@z")
    with pytest.raises(RuleBroken):
        holder_links.make_link(house.office, actor=house.ours["clerk"], document_id=draft)
    with pytest.raises(NotFound):
        holder_links.make_link(house.office, actor=house.ours["admin"], document_id=draft)
