"""What one restaurant may send, that abandoned announcements end, and what happens without the store."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import anyio
import httpx
import pytest

from flux.core import clock
from flux.core.storage import LocalStore, S3Store
from flux.ingestion.unsent import GRACE, sweep_unsent_uploads
from flux.settings import Settings
from owner import Owner

FILE = b"Order ID,Date,Time,Item,Quantity,Net sales\n1,2026-05-01,12:00,Soup,2,9.00\n"


@pytest.fixture
def settings(settings: Settings) -> Settings:
    limits = {
        "max_unfinished_uploads": 3,
        "max_uploads_an_hour": 5,
        "max_upload_bytes_a_day": 5_000,
    }
    return settings.model_copy(update=limits)


def turn_clock(monkeypatch: pytest.MonkeyPatch, **by: float) -> None:
    later = timedelta(**by)
    monkeypatch.setattr(clock, "now", lambda: datetime.now(UTC) + later)


async def announce(owner: Owner, size_bytes: int = 1) -> httpx.Response:
    form = {"filename": "a.csv", "size_bytes": size_bytes}
    return await owner.client.post("/api/data/uploads", json=form)


def refused(answer: httpx.Response) -> tuple[int, str, int]:
    return answer.status_code, answer.json()["code"], int(answer.headers["retry-after"])


async def test_only_so_many_uploads_wait_at_once_and_a_cancelled_one_makes_room(
    owner: Owner, stranger: Owner
) -> None:
    ids = [(await announce(owner)).json()["id"] for _ in range(3)]
    answer = await announce(owner)
    assert refused(answer) == (429, "upload_limit", 60)
    assert "3 uploads wait" in answer.json()["detail"]
    small = await owner.client.post("/api/data/upload", files={"file": ("a.csv", FILE)})
    assert refused(small) == (429, "upload_limit", 60)
    assert (await announce(stranger)).status_code == 201, "each restaurant has its own limits"
    await owner.client.post(f"/api/data/uploads/{ids[0]}/cancel")
    assert (await announce(owner)).status_code == 201


async def test_of_many_at_once_no_more_than_the_limit_get_through(owner: Owner) -> None:
    """Requests on connections of their own, each of which would find room for itself."""
    answers: list[int] = []

    async def ask() -> None:
        answers.append((await announce(owner)).status_code)

    async with anyio.create_task_group() as group:
        for _ in range(8):
            group.start_soon(ask)
    assert sorted(answers) == [201] * 3 + [429] * 5


async def test_an_announcement_that_expired_without_its_file_takes_no_room(owner: Owner) -> None:
    for _ in range(3):
        await announce(owner)
    owner.execute("UPDATE data_uploads SET expires_at = now() - interval '1 minute'")
    assert (await announce(owner)).status_code == 201


async def test_only_so_many_are_begun_in_an_hour_and_the_answer_says_when_the_next_may_be(
    owner: Owner,
) -> None:
    for _ in range(5):
        await owner.upload(FILE)
    owner.execute("UPDATE data_uploads SET created_at = created_at - interval '40 minutes'")
    status, code, wait = refused(await announce(owner))
    assert (status, code) == (429, "upload_limit")
    assert 19 * 60 < wait <= 20 * 60
    owner.execute("UPDATE data_uploads SET created_at = created_at - interval '20 minutes'")
    assert (await announce(owner)).status_code == 201


async def test_only_so_many_bytes_are_taken_in_a_day_and_the_answer_says_when_there_is_room(
    owner: Owner,
) -> None:
    for size, hours in ((3_000, 20), (2_000, 10)):
        assert (await announce(owner, size)).status_code == 201
        owner.execute(
            "UPDATE data_uploads SET created_at = now() - make_interval(hours => %(h)s) WHERE size_bytes = %(size)s",
            h=hours,
            size=size,
        )
    status, _, wait = refused(await announce(owner, 3_000))
    assert status == 429
    assert 4 * 3600 - 60 < wait <= 4 * 3600, "when the first is a day old there is room"
    _, _, wait = refused(await announce(owner, 3_001))
    assert 14 * 3600 - 60 < wait <= 14 * 3600
    owner.execute(
        "UPDATE data_uploads SET created_at = now() - interval '25 hours' WHERE size_bytes = 3000"
    )
    assert (await announce(owner, 3_000)).status_code == 201


async def show(owner: Owner, upload_id: str) -> tuple[str, str | None]:
    [(status, report)] = owner.query(
        "SELECT status, report FROM data_uploads WHERE id = %(id)s", id=upload_id
    )
    return status, report and report["problem"] and report["problem"]["code"]


async def test_an_upload_whose_file_never_comes_ends_a_day_after_its_address_expired(
    owner: Owner, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload_id = (await announce(owner)).json()["id"]
    turn_clock(monkeypatch, hours=GRACE.total_seconds() / 3600 + 0.9)
    sweep_unsent_uploads(owner.dsn, owner.store)
    assert await show(owner, upload_id) == ("awaiting_file", None)
    turn_clock(monkeypatch, hours=GRACE.total_seconds() / 3600 + 1.1)
    assert sweep_unsent_uploads(owner.dsn, owner.store) == 0
    assert await show(owner, upload_id) == ("failed", "file_never_came")


async def test_a_file_that_comes_after_it_was_given_up_is_read_all_the_same(
    owner: Owner, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its PUT was begun in time, on a very slow line."""
    ticket = await owner.announce(FILE)
    begun, given_up = anyio.Event(), anyio.Event()

    async def slowly() -> AsyncIterator[bytes]:
        yield FILE[:10]
        begun.set()
        await given_up.wait()
        yield FILE[10:]

    async def send() -> None:
        put = await owner.client.put(
            ticket["put_url"],
            content=slowly(),
            headers=ticket["headers"] | {"Content-Length": str(len(FILE))},
        )
        assert put.status_code == 200

    async with anyio.create_task_group() as group:
        group.start_soon(send)
        await begun.wait()
        with monkeypatch.context() as patched:
            turn_clock(patched, hours=26)
            sweep_unsent_uploads(owner.dsn, owner.store)
        assert await show(owner, ticket["id"]) == ("failed", "file_never_came")
        given_up.set()
    await owner.work()
    assert await show(owner, ticket["id"]) == ("completed", None)


async def test_a_stored_file_of_another_size_than_announced_is_not_read(owner: Owner) -> None:
    ticket = await owner.announce(FILE)
    [(key,)] = owner.query("SELECT object_key FROM data_uploads")
    with owner.store.writer(key) as file:
        file.write(FILE[:-1])
    assert sweep_unsent_uploads(owner.dsn, owner.store) == 0
    assert await show(owner, ticket["id"]) == ("failed", "wrong_size")
    put = await owner.client.put(ticket["put_url"], content=FILE, headers=ticket["headers"])
    assert put.status_code == 409
    await owner.work()
    assert await show(owner, ticket["id"]) == ("failed", "wrong_size")


async def test_abandoned_announcements_do_not_keep_a_file_from_being_swept_up(
    owner: Owner,
) -> None:
    owner.execute(
        "INSERT INTO data_uploads (restaurant_id, id, filename, content_type, size_bytes, object_key, expires_at, created_at)"
        " SELECT %(r)s, gen_random_uuid(), 'a.csv', 'text/csv', 1, 'uploads/k', now() - interval '2 days', now() - interval '2 days'"
        " FROM generate_series(1, 7)",
        r=owner.restaurant_id,
    )
    sent = await owner.send(FILE)
    owner.execute("UPDATE data_uploads SET received_at = NULL")
    for _ in range(200):
        if sweep_unsent_uploads(owner.dsn, owner.store, 5):
            break
    await owner.work()
    assert await show(owner, sent) == ("completed", None)
    assert owner.query("SELECT count(*) FROM data_uploads WHERE status = 'failed'") == [(7,)]


async def test_without_the_folder_of_the_store_the_answer_is_503_and_nothing_is_kept(
    owner: Owner, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticket = await owner.announce(FILE)

    def no_room(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(LocalStore, "writer", no_room)
        for answer in (
            await owner.client.put(ticket["put_url"], content=FILE, headers=ticket["headers"]),
            await owner.client.post("/api/data/upload", files={"file": ("a.csv", FILE)}),
        ):
            assert refused(answer) == (503, "store_unavailable", 5)
    assert owner.query("SELECT count(*) FROM data_uploads") == [(1,)]
    put = await owner.client.put(ticket["put_url"], content=FILE, headers=ticket["headers"])
    assert put.status_code == 200


async def test_while_s3_is_away_announcing_and_sending_are_503(
    owner: Owner, bucket: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody listens at this address; and a store without credentials cannot sign one."""
    owner.app.state.store = S3Store(bucket.name, "http://127.0.0.1:9")
    small = await owner.client.post("/api/data/upload", files={"file": ("a.csv", FILE)})
    assert refused(small) == (503, "store_unavailable", 5)
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name)
    owner.app.state.store = S3Store(bucket.name, "http://127.0.0.1:9")
    assert refused(await announce(owner)) == (503, "store_unavailable", 5)
    assert owner.query("SELECT count(*) FROM data_uploads") == [(0,)]
