"""Many rows at once, as columns of texts.

What a part of a file splits into is what `decode.py` says; where nothing in a part is unusual, Polars
splits it in a fraction of the time.
"""

import csv
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import repeat
from typing import Any, BinaryIO

import polars as pl

from flux.ingestion.decode import (
    MAX_CELL_CHARS,
    Decoding,
    Record,
    Rows,
    read_parts,
    split_rows,
)

# What is read at once. Twice as much saves 3 % of the time and takes 60 MB more.
BLOCK_CHARS = 1024 * 1024
ROW = "row"
_QUOTED = '"[^"]*"'


@dataclass(frozen=True)
class Block:
    """Consecutive rows, `height` of them, from `first_row` as a spreadsheet numbers them.

    Those that have as many cells as the file has columns stand in `plain`: a column of texts for each
    cell, named by its place ("0", "1", ...), none of them null, and `row`, the row's number. All others
    stand in `odd` by their numbers: blank ones, which have no cell, ragged ones, and those of `is_broken`,
    which could not be split into cells.
    """

    first_row: int
    height: int
    plain: pl.DataFrame
    odd: Mapping[int, list[str]] = field(default_factory=dict)
    is_broken: frozenset[int] = frozenset()

    def __len__(self) -> int:
        return self.height

    def below(self, row_number: int) -> "Block":
        """The rows below that one."""
        over = min(self.height, row_number + 1 - self.first_row)
        if over <= 0:
            return self
        return Block(
            self.first_row + over,
            self.height - over,
            self.plain.filter(pl.col(ROW) > row_number),
            {number: cells for number, cells in self.odd.items() if number > row_number},
            self.is_broken,
        )

    def records(self) -> Iterator[Record]:
        """The records one by one, without the blank ones."""
        cells = self.plain.select(name for name in self.plain.columns if name.isdecimal())
        plain = dict(zip(self.plain[ROW], cells.iter_rows(), strict=True))
        for number in range(self.first_row, self.first_row + self.height):
            row = list(plain[number]) if number in plain else self.odd[number]
            is_broken = number in self.is_broken
            if is_broken or any(map(str.strip, row)):
                yield Record(number, row, is_broken=is_broken)


def read_blocks(file: BinaryIO, decoding: Decoding) -> Iterator[Block]:
    """All rows from the file's start; raises as `read_parts` does."""
    for part in read_parts(file, decoding, _split_block, BLOCK_CHARS):
        yield part if isinstance(part, Block) else _arrange(part, decoding.width)


def make_frame(rows: Mapping[int, Sequence[str]], width: int) -> pl.DataFrame:
    """Rows of that many cells, by their numbers, as `Block.plain` has them."""
    columns = zip(*rows.values(), strict=True) if rows else repeat((), width)
    cells = {str(at): pl.Series(each, dtype=pl.String) for at, each in enumerate(columns)}
    return pl.DataFrame({ROW: pl.Series(list(rows), dtype=pl.Int64), **cells})


def begins_otherwise(cells: pl.Series) -> pl.Series:
    """Whether the texts begin with anything but a digit, as few do that are no words."""
    return (cells < "0") | (cells >= ":")


def ask_once(
    frame: pl.DataFrame,
    columns: Sequence[str],
    answer: Callable[[Any], tuple[Any, ...] | None],
    schema: pl.Schema,
) -> pl.DataFrame:
    """The frame with the columns of `schema`: what is answered to each row's cells, null for `None`.

    Rows of which the cells are equal are asked about together.
    """
    different = frame.select(columns).unique()
    nothing = (None,) * len(schema)
    answers = [answer(cells) or nothing for cells in different.iter_rows()]
    # Told apart by their names, where there are as many answers as columns.
    told_in = zip(schema, zip(*answers, strict=True), strict=True) if answers else ()
    told = pl.DataFrame(dict(told_in), schema=schema)
    return frame.join(different.hstack(told), on=list(columns), how="left", maintain_order="left")


def _arrange(rows: Rows, width: int) -> Block:
    numbered = dict(enumerate(rows.cells, start=rows.first_row))
    odd = {number: cells for number, cells in numbered.items() if len(cells) != width}
    plain = {number: cells for number, cells in numbered.items() if number not in odd}
    return Block(rows.first_row, len(rows), make_frame(plain, width), odd, rows.is_broken)


def _split_block(text: str, decoding: Decoding, first_row: int) -> Block | None:
    block = _split_usual(text, decoding, first_row)
    if block is not None:
        return block
    rows = split_rows(text, decoding, first_row)
    return None if rows is None else _arrange(rows, decoding.width)


def _split_usual(text: str, decoding: Decoding, first_row: int) -> Block | None:
    """The block, if each line of the text is a row, and quotation marks stand around whole cells alone."""
    delimiter, width = decoding.delimiter, decoding.width
    if width < 2 or "\0" in text:
        return None
    if "\r" in text:
        if text.count("\r") != text.count("\r\n"):
            return None
        text = text.replace("\r\n", "\n")
    height, delimiters = text.count("\n"), text.count(delimiter)
    if '"' in text:
        inside = _find_quoted(text, delimiter)
        if inside is None:
            return None
        delimiters -= inside.count(delimiter)
    frame, is_even = _read_csv(text, decoding), delimiters == height * (width - 1)
    if frame is None:
        # A row with more cells than it should have; without any, the sum shows whether one has less.
        frame, is_even = _read_csv(text, decoding, truncate_ragged_lines=True), False
    if frame is None:
        return None
    longest = frame.select(pl.max_horizontal(pl.all().str.len_bytes().max())).item()
    if frame.height != height or longest > MAX_CELL_CHARS:
        return None
    frame = frame.select(pl.int_range(first_row, first_row + height).alias(ROW), pl.all())
    if is_even:
        return Block(first_row, height, frame)
    lines = text.split("\n")[:-1]
    counted = (
        pl.Series(lines).str.replace_all(_QUOTED, "").str.count_matches(delimiter, literal=True)
    )
    is_plain = counted == width - 1
    odd = frame.filter(~is_plain)[ROW].to_list()
    cells = csv.reader([lines[number - first_row] for number in odd], delimiter=delimiter)
    return Block(first_row, height, frame.filter(is_plain), dict(zip(odd, cells, strict=True)))


def _read_csv(
    text: str, decoding: Decoding, *, truncate_ragged_lines: bool = False
) -> pl.DataFrame | None:
    try:
        return pl.read_csv(
            text.encode(),
            has_header=False,
            schema={str(at): pl.String for at in range(decoding.width)},
            separator=decoding.delimiter,
            empty_string_is_null=False,
            truncate_ragged_lines=truncate_ragged_lines,
        )
    except pl.exceptions.PolarsError:
        return None


def _find_quoted(text: str, delimiter: str) -> str | None:
    """All that stands between quotation marks; `None` if one of them is not at the edge of a cell of one line."""
    pieces = text.split('"')
    allowed = {delimiter, "\n"}
    edges = {edge for piece in pieces[2:-1:2] for edge in (piece[:1], piece[-1:])}
    edges |= {pieces[0][-1:] or "\n", pieces[-1][:1]}
    inside = "".join(pieces[1::2])
    return inside if len(pieces) % 2 and edges <= allowed and "\n" not in inside else None
