"""Many rows at once, column by column, and each different text but once.

What the cells mean is for the readers of `sale_line.py`, the very functions that its model calls; here
they are called once a text instead of once a row. A row with a cell that they refuse, or that is not
plain in any other way, goes through the model itself, which alone may reject.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from hashlib import sha256
from struct import unpack_from
from typing import Any, Generic, TypeVar

import polars as pl
from pydantic_core import PydanticCustomError

from flux.ingestion.blocks import ROW, Block, ask_once, begins_otherwise
from flux.ingestion.body import DATE, TIME
from flux.ingestion.cells import read_date, read_time
from flux.ingestion.decode import Record
from flux.ingestion.formats import Field
from flux.ingestion.marks import judge
from flux.ingestion.meaning import ELSEWHERE, TOTALS, Treatment
from flux.ingestion.parse import Rejection, read_line
from flux.ingestion.reading import FileReading
from flux.ingestion.sale_line import (
    EARLIEST,
    LineContext,
    SaleLine,
    find_business_date,
    is_totals_label,
    read_line_quantity,
    read_net_minor,
    read_occurred_at,
    read_text,
    settle_kind,
)

ABSENT = ""
# A line, as rows of frames have it. `occurred_at` is in UTC, `quantity` in thousandths, `net_minor` in
# minor units, and both halves of `said` a hash of what the line says beside its moment and order. `order_id` is empty where there is none. A line of kind `ABSENT` is none: it says that its
# order was in the file, though its lines may all be left out.
CONTENT = pl.Schema(
    {
        "kind": pl.String(),
        "item_name": pl.String(),
        "category": pl.String(),
        "variant": pl.String(),
        "quantity": pl.Int64(),
        "net_minor": pl.Int64(),
        "said_high": pl.Int64(),
        "said_low": pl.Int64(),
    }
)
_INSTANT = pl.Datetime("us")
_MOMENT = pl.Schema({"business_date": pl.Date(), "occurred_at": _INSTANT})
LINES = pl.Schema({"source_row": pl.Int64(), "order_id": pl.String(), **_MOMENT, **CONTENT})
NO_LINES = pl.DataFrame(schema=LINES)
_ABSENT = (ABSENT, "", None, None, 0, 0, 0, 0)
# Times of which `read_time` reads the seconds by themselves.
_TO_THE_SECOND = "^[0-9]{1,2}:[0-9]{2}:[0-5][0-9]$"
_SAID_BY = (Field.ITEM, Field.CATEGORY, Field.VARIANT, Field.QUANTITY, Field.AMOUNT_INSTEAD)
_ORDER_IDS = pl.Schema({"order_id": pl.String()})
_DAYS = pl.Schema({"day": pl.Int64(), "offset": pl.Int64()})
_CLOCKS = pl.Schema({"seconds": pl.Int64()})
# How many texts of a column are remembered.
_REMEMBERED = 100_000
# Order numbers that `read_text` leaves as they are.
_PLAIN_ORDER = "^[!-~]{1,200}$"
_DAY = timedelta(days=1)
K = TypeVar("K")


@dataclass(frozen=True)
class Batch:
    """What rows have become: lines, rows that are refused, and rows that are left out.

    `totals` are the rows that add up others: their numbers, and what they have for an amount.
    """

    lines: pl.DataFrame
    rejected: list[list[Rejection]]
    left_out: list[tuple[int, Treatment]]
    totals: list[tuple[int, str]] = field(default_factory=list)


class _Remembered(dict[K, Any], Generic[K]):
    """The answers to questions asked before; `None` where the model must be asked."""

    def __init__(self, answer: Callable[[K], Any]) -> None:
        super().__init__()
        self._answer = answer

    def __missing__(self, key: K) -> Any:
        if len(self) > _REMEMBERED:
            self.clear()
        try:
            found = self._answer(key)
        except PydanticCustomError:
            found = None
        self[key] = found
        return found


class ColumnReader:
    """Reads the blocks of one file in the way that was decided."""

    def __init__(self, reading: FileReading, now: datetime) -> None:
        self._reading = reading
        self._layout = layout = reading.layout
        self._conventions = reading.conventions
        self._context = LineContext(reading.conventions, now)
        self._amount_at = layout.columns[reading.conventions.amount]
        self._day_starts = _seconds(reading.conventions.restaurant.day_starts_at)
        fields = (*_SAID_BY, reading.conventions.amount)
        named = {layout.columns[each] for each in fields if each in layout.columns}
        # The columns whose cells say together what was sold.
        self._said_in = tuple(sorted({*layout.marks, *named}))
        self._contents = _Remembered[tuple[str, ...]](self._read_content)
        self._order_ids = _Remembered[tuple[str, ...]](_read_order_id)
        self._moments = _Remembered[tuple[str, ...]](self._read_moment)
        self._days = _Remembered[tuple[str, ...]](self._read_day)
        self._clocks = _Remembered[tuple[str, ...]](_read_clock)
        self._totals = _Remembered[str](is_totals_label)

    def read(self, body: Block) -> Batch:
        """Every row of a block of the body but for blank ones."""
        read = body.plain.with_columns(self._find_totals(body.plain).alias("is_totals"))
        read = self._read_moments(self._read_orders(self._read_contents(read)))
        is_settled = ~pl.col("is_totals") & pl.all_horizontal(
            pl.col("kind", "order_id", "occurred_at").is_not_null()
        )
        read = read.with_columns(is_settled.alias("is_settled"))
        lines = read.filter("is_settled").select(pl.col(ROW).alias("source_row"), *list(LINES)[1:])
        others = read.filter(~pl.col("is_settled"))
        return self._settle(body, lines, others)

    def _settle(self, body: Block, lines: pl.DataFrame, others: pl.DataFrame) -> Batch:
        """Have the model read the rows that lack anything, and drop those that are no lines."""
        rejected: list[list[Rejection]] = []
        left_out: list[tuple[int, Treatment]] = []
        totals: list[tuple[int, str]] = []
        settled: list[tuple[Any, ...]] = []
        places = [str(at) for at in range(len(self._layout.names))]
        found = dict(zip(others[ROW], others.select("order_id", *_MOMENT).iter_rows(), strict=True))
        unsettled = dict(zip(others[ROW], others.select(places).iter_rows(), strict=True))
        for row_number, cells in sorted([*unsettled.items(), *body.odd.items()]):
            is_broken = row_number in body.is_broken
            if not is_broken and not any(map(str.strip, cells)):
                continue
            record = Record(row_number, list(cells), is_broken=is_broken)
            line = read_line(record, self._reading, self._context)
            if isinstance(line, SaleLine):
                settled.append(write_line(row_number, line))
            elif isinstance(line, Treatment):
                left_out.append((row_number, line))
                order_id, day, moment = found.get(row_number, (None, None, None))
                if line != ELSEWHERE and order_id and moment:
                    settled.append((row_number, order_id, day, moment, *_ABSENT))
            else:
                rejected.append(line)
            is_total = line == TOTALS or (isinstance(line, list) and line[0].code == "totals_row")
            if is_total and self._amount_at < len(cells):
                totals.append((row_number, cells[self._amount_at]))
        if settled:
            more = pl.DataFrame(settled, schema=LINES, orient="row")
            lines = pl.concat([lines, more]).sort("source_row")
        return Batch(lines, rejected, left_out, totals)

    def _cells(self, wanted: Field | None) -> pl.Expr:
        """The cells of a field's column; empty where there is none, or where the till says nothing."""
        if wanted is None or wanted not in self._layout.columns:
            return pl.lit("")
        cells, nothing = pl.col(str(self._layout.columns[wanted])), self._find_nothing(wanted)
        return (
            cells
            if nothing is None
            else pl.when(cells == nothing).then(pl.lit("")).otherwise(cells)
        )

    def _find_nothing(self, wanted: Field) -> str | None:
        return self._layout.report.nothing.get(wanted) if self._layout.report else None

    def _read_contents(self, rows: pl.DataFrame) -> pl.DataFrame:
        """What was sold, by all cells that say something about it."""
        return ask_once(rows, list(map(str, self._said_in)), self._contents.__getitem__, CONTENT)

    def _read_content(self, said: tuple[str, ...]) -> tuple[Any, ...] | None:
        row = dict(zip(self._said_in, said, strict=True))

        def cell(wanted: Field) -> str:
            text = row[self._layout.columns[wanted]] if wanted in self._layout.columns else ""
            return "" if text == self._find_nothing(wanted) else text

        treatment, unknown = judge(tuple(row[at] for at in self._layout.marks), self._layout)
        if treatment.kind is None or unknown is not None:
            return None
        number = cell(Field.QUANTITY) if Field.QUANTITY in self._layout.columns else None
        quantity = read_line_quantity(number, self._conventions)
        amount = cell(self._conventions.amount)
        amount = amount if amount.strip() else cell(Field.AMOUNT_INSTEAD) or amount
        net_minor = read_net_minor(amount, quantity, treatment.kind, self._conventions)
        kind = str(settle_kind(treatment.kind, quantity))
        named = read_text(cell(Field.ITEM), "item_name")
        category = read_text(cell(Field.CATEGORY), "category")
        variant = read_text(cell(Field.VARIANT), "variant")
        return _sign(kind, named, category, variant, int(quantity * 1000), net_minor)

    def _read_orders(self, rows: pl.DataFrame) -> pl.DataFrame:
        rows = rows.with_columns(self._cells(self._conventions.order).alias("order"))
        if rows["order"].str.contains(_PLAIN_ORDER).all():
            return rows.rename({"order": "order_id"})
        return ask_once(rows, ["order"], self._order_ids.__getitem__, _ORDER_IDS)

    def _read_moments(self, rows: pl.DataFrame) -> pl.DataFrame:
        """The business date and the instant: by its day and its time, where both are plain."""
        columns = self._layout.columns
        moment = pl.col(str(self._layout.date_column)).alias("moment")
        rows = rows.with_columns(
            moment, self._cells(Field.TIME).alias("clock"), self._cells(Field.ZONE).alias("zone")
        )
        beside, is_single = pl.col(TIME), pl.col("zone") == ""
        if Field.TIME in columns:
            clock = pl.col("clock")
            is_single &= (clock == "") | (beside == "")
            beside = pl.when(clock == "").then(beside).otherwise(clock)
        is_to_the_second = beside.str.contains(_TO_THE_SECOND)
        rows = rows.with_columns(
            pl.when(is_to_the_second).then(beside.str.head(-3)).otherwise(beside).alias("minute"),
            pl.when(is_to_the_second)
            .then(beside.str.tail(2))
            .otherwise(pl.lit("0"))
            .alias("second"),
        )
        rows = ask_once(rows, [DATE], self._days.__getitem__, _DAYS)
        rows = ask_once(rows, ["minute"], self._clocks.__getitem__, _CLOCKS)
        day, seconds = pl.col("day"), pl.col("seconds") + pl.col("second").cast(pl.Int64)
        rows = rows.with_columns(
            pl.when(is_single)
            .then((day * 86_400 + seconds - pl.col("offset")) * 1_000_000)
            .cast(_INSTANT)
            .alias("occurred_at"),
            (day - (seconds < self._day_starts).cast(pl.Int64))
            .cast(pl.Int32)
            .cast(pl.Date)
            .alias("business_date"),
        )
        if not rows["occurred_at"].has_nulls():
            return rows
        asked = ask_once(
            rows.filter(pl.col("occurred_at").is_null()).drop(list(_MOMENT)),
            ["moment", DATE, TIME, "clock", "zone"],
            self._moments.__getitem__,
            _MOMENT,
        )
        plain = rows.filter(pl.col("occurred_at").is_not_null())
        return pl.concat([plain, asked], how="diagonal").sort(ROW)

    def _find_totals(self, rows: pl.DataFrame) -> pl.Series:
        """Whether the first cell of a row, of those that are not blank, names a sum."""
        found = pl.Series([False], dtype=pl.Boolean).new_from_index(0, rows.height)
        is_asked = ~found
        for at in range(len(self._layout.names)):
            cells = rows[str(at)]
            asked = cells.filter(is_asked & begins_otherwise(cells)).unique()
            blank = [text for text in asked if not text.strip()]
            labels = [text for text in asked if self._totals[text]]
            if labels:
                found |= is_asked & cells.is_in(labels)
            if not blank:
                break
            is_asked &= cells.is_in(blank)
        return found

    def _read_moment(self, cells: tuple[str, ...]) -> tuple[date, datetime]:
        _, date_text, beside, clock, zone = cells
        parts = (date_text, beside, clock.strip(), zone.strip())
        moment = read_occurred_at(parts, self._context)
        business_date = find_business_date(moment, self._conventions.restaurant)
        return business_date, moment.astimezone(UTC).replace(tzinfo=None)

    def _read_day(self, texts: tuple[str, ...]) -> tuple[int, int] | None:
        """The day, in days since 1970, and how many seconds UTC is behind; `None` for one that is not plain.

        Plain is one on which the clocks are not changed, and all of which may hold sales.
        """
        day = read_date(texts[0], self._conventions.date_order)
        if day is None or not EARLIEST.date() < day < self._context.now.date():
            return None
        zone = self._conventions.restaurant.timezone
        hours = [datetime.combine(day, time(hour), tzinfo=zone) for hour in range(24)]
        offsets = {
            each.utcoffset() for each in [*hours, datetime.combine(day + _DAY, time(), zone)]
        }
        offset = offsets.pop()
        if offsets or offset is None:
            return None
        return (day - date(1970, 1, 1)).days, int(offset.total_seconds())


def write_line(row_number: int, line: SaleLine) -> tuple[Any, ...]:
    """A line as `LINES` has it."""
    said = (str(line.kind), line.item_name, line.category, line.variant, int(line.quantity * 1000))
    moment = line.occurred_at.replace(tzinfo=None)
    signed = _sign(*said, line.net_minor)
    return row_number, line.order_id or "", line.business_date, moment, *signed


def _sign(*content: str | int | None) -> tuple[str | int | None, ...]:
    """What a line says, with a hash of it."""
    # No text holds a control character.
    text = "\x1f".join("\x1e" if each is None else str(each) for each in content)
    return *content, *unpack_from(">qq", sha256(text.encode()).digest())


def _read_order_id(texts: tuple[str, ...]) -> tuple[str]:
    return (read_text(texts[0], "order_id") or "",)


def _read_clock(texts: tuple[str, ...]) -> tuple[int] | None:
    """The time of day in seconds, unless it says more than that."""
    found = read_time(texts[0])
    return None if found is None or found[1] is not None else (_seconds(found[0]),)


def _seconds(clock: time) -> int:
    return clock.hour * 3600 + clock.minute * 60 + clock.second
