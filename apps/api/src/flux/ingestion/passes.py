"""One pass over a file: its rows become orders, and are heard as evidence of how they must be read.

How a file is to be read is guessed from its beginning and put to use at once; all rows together then say
whether the guess was right. So a file is read once, and twice only where its end tells another story.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from typing import BinaryIO

from flux.ingestion.columns import Batch, ColumnReader, Lines
from flux.ingestion.decode import Block, decide_decoding, read_blocks, read_records
from flux.ingestion.evidence import Evidence, gather
from flux.ingestion.orders import Chunk, Target, group_orders, sort_lines
from flux.ingestion.parse import FileReading
from flux.ingestion.recognise import recognise_header
from flux.ingestion.report import FileRefusedError, LeftOut, refuse
from flux.ingestion.restaurant import Restaurant
from flux.ingestion.understand import conclude, understand

MAX_ROWS = 20_000_000
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
    layout = recognise_header(read_records(file, decoding))
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
        self.lines_rejected = 0
        self.codes = Counter[str]()
        self.rejections = rejections
        self._file = file
        self._now = now
        self._reader = ColumnReader(reading, now)
        self._seen = Evidence()
        self._is_sorted = is_sorted

    def read_orders(self, target: Target) -> Iterator[Chunk]:
        """Every order of the file. Raises `FileRefusedError`, `ScatteredError`."""
        batches = self._read_lines()
        return group_orders(sort_lines(batches) if self._is_sorted else batches, target)

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
            self.note(batch)
            yield batch.lines

    def _check_length(self, block: Block) -> None:
        if block.first_row + len(block.rows) > MAX_ROWS:
            raise refuse(
                "too_many_rows",
                f"The file has more than {MAX_ROWS:,} rows. Export a shorter period, one file after the other.",
            )

    def note(self, batch: Batch) -> None:
        """Count the rows that are left out and refused, and write down why."""
        for row_number, treatment in batch.left_out:
            self.left_out.add(treatment.why, row_number)
        self.lines_rejected += len(batch.rejected)
        for problems in batch.rejected:
            for number, each in enumerate(problems, start=1):
                self.codes[each.code] += 1
                cells = (each.column, each.value, each.code, each.message)
                texts = "\t".join(map(_write_cell, cells))
                self.rejections.write(f"{each.row_number}\t{number}\t{texts}\n".encode())


def _write_cell(text: str | None) -> str:
    """The text as COPY takes it (PostgreSQL, COPY, text format)."""
    return "\\N" if text is None else text.translate(_ESCAPES)


_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
