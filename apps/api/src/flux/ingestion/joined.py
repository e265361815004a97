"""From several tables in one archive to one: those of the same report, one below the other.

An order that stands in two of them with the same lines counts once, and so does a line without an order
number; with different lines, nobody can say here which are right, so the archive is refused.
"""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial, reduce
from typing import BinaryIO

from flux.ingestion.cells import split_moment
from flux.ingestion.choice import Choice
from flux.ingestion.decode import Decoding, decide_decoding, read_records
from flux.ingestion.header import Header, find_header, find_header_to_ask
from flux.ingestion.phrases import PhraseCode, Said, say
from flux.ingestion.recognise import HeaderUnclearError, show
from flux.ingestion.report import Conclusion, FileRefusedError, refuse, tell
from flux.ingestion.table import (
    BROKEN_ROW,
    Table,
    TableRefusedError,
    read_rows,
    write_rows,
)

MAX_TOLD = 20
# Each is an open file.
MAX_PARTS = 500
_MOST = 2**64 - 1


@dataclass(frozen=True)
class _Part:
    """One of the tables: its name in the archive, and how it is read."""

    name: str
    file: BinaryIO
    decoding: Decoding
    header: Header

    def rows(self) -> Iterator[list[str]]:
        """The rows below the header, each in its place."""
        for place, cells in enumerate(read_rows(self.file, self.decoding), 1):
            if place > self.header.row:
                yield cells

    def order_of(self, cells: list[str]) -> int:
        """Number and day of the row's order, hashed; a row without a number is an order of its own."""
        at, day = self.header.order, self.header.day
        if at is None or max(at, day or 0) >= len(cells) or not cells[at].strip():
            return _hash(cells)
        return hash((cells[at].strip(), split_moment(cells[day])[0] if day is not None else ""))


def _hash(cells: list[str]) -> int:
    return hash(tuple(cell.strip() for cell in cells))


def join_tables(
    tables: Mapping[str, Callable[[ExitStack], BinaryIO]],
    choices: Mapping[str, Choice],
    stack: ExitStack,
) -> Table:
    """The tables of the one report among them, in the order of their names, below a single header.

    Each is opened once, and closed with the stack it is given, which is at once if it holds no sales. If
    the columns of none are clear, but all have the same, these are joined, for their owner to choose. Raises
    `FileRefusedError` if none holds sales, or they are of different reports.
    """
    parts, refused = _recognise(tables, choices, stack)
    left_out = {name: tell(refusal.problem) for name, refusal in refused.items()}
    if any(part.header.is_known for part in parts):
        for part in [each for each in parts if not each.header.is_known]:
            left_out[part.name] = say(PhraseCode.UNKNOWN_AMONG_KNOWN)
        parts = [each for each in parts if each.header.is_known]
    if any(part.header.has_lines for part in parts):
        for part in [each for each in parts if not each.header.has_lines]:
            left_out[part.name] = part.header.why_left_out
        parts = [each for each in parts if each.header.has_lines]
    if not parts:
        raise _choose_refusal(list(refused.values()))
    _check_same_report(parts)
    parts = _drop_copies(parts, left_out)
    joined = _Joined(parts)
    file = write_rows(joined.write(), stack)
    told = [*joined.conclusions(), *_tell_left_out(left_out)]
    return Table(file, tuple(told))


def _recognise(
    tables: Mapping[str, Callable[[ExitStack], BinaryIO]],
    choices: Mapping[str, Choice],
    stack: ExitStack,
) -> tuple[list[_Part], dict[str, FileRefusedError]]:
    """The parts that are to be joined, and why the others are not."""
    clear, unclear, refused = list[_Part](), list[_Part](), dict[str, FileRefusedError]()
    with ExitStack() as unclear_stack:
        for name in sorted(tables):
            with ExitStack() as own:
                try:
                    file = tables[name](own)
                except TableRefusedError as refusal:
                    refused[name] = refusal
                    continue
                part = _open_part(name, file, choices, refused)
                if part is None or (clear and name in refused):
                    continue
                if name in refused:
                    unclear.append(part)
                    unclear_stack.enter_context(own.pop_all())
                else:
                    clear.append(part)
                    stack.enter_context(own.pop_all())
                    unclear.clear()
                    unclear_stack.close()
            _check_number(len(clear) + len(unclear))
        is_wrong = any(refusal.problem.right_report for refusal in refused.values())
        if clear or is_wrong or len({part.header.words for part in unclear}) != 1:
            return clear, refused
        stack.enter_context(unclear_stack.pop_all())
    asked = {part.name for part in unclear}
    return unclear, {name: why for name, why in refused.items() if name not in asked}


def _open_part(
    name: str,
    file: BinaryIO,
    choices: Mapping[str, Choice],
    refused: dict[str, FileRefusedError],
) -> _Part | None:
    """The part, if it may hold sales. If its columns are not clear, or it holds none, `refused` says why."""
    try:
        decoding = decide_decoding(file)
        header = find_header(read_records(file, decoding), choices)
    except HeaderUnclearError as unclear:
        refused[name] = unclear
        asked = find_header_to_ask(unclear)
        return _Part(name, file, decoding, asked) if asked else None
    except FileRefusedError as refusal:
        refused[name] = refusal
        return None
    return _Part(name, file, decoding, header)


def _check_number(parts: int) -> None:
    if parts > MAX_PARTS:
        raise refuse(
            "archive_of_too_many",
            f"The zip holds more than {MAX_PARTS} files with sales. Export one longer period instead of many short"
            " ones, or send them in several zips.",
        )


def _choose_refusal(refused: list[FileRefusedError]) -> FileRefusedError:
    wrong = next((each for each in refused if each.problem.right_report), None)
    return wrong or refuse(
        "archive_of_several",
        f"The zip holds {len(refused)} tables, and none has columns for an item, a date and an amount. Unpack it,"
        " and upload the file with your sales by itself.",
    )


def _check_same_report(parts: list[_Part]) -> None:
    first = parts[0]
    other = next((each for each in parts if each.header.words != first.header.words), None)
    if other is not None:
        raise refuse(
            "archive_of_different_tables",
            f"The zip holds different tables of sales: “{show(first.name)}” ({first.header.kind}) and"
            f" “{show(other.name)}” ({other.header.kind}) do not have the same columns. Unpack it, and upload them one"
            " by one.",
        )


def _drop_copies(parts: list[_Part], left_out: dict[str, Said]) -> list[_Part]:
    kept: dict[bytes, _Part] = {}
    for part in parts:
        digest = _digest(part.file)
        if digest in kept:
            left_out[part.name] = say(PhraseCode.SAME_FILE, show(kept[digest].name))
        else:
            kept[digest] = part
    return list(kept.values())


def _digest(file: BinaryIO) -> bytes:
    found = hashlib.sha256()
    file.seek(0)
    while chunk := file.read(1024 * 1024):
        found.update(chunk)
    return found.digest()


class _Joined:
    """Tables with the same columns as one; knows afterwards which rows are whose."""

    def __init__(self, parts: list[_Part]) -> None:
        self._parts = parts
        self._rows: list[tuple[str, int, int]] = []
        self._repeated: dict[str, int] = {}

    def write(self) -> Iterator[Sequence[str]]:
        yield self._names()
        row_number = 2
        before: dict[int, tuple[str, int]] = {}
        for part in self._parts:
            first = row_number
            orders = self._weigh(part) if len(self._parts) > 1 else {}
            known = self._find_repeated(part, orders, before)
            for cells in part.rows():
                yield [] if known and part.order_of(cells) in known else cells
                row_number += 1
            before.update((order, (part.name, weight)) for order, weight in orders.items())
            self._rows.append((part.name, first, row_number - 1))

    def conclusions(self) -> list[Conclusion]:
        told = [
            say(PhraseCode.ROWS_OF_FILE, show(name), str(first), str(last))
            for name, first, last in self._rows[:MAX_TOLD]
            if last >= first
        ]
        if len(self._rows) > MAX_TOLD:
            told.append(say(PhraseCode.MORE_JOINED, str(len(self._rows) - MAX_TOLD)))
        header = self._parts[0].header
        found = []
        if len(self._rows) > 1:
            found.append(
                Conclusion(
                    what="joined",
                    decided=reduce(partial(say, PhraseCode.ALSO), told),
                    because=say(PhraseCode.SAME_COLUMNS, header.kind),
                )
            )
        found += [
            Conclusion(
                what="counted once",
                decided=say(PhraseCode.ORDERS_OF_FILE, show(name), f"{number:,}"),
                because=say(PhraseCode.IN_EARLIER_FILE),
            )
            for name, number in self._repeated.items()
        ]
        return found

    def _names(self) -> list[str]:
        part = self._parts[0]
        rows = enumerate(read_rows(part.file, part.decoding), 1)
        return next(cells for place, cells in rows if place == part.header.row)

    def _weigh(self, part: _Part) -> dict[int, int]:
        """A sum over the lines of each order, which their sequence does not change."""
        orders: dict[int, int] = {}
        for cells in part.rows():
            if cells and cells != [BROKEN_ROW]:
                order = part.order_of(cells)
                orders[order] = (orders.get(order, 0) + _hash(cells)) & _MOST
        return orders

    def _find_repeated(
        self, part: _Part, orders: Mapping[int, int], before: Mapping[int, tuple[str, int]]
    ) -> set[int]:
        repeated = orders.keys() & before.keys()
        for order in repeated:
            name, weight = before[order]
            if weight != orders[order]:
                raise refuse(
                    "archive_overlaps",
                    f"“{show(name)}” and “{show(part.name)}” hold the same order with different lines. Unpack the"
                    " zip, and upload the files one by one, the older first.",
                )
        if repeated:
            self._repeated[part.name] = len(repeated)
        return repeated


def _tell_left_out(left_out: Mapping[str, Said]) -> list[Conclusion]:
    told = [
        Conclusion(what="left out", decided=say(PhraseCode.FILE, show(name)), because=why)
        for name, why in sorted(left_out.items())[:MAX_TOLD]
    ]
    if len(left_out) > MAX_TOLD:
        more = len(left_out) - MAX_TOLD
        told.append(
            Conclusion(
                what="left out",
                decided=say(PhraseCode.MORE_FILES, str(more)),
                because=say(PhraseCode.HOLD_NO_SALES),
            )
        )
    return told
