"""Borrowing and depositing for programs (clauses 60 and 62 to 64)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from marshmallow import Schema, fields

from saraban import doorway
from saraban.api import shapes as s
from saraban.api import showing
from saraban.api.archive import KeepingWhyForm
from saraban.api.downloads import send_bytes
from saraban.api.fields import Choice, Day, Form, Identity, Text
from saraban.api.forms import CursorQuery
from saraban.api.gate import section, told
from saraban.api.repeating import Json, once_done, once_made
from saraban.domain.calendar import office_date
from saraban.domain.deposit import DepositKeeper, DepositList, DepositState
from saraban.domain.loan import Borrower, LoanState
from saraban.domain.register import EntryId
from saraban.doorway import archive_papers
from saraban.reading import archive as kept_rows
from saraban.reading import lending as rows
from saraban.reading.scope import MASKED
from saraban.usecases import archive_sheets, depositing, lending
from saraban.usecases.ports import Services

api = section("loans", "การยืมและการฝากหนังสือ (แบบที่ ๒๓ และ ๒๔ ข้อ ๖๐ และ ๖๒ ถึง ๖๔)")


class LoanForm(Form):
    """What is asked for. With `agency` somebody of another agency borrows, by its letter."""

    entry = Identity(required=True)
    purpose = Text(most=500, line=False, required=True, metadata={"description": "นำไปใช้ในราชการใด"})
    due_on = Day(required=True)
    evidence = Text(most=500, load_default="", metadata={"description": "หนังสือขอยืม หรือผู้มอบหมายและคำสั่ง"})
    agency = Text(most=500, load_default="", metadata={"description": "ส่วนราชการผู้ยืม ไม่ส่งคือผู้เรียกยืมเอง"})
    borrower = Text(most=500, load_default="")
    title = Text(most=500, load_default="")


class LoanQuery(CursorQuery):
    """Which loans."""

    show = Choice(rows.Shown, load_default="open")


class LendForm(Form):
    """Who fetches it, when it is not the borrower."""

    receiver = Text(most=200, load_default="")
    title = Text(most=500, load_default="")


class LoanBackForm(Form):
    """Who brings it, when it is not the borrower."""

    returner = Text(most=200, load_default="")


class LoanDayForm(Form):
    """A later day."""

    due_on = Day(required=True)


class DepositForm(Form):
    """Letters of one unit that are left with an archive."""

    entries = fields.List(Identity(), required=True)
    keeper = Choice(DepositKeeper, required=True)


class AcceptForm(Form):
    """Who signed for the National Archives, and when."""

    acceptor = Text(most=200, load_default="")
    title = Text(most=500, load_default="")
    on = Day(load_default=None)


class DepositBackForm(Form):
    """What the depositor takes back."""

    entries = fields.List(Identity(), required=True)
    evidence = Text(most=200, required=True)


class LoanShape(Schema):
    """A loan."""

    id = s.identity()
    entry = s.identity()
    number = s.text("1/2569", "เลขที่บัตรยืม")
    subject = s.text("ขอความอนุเคราะห์วิทยากร")
    state = s.one_of(LoanState)
    borrower = s.text("นายสมชาย ดีมาก")
    title = s.text("ผู้อำนวยการกองกฎหมาย")
    unit = s.text("กองกฎหมาย", "หน่วยงาน หรือส่วนราชการอื่นที่ยืม")
    purpose = s.text("ประกอบการพิจารณาคดีปกครอง")
    electronic = s.true("อ่านในระบบ")
    due_on = s.day()
    late = s.whole(0)
    lent_on = s.day(none=True)
    receiver = s.text("นายรับ แทน")
    called = s.whole(0)
    returned_on = s.day(none=True)
    returned_by = s.text("")
    reason = s.text("", "เหตุผลที่ไม่อนุญาต")


class LoanList(Schema):
    """Loans."""

    items = s.many(LoanShape)
    next = s.text(none=True)


class DepositLineShape(Schema):
    """A line of form 23."""

    entry = s.identity()
    number = s.text("กค 0408/77")
    subject = s.text("แผนแม่บท")
    back_on = s.day(none=True)
    evidence = s.text("")


class DepositShape(Schema):
    """A list of form 23."""

    id = s.identity()
    number = s.text("1/2569")
    unit = s.text("กองกฎหมาย")
    keeper = s.one_of(DepositKeeper)
    state = s.one_of(DepositState)
    acceptor = s.text("นางรับ ฝากไว้")
    accepted_on = s.day(none=True)
    reason = s.text("")
    lines = s.many(DepositLineShape)


class DepositLists(Schema):
    """Lists of form 23."""

    items = s.many(DepositShape)
    next = s.text(none=True)


@api.get("/loans")
@told("การยืมหนังสือ", "ของผู้เรียกและของหน่วยงาน หรือทั้งหมดสำหรับนายทะเบียน สารบรรณกลาง และหัวหน้าส่วนราชการ")
@api.takes(LoanQuery, location="query")
@api.gives(200, LoanList)
def loans(query: Json) -> Json:
    """List loans."""
    shown = rows.Shown(query.pop("show"))
    return showing.page(rows.loans(doorway.reader(), doorway.actor(), shown, _today(), **query), _shown)


@api.post("/loans")
@told("ขอยืมหนังสือ", "ผู้ยืมต้องเป็นหัวหน้าหรือผู้ได้รับมอบหมาย บุคคลภายนอกยืมไม่ได้")
@api.takes(LoanForm)
@api.gives(201, LoanShape)
def ask(sent: Json) -> Any:
    """Ask for a letter."""
    who, entry = doorway.actor(), EntryId(sent["entry"])
    other = Borrower(sent["borrower"], sent["title"], sent["agency"]) if sent["agency"] else None
    said = lending.Asked(sent["purpose"], sent["due_on"], sent["evidence"])
    return once_made(lambda o: lending.ask(o, actor=who, entry_id=entry, asked=said, borrower=other), _loan)


@api.get("/loans/<uuid:loan_id>")
@told("การยืมหนึ่งรายการ")
@api.gives(200, LoanShape)
def loan(loan_id: UUID) -> Json:
    """Show a loan."""
    return _loan(loan_id)


@api.post("/loans/<uuid:loan_id>/permit")
@told("อนุญาตให้ยืม", "ผู้อำนวยการของหน่วยงานเจ้าของเรื่องหรือหัวหน้าส่วนราชการ ชั้นความลับเฉพาะหัวหน้าส่วนราชการ")
@api.gives(200, LoanShape)
def permit(loan_id: UUID) -> Any:
    """Let it be borrowed."""
    return _deed(loan_id, lending.permit)


@api.post("/loans/<uuid:loan_id>/refuse")
@told("ไม่อนุญาตให้ยืม", "พร้อมเหตุผล")
@api.takes(KeepingWhyForm)
@api.gives(200, LoanShape)
def refuse(sent: Json, loan_id: UUID) -> Any:
    """Do not let it be borrowed."""
    return _deed(loan_id, lending.refuse, **sent)


@api.post("/loans/<uuid:loan_id>/withdraw")
@told("ยกเลิกคำขอยืม")
@api.gives(200, LoanShape)
def withdraw(loan_id: UUID) -> Any:
    """Give up asking."""
    return _deed(loan_id, lending.withdraw)


@api.post("/loans/<uuid:loan_id>/lend")
@told("จ่ายหนังสือให้ผู้ยืม", "เจ้าหน้าที่ผู้เก็บ หนังสืออิเล็กทรอนิกส์ผู้ยืมอ่านได้ตั้งแต่นี้ถึงกำหนด")
@api.takes(LendForm)
@api.gives(200, LoanShape)
def lend(sent: Json, loan_id: UUID) -> Any:
    """Give it out."""
    return _deed(loan_id, lending.lend, **sent)


@api.post("/loans/<uuid:loan_id>/renew")
@told("ต่อเวลายืม")
@api.takes(LoanDayForm)
@api.gives(200, LoanShape)
def renew(sent: Json, loan_id: UUID) -> Any:
    """Let it be kept longer."""
    return _deed(loan_id, lending.renew, **sent)


@api.post("/loans/<uuid:loan_id>/call")
@told("ทวงถามหนังสือที่ยืม", "วันละครั้ง ผู้ยืมได้รับแจ้ง")
@api.gives(200, LoanShape)
def call(loan_id: UUID) -> Any:
    """Ask for it back."""
    return _deed(loan_id, lending.call)


@api.post("/loans/<uuid:loan_id>/return")
@told("รับคืนหนังสือที่ยืม")
@api.takes(LoanBackForm)
@api.gives(200, LoanShape)
def take_back(sent: Json, loan_id: UUID) -> Any:
    """Take it back."""
    return _deed(loan_id, lending.take_back, **sent)


@api.get("/entries/<uuid:entry_id>/loan-card")
@told("บัตรยืมหนังสือเป็น PDF", "แบบที่ ๒๔")
@api.gives_bytes("application/pdf")
def card(entry_id: UUID) -> Any:
    """Print the card of a letter."""
    reader, who = doorway.reader(), doorway.actor()
    line = kept_rows.kept_line(reader, who, entry_id).line
    lines = [(one.loan, f"{line.number} {line.subject}".strip()) for one in rows.card(reader, who, entry_id)]
    pdf = archive_sheets.card_pdf(doorway.services(), head=archive_papers.list_head(), lines=lines)
    return send_bytes(pdf, "application/pdf", "บัตรยืมหนังสือ.pdf")


@api.get("/deposits")
@told("บัญชีฝากหนังสือ", "แบบที่ ๒๓")
@api.takes(CursorQuery, location="query")
@api.gives(200, DepositLists)
def deposits(query: Json) -> Json:
    """List the lists of form 23."""
    return showing.page(rows.deposits(doorway.reader(), doorway.actor(), **query), _list)


@api.post("/deposits")
@told("จัดทำบัญชีฝากหนังสือ", "หนังสือที่เสร็จแล้วของหน่วยงานเดียวกัน ยังเป็นของหน่วยงานผู้ฝาก")
@api.takes(DepositForm)
@api.gives(201, DepositShape)
def draw(sent: Json) -> Any:
    """Draw up a list of form 23."""
    who, keeper = doorway.actor(), DepositKeeper(sent["keeper"])
    chosen = [EntryId(one) for one in sent["entries"]]
    return once_made(lambda o: depositing.draw(o, actor=who, entry_ids=chosen, keeper=keeper), _deposit)


@api.get("/deposits/<uuid:list_id>")
@told("บัญชีฝากหนังสือหนึ่งบัญชี")
@api.gives(200, DepositShape)
def deposit(list_id: UUID) -> Json:
    """Show a list of form 23."""
    return _deposit(list_id)


@api.get("/deposits/<uuid:list_id>/pdf")
@told("บัญชีฝากหนังสือเป็น PDF", "แบบที่ ๒๓")
@api.gives_bytes("application/pdf")
def deposit_pdf(list_id: UUID) -> Any:
    """Print a list of form 23."""
    made = rows.deposit(doorway.reader(), doorway.actor(), list_id)
    pdf = archive_sheets.deposit_pdf(doorway.services(), head=archive_papers.list_head(), made=made)
    return send_bytes(pdf, "application/pdf", "บัญชีฝากหนังสือ.pdf")


@api.post("/deposits/<uuid:list_id>/accept")
@told("บันทึกการรับฝาก", "นายทะเบียน")
@api.takes(AcceptForm)
@api.gives(200, DepositShape)
def accept(sent: Json, list_id: UUID) -> Any:
    """Write down that the letters were taken in."""
    who = doorway.actor()
    return once_done(lambda o: depositing.accept(o, actor=who, list_id=list_id, **sent), list_id, _deposit)


@api.post("/deposits/<uuid:list_id>/refuse")
@told("บันทึกว่าไม่รับฝาก", "นายทะเบียน พร้อมเหตุผล")
@api.takes(KeepingWhyForm)
@api.gives(200, DepositShape)
def refuse_deposit(sent: Json, list_id: UUID) -> Any:
    """Write down that they were not."""
    who = doorway.actor()
    return once_done(lambda o: depositing.refuse(o, actor=who, list_id=list_id, **sent), list_id, _deposit)


@api.post("/deposits/<uuid:list_id>/return")
@told("ขอคืนหนังสือที่ฝาก", "หน่วยงานผู้ฝาก พร้อมหลักฐาน")
@api.takes(DepositBackForm)
@api.gives(200, DepositShape)
def deposit_back(sent: Json, list_id: UUID) -> Any:
    """Take letters back."""
    who = doorway.actor()
    said = {"entry_ids": sent["entries"], "evidence": sent["evidence"]}
    return once_done(lambda o: depositing.take_back(o, actor=who, list_id=list_id, **said), list_id, _deposit)


def _deed(loan_id: UUID, deed: Callable[..., None], **said: Any) -> Any:
    who = doorway.actor()

    def work(office: Services) -> None:
        deed(office, actor=who, loan_id=loan_id, **said)

    return once_done(work, loan_id, _loan)


def _today() -> Any:
    return office_date(doorway.services().clock.now())


def _loan(loan_id: UUID) -> Json:
    return _shown(rows.loan(doorway.reader(), doorway.actor(), loan_id))


def _deposit(list_id: UUID) -> Json:
    return _list(rows.deposit(doorway.reader(), doorway.actor(), list_id))


def _shown(one: rows.LentLine) -> Json:
    same = ("number", "borrower", "electronic", "receiver", "called", "returned_by", "reason")
    loan, line = one.loan, one.letter.line
    return {name: getattr(loan, name) for name in same} | {
        "id": str(loan.id),
        "entry": str(loan.entry_id),
        "subject": line.subject,
        "state": loan.state.value,
        "title": loan.borrower_title,
        "unit": loan.borrower_unit,
        "purpose": MASKED if line.masked else loan.purpose,
        "due_on": loan.due_on.isoformat(),
        "late": loan.late(_today()),
        "lent_on": loan.lent_on.isoformat() if loan.lent_on else None,
        "returned_on": loan.returned_on.isoformat() if loan.returned_on else None,
    }


def _list(made: DepositList) -> Json:
    return {
        "id": str(made.id),
        "number": made.number,
        "unit": made.unit_name,
        "keeper": made.keeper.value,
        "state": made.state.value,
        "acceptor": made.acceptor,
        "accepted_on": made.accepted_on.isoformat() if made.accepted_on else None,
        "reason": made.reason,
        "lines": [
            {
                "entry": str(line.entry_id),
                "number": line.number,
                "subject": line.subject,
                "back_on": line.back_on.isoformat() if line.back_on else None,
                "evidence": line.evidence,
            }
            for line in made.lines
        ],
    }
