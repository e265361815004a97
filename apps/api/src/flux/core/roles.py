"""The two roles of the database, made by an administrator before the first migration.

`flux_owner` owns the tables and runs migrations; `flux_app` is what the API and the worker connect
as: it owns nothing and cannot bypass row-level security. Passwords are stored by PostgreSQL as
SCRAM verifiers.
"""

from typing import LiteralString
from urllib.parse import unquote, urlsplit

import psycopg
from psycopg import sql

from flux.core.rls import APP_ROLE, OWNER_ROLE
from flux.settings import MigrateSettings, require

# What each role's sessions begin with. No request needs half a minute; loads lift it for themselves.
_SESSION_SETTINGS = {
    OWNER_ROLE: {"timezone": "UTC"},
    APP_ROLE: {
        "timezone": "UTC",
        "statement_timeout": "30s",
        "idle_in_transaction_session_timeout": "5min",
    },
}


def create_roles(admin_url: str, *, database: str, owner_password: str, app_password: str) -> None:
    """Make or update both roles and the database, as the administrator of `admin_url`.

    Where TimescaleDB is available and loaded, install it in the database, and hide its chunks:
    row-level security does not guard them.
    """
    with psycopg.connect(admin_url, autocommit=True) as admin:
        # Two of these at once would fail on the same role; the lock ends with the connection.
        admin.execute("SELECT pg_advisory_lock(hashtext('flux roles'))")
        _make_role(admin, OWNER_ROLE, owner_password)
        _make_role(admin, APP_ROLE, app_password)
        # So that an administrator who is no superuser (Amazon RDS) may give away database and schema.
        _run(admin, "GRANT {} TO CURRENT_USER", OWNER_ROLE)
        known = admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", (database,))
        if not known.fetchone():
            create = "CREATE DATABASE {} OWNER {} TEMPLATE template0 ENCODING 'UTF8'"
            _run(admin, create, database, OWNER_ROLE)
    with psycopg.connect(admin_url, dbname=database, autocommit=True) as admin:
        _run(admin, "ALTER SCHEMA public OWNER TO {}", OWNER_ROLE)
        _run(admin, "REVOKE ALL ON SCHEMA public FROM PUBLIC")
        _run(admin, "REVOKE ALL ON DATABASE {} FROM PUBLIC", database)
        for role in (OWNER_ROLE, APP_ROLE):
            _run(admin, "GRANT CONNECT, TEMPORARY ON DATABASE {} TO {}", database, role)
        if can_use_timescaledb(admin):
            _run(admin, "CREATE EXTENSION IF NOT EXISTS timescaledb")
            hide_chunks(admin)


def _make_role(admin: psycopg.Connection, role: str, password: str) -> None:
    rights = admin.execute(
        "SELECT rolsuper OR rolcreatedb OR rolcreaterole OR rolbypassrls FROM pg_roles WHERE rolname = %s",
        (role,),
    ).fetchone()
    if rights is None:
        _run(admin, "CREATE ROLE {}", role)
    elif rights[0]:
        # Only where needed: an administrator who is no superuser may not even name SUPERUSER.
        _run(admin, "ALTER ROLE {} NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS", role)
    admin.execute(
        sql.SQL("ALTER ROLE {} LOGIN PASSWORD {}").format(
            sql.Identifier(role), sql.Literal(password)
        )
    )
    for name, value in _SESSION_SETTINGS[role].items():
        admin.execute(
            sql.SQL("ALTER ROLE {} SET {} = {}").format(
                sql.Identifier(role), sql.Identifier(name), sql.Literal(value)
            )
        )


def _run(admin: psycopg.Connection, statement: LiteralString, *names: str) -> None:
    admin.execute(sql.SQL(statement).format(*(sql.Identifier(name) for name in names)))


def create_roles_for(settings: MigrateSettings) -> None:
    """`create_roles` with the names and passwords that the three addresses of the settings carry."""
    owner = urlsplit(require(settings.database_owner_url, "DATABASE_OWNER_URL"))
    app = urlsplit(require(settings.database_url, "DATABASE_URL"))
    wanted = (OWNER_ROLE, APP_ROLE, owner.path)
    if (owner.username, app.username, app.path) != wanted:
        raise ValueError(
            f"DATABASE_OWNER_URL must name {OWNER_ROLE}, DATABASE_URL {APP_ROLE}, and both the same database."
        )
    create_roles(
        require(settings.database_admin_url, "DATABASE_ADMIN_URL"),
        database=app.path.lstrip("/"),
        owner_password=unquote(owner.password or ""),
        app_password=unquote(app.password or ""),
    )


def hide_chunks(admin: psycopg.Connection) -> None:
    """Take away from everybody but the owner each way to the rows of a chunk past its table's policies.

    They are its name, `create_chunk` (which makes one in a schema of the caller's choice), and the
    planner's statistics, which quote values and are shown for every table that is readable and not
    itself under row-level security.
    """
    admin.execute("REVOKE ALL ON SCHEMA _timescaledb_internal FROM PUBLIC")
    # The check of a foreign key runs as the tables' owner, and names the chunk.
    _run(admin, "GRANT USAGE ON SCHEMA _timescaledb_internal TO {}", OWNER_ROLE)
    # Not the whole schema: the planner looks names up in _timescaledb_functions as whoever asks.
    admin.execute("""
        DO $$ DECLARE signature regprocedure; BEGIN
            FOR signature IN SELECT oid FROM pg_proc WHERE proname IN ('create_chunk', 'create_chunk_table')
                AND pronamespace IN ('_timescaledb_functions'::regnamespace, '_timescaledb_internal'::regnamespace)
            LOOP EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', signature); END LOOP;
        END $$
    """)
    admin.execute("REVOKE ALL ON pg_stats, pg_stats_ext, pg_stats_ext_exprs FROM PUBLIC")


def can_use_timescaledb(admin: psycopg.Connection) -> bool:
    """Whether TimescaleDB is installed, or shipped and preloaded (creating it otherwise is fatal).

    An administrator who may not see what is preloaded counts as one who cannot use it.
    """
    found = admin.execute("""
        SELECT EXISTS (SELECT FROM pg_extension WHERE extname = 'timescaledb') OR (
            EXISTS (SELECT FROM pg_available_extensions WHERE name = 'timescaledb') AND
            EXISTS (SELECT FROM pg_settings
                    WHERE name = 'shared_preload_libraries' AND setting LIKE '%timescaledb%'))
    """).fetchone()
    return bool(found and found[0])
