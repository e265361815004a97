"""Registering and logging in; and what must not work."""

import asyncio
import statistics
import time as wall
from typing import Any
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI
from passlib.hash import argon2, bcrypt

from flux.auth.passwords import password_turns
from flux.auth.tokens import Access, make_access_token
from flux.core import clock
from flux.core.ids import new_id
from flux.core.rate_limit import (
    LOGIN_BY_ACCOUNT,
    LOGIN_BY_ADDRESS,
    LOGIN_BY_BOTH,
    REGISTER_BY_ADDRESS,
)
from letterbox import read_mail, read_token, text_of
from owner import PASSWORD, Owner, open_client, random_address, register, registration

WRONG = "not the password"


async def log_in(
    app: FastAPI, email: str, password: str = PASSWORD, *, address: str = "127.0.0.1"
) -> httpx.Response:
    async with open_client(app, address=address) as client:
        return await client.post("/api/auth/login", json={"email": email, "password": password})


def comparable(answer: httpx.Response) -> tuple[int, Any, dict[str, str]]:
    """All a caller can see of an answer, without what differs from request to request."""
    body = answer.json() if answer.content else None
    if isinstance(body, dict):
        body.pop("request_id", None)
    headers = {name: value for name, value in answer.headers.items() if name != "x-request-id"}
    return answer.status_code, body, headers


async def test_registering_makes_the_account_and_its_restaurant_with_the_user_as_owner(
    app: FastAPI,
) -> None:
    owner = await register(app, email="New.Owner@Example.com", restaurant_name="  Chez Nous ")
    me = (await owner.client.get("/api/auth/me")).json()
    assert me["email"] == "new.owner@example.com"
    assert me["email_verified"] is False
    assert [(each["name"], each["role"]) for each in me["restaurants"]] == [("Chez Nous", "owner")]
    stored = owner.query("SELECT password_hash FROM users")[0][0]
    assert stored.startswith("$argon2id$v=19$m=65536,t=1,p=1$")


async def test_registering_a_known_address_tells_the_caller_nothing_and_its_owner_by_mail(
    app: FastAPI, owner: Owner
) -> None:
    before = owner.query("SELECT password_hash FROM users")
    async with open_client(app) as client:
        known = registration(
            email=owner.email, restaurant_name="Another", password="some other words"
        )
        fresh = registration(restaurant_name="Another", password="some other words")
        answers = [await client.post("/api/auth/register", json=form) for form in (known, fresh)]
    assert answers[0].json() == {"email": owner.email}
    assert answers[0].status_code == answers[1].status_code == 201
    assert [name for name, _ in answers[0].headers.raw] == [
        name for name, _ in answers[1].headers.raw
    ]
    assert owner.query("SELECT password_hash FROM users") == before
    letters = await read_mail(app, owner.email)
    assert "already have an account for “Test Kitchen”" in letters[-1]["Subject"]
    assert "/forgot" in text_of(letters[-1])


async def test_an_address_registered_by_20_at_once_has_one_account_and_nobody_sees_an_error(
    strict: FastAPI,
) -> None:
    form = registration()
    async with open_client(strict) as client:
        answers = await asyncio.gather(
            *(
                client.post(
                    "/api/auth/register", json=form | {"restaurant_name": f"Place {number}"}
                )
                for number in range(20)
            )
        )
        assert {each.status_code for each in answers} == {201}
        token = await read_token(strict, form["email"], "verify")
        verify = {"token": token, "password": form["password"]}
        assert (await client.post("/api/auth/email/verify", json=verify)).status_code == 200
        me = (await client.get("/api/auth/me")).json()
    assert len(me["restaurants"]) == 1


async def test_before_the_address_is_confirmed_a_login_looks_like_one_of_an_unknown_address(
    strict: FastAPI,
) -> None:
    form = registration()
    async with open_client(strict) as client:
        assert (await client.post("/api/auth/register", json=form)).status_code == 201
    right = await log_in(strict, form["email"], form["password"])
    unknown = await log_in(strict, registration()["email"], form["password"])
    assert comparable(right) == comparable(unknown)
    assert right.json()["code"] == "wrong_credentials"


async def test_a_registration_nobody_confirmed_gives_way_to_the_next_one(strict: FastAPI) -> None:
    squatter = registration(password="the squatter's words", currency="EUR", country="DE")
    true_owner = registration(email=squatter["email"], restaurant_name="The True One")
    async with open_client(strict) as client:
        assert (await client.post("/api/auth/register", json=squatter)).status_code == 201
        first_link = await read_token(strict, squatter["email"], "verify")
        assert (await client.post("/api/auth/register", json=true_owner)).status_code == 201
        stale = {"token": first_link, "password": squatter["password"]}
        assert (await client.post("/api/auth/email/verify", json=stale)).status_code == 410
        token = await read_token(strict, squatter["email"], "verify")
        verify = {"token": token, "password": squatter["password"]}
        assert (await client.post("/api/auth/email/verify", json=verify)).status_code == 401
        verify["password"] = true_owner["password"]
        assert (await client.post("/api/auth/email/verify", json=verify)).status_code == 200
        (restaurant,) = (await client.get("/api/auth/me")).json()["restaurants"]
    assert (restaurant["name"], restaurant["currency"]) == ("The True One", "USD")


async def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(owner: Owner) -> None:
    wrong = await log_in(owner.app, owner.email, WRONG)
    unknown = await log_in(owner.app, "nobody@example.com", WRONG)
    assert comparable(wrong) == comparable(unknown)
    assert (wrong.status_code, wrong.json()["code"]) == (401, "wrong_credentials")


async def test_the_time_of_a_login_does_not_tell_whether_there_is_an_account(owner: Owner) -> None:
    """Alternating, so that what else the machine does falls on both; by the median of each."""
    taken: dict[bool, list[float]] = {True: [], False: []}
    for number in range(16):
        for is_known in (True, False):
            email = owner.email if is_known else f"nobody-{new_id()}@example.com"
            started = wall.perf_counter()
            # From another address each time: no limit answers before the password is tried.
            answer = await log_in(owner.app, email, WRONG, address=random_address())
            taken[is_known].append(wall.perf_counter() - started)
            assert answer.status_code == 401, number
    ratio = statistics.median(taken[True]) / statistics.median(taken[False])
    assert 0.6 < ratio < 1.67


async def test_the_time_of_registering_does_not_tell_whether_there_is_an_account(
    app: FastAPI, owner: Owner
) -> None:
    taken: dict[bool, list[float]] = {True: [], False: []}
    for _ in range(10):
        for is_known in (True, False):
            form = registration(**({"email": owner.email} if is_known else {}))
            async with open_client(app, address=random_address()) as client:
                started = wall.perf_counter()
                answer = await client.post("/api/auth/register", json=form)
                taken[is_known].append(wall.perf_counter() - started)
            assert answer.status_code == 201
    ratio = statistics.median(taken[True]) / statistics.median(taken[False])
    assert 0.6 < ratio < 1.67


async def test_nobody_can_give_themselves_a_role_or_a_restaurant(app: FastAPI) -> None:
    form = registration()
    extras: list[dict[str, Any]] = [
        {"role": "owner"},
        {"restaurant_id": str(new_id())},
        {"id": str(new_id())},
        {"email_verified": True},
        {"email_verified_at": "2026-01-01T00:00:00Z"},
    ]
    async with open_client(app) as client:
        for extra in extras:
            for path, body in (
                ("register", form),
                ("login", {"email": form["email"], "password": PASSWORD}),
                ("password/forgot", {"email": form["email"]}),
            ):
                answer = await client.post(f"/api/auth/{path}", json=body | extra)
                assert answer.status_code == 422
                assert answer.json()["errors"][0]["code"] == "extra_forbidden"


@pytest.mark.parametrize(
    "password",
    [
        "1234567890",
        "Password123",
        "QWERTYUIOP",
        "ana.gomez@example.com",
        "Ana-Gomez-2026!",
        "chez.nous.paris",
        "ChezNousParis99",
        "Flux-1234567",
    ],
)
async def test_a_password_that_is_guessed_first_is_refused_with_what_to_do(
    client: httpx.AsyncClient, password: str
) -> None:
    form = registration(
        email="ana.gomez@example.com", restaurant_name="Chez Nous, Paris", password=password
    )
    answer = await client.post("/api/auth/register", json=form)
    assert answer.status_code == 422
    (problem,) = answer.json()["errors"]
    assert (problem["pointer"], problem["code"]) == ("/password", "weak_password")
    assert problem["detail"].endswith("Choose another.")
    assert password not in answer.text


@pytest.mark.parametrize(
    "password", ["x" * 9, "x" * 129, ""], ids=["nine", "a hundred and twenty-nine", "empty"]
)
async def test_a_password_has_ten_to_128_characters(
    client: httpx.AsyncClient, password: str
) -> None:
    answer = await client.post("/api/auth/register", json=registration(password=password))
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/password")


@pytest.mark.parametrize(
    "password",
    [
        "ten chars!",
        "z" * 60 + "y" * 60,
        "пароль-из-букв",
        "   spaces are kept   ",
        "🍕" * 10,
        "e\u0301" * 10,
    ],
)
async def test_a_password_is_taken_as_typed_whatever_it_is_made_of(
    app: FastAPI, password: str
) -> None:
    owner = await register(app, password=password)
    assert (await log_in(app, owner.email, password)).status_code == 200
    for other in (password[:-1], password + " ", password.swapcase() + "x", password.strip() + "!"):
        assert (await log_in(app, owner.email, other)).status_code == 401


@pytest.mark.parametrize(
    "old_hash",
    [
        bcrypt.using(rounds=4).hash(PASSWORD),
        argon2.using(memory_cost=8192, rounds=1).hash(PASSWORD),
    ],
    ids=["bcrypt", "a weaker argon2"],
)
async def test_a_hash_of_before_is_replaced_at_the_next_login(owner: Owner, old_hash: str) -> None:
    owner.execute("UPDATE users SET password_hash = %(hash)s", hash=old_hash)
    assert (await log_in(owner.app, owner.email, WRONG)).status_code == 401
    assert (await log_in(owner.app, owner.email, "x" * 100)).status_code == 401
    assert owner.query("SELECT password_hash FROM users") == [(old_hash,)]
    assert (await log_in(owner.app, owner.email)).status_code == 200
    ((new_hash,),) = owner.query("SELECT password_hash FROM users")
    assert new_hash.startswith("$argon2id$v=19$m=65536,t=1,p=1$")
    assert (await log_in(owner.app, owner.email)).status_code == 200
    assert owner.query("SELECT password_hash FROM users") == [(new_hash,)]


async def test_wrong_passwords_make_the_next_try_wait_also_a_right_one_and_nobody_elsewhere(
    owner: Owner,
) -> None:
    guesser, at_home = random_address(), random_address()
    for _ in range(5):
        answer = await log_in(owner.app, owner.email, WRONG, address=guesser)
        assert answer.status_code == 401
    for password in (WRONG, PASSWORD):
        answer = await log_in(owner.app, owner.email, password, address=guesser)
        assert (answer.status_code, answer.json()["code"]) == (429, "too_many_tries")
        assert 50 <= int(answer.headers["retry-after"]) <= 60
    assert (await log_in(owner.app, owner.email, address=at_home)).status_code == 200


async def test_many_wrong_passwords_at_once_are_not_all_tried(owner: Owner) -> None:
    guesser = random_address()
    answers = await asyncio.gather(
        *(log_in(owner.app, owner.email, WRONG, address=guesser) for _ in range(30))
    )
    tried = [each for each in answers if each.status_code == 401]
    # One more may be under way on each core before the fifth has been counted.
    assert 5 <= len(tried) <= 5 + 16
    assert len(tried) < 30
    assert {each.status_code for each in answers} == {401, 429}


async def test_many_right_logins_at_once_all_get_in(owner: Owner) -> None:
    answers = await asyncio.gather(*(log_in(owner.app, owner.email) for _ in range(20)))
    assert {each.status_code for each in answers} == {200}


async def test_strangers_everywhere_cannot_lock_the_owner_out_where_they_logged_in_before(
    owner: Owner,
) -> None:
    at_home = random_address()
    assert (await log_in(owner.app, owner.email, address=at_home)).status_code == 200
    limiter = owner.app.state.limiter
    for email in (owner.email, registration()["email"]):
        for _ in range(100):
            await limiter.count(LOGIN_BY_ACCOUNT, account=email)
        answer = await log_in(owner.app, email, address=random_address())
        assert answer.status_code == 429
    assert (await log_in(owner.app, owner.email, address=at_home)).status_code == 200


async def test_whoever_reads_the_mailbox_gets_in_whatever_strangers_do(owner: Owner) -> None:
    limiter, new_place = owner.app.state.limiter, random_address()
    for _ in range(100):
        await limiter.count(LOGIN_BY_ACCOUNT, account=owner.email)
        await limiter.count(LOGIN_BY_BOTH, account=owner.email, address=new_place)
    assert (await log_in(owner.app, owner.email, address=new_place)).status_code == 429
    async with open_client(owner.app, address=new_place) as client:
        wanted = {"email": owner.email}
        assert (await client.post("/api/auth/password/forgot", json=wanted)).status_code == 204
        reset = {"token": await read_token(owner.app, owner.email, "reset"), "password": WRONG}
        assert (await client.post("/api/auth/password/reset", json=reset)).status_code == 204
    assert (await log_in(owner.app, owner.email, WRONG, address=new_place)).status_code == 200
    assert (await log_in(owner.app, owner.email, address=random_address())).status_code == 429


async def test_one_stranger_at_many_accounts_is_stopped_by_address(app: FastAPI) -> None:
    limiter, address = app.state.limiter, random_address()
    for _ in range(100):
        await limiter.count(LOGIN_BY_ADDRESS, address=address)
    assert (await log_in(app, registration()["email"], address=address)).status_code == 429
    for _ in range(20):
        await limiter.count(REGISTER_BY_ADDRESS, address=address)
    async with open_client(app, address=address) as client:
        answer = await client.post("/api/auth/register", json=registration())
    assert (answer.status_code, "retry-after" in answer.headers) == (429, True)


async def test_a_login_that_was_under_way_while_the_password_was_changed_is_refused(
    owner: Owner,
) -> None:
    """Whoever knows the old password cannot keep logging in until one login slips past a reset."""
    held = [object() for _ in range(int(password_turns.total_tokens))]
    for borrower in held:
        password_turns.acquire_on_behalf_of_nowait(borrower)
    login = asyncio.create_task(log_in(owner.app, owner.email))
    while not password_turns.statistics().tasks_waiting:  # noqa: ASYNC110
        await asyncio.sleep(0.01)
    owner.execute("UPDATE users SET password_hash = %(hash)s", hash=argon2.hash("the new password"))
    for borrower in held:
        password_turns.release_on_behalf_of(borrower)
    answer = await login
    assert (answer.status_code, answer.json()["code"]) == (401, "wrong_credentials")
    assert owner.query("SELECT count(*) FROM sessions") == [(1,)]


async def test_past_the_limit_of_letters_a_registration_leaves_the_live_link_alone(
    strict: FastAPI,
) -> None:
    form = registration()
    async with open_client(strict) as client:
        for _ in range(5):
            assert (await client.post("/api/auth/register", json=form)).status_code == 201
        token = await read_token(strict, form["email"], "verify")
        sixth = form | {"password": "another one's words"}
        assert (await client.post("/api/auth/register", json=sixth)).status_code == 201
        assert len(await read_mail(strict, form["email"])) == 5
        verify = {"token": token, "password": form["password"]}
        assert (await client.post("/api/auth/email/verify", json=verify)).status_code == 200


async def test_a_restaurant_without_letters_in_its_name_forbids_no_password(
    client: httpx.AsyncClient,
) -> None:
    form = registration(restaurant_name="🍕 99", password="8374650192")
    assert (await client.post("/api/auth/register", json=form)).status_code == 201


async def test_somebody_who_works_in_two_restaurants_chooses_by_header(
    owner: Owner, stranger: Owner
) -> None:
    stranger.execute(
        "INSERT INTO memberships (restaurant_id, user_id, role) VALUES (%(r)s, %(u)s, 'viewer')",
        r=stranger.restaurant_id,
        u=owner.user_id,
    )
    listed = (await owner.client.get("/api/auth/me")).json()["restaurants"]
    assert [(UUID(each["id"]), each["role"]) for each in listed] == [
        (owner.restaurant_id, "owner"),
        (stranger.restaurant_id, "viewer"),
    ]
    for restaurant_id, currency in ((owner.restaurant_id, "USD"), (stranger.restaurant_id, "EUR")):
        answer = await owner.client.get(
            "/api/insights/summary", headers={"X-Restaurant-Id": str(restaurant_id)}
        )
        assert answer.json()["currency"] == currency


async def test_a_session_of_somebody_who_is_gone_is_signed_out(
    app: FastAPI, client: httpx.AsyncClient
) -> None:
    token = make_access_token(Access(new_id(), new_id()), app.state.settings.jwt_keys, clock.now())
    headers = {"Authorization": f"Bearer {token}"}
    assert (await client.get("/api/auth/me", headers=headers)).status_code == 401
    assert (await client.get("/api/data/uploads", headers=headers)).status_code == 404


@pytest.mark.parametrize(
    ("registered", "typed"),
    [
        ("A.b-{}@Example.com", " a.B-{}@example.COM "),
        ("a-{}@xn--bcher-kva.example.com", "a-{}@bücher.example.com"),
    ],
)
async def test_an_address_is_the_same_however_it_is_typed(
    app: FastAPI, registered: str, typed: str
) -> None:
    unique = str(new_id())
    await register(app, email=registered.replace("{}", unique))
    assert (await log_in(app, typed.replace("{}", unique))).status_code == 200


@pytest.mark.parametrize(
    "email",
    [
        "Ana <ana@example.com>",
        "ana",
        "@",
        "a@b",
        "a b@example.com",
        "josé@example.com",
        "a@example.com\r\nBcc: b@example.com",
    ],
)
async def test_what_is_no_address_is_not_registered(client: httpx.AsyncClient, email: str) -> None:
    answer = await client.post("/api/auth/register", json=registration(email=email))
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/email")


@pytest.mark.parametrize(
    "name", ["A\r\nBcc: all@example.com", "A\nB", "A\u2028B", "A\tB", "\x1b[31mA"]
)
async def test_a_restaurants_name_stands_on_one_line(client: httpx.AsyncClient, name: str) -> None:
    answer = await client.post("/api/auth/register", json=registration(restaurant_name=name))
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/restaurant_name")
