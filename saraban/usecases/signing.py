"""Signing: the number is taken, the page is made with it and signed, the bytes freeze (claim, do, settle).

When several sign, the first of them takes the number and freezes the page with a place for each; those who follow add
their signatures to those bytes, and the last of them issues the letter.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from saraban.domain.actor import Actor
from saraban.domain.agency import Agency, Unit
from saraban.domain.attachment import Attachment, Digest, Role
from saraban.domain.calendar import office_date
from saraban.domain.cosigning import SignerPlace
from saraban.domain.errors import ConcurrentEdit, NotFound, RuleBroken, SarabanError
from saraban.domain.events import PageProven
from saraban.domain.joining import joined
from saraban.domain.late_stamp import LateStamp, Stamped
from saraban.domain.letter import ISSUED_FILE_NAME, Letter, LetterId
from saraban.domain.permissions import may_sign, require
from saraban.domain.register import EntryState
from saraban.domain.route import StepState
from saraban.domain.salutations import addressee, table_of
from saraban.domain.verification import SubjectKind, address, carries_code
from saraban.usecases.books import UnitOfWork
from saraban.usecases.codes import code_of
from saraban.usecases.numbering import number_letter, why_not_again
from saraban.usecases.occasions import BY_ITSELF, Occasion
from saraban.usecases.pages import PageCosigner
from saraban.usecases.paging import page_data, page_letter
from saraban.usecases.ports import Services
from saraban.usecases.proofs import Pen, SignatureBlock
from saraban.usecases.receivers import receiver_names
from saraban.usecases.signers import signer_of

SEAL_REASON = "ออกหนังสือราชการ"


@dataclass(frozen=True)
class Signed:
    """What signing gave: the number (Arabic digits), the date of the office and the digest of the page. `trouble`: why
    it has no time-stamp though an authority is set up, in Thai. `waits_for`: the position that signs next, empty when
    the letter is issued."""

    number: str
    date: str
    page: Digest
    version: int
    trouble: str = ""
    waits_for: str = ""


@dataclass(frozen=True)
class _Claim:
    """`signers` are all who sign the page, in their order, as they are printed on it; `picture` is that of the
    signature of him who signs now."""

    letter: Letter
    agency: Agency
    unit: Unit
    signers: list[PageCosigner]
    verification: str | None
    picture: Digest | None

    @property
    def is_last(self) -> bool:
        """True when nobody signs after this one."""
        return sum(step.state is StepState.WAITING for step in self.letter.signing_steps) == 1


@dataclass(frozen=True)
class _Made:
    """The page with the new signature, what proves it, where all signers sign on it, and of how many pages it
    is when it was drawn now."""

    page: Attachment
    proven: PageProven
    places: list[SignerPlace]
    pages: int | None = None


def sign_letter(
    office: Services,
    *,
    actor: Actor,
    letter_id: LetterId,
    passphrase: str,
    version: int | None = None,
    seen: Digest | None = None,
) -> Signed:
    """Sign a document as its signatory: issue its number in the book of its form, make the page, sign inside (PAdES),
    freeze the bytes. Where others sign after him, the page goes on to the next of them under that number.

    The agency's seal comes last when it wants so; time-stamps and revocation lists are added as far as they can be had,
    and the journal tells how far that was. Raises WrongPassphrase before any number is taken, and NotFound when a seal
    is wanted and there is none; ConcurrentEdit over a stale version; RuleBroken when the page
    cannot be made (the number then waits, reserved, for the next try of the same day). `seen` is the digest of the page
    that was shown; who signs what others have signed must have seen those very bytes (Letter.expect_page).
    """
    if actor.person_id is None:
        raise NotFound
    with office.uow() as uow:
        letter = uow.letters.get(actor.agency_id, letter_id)
        letter.expect_version(version)
        _expect_signable(letter, actor, seen)
    with office.pages.opened(actor.person_id, passphrase) as pen:
        return sign_with(office, pen, actor=actor, letter_id=letter_id, version=version, seen=seen)


def sign_with(
    office: Services,
    pen: Pen,
    *,
    actor: Actor,
    letter_id: LetterId,
    version: int | None = None,
    content: Digest | None = None,
    seen: Digest | None = None,
    occasion: Occasion = BY_ITSELF,
) -> Signed:
    """Sign with a key that is open already, as `sign_letter` does. `content` is the digest of what was seen:
    ConcurrentEdit when something else is written in the letter now."""
    claim = _claim(office, actor, letter_id, version, content, seen, occasion)
    try:
        made = _make_page(office, actor, claim, pen)
    except Exception as error:
        _give_back(office, actor, claim, error)
        if isinstance(error, SarabanError):
            raise
        raise RuleBroken("ทำหน้าหนังสือไม่สำเร็จ เลขที่จองไว้แล้วจะใช้เมื่อลงนามอีกครั้งภายในวันนี้", code="page-failed") from error
    return _settle(office, actor, claim, made, seen, occasion)


def _expect_signable(letter: Letter, actor: Actor, seen: Digest | None) -> None:
    require(may_sign(actor, letter))
    letter.expect_page(seen)
    _expect_name(letter, actor)


def _expect_name(letter: Letter, actor: Actor) -> None:
    """Raise RuleBroken when the page was printed, and signed by others, with another name at this place."""
    place = letter.part_signed.place_of(actor.position_id) if letter.part_signed and actor.position_id else None
    if place is not None and (place.name, place.title) != (actor.name, actor.title):
        printed = f"ชื่อ {place.name}" if place.name != actor.name else f"ตำแหน่ง {place.title}"
        raise RuleBroken(
            f"หน้าหนังสือที่มีผู้ลงนามแล้วพิมพ์{printed} ไว้ ท่านลงนามแทนไม่ได้ ส่งคืนผู้ร่างเพื่อทำหน้าใหม่",
            code="printed-for-another",
        )


def _claim(
    office: Services,
    actor: Actor,
    letter_id: LetterId,
    version: int | None,
    expected: Digest | None,
    seen: Digest | None,
    occasion: Occasion,
) -> _Claim:
    now = office.clock.now()
    with office.uow() as uow:
        letter = uow.letters.get(actor.agency_id, letter_id)
        letter.expect_version(version)
        if expected is not None and letter.content_digest() != expected:
            raise ConcurrentEdit
        _expect_signable(letter, actor, seen)
        agency = uow.agencies.get(actor.agency_id)
        if agency.options.seal_issued:
            office.seals.sealer(agency.code, now)
        unit = uow.agencies.unit(actor.agency_id, letter.unit_id)
        to = _addressee(uow, agency, letter)
        signers = _signers(uow, letter, actor, office_date(now))
        entry = uow.registers.of_subject(actor.agency_id, letter.id, EntryState.RESERVED)
        if letter.part_signed is not None and (entry is None or entry.number != letter.number):
            raise _number_lost()
        if (
            letter.part_signed is None
            and entry is not None
            and (why := why_not_again(uow, agency, unit, letter, entry, now))
        ):
            voided = entry.void(reason=why, authority="ระบบ ตามวิธีปฏิบัติของทะเบียน", by=actor, at=now)
            uow.registers.save(entry)
            uow.record(voided)
            entry = None
        if letter.part_signed is None and entry is not None:
            content = letter.content
            kept = entry.keep_up(
                subject=content.subject,
                addressee=to,
                urgency=content.urgency,
                secrecy=content.secrecy,
                by=actor,
                at=now,
            )
            uow.registers.save(entry)
            uow.record(kept)
        number = entry.number if entry is not None else number_letter(uow, actor, letter, agency, unit, to, now)
        on = letter.number_date if letter.part_signed is not None and letter.number_date else office_date(now)
        uow.record(letter.begin_signing(by=actor, number=number, on=on, at=now))
        uow.letters.save(letter)
        picture = uow.people.get(actor.person_id).signature_picture if actor.person_id is not None else None
        verification = _verification(office, uow, agency, letter, now)
        occasion.claimed(uow, letter)
        uow.commit(final=False)
    return _Claim(letter, agency, unit, signers, verification, picture)


def _verification(office: Services, uow: UnitOfWork, agency: Agency, letter: Letter, now: datetime) -> str | None:
    """The address at which the public looks the letter up, with a code that is made together with its number, so that
    it stands under the signature. None for a letter without one, and where nobody outside reaches us."""
    if not office.public_url or not carries_code(agency.options, letter.content.form, letter.content.secrecy):
        return None
    return address(office.public_url, code_of(uow.verifications, agency.id, SubjectKind.LETTER, letter.id, now))


def _signers(uow: UnitOfWork, letter: Letter, actor: Actor, on: date) -> list[PageCosigner]:
    """All who sign the letter, in their order. Raises RuleBroken when a position is vacant, before a number is taken
    for a page that could never be completed."""
    found = []
    for step in letter.signing_steps:
        if step.position_id == actor.position_id:
            found.append(PageCosigner(actor.name, actor.lines))
            continue
        post = uow.agencies.post(letter.agency_id, step.position_id, on)
        planned = signer_of(uow, post, letter.content, letter.unit_id, on)
        if not planned.name and letter.part_signed is None:
            raise RuleBroken(
                joined(step.title, "ซึ่งลงนามร่วมยังไม่มีผู้ดำรงตำแหน่ง ส่งคืนผู้ร่างเพื่อเลือกผู้ลงนามใหม่"), code="vacant-step"
            )
        found.append(planned if planned.name else PageCosigner(step.person_name, [step.title]))
    return found


def _number_lost() -> RuleBroken:
    return RuleBroken("ไม่พบเลขที่จองไว้สำหรับหนังสือนี้", code="number-lost")


def _addressee(uow: UnitOfWork, agency: Agency, letter: Letter) -> str:
    """To whom the register says that the document goes: its recipients of the directory, else whom it addresses."""
    names = ", ".join(receiver_names(uow, agency.id, letter.content.recipients))
    return names or addressee(table_of(agency.options.salutations), letter.content.addressed_to)


def _make_page(office: Services, actor: Actor, claim: _Claim, pen: Pen) -> _Made:
    """The page with one more signature, and with the agency's seal when it was the last."""
    letter, now = claim.letter, office.clock.now()
    begun = letter.part_signed
    pdf, places, pages = (
        _first_page(office, claim, now) if begun is None else (office.blobs.open(begun.page), begun.places, None)
    )
    mine = next(place for place in places if place.position_id == actor.position_id)
    digits = letter.content.digits or claim.agency.options.digits
    block = SignatureBlock(
        mine.page, mine.x0, mine.y0, mine.x1, mine.y1, actor.name, actor.title, digits, claim.picture
    )
    made = [pen.sign(pdf, block=block, at=now)]
    if begun is not None:
        _expect_all_hold(office, claim, made[0].pdf, now)
    proven = None
    if claim.is_last:
        if claim.agency.options.seal_issued:
            code = claim.agency.code
            sealed = office.page_sealer.seal_page(
                made[0].pdf, agency_code=code, box=None, drawn=None, reason=SEAL_REASON, at=now
            )
            made.append(sealed)
        if all(one.stamped_at is not None for one in made):  # without a time-stamp there is nothing to prove for later
            proven = office.page_prover.prove(made[-1].pdf, now)
    pdf = made[-1].pdf if proven is None else proven
    digest = office.blobs.keep(pdf)
    stamped = all(one.stamped_at is not None for one in made)
    fact = PageProven(
        at=now,
        by=actor,
        letter_id=letter.id,
        page=digest,
        level="B-LT" if proven is not None else "B-T" if stamped else "B-B",
        stamped_at=made[0].stamped_at,
        sealed=len(made) > 1,
        trouble=next((one.trouble for one in made if one.trouble), ""),
    )
    page = Attachment(ISSUED_FILE_NAME, Role.LETTER, "application/pdf", len(pdf), digest)
    return _Made(page, fact, list(places), pages)


def _first_page(office: Services, claim: _Claim, now: datetime) -> tuple[bytes, Sequence[SignerPlace], int]:
    """The page with number and date before anybody signed it, the empty place of each who will, in their order, and how
    many sheets' sides it has."""
    letter, *others, last = claim.letter, *claim.signers
    assert letter.number is not None
    printed = page_letter(
        letter.content,
        agency=claim.agency,
        unit=claim.unit,
        enclosures=letter.enclosures,
        signer_name=last.name,
        signer_titles=last.titles,
        cosigners=others,
        number=letter.number,
        on=letter.number_date,
        verification=claim.verification,
    )
    page = office.renderer.letter(printed, at=now, data=page_data(printed))
    places = [
        SignerPlace(
            *(step.position_id, who.name, " ".join(who.titles)), block.page, block.x0, block.y0, block.x1, block.y1
        )
        for step, who, block in zip(letter.signing_steps, claim.signers, (*page.cosigners, page.block), strict=True)
    ]
    return page.pdf, places, page.pages


def _expect_all_hold(office: Services, claim: _Claim, pdf: bytes, now: datetime) -> None:
    """Raise RuleBroken unless the signatures of all who have signed hold, the newest with them. Who is trusted makes no
    difference here."""
    found = office.page_checker.check(pdf, now)
    done = sum(step.state is StepState.DONE for step in claim.letter.signing_steps) + 1
    if found.problem or len(found.signatures) != done or not all(one.holds for one in found.signatures):
        raise RuleBroken(
            "ลายมือชื่อของผู้ที่ลงนามก่อนหน้าใช้ยืนยันไม่ได้เมื่อลงนามเพิ่ม ส่งคืนผู้ร่างเพื่อเริ่มลงนามใหม่", code="earlier-signature-broken"
        )


def _give_back(office: Services, actor: Actor, claim: _Claim, error: Exception) -> None:
    with office.uow() as uow:
        letter = uow.letters.get(actor.agency_id, claim.letter.id)
        if letter.version != claim.letter.version:
            return
        reason = str(error) if isinstance(error, SarabanError) else type(error).__name__
        uow.record(letter.fail_signing(by=actor, reason=reason, at=office.clock.now()))
        uow.letters.save(letter)
        uow.commit(final=False, begun=True)


def _settle(
    office: Services, actor: Actor, claim: _Claim, made: _Made, seen: Digest | None, occasion: Occasion
) -> Signed:
    page, proven = made.page, made.proven
    with office.uow() as uow:
        letter = uow.letters.get(actor.agency_id, claim.letter.id)
        if letter.version != claim.letter.version:
            raise ConcurrentEdit
        entry = uow.registers.of_subject(actor.agency_id, letter.id, EntryState.RESERVED)
        if entry is None:
            raise _number_lost()
        now = office.clock.now()
        if claim.is_last:
            uow.record(letter.issue(page, by=actor, seen=seen, at=now))
        else:
            uow.record(letter.sign_in_part(page, made.places, by=actor, seen=seen, at=now))
        if proven.level != "B-B" or proven.sealed or proven.trouble:
            uow.record(proven)
        if claim.is_last:
            uow.record(entry.use(by=actor, at=now))
            uow.registers.save(entry)
            if proven.trouble:
                of, why = Stamped.LETTER, proven.trouble
                uow.late_stamps.add(LateStamp.wanted(of, letter.agency_id, letter.id, page.sha256, now, why))
        letter.pages = made.pages or letter.pages
        uow.letters.save(letter)
        occasion.settled(uow, letter)
        uow.commit(begun=True)
    assert letter.number is not None and letter.number_date is not None
    following = letter.current_step()
    return Signed(
        letter.number,
        letter.number_date.isoformat(),
        page.sha256,
        letter.version,
        proven.trouble,
        following.title if following is not None else "",
    )
