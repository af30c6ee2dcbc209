"""Documents for people in the demo: three kinds, and documents that are valid, suspended, revoked, replaced, expired,
renewed or still wait for a signature; the two agencies ask each other about some. All holders are invented."""

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
from saraban.domain.lookup import Want
from saraban.usecases import ending, issuing, signing_issued
from saraban.usecases.asking_issuers import ask_issuer
from saraban.usecases.issuing import Said
from saraban.usecases.ports import Services

_DATA = Path(__file__).parent / "data"
_LISTS: dict[str, Any] = {"marks": Marks, "validity": Validity, "lookup": LookupPolicy, "stage": Stage}


def write_expired(services: Services) -> dict[str, UUID]:
    """Write what was issued in the past, which has expired since: the documents that are to be renewed, by agency and
    holder."""
    made: dict[str, UUID] = {}
    for one in _told():
        if one.get("past"):
            made |= _write_kind(services, one)
    return made


def write_issued(services: Services, expired: dict[str, UUID]) -> None:
    """Define the other kinds, and bring each document of them as far as its `stage` says; renew what has expired, and
    let each agency ask the other about a document."""
    for one in _told():
        if not one.get("past"):
            _write_kind(services, one)
        for holder in one.get("renewed", ()):
            agency = one["agency"]
            clerk, head = officer(services, f"clerk.{agency}"), officer(services, f"head.{agency}")
            following = issuing.follow(
                services, actor=clerk, document_id=expired[f"{agency} {holder}"], as_what=Follows.RENEWAL
            )
            _to_the_signer(services, agency, following, [])
            signing_issued.sign(services, actor=head, document_id=following, passphrase=PASSPHRASE)
    for question in json.loads((_DATA / "lookups.json").read_text(encoding="utf-8")):
        clerk = officer(services, f"clerk.{question.pop('by')}")
        ask_issuer(services, actor=clerk, **question | {"want": Want(question["want"])})


def _told() -> list[dict[str, Any]]:
    told: list[dict[str, Any]] = json.loads((_DATA / "issued.json").read_text(encoding="utf-8"))
    return told


def _write_kind(services: Services, one: dict[str, Any]) -> dict[str, UUID]:
    """One kind with its documents, by agency and holder."""
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
    return {
        f"{agency} {document['holder_name']}": _write(services, agency, kind_id, document, approvers)
        for document in one["documents"]
    }


def _field(one: dict[str, Any]) -> KindField:
    return KindField(**one | {"type": FieldType(one.get("type", "text")), "choices": tuple(one.get("choices", ()))})


def _write(services: Services, agency: str, kind_id: UUID, one: dict[str, Any], approvers: list[Actor]) -> UUID:
    clerk, head = officer(services, f"clerk.{agency}"), officer(services, f"head.{agency}")
    said = Said(one["holder_name"], "", one["values"])
    document_id = issuing.draft(services, actor=clerk, kind_id=kind_id, said=said)
    stage = one["stage"]
    if stage == "draft":
        return document_id
    _to_the_signer(services, agency, document_id, approvers)
    if stage == "approved":
        return document_id
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
    return document_id


def _to_the_signer(services: Services, agency: str, document_id: UUID, approvers: list[Actor]) -> None:
    issuing.submit(services, actor=officer(services, f"clerk.{agency}"), document_id=document_id)
    for who in approvers:
        issuing.approve(services, actor=who, document_id=document_id)
