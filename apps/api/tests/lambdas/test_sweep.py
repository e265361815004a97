"""What no event told of, and what a crash left, is taken up; and no sweep works beyond its time."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from anyio import to_thread

from bucket import Bucket
from flux.core import clock
from flux.core.ids import new_id
from flux.ingestion import process
from flux.ingestion.process import find_due_uploads
from flux.lambdas import ingest, sweep
from flux.lambdas.workplace import UnfinishedError
from owner import Owner

EXPORT = b"Order ID,Date,Time,Item,Quantity,Net sales\n1,2026-05-01,12:00,Soup,2,9.00\n"


class Minutes:
    """A Lambda's time: so many minutes at the start, and one less each time one looks."""

    def __init__(self, minutes: int) -> None:
        self.left = minutes

    def get_remaining_time_in_millis(self) -> int:
        self.left -= 1
        return (self.left + 1) * 60_000


@pytest.fixture(autouse=True)
def _nothing_of_other_tests_is_due(owner: Owner, monkeypatch: pytest.MonkeyPatch) -> None:
    def find_mine(dsn: str) -> list[tuple[UUID, UUID]]:
        return [each for each in find_due_uploads(dsn) if each[0] == owner.restaurant_id]

    monkeypatch.setattr(sweep, "find_due_uploads", find_mine)


async def send(owner: Owner, content: bytes = EXPORT) -> str:
    """Send a file whose event gets lost."""
    ticket = await owner.announce(content)
    async with httpx.AsyncClient() as browser:
        answer = await browser.put(ticket["put_url"], content=content, headers=ticket["headers"])
    assert answer.status_code == 200
    return str(ticket["id"])


async def run(minutes: int = 15) -> None:
    await to_thread.run_sync(sweep.handler, {}, Minutes(minutes))


async def statuses(owner: Owner, *upload_ids: str) -> list[Any]:
    paths = [f"/api/data/uploads/{each}" for each in upload_ids]
    return [(await owner.client.get(path)).json()["status"] for path in paths]


async def test_a_file_whose_event_got_lost_is_taken_up(owner: Owner) -> None:
    sent, announced = await send(owner), (await owner.announce(EXPORT))["id"]
    await run()
    assert await statuses(owner, sent, announced) == ["completed", "awaiting_file"]


async def test_a_small_file_whose_event_was_quicker_than_its_commit_is_taken_up(
    owner: Owner,
) -> None:
    answer = await owner.client.post("/api/data/upload", files={"file": ("sales.csv", EXPORT)})
    await run()
    assert await statuses(owner, answer.json()["id"]) == ["completed"]


async def test_an_abandoned_announcement_ends_and_the_event_of_a_late_file_takes_it_up_after_all(
    owner: Owner, bucket: Bucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload_id = (await owner.announce(EXPORT))["id"]
    with monkeypatch.context() as patched:
        patched.setattr(clock, "now", lambda: datetime.now(UTC) + timedelta(hours=26))
        await run()
    assert await statuses(owner, upload_id) == ["failed"]
    [(key,)] = owner.query("SELECT object_key FROM data_uploads")
    bucket.s3.put_object(Bucket=bucket.name, Key=key, Body=EXPORT)
    (event,) = (each for each in bucket.events() if "Records" in each)
    await to_thread.run_sync(ingest.handler, event, None)
    assert await statuses(owner, upload_id) == ["completed"]


async def test_a_file_in_the_bucket_of_another_size_than_announced_is_not_read(
    owner: Owner, bucket: Bucket
) -> None:
    upload_id = (await owner.announce(EXPORT))["id"]
    [(key,)] = owner.query("SELECT object_key FROM data_uploads")
    bucket.s3.put_object(Bucket=bucket.name, Key=key, Body=EXPORT[:-1])
    await run()
    shown = (await owner.client.get(f"/api/data/uploads/{upload_id}")).json()
    assert (shown["status"], shown["report"]["problem"]["code"]) == ("failed", "wrong_size")


async def test_an_undo_is_taken_up(owner: Owner) -> None:
    sent = await send(owner)
    await run()
    assert (await owner.client.delete(f"/api/data/uploads/{sent}")).status_code == 202
    await run()
    assert await statuses(owner, sent) == ["undone"]
    assert owner.query("SELECT count(*) FROM transactions") == [(0,)]


async def test_what_a_dead_lambda_left_is_taken_up_when_its_lease_is_over(
    owner: Owner, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = await send(owner)
    owner.execute(
        "UPDATE data_uploads SET status = 'processing', received_at = now(), attempts = 1,"
        " lease_token = %(token)s, lease_until = now() + interval '10 seconds'",
        token=new_id(),
    )
    await run()
    assert await statuses(owner, sent) == ["processing"]
    monkeypatch.setattr(clock, "now", lambda: datetime.now(UTC) + timedelta(seconds=11))
    await run()
    assert await statuses(owner, sent) == ["completed"]


async def test_no_file_is_begun_in_the_second_half_of_the_time(owner: Owner) -> None:
    """A file that Lambda cuts off three times would be given up."""
    sent = [
        await send(owner, EXPORT.replace(b"05-01", f"05-0{day}".encode())) for day in range(1, 6)
    ]
    await run(minutes=7)
    # 7, then 6, 5, 4 at the files, then 3: less than half.
    assert await statuses(owner, *sent) == ["completed"] * 3 + ["awaiting_file"] * 2
    await run()
    assert await statuses(owner, *sent) == ["completed"] * 5


async def test_a_crash_keeps_no_other_file_waiting_and_is_told(
    owner: Owner, bucket: Bucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken, whole = await send(owner), await send(owner, EXPORT.replace(b"05-01", b"05-02"))
    ingest = process._ingest

    def crash(dsn: str, store: Any, claim: process.Claim) -> None:
        if str(claim.upload_id) == broken:
            raise MemoryError
        ingest(dsn, store, claim)

    monkeypatch.setattr(process, "_ingest", crash)
    with pytest.raises(UnfinishedError, match="1 of 2 uploads"):
        await run()
    assert await statuses(owner, broken, whole) == ["processing", "completed"]
