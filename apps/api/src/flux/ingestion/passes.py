"""One pass over a file: its rows become orders, and are heard as evidence of how they must be read.

How a file is to be read is guessed from its beginning and put to use at once; all rows together then say
whether the guess was right. So a file is read once, and twice only where its end tells another story.
"""

import gc
import io
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from decimal import Decimal
from itertools import compress, islice
from typing import BinaryIO

from psycopg import Connection

from flux.core import clock
from flux.ingestion.ahead import read_ahead
from flux.ingestion.cells import read_decimal
from flux.ingestion.columns import ABSENT, Batch, ColumnReader, Lines
from flux.ingestion.decode import Block, decide_decoding, read_blocks, read_records
from flux.ingestion.evidence import Evidence, gather
from flux.ingestion.load import Counts, load_orders, store_rejections
from flux.ingestion.meaning import COUNTED, Kind, PriceMeaning
from flux.ingestion.orders import Chunk, Target, Turn, group_orders, sort_lines
from flux.ingestion.parse import FileReading
from flux.ingestion.recognise import recognise_header
from flux.ingestion.report import Conclusion, FileRefusedError, LeftOut, Report, refuse
from flux.ingestion.restaurant import Restaurant
from flux.ingestion.table import Table
from flux.ingestion.understand import conclude, understand

MAX_ROWS = 20_000_000
_SET_APART = {
    str(Kind.REFUND): "refunds, taken off the sales",
    str(Kind.CHARGE): "tips, service and delivery, not counted as sales",
    str(Kind.DEFERRED): "gift cards and the like, not counted as sales",
}
_COUNTED = frozenset(map(str, COUNTED))
_FREE = "of a price of 0, counted as given away"
_GUESS_BLOCKS = 8


class MisreadError(Exception):
    """All rows together ask for another `reading` than the one that was tried."""

    def __init__(self, reading: FileReading) -> None:
        super().__init__("misread")
        self.reading = reading


def guess_reading(file: BinaryIO, restaurant: Restaurant) -> FileReading:
    """How the file seems to be meant: from its beginning or, where that says too little, from all of it.

    Raises `FileRefusedError`.
    """
    decoding = decide_decoding(file)
    layout = recognise_header(read_records(file, decoding), restaurant.choices)
    try:
        beginning = islice(read_blocks(file, decoding), _GUESS_BLOCKS)
        conventions = understand(beginning, layout, restaurant)
    except FileRefusedError:
        conventions = understand(read_blocks(file, decoding), layout, restaurant)
    return FileReading(decoding, layout, conventions)


class Pass:
    """The file read as `reading` says; `is_sorted` puts the lines of an order together first.

    Rows that are refused are written to `rejections`, as COPY takes them.
    """

    def __init__(
        self,
        file: BinaryIO,
        reading: FileReading,
        now: datetime,
        rejections: BinaryIO,
        *,
        is_sorted: bool = False,
    ) -> None:
        self.reading = reading
        self.left_out = LeftOut()
        self.set_apart = LeftOut()
        self.lines_rejected = 0
        self.codes = Counter[str]()
        self.rejections = rejections
        self._file = file
        self._reader = ColumnReader(reading, now)
        self._seen = Evidence()
        self._totals: list[tuple[int, str]] = []
        self._net_minor = self._net_counted = 0
        self._is_sorted = is_sorted

    def read_orders(self, target: Target) -> Iterator[Chunk]:
        """Every order of the file. Raises `FileRefusedError`, `ScatteredError`."""
        batches = self._read_lines()
        return group_orders(sort_lines(batches) if self._is_sorted else batches, target)

    def compare_totals(self) -> tuple[list[Conclusion], list[str]]:
        """Whether the rows add up to the total that the file gives: a conclusion, or a warning."""
        conventions = self.reading.conventions
        if len(self._totals) != 1 or conventions.price_meaning is PriceMeaning.UNIT:
            # Of several, some are of parts of the file.
            return [], []
        row_number, text = self._totals[0]
        amount = read_decimal(text, conventions.decimal_sign)
        if amount is None:
            return [], []
        digits = conventions.restaurant.minor_digits
        if amount.scaleb(digits) in (self._net_minor, self._net_counted):
            told = Conclusion(
                what="complete",
                decided="no row is missing",
                because=f"they add up to row {row_number}",
            )
            return [told], []
        found = Decimal(self._net_counted).scaleb(-digits)
        return [], [
            f"Row {row_number} gives a total of {amount:,}, but the rows that were counted add up to {found:,}. Some"
            " may be missing: tills cut long exports off. Export a shorter period and compare."
        ]

    def check(self) -> FileReading:
        """How all rows say that the file is to be read; `MisreadError` if it was read otherwise."""
        restaurant = self.reading.conventions.restaurant
        conventions = conclude(self._seen, self.reading.layout, restaurant)
        reading = FileReading(self.reading.decoding, self.reading.layout, conventions)
        if not conventions.reads_like(self.reading.conventions):
            raise MisreadError(reading)
        return reading

    def _read_lines(self) -> Iterator[Lines]:
        for block in read_blocks(self._file, self.reading.decoding):
            self._check_length(block)
            gather(self._seen, block, self.reading.layout, self.reading.conventions.restaurant)
            batch = self._reader.read(block)
            self._note(batch)
            yield batch.lines

    def _check_length(self, block: Block) -> None:
        if block.first_row + len(block.rows) > MAX_ROWS:
            raise refuse(
                "too_many_rows",
                f"The file has more than {MAX_ROWS:,} rows. Export a shorter period, one file after the other.",
            )

    def _note(self, batch: Batch) -> None:
        for row_number, treatment in batch.left_out:
            self.left_out.add(treatment.why, row_number)
        lines = batch.lines
        self._totals += batch.totals
        self._net_minor += sum(lines.net_minor)
        for kind in set(lines.kind) & _SET_APART.keys():
            first_row = lines.source_row[lines.kind.index(kind)]
            self.set_apart.add(_SET_APART[kind], first_row, lines.kind.count(kind))
        counted = compress(lines.net_minor, map(_COUNTED.__contains__, lines.kind))
        self._net_counted += sum(counted)
        if 0 in lines.net_minor:
            free = [
                row
                for row, kind, net in zip(
                    lines.source_row, lines.kind, lines.net_minor, strict=True
                )
                if kind != ABSENT and net == 0
            ]
            if free:
                self.set_apart.add(_FREE, free[0], len(free))
        self.lines_rejected += len(batch.rejected)
        for problems in batch.rejected:
            for number, each in enumerate(problems, start=1):
                self.codes[each.code] += 1
                cells = (each.column, each.value, each.code, each.message)
                texts = "\t".join(map(_write_cell, cells))
                self.rejections.write(f"{each.row_number}\t{number}\t{texts}\n".encode())


def load_table(
    connection: Connection,
    table: Table,
    reading: FileReading,
    target: Target,
    *,
    is_sorted: bool,
    watch: Callable[[float], object] = lambda _: None,
) -> Report:
    """Load the table's orders and refused rows in the caller's transaction, and say what came of it.

    `watch` hears how much of the file is read, from 0 to 1. Raises `MisreadError`, `ScatteredError`, and
    `FileRefusedError`, also if no row is a sale.
    """
    file, restaurant = table.file, reading.conventions.restaurant
    size_bytes = max(1, file.seek(0, io.SEEK_END))
    with _without_collection(), tempfile.TemporaryFile() as rejections:
        reader = Pass(file, reading, clock.now(), rejections, is_sorted=is_sorted)
        with read_ahead(reader.read_orders(target)) as chunks:
            watched = _tell(chunks, lambda: watch(file.tell() / size_bytes))
            counts = load_orders(connection, watched, target, restaurant, is_sorted=is_sorted)
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


def _tell(chunks: Iterator[Chunk], tell: Callable[[], object]) -> Iterator[Chunk]:
    for chunk in chunks:
        tell()
        yield chunk


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


def _make_report(table: Table, reading: FileReading, reader: Pass, counts: Counts) -> Report:
    left_out = reader.left_out
    totals, cautions = reader.compare_totals()
    return Report(
        source=reading.layout.source,
        lines_total=counts.lines_accepted + reader.lines_rejected + left_out.number,
        lines_left_out=left_out.number,
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
            *left_out.conclusions(),
            *reader.set_apart.conclusions("set apart"),
            *totals,
        ],
        warnings=[*reading.conventions.warnings, *cautions],
    )


def _write_cell(text: str | None) -> str:
    """The text as COPY takes it (PostgreSQL, COPY, text format)."""
    return "\\N" if text is None else text.translate(_ESCAPES)


_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
