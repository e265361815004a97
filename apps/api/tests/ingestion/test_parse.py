"""Every row of a file is a sale or a refusal with a reason, and no bytes at all break the reading."""

import io
from collections import Counter
from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flux.ingestion.meaning import TOTALS, Treatment
from flux.ingestion.parse import MAX_VALUE_CHARS, Rejection, read_lines
from flux.ingestion.report import FileRefusedError
from flux.ingestion.restaurant import Restaurant
from flux.ingestion.sale_line import SaleLine
from flux.ingestion.understand import decide_reading

HEADER = "Order ID,Date,Time,Item,Quantity,Net sales"
GOOD = "1,2026-05-01,12:00,Soup,1,4.50"
NOW = datetime(2026, 6, 1, tzinfo=UTC)
OWNERS = Restaurant(ZoneInfo("America/New_York"), "US", "USD", time(4))


def parse(content: str | bytes) -> list[tuple[int, SaleLine | list[Rejection] | Treatment]]:
    file = io.BytesIO(content.encode() if isinstance(content, str) else content)
    return list(read_lines(file, decide_reading(file, OWNERS), NOW))


def reasons(content: str) -> dict[int, list[tuple[str | None, str | None, str]]]:
    return {
        number: [(each.column, each.value, each.code) for each in line]
        for number, line in parse(content)
        if isinstance(line, list)
    }


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("1,2026-05-01,12:00,Soup,1", (None, None, "cells_missing")),
        (GOOD + ",x", (None, None, "cells_too_many")),
        ('1,2026-05-01,12:00,"Soup,1,4.50', (None, None, "quotes_broken")),
        ("1,2026-05-01,23:59,Total,2,9.00", (None, None, "totals_row")),
        ("Grand total:,2026-05-01,23:59,all,2,9.00", (None, None, "totals_row")),
        ("1,2026-02-30,12:00,Soup,1,4.50", ("Date", "2026-02-30", "date_unreadable")),
        ("1,,12:00,Soup,1,4.50", ("Date", "", "date_missing")),
        ("1,2026-05-01,,Soup,1,4.50", ("Time", "", "time_missing")),
        ("1,2026-05-01,24:00,Soup,1,4.50", ("Time", "24:00", "time_unreadable")),
        ("1,2026-05-01 13:00,12:00,Soup,1,4.50", ("Time", "12:00", "times_differ")),
        ("1,2026-05-01,12:00,So\0up,1,4.50", ("Item", "So\ufffdup", "text_unreadable")),
        ("1,2026-05-01,12:00,Soup,UNKNOWN,4.50", ("Quantity", "UNKNOWN", "quantity_unreadable")),
        ("1,2026-05-01,12:00,Soup,1,ERROR", ("Net sales", "ERROR", "amount_unreadable")),
    ],
)
def test_a_refused_row_is_named_and_the_others_are_counted(
    row: str, expected: tuple[str | None, str | None, str]
) -> None:
    content = "\n".join([HEADER, *[GOOD] * 30, row, "", GOOD])
    assert reasons(content) == {32: [expected]}
    assert sum(isinstance(line, SaleLine) for _, line in parse(content)) == 31


@pytest.mark.parametrize(
    "row",
    [
        ",,,Total,2,9.00",
        ",,,Gesamtsumme,2,9.00",
        ",,,TOTALE,2,9.00",
        "Total,9.00",
        ",Total:,,,2,9.00",
    ],
)
def test_a_total_at_the_foot_is_left_out_and_nothing_to_mend(row: str) -> None:
    lines = dict(parse("\n".join([HEADER, *[GOOD] * 30, row])))
    assert lines.pop(32) == TOTALS
    assert all(isinstance(line, SaleLine) for line in lines.values())


def test_a_long_cell_is_shown_in_part() -> None:
    content = "\n".join([HEADER, GOOD, "1,2026-05-01,12:00," + "x" * 5000 + ",1,4.50"])
    [(_, value, code)] = reasons(content)[3]
    assert code == "text_too_long"
    assert value == "x" * MAX_VALUE_CHARS


def test_a_stray_quotation_mark_does_not_join_two_sales() -> None:
    rows = ['2,2026-05-01,12:00,"Soup,1,4.50', '3,2026-05-01,12:00,Tea",1,2.00', GOOD]
    lines = dict(parse("\n".join([HEADER, GOOD, *rows])))
    assert [isinstance(lines[number], SaleLine) for number in (2, 3, 4, 5)] == [
        True, False, True, True,
    ]  # fmt: skip


def test_dirty_cells_are_refused_and_not_made_up() -> None:
    header = "Transaction ID,Item,Quantity,Price Per Unit,Total Spent,Transaction Date"
    rows = [
        "1,Coffee,2,2.0,4.0,2026-05-01 09:00",
        "2,Cake,ERROR,3.0,3.0,2026-05-01 09:05",
        "3,UNKNOWN,1,UNKNOWN,1.5,2026-05-01 09:05",
        "4,Tea,1,1.5,1.5,ERROR",
    ]
    lines = [line for _, line in parse("\n".join([header, *rows]))]
    assert [isinstance(line, SaleLine) for line in lines] == [True, False, False, False]
    assert isinstance(lines[0], SaleLine)
    assert lines[0].net_minor == 400


def test_a_takeaways_export_is_read_with_its_unit_price_and_days_first() -> None:
    content = (
        "invoice,Order Date,description,Quantity,Product Price,Total products,City\n"
        "1,31/7/19 18:30,Naan,2,2.95,6,York\n"
        "1,31/7/19 18:30,Rice,1,3.95,6,York\n"
    )
    lines = [line for _, line in parse(content)]
    assert [line.net_minor for line in lines if isinstance(line, SaleLine)] == [590, 395]


CELLS = st.one_of(
    st.sampled_from(
        ["1", "2", "-1", "4.50", "4,50", "1,234", "2026-05-01", "5/1/2026", "12:00", "Soup", "Total",
         "", " ", "$3", "(2.00)", "NaN", "Infinity", "1e9", "0", "Refund", "x" * 400]
    ),
    st.text(max_size=6),
)  # fmt: skip


@settings(max_examples=120, deadline=None)
@given(st.lists(st.lists(CELLS, min_size=1, max_size=8), max_size=15))
def test_rows_are_accepted_or_refused_and_never_lost(rows: list[list[str]]) -> None:
    quoted = [",".join('"' + cell.replace('"', "'") + '"' for cell in row) for row in rows]
    content = "\n".join([HEADER, *[GOOD] * 5, *quoted]).encode("utf-8", "replace")
    try:
        numbers = [number for number, _ in parse(content)]
    except FileRefusedError:
        return
    assert len(numbers) == len(set(numbers))
    lines = Counter(
        "blank" if not any(each.strip() for each in row) else "told"
        for row in rows
        if not any(sign in cell for cell in row for sign in "\r\n")
    )
    assert len(numbers) >= 5 + lines["told"]
    if lines.total() == len(rows):
        assert len(numbers) == 5 + lines["told"]


@settings(max_examples=150, deadline=None)
@given(
    st.one_of(
        st.binary(max_size=300),
        st.binary(max_size=80).map(lambda tail: f"{HEADER}\n{GOOD}\n".encode() + tail),
        st.text(alphabet='",;\r\n\0 12.:-/', max_size=200).map(
            lambda tail: f"{HEADER}\n{GOOD}\n{tail}".encode()
        ),
        st.text(max_size=100).map(lambda text: text.encode("utf-16", "replace")),
    )
)
def test_any_bytes_give_a_reading_or_a_refusal(content: bytes) -> None:
    try:
        lines = parse(content)
    except FileRefusedError:
        return
    for _, line in lines:
        if isinstance(line, list):
            assert line
            assert all(each.message for each in line)
            assert all("\0" not in (each.value or "") for each in line)
