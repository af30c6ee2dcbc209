"""Keeping the versions of a draft: shared by every activity that changes one. The content that is about to be replaced
is put away under its digest, so equal texts cost nothing and nothing that was saved is lost."""

from __future__ import annotations

from datetime import datetime
from uuid import uuid4

from saraban.domain.actor import Actor
from saraban.domain.attachment import Digest
from saraban.domain.letter import Letter
from saraban.domain.versions import SavedVersion, Saving, VersionId
from saraban.usecases.books import UnitOfWork
from saraban.usecases.ports import Blobs


def note_version(
    uow: UnitOfWork,
    blobs: Blobs,
    letter: Letter,
    before: bytes | None,
    *,
    saving: Saving,
    by: Actor,
    at: datetime,
    source: Digest | None = None,
) -> bool:
    """Note the content that the letter has now as a version, unless it goes on with the last one. `before` are the
    bytes of the content that it had; None for a letter that begins. True when a version began or a person asked.

    What a screen saves by itself within five minutes is one version. A person's own saving ends it; saving the same
    text again begins none.
    """
    assert by.person_id is not None  # who may change a draft is a person
    digest = letter.content_digest()
    last = uow.versions.last(letter.agency_id, letter.id)
    asked = saving is not Saving.AUTOSAVED
    typed = saving in (Saving.AUTOSAVED, Saving.SAVED)
    if last is not None and (last.digest == digest or (typed and last.goes_on(by.person_id, at))):
        if last.digest == digest and not (asked and last.saving is Saving.AUTOSAVED):
            return asked
        last.digest, last.at = digest, at
        if asked:
            last.saving, last.source = saving, source
        uow.versions.save(last)
        return asked
    if before is not None:
        blobs.keep(before)
    uow.versions.add(
        SavedVersion(
            id=VersionId(uuid4()),
            agency_id=letter.agency_id,
            letter_id=letter.id,
            ordinal=last.ordinal + 1 if last is not None else 1,
            saving=saving,
            digest=digest,
            person_id=by.person_id,
            person_name=by.name,
            begun_at=at,
            at=at,
            source=source,
        )
    )
    return True
