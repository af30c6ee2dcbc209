"""Destroying by the book, on both kinds of database: what is destroyed is nowhere, what stays is whole."""

from __future__ import annotations

import base64
import io
import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import date
from pathlib import Path
from random import Random
from uuid import UUID

import pytest
from sqlalchemy import cast, select
from sqlalchemy.types import LargeBinary, Text

from saraban.crypto import keys
from saraban.domain.attachment import Attachment, Digest, Role
from saraban.domain.disposal import DisposalState
from saraban.domain.disposal_caution import Caution
from saraban.domain.disposal_item import Opinion, Outcome, Verdict
from saraban.domain.errors import BadInput, NotFound, NotPermitted, RuleBroken, StageNotAllowed
from saraban.domain.keeping import KeepingState, Place
from saraban.domain.letter import LetterId
from saraban.domain.notice import About
from saraban.domain.register import EntryId
from saraban.domain.retention import Term
from saraban.reading import archive, cautions, kept_lists
from saraban.reading.notices import listed
from saraban.storage.files import write_files
from saraban.storage.tables import metadata
from saraban.storage.tables.archive import destroyed, disposal_lists, handovers
from saraban.storage.tables.finding import documents
from saraban.storage.tables.registers import entries
from saraban.usecases import (
    amending,
    archiving,
    destroying,
    dispatching,
    indexing,
    recording,
    registering,
    routing,
    transferring,
)
from saraban.usecases.destroyed import destroy_again, destroyed_since
from saraban.usecases.kept_files import GRACE, remove_files
from tests.usecases.archive import (
    agreed,
    carried_out,
    cleared,
    considered,
    disposal,
    finished,
    in_year,
    kept,
    line_of,
    paper,
    people,
    proposed,
    stored,
    stored_by,
)
from tests.usecases.conftest import Pki
from tests.usecases.house import MASTER_KEY, House

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 20
PEOPLE = ("head", "director", "clerk", "central_clerk", "records")
AGES = (("ยี่สิบปี", date(2007, 12, 31)), ("ในคดี", date(2026, 11, 20)), ("ยังไม่ถึงยี่สิบปี", date(2008, 1, 1)))
WORDS = "ถ้อยคำที่ต้องหายไปจากทุกแห่ง"


def everything(house: House) -> str:
    """All that the tables say, as text."""
    told = []
    with house.real.reading.connect() as connection:
        for table in metadata.sorted_tables:
            plain = [cast(c, Text) for c in table.c if not isinstance(c.type, LargeBinary)]
            told += [str(row) for row in connection.execute(select(*plain))]
    return "\n".join(told)


def on_disk(house: House) -> list[bytes]:
    """All files that are kept, and what those say that are encoded for mail."""
    plain = [path.read_bytes() for path in house.real.settings.blobs_folder.rglob("*") if path.is_file()]
    return plain + [base64.b64decode(data) for data in plain if re.fullmatch(rb"[A-Za-z0-9+/=\s]+", data)]


def indexed(house: House) -> None:
    """Let the index catch up."""
    while indexing.index_next(house.office):
        pass


def test_paper_goes_from_survey_to_certificate_and_its_line_stays(either_house: House) -> None:
    house = either_house
    going, staying = paper(house, "จะทำลาย", scan=PNG + b"going"), paper(house, "ยังไม่ถึง")
    stored(house, going)
    stored(house, staying, class_code="general")
    in_year(house, 2028)
    list_id = proposed(house, 2570)
    with pytest.raises(RuleBroken) as told:
        proposed(house, 2570)
    assert told.value.code == "nothing-due"
    considered(house, list_id)
    cleared(house, list_id)
    carried_out(house, list_id)

    made = disposal(house, list_id)
    assert (made.state, [item.outcome for item in made.items]) == (DisposalState.DONE, [Outcome.DESTROYED])
    assert kept(house, going).state is KeepingState.DESTROYED and kept(house, staying).state is KeepingState.STORED
    assert {row.subject for row in house.rows(entries)} == {"จะทำลาย", "ยังไม่ถึง"}
    assert [(row.entry_id, row.sha256) for row in house.rows(destroyed)] == [
        (going, None),
        (going, Digest.of(PNG + b"going")),
    ]
    assert not house.office.blobs.has(Digest.of(PNG + b"going"))
    assert house.told("keeping.destroyed")[0]["values"]["files"] == 1
    assert [name for name in house.journal() if name.startswith("disposal.")] == [
        "disposal.proposed",
        "disposal.committee-appointed",
        "disposal.item-considered",
        "disposal.member-agreed",
        "disposal.member-agreed",
        "disposal.reported",
        "disposal.decided",
        "disposal.officers-named",
        "disposal.confirmed",
        "disposal.confirmed",
        "disposal.carried-out",
    ]


def test_a_paper_list_destroys_the_printout_and_never_the_electronic_letter(either_house: House) -> None:
    house = either_house
    letter_id = house.signed()
    line, printed = line_of(house, letter_id), Place("คลัง ๑", "ก", "๒")
    archiving.place_paper(house.office, actor=house.ours["clerk"], entry_id=line, place=printed)
    archiving.classify(house.office, actor=house.ours["clerk"], entry_ids=[line], class_code="routine")
    stored_by(house, "clerk", line)
    in_year(house, 2028)
    list_id = proposed(house, 2570)
    assert [item.paper_alone for item in disposal(house, list_id).items] == [True]
    considered(house, list_id)
    cleared(house, list_id)
    carried_out(house, list_id)

    item, body = kept(house, line), house.letter(letter_id).content.body
    assert (item.state, item.electronic, item.paper, item.place.thai) == (KeepingState.STORED, True, False, "")
    assert (item.paper_destroyed_on, item.disposal_id) == (date(2028, 1, 10), None)
    assert body and house.rows(destroyed) == [] and house.told("keeping.destroyed") == []
    assert [told["values"]["list_id"] for told in house.told("keeping.paper-destroyed")] == [str(list_id)]
    assert all(house.office.blobs.has(file.sha256) for file in house.letter(letter_id).files)
    with pytest.raises(RuleBroken):
        proposed(house, 2570, electronic=True)
    in_year(house, 2038)
    with pytest.raises(RuleBroken):
        proposed(house, 2580)
    assert [item.entry_id for item in disposal(house, proposed(house, 2580, electronic=True)).items] == [line]


def test_what_a_destroyed_letter_said_is_in_no_table_no_file_and_not_in_the_index(
    either_house: House, pki: Pki
) -> None:
    house = either_house
    keys.store_seal(house.keys_folder, "onep", pki.seals["onep"], MASTER_KEY)
    text = house.draft(subject="เรื่องที่เหลืออยู่", body=f"{WORDS}\n\nจึงเรียนมาเพื่อโปรดทราบ")
    house.attach(text, "แนบ.txt", f"แนบ {WORDS}".encode())
    letter_id = _sent(house, text)
    incoming = house.incoming(text=WORDS, raw_sha256=house.office.blobs.keep(f"mail {WORDS}".encode()))
    registering.register_letter(house.office, actor=house.ours["central_clerk"], incoming_id=incoming.id)
    indexed(house)
    assert WORDS in everything(house) and any(WORDS.encode() in data for data in on_disk(house))
    lines = [line_of(house, letter_id), line_of(house, incoming.id)]
    for line, who in zip(lines, ("clerk", "central_clerk"), strict=True):
        archiving.finish(house.office, actor=house.ours[who], entry_ids=[line])
    in_year(house, 2038)
    assert set(waits_for_store(house)) == set(lines)
    list_id = proposed(house, 2580, electronic=True)
    assert waits_for_store(house) == [], "what is to be destroyed goes into no store and gets no class"
    considered(house, list_id)
    cleared(house, list_id)
    carried_out(house, list_id)

    assert WORDS not in everything(house)
    assert [data for data in on_disk(house) if WORDS.encode() in data] == []
    assert house.letter(letter_id).number and house.letter(letter_id).content.body == ""
    assert "เรื่องที่เหลืออยู่" in {row.subject for row in house.rows(entries)}
    assert all(WORDS not in row.words for row in house.rows(documents))
    indexed(house)
    assert WORDS not in everything(house)
    if house.real.writing.dialect.name == "sqlite":  # nor in pages that the database no longer uses
        file = house.real.writing.url.database
        assert file is not None
        with closing(sqlite3.connect(file)) as connection:
            assert connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0] == 0
        assert WORDS.encode() not in Path(file).read_bytes()


def waits_for_store(house: House) -> list[UUID]:
    """What the list of finished letters shows a records officer."""
    with house.real.reading.connect() as reader:
        return kept_lists.all_waiting(reader, house.ours["records"], kept_lists.Waiting.STORE)


def _sent(house: House, draft: UUID) -> UUID:
    """Submit, endorse, sign and dispatch this draft, and compose its envelope."""
    letter_id = LetterId(draft)
    routing.submit_letter(house.office, actor=house.ours["clerk"], letter_id=letter_id)
    routing.endorse_letter(house.office, actor=house.ours["director"], letter_id=letter_id)
    house.sign(letter_id)
    dispatching.dispatch_letter(house.office, actor=house.ours["clerk"], letter_id=letter_id)
    dispatching.compose_next(house.office)
    return letter_id


def test_the_line_of_a_destroyed_letter_takes_nothing_any_more(either_house: House) -> None:
    house = either_house
    entry = paper(house, "ทำลายแล้ว", scan=PNG + b"going")
    stored(house, entry)
    in_year(house, 2028)
    list_id = proposed(house, 2570)
    considered(house, list_id)
    cleared(house, list_id)
    carried_out(house, list_id)
    clerk, records = house.ours["central_clerk"], house.ours["records"]
    scan = recording.keep_scan(house.office, stream=io.BytesIO(PNG + b"going"), name="again.png")
    deeds: list[Callable[[], object]] = [
        lambda: recording.attach_scan(house.office, actor=clerk, entry_id=entry, scan=scan),
        lambda: amending.void_number(house.office, actor=records, entry_id=entry, reason="ซ้ำ", authority="คำสั่ง"),
        lambda: amending.rectify_entry(
            house.office, actor=clerk, entry_id=entry, changes={"note": "x"}, reason="พิมพ์ผิด"
        ),
        lambda: amending.note_practice(house.office, actor=clerk, entry_id=entry, practice="ส่งกองคลัง"),
    ]
    for deed in deeds:
        with pytest.raises(StageNotAllowed) as told:
            deed()
        assert (told.value.code, "หนังสือนี้ทำลายแล้ว" in told.value.thai) == ("gone", True)

    with house.office.uow() as uow:
        assert uow.registers.get(house.ours.agency.id, entry).files == []


def test_a_file_that_a_letter_which_stays_has_too_is_not_touched(either_house: House) -> None:
    house = either_house
    shared, own = PNG + b"shared", PNG + b"own"
    going, staying = paper(house, "ไป", scan=shared), paper(house, "อยู่", scan=shared)
    alone = paper(house, "ไปด้วย", scan=own)
    stored(house, going, alone)
    finished(house, staying, class_code="history")
    in_year(house, 2028)
    list_id = proposed(house, 2570)
    considered(house, list_id)
    cleared(house, list_id)
    carried_out(house, list_id)

    assert house.office.blobs.open(Digest.of(shared)) == shared
    assert not house.office.blobs.has(Digest.of(own))
    assert {row.sha256 for row in house.rows(destroyed) if row.sha256} == {Digest.of(own)}


def test_a_hold_placed_at_any_step_keeps_the_letter(either_house: House) -> None:
    house = either_house
    held, going = paper(house, "ในคดี", scan=PNG + b"held"), paper(house, "ไม่เกี่ยว")
    stored(house, held, going)
    in_year(house, 2028)
    list_id = proposed(house, 2570)
    considered(house, list_id)
    cleared(house, list_id)
    archiving.place_hold(house.office, actor=house.ours["head"], entry_id=held, reason="คดี", order="หมาย ๑")
    carried_out(house, list_id)

    outcomes = {item.entry_id: (item.outcome, item.why) for item in disposal(house, list_id).items}
    assert outcomes == {held: (Outcome.HELD, "คดี (หมาย ๑)"), going: (Outcome.DESTROYED, "")}
    assert kept(house, held).state is KeepingState.STORED and house.office.blobs.has(Digest.of(PNG + b"held"))
    with pytest.raises(RuleBroken):
        proposed(house, 2570)
    archiving.lift_hold(house.office, actor=house.ours["head"], entry_id=held, reason="ถอนฟ้อง")
    assert [item.entry_id for item in disposal(house, proposed(house, 2570)).items] == [held]


def test_what_is_kept_longer_says_so_and_the_archives_have_their_sixty_days(house: House) -> None:
    first, second, third = (paper(house, f"ฉบับ {n}") for n in ("หนึ่ง", "สอง", "สาม"))
    stored(house, first, second, third)
    in_year(house, 2028)
    list_id = proposed(house, 2570)
    considered(house, list_id)
    chair, head, records = house.ours["director"], house.ours["head"], house.ours["records"]
    longer = Opinion([first], Verdict.EXTEND, 2580)
    destroying.consider(house.office, actor=chair, list_id=list_id, opinion=longer)
    destroying.dissent(house.office, actor=house.ours["clerk"], list_id=list_id, entry_id=second, reason="ยังต้องใช้")
    with pytest.raises(NotPermitted):
        destroying.report(house.office, actor=head, list_id=list_id)
    agreed(house, list_id)
    destroying.report(house.office, actor=chair, list_id=list_id)
    destroying.decide(house.office, actor=head, list_id=list_id, kept={})
    assert (kept(house, first).mark, kept(house, first).disposal_id) == ("เก็บถึง พ.ศ. ๒๕๘๐", None)
    destroying.send_to_archives(house.office, actor=records, list_id=list_id, on=date(2028, 1, 10), number="ทส ๑๐๐๑/๕")
    two = people(house, "records", "clerk")
    with pytest.raises(RuleBroken):
        destroying.name_officers(house.office, actor=records, list_id=list_id, officers=two, way="ย่อย")
    in_year(house, 2028, 2, 20)
    destroying.note_answer(
        house.office,
        actor=records,
        list_id=list_id,
        on=date(2028, 2, 20),
        number="วธ ๑/๒",
        other={third: (Verdict.TRANSFER, Term())},
    )
    carried_out(house, list_id)

    assert kept(house, third).mark == "ห้ามทำลาย" and kept(house, second).state is KeepingState.DESTROYED
    assert [one.name for one in disposal(house, list_id).item(second).dissents] == [house.ours["clerk"].name]


def test_no_class_undoes_what_the_archives_answered(either_house: House) -> None:
    house, records = either_house, either_house.ours["records"]
    asked, ever = paper(house, "ให้ส่งมอบ"), paper(house, "ให้เก็บตลอดไป")
    stored(house, asked, ever)
    in_year(house, 2028)
    list_id = proposed(house, 2570)
    considered(house, list_id)
    agreed(house, list_id)
    destroying.report(house.office, actor=house.ours["director"], list_id=list_id)
    destroying.decide(house.office, actor=house.ours["head"], list_id=list_id, kept={})
    said = {"actor": records, "list_id": list_id, "on": date(2028, 1, 10)}
    destroying.send_to_archives(house.office, **said, number="ทส ๑")
    other = {asked: (Verdict.TRANSFER, Term()), ever: (Verdict.EXTEND, Term(forever=True))}
    destroying.note_answer(house.office, **said, number="ศธ ๒", other=other)
    for codes in ({"file_code": "03"}, {"class_code": "general"}):
        archiving.classify(house.office, actor=house.ours["central_clerk"], entry_ids=[asked, ever], **codes)

    assert [kept(house, one).mark for one in (asked, ever)] == ["ห้ามทำลาย"] * 2
    in_year(house, 2040)
    with pytest.raises(RuleBroken) as told:
        proposed(house, 2582)
    assert told.value.code == "nothing-due"


def test_a_letter_on_a_list_is_not_classified_and_one_that_is_not_over_is_not_destroyed(either_house: House) -> None:
    house, records = either_house, either_house.ours["records"]
    scans = [PNG + b"ever", PNG + b"going"]
    ever, going = (paper(house, f"ฉบับ {n}", scan=scan) for n, scan in enumerate(scans))
    other = paper(house, "ไม่อยู่ในบัญชี")
    stored(house, ever, going)
    in_year(house, 2028)
    list_id = proposed(house, 2570)
    considered(house, list_id)
    cleared(house, list_id)
    for letters, words in (([ever], "หนังสือนี้อยู่ในบัญชี"), ([other, ever], "เลขทะเบียนรับ ๑/๒๕๖๙ อยู่ในบัญชี")):
        with pytest.raises(StageNotAllowed) as told:
            archiving.classify(house.office, actor=records, entry_ids=letters, class_code="history")
        assert (told.value.code, words in told.value.thai) == ("on-disposal-list", True)
    changed(house, ever, forever=True)
    carried_out(house, list_id)

    outcomes = {item.entry_id: (item.outcome, item.why) for item in disposal(house, list_id).items}
    assert outcomes == {ever: (Outcome.HELD, "อายุการเก็บยังไม่ครบ: ห้ามทำลาย"), going: (Outcome.DESTROYED, "")}
    assert [house.office.blobs.has(Digest.of(scan)) for scan in scans] == [True, False]
    assert (kept(house, ever).state, kept(house, ever).disposal_id) == (KeepingState.STORED, None)


def test_what_is_kept_longer_already_leaves_the_list_with_its_own_mark(house: House) -> None:
    by_committee, by_archives = paper(house, "กรรมการ"), paper(house, "หอจดหมายเหตุ")
    stored(house, by_committee, by_archives)
    in_year(house, 2028)
    list_id, records = proposed(house, 2570), house.ours["records"]
    considered(house, list_id)
    chair = {"actor": house.ours["director"], "list_id": list_id}
    destroying.consider(house.office, **chair, opinion=Opinion([by_committee], Verdict.EXTEND, 2575))
    agreed(house, list_id)
    destroying.report(house.office, **chair)
    for one in (by_committee, by_archives):
        changed(house, one, until_year=2580)
    destroying.decide(house.office, actor=house.ours["head"], list_id=list_id, kept={})
    said = {"actor": records, "list_id": list_id, "on": date(2028, 1, 10)}
    destroying.send_to_archives(house.office, **said, number="ทส ๑")
    answer = {by_archives: (Verdict.EXTEND, Term(2575))}
    destroying.note_answer(house.office, **said, number="ศธ ๒", other=answer)

    assert [kept(house, one).mark for one in (by_committee, by_archives)] == ["เก็บถึง พ.ศ. ๒๕๘๐"] * 2
    assert [kept(house, one).disposal_id for one in (by_committee, by_archives)] == [None, None]


def changed(house: House, entry_id: EntryId, **values: object) -> None:
    """Let a letter be kept otherwise, past all rules, as an earlier version allowed."""
    with house.office.uow() as uow:
        [item] = uow.keeping.items(house.ours.agency.id, [entry_id])
        for name, value in values.items():
            setattr(item, name, value)
        uow.keeping.save(item)
        uow.commit()


def test_what_the_head_keeps_waits_for_the_survey_of_the_next_year(either_house: House) -> None:
    house = either_house
    entry = paper(house, "ยังไม่ทำลาย")
    stored(house, entry)
    in_year(house, 2028)
    list_id = proposed(house, 2570)
    considered(house, list_id)
    agreed(house, list_id)
    destroying.report(house.office, actor=house.ours["director"], list_id=list_id)
    destroying.decide(house.office, actor=house.ours["head"], list_id=list_id, kept={entry: "รอผลการตรวจ"})
    with pytest.raises(RuleBroken) as told:
        proposed(house, 2570)
    with house.real.reading.connect() as reader:
        [(_, why)] = archive.held_back(reader, house.ours["records"], house.clock.now().date()).items

    assert (told.value.code, why) == ("nothing-due", "หัวหน้าส่วนราชการให้เก็บไว้จนถึงการสำรวจประจำปี ๒๕๗๑")
    in_year(house, 2029)
    assert [item.entry_id for item in disposal(house, proposed(house, 2571)).items] == [entry]


def test_what_is_twenty_years_old_goes_by_the_national_archives_before_it_can_be_destroyed(either_house: House) -> None:
    house, head = either_house, either_house.ours["head"]
    old, held, young = (paper(house, words, letter_date=day) for words, day in AGES)
    stored(house, old, held, young)
    in_year(house, 2028)
    list_id = proposed(house, 2570)
    archiving.place_hold(house.office, actor=head, entry_id=held, reason="คดี", order="หมาย ๑")
    considered(house, list_id)
    agreed(house, list_id)
    destroying.report(house.office, actor=house.ours["director"], list_id=list_id)

    assert against(house, list_id) == {old: (Caution.TWENTY,), held: (Caution.HOLD,)}
    for kept_too in ({}, {old: ""}, {held: ""}):
        with pytest.raises(RuleBroken) as told:
            destroying.decide(house.office, actor=head, list_id=list_id, kept=kept_too, exempt="ข้อตกลง")
        assert told.value.code == "not-to-be-destroyed"
    destroying.decide(house.office, actor=head, list_id=list_id, kept={old: "", held: ""}, exempt="ข้อตกลง")
    carried_out(house, list_id)
    outcomes = {item.entry_id: (item.outcome, item.why) for item in disposal(house, list_id).items}
    assert outcomes == {
        old: (Outcome.NEXT_ROUND, Caution.TWENTY.thai),
        held: (Outcome.NEXT_ROUND, Caution.HOLD.thai),
        young: (Outcome.DESTROYED, ""),
    }
    assert against(house, list_id) == {} and unlisted(house) == 1


def test_what_the_agency_told_the_national_archives_it_keeps_may_be_destroyed_later(either_house: House) -> None:
    house, records = either_house, either_house.ours["records"]
    old = paper(house, "ขอเก็บเองแล้ว", letter_date=date(2007, 12, 31))
    stored(house, old)
    in_year(house, 2028)
    assert unlisted(house) == 1 and len(transferring.draw_more(house.office, actor=records)) == 1
    [drawn] = house.rows(handovers)
    own = transferring.keep_ourselves(
        house.office, actor=records, list_id=drawn.id, entry_ids=[old], reason="ยังใช้ปฏิบัติงาน"
    )
    today = house.clock.now().date()
    transferring.hand_over(house.office, actor=records, list_id=own, on=today, number="ทส ๑", receiver="นักจดหมายเหตุ")
    list_id = proposed(house, 2570)

    assert against(house, list_id) == {} and unlisted(house) == 0
    considered(house, list_id)
    cleared(house, list_id)
    carried_out(house, list_id)
    assert kept(house, old).state is KeepingState.DESTROYED


def against(house: House, list_id: UUID) -> dict[UUID, tuple[Caution, ...]]:
    """What stands against destroying letters of a list."""
    with house.real.reading.connect() as reader:
        today = house.clock.now().date()
        return dict(cautions.cautions_of(reader, house.ours["records"], disposal(house, list_id), today))


def unlisted(house: House) -> int:
    """How many letters are twenty years old and stand on no list."""
    with house.real.reading.connect() as reader:
        return cautions.twenty(reader, house.ours["records"], house.clock.now().date())


def test_whom_the_list_waits_for_is_told_until_he_has_done_his_part(house: House) -> None:
    def told() -> dict[str, str]:
        with house.real.reading.connect() as reader:
            lists = {who: listed(reader, house.ours[who], unread=True).items for who in PEOPLE}
        return {who: row.told["deed"] for who, rows in lists.items() for row in rows if row.about is About.DISPOSAL}

    entry = paper(house, "แจ้งผู้เกี่ยวข้อง")
    stored(house, entry)
    in_year(house, 2028)
    list_id = proposed(house, 2570)
    assert told() == {"head": "แต่งตั้งคณะกรรมการ"}
    considered(house, list_id)
    deed = "พิจารณาหนังสือในบัญชีในฐานะกรรมการ"
    assert told() == {"director": deed, "clerk": deed, "central_clerk": deed}
    agreed(house, list_id)
    assert told() == {"central_clerk": deed}
    destroying.report(house.office, actor=house.ours["director"], list_id=list_id)
    assert told() == {"head": "สั่งการตามรายงานของคณะกรรมการ"}
    destroying.decide(house.office, actor=house.ours["head"], list_id=list_id, kept={}, exempt="ข้อตกลง")
    assert told() == {"records": "กำหนดเจ้าหน้าที่ทำลาย"}
    records, two = house.ours["records"], people(house, "director", "clerk")
    destroying.name_officers(house.office, actor=records, list_id=list_id, officers=two, way="ย่อย")
    deed = "ยืนยันการทำลายในฐานะเจ้าหน้าที่ทำลาย"
    assert told() == {"director": deed, "clerk": deed}
    destroying.confirm(house.office, actor=house.ours["director"], list_id=list_id)
    assert told() == {"clerk": deed}
    destroying.confirm(house.office, actor=house.ours["clerk"], list_id=list_id)
    assert told() == {}


def test_a_list_that_is_given_up_lets_its_letters_wait_for_the_next(house: House) -> None:
    entry = paper(house, "ยกเลิก")
    stored(house, entry)
    in_year(house, 2028)
    list_id = proposed(house, 2570)
    destroying.cancel(house.office, actor=house.ours["records"], list_id=list_id, reason="สำรวจใหม่")

    assert disposal(house, list_id).state is DisposalState.CANCELLED
    assert len(disposal(house, proposed(house, 2570)).items) == 1
    assert sorted(row.serial for row in house.rows(disposal_lists)) == [1, 2]


def test_who_may_not_is_told_and_what_cannot_be_is_refused(house: House) -> None:
    entry = paper(house, "ตรวจสิทธิ")
    stored(house, entry)
    in_year(house, 2028)
    records = house.ours["records"]
    with pytest.raises(BadInput):
        destroying.propose(house.office, actor=records, year=2571)
    with pytest.raises(BadInput):
        destroying.propose(house.office, actor=records, year=2570, electronic=True)
    list_id = proposed(house, 2570)
    with pytest.raises(NotFound):
        destroying.report(house.office, actor=house.theirs["director"], list_id=list_id)
    stranger = house.theirs["clerk"].person_id
    assert stranger is not None
    with pytest.raises(BadInput):
        destroying.appoint(
            house.office,
            actor=house.ours["head"],
            list_id=list_id,
            members=[*people(house, "director", "clerk"), stranger],
            order="คำสั่ง",
        )
    considered(house, list_id)
    with pytest.raises(NotPermitted):
        opinion = Opinion([entry], Verdict.DESTROY)
        destroying.consider(house.office, actor=house.ours["head"], list_id=list_id, opinion=opinion)
    cleared(house, list_id)
    with pytest.raises(NotPermitted):
        destroying.confirm(house.office, actor=records, list_id=list_id)
    with pytest.raises(BadInput):
        opinion = Opinion([], Verdict.DESTROY)
        destroying.consider(house.office, actor=house.ours["director"], list_id=list_id, opinion=opinion)


def test_a_restored_backup_is_destroyed_again_by_the_list(either_house: House) -> None:
    house = either_house
    scan = PNG + b"comes back"
    entry = paper(house, "กลับมา", scan=scan)
    stored(house, entry)
    in_year(house, 2028)
    list_id = proposed(house, 2570)
    considered(house, list_id)
    cleared(house, list_id)
    carried_out(house, list_id)
    lines = list(destroyed_since(house.office))
    assert list(destroyed_since(house.office, house.clock.now())) == lines and len(lines) == 2
    listed = list(house.office.safe.destroyed.listed())
    assert [line.split()[0] for line in listed] == ["letter", "letter", "file"]
    _comes_back(house, entry, scan)

    assert house.office.safe.destroyed.apply(listed) == 1
    assert destroy_again(house.office, [*lines, ""]) == 0
    house.clock.pass_by(GRACE)  # its bytes were put here just now
    assert remove_files(house.office) == 1
    assert not house.office.blobs.has(Digest.of(scan))
    assert kept(house, entry).state is KeepingState.DESTROYED and len(house.rows(destroyed)) == 2
    with pytest.raises(BadInput):
        destroy_again(house.office, ["{}"])


def _comes_back(house: House, entry: EntryId, scan: bytes) -> None:
    """As after a restore: the file is there, the letter is stored, and nobody knows of the destruction."""
    house.office.blobs.keep(scan)
    with house.real.writing.begin() as connection:
        connection.execute(destroyed.delete())
        attachment = Attachment("scan.png", Role.ENCLOSURE, "image/png", len(scan), Digest.of(scan))
        write_files(connection, house.ours.agency.id, entry, [attachment])
    with house.office.uow() as uow:
        item = uow.keeping.items(house.ours.agency.id, [entry])[0]
        item.state = KeepingState.STORED
        uow.keeping.save(item)
        uow.commit()


@pytest.mark.parametrize("seed", [3, 14])
def test_whatever_is_shared_only_what_nothing_needs_is_gone(house: House, seed: int) -> None:
    chance = Random(seed)
    scans = [PNG + bytes([n]) for n in range(4)]
    having = {paper(house, f"ฉบับที่ {n}", scan=scan): scan for n in range(10) for scan in [chance.choice(scans)]}
    going = set(chance.sample(sorted(having), 6))
    held = chance.choice(sorted(going))
    stored(house, *sorted(going))
    archiving.place_hold(house.office, actor=house.ours["head"], entry_id=held, reason="คดี", order="หมาย ๑")
    in_year(house, 2028)
    list_id = proposed(house, 2570)
    considered(house, list_id)
    cleared(house, list_id)
    carried_out(house, list_id)

    staying = {scan for entry, scan in having.items() if entry not in going or entry == held}
    assert {scan for scan in scans if house.office.blobs.has(Digest.of(scan))} == staying
    named = {row.sha256 for row in house.rows(destroyed) if row.sha256}
    assert named == {Digest.of(scan) for scan in set(having.values()) - staying}
    assert remove_files(house.office) == 0
