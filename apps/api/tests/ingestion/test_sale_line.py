"""A line is valid or it is not, and what is refused says why."""

from datetime import UTC, date, datetime, time
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from pydantic import ValidationError

from flux.ingestion.cells import DateOrder, DecimalSign
from flux.ingestion.formats import Field
from flux.ingestion.meaning import PriceMeaning
from flux.ingestion.reading import Conventions
from flux.ingestion.restaurant import Restaurant
from flux.ingestion.sale_line import LineContext, SaleLine, is_totals_label, validate_line

NOW = datetime(2026, 6, 1, tzinfo=UTC)


def validate(
    cells: dict[str, object],
    meaning: PriceMeaning = PriceMeaning.LINE,
    currency: str = "USD",
    sign: DecimalSign = DecimalSign.POINT,
) -> SaleLine:
    restaurant = Restaurant(ZoneInfo("America/New_York"), "US", currency, time(4))
    conventions = Conventions(
        date_order=DateOrder.YEAR_FIRST,
        decimal_sign=sign,
        amount=Field.PRICE,
        price_meaning=meaning,
        restaurant=restaurant,
        order=Field.ORDER,
        location="",
        conclusions=(),
        warnings=(),
    )
    plain: dict[str, object] = {
        "occurred_at": ("2026-05-01", "", "12:00", ""),
        "order_id": "7",
        "item_name": "Soup",
        "category": None,
        "variant": None,
        "quantity": "1",
        "net_minor": "4.50",
    }
    return validate_line(plain | cells, LineContext(conventions, NOW))


def codes(cells: dict[str, object], **how: object) -> list[str]:
    with pytest.raises(ValidationError) as caught:
        validate(cells, **how)  # type: ignore[arg-type]
    return [each["type"] for each in caught.value.errors()]


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("occurred_at", ("", "", "12:00", ""), "date_missing"),
        ("occurred_at", ("2026-05-01", "", "", ""), "time_missing"),
        ("occurred_at", ("2026-02-30", "", "12:00", ""), "date_unreadable"),
        ("occurred_at", ("2026-05-01", "", "24:00", ""), "date_unreadable"),
        ("occurred_at", ("2026-05-01", "13:00", "12:00", ""), "times_differ"),
        ("occurred_at", ("1999-05-01", "", "12:00", ""), "date_too_old"),
        ("occurred_at", ("0001-01-01", "", "00:00", ""), "date_too_old"),
        ("occurred_at", ("2026-07-01", "", "12:00", ""), "date_in_future"),
        ("occurred_at", ("9999-12-31", "", "23:59", ""), "date_in_future"),
        ("item_name", " ", "item_missing"),
        ("item_name", "a\0b", "text_unreadable"),
        ("item_name", "a\x1fb", "text_unreadable"),
        ("item_name", "x" * 301, "text_too_long"),
        ("item_name", "Grand Total:", "totals_row"),
        ("order_id", "x" * 201, "text_too_long"),
        ("quantity", "", "quantity_missing"),
        ("quantity", "UNKNOWN", "quantity_unreadable"),
        ("quantity", "1,000", "quantity_unreadable"),
        ("quantity", "0", "quantity_out_of_range"),
        ("quantity", "9" * 50, "quantity_out_of_range"),
        ("quantity", "0.0001", "quantity_too_precise"),
        ("net_minor", "", "amount_missing"),
        ("net_minor", "ERROR", "amount_unreadable"),
        ("net_minor", "(-5.00)", "amount_unreadable"),
        ("net_minor", "4.505", "amount_too_precise"),
        ("net_minor", "4.500", "amount_unclear"),
        ("net_minor", "4.5050", "amount_too_precise"),
        ("net_minor", "4.50000000000000000000000000000000001", "amount_too_precise"),
        ("net_minor", "9" * 50, "amount_too_large"),
    ],
)
def test_a_refused_cell_says_why(field: str, value: object, code: str) -> None:
    assert codes({field: value}) == [code]


def test_every_reason_is_given_at_once() -> None:
    spoiled: dict[str, object] = {
        "occurred_at": ("", "", "", ""),
        "item_name": "",
        "quantity": "x",
        "net_minor": "x",
    }
    assert len(codes(spoiled)) == 4


@pytest.mark.parametrize(
    ("meaning", "quantity", "amount", "net_minor"),
    [
        (PriceMeaning.LINE, "2", "9.00", 900),
        (PriceMeaning.LINE, "-1", "-9.00", -900),
        (PriceMeaning.LINE, "1", "-2.00", -200),
        (PriceMeaning.LINE, "1", "0.00", 0),
        (PriceMeaning.LINE, "-1", "5.00", None),
        (PriceMeaning.UNIT, "2", "4.50", 900),
        (PriceMeaning.UNIT, "0.5", "4.50", 225),
        (PriceMeaning.UNIT, "-1", "4.50", -450),
        (PriceMeaning.UNIT, "-1", "-4.50", None),
    ],
)
def test_a_refund_is_never_counted_as_a_sale(
    meaning: PriceMeaning, quantity: str, amount: str, net_minor: int | None
) -> None:
    cells: dict[str, object] = {"quantity": quantity, "net_minor": amount}
    if net_minor is None:
        assert codes(cells, meaning=meaning) == ["sign_unclear"]
    else:
        line = validate(cells, meaning)
        assert (line.quantity, line.net_minor) == (Decimal(quantity), net_minor)


@pytest.mark.parametrize(
    ("amount", "currency", "net_minor"),
    [("1,200", "JPY", 1200), ("1.250", "KWD", 1250), ("11.90000", "EUR", 1190), ("5", "USD", 500)],
)
def test_minor_units_are_those_of_the_currency(amount: str, currency: str, net_minor: int) -> None:
    assert validate({"net_minor": amount}, currency=currency).net_minor == net_minor


def test_what_could_be_a_thousand_is_not_read_as_one() -> None:
    assert codes({"net_minor": "1,000"}, sign=DecimalSign.COMMA) == ["amount_unclear"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (" Café\u00a0au  lait ", "Café au lait"),
        ("Soup\r\nof the day", "Soup of the day"),
        ("👨\u200d🍳 Special", "👨\u200d🍳 Special"),
        ("Total Eclipse", "Total Eclipse"),
    ],
)
def test_ordinary_names_are_taken(text: str, expected: str) -> None:
    assert validate({"item_name": text}).item_name == expected


@pytest.mark.parametrize("text", ["Total", "TOTALS", "Sub-total", "Grand Total:", "Total Sales"])
def test_labels_of_sums_are_known(text: str) -> None:
    assert is_totals_label(text)


@pytest.mark.parametrize(
    ("day", "clock", "business_day"),
    [("2026-05-01", "03:59", 30), ("2026-05-01", "04:00", 1), ("2026-05-01", "12:00 AM", 30)],
)
def test_the_night_belongs_to_the_day_before(day: str, clock: str, business_day: int) -> None:
    line = validate({"occurred_at": (day, "", clock, "")})
    assert line.business_date.day == business_day
    assert line.occurred_at.utcoffset() == UTC.utcoffset(None)


def test_midnight_beside_a_date_gives_way_to_the_time_column() -> None:
    line = validate({"occurred_at": ("2026-05-01", "0:00", "18:30", "")})
    assert line.occurred_at == datetime(2026, 5, 1, 22, 30, tzinfo=UTC)
    assert line.business_date == date(2026, 5, 1)
