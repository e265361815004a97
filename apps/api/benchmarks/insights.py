"""What the dashboard's questions cost, beside the same asked of the raw items: `make bench`.

`BENCH_ITEMS` items (5,000,000 unless said otherwise) in three years of one restaurant, among 200. Each
question is asked as the API does, as `flux_app` under row-level security, of periods from a week to a year
that end on days by chance.
"""

import asyncio
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import date, timedelta
from datetime import time as time_of_day
from pathlib import Path
from typing import Any, LiteralString
from uuid import UUID
from zoneinfo import ZoneInfo

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

import psycopg
from psycopg import ClientCursor
from sqlalchemy import text

from accounts import promise
from flux.core.db import Database
from flux.core.ids import new_id
from flux.core.tenancy import enter
from flux.ingestion import restaurant as ingestion
from flux.ingestion.rollups import roll_up
from flux.insights import rows, service
from flux.insights.period import Period
from flux.insights.schemas import Ranking
from flux.restaurants.models import Restaurant, Role
from flux.restaurants.service import Tenant
from flux.settings import sqlalchemy_url
from servers import SERVERS, database_url, start_servers, stop_servers

ITEMS = int(os.environ.get("BENCH_ITEMS", "5000000"))
OTHERS, ITEMS_OF_OTHER = 199, 6_000
LINES_OF_ORDER, DAYS = 3, 1_096
FIRST = date(2023, 1, 1)
LENGTHS = (7, 28, 90, 365)
ROUNDS = 12
ZONE = "America/New_York"
MOST_MS = 50

Question = Callable[[Tenant, Period], Awaitable[Any]]
QUESTIONS: dict[str, tuple[Question, LiteralString]] = {
    "sales": (
        service.compare_sales,
        "SELECT count(DISTINCT transaction_id), sum(net_minor) FROM sold",
    ),
    "days": (
        service.list_days,
        "SELECT business_date, count(DISTINCT transaction_id), sum(net_minor) FROM sold GROUP BY 1",
    ),
    "hours": (
        service.list_hours,
        "SELECT extract(isodow FROM business_date), extract(hour FROM occurred_at AT TIME ZONE 'America/New_York'),"
        " count(DISTINCT transaction_id), sum(net_minor) FROM sold GROUP BY 1, 2",
    ),
    "items": (
        lambda tenant, period: service.rank_items(tenant, period, Ranking.REVENUE, limit=10),
        "SELECT lower(item_name), min(item_name), sum(quantity), count(*), sum(net_minor) FROM sold"
        " GROUP BY 1 ORDER BY 5 DESC LIMIT 10",
    ),
    "categories": (
        service.list_categories,
        "SELECT coalesce(lower(category), ''), min(category), sum(quantity), count(*), sum(net_minor) FROM sold GROUP BY 1",
    ),
    "orders of an hour": (
        lambda tenant, period: rows.list_orders(
            tenant, rows.OrdersWanted(period, 5, 12), limit=20, cursor=None
        ),
        "SELECT business_date, transaction_id, min(occurred_at), sum(net_minor) FROM sold"
        " WHERE extract(isodow FROM business_date) = 5"
        " AND extract(hour FROM occurred_at AT TIME ZONE 'America/New_York') = 12"
        " GROUP BY 1, 2 ORDER BY 1 DESC, 3 DESC LIMIT 20",
    ),
    "lines of an item": (
        lambda tenant, period: rows.list_lines(
            tenant, rows.LinesWanted(period, item="dish 7"), limit=20, cursor=None
        ),
        "SELECT * FROM sold WHERE lower(item_name) = 'dish 7' ORDER BY business_date DESC, occurred_at DESC LIMIT 20",
    ),
}
# Read from the raw items in either case, ours with the file that each came from: told beside them, not held against them.
TOLD_ONLY = "lines of an item"
SOLD: LiteralString = (
    "WITH sold AS (SELECT * FROM transaction_items WHERE restaurant_id = :restaurant"
    " AND business_date BETWEEN :first AND :last AND kind IN ('sale', 'refund')) "
)


def main() -> None:
    """Print each promise with what was measured; end with 1 if one is not kept."""
    with tempfile.TemporaryDirectory(prefix="flux-bench-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        start_servers(folder)
        try:
            restaurant = fill()
            kept = asyncio.run(measure(restaurant))
        finally:
            stop_servers()
    sys.exit(0 if all(kept) else 1)


def fill() -> Restaurant:
    """The items and orders of all restaurants, rolled up; the one with most, whose items are not all together."""
    started = time.perf_counter()
    ids = [new_id() for _ in range(OTHERS + 1)]
    sizes = [(each, ITEMS_OF_OTHER) for each in ids]
    sizes[OTHERS // 2] = (ids[OTHERS // 2], ITEMS)
    with psycopg.connect(database_url("admin", SERVERS["template"]), autocommit=True) as admin:
        for restaurant_id, items in sizes:
            values = {
                "restaurant": restaurant_id,
                "upload": new_id(),
                "orders": items // LINES_OF_ORDER,
                "days": DAYS,
                "first": FIRST,
                "zone": ZONE,
            }
            for statement in _FILL:
                admin.execute(statement, values)
        admin.execute("ANALYZE transactions, transaction_items")
        print(f"  {time.perf_counter() - started:8.2f} s to make the items")
        for restaurant_id, _ in sizes:
            roll_up_all(restaurant_id, is_large=restaurant_id == ids[OTHERS // 2])
        admin.execute("VACUUM ANALYZE")
    return Restaurant(
        id=ids[OTHERS // 2], name="Bench", timezone=ZONE, currency="USD", country="US",
        day_starts_at=time_of_day(4),
    )  # fmt: skip


def roll_up_all(restaurant_id: UUID, *, is_large: bool) -> None:
    """As ingestion does at the end of a file: of the large one in pieces, which is how files come."""
    known = ingestion.Restaurant(ZoneInfo(ZONE), "US", "USD", time_of_day(4))
    days = [FIRST + timedelta(days=each) for each in range(DAYS)]
    pieces = 5 if is_large else 1
    seconds = []
    with psycopg.connect(database_url("flux_app", SERVERS["template"])) as connection:
        for number in range(pieces):
            with connection.transaction():
                enter(connection, restaurant_id=restaurant_id)
                started = time.perf_counter()
                roll_up(
                    ClientCursor(connection),
                    restaurant_id,
                    days[number * DAYS // pieces : (number + 1) * DAYS // pieces],
                    known,
                )
                seconds.append(time.perf_counter() - started)
    if is_large:
        million = statistics.median(seconds) * pieces / ITEMS * 1_000_000
        print(f"  {million:8.2f} s to roll up a million lines\n")


async def measure(restaurant: Restaurant) -> list[bool]:
    chance = random.Random(7)  # noqa: S311
    periods = [
        Period(last - timedelta(days=length - 1), last)
        for length in LENGTHS
        for _ in range(ROUNDS)
        for last in (FIRST + timedelta(days=chance.randrange(length * 2, DAYS)),)
    ]
    database = Database(sqlalchemy_url(database_url("flux_app", SERVERS["template"])))
    kept = []
    for name, (ask, raw) in QUESTIONS.items():
        asked, plain = [], []
        for period in periods:
            async with database.transaction(restaurant_id=restaurant.id) as session:
                tenant = Tenant(session, restaurant, new_id(), Role.OWNER)
                started = time.perf_counter()
                await ask(tenant, period)
                asked.append(time.perf_counter() - started)
                # Slow enough that two of each length will do.
                if len(asked) % (ROUNDS // 2) == 0:
                    started = time.perf_counter()
                    values = {
                        "restaurant": restaurant.id,
                        "first": period.first,
                        "last": period.last,
                    }
                    (await session.execute(text(SOLD + raw), values)).all()
                    plain.append(time.perf_counter() - started)
        ours, theirs = (statistics.quantiles(each, n=20)[-1] * 1000 for each in (asked, plain))
        print(f"  {ours:8.1f} ms, of the raw items {theirs:.0f} ms  {name}")
        kept.append(promise(f"{name}, p95 : {MOST_MS} ms", ours / MOST_MS, most=1))
        if name != TOLD_ONLY:
            kept.append(promise(f"{name}, p95 : of the raw items", ours / theirs, most=1))
    await database.dispose()
    return kept


# In the order of days, as tills export them; dishes, hours and refunds by a hash.
_ORDERS: LiteralString = """
    SELECT o, %(first)s::date + (o * %(days)s::bigint / %(orders)s)::int AS day,
           md5(%(restaurant)s::text || o)::uuid AS id,
           (%(first)s::date + (o * %(days)s::bigint / %(orders)s)::int + time '11:00'
               + (abs(hashint8(o)::bigint) %% 36000) * interval '1 second') AT TIME ZONE %(zone)s AS at
    FROM generate_series(0, %(orders)s - 1) o
"""
_FILL: tuple[LiteralString, ...] = (
    """
    INSERT INTO restaurants (id, name, timezone, currency, country) VALUES (%(restaurant)s, 'Bench', %(zone)s, 'USD', 'US')
    """,
    """
    INSERT INTO data_uploads (restaurant_id, id, filename, content_type, size_bytes, object_key, status, expires_at)
    VALUES (%(restaurant)s, %(upload)s, 'sales.csv', 'text/csv', 1, 'k', 'completed', now())
    """,
    f"""
    INSERT INTO transaction_items (restaurant_id, business_date, transaction_id, line_number, upload_id, source_row,
                                   occurred_at, item_name, category, quantity, net_minor, currency)
    SELECT %(restaurant)s, day, id, line, %(upload)s, o * {LINES_OF_ORDER} + line, at, 'Dish ' || hash %% 120,
           'Kind ' || hash %% 120 %% 8, 1 + hash %% 2, 300 + hash %% 120 * 20, 'USD'
    FROM ({_ORDERS}) AS orders, generate_series(1, {LINES_OF_ORDER}) line,
         LATERAL (SELECT abs(hashint8(o * 4 + line)::bigint) AS hash) AS hashed
    """,  # noqa: S608
    f"""
    INSERT INTO transactions (restaurant_id, business_date, id, upload_id, source, location, order_key, occurred_at,
                              item_count, net_minor, currency, fingerprint)
    SELECT %(restaurant)s, day, id, %(upload)s, 'generic', '', o::text, at, {LINES_OF_ORDER}, 0, 'USD', ''
    FROM ({_ORDERS}) AS orders
    """,  # noqa: S608
)


if __name__ == "__main__":
    main()
