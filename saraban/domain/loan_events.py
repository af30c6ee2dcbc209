"""What happens when letters are borrowed (clauses 62 to 64). What for is not told: it stands on the loan."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from saraban.domain.events import DomainEvent


@dataclass(frozen=True, kw_only=True)
class _OfLoan(DomainEvent):
    """Something about one loan of a letter; `number` is that of its card."""

    entry_id: UUID
    loan: UUID
    number: str
    borrower: str


@dataclass(frozen=True, kw_only=True)
class LoanAsked(_OfLoan):
    """Somebody wants to borrow a letter until a day."""

    name = "loan.asked"
    due_on: date


@dataclass(frozen=True, kw_only=True)
class LoanPermitted(_OfLoan):
    """The head of the unit, or of the agency, lets it be borrowed."""

    name = "loan.permitted"


@dataclass(frozen=True, kw_only=True)
class LoanRefused(_OfLoan):
    """He does not, and why."""

    name = "loan.refused"
    reason: str


@dataclass(frozen=True, kw_only=True)
class LoanWithdrawn(_OfLoan):
    """Who asked needs it no longer."""

    name = "loan.withdrawn"


@dataclass(frozen=True, kw_only=True)
class LoanLent(_OfLoan):
    """The keeper gave it out to who fetched it."""

    name = "loan.lent"
    receiver: str
    due_on: date


@dataclass(frozen=True, kw_only=True)
class LoanRenewed(_OfLoan):
    """It may be kept until a later day."""

    name = "loan.renewed"
    due_on: date


@dataclass(frozen=True, kw_only=True)
class LoanCalled(_OfLoan):
    """The keeper asks for it, for the so manyth time."""

    name = "loan.called"
    time: int


@dataclass(frozen=True, kw_only=True)
class LoanReturned(_OfLoan):
    """It came back by somebody's hand; of an electronic letter, reading ended."""

    name = "loan.returned"
    returner: str
