"""Links of holders: where several deal with them at once, where their mail went astray, and what is counted of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Connection, event
from sqlalchemy.exc import OperationalError

from saraban.domain.attachment import Digest
from saraban.domain.errors import NotFound, RuleBroken
from saraban.domain.notice import NoticeKind
from saraban.domain.numbering import arabic_digits
from saraban.reading.issued_runs import RunRow, run
from saraban.storage.issued_runs import IssuedRunBooks
from saraban.storage.tables.closing import errands as errand_table
from saraban.storage.tables.exchange import outbox
from saraban.storage.tables.issued import issued_documents
from saraban.storage.tables.issued_runs import holder_links as link_table
from saraban.storage.tables.issued_runs import issued_run_lines
from saraban.storage.tables.notices import notices as notice_table
from saraban.usecases import errands, holder_links, running_issued
from saraban.usecases.registry import Errand
from tests.usecases.house import House
from tests.usecases.test_issuing import defined, out
from tests.usecases.test_issuing import kept as issued_as
from tests.usecases.test_running_issued import begun, lines, order, returned_mail, run_out, signed

MAIL = "ake@example.com"
ENOUGH = timedelta(days=400)
"""After so long the documents have expired."""


def counted(house: House, run_id: UUID) -> RunRow:
    with house.real.reading.connect() as reader:
        return run(reader, house.ours["clerk"], run_id, house.clock.now())


def ordered(house: House, run_id: UUID, deed: str = holder_links.MAIL) -> Errand:
    """An errand for the links of a run that nobody has begun."""
    told = {"deed": deed, "run": str(run_id)}
    own = errands.order_errand(
        house.office, actor=house.ours["clerk"], kind=holder_links.ERRAND, title="ชุด", order=told
    )
    with house.office.uow() as uow:
        return uow.errands.get(house.ours.agency.id, own)


def heard(house: House) -> list[Any]:
    """What was told of mail that did not reach its holder."""
    return [row for row in house.rows(notice_table) if row.kind is NoticeKind.HOLDER_RETURNED]


def test_who_drafted_hears_of_every_document_whose_mail_did_not_reach_its_holder(either_house: House) -> None:
    house = either_house
    clerk, kind = house.ours["clerk"], defined(house)
    documents = [out(house, kind) for _ in range(2)]
    for uid, document in enumerate(documents, 1):
        holder_links.make_link(house.office, actor=clerk, document_id=document, mail=MAIL)
        [link] = [row for row in house.rows(link_table) if row.document_id == document]
        returned_mail(house, f"<{link.id}@onep.example>", uids=(uid, uid + 10))

    told = heard(house)
    assert sorted(one.about_id for one in told) == sorted(documents)
    for one in told:
        assert one.person_id == clerk.person_id and one.read_at is None
        assert one.told["reason"] and issued_as(house, one.about_id).number in arabic_digits(one.told["subject"])


def test_of_a_sheet_he_hears_once_until_he_has_seen_it_and_still_of_what_is_not_on_it(either_house: House) -> None:
    house, clerk = either_house, either_house.ours["clerk"]
    first_run = run_out(house, 3, mail=MAIL)
    kind = next(row.kind_id for row in house.rows(issued_documents))
    second_run = begun(house, kind, lines(1, mail=MAIL))
    order(house, running_issued, running_issued.APPROVE, "director", run=str(second_run))
    signed(house, second_run)
    for run_id in (first_run, second_run):
        assert order(house, holder_links, holder_links.MAIL, "clerk", run=str(run_id))[0] == "done"
    of = {row.document_id: row.run_id for row in house.rows(issued_run_lines)}
    links = {
        run_id: [r.id for r in house.rows(link_table) if of[r.document_id] == run_id] for run_id in set(of.values())
    }
    uids = iter(range(1, 99))

    def lost(link: UUID) -> int:
        house.clock.pass_by(timedelta(minutes=1))
        returned_mail(house, f"<{link}@onep.example>", uids=(next(uids),))
        return len(heard(house))

    one, two, three = links[first_run]
    assert (lost(one), lost(two)) == (1, 1)
    assert lost(links[second_run][0]) == 2, "of another sheet"
    with house.office.uow() as uow:
        assert clerk.person_id is not None
        uow.notices.mark_read(clerk.agency_id, clerk.person_id, house.clock.now())
        uow.commit()
    assert lost(three) == 3, "the first was seen"


# --- at once ----------------------------------------------------------------------------------------------------------


@pytest.mark.only_database("postgresql")
def test_what_two_do_to_a_link_at_once_is_kept_of_both(either_house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    house = either_house
    clerk, document = house.ours["clerk"], out(house, defined(house))

    def token_of() -> tuple[str, Callable[[], Any]]:
        address = holder_links.make_link(house.office, actor=clerk, document_id=document, mail=MAIL)
        token = address.rpartition("/d/")[2]
        digest = Digest.of(token.encode())
        return token, lambda: next(row for row in house.rows(link_table) if row.token == digest)

    def fetch() -> None:
        holder_links.fetch(house.office, token=token)

    def withdraw() -> None:
        holder_links.withdraw_links(house.office, actor=clerk, document_id=document)

    def come_back(uid: int) -> None:
        returned_mail(house, f"<{row().id}@onep.example>", uids=(uid,))

    def when(asked: str, deed: Callable[[], None]) -> None:
        """Another does this as soon as the first has read the link."""
        read = getattr(IssuedRunBooks, asked)

        def then(*given: Any) -> Any:
            monkeypatch.setattr(IssuedRunBooks, asked, read)
            found = read(*given)
            deed()
            return found

        monkeypatch.setattr(IssuedRunBooks, asked, then)

    token, row = token_of()
    when("link_of", withdraw)
    come_back(1)
    assert row().withdrawn_at and row().returned_at, "a link that was withdrawn does not open again"

    token, row = token_of()
    when("link", withdraw)
    with pytest.raises(NotFound):
        fetch()
    assert row().withdrawn_at and not row().fetches

    token, row = token_of()
    when("links", fetch)
    withdraw()
    assert row().withdrawn_at and row().fetches == 1

    token, row = token_of()
    when("link", fetch)
    fetch()
    assert row().fetches == 2
    when("link_of", fetch)
    come_back(2)
    assert row().fetches == 3 and row().returned_at
    assert house.journal().count("issued.link-withdrawn") == 3
    assert house.journal().count("issued.link-returned") == 2


@pytest.mark.only_database("postgresql")
def test_two_that_send_the_links_of_a_run_at_once_send_none_twice(
    either_house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = either_house
    run_id = run_out(house, 1, mail=MAIL)
    first, second = ordered(house, run_id), ordered(house, run_id)
    make, given_out = holder_links._made, list[UUID]()

    def send(errand: Errand) -> str:
        return holder_links.do_links(house.office, errand, house.ours["clerk"], lambda done, total: None).words

    def press() -> str:
        document = given_out[0]
        return holder_links.make_link(house.office, actor=house.ours["clerk"], document_id=document, mail=MAIL)

    def wait_a_moment(connection: Connection) -> None:
        connection.exec_driver_sql("SET LOCAL lock_timeout = '50ms'")

    def while_another_tries(*given: Any) -> str:
        monkeypatch.setattr(holder_links, "_made", make)
        given_out.append(given[4].id)
        link = make(*given)
        event.listen(house.real.writing, "begin", wait_a_moment)
        for deed in (lambda: send(second), press):
            with pytest.raises(OperationalError, match="lock timeout"):
                deed()
        event.remove(house.real.writing, "begin", wait_a_moment)
        return link

    monkeypatch.setattr(holder_links, "_made", while_another_tries)

    assert (send(first), send(second)) == ("ส่งลิงก์ถึงผู้ถือแล้ว ๑ ฉบับ", "ส่งลิงก์ถึงผู้ถือแล้ว ๐ ฉบับ")
    with pytest.raises(RuleBroken, match="เมื่อครู่นี้"):
        press()
    assert len(house.rows(outbox)) == len(house.rows(link_table)) == 1


def test_two_quick_presses_send_one_mail(either_house: House) -> None:
    house = either_house
    run_id = run_out(house, 1, mail=MAIL)
    [document] = [row.id for row in house.rows(issued_documents)]

    def press(mail: str) -> str:
        return holder_links.make_link(house.office, actor=house.ours["clerk"], document_id=document, mail=mail)

    press(MAIL)
    with pytest.raises(RuleBroken, match="เมื่อครู่นี้") as told:
        press(f" {MAIL.upper()}")
    assert told.value.code == "just-mailed" and len(house.rows(link_table)) == 1
    press("another@example.com")
    house.clock.pass_by(timedelta(minutes=1))
    press(MAIL)
    assert len(house.rows(link_table)) == len(house.rows(outbox)) == 3
    with pytest.raises(RuleBroken):
        holder_links.expect_mailable(house.office, actor=house.ours["clerk"], run_id=run_id)


def test_links_whose_worker_was_killed_go_out_once_and_all_rounds_are_told(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_id = run_out(house, 3, mail=MAIL)
    ordered(house, run_id)
    monkeypatch.setattr(holder_links, "_AT_ONCE", 1)

    def dies(office: Any, errand: Errand, actor: Any, step: Any) -> Any:
        def stop(done: int, total: int) -> None:
            step(done, total)
            raise KeyboardInterrupt

        return holder_links.do_links(office, errand, actor, stop)

    bars = []
    for _ in range(2):
        with pytest.raises(KeyboardInterrupt):
            errands.run_next_errand(house.office, doers={holder_links.ERRAND: dies})
        bars.append([(row.done, row.total) for row in house.rows(errand_table) if row.kind == holder_links.ERRAND])
        house.clock.pass_by(house.office.lease + timedelta(seconds=1))
    errands.run_next_errand(house.office, doers=house.office.doers)
    [done] = [row for row in house.rows(errand_table) if row.kind == holder_links.ERRAND]

    assert bars == [[(1, 3)], [(2, 3)]]
    assert (done.state, done.done, done.problem) == ("done", 3, "ส่งลิงก์ถึงผู้ถือแล้ว ๓ ฉบับ")
    assert len(house.rows(outbox)) == 3


# --- what is counted --------------------------------------------------------------------------------------------------


def test_what_the_counts_of_a_run_say_a_press_does(house: House) -> None:
    """A link that was handed over sends nothing, and brings what mail did not: what was fetched by it is there. What
    has expired waits for nothing."""
    run_id = run_out(house, 2, mail=MAIL)
    document = house.rows(issued_run_lines)[0].document_id

    def waits(again: bool = False) -> int:
        try:
            return holder_links.expect_mailable(house.office, actor=house.ours["clerk"], run_id=run_id, again=again)
        except RuleBroken as error:
            assert error.code == "nothing-waits"
            return 0

    def counts() -> tuple[int, ...]:
        told = counted(house, run_id)
        assert (told.unsent, told.returned) == (waits(), waits(again=True))
        return told.mailed, told.unsent, told.returned

    address = holder_links.make_link(house.office, actor=house.ours["clerk"], document_id=document)
    assert counts() == (0, 2, 0)
    house.clock.pass_by(ENOUGH)
    assert counts() == (0, 0, 0)
    words = "ส่งลิงก์ถึงผู้ถือแล้ว ๐ ฉบับ ไม่ได้ส่ง ๒ ฉบับที่ใช้ไม่ได้แล้ว"
    assert order(house, holder_links, holder_links.MAIL, "clerk", run=str(run_id)) == ("done", words)
    house.clock.pass_by(-ENOUGH)

    order(house, holder_links, holder_links.MAIL, "clerk", run=str(run_id))
    assert counts() == (2, 0, 0)
    with house.office.uow() as uow:
        for item in uow.outbox.claim(house.clock.now(), timedelta(seconds=60), 10):
            uow.outbox.fail(item, "550 5.1.1 no such user", house.clock.now())
        uow.commit()
    assert counts() == (0, 0, 2)
    holder_links.fetch(house.office, token=address.rpartition("/d/")[2])
    assert counts() == (0, 0, 1)
    house.clock.pass_by(ENOUGH)
    assert counts() == (0, 0, 0)
