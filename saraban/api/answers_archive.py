"""What the API answers about keeping, as it stands in the document."""

from __future__ import annotations

from marshmallow import Schema

from saraban.api import shapes as s
from saraban.domain.keeping import KeepingState
from saraban.domain.retention import Basis
from saraban.domain.storing import StoringState


class HoldShape(Schema):
    """What stops the disposal of a letter."""

    reason = s.text("อยู่ระหว่างการพิจารณาคดีปกครอง")
    order = s.text("หมายศาลปกครองกลาง ที่ ๕/๒๕๖๙")
    placed_by = s.text("นางปราณี มีสุข")
    placed_at = s.moment()


class KeptShape(Schema):
    """How the letter of a line is kept."""

    entry = s.identity()
    number = s.whole(4112)
    year = s.whole(2569)
    subject = s.text("ขอความอนุเคราะห์วิทยากร")
    state = s.one_of(KeepingState)
    class_code = s.text("general")
    file_code = s.text("03")
    mark = s.text("เก็บถึง พ.ศ. ๒๕๗๙", "คำของตรากำหนดเก็บ ว่างเมื่อยังไม่เริ่มนับ")
    until = s.whole(2579, none=True)
    forever = s.true()
    electronic = s.true("เป็นหนังสืออิเล็กทรอนิกส์ อาจมีฉบับกระดาษด้วย")
    paper = s.true("มีฉบับกระดาษ")
    paper_destroyed_on = s.day(none=True)
    asked_for = s.true("หอจดหมายเหตุแห่งชาติให้ส่งมอบ")
    place = s.text("ห้อง คลัง ๑ ชั้น ก กล่อง ๒")
    stored = s.text("12/2569", "เลขในทะเบียนหนังสือเก็บ", none=True)
    hold = s.group(HoldShape, none=True)


class KeptList(Schema):
    """Letters."""

    items = s.many(KeptShape)
    next = s.text(none=True)


class StoringLineShape(Schema):
    """A line of form 19."""

    entry = s.identity()
    number = s.text("กค 0408/77")
    date = s.day(none=True)
    subject = s.text("ขอความอนุเคราะห์วิทยากร")
    term = s.text("เก็บถึง พ.ศ. ๒๕๗๙")


class StoringShape(Schema):
    """A list of form 19."""

    id = s.identity()
    number = s.whole(1)
    year = s.whole(2569)
    unit = s.text("กองกฎหมาย")
    state = s.one_of(StoringState)
    made_by = s.text("นายสมศักดิ์ รักงาน")
    made_at = s.moment()
    settled_by = s.text("นายทวี จดไว้")
    reason = s.text("")
    lines = s.many(StoringLineShape)


class StoringLists(Schema):
    """Lists of form 19."""

    items = s.many(StoringShape)
    next = s.text(none=True)


class ClassShape(Schema):
    """A retention class."""

    code = s.text("general")
    name = s.text("หนังสือทั่วไป")
    basis = s.one_of(Basis)
    years = s.whole(10, none=True)
    forever = s.true()
    condition = s.text("")
    retired = s.true()


class FileGroupShape(Schema):
    """A group of the file plan."""

    code = s.text("03")
    title = s.text("โต้ตอบทั่วไป")
    class_code = s.text("general")
    retired = s.true()


class PlanShape(Schema):
    """The agency's classes and its file plan."""

    classes = s.many(ClassShape)
    groups = s.many(FileGroupShape)
