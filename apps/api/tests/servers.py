"""The real servers that a test run uses, and how to reach them."""

import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from flux.core.migrate import upgrade_schema
from flux.core.roles import create_roles
from flux.local.postgres import EmbeddedPostgres
from flux.local.valkey import EmbeddedValkey
from flux.settings import Settings

SERVERS: dict[str, str] = {}
_running: list[EmbeddedPostgres | EmbeddedValkey] = []


def start_servers(folder: Path) -> None:
    """Start PostgreSQL and Valkey, unless addresses are given, and migrate a template database."""
    admin_url, redis_url = os.environ.get("DATABASE_ADMIN_URL"), os.environ.get("REDIS_URL")
    if admin_url is None:
        postgres = start_postgres(folder / "postgres")
        _running.append(postgres)
        admin_url = postgres.url()
    if redis_url is None:
        valkey = EmbeddedValkey(folder / "valkey", log_file=folder / "valkey.log")
        _running.append(valkey)
        valkey.start()
        redis_url = valkey.url
    SERVERS.update(
        admin=admin_url,
        redis=redis_url,
        # A release's tests are also run on a schema that is newer than they are: `make compatible`.
        template=os.environ.get("FLUX_TEST_TEMPLATE") or f"flux_template_{secrets.token_hex(4)}",
        owner_password=secrets.token_hex(16),
        app_password=secrets.token_hex(16),
    )
    create_database(SERVERS["template"])
    if "FLUX_TEST_TEMPLATE" not in os.environ:
        upgrade_schema(database_url("flux_owner", SERVERS["template"]))


def start_postgres(folder: Path, *, fsync: bool = False) -> EmbeddedPostgres:
    """A server of its own, for a test that stops it or needs no other's databases."""
    postgres = EmbeddedPostgres(
        folder,
        admin_password=secrets.token_hex(16),
        log_file=folder.with_suffix(".log"),
        fsync=fsync,
    )
    postgres.start()
    return postgres


def stop_servers() -> None:
    while _running:
        _running.pop().stop()


def create_database(name: str) -> None:
    """An empty database with the two roles, as an administrator would make it."""
    create_roles(
        SERVERS["admin"],
        database=name,
        owner_password=SERVERS["owner_password"],
        app_password=SERVERS["app_password"],
    )


def database_url(role: str, database: str) -> str:
    """The address of a database for `flux_owner`, `flux_app` or `admin`."""
    admin = urlsplit(SERVERS["admin"])
    if role == "admin":
        return urlunsplit(admin._replace(path=f"/{database}"))
    password = SERVERS["owner_password" if role == "flux_owner" else "app_password"]
    return urlunsplit(
        admin._replace(
            netloc=f"{role}:{password}@{admin.hostname}:{admin.port}",
            path=f"/{database}",
        )
    )


def make_settings(app_url: str, redis_url: str, data_dir: Path, **changes: Any) -> Settings:
    values: dict[str, Any] = {
        "DATABASE_URL": app_url,
        "REDIS_URL": redis_url,
        "jwt_keys": {"test": secrets.token_hex(32)},
        "store_secret": secrets.token_hex(32),
        "data_dir": data_dir,
        "web_dir": data_dir / "web",
        "log_level": "CRITICAL",
    }
    return Settings(_env_file=None, **(values | changes))
