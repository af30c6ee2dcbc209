"""The course of a letter: submit, endorse, return, sign."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from saraban import doorway
from saraban.api import answers, forms, showing
from saraban.api.answers_received import page_of
from saraban.api.gate import section, told
from saraban.api.letters import changed
from saraban.api.repeating import Json, once
from saraban.domain.agency import PersonId, PositionId
from saraban.domain.calendar import office_date
from saraban.domain.letter import LetterId
from saraban.reading.delegations import posts_to_ask
from saraban.usecases import routing, signing, viewing
from saraban.usecases.ports import Services

api = section("routing", "เส้นทางเสนอหนังสือ: เสนอ เกษียน ส่งคืน ลงนาม")


@api.post("/letters/<uuid:letter_id>/submit")
@told("เสนอหนังสือ", "เสนอร่างต่อผู้มีหน้าที่ลำดับแรกของเส้นทาง")
@api.takes(forms.VersionForm, required=False, example={"version": 2})
@api.gives(200, answers.ChangedShape)
def submit(sent: Json, letter_id: UUID) -> Any:
    """Put a draft before the first officer of its route."""

    def work(office: Services) -> Json:
        version = routing.submit_letter(
            office, actor=doorway.actor(), letter_id=LetterId(letter_id), version=sent.get("version")
        )
        return {"id": str(letter_id), "version": version, "state": "submitted"}

    answer, headers = once(work, changed)
    return answer, 200, headers


@api.post("/letters/<uuid:letter_id>/endorse")
@told("เกษียนหนังสือ", "เขียนความเห็นและเสนอต่อไปยังลำดับถัดไป")
@api.takes(forms.EndorseForm, required=False, example={"note": "เห็นชอบ เสนอเพื่อลงนาม"})
@api.gives(200, answers.ChangedShape)
def endorse(sent: Json, letter_id: UUID) -> Any:
    """Write one's words on the letter and pass it on."""

    def work(office: Services) -> Json:
        version = routing.endorse_letter(
            office,
            actor=doorway.actor(),
            letter_id=LetterId(letter_id),
            note=sent.get("note", ""),
            version=sent.get("version"),
        )
        return {"id": str(letter_id), "version": version, "state": "endorsed"}

    answer, headers = once(work, changed)
    return answer, 200, headers


@api.post("/letters/<uuid:letter_id>/return")
@told("ส่งคืนผู้ร่างหรือลำดับก่อนหน้า")
@api.takes(forms.SendBackForm, example={"reason": "ขอให้แก้กำหนดวันประชุม"})
@api.gives(200, answers.ChangedShape)
def send_back(sent: Json, letter_id: UUID) -> Any:
    """Send the letter back with the reason, to its drafter or to an earlier step."""

    def work(office: Services) -> Json:
        version = routing.return_letter(
            office,
            actor=doorway.actor(),
            letter_id=LetterId(letter_id),
            reason=sent["reason"],
            version=sent.get("version"),
            to=sent.get("to"),
        )
        state = "returned" if sent.get("to") is None else "endorsed"
        return {"id": str(letter_id), "version": version, "state": state}

    answer, headers = once(work, changed)
    return answer, 200, headers


@api.post("/letters/<uuid:letter_id>/recall")
@told("ดึงหนังสือกลับระหว่างเสนอ", "ที่ลงนามแล้วบางส่วน เลขที่ถูกยกเลิกพร้อมเหตุผล หน้าที่ลงนามแล้วเก็บไว้เป็นหลักฐาน หนังสือกลับเป็นร่าง")
@api.takes(forms.ReturnForm, example={"reason": "ตัวเลขในตารางผิด"})
@api.gives(200, answers.ChangedShape)
def recall(sent: Json, letter_id: UUID) -> Any:
    """Take back a letter from its route."""

    def work(office: Services) -> Json:
        version = routing.recall_letter(
            office,
            actor=doorway.actor(),
            letter_id=LetterId(letter_id),
            reason=sent["reason"],
            version=sent.get("version"),
        )
        return {"id": str(letter_id), "version": version, "state": "returned"}

    answer, headers = once(work, changed)
    return answer, 200, headers


@api.get("/positions")
@told("ตำแหน่งในส่วนราชการ", "ตำแหน่งที่มีผู้ดำรงหรือมีผู้ทำหน้าที่แทนในวันนี้ ใช้เลือกผู้ลงนามร่วมและผู้ทำลำดับของเส้นทาง")
@api.gives(200, page_of(answers.PositionShape))
def positions() -> Json:
    """List the positions of the agency that somebody holds or acts in today."""
    today = office_date(doorway.services().clock.now())
    rows = posts_to_ask(doorway.reader(), doorway.actor().agency_id, today)
    keyless = routing.keyless(
        doorway.services(), [(PositionId(row.position_id), PersonId(row.person_id)) for row in rows]
    )
    return showing.whole_list(
        rows,
        lambda row: {
            "id": str(row.position_id),
            "title": row.title,
            "unit": row.unit_name,
            "person": row.person,
            "has_key": row.position_id not in keyless,
        },
    )


@api.post("/letters/<uuid:letter_id>/sign")
@told("ลงนาม", "ออกเลขที่หนังสือ ทำหน้าหนังสือ ลงลายมือชื่อดิจิทัล และตรึงไบต์ของหนังสือ มีผู้ลงนามร่วม: คนแรกจองเลข คนสุดท้ายออกหนังสือ")
@api.takes(forms.SignForm, example={"passphrase": "รหัสผ่านของกุญแจลงนาม", "version": 4})
@api.gives(200, answers.SignedShape)
def sign(sent: Json, letter_id: UUID) -> Any:
    """Sign as the head: the number is issued and the bytes freeze."""

    def work(office: Services) -> Json:
        signed = signing.sign_letter(
            office,
            actor=doorway.actor(),
            letter_id=LetterId(letter_id),
            passphrase=sent["passphrase"],
            version=sent.get("version"),
            seen=sent.get("page"),
        )
        return {
            "id": str(letter_id),
            "version": signed.version,
            "state": "part-signed" if signed.waits_for else "issued",
            "number": signed.number,
            "date": signed.date,
            "sha256": signed.page.hex,
        }

    answer, headers = once(work, _signed)
    return answer, 200, headers


def _signed(letter_id: UUID) -> Json:
    letter = viewing.open_letter(doorway.services(), actor=doorway.actor(), letter_id=LetterId(letter_id))
    return {
        **changed(letter_id),
        "number": letter.number,
        "date": letter.number_date.isoformat() if letter.number_date else None,
        "sha256": letter.page_file.sha256.hex if letter.page_file else None,
    }
