"""To which mailbox the holder of a document may want it sent: where the one went whose place it takes."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Connection, select

from saraban.domain.issued import IssuedDocument, IssuedState
from saraban.storage.tables.issued import issued_documents as documents
from saraban.storage.tables.issued_runs import holder_links as links
from saraban.storage.tables.issued_runs import is_out

_MOST_BEFORE = 20
"""How many documents before one, each in the place of another, are looked at."""


def mail_before(reader: Connection, document: IssuedDocument) -> str:
    """The mailbox to which a link of the document went whose place this one takes, or of the nearest before it that has
    one; empty when there is none, where the links were withdrawn or the mail came back, and once this one has a link
    itself. The caller knows that the reader may see the document."""
    if document.state is not IssuedState.ISSUED or document.follows is None:
        return ""
    if reader.execute(select(links.c.id).where(links.c.document_id == document.id).limit(1)).first() is not None:
        return ""
    earlier: UUID | None = document.follows
    for _ in range(_MOST_BEFORE):
        sent = select(links.c.mail).where(links.c.document_id == earlier, is_out)
        mail = reader.execute(sent.order_by(links.c.made_at.desc(), links.c.id).limit(1)).scalar_one_or_none()
        if mail is not None:
            return str(mail)
        earlier = reader.execute(select(documents.c.follows).where(documents.c.id == earlier)).scalar_one_or_none()
        if earlier is None:
            break
    return ""
