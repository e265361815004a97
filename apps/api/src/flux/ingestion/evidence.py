"""What all rows of a file show together, gathered in one pass before anything is decided.

Rows are heard many at a time, and each text that a column holds is looked at once. Of what is gathered
only that counts which does not depend on the order of the rows.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import time
from functools import cached_property, partial
from itertools import compress

from flux.ingestion.cells import DATE_PARTS, Writing, plain, read_time, see_writing, split_moment
from flux.ingestion.decode import Block, Record
from flux.ingestion.formats import Field
from flux.ingestion.marks import find_undoing, judge, treat
from flux.ingestion.recognise import Layout, check_currency
from flux.ingestion.report import refuse
from flux.ingestion.restaurant import Restaurant

_ONE = re.compile(r"1(?:[.,]0+)?")
_DIGITS = re.compile("[1-9]")
# What a spreadsheet makes of a long order number, once and for all: 1.30000001573430E+18.
_SCIENTIFIC = re.compile(r"\d(?:[.,]\d+)?E\+\d+")
_MONEY = (Field.LINE_AMOUNT, Field.AMOUNT_INSTEAD, Field.UNIT_PRICE, Field.PRICE)
# How many different values are kept to compare prices, and to see whether an order number repeats.
_COMPARED = 20_000
_ORDERS_COMPARED = 200_000


@dataclass
class Evidence:
    """What the rows show together; of each only what does not depend on their order is used."""

    rows: int = 0
    misfits: int = 0
    undated: str | None = None
    named_months: int = 0
    year_first: int = 0
    day_in_the_middle: int = 0
    numeric_dates: int = 0
    over_12_first: int | None = None
    over_12_second: int | None = None
    short_years: set[tuple[str, str, str]] = field(default_factory=set)
    shapes: dict[tuple[str, bool], set[str]] = field(default_factory=dict)
    unread_time: str | None = None
    has_time: bool = False
    has_other_than_midnight: bool = False
    writings: Counter[Writing] = field(default_factory=Counter)
    signs: set[str] = field(default_factory=set)
    orders: set[str] = field(default_factory=set)
    has_repeats: bool = False
    damaged_order: int | None = None
    order_amounts: dict[str, tuple[str, int]] = field(default_factory=dict)
    several_units: bool = False
    is_discounted: bool = False
    prices: set[tuple[str, str, str]] = field(default_factory=set)
    amounts: set[tuple[str, str, str]] = field(default_factory=set)
    places: dict[int, set[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class _Rows:
    """Rows with their numbers; all have a cell for every name."""

    numbers: Sequence[int]
    cells: list[list[str]]

    @cached_property
    def columns(self) -> list[tuple[str, ...]]:
        return list(zip(*self.cells, strict=False))

    def column(self, at: int) -> tuple[str, ...]:
        return self.columns[at]

    def number_of(self, at: int, is_meant: Callable[[str], object]) -> int:
        """The first row whose cell in the column is meant."""
        return next(
            number
            for number, cells in zip(self.numbers, self.cells, strict=True)
            if is_meant(cells[at])
        )

    def only(self, chosen: list[bool]) -> "_Rows":
        return _Rows(list(compress(self.numbers, chosen)), list(compress(self.cells, chosen)))


def gather(seen: Evidence, block: Block, layout: Layout, restaurant: Restaurant) -> None:
    """Add what the records of a block show.

    Raises `FileRefusedError` for a row that Flux cannot yet read.
    """
    below = max(0, layout.header_row + 1 - block.first_row)
    for record in block.records():
        if record.row_number >= layout.header_row:
            break
        _check_above(record, layout)
    numbers = range(block.first_row + below, block.first_row + len(block.rows))
    rows = _keep_fitting(seen, block, _Rows(numbers, block.rows[below:]), layout)
    if not rows.cells:
        return
    moments = rows.column(layout.date_column)
    split = {text: split_moment(text) for text in set(moments)}
    undated = {text for text in split if not DATE_PARTS.fullmatch(split[text][0])}
    if undated:
        seen.undated = seen.undated or next(
            filter(None, (split[each][0] for each in undated)), None
        )
        rows = rows.only([text not in undated for text in moments])
    rows = _keep_sold(rows, layout) if rows.cells else rows
    if rows.cells:
        _gather_moments(seen, rows, layout, split)
        _gather_rows(seen, rows, layout, restaurant)


def _gather_rows(seen: Evidence, rows: _Rows, layout: Layout, restaurant: Restaurant) -> None:
    columns = layout.columns
    seen.rows += len(rows.cells)
    for money in _MONEY:
        if money in columns:
            for text, number in Counter(rows.column(columns[money])).items():
                writing, sign = see_writing(text)
                seen.writings[writing] += number
                seen.signs.add(sign)
    for at in layout.currencies:
        check_currency(rows.column(at), rows.numbers, restaurant.currency)
    for at in layout.places:
        _check_places(seen, at, set(rows.column(at)), layout)
    for at in () if seen.is_discounted else layout.discounts:
        seen.is_discounted |= any(map(_DIGITS.search, set(rows.column(at))))
    if Field.ORDER in columns:
        _gather_orders(seen, rows, layout)
    _gather_prices(seen, rows, layout)


def _check_above(record: Record, layout: Layout) -> None:
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


def _keep_fitting(seen: Evidence, block: Block, rows: _Rows, layout: Layout) -> _Rows:
    """The rows that have a cell for every name and nothing beyond; the others are counted."""
    width = len(layout.names)
    if set(map(len, rows.cells)) <= {width} and not block.is_broken:
        return rows
    fitting = [
        len(cells) == width or layout.fits(Record(number, cells))
        for number, cells in zip(rows.numbers, rows.cells, strict=True)
    ]
    blank = sum(not any(map(str.strip, cells)) for cells in rows.cells if len(cells) < width)
    seen.misfits += len(fitting) - sum(fitting) - blank + len(block.is_broken)
    return rows.only(fitting)


def _keep_sold(rows: _Rows, layout: Layout) -> _Rows:
    """The rows that are no voids and the like. Raises `FileRefusedError` for a mark that Flux does not know."""
    left_out: set[tuple[str, ...]] = set()
    strange = set[tuple[str, ...]]()
    marks = list(zip(*map(rows.column, layout.marks), strict=True))
    for values in set(marks):
        treatment, unknown = judge(values, layout)
        if unknown is not None:
            strange.add(values)
        elif treatment.kind is None:
            left_out.add(values)
    if layout.report is None:
        for at in layout.unasked:
            find_undoing(rows.column(at), rows.numbers, at, layout)
    if strange:
        at = next(at for at, values in enumerate(marks) if values in strange)
        treat(Record(rows.numbers[at], rows.cells[at]), layout)
    return rows.only([values not in left_out for values in marks]) if left_out else rows


def _gather_moments(
    seen: Evidence, rows: _Rows, layout: Layout, split: Mapping[str, tuple[str, str]]
) -> None:
    moments = rows.column(layout.date_column)
    shown: Counter[tuple[str, int]] = Counter()
    for text, number in Counter(moments).items():
        date_text, time_text = split[text]
        shown[date_text, time_text.count(":")] += number
    for (date_text, colons), number in shown.items():
        is_meant = partial(_has_date, date_text, split)
        find_row = partial(rows.number_of, layout.date_column, is_meant)
        _gather_date(seen, date_text, colons, number, find_row)
    if seen.has_other_than_midnight:
        return
    if Field.TIME not in layout.columns:
        times: Iterable[str] = (time_text for _, time_text in split.values())
    else:
        clocks = rows.column(layout.columns[Field.TIME])
        times = (
            clock.strip() or split[text][1]
            for clock, text in set(zip(clocks, moments, strict=True))
        )
    for time_text in times:
        _gather_time(seen, time_text)
        if seen.has_other_than_midnight:
            return


def _has_date(date_text: str, split: Mapping[str, tuple[str, str]], text: str) -> bool:
    return split[text][0] == date_text


def _gather_date(
    seen: Evidence, date_text: str, colons: int, number: int, find_row: Callable[[], int]
) -> None:
    parts = DATE_PARTS.fullmatch(date_text)
    assert parts is not None  # noqa: S101 (only such rows are kept)
    if parts["named_day"]:
        seen.named_months += number
        return
    if parts["year_first"]:
        seen.year_first += number
        seen.day_in_the_middle += number * (
            12 < int(parts["month"]) <= 31 and int(parts["day"]) <= 12
        )
        return
    seen.numeric_dates += number
    first, second = int(parts["first"]), int(parts["second"])
    if 12 < first <= 31 and second <= 12 and seen.over_12_first is None:
        seen.over_12_first = find_row()
    if 12 < second <= 31 and first <= 12 and seen.over_12_second is None:
        seen.over_12_second = find_row()
    if len(parts["year"]) == 2 and len(seen.short_years) < _COMPARED:
        seen.short_years.add((parts["first"], parts["year"], parts["s2"]))
    if first > 31 or second > 31:
        return
    padding = {
        "padded" if part[0] == "0" else "bare"
        for part in (parts["first"], parts["second"])
        if part[0] == "0" or len(part) == 1
    }
    could_swap = first <= 12 and second <= 12
    for kind, shape in (
        ("separator", {parts["s2"]}),
        ("year", {str(len(parts["year"]))}),
        ("padding", padding),
        ("time", {str(colons)}),
    ):
        seen.shapes.setdefault((kind, could_swap), set()).update(shape)


def _gather_time(seen: Evidence, text: str) -> None:
    if not text:
        return
    if found := read_time(text):
        seen.has_time = True
        seen.has_other_than_midnight = found[0] != time.min
    else:
        seen.unread_time = seen.unread_time or plain(text)


def _check_places(seen: Evidence, at: int, cells: set[str], layout: Layout) -> None:
    names = seen.places.setdefault(at, set())
    names |= {" ".join(cell.split()) for cell in cells} - {""}
    if not names:
        del seen.places[at]
    elif len({each.casefold() for each in names}) > 1:
        raise refuse(
            "several_locations",
            f"Column “{layout.names[at]}” names more than one location. Choose which of them is this"
            " restaurant, or export one file a location.",
            needs_mapping=True,
        )


def _gather_orders(seen: Evidence, rows: _Rows, layout: Layout) -> None:
    at = layout.columns[Field.ORDER]
    cells = rows.column(at)
    orders = {cell.strip() for cell in set(cells)} - {""}
    if seen.damaged_order is None and any("E+" in order for order in orders):
        damaged = {order for order in orders if _SCIENTIFIC.fullmatch(order[:60])}
        if damaged:
            seen.damaged_order = rows.number_of(at, lambda cell: cell.strip() in damaged)
    if not seen.has_repeats:
        filled = len(cells) if "" not in cells else sum(bool(cell.strip()) for cell in cells)
        seen.has_repeats = filled > len(orders) or not orders.isdisjoint(seen.orders)
        if seen.has_repeats:
            seen.orders.clear()
        elif len(seen.orders) < _ORDERS_COMPARED:
            seen.orders |= orders
    if layout.has_vague_amount:
        amounts = map(plain, rows.column(layout.columns[Field.LINE_AMOUNT]))
        for order, amount in zip(map(str.strip, cells), amounts, strict=True):
            if order and (order in seen.order_amounts or len(seen.order_amounts) < _COMPARED):
                first, lines = seen.order_amounts.setdefault(order, (amount, 0))
                # Less than none: its lines differ in their amount.
                seen.order_amounts[order] = (
                    first,
                    lines + 1 if first == amount and lines >= 0 else -1,
                )


def _gather_prices(seen: Evidence, rows: _Rows, layout: Layout) -> None:
    columns = layout.columns
    ones = [""] * len(rows.cells)
    quantities = rows.column(columns[Field.QUANTITY]) if Field.QUANTITY in columns else ones
    if not seen.several_units:
        plain_ones = set(map(plain, set(quantities))) - {""}
        seen.several_units = not all(map(_ONE.fullmatch, plain_ones))
    unit = Field.UNIT_PRICE if Field.UNIT_PRICE in columns else Field.PRICE
    if unit not in columns:
        return
    prices = rows.column(columns[unit])
    if Field.LINE_AMOUNT in columns and layout.report is None:
        amounts = rows.column(columns[Field.LINE_AMOUNT])
        for price, quantity, amount in set(zip(prices, quantities, amounts, strict=True)):
            if len(seen.amounts) < _COMPARED:
                seen.amounts.add((plain(price), plain(quantity) or "1", plain(amount)))
    elif Field.QUANTITY in columns:
        items = rows.column(columns[Field.ITEM])
        variants = rows.column(columns[Field.VARIANT]) if Field.VARIANT in columns else ones
        for item, variant, quantity, price in set(
            zip(items, variants, quantities, prices, strict=True)
        ):
            if len(seen.prices) < _COMPARED:
                name = f"{item.strip().casefold()}\0{variant.strip().casefold()}"
                seen.prices.add((name, plain(quantity), plain(price)))
