"""The refused rows of a file as a CSV to mend and upload again: its own columns, with what is wrong."""

import csv
import io
from collections.abc import Iterator, Mapping
from typing import BinaryIO

from flux.ingestion.cells import is_damaged
from flux.ingestion.decode import Record, read_records
from flux.ingestion.formats import Field
from flux.ingestion.reading import find_layout
from flux.ingestion.recognise import Layout
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
        decoding, layout = find_layout(file, restaurant)
        orders = {
            order
            for record in read_records(file, decoding)
            if record.row_number in problems and (order := _order_of(record, layout))
        }
        yield "\ufeff" + _write([*OUR_COLUMNS, *layout.names])
        for record in read_records(file, decoding):
            if record.row_number in problems or _order_of(record, layout) in orders:
                yield _write(
                    [str(record.row_number), problems.get(record.row_number, ""), *record.cells]
                )


def _order_of(record: Record, layout: Layout) -> str:
    """The row's order number, or an empty text for one that has none."""
    if record.row_number <= layout.header_row:
        return ""
    orders, of_day = (
        _find_cell(record, layout, field) for field in (Field.ORDER, Field.ORDER_OF_DAY)
    )
    return of_day if is_damaged(orders) else orders


def _find_cell(record: Record, layout: Layout, field: Field) -> str:
    at = layout.columns.get(field, len(record.cells))
    return "".join(record.cells[at : at + 1]).strip()


def _write(cells: list[str]) -> str:
    line = io.StringIO()
    csv.writer(line).writerow(cells)
    return line.getvalue()
