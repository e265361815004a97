"""What a test needs to undo an upload or have it read again, and to see what is counted then."""

from typing import Any

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
