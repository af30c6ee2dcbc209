"""Letters as Word files at the screen: taken away, and the text of a file put behind what is typed."""

from __future__ import annotations

from uuid import UUID

from flask import Response, flash, request

from saraban.domain.errors import BadInput, SarabanError
from saraban.domain.letter import LetterId
from saraban.doorway import actor, services
from saraban.usecases import viewing, word
from saraban.web.downloads import download
from saraban.web.forms.letters import LetterForm
from saraban.web.letters import bp


@bp.get("/<uuid:letter_id>/word")
def word_file(letter_id: UUID) -> Response:
    """The letter as DOCX."""
    letter = viewing.open_letter(services(), actor=actor(), letter_id=LetterId(letter_id))
    data = word.word_file(services(), actor=actor(), letter_id=letter.id)
    return download(data, f"{letter.content.subject[:80] or 'ร่างหนังสือ'}.docx", word.MEDIA_TYPE, plain="letter")


def take_in(form: LetterForm) -> SarabanError | None:
    """Put the text of the Word file that came with the form behind what is typed; nothing is saved. The error, when the
    file cannot be read."""
    file = request.files.get("word")
    if file is None or not file.filename:
        return BadInput({"word": "เลือกไฟล์ Word (.docx) ก่อน"})
    try:
        text = word.word_text(services(), file.stream.read())
    except BadInput as error:
        return BadInput({"word": error.fields["file"]})
    form.body.data = "\n\n".join(filter(None, [(form.body.data or "").strip(), text]))
    flash("นำข้อความจากไฟล์ Word มาต่อท้ายแล้ว ยังไม่ได้บันทึก อ่านทวนและลบส่วนที่ไม่ใช่ข้อความของหนังสือก่อน", "green")
    return None
