"""Several tables in one zip are one, in the order of their names; what cannot be joined is said or refused."""

import csv
import gzip
import io
from datetime import UTC, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from archives import pack
from flux.ingestion import joined as joining
from flux.ingestion.inspect import inspect_file
from flux.ingestion.parse import read_lines
from flux.ingestion.report import Conclusion, FileRefusedError
from flux.ingestion.restaurant import Restaurant
from flux.ingestion.sale_line import SaleLine
from flux.ingestion.understand import decide_reading
from flux.ingestion.unpack import unpack
from owner import Owner

CORPUS = Path(__file__).parent / "corpus"
NOW = datetime(2026, 11, 1, tzinfo=UTC)
US = Restaurant(ZoneInfo("America/New_York"), "US", "USD", time(4))
HEADER = "Order ID,Date,Time,Item,Net sales\n"
MAY = HEADER + "1,2026-05-01,12:00,Soup,4.50\n2,2026-05-02,12:00,Tea,2.00\n"
JUNE = HEADER + "3,2026-06-01,12:00,Soup,5.00\n"


def join(members: dict[str, bytes | str]) -> tuple[list[list[str]], tuple[Conclusion, ...]]:
    with unpack(io.BytesIO(pack(members)), US) as table:
        text = table.file.read().decode()
        return list(csv.reader(io.StringIO(text, newline=""))), table.conclusions


def refusal(members: dict[str, bytes | str]) -> FileRefusedError:
    with pytest.raises(FileRefusedError) as caught:
        join(members)
    return caught.value


def test_tables_with_one_header_are_joined_in_the_order_of_their_names() -> None:
    rows, said = join({"b/june.csv": JUNE, "a/may.csv": MAY})
    assert rows == list(csv.reader(io.StringIO(MAY + JUNE.removeprefix(HEADER))))
    assert [each.what for each in said] == ["joined"]
    assert said[0].decided == "“a/may.csv” is rows 2 to 3; “b/june.csv” is rows 4 to 4"


def test_each_table_has_its_own_encoding_delimiter_and_titles() -> None:
    spanish = (
        "Report of June\n\norder id;DATE;Time; item ;Net-Sales\n3;2026-06-01;12:00;Jalapeños;5.00\n"
    )
    rows, _ = join(
        {
            "1.csv": MAY.encode("utf-8-sig"),
            "2.csv": spanish.encode("cp1252"),
            "3.tsv": JUNE.replace("3,", "5,", 1).replace(",", "\t").encode("utf-16"),
            "4.csv.gz": gzip.compress(JUNE.replace("3,", "4,", 1).encode()),
        }
    )
    assert [row[3] for row in rows] == ["Item", "Soup", "Tea", "Jalapeños", "Soup", "Soup"]
    assert [row[0] for row in rows[1:]] == ["1", "2", "3", "5", "4"]


def test_a_blank_row_and_a_broken_one_keep_their_places() -> None:
    may = MAY.replace("2,2026", '\n"9,2026-05-02,12:00,Tea,2.00\n2,2026')
    with unpack(io.BytesIO(pack({"a.csv": may, "b.csv": JUNE})), US) as table:
        reading = decide_reading(table.file, US)
        rows = dict(read_lines(table.file, reading, NOW))
    assert {at for at, line in rows.items() if isinstance(line, SaleLine)} == {2, 5, 6}
    assert isinstance(rows[4], list)
    assert [each.code for each in rows[4]] == ["cells_missing"]


def test_many_files_are_told_in_short() -> None:
    members = {
        f"{day:02}.csv": HEADER + f"{day},2026-05-{day:02},12:00,Soup,1.00\n"
        for day in range(1, 31)
    }
    _, (said,) = join(dict(members))
    assert said.decided.count("rows") == 20
    assert said.decided.endswith("and 10 more in the order of their names")


def test_other_reports_of_a_nightly_folder_are_left_out_by_name() -> None:
    with (CORPUS / "toast_nightly.zip").open("rb") as stored, unpack(stored, US) as table:
        told = {each.decided: each.because for each in table.conclusions if each.what == "left out"}
    assert set(told) == {
        "the file “20261008/OrderDetails.csv”",
        "the file “20261009/OrderDetails.csv”",
    }
    assert all("Toast, Order Details" in because for because in told.values())


def test_lists_of_orders_alone_are_joined_and_beside_lines_left_out_to_be_sent_by_themselves() -> (
    None
):
    orders = (CORPUS / "toast_order_details.csv").read_text(encoding="utf-8")
    header, first, second, *_ = orders.splitlines(keepends=True)
    rows, _ = join({"1.csv": header + first, "2.csv": header + first + second})
    assert [row[1][-3:] if row else None for row in rows[1:]] == ["101", None, "102"]
    lines = (CORPUS / "toast_items_32.csv").read_bytes()
    rows, [said] = join({"OrderDetails.csv": orders, "Items.csv": lines})
    assert len(rows) == 6
    assert said.decided == "the file “OrderDetails.csv”"
    assert "Upload it by itself" in said.because


def test_a_list_that_only_looks_like_sales_is_left_out_beside_a_report_that_is_known() -> None:
    toast = (CORPUS / "toast_items_15.csv").read_bytes()
    rows, said = join({"ItemSelectionDetails.csv": toast, "KitchenDetails.csv": MAY})
    assert len(rows) == 3
    assert [(each.what, each.decided) for each in said] == [
        ("left out", "the file “KitchenDetails.csv”")
    ]


def test_an_empty_file_is_left_out_and_one_without_sales_adds_none() -> None:
    rows, said = join({"1.csv": MAY, "2.csv": "", "3.csv": HEADER})
    assert len(rows) == 3
    assert {each.decided for each in said} == {"“1.csv” is rows 2 to 3", "the file “2.csv”"}


def test_the_same_file_twice_counts_once() -> None:
    rows, said = join({"may.csv": MAY, "may (1).csv": MAY})
    assert len(rows) == 3
    assert [each.because for each in said] == ["It is the same file as “may (1).csv”."]


def test_an_order_in_two_files_counts_once_where_its_lines_are_the_same() -> None:
    later = HEADER + "2,2026-05-02,12:00,Tea,2.00\n" + JUNE.removeprefix(HEADER)
    rows, said = join({"may.csv": MAY, "may-june.csv": later})
    # “may-june” comes first by its name, so that the order is taken from there.
    assert [row[0] if row else None for row in rows[1:]] == ["2", "3", "1", None]
    assert ("counted once", "orders of “may.csv”: 1") in {
        (each.what, each.decided) for each in said
    }


def test_a_line_without_an_order_number_in_two_files_counts_as_often_as_in_one() -> None:
    header, soup, tea = "Date,Time,Item,Net sales\n", "2026-05-01,12:00,Soup,4.50\n", "2026-05-02,12:00,Tea,2.00\n"  # fmt: skip
    rows, _ = join({"a.csv": header + soup * 2 + tea, "b.csv": header + soup * 2})
    assert [row[2] if row else None for row in rows[1:]] == ["Soup", "Soup", "Tea", None, None]
    members: dict[str, bytes | str] = {"a.csv": header + soup * 2, "b.csv": header + tea + soup}
    assert refusal(members).problem.code == "archive_overlaps"


def test_a_number_that_restarts_every_day_is_another_order() -> None:
    rows, _ = join({"may.csv": MAY, "june.csv": JUNE.replace("3,", "1,")})
    assert [row[0] for row in rows[1:]] == ["1", "1", "2"]


@pytest.mark.parametrize(
    ("members", "code"),
    [
        ({"may.csv": MAY, "new.csv": MAY.replace("4.50", "4.00")}, "archive_overlaps"),
        ({"may.csv": MAY, "june.csv": JUNE.replace("Time", "Hour of day,Time").replace("12", "1,12", 1)}, "archive_of_different_tables"),
        ({"a.csv": "x,y\n1,2\n", "b.csv": "x,y\n3,4\n"}, "archive_of_several"),
        ({"a.csv": "", "b.csv": ""}, "archive_of_several"),
    ],
)  # fmt: skip
def test_what_cannot_be_joined_is_refused(members: dict[str, bytes | str], code: str) -> None:
    assert refusal(members).problem.code == code


def test_tables_of_two_tills_are_to_be_sent_one_by_one() -> None:
    names = ("toast_items_32.csv", "square_items_35.csv")
    problem = refusal({name: (CORPUS / name).read_bytes() for name in names}).problem
    assert problem.code == "archive_of_different_tables"
    assert "Toast, Item Selection Details" in problem.detail
    assert "Square, Items Detail" in problem.detail
    assert "one by one" in problem.detail


def test_a_folder_of_wrong_reports_is_refused_with_the_right_one() -> None:
    names = ("toast_product_mix.csv", "loyverse_item_summary.csv")
    problem = refusal({name: (CORPUS / name).read_bytes() for name in names}).problem
    assert (problem.code, problem.right_report) == ("wrong_report", "Receipts by item")


def test_more_files_than_can_be_open_at_once_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(joining, "MAX_PARTS", 3)
    days: dict[str, bytes | str] = {
        f"{day}.csv": HEADER + f"{day},2026-05-0{day},12:00,Soup,1.00\n" for day in range(1, 5)
    }
    assert refusal(days).problem.code == "archive_of_too_many"
    # Those without sales are closed at once.
    others: dict[str, bytes | str] = {f"report {day}.csv": "x,y\n1,2\n" for day in range(9)}
    assert len(join(others | {"1.csv": MAY, "2.csv": JUNE})[0]) == 4


def test_inspect_says_what_was_joined(tmp_path: Path) -> None:
    file, said = tmp_path / "sales.zip", list[str]()
    file.write_bytes(pack({"may.csv": MAY, "june.csv": JUNE}))
    assert inspect_file(file, US, say=said.append) == 0
    assert said[0].startswith("joined: “june.csv” is rows 2 to 2; “may.csv” is rows 3 to 4")
    assert "3 lines, 11.50 USD" in said


async def test_refused_rows_of_a_joined_zip_come_back_as_one_table(owner: Owner) -> None:
    upload = await owner.upload(pack({"may.csv": MAY.replace("4.50", "free"), "june.csv": JUNE}))
    assert upload["report"]["net_minor"] == 700
    assert upload["report"]["conclusions"][0]["what"] == "joined"
    answer = await owner.client.get(f"/api/data/uploads/{upload['id']}/rejected-rows.csv")
    assert "3,This is not an amount." in answer.text
