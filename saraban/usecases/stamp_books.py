"""The port of time-stamps that come later, and what they prove, as use cases share it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from saraban.domain.attachment import Digest
from saraban.domain.late_stamp import LateProof, LateStamp, best
from saraban.usecases.proofs import TimeStamper


class LateStamps(Protocol):
    """What has no time-stamp though an authority is set up, and the tokens that came later."""

    def add(self, *wanted: LateStamp) -> None: ...
    def claim(self, now: datetime, lease: timedelta, limit: int) -> Sequence[LateStamp]:
        """Lease those that are due, the longest due first."""
        ...

    def settle(self, stamp: LateStamp, token: bytes, at: datetime, by: str) -> bool:
        """Keep the token; False when it has one already, or what it was for is gone."""
        ...

    def drop(self, stamp: LateStamp) -> bool:
        """It waits no longer, and its token is kept elsewhere; False when somebody was faster."""
        ...

    def tries(self) -> int:
        """How often the authority failed since something waits for it."""
        ...

    def put_off(self, why: str, tries: int, until: datetime) -> None:
        """Nothing that waits is asked for before that moment."""
        ...

    def refuse(self, stamp: LateStamp, why: str, until: datetime) -> None:
        """This one alone is not asked for before that moment."""
        ...

    def rest(self) -> int:
        """There is no authority: nothing is told of what waits; of how many something was."""
        ...

    def forget(self, thing_id: UUID, sha256: Digest) -> None:
        """This file of a thing is gone: it waits for no stamp and shows none."""
        ...

    def release(self, stamps: Collection[LateStamp]) -> None: ...
    def hurry(self, now: datetime) -> None:
        """The authority answers again: all that wait because it failed are due, and its failures are forgotten."""
        ...

    def of_file(self, sha256: Digest) -> Sequence[LateStamp]: ...
    def of_files(self, digests: Collection[Digest]) -> Sequence[LateStamp]: ...
    def of_thing(self, thing_id: UUID, sha256: Digest) -> LateStamp | None: ...


def late_proofs(stamper: TimeStamper, stamps: Sequence[LateStamp]) -> Mapping[Digest, LateProof]:
    """What these prove of their files, each token held against the roots of today; the best of several."""
    found: dict[Digest, list[LateProof]] = {}
    for one in stamps:
        status = stamper.check(one.token or b"", one.sha256)
        proof = LateProof(status.good, status.at, status.by, status.reason)
        found.setdefault(one.sha256, []).append(proof)
    return {digest: best(proofs) for digest, proofs in found.items()}
