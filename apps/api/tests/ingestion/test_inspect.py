"""`flux inspect` says all that was decided, and what became of the rows."""

from datetime import time
from pathlib import Path
from zoneinfo import ZoneInfo

from flux.ingestion.inspect import inspect_file
from flux.ingestion.passes import FIRST_PROBLEMS
from flux.ingestion.restaurant import Restaurant

OWNERS = Restaurant(ZoneInfo("America/New_York"), "US", "USD", time(4))
HEADER = "Order ID,Date,Time,Item,Quantity,Net sales\n"
GOOD = "1,2026-05-01,12:00,Soup,1,4.50\n"


def inspect(folder: Path, content: str) -> tuple[int, list[str]]:
    said: list[str] = []
    path = folder / "sales.csv"
    path.write_text(content, encoding="utf-8", newline="")
    return inspect_file(path, OWNERS, say=said.append), said


def test_conclusions_sums_and_refusals_are_said(tmp_path: Path) -> None:
    bad = "1,2026-05-01,12:00,,x,y\n"
    code, said = inspect(tmp_path, HEADER + GOOD * 300 + bad * FIRST_PROBLEMS)
    assert code == 0
    assert "item: column “Item” (of its name)" in said
    assert "300 lines, 1,350.00 USD" in said
    assert f"{FIRST_PROBLEMS} rows refused" in said
    assert sum(line.startswith("row ") for line in said) == FIRST_PROBLEMS
    assert f"refused {FIRST_PROBLEMS} times: item_missing" in said


def test_a_refused_file_is_said_to_be(tmp_path: Path) -> None:
    code, said = inspect(tmp_path, HEADER)
    assert code == 1
    assert len(said) == 1
    assert said[0].startswith("refused (no_rows): ")


def test_what_the_report_says_of_the_rows_is_said_here_too(tmp_path: Path) -> None:
    tip, total = "1,2026-05-01,12:00,Tip,1,2.00\n", "Total,,,,2,9.00\n"
    _, said = inspect(tmp_path, HEADER + GOOD + tip + total)
    assert (
        "set apart: 1 row: tips, service and delivery, not counted as sales"
        " (the file says so, first in row 3)"
    ) in said
    assert any(each.startswith("warning: Row 4 gives a total of 9.00") for each in said)
    assert "2 lines, 4.50 USD" in said
