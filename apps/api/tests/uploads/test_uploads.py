"""Sending a file: what is accepted, what is refused, and that nothing sent is lost."""

import csv
import io
import re
from collections.abc import AsyncIterator, MutableMapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import anyio
import pytest

from flux.core import clock
from flux.core.ids import new_id
from flux.core.storage import object_key
from flux.ingestion import loading
from flux.ingestion.load import Counts, load_orders
from owner import Owner

GOOD = (
    "Order ID,Date,Time,Item,Quantity,Net sales\n"
    "1,2026-05-01,12:00,Soup,2,9.00\n"
    "1,2026-05-01,12:00,Bread,1,1.50\n"
    "2,2026-05-01,12:30,Soup,1,4.50\n"
)


async def test_a_file_goes_through_the_signed_address_to_its_rows(owner: Owner) -> None:
    ticket = await owner.announce(GOOD.encode(), "may sales (1).csv")
    path = f"/api/data/uploads/{ticket['id']}"
    waiting = (await owner.client.get(path)).json()
    assert (waiting["status"], waiting["progress"], waiting["report"]) == (
        "awaiting_file",
        0,
        None,
    )
    await owner.work()
    assert (await owner.client.get(path)).json() == waiting, "without its file nothing happens"
    put = await owner.client.put(
        ticket["put_url"], content=GOOD.encode(), headers=ticket["headers"]
    )
    assert put.status_code == 200
    await owner.work()
    done = (await owner.client.get(path)).json()
    assert (done["status"], done["progress"]) == ("completed", 1)
    report = done["report"]
    assert (report["orders_new"], report["lines_accepted"], report["net_minor"]) == (
        2,
        3,
        1500,
    )
    assert report["first_at"] == "2026-05-01T16:00:00Z", "noon in New York"
    assert owner.query(
        "SELECT item_name, quantity::float, net_minor, source_row FROM transaction_items ORDER BY source_row"
    ) == [("Soup", 2.0, 900, 2), ("Bread", 1.0, 150, 3), ("Soup", 1.0, 450, 4)]


async def test_a_small_file_can_be_sent_in_one_request(owner: Owner) -> None:
    answer = await owner.client.post(
        "/api/data/upload", files={"file": ("sales.csv", GOOD.encode(), "text/csv")}
    )
    assert answer.status_code == 202
    assert answer.json()["status"] == "awaiting_file"
    await owner.work()
    done = (await owner.client.get(f"/api/data/uploads/{answer.json()['id']}")).json()
    assert done["report"]["net_minor"] == 1500


@pytest.mark.parametrize(
    ("form", "status", "code"),
    [
        ({"filename": "photo.png", "size_bytes": 9}, 415, "file_type_not_read"),
        ({"filename": "sales.xls", "size_bytes": 9}, 415, "file_type_not_read"),
        ({"filename": "noextension", "size_bytes": 9}, 415, "file_type_not_read"),
        ({"filename": "a.csv", "size_bytes": 0}, 422, "file_empty"),
        ({"filename": "a.csv", "size_bytes": 2 * 1024**3 + 1}, 413, "file_too_large"),
        ({"filename": "a.csv", "size_bytes": -1}, 422, "invalid_input"),
        ({"filename": "", "size_bytes": 1}, 422, "invalid_input"),
        ({"filename": "a" * 256 + ".csv", "size_bytes": 1}, 422, "invalid_input"),
        (
            {"filename": "a.csv", "size_bytes": 1, "content_type": "a\r\nb: c"},
            422,
            "invalid_input",
        ),
    ],
)
async def test_what_cannot_be_read_is_refused_before_it_is_sent(
    owner: Owner, form: dict[str, object], status: int, code: str
) -> None:
    answer = await owner.client.post("/api/data/uploads", json=form)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


async def test_the_multipart_way_has_the_same_rules(owner: Owner) -> None:
    for name, content, status in (
        ("photo.png", b"x", 415),
        ("empty.csv", b"", 422),
        ("large.csv", b"x" * (25 * 1024**2 + 1), 413),
    ):
        answer = await owner.client.post("/api/data/upload", files={"file": (name, content)})
        assert answer.status_code == status, name
        assert answer.headers["content-type"] == "application/problem+json"
    answer = await owner.client.post("/api/data/upload", json={})
    assert answer.status_code == 415
    assert owner.query("SELECT count(*) FROM data_uploads") == [(0,)]


async def test_the_signed_address_takes_just_the_announced_file_once(
    owner: Owner, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticket = await owner.announce(b"12345")
    url, headers = ticket["put_url"], ticket["headers"]
    refused = [
        (re.sub("signature=.", "signature=_", url), b"12345", headers, "bad_signature"),
        (url.replace("size=5", "size=6"), b"123456", headers, "bad_signature"),
        (url.replace("sales.csv", "other.csv"), b"12345", headers, "bad_signature"),
        (url, b"12345", {"Content-Type": "text/html"}, "bad_signature"),
        (url, b"1234", headers, "wrong_size"),
        (url, b"123456", headers, "wrong_size"),
    ]
    for address, content, sent_headers, code in refused:
        answer = await owner.client.put(address, content=content, headers=sent_headers)
        assert answer.json()["code"] == code, (address, code)
    assert not list(owner.store.folder.rglob("*.csv*")), "nothing refused was kept"
    with monkeypatch.context() as patched:
        patched.setattr(clock, "now", lambda: datetime.now(UTC) + timedelta(minutes=61))
        answer = await owner.client.put(url, content=b"12345", headers=headers)
        assert answer.json()["code"] == "bad_signature"
    assert (await owner.client.put(url, content=b"12345", headers=headers)).status_code == 200
    again = await owner.client.put(url, content=b"54321", headers=headers)
    assert (again.status_code, again.json()["code"]) == (409, "already_received")
    assert next(owner.store.folder.rglob("*.csv")).read_bytes() == b"12345"


@pytest.mark.parametrize(
    "name",
    [
        "../../etc/passwd.csv",
        "a/b\\c.csv",
        "..csv",
        "спецдень.csv",
        "=cmd|'x'.csv",
        "\u202evsc.csv",
    ],
)
async def test_a_hostile_file_name_stays_inside_the_store(owner: Owner, name: str) -> None:
    if not (
        await owner.client.post("/api/data/uploads", json={"filename": name, "size_bytes": 1})
    ).is_success:
        pytest.fail("a file name is no reason to refuse a file")
    ticket = await owner.announce(b"x", name)
    put = await owner.client.put(ticket["put_url"], content=b"x", headers=ticket["headers"])
    assert put.status_code == 200
    stored = [path for path in owner.store.folder.rglob("*") if path.is_file()]
    assert len(stored) == 1
    assert (
        stored[0]
        .resolve()
        .is_relative_to(owner.store.folder / "uploads" / str(owner.restaurant_id))
    )


def test_object_keys_are_ascii_without_slashes_in_the_name() -> None:
    restaurant_id, upload_id = new_id(), new_id()
    key = object_key(restaurant_id, upload_id, "../ä/b c.csv")
    assert key == f"uploads/{restaurant_id}/{upload_id}/b_c.csv"


async def test_a_key_cannot_lead_out_of_the_store(owner: Owner, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        owner.store.open("../secrets.json")


async def test_lists_are_paged_newest_first_without_gaps(owner: Owner) -> None:
    sent = [(await owner.announce(b"x"))["id"] for _ in range(7)]
    seen: list[str] = []
    cursor = None
    while True:
        params = {"limit": "3"} | ({"cursor": cursor} if cursor else {})
        page = (await owner.client.get("/api/data/uploads", params=params)).json()
        seen += [each["id"] for each in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert seen == sent[::-1]


@pytest.mark.parametrize(
    "cursor", ["x", "%", "WzFd", "W3RydWUsdHJ1ZV0", "W10", "bnVsbA", "eyJhIjoxfQ", "a" * 200]
)
async def test_a_cursor_nobody_gave_out_is_a_422(owner: Owner, cursor: str) -> None:
    upload_id = (await owner.announce(b"x"))["id"]
    for path in ("/api/data/uploads", f"/api/data/uploads/{upload_id}/rejected-rows"):
        answer = await owner.client.get(path, params={"cursor": cursor})
        assert (answer.status_code, answer.json()["code"]) == (422, "bad_cursor")


@pytest.mark.parametrize("limit", ["0", "101", "-1", "x", "9" * 30])
async def test_a_limit_out_of_range_is_a_422(owner: Owner, limit: str) -> None:
    answer = await owner.client.get("/api/data/uploads", params={"limit": limit})
    assert answer.status_code == 422


async def test_of_two_that_send_to_one_address_at_once_the_first_to_end_is_kept(
    owner: Owner,
) -> None:
    ticket = await owner.announce(b"12345")
    first_ended = anyio.Event()

    async def slowly() -> AsyncIterator[bytes]:
        yield b"54"
        await first_ended.wait()
        yield b"321"

    answers = []

    async def second() -> None:
        answers.append(
            await owner.client.put(ticket["put_url"], content=slowly(), headers=ticket["headers"])
        )

    async with anyio.create_task_group() as group:
        group.start_soon(second)
        first = await owner.client.put(
            ticket["put_url"], content=b"12345", headers=ticket["headers"]
        )
        assert first.status_code == 200
        first_ended.set()
    assert (answers[0].status_code, answers[0].json()["code"]) == (409, "already_received")
    stored = [path for path in owner.store.folder.rglob("*") if path.is_file()]
    assert [path.read_bytes() for path in stored] == [b"12345"]


async def test_a_transfer_that_breaks_off_leaves_nothing_and_can_be_done_again(
    owner: Owner,
) -> None:
    ticket = await owner.announce(GOOD.encode())

    path, _, query = ticket["put_url"].partition("?")
    headers = [(name.lower().encode(), value.encode()) for name, value in ticket["headers"].items()]
    messages: list[dict[str, object]] = [
        {"type": "http.request", "body": GOOD.encode()[:20], "more_body": True},
        {"type": "http.disconnect"},
    ]
    answered = []

    async def receive() -> dict[str, object]:
        return messages.pop(0)

    async def send(message: MutableMapping[str, object]) -> None:
        answered.append(message)

    scope = {
        "type": "http",
        "method": "PUT",
        "path": path,
        "query_string": query.encode(),
        "headers": headers,
    }
    await owner.app(scope, receive, send)
    assert answered == [], "nobody is there to be answered"
    assert not [path for path in owner.store.folder.rglob("*") if path.is_file()]
    put = await owner.client.put(
        ticket["put_url"], content=GOOD.encode(), headers=ticket["headers"]
    )
    assert put.status_code == 200


async def post(owner: Owner, upload_id: str, verb: str) -> tuple[int, str]:
    """Status code, and the upload's status or the problem's code."""
    answer = await owner.client.post(f"/api/data/uploads/{upload_id}/{verb}")
    body = answer.json()
    return answer.status_code, body["code"] if answer.is_error else body["status"]


async def test_a_cancelled_upload_is_not_read_until_it_is_tried_again(owner: Owner) -> None:
    ticket = await owner.announce(GOOD.encode())
    assert await post(owner, ticket["id"], "cancel") == (200, "cancelled")
    assert await post(owner, ticket["id"], "retry") == (409, "upload_state"), "no file came"
    put = await owner.client.put(
        ticket["put_url"], content=GOOD.encode(), headers=ticket["headers"]
    )
    assert put.status_code == 200, "a file that was on its way is kept"
    await owner.work()
    assert owner.query("SELECT count(*) FROM transactions") == [(0,)]
    assert await post(owner, ticket["id"], "retry") == (200, "awaiting_file")
    await owner.work()
    assert owner.query("SELECT status FROM data_uploads") == [("completed",)]
    assert await post(owner, ticket["id"], "cancel") == (409, "upload_state")
    assert owner.query("SELECT count(*) FROM transactions") == [(2,)]


async def test_cancelling_in_the_middle_of_reading_leaves_nothing(
    owner: Owner, monkeypatch: pytest.MonkeyPatch
) -> None:
    load, said = load_orders, list[tuple[int, str]]()

    def load_while_somebody_cancels(*given: Any, **named: Any) -> Counts:
        counts = load(*given, **named)
        if not said:
            said.append(anyio.from_thread.run(post, owner, upload_id, "cancel"))
        return counts

    monkeypatch.setattr(loading, "load_orders", load_while_somebody_cancels)
    upload_id = await owner.send(GOOD.encode())
    await owner.work()
    assert said == [(200, "cancelled")]
    assert owner.query("SELECT status, lease_token, report FROM data_uploads") == [
        ("cancelled", None, None)
    ]
    assert owner.query("SELECT count(*) FROM transactions") == [(0,)]
    assert await post(owner, upload_id, "retry") == (200, "awaiting_file")
    await owner.work()
    assert owner.query("SELECT count(*) FROM transactions") == [(2,)]


async def test_a_file_that_was_given_up_can_be_tried_again(owner: Owner) -> None:
    upload = await owner.upload("Order ID,Date,Time,Name,Total\n1,2026-05-01,12:00,Soup,2\n")
    assert upload["status"] == "needs_mapping"
    assert await post(owner, upload["id"], "retry") == (200, "awaiting_file")
    await owner.work()
    again = (await owner.client.get(f"/api/data/uploads/{upload['id']}")).json()
    assert (again["status"], again["report"]) == ("needs_mapping", upload["report"])
    given_up = await owner.send(GOOD.encode())
    owner.execute("UPDATE data_uploads SET attempts = 3 WHERE status = 'awaiting_file'")
    await owner.work()
    assert await post(owner, given_up, "retry") == (200, "awaiting_file")
    await owner.work()
    assert (await owner.client.get(f"/api/data/uploads/{given_up}")).json()["status"] == "completed"


async def test_the_template_is_read_without_a_question(owner: Owner) -> None:
    answer = await owner.client.get("/api/data/template.csv")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert 'filename="flux-template.csv"' in answer.headers["content-disposition"]
    upload = await owner.upload(answer.content)
    assert (upload["status"], upload["report"]["net_minor"]) == ("completed", 1450)
    assert upload["report"]["warnings"] == []


async def test_refused_rows_come_back_in_their_own_columns_to_be_mended_and_sent_again(
    owner: Owner,
) -> None:
    """With the rest of their orders, which the mended rows alone would push out."""
    good = "1,2026-05-01,12:00,Soup,2,9.00\n"
    bad = '1,2026-05-01,12:00,"Bread, ""black""",one,1.50\n'
    other = "2,2026-05-01,12:30,Tee für 2,1,4.50\n"
    stray = '3,2026-05-01,12:40,"Cake,1,3.00\n'
    header = "Order ID,Date,Time,Item,Quantity,Net sales\n"
    upload = await owner.upload((header + good + bad + other + stray).encode("cp1252"))
    path = f"/api/data/uploads/{upload['id']}/rejected-rows.csv"
    answer = await owner.client.get(path)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    names, first, second, third = rows
    assert names == ["Row", "What to do", *header.strip().split(",")]
    assert first == ["2", "", "1", "2026-05-01", "12:00", "Soup", "2", "9.00"]
    assert (second[0], second[5:]) == ("3", ['Bread, "black"', "one", "1.50"])
    assert second[1] == "This is not a quantity. Put in a number such as 1."
    assert third[0] == "5"
    assert third[1].startswith("The row cannot be split into cells")
    assert third[2:] == []
    mended = answer.text.replace(",one,", ",1,")
    again = await owner.upload(mended.encode("utf-8"))
    assert (again["report"]["orders_changed"], again["report"]["lines_rejected"]) == (1, 1)
    assert owner.query("SELECT count(*), sum(net_minor)::int FROM transaction_items") == [
        (3, 900 + 150 + 450)
    ]


async def test_only_a_file_that_was_read_has_refused_rows_to_send_back(owner: Owner) -> None:
    for content, status in ((b"no sales", 409), (GOOD.encode(), 200)):
        upload = await owner.upload(content)
        answer = await owner.client.get(f"/api/data/uploads/{upload['id']}/rejected-rows.csv")
        assert answer.status_code == status
    assert answer.text.splitlines() == [
        "\ufeffRow,What to do,Order ID,Date,Time,Item,Quantity,Net sales"
    ]


async def test_the_first_thousand_refused_rows_are_listed_and_all_of_them_are_in_the_csv(
    owner: Owner,
) -> None:
    header = "Order ID,Date,Time,Item,Quantity,Net sales\n"
    bad = "".join(f"{n},2026-05-01,12:00,Soup,many,free\n" for n in range(1_003))
    upload = await owner.upload(header + "x,2026-05-01,12:00,Soup,1,4.50\n" + bad)
    assert upload["report"]["lines_rejected"] == 1_003
    path, seen, cursor = f"/api/data/uploads/{upload['id']}/rejected-rows", [], None
    while True:
        params = {"limit": "100"} | ({"cursor": cursor} if cursor else {})
        page = (await owner.client.get(path, params=params)).json()
        seen += [each["row_number"] for each in page["items"]]
        if (cursor := page["next_cursor"]) is None:
            break
    assert seen == [number for number in range(3, 1_003) for _ in range(2)]
    lines = (await owner.client.get(f"{path}.csv")).text.splitlines()
    assert len(lines) == 1 + 1_003
