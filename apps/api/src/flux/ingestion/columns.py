"""Many rows at once, column by column, and each different text but once.

What the cells mean is for the readers of `sale_line.py`, the very functions that its model calls; here
they are called once a text instead of once a row. A row with a cell that they refuse, or that is not
plain in any other way, goes through the model itself, which alone may reject.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from functools import partial
from itertools import compress, repeat
from typing import Any, Generic, TypeVar

from pydantic_core import PydanticCustomError

from flux.ingestion.cells import read_date, read_time, split_moment
from flux.ingestion.decode import Block, Record
from flux.ingestion.formats import Field
from flux.ingestion.marks import judge
from flux.ingestion.meaning import ELSEWHERE, Kind, Treatment
from flux.ingestion.parse import FileReading, Rejection, read_line
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

NULL = "\\N"
ABSENT = ""
_ABSENT = {
    "kind": ABSENT, "item_name": "", "category": NULL, "variant": NULL, "quantity": "0", "net_minor": 0
}  # fmt: skip
# How many texts of a column are remembered.
_REMEMBERED = 50_000
_TEXTS = ("item_name", "category", "variant")
_SECONDS = frozenset(f"{second:02}" for second in range(60))
K = TypeVar("K")


@dataclass(frozen=True)
class Lines:
    """Valid lines, a list for each column: `source_row` and `net_minor` as numbers, the rest as COPY has it.

    `order_id` is empty where there is none; `occurred_at` is in UTC and always of the same length, so
    that texts compare as instants do. A line of kind `ABSENT` is none: it says that its order was in
    the file, though its lines may all be left out.
    """

    source_row: list[int] = field(default_factory=list)
    order_id: list[str] = field(default_factory=list)
    business_date: list[str] = field(default_factory=list)
    occurred_at: list[str] = field(default_factory=list)
    kind: list[str] = field(default_factory=list)
    item_name: list[str] = field(default_factory=list)
    category: list[str] = field(default_factory=list)
    variant: list[str] = field(default_factory=list)
    quantity: list[str] = field(default_factory=list)
    net_minor: list[int] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.source_row)


COLUMNS = tuple(Lines.__dataclass_fields__)


@dataclass(frozen=True)
class Batch:
    """What rows have become: lines, rows that are refused, and rows that are left out.

    `totals` are the rows that add up others: their numbers, and what they have for an amount.
    """

    lines: Lines
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

    def of(self, keys: Iterable[K]) -> list[Any]:
        return list(map(self.__getitem__, keys))

    def of_many(self, keys: Iterable[K]) -> list[Any]:
        """The same where most keys are new ones: a large dictionary is slower than asking again."""
        self.clear()
        return list(map(self.__getitem__, keys))


class ColumnReader:
    """Reads the blocks of one file in the way that was decided."""

    def __init__(self, reading: FileReading, now: datetime) -> None:
        self._reading = reading
        self._layout = reading.layout
        self._conventions = reading.conventions
        self._amount_at = reading.layout.columns[reading.conventions.amount]
        self._context = LineContext(reading.conventions, now)
        self._texts = {name: _Remembered(partial(_write_text, name)) for name in _TEXTS}
        self._order_ids = _Remembered[str](partial(_write_text, "order_id"))
        self._kinds = _Remembered[tuple[str, ...]](self._read_kind)
        self._amounts = _Remembered[tuple[Kind, str | None, str]](self._read_amount)
        self._moments = _Remembered[str | tuple[str, str, str]](self._read_moment)
        self._days = _Remembered[str](self._read_day)
        self._clocks = dict[timedelta, _Remembered[str]]()
        self._totals = _Remembered[str](is_totals_label)

    def read(self, block: Block) -> Batch:
        """Every row of the block that stands below the header, but for blank ones."""
        below = max(0, self._layout.header_row + 1 - block.first_row)
        rows, first_row = block.rows[below:], block.first_row + below
        width = len(self._layout.names)
        is_plain = [len(cells) == width for cells in rows]
        plain = rows if all(is_plain) else list(compress(rows, is_plain))
        found = self._read_plain(plain) if plain else {name: [] for name in COLUMNS}
        for at in [at for at, each in enumerate(is_plain) if not each]:
            for column in found.values():
                column.insert(at, None)
        found["source_row"] = list(range(first_row, first_row + len(rows)))
        return self._settle(block, rows, found)

    def _settle(self, block: Block, rows: list[list[str]], found: dict[str, list[Any]]) -> Batch:
        """Have the model read the rows that lack anything, and drop those that are no lines."""
        unsettled = {at for column in found.values() for at in _find_none(column)}
        rejected: list[list[Rejection]] = []
        left_out: list[tuple[int, Treatment]] = []
        totals: list[tuple[int, str]] = []
        dropped = set[int]()
        for at in sorted(unsettled):
            row_number = found["source_row"][at]
            is_broken = row_number in block.is_broken
            line: SaleLine | list[Rejection] | Treatment | None = None
            if is_broken or any(map(str.strip, rows[at])):
                record = Record(row_number, rows[at], is_broken=is_broken)
                line = read_line(record, self._reading, self._context)
            if isinstance(line, SaleLine):
                for name, value in zip(COLUMNS, write_line(row_number, line), strict=True):
                    found[name][at] = value
                continue
            if isinstance(line, Treatment):
                left_out.append((row_number, line))
                if line != ELSEWHERE and found["order_id"][at] and found["occurred_at"][at]:
                    for name, value in _ABSENT.items():
                        found[name][at] = value
                    continue
            elif line is not None:
                rejected.append(line)
                if line[0].code == "totals_row" and self._amount_at < len(rows[at]):
                    totals.append((row_number, rows[at][self._amount_at]))
            dropped.add(at)
        for at in sorted(dropped, reverse=True):
            for column in found.values():
                del column[at]
        return Batch(Lines(**found), rejected, left_out, totals)

    def _read_plain(self, rows: list[list[str]]) -> dict[str, list[Any]]:
        """The columns of rows that have a cell for each name, `None` where the model must be asked."""
        columns: list[Sequence[str]] = list(zip(*rows, strict=True))
        number, layout = len(rows), self._layout

        def cells(wanted: Field | None) -> Sequence[str]:
            if wanted is None or wanted not in layout.columns:
                return _blanks(number)
            nothing = layout.report.nothing.get(wanted) if layout.report else None
            column = columns[layout.columns[wanted]]
            return (
                column if nothing is None else ["" if each == nothing else each for each in column]
            )

        fields = (Field.ITEM, Field.CATEGORY, Field.VARIANT)
        found = {
            name: self._texts[name].of(cells(at)) for name, at in zip(_TEXTS, fields, strict=True)
        }
        found["order_id"] = self._order_ids.of_many(cells(self._conventions.order))
        marks = zip(*(columns[at] for at in layout.marks), strict=True)
        kinds = self._kinds.of(marks if layout.marks else repeat((), number))
        for at in self._find_totals(columns, rows):
            kinds[at] = None
        quantities = (
            cells(Field.QUANTITY) if Field.QUANTITY in layout.columns else repeat(None, number)
        )
        amounts = cells(self._conventions.amount)
        if Field.AMOUNT_INSTEAD in layout.columns:
            pairs = zip(amounts, cells(Field.AMOUNT_INSTEAD), strict=True)
            amounts = [each if each.strip() else instead for each, instead in pairs]
        found["kind"], found["quantity"], found["net_minor"] = _unzip(
            self._amounts.of(zip(kinds, quantities, amounts, strict=True)), 3
        )
        dates = cells(Field.MOMENT if Field.MOMENT in layout.columns else Field.DATE)
        is_alone = layout.columns.keys().isdisjoint((Field.TIME, Field.ZONE))
        beside = zip(dates, cells(Field.TIME), cells(Field.ZONE), strict=True)
        moments: Iterable[Any] = dates if is_alone else beside
        found["business_date"], found["occurred_at"] = _unzip(self._moments.of_many(moments), 2)
        return found

    def _find_totals(self, columns: list[Sequence[str]], rows: list[list[str]]) -> list[int]:
        """The rows whose first cell, of those that are not blank, names a sum."""
        firsts = columns[0]
        labels = {text for text in set(firsts) if not text[:1].isdigit() and self._totals[text]}
        found = [at for at, text in enumerate(firsts) if text in labels] if labels else []
        if any(not text.strip() for text in set(firsts)):
            for at, text in enumerate(firsts):
                if not text.strip() and self._totals[next(filter(str.strip, rows[at]), "")]:
                    found.append(at)
        return found

    def _read_kind(self, marks: tuple[str, ...]) -> Kind | None:
        treatment, unknown = judge(marks, self._layout)
        return None if unknown is not None else treatment.kind

    def _read_amount(self, key: tuple[Kind | None, str | None, str]) -> tuple[str, str, int] | None:
        kind, quantity_text, amount = key
        if kind is None:
            return None
        quantity = read_line_quantity(quantity_text, self._conventions)
        net_minor = read_net_minor(amount, quantity, kind, self._conventions)
        return str(settle_kind(kind, quantity)), f"{quantity:.3f}", net_minor

    def _read_moment(self, key: str | tuple[str, str, str]) -> tuple[str, str]:
        """The business date and the instant, as `read_occurred_at` has them."""
        if isinstance(key, str):
            # Nothing but two look-ups for most: texts that were split, and read, like this before.
            date_text, _, time_text = key.partition(" ")
            if (day := self._days.get(date_text)) and (clock := day[1].get(time_text)):
                return day[0][0 if clock[0] else 1], day[0][1 + clock[1]] + clock[2]
            key = (key, "", "")
        date_cell, time_cell, zone_cell = key
        date_text, beside = split_moment(date_cell)
        time_text, zone_text = time_cell.strip(), zone_cell.strip()
        if not zone_text and not (time_text and beside) and (day := self._days[date_text]):
            dates, clocks = day
            if clock := clocks[time_text or beside]:
                is_early, shift, in_utc = clock
                return dates[0 if is_early else 1], dates[1 + shift] + in_utc
        moment = read_occurred_at((date_text, beside, time_text, zone_text), self._context)
        business_date = find_business_date(moment, self._conventions.restaurant)
        return business_date.isoformat(), _write_instant(moment.astimezone(UTC))

    def _read_day(self, text: str) -> tuple[tuple[str, str, str], _Remembered[str]] | None:
        """The day before, the day and the day after, and its times; `None` for a day that is not plain.

        Plain is one on which the clocks are not changed, and all of which may hold sales.
        """
        day = read_date(text, self._conventions.date_order)
        if day is None or not EARLIEST.date() < day < self._context.now.date():
            return None
        zone = self._conventions.restaurant.timezone
        before, after = day - timedelta(days=1), day + timedelta(days=1)
        hours = [datetime.combine(day, time(hour), tzinfo=zone) for hour in range(24)]
        offsets = {each.utcoffset() for each in [*hours, datetime.combine(after, time(), zone)]}
        offset = offsets.pop()
        if offsets or offset is None:
            return None
        if offset not in self._clocks:
            self._clocks[offset] = _Remembered(partial(self._read_clock, offset))
        return (before.isoformat(), day.isoformat(), after.isoformat()), self._clocks[offset]

    def _read_clock(self, offset: timedelta, text: str) -> tuple[bool, int, str] | None:
        """Whether it is before the day's start, how many days UTC is ahead, and the time in UTC."""
        minute, second = text[:-3], text[-3:]
        # Days start, and zones differ, by whole minutes.
        if text.count(":") == 2 and second[0] == ":" and second[1:] in _SECONDS:
            found_minute = self._clocks[offset][minute]
            return found_minute and (*found_minute[:2], found_minute[2][:6] + second + "+00")
        found = read_time(text)
        if found is None or found[1] is not None:
            return None
        in_utc = datetime.combine(EARLIEST.date(), found[0]) - offset
        is_early = found[0] < self._conventions.restaurant.day_starts_at
        return is_early, (in_utc.date() - EARLIEST.date()).days, _write_instant(in_utc)[10:]


def write_line(row_number: int, line: SaleLine) -> tuple[Any, ...]:
    """A line as `Lines` has it, in the order of its columns."""
    return (
        row_number,
        _escape(line.order_id or ""),
        line.business_date.isoformat(),
        _write_instant(line.occurred_at),
        str(line.kind),
        _escape(line.item_name),
        NULL if line.category is None else _escape(line.category),
        NULL if line.variant is None else _escape(line.variant),
        f"{line.quantity:.3f}",
        line.net_minor,
    )


def _write_text(name: str, cell: str) -> str:
    is_order = name == "order_id"
    # What `read_text` would give, for most.
    text = cell if is_order and cell.isalnum() and len(cell) < 50 else read_text(cell, name)
    if text is None:
        return "" if is_order else NULL
    return _escape(text)


def _escape(text: str) -> str:
    # No other sign that COPY takes for its own is left in a text: `read_text` refuses control characters.
    return text.replace("\\", "\\\\")


def _write_instant(moment: datetime) -> str:
    return moment.replace(tzinfo=None).isoformat(" ", "seconds") + "+00"


def _blanks(number: int) -> Sequence[str]:
    return [""] * number


def _find_none(column: list[Any]) -> Iterator[int]:
    at = -1
    with suppress(ValueError):
        while True:
            at = column.index(None, at + 1)
            yield at


def _unzip(found: list[tuple[Any, ...] | None], width: int) -> list[list[Any]]:
    nothing = (None,) * width
    return [list(each) for each in zip(*(each or nothing for each in found), strict=True)]
