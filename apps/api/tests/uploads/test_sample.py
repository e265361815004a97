"""The sample comes by one request, goes by another, and is never counted together with real sales."""

from datetime import date, timedelta

import anyio

from flux.core import clock
from flux.uploads.sample import write_sample
from owner import Owner
from uploads.revisions import HEADER, day


async def add_sample(owner: Owner) -> str:
    answer = await owner.client.post("/api/data/sample")
    assert answer.status_code == 202, answer.text
    assert answer.json()["is_sample"] is True
    return str(answer.json()["id"])


async def summary(owner: Owner) -> dict[str, object]:
    answer: dict[str, object] = (await owner.client.get("/api/insights/summary")).json()
    return answer


async def test_one_request_brings_a_year_of_sales_up_to_now_and_one_takes_them_away(
    owner: Owner,
) -> None:
    upload_id = await add_sample(owner)
    await owner.work()
    said = await summary(owner)
    assert (said["orders"], said["net_minor"]) == (21_350, 81_786_005)
    assert said["sample_upload_id"] == upload_id
    last = date.fromisoformat(str(said["last_business_date"]))
    assert timedelta(0) < clock.now().date() - last < timedelta(days=10)
    assert (await owner.client.delete(f"/api/data/uploads/{upload_id}")).status_code == 202
    await owner.work()
    said = await summary(owner)
    assert (said["orders"], said["items"], said["sample_upload_id"]) == (0, 0, None)
    # And once more.
    assert await add_sample(owner) != upload_id


async def test_a_second_click_brings_no_second_sample(owner: Owner) -> None:
    first = await add_sample(owner)
    assert await add_sample(owner) == first
    await owner.work()
    assert await add_sample(owner) == first


async def test_the_sample_is_refused_beside_real_sales(owner: Owner) -> None:
    shown = await owner.upload(HEADER + day(1))
    answer = await owner.client.post("/api/data/sample")
    assert (answer.status_code, answer.json()["code"]) == (409, "sample_mix")
    await owner.client.delete(f"/api/data/uploads/{shown['id']}")
    await owner.work()
    sample = await add_sample(owner)
    # The one that was undone cannot come back beside it.
    again = await owner.client.post(f"/api/data/uploads/{shown['id']}/retry")
    assert (again.status_code, again.json()["code"]) == (409, "sample_mix")
    await owner.client.delete(f"/api/data/uploads/{sample}")
    await owner.client.post(f"/api/data/uploads/{sample}/cancel")
    assert (await owner.client.post(f"/api/data/uploads/{shown['id']}/retry")).is_success
    again = await owner.client.post(f"/api/data/uploads/{sample}/retry")
    assert (again.status_code, again.json()["code"]) == (409, "sample_mix")


async def test_real_sales_are_refused_beside_the_sample_however_they_are_sent(
    owner: Owner,
) -> None:
    await add_sample(owner)
    content = (HEADER + day(1)).encode()
    announced = await owner.client.post(
        "/api/data/uploads", json={"filename": "sales.csv", "size_bytes": len(content)}
    )
    sent = await owner.client.post(
        "/api/data/upload", files={"file": ("sales.csv", content, "text/csv")}
    )
    for answer in (announced, sent):
        assert (answer.status_code, answer.json()["code"]) == (409, "sample_mix")


async def test_of_both_at_once_only_one_is_taken(owner: Owner) -> None:
    """Whichever comes first."""
    statuses: list[int] = []

    async def ask(path: str, **body: object) -> None:
        answer = await owner.client.post(path, json=body or None)
        statuses.append(answer.status_code)

    async with anyio.create_task_group() as group:
        for _ in range(3):
            group.start_soon(ask, "/api/data/sample")
        group.start_soon(lambda: ask("/api/data/uploads", filename="sales.csv", size_bytes=100))
    kinds = owner.query("SELECT DISTINCT is_sample FROM data_uploads")
    assert len(kinds) == 1
    assert 409 in statuses


def test_the_sample_ends_on_the_day_or_in_the_week_before_it() -> None:
    for last_day in (date(2026, 11, 1), date(2026, 11, 7), date(2015, 12, 31)):
        rows = write_sample(last_day).decode().splitlines()
        newest = max(row.split(",")[1] for row in rows[1:])
        assert timedelta(0) <= last_day - date.fromisoformat(newest) < timedelta(days=7)
        assert len(rows) == 49_575
