"""An Excel workbook is read as the CSV that its till would have written, row for row, or refused by a code."""

import csv
import io
from contextlib import suppress
from datetime import UTC, datetime, time
from time import process_time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archives import (
    DATE,
    MOMENT,
    TIME,
    TIME_WITH_SECONDS,
    number_cell,
    pack,
    row,
    text_cell,
    workbook,
)
from flux.ingestion import unpack as unpacking
from flux.ingestion import workbook as workbooks
from flux.ingestion.parse import Rejection, read_lines
from flux.ingestion.report import FileRefusedError
from flux.ingestion.restaurant import Restaurant
from flux.ingestion.sale_line import SaleLine
from flux.ingestion.understand import decide_reading
from flux.ingestion.unpack import unpack
from owner import Owner

NOW = datetime(2026, 11, 1, tzinfo=UTC)
GERMANY = Restaurant(ZoneInfo("Europe/Berlin"), "DE", "EUR", time(4))
HEADER = ("Order ID", "Date", "Time", "Item", "Net sales")
# 2026-05-01 is the 46,143rd day after 1899-12-30.
MAY_1 = 46143
SALE = row(2, "1", number_cell("B2", MAY_1, DATE), number_cell("C2", 0.5, TIME), "Soup", number_cell("E2", 4.5))  # fmt: skip
SALES = row(1, *HEADER) + SALE


def table_of(content: bytes) -> list[list[str]]:
    with unpack(io.BytesIO(content), GERMANY) as table:
        return list(csv.reader(io.TextIOWrapper(table.file, encoding="utf-8", newline="")))


def refusal(content: bytes) -> str:
    with pytest.raises(FileRefusedError) as caught:
        table_of(content)
    assert caught.value.problem.detail.isprintable()
    return caught.value.problem.code


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (number_cell("A1", 12.5), "12.5"),
        # What 4.10 + 8.40 is in a spreadsheet, and a third.
        (number_cell("A1", "12.500000000000002"), "12.5"),
        (number_cell("A1", "0.33333333333333331"), "0.333333333333333"),
        (number_cell("A1", "-0.1"), "-0.1"),
        (number_cell("A1", "1E-07"), "0.0000001"),
        (number_cell("A1", "1000"), "1000"),
        (number_cell("A1", "123456789012345"), "123456789012345"),
        # Of an order number with 19 digits a spreadsheet has kept 15; it must not look whole again.
        (number_cell("A1", "1.3000000000000001E+18"), "1.3E+18"),
        (number_cell("A1", "1.3000000157343E+18"), "1.3000000157343E+18"),
        (text_cell("A1", "1300000000000000101"), "1300000000000000101"),
        (text_cell("A1", " =1+1 "), " =1+1 "),
        ('<c r="A1" t="b"><v>1</v></c>', "true"),
        ('<c r="A1" t="b"><v>0</v></c>', "false"),
        ('<c r="A1" t="e"><v>#N/A</v></c>', "#N/A"),
        ('<c t="e" r="A1"><f>1/0</f><v>#DIV/0!</v></c>', "#DIV/0!"),
        ('<c r="A1"><f>4+4</f><v>8</v></c>', "8"),
        (number_cell("A1", MAY_1, DATE), "2026-05-01"),
        (number_cell("A1", MAY_1 + 0.75, MOMENT), "2026-05-01 18:00:00"),
        # 12:59:30, of which the fraction of a day falls short by less than a millisecond.
        (number_cell("A1", "46143.541319444440", MOMENT), "2026-05-01 12:59:30"),
        (number_cell("A1", 0.5, TIME), "12:00"),
        (number_cell("A1", "0.541319444444444", TIME_WITH_SECONDS), "12:59:30"),
    ],
)  # fmt: skip
def test_a_cell_is_written_as_a_till_would(cell: str, text: str) -> None:
    assert table_of(workbook({"Sheet1": f'<row r="1">{cell}</row>'})) == [[text]]


def test_rows_and_columns_stay_where_the_spreadsheet_shows_them() -> None:
    rows = row(2, "", "title") + row(5, "", "", "x")
    assert table_of(workbook({"Sheet1": rows})) == [[], ["", "title", ""], [], [], ["", "", "x"]]


def test_midnight_is_a_time_in_a_column_that_has_times() -> None:
    moments = row(1, number_cell("A1", MAY_1, MOMENT)) + row(2, number_cell("A2", MAY_1 + 0.5, MOMENT))  # fmt: skip
    assert table_of(workbook({"Sheet1": moments})) == [
        ["2026-05-01 00:00:00"],
        ["2026-05-01 12:00:00"],
    ]


def test_the_one_sheet_with_sales_is_taken_and_named() -> None:
    content = workbook({"Notes": row(1, "By", "Anna"), "Mai": SALES, "Empty": ""})
    with unpack(io.BytesIO(content), GERMANY) as table:
        (said,) = table.conclusions
        assert (said.what, said.decided) == ("sheet", "“Mai”")
        assert "of 2 sheets" in said.because
    assert table_of(content)[1] == ["1", "2026-05-01", "12:00", "Soup", "4.5"]


def test_a_sheet_of_orders_beside_their_lines_is_to_be_sent_by_itself() -> None:
    names = ("Order Id", "Opened", "Amount", "Tax", "Tip", "Gratuity", "Total", "Voided")
    orders = row(1, *names) + row(2, "1", "5/1/2026 12:00", "4.50", "0", "1", "0", "5.50", "false")
    with unpack(io.BytesIO(workbook({"Orders": orders, "Mai": SALES})), GERMANY) as table:
        (said,) = table.conclusions
        assert said.decided == "“Mai”"
        assert "“Orders”: It is the Toast, Order Details" in said.because
    with unpack(io.BytesIO(workbook({"Orders": orders, "Notes": row(1, "x")})), GERMANY) as table:
        assert table.conclusions[0].decided == "“Orders”"


@pytest.mark.parametrize(
    ("sheets", "code"),
    [
        ({"May": SALES, "June": SALES}, "workbook_of_several"),
        ({"A": row(1, "Hello"), "B": row(1, "World")}, "workbook_without_sales"),
        ({"Empty": ""}, "file_empty"),
        # The second is Toast's Product Mix: better said than "no sales".
        ({"A": row(1, "Hello"), "B": row(1, "Master ID", "Item ID", "Menu Item", "Avg Price", "Item Qty (incl voids)")}, "wrong_report"),
    ],
)  # fmt: skip
def test_a_workbook_whose_sales_are_not_on_one_sheet_is_refused(
    sheets: dict[str, str], code: str
) -> None:
    assert refusal(workbook(sheets)) == code


def test_an_error_in_a_cell_refuses_its_row_and_no_other() -> None:
    spoiled = row(3, "2", number_cell("B3", MAY_1, DATE), number_cell("C3", 0.5, TIME), "Soup", '<c r="E3" t="e"><v>#N/A</v></c>')  # fmt: skip
    with unpack(io.BytesIO(workbook({"Sheet1": SALES + spoiled})), GERMANY) as table:
        reading = decide_reading(table.file, GERMANY)
        rows = dict(read_lines(table.file, reading, NOW))
    sale, refused = rows[2], rows[3]
    assert isinstance(sale, SaleLine)
    assert (sale.net_minor, sale.occurred_at) == (450, datetime(2026, 5, 1, 10, tzinfo=UTC))
    assert isinstance(refused, list)
    assert refused == [
        Rejection(3, "Net sales", "#N/A", "amount_unreadable", refused[0].message),
    ]


FAR = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'


@pytest.mark.parametrize(
    "rows",
    [
        FAR,
        FAR.replace('r="XFD1048576"', "r='XFD1048576'"),
        FAR.replace('<c r="XFD1048576">', '<c a=">" r="XFD1048576">'),
        FAR.replace('<c r="XFD1048576">', "<c>" + "<v>1</v></c><c>" * 4),
        row(1, "a") + '<row r="4000001"><c><v>1</v></c></row>',
    ],
)
def test_two_cells_far_apart_do_not_fill_the_memory_with_those_between(rows: str) -> None:
    assert refusal(workbook({"Sheet1": rows})) == "workbook_too_large"


def test_a_workbook_is_unpacked_no_further_than_the_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbooks, "MAX_WORKBOOK_BYTES", 1024 * 1024)
    zeros = workbook({"Sheet1": SALES + "0" * 100 * 1024 * 1024})
    assert len(zeros) < 1024 * 1024
    assert refusal(zeros) == "workbook_too_large"
    # The directory claims a size of next to nothing.
    at = zeros.rindex(b"PK\x01\x02")
    lying = zeros[: at + 24] + (100).to_bytes(4, "little") + zeros[at + 28 :]
    assert refusal(lying) in {"archive_broken", "workbook_too_large", "workbook_broken"}


@pytest.mark.parametrize(
    "nonsense", ['<c "', "<c t=", "<c t='e' ", '<c r="', "<row ", "<c" + " " * 90]
)
def test_what_is_no_xml_is_refused_at_once(nonsense: str) -> None:
    started = process_time()
    content = workbook({"Sheet1": nonsense * 200_000})
    assert refusal(content) in {"workbook_broken", "workbook_too_large", "file_empty"}
    assert process_time() - started < 5


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (workbook({"Sheet1": SALES})[:-40], "archive_broken"),
        (pack({"[Content_Types].xml": "<Types/>"}), "workbook_broken"),
        (pack({"[Content_Types].xml": "<Types/>", "xl/workbook.xml": "<a>"}), "workbook_broken"),
        (workbook({"Sheet1": "<row"}), "workbook_broken"),
    ],
)
def test_what_is_no_whole_workbook_is_refused(content: bytes, code: str) -> None:
    assert refusal(content) == code


def test_an_old_workbook_is_refused_with_what_to_do() -> None:
    with (
        unpack(io.BytesIO(b"\xd0\xcf\x11\xe0" + b"\0" * 600), GERMANY) as table,
        pytest.raises(FileRefusedError) as caught,
    ):
        decide_reading(table.file, GERMANY)
    assert caught.value.problem.code == "not_a_csv"
    assert "old Excel workbook" in caught.value.problem.detail


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_a_damaged_workbook_is_a_refusal_or_still_a_table(data: st.DataObject) -> None:
    packed = workbook({"Sheet1": SALES})
    # From the first four bytes on: without these it is no zip.
    at = data.draw(st.integers(4, len(packed) - 1))
    damaged = packed[:at] + bytes([data.draw(st.integers(0, 255))]) + packed[at + 1 :]
    with suppress(FileRefusedError):
        table_of(damaged)


def sales_of(order: str) -> str:
    return row(1, *HEADER) + SALE.replace('<t xml:space="preserve">1</t>', f"<t>{order}</t>")


def test_a_workbook_in_a_zip_is_read_like_one_by_itself() -> None:
    book = workbook({"Notes": row(1, "x"), "Mai": SALES})
    for name in ("Mai.xlsx", "2026/Mai.XLSX"):
        content = pack({name: book, "~$Mai.xlsx": b"locked by Anna"})
        with unpack(io.BytesIO(content), GERMANY) as table:
            (said,) = table.conclusions
            assert (said.what, said.decided) == ("sheet", f"“Mai” of “{name}”")
        assert table_of(content) == table_of(book)


def test_workbooks_and_csv_files_in_a_zip_are_joined() -> None:
    csv_file = ",".join(HEADER) + "\n3,2026-05-03,12:00,Tea,2.00\n"
    members: dict[str, bytes | str] = {
        "a.xlsx": workbook({"Mai": sales_of("1")}),
        "b.xlsx": workbook({"Mai": sales_of("2"), "Notes": row(1, "x")}),
        "c.csv": csv_file,
    }
    assert [cells[0] for cells in table_of(pack(members))] == ["Order ID", "1", "2", "3"]
    with unpack(io.BytesIO(pack(members)), GERMANY) as table:
        told = [(each.what, each.decided) for each in table.conclusions]
    assert told == [
        ("joined", "“a.xlsx” is rows 2 to 2; “b.xlsx” is rows 3 to 3; “c.csv” is rows 4 to 4"),
        ("sheet", "“Mai” of “a.xlsx”"),
        ("sheet", "“Mai” of “b.xlsx”"),
    ]


def test_a_workbook_that_is_refused_is_left_out_beside_others_and_refuses_a_zip_of_its_own() -> (
    None
):
    several = workbook({"May": SALES, "June": SALES})
    members: dict[str, bytes | str] = {"a.xlsx": several, "b.xlsx": workbook({"Mai": SALES})}
    with unpack(io.BytesIO(pack(members)), GERMANY) as table:
        told = {each.decided: each.because for each in table.conclusions if each.what == "left out"}
    assert list(told) == ["the file “a.xlsx”"]
    assert told["the file “a.xlsx”"].startswith("More than one sheet of this workbook holds sales")
    assert refusal(pack({"a.xlsx": several})) == "workbook_of_several"
    assert refusal(pack({"a.xlsx": several[:-40]})) == "workbook_broken"


def test_workbooks_in_a_zip_are_unpacked_no_further_than_the_bound_of_all(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    size = len(SALES) * 3
    zeros = {f"{at}.xlsx": workbook({"Sheet1": SALES + "0" * size}) for at in range(20)}
    assert len(table_of(pack(dict(zeros)))) > 1
    monkeypatch.setattr(unpacking, "MAX_UNPACKED_BYTES", 10 * size)
    assert refusal(pack(dict(zeros))) == "archive_too_large"


async def test_an_uploaded_workbook_is_counted_and_its_sheet_named(owner: Owner) -> None:
    upload = await owner.upload(workbook({"Notes": row(1, "x"), "Mai": SALES}), "Mai 2026.XLSX")
    assert upload["status"] == "completed"
    report = upload["report"]
    assert report["net_minor"] == 450
    assert report["conclusions"][0]["decided"] == "“Mai”"
