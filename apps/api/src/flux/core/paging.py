"""Lists in parts: by key, not by number, so that nothing is skipped or shown twice while rows come in."""

import base64
import binascii
import json
from typing import Annotated, Any

from fastapi import Query
from sqlalchemy import Select
from sqlalchemy.ext.asyncio import AsyncSession

from flux.core.errors import FluxError

Limit = Annotated[int, Query(ge=1, le=100)]
Cursor = Annotated[str | None, Query(max_length=200)]


class BadCursorError(FluxError):
    def __init__(self) -> None:
        super().__init__(
            "bad_cursor", 422, "Use the next_cursor of the page before, unchanged, or none."
        )


async def fetch_page(
    session: AsyncSession, wanted: Select[Any], limit: int
) -> tuple[list[Any], bool]:
    """At most `limit` of the wanted objects, and whether there are more."""
    found = list((await session.scalars(wanted.limit(limit + 1))).all())
    return found[:limit], len(found) > limit


def make_cursor(*parts: str | int) -> str:
    """The key of a list's last row, opaque to the client."""
    return base64.urlsafe_b64encode(json.dumps(parts).encode()).decode().rstrip("=")


def read_cursor(cursor: str, *readers: Any) -> list[Any]:
    """The parts of a cursor, each by its reader; `BadCursorError` for anything `make_cursor` did not make."""
    try:
        parts = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if not isinstance(parts, list) or len(parts) != len(readers):
            raise BadCursorError
        return [read(part) for read, part in zip(readers, parts, strict=True)]
    except (binascii.Error, ValueError, TypeError, AttributeError) as error:
        raise BadCursorError from error
