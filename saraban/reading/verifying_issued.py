"""What anybody may know of an issued document whose code he has: what its kind allows, and never more.

A document has a code because its kind was public when it was issued. When the kind is no longer, its QR still stands on
paper: then it answers with the least that tells true from false (agency, number, days and state, and the digest of the
file for who has it), and with nothing of what it says or to whom it was given.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Select, and_, bindparam, func, or_, select

from saraban.domain.issued import OUT, public_state
from saraban.domain.issued_field import NEVER_PUBLIC, KindField
from saraban.domain.verification import DocumentState, SubjectKind
from saraban.reading.verified import COPY, ORIGINAL, KnownFile, KnownStamp, PublicField, Verified, seal_prints
from saraban.storage.planning import spelt_out
from saraban.storage.tables.issued import issued_documents as documents
from saraban.storage.tables.issued import issued_kinds as kinds
from saraban.storage.tables.late_stamps import late_stamps
from saraban.storage.tables.letters import certified_copies as copies
from saraban.storage.tables.people import agencies, directory
from saraban.storage.tables.verification import verification_codes as codes

_copies = select(func.count()).where(copies.c.agency_id == documents.c.agency_id, copies.c.sha256.is_not(None))
STAMPS = select(func.count()).where(late_stamps.c.token.is_not(None))
_following = documents.alias("following")
_following_kind = kinds.alias("following_kind")


def _select(column: str) -> Select[Any]:
    is_shown = and_(_following_kind.c.id == _following.c.kind_id, _following_kind.c.is_public)
    return (
        select(
            codes.c.code,
            agencies.c.code.label("agency_code"),
            agencies.c.name.label("agency_name"),
            func.coalesce(func.nullif(agencies.c.name_en, ""), directory.c.name_en, "").label("agency_name_en"),
            directory.c.certificates,
            kinds.c.name_th,
            kinds.c.name_en,
            kinds.c.fields,
            kinds.c.is_public,
            kinds.c.holder_public,
            kinds.c.may_download,
            documents.c.id.label("subject_id"),
            _copies.where(copies.c.letter_id == documents.c.id).scalar_subquery().label("copies"),
            STAMPS.where(late_stamps.c.thing_id == documents.c.id).scalar_subquery().label("stamps"),
            documents.c.state,
            documents.c.number,
            documents.c.issued_on,
            documents.c.valid_until,
            documents.c.state_on,
            documents.c.holder_name,
            documents.c["values"],
            documents.c.digest,
            func.coalesce(_following.c.code, "").label("following_code"),
            func.coalesce(_following.c.number, "").label("following_number"),
            _following_kind.c.id.label("following_kind"),
        )
        .select_from(
            codes.join(documents, documents.c.id == codes.c.subject_id)
            .join(kinds, kinds.c.id == documents.c.kind_id)
            .join(agencies, agencies.c.id == codes.c.agency_id)
            .outerjoin(directory, directory.c.code == agencies.c.code)
            .outerjoin(_following, _following.c.id == documents.c.replaced_by)
            .outerjoin(_following_kind, is_shown)
        )
        .where(
            codes.c[column] == bindparam("code"),
            codes.c.kind == SubjectKind.ISSUED,
            or_(*(documents.c.state == one for one in OUT)),  # one by one, as for letters
        )
        .limit(1)
    )


_DOCUMENTS = {column: spelt_out(_select(column)) for column in ("code", "typed")}
_COPIES_OF = (
    select(copies.c.sha256)
    .where(copies.c.letter_id == bindparam("thing"), copies.c.sha256.is_not(None))
    .order_by(copies.c.at, copies.c.id)
)
_STAMPS_OF = (
    select(late_stamps.c.sha256, late_stamps.c.stamped_at, late_stamps.c.stamped_by, late_stamps.c.token)
    .where(late_stamps.c.thing_id == bindparam("thing"), late_stamps.c.token.is_not(None))
    .order_by(late_stamps.c.stamped_at)
)
_NAMELESS = ("เอกสารที่ส่วนราชการออกให้", "Document issued by the agency")
_SINCE = (DocumentState.SUSPENDED, DocumentState.REPLACED)


def issued_document(reader: Connection, column: str, code: str, today: date) -> Verified | None:
    """The issued document of a code; None when there is none, or it is not issued."""
    row = reader.execute(_DOCUMENTS[column], {"code": code}).mappings().one_or_none()
    if row is None:
        return None
    state = public_state(row["state"], row["valid_until"], today)
    assert state is not None and row["issued_on"] is not None  # the statement gives issued ones only
    is_linked, is_public = row["following_kind"] is not None, row["is_public"]
    known = [KnownFile(row["digest"].hex, ORIGINAL)] if row["digest"] is not None else []
    known += known_copies(reader, row["subject_id"]) if row["copies"] else []  # few have any: one statement for most
    return Verified(
        code=row["code"],
        kind=SubjectKind.ISSUED,
        agency_code=row["agency_code"],
        agency_name=row["agency_name"],
        agency_name_en=row["agency_name_en"],
        form=None,
        number=row["number"],
        on=row["issued_on"],
        state=state,
        cancelled_on=row["state_on"] if state is DocumentState.CANCELLED else None,
        subject="",
        files=tuple(known),
        seals=tuple(seal_prints(row["certificates"] or ())),
        name=row["name_th"] if is_public else _NAMELESS[0],
        name_en=row["name_en"] if is_public else _NAMELESS[1],
        holder=row["holder_name"] if is_public and row["holder_public"] else "",
        fields=tuple(_public_fields(row["fields"], row["values"])) if is_public else (),
        valid_until=row["valid_until"],
        since=row["state_on"] if state in _SINCE else None,
        replaced_by=row["following_code"] if is_linked else "",
        replaced_number=row["following_number"] if is_linked else "",
        may_download=is_public and row["may_download"],
        stamps=known_stamps(reader, row["subject_id"], known) if row["stamps"] else (),
    )


def known_copies(reader: Connection, thing: UUID) -> list[KnownFile]:
    """The certified copies of a letter or a document of which the files are kept, the oldest first."""
    return [KnownFile(one.hex, COPY) for one in reader.execute(_COPIES_OF, {"thing": thing}).scalars()]


def known_stamps(reader: Connection, thing: UUID, files: Sequence[KnownFile]) -> tuple[KnownStamp, ...]:
    """The time-stamps that these files of a letter or a document got later, the earliest first."""
    ours = {one.sha256 for one in files}
    rows = reader.execute(_STAMPS_OF, {"thing": thing})
    return tuple(KnownStamp(row[0].hex, row[1], row[2], row[3]) for row in rows if row[0].hex in ours)


def _public_fields(described: Any, values: Mapping[str, str]) -> list[PublicField]:
    found = [KindField.of(one) for one in described]
    return [
        PublicField(one.shown, one.label_en, one.type, values[one.key])
        for one in found
        if one.public and one.type not in NEVER_PUBLIC and values.get(one.key)
    ]
