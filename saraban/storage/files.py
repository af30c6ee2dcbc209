"""Files by whose they are: of outgoing letters, incoming letters and lines of registers."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Connection, bindparam, delete, insert, select

from saraban.domain.attachment import Attachment
from saraban.storage.tables.letters import files

_FILES = select(files).where(files.c.owner_id == bindparam("owner")).order_by(files.c.ordinal)
_DROP = delete(files).where(files.c.owner_id == bindparam("owner"))
_ADD = insert(files)


def files_of(connection: Connection, owner: UUID) -> list[Attachment]:
    """The files of a letter or a line, in their order."""
    rows = connection.execute(_FILES, {"owner": owner})
    return [Attachment(r.name, r.role, r.media_type, r.size, r.sha256) for r in rows]


def write_files(
    connection: Connection, agency_id: UUID, owner: UUID, kept: Sequence[Attachment], *, since: int = 0
) -> None:
    """Write files down, those from place `since` on."""
    rows = [
        {
            "owner_id": owner,
            "ordinal": ordinal,
            "agency_id": agency_id,
            "name": f.name,
            "role": f.role,
            "media_type": f.media_type,
            "size": f.size,
            "sha256": f.sha256,
        }
        for ordinal, f in enumerate(kept)
        if ordinal >= since
    ]
    if rows:
        connection.execute(_ADD, rows)


def drop_files(connection: Connection, owner: UUID) -> None:
    """Forget the rows of an owner's files; the bytes stay."""
    connection.execute(_DROP, {"owner": owner})
