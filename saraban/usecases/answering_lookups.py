"""Questions about our documents that the kind's policy leaves to people: a clerk answers, or refuses with words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from saraban.domain.actor import Actor
from saraban.domain.agency import Agency, Correspondent
from saraban.domain.calendar import office_date
from saraban.domain.errors import BadInput, RuleBroken
from saraban.domain.issued_kind import IssuedKind, LookupPolicy
from saraban.domain.lookup import MAX_WORDS, MOST_KEEP_DAYS, Lookup, LookupAnswer, Officer, Outcome, Refused, Want, Why
from saraban.domain.permissions import may_answer_lookups, may_see_issued, require
from saraban.exchange.thai import thai_digits
from saraban.usecases.books import UnitOfWork
from saraban.usecases.lookup_answers import asked_about, found_answer, plain_answer, settle
from saraban.usecases.ports import Services

_WITH_FILE = (LookupPolicy.ASK, LookupPolicy.FILE)


@dataclass(frozen=True)
class Foreseen:
    """What a press would say. `answer` has the files with which it goes when they are wanted and given; `pages` are our
    documents in its order, empty for who may not open them; `others`: documents have the number that is asked about,
    and another holder, of which the asker is told nothing; `policy` is the kind's."""

    answer: LookupAnswer
    pages: tuple[UUID, ...]
    others: int
    policy: LookupPolicy

    @property
    def may_give_file(self) -> bool:
        """Does the policy let a clerk give files?"""
        return self.policy in _WITH_FILE


def foresee(office: Services, *, actor: Actor, lookup_id: UUID) -> Foreseen | None:
    """What the actor would answer to a question that waits, as things stand now; nothing is written. None for a kind
    that we do not have. Raises as `answer_lookup`, whose permission it needs."""
    now = office.clock.now()
    with office.uow() as uow:
        one, kind = _waiting(uow, actor, lookup_id, office_date(now))
        if kind is None:
            return None
        agency, sender = _parties(uow, one)
        days = agency.options.lookup_keep_days
        gives = one.want if kind.lookup in _WITH_FILE else Want.STATE
        said = found_answer(office, uow, one, agency, sender, kind, gives, days, now, None)
        found = asked_about(uow, one, kind)
        same_number = uow.issued.by_number(kind.agency_id, kind.id, one.number) if one.number else ()
    pages = tuple(document.id for document in found) if may_see_issued(actor, kind) is None else ()
    return Foreseen(said, pages, len(same_number) if not found else 0, kind.lookup)


def answer_lookup(
    office: Services, *, actor: Actor, lookup_id: UUID, with_file: bool = False, keep_days: int | None = None
) -> Outcome:
    """A clerk answers a question that waits: how the documents stand today, with their files where the asker wants them
    and the clerk gives them; or that there is none: no more than the kind's policy gives (docs/wire-lookup.md, section
    5), of whatever reason it waits. `keep_days`: what the agency decided when none is said. Raises RuleBroken when it
    does not wait, for files where the policy gives the state alone, and for a kind that is closed."""
    now = office.clock.now()
    if keep_days is not None and not 1 <= keep_days <= MOST_KEEP_DAYS:
        raise BadInput({"keep_days": f"ใส่ {thai_digits('1')} ถึง {thai_digits(f'{MOST_KEEP_DAYS:,}')} วัน"})
    with office.uow() as uow:
        one, kind = _waiting(uow, actor, lookup_id, office_date(now))
        if kind is None:
            raise RuleBroken("ไม่มีเอกสารชนิดนี้ในระบบ ตอบได้เพียงไม่ให้ข้อมูลพร้อมเหตุผล", code="kind-unknown")
        if kind.lookup is LookupPolicy.NO:
            told = "ชนิดเอกสารนี้ปิดไม่ให้ส่วนราชการอื่นตรวจแล้ว ตอบได้เพียงไม่ให้ข้อมูลพร้อมเหตุผล"
            raise RuleBroken(told, code="kind-closed")
        if with_file and one.want is Want.FILE and kind.lookup not in _WITH_FILE:
            told = "นโยบายของชนิดเอกสารนี้ให้ทราบสถานะเท่านั้น ไม่ให้ไฟล์ เลือกเฉพาะสถานะ"
            raise RuleBroken(told, code="state-only")
        gives = Want.FILE if with_file and one.want is Want.FILE else Want.STATE
        agency, sender = _parties(uow, one)
        days = agency.options.lookup_keep_days if keep_days is None else keep_days
        said = found_answer(office, uow, one, agency, sender, kind, gives, days, now, _officer(actor))
        settle(uow, one, said, actor, now)
        uow.commit()
    return said.outcome


def refuse_lookup(office: Services, *, actor: Actor, lookup_id: UUID, why: Why, text: str = "") -> None:
    """A clerk refuses a question that waits, with a reason. Raises BadInput without the words that it needs."""
    now, words = office.clock.now(), " ".join(text.split())
    if why is Why.OTHER and not words:
        raise BadInput({"text": "ใส่เหตุผลที่ไม่ให้ข้อมูล"})
    if len(words) > MAX_WORDS:
        raise BadInput({"text": "เหตุผลยาวเกินไป"})
    with office.uow() as uow:
        one, _ = _waiting(uow, actor, lookup_id, office_date(now))
        agency, sender = _parties(uow, one)
        said = plain_answer(
            one, agency, sender, now, Outcome.REFUSED, refused=Refused(why, words), officer=_officer(actor)
        )
        settle(uow, one, said, actor, now)
        uow.commit()


def _waiting(uow: UnitOfWork, actor: Actor, lookup_id: UUID, on: date) -> tuple[Lookup, IssuedKind | None]:
    """A question that the actor may answer now, and the kind that it is about. Raises NotPermitted, NotFound."""
    one = uow.document_lookups.get(actor.agency_id, lookup_id)
    kind = uow.issued.kind(actor.agency_id, one.kind_id) if one.kind_id is not None else None
    now = uow.issued.answerers(kind, on) if kind is not None else None
    require(may_answer_lookups(actor, kind, now))
    if one.ours or one.outcome is not Outcome.WAITING:
        raise RuleBroken("คำขอนี้ตอบแล้ว หรือไม่ได้รอเจ้าหน้าที่", code="not-waiting")
    return one, kind


def _parties(uow: UnitOfWork, one: Lookup) -> tuple[Agency, Correspondent]:
    sender = uow.directory.by_code(one.other_code)
    if sender is None:
        raise RuleBroken("หน่วยงานที่ขอไม่อยู่ในทำเนียบแล้ว จึงตอบไม่ได้", code="not-in-directory")
    return uow.agencies.get(one.agency_id), sender


def _officer(actor: Actor) -> Officer:
    return Officer(actor.name, actor.title, actor.unit_name)
