"""A ready PDF as the letter, by program."""

from __future__ import annotations

import io

from saraban.usecases import drafting
from tests.api.program import Programs
from tests.web.installation import Installation


def test_a_program_brings_the_letter_places_its_marks_and_takes_it_away(town: Installation, programs: Programs) -> None:
    clerk, letter, other = programs["reading-clerk"], town.draft(body=""), town.draft()
    pdf = drafting.preview_letter(town.services, actor=town.actor("reading-clerk"), letter_id=other).pdf
    made = [
        clerk.post(
            f"/letters/{letter}/files", data={"file": (io.BytesIO(pdf), "หนังสือ.pdf"), "role": "letter"}, key="ready-1"
        )
        for _ in range(2)
    ]
    first = clerk.patch(f"/letters/{letter}/ready", {"number": {"page": 1, "left_mm": 38, "top_mm": 42.5}})
    second = clerk.patch(f"/letters/{letter}/ready", {"date": {"page": 1, "left_mm": 105, "top_mm": 60}})
    shown = clerk.get(f"/letters/{letter}").get_json()["ready"]
    gone = clerk.delete(f"/letters/{letter}/ready")

    assert [one.status_code for one in made] == [201, 201] and made[0].get_json() == made[1].get_json()
    assert made[0].get_json()["role"] == "letter" and made[0].get_json()["size"] == len(pdf)
    assert first.status_code == second.status_code == 200
    assert shown == second.get_json()
    assert (shown["number"]["top_mm"], shown["date"]["left_mm"], shown["signature"]) == (42.5, 105, None)
    assert gone.status_code == 204 and clerk.get(f"/letters/{letter}").get_json()["ready"] is None


def test_places_are_refused_by_field(town: Installation, programs: Programs) -> None:
    clerk, letter = programs["reading-clerk"], town.draft()
    none = clerk.patch(f"/letters/{letter}/ready", {"number": None})
    wrong = clerk.patch(f"/letters/{letter}/ready", {"number": {"page": 0, "left_mm": "38", "top_mm": 400}})

    assert (none.status_code, none.get_json()["code"]) == (422, "no-ready-page")
    assert wrong.status_code == 422 and "number" in str(wrong.get_json()["errors"])
