"""Documents for people, for programs: kinds are listed, defined and changed; documents begun, put before those who
approve and sign, signed, suspended, revoked, followed by others, and fetched."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields as fields_of
from dataclasses import replace
from typing import Any
from uuid import UUID

from saraban import doorway
from saraban.api.answers_issued import (
    IssuedFollowing,
    IssuedList,
    IssuedMaking,
    IssuedQuery,
    IssuedSaidForm,
    IssuedShape,
    IssuedSignForm,
    IssuedWhyForm,
    KindForm,
    KindList,
    KindMaking,
    KindShape,
)
from saraban.api.downloads import send_bytes
from saraban.api.gate import section, told
from saraban.api.repeating import Json, once_done, once_made
from saraban.domain.agency import PositionId
from saraban.domain.calendar import office_date
from saraban.domain.issued import Follows
from saraban.domain.issued_field import FieldType, KindField
from saraban.domain.issued_kind import (
    IssuedKind,
    KindDefinition,
    LookupPolicy,
    Marks,
    Stage,
    Validity,
)
from saraban.domain.permissions import may_issue, words_of
from saraban.reading import issued as rows
from saraban.usecases import ending, issuing, signing_issued
from saraban.usecases.issuing import Said
from saraban.usecases.ports import Services

api = section("issued", "เอกสารที่ออกให้ประชาชน: ชนิด การออก การพักใช้ การยกเลิก และไฟล์ที่ลงนาม")
_ENUMS = {"marks": Marks, "validity": Validity, "lookup": LookupPolicy, "stage": Stage}
_LISTS = ("units", "approvers", "answer_units", "answer_posts")
_EXAMPLE = {
    "code": "CERT-01",
    "name_th": "หนังสือรับรองการอบรม",
    "text": "รับรองว่า {{ชื่อผู้ถือ}} ผ่านการอบรม{{หลักสูตร}}",
    "fields": [{"key": "หลักสูตร", "public": True}],
    "series": "รบ. {{เลข}}/{{ปี}}",
    "stage": "off",
}


# --- kinds ------------------------------------------------------------------------------------------------------------


@api.get("/issued-kinds")
@told("ชนิดเอกสารที่ออกให้ประชาชน", "พร้อมจำนวนที่ออกแล้วและอยู่ระหว่างทำ")
@api.gives(200, KindList)
def kinds() -> Json:
    """List the kinds."""
    return {"items": [_kind_line(one) for one in rows.kinds(doorway.reader(), doorway.actor(), _today())]}


@api.get("/issued-kinds/<uuid:kind_id>")
@told("ชนิดเอกสารหนึ่งชนิด")
@api.gives(200, KindShape)
def kind(kind_id: UUID) -> Json:
    """Show a kind."""
    return _kind(kind_id)


@api.post("/issued-kinds")
@told("กำหนดชนิดเอกสาร", "ผู้ดูแลระบบ ช่องใน text เขียน {{ชื่อช่อง}} ที่ไม่ส่งใน fields ระบบเดาชนิดจากชื่อ")
@api.takes(KindMaking, example=_EXAMPLE)
@api.gives(201, KindShape)
def define(sent: Json) -> Any:
    """Define a kind."""
    who, said = doorway.actor(), _definition(sent, KindDefinition(code="", name_th=""))
    return once_made(lambda o: issuing.define_kind(o, actor=who, said=said), _kind)


@api.patch("/issued-kinds/<uuid:kind_id>")
@told("แก้ เปิด ทดลอง หรือปิดชนิดเอกสาร", "ผู้ดูแลระบบ แก้เฉพาะที่ส่งมา ฉบับที่ออกไปแล้วไม่เปลี่ยน")
@api.takes(KindForm, example={"stage": "on"})
@api.gives(200, KindShape)
def change(sent: Json, kind_id: UUID) -> Json:
    """Change a kind."""
    who = doorway.actor()
    said = _definition(sent, rows.kind(doorway.reader(), who, kind_id))
    issuing.change_kind(doorway.services(), actor=who, kind_id=kind_id, said=said, version=sent.get("version"))
    doorway.refresh_reader()
    return _kind(kind_id)


# --- documents --------------------------------------------------------------------------------------------------------


@api.get("/issued")
@told("เอกสารที่ออกให้ประชาชน", "show mine คือที่รอผู้เรียกอนุมัติหรือลงนาม เรียงจากที่เปลี่ยนล่าสุด")
@api.takes(IssuedQuery, location="query")
@api.gives(200, IssuedList)
def documents(query: Json) -> Json:
    """List documents."""
    page = rows.documents(
        doorway.reader(),
        doorway.actor(),
        _today(),
        show=rows.Show(query["show"]),
        kind_id=query["kind"],
        q=query["q"],
        cursor=query["cursor"],
        limit=query["limit"],
    )
    return {"items": [_line(one) for one in page.items], "next": page.next}


@api.post("/issued")
@told("ร่างเอกสาร", "fields เป็นค่าตาม key ของชนิดเอกสาร วันที่เป็น ค.ศ. เช่น 2026-11-26")
@api.takes(IssuedMaking)
@api.gives(201, IssuedShape)
def draft(sent: Json) -> Any:
    """Begin a document."""
    who, said = doorway.actor(), _said(sent)
    return once_made(lambda o: issuing.draft(o, actor=who, kind_id=sent["kind"], said=said), _document)


@api.get("/issued/<uuid:document_id>")
@told("เอกสารหนึ่งฉบับ")
@api.gives(200, IssuedShape)
def document(document_id: UUID) -> Json:
    """Show a document."""
    return _document(document_id)


@api.post("/issued/<uuid:document_id>/revise")
@told("แก้ร่างเอกสาร")
@api.takes(IssuedSaidForm)
@api.gives(200, IssuedShape)
def revise(sent: Json, document_id: UUID) -> Any:
    """Change a draft."""
    return _deed(document_id, issuing.revise, said=_said(sent), version=sent["version"])


@api.post("/issued/<uuid:document_id>/submit")
@told("เสนอเอกสาร", "ถึงผู้อนุมัติ หรือผู้ลงนามเมื่อไม่มีผู้อนุมัติ")
@api.gives(200, IssuedShape)
def submit(document_id: UUID) -> Any:
    """Put a draft before who approves or signs."""
    return _deed(document_id, issuing.submit)


@api.post("/issued/<uuid:document_id>/approve")
@told("อนุมัติเอกสาร", "ผู้ดำรงตำแหน่งผู้อนุมัติของชนิดเอกสาร")
@api.gives(200, IssuedShape)
def approve(document_id: UUID) -> Any:
    """Approve a document."""
    return _deed(document_id, issuing.approve)


@api.post("/issued/<uuid:document_id>/return")
@told("ส่งคืนเอกสารให้แก้", "ผู้อนุมัติหรือผู้ลงนาม พร้อมเหตุผล")
@api.takes(IssuedWhyForm)
@api.gives(200, IssuedShape)
def send_back(sent: Json, document_id: UUID) -> Any:
    """Send a document back."""
    return _deed(document_id, issuing.send_back, **sent)


@api.post("/issued/<uuid:document_id>/drop")
@told("ไม่ออกเอกสาร", "ร่างที่จะไม่ออก เลขที่ออกแล้วถูกยกเลิก")
@api.takes(IssuedWhyForm)
@api.gives(200, IssuedShape)
def drop(sent: Json, document_id: UUID) -> Any:
    """Give a draft up."""
    return _deed(document_id, issuing.drop, **sent)


@api.post("/issued/<uuid:document_id>/sign")
@told("ลงนามและออกเอกสาร", "ผู้ดำรงตำแหน่งผู้ลงนามของชนิดเอกสาร ได้เลข ลายมือชื่อหรือตราในไฟล์ และรหัสตรวจสอบ")
@api.takes(IssuedSignForm)
@api.gives(200, IssuedShape)
def sign(sent: Json, document_id: UUID) -> Any:
    """Sign a document and issue it."""
    return _deed(document_id, signing_issued.sign, **sent)


@api.post("/issued/<uuid:document_id>/suspend")
@told("พักใช้เอกสาร", "ผู้อนุมัติ ผู้ลงนาม หรือหัวหน้าส่วนราชการ พร้อมเหตุผล")
@api.takes(IssuedWhyForm)
@api.gives(200, IssuedShape)
def suspend(sent: Json, document_id: UUID) -> Any:
    """Suspend a document."""
    return _deed(document_id, ending.suspend, **sent)


@api.post("/issued/<uuid:document_id>/resume")
@told("ให้ใช้เอกสารต่อ", "พร้อมเหตุผล")
@api.takes(IssuedWhyForm)
@api.gives(200, IssuedShape)
def resume(sent: Json, document_id: UUID) -> Any:
    """Let a document hold again."""
    return _deed(document_id, ending.resume, **sent)


@api.post("/issued/<uuid:document_id>/revoke")
@told("ยกเลิกเอกสาร", "พร้อมเหตุผล รหัสเดิมยังตอบว่ายกเลิก")
@api.takes(IssuedWhyForm)
@api.gives(200, IssuedShape)
def revoke(sent: Json, document_id: UUID) -> Any:
    """Revoke a document."""
    return _deed(document_id, ending.revoke, **sent)


@api.post("/issued/<uuid:document_id>/withhold")
@told("งดแสดงในทะเบียนสาธารณะ", "เช่น ผู้ถือขอ พร้อมเหตุผล ฉบับที่ต่ออายุหรือออกแทนงดด้วย รหัสบนเอกสารยังตรวจได้")
@api.takes(IssuedWhyForm)
@api.gives(200, IssuedShape)
def withhold(sent: Json, document_id: UUID) -> Any:
    """Keep a document out of the public register."""
    return _deed(document_id, ending.withhold, **sent)


@api.post("/issued/<uuid:document_id>/show-again")
@told("ให้แสดงในทะเบียนสาธารณะอีก", "พร้อมเหตุผล")
@api.takes(IssuedWhyForm)
@api.gives(200, IssuedShape)
def show_again(sent: Json, document_id: UUID) -> Any:
    """Let the public register show a document again."""
    return _deed(document_id, ending.show_again, **sent)


@api.post("/issued/<uuid:document_id>/follow")
@told("เริ่มฉบับที่ต่ออายุหรือออกแทน", "ฉบับเดิมใช้ได้จนกว่าฉบับใหม่ลงนาม")
@api.takes(IssuedFollowing)
@api.gives(201, IssuedShape)
def follow(sent: Json, document_id: UUID) -> Any:
    """Begin the document that takes the place of one."""
    who = doorway.actor()
    of = rows.document(doorway.reader(), who, document_id).document
    said = Said(
        sent.get("holder_name", of.holder_name), sent.get("holder_id", of.holder_id), sent.get("fields", of.values)
    )
    how = Follows(sent["how"])
    return once_made(lambda o: issuing.follow(o, actor=who, document_id=document_id, as_what=how, said=said), _document)


@api.get("/issued/<uuid:document_id>/file")
@told("ไฟล์ที่ลงนามแล้ว", "PDF/A-3 มี document.json และ document.xml อยู่ในไฟล์")
@api.gives_bytes("application/pdf")
def original(document_id: UUID) -> Any:
    """Give the signed file."""
    _, data = ending.open_original(doorway.services(), actor=doorway.actor(), document_id=document_id)
    return send_bytes(data, "application/pdf", "เอกสาร.pdf")


@api.get("/issued/<uuid:document_id>/print-out")
@told("สำเนาสำหรับพิมพ์", "บอกวัน เวลา และผู้พิมพ์เหนือทุกหน้า")
@api.gives_bytes("application/pdf")
def print_out(document_id: UUID) -> Any:
    """Give a copy for paper."""
    _, data = ending.print_out(doorway.services(), actor=doorway.actor(), document_id=document_id)
    return send_bytes(data, "application/pdf", "พิมพ์จากระบบ.pdf")


# --- within -----------------------------------------------------------------------------------------------------------


def _deed(document_id: UUID, deed: Callable[..., object], **said: Any) -> Any:
    who = doorway.actor()

    def work(office: Services) -> None:
        deed(office, actor=who, document_id=document_id, **said)

    return once_done(work, document_id, _document)


def _said(sent: Json) -> Said:
    return Said(sent["holder_name"], sent["holder_id"], sent["fields"])


def _definition(sent: Json, before: KindDefinition) -> KindDefinition:
    """What was said before with what was sent in its place."""
    values = {one.name: getattr(before, one.name) for one in fields_of(KindDefinition)}
    plain = {name: part for name, part in sent.items() if name in values and name not in (*_ENUMS, *_LISTS, "fields")}
    values |= plain | {name: kind(sent[name]) for name, kind in _ENUMS.items() if name in sent}
    values["signer_id"] = PositionId(values["signer_id"]) if values["signer_id"] is not None else None
    values |= {name: tuple(sent[name]) for name in _LISTS if name in sent}
    described = {one.key: one for one in before.fields}
    if "fields" in sent:
        described = {one["key"]: _field(one) for one in sent["fields"]}
    said = KindDefinition(**values)
    said.fields = said.with_fields_of_text(described)
    return said


def _field(sent: Json) -> KindField:
    plain = {name: part for name, part in sent.items() if name not in ("type", "choices")}
    return replace(KindField(**plain), type=FieldType(sent["type"]), choices=tuple(sent["choices"]))


def _kind(kind_id: UUID) -> Json:
    found = rows.kinds(doorway.reader(), doorway.actor(), _today())
    one = next((one for one in found if one.id == kind_id), None)
    return _kind_line(one or rows.KindLine(rows.kind(doorway.reader(), doorway.actor(), kind_id), {}, 0, ""))


def _kind_line(one: rows.KindLine) -> Json:
    kind = one.kind
    same = ("version", "edition", "code", "name_th", "name_en", "title", "text", "holder_id_required", "series",
            "validity_amount", "is_public", "holder_public", "may_download", "in_register",
            "holder_in_register", "pilot_most")  # fmt: skip
    return {
        "id": str(kind.id),
        **{name: getattr(kind, name) for name in same},
        **{name: getattr(kind, name).value for name in _ENUMS},
        "fields": [field.as_dict() for field in kind.fields],
        **{name: [str(one) for one in getattr(kind, name)] for name in _LISTS},
        "signer": _id(kind.signer_id),
        "issued": one.out,
        "in_work": one.count("draft", "waiting", "approved"),
        "may_issue": _may_issue(kind),
    }


def _may_issue(kind: IssuedKind) -> bool | str:
    refusal = may_issue(doorway.actor(), kind)
    return True if refusal is None else words_of(refusal) or "ท่านออกเอกสารชนิดนี้ไม่ได้"


def _document(document_id: UUID) -> Json:
    found = rows.document(doorway.reader(), doorway.actor(), document_id)
    return _line(rows.DocumentLine(found.document, found.kind))


def _line(one: rows.DocumentLine) -> Json:
    document = one.document
    public = document.public_state(_today())
    same = (
        "version",
        "holder_name",
        "holder_id",
        "note",
        "number",
        "approved_by",
        "signed_by",
        "code",
        "reason",
        "level",
        "untimed",
        "withheld",
        "withheld_because",
    )
    days = ("issued_on", "valid_until", "state_on")
    return {
        "id": str(document.id),
        "kind": str(document.kind_id),
        "kind_code": one.kind.code,
        "state": document.state.value,
        "public_state": public.value if public is not None else None,
        **{name: getattr(document, name) for name in same},
        **{name: day.isoformat() if (day := getattr(document, name)) is not None else None for name in days},
        "fields": document.values,
        "sha256": document.digest.hex if document.digest is not None else None,
        "follows": _id(document.follows),
        "replaced_by": _id(document.replaced_by),
    }


def _id(one: UUID | None) -> str | None:
    return str(one) if one is not None else None


def _today() -> Any:
    return office_date(doorway.services().clock.now())
