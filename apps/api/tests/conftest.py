"""Real servers for the tests: one PostgreSQL and one Valkey a run, one database a worker.

Tests commit like the application does. They do not see each other because each registers its own
restaurant, and row-level security keeps restaurants apart.

With DATABASE_ADMIN_URL and REDIS_URL set, the servers of these addresses are used instead.
"""

import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
from fastapi import FastAPI
from psycopg import sql

from bucket import Bucket, forget_this_machine, start_aws
from flux.main import create_app
from flux.settings import Settings
from owner import Owner, open_client, register
from servers import SERVERS, database_url, make_settings, start_servers, stop_servers


def pytest_configure(config: pytest.Config) -> None:
    """Start the servers in the process that hands out the tests, so that workers share them."""
    if hasattr(config, "workerinput"):
        SERVERS.update(config.workerinput["servers"])
        return
    folder = Path(tempfile.mkdtemp(prefix="flux-tests-"))
    folder.chmod(0o755)
    config.add_cleanup(lambda: shutil.rmtree(folder, ignore_errors=True))
    config.add_cleanup(stop_servers)
    start_servers(folder)


class ShareServers:
    """Tells pytest-xdist's workers where the servers are (the hook exists only with xdist)."""

    @staticmethod
    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(node: Any) -> None:
        node.workerinput["servers"] = SERVERS


def pytest_plugin_registered(plugin: object, manager: pytest.PytestPluginManager) -> None:
    if not manager.has_plugin("share-servers"):
        manager.register(ShareServers(), "share-servers")


@pytest.fixture(scope="session")
def database(worker_id: str) -> Iterator[str]:
    """The name of a migrated database that only this worker uses."""
    name = f"{SERVERS['template']}_{worker_id}"
    with psycopg.connect(SERVERS["admin"], autocommit=True) as admin:
        admin.execute(
            sql.SQL("CREATE DATABASE {} OWNER flux_owner TEMPLATE {}").format(
                sql.Identifier(name), sql.Identifier(SERVERS["template"])
            )
        )
        admin.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(sql.Identifier(name)))
        admin.execute(
            sql.SQL("GRANT CONNECT, TEMPORARY ON DATABASE {} TO flux_app").format(
                sql.Identifier(name)
            )
        )
    yield name
    with psycopg.connect(SERVERS["admin"], autocommit=True) as admin:
        admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture(scope="session")
def app_url(database: str) -> str:
    """The address as flux_app: what the API and the worker use."""
    return database_url("flux_app", database)


@pytest.fixture(scope="session")
def owner_url(database: str) -> str:
    return database_url("flux_owner", database)


@pytest.fixture(scope="session")
def redis_url() -> str:
    return SERVERS["redis"]


@pytest.fixture
def settings(app_url: str, redis_url: str, tmp_path: Path) -> Settings:
    """Development settings that depend on no variable of the machine the tests run on."""
    return make_settings(app_url, redis_url, tmp_path)


@pytest.fixture
async def app(settings: Settings) -> AsyncIterator[FastAPI]:
    """The real application, connected."""
    made = create_app(settings)
    async with made.router.lifespan_context(made):
        yield made


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """A browser-like client: keeps cookies and sends our own origin."""
    async with open_client(app) as opened:
        yield opened


@pytest.fixture
async def owner(app: FastAPI) -> AsyncIterator[Owner]:
    registered = await register(app)
    yield registered
    await registered.client.aclose()


@pytest.fixture
async def stranger(app: FastAPI) -> AsyncIterator[Owner]:
    """The owner of another restaurant."""
    registered = await register(app, timezone="Europe/Madrid", currency="EUR", country="ES")
    yield registered
    await registered.client.aclose()


@pytest.fixture(scope="session")
def aws_url() -> Iterator[str]:
    with start_aws() as url:
        yield url


@pytest.fixture
def bucket(aws_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Bucket]:
    """An empty bucket, and the credentials for it; none of this machine's."""
    forget_this_machine(monkeypatch, tmp_path)
    made = Bucket(aws_url)
    yield made
    made.close()


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"
