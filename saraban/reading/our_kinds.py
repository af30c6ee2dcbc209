"""Our kinds of documents as other agencies ask about them, with who answers for each today."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from saraban.domain.actor import Actor
from saraban.domain.answerers import Answerers
from saraban.domain.calendar import office_date
from saraban.domain.issued_kind import IssuedKind
from saraban.domain.permissions import may_answer_lookups, may_see_question, words_of
from saraban.reading.issued import kinds_of_agency
from saraban.storage.answering import answerers_now


@dataclass(frozen=True)
class OurKinds:
    """Kinds of the agency. A question may also be about one that we do not have (None)."""

    kinds: Sequence[IssuedKind]
    answering: Mapping[UUID, Answerers] = field(default_factory=dict)

    def of(self, row: Any) -> IssuedKind | None:
        """The kind that a question is about."""
        return next((one for one in self.kinds if one.id == row["kind_id"]), None)

    def sees(self, actor: Actor, kind: IssuedKind | None) -> bool:
        """May the actor see what is asked about it?"""
        return may_see_question(actor, kind, self._now(kind)) is None

    def why_not(self, actor: Actor, kind: IssuedKind | None) -> str:
        """Why the actor may not answer, in Thai; empty when he may."""
        return words_of(may_answer_lookups(actor, kind, self._now(kind)))

    def stands_in(self, actor: Actor, kind: IssuedKind | None) -> bool:
        """Does the actor answer because the posts that are named are vacant?"""
        now = self._now(kind)
        return now is not None and now.stand_in and not self.why_not(actor, kind)

    def _now(self, kind: IssuedKind | None) -> Answerers | None:
        return self.answering.get(kind.id) if kind is not None else None


def our_kinds(reader: Connection, actor: Actor, now: datetime, kinds: Sequence[IssuedKind] | None = None) -> OurKinds:
    """All kinds of the actor's agency (or these, which were read already), and who answers for them today."""
    found = kinds_of_agency(reader, actor) if kinds is None else kinds
    return OurKinds(found, answerers_now(reader, actor.agency_id, found, office_date(now)))
