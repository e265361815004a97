"""Nobody waits long for a Redis that is away, and nobody takes a busy one for away."""

import asyncio
import time

import pytest
from redis.exceptions import ConnectionError as RedisConnectionError

from clocks import StillClock
from flux.core.redis import (
    BUDGET_SECONDS,
    MAX_QUESTIONS,
    PAUSE_SECONDS,
    RedisAwayError,
    RedisGuard,
)

# A question may take one second; the rest is for a busy machine.
SLOW_SECONDS = 5


async def test_after_a_pause_one_question_tries_and_the_others_do_without() -> None:
    clock, asked = StillClock(), list[str]()
    guard, answer = RedisGuard(monotonic=clock), asyncio.Event()

    async def fail() -> str:
        asked.append("fail")
        raise RedisConnectionError

    async def hang() -> str:
        asked.append("hang")
        await answer.wait()
        return "back"

    for _ in range(3):
        with pytest.raises(RedisAwayError):
            await guard.ask(fail)
    clock.now += PAUSE_SECONDS - 0.1
    with pytest.raises(RedisAwayError):
        await guard.ask(hang)
    assert asked == ["fail"]
    clock.now += 0.1
    first = asyncio.create_task(guard.ask(hang))
    await asyncio.sleep(0)
    with pytest.raises(RedisAwayError):
        await guard.ask(hang)
    answer.set()
    assert await first == "back"
    assert await guard.ask(hang) == "back"
    assert asked == ["fail", "hang", "hang"]


async def test_a_question_is_given_up_after_a_second_however_many_steps_it_takes() -> None:
    guard = RedisGuard()

    async def drip() -> None:
        for _ in range(100):
            await asyncio.sleep(0.1)

    started = time.monotonic()
    with pytest.raises(RedisAwayError):
        await guard.ask(drip)
    assert 0.9 < time.monotonic() - started < SLOW_SECONDS


async def test_a_crowd_that_takes_longer_than_the_budget_is_no_outage() -> None:
    guard = RedisGuard()

    async def answer() -> int:
        await asyncio.sleep(0.2)
        return 1

    started = time.monotonic()
    answers = await asyncio.gather(*(guard.ask(answer) for _ in range(6 * MAX_QUESTIONS)))
    assert sum(answers) == 6 * MAX_QUESTIONS
    assert time.monotonic() - started > BUDGET_SECONDS


async def test_a_crowd_waits_for_a_redis_that_hangs_no_longer_than_one() -> None:
    guard = RedisGuard()
    started = time.monotonic()
    answers = await asyncio.gather(
        *(guard.ask(asyncio.Event().wait) for _ in range(10 * MAX_QUESTIONS)),
        return_exceptions=True,
    )
    assert time.monotonic() - started < SLOW_SECONDS
    assert all(isinstance(answer, RedisAwayError) for answer in answers)


async def test_what_is_no_fault_of_redis_is_no_outage() -> None:
    guard = RedisGuard()

    async def stumble() -> None:
        raise ValueError

    async def answer() -> int:
        return 1

    with pytest.raises(ValueError):  # noqa: PT011
        await guard.ask(stumble)
    assert await guard.ask(answer) == 1
