"""`flux inspect FILE`: what Flux makes of a file, said on a terminal."""

from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from decimal import Decimal
from pathlib import Path

from flux.core import clock
from flux.ingestion.formats import OrderReport
from flux.ingestion.meaning import COUNTED, Treatment
from flux.ingestion.order_total import OrderTotal
from flux.ingestion.parse import FileReading, Rejection, decide_reading, read_lines
from flux.ingestion.report import FileRefusedError, LeftOut
from flux.ingestion.restaurant import Restaurant
from flux.ingestion.sale_line import SaleLine
from flux.ingestion.totals import Sums, find_places, read_totals
from flux.ingestion.unpack import unpack

FIRST_REJECTIONS = 10
TOLD = ("net", "tax", "tips", "charges", "discounts", "total")


def inspect_file(path: Path, restaurant: Restaurant, *, say: Callable[[str], object]) -> int:
    """Say every conclusion, the totals and the first refused rows; 1 if the file as a whole is refused."""
    with path.open("rb") as stored, ExitStack() as stack:
        try:
            table = stack.enter_context(unpack(stored))
            reading = decide_reading(table.file, restaurant)
            is_totals = isinstance(reading.layout.report, OrderReport)
            figures = find_places(reading).conclusions(reading) if is_totals else []
        except FileRefusedError as refusal:
            say(f"refused ({refusal.problem.code}): {refusal.problem.detail}")
            return 1
        for each in (*table.conclusions, *reading.conclusions(), *figures):
            say(f"{each.what}: {each.decided} ({each.because})")
        for warning in reading.conventions.warnings:
            say(f"warning: {warning}")
        seen = _Seen(reading, say)
        if is_totals:
            for record, said in read_totals(table.file, reading, clock.now()):
                seen.sums.add(record, said)
                seen.add(record.row_number, said)
        else:
            for row_number, line in read_lines(table.file, reading, clock.now()):
                seen.add(row_number, line)
    seen.tell("orders" if is_totals else "lines")
    return 0


class _Seen:
    """What became of the rows, added up."""

    def __init__(self, reading: FileReading, say: Callable[[str], object]) -> None:
        self.sums = Sums(reading)
        self._restaurant = reading.conventions.restaurant
        self._say = say
        self._accepted = self._refused = self._shown = 0
        self._amounts = Counter[str]()
        self._codes = Counter[str]()
        self._left_out = LeftOut()

    def add(
        self, row_number: int, said: SaleLine | OrderTotal | Treatment | list[Rejection]
    ) -> None:
        if isinstance(said, Treatment):
            self._left_out.add(said.why, row_number)
        elif isinstance(said, list):
            self._refused += 1
            for problem in said:
                self._refuse(problem)
        else:
            self._accepted += 1
            if isinstance(said, OrderTotal):
                for name in TOLD:
                    self._amounts[name] += getattr(said, f"{name}_minor") or 0
            elif said.kind in COUNTED:
                self._amounts["net"] += said.net_minor

    def _refuse(self, problem: Rejection) -> None:
        self._codes[problem.code] += 1
        if self._shown < FIRST_REJECTIONS:
            self._shown += 1
            column = problem.column or "whole row"
            self._say(f"row {problem.row_number}, {column}: {problem.message} ({problem.code})")

    def tell(self, what: str) -> None:
        say = self._say
        for told in self._left_out.conclusions():
            say(f"{told.what}: {told.decided} ({told.because})")
        for warning in self.sums.warnings():
            say(f"warning: {warning}")
        say(f"{self._accepted:,} {what}, {self._show('net')}")
        for name in TOLD[1:]:
            if self._amounts[name]:
                say(f"{name}: {self._show(name)}")
        if self._refused:
            say(f"{self._refused:,} rows refused")
        for code, count in self._codes.most_common():
            say(f"refused {count:,} times: {code}")

    def _show(self, name: str) -> str:
        digits = self._restaurant.minor_digits
        amount = Decimal(self._amounts[name]).scaleb(-digits)
        return f"{amount:,.{digits}f} {self._restaurant.currency}"
