"""An outgoing letter: its life from draft to closed. What is written in it is its `Content`.

draft → submitted → endorsed → signing → issued → dispatched → closed
  ↑________ returned ←──┤        ↓ ↑  (withdrawn from draft, returned, submitted or endorsed)
                        └── part-signed   (several sign: until the last has signed)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from saraban.domain import events
from saraban.domain.actor import Actor
from saraban.domain.agency import Unit
from saraban.domain.attachment import Attachment, Digest, Role
from saraban.domain.content import Contact, Content, Reference, Signatory
from saraban.domain.cosigning import LetterPartSigned, PartSigned, SignerPlace
from saraban.domain.errors import BadInput, RuleBroken, StageNotAllowed
from saraban.domain.forms import RULES
from saraban.domain.letter_course import LetterCourse
from saraban.domain.letter_parts import LetterId
from saraban.domain.letter_state import LetterState
from saraban.domain.ready import ReadyPage
from saraban.domain.route import StepKind, StepState

__all__ = ["Contact", "Content", "Letter", "LetterId", "LetterState", "Reference", "Signatory"]

MOST_OCTETS = 14_600_000
"""All files of a letter together, so that it can leave by mail."""


class Letter(LetterCourse):
    """An outgoing letter of an agency. `version` counts every change and guards against two people at once;
    `forwards` is the incoming letter that goes on with it to another agency, under its own number."""

    # --- drafting ---------------------------------------------------------------------------------------------

    def revise(self, content: Content, *, by: Actor, at: datetime) -> events.LetterRevised:
        """Replace the content of a draft, but for its ready page and its photograph. A form without enclosures
        takes none over; lines of files that are no longer there are left out."""
        self._must_be_open()
        if self.enclosures and not RULES[content.form].has("enclosures"):
            raise BadInput({"form": f"{content.form.thai}ไม่มีสิ่งที่ส่งมาด้วย เอาไฟล์แนบออกก่อนเปลี่ยนแบบ"})
        listed = {file.sha256 for file in self.enclosures}
        photo = self.content.photo if RULES[content.form].has("photo") else None
        lines = tuple(line for line in content.enclosures if line.sha256 in listed)
        self.content = replace(content, ready=self.content.ready, photo=photo, enclosures=lines)
        self.updated_at = at
        return events.LetterRevised(at=at, by=by, letter_id=self.id, content=self.content_digest())

    def hand_to(self, unit: Unit, *, by: Actor, at: datetime) -> events.LetterHandedTo:
        """Write the draft for another unit: its number, its route and its foot are those of that unit."""
        self._must_be_open()
        self.unit_id, self.updated_at = unit.id, at
        return events.LetterHandedTo(at=at, by=by, letter_id=self.id, unit=unit.name)

    def attach(self, file: Attachment, *, by: Actor, at: datetime) -> events.FileAttached:
        """Add an enclosure to a draft. Two files of one name get told apart by a number in the name."""
        self._must_be_open()
        if not RULES[self.content.form].has("enclosures"):
            raise RuleBroken(f"{self.content.form.thai}ไม่มีสิ่งที่ส่งมาด้วย", code="no-enclosures")
        if len(self.enclosures) >= 49:
            raise RuleBroken("แนบได้ไม่เกิน ๔๙ ไฟล์ต่อหนึ่งฉบับ", code="too-many-files")
        taken = {f.name for f in self.files} | {ISSUED_FILE_NAME, "manifest.json", "manifest.json.p7s"}
        file = replace(file, name=_free_name(file.name, taken))
        self.files.append(file)
        self.updated_at = at
        return events.FileAttached(at=at, by=by, letter_id=self.id, file_name=file.name, sha256=file.sha256)

    def detach(self, digest: Digest, *, by: Actor, at: datetime) -> events.FileRemoved:
        """Take an enclosure off a draft."""
        self._must_be_open()
        file = next((f for f in self.enclosures if f.sha256 == digest), None)
        if file is None:
            raise RuleBroken("ไม่พบไฟล์แนบนี้ในร่าง")
        self.files.remove(file)
        self.updated_at = at
        return events.FileRemoved(at=at, by=by, letter_id=self.id, file_name=file.name, sha256=digest)

    def take_ready(self, ready: ReadyPage | None, *, at: datetime) -> None:
        """Take a PDF as the letter itself, or the written text again."""
        self._must_be_open()
        self.content, self.updated_at = replace(self.content, ready=ready), at

    def take_photo(self, photo: Digest | None, *, at: datetime) -> None:
        """Take the photograph of the holder of a certificate, or none again (clause 24.7)."""
        self._must_be_open()
        if not RULES[self.content.form].has("photo"):
            raise RuleBroken(f"{self.content.form.thai}ไม่มีรูปถ่าย มีได้เฉพาะหนังสือรับรอง", code="no-photo")
        self.content, self.updated_at = replace(self.content, photo=photo), at

    def take_members(self, content: Content) -> None:
        """Take a content in which groups of receivers gave place to their members, before it is submitted."""
        self._must_be_open()
        self.content = content

    # --- signing: number and date are written before the page is made, the bytes freeze after it ---------------

    def begin_signing(self, *, by: Actor, number: str, on: date, at: datetime) -> events.SigningBegun:
        """Take the number under which the letter is being signed. Signing again after a failure is allowed."""
        self._turn_of(by, StepKind.SIGN)
        if self.state is not LetterState.SIGNING:
            self._move_to(LetterState.SIGNING, at)
        self.number, self.number_date = number, on
        self.signatory = Signatory.of(by)
        return events.SigningBegun(at=at, by=by, letter_id=self.id, number=number, content=self.content_digest())

    def fail_signing(self, *, by: Actor, reason: str, at: datetime) -> events.SigningFailed:
        """Go back before the signatory; the reserved number waits for the next try or is voided by the caller. A page
        that others have signed stays as it was."""
        if self.state is not LetterState.SIGNING:
            raise StageNotAllowed("หนังสือนี้ไม่ได้อยู่ระหว่างลงนาม")
        number = self.number or ""
        if self.part_signed is None:
            self._move_to(LetterState.ENDORSED, at)
            self._let_number_go()
        else:
            self._move_to(LetterState.PART_SIGNED, at)
        return events.SigningFailed(at=at, by=by, letter_id=self.id, number=number, reason=reason)

    def expect_page(self, seen: Digest | None) -> None:
        """Raise unless the page that was seen is the one that earlier signers have signed: BadInput when the caller
        does not say what he saw, RuleBroken when it was another. Asks nothing before the first signature."""
        if self.part_signed is None:
            return
        if seen is None:
            raise BadInput({"page": "ระบุ SHA-256 ของหน้าหนังสือที่ท่านเห็นและจะลงนาม"})
        if seen != self.part_signed.page:
            raise RuleBroken("หน้าหนังสือไม่ใช่ฉบับที่ท่านเห็น เปิดอ่านฉบับล่าสุดแล้วลงนามอีกครั้ง", code="another-page")

    def sign_in_part(
        self, page: Attachment, places: Sequence[SignerPlace], *, by: Actor, seen: Digest | None, at: datetime
    ) -> LetterPartSigned:
        """Keep the page with one more signature, for the next who signs. Its number and date stay what they are."""
        step = self._turn_of(by, StepKind.SIGN)
        content = self.content_digest()
        self._move_to(LetterState.PART_SIGNED, at)
        self._finish(step, StepState.DONE, by, at)
        name = _free_name(PART_SIGNED_FILE_NAME, {f.name for f in self._other_files})
        self.files = [*self._other_files, replace(page, name=name, role=Role.PART_SIGNED)]
        self.part_signed = PartSigned(page.sha256, tuple(places))
        self._note("ลงนาม", by, "", at, seen or page.sha256)
        left = tuple(one.title for one in self.signing_steps if one.state is StepState.WAITING)
        return LetterPartSigned(
            at=at, by=by, letter_id=self.id, number=self.number or "", content=content, page=page.sha256, left=left
        )

    def issue(self, page: Attachment, *, by: Actor, seen: Digest | None, at: datetime) -> events.LetterSigned:
        """Freeze the signed page. From here on nothing in the letter changes."""
        step = self._turn_of(by, StepKind.SIGN)
        content = self.content_digest()
        self._move_to(LetterState.ISSUED, at)
        self._finish(step, StepState.DONE, by, at)
        self.files, self.part_signed = [page, *self._other_files], None
        self.issued_at = at
        self._note("ลงนาม", by, "", at, seen or page.sha256)
        return events.LetterSigned(
            at=at, by=by, letter_id=self.id, number=self.number or "", content=content, page=page.sha256
        )

    def dispatched(self, receivers: Sequence[str], *, by: Actor, at: datetime) -> events.LetterDispatched:
        """The letter is on its way to these agencies (codes). Without recipients it ends as issued."""
        self._move_to(LetterState.DISPATCHED, at)
        self._note("ส่งออก", by, "", at)
        return events.LetterDispatched(at=at, by=by, letter_id=self.id, receivers=tuple(receivers))


ISSUED_FILE_NAME = "หนังสือ.pdf"
PART_SIGNED_FILE_NAME = "หนังสือที่ลงนามแล้วบางส่วน.pdf"


def _free_name(name: str, taken: set[str]) -> str:
    stem, dot, ending = name.rpartition(".")
    if not dot:
        stem, ending = name, ""
    candidate, count = name, 2
    while candidate in taken:
        candidate = f"{stem} ({count}){dot}{ending}"
        count += 1
    return candidate
