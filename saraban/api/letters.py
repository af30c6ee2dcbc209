"""Outgoing letters: drafting, files, pages, sending out."""

from __future__ import annotations

from dataclasses import asdict
from os import SEEK_END
from typing import Any, BinaryIO, cast
from uuid import UUID

from flask import Response
from werkzeug.datastructures import FileStorage

from saraban import doorway
from saraban.api import answers, forms, showing, step_forms
from saraban.api.answers_received import page_of
from saraban.api.deadlines import deadline
from saraban.api.downloads import digest_in_address, send_bytes
from saraban.api.drafts import content_of
from saraban.api.gate import ADDRESS, UPLOAD, section, told
from saraban.api.repeating import Json, once
from saraban.domain.dispatch import DispatchId
from saraban.domain.errors import BadInput, NotFound
from saraban.domain.letter import Content, LetterId
from saraban.domain.permissions import may_draft, require
from saraban.domain.ready import MARKS, Spot
from saraban.doorway.deadlines import due_of_letter
from saraban.doorway.idempotency import stream_fingerprint
from saraban.reading import letters as reading
from saraban.reading import people, tracking
from saraban.reading.organisation import unit_names
from saraban.usecases import dispatching, drafting, photos, ready, viewing, word
from saraban.usecases.keeping_templates import fill_template
from saraban.usecases.ports import Services

api = section("letters", "หนังสือส่ง: ร่าง แนบไฟล์ ดูหน้าหนังสือ ส่งออก")


@api.post("/letters")
@told("ร่างหนังสือ", "ทุกแบบของระเบียบ form บอกแบบ details คือช่องที่มีเฉพาะแบบนั้น ไม่ส่ง form คือหนังสือภายนอก")
@api.takes(forms.LetterDraft, example=forms.EXAMPLE_LETTER)
@api.gives(201, answers.ChangedShape)
def start(sent: Json) -> Any:
    """Begin a draft."""

    def work(office: Services) -> Json:
        content = content_of(sent, _base(sent))
        made = drafting.start_letter(
            office,
            actor=doorway.actor(),
            content=content,
            unit_code=sent.get("unit"),
            template_id=sent.get("template"),
        )
        return {"id": str(made), "version": 1, "state": "draft"}

    answer, headers = once(work, changed)
    return answer, 201, {**headers, "Location": f"{ADDRESS}/letters/{answer['id']}"}


@api.get("/letters")
@told("รายการหนังสือส่ง", "เรียงจากที่แก้ไขล่าสุด")
@api.takes(forms.LettersQuery, location="query")
@api.gives(200, page_of(answers.LetterLine))
def outgoing(query: Json) -> Json:
    """List the letters that the caller may read."""
    found = reading.outgoing(
        doorway.reader(),
        doorway.actor(),
        tab=query["tab"],
        q=query["q"],
        cursor=query.get("cursor"),
        limit=query["limit"],
    )
    return showing.page(found, showing.letter_line)


@api.get("/letters/<uuid:letter_id>")
@told("หนังสือหนึ่งฉบับ", "ทุกส่วนของหนังสือ เส้นทางเสนอ การเกษียน การส่ง ประวัติ และสิ่งที่ผู้เรียกทำได้ขณะนี้")
@api.gives(200, answers.LetterShape)
def show(letter_id: UUID) -> Json:
    """Show a letter with its dispatches and history."""
    actor = doorway.actor()
    letter = viewing.open_letter(doorway.services(), actor=actor, letter_id=LetterId(letter_id))
    reader = doorway.reader()
    units = unit_names(reader, actor.agency_id)
    shown = showing.letter(
        letter,
        actor,
        unit={"code": units.code(letter.unit_id), "name": units.on(letter.unit_id, letter.number_date or actor.on)},
        sent=tracking.dispatches(reader, actor, letter_id),
        history=reading.history(reader, actor, letter_id),
        salutations=people.salutations(reader, actor.agency_id),
    )
    return {**shown, "deadline": deadline(due_of_letter(letter))}


@api.patch("/letters/<uuid:letter_id>")
@told("แก้ร่างหนังสือ", "แก้เฉพาะช่องที่ส่งมา เปลี่ยน form ได้ เรื่องและข้อความคงอยู่ version คือรุ่นที่ผู้เรียกเห็น")
@api.takes(forms.LetterRevision, example={"version": 1, "subject": "ขอเลื่อนการประชุม"})
@api.gives(200, answers.ChangedShape)
def revise(sent: Json, letter_id: UUID) -> Json:
    """Change the fields of a draft that were sent."""
    office, actor = doorway.services(), doorway.actor()
    letter = viewing.open_letter(office, actor=actor, letter_id=LetterId(letter_id))
    listed = {file.sha256.hex for file in letter.enclosures}
    if any(one["sha256"] not in listed for one in sent.get("enclosures", ())):
        raise BadInput({"enclosures": "ไม่พบไฟล์แนบนี้ในร่าง ส่ง sha256 ของไฟล์ใน files"})
    version = drafting.revise_letter(
        office,
        actor=actor,
        letter_id=letter.id,
        content=content_of(sent, letter.content),
        version=sent["version"],
        unit_code=sent.get("unit"),
    )
    return {"id": str(letter_id), "version": version, "state": letter.state.value}


@api.post("/letters/<uuid:letter_id>/files")
@told("แนบไฟล์", "multipart/form-data: file และ role (enclosure หรือ letter คือ PDF ที่เป็นตัวหนังสือแทน body)")
@api.takes(forms.UploadForm, location=UPLOAD)
@api.gives(201, answers.FileShape)
def attach(sent: Json, letter_id: UUID) -> Any:
    """Add an enclosure to a draft, or a PDF that is the letter itself."""
    file: FileStorage = sent["file"]
    if not isinstance(file, FileStorage):
        raise BadInput({"file": "แนบไฟล์ในช่อง file พร้อมชื่อไฟล์"})
    actor = doorway.actor()
    sha256 = stream_fingerprint(file.stream)
    size = file.stream.seek(0, SEEK_END)
    file.stream.seek(0)

    def work(office: Services) -> Json:
        if sent["role"] == "letter":
            name, stream = file.filename or "", cast(BinaryIO, file.stream)
            brought = ready.bring_ready(office, actor=actor, letter_id=LetterId(letter_id), name=name, stream=stream)
            return showing.ready_file(brought, size)
        made = drafting.attach_file(
            office,
            actor=actor,
            letter_id=LetterId(letter_id),
            name=file.filename or "",
            media_type=file.mimetype or "",
            stream=cast(BinaryIO, file.stream),
        )
        return showing.file(made)

    def again(_: UUID) -> Json:
        letter = viewing.open_letter(doorway.services(), actor=actor, letter_id=LetterId(letter_id))
        if sent["role"] == "letter":
            return showing.ready_file(letter.content.ready or _gone(), size)
        return showing.file(next((f for f in reversed(letter.files) if f.sha256.hex == sha256), None) or _gone())

    answer, headers = once(work, again, asked=[sent["role"], file.filename, file.mimetype, sha256])
    return answer, 201, headers


@api.get("/letters/<uuid:letter_id>/files/<sha256>")
@told("ไบต์ของไฟล์")
@api.gives_bytes("application/octet-stream")
def download(letter_id: UUID, sha256: str) -> Response:
    """Give the bytes of a file of the letter."""
    file, data = viewing.open_file(
        doorway.services(), actor=doorway.actor(), letter_id=LetterId(letter_id), sha256=digest_in_address(sha256)
    )
    return send_bytes(data, file.media_type, file.name)


@api.delete("/letters/<uuid:letter_id>/files/<sha256>")
@told("ถอนไฟล์แนบออกจากร่าง")
@api.gives(204)
def detach(letter_id: UUID, sha256: str) -> None:
    """Take an enclosure off a draft."""
    digest = digest_in_address(sha256)
    office, actor = doorway.services(), doorway.actor()
    letter = viewing.open_letter(office, actor=actor, letter_id=LetterId(letter_id))
    if digest not in [file.sha256 for file in letter.files]:
        raise NotFound
    drafting.detach_file(office, actor=actor, letter_id=letter.id, sha256=digest)


@api.patch("/letters/<uuid:letter_id>/ready")
@told("ตำแหน่งบนตัวหนังสือที่เป็น PDF", "แก้เฉพาะที่ส่งมา หน้า และมิลลิเมตรจากมุมซ้ายบน ของเลขที่ วันที่ และกรอบลายมือชื่อ null คือไม่พิมพ์")
@api.takes(forms.PlacesForm, example={"number": {"page": 1, "left_mm": 38, "top_mm": 42}, "version": 2})
@api.gives(200, answers.ReadyShape)
def place_marks(sent: Json, letter_id: UUID) -> Json:
    """Say where number, date and signature go on a ready page."""
    office, actor = doorway.services(), doorway.actor()
    letter = viewing.open_letter(office, actor=actor, letter_id=LetterId(letter_id))
    spots: dict[str, Spot | None] = {mark: getattr(letter.content.ready, mark, None) for mark in MARKS}
    spots |= {mark: Spot(**sent[mark]) if sent[mark] else None for mark in MARKS if mark in sent}
    made = ready.place_marks(
        office,
        actor=actor,
        letter_id=letter.id,
        number=spots["number"],
        date=spots["date"],
        signature=spots["signature"],
        version=sent.get("version"),
    )
    doorway.refresh_reader()
    return showing.ready(made)


@api.delete("/letters/<uuid:letter_id>/ready")
@told("เอา PDF ที่เป็นตัวหนังสือออก", "หนังสือกลับไปใช้ body")
@api.gives(204)
def remove_ready(letter_id: UUID) -> None:
    """Take the ready page away."""
    ready.remove_ready(doorway.services(), actor=doorway.actor(), letter_id=LetterId(letter_id))


@api.post("/letters/<uuid:letter_id>/photo")
@told("รูปถ่ายในหนังสือรับรอง", "multipart/form-data: file (JPEG หรือ PNG) เก็บภาพที่ทำใหม่ขนาด ๔ × ๖ ไม่มีข้อมูลกล้องและสถานที่")
@api.takes(forms.WordForm, location=UPLOAD)
@api.gives(200, answers.PhotoShape)
def bring_photo(sent: Json, letter_id: UUID) -> Json:
    """Put the photograph of its holder on the draft of a certificate."""
    file: FileStorage = sent["file"]
    if not isinstance(file, FileStorage):
        raise BadInput({"file": "แนบไฟล์ในช่อง file พร้อมชื่อไฟล์"})
    office, actor, stream = doorway.services(), doorway.actor(), cast(BinaryIO, file.stream)
    try:
        kept = photos.bring_photo(office, actor=actor, letter_id=LetterId(letter_id), stream=stream)
    except BadInput as error:
        raise BadInput({"file": error.fields["photo"]}) from error
    return {"sha256": kept.hex}


@api.get("/letters/<uuid:letter_id>/photo")
@told("รูปถ่ายในหนังสือรับรอง", "JPEG ที่พิมพ์ในหนังสือ")
@api.gives_bytes("image/jpeg")
def photo(letter_id: UUID) -> Response:
    """Give the photograph on a certificate."""
    data = photos.open_photo(doorway.services(), actor=doorway.actor(), letter_id=LetterId(letter_id))
    return send_bytes(data, "image/jpeg", "photo.jpg")


@api.delete("/letters/<uuid:letter_id>/photo")
@told("เอารูปถ่ายออกจากหนังสือรับรอง")
@api.gives(204)
def remove_photo(letter_id: UUID) -> None:
    """Take the photograph off a draft."""
    photos.remove_photo(doorway.services(), actor=doorway.actor(), letter_id=LetterId(letter_id))


@api.get("/letters/<uuid:letter_id>/preview")
@told("หน้าหนังสือ", "PDF ของร่างตามที่จะเป็นเมื่อลงนาม หรือหน้าที่ลงนามแล้ว")
@api.gives_bytes("application/pdf")
def preview(letter_id: UUID) -> Response:
    """Give the page as it will be, or the signed one."""
    office, actor = doorway.services(), doorway.actor()
    letter = viewing.open_letter(office, actor=actor, letter_id=LetterId(letter_id))
    issued = letter.issued_file
    if issued is not None:
        _, data = viewing.open_file(office, actor=actor, letter_id=letter.id, sha256=issued.sha256)
        return send_bytes(data, issued.media_type, issued.name, inline=True)
    drawn = drafting.preview_letter(office, actor=actor, letter_id=letter.id)
    return send_bytes(drawn.pdf, "application/pdf", "ร่างหนังสือ.pdf", inline=True)


@api.get("/letters/<uuid:letter_id>/word")
@told("ไฟล์ Word", "DOCX ไว้แก้ต่อ เฉพาะหนังสือภายนอกและหนังสือภายใน ไม่มีลายมือชื่อ")
@api.gives_bytes(word.MEDIA_TYPE)
def word_file(letter_id: UUID) -> Response:
    """Give the letter as DOCX."""
    office, actor = doorway.services(), doorway.actor()
    letter = viewing.open_letter(office, actor=actor, letter_id=LetterId(letter_id))
    data = word.word_file(office, actor=actor, letter_id=letter.id)
    return send_bytes(data, word.MEDIA_TYPE, "หนังสือ.docx")


@api.post("/word-text")
@told("ข้อความจากไฟล์ Word", "multipart/form-data: file ได้ข้อความเป็น Markdown ส่วนย่อยที่ใช้ใน body ไม่บันทึกสิ่งใด")
@api.takes(forms.WordForm, location=UPLOAD)
@api.gives(200, answers.WordTextShape)
def word_text(sent: Json) -> Json:
    """Read the text of a DOCX for the body of a letter; nothing is kept."""
    file: FileStorage = sent["file"]
    if not isinstance(file, FileStorage):
        raise BadInput({"file": "แนบไฟล์ในช่อง file พร้อมชื่อไฟล์"})
    require(may_draft(doorway.actor()))
    read = word.word_text(doorway.services(), file.stream.read())
    return {**asdict(read), "left_out": list(read.left_out), "adjusted": list(read.adjusted)}


@api.post("/letters/<uuid:letter_id>/dispatch")
@told(
    "ส่งหนังสือออก",
    "เฉพาะหนังสือที่มีผู้รับ เข้าคิวส่งถึงผู้รับทุกแห่ง ติดตามที่ GET /dispatches/{id} replaces คือการส่งเดิมถึงผู้รับเดียวกันที่หนังสือนี้ไปแทน",
)
@api.takes(step_forms.DispatchForm, required=False)
@api.gives(200, answers.DispatchedShape)
def dispatch(asked: Json, letter_id: UUID) -> Any:
    """Queue an issued letter for each of its receivers."""

    def work(office: Services) -> Json:
        replaces = [DispatchId(one) for one in asked.get("replaces", ())]
        made = dispatching.dispatch_letter(
            office, actor=doorway.actor(), letter_id=LetterId(letter_id), replaces=replaces
        )
        sent = [{"id": str(d.id), "to": d.to_code, "to_name": d.to_name, "state": d.state.value} for d in made]
        return {"id": str(letter_id), "state": "dispatched", "dispatches": sent}

    def again(_: UUID) -> Json:
        sent = tracking.dispatches(doorway.reader(), doorway.actor(), letter_id)
        return {
            "id": str(letter_id),
            "state": "dispatched",
            "dispatches": [showing.dispatch_brief(row) for row in sent],
        }

    answer, headers = once(work, again)
    return answer, 200, headers


@api.post("/letters/<uuid:letter_id>/withdraw")
@told("ถอนเรื่อง")
@api.takes(forms.NothingForm, required=False)
@api.gives(200, answers.WithdrawnShape)
def withdraw(_sent: Json, letter_id: UUID) -> Any:
    """Give a draft up."""

    def work(office: Services) -> Json:
        drafting.withdraw_letter(office, actor=doorway.actor(), letter_id=LetterId(letter_id))
        return {"id": str(letter_id), "state": "withdrawn"}

    answer, headers = once(work, changed)
    return answer, 200, headers


def _base(sent: Json) -> Content:
    """What a letter begins with: nothing, or a template that is filled in."""
    if "template" not in sent:
        if "fields" in sent:
            raise BadInput({"fields": "ส่งได้เมื่อส่ง template ด้วย"})
        return Content()
    actor, values = doorway.actor(), sent.get("fields", {})
    return fill_template(doorway.services(), actor=actor, template_id=sent["template"], values=values)


def changed(letter_id: UUID) -> Json:
    """What a letter is now, for an answer that was lost."""
    letter = viewing.open_letter(doorway.services(), actor=doorway.actor(), letter_id=LetterId(letter_id))
    return {"id": str(letter.id), "version": letter.version, "state": letter.state.value}


def _gone() -> Any:
    raise NotFound
