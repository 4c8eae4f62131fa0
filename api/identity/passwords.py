"""Passwords: argon2id, and the same time spent on accounts that do not exist."""

from __future__ import annotations

import secrets
from base64 import b64encode

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.profiles import RFC_9106_LOW_MEMORY

from api.identity.refusals import WeakPassword
from engine.model.errors import Fault

#: OWASP ASVS 5.0, 6.2.1 (minimum 8; 15 where nothing else protects) and 6.2.9 (at least 64 allowed).
SHORTEST = 10
LONGEST = 200


class Passwords:
    """Makes and checks password hashes with one set of costs."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher.from_parameters(RFC_9106_LOW_MEMORY)
        self._decoy = _decoy(self._hasher)

    def hash(self, password: str) -> str:
        """A new hash with its own salt."""
        return self._hasher.hash(_bytes(password))

    def fits(self, stored: str | None, password: str) -> bool:
        """Whether the password belongs to the hash; takes as long when there is none."""
        try:
            self._hasher.verify(stored or self._decoy, _bytes(password[: LONGEST + 1]))
        except (VerificationError, InvalidHashError):
            return False
        return stored is not None

    def is_outdated(self, stored: str) -> bool:
        """Whether the hash was made with other costs than today's."""
        return self._hasher.check_needs_rehash(stored)


def _decoy(hasher: PasswordHasher) -> str:
    """What a try with an unknown account is checked against, so that it takes as long as any other.

    A digest at random instead of one worked out: nothing fits either, and no start of the house waits for it.
    """
    salt, digest = (
        b64encode(secrets.token_bytes(length)).decode().rstrip("=") for length in (hasher.salt_len, hasher.hash_len)
    )
    costs = f"m={hasher.memory_cost},t={hasher.time_cost},p={hasher.parallelism}"
    return f"$argon2{hasher.type.name.lower()}$v=19${costs}${salt}${digest}"


def _bytes(password: str) -> bytes:
    # a lone surrogate is no character, but it must not make the door fall over either
    return password.encode("utf-8", "surrogatepass")


def refuse_weak(password: str, user_id: str) -> None:
    """Raises WeakPassword: too short, too long, or it holds the account's own name."""
    faults: list[Fault] = []
    if not SHORTEST <= len(password) <= LONGEST:
        text = f"Expected {SHORTEST} to {LONGEST} characters, but found {len(password)}."
        faults.append(Fault("password-length", text, "password", shortest=SHORTEST, longest=LONGEST))
    if user_id.casefold() in password.casefold():
        faults.append(Fault("password-holds-name", "Expected a password without the account's name.", "password"))
    if faults:
        raise WeakPassword(" ".join(fault["message"] for fault in faults), faults)
