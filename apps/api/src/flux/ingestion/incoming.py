"""What is sent of a chunk: the rows of its orders and lines, and the temporary tables that they go into.

COPY into a table under row-level security is refused, hence the way round.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import LiteralString
from zoneinfo import ZoneInfo

import polars as pl
from psycopg import ClientCursor

from flux.ingestion.blocks import ask_once
from flux.ingestion.copying import HEADER, TRAILER, write_rows
from flux.ingestion.orders import IS_COUNTED, Chunk


@dataclass(frozen=True)
class IncomingLines:
    """The rows of lines as COPY takes them; each has the number of what it says, of which `texts` are the rows.

    `items` and `hours` are rows, too: what was sold on each new day (`write_lines`) of each item, and in each hour.
    """

    texts: bytes
    rows: bytes
    items: bytes
    hours: bytes


def write_orders(orders: pl.DataFrame) -> bytes:
    """Their rows: those together that have numbers of the same length, as nearly all have."""
    parts = orders.with_columns(pl.col("order_key").str.len_bytes().alias("length"))
    return b"".join(
        write_rows(
            [*(part[name] for name in _ORDER_COLUMNS), (part["said_high"], part["said_low"])]
        )
        for part in parts.partition_by("length")
    )


def write_lines(
    chunk: Chunk, orders: pl.DataFrame, new_days: Sequence[date], timezone: ZoneInfo
) -> IncomingLines:
    """The lines of these of its orders, in the order of these.

    `new_days` are the business days of which nothing is stored but what this load brings; hours are the zone's.
    """
    named = orders.select("run", "id")
    lines = named.join(chunk.lines, on="run", maintain_order="left_right")
    # Most lines say what others do, so that is sent once, and numbered.
    texts = lines.select(_TEXTS).unique().with_row_index("text_number")
    lines = lines.join(texts, on=_TEXTS, nulls_equal=True, maintain_order="left")
    rows = write_rows([lines[name] for name in _LINE_COLUMNS])
    said = texts.with_columns(pl.concat_str("quantity", pl.lit("e-3")))
    is_new = pl.col("business_date").is_in(new_days)
    items = _write_items(lines.filter(is_new), texts)
    hours = _write_hours(orders.filter(is_new), timezone)
    return IncomingLines(_write_csv(said), rows, items, hours)


def _write_hours(orders: pl.DataFrame, timezone: ZoneInfo) -> bytes:
    """Rows of what was sold in each hour of each day; an hour of another chunk's has another row."""
    parts, rest = [], orders.filter(pl.col("item_count") > 0)
    for span in _SPANS:
        rest = rest.with_columns(pl.col("occurred_at").dt.truncate(span).alias("begin"))
        told = ask_once(rest, ["begin"], partial(_find_offset, timezone, span), _OFFSETS)
        parts.append(told.filter(pl.col("offset").is_not_null()))
        rest = told.filter(pl.col("offset").is_null()).drop("offset")
    local = pl.col("occurred_at") + pl.col("offset")
    return _write_csv(
        pl.concat(parts)
        .group_by("business_date", local.dt.hour().alias("hour"))
        .agg(pl.len(), pl.col("item_count", "net_minor").sum())
    )


def _find_offset(
    timezone: ZoneInfo, span: timedelta, begin: tuple[datetime]
) -> tuple[timedelta | None] | None:
    """How far the zone is ahead of UTC, if it is the same all through that span."""
    first = begin[0].replace(tzinfo=UTC)
    last = first + span - timedelta.resolution
    offsets = {each.astimezone(timezone).utcoffset() for each in (first, last)}
    return (offsets.pop(),) if len(offsets) == 1 else None


def _write_items(lines: pl.DataFrame, texts: pl.DataFrame) -> bytes:
    """Rows of what was sold of each item on each day; an item of another chunk's has another row."""
    # By numbers, of which there are fewer than of lines, before it is by names.
    sums = lines.group_by("business_date", "text_number").agg(
        pl.len().cast(pl.Int64).alias("lines"), pl.col("net_minor").sum()
    )
    sold = texts.filter(IS_COUNTED)
    return _write_csv(
        sums.join(sold, on="text_number")
        .group_by("business_date", "item_name", "category")
        .agg((pl.col("quantity") * pl.col("lines")).sum(), pl.col("lines", "net_minor").sum())
    )


def _write_csv(rows: pl.DataFrame) -> bytes:
    return rows.write_csv(include_header=False, quote_style="non_numeric").encode()


def send_orders(cursor: ClientCursor, rows: bytes) -> None:
    """Copy what `write_orders` made into `incoming_orders`."""
    _send(cursor, _COPY_ORDERS, HEADER + rows + TRAILER)


def send_lines(cursor: ClientCursor, lines: IncomingLines) -> None:
    """Copy what `write_lines` made into the temporary tables."""
    _send(cursor, _COPY_TEXTS, lines.texts)
    _send(cursor, _COPY_LINES, HEADER + lines.rows + TRAILER)
    _send(cursor, _COPY_ITEMS, lines.items)
    _send(cursor, _COPY_HOURS, lines.hours)


def _send(cursor: ClientCursor, statement: LiteralString, rows: bytes) -> None:
    if rows:
        with cursor.copy(statement) as copy:
            copy.write(rows)


_ORDER_COLUMNS = ("business_date", "id", "order_key", "occurred_at", "item_count", "net_minor")
_LINE_COLUMNS = (
    "business_date", "id", "line_number", "source_row", "occurred_at", "text_number", "net_minor"
)  # fmt: skip
# Clocks are changed at the full minute, and nearly always at the full hour.
_SPANS = (timedelta(hours=1), timedelta(minutes=1))
_OFFSETS = pl.Schema({"offset": pl.Duration("us")})
_TEXTS = ("kind", "item_name", "category", "variant", "quantity")
# Hashing is never far from best where as many rows are looked up as the file has, while the nested loop
# that outdated statistics suggest took 79 s instead of 0.2 s for 21,350 orders.
PREPARE = """
    SET LOCAL enable_nestloop = off;
    SET LOCAL enable_mergejoin = off;
    DROP TABLE IF EXISTS
        pg_temp.incoming_orders, pg_temp.incoming_lines, pg_temp.incoming_texts, pg_temp.incoming_items,
        pg_temp.incoming_hours, pg_temp.found_orders, pg_temp.known_orders;
    CREATE TEMPORARY TABLE incoming_orders (
        business_date date, id uuid, order_key text, occurred_at timestamptz, item_count bigint, net_minor bigint,
        fingerprint bytea
    ) ON COMMIT DROP;
    CREATE TEMPORARY TABLE incoming_lines (
        business_date date, transaction_id uuid, line_number bigint, source_row bigint, occurred_at timestamptz,
        text_number integer, net_minor bigint
    ) ON COMMIT DROP;
    CREATE TEMPORARY TABLE incoming_texts (
        text_number integer, kind text, item_name text, category text, variant text, quantity numeric(12, 3)
    ) ON COMMIT DROP;
    CREATE TEMPORARY TABLE incoming_items (
        business_date date, item_name text, category text, thousandths bigint, lines bigint, net_minor bigint
    ) ON COMMIT DROP;
    CREATE TEMPORARY TABLE incoming_hours (
        business_date date, hour smallint, orders bigint, items bigint, net_minor bigint
    ) ON COMMIT DROP;
    CREATE TEMPORARY TABLE found_orders (business_date date, id uuid, stays boolean) ON COMMIT DROP;
    CREATE TEMPORARY TABLE known_orders (business_date date, id uuid) ON COMMIT DROP
"""
_COPY_ORDERS = "COPY incoming_orders FROM STDIN (FORMAT binary)"
_COPY_LINES = "COPY incoming_lines FROM STDIN (FORMAT binary)"
_COPY_ITEMS = "COPY incoming_items FROM STDIN (FORMAT csv)"
_COPY_HOURS = "COPY incoming_hours FROM STDIN (FORMAT csv)"
_COPY_TEXTS = "COPY incoming_texts FROM STDIN (FORMAT csv)"
