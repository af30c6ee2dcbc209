"""The house of the use cases' tests: short words for what every test has to do first."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sqlalchemy import Table, select

from saraban.bootstrap import Office
from saraban.domain.agency import Correspondent
from saraban.domain.attachment import Attachment
from saraban.domain.incoming import IncomingLetter
from saraban.domain.letter import Content, Letter, LetterId
from saraban.storage.tables.journal import journal
from saraban.usecases import dispatching, drafting, routing, signing
from saraban.usecases.ports import Services
from tests.builders import CONTENT, StaffedAgency, a_correspondent, an_incoming_letter
from tests.fakes import FixedClock

PASSPHRASE = "รหัสของหัวหน้า"
MASTER_KEY = "m" * 40


@dataclass
class House:
    """Our agency ("onep") and theirs ("dopa"), on one installation. `office` is what use cases take."""

    real: Office
    ours: StaffedAgency
    theirs: StaffedAgency
    clock: FixedClock

    @property
    def office(self) -> Services:
        """The services."""
        return self.real.services

    @property
    def keys_folder(self) -> Path:
        """Where seals and officers' keys lie."""
        return self.real.settings.keys_folder

    def publish(self, *more: Correspondent, without: str = "") -> None:
        """Put both agencies, and more, into the directory."""
        hosted = [a_correspondent(a.agency.code, name=a.agency.name) for a in (self.ours, self.theirs)]
        named = {c.code: c for c in (*hosted, *more) if c.code != without}
        with self.office.uow() as uow:
            uow.directory.replace(list(named.values()))
            uow.commit()

    def draft(self, content: Content = CONTENT, **changes: Any) -> LetterId:
        """A draft of our legal unit's clerk."""
        return drafting.start_letter(self.office, actor=self.ours["clerk"], content=replace(content, **changes))

    def attach(self, letter_id: LetterId, name: str = "แผน.txt", data: bytes = b"enclosure", **more: Any) -> Attachment:
        """Attach these bytes as the clerk."""
        values: dict[str, Any] = {"actor": self.ours["clerk"], "media_type": "text/plain"} | more
        return drafting.attach_file(self.office, letter_id=letter_id, name=name, stream=io.BytesIO(data), **values)

    def before_the_head(self, **changes: Any) -> LetterId:
        """A letter that waits for the head's signature."""
        letter_id = self.draft(**changes)
        routing.submit_letter(self.office, actor=self.ours["clerk"], letter_id=letter_id)
        routing.endorse_letter(self.office, actor=self.ours["director"], letter_id=letter_id)
        return letter_id

    def sign(self, letter_id: LetterId, passphrase: str = PASSPHRASE, **more: Any) -> signing.Signed:
        """Sign as our head."""
        return signing.sign_letter(
            self.office, actor=self.ours["head"], letter_id=letter_id, passphrase=passphrase, **more
        )

    def signed(self, **changes: Any) -> LetterId:
        """An issued letter."""
        letter_id = self.before_the_head(**changes)
        self.sign(letter_id)
        return letter_id

    def dispatched(self, **changes: Any) -> LetterId:
        """A letter whose dispatches wait for the worker."""
        letter_id = self.signed(**changes)
        dispatching.dispatch_letter(self.office, actor=self.ours["clerk"], letter_id=letter_id)
        return letter_id

    def letter(self, letter_id: LetterId) -> Letter:
        """The letter as it lies on the shelf."""
        with self.office.uow() as uow:
            return uow.letters.get(self.ours.agency.id, letter_id)

    def incoming(self, **more: Any) -> IncomingLetter:
        """A letter from the other agency that our central clerk has before him."""
        letter = an_incoming_letter(self.ours.agency, self.ours.central.id, **more)
        with self.office.uow() as uow:
            uow.incoming.add(letter)
            uow.commit()
        return letter

    def rows(self, table: Table) -> list[Any]:
        """All rows of a table."""
        with self.real.reading.connect() as connection:
            return list(connection.execute(select(table)))

    def journal(self) -> list[str]:
        """The names of everything that happened, in order of writing."""
        return [row.name for row in sorted(self.rows(journal), key=lambda row: (row.agency_id.hex, row.seq))]

    def told(self, name: str) -> list[dict[str, Any]]:
        """What the journal says about events of this name."""
        return [json.loads(row.text) for row in self.rows(journal) if row.name == name]
