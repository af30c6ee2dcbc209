"""Verdicts as they lie in rows (JSON of the API) made into the four parts that screens show."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from saraban.domain.signature import Answer, SignatureStatus


def verdict_of(values: Mapping[str, Any] | None) -> SignatureStatus | None:
    """The verdict behind a stored one (`SignatureStatus.as_dict`); None for none. What was not written down cannot be
    determined."""
    if values is None:
        return None
    reasons = values.get("reasons") or {}
    signed_at = values.get("signed_at")
    return SignatureStatus(
        intact=_answer(values.get("intact"), reasons.get("intact")),
        valid=_answer(values.get("valid"), reasons.get("valid")),
        trusted=_answer(values.get("trusted"), reasons.get("trusted")),
        in_time=_answer(values.get("in_time"), reasons.get("in_time")),
        signed_at=datetime.fromisoformat(signed_at) if signed_at else None,
        signer=str(values.get("signer") or ""),
        problem=values.get("problem"),
    )


def _answer(value: object, reason: object) -> Answer:
    known = value if isinstance(value, bool) else None
    return Answer(known, str(reason or ("" if known is not None else "ไม่มีข้อมูล")))
