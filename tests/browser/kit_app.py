"""A bare application that shows the kit alone: no database, no login, the strictest content security policy."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from flask import Flask, Response, jsonify, render_template, render_template_string, request
from jinja2 import StrictUndefined

from saraban.domain.signature import Answer, SignatureStatus
from saraban.reading.paging import Page
from saraban.web import server_words
from saraban.web.course import RoutePerson, ShownStep
from saraban.web.filters import EVIDENCE, STATES, register_filters

ROOT = Path(__file__).resolve().parents[2]
NOON = datetime(2026, 11, 23, 5, 0, tzinfo=UTC)
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_AGENCIES = (
    "กรมบัญชีกลาง",
    "สำนักงานปลัดสำนักนายกรัฐมนตรี",
    "กรมส่งเสริมการปกครองท้องถิ่น",
    "จังหวัดนครศรีธรรมราช",
    "สำนักงานตรวจเงินแผ่นดินภูมิภาคที่ ๘",
    "เทศบาลเมืองบ้านสวน",
)
_SUBJECTS = (
    "การสำรวจความพร้อมในการรับส่งหนังสือทางไปรษณีย์อิเล็กทรอนิกส์กลางของส่วนราชการและหน่วยงานอื่นของรัฐทั่วประเทศ",
    "ขอเชิญประชุม",
    "รายงานผลการตรวจสอบรายงานการเงินสำหรับปีสิ้นสุดวันที่ ๓๐ กันยายน ๒๕๖๙",
    "ซักซ้อมความเข้าใจแนวทางปฏิบัติในการจัดซื้อจัดจ้างด้วยวิธีเฉพาะเจาะจง",
)


@dataclass
class Posted:
    """What the pages sent to the kit's own addresses, for tests to look at."""

    autosaved: list[dict[str, list[str]]] = field(default_factory=list)
    previews: list[dict[str, list[str]]] = field(default_factory=list)


def kit_app() -> Flask:
    """The application; `app.extensions["posted"]` collects what is POSTed."""
    app = Flask(
        "saraban.web", template_folder=str(ROOT / "templates"), static_folder=str(ROOT / "saraban" / "web" / "static")
    )
    app.config.update(SECRET_KEY="only for the kit", TESTING=True)
    app.jinja_env.undefined = StrictUndefined
    register_filters(app)
    server_words.install(app)
    app.jinja_env.globals["csrf_token"] = lambda: "a-token"
    app.jinja_env.globals["ticks_elsewhere"] = lambda *_: ["line-3", "line-7"]
    posted = app.extensions["posted"] = Posted()

    @app.context_processor
    def shell() -> dict[str, Any]:
        return {"nav": _NAV, "current_person": _PERSON}

    @app.after_request
    def policy(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = POLICY
        return response

    @app.get("/kit")
    def kit() -> str:
        return render_template("kit.html", kit=_kit())

    @app.get("/kit/public")
    def public() -> str:
        return render_template_string(
            '{% extends "base_public.html" %}{% block title %}ตรวจเอกสาร{% endblock %}{% block content %}'
            '{% from "components/verdict.html" import big_verdict %}'
            '{% call big_verdict("เอกสารนี้ออกจริงและใช้ได้", "good") %}'
            "ตรวจกับทะเบียนของกรมส่งเสริมการอ่าน{% endcall %}{% endblock %}"
        )

    @app.get("/kit/page/<int:number>.svg")
    def page(number: int) -> Response:
        lines = "".join(
            f'<rect x="177" y="{400 + 60 * line}" width="{940 - 37 * (line % 4)}" height="14"/>' for line in range(18)
        )
        drawing = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1240 1754"><g fill="#555">{lines}</g></svg>'
        return Response(drawing, mimetype="image/svg+xml")

    @app.post("/kit/autosave")
    def autosave() -> Response:
        posted.autosaved.append(request.form.to_dict(flat=False))
        return jsonify(version=4, saved="๑๐.๔๘ น.")

    @app.post("/kit/preview")
    def preview() -> str:
        posted.previews.append(request.form.to_dict(flat=False))
        return render_template_string(
            '{% from "components/viewer.html" import page_images %}{{ page_images(pages) }}',
            pages=[SimpleNamespace(src="/kit/page/9.svg", number=1)],
        )

    @app.get("/letters/new", endpoint="letters.new")
    def new() -> str:
        return "<!doctype html><title>ร่างใหม่</title>"

    @app.get("/incoming", endpoint="incoming.index")
    def incoming() -> str:
        return "<!doctype html><title>หนังสือรับ</title>"

    return app


_NAV = SimpleNamespace(
    incoming_new=14,
    incoming_held=2,
    desk_waiting=200,
    problems=3,
    tasks=5,
    notices=4,
    to_read=6,
    drafts=3,
    mailbox_checked_at=datetime(2026, 11, 23, 1, 32, tzinfo=UTC),
    mailbox_problem=None,
)
_PERSON = SimpleNamespace(
    name="พรทิพย์ แสงจันทร์",
    title="เจ้าหน้าที่สารบรรณกลาง",
    unit="สำนักงานเลขานุการกรม",
    agency="กรมส่งเสริมการอ่าน",
    role="clerk",
    initials="พร",
    administers=True,
    enters=True,
    several=False,
    capacities=[],
    acting=None,
)


def _kit() -> dict[str, Any]:
    yes, no, unknown = Answer(True, "ตรงทุกไบต์"), Answer(False, "ไฟล์ถูกแก้หลังลงตรา"), Answer(None, "ซองนี้ไม่มีตราเวลา")
    return {
        "states": STATES,
        "evidence": EVIDENCE,
        "columns": [
            {"label": "เลขรับ", "cls": "r col-reg", "sort": "number", "sorted": "descending"},
            {"label": "ชั้น", "cls": "col-badges"},
            {"label": "เรื่อง", "sort": "subject"},
            {"label": "จาก", "cls": "col-from"},
            {"label": "ที่", "cls": "col-no"},
            {"label": "รับเมื่อ", "cls": "col-date"},
            {"sr": "สิ่งที่ส่งมาด้วย", "cls": "col-icons"},
            {"label": "สถานะ", "cls": "col-state"},
        ],
        "rows": [_row(at) for at in range(80)],
        "part": Page([f"line-{at}" for at in range(100)], "200", 230, "1", before=100),
        "route": [
            _step("ร่าง", "done", ("มาลี ศรีสุข", True)),
            _step("เห็นชอบ", "now", ("กองคลัง", True), ("กองแผนงาน", False), ("กลุ่มกฎหมาย", False), need=2),
            ShownStep(
                "ให้ความเห็น · เพื่อทราบ",
                "now",
                [
                    RoutePerson("นายสมชาย ดีมาก", True, "กองคลัง", "done", "", NOON, "ให้ไว้กับฉบับก่อน"),
                    RoutePerson("กองแผนงาน", False, "", "objected", "ไม่เห็นชอบ", NOON),
                    RoutePerson("กลุ่มกฎหมาย", False, "", "skipped", "ไม่ต้องรอ ครบจำนวนแล้ว", NOON),
                    RoutePerson("กองวิจัย", False, "", "note", "ยังไม่รับทราบ"),
                ],
                parallel=True,
            ),
            _step("ตรวจ", "", ("เลขานุการกรมส่งเสริมการอ่านและการเรียนรู้", False)),
            _step("ลงนาม", "", ("อธิบดี", False)),
        ],
        "route_returned": [_step("ร่าง", "back", ("มาลี ศรีสุข", False)), _step("ลงนาม", "", ("อธิบดี", False))],
        "verdicts": [
            SignatureStatus(yes, yes, yes, yes),
            SignatureStatus(yes, yes, yes, unknown),
            SignatureStatus(no, yes, unknown, yes),
        ],
        "rungs": [
            _rung("queued", NOON, "ออกเลขและลงตราแล้ว", "", "done"),
            _rung("sent", NOON, "เครื่องส่งของเราตอบ 250 OK", "smtp-reply", "done"),
            _rung("undelivered", NOON, "กล่องปลายทางเต็ม ลองแล้ว ๕ ครั้งใน ๓ วัน", "receipt", "bad"),
            _rung("received", None, "ยังไม่มีหลักฐาน โทรยืนยันหรือส่งอีกครั้งได้", "", "now"),
            _rung("registered", None, "รอเลขรับจากผู้รับ", "", "todo"),
        ],
        "events": [
            SimpleNamespace(at=NOON, who="พรทิพย์ แสงจันทร์", what="ลงรับ", detail="เลขรับ ๔๑๒๗"),
            SimpleNamespace(at=NOON, who="ระบบ", what="ส่งใบตอบรับลงทะเบียน", detail=""),
        ],
        "tests": [
            SimpleNamespace(name="๑ ต่อแบบเข้ารหัส", time="๐.๓ วินาที", what="TLS 1.3 ใบรับรองตรงชื่อ", fix="", status="yes"),
            SimpleNamespace(
                name="๒ อ่านกล่องเข้า",
                time="๕ วินาที",
                what="เครื่องตอบ NO [OVERQUOTA]",
                fix="กล่องเต็ม ขอเพิ่มพื้นที่จากผู้ให้บริการ",
                status="no",
            ),
            SimpleNamespace(name="๓ นาฬิกา", time="", what="รอข้อ ๒", fix="", status="todo"),
        ],
        "errors": [("date", "ลงวันที่", "วันที่ ๓๑ พฤศจิกายน ไม่มีในปฏิทิน"), ("subject", "เรื่อง", "ยังไม่ได้พิมพ์")],
        "agencies": [(f"a{at}", name, f"{1200 + at}") for at, name in enumerate(_AGENCIES)],
        "chosen": ["a0", "a1"],
        "pages": [SimpleNamespace(src=f"/kit/page/{number}.svg", number=number) for number in (1, 2)],
        "stamp": SimpleNamespace(
            agency="กรมส่งเสริมการอ่าน",
            number="4127",
            date="๒๓ พ.ย. ๒๕๖๙",
            time="๐๘.๔๑ น.",
            page_wide=2100,
            page_high=2970,
            left=1530,
            top=70,
            wide=500,
            high=250,
            movable=False,
        ),
        "notes": [
            SimpleNamespace(
                name="กฤตยา อู่ทองดี",
                title="เลขานุการกรม",
                at=NOON,
                text="เรียน กองแผนงาน\nดำเนินการและเสนอร่างตอบภายใน ๒๗ พ.ย.",
                initials="กฤ",
                signed=True,
            )
        ],
        "files": [SimpleNamespace(name="แบบสำรวจความพร้อมในการรับส่งหนังสือ.docx", size=28_400, href="#file")],
    }


def _row(at: int) -> SimpleNamespace:
    return SimpleNamespace(
        id=f"r{at}",
        register=None if at < 4 else str(4127 - at),
        urgency=("normal", "urgent", "very-urgent", "most-urgent")[at % 4],
        secrecy="secret" if at == 5 else "open",
        subject=_SUBJECTS[at % len(_SUBJECTS)],
        sender=_AGENCIES[at % len(_AGENCIES)],
        number=f"นร 0106/ว {2418 + at}",
        at=NOON - timedelta(minutes=7 * at),
        state="new" if at < 4 else ("held" if at == 4 else "registered"),
        row_class="is-unread" if at < 6 else "",
    )


def _step(name: str, status: str, *people: tuple[str, bool], need: int = 0) -> ShownStep:
    rows = [RoutePerson(who, done, state="done" if done else "now" if status == "now" else "") for who, done in people]
    return ShownStep(name, status, rows, parallel=len(rows) > 1, need=need)


def _rung(step: str, at: datetime | None, what: str, evidence: str, status: str) -> SimpleNamespace:
    return SimpleNamespace(step=step, at=at, what=what, evidence=evidence, status=status)
