"""What all rows of a file show together, gathered in one pass before anything is decided.

Rows are heard many at a time, and each text that a column holds is looked at once. Of what is gathered
only that counts which does not depend on the order of the rows.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import time
from functools import partial

import polars as pl

from flux.ingestion.blocks import ROW, Block, begins_otherwise, make_frame
from flux.ingestion.body import DATE, TIME, split_moments
from flux.ingestion.cells import DATE_PARTS, Writing, is_damaged, plain, read_time, see_writing
from flux.ingestion.decode import Record
from flux.ingestion.formats import Field
from flux.ingestion.marks import judge, refuse_mark, undoes
from flux.ingestion.recognise import Layout, find_other_currencies, refuse_currency
from flux.ingestion.report import refuse
from flux.ingestion.restaurant import Restaurant

_ONE = re.compile(r"1(?:[.,]0+)?")
_DIGITS = re.compile("[1-9]")
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


def gather(seen: Evidence, body: Block, layout: Layout, restaurant: Restaurant) -> None:
    """Add what a block of the body shows. Raises `FileRefusedError` for a row that Flux cannot yet read."""
    rows = _keep_fitting(seen, body, layout)
    undated = [text for text in rows[DATE].unique() if not DATE_PARTS.fullmatch(text)]
    if undated:
        seen.undated = seen.undated or next(filter(None, undated), None)
        rows = rows.filter(~pl.col(DATE).is_in(undated))
    rows = _keep_sold(rows, layout)
    if rows.height:
        _gather_moments(seen, rows, layout)
        _gather_rows(seen, rows, layout, restaurant)


def first_row(rows: pl.DataFrame, at: int | str, cells: Iterable[str]) -> int:
    """The number of the first row that has one of the cells in the column."""
    found: int = rows.filter(pl.col(str(at)).is_in(list(cells)))[ROW][0]
    return found


def _gather_rows(
    seen: Evidence, rows: pl.DataFrame, layout: Layout, restaurant: Restaurant
) -> None:
    columns = layout.columns
    seen.rows += rows.height
    for money in _MONEY:
        if money in columns:
            for text, number in rows[str(columns[money])].value_counts().iter_rows():
                writing, sign = see_writing(text)
                seen.writings[writing] += number
                seen.signs.add(sign)
    for at in layout.currencies:
        _check_currency(rows, at, restaurant.currency)
    for at in layout.places:
        _check_places(seen, at, set(rows[str(at)].unique()), layout)
    for at in () if seen.is_discounted else layout.discounts:
        seen.is_discounted |= any(map(_DIGITS.search, rows[str(at)].unique()))
    if Field.ORDER in columns:
        _gather_orders(seen, rows, layout)
    _gather_prices(seen, rows, layout)


def _keep_fitting(seen: Evidence, body: Block, layout: Layout) -> pl.DataFrame:
    """The rows that have a cell for every name and nothing beyond; the others are counted."""
    width = len(layout.names)
    fitting = {
        number: cells for number, cells in body.odd.items() if layout.fits(Record(number, cells))
    }
    blank = sum(
        len(cells) < width and not any(map(str.strip, cells)) for cells in body.odd.values()
    )
    broken = sum(number in body.is_broken for number in body.odd)
    seen.misfits += len(body.odd) - len(fitting) - blank + broken
    if not fitting:
        return body.plain
    cut = make_frame({number: cells[:width] for number, cells in fitting.items()}, width)
    return pl.concat([body.plain, split_moments(cut, str(layout.date_column))]).sort(ROW)


def _keep_sold(rows: pl.DataFrame, layout: Layout) -> pl.DataFrame:
    """The rows that are no voids and the like. Raises `FileRefusedError` for a mark that Flux does not know."""
    left_out: set[tuple[str, ...]] = set()
    strange: dict[tuple[str, ...], int] = {}
    marks = [str(at) for at in layout.marks]
    for values in rows.select(marks).unique().iter_rows():
        treatment, unknown = judge(values, layout)
        if unknown is not None:
            strange[values] = unknown
        elif treatment.kind is None:
            left_out.add(values)
    for at in layout.unasked if layout.report is None else ():
        words = rows[str(at)].filter(begins_otherwise(rows[str(at)])).unique()
        if undoing := list(filter(undoes, words)):
            raise refuse_mark(first_row(rows, at, undoing), at, layout)
    for row_number, *cells in rows.select(ROW, *marks).iter_rows() if strange else ():
        if tuple(cells) in strange:
            raise refuse_mark(row_number, strange[tuple(cells)], layout)
    if not left_out:
        return rows
    is_sold = [values not in left_out for values in rows.select(marks).iter_rows()]
    return rows.filter(pl.Series(is_sold, dtype=pl.Boolean))


def _gather_moments(seen: Evidence, rows: pl.DataFrame, layout: Layout) -> None:
    colons = pl.col(TIME).str.count_matches(":", literal=True)
    shown = rows.group_by(DATE, colons.alias("colons")).len()
    for date_text, colons_in_time, number in shown.iter_rows():
        find_row = partial(first_row, rows, DATE, [date_text])
        _gather_date(seen, date_text, colons_in_time, number, find_row)
    if seen.has_other_than_midnight:
        return
    if Field.TIME not in layout.columns:
        times: Iterable[str] = rows[TIME].unique()
    else:
        clocks = rows.select(str(layout.columns[Field.TIME]), TIME).unique()
        times = (clock.strip() or beside for clock, beside in clocks.iter_rows())
    for time_text in times:
        _gather_time(seen, time_text)
        if seen.has_other_than_midnight:
            return


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


def _check_currency(rows: pl.DataFrame, at: int, currency: str) -> None:
    others = find_other_currencies(rows[str(at)].unique(), currency)
    if others:
        raise refuse_currency(first_row(rows, at, others), currency)


def _gather_orders(seen: Evidence, rows: pl.DataFrame, layout: Layout) -> None:
    at = str(layout.columns[Field.ORDER])
    cells = rows[at]
    if seen.damaged_order is None and cells.str.contains("E+", literal=True).any():
        damaged = [cell for cell in cells.unique() if is_damaged(cell.strip())]
        if damaged:
            seen.damaged_order = first_row(rows, at, damaged)
    if not seen.has_repeats:
        orders = {cell.strip() for cell in cells.unique()} - {""}
        filled = int((cells.str.strip_chars() != "").sum())
        seen.has_repeats = filled > len(orders) or not orders.isdisjoint(seen.orders)
        if seen.has_repeats:
            seen.orders.clear()
        elif len(seen.orders) < _ORDERS_COMPARED:
            seen.orders |= orders
    if layout.has_vague_amount:
        amounts = map(plain, rows[str(layout.columns[Field.LINE_AMOUNT])])
        for order, amount in zip(map(str.strip, cells), amounts, strict=True):
            if order and (order in seen.order_amounts or len(seen.order_amounts) < _COMPARED):
                first, lines = seen.order_amounts.setdefault(order, (amount, 0))
                # Less than none: its lines differ in their amount.
                seen.order_amounts[order] = (
                    first,
                    lines + 1 if first == amount and lines >= 0 else -1,
                )


def _gather_prices(seen: Evidence, rows: pl.DataFrame, layout: Layout) -> None:
    columns = layout.columns

    def cells(wanted: Field) -> pl.Expr:
        found = pl.col(str(columns[wanted])) if wanted in columns else pl.lit("")
        return found.alias(str(wanted))

    if not seen.several_units and Field.QUANTITY in columns:
        plain_ones = set(map(plain, rows[str(columns[Field.QUANTITY])].unique())) - {""}
        seen.several_units = not all(map(_ONE.fullmatch, plain_ones))
    unit = Field.UNIT_PRICE if Field.UNIT_PRICE in columns else Field.PRICE
    if unit not in columns:
        return
    if Field.LINE_AMOUNT in columns and layout.report is None:
        if len(seen.amounts) < _COMPARED:
            texts = rows.select(cells(unit), cells(Field.QUANTITY), cells(Field.LINE_AMOUNT))
            for price, quantity, amount in texts.unique().iter_rows():
                seen.amounts.add((plain(price), plain(quantity) or "1", plain(amount)))
    elif Field.QUANTITY in columns and len(seen.prices) < _COMPARED:
        asked = (Field.ITEM, Field.VARIANT, Field.QUANTITY, unit)
        for item, variant, quantity, price in rows.select(map(cells, asked)).unique().iter_rows():
            name = f"{item.strip().casefold()}\0{variant.strip().casefold()}"
            seen.prices.add((name, plain(quantity), plain(price)))
