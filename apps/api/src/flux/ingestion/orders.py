"""From lines to orders: which lines belong together, by what an order is known, and what it says.

An order is what the till calls one: same source, location, business day and order number. A line
without an order number is an order of its own, told from its equals in the same minute by its ordinal
among them, so that two equal sales stay two and a second upload of them adds nothing, even one that a
spreadsheet took the seconds from.
"""

import io
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from enum import StrEnum
from functools import partial
from hashlib import sha256
from itertools import compress, starmap
from typing import IO
from uuid import UUID

import polars as pl

from flux.ingestion.columns import ABSENT
from flux.ingestion.meaning import COUNTED

CHUNK_LINES = 20_000
_RUN_LINES = 200_000
_PIECE_LINES = 4_000
# Whether a line is one of those that were sold.
IS_COUNTED = pl.col("kind").is_in(sorted(map(str, COUNTED)))
# Where more of the runs of lines with the same number than this share are of an order seen before.
_SCATTERED_SHARE = 0.05
ORDERS = pl.Schema(
    {
        "run": pl.UInt32(),
        "business_date": pl.Date(),
        "order_key": pl.String(),
        "occurred_at": pl.Datetime("us"),
        "item_count": pl.Int64(),
        "net_minor": pl.Int64(),
        "said_high": pl.Int64(),
        "said_low": pl.Int64(),
        "id": pl.Binary(),
    }
)
_NEVER = datetime.min.replace(tzinfo=UTC)
NO_ORDERS = pl.DataFrame(schema=ORDERS)


class Turn(StrEnum):
    """When a file has its say about orders that other files have, too."""

    # It is the newest: an order that is there otherwise is replaced.
    NEWEST = "newest"
    # It is read again, and has its place of before: what newer uploads wrote stays.
    AS_BEFORE = "as before"
    # It only puts back what is gone of `removed_orders` (`revise.py`).
    RESTORING = "restoring"


@dataclass(frozen=True)
class Target:
    """Where the rows go: the tenant, the upload they come from, and how the source is named."""

    restaurant_id: UUID
    upload_id: UUID
    source: str
    location: str
    currency: str
    turn: Turn = Turn.NEWEST

    @property
    def values(self) -> dict[str, object]:
        """What the statements of a load are given."""
        return {
            "restaurant": self.restaurant_id,
            "upload": self.upload_id,
            "source": self.source,
            "location": self.location,
            "currency": self.currency,
        }

    @property
    def owner(self) -> str:
        """Whose the orders are; with their number and day it identifies them."""
        return f"{self.restaurant_id}\x1f{self.source}\x1f{self.location}\x1f"


@dataclass(frozen=True)
class Chunk:
    """Whole orders, a row of `orders` (`ORDERS`) for each, and a row of `lines` for each of theirs.

    `lines` are as `LINES` has them, with `line_number` and the `run` that they are. `gone` are the ids and
    days of orders of which the file has but lines that are left out. `days` are the business days of `orders`, in
    order, `net_minor` is of their sales and refunds alone, and `first_at` and `last_at` are their first and last line's.
    """

    orders: pl.DataFrame
    lines: pl.DataFrame
    gone: list[tuple[UUID, date]]
    days: list[date] = field(default_factory=list)
    net_minor: int = 0
    first_at: datetime = _NEVER
    last_at: datetime = _NEVER


class ScatteredError(Exception):
    """The lines of an order do not stand together in the file; they have to be sorted first."""


def make_order_id(target: Target, order_key: str, business_date: date) -> UUID:
    """By what an order is known, in a list of lines as in one of orders."""
    return UUID(bytes=_hash(f"{target.owner}{order_key}\x1f{business_date}")[:16])


def group_orders(batches: Iterable[pl.DataFrame], target: Target) -> Iterator[Chunk]:
    """Whole orders, a chunk at a time, of lines of which those of an order stand together.

    An order is only known to be whole when the next begins, so the last one waits for the next chunk.
    Raises `ScatteredError` where lines plainly do not stand together; an order that comes back in a
    later chunk is for the caller to notice.
    """
    waiting: list[pl.DataFrame] = []
    for lines in batches:
        waiting.append(lines)
        if sum(each.height for each in waiting) >= CHUNK_LINES:
            runs = _name_runs(pl.concat(waiting))
            # Runs are numbered in the order of the rows.
            start = runs["run"].search_sorted(runs["run"][-1], side="left")
            if start:
                yield _make_chunk(runs[:start], target)
            waiting = [runs[start:].drop("run")]
    if waiting and (runs := _name_runs(pl.concat(waiting))).height:
        yield _make_chunk(runs, target)


def sort_lines(batches: Iterable[pl.DataFrame]) -> Iterator[pl.DataFrame]:
    """The same lines by day and order, those of an order as the file has them.

    Sorted on the disk, `_RUN_LINES` at a time and then merged: memory does not grow with the file.
    """
    # Without a name, so that a worker that is killed leaves none behind.
    with tempfile.TemporaryFile() as file:
        runs: list[Iterator[pl.DataFrame]] = []
        waiting: list[pl.DataFrame] = []

        def write_run() -> None:
            lines = pl.concat(waiting).with_columns(_PLACE).sort("place", "source_row")
            pieces = [_write_piece(file, piece) for piece in lines.iter_slices(_PIECE_LINES)]
            runs.append(starmap(partial(_read_piece, file), pieces))
            waiting.clear()

        for lines in batches:
            waiting.append(lines)
            if sum(each.height for each in waiting) >= _RUN_LINES:
                write_run()
        if waiting:
            write_run()
        yield from _merge_runs(runs)


def _write_piece(file: IO[bytes], piece: pl.DataFrame) -> tuple[int, int]:
    start = file.seek(0, io.SEEK_END)
    # The newest way to write texts would write those of all pieces with each.
    piece.write_ipc_stream(file, compat_level=pl.CompatLevel.oldest())
    return start, file.tell() - start


def _read_piece(file: IO[bytes], start: int, size: int) -> pl.DataFrame:
    file.seek(start)
    return pl.read_ipc_stream(file.read(size))


def _merge_runs(runs: Sequence[Iterator[pl.DataFrame]]) -> Iterator[pl.DataFrame]:
    """The lines of all runs in order, as many at a time as surely come before what is not read yet."""
    heads = [next(run) for run in runs]
    is_open = [True] * len(runs)
    while any(is_open):
        ends = [head["place"][-1] if head.height else "" for head in heads]
        bound = min(compress(ends, is_open))
        before = [head["place"].search_sorted(bound, side="left") for head in heads]
        yield _join(head[:at] for head, at in zip(heads, before, strict=True))
        for which, at in enumerate(before):
            heads[which] = heads[which][at:]
            if is_open[which] and ends[which] == bound:
                piece = next(runs[which], None)
                is_open[which] = piece is not None
                heads[which] = heads[which] if piece is None else pl.concat([heads[which], piece])
    yield _join(heads)


def _join(parts: Iterable[pl.DataFrame]) -> pl.DataFrame:
    return pl.concat(list(parts)).sort("place", "source_row").drop("place")


def _name_runs(lines: pl.DataFrame) -> pl.DataFrame:
    """The lines with `run`: the same for those in a row that have their order or, without a number, their minute in common."""
    # Days and orders are never null, minutes are where there is an order number.
    is_new = (
        (pl.col("business_date") != pl.col("business_date").shift())
        | (pl.col("order_id") != pl.col("order_id").shift())
        | _MINUTE.ne_missing(_MINUTE.shift())
    )
    return lines.with_columns(is_new.fill_null(value=True).cum_sum().alias("run"))


def _make_chunk(lines: pl.DataFrame, target: Target) -> Chunk:
    gone: list[tuple[UUID, date]] = []
    if (lines["kind"] == ABSENT).any():
        gone = _find_gone(lines, target)
        lines = lines.filter(pl.col("kind") != ABSENT)
    if not lines.height:
        return Chunk(NO_ORDERS, lines, gone)
    if (lines["order_id"] == "").any():
        lines = _name_runs(_name_single_lines(lines))
    orders = _make_orders(lines, target)
    twice = orders.height - orders["id"].n_unique()
    if twice > max(10, _SCATTERED_SHARE * orders.height):
        raise ScatteredError
    if twice:
        # A few lines have strayed: stable, so that an order's lines stay as they stand in the file.
        first_run = pl.col("run").min().over("business_date", "order_id")
        lines = lines.with_columns(first_run).sort("run", maintain_order=True)
        orders = _make_orders(lines, target)
    places = pl.int_range(pl.len())
    begins = pl.when(pl.col("run") != pl.col("run").shift()).then(places)
    number = (places - begins.forward_fill().fill_null(0) + 1).alias("line_number")
    moment = pl.col("occurred_at").dt.replace_time_zone("UTC")
    first_at, last_at = lines.select(moment.min().alias("first"), moment.max().alias("last")).row(0)
    days = orders["business_date"].unique().sort().to_list()
    net_minor = int(orders["net_minor"].sum())
    return Chunk(orders, lines.with_columns(number), gone, days, net_minor, first_at, last_at)


def _find_gone(lines: pl.DataFrame, target: Target) -> list[tuple[UUID, date]]:
    is_gone = (pl.col("kind") == ABSENT).all().alias("is_gone")
    orders = lines.group_by("business_date", "order_id", maintain_order=True).agg(is_gone)
    return [
        (make_order_id(target, order_id, day), day)
        for day, order_id, _ in orders.filter("is_gone").iter_rows()
    ]


def _name_single_lines(lines: pl.DataFrame) -> pl.DataFrame:
    """Name each line without an order number by what it says, its minute, and its ordinal among equals."""
    minute = _MINUTE.dt.to_string("%Y-%m-%d %H:%M")
    said = pl.concat_str("said_high", "said_low", minute, separator="\t")
    single = lines.filter(pl.col("order_id") == "").select("source_row", said.alias("said"))
    ordinals = single.select(pl.int_range(1, pl.len() + 1).over("said")).to_series()
    names = [
        f"line:{_hash(text).hex()}:{ordinal}"
        for text, ordinal in zip(single["said"], ordinals, strict=True)
    ]
    named = single.select("source_row", pl.Series("name", names))
    lines = lines.join(named, on="source_row", how="left", maintain_order="left")
    return lines.with_columns(pl.coalesce("name", "order_id").alias("order_id")).drop("name")


def _make_orders(lines: pl.DataFrame, target: Target) -> pl.DataFrame:
    """A row for each order, as `ORDERS` has it."""
    is_counted = IS_COUNTED.cast(pl.Int64)
    counted = lines.with_columns(
        is_counted.alias("item_count"), (pl.col("net_minor") * is_counted).alias("net_minor")
    )
    orders = counted.group_by("run", maintain_order=True).agg(
        pl.col("business_date").first(),
        pl.col("order_id").first().alias("order_key"),
        pl.col("occurred_at").min(),
        # What an order says is what its lines say, in whichever order: the sum of their hashes, which wraps around.
        pl.col("item_count", "net_minor", "said_high", "said_low").sum(),
    )
    day = pl.col("business_date").dt.to_string("%Y-%m-%d")
    named = pl.concat_str(pl.lit(target.owner), "order_key", pl.lit("\x1f"), day).cast(pl.Binary)
    ids = [sha256(name).digest() for name in orders.select(named).to_series().to_list()]
    orders = orders.with_columns(pl.Series("id", ids, dtype=pl.Binary).bin.slice(0, 16))
    # As the primary keys are: what comes last of all goes to the end of an index, which is where it is cheapest.
    return orders.sort("business_date", "id")


def _hash(text: str) -> bytes:
    return sha256(text.encode()).digest()


_MINUTE = pl.when(pl.col("order_id") == "").then(pl.col("occurred_at").dt.truncate("1m"))
# Where a line comes in the file that is sorted.
_PLACE = pl.concat_str(
    pl.col("business_date").dt.to_string("%Y-%m-%d"),
    pl.coalesce(_MINUTE.dt.to_string("%Y-%m-%d %H:%M"), "order_id"),
    separator="\t",
).alias("place")
