"""The `flux` command: what a developer or an operator does by hand."""

import asyncio
import gc
from datetime import time
from pathlib import Path
from typing import Annotated, NoReturn
from zoneinfo import ZoneInfo

import typer
from psycopg import OperationalError
from pydantic import ValidationError
from pydantic_settings import SettingsError

from flux.settings import Settings, get_settings, require

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    help=__doc__,
    pretty_exceptions_enable=False,
)


@app.command()
def up(
    dev: Annotated[
        bool, typer.Option("--dev", help="Reload both apps when their files change.")
    ] = False,
) -> None:
    """Start Flux on this machine: database, Redis, API, web and worker on one origin."""
    from flux.local.processes import LocalError
    from flux.local.up import run_up

    try:
        raise typer.Exit(run_up(_settings(), dev=dev))
    except (LocalError, ValueError) as error:
        _fail(str(error))
    except OperationalError as error:
        _fail(f"The database of the DATABASE_ addresses does not answer: {error}".strip())


@app.command()
def serve() -> None:
    """Start the API alone, on FLUX_HOST and FLUX_PORT."""
    import uvicorn

    from flux.main import create_app

    settings = _settings()
    app = create_app(settings)
    # What is there now stays to the end; the collector need not walk over it while people wait.
    gc.collect()
    gc.freeze()
    uvicorn.run(
        app, host=settings.host, port=settings.port, log_config=None, access_log=False,
        server_header=False, date_header=False, timeout_graceful_shutdown=5, proxy_headers=False,
    )  # fmt: skip


@app.command()
def worker() -> None:
    """Process uploads as their files come."""
    from flux.local.worker import run_worker

    run_worker(_settings())


@app.command()
def migrate() -> None:
    """Bring the schema up to date, as flux_owner (DATABASE_OWNER_URL)."""
    from flux.core.migrate import upgrade_schema

    upgrade_schema(require(_settings().database_owner_url, "DATABASE_OWNER_URL"))


@app.command()
def roles() -> None:
    """Make the database and its two roles, as an administrator (DATABASE_ADMIN_URL)."""
    from flux.core.roles import create_roles_for

    create_roles_for(_settings())


@app.command()
def seed() -> None:
    """Fill a development database with two demo restaurants."""
    from flux.local.seed import SeedRefusedError, seed_demo

    try:
        login = seed_demo(_settings(), say=print)
    except SeedRefusedError as error:
        _fail(str(error))
    print(f"Demo login: {login}")


@app.command()
def logout(
    email: Annotated[str, typer.Argument(help="Whose sessions to end.")] = "",
    everyone: Annotated[bool, typer.Option("--everyone", help="End all sessions.")] = False,
) -> None:
    """End every session of one person, or of everyone (as flux_owner, DATABASE_OWNER_URL)."""
    from flux.auth.operator import log_out_everyone, log_out_person
    from flux.auth.schemas import normalise_email

    if everyone == bool(email):
        _fail("Say whose sessions to end: an e-mail address, or --everyone.")
    if everyone:
        log_out_everyone(require(_settings().database_owner_url, "DATABASE_OWNER_URL"))
        print("Everyone is logged out. Access tokens that are out live up to 15 minutes more;")
        print("to end those too, replace the keys in FLUX_JWT_KEYS and start the API again.")
        return
    ended = asyncio.run(log_out_person(_settings(), normalise_email(email)))
    if ended is None:
        _fail("Nobody has an account with this address.")
    number, is_felt_at_once = ended
    print(f"Sessions ended: {number}.")
    if not is_felt_at_once:
        print("Redis does not answer: access tokens that are out live up to 15 minutes more.")


@app.command()
def inspect(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, readable=True)],
    timezone: Annotated[str, typer.Option(help="The restaurant's IANA time zone.")] = "UTC",
    country: Annotated[str, typer.Option(help="The restaurant's ISO 3166 country.")] = "US",
    currency: Annotated[str, typer.Option(help="The restaurant's ISO 4217 currency.")] = "USD",
) -> None:
    """Print every conclusion Flux draws from a file, and why, without storing anything."""
    from flux.ingestion.inspect import inspect_file
    from flux.ingestion.restaurant import Restaurant

    raise typer.Exit(
        inspect_file(file, Restaurant(ZoneInfo(timezone), country, currency, time(4)), say=print)
    )


def _settings() -> Settings:
    try:
        return get_settings()
    except ValidationError as error:
        for each in error.errors():
            name = str(each["loc"][0]) if each["loc"] else ""
            named = name.upper() if name.isupper() or not name else f"FLUX_{name.upper()}"
            message = each["msg"].removeprefix("Value error, ")
            typer.echo(f"flux: {named}{': ' if named else ''}{message}", err=True)
        raise typer.Exit(2) from error
    except SettingsError as error:
        # Its message names the field; the value, which may be a secret, is only in its cause.
        typer.echo(f"flux: {error}. FLUX_JWT_KEYS must be JSON: see .env.example.", err=True)
        raise typer.Exit(2) from error


def _fail(sentence: str) -> NoReturn:
    typer.echo(f"flux: {sentence}", err=True)
    raise typer.Exit(1)
