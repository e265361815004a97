"""The orders and lines behind a figure, the latest first, each with the file and the row it came from.

They are read from the rows themselves, a page at a time. The rollups tell on which days a page's rows are, so
that a page of a year costs no more than one of a day.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, LiteralString
from uuid import UUID

from sqlalchemy import Select, bindparam, func, select, text

from flux.core.paging import make_cursor, read_cursor
from flux.core.schemas import Page
from flux.ingestion.models import ItemsByDay, SalesByHour
from flux.ingestion.rollups import CATEGORY_KEY, IS_SOLD, ITEM_KEY, write_counted_orders
from flux.insights.period import Period
from flux.insights.schemas import LineOut, OrderLineOut, OrderOut
from flux.restaurants.service import Tenant


@dataclass(frozen=True)
class OrdersWanted:
    """The orders of a period, or of its weekdays (1 for Monday) and local hours alone."""

    period: Period
    weekday: int | None = None
    hour: int | None = None


@dataclass(frozen=True)
class LinesWanted:
    """The lines of a period, or of an item and a category alone, by their keys; none has an empty one."""

    period: Period
    item: str | None = None
    category: str | None = None


async def list_orders(
    tenant: Tenant, wanted: OrdersWanted, *, limit: int, cursor: str | None
) -> Page[OrderOut]:
    """Orders that count, with their lines; those of all pages add up to the figure."""
    before = read_cursor(cursor, date.fromisoformat, datetime.fromisoformat, UUID) if cursor else []
    found = await find_orders(tenant, wanted, limit + 1, before)
    orders, more = found[:limit], len(found) > limit
    lines = await _find_lines_of(tenant, orders) if orders else {}
    items = [
        OrderOut(
            id=each.id,
            business_date=each.business_date,
            occurred_at=each.occurred_at,
            number=show_number(each.order_key),
            net_minor=each.net_minor,
            currency=tenant.restaurant.currency,
            upload_id=each.upload_id,
            filename=each.filename,
            row_number=each.source_row,
            lines=lines.get((each.business_date, each.id), []),
        )
        for each in orders
    ]
    return Page(items=items, next_cursor=_after_order(orders[-1]) if more else None)


async def list_lines(
    tenant: Tenant, wanted: LinesWanted, *, limit: int, cursor: str | None
) -> Page[LineOut]:
    """Lines that count; those of all pages add up to the figure of their item or category."""
    readers = (date.fromisoformat, datetime.fromisoformat, UUID, _read_number)
    before = read_cursor(cursor, *readers) if cursor else []
    found = await find_lines(tenant, wanted, limit + 1, before)
    lines, more = found[:limit], len(found) > limit
    items = [
        LineOut(
            order_id=each.transaction_id,
            business_date=each.business_date,
            occurred_at=each.occurred_at,
            order_number=show_number(each.order_key),
            item=each.item_name,
            category=each.category,
            variant=each.variant,
            quantity=each.quantity,
            net_minor=each.net_minor,
            currency=each.currency,
            upload_id=each.upload_id,
            filename=each.filename,
            row_number=each.source_row,
        )
        for each in lines
    ]
    return Page(items=items, next_cursor=_after_line(lines[-1]) if more else None)


async def find_orders(
    tenant: Tenant, wanted: OrdersWanted, most: int, before: list[Any]
) -> list[Any]:
    """The first `most` of them, below the place of `before`."""
    day = SalesByHour.business_date
    counted = select(day, func.sum(SalesByHour.orders)).where(
        SalesByHour.restaurant_id == tenant.restaurant.id
    )
    conditions: list[LiteralString] = []
    if wanted.weekday is not None:
        counted = counted.where(func.extract("isodow", day) == wanted.weekday)
        conditions.append("extract(isodow FROM business_date) = :weekday")
    if wanted.hour is not None:
        counted = counted.where(SalesByHour.hour == wanted.hour)
        conditions.append("extract(hour FROM occurred_at AT TIME ZONE :timezone) = :hour")
    if before:
        conditions.append("(business_date, occurred_at, id) < (:day, :at, :id)")
    days = await _find_days(tenant, wanted.period, counted, day, most, before)
    values = {
        "timezone": tenant.restaurant.timezone,
        "weekday": wanted.weekday,
        "hour": wanted.hour,
        **dict(zip(("day", "at", "id"), before, strict=False)),
    }
    return await _read(tenant, _ORDERS, days, most, conditions, values) if days else []


async def find_lines(
    tenant: Tenant, wanted: LinesWanted, most: int, before: list[Any]
) -> list[Any]:
    """The first `most` of them, below the place of `before`."""
    day = ItemsByDay.business_date
    counted = select(day, func.sum(ItemsByDay.lines)).where(
        ItemsByDay.restaurant_id == tenant.restaurant.id
    )
    conditions: list[LiteralString] = []
    if wanted.item is not None:
        counted = counted.where(ItemsByDay.item_key == wanted.item)
        conditions.append(f"{ITEM_KEY} = :item")
    if wanted.category is not None:
        counted = counted.where(ItemsByDay.category_key == wanted.category)
        conditions.append(f"{CATEGORY_KEY} = :category")
    if before:
        conditions.append(
            "(business_date, occurred_at, transaction_id, line_number) < (:day, :at, :id, :line)"
        )
    days = await _find_days(tenant, wanted.period, counted, day, most, before)
    values = {
        "item": wanted.item,
        "category": wanted.category,
        **dict(zip(("day", "at", "id", "line"), before, strict=False)),
    }
    return await _read(tenant, _LINES, days, most, conditions, values) if days else []


async def _find_days(
    tenant: Tenant,
    period: Period,
    counted: Select[date, int],
    day: Any,
    most: int,
    before: list[Any],
) -> Period | None:
    """The latest days that have so many rows; of one that an earlier page began, none may be left."""
    begun_day = before[0] if before else None
    last = min(period.last, begun_day or period.last)
    found = await tenant.session.execute(
        counted.where(day.between(period.first, last)).group_by(day).order_by(day.desc())
    )
    first, number = None, 0
    for first, rows in found:
        number += 0 if first == begun_day else rows
        if number >= most:
            break
    return Period(first, last) if first else None


async def _read(
    tenant: Tenant,
    statement: LiteralString,
    days: Period,
    most: int,
    conditions: list[LiteralString],
    values: dict[str, Any],
) -> list[Any]:
    asked = text(statement.replace("{conditions}", " AND ".join(["true", *conditions])))
    known = {
        **values,
        "restaurant": tenant.restaurant.id,
        "first": days.first,
        "last": days.last,
        "most": most,
    }
    named = {name: known[name] for name in asked.compile().params}
    return list((await tenant.session.execute(asked, named)).all())


async def _find_lines_of(
    tenant: Tenant, orders: list[Any]
) -> dict[tuple[date, UUID], list[OrderLineOut]]:
    found = await tenant.session.execute(
        _LINES_OF,
        {
            "restaurant": tenant.restaurant.id,
            "days": sorted({each.business_date for each in orders}),
            "ids": [each.id for each in orders],
        },
    )
    lines: dict[tuple[date, UUID], list[OrderLineOut]] = {}
    for each in found:
        lines.setdefault((each.business_date, each.transaction_id), []).append(
            OrderLineOut(
                item=each.item_name,
                quantity=each.quantity,
                net_minor=each.net_minor,
                row_number=each.source_row,
            )
        )
    return lines


def _read_number(value: Any) -> int:
    if type(value) is not int:
        raise ValueError(value)
    return int(value)


def show_number(order_key: str) -> str | None:
    """What the till calls the order; a line that stands alone is known by its content."""
    return None if order_key.startswith("line:") else order_key


def _after_order(order: Any) -> str:
    return make_cursor(
        order.business_date.isoformat(), order.occurred_at.isoformat(), str(order.id)
    )


def _after_line(line: Any) -> str:
    return make_cursor(
        line.business_date.isoformat(),
        line.occurred_at.isoformat(),
        str(line.transaction_id),
        line.line_number,
    )


_DAYS: LiteralString = "business_date BETWEEN :first AND :last"
_ORDERS: LiteralString = f"""
    SELECT page.*, u.filename
    FROM (
        SELECT * FROM ({write_counted_orders(":restaurant", _DAYS)}) AS counted
        WHERE {{conditions}}
        ORDER BY business_date DESC, occurred_at DESC, id DESC LIMIT :most
    ) AS page
    JOIN data_uploads u ON u.restaurant_id = :restaurant AND u.id = page.upload_id
    ORDER BY business_date DESC, occurred_at DESC, page.id DESC
"""  # noqa: S608 (no input in it)
_LINES: LiteralString = f"""
    SELECT page.*, u.filename, t.order_key
    FROM (
        SELECT * FROM transaction_items
        WHERE restaurant_id = :restaurant AND {_DAYS} AND {IS_SOLD} AND {{conditions}}
        ORDER BY business_date DESC, occurred_at DESC, transaction_id DESC, line_number DESC LIMIT :most
    ) AS page
    JOIN data_uploads u ON u.restaurant_id = :restaurant AND u.id = page.upload_id
    JOIN transactions t ON t.restaurant_id = :restaurant AND t.business_date = page.business_date
     AND t.id = page.transaction_id
    ORDER BY page.business_date DESC, page.occurred_at DESC, transaction_id DESC, line_number DESC
"""  # noqa: S608
_LINES_OF = text(f"""
    SELECT business_date, transaction_id, item_name, quantity, net_minor, source_row FROM transaction_items
    WHERE restaurant_id = :restaurant AND business_date IN :days AND transaction_id IN :ids AND {IS_SOLD}
    ORDER BY business_date, transaction_id, line_number
    """).bindparams(  # noqa: S608
    bindparam("days", expanding=True), bindparam("ids", expanding=True)
)
