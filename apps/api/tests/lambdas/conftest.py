"""Here the store is a bucket, also for the API, and the Lambdas find it and the database as on AWS."""

import secrets
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from bucket import Bucket
from flux.lambdas.workplace import open_workplace
from flux.settings import Settings
from lambdas.cloud import Cloud
from servers import SERVERS


@pytest.fixture
def settings(settings: Settings, bucket: Bucket, monkeypatch: pytest.MonkeyPatch) -> Settings:
    for name, value in {
        "FLUX_ENV": "development",
        "FLUX_LOG_LEVEL": "INFO",
        "FLUX_STORE_BUCKET": bucket.name,
        "FLUX_STORE_ENDPOINT": bucket.endpoint,
        "DATABASE_URL": str(settings.database_url),
    }.items():
        monkeypatch.setenv(name, value)
    changes = {"store_bucket": bucket.name, "store_endpoint": bucket.endpoint}
    return settings.model_copy(update=changes)


@pytest.fixture(autouse=True)
def _a_new_instance(settings: Settings) -> Iterator[None]:
    open_workplace.cache_clear()
    yield
    open_workplace.cache_clear()


@pytest.fixture
def empty_database() -> Iterator[str]:
    """The name of a database that is not there yet, but will be gone afterwards."""
    name = f"flux_lambdas_{secrets.token_hex(4)}"
    yield name
    with psycopg.connect(SERVERS["admin"], autocommit=True) as admin:
        drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
        admin.execute(drop.format(sql.Identifier(name)))


@pytest.fixture
def cloud(bucket: Bucket, empty_database: str, redis_url: str, tmp_path: Path) -> Iterator[Cloud]:
    made = Cloud(bucket, empty_database, redis_url, tmp_path)
    yield made
    made.close()
