"""The list, in Redis, of sessions that have ended while an access token of theirs may still live."""

import asyncio
from collections.abc import Iterable
from uuid import UUID

from redis.asyncio import Redis

from flux.auth.tokens import ACCESS_LIFETIME, CLOCK_LEEWAY
from flux.core.redis import RedisAwayError, RedisGuard

# As long as a token that was made just before the end, by a process whose clock is ahead.
_KEPT = ACCESS_LIFETIME + 2 * CLOCK_LEEWAY


class EndedSessions:
    """Sessions whose access tokens are refused although their 15 minutes are not over.

    While Redis is away nothing is refused early: a token then lives to its end.
    """

    def __init__(self, redis: Redis, guard: RedisGuard) -> None:
        self._redis = redis
        self._guard = guard

    async def note(self, session_ids: Iterable[UUID]) -> bool:
        """Have tokens of these sessions refused from now on; whether Redis took it.

        Call it after the commit that ends them.
        """
        keys = [_key(each) for each in session_ids]
        try:
            await self._guard.ask(
                lambda: asyncio.gather(*(self._redis.set(key, "1", ex=_KEPT) for key in keys))
            )
        except RedisAwayError:
            return False
        return True

    async def holds(self, session_id: UUID) -> bool:
        """Whether the session is known to have ended."""
        try:
            return bool(await self._guard.ask(lambda: self._redis.exists(_key(session_id))))
        except RedisAwayError:
            return False


def _key(session_id: UUID) -> str:
    return f"flux:ended:{session_id}"
