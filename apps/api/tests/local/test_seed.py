"""The demo data: two restaurants, every role, every status, believable sales, and only once."""

from datetime import date, timedelta
from pathlib import Path
from typing import LiteralString
from uuid import UUID

import psycopg
import pytest

from flux.local.seed import (
    DEMO_EMAIL,
    DEMO_PASSWORD,
    PIZZERIA,
    TABERNA,
    DemoRestaurant,
    SeedRefusedError,
    generate_tavern_sales,
    seed_demo,
)
from flux.main import create_app
from flux.settings import Settings
from flux.uploads.models import UploadStatus
from owner import PASSWORD, enter, open_client
from servers import make_settings


@pytest.fixture(scope="module")
def seeded(app_url: str, redis_url: str, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    settings = make_settings(app_url, redis_url, tmp_path_factory.mktemp("seeded"))
    login = seed_demo(settings, say=lambda _: None)
    assert login == f"{DEMO_EMAIL} / {DEMO_PASSWORD}"
    return settings


def ask(
    settings: Settings, demo: DemoRestaurant, statement: LiteralString
) -> list[tuple[object, ...]]:
    with psycopg.connect(str(settings.database_url)) as connection:
        enter(connection, demo.id)
        return connection.execute(statement).fetchall()


def snapshot(settings: Settings) -> list[list[tuple[object, ...]]]:
    return [
        ask(
            settings,
            demo,
            f"SELECT md5(coalesce(string_agg(t::text, ',' ORDER BY t::text), '')) FROM {table} t",
        )
        for demo in (PIZZERIA, TABERNA)
        for table in (
            "restaurants",
            "memberships",
            "data_uploads",
            "rejected_rows",
            "transactions",
            "transaction_items",
        )
    ]


def test_two_restaurants_in_two_countries_zones_and_currencies(seeded: Settings) -> None:
    for column in ("country", "timezone", "currency"):
        values = {
            ask(seeded, demo, f"SELECT {column} FROM restaurants")[0]
            for demo in (PIZZERIA, TABERNA)
        }
        assert len(values) == 2, column


def test_every_role_and_every_status_is_there(seeded: Settings) -> None:
    roles = ask(seeded, PIZZERIA, "SELECT role FROM memberships ORDER BY role")
    assert roles == [("manager",), ("owner",), ("viewer",)]
    for demo in (PIZZERIA, TABERNA):
        statuses = {row[0] for row in ask(seeded, demo, "SELECT status FROM data_uploads")}
        assert statuses == {str(status) for status in UploadStatus}


def test_the_pizzerias_year_is_whole_and_ends_within_a_week_of_today(seeded: Settings) -> None:
    orders, minor, first, last = ask(
        seeded,
        PIZZERIA,
        "SELECT count(*), sum(net_minor)::bigint, min(business_date), max(business_date) FROM transactions",
    )[0]
    assert (orders, minor) == (21_350, 81_786_005)
    assert isinstance(first, date)
    assert isinstance(last, date)
    assert last - first == date(2015, 12, 31) - date(2015, 1, 1)
    assert timedelta(0) < date.today() - last <= timedelta(days=9)  # noqa: DTZ011
    weekdays = ask(
        seeded,
        PIZZERIA,
        "SELECT DISTINCT extract(isodow FROM min(business_date))::int FROM transactions",
    )
    assert weekdays == [(date(2015, 1, 1).isoweekday(),)], "moved by whole weeks"


def test_the_taverns_year_is_believable(seeded: Settings) -> None:
    orders, days, open_mondays = ask(
        seeded,
        TABERNA,
        "SELECT count(*), count(DISTINCT business_date),"
        " count(*) FILTER (WHERE extract(isodow FROM business_date) = 1) FROM transactions",
    )[0]
    assert isinstance(orders, int)
    assert isinstance(days, int)
    assert 10 < orders / days < 60
    assert days > 300
    assert open_mondays == 0, "closed on Mondays"


def test_the_same_day_gives_the_same_sales() -> None:
    day = date(2026, 5, 1)
    assert generate_tavern_sales(day) == generate_tavern_sales(day)


def test_seeding_again_changes_nothing(seeded: Settings) -> None:
    before = snapshot(seeded)
    seed_demo(seeded, say=lambda _: None)
    assert snapshot(seeded) == before


def test_production_is_refused(app_url: str, redis_url: str, tmp_path: Path) -> None:
    for env in ("staging", "production"):
        settings = make_settings(
            app_url,
            redis_url,
            tmp_path,
            env=env,
            public_url="https://app.flux.test",
            mail_from="f@flux.test",
            store_bucket="flux-app-data",
            proxy_depth=0,
        )
        with pytest.raises(SeedRefusedError, match="development only"):
            seed_demo(settings, say=lambda _: None)


def test_a_database_on_another_machine_is_refused(redis_url: str, tmp_path: Path) -> None:
    settings = make_settings("postgresql://flux_app:x@db.flux.test/flux", redis_url, tmp_path)
    with pytest.raises(SeedRefusedError, match="another machine"):
        seed_demo(settings, say=lambda _: None)


async def test_the_printed_login_works_and_sees_one_restaurant(seeded: Settings) -> None:
    app = create_app(seeded)
    async with app.router.lifespan_context(app), open_client(app) as client:
        refused = await client.post(
            "/api/auth/login", json={"email": DEMO_EMAIL, "password": PASSWORD}
        )
        assert refused.status_code == 401
        answer = await client.post(
            "/api/auth/login", json={"email": DEMO_EMAIL, "password": DEMO_PASSWORD}
        )
        assert answer.status_code == 200
        me = (await client.get("/api/auth/me")).json()
        assert [UUID(each["id"]) for each in me["restaurants"]] == [PIZZERIA.id]
        latest = (await client.get("/api/data/uploads", params={"limit": "1"})).json()["items"][0]
        assert latest["status"] == "completed"
