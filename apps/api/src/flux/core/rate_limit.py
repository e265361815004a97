"""How often something may be tried: the limits there are, and the counting, in Redis.

Without Redis each process counts for itself, so that limits get looser by the number of processes
but never go away.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from math import ceil
from typing import Any, TypeVar

from limits import RateLimitItem, parse_many
from limits.aio.storage import MemoryStorage, RedisStorage
from limits.aio.strategies import MovingWindowRateLimiter

from flux.core import clock
from flux.core.client import is_loopback, network_of
from flux.core.errors import FluxError
from flux.core.redis import RedisAwayError, RedisGuard, connect_redis

Answer = TypeVar("Answer")

KEY_PREFIX = "flux:limit"
ADDRESS = "address"


@dataclass(frozen=True)
class Policy:
    """One limit: in none of its `windows` may the same values of `by` come more often."""

    name: str
    windows: str
    by: tuple[str, ...]

    @cached_property
    def items(self) -> list[RateLimitItem]:
        """The windows as `limits` knows them, the shortest first."""
        return sorted(parse_many(self.windows), key=lambda item: item.get_expiry())


POLICIES = (
    # Failed tries. The windows grow: the more tries have failed, the longer the wait for the next.
    # By both, so that a stranger who guesses does not lock out the owner, who is elsewhere.
    LOGIN_BY_BOTH := Policy(
        "login_by_both",
        "5 per minute; 10 per 15 minutes; 20 per hour; 50 per day",
        ("account", ADDRESS),
    ),
    # Failed tries: one stranger at many accounts.
    LOGIN_BY_ADDRESS := Policy("login_by_address", "100 per hour", (ADDRESS,)),
    # Failed tries: many strangers at one account. Refuses only where nobody logged in to it before.
    LOGIN_BY_ACCOUNT := Policy("login_by_account", "100 per hour", ("account",)),
    REGISTER_BY_ADDRESS := Policy("register_by_address", "20 per hour", (ADDRESS,)),
    # Letters asked for: a forgotten password, the confirmation once more.
    MAIL_BY_ADDRESS := Policy("mail_by_address", "30 per hour", (ADDRESS,)),
    # The window is as long as the link in a letter lives: whoever exhausts the limit to keep the
    # owner from getting one leaves them with a letter whose link still works.
    MAIL_BY_ACCOUNT := Policy("mail_by_account", "5 per 30 minutes", ("letter", "account")),
    # Tries to use the link of a letter that were wrong.
    LINK_BY_ADDRESS := Policy("link_by_address", "60 per hour", (ADDRESS,)),
    REFRESH_BY_ADDRESS := Policy("refresh_by_address", "600 per 10 minutes", (ADDRESS,)),
    INVITE_BY_RESTAURANT := Policy("invite_by_restaurant", "50 per day", ("restaurant",)),
)


class TooManyTriesError(FluxError):
    """Refused until `wait_seconds` have passed, which is more than zero."""

    def __init__(self, wait_seconds: float) -> None:
        seconds = max(1, ceil(wait_seconds))
        super().__init__(
            "too_many_tries",
            429,
            f"Too many tries. Wait {_describe_wait(seconds)} and try again.",
            headers={"Retry-After": str(seconds)},
        )


def _describe_wait(seconds: int) -> str:
    size, unit = (1, "second") if seconds <= 90 else (60, "minute")
    if seconds > 90 * 60:
        size, unit = 3600, "hour"
    number = ceil(seconds / size)
    return f"{number} {unit}" if number == 1 else f"{number} {unit}s"


class Limiter:
    """Counts by policy, in moving windows; the processes that share a Redis count together.

    Every method takes the values the policy counts by, under the names in `Policy.by` (others are a
    `TypeError`). Callers give accounts in normal form. A value named "address" counts by its network.
    With `exempt_loopback`, for a laptop where every browser has the same address, a policy that
    counts by address alone lets loopback addresses pass.
    """

    def __init__(
        self, redis_url: str, *, exempt_loopback: bool, guard: RedisGuard | None = None
    ) -> None:
        self._redis = connect_redis(redis_url)
        options: dict[str, Any] = {"connection_pool": self._redis.connection_pool}
        self._together = MovingWindowRateLimiter(
            RedisStorage(redis_url, implementation="redispy", key_prefix=KEY_PREFIX, **options)
        )
        self._alone = MovingWindowRateLimiter(MemoryStorage())
        self._guard = guard or RedisGuard()
        self._exempt_loopback = exempt_loopback

    async def check(self, policy: Policy, /, **key: str) -> None:
        """`TooManyTriesError` if a window is spent. Counts nothing."""
        if subject := self._subject(policy, key):
            wait = await self._ask(lambda counter: _find_wait(counter, policy, subject))
            if wait is not None:
                raise TooManyTriesError(wait)

    async def count(self, policy: Policy, /, **key: str) -> None:
        """Record one try, in every window that still has room for it."""
        if subject := self._subject(policy, key):
            await self._ask(lambda counter: _hit_each(counter, policy, subject))

    async def take(self, policy: Policy, /, **key: str) -> bool:
        """Record one try, unless a window is spent: then False."""
        if subject := self._subject(policy, key):
            return await self._ask(lambda counter: _hit_all(counter, policy, subject))
        return True

    async def spend(self, policy: Policy, /, **key: str) -> None:
        """Record one try, or `TooManyTriesError` if a window is spent."""
        if not await self.take(policy, **key):
            await self.check(policy, **key)
            # A window opened between the two.
            raise TooManyTriesError(1)

    async def forgive(self, policy: Policy, /, **key: str) -> None:
        """Forget all tries."""
        if subject := self._subject(policy, key):
            await self._ask(lambda counter: _clear(counter, policy, subject))

    async def close(self) -> None:
        await self._redis.aclose()

    async def _ask(
        self, question: Callable[[MovingWindowRateLimiter], Awaitable[Answer]]
    ) -> Answer:
        try:
            return await self._guard.ask(lambda: question(self._together))
        except RedisAwayError:
            return await question(self._alone)

    def _subject(self, policy: Policy, key: dict[str, str]) -> str | None:
        """Whom to count, as a digest, since it may be a person's address; None for the exempt."""
        if key.keys() != set(policy.by):
            raise TypeError(f"{policy.name} counts by {policy.by}, not by {tuple(key)}")
        if self._exempt_loopback and policy.by == (ADDRESS,) and is_loopback(key[ADDRESS]):
            return None
        values = [network_of(key[name]) if name == ADDRESS else key[name] for name in policy.by]
        # As JSON no value can pass for two, and text that is not valid Unicode has bytes as well.
        return sha256(json.dumps(values).encode()).hexdigest()[:32]


async def _find_wait(
    counter: MovingWindowRateLimiter, policy: Policy, subject: str
) -> float | None:
    """Seconds until no window is spent; None if none is."""
    windows = await asyncio.gather(
        *(counter.get_window_stats(item, policy.name, subject) for item in policy.items)
    )
    spent = [window.reset_time for window in windows if window.remaining <= 0]
    return max(spent) - clock.now().timestamp() if spent else None


async def _hit_each(counter: MovingWindowRateLimiter, policy: Policy, subject: str) -> None:
    for item in policy.items:
        await counter.hit(item, policy.name, subject)


async def _hit_all(counter: MovingWindowRateLimiter, policy: Policy, subject: str) -> bool:
    """Hits are atomic one by one, so of tries at the same moment the shortest window decides alone;
    the look ahead keeps a try that a longer one refuses from counting in the shorter ones.
    """
    if len(policy.items) > 1 and await _find_wait(counter, policy, subject) is not None:
        return False
    for item in policy.items:
        if not await counter.hit(item, policy.name, subject):
            return False
    return True


async def _clear(counter: MovingWindowRateLimiter, policy: Policy, subject: str) -> None:
    for item in policy.items:
        await counter.clear(item, policy.name, subject)
