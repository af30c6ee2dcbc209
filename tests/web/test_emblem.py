"""The administrator's page of the emblem: brought, seen on forms 1 to 3, taken away; told in its history."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from saraban.domain.attachment import Digest
from tests.web.installation import READING, Browser, Installation

SVG = (Path(__file__).parents[1] / "assets" / "emblems" / "emblem.svg").read_bytes()


@pytest.fixture
def admin(town: Installation) -> Browser:
    """The administrator of กรมส่งเสริมการอ่าน at the browser."""
    return town.client("reading-admin")


def brought(data: bytes = SVG, name: str = "ตรา.svg") -> dict[str, object]:
    """What is sent with a file."""
    return {"file": (io.BytesIO(data), name)}


def kept(town: Installation) -> Digest | None:
    """The emblem of กรมส่งเสริมการอ่าน."""
    with town.services.uow() as uow:
        return uow.agencies.get(town.agencies[READING]).emblem


def test_an_emblem_is_brought_seen_and_taken_away(town: Installation, admin: Browser) -> None:
    before = admin.get("/admin/emblem").text
    sample = admin.get("/admin/emblem/sample/external.png").data
    assert admin.send("/admin/emblem", brought()).status_code == 302
    digest = kept(town)
    assert digest is not None
    after = admin.get("/admin/emblem").text
    changed = admin.get("/admin/emblem/sample/external.png")
    file = admin.get("/admin/emblem/emblem.pdf")
    admin.send("/admin/emblem/remove", {})
    last = admin.get("/admin/emblem").text

    assert "ตราตัวอย่าง" in before and digest.hex in after and "ตราตัวอย่าง" in last
    assert kept(town) is None
    assert all(f"แบบที่ {n} {form}" in after for n, form in (("๑", "หนังสือภายนอก"), ("๓", "หนังสือประทับตรา")))
    assert changed.mimetype == "image/png" and changed.data != sample
    assert file.data.startswith(b"%PDF-") and "attachment" in file.headers["Content-Disposition"]
    assert "เปลี่ยนตราของส่วนราชการ" in last and "ตรา.svg" in last and "เอาตราของส่วนราชการออก" in last
    assert admin.get("/admin/emblem/emblem.pdf").status_code == 404


@pytest.mark.only_database("sqlite")
@pytest.mark.parametrize(
    ("data", "name", "words"),
    [
        (b"", "", "เลือกไฟล์ตราก่อน"),
        (b"GIF89a", "a.gif", "ไม่ใช่ SVG, PDF หรือ PNG"),
        (SVG.replace(b"<title>", b"<script>1</script><title>"), "a.svg", "สคริปต์"),
    ],
)
def test_what_is_no_emblem_is_refused_beside_its_field(
    town: Installation, admin: Browser, data: bytes, name: str, words: str
) -> None:
    answer = admin.send("/admin/emblem", brought(data, name))

    assert answer.status_code == 422 and words in answer.text
    assert 'id="file-error"' in answer.text and kept(town) is None


@pytest.mark.only_database("sqlite")
def test_there_are_samples_of_three_forms_alone(admin: Browser) -> None:
    answers = {form: admin.get(f"/admin/emblem/sample/{form}.png").status_code for form in ("memorandum", "order", "x")}

    assert answers == {"memorandum": 200, "order": 404, "x": 404}


def test_the_emblem_is_for_the_administrator_of_the_agency_alone(town: Installation, admin: Browser) -> None:
    admin.send("/admin/emblem", brought())
    digest = kept(town)
    assert digest is not None

    for who in ("reading-clerk", "reading-records", "reading-head"):
        other = town.client(who)
        for address in ("", "/emblem.pdf", "/sample/external.png"):
            refused = other.get(f"/admin/emblem{address}")
            assert refused.status_code == 403 and "ทำได้เฉพาะผู้ดูแลระบบ" in refused.text
        assert other.send("/admin/emblem", brought()).status_code == 403
        assert other.send("/admin/emblem/remove", {}).status_code == 403
    assert kept(town) == digest
    assert digest.hex not in town.client("learning-admin").get("/admin/emblem").text
