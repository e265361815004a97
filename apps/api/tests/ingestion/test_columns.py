"""Reading by columns makes of every row exactly what the model makes of it."""

import io
from collections.abc import Iterator
from datetime import UTC, datetime, time
from pathlib import Path
from typing import BinaryIO
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flux.ingestion import blocks, columns
from flux.ingestion.body import read_body
from flux.ingestion.cells import DateOrder, DecimalSign
from flux.ingestion.columns import ABSENT, ColumnReader, write_line
from flux.ingestion.decode import Record
from flux.ingestion.formats import OrderReport
from flux.ingestion.meaning import PriceMeaning
from flux.ingestion.parse import Rejection, read_lines
from flux.ingestion.reading import Conventions, FileReading
from flux.ingestion.report import FileRefusedError
from flux.ingestion.restaurant import Restaurant
from flux.ingestion.sale_line import SaleLine
from flux.ingestion.understand import decide_reading
from flux.ingestion.unpack import unpack

CORPUS = sorted((Path(__file__).parent / "corpus").iterdir())
NOW = datetime(2026, 11, 1, 9, 30, tzinfo=UTC)
NEW_YORK = Restaurant(ZoneInfo("America/New_York"), "US", "USD", time(4))
OWNERS = (
    NEW_YORK,
    Restaurant(ZoneInfo("Europe/Zurich"), "CH", "CHF", time(0)),
    Restaurant(ZoneInfo("Australia/Lord_Howe"), "AU", "AUD", time(5, 30)),
    Restaurant(ZoneInfo("Asia/Kolkata"), "IN", "INR", time(3)),
)
HEADER = "Order ID,Date,Time,Item,Category,Size,Void,Quantity,Net sales"
GOOD = ["7", "2026-05-01", "12:00", "Soup", "Food", "", "", "1", "4.50"]
TEXTS = st.text(st.characters(codec="utf-8", exclude_characters='",\r\n'), max_size=8)
CELLS = {
    0: ["8", "A-1", "", " 7 ", "007", "x" * 201, "Total", "ö", "1.3E+18"],
    1: ["2026-05-02", "2026-03-08", "2026-11-01", "2026-11-02", "1999-12-31", "2000-01-01", "2026-02-30", "02/05/2026",
        "2026-05-02 13:00", "2026-05-02T13:00:59Z", "2026-05-02, 01:00", "", " 2026-05-02", "1-May-2026", "2026-5-2"],
    2: ["12:00:59", "03:59", "03:59:59", "04:00", "02:30", "01:30 AM", "1:30 EST", "23:59:60", "12:61", "12.30", "24:00", "",
        "00:00", "12:00:5", "12:00:0٣", "9:05:07 pm", "05:29:59", "05:30", "12:00+02:00", "12:00:00.123"],
    3: ["Ramen", "  Miso   soup ", "", "Total", "a\\b", "tab\tbed", "nul\0", "x" * 301, "Grand total:", "Größe"],
    4: ["Drinks", "", "\\N", "refund", "a\\"],
    5: ["large", "\\"],
    6: ["no", "yes", "0", "void", "maybe"],
    7: ["2", "-1", "0.5", "", "one", "1.0000", "1,5", "100001", "0", " 3 ", "1e3"],
    8: ["4.50", "-4.50", "$4.50", "(4.50)", "4.505", "1,234.50", "1,234", "", "free", "4,50", "-0.00", "99999999999999", "4.5"],
}  # fmt: skip
ROWS = st.lists(
    st.one_of(
        st.tuples(*(st.one_of(st.just(good), st.sampled_from(CELLS[at])) for at, good in enumerate(GOOD))).map(list),
        st.lists(TEXTS, min_size=9, max_size=9),
        st.lists(st.sampled_from([*GOOD, ""]), max_size=11),
    ),
    max_size=12,
)  # fmt: skip


@pytest.fixture(autouse=True, scope="module")
def small_blocks() -> Iterator[None]:
    """Blocks of a few rows, so that rows are in the first, the last and any other."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(blocks, "BLOCK_CHARS", 512)
        yield


def compare(file: BinaryIO, reading: FileReading) -> int:
    """How many lines both ways of reading accept; fails unless they agree on every row."""
    accepted, refused, left_out = [], {}, {}
    for row_number, line in read_lines(file, reading, NOW):
        if isinstance(line, SaleLine):
            accepted.append(write_line(row_number, line))
        elif isinstance(line, list):
            refused[row_number] = line
        else:
            left_out[row_number] = line
    reader = ColumnReader(reading, NOW)
    body = read_body(file, reading.decoding, reading.layout)
    batches = [reader.read(block) for block in body]
    lines = [
        line
        for batch in batches
        for line in batch.lines.filter(pl.col("kind") != ABSENT).iter_rows()
    ]
    assert lines == accepted
    problems = [each for batch in batches for each in batch.rejected]
    assert {each[0].row_number: each for each in problems} == refused
    assert dict(each for batch in batches for each in batch.left_out) == left_out
    return len(lines)


@pytest.mark.parametrize("path", CORPUS, ids=lambda path: path.name)
@pytest.mark.parametrize("owner", OWNERS, ids=lambda owner: owner.country)
def test_every_file_of_the_corpus_reads_the_same_both_ways(path: Path, owner: Restaurant) -> None:
    with path.open("rb") as stored:
        try:
            with unpack(stored, owner) as table:
                reading = decide_reading(table.file, owner)
                # Lists of orders have no lines.
                if not isinstance(reading.layout.report, OrderReport):
                    assert compare(table.file, reading) > 0
        except FileRefusedError:
            # Another currency, or no list of sales; `test_formats.py` says which.
            return


@settings(max_examples=400, deadline=None)
@given(ROWS, st.sampled_from(OWNERS), st.sampled_from(PriceMeaning), st.sampled_from(DecimalSign))
def test_generated_cells_read_the_same_both_ways(
    rows: list[list[str]], owner: Restaurant, meaning: PriceMeaning, sign: DecimalSign
) -> None:
    content = "\r\n".join([HEADER, ",".join(GOOD), *(write_row(row) for row in rows), ""])
    file = io.BytesIO(content.encode())
    sound = io.BytesIO(f"{HEADER}\n{','.join(GOOD)}\n".encode())
    found = decide_reading(sound, owner)
    conventions = Conventions(
        DateOrder.YEAR_FIRST, sign, found.conventions.amount, meaning, owner, found.conventions.order, "", (), ()
    )  # fmt: skip
    compare(file, FileReading(found.decoding, found.layout, conventions))


def test_a_thousand_lines_are_not_read_by_the_model_one_by_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    content = "\n".join([HEADER, *[",".join(GOOD)] * 1_000, ",".join([*GOOD[:8], "free"])])
    reading = decide_reading(io.BytesIO(content.encode()), NEW_YORK)
    asked: list[int] = []

    def note(record: Record, *_: object) -> list[Rejection]:
        asked.append(record.row_number)
        return [Rejection(record.row_number, None, None, "amount_unreadable", "")]

    monkeypatch.setattr(columns, "read_line", note)
    reader = ColumnReader(reading, NOW)
    body = read_body(io.BytesIO(content.encode()), reading.decoding, reading.layout)
    assert sum(reader.read(block).lines.height for block in body) == 1_000
    assert asked == [1_002]


def write_row(cells: list[str]) -> str:
    return ",".join(f'"{cell}"' if "," in cell else cell for cell in cells)
