"""Letters as Word files at the screen: taken away, and the text of a file put behind what is typed."""

from __future__ import annotations

from uuid import UUID

from flask import Response, flash, request

from saraban.domain.errors import BadInput, SarabanError
from saraban.domain.letter import LetterId
from saraban.doorway import actor, services
from saraban.usecases import photos, viewing, word
from saraban.web.downloads import download, telling_name
from saraban.web.forms.letters import LetterForm
from saraban.web.letters import bp


@bp.get("/<uuid:letter_id>/word")
def word_file(letter_id: UUID) -> Response:
    """The letter as DOCX."""
    letter = viewing.open_letter(services(), actor=actor(), letter_id=LetterId(letter_id))
    data = word.word_file(services(), actor=actor(), letter_id=letter.id)
    subject = letter.content.subject if letter.content.secrecy.is_open else ""
    return download(data, telling_name(letter.number or "ร่าง", subject, ".docx"), word.MEDIA_TYPE, plain="letter")


@bp.get("/<uuid:letter_id>/photo")
def photo(letter_id: UUID) -> Response:
    """The photograph on a certificate."""
    data = photos.open_photo(services(), actor=actor(), letter_id=LetterId(letter_id))
    answer = Response(data, mimetype="image/jpeg")
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


DEEDS = {"import": "นำข้อความจากไฟล์ Word มาต่อท้ายแล้ว", "replace": "นำข้อความจากไฟล์ Word มาแทนข้อความเดิมแล้ว"}
"""What a button of the form asks for, and what is said when it was done."""


def take_in(form: LetterForm) -> SarabanError | None:
    """Put the text of the Word file that came with the form behind what is typed, or in its place; of a file that was
    made here also the subject and the addressee where there are none. Nothing is saved. The error, when the file cannot
    be read."""
    file = request.files.get("word")
    if file is None or not file.filename:
        return BadInput({"word": "เลือกไฟล์ Word (.docx) ก่อน"})
    try:
        read = word.word_text(services(), file.stream.read())
    except BadInput as error:
        return BadInput({"word": error.fields["file"]})
    deed = request.form.get("deed", "import")
    typed = "" if deed == "replace" else (form.body.data or "").strip()
    form.body.data = "\n\n".join(filter(None, [typed, read.body]))
    taken = []
    for field, text, name in ((form.subject, read.subject, form.rule.subject),
                              (form.addressed_to, read.addressed_to, "คำขึ้นต้นและผู้รับ")):  # fmt: skip
        if text and not (field.data or "").strip() and (field is form.subject or form.rule.has("addressed_to")):
            field.data = text
            taken.append(name)
    said = [DEEDS[deed], "ยังไม่ได้บันทึก"]
    if read.ours:
        said.append("ไฟล์นี้มาจากระบบ จึงนำมาเฉพาะข้อความ" + (f" และช่องที่ว่างอยู่ ({', '.join(taken)})" if taken else ""))
    else:
        said.append("อ่านทวนและลบส่วนที่ไม่ใช่ข้อความของหนังสือก่อน")
    flash(" ".join(said), "green")
    if read.left_out_words:
        flash(read.left_out_words, "amber")
    return None
