"""The public register of what an agency has issued (licences, permits, certificates), as everybody reads it.

Section 13 of the Act on electronic work of the state 2565: who issues licences publishes them, free of charge and up to
date. A kind stands there when an administrator has opened its register, and of its documents those that carry a code.
Never is more shown than at the page of a code (`verifying_issued`), and no code where that page tells more than the
register does, or leads to a document that is withheld. Whatever is not shown gives the same nothing: unknown, withheld,
of a kind without a register; and words are looked for in nothing that is not shown.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Select, and_, case, false, func, or_, select, true, union_all

from saraban.domain.errors import NotFound
from saraban.domain.issued import OUT, IssuedState, public_state
from saraban.domain.issued_kind import IssuedKind
from saraban.domain.numbering import arabic_digits
from saraban.domain.verification import DocumentState
from saraban.reading.issued import kind_of_row
from saraban.reading.publications import Front, front, fronts
from saraban.storage.tables.issued import issued_documents as documents
from saraban.storage.tables.issued import issued_kinds as kinds

SHOWN = 30
MOST_PAGES = 1_000
"""Of what is found: who looks for something older names a kind, a state or a word."""
MOST_DATA = 50_000
"""Rows of open data in one file, the newest."""
MOST_WORDS = 6
STATES = (
    DocumentState.VALID,
    DocumentState.SUSPENDED,
    DocumentState.CANCELLED,
    DocumentState.EXPIRED,
    DocumentState.REPLACED,
)


@dataclass(frozen=True)
class Listed:
    """A document in the register. `number` has Arabic digits; `since` the day since when it stands so, None for one
    that is valid; `holder` and `values` (by the keys of fields) what its kind lets the register show; `code` is empty
    where its page would tell more. `followed_by` is the number of the document in its place, with its code, where that
    one is shown."""

    kind: IssuedKind
    number: str
    issued_on: date
    valid_until: date | None
    state: DocumentState
    since: date | None
    holder: str
    values: Mapping[str, str]
    code: str
    followed_by: str
    following_code: str


@dataclass(frozen=True)
class OpenKind:
    """A kind that stands in the register, with how many documents of it are shown."""

    kind: IssuedKind
    many: int


@dataclass(frozen=True)
class Wanted:
    """What is looked for: a kind by its code, a state, words of numbers and names."""

    kind: str = ""
    state: DocumentState | None = None
    words: str = ""


@dataclass(frozen=True)
class RegisterPage:
    """A page of the register, the latest first: the agency, its kinds there, what was found, and how many in all."""

    front: Front
    kinds: tuple[OpenKind, ...]
    items: tuple[Listed, ...]
    total: int

    @property
    def names_holders(self) -> bool:
        """Can anything here be found by the name of its holder?"""
        return any(one.kind.register_names_holder for one in self.kinds)


_following = documents.alias("following")


def agencies_with_register(reader: Connection) -> list[Front]:
    """The agencies that have opened a register of any kind, by name."""
    having = set(reader.execute(select(kinds.c.agency_id).where(_is_open()).distinct()).scalars())
    return [one for one in fronts(reader) if one.id in having]


def page(reader: Connection, agency_code: str, today: date, wanted: Wanted, number: int = 1) -> RegisterPage:
    """A page of an agency's register. Raises NotFound for an agency without one, and for a kind that has none."""
    agency, opened = _opened(reader, agency_code, today)
    chosen = [one for one in opened if wanted.kind in ("", one.code)]
    if not chosen:
        raise NotFound
    asked = and_(_in_state(wanted.state, today), _with_words(wanted.words, chosen))
    counted = select(documents.c.kind_id, func.count()).where(_listed(opened)).group_by(documents.c.kind_id)
    many: dict[UUID, int] = {kind_id: count for kind_id, count in reader.execute(counted)}
    is_all = wanted.state is None and not wanted.words.strip()
    total = (
        sum(many.get(one.id, 0) for one in chosen)
        if is_all
        else reader.execute(select(func.count()).where(_listed(chosen), asked)).scalar_one()
    )
    rows = _rows(documents.c.id.in_(_of_page(chosen, asked, SHOWN * (number - 1))))
    items = tuple(_made(reader, rows, agency, opened, today))
    return RegisterPage(agency, tuple(OpenKind(one, many.get(one.id, 0)) for one in opened), items, int(total))


def everything(
    reader: Connection, agency_code: str, kind_code: str, today: date
) -> tuple[IssuedKind, Iterator[Listed]]:
    """All that is shown of a kind, the latest first. Raises NotFound as `page` does."""
    agency, opened = _opened(reader, agency_code, today)
    kind = _chosen(opened, kind_code)
    return kind, _made(reader, _rows(_listed([kind])).limit(MOST_DATA), agency, opened, today)


def described(
    reader: Connection, agency_code: str, kind_code: str, today: date
) -> tuple[Front, IssuedKind, datetime | None]:
    """The agency and the kind of a data set, and when it was last changed. Raises NotFound as `page` does."""
    agency, opened = _opened(reader, agency_code, today)
    kind = _chosen(opened, kind_code)
    latest: datetime | None = reader.execute(
        select(func.max(documents.c.changed_at)).where(_listed([kind]))
    ).scalar_one_or_none()
    return agency, kind, max(latest, kind.changed_at) if latest is not None else None


# --- within -----------------------------------------------------------------------------------------------------------


def _is_open() -> ColumnElement[bool]:
    return and_(kinds.c.in_register, kinds.c.is_public)


def _kinds(reader: Connection, agency: Front) -> list[IssuedKind]:
    statement = select(kinds).where(kinds.c.agency_id == agency.id, _is_open()).order_by(kinds.c.name_th, kinds.c.code)
    return [kind_of_row(dict(row)) for row in reader.execute(statement).mappings()]


def _opened(reader: Connection, agency_code: str, today: date) -> tuple[Front, list[IssuedKind]]:
    agency = front(reader, agency_code, today)
    opened = _kinds(reader, agency)
    if not opened:
        raise NotFound
    return agency, opened


def _chosen(opened: Sequence[IssuedKind], code: str) -> IssuedKind:
    found = next((one for one in opened if one.code == code), None)
    if found is None:
        raise NotFound
    return found


def _listed(of: Sequence[IssuedKind]) -> ColumnElement[bool]:
    """Issued documents of these kinds that carry a code and are not withheld."""
    c = documents.c
    return and_(c.kind_id.in_([one.id for one in of]), c.state.in_(OUT), c.code != "", c.withheld.is_(False))


def _in_state(state: DocumentState | None, today: date) -> ColumnElement[bool]:
    c = documents.c
    holds = or_(c.valid_until.is_(None), c.valid_until >= today)
    if state is DocumentState.VALID:
        return and_(c.state == IssuedState.ISSUED, holds)
    if state is DocumentState.SUSPENDED:
        return and_(c.state == IssuedState.SUSPENDED, holds)
    if state is DocumentState.EXPIRED:
        return and_(c.state.in_((IssuedState.ISSUED, IssuedState.SUSPENDED)), c.valid_until < today)
    if state is DocumentState.CANCELLED:
        return c.state == IssuedState.REVOKED
    if state is DocumentState.REPLACED:
        return c.state == IssuedState.REPLACED
    return true() if state is None else false()


def _with_words(words: str, of: Sequence[IssuedKind]) -> ColumnElement[bool]:
    """Every word stands in the number, or in the holder's name where the register shows that."""
    c, named = documents.c, [one.id for one in of if one.register_names_holder]
    name = func.lower(case((c.kind_id.in_(named), c.holder_name), else_=""))
    asked = [
        or_(
            func.lower(c.number).contains(arabic_digits(word).lower(), autoescape=True),
            name.contains(word.lower(), autoescape=True),
        )
        for word in words.replace("\x00", "").split()[:MOST_WORDS]
    ]
    return and_(true(), *asked)


def _of_page(of: Sequence[IssuedKind], asked: ColumnElement[bool], before: int) -> Select[Any]:
    """The ids of a page of what is listed of these kinds, after so many others: kind by kind, since an index has each
    of them in order, and none has all."""
    c = documents.c
    latest = [
        select(c.id, c.issued_on)
        .where(_listed([one]), asked)
        .order_by(c.issued_on.desc(), c.id.desc())
        .limit(before + SHOWN)
        .subquery()
        for one in of
    ]
    together = union_all(*(select(one) for one in latest)).subquery()
    return select(together.c.id).order_by(together.c.issued_on.desc(), together.c.id.desc()).limit(SHOWN).offset(before)


def _leading_to_withheld(reader: Connection, agency: Front) -> frozenset[UUID]:
    """The documents in whose place one came that is withheld, or that was followed by such a one in its turn: the pages
    of their codes lead there."""
    c = documents.c
    before = select(c.follows.label("id")).where(
        c.agency_id == agency.id, c.withheld.is_(True), c.state.in_(OUT), c.follows.is_not(None)
    )
    led = before.cte("led", recursive=True)
    led = led.union(select(c.follows).where(c.id == led.c.id, c.follows.is_not(None)))
    return frozenset(reader.execute(select(led.c.id)).scalars())


def _rows(found: ColumnElement[bool]) -> Select[Any]:
    c = documents.c
    return (
        select(
            *(
                c.id,
                c.replaced_by,
                c.kind_id,
                c.number,
                c.issued_on,
                c.valid_until,
                c.state,
                c.state_on,
                c.holder_name,
                c["values"],
                c.code,
            ),
            _following.c.kind_id.label("following_kind"),
            _following.c.number.label("following_number"),
            _following.c.code.label("following_code"),
            _following.c.state.label("following_state"),
            _following.c.withheld.label("following_withheld"),
        )
        .select_from(documents.outerjoin(_following, _following.c.id == c.replaced_by))
        .where(found)
        .order_by(c.issued_on.desc(), c.id.desc())
    )


def _made(
    reader: Connection, statement: Select[Any], agency: Front, opened: Sequence[IssuedKind], today: date
) -> Iterator[Listed]:
    by_id = {one.id: one for one in opened}
    leading = _leading_to_withheld(reader, agency)
    for row in reader.execute(statement).mappings():
        kind, following = by_id[row["kind_id"]], by_id.get(row["following_kind"])
        state = public_state(row["state"], row["valid_until"], today)
        assert state is not None  # the statement gives issued ones only
        follows = following is not None and row["following_state"] in OUT and not row["following_withheld"]
        follows = follows and bool(row["following_code"]) and state is DocumentState.REPLACED
        since = row["valid_until"] if state is DocumentState.EXPIRED else row["state_on"]
        yield Listed(
            kind=kind,
            number=row["number"],
            issued_on=row["issued_on"],
            valid_until=row["valid_until"],
            state=state,
            since=None if state is DocumentState.VALID else since,
            holder=row["holder_name"] if kind.register_names_holder else "",
            values={one.key: row["values"].get(one.key, "") for one in kind.register_fields},
            code=row["code"] if kind.register_leads_to_page and row["id"] not in leading else "",
            followed_by=row["following_number"] if follows else "",
            following_code=row["following_code"]
            if follows
            and following is not None
            and following.register_leads_to_page
            and row["replaced_by"] not in leading
            else "",
        )
