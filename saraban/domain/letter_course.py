"""A letter on its route: whose turn it is, and what each of them may make of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from saraban.domain import events, stages
from saraban.domain.actor import Actor
from saraban.domain.attachment import Digest
from saraban.domain.content import Content
from saraban.domain.cosigning import LetterRecalled
from saraban.domain.errors import BadInput, RuleBroken, StageNotAllowed
from saraban.domain.forms import RULES
from saraban.domain.joining import all_of, joined
from saraban.domain.letter_parts import LetterParts
from saraban.domain.letter_state import ON_ROUTE, REACHED, LetterState
from saraban.domain.route import Again, CourseStep, RouteStep, StepKind, StepState
from saraban.domain.route_events import (
    CourseChanged,
    LetterPulledBack,
    LetterSentBack,
    RevisedOnRoute,
    StepHanded,
    StepNoted,
    StepObjected,
    StepPassed,
)

BEFORE_SIGNING = (LetterState.SUBMITTED, LetterState.ENDORSED)


class LetterCourse(LetterParts):
    """The deeds of the route, up to where somebody signs."""

    # --- whose turn it is -------------------------------------------------------------------------------------

    def current_steps(self) -> list[RouteStep]:
        """The steps that are asked now, while the letter is on its route or being signed; several of one stage."""
        return stages.asked(self.route) if self.state in ON_ROUTE else []

    def current_step(self) -> RouteStep | None:
        """The first of the steps that are asked now."""
        return next(iter(self.current_steps()), None)

    def step_of(self, actor: Actor) -> RouteStep | None:
        """The step that is asked now of the position in which the actor acts."""
        return next((s for s in self.current_steps() if s.position_id == actor.position_id), None)

    def note_of(self, actor: Actor) -> RouteStep | None:
        """The step by which the letter is for this position's information, once it is reached and not noted yet."""
        return next((s for s in self.notes_waiting() if s.position_id == actor.position_id), None)

    def notes_waiting(self) -> list[RouteStep]:
        """The steps for information that the letter has reached and that nobody has noted."""
        return stages.informed(self.route) if self.state in REACHED else []

    def waits_for(self) -> str:
        """The positions whose turn it is, in words; empty when it is nobody's."""
        return all_of([s.title for s in self.current_steps()])

    def given_to_older(self, step: RouteStep) -> bool:
        """Did the officer pass on an earlier version than the letter has now?"""
        return (
            step.state in (StepState.DONE, StepState.OBJECTED)
            and step.content is not None
            and step.content != self.content_digest()
        )

    def earlier_steps(self, actor: Actor) -> list[RouteStep]:
        """The steps to which the actor could send the letter back: done before his, and nobody's signature."""
        mine = self.step_of(actor)
        if mine is None:
            return []
        return [s for s in self.route if s.stage < mine.stage and s.state is StepState.DONE and s.kind.passes]

    # --- on the way -------------------------------------------------------------------------------------------

    def submit(
        self, route: Sequence[RouteStep], *, by: Actor, at: datetime, again: Again = Again.ALL
    ) -> events.LetterSubmitted:
        """Put the draft before the first officers of its route, which ends with those who sign. Of a letter that came
        back, `again` says who is asked anew."""
        if lacking := self.content.missing():
            raise BadInput(lacking)
        route = sorted(route, key=lambda s: (s.stage, s.ordinal))
        form = self.content.form
        stages.expect_course(route, several_sign=RULES[form].has("cosigners"), form=form.thai)
        before = self.route if self.state is LetterState.RETURNED else []
        self._move_to(LetterState.SUBMITTED, at)
        self.route = stages.carried(route, before, again)
        self._note("เสนอ", by, "", at)
        return events.LetterSubmitted(
            at=at, by=by, letter_id=self.id, content=self.content_digest(), route=tuple(s.title for s in route)
        )

    def endorse(
        self, *, by: Actor, note: str, at: datetime, page: Digest | None = None
    ) -> events.LetterEndorsed | StepPassed:
        """Pass the letter on with the officer's words: endorse, check, approve or give an opinion, as his step asks.
        Where that is enough for the stage, the others of it are not waited for."""
        step = self._turn_of(by)
        if not step.kind.passes:
            raise StageNotAllowed(f"ลำดับนี้ให้{step.kind.thai}", code="not-this-step")
        self._move_to(LetterState.ENDORSED, at)
        self._finish(step, StepState.DONE, by, at)
        self._note(step.kind.deed, by, note, at, page)
        skipped = tuple(s.title for s in stages.settle(self.route, step.stage, at))
        content, deed = self.content_digest(), step.kind.deed
        if step.kind is StepKind.ENDORSE:
            return events.LetterEndorsed(at=at, by=by, letter_id=self.id, note=note, content=content, skipped=skipped)
        return StepPassed(at=at, by=by, letter_id=self.id, deed=deed, note=note, content=content, skipped=skipped)

    def object(self, *, by: Actor, reason: str, at: datetime, page: Digest | None = None) -> StepObjected:
        """Be against, where the others of the stage can still be enough; else the letter is to be sent back."""
        step = self._turn_of(by)
        if not stages.may_object(self.route, step):
            raise StageNotAllowed("เส้นทางต้องการความเห็นชอบของท่าน ถ้าไม่เห็นชอบให้ส่งคืนพร้อมเหตุผล", code="no-objection")
        if not reason.strip():
            raise BadInput({"reason": "ใส่เหตุผลที่ไม่เห็นชอบ"})
        self._move_to(LetterState.ENDORSED, at)
        self._finish(step, StepState.OBJECTED, by, at)
        self._note("ไม่เห็นชอบ", by, reason, at, page)
        return StepObjected(at=at, by=by, letter_id=self.id, reason=reason, content=self.content_digest())

    def acknowledge(self, *, by: Actor, note: str, at: datetime, page: Digest | None = None) -> StepNoted:
        """Note a letter that is for one's information. Nothing waits for it, so its state stays."""
        step = self.note_of(by)
        if step is None:
            raise StageNotAllowed("หนังสือนี้ไม่มีลำดับเพื่อทราบที่รอท่าน", code="nothing-to-note")
        self._finish(step, StepState.DONE, by, at)
        self._note(step.kind.deed, by, note, at, page)
        self.updated_at = at
        return StepNoted(at=at, by=by, letter_id=self.id, note=note, content=self.content_digest())

    # --- the way back -----------------------------------------------------------------------------------------

    def send_back(
        self, *, by: Actor, reason: str, at: datetime, to: int | None = None
    ) -> events.LetterReturned | LetterSentBack:
        """Send the letter back with the reason, to its drafter or to an earlier step (its ordinal), from where it is
        asked again. What others have signed of it stays as evidence, and its number is to be struck by the caller."""
        step = self._turn_of(by)
        if not reason.strip():
            raise BadInput({"reason": "ใส่เหตุผลที่ส่งคืน"})
        page = self.part_signed.page if self.part_signed is not None else None
        content = self.content_digest()
        if to is not None:
            target = next((s for s in self.earlier_steps(by) if s.ordinal == to), None)
            if target is None:
                raise BadInput({"to": "ส่งคืนได้เฉพาะลำดับก่อนหน้าที่ผ่านมาแล้ว หรือผู้ร่าง"})
            self._move_to(LetterState.ENDORSED, at)
            self._let_number_go()
            self._ask_again([target, *(s for s in self.route if s.stage > target.stage and s.kind.decides)])
            self._note("ส่งคืน", by, f"{joined('ถึง', target.title)}: {reason.strip()}", at, page)
            return LetterSentBack(at=at, by=by, letter_id=self.id, to=target.title, reason=reason, content=content)
        self._move_to(LetterState.RETURNED, at)
        self._let_number_go()
        self._finish(step, StepState.RETURNED, by, at)
        self._note("ส่งคืน", by, reason, at, page)
        return events.LetterReturned(at=at, by=by, letter_id=self.id, reason=reason, content=content)

    def withdraw(self, *, by: Actor, at: datetime) -> events.LetterWithdrawn:
        """Give the letter up before anybody signed it. It stays readable and is never deleted."""
        self._move_to(LetterState.WITHDRAWN, at)
        self._note("ถอนเรื่อง", by, "", at)
        return events.LetterWithdrawn(at=at, by=by, letter_id=self.id)

    def recall(self, *, by: Actor, reason: str, at: datetime) -> LetterRecalled | LetterPulledBack:
        """Take a letter back from its route, to change it. What some of its signers signed stays as evidence, and its
        number is to be struck by the caller."""
        if self.state not in (*BEFORE_SIGNING, LetterState.PART_SIGNED):
            raise StageNotAllowed("ดึงกลับได้เฉพาะหนังสือที่อยู่ระหว่างเสนอหรือลงนามแล้วบางส่วน")
        if not reason.strip():
            raise BadInput({"reason": "ใส่เหตุผลที่ดึงกลับ"})
        number, page = self.number or "", self.part_signed.page if self.part_signed is not None else None
        self._move_to(LetterState.RETURNED, at)
        self._let_number_go()
        self._note("ดึงกลับ", by, reason, at, page)
        content = self.content_digest()
        if page is None:
            return LetterPulledBack(at=at, by=by, letter_id=self.id, reason=reason, content=content)
        return LetterRecalled(at=at, by=by, letter_id=self.id, number=number, reason=reason, content=content, page=page)

    # --- changes on the way -----------------------------------------------------------------------------------

    def plan_course(
        self, course: Sequence[CourseStep] | None, *, titles: Sequence[str], by: Actor, at: datetime
    ) -> CourseChanged:
        """Choose the steps before those who sign for a draft; None: those of its template. `titles` is what comes
        of it, in words."""
        self._must_be_open()
        self.own_course, self.updated_at = tuple(course) if course is not None else None, at
        return CourseChanged(at=at, by=by, letter_id=self.id, before=(), after=tuple(titles))

    def changeable(self) -> list[RouteStep]:
        """The steps that are still to come before the first who signs."""
        now, signing = stages.current_stage(self.route), stages.first_signing(self.route)
        if self.state not in BEFORE_SIGNING or now is None or signing is None:
            return []
        return [s for s in self.route if now < s.stage < signing and s.state is StepState.WAITING]

    def rest_is_open(self) -> bool:
        """Has the letter not yet come to those who sign, so that steps may be put before them?"""
        now, signing = stages.current_stage(self.route), stages.first_signing(self.route)
        return self.state in BEFORE_SIGNING and now is not None and signing is not None and now < signing

    def change_rest(self, rest: Sequence[RouteStep], *, by: Actor, at: datetime) -> CourseChanged:
        """Put other steps in the place of those to come before the first who signs. What has begun stays, what the
        template requires stays, and so do those who sign."""
        now, signing = stages.current_stage(self.route), stages.first_signing(self.route)
        if not self.rest_is_open() or now is None or signing is None:
            raise StageNotAllowed("เปลี่ยนเส้นทางได้ก่อนถึงลำดับลงนาม ถ้าต้องเปลี่ยนให้ดึงหรือส่งหนังสือกลับผู้ร่างก่อน", code="course-fixed")
        old, before = self.changeable(), tuple(s.title for s in self.route)
        rest = [replace(s) for s in sorted(rest, key=lambda s: s.stage)]
        _expect_rest(rest, old)
        for step in rest:
            if (same := _like(step, old)) is not None:
                step.required, step.edits, step.earlier = same.required, same.edits, same.earlier
        begun = [s for s in self.route if s.stage <= now or (s.stage < signing and s not in old)]
        self.route = _numbered([begun, rest, [s for s in self.route if s.stage >= signing]])
        stages.expect_course(
            self.route, several_sign=RULES[self.content.form].has("cosigners"), form=self.content.form.thai
        )
        first = stages.first_signing(self.route) or 0
        self.own_course = tuple(
            CourseStep(s.kind, s.position_id, s.stage, s.need) for s in self.route if s.stage < first
        )
        self.updated_at = at
        after = tuple(s.title for s in self.route)
        self._note("เปลี่ยนเส้นทาง", by, _told(old, rest), at)
        return CourseChanged(at=at, by=by, letter_id=self.id, before=before, after=after)

    def may_be_handed(self, step: RouteStep) -> bool:
        """Could this step of the route be given to another position: it waits, and whoever has it does not sign?"""
        return self.state in BEFORE_SIGNING and step.kind.passes and step.state is StepState.WAITING

    def hand_step(self, ordinal: int, to: RouteStep, *, by: Actor, reason: str, at: datetime) -> StepHanded:
        """Give a step that waits for a position which nobody holds to the position of `to`: what it asks stays. That
        nobody holds it is for the caller to know."""
        step = next((s for s in self.route if s.ordinal == ordinal), None)
        if step is None or not self.may_be_handed(step):
            raise StageNotAllowed("ให้ตำแหน่งอื่นทำแทนได้เฉพาะลำดับก่อนลงนามที่ยังรออยู่", code="step-not-waiting")
        if not reason.strip():
            raise BadInput({"reason": "ใส่เหตุผล เช่น ตำแหน่งว่างและยังไม่มีผู้รักษาราชการแทน"})
        if any(s.stage == step.stage and s.position_id == to.position_id for s in self.route):
            raise BadInput({"position": joined(to.title, "อยู่ในลำดับนี้แล้ว เลือกตำแหน่งอื่น")})
        before = step.title
        step.position_id, step.title, step.unit_name, step.earlier = to.position_id, to.title, to.unit_name, None
        self.updated_at = at
        told = joined(joined(before, "ว่าง ให้"), joined(to.title, f"{step.kind.thai}: {reason.strip()}"))
        self._note("เปลี่ยนเส้นทาง", by, told, at)
        return StepHanded(
            at=at, by=by, letter_id=self.id, deed=step.kind.deed, before=before, to=to.title, reason=reason.strip()
        )

    def revise_on_route(self, content: Content, *, by: Actor, at: datetime, again: Again) -> RevisedOnRoute:
        """Change the letter at a step whose officer may. What was given before is given to the older version: by the
        rule it is asked again, or it stays and says so."""
        step = self._turn_of(by)
        if not step.edits or self.state not in BEFORE_SIGNING:
            raise StageNotAllowed("ลำดับนี้แก้ร่างไม่ได้ เขียนความเห็นหรือส่งคืนผู้ร่างพร้อมเหตุผล", code="no-edits-here")
        if lacking := content.missing():
            raise BadInput(lacking)
        if content.form is not self.content.form or content.cosigners != self.content.cosigners:
            raise BadInput({"form": "เปลี่ยนแบบหนังสือหรือผู้ลงนามไม่ได้ระหว่างเสนอ ส่งคืนผู้ร่างเพื่อเปลี่ยน"})
        before = self.content_digest()
        listed = {file.sha256 for file in self.enclosures}
        lines = tuple(line for line in content.enclosures if line.sha256 in listed)
        self.content = replace(content, ready=self.content.ready, photo=self.content.photo, enclosures=lines)
        self.updated_at = at
        digest, asked = self.content_digest(), list[RouteStep]()
        if digest != before:
            done = [s for s in self.route if s.kind.decides and s.stage <= step.stage and s is not step]
            if again is not Again.ALL:
                done = [s for s in done if s.stage == step.stage and again is Again.FROM]
            asked = [s for s in done if s.state is not StepState.WAITING]
            self._ask_again(done)
            self._note("แก้ร่าง", by, "", at)
        titles = tuple(s.title for s in asked)
        return RevisedOnRoute(at=at, by=by, letter_id=self.id, content=digest, before=before, again=titles)

    # --- parts ------------------------------------------------------------------------------------------------

    def _turn_of(self, by: Actor, kind: StepKind | None = None) -> RouteStep:
        """The actor's step, which must be asked now and be of this kind (None: of any)."""
        if not self.current_steps():
            raise StageNotAllowed("หนังสือนี้ไม่ได้อยู่ระหว่างเสนอ")
        step = self.step_of(by)
        if step is None:
            raise StageNotAllowed(joined("ขณะนี้รอ", self.waits_for()), code="not-your-turn")
        if kind is not None and step.kind is not kind:
            raise StageNotAllowed(f"ลำดับนี้ให้{step.kind.thai}", code="not-this-step")
        return step

    def _ask_again(self, steps: Sequence[RouteStep]) -> None:
        for step in steps:
            step.ask_again()


def _like(step: RouteStep, among: Sequence[RouteStep]) -> RouteStep | None:
    return next((s for s in among if (s.kind, s.position_id) == (step.kind, step.position_id)), None)


def _expect_rest(rest: Sequence[RouteStep], old: Sequence[RouteStep]) -> None:
    if any(s.kind is StepKind.SIGN for s in rest):
        raise RuleBroken("ผู้ลงนามเปลี่ยนระหว่างทางไม่ได้ ส่งคืนผู้ร่างเพื่อเลือกผู้ลงนามใหม่", code="signing-stays")
    if lost := next((s for s in old if s.required and _like(s, rest) is None), None):
        raise RuleBroken(
            joined(lost.title, f" ({lost.kind.thai}) เป็นลำดับที่ต้องมีของเส้นทางนี้ เอาออกไม่ได้"), code="step-required"
        )
    places = [(s.stage, s.position_id) for s in rest]
    if len(set(places)) < len(places):
        raise BadInput({"steps": "ตำแหน่งเดียวกันอยู่สองครั้งในลำดับที่ทำพร้อมกัน"})


def _numbered(parts: Sequence[Sequence[RouteStep]]) -> list[RouteStep]:
    """The steps of these parts as one route, with stages and ordinals that follow on."""
    route, stage = list[RouteStep](), 0
    for part in parts:
        last = None
        for step in part:
            if step.stage != last:
                stage, last = stage + 1, step.stage
            step.stage, step.ordinal = stage, len(route) + 1
            route.append(step)
    return route


def _told(old: Sequence[RouteStep], rest: Sequence[RouteStep]) -> str:
    """What was changed, in words."""
    more = [s.title for s in rest if _like(s, old) is None]
    fewer = [s.title for s in old if _like(s, rest) is None]
    told = [joined("เพิ่ม", ", ".join(more))] if more else []
    told += [joined("เอาออก", ", ".join(fewer))] if fewer else []
    return " ".join(told) or "เปลี่ยนลำดับ"
