"""What the issuer says of its documents to another agency that asks (docs/wire-lookup.md, section 4); shared by the
gateway, which answers by the kind's policy, and the clerks who answer what the policy leaves to them."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from uuid import uuid4

from saraban.domain.actor import Actor
from saraban.domain.agency import Agency, Correspondent
from saraban.domain.calendar import office_date
from saraban.domain.issued import IssuedDocument
from saraban.domain.issued_kind import IssuedKind
from saraban.domain.lookup import (
    MOST_DOCUMENTS,
    Lookup,
    LookupAnswer,
    Officer,
    Outcome,
    Refused,
    ToldDocument,
    ToldFile,
    Want,
)
from saraban.domain.verification import address
from saraban.exchange.lookup import MAX_FILE, answer_bytes, file_name
from saraban.usecases.books import UnitOfWork
from saraban.usecases.lookup_notices import settle_question, tell_who_answers
from saraban.usecases.ports import Services

_PDF = "application/pdf"


def found_answer(
    office: Services,
    uow: UnitOfWork,
    one: Lookup,
    agency: Agency,
    sender: Correspondent,
    kind: IssuedKind,
    gives: Want,
    keep_days: int,
    now: datetime,
    officer: Officer | None,
) -> LookupAnswer:
    """How the documents that are asked about stand today, with their files where the asker wants them and `gives` says
    so; or that there is none."""
    today = office_date(now)
    documents = asked_about(uow, one, kind)
    if not documents:
        return plain_answer(one, agency, sender, now, Outcome.NOT_FOUND, gives=gives, officer=officer)
    told, room = [], MAX_FILE
    for place, document in enumerate(documents[:MOST_DOCUMENTS], start=1):
        file = None
        wanted = gives is Want.FILE and one.want is Want.FILE and document.digest is not None
        if wanted and document.digest is not None and 0 < document.size <= room:
            file, room = ToldFile(file_name(place), _PDF, document.size, document.digest), room - document.size
        told.append(_told(office, uow, kind, document, file, now))
    return plain_answer(
        one,
        agency,
        sender,
        now,
        Outcome.FOUND,
        gives=gives,
        documents=tuple(told),
        truncated=len(documents) > MOST_DOCUMENTS,
        keep_until=today + timedelta(days=keep_days),
        officer=officer,
    )


def asked_about(uow: UnitOfWork, one: Lookup, kind: IssuedKind) -> list[IssuedDocument]:
    """What was issued under this number, to this holder, or both; the newest first."""
    if not one.number:
        return list(uow.issued.by_holder(kind.agency_id, kind.id, one.holder_id))
    found = uow.issued.by_number(kind.agency_id, kind.id, one.number)
    return [document for document in found if not one.holder_id or document.holder_id == one.holder_id]


def _told(
    office: Services,
    uow: UnitOfWork,
    kind: IssuedKind,
    document: IssuedDocument,
    file: ToldFile | None,
    now: datetime,
) -> ToldDocument:
    state = document.public_state(office_date(now))
    assert state is not None  # the shelf gives what is out
    follows = uow.issued.document(kind.agency_id, document.replaced_by).number if document.replaced_by else ""
    shown = bool(kind.is_public and document.code and office.public_url)
    return ToldDocument(
        kind=kind.code,
        name=kind.name_th,
        number=document.number,
        state=state.value,
        issued_on=document.issued_on,
        valid_until=document.valid_until,
        replaced_by=follows,
        verify=address(office.public_url, document.code) if shown else "",
        file=file,
    )


def plain_answer(
    one: Lookup,
    agency: Agency,
    sender: Correspondent,
    now: datetime,
    outcome: Outcome,
    *,
    gives: Want = Want.STATE,
    documents: tuple[ToldDocument, ...] = (),
    truncated: bool = False,
    refused: Refused | None = None,
    kinds: tuple[tuple[str, str], ...] = (),
    keep_until: date | None = None,
    officer: Officer | None = None,
) -> LookupAnswer:
    """An answer to this question, as of now."""
    return LookupAnswer(
        id=uuid4(),
        of=one.request_id,
        request_sha256=one.request_sha256,
        from_code=agency.code,
        from_mailbox=agency.mailbox,
        to_code=sender.code,
        to_mailbox=sender.mailbox,
        at=now.replace(microsecond=0),
        outcome=outcome,
        gives=gives,
        documents=documents,
        truncated=truncated,
        refused=refused,
        kinds=kinds,
        keep_until=keep_until,
        officer=officer,
    )


def settle(uow: UnitOfWork, one: Lookup, said: LookupAnswer, by: Actor, now: datetime) -> None:
    """Write the answer down; the worker seals and sends it."""
    event = one.settle(said, json.loads(answer_bytes(said)), by=by, at=now)
    one.owes = "answer" if said.outcome.is_final else "waiting"
    one.leased_until = None
    uow.document_lookups.save(one)
    uow.record(event)
    if said.outcome.is_final:
        settle_question(uow, one, now)
    else:
        tell_who_answers(uow, one, now)
