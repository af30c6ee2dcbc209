"""Documents for people in the demo: two kinds, and documents that are valid, suspended, revoked, replaced or still wait
for a signature. All holders are invented."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from uuid import UUID

from saraban.demo.books import officer
from saraban.demo.places import PASSPHRASE
from saraban.domain.actor import Actor
from saraban.domain.issued import Follows
from saraban.domain.issued_field import FieldType, KindField
from saraban.domain.issued_kind import KindDefinition, LookupPolicy, Marks, Stage, Validity
from saraban.usecases import ending, issuing, signing_issued
from saraban.usecases.issuing import Said
from saraban.usecases.ports import Services

_DATA = Path(__file__).parent / "data"
_LISTS: dict[str, Any] = {"marks": Marks, "validity": Validity, "lookup": LookupPolicy, "stage": Stage}


def write_issued(services: Services) -> None:
    """Define the kinds, and bring each document of them as far as its `stage` says."""
    for one in json.loads((_DATA / "issued.json").read_text(encoding="utf-8")):
        agency = one["agency"]
        approvers = [officer(services, f"{name}.{agency}") for name in one.get("approvers", ())]
        posts: dict[str, Any] = {
            "approvers": tuple(who.position_id for who in approvers),
            "signer_id": officer(services, f"{one['signer']}.{agency}").position_id,
        }
        plain = {name: value for name, value in one["kind"].items() if name not in _LISTS}
        lists = {name: _LISTS[name](value) for name, value in one["kind"].items() if name in _LISTS}
        said = KindDefinition(**plain, **lists, **posts)
        said.fields = said.with_fields_of_text({field["key"]: _field(field) for field in one["fields"]})
        kind_id = issuing.define_kind(services, actor=officer(services, f"admin.{agency}"), said=said)
        for document in one["documents"]:
            _write(services, agency, kind_id, document, approvers)


def _field(one: dict[str, Any]) -> KindField:
    return KindField(**one | {"type": FieldType(one.get("type", "text")), "choices": tuple(one.get("choices", ()))})


def _write(services: Services, agency: str, kind_id: UUID, one: dict[str, Any], approvers: list[Actor]) -> None:
    clerk, head = officer(services, f"clerk.{agency}"), officer(services, f"head.{agency}")
    said = Said(one["holder_name"], "", one["values"])
    document_id = issuing.draft(services, actor=clerk, kind_id=kind_id, said=said)
    stage = one["stage"]
    if stage == "draft":
        return
    _to_the_signer(services, agency, document_id, approvers)
    if stage == "approved":
        return
    signing_issued.sign(services, actor=head, document_id=document_id, passphrase=PASSPHRASE)
    if stage == "revoked":
        ending.revoke(services, actor=head, document_id=document_id, reason=one["reason"])
    elif stage == "suspended":
        ending.suspend(services, actor=head, document_id=document_id, reason=one["reason"])
    elif stage == "replaced":
        again = Said(one["holder_name"], "", one["values"] | one["corrected"])
        following = issuing.follow(
            services, actor=clerk, document_id=document_id, as_what=Follows.REPLACEMENT, said=again
        )
        _to_the_signer(services, agency, following, approvers)
        signing_issued.sign(services, actor=head, document_id=following, passphrase=PASSPHRASE)


def _to_the_signer(services: Services, agency: str, document_id: UUID, approvers: list[Actor]) -> None:
    issuing.submit(services, actor=officer(services, f"clerk.{agency}"), document_id=document_id)
    for who in approvers:
        issuing.approve(services, actor=who, document_id=document_id)
