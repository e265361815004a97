"""Schemathesis over the whole OpenAPI document: no 5xx, and every answer as the document says.

Each operation is tried signed out and as the owner of a restaurant, as a script (bearer token) and as
a browser (cookies and `Origin`), right and wrong, with the cases of three phases: examples, the bounds
of the schemas, random ones. Most right cases name what exists, ours or a stranger's, so that not all
end in a 404.

The cases are the same in every run. For others: FLUX_CONTRACT_SEED=7 pytest tests/test_contract.py
"""

import asyncio
import json
import os
import re
import secrets
from collections import Counter
from collections.abc import Coroutine, Iterator, MutableMapping
from random import Random
from typing import Any, TypeVar
from uuid import UUID

import psycopg
import pytest
import redis
import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from psycopg import sql
from schemathesis import APIOperation, BaseSchema, Case, CheckContext, Response
from schemathesis.config import SchemathesisConfig
from schemathesis.core.result import Ok
from schemathesis.python import asgi
from starlette.types import Message, Receive, Scope

from flux.auth.tokens import Access, make_access_token
from flux.core import clock
from flux.core.db import Model
from flux.core.migrate import upgrade_schema
from flux.core.paging import make_cursor
from flux.local.valkey import EmbeddedValkey
from flux.main import create_app
from flux.settings import Settings
from letterbox import read_token
from owner import PASSWORD, open_client, register, registration
from servers import SERVERS, create_database, database_url, make_settings

SEED = int(os.environ.get("FLUX_CONTRACT_SEED", "20260701"))
LEAST_CASES = 5_000
RANDOM_CASES = 55
WAYS = ("script", "browser")
ORIGIN = f"http://{asgi.HOST}"
SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}
# They answer 401 as well, but to a wrong password or refresh token.
PROVE_THEMSELVES = {"login", "refresh", "verify_email", "accept_invitation"}
SALES = (
    "Order ID,Date,Time,Item,Quantity,Net sales\n"
    "1,2026-05-01,12:00,Soup,2,9.00\n"
    "2,2026-05-01,12:30,Bread,many,1.50\n"
    "3,2026-05-01,12:40,Soup,1,four\n"
)
UNCLEAR = "When,At,What,Money\n2026-05-01,12:00,Soup,9.00\n"
# Small enough that the others are sent whole, and large enough to come in parts.
LARGE = b"." * 2_000
# Which letter has the token that an address wants.
LETTERS = {
    "/api/auth/email/verify": "verify",
    "/api/auth/password/reset": "reset",
    "/api/team/invitations/show": "join",
    "/api/team/invitations/accept": "join",
}
# What the schemas cannot say.
RIGHT: dict[str, list[Any]] = {
    "password": [PASSWORD, PASSWORD, "another horse battery"],
    "current_password": [PASSWORD, PASSWORD, "another horse battery"],
    "new_password": ["another horse battery"],
    "timezone": ["Europe/Madrid"],
    "currency": ["EUR"],
    "country": ["ES"],
    "filename": ["sales.csv"],
    "content_type": ["text/csv"],
    "file": [SALES],
    "columns": [{"date": 1, "time": 2, "item": 3, "line_amount": 4}],
    "location": [None],
}
T = TypeVar("T")


class Door:
    """Stands before the application: counts requests, and sees whether one has changed anything.

    Each request comes from an address of its own, so that the limits by address let it pass.
    """

    app: FastAPI
    loop: asyncio.AbstractEventLoop

    def __init__(self) -> None:
        self.requests = 0
        self.has_changed = False

    async def __call__(self, scope: Scope, receive: Receive, send: Any) -> None:
        async def watch(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] < 400:
                self.has_changed |= scope["method"] not in SAFE_METHODS
            await send(message)

        if scope["type"] == "lifespan":
            self.loop = asyncio.get_running_loop()
        else:
            self.requests += 1
            high, low = divmod(self.requests, 256)
            scope["client"] = (f"198.18.{high % 256}.{low}", 40000)
        await self.app(scope, receive, watch)

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Do this on the application's own event loop."""
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(timeout=60)


DOOR = Door()


def load_document(seed: int, *, makes_up_credentials: bool) -> BaseSchema:
    made = create_app(Settings(_env_file=None, log_level="CRITICAL")).openapi()
    upload = made["paths"]["/api/data/upload"]["post"]["requestBody"]["content"]
    named = 'form-data; name="file"; filename="sales.csv"'
    upload["multipart/form-data"]["encoding"] = {
        "file": {"headers": {"Content-Disposition": {"example": named}}}
    }
    config = SchemathesisConfig.from_dict(
        {
            "seed": seed,
            "generation": {
                "max-examples": RANDOM_CASES,
                "database": "none",
                "with-security-parameters": makes_up_credentials,
            },
            "phases": {"examples": {"fill-missing": True}},
            # Not the words of our source: with each change of it there would be other cases.
            "analysis": {"constants": {"enabled": False}},
            # No schema can say which token lives, or that a file must not be empty.
            "checks": {"positive_data_acceptance": {"enabled": False}},
            # In a form all is text: null in place of a file is a file that holds "null".
            "operations": [
                {
                    "include-operation-id": "receive_upload",
                    "checks": {"negative_data_rejection": {"enabled": False}},
                }
            ],
        }
    )
    document = schemathesis.openapi.from_dict(made, config=config)
    document.app = DOOR
    return document


SIGNED_OUT = load_document(SEED, makes_up_credentials=True)
SIGNED_IN = load_document(SEED + 1, makes_up_credentials=False)


class World:
    """Two restaurants with people, sessions, invitations and uploads; put back after every change.

    The database and the Redis are its own, so that putting back is: all tables as they were, and no
    session ended, no limit spent.
    """

    def __init__(self, settings: Settings, admin_url: str) -> None:
        self.settings = settings
        self.ours: dict[str, list[Any]] = {}
        self.strangers: dict[str, list[Any]] = {}
        DOOR.app = create_app(settings)
        with asgi.get_client(DOOR):
            DOOR.run(self._furnish(self.ours))
            DOOR.run(self._furnish(self.strangers))
        self._redis = redis.Redis.from_url(str(settings.redis_url))
        self._admin = psycopg.connect(admin_url, autocommit=True)
        tables = [sql.Identifier(each.name) for each in Model.metadata.sorted_tables]
        self._admin.execute("CREATE SCHEMA kept")
        for each in tables:
            copy = sql.SQL("CREATE TABLE kept.{0} AS TABLE public.{0}")
            self._admin.execute(copy.format(each))
        empty = [sql.SQL("DELETE FROM public.{}").format(each) for each in reversed(tables)]
        fill = [sql.SQL("INSERT INTO public.{0} TABLE kept.{0}").format(each) for each in tables]
        self._put_back = sql.SQL("; ").join(empty + fill)

    def close(self) -> None:
        self._admin.close()
        self._redis.close()
        asgi.shutdown_lifespans()

    def put_back(self) -> None:
        if DOOR.has_changed:
            self._admin.execute(self._put_back)
            self._redis.flushdb()
            DOOR.has_changed = False

    def make_headers(self, way: str, origin: str, *, signed_in: bool) -> dict[str, str]:
        if not signed_in:
            return {} if way == "script" else {"Origin": origin}
        access = Access(UUID(self.ours["owner"][0]), UUID(self.ours["session"][0]))
        token = make_access_token(access, self.settings.jwt_keys, clock.now())
        if way == "script":
            return {"Authorization": f"Bearer {token}"}
        cookies = {"flux_access": token, "flux_refresh": self.ours["refresh"][0]}
        header = "; ".join(f"{name}={value}" for name, value in cookies.items())
        return {"Origin": origin, "Cookie": header}

    async def _furnish(self, names: dict[str, list[Any]]) -> None:
        owner = await register(DOOR.app)
        member, guest = registration()["email"], registration()["email"]
        for email in (member, guest):
            await _post(owner.client, "team/invitations", email=email, role="manager")
        async with open_client(DOOR.app) as client:
            token = await read_token(DOOR.app, member, "join")
            await _post(client, "team/invitations/accept", token=token, password=PASSWORD)
            await _post(client, "auth/login", email=owner.email, password=PASSWORD)
            await _post(client, "auth/password/forgot", email=owner.email)
        # One in parts that wait to be complete, one to cancel, one to choose columns for or to try again, and one that was read.
        [part] = (await owner.announce(LARGE))["parts"]
        put = await owner.client.put(part["put_url"], content=LARGE)
        await owner.announce(SALES.encode())
        unclear = await owner.upload(UNCLEAR)
        assert unclear["status"] == "needs_mapping"
        report = (await owner.upload(SALES))["report"]
        assert min(report["lines_accepted"], report["lines_rejected"]) > 0, report
        for name, path in (
            ("user_id", "team/members"),
            ("session_id", "auth/sessions"),
            ("invitation_id", "team/invitations"),
            ("upload_id", "data/uploads"),
        ):
            items = (await owner.client.get(f"/api/{path}")).json()["items"]
            names[name] = [each.get("id") or each["user_id"] for each in items]
        # Only of this one can the columns be chosen, and only with nothing said of a location.
        names["upload_id"] += [unclear["id"]] * len(names["upload_id"])
        names |= {
            "owner": [str(owner.user_id)],
            "session": [names["session_id"][-1]],
            "refresh": [owner.client.cookies["flux_refresh"]],
            "x-restaurant-id": [str(owner.restaurant_id)],
            "cursor": [make_cursor(ids[0]) for ids in names.values()],
            "parts": [[{"number": 1, "etag": put.headers["ETag"]}]],
            "email": [owner.email, owner.email, guest, "newcomer@example.com"],
        }
        for path, page in LETTERS.items():
            reader = guest if page == "join" else owner.email
            names[path] = [await read_token(DOOR.app, reader, page)]
        await owner.client.aclose()


async def _post(client: Any, path: str, **body: str) -> None:
    answer = await client.post(f"/api/{path}", json=body)
    assert answer.is_success, answer.text


class Trial:
    """One operation, tried by case after case in one way."""

    def __init__(self, world: World, way: str) -> None:
        self.world = world
        self.way = way
        self.operation: APIOperation[Any, Any, Any, Any] | None = None
        self.statuses: Counter[int] = Counter()
        self.signed_in = self.has_failed = False

    def try_case(self, generated: Case[Any], *, signed_in: bool) -> None:
        # A copy: the ways share the cases that are not random.
        case = generated.derive()
        dice = Random(repr(case))
        self.operation, self.signed_in, self.has_failed = case.operation, signed_in, True
        self.world.put_back()
        self._name_what_exists(case, dice)
        # Every tenth browser shows another site's page.
        is_tenth = self.statuses.total() % 10 == 9
        origin = "http://elsewhere.test" if is_tenth else ORIGIN
        before = DOOR.requests
        response = case.call_and_validate(
            headers=self.world.make_headers(self.way, origin, signed_in=signed_in),
            additional_checks=[is_a_problem_document, repeats_no_secret],
        )
        assert DOOR.requests > before
        self.statuses[response.status_code] += 1
        self.has_failed = False

    def _name_what_exists(self, case: Case[Any], dice: Random) -> None:
        """Nine right values in ten become one that the world knows; wrong ones stay what they are."""
        for location, component in (case.meta.components if case.meta else {}).items():
            values = case.get_container(location)
            if not isinstance(values, MutableMapping) or component.mode.is_negative:
                continue
            for name in list(values):
                names = self.world.ours if dice.random() < 0.7 else self.world.strangers
                key = case.path if name == "token" else name.lower()
                known = names.get(key) or RIGHT.get(name)
                if known and dice.random() < 0.9:
                    values[name] = dice.choice(known)


def is_a_problem_document(context: CheckContext, response: Response, case: Case[Any]) -> None:
    (request_id,) = response.headers["x-request-id"]
    if response.status_code < 400:
        return
    assert response.headers["content-type"] == ["application/problem+json"]
    problem = response.json()
    assert (problem["status"], problem["request_id"]) == (response.status_code, request_id)
    assert all(problem[name] for name in ("code", "title", "detail"))
    assert response.status_code not in {429, 503} or "retry-after" in response.headers
    if response.status_code == 405:
        (allowed,) = response.headers["allow"]
        documented = {method.upper() for method in case.operation.schema[case.path]}
        assert set(allowed.split(", ")) == documented


def repeats_no_secret(context: CheckContext, response: Response, case: Case[Any]) -> None:
    # A pointer names the field that nobody asked for; by chance that is a secret's text, too.
    said = re.sub(r'"pointer":"(?:[^"\\]|\\.)*"', "", response.text)
    for name, value in case.body.items() if isinstance(case.body, dict) else ():
        if "password" in name or "token" in name:
            written = value if isinstance(value, str) else json.dumps(value)
            # What is shorter may be there by chance.
            assert len(written) < 8 or written not in said, f"{name} came back"


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("contract")
    name = f"flux_contract_{secrets.token_hex(4)}"
    valkey = EmbeddedValkey(folder / "valkey", log_file=folder / "valkey.log")
    try:
        create_database(name)
        upgrade_schema(database_url("flux_owner", name))
        valkey.start()
        settings = make_settings(
            database_url("flux_app", name), valkey.url, folder, max_whole_bytes=len(LARGE) - 1
        )
        made = World(settings, database_url("admin", name))
        yield made
        made.close()
    finally:
        valkey.stop()
        with psycopg.connect(SERVERS["admin"], autocommit=True) as admin:
            drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
            admin.execute(drop.format(sql.Identifier(name)))


@pytest.fixture
def trial(world: World, way: str) -> Iterator[Trial]:
    """Lasts for all cases of an operation; in the end they must have been enough, and not all in vain."""
    made = Trial(world, way)
    yield made
    if not made.has_failed:
        assert made.operation is not None
        assert made.statuses.total() >= count_least_cases(made.operation), made.statuses
        # A script has no refresh token.
        if made.signed_in and way == "browser":
            if made.operation.path == "/api/data/sample":
                # There are real uploads, which the sample never stands beside.
                assert 409 in made.statuses, made.statuses
            else:
                assert min(made.statuses) < 300, made.statuses


def count_least_cases(operation: APIOperation[Any, Any, Any, Any]) -> int:
    """Without input there is little to vary."""
    return RANDOM_CASES if operation.body or list(operation.iter_parameters()) else 1


def operations(document: BaseSchema) -> list[APIOperation[Any, Any, Any, Any]]:
    return [each.ok() for each in document.get_all_operations() if isinstance(each, Ok)]


once_an_operation = hypothesis_settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


@SIGNED_OUT.parametrize()
@pytest.mark.parametrize("way", WAYS)
@once_an_operation
def test_every_answer_to_the_signed_out_is_as_documented(case: Case[Any], trial: Trial) -> None:
    trial.try_case(case, signed_in=False)


@SIGNED_IN.parametrize()
@pytest.mark.parametrize("way", WAYS)
@once_an_operation
def test_every_answer_to_an_owner_is_as_documented(case: Case[Any], trial: Trial) -> None:
    trial.try_case(case, signed_in=True)


def test_the_operations_together_stand_5000_cases() -> None:
    """Each trial counts its own, at its end; trials run in several processes."""
    least = [count_least_cases(each) for each in operations(SIGNED_OUT) + operations(SIGNED_IN)]
    assert sum(least) * len(WAYS) >= LEAST_CASES


def test_the_document_says_which_operations_need_a_session() -> None:
    """Otherwise nothing here would look whether they ask for one."""
    for operation in operations(SIGNED_IN):
        definition = operation.definition.raw
        needs_session = "401" in definition["responses"]
        needs_session &= definition["operationId"] not in PROVE_THEMSELVES
        assert bool(definition.get("security")) == needs_session, operation.label
