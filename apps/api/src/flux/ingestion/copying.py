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


def write_fixed(columns: Sequence[pl.Series], fields: int) -> bytes:
    """A row for each of as many `fields`, of which these are the first; each column's values are equally long.

    Columns are dates, instants (in UTC), 4 and 8-byte integers, and binary ones; none has a null.
    """
    count = len(columns[0])
    if not count:
        return b""
    written = map(write_column, columns)
    parts = [(len(values) // count, values) for values in written]
    blank = b"".join(width.to_bytes(4, "big") + bytes(width) for width, _ in parts)
    row = fields.to_bytes(2, "big") + blank
    rows = bytearray(row * count)
    at = 2
    for width, values in parts:
        at += 4
        for place in range(width):
            byte = values[place::width]
            # Most are the zeros that stand there already.
            if byte.count(0) != count:
                rows[at + place :: len(row)] = byte
        at += width
    return bytes(rows)


def write_ending(rows: bytes, texts: Sequence[str]) -> bytes:
    """Each of the rows with a text as its last field."""
    width = len(rows) // max(1, len(texts))
    parts: list[bytes] = []
    for at, text in enumerate(map(str.encode, texts)):
        parts += (rows[at * width : at * width + width], len(text).to_bytes(4, "big"), text)
    return b"".join(parts)


def write_column(column: pl.Series) -> bytes:
    """The values one behind the other, the same number of bytes for each."""
    if column.dtype == pl.Binary:
        values: list[bytes] = column.to_list()
        return b"".join(values)
    if column.dtype == pl.Date:
        column = column.cast(pl.Int32) - _EPOCH.days
    elif isinstance(column.dtype, pl.Datetime):
        column = column.cast(pl.Int64) - _EPOCH.days * 86_400_000_000
    width = 4 if column.dtype in (pl.Int32, pl.UInt32) else 8
    numbers = array(_INTEGERS[width], column.to_list())
    if struct.pack("=i", 1) != struct.pack(">i", 1):
        numbers.byteswap()
    return numbers.tobytes()
