"""The form that asks the issuer of a document. It has no field for a copy: that is what it is for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from saraban.domain.errors import BadInput
from saraban.domain.lookup import Want

FIELDS = ("agency", "document_kind", "number", "holder_id", "want", "purpose", "legal_basis")


@dataclass(frozen=True)
class AskForm:
    """What was typed."""

    agency: str = ""
    document_kind: str = ""
    number: str = ""
    holder_id: str = ""
    want: str = Want.STATE.value
    purpose: str = ""
    legal_basis: str = ""

    @classmethod
    def read(cls, sent: Mapping[str, str]) -> AskForm:
        """The form in what a browser sent, or in the arguments of an address, in which no holder is ever read."""
        typed = {name: sent.get(name, "").strip() for name in FIELDS}
        return cls(**typed | {"want": typed["want"] or Want.STATE.value})

    @property
    def wanted(self) -> Want:
        """What is needed. Raises BadInput for anything else."""
        try:
            return Want(self.want)
        except ValueError:
            raise BadInput({"want": "เลือกสิ่งที่ต้องการ"}) from None

    def as_dict(self) -> dict[str, str]:
        """By name."""
        return {name: getattr(self, name) for name in FIELDS}
