"""What the cells mean: date order, decimal sign, unit or line prices, decided from the whole file.

One pass over all records gathers evidence; nothing is decided from a single cell. What the file
leaves open falls back on the restaurant's country, and says so; what contradicts itself is refused.
"""

from collections.abc import Iterable
from itertools import islice
from typing import BinaryIO

from flux.ingestion.blocks import Block
from flux.ingestion.body import read_body
from flux.ingestion.cells import (
    DateOrder,
    DecimalSign,
    Writing,
    fits_currency,
)
from flux.ingestion.evidence import Evidence, gather
from flux.ingestion.formats import Field
from flux.ingestion.phrases import PhraseCode, Said, say
from flux.ingestion.prices import decide_price
from flux.ingestion.reading import Conventions, FileReading, find_layout
from flux.ingestion.recognise import Layout, normalise, show
from flux.ingestion.report import Conclusion, FileRefusedError, refuse
from flux.ingestion.restaurant import Restaurant
from flux.ingestion.tax import decide_tax

# Countries that write the month before the day (Unicode CLDR, short date formats).
MONTH_FIRST_COUNTRIES = frozenset(
    {"US", "PH", "PR", "GU", "AS", "VI", "UM", "MP", "FM", "PW", "MH", "BZ"}
)
# One row in so many may be written otherwise: it is refused, and the rest still speaks for itself.
_ODD_ONE_IN = 20
_GUESS_BLOCKS = 1


def decide_reading(file: BinaryIO, restaurant: Restaurant) -> FileReading:
    """Every conclusion about the file, from all of it. Raises `FileRefusedError`."""
    decoding, layout = find_layout(file, restaurant)
    conventions = understand(read_body(file, decoding, layout), layout, restaurant)
    return FileReading(decoding, layout, conventions)


def guess_reading(file: BinaryIO, restaurant: Restaurant) -> FileReading:
    """How the file seems to be meant: from its beginning or, where that says too little, from all of it.

    Raises `FileRefusedError`.
    """
    decoding, layout = find_layout(file, restaurant)
    try:
        beginning = islice(read_body(file, decoding, layout), _GUESS_BLOCKS)
        conventions = understand(beginning, layout, restaurant)
    except FileRefusedError:
        conventions = understand(read_body(file, decoding, layout), layout, restaurant)
    return FileReading(decoding, layout, conventions)


def understand(body: Iterable[Block], layout: Layout, restaurant: Restaurant) -> Conventions:
    """Decide from every row of the body how the cells are to be read; raises as `conclude` does."""
    seen = Evidence()
    for block in body:
        gather(seen, block, layout, restaurant)
    return conclude(seen, layout, restaurant)


def conclude(seen: Evidence, layout: Layout, restaurant: Restaurant) -> Conventions:
    """Decide from what the rows show how the cells are to be read.

    Only rows that may become a sale are heard: those that fit the header and have a date. Raises
    `FileRefusedError` where the file contradicts itself or holds what Flux cannot yet read.
    """
    _check_rows(seen)
    _check_currency(seen, restaurant)
    conclusions: list[Conclusion] = []
    warnings = [layout.report.caution] if layout.report and layout.report.caution else []
    date_order = _decide_date_order(seen, restaurant, conclusions, warnings)
    decimal_sign = _decide_decimal_sign(seen, restaurant, conclusions)
    amount, meaning = decide_price(seen, layout, decimal_sign, conclusions)
    conclusions.append(decide_tax(layout, amount, meaning, decimal_sign, restaurant.minor_digits))
    order = _decide_orders(seen, layout, conclusions, warnings)
    conclusions.append(
        Conclusion(
            what="time zone",
            decided=say(PhraseCode.ZONE, str(restaurant.timezone)),
            because=say(PhraseCode.ZONE_OF_RESTAURANT),
        )
    )
    return Conventions(
        date_order,
        decimal_sign,
        amount,
        meaning,
        restaurant,
        order,
        _decide_location(seen, layout, conclusions),
        tuple(conclusions),
        tuple(warnings),
    )


def _check_rows(seen: Evidence) -> None:
    if not seen.rows:
        if seen.undated:
            raise refuse(
                "dates_unreadable",
                f"No date in this file is written in a way that Flux reads; one is “{show(seen.undated)}”. Flux reads"
                " dates such as 2026-05-31, 31/05/2026 and 5/31/2026.",
            )
        if seen.misfits:
            raise refuse(
                "cells_missing",
                "No row has as many cells as there are names of columns. Export the file from your till again.",
            )
        raise refuse(
            "no_rows",
            "The file has a header but no sales below it. Export it from your till again.",
        )
    if not seen.has_time and seen.unread_time:
        raise refuse(
            "times_unreadable",
            f"No time in this file is written in a way that Flux reads; one is “{show(seen.unread_time)}”. Flux reads"
            " times such as 18:30, 18:30:59 and 6:30 PM.",
        )
    # Midnight on every line is a date that was made a moment: whole days would move by the day's start.
    if not seen.has_time or (seen.rows > 1 and not seen.has_other_than_midnight):
        raise refuse(
            "time_missing",
            "The dates in this file have no time of day. Export the report that lists each sale with its time,"
            " not a daily summary.",
        )


def _check_currency(seen: Evidence, restaurant: Restaurant) -> None:
    for sign in sorted(seen.signs - {""}):
        if not fits_currency(sign, restaurant.currency):
            raise refuse(
                "other_currency",
                f"The amounts carry “{sign}”, but the restaurant's currency is {restaurant.currency}."
                " Flux never adds up two currencies.",
            )


def _decide_date_order(
    seen: Evidence,
    restaurant: Restaurant,
    conclusions: list[Conclusion],
    warnings: list[Said],
) -> DateOrder:
    _check_dates(seen)
    if seen.named_months > seen.year_first + seen.numeric_dates:
        order, because = DateOrder.DAY_FIRST, say(PhraseCode.MONTHS_AS_WORDS)
    elif seen.year_first > seen.numeric_dates:
        order, because = DateOrder.YEAR_FIRST, say(PhraseCode.YEAR_BEGINS)
    elif seen.over_12_first:
        order, because = (
            DateOrder.DAY_FIRST,
            say(PhraseCode.FIRST_ABOVE_12, str(seen.over_12_first)),
        )
    elif seen.over_12_second:
        order, because = (
            DateOrder.MONTH_FIRST,
            say(PhraseCode.SECOND_ABOVE_12, str(seen.over_12_second)),
        )
    else:
        is_month_first = restaurant.country in MONTH_FIRST_COUNTRIES
        order = DateOrder.MONTH_FIRST if is_month_first else DateOrder.DAY_FIRST
        because = say(PhraseCode.CUSTOM_OF_COUNTRY, restaurant.country)
        warnings.append(say(PhraseCode.DATES_GUESSED, say(PhraseCode[order.name]), because))
    decided = say(PhraseCode[order.name])
    conclusions.append(Conclusion(what="dates", decided=decided, because=because))
    return order


def _check_dates(seen: Evidence) -> None:
    if min(seen.year_first, seen.numeric_dates) * _ODD_ONE_IN > seen.rows:
        raise _mixed_dates("some dates begin with the year and others do not")
    numeric = seen.year_first + seen.numeric_dates
    if min(seen.named_months, numeric) * _ODD_ONE_IN > seen.rows:
        raise _mixed_dates("some months are written as words and others as numbers")
    if seen.year_first > seen.numeric_dates:
        if seen.day_in_the_middle * _ODD_ONE_IN > seen.rows:
            raise _mixed_dates("some have the month behind the year and others the day")
        return
    if seen.over_12_first and seen.over_12_second:
        raise _mixed_dates(
            f"row {seen.over_12_first} has the day first and row {seen.over_12_second} the month first"
        )
    # A spreadsheet that takes 5/1 for May writes it its own way, and leaves 13/1 as it stood.
    for kind in ("separator", "year", "padding", "time"):
        could_swap, could_not = seen.shapes.get((kind, True)), seen.shapes.get((kind, False))
        if could_swap and could_not and not could_swap & could_not:
            raise _mixed_dates("those with a day above 12 look different from the others")
    firsts, lasts = ({each[at] for each in seen.short_years} for at in (0, 1))
    # 26-05-01: the part that never changes is the year, and a year of two digits is never a month.
    if seen.short_years and all(int(first) > 12 for first in firsts):
        has_dashes = "-" in {each[2] for each in seen.short_years}
        if len(lasts) > len(firsts) or (len(lasts) == len(firsts) and has_dashes):
            raise refuse(
                "dates_unclear",
                "It is not clear which part of the dates is the year. Export the file with years of four digits.",
            )


def _mixed_dates(why: str) -> FileRefusedError:
    return refuse(
        "dates_mixed",
        f"The dates in this file are written in two ways: {why}. A spreadsheet program often does that when it saves"
        " a CSV. Export the file from your till again and upload it without opening it first.",
    )


def _decide_decimal_sign(
    seen: Evidence, restaurant: Restaurant, conclusions: list[Conclusion]
) -> DecimalSign:
    point, comma = seen.writings[Writing.POINT], seen.writings[Writing.COMMA]
    open_point, open_comma = seen.writings[Writing.OPEN_POINT], seen.writings[Writing.OPEN_COMMA]
    if min(point, comma) * _ODD_ONE_IN > seen.rows or (point and comma and open_point + open_comma):
        raise refuse(
            "decimals_mixed",
            "Some amounts in this file have a decimal comma and others a decimal point, so none can be trusted."
            " Export the file from your till again and upload it without opening it first.",
        )
    is_comma = comma > point
    because = say(PhraseCode.WHOLE_NUMBERS)
    if point or comma:
        because = say(PhraseCode.AMOUNTS_SHOW_IT, f"{max(point, comma):,}")
    elif open_point or open_comma:
        digits = restaurant.minor_digits
        # Every amount with three decimals, or none with any, is what such a currency is written like.
        has_three = digits == 3 and not seen.writings[Writing.EITHER]
        if (open_point and open_comma) or not (digits == 0 or has_three):
            raise refuse(
                "decimals_unclear",
                "The amounts could mean thousands or thousandths (such as 1,234). Export the file with decimals.",
            )
        is_comma = bool(open_comma) == has_three
        because = (
            say(PhraseCode.CURRENCY_DECIMALS, restaurant.currency, str(digits))
            if digits
            else say(PhraseCode.CURRENCY_WHOLE, restaurant.currency)
        )
    sign = DecimalSign.COMMA if is_comma else DecimalSign.POINT
    decided = say(PhraseCode[sign.name])
    conclusions.append(Conclusion(what="decimal sign", decided=decided, because=because))
    return sign


def _decide_orders(
    seen: Evidence, layout: Layout, conclusions: list[Conclusion], warnings: list[Said]
) -> Field | None:
    name = layout.name_of(Field.ORDER) if Field.ORDER in layout.columns else None
    if name is None:
        why = say(PhraseCode.NO_ORDER_NUMBER)
    elif seen.damaged_order and Field.ORDER_OF_DAY in layout.columns:
        daily = layout.name_of(Field.ORDER_OF_DAY)
        conclusions.append(
            Conclusion(
                what="orders",
                decided=say(PhraseCode.ORDERS_BY, daily),
                because=say(PhraseCode.ROUNDED, name, str(seen.damaged_order)),
            )
        )
        return Field.ORDER_OF_DAY
    elif seen.damaged_order:
        why = say(PhraseCode.ROUNDED_ALIKE, name, str(seen.damaged_order))
    elif normalise(name) == "id" and not seen.has_repeats and seen.rows > 1:
        why = say(PhraseCode.NUMBERS_LINES, name)
    else:
        because = (
            say(PhraseCode.SEVERAL_LINES, name) if seen.has_repeats else say(PhraseCode.OF_ITS_NAME)
        )
        conclusions.append(
            Conclusion(
                what="orders",
                decided=say(PhraseCode.ORDERS_BY, name),
                because=because,
            )
        )
        return Field.ORDER
    conclusions.append(
        Conclusion(what="orders", decided=say(PhraseCode.LINE_IS_ORDER), because=why)
    )
    warnings.append(say(PhraseCode.ORDERS_NOT_APART, why))
    return None


def _decide_location(seen: Evidence, layout: Layout, conclusions: list[Conclusion]) -> str:
    for at in layout.places:
        if names := seen.places.get(at):
            location = show(min(names))
            conclusions.append(
                Conclusion(
                    what="location",
                    decided=say(PhraseCode.VALUE, location),
                    because=say(PhraseCode.NO_OTHER_PLACE, layout.names[at]),
                )
            )
            return location
    return ""
