"""The evidence of a signature's verdict in English, for the public pages: each Thai reason of the check has one.

The check (crypto/page_check.py, crypto/page_trust.py) speaks Thai; a test holds that whatever it says stands here.
"""

from __future__ import annotations

from collections.abc import Mapping

from saraban.domain.page_signature import Change
from saraban.domain.signature import UNKNOWN, Answer

SENTENCES: Mapping[str, str] = {
    UNKNOWN.reason: "Not checked, because the signature cannot be read.",
    "อ่านลายมือชื่อในไฟล์ไม่ได้ หรือเป็นชนิดที่ไม่เป็นที่ยอมรับ": (
        "The signature cannot be read, or is of a kind that is not accepted."
    ),
    "โครงสร้างไฟล์ผิดแบบ จึงบอกไม่ได้ว่าแก้หลังลงลายมือชื่อหรือไม่": (
        "The file is built against the standard, so that later changes cannot be told."
    ),
    "ไม่มีสิ่งใดเพิ่มในไฟล์หลังลงลายมือชื่อ": "Nothing was added to the file after it was signed.",
    "ลายมือชื่อไม่ได้ครอบคลุมไฟล์ในเวลาที่ลง": ("The signature does not cover the file as it was when it was signed."),
    "เนื้อหาไม่เปลี่ยนหลังลงลายมือชื่อ": "The content has not changed since it was signed.",
    "เนื้อหาตรงกับที่ลงลายมือชื่อไว้": "The content is the one that was signed.",
    "เนื้อหาของไฟล์ไม่ตรงกับที่ลงลายมือชื่อไว้": ("The content of the file is not the one that was signed."),
    "ลายมือชื่อใช้วิธีที่ล้าสมัยหรือไม่เป็นที่ยอมรับ": ("The signature uses a method that is outdated or not accepted."),
    "ลายมือชื่อสร้างจากกุญแจของใบรับรองนี้": "The key of this certificate made the signature.",
    "ลายมือชื่อไม่ได้สร้างจากกุญแจของใบรับรองนี้ หรือเป็นของใบรับรองใบอื่น": (
        "The key of this certificate did not make the signature, or it belongs to another certificate."
    ),
    "เวลาที่ลงลายมือชื่ออยู่ในอนาคต": "The time of signing lies in the future.",
    "ไม่มีตราประทับเวลา เวลาที่แสดงเป็นของนาฬิกาผู้ลงลายมือชื่อ": (
        "There is no time stamp: the time is that of the signer's own clock."
    ),
    "ตราประทับเวลาอยู่ในอนาคต": "The time stamp lies in the future.",
    "ใบรับรองไม่อนุญาตให้ใช้ลงลายมือชื่อ": "The certificate does not allow signing.",
    "ใบรับรองไม่ได้ออกโดยผู้ออกใบรับรองที่ระบบเชื่อถือ": ("The certificate does not come from an issuer that this system trusts."),
    "ผู้ออกใบรับรองเป็นผู้ให้บริการออกใบรับรองที่ระบบเชื่อถือ": (
        "The issuer is a licensed provider of certificates that this system trusts."
    ),
    "ผู้ออกใบรับรองเป็นที่เชื่อถือของระบบ": "This system trusts the issuer of the certificate.",
    "ลายมือชื่อไม่ระบุเวลาที่ลง": "The signature does not say when it was made.",
    "ลงลายมือชื่อก่อนวันเริ่มใช้ใบรับรอง": "It was signed before the certificate began.",
    "ใบรับรองหมดอายุก่อนเวลาที่ลงลายมือชื่อ": "The certificate had expired before it was signed.",
    "ใบรับรองหมดอายุแล้ว และไม่มีตราประทับเวลาที่พิสูจน์ว่าลงก่อนหมดอายุ": (
        "The certificate has expired, and no time stamp proves that it was signed before that."
    ),
    "ใบรับรองถูกเพิกถอนหลังเวลาที่ผู้ลงลายมือชื่ออ้าง และไม่มีตราประทับเวลาที่พิสูจน์ว่าลงก่อนเพิกถอน": (
        "The certificate was revoked after the time that the signer claims, and no time stamp proves "
        "that it was signed before."
    ),
    "ใบรับรองถูกเพิกถอนก่อนเวลาที่ลงลายมือชื่อ": ("The certificate had been revoked before it was signed."),
    "ข้อมูลการเพิกถอนที่มีเก่าเกินไป จึงบอกไม่ได้ว่าใบรับรองถูกเพิกถอนหรือไม่": (
        "What is known about revocation is too old to tell whether the certificate was revoked."
    ),
    "ไม่มีข้อมูลการเพิกถอนของผู้ออกใบรับรอง จึงบอกไม่ได้ว่าใบรับรองถูกเพิกถอนหรือไม่": (
        "The issuer's list of revoked certificates is not at hand, so that it cannot be told whether "
        "this one was revoked."
    ),
    "ไม่รู้จักผู้ออกใบรับรอง จึงบอกไม่ได้ว่าใบรับรองถูกเพิกถอนหรือไม่": (
        "The issuer is not known, so that it cannot be told whether the certificate was revoked."
    ),
    "ใบรับรองยังไม่หมดอายุและไม่ถูกเพิกถอนในเวลานั้น": ("The certificate had neither expired nor been revoked at that time."),
}
CHANGES: Mapping[Change, str] = {
    Change.SIGNED_AGAIN: "somebody else signed",
    Change.PROOF_ADDED: "proofs of the signatures were added",
    Change.FORM_FILLED: "a form was filled in",
    Change.PAGES_ADDED: "pages were added",
    Change.PAGES_REMOVED: "pages were removed",
    Change.CONTENT_CHANGED: "the content of a page was changed",
    Change.NOTES_CHANGED: "words or pictures were laid over a page or changed",
    Change.OTHER: "another part of the file was changed",
}
_OPENINGS = (
    ("ผู้ลงลายมือชื่อห้ามแก้ไฟล์ แต่ภายหลัง", "The signer forbade changes, but afterwards "),
    ("ไฟล์ถูกแก้หลังลงลายมือชื่อ: ", "The file was changed after it was signed: "),
    ("ภายหลังมีเพียง: ", "Afterwards only this: "),
    ("ผู้ลงลายมือชื่อยอมให้แก้ได้: ", "The signer allowed this: "),
)
"""What begins a list of changes."""
_STAMPED_BY, _STAMP_FAILS = "ประทับรับรองเวลาโดย ", "ตราประทับเวลาใช้ยืนยันไม่ได้: "


def english(answer: Answer) -> str:
    """The reason of an answer in English; "" for one that has no sentence here, so that the short word stands alone."""
    reason = answer.reason
    if reason in SENTENCES:
        return SENTENCES[reason]
    if reason.startswith(_STAMPED_BY):
        return f"The time is vouched for by {reason.removeprefix(_STAMPED_BY)}."
    if reason.startswith(_STAMP_FAILS):
        return "There is a time stamp, but it does not prove the time."
    for thai, words in _OPENINGS:
        if reason.startswith(thai):
            told = [
                english for change, english in CHANGES.items() if change.thai in reason.removeprefix(thai).split(", ")
            ]
            return f"{words}{', '.join(told) or CHANGES[Change.OTHER]}."
    return ""
