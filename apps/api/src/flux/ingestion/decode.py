"""From bytes to records: the encoding, the delimiter, and rows numbered as a spreadsheet does.

Sources: RFC 4180 for quoting; byte order marks by the Unicode Standard, section 2.13.
"""

import codecs
import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from flux.ingestion.report import Conclusion, refuse

SAMPLE_BYTES = 64 * 1024
MAX_CELL_CHARS = 128 * 1024
DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "vertical bar"}
_BOMS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
_OTHER_FILES = {
    b"PK\x03\x04": "an Excel workbook or a zip",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook",
    b"%PDF": "a PDF",
    b"\x1f\x8b": "a gzip archive",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
}


@dataclass(frozen=True)
class Record:
    """One record of the file. `row_number` is the line a spreadsheet shows it in; the first is 1."""

    row_number: int
    cells: list[str]


@dataclass(frozen=True)
class Decoding:
    """How to turn the file's bytes into records."""

    encoding: str
    delimiter: str

    def conclusions(self) -> list[Conclusion]:
        return [
            Conclusion(
                what="text",
                decided=f"{self.encoding}, columns separated by {DELIMITERS[self.delimiter]}",
                because="every byte can be read that way, and the first rows split into equal columns",
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
    if encoding is None:
        encoding = "utf-8" if _is_all(file, "utf-8") else "cp1252"
    if encoding != "utf-8" and not _is_all(file, encoding):
        raise refuse(
            "encoding_unknown",
            "The text of this file cannot be read. Export or save it as “CSV UTF-8”.",
        )
    sample = codecs.getincrementaldecoder(encoding)().decode(head)
    return Decoding(encoding, _decide_delimiter(sample))


def read_records(file: BinaryIO, decoding: Decoding) -> Iterator[Record]:
    """The records from the file's start, one by one; blank ones are counted but left out.

    Memory is bounded by one record. Raises `FileRefusedError` where quoting runs away.
    """
    file.seek(0)
    text = io.TextIOWrapper(file, encoding=decoding.encoding, newline="")
    try:
        for row_number, cells in enumerate(
            csv.reader(text, delimiter=decoding.delimiter), start=1
        ):
            if any(cell.strip() for cell in cells):
                yield Record(row_number, cells)
    except csv.Error as error:
        raise refuse(
            "quotes_broken",
            "A quotation mark in this file is never closed. Export it from your till again.",
        ) from error
    finally:
        text.detach()


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


def _decide_delimiter(sample: str) -> str:
    """The delimiter that splits most of the first rows into the same number of columns, above one."""
    best, best_score = ",", (0, 0)
    for delimiter in DELIMITERS:
        rows = [
            row
            for row in csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter)
            if len(row) > 1
        ][:50]
        if rows:
            widths = [len(row) for row in rows]
            common = max(set(widths), key=widths.count)
            score = (widths.count(common), common)
            if score > best_score:
                best, best_score = delimiter, score
    return best


csv.field_size_limit(MAX_CELL_CHARS)
