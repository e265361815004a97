"""What is summed of the lines as they are sent is what is stored of them."""

import csv
import io
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import polars as pl
import pytest

from flux.ingestion.columns import LINES
from flux.ingestion.incoming import write_lines
from flux.ingestion.orders import Target, group_orders

TARGET = Target(UUID(int=1), UUID(int=2), "generic", "", "USD")
DAY = date(2009, 11, 1)


def write_hours(moments: list[datetime], zone: ZoneInfo, days: list[date]) -> list[list[int]]:
    """The rows of hours of an order of two lines at each of the moments: hour, orders, lines, minor units."""
    said = ("Soup", None, None, 1_000, 450, 1, 2)
    rows = [
        (2 * number + at, f"{number}", DAY, moment.replace(tzinfo=None), kind, *said)
        for number, moment in enumerate(moments)
        for at, kind in enumerate(("sale", "charge"))
    ]
    (chunk,) = group_orders([pl.DataFrame(rows, schema=LINES, orient="row")], TARGET)
    written = write_lines(chunk, chunk.orders, days, zone).hours.decode()
    return [[int(cell) for cell in row[1:]] for row in csv.reader(io.StringIO(written))]


@pytest.mark.parametrize(
    "name",
    # A change at the full hour, one a minute after it, one of half an hour, and odd offsets without one.
    ["America/New_York", "America/St_Johns", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC"],
)
def test_each_order_is_in_the_hour_of_its_place(name: str) -> None:
    zone = ZoneInfo(name)
    starts = [datetime(2009, month, 1, tzinfo=UTC) for month in range(1, 13)]
    moments = [
        start + timedelta(minutes=7 * n, seconds=n % 60) for start in starts for n in range(700)
    ]
    changed = datetime(2009, 11, 1, 2, 30, tzinfo=UTC)
    moments += [changed + timedelta(seconds=30 * n) for n in range(240)]
    local = Counter(each.astimezone(zone).hour for each in moments)
    found = write_hours(moments, zone, [DAY])
    assert sorted(found) == [[hour, n, n, 450 * n] for hour, n in sorted(local.items())]


def test_days_of_which_something_is_stored_are_left_to_be_summed_there() -> None:
    assert write_hours([datetime(2009, 11, 1, 12, tzinfo=UTC)], ZoneInfo("UTC"), []) == []
