"""Bringing the database's schema up to date, or back."""

from pathlib import Path

from alembic import command
from alembic.config import Config

ALEMBIC_INI = Path(__file__).resolve().parents[3] / "alembic.ini"


def alembic_config(owner_url: str) -> Config:
    config = Config(str(ALEMBIC_INI))
    config.attributes["url"] = owner_url
    return config


def upgrade_schema(owner_url: str) -> None:
    """Apply every migration that is missing, as the owner of the tables."""
    command.upgrade(alembic_config(owner_url), "head")
