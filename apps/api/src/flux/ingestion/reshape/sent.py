"""A table as its till sent it, before columns of ours are added to it."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import islice

from flux.ingestion.decode import SAMPLE_BYTES, decide_decoding
from flux.ingestion.recognise import HEADER_SEARCH_ROWS, normalise
from flux.ingestion.table import Table, read_rows


@dataclass(frozen=True)
class SentTable:
    """Its header, how many rows stand above that, and those below, each in its place."""

    header: list[str]
    above: int
    rows: Iterator[list[str]]


def find_sent(table: Table, mark: bytes, names: Collection[str]) -> SentTable | None:
    """The table, if one of its opening rows has all the names; else it is at its start again.

    Its beginning is searched for the `mark`, which is in lower case, before anything is decided about it.
    """
    head = table.file.read(SAMPLE_BYTES)
    table.file.seek(0)
    if mark not in head.replace(b"\0", b"").lower():
        return None
    rows = read_rows(table.file, decide_decoding(table.file))
    for above, cells in enumerate(islice(rows, HEADER_SEARCH_ROWS)):
        if set(names) <= {normalise(cell) for cell in cells}:
            return SentTable(cells, above, rows)
    table.file.seek(0)
    return None


class SentColumns:
    """The columns that were sent, without those that we `add`: a file of refused rows comes back with them."""

    def __init__(self, header: list[str], add: Collection[str]) -> None:
        ours = {normalise(name) for name in add}
        self._kept = [at for at, cell in enumerate(header) if normalise(cell) not in ours]
        while self._kept and not header[self._kept[-1]].strip():
            self._kept.pop()
        self._width = len(header)
        self._added = [""] * len(ours)
        self.names = [header[at] for at in self._kept]
        self.at = {normalise(name): at for at, name in reversed(list(enumerate(self.names)))}

    def pick(self, cells: list[str]) -> list[str]:
        """The row without columns of ours; as it is if it is too short."""
        if len(cells) <= self._kept[-1]:
            return cells
        beyond = cells[self._width :]
        return [cells[at] for at in self._kept] + (self._added + beyond if any(beyond) else [])

    def is_whole(self, cells: list[str]) -> bool:
        """Whether a picked row has one cell for each name."""
        return len(cells) == len(self.names)

    def cell(self, cells: list[str], name: str) -> str:
        """The cell of a picked row under the name; empty if there is no such column."""
        return cells[self.at[name]].strip() if name in self.at else ""
