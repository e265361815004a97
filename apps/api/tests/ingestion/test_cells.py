"""A cell is read as what it says, or not at all."""

from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flux.ingestion.cells import (
    DateOrder,
    DecimalSign,
    Writing,
    fits_currency,
    read_date,
    read_decimal,
    read_moment,
    read_quantity,
    read_time,
    see_writing,
    split_moment,
)

POINT, COMMA = DecimalSign.POINT, DecimalSign.COMMA
NEW_YORK = ZoneInfo("America/New_York")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("4.50", "4.50"),
        (" 1,149.00 ", "1149.00"),
        ("$8.00", "8"),
        ("-$9.00", "-9"),
        ("$-9.00", "-9"),
        ("($33.62)", "-33.62"),
        ("£ 14.24", "14.24"),
        ("4.50\u00a0€", "4.50"),
        ("\u22124.50", "-4.50"),
        ("CHF 1'234.50", "1234.50"),
        ("1\u202f234.50", "1234.50"),
        ("1,234,567", "1234567"),
        ("-0.00", "0"),
        ("4,50", None),
        ("1,23,4", None),
        ("0,500", None),
        ("1234,567", None),
        ("1.2.3", None),
        ("1,2.5", None),
        ("4.", None),
        (".5", None),
        ("(4.50", None),
        ("(-4.50)", None),
        ("--4", None),
        ("-$-4", None),
        ("$4$", None),
        ("1e3", None),
        ("77.72%", None),
        ("\u0664.\u0665", None),
        ("½", None),
        ("1 2", None),
        ("ERROR", None),
        ("", None),
        ("9" * 61, None),
        ("(" + " " * 100_000 + "4", None),
    ],
)
def test_an_amount_is_read_only_where_it_leaves_no_doubt(text: str, expected: str | None) -> None:
    assert read_decimal(text, POINT) == (None if expected is None else Decimal(expected))


@given(
    st.decimals(min_value=-(10**15), max_value=10**15, places=2),
    st.sampled_from([POINT, COMMA]),
    st.sampled_from(["", "$", "€ "]),
    st.sampled_from(["", ",", " ", "'"]),
)
def test_a_formatted_number_comes_back(
    value: Decimal, sign: DecimalSign, currency: str, group: str
) -> None:
    text = f"{abs(value):,.2f}".replace(",", "g").replace(".", "p")
    if sign is COMMA and group == ",":
        group = "."
    text = text.replace("g", group).replace("p", "." if sign is POINT else ",")
    text = ("-" if value < 0 else "") + currency + text
    assert read_decimal(text, sign) == value
    other = COMMA if sign is POINT else POINT
    assert read_decimal(text, other) is None


@given(st.text(alphabet="0123456789.,-$€() '", max_size=12))
def test_two_readings_of_one_amount_differ_only_where_it_is_called_open(text: str) -> None:
    point, comma = read_decimal(text, POINT), read_decimal(text, COMMA)
    writing = see_writing(text)[0]
    is_open = writing in {Writing.OPEN_POINT, Writing.OPEN_COMMA}
    assert is_open == (point is not None and comma is not None and point != comma)


@pytest.mark.parametrize(
    ("text", "sign", "expected"),
    [
        ("2", POINT, "2"),
        ("1.000", POINT, "1"),
        ("-1.5", POINT, "-1.5"),
        ("1,5", COMMA, "1.5"),
        ("1,000", POINT, None),
        ("1.000", COMMA, None),
        ("$2", POINT, None),
        ("(2)", POINT, None),
        ("2 x", POINT, None),
    ],
)
def test_a_quantity_has_no_thousands_and_no_currency(
    text: str, sign: DecimalSign, expected: str | None
) -> None:
    assert read_quantity(text, sign) == (None if expected is None else Decimal(expected))


@given(st.dates(min_value=date(1000, 1, 1)), st.sampled_from("-/."), st.booleans())
def test_every_calendar_date_is_read_in_its_order_and_in_no_other_form(
    day: date, separator: str, padded: bool
) -> None:
    width = "02" if padded else ""
    d, m = format(day.day, width), format(day.month, width)
    texts = {
        DateOrder.YEAR_FIRST: f"{day.year}{separator}{m}{separator}{d}",
        DateOrder.DAY_FIRST: f"{d}{separator}{m}{separator}{day.year}",
        DateOrder.MONTH_FIRST: f"{m}{separator}{d}{separator}{day.year}",
    }
    for order, text in texts.items():
        assert read_date(text, order) == day
    assert read_date(texts[DateOrder.YEAR_FIRST], DateOrder.DAY_FIRST) is None
    assert read_date(texts[DateOrder.DAY_FIRST], DateOrder.YEAR_FIRST) is None


@given(st.integers(0, 99), st.integers(0, 99), st.integers(0, 9999))
def test_only_days_of_the_calendar_are_dates(day: int, month: int, year: int) -> None:
    try:
        expected = date(year, month, day)
    except ValueError:
        expected = None
    assert read_date(f"{day}/{month}/{year:04}", DateOrder.DAY_FIRST) == expected
    assert read_date(f"{month}/{day}/{year:04}", DateOrder.MONTH_FIRST) == expected
    assert read_date(f"{year:04}-{month}-{day}", DateOrder.YEAR_FIRST) == expected


@pytest.mark.parametrize(
    "text",
    [
        "1/2-2026",
        "1 Mai 2026",
        "1/May/2026",
        "45123",
        "1/2/026",
        "\u0661/\u0662/\u0662\u0660\u0662\u0666",
        "",
    ],
)
def test_other_writings_are_no_dates(text: str) -> None:
    assert all(read_date(text, order) is None for order in DateOrder)


def test_a_year_of_two_digits_is_of_this_century() -> None:
    assert read_date("31/12/99", DateOrder.DAY_FIRST) == date(2099, 12, 31)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("18:30", time(18, 30)),
        ("7:05:09", time(7, 5, 9)),
        ("12:00:01.123", time(12, 0, 1)),
        ("12:00 AM", time(0)),
        ("12:30 p.m.", time(12, 30)),
        ("1:17PM", time(13, 17)),
        ("24:00", None),
        ("13:00 PM", None),
        ("0:30 AM", None),
        ("12:60", None),
        ("18.30", time(18, 30)),
        ("noon", None),
        ("12:00 +99:00", None),
        ("12:00" + " " * 100_000 + "x", None),
    ],
)
def test_a_time_of_day_is_read_on_both_kinds_of_clock(text: str, expected: time | None) -> None:
    found = read_time(text)
    assert (found and found[0]) == expected


@pytest.mark.parametrize(
    ("clock", "expected"),
    [
        ("12:00", datetime(2026, 5, 1, 16, tzinfo=UTC)),
        ("12:00Z", datetime(2026, 5, 1, 12, tzinfo=UTC)),
        ("12:00:00 +0200", datetime(2026, 5, 1, 10, tzinfo=UTC)),
        ("12:00-05:30", datetime(2026, 5, 1, 17, 30, tzinfo=UTC)),
    ],
)
def test_an_offset_beside_the_time_counts_before_the_restaurants_zone(
    clock: str, expected: datetime
) -> None:
    assert read_moment("2026-05-01", clock, DateOrder.YEAR_FIRST, NEW_YORK) == expected


def test_an_hour_that_is_repeated_or_skipped_has_a_stated_instant() -> None:
    repeated = read_moment("2026-11-01", "01:30", DateOrder.YEAR_FIRST, NEW_YORK)
    skipped = read_moment("2026-03-08", "02:30", DateOrder.YEAR_FIRST, NEW_YORK)
    assert repeated is not None
    assert skipped is not None
    assert repeated.astimezone(UTC) == datetime(2026, 11, 1, 5, 30, tzinfo=UTC)
    assert skipped.astimezone(UTC) == datetime(2026, 3, 8, 7, 30, tzinfo=UTC)
    assert skipped.astimezone(timezone(timedelta(hours=-4))).hour == 3


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("2026-05-01T12:00Z", ("2026-05-01", "12:00Z")),
        ("24.03.2026, 12:32", ("24.03.2026", "12:32")),
        ("1/21/23 1:17 PM", ("1/21/23", "1:17 PM")),
        (" 2026-05-01 ", ("2026-05-01", "")),
        ("soon", ("soon", "")),
    ],
)
def test_a_moment_is_split_into_date_and_time(text: str, parts: tuple[str, str]) -> None:
    assert split_moment(text) == parts


@pytest.mark.parametrize(
    ("sign", "currency", "fits"),
    [
        ("$", "USD", True),
        ("$", "MXN", True),
        ("$", "EUR", False),
        ("$", "GBP", False),
        ("A$", "AUD", True),
        ("A$", "USD", False),
        ("R$", "BRL", True),
        ("€", "EUR", True),
        ("€", "USD", False),
        ("¥", "CNY", True),
        ("usd", "USD", True),
        ("CAD", "USD", False),
    ],
)
def test_a_currency_sign_fits_only_its_currencies(sign: str, currency: str, fits: bool) -> None:
    assert fits_currency(sign, currency) is fits
