"""Here the store is a bucket, also for the API, and the Lambdas find it and the database as on AWS."""

from collections.abc import Iterator

import pytest

from bucket import Bucket
from flux.lambdas.workplace import open_workplace
from flux.settings import Settings


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
