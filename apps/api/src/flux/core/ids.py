"""Surrogate ids: UUIDv7 (RFC 9562), made here because PostgreSQL has them only since 18."""

from uuid import UUID

import uuid_utils.compat


def new_id() -> UUID:
    """A UUID whose first 48 bits are the current Unix time in milliseconds, so ids sort by age."""
    return uuid_utils.compat.uuid7()
