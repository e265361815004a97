"""The people of a restaurant: listed, given other roles, removed; and an owner always stays."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import httpx
import psycopg
import pytest
from fastapi import FastAPI

from flux.core.ids import new_id
from flux.core.paging import make_cursor
from flux.restaurants.models import Role
from letterbox import read_token
from owner import PASSWORD, Owner, enter, open_client, random_address
from team.people import (
    Person,
    accept,
    hire,
    invite_by_mail,
    new_address,
    problem_of,
    roles_of,
    until_queued,
)

LAST_OWNER = (409, "last_owner")
NOT_FOUND = (404, "restaurant_not_found")
ANNOUNCED = {"filename": "a.csv", "size_bytes": 1, "content_type": "text/csv"}


async def change_role(client: httpx.AsyncClient, user_id: UUID, role: str) -> httpx.Response:
    return await client.patch(f"/api/team/members/{user_id}", json={"role": role})


async def remove(client: httpx.AsyncClient, user_id: UUID) -> httpx.Response:
    return await client.delete(f"/api/team/members/{user_id}")


def stored_roles(owner: Owner) -> dict[UUID, str]:
    return dict(owner.query("SELECT user_id, role FROM memberships"))


async def test_members_are_listed_with_address_and_role(owner: Owner) -> None:
    manager = await hire(owner, Role.MANAGER)
    listed = (await owner.client.get("/api/team/members")).json()
    assert listed["next_cursor"] is None
    assert [set(each) for each in listed["items"]] == [
        {"user_id", "email", "role", "joined_at"}
    ] * 2
    assert [(each["user_id"], each["email"], each["role"]) for each in listed["items"]] == [
        (str(owner.user_id), owner.email, "owner"),
        (str(manager.user_id), manager.email, "manager"),
    ]
    assert (await manager.client.get("/api/team/members")).json() == listed


async def test_paging_shows_every_member_once(owner: Owner) -> None:
    people = {owner.user_id} | {(await hire(owner, Role.VIEWER)).user_id for _ in range(2)}
    found, cursor = [], None
    for pages_left in (2, 1, 0):
        params = {"limit": "1"} | ({"cursor": cursor} if cursor else {})
        page = (await owner.client.get("/api/team/members", params=params)).json()
        found += [UUID(each["user_id"]) for each in page["items"]]
        cursor = page["next_cursor"]
        assert (cursor is not None) == (pages_left > 0)
    assert len(found) == 3
    assert set(found) == people


@pytest.mark.parametrize("path", ["/api/team/members", "/api/team/invitations"])
async def test_a_page_that_nobody_offered_is_refused(owner: Owner, path: str) -> None:
    for cursor in (
        "",
        "x",
        "é",
        "bnVsbA",
        "x" * 201,
        make_cursor(),
        make_cursor(1),
        make_cursor("not an id"),
        make_cursor("' OR true --"),
        make_cursor(str(new_id()), str(new_id())),
    ):
        answer = await owner.client.get(path, params={"cursor": cursor})
        assert problem_of(answer) in {(422, "bad_cursor"), (422, "invalid_input")}, cursor
    for limit in ("0", "-1", "101", "all", ""):
        answer = await owner.client.get(path, params={"limit": limit})
        assert problem_of(answer) == (422, "invalid_input"), limit


async def test_a_cursor_of_another_restaurant_shows_nothing_of_it(
    owner: Owner, stranger: Owner
) -> None:
    await hire(owner, Role.VIEWER)
    page = (await owner.client.get("/api/team/members", params={"limit": 1})).json()
    shown = await stranger.client.get("/api/team/members", params={"cursor": page["next_cursor"]})
    assert {each["email"] for each in shown.json()["items"]} <= {stranger.email}


async def test_a_new_role_holds_from_the_very_next_request(owner: Owner) -> None:
    person = await hire(owner, Role.VIEWER)
    for role, may_send, may_invite in (
        (Role.MANAGER, 201, 403),
        (Role.OWNER, 201, 201),
        (Role.VIEWER, 403, 403),
    ):
        changed = await change_role(owner.client, person.user_id, role)
        assert changed.status_code == 200
        assert (changed.json()["user_id"], changed.json()["role"]) == (str(person.user_id), role)
        sent = await person.client.post("/api/data/uploads", json=ANNOUNCED)
        assert sent.status_code == may_send
        invitation = {"email": new_address(), "role": "viewer"}
        invited = await person.client.post("/api/team/invitations", json=invitation)
        assert invited.status_code == may_invite
        assert await roles_of(person.client) == {str(owner.restaurant_id): role}


async def test_a_removed_member_is_out_from_the_very_next_request_and_keeps_the_account(
    app: FastAPI, owner: Owner
) -> None:
    manager = await hire(owner, Role.MANAGER)
    assert (await remove(owner.client, manager.user_id)).status_code == 204
    named = {"X-Restaurant-Id": str(owner.restaurant_id)}
    for headers in ({}, named):
        for path in ("/api/data/uploads", "/api/insights/summary", "/api/team/members"):
            assert problem_of(await manager.client.get(path, headers=headers)) == NOT_FOUND
        sent = await manager.client.post("/api/data/uploads", json=ANNOUNCED, headers=headers)
        assert problem_of(sent) == NOT_FOUND
        assert problem_of(await remove(manager.client, owner.user_id)) == NOT_FOUND
    assert (await manager.client.get("/api/auth/me")).json()["email"] == manager.email
    assert await roles_of(manager.client) == {}
    async with open_client(app) as client:
        form = {"email": manager.email, "password": PASSWORD}
        assert (await client.post("/api/auth/login", json=form)).status_code == 200
    assert set(stored_roles(owner)) == {owner.user_id}
    assert problem_of(await remove(owner.client, manager.user_id)) == (404, "member_not_found")
    answer = await change_role(owner.client, manager.user_id, "viewer")
    assert problem_of(answer) == (404, "member_not_found")


async def test_a_removed_member_can_be_invited_again(owner: Owner) -> None:
    manager = await hire(owner, Role.MANAGER)
    await remove(owner.client, manager.user_id)
    token = await invite_by_mail(owner, manager.email, Role.VIEWER)
    assert (await accept(manager.client, token)).status_code == 200
    assert stored_roles(owner)[manager.user_id] == "viewer"


async def test_a_role_is_that_of_the_restaurant_the_request_names(
    owner: Owner, stranger: Owner
) -> None:
    """Whoever owns one restaurant is no owner in another that they look at."""
    token = await invite_by_mail(owner, stranger.email, Role.VIEWER)
    await accept(stranger.client, token)
    victim = await hire(owner, Role.MANAGER)
    named = {"X-Restaurant-Id": str(owner.restaurant_id)}
    path = f"/api/team/members/{victim.user_id}"
    for method, body in (("PATCH", {"role": "viewer"}), ("DELETE", None)):
        answer = await stranger.client.request(method, path, json=body, headers=named)
        assert problem_of(answer) == (403, "role_too_low")
        answer = await stranger.client.request(method, path, json=body)
        assert problem_of(answer) == (404, "member_not_found")
    promoted = await stranger.client.patch(
        f"/api/team/members/{stranger.user_id}", json={"role": "owner"}, headers=named
    )
    assert problem_of(promoted) == (403, "role_too_low")
    assert stored_roles(owner)[victim.user_id] == "manager"
    assert stored_roles(owner)[stranger.user_id] == "viewer"


@pytest.mark.parametrize("role", [Role.VIEWER, Role.MANAGER])
async def test_nobody_below_owner_gives_roles_or_removes_others(owner: Owner, role: Role) -> None:
    person = await hire(owner, role)
    before = stored_roles(owner)
    # An id that nobody has is refused the same way: it tells nothing about who works here.
    for user_id in (owner.user_id, new_id()):
        assert problem_of(await remove(person.client, user_id)) == (403, "role_too_low")
    for user_id in (owner.user_id, person.user_id, new_id()):
        for wanted in Role:
            answer = await change_role(person.client, user_id, wanted)
            assert problem_of(answer) == (403, "role_too_low")
    assert stored_roles(owner) == before


@pytest.mark.parametrize("role", Role)
async def test_anybody_leaves_by_themselves(owner: Owner, role: Role) -> None:
    person = await hire(owner, role)
    assert (await remove(person.client, person.user_id)).status_code == 204
    assert await roles_of(person.client) == {}
    assert stored_roles(owner) == {owner.user_id: "owner"}


async def test_the_last_owner_stays_owner(owner: Owner) -> None:
    await hire(owner, Role.MANAGER)
    assert problem_of(await remove(owner.client, owner.user_id)) == LAST_OWNER
    for role in ("manager", "viewer"):
        assert problem_of(await change_role(owner.client, owner.user_id, role)) == LAST_OWNER
    assert (await change_role(owner.client, owner.user_id, "owner")).status_code == 200
    assert stored_roles(owner)[owner.user_id] == "owner"


async def test_an_owner_steps_down_once_there_is_another(owner: Owner) -> None:
    other = await hire(owner, Role.OWNER)
    assert (await change_role(owner.client, owner.user_id, "viewer")).status_code == 200
    assert problem_of(await change_role(owner.client, owner.user_id, "owner"))[0] == 403
    assert problem_of(await remove(other.client, other.user_id)) == LAST_OWNER
    assert (await remove(other.client, owner.user_id)).status_code == 204
    assert stored_roles(owner) == {other.user_id: "owner"}


Act = Callable[[Owner, Person], tuple[Awaitable[httpx.Response], Awaitable[httpx.Response]]]
AT_ONCE: dict[str, Act] = {
    "demote each other": lambda one, two: (
        change_role(one.client, two.user_id, "viewer"),
        change_role(two.client, one.user_id, "manager"),
    ),
    "remove each other": lambda one, two: (
        remove(one.client, two.user_id),
        remove(two.client, one.user_id),
    ),
    "both leave": lambda one, two: (
        remove(one.client, one.user_id),
        remove(two.client, two.user_id),
    ),
    "both step down": lambda one, two: (
        change_role(one.client, one.user_id, "viewer"),
        change_role(two.client, two.user_id, "viewer"),
    ),
    "one leaves, the other demotes them": lambda one, two: (
        remove(one.client, one.user_id),
        change_role(two.client, two.user_id, "viewer"),
    ),
}


@pytest.mark.parametrize("act", AT_ONCE.values(), ids=AT_ONCE.keys())
async def test_of_two_owners_at_the_same_moment_one_stays(owner: Owner, act: Act) -> None:
    """Both requests have seen two owners when they come to the change: somebody held them there."""
    other = await hire(owner, Role.OWNER)
    with (
        psycopg.connect(owner.dsn) as holder,
        psycopg.connect(owner.dsn, autocommit=True) as watcher,
    ):
        enter(holder, owner.restaurant_id)
        holder.execute("SELECT FROM restaurants FOR UPDATE")
        first, second = act(owner, other)
        tasks = [asyncio.ensure_future(first)]
        await until_queued(watcher, 1)
        tasks.append(asyncio.ensure_future(second))
        await until_queued(watcher, 2)
        holder.rollback()
        answers = [await each for each in tasks]
    assert answers[0].status_code in {200, 204}
    assert problem_of(answers[1]) in {LAST_OWNER, (403, "role_too_low"), NOT_FOUND}
    assert list(stored_roles(owner).values()).count("owner") == 1


async def test_however_two_owners_race_one_stays(owner: Owner) -> None:
    other = await hire(owner, Role.OWNER)
    for name, act in list(AT_ONCE.items()) * 4:
        answers = await asyncio.gather(*act(owner, other))
        assert sum(each.status_code < 300 for each in answers) == 1, name
        assert all(each.status_code < 500 for each in answers), name
        assert list(stored_roles(owner).values()).count("owner") == 1, name
        for person in (owner, other):
            owner.execute(
                "INSERT INTO memberships (restaurant_id, user_id, role)"
                " VALUES (%(r)s, %(u)s, 'owner')"
                " ON CONFLICT (restaurant_id, user_id) DO UPDATE SET role = 'owner'",
                r=owner.restaurant_id,
                u=person.user_id,
            )


@pytest.mark.parametrize("how", ["removed", "demoted", "leaving"])
async def test_what_a_former_owner_invited_is_worth_nothing(
    app: FastAPI, owner: Owner, how: str
) -> None:
    hostile = await hire(owner, Role.OWNER)
    email = new_address()
    form = {"email": email, "role": "owner"}
    assert (await hostile.client.post("/api/team/invitations", json=form)).status_code == 201
    token = await read_token(app, email, "join")
    path = f"/api/team/members/{hostile.user_id}"
    if how == "demoted":
        await owner.client.patch(path, json={"role": "viewer"})
    else:
        await (owner if how == "removed" else hostile).client.delete(path)
    async with open_client(app) as client:
        assert problem_of(await accept(client, token)) == (410, "link_spent")
    assert owner.query("SELECT user_id FROM memberships WHERE role = 'owner'") == [(owner.user_id,)]


async def test_a_change_of_role_is_a_known_role_and_nothing_else(owner: Owner) -> None:
    manager = await hire(owner, Role.MANAGER)
    bodies: list[dict[str, Any]] = [
        {},
        {"role": None},
        {"role": "OWNER"},
        {"role": "admin"},
        {"role": ["owner"]},
        {"restaurant_id": str(new_id()), "role": "viewer"},
        {"user_id": str(new_id()), "role": "viewer"},
        {"email": "a@example.com", "role": "viewer"},
    ]
    for body in bodies:
        answer = await owner.client.patch(f"/api/team/members/{manager.user_id}", json=body)
        assert answer.status_code == 422, body
        pointers = [each["pointer"] for each in answer.json()["errors"]]
        assert pointers == [f"/{next(iter(body), 'role')}"], body
    assert stored_roles(owner)[manager.user_id] == "manager"


async def test_a_removed_member_is_out_on_every_device(app: FastAPI, owner: Owner) -> None:
    viewer = await hire(owner, Role.VIEWER)
    async with open_client(app, address=random_address()) as phone:
        form = {"email": viewer.email, "password": PASSWORD}
        token = (await phone.post("/api/auth/login", json=form)).json()["access_token"]
        async with open_client(app) as script:
            script.headers["Authorization"] = f"Bearer {token}"
            assert (await script.get("/api/insights/summary")).status_code == 200
            await remove(owner.client, viewer.user_id)
            for client in (phone, script):
                assert problem_of(await client.get("/api/insights/summary")) == NOT_FOUND
