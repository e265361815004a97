"""A large file comes in parts: to the local store and to S3 by the same rules, and only whole."""

import os
import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from bucket import Bucket
from flux.core import clock
from flux.ingestion.unsent import sweep_unsent_uploads
from flux.main import create_app
from flux.settings import Settings
from flux.uploads.schemas import MAX_FILE_BYTES
from flux.uploads.ticket import split_sizes
from owner import Owner, register

PART_BYTES = 5 * 1024**2
HEADER = b"Order ID,Date,Time,Item,Quantity,Net sales,Notes\n"
LINE = b"%06d,2026-05-01,12:00,Soup of the day,1,4.50," + b"." * 1_000 + b"\n"
ORDERS = 5_200
CONTENT = HEADER + b"".join(LINE % number for number in range(ORDERS))


@pytest.fixture(params=["folder", "bucket"])
async def sender(request: pytest.FixtureRequest, settings: Settings) -> AsyncIterator[Owner]:
    """Somebody whose files above 5 MiB come in parts."""
    changes: dict[str, Any] = {"max_whole_bytes": PART_BYTES, "part_bytes": PART_BYTES}
    if request.param == "bucket":
        bucket: Bucket = request.getfixturevalue("bucket")
        changes |= {"store_bucket": bucket.name, "store_endpoint": bucket.endpoint}
    app: FastAPI = create_app(settings.model_copy(update=changes))
    async with app.router.lifespan_context(app):
        registered = await register(app)
        yield registered
        await registered.client.aclose()


async def put(owner: Owner, url: str, content: bytes) -> httpx.Response:
    if url.startswith("/"):
        return await owner.client.put(url, content=content)
    async with httpx.AsyncClient() as browser:
        return await browser.put(url, content=content)


async def send_parts(owner: Owner, ticket: dict[str, Any], content: bytes) -> list[dict[str, Any]]:
    """Send each part to its address; what is to be said of them at the end."""
    said, begin = [], 0
    for part in ticket["parts"]:
        end = begin + part["size_bytes"]
        answer = await put(owner, part["put_url"], content[begin:end])
        assert answer.status_code == 200, answer.text
        said.append({"number": part["number"], "etag": answer.headers["ETag"]})
        begin = end
    assert begin == len(content)
    return said


async def complete(owner: Owner, upload_id: str, parts: Any) -> httpx.Response:
    return await owner.client.post(f"/api/data/uploads/{upload_id}/complete", json={"parts": parts})


def code_of(answer: httpx.Response) -> tuple[int, str]:
    assert answer.headers["content-type"] == "application/problem+json"
    return answer.status_code, answer.json()["code"]


async def test_a_large_file_comes_in_parts_and_is_read_when_they_are_complete(
    sender: Owner,
) -> None:
    ticket = await sender.announce(CONTENT)
    assert ticket["put_url"] is None
    assert [each["size_bytes"] for each in ticket["parts"]] == [
        PART_BYTES, len(CONTENT) - PART_BYTES,
    ]  # fmt: skip
    if not (url := ticket["parts"][1]["put_url"]).startswith("/"):
        assert "X-Amz-SignedHeaders=content-length%3Bhost&" in url, "S3 binds the size"
    said = await send_parts(sender, ticket, CONTENT)
    path = f"/api/data/uploads/{ticket['id']}"
    await sender.work()
    assert (await sender.client.get(path)).json()["status"] == "awaiting_file"
    assert (await complete(sender, ticket["id"], said)).status_code == 200
    assert code_of(await complete(sender, ticket["id"], said)) == (409, "already_received")
    await sender.work()
    shown = (await sender.client.get(path)).json()
    assert (shown["status"], shown["report"]["lines_accepted"]) == ("completed", ORDERS)
    late = await put(sender, ticket["parts"][0]["put_url"], CONTENT[:PART_BYTES])
    assert not late.is_success, "the object is never replaced"


async def test_parts_that_are_not_those_of_the_file_are_refused_until_they_are(
    sender: Owner,
) -> None:
    ticket = await sender.announce(CONTENT)
    first, last = await send_parts(sender, ticket, CONTENT)
    for parts in (
        [],
        [first],
        [last, first],
        [first, first],
        [first, last, {"number": 3, "etag": "e"}],
        [first, {"number": 2, "etag": first["etag"]}],
        [first, {"number": 2, "etag": "../../etc"}],
        [{"number": 0, "etag": "e"}, last],
    ):
        status, code = code_of(await complete(sender, ticket["id"], parts))
        assert (status, code in {"parts_misfit", "invalid_input"}) == (422, True), parts
    # Sent again, the part is another one, and only what is there now can be completed.
    url, size = ticket["parts"][1]["put_url"], ticket["parts"][1]["size_bytes"]
    answer = await put(sender, url, b"x" * size)
    assert code_of(await complete(sender, ticket["id"], [first, last])) == (422, "parts_misfit")
    assert answer.headers["ETag"] != last["etag"]
    # S3 refuses it by the signature, which the test server does not check; we look before it is too late.
    short = await put(sender, url, b"x")
    short_one = {"number": 2, "etag": short.headers.get("ETag", last["etag"])}
    assert code_of(await complete(sender, ticket["id"], [first, short_one])) == (
        422,
        "parts_misfit",
    )
    await put(sender, url, CONTENT[PART_BYTES:])
    assert (await complete(sender, ticket["id"], [first, last])).status_code == 200


async def test_what_does_not_wait_for_parts_cannot_be_completed(
    sender: Owner, stranger: Owner
) -> None:
    part = [{"number": 1, "etag": "e"}]
    small = await sender.announce(b"1")
    assert (small["parts"], bool(small["put_url"])) == ([], True)
    assert code_of(await complete(sender, small["id"], part)) == (409, "upload_state")
    ticket = await sender.announce(CONTENT)
    assert code_of(await complete(stranger, ticket["id"], part)) == (404, "upload_not_found")
    answer = await sender.client.post(f"/api/data/uploads/{ticket['id']}/cancel")
    assert answer.status_code == 200
    assert code_of(await complete(sender, ticket["id"], part)) == (409, "upload_state")


async def test_a_file_that_became_whole_without_word_of_it_can_be_completed_again(
    sender: Owner,
) -> None:
    ticket = await sender.announce(CONTENT)
    said = await send_parts(sender, ticket, CONTENT)
    assert (await complete(sender, ticket["id"], said)).status_code == 200
    sender.execute("UPDATE data_uploads SET received_at = NULL")
    assert (await complete(sender, ticket["id"], said)).status_code == 200
    assert sender.query("SELECT count(*) FROM data_uploads WHERE received_at IS NOT NULL") == [(1,)]


async def test_parts_of_a_file_that_was_given_up_are_forgotten(
    sender: Owner, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticket = await sender.announce(CONTENT)
    said = await send_parts(sender, ticket, CONTENT)
    with monkeypatch.context() as patched:
        patched.setattr(clock, "now", lambda: datetime.now(UTC) + timedelta(hours=26))
        sweep_unsent_uploads(sender.dsn, sender.store)
    sender.execute("UPDATE data_uploads SET status = 'awaiting_file'")
    assert code_of(await complete(sender, ticket["id"], said)) == (409, "upload_state")
    late = await put(sender, ticket["parts"][0]["put_url"], CONTENT[:PART_BYTES])
    assert not late.is_success


@pytest.mark.parametrize("sender", ["folder"], indirect=True)
async def test_the_address_of_a_part_takes_just_that_part(
    sender: Owner, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticket = await sender.announce(CONTENT)
    url, size = ticket["parts"][1]["put_url"], ticket["parts"][1]["size_bytes"]
    content = os.urandom(size)
    for address, sent, code in (
        (re.sub("signature=.", "signature=_", url), content, "bad_signature"),
        (url.replace(f"size={size}", f"size={size + 1}"), content + b"1", "bad_signature"),
        (url.replace("number=2", "number=1"), content, "bad_signature"),
        (re.sub("parts=.", "parts=_", url), content, "bad_signature"),
        (re.sub("&parts=.*", "", url), content, "bad_signature"),
        (url.replace("sales.csv", "other.csv"), content, "bad_signature"),
        (url, content[:-1], "wrong_size"),
        (url, content + b"1", "wrong_size"),
    ):
        assert code_of(await put(sender, address, sent))[1] == code, (address, code)
    assert not [each for each in sender.store.folder.rglob("*") if each.is_file()]
    monkeypatch.setattr(clock, "now", lambda: datetime.now(UTC) + timedelta(minutes=61))
    assert code_of(await put(sender, url, content)) == (403, "bad_signature")


def test_the_largest_file_has_less_than_a_thousand_parts() -> None:
    sizes = split_sizes(MAX_FILE_BYTES - 1, Settings(_env_file=None).part_bytes)
    assert sum(sizes) == MAX_FILE_BYTES - 1
    assert len(sizes) < 1_000
    assert min(sizes[:-1]) >= 5 * 1024**2
    assert split_sizes(PART_BYTES * 2, PART_BYTES) == [PART_BYTES] * 2
