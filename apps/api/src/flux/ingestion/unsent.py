"""Uploads of whose file nobody said that it came: those that did come are taken up, those that never will end."""

from datetime import timedelta
from typing import LiteralString
from uuid import UUID

import psycopg
from psycopg.types.json import Jsonb

from flux.core import clock
from flux.core.logging import get_logger
from flux.core.storage import Store
from flux.core.tenancy import enter
from flux.ingestion.report import FileProblem, Report

log = get_logger(__name__)

# A file that was begun in time may come long after its address has expired.
GRACE = timedelta(hours=24)
NEVER_CAME = FileProblem(
    code="file_never_came",
    detail="The file did not arrive in the time in which it could be sent. Upload it again.",
)
WRONG_SIZE = FileProblem(
    code="wrong_size",
    detail="The file that arrived is not of the size that was announced, so it was not read. Upload it again.",
)


def sweep_unsent_uploads(dsn: str, store: Store, most: int = 1000) -> int:
    """Take up files that are in the store although nobody said so; how many there were.

    That news is lost where the API dies between storing a file and writing it down. An upload whose
    file is of another size than announced, or has not come `GRACE` after its address expired, fails.
    """
    swept = 0
    with psycopg.connect(dsn) as connection:
        unsent = connection.execute(
            "SELECT * FROM find_unsent_uploads(%s, %s)", (clock.now() - GRACE, most)
        ).fetchall()
    for restaurant_id, upload_id, object_key, size_bytes, is_given_up in unsent:
        stored = store.size_of(object_key)
        with psycopg.connect(dsn) as connection:
            enter(connection, restaurant_id=restaurant_id)
            if stored == size_bytes:
                swept += connection.execute(
                    f"UPDATE data_uploads SET received_at = %s {_UNSENT}",  # noqa: S608 (no input in it)
                    (clock.now(), restaurant_id, upload_id),
                ).rowcount
            elif stored is not None:
                log.error("file_of_wrong_size", upload_id=str(upload_id), stored=stored)
                _fail(connection, restaurant_id, upload_id, WRONG_SIZE)
            elif is_given_up:
                _fail(connection, restaurant_id, upload_id, NEVER_CAME)
                _abort_parts(connection, store, restaurant_id, upload_id)
    return swept


def _fail(
    connection: psycopg.Connection, restaurant_id: UUID, upload_id: UUID, problem: FileProblem
) -> None:
    [currency] = connection.execute(
        "SELECT currency FROM restaurants WHERE id = %s", (restaurant_id,)
    ).fetchall()[0]
    report = Report(currency=currency, problem=problem).model_dump(mode="json")
    connection.execute(
        f"UPDATE data_uploads SET status = 'failed', report = %s, finished_at = %s {_UNSENT}",  # noqa: S608
        (Jsonb(report), clock.now(), restaurant_id, upload_id),
    )


def _abort_parts(
    connection: psycopg.Connection, store: Store, restaurant_id: UUID, upload_id: UUID
) -> None:
    """Forget the parts of a file of which not all came."""
    for object_key, parts_id in connection.execute(
        "SELECT object_key, parts_id FROM data_uploads"
        " WHERE restaurant_id = %s AND id = %s AND status = 'failed' AND parts_id IS NOT NULL",
        (restaurant_id, upload_id),
    ):
        store.abort_parts(object_key, parts_id)


_UNSENT: LiteralString = (
    "WHERE restaurant_id = %s AND id = %s AND status = 'awaiting_file' AND received_at IS NULL"
)
