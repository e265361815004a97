"""From bytes to records: the encoding, the delimiter, and rows numbered as a spreadsheet does.

A row whose quotation marks go wrong is a broken record of its own; it never takes the rows below it
along. Sources: RFC 4180 for quoting; byte order marks by the Unicode Standard, section 2.13.
"""

import codecs
import contextlib
import csv
import io
from collections import Counter, deque
from collections.abc import Callable, Iterator, Sized
from dataclasses import dataclass
from itertools import count, islice
from typing import BinaryIO, TypeVar

from flux.ingestion.phrases import PhraseCode, say
from flux.ingestion.report import Conclusion, refuse

SAMPLE_BYTES = 64 * 1024
MAX_CELL_CHARS = 128 * 1024
MAX_LINE_CHARS = 1024 * 1024
MAX_BROKEN = 100
_SAMPLE_ROWS = 50
_CAREFUL_ROWS = 5_000
# A cell does not run over more lines than that.
_CUTS_TRIED = 1_000
DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "vertical bar"}
_BOMS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
_OTHER_FILES = {
    b"PK\x03\x04": "an Excel workbook",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook",
    b"%PDF": "a PDF",
    b"\x1f\x8b": "a gzip archive",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"<!DOCTYPE": "a web page",
    b"<html": "a web page",
    b"<?xml": "an XML file",
}


P = TypeVar("P", bound=Sized)


@dataclass(frozen=True)
class Record:
    """One record of the file. `row_number` is the line a spreadsheet shows it in; the first is 1.

    A broken one could not be split into cells; it has none.
    """

    row_number: int
    cells: list[str]
    is_broken: bool = False


@dataclass(frozen=True)
class Rows:
    """Consecutive records: the number of the first row, and the cells of each, empty for a blank row.

    `is_broken` has the numbers of rows that could not be split into cells.
    """

    first_row: int
    cells: list[list[str]]
    is_broken: frozenset[int] = frozenset()

    def __len__(self) -> int:
        return len(self.cells)

    def records(self) -> Iterator[Record]:
        """The records one by one, without the blank ones."""
        for row_number, cells in enumerate(self.cells, start=self.first_row):
            if row_number in self.is_broken:
                yield Record(row_number, [], is_broken=True)
            elif any(map(str.strip, cells)):
                yield Record(row_number, cells)


@dataclass(frozen=True)
class Decoding:
    """How to turn the file's bytes into records; `width` is how many cells most of the first have."""

    encoding: str
    delimiter: str
    width: int

    def conclusions(self) -> list[Conclusion]:
        return [
            Conclusion(
                what="text",
                decided=say(PhraseCode.TEXT, self.encoding, DELIMITERS[self.delimiter]),
                because=say(PhraseCode.TEXT_FITS),
            )
        ]


def decide_decoding(file: BinaryIO) -> Decoding:
    """How the whole file is to be read; leaves it at its start.

    Raises `FileRefusedError` for what is no delimited text: empty, binary, or in no known encoding.
    """
    head = file.read(SAMPLE_BYTES)
    file.seek(0)
    if not head.strip(b"\xef\xbb\xbf\xff\xfe\r\n\t \0"):
        raise refuse("file_empty", "The file is empty. Export it from your till again.")
    for magic, kind in _OTHER_FILES.items():
        if head.startswith(magic):
            raise refuse(
                "not_a_csv",
                f"This is {kind}, not a CSV file. In your till choose to export as CSV.",
            )
    encoding = next((name for bom, name in _BOMS.items() if head.startswith(bom)), None)
    encoding = encoding or _find_utf_16(head)
    if encoding is None:
        encoding = "utf-8" if _is_all(file, "utf-8") else "cp1252"
    if encoding != "utf-8" and not _is_all(file, encoding):
        raise refuse(
            "encoding_unknown",
            "The text of this file cannot be read. Export or save it as “CSV UTF-8”.",
        )
    sample = codecs.getincrementaldecoder(encoding)().decode(head)
    delimiter, width = _decide_delimiter(sample)
    return Decoding(encoding, delimiter, width)


def read_records(file: BinaryIO, decoding: Decoding) -> Iterator[Record]:
    """The records from the file's start, one by one; blank ones are counted but left out.

    Raises as `read_parts` does.
    """
    for rows in read_parts(file, decoding, split_rows, SAMPLE_BYTES):
        yield from rows.records()


def read_parts(
    file: BinaryIO,
    decoding: Decoding,
    split: Callable[[str, Decoding, int], P | None],
    part_chars: int,
) -> Iterator[P | Rows]:
    """All records from the file's start, many at a time. Memory is bounded by a part.

    Parts are cut where a record seems to end; `split` takes the text of one and the number of its first
    row, and gives `None` where it does not come out even. There a quotation mark went wrong: from there on
    records are read one by one. Raises `FileRefusedError` where a line is too long to be a row, or more
    than `MAX_BROKEN` rows are broken.
    """
    file.seek(0)
    text = io.TextIOWrapper(file, encoding=decoding.encoding, newline="")
    row_number, kept = 1, ""
    try:
        while read := text.read(part_chars):
            kept += read
            cut = _find_cut(kept)
            part = split(kept[:cut], decoding, row_number) if cut else None
            if part is None:
                break
            yield part
            row_number, kept = row_number + len(part), kept[cut:]
        yield from _read_carefully(_Lines(kept, text), decoding, row_number)
    finally:
        # A reader that is left halfway may be closed after its file.
        with contextlib.suppress(ValueError):
            text.detach()


def _find_cut(text: str) -> int:
    """Behind the last line that no open quotation mark seems to run over; 0 if there is none."""
    cut = text.rfind("\n") + 1
    quotes = text.count('"', 0, cut)
    for _ in range(_CUTS_TRIED):
        if not quotes % 2:
            return cut
        cut, end = text.rfind("\n", 0, cut - 1) + 1, cut
        quotes -= text.count('"', cut, end)
    return 0


def split_rows(text: str, decoding: Decoding, first_row: int) -> Rows | None:
    """The cells of whole records, or `None` where their quotation marks do not come out even."""
    lines = io.StringIO(text, newline="")
    try:
        rows = list(csv.reader(lines, delimiter=decoding.delimiter, strict=True))
    except csv.Error:
        return None
    if '"' in text and len(rows) != text.count("\n"):
        swallowing = (row for row in rows if any("\n" in cell or "\r" in cell for cell in row))
        if any(_swallows_rows(row, decoding) for row in swallowing):
            return None
    return Rows(first_row, rows)


def _read_carefully(lines: "_Lines", decoding: Decoding, row_number: int) -> Iterator[Rows]:
    reader = csv.reader(lines, delimiter=decoding.delimiter, strict=True)
    rows: list[list[str]] = []
    is_broken: set[int] = set()
    broken = 0
    for number in count(row_number):
        lines.taken.clear()
        lines.taken_chars = 0
        try:
            cells = next(reader)
            swallows = len(lines.taken) > 1 and _swallows_rows(cells, decoding)
        except StopIteration:
            break
        except csv.Error:
            cells, swallows = [], True
        if swallows:
            broken += 1
            _check_broken(broken)
            lines.give_back_all_but_first()
            is_broken.add(number)
            cells = []
        rows.append(cells)
        if len(rows) == _CAREFUL_ROWS:
            yield Rows(row_number, rows, frozenset(is_broken))
            row_number, rows, is_broken = number + 1, [], set()
    yield Rows(row_number, rows, frozenset(is_broken))


class _Lines:
    """The lines of a text behind what was read of it, of which those of the current record can be given back."""

    def __init__(self, kept: str, text: io.TextIOWrapper) -> None:
        self._kept = io.StringIO(kept, newline="")
        self._kept_chars = len(kept)
        self._text = text
        self._returned: deque[str] = deque()
        self.taken: list[str] = []
        self.taken_chars = 0

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        line = self._returned.popleft() if self._returned else self._read()
        if not line:
            raise StopIteration
        if len(line) >= MAX_LINE_CHARS:
            raise refuse(
                "line_too_long",
                "A line in this file is far longer than a row of sales. Export it as CSV from your till again.",
            )
        self.taken.append(line)
        self.taken_chars += len(line)
        if self.taken_chars > MAX_LINE_CHARS:
            raise csv.Error("the record never ends")
        return line

    def _read(self) -> str:
        line = self._kept.readline(MAX_LINE_CHARS)
        if line.endswith("\n") or len(line) == MAX_LINE_CHARS:
            return line
        if not line.endswith("\r"):
            # What was kept ends in the middle of it.
            return line + self._text.readline(MAX_LINE_CHARS - len(line))
        if self._kept.tell() < self._kept_chars:
            return line
        # What was kept ends in the sign that ends a line, or between the two that do.
        after = self._text.read(1)
        if after == "\n":
            return line + after
        self._kept, self._kept_chars = io.StringIO(after, newline=""), len(after)
        return line

    def give_back_all_but_first(self) -> None:
        self._returned.extendleft(reversed(self.taken[1:]))


def _swallows_rows(cells: list[str], decoding: Decoding) -> bool:
    """Whether a stray quotation mark made one record of several rows.

    A cell over several lines is nothing unusual, but one that has a row's number of delimiters is a
    row that lost its place, and so is what leaves its own row with a cell too many or too few.
    """
    return len(cells) != decoding.width or any(
        "\n" in cell.replace("\r", "\n") and cell.count(decoding.delimiter) >= decoding.width - 1
        for cell in cells
    )


def _check_broken(broken: int) -> None:
    if broken > MAX_BROKEN:
        raise refuse(
            "quotes_broken",
            f"More than {MAX_BROKEN} rows have a quotation mark that is never closed. Export the file from your till"
            " again.",
        )


def _find_utf_16(head: bytes) -> str | None:
    """UTF-16 without a byte order mark, seen by every second byte of plain text being zero."""
    half = len(head) // 2
    if half > 1 and head[1::2].count(0) > 0.8 * half and b"\0" not in head[0::2]:
        return "utf-16-le"
    if half > 1 and head[0::2].count(0) > 0.8 * half and b"\0" not in head[1::2]:
        return "utf-16-be"
    return None


def _is_all(file: BinaryIO, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        while chunk := file.read(1024 * 1024):
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    finally:
        file.seek(0)
    return True


def _decide_delimiter(sample: str) -> tuple[str, int]:
    """The delimiter that splits most of the first rows into the same number of columns, above one."""
    best, best_score = ",", (0, 1)
    for delimiter in DELIMITERS:
        reader = csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter)
        widths = [len(row) for row in islice(filter(any, reader), _SAMPLE_ROWS)]
        split = Counter(width for width in widths if width > 1)
        # The header counts: it has no decimal commas.
        for width, rows in split.items():
            if (rows, width) > best_score:
                best, best_score = delimiter, (rows, width)
    return best, best_score[1]


csv.field_size_limit(MAX_CELL_CHARS)
