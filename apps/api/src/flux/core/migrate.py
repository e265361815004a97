"""Bringing the database's schema up to date, or back, and its row-level security with it."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, pool, text

from flux.core.rls import apply_policies, find_drift, find_strangers
from flux.settings import sqlalchemy_url

# The file lies beside `src`, and in a Lambda's package beside `flux`.
_PLACES = [folder / "alembic.ini" for folder in Path(__file__).resolve().parents[2:4]]
ALEMBIC_INI = next((place for place in _PLACES if place.exists()), _PLACES[-1])


def alembic_config(owner_url: str) -> Config:
    config = Config(str(ALEMBIC_INI))
    config.attributes["url"] = owner_url
    return config


def upgrade_schema(owner_url: str) -> None:
    """Apply every migration that is missing, as the owner of the tables."""
    command.upgrade(alembic_config(owner_url), "head")


def read_revision(owner_url: str) -> str | None:
    """The migration that the database has come to; `None` before the first."""
    engine = create_engine(sqlalchemy_url(owner_url), poolclass=pool.NullPool)
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def is_known(revision: str | None) -> bool:
    """Whether this code has the migration; what a later release brought the database to, it has not."""
    every = ScriptDirectory.from_config(alembic_config("")).walk_revisions()
    return revision is None or revision in {each.revision for each in every}


def mend_policies(connection: Connection) -> tuple[int, list[str]]:
    """Apply the row-level security of `core/rls.py`, in the connection's transaction.

    How many differences there were that are mended now, and those that applying cannot mend.
    """
    connection.execute(text("SET LOCAL lock_timeout = '5s'"))
    drift = find_drift(connection)
    apply_policies(connection)
    left = find_strangers(connection)
    return len(drift) - len(left), left
