"""How Alembic reaches the database: as flux_owner, by DATABASE_OWNER_URL."""

from alembic import context
from sqlalchemy import create_engine, pool

from flux.models import Model
from flux.settings import get_settings, require, sqlalchemy_url


def run_migrations() -> None:
    url = context.config.attributes.get("url") or require(
        get_settings().database_owner_url, "DATABASE_OWNER_URL"
    )
    engine = create_engine(sqlalchemy_url(url), poolclass=pool.NullPool)
    with engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=Model.metadata,
            transaction_per_migration=True,
        )
        with context.begin_transaction():
            context.run_migrations()
    engine.dispose()


run_migrations()
