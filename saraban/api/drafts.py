"""What a program sent as the content of a draft."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from saraban.domain.attachment import Digest
from saraban.domain.classification import Digits, Form, Secrecy, Urgency
from saraban.domain.enclosures import EnclosureLine
from saraban.domain.letter import Contact, Content, Reference


def content_of(sent: dict[str, Any], base: Content) -> Content:
    """The content with the fields that were sent in the place of those of `base`. Another form empties what it does not
    have; what was sent along with it is kept, to be refused by its name."""
    if "form" in sent:
        base = base.as_form(Form(sent["form"]))
    given: dict[str, Any] = {
        name: sent[name]
        for name in (
            "subject",
            "addressed_to",
            "body",
            "response_due",
            "purpose",
            "closing",
            "circular",
            "details",
            "typist",
        )
        if name in sent
    }
    if "cosigners" in sent:
        given["cosigners"] = tuple(sent["cosigners"])
    if "digits" in sent:
        given["digits"] = Digits(sent["digits"]) if sent["digits"] is not None else None
    for name, kind in (("urgency", Urgency), ("secrecy", Secrecy)):
        if name in sent:
            given[name] = kind(sent[name])
    if "recipients" in sent:
        given["recipients"], given["groups"] = tuple(sent["recipients"]), ()
    if "references" in sent:
        given["references"] = tuple(
            Reference(r["number"].strip(), r.get("date"), r.get("sender", "").strip()) for r in sent["references"]
        )
    if "enclosures" in sent:
        given["enclosures"] = tuple(
            EnclosureLine(Digest(one["sha256"]), one.get("title", "").strip(), one.get("amount", "").strip())
            for one in sent["enclosures"]
        )
    if "contact" in sent:
        given["contact"] = replace(Contact(), **sent["contact"])
    return replace(base, **given)
