"""Column types: aware moments, digests, enums, canonical JSON."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from enum import Enum
from typing import Any

from sqlalchemy import CHAR, BigInteger, DateTime, Dialect, Integer, Text, TypeDecorator

from saraban.domain.attachment import Digest

BigSerial = BigInteger().with_variant(Integer, "sqlite")
ByCodePoint = Text().with_variant(Text(collation="C"), "postgresql")
"""Text in the order of its code points on both databases: what begins with a prefix is a range of an index."""


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment, kept in UTC. A naive datetime is refused when it is written."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Check that there is a zone and turn it into UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a zone cannot be kept")
        return value if value.tzinfo is UTC else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the moment back in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class DigestType(TypeDecorator[Digest]):
    """A SHA-256 as 64 hexadecimal characters."""

    impl = CHAR(64)
    cache_ok = True

    def process_bind_param(self, value: Digest | None, dialect: Dialect) -> str | None:
        """The hexadecimal text."""
        return None if value is None else value.hex

    def process_result_value(self, value: str | None, dialect: Dialect) -> Digest | None:
        """The digest."""
        return None if value is None else Digest(value)


class EnumType(TypeDecorator[Any]):
    """An enum by its value, as text: a new member needs no migration."""

    impl = Text
    cache_ok = True

    def __init__(self, enum: type[Enum]) -> None:
        super().__init__()
        self.enum = enum
        self._members: dict[str, Enum] = {member.value: member for member in enum}

    def process_bind_param(self, value: Enum | str | None, dialect: Dialect) -> str | None:
        """The value."""
        if isinstance(value, self.enum):
            return str(value.value)
        return None if value is None else str(self.enum(value).value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Enum | None:
        """The member; ValueError for a value that is none."""
        return None if value is None else self._members.get(value) or self.enum(value)


class CanonicalJson(TypeDecorator[Any]):
    """JSON as text with sorted keys, so that equal values are equal texts on both databases."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        """The text."""
        if value is None:
            return None
        return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        """The value."""
        return None if value is None else json.loads(value)
