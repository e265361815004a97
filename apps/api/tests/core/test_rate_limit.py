"""Limits refuse at exactly their number, for as long as they say, with Redis and without."""

import asyncio
import os
import secrets
import signal
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
import time_machine
from structlog.testing import capture_logs

from clocks import StillClock
from flux.core.rate_limit import (
    INVITE_BY_RESTAURANT,
    LINK_BY_ADDRESS,
    LOGIN_BY_ACCOUNT,
    LOGIN_BY_ADDRESS,
    LOGIN_BY_BOTH,
    MAIL_BY_ACCOUNT,
    MAIL_BY_ADDRESS,
    POLICIES,
    REFRESH_BY_ADDRESS,
    REGISTER_BY_ADDRESS,
    Limiter,
    Policy,
    TooManyTriesError,
)
from flux.core.redis import (
    PAUSE_SECONDS,
    RedisAwayError,
    RedisGuard,
    connect_redis,
)
from flux.local.valkey import EmbeddedValkey

MINUTE, HOUR, DAY = 60, 3600, 86400
EXPECTED = {
    LOGIN_BY_BOTH: (
        ("account", "address"),
        [(5, MINUTE), (10, 15 * MINUTE), (20, HOUR), (50, DAY)],
    ),
    LOGIN_BY_ADDRESS: (("address",), [(100, HOUR)]),
    LOGIN_BY_ACCOUNT: (("account",), [(100, HOUR)]),
    REGISTER_BY_ADDRESS: (("address",), [(20, HOUR)]),
    MAIL_BY_ADDRESS: (("address",), [(30, HOUR)]),
    MAIL_BY_ACCOUNT: (("letter", "account"), [(5, 30 * MINUTE)]),
    LINK_BY_ADDRESS: (("address",), [(60, HOUR)]),
    REFRESH_BY_ADDRESS: (("address",), [(600, 10 * MINUTE)]),
    INVITE_BY_RESTAURANT: (("restaurant",), [(50, DAY)]),
}
NOWHERE = "redis://127.0.0.1:1/0"
# What hangs is waited for one second, once; the rest is for a busy machine.
SLOW_SECONDS, FAST_SECONDS = 5, 0.9


@pytest.fixture
async def limiter(redis_url: str) -> AsyncIterator[Limiter]:
    made = Limiter(redis_url, exempt_loopback=False)
    yield made
    await made.close()


@pytest.fixture(params=["in Redis", "in process"])
async def either(request: pytest.FixtureRequest, redis_url: str) -> AsyncIterator[Limiter]:
    """A limiter with Redis, and one whose Redis is away."""
    url = redis_url if request.param == "in Redis" else NOWHERE
    made = Limiter(url, exempt_loopback=False)
    yield made
    await made.close()


@pytest.fixture
def valkey(tmp_path: Path) -> Iterator[EmbeddedValkey]:
    server = EmbeddedValkey(tmp_path / "valkey", log_file=tmp_path / "valkey.log")
    server.start()
    yield server
    server.stop()


@contextmanager
def frozen(server: EmbeddedValkey) -> Iterator[None]:
    os.kill(server.pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(server.pid, signal.SIGCONT)


@pytest.fixture
def now() -> Iterator[time_machine.Traveller]:
    """The time, which stands still but for what a test turns."""
    with time_machine.travel(datetime(2031, 5, 6, 12, tzinfo=UTC), tick=False) as traveller:
        yield traveller


def new_account() -> str:
    return f"maria-{secrets.token_hex(6)}@example.com"


def new_address() -> str:
    return f"2001:db8:{secrets.token_hex(2)}:{secrets.token_hex(2)}::7"


def new_key(policy: Policy) -> dict[str, str]:
    """Values that no other test counts by."""
    return {
        name: new_address() if name == "address" else f"{name}-{secrets.token_hex(6)}"
        for name in policy.by
    }


async def wait_of(limiter: Limiter, policy: Policy, **key: str) -> int:
    """What a refused client is told to wait, in seconds; 0 for who is not refused."""
    try:
        await limiter.check(policy, **key)
    except TooManyTriesError as error:
        return int(error.headers["Retry-After"])
    return 0


def test_the_limits_are_these() -> None:
    assert set(POLICIES) == set(EXPECTED)
    assert len({policy.name for policy in POLICIES}) == len(POLICIES)
    for policy, (by, windows) in EXPECTED.items():
        assert policy.by == by, policy.name
        assert [(item.amount, item.get_expiry()) for item in policy.items] == windows, policy.name


@pytest.mark.parametrize("policy", POLICIES, ids=lambda policy: policy.name)
async def test_every_window_refuses_at_its_number_until_the_wait_it_names_is_over(
    either: Limiter, now: time_machine.Traveller, policy: Policy
) -> None:
    """Somebody tries as fast as they are let: each window is filled to its number and no further."""
    windows, key, taken = EXPECTED[policy][1], new_key(policy), list[float]()
    most = max(number for number, _ in windows) + 1
    while len(taken) < most:
        now.shift(0.001)
        if await either.take(policy, **key):
            taken.append(time.time())
            continue
        left = max(
            taken[-number] + length - time.time()
            for number, length in windows
            if len(taken) >= number
        )
        wait = await wait_of(either, policy, **key)
        assert left <= wait < left + 1.001
        now.shift(max(0, left - 0.5))
        assert await wait_of(either, policy, **key) == 1
        assert not await either.take(policy, **key)
        now.shift(wait - max(0, left - 0.5))
        assert await wait_of(either, policy, **key) == 0
    for number, length in windows:
        busiest = max(sum(at <= each < at + length for each in taken) for at in taken)
        assert busiest == number


async def test_the_more_logins_failed_the_longer_the_wait(
    limiter: Limiter, now: time_machine.Traveller
) -> None:
    key, waits = {"account": new_account(), "address": new_address()}, dict[int, int]()
    for failed in range(1, 51):
        await limiter.count(LOGIN_BY_BOTH, **key)
        now.shift(0.001)
        waits[failed] = await wait_of(limiter, LOGIN_BY_BOTH, **key)
        now.shift(waits[failed])
    assert [waits[failed] for failed in (1, 4, 5, 10, 20, 50)] == [
        0,
        0,
        MINUTE,
        15 * MINUTE - MINUTE,
        HOUR - 15 * MINUTE - MINUTE,
        DAY - 2 * HOUR - MINUTE,
    ]


async def test_a_stranger_elsewhere_does_not_delay_the_owner(limiter: Limiter) -> None:
    account, owner, stranger = new_account(), new_address(), new_address()
    for _ in range(6):
        await limiter.count(LOGIN_BY_BOTH, account=account, address=stranger)
    with pytest.raises(TooManyTriesError):
        await limiter.check(LOGIN_BY_BOTH, account=account, address=stranger)
    await limiter.check(LOGIN_BY_BOTH, account=account, address=owner)
    await limiter.check(LOGIN_BY_BOTH, account=new_account(), address=stranger)


async def test_looking_counts_nothing_and_trying_when_refused_prolongs_nothing(
    either: Limiter, now: time_machine.Traveller
) -> None:
    key = new_key(MAIL_BY_ACCOUNT)
    for _ in range(10):
        await either.check(MAIL_BY_ACCOUNT, **key)
    for _ in range(5):
        await either.spend(MAIL_BY_ACCOUNT, **key)
    now.shift(20 * MINUTE)
    for _ in range(10):
        with pytest.raises(TooManyTriesError):
            await either.spend(MAIL_BY_ACCOUNT, **key)
        await either.count(MAIL_BY_ACCOUNT, **key)
    now.shift(10 * MINUTE + 1)
    assert await wait_of(either, MAIL_BY_ACCOUNT, **key) == 0


async def test_a_try_that_a_long_window_refuses_does_not_count_in_the_short_ones(
    either: Limiter, now: time_machine.Traveller
) -> None:
    key = new_key(LOGIN_BY_BOTH)
    for _ in range(10):
        await either.spend(LOGIN_BY_BOTH, **key)
        now.shift(20)
    now.shift(690)
    assert not any([await either.take(LOGIN_BY_BOTH, **key) for _ in range(5)])
    now.shift(11)
    await either.spend(LOGIN_BY_BOTH, **key)


async def test_neighbours_in_one_ipv6_network_count_together(limiter: Limiter) -> None:
    network = f"2001:db8:{secrets.token_hex(2)}:{secrets.token_hex(2)}"
    account = new_account()
    for host in range(5):
        await limiter.count(LOGIN_BY_BOTH, account=account, address=f"{network}::{host}")
    with pytest.raises(TooManyTriesError):
        await limiter.check(LOGIN_BY_BOTH, account=account, address=f"{network}:ffff::1")
    await limiter.check(LOGIN_BY_BOTH, account=account, address=new_address())


async def test_an_ipv4_address_counts_the_same_in_ipv6_clothes_and_alone(limiter: Limiter) -> None:
    account = new_account()
    for _ in range(5):
        await limiter.count(LOGIN_BY_BOTH, account=account, address="203.0.113.7")
    with pytest.raises(TooManyTriesError):
        await limiter.check(LOGIN_BY_BOTH, account=account, address="::ffff:203.0.113.7")
    await limiter.check(LOGIN_BY_BOTH, account=account, address="203.0.113.8")


@pytest.mark.parametrize("policy", [MAIL_BY_ACCOUNT, LOGIN_BY_BOTH], ids=lambda each: each.name)
async def test_of_fifty_tries_at_once_in_two_processes_exactly_five_pass(
    redis_url: str, policy: Policy, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A machine with too much to do is no Redis that is away.
    monkeypatch.setattr("flux.core.redis.BUDGET_SECONDS", 30)
    processes = [Limiter(redis_url, exempt_loopback=False) for _ in range(2)]
    key = new_key(policy)
    taken = await asyncio.gather(*(processes[n % 2].take(policy, **key) for n in range(50)))
    assert taken.count(True) == 5
    for process in processes:
        with pytest.raises(TooManyTriesError):
            await process.spend(policy, **key)
        await process.close()


async def test_more_requests_than_connections_are_no_outage(limiter: Limiter) -> None:
    keys = [new_key(LOGIN_BY_BOTH) for _ in range(150)]
    with capture_logs() as logs:
        await asyncio.gather(*(limiter.check(LOGIN_BY_BOTH, **key) for key in keys))
    assert logs == []


async def test_forgiving_forgets_every_window_of_this_one_alone(either: Limiter) -> None:
    key, other = new_key(LOGIN_BY_BOTH), new_key(LOGIN_BY_BOTH)
    for each in (key, other):
        for _ in range(5):
            await either.count(LOGIN_BY_BOTH, **each)
    await either.forgive(LOGIN_BY_BOTH, **key)
    assert await wait_of(either, LOGIN_BY_BOTH, **key) == 0
    assert await wait_of(either, LOGIN_BY_BOTH, **other) > 0


async def test_redis_holds_nobodys_address_in_clear(valkey: EmbeddedValkey) -> None:
    limiter, account = Limiter(valkey.url, exempt_loopback=False), new_account()
    await limiter.count(LOGIN_BY_BOTH, account=account, address="203.0.113.7")
    await limiter.count(LOGIN_BY_ADDRESS, address="203.0.113.7")
    await limiter.take(MAIL_BY_ACCOUNT, letter="reset", account=account)
    await limiter.close()
    async with connect_redis(valkey.url) as redis:
        keys = [key async for key in redis.scan_iter()]
    assert len(keys) == 4 + 1 + 1
    for key in keys:
        assert key.startswith("flux:limit:")
        assert "maria" not in key
        assert "example" not in key
        assert "203.0.113" not in key


@pytest.mark.parametrize("between", ["", "/", ",", ", ", ":", "|", "\0", '", "'])
async def test_no_two_values_pass_for_others(limiter: Limiter, between: str) -> None:
    unique = secrets.token_hex(6)
    for _ in range(5):
        await limiter.spend(MAIL_BY_ACCOUNT, letter=f"a{between}b", account=unique)
    await limiter.spend(MAIL_BY_ACCOUNT, letter="a", account=f"b{between}{unique}")


async def test_text_that_is_not_valid_unicode_counts_like_any_other(limiter: Limiter) -> None:
    key = {"letter": "reset", "account": f"\ud800{secrets.token_hex(6)}"}
    taken = [await limiter.take(MAIL_BY_ACCOUNT, **key) for _ in range(6)]
    assert taken == [True] * 5 + [False]


async def test_a_policy_is_asked_only_for_what_it_counts_by(limiter: Limiter) -> None:
    for ask in (limiter.check, limiter.count, limiter.take, limiter.spend, limiter.forgive):
        for key in ({}, {"account": "a"}, {"account": "a", "address": "b", "letter": "c"}):
            with pytest.raises(TypeError, match="login_by_both counts by"):
                await ask(LOGIN_BY_BOTH, **key)


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "::ffff:127.0.0.1"])
async def test_a_laptop_is_exempt_from_limits_by_address_alone_and_only_when_asked_for(
    valkey: EmbeddedValkey, address: str
) -> None:
    laptop = Limiter(valkey.url, exempt_loopback=True)
    server = Limiter(valkey.url, exempt_loopback=False)
    for _ in range(25):
        await laptop.count(REGISTER_BY_ADDRESS, address=address)
        await laptop.spend(REGISTER_BY_ADDRESS, address=address)
    await laptop.check(REGISTER_BY_ADDRESS, address=address)
    for limiter, key in [(server, {"address": address}), (laptop, {"address": "10.0.0.1"})]:
        for _ in range(20):
            await limiter.spend(REGISTER_BY_ADDRESS, **key)
        assert not await limiter.take(REGISTER_BY_ADDRESS, **key)
    for _ in range(5):
        await laptop.spend(LOGIN_BY_BOTH, account="a", address=address)
    assert not await laptop.take(LOGIN_BY_BOTH, account="a", address=address)
    await laptop.close()
    await server.close()


@pytest.mark.parametrize(
    ("seconds", "words", "retry_after"),
    [
        (-1.0, "1 second", "1"),
        (0.2, "1 second", "1"),
        (39.5, "40 seconds", "40"),
        (90.0, "90 seconds", "90"),
        (90.1, "2 minutes", "91"),
        (121.0, "3 minutes", "121"),
        (5400.0, "90 minutes", "5400"),
        (5401.0, "2 hours", "5401"),
        (86400.0, "24 hours", "86400"),
    ],
)
def test_a_refusal_says_how_long_to_wait(seconds: float, words: str, retry_after: str) -> None:
    error = TooManyTriesError(seconds)
    assert (error.code, error.status) == ("too_many_tries", 429)
    assert error.detail == f"Too many tries. Wait {words} and try again."
    assert error.headers == {"Retry-After": retry_after}


async def test_limits_hold_while_redis_is_away_and_redis_counts_again_when_it_is_back(
    valkey: EmbeddedValkey,
) -> None:
    clock, port, key = StillClock(), valkey.port, new_key(MAIL_BY_ACCOUNT)
    limiter = Limiter(valkey.url, exempt_loopback=False, guard=RedisGuard(monotonic=clock))
    assert await limiter.take(MAIL_BY_ACCOUNT, **key)
    valkey.stop()
    with capture_logs() as logs:
        for _ in range(20):
            taken = [await limiter.take(MAIL_BY_ACCOUNT, **key) for _ in range(5)]
            assert taken == [clock.now == 1000.0] * 5
            assert await wait_of(limiter, MAIL_BY_ACCOUNT, **key) > 29 * MINUTE
            clock.now += PAUSE_SECONDS
        valkey.start(port=port)
        for _ in range(5):
            assert await limiter.take(MAIL_BY_ACCOUNT, **key)
        assert not await limiter.take(MAIL_BY_ACCOUNT, **key)
    assert [line["event"] for line in logs] == ["redis_away", "redis_back"]
    async with connect_redis(valkey.url) as redis:
        assert [key async for key in redis.scan_iter("flux:limit:*/mail_by_account/*")]
    await limiter.close()


async def test_a_redis_that_hangs_costs_one_slow_call_until_it_wakes(
    valkey: EmbeddedValkey,
) -> None:
    clock, key = StillClock(), new_key(LOGIN_BY_BOTH)
    limiter = Limiter(valkey.url, exempt_loopback=False, guard=RedisGuard(monotonic=clock))
    await limiter.count(LOGIN_BY_BOTH, **key)
    with frozen(valkey):
        started = time.monotonic()
        await limiter.count(LOGIN_BY_BOTH, **key)
        assert time.monotonic() - started < SLOW_SECONDS
        started = time.monotonic()
        for _ in range(4):
            await limiter.count(LOGIN_BY_BOTH, **key)
        with pytest.raises(TooManyTriesError):
            await limiter.spend(LOGIN_BY_BOTH, **key)
        assert time.monotonic() - started < FAST_SECONDS
        clock.now += PAUSE_SECONDS
        started = time.monotonic()
        await asyncio.gather(*(wait_of(limiter, LOGIN_BY_BOTH, **key) for _ in range(30)))
        assert time.monotonic() - started < SLOW_SECONDS
    clock.now += PAUSE_SECONDS
    assert await wait_of(limiter, LOGIN_BY_BOTH, **key) == 0
    assert await limiter.take(LOGIN_BY_BOTH, **key)
    await limiter.close()


async def test_rooms_that_share_a_guard_pay_for_a_hanging_redis_once(
    valkey: EmbeddedValkey,
) -> None:
    guard = RedisGuard()
    limiter = Limiter(valkey.url, exempt_loopback=False, guard=guard)
    with frozen(valkey):
        await limiter.check(LOGIN_BY_ADDRESS, address="203.0.113.7")
        started = time.monotonic()
        async with connect_redis(valkey.url) as redis:
            with pytest.raises(RedisAwayError):
                await guard.ask(lambda: redis.exists("ended"))
        assert time.monotonic() - started < FAST_SECONDS
    await limiter.close()
