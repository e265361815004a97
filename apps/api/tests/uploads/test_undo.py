"""Undoing an upload, and reading one again: what others also contain is there, and all or nothing holds."""

import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

import anyio
import polars as pl
import psycopg
import pytest

from flux.core import clock
from flux.ingestion import loading, process, revise, understand
from flux.ingestion.blocks import Block
from flux.ingestion.columns import Batch, ColumnReader
from flux.ingestion.load import Counts, load_orders
from flux.ingestion.process import process_upload
from flux.ingestion.report import refuse
from owner import Owner

HEADER = "Order ID,Date,Time,Item,Quantity,Net sales\n"


def day(number: int, price: str = "4.50") -> str:
    return f"{number},2026-05-{number:02},12:00,Soup,1,{price}\n"


def rows(owner: Owner) -> list[Any]:
    """Every order with its items, and nothing of which upload they came by."""
    return owner.query(
        "SELECT t.order_key, t.business_date::text, t.item_count, t.net_minor::int,"
        " array_agg(i.item_name || ' ' || i.net_minor ORDER BY i.line_number)"
        " FROM transactions t JOIN transaction_items i ON i.transaction_id = t.id"
        " GROUP BY t.id, t.order_key, t.business_date, t.item_count, t.net_minor ORDER BY 2, 1"
    )


def total(owner: Owner) -> tuple[int, int]:
    """Orders, and the sum of all items in minor units; no item is without its order."""
    assert owner.query(
        "SELECT count(*) FROM transaction_items i"
        " WHERE NOT EXISTS (SELECT FROM transactions t WHERE t.id = i.transaction_id)"
    ) == [(0,)]
    minor = owner.query("SELECT coalesce(sum(net_minor), 0)::int FROM transaction_items")[0][0]
    return owner.query("SELECT count(*) FROM transactions")[0][0], minor


async def undo(owner: Owner, upload_id: str) -> tuple[int, str]:
    """Status code, and what is requested now or the problem's code."""
    answer = await owner.client.delete(f"/api/data/uploads/{upload_id}")
    body = answer.json()
    return answer.status_code, body["code"] if answer.is_error else body["requested"]


async def retry(owner: Owner, upload_id: str) -> tuple[int, str | None]:
    answer = await owner.client.post(f"/api/data/uploads/{upload_id}/retry")
    body = answer.json()
    return answer.status_code, body["code"] if answer.is_error else body["requested"]


async def show(owner: Owner, upload_id: str) -> dict[str, Any]:
    shown: dict[str, Any] = (await owner.client.get(f"/api/data/uploads/{upload_id}")).json()
    return shown


def process_in_thread(owner: Owner, upload_id: str) -> threading.Thread:
    """A worker of its own, on connections of its own."""
    given = (owner.dsn, owner.store, owner.restaurant_id, UUID(upload_id))
    thread = threading.Thread(target=process_upload, args=given)
    thread.start()
    return thread


def wait_until_somebody_waits_for_the_lock(owner: Owner) -> None:
    with psycopg.connect(owner.dsn, autocommit=True) as connection:
        for _ in range(1_000):
            waiting = connection.execute(
                "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
            ).fetchone()
            if waiting and waiting[0]:
                return
            threading.Event().wait(0.01)
    raise AssertionError("nobody waits")


async def test_an_undone_upload_is_gone_with_its_orders_and_refused_rows(owner: Owner) -> None:
    upload = await owner.upload(HEADER + day(1) + day(2) + "3,2026-05-03,12:00,Tea,1,free\n")
    assert await undo(owner, upload["id"]) == (202, "undo")
    waiting = await show(owner, upload["id"])
    assert (waiting["status"], waiting["report"]) == ("completed", upload["report"])
    assert total(owner) == (2, 900), "until it is done, it counts"
    await owner.work()
    undone = await show(owner, upload["id"])
    assert (undone["status"], undone["requested"], undone["progress"]) == ("undone", None, 1)
    assert undone["report"]["conclusions"][-1] == {
        "what": "undone",
        "decided": "2 orders were taken away, 0 put back from other files",
        "because": "you asked for it",
    }
    assert total(owner) == (0, 0)
    assert owner.query("SELECT count(*) FROM rejected_rows") == [(0,)]
    assert await undo(owner, upload["id"]) == (409, "upload_state")


async def test_undo_restores_what_another_upload_also_contains(owner: Owner) -> None:
    first = await owner.upload(HEADER + day(1) + day(2) + day(3))
    second = await owner.upload(HEADER + day(2) + day(3) + day(4))
    await undo(owner, first["id"])
    await owner.work()
    assert [row[1] for row in rows(owner)] == ["2026-05-02", "2026-05-03", "2026-05-04"]
    assert owner.query("SELECT DISTINCT upload_id::text FROM transactions") == [(second["id"],)]
    assert owner.query("SELECT DISTINCT upload_id::text FROM transaction_items") == [
        (second["id"],)
    ]
    assert (await show(owner, second["id"])) == second, "its own result is what it was"


async def test_undoing_a_newer_export_brings_the_older_content_of_an_order_back(
    owner: Owner,
) -> None:
    tea = "1,2026-05-01,12:00,Tea,1,2.00\n"
    await owner.upload(HEADER + day(1) + tea)
    before = rows(owner)
    newer = await owner.upload(HEADER + day(1, "5.00"))
    assert total(owner) == (1, 500)
    await undo(owner, newer["id"])
    await owner.work()
    assert rows(owner) == before
    assert total(owner) == (1, 650)


async def test_of_several_other_uploads_the_newest_gives_the_order_back(owner: Owner) -> None:
    uploads = [await owner.upload(HEADER + day(1, price)) for price in ("1.00", "2.00", "3.00")]
    for undone, left in ((2, 200), (0, 200), (1, 0)):
        await undo(owner, uploads[undone]["id"])
        await owner.work()
        assert total(owner)[1] == left


async def test_undo_changes_no_order_of_the_other_uploads_that_the_undone_one_did_not_write(
    owner: Owner,
) -> None:
    """Reading January again must not put its old version of an order over February's."""
    await owner.upload(HEADER + day(1, "1.00") + day(9, "1.00"))
    newer = await owner.upload(HEADER + day(9, "9.00"))
    undone = await owner.upload(HEADER + day(1, "2.00"))
    await undo(owner, undone["id"])
    await owner.work()
    assert [(row[1], row[3]) for row in rows(owner)] == [("2026-05-01", 100), ("2026-05-09", 900)]
    assert owner.query(
        "SELECT upload_id::text FROM transactions WHERE business_date = '2026-05-09'"
    ) == [(newer["id"],)]


async def test_equal_lines_without_an_order_number_are_restored_by_their_number(
    owner: Owner,
) -> None:
    header, line = "Date,Time,Item,Net sales\n", "2026-05-01,12:00,Coffee,2.00\n"
    two, three = await owner.upload(header + line * 2), await owner.upload(header + line * 3)
    await undo(owner, two["id"])
    await owner.work()
    assert total(owner) == (3, 600)
    assert await retry(owner, two["id"]) == (200, None)
    await owner.work()
    await undo(owner, three["id"])
    await owner.work()
    assert total(owner) == (2, 400)


async def test_asking_twice_is_asking_once(owner: Owner) -> None:
    upload = await owner.upload(HEADER + day(1))
    assert [await undo(owner, upload["id"]) for _ in range(2)] == [(202, "undo")] * 2
    assert await retry(owner, upload["id"]) == (409, "upload_state")
    await owner.work()
    assert total(owner) == (0, 0)


async def test_only_what_counts_can_be_undone(owner: Owner, stranger: Owner) -> None:
    announced = (await owner.announce(b"x"))["id"]
    refused = (await owner.upload(b"no sales"))["id"]
    reading = await owner.send((HEADER + day(1)).encode())
    owner.execute(
        "UPDATE data_uploads SET status = 'processing', lease_token = id WHERE id = %(id)s",
        id=reading,
    )
    for each in (announced, refused, reading):
        assert await undo(owner, each) == (409, "upload_state")
    theirs = (await stranger.upload(HEADER + day(1)))["id"]
    assert await undo(owner, theirs) == (404, "upload_not_found")
    await stranger.work()
    assert total(stranger) == (1, 450)


async def test_an_undone_file_can_be_sent_again_or_read_again(owner: Owner) -> None:
    content = HEADER + day(1) + "2,2026-05-02,12:00,Tea,1,free\n"
    upload = await owner.upload(content)
    await undo(owner, upload["id"])
    await owner.work()
    sent_again = await owner.upload(content)
    assert sent_again["report"] == upload["report"]
    assert total(owner) == (1, 450)
    await undo(owner, sent_again["id"])
    await owner.work()
    assert await retry(owner, upload["id"]) == (200, None)
    await owner.work()
    read_again = await show(owner, upload["id"])
    assert (read_again["status"], read_again["report"]) == ("completed", upload["report"])
    assert total(owner) == (1, 450)


def learn(monkeypatch: pytest.MonkeyPatch, change: tuple[str, str]) -> None:
    """Flux reads the items of every file otherwise from now on, as by a better version."""

    read, (before, after) = ColumnReader.read, change

    def read_better(self: ColumnReader, block: Block) -> Batch:
        batch = read(self, block)
        is_meant = pl.col("item_name") == before
        lines = batch.lines.filter(~is_meant | bool(after))
        return replace(
            batch, lines=lines.with_columns(pl.col("item_name").replace({before: after}))
        )

    monkeypatch.setattr(ColumnReader, "read", read_better)


async def test_reading_a_completed_file_again_replaces_what_it_wrote(
    owner: Owner, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = HEADER + day(1) + "2,2026-05-02,12:00,Ghost,1,9.00\n3,2026-05-03,12:00,Tea,1,free\n"
    upload = await owner.upload(content)
    assert total(owner) == (2, 1350)
    learn(monkeypatch, ("Ghost", ""))
    assert await retry(owner, upload["id"]) == (200, "read_again")
    assert (await show(owner, upload["id"]))["report"] == upload["report"]
    assert total(owner) == (2, 1350), "until the new result is there the old one counts"
    finished_at = owner.query("SELECT finished_at FROM data_uploads")
    await owner.work()
    again = await show(owner, upload["id"])
    assert (again["status"], again["report"]["lines_accepted"]) == ("completed", 1)
    assert again["report"]["lines_rejected"] == 1
    assert owner.query("SELECT count(*) FROM rejected_rows") == [(1,)]
    assert total(owner) == (1, 450)
    assert owner.query("SELECT finished_at FROM data_uploads") == finished_at


async def test_reading_an_old_file_again_does_not_put_it_over_a_newer_one(
    owner: Owner, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = await owner.upload(HEADER + day(1, "1.00") + day(2, "1.00") + day(3, "1.00"))
    new = await owner.upload(HEADER + day(2, "2.00") + day(3, "1.00"))
    learn(monkeypatch, ("Soup", "Soupe"))
    await retry(owner, old["id"])
    await owner.work()
    assert owner.query(
        "SELECT business_date::text, net_minor::int, upload_id::text FROM transactions ORDER BY 1"
    ) == [
        ("2026-05-01", 100, old["id"]),
        ("2026-05-02", 200, new["id"]),
        # Both had it; of two files the newer counts.
        ("2026-05-03", 100, new["id"]),
    ]
    await retry(owner, new["id"])
    await owner.work()
    assert {row[4][0].split()[0] for row in rows(owner)} == {"Soupe"}


async def test_an_order_that_the_new_reading_leaves_out_comes_back_from_an_older_file(
    owner: Owner, monkeypatch: pytest.MonkeyPatch
) -> None:
    await owner.upload(HEADER + day(1, "1.00"))
    newer = await owner.upload(HEADER + "1,2026-05-01,12:00,Ghost,1,9.00\n" + day(2))
    learn(monkeypatch, ("Ghost", ""))
    await retry(owner, newer["id"])
    await owner.work()
    assert [(row[1], row[3]) for row in rows(owner)] == [("2026-05-01", 100), ("2026-05-02", 450)]


async def test_an_undo_adds_nothing_that_another_file_only_now_shows(
    owner: Owner, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its report says what was counted of it; more is counted when its owner has it read again."""
    tea = "2,2026-05-02,12:00,Tea,1,2.00\n"
    with monkeypatch.context() as patched:
        learn(patched, ("Soup", ""))
        await owner.upload(HEADER + day(1) + tea)
    newer = await owner.upload(HEADER + tea.replace("2.00", "3.00"))
    await undo(owner, newer["id"])
    await owner.work()
    assert [(row[1], row[3]) for row in rows(owner)] == [("2026-05-02", 200)]


async def test_a_file_that_can_no_longer_be_read_keeps_what_it_wrote_and_says_so(
    owner: Owner, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload = await owner.upload(HEADER + day(1))
    before = rows(owner)

    def refuse_all(*_: Any) -> None:
        raise refuse("time_missing", "The dates have no time.", needs_mapping=True)

    monkeypatch.setattr(process, "decide_reading", refuse_all)
    for _ in range(2):
        await retry(owner, upload["id"])
        await owner.work()
    again = await show(owner, upload["id"])
    assert (again["status"], again["requested"]) == ("completed", None)
    assert again["report"]["warnings"] == [
        *upload["report"]["warnings"],
        "Reading this file again failed, and what was counted stays as it was. The dates have no time.",
    ]
    assert again["report"]["net_minor"] == 450
    assert rows(owner) == before


async def test_an_undo_that_would_lose_orders_of_another_file_is_not_done(
    owner: Owner, monkeypatch: pytest.MonkeyPatch
) -> None:
    undone = await owner.upload(HEADER + day(1) + day(2))
    await owner.upload(HEADER + day(2), "june.csv")
    before = rows(owner)

    def refuse_all(*_: Any) -> None:
        raise refuse("time_missing", "The dates have no time.")

    with monkeypatch.context() as patched:
        patched.setattr(revise, "decide_reading", refuse_all)
        await undo(owner, undone["id"])
        await owner.work()
    kept = await show(owner, undone["id"])
    assert kept["status"] == "completed"
    assert "“june.csv” may have some of the same orders" in kept["report"]["warnings"][-1]
    assert rows(owner) == before


async def test_orders_do_not_double_when_flux_gives_their_source_another_name(
    owner: Owner, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = await owner.upload(HEADER + "".join(day(n) for n in range(1, 9)))
    second = await owner.upload(HEADER + "".join(day(n) for n in range(8, 20)))
    before = rows(owner)

    monkeypatch.setattr(understand, "_decide_location", lambda *_: "North")
    await retry(owner, second["id"])
    await owner.work()
    assert rows(owner) == before
    assert "Undo all of them" in (await show(owner, second["id"]))["report"]["warnings"][-1]
    await undo(owner, first["id"])
    await owner.work()
    await retry(owner, second["id"])
    await owner.work()
    assert owner.query("SELECT DISTINCT location FROM transactions") == [("North",)]
    assert total(owner)[0] == 12


@pytest.mark.parametrize("request_of", [undo, retry])
async def test_a_worker_that_crashes_over_it_leaves_all_as_it_was_and_gives_up_in_the_end(
    owner: Owner, monkeypatch: pytest.MonkeyPatch, request_of: Any
) -> None:
    await owner.upload(HEADER + day(1, "1.00"))
    upload = await owner.upload(HEADER + day(1) + day(2))
    before = rows(owner)
    monkeypatch.setattr(revise.Revision, "_restore_from", crash)
    monkeypatch.setattr(process, "load_table", crash)
    await request_of(owner, upload["id"])
    for lived in range(process.MAX_ATTEMPTS + 1):
        later = timedelta(seconds=61 * lived)
        monkeypatch.setattr(clock, "now", lambda later=later: datetime.now(UTC) + later)
        await owner.work()
        assert rows(owner) == before
    kept = await show(owner, upload["id"])
    assert (kept["status"], kept["requested"]) == ("completed", None)
    assert "three times in a row" in kept["report"]["warnings"][-1]


@pytest.mark.parametrize("seed", range(6))
async def test_whatever_is_undone_and_read_again_the_rows_are_those_of_the_files_that_count(
    owner: Owner, seed: int
) -> None:
    """As if these alone had been sent, one after the other: of each order the last version."""
    dice = Random(seed)
    files: dict[str, dict[int, str]] = {}
    counted: list[str] = []
    for _ in range(14):
        undone = sorted(files.keys() - set(counted))
        what = dice.choice(["send", "send", "undo", "read again", "bring back"])
        if what == "undo" and counted:
            chosen = counted.pop(dice.randrange(len(counted)))
            assert await undo(owner, chosen) == (202, "undo")
        elif what == "read again" and counted:
            assert await retry(owner, dice.choice(counted)) == (200, "read_again")
        elif what == "bring back" and undone:
            counted.append(dice.choice(undone))
            assert await retry(owner, counted[-1]) == (200, None)
        else:
            days = dice.sample(range(1, 13), dice.randint(1, 6))
            lines = {each: day(each, f"{dice.randint(1, 3)}.00") for each in days}
            sent = await owner.send((HEADER + "".join(lines.values())).encode())
            files[sent] = lines
            counted.append(sent)
        await owner.work()
        wanted = {number: line for each in counted for number, line in files[each].items()}
        got = {int(key): minor for key, _, _, minor, _ in rows(owner)}
        assert got == {n: int(float(line.split(",")[-1]) * 100) for n, line in wanted.items()}
    assert total(owner)[0] == len(wanted)


def crash(*_: Any) -> None:
    raise MemoryError


async def test_an_undo_overtakes_a_reading_that_is_under_way(
    owner: Owner, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload = await owner.upload(HEADER + day(1))
    load, asked = load_orders, list[tuple[int, str]]()

    def load_while_somebody_asks(*given: Any, **named: Any) -> Counts:
        counts = load(*given, **named)
        if not asked:
            asked.append(anyio.from_thread.run(undo, owner, upload["id"]))
        return counts

    monkeypatch.setattr(loading, "load_orders", load_while_somebody_asks)
    await retry(owner, upload["id"])
    await owner.work()
    assert asked == [(202, "undo")]
    assert total(owner) == (1, 450), "the reading was rolled back"
    await owner.work()
    assert (await show(owner, upload["id"]))["status"] == "undone"
    assert total(owner) == (0, 0)


async def test_an_upload_that_is_loaded_while_another_is_undone_is_not_lost(
    owner: Owner, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It finds its orders known, and the undo that waits for it puts them back from it."""
    undone = await owner.upload(HEADER + day(1) + day(2))
    await undo(owner, undone["id"])
    second = await owner.send((HEADER + day(1) + day(2)).encode())
    threads: list[threading.Thread] = []

    def load_while_another_is_undone(*given: Any, **named: Any) -> Counts:
        counts = load_orders(*given, **named)
        if threads:
            return counts
        threads.append(process_in_thread(owner, undone["id"]))
        wait_until_somebody_waits_for_the_lock(owner)
        assert counts.orders_known == 2
        return counts

    monkeypatch.setattr(loading, "load_orders", load_while_another_is_undone)
    given = (owner.dsn, owner.store, owner.restaurant_id, UUID(second))
    assert await anyio.to_thread.run_sync(process_upload, *given)
    threads[0].join()
    assert (await show(owner, undone["id"]))["status"] == "undone"
    assert total(owner) == (2, 900)
    assert owner.query("SELECT DISTINCT upload_id::text FROM transactions") == [(second,)]


async def test_an_upload_that_comes_while_another_is_undone_waits_and_finds_its_orders_missing(
    owner: Owner, monkeypatch: pytest.MonkeyPatch
) -> None:
    undone = await owner.upload(HEADER + day(1) + day(2))
    await undo(owner, undone["id"])
    second = await owner.send((HEADER + day(2)).encode())
    remove, threads = revise.Revision.remove, list[threading.Thread]()

    def remove_while_another_comes(revision: revise.Revision) -> Any:
        others = remove(revision)
        threads.append(process_in_thread(owner, second))
        wait_until_somebody_waits_for_the_lock(owner)
        assert total(owner) == (2, 900), "nobody sees it half done"
        return others

    monkeypatch.setattr(revise.Revision, "remove", remove_while_another_comes)
    given = (owner.dsn, owner.store, owner.restaurant_id, UUID(undone["id"]))
    assert await anyio.to_thread.run_sync(process_upload, *given)
    threads[0].join()
    assert (await show(owner, second))["report"]["orders_new"] == 1
    assert total(owner) == (1, 450)


async def test_two_uploads_with_the_same_orders_undone_at_once_leave_nothing(owner: Owner) -> None:
    ids = [(await owner.upload(HEADER + day(1) + day(2)))["id"] for _ in range(2)]
    for each in ids:
        await undo(owner, each)
    threads = [process_in_thread(owner, each) for each in ids]
    for thread in threads:
        await anyio.to_thread.run_sync(thread.join)
    assert [(await show(owner, each))["status"] for each in ids] == ["undone"] * 2
    assert total(owner) == (0, 0)
