"""The codes and links of letters that came in, judged by their hosts; nothing is opened."""

from __future__ import annotations

from uuid import UUID

from marshmallow import Schema

from saraban import doorway
from saraban.api import shapes as s
from saraban.api.gate import section, told
from saraban.api.repeating import Json
from saraban.domain.incoming import IncomingId
from saraban.domain.links import LinkWay
from saraban.usecases.linking import links_of_incoming

api = section("links", "QR และลิงก์ในหนังสือเข้า: ของโฮสต์ใด และอยู่ในรายการของส่วนราชการหรือไม่")


class LinkShape(Schema):
    """An address in a file: `host` is empty when it is none, `address` when it may not be opened; `listed` when it may
    be without asking a person."""

    file = s.text("หนังสือ.pdf")
    page = s.whole(1)
    way = s.one_of(LinkWay)
    text = s.text("https://forms.example.com/a")
    host = s.text("forms.example.com")
    address = s.text("https://forms.example.com/a")
    listed = s.true()
    doubts = s.texts()


class LinksShape(Schema):
    """All addresses of a letter; `unread` are the files that could not be read."""

    items = s.many(LinkShape)
    unread = s.texts()


@api.get("/incoming/<uuid:incoming_id>/links")
@told("QR และลิงก์ในหนังสือเข้า", "ระบบอ่านแต่ไม่เปิด ไฟล์ว่างคือข้อความในไปรษณีย์")
@api.gives(200, LinksShape)
def of_incoming(incoming_id: UUID) -> Json:
    """List the codes and links of an incoming letter with the names of their hosts."""
    desk = links_of_incoming(doorway.services(), actor=doorway.actor(), incoming_id=IncomingId(incoming_id))
    return {
        "items": [
            {
                "file": file.name,
                "page": one.found.page,
                "way": one.found.way.value,
                "text": one.found.text,
                "host": one.host,
                "address": one.address,
                "listed": one.listed,
                "doubts": list(one.doubts),
            }
            for file in desk.files
            for one in file.links
        ],
        "unread": [file.name for file in desk.files if not file.read],
    }
