"""One table into the restaurant's rows, in one transaction, and the report of what came of it."""

import gc
import io
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from psycopg import Connection

from flux.core import clock
from flux.ingestion.formats import OrderReport
from flux.ingestion.load import Counts, load_orders, store_rejections
from flux.ingestion.load_totals import load_totals
from flux.ingestion.orders import Target, Turn
from flux.ingestion.passes import Pass
from flux.ingestion.reading import FileReading
from flux.ingestion.report import Report, refuse
from flux.ingestion.table import Table
from flux.ingestion.totals import TotalsPass

T = TypeVar("T")
# How long a thread that reads ahead may keep the interpreter; 5 ms unless said otherwise.
_SWITCH_SECONDS = 0.0005


def load_table(
    connection: Connection,
    table: Table,
    reading: FileReading,
    target: Target,
    *,
    is_sorted: bool,
    watch: Callable[[float, int], object] = lambda *_: None,
) -> Report:
    """Load the table's orders and refused rows in the caller's transaction, and say what came of it.

    `watch` hears how much of the file is read, from 0 to 1, and how many rows that is. Raises `MisreadError`, `ScatteredError`, and
    `FileRefusedError`, also if no row is a sale.
    """
    file, restaurant = table.file, reading.conventions.restaurant
    size_bytes = max(1, file.seek(0, io.SEEK_END))
    with _undisturbed(), tempfile.TemporaryFile() as rejections:
        reader: Pass

        def tell() -> None:
            watch(file.tell() / size_bytes, reader.rows_read)

        if isinstance(reading.layout.report, OrderReport):
            reader = totals = TotalsPass(file, reading, clock.now(), rejections)
            rows = _tell(totals.read_totals(), tell)
            counts = load_totals(connection, rows, target, restaurant, totals.refuse_row)
        else:
            reader = Pass(file, reading, clock.now(), rejections, is_sorted=is_sorted)
            chunks = _tell(reader.read_orders(target), tell)
            counts = load_orders(connection, chunks, target, restaurant, is_sorted=is_sorted)
        reading = reader.check()
        if not counts.lines_accepted:
            raise refuse(
                "no_valid_rows",
                f"None of the {reader.lines_rejected:,} rows could be read as a sale, so nothing was counted."
                " Check that this is the list of single sales, not a summary.",
            )
        if target.turn is not Turn.RESTORING:
            store_rejections(connection, rejections, target)
    return _make_report(table, reading, reader, counts)


def _tell(parts: Iterator[T], tell: Callable[[], object]) -> Iterator[T]:
    for part in parts:
        tell()
        yield part
        # What the database's cursors leave behind is in cycles: young ones, so this is soon done.
        gc.collect(0)


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Neither looks for cycles, of which millions of cells have none, nor lets the thread that PostgreSQL waits for wait."""
    was_on, interval = gc.isenabled(), sys.getswitchinterval()
    gc.disable()
    sys.setswitchinterval(_SWITCH_SECONDS)
    try:
        yield
    finally:
        sys.setswitchinterval(interval)
        if was_on:
            gc.enable()


def _make_report(table: Table, reading: FileReading, reader: Pass, counts: Counts) -> Report:
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
        currency=reading.conventions.restaurant.currency,
        first_at=counts.first_at,
        last_at=counts.last_at,
        conclusions=[
            *table.conclusions,
            *reading.conclusions(),
            *reader.conclusions(),
            *counts.conclusions,
        ],
        warnings=[*reading.conventions.warnings, *reader.warnings(), *counts.warnings],
    )
