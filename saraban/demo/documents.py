"""Documents of the demo that are no external letters: an order, an announcement, a memorandum and others, some of them
issued, some half-way, some still to be written; what is for everybody is published."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from saraban.demo.books import officer
from saraban.demo.places import PASSPHRASE
from saraban.domain.classification import Form
from saraban.domain.letter import Content, LetterId
from saraban.domain.route import StepKind
from saraban.usecases.drafting import start_letter
from saraban.usecases.ports import Services
from saraban.usecases.publishing import publish
from saraban.usecases.routing import endorse_letter, submit_letter
from saraban.usecases.signing import sign_letter

_DATA = Path(__file__).parent / "data"


def write_documents(services: Services) -> None:
    """Write them in the order of the list, each as far as its `stage` says. Their books must be open."""
    for text in json.loads((_DATA / "documents.json").read_text(encoding="utf-8")):
        _write(services, text)


def _write(services: Services, text: dict[str, Any]) -> None:
    clerk = officer(services, f"clerk.{text['agency']}")
    content = Content(
        form=Form(text["form"]),
        subject=text["subject"],
        addressed_to=text.get("addressed_to", ""),
        body=text["body"],
        recipients=tuple(text.get("recipients", ())),
        details=text["details"],
        circular=text.get("circular", False),
    )
    letter_id = start_letter(services, actor=clerk, content=content)
    if text["stage"] != "draft":
        submit_letter(services, actor=clerk, letter_id=letter_id)
    if text["stage"] == "issued":
        _issue(services, text["agency"], letter_id)
    if text.get("public"):
        publish(services, actor=clerk, letter_id=letter_id, with_enclosures=True)


def _issue(services: Services, agency: str, letter_id: LetterId) -> None:
    officers = [officer(services, f"{post}.{agency}") for post in ("director", "head")]
    with services.uow() as uow:
        route = uow.letters.get(officers[0].agency_id, letter_id).route
    for step in route:
        by = next(one for one in officers if one.position_id == step.position_id)
        if step.kind is StepKind.SIGN:
            sign_letter(services, actor=by, letter_id=letter_id, passphrase=PASSPHRASE)
        else:
            endorse_letter(services, actor=by, letter_id=letter_id, note="เห็นควรลงนาม")
