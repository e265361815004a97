"""The Lambdas in processes of their own, which know only what AWS would tell them."""

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg
import pytest

from flux import __version__
from flux.settings import DatabaseSettings
from lambdas.cloud import ORIGIN, Cloud
from lambdas.instance import Browser, FailedError
from lambdas.journey import migrate_twice, travel
from servers import database_url


def test_from_an_empty_database_to_figures_by_the_lambdas_alone(cloud: Cloud) -> None:
    travel(cloud)


def test_migrating_leaves_the_roles_alone_without_the_administrators_address(
    cloud: Cloud,
) -> None:
    migrate_twice(cloud)
    nothing: dict[str, Any] = {"DATABASE_ADMIN_URL": "", "DATABASE_ADMIN_URL_SECRET_ARN": ""}
    with cloud.start("migrate", **nothing) as migrate:
        assert migrate.call({})["roles"] == "left alone"


def test_migrating_mends_policies_and_fails_on_what_nobody_guards(
    cloud: Cloud, empty_database: str
) -> None:
    migrate_twice(cloud)
    with psycopg.connect(database_url("flux_owner", empty_database)) as owner:
        owner.execute("DROP POLICY own_rows ON users")
    with cloud.start("migrate") as migrate:
        assert migrate.call({})["policies_mended"] == 1
        with psycopg.connect(database_url("flux_owner", empty_database)) as owner:
            owner.execute("CREATE VIEW everybody AS SELECT * FROM users")
        with pytest.raises(FailedError, match="UnguardedError: 1 ways"):
            migrate.call({})


def test_code_that_is_gone_back_to_leaves_the_schema_of_a_later_release_alone(
    cloud: Cloud, empty_database: str
) -> None:
    migrate_twice(cloud)
    with psycopg.connect(database_url("flux_owner", empty_database)) as owner:
        # What a later release may bring: a migration, and a table that this one knows no policy for.
        owner.execute("UPDATE alembic_version SET version_num = 'later'")
        owner.execute("CREATE TABLE later (restaurant_id uuid)")
    with cloud.start("migrate") as migrate:
        did = migrate.call({})
    assert (did["revision_before"], did["revision"]) == ("later", "later")
    assert (did["version"], did["policies_mended"]) == (__version__, 0)
    assert did["schema"] == "left alone, as it is of later code"


def test_two_migrations_at_once_do_the_work_once(cloud: Cloud) -> None:
    with (
        cloud.start("migrate") as one,
        cloud.start("migrate") as other,
        ThreadPoolExecutor() as both,
    ):
        answers = list(both.map(lambda each: each.call({}), (one, other)))
    assert [each["revision_before"] for each in answers].count(None) == 1


def test_the_api_answers_a_broken_request_with_a_problem(cloud: Cloud) -> None:
    migrate_twice(cloud)
    with cloud.start("api") as api:
        browser = Browser(api, ORIGIN)
        status, problem = browser.request("POST", "/api/auth/login", {"email": 7})
        assert (status, problem["code"]) == (422, "invalid_input")
        assert browser.request("GET", "/api/nothing")[1]["status"] == 404


def test_a_secret_that_is_none_is_refused_by_name_without_its_words(cloud: Cloud) -> None:
    broken = cloud.keep("sesame")
    with (
        cloud.start("ingest", DATABASE_URL_SECRET_ARN=broken) as ingest,
        pytest.raises(FailedError) as refused,
    ):
        ingest.call({"Records": []})
    assert "DATABASE_URL_SECRET_ARN: the secret is not JSON" in str(refused.value)
    assert "sesame" not in str(refused.value)


def test_a_password_may_hold_any_character(cloud: Cloud) -> None:
    password = "p@ss/w:rd%20?#"
    arn = cloud.keep(json.dumps({"username": "flux_app", "password": password}))
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("AWS_ENDPOINT_URL", cloud.bucket.endpoint)
        settings = DatabaseSettings(
            _env_file=None,
            DATABASE_URL="postgresql://db.test:5433/flux?sslmode=require",
            DATABASE_URL_SECRET_ARN=arn,
        )
    assert settings.database_url is not None
    (host,) = settings.database_url.hosts()
    assert (host["username"], host["host"], host["port"]) == ("flux_app", "db.test", 5433)
    assert psycopg.conninfo.conninfo_to_dict(str(settings.database_url)) == {
        "user": "flux_app",
        "password": password,
        "host": "db.test",
        "port": "5433",
        "dbname": "flux",
        "sslmode": "require",
    }
