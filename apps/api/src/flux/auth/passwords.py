"""Password hashes: argon2id by passlib, computed away from the event loop."""

import os
from typing import cast

from anyio import CapacityLimiter, to_thread
from passlib.context import CryptContext

# OWASP's password storage cheat sheet: argon2id, 19 MiB, 2 passes, 1 lane. Others only to upgrade.
_context = CryptContext(
    schemes=["argon2", "bcrypt"],
    deprecated=["bcrypt"],
    argon2__type="id",
    argon2__memory_cost=19 * 1024,
    argon2__rounds=2,
    argon2__parallelism=1,
)
# Each hash takes a core and 19 MiB for its time; more at once would only make all of them late.
_limiter = CapacityLimiter(max(2, os.cpu_count() or 1))
_UNKNOWN_USER_HASH: str | None = None


async def hash_password(password: str) -> str:
    """The hash to store, in passlib's `$argon2id$...` format."""
    return cast(str, await to_thread.run_sync(_context.hash, password, limiter=_limiter))


async def verify_password(password: str, stored_hash: str | None) -> bool:
    """Whether the password is the one that was hashed.

    Without a hash (no such user) the same work is done for nothing, so that time tells nothing.
    """
    global _UNKNOWN_USER_HASH
    if stored_hash is None:
        if _UNKNOWN_USER_HASH is None:
            _UNKNOWN_USER_HASH = await hash_password("nobody has this password")
        await to_thread.run_sync(_context.verify, password, _UNKNOWN_USER_HASH, limiter=_limiter)
        return False
    verified = await to_thread.run_sync(_context.verify, password, stored_hash, limiter=_limiter)
    return bool(verified)
