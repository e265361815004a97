"""The refused rows of a file as a CSV to mend and upload again: its own columns, with what is wrong."""

import csv
import io
from collections.abc import Iterator, Mapping
from typing import BinaryIO

from flux.ingestion.decode import Record, read_records
from flux.ingestion.parse import FileReading, decide_reading
from flux.ingestion.restaurant import Restaurant
from flux.ingestion.unpack import unpack

OUR_COLUMNS = ("Row", "What to do")


def write_rejected(
    stored: BinaryIO, restaurant: Restaurant, problems: Mapping[int, str]
) -> Iterator[str]:
    """The text of the CSV in parts; `problems` has what is wrong with each refused row, by its number.

    The other rows of an order with a refused row are in it too, with nothing to do: a newer export of
    an order replaces it whole, so that mended rows alone would push the good ones out. Begins with a
    byte order mark, without which Excel takes UTF-8 for something else. Raises `FileRefusedError`.
    """
    with unpack(stored, restaurant) as table:
        file = table.file
        reading = decide_reading(file, restaurant)
        orders = {
            order
            for record in read_records(file, reading.decoding)
            if record.row_number in problems and (order := _order_of(record, reading))
        }
        yield "\ufeff" + _write([*OUR_COLUMNS, *reading.layout.names])
        for record in read_records(file, reading.decoding):
            if record.row_number in problems or _order_of(record, reading) in orders:
                yield _write(
                    [str(record.row_number), problems.get(record.row_number, ""), *record.cells]
                )


def _order_of(record: Record, reading: FileReading) -> str:
    """The row's order number, or an empty text for one that has none."""
    field, layout = reading.conventions.order, reading.layout
    at = layout.columns.get(field) if field else None
    is_below = record.row_number > layout.header_row
    return (
        record.cells[at].strip() if at is not None and is_below and at < len(record.cells) else ""
    )


def _write(cells: list[str]) -> str:
    line = io.StringIO()
    csv.writer(line).writerow(cells)
    return line.getvalue()
