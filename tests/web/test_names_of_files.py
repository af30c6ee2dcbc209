"""What a file is called when it is saved."""

from __future__ import annotations

from urllib.parse import unquote

import pytest

from saraban.domain.classification import Secrecy
from saraban.web.downloads import telling_name
from tests.web.installation import PASSPHRASE, Browser, Installation

DIGITS = str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")


@pytest.mark.parametrize(
    ("number", "subject", "name"),
    [
        ("นร 0106/ว 67", "ขอเชิญประชุม", "นร 0106-ว 67 ขอเชิญประชุม.pdf"),
        ("", "", "หนังสือ.pdf"),
        ("1/2", "../../etc\\passwd\n\u202egnp", "1-2 ..-..-etc-passwd -gnp.pdf"),
        ("", "ก" * 59 + "กี" + "ข" * 40, "ก" * 59 + ".pdf"),
        ("", "คำแรกที่ยาวพอสมควรและอยู่ก่อนถึงที่ตัด คำที่สองยาวเกินกว่าจะใส่ได้ทั้งหมด", "คำแรกที่ยาวพอสมควรและอยู่ก่อนถึงที่ตัด.pdf"),
    ],
)
def test_a_name_tells_the_letter_and_is_safe_on_every_disk(number: str, subject: str, name: str) -> None:
    assert telling_name(number, subject, ".pdf") == name


def test_a_signed_letter_is_saved_under_its_number_and_subject(town: Installation, clerk: Browser) -> None:
    letter_id = town.issued(subject="ขอเชิญประชุม/สัมมนา")
    page = clerk.get(f"/letters/{letter_id}").text
    address = page.split('href="/letters/')[0] and next(
        part.split('"')[0] for part in page.split('href="') if "/files/" in part.split('"')[0]
    )

    told = clerk.get(address).headers["Content-Disposition"]

    plain, full = told.split("; filename*=UTF-8''")
    assert unquote(full).endswith("ขอเชิญประชุม-สัมมนา.pdf") and unquote(full)[0] != "ห"
    assert plain.startswith('attachment; filename="letter-') and plain.isascii() and full.isascii()


def test_the_subject_of_a_classified_letter_stands_in_no_name(town: Installation) -> None:
    letter_id = town.draft(subject="เรื่องลับ", secrecy=Secrecy.SECRET)

    told = town.client("reading-clerk").get(f"/letters/{letter_id}/preview.pdf").headers["Content-Disposition"]

    assert "ร่าง" in unquote(told) and "เรื่องลับ" not in unquote(told)


def test_the_bar_over_a_signed_letter_and_its_certified_copies_name_number_and_subject(
    town: Installation, clerk: Browser
) -> None:
    letter_id = town.issued(subject="ขอเชิญประชุม")
    head = town.client("reading-head")
    head.send(f"/letters/{letter_id}/copies", {"passphrase": PASSPHRASE})
    page = clerk.get(f"/letters/{letter_id}").text

    bar = page.split('class="viewer__bar')[1].split("</div>")[0]
    assert "ขอเชิญประชุม.pdf" in bar and "หนังสือ.pdf" not in bar
    [address] = {
        part.split('"')[0]
        for part in page.split('href="')
        if "/copies/" in part.split('"')[0] and ".pdf" in part.split('"')[0]
    }
    told = unquote(clerk.get(address).headers["Content-Disposition"])
    assert "สำเนาถูกต้อง " in told and told.endswith("ขอเชิญประชุม.pdf")
