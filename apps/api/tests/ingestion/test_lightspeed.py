"""Lightspeed's sales history: the lines of a sale add up to it, and have its status; else they are refused.

The figures were worked out by hand.
"""

import csv
import io
from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest

from archives import pack, row, workbook
from flux.ingestion.meaning import Treatment
from flux.ingestion.parse import Rejection, read_lines
from flux.ingestion.report import Conclusion, FileRefusedError
from flux.ingestion.reshape import lightspeed
from flux.ingestion.restaurant import Restaurant
from flux.ingestion.sale_line import SaleLine
from flux.ingestion.understand import decide_reading
from flux.ingestion.unpack import unpack
from owner import Owner

NOW = datetime(2026, 11, 1, tzinfo=UTC)
US = Restaurant(ZoneInfo("America/New_York"), "US", "USD", time(4))
HEADER = (
    "Date", "Receipt Number", "Line Type", "Quantity", "Subtotal", "Sales Tax", "Total", "Paid", "Details", "Status",
    "Sku",
)  # fmt: skip
AT = "2026-05-01 12:00:00"


def sale(
    number: str,
    subtotal: str,
    *lines: tuple[str, str, str],
    status: str = "CLOSED",
    total: str = "0",
    paid: tuple[str, ...] = (),
    at: str = AT,
) -> list[list[str]]:
    """The rows of one sale; a line is its quantity, item and subtotal."""
    rows = [[at, number, "Sale", "", subtotal, "0", total, "", "", status, ""]]
    rows += [
        [at, number, "Sale Line", quantity, line, "0", "0", "", item, "", "X"]
        for quantity, item, line in lines
    ]
    return rows + [[at, number, "Payment", "", "", "", "", each, "Cash", "", ""] for each in paid]


def write(rows: list[list[str]], delimiter: str = ",") -> bytes:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows([list(HEADER), *rows])
    return text.getvalue().encode()


def read(
    content: bytes, restaurant: Restaurant = US
) -> tuple[dict[int, SaleLine | list[Rejection] | Treatment], tuple[Conclusion, ...]]:
    with unpack(io.BytesIO(content), restaurant) as table:
        reading = decide_reading(table.file, restaurant)
        return dict(read_lines(table.file, reading, NOW)), table.conclusions


def nets(content: bytes, restaurant: Restaurant = US) -> list[int | str]:
    """The net amount of each line, or the amount's cell of a refused one, or why it is left out."""
    said = [
        line.net_minor if isinstance(line, SaleLine)
        else line.why if isinstance(line, Treatment)
        else f"{line[-1].column}: {line[-1].value}"
        for line in read(content, restaurant)[0].values()
    ]  # fmt: skip
    return [each for each in said if each not in {HEADING, "a payment"}]


HEADING = "the sum of a sale, whose lines have the items"
GOOD = sale("9", "1", ("1", "Good", "1"))


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (sale("1", "10", ("2", "Tea", "10")), [1000]),
        # As Lightspeed's support wrote it: 5.00 each.
        (sale("1", "10", ("2", "Tea", "5")), [1000]),
        (sale("1", "-5", ("-1", "Tea", "5")), [-500]),
        (sale("1", "13.63636", ("2", "Tea", "4.54545"), ("1", "Bun", "4.54545")), [909, 455]),
        # Three thirds: 3.33 each, and a cent more for the first.
        (sale("1", "10", *[("1", "Tea", "3.33333")] * 3), [334, 333, 333]),
        # The same, rounded by the till: a cent less than the sale.
        (sale("1", "10.00", *[("1", "Tea", "3.33")] * 3), [333, 333, 333]),
        (sale("1", "$1,149.00", ("1", "Party", "$1,149.00")), [114900]),
        (sale("1", "0", ("2", "Tea", "0")), [0]),
    ],
)  # fmt: skip
def test_what_a_line_brought_in_is_what_its_sale_adds_up_to(
    rows: list[list[str]], expected: list[int]
) -> None:
    assert nets(write(rows + GOOD)) == [*expected, 100]


def test_the_report_says_where_subtotals_were_those_of_one_unit() -> None:
    _, said = read(write(GOOD))
    assert [each.decided for each in said] == ["“Subtotal” of each line"]
    _, said = read(write(GOOD + sale("1", "10", ("2", "Tea", "5"))))
    assert said[0].decided.endswith("times “Quantity” in sales of which it is for one unit: 1")


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        (sale("1", "11", ("2", "Tea", "5"), ("1", "Bun", "3")), "the lines add up to 8.00, Subtotal of the sale is 11.00"),
        # 0.01 or 0.03, and the sale says 0.02.
        (sale("1", "0.02", ("3", "Mint", "0.01")), "Subtotal of a line could be for one unit or for all"),
        (sale("1", "10", ("x", "Tea", "10")), "Quantity of a line of this sale is not a number"),
        (sale("1", "10", ("1", "Tea", "")), "an amount of this sale is missing, or is no number"),
        (sale("1", "1,234", ("1", "Tea", "1,234")), "an amount of this sale could be thousands or thousandths"),
        (sale("1", "10.50", ("1", "Tea", "10,50")), "amounts of this sale have a decimal comma, and a decimal point"),
        (sale("1", "10", ("1", "Tea", "10"), status=""), "the row “Sale” has no status"),
        (sale("1", "10", ("1", "Tea", "10"))[1:], "no row “Sale” has this number and time"),
        (sale("1", "9") + sale("1", "10", ("1", "Tea", "10")), "two different rows “Sale” have this number and time"),
    ],
)  # fmt: skip
def test_a_sale_that_does_not_add_up_is_refused_whole_and_says_why(
    rows: list[list[str]], why: str
) -> None:
    lines = sum(each[2] == "Sale Line" for each in rows)
    assert nets(write(rows + GOOD)) == [f"Net amount: {why}"] * lines + [100]


def test_a_row_of_the_sale_that_comes_twice_is_one() -> None:
    rows = sale("1", "10", ("1", "Tea", "10"))
    assert nets(write(rows[:1] + rows)) == [1000]


@pytest.mark.parametrize(
    ("status", "paid", "expected"),
    [
        ("CLOSED", (), 1000),
        ("ONACCOUNT_CLOSED", (), 1000),
        ("VOIDED", ("10",), "voided"),
        ("SAVED", ("10",), "not paid yet"),
        ("ONACCOUNT", (), "not paid yet"),
        ("LAYBY", ("4",), "not paid yet"),
        ("LAYBY", ("4", "6"), 1000),
        ("AWAITING_PICKUP", ("10",), 1000),
    ],
)
def test_a_sale_counts_once_it_is_paid(
    status: str, paid: tuple[str, ...], expected: int | str
) -> None:
    rows = sale("1", "10", ("1", "Tea", "10"), status=status, total="10", paid=paid)
    assert nets(write(rows + GOOD)) == [expected, 100]


def test_a_status_or_a_kind_of_row_that_is_not_known_refuses_the_file() -> None:
    rows = sale("1", "10", ("1", "Tea", "10"), status="QUOTE")
    for spoiled in (rows, [[*each[:2], "Surcharge", *each[3:]] for each in rows]):
        with pytest.raises(FileRefusedError) as caught:
            read(write(spoiled + GOOD))
        assert caught.value.problem.code == "meaning_not_read_yet"


def test_a_number_that_is_used_again_is_another_sale_with_a_status_of_its_own() -> None:
    voided = sale("1", "10", ("1", "Tea", "10"), status="VOIDED")
    later = sale("1", "4", ("1", "Bun", "4"), at="2026-05-02 12:00:00")
    assert nets(write(voided + later)) == ["voided", 400]


def test_amounts_have_the_decimals_of_the_restaurants_currency() -> None:
    kuwait = Restaurant(ZoneInfo("Asia/Kuwait"), "KW", "KWD", time(4))
    japan = Restaurant(ZoneInfo("Asia/Tokyo"), "JP", "JPY", time(4))
    assert nets(write(sale("1", "4.54545", ("1", "Tea", "4.54545"))), kuwait) == [4545]
    assert nets(write(sale("1", "909.09091", ("1", "Tea", "909.09091"))), japan) == [909]


def test_ragged_and_blank_rows_keep_their_places_and_refuse_their_sale_alone() -> None:
    rows = sale("1", "7", ("1", "Tea", "5"), ("1", "Bun", "2"))
    found, _ = read(write([*rows[:2], [], rows[2][:5], [*rows[2], "", "stray"], *GOOD]))
    codes = {at: [each.code for each in line] for at, line in found.items() if isinstance(line, list)}  # fmt: skip
    assert codes == {3: ["amount_unreadable"], 5: ["cells_missing"], 6: ["cells_too_many"]}
    assert isinstance(found[8], SaleLine)


def test_a_sale_that_never_ends_is_refused_and_does_not_fill_the_memory(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(lightspeed, "MAX_LINES", 3)
    rows = sale("1", "4", *[("1", "Tea", "1")] * 4)
    assert [type(each) for each in nets(write(rows + GOOD))] == [str] * 4 + [int]


def test_decimal_commas_utf_16_a_zip_and_a_workbook_read_the_same() -> None:
    rows = sale("1", "9.09091", ("2", "Tea", "9.09091"))
    commas = [[cell.replace(".", ",") for cell in each] for each in rows]
    sheet = row(1, *HEADER) + row(2, *rows[0]) + row(3, *rows[1])
    other = write(sale("2", "1", ("1", "Bun", "1"), at="2026-06-01 12:00:00"))
    assert nets(write(commas, ";")) == [909]
    assert nets(write(rows).decode().encode("utf-16")) == [909]
    assert nets(workbook({"Notes": row(1, "x"), "Sales": sheet})) == [909]
    assert nets(pack({"1.csv": write(rows), "2.csv": other})) == [909, 100]


async def test_refused_lines_come_back_with_their_sale_to_be_mended_and_sent_again(
    owner: Owner,
) -> None:
    bad = sale("1", "11", ("2", "Tea", "10"))
    upload = await owner.upload(write(bad + GOOD))
    assert upload["report"]["net_minor"] == 100
    answer = await owner.client.get(f"/api/data/uploads/{upload['id']}/rejected-rows.csv")
    assert "the lines add up to 10.00, Subtotal of the sale is 11.00" in answer.text
    mended = await owner.upload(answer.text.replace(",11,", ",10,"))
    assert mended["report"]["net_minor"] == 1000
