"""The real-looking export goes through whole, and a spoiled copy loses exactly the spoiled rows."""

import csv
import io
import random
import time
from decimal import Decimal
from importlib.resources import files

import psycopg

from owner import Owner

PIZZAPLACE = (files("flux") / "sample" / "pizzaplace.csv").read_bytes()


def count_rows(owner: Owner) -> tuple[int, int, Decimal, int, int]:
    """Orders and their sum, items with their quantities and their sum, from the tables."""
    orders, of_orders = owner.query("SELECT count(*), sum(net_minor) FROM transactions")[0]
    items, quantity, of_items = owner.query(
        "SELECT count(*), sum(quantity), sum(net_minor) FROM transaction_items"
    )[0]
    return orders, items, quantity, int(of_orders), int(of_items)


async def test_pizzaplace_gives_every_order_item_and_cent_and_a_second_upload_adds_nothing(
    owner: Owner,
) -> None:
    first = await owner.upload(PIZZAPLACE, "pizzaplace.csv")
    assert first["status"] == "completed"
    assert first["progress"] == 1
    report = first["report"]
    assert report["lines_total"] == report["lines_accepted"] == 49_574
    assert (report["orders_new"], report["orders_known"], report["orders_changed"]) == (
        21_350,
        0,
        0,
    )
    assert (report["net_minor"], report["currency"]) == (81_786_005, "USD")
    expected = (21_350, 49_574, Decimal(49_574), 81_786_005, 81_786_005)
    assert count_rows(owner) == expected

    second = (await owner.upload(PIZZAPLACE, "again.csv"))["report"]
    assert (second["orders_new"], second["orders_known"], second["orders_changed"]) == (
        0,
        21_350,
        0,
    )
    assert count_rows(owner) == expected

    summary = (await owner.client.get("/api/insights/summary")).json()
    del summary["today"]
    assert summary == {
        "orders": 21_350,
        "items": 49_574,
        "net_minor": 81_786_005,
        "currency": "USD",
        "first_business_date": "2015-01-01",
        "last_business_date": "2015-12-31",
        "sample_upload_id": None,
    }


async def test_an_upload_stays_fast_when_the_statistics_do_not_know_the_restaurant(
    owner: Owner, stranger: Owner, owner_url: str
) -> None:
    """The planner then takes the restaurant to be empty, and once chose a plan of 79 s instead of 3."""
    await stranger.upload(PIZZAPLACE)
    with psycopg.connect(owner_url, autocommit=True) as connection:
        connection.execute("ANALYZE")
    started = time.monotonic()
    await owner.upload(PIZZAPLACE)
    first = time.monotonic() - started
    started = time.monotonic()
    assert (await owner.upload(PIZZAPLACE))["report"]["orders_known"] == 21_350
    assert time.monotonic() - started < 5 * first


SPOILS = {
    "date": [
        ("", "date_missing"),
        ("2015-02-30", "date_unreadable"),
        ("soon", "date_unreadable"),
    ],
    "time": [
        ("", "time_missing"),
        ("25:10:00", "time_unreadable"),
        ("noon", "time_unreadable"),
    ],
    "name": [
        ("", "item_missing"),
        ("x" * 301, "text_too_long"),
        ("a\x07b", "text_unreadable"),
    ],
    "price": [
        ("", "amount_missing"),
        ("free", "amount_unreadable"),
        ("12.345", "amount_too_precise"),
        ("1,2.5", "amount_unreadable"),
        ("99999999999999", "amount_too_large"),
    ],
}


def spoil(content: bytes, share: float) -> tuple[bytes, dict[int, tuple[str | None, str]], int]:
    """Spoil a share of the rows; also the expected rejection of each, and the good rows' cents."""
    chance = random.Random(7)
    rows = list(csv.reader(io.StringIO(content.decode())))
    header, expected, good_minor = rows[0], {}, 0
    kinds: list[tuple[str | None, str, str]] = [
        (column, value, code) for column, spoils in SPOILS.items() for value, code in spoils
    ]
    kinds += [(None, "short", "cells_missing"), (None, "long", "cells_too_many")]
    for number, row in enumerate(rows[1:], start=2):
        if chance.random() >= share:
            good_minor += int(Decimal(row[-1]) * 100)
            continue
        column, value, code = chance.choice(kinds)
        if column is not None:
            row[header.index(column)] = value
        elif value == "short":
            del row[chance.randrange(len(row))]
        else:
            row.insert(chance.randrange(len(row)), "stray")
        expected[number] = (column, code)
    output = io.StringIO(newline="")
    csv.writer(output, lineterminator="\n").writerows(rows)
    return output.getvalue().encode(), expected, good_minor


async def test_a_spoiled_copy_gives_exactly_the_good_rows_and_names_every_bad_one(
    owner: Owner,
) -> None:
    content, expected, good_minor = spoil(PIZZAPLACE, 0.01)
    assert len(expected) > 400
    upload = await owner.upload(content, "spoiled.csv")
    assert upload["status"] == "completed"
    report = upload["report"]
    assert report["lines_rejected"] == len(expected)
    assert report["lines_accepted"] == 49_574 - len(expected)
    assert report["net_minor"] == good_minor
    items, minor = owner.query("SELECT count(*), sum(net_minor) FROM transaction_items")[0]
    assert (items, int(minor)) == (49_574 - len(expected), good_minor)

    named: dict[int, tuple[str | None, str]] = {}
    cursor: str | None = ""
    while cursor is not None:
        params = {"limit": "100"} | ({"cursor": cursor} if cursor else {})
        answer = await owner.client.get(
            f"/api/data/uploads/{upload['id']}/rejected-rows", params=params
        )
        page = answer.json()
        for row in page["items"]:
            assert row["row_number"] not in named
            assert row["message"]
            named[row["row_number"]] = (row["column"], row["code"])
        cursor = page["next_cursor"]
    assert named == expected
