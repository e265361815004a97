"""One upload from its file to its result: claim, read, load, finish. The same on a laptop and on AWS.

All or nothing: the rows, the rejections, the counts and the status `completed` are one commit. A
worker that dies leaves a lease that runs out; the next claim starts from the file again.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Self, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

import psycopg
from psycopg.types.json import Jsonb

from flux.core import clock
from flux.core.ids import new_id
from flux.core.logging import get_logger
from flux.core.storage import Store
from flux.core.tenancy import enter
from flux.ingestion.choice import Choice, read_choice
from flux.ingestion.loading import load_table
from flux.ingestion.orders import ScatteredError, Target, Turn
from flux.ingestion.passes import MisreadError
from flux.ingestion.phrases import PhraseCode, say
from flux.ingestion.reading import FileReading
from flux.ingestion.report import FileProblem, FileRefusedError, Report, tell
from flux.ingestion.restaurant import Restaurant
from flux.ingestion.revise import Revision, read_report
from flux.ingestion.understand import decide_reading, guess_reading
from flux.ingestion.unpack import unpack

log = get_logger(__name__)

LEASE = timedelta(seconds=15)
HEARTBEAT_SECONDS = 0.5
MAX_ATTEMPTS = 3
ROWS_END = 0.95
GAVE_UP = FileProblem(
    code="gave_up",
    detail="Flux could not finish reading this file, three times in a row. The file is kept and we are looking at it.",
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
    # What is asked of an upload that is completed: "undo" or "read_again".
    requested: str | None
    restaurant: Restaurant


def find_due_uploads(dsn: str, most: int = 100) -> list[tuple[UUID, UUID]]:
    """Restaurant and id of uploads that wait for a worker, or whose worker died; oldest first."""
    with psycopg.connect(dsn) as connection:
        found = connection.execute("SELECT * FROM find_due_uploads(%s, %s)", (clock.now(), most))
        return found.fetchall()


def process_upload(dsn: str, store: Store, restaurant_id: UUID, upload_id: UUID) -> bool:
    """Take the upload to an end, if it is there to be taken; whether it was.

    What the owner's file is guilty of ends in its report. Whatever else goes wrong is raised, and the
    upload is tried again when the lease has run out, at most `MAX_ATTEMPTS` times.
    """
    claim = _claim(dsn, restaurant_id, upload_id)
    if claim is None:
        return False
    log.info("upload_claimed", upload_id=str(upload_id), requested=claim.requested)
    try:
        if claim.requested == "undo":
            _undo(dsn, store, claim)
        elif claim.requested == "read_again":
            _read_again(dsn, store, claim)
        else:
            _ingest(dsn, store, claim)
    except FileRefusedError as refusal:
        with _tenant(dsn, restaurant_id) as connection:
            _refuse(connection, claim, refusal.problem, needs_mapping=refusal.needs_mapping)
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
        object_key, attempts, requested, timezone, country, currency, day_starts_at = row
        claim = Claim(
            restaurant_id,
            upload_id,
            new_id(),
            object_key,
            requested,
            Restaurant(
                ZoneInfo(timezone),
                country,
                currency,
                day_starts_at,
                _read_choices(connection, restaurant_id, ZoneInfo(timezone)),
            ),
        )
        connection.execute(
            # A completed one stays so, and counts, until what is asked of it is done.
            "UPDATE data_uploads SET status = CASE WHEN requested IS NULL THEN 'processing' ELSE status END,"
            " progress = 0, rows_read = 0, attempts = attempts + 1, lease_token = %s, lease_until = %s"
            " WHERE restaurant_id = %s AND id = %s",
            (claim.lease_token, now + LEASE, restaurant_id, upload_id),
        )
        if attempts >= MAX_ATTEMPTS:
            _refuse(connection, claim, GAVE_UP)
            log.error("upload_given_up", upload_id=str(upload_id))
            return None
    return claim


def _read_choices(
    connection: psycopg.Connection, restaurant_id: UUID, timezone: ZoneInfo
) -> dict[str, Choice]:
    found = connection.execute(
        "SELECT fingerprint, mapping, created_at FROM column_mappings WHERE restaurant_id = %s",
        (restaurant_id,),
    )
    return {name: read_choice(mapping, at, timezone) for name, mapping, at in found}


def _ingest(dsn: str, store: Store, claim: Claim) -> None:
    # The heart first: fetching and unpacking may outlast a lease.
    with (
        _Heart(dsn, claim) as heart,
        store.open(claim.object_key) as stored,
        unpack(stored, claim.restaurant) as table,
    ):
        reading, is_sorted = guess_reading(table.file, claim.restaurant), False
        while True:
            try:
                with _tenant(dsn, claim.restaurant_id) as connection:
                    target = _aim(claim, reading, Turn.NEWEST)
                    report = load_table(
                        connection, table, reading, target, is_sorted=is_sorted, watch=heart.watch
                    )
                    heart.stop()
                    _finish(connection, claim, "completed", report)
            except MisreadError as misread:
                reading = misread.reading
            except ScatteredError:
                if is_sorted:
                    raise
                is_sorted = True
            else:
                break
    log.info("upload_completed", upload_id=str(claim.upload_id), lines=report.lines_accepted)


def _undo(dsn: str, store: Store, claim: Claim) -> None:
    """Take the upload's orders away and put back what others have; until the commit all is as it was."""
    with _Heart(dsn, claim) as heart, _tenant(dsn, claim.restaurant_id) as connection:
        revision = _begin_revision(connection, store, claim)
        revision.restore(revision.remove())
        report = read_report(connection, claim.restaurant_id, claim.upload_id)
        report.conclusions.append(revision.conclude())
        heart.stop()
        _finish(connection, claim, "undone", report)
    log.info("upload_undone", upload_id=str(claim.upload_id), orders=revision.removed)


def _read_again(dsn: str, store: Store, claim: Claim) -> None:
    """Put a new reading of a completed upload in the old one's place; until the commit all is as it was."""
    with (
        _Heart(dsn, claim) as heart,
        store.open(claim.object_key) as stored,
        unpack(stored, claim.restaurant) as table,
    ):
        reading = decide_reading(table.file, claim.restaurant)
        with _tenant(dsn, claim.restaurant_id) as connection:
            revision = _begin_revision(connection, store, claim)
            others = revision.remove()
            revision.check_names(reading.layout.source, reading.conventions.location, others)
            revision.restore(each for each in others if each.is_newer)
            target = _aim(claim, reading, Turn.AS_BEFORE)
            report = load_table(
                connection, table, reading, target, is_sorted=True, watch=heart.watch
            )
            revision.restore(each for each in others if not each.is_newer)
            heart.stop()
            _finish(connection, claim, "completed", report)
    log.info("upload_read_again", upload_id=str(claim.upload_id), lines=report.lines_accepted)


def _begin_revision(connection: psycopg.Connection, store: Store, claim: Claim) -> Revision:
    return Revision(connection, store, claim.restaurant, claim.restaurant_id, claim.upload_id)


def _aim(claim: Claim, reading: FileReading, turn: Turn) -> Target:
    return Target(
        claim.restaurant_id,
        claim.upload_id,
        reading.layout.source,
        reading.conventions.location,
        claim.restaurant.currency,
        turn,
    )


def _refuse(
    connection: psycopg.Connection,
    claim: Claim,
    problem: FileProblem,
    *,
    needs_mapping: bool = False,
) -> None:
    """End without a result. What a completed upload had written stays, and its report says why."""
    if claim.requested is None:
        report = Report(currency=claim.restaurant.currency, problem=problem)
        _finish(connection, claim, "needs_mapping" if needs_mapping else "failed", report)
        return
    report = read_report(connection, claim.restaurant_id, claim.upload_id)
    failed = PhraseCode.NOT_UNDONE if claim.requested == "undo" else PhraseCode.NOT_READ_AGAIN
    _finish(connection, claim, "completed", report.warn(say(failed, tell(problem))))


def _finish(connection: psycopg.Connection, claim: Claim, status: str, report: Report) -> None:
    """Write the result, in the caller's transaction; `LeaseLostError` if the upload is no longer ours."""
    done = connection.execute(
        _FINISH,
        {
            "status": status,
            "report": Jsonb(report.model_dump(mode="json")),
            "now": clock.now(),
            "restaurant": claim.restaurant_id,
            "upload": claim.upload_id,
            "lease": claim.lease_token,
        },
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
        self.rows_read = 0
        self._dsn = dsn
        self.claim = claim
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

    def watch(self, share: float, rows_read: int) -> None:
        """Hear how far into the file the load has come; the rest is for the result."""
        self.progress, self.rows_read = min(ROWS_END, ROWS_END * share), rows_read

    def _beat(self) -> None:
        claim = self.claim
        try:
            with psycopg.connect(self._dsn, autocommit=True) as connection:
                while not self._stopped.wait(HEARTBEAT_SECONDS):
                    with connection.transaction():
                        enter(connection, restaurant_id=claim.restaurant_id)
                        connection.execute(
                            "UPDATE data_uploads SET progress = %s, rows_read = %s, lease_until = %s"
                            " WHERE restaurant_id = %s AND id = %s AND lease_token = %s",
                            (
                                self.progress,
                                self.rows_read,
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
    SELECT u.object_key, u.attempts, u.requested, r.timezone, r.country, r.currency, r.day_starts_at
    FROM data_uploads u JOIN restaurants r ON r.id = u.restaurant_id
    WHERE u.restaurant_id = %(restaurant)s AND u.id = %(upload)s
      AND ((u.status = 'awaiting_file' AND u.received_at IS NOT NULL)
           OR (u.status = 'processing' AND u.lease_until < %(now)s)
           OR (u.requested IS NOT NULL AND (u.lease_until IS NULL OR u.lease_until < %(now)s)))
    FOR UPDATE OF u SKIP LOCKED
"""
# Which upload counts where two have the same order goes by `finished_at`: to be read again changes nothing in that.
_FINISH = """
    UPDATE data_uploads SET
        status = %(status)s, report = %(report)s, progress = 1, requested = NULL, lease_token = NULL, lease_until = NULL,
        finished_at = CASE WHEN status = 'completed' AND %(status)s = 'completed' THEN finished_at ELSE %(now)s END
    WHERE restaurant_id = %(restaurant)s AND id = %(upload)s AND lease_token = %(lease)s
"""
