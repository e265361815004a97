"""Every figure equals a plain query over the rows themselves, whatever was done with the files."""

import random
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from fastapi import FastAPI

from flux.core import clock
from owner import Owner, register

LINES = "Date,Receipt number,Receipt type,Item,Category,Quantity,Gross sales,Discounts,Net sales,Taxes,Store,Status\n"
TOTALS = (
    "Date,Receipt number,Receipt type,Gross sales,Discounts,Net sales,Taxes,Tips,Total collected,"
    "Payment type,Store,Status\n"
)
# Every restaurant's day begins at four.
FIRST, LAST = date(2026, 3, 1), date(2026, 4, 30)
ITEMS = [
    ("Matcha Latte", "Drinks"), ("matcha latte", "drinks"), ("MATCHA  LATTE", "Drinks"), ("Soup", "Food"),
    ("Soup", "Specials"), ("Bread", ""), ("Äpfel", "Food"), ("äpfel", ""), ('"""House"" red, 0.1 l\\t"', "\\N"),
]  # fmt: skip


def write_lines(seed: int, orders: int, days: range = range(60)) -> str:
    """Made-up receipts: some refunds, tips that count for nothing, hours after midnight, orders of nothing sold."""
    chance, rows = random.Random(seed), []
    for number in range(orders):
        at = datetime.fromisoformat("2026-03-01T11:00") + timedelta(
            days=chance.choice(days), minutes=chance.randrange(17 * 60)
        )
        for _ in range(chance.choice((1, 1, 2, 3))):
            item, category = chance.choice(ITEMS)
            kind, sign = chance.choice([("Sale", "")] * 9 + [("Refund", "-")])
            if chance.random() < 0.1:
                item, category, kind, sign = "Tip", "", "Sale", ""
            quantity, amount = chance.choice((1, 1, 2, 3)), f"{chance.randrange(900, 2500) / 100}"
            rows.append(
                f"{at:%d/%m/%Y %H:%M},{seed}-{number},{kind},{item},{category},{sign}{quantity},{sign}{amount},0.00,"
                f"{sign}{amount},0.00,Corner Cafe,Closed\n"
            )
    return LINES + "".join(rows)


def write_totals(seed: int, numbers: range) -> str:
    """A list of orders: some of those that `write_lines` makes, and others."""
    chance = random.Random(seed + 1)
    rows = []
    for number in numbers:
        at = datetime.fromisoformat("2026-03-01T12:00") + timedelta(
            days=chance.randrange(60), minutes=chance.randrange(900)
        )
        net = chance.choice(("0.00", "12.50", "7.25"))
        rows.append(
            f"{at:%d/%m/%Y %H:%M},T-{number},Sale,{net},0.00,{net},0.00,2.00,{net},Cash,Corner Cafe,Closed\n"
        )
    return TOTALS + "".join(rows)


async def ask(owner: Owner, question: str, **asked: Any) -> Any:
    period = {"from": str(FIRST), "to": str(LAST)} | asked
    answer = await owner.client.get(f"/api/insights/{question}", params=period)
    assert answer.status_code == 200, answer.text
    return answer.json()


# Orders by their sold lines, and those of which only a total is known, with no help of any rollup.
COUNTED = """
    WITH counted AS (
        SELECT business_date, transaction_id AS id, min(occurred_at) AS at, sum(net_minor)::int AS net
        FROM transaction_items WHERE kind IN ('sale', 'refund') GROUP BY 1, 2
        UNION ALL
        SELECT business_date, id, occurred_at, net_minor::int FROM order_totals o
        WHERE (net_minor <> 0 OR discounts_minor <> 0) AND id NOT IN (SELECT transaction_id FROM transaction_items)
    )
"""


async def expect_plain_figures(owner: Owner) -> None:
    """Compare each answer with what the rows say."""
    within = {"first": FIRST, "last": LAST}
    orders, net = owner.query(
        COUNTED
        + "SELECT count(*), coalesce(sum(net), 0)::int FROM counted WHERE business_date BETWEEN %(first)s AND %(last)s",
        **within,
    )[0]
    sales = await ask(owner, "sales")
    assert (sales["orders"], sales["net_minor"]) == (orders, net)
    days = await ask(owner, "days")
    assert [each["business_date"] for each in days["days"]] == [
        str(FIRST + timedelta(days=n)) for n in range((LAST - FIRST).days + 1)
    ]
    assert [
        (each["business_date"], each["orders"], each["net_minor"])
        for each in days["days"]
        if each["orders"]
    ] == owner.query(
        COUNTED
        + "SELECT business_date::text, count(*), sum(net)::int FROM counted GROUP BY 1 ORDER BY 1"
    )
    hours = await ask(owner, "hours")
    assert [tuple(each.values()) for each in hours["hours"]] == owner.query(
        COUNTED
        + "SELECT extract(isodow FROM business_date)::int, extract(hour FROM at AT TIME ZONE 'America/New_York')::int,"
        " count(*), sum(net)::int FROM counted GROUP BY 1, 2 ORDER BY 1, 2"
    )
    for by, order in (("revenue", "4 DESC, 2 DESC, 1"), ("quantity", "2 DESC, 4 DESC, 1")):
        items = await ask(owner, "items", by=by, limit=100)
        assert [
            (each["key"], each["quantity"], each["lines"], each["net_minor"])
            for each in items["items"]
        ] == owner.query(
            "SELECT lower(item_name), sum(quantity)::float, count(*), sum(net_minor)::int FROM transaction_items"
            f" WHERE kind IN ('sale', 'refund') GROUP BY 1 ORDER BY {order}"
        )
    categories = await ask(owner, "categories")
    assert [
        (each["key"], each["quantity"], each["lines"], each["net_minor"])
        for each in categories["categories"]
    ] == owner.query(
        "SELECT coalesce(lower(category), ''), sum(quantity)::float, count(*), sum(net_minor)::int"
        " FROM transaction_items WHERE kind IN ('sale', 'refund') GROUP BY 1 ORDER BY 4 DESC, 1"
    )
    listed = sum(each["net_minor"] for each in categories["categories"])
    assert listed + categories["without_lines_minor"] == net
    assert (await ask(owner, "summary"))["items"] == float(
        owner.query(
            "SELECT coalesce(sum(quantity), 0) FROM transaction_items WHERE kind IN ('sale', 'refund')"
        )[0][0]
    )


async def test_every_figure_equals_a_plain_query_through_uploads_changes_and_undo(
    owner: Owner,
) -> None:
    # The next files' days are before, among, and after those of the first.
    whole = write_lines(1, 120, range(15, 40))
    changed = whole.replace("Soup,Food", "Stew,Food")
    uploads = []
    for content in (
        whole,
        write_totals(1, range(30)),
        write_lines(2, 60),
        changed,
        LINES + "".join(whole.splitlines(keepends=True)[1:80]),
    ):
        shown = await owner.upload(content)
        assert shown["status"] == "completed", shown["report"]
        uploads.append(shown["id"])
        await expect_plain_figures(owner)
    assert owner.query("SELECT count(*) FROM items_by_day WHERE item_key = 'stew'")[0][0] > 0
    for upload_id in (uploads[3], uploads[0]):
        assert (await owner.client.delete(f"/api/data/uploads/{upload_id}")).is_success
        await owner.work()
        await expect_plain_figures(owner)
    assert owner.query("SELECT count(*) FROM items_by_day WHERE item_key = 'stew'") == [(0,)]
    for upload_id in (uploads[0], uploads[2], uploads[1]):
        assert (await owner.client.post(f"/api/data/uploads/{upload_id}/retry")).is_success
        await owner.work()
        await expect_plain_figures(owner)
    for upload_id in uploads:
        await owner.client.delete(f"/api/data/uploads/{upload_id}")
    await owner.work()
    await expect_plain_figures(owner)
    assert owner.query("SELECT count(*) FROM items_by_day") == [(0,)]
    assert (await ask(owner, "sales"))["average_check_minor"] is None


async def test_names_that_differ_in_case_or_blanks_are_one_item(owner: Owner) -> None:
    rows = (
        ("1", "matcha latte", "2", "9.00"),
        ("2", "Matcha  Latte", "1", "4.50"),
        ("3", "Tea", "4", "8"),
    )
    await owner.upload(
        "Order ID,Date,Time,Item,Quantity,Net sales\n"
        + "".join(
            f"{number},2026-03-02,12:00,{item},{quantity},{net}\n"
            for number, item, quantity, net in rows
        )
    )
    by_revenue = (await ask(owner, "items"))["items"]
    assert [(each["name"], each["quantity"], each["net_minor"]) for each in by_revenue] == [
        ("Matcha Latte", 3, 1350),
        ("Tea", 4, 800),
    ]
    by_quantity = await ask(owner, "items", by="quantity", limit=1)
    assert ([each["name"] for each in by_quantity["items"]], by_quantity["items_total"]) == (
        ["Tea"],
        2,
    )


async def test_orders_of_which_only_totals_are_known_are_said_to_be_in_no_category(
    owner: Owner,
) -> None:
    await owner.upload(
        TOTALS
        + "20/03/2026 16:48,1,Sale,12.00,0.00,12.00,0.00,2.00,14.00,Cash,Corner Cafe,Closed\n"
    )
    answer = await ask(owner, "categories")
    assert (answer["categories"], answer["without_lines_minor"]) == ([], 1200)


def sales_on(*days: str) -> str:
    rows = (f"{day},{day},12:00,Soup,1,10.00\n" for day in days)
    return "Order ID,Date,Time,Item,Quantity,Net sales\n" + "".join(rows)


async def test_a_period_is_compared_with_the_days_before_and_with_the_same_weekdays(
    owner: Owner,
) -> None:
    await owner.upload(sales_on("2026-03-01", "2026-03-05", "2026-03-06", "2026-03-08"))
    answer = await ask(owner, "sales", **{"from": "2026-03-06", "to": "2026-03-08"})
    assert (answer["orders"], answer["net_minor"], answer["average_check_minor"]) == (2, 2000, 1000)
    assert [
        (each["kind"], each["period"], each["orders"], each["is_known"])
        for each in answer["comparisons"]
    ] == [
        ("previous", {"first": "2026-03-03", "last": "2026-03-05"}, 1, True),
        # Friday to Sunday of the week before, of which the first sale known is on the Sunday.
        ("same_weekdays", {"first": "2026-02-27", "last": "2026-03-01"}, 1, False),
    ]


@pytest.mark.parametrize("days", [1, 7, 8, 28, 90, 365])
async def test_the_same_weekdays_are_the_next_whole_weeks_before(owner: Owner, days: int) -> None:
    first = LAST - timedelta(days=days - 1)
    answer = await ask(owner, "sales", **{"from": str(first)})
    previous, weekdays = (
        date.fromisoformat(each["period"]["first"]) for each in answer["comparisons"]
    )
    assert (first - previous).days == days
    assert (first - weekdays).days % 7 == 0
    assert days <= (first - weekdays).days < days + 7


async def test_the_average_check_is_rounded_half_up_to_the_cent(owner: Owner) -> None:
    await owner.upload(
        "Order ID,Date,Time,Item,Quantity,Net sales\n"
        "1,2026-03-02,12:00,Soup,1,0.02\n2,2026-03-02,12:00,Soup,1,0.03\n"
    )
    assert (await ask(owner, "sales"))["average_check_minor"] == 3


async def test_without_a_period_the_last_28_days_with_sales_are_meant(owner: Owner) -> None:
    await owner.upload(sales_on("2026-03-01", "2026-04-15"))
    answer = (await owner.client.get("/api/insights/sales")).json()
    assert answer["period"] == {"first": "2026-03-19", "last": "2026-04-15"}


async def test_before_the_first_sale_the_period_ends_today_by_the_restaurants_clock(
    app: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Half past three in the morning of the 2nd in Tokyo: still the business day of the 1st.
    now = datetime.fromisoformat("2026-06-01T18:30:00+00:00")
    monkeypatch.setattr(clock, "now", lambda: now)
    owner = await register(app, timezone="Asia/Tokyo")
    answer = (await owner.client.get("/api/insights/sales")).json()
    assert answer["period"]["last"] == "2026-06-01"
    assert (answer["orders"], answer["average_check_minor"]) == (0, None)
    assert (await owner.client.get("/api/insights/summary")).json()["today"] == "2026-06-01"
    await owner.client.aclose()


@pytest.mark.parametrize(
    ("first", "last"),
    [
        ("2026-03-02", "2026-03-01"), ("2020-01-01", "2026-01-01"), ("0001-01-01", "0001-01-02"),
        ("9999-01-01", "9999-12-31"),
    ],
)  # fmt: skip
async def test_what_is_no_period_is_refused(owner: Owner, first: str, last: str) -> None:
    for question in ("sales", "days", "hours", "items", "categories", "orders", "lines"):
        answer = await owner.client.get(
            f"/api/insights/{question}", params={"from": first, "to": last}
        )
        assert (answer.status_code, answer.json()["code"]) == (422, "bad_period")


async def test_sales_of_another_restaurant_are_in_no_figure(owner: Owner, stranger: Owner) -> None:
    await stranger.upload(write_lines(3, 20))
    assert (await ask(owner, "sales"))["orders"] == 0
    assert (await ask(owner, "items"))["items"] == []
    assert (await ask(owner, "lines"))["items"] == []


async def test_money_of_a_currency_without_decimals_is_shown_as_it_is(app: FastAPI) -> None:
    owner = await register(app, timezone="Asia/Tokyo", currency="JPY", country="JP")
    await owner.upload(
        "Order ID,Date,Time,Item,Quantity,Net sales\n1,2026-03-02,12:00,Soup,1,950\n"
    )
    answer = await owner.client.get(
        "/api/insights/export.csv", params={"what": "items", "from": "2026-03-02"}
    )
    assert answer.text.splitlines()[1] == "Soup,1.000,950,JPY"
    assert Decimal((await ask(owner, "sales"))["net_minor"]) == 950
    await owner.client.aclose()
