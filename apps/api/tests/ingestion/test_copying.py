"""Rows written for COPY come back from PostgreSQL as they were."""

from datetime import date

import polars as pl
import psycopg

from flux.ingestion.copying import HEADER, TRAILER, write_ending, write_fixed

VALUES = {
    "day": pl.Series([date(2000, 1, 1), date(1969, 12, 31), date(2026, 11, 24)], dtype=pl.Date()),
    "moment": pl.Series(["2026-05-01T23:59:59", "1999-01-01T00:00:00", "2000-01-01T00:00:00"]).str.to_datetime(),
    "small": pl.Series([0, 1, 4_294_967], dtype=pl.UInt32()),
    "large": pl.Series([-1, 10**12, -(10**12)], dtype=pl.Int64()),
    "id": pl.Series([bytes(16), bytes(range(16)), b"\xff" * 16], dtype=pl.Binary()),
}  # fmt: skip
NAMES = ["plain", "back\\slash\ttab", "größer 🍜"]


def test_every_value_comes_back_as_it_was(app_url: str) -> None:
    rows = write_fixed(list(VALUES.values()), len(VALUES) + 1)
    with psycopg.connect(app_url) as connection:
        cursor = connection.cursor()
        cursor.execute(
            "CREATE TEMPORARY TABLE sent (day date, moment timestamptz, small integer, large bigint, id uuid, name text)"
        )
        with cursor.copy("COPY sent FROM STDIN (FORMAT binary)") as copy:
            copy.write(HEADER + write_ending(rows, NAMES) + TRAILER)
        cursor.execute(
            "SELECT day, moment AT TIME ZONE 'UTC', small, large, uuid_send(id), name FROM sent"
        )
        assert cursor.fetchall() == list(zip(*VALUES.values(), NAMES, strict=True))


def test_no_row_at_all_is_sent_as_none() -> None:
    assert write_fixed([each.clear() for each in VALUES.values()], len(VALUES)) == b""
    assert write_ending(b"", []) == b""
