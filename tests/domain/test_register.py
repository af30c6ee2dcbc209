"""Lines of the registers: what may be done to a number, what is refused in which words, and what it leaves behind."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest

from saraban.domain import number_events as events
from saraban.domain.agency import AgencyId, UnitId
from saraban.domain.attachment import Attachment, Digest, Role
from saraban.domain.classification import Secrecy, Urgency
from saraban.domain.errors import BadInput, RuleBroken, SarabanError, StageNotAllowed
from saraban.domain.register import (
    MATTER,
    Book,
    BookId,
    BookKind,
    EntryId,
    EntryState,
    Matter,
    Origin,
    RegisterEntry,
    caption,
)
from tests.builders import NOW, TODAY, a_book, a_file, a_matter, an_actor, an_entry

CLERK = an_actor(name="นางสาวสมใจ ใจดี")
LATER = NOW + timedelta(days=1)
REASON, AUTHORITY = "ลงซ้ำกับเลขรับ 12", "หัวหน้าหน่วยงานสารบรรณกลาง"
THAI = re.compile(r"[ก-๙]")
NUL = "ก\x00ข"


def a_line(state: EntryState = EntryState.USED, **more: Any) -> RegisterEntry:
    """A line of our receiving book in this state."""
    values: dict[str, Any] = {"kind": BookKind.RECEIVING, "state": state, "number": "มท 0301/77"} | more
    return an_entry(CLERK.agency_id, BookId(uuid4()), 12, **values)


def reserved(**more: Any) -> RegisterEntry:
    """A line of our sending book that waits for a letter on paper."""
    values: dict[str, Any] = {"kind": BookKind.SENDING, "number": "ทส 1001/12", "letter_date": None} | more
    return a_line(EntryState.RESERVED, sender="", addressee="", subject="", **values)


def _void(line: RegisterEntry, **more: Any) -> events.NumberVoided:
    return line.void(**{"reason": REASON, "authority": AUTHORITY, "by": CLERK, "at": LATER} | more)


def _rectify(line: RegisterEntry, changes: dict[str, Any], **more: Any) -> Any:
    return line.rectify(changes, **{"reason": REASON, "authority": AUTHORITY, "by": CLERK, "at": LATER} | more)


def _bind(line: RegisterEntry, matter: Matter | None = None) -> events.NumberUsed:
    return line.bind(matter or a_matter(number=line.number), origin=Origin.COUNTER, by=CLERK, at=LATER)


def _act(line: RegisterEntry, practice: str = "ส่งกองกฎหมาย") -> events.PracticeNoted:
    return line.act(practice, by=CLERK, at=LATER)


def _attach(line: RegisterEntry, file: Attachment | None = None) -> events.ScanAttached:
    return line.attach(file or a_file("สแกน.pdf", b"%PDF"), by=CLERK, at=LATER)


DEEDS: dict[str, Callable[[RegisterEntry], object]] = {
    "use": lambda line: line.use(by=CLERK, at=LATER),
    "bind": _bind,
    "void": _void,
    "rectify": lambda line: _rectify(line, {"subject": "แก้แล้ว"}),
    "act": _act,
    "attach": _attach,
}
S = EntryState
ALLOWED: dict[str, set[EntryState]] = {
    "use": {S.RESERVED},
    "bind": {S.RESERVED},
    "void": {S.RESERVED, S.USED},
    "rectify": {S.USED},
    "act": {S.USED},
    "attach": {S.RESERVED, S.USED},
}
AFTER = {"use": S.USED, "bind": S.USED, "void": S.VOID, "rectify": S.USED, "act": S.USED}


# --- the whole life of a number ----------------------------------------------------------------------------------


@pytest.mark.parametrize("state", EntryState)
@pytest.mark.parametrize("deed", DEEDS)
def test_each_deed_is_done_in_its_states_and_refused_in_thai_in_all_others(deed: str, state: EntryState) -> None:
    line = a_line(state)
    before = line.digest()

    if state in ALLOWED[deed]:
        DEEDS[deed](line)
        assert line.state is AFTER.get(deed, state)
        assert line.digest() != before
    else:
        with pytest.raises(StageNotAllowed) as refused:
            DEEDS[deed](line)
        assert THAI.search(refused.value.thai)
        assert line.digest() == before and line.state is state


@pytest.mark.parametrize("deed", DEEDS)
def test_each_deed_tells_the_ledger_which_number_and_what_the_line_says_now(deed: str) -> None:
    line = a_line(S.RESERVED if S.RESERVED in ALLOWED[deed] else S.USED)
    told = DEEDS[deed](line)
    event = told[0] if isinstance(told, tuple) else told

    assert isinstance(event, events.NumberEvent)
    assert (event.entry_id, event.book_id, event.serial) == (line.id, line.book_id, line.serial)
    assert (event.at, event.by) == (LATER, CLERK)
    assert event.line == line.digest()
    assert event.values()["line"] == line.digest().hex


@pytest.mark.parametrize("deed", DEEDS)
def test_no_deed_changes_the_number_in_the_book(deed: str) -> None:
    line = a_line(S.RESERVED if S.RESERVED in ALLOWED[deed] else S.USED)
    before = (line.id, line.agency_id, line.book_id, line.kind, line.year, line.serial)
    DEEDS[deed](line)

    assert (line.id, line.agency_id, line.book_id, line.kind, line.year, line.serial) == before


# --- written for the first time ----------------------------------------------------------------------------------


def test_a_number_that_is_taken_says_how_its_letter_came() -> None:
    line = a_line(origin=Origin.COUNTER)
    event = line.entered(by=CLERK, at=NOW)

    assert isinstance(event, events.NumberTaken)
    assert (event.number, event.origin, event.line) == ("มท 0301/77", "counter", line.digest())


def test_a_number_that_is_reserved_says_why_and_on_whose_order() -> None:
    event = reserved().entered(by=CLERK, at=NOW, reason="ระบบหยุด", authority=AUTHORITY)

    assert isinstance(event, events.NumberReserved)
    assert (event.number, event.reason, event.authority) == ("ทส 1001/12", "ระบบหยุด", AUTHORITY)


def test_a_reserved_number_follows_the_letter_that_is_being_signed() -> None:
    line = reserved(subject_of=uuid4())
    event = line.keep_up(
        subject="ใหม่", addressee="กรมใหม่", urgency=Urgency.URGENT, secrecy=Secrecy.OPEN, by=CLERK, at=LATER
    )

    assert (line.subject, line.addressee, line.urgency) == ("ใหม่", "กรมใหม่", Urgency.URGENT)
    assert line.state is S.RESERVED and event.line == line.digest()


# --- bind --------------------------------------------------------------------------------------------------------


def test_a_bound_line_says_what_the_letter_says_and_when_it_was_written_down() -> None:
    line, came = reserved(), NOW - timedelta(hours=3)
    event = _bind(line, a_matter(number=line.number, received_at=came, secrecy=Secrecy.CONFIDENTIAL))

    assert {name: getattr(line, name) for name in MATTER} == {
        **{name: getattr(a_matter(), name) for name in MATTER},
        "number": "ทส 1001/12",
        "secrecy": Secrecy.CONFIDENTIAL,
    }
    assert (line.at, line.received_at, line.entered_by, line.origin) == (LATER, came, CLERK.name, Origin.COUNTER)
    assert line.is_late
    assert event.number == "ทส 1001/12"


def test_a_number_whose_letter_is_being_signed_is_not_bound_to_another() -> None:
    with pytest.raises(StageNotAllowed, match="กำลังลงนามในระบบ"):
        _bind(reserved(subject_of=uuid4()))


@pytest.mark.parametrize(("state", "words"), [(S.VOID, "ยกเลิกแล้ว"), (S.USED, "มีหนังสือแล้ว")])
def test_a_number_that_cannot_be_bound_says_what_it_is(state: EntryState, words: str) -> None:
    with pytest.raises(StageNotAllowed, match=words):
        a_line(state).may_be_bound()


# --- void --------------------------------------------------------------------------------------------------------


def test_a_void_line_stays_readable_with_the_reason_and_the_order() -> None:
    line = a_line(subject="ขอเชิญประชุม")
    event = _void(line, reason=f"  {REASON} ", authority=f" {AUTHORITY}  ")

    assert (line.state, line.subject) == (S.VOID, "ขอเชิญประชุม")
    assert (line.void_reason, line.void_authority) == (REASON, AUTHORITY) == (event.reason, event.authority)


@pytest.mark.parametrize(
    ("given", "fields"),
    [
        ({"reason": " "}, {"reason"}),
        ({"authority": ""}, {"authority"}),
        ({"reason": "", "authority": "\n"}, {"reason", "authority"}),
        ({"reason": "ก" * 1001}, {"reason"}),
        ({"authority": "ก" * 501}, {"authority"}),
        ({"reason": NUL}, {"reason"}),
        ({"authority": NUL}, {"authority"}),
    ],
)
def test_a_number_is_not_struck_without_a_reason_and_an_order_that_can_be_read(
    given: dict[str, str], fields: set[str]
) -> None:
    line = a_line()
    with pytest.raises(BadInput) as refused:
        _void(line, **given)

    assert set(refused.value.fields) == fields
    assert all(THAI.search(words) for words in refused.value.fields.values())
    assert line.state is S.USED and not line.void_reason


def test_a_number_is_struck_once() -> None:
    line = a_line(S.VOID)
    with pytest.raises(StageNotAllowed) as refused:
        line.may_be_voided()

    assert refused.value.code == "already-void"


def test_a_person_does_not_give_up_a_number_whose_letter_is_being_signed() -> None:
    with pytest.raises(StageNotAllowed) as refused:
        reserved(subject_of=uuid4()).may_be_given_up()

    assert refused.value.code == "being-signed"
    reserved().may_be_given_up()
    a_line(subject_of=uuid4()).may_be_given_up()


# --- rectify -----------------------------------------------------------------------------------------------------

NEW: dict[str, Any] = {
    "number": "มท 0301/78",
    "letter_date": date(2026, 11, 20),
    "sender": "กรมที่ดิน",
    "addressee": "อธิบดี",
    "subject": "แก้แล้ว",
    "practice": "ส่งกองคลัง",
    "note": "อ่านผิด",
    "urgency": Urgency.MOST_URGENT,
    "secrecy": Secrecy.SECRET,
    "received_at": NOW - timedelta(days=2),
}


def test_every_column_that_may_be_rectified_is_tried_below() -> None:
    assert set(NEW) == {*MATTER, "received_at"}
    assert all(THAI.search(caption(name)) for name in NEW)


@pytest.mark.parametrize("name", NEW)
def test_a_column_is_put_right_and_what_it_said_is_kept(name: str) -> None:
    line = a_line()
    old = getattr(line, name)
    event, [kept] = _rectify(line, {name: NEW[name]})

    assert getattr(line, name) == NEW[name]
    assert (kept.entry_id, kept.field, kept.at, kept.by) == (line.id, name, LATER, CLERK.name)
    assert (kept.reason, kept.authority) == (REASON, AUTHORITY) == (event.reason, event.authority)
    assert kept.old in ("" if old is None else str(old), getattr(old, "value", None), _iso(old))
    assert kept.new in (str(NEW[name]), getattr(NEW[name], "value", None), _iso(NEW[name]))
    assert line.corrected == 1
    assert line.state is S.USED


def _iso(value: object) -> str | None:
    return value.isoformat() if isinstance(value, (date, datetime)) else None


def test_what_stays_the_same_is_no_correction() -> None:
    line = a_line()
    _, kept = _rectify(line, {"subject": "แก้แล้ว", "sender": line.sender})

    assert [c.field for c in kept] == ["subject"] and line.corrected == 1


def test_corrections_are_counted_up() -> None:
    line = a_line()
    _rectify(line, {"subject": "ก", "sender": "ข"})
    _rectify(line, {"subject": "ค"})

    assert line.corrected == 3


def test_the_journal_tells_old_and_new_of_an_open_line() -> None:
    event, _ = _rectify(a_line(subject="เดิม"), {"subject": "ใหม่"})

    assert event.changes == ("subject: เดิม → ใหม่",)


@pytest.mark.parametrize(
    ("secrecy", "changes"),
    [(Secrecy.SECRET, {"subject": "ใหม่"}), (Secrecy.OPEN, {"subject": "ใหม่", "secrecy": Secrecy.SECRET})],
)
def test_the_journal_tells_no_words_of_a_line_that_is_or_becomes_classified(
    secrecy: Secrecy, changes: dict[str, Any]
) -> None:
    event, kept = _rectify(a_line(secrecy=secrecy), changes)

    assert event.changes == () and len(kept) == len(changes)


@pytest.mark.parametrize(
    ("changes", "more", "field"),
    [
        ({"subject": "แก้แล้ว"}, {"reason": " "}, "reason"),
        ({"subject": "แก้แล้ว"}, {"reason": "ก" * 1001}, "reason"),
        ({"subject": "แก้แล้ว"}, {"reason": NUL}, "reason"),
        ({"subject": "แก้แล้ว"}, {"authority": "ก" * 501}, "authority"),
        ({}, {}, "reason"),
        ({"serial": 13}, {}, "serial"),
        ({"state": S.VOID}, {}, "state"),
        ({"at": NOW}, {}, "at"),
        ({"book_id": uuid4()}, {}, "book_id"),
        ({"void_reason": "x"}, {}, "void_reason"),
    ],
)
def test_a_line_is_not_rectified_without_a_reason_a_change_or_in_another_column(
    changes: dict[str, Any], more: dict[str, str], field: str
) -> None:
    line = a_line()
    before = line.digest()
    with pytest.raises(BadInput) as refused:
        _rectify(line, changes, **more)

    assert list(refused.value.fields) == [field] and THAI.search(refused.value.fields[field])
    assert line.digest() == before


@pytest.mark.parametrize(
    ("line", "changes", "code"),
    [
        (a_line(kind=BookKind.SENDING), {"number": "ทส 1001/13"}, "number-fixed"),
        (a_line(kind=BookKind.ORDERS), {"number": "13/2569"}, "number-fixed"),
        (a_line(secrecy=Secrecy.SECRET), {"secrecy": Secrecy.OPEN}, "secrecy-fixed"),
    ],
)
def test_the_number_of_an_outgoing_line_and_its_class_stand_fast(
    line: RegisterEntry, changes: dict[str, Any], code: str
) -> None:
    with pytest.raises(RuleBroken) as refused:
        _rectify(line, changes)

    assert refused.value.code == code and THAI.search(refused.value.thai)
    assert line.corrected == 0


# --- practice and scans ------------------------------------------------------------------------------------------


def test_what_was_done_is_written_over_what_stood_there() -> None:
    line = a_line(practice="ส่งกองคลัง")

    assert _act(line, " ส่งกองกฎหมาย\nตอบที่ ทส 1001/9 ").practice == "ส่งกองกฎหมาย\nตอบที่ ทส 1001/9" == line.practice


def test_what_was_done_about_a_classified_letter_is_not_told_in_the_journal() -> None:
    line = a_line(secrecy=Secrecy.SECRET)

    assert _act(line).practice == "" and line.practice == "ส่งกองกฎหมาย"


@pytest.mark.parametrize("practice", ["ก" * 501, NUL])
def test_what_was_done_fits_its_column(practice: str) -> None:
    with pytest.raises(BadInput) as refused:
        _act(a_line(), practice)

    assert THAI.search(refused.value.fields["practice"])


def test_scans_are_added_in_their_order_and_none_twice() -> None:
    line, first, second = a_line(), a_file("ก.pdf", b"one"), a_file("ข.pdf", b"two")
    event = _attach(line, first)
    _attach(line, second)
    with pytest.raises(BadInput) as refused:
        _attach(line, a_file("อื่น.pdf", b"one"))

    assert line.files == [first, second]
    assert (event.file_name, event.sha256) == ("ก.pdf", first.sha256)
    assert THAI.search(refused.value.fields["file"])


def test_a_line_of_a_letter_of_the_system_takes_no_scan() -> None:
    with pytest.raises(StageNotAllowed, match="อยู่ในระบบแล้ว"):
        _attach(a_line(subject_of=uuid4()))


# --- what is missing or wrong ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"subject": "  "}, "subject"),
        ({"sender": ""}, "sender"),
        ({"number": "ก" * 101}, "number"),
        ({"sender": "ก" * 301}, "sender"),
        ({"addressee": "ก" * 301}, "addressee"),
        ({"subject": "ก" * 501}, "subject"),
        ({"practice": "ก" * 501}, "practice"),
        ({"note": "ก" * 1001}, "note"),
        ({"subject": NUL}, "subject"),
        ({"note": "ก\x1bข"}, "note"),
        ({"note": "ก\ud800ข"}, "note"),
        ({"letter_date": TODAY + timedelta(days=1)}, "letter_date"),
        ({"letter_date": date(1899, 12, 31)}, "letter_date"),
        ({"received_at": NOW + timedelta(seconds=1)}, "received_at"),
        ({"letter_date": TODAY, "received_at": NOW - timedelta(days=1)}, "received_at"),
    ],
)
def test_what_is_wrong_with_a_letter_is_told_by_field(changes: dict[str, Any], field: str) -> None:
    wrong = a_matter(**changes).faults(BookKind.RECEIVING, NOW)

    assert list(wrong) == [field] and THAI.search(wrong[field])


@pytest.mark.parametrize(
    ("kind", "changes"),
    [
        (BookKind.RECEIVING, {"number": "", "letter_date": None, "addressee": ""}),
        (BookKind.SENDING, {"sender": ""}),
        (BookKind.RECEIVING, {"letter_date": TODAY, "received_at": NOW}),
        (BookKind.RECEIVING, {"note": "สองบรรทัด\nกับ\tแท็บ"}),
        (BookKind.SENDING, {"letter_date": TODAY, "received_at": NOW - timedelta(days=1)}),
        (BookKind.SECRET_RECEIVING, {"secrecy": Secrecy.SECRET}),
    ],
)
def test_what_a_letter_may_lack(kind: BookKind, changes: dict[str, Any]) -> None:
    assert a_matter(**changes).faults(kind, NOW) == {}


def test_the_day_of_a_letter_is_judged_by_the_clock_of_the_office() -> None:
    just_after_midnight = datetime(2026, 11, 23, 17, 1, tzinfo=UTC)  # 24 November, 00:01 in Bangkok
    matter = a_matter(letter_date=date(2026, 11, 24))

    assert matter.faults(BookKind.RECEIVING, just_after_midnight) == {}
    assert list(matter.faults(BookKind.RECEIVING, just_after_midnight - timedelta(minutes=2))) == ["letter_date"]


@pytest.mark.parametrize("kind", [BookKind.SECRET_RECEIVING, BookKind.SECRET_SENDING])
def test_an_open_letter_does_not_go_into_a_register_of_classified_information(kind: BookKind) -> None:
    assert list(a_matter().faults(kind, NOW)) == ["secrecy"]


def test_a_letter_is_tidied_before_it_is_entered() -> None:
    given = a_matter(
        number=" มท  ๐๓๐๑/๗๗ ", sender=" กรม\u00a0ก ", subject="ส่ง\n รายงาน", practice=" ก\nข ", note="\tค "
    )

    assert given.tidied() == a_matter(
        number="มท 0301/77", sender="กรม ก", subject="ส่ง รายงาน", practice="ก\nข", note="ค"
    )


# --- the digest of a line ----------------------------------------------------------------------------------------


FIXED = RegisterEntry(
    id=EntryId(UUID(int=1)),
    agency_id=AgencyId(UUID(int=2)),
    book_id=BookId(UUID(int=3)),
    kind=BookKind.RECEIVING,
    year=2569,
    serial=4112,
    state=EntryState.USED,
    subject_of=None,
    number="มท 0301/77",
    letter_date=date(2026, 11, 20),
    sender="กรมการปกครอง",
    addressee="เลขาธิการ",
    subject="ส่งรายงานประจำปี",
    practice="ส่งกองกฎหมาย",
    note="",
    urgency=Urgency.URGENT,
    secrecy=Secrecy.OPEN,
    unit_id=UnitId(UUID(int=5)),
    at=datetime(2026, 11, 23, 2, 30, tzinfo=UTC),
    entered_by="นางสาวสมใจ ใจดี",
    origin=Origin.PAPER,
    received_at=datetime(2026, 11, 23, 2, 0, 0, 5, tzinfo=UTC),
)


def test_the_digest_of_a_line_never_changes_by_itself() -> None:
    # It is kept in ledgers and sealed in closes: another way to write it would make every old line look altered.
    assert FIXED.digest().hex == "4e936180c2e8f94d99ab7846e092e8e2c95cc5815969cf765ec075d1e87b34d8"


def test_the_digest_is_the_same_for_a_moment_in_whatever_zone_it_is_told() -> None:
    here = replace(FIXED, received_at=FIXED.received_at.astimezone(ZoneInfo("Asia/Bangkok")))  # type: ignore[union-attr]

    assert here.digest() == FIXED.digest()


OTHER: dict[str, Any] = {
    "id": EntryId(UUID(int=9)),
    "agency_id": AgencyId(UUID(int=9)),
    "book_id": BookId(UUID(int=9)),
    "kind": BookKind.SENDING,
    "year": 2570,
    "serial": 1,
    "state": EntryState.VOID,
    "subject_of": UUID(int=9),
    "unit_id": None,
    "at": NOW + timedelta(microseconds=1),
    "entered_by": "ผู้อื่น",
    "void_reason": "ซ้ำ",
    "void_authority": "หัวหน้า",
    "origin": Origin.COUNTER,
    "received_at": None,
    "corrected": 1,
    "files": [a_file("สแกน.pdf", b"%PDF", role=Role.LETTER)],
    **{name: NEW[name] for name in MATTER if name != "letter_date"},
    "letter_date": None,
}


def test_no_column_stands_outside_the_digest() -> None:
    assert set(OTHER) == {f.name for f in dataclasses.fields(RegisterEntry)}


@pytest.mark.parametrize("name", OTHER)
def test_the_digest_changes_with_each_column(name: str) -> None:
    assert replace(FIXED, **{name: OTHER[name]}).digest() != FIXED.digest()


@pytest.mark.parametrize("part", [{"name": "อื่น.pdf"}, {"sha256": Digest.of(b"other")}, {"role": Role.ENCLOSURE}])
def test_the_digest_changes_with_the_files(part: dict[str, Any]) -> None:
    file = OTHER["files"][0]

    assert replace(FIXED, files=[replace(file, **part)]).digest() != replace(FIXED, files=[file]).digest()


# --- late entries, books -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("received", "late"),
    [
        (None, False),
        (datetime(2026, 11, 22, 17, 0, tzinfo=UTC), False),
        (datetime(2026, 11, 22, 16, 59, tzinfo=UTC), True),
    ],
)
def test_a_line_is_late_when_it_was_entered_on_a_later_day_of_the_office(received: datetime | None, late: bool) -> None:
    assert a_line(received_at=received).is_late is late


def test_a_book_is_kept_by_its_unit_or_by_the_agency() -> None:
    unit = UnitId(uuid4())
    central = a_book(CLERK.agency_id)

    assert isinstance(central, Book)
    assert central.keeper_id == CLERK.agency_id
    assert a_book(CLERK.agency_id, unit_id=unit).keeper_id == unit


FORMS = {
    BookKind.RECEIVING: "13",
    BookKind.SENDING: "14",
    BookKind.CIRCULARS: "14",
    BookKind.SECRET_RECEIVING: "ทขล. 1",
    BookKind.SECRET_SENDING: "ทขล. 2",
}


@pytest.mark.parametrize("kind", BookKind)
def test_every_book_has_its_name_its_form_and_its_way_of_numbering(kind: BookKind) -> None:
    assert kind.thai.startswith("ทะเบียน")
    assert kind.form == FORMS.get(kind, "")
    assert kind.incoming is ("receiving" in kind.value)
    assert kind.secret is kind.value.startswith("secret-")
    assert kind.opens_by_itself is (kind in (BookKind.RECEIVING, BookKind.SENDING))
    assert kind.numbered_by_year is (not kind.form)
    twin = kind.secret_twin
    assert twin is None or (twin.secret and twin.incoming is kind.incoming)


def test_names_of_books_are_unique() -> None:
    assert len({kind.thai for kind in BookKind}) == len(BookKind)
    assert all(THAI.search(origin.thai) for origin in Origin)


def test_a_refusal_is_of_the_family_that_every_door_translates() -> None:
    assert issubclass(StageNotAllowed, RuleBroken) and issubclass(RuleBroken, SarabanError)
