"""Every answer that is no success is a problem document that says what to do and repeats nothing."""

import json
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy.exc import OperationalError

from flux.main import create_app
from flux.settings import Settings
from owner import ORIGIN, Owner, open_client
from servers import make_settings

SECRET = "hunter2-hunter2"


def check_problem(answer: httpx.Response, status: int, code: str) -> dict[str, Any]:
    """Assert the contract's shape; the document."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    problem: dict[str, Any] = answer.json()
    assert problem["status"] == status
    assert problem["code"] == code
    assert problem["request_id"] == answer.headers["x-request-id"]
    assert problem["title"]
    assert problem["detail"].endswith(".")
    return problem


async def test_an_unknown_address_is_a_404_problem(client: httpx.AsyncClient) -> None:
    check_problem(await client.get("/api/nothing"), 404, "not_found")
    check_problem(await client.get("/api"), 404, "not_found")
    check_problem(await client.post("/api/nothing/here", json={}), 404, "not_found")


async def test_a_wrong_method_is_a_405_problem_that_names_the_right_one(
    client: httpx.AsyncClient,
) -> None:
    answer = await client.delete("/api/health")
    check_problem(answer, 405, "method_not_allowed")
    assert answer.headers["allow"] == "GET"


async def test_a_body_that_is_too_large_is_a_413_problem(
    client: httpx.AsyncClient,
) -> None:
    large = b'{"email": "' + b"x" * 70_000 + b'"}'
    headers = {"Content-Type": "application/json"}
    check_problem(
        await client.post("/api/auth/login", content=large, headers=headers),
        413,
        "too_large",
    )

    async def trickle() -> Any:
        for _ in range(80):
            yield b" " * 1000

    answer = await client.post("/api/auth/login", content=trickle(), headers=headers)
    check_problem(answer, 413, "too_large")


@pytest.mark.parametrize("media_type", ["text/plain", "application/x-www-form-urlencoded", "", "x"])
async def test_a_body_that_is_no_json_is_a_415_problem(
    client: httpx.AsyncClient, media_type: str
) -> None:
    answer = await client.post(
        "/api/auth/login", content=b"email=a", headers={"Content-Type": media_type}
    )
    check_problem(answer, 415, "unsupported_media_type")


async def test_invalid_input_is_a_422_that_points_at_the_field_and_never_repeats_it(
    client: httpx.AsyncClient,
) -> None:
    form = {
        "email": f"not-an-address-{SECRET}",
        "password": "short",
        "restaurant_name": " ",
        "timezone": f"Mars/{SECRET}",
        "currency": "???",
        "country": "Texas",
        f"extra-{SECRET}": SECRET,
    }
    answer = await client.post("/api/auth/register", json=form)
    problem = check_problem(answer, 422, "invalid_input")
    pointers = {each["pointer"]: each for each in problem["errors"]}
    assert {
        "/email",
        "/password",
        "/restaurant_name",
        "/timezone",
        "/currency",
        "/country",
    } <= set(pointers)
    assert pointers["/password"]["detail"] == "Use at least 10 characters."
    assert (
        pointers["/timezone"]["detail"] == "Use the name of a time zone such as America/New_York."
    )
    values = answer.text.replace(f"/extra-{SECRET}", "")
    assert SECRET not in values
    assert "short" not in [each["detail"] for each in problem["errors"]]


@pytest.mark.parametrize("body", [b"{", b"[]", b"null", b'"x"', b"\xff\xfe", b"{'a': 1}", b""])
async def test_a_body_of_another_shape_is_a_422_problem(
    client: httpx.AsyncClient, body: bytes
) -> None:
    answer = await client.post(
        "/api/auth/login", content=body, headers={"Content-Type": "application/json"}
    )
    check_problem(answer, 422, "invalid_input")


@pytest.mark.parametrize("bad", ["a\0b", "\ud800"])
async def test_nul_bytes_and_broken_unicode_in_any_string_are_a_422(owner: Owner, bad: str) -> None:
    register = {
        "email": "a@example.com",
        "password": "long enough password",
        "restaurant_name": "R",
        "timezone": "UTC",
        "currency": "USD",
        "country": "US",
    }
    login = {"email": "a@example.com", "password": "x"}
    announced = {"filename": "a.csv", "size_bytes": 1, "content_type": "text/csv"}
    for path, good in (
        ("/api/auth/register", register),
        ("/api/auth/login", login),
        ("/api/data/uploads", announced),
    ):
        for name in (name for name, value in good.items() if isinstance(value, str)):
            # Escaped by hand: a client's own encoder would refuse to send it.
            body = json.dumps(good | {name: f"x{bad}x"}).encode()
            answer = await owner.client.post(
                path, content=body, headers={"Content-Type": "application/json"}
            )
            check_problem(answer, 422, "invalid_input")


@pytest.mark.parametrize(
    "address",
    [
        "/api/data/uploads?cursor=a%00b",
        "/api/data/uploads/%00",
        "/api/nothing%00",
        "/api/x?%00=1",
    ],
)
async def test_nul_bytes_in_an_address_are_a_422(owner: Owner, address: str) -> None:
    check_problem(await owner.client.get(address), 422, "invalid_input")


async def test_an_error_nobody_foresaw_is_a_500_problem_without_its_message(
    settings: Settings,
) -> None:
    app = create_app(settings)

    @app.get("/api/broken")
    async def broken() -> None:
        raise RuntimeError(SECRET)

    async with app.router.lifespan_context(app), open_client(app) as client:
        answer = await client.get("/api/broken")
    check_problem(answer, 500, "internal_error")
    assert SECRET not in answer.text


async def test_without_a_database_the_answer_is_503_with_a_time_to_come_back(
    settings: Settings, redis_url: str
) -> None:
    away = make_settings("postgresql://flux_app:x@127.0.0.1:1/flux", redis_url, settings.data_dir)
    app = create_app(away)
    async with app.router.lifespan_context(app), open_client(app) as client:
        answer = await client.post("/api/auth/login", json={"email": "a@b.c", "password": "x"})
    check_problem(answer, 503, "database_unavailable")
    assert answer.headers["retry-after"] == "5"


async def test_a_query_the_database_refuses_is_our_fault_not_an_outage(
    settings: Settings,
) -> None:
    app = create_app(settings)

    @app.get("/api/bug")
    async def bug() -> None:
        class RefusalError(Exception):
            sqlstate = "42501"

        raise OperationalError("SELECT 1", {}, RefusalError())

    async with app.router.lifespan_context(app), open_client(app) as client:
        check_problem(await client.get("/api/bug"), 500, "internal_error")


async def test_a_request_id_is_kept_if_it_is_sane_and_made_otherwise(
    app: FastAPI,
) -> None:
    async with open_client(app) as client:
        kept = await client.get("/api/health/live", headers={"X-Request-ID": "trace-1234567"})
        assert kept.headers["x-request-id"] == "trace-1234567"
        for bad in ("short", "x" * 65, "a b c d e f g", "<script>alert(1)</script>"):
            made = await client.get("/api/health/live", headers={"X-Request-ID": bad})
            assert made.headers["x-request-id"] not in {bad, ""}


async def test_every_documented_problem_has_the_contracts_shape(
    client: httpx.AsyncClient,
) -> None:
    document = (await client.get("/api/openapi.json")).json()
    assert "HTTPValidationError" not in document["components"]["schemas"]
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            for status, response in operation["responses"].items():
                if status[0] in "45" and not (path == "/api/health" and status == "503"):
                    assert list(response["content"]) == ["application/problem+json"], (
                        path,
                        method,
                    )


async def test_answers_carry_the_security_headers(client: httpx.AsyncClient) -> None:
    answer = await client.get(f"{ORIGIN}/api/health/live")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["x-frame-options"] == "DENY"
    assert answer.headers["referrer-policy"] == "same-origin"


@pytest.mark.parametrize("depth", [50, 500, 900, 5_000, 20_000])
async def test_a_body_nested_too_deep_is_refused_not_an_error_of_ours(
    client: httpx.AsyncClient, depth: int
) -> None:
    body = b'{"email":' + b"[" * depth + b"]" * depth + b',"password":"x"}'
    answer = await client.post(
        "/api/auth/login", content=body, headers={"Content-Type": "application/json"}
    )
    assert answer.status_code in {400, 422}, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
