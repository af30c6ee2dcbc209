"""Letters as Word files for programs, and the text of files for a body."""

from __future__ import annotations

import io

from docx import Document

from tests.api.program import Programs
from tests.web.installation import Installation
from tests.web.test_word import a_file


def test_a_letter_is_taken_away_as_a_word_file(town: Installation, programs: Programs) -> None:
    letter = town.draft(body="ให้**ทุกหน่วย**ส่ง")

    answer = programs["reading-clerk"].get(f"/letters/{letter}/word")

    assert answer.status_code == 200
    assert "ให้ทุกหน่วยส่ง" in [one.text for one in Document(io.BytesIO(answer.data)).paragraphs]
    assert programs["reading-plan-clerk"].get(f"/letters/{letter}/word").status_code == 404


def test_the_text_of_a_word_file_is_given_as_a_body(programs: Programs) -> None:
    clerk = programs["reading-clerk"]

    read = clerk.post("/word-text", data={"file": (a_file("ด้วยกรม", "๑. ข้อ"), "ร่าง.docx")})
    refused = clerk.post("/word-text", data={"file": (io.BytesIO(b"%PDF-"), "ร่าง.docx")})

    assert (read.status_code, read.get_json()) == (
        200, {"body": "ด้วยกรม\n๑. ข้อ", "subject": "", "addressed_to": "", "ours": False,
              "left_out": [], "adjusted": []},
    )  # fmt: skip
    assert refused.status_code == 422 and "Word" in refused.get_json()["errors"]["file"]
    director = programs["reading-director"].post("/word-text", data={"file": (a_file("ก"), "a.docx")})
    assert director.status_code == 403
