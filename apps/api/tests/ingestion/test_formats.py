"""Every report of a till that Flux knows is read as that till means it: the golden corpus.

The files in `corpus/` are made up, in the shape of real exports; what is expected of each was worked
out by hand from what is known of its till.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from flux.ingestion.formats import OrderReport, known_reports, wrong_reports
from flux.ingestion.meaning import Treatment
from flux.ingestion.parse import Rejection, read_lines
from flux.ingestion.reading import FileReading
from flux.ingestion.recognise import normalise
from flux.ingestion.report import FileRefusedError
from flux.ingestion.restaurant import Restaurant
from flux.ingestion.sale_line import SaleLine
from flux.ingestion.understand import decide_reading
from flux.ingestion.unpack import unpack

CORPUS = Path(__file__).parent / "corpus"
NOW = datetime(2026, 11, 1, tzinfo=UTC)
US = Restaurant(ZoneInfo("America/New_York"), "US", "USD", time(4))
CHICAGO = Restaurant(ZoneInfo("America/Chicago"), "US", "USD", time(4))
UK = Restaurant(ZoneInfo("Europe/London"), "GB", "GBP", time(4))
SPAIN = Restaurant(ZoneInfo("Europe/Madrid"), "ES", "EUR", time(4))
INDONESIA = Restaurant(ZoneInfo("Asia/Jakarta"), "ID", "IDR", time(4))
GERMANY = Restaurant(ZoneInfo("Europe/Berlin"), "DE", "EUR", time(4))
AUSTRALIA = Restaurant(ZoneInfo("Australia/Sydney"), "AU", "AUD", time(4))
SWITZERLAND = Restaurant(ZoneInfo("Europe/Zurich"), "CH", "CHF", time(4))
Line = tuple[str, str | None, str, str, str, int]


@dataclass(frozen=True)
class Expected:
    """`lines` are kind, order, instant (UTC), item, quantity, net amount in minor units, by row."""

    restaurant: Restaurant
    report: str
    location: str
    lines: dict[int, Line]
    left_out: dict[int, str] = field(default_factory=dict)
    refused: dict[int, str] = field(default_factory=dict)


TOAST = "1300000015734303122"
HEADING = "the sum of a sale, whose lines have the items"
EXPECTED = {
    "toast_items_32.csv": Expected(
        US, "Toast, Item Selection Details", "Corner Bistro",
        {
            2: ("sale", TOAST, "2026-10-08T21:18", "House Burger", "1", 1600),
            3: ("sale", TOAST, "2026-10-08T21:18", "Fries, large", "2", 800),
            5: ("deferred", "1300000015734303124", "2026-10-14T04:40", "Gift Card", "1", 5000),
            6: ("sale", "1300000015734303124", "2026-10-14T04:40", "Fries, large", "1", 500),
        },
        left_out={4: "voided"},
    ),
    "toast_items_20.csv": Expected(
        US, "Toast, Item Selection Details", "Corner Bistro",
        {
            2: ("sale", "901", "2026-08-03T21:17", "Negroni", "1", 1200),
            3: ("sale", "901", "2026-08-03T21:17", "Negroni", "2", 2000),
        },
        refused={4: "date_missing"},
    ),
    "toast_items_15.csv": Expected(
        US, "Toast, Item Selection Details", "",
        {
            2: ("sale", "5740022836216005", "2023-01-21T18:17", "Wings", "1", 1475),
            3: ("sale", "5740022836216005", "2023-01-21T18:17", "Soda", "1", 200),
        },
    ),
    "toast_items_resaved.csv": Expected(
        US, "Toast, Item Selection Details", "",
        {
            2: ("sale", "1", "2023-01-21T18:17", "Wings", "1", 1475),
            3: ("sale", "1", "2023-01-21T18:17", "Soda", "1", 200),
            4: ("sale", "2", "2023-01-21T18:40", "Wings", "1", 1475),
            5: ("sale", "1", "2023-01-22T17:05", "Soda", "1", 250),
        },
    ),
    "square_items_35.csv": Expected(
        CHICAGO, "Square, Items Detail", "Corner Cafe",
        {
            2: ("refund", "TX2", "2026-07-18T17:40:44", "Matcha Latte", "-1", -800),
            3: ("sale", "TX1", "2026-07-18T16:59:30", "Matcha Latte", "1", 700),
            4: ("sale", "TX1", "2026-07-18T16:59:30", "Lemon Dream", "2", 900),
            5: ("sale", "TX1", "2026-07-18T16:59:30", "Lemon Dream", "2", 900),
            6: ("deferred", "TX0", "2026-07-17T13:05", "Gift Card", "1", 2500),
        },
    ),
    "square_items_14.csv": Expected(
        US, "Square, Items Detail", "",
        {
            2: ("sale", "TX9", "2018-12-27T23:05", "Speckled Mug", "1", 114900),
            3: ("refund", "TX10", "2018-12-27T23:15", "Speckled Mug", "-1", -3362),
        },
    ),
    "clover_line_items.csv": Expected(
        US, "Clover, Line Items", "",
        {
            2: ("sale", "ORD1", "2026-08-24T01:34", "Carbonara", "1", 1200),
            3: ("sale", "ORD1", "2026-08-24T01:34", "Carbonara", "1", 1200),
            4: ("charge", "ORD1", "2026-08-24T01:34", "Gratuity", "1", 440),
            5: ("sale", "ORD2", "2023-12-16T07:44", "Tiramisu", "1", 800),
        },
        left_out={6: "refunded", 7: "not paid yet"},
    ),
    "loyverse_items_uk.csv": Expected(
        UK, "Loyverse, Receipts by item", "Corner Cafe",
        {
            2: ("refund", "3-1773", "2026-05-20T15:50", "Flat White", "-1", -350),
            3: ("sale", "3-1772", "2026-05-20T15:48", "Flat White", "2", 600),
            4: ("sale", "3-1772", "2026-05-20T15:48", "Scone", "1", 300),
            5: ("sale", "3-1772", "2026-05-20T15:48", "Scone", "1", 300),
        },
        left_out={6: "cancelled"},
    ),
    "loyverse_items_us.csv": Expected(
        US, "Loyverse, Receipts by item", "Corner Cafe",
        {
            2: ("sale", "1-1001", "2025-09-26T02:07", "Soup", "1", 800),
            3: ("sale", "1-1000", "2025-09-05T14:07", "Soup", "1", 800),
        },
    ),
    "loyverse_items_indonesian.csv": Expected(
        INDONESIA, "Loyverse, Receipts by item", "Warung",
        {
            2: ("sale", "1-1001", "2025-05-13T16:43", "Es Teh", "2", 1000000),
            3: ("sale", "1-1002", "2025-05-13T17:15", "Nasi Goreng", "1", 2000000),
        },
    ),
    "loyverse_items_spanish.csv": Expected(
        SPAIN, "Loyverse, Receipts by item", "Taberna",
        {
            2: ("refund", "2-2003", "2026-05-13T19:30", "Tortilla", "-1", -450),
            3: ("sale", "2-2002", "2026-05-13T19:12", "Caña", "3", 675),
            4: ("sale", "2-2002", "2026-05-13T19:12", "Tortilla", "1", 450),
        },
        left_out={5: "cancelled"},
    ),
    "sumup_sales_de.csv": Expected(
        SWITZERLAND, "SumUp, Sales report", "",
        {
            2: ("sale", "TABC123", "2026-03-24T11:32", "Kaffee", "1", 439),
            3: ("sale", "TABC123", "2026-03-24T11:32", "Hauptgang", "2", 3200),
            4: ("refund", "TABC123", "2026-03-24T12:05", "Kaffee", "-1", -439),
            5: ("refund", "TABC124", "2026-03-25T11:01", "Kaffee", "-1", -439),
        },
    ),
    "sumup_sales_en.csv": Expected(
        SWITZERLAND, "SumUp, Sales report", "",
        {
            2: ("sale", "TABC123", "2023-03-15T10:53", "Kaffee", "2", 700),
            3: ("sale", "TABC124", "2023-03-16T10:55", "Cappuccino", "4", 2000),
        },
    ),
    # The second night has the first order once more, in UTF-16 and with semicolons: rows 5 to 7.
    "toast_nightly.zip": Expected(
        US, "Toast, Item Selection Details", "Corner Bistro",
        {
            2: ("sale", TOAST, "2026-10-08T21:18", "House Burger", "1", 1600),
            3: ("sale", TOAST, "2026-10-08T21:18", "Fries, large", "2", 800),
            8: ("deferred", "1300000015734303124", "2026-10-14T04:40", "Gift Card", "1", 5000),
            9: ("sale", "1300000015734303124", "2026-10-14T04:40", "Fries, large", "1", 500),
        },
        left_out={4: "voided"},
    ),
    "toast_items.xlsx": Expected(
        US, "Toast, Item Selection Details", "",
        {
            3: ("sale", "5740022836216005", "2023-01-21T18:17", "Wings", "1", 1475),
            4: ("sale", "5740022836216005", "2023-01-21T18:17", "Soda", "1", 200),
        },
    ),
    # 0.83 of tax is in 3.90 and 7.00: 0.297 and 0.533, so 0.30 and 0.53. The discount of 1.00 on 8.00 and
    # 6.00 is 0.571 and 0.429; that tax is added. 0.98 in 12.00 and 3.00: 0.784 and 0.196; of the 3.00 that
    # were refunded, 14.02 / 15.00 are without tax. Rows 13 and 14 are the refunds.
    "shopify_orders.csv": Expected(
        GERMANY, "Shopify, Orders", "Demo Cafe",
        {
            2: ("sale", "#1001", "2026-05-01T07:59", "Flat White", "1", 360),
            3: ("sale", "#1001", "2026-05-01T07:59", "Croissant", "2", 647),
            4: ("sale", "#1002", "2026-03-28T22:30", "Soup", "1", 743),
            5: ("sale", "#1002", "2026-03-28T22:30", "Bread", "3", 557),
            8: ("sale", "#1005", "2026-05-01T07:59", "Cake", "2", 900),
            9: ("sale", "#1006", "2026-05-01T07:59", "Pizza", "1", 1122),
            10: ("sale", "#1006", "2026-05-01T07:59", "Cola", "1", 280),
            12: ("sale", "#1008", "2026-05-01T07:59", "'Nduja Menu", "1", 2000),
            13: ("refund", "#1005", "2026-05-01T07:59", "Cake", "-2", -900),
            14: ("refund", "#1006", "2026-05-01T07:59", "Refund (items not named)", "-1", -280),
        },
        left_out={6: "cancelled", 7: "not paid yet"},
        refused={11: "amount_unreadable"},
    ),
    # Net amounts of BON-5 are 15.88235, -1.58824, 50 and 0.12605: 64.42 together, so that the deposit,
    # which has the largest rest, is 0.13.
    "dsfinvk.zip": Expected(
        GERMANY, "DSFinV-K, export for the tax office", "",
        {
            2: ("sale", "till-1-1-BON-1", "2026-09-10T18:30", "Wein; rot", "2", 2000),
            3: ("sale", "till-1-1-BON-1", "2026-09-10T18:30", "Brezel", "1", 140),
            5: ("refund", "till-1-1-BON-3", "2026-09-10T18:35", "Wein; rot", "-2", -2000),
            7: ("sale", "till-1-1-BON-5", "2026-09-10T18:40", "Schnitzel", "1", 1588),
            9: ("sale", "till-1-1-BON-5", "2026-09-10T18:40", "Rabatt 10 %", "1", -159),
            10: ("deferred", "till-1-1-BON-5", "2026-09-10T18:40", "Gutschein", "1", 5000),
            12: ("charge", "till-1-1-BON-5", "2026-09-10T18:40", "Pfand", "1", 13),
        },
        left_out={
            4: "only practice", 6: "broken off before it was paid", 8: "voided", 11: "a tip for the staff",
            14: "cancelled",
        },
        refused={13: "amount_unreadable"},
    ),
    # 9.09091 and 22.72727 are 31.81818, so that the second, which has the larger rest, is 22.73; of the two
    # muffins at 4.54545 the first is 4.55.
    "lightspeed_sales_22.csv": Expected(
        AUSTRALIA, "Lightspeed Retail, Sales history", "",
        {
            3: ("sale", "101", "2026-10-08T07:30:12", "Flat White", "2", 909),
            4: ("sale", "101", "2026-10-08T07:30:12", "Big Breakfast", "1", 2273),
            7: ("refund", "102", "2026-10-08T07:41", "Flat White", "-1", -455),
            14: ("sale", "105", "2026-10-08T08:02:45", "Cake", "1", 1818),
            19: ("sale", "107", "2026-10-08T08:20", "Muffin", "1", 455),
            20: ("sale", "107", "2026-10-08T08:20", "Muffin", "1", 454),
            21: ("deferred", "107", "2026-10-08T08:20", "Gift Card", "1", 5000),
            28: ("sale", "101", "2026-10-09T01:12", "Flat White", "1", 455),
        },
        left_out=dict.fromkeys((2, 6, 9, 11, 13, 16, 18, 23, 26, 27), HEADING)
        | dict.fromkeys((5, 8, 15, 22, 25, 29), "a payment") | {10: "voided", 12: "not paid yet", 17: "not paid yet"},
        refused={24: "amount_unreadable"},
    ),
    # The lines of A-7 come to 1,010.00 and the sale to 1,009.99, each rounded by itself.
    "lightspeed_sales_20.csv": Expected(
        US, "Lightspeed Retail, Sales history", "",
        {
            3: ("sale", "A-7", "2026-10-15T15:30", "Cookie", "3", 1000),
            4: ("sale", "A-7", "2026-10-15T15:30", "Catering", "1", 100000),
            7: ("sale", "A-8", "2026-10-15T16:05:10", "Soup", "2", 1000),
        },
        left_out={2: HEADING, 5: "a payment", 6: HEADING, 8: "a payment"},
    ),
}  # fmt: skip
# What is expected of their rows is in `test_totals.py`.
LISTS_OF_ORDERS = {
    "toast_order_details.csv",
    "square_transactions.csv",
    "clover_orders.csv",
    "loyverse_receipts.csv",
    "flipdish_sales.csv",
}
WRONG = {
    "toast_product_mix.csv": ("Toast", "Item Selection Details"),
    "loyverse_item_summary.csv": ("Loyverse", "Receipts by item"),
    "orderbird_z_report.csv": ("Orderbird", "DSFinV-K"),
    "epos_now_sales_by_product.tsv": ("Epos Now", "the list of single sales"),
    "lightspeed_products.csv": ("Lightspeed Retail", "Sales history"),
    "product_report_uk.csv": ("your till", "the list of single sales"),
}


def read(
    name: str, restaurant: Restaurant
) -> tuple[FileReading, dict[int, SaleLine | list[Rejection] | Treatment]]:
    with (CORPUS / name).open("rb") as stored, unpack(stored, restaurant) as table:
        reading = decide_reading(table.file, restaurant)
        return reading, dict(read_lines(table.file, reading, NOW))


@pytest.mark.parametrize("name", EXPECTED)
def test_a_known_report_is_read_as_its_till_means_it(name: str) -> None:
    expected = EXPECTED[name]
    reading, rows = read(name, expected.restaurant)
    said = {each.what: each for each in reading.conclusions()}
    assert said["report"].decided == expected.report
    assert said["tax"].because == f"{expected.report.split(', ')[0]} exports it so"
    assert reading.conventions.location == expected.location
    lines = {
        row: (
            line.kind, line.order_id, line.occurred_at.isoformat().removesuffix("+00:00").removesuffix(":00"),
            line.item_name, f"{line.quantity.normalize():f}", line.net_minor,
        )
        for row, line in rows.items()
        if isinstance(line, SaleLine)
    }  # fmt: skip
    left_out = {row: line.why for row, line in rows.items() if isinstance(line, Treatment)}
    refused = {row: line[0].code for row, line in rows.items() if isinstance(line, list)}
    assert (lines, left_out, refused) == (expected.lines, expected.left_out, expected.refused)


def test_a_word_that_stands_for_nothing_is_no_category() -> None:
    _, rows = read("square_items_35.csv", US)
    categories = [line.category for line in rows.values() if isinstance(line, SaleLine)]
    assert categories == [None, None, "Bakery", "Bakery", None]


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_report_is_refused_with_the_name_of_the_right_one(name: str) -> None:
    till, instead = WRONG[name]
    with pytest.raises(FileRefusedError) as caught:
        read(name, US)
    problem = caught.value.problem
    assert problem.code == "wrong_report"
    assert till in problem.detail
    assert problem.right_report is not None
    assert instead in problem.right_report
    assert instead in problem.detail


def test_every_file_of_the_corpus_is_expected_to_be_something() -> None:
    assert {each.name for each in CORPUS.iterdir()} == (
        EXPECTED.keys() | LISTS_OF_ORDERS | WRONG.keys()
    )


def test_every_known_report_has_a_file_in_the_corpus() -> None:
    reports = {
        f"{each.till}, {each.name}" for each in known_reports() if not isinstance(each, OrderReport)
    }
    assert reports == {each.report for each in EXPECTED.values()}


def test_what_the_formats_name_is_written_as_headers_are_compared() -> None:
    for report in known_reports():
        named = {*report.signature, *report.treatments}
        if isinstance(report, OrderReport):
            named |= {name for names in report.figures.values() for name in names}
            named |= {*report.tenders, report.payment or ""}
        named |= {name for names in report.columns.values() for name in names}
        named |= {name for each in report.translations for name in (*each, *each.values())}
        named |= {value for each in report.treatments.values() for value in each} - {"*"}
        assert {each: normalise(each) for each in named} == {each: each for each in named}
        assert (
            report.signature
            <= {name for names in report.columns.values() for name in names}
            | {*report.treatments}
            | report.signature
        )
    for wrong in wrong_reports():
        assert {normalise(each) for each in wrong.signature} == wrong.signature


@pytest.mark.parametrize(
    ("name", "old", "new", "code"),
    [
        ("square_items_35.csv", ",Refund,", ",Exchange,", "meaning_not_read_yet"),
        ("loyverse_items_uk.csv", ",Cancelled", ",Parked", "meaning_not_read_yet"),
        ("sumup_sales_de.csv", ",Verkauf,", ",Gutschein,", "meaning_not_read_yet"),
        ("clover_line_items.csv", ",USD,", ",EUR,", "other_currency"),
        ("square_items_35.csv", ",$7.00,", ",£7.00,", "other_currency"),
        ("toast_items_20.csv", "Corner Bistro,901,17,8/3/2026 5:20", "Other Bistro,901,17,8/3/2026 5:20", "several_locations"),
        ("toast_items_20.csv", ",24.00,4.00,20.00,2,", ",19.00,4.00,15.00,2,", "price_unclear"),
    ],
)  # fmt: skip
def test_what_a_till_was_never_seen_to_write_is_not_guessed_at(
    tmp_path: Path, name: str, old: str, new: str, code: str
) -> None:
    text = (CORPUS / name).read_text(encoding="utf-8")
    assert old in text
    file = tmp_path / name
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    restaurant = EXPECTED[name].restaurant
    with pytest.raises(FileRefusedError) as caught:
        read(str(file), restaurant)
    assert caught.value.problem.code == code


@pytest.mark.parametrize(
    ("zone", "code"),
    [("Sydney", None), ("America/Chicago", None), ("Middle Earth", "zone_unknown")],
)
def test_a_row_is_read_in_the_zone_that_it_names(
    tmp_path: Path, zone: str, code: str | None
) -> None:
    text = (CORPUS / "square_items_35.csv").read_text(encoding="utf-8")
    file = tmp_path / "square.csv"
    file.write_text(text.replace("Eastern Time (US & Canada)", zone), encoding="utf-8")
    _, rows = read(str(file), US)
    line = rows[3]
    if code is not None:
        assert isinstance(line, list)
        assert [(each.code, each.column, each.value) for each in line] == [
            (code, "Time Zone", zone)
        ]
        return
    assert isinstance(line, SaleLine)
    local = {"Sydney": "Australia/Sydney"}.get(zone, zone)
    assert line.occurred_at == datetime(2026, 7, 18, 12, 59, 30, tzinfo=ZoneInfo(local))


def test_an_abbreviation_of_a_zone_settles_the_hour_that_comes_twice(tmp_path: Path) -> None:
    text = (CORPUS / "clover_line_items.csv").read_text(encoding="utf-8")
    file = tmp_path / "clover.csv"
    for zone, hour in (("EDT", 5), ("EST", 6)):
        file.write_text(
            text.replace("16-Dec-2023 02:44 AM EST", f"01-Nov-2026 01:30 AM {zone}"),
            encoding="utf-8",
        )
        _, rows = read(str(file), US)
        line = rows[5]
        assert isinstance(line, list | SaleLine)
        if isinstance(line, SaleLine):
            assert line.occurred_at == datetime(2026, 11, 1, hour, 30, tzinfo=UTC)
    file.write_text(text.replace(" EST", " IST"), encoding="utf-8")
    _, rows = read(str(file), US)
    refused = rows[5]
    assert isinstance(refused, list)
    assert refused[0].code == "date_unreadable"
