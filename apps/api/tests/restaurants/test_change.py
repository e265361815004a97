"""Changing a restaurant's settings, and what becomes of its sales."""

from datetime import timedelta
from typing import Any

import pytest

from flux.core import clock
from flux.core.ids import new_id
from owner import Owner

CURRENT = "/api/restaurants/current"
HEADER = "Order ID,Date,Time,Item name,Category,Quantity,Net sales\n"
# At 02:30 it is still the day before where the day starts at 04:00.
NIGHT = HEADER + "1,2026-05-02,02:30,Soup,Food,1,4.50\n2,2026-05-02,12:00,Tea,Drinks,1,2.00\n"


async def change(owner: Owner, **values: Any) -> tuple[int, Any]:
    answer = await owner.client.patch(CURRENT, json=values)
    return answer.status_code, answer.json()


def orders(owner: Owner) -> list[Any]:
    return owner.query(
        "SELECT order_key, business_date::text, net_minor::int FROM transactions ORDER BY 1, 2"
    )


async def test_an_owner_renames_the_restaurant_and_nothing_is_read_again(owner: Owner) -> None:
    await owner.upload(NIGHT)
    status, changed = await change(owner, name="  Taberna del Puerto ")
    assert (status, changed["name"], changed["files_to_read_again"]) == (
        200,
        "Taberna del Puerto",
        0,
    )
    assert (await owner.client.get(CURRENT)).json() == changed
    me = (await owner.client.get("/api/auth/me")).json()
    assert me["restaurants"][0]["name"] == "Taberna del Puerto"


async def test_with_another_start_of_the_day_every_kept_file_is_read_again(owner: Owner) -> None:
    upload = await owner.upload(NIGHT)
    before = [("1", "2026-05-01", 450), ("2", "2026-05-02", 200)]
    assert orders(owner) == before
    status, changed = await change(owner, day_starts_at="00:00")
    assert (status, changed["day_starts_at"], changed["files_to_read_again"]) == (
        200,
        "00:00",
        1,
    )
    shown = (await owner.client.get(f"/api/data/uploads/{upload['id']}")).json()
    assert (shown["status"], shown["requested"]) == ("completed", "read_again")
    assert orders(owner) == before, "until that is done the sales count as before"
    await owner.work()
    assert orders(owner) == [("1", "2026-05-02", 450), ("2", "2026-05-02", 200)]
    assert (await owner.client.get(CURRENT)).json()["files_to_read_again"] == 0


async def test_files_that_overlap_count_once_after_they_were_all_read_again(owner: Owner) -> None:
    await owner.upload(NIGHT)
    await owner.upload(NIGHT + "3,2026-05-03,01:00,Fries,Food,1,3.00\n")
    await change(owner, day_starts_at="00:00")
    await owner.work()
    assert orders(owner) == [
        ("1", "2026-05-02", 450),
        ("2", "2026-05-02", 200),
        ("3", "2026-05-03", 300),
    ]
    assert owner.query("SELECT sum(net_minor)::int FROM sales_by_hour") == [(950,)]


async def test_the_same_start_of_the_day_changes_nothing(owner: Owner) -> None:
    await owner.upload(NIGHT)
    status, changed = await change(owner, day_starts_at="04:00")
    assert (status, changed["files_to_read_again"]) == (200, 0)


async def test_a_file_that_is_just_being_read_is_begun_anew(owner: Owner) -> None:
    """Else its worker would finish by the start of before."""
    upload_id = await owner.send(NIGHT.encode())
    owner.execute(
        "UPDATE data_uploads SET status = 'processing', lease_token = %(token)s, lease_until = %(until)s",
        token=new_id(),
        until=clock.now() + timedelta(minutes=1),
    )
    await change(owner, day_starts_at="00:00")
    shown = (await owner.client.get(f"/api/data/uploads/{upload_id}")).json()
    assert shown["status"] == "awaiting_file"
    assert owner.query("SELECT lease_token FROM data_uploads") == [(None,)]
    await owner.work()
    assert orders(owner) == [("1", "2026-05-02", 450), ("2", "2026-05-02", 200)]


async def test_an_undo_that_was_asked_for_stays_asked_for(owner: Owner) -> None:
    upload = await owner.upload(NIGHT)
    await owner.client.delete(f"/api/data/uploads/{upload['id']}")
    await change(owner, day_starts_at="00:00")
    await owner.work()
    shown = (await owner.client.get(f"/api/data/uploads/{upload['id']}")).json()
    assert (shown["status"], orders(owner)) == ("undone", [])


@pytest.mark.parametrize(
    "values",
    [
        {"day_starts_at": "12:01"},
        {"day_starts_at": "04:00:30"},
        {"day_starts_at": "4:00"},
        {"day_starts_at": "04:00+02:00"},
        {"day_starts_at": "soon"},
        {"name": "  "},
        {"name": "a" * 121},
        {"name": "two\nlines"},
        {"timezone": "Europe/Madrid"},
        {"currency": "EUR"},
    ],
)
async def test_what_is_no_setting_is_refused(owner: Owner, values: dict[str, str]) -> None:
    before = (await owner.client.get(CURRENT)).json()
    status, problem = await change(owner, **values)
    assert (status, problem["code"]) == (422, "invalid_input")
    assert (await owner.client.get(CURRENT)).json() == before
