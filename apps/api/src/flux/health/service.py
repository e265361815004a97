"""Whether the things Flux stands on answer, each within a budget of its own."""

import asyncio
import time
from collections.abc import Awaitable, Callable

from redis.asyncio import Redis
from sqlalchemy import text

from flux.core.db import Database
from flux.health.schemas import ServiceHealth

BUDGET_SECONDS = 1.0
GIVE_UP_SECONDS = 5.0


class Probe:
    """Asks one service, at most one question at a time.

    A server that hangs would otherwise collect a stuck question for each call of the health check.
    A question that got no answer in time is not waited for again until it ends or is given up; its
    cancellation is not awaited, since drivers may take seconds over that.
    """

    def __init__(self, ask: Callable[[], Awaitable[object]]) -> None:
        self._ask = ask
        self._question: asyncio.Task[float] | None = None
        self._asked_at = 0.0

    async def check(self) -> ServiceHealth:
        """The state now. A failure of a question older than this check is no answer to it: ask again."""
        started = time.monotonic()
        while (left := started + BUDGET_SECONDS - time.monotonic()) > 0:
            question = self._pending(started)
            done, _ = await asyncio.wait({question}, timeout=left)
            if not done:
                break
            if not question.cancelled() and question.exception() is None:
                return ServiceHealth(status="ok", latency_ms=question.result())
            if self._asked_at >= started:
                break
        return ServiceHealth(status="down", latency_ms=None)

    def _pending(self, now: float) -> "asyncio.Task[float]":
        if self._question is not None and not self._question.done():
            if now - self._asked_at <= GIVE_UP_SECONDS:
                return self._question
            self._question.cancel()
        self._question, self._asked_at = asyncio.create_task(self._time_answer()), now
        return self._question

    async def close(self) -> None:
        if self._question is not None and not self._question.done():
            self._question.cancel()

    async def _time_answer(self) -> float:
        started = time.perf_counter()
        await self._ask()
        return round((time.perf_counter() - started) * 1000, 2)


def probe_database(database: Database) -> Probe:
    async def ask() -> None:
        async with database.unpooled.connect() as connection:
            await connection.execute(text("SELECT 1"))

    return Probe(ask)


def probe_redis(redis: Redis) -> Probe:
    async def ask() -> None:
        await redis.ping()

    return Probe(ask)
