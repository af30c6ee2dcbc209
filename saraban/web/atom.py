"""What an agency shows, as an Atom feed (RFC 4287) and as open data with its description (W3C DCAT in JSON-LD).

The feed is written with lxml, which the house has already: the library for feeds adds another dependency and has had no
release for years, and the format asks for a dozen elements."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any

from lxml import etree

from saraban.domain.calendar import long_date
from saraban.domain.numbering import thai_digits
from saraban.domain.publication import PublicKind
from saraban.reading.publications import Front, Published

ATOM = "http://www.w3.org/2005/Atom"
TYPE = "application/atom+xml; charset=utf-8"
COLUMNS = (
    *("id", "kind", "kind_th", "number", "date", "subject", "published_at", "state", "page_url", "file_url"),
    *("file_sha256", "verify_url"),
)
_FREE = "ประกาศ ระเบียบ ข้อบังคับ คำสั่ง และหนังสือโต้ตอบของทางราชการไม่เป็นงานอันมีลิขสิทธิ์ (พ.ร.บ. ลิขสิทธิ์ พ.ศ. ๒๕๓๗ มาตรา ๗)"
_NOT_IN_XML = {code: None for code in (*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF)}
Address = Callable[[Published], str]


def feed(front: Front, items: Sequence[Published], *, home: str, own: str, page: Address, file: Address) -> bytes:
    """The feed of an agency; `home` and `own` are the addresses of its page and of the feed, `page` and `file` tell
    those of a document."""
    root = etree.Element(f"{{{ATOM}}}feed", nsmap={None: ATOM})
    root.set("{http://www.w3.org/XML/1998/namespace}lang", "th")
    _text(root, "title", f"ประกาศและข่าว {front.name}")
    _text(root, "id", home)
    _link(root, rel="self", href=own, type="application/atom+xml")
    _link(root, rel="alternate", href=home, type="text/html")
    latest = max((one.published_at for one in items), default=None)
    _text(root, "updated", _moment(latest) if latest else "1970-01-01T00:00:00Z")
    author = etree.SubElement(root, f"{{{ATOM}}}author")
    _text(author, "name", front.name)
    _text(author, "email", front.mailbox)
    for one in items:
        entry = etree.SubElement(root, f"{{{ATOM}}}entry")
        _text(entry, "title", one.subject)
        _text(entry, "id", f"urn:uuid:{one.id}")
        for name in ("published", "updated"):
            _text(entry, name, _moment(one.published_at))
        _link(entry, rel="alternate", href=page(one), type="text/html")
        _link(entry, rel="enclosure", href=file(one), type="application/pdf", length=str(one.size))
        etree.SubElement(entry, f"{{{ATOM}}}category", term=one.kind.value, label=one.kind.thai)
        struck = " (เลขที่ถูกยกเลิกแล้ว)" if one.struck else ""
        _text(entry, "summary", thai_digits(f"{one.kind.thai} ที่ {one.number} ลงวันที่ {long_date(one.on)}{struck}"))
    made: bytes = etree.tostring(root, xml_declaration=True, encoding="utf-8")
    return made


def data_rows(
    items: Sequence[Published], *, page: Address, file: Address, verify: Address
) -> Iterator[Sequence[object]]:
    """The lines of open data, in the order of COLUMNS."""
    for one in items:
        yield (
            *(str(one.id), one.kind.value, one.kind.thai, one.number, one.on.isoformat(), one.subject),
            *(_moment(one.published_at), "cancelled" if one.struck else "valid", page(one), file(one)),
            *(one.sha256.hex, verify(one)),
        )


def dataset(
    front: Front, newest: datetime | None, *, own: str, home: str, feed_url: str, csv_url: str
) -> dict[str, Any]:
    """The description of the data set."""
    title = in_both(
        f"ประกาศและข่าวของ{front.name}", f"Announcements and news of {front.name_en}" if front.name_en else ""
    )
    about = in_both(
        "ประกาศ แถลงการณ์ ข่าว และหนังสือเวียนที่เปิดเผยต่อประชาชน หนึ่งแถวต่อหนึ่งฉบับ พร้อมที่อยู่ไฟล์และค่าแฮช",
        "Announcements, statements, news and circulars open to the public: a row each, with file and hash.",
    )
    distributions = [
        distribution("CSV", "dcat:downloadURL", csv_url, "text/csv"),
        distribution("Atom", "dcat:accessURL", feed_url, "application/atom+xml"),
    ]
    rights = {"dct:rights": _FREE, "dct:license": "https://creativecommons.org/publicdomain/mark/1.0/"}
    kinds = [kind.thai for kind in PublicKind]
    return described(front, newest, own, home, title, about, kinds, distributions) | rights


def described(
    front: Front,
    newest: datetime | None,
    own: str,
    home: str,
    title: list[dict[str, str]],
    about: list[dict[str, str]],
    keywords: Sequence[str],
    distributions: Sequence[dict[str, str]],
) -> dict[str, Any]:
    """The description of a data set of an agency in W3C DCAT; `own` is its own address, `home` that of its page."""
    publisher: dict[str, Any] = {"@type": "foaf:Organization", "foaf:name": in_both(front.name, front.name_en)}
    return {
        "@context": {
            "dcat": "http://www.w3.org/ns/dcat#",
            "dct": "http://purl.org/dc/terms/",
            "foaf": "http://xmlns.com/foaf/0.1/",
            "vcard": "http://www.w3.org/2006/vcard/ns#",
        },
        "@id": own,
        "@type": "dcat:Dataset",
        "dct:identifier": own,
        "dct:title": title,
        "dct:description": about,
        "dct:publisher": publisher,
        "dcat:contactPoint": {
            "@type": "vcard:Organization",
            "vcard:fn": front.name,
            "vcard:hasEmail": f"mailto:{front.mailbox}",
        },
        "dcat:keyword": list(keywords),
        "dcat:landingPage": home,
        "dct:language": "th",
        "dct:modified": _moment(newest) if newest else None,
        "dct:accrualPeriodicity": "http://publications.europa.eu/resource/authority/frequency/CONT",
        "dcat:distribution": list(distributions),
    }


def distribution(title: str, how: str, address: str, media_type: str) -> dict[str, str]:
    """One way to have a data set: `how` is the word of DCAT for its address."""
    return {"@type": "dcat:Distribution", "dct:title": title, how: address, "dcat:mediaType": media_type}


def in_both(thai: str, english: str) -> list[dict[str, str]]:
    """Words in Thai, and in English where there are any."""
    said = [{"@language": "th", "@value": thai}, {"@language": "en", "@value": english}]
    return [one for one in said if one["@value"]]


def _moment(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")


def _text(parent: Any, name: str, text: str) -> None:
    etree.SubElement(parent, f"{{{ATOM}}}{name}").text = text.translate(_NOT_IN_XML)


def _link(parent: Any, **attributes: str) -> None:
    etree.SubElement(parent, f"{{{ATOM}}}link", attrib=attributes)
