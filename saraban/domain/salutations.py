"""How a letter begins and closes for its addressee (annex 2, clauses 11.5 and 11.9). The table is data of the agency,
which may change it; rows for the Royal Family and the Supreme Patriarch are not shipped, for their words must be taken
from the Gazette.

As text a row is a line "whom, whom | salutation | closing"; the row for everybody else names nobody.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from saraban.domain.classification import Form
from saraban.domain.errors import BadInput
from saraban.domain.forms import RULES

MOST_ROWS = 60
_TO = "ถึง"
_NOT_EVERYBODY = ("พระ", "สมเด็จ", "หม่อมเจ้า")
_NO_MONKS = (
    "พระบาท", "พระบรม", "พระเจ้า", "พระวรวงศ์", "พระวรราช", "พระวรชาย", "พระองค์", "พระนาง", "พระอัคร", "พระราชิน",
    "พระราชโอรส", "พระราชธิดา", "พระราชวงศ์", "พระราชชน", "พระเทพรัตน", "พระสังฆราช", "พระนคร", "พระปกเกล้า", "พระพุทธเจ้า",
)  # fmt: skip
"""What begins like the names of monks and is none: the Royal Family, the Supreme Patriarch and places. A row is for
them only when it names so much of it."""
_HEADS = (
    ("กรม", "อธิบดีกรม"), ("จังหวัด", "ผู้ว่าราชการจังหวัด"), ("มหาวิทยาลัย", "อธิการบดีมหาวิทยาลัย"), ("กระทรวง", "ปลัดกระทรวง"),
    ("สำนักงานปลัด", "ปลัด"), ("สำนักงานคณะกรรมการ", "เลขาธิการคณะกรรมการ"), ("สำนักงาน ก.", "เลขาธิการ ก."),
    ("องค์การบริหารส่วน", "นายกองค์การบริหารส่วน"), ("อำเภอ", "นายอำเภอ"),
)  # fmt: skip
"""How the names of agencies begin, and the titles of their heads."""
_OTHER_HEADS = ("ทหาร", "ราชองครักษ์")
_OTHERS = ("กราบ", "ทูล", "ขอประทาน", "ขอพระราชทาน", "ขอเดชะ", "เจริญพร")
"""How salutations begin that a table may lack, those of the Royal Family among them."""


@dataclass(frozen=True)
class Salutation:
    """A row of the table. `whom`: the first words of those whom it is for; none for everybody else."""

    whom: tuple[str, ...]
    salutation: str
    closing: str


@dataclass(frozen=True)
class Proposal:
    """What is proposed for an addressee: the whole line of the salutation, and the closing (empty where the form has
    none)."""

    addressed_to: str
    closing: str


SHIPPED = (
    Salutation(
        (
            "สมเด็จพระราชาคณะ", "รองสมเด็จพระราชาคณะ", "สมเด็จพระพุฒาจารย์", "สมเด็จพระพุทธโฆษาจารย์", "สมเด็จพระพุทธชินวงศ์",
            "สมเด็จพระมหาวีรวงศ์", "สมเด็จพระมหาธีราจารย์", "สมเด็จพระมหารัชมงคลมุนี", "สมเด็จพระธีรญาณมุนี", "สมเด็จพระวันรัต",
            "พระพรหม", "พระธรรมปัญญาบดี", "พระธรรมวโรดม", "พระวิสุทธิวงศาจารย์", "พระสาสนโสภณ", "พระอุบาลีคุณูปมาจารย์",
            "พระมหาโพธิวงศาจารย์",
        ),
        "นมัสการ", "ขอนมัสการด้วยความเคารพอย่างยิ่ง",
    ),
    Salutation(("พระราชาคณะ", "พระธรรม", "พระเทพ", "พระราช"), "นมัสการ", "ขอนมัสการด้วยความเคารพอย่างสูง"),
    Salutation(
        ("พระภิกษุ", "พระครู", "พระอธิการ", "พระปลัด", "พระสมุห์", "พระใบฎีกา", "เจ้าอาวาสวัด", "พระ"),
        "นมัสการ", "ขอนมัสการด้วยความเคารพ",
    ),
    Salutation(
        (
            "ประธานองคมนตรี", "นายกรัฐมนตรี", "ประธานรัฐสภา", "ประธานสภาผู้แทนราษฎร", "ประธานวุฒิสภา", "ประธานศาลฎีกา",
            "ประธานศาลรัฐธรรมนูญ", "ประธานศาลปกครองสูงสุด", "ประธานกรรมการการเลือกตั้ง",
            "ประธานกรรมการสิทธิมนุษยชนแห่งชาติ", "ประธานกรรมการป้องกันและปราบปรามการทุจริตแห่งชาติ",
            "ประธานกรรมการตรวจเงินแผ่นดิน", "ประธานผู้ตรวจการแผ่นดิน", "รัฐบุรุษ",
        ),
        "กราบเรียน", "ขอแสดงความนับถืออย่างยิ่ง",
    ),
    Salutation((), "เรียน", "ขอแสดงความนับถือ"),
)  # fmt: skip
"""The table as it is shipped; the row with the longest name that fits is taken. Monks stand in it by how the names of
their ranks begin: those of รองสมเด็จ, the ranks ธรรม, เทพ and ราช of พระราชาคณะ, and all others."""


def table_of(text: str) -> tuple[Salutation, ...]:
    """The table that an agency wrote; the shipped one when it wrote none. Raises BadInput for a line that is none."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) > MOST_ROWS:
        raise BadInput({"salutations": f"มีได้ไม่เกิน {MOST_ROWS} บรรทัด"})
    rows = []
    for number, line in enumerate(lines, start=1):
        parts = [part.strip() for part in line.split("|")]
        if len(parts) != 3 or not parts[1] or not parts[2] or len(line) > 1000:
            raise BadInput({"salutations": f"บรรทัดที่ {number} ต้องเป็น ผู้รับ | คำขึ้นต้น | คำลงท้าย"})
        rows.append(Salutation(tuple(w.strip() for w in parts[0].split(",") if w.strip()), parts[1], parts[2]))
    return tuple(rows) or SHIPPED


def text_of(table: Sequence[Salutation]) -> str:
    """The table as lines, for the field in which it is changed."""
    return "\n".join(f"{', '.join(row.whom)} | {row.salutation} | {row.closing}".strip() for row in table)


def closings(table: Sequence[Salutation]) -> list[str]:
    """The closings of the table, the most common first."""
    return list(dict.fromkeys(row.closing for row in reversed(table)))


def addressee(table: Sequence[Salutation], text: str) -> str:
    """Whom a line of a salutation names: "กราบเรียน นายกรัฐมนตรี" gives "นายกรัฐมนตรี"."""
    bare = " ".join(text.split())
    for word in sorted({_TO, *(row.salutation for row in table)}, key=len, reverse=True):
        if bare.startswith(word):
            return bare.removeprefix(word).strip()
    return bare


def proposed(table: Sequence[Salutation], form: Form, text: str) -> Proposal | None:
    """What to write for the addressee in this text; None when it names nobody, the table has no row for them, or the
    form has no addressee. Whoever may be a monk or of royal birth is nobody of "everybody else". A sealed letter says
    "ถึง" to all (clause 14.2)."""
    rule, whom = RULES[form], addressee(table, text)
    if not whom or not rule.has("addressed_to"):
        return None
    if form is Form.STAMPED:
        return Proposal(f"{_TO} {whom}", "")
    least = max((len(start) for start in _NO_MONKS if whom.startswith(start)), default=0)
    named = [(len(start), row) for row in table for start in row.whom if whom.startswith(start) and len(start) >= least]
    others = [] if whom.startswith(_NOT_EVERYBODY) else [(0, row) for row in table if not row.whom]
    if not (named or others):
        return None
    row = max(named or others, key=lambda found: found[0])[1]
    return Proposal(f"{row.salutation} {whom}", row.closing if rule.has("closing") else "")


def unsaluted(table: Sequence[Salutation], form: Form, text: str) -> dict[str, str]:
    """What to write, by field, when the addressee stands in this text without any known salutation; empty when it has
    one, is not written in Thai, or nothing is proposed. A sealed letter says "ถึง" by itself."""
    found, line = proposed(table, form, text), " ".join(text.split())
    if found is None or form is Form.STAMPED or not "ก" <= line[0] <= "๙":
        return {}
    known = {_TO, *_OTHERS, *(row.salutation for row in (*table, *SHIPPED))}
    return {} if line.startswith(tuple(known)) else {"addressed_to": f"ใส่คำขึ้นต้น เช่น {found.addressed_to}"}


def unpaired(table: Sequence[Salutation], form: Form, text: str, closing: str) -> str:
    """That the salutation in this text and the closing do not belong together by the table, in Thai; empty when they
    do, the salutation is unknown, or the form has no closing."""
    if form is Form.STAMPED or not (RULES[form].has("addressed_to") and RULES[form].has("closing")):
        return ""
    rows, line = (*table, *SHIPPED), " ".join(text.split())
    word = max((row.salutation for row in rows if line.startswith(row.salutation)), key=len, default="")
    fitting = list(dict.fromkeys(row.closing for row in rows if row.salutation == word))
    if not word or " ".join(closing.split()) in fitting:
        return ""
    return f"คำขึ้นต้น “{word}” ใช้คู่กับคำลงท้าย “{'” หรือ “'.join(fitting)}” แต่ในร่างลงท้ายว่า “{closing.strip()}”"


def heads_title(agency: str) -> str:
    """The title of the head of an agency as its name tells it, to whom a letter is addressed (annex 2); empty where the
    name does not tell."""
    name = " ".join(agency.split())
    if any(word in name for word in _OTHER_HEADS):
        return ""
    return next((title + name.removeprefix(start) for start, title in _HEADS if name.startswith(start)), "")
