"""Rows written for COPY come back from PostgreSQL as they were."""

from datetime import date

import polars as pl
import psycopg

from flux.ingestion.copying import HEADER, TRAILER, write_rows

VALUES = {
    "day": pl.Series([date(2000, 1, 1), date(1969, 12, 31), date(2026, 11, 24)], dtype=pl.Date()),
    "moment": pl.Series(["2026-05-01T23:59:59", "1999-01-01T00:00:00", "2000-01-01T00:00:00"]).str.to_datetime(),
    "small": pl.Series([0, 1, 4_294_967], dtype=pl.UInt32()),
    "large": pl.Series([-1, 10**12, -(10**12)], dtype=pl.Int64()),
    "id": pl.Series([bytes(16), bytes(range(16)), b"\xff" * 16], dtype=pl.Binary()),
}  # fmt: skip
NAMES = pl.Series(["back\\slash", "tab\tthere", "größer 🍜"])


def test_every_value_comes_back_as_it_was(app_url: str) -> None:
    parts = (pl.Series([1, -1, 2**62]), pl.Series([256, 0, -(2**63)]))
    joined = [
        b"".join(each.to_bytes(8, "big", signed=True) for each in row)
        for row in zip(*parts, strict=True)
    ]
    assert NAMES.str.len_bytes().n_unique() > 1
    rows = b"".join(
        write_rows(
            [
                *(each[at : at + 1] for each in VALUES.values()),
                NAMES[at : at + 1],
                tuple(each[at : at + 1] for each in parts),
            ]
        )
        for at in range(3)
    )
    with psycopg.connect(app_url) as connection:
        cursor = connection.cursor()
        cursor.execute(
            "CREATE TEMPORARY TABLE sent"
            " (day date, moment timestamptz, small integer, large bigint, id uuid, name text, joined bytea)"
        )
        with cursor.copy("COPY sent FROM STDIN (FORMAT binary)") as copy:
            copy.write(HEADER + rows + TRAILER)
        cursor.execute(
            "SELECT day, moment AT TIME ZONE 'UTC', small, large, uuid_send(id), name, joined FROM sent"
        )
        assert cursor.fetchall() == list(zip(*VALUES.values(), NAMES, joined, strict=True))


def test_many_rows_are_written_as_each_is_by_itself() -> None:
    columns = list(VALUES.values())
    apart = [write_rows([each[at : at + 1] for each in columns]) for at in range(3)]
    assert write_rows(columns) == b"".join(apart)
    assert write_rows([each.clear() for each in columns]) == b""
