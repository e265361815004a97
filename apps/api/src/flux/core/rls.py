"""Who may see which row: grants, row-level security and the look-ups that cross tenants, as data.

The migration and `scripts/apply_rls.py` both apply this module, so what a fresh database gets and
what a running one is checked against are the same text. Everything here can be applied again.

A tenant's rows are those whose `restaurant_id` equals the transaction-local setting
`app.restaurant_id`; a user's own rows are those that carry `app.user_id`. Unset means no rows. The
settings are read in a sub-select so that PostgreSQL evaluates them once a statement, not once a row.

`FORCE` puts the tables' owner under the policies too. What must cross tenants (a login by e-mail,
the worker's search for work) goes through the narrow functions below, which run as the owner: the
owner gets policies for SELECT alone, so not even it can write without naming the tenant.
"""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Connection, inspect, text

OWNER_ROLE = "flux_owner"
APP_ROLE = "flux_app"

_RESTAURANT = "(SELECT nullif(current_setting('app.restaurant_id', true), '')::uuid)"
_USER = "(SELECT nullif(current_setting('app.user_id', true), '')::uuid)"
_MAIL = "(SELECT nullif(current_setting('app.mail_id', true), '')::uuid)"


@dataclass(frozen=True)
class Guard:
    """How one table is guarded.

    `rows`: the condition on a row, used as both USING and WITH CHECK. `also_readable`: a further
    condition for SELECT. `rights`: what the application's role may do at all. `owner_reads`: whether
    a look-up function needs to read it across tenants.
    """

    table: str
    rows: str
    rights: str
    also_readable: str | None = None
    owner_reads: bool = False


_OF_RESTAURANT = f"restaurant_id = {_RESTAURANT}"
_ALL_RIGHTS = "SELECT, INSERT, UPDATE, DELETE"

GUARDS = (
    Guard("users", f"id = {_USER}", "SELECT, INSERT, UPDATE", owner_reads=True),
    Guard("sessions", f"user_id = {_USER}", _ALL_RIGHTS, owner_reads=True),
    Guard("refresh_tokens", f"user_id = {_USER}", _ALL_RIGHTS, owner_reads=True),
    Guard("mail_links", f"user_id = {_USER}", _ALL_RIGHTS, owner_reads=True),
    Guard("outgoing_mails", f"id = {_MAIL}", _ALL_RIGHTS, owner_reads=True),
    Guard("restaurants", f"id = {_RESTAURANT}", "SELECT, INSERT, UPDATE", owner_reads=True),
    Guard(
        "memberships",
        _OF_RESTAURANT,
        _ALL_RIGHTS,
        also_readable=f"user_id = {_USER}",
        owner_reads=True,
    ),
    Guard("invitations", _OF_RESTAURANT, _ALL_RIGHTS, owner_reads=True),
    # Nobody deletes an upload: sales say which one they came from.
    Guard("data_uploads", _OF_RESTAURANT, "SELECT, INSERT, UPDATE", owner_reads=True),
    Guard("column_mappings", _OF_RESTAURANT, _ALL_RIGHTS),
    Guard("rejected_rows", _OF_RESTAURANT, _ALL_RIGHTS),
    Guard("transactions", _OF_RESTAURANT, _ALL_RIGHTS),
    Guard("transaction_items", _OF_RESTAURANT, _ALL_RIGHTS),
    Guard("order_totals", _OF_RESTAURANT, _ALL_RIGHTS),
    Guard("sales_by_hour", _OF_RESTAURANT, _ALL_RIGHTS),
    Guard("items_by_day", _OF_RESTAURANT, _ALL_RIGHTS),
)

# A user and, in a row each, the restaurants they work at.
_ACCOUNT = """u.email, u.email_verified_at IS NOT NULL, r.id, r.name, m.role,
                   r.timezone, r.currency, r.country
            FROM public.users u
            LEFT JOIN public.memberships m ON m.user_id = u.id
            LEFT JOIN public.restaurants r ON r.id = m.restaurant_id"""

# Each answers one question, returns no more than the question needs, and has a fixed search path.
FUNCTIONS = {
    "find_login(wanted_email text)": """
        RETURNS TABLE (user_id uuid, password_hash text, is_verified boolean)
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public
        AS $$
            SELECT id, password_hash, email_verified_at IS NOT NULL
            FROM public.users WHERE email = wanted_email
        $$
    """,
    "find_account(wanted_user uuid)": f"""
        RETURNS TABLE (email text, is_verified boolean, restaurant_id uuid, name text, role text,
                       timezone text, currency text, country text)
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public
        AS $$
            SELECT {_ACCOUNT}
            WHERE u.id = wanted_user
            ORDER BY m.created_at, r.id
        $$
    """,
    # Asked on every `GET me`: one query, since a function within a function costs as much again.
    "find_session(wanted_session uuid)": f"""
        RETURNS TABLE (user_id uuid, expires_at timestamptz, email text, is_verified boolean,
                       restaurant_id uuid, name text, role text, timezone text, currency text, country text)
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public
        AS $$
            SELECT s.user_id, s.expires_at, {_ACCOUNT} JOIN public.sessions s ON s.user_id = u.id
            WHERE s.id = wanted_session AND s.ended_at IS NULL
            ORDER BY m.created_at, r.id
        $$
    """,
    "find_members(wanted_restaurant uuid)": f"""
        RETURNS TABLE (user_id uuid, email text, role text, joined_at timestamptz)
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public
        AS $$
            SELECT m.user_id, u.email, m.role, m.created_at
            FROM public.memberships m JOIN public.users u ON u.id = m.user_id
            WHERE m.restaurant_id = wanted_restaurant AND m.{_OF_RESTAURANT}
        $$
    """,  # noqa: S608 (the condition above)
    "find_refresh_token(wanted_hash bytea)": """
        RETURNS TABLE (session_id uuid, user_id uuid)
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public
        AS $$ SELECT session_id, user_id FROM public.refresh_tokens WHERE token_hash = wanted_hash $$
    """,
    "find_mail_link(wanted_hash bytea)": """
        RETURNS TABLE (user_id uuid, email text, password_hash text, purpose text, expires_at timestamptz)
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public
        AS $$
            SELECT u.id, u.email, u.password_hash, l.purpose, l.expires_at
            FROM public.mail_links l JOIN public.users u ON u.id = l.user_id
            WHERE l.token_hash = wanted_hash
        $$
    """,
    "find_invitation(wanted_hash bytea)": """
        RETURNS TABLE (restaurant_id uuid, invitation_id uuid)
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public
        AS $$ SELECT restaurant_id, id FROM public.invitations WHERE token_hash = wanted_hash $$
    """,
    "find_due_mails(at timestamptz, most integer)": """
        RETURNS TABLE (mail_id uuid)
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public
        AS $$
            SELECT id FROM public.outgoing_mails WHERE due_at <= at ORDER BY due_at LIMIT most
        $$
    """,
    "find_due_uploads(at timestamptz, most integer)": """
        RETURNS TABLE (restaurant_id uuid, upload_id uuid)
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public
        AS $$
            SELECT restaurant_id, id FROM public.data_uploads
            WHERE (status = 'awaiting_file' AND received_at IS NOT NULL)
               OR (status = 'processing' AND lease_until < at)
               OR (requested IS NOT NULL AND (lease_until IS NULL OR lease_until < at))
            ORDER BY created_at LIMIT most
        $$
    """,
    # First those that are given up, each of which is looked for once; then the newest.
    "find_unsent_uploads(given_up timestamptz, most integer)": """
        RETURNS TABLE (restaurant_id uuid, upload_id uuid, object_key text, size_bytes bigint, is_given_up boolean)
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public
        AS $$
            SELECT restaurant_id, id, object_key, size_bytes, expires_at < given_up FROM public.data_uploads
            WHERE status = 'awaiting_file' AND received_at IS NULL
            ORDER BY expires_at < given_up DESC, created_at DESC LIMIT most
        $$
    """,
}


def statements(tables: Collection[str]) -> list[str]:
    """The SQL that brings these tables, and the functions, to the state described here."""
    sql = [
        f"GRANT USAGE ON SCHEMA public TO {APP_ROLE}",
        # A function may name what only a later migration makes.
        "SET LOCAL check_function_bodies = off",
    ]
    for guard in (guard for guard in GUARDS if guard.table in tables):
        sql += [
            f"REVOKE ALL ON {guard.table} FROM PUBLIC, {APP_ROLE}",
            f"GRANT {guard.rights} ON {guard.table} TO {APP_ROLE}",
            f"ALTER TABLE {guard.table} ENABLE ROW LEVEL SECURITY",
            f"ALTER TABLE {guard.table} FORCE ROW LEVEL SECURITY",
        ]
        sql += [_drop_other_policies(guard.table)]
        for name, clause in _policies(guard).items():
            sql.append(f"CREATE POLICY {name} ON {guard.table} {clause}")
    for signature, body in FUNCTIONS.items():
        sql += [
            f"CREATE OR REPLACE FUNCTION {signature} {body}",
            f"REVOKE ALL ON FUNCTION {signature} FROM PUBLIC",
            f"GRANT EXECUTE ON FUNCTION {signature} TO {APP_ROLE}",
        ]
    return sql


def apply_policies(connection: Connection) -> None:
    """Apply every grant, policy and function, in the connection's transaction.

    Tables that do not exist yet are left out: an early migration runs this with today's module.
    """
    for sql in statements(inspect(connection).get_table_names(schema="public")):
        connection.exec_driver_sql(sql, execution_options={"no_parameters": True})


def read_state(connection: Connection) -> list[str]:
    """What the database's catalogue says of grants, policies and functions, one sorted line each."""
    return [row[0] for row in connection.exec_driver_sql(_CATALOGUE)]


def find_drift(connection: Connection) -> list[str]:
    """How the database differs from this module: `+` lines are extra there, `-` lines are missing.

    Two looks: what applying the module would change (tried in a transaction that is rolled back, so
    PostgreSQL's own way of writing an expression never looks like a difference), and what applying
    cannot change because the module knows nothing of it.
    """
    before = set(read_state(connection))
    with connection.begin_nested() as savepoint:
        apply_policies(connection)
        wanted = set(read_state(connection))
        savepoint.rollback()
    extra = [f"+ {line}" for line in before - wanted]
    missing = [f"- {line}" for line in wanted - before]
    return sorted(extra + missing) + find_strangers(connection)


def find_strangers(connection: Connection) -> list[str]:
    """Ways to data that this module does not name: tables, views, functions, grants, role rights."""
    known = {
        "tables": [guard.table for guard in GUARDS] + ["alembic_version"],
        "functions": [signature.partition("(")[0] for signature in FUNCTIONS],
        "roles": [OWNER_ROLE, APP_ROLE],
    }
    return [f"+ {row[0]}" for row in connection.execute(text(_STRANGERS), known)]


def _policies(guard: Guard) -> dict[str, str]:
    policies = {
        "own_rows": f"FOR ALL TO {APP_ROLE}, {OWNER_ROLE} USING ({guard.rows}) WITH CHECK ({guard.rows})"
    }
    if guard.also_readable:
        policies["also_readable"] = f"FOR SELECT TO {APP_ROLE} USING ({guard.also_readable})"
    if guard.owner_reads:
        policies["owner_look_up"] = f"FOR SELECT TO {OWNER_ROLE} USING (true)"
    return policies


def _drop_other_policies(table: str) -> str:
    return f"""
        DO $$ DECLARE policy record; BEGIN
            FOR policy IN SELECT polname FROM pg_policy WHERE polrelid = '{table}'::regclass LOOP
                EXECUTE format('DROP POLICY %I ON {table}', policy.polname);
            END LOOP;
        END $$
    """  # noqa: S608 (table names are those above)


_CATALOGUE = """
    SELECT 'table ' || c.relname || ': enabled=' || c.relrowsecurity || ' forced=' || c.relforcerowsecurity AS line
      FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
    UNION ALL
    SELECT 'policy ' || tablename || '.' || policyname || ': ' || permissive || ' ' || cmd || ' to ' || roles::text
           || ' using ' || coalesce(qual, '-') || ' check ' || coalesce(with_check, '-')
      FROM pg_policies WHERE schemaname = 'public'
    UNION ALL
    SELECT 'grant ' || c.relname || ': ' || a.privilege_type || ' to '
           || coalesce(r.rolname, 'PUBLIC')
      FROM pg_class c CROSS JOIN aclexplode(c.relacl) a LEFT JOIN pg_roles r ON r.oid = a.grantee
     WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm') AND a.grantee <> c.relowner
    UNION ALL
    SELECT 'function ' || p.oid::regprocedure || ': ' || md5(pg_get_functiondef(p.oid)) || ' '
           || coalesce(p.proacl::text, 'default rights')
      FROM pg_proc p
     WHERE p.pronamespace = 'public'::regnamespace AND p.prosecdef
    ORDER BY line
"""
_STRANGERS = """
    SELECT 'table nobody guards: ' || relname AS line FROM pg_class
     WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'f') AND relname <> ALL (:tables)
    UNION ALL
    SELECT 'view: ' || relname FROM pg_class
     WHERE relnamespace = 'public'::regnamespace AND relkind IN ('v', 'm')
    UNION ALL
    SELECT 'function that runs as its owner: ' || CAST(CAST(oid AS regprocedure) AS text) FROM pg_proc
     WHERE pronamespace = 'public'::regnamespace AND prosecdef AND proname <> ALL (:functions)
    UNION ALL
    SELECT 'grant on ' || c.relname || ' to ' || coalesce(r.rolname, 'PUBLIC')
      FROM pg_class c CROSS JOIN aclexplode(c.relacl) a LEFT JOIN pg_roles r ON r.oid = a.grantee
     WHERE c.relnamespace = 'public'::regnamespace AND coalesce(r.rolname, 'PUBLIC') <> ALL (:roles)
    UNION ALL
    SELECT 'grant on column ' || c.relname || '.' || t.attname || ' to ' || coalesce(r.rolname, 'PUBLIC')
      FROM pg_attribute t JOIN pg_class c ON c.oid = t.attrelid CROSS JOIN aclexplode(t.attacl) a
      LEFT JOIN pg_roles r ON r.oid = a.grantee WHERE c.relnamespace = 'public'::regnamespace
    UNION ALL
    SELECT 'role ' || rolname || ' may more than it should' FROM pg_roles
     WHERE rolname = ANY (:roles) AND (rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb)
    UNION ALL
    SELECT 'role ' || CAST(CAST(member AS regrole) AS text) || ' is a member of ' || CAST(CAST(roleid AS regrole) AS text)
      FROM pg_auth_members WHERE CAST(CAST(member AS regrole) AS text) = ANY (:roles)
    ORDER BY line
"""
