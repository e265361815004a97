"""A file goes to a real S3 server by the address given out, and its event to the Lambda."""

import copy
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote_plus, unquote_plus
from uuid import UUID

import httpx
import psycopg
import pytest
from anyio import to_thread

from bucket import Bucket
from flux.core import clock
from flux.core.ids import new_id
from flux.core.storage import S3Store
from flux.ingestion import process
from flux.ingestion.process import MAX_ATTEMPTS, LeaseLostError, process_upload
from flux.lambdas import workplace
from flux.lambdas.ingest import handler
from flux.lambdas.workplace import UnfinishedError
from flux.uploads import service
from owner import Owner

EXPORT = b"""Order ID,Date,Time,Item,Quantity,Net sales
1,2026-05-01,12:00,Soup,2,9.00
1,2026-05-01,12:00,Bread,1,1.50
2,2026-05-01,12:30,Soup,1,4.50
"""
Event = dict[str, Any]


async def put(ticket: dict[str, Any], content: bytes) -> None:
    """As a browser would: the headers of the ticket, and Content-Length by itself."""
    async with httpx.AsyncClient() as browser:
        answer = await browser.put(ticket["put_url"], content=content, headers=ticket["headers"])
    assert answer.status_code == 200, answer.text


async def send(
    owner: Owner, bucket: Bucket, content: bytes = EXPORT, filename: str = "sales.csv"
) -> tuple[str, Event]:
    """Send a file; the upload's id, and the event that tells of it."""
    bucket.events()
    ticket = await owner.announce(content, filename)
    await put(ticket, content)
    (event,) = bucket.events()
    return ticket["id"], event


async def run(event: object) -> None:
    await to_thread.run_sync(handler, event, None)


async def show(owner: Owner, upload_id: str) -> dict[str, Any]:
    shown: dict[str, Any] = (await owner.client.get(f"/api/data/uploads/{upload_id}")).json()
    return shown


def everything(owner: Owner) -> list[Any]:
    """All that a Lambda could have changed for this restaurant."""
    return [
        owner.query("SELECT u::text FROM data_uploads u ORDER BY id"),
        owner.query("SELECT t::text FROM transactions t ORDER BY 1"),
        owner.query("SELECT i::text FROM transaction_items i ORDER BY 1"),
    ]


def change(event: Event, **values: object) -> Event:
    """The event with another `bucket`, `key`, `size` or `eventName`."""
    changed = copy.deepcopy(event)
    record = changed["Records"][0]
    for name, value in values.items():
        if name == "bucket":
            record["s3"]["bucket"]["name"] = value
        elif name in ("key", "size"):
            record["s3"]["object"][name] = value
        else:
            record[name] = value
    return changed


def key_of(event: Event) -> str:
    return unquote_plus(event["Records"][0]["s3"]["object"]["key"])


async def test_a_file_goes_from_the_browser_through_s3_to_its_rows(
    owner: Owner, bucket: Bucket
) -> None:
    upload_id, event = await send(owner, bucket)
    assert (await show(owner, upload_id))["status"] == "awaiting_file"
    await run(event)
    done = await show(owner, upload_id)
    assert (done["status"], done["progress"]) == ("completed", 1)
    assert (done["report"]["orders_new"], done["report"]["net_minor"]) == (2, 1500)
    assert owner.query(
        "SELECT item_name, net_minor FROM transaction_items ORDER BY source_row"
    ) == [("Soup", 900), ("Bread", 150), ("Soup", 450)]
    assert bucket.read(key_of(event)) == EXPORT, "the file is kept"
    assert owner.query("SELECT current_user") == [("flux_app",)]


async def test_a_small_file_through_the_api_goes_the_same_way(owner: Owner, bucket: Bucket) -> None:
    bucket.events()
    answer = await owner.client.post("/api/data/upload", files={"file": ("sales.csv", EXPORT)})
    assert answer.status_code == 202
    (event,) = bucket.events()
    await run(event)
    assert (await show(owner, answer.json()["id"]))["report"]["net_minor"] == 1500


async def test_a_small_file_whose_storing_was_answered_into_the_void_is_taken(
    owner: Owner, bucket: Bucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    """boto3 tries again and finds its own file there, which is no reason to refuse it."""
    once = S3Store.writer
    monkeypatch.setattr(S3Store, "writer", _twice(once))
    bucket.events()
    answer = await owner.client.post("/api/data/upload", files={"file": ("sales.csv", EXPORT)})
    assert answer.status_code == 202, answer.text
    (event,) = bucket.events()
    await run(event)
    assert (await show(owner, answer.json()["id"]))["status"] == "completed"


def _twice(writer: Any) -> Any:
    def write(store: S3Store, key: str) -> Any:
        with writer(store, key) as file:
            file.write(EXPORT)
        return writer(store, key)

    return write


@pytest.mark.parametrize("filename", ["Umsätze März (1).csv", "über + mehr & 100%.csv", "销售.csv"])
async def test_the_name_of_a_file_does_not_matter(
    owner: Owner, bucket: Bucket, filename: str
) -> None:
    upload_id, event = await send(owner, bucket, filename=filename)
    await run(event)
    done = await show(owner, upload_id)
    assert (done["filename"], done["status"]) == (filename, "completed")


async def test_keys_are_read_as_s3_writes_them(
    owner: Owner, bucket: Bucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ours need no encoding today; should a key ever hold a blank, S3 writes a plus sign."""
    monkeypatch.setattr(service, "object_key", lambda *ids: "uploads/{}/{}/ä b+c.csv".format(*ids))
    upload_id, event = await send(owner, bucket)
    await run(change(event, key=quote_plus(key_of(event), safe="/")))
    assert (await show(owner, upload_id))["status"] == "completed"


async def test_an_event_that_comes_twice_counts_once(owner: Owner, bucket: Bucket) -> None:
    _, event = await send(owner, bucket)
    await run(event)
    before = everything(owner)
    await run(event)
    await run({"Records": event["Records"] * 3})
    assert everything(owner) == before


async def test_an_event_that_comes_twice_at_once_counts_once(owner: Owner, bucket: Bucket) -> None:
    upload_id, event = await send(owner, bucket)

    def both() -> None:
        with ThreadPoolExecutor(4) as lambdas:
            for done in [lambdas.submit(handler, event, None) for _ in range(4)]:
                done.result()

    await to_thread.run_sync(both)
    assert (await show(owner, upload_id))["report"]["orders_new"] == 2
    assert owner.query("SELECT count(*) FROM transaction_items") == [(3,)]
    assert owner.query("SELECT attempts FROM data_uploads") == [(1,)]


@pytest.mark.parametrize("status", ["needs_mapping", "failed", "undone"])
async def test_an_event_that_comes_late_changes_nothing(
    owner: Owner, bucket: Bucket, status: str
) -> None:
    _, event = await send(owner, bucket)
    owner.execute("UPDATE data_uploads SET status = %(status)s", status=status)
    before = everything(owner)
    await run(event)
    assert everything(owner) == before


async def test_a_file_that_was_on_its_way_when_its_upload_was_cancelled_can_be_read_later(
    owner: Owner, bucket: Bucket
) -> None:
    upload_id, event = await send(owner, bucket)
    path = f"/api/data/uploads/{upload_id}"
    assert (await owner.client.post(f"{path}/cancel")).json()["status"] == "cancelled"
    await run(event)
    assert (await show(owner, upload_id))["status"] == "cancelled"
    assert owner.query("SELECT count(*) FROM transactions") == [(0,)]
    assert (await owner.client.post(f"{path}/retry")).json()["status"] == "awaiting_file"
    await run(event)
    assert (await show(owner, upload_id))["status"] == "completed"


async def test_an_event_does_not_take_work_out_of_another_hand(
    owner: Owner, bucket: Bucket
) -> None:
    _, event = await send(owner, bucket)
    owner.execute(
        "UPDATE data_uploads SET status = 'processing', received_at = now(), lease_token = %(token)s,"
        " lease_until = now() + interval '10 seconds'",
        token=new_id(),
    )
    before = everything(owner)
    await run(event)
    assert everything(owner) == before


async def test_the_lease_holds_while_a_large_file_is_fetched(
    owner: Owner, bucket: Bucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(process, "HEARTBEAT_SECONDS", 0.02)
    monkeypatch.setattr(process, "LEASE", timedelta(seconds=0.5))
    upload_id, event = await send(owner, bucket)
    others: list[bool] = []
    fetch = S3Store.open

    def slowly(store: S3Store, key: str) -> Any:
        file = fetch(store, key)
        if not others:
            begun = clock.now()
            while clock.now() < begun + 3 * process.LEASE:
                others.append(
                    process_upload(owner.dsn, store, owner.restaurant_id, UUID(upload_id))
                )
        return file

    monkeypatch.setattr(S3Store, "open", slowly)
    await run(event)
    assert len(others) > 3
    assert not any(others)
    assert (await show(owner, upload_id))["status"] == "completed"


async def test_events_in_any_order_and_several_in_one_bring_in_every_file(
    owner: Owner, bucket: Bucket
) -> None:
    sent = [
        await send(owner, bucket, EXPORT.replace(b"2026-05", f"2026-0{month}".encode()))
        for month in (1, 2, 3)
    ]
    (_, first), (_, second), (_, third) = sent
    await run(third)
    await run({"Records": second["Records"] + first["Records"]})
    assert [(await show(owner, upload_id))["status"] for upload_id, _ in sent] == ["completed"] * 3
    assert owner.query("SELECT count(*) FROM transaction_items") == [(9,)]


async def test_the_file_of_one_restaurant_is_not_taken_for_another(
    owner: Owner, stranger: Owner, bucket: Bucket
) -> None:
    """The key names a restaurant A, and an upload that belongs to B."""
    upload_id, event = await send(stranger, bucket)
    key = key_of(event).replace(str(stranger.restaurant_id), str(owner.restaurant_id))
    bucket.s3.put_object(Bucket=bucket.name, Key=key, Body=EXPORT)
    (forged,) = bucket.events()
    assert key_of(forged) == key
    before = everything(owner), everything(stranger)
    await run(forged)
    assert (everything(owner), everything(stranger)) == before
    await run(event)
    assert (await show(stranger, upload_id))["status"] == "completed"
    assert owner.query("SELECT count(*) FROM transaction_items") == [(0,)]


async def test_what_is_no_arrival_of_an_announced_file_is_logged_and_changes_nothing(
    owner: Owner, bucket: Bucket, capsys: pytest.CaptureFixture[str]
) -> None:
    _, event = await send(owner, bucket)
    key, size = key_of(event), len(EXPORT)
    before = everything(owner)
    for values, reason in (
        ({"bucket": "flux-other"}, "other_bucket"),
        ({"size": size - 1}, "other_size"),
        ({"size": 0}, "other_size"),
        ({"size": 2**70}, "other_size"),
        ({"size": None}, "no_arrival"),
        ({"key": key.replace("sales.csv", "other.csv")}, "other_key"),
        ({"key": key.replace("-", "")}, "other_key"),
        ({"key": key.replace(str(owner.restaurant_id), owner.restaurant_id.hex)}, "other_key"),
        ({"key": f"uploads/{owner.restaurant_id}/{new_id()}/sales.csv"}, "unknown_upload"),
        ({"key": f"uploads/{new_id()}/{new_id()}/sales.csv"}, "unknown_upload"),
        ({"key": f"{key}%00"}, "other_key"),
        ({"key": f"{key}%FF"}, "other_key"),
        ({"key": f"logs/{key}"}, "no_arrival"),
        ({"key": "uploads/a/b/c"}, "no_arrival"),
        ({"key": ""}, "no_arrival"),
        ({"key": 7}, "no_arrival"),
        ({"eventName": "ObjectRemoved:Delete"}, "no_arrival"),
        ({"eventSource": "aws:sqs"}, "no_arrival"),
        ({"s3": "text"}, "no_arrival"),
        ({"s3": {}}, "no_arrival"),
    ):
        capsys.readouterr()
        await run(change(event, **values))
        assert f"reason={reason}" in capsys.readouterr().err, values
        assert everything(owner) == before, values


async def test_an_event_of_another_kind_is_ignored(owner: Owner, bucket: Bucket) -> None:
    (told_at_the_start,) = Bucket(bucket.endpoint).events()
    assert told_at_the_start["Event"] == "s3:TestEvent"
    before = everything(owner)
    others: list[object] = [None, [], "x", {}, {"Records": None}, {"Records": [None, 1]}]
    for event in (told_at_the_start, *others):
        await run(event)
    assert everything(owner) == before


async def test_a_file_that_cannot_be_read_is_no_failure_of_the_lambda(
    owner: Owner, bucket: Bucket
) -> None:
    upload_id, event = await send(owner, bucket, b"When,What\n2026-05-01,Soup\n")
    await run(event)
    assert (await show(owner, upload_id))["status"] == "needs_mapping"


async def test_a_database_that_is_away_has_the_event_brought_again(
    owner: Owner, bucket: Bucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload_id, event = await send(owner, bucket)
    with monkeypatch.context() as patched:
        patched.setenv("DATABASE_URL", "postgresql://flux_app:secret-x@127.0.0.1:1/flux")
        workplace.open_workplace.cache_clear()
        with pytest.raises(UnfinishedError) as raised:
            await run(event)
        assert "secret-x" not in repr(raised.value)
    workplace.open_workplace.cache_clear()
    await run(event)
    assert (await show(owner, upload_id))["status"] == "completed"


async def test_a_crash_keeps_no_other_file_waiting_and_has_the_event_brought_again(
    owner: Owner, bucket: Bucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken_id, broken = await send(owner, bucket)
    whole_id, whole = await send(owner, bucket, EXPORT.replace(b"2026-05", b"2026-04"))
    event = {"Records": broken["Records"] + whole["Records"]}
    ingest = process._ingest

    def crash(dsn: str, store: Any, claim: process.Claim) -> None:
        if str(claim.upload_id) == broken_id:
            raise MemoryError
        ingest(dsn, store, claim)

    with monkeypatch.context() as patched:
        patched.setattr(process, "_ingest", crash)
        with pytest.raises(UnfinishedError, match="1 of 2 files"):
            await run(event)
    assert (await show(owner, whole_id))["status"] == "completed"
    assert (await show(owner, broken_id))["status"] == "processing"
    # Lambda waits a minute before it brings an event again; the lease is over by then.
    monkeypatch.setattr(clock, "now", lambda: datetime.now(UTC) + timedelta(seconds=61))
    await run(event)
    assert (await show(owner, broken_id))["status"] == "completed"
    assert owner.query("SELECT count(*) FROM transaction_items") == [(6,)]


async def test_a_file_that_crashes_every_time_ends_with_a_reason(
    owner: Owner, bucket: Bucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload_id, event = await send(owner, bucket)

    def crash(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr(process, "_ingest", crash)
    for times in range(MAX_ATTEMPTS):
        later = timedelta(seconds=61 * times)
        monkeypatch.setattr(clock, "now", lambda later=later: datetime.now(UTC) + later)
        with pytest.raises(UnfinishedError):
            await run(event)
    monkeypatch.setattr(clock, "now", lambda: datetime.now(UTC) + timedelta(minutes=5))
    await run(event)
    assert (await show(owner, upload_id))["report"]["problem"]["code"] == "gave_up"


async def test_a_lease_lost_to_another_is_no_failure(
    owner: Owner, bucket: Bucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, event = await send(owner, bucket)

    def lose(*_: object) -> bool:
        raise LeaseLostError

    monkeypatch.setattr(workplace, "process_upload", lose)
    await run(event)


async def test_the_lambda_works_as_the_role_without_rights_beyond_its_tenant(
    owner: Owner, bucket: Bucket
) -> None:
    with psycopg.connect(workplace.open_workplace().dsn) as connection:
        assert connection.execute("SELECT current_user, count(*) FROM data_uploads").fetchall() == [
            ("flux_app", 0)
        ]
