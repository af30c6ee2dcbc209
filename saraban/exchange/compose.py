"""A letter into bytes: cover, files, manifest and its signature; seal and mail headers around (docs/wire.md, 2 and 3).

Nothing here is random: boundaries come from the dispatch id, so the same dispatch always gives the same bytes.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from saraban.domain.attachment import Digest, Role
from saraban.domain.calendar import office_date
from saraban.domain.classification import Urgency
from saraban.domain.errors import BadInput, RuleBroken
from saraban.domain.numbering import arabic_digits
from saraban.exchange import headers
from saraban.exchange.entity import (
    Blob,
    Entity,
    Frame,
    attachment,
    enclose,
    encode_file,
    entity,
    file_leaf,
    multipart,
    readable,
    sealed_json,
    signed,
)
from saraban.exchange.envelope import Encoded, Envelope, Literal, OutboxKind, Segment
from saraban.exchange.manifest import MANIFEST_NAME, MANIFEST_SIGNATURE_NAME, FileEntry, Manifest
from saraban.exchange.thai import thai_date, thai_digits, thai_moment, thai_size

__all__ = [
    "REFERENCE",
    "ByHand",
    "EncodedFile",
    "Entity",
    "encode_file",
    "letter_cover",
    "letter_entity",
    "letter_envelope",
    "letter_message_id",
    "letter_subject",
]

CLASSIFIED_SUBJECT = "หนังสือราชการ"
REFERENCE = "รหัสการส่ง"
"""Stands before the dispatch id in the cover, so that a reply which quotes it finds its dispatch."""
_RESERVED_NAMES = (MANIFEST_NAME, MANIFEST_SIGNATURE_NAME, "smime.p7s")


@dataclass(frozen=True)
class ByHand:
    """What a receiver without the system is told beside the letter: the acknowledgement link and its last day, or
    neither when nobody can reach this installation from outside."""

    link: str = ""
    until: date | None = None


@dataclass(frozen=True)
class EncodedFile:
    """A file of the letter with its base64 text in the store: the text's digest and its length in octets."""

    entry: FileEntry
    encoded: Digest
    encoded_size: int


def letter_message_id(manifest: Manifest) -> str:
    """The Message-ID of a dispatch, with its angle brackets."""
    return headers.message_id(manifest.id, manifest.sender.mailbox)


def letter_subject(manifest: Manifest) -> str:
    """The Subject in words; a classified letter shows nothing of its content (docs/wire.md, section 3). The number
    stands as in the manifest, with Arabic digits, so that programs and people find one by the other."""
    if not manifest.secrecy.is_open:
        return CLASSIFIED_SUBJECT
    urgency = f"[{manifest.urgency.thai}] " if manifest.urgency is not Urgency.NORMAL else ""
    day = arabic_digits(thai_date(manifest.date))
    return f"{urgency}ที่ {manifest.number} ลงวันที่ {day} เรื่อง {manifest.subject}"


def letter_cover(
    manifest: Manifest, files: Sequence[EncodedFile | FileEntry], by_hand: ByHand | None = None, first_sender: str = ""
) -> str:
    """The text that a person reads in any mail program: who, number, date, subject, files, what to do. For a receiver
    without the system (`by_hand`) also how it confirms and how it checks what came (docs/wire.md, section 7).
    `first_sender` is the name of whose letter is sent on."""
    entries = [file.entry if isinstance(file, EncodedFile) else file for file in files]
    stanzas = [
        f"{manifest.sender.name} ส่งต่อหนังสือของ {first_sender} ถึง {manifest.to.name}"
        if first_sender
        else f"{manifest.sender.name} ส่งหนังสือราชการถึง {manifest.to.name}",
        "\n".join(_facts(manifest)),
        "\n".join(("ไฟล์ในซองนี้", *_file_lines(entries, digests=by_hand is not None), *_large_lines(manifest))),
        "\n".join(_what_to_do(manifest) if by_hand is None else _what_to_do_by_hand(manifest, by_hand)),
    ]
    if by_hand is not None:
        stanzas.append("\n".join(_how_to_check(entries)))
    if manifest.contact is not None:
        contact = manifest.contact
        asked = [
            contact.unit,
            f"โทร. {thai_digits(contact.phone)}" if contact.phone else "",
            f"ไปรษณีย์อิเล็กทรอนิกส์ {contact.email}" if contact.email else "",
        ]
        stanzas.append("สอบถามได้ที่ " + " ".join(part for part in asked if part))
    if by_hand is not None:
        stanzas.append(f"{REFERENCE} {manifest.id}")
    return "\n\n".join(stanzas) + "\n"


def letter_entity(
    manifest: Manifest, manifest_bytes: bytes, manifest_p7s: bytes, cover: str, files: Sequence[EncodedFile]
) -> Entity:
    """What the seal signs from outside: the cover, the files in the order of the manifest, the manifest and its
    detached signature. Raises BadInput when the files are not those of the manifest or a name cannot travel."""
    _check_files(manifest, files)
    by_name = {file.entry.name: file for file in files}
    parts = [readable(cover)]
    for entry in manifest.files:
        file = by_name[entry.name]
        parts.append(
            file_leaf(
                headers.media_type(entry.media_type) + headers.parameter("name", entry.name),
                attachment(entry.name),
                Encoded(entry.sha256, file.encoded, file.encoded_size),
            )
        )
    parts += sealed_json(MANIFEST_NAME, manifest_bytes, manifest_p7s)
    return entity(multipart("multipart/mixed", f"saraban-{manifest.id}-mixed", parts))


def letter_envelope(
    manifest: Manifest,
    entity: Entity,
    outer_p7s: bytes,
    *,
    at: datetime,
    blob: Blob,
    ask_mdn: bool = True,
    encrypt: Callable[[bytes], bytes] | None = None,
    through: str = "",
) -> Envelope:
    """The whole message to one agency, as it will be sent and sent again. `at` becomes Date; `through` is the mailbox
    of the unit by which it leaves instead of the central one, which stays in From (docs/wire.md, section 2).

    A classified letter needs `encrypt` (the signed entity's bytes in, CMS EnvelopedData in DER out) and is RuleBroken
    without it: it does not leave in the clear (docs/wire.md, section 3)."""
    content = signed(entity, outer_p7s, f"saraban-{manifest.id}-signed")
    if not manifest.secrecy.is_open:
        if encrypt is None:
            raise RuleBroken("หนังสือชั้นความลับส่งได้เมื่อเข้ารหัสถึงผู้รับแล้วเท่านั้น", code="secrecy-not-allowed")
        content = _enveloped(encrypt(Entity(tuple(content)).to_bytes(blob)))
    frame = Frame(
        message_id=letter_message_id(manifest),
        mail_from=through or manifest.sender.mailbox,
        rcpt_to=manifest.to.mailbox,
        kind=OutboxKind.LETTER,
        headers=_letter_headers(manifest, at, ask_mdn, through),
        envid=manifest.id,
        fallback_from=manifest.sender.mailbox if through else "",
    )
    return enclose(frame, content, blob)


def _letter_headers(manifest: Manifest, at: datetime, ask_mdn: bool, through: str) -> str:
    lines = headers.opening(
        (manifest.sender.name, manifest.sender.mailbox),
        (manifest.to.name, manifest.to.mailbox),
        subject=letter_subject(manifest),
        message_id=letter_message_id(manifest),
        at=at,
        envelope=f"kind=letter; id={manifest.id}",
    )
    if through:
        lines += [headers.plain("Sender", through), headers.plain("Reply-To", through)]
    if ask_mdn:
        options = "signed-receipt-protocol=optional,pkcs7-signature;\r\n signed-receipt-micalg=optional,sha-256"
        lines.append(headers.plain("Disposition-Notification-To", manifest.sender.mailbox))
        lines.append(headers.plain("Disposition-Notification-Options", options))
    return "".join(lines)


def _enveloped(der: bytes) -> list[Segment]:
    head = (
        'Content-Type: application/pkcs7-mime; smime-type=enveloped-data;\r\n name="smime.p7m"\r\n'
        "Content-Transfer-Encoding: base64\r\n"
        f"Content-Disposition: {attachment('smime.p7m')}\r\n\r\n"
    )
    return [Literal(head.encode("ascii") + encode_file(der))]


def _check_files(manifest: Manifest, files: Sequence[EncodedFile]) -> None:
    if sorted(file.entry.name for file in files) != sorted(entry.name for entry in manifest.files):
        raise BadInput({"files": "ไฟล์ไม่ตรงกับบัญชีแนบซอง"})
    if len({entry.name for entry in manifest.files}) != len(manifest.files):
        raise BadInput({"files": "มีชื่อไฟล์ซ้ำกัน"})
    for entry in manifest.files:
        if entry.name in _RESERVED_NAMES:
            raise BadInput({"files": f"ชื่อไฟล์ {entry.name} สงวนไว้ใช้กับซอง กรุณาเปลี่ยนชื่อ"})
        if not unicodedata.is_normalized("NFC", entry.name) or any(
            unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp") for character in entry.name
        ):
            raise BadInput({"files": "ชื่อไฟล์มีอักขระที่ส่งไม่ได้ กรุณาเปลี่ยนชื่อ"})


def _facts(manifest: Manifest) -> list[str]:
    facts = [
        ("ที่", thai_digits(manifest.number)),
        ("ลงวันที่", thai_date(manifest.date)),
        ("ชนิดหนังสือ", manifest.form.thai),
        ("ชั้นความเร็ว", manifest.urgency.thai),
        ("ชั้นความลับ", manifest.secrecy.thai),
        ("เรื่อง", manifest.subject),
        ("", manifest.addressed_to),
    ]
    if manifest.signatory is not None:
        facts.append(("ลงนามโดย", f"{manifest.signatory.name} {manifest.signatory.position}".strip()))
    facts += [
        ("อ้างถึง", thai_digits(reference.number) + (f" ลงวันที่ {thai_date(reference.date)}" if reference.date else ""))
        for reference in manifest.references
    ]
    return [f"{label} {value}".strip() for label, value in facts if value]


def _file_lines(entries: Sequence[FileEntry], *, digests: bool) -> list[str]:
    lines: list[str] = []
    for place, entry in enumerate(entries, start=1):
        role = "หนังสือ" if entry.role is Role.LETTER else "สิ่งที่ส่งมาด้วย"
        lines.append(f"{thai_digits(str(place))}. {entry.name} ({role} {thai_size(entry.size)})")
        if digests:
            lines.append(f"   SHA-256 {entry.sha256.hex}")
    return lines


def _large_lines(manifest: Manifest) -> list[str]:
    return [f"ไฟล์ขนาดใหญ่ {file.name} ({thai_size(file.size)}) {file.url}" for file in manifest.large]


def _action(manifest: Manifest) -> str:
    action = "โปรดลงทะเบียนรับและดำเนินการ" if manifest.purpose == "action" else "โปรดลงทะเบียนรับเพื่อทราบ"
    if manifest.response_due is not None:
        action += f" และตอบภายในวันที่ {thai_date(manifest.response_due)}"
    return action


def _what_to_do(manifest: Manifest) -> list[str]:
    return [
        _action(manifest),
        f"หน่วยงานที่ใช้ระบบสารบรรณที่รองรับ ระบบจะตอบรับให้เอง ผู้ส่งรอคำตอบถึงวันที่ {thai_moment(manifest.expires_at)}",
    ]


def _what_to_do_by_hand(manifest: Manifest, by_hand: ByHand) -> list[str]:
    lines = [f"{_action(manifest)} แล้วแจ้งผู้ส่งว่าได้รับภายในวันที่ {thai_date(office_date(manifest.expires_at))} ด้วยวิธีใดวิธีหนึ่ง"]
    ways = ["ตอบกลับไปรษณีย์ฉบับนี้ (Reply) พร้อมชื่อ ตำแหน่ง และเลขทะเบียนรับ", "โทรศัพท์แจ้งผู้ส่งตามเบอร์ท้ายหนังสือ"]
    if by_hand.link and by_hand.until is not None:
        until = f"ลิงก์นี้เป็นของท่านแห่งเดียว ใช้ได้ถึงวันที่ {thai_date(by_hand.until)}"
        ways.insert(0, f"เปิดลิงก์นี้ กด “ได้รับหนังสือแล้ว” ไม่ต้องเข้าสู่ระบบ\n   {by_hand.link}\n   {until}")
    return lines + [f"{thai_digits(str(place))}. {way}" for place, way in enumerate(ways, start=1)]


def _how_to_check(entries: Sequence[FileEntry]) -> list[str]:
    """How a person without the system finds out that nothing was changed."""
    letter = next((entry.name for entry in entries if entry.role is Role.LETTER), "ไฟล์หนังสือ")
    return [
        "วิธีตรวจว่าเป็นของจริงและไม่ถูกแก้ไข",
        f"- ลายมือชื่อดิจิทัล: เปิด {letter} ด้วยโปรแกรมอ่าน PDF ที่ตรวจลายมือชื่อได้ (เช่น Adobe Acrobat Reader) แล้วดูแผงลายมือชื่อ",
        "- ไฟล์ครบทุกไบต์: คำนวณ SHA-256 ของไฟล์ที่ได้รับแล้วเทียบกับค่าข้างต้น บน Windows ใช้คำสั่ง"
        " certutil -hashfile ชื่อไฟล์ SHA256 บน macOS และ Linux ใช้ shasum -a 256 ชื่อไฟล์",
        f"- ตราของผู้ส่ง: {MANIFEST_NAME} คือบัญชีของไฟล์ทุกไฟล์ {MANIFEST_SIGNATURE_NAME} คือตราอิเล็กทรอนิกส์ของผู้ส่ง"
        " สองไฟล์นี้ให้เครื่องตรวจ ไม่ต้องเปิดอ่าน",
    ]
