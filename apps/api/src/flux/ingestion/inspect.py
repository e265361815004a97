"""`flux inspect FILE`: what Flux makes of a file, said on a terminal."""

from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from decimal import Decimal
from pathlib import Path

from flux.core import clock
from flux.ingestion.meaning import COUNTED, Treatment
from flux.ingestion.parse import decide_reading, read_lines
from flux.ingestion.report import FileRefusedError, LeftOut
from flux.ingestion.restaurant import Restaurant
from flux.ingestion.sale_line import SaleLine
from flux.ingestion.unpack import unpack

FIRST_REJECTIONS = 10


def inspect_file(path: Path, restaurant: Restaurant, *, say: Callable[[str], object]) -> int:
    """Say every conclusion, the totals and the first refused rows; 1 if the file as a whole is refused."""
    with path.open("rb") as stored, ExitStack() as stack:
        try:
            table = stack.enter_context(unpack(stored))
            reading = decide_reading(table.file, restaurant)
        except FileRefusedError as refusal:
            say(f"refused ({refusal.problem.code}): {refusal.problem.detail}")
            return 1
        for each in (*table.conclusions, *reading.conclusions()):
            say(f"{each.what}: {each.decided} ({each.because})")
        for warning in reading.conventions.warnings:
            say(f"warning: {warning}")
        accepted, refused, net_minor, codes, shown = 0, 0, 0, Counter[str](), 0
        left_out = LeftOut()
        for row_number, line in read_lines(table.file, reading, clock.now()):
            if isinstance(line, Treatment):
                left_out.add(line.why, row_number)
                continue
            if isinstance(line, SaleLine):
                accepted += 1
                net_minor += line.net_minor if line.kind in COUNTED else 0
                continue
            refused += 1
            for problem in line:
                codes[problem.code] += 1
                if shown < FIRST_REJECTIONS:
                    shown += 1
                    say(
                        f"row {row_number}, {problem.column or 'whole row'}: {problem.message} ({problem.code})"
                    )
    for told in left_out.conclusions():
        say(f"{told.what}: {told.decided} ({told.because})")
    amount = Decimal(net_minor).scaleb(-restaurant.minor_digits)
    say(f"{accepted:,} lines, {amount:,.{restaurant.minor_digits}f} {restaurant.currency}")
    if refused:
        say(f"{refused:,} rows refused")
    for code, count in codes.most_common():
        say(f"refused {count:,} times: {code}")
    return 0
