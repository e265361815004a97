"""`flux inspect FILE`: what Flux makes of a file, said on a terminal."""

import tempfile
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import BinaryIO

from flux.core import clock
from flux.ingestion.columns import ABSENT
from flux.ingestion.formats import OrderReport
from flux.ingestion.passes import FIRST_PROBLEMS, Pass
from flux.ingestion.reading import FileReading
from flux.ingestion.report import FileRefusedError
from flux.ingestion.restaurant import Restaurant
from flux.ingestion.table import Table
from flux.ingestion.totals import TotalsPass
from flux.ingestion.understand import decide_reading
from flux.ingestion.unpack import unpack

TOLD = ("net", "tax", "tips", "charges", "discounts", "total")


def inspect_file(path: Path, restaurant: Restaurant, *, say: Callable[[str], object]) -> int:
    """Say every conclusion, the totals and the first refused rows; 1 if the file as a whole is refused."""
    try:
        with path.open("rb") as stored, unpack(stored, restaurant) as table:
            _inspect_table(table, decide_reading(table.file, restaurant), say)
    except FileRefusedError as refusal:
        say(f"refused ({refusal.problem.code}): {refusal.problem.detail}")
        return 1
    return 0


def _inspect_table(table: Table, reading: FileReading, say: Callable[[str], object]) -> None:
    restaurant = reading.conventions.restaurant
    with tempfile.TemporaryFile() as rejections:
        reader, number, amounts = _read(table, reading, clock.now(), rejections)
    for told in (*table.conclusions, *reading.conclusions(), *reader.conclusions()):
        say(f"{told.what}: {told.decided} ({told.because})")
    for warning in (*reading.conventions.warnings, *reader.warnings()):
        say(f"warning: {warning}")
    for problem in reader.first_problems[:FIRST_PROBLEMS]:
        column = problem.column or "whole row"
        say(f"row {problem.row_number}, {column}: {problem.message} ({problem.code})")

    def show(name: str) -> str:
        amount = Decimal(amounts[name]).scaleb(-restaurant.minor_digits)
        return f"{amount:,.{restaurant.minor_digits}f} {restaurant.currency}"

    say(f"{number:,} {'orders' if isinstance(reader, TotalsPass) else 'lines'}, {show('net')}")
    for name in TOLD[1:]:
        if amounts[name]:
            say(f"{name}: {show(name)}")
    if reader.lines_rejected:
        say(f"{reader.lines_rejected:,} rows refused")
    for code, count in reader.codes.most_common():
        say(f"refused {count:,} times: {code}")


def _read(
    table: Table, reading: FileReading, now: datetime, rejections: BinaryIO
) -> tuple[Pass, int, Counter[str]]:
    """The pass over the file, how many rows it accepted, and their sums in minor units."""
    if not isinstance(reading.layout.report, OrderReport):
        reader = Pass(table.file, reading, now, rejections)
        number = sum(int((lines["kind"] != ABSENT).sum()) for lines in reader.read_lines())
        return reader, number, Counter(net=reader.net_minor)
    totals, number, amounts = TotalsPass(table.file, reading, now, rejections), 0, Counter[str]()
    for rows in totals.read_totals():
        number += len(rows)
        for _, total in rows:
            for name in TOLD:
                amounts[name] += getattr(total, f"{name}_minor") or 0
    return totals, number, amounts
