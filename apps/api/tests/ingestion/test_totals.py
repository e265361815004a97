"""Lists of orders without their lines are read as their tills mean them.

The files in `corpus/` are made up, in the shape of real exports; what is expected of each was worked out by
hand from what is known of its till.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from flux.ingestion.formats import Field, OrderReport, known_reports
from flux.ingestion.inspect import inspect_file
from flux.ingestion.meaning import Treatment
from flux.ingestion.order_total import OrderTotal
from flux.ingestion.report import FileRefusedError
from flux.ingestion.restaurant import Restaurant
from flux.ingestion.totals import read_totals
from flux.ingestion.understand import decide_reading
from flux.ingestion.unpack import unpack

CORPUS = Path(__file__).parent / "corpus"
NOW = datetime(2026, 11, 1, tzinfo=UTC)
US = Restaurant(ZoneInfo("America/New_York"), "US", "USD", time(4))
UK = Restaurant(ZoneInfo("Europe/London"), "GB", "GBP", time(4))
TOAST = "13000000000000001"


@dataclass(frozen=True)
class Expected:
    """`totals` are order, instant (UTC), net, tax, tips, charges, discounts and total in minor units, by row."""

    restaurant: Restaurant
    report: str
    totals: dict[int, tuple[str, str, int, int, int, int, int, int]]
    left_out: dict[int, str] = field(default_factory=dict)
    refused: dict[int, tuple[str, str | None]] = field(default_factory=dict)


EXPECTED = {
    # Row 6: 10.00, tax 0.80 and tip 1.00 are the total of 11.80, so the gratuity of 2.00 is in the amount.
    "toast_order_details.csv": Expected(
        US, "Toast, Order Details",
        {
            2: (f"{TOAST}01", "2026-10-08T21:17", 2600, 215, 500, 0, 200, 3315),
            3: (f"{TOAST}02", "2026-10-14T03:40", 102000, 8160, 0, 20400, 0, 130560),
            6: (f"{TOAST}05", "2026-10-14T13:05", 800, 80, 100, 200, 0, 1180),
        },
        left_out={4: "voided"},
        refused={5: ("date_missing", "Opened"), 7: ("charges_unclear", None)},
    ),
    # Row 6: 22.00, tax 1.60 and tip 3.00 are 26.60, so the service charge of 2.00 is in the net sales.
    "square_transactions.csv": Expected(
        US, "Square, Transactions",
        {
            2: ("TX2", "2026-07-18T17:40:44", -800, -62, 0, 0, 0, -862),
            3: ("TX1", "2026-07-18T16:59:30", 1250, 100, 200, 0, 100, 1550),
            4: ("TX1", "2026-07-18T16:59:40", 1250, 100, 0, 0, 100, 1350),
            5: ("TX0", "2026-07-17T13:05", 0, 0, 0, 0, 0, 2500),
            6: ("TX5", "2026-07-16T14:00", 2000, 160, 300, 200, 0, 2660),
            8: ("TX7", "2026-07-16T14:30", -500, 0, 0, 0, 0, -500),
        },
        left_out={7: "not paid: the payment failed"},
    ),
    # Row 3: 30.80 without 2.40 and 4.40 is 24.00. Of row 6 a half was given back, with tax.
    "clover_orders.csv": Expected(
        US, "Clover, Orders",
        {
            2: ("ORD1", "2023-12-16T07:44", 3000, 356, 839, 0, 0, 3356),
            3: ("ORD2", "2026-08-24T01:34", 2400, 240, 0, 440, 600, 3080),
            4: ("ORD3", "2026-08-24T01:40", 0, 0, 0, 0, 0, 0),
            5: ("ORD4", "2026-08-24T01:45", 750, 0, 0, 0, 0, 750),
            8: ("ORD7", "2026-08-24T14:05", -400, 0, 0, 0, 0, -400),
        },
        left_out={7: "not paid yet"},
        refused={6: ("refund_unclear", None)},
    ),
    "loyverse_receipts.csv": Expected(
        UK, "Loyverse, Receipts",
        {
            2: ("3-1773", "2026-05-20T15:50", -350, 0, 0, 0, 0, -350),
            3: ("3-1772", "2026-05-20T15:48", 1200, 120, 200, 0, 100, 1520),
            5: ("1-1770", "2026-05-20T15:30", 400, 40, 0, 0, 0, 440),
        },
        left_out={4: "cancelled"},
    ),
    "flipdish_sales.csv": Expected(
        UK, "Flipdish, sales data",
        {
            2: ("deliveroo.6444.urbanpiper.1077060552", "2026-02-14T00:49:10", 1281, 120, 0, 0, 279, 1401),
            3: ("0b1c2d3e-0000-4000-8000-000000000001", "2026-02-13T20:15", 2000, 200, 150, 309, 0, 2659),
            4: ("0b1c2d3e-0000-4000-8000-000000000002", "2026-02-13T19:00", 0, 0, 0, 0, 0, 0),
            6: ("0b1c2d3e-0000-4000-8000-000000000004", "2026-02-13T18:00", 600, 0, 0, 0, 0, 600),
        },
        left_out={5: "not paid yet", 7: "the sums of all orders"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", EXPECTED)
def test_a_list_of_orders_is_read_as_its_till_means_it(name: str) -> None:
    expected = EXPECTED[name]
    with (CORPUS / name).open("rb") as stored, unpack(stored, expected.restaurant) as table:
        reading = decide_reading(table.file, expected.restaurant)
        rows = {each.row_number: said for each, said in read_totals(table.file, reading, NOW)}
    known = next(each for each in reading.conclusions() if each.what == "report")
    assert known.decided == expected.report
    totals = {
        row: (
            said.order_id, said.occurred_at.isoformat().removesuffix("+00:00").removesuffix(":00"), said.net_minor,
            said.tax_minor, said.tips_minor, said.charges_minor, said.discounts_minor, said.total_minor,
        )
        for row, said in rows.items()
        if isinstance(said, OrderTotal)
    }  # fmt: skip
    assert totals == expected.totals
    left_out = {row: said.why for row, said in rows.items() if isinstance(said, Treatment)}
    assert left_out == expected.left_out
    refused = {
        row: (said[0].code, said[0].column) for row, said in rows.items() if isinstance(said, list)
    }
    assert refused == expected.refused


def test_every_list_of_orders_has_a_file_in_the_corpus() -> None:
    lists = [each for each in known_reports() if isinstance(each, OrderReport)]
    assert {f"{each.till}, {each.name}" for each in lists} == {
        each.report for each in EXPECTED.values()
    }
    for each in lists:
        needed = (Field.ORDER, Field.MOMENT, Field.DATE, Field.TIME, Field.LINE_AMOUNT)
        assert {name for at in needed for name in each.columns.get(at, ())} <= each.signature
    tills = {
        each.till: each.source for each in known_reports() if not isinstance(each, OrderReport)
    }
    assert all(tills.get(each.till, each.source) == each.source for each in lists)


def read(name: str) -> str:
    return (CORPUS / name).read_text(encoding="utf-8")


def spoil(tmp_path: Path, name: str, old: str, new: str) -> Path:
    text = read(name)
    assert old in text
    file = tmp_path / name
    file.write_text(text.replace(old, new), encoding="utf-8")
    return file


@pytest.mark.parametrize(
    ("name", "old", "new", "code", "column"),
    [
        ("toast_order_details.csv", ",26.00,", ",,", "amount_missing", "Amount"),
        ("toast_order_details.csv", ",26.00,", ",free,", "amount_unreadable", "Amount"),
        ("toast_order_details.csv", ",2.15,5.00,", ",2.15,1.234,", "amount_too_precise", "Tip"),
        ("toast_order_details.csv", f"{TOAST}01", "", "order_missing", "Order Id"),
        ("loyverse_receipts.csv", "Refund,-3.50,0.00,-3.50", "Refund,3.50,0.00,3.50", "sign_unclear", None),
        ("square_transactions.csv", "$0.00,-$5.00,-$5.00", "$0.00,five,-$5.00", "amount_unreadable", "Partial Refunds"),
        ("square_transactions.csv", "Eastern Time (US & Canada),-$8.00", "Middle Earth,-$8.00", "zone_unknown", "Time Zone"),
        ("flipdish_sales.csv", "2026-02-13 18:00:00", "2030-02-13 18:00:00", "date_in_future", "Order time"),
    ],
)  # fmt: skip
def test_a_row_that_does_not_count_says_which_cell_and_why(
    tmp_path: Path, name: str, old: str, new: str, code: str, column: str | None
) -> None:
    with spoil(tmp_path, name, old, new).open("rb") as file:
        reading = decide_reading(file, EXPECTED[name].restaurant)
        said = [each for _, each in read_totals(file, reading, NOW) if isinstance(each, list)]
    assert (code, column) in {(each.code, each.column) for row in said for each in row}
    assert all(each.message for row in said for each in row)


@pytest.mark.parametrize(
    ("name", "old", "new", "code"),
    [
        ("toast_order_details.csv", TOAST, "1.3E+1", "orders_unclear"),
        ("clover_orders.csv", ",USD,", ",EUR,", "other_currency"),
        ("clover_orders.csv", ",Paid", ",Settled", "meaning_not_read_yet"),
        ("flipdish_sales.csv", "Additional charges,", "Charges,", "columns_not_recognised"),
        ("square_transactions.csv", "TX2,PAY2,Refund", "TX2,PAY2,Chargeback", "meaning_not_read_yet"),
    ],
)  # fmt: skip
def test_a_list_that_cannot_be_trusted_is_refused(
    tmp_path: Path, name: str, old: str, new: str, code: str
) -> None:
    file = spoil(tmp_path, name, old, new)
    with file.open("rb") as stored, pytest.raises(FileRefusedError) as caught:
        list(read_totals(stored, decide_reading(stored, EXPECTED[name].restaurant), NOW))
    assert caught.value.problem.code == code


def inspect(path: Path, restaurant: Restaurant) -> list[str]:
    said: list[str] = []
    assert inspect_file(path, restaurant, say=said.append) == 0
    return said


def test_the_sums_of_a_list_of_orders_are_said(tmp_path: Path) -> None:
    said = inspect(CORPUS / "clover_orders.csv", US)
    assert "report: Clover, Orders (row 1 has all the columns of that report)" in said
    assert "tips: column “Tip” (Clover names it so)" in said
    sums = ("5 orders, 57.50 USD", "tax: 5.96 USD", "tips: 8.39 USD", "charges: 4.40 USD")
    assert all(each in said for each in sums)
    assert inspect_file(
        spoil(tmp_path, "toast_order_details.csv", TOAST, "1.3E+1"), US, say=said.append
    )
    assert said[-1].startswith("refused (orders_unclear): ")


def test_a_file_that_was_cut_is_told_by_its_row_of_sums(tmp_path: Path) -> None:
    [warning] = [each for each in inspect(CORPUS / "flipdish_sales.csv", UK) if "warning" in each]
    assert "come to 1,058.81 GBP" in warning
    assert "the 5 orders above it come to 58.81, which is 1,000.00 less" in warning
    assert "Flipdish stops at 5,000 orders" in warning
    whole = spoil(tmp_path, "flipdish_sales.csv", '"1,058.81"', "58.81")
    assert not any("warning" in each for each in inspect(whole, UK))
