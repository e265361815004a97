"""The two roles of the database, made by an administrator before the first migration.

`flux_owner` owns the tables and runs migrations; `flux_app` is what the API and the worker connect
as: it owns nothing and cannot bypass row-level security. Passwords are stored by PostgreSQL as
SCRAM verifiers.
"""

from urllib.parse import unquote, urlsplit

import psycopg
from psycopg import sql

from flux.core.rls import APP_ROLE, OWNER_ROLE
from flux.settings import Settings, require


def create_roles(
    admin_url: str, *, database: str, owner_password: str, app_password: str
) -> None:
    """Make or update both roles and the database, as the administrator of `admin_url`.

    Where TimescaleDB is available and loaded, install it in the database, and hide its chunks:
    row-level security does not guard them.
    """
    with psycopg.connect(admin_url, autocommit=True) as admin:
        # Two of these at once would fail on the same role; the lock ends with the connection.
        admin.execute("SELECT pg_advisory_lock(hashtext('flux roles'))")
        for role, password in ((OWNER_ROLE, owner_password), (APP_ROLE, app_password)):
            known = admin.execute(
                "SELECT rolsuper OR rolcreatedb OR rolcreaterole OR rolbypassrls FROM pg_roles WHERE rolname = %s",
                (role,),
            ).fetchone()
            if known is None:
                admin.execute(sql.SQL("CREATE ROLE {}").format(sql.Identifier(role)))
            elif known[0]:
                # Only where needed: an administrator who is no superuser may not even name SUPERUSER.
                admin.execute(
                    sql.SQL(
                        "ALTER ROLE {} NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS"
                    ).format(sql.Identifier(role))
                )
            admin.execute(
                sql.SQL("ALTER ROLE {} LOGIN PASSWORD {}").format(
                    sql.Identifier(role), sql.Literal(password)
                )
            )
            admin.execute(
                sql.SQL("ALTER ROLE {} SET timezone = 'UTC'").format(
                    sql.Identifier(role)
                )
            )
        admin.execute(
            sql.SQL("ALTER ROLE {} SET statement_timeout = '30s'").format(
                sql.Identifier(APP_ROLE)
            )
        )
        admin.execute(
            sql.SQL(
                "ALTER ROLE {} SET idle_in_transaction_session_timeout = '5min'"
            ).format(sql.Identifier(APP_ROLE))
        )
        # So that an administrator who is no superuser (Amazon RDS) may give away database and schema.
        admin.execute(
            sql.SQL("GRANT {} TO CURRENT_USER").format(sql.Identifier(OWNER_ROLE))
        )
        if not admin.execute(
            "SELECT 1 FROM pg_database WHERE datname = %s", (database,)
        ).fetchone():
            admin.execute(
                sql.SQL(
                    "CREATE DATABASE {} OWNER {} TEMPLATE template0 ENCODING 'UTF8'"
                ).format(sql.Identifier(database), sql.Identifier(OWNER_ROLE))
            )
    with psycopg.connect(admin_url, dbname=database, autocommit=True) as admin:
        admin.execute(
            sql.SQL("ALTER SCHEMA public OWNER TO {}").format(
                sql.Identifier(OWNER_ROLE)
            )
        )
        admin.execute("REVOKE ALL ON SCHEMA public FROM PUBLIC")
        admin.execute(
            sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(
                sql.Identifier(database)
            )
        )
        admin.execute(
            sql.SQL("GRANT CONNECT, TEMPORARY ON DATABASE {} TO {}, {}").format(
                sql.Identifier(database),
                sql.Identifier(OWNER_ROLE),
                sql.Identifier(APP_ROLE),
            )
        )
        if can_use_timescaledb(admin):
            admin.execute("CREATE EXTENSION IF NOT EXISTS timescaledb")
            hide_chunks(admin)


def create_roles_for(settings: Settings) -> None:
    """`create_roles` with the names and passwords that the three addresses of the settings carry."""
    owner = urlsplit(require(settings.database_owner_url, "DATABASE_OWNER_URL"))
    app = urlsplit(require(settings.database_url, "DATABASE_URL"))
    if (owner.username, app.username) != (
        OWNER_ROLE,
        APP_ROLE,
    ) or owner.path != app.path:
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
    admin.execute(
        sql.SQL("GRANT USAGE ON SCHEMA _timescaledb_internal TO {}").format(
            sql.Identifier(OWNER_ROLE)
        )
    )
    # Not the whole schema: the planner looks names up in _timescaledb_functions as whoever asks.
    admin.execute("""
        DO $$ DECLARE signature regprocedure; BEGIN
            FOR signature IN SELECT oid FROM pg_proc WHERE proname IN ('create_chunk', 'create_chunk_table')
                AND pronamespace IN ('_timescaledb_functions'::regnamespace, '_timescaledb_internal'::regnamespace)
            LOOP EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', signature); END LOOP;
        END $$
    """)
    admin.execute(
        "REVOKE ALL ON pg_stats, pg_stats_ext, pg_stats_ext_exprs FROM PUBLIC"
    )


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
