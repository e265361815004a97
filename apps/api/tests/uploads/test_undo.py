"""Undoing an upload: what others also contain is there, all or nothing holds, also for two at once."""

import threading
from typing import Any
from uuid import UUID

import anyio
import psycopg
import pytest

from flux.ingestion import loading, revise
from flux.ingestion.load import Counts, load_orders
from flux.ingestion.process import process_upload
from flux.ingestion.report import refuse
from owner import Owner
from uploads.revisions import HEADER, day, retry, rows, show, total, undo


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
        "decided_phrase": {"code": "taken_away", "values": ["2", "0"]},
        "because_phrase": {"code": "you_asked", "values": []},
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
