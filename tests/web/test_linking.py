"""QR and links of a letter that came in: read by us, named by host, opened at once only where the agency says so."""

from __future__ import annotations

import io
import re
from email.message import EmailMessage

import pytest
import segno
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from tests.web.installation import Browser, Installation

GOOD, HOSTILE = "https://www.opdc.go.th/form", "https://www.opdc.go.th.login.example/form"
MAIL = "javascript:alert(1)"


def _square(text: str) -> io.BytesIO:
    out = io.BytesIO()
    segno.make(text, error="m").save(out, kind="png", scale=6)
    out.seek(0)
    return out


def _letter() -> bytes:
    """A page with a good code, a hostile one, a hidden link, and an address in its words."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(595.28, 841.89), invariant=1)
    canvas.drawImage(ImageReader(_square(GOOD)), 60, 600, 70, 70)
    canvas.drawImage(ImageReader(_square(HOSTILE)), 300, 600, 70, 70)
    canvas.linkURL(MAIL, (60, 500, 200, 520))
    canvas.linkURL("https://www.opdc.go.th@evil.example/", (60, 460, 200, 480))
    canvas.drawString(60, 400, "http://plain.example/words.")
    canvas.save()
    return out.getvalue()


def _arrived(town: Installation, clerk: Browser, file: bytes, name: str, kind: str) -> str:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "a@b.test", "saraban@reading.test", "ขอเชิญ"
    mail.set_content("ลงทะเบียนที่ https://mail.example/x")
    mail.add_attachment(file, *kind.split("/"), filename=name)
    before = _addresses(clerk)
    town.hand_in("saraban@reading.test", mail.as_bytes())
    town.carry()
    (new,) = _addresses(clerk) - before
    return new


def _addresses(clerk: Browser) -> set[str]:
    return set(re.findall(r'href="(/incoming/[0-9a-f-]{36})"', clerk.get("/incoming").text))


def test_hosts_are_named_and_only_listed_ones_open_at_once(town: Installation, clerk: Browser) -> None:
    address = _arrived(town, clerk, _letter(), "a.pdf", "application/pdf")
    assert f'href="{address}/links"' in clerk.get(address).text
    page = clerk.get(f"{address}/links").text
    asked, at_once = page, re.sub(r"<details>.*?</details>", "", page, flags=re.S)

    assert f'href="{GOOD}"' in at_once and "<b>www.opdc.go.th</b>" in page
    for other in (HOSTILE, "http://plain.example/words", "https://mail.example/x"):
        assert f'href="{other}"' in asked and f'href="{other}"' not in at_once
    assert "<b>www.opdc.go.th.login.example</b>" in page and "โทรถามผู้ส่งก่อน" in page
    assert "<b>evil.example</b>" in page and "@evil.example/</p>" in page and "javascript:" in page
    assert 'href="javascript' not in page and 'href="https://www.opdc.go.th@' not in page
    links = re.findall(r'<a class="btn[^>]*href="https?://[^>]*>', page)
    assert len(links) == 4 and all('rel="noopener noreferrer nofollow"' in one for one in links)


@pytest.mark.only_database("sqlite")
def test_a_picture_is_read_too_and_a_broken_file_is_told(town: Installation, clerk: Browser) -> None:
    address = _arrived(town, clerk, _square(HOSTILE).getvalue(), "qr.png", "image/png")
    assert "<b>www.opdc.go.th.login.example</b>" in clerk.get(f"{address}/links").text
    broken = _arrived(town, clerk, b"%PDF-1.7 nothing", "b.pdf", "application/pdf")

    assert "อย่าสแกน QR ในไฟล์นี้ด้วยโทรศัพท์" in clerk.get(f"{broken}/links").text


@pytest.mark.only_database("sqlite")
def test_the_agency_says_which_hosts_open_at_once(town: Installation, clerk: Browser) -> None:
    address = _arrived(town, clerk, _square(HOSTILE).getvalue(), "qr.png", "image/png")
    admin = town.client("reading-admin")
    assert "go.th\nmi.th" in admin.get("/admin/options/links").text
    refused = admin.send("/admin/options/links", {"link_hosts": "https://login.example"})
    saved = admin.send("/admin/options/links", {"link_hosts": "login.example\r\n"})

    assert refused.status_code == 422 and "บรรทัดละหนึ่งโฮสต์" in refused.text and saved.status_code == 302
    assert "<details>" not in clerk.get(f"{address}/links").text.partition("<main")[2].partition("mail.example")[0]
    assert f'href="{HOSTILE}"' in re.sub(r"<details>.*?</details>", "", clerk.get(f"{address}/links").text, flags=re.S)
