"""Password hashes: Argon2id (RFC 9106) through argon2-cffi."""

from __future__ import annotations

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError


class Argon2Passwords:
    """The port Passwords. The defaults are the second recommended option of RFC 9106 (64 MiB, three passes), with one
    lane for each of two cores; tests pass cheap ones."""

    def __init__(self, *, passes: int = 3, memory_kib: int = 65536, lanes: int = 2) -> None:
        """Takes the cost of a hash: passes over the memory, memory in KiB, and parallel lanes."""
        self._hasher = PasswordHasher(time_cost=passes, memory_cost=memory_kib, parallelism=lanes, type=Type.ID)

    def hash(self, password: str) -> str:
        """The hash with its salt and parameters, in the PHC string form."""
        return self._hasher.hash(password)

    def verify(self, hashed: str, password: str) -> bool:
        """Is it the password of this hash? A hash that cannot be read is nobody's: False, never an exception."""
        try:
            return self._hasher.verify(hashed, password)
        except (VerificationError, InvalidHashError, UnicodeEncodeError):
            return False

    def needs_rehash(self, hashed: str) -> bool:
        """Was it made with other parameters than today's? Then hash again at the next login."""
        try:
            return self._hasher.check_needs_rehash(hashed)
        except InvalidHashError:
            return True
