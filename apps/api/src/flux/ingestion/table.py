"""The one plain table that ingestion reads, whatever it came in: a temporary file of UTF-8 with commas.

Each row of the table keeps its place, also a blank or a broken one, so that row numbers stay those
that a spreadsheet shows.
"""

import csv
import io
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import IO, BinaryIO, cast

from flux.ingestion.decode import Decoding, read_records
from flux.ingestion.report import Conclusion, FileProblem, FileRefusedError

MAX_UNPACKED_BYTES = 2 * 1024**3
BROKEN_ROW = "(a row that cannot be split into cells)"
KEPT_IN_MEMORY = 8 * 1024 * 1024
_CHUNK = 1024 * 1024


@dataclass(frozen=True)
class Table:
    """A table at its start, and what was concluded on the way to it."""

    file: BinaryIO
    conclusions: tuple[Conclusion, ...] = ()


class TableRefusedError(FileRefusedError):
    """One table of an archive cannot be taken; the others may."""


class TooLargeError(FileRefusedError):
    """More was unpacked than is allowed."""

    def __init__(self) -> None:
        super().__init__(
            FileProblem(
                code="archive_too_large",
                detail="The file is too large when it is unpacked. Export a shorter period, or export as CSV.",
            )
        )


class Allowance:
    """How many bytes may still be unpacked: a small archive can hold any number (a zip bomb)."""

    def __init__(self, most: int) -> None:
        self._left = most

    def spend(self, size: int) -> None:
        """Raise `TooLargeError` if that is more than is left."""
        self._left -= size
        if self._left < 0:
            raise TooLargeError

    def copy(self, packed: IO[bytes], into: IO[bytes]) -> None:
        """Copy to the other's start; raises what reading raises, and `TooLargeError`."""
        while chunk := packed.read(_CHUNK):
            self.spend(len(chunk))
            into.write(chunk)
        into.seek(0)


def open_temporary(stack: ExitStack, kept_in_memory: int = KEPT_IN_MEMORY) -> BinaryIO:
    """A file that is gone with the stack, on the disk as soon as it has more bytes than that."""
    file = tempfile.SpooledTemporaryFile(max_size=kept_in_memory)  # noqa: SIM115
    return cast(BinaryIO, stack.enter_context(file))


def write_rows(rows: Iterable[Sequence[str]], stack: ExitStack) -> BinaryIO:
    """The rows as a table in a temporary file, at its start."""
    file = open_temporary(stack)
    text = io.TextIOWrapper(file, encoding="utf-8", newline="")
    csv.writer(text).writerows(rows)
    text.flush()
    text.detach()
    file.seek(0)
    return file


def read_rows(file: BinaryIO, decoding: Decoding) -> Iterator[list[str]]:
    """Every row in its place: a blank one has no cells, a broken one a single cell that says so."""
    place = 1
    for record in read_records(file, decoding):
        while place < record.row_number:
            yield []
            place += 1
        yield [BROKEN_ROW] if record.is_broken else record.cells
        place += 1
