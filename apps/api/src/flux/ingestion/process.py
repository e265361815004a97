"""One upload from its file to its result: claim, read, load, finish. The same on a laptop and on AWS.

All or nothing: the rows, the rejections, the counts and the status `completed` are one commit. A
worker that dies leaves a lease that runs out; the next claim starts from the file again.
"""

import gc
import io
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import BinaryIO, Self, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

import psycopg
from psycopg.types.json import Jsonb

from flux.core import clock
from flux.core.ids import new_id
from flux.core.logging import get_logger
from flux.core.storage import Store
from flux.core.tenancy import enter
from flux.ingestion.ahead import read_ahead
from flux.ingestion.formats import OrderReport
from flux.ingestion.load import Counts, load_orders, store_rejections
from flux.ingestion.load_totals import load_totals
from flux.ingestion.orders import ScatteredError, Target
from flux.ingestion.parse import FileReading
from flux.ingestion.passes import MisreadError, Pass, guess_reading
from flux.ingestion.report import FileProblem, FileRefusedError, Report, refuse
from flux.ingestion.restaurant import Restaurant
from flux.ingestion.table import Table
from flux.ingestion.totals import TotalsPass
from flux.ingestion.unpack import unpack

log = get_logger(__name__)

LEASE = timedelta(seconds=15)
HEARTBEAT_SECONDS = 0.5
MAX_ATTEMPTS = 3
ROWS_END = 0.95
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
    restaurant: Restaurant


def find_due_uploads(dsn: str, most: int = 100) -> list[tuple[UUID, UUID]]:
    """Restaurant and id of uploads that wait for a worker, or whose worker died; oldest first."""
    with psycopg.connect(dsn) as connection:
        found = connection.execute("SELECT * FROM find_due_uploads(%s, %s)", (clock.now(), most))
        return found.fetchall()


def sweep_unsent_uploads(dsn: str, store: Store, most: int = 1000) -> int:
    """Take up files that are in the store although nobody said so; how many there were.

    That news is lost where the API dies between storing a file and writing it down.
    """
    swept = 0
    with psycopg.connect(dsn) as connection:
        unsent = connection.execute("SELECT * FROM find_unsent_uploads(%s)", (most,)).fetchall()
    for restaurant_id, upload_id, object_key in unsent:
        if store.exists(object_key):
            with _tenant(dsn, restaurant_id) as connection:
                connection.execute(
                    "UPDATE data_uploads SET received_at = %s WHERE restaurant_id = %s AND id = %s",
                    (clock.now(), restaurant_id, upload_id),
                )
            swept += 1
    return swept


def process_upload(dsn: str, store: Store, restaurant_id: UUID, upload_id: UUID) -> bool:
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
        object_key, attempts, timezone, country, currency, day_starts_at = row
        claim = Claim(
            restaurant_id,
            upload_id,
            new_id(),
            object_key,
            Restaurant(ZoneInfo(timezone), country, currency, day_starts_at),
        )
        connection.execute(
            "UPDATE data_uploads SET status = 'processing', progress = 0, attempts = attempts + 1, lease_token = %s,"
            " lease_until = %s WHERE restaurant_id = %s AND id = %s",
            (claim.lease_token, now + LEASE, restaurant_id, upload_id),
        )
        if attempts >= MAX_ATTEMPTS:
            _finish(connection, claim, "failed", Report(currency=currency, problem=GAVE_UP))
            log.error("upload_given_up", upload_id=str(upload_id))
            return None
    return claim


def _ingest(dsn: str, store: Store, claim: Claim) -> None:
    # The heart first: fetching and unpacking may outlast a lease.
    with (
        _Heart(dsn, claim) as heart,
        store.open(claim.object_key) as stored,
        unpack(stored) as table,
        _without_collection(),
    ):
        reading, is_sorted = guess_reading(table.file, claim.restaurant), False
        while True:
            try:
                _load(dsn, claim, heart, table, reading, is_sorted=is_sorted)
            except MisreadError as misread:
                reading = misread.reading
            except ScatteredError:
                if is_sorted:
                    raise
                is_sorted = True
            else:
                return


def _load(
    dsn: str,
    claim: Claim,
    heart: "_Heart",
    table: Table,
    reading: FileReading,
    *,
    is_sorted: bool,
) -> None:
    """One pass over the file in one transaction, which ends with the result."""
    target = Target(
        claim.restaurant_id,
        claim.upload_id,
        reading.layout.source,
        reading.conventions.location,
        claim.restaurant.currency,
    )
    size_bytes = table.file.seek(0, io.SEEK_END)
    with (
        tempfile.TemporaryFile() as rejections,
        _tenant(dsn, claim.restaurant_id) as connection,
    ):
        reader: Pass
        if isinstance(reading.layout.report, OrderReport):
            reader = TotalsPass(table.file, reading, clock.now(), rejections)
            watched_rows = heart.watch(reader.read_totals(), table.file, size_bytes)
            counts = load_totals(
                connection, watched_rows, target, claim.restaurant, reader.refuse_row
            )
            counts.conclusions[:0] = reader.conclusions()
            counts.warnings[:0] = reader.warnings()
        else:
            reader = Pass(table.file, reading, clock.now(), rejections, is_sorted=is_sorted)
            with read_ahead(reader.read_orders(target)) as chunks:
                watched = heart.watch(chunks, table.file, size_bytes)
                counts = load_orders(connection, watched, target, claim.restaurant)
        reading = reader.check()
        if not counts.lines_accepted:
            raise refuse(
                "no_valid_rows",
                f"None of the {reader.lines_rejected:,} rows could be read as a sale, so nothing was counted."
                " Check that this is the list of single sales, not a summary.",
            )
        store_rejections(connection, rejections, target)
        heart.stop()
        report = _make_report(table, reading, reader, counts, claim.restaurant.currency)
        _finish(connection, claim, "completed", report)
    log.info("upload_completed", upload_id=str(claim.upload_id), lines=counts.lines_accepted)


@contextmanager
def _without_collection() -> Iterator[None]:
    """Millions of cells come and go, none in a cycle: looking for cycles takes a third of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _make_report(
    table: Table, reading: FileReading, reader: Pass, counts: Counts, currency: str
) -> Report:
    left_out = reader.left_out.number
    return Report(
        source=reading.layout.source,
        lines_total=counts.lines_accepted + reader.lines_rejected + left_out,
        lines_left_out=left_out,
        lines_accepted=counts.lines_accepted,
        lines_rejected=reader.lines_rejected,
        rejections=dict(reader.codes.most_common()),
        orders_new=counts.orders_new,
        orders_known=counts.orders_known,
        orders_changed=counts.orders_changed,
        net_minor=counts.net_minor,
        currency=currency,
        first_at=counts.first_at,
        last_at=counts.last_at,
        conclusions=[
            *table.conclusions,
            *reading.conclusions(),
            *reader.left_out.conclusions(),
            *counts.conclusions,
        ],
        warnings=[*reading.conventions.warnings, *counts.warnings],
    )


def _finish(connection: psycopg.Connection, claim: Claim, status: str, report: Report) -> None:
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


class _Heart:
    """Says every `HEARTBEAT_SECONDS` how far we are, and that we are still at it.

    In a thread and on a connection of its own: the owner sees progress before the load commits, and
    the lease holds through steps that take long without coming by here.
    """

    def __init__(self, dsn: str, claim: Claim) -> None:
        self.progress = 0.0
        self._dsn = dsn
        self._claim = claim
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._beat, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> None:
        """Beat no more; returns when the last beat is over, so that none comes after the result."""
        self._stopped.set()
        self._thread.join()

    def watch(self, chunks: Iterator[T], file: BinaryIO, size_bytes: int) -> Iterator[T]:
        """Pass the chunks on and see how far into the file they come. The rest is for the result."""
        for chunk in chunks:
            self.progress = min(ROWS_END, ROWS_END * file.tell() / max(size_bytes, 1))
            yield chunk
        self.progress = ROWS_END

    def _beat(self) -> None:
        claim = self._claim
        try:
            with psycopg.connect(self._dsn, autocommit=True) as connection:
                while not self._stopped.wait(HEARTBEAT_SECONDS):
                    with connection.transaction():
                        enter(connection, restaurant_id=claim.restaurant_id)
                        connection.execute(
                            "UPDATE data_uploads SET progress = %s, lease_until = %s"
                            " WHERE restaurant_id = %s AND id = %s AND lease_token = %s",
                            (
                                self.progress,
                                clock.now() + LEASE,
                                claim.restaurant_id,
                                claim.upload_id,
                                claim.lease_token,
                            ),
                        )
        except psycopg.Error:
            # The load will find out by itself: without beats the lease runs out, and `_finish` looks.
            log.exception("heartbeat_lost", upload_id=str(claim.upload_id))


@contextmanager
def _tenant(dsn: str, restaurant_id: UUID) -> Iterator[psycopg.Connection]:
    """A connection in a transaction that sees this restaurant; committed at the end, or rolled back."""
    with psycopg.connect(dsn) as connection:
        enter(connection, restaurant_id=restaurant_id)
        yield connection


_CLAIMABLE = """
    SELECT u.object_key, u.attempts, r.timezone, r.country, r.currency, r.day_starts_at
    FROM data_uploads u JOIN restaurants r ON r.id = u.restaurant_id
    WHERE u.restaurant_id = %(restaurant)s AND u.id = %(upload)s
      AND ((u.status = 'awaiting_file' AND u.received_at IS NOT NULL) OR (u.status = 'processing' AND u.lease_until < %(now)s))
    FOR UPDATE OF u SKIP LOCKED
"""
