"""The Redis (or Valkey) connection: short timeouts, because everything works without it."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from flux.core.logging import get_logger

log = get_logger(__name__)

Answer = TypeVar("Answer")

BUDGET_SECONDS = 1.0
PAUSE_SECONDS = 5.0
MAX_CONNECTIONS = 50
MAX_QUESTIONS = 20


def connect_redis(url: str) -> Redis:
    """A client whose every wait ends within a second, in an answer or in `redis.RedisError`.

    It opens up to `MAX_CONNECTIONS`; who comes when all are busy waits for one, since a refusal
    would look like a Redis that is away.
    """
    pool = BlockingConnectionPool.from_url(
        url,
        max_connections=MAX_CONNECTIONS,
        timeout=BUDGET_SECONDS,
        socket_timeout=BUDGET_SECONDS,
        socket_connect_timeout=BUDGET_SECONDS,
        retry=Retry(NoBackoff(), 0),
        decode_responses=True,
    )
    return Redis.from_pool(pool)


class RedisAwayError(Exception):
    """Redis did not answer, now or a moment ago. Whoever asked catches this and does without it."""


class RedisGuard:
    """Lets questions through to a Redis that answers, and spares everybody the wait for one that hangs.

    After a failure nothing is asked for `PAUSE_SECONDS`; then a single question tries whether Redis
    is back, while the others still do without. One guard serves all who ask the same server.
    """

    def __init__(self, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._ask_again_at: float | None = None
        # Who waits for a turn uses up no budget: a crowd of our own is no Redis that hangs, and
        # nobody shall switch Redis off by sending many requests at once.
        self._turns = asyncio.Semaphore(MAX_QUESTIONS)

    async def ask(self, question: Callable[[], Awaitable[Answer]]) -> Answer:
        """The answer of Redis, or `RedisAwayError`: within `BUDGET_SECONDS`, at once in a pause."""
        async with self._turns:
            if self._ask_again_at is not None:
                if self._monotonic() < self._ask_again_at:
                    raise RedisAwayError
                self._pause()
            try:
                async with asyncio.timeout(BUDGET_SECONDS):
                    answer = await question()
            except (RedisError, OSError, TimeoutError) as error:
                if self._ask_again_at is None:
                    log.warning("redis_away", error=type(error).__name__)
                self._pause()
                raise RedisAwayError from error
            if self._ask_again_at is not None:
                log.info("redis_back")
                self._ask_again_at = None
            return answer

    def _pause(self) -> None:
        self._ask_again_at = self._monotonic() + PAUSE_SECONDS
