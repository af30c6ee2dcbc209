"""Recall: what a plain scan of the letters finds, the search finds, and nothing else; and what is asked for by its
number comes first. Three hundred letters of real prose (that came in, some with an enclosure, our own, and lines of a
register), twenty thousand under `--full`."""

from __future__ import annotations

import csv
import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cached_property
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import Connection, insert

from saraban.domain.attachment import Attachment, Digest, Role
from saraban.domain.calendar import MONTHS
from saraban.domain.classification import Secrecy, Urgency
from saraban.domain.incoming import IncomingId, IncomingLetter, IncomingState
from saraban.domain.letter import Content, Letter, LetterId, LetterState
from saraban.domain.numbering import LetterNumber, arabic_digits, thai_digits
from saraban.domain.register import BookKind, EntryId, EntryState, RegisterEntry
from saraban.reading.asking import Narrow
from saraban.reading.search import look
from saraban.storage.tables.finding import file_texts
from saraban.storage.wanted import SHORTEST
from saraban.usecases.finding import TextWay
from tests.reading.office import NOW, YEAR, Office

ASSETS = Path(__file__).parents[1] / "assets"
SENDERS = ("กรมบัญชีกลาง", "สำนักงบประมาณ", "กรมส่งเสริมการปกครองท้องถิ่น", "กระทรวงสาธารณสุข", "จังหวัดเชียงราย", "สำนักงาน ก.พ.")
SHORT_MONTHS = ("ม.ค.", "ก.พ.", "มี.ค.", "เม.ย.", "พ.ค.", "มิ.ย.", "ก.ค.", "ส.ค.", "ก.ย.", "ต.ค.", "พ.ย.", "ธ.ค.")
REACHED = 500
NOT_NARROWED = Narrow()
URGENCIES = tuple(Urgency)


@dataclass(frozen=True)
class Made:
    """A letter as it was made, and all its text for the plain scan."""

    id: UUID
    number: str
    day: date
    subject: str
    sender: str
    body: str
    kind: str
    state: str
    urgency: str
    enclosed: str = ""
    also: str = ""

    @property
    def year(self) -> str:
        """The year by which answers are narrowed: that of the letter, or of its line in the register."""
        return str(YEAR if self.kind == "entry" else self.day.year + 543)

    @cached_property
    def text(self) -> str:
        """Everything in it, in one form: Arabic digits, small letters, one space, ำ in one piece."""
        parts = (self.number, self.subject, self.sender, self.body, written(self.day), self.enclosed, self.also)
        return plain(" ".join(parts))


Corpus = tuple[Office, list[Made]]


def plain(text: str) -> str:
    """The form of the plain scan, written without the product's help."""
    return " ".join(arabic_digits(text.replace("ํา", "ำ").replace("\u200b", "")).split()).lower()


def tight(text: str) -> str:
    """The same without any space."""
    return plain(text).replace(" ", "")


def written(day: date) -> str:
    """A day as letters write it."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year + 543}"


def real_numbers() -> list[str]:
    """Numbers as agencies wrote them."""
    with (ASSETS / "numbers" / "letter-numbers-seen.csv").open(encoding="utf-8") as file:
        return [row["number_as_written"] for row in csv.DictReader(file)]


def real_sentences() -> list[str]:
    """Pieces of real announcements, of 40 to 400 signs."""
    found = []
    for path in sorted((ASSETS / "thai" / "letters").glob("*.txt")):
        text = path.read_text(encoding="utf-8").split("\n", 1)[1]
        found += [
            piece.strip() for piece in re.split(r"\n|(?<=[ก-๛]) (?=[ก-๛])", text) if 12 <= len(piece.strip()) <= 400
        ]
    return found


@pytest.fixture
def corpus(office: Office, rounds: Callable[[int, int], int]) -> Corpus:
    """An office with so many letters that came in, all of them in the index; the same ones every time."""
    chance, numbers, sentences = random.Random(2569), real_numbers(), real_sentences()
    made: list[Made] = []
    for n in range(rounds(300, 20_000)):
        number = (
            numbers[n]
            if n < len(numbers)
            else f"{chance.choice(('กค', 'มท', 'ศธ', 'สธ'))} {chance.randint(1, 9999):04}/{n}"
        )
        day = date(2017, 1, 1) + timedelta(days=chance.randint(0, 3_500))
        body = "\n".join(chance.sample(sentences, 4))
        cited = chance.choice(made) if made and chance.random() < 0.3 else None
        if cited is not None:
            body += f"\nอ้างถึง หนังสือ ที่ {thai_digits(cited.number)} ลงวันที่ {thai_digits(written(cited.day))}"
        kind, state, also = "incoming", "registered" if n % 3 else "new", ""
        if n % 5 == 1:
            kind, state, also = "letter", "issued", f"{office.central.name} {office.central_clerk.name}"
        elif n % 5 == 2:
            kind, state, also = "entry", "registered", f"{n // 5 + 1}/{YEAR} {n // 5 + 1} {office.central.name}"
        made.append(
            Made(
                id=UUID(int=n + 1),
                number=number,
                day=day,
                subject=chance.choice(sentences)[:120],
                sender=chance.choice(SENDERS),
                body=body,
                kind=kind,
                state=state,
                urgency=URGENCIES[n % 4].value,
                enclosed=f"{chance.choice(sentences)} รายงาน{n}.pdf" if kind == "incoming" and n % 4 == 0 else "",
                also=also,
            )
        )
    _keep(office, made)
    office.catch_up()
    return office, made


def _keep(office: Office, made: list[Made]) -> None:
    """Put them where they belong: what came in with its enclosure, our own, and the lines of paper."""
    enclosed = {Digest.of(one.enclosed.encode()): one for one in made if one.enclosed}
    with office.engine.begin() as connection:
        rows = [
            {"sha256": digest, "way": TextWay.WORDS, "text": one.enclosed.rpartition(" ")[0], "scanned": ""}
            for digest, one in enclosed.items()
        ]
        connection.execute(insert(file_texts), rows)
    with office.uow() as uow:
        for n, one in enumerate(made):
            if one.kind == "incoming":
                uow.incoming.add(_came_in(office, one, NOW + timedelta(minutes=n)))
            elif one.kind == "letter":
                uow.letters.add(_our_own(office, one, NOW + timedelta(minutes=n)))
            else:
                book, serial = uow.registers.take(office.agency.id, BookKind.RECEIVING, None, YEAR)
                assert one.also.startswith(f"{serial}/")
                uow.registers.enter(_line(office, one, book, serial))
        uow.commit()


def _came_in(office: Office, one: Made, at: datetime) -> IncomingLetter:
    digest, name = Digest.of(one.enclosed.encode()), one.enclosed.rpartition(" ")[2]
    return IncomingLetter(
        id=IncomingId(one.id),
        agency_id=office.agency.id,
        unit_id=office.central.id,
        state=IncomingState(one.state),
        received_at=at,
        raw_sha256=Digest.of(b"x"),
        message_id=f"<{one.id}@x.example>",
        from_mailbox="saraban@x.example",
        from_code="x",
        from_name=one.sender,
        number=one.number,
        number_date=one.day,
        subject=one.subject,
        urgency=Urgency(one.urgency),
        text=one.body,
        files=[Attachment(name, Role.ENCLOSURE, "application/pdf", 10, digest)] if one.enclosed else [],
    )


def _our_own(office: Office, one: Made, at: datetime) -> Letter:
    by = office.central_clerk
    assert by.person_id is not None
    return Letter(
        id=LetterId(one.id),
        agency_id=office.agency.id,
        unit_id=office.central.id,
        drafter_id=by.person_id,
        drafter_name=by.name,
        content=Content(
            subject=one.subject,
            addressed_to=one.sender,
            body=one.body,
            recipients=("x",),
            secrecy=Secrecy.OPEN,
            urgency=Urgency(one.urgency),
        ),
        created_at=at,
        updated_at=at,
        state=LetterState.DISPATCHED,
        number=one.number,
        number_date=one.day,
    )


def _line(office: Office, one: Made, book: UUID, serial: int) -> RegisterEntry:
    return RegisterEntry(
        id=EntryId(one.id),
        agency_id=office.agency.id,
        book_id=book,
        kind=BookKind.RECEIVING,
        year=YEAR,
        serial=serial,
        state=EntryState.USED,
        subject_of=None,
        number=one.number,
        letter_date=one.day,
        sender=one.sender,
        addressee="",
        subject=one.subject,
        practice="",
        note=one.body,
        urgency=Urgency(one.urgency),
        secrecy=Secrecy.OPEN,
        unit_id=office.central.id,
        at=NOW + timedelta(seconds=serial),
        entered_by=office.central_clerk.name,
    )


def found_by(reader: Connection, office: Office, q: str, narrow: Narrow | None = None) -> list[UUID]:
    """Everything that the pages of the search show, in their order."""
    found: list[UUID] = []
    while True:
        page = look(reader, office.central_clerk, q, narrow=narrow, offset=len(found), limit=200)
        found += [hit.id for hit in page.hits]
        if not page.more or len(found) >= REACHED:
            return found


WORDS = (
    # A short word inside a run of Thai, a long one, one that stands alone.
    "ยา", "ค่ายา", "รูมาติก", "จอประสาทตา", "วุ้นตา", "บำนาญ", "มิจฉาชีพ", "เงินกู้", "จัดซื้อจัดจ้าง", "พัสดุ", "น้ำท่วม",
    "ทดรองราชการ", "ค่าจ้างประจำ", "สวัสดิการ", "ข้อเข่าเสื่อม", "ลายมือชื่ออิเล็กทรอนิกส์", "รถไฟฟ้า", "ไซเบอร์", "ปลอม", "โควิด",
    "สถาบันการเงิน", "ท้องถิ่น", "ตลอดชีวิต", "รายงานการเงิน", "เบิกจ่ายตรง", "ผู้ป่วยนอก", "ข้าราชการ", "มหาวิทยาลัย", "โรงงาน",
    # Latin letters in any case, digits of both kinds, an old way of writing ำ, signs of a query language.
    "google chrome", "GFMIS", "e-Payroll", "antigen test kit", "๑๕๗,๐๐๐ ล้านบาท", "157,000", "๒๕๖๒", "ให้ความสําคัญ",
    "ร้อยละ 64.64", "100%", "จำกัด", "พ.ร.บ.", "(อว.)", "แบบ 7127",
    # Several words, in any order; a sender; an abbreviation.
    "ยา ผู้ป่วย", "ผู้ป่วย ยา โรค", "งบประมาณ เชียงราย", "กรมบัญชีกลาง ยา", "สำนักงบประมาณ โควิด", "ก.พ.", "ธปท.", "พกส.",
    "กรมส่งเสริมการปกครองท้องถิ่น ท้องถิ่น", "คำที่ไม่มีใครเขียนไว้เลย",
)  # fmt: skip
NUMBERS = (
    "กค(กวจ)0405.2/ว198", "กค (กวจ) ๐๔๐๕.๒/ว ๑๙๘", "กค (กวจ) 0405.2 / ว 89", "กค(กนบ) 1405.2/ว410", "กค 0416.4/ว150",
    "กค 0402.5/ว 318", "กค๐๔๑๖.๔/ว๑๕๐", "กค (กวจ) 0405.3/ว 350", "กค 0209.2/1505", "กค 0410.4/๒๘๘๒",
)  # fmt: skip
PARTS = ("0405.2/ว198", "ว 198", "ว๑๙๘", "0405.2/ว", "กค(กวจ)")


UNDER = {
    "กรมบัญชีกลาง": ("กค", "04"),
    "กรมส่งเสริมการปกครองท้องถิ่น": ("มท", "08"),
    "สำนักงบประมาณ": ("นร", "07"),
    "เชียงราย": ("ชร", ""),
}


def has(words: str) -> Callable[[Made], bool]:
    """Every word stands somewhere in the letter; a year in either era. What an agency is called also means what is
    numbered under its letters."""
    ways = [
        {word, str(int(word) - 543)} if re.fullmatch("25[0-9]{2}", word) else {word} for word in plain(words).split()
    ]
    return lambda letter: all(any(way in letter.text or is_under(way, letter.number) for way in one) for one in ways)


def is_under(name: str, number: str) -> bool:
    """Has the agency of this name given the number, with a committee or without?"""
    return name in UNDER and re.match(r"{}(\([^)]*\))?{}".format(*UNDER[name]), tight(number)) is not None


def everything_is_found(
    reader: Connection,
    office: Office,
    asked: str,
    expected: list[Made],
    narrow: Narrow = NOT_NARROWED,
    splits: Sequence[str] = ("year", "state", "urgency"),
    most: int = REACHED,
) -> None:
    """These and nothing else are the answers. A list of answers has an end: what is too much for one is asked for in
    parts, each of a year, a state, an urgency."""
    if len(expected) > most:
        name, *rest = splits
        for value in sorted({getattr(letter, name) for letter in expected}):
            part = [letter for letter in expected if getattr(letter, name) == value]
            everything_is_found(reader, office, asked, part, replace(narrow, **{name: value}), rest, most)
        return
    found, wanted = found_by(reader, office, asked, narrow), {letter.id for letter in expected}
    assert len(found) == len(set(found)), asked
    missing = wanted - set(found)
    assert not missing, (asked, narrow, [letter.text for letter in expected if letter.id in missing][:1])
    assert set(found) == wanted, (asked, narrow)


def words_are_found_as_by_a_plain_scan(reader: Connection, office: Office, made: list[Made]) -> None:
    """What a plain scan finds is found, and nothing else."""
    for asked in WORDS:
        expected = {letter.id for letter in made if has(asked)(letter)}
        if len(expected) > REACHED:
            assert {hit.id for hit in look(reader, office.central_clerk, asked, limit=20).hits} <= expected, asked
            if min(map(len, asked.split())) < SHORTEST:
                continue  # so short a word is looked for in the latest letters alone, and the screen says so
        everything_is_found(reader, office, asked, [letter for letter in made if letter.id in expected])

    for asked in PARTS:
        expected = {letter.id for letter in made if tight(asked) in tight(letter.number)}
        assert expected <= set(found_by(reader, office, asked)), asked


def a_number_in_any_writing_comes_first(reader: Connection, office: Office, made: list[Made]) -> None:
    """Before the letters that name it, which are found too."""

    for asked in NUMBERS:
        same = {
            letter.id for letter in made if str(LetterNumber.parse(letter.number)) == str(LetterNumber.parse(asked))
        }
        naming = {letter.id for letter in made if tight(asked) in tight(letter.body)}
        found = found_by(reader, office, asked)
        assert same, asked
        assert set(found[: len(same)]) == same, asked
        assert same | naming <= set(found), asked


def a_day_is_found_in_every_writing_and_era(reader: Connection, office: Office, made: list[Made]) -> None:
    """Its own day, and days in the text."""
    for letter in made[:200:50]:
        day, month = letter.day, letter.day.month - 1
        expected = {one.id for one in made if one.day == day}
        expected |= {one.id for one in made if re.search(rf"(?<![0-9]){re.escape(written(day))}", one.text)}
        plainly = set(found_by(reader, office, written(day)))
        assert expected <= plainly, day  # a text may write the day in yet another way
        for asked in (
            thai_digits(written(day)),
            f"{day.day} {SHORT_MONTHS[month]} {day.year + 543}",
            day.isoformat(),
            f"{day.day}/{day.month}/{day.year + 543}",
            f"{day.day} {MONTHS[month]} {day.year}",
        ):
            assert set(found_by(reader, office, asked)) == plainly, asked


def answers_are_narrowed(reader: Connection, office: Office, made: list[Made]) -> None:
    """By year, state, agency and register."""
    fresh = {letter.id for letter in made if letter.state == "new" and "โควิด" in letter.text}
    by_sender = {letter.id for letter in made if letter.sender == "สำนักงบประมาณ" and "โควิด" in letter.text}

    patients = [letter for letter in made if "ผู้ป่วย" in letter.text]
    everything_is_found(reader, office, "ผู้ป่วย", patients, most=REACHED if len(made) > 2_000 else 60)
    assert set(found_by(reader, office, "โควิด", Narrow(state="new"))) == fresh
    assert set(found_by(reader, office, "โควิด", Narrow(agency="งบประมาณ"))) == by_sender
    own = {letter.id for letter in made if letter.kind == "letter" and letter.year == "2563"}
    assert set(found_by(reader, office, "", Narrow(year="2563", book="sending"))) == own
    with_files = {letter.id for letter in made if letter.enclosed and letter.year == "2563"}
    assert set(found_by(reader, office, "", Narrow(year="2563", enclosure="yes"))) == with_files


def a_slip_leads_to_what_was_meant(reader: Connection, office: Office, made: list[Made]) -> None:
    """And the answer says so."""
    for slip, right in (("รูมาติค", "รูมาติก"), ("จอประสาตตา", "จอประสาทตา"), ("มิจฉาชีำพ", "มิจฉาชีพ"), ("ไซเบอร", "ไซเบอร")):
        answer = look(reader, office.central_clerk, slip)
        assert answer.hits, slip
        assert answer.meant == (() if slip == right else ((slip, right),))


@pytest.mark.torture
def test_what_a_plain_scan_finds_is_found_whatever_is_asked(corpus: Corpus, reader: Connection) -> None:
    office, made = corpus
    assert len(WORDS) + len(NUMBERS) + len(PARTS) >= 60

    for check in (
        words_are_found_as_by_a_plain_scan,
        a_number_in_any_writing_comes_first,
        a_day_is_found_in_every_writing_and_era,
        answers_are_narrowed,
        a_slip_leads_to_what_was_meant,
    ):
        check(reader, office, made)
