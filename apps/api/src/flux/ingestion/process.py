"""One upload from its file to its result: claim, read, load, finish. The same on a laptop and on AWS.

All or nothing: the rows, the rejections, the counts and the status `completed` are one commit. A
worker that dies leaves a lease that runs out; the next claim starts from the file again.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import BinaryIO, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

import psycopg
from psycopg.types.json import Jsonb

from flux.core import clock
from flux.core.ids import new_id
from flux.core.logging import get_logger
from flux.core.storage import LocalStore
from flux.ingestion.load import Counts, Target, load_lines
from flux.ingestion.parse import SOURCE, FileReading, decide_reading, read_lines
from flux.ingestion.report import FileProblem, FileRefusedError, Report, refuse
from flux.ingestion.understand import Restaurant

log = get_logger(__name__)

LEASE = timedelta(seconds=60)
HEARTBEAT_SECONDS = 0.5
MAX_ATTEMPTS = 3
GAVE_UP = FileProblem(
    code="gave_up",
    detail="Flux could not finish reading this file, three times in a row. The file is kept and we are looking at it;"
    " nothing of it was counted.",
)

T = TypeVar("T")


class LeaseLostError(Exception):
    """Another worker has this upload now; whatever was done here is rolled back."""


@dataclass(frozen=True)
class Claim:
    """An upload that is ours until the lease runs out."""

    restaurant_id: UUID
    upload_id: UUID
    lease_token: UUID
    object_key: str
    size_bytes: int
    restaurant: Restaurant


def find_due_uploads(dsn: str, most: int = 1000) -> list[tuple[UUID, UUID, str]]:
    """Uploads that wait for a file or for another worker: restaurant, upload, object key; oldest first."""
    with psycopg.connect(dsn) as connection:
        return connection.execute(
            "SELECT * FROM find_due_uploads(%s, %s)", (clock.now(), most)
        ).fetchall()


def process_upload(
    dsn: str, store: LocalStore, restaurant_id: UUID, upload_id: UUID
) -> bool:
    """Take the upload to an end, if it is there to be taken; whether it was.

    What the owner's file is guilty of ends in its report. Whatever else goes wrong is raised, and the
    upload is tried again when the lease has run out, at most `MAX_ATTEMPTS` times.
    """
    claim = _claim(dsn, restaurant_id, upload_id)
    if claim is None:
        return False
    log.info("upload_claimed", upload_id=str(upload_id))
    try:
        _ingest(dsn, store, claim)
    except FileRefusedError as refusal:
        report = Report(currency=claim.restaurant.currency, problem=refusal.problem)
        with _tenant(dsn, restaurant_id) as connection:
            _finish(
                connection,
                claim,
                "needs_mapping" if refusal.needs_mapping else "failed",
                report,
            )
        log.info("upload_refused", upload_id=str(upload_id), code=refusal.problem.code)
    return True


def _claim(dsn: str, restaurant_id: UUID, upload_id: UUID) -> Claim | None:
    now = clock.now()
    with _tenant(dsn, restaurant_id) as connection:
        row = connection.execute(
            _CLAIMABLE, {"restaurant": restaurant_id, "upload": upload_id, "now": now}
        ).fetchone()
        if row is None:
            return None
        object_key, size_bytes, attempts, timezone, country, currency, day_starts_at = (
            row
        )
        claim = Claim(
            restaurant_id,
            upload_id,
            new_id(),
            object_key,
            size_bytes,
            Restaurant(ZoneInfo(timezone), country, currency, day_starts_at),
        )
        connection.execute(
            "UPDATE data_uploads SET status = 'processing', progress = 0, attempts = attempts + 1, lease_token = %s,"
            " lease_until = %s WHERE restaurant_id = %s AND id = %s",
            (claim.lease_token, now + LEASE, restaurant_id, upload_id),
        )
        if attempts >= MAX_ATTEMPTS:
            _finish(
                connection, claim, "failed", Report(currency=currency, problem=GAVE_UP)
            )
            log.error("upload_given_up", upload_id=str(upload_id))
            return None
    return claim


def _ingest(dsn: str, store: LocalStore, claim: Claim) -> None:
    with store.open(claim.object_key) as file:
        reading = decide_reading(file, claim.restaurant)
        target = Target(
            claim.restaurant_id, claim.upload_id, SOURCE, "", claim.restaurant.currency
        )
        with (
            psycopg.connect(dsn, autocommit=True) as beats,
            _tenant(dsn, claim.restaurant_id) as connection,
        ):
            lines = _with_heartbeat(
                read_lines(file, reading, clock.now()), beats, claim, file
            )
            counts = load_lines(connection, lines, target)
            report = _make_report(reading, counts, claim.restaurant.currency)
            if not counts.lines_accepted:
                raise refuse(
                    "no_valid_rows",
                    f"None of the {counts.lines_rejected:,} rows could be read as a sale, so nothing was counted."
                    " Check that this is the list of single sales, not a summary.",
                )
            _finish(connection, claim, "completed", report)
    log.info(
        "upload_completed", upload_id=str(claim.upload_id), lines=counts.lines_accepted
    )


def _make_report(reading: FileReading, counts: Counts, currency: str) -> Report:
    return Report(
        source=SOURCE,
        lines_total=counts.lines_accepted + counts.lines_rejected,
        lines_accepted=counts.lines_accepted,
        lines_rejected=counts.lines_rejected,
        orders_new=counts.orders_new,
        orders_known=counts.orders_known,
        orders_changed=counts.orders_changed,
        net_minor=counts.net_minor,
        currency=currency,
        first_at=counts.first_at,
        last_at=counts.last_at,
        conclusions=reading.conclusions(),
        warnings=list(reading.conventions.warnings),
    )


def _finish(
    connection: psycopg.Connection, claim: Claim, status: str, report: Report
) -> None:
    """Write the result, in the caller's transaction; `LeaseLostError` if the upload is no longer ours."""
    done = connection.execute(
        "UPDATE data_uploads SET status = %s, report = %s, progress = 1, lease_token = NULL, lease_until = NULL,"
        " finished_at = %s WHERE restaurant_id = %s AND id = %s AND lease_token = %s",
        (
            status,
            Jsonb(report.model_dump(mode="json")),
            clock.now(),
            claim.restaurant_id,
            claim.upload_id,
            claim.lease_token,
        ),
    )
    if done.rowcount != 1:
        raise LeaseLostError


def _with_heartbeat(
    lines: Iterator[T], beats: psycopg.Connection, claim: Claim, file: BinaryIO
) -> Iterator[T]:
    """Pass the lines on, and now and then say how far we are and that we are still at it.

    On a connection of its own, so that the owner sees progress before the load commits.
    """
    next_beat = time.monotonic()
    for number, line in enumerate(lines):
        if number % 500 == 0 and time.monotonic() >= next_beat:
            next_beat = time.monotonic() + HEARTBEAT_SECONDS
            _beat(beats, claim, progress=0.9 * file.tell() / max(claim.size_bytes, 1))
        yield line
    _beat(beats, claim, progress=0.9)


def _beat(beats: psycopg.Connection, claim: Claim, *, progress: float) -> None:
    with beats.transaction():
        _enter(beats, claim.restaurant_id)
        kept = beats.execute(
            "UPDATE data_uploads SET progress = %s, lease_until = %s"
            " WHERE restaurant_id = %s AND id = %s AND lease_token = %s",
            (
                min(progress, 0.9),
                clock.now() + LEASE,
                claim.restaurant_id,
                claim.upload_id,
                claim.lease_token,
            ),
        )
    if kept.rowcount != 1:
        raise LeaseLostError


@contextmanager
def _tenant(dsn: str, restaurant_id: UUID) -> Iterator[psycopg.Connection]:
    """A connection in a transaction that sees this restaurant; committed at the end, or rolled back."""
    with psycopg.connect(dsn) as connection:
        _enter(connection, restaurant_id)
        yield connection


def _enter(connection: psycopg.Connection, restaurant_id: UUID) -> None:
    connection.execute(
        "SELECT set_config('app.restaurant_id', %s, true)", (str(restaurant_id),)
    )


_CLAIMABLE = """
    SELECT u.object_key, u.size_bytes, u.attempts, r.timezone, r.country, r.currency, r.day_starts_at
    FROM data_uploads u JOIN restaurants r ON r.id = u.restaurant_id
    WHERE u.restaurant_id = %(restaurant)s AND u.id = %(upload)s
      AND (u.status = 'awaiting_file' OR (u.status = 'processing' AND u.lease_until < %(now)s))
    FOR UPDATE OF u SKIP LOCKED
"""
