"""One restaurant never sees, nor touches, another's rows: enforced by PostgreSQL, not by our code."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg import errors, sql
from sqlalchemy import text

from flux.core.db import Database
from flux.core.ids import new_id
from flux.core.rls import GUARDS
from flux.models import Model
from flux.settings import sqlalchemy_url
from owner import enter

TENANT_TABLES = sorted(
    table.name for table in Model.metadata.tables.values() if "restaurant_id" in table.columns
)
OTHER_TABLES = sorted({guard.table for guard in GUARDS} - set(TENANT_TABLES))
NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
# The columns that a row of each table needs; %(r)s is its restaurant, %(x)s an id of its own.
ROWS = {
    "memberships": "(restaurant_id, user_id, role) VALUES (%(r)s, %(user)s, 'viewer')",
    "invitations": "(restaurant_id, id, email, role, invited_by, invited_by_id, created_at, expires_at)"
    " VALUES (%(r)s, %(x)s, 'e', 'viewer', 'o', %(user)s, now(), now())",
    "data_uploads": "(restaurant_id, id, filename, content_type, size_bytes, object_key, expires_at)"
    " VALUES (%(r)s, %(x)s, 'f', 't', 1, 'k', now())",
    "column_mappings": "(restaurant_id, fingerprint, mapping, created_at)"
    " VALUES (%(r)s, %(x)s::text, '{}', now())",
    "rejected_rows": "(restaurant_id, upload_id, row_number, problem_number, code, message)"
    " VALUES (%(r)s, %(upload)s, 1, 1, 'c', 'm')",
    "transactions": "(restaurant_id, business_date, id, upload_id, source, location, order_key,"
    " occurred_at, item_count, net_minor, currency, fingerprint) VALUES"
    " (%(r)s, '2026-05-01', %(x)s, %(upload)s, 's', '', %(x)s::text, now(), 1, 100, 'USD', '')",
    "transaction_items": "(restaurant_id, business_date, transaction_id, line_number, upload_id,"
    " source_row, occurred_at, item_name, quantity, net_minor, currency) VALUES"
    " (%(r)s, '2026-05-01', %(x)s, 1, %(upload)s, 2, now(), 'Pizza', 1, 100, 'USD')",
    "order_totals": "(restaurant_id, business_date, id, upload_id, source, location, order_key, occurred_at,"
    " net_minor, tax_minor, tips_minor, charges_minor, discounts_minor, total_minor, currency, fingerprint) VALUES"
    " (%(r)s, '2026-05-01', %(x)s, %(upload)s, 's', '', %(x)s::text, now(), 100, 8, 20, 0, 0, 128, 'USD', '')",
    "sales_by_hour": "(restaurant_id, business_date, hour, orders, items, net_minor)"
    " VALUES (%(r)s, '2026-05-01', 12, 1, 1, 100)",
    "items_by_day": "(restaurant_id, business_date, item_key, category_key, item_name, quantity, lines, net_minor)"
    " VALUES (%(r)s, '2026-05-01', %(x)s::text, '', 'Pizza', 1, 1, 100)",
}


class Tenant:
    """A restaurant with one row in every tenant table, put there as flux_app in its own context."""

    def __init__(self, dsn: str) -> None:
        self.dsn = dsn
        self.restaurant_id, self.user_id, self.upload_id = new_id(), new_id(), new_id()
        with self.connect() as connection:
            connection.execute(
                "INSERT INTO users (id, email, password_hash) VALUES (%s, %s, 'x')",
                (self.user_id, f"{self.user_id}@example.com"),
            )
            connection.execute(
                "INSERT INTO restaurants (id, name, timezone, currency, country)"
                " VALUES (%s, 'R', 'UTC', 'USD', 'US')",
                (self.restaurant_id,),
            )
            for table in ROWS:
                self.insert(
                    connection,
                    table,
                    self.upload_id if table == "data_uploads" else None,
                )

    def connect(self) -> psycopg.Connection:
        connection = psycopg.connect(self.dsn)
        enter(connection, self.restaurant_id, self.user_id)
        return connection

    def insert(
        self, connection: psycopg.Connection, table: str, row_id: UUID | None = None
    ) -> psycopg.Cursor:
        return connection.execute(
            sql.SQL("INSERT INTO {} {}").format(sql.Identifier(table), sql.SQL(ROWS[table])),
            {
                "r": self.restaurant_id,
                "x": row_id or new_id(),
                "upload": self.upload_id,
                "user": self.user_id,
            },
        )


@pytest.fixture
def one(app_url: str) -> Tenant:
    return Tenant(app_url)


@pytest.fixture
def other(app_url: str) -> Tenant:
    return Tenant(app_url)


@pytest.fixture
def catalogue(owner_url: str) -> Iterator[psycopg.Connection]:
    with psycopg.connect(owner_url) as connection:
        yield connection


def count(connection: psycopg.Connection, table: str) -> int:
    row = connection.execute(
        sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table))
    ).fetchone()
    assert row is not None
    return int(row[0])


def test_every_tenant_table_has_a_required_restaurant_and_forced_policies_with_both_clauses(
    catalogue: psycopg.Connection,
) -> None:
    assert set(TENANT_TABLES) == set(ROWS)
    for table in [*TENANT_TABLES, *OTHER_TABLES]:
        enabled, forced = catalogue.execute(
            "SELECT relrowsecurity, relforcerowsecurity FROM pg_class WHERE oid = %s::regclass",
            (table,),
        ).fetchone() or (False, False)
        assert enabled, table
        assert forced, table
        own = catalogue.execute(
            "SELECT cmd, qual, with_check FROM pg_policies WHERE tablename = %s AND policyname = 'own_rows'",
            (table,),
        ).fetchall()
        assert len(own) == 1, table
        assert own[0][0] == "ALL"
        assert own[0][1] == own[0][2] is not None
        others = catalogue.execute(
            "SELECT cmd FROM pg_policies WHERE tablename = %s AND policyname <> 'own_rows'",
            (table,),
        ).fetchall()
        assert {cmd for (cmd,) in others} <= {"SELECT"}, table
    for table in TENANT_TABLES:
        nullable = catalogue.execute(
            "SELECT attnotnull FROM pg_attribute WHERE attrelid = %s::regclass AND attname = 'restaurant_id'",
            (table,),
        ).fetchone()
        assert nullable == (True,), table


def test_every_table_of_the_schema_is_guarded_or_holds_no_data_of_anybody(
    catalogue: psycopg.Connection,
) -> None:
    tables = {
        row[0]
        for row in catalogue.execute(
            "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace"
        )
    }
    assert tables - {"alembic_version"} == {guard.table for guard in GUARDS}


def test_the_roles_own_nothing_they_should_not_and_cannot_bypass(
    catalogue: psycopg.Connection,
) -> None:
    roles = catalogue.execute(
        "SELECT rolname, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb FROM pg_roles WHERE rolname ~ '^flux_'"
    ).fetchall()
    assert sorted(roles) == [
        ("flux_app", False, False, False, False),
        ("flux_owner", False, False, False, False),
    ]
    owned = catalogue.execute(
        "SELECT count(*) FROM pg_class WHERE relowner = 'flux_app'::regrole"
    ).fetchone()
    assert owned == (0,)


def test_a_wrong_password_is_refused(app_url: str) -> None:
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(app_url, password="guess")


@pytest.mark.parametrize("table", [*TENANT_TABLES, *OTHER_TABLES])
def test_without_a_context_nothing_is_seen(one: Tenant, table: str) -> None:
    with psycopg.connect(one.dsn) as connection:
        assert count(connection, table) == 0


@pytest.mark.parametrize("table", TENANT_TABLES)
def test_without_a_context_nothing_is_written(one: Tenant, table: str) -> None:
    with (
        psycopg.connect(one.dsn) as connection,
        pytest.raises(errors.InsufficientPrivilege),
    ):
        one.insert(connection, table)


@pytest.mark.parametrize("table", TENANT_TABLES)
def test_even_the_owner_of_the_tables_writes_nothing_without_a_context(
    one: Tenant, owner_url: str, table: str
) -> None:
    with (
        psycopg.connect(owner_url) as connection,
        pytest.raises(errors.InsufficientPrivilege),
    ):
        one.insert(connection, table)


@pytest.mark.parametrize("table", TENANT_TABLES)
def test_another_tenants_rows_are_neither_seen_nor_changed_nor_deleted(
    one: Tenant, other: Tenant, table: str
) -> None:
    name = sql.Identifier(table)
    with other.connect() as connection:
        seen = connection.execute(sql.SQL("SELECT DISTINCT restaurant_id FROM {}").format(name))
        assert seen.fetchall() == [(other.restaurant_id,)]
        for attack in (
            "UPDATE {} SET restaurant_id = restaurant_id WHERE restaurant_id = %s",
            "DELETE FROM {} WHERE restaurant_id = %s",
        ):
            # Nobody at all deletes an upload.
            with suppress(errors.InsufficientPrivilege), connection.transaction():
                touched = connection.execute(sql.SQL(attack).format(name), (one.restaurant_id,))
                assert touched.rowcount == 0
    with one.connect() as connection:
        assert count(connection, table) == 1


@pytest.mark.parametrize("table", TENANT_TABLES)
def test_a_row_can_neither_be_put_into_another_tenant_nor_moved_there(
    one: Tenant, other: Tenant, table: str
) -> None:
    with other.connect() as connection, pytest.raises(errors.InsufficientPrivilege):
        one.insert(connection, table)
    with other.connect() as connection, pytest.raises(errors.InsufficientPrivilege):
        connection.execute(
            sql.SQL("UPDATE {} SET restaurant_id = %s").format(sql.Identifier(table)),
            (one.restaurant_id,),
        )


# Tables whose rows belong to a person; %(u)s is the person, %(x)s an id of the row's own.
PERSONAL = {
    "sessions": "(id, user_id, device, address, created_at, last_used_at, expires_at)"
    " VALUES (%(x)s, %(u)s, 'd', 'a', now(), now(), now())",
    "refresh_tokens": "(id, user_id, session_id, token_hash, created_at, expires_at)"
    " VALUES (%(x)s, %(u)s, %(x)s, %(x)s::text::bytea, now(), now())",
    "mail_links": "(user_id, purpose, token_hash, expires_at)"
    " VALUES (%(u)s, 'verify_email', %(x)s::text::bytea, now())",
}


def test_another_persons_sessions_tokens_and_links_are_out_of_reach(
    one: Tenant, other: Tenant
) -> None:
    assert {*PERSONAL, "users"} == {each.table for each in GUARDS if "app.user_id" in each.rows}
    row = {"x": new_id(), "u": one.user_id}
    for table, values in PERSONAL.items():
        insert = sql.SQL("INSERT INTO {} {}").format(sql.Identifier(table), sql.SQL(values))
        with one.connect() as connection:
            connection.execute(insert, row)
        with other.connect() as connection, pytest.raises(errors.InsufficientPrivilege):
            connection.execute(insert, row | {"x": new_id()})
    for table in PERSONAL:
        with other.connect() as connection:
            assert count(connection, table) == 0
            for attack in ("UPDATE {} SET user_id = user_id", "DELETE FROM {}"):
                touched = connection.execute(sql.SQL(attack).format(sql.Identifier(table)))
                assert touched.rowcount == 0
        with one.connect() as connection:
            assert count(connection, table) == 1


def test_an_outgoing_mail_is_seen_by_its_own_id_alone(one: Tenant) -> None:
    mail_id = new_id()
    queue = (
        "INSERT INTO outgoing_mails (id, letter, recipient, due_at) VALUES (%s, 'l', 'r', now())"
    )
    with one.connect() as connection:
        with pytest.raises(errors.InsufficientPrivilege), connection.transaction():
            connection.execute(queue, (mail_id,))
        connection.execute("SELECT set_config('app.mail_id', %s, true)", (str(mail_id),))
        connection.execute(queue, (mail_id,))
    with one.connect() as connection:
        assert count(connection, "outgoing_mails") == 0
        connection.execute("SELECT set_config('app.mail_id', %s, true)", (str(mail_id),))
        assert count(connection, "outgoing_mails") == 1
        connection.execute("DELETE FROM outgoing_mails")


def test_copy_into_a_tenant_table_is_refused(one: Tenant) -> None:
    with (
        one.connect() as connection,
        pytest.raises(errors.FeatureNotSupported),
        connection.cursor().copy("COPY transaction_items FROM STDIN"),
    ):
        pass


def test_the_application_can_neither_switch_the_policies_off_nor_become_the_owner(
    one: Tenant,
) -> None:
    for attack in (
        "ALTER TABLE transactions DISABLE ROW LEVEL SECURITY",
        "DROP POLICY own_rows ON transactions",
        "SET ROLE flux_owner",
        "SET SESSION AUTHORIZATION flux_owner",
        "TRUNCATE transactions",
        "CREATE TABLE public.mine (id integer)",
        "CREATE VIEW public.all_sales AS SELECT * FROM transactions",
    ):
        with one.connect() as connection, pytest.raises(errors.InsufficientPrivilege):
            connection.execute(attack)
    with one.connect() as connection:
        connection.execute("SET row_security = off")
        with pytest.raises(errors.InsufficientPrivilege):
            connection.execute("SELECT * FROM transactions")


def test_look_up_functions_tell_no_more_than_they_must(one: Tenant) -> None:
    with psycopg.connect(one.dsn) as connection:
        found = connection.execute("SELECT * FROM find_login(%s)", (f"{one.user_id}@example.com",))
        assert [column.name for column in found.description or []] == [
            "user_id",
            "password_hash",
            "is_verified",
        ]
        assert found.fetchall() == [(one.user_id, "x", False)]
        assert connection.execute("SELECT * FROM find_login('%')").fetchall() == []
        due = connection.execute("SELECT * FROM find_due_uploads(now(), 1000)")
        names = [column.name for column in due.description or []]
        assert names == ["restaurant_id", "upload_id"]
        unsent = connection.execute("SELECT * FROM find_unsent_uploads(now(), 1000)")
        names = [column.name for column in unsent.description or []]
        assert names == ["restaurant_id", "upload_id", "object_key", "size_bytes", "is_given_up"]
        mails = connection.execute("SELECT * FROM find_due_mails(now(), 1000)")
        assert [column.name for column in mails.description or []] == ["mail_id"]


async def test_a_pooled_connection_shows_nothing_of_the_tenant_that_used_it_before(
    one: Tenant, other: Tenant
) -> None:
    database = Database(sqlalchemy_url(one.dsn), pool_size=1)
    ask = text(
        "SELECT pg_backend_pid(), (SELECT count(*) FROM transactions), current_setting('app.restaurant_id', true)"
    )
    try:
        async with database.transaction(restaurant_id=one.restaurant_id) as session:
            first, seen, _ = (await session.execute(ask)).one()
            assert seen == 1
        async with database.transaction() as session:
            second, seen, context = (await session.execute(ask)).one()
            assert (second, seen, context) == (first, 0, "")
        with pytest.raises(RuntimeError):
            async with database.transaction(restaurant_id=one.restaurant_id):
                raise RuntimeError
        async with database.transaction(restaurant_id=other.restaurant_id) as session:
            found = (await session.execute(text("SELECT restaurant_id FROM transactions"))).all()
            assert [row[0] for row in found] == [other.restaurant_id]
    finally:
        await database.dispose()


OPERATIONS = st.lists(
    st.tuples(
        st.sampled_from([0, 1]),
        st.sampled_from(["insert", "update", "delete", "take", "rollback"]),
        st.integers(0, 5),
    ),
    max_size=25,
)


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(operations=OPERATIONS)
def test_operations_of_two_tenants_on_one_connection_in_any_order_never_mix(
    app_url: str, operations: list[tuple[int, str, int]]
) -> None:
    """Each tenant's rows are those a plain dictionary says, whatever the other did in between."""
    tenants = (Tenant(app_url), Tenant(app_url))
    model: tuple[dict[UUID, int], dict[UUID, int]] = ({}, {})
    ids = tuple(tuple(new_id() for _ in range(6)) for _ in tenants)
    with psycopg.connect(app_url) as connection:
        for who, operation, which in operations:
            tenant, rows = tenants[who], model[who]
            row_id = ids[1 - who][which] if operation == "take" else ids[who][which]
            enter(connection, tenant.restaurant_id)
            match operation:
                case "insert" | "rollback" if row_id not in rows:
                    tenant.insert(connection, "transactions", row_id)
                    rows[row_id] = 100
                case "update" | "take":
                    changed = connection.execute(
                        "UPDATE transactions SET net_minor = net_minor + 1 WHERE id = %s",
                        (row_id,),
                    )
                    assert changed.rowcount == (row_id in rows)
                    if row_id in rows:
                        rows[row_id] += 1
                case "delete":
                    gone = connection.execute("DELETE FROM transactions WHERE id = %s", (row_id,))
                    assert gone.rowcount == (rows.pop(row_id, None) is not None)
            if operation == "rollback":
                connection.rollback()
                enter(connection, tenant.restaurant_id)
                model[who].clear()
                model[who].update(_read(connection, ids[who]))
            connection.commit()
        for tenant, rows, own in zip(tenants, model, ids, strict=True):
            enter(connection, tenant.restaurant_id)
            assert _read(connection, own) == rows
            total = connection.execute("SELECT count(*) FROM transactions").fetchone()
            assert total == (len(rows) + 1,)


def _read(connection: psycopg.Connection, ids: tuple[UUID, ...]) -> dict[UUID, int]:
    found = connection.execute(
        "SELECT id, net_minor FROM transactions WHERE id = ANY(%s)", (list(ids),)
    )
    return {row[0]: row[1] for row in found}


def test_money_is_whole_minor_units_and_quantities_are_exact(one: Tenant) -> None:
    with one.connect() as connection:
        row = connection.execute(
            "SELECT net_minor, quantity, business_date FROM transaction_items"
        ).fetchone()
    assert row == (100, Decimal(1), date(2026, 5, 1))
