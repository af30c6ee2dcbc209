"""The officer's desk: what waits for the caller's post, and batches that are signed with one passphrase or endorsed."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import request
from marshmallow import Schema

from saraban import doorway
from saraban.api import shapes as s
from saraban.api import showing
from saraban.api.answers_received import page_of
from saraban.api.deadlines import DeadlineShape, deadline
from saraban.api.fields import Choice, Form, Group, Identity, Items, Text, Whole
from saraban.api.forms import NothingForm
from saraban.api.gate import section, told
from saraban.api.repeating import Json, once_done, once_made
from saraban.domain.batch import LONGEST_NOTE, MOST_LETTERS, BatchDeed, BatchId, LineState
from saraban.domain.calendar import office_time
from saraban.domain.classification import Form as LetterForm
from saraban.domain.classification import Secrecy, Urgency
from saraban.domain.letter import LetterId
from saraban.domain.route import StepKind
from saraban.doorway.background import in_background
from saraban.doorway.deadlines import due_of
from saraban.reading import batches as batch_rows
from saraban.reading import desk as rows
from saraban.usecases import batching, routing, signing
from saraban.usecases.batching import Wanted
from saraban.usecases.ports import Services

api = section("desk", "แฟ้มเสนอ: หนังสือที่รอผู้เรียก และการลงนามหรือเสนอต่อเป็นชุด")


class SeenLetter(Form):
    """A letter as it stood in the list."""

    id = Identity(required=True)
    version = Whole(required=True, metadata={"example": 4})


class BatchForm(Form):
    """Which letters, in which order, as they were seen."""

    deed = Choice([one.value for one in BatchDeed], required=True, metadata={"example": "sign"})
    letters = Items(Group(SeenLetter), most=MOST_LETTERS, required=True)


class GoForm(Form):
    """What is needed to go through a batch: the passphrase of one's key to sign, words to endorse with."""

    passphrase = Text(most=1000, metadata={"description": "ต้องมีเมื่อลงนาม ระบบไม่เก็บ"})
    note = Text(most=LONGEST_NOTE, line=False, metadata={"description": "เกษียนของทุกฉบับเมื่อเสนอต่อ"})


class DeskLine(Schema):
    """A letter on the desk. The words of a classified letter are not in the list."""

    id = s.identity()
    version = s.whole(4)
    deed = s.one_of(StepKind)
    form = s.one_of(LetterForm)
    subject = s.text("ขอเชิญประชุม")
    urgency = s.one_of(Urgency)
    secrecy = s.one_of(Secrecy)
    unit = s.text("สำนักงานเลขานุการกรม")
    since = s.moment()
    deadline = s.group(DeadlineShape)
    unread = s.true("ผู้เรียกยังไม่อ่านตั้งแต่เปลี่ยนครั้งล่าสุด")


class BatchLineShape(Schema):
    """What became of a letter of a batch. A letter that is left was not touched; `why` tells why."""

    letter = s.identity()
    subject = s.text("ขอเชิญประชุม")
    state = s.one_of(LineState)
    number = s.text("นร 1201/4")
    why = s.text("หนังสือเปลี่ยนหลังจากท่านเปิดดู เปิดอ่านใหม่แล้วทำอีกครั้ง")


class BatchShape(Schema):
    """A batch. One that is interrupted (its process ended, or it was stopped) goes on with `go`."""

    id = s.identity()
    deed = s.one_of(BatchDeed)
    state = s.value("string", enum=["prepared", "running", "interrupted", "ended"])
    total = s.whole(200)
    done = s.whole(134)
    left = s.whole(2)
    lines = s.many(BatchLineShape)


@api.get("/desk")
@told("หนังสือที่รอผู้เรียก", "เรียงตามชั้นความเร็ว แล้วตามเวลาที่รอนานที่สุด")
@api.gives(200, page_of(DeskLine))
def desk() -> Json:
    """List what waits for the caller's post."""
    found = rows.pile(doorway.reader(), doorway.actor(), cursor=request.args.get("cursor"))
    return showing.page(found, _line)


@api.post("/desk/batches")
@told("ทำชุด", "letters ตามลำดับที่จะทำ พร้อม version ที่เห็น ฉบับที่เปลี่ยนไปแล้วเป็น left พร้อมเหตุผล")
@api.takes(BatchForm, example={"deed": "sign", "letters": [{"id": str(UUID(int=1)), "version": 4}]})
@api.gives(201, BatchShape)
def prepare(sent: Json) -> Any:
    """Make a batch of these letters."""
    wanted = [Wanted(LetterId(one["id"]), one["version"]) for one in sent["letters"]]
    deed = BatchDeed(sent["deed"])
    return once_made(
        lambda office: batching.prepare_batch(office, actor=doorway.actor(), deed=deed, wanted=wanted), _shown
    )


@api.get("/desk/batches/<uuid:batch_id>")
@told("ชุดหนึ่งชุด")
@api.gives(200, BatchShape)
def show(batch_id: UUID) -> Json:
    """Show a batch of the caller and what became of each letter."""
    return _shown(batch_id)


@api.post("/desk/batches/<uuid:batch_id>/go")
@told(
    "เริ่มหรือทำชุดต่อ",
    "ทำอยู่เบื้องหลังตามลำดับ ดูผลที่ชุด ทำต่อชุดที่ค้างไว้ได้ด้วย Idempotency-Key ใหม่ ฉบับที่ทำแล้วไม่ทำซ้ำ",
)
@api.takes(GoForm, required=False, example={"passphrase": "…"})
@api.gives(202, BatchShape)
def go(sent: Json, batch_id: UUID) -> Any:
    """Go through a batch, or go on with it. Sent twice it is gone through once; with the same key the second hears what
    the first did."""
    worker, who, batch = doorway.services(), doorway.actor(), BatchId(batch_id)
    found = batch_rows.batch(doorway.reader(), who, batch_id, worker.clock.now())
    note = sent.get("note", "") if found.state == "prepared" else None

    def begin(office: Services) -> None:
        if found.deed is BatchDeed.SIGN:
            passphrase, sign = sent.get("passphrase", ""), signing.sign_with
            batching.sign_batch(
                office, actor=who, batch_id=batch, passphrase=passphrase, sign=sign, spawn=in_background, worker=worker
            )
        else:
            endorse = routing.endorse_letter
            batching.endorse_batch(
                office, actor=who, batch_id=batch, note=note, endorse=endorse, spawn=in_background, worker=worker
            )

    return once_done(begin, batch_id, _shown, status=202)


@api.post("/desk/batches/<uuid:batch_id>/stop")
@told("หยุดชุด", "หยุดหลังฉบับที่กำลังทำ ทำต่อภายหลังได้")
@api.takes(NothingForm, required=False)
@api.gives(200, BatchShape)
def stop(_sent: Json, batch_id: UUID) -> Any:
    """Stop after the letter in hand."""
    return once_done(
        lambda office: batching.stop_batch(office, actor=doorway.actor(), batch_id=BatchId(batch_id)), batch_id, _shown
    )


def _line(row: rows.DeskRow) -> Json:
    return {
        "id": str(row.id),
        "version": row.version,
        "deed": row.kind.value,
        "form": row.form.value,
        "subject": row.subject,
        "urgency": row.urgency.value,
        "secrecy": row.secrecy.value,
        "unit": row.unit_name,
        "since": office_time(row.since).isoformat(timespec="seconds"),
        "deadline": deadline(due_of(row.urgency, row.since, row.asked, mine=True)),
        "unread": row.unread,
    }


def _shown(batch_id: UUID) -> Json:
    reader, now = doorway.reader(), doorway.services().clock.now()
    row = batch_rows.batch(reader, doorway.actor(), batch_id, now)
    return {
        "id": str(row.id),
        "deed": row.deed.value,
        "state": row.state,
        "total": row.total,
        "done": row.done,
        "left": row.left,
        "lines": [
            {
                "letter": str(line.letter_id),
                "subject": line.subject,
                "state": line.state.value,
                "number": line.number,
                "why": line.why,
            }
            for line in batch_rows.lines(reader, doorway.actor(), batch_id)
        ],
    }
