"""What a file means is decided from all of its rows, whatever their order, or not at all."""

import io
import random
from datetime import time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flux.ingestion.cells import DateOrder, DecimalSign
from flux.ingestion.meaning import PriceMeaning
from flux.ingestion.reading import Conventions
from flux.ingestion.report import FileRefusedError
from flux.ingestion.restaurant import Restaurant
from flux.ingestion.understand import decide_reading

HEADER = "Order ID,Date,Time,Item,Quantity,Net sales"


def restaurant(currency: str = "USD", country: str = "US") -> Restaurant:
    return Restaurant(ZoneInfo("America/New_York"), country, currency, time(4))


def understand(
    rows: list[str], header: str = HEADER, currency: str = "USD", country: str = "US"
) -> Conventions:
    content = "\n".join([header, *rows]).encode()
    return decide_reading(io.BytesIO(content), restaurant(currency, country)).conventions


def refusal(
    rows: list[str], header: str = HEADER, currency: str = "USD", country: str = "US"
) -> str:
    with pytest.raises(FileRefusedError) as caught:
        understand(rows, header, currency, country)
    return caught.value.problem.code


def sale(date: str = "2026-05-01", amount: str = "4.50", clock: str = "12:00") -> str:
    return f'1,{date},{clock},Soup,1,"{amount}"'


@pytest.mark.parametrize(
    ("dates", "country", "order"),
    [
        (["2026-05-01", "2026-12-31"], "US", DateOrder.YEAR_FIRST),
        (["13/05/2026", "05/06/2026"], "US", DateOrder.DAY_FIRST),
        (["5/13/2026", "5/6/2026"], "GB", DateOrder.MONTH_FIRST),
        (["5/6/2026"], "GB", DateOrder.DAY_FIRST),
        (["5/6/2026"], "US", DateOrder.MONTH_FIRST),
        (["20/05/26", "21/05/26"], "GB", DateOrder.DAY_FIRST),
        (["2026-05-01"] * 30 + ["5/1/2026"], "US", DateOrder.YEAR_FIRST),
        (["13/05/2026"] * 30 + ["2026-05-01"], "US", DateOrder.DAY_FIRST),
    ],
)
def test_the_order_of_dates_is_that_of_the_file(
    dates: list[str], country: str, order: DateOrder
) -> None:
    conventions = understand([sale(date) for date in dates], country=country)
    assert conventions.date_order is order
    is_custom = len(dates) == 1
    assert bool(conventions.warnings and "custom" in conventions.warnings[0]) is is_custom


@pytest.mark.parametrize(
    ("dates", "code"),
    [
        (["13/05/2026", "05/13/2026"], "dates_mixed"),
        (["2026-05-01", "13/05/2026"], "dates_mixed"),
        (["13/01/2026", "14/01/2026", "5/1/2026"], "dates_mixed"),
        (["13-01-2026", "05/01/2026"], "dates_mixed"),
        (["13/01/26", "05/01/2026"], "dates_mixed"),
        (["2026-13-05", "2026-14-05", "2026-01-05"], "dates_mixed"),
        (["26-05-01", "26-05-02", "26-05-13"], "dates_unclear"),
        (["23-Agosto-2026"], "dates_unreadable"),
        (["23-Aug-2026", "2026-08-24"], "dates_mixed"),
    ],
)
def test_dates_that_a_spreadsheet_half_converted_are_refused(dates: list[str], code: str) -> None:
    assert refusal([sale(date) for date in dates]) == code


@pytest.mark.parametrize(
    ("clocks", "code"),
    [
        (["", ""], "time_missing"),
        (["00:00", "00:00:00"], "time_missing"),
        (["12:00 AM", "0:00"], "time_missing"),
        (["18h30", "19h30"], "times_unreadable"),
    ],
)
def test_sales_without_a_time_of_day_are_refused(clocks: list[str], code: str) -> None:
    assert refusal([sale(clock=clock) for clock in clocks]) == code


@pytest.mark.parametrize(
    ("amounts", "currency", "sign"),
    [
        (["4.50", "1,234"], "USD", DecimalSign.POINT),
        (["4,50", "1.234"], "EUR", DecimalSign.COMMA),
        (["1.234,50"], "EUR", DecimalSign.COMMA),
        (["5", "7"], "EUR", DecimalSign.POINT),
        (["1,200", "800"], "JPY", DecimalSign.POINT),
        (["1.200", "800"], "JPY", DecimalSign.COMMA),
        (["1.250", "2.000"], "KWD", DecimalSign.POINT),
        (["1,250", "2,000"], "KWD", DecimalSign.COMMA),
        (["4.50"] * 30 + ["4,50"], "USD", DecimalSign.POINT),
    ],
)
def test_the_decimal_sign_is_that_of_the_file(
    amounts: list[str], currency: str, sign: DecimalSign
) -> None:
    conventions = understand([sale(amount=each) for each in amounts], currency=currency)
    assert conventions.decimal_sign is sign


@pytest.mark.parametrize(
    ("amounts", "currency", "code"),
    [
        (["4.50", "4,50"], "USD", "decimals_mixed"),
        (["4.50"] * 30 + ["4,50", "1,234"], "USD", "decimals_mixed"),
        (["1,234", "5"], "USD", "decimals_unclear"),
        (["1.250", "2"], "KWD", "decimals_unclear"),
        (["1.250", "2,000"], "KWD", "decimals_unclear"),
        (["$4.50"], "EUR", "other_currency"),
        (["A$4.50"], "USD", "other_currency"),
        (["€4.50"], "USD", "other_currency"),
        (["4.50 CAD"], "USD", "other_currency"),
    ],
)
def test_amounts_that_may_mean_two_things_are_refused(
    amounts: list[str], currency: str, code: str
) -> None:
    assert refusal([sale(amount=each) for each in amounts], currency=currency) == code


PRICED = "Order ID,Date,Time,Item,Qty,Price"


@pytest.mark.parametrize(
    ("pairs", "meaning"),
    [
        ([("1", "4.50"), ("1", "9.00")], PriceMeaning.LINE),
        ([("1", "4.50"), ("2", "4.50")], PriceMeaning.UNIT),
        ([("1.000", "4.50"), ("2.000", "4.50")], PriceMeaning.UNIT),
        ([("1", "4.50"), ("2", "9.00")], PriceMeaning.LINE),
        ([("1", "4.50"), ("-2", "-9.00")], PriceMeaning.LINE),
    ],
)
def test_a_price_is_of_a_unit_or_of_a_line_by_comparison(
    pairs: list[tuple[str, str]], meaning: PriceMeaning
) -> None:
    rows = [f"{n},2026-05-01,12:00,Soup,{q},{p}" for n, (q, p) in enumerate(pairs)]
    assert understand(rows, PRICED).price_meaning is meaning


def test_a_price_that_cannot_be_compared_is_refused() -> None:
    assert refusal(["1,2026-05-01,12:00,Soup,2,4.50"], PRICED) == "price_unclear"


@pytest.mark.parametrize(
    ("header", "line", "code"),
    [
        ("Date,Time,Item,Price,isVoided", "2026-05-01,12:00,Soup,5.00,2.00", "meaning_not_read_yet"),
        ("Date,Time,Item,Price,Refunded", "2026-05-01,12:00,Soup,5.00,true", "meaning_not_read_yet"),
        ("Datum,Zeit,Artikel,Preis,Typ", "2026-05-01,12:00,Suppe,5.00,Storniert", "meaning_not_read_yet"),
        ("Fecha,Hora,Producto,Precio,Estado", "2026-05-01,12:00,Sopa,5.00,Anulado", "meaning_not_read_yet"),
        ("Date,Heure,Produit,Prix,Remarque", "2026-05-01,12:00,Soupe,5.00,Remboursé", "meaning_not_read_yet"),
        ("Data,Ora,Prodotto,Prezzo,Note", "2026-05-01,12:00,Zuppa,5.00,Reso", "meaning_not_read_yet"),
        ("Data,Hora,Produto,Preço,Estorno", "2026-05-01,12:00,Sopa,5.00,1.00", "meaning_not_read_yet"),
        ("Datum,Tijd,Gerecht,Prijs,Status", "2026-05-01,12:00,Soep,5.00,Geannuleerd", "meaning_not_read_yet"),
        ("Datum,Zeit,Artikel,Betrag,Rabatt", "2026-05-01,12:00,Suppe,5.00,1.00", "discounts_not_read_yet"),
        ("Date,Time,Item,Price,Refund amount", "2026-05-01,12:00,Soup,5.00,2.00", "meaning_not_read_yet"),
        ("Date,Time,Item,Price,Status", "2026-05-01,12:00,Soup,5.00,Refunded", "meaning_not_read_yet"),
        ("Date,Time,Item,Price,Type", "2026-05-01,12:00,Soup,5.00,Refund", "meaning_not_read_yet"),
        ("Date,Time,Item,Price,Currency", "2026-05-01,12:00,Soup,5.00,EUR", "other_currency"),
        ("Date,Time,Item,Price,Discount code,Discounts", "2026-05-01,12:00,Soup,5.00,,-1.00", "discounts_not_read_yet"),
        ("Date,Time,Item,Total,Discount", "2026-05-01,12:00,Soup,5.00,1.00", "discounts_not_read_yet"),
        ("Date,Time,Item,Qty,Price,Total", "2026-05-01,12:00,Soup,2,5.00,11.90", "amount_unclear"),
    ],
)  # fmt: skip
def test_a_file_with_more_than_plain_sales_is_refused(header: str, line: str, code: str) -> None:
    assert refusal([line], header) == code


@pytest.mark.parametrize(
    ("header", "line"),
    [
        ("Date,Time,Item,Price,Void?,Refund amount", "2026-05-01,12:00,Soup,5.00,FALSE,$0.00"),
        ("Date,Time,Item,Price,Status,Cancelled at", "2026-05-01,12:00,Soup,5.00,Paid,"),
        ("Date,Time,Item,Price,Currency", "2026-05-01,12:00,Soup,5.00,usd"),
        ("Date,Time,Item,Net sales,Discount", "2026-05-01,12:00,Soup,5.00,1.00"),
        ("Date,Time,Item,Qty,Price,Total", "2026-05-01,12:00,Soup,2,5.00,10.00"),
        ("Date,Time,Item,Price,Type", "2026-05-01,12:00,Soup,5.00,veggie"),
    ],
)
def test_a_file_of_plain_sales_is_taken(header: str, line: str) -> None:
    assert understand([line], header)


def test_an_orders_total_on_each_of_its_lines_is_refused() -> None:
    header = "Order ID,Date,Time,Item,Total"
    rows = [f"{n},2026-05-01,12:00,{item},{10 + n}.00" for n in range(3) for item in ("Tea", "Pie")]
    assert refusal(rows, header) == "amount_unclear"


def test_several_locations_are_refused_but_a_total_has_none() -> None:
    header = "Date,Time,Item,Price,Location"
    row = "2026-05-01,12:00,Soup,5.00,"
    assert understand([row + "Main", "Total,,,5.00,"], header).location == "Main"
    assert refusal([row + "Main", row + "Harbour"], header) == "several_locations"


def test_a_totals_row_says_nothing_about_the_others() -> None:
    conventions = understand([sale(amount="4,50"), ',,,Total,1,"5,000.00"'], currency="EUR")
    assert conventions.decimal_sign is DecimalSign.COMMA


def test_sales_above_the_header_are_never_lost() -> None:
    content = "\n".join([sale(), HEADER, sale()]).encode()
    with pytest.raises(FileRefusedError) as caught:
        decide_reading(io.BytesIO(content), restaurant())
    assert caught.value.problem.code == "rows_above_header"


@pytest.mark.parametrize(
    ("rows", "code"), [([], "no_rows"), (["", ",,,"], "no_rows"), (["1,2"], "cells_missing")]
)
def test_a_header_alone_is_no_file(rows: list[str], code: str) -> None:
    assert refusal(rows) == code


@pytest.mark.parametrize(
    ("header", "ids", "has_orders"),
    [
        ("id", ["1", "2", "1"], True),
        ("ID", ["1", "2", "3"], False),
        ("Order ID", ["1", "2", "3"], True),
        ("Order ID", ["1.3E+18", "1.3E+18", "7"], False),
        ("Table", ["1", "1", "1"], False),
    ],
)
def test_an_order_number_is_believed_only_if_it_can_be_one(
    header: str, ids: list[str], has_orders: bool
) -> None:
    rows = [f"{each},2026-05-01,12:00,Soup,5.00" for each in ids]
    conventions = understand(rows, f"{header},Date,Time,Item,Price")
    assert (conventions.order is not None) is has_orders
    assert bool(conventions.warnings) is not has_orders


VALUES = {
    "date": ["2026-05-01", "5/1/2026", "13/05/2026", "05/13/2026", "1/5/26", "", "Total", "26-05-13"],
    "amount": ["4.50", "4,50", "1,234", "1.234", "5", "$3.00", "", "ERROR", "9.00"],
    "quantity": ["1", "2", "1.000", "-1", ""],
}  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.integers(1, 6),
            st.sampled_from(VALUES["date"]),
            st.sampled_from(["12:00", "00:00", ""]),
            st.sampled_from(["Soup", "Tea"]),
            st.sampled_from(VALUES["quantity"]),
            st.sampled_from(VALUES["amount"]),
        ),
        min_size=1,
        max_size=12,
    ),
    st.sampled_from(["id", "Order ID"]),
    st.sampled_from(["Price", "Unit price", "Total", "Net sales"]),
    st.randoms(use_true_random=False),
)
def test_the_order_of_the_rows_decides_nothing(
    lines: list[tuple[object, ...]], order: str, amount: str, chance: random.Random
) -> None:
    header = f"{order},Date,Time,Item,Qty,{amount}"
    rows = [",".join(f'"{cell}"' for cell in line) for line in lines]
    shuffled = chance.sample(rows, len(rows))
    assert summarise(rows, header) == summarise(shuffled, header)


def summarise(rows: list[str], header: str) -> tuple[object, ...]:
    try:
        found = understand(rows, header)
    except FileRefusedError as refused:
        return (refused.problem.code,)
    return (
        found.date_order,
        found.decimal_sign,
        found.amount,
        found.price_meaning,
        found.order,
        found.location,
    )
