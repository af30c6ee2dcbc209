"""What was kept apart: let it be read and scanned anew, or put it away with a reason."""

from __future__ import annotations

from saraban.domain.actor import Actor
from saraban.domain.errors import RuleBroken
from saraban.domain.incoming import IncomingId
from saraban.domain.permissions import may_work_incoming, require
from saraban.usecases.ports import Services


def try_mail_again(office: Services, *, actor: Actor, incoming_id: IncomingId) -> None:
    """Let the worker read and scan a quarantined mail anew; its card is over, and what is found makes another. Raises
    StageNotAllowed for a letter that is not kept apart."""
    now = office.clock.now()
    with office.uow() as uow:
        letter = uow.incoming.get(actor.agency_id, incoming_id)
        require(may_work_incoming(actor, letter))
        uow.record(letter.try_again(by=actor, at=now))
        if not uow.inbox.reopen(actor.agency_id, letter.raw_sha256):
            raise RuleBroken("ไม่พบไปรษณีย์ต้นฉบับที่จะลองใหม่ ลงรับด้วยมือหรือแยกออกพร้อมเหตุผล", code="no-original")
        uow.incoming.save(letter)
        uow.commit()
