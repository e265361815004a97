"""Logs have the request's id in every line, and no secret and nothing of a person."""

import json
import logging
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI

from bucket import forget_this_machine
from flux.core.logging import configure_logging, get_logger
from flux.main import create_app
from owner import PASSWORD, open_client, register
from servers import make_settings

PUBLIC_URL = "https://app.flux.test"


@pytest.fixture
def production(
    app_url: str, redis_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> FastAPI:
    forget_this_machine(monkeypatch, tmp_path)
    settings = make_settings(
        app_url,
        redis_url,
        tmp_path,
        env="production",
        public_url=PUBLIC_URL,
        mail_from="Flux <mail@flux.test>",
        proxy_depth=0,
        store_bucket="flux-app-data",
        confirm_email=False,
        log_level="DEBUG",
    )
    return create_app(settings)


def read_lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    """The lines Flux logged; the test's own client (httpx) logs in the same process."""
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    return [line for line in lines if line["logger"] != "httpx"]


async def test_outside_development_every_line_is_json_with_the_request_id(
    production: FastAPI, capsys: pytest.CaptureFixture[str]
) -> None:
    async with production.router.lifespan_context(production), open_client(production) as client:
        await client.get("/api/data/uploads/0?x=1", headers={"X-Request-ID": "trace-of-a-test"})
    requests = [line for line in read_lines(capsys) if line["event"] == "request"]
    assert len(requests) == 1
    line = requests[0]
    assert line["request_id"] == "trace-of-a-test"
    assert line["route"] == "/api/data/uploads/{upload_id}"
    assert (line["method"], line["status"]) == ("GET", 401)


async def test_a_whole_session_leaves_no_secret_and_nothing_of_a_person_in_the_log(
    production: FastAPI, capsys: pytest.CaptureFixture[str]
) -> None:
    async with production.router.lifespan_context(production):
        owner = await register(production, email="Maria.Private@example.com")
        cookies = [cookie.value or "" for cookie in owner.client.cookies.jar]
        await owner.client.post(
            "/api/auth/login",
            json={"email": owner.email, "password": "a wrong password"},
        )
        await owner.client.post("/api/auth/register", json={"email": owner.email, "password": "x"})
        ticket = await owner.announce(b"x", "Maria Private sales.csv")
        await owner.client.get("/api/auth/me", headers={"Authorization": "Bearer secret-bearer"})

        @production.get("/api/broken")
        async def broken() -> None:
            raise RuntimeError(f"{owner.email} {PASSWORD}")

        await owner.client.get("/api/broken")
        await owner.client.aclose()
    logged = json.dumps(read_lines(capsys))
    assert '"request_failed"' in logged
    assert '"RuntimeError"' in logged
    for private in [
        "maria",
        PASSWORD,
        "a wrong password",
        "secret-bearer",
        ticket["put_url"].rsplit("Signature=", 1)[1],
        production.state.settings.store_secret.get_secret_value(),
        *cookies,
    ]:
        assert private.lower() not in logged.lower(), private


def test_names_of_secrets_are_blanked_wherever_they_stand(
    capsys: pytest.CaptureFixture[str],
) -> None:
    configure_logging(as_json=True)
    get_logger("t").info(
        "e", password="p1", nested={"Authorization": "p2", "deep": [{"email": "p3"}]}
    )
    line = read_lines(capsys)[0]
    assert line["password"] == "[hidden]"
    assert line["nested"] == {
        "Authorization": "[hidden]",
        "deep": [{"email": "[hidden]"}],
    }


@pytest.mark.parametrize("as_json", [True, False])
def test_an_exception_is_logged_by_type_and_place_without_its_message(
    capsys: pytest.CaptureFixture[str], as_json: bool
) -> None:
    configure_logging(as_json=as_json)
    try:
        raise ValueError("4111 1111 1111 1111")
    except ValueError:
        get_logger("t").exception("failed")
        logging.getLogger("other").exception("also failed")
    logged = capsys.readouterr().err
    assert len(logged.splitlines()) == 2, "one line each, and no complaint of the logging itself"
    for line in logged.splitlines():
        assert "ValueError" in line
        assert __file__ in line
        assert "4111" not in line
