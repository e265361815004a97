"""What one pass over a file says of its rows: what was set apart, and whether any are missing."""

import pytest

from owner import Owner

HEADER = "Order ID,Date,Time,Item,Quantity,Net sales\n"


@pytest.mark.parametrize(
    ("total", "conclusions", "warnings"),
    [
        ("7.50", ["they add up to row 5"], 0),
        ("12.50", ["they add up to row 5"], 0),
        ("900.00", [], 1),
        ("", [], 0),
    ],
)
async def test_a_total_below_the_rows_says_whether_some_are_missing(
    owner: Owner, total: str, conclusions: list[str], warnings: int
) -> None:
    """Once with the tip, which is no sale, and once without it."""
    upload = await owner.upload(
        HEADER
        + "1,2026-05-01,12:00,Soup,1,4.50\n1,2026-05-01,12:00,Tip,1,5.00\n2,2026-05-01,13:00,Cake,1,3.00\n"
        + f"Total,,,,3,{total}\n"
    )
    report = upload["report"]
    said = [each["because"] for each in report["conclusions"] if each["what"] == "complete"]
    assert (said, len(report["warnings"])) == (conclusions, warnings)
    assert all("900.00" in each and "7.50" in each for each in report["warnings"])
    assert (report["lines_accepted"], report["net_minor"]) == (3, 750)


async def test_lines_that_are_nothing_from_the_menu_are_set_apart(owner: Owner) -> None:
    lines = [
        ("Soup", 1, "4.50"), ("SERVICE CHARGE", 1, "2.00"), ("Trinkgeld", 1, "1.00"), ("Delivery fee", 1, "3.00"),
        ("Gift card", 1, "50.00"), ("Coperto", 2, "4.00"), ("Tea", -1, "-2.00"), ("Shift change", 1, "0.00"),
    ]  # fmt: skip
    rows = [f"1,2026-05-01,12:00,{item},{number},{net}\n" for item, number, net in lines]
    report = (await owner.upload(HEADER + "".join(rows)))["report"]
    assert owner.query(
        "SELECT kind, sum(net_minor)::int FROM transaction_items GROUP BY kind ORDER BY kind"
    ) == [("charge", 1000), ("deferred", 5000), ("refund", -200), ("sale", 450)]
    assert owner.query("SELECT item_count, net_minor::int FROM transactions") == [(3, 250)]
    told = [each for each in report["conclusions"] if each["what"] == "set apart"]
    assert {(each["decided"], each["because"].rsplit(" ", 1)[1]) for each in told} == {
        ("1 row: refunds, taken off the sales", "8"),
        ("4 rows: tips, service and delivery, not counted as sales", "3"),
        ("1 row: gift cards and the like, not counted as sales", "6"),
        ("1 row: of a price of 0, counted as given away", "9"),
    }
