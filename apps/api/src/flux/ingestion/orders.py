"""From lines to orders: which lines belong together, by what an order is known, and what it says.

An order is what the till calls one: same source, location, business day and order number. A line
without an order number is an order of its own, told from its equals in the same minute by its ordinal
among them, so that two equal sales stay two and a second upload of them adds nothing, even one that a
spreadsheet took the seconds from.
"""

import heapq
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from itertools import islice
from typing import IO
from uuid import UUID

from flux.ingestion.columns import COLUMNS, Lines
from flux.ingestion.meaning import COUNTED

CHUNK_LINES = 20_000
_RUN_LINES = 100_000
_COUNTED = frozenset(map(str, COUNTED))
# Where more of the runs of lines with the same number than this share are of an order seen before.
_SCATTERED_SHARE = 0.05


class Turn(StrEnum):
    """When a file has its say about orders that other files have, too."""

    # It is the newest: an order that is there otherwise is replaced.
    NEWEST = "newest"
    # It is read again, and has its place of before: what newer uploads wrote stays.
    AS_BEFORE = "as before"
    # It only puts back what is gone of `removed_orders` (`revise.py`).
    RESTORING = "restoring"


@dataclass(frozen=True)
class Target:
    """Where the rows go: the tenant, the upload they come from, and how the source is named."""

    restaurant_id: UUID
    upload_id: UUID
    source: str
    location: str
    currency: str
    turn: Turn = Turn.NEWEST


@dataclass(frozen=True, slots=True)
class Order:
    """One order: the hash of its identity and of its content as hexadecimals, and its rows for COPY."""

    id: str
    fingerprint: str
    business_date: str
    row: str
    lines: str


@dataclass(frozen=True)
class Chunk:
    """Whole orders, and what their lines come to: `net_minor` of sales and refunds alone."""

    orders: list[Order]
    number_of_lines: int
    net_minor: int
    first_at: str
    last_at: str


class ScatteredError(Exception):
    """The lines of an order do not stand together in the file; they have to be sorted first."""


def group_orders(batches: Iterable[Lines], target: Target) -> Iterator[Chunk]:
    """Whole orders, a chunk at a time, of lines of which those of an order stand together.

    An order is only known to be whole when the next begins, so the last one waits for the next chunk.
    Raises `ScatteredError` where lines plainly do not stand together; an order that comes back in a
    later chunk is for the caller to notice.
    """
    waiting = Lines()
    for lines in batches:
        for name in COLUMNS:
            getattr(waiting, name).extend(getattr(lines, name))
        if len(waiting) >= CHUNK_LINES:
            keys = _name_runs(waiting)
            end = next((at for at in range(len(keys) - 1, 0, -1) if keys[at] != keys[at - 1]), 0)
            if end:
                yield _make_chunk(_cut(waiting, 0, end), keys[:end], target)
                waiting = _cut(waiting, end, len(keys))
    if len(waiting):
        yield _make_chunk(waiting, _name_runs(waiting), target)


def sort_lines(batches: Iterable[Lines]) -> Iterator[Lines]:
    """The same lines by day and order, those of an order as the file has them.

    Sorted on the disk, a run of `_RUN_LINES` at a time: memory does not grow with the file.
    """
    with ExitStack() as stack:
        runs: list[IO[str]] = []
        waiting: list[str] = []

        def write_run() -> None:
            # Without a name, so that a worker that is killed leaves none behind.
            run = stack.enter_context(tempfile.TemporaryFile("w+", encoding="utf-8", newline="\n"))
            runs.append(run)
            run.writelines(sorted(waiting))
            run.seek(0)
            waiting.clear()

        for lines in batches:
            waiting += _write_sortable(lines)
            if len(waiting) >= _RUN_LINES:
                write_run()
        write_run()
        merged = heapq.merge(*runs)
        while part := list(islice(merged, CHUNK_LINES)):
            yield _read_sortable(part)


def _write_sortable(lines: Lines) -> list[str]:
    # Lines without an order number come by their minute, as `_name_runs` has them.
    orders = [order or at[:16] for order, at in zip(lines.order_id, lines.occurred_at, strict=True)]
    rows = [f"{row:012d}" for row in lines.source_row]
    columns = (
        lines.business_date, orders, rows, lines.order_id, lines.occurred_at, lines.kind, lines.item_name,
        lines.category, lines.variant, lines.quantity, [f"{each}\n" for each in lines.net_minor],
    )  # fmt: skip
    return list(map("\t".join, zip(*columns, strict=True)))


def _read_sortable(texts: list[str]) -> Lines:
    day, _, row, order, at, kind, item, category, variant, quantity, net = (
        list(column) for column in zip(*(text.split("\t") for text in texts), strict=True)
    )
    return Lines(
        list(map(int, row)), order, day, at, kind, item, category, variant, quantity, list(map(int, net))
    )  # fmt: skip


def _name_runs(lines: Lines) -> list[str]:
    """What the lines of an order, or without a number those of a minute, have in common."""
    return [
        f"{day}\t{order or at[:16]}"
        for day, order, at in zip(
            lines.business_date, lines.order_id, lines.occurred_at, strict=True
        )
    ]


def _cut(lines: Lines, start: int, end: int) -> Lines:
    return Lines(*(getattr(lines, name)[start:end] for name in COLUMNS))


def _make_chunk(lines: Lines, keys: list[str], target: Target) -> Chunk:
    net = map(str, lines.net_minor)
    contents = list(
        map(
            "\t".join,
            zip(
                lines.kind,
                lines.item_name,
                lines.category,
                lines.variant,
                lines.quantity,
                net,
                strict=True,
            ),
        )
    )
    if "" in lines.order_id:
        _name_single_lines(lines, contents)
        keys = list(map("\t".join, zip(lines.business_date, lines.order_id, strict=True)))
    starts = [0, *(at for at in range(1, len(keys)) if keys[at] != keys[at - 1])]
    whole: dict[str, list[range]] = {}
    for start, end in zip(starts, [*starts[1:], len(keys)], strict=True):
        whole.setdefault(keys[start], []).append(range(start, end))
    if len(starts) - len(whole) > max(10, _SCATTERED_SHARE * len(starts)):
        raise ScatteredError
    prefix = f"{target.restaurant_id}\x1f{target.source}\x1f{target.location}\x1f"
    is_all_counted = _COUNTED.issuperset(lines.kind)
    net_minor = sum(lines.net_minor) if is_all_counted else _sum_counted(lines, range(len(keys)))[1]
    return Chunk(
        [_make_order(lines, contents, parts, prefix, is_all_counted) for parts in whole.values()],
        len(keys),
        net_minor,
        min(lines.occurred_at),
        max(lines.occurred_at),
    )


def _make_order(
    lines: Lines, contents: list[str], parts: list[range], prefix: str, is_all_counted: bool
) -> Order:
    places = parts[0] if len(parts) == 1 else [at for part in parts for at in part]
    first = places[0]
    day, key = lines.business_date[first], lines.order_id[first]
    identity = sha256(f"{prefix}{key}\x1f{day}".encode()).hexdigest()[:32]
    if is_all_counted:
        count, net = len(places), sum([lines.net_minor[at] for at in places])
    else:
        count, net = _sum_counted(lines, places)
    inside = sorted([contents[at] for at in places]) if len(places) > 1 else [contents[first]]
    fingerprint = sha256("\x1e".join(inside).encode()).hexdigest()
    at = min([lines.occurred_at[each] for each in places])
    rows = "".join(
        [
            f"{day}\t{identity}\t{number}\t{lines.source_row[each]}\t{lines.occurred_at[each]}\t{contents[each]}\n"
            for number, each in enumerate(places, start=1)
        ]
    )
    row = f"{day}\t{identity}\t{key}\t{at}\t{count}\t{net}\t\\\\x{fingerprint}\n"
    return Order(identity, fingerprint, day, row, rows)


def _sum_counted(lines: Lines, places: Iterable[int]) -> tuple[int, int]:
    """How many of the lines are sales and refunds, and their sum in minor units."""
    counted = [lines.net_minor[at] for at in places if lines.kind[at] in _COUNTED]
    return len(counted), sum(counted)


def _name_single_lines(lines: Lines, contents: list[str]) -> None:
    """Name each line without an order number by what it says, its minute, and its ordinal among equals."""
    seen = Counter[str]()
    for at, order in enumerate(lines.order_id):
        if not order:
            said = sha256(f"{contents[at]}\t{lines.occurred_at[at][:16]}".encode()).hexdigest()
            seen[said] += 1
            lines.order_id[at] = f"line:{said}:{seen[said]}"
