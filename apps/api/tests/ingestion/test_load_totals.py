"""A till's list of orders and the list of their lines complete each other, and are never added up."""

from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI

from owner import Owner, register

CORPUS = Path(__file__).parent / "corpus"
TOAST = "13000000000000001"
HEADER = (
    "Date,Receipt number,Receipt type,Gross sales,Discounts,Net sales,Taxes,Tips,Total collected,"
    "Payment type,Store,Status\n"
)
ITEMS = "Date,Receipt number,Receipt type,Item,Quantity,Gross sales,Discounts,Net sales,Taxes,Store,Status\n"
DAY = "20/05/2026"


def total(number: str, net: str, tips: str = "0.00", at: str = "16:48", day: str = DAY) -> str:
    return f"{day} {at},{number},Sale,{net},0.00,{net},1.00,{tips},99.00,Cash,Corner Cafe,Closed\n"


def line(number: str, net: str, at: str = "16:48", place: str = "Corner Cafe") -> str:
    return f"{DAY} {at},{number},Sale,Scone,1,{net},0.00,{net},0.00,{place},Closed\n"


TOTALS = HEADER + total("1", "12.00", "2.00") + total("2", "7.00") + total("3", "5.00", at="18:10")
LINES = (
    ITEMS + line("1", "9.00") + line("1", "3.00") + line("3", "5.00", "18:10") + line("4", "1.00")
)


async def see(owner: Owner) -> dict[str, Any]:
    """All that is stored and shown, but for which upload it came from."""
    return {
        "summary": (await owner.client.get("/api/insights/summary")).json(),
        "hours": sorted(
            owner.query("SELECT business_date, hour, orders, items, net_minor FROM sales_by_hour")
        ),
        "totals": sorted(
            owner.query(
                "SELECT id, order_key, net_minor, tax_minor, tips_minor, charges_minor, total_minor FROM order_totals"
            )
        ),
        "orders": sorted(owner.query("SELECT id, order_key, net_minor FROM transactions")),
    }


async def test_a_list_of_orders_alone_makes_revenue_and_orders(owner: Owner) -> None:
    report = (await owner.upload(TOTALS))["report"]
    assert (report["source"], report["net_minor"], report["orders_new"]) == ("loyverse", 2400, 3)
    assert (report["lines_total"], report["lines_accepted"]) == (3, 3)
    assert report["first_at"] is not None
    seen = await see(owner)
    summary = seen["summary"]
    assert (summary["orders"], summary["net_minor"], summary["items"]) == (3, 2400, 0)
    assert summary["first_business_date"] == summary["last_business_date"] == "2026-05-20"
    assert [each[1:] for each in seen["hours"]] == [(16, 2, 0, 1900), (18, 1, 0, 500)]
    stored = owner.query("SELECT DISTINCT upload_id, source, location, currency FROM order_totals")
    assert [each[1:] for each in stored] == [("loyverse", "Corner Cafe", "USD")]


async def test_lines_and_totals_end_the_same_in_either_order_and_sent_twice(
    app: FastAPI, owner: Owner
) -> None:
    other = await register(app)
    for content in (TOTALS, LINES):
        assert (await owner.upload(content))["status"] == "completed"
    for content in (LINES, TOTALS):
        assert (await other.upload(content))["status"] == "completed"
    seen = await see(owner)
    # 1 and 3 by their lines, 2 by its total, 4 by its line.
    assert (seen["summary"]["orders"], seen["summary"]["net_minor"]) == (4, 1200 + 700 + 500 + 100)
    assert [each[1:] for each in seen["hours"]] == [(16, 3, 3, 2000), (18, 1, 1, 500)]
    assert {(each[1], each[4]) for each in seen["totals"]} == {("1", 200), ("2", 0), ("3", 0)}
    without_ids = {
        name: [each[1:] for each in rows] if isinstance(rows, list) and name != "hours" else rows
        for name, rows in (await see(other)).items()
    }
    for name, rows in without_ids.items():
        mine = [each[1:] for each in seen[name]] if name in {"totals", "orders"} else seen[name]
        assert sorted(mine) == sorted(rows) if isinstance(rows, list) else mine == rows
    for each in (owner, other):
        before = await see(each)
        for content in (LINES, TOTALS, TOTALS, LINES):
            again = (await each.upload(content))["report"]
            assert (again["orders_new"], again["orders_known"], again["orders_changed"]) == (
                0,
                3,
                0,
            )
        assert await see(each) == before


async def test_an_order_is_the_same_in_both_lists(owner: Owner) -> None:
    await owner.upload(TOTALS)
    report = (await owner.upload(LINES))["report"]
    assert report["warnings"] == []
    same = owner.query(
        "SELECT order_key FROM order_totals JOIN transactions USING (restaurant_id, business_date, id, order_key)"
    )
    assert sorted(same) == [("1",), ("3",)]


async def test_a_list_of_orders_says_how_many_it_only_completes(owner: Owner) -> None:
    await owner.upload(LINES)
    report = (await owner.upload(TOTALS))["report"]
    [told] = [each for each in report["conclusions"] if each["what"] == "orders with lines"]
    assert told["decided"].startswith("2 of 3 count once, by their lines")


@pytest.mark.parametrize("first", ["lines", "totals"])
async def test_sums_that_disagree_are_said_by_whichever_came_second_and_change_nothing(
    owner: Owner, first: str
) -> None:
    totals = HEADER + total("1", "11.00") + total("3", "5.01", at="18:10") + total("4", "1.02")
    uploads = (LINES, totals) if first == "lines" else (totals, LINES)
    assert (await owner.upload(uploads[0]))["report"]["warnings"] == []
    [warning] = (await owner.upload(uploads[1]))["report"]["warnings"]
    assert warning.startswith("2 orders come to another sum than their lines: first ")
    assert (await see(owner))["summary"]["net_minor"] == 1200 + 500 + 100
    kept = owner.query("SELECT net_minor FROM order_totals ORDER BY order_key")
    assert kept == [(1100,), (501,), (102,)]


async def test_a_newer_list_replaces_the_order_whole(owner: Owner) -> None:
    await owner.upload(TOTALS)
    newer = (
        HEADER + total("2", "6.50", "1.00") + total("3", "5.00", at="18:10") + total("9", "1.00")
    )
    report = (await owner.upload(newer))["report"]
    counts = (report["orders_new"], report["orders_known"], report["orders_changed"])
    assert counts == (1, 1, 1)
    seen = await see(owner)
    assert (seen["summary"]["orders"], seen["summary"]["net_minor"]) == (4, 1200 + 650 + 500 + 100)
    [(uploads,)] = owner.query("SELECT count(DISTINCT upload_id) FROM order_totals")
    assert uploads == 2


async def test_numbers_that_restart_every_day_are_different_orders(owner: Owner) -> None:
    content = HEADER + total("1", "5.00") + total("1", "6.00", day="21/05/2026")
    assert (await owner.upload(content))["report"]["orders_new"] == 2


async def test_payments_of_one_order_are_added_up_or_counted_once_as_the_rows_say(
    owner: Owner,
) -> None:
    content = (CORPUS / "square_transactions.csv").read_text(encoding="utf-8")
    report = (await owner.upload(content))["report"]
    assert (report["lines_accepted"], report["lines_left_out"], report["orders_new"]) == (6, 1, 5)
    shares = "SELECT net_minor, tax_minor, tips_minor, discounts_minor, total_minor FROM order_totals WHERE order_key = 'TX1'"
    assert owner.query(shares) == [(2500, 200, 200, 200, 2900)]
    # Neither the gift card is an order, nor are the two refunds sales.
    summary = (await see(owner))["summary"]
    assert (summary["orders"], summary["net_minor"]) == (4, -800 + 2500 + 2000 - 500)
    # Each row repeats the whole: 15.50 by card and 13.50 in cash are the 29.00 of each.
    first = "$13.50,-$1.00,$0.00,$12.50,$0.00,$1.00,$2.00,$0.00,$15.50"
    second = "$13.50,-$1.00,$0.00,$12.50,$0.00,$1.00,$0.00,$0.00,$13.50"
    whole = "$27.00,-$2.00,$0.00,$25.00,$0.00,$2.00,$2.00,$0.00,$29.00"
    repeated = content.replace(first, whole).replace(second, whole)
    again = (await owner.upload(repeated))["report"]
    assert (again["orders_known"], again["orders_changed"]) == (5, 0)
    assert owner.query(shares) == [(2500, 200, 200, 200, 2900)]


async def test_rows_of_one_order_that_contradict_each_other_are_refused_and_a_repeated_row_is_not(
    owner: Owner,
) -> None:
    upload = await owner.upload(TOTALS + total("1", "12.50", "2.00") + total("2", "7.00"))
    report = upload["report"]
    assert report["rejections"] == {"order_twice": 2}
    assert (report["lines_rejected"], report["lines_accepted"], report["net_minor"]) == (2, 3, 1200)
    page = (await owner.client.get(f"/api/data/uploads/{upload['id']}/rejected-rows")).json()
    assert [(each["row_number"], each["value"]) for each in page["items"]] == [(2, "1"), (5, "1")]
    assert {each[1] for each in (await see(owner))["totals"]} == {"2", "3"}
    mend = (await owner.client.get(f"/api/data/uploads/{upload['id']}/rejected-rows.csv")).text
    assert [each.split(",")[0] for each in mend.splitlines()[1:]] == ["2", "5"]


async def test_a_list_without_one_good_row_fails_and_stores_nothing(owner: Owner) -> None:
    upload = await owner.upload(HEADER + total("1", "free") + total("", "5.00"))
    assert upload["report"]["problem"]["code"] == "no_valid_rows"
    assert (await see(owner))["totals"] == []


@pytest.mark.parametrize("first", ["lines", "totals"])
async def test_lists_of_one_till_under_two_places_are_not_added_up(
    owner: Owner, first: str
) -> None:
    lines = ITEMS + line("1", "12.00", place="") + line("2", "7.00", place="")
    totals = HEADER + total("1", "12.00") + total("2", "7.00")
    uploads = (lines, totals) if first == "lines" else (totals, lines)
    assert (await owner.upload(uploads[0]))["status"] == "completed"
    before = await see(owner)
    refused = (await owner.upload(uploads[1]))["report"]
    assert refused["problem"]["code"] == "known_from_elsewhere"
    assert await see(owner) == before


@pytest.mark.parametrize("first", ["lines", "totals"])
async def test_lines_whose_numbers_a_spreadsheet_ruined_are_not_added_to_their_totals(
    owner: Owner, first: str
) -> None:
    lines = "Location,Order Id,Order #,Sent Date,Order Date,Item Id,Menu Item,Net Price,Qty,Gross Price,Void?\n"
    totals = "Location,Order Id,Order #,Opened,Amount,Tax,Tip,Gratuity,Total,Voided\n"
    for number in range(1, 5):
        at = f"10/13/26 {number}:05 PM"
        lines += f"Bistro,1.3E+18,{number},{at},{at},7,Soup,{number}.50,1,{number}.50,false\n"
        totals += (
            f"Bistro,{TOAST}0{number},{number},{at},{number}.50,0,1.00,0,{number + 1}.50,false\n"
        )
    uploads = (lines, totals) if first == "lines" else (totals, lines)
    assert (await owner.upload(uploads[0]))["status"] == "completed"
    before = await see(owner)
    refused = (await owner.upload(uploads[1]))["report"]
    assert refused["problem"]["code"] == "known_from_elsewhere"
    assert await see(owner) == before


async def test_other_orders_of_the_same_till_are_not_taken_for_known(owner: Owner) -> None:
    await owner.upload(LINES)
    busy = HEADER + total("11", "12.00") + total("12", "5.00", at="18:10")
    assert (await owner.upload(busy))["report"]["orders_new"] == 2


async def test_two_lists_of_the_same_orders_loaded_at_once_are_not_added_up(owner: Owner) -> None:
    content = HEADER + "".join(total(str(number), "4.50") for number in range(500))
    for _ in range(3):
        await owner.send(content.encode())
    await owner.work()
    summary = (await see(owner))["summary"]
    assert (summary["orders"], summary["net_minor"]) == (500, 225_000)


async def test_a_cut_file_is_told_in_its_report(owner: Owner) -> None:
    report = (await owner.upload((CORPUS / "flipdish_sales.csv").read_bytes()))["report"]
    assert [each for each in report["warnings"] if each.startswith("The file was cut: ")]
    assert report["source"] == "flipdish"
    assert "net amount" in {each["what"] for each in report["conclusions"]}


async def undo(owner: Owner, upload: dict[str, Any]) -> None:
    answer = await owner.client.delete(f"/api/data/uploads/{upload['id']}")
    assert answer.status_code == 202
    await owner.work()
    shown = (await owner.client.get(f"/api/data/uploads/{upload['id']}")).json()
    assert shown["status"] == "undone"


async def test_undoing_one_of_the_two_lists_leaves_what_the_other_says(owner: Owner) -> None:
    lines = await owner.upload(LINES)
    with_lines = await see(owner)
    totals = await owner.upload(TOTALS)
    await undo(owner, totals)
    assert await see(owner) == with_lines
    await owner.upload(TOTALS)
    await undo(owner, lines)
    without = await see(owner)
    assert (without["orders"], without["summary"]["net_minor"]) == ([], 2400)


async def test_undoing_a_newer_list_of_orders_brings_the_older_figures_back(owner: Owner) -> None:
    first = await owner.upload(TOTALS)
    before = await see(owner)
    newer = await owner.upload(HEADER + total("1", "15.00") + total("4", "1.00"))
    assert newer["report"]["orders_changed"] == 1
    await undo(owner, newer)
    assert await see(owner) == before
    await owner.client.post(f"/api/data/uploads/{first['id']}/retry")
    await owner.work()
    assert await see(owner) == before
