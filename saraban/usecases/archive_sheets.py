"""Lists of the archive on paper: what stands in the columns of forms 19, 20, 23, 24 and 25, and in records of
destructions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from saraban.domain.agency import ListHead, PersonId
from saraban.domain.calendar import long_date, office_date, office_time
from saraban.domain.deposit import DepositLine, DepositList
from saraban.domain.disposal import DisposalList, DisposalState
from saraban.domain.disposal_caution import Caution
from saraban.domain.disposal_item import DisposalItem, Officer, Outcome, Verdict
from saraban.domain.handover import HandoverKind, HandoverList
from saraban.domain.loan import Loan
from saraban.domain.retention import Term
from saraban.domain.storing import StoringList
from saraban.usecases.archive_press import ArchiveForm, ArchiveSheet, KeepingMark, Signer
from saraban.usecases.ports import Services


@dataclass(frozen=True)
class StoredLine:
    """A line of ทะเบียนหนังสือเก็บ as it is printed."""

    serial: int
    on: date | None
    register_number: str
    number: str
    subject: str
    file_code: str
    mark: str
    note: str = ""


def storing_pdf(office: Services, *, head: ListHead, made: StoringList) -> bytes:
    """บัญชีหนังสือส่งเก็บ (form 19)."""
    rows = [
        (str(n), one.number, _day(one.letter_date), one.subject, one.term, one.note)
        for n, one in enumerate(made.lines, start=1)
    ]
    signers = (Signer("ผู้ส่ง", made.made_by, made.made_title), Signer("ผู้รับ", made.settled_by, made.settled_title))
    sheet = ArchiveSheet(
        *(ArchiveForm.STORING, head.agency, made.unit_name, 0, office_date(made.made_at), rows), signers=signers
    )
    return office.papers.archive_list(sheet)


def register_pdf(office: Services, *, head: ListHead, year: int, lines: Iterable[StoredLine]) -> bytes:
    """ทะเบียนหนังสือเก็บ (form 20) of a Buddhist year."""
    rows = [
        (str(one.serial), _day(one.on), one.register_number, one.number, one.subject, one.file_code, one.mark, one.note)
        for one in lines
    ]
    today = office_date(office.clock.now())
    return office.papers.archive_list(ArchiveSheet(ArchiveForm.STORE_REGISTER, head.agency, "", year, today, rows))


def deposit_pdf(office: Services, *, head: ListHead, made: DepositList) -> bytes:
    """บัญชีฝากหนังสือ (form 23); what its owner took back says so."""
    rows = [(*_columns(n, one), _back(one)) for n, one in enumerate(made.lines, start=1)]
    signers = (Signer("ผู้ฝาก", made.made_by, made.made_title), Signer("ผู้รับฝาก", made.acceptor, made.acceptor_title))
    day = office_date(made.made_at)
    sheet = ArchiveSheet(
        *(ArchiveForm.DEPOSIT, head.agency, made.unit_name, made.year, day, rows),
        told=[f"ฝากไว้กับ{made.keeper.thai}"],
        signers=signers,
        ministry=head.ministry,
    )
    return office.papers.archive_list(sheet)


def _back(one: DepositLine) -> str:
    back = f"คืนเมื่อ {long_date(one.back_on)} {one.evidence}" if one.back_on else ""
    return " ".join(filter(None, (one.note, back)))


def card_pdf(office: Services, *, head: ListHead, lines: Iterable[tuple[Loan, str]], year: int = 0) -> bytes:
    """บัตรยืมหนังสือ (form 24) with these loans, each with what its letter is called: the card that stands in the place of
    one letter, or the register of a year. Blank is left for the hand that signs for it."""
    rows = [
        (
            f"{words}\nบัตรที่ {loan.number} นำไปใช้ในราชการ: {loan.purpose}",
            f"{loan.borrower}\n{loan.borrower_title}\n{loan.borrower_unit}",
            f"ลงชื่อ {'.' * 28}\n({loan.receiver or loan.borrower})\n{loan.receiver_title or loan.borrower_title}",
            *(_day(loan.lent_on), _day(loan.due_on), loan.returned_by, _day(loan.returned_on)),
        )
        for loan, words in lines
    ]
    today = office_date(office.clock.now())
    return office.papers.archive_list(ArchiveSheet(ArchiveForm.LOAN_CARD, head.agency, "", year, today, rows))


def disposal_pdf(
    office: Services, *, head: ListHead, made: DisposalList, cautions: Mapping[UUID, Sequence[Caution]]
) -> bytes:
    """บัญชีหนังสือขอทำลาย (form 25) as it stands: what the committee found, with every dissent, and what stands against
    destroying a letter."""
    rows = [
        (*_columns(n, one), one.consideration, _remark(one, cautions.get(one.entry_id, ())))
        for n, one in enumerate(made.items, start=1)
    ]
    told = [f"บัญชี{made.of}"]
    told += [f"คำสั่งแต่งตั้งคณะกรรมการ {made.order}"] if made.order else []
    told += [f"ความจำเป็นที่ขอทำลายหนังสืออิเล็กทรอนิกส์ {made.need}"] if made.need else []
    told += _report(made)
    told += [
        f"ความเห็นแย้ง ลำดับที่ {n} {dissent.name}: {dissent.reason}"
        for n, one in enumerate(made.items, start=1)
        for dissent in one.dissents
    ]
    told += _order(made)
    ordered = Signer("ผู้สั่งการ", made.decided_by, made.decided_title, _since("สั่งการในระบบ", made.decided_at))
    sheet = ArchiveSheet(
        *(ArchiveForm.DISPOSAL, head.agency, head.unit, made.year, office_date(made.proposed_at), rows),
        told=told,
        signers=[
            Signer("ผู้จัดทำ", made.proposed_by, made.proposed_title, _since("จัดทำในระบบ", made.proposed_at)),
            *_committee(made, "ยืนยันในระบบ", made.agreed),
            *([ordered] if made.decided_by else []),
        ],
        ministry=head.ministry,
    )
    return office.papers.archive_list(sheet)


def _committee(made: DisposalList, words: str = "", agreed: Sequence[PersonId] = ()) -> list[Signer]:
    """The committee, its chair first; of those who `agreed`, since when."""
    parts = ["ประธานกรรมการ", *["กรรมการ"] * len(made.committee)]
    return [
        Signer(part, one.name, one.title, _since(words, one.at) if one.person_id in agreed else "")
        for part, one in zip(parts, made.committee, strict=False)
    ]


def _report(made: DisposalList) -> list[str]:
    """The committee's report to the head (clause 68.4)."""
    if made.reported_at is None:
        return []
    destroy = sum(one.verdict is Verdict.DESTROY for one in made.items)
    dissents = sum(len(one.dissents) for one in made.items)
    told = (
        f"รายงานของคณะกรรมการ (ข้อ 68) เมื่อ{_moment(made.reported_at)}",
        f"เห็นควรทำลาย {destroy:,} ฉบับ ขยายเวลาการเก็บ {len(made.items) - destroy:,} ฉบับ",
        f"กรรมการยืนยัน {len(made.agreed)} จาก {len(made.committee)} คน",
        f"มีความเห็นแย้ง {dissents:,} ข้อ" if dissents else "ไม่มีความเห็นแย้ง",
    )
    return [" ".join(told)]


def _order(made: DisposalList) -> list[str]:
    """The head's order (clause 69), and what became of the list at the National Archives."""
    if made.decided_at is None:
        return []
    longer = sum(one.verdict is Verdict.EXTEND for one in made.items)
    waiting = [str(n) for n, one in enumerate(made.items, start=1) if one.outcome is Outcome.NEXT_ROUND]
    destroy = len(made.items) - longer - len(waiting)
    told = [f"คำสั่งของ{made.decided_by} {made.decided_title} (ข้อ 69) เมื่อ{_moment(made.decided_at)}"]
    told += [f"ให้ทำลาย {destroy:,} ฉบับ" if destroy else "ไม่มีฉบับที่ให้ทำลาย"]
    told += [f"ขยายเวลาการเก็บตามที่คณะกรรมการเสนอ {longer:,} ฉบับ"] if longer else []
    if waiting:
        told += [f"ให้เก็บไว้ถึงการสำรวจคราวต่อไป {len(waiting):,} ฉบับ ลำดับที่ {', '.join(waiting)}"]
    return [" ".join(told), *filter(None, [_archives(made)])]


def _since(words: str, at: datetime | None) -> str:
    return f"{words} {_moment(at)}" if at else ""


def _moment(at: datetime) -> str:
    return f"วันที่ {long_date(office_date(at))} เวลา {office_time(at):%H.%M} น."


def destruction_pdf(office: Services, *, head: ListHead, made: DisposalList) -> bytes:
    """The record of a destruction (clause 68.5): what went, what stayed and why, by whose order, who carried it out and
    when each confirmed it. The committee that supervised it signs jointly, to the head who ordered it."""
    rows = [(*_columns(n, one), one.told, one.why) for n, one in enumerate(made.items, start=1)]
    gone = sum(one.outcome is Outcome.DESTROYED for one in made.items)
    alone = sum(one.outcome is Outcome.DESTROYED and one.paper_alone for one in made.items)
    of = f"จาก {len(made.items):,} ฉบับในบัญชี"
    told = [
        f"เสนอ {made.decided_by} {made.decided_title} ผู้สั่งการ" if made.decided_by else "",
        f"ทำลาย{made.of}แล้ว {gone:,} ฉบับ {of} โดยวิธี{made.way}" if gone else f"ไม่มีฉบับใดถูกทำลาย {of}",
        f"ในจำนวนนี้ทำลายเฉพาะฉบับกระดาษ {alone:,} ฉบับ ฉบับอิเล็กทรอนิกส์เก็บต่อ" if alone else "",
        _by_order(made),
        "คณะกรรมการทำลายหนังสือควบคุมการทำลายและลงชื่อร่วมกัน (ข้อ 68)",
    ]
    done = office_date(made.done_at or made.proposed_at)
    sheet = ArchiveSheet(
        *(ArchiveForm.DESTRUCTION, head.agency, head.unit, made.year, done, rows),
        told=[words for words in told if words],
        signers=[
            *(Signer("ผู้ทำลาย", one.name, one.title, _confirmed(made, one)) for one in made.officers),
            *_committee(made),
        ],
        ministry=head.ministry,
    )
    return office.papers.archive_list(sheet)


def mark_pdf(office: Services, *, term: Term) -> bytes:
    """ตรากำหนดเก็บหนังสือ to be stuck on the first sheet."""
    return office.papers.keeping_mark(term.thai, forever=term.forever)


def storing_marks_pdf(office: Services, *, made: StoringList) -> bytes:
    """The marks of all letters of a list of form 19, which the keeper initials (clause 55.1)."""
    forever = Term(forever=True).thai
    marks = [
        KeepingMark(one.term, one.term == forever, _letter(n, one.number, one.letter_date))
        for n, one in enumerate(made.lines, start=1)
        if one.term
    ]
    return office.papers.keeping_marks(marks, "เจ้าหน้าที่เก็บ")


def corrected_marks_pdf(office: Services, *, made: DisposalList) -> bytes:
    """The corrected marks of the letters of a list of form 25 that are kept longer, which the chair of the committee
    initials (clause 68.2)."""
    marks = [
        KeepingMark(one.term.thai, one.term.forever, _letter(n, one.number, one.letter_date))
        for n, one in enumerate(made.items, start=1)
        if one.longer
    ]
    return office.papers.keeping_marks(marks, "ประธานกรรมการ")


def _letter(n: int, number: str, day: date | None) -> str:
    told = (f"ลำดับที่ {n}", f"ที่ {number}" if number else "", f"ลงวันที่ {long_date(day)}" if day else "")
    return " ".join(filter(None, told))


def _confirmed(made: DisposalList, one: Officer) -> str:
    return _since("ยืนยันในระบบ", one.at) if one.person_id in made.confirmed else ""


def _by_order(made: DisposalList) -> str:
    told = f"ตามคำสั่งของ{made.decided_by} {made.decided_title}" if made.decided_by else ""
    return " ".join(filter(None, (told, _archives(made))))


def _archives(made: DisposalList) -> str:
    """What the National Archives had to do with it."""
    if made.exempt:
        return f"ไม่ต้องส่งบัญชีให้หอจดหมายเหตุแห่งชาติตาม{made.exempt}"
    if made.sent_on is None:
        return ""
    told = f"ส่งบัญชีตามหนังสือ {made.sent_number} วันที่ {long_date(made.sent_on)}"
    if made.answered_on:
        return f"{told} หอจดหมายเหตุแห่งชาติตอบตามหนังสือ {made.answer_number} วันที่ {long_date(made.answered_on)}"
    silent = made.state in (DisposalState.CLEARED, DisposalState.DONE)
    return f"{told} หอจดหมายเหตุแห่งชาติไม่ตอบภายใน 60 วัน ถือว่าเห็นชอบ (ข้อ 70.1)" if silent else told


def _columns(n: int, one: DisposalItem | DepositLine) -> tuple[str, ...]:
    return (str(n), one.file_code, one.number, _day(one.letter_date), one.register_number, one.subject)


def _remark(one: DisposalItem, cautions: Sequence[Caution]) -> str:
    dissents = f"มีความเห็นแย้ง {len(one.dissents)}" if one.dissents else ""
    return " ".join(filter(None, (one.note, *(caution.thai for caution in cautions), dissents, one.why)))


def _day(day: date | None) -> str:
    return long_date(day) if day else ""


_HANDOVER = {
    HandoverKind.TRANSFER: (ArchiveForm.TRANSFER, "ผู้มอบ", "ผู้รับมอบ"),
    HandoverKind.OWN: (ArchiveForm.OWN_KEEPING, "ผู้ขอเก็บ", "ผู้รับบัญชี"),
}


def handover_pdf(office: Services, *, head: ListHead, made: HandoverList) -> bytes:
    """A list of form 21 or 22."""
    form, giver, taker = _HANDOVER[made.kind]
    rows = []
    for n, one in enumerate(made.items, start=1):
        first = (str(n), one.file_code, one.number, _day(one.letter_date))
        register = () if form is ArchiveForm.OWN_KEEPING else (one.register_number,)
        rows.append((*first, *register, one.subject, one.note))
    signers = (Signer(giver, made.handed_by, made.handed_title), Signer(taker, made.receiver))
    day = made.handed_on or office_date(made.drawn_at)
    told = ["หนังสือที่สำนักหอจดหมายเหตุแห่งชาติให้ส่งมอบเมื่อพิจารณาบัญชีหนังสือขอทำลาย (ข้อ ๗๐)"] if made.asked else []
    owner = (head.agency, head.unit)
    sheet = ArchiveSheet(form, *owner, made.year, day, rows, told=told, signers=signers, ministry=head.ministry)
    return office.papers.archive_list(sheet)
