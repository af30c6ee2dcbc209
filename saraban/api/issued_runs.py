"""Many documents for people at once, for programs: a sheet is looked through and begun, its run approved, signed and
followed line by line; and the links by which holders fetch what was issued."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any
from uuid import UUID

from werkzeug.datastructures import FileStorage

from saraban import doorway
from saraban.api import showing
from saraban.api.answers_runs import (
    HolderLinkForm,
    HolderLinkMadeShape,
    HolderLinksShape,
    RunLinesShape,
    RunLinksForm,
    RunList,
    RunPreviewShape,
    RunShape,
    RunSheetForm,
    RunSignForm,
)
from saraban.api.downloads import send_bytes
from saraban.api.errands import ErrandShape, ordered
from saraban.api.gate import UPLOAD, section, told
from saraban.api.repeating import Json, once, once_done
from saraban.domain.attachment import Digest
from saraban.domain.errors import BadInput
from saraban.domain.issued_kind import IssuedKind
from saraban.domain.permissions import (
    may_approve_some_issued,
    may_issue,
    may_revise_issued,
    may_sign_issued,
    require,
    words_of,
)
from saraban.domain.verification import address
from saraban.doorway.background import in_background
from saraban.doorway.issued_sheets import ReadSheet, columns_of, look_through, order_of_run
from saraban.reading import issued as kinds
from saraban.reading import issued_runs as rows
from saraban.reading.deliveries import of_links
from saraban.usecases import holder_links, running_issued, signing_issued
from saraban.usecases.errands import order_errand
from saraban.usecases.ports import Services

api = section("issued-runs", "เอกสารที่ออกให้ประชาชนเป็นชุดจากตาราง และลิงก์ที่ผู้ถือเปิดเอกสารของตน")


# --- the sheet --------------------------------------------------------------------------------------------------------


@api.get("/issued-kinds/<uuid:kind_id>/sheet")
@told("แบบตาราง XLSX", "หัวตารางของชนิดเอกสาร พร้อมแถวตัวอย่างหนึ่งแถว")
@api.gives_bytes(holder_links.XLSX)
def sheet(kind_id: UUID) -> Any:
    """Give a sheet with the headings of a kind."""
    kind, out = _kind(kind_id), BytesIO()
    columns = columns_of(kind)
    headings, example = [name for name, _ in columns], [one for _, one in columns]
    doorway.services().spreadsheets.write_xlsx(kind.name_th, headings, [example], out)
    return send_bytes(out.getvalue(), holder_links.XLSX, f"แบบ{kind.name_th}.xlsx")


@api.post("/issued-kinds/<uuid:kind_id>/runs/preview")
@told(
    "ตรวจตารางก่อนออกเอกสาร",
    "multipart/form-data: file (XLSX หรือ CSV ไม่เกิน 2,000 แถว) ไม่เริ่มเอกสารใด "
    "problems บอกทุกแถวที่ต้องแก้ แถวนับตามแผ่นงาน หัวตารางคือแถวที่ 1",
)
@api.takes(RunSheetForm, location=UPLOAD)
@api.gives(200, RunPreviewShape)
def preview(sent: Json, kind_id: UUID) -> Json:
    """Look through a sheet; nothing is begun."""
    read, _ = _read(kind_id, sent)
    return {
        "lines": len(read.lines),
        "mailboxes": sum(bool(one.mail) for one in read.lines),
        "unused": read.unknown,
        "problems": [{"row": read.lines[at].row, "errors": read.wrong[at]} for at in sorted(read.wrong)],
    }


@api.post("/issued-kinds/<uuid:kind_id>/runs")
@told(
    "เริ่มชุดเอกสารจากตาราง",
    "multipart/form-data: file ทำเบื้องหลัง ดูที่ GET /errands/{id} เมื่อเสร็จ ชุดอยู่ที่ GET /issued-runs/{id} รหัสเดียวกัน "
    "ทุกแถวหรือไม่เลย: มีแถวต้องแก้ตอบ 422 โดย errors มีชื่อ rows.แถว.ช่อง",
)
@api.takes(RunSheetForm, location=UPLOAD)
@api.gives(202, ErrandShape)
def begin(sent: Json, kind_id: UUID) -> Any:
    """Have the documents of a sheet begun and put before who approves or signs them."""
    read, data = _read(kind_id, sent)
    if read.wrong:
        raise BadInput(
            {f"rows.{read.lines[at].row}.{name}": why for at, told in read.wrong.items() for name, why in told.items()}
        )
    name = sent["file"].filename or "ตาราง"
    title, order = order_of_run(doorway.services(), _kind(kind_id), read, name)
    return _ordered(running_issued.ERRAND, title, order, lambda: len(read.lines), asked=[name, Digest.of(data).hex])


# --- runs -------------------------------------------------------------------------------------------------------------


@api.get("/issued-runs")
@told("ชุดเอกสารจากตาราง", "ใหม่ที่สุดก่อน")
@api.gives(200, RunList)
def runs() -> Json:
    """List the newest runs."""
    found = rows.runs(doorway.reader(), doorway.actor(), doorway.services().clock.now())
    return {"items": [_row(one) for one in found]}


@api.get("/issued-runs/<uuid:run_id>")
@told("ชุดเอกสารหนึ่งชุด", "ความคืบหน้าอยู่ใน counts")
@api.gives(200, RunShape)
def run(run_id: UUID) -> Json:
    """Show a run."""
    return _run(run_id)


@api.get("/issued-runs/<uuid:run_id>/lines")
@told(
    "ผลรายแถวของชุดเอกสาร",
    "ตามลำดับในตาราง line คือแถวในแผ่นงาน หัวตารางคือแถวที่ 1 why คือเหตุที่ครั้งล่าสุดทำไม่ได้ delivery คือถึงผู้ถือแค่ไหน",
)
@api.gives(200, RunLinesShape)
def lines(run_id: UUID) -> Json:
    """Tell what became of each line."""
    _run(run_id)
    home = doorway.services().public_url
    return {
        "items": [
            {
                "line": one.ordinal,
                "document": str(one.document_id),
                "holder_name": one.holder_name,
                "mail": one.mail,
                "state": one.state.value,
                "number": one.number,
                "verification": address(home, one.code) if home and one.code and one.state.is_out else None,
                "why": one.why,
                "untimed": one.untimed,
                "delivery": one.delivery.value if one.delivery else None,
                "mailed_to": one.mailed_to,
                "delivered_at": showing.moment(one.delivered_at) if one.delivered_at else None,
                "why_returned": one.why_returned,
            }
            for one in rows.lines(doorway.reader(), run_id, None)
        ]
    }


@api.post("/issued-runs/<uuid:run_id>/approve")
@told("อนุมัติทั้งชุด", "ผู้อนุมัติของชนิดเอกสาร ทำเบื้องหลัง ดูที่ GET /errands/{id}")
@api.gives(202, ErrandShape)
def approve(run_id: UUID) -> Any:
    """Have what waits of a run approved."""
    who, office = doorway.actor(), doorway.services()
    order = {"deed": running_issued.APPROVE, "run": str(run_id)}
    return _ordered(
        running_issued.ERRAND,
        f"อนุมัติ {_title(run_id)}",
        order,
        lambda: running_issued.expect_approvable(office, actor=who, run_id=run_id),
    )


@api.post("/issued-runs/<uuid:run_id>/sign")
@told(
    "ลงนามทั้งชุด",
    "ผู้ลงนามของชนิดเอกสาร ทำอยู่เบื้องหลังตามลำดับในตาราง ทำต่อชุดที่ค้างไว้ได้ด้วย Idempotency-Key ใหม่ ฉบับที่ออกแล้วไม่ทำซ้ำ",
)
@api.takes(RunSignForm)
@api.gives(202, RunShape)
def sign(sent: Json, run_id: UUID) -> Any:
    """Sign what waits of a run. Sent twice it is gone through once; with the same key the second hears what the first
    did."""
    who, worker = doorway.actor(), doorway.services()

    def begin_signing(office: Services) -> None:
        running_issued.sign_run(
            office,
            actor=who,
            run_id=run_id,
            passphrase=sent["passphrase"],
            sign=signing_issued.sign_in_turn,
            spawn=in_background,
            worker=worker,
        )

    return once_done(begin_signing, run_id, _run, status=202)


@api.post("/issued-runs/<uuid:run_id>/stop")
@told("หยุดลงนามชุดนี้", "หยุดหลังฉบับที่กำลังทำ ทำต่อภายหลังได้")
@api.gives(200, RunShape)
def stop(run_id: UUID) -> Any:
    """Stop after the document in hand."""
    who = doorway.actor()
    return once_done(lambda office: running_issued.stop_run(office, actor=who, run_id=run_id), run_id, _run)


@api.post("/issued-runs/<uuid:run_id>/links")
@told(
    "ลิงก์ของผู้ถือทั้งชุด",
    "deed: mail ส่งทางอีเมลทุกแถวที่มีอีเมลและยังไม่เคยส่ง, mail-again ส่งอีกครั้งที่ส่งไม่ถึง, sheet ทำตาราง XLSX ของลิงก์ ทำเบื้องหลัง "
    "ไฟล์อยู่ที่งานเบื้องหลัง ผลรายแถวคือ delivery ใน GET /issued-runs/{id}/lines ไม่มีฉบับใดให้ส่งตอบ nothing-waits",
)
@api.takes(RunLinksForm, example={"deed": "mail"})
@api.gives(202, ErrandShape)
def links(sent: Json, run_id: UUID) -> Any:
    """Have links of a run sent, or a sheet of them made."""
    who = doorway.actor()
    found, kind = running_issued.look_at_run(doorway.services(), actor=who, run_id=run_id)
    require(may_revise_issued(who, kind))
    deed, office = sent["deed"], doorway.services()

    def many() -> int:
        if deed == holder_links.SHEET:
            return found.documents
        again = deed == holder_links.AGAIN
        return holder_links.expect_mailable(office, actor=who, run_id=run_id, again=again)

    order = {"deed": deed, "run": str(run_id)}
    return _ordered(holder_links.ERRAND, f"{holder_links.WORDS[deed]} {found.title}", order, many)


# --- the holder's links of one document -------------------------------------------------------------------------------


@api.get("/issued/<uuid:document_id>/links")
@told("ลิงก์ของผู้ถือ", "ไม่มีที่อยู่ของลิงก์ ซึ่งบอกครั้งเดียวเมื่อทำ fetched_at คือครั้งล่าสุดที่ผู้ถือดาวน์โหลด")
@api.gives(200, HolderLinksShape)
def links_of(document_id: UUID) -> Json:
    """List the links of a document."""
    return _links(document_id)


@api.post("/issued/<uuid:document_id>/links")
@told("ทำลิงก์ของผู้ถือ", "mail คือส่งลิงก์ไปที่นั้น link บอกครั้งเดียว คำขอซ้ำได้ null")
@api.takes(HolderLinkForm, required=False)
@api.gives(201, HolderLinkMadeShape)
def make_link(sent: Json, document_id: UUID) -> Any:
    """Make a link; its address is told this once and kept nowhere, with the answer of a repeat neither."""
    who, made = doorway.actor(), list[str]()

    def work(office: Services) -> Json:
        made.append(holder_links.make_link(office, actor=who, document_id=document_id, mail=sent["mail"]))
        doorway.refresh_reader()
        return _links(document_id)

    answer, headers = once(work, lambda _: _links(document_id))
    return {**answer, "link": made[0] if made and not headers and not sent["mail"].strip() else None}, 201, headers


@api.post("/issued/<uuid:document_id>/links/withdraw")
@told("ยกเลิกลิงก์ทั้งหมดของเอกสาร", "เปิดไม่ได้อีกทุกลิงก์")
@api.gives(200, HolderLinksShape)
def withdraw(document_id: UUID) -> Any:
    """Let no link of a document answer any longer."""
    who = doorway.actor()
    return once_done(
        lambda office: holder_links.withdraw_links(office, actor=who, document_id=document_id), document_id, _links
    )


# --- within -----------------------------------------------------------------------------------------------------------


def _kind(kind_id: UUID) -> IssuedKind:
    kind = kinds.kind(doorway.reader(), doorway.actor(), kind_id)
    require(may_issue(doorway.actor(), kind))
    return kind


def _read(kind_id: UUID, sent: Json) -> tuple[ReadSheet, bytes]:
    """The sheet that was sent, looked through, and its bytes."""
    kind, file = _kind(kind_id), sent["file"]
    if not isinstance(file, FileStorage):
        raise BadInput({"file": "แนบไฟล์ในช่อง file พร้อมชื่อไฟล์"})
    data = file.stream.read(running_issued.LARGEST_SHEET + 1)
    office, who = doorway.services(), doorway.actor()
    sheet = running_issued.read_run_sheet(office, actor=who, kind_id=kind.id, data=data, name=file.filename or "")
    return look_through(kind, sheet), data


def _ordered(kind: str, title: str, order: Json, many: Callable[[], int], asked: object = None) -> Any:
    """Have work done in the background; `many` says how much it is and refuses where there is nothing to do, which a
    repeat that was ordered before is not asked again."""
    who = doorway.actor()

    def work(office: Services) -> Json:
        errand = order_errand(office, actor=who, kind=kind, title=title[:200], order=order, total=many())
        doorway.refresh_reader()
        return ordered(errand)

    answer, headers = once(work, ordered, asked=asked)
    return answer, 202, headers


def _title(run_id: UUID) -> str:
    return running_issued.look_at_run(doorway.services(), actor=doorway.actor(), run_id=run_id)[0].title


def _run(run_id: UUID) -> Json:
    return _row(rows.run(doorway.reader(), doorway.actor(), run_id, doorway.services().clock.now()))


def _row(one: rows.RunRow) -> Json:
    who = doorway.actor()
    kind = kinds.kind(doorway.reader(), who, one.kind_id)
    same = ("title", "made_by", "documents", "failed", "untimed", "mailboxes", "mailed", "unsent", "returned")
    rights = {"approve": may_approve_some_issued, "sign": may_sign_issued, "links": may_revise_issued}
    return {
        "id": str(one.id),
        "kind": str(one.kind_id),
        **{name: getattr(one, name) for name in same},
        "made_at": showing.moment(one.made_at),
        "counts": {state.value: many for state, many in one.counts.items()},
        "issued": one.out,
        "signing": one.is_held,
        "interrupted": one.is_left,
        **{f"may_{deed}": words_of(ask(who, kind)) or True for deed, ask in rights.items()},
    }


def _links(document_id: UUID) -> Json:
    before = kinds.document(doorway.reader(), doorway.actor(), document_id).mail_before
    return {
        "mail_before": before,
        "items": [
            {
                "id": str(one.id),
                "mail": one.mail,
                "made_by": one.made_by,
                "made_at": showing.moment(one.made_at),
                "withdrawn_at": showing.moment(one.withdrawn_at) if one.withdrawn_at else None,
                "fetched_at": showing.moment(one.fetched_at) if one.fetched_at else None,
                "fetches": one.fetches,
                "delivery": one.delivered.way.value,
                "why_returned": one.delivered.why,
            }
            for one in of_links(doorway.reader(), document_id)
        ],
    }
