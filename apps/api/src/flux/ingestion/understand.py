"""What the cells mean: date order, decimal sign, unit or line prices, decided from the whole file.

One pass over all records gathers evidence; nothing is decided from a single cell. What the file
leaves open falls back on the restaurant's country, and says so; what contradicts itself is refused.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import time
from decimal import Decimal
from enum import StrEnum
from zoneinfo import ZoneInfo

from babel.numbers import get_currency_precision

from flux.ingestion.cells import (
    AMOUNT,
    DATE_PARTS,
    DateOrder,
    DecimalSign,
    read_decimal,
    split_moment,
)
from flux.ingestion.decode import Record
from flux.ingestion.recognise import Field, Layout
from flux.ingestion.report import Conclusion, FileRefusedError, refuse

# Countries that write the month before the day (Unicode CLDR, short date formats).
MONTH_FIRST_COUNTRIES = frozenset(
    {"US", "PH", "PR", "GU", "AS", "VI", "UM", "MP", "FM", "PW", "MH", "BZ"}
)
_GROUPED = re.compile(r"\d{1,3}([.,])\d{3}")
_DECIMALS = re.compile(r"\d([.,])(?:\d{1,2}|\d{4,})$")
_CURRENCY_SIGNS = {
    "€": {"EUR"},
    "£": {"GBP", "EGP", "GIP", "FKP", "SHP"},
    "₹": {"INR"},
    "¥": {"JPY", "CNY"},
}
_PRICES_COMPARED = 20_000


class PriceMeaning(StrEnum):
    """What the amount column holds, for a line of several units."""

    LINE = "line"
    UNIT = "unit"


@dataclass(frozen=True)
class Restaurant:
    """What the ingestion needs to know of the restaurant whose file it reads."""

    timezone: ZoneInfo
    country: str
    currency: str
    day_starts_at: time

    @property
    def minor_digits(self) -> int:
        """How many decimals the currency has (ISO 4217), as in 1 USD = 10^2 cents."""
        return get_currency_precision(self.currency)


@dataclass(frozen=True)
class Conventions:
    """How to read the cells of one file."""

    date_order: DateOrder
    decimal_sign: DecimalSign
    amount: Field
    price_meaning: PriceMeaning
    restaurant: Restaurant
    has_orders: bool
    conclusions: tuple[Conclusion, ...]
    warnings: tuple[str, ...]


@dataclass
class _Evidence:
    rows: int = 0
    iso_dates: int = 0
    over_12_first: int | None = None
    over_12_second: int | None = None
    numeric_dates: int = 0
    without_time: int = 0
    with_time: int = 0
    decimal_comma: int = 0
    decimal_point: int = 0
    open_signs: int = 0
    order_repeats: int = 0
    last_order: str | None = None
    several_units: int = 0
    signs: set[str] = field(default_factory=set)
    discounted: bool = False
    prices: dict[str, dict[str, set[str]]] = field(default_factory=dict)
    values: dict[int, str] = field(default_factory=dict)


def understand(
    records: Iterable[Record], layout: Layout, restaurant: Restaurant
) -> Conventions:
    """Decide from every record below the header how the cells are to be read.

    Raises `FileRefusedError` where the file contradicts itself or holds what Flux cannot yet read.
    """
    seen = _Evidence()
    for record in records:
        if record.row_number > layout.header_row and len(record.cells) >= len(
            layout.names
        ):
            _gather(seen, record, layout, restaurant)
    if not seen.rows:
        raise refuse(
            "no_rows",
            "The file has a header but no rows below it. Export it from your till again.",
        )
    if seen.with_time == 0:
        raise refuse(
            "time_missing",
            "The dates in this file have no time of day. Export the report that lists each sale with its time,"
            " not a daily summary.",
        )
    _check_currency(seen, restaurant)
    conclusions: list[Conclusion] = []
    warnings: list[str] = []
    date_order = _decide_date_order(seen, restaurant, conclusions, warnings)
    decimal_sign = _decide_decimal_sign(seen, conclusions)
    amount, meaning = _decide_price(seen, layout, decimal_sign, conclusions)
    has_orders = _decide_orders(seen, layout, conclusions, warnings)
    conclusions.append(
        Conclusion(
            what="time zone",
            decided=str(restaurant.timezone),
            because="times without a zone are those of the restaurant",
        )
    )
    return Conventions(
        date_order,
        decimal_sign,
        amount,
        meaning,
        restaurant,
        has_orders,
        tuple(conclusions),
        tuple(warnings),
    )


def _gather(
    seen: _Evidence, record: Record, layout: Layout, restaurant: Restaurant
) -> None:
    cells, columns = record.cells, layout.columns
    seen.rows += 1
    _gather_date(seen, record, columns)
    for money in (Field.LINE_AMOUNT, Field.UNIT_PRICE, Field.PRICE):
        if money in columns:
            _gather_amount(seen, cells[columns[money]].strip())
    for at, neutral in layout.meaningful.items():
        _check_meaningful(seen, record, layout, at, neutral)
    if layout.discount is not None and re.search(r"[1-9]", cells[layout.discount]):
        seen.discounted = True
    if layout.currency is not None and cells[layout.currency].strip().upper() not in {
        "",
        restaurant.currency,
    }:
        raise refuse(
            "other_currency",
            f"Row {record.row_number} is in another currency than the restaurant's ({restaurant.currency})."
            " Flux never adds up two currencies.",
        )
    if Field.ORDER in columns:
        order = cells[columns[Field.ORDER]].strip()
        seen.order_repeats += bool(order) and order == seen.last_order
        seen.last_order = order
    if Field.QUANTITY in columns and Field.PRICE in columns:
        quantity = cells[columns[Field.QUANTITY]].strip()
        seen.several_units += quantity not in {"", "1", "1.0", "1.00", "1.000"}
        item = cells[columns[Field.ITEM]].strip().casefold()
        if Field.VARIANT in columns:
            item += "\0" + cells[columns[Field.VARIANT]].strip().casefold()
        if len(seen.prices) < _PRICES_COMPARED or item in seen.prices:
            by_quantity = seen.prices.setdefault(item, {})
            by_quantity.setdefault(quantity, set()).add(
                cells[columns[Field.PRICE]].strip()
            )


def _gather_date(seen: _Evidence, record: Record, columns: Mapping[Field, int]) -> None:
    text = record.cells[
        columns[Field.MOMENT] if Field.MOMENT in columns else columns[Field.DATE]
    ]
    date_text, time_text = split_moment(text)
    if Field.TIME in columns:
        time_text = record.cells[columns[Field.TIME]].strip() or time_text
    parts = DATE_PARTS.fullmatch(date_text)
    if parts is None:
        return
    if time_text:
        seen.with_time += 1
    else:
        seen.without_time += 1
    if parts["year_first"]:
        seen.iso_dates += 1
        return
    seen.numeric_dates += 1
    first, second = int(parts["first"]), int(parts["second"])
    if 12 < first <= 31 and second <= 12:
        seen.over_12_first = seen.over_12_first or record.row_number
    if 12 < second <= 31 and first <= 12:
        seen.over_12_second = seen.over_12_second or record.row_number


def _gather_amount(seen: _Evidence, text: str) -> None:
    amount = AMOUNT.fullmatch(text)
    if amount is None:
        return
    if sign := amount["sign_before"] or amount["sign_after"]:
        seen.signs.add(sign)
    digits = amount["digits"]
    if "," in digits and "." in digits:
        seen.decimal_comma += digits.rfind(",") > digits.rfind(".")
        seen.decimal_point += digits.rfind(".") > digits.rfind(",")
    elif digits.count(",") > 1:
        seen.decimal_point += 1
    elif digits.count(".") > 1:
        seen.decimal_comma += 1
    elif ends := _DECIMALS.search(digits):
        seen.decimal_comma += ends[1] == ","
        seen.decimal_point += ends[1] == "."
    elif _GROUPED.fullmatch(digits):
        seen.open_signs += 1


def _check_meaningful(
    seen: _Evidence,
    record: Record,
    layout: Layout,
    at: int,
    neutral: tuple[str, ...] | None,
) -> None:
    value = record.cells[at].strip()
    if neutral is None:
        if value != seen.values.setdefault(at, value):
            raise refuse(
                "several_locations",
                f"Column “{layout.names[at]}” names more than one location. Export one file a location.",
            )
    elif value.casefold() not in neutral:
        raise refuse(
            "meaning_not_read_yet",
            f"Row {record.row_number} is marked in column “{layout.names[at]}” as something other than a plain sale."
            " Flux does not read such rows yet, and will not count them as sales. Your file is kept.",
        )


def _check_currency(seen: _Evidence, restaurant: Restaurant) -> None:
    for sign in seen.signs:
        meant = _CURRENCY_SIGNS.get(sign) or ({sign} if len(sign) == 3 else None)
        if meant is not None and restaurant.currency not in meant:
            raise refuse(
                "other_currency",
                f"The amounts carry “{sign}”, but the restaurant's currency is {restaurant.currency}."
                " Flux never adds up two currencies.",
            )


def _decide_date_order(
    seen: _Evidence,
    restaurant: Restaurant,
    conclusions: list[Conclusion],
    warnings: list[str],
) -> DateOrder:
    if seen.iso_dates and seen.numeric_dates > seen.rows // 20:
        raise _mixed_dates("some dates begin with the year and others do not")
    if seen.over_12_first and seen.over_12_second:
        raise _mixed_dates(
            f"row {seen.over_12_first} has the day first and row {seen.over_12_second} the month first"
        )
    if not seen.numeric_dates:
        order, because = DateOrder.YEAR_FIRST, "dates begin with a four-digit year"
    elif seen.over_12_first:
        order, because = (
            DateOrder.DAY_FIRST,
            f"row {seen.over_12_first} has a first part above 12",
        )
    elif seen.over_12_second:
        order, because = (
            DateOrder.MONTH_FIRST,
            f"row {seen.over_12_second} has a second part above 12",
        )
    else:
        is_month_first = restaurant.country in MONTH_FIRST_COUNTRIES
        order = DateOrder.MONTH_FIRST if is_month_first else DateOrder.DAY_FIRST
        because = f"no date decides it, and that is the custom of the restaurant's country ({restaurant.country})"
        warnings.append(
            f"Dates were read {order}: {because}. If that is wrong, export a longer period."
        )
    conclusions.append(Conclusion(what="dates", decided=str(order), because=because))
    return order


def _mixed_dates(why: str) -> FileRefusedError:
    return refuse(
        "dates_mixed",
        f"The dates in this file are written in two ways: {why}. A spreadsheet program often does that when it saves"
        " a CSV. Export the file from your till again and upload it without opening it first.",
    )


def _decide_decimal_sign(seen: _Evidence, conclusions: list[Conclusion]) -> DecimalSign:
    if seen.decimal_comma and seen.decimal_point:
        raise refuse(
            "decimals_mixed",
            "Some amounts in this file have a decimal comma and others a decimal point, so none can be trusted."
            " Export the file from your till again and upload it without opening it first.",
        )
    if seen.open_signs and not seen.decimal_comma and not seen.decimal_point:
        raise refuse(
            "decimals_unclear",
            "The amounts could mean thousands or thousandths (such as 1,234). Export the file with decimals.",
        )
    sign = DecimalSign.COMMA if seen.decimal_comma else DecimalSign.POINT
    because = (
        f"{max(seen.decimal_comma, seen.decimal_point):,} amounts show it"
        if seen.decimal_comma or seen.decimal_point
        else "all amounts are whole numbers"
    )
    conclusions.append(
        Conclusion(what="decimal sign", decided=str(sign), because=because)
    )
    return sign


def _decide_price(
    seen: _Evidence,
    layout: Layout,
    decimal_sign: DecimalSign,
    conclusions: list[Conclusion],
) -> tuple[Field, PriceMeaning]:
    columns = layout.columns
    if Field.LINE_AMOUNT in columns:
        chosen, meaning, because = (
            Field.LINE_AMOUNT,
            PriceMeaning.LINE,
            "its name says so",
        )
    else:
        if seen.discounted:
            raise refuse(
                "discounts_not_read_yet",
                "The file has discounts but no column with the amount after them. Export it with net sales.",
                needs_mapping=True,
            )
        if Field.UNIT_PRICE in columns:
            chosen, meaning, because = (
                Field.UNIT_PRICE,
                PriceMeaning.UNIT,
                "its name says so",
            )
        elif Field.QUANTITY not in columns:
            chosen, meaning, because = (
                Field.PRICE,
                PriceMeaning.LINE,
                "there is no quantity: each line is one unit",
            )
        else:
            chosen = Field.PRICE
            meaning, because = _compare_prices(seen, decimal_sign)
    conclusions.append(
        Conclusion(
            what="amount",
            decided=f"“{layout.name_of(chosen)}” is the price of a {meaning}",
            because=because,
        )
    )
    return chosen, meaning


def _compare_prices(
    seen: _Evidence, decimal_sign: DecimalSign
) -> tuple[PriceMeaning, str]:
    """Unit or line, by items that were sold singly and several at a time at comparable prices."""
    if not seen.several_units:
        return PriceMeaning.LINE, "every line is of one unit"
    unit = line = 0
    for by_quantity in seen.prices.values():
        single = {
            read_decimal(price, decimal_sign)
            for price in by_quantity.get("1", set()) | by_quantity.get("1.0", set())
        }
        for quantity_text, prices in by_quantity.items():
            quantity = read_decimal(quantity_text, decimal_sign)
            if quantity is None or quantity in {Decimal(0), Decimal(1)}:
                continue
            for price in (read_decimal(text, decimal_sign) for text in prices):
                if price:
                    unit += price in single
                    line += price / quantity in single
    if unit and unit > 9 * line:
        return (
            PriceMeaning.UNIT,
            f"{unit:,} prices are the same for one and for several units",
        )
    if line and line > 9 * unit:
        return PriceMeaning.LINE, f"{line:,} prices grow with the quantity"
    raise refuse(
        "price_unclear",
        "The file does not show whether “price” is for one unit or for the whole line. Rename the column to"
        " “Unit price” or “Line total” and upload the file again.",
        needs_mapping=True,
    )


def _decide_orders(
    seen: _Evidence, layout: Layout, conclusions: list[Conclusion], warnings: list[str]
) -> bool:
    if Field.ORDER in layout.columns:
        name = layout.name_of(Field.ORDER)
        is_line_number = (
            name.casefold() == "id" and not seen.order_repeats and seen.rows > 1
        )
        if not is_line_number:
            conclusions.append(
                Conclusion(
                    what="orders",
                    decided=f"lines with the same “{name}” on the same business day are one order",
                    because=f"{seen.order_repeats:,} lines repeat the “{name}” of the line before",
                )
            )
            return True
        why = f"“{name}” differs on every line, so it numbers lines, not orders"
    else:
        why = "the file has no order number"
    conclusions.append(
        Conclusion(
            what="orders", decided="each line is an order of its own", because=why
        )
    )
    warnings.append(
        f"Orders cannot be told apart: {why}. Sums are right; counts of orders are counts of lines."
    )
    return False
