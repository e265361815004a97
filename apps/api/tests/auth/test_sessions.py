"""A session from login to its end: cookies, renewal, reuse, logging out, seeing and ending others."""

import asyncio
import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI

from clocks import Clock
from flux.auth.sessions import IDLE_LIFETIME, SESSION_LIFETIME
from flux.auth.tokens import ACCESS_LIFETIME, SecretKind, make_secret
from flux.core.ids import new_id
from flux.local.valkey import EmbeddedValkey
from flux.main import create_app
from flux.settings import Environment, Settings
from letterbox import read_mail, text_of
from owner import PASSWORD, Owner, open_client, register

ANNOUNCED = {"filename": "a.csv", "size_bytes": 1, "content_type": "text/csv"}
CHROME_ON_ANDROID = (
    "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko)"
    " Chrome/130.0.0.0 Mobile Safari/537.36"
)


async def log_in(client: httpx.AsyncClient, email: str) -> str:
    """Log the client in; its access token."""
    answer = await client.post("/api/auth/login", json={"email": email, "password": PASSWORD})
    assert answer.status_code == 200
    return str(answer.json()["access_token"])


def open_tab(app: FastAPI, cookie: str) -> httpx.AsyncClient:
    """A client with this refresh cookie, kept as the API's own answer would have it."""
    tab = open_client(app)
    tab.cookies.set("flux_refresh", cookie, path="/api/auth", domain="flux.test")
    return tab


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


@pytest.fixture
async def other(owner: Owner) -> AsyncIterator[httpx.AsyncClient]:
    """A second device of the owner, logged in."""
    async with open_client(owner.app, address="203.0.113.9") as client:
        client.headers["User-Agent"] = CHROME_ON_ANDROID
        await log_in(client, owner.email)
        yield client


async def test_the_cookies_cannot_be_read_by_scripts_of_the_page(owner: Owner) -> None:
    answer = await owner.client.post(
        "/api/auth/login", json={"email": owner.email, "password": PASSWORD}
    )
    cookies = answer.headers.get_list("set-cookie")
    assert len(cookies) == 2
    assert all("HttpOnly" in each and "SameSite=lax" in each for each in cookies)
    assert answer.headers["cache-control"] == "no-store"


async def test_in_production_the_cookies_are_bound_to_the_host_and_to_https(
    settings: Settings,
) -> None:
    changes = {
        "env": Environment.PRODUCTION,
        "public_url": "https://flux.test",
        "confirm_email": False,
    }
    app = create_app(settings.model_copy(update=changes))
    async with app.router.lifespan_context(app):
        owner = await register(app)
        answer = await log_out_and_in(owner)
        access, refresh = answer.headers.get_list("set-cookie")
        assert access.startswith("__Host-flux_access=")
        assert "Path=/;" in access
        assert refresh.startswith("__Secure-flux_refresh=")
        assert "Path=/api/auth;" in refresh
        for cookie in (access, refresh):
            assert "Secure" in cookie
            assert "Domain" not in cookie
        foreign = await owner.client.post(
            "/api/auth/refresh", headers={"Origin": "http://flux.test"}
        )
        assert foreign.status_code == 403


async def log_out_and_in(owner: Owner) -> httpx.Response:
    cleared = await owner.client.post("/api/auth/logout")
    assert cleared.status_code == 204
    assert all("Max-Age=0" in each for each in cleared.headers.get_list("set-cookie"))
    assert not dict(owner.client.cookies)
    return await owner.client.post(
        "/api/auth/login", json={"email": owner.email, "password": PASSWORD}
    )


async def test_a_script_works_with_the_bearer_token_alone(owner: Owner) -> None:
    token = await log_in(owner.client, owner.email)
    async with open_client(owner.app) as script:
        del script.headers["Origin"]
        assert (await script.get("/api/auth/me")).status_code == 401
        script.headers.update(bearer(token))
        assert (await script.get("/api/auth/me")).json()["email"] == owner.email
        assert (await script.post("/api/data/uploads", json=ANNOUNCED)).status_code == 201


@pytest.mark.parametrize(
    "origin",
    [
        "https://evil.example",
        "null",
        "",
        "http://flux.test.evil.example",
        "https://flux.test",
        "//flux.test",
        "http://[",
        "http://user@flux.test",
    ],
)
async def test_a_cookie_that_comes_from_another_site_changes_nothing(
    owner: Owner, origin: str
) -> None:
    """Every route that is not safe, also those that carry a password: no site logs anybody in."""
    for path, operations in owner.app.openapi()["paths"].items():
        for method in set(operations) - {"get"}:
            filled = re.sub(r"{\w+}", str(new_id()), path)
            answer = await owner.client.request(
                method, filled, headers={"Origin": origin}, json={} if method != "delete" else None
            )
            refused = {
                (403, "foreign_origin"),
                # Whose form is looked at before who sends it.
                (422, "invalid_input"),
            }
            if answer.status_code == 415:
                assert path == "/api/data/upload"
                continue
            assert (answer.status_code, answer.json()["code"]) in refused, (method, path)
    credentials = {"email": owner.email, "password": PASSWORD}
    answer = await owner.client.post(
        "/api/auth/login", json=credentials, headers={"Origin": origin}
    )
    assert (answer.status_code, answer.json()["code"]) == (403, "foreign_origin")
    assert (await owner.client.get("/api/auth/me")).status_code == 200


async def test_an_expired_access_token_is_renewed_by_the_refresh_cookie(
    owner: Owner, time: Clock
) -> None:
    time.forward(ACCESS_LIFETIME + timedelta(seconds=1))
    assert (await owner.client.get("/api/auth/me")).status_code == 401
    assert (await owner.client.post("/api/auth/refresh")).status_code == 200
    assert (await owner.client.get("/api/auth/me")).json()["email"] == owner.email


async def test_20_refreshes_at_once_are_one_session_and_nobody_is_logged_out(
    owner: Owner, time: Clock
) -> None:
    cookie = owner.client.cookies["flux_refresh"]
    tabs = [open_tab(owner.app, cookie) for _ in range(20)]
    answers = await asyncio.gather(*(tab.post("/api/auth/refresh") for tab in tabs))
    assert {each.status_code for each in answers} == {200}
    # A browser keeps one of the twenty cookies, whichever answer came last; any must do.
    time.forward(timedelta(minutes=14))
    kept = tabs[7]
    assert (await kept.post("/api/auth/refresh")).status_code == 200
    assert (await kept.get("/api/auth/me")).status_code == 200
    assert owner.query("SELECT count(*) FROM sessions WHERE ended_at IS NULL") == [(1,)]
    await close(tabs)


async def test_of_the_tokens_that_racing_tabs_got_only_one_is_good_for_long(
    owner: Owner, time: Clock
) -> None:
    """A thief who was as quick as the second tab is found out by the owner's next renewal."""
    cookie = owner.client.cookies["flux_refresh"]
    tabs = [open_tab(owner.app, cookie) for _ in range(2)]
    for tab in tabs:
        assert (await tab.post("/api/auth/refresh")).status_code == 200
    time.forward(timedelta(minutes=10))
    assert (await tabs[0].post("/api/auth/refresh")).status_code == 200
    time.forward(timedelta(seconds=11))
    assert (await tabs[1].post("/api/auth/refresh")).status_code == 401
    assert (await tabs[0].post("/api/auth/refresh")).status_code == 401
    await close(tabs)


async def close(clients: list[httpx.AsyncClient]) -> None:
    for client in clients:
        await client.aclose()


async def test_a_used_refresh_token_ends_the_session_for_good_and_its_owner_is_told(
    owner: Owner, time: Clock
) -> None:
    stolen = owner.client.cookies["flux_refresh"]
    answer = await owner.client.post("/api/auth/refresh")
    assert answer.status_code == 200
    time.forward(timedelta(seconds=11))
    async with open_tab(owner.app, stolen) as thief:
        assert (await thief.post("/api/auth/refresh")).status_code == 401
    assert owner.query("SELECT count(*) FROM sessions WHERE ended_at IS NULL") == [(0,)]
    assert (await owner.client.get("/api/auth/me")).status_code == 401
    assert (await owner.client.post("/api/auth/refresh")).status_code == 401
    letters = await read_mail(owner.app, owner.email)
    assert "logged out one of your devices" in letters[-1]["Subject"]
    assert "New_York" in text_of(letters[-1])


async def test_a_session_ends_when_it_is_idle_for_30_days_or_90_days_old(
    owner: Owner, time: Clock
) -> None:
    for _ in range(3):
        time.forward(IDLE_LIFETIME - timedelta(days=2))
        assert (await owner.client.post("/api/auth/refresh")).status_code == 200
    time.forward(SESSION_LIFETIME - 3 * (IDLE_LIFETIME - timedelta(days=2)))
    assert (await owner.client.post("/api/auth/refresh")).status_code == 401
    await log_in(owner.client, owner.email)
    time.forward(IDLE_LIFETIME)
    assert (await owner.client.post("/api/auth/refresh")).status_code == 401


@pytest.mark.parametrize(
    "damage", ["", "x", "flux_r_", "short", "checksum", "kind", "long", "text"]
)
async def test_what_is_no_refresh_token_is_signed_out(owner: Owner, damage: str) -> None:
    token = owner.client.cookies["flux_refresh"]
    damaged = {
        "short": token[:-1],
        "checksum": token[:-1] + ("0" if token[-1] != "0" else "1"),
        "kind": make_secret(SecretKind.INVITATION)[0],
        "long": "x" * 8000,
        "text": "flux_r_'; DROP TABLE users; --",
    }.get(damage, damage)
    async with open_client(owner.app) as client:
        headers = {"Cookie": f"flux_refresh={damaged}"}
        assert (await client.post("/api/auth/refresh", headers=headers)).status_code == 401
    assert (await owner.client.post("/api/auth/refresh")).status_code == 200


async def test_the_tokens_in_the_database_are_hashes(owner: Owner) -> None:
    token = owner.client.cookies["flux_refresh"]
    assert token.startswith("flux_r_")
    (stored,) = owner.query("SELECT token_hash FROM refresh_tokens")[0]
    assert len(stored) == 32
    assert token.encode() not in bytes(stored)


async def test_logging_in_never_takes_a_session_over_and_ends_the_one_before(
    app: FastAPI, owner: Owner, stranger: Owner
) -> None:
    """Session fixation: a cookie that somebody planted is worth nothing after the login."""
    before = owner.query("SELECT id FROM sessions")
    planted = stranger.client.cookies["flux_refresh"]
    async with open_tab(app, planted) as client:
        await log_in(client, owner.email)
        assert client.cookies.get("flux_refresh", path="/api/auth") != planted
    after = owner.query("SELECT id FROM sessions")
    assert set(before) < set(after)
    assert (await stranger.client.post("/api/auth/refresh")).status_code == 401


async def test_logging_out_is_felt_by_every_copy_of_the_token_and_works_signed_out_too(
    owner: Owner,
) -> None:
    token, cookie = await log_in(owner.client, owner.email), owner.client.cookies["flux_refresh"]
    assert (await owner.client.post("/api/auth/logout")).status_code == 204
    async with open_client(owner.app) as copy:
        for path in ("/api/auth/me", "/api/auth/sessions", "/api/data/uploads"):
            assert (await copy.get(path, headers=bearer(token))).status_code == 401
        copy.cookies.set("flux_refresh", cookie)
        assert (await copy.post("/api/auth/refresh")).status_code == 401
        copy.cookies.clear()
        assert (await copy.post("/api/auth/logout")).status_code == 204


async def test_a_script_logs_out_by_its_token(owner: Owner) -> None:
    token = await log_in(owner.client, owner.email)
    async with open_client(owner.app) as script:
        del script.headers["Origin"]
        assert (await script.post("/api/auth/logout", headers=bearer(token))).status_code == 204
        assert (await script.get("/api/auth/me", headers=bearer(token))).status_code == 401


async def test_logging_out_everywhere_ends_every_device_at_once_and_no_other_persons(
    owner: Owner, other: httpx.AsyncClient, stranger: Owner
) -> None:
    assert (await owner.client.post("/api/auth/logout-all")).status_code == 204
    for client in (owner.client, other):
        assert (await client.get("/api/auth/me")).status_code == 401
        assert (await client.post("/api/auth/refresh")).status_code == 401
    assert (await stranger.client.get("/api/auth/me")).status_code == 200


async def test_the_list_of_sessions_shows_device_place_and_which_one_this_is(
    owner: Owner, other: httpx.AsyncClient
) -> None:
    listed = (await other.get("/api/auth/sessions")).json()
    assert listed["next_cursor"] is None
    assert [(each["device"], each["place"], each["is_current"]) for each in listed["items"]] == [
        ("Chrome on Android", "203.0.113.9", True),
        ("python-httpx", "127.0.0.1", False),
    ]
    page = (await owner.client.get("/api/auth/sessions", params={"limit": 1})).json()
    rest = (
        await owner.client.get(
            "/api/auth/sessions", params={"limit": 1, "cursor": page["next_cursor"]}
        )
    ).json()
    assert page["items"] + rest["items"] == [
        each | {"is_current": not each["is_current"]} for each in listed["items"]
    ]
    assert rest["next_cursor"] is None


async def test_last_used_is_when_the_session_was_last_renewed(owner: Owner, time: Clock) -> None:
    (before,) = (await owner.client.get("/api/auth/sessions")).json()["items"]
    time.forward(timedelta(hours=3))
    await owner.client.post("/api/auth/refresh")
    (after,) = (await owner.client.get("/api/auth/sessions")).json()["items"]
    assert after["created_at"] == before["created_at"]
    assert after["last_used_at"][:13] > before["last_used_at"][:13]


async def test_another_device_can_be_logged_out_and_another_persons_cannot(
    owner: Owner, other: httpx.AsyncClient, stranger: Owner
) -> None:
    (theirs,) = (await stranger.client.get("/api/auth/sessions")).json()["items"]
    items = (await owner.client.get("/api/auth/sessions")).json()["items"]
    (lost,) = [each["id"] for each in items if not each["is_current"]]
    for session_id, status in ((lost, 204), (lost, 404), (theirs["id"], 404), (new_id(), 404)):
        answer = await owner.client.delete(f"/api/auth/sessions/{session_id}")
        assert answer.status_code == status
    assert (await other.get("/api/auth/me")).status_code == 401
    assert (await other.post("/api/auth/refresh")).status_code == 401
    for client in (owner.client, stranger.client):
        assert (await client.get("/api/auth/me")).status_code == 200


async def test_sessions_long_over_are_forgotten(owner: Owner, time: Clock) -> None:
    ((first,),) = owner.query("SELECT id FROM sessions")
    time.forward(SESSION_LIFETIME * 2 + timedelta(days=1))
    await log_in(owner.client, owner.email)
    assert UUID(str(first)) not in {each for (each,) in owner.query("SELECT id FROM sessions")}


async def test_without_redis_people_log_in_and_out_and_a_token_lives_to_its_end(
    settings: Settings, tmp_path: Path, time: Clock
) -> None:
    valkey = EmbeddedValkey(tmp_path / "valkey", log_file=tmp_path / "valkey.log")
    valkey.start()
    app = create_app(Settings(**settings_with(settings, valkey.url)))
    async with app.router.lifespan_context(app):
        owner = await register(app)
        valkey.stop()
        token = await log_in(owner.client, owner.email)
        assert (await owner.client.get("/api/auth/me")).status_code == 200
        assert (await owner.client.post("/api/auth/refresh")).status_code == 200
        assert (await owner.client.post("/api/auth/logout")).status_code == 204
        async with open_client(app) as copy:
            uploads = "/api/data/uploads"
            assert (await copy.get(uploads, headers=bearer(token))).status_code == 200
            time.forward(ACCESS_LIFETIME)
            assert (await copy.get(uploads, headers=bearer(token))).status_code == 401
        assert (await owner.client.post("/api/auth/refresh")).status_code == 401
        health = (await owner.client.get("/api/health")).json()
        assert health["status"] == "degraded"


def settings_with(settings: Settings, redis_url: str) -> dict[str, Any]:
    values = settings.model_dump()
    values["DATABASE_URL"], values["REDIS_URL"] = values.pop("database_url"), redis_url
    del values["redis_url"]
    return values | {"_env_file": None}
