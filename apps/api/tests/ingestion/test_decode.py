"""Bytes become rows that a spreadsheet would number the same, whatever the file went through before."""

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flux.ingestion.decode import (
    MAX_BROKEN,
    MAX_CELL_CHARS,
    MAX_LINE_CHARS,
    decide_decoding,
    read_records,
)
from flux.ingestion.report import FileRefusedError

ROWS = "Item,Price,Note\nCafé,4.50,a\nTea,2.00,b\nSoup,3.00,c\n"


def read(content: bytes) -> list[tuple[int, list[str]]]:
    """Row numbers and cells; a broken row has no cells."""
    file = io.BytesIO(content)
    decoding = decide_decoding(file)
    return [(each.row_number, each.cells) for each in read_records(file, decoding)]


def refusal(content: bytes) -> str:
    with pytest.raises(FileRefusedError) as caught:
        read(content)
    return caught.value.problem.code


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"]
)
def test_text_is_read_in_every_encoding_that_tills_write(encoding: str) -> None:
    rows = read(ROWS.encode(encoding))
    assert rows[0] == (1, ["Item", "Price", "Note"])
    assert rows[1] == (2, ["Café", "4.50", "a"])


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found(delimiter: str) -> None:
    assert read(ROWS.replace(",", delimiter).encode())[2] == (3, ["Tea", "2.00", "b"])


@pytest.mark.parametrize("rows", [1, 8, 200])
def test_decimal_commas_and_commas_in_dates_do_not_pass_for_delimiters(rows: int) -> None:
    content = "Date;Item;Price\n" + "24.03.2026, 12:32;Soup;4,50\n" * rows
    assert read(content.encode())[1] == (2, ["24.03.2026, 12:32", "Soup", "4,50"])


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_blank_lines_are_counted_but_left_out(end: str) -> None:
    content = end.join(["Item,Price", "", "Tea,2.00", ",", "Soup,3.00", ""])
    assert [number for number, _ in read(content.encode())] == [1, 3, 5]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_line_ends_in_quotes_are_part_of_the_cell(end: str) -> None:
    content = ROWS + f'Pie,5.00,"no onions,{end}extra hot"\nCake,1.00,x\n'
    assert read(content.encode())[4:] == [
        (5, ["Pie", "5.00", f"no onions,{end}extra hot"]),
        (6, ["Cake", "1.00", "x"]),
    ]


@pytest.mark.parametrize(
    "broken",
    [
        'Pie,5.00,"never closed',
        '"Pie,5.00,x',
        'Pie,"5.00,x',
        'Pie,5.00,"a"b',
        'Pie,5.00,"' + "x" * (MAX_CELL_CHARS + 1) + '"',
        "Pie,5.00," + "x" * (MAX_CELL_CHARS + 1),
    ],
)
@pytest.mark.parametrize("after", ["Cake,1.00,x\n", 'Cake,1.00,"x"\n', 'Cake,1.00,x"\n', ""])
def test_a_broken_row_takes_no_other_row_along(broken: str, after: str) -> None:
    rows = read((ROWS + broken + "\n" + after).encode())
    assert rows[4] == (5, [])
    assert [cells[0] for _, cells in rows[5:]] == (["Cake"] if after else [])


def test_a_quotation_mark_within_a_cell_is_only_an_inch() -> None:
    assert read((ROWS + '12" Pizza,5.00,x\n').encode())[4] == (5, ['12" Pizza', "5.00", "x"])


def test_nul_characters_stay_in_their_cell() -> None:
    assert read((ROWS + "a\0b,5.00,x\n").encode())[4] == (5, ["a\0b", "5.00", "x"])


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file_empty"),
        (b"\n \r\n\t", "file_empty"),
        (b"\xef\xbb\xbf", "file_empty"),
        (b"\xff\xfe", "file_empty"),
        (b"PK\x03\x04 and more", "not_a_csv"),
        (b"%PDF-1.7", "not_a_csv"),
        (b"\x1f\x8b\x08", "not_a_csv"),
        (b"<!DOCTYPE html>", "not_a_csv"),
        (b"Item,Price\nCaf\x81,1\n", "encoding_unknown"),
        ("Item,Price\n".encode("utf-16") + b"x", "encoding_unknown"),
        (b"a," * MAX_LINE_CHARS, "line_too_long"),
        (ROWS.encode() + b"x" * (3 * MAX_LINE_CHARS), "line_too_long"),
        (ROWS.encode() + b'Pie,5.00,"x\n' * (2 * MAX_BROKEN + 2), "quotes_broken"),
    ],
)
def test_what_is_no_list_of_rows_is_refused(content: bytes, code: str) -> None:
    assert refusal(content) == code


def test_reading_can_be_left_halfway_and_begun_again() -> None:
    file = io.BytesIO(ROWS.encode())
    decoding = decide_decoding(file)
    first = read_records(file, decoding)
    next(first)
    assert len(list(read_records(file, decoding))) == 4
    file.close()
    first.close()  # type: ignore[attr-defined]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(st.text(max_size=8), min_size=3, max_size=3), min_size=3, max_size=12))
def test_well_written_rows_come_back_as_they_were(rows: list[list[str]]) -> None:
    quoted = [",".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows]
    content = "Item,Price,Note\n" + "\n".join(quoted)
    result = [cells for _, cells in read(content.encode("utf-8", "replace"))][1:]
    expected = [[cell.encode("utf-8", "replace").decode() for cell in row] for row in rows]
    for cells in result:
        # A cell that looks like a swallowed row may be called broken, but is never changed.
        assert not cells or cells in expected or len(cells) != 3
