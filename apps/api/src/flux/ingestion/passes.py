"""One pass over a file: its rows become orders, and are heard as evidence of how they must be read.

How a file is to be read is guessed from its beginning and put to use at once; all rows together then say
whether the guess was right. So a file is read once, and twice only where its end tells another story.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import BinaryIO

import polars as pl

from flux.ingestion.ahead import read_ahead
from flux.ingestion.blocks import Block
from flux.ingestion.body import read_body
from flux.ingestion.cells import read_decimal
from flux.ingestion.columns import ABSENT, Batch, ColumnReader
from flux.ingestion.evidence import Evidence, gather
from flux.ingestion.meaning import COUNTED, Kind, PriceMeaning
from flux.ingestion.orders import Chunk, Target, group_orders, sort_lines
from flux.ingestion.parse import Rejection
from flux.ingestion.phrases import PhraseCode, Said, say
from flux.ingestion.reading import FileReading
from flux.ingestion.report import Conclusion, LeftOut, refuse
from flux.ingestion.understand import conclude

MAX_ROWS = 20_000_000
FIRST_PROBLEMS = 10
_SET_APART = {
    str(Kind.REFUND): say(PhraseCode.REFUNDS_APART),
    str(Kind.CHARGE): say(PhraseCode.CHARGES_APART),
    str(Kind.DEFERRED): say(PhraseCode.DEFERRED_APART),
}
_COUNTED = frozenset(map(str, COUNTED))
_FREE = say(PhraseCode.FREE_APART)


class MisreadError(Exception):
    """All rows together ask for another `reading` than the one that was tried."""

    def __init__(self, reading: FileReading) -> None:
        super().__init__("misread")
        self.reading = reading


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
        self.rows_read = 0
        self.lines_rejected = 0
        self.codes = Counter[str]()
        self.first_problems: list[Rejection] = []
        self.net_minor = 0
        self._set_apart = LeftOut()
        self._rejections = rejections
        self._file = file
        self._now = now
        self._reader = ColumnReader(reading, now)
        self._seen = Evidence()
        self._totals: list[tuple[int, str]] = []
        self._net_of_all = 0
        self._is_sorted = is_sorted

    def read_orders(self, target: Target) -> Iterator[Chunk]:
        """Every order of the file. Raises `FileRefusedError`, `ScatteredError`."""
        # What reads lines and what makes orders of them keep a core busy each.
        with read_ahead(self.read_lines()) as batches:
            yield from group_orders(sort_lines(batches) if self._is_sorted else batches, target)

    def conclusions(self) -> list[Conclusion]:
        """What became of the rows, once they were read."""
        complete = [
            Conclusion(
                what="complete",
                decided=say(PhraseCode.NOTHING_MISSING),
                because=say(PhraseCode.ADDS_UP, str(row_number)),
            )
            for row_number, _ in self._compare_totals(is_equal=True)
        ]
        return [
            *self.left_out.conclusions(),
            *self._set_apart.conclusions("set apart"),
            *complete,
        ]

    def warnings(self) -> list[Said]:
        """That the rows do not add up to the total that the file gives, once they were read."""
        digits = self.reading.conventions.restaurant.minor_digits
        found = Decimal(self.net_minor).scaleb(-digits)
        return [
            say(PhraseCode.ROWS_MISSING, str(row_number), f"{total:,}", f"{found:,}")
            for row_number, total in self._compare_totals(is_equal=False)
        ]

    def _compare_totals(self, *, is_equal: bool) -> list[tuple[int, Decimal]]:
        """The row of the file's total, and the total, if what was read comes to it or does not."""
        conventions = self.reading.conventions
        # Of several, some are of parts of the file.
        if len(self._totals) != 1 or conventions.price_meaning is PriceMeaning.UNIT:
            return []
        row_number, text = self._totals[0]
        total = read_decimal(text, conventions.decimal_sign)
        if total is None:
            return []
        sums = (self._net_of_all, self.net_minor)
        is_one = total.scaleb(conventions.restaurant.minor_digits) in sums
        return [(row_number, total)] if is_one is is_equal else []

    def check(self) -> FileReading:
        """How all rows say that the file is to be read; `MisreadError` if it was read otherwise."""
        restaurant = self.reading.conventions.restaurant
        conventions = conclude(self._seen, self.reading.layout, restaurant)
        reading = FileReading(self.reading.decoding, self.reading.layout, conventions)
        if not conventions.reads_like(self.reading.conventions):
            raise MisreadError(reading)
        return reading

    def read_lines(self) -> Iterator[pl.DataFrame]:
        """Every valid line of the file, as `LINES` has it. Raises `FileRefusedError`."""
        layout, restaurant = self.reading.layout, self.reading.conventions.restaurant
        for body in read_body(self._file, self.reading.decoding, layout):
            self._check_length(body)
            gather(self._seen, body, layout, restaurant)
            batch = self._reader.read(body)
            self.note(batch)
            yield batch.lines

    def _check_length(self, block: Block) -> None:
        self.rows_read = block.first_row + len(block) - 1
        if self.rows_read >= MAX_ROWS:
            raise refuse(
                "too_many_rows",
                f"The file has more than {MAX_ROWS:,} rows. Export a shorter period, one file after the other.",
            )

    def note(self, batch: Batch) -> None:
        """Count the rows that are left out and refused, and write down why."""
        for row_number, treatment in batch.left_out:
            self.left_out.add(treatment.why, row_number)
        self._totals += batch.totals
        self._note_kinds(batch.lines)
        self.lines_rejected += len(batch.rejected)
        for problems in batch.rejected:
            if len(self.first_problems) < FIRST_PROBLEMS:
                self.first_problems += problems
            for number, each in enumerate(problems, start=1):
                self.codes[each.code] += 1
                cells = (each.column, each.value, each.code, each.message)
                texts = "\t".join(map(_write_cell, cells))
                self._rejections.write(f"{each.row_number}\t{number}\t{texts}\n".encode())

    def _note_kinds(self, lines: pl.DataFrame) -> None:
        is_free = (pl.col("net_minor") == 0).alias("is_free")
        first = pl.col("source_row").min()
        found = lines.group_by("kind", is_free).agg(pl.len(), first, pl.col("net_minor").sum())
        for kind, free, number, first_row, net_minor in found.sort("source_row").iter_rows():
            self._net_of_all += net_minor
            if kind in _COUNTED:
                self.net_minor += net_minor
            if kind in _SET_APART:
                self._set_apart.add(_SET_APART[kind], first_row, number)
            if free and kind != ABSENT:
                self._set_apart.add(_FREE, first_row, number)


def _write_cell(text: str | None) -> str:
    """The text as COPY takes it (PostgreSQL, COPY, text format)."""
    return "\\N" if text is None else text.translate(_ESCAPES)


_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
