"""Passwords: which ones are accepted, and their argon2id hashes by passlib, computed off the event loop."""

import os
import re
import secrets
from functools import lru_cache
from importlib.resources import files
from typing import cast

from anyio import CapacityLimiter, to_thread
from passlib.context import CryptContext

from flux.auth.errors import WeakPasswordError

MIN_LENGTH, MAX_LENGTH = 10, 128
PRODUCT = "flux"
MEMORY_KIB, PASSES, LANES = 64 * 1024, 1, 1
# More than the 46 MiB, 1 pass, 1 lane of OWASP's password storage cheat sheet. Others only to upgrade.
_context = CryptContext(
    schemes=["argon2", "bcrypt"],
    deprecated=["bcrypt"],
    argon2__type="id",
    argon2__memory_cost=MEMORY_KIB,
    argon2__rounds=PASSES,
    argon2__parallelism=LANES,
)
# The work of a hash that nobody's password has: random bytes where salt and digest would stand.
_NOBODYS_HASH = (
    f"$argon2id$v=19$m={MEMORY_KIB},t={PASSES},p={LANES}$"
    f"{secrets.token_urlsafe(16)}${secrets.token_urlsafe(32)}".replace("-", "/").replace("_", "+")
)
# Each hash takes a core and its memory for its time; more at once would only make all of them late.
password_turns = CapacityLimiter(max(1, (os.cpu_count() or 1) - 1))


def check_length(password: str, pointer: str) -> None:
    """Raise `WeakPasswordError` for a new password that is too short; schemas do it where they can."""
    if len(password) < MIN_LENGTH:
        raise WeakPasswordError(pointer, f"Use at least {MIN_LENGTH} characters.")


def refuse_weak(password: str, pointer: str, *names: str) -> None:
    """Raise `WeakPasswordError` for what an attacker tries first: common passwords, the person's names.

    `names` are the e-mail address and the restaurant's name; also with digits or signs at their end.
    No rules of composition: NIST SP 800-63B.
    """
    if password.casefold() in _common_passwords():
        raise WeakPasswordError(
            pointer, "Many people use this password, so it is tried first. Choose another."
        )
    core = _core_of(password)
    parts = (name.partition("@")[0] for name in names if "@" in name)
    if core and core in {_core_of(name) for name in (*names, *parts, PRODUCT)}:
        raise WeakPasswordError(
            pointer,
            "Your e-mail address, your restaurant's name and ours are easy to guess. Choose another.",
        )


def _core_of(text: str) -> str:
    """Its letters, and digits before the last letter: what is left of a name however it is dressed up."""
    return re.sub(r"[\W_]+", "", text.casefold()).rstrip("0123456789")


@lru_cache(maxsize=1)
def _common_passwords() -> frozenset[str]:
    """The passwords of ten characters and more that breaches hold most often (docs/security.md)."""
    listed = files("flux.auth").joinpath("common_passwords.txt").read_text(encoding="utf-8")
    return frozenset(listed.split("\n"))


async def hash_password(password: str) -> str:
    """The hash to store, in passlib's `$argon2id$...` format."""
    async with password_turns:
        return cast(str, await to_thread.run_sync(_context.hash, password))


async def verify_password(password: str, stored_hash: str | None) -> tuple[bool, str | None]:
    """Whether the password is the one that was hashed, and a new hash if the stored one is outdated.

    Without a hash (no such user) the same work is done for nothing, so that time tells nothing. To be
    called with a turn of `password_turns`.
    """
    return await to_thread.run_sync(_verify, password, stored_hash or _NOBODYS_HASH)


def _verify(password: str, stored_hash: str) -> tuple[bool, str | None]:
    try:
        verified, new_hash = _context.verify_and_update(password, stored_hash)
    except ValueError:
        # bcrypt takes 72 bytes; a longer password was never hashed with it.
        return False, None
    return bool(verified), new_hash
