"""Splitting many rows at once makes of a text exactly what splitting them one by one does."""

import io

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from flux.ingestion import blocks
from flux.ingestion.blocks import ask_once, begins_otherwise, read_blocks
from flux.ingestion.body import DATE, TIME, split_moments
from flux.ingestion.cells import split_moment
from flux.ingestion.decode import Decoding, read_records, split_rows

PIECES = st.one_of(
    st.sampled_from(["a,b,c\n", '"x, y",2,3\n', "1,2,3\r\n", '"","",""\n', "é,ü,\u2028\n"]),
    st.sampled_from([",", '"', "\n", "\r\n", "\r", '""', " ", "a", "\0", ",,\n", "a,b\n", "a,b,c,d\n", '5" pizza,1,2\n']),
)  # fmt: skip
TEXTS = st.lists(PIECES, max_size=14).map("".join)
MOMENTS = st.one_of(
    st.text(st.characters(codec="utf-8"), max_size=12),
    st.builds(
        "{}{}{}".format,
        st.sampled_from(["2026-05-01", "5/1/26", "1.5.2026", "1-May-2026", " 2026-05-01", "2026\u201105\u201101", "", "99999999999999999999"]),
        st.sampled_from([" ", "  ", "T", ", ", "", "\t", "\u00a0"]),
        st.sampled_from(["12:00", "12:00 ", " 12:00:59 PM", "12:00 EST", "12:00\u202fPM", "1\x1f2", "x" * 60, ""]),
    ),
)  # fmt: skip


@settings(max_examples=600, deadline=None)
@given(TEXTS, st.sampled_from([2, 3, 4]))
def test_a_text_that_is_split_at_once_has_the_cells_that_it_has_row_by_row(
    text: str, width: int
) -> None:
    decoding = Decoding("utf-8", ",", width)
    block = blocks._split_usual(text, decoding, 7) if text.endswith("\n") else None
    if block is not None:
        rows = split_rows(text, decoding, 7)
        assert rows is not None
        assert len(block) == len(rows)
        assert list(block.records()) == list(rows.records())
        assert all(len(cells) != width for cells in block.odd.values())


def test_plain_rows_are_split_at_once_and_only_unusual_ones_one_by_one() -> None:
    decoding = Decoding("utf-8", ",", 3)
    block = blocks._split_usual('a,b,c\r\n"1,5",2,3\n1,2\n\n1,2,3,4\nd,e,""\n', decoding, 1)
    assert block is not None
    assert block.plain.rows() == [(1, "a", "b", "c"), (2, "1,5", "2", "3"), (6, "d", "e", "")]
    assert block.odd == {3: ["1", "2"], 4: [], 5: ["1", "2", "3", "4"]}
    for unusual in ('5" pizza,1,2\n', 'a,"b""c",d\n', '"a\nb",c,d\n', "a,b,c\rd,e,f\n", "a,\0,c\n"):
        assert blocks._split_usual(unusual, decoding, 1) is None


@settings(max_examples=200, deadline=None)
@given(TEXTS, st.sampled_from([8, 64, 1024]))
def test_a_file_has_the_same_records_in_blocks_of_any_size(text: str, size: int) -> None:
    decoding = Decoding("utf-8", ",", 3)
    before, blocks.BLOCK_CHARS = blocks.BLOCK_CHARS, size
    try:
        found = [
            each
            for block in read_blocks(io.BytesIO(text.encode()), decoding)
            for each in block.records()
        ]
    finally:
        blocks.BLOCK_CHARS = before
    assert found == list(read_records(io.BytesIO(text.encode()), decoding))


@settings(max_examples=300, deadline=None)
@given(st.lists(MOMENTS, max_size=6))
def test_moments_are_split_together_as_each_is_by_itself(cells: list[str]) -> None:
    frame = pl.DataFrame({"1": pl.Series(cells, dtype=pl.String)})
    assert split_moments(frame, "1").select(DATE, TIME).rows() == list(map(split_moment, cells))


@given(st.text(max_size=3))
def test_what_begins_with_a_digit_is_told_from_what_does_not(text: str) -> None:
    assert begins_otherwise(pl.Series([text])).to_list() == [text[:1] not in tuple("0123456789")]


def test_equal_rows_are_asked_about_once_and_each_keeps_its_place() -> None:
    asked: list[tuple[str, ...]] = []

    def answer(cells: tuple[str, ...]) -> tuple[int] | None:
        asked.append(cells)
        return None if cells == ("b", "1") else (len(asked),)

    frame = pl.DataFrame({"x": ["a", "b", "a", ""], "y": ["1", "1", "1", ""]})
    found = ask_once(frame, ["x", "y"], answer, pl.Schema({"n": pl.Int64()}))
    assert sorted(asked) == [("", ""), ("a", "1"), ("b", "1")]
    assert found["n"][0] == found["n"][2] != found["n"][3]
    assert found.select("x", "y", pl.col("n").is_null()).rows() == [
        ("a", "1", False), ("b", "1", True), ("a", "1", False), ("", "", False),
    ]  # fmt: skip
    assert ask_once(frame.clear(), ["x"], answer, pl.Schema({"n": pl.Int64()})).height == 0
