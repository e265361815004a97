"""What all rows of a file show together, gathered in one pass before anything is decided.

Of what is gathered only that counts which does not depend on the order of the rows.
"""

import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import time

from flux.ingestion.cells import DATE_PARTS, Writing, plain, read_time, see_writing, split_moment
from flux.ingestion.decode import Record
from flux.ingestion.formats import Field
from flux.ingestion.recognise import Layout, check_currency, treat
from flux.ingestion.report import refuse
from flux.ingestion.restaurant import Restaurant

_ONE = re.compile(r"1(?:[.,]0+)?")
# What a spreadsheet makes of a long order number, once and for all: 1.30000001573430E+18.
_SCIENTIFIC = re.compile(r"\d(?:[.,]\d+)?E\+\d+")
_MONEY = (Field.LINE_AMOUNT, Field.AMOUNT_INSTEAD, Field.UNIT_PRICE, Field.PRICE)
# How many different values are kept to compare prices, and to see whether an order number repeats.
_COMPARED = 20_000
_ORDERS_COMPARED = 1_000_000


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
    orders: set[int] = field(default_factory=set)
    has_repeats: bool = False
    damaged_order: int | None = None
    order_amounts: dict[int, tuple[str, int]] = field(default_factory=dict)
    several_units: bool = False
    is_discounted: bool = False
    prices: set[tuple[str, str, str]] = field(default_factory=set)
    amounts: set[tuple[str, str, str]] = field(default_factory=set)
    places: dict[int, set[str]] = field(default_factory=dict)


def gather(seen: Evidence, record: Record, layout: Layout, restaurant: Restaurant) -> None:
    """Add what one record shows. Raises `FileRefusedError` for a row that Flux cannot yet read."""
    cells, columns = record.cells, layout.columns
    is_above = record.row_number < layout.header_row
    if not layout.fits(record):
        seen.misfits += not is_above
        return
    date_text, time_text = split_moment(
        cells[columns[Field.MOMENT] if Field.MOMENT in columns else columns[Field.DATE]]
    )
    parts = DATE_PARTS.fullmatch(date_text)
    if parts is None:
        seen.undated = seen.undated or (None if is_above else date_text or None)
        return
    if is_above and not any(cells[at].strip() == "" for at in columns.values()):
        raise refuse(
            "rows_above_header",
            f"Row {record.row_number} looks like a sale but stands above the row with the columns' names. Move those"
            " names to the top, or export the file from your till again.",
        )
    if is_above or treat(record, layout).kind is None:
        return
    seen.rows += 1
    _gather_date(seen, record.row_number, parts, time_text)
    if not seen.has_other_than_midnight:
        _gather_time(seen, cells[columns[Field.TIME]] if Field.TIME in columns else "", time_text)
    for money in _MONEY:
        if money in columns:
            writing, sign = see_writing(cells[columns[money]])
            seen.writings[writing] += 1
            seen.signs.add(sign)
    check_currency(record, layout, restaurant.currency)
    _check_places(seen, cells, layout)
    if not seen.is_discounted:
        seen.is_discounted = any(re.search("[1-9]", cells[at]) for at in layout.discounts)
    _gather_order(seen, record, layout)
    _gather_prices(seen, cells, layout)


def _gather_date(seen: Evidence, row_number: int, parts: re.Match[str], time_text: str) -> None:
    if parts["named_day"]:
        seen.named_months += 1
        return
    if parts["year_first"]:
        seen.year_first += 1
        seen.day_in_the_middle += 12 < int(parts["month"]) <= 31 and int(parts["day"]) <= 12
        return
    seen.numeric_dates += 1
    first, second = int(parts["first"]), int(parts["second"])
    if 12 < first <= 31 and second <= 12:
        seen.over_12_first = seen.over_12_first or row_number
    if 12 < second <= 31 and first <= 12:
        seen.over_12_second = seen.over_12_second or row_number
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
        ("time", {str(time_text.count(":"))}),
    ):
        seen.shapes.setdefault((kind, could_swap), set()).update(shape)


def _gather_time(seen: Evidence, cell: str, time_text: str) -> None:
    text = cell.strip() or time_text
    if not text:
        return
    if found := read_time(text):
        seen.has_time = True
        seen.has_other_than_midnight = found[0] != time.min
    else:
        seen.unread_time = seen.unread_time or plain(text)


def _check_places(seen: Evidence, cells: list[str], layout: Layout) -> None:
    for at in layout.places:
        name = " ".join(cells[at].split())
        if not name:
            continue
        names = seen.places.setdefault(at, set())
        names.add(name)
        if len(names) > 1 and len({each.casefold() for each in names}) > 1:
            raise refuse(
                "several_locations",
                f"Column “{layout.names[at]}” names more than one location. Choose which of them is this"
                " restaurant, or export one file a location.",
                needs_mapping=True,
            )


def _gather_order(seen: Evidence, record: Record, layout: Layout) -> None:
    columns = layout.columns
    order = record.cells[columns[Field.ORDER]].strip() if Field.ORDER in columns else ""
    if not order:
        return
    if _SCIENTIFIC.fullmatch(order[:60]):
        seen.damaged_order = seen.damaged_order or record.row_number
    if not seen.has_repeats and len(seen.orders) < _ORDERS_COMPARED:
        before = len(seen.orders)
        seen.orders.add(hash(order))
        if len(seen.orders) == before:
            seen.has_repeats = True
            seen.orders.clear()
    key = hash(order)
    if Field.LINE_AMOUNT in columns and (
        key in seen.order_amounts or len(seen.order_amounts) < _COMPARED
    ):
        amount = plain(record.cells[columns[Field.LINE_AMOUNT]])
        first, lines = seen.order_amounts.setdefault(key, (amount, 0))
        # Less than none: its lines differ in their amount.
        seen.order_amounts[key] = (first, lines + 1 if first == amount and lines >= 0 else -1)


def _gather_prices(seen: Evidence, cells: list[str], layout: Layout) -> None:
    columns = layout.columns
    quantity = plain(cells[columns[Field.QUANTITY]]) if Field.QUANTITY in columns else "1"
    seen.several_units = seen.several_units or bool(quantity and not _ONE.fullmatch(quantity))
    unit = Field.UNIT_PRICE if Field.UNIT_PRICE in columns else Field.PRICE
    if unit not in columns:
        return
    price = plain(cells[columns[unit]])
    if Field.LINE_AMOUNT in columns and layout.report is None:
        if len(seen.amounts) < _COMPARED:
            seen.amounts.add((price, quantity, plain(cells[columns[Field.LINE_AMOUNT]])))
    elif Field.QUANTITY in columns and len(seen.prices) < _COMPARED:
        item = cells[columns[Field.ITEM]].strip().casefold()
        if Field.VARIANT in columns:
            item += "\0" + cells[columns[Field.VARIANT]].strip().casefold()
        seen.prices.add((item, quantity, price))
