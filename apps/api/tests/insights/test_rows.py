"""Behind every figure are rows that add up to it, each with the file and the row it came from."""

import csv
import io
from typing import Any

import pytest

from flux.insights import export
from flux.insights.schemas import Export
from insights.test_figures import FIRST, LAST, LINES, TOTALS, ask, write_lines, write_totals
from owner import Owner


async def collect(owner: Owner, question: str, **asked: Any) -> list[dict[str, Any]]:
    """All pages of a list."""
    items: list[dict[str, Any]] = []
    cursor: dict[str, str] = {}
    while True:
        page = await ask(owner, question, **asked, **cursor)
        items += page["items"]
        if page["next_cursor"] is None:
            return items
        assert page["items"]
        cursor = {"cursor": page["next_cursor"]}


async def test_the_orders_of_all_pages_add_up_to_the_figure_and_so_do_their_lines(
    owner: Owner,
) -> None:
    await owner.upload(write_lines(5, 150))
    await owner.upload(write_totals(5, range(20)))
    sales = await ask(owner, "sales")
    orders = await collect(owner, "orders", limit=7)
    assert len({each["id"] for each in orders}) == len(orders) == sales["orders"]
    assert sum(each["net_minor"] for each in orders) == sales["net_minor"]
    for each in orders:
        assert (each["row_number"] is None) == bool(each["lines"])
        if each["lines"]:
            assert sum(line["net_minor"] for line in each["lines"]) == each["net_minor"]
    keys = [(each["business_date"], each["occurred_at"]) for each in orders]
    assert keys == sorted(keys, reverse=True)
    assert orders == await collect(owner, "orders", limit=100)


async def test_each_day_and_each_hour_of_a_weekday_leads_to_its_orders(owner: Owner) -> None:
    await owner.upload(write_lines(6, 80))
    await owner.upload(write_totals(6, range(10)))
    for day in (await ask(owner, "days"))["days"]:
        of_day = {"from": day["business_date"], "to": day["business_date"]}
        orders = await collect(owner, "orders", limit=2, **of_day)
        assert (len(orders), sum(each["net_minor"] for each in orders)) == (
            day["orders"],
            day["net_minor"],
        )
    hours = (await ask(owner, "hours"))["hours"]
    # Also those after midnight, which belong to the day before.
    assert {each["hour"] for each in hours} >= {0, 1, 2, 3}
    for each in hours:
        orders = await collect(owner, "orders", limit=3, weekday=each["weekday"], hour=each["hour"])
        assert (len(orders), sum(order["net_minor"] for order in orders)) == (
            each["orders"],
            each["net_minor"],
        )


async def test_each_item_and_each_category_leads_to_its_lines(owner: Owner) -> None:
    await owner.upload(write_lines(7, 80))
    for name, question in (("item", "items"), ("category", "categories")):
        for each in (await ask(owner, question))[question]:
            lines = await collect(owner, "lines", limit=9, **{name: each["key"]})
            assert len(lines) == each["lines"]
            assert sum(line["net_minor"] for line in lines) == each["net_minor"]
            assert sum(line["quantity"] for line in lines) == each["quantity"]
    lines = await collect(owner, "lines", limit=10)
    places = {(line["upload_id"], line["row_number"]) for line in lines}
    assert len(places) == len(lines) > 100


async def test_a_row_is_found_again_in_the_file_it_came_from(owner: Owner) -> None:
    content = write_lines(8, 20)
    shown = await owner.upload(content, "march.csv")
    rows = list(csv.reader(io.StringIO(content)))
    for line in await collect(owner, "lines"):
        assert (line["upload_id"], line["filename"]) == (shown["id"], "march.csv")
        cells = rows[line["row_number"] - 1]
        assert (cells[1], cells[3].split()) == (line["order_number"], line["item"].split())
        assert round(float(cells[8]) * 100) == line["net_minor"]
    for order in await collect(owner, "orders"):
        for line in order["lines"]:
            assert rows[line["row_number"] - 1][1] == order["number"]


async def test_an_order_of_which_only_the_total_is_known_leads_to_its_row(owner: Owner) -> None:
    receipt = "20/03/2026 16:48,R1,Sale,12.00,0.00,12.00,0.00,2.00,14.00,Cash,Corner Cafe,Closed\n"
    gift_card = "20/03/2026 16:50,R2,Sale,0.00,0.00,0.00,0.00,0.00,50.00,Cash,Corner Cafe,Closed\n"
    shown = await owner.upload(TOTALS + gift_card + receipt)
    (order,) = await collect(owner, "orders")
    assert (order["number"], order["net_minor"], order["row_number"], order["upload_id"]) == (
        "R1", 1200, 3, shown["id"],
    )  # fmt: skip


async def test_a_line_without_an_order_number_says_that_it_has_none(owner: Owner) -> None:
    await owner.upload("Date,Time,Item,Quantity,Net sales\n2026-03-02,12:00,Soup,1,9.00\n")
    (order,) = await collect(owner, "orders")
    (line,) = await collect(owner, "lines")
    assert order["number"] is line["order_number"] is None


@pytest.mark.parametrize(
    "cursor", ["x", "WzFd", "W251bGwsIDEsIDJd", "WyIyMDI2LTAxLTAxIiwgIjIwMjYtMDEtMDEiLCAxXQ"]
)
async def test_a_cursor_that_flux_did_not_make_is_refused(owner: Owner, cursor: str) -> None:
    for question in ("orders", "lines"):
        answer = await owner.client.get(f"/api/insights/{question}", params={"cursor": cursor})
        assert (answer.status_code, answer.json()["code"]) == (422, "bad_cursor")


def read_csv(text: str) -> list[dict[str, str]]:
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text[1:])))


async def export_as(owner: Owner, what: str) -> list[dict[str, str]]:
    asked = {"what": what, "from": str(FIRST), "to": str(LAST)}
    answer = await owner.client.get("/api/insights/export.csv", params=asked)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-disposition"] == (
        f'attachment; filename="{what}-{FIRST}-{LAST}.csv"'
    )
    return read_csv(answer.text)


async def test_every_answer_can_be_exported_and_adds_up_to_the_same(owner: Owner) -> None:
    await owner.upload(write_lines(9, 60))
    await owner.upload(write_totals(9, range(10)))
    sales = await ask(owner, "sales")
    revenue = {
        what: round(sum(float(row["Revenue"]) for row in await export_as(owner, what)) * 100)
        for what in Export
    }
    without = (await ask(owner, "categories"))["without_lines_minor"]
    assert without > 0
    for what in ("days", "hours", "orders", "categories"):
        assert revenue[Export(what)] == sales["net_minor"], what
    for what in ("items", "lines"):
        assert revenue[Export(what)] == sales["net_minor"] - without, what
    assert len(await export_as(owner, "orders")) == sales["orders"]


async def test_a_spreadsheet_takes_no_name_for_a_formula(owner: Owner) -> None:
    row = "20/03/2026 12:00,1,Sale,=1+1,@home,1,9.00,0.00,9.00,0.00,Corner Cafe,Closed\n"
    await owner.upload(LINES + row)
    (line,) = await export_as(owner, "lines")
    assert (line["Item"], line["Category"]) == ("'=1+1", "'@home")
    assert (line["Time"], line["Row"], line["Revenue"]) == ("2026-03-20 12:00:00", "2", "9.00")


async def test_more_rows_than_fit_into_an_answer_are_refused_not_cut(
    owner: Owner, monkeypatch: pytest.MonkeyPatch
) -> None:
    await owner.upload(write_lines(10, 20))
    monkeypatch.setattr(export, "MOST_ROWS", 5)
    for what in ("orders", "lines"):
        answer = await owner.client.get(
            "/api/insights/export.csv", params={"what": what, "from": str(FIRST), "to": str(LAST)}
        )
        assert (answer.status_code, answer.json()["code"]) == (422, "too_many_rows")
