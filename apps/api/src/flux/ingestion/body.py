"""The rows of a table below its header, and the date and the time that each begins with."""

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from typing import BinaryIO

import polars as pl

from flux.ingestion.blocks import Block, read_blocks
from flux.ingestion.cells import DATE_PARTS, is_plain_day, split_moment
from flux.ingestion.decode import Decoding, Record
from flux.ingestion.recognise import Layout
from flux.ingestion.report import refuse

DATE, TIME = "date", "time"
# Times of which `split_moment` makes nothing but themselves.
_PLAIN_TIME = "^[!-~](?:[ -~]{0,37}[!-~])?$"


def read_body(file: BinaryIO, decoding: Decoding, layout: Layout) -> Iterator[Block]:
    """All rows below the header, many at a time; `plain` has their `date` and `time` as `split_moment` does.

    Raises as `read_blocks` does, and `FileRefusedError` for a sale that stands above the header.
    """
    for block in read_blocks(file, decoding):
        if block.first_row < layout.header_row:
            _check_above(block, layout)
        body = block.below(layout.header_row)
        yield replace(body, plain=split_moments(body.plain, str(layout.date_column)))


def split_moments(frame: pl.DataFrame, column: str) -> pl.DataFrame:
    """The frame with `date` and `time`: the column's cells, split as `split_moment` does."""
    frame = frame.with_columns(
        pl.col(column).str.splitn(" ", 2).struct.rename_fields([DATE, TIME]).struct.unnest()
    )
    plain_days = [day for day in frame[DATE].unique() if is_plain_day(day)]
    is_plain = pl.col(DATE).is_in(plain_days) & pl.col(TIME).str.contains(_PLAIN_TIME)
    is_split = frame.select(is_plain.fill_null(value=False)).to_series()
    if is_split.all():
        return frame
    others = frame[column].filter(~is_split).unique()
    dates, times = zip(*map(_split, others), strict=True)
    cells, whole = pl.col(column), {DATE: dates, TIME: times}
    return frame.with_columns(
        pl.when(is_split)
        .then(name)
        .otherwise(cells.replace_strict(others, pl.Series(texts, dtype=pl.String), default=None))
        .alias(name)
        for name, texts in whole.items()
    )


_split = lru_cache(maxsize=65536)(split_moment)


def _check_above(block: Block, layout: Layout) -> None:
    for record in block.records():
        if record.row_number >= layout.header_row:
            return
        _check_no_sale(record, layout)


def _check_no_sale(record: Record, layout: Layout) -> None:
    """Raise `FileRefusedError` if the row, which stands above the names of the columns, is a sale."""
    if record.is_broken or not layout.fits(record):
        return
    date_text, _ = split_moment(record.cells[layout.date_column])
    is_whole = all(record.cells[at].strip() for at in layout.columns.values())
    if is_whole and DATE_PARTS.fullmatch(date_text):
        raise refuse(
            "rows_above_header",
            f"Row {record.row_number} looks like a sale but stands above the row with the columns' names. Move those"
            " names to the top, or export the file from your till again.",
        )
