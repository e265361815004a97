"""Shopify's export of orders: cells filled down, discounts and tax shared to the cent, refunds taken off.

The figures were worked out by hand; a share that does not come out even goes to the largest remainder.
"""

import csv
import io
from datetime import UTC, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archives import pack, row, workbook
from flux.ingestion.meaning import Treatment
from flux.ingestion.parse import Rejection, read_lines
from flux.ingestion.report import FileRefusedError
from flux.ingestion.reshape import shopify
from flux.ingestion.reshape.shares import share
from flux.ingestion.restaurant import Restaurant
from flux.ingestion.sale_line import SaleLine
from flux.ingestion.understand import decide_reading
from flux.ingestion.unpack import unpack
from owner import Owner

CORPUS = Path(__file__).parent / "corpus"
NOW = datetime(2026, 11, 1, tzinfo=UTC)
GERMANY = Restaurant(ZoneInfo("Europe/Berlin"), "DE", "EUR", time(4))
HEADER = (
    "Name", "Financial Status", "Currency", "Subtotal", "Shipping", "Taxes", "Total", "Discount Amount", "Created at",
    "Lineitem quantity", "Lineitem name", "Lineitem price", "Lineitem taxable", "Lineitem discount", "Cancelled at",
    "Refunded Amount", "Tax 2 Value", "Location",
)  # fmt: skip
AT = "2026-05-01 12:00:00 +0200"
Read = dict[int, SaleLine | list[Rejection] | Treatment]


def order(
    name: str,
    *lines: tuple[str, str, str],
    subtotal: str,
    total: str,
    taxes: str = "0.00",
    untaxed: str = "",
    line_discount: str = "0.00",
    **others: str,
) -> list[list[str]]:
    """The rows of one order; a line is its quantity, name and price."""
    first = {
        "Financial Status": "paid", "Currency": "EUR", "Subtotal": subtotal, "Shipping": "0.00", "Taxes": taxes,
        "Total": total, "Discount Amount": "0.00", "Created at": AT, "Refunded Amount": "0.00", "Location": "Cafe",
    } | {key.replace("_", " "): value for key, value in others.items()}  # fmt: skip
    rows = []
    for at, (quantity, item, price) in enumerate(lines):
        cells = dict.fromkeys(HEADER, "") | ({} if at else first)
        cells |= {
            "Name": name, "Lineitem quantity": quantity, "Lineitem name": item, "Lineitem price": price,
            "Lineitem taxable": "false" if item == untaxed else "true", "Lineitem discount": line_discount,
        }  # fmt: skip
        rows.append(list(cells.values()))
    return rows


def write(rows: list[list[str]], delimiter: str = ",") -> bytes:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows([list(HEADER), *rows])
    return text.getvalue().encode()


def read(content: bytes) -> Read:
    with unpack(io.BytesIO(content), GERMANY) as table:
        reading = decide_reading(table.file, GERMANY)
        return dict(read_lines(table.file, reading, NOW))


def nets(content: bytes) -> list[int | str]:
    """The net amount of each line, or the amount's cell of a refused one, or why it is left out."""
    return [
        line.net_minor if isinstance(line, SaleLine)
        else line.why if isinstance(line, Treatment)
        else f"{line[-1].column}: {line[-1].value}"
        for line in read(content).values()
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        # Tax on top, although it is 0.83 on 10.90 as it would be in the price.
        (order("#1", ("1", "A", "3.90"), ("2", "B", "3.50"), subtotal="10.90", taxes="0.83", total="11.73"), [390, 700]),
        # Tax in the price of what is taxed: all 0.19 of it in B.
        (order("#1", ("1", "A", "10.00"), ("1", "B", "1.19"), subtotal="11.19", taxes="0.19", total="11.19", untaxed="A"), [1000, 100]),
        # 1.00 off three equal lines: 34, 33, 33.
        (order("#1", *[("1", "A", "2.00")] * 3, subtotal="5.00", total="5.00", Discount_Amount="1.00"), [166, 167, 167]),
        # Lines with a discount of their own, beside the order's, and within it.
        (order("#1", ("1", "A", "5.00"), ("1", "B", "3.00"), subtotal="6.00", total="6.00", line_discount="0.50", Discount_Amount="1.00"), [386, 214]),
        (order("#1", ("1", "A", "5.00"), ("1", "B", "3.00"), subtotal="7.00", total="7.00", line_discount="0.50", Discount_Amount="1.00"), [450, 250]),
        # A discount of the shipping leaves the lines alone.
        (order("#1", ("1", "A", "5.00"), subtotal="5.00", total="5.00", Discount_Amount="4.90"), [500]),
        (order("#1", ("1", "A", "5.00"), subtotal="5.00", total="10.85", Shipping="4.90", taxes="0.95"), [500]),
        # Gone for nothing.
        (order("#1", ("2", "A", "5.00"), subtotal="0.00", total="0.00", Discount_Amount="10.00"), [0]),
        (order("#1", ("1", "A", "5.00"), ("1", "Tip", "1.00"), subtotal="5.00", total="6.00"), [500, 100]),
    ],
)  # fmt: skip
def test_what_a_line_brought_in_is_worked_out_from_its_order(
    rows: list[list[str]], expected: list[int]
) -> None:
    assert nets(write(rows)) == expected


def test_a_tip_is_a_charge_and_no_item() -> None:
    rows = order("#1", ("1", "A", "5.00"), ("1", "Tip", "1.00"), subtotal="5.00", total="6.00")
    assert [line.kind for line in read(write(rows)).values() if isinstance(line, SaleLine)] == [
        "sale",
        "charge",
    ]


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        (order("#1", ("1", "A", "5.00"), ("1", "B", "2.00"), subtotal="6.00", total="6.00"), "the lines add up to 7.00, Subtotal is 6.00"),
        (order("#1", ("1", "A", "5.00"), subtotal="5.00", taxes="0.40", total="5.20"), "Total is not Subtotal, Shipping and Taxes, nor the first two"),
        (order("#1", ("1", "A", "5.00"), subtotal="5.00", taxes="0.95", total="9.90", Shipping="4.90"), "Taxes hold a share of Shipping that the file does not say"),
        (order("#1", ("1", "A", "5.00"), subtotal="5.00", taxes="0.40", total="5.00", untaxed="A"), "Taxes are more than the lines that are taxed"),
        (order("#1", ("1", "A", "free"), subtotal="5.00", total="5.00"), "Lineitem price of this order is not an amount"),
        (order("#1", ("0", "A", "5.00"), subtotal="5.00", total="5.00"), "a line of this order has no quantity or price"),
        (order("#1", ("1", "A", "5.005"), subtotal="5.00", total="5.00"), "Lineitem price of this order has too many decimals"),
        (order("#1", ("1", "A", "5.00"), subtotal="5.00", total="5.00", line_discount="6.00"), "a line of this order has a discount above its price"),
        # 2.00 back of an order with shipping, or with two rates of tax: how much is tax, or shipping?
        (order("#1", ("1", "A", "5.00"), subtotal="5.00", total="9.90", Shipping="4.90", Refunded_Amount="2.00"), "it is not clear what of Refunded Amount is for items, without tax"),
        (order("#1", ("1", "A", "5.00"), subtotal="5.00", taxes="0.40", total="5.00", Refunded_Amount="2.00", Tax_2_Value="0.10"), "it is not clear what of Refunded Amount is for items, without tax"),
    ],
)  # fmt: skip
def test_an_order_that_does_not_add_up_is_refused_whole_and_says_why(
    rows: list[list[str]], why: str
) -> None:
    good = order("#2", ("1", "Good", "1.00"), subtotal="1.00", total="1.00")
    assert nets(write(rows + good)) == [f"Net amount: {why}"] * len(rows) + [100]


def test_a_refund_is_below_the_last_row_and_undoes_what_it_can_name() -> None:
    """2.38 of 11.90 with 1.90 of tax in it is 2.00 without; in full, each line is taken back."""
    partly = order("#1", ("1", "A", "11.90"), subtotal="11.90", taxes="1.90", total="11.90", Refunded_Amount="2.38", Financial_Status="partially_refunded")  # fmt: skip
    whole = order("#2", ("3", "B", "2.00"), ("1", "C", "1.00"), subtotal="7.00", total="7.00", Refunded_Amount="7.00", Financial_Status="refunded")  # fmt: skip
    rows = read(write(partly + whole))
    assert [
        (at, line.kind, line.order_id, line.item_name, int(line.quantity), line.net_minor)
        for at, line in rows.items()
        if isinstance(line, SaleLine)
    ] == [
        (2, "sale", "#1", "A", 1, 1000),
        (3, "sale", "#2", "B", 3, 600),
        (4, "sale", "#2", "C", 1, 100),
        (5, "refund", "#1", "Refund (items not named)", -1, -200),
        (6, "refund", "#2", "B", -3, -600),
        (7, "refund", "#2", "C", -1, -100),
    ]


@pytest.mark.parametrize(
    ("cells", "why"),
    [
        ({"Cancelled_at": AT, "Financial_Status": "refunded", "Refunded_Amount": "5.00"}, "cancelled"),
        ({"Financial_Status": "voided"}, "voided"),
        ({"Financial_Status": "pending"}, "not paid yet"),
        ({"Financial_Status": "authorized"}, "not paid yet"),
    ],
)  # fmt: skip
def test_every_row_of_an_order_that_is_no_sale_is_left_out(cells: dict[str, str], why: str) -> None:
    gone = order("#1", ("1", "A", "3.00"), ("1", "B", "2.00"), subtotal="5.00", total="5.00", **cells)  # fmt: skip
    good = order("#2", ("1", "Good", "1.00"), subtotal="1.00", total="1.00")
    assert nets(write(gone + good)) == [why, why, 100]


def test_a_status_that_is_not_known_refuses_the_file() -> None:
    rows = order("#1", ("1", "A", "5.00"), subtotal="5.00", total="5.00", Financial_Status="disputed")  # fmt: skip
    with pytest.raises(FileRefusedError) as caught:
        read(write(rows))
    assert caught.value.problem.code == "meaning_not_read_yet"


def test_two_currencies_or_places_are_never_added_up() -> None:
    one = order("#1", ("1", "A", "5.00"), subtotal="5.00", total="5.00")
    for others, code in (
        ({"Currency": "USD"}, "other_currency"),
        ({"Location": "Bar"}, "several_locations"),
    ):
        with pytest.raises(FileRefusedError) as caught:
            read(write(one + order("#2", ("1", "A", "5.00"), subtotal="5.00", total="5.00", **others)))  # fmt: skip
        assert caught.value.problem.code == code


def test_rows_whose_first_row_is_gone_are_refused() -> None:
    rows = order("#1", ("1", "A", "5.00"), ("1", "B", "2.00"), subtotal="7.00", total="7.00")
    good = order("#2", ("1", "Good", "1.00"), subtotal="1.00", total="1.00")
    first, second = read(write(rows[1:] + good)).values()
    assert isinstance(first, list)
    assert {each.code for each in first} == {"date_missing", "amount_missing"}
    assert isinstance(second, SaleLine)


def test_ragged_and_blank_rows_keep_their_places_and_refuse_their_order_alone() -> None:
    rows = order("#1", ("1", "A", "5.00"), ("1", "B", "2.00"), subtotal="7.00", total="7.00")
    good = order("#2", ("1", "Good", "1.00"), subtotal="1.00", total="1.00")
    found = read(write([rows[0], [], rows[1][:9], rows[1] + ["", "stray"], *good]))
    codes = {at: [each.code for each in line] for at, line in found.items() if isinstance(line, list)}  # fmt: skip
    assert codes == {2: ["amount_unreadable"], 4: ["cells_missing"], 5: ["cells_too_many"]}
    assert isinstance(found[6], SaleLine)


def test_an_order_that_never_ends_is_refused_and_does_not_fill_the_memory(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(shopify, "MAX_LINES", 3)
    rows = order("#1", *[("1", "A", "1.00")] * 4, subtotal="4.00", total="4.00")
    good = order("#2", ("1", "Good", "1.00"), subtotal="1.00", total="1.00")
    blank: list[list[str]] = [[]] * 9
    found = read(write(rows + blank + good + blank))
    assert [at for at, line in found.items() if isinstance(line, SaleLine)] == [15]
    assert len(found) == 5


def test_an_apostrophe_that_guards_a_cell_goes_and_that_of_a_name_stays() -> None:
    rows = order("'1001", ("1", "'Nduja", "5.00"), subtotal="5.00", total="5.00")
    (line,) = read(write(rows)).values()
    assert isinstance(line, SaleLine)
    assert (line.order_id, line.item_name) == ("1001", "'Nduja")


def test_semicolons_with_decimal_commas_utf_16_a_zip_and_a_workbook_read_the_same() -> None:
    rows = order("#1", ("2", "A", "3.50"), subtotal="7.00", total="7.00")
    commas = [[cell.replace(".", ",") if cell != AT else cell for cell in each] for each in rows]
    plain = write(rows)
    sheet = row(1, *HEADER) + row(2, *rows[0])
    other = write(order("#2", ("1", "B", "1.00"), subtotal="1.00", total="1.00"))
    assert nets(write(commas, ";")) == [700]
    assert nets(plain.decode().encode("utf-16")) == [700]
    assert nets(workbook({"Orders": sheet})) == [700]
    assert nets(pack({"orders_1.csv": plain, "orders_2.csv": other})) == [700, 100]


async def test_refused_orders_come_back_to_be_mended_and_sent_again(owner: Owner) -> None:
    bad = order("#1", ("1", "A", "5.00"), ("1", "B", "2.00"), subtotal="6.00", total="6.00", Currency="USD")  # fmt: skip
    good = order("#2", ("1", "Good", "1.00"), subtotal="1.00", total="1.00", Currency="USD")
    upload = await owner.upload(write(bad + good))
    assert upload["report"]["net_minor"] == 100
    answer = await owner.client.get(f"/api/data/uploads/{upload['id']}/rejected-rows.csv")
    assert "the lines add up to 7.00, Subtotal is 6.00" in answer.text
    mended = await owner.upload(answer.text.replace(",6.00,0.00,0.00,6.00,", ",7.00,0.00,0.00,7.00,"))  # fmt: skip
    assert mended["report"]["net_minor"] == 700


@given(st.integers(-(10**9), 10**9), st.lists(st.integers(0, 10**6), min_size=1).filter(any))
def test_shares_add_up_and_none_is_off_by_a_whole(amount: int, weights: list[int]) -> None:
    parts = share(amount, weights)
    assert sum(parts) == amount
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part * sum(weights) - amount * weight) < sum(weights)


def test_what_has_nobody_to_go_to_is_not_shared() -> None:
    assert share(0, [0, 0]) == [0, 0]
    with pytest.raises(ValueError, match="5"):
        share(5, [0, 0])
