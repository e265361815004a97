"""From lines to orders: which lines belong together, by what an order is known, and what it says.

An order is what the till calls one: same source, location, business day and order number. A line
without an order number is an order of its own, told from its equals in the same minute by its ordinal
among them, so that two equal sales stay two and a second upload of them adds nothing, even one that a
spreadsheet took the seconds from.
"""

import heapq
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from itertools import chain, compress, groupby, islice, repeat
from operator import itemgetter, ne
from typing import IO, NamedTuple
from uuid import UUID

from flux.ingestion.columns import ABSENT, COLUMNS, Lines
from flux.ingestion.meaning import COUNTED

CHUNK_LINES = 20_000
_RUN_LINES = 100_000
_DAY_OF = itemgetter(slice(0, 10))
_COUNTED = frozenset(map(str, COUNTED))
_NUMBERS = [str(number) for number in range(1, 1_000)]
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

    @property
    def values(self) -> dict[str, object]:
        """What the statements of a load are given."""
        return {
            "restaurant": self.restaurant_id,
            "upload": self.upload_id,
            "source": self.source,
            "location": self.location,
            "currency": self.currency,
        }

    @property
    def owner(self) -> str:
        """Whose the orders are; with their number and day it identifies them."""
        return f"{self.restaurant_id}\x1f{self.source}\x1f{self.location}\x1f"


class Order(NamedTuple):
    """One order: hashes of its identity and its content as hexadecimals, its row for COPY, and its lines.

    The lines are those from `start` to before `end` of its chunk.
    """

    id: str
    fingerprint: str
    business_date: str
    row: str
    start: int
    end: int


@dataclass(frozen=True)
class Chunk:
    """Whole orders and the rows of their lines for COPY; `net_minor` is of sales and refunds alone.

    `gone` are the ids and days of orders of which the file has but lines that are left out.
    """

    orders: list[Order]
    gone: list[tuple[str, str]]
    lines: list[str]
    net_minor: int
    first_at: str
    last_at: str


class ScatteredError(Exception):
    """The lines of an order do not stand together in the file; they have to be sorted first."""


def make_order_id(target: Target, order_key: str, business_date: str) -> str:
    """By what an order is known, in a list of lines as in one of orders, as a hexadecimal."""
    # `Lines` has its texts as COPY takes them.
    return _identify(target.owner, order_key.replace("\\", "\\\\"), business_date)


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
        days = Counter[str]()

        def write_run() -> None:
            # Without a name, so that a worker that is killed leaves none behind.
            run = stack.enter_context(tempfile.TemporaryFile("w+", encoding="utf-8", newline="\n"))
            runs.append(run)
            run.writelines(sorted(waiting))
            run.seek(0)
            waiting.clear()

        for lines in batches:
            days.update(lines.business_date)
            waiting += _write_sortable(lines)
            if len(waiting) >= _RUN_LINES:
                write_run()
        write_run()
        for part in _merge_runs(runs, days):
            yield _read_sortable(part)


def _merge_runs(runs: Iterable[Iterable[str]], days: Mapping[str, int]) -> Iterator[list[str]]:
    """The lines of all runs in order, some at a time: a day's lines are sorted together if they are not too many."""
    by_day = [groupby(run, _DAY_OF) for run in runs]
    heads = [next(run, None) for run in by_day]
    for day in sorted(days):
        parts = [head[1] for head in heads if head and head[0] == day]
        if days[day] <= _RUN_LINES:
            yield sorted(chain.from_iterable(parts))
        else:
            merged = heapq.merge(*parts)
            while part := list(islice(merged, CHUNK_LINES)):
                yield part
        heads = [
            next(run, None) if head and head[0] == day else head
            for run, head in zip(by_day, heads, strict=True)
        ]


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
    gone: list[tuple[str, str]] = []
    if ABSENT in lines.kind:
        gone = _find_gone(lines, keys, target)
        is_line = [kind != ABSENT for kind in lines.kind]
        lines = Lines(*(list(compress(getattr(lines, name), is_line)) for name in COLUMNS))
        keys = list(compress(keys, is_line))
    if not keys:
        return Chunk([], gone, [], 0, "~", "")
    return _make_orders_of(lines, keys, target, gone)


def _find_gone(lines: Lines, keys: list[str], target: Target) -> list[tuple[str, str]]:
    sold = {key for key, kind in zip(keys, lines.kind, strict=True) if kind != ABSENT}
    return [
        (_identify(target.owner, order_id, day), day)
        for day, order_id in (key.split("\t") for key in dict.fromkeys(keys) if key not in sold)
    ]


def _identify(owner: str, order_id: str, business_date: str) -> str:
    return sha256(f"{owner}{order_id}\x1f{business_date}".encode()).hexdigest()[:32]


def _make_orders_of(
    lines: Lines, keys: list[str], target: Target, gone: list[tuple[str, str]]
) -> Chunk:
    contents = _write_contents(lines)
    if "" in lines.order_id:
        _name_single_lines(lines, contents)
        keys = list(map("\t".join, zip(lines.business_date, lines.order_id, strict=True)))
    starts = [0, *compress(range(1, len(keys)), map(ne, keys, islice(keys, 1, None)))]
    runs = len(set(map(keys.__getitem__, starts)))
    if len(starts) - runs > max(10, _SCATTERED_SHARE * len(starts)):
        raise ScatteredError
    if runs < len(starts):
        # A few lines have strayed: stable, so that an order's lines stay as they stand in the file.
        places = sorted(range(len(keys)), key=_first_places(keys).__getitem__)
        lines = Lines(*([getattr(lines, name)[at] for at in places] for name in COLUMNS))
        return _make_orders_of(lines, [keys[at] for at in places], target, gone)
    orders, identities, numbers = _make_orders(lines, contents, starts, target)
    columns = (
        lines.business_date, identities, numbers, map(str, lines.source_row), lines.occurred_at, contents,
    )  # fmt: skip
    rows = list(map("\t".join, zip(*columns, strict=True)))
    counted = lines.net_minor if _COUNTED.issuperset(lines.kind) else _counted(lines, 0, len(rows))
    return Chunk(orders, gone, rows, sum(counted), min(lines.occurred_at), max(lines.occurred_at))


def _first_places(keys: list[str]) -> list[int]:
    """For each line, where the first line of its order stands."""
    first: dict[str, int] = {}
    return [first.setdefault(key, at) for at, key in enumerate(keys)]


def _make_orders(
    lines: Lines, contents: list[str], starts: list[int], target: Target
) -> tuple[list[Order], list[str], list[str]]:
    """The orders that begin at `starts`, and for each line its order's id and its number in it."""
    is_all_counted = _COUNTED.issuperset(lines.kind)
    days, order_ids, moments, net_minor = (
        lines.business_date, lines.order_id, lines.occurred_at, lines.net_minor
    )  # fmt: skip
    owner = target.owner
    orders: list[Order] = []
    identities: list[str] = []
    numbers: list[str] = []
    for start, end in zip(starts, [*starts[1:], len(contents)], strict=True):
        day, key, number = days[start], order_ids[start], end - start
        identity = _identify(owner, key, day)
        said = contents[start] if number == 1 else "\x1e".join(sorted(contents[start:end]))
        fingerprint = sha256(said.encode()).hexdigest()
        counted = net_minor[start:end] if is_all_counted else _counted(lines, start, end)
        first_at = moments[start] if number == 1 else min(moments[start:end])
        row = f"{day}\t{identity}\t{key}\t{first_at}\t{len(counted)}\t{sum(counted)}\t\\\\x{fingerprint}\n"
        orders.append(Order(identity, fingerprint, day, row, start, end))
        identities += repeat(identity, number)
        numbers += _NUMBERS[:number] if number <= len(_NUMBERS) else map(str, range(1, number + 1))
    return orders, identities, numbers


def _write_contents(lines: Lines) -> list[str]:
    """What each line says, as the last columns of its row; it ends in a line break."""
    columns = (
        lines.kind, lines.item_name, lines.category, lines.variant, lines.quantity, map(str, lines.net_minor),
    )  # fmt: skip
    return [f"{content}\n" for content in map("\t".join, zip(*columns, strict=True))]


def _counted(lines: Lines, start: int, end: int) -> list[int]:
    """The amounts of the lines that are sales and refunds."""
    is_counted = map(_COUNTED.__contains__, lines.kind[start:end])
    return list(compress(lines.net_minor[start:end], is_counted))


def _name_single_lines(lines: Lines, contents: list[str]) -> None:
    """Name each line without an order number by what it says, its minute, and its ordinal among equals."""
    seen = Counter[str]()
    for at, order in enumerate(lines.order_id):
        if not order:
            said = sha256(f"{contents[at]}\t{lines.occurred_at[at][:16]}".encode()).hexdigest()
            seen[said] += 1
            lines.order_id[at] = f"line:{said}:{seen[said]}"
