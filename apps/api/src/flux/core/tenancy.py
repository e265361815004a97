"""For whom a connection of psycopg's own works, as `db.enter_context` says it for SQLAlchemy's sessions."""

from typing import Any
from uuid import UUID

import psycopg


def enter(connection: psycopg.Connection[Any], **context: UUID) -> None:
    """Show and accept, until the end of this transaction, the rows of that restaurant, user or mail.

    Takes the names of `db.enter_context`; those that are not given stay as they are.
    """
    for name, value in context.items():
        connection.execute("SELECT set_config(%s, %s, true)", (f"app.{name}", str(value)))
