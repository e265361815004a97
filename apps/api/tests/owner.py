"""What a test does as somebody who owns a restaurant: register, send files, look."""

import secrets
from dataclasses import dataclass
from typing import Any, LiteralString
from uuid import UUID

import anyio
import httpx
import psycopg
from fastapi import FastAPI

from flux.core.storage import LocalStore
from flux.local.worker import work_once

ORIGIN = "http://flux.test"
PASSWORD = "correct horse battery"


def open_client(
    app: FastAPI, origin: str = ORIGIN, *, address: str = "127.0.0.1"
) -> httpx.AsyncClient:
    """A browser-like client of the application: keeps cookies and sends its own origin."""
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False, client=(address, 40000))
    return httpx.AsyncClient(transport=transport, base_url=origin, headers={"Origin": origin})


def random_address() -> str:
    """An address that no other test calls from; 198.18.0.0/15 is set aside for tests (RFC 2544)."""
    return f"198.{18 + secrets.randbelow(2)}.{secrets.randbelow(256)}.{secrets.randbelow(256)}"


@dataclass
class Owner:
    """Somebody who registered a restaurant and is logged in."""

    client: httpx.AsyncClient
    app: FastAPI
    email: str
    restaurant_id: UUID
    user_id: UUID

    @property
    def store(self) -> LocalStore:
        store: LocalStore = self.app.state.store
        return store

    @property
    def dsn(self) -> str:
        return str(self.app.state.settings.database_url)

    async def announce(self, content: bytes, filename: str = "sales.csv") -> dict[str, Any]:
        answer = await self.client.post(
            "/api/data/uploads",
            json={
                "filename": filename,
                "size_bytes": len(content),
                "content_type": "text/csv",
            },
        )
        assert answer.status_code == 201, answer.text
        ticket: dict[str, Any] = answer.json()
        return ticket

    async def send(self, content: bytes, filename: str = "sales.csv") -> str:
        """Announce a file and PUT it to its signed address; the upload's id."""
        ticket = await self.announce(content, filename)
        put = await self.client.put(ticket["put_url"], content=content, headers=ticket["headers"])
        assert put.status_code == 200, put.text
        return str(ticket["id"])

    async def work(self) -> None:
        """Let the worker do all that is due."""
        while await anyio.to_thread.run_sync(work_once, self.dsn, self.store):
            pass

    async def upload(self, content: bytes | str, filename: str = "sales.csv") -> dict[str, Any]:
        """Send a file, have it processed, and return the upload as the API shows it."""
        upload_id = await self.send(
            content.encode() if isinstance(content, str) else content, filename
        )
        await self.work()
        shown: dict[str, Any] = (await self.client.get(f"/api/data/uploads/{upload_id}")).json()
        return shown

    def query(self, statement: LiteralString, **values: Any) -> list[Any]:
        """Rows as flux_app sees them inside this restaurant."""
        with psycopg.connect(self.dsn) as connection:
            enter(connection, self.restaurant_id, self.user_id)
            return connection.execute(statement, values).fetchall()

    def execute(self, statement: LiteralString, **values: Any) -> None:
        """Change rows as flux_app inside this restaurant."""
        with psycopg.connect(self.dsn) as connection:
            enter(connection, self.restaurant_id, self.user_id)
            connection.execute(statement, values)


def enter(connection: psycopg.Connection, restaurant_id: UUID, user_id: UUID | None = None) -> None:
    connection.execute(
        "SELECT set_config('app.restaurant_id', %s, true), set_config('app.user_id', %s, true)",
        (str(restaurant_id), str(user_id or "")),
    )


def registration(**changes: str) -> dict[str, str]:
    """A form that registers a new restaurant in New York, but for the changes."""
    return {
        "email": f"owner-{secrets.token_hex(6)}@example.com",
        "password": PASSWORD,
        "restaurant_name": "Test Kitchen",
        "timezone": "America/New_York",
        "currency": "USD",
        "country": "US",
    } | changes


async def register(app: FastAPI, **changes: str) -> Owner:
    """Register a new restaurant (in New York unless changed) and log its owner in."""
    form = registration(**changes)
    client = open_client(app, app.state.settings.public_url or ORIGIN)
    answer = await client.post("/api/auth/register", json=form)
    assert answer.status_code == 201, answer.text
    answer = await client.post(
        "/api/auth/login", json={"email": form["email"], "password": form["password"]}
    )
    assert answer.status_code == 200, answer.text
    me = (await client.get("/api/auth/me")).json()
    return Owner(client, app, form["email"], UUID(me["restaurants"][0]["id"]), UUID(me["id"]))
