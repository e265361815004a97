"""What an operator may do to sessions from the command line."""

import pytest
from anyio import to_thread
from fastapi import FastAPI
from typer.testing import CliRunner, Result

from flux import cli
from owner import Owner, register
from servers import database_url


@pytest.fixture
def operator(owner: Owner, monkeypatch: pytest.MonkeyPatch, owner_url: str) -> None:
    """The command line with the settings of the application under test."""
    settings = owner.app.state.settings.model_copy(update={"database_owner_url": owner_url})
    monkeypatch.setattr(cli, "get_settings", lambda: settings)


async def run(*arguments: str) -> Result:
    return await to_thread.run_sync(lambda: CliRunner().invoke(cli.app, ["logout", *arguments]))


@pytest.mark.usefixtures("operator")
async def test_an_operator_logs_one_person_out_at_once_on_every_device(
    owner: Owner, stranger: Owner
) -> None:
    done = await run(owner.email.upper())
    assert (done.exit_code, done.stdout.strip()) == (0, "Sessions ended: 1.")
    for path in ("/api/auth/me", "/api/data/uploads"):
        assert (await owner.client.get(path)).status_code == 401
    assert (await owner.client.post("/api/auth/refresh")).status_code == 401
    assert (await stranger.client.get("/api/auth/me")).status_code == 200


@pytest.mark.usefixtures("operator")
async def test_an_operator_is_told_what_to_say() -> None:
    for arguments in ((), ("a@example.com", "--everyone")):
        refused = await run(*arguments)
        assert refused.exit_code == 1
        assert "an e-mail address, or --everyone" in refused.stderr
    unknown = await run("nobody@example.com")
    assert (unknown.exit_code, "Nobody has an account" in unknown.stderr) == (1, True)


async def test_an_operator_logs_everyone_out(
    app: FastAPI, monkeypatch: pytest.MonkeyPatch, database: str
) -> None:
    people = [await register(app) for _ in range(2)]
    settings = app.state.settings.model_copy(
        update={"database_owner_url": database_url("flux_owner", database)}
    )
    monkeypatch.setattr(cli, "get_settings", lambda: settings)
    assert (await run("--everyone")).exit_code == 0
    for person in people:
        assert (await person.client.get("/api/auth/me")).status_code == 401
        assert (await person.client.post("/api/auth/refresh")).status_code == 401
        await person.client.aclose()
