"""What came in: the list, one letter, its files, and the clerk's deeds on it."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Response

from saraban import doorway
from saraban.api import answers_received as answers
from saraban.api import forms, showing, step_forms
from saraban.api.downloads import digest_in_address, send_bytes
from saraban.api.gate import section, told
from saraban.api.repeating import Json, once
from saraban.domain.attachment import Digest
from saraban.domain.classification import Urgency
from saraban.domain.errors import BadInput, NotFound
from saraban.domain.incoming import IncomingId, IncomingLetter, MailLetter
from saraban.reading import incoming as reading
from saraban.reading.letters import history
from saraban.usecases import disputing, forwarding, packing, recalling, registering, stamping, viewing
from saraban.usecases.ports import Services

api = section("incoming", "หนังสือเข้า: รายการ ไฟล์ ลงรับ ส่งคืน ปล่อยจากที่พักไว้")


@api.get("/incoming")
@told("รายการหนังสือเข้า", "เรียงจากที่ได้รับล่าสุด พร้อมเหตุที่พักไว้")
@api.takes(forms.IncomingQuery, location="query")
@api.gives(200, answers.page_of(answers.IncomingLine))
def received(query: Json) -> Json:
    """List what came in, with the reasons of the screening."""
    found = reading.incoming(
        doorway.reader(),
        doorway.actor(),
        state=query["state"],
        q=query["q"],
        cursor=query.get("cursor"),
        limit=query["limit"],
    )
    return showing.page(found, showing.incoming_line)


@api.get("/incoming/<uuid:incoming_id>")
@told("หนังสือเข้าหนึ่งฉบับ")
@api.gives(200, answers.IncomingShape)
def show(incoming_id: UUID) -> Json:
    """Show an incoming letter with all its parts."""
    actor = doorway.actor()
    letter = viewing.open_incoming(doorway.services(), actor=actor, incoming_id=IncomingId(incoming_id))
    reader = doorway.reader()
    return showing.incoming(
        letter,
        reading.letter(reader, actor, incoming_id),
        actor,
        statements=reading.receipts_given(reader, actor, incoming_id),
        history=history(reader, actor, incoming_id),
    )


@api.get("/incoming/<uuid:incoming_id>/files/<sha256>")
@told("ไบต์ของไฟล์", "ไฟล์ของหนังสือเข้า หรือข้อความดิบทั้งฉบับ (raw)")
@api.gives_bytes("application/octet-stream")
def download(incoming_id: UUID, sha256: str) -> Response:
    """Give the bytes of a file of the letter, or of the raw message."""
    file, data = viewing.open_incoming_file(
        doorway.services(), actor=doorway.actor(), incoming_id=IncomingId(incoming_id), sha256=digest_in_address(sha256)
    )
    return send_bytes(data, file.media_type, file.name)


@api.get("/incoming/<uuid:incoming_id>/stamped")
@told("สำเนาประทับตรารับ", "PDF สำเนาที่มีตรารับหนังสือ ไฟล์ที่ได้รับมาไม่ถูกแตะต้อง")
@api.gives_bytes("application/pdf")
def stamped(incoming_id: UUID) -> Response:
    """Give the marked copy of a registered letter."""
    pdf = stamping.marked_copy_of_letter(doorway.services(), actor=doorway.actor(), incoming_id=IncomingId(incoming_id))
    return send_bytes(pdf, "application/pdf", "สำเนาประทับตรารับ.pdf", inline=True)


@api.post("/incoming/<uuid:incoming_id>/register")
@told("ลงรับ", "ออกเลขทะเบียนหนังสือรับ และส่งใบตอบรับการลงทะเบียนถึงผู้ส่ง")
@api.takes(forms.NothingForm, required=False)
@api.gives(200, answers.RegisteredShape)
def register(_sent: Json, incoming_id: UUID) -> Any:
    """Enter the letter into the receiving register."""

    def work(office: Services) -> Json:
        made = registering.register_letter(office, actor=doorway.actor(), incoming_id=IncomingId(incoming_id))
        return {
            "id": str(incoming_id),
            "state": "registered",
            "number": made.number,
            "year": made.year,
            "at": showing.moment(made.at),
        }

    def again(_: UUID) -> Json:
        letter = _open(incoming_id)
        if letter.registered_at is None:
            raise NotFound
        return {
            "id": str(incoming_id),
            "state": "registered",
            "number": letter.register_number,
            "year": letter.register_year,
            "at": showing.moment(letter.registered_at),
        }

    answer, headers = once(work, again)
    return answer, 200, headers


@api.post("/incoming/<uuid:incoming_id>/refuse")
@told("ส่งคืน", "ส่งคืนผู้ส่งพร้อมรหัสเหตุผลและข้อความ")
@api.takes(forms.RefuseForm, example={"code": "not-addressee", "text": "เรื่องนี้อยู่ในอำนาจของหน่วยงานอื่น"})
@api.gives(200, answers.RefusedShape)
def refuse(sent: Json, incoming_id: UUID) -> Any:
    """Send the letter back with a reason."""

    def work(office: Services) -> Json:
        registering.refuse_letter(
            office,
            actor=doorway.actor(),
            incoming_id=IncomingId(incoming_id),
            code=sent["code"],
            text=sent.get("text", ""),
            responsible=sent.get("responsible", ""),
        )
        return {"id": str(incoming_id), "state": "refused", "code": sent["code"]}

    def again(_: UUID) -> Json:
        letter = _open(incoming_id)
        return {"id": str(incoming_id), "state": letter.state.value, "code": letter.refused_code}

    answer, headers = once(work, again)
    return answer, 200, headers


@api.post("/incoming/<uuid:incoming_id>/release")
@told("ปล่อยเข้าระบบ", "รับหนังสือที่พักไว้เข้าระบบ พร้อมเหตุผล")
@api.takes(forms.ReleaseForm, example={"reason": "ตรวจสอบกับผู้ส่งทางโทรศัพท์แล้ว"})
@api.gives(200, answers.IncomingChanged)
def release(sent: Json, incoming_id: UUID) -> Any:
    """Take a held letter in after all."""

    def work(office: Services) -> Json:
        registering.release_letter(
            office, actor=doorway.actor(), incoming_id=IncomingId(incoming_id), reason=sent["reason"]
        )
        return {"id": str(incoming_id), "state": "new"}

    def again(_: UUID) -> Json:
        return {"id": str(incoming_id), "state": _open(incoming_id).state.value}

    answer, headers = once(work, again)
    return answer, 200, headers


@api.post("/incoming/<uuid:incoming_id>/make-letter")
@told(
    "ลงรับไปรษณีย์ธรรมดา",
    "ทำไปรษณีย์ที่ไม่มีซองตามแบบเป็นหนังสือรับและออกเลขในขั้นเดียว ที่เสนอไว้อยู่ใน details.suggested "
    "files ที่ไม่ส่งคือทุกไฟล์ answer=false คือไม่ตอบเลขรับให้ผู้ส่ง",
)
@api.takes(forms.MailLetterForm, example={"subject": "ขอเชิญประชุม", "sender": "โรงเรียนบ้านสวน", "number": "ศธ 0412/77"})
@api.gives(200, answers.RegisteredShape)
def make_letter(sent: Json, incoming_id: UUID) -> Any:
    """Make a letter of an ordinary mail and give it its number."""

    def work(office: Services) -> Json:
        files = sent.get("files")
        chosen = _digests(files) if files is not None else _files(incoming_id)
        named = MailLetter(
            subject=sent["subject"],
            sender=sent["sender"],
            number=sent["number"],
            day=sent["date"],
            addressed_to=sent["addressed_to"],
            urgency=Urgency(sent["urgency"]),
            files=chosen,
        )
        made = registering.register_mail(
            office, actor=doorway.actor(), incoming_id=IncomingId(incoming_id), named=named, answer=sent["answer"]
        )
        return _registered(incoming_id, made.number, made.year, made.at)

    def again(_: UUID) -> Json:
        letter = _open(incoming_id)
        if letter.registered_at is None:
            raise NotFound
        return _registered(incoming_id, letter.register_number, letter.register_year, letter.registered_at)

    answer, headers = once(work, again)
    return answer, 200, headers


@api.post("/incoming/<uuid:incoming_id>/set-aside")
@told("ไม่ใช่หนังสือ", "แยกไปรษณีย์ธรรมดาที่ไม่ใช่หนังสือออก พร้อมเหตุผล ไบต์เดิมยังอยู่")
@api.takes(forms.ReleaseForm, example={"reason": "แจ้งข่าวทั่วไป"})
@api.gives(200, answers.IncomingChanged)
def set_aside(sent: Json, incoming_id: UUID) -> Any:
    """Say that an ordinary mail is no letter."""

    def work(office: Services) -> Json:
        registering.set_mail_aside(
            office, actor=doorway.actor(), incoming_id=IncomingId(incoming_id), reason=sent["reason"]
        )
        return {"id": str(incoming_id), "state": "set-aside"}

    def again(_: UUID) -> Json:
        return {"id": str(incoming_id), "state": _open(incoming_id).state.value}

    answer, headers = once(work, again)
    return answer, 200, headers


@api.post("/incoming/<uuid:incoming_id>/to-meeting")
@told(
    "ส่งไฟล์ของไปรษณีย์ให้ฝ่ายเลขานุการการประชุม",
    "เมื่อผู้เข้าประชุมส่งมาโดยมีข้อความ [MTG-…] ในชื่อเรื่อง ไปรษณีย์ถูกแยกออก ไฟล์ที่รับและไม่รับอยู่ในเหตุผล (history)",
)
@api.takes(forms.NothingForm, required=False)
@api.gives(200, answers.IncomingChanged)
def to_meeting(_sent: Json, incoming_id: UUID) -> Any:
    """Hand the files of a participant's mail to the secretary of its meeting."""

    def work(office: Services) -> Json:
        packing.take_from_mail(office, actor=doorway.actor(), incoming_id=IncomingId(incoming_id))
        return {"id": str(incoming_id), "state": "set-aside"}

    def again(_: UUID) -> Json:
        return {"id": str(incoming_id), "state": _open(incoming_id).state.value}

    answer, headers = once(work, again)
    return answer, 200, headers


@api.post("/incoming/<uuid:incoming_id>/tell-number")
@told("แจ้งเลขทะเบียนอีกครั้ง", "ตอบผู้ส่งที่แจ้งว่าเลขรับไม่ตรง ด้วยใบตอบรับที่มีเลขตามทะเบียน: ไบต์เดิมถ้าเลขเดิม ใบใหม่ถ้าเลขต่างไป")
@api.takes(forms.NothingForm, required=False)
@api.gives(200, answers.NumberToldShape)
def tell_number(_sent: Json, incoming_id: UUID) -> Any:
    """Tell a sender who questions a receiving number what the register says."""

    def work(office: Services) -> Json:
        made = disputing.tell_number_again(office, actor=doorway.actor(), incoming_id=IncomingId(incoming_id))
        return {"id": str(incoming_id), "state": "answered", "number": made.number, "year": made.year}

    def again(_: UUID) -> Json:
        question = _open(incoming_id)
        if question.about is None:
            raise NotFound
        letter = _open(question.about)
        number = {"number": letter.register_number, "year": letter.register_year}
        return {"id": str(incoming_id), "state": question.state.value, **number}

    answer, headers = once(work, again)
    return answer, 200, headers


@api.post("/incoming/<uuid:incoming_id>/forward")
@told(
    "ส่งต่อ",
    "ส่งหนังสือที่ยังไม่ลงรับ หรือเรื่องจากประชาชน ต่อไปยังหน่วยงานที่เกี่ยวข้อง ไฟล์เดิมทุกไบต์ไปพร้อมบัญชีแนบซองและตราของผู้ส่งเดิม "
    "ผู้ส่งได้ใบตอบรับ forwarded ติดตามซองที่ส่งต่อได้ที่ GET /dispatches/{dispatch}",
)
@api.takes(step_forms.ForwardForm, example={"to": "XC0002", "reason": "เป็นอำนาจหน้าที่ของหน่วยงานนั้น"})
@api.gives(200, answers.ForwardedShape)
def forward(sent: Json, incoming_id: UUID) -> Any:
    """Send the letter on to another agency."""

    def work(office: Services) -> Json:
        made = forwarding.forward_letter(
            office,
            actor=doorway.actor(),
            incoming_id=IncomingId(incoming_id),
            to=sent["to"],
            reason=sent.get("reason", ""),
        )
        doorway.refresh_reader()
        state = _open(incoming_id).state.value  # one of the public may stay in the register
        return {"id": str(incoming_id), "state": state, "to": made.to_code, "dispatch": str(made.id)}

    def again(_: UUID) -> Json:
        letter = _open(incoming_id)
        if letter.forward_id is None:
            raise NotFound
        sent_on = {"to": letter.forward_code, "dispatch": str(letter.forward_id)}
        return {"id": str(incoming_id), "state": letter.state.value, **sent_on}

    answer, headers = once(work, again)
    return answer, 200, headers


@api.post("/incoming/<uuid:incoming_id>/answer-recall")
@told("ตอบคำขอเรียกคืน", "เฉพาะหนังสือที่ลงรับแล้วและผู้ส่งขอเรียกคืน consent=false ต้องมี reason เลขรับคงเดิม")
@api.takes(step_forms.RecallAnswerForm, example={"consent": False, "reason": "ดำเนินการไปแล้ว"})
@api.gives(200, answers.RecallAnsweredShape)
def answer_recall(sent: Json, incoming_id: UUID) -> Any:
    """Give a registered letter back to its sender, or say why not."""

    def work(office: Services) -> Json:
        recalling.answer_recall(
            office,
            actor=doorway.actor(),
            incoming_id=IncomingId(incoming_id),
            consent=sent["consent"],
            reason=sent.get("reason", ""),
        )
        said = "recalled" if sent["consent"] else "recall-refused"
        return {"id": str(incoming_id), "state": "registered", "answer": said}

    def again(_: UUID) -> Json:
        letter = _open(incoming_id)
        return {"id": str(incoming_id), "state": letter.state.value, "answer": letter.recall_answer}

    answer, headers = once(work, again)
    return answer, 200, headers


@api.post("/incoming/<uuid:incoming_id>/complete")
@told("ปิดเรื่อง", "เฉพาะหนังสือที่ลงรับแล้ว ผู้ส่งได้ใบตอบรับ completed เมื่อส่วนราชการตั้งไว้")
@api.takes(forms.NothingForm, required=False)
@api.gives(200, answers.CompletedShape)
def complete(_sent: Json, incoming_id: UUID) -> Any:
    """Close the matter of a registered letter."""

    def work(office: Services) -> Json:
        registering.complete_letter(office, actor=doorway.actor(), incoming_id=IncomingId(incoming_id))
        return _completed(_open(incoming_id))

    answer, headers = once(work, lambda _: _completed(_open(incoming_id)))
    return answer, 200, headers


def _completed(letter: IncomingLetter) -> Json:
    at = showing.moment(letter.completed_at) if letter.completed_at else None
    return {"id": str(letter.id), "state": letter.state.value, "completed_at": at}


def _open(incoming_id: UUID) -> IncomingLetter:
    return viewing.open_incoming(doorway.services(), actor=doorway.actor(), incoming_id=IncomingId(incoming_id))


def _digests(files: list[str]) -> tuple[Digest, ...]:
    try:
        return tuple(Digest(one) for one in dict.fromkeys(files))
    except ValueError:
        raise BadInput({"files": "ใช้ SHA-256 ของไฟล์ เป็นเลขฐานสิบหก 64 ตัว"}) from None


def _files(incoming_id: UUID) -> tuple[Digest, ...]:
    return tuple(dict.fromkeys(file.sha256 for file in _open(incoming_id).files))


def _registered(incoming_id: UUID, number: int | None, year: int | None, at: datetime) -> Json:
    return {
        "id": str(incoming_id),
        "state": "registered",
        "number": number,
        "year": year,
        "at": showing.moment(at),
    }
