"""What may be written in a document: the checks that drafts and templates share."""

from __future__ import annotations

from datetime import datetime

from saraban.domain.actor import Actor
from saraban.domain.calendar import office_date
from saraban.domain.classification import Form
from saraban.domain.content import Content
from saraban.domain.errors import NotFound
from saraban.domain.forms import RULES
from saraban.domain.group import is_group
from saraban.domain.joining import joined
from saraban.usecases.books import UnitOfWork
from saraban.usecases.posts import filled
from saraban.usecases.receivers import groups_offered, receivers_of

_MAX_SUBJECT = 500
_MAX_BODY = 60_000


def content_faults(uow: UnitOfWork, actor: Actor, content: Content, now: datetime) -> dict[str, str]:
    """What is wrong with a document of the actor's agency, in Thai by field; empty when it could be saved."""
    rule = RULES.get(content.form)
    if rule is None:
        return {"form": f"{content.form.thai}ไม่มีแบบให้ร่างในระบบ เลือกแบบอื่น"}
    wrong = content.out_of_form()
    if len(content.subject) > _MAX_SUBJECT:
        wrong["subject"] = "เรื่องยาวเกิน ๕๐๐ ตัวอักษร"
    if len(content.body) > _MAX_BODY:
        wrong["body"] = "ข้อความยาวเกิน ๖๐,๐๐๐ ตัวอักษร แยกเป็นสิ่งที่ส่งมาด้วย"
    texts = {"subject": content.subject, "addressed_to": content.addressed_to, "body": content.body}
    for field in ("subject", "addressed_to"):
        if "\n" in texts[field] or "\r" in texts[field]:
            wrong[field] = "ใส่ได้บรรทัดเดียว"
    texts["typist"] = content.typist
    if len(content.typist) > 100 or "\n" in content.typist:
        wrong["typist"] = "ใส่ชื่อผู้พิมพ์บรรทัดเดียว ไม่เกิน ๑๐๐ ตัวอักษร"
    texts |= {detail.field: content.details.get(detail.key, "") for detail in rule.details}
    for field, text in texts.items():
        if any(ord(c) < 32 and c not in "\n\r\t" for c in text):
            wrong[field] = "มีอักขระควบคุมที่พิมพ์ไม่ได้ปนอยู่ ลบแล้วพิมพ์ใหม่"
    own = uow.agencies.get(actor.agency_id).code
    known = receivers_of(uow, actor.agency_id, content.recipients) if content.recipients else {}
    groups = [code for code in content.recipients if is_group(code)]
    offered = groups_offered(uow, actor.agency_id, actor.person_id, office_date(now)) if groups else {}
    for token in groups:
        if token not in offered:
            wrong["recipients"] = "ไม่พบกลุ่มผู้รับที่เลือกแล้ว เอาออกแล้วเลือกใหม่"
    for code in content.recipients:
        if is_group(code):
            continue
        entry = known.get(code)
        if entry is None:
            wrong["recipients"] = (
                f"ไม่พบ “{code}” ในรายการผู้รับนอกทำเนียบ เพิ่มก่อน หรือเอาออก"
                if "@" in code
                else f"ไม่พบส่วนราชการรหัส “{code}” ในทำเนียบ"
            )
        elif code == own:
            wrong["recipients"] = (
                f"{rule.form.thai}ส่งถึงส่วนราชการของตนเองไม่ได้ ใช้บันทึกข้อความ"
                if rule.correspondence
                else "ถึงหน่วยงานหรือเจ้าหน้าที่ของตนเองไม่ต้องเลือกผู้รับจากทำเนียบ"
            )
        elif entry.valid_to is not None and entry.valid_to < office_date(now):
            wrong["recipients"] = f"{entry.name}เลิกใช้แล้วในทำเนียบ"
    if len(set(content.recipients)) != len(content.recipients):
        wrong["recipients"] = "เลือกผู้รับซ้ำ"
    if content.response_due is not None and content.response_due < office_date(now):
        wrong["response_due"] = "วันที่ให้ตอบผ่านมาแล้ว"
    if content.purpose not in ("action", "information"):
        wrong["purpose"] = "เลือกเพื่อดำเนินการ หรือเพื่อทราบ"
    return _faults_of_cosigners(uow, actor, content, now) | wrong


def _faults_of_cosigners(uow: UnitOfWork, actor: Actor, content: Content, now: datetime) -> dict[str, str]:
    """What is wrong with those who shall sign besides the signatory: each holds a position of the agency today."""
    names = []
    for one in content.cosigners:
        try:
            post = filled(uow, uow.agencies.post(actor.agency_id, one, office_date(now)), office_date(now))
        except NotFound:
            return {"cosigners": "ไม่พบตำแหน่งของผู้ลงนามร่วมในส่วนราชการของท่าน"}
        if not post.taken:
            return {"cosigners": joined(post.position.title, "ยังไม่มีผู้ดำรงตำแหน่งหรือผู้ทำหน้าที่แทน เลือกผู้ลงนามร่วมคนอื่น")}
        names.append(post.holder.name if post.holder is not None else post.deputy)
    recorder = content.details.get("recorder", "").strip()
    if content.form is Form.MINUTES and names and recorder not in ("", names[0]):
        return {"details.recorder": f"ผู้จดที่ลงนามร่วมคือ {names[0]} ใส่ชื่อให้ตรงกัน หรือเว้นว่างไว้"}
    return {}
