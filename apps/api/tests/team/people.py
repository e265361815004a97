"""What a test does to put people to work in a restaurant: invite them, and accept for them."""

import secrets
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import anyio
import httpx
import psycopg
from fastapi import FastAPI

from flux.restaurants.models import Role
from letterbox import read_token
from owner import PASSWORD, Owner, open_client


@dataclass
class Person:
    """Somebody who joined a restaurant by a mailed link and is logged in."""

    client: httpx.AsyncClient
    email: str
    user_id: UUID


def new_address() -> str:
    """The address of somebody Flux has never heard of."""
    return f"person-{secrets.token_hex(6)}@example.com"


async def invite(owner: Owner, email: str, role: Role = Role.VIEWER) -> dict[str, Any]:
    answer = await owner.client.post("/api/team/invitations", json={"email": email, "role": role})
    assert answer.status_code == 201, answer.text
    shown: dict[str, Any] = answer.json()
    return shown


async def invite_by_mail(owner: Owner, email: str, role: Role = Role.VIEWER) -> str:
    """Invite an address; the token of the link that arrived there."""
    await invite(owner, email, role)
    return await read_token(owner.app, email, "join")


async def show(app: FastAPI, token: str) -> httpx.Response:
    async with open_client(app) as client:
        return await client.post("/api/team/invitations/show", json={"token": token})


async def accept(client: httpx.AsyncClient, token: str, password: str = PASSWORD) -> httpx.Response:
    form = {"token": token, "password": password}
    return await client.post("/api/team/invitations/accept", json=form)


async def hire(owner: Owner, role: Role) -> Person:
    """A new person who was invited by mail and accepted."""
    email = new_address()
    token = await invite_by_mail(owner, email, role)
    client = open_client(owner.app)
    answer = await accept(client, token)
    assert answer.status_code == 200, answer.text
    me = (await client.get("/api/auth/me")).json()
    return Person(client, email, UUID(me["id"]))


async def roles_of(client: httpx.AsyncClient) -> dict[str, str]:
    """The restaurants somebody works in, and as what."""
    me = (await client.get("/api/auth/me")).json()
    return {each["id"]: each["role"] for each in me["restaurants"]}


def problem_of(answer: httpx.Response) -> tuple[int, str]:
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    return answer.status_code, answer.json()["code"]


async def until_queued(connection: psycopg.Connection, number: int) -> None:
    """Wait until so many other transactions of this database wait for a lock."""
    with anyio.fail_after(10):
        while True:
            found = connection.execute(
                "SELECT count(*) FROM pg_stat_activity"
                " WHERE datname = current_database() AND wait_event_type = 'Lock'"
            ).fetchone()
            if found == (number,):
                return
            await anyio.sleep(0.01)
