"""The Lambda that a deploy calls before it shifts to new code: roles, schema, row-level security.

Each part changes nothing where all is as it should be already, so it may run twice, also at once.
"""

from typing import Any

from sqlalchemy import create_engine, pool, text

from flux import __version__
from flux.core.logging import configure_logging, get_logger
from flux.core.migrate import is_known, mend_policies, read_revision, upgrade_schema
from flux.core.roles import create_roles_for
from flux.settings import MigrateSettings, require, sqlalchemy_url

log = get_logger(__name__)

_LOCK = "SELECT pg_advisory_lock(hashtext('flux migrate'))"


class UnguardedError(Exception):
    """Rows can be reached past the row-level security. The log says which."""


def handler(_event: object, _context: object) -> dict[str, Any]:
    """Bring the database up to date, and say what that took.

    The roles are made, and given the passwords of the addresses, if the administrator's address is set.
    A schema with a migration that this code has not is left as it is, and said to be of later code:
    it suits code that is gone back to.
    Raises `UnguardedError` once all is done, if something is left in the database that nobody guards:
    then the deploy should not go on.
    """
    settings = MigrateSettings()
    configure_logging(as_json=not settings.is_development, level=settings.log_level)
    with_roles = settings.database_admin_url is not None
    if with_roles:
        create_roles_for(settings)
    owner_url = require(settings.database_owner_url, "DATABASE_OWNER_URL")
    engine = create_engine(sqlalchemy_url(owner_url), poolclass=pool.NullPool, hide_parameters=True)
    # By itself, not in a transaction: no migration is to wait for an old one.
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as lock:
        lock.execute(text(_LOCK))
        before = read_revision(owner_url)
        mended, left = 0, list[str]()
        is_ours = is_known(before)
        if is_ours:
            upgrade_schema(owner_url)
            with engine.begin() as connection:
                mended, left = mend_policies(connection)
        else:
            log.warning("schema_is_of_a_later_release", revision=before)
        did = {
            "version": __version__,
            "roles": "made" if with_roles else "left alone",
            "schema": "brought up to date" if is_ours else "left alone, as it is of later code",
            "revision_before": before,
            "revision": read_revision(owner_url),
            "policies_mended": mended,
        }
    log.info("migrated", **did)
    if left:
        log.error("unguarded", left=left)
        raise UnguardedError(f"{len(left)} ways to rows that nobody guards")
    return did
