"""The states of an outgoing letter, and which follows which."""

from __future__ import annotations

from enum import Enum


class LetterState(str, Enum):
    """The states of an outgoing letter."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    ENDORSED = "endorsed"
    SIGNING = "signing"
    PART_SIGNED = "part-signed"
    ISSUED = "issued"
    DISPATCHED = "dispatched"
    CLOSED = "closed"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"


NEXT: dict[LetterState, set[LetterState]] = {
    LetterState.DRAFT: {LetterState.SUBMITTED, LetterState.WITHDRAWN},
    LetterState.RETURNED: {LetterState.SUBMITTED, LetterState.WITHDRAWN},
    LetterState.SUBMITTED: {LetterState.ENDORSED, LetterState.SIGNING, LetterState.RETURNED, LetterState.WITHDRAWN},
    LetterState.ENDORSED: {LetterState.ENDORSED, LetterState.SIGNING, LetterState.RETURNED, LetterState.WITHDRAWN},
    LetterState.SIGNING: {LetterState.ISSUED, LetterState.ENDORSED, LetterState.PART_SIGNED},
    LetterState.PART_SIGNED: {LetterState.SIGNING, LetterState.RETURNED, LetterState.ENDORSED},
    LetterState.ISSUED: {LetterState.DISPATCHED},
    LetterState.DISPATCHED: {LetterState.CLOSED},
}
OPEN_FOR_CHANGE = {LetterState.DRAFT, LetterState.RETURNED}
ON_ROUTE = {LetterState.SUBMITTED, LetterState.ENDORSED, LetterState.SIGNING, LetterState.PART_SIGNED}
"""A step of the route waits."""
REACHED = ON_ROUTE | {LetterState.ISSUED, LetterState.DISPATCHED, LetterState.CLOSED}
"""What is for information may be noted as soon as the letter has reached it."""
