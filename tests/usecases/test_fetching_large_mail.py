"""A mail of 25 MiB goes from the server to the disk in pieces: measured, at a server in a process of its own."""

from __future__ import annotations

import tracemalloc

from saraban.domain.attachment import Digest
from saraban.mail.imap import ImapMailbox
from saraban.storage.tables.exchange import inbox
from saraban.usecases import fetching
from tests.mailservers.fixtures import hub_process
from tests.mailservers.hub_process import HubProcess
from tests.usecases.house import House

__all__ = ["hub_process"]

MIB = 1 << 20
MOST_IN_MEMORY = 6 * MIB


def test_a_mail_of_25_mib_is_never_in_memory_as_a_whole(house: House, hub_process: HubProcess) -> None:
    head = b"From: <a@b.test>\r\nMessage-ID: <large@b.test>\r\nSubject: large\r\n\r\n"
    raw = head + b"QUJD" * 19 + b"\r\n" + (b"QUJD" * 19 + b"\r\n") * (25 * MIB // 78)
    digest, size = Digest.of(raw), len(raw)
    account = hub_process.imap_account("saraban@edu.test")
    writer = ImapMailbox(account)
    writer.append(raw)
    writer.close()
    del raw
    reader = ImapMailbox(account)
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        tracemalloc.reset_peak()
        came = fetching.fetch_mailbox(house.office, reader, agency_id=house.ours.agency.id, owner="test")
        peak = tracemalloc.get_traced_memory()[1] - before
    finally:
        tracemalloc.stop()
        reader.close()

    assert came >= 1
    assert (digest, size) in [(row.sha256, house.office.blobs.size(row.sha256)) for row in house.rows(inbox)]
    assert peak < MOST_IN_MEMORY, f"{peak / MIB:.1f} MiB of {size / MIB:.1f} MiB were held at once"
