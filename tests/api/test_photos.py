"""The photograph on a certificate and the titles of enclosures, by program."""

from __future__ import annotations

import io

from saraban.domain.attachment import Digest
from saraban.domain.classification import Form
from tests.api.program import Programs
from tests.rendering.test_pictures import picture
from tests.web.installation import Installation


def test_a_program_puts_a_photograph_on_a_certificate_and_takes_it_off(town: Installation, programs: Programs) -> None:
    clerk, letter = programs["reading-clerk"], town.draft(form=Form.CERTIFICATE, recipients=(), addressed_to="")
    made = clerk.post(f"/letters/{letter}/photo", data={"file": (io.BytesIO(picture((600, 900))), "a.png")})
    shown = clerk.get(f"/letters/{letter}/photo")
    refused = clerk.post(f"/letters/{letter}/photo", data={"file": (io.BytesIO(b"x"), "a.png")})

    assert made.status_code == 200 and Digest.of(shown.data).hex == made.get_json()["sha256"]
    assert clerk.get(f"/letters/{letter}").get_json()["photo"] == made.get_json()["sha256"]
    assert refused.status_code == 422 and "JPEG" in refused.get_json()["errors"]["file"]
    assert programs["reading-plan-clerk"].get(f"/letters/{letter}/photo").status_code == 404
    assert clerk.delete(f"/letters/{letter}/photo").status_code == 204
    assert clerk.get(f"/letters/{letter}/photo").status_code == 404


def test_a_program_says_how_files_are_listed(town: Installation, programs: Programs) -> None:
    clerk, letter = programs["reading-clerk"], town.draft()
    file = clerk.post(f"/letters/{letter}/files", data={"file": (io.BytesIO(b"x"), "ก.txt")}).get_json()
    version = clerk.get(f"/letters/{letter}").get_json()["version"]
    line = {"sha256": file["sha256"], "title": "กำหนดการประชุม", "amount": "2 แผ่น"}
    saved = clerk.patch(f"/letters/{letter}", {"version": version, "enclosures": [line]})
    other = {"version": version + 1, "enclosures": [{"sha256": "f" * 64, "title": "ก"}]}
    refused = clerk.patch(f"/letters/{letter}", other)

    assert saved.status_code == 200 and clerk.get(f"/letters/{letter}").get_json()["enclosures"] == [line]
    assert refused.status_code == 422 and "ไม่พบไฟล์แนบ" in refused.get_json()["errors"]["enclosures"]
