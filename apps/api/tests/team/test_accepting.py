"""Accepting an invitation: as somebody new, as somebody with an account, and as somebody hostile."""

import asyncio

import httpx
import psycopg
import pytest
from fastapi import FastAPI

from flux.restaurants.models import Role
from letterbox import read_token
from owner import (
    PASSWORD,
    Owner,
    enter,
    open_client,
    random_address,
    registration,
)
from team.people import (
    accept,
    invite,
    invite_by_mail,
    new_address,
    problem_of,
    roles_of,
    show,
    until_queued,
)

SPENT = (410, "link_spent")
WRONG = (401, "wrong_credentials")


async def log_in(app: FastAPI, email: str, password: str = PASSWORD) -> httpx.Response:
    async with open_client(app, address=random_address()) as client:
        return await client.post("/api/auth/login", json={"email": email, "password": password})


def count_members(owner: Owner) -> int:
    return int(owner.query("SELECT count(*) FROM memberships")[0][0])


@pytest.mark.parametrize("role", Role)
async def test_a_new_person_gets_an_account_and_works_in_the_restaurant_and_in_it_only(
    app: FastAPI, owner: Owner, stranger: Owner, role: Role
) -> None:
    email = new_address()
    token = await invite_by_mail(owner, email, role)
    async with open_client(app) as client:
        answer = await accept(client, token)
        assert answer.status_code == 200
        assert answer.json()["token_type"] == "bearer"
        cookies = answer.headers.get_list("set-cookie")
        assert len(cookies) == 2
        assert all("HttpOnly" in each for each in cookies)
        me = (await client.get("/api/auth/me")).json()
        assert (me["email"], me["email_verified"]) == (email, True)
        assert await roles_of(client) == {str(owner.restaurant_id): role}
        assert (await client.get("/api/insights/summary")).json()["currency"] == "USD"
        elsewhere = {"X-Restaurant-Id": str(stranger.restaurant_id)}
        answer = await client.get("/api/insights/summary", headers=elsewhere)
        assert problem_of(answer) == (404, "restaurant_not_found")
        assert (await client.post("/api/auth/refresh")).status_code == 200
    assert (await log_in(app, email)).status_code == 200
    assert (await owner.client.get("/api/team/invitations")).json()["items"] == []
    assert count_members(stranger) == 1


async def test_somebody_with_an_account_joins_with_its_password(
    app: FastAPI, owner: Owner, stranger: Owner
) -> None:
    token = await invite_by_mail(owner, stranger.email, Role.MANAGER)
    assert (await show(app, token)).json()["has_account"] is True
    async with open_client(app) as client:
        assert (await accept(client, token)).status_code == 200
        me = (await client.get("/api/auth/me")).json()
        assert (me["id"], me["email_verified"]) == (str(stranger.user_id), True)
        assert list((await roles_of(client)).items()) == [
            (str(stranger.restaurant_id), "owner"),
            (str(owner.restaurant_id), "manager"),
        ]
    # Elsewhere they are logged in as before, and see the same.
    assert len(await roles_of(stranger.client)) == 2


async def test_a_wrong_password_joins_nothing_and_the_invitation_stays(
    app: FastAPI, owner: Owner, stranger: Owner
) -> None:
    token = await invite_by_mail(owner, stranger.email)
    async with open_client(app) as client:
        for wrong in ("not the password", ""):
            assert problem_of(await accept(client, token, wrong)) == WRONG
        assert not dict(client.cookies)
        assert count_members(owner) == 1
        assert (await accept(client, token)).status_code == 200


async def test_an_accounts_password_cannot_be_guessed_through_an_invitation(
    app: FastAPI, owner: Owner, stranger: Owner
) -> None:
    token = await invite_by_mail(owner, stranger.email)
    async with open_client(app, address=random_address()) as client:
        for _ in range(5):
            assert problem_of(await accept(client, token, "not the password")) == WRONG
        refused = await accept(client, token)
        assert problem_of(refused) == (429, "too_many_tries")
        assert int(refused.headers["retry-after"]) > 0
        # They count as the log-ins they are.
        form = {"email": stranger.email, "password": PASSWORD}
        assert problem_of(await client.post("/api/auth/login", json=form))[0] == 429
    async with open_client(app, address=random_address()) as client:
        assert (await accept(client, token)).status_code == 200


@pytest.mark.parametrize("is_known", [False, True])
async def test_a_link_works_once_also_for_ten_at_once(
    app: FastAPI, owner: Owner, stranger: Owner, is_known: bool
) -> None:
    email = stranger.email if is_known else new_address()
    token = await invite_by_mail(owner, email, Role.MANAGER)
    clients = [open_client(app) for _ in range(10)]
    answers = await asyncio.gather(*(accept(each, token) for each in clients))
    assert sorted(each.status_code for each in answers) == [200] + [410] * 9
    assert {problem_of(each) for each in answers if each.status_code != 200} == {SPENT}
    assert problem_of(await accept(clients[0], token)) == SPENT
    assert problem_of(await show(app, token)) == SPENT
    assert owner.query("SELECT role FROM memberships ORDER BY role") == [("manager",), ("owner",)]
    for each in clients:
        await each.aclose()


async def test_a_new_account_needs_a_password_that_is_hard_to_guess(
    app: FastAPI, owner: Owner
) -> None:
    email = new_address()
    token = await invite_by_mail(owner, email)
    async with open_client(app) as client:
        for weak in ("", "too short", "password123", "testkitchen2026", email, "Q" * 129):
            answer = await accept(client, token, weak)
            assert problem_of(answer) == (422, "invalid_input"), weak
            assert [each["pointer"] for each in answer.json()["errors"]] == ["/password"]
        assert (await show(app, token)).json()["has_account"] is False
        assert (await accept(client, token)).status_code == 200


async def test_an_invitee_chooses_neither_role_nor_restaurant_nor_address(
    app: FastAPI, owner: Owner, stranger: Owner
) -> None:
    path, token = "/api/team/invitations/accept", await invite_by_mail(owner, new_address())
    form = {"token": token, "password": PASSWORD}
    async with open_client(app) as client:
        for name, value in (
            ("role", "owner"),
            ("email", stranger.email),
            ("email_verified_at", None),
            ("restaurant_id", str(stranger.restaurant_id)),
            ("user_id", str(stranger.user_id)),
        ):
            answer = await client.post(path, json=form | {name: value})
            assert answer.status_code == 422
            assert [each["pointer"] for each in answer.json()["errors"]] == [f"/{name}"]
        headers = {"X-Restaurant-Id": str(stranger.restaurant_id)}
        assert (await client.post(path, json=form, headers=headers)).status_code == 200
        assert await roles_of(client) == {str(owner.restaurant_id): "viewer"}


async def test_two_restaurants_that_invite_the_same_person_are_joined_one_by_one(
    app: FastAPI, owner: Owner, stranger: Owner
) -> None:
    email = new_address()
    ours = await invite_by_mail(owner, email, Role.MANAGER)
    theirs = await invite_by_mail(stranger, email, Role.VIEWER)
    async with open_client(app) as client:
        assert (await accept(client, ours)).status_code == 200
        assert await roles_of(client) == {str(owner.restaurant_id): "manager"}
        assert (await show(app, theirs)).json()["has_account"] is True
        assert problem_of(await accept(client, theirs, "another password")) == WRONG
        assert (await accept(client, theirs)).status_code == 200
        assert await roles_of(client) == {
            str(owner.restaurant_id): "manager",
            str(stranger.restaurant_id): "viewer",
        }


async def test_both_invitations_of_a_new_person_at_once_make_one_account(
    app: FastAPI, owner: Owner, stranger: Owner
) -> None:
    email = new_address()
    tokens = [await invite_by_mail(each, email) for each in (owner, stranger)]
    async with open_client(app) as one, open_client(app) as two:
        both = await asyncio.gather(accept(one, tokens[0]), accept(two, tokens[1]))
        # The later one was about to make the account; it is told to try again, with its password.
        assert 200 in {each.status_code for each in both}
        for token, answer in zip(tokens, both, strict=True):
            if answer.status_code != 200:
                assert problem_of(answer) in {SPENT, WRONG}
                assert (await accept(one, token)).status_code == 200
        assert (await log_in(app, email)).status_code == 200
        assert len(await roles_of(one)) == 2


async def test_accepting_changes_nothing_for_whoever_works_here_already(
    app: FastAPI, owner: Owner, stranger: Owner
) -> None:
    token = await invite_by_mail(owner, stranger.email, Role.VIEWER)
    owner.execute(
        "INSERT INTO memberships (restaurant_id, user_id, role) VALUES (%(r)s, %(u)s, 'manager')",
        r=owner.restaurant_id,
        u=stranger.user_id,
    )
    assert (await accept(stranger.client, token)).status_code == 200
    assert (await roles_of(stranger.client))[str(owner.restaurant_id)] == "manager"


async def test_accepting_in_somebody_elses_browser_makes_it_the_invitees(
    app: FastAPI, owner: Owner
) -> None:
    email = new_address()
    token = await invite_by_mail(owner, email)
    assert (await accept(owner.client, token)).status_code == 200
    assert (await owner.client.get("/api/auth/me")).json()["email"] == email
    assert await roles_of(owner.client) == {str(owner.restaurant_id): "viewer"}


async def test_a_link_alone_does_not_confirm_an_account_that_somebody_else_made(
    app: FastAPI, owner: Owner
) -> None:
    """Else a squatter on the address would share the account of whoever was invited there."""
    form = registration(password="the squatter knows this")
    async with open_client(app) as squatter, open_client(app) as client:
        assert (await squatter.post("/api/auth/register", json=form)).status_code == 201
        token = await invite_by_mail(owner, form["email"], Role.OWNER)
        # No password of the invitee's may end up beside the squatter's.
        answer = await accept(client, token, "the invitee chose this")
        if answer.status_code == 401:
            reset = {"email": form["email"]}
            assert (await client.post("/api/auth/password/forgot", json=reset)).status_code == 204
            link = await read_token(app, form["email"], "reset")
            chosen = {"token": link, "password": "the invitee chose this"}
            answer = await client.post("/api/auth/password/reset", json=chosen)
            assert answer.status_code == 204
            answer = await accept(client, token, "the invitee chose this")
        assert answer.status_code == 200
        assert (await roles_of(client))[str(owner.restaurant_id)] == "owner"
        assert problem_of(await log_in(app, form["email"], form["password"])) == WRONG


async def test_whoever_registers_the_address_meanwhile_is_not_taken_for_the_invitee(
    app: FastAPI, owner: Owner
) -> None:
    """A registration that gets to the address first, while the invitee's password is being hashed."""
    form = registration(password="the registrar chose this")
    email = form["email"]
    token = await invite_by_mail(owner, email, Role.OWNER)
    with (
        psycopg.connect(owner.dsn) as holder,
        psycopg.connect(owner.dsn, autocommit=True) as watcher,
    ):
        holder.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", (email,))
        async with open_client(app) as registrar, open_client(app) as client:
            registering = asyncio.create_task(registrar.post("/api/auth/register", json=form))
            await until_queued(watcher, 1)
            accepting = asyncio.create_task(accept(client, token, "the invitee chose this"))
            await until_queued(watcher, 2)
            holder.rollback()
            assert (await registering).status_code == 201
            assert (await accepting).status_code in {401, 410}
            assert not dict(client.cookies)
    assert count_members(owner) == 1
    me = await log_in(app, email, form["password"])
    async with open_client(app) as client:
        client.headers["Authorization"] = f"Bearer {me.json()['access_token']}"
        assert (await client.get("/api/auth/me")).json()["email_verified"] is False
    assert (await show(app, token)).status_code == 200


async def test_an_account_that_was_taken_over_while_joining_joins_nothing(
    app: FastAPI, owner: Owner
) -> None:
    """Registering again replaces an account that nobody used; the new password was never tried."""
    form = registration(password="the invitee chose this")
    email = form["email"]
    async with open_client(app) as client:
        assert (await client.post("/api/auth/register", json=form)).status_code == 201
    token = await invite_by_mail(owner, email, Role.OWNER)
    with (
        psycopg.connect(owner.dsn) as holder,
        psycopg.connect(owner.dsn, autocommit=True) as watcher,
    ):
        holder.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", (email,))
        async with open_client(app) as attacker, open_client(app) as client:
            stolen = form | {"password": "the attacker chose this"}
            replacing = asyncio.create_task(attacker.post("/api/auth/register", json=stolen))
            await until_queued(watcher, 1)
            joining = asyncio.create_task(accept(client, token, form["password"]))
            await until_queued(watcher, 2)
            holder.rollback()
            assert (await replacing).status_code == 201
            assert problem_of(await joining) == (401, "wrong_credentials")
            login = {"email": email, "password": stolen["password"]}
            assert (await attacker.post("/api/auth/login", json=login)).status_code == 200
            assert str(owner.restaurant_id) not in await roles_of(attacker)
            assert (await attacker.get("/api/auth/me")).json()["email_verified"] is False


async def test_a_password_that_was_changed_while_joining_starts_no_session(
    app: FastAPI, owner: Owner, stranger: Owner
) -> None:
    token = await invite_by_mail(owner, stranger.email, Role.MANAGER)
    with (
        psycopg.connect(owner.dsn) as holder,
        psycopg.connect(owner.dsn, autocommit=True) as watcher,
    ):
        holder.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", (stranger.email,))
        async with open_client(app) as client:
            joining = asyncio.create_task(accept(client, token))
            await until_queued(watcher, 1)
            form = {"current_password": PASSWORD, "new_password": "another good one"}
            assert (await stranger.client.post("/api/auth/password", json=form)).status_code == 200
            holder.rollback()
            assert problem_of(await joining) == (401, "wrong_credentials")
            assert not dict(client.cookies)
    assert owner.query("SELECT count(*) FROM memberships") == [(1,)]


async def test_an_invitation_is_either_accepted_or_withdrawn(app: FastAPI, owner: Owner) -> None:
    """Also when the withdrawal comes while the invitee waits to be let in, here for the restaurant."""
    email = new_address()
    invited = await invite(owner, email)
    token = await read_token(app, email, "join")
    with (
        psycopg.connect(owner.dsn) as holder,
        psycopg.connect(owner.dsn, autocommit=True) as watcher,
    ):
        enter(holder, owner.restaurant_id)
        holder.execute("SELECT FROM restaurants FOR UPDATE")
        async with open_client(app) as client:
            joining = asyncio.create_task(accept(client, token))
            await until_queued(watcher, 1)
            path = f"/api/team/invitations/{invited['id']}"
            withdrawing = asyncio.create_task(owner.client.delete(path))
            queued = asyncio.create_task(until_queued(watcher, 2))
            await asyncio.wait({withdrawing, queued}, return_when=asyncio.FIRST_COMPLETED)
            queued.cancel()
            holder.rollback()
            outcome = (await joining).status_code, (await withdrawing).status_code
    assert outcome in {(200, 404), (410, 204)}
    assert count_members(owner) == (2 if outcome[0] == 200 else 1)
