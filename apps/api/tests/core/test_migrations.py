"""The schema goes up, down and up again, equals the models, and its policies can be re-applied."""

import os
import secrets
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import LiteralString

import psycopg
import pytest
from alembic import command
from psycopg import sql
from sqlalchemy import create_engine

from flux.core import rls
from flux.core.migrate import ALEMBIC_INI, alembic_config, upgrade_schema
from flux.core.rls import find_drift, read_state
from flux.core.roles import create_roles
from flux.settings import sqlalchemy_url
from servers import SERVERS, create_database, database_url, start_postgres

SCRIPT = Path(__file__).resolve().parents[2] / "scripts" / "apply_rls.py"


@pytest.fixture
def fresh() -> Iterator[str]:
    """The owner's address of an empty database."""
    name = f"flux_fresh_{secrets.token_hex(4)}"
    create_database(name)
    yield database_url("flux_owner", name)
    with psycopg.connect(SERVERS["admin"], autocommit=True) as admin:
        admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def read_catalogue(url: str) -> list[str]:
    engine = create_engine(sqlalchemy_url(url))
    with engine.connect() as connection:
        columns = connection.exec_driver_sql(
            "SELECT table_name || '.' || column_name || ' ' || data_type || ' ' || is_nullable"
            " FROM information_schema.columns WHERE table_schema = 'public'"
            " UNION ALL SELECT conname || ' ' || pg_get_constraintdef(oid) FROM pg_constraint"
            " WHERE connamespace = 'public'::regnamespace"
            " UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'"
        )
        state = sorted(row[0] for row in columns) + read_state(connection)
    engine.dispose()
    return state


def test_the_schema_goes_up_down_and_up_again_to_the_same(fresh: str) -> None:
    upgrade_schema(fresh)
    up = read_catalogue(fresh)
    assert any(line.startswith("policy transactions.own_rows") for line in up)
    command.downgrade(alembic_config(fresh), "base")
    left = [line for line in read_catalogue(fresh) if "alembic_version" not in line]
    assert left == []
    upgrade_schema(fresh)
    assert read_catalogue(fresh) == up


def test_refunds_from_before_are_known_as_such_although_the_owner_may_not_write(fresh: str) -> None:
    command.upgrade(alembic_config(fresh), "0002")
    name = fresh.rsplit("/", 1)[1]
    with psycopg.connect(SERVERS["admin"], dbname=name, autocommit=True) as admin:
        admin.execute(
            "INSERT INTO transaction_items (restaurant_id, business_date, transaction_id, line_number, upload_id,"
            " source_row, occurred_at, item_name, quantity, net_minor, currency)"
            " SELECT gen_random_uuid(), '2026-05-01', gen_random_uuid(), 1, gen_random_uuid(), 2, '2026-05-01 12:00Z',"
            " 'Soup', quantity, quantity * 450, 'USD' FROM unnest(ARRAY[1, -1]) AS quantity"
        )
        upgrade_schema(fresh)
        kinds = admin.execute("SELECT quantity::int, kind FROM transaction_items").fetchall()
        assert sorted(kinds) == [(-1, "refund"), (1, "sale")]
        [forced] = admin.execute(
            "SELECT relforcerowsecurity FROM pg_class WHERE relname = 'transaction_items'"
        )
        assert forced == (True,)


def test_the_models_and_the_migrations_say_the_same(owner_url: str) -> None:
    command.check(alembic_config(owner_url))


def test_new_migrations_wait_only_seconds_for_their_locks() -> None:
    template = (ALEMBIC_INI.parent / "migrations" / "script.py.mako").read_text()
    assert template.count("SET LOCAL lock_timeout") == 2
    for migration in (ALEMBIC_INI.parent / "migrations" / "versions").glob("*.py"):
        assert migration.read_text().count("SET LOCAL lock_timeout") == 2, migration.name


def run_script(url: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, SCRIPT, *arguments],
        env=os.environ | {"DATABASE_OWNER_URL": url},
        capture_output=True,
        text=True,
        check=False,
    )


def test_apply_rls_reports_drift_exits_1_and_mends_it(fresh: str) -> None:
    upgrade_schema(fresh)
    clean = run_script(fresh, "--check")
    assert (clean.returncode, clean.stdout) == (
        0,
        "Row-level security is as it should be.\n",
    )
    before = read_catalogue(fresh)
    with psycopg.connect(fresh) as owner:
        owner.execute("ALTER TABLE transactions NO FORCE ROW LEVEL SECURITY")
        owner.execute("DROP POLICY own_rows ON data_uploads")
        owner.execute("CREATE POLICY back_door ON users FOR ALL TO PUBLIC USING (true)")
        owner.execute("GRANT TRUNCATE ON rejected_rows TO flux_app")
        owner.execute("GRANT EXECUTE ON FUNCTION find_login(text) TO PUBLIC")
    checked = run_script(fresh, "--check")
    assert checked.returncode == 1
    for expected in (
        "- table transactions: enabled=true forced=true",
        "- policy data_uploads.own_rows",
        "+ policy users.back_door",
        "+ grant rejected_rows: TRUNCATE to flux_app",
        "+ function find_login(text)",
    ):
        assert expected in checked.stdout
    assert run_script(fresh, "--check").returncode == 1, "--check must change nothing"
    assert run_script(fresh).returncode == 0
    assert read_catalogue(fresh) == before
    assert run_script(fresh).returncode == 0, "applying again changes nothing"
    assert read_catalogue(fresh) == before


def test_apply_rls_says_what_it_cannot_mend_and_exits_1(fresh: str) -> None:
    upgrade_schema(fresh)
    with psycopg.connect(fresh) as owner:
        owner.execute("DROP POLICY own_rows ON users")
        owner.execute("CREATE VIEW everybody AS SELECT * FROM users")
    applied = run_script(fresh)
    assert applied.returncode == 1
    lines = applied.stdout.splitlines()
    assert lines[0] == "Row-level security applied; 1 differences mended."
    assert lines[-1] == "+ view: everybody"


def test_the_migrated_database_has_no_drift(owner_url: str) -> None:
    engine = create_engine(sqlalchemy_url(owner_url))
    with engine.begin() as connection:
        assert find_drift(connection) == []
    engine.dispose()


def test_an_early_migration_leaves_out_the_tables_of_later_ones(
    fresh: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    later = (*rls.GUARDS, rls.Guard("later", "restaurant_id IS NOT NULL", "SELECT"))
    monkeypatch.setattr(rls, "GUARDS", later)
    monkeypatch.setitem(
        rls.FUNCTIONS,
        "count_later()",
        "RETURNS bigint LANGUAGE sql SECURITY DEFINER AS $$ SELECT count(*) FROM public.later $$",
    )
    upgrade_schema(fresh)
    assert not any(" later" in line for line in read_catalogue(fresh) if line.startswith("policy"))


@pytest.mark.parametrize(
    ("change", "reported"),
    [
        ("CREATE TABLE later (restaurant_id uuid)", "+ table nobody guards: later"),
        ("CREATE VIEW everybody AS SELECT * FROM users", "+ view: everybody"),
        ("GRANT SELECT (email) ON users TO PUBLIC", "+ grant on column users.email to PUBLIC"),
        ("GRANT SELECT ON users TO pg_monitor", "+ grant on users to pg_monitor"),
        (
            "CREATE FUNCTION all_users() RETURNS bigint LANGUAGE sql SECURITY DEFINER"
            " AS 'SELECT count(*) FROM users'",
            "+ function that runs as its owner: all_users()",
        ),
    ],
)
def test_ways_to_data_that_nobody_named_are_drift(
    fresh: str, change: LiteralString, reported: str
) -> None:
    upgrade_schema(fresh)
    with psycopg.connect(fresh) as owner:
        owner.execute(change)
    engine = create_engine(sqlalchemy_url(fresh))
    with engine.begin() as connection:
        assert reported in find_drift(connection)
    engine.dispose()


@pytest.mark.parametrize(
    ("change", "undo", "reported"),
    [
        (
            "ALTER ROLE flux_app BYPASSRLS",
            "ALTER ROLE flux_app NOBYPASSRLS",
            "+ role flux_app may more than it should",
        ),
        (
            "GRANT pg_read_all_data TO flux_app",
            "REVOKE pg_read_all_data FROM flux_app",
            "+ role flux_app is a member of pg_read_all_data",
        ),
    ],
)
def test_a_role_that_was_given_more_is_drift(
    change: LiteralString, undo: LiteralString, reported: str
) -> None:
    """Roles belong to the whole server: on the shared one the test would disarm its neighbours."""
    with (
        own_server() as (admin_url, owner_url),
        psycopg.connect(admin_url, autocommit=True) as admin,
    ):
        upgrade_schema(owner_url)
        engine = create_engine(sqlalchemy_url(owner_url))
        for statement, is_drift in ((change, True), (undo, False)):
            admin.execute(statement)
            with engine.begin() as connection:
                assert (reported in find_drift(connection)) is is_drift
        engine.dispose()


@contextmanager
def own_server() -> Iterator[tuple[str, str]]:
    with tempfile.TemporaryDirectory(prefix="flux-own-") as folder:
        Path(folder).chmod(0o755)
        server = start_postgres(Path(folder) / "postgres")
        try:
            create_roles(server.url(), database="flux", owner_password="o", app_password="a")
            yield server.url(), server.url(user="flux_owner", password="o", database="flux")
        finally:
            server.stop()
