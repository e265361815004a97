"""Changes to a team take turns, and whoever waited for theirs is asked again who they are."""

import asyncio
import secrets
from uuid import UUID

import psycopg
from fastapi import FastAPI

from flux.restaurants.models import Role
from owner import Owner, enter, open_client
from team.people import (
    accept,
    hire,
    invite,
    invite_by_mail,
    new_address,
    problem_of,
    roles_of,
    until_queued,
)


async def test_an_owner_who_was_removed_a_moment_ago_removes_nobody(
    app: FastAPI, owner: Owner
) -> None:
    two, three = await hire(owner, Role.OWNER), await hire(owner, Role.OWNER)
    with (
        psycopg.connect(owner.dsn) as holder,
        psycopg.connect(owner.dsn, autocommit=True) as watcher,
    ):
        enter(holder, owner.restaurant_id)
        holder.execute("SELECT FROM restaurants FOR UPDATE")
        first = asyncio.create_task(owner.client.delete(f"/api/team/members/{two.user_id}"))
        await until_queued(watcher, 1)
        second = asyncio.create_task(two.client.delete(f"/api/team/members/{owner.user_id}"))
        await until_queued(watcher, 2)
        holder.rollback()
        assert (await first).status_code == 204
        assert (await second).status_code in {403, 404}
    left = {row[0] for row in owner.query("SELECT user_id FROM memberships")}
    assert left == {owner.user_id, three.user_id}


async def test_an_owner_who_is_demoted_meanwhile_does_not_make_others_owners(
    app: FastAPI, owner: Owner
) -> None:
    two, friend = await hire(owner, Role.OWNER), await hire(owner, Role.VIEWER)
    with (
        psycopg.connect(owner.dsn) as holder,
        psycopg.connect(owner.dsn, autocommit=True) as watcher,
    ):
        enter(holder, owner.restaurant_id)
        holder.execute("SELECT FROM restaurants FOR UPDATE")
        demoting = asyncio.create_task(
            owner.client.patch(f"/api/team/members/{two.user_id}", json={"role": "viewer"})
        )
        await until_queued(watcher, 1)
        promoting = asyncio.create_task(
            two.client.patch(f"/api/team/members/{friend.user_id}", json={"role": "owner"})
        )
        await until_queued(watcher, 2)
        holder.rollback()
        assert (await demoting).status_code == 200
        assert problem_of(await promoting) == (403, "role_too_low")
    assert (await roles_of(friend.client))[str(owner.restaurant_id)] == "viewer"


async def test_an_owner_who_is_removed_while_inviting_leaves_no_invitation(
    app: FastAPI, owner: Owner
) -> None:
    hostile = await hire(owner, Role.OWNER)
    email = new_address()
    await invite(owner, email)
    with (
        psycopg.connect(owner.dsn) as holder,
        psycopg.connect(owner.dsn, autocommit=True) as watcher,
    ):
        enter(holder, owner.restaurant_id)
        holder.execute("SELECT FROM invitations FOR UPDATE")
        form = {"email": email, "role": "owner"}
        inviting = asyncio.create_task(hostile.client.post("/api/team/invitations", json=form))
        await until_queued(watcher, 1)
        removing = asyncio.create_task(owner.client.delete(f"/api/team/members/{hostile.user_id}"))
        queued = asyncio.create_task(until_queued(watcher, 2))
        await asyncio.wait({removing, queued}, return_when=asyncio.FIRST_COMPLETED)
        queued.cancel()
        holder.rollback()
        assert (await removing).status_code == 204
        await inviting
    assert owner.query("SELECT 1 FROM invitations WHERE role = 'owner'") == []


async def test_an_invitation_that_crossed_its_acceptance_lets_nobody_back_in(
    app: FastAPI, owner: Owner
) -> None:
    email = new_address()
    token = await invite_by_mail(owner, email, Role.VIEWER)
    with (
        psycopg.connect(owner.dsn) as holder,
        psycopg.connect(owner.dsn, autocommit=True) as watcher,
    ):
        enter(holder, owner.restaurant_id)
        holder.execute("SELECT FROM restaurants FOR UPDATE")
        async with open_client(app) as client:
            joining = asyncio.create_task(accept(client, token))
            await until_queued(watcher, 1)
            form = {"email": email, "role": "owner"}
            inviting = asyncio.create_task(owner.client.post("/api/team/invitations", json=form))
            await until_queued(watcher, 2)
            holder.rollback()
            assert (await joining).status_code == 200
            assert problem_of(await inviting) == (409, "already_member")
            me = (await client.get("/api/auth/me")).json()
            await owner.client.delete(f"/api/team/members/{me['id']}")
            assert owner.query("SELECT 1 FROM invitations") == []


async def test_a_restaurant_with_more_than_a_thousand_people_invites(
    app: FastAPI, owner: Owner
) -> None:
    with psycopg.connect(owner.dsn) as connection:
        for _ in range(1001):
            # Older accounts than the owner's, so listed before it.
            user_id = UUID(int=secrets.randbits(80))
            enter(connection, owner.restaurant_id, user_id)
            connection.execute(
                "INSERT INTO users (id, email, password_hash) VALUES (%s, %s, 'x')",
                (user_id, f"{user_id}@example.com"),
            )
            connection.execute(
                "INSERT INTO memberships (restaurant_id, user_id, role) VALUES (%s, %s, 'viewer')",
                (owner.restaurant_id, user_id),
            )
    await invite(owner, new_address())


async def test_joining_ends_the_session_it_takes_the_place_of(
    app: FastAPI, owner: Owner, stranger: Owner
) -> None:
    token = await invite_by_mail(owner, stranger.email)
    assert (await accept(stranger.client, token)).status_code == 200
    live = (await stranger.client.get("/api/auth/sessions")).json()["items"]
    assert len(live) == 1


async def test_members_are_told_only_inside_their_restaurant(owner: Owner) -> None:
    with psycopg.connect(owner.dsn) as connection:
        found = connection.execute("SELECT * FROM find_members(%s)", (owner.restaurant_id,))
        assert found.fetchall() == []
