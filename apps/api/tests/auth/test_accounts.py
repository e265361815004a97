"""Accounts: register, log in, stay logged in, log out; and what must not work."""

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI
from jose import jwt
from pydantic import SecretStr

from flux.auth.errors import SignedOutError
from flux.auth.tokens import (
    ACCESS_LIFETIME,
    Access,
    make_access_token,
    read_access_token,
)
from flux.core import clock
from flux.core.ids import new_id
from owner import PASSWORD, Owner, open_client, register, registration

KEYS = {"new": SecretStr("n" * 32), "old": SecretStr("o" * 32)}
NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
ACCESS = Access(new_id(), new_id())


class Clock:
    """Flux's clock, for a test to turn."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.ahead = timedelta(0)
        monkeypatch.setattr(clock, "now", lambda: datetime.now(UTC) + self.ahead)

    def forward(self, step: timedelta) -> None:
        self.ahead += step


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


async def test_registering_makes_the_account_and_its_restaurant_with_the_user_as_owner(
    app: FastAPI,
) -> None:
    owner = await register(app, email="New.Owner@Example.com", restaurant_name="  Chez Nous ")
    me = (await owner.client.get("/api/auth/me")).json()
    assert me["email"] == "new.owner@example.com"
    assert [(each["name"], each["role"]) for each in me["restaurants"]] == [("Chez Nous", "owner")]
    stored = owner.query("SELECT password_hash FROM users")[0][0]
    assert stored.startswith("$argon2id$v=19$m=19456,t=2,p=1$")


async def test_an_address_can_be_registered_once_also_by_many_at_once(
    app: FastAPI,
) -> None:
    form = registration()
    async with open_client(app) as client:
        answers = await asyncio.gather(
            *(client.post("/api/auth/register", json=form) for _ in range(8))
        )
        assert sorted(each.status_code for each in answers) == [201] + [409] * 7
        form["email"] = form["email"].upper()
        again = await client.post("/api/auth/register", json=form)
    assert (again.status_code, again.json()["code"]) == (409, "email_taken")


async def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(
    owner: Owner,
) -> None:
    wrong = await owner.client.post(
        "/api/auth/login", json={"email": owner.email, "password": "not the password"}
    )
    unknown = await owner.client.post(
        "/api/auth/login",
        json={"email": "nobody@example.com", "password": "not the password"},
    )
    assert wrong.status_code == unknown.status_code == 401
    bodies = [each.json() | {"request_id": ""} for each in (wrong, unknown)]
    assert bodies[0] == bodies[1]
    assert bodies[0]["code"] == "wrong_credentials"


async def test_nobody_can_give_themselves_a_role_or_a_restaurant(app: FastAPI) -> None:
    form = registration()
    async with open_client(app) as client:
        for extra in (
            {"role": "owner"},
            {"restaurant_id": str(new_id())},
            {"id": str(new_id())},
        ):
            answer = await client.post("/api/auth/register", json=form | extra)
            assert answer.status_code == 422
            assert answer.json()["errors"][0]["code"] == "extra_forbidden"


async def test_the_cookies_cannot_be_read_by_scripts_of_the_page(
    app: FastAPI, owner: Owner
) -> None:
    answer = await owner.client.post(
        "/api/auth/login", json={"email": owner.email, "password": PASSWORD}
    )
    cookies = answer.headers.get_list("set-cookie")
    assert len(cookies) == 2
    assert all("HttpOnly" in each and "SameSite=lax" in each for each in cookies)
    assert answer.headers["cache-control"] == "no-store"


async def test_a_script_works_with_the_bearer_token_alone(app: FastAPI, owner: Owner) -> None:
    answer = await owner.client.post(
        "/api/auth/login", json={"email": owner.email, "password": PASSWORD}
    )
    body = answer.json()
    assert (body["token_type"], body["expires_in"]) == ("bearer", 900)
    async with open_client(app) as script:
        del script.headers["Origin"]
        assert (await script.get("/api/auth/me")).status_code == 401
        script.headers["Authorization"] = f"Bearer {body['access_token']}"
        assert (await script.get("/api/auth/me")).json()["email"] == owner.email
        announced = {"filename": "a.csv", "size_bytes": 1, "content_type": "text/csv"}
        assert (await script.post("/api/data/uploads", json=announced)).status_code == 201


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
    headers = {"Origin": origin}
    announced = {"filename": "a.csv", "size_bytes": 1, "content_type": "text/csv"}
    for path, body in (
        ("/api/data/uploads", announced),
        ("/api/auth/refresh", None),
        ("/api/auth/logout", None),
    ):
        answer = await owner.client.post(path, json=body, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (
            403,
            "foreign_origin",
        ), path
    assert (await owner.client.get("/api/auth/me")).status_code == 200


async def test_an_expired_session_is_renewed_by_the_refresh_cookie(
    owner: Owner, time: Clock
) -> None:
    time.forward(ACCESS_LIFETIME + timedelta(seconds=1))
    assert (await owner.client.get("/api/auth/me")).status_code == 401
    assert (await owner.client.post("/api/auth/refresh")).status_code == 200
    assert (await owner.client.get("/api/auth/me")).json()["email"] == owner.email


async def test_a_refresh_token_presented_twice_in_a_moment_is_two_tabs_and_both_stay(
    app: FastAPI, owner: Owner
) -> None:
    cookie = owner.client.cookies["flux_refresh"]
    async with open_client(app) as tab:
        tab.cookies.set("flux_refresh", cookie)
        both = await asyncio.gather(
            owner.client.post("/api/auth/refresh"), tab.post("/api/auth/refresh")
        )
        assert [each.status_code for each in both] == [200, 200]
        assert (await tab.get("/api/auth/me")).status_code == 200


async def test_a_refresh_token_presented_again_later_ends_the_whole_session_for_good(
    app: FastAPI, owner: Owner, time: Clock
) -> None:
    stolen = owner.client.cookies["flux_refresh"]
    assert (await owner.client.post("/api/auth/refresh")).status_code == 200
    time.forward(timedelta(seconds=11))
    async with open_client(app) as thief:
        thief.cookies.set("flux_refresh", stolen)
        assert (await thief.post("/api/auth/refresh")).status_code == 401
    assert owner.query("SELECT count(*) FROM refresh_tokens WHERE revoked_at IS NULL") == [(0,)]
    assert (await owner.client.post("/api/auth/refresh")).status_code == 401


async def test_logging_out_ends_the_session_and_works_signed_out_too(
    owner: Owner,
) -> None:
    cookie = owner.client.cookies["flux_refresh"]
    assert (await owner.client.post("/api/auth/logout")).status_code == 204
    assert not dict(owner.client.cookies)
    assert (await owner.client.get("/api/auth/me")).status_code == 401
    owner.client.cookies.set("flux_refresh", cookie)
    assert (await owner.client.post("/api/auth/refresh")).status_code == 401
    owner.client.cookies.clear()
    assert (await owner.client.post("/api/auth/logout")).status_code == 204


async def test_the_tokens_in_the_database_are_hashes(owner: Owner) -> None:
    token = owner.client.cookies["flux_refresh"].encode()
    (stored,) = owner.query("SELECT token_hash FROM refresh_tokens")[0]
    assert len(stored) == 32
    assert token not in bytes(stored)


def test_a_token_holds_until_its_last_second_and_with_either_live_key() -> None:
    for keys in (KEYS, {"old": KEYS["old"]}):
        token = make_access_token(ACCESS, keys, NOW)
        assert (
            read_access_token(token, KEYS, NOW + ACCESS_LIFETIME - timedelta(seconds=1)) == ACCESS
        )
    for moment in (NOW + ACCESS_LIFETIME, NOW - timedelta(seconds=6)):
        with pytest.raises(SignedOutError):
            read_access_token(token, KEYS, moment)


def forge(**changes: object) -> str:
    claims = {
        "iss": "flux",
        "aud": "flux-api",
        "sub": str(ACCESS.user_id),
        "sid": str(ACCESS.session_id),
        "jti": "1",
        "iat": NOW,
        "nbf": NOW,
        "exp": NOW + ACCESS_LIFETIME,
    } | {name: value for name, value in changes.items() if name not in {"key", "algorithm", "kid"}}
    return jwt.encode(
        {name: value for name, value in claims.items() if value is not None},
        str(changes.get("key", "n" * 32)),
        algorithm=str(changes.get("algorithm", "HS256")),
        headers={"kid": changes.get("kid", "new")},
    )


@pytest.mark.parametrize(
    "token",
    [
        "",
        "x",
        "a.b.c",
        "é" * 40,
        "x" * 1_000_000,
        forge()[:-2],
        forge(key="guess" * 8),
        forge(kid="unknown"),
        forge(kid="old"),
        forge(aud="another"),
        forge(iss="another"),
        forge(algorithm="HS512"),
        forge(sub="not-a-uuid"),
        forge(exp=10**30),
        *(
            forge(**{name: None})
            for name in ("iss", "aud", "sub", "sid", "jti", "iat", "nbf", "exp")
        ),
        "eyJhbGciOiJub25lIiwia2lkIjoibmV3In0." + forge().split(".")[1] + ".",
    ],
)
def test_a_forged_or_broken_token_is_signed_out(token: str) -> None:
    assert read_access_token(forge(), KEYS, NOW) == ACCESS
    with pytest.raises(SignedOutError):
        read_access_token(token, KEYS, NOW)


async def test_another_restaurants_id_is_a_404_on_every_route(
    owner: Owner, stranger: Owner
) -> None:
    upload = await owner.send(b"Date,Item,Price\n")
    headers = {"X-Restaurant-Id": str(owner.restaurant_id)}
    for path in (
        "/api/data/uploads",
        "/api/insights/summary",
        f"/api/data/uploads/{upload}",
    ):
        answer = await stranger.client.get(path, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (
            404,
            "restaurant_not_found",
        )
    for path in (
        f"/api/data/uploads/{upload}",
        f"/api/data/uploads/{upload}/rejected-rows",
    ):
        answer = await stranger.client.get(path)
        assert (answer.status_code, answer.json()["code"]) == (404, "upload_not_found")
        assert (await owner.client.get(path)).status_code == 200


async def test_a_viewer_looks_and_does_not_upload(owner: Owner) -> None:
    owner.execute("UPDATE memberships SET role = 'viewer'")
    assert (await owner.client.get("/api/data/uploads")).status_code == 200
    assert (await owner.client.get("/api/insights/summary")).status_code == 200
    announced = {"filename": "a.csv", "size_bytes": 1, "content_type": "text/csv"}
    for answer in (
        await owner.client.post("/api/data/uploads", json=announced),
        await owner.client.post("/api/data/upload", files={"file": ("a.csv", b"x", "text/csv")}),
    ):
        assert (answer.status_code, answer.json()["code"]) == (403, "role_too_low")


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
    for restaurant_id, currency in (
        (owner.restaurant_id, "USD"),
        (stranger.restaurant_id, "EUR"),
    ):
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
        ("A.b@Example.com", " a.B@example.COM "),
        ("jose\u0301-{}@example.com", "josé-{}@example.com"),
        ("a-{}@xn--bcher-kva.example.com", "a-{}@bücher.example.com"),
    ],
)
async def test_an_address_is_the_same_however_it_is_typed(
    app: FastAPI, registered: str, typed: str
) -> None:
    unique = str(new_id())
    owner = await register(app, email=registered.replace("{}", unique))
    answer = await owner.client.post(
        "/api/auth/login", json={"email": typed.replace("{}", unique), "password": PASSWORD}
    )
    assert answer.status_code == 200


@pytest.mark.parametrize("email", ["Ana <ana@example.com>", "ana", "@", "a@b", "a b@example.com"])
async def test_what_is_no_address_is_not_registered(client: httpx.AsyncClient, email: str) -> None:
    form = registration(email=email)
    answer = await client.post("/api/auth/register", json=form)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/email")
