"""One upload from file to rows: all or nothing, twice is once, and a dead worker loses nothing."""

import threading
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any
from uuid import UUID

import anyio
import psycopg
import pytest

from flux.core import clock
from flux.ingestion import blocks, loading, orders, process
from flux.ingestion.load import Counts, load_orders
from flux.ingestion.process import LeaseLostError, process_upload
from flux.ingestion.unsent import sweep_unsent_uploads
from flux.local.worker import work_once
from owner import Owner, enter

HEADER = "Order ID,Date,Time,Item,Quantity,Net sales\n"
CORPUS = Path(__file__).parent / "corpus"
PIZZAPLACE = (files("flux") / "sample" / "pizzaplace.csv").read_bytes()


def count(owner: Owner) -> tuple[int, int, int]:
    """Orders, items, and the items' sum in minor units."""
    orders = owner.query("SELECT count(*) FROM transactions")[0][0]
    items, minor = owner.query(
        "SELECT count(*), coalesce(sum(net_minor), 0) FROM transaction_items"
    )[0]
    return orders, items, int(minor)


async def test_equal_lines_of_one_order_are_all_sold(owner: Owner) -> None:
    line = "7,2026-05-01,12:00,Espresso,1,2.20\n"
    upload = await owner.upload(HEADER + line * 3)
    assert upload["report"]["orders_new"] == 1
    assert count(owner) == (1, 3, 660)
    again = await owner.upload(HEADER + line * 3)
    assert again["report"]["orders_known"] == 1
    assert count(owner) == (1, 3, 660)


async def test_voids_gift_cards_and_charges_are_no_sales(owner: Owner) -> None:
    for name, gone in (
        ("toast_items_32.csv", "1 row: voided"),
        ("clover_line_items.csv", "1 row: refunded"),
    ):
        upload = await owner.upload((CORPUS / name).read_bytes())
        report = upload["report"]
        assert gone in {each["decided"] for each in report["conclusions"]}
        assert report["lines_total"] == report["lines_accepted"] + report["lines_left_out"]
    assert report["lines_left_out"] == 2
    assert report["net_minor"] == 1200 + 1200 + 800
    kinds = owner.query(
        "SELECT kind, sum(net_minor)::int FROM transaction_items GROUP BY kind ORDER BY kind"
    )
    assert kinds == [("charge", 440), ("deferred", 5000), ("sale", 2900 + 3200)]
    answer = (await owner.client.get("/api/insights/summary")).json()
    assert (answer["net_minor"], answer["orders"], float(answer["items"])) == (6100, 4, 7)
    assert sorted(owner.query("SELECT source, sum(net_minor)::int FROM transactions GROUP BY source")) == [
        ("clover", 3200), ("toast", 2900),
    ]  # fmt: skip


async def test_the_same_orders_under_another_name_are_not_counted_twice(owner: Owner) -> None:
    toast = (CORPUS / "toast_items_20.csv").read_text(encoding="utf-8")
    assert (await owner.upload(toast))["status"] == "completed"
    before = count(owner)
    without_place = "\n".join(line.split(",", 1)[-1] for line in toast.splitlines())
    by_hand = (
        HEADER + "901,2026-08-03,17:17,Negroni,1,12.00\n901,2026-08-03,17:17,Negroni,2,20.00\n"
    )
    for content in (without_place, by_hand):
        again = await owner.upload(content)
        assert again["status"] == "failed"
        assert again["report"]["problem"]["code"] == "known_from_elsewhere"
        assert count(owner) == before
    other_sales = "901,2026-08-03,17:17,Negroni,1,12.00\n1,2026-08-03,18:17,Beer,1,6.00\n2,2026-08-03,18:18,Beer,1,6.00\n"
    assert (await owner.upload(HEADER + other_sales))["status"] == "completed"


async def test_an_overlapping_export_adds_only_what_is_new(owner: Owner) -> None:
    days = [f"{n},2026-05-0{n},12:00,Soup,1,4.50\n" for n in range(1, 8)]
    await owner.upload(HEADER + "".join(days[:5]))
    second = (await owner.upload(HEADER + "".join(days[3:])))["report"]
    assert (second["orders_new"], second["orders_known"]) == (2, 2)
    assert count(owner) == (7, 7, 7 * 450)


async def test_a_newer_export_of_an_order_replaces_it_whole(owner: Owner) -> None:
    await owner.upload(HEADER + "1,2026-05-01,12:00,Soup,1,4.50\n1,2026-05-01,12:00,Tea,1,2.00\n")
    changed = (await owner.upload(HEADER + "1,2026-05-01,12:00,Soup,1,5.00\n"))["report"]
    assert (changed["orders_new"], changed["orders_changed"]) == (0, 1)
    assert count(owner) == (1, 1, 500)


async def test_a_re_saved_copy_that_lost_its_seconds_and_its_order_is_known(
    owner: Owner,
) -> None:
    await owner.upload(
        HEADER + "1,2026-05-01,12:00:41,Soup,1,4.50\n1,2026-05-01,12:00:41,Tea,1,2.00\n"
    )
    resaved = "1,5/1/2026,12:00,Tea,1,2\n1,5/1/2026,12:00,Soup,1,4.5\n2,5/13/2026,9:00,Tea,1,2\n"
    again = (await owner.upload(HEADER + resaved))["report"]
    assert (again["orders_new"], again["orders_known"], again["orders_changed"]) == (
        1,
        1,
        0,
    )


async def test_order_numbers_that_restart_every_day_are_different_orders(
    owner: Owner,
) -> None:
    await owner.upload(HEADER + "1,2026-05-01,12:00,Soup,1,4.50\n1,2026-05-02,12:00,Soup,1,4.50\n")
    assert count(owner) == (2, 2, 900)


async def test_without_order_numbers_each_line_stands_alone_and_equals_are_counted(
    owner: Owner,
) -> None:
    header, line = "Date,Time,Item,Net sales\n", "2026-05-01,12:00,Coffee,2.00\n"
    first = await owner.upload(header + line * 2)
    assert first["report"]["orders_new"] == 2
    assert first["report"]["warnings"][0].startswith("Orders cannot be told apart")
    more = await owner.upload(header + line * 3)
    assert (more["report"]["orders_new"], more["report"]["orders_known"]) == (1, 2)
    assert count(owner) == (3, 3, 600)


async def test_without_order_numbers_a_re_saved_copy_that_lost_its_seconds_is_known(
    owner: Owner,
) -> None:
    header = "Date,Time,Item,Net sales\n"
    lines = ["2026-05-01,12:00:05,Coffee,2.00\n", "2026-05-01,12:00:31,Coffee,2.00\n"]
    await owner.upload(header + "".join(lines) + "2026-05-01,12:01:00,Coffee,2.00\n")
    resaved = (
        header
        + "5/1/2026,12:00,Coffee,2\n" * 2
        + "5/1/2026,12:01,Coffee,2\n"
        + "5/13/2026,9:00,Tea,1\n"
    )
    again = (await owner.upload(resaved))["report"]
    assert (again["orders_new"], again["orders_known"]) == (1, 3)
    assert count(owner) == (4, 4, 700)


async def test_refunds_are_negative_and_count_against_sales(owner: Owner) -> None:
    await owner.upload(
        HEADER + "1,2026-05-01,12:00,Soup,1,4.50\n2,2026-05-01,13:00,Soup,-1,-4.50\n"
    )
    assert count(owner) == (2, 2, 0)


async def test_sales_after_midnight_count_for_the_day_before(owner: Owner) -> None:
    await owner.upload(HEADER + "1,2026-05-02,03:59,Beer,1,5.00\n2,2026-05-02,04:00,Beer,1,5.00\n")
    days = owner.query("SELECT business_date::text FROM transactions ORDER BY occurred_at")
    assert days == [("2026-05-01",), ("2026-05-02",)]


async def test_the_same_file_of_two_restaurants_stays_two(owner: Owner, stranger: Owner) -> None:
    content = HEADER + "1,2026-05-01,12:00,Soup,1,4.50\n"
    for each in (owner, stranger):
        assert (await each.upload(content))["report"]["orders_new"] == 1
    assert count(owner) == count(stranger) == (1, 1, 450)


async def test_a_file_without_one_good_row_fails_and_stores_nothing(
    owner: Owner,
) -> None:
    upload = await owner.upload(
        HEADER + "1,2026-05-01,12:00,Soup,1,free\n2,2026-05-01,12:00,,1,4\n"
    )
    assert upload["status"] == "failed"
    assert upload["report"]["problem"]["code"] == "no_valid_rows"
    assert count(owner) == (0, 0, 0)


async def test_what_a_worker_did_before_it_was_overtaken_is_rolled_back(
    owner: Owner, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker that sleeps through its lease finds another's result, and adds nothing to it."""
    upload_id = UUID(await owner.send((HEADER + "1,2026-05-01,12:00,Soup,1,4.50\n").encode()))

    def overtaken(*given: Any, **named: Any) -> Counts:
        counts = load_orders(*given, **named)
        owner.execute(
            "UPDATE data_uploads SET lease_token = gen_random_uuid() WHERE id = %(id)s",
            id=upload_id,
        )
        return counts

    with monkeypatch.context() as patched:
        patched.setattr(loading, "load_orders", overtaken)
        with pytest.raises(LeaseLostError):
            await anyio.to_thread.run_sync(
                process_upload, owner.dsn, owner.store, owner.restaurant_id, upload_id
            )
    assert count(owner) == (0, 0, 0)


async def test_many_workers_at_once_process_an_upload_once(owner: Owner) -> None:
    upload_id = UUID(await owner.send((HEADER + "1,2026-05-01,12:00,Soup,1,4.50\n").encode()))
    took: list[bool] = []

    async def work() -> None:
        took.append(
            await anyio.to_thread.run_sync(
                process_upload, owner.dsn, owner.store, owner.restaurant_id, upload_id
            )
        )

    async with anyio.create_task_group() as group:
        for _ in range(6):
            group.start_soon(work)
    assert sorted(took) == [False] * 5 + [True]
    assert count(owner) == (1, 1, 450)


async def test_two_files_with_the_same_orders_loaded_at_once_are_not_added_up(
    owner: Owner,
) -> None:
    content = HEADER + "".join(f"{n},2026-05-01,12:00,Soup,1,4.50\n" for n in range(2_000))
    ids = [UUID(await owner.send(content.encode())) for _ in range(3)]
    async with anyio.create_task_group() as group:
        for upload_id in ids:
            group.start_soon(
                anyio.to_thread.run_sync,
                process_upload,
                owner.dsn,
                owner.store,
                owner.restaurant_id,
                upload_id,
            )
    assert count(owner) == (2_000, 2_000, 900_000)


async def test_the_lease_of_a_dead_worker_holds_until_it_runs_out(
    owner: Owner, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`test_crashes.py` kills workers in earnest; here nobody is in a hurry."""
    upload_id = await owner.send((HEADER + "1,2026-05-01,12:00,Soup,1,4.50\n").encode())

    def die(*_: object) -> None:
        raise MemoryError

    with monkeypatch.context() as patched:
        patched.setattr(process, "_ingest", die)
        work_once(owner.dsn, owner.store)
    path = f"/api/data/uploads/{upload_id}"
    await owner.work()
    assert (await owner.client.get(path)).json()["status"] == "processing"
    monkeypatch.setattr(clock, "now", lambda: datetime.now(UTC) + timedelta(seconds=61))
    await owner.work()
    assert (await owner.client.get(path)).json()["status"] == "completed"
    assert count(owner) == (1, 1, 450)


async def test_an_upload_that_kills_every_worker_is_given_up_with_a_reason(
    owner: Owner, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload_id = await owner.send((HEADER + "1,2026-05-01,12:00,Soup,1,4.50\n").encode())

    def crash(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr(process, "_ingest", crash)
    for lived in range(process.MAX_ATTEMPTS + 1):
        later = timedelta(seconds=61 * lived)
        monkeypatch.setattr(clock, "now", lambda later=later: datetime.now(UTC) + later)
        work_once(owner.dsn, owner.store)
    upload = (await owner.client.get(f"/api/data/uploads/{upload_id}")).json()
    assert upload["status"] == "failed"
    assert upload["report"]["problem"]["code"] == "gave_up"
    assert not work_once(owner.dsn, owner.store)


async def test_progress_is_seen_while_the_load_is_still_open(
    owner: Owner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(process, "HEARTBEAT_SECONDS", 0.005)
    monkeypatch.setattr(orders, "CHUNK_LINES", 1_000)
    monkeypatch.setattr(blocks, "BLOCK_CHARS", 64 * 1024)
    upload_id = UUID(await owner.send(PIZZAPLACE))
    listen, seen = process._Heart.watch, dict[float, int]()

    def listen_until_it_is_seen(heart: process._Heart, share: float, rows: int) -> None:
        listen(heart, share, rows)
        with psycopg.connect(owner.dsn) as connection:
            for _ in range(1_000):
                enter(connection, owner.restaurant_id)
                row = connection.execute(
                    "SELECT progress, rows_read FROM data_uploads WHERE id = %s", (upload_id,)
                ).fetchone()
                connection.rollback()
                if row == (heart.progress, heart.rows_read):
                    seen[heart.progress] = rows
                    return
                threading.Event().wait(0.01)
        raise AssertionError("nobody says how far it is")

    monkeypatch.setattr(process._Heart, "watch", listen_until_it_is_seen)
    await owner.work()
    assert len([share for share in seen if 0 < share < 0.9]) > 5
    assert sorted(seen.values()) == list(seen.values())
    lines = len(PIZZAPLACE.splitlines())
    assert all(abs(rows / lines - share / process.ROWS_END) < 0.2 for share, rows in seen.items())


async def test_a_file_that_came_without_word_of_it_is_swept_up(owner: Owner) -> None:
    """The API may die between storing a file and writing down that it has."""
    upload_id = await owner.send((HEADER + "1,2026-05-01,12:00,Soup,1,4.50\n").encode())
    owner.execute("UPDATE data_uploads SET received_at = NULL")
    await owner.work()
    path = f"/api/data/uploads/{upload_id}"
    assert (await owner.client.get(path)).json()["status"] == "awaiting_file"
    assert sweep_unsent_uploads(owner.dsn, owner.store) == 1
    assert sweep_unsent_uploads(owner.dsn, owner.store) == 0
    await owner.work()
    assert (await owner.client.get(path)).json()["status"] == "completed"


async def test_files_that_were_announced_and_never_sent_hold_nobody_up(
    owner: Owner, stranger: Owner
) -> None:
    stranger.execute(
        "INSERT INTO data_uploads (restaurant_id, id, filename, content_type, size_bytes, object_key, expires_at)"
        " SELECT %(r)s, gen_random_uuid(), 'a.csv', 'text/csv', 1, 'k', now() FROM generate_series(1, 120)",
        r=stranger.restaurant_id,
    )
    upload = await owner.upload(HEADER + "1,2026-05-01,12:00,Soup,1,4.50\n")
    assert upload["status"] == "completed"


async def test_the_lease_holds_while_a_step_takes_longer_than_it(
    owner: Owner, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While one worker merges, the lease is over by the clock, but its heart goes on beating."""
    monkeypatch.setattr(process, "HEARTBEAT_SECONDS", 0.02)
    monkeypatch.setattr(process, "LEASE", timedelta(seconds=0.5))
    upload_id = UUID(await owner.send((HEADER + "1,2026-05-01,12:00,Soup,1,4.50\n").encode()))
    others: list[bool] = []

    def slow(*given: Any, **named: Any) -> Counts:
        counts = load_orders(*given, **named)
        begun = clock.now()
        while clock.now() < begun + 3 * process.LEASE:
            others.append(process_upload(owner.dsn, owner.store, owner.restaurant_id, upload_id))
        return counts

    with monkeypatch.context() as patched:
        patched.setattr(loading, "load_orders", slow)
        await owner.work()
    assert len(others) > 3
    assert not any(others)
    assert count(owner) == (1, 1, 450)


async def test_two_locations_with_the_same_order_numbers_are_not_mixed_up(owner: Owner) -> None:
    header = "Location," + HEADER
    await owner.upload(header + "North,1,2026-05-01,12:00,Soup,1,4.50\n")
    south = await owner.upload(header + "South,1,2026-05-01,12:00,Feast,1,30.00\n")
    assert south["report"]["orders_new"] == 1
    assert count(owner) == (2, 2, 3450)
    again = await owner.upload(header + "North,1,2026-05-01,12:00,Soup,1,4.50\n")
    assert again["report"]["orders_known"] == 1


async def test_an_order_that_was_cancelled_since_is_taken_away_by_the_newer_export(
    owner: Owner,
) -> None:
    header = "Order ID,Date,Time,Item,Quantity,Net sales,Status\n"
    paid = "1,2026-05-01,12:00,Soup,1,4.50,paid\n1,2026-05-01,12:00,Tea,1,2.00,paid\n"
    other = "2,2026-05-01,13:00,Cake,1,3.00,paid\n"
    await owner.upload(header + paid + other)
    assert count(owner) == (2, 3, 950)
    again = await owner.upload(header + paid.replace("paid", "cancelled") + other)
    assert count(owner) == (1, 1, 300)
    assert again["report"]["orders_changed"] == 1
    assert (again["report"]["orders_known"], again["report"]["lines_left_out"]) == (1, 2)
    assert owner.query("SELECT hour, orders, net_minor::int FROM sales_by_hour") == [(13, 1, 300)]
    await owner.upload(header + paid.replace("paid", "cancelled", 1) + other)
    assert count(owner) == (2, 2, 500)


async def test_a_void_in_an_order_far_from_its_sold_lines_takes_nothing_away(
    owner: Owner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(orders, "CHUNK_LINES", 2)
    header = "Order ID,Date,Time,Item,Quantity,Net sales,Void\n"
    rows = [f"{n},2026-05-01,12:0{n},Soup,1,4.50,no\n" for n in range(1, 7)]
    voided = "1,2026-05-01,12:01,Tea,1,2.00,yes\n"
    for content in (header + "".join(rows) + voided, header + voided + "".join(rows)):
        await owner.upload(content)
        assert count(owner) == (6, 6, 2700)
