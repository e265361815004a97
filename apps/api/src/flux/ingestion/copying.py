"""Rows in the binary format of COPY: what the server need not read is what it takes least time over.

Source: PostgreSQL, COPY, Binary Format; the types as their `_recv` functions take them.
"""

import struct
from array import array
from collections.abc import Sequence
from datetime import date

import polars as pl

HEADER = b"PGCOPY\n\xff\r\n\0" + bytes(8)
TRAILER = b"\xff\xff"
# PostgreSQL counts days and microseconds from there, Polars from 1970.
_EPOCH = date(2000, 1, 1) - date(1970, 1, 1)
_INTEGERS = {4: "i", 8: "q"}


def write_rows(columns: Sequence[pl.Series | tuple[pl.Series, ...]]) -> bytes:
    """The rows of which these are the columns, of which the values of each are equally long, in bytes.

    Columns are dates, instants (in UTC), 4 and 8-byte integers, texts and binary ones, none with a null;
    several together are one field of bytes.
    """
    fields = [each if isinstance(each, tuple) else (each,) for each in columns]
    count = len(fields[0][0])
    if not count:
        return b""
    parts = [[_write_column(column) for column in field] for field in fields]
    widths = [sum(len(values) // count for values in field) for field in parts]
    blank = b"".join(width.to_bytes(4, "big") + bytes(width) for width in widths)
    row = len(fields).to_bytes(2, "big") + blank
    rows = bytearray(row * count)
    at = 2
    for field in parts:
        at += 4
        for values in field:
            width = len(values) // count
            for place in range(width):
                byte = values[place::width]
                # Most are the zeros that stand there already.
                if byte.count(0) != count:
                    rows[at + place :: len(row)] = byte
            at += width
    return bytes(rows)


def _write_column(column: pl.Series) -> bytes:
    """The values one behind the other, the same number of bytes for each."""
    if column.dtype in (pl.Binary, pl.String):
        return b"".join(column.cast(pl.Binary).to_list())
    if column.dtype == pl.Date:
        column = column.cast(pl.Int32) - _EPOCH.days
    elif isinstance(column.dtype, pl.Datetime):
        column = column.cast(pl.Int64) - _EPOCH.days * 86_400_000_000
    width = 4 if column.dtype in (pl.Int32, pl.UInt32) else 8
    numbers = array(_INTEGERS[width], column.to_list())
    if struct.pack("=i", 1) != struct.pack(">i", 1):
        numbers.byteswap()
    return numbers.tobytes()
