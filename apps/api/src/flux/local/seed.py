"""Two demo restaurants in a development database, with a year of sales each.

Deterministic but for the dates, which end yesterday when a database is first seeded; seeding again
changes nothing. The sales go in by the same way as an owner's files do.
"""

import csv
import io
import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from urllib.parse import urlsplit
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

import anyio
import psycopg
from psycopg.types.json import Jsonb

from flux.auth.passwords import hash_password
from flux.core import clock
from flux.core.storage import Store, make_store, object_key
from flux.core.tenancy import enter
from flux.ingestion.process import process_upload
from flux.ingestion.report import Report
from flux.restaurants.models import Role
from flux.settings import Settings, require
from flux.uploads.models import UploadStatus
from flux.uploads.sample import write_sample

DEMO_EMAIL = "demo@flux.example"
DEMO_PASSWORD = "pizza-every-day"  # noqa: S105 (printed by `make up`; development only)
_NAMESPACE = UUID("6f0d7a52-0f5e-5c0a-9d3e-8f1c1b6a7e01")
_NEVER = datetime(9999, 1, 1, tzinfo=ZoneInfo("UTC"))


class SeedRefusedError(Exception):
    """The demo data does not belong into this database."""


@dataclass(frozen=True)
class DemoRestaurant:
    name: str
    timezone: str
    currency: str
    country: str
    members: tuple[tuple[str, Role], ...]
    filename: str
    write_sales: Callable[[date], bytes]

    @property
    def id(self) -> UUID:
        return uuid5(_NAMESPACE, self.name)


def seed_demo(settings: Settings, *, say: Callable[[str], object]) -> str:
    """Bring the demo restaurants into the database; the login to tell people, as `address / password`.

    Raises `SeedRefusedError` outside development, and for a database on another machine.
    """
    if not settings.is_development:
        raise SeedRefusedError(
            "Demo data is for development only; FLUX_ENV says otherwise. Nothing was changed."
        )
    dsn = require(settings.database_url, "DATABASE_URL")
    if urlsplit(dsn).hostname not in {"127.0.0.1", "localhost", "::1"}:
        raise SeedRefusedError(
            "The database of DATABASE_URL is on another machine, and demo users have a public password."
            " Nothing was changed."
        )
    store = make_store(settings)
    for demo in (PIZZERIA, TABERNA):
        owner = _add_restaurant(dsn, demo)
        if _add_uploads(dsn, store, demo, owner):
            say(f"seeding a year of sales for {demo.name} ...")
            for name in ("completed", "failed", "needs_mapping"):
                process_upload(dsn, store, demo.id, _upload_id(demo, name))
    return f"{DEMO_EMAIL} / {DEMO_PASSWORD}"


def generate_tavern_sales(last_day: date) -> bytes:
    """A year of a tavern's sales: busy at lunch and late at night, busier at weekends and in summer."""
    chance = random.Random(20150101)  # noqa: S311 (sales, not secrets)
    output = io.StringIO(newline="")
    writer = csv.writer(output, lineterminator="\n")
    writer.writerow(["Order number", "Date", "Time", "Item", "Category", "Quantity", "Unit price"])
    number = 0
    for day in (last_day - timedelta(days=back) for back in range(364, -1, -1)):
        if day.weekday() == 0:
            continue
        summer = 1.3 if day.month in {6, 7, 8, 9} else 1.0
        for _ in range(int(chance.gauss(18, 3) * summer * (1.5 if day.weekday() >= 4 else 1))):
            number += 1
            opened = _pick_time(chance, day)
            for item, category, price, weight in chance.sample(
                _MENU, k=chance.choice([1, 2, 2, 3, 3, 4])
            ):
                quantity = chance.choice([1, 1, 1, 2, 2, 3]) if weight else 1
                writer.writerow(
                    [
                        number,
                        opened.strftime("%d/%m/%Y"),
                        opened.strftime("%H:%M"),
                        item,
                        category,
                        quantity,
                        price,
                    ]
                )
    return output.getvalue().encode()


def _pick_time(chance: random.Random, day: date) -> datetime:
    middle = chance.choice([14.3, 14.8, 21.5, 22.3])
    minutes = min(max(int(chance.gauss(middle, 0.7) * 60), 12 * 60), 23 * 60 + 59)
    return datetime.combine(day, time(minutes // 60, minutes % 60))


_MENU = [
    ("Tortilla de patatas", "Tapas", "4.50", 1), ("Patatas bravas", "Tapas", "5.20", 1),
    ("Croquetas de jamón", "Tapas", "7.80", 1), ("Gambas al ajillo", "Raciones", "12.50", 0),
    ("Pulpo a la gallega", "Raciones", "16.90", 0), ("Paella para dos", "Platos", "29.00", 0),
    ("Chuletón", "Platos", "34.50", 0), ("Flan casero", "Postres", "4.80", 1),
    ("Caña", "Bebidas", "2.20", 1), ("Copa de vino tinto", "Bebidas", "3.40", 1),
    ("Agua con gas", "Bebidas", "2.00", 1), ("Café solo", "Bebidas", "1.50", 1),
]  # fmt: skip

PIZZERIA = DemoRestaurant(
    "Pizza Place",
    "America/New_York",
    "USD",
    "US",
    (
        (DEMO_EMAIL, Role.OWNER),
        ("manager@flux.example", Role.MANAGER),
        ("viewer@flux.example", Role.VIEWER),
    ),
    "pizzaplace.csv",
    write_sample,
)
TABERNA = DemoRestaurant(
    "Taberna del Puerto",
    "Europe/Madrid",
    "EUR",
    "ES",
    (("taberna@flux.example", Role.OWNER), ("sala@flux.example", Role.VIEWER)),
    "ventas.csv",
    generate_tavern_sales,
)
_DAILY_SUMMARY = b"Date,Item,Total\n2026-01-05,All items,1250.00\n2026-01-06,All items,980.50\n"
_UNKNOWN_COLUMNS = b"When,What,How much\n2026-01-05 12:30,Margherita,12.50\n"


def _upload_id(demo: DemoRestaurant, name: str) -> UUID:
    return uuid5(_NAMESPACE, f"{demo.name} {name}")


def _add_restaurant(dsn: str, demo: DemoRestaurant) -> UUID:
    """Add the restaurant and its members if they are missing; the owner's id."""
    with psycopg.connect(dsn) as connection:
        enter(connection, restaurant_id=demo.id)
        connection.execute(
            "INSERT INTO restaurants (id, name, timezone, currency, country) VALUES (%s, %s, %s, %s, %s)"
            " ON CONFLICT DO NOTHING",
            (demo.id, demo.name, demo.timezone, demo.currency, demo.country),
        )
        for email, role in demo.members:
            user_id = uuid5(_NAMESPACE, email)
            enter(connection, user_id=user_id)
            if not connection.execute("SELECT 1 FROM users WHERE id = %s", (user_id,)).fetchone():
                connection.execute(
                    "INSERT INTO users (id, email, password_hash, email_verified_at)"
                    " VALUES (%s, %s, %s, %s)",
                    (user_id, email, anyio.run(hash_password, DEMO_PASSWORD), clock.now()),
                )
            connection.execute(
                "INSERT INTO memberships (restaurant_id, user_id, role) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING",
                (demo.id, user_id, role),
            )
    return uuid5(_NAMESPACE, demo.members[0][0])


def _add_uploads(dsn: str, store: Store, demo: DemoRestaurant, owner: UUID) -> bool:
    """Add one upload in every status, those to be read with their files; whether any was missing."""
    now = clock.now()
    contents = {
        "completed": demo.write_sales(
            now.astimezone(ZoneInfo(demo.timezone)).date() - timedelta(days=1)
        ),
        "failed": _DAILY_SUMMARY,
        "needs_mapping": _UNKNOWN_COLUMNS,
    }
    # The newest first: what a person sees on the dashboard is the upload that worked.
    order = [
        "completed",
        *(status for status in UploadStatus if status != UploadStatus.COMPLETED),
    ]
    added = False
    with psycopg.connect(dsn) as connection:
        enter(connection, restaurant_id=demo.id)
        for days_ago, status in enumerate(order):
            added = (
                _add_upload(
                    connection,
                    store,
                    demo,
                    owner,
                    status,
                    now - timedelta(days=days_ago),
                    contents,
                )
                or added
            )
    return added


def _add_upload(
    connection: psycopg.Connection,
    store: Store,
    demo: DemoRestaurant,
    owner: UUID,
    status: str,
    created_at: datetime,
    contents: dict[str, bytes],
) -> bool:
    upload_id = _upload_id(demo, status)
    if connection.execute("SELECT 1 FROM data_uploads WHERE id = %s", (upload_id,)).fetchone():
        return False
    filename = demo.filename if status == "completed" else f"{status}.csv"
    key, content = object_key(demo.id, upload_id, filename), contents.get(status, b"")
    if content:
        with store.writer(key) as file:
            file.write(content)
    is_processing = status == UploadStatus.PROCESSING
    report = Report(
        currency=demo.currency,
        lines_total=3,
        lines_accepted=3,
        orders_new=2,
        net_minor=4225,
    )
    connection.execute(
        "INSERT INTO data_uploads (restaurant_id, id, created_by, filename, content_type, size_bytes, object_key, status,"
        " progress, report, lease_token, lease_until, expires_at, created_at,"
        " received_at) VALUES (%s, %s, %s, %s, 'text/csv', %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
        (
            demo.id, upload_id, owner, filename, len(content), key,
            UploadStatus.AWAITING_FILE if content else status,
            0.4 if is_processing else 0,
            Jsonb(report.model_dump(mode="json")) if status == UploadStatus.UNDONE else None,
            upload_id if is_processing else None,
            _NEVER if is_processing else None,
            created_at + timedelta(hours=1),
            created_at,
            created_at if content else None,
        ),
    )  # fmt: skip
    return True
